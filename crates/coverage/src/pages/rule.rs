//! The manual page of a rule: what it finds, why, honest reasons, law, SQL, cases.

use axum::Extension;
use axum::extract::{Path, State};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use web::component::{Cell, Column, Columns, Link, Panel, Row, Status, Table, columns, definition_list, heading};
use web::{Lang, Locale, SafeHtml, tag};

use super::{LIST, Pages, words};
use crate::serving::{RuleRun, Snapshot};

/// `GET /quy-tac`.
pub(crate) async fn list(State(pages): State<Pages>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    let snapshot = pages.serving.current(app).await?;
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "rule").object("all").run(&snapshot.run)).await?;
    let head = vec![
        Column::text(l.t("coverage-rule-column-rule")),
        Column::text(l.t("coverage-rule-column-outcome")),
        Column::number(l.t("coverage-rule-column-new"), ""),
        Column::number(l.t("coverage-rule-column-still"), ""),
        Column::number(l.t("coverage-rule-column-resolved"), ""),
    ];
    let rows = app.rules.iter().map(|rule| {
        let run = snapshot.rules.get(&rule.id);
        let count = |at: usize| Cell::text(run.map(|r| l.number(r.counts[at])).unwrap_or_default());
        Row::new(vec![
            Cell::link(words::reason(app, l, &rule.id), format!("/quy-tac/{}", rule.id)),
            Cell::html(outcome(l, run)),
            count(0),
            count(1),
            count(2),
        ])
    });
    let table = Table::new("quy-tac", l.t("coverage-rules-title"), head).rows(rows).html(l);
    let mut page = app.page(&viewer, "/quy-tac", l.t("coverage-rules-title"));
    page.facts = SafeHtml::text(&l.t("coverage-rules-intro"));
    page.table_id = "quy-tac".into();
    page.body = Panel::flush(l.t("coverage-rules-panel"), table).html();
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())])];
    Ok(Shown::page(page.render(l), audited))
}

/// `GET /quy-tac/{rule}`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    let rule = app.rules.get(&id).ok_or(PageError::NotFound)?;
    let snapshot = pages.serving.current(app).await?;
    let event = ReadEvent::new(AuditAction::ViewRows, "rule").object(rule.id.as_str()).run(&snapshot.run);
    let audited = app.audit(&viewer, event).await?;
    let manual = rule.page(&app.schemas);
    let english = l.lang() == Lang::En;
    let pick = |text: &rules::Bilingual| if english { text.en.clone() } else { text.vi.clone() };
    let mut text = SafeHtml::default();
    for section in &manual.sections {
        text.push(heading(3, &pick(&section.heading), SafeHtml::default()));
        text.push(SafeHtml::trusted(pick(&section.html)));
    }
    let false_alarms = false_alarms(&pages, l, &viewer, &rule.id).await?;
    let query = crate::filter::Query { reason: rule.id.clone(), ..Default::default() };
    let open = snapshot.visible(&viewer.scope).count(&query) as i64;
    let facts = definition_list(
        false,
        [
            (l.t("coverage-rule-strength"), SafeHtml::text(&l.t(&format!("coverage-strength-{}", strength(rule.strength))))),
            (l.t("privacy-automation-column-risk"), SafeHtml::text(&automation(l, rule.automation_risk()))),
            (l.t("coverage-rule-open"), Link::new(l.number(open), format!("{LIST}?ly-do={}", rule.id)).html()),
            (l.t("coverage-rule-column-outcome"), outcome(l, snapshot.rules.get(&rule.id))),
            (l.t("coverage-rule-reads"), SafeHtml::text(&manual.reads.join(", "))),
            (l.t("coverage-rule-due"), SafeHtml::text(&rule.work.due_working_days.to_string())),
            (l.t("coverage-rule-false-alarms"), SafeHtml::text(&false_alarms)),
        ],
    );
    let left = SafeHtml::concat([
        Panel::new(l.t("coverage-rule-manual"), text).html(),
        Panel::new(l.t("coverage-rule-sql"), tag("pre").child(tag("code").text(&manual.sql)).html()).html(),
        cases(l, &manual),
    ]);
    let facts = Panel::new(l.t("coverage-rule-facts"), facts).foot(SafeHtml::text(&app.automation_line(l))).html();
    let right = SafeHtml::concat([facts, law(&pages, l, &snapshot, &manual.law)]);
    let mut page = app.page(&viewer, &format!("/quy-tac/{}", rule.id), words::reason(app, l, &rule.id));
    page.crumbs = vec![Link::new(l.t("coverage-rules-title"), "/quy-tac")];
    page.here = rule.id.clone();
    page.body =
        columns(Columns::MainSide, [tag("div").class("grid").child(left).html(), tag("div").class("grid").child(right).html()]);
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())])];
    Ok(Shown::page(page.render(l), audited))
}

