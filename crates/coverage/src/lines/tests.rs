//! The counts that are looked up must be those of looking at every line, for every filter and every viewer.

use std::sync::Arc;

use base::{Actor, Area, CommuneCode, Purpose, Role, Scope};
use chapter::TableBuilder;
use engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use engine::arrow::record_batch::RecordBatch;

use super::{Builder, Line, Lines, Visible};
use crate::filter::{NameTest, Query};

const REASONS: [&str; 4] = ["pupil", "lapsed", "unexplained", "wage"];
const COMMUNES: [&str; 3] = ["00004", "00008", "09556"];
const NAMES: [&str; 4] = ["Nguyễn Thị Hường", "Trần Văn Hòa", "Lê Huong", "Phạm Hướng An"];

struct Row {
    reason: &'static str,
    commune: Option<&'static str>,
    village: Option<String>,
    person: i64,
    household: Option<String>,
    name: &'static str,
    unit: &'static str,
    main: bool,
    without: bool,
    new: bool,
}

pub(crate) fn schema() -> SchemaRef {
    let field = |name: &str, kind: DataType| Field::new(name, kind, true);
    Arc::new(Schema::new(vec![
        field("reason", DataType::Utf8),
        field("commune", DataType::Utf8),
        field("person_id", DataType::Int64),
        field("full_name", DataType::Utf8),
        field("birth_date", DataType::Date32),
        field("village", DataType::Utf8),
        field("household_number", DataType::Utf8),
        field("main", DataType::Boolean),
        field("without_card", DataType::Boolean),
        field("unit", DataType::Utf8),
        field("state", DataType::Utf8),
        field("first_period", DataType::Date32),
        field("evidence", DataType::Utf8),
    ]))
}

/// Lines of invented people: each has one to three reasons, one of them the main one.
fn rows() -> Vec<Row> {
    let mut state = 7_u64;
    let mut next = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let mut rows = Vec::new();
    for person in 1..=400 {
        let commune = COMMUNES.get(next(4) as usize).copied();
        let village = (next(4) > 0).then(|| format!("Tổ {}", 1 + next(11)));
        let household = (next(5) > 0).then(|| format!("01{:04}", next(90)));
        let (name, without) = (NAMES[next(4) as usize], next(3) > 0);
        let first = next(4) as usize;
        let reasons: Vec<usize> = (first..4).filter(|r| *r == first || next(3) == 0).collect();
        for reason in reasons {
            let unit = match reason {
                2 => "look_up",
                3 => "insurance_office",
                // Some lines of a reason wait while others do not.
                _ if next(9) == 0 => "look_up",
                _ => "commune",
            };
            let (household, village, new) = (household.clone(), village.clone(), next(4) == 0);
            let main = reason == first;
            rows.push(Row { reason: REASONS[reason], commune, village, person, household, name, unit, main, without, new });
        }
    }
    rows.sort_by_key(|row| (row.reason, row.name, row.person));
    rows
}

fn batch(rows: &[Row]) -> RecordBatch {
    let mut out = TableBuilder::new(schema()).unwrap();
    for row in rows {
        out.text(Some(row.reason)).text(row.commune).int(Some(row.person)).text(Some(row.name)).date(Some(7_000));
        out.text(row.village.as_deref()).text(row.household.as_deref()).flag(Some(row.main)).flag(Some(row.without));
        out.text(Some(row.unit)).text(Some(if row.new { "new" } else { "still" })).date(Some(20_000));
        out.text(Some(&format!(
            "[{{\"name\":\"class\",\"value\":\"{}\"}},{{\"name\":\"next_card_from\",\"value\":null}}]",
            row.person % 3
        )));
    }
    out.finish().unwrap().remove(0)
}

fn lines(rows: &[Row]) -> Lines {
    let mut builder = Builder::default();
    // In two pieces, as a table comes.
    let (a, b) = rows.split_at(rows.len() / 3);
    builder.push(&batch(a)).unwrap();
    builder.push(&batch(b)).unwrap();
    builder.finish(&REASONS)
}

fn scopes() -> Vec<Scope> {
    let scope = |role, area, purpose| Scope { actor: Actor("u".into()), unit: "x".into(), area, role, purpose, acting_for: None };
    let some = |codes: &[&str]| Area::Communes(codes.iter().filter_map(|c| CommuneCode::parse(c)).collect());
    vec![
        scope(Role::CityOfficer, Area::City, Purpose::CoverageReview),
        scope(Role::CityOfficer, Area::City, Purpose::DataQuality),
        scope(Role::BaseOfficer, some(&["00004", "09556"]), Purpose::CoverageReview),
        scope(Role::CommuneStaff, some(&["00008"]), Purpose::CoverageReview),
        scope(Role::Administrator, Area::City, Purpose::Operation),
    ]
}

