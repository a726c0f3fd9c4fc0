//! `GET /ke-hoach/kham-chua-benh`: the facilities behind the figures of tasks III.5b, 5c and 5d, from the newest run.

use axum::Extension;
use axum::extract::{Query, State};
use base::CommuneCode;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use engine::arrow::array::Array;
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, rows};
use serde::Deserialize;
use web::component::{Cell, Column, Link, Panel, Row, Tab, Table, empty_state, segments};
use web::{Locale, Percent, SafeHtml};

use super::nav;
use crate::{Followup, HOME};

/// Path of the page.
pub(super) const CARE: &str = "/ke-hoach/kham-chua-benh";

/// The table of facilities.
const TABLE: &str = "claim_facility_figure";

/// What the address asks.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// `tram-y-te`: commune stations; `chua-ke`: who could and did not prescribe for over 30 days; else all.
    #[serde(rename = "chi", default)]
    only: String,
}

/// A facility of the month.
struct Facility {
    code: String,
    name: Option<String>,
    station: Option<bool>,
    visits: i64,
    eligible: Option<i64>,
    given: Option<i64>,
    lab_lines: Option<i64>,
    repeated: Option<i64>,
}

impl Facility {
    fn never_gave(&self) -> bool {
        self.eligible.is_some_and(|eligible| eligible > 0) && self.given == Some(0)
    }
}

/// `GET /ke-hoach/kham-chua-benh`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Query(asked): Query<Asked>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let run = app.book.latest_run().map_err(|e| PageError::inner(&e))?;
    let table = run.as_ref().and_then(|run| run.tables().get(TABLE).cloned());
    let mut all = Vec::new();
    if let Some(table) = &table {
        for batch in app.book.read_table(table, None).map_err(|e| PageError::inner(&e))? {
            facilities(&batch, &viewer, &mut all).map_err(|e| PageError::inner(&e))?;
        }
    }
    let event = ReadEvent::new(AuditAction::ViewRows, TABLE).count("rows", all.len() as i64);
    let event = run.iter().fold(event, |event, run| event.run(&run.id));
    let audited = app.audit(&viewer, event).await?;
    let mut page = app.page(&viewer, CARE, l.t("followup-care"));
    page.crumbs = vec![Link::new(l.t("followup-title"), HOME)];
    page.here = l.t("followup-care-here");
    page.table_id = "co-so".into();
    let body = match &run {
        Some(run) if table.is_some() => {
            page.facts = SafeHtml::text(&l.t_args("followup-care-month", &[("month", l.month(run.period).into())]));
            views(l, &asked.only, &all).then(list(l, &asked.only, &all))
        }
        _ => empty_state(&l.t("followup-care-none"), &l.t("followup-care-none-why"), None),
    };
    page.body = nav(l, CARE).then(body);
    page.foot = vec![l.t("followup-care-foot"), l.t("followup-care-foot-tests")];
    Ok(Shown::page(page.render(l), audited))
}

/// The facilities that the viewer may see: the city all of them, a commune its own.
fn facilities(batch: &RecordBatch, viewer: &Viewer, into: &mut Vec<Facility>) -> Result<(), EngineError> {
    let (codes, names, communes) = (rows::text(batch, "facility")?, rows::text(batch, "name")?, rows::text(batch, "commune")?);
    let (stations, visits) = (rows::flag(batch, "station")?, rows::int(batch, "visits")?);
    let (eligible, given) = (rows::int(batch, "over_30_eligible")?, rows::int(batch, "over_30_given")?);
    let (lab_lines, repeated) = (rows::int(batch, "lab_lines")?, rows::int(batch, "tests_repeated")?);
    for row in 0..batch.num_rows() {
        let commune = rows::text_at(&communes, row).and_then(CommuneCode::parse);
        if !viewer.scope.sees(commune.as_ref()) {
            continue;
        }
        into.push(Facility {
            code: codes.value(row).to_owned(),
            name: rows::text_at(&names, row).map(str::to_owned),
            station: stations.is_valid(row).then(|| stations.value(row)),
            visits: visits.value(row),
            eligible: rows::int_at(&eligible, row),
            given: rows::int_at(&given, row),
            lab_lines: rows::int_at(&lab_lines, row),
            repeated: rows::int_at(&repeated, row),
        });
    }
    Ok(())
}

fn is_shown(only: &str, facility: &Facility) -> bool {
    match only {
        "tram-y-te" => facility.station == Some(true),
        "chua-ke" => facility.never_gave(),
        _ => true,
    }
}

/// All, the stations, and those that never prescribe for over 30 days.
fn views(l: Locale, only: &str, all: &[Facility]) -> SafeHtml {
    let known = ["tram-y-te", "chua-ke"].contains(&only);
    let tab = |label: String, word: &str, current: bool| Tab {
        link: Link::new(label, format!("{CARE}?chi={word}")),
        count: Some(l.number(all.iter().filter(|one| is_shown(word, one)).count() as i64)),
        current,
    };
    let tabs = [
        tab(l.t("followup-care-all"), "", !known),
        tab(l.t("followup-care-stations"), "tram-y-te", only == "tram-y-te"),
        tab(l.t("followup-care-never"), "chua-ke", only == "chua-ke"),
    ];
    segments(&l.t("followup-care-views"), &tabs)
}

fn list(l: Locale, only: &str, all: &[Facility]) -> SafeHtml {
    let head = vec![
        Column::text(l.t("followup-care-facility")),
        Column::number(l.t("followup-care-visits"), ""),
        Column::number(l.t("followup-care-eligible"), ""),
        Column::number(l.t("followup-care-given"), ""),
        Column::number(l.t("followup-care-lab"), ""),
        Column::number(l.t("followup-care-repeated"), ""),
    ];
    let mut shown: Vec<&Facility> = all.iter().filter(|one| is_shown(only, one)).collect();
    shown.sort_by(|a, b| (b.eligible, b.visits).cmp(&(a.eligible, a.visits)).then_with(|| a.code.cmp(&b.code)));
    let number = |count: Option<i64>| count.map_or_else(|| Cell::text("–"), |count| Cell::number(l, count));
    let rows = shown.into_iter().map(|one| {
        let code = match one.station {
            Some(true) => l.t_args("followup-care-station", &[("code", one.code.as_str().into())]),
            _ => one.code.clone(),
        };
        let name = Cell::text(one.name.as_deref().unwrap_or(&one.code)).note(code);
        let share = one.given.zip(one.eligible).and_then(|(part, whole)| Percent::of(part, whole));
        let given = number(one.given);
        let given = share.into_iter().fold(given, |cell, share| cell.note(l.percent(share)));
        let cells = vec![name, Cell::number(l, one.visits), number(one.eligible), given];
        Row::new([cells, vec![number(one.lab_lines), number(one.repeated)]].concat())
    });
    let empty = empty_state(&l.t("followup-care-nobody"), &l.t("followup-care-nobody-why"), None);
    let table = Table::new("co-so", l.t("followup-care-table"), head).rows(rows).empty(empty).html(l);
    Panel::flush(l.t("followup-care-table"), table).html()
}
