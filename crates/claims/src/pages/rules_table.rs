//! The rules of a run with their figures: a rule whose findings come from one facility or one code, or that loses in appeals, is looked at itself.

use std::collections::BTreeMap;

use base::{Dong, Rate};
use chapter::{PageError, Viewer};
use desk::RuleReviewFigures;
use web::component::{Cell, Column, Row, Status, Table, empty_state};
use web::format::{Percent, rate};
use web::{Locale, SafeHtml};

use super::serving::{RuleLine, Snapshot};
use super::{Audit, RULES, with_month, words};

/// Months whose cases are counted, the newest included.
const MONTHS: i32 = 12;
/// A rule has most of its findings in one place from this share on, in hundredths of a percent, when it has enough of them.
const MOST: i64 = 8_000;
/// Findings of one code from which on it is told: fewer could be one patient's (an own figure, that of small cells).
const TOLD: i64 = 5;
/// Findings from which on a share says something.
const ENOUGH: i64 = 20;

/// What came of the findings of each rule in the last year.
pub(super) async fn figures(
    audit: &Audit,
    viewer: &Viewer,
    snapshot: &Snapshot,
) -> Result<BTreeMap<String, RuleReviewFigures>, PageError> {
    let (from, to) = (snapshot.period.plus(1 - MONTHS), snapshot.period);
    let all = audit.app.desk.rule_review_figures(&viewer.scope, from, to).await.map_err(PageError::desk)?;
    Ok(all.into_iter().map(|one| (one.rule.clone(), one)).collect())
}

/// The table; with a limit, the rules with the most money. `month`: the month that the address names.
pub(super) async fn table(
    audit: &Audit,
    l: Locale<'_>,
    viewer: &Viewer,
    (snapshot, month): (&Snapshot, &str),
    names: &BTreeMap<String, String>,
    limit: Option<usize>,
) -> Result<SafeHtml, PageError> {
    let figures = figures(audit, viewer, snapshot).await?;
    let mut rules: Vec<(&String, &RuleLine)> =
        snapshot.rules.iter().filter(|(_, line)| limit.is_none() || line.found > 0).collect();
    rules.sort_by(|(a, one), (b, other)| (other.amount, other.found).cmp(&(one.amount, one.found)).then_with(|| a.cmp(b)));
    let head = vec![
        Column::text(l.t("claims-rule")),
        Column::number(l.t("claims-column-hits"), ""),
        Column::number(l.t("claims-column-unknown"), ""),
        Column::number(l.t("claims-column-amount"), ""),
        Column::text(l.t("claims-column-one-facility")),
        Column::text(l.t("claims-column-one-code")),
        Column::number(l.t("claims-column-refused"), ""),
        Column::number(l.t("claims-column-overturned"), ""),
    ];
    let rows = rules.into_iter().take(limit.unwrap_or(usize::MAX)).map(|(id, line)| {
        let own = figures.get(id);
        let facility = line.top_facility.as_ref().map(|(code, count)| (words::facility(names, Some(snapshot), code), *count));
        let checked = audit.app.rules.get(id).map(|rule| words::strength_words(l, rule.strength)).unwrap_or_default();
        Row::new(vec![
            Cell::link(words::rule(&audit.app, l, id), with_month(&format!("{RULES}/{id}"), month)).note(checked),
            hits(l, line),
            unknown(l, line),
            Cell::text(l.dong(line.amount)),
            most(l, facility, line.found),
            most(l, line.top_code.clone().filter(|(_, count)| *count >= TOLD), line.found),
            Cell::text(l.dong(own.map_or(Dong::ZERO, |own| own.refused))),
            Cell::text(overturned(l, own.and_then(|own| own.overturned_share))),
        ])
    });
    let empty = empty_state(&l.t("claims-rules-none"), &l.t("claims-none-why"), None);
    Ok(Table::new("bang-quy-tac", l.t("claims-rules-panel"), head).rows(rows).empty(empty).html(l))
}

/// Findings, or why there are none.
fn hits(l: Locale, line: &RuleLine) -> Cell {
    match line.state.as_str() {
        "evaluated" => Cell::number(l, line.found).note(l.t_args("claims-fresh", &[("n", line.fresh.into())])),
        "not_evaluated" => {
            let missing = line.missing.as_deref().unwrap_or("–");
            Cell::status(&Status::neutral(l.t_args("claims-rule-not-evaluated", &[("tables", missing.into())])))
        }
        _ => Cell::status(&Status::neutral(l.t("claims-rule-not-valid"))),
    }
}

/// The share of rows of which nothing could be said; and visits of sheets 79a and 80a of which nothing could be said at all.
fn unknown(l: Locale, line: &RuleLine) -> Cell {
    let share = Cell::text(Percent::of(line.unknown, line.asked).map(|share| l.percent(share)).unwrap_or_default());
    match line.without_lines {
        0 => share,
        n => share.note(l.t_args("claims-rule-sheets-n", &[("n", n.into())])),
    }
}

/// Where most findings come from, with the share; a warning where nearly all do.
fn most(l: Locale, top: Option<(String, i64)>, all: i64) -> Cell {
    let Some((name, count)) = top else { return Cell::text("") };
    let Some(share) = Percent::of(count, all) else { return Cell::text("") };
    let words = l.percent(share);
    if all >= ENOUGH && share.0 >= MOST {
        return Cell::status(&Status::warn(words)).note(name);
    }
    Cell::text(words).note(name)
}

/// Share of what was refused and given back on appeal.
pub(super) fn overturned(l: Locale, share: Option<Rate>) -> String {
    share.map_or_else(|| l.t("claims-not-yet"), |share| rate(l.lang(), share))
}