fn queries() -> Vec<Query> {
    let mut all = vec![Query::default()];
    type Change = fn(&mut Query);
    let changes: [&[Change]; 7] = [
        &[|q| q.reason = "lapsed".into(), |q| q.reason = "wage".into(), |q| q.reason = "no-such".into()],
        &[|q| q.main = "1".into()],
        &[|q| q.commune = "00008".into(), |q| q.commune = "99999".into()],
        &[|q| q.village = "Tổ 2".into(), |q| q.village = "-".into(), |q| q.village = "Tổ".into()],
        &[|q| q.card = "khong".into()],
        &[|q| q.state = "moi".into()],
        &[|q| q.q = "huong".into(), |q| q.q = "hường".into(), |q| q.household = "010007".into()],
    ];
    for options in changes {
        let more: Vec<Query> = all
            .iter()
            .flat_map(|query| {
                options.iter().map(|change| {
                    let mut query = query.clone();
                    change(&mut query);
                    query
                })
            })
            .collect();
        all.extend(more);
    }
    all
}

/// What a row-by-row reading of the rule says: the people's numbers and reasons, in the order of the list.
fn expected<'r>(rows: &'r [Row], scope: &Scope, query: &Query) -> Vec<(&'r str, i64)> {
    let units: &[&str] = match (scope.role, scope.purpose) {
        (Role::Administrator, _) => &[],
        (Role::CommuneStaff, _) => &["commune"],
        (_, Purpose::CoverageReview) => &["commune", "look_up", "insurance_office"],
        _ => &["commune", "look_up"],
    };
    let place = |row: &Row| REASONS.iter().position(|r| *r == row.reason).unwrap();
    let shown = |row: &Row| units.contains(&row.unit);
    let main = |row: &Row| {
        let own = || rows.iter().filter(|r| r.person == row.person && shown(r));
        match own().find(|r| r.main) {
            Some(main) => std::ptr::eq(main, row),
            None => own().map(place).min() == Some(place(row)),
        }
    };
    let village = |row: &Row| row.village.as_ref().and_then(|v| v.trim_start_matches("Tổ ").parse().ok()).unwrap_or(999);
    let mut found: Vec<&Row> = rows
        .iter()
        .filter(|row| shown(row) && scope.sees(row.commune.and_then(CommuneCode::parse).as_ref()))
        .filter(|row| query.reason.is_empty() || row.reason == query.reason)
        .filter(|row| !query.once() || main(row))
        .filter(|row| query.commune.is_empty() || row.commune == Some(query.commune.as_str()))
        .filter(|row| query.village().is_none_or(|v| row.village.as_deref() == v))
        .filter(|row| query.household.is_empty() || row.household.as_deref() == Some(query.household.as_str()))
        .filter(|row| !query.no_card() || row.without)
        .filter(|row| !query.is_new() || row.new)
        .filter(|row| NameTest::new(&query.q).takes(row.name))
        .collect();
    found.sort_by_key(|row| (place(row), row.commune.is_none(), row.commune, village(row)));
    found.into_iter().map(|row| (row.reason, row.person)).collect()
}

fn turned(visible: &Visible, query: &Query) -> Vec<(String, i64)> {
    let mut found = Vec::new();
    let mut query = query.clone();
    loop {
        let page = visible.page(&query);
        assert_eq!(page.from, found.len(), "pages follow one another");
        found.extend(page.rows.iter().map(|line| (line.reason().to_owned(), line.person())));
        assert!(found.len() <= page.count);
        match page.places {
            Some((_, last)) if found.len() < page.count => query.after = Some(last),
            _ => return found,
        }
    }
}

#[test]
fn counts_pages_and_files_agree_for_every_filter_and_viewer() {
    let rows = rows();
    let lines = lines(&rows);
    let mut seen = 0;
    for scope in scopes() {
        let visible = Visible::new(&lines, &scope);
        for query in queries() {
            let wanted = expected(&rows, &scope, &query);
            let words = format!("{:?} {query:?}", scope.role);
            assert_eq!(visible.count(&query), wanted.len(), "{words}");
            let all: Vec<(&str, i64)> = visible.all(&query).map(|line| (line.reason(), line.person())).collect();
            assert_eq!(all, wanted, "{words}");
            let page = visible.page(&query);
            assert_eq!((page.count, page.rows.len()), (wanted.len(), wanted.len().min(50)), "{words}");
            seen += wanted.len();
        }
    }
    assert!(seen > 10_000, "only {seen} lines were compared");
}

