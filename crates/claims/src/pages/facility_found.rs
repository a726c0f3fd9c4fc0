//! `GET /co-so/phat-hien/{rule}`: what a rule found in the facility's own dossiers, so that it can be mended before anything is refused.

use axum::Extension;
use axum::extract::{Path, Query as FromQuery, State};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use serde::Deserialize;
use web::SafeHtml;
use web::component::{Cell, Column, Columns, Link, Pager, Panel, Row, Table, audit_note, columns, empty_state};

use super::facility::{found_href, is_within};
use super::{Audit, FACILITY, and, found, rule, with_month, words};

/// Findings of a page.
const ROWS: usize = 50;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct View {
    /// Month, `2026-10`; without, the newest that has claims.
    #[serde(rename = "ky", default)]
    month: String,
    /// Place to go on from.
    #[serde(rename = "tu", default)]
    from: String,
}

/// `GET /co-so/phat-hien/{rule}`.
pub(super) async fn show(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromQuery(view): FromQuery<View>,
) -> Result<Shown, PageError> {
    let app = &audit.app;
    let l = app.locale(&viewer);
    let code = desk::facility_of(&viewer.scope).ok_or(PageError::Forbidden)?;
    let known = app.rules.get(&id).filter(|rule| is_within(rule)).ok_or(PageError::NotFound)?;
    let snapshot = audit.serving.asked(app, &view.month).await?;
    let from: usize = view.from.parse().unwrap_or(0);
    let inner = |e: engine::EngineError| PageError::inner(&e);
    let mut all = found::of_facility(&snapshot.session, (known.id.as_str(), code), from, ROWS + 1).await.map_err(inner)?;
    let has_next = all.len() > ROWS;
    all.truncate(ROWS);
    let links = audit.links(snapshot.period, code).await?;
    let event = ReadEvent::new(AuditAction::ListReviews, "facility_visit").object(known.id.as_str()).run(&snapshot.run);
    let audited = app.audit(&viewer, event.count("rows", all.len() as i64)).await?;
    let head = vec![
        Column::text(l.t("claims-ma-lk")),
        Column::text(l.t("claims-line")),
        Column::text(l.t("claims-facts")),
        Column::number(l.t("claims-column-amount"), ""),
    ];
    let rows = all.iter().map(|one| {
        let facts: Vec<String> =
            found::said(&audit, l, one).into_iter().map(|fact| format!("{}: {}", fact.label, fact.value)).collect();
        let key = links.get(&one.visit).map_or_else(String::new, |(_, link)| link.clone());
        Row::new(vec![
            Cell::text(key),
            Cell::text(words::line(l, one.table.as_deref(), one.line)),
            Cell::text(facts.join(" · ")),
            Cell::text(one.amount.map(|amount| l.dong(amount)).unwrap_or_default()),
        ])
    });
    let title = words::rule(app, l, &known.id);
    let here = found_href(&known.id, &view.month);
    let empty = empty_state(&l.t("claims-facility-clean"), &l.t("claims-facility-clean-why"), None);
    let table = Table::new("phat-hien", title.clone(), head).rows(rows).empty(empty).worklist().html(l);
    let pager = Pager {
        summary: l.t_args("claims-rows", &[("rows", all.len().into())]),
        first: (from > 0).then(|| here.clone()),
        previous: None,
        next: has_next.then(|| and(&here, &format!("tu={}", from + ROWS))),
    };
    let manual = known.page(&app.schemas);
    let list = Panel::flush(l.t("claims-facility-found"), table).foot(pager.html(l)).html();
    let page_of_rule = Panel::new(l.t("claims-manual"), rule::sections(l, &manual)).html();
    let mut page = app.page(&viewer, &here, title);
    page.crumbs = vec![Link::new(l.t("claims-menu-facility"), with_month(FACILITY, &view.month))];
    page.here = l.t("claims-facility-found");
    page.facts = words::strength(l, known.strength).html();
    page.table_id = "phat-hien".into();
    page.body = columns(Columns::One, [list, page_of_rule, rule::law(&audit, l, known, snapshot.period.last_day())]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("claims-facility-audit")));
    page.foot = vec![l.t("claims-facility-foot")];
    Ok(Shown::page(page.render(l), audited))
}
