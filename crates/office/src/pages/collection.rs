//! `GET /nhan-vien-thu/{collector}/{list}/d03-tk1-vnpt.xlsx`: the people of a list that was handed to a collector in the template
//! D03-TK1-VNPT, ready for the collector's portal; only while the list runs and the collector's card holds. What the register knows is filled in; money, months, receipt and place of care are the collector's to write.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, State};
use base::{Date, SubjectKind};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use documents::sheet::{Cell, Column, Sheet, write_template};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, Session, rows};

use super::sheet::{XLSX, provenance};
use crate::Office;

/// The template's columns in its order; `formats/rosters/bhyt_collection_vnpt.yaml` reads them (a test holds the two together).
const HEADINGS: [&str; 29] = [
    "STT",
    "HoTen",
    "MasoBHXH",
    "MaPhongBan",
    "Loai",
    "PA",
    "TyleNSDP",
    "NgayBienLai",
    "SoBienLai",
    "NguoiThamGiaThu",
    "Tiendong",
    "TienDongThucTe",
    "MucHuong",
    "TuNgay",
    "NgayChet",
    "HotroKhac",
    "Mahuyen_DangSS",
    "Maxa_DangSS",
    "Diachi_DangSS",
    "Sothang",
    "NgaySinh",
    "GioiTinh",
    "MaBenhVien",
    "MavungSS",
    "CMND",
    "Maho_Giadinh",
    "QuocTich",
    "SoCCCD",
    "MaNhanvienThu",
];
/// People asked for in one query.
const TOGETHER: usize = 500;

/// What the register knows of somebody.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Known {
    name: String,
    born: Option<Date>,
    year_only: bool,
    female: Option<bool>,
    commune: Option<String>,
    village: Option<String>,
    household: Option<String>,
    personal_id: Option<String>,
    insurance_number: Option<String>,
}

/// `GET /nhan-vien-thu/{collector}/{list}/d03-tk1-vnpt.xlsx`.
pub(super) async fn xlsx(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path((collector, list)): Path<(String, String)>,
) -> Result<Shown, PageError> {
    let app = &office.app;
    desk::require(&viewer.scope, Permission::RevealIdentity).map_err(|_| PageError::Forbidden)?;
    let today = app.today();
    let (list, cases) = app.desk.handed_cases(&viewer.scope, &list, today).await.map_err(PageError::desk)?;
    if list.collector != collector {
        return Err(PageError::NotFound);
    }
    let code = app.desk.collector(&viewer.scope, &collector).await.map_err(PageError::desk)?.code;
    let people: Vec<i64> = cases.iter().filter(|c| c.subject_kind == SubjectKind::Person).map(|case| case.subject).collect();
    // Whole numbers leave the portal here: the event is of identities, not of a list alone.
    let event = ReadEvent::new(AuditAction::Export, "collector_list").object(list.id.as_str()).word("form", "d03-tk1-vnpt");
    let audited = app.audit(&viewer, event.count("rows", people.len() as i64)).await?;
    let session = office.names.session(app).await?.ok_or(PageError::NoRun)?;
    let known = known(&session, &people).await.map_err(|e| PageError::inner(&e))?;
    let mut found: Vec<&Known> = people.iter().filter_map(|person| known.get(person)).collect();
    found.dedup();
    let sheet = sheet(&found, &code, provenance(&office, &viewer, String::new(), today));
    let bytes = write_template(&sheet).map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, XLSX, format!("D03-TK1-VNPT-{today}.xlsx"), audited))
}

fn sheet(found: &[&Known], code: &str, provenance: documents::sheet::Provenance) -> Sheet {
    let columns = HEADINGS.iter().map(|heading| Column::new(*heading, 14)).collect();
    let rows =
        (1_i64..).zip(found).map(|(at, known)| HEADINGS.iter().map(|heading| cell(heading, at, known, code)).collect()).collect();
    Sheet { name: "D03-TK1-VNPT".into(), title: Vec::new(), columns, rows, footer: Vec::new(), provenance }
}

fn cell(heading: &str, at: i64, known: &Known, code: &str) -> Cell {
    let text = |value: &Option<String>| Cell::from(value.as_deref());
    match heading {
        "STT" => Cell::from(at),
        "HoTen" => Cell::from(known.name.as_str()),
        "MasoBHXH" => text(&known.insurance_number),
        "Maxa_DangSS" => text(&known.commune),
        "Diachi_DangSS" => text(&known.village),
        "NgaySinh" if known.year_only => Cell::from(known.born.map(|day| day.year().to_string())),
        "NgaySinh" => Cell::from(known.born),
        "GioiTinh" => Cell::from(known.female.map(|female| if female { "0" } else { "1" })),
        "Maho_Giadinh" => text(&known.household),
        "MaNhanvienThu" => Cell::from(code),
        "SoCCCD" => text(&known.personal_id),
        _ => Cell::Empty,
    }
}

