//! The month beside the portal's sheets B02, B04 and B26, on the page of forms: which sheets came, how many facilities agree, and the facilities behind a count.

use std::collections::BTreeMap;

use base::{Dong, Scope};
use chapter::PageError;
use engine::EngineError;
use engine::arrow::record_batch::RecordBatch;
use web::component::{Cell, Column, Panel, Row, Status, Table, empty_state, paragraph};
use web::{Locale, SafeHtml};

use super::read::{dong_at, int_in, text_in};
use super::serving::Snapshot;
use super::{PAPERS, words};

const TABLE: &str = "claim_portal_compare";

/// What can come of a facility, those to look at first.
const STATES: [State; 5] = [State::Differs, State::PortalOnly, State::OursOnly, State::Agrees, State::NotCompared];

/// What came of a facility, by the word of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Differs,
    PortalOnly,
    OursOnly,
    Agrees,
    NotCompared,
}

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Differs => "differs",
            Self::PortalOnly => "portal_only",
            Self::OursOnly => "ours_only",
            Self::Agrees => "agrees",
            Self::NotCompared => "not_compared",
        }
    }

    /// By its word, in the table and in an address.
    fn from_word(word: &str) -> Option<Self> {
        STATES.into_iter().find(|state| state.word() == word)
    }

    fn status(self, l: Locale) -> Status {
        match self {
            Self::Differs => Status::warn(l.t("claims-compare-differs")),
            Self::PortalOnly => Status::warn(l.t("claims-compare-only")),
            Self::OursOnly => Status::warn(l.t("claims-compare-ours-only")),
            Self::Agrees => Status::ok(l.t("claims-compare-agrees")),
            Self::NotCompared => Status::neutral(l.t("claims-compare-not-compared")),
        }
    }
}

/// A facility beside the sheets.
struct Line {
    facility: String,
    state: State,
    /// The word of each sheet.
    sheets: [String; 3],
    visits: i64,
    portal_visits: Option<i64>,
    total: Dong,
    portal_total: Option<Dong>,
    fund: Dong,
    portal_fund: Option<Dong>,
    refused: Dong,
    average: Option<Dong>,
    /// Average cost as B04 and B26 have it.
    portal_averages: [Option<Dong>; 2],
}

impl Line {
    fn of(batch: &RecordBatch, row: usize) -> Result<Self, EngineError> {
        let text = |name: &str| Ok::<_, EngineError>(text_in(batch, name, row)?.unwrap_or_default());
        let dong = |name: &str| dong_at(batch, name, row);
        let portal_visits = text_in(batch, "portal_visits", row)?.and_then(|text| text.parse().ok());
        Ok(Self {
            facility: text("facility")?,
            state: State::from_word(&text("state")?).unwrap_or(State::NotCompared),
            sheets: [text("b02")?, text("b04")?, text("b26")?],
            visits: int_in(batch, "visits", row)?,
            portal_visits,
            total: dong("total_bh")?.unwrap_or_default(),
            portal_total: dong("portal_total")?,
            fund: dong("fund")?.unwrap_or_default(),
            portal_fund: dong("portal_fund")?,
            refused: dong("refused")?.unwrap_or_default(),
            average: dong("average_cost")?,
            portal_averages: [dong("portal_average_b04")?, dong("portal_average_b26")?],
        })
    }
}

/// The panels; `chosen` is the word of the state whose facilities are shown, those that differ without one.
pub(super) async fn panels(
    l: Locale<'_>,
    snapshot: &Snapshot,
    scope: &Scope,
    names: &BTreeMap<String, String>,
    chosen: &str,
) -> Result<Vec<SafeHtml>, PageError> {
    let title = l.t("claims-compare-title");
    if !snapshot.session.has_table(TABLE) {
        return Ok(vec![Panel::new(title, paragraph(SafeHtml::text(&l.t("claims-compare-no-run")))).html()]);
    }
    let lines = lines(snapshot, scope).await.map_err(|e| PageError::inner(&e))?;
    let state = State::from_word(chosen).unwrap_or(State::Differs);
    let mut body = SafeHtml::default();
    for (at, name) in ["B02", "B04", "B26"].into_iter().enumerate() {
        body.push(paragraph(SafeHtml::text(&sheet(l, name, &lines, at))));
    }
    let counts = Panel::new(title, body.then(counts(l, &lines))).foot(SafeHtml::text(&l.t("claims-compare-foot"))).html();
    Ok(vec![counts, facilities(l, snapshot, names, &lines, state)])
}

