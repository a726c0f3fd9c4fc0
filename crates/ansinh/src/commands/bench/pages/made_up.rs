//! A run of any size that nobody worked out: invented people on a worklist, for measuring pages and nothing else.

use std::collections::BTreeMap;
use std::path::Path;

use base::Month;
use book::{Book, RunManifest, StepRecord, TableRef};
use chapter::TableBuilder;
use engine::arrow::datatypes::SchemaRef;

use crate::failure::Failure;
use crate::workshop::Workshop;

/// Rows handed on at once.
const PIECE: u64 = 100_000;
const SURNAMES: [&str; 8] = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi"];
const MIDDLES: [&str; 8] = ["Thị", "Văn", "Minh", "Thu", "Đức", "Ngọc", "Quang", "Hữu"];
const SYLLABLES: [&str; 40] = [
    "An", "Anh", "Bình", "Châu", "Chi", "Cường", "Dung", "Dũng", "Duy", "Giang", "Hà", "Hải", "Hạnh", "Hiền", "Hiếu", "Hòa",
    "Hùng", "Hương", "Hường", "Khánh", "Lan", "Linh", "Long", "Mai", "Nam", "Nga", "Ngân", "Nhung", "Phúc", "Phương", "Quân",
    "Quỳnh", "Sơn", "Tâm", "Thảo", "Trang", "Trung", "Tuấn", "Vân", "Yến",
];

/// Counter-based: the same number for the same place, whatever was asked before.
fn drawn(place: u64, what: u64, below: u64) -> u64 {
    let mut x = place.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ what.wrapping_mul(0xD1B5_4A32_D192_ED03);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (x ^ (x >> 31)) % below.max(1)
}

