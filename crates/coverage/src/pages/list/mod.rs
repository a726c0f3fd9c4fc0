//! The list of people to be reviewed: by reason or by household, with filter, paging, files and sheets for paper.

mod filter_bar;
mod print;
mod table;

use axum::Extension;
use axum::extract::{Form as FromForm, State};
use axum::response::Response;
use base::CommuneCode;
use chapter::{FromAddress, PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use web::component::{Button, ButtonKind, FilterBar, Pager, Panel, audit_note};
use web::{Locale, SafeHtml, tag};

use super::{LIST, Pages, work};
use crate::REASONS;
use crate::filter::{Query, TYPED};
use crate::lines::PageOf;
use crate::serving::Snapshot;

pub(super) use filter_bar::{only_commune, sentence};
pub(super) use print::show as print;

/// Path of the sheets for paper.
const PRINT: &str = "/nguoi-chua-tham-gia/in";

/// `GET /nguoi-chua-tham-gia`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromAddress(query): FromAddress<Query>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::ListPeople).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    let visible = snapshot.visible(&viewer.scope);
    let shown = visible.page(&query);
    let audited = app.audit(&viewer, event(&snapshot, &query, shown.rows.len())).await?;
    let mut page = app.page(&viewer, &query.href(LIST, |_| ()), l.t("coverage-list-title"));
    let sentence = sentence(&pages, l, &query, shown.count);
    let more = filter_bar::form(&pages, l, &viewer, &visible, &query);
    let bar = FilterBar { chips: filter_bar::chips(&pages, l, &query), sentence, more }.html(l);
    let table = table::table(&pages, l, &viewer, &query, &shown.rows);
    page.facts = tag("span").text(&l.t_args("coverage-as-of", &[("day", l.date(snapshot.as_of).as_str().into())])).html();
    if desk::may(&viewer.scope, Permission::Export) {
        page.actions = vec![
            Button::link(l.t("coverage-list-print"), query.href(PRINT, |_| ()), ButtonKind::Default),
            Button::link(l.t("coverage-export-csv"), query.href("/nguoi-chua-tham-gia.csv", |_| ()), ButtonKind::Default),
            Button::link(l.t("coverage-export-xlsx"), query.href("/nguoi-chua-tham-gia.xlsx", |_| ()), ButtonKind::Default),
        ];
    }
    if let Some(search) = &mut page.search {
        search.value = query.q.as_str().to_owned();
    }
    page.table_id = "danh-sach".into();
    let pager = pager(l, &query, &shown).html(l);
    let take = work::list_form(&pages, l, &viewer, &query, shown.count).await?;
    let lock = super::export::lock_form(l, &viewer, &query);
    page.body = SafeHtml::concat([bar, Panel::flush(l.t("coverage-list-panel"), table).foot(pager).html(), take, lock]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("coverage-list-audit")));
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())]), l.t("coverage-list-foot")];
    Ok(Shown::page(page.render(l), audited))
}

/// `POST /nguoi-chua-tham-gia`: leads to the list as it is narrowed; names and numbers that were typed stand sealed in its address.
pub(crate) async fn search(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromForm(fields): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    chapter::search(&pages.app, &viewer, LIST, fields, &TYPED)
}

fn pager(l: Locale, query: &Query, shown: &PageOf) -> Pager {
    let (from, to) = (shown.from, shown.from + shown.rows.len());
    let summary = l.t_args(
        "coverage-list-range",
        &[("from", ((from + 1).min(shown.count) as i64).into()), ("to", (to as i64).into()), ("n", (shown.count as i64).into())],
    );
    let first = (from > 0).then(|| query.href(LIST, |_| ()));
    let previous = shown.places.filter(|_| from > 0).map(|(first, _)| query.href(LIST, |q| q.before = Some(first)));
    let next = shown.places.filter(|_| to < shown.count).map(|(_, last)| query.href(LIST, |q| q.after = Some(last)));
    Pager { summary, first, previous, next }
}

/// What goes into the audit log: the reason, the commune and how many people were shown, never what was typed.
pub(crate) fn event(snapshot: &Snapshot, query: &Query, rows: usize) -> ReadEvent {
    let typed = !query.q.is_empty() || !query.household.is_empty();
    let action = if typed { AuditAction::SearchPeople } else { AuditAction::ListPeople };
    let reason = Some(query.reason.as_str()).filter(|r| REASONS.contains(r)).unwrap_or("all");
    let event = ReadEvent::new(action, "worklist").object(reason).count("rows", rows as i64).run(&snapshot.run);
    match CommuneCode::parse(&query.commune) {
        Some(code) => event.commune(&code),
        None => event,
    }
}