/// The facilities that are open to who asks.
async fn lines(snapshot: &Snapshot, scope: &Scope) -> Result<Vec<Line>, EngineError> {
    let mut lines = Vec::new();
    for batch in snapshot.session.collect("SELECT * FROM claim_portal_compare ORDER BY facility").await? {
        for row in 0..batch.num_rows() {
            lines.push(Line::of(&batch, row)?);
        }
    }
    lines.retain(|line| snapshot.is_open(scope, &line.facility));
    Ok(lines)
}

/// What can be said of one sheet.
fn sheet(l: Locale, name: &str, lines: &[Line], at: usize) -> String {
    let count = |word: &str| lines.iter().filter(|line| line.sheets[at] == word).count();
    let (compared, without) = (count("compared"), count("no_row"));
    let named = ("sheet", name.into());
    if compared + without > 0 {
        return l.t_args("claims-compare-compared", &[named, ("n", compared.into()), ("without", without.into())]);
    }
    match count("other_months") {
        0 => l.t_args("claims-compare-not-arrived", &[named]),
        _ => l.t_args("claims-compare-other-months", &[named]),
    }
}

/// How many facilities came out how; each count opens them.
fn counts(l: Locale, lines: &[Line]) -> SafeHtml {
    let head = vec![Column::text(l.t("claims-compare-state")), Column::number(l.t("claims-compare-count"), "")];
    let rows = STATES.into_iter().map(|state| {
        let count = lines.iter().filter(|line| line.state == state).count();
        let href = format!("{PAPERS}?cong={}#doi-chieu", state.word());
        Row::new(vec![Cell::status(&state.status(l)), Cell::figure(l.number(count as i64), href)])
    });
    Table::new("doi-chieu-dem", l.t("claims-compare-title"), head).rows(rows).html(l)
}

/// The facilities of a count.
fn facilities(l: Locale, snapshot: &Snapshot, names: &BTreeMap<String, String>, lines: &[Line], state: State) -> SafeHtml {
    let title = l.t("claims-compare-rows");
    let head = vec![
        Column::text(l.t("claims-facility")),
        Column::text(l.t("claims-compare-state")),
        Column::number(l.t("claims-form-visits"), ""),
        Column::number(l.t("claims-compare-total"), ""),
        Column::number(l.t("claims-compare-fund"), ""),
        Column::number(l.t("claims-compare-refused"), ""),
        Column::number(l.t("claims-compare-average"), ""),
    ];
    let rows = lines.iter().filter(|line| line.state == state).map(|line| {
        let name = words::facility(names, Some(snapshot), &line.facility);
        // Of a facility that the portal alone has there are no forms here.
        let name = match snapshot.facilities.contains_key(&line.facility) {
            true => Cell::link(name, format!("{PAPERS}/{}", line.facility)),
            false => Cell::text(name),
        };
        let visits = line.portal_visits.map(|portal| beside(l, l.number(portal), l.number(line.visits - portal)));
        let [b04, b26] = line.portal_averages;
        let of_sheet = |name: &str, portal: Option<Dong>| portal.map(|portal| format!("{name}: {}", l.dong(portal)));
        let averages: Vec<String> = [of_sheet("B04", b04), of_sheet("B26", b26)].into_iter().flatten().collect();
        Row::new(vec![
            name,
            Cell::status(&line.state.status(l)),
            Cell::number(l, line.visits).note(visits.unwrap_or_default()),
            money(l, line.total, line.portal_total),
            money(l, line.fund, line.portal_fund),
            Cell::text(l.dong(line.refused)).note(after_refusal(l, line)),
            Cell::text(line.average.map(|average| l.dong(average)).unwrap_or_default()).note(averages.join("; ")),
        ])
    });
    let empty = empty_state(&l.t("claims-compare-rows-none"), &l.t("claims-compare-rows-none-why"), None);
    let table = Table::new("doi-chieu", title.clone(), head).rows(rows).empty(empty).html(l);
    Panel::flush(title, table).html()
}

/// What the portal has and how far it is from what is here.
fn beside(l: Locale, portal: String, difference: String) -> String {
    l.t_args("claims-compare-beside", &[("portal", portal.as_str().into()), ("difference", difference.as_str().into())])
}

fn money(l: Locale, ours: Dong, portal: Option<Dong>) -> Cell {
    Cell::text(l.dong(ours)).note(portal.map(|portal| beside(l, l.dong(portal), l.dong(ours - portal))).unwrap_or_default())
}

/// A portal that already took off what it refused explains a difference; nobody confirmed whether B02 does.
fn after_refusal(l: Locale, line: &Line) -> String {
    let explained = line.refused > Dong::ZERO && line.portal_fund == Some(line.fund - line.refused);
    if explained { l.t("claims-compare-after-refusal") } else { String::new() }
}
