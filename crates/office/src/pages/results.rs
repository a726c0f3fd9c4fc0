//! `GET /viec/ket-qua`: what came of cases: by rule, with the share of false alarms, and by unit and worker, with the share who take part;
//! for the city also what collection organisations and their collectors brought in.

use axum::Extension;
use axum::extract::State;
use base::Area;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Outcome, ReadEvent, RuleOutcome, WorkerOutcomes};
use engine::rows;
use web::component::{Cell, Column, Link, Panel, Row, Table, audit_note, paragraph};
use web::format::Percent;
use web::{Locale, SafeHtml};

use super::require;
use crate::{CASES, Office, words};

/// Path of the page.
pub(super) const RESULTS: &str = "/viec/ket-qua";

/// What a line adds up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sums {
    open: i64,
    /// Closed by somebody.
    closed: i64,
    takes_part: i64,
    false_alarm: i64,
    refused: i64,
    /// Resolved by a run.
    gone: i64,
}

impl Sums {
    fn of(outcomes: &[RuleOutcome]) -> Self {
        let mut sums = Self::default();
        for RuleOutcome { outcome, cases } in outcomes {
            if *outcome == Outcome::Gone {
                sums.gone += cases;
                continue;
            }
            // What answers a person's request says nothing of a rule or of a collector.
            if !outcome.is_of_findings() {
                continue;
            }
            sums.closed += cases;
            sums.takes_part += if outcome.is_conversion() { *cases } else { 0 };
            sums.false_alarm += if outcome.is_false_alarm() { *cases } else { 0 };
            sums.refused += if *outcome == Outcome::Refused { *cases } else { 0 };
        }
        sums
    }

    fn of_worker(one: &WorkerOutcomes) -> Self {
        Self { open: one.open, ..Self::of(&one.closed) }
    }

    fn add(&mut self, other: Self) {
        self.open += other.open;
        self.closed += other.closed;
        self.takes_part += other.takes_part;
        self.false_alarm += other.false_alarm;
        self.refused += other.refused;
        self.gone += other.gone;
    }
}

