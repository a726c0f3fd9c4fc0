//! The queries over visits written by hand.

use std::sync::Arc;

use engine::arrow::array::{ArrayRef, BooleanArray, Int64Array, StringArray};
use engine::arrow::datatypes::{Field, Schema};
use engine::{Options, Session};
use law::Law;

use super::*;

/// Visits: number, facility, form of care, whether all diseases are in annex VII, days of drugs, how the person is known, commune, and what tells them
/// (nothing: a dossier).
const VISITS: &str = "
    1,01501,examination,true,30,exact,00004
    2,01501,examination,true,28,exact,00004
    3,01501,examination,true,7,exact,00008
    4,01501,long_term_drugs,true,14,exact,00004
    5,01041,long_term_drugs,true,60,exact,00004
    6,01041,examination,false,60,exact,00004
    7,01041,examination,,60,exact,
    8,01041,examination,true,,none,00008
    9,01041,inpatient,true,60,exact,00008
    10,01041,examination,true,,exact,00008
    11,01777,examination,,,exact,,sheet
    12,01777,inpatient,,,exact,,sheet
";

/// Lines: visit, table, group.
const LINES: &str = "
    1,xml2,drug
    2,xml2,drug
    3,xml2,drug
    4,xml2,drug
    5,xml2,drug
    5,xml2,drug
    6,xml2,drug
    7,xml2,drug
    8,xml2,drug
    8,xml3,lab
    9,xml2,drug
    9,xml3,lab
    10,xml3,lab
    10,xml3,imaging
";

fn cells(text: &str, at: usize) -> impl Iterator<Item = Option<&str>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(move |line| line.split(',').nth(at).filter(|cell| !cell.is_empty()))
}

fn texts(text: &str, at: usize) -> ArrayRef {
    Arc::new(cells(text, at).collect::<StringArray>())
}

fn numbers(text: &str, at: usize) -> ArrayRef {
    Arc::new(cells(text, at).map(|cell| cell.map(|cell| cell.parse::<i64>().unwrap())).collect::<Int64Array>())
}

fn table(session: &Session, name: &str, columns: Vec<(&str, ArrayRef)>) {
    let field = |(name, array): &(&str, ArrayRef)| Field::new(*name, array.data_type().clone(), true);
    let fields: Vec<Field> = columns.iter().map(field).collect();
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(schema.clone(), columns.into_iter().map(|(_, array)| array).collect()).unwrap();
    session.register_batches(name, schema, vec![batch]).unwrap();
}

fn session() -> Session {
    let law = Law::load(std::iter::empty::<(&str, &str)>()).unwrap();
    let session = Session::new(&law, &Options::default()).unwrap();
    let allowed: BooleanArray = cells(VISITS, 3).map(|cell| cell.map(|cell| cell == "true")).collect();
    let grain: StringArray = cells(VISITS, 7).map(|cell| Some(cell.unwrap_or("dossier"))).collect();
    let stays = vec![
        ("visit_id", numbers(VISITS, 0)),
        ("facility", texts(VISITS, 1)),
        ("care_form", texts(VISITS, 2)),
        ("over_30_allowed", Arc::new(allowed) as ArrayRef),
        ("supply_days", numbers(VISITS, 4)),
        ("person_link", texts(VISITS, 5)),
        ("home", texts(VISITS, 6)),
        ("grain", Arc::new(grain) as ArrayRef),
    ];
    table(&session, "claim_stay", stays);
    let items = vec![("visit_id", numbers(LINES, 0)), ("line_table", texts(LINES, 1)), ("line_group", texts(LINES, 2))];
    table(&session, "claim_item", items);
    session
}

#[tokio::test]
async fn visits_are_counted_by_facility() {
    let session = session();
    let mut counts = Counts::default();
    for batch in session.collect(&visits_sql(Some(30), true)).await.unwrap() {
        counts.visits(&batch, |facility| Some(facility == "01501")).unwrap();
    }
    for batch in session.collect(LAB).await.unwrap() {
        counts.lab(&batch).unwrap();
    }
    let station = counts.facilities["01501"];
    // 28 days, 30 days and the long form count as lasting; seven days for a sore throat do not.
    assert_eq!((station.visits, station.prescriptions, station.eligible, station.given), (4, 4, 3, 0), "30 is not over 30");
    assert_eq!((station.station, station.over_30_unknown, station.lab_lines), (Some(true), 0, 0));
    let hospital = counts.facilities["01041"];
    assert_eq!((hospital.visits, hospital.prescriptions), (6, 4), "a stay is no prescription, nor is a visit without drugs");
    assert_eq!((hospital.eligible, hospital.given), (1, 1), "not the disease outside the annex, not the stay");
    assert_eq!(hospital.over_30_unknown, 2, "the disease that the list does not tell, and the days that cannot be read");
    assert_eq!((hospital.lab_lines, hospital.lab_of_nobody), (3, 1));
    let of_sheets = counts.facilities["01777"];
    assert_eq!((of_sheets.visits, of_sheets.of_sheets, of_sheets.prescriptions), (2, 2, 0));
    assert_eq!((of_sheets.eligible, of_sheets.over_30_unknown), (0, 1), "nobody knows what the outpatient got; a stay is none");
    let without_law = session.collect(&visits_sql(None, true)).await.unwrap();
    assert!(without_law.iter().all(|batch| rows::int(batch, "given").unwrap().values().iter().all(|given| *given == 0)));
}

#[tokio::test]
async fn visits_are_counted_without_any_line() {
    let session = session();
    let law = Law::load(std::iter::empty::<(&str, &str)>()).unwrap();
    let alone = Session::new(&law, &Options::default()).unwrap();
    let batches = session.collect("SELECT * FROM claim_stay").await.unwrap();
    alone.register_batches("claim_stay", batches[0].schema(), batches).unwrap();
    let mut counts = Counts::default();
    for batch in alone.collect(&visits_sql(None, false)).await.unwrap() {
        counts.visits(&batch, |_| None).unwrap();
    }
    let all: Vec<(i64, i64)> = counts.facilities.values().map(|of| (of.visits, of.prescriptions)).collect();
    assert_eq!(all, [(6, 0), (4, 0), (2, 0)]);
}

#[tokio::test]
async fn the_query_of_rows_opens_what_is_counted() {
    let session = session();
    let sql = format!("SELECT visit_id FROM claim_stay WHERE {}", given(30));
    let batches = session.collect(&sql).await.unwrap();
    let visits: Vec<i64> = batches.iter().flat_map(|batch| rows::int(batch, "visit_id").unwrap().values().to_vec()).collect();
    assert_eq!(visits, [5]);
}