fn name(person: u64) -> String {
    let of = |list: &[&'static str], what| list[drawn(person, what, list.len() as u64) as usize];
    format!("{} {} {} {}", of(&SURNAMES, 1), of(&MIDDLES, 2), of(&SYLLABLES, 3), of(&SYLLABLES, 4))
}

/// Writes the run into the book of a folder.
pub(super) fn write(shop: &Workshop, data: &Path, lines: u64) -> Result<(), Failure> {
    let period = Month::new(2026, 10).ok_or_else(|| Failure::internal("a month of the calendar".to_owned()))?;
    let book = Book::open(&data.join("book"))?;
    let _lock = book.lock()?;
    let communes: Vec<String> = shop.places.communes().iter().map(|c| c.code.to_string()).collect();
    let mut tables = BTreeMap::new();
    tables.insert("worklist".to_owned(), worklist(shop, &book, lines, &communes, period)?);
    tables.insert("person".to_owned(), people(shop, &book, lines, &communes)?);
    tables.insert("indicator".to_owned(), indicators(shop, &book, &communes, period)?);
    for empty in ["link", "link_pattern", "link_review", "rule_run", "register_roster", "register_count", "bhyt_card"] {
        let schema = schema(shop, empty)?;
        tables.insert(empty.to_owned(), book.put_table(schema.clone(), &TableBuilder::new(schema)?.finish()?)?);
    }
    let id = base::RunId::parse(&format!("{period}-made-up")).ok_or_else(|| Failure::internal("a run's name".to_owned()))?;
    let step = StepRecord { step: "bench.made_up".into(), fingerprint: "made-up".into(), tables };
    let run = RunManifest {
        id,
        schema: 1,
        period,
        program: "made up".into(),
        content: book.put_content(&shop.content)?,
        batches: Vec::new(),
        packets: Vec::new(),
        desk: BTreeMap::new(),
        previous: None,
        numbering: None,
        standing: None,
        full: false,
        steps: vec![step],
    };
    book.publish(&run.name()?)?;
    Ok(())
}

fn schema(shop: &Workshop, table: &str) -> Result<SchemaRef, Failure> {
    let known = shop.schemas.get(table).map(rules::TableSchema::arrow);
    known.ok_or_else(|| Failure::internal(format!("there is no contract of `{table}`")))
}

/// Where a person lives: the larger the number the other way round, so that communes are of unlike size.
fn home(person: u64, communes: &[String]) -> (&str, String, String) {
    let one = drawn(person, 5, communes.len() as u64).min(drawn(person, 6, communes.len() as u64));
    let village = 1 + drawn(person, 7, 24);
    let household = format!("01{:08}", drawn(person, 8, 1_500_000));
    (communes.get(one as usize).map_or("", String::as_str), format!("Tổ dân phố số {village}"), household)
}

fn worklist(shop: &Workshop, book: &Book, lines: u64, communes: &[String], period: Month) -> Result<TableRef, Failure> {
    let schema = schema(shop, "worklist")?;
    let mut writer = book.table_writer(schema.clone())?;
    let reasons = coverage::REASONS;
    let first = period.first_day().days_since_epoch();
    let mut line = 0;
    while line < lines {
        let mut out = TableBuilder::new(schema.clone())?;
        for at in line..(line + PIECE).min(lines) {
            // Reasons one after the other, as the table stands; a fifth of the people have a second line.
            let reason = reasons[(at * reasons.len() as u64 / lines.max(1)) as usize];
            let person = 1 + at * 4 / 5;
            let main = at == 0 || (at - 1) * 4 / 5 + 1 != person;
            let (commune, village, household) = home(person, communes);
            let unit = match reason {
                "no-card-unexplained" => "look_up",
                "pensioner-without-card" | "wage-without-compulsory" | "labour-without-compulsory" => "insurance_office",
                _ => "commune",
            };
            let evidence = format!(
                "[{{\"name\":\"school_code\",\"value\":\"{:08}\"}},{{\"name\":\"school_name\",\"value\":\"Trường mẫu số {}\"}},\
                 {{\"name\":\"class\",\"value\":\"{}A{}\"}},{{\"name\":\"last_card_ended\",\"value\":\"2026-{:02}-28\"}}]",
                drawn(person, 9, 3_000),
                drawn(person, 9, 3_000),
                1 + drawn(person, 10, 12),
                1 + drawn(person, 11, 9),
                1 + drawn(person, 12, 10)
            );
            let state = if drawn(at, 13, 5) == 0 { "new" } else { "still" };
            let key = format!("{at:032x}");
            for column in schema.fields() {
                match column.name().as_str() {
                    "reason" => out.text(Some(reason)),
                    "commune" => out.text(Some(commune)),
                    "rank" => out.int(Some(at as i64 + 1)),
                    "person_id" => out.int(Some(person as i64)),
                    "full_name" => out.text(Some(&name(person))),
                    "birth_date" => out.date(Some(drawn(person, 14, 20_000) as i32)),
                    "sex" => out.text(Some(if drawn(person, 15, 2) == 0 { "male" } else { "female" })),
                    "village" => out.text(Some(&village)),
                    "household_number" => out.text(Some(&household)),
                    "main" => out.flag(Some(main)),
                    "without_card" => out.flag(Some(drawn(person, 16, 4) > 0)),
                    "unit" => out.text(Some(unit)),
                    "state" => out.text(Some(state)),
                    "first_period" => out.date(Some(first - 30 * drawn(at, 17, 6) as i32)),
                    "finding_key" => out.text(Some(&key)),
                    _ => out.text(Some(&evidence)),
                };
            }
        }
        for batch in out.finish()? {
            writer.write(&batch)?;
        }
        line += PIECE;
    }
    Ok(writer.finish()?)
}

/// The people of the lines, with what the page of one person asks.
fn people(shop: &Workshop, book: &Book, lines: u64, communes: &[String]) -> Result<TableRef, Failure> {
    let schema = schema(shop, "person")?;
    let mut writer = book.table_writer(schema.clone())?;
    let last = lines * 4 / 5 + 1;
    let mut from = 1;
    while from <= last {
        let mut out = TableBuilder::new(schema.clone())?;
        for person in from..(from + PIECE).min(last + 1) {
            let (commune, village, household) = home(person, communes);
            for column in schema.fields() {
                use engine::arrow::datatypes::DataType;
                match (column.name().as_str(), column.data_type()) {
                    ("person_id", _) => out.int(Some(person as i64)),
                    ("full_name", _) => out.text(Some(&name(person))),
                    ("commune", _) => out.text(Some(commune)),
                    ("village", _) => out.text(Some(&village)),
                    ("household_number", _) => out.text(Some(&household)),
                    ("basis", _) => out.text(Some("population")),
                    (_, DataType::Utf8) => out.text(None),
                    (_, DataType::Date32) => out.date(None),
                    (name, DataType::Boolean) => out.flag(Some(matches!(name, "on_spine" | "alive_on_period_end"))),
                    _ => out.int(None),
                };
            }
        }
        for batch in out.finish()? {
            writer.write(&batch)?;
        }
        from += PIECE;
    }
    Ok(writer.finish()?)
}

/// Coverage of the city and of each commune, so that the overview has its figures.
fn indicators(shop: &Workshop, book: &Book, communes: &[String], period: Month) -> Result<TableRef, Failure> {
    let schema = schema(shop, "indicator")?;
    let mut out = TableBuilder::new(schema.clone())?;
    let all = std::iter::once(None).chain(communes.iter().map(|c| Some(c.as_str())));
    for (at, commune) in all.enumerate() {
        let under = if commune.is_none() { 8_800_000 } else { 70_000 };
        for column in schema.fields() {
            match column.name().as_str() {
                "id" => out.text(Some(coverage::BHYT_COVERAGE)),
                "period" => out.date(Some(period.first_day().days_since_epoch())),
                "commune" => out.text(commune),
                "basis" => out.text(Some("register")),
                "main" => out.flag(Some(true)),
                "numerator" => out.int(Some(under * (90 + drawn(at as u64, 18, 9) as i64) / 100)),
                "denominator" => out.int(Some(under)),
                "as_of" => out.date(Some(period.last_day().days_since_epoch())),
                "aggregate" | "unmatched" | "unknown" => out.int(None),
                _ => out.text(None),
            };
        }
    }
    Ok(book.put_table(schema, &out.finish()?)?)
}