/// `GET /viec/ket-qua`.
pub(super) async fn show(State(office): State<Office>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let rules = app.desk.rule_outcomes(&viewer.scope).await.map_err(PageError::desk)?;
    let workers = app.desk.worker_outcomes(&viewer.scope).await.map_err(PageError::desk)?;
    let office = office.knowing(&viewer, workers.iter().map(|one| one.worker.as_str())).await?;
    let app = &office.app;
    let event = ReadEvent::new(AuditAction::ListCases, "queue").object("results").count("rows", workers.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let office = office.knowing(&viewer, workers.iter().map(|one| one.worker.as_str())).await?;
    let app = &office.app;
    let mut by_rule = Vec::new();
    let mut all = Sums::default();
    for (rule, outcomes) in &rules {
        let sums = Sums::of(outcomes);
        all.add(sums);
        let name = words::rule(app, l, rule);
        let name = match app.rules.get(rule) {
            Some(_) => Cell::link(name, format!("/quy-tac/{rule}")),
            None => Cell::text(name),
        };
        by_rule.push(line(l, name, &[sums.closed, sums.takes_part, sums.refused, sums.gone], (sums.false_alarm, sums.closed)));
    }
    let head = vec![
        Column::text(l.t("office-column-rule")),
        Column::number(l.t("office-results-closed"), ""),
        Column::number(l.t("office-results-takes-part"), ""),
        Column::number(l.t("office-results-refused"), ""),
        Column::number(l.t("office-results-gone"), ""),
        Column::number(l.t("office-results-false-share"), ""),
    ];
    let counts = [all.closed, all.takes_part, all.refused, all.gone];
    let total = cells(l, Cell::text(l.t("office-results-all")), &counts, (all.false_alarm, all.closed));
    let title = l.t("office-results-by-rule");
    let empty = paragraph(SafeHtml::text(&l.t("office-results-none")));
    let table = Table::new("theo-ly-do", title.clone(), head).rows(by_rule).total(total).empty(empty).html(l);
    let rules = Panel::flush(title, table).foot(SafeHtml::text(&l.t("office-results-false-what"))).html();
    let mut page = app.page(&viewer, RESULTS, l.t("office-results-title"));
    page.crumbs = vec![Link::new(l.t("office-title"), CASES)];
    page.here = l.t("office-results-title");
    page.facts = SafeHtml::text(&l.t("office-results-intro"));
    page.table_id = "theo-ly-do".into();
    let mut body = rules.then(by_worker(&office, l, &workers));
    // Collectors work over communes: the whole of it is the city's.
    if viewer.scope.area == Area::City {
        body.push(by_collector(l, &collected(&office).await?));
    }
    page.body = body;
    page.audit = audit_note(l, SafeHtml::text(&l.t("office-audit")));
    page.foot = vec![l.t("office-foot")];
    Ok(Shown::page(page.render(l), audited))
}

/// Units with their sums, and under each its workers.
fn by_worker(office: &Office, l: Locale, workers: &[WorkerOutcomes]) -> SafeHtml {
    let counts = |sums: Sums| [sums.open, sums.closed, sums.takes_part, sums.false_alarm, sums.refused];
    let mut rows = Vec::new();
    let mut all = Sums::default();
    for of_unit in workers.chunk_by(|a, b| a.unit == b.unit) {
        let mut unit = Sums::default();
        of_unit.iter().for_each(|one| unit.add(Sums::of_worker(one)));
        all.add(unit);
        let name = of_unit[0].unit.as_ref().map_or_else(|| l.t("office-results-no-unit"), |(_, name)| name.clone());
        rows.push(Row::group(Cell::text(name.as_str())));
        for one in of_unit {
            let sums = Sums::of_worker(one);
            let label = Cell::text(office.user_label(&one.worker));
            rows.push(line(l, label, &counts(sums), (sums.takes_part, sums.closed)));
        }
        let label = l.t_args("office-results-unit", &[("unit", name.as_str().into())]);
        rows.push(line(l, Cell::text(label), &counts(unit), (unit.takes_part, unit.closed)));
    }
    let head = vec![
        Column::text(l.t("office-results-worker")),
        Column::number(l.t("office-results-open"), ""),
        Column::number(l.t("office-results-closed"), ""),
        Column::number(l.t("office-results-takes-part"), ""),
        Column::number(l.t("office-results-false"), ""),
        Column::number(l.t("office-results-refused"), ""),
        Column::number(l.t("office-results-share"), ""),
    ];
    let total = cells(l, Cell::text(l.t("office-results-all")), &counts(all), (all.takes_part, all.closed));
    let title = l.t("office-results-by-worker");
    let empty = paragraph(SafeHtml::text(&l.t("office-results-none")));
    let table = Table::new("theo-nguoi", title.clone(), head).rows(rows).total(total).empty(empty).html(l);
    Panel::flush(title, table).foot(SafeHtml::text(&l.t("office-results-share-what"))).html()
}

/// What one collector brought in; nothing where what would say it did not arrive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Collected {
    pub(super) unit: Option<String>,
    pub(super) collector: Option<String>,
    /// People, first time, renewed, returned, from the list, confirmed.
    pub(super) counts: [Option<i64>; 6],
}

impl Collected {
    /// Of who stands in no form of the period.
    pub(super) fn nothing() -> Self {
        Self { unit: None, collector: None, counts: [Some(0); 6] }
    }
}

