//! `/giam-dinh/quy-tac`: the rules of the audit with what they found and what came of it, and the manual page of each.

use axum::Extension;
use axum::extract::{Path, State};
use base::Date;
use chapter::{FromAddress, PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent, RuleReviewFigures};
use rules::{Rule, RulePage};
use web::component::{Column, Columns, Link, Panel, Row, Status, Table, columns, definition_list, heading, paragraph};
use web::{Locale, SafeHtml, tag};

use super::query::QueueQuery;
use super::serving::Snapshot;
use super::{AUDIT, Audit, RULES, export, filter, nav, rules_table, with_month, words};

/// The chapter of the audit's rules.
pub(super) const CHAPTER: &str = "claims";

/// `GET /giam-dinh/quy-tac`: of the month in the address, else of the newest that has claims.
pub(super) async fn list(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    FromAddress(query): FromAddress<QueueQuery>,
) -> Result<Shown, PageError> {
    let app = &audit.app;
    let l = app.locale(&viewer);
    let snapshot = audit.serving.asked(app, &query.month).await?;
    let months = filter::month_form(l, RULES, &audit.months()?, snapshot.period);
    let event = ReadEvent::new(AuditAction::ListReviews, "reviews").object("rules").run(&snapshot.run);
    let audited = app.audit(&viewer, event.count("rows", snapshot.rules.len() as i64)).await?;
    let names = audit.facility_names(&viewer).await?;
    let table = rules_table::table(&audit, l, &viewer, (&snapshot, &query.month), &names, None).await?;
    let mut page = app.page(&viewer, &with_month(RULES, &query.month), l.t("claims-rules-title"));
    page.crumbs = vec![Link::new(l.t("claims-queue-title"), AUDIT)];
    page.here = l.t("claims-tab-rules");
    page.facts = SafeHtml::text(&l.t("claims-rules-intro"));
    page.table_id = "bang-quy-tac".into();
    let panel = Panel::flush(l.t("claims-rules-panel"), table).foot(SafeHtml::text(&l.t("claims-rules-foot"))).html();
    page.body = columns(Columns::One, [nav(l, RULES), months, panel]);
    page.foot = vec![l.t_args("claims-run-line", &[("run", snapshot.run.as_str().into())])];
    Ok(Shown::page(page.render(l), audited))
}

/// `GET /giam-dinh/quy-tac/{rule}`.
pub(super) async fn show(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromAddress(query): FromAddress<QueueQuery>,
) -> Result<Shown, PageError> {
    let app = &audit.app;
    let l = app.locale(&viewer);
    let rule = app.rules.get(&id).filter(|rule| rule.chapter == CHAPTER).ok_or(PageError::NotFound)?;
    let snapshot = audit.serving.asked(app, &query.month).await?;
    let event = ReadEvent::new(AuditAction::ListReviews, "rule").object(rule.id.as_str()).run(&snapshot.run);
    let audited = app.audit(&viewer, event).await?;
    let figures = rules_table::figures(&audit, &viewer, &snapshot).await?;
    let manual = rule.page(&app.schemas);
    let mut left = Panel::new(l.t("claims-manual"), sections(l, &manual)).html();
    left.push(Panel::new(l.t("claims-rule-sql"), tag("pre").child(tag("code").text(&manual.sql)).html()).html());
    left.push(cases(l, &manual));
    let here = format!("{RULES}/{}", rule.id);
    let mut right = filter::month_form(l, &here, &audit.months()?, snapshot.period);
    right.push(facts(l, rule, (&snapshot, &query.month), figures.get(&rule.id)));
    right.push(law(&audit, l, rule, snapshot.period.last_day()));
    let stack = |blocks: SafeHtml| tag("div").class("grid").child(blocks).html();
    let mut page = app.page(&viewer, &with_month(&here, &query.month), words::rule(app, l, &rule.id));
    page.crumbs =
        vec![Link::new(l.t("claims-queue-title"), AUDIT), Link::new(l.t("claims-rules-title"), with_month(RULES, &query.month))];
    page.here = rule.id.clone();
    page.facts = words::strength(l, rule.strength).html();
    page.actions = export::rule_button(l, &viewer, &rule.id, &query.month).into_iter().collect();
    page.body = columns(Columns::MainSide, [stack(left), stack(right)]);
    page.foot = vec![l.t_args("claims-run-line", &[("run", snapshot.run.as_str().into())]), app.automation_line(l)];
    Ok(Shown::page(page.render(l), audited))
}

/// The four sections of the manual page.
pub(super) fn sections(l: Locale, manual: &RulePage) -> SafeHtml {
    let mut text = SafeHtml::default();
    for section in &manual.sections {
        text.push(heading(3, words::pick(l, &section.heading.vi, &section.heading.en), SafeHtml::default()));
        text.push(SafeHtml::trusted(words::pick(l, &section.html.vi, &section.html.en).to_owned()));
    }
    text
}