#[test]
fn pages_follow_one_another_in_both_orders_and_back() {
    let rows = rows();
    let lines = lines(&rows);
    let scope = &scopes()[0];
    let visible = Visible::new(&lines, scope);
    for reason in ["", "lapsed"] {
        let query = Query { reason: reason.into(), ..Query::default() };
        let wanted: Vec<(String, i64)> = expected(&rows, scope, &query).into_iter().map(|(r, p)| (r.to_owned(), p)).collect();
        assert!(wanted.len() > 120, "{}", wanted.len());
        assert_eq!(turned(&visible, &query), wanted);
        let third = visible.page(&Query { after: Some(visible.all(&query).nth(99).unwrap().number()), ..query.clone() });
        assert_eq!(third.from, 100);
        let back = visible.page(&Query { before: third.places.map(|p| p.0), ..query.clone() });
        assert_eq!((back.from, back.rows.len(), back.rows[0].person()), (50, 50, wanted[50].1));

        let homes = Query { group: "ho".into(), ..query.clone() };
        let mut people: Vec<i64> = turned(&visible, &homes).into_iter().map(|(_, p)| p).collect();
        let in_order: Vec<i64> = visible.all_by_household(&query).iter().map(Line::person).collect();
        assert_eq!(people, in_order);
        let mut all: Vec<i64> = wanted.iter().map(|(_, p)| *p).collect();
        people.sort_unstable();
        all.sort_unstable();
        assert_eq!(people, all, "the same people by household");
    }
}

#[test]
fn a_household_is_not_torn_apart_by_a_page() {
    let rows = rows();
    let lines = lines(&rows);
    let scope = &scopes()[0];
    let visible = Visible::new(&lines, scope);
    let home = |line: &Line| (line.commune().cloned(), line.village().map(str::to_owned), line.household().map(str::to_owned));
    let mut query = Query { group: "ho".into(), ..Query::default() };
    let mut last = None;
    while let Some(after) = {
        let page = visible.page(&query);
        page.places.map(|p| (p.1, home(&page.rows[0]), home(page.rows.last().unwrap())))
    } {
        if let Some(last) = last.replace(after.2.clone()) {
            assert!(last != after.1 || after.1.2.is_none(), "{last:?}");
        }
        query.after = Some(after.0);
    }
}

#[test]
fn villages_stand_in_the_order_of_their_numbers_with_all_their_people() {
    let rows = rows();
    let lines = lines(&rows);
    let scope = &scopes()[0];
    let query = Query { commune: "00008".into(), ..Query::default() };
    let visible = Visible::new(&lines, scope);
    let villages = visible.villages(&query);
    let names: Vec<Option<&str>> = villages.iter().map(|v| v.0).collect();
    let numbered: Vec<String> = (1..=11).map(|n| format!("Tổ {n}")).collect();
    let mut wanted: Vec<Option<&str>> = numbered.iter().map(|n| Some(n.as_str())).collect();
    wanted.push(None);
    assert_eq!(names, wanted);
    assert_eq!(villages.iter().map(|v| v.1).sum::<usize>(), visible.count(&query));
}

#[test]
fn a_line_keeps_what_the_table_said() {
    let rows = rows();
    let lines = lines(&rows);
    assert_eq!(lines.len(), rows.len());
    let scope = &scopes()[0];
    let visible = Visible::new(&lines, scope);
    for row in rows.iter().take(50) {
        let own = visible.of_person(row.person);
        let line = own.iter().find(|line| line.reason() == row.reason).unwrap();
        assert_eq!((line.name(), line.household(), line.village()), (row.name, row.household.as_deref(), row.village.as_deref()));
        assert_eq!((line.without_card(), line.is_new()), (row.without, row.new));
        let evidence = line.evidence();
        assert_eq!(evidence[0].value, Some((row.person % 3).to_string()));
        assert_eq!((evidence[1].name.as_str(), evidence[1].value.as_deref()), ("next_card_from", None));
    }
    assert!(visible.of_person(999_999).is_empty());
}
