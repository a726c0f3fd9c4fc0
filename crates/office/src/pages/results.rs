//! `GET /viec/ket-qua`: what came of cases: by rule, with the share of false alarms, and by unit and worker, with the share who take part.

use axum::Extension;
use axum::extract::State;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Outcome, ReadEvent, RuleOutcome, WorkerOutcomes};
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
    let event = ReadEvent::new(AuditAction::ListCases, "queue").object("results").count("rows", workers.len() as i64);
    let audited = app.audit(&viewer, event).await?;
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
    page.body = rules.then(by_worker(&office, l, &workers));
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
            let label = Cell::text(office.app.user_label(&one.worker));
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