fn facts(l: Locale, rule: &Rule, (snapshot, month): (&Snapshot, &str), figures: Option<&RuleReviewFigures>) -> SafeHtml {
    let line = snapshot.rules.get(&rule.id).cloned().unwrap_or_default();
    let queue = QueueQuery { month: month.to_owned(), rule: rule.id.clone(), ..QueueQuery::default() };
    let open = Link::new(l.number(line.found), queue.href(|_| ()));
    let text = |text: String| SafeHtml::text(&text);
    let mut items = vec![
        (l.t("claims-column-hits"), open.figure()),
        (l.t("claims-column-visits"), text(l.number(line.visits))),
        (l.t("claims-column-amount"), text(l.dong(line.amount))),
        (l.t("claims-rule-asked"), text(l.number(line.asked))),
        (l.t("claims-rule-unknown"), text(l.number(line.unknown))),
    ];
    if line.without_lines > 0 {
        items.push((l.t("claims-rule-sheets"), text(l.number(line.without_lines))));
    }
    if let Some(own) = figures {
        items.extend([
            (l.t("claims-rule-cases"), text(l.number(own.cases))),
            (l.t("claims-column-proposed"), text(l.dong(own.proposed))),
            (l.t("claims-column-refused"), text(l.dong(own.refused))),
            (l.t("claims-column-overturned-dong"), text(l.dong(own.overturned))),
            (l.t("claims-column-upheld"), text(l.dong(own.upheld))),
            (l.t("claims-column-overturned"), text(rules_table::overturned(l, own.overturned_share))),
        ]);
    }
    items.push((l.t("claims-rule-due"), text(rule.work.due_working_days.to_string())));
    items.push((l.t("claims-rule-reads"), text(rule.reads.join(", "))));
    if let Some(check) = &rule.check {
        items.push((l.t("claims-rule-check"), text(check.clone())));
    }
    Panel::new(l.t("claims-rule-figures"), definition_list(true, items))
        .foot(SafeHtml::text(&l.t("claims-rule-figures-foot")))
        .html()
}

/// The law a rule uses, as it stands on a day, with its doubts.
pub(super) fn law(audit: &Audit, l: Locale, rule: &Rule, day: Date) -> SafeHtml {
    let law = &audit.app.law;
    let mut items = Vec::new();
    for key in &rule.law {
        let Some(parameter) = law.parameter(key) else { continue };
        let name = words::pick(l, &parameter.description.vi, &parameter.description.en);
        let mut value = SafeHtml::default();
        match law.show(key, day, None) {
            Ok(shown) => {
                let text = shown.value.as_ref().map_or_else(|| l.t("claims-law-abolished"), ToString::to_string);
                value.push(tag("b").text(&text));
                value.push(SafeHtml::text(&format!(". {}", shown.reference)));
                if shown.confidence.is_doubtful() {
                    value.push(SafeHtml::text(" ").then(Status::warn(l.t("claims-law-doubtful"))));
                }
            }
            Err(_) => value.push(SafeHtml::text(&l.t("claims-law-by-selector"))),
        }
        items.push((name.to_owned(), value));
    }
    let on = l.date(day);
    let title = l.t_args("claims-law", &[("day", on.as_str().into())]);
    match items.is_empty() {
        true => Panel::new(title, paragraph(SafeHtml::text(&l.t("claims-law-in-words")))).html(),
        false => Panel::new(title, definition_list(false, items)).html(),
    }
}

fn cases(l: Locale, manual: &RulePage) -> SafeHtml {
    let mut all = SafeHtml::default();
    for (number, case) in (1_i64..).zip(&manual.cases) {
        let found = !case.expect.rows.is_empty();
        let expect = if found { Status::doing(l.t("claims-case-found")) } else { Status::neutral(l.t("claims-case-nothing")) };
        let beside = SafeHtml::text(&l.date(case.on)).then(" ").then(expect);
        all.push(heading(3, &case.name, beside));
        for given in case.given.iter().chain(std::iter::once(&case.expect).filter(|_| found)) {
            let head = given.columns.iter().map(Column::text).collect();
            let rows = given.rows.iter().map(|row| Row::new(row.iter().map(web::component::Cell::text).collect()));
            let id = format!("ca-{number}-{}", all.as_str().len());
            let table = if given.name.is_empty() { l.t("claims-case-found") } else { given.name.clone() };
            let caption = l.t_args("claims-case-table", &[("table", table.as_str().into()), ("n", number.into())]);
            all.push(Table { show_caption: true, ..Table::new(id, caption, head) }.rows(rows).dense().html(l));
        }
    }
    Panel::new(l.t_args("claims-rule-examples", &[("n", manual.cases.len().into())]), all).html()
}