/// Of the cases of a rule that somebody closed, the share whose outcome says that the finding was wrong.
async fn false_alarms(pages: &Pages, l: Locale<'_>, viewer: &Viewer, rule: &str) -> Result<String, PageError> {
    let outcomes = pages.app.desk.rule_outcomes(&viewer.scope).await.map_err(PageError::desk)?;
    let closed = || outcomes.get(rule).into_iter().flatten().filter(|one| one.outcome != desk::Outcome::Gone);
    let all: i64 = closed().map(|one| one.cases).sum();
    let wrong: i64 = closed().filter(|one| one.outcome.is_false_alarm()).map(|one| one.cases).sum();
    Ok(match web::format::Percent::of(wrong, all) {
        Some(share) => {
            let share = l.percent(share);
            l.t_args(
                "coverage-rule-false-alarms-of",
                &[("share", share.as_str().into()), ("false", wrong.into()), ("n", all.into())],
            )
        }
        None => l.t("coverage-rule-false-alarms-none"),
    })
}

fn strength(strength: base::Strength) -> &'static str {
    match strength {
        base::Strength::Absolute => "absolute",
        base::Strength::Explain => "explain",
        base::Strength::Warn => "warn",
    }
}

fn outcome(l: Locale, run: Option<&RuleRun>) -> SafeHtml {
    match run {
        Some(run) if run.outcome == "evaluated" => Status::ok(l.t("coverage-outcome-evaluated")).html(),
        Some(run) => {
            let tables = run.missing.as_deref().unwrap_or("–");
            Status::neutral(l.t_args("coverage-not-evaluated", &[("tables", tables.into())])).html()
        }
        None => Status::neutral(l.t("coverage-outcome-none")).html(),
    }
}

/// The law the rule uses, as it stands at the end of the period, with its doubts.
pub(super) fn law(pages: &Pages, l: Locale, snapshot: &Snapshot, keys: &[String]) -> SafeHtml {
    let mut items = Vec::new();
    for key in keys {
        let Some(parameter) = pages.app.law.parameter(key) else { continue };
        let name = if l.lang() == Lang::En { &parameter.description.en } else { &parameter.description.vi };
        let mut value = SafeHtml::default();
        if let Ok(shown) = pages.app.law.show(key, snapshot.as_of, None) {
            let text = shown.value.as_ref().map(ToString::to_string).unwrap_or_else(|| l.t("coverage-law-abolished"));
            value.push(tag("b").text(&text).html());
            value.push(SafeHtml::text(&format!(". {}", shown.reference)));
            if shown.confidence.is_doubtful() {
                value.push(SafeHtml::text(" "));
                value.push(Status::warn(l.t("coverage-law-doubtful")).html());
            }
        } else {
            value.push(SafeHtml::text(&l.t("coverage-law-by-selector")));
        }
        items.push((name.clone(), value));
    }
    let day = l.date(snapshot.as_of);
    Panel::new(l.t_args("coverage-rule-law", &[("day", day.as_str().into())]), definition_list(false, items)).html()
}

fn cases(l: Locale, manual: &rules::RulePage) -> SafeHtml {
    let mut all = SafeHtml::default();
    for (number, case) in (1_i64..).zip(&manual.cases) {
        let expect = match case.expect.rows.len() {
            0 => Status::neutral(l.t("coverage-case-nothing")),
            _ => Status::doing(l.t("coverage-case-found")),
        };
        all.push(heading(
            3,
            &case.name,
            SafeHtml::concat([SafeHtml::text(&l.date(case.on)), SafeHtml::text(" "), expect.html()]),
        ));
        for given in case.given.iter().chain(std::iter::once(&case.expect).filter(|e| !e.rows.is_empty())) {
            let head = given.columns.iter().map(Column::text).collect();
            let rows = given.rows.iter().map(|row| Row::new(row.iter().map(Cell::text).collect()));
            let id = format!("ca-{}", all.as_str().len());
            // Named with the case: a page has many tables `person`, and a screen reader lists them all.
            let table = if given.name.is_empty() { l.t("coverage-case-found") } else { given.name.clone() };
            let caption = l.t_args("coverage-case-table", &[("table", table.as_str().into()), ("n", number.into())]);
            let table = Table { show_caption: true, ..Table::new(id, caption, head) };
            all.push(table.rows(rows).dense().html(l));
        }
    }
    let title = l.t_args("coverage-rule-cases", &[("n", (manual.cases.len() as i64).into())]);
    Panel::new(title, all).html()
}

/// The class of risk of a rule as automated processing, in words.
fn automation(l: Locale, risk: rules::AutomationRisk) -> String {
    l.t(match risk {
        rules::AutomationRisk::Low => "privacy-automation-low",
        rules::AutomationRisk::Medium => "privacy-automation-medium",
        rules::AutomationRisk::High => "privacy-automation-high",
    })
}