pub(super) async fn collected(office: &Office) -> Result<Vec<Collected>, PageError> {
    let Some(session) = office.names.session(&office.app).await? else { return Ok(Vec::new()) };
    if !session.has_table("collection_result") {
        return Ok(Vec::new());
    }
    let inner = |e: engine::EngineError| PageError::inner(&e);
    let sql = "SELECT * FROM collection_result ORDER BY unit_code NULLS FIRST, collector_code NULLS FIRST";
    let mut all = Vec::new();
    for batch in session.collect(sql).await.map_err(inner)? {
        let text = |name: &str| rows::text(&batch, name).map_err(inner);
        let (units, collectors) = (text("unit_code")?, text("collector_code")?);
        let mut columns = Vec::new();
        for name in ["people", "first_time", "renewed", "returned", "from_list", "confirmed"] {
            columns.push(rows::int(&batch, name).map_err(inner)?);
        }
        for row in 0..batch.num_rows() {
            let own = |column| rows::text_at(column, row).map(str::to_owned);
            let mut counts = [None; 6];
            counts.iter_mut().zip(&columns).for_each(|(count, column)| *count = rows::int_at(column, row));
            all.push(Collected { unit: own(&units), collector: own(&collectors), counts });
        }
    }
    Ok(all)
}

/// Organisations with their sums, and under each its collectors, by what the forms of the newest period say.
fn by_collector(l: Locale, all: &[Collected]) -> SafeHtml {
    let sum = |of: &[Collected]| -> [Option<i64>; 6] { std::array::from_fn(|at| of.iter().map(|one| one.counts[at]).sum()) };
    let cells = |name: Cell, counts: [Option<i64>; 6]| {
        let mut cells = vec![name];
        cells.extend(
            counts.iter().map(|count| Cell::text(count.map_or_else(|| l.t("office-results-not-known"), |n| l.number(n)))),
        );
        cells
    };
    let mut lines = Vec::new();
    for of_unit in all.chunk_by(|a, b| a.unit == b.unit) {
        let name = of_unit[0].unit.clone().unwrap_or_else(|| l.t("office-results-no-organisation"));
        lines.push(Row::group(Cell::text(name.as_str())));
        for one in of_unit {
            let collector = one.collector.clone().unwrap_or_else(|| l.t("office-results-no-collector"));
            lines.push(Row::new(cells(Cell::text(collector), one.counts)));
        }
        let label = l.t_args("office-results-unit", &[("unit", name.as_str().into())]);
        lines.push(Row::new(cells(Cell::text(label), sum(of_unit))));
    }
    let head = vec![
        Column::text(l.t("office-results-collector")),
        Column::number(l.t("office-results-people"), ""),
        Column::number(l.t("office-results-first-time"), ""),
        Column::number(l.t("office-results-renewed"), ""),
        Column::number(l.t("office-results-returned"), ""),
        Column::number(l.t("office-results-from-list"), ""),
        Column::number(l.t("office-results-confirmed"), ""),
    ];
    let title = l.t("office-results-by-collector");
    let empty = paragraph(SafeHtml::text(&l.t("office-results-no-forms")));
    let total = cells(Cell::text(l.t("office-results-all")), sum(all));
    let mut table = Table::new("theo-nhan-vien-thu", title.clone(), head).rows(lines).empty(empty);
    if !all.is_empty() {
        table = table.total(total);
    }
    Panel::flush(title, table.html(l)).foot(SafeHtml::text(&l.t("office-results-collector-what"))).html()
}

fn line(l: Locale, name: Cell, counts: &[i64], share: (i64, i64)) -> Row {
    Row::new(cells(l, name, counts, share))
}

fn cells(l: Locale, name: Cell, counts: &[i64], share: (i64, i64)) -> Vec<Cell> {
    let mut cells = vec![name];
    cells.extend(counts.iter().map(|count| Cell::number(l, *count)));
    // Of nothing there is no share.
    cells.push(Cell::text(Percent::of(share.0, share.1).map(|share| l.percent(share)).unwrap_or_default()));
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_run_resolved_is_nobodys_and_every_other_outcome_is_closed_once() {
        let outcomes: Vec<RuleOutcome> =
            Outcome::ALL.into_iter().filter(|one| one.closes()).map(|outcome| RuleOutcome { outcome, cases: 1 }).collect();
        let sums = Sums::of(&outcomes);
        assert_eq!((sums.closed, sums.gone), (8, 1));
        assert_eq!(sums.takes_part + sums.false_alarm + sums.refused, sums.closed);
    }
}