async fn known(session: &Session, people: &[i64]) -> Result<BTreeMap<i64, Known>, EngineError> {
    let mut all = BTreeMap::new();
    for part in people.chunks(TOGETHER) {
        let list: Vec<String> = part.iter().map(i64::to_string).collect();
        let sql = format!(
            "SELECT person_id, full_name, birth_date, birth_precision, sex, commune, village, household_number, personal_id, \
             insurance_number FROM person WHERE person_id IN ({})",
            list.join(", ")
        );
        for batch in session.collect(&sql).await? {
            read(&batch, &mut all)?;
        }
    }
    Ok(all)
}

fn read(batch: &RecordBatch, all: &mut BTreeMap<i64, Known>) -> Result<(), EngineError> {
    let text = |name: &str| rows::text(batch, name);
    let (people, born) = (rows::int(batch, "person_id")?, rows::date(batch, "birth_date")?);
    let (names, precision, sex, communes) = (text("full_name")?, text("birth_precision")?, text("sex")?, text("commune")?);
    let (villages, households) = (text("village")?, text("household_number")?);
    let (ids, numbers) = (text("personal_id")?, text("insurance_number")?);
    for row in 0..batch.num_rows() {
        let own = |array| rows::text_at(array, row).map(str::to_owned);
        let known = Known {
            name: own(&names).unwrap_or_default(),
            born: rows::date_at(&born, row).and_then(Date::from_days_since_epoch),
            year_only: rows::text_at(&precision, row) == Some("year"),
            female: rows::text_at(&sex, row).map(|sex| sex == "female"),
            commune: own(&communes),
            village: own(&villages),
            household: own(&households),
            personal_id: own(&ids),
            insurance_number: own(&numbers),
        };
        all.insert(people.value(row), known);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use base::places::Places;
    use documents::sheet::{Language, Moment, Provenance};
    use intake::{Layouts, Limits, Source, Values};

    use super::*;

    fn read_back(sheet: &Sheet) -> (String, BTreeMap<&'static str, Vec<Option<String>>>, usize) {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../formats");
        let layout = std::fs::read_to_string(root.join("rosters/bhyt_collection_vnpt.yaml")).unwrap();
        let layouts = Layouts::load([("bhyt_collection_vnpt.yaml".to_owned(), layout)]).unwrap();
        let file = |name: &str| std::fs::read_to_string(root.join("places").join(name)).unwrap();
        let places = Places::from_csv(&file("communes.csv"), &file("old_units.csv")).unwrap();
        let source = Source { name: "d03.xlsx".into(), bytes: write_template(sheet).unwrap() };
        let mut columns: BTreeMap<&str, Vec<Option<String>>> = BTreeMap::new();
        let report = intake::read(&source, Some("bhyt_collection"), &layouts, &places, &Limits::default(), &mut |chunk| {
            for name in ["full_name", "insurance_number", "personal_id", "sex", "commune", "household_number"] {
                if let Some(Values::Text(values)) = chunk.column(name) {
                    columns.entry(name).or_default().extend(values.iter().cloned());
                }
            }
            Ok(())
        });
        let report = report.unwrap();
        assert!(report.unknown_columns.is_empty(), "{:?}", report.unknown_columns);
        (report.layout.clone(), columns, report.rejects.len())
    }

    #[test]
    fn the_template_filled_in_by_a_collector_is_read_by_its_layout() {
        let known = Known {
            name: "Lê Thị Mai".into(),
            born: "1968-05-12".parse().ok(),
            female: Some(true),
            commune: Some("00004".into()),
            household: Some("0100000001".into()),
            personal_id: Some("001168012345".into()),
            insurance_number: Some("0123456789".into()),
            ..Known::default()
        };
        let date: Date = "2026-11-30".parse().unwrap();
        let provenance = Provenance {
            language: Language::Vi,
            filter: String::new(),
            as_of: date,
            exported_by: String::new(),
            purpose: String::new(),
            exported_at: Moment { date, hour: 9, minute: 0, second: 0 },
        };
        let mut sheet = sheet(&[&known], "NV01", provenance);
        // As it leaves the portal, money and months are missing and the row is refused; it names nobody twice.
        assert_eq!(read_back(&sheet).2, 1);
        for (heading, value) in [("TienDongThucTe", "884520"), ("TuNgay", "01/12/2026"), ("Sothang", "12")] {
            let at = HEADINGS.iter().position(|known| *known == heading).unwrap();
            sheet.rows[0][at] = Cell::from(value);
        }
        let (layout, columns, refused) = read_back(&sheet);
        assert_eq!((layout.as_str(), refused), ("bhyt-collection-vnpt-2025", 0));
        let one = |name: &str| columns[name][0].clone().unwrap_or_default();
        assert_eq!((one("full_name"), one("sex"), one("commune")), ("Lê Thị Mai".into(), "female".into(), "00004".into()));
        assert_eq!((one("insurance_number"), one("personal_id")), ("0123456789".into(), "001168012345".into()));
    }
}
