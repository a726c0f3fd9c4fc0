//! `GET /du-lieu`: every roster the program can read, there or not, and every file of the period.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Query, State};
use book::{BatchRecord, replaced_by};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Cell, Column, Pager, Panel, Row, Status, Table, empty_state};
use web::{Locale, Percent, SafeHtml};

use super::{DATA, PeriodQuery, Received, batch_href, parts, period_tabs};
use crate::pages::Pages;

/// Files of one page: a city has a file of each school.
const PAGE: usize = 50;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct View {
    /// Period.
    #[serde(rename = "ky", default)]
    period: String,
    /// Files before the page.
    #[serde(rename = "tu", default)]
    from: usize,
}

/// `GET /du-lieu`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Query(view): Query<View>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    super::require(&viewer)?;
    let received = super::received(app, &PeriodQuery { period: view.period })?;
    let event = ReadEvent::new(AuditAction::ViewRows, "batch").object("all").count("files", received.all.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let mut page = app.page(&viewer, &format!("{DATA}?ky={}", received.period), l.t("coverage-data-title"));
    page.facts = SafeHtml::text(&l.t_args("coverage-data-intro", &[("period", l.month(received.period).as_str().into())]));
    let refused: u64 = received.in_force().iter().map(|b| b.quarantined).sum();
    if refused > 0 {
        let href = format!("{DATA}/tra-lai?ky={}", received.period);
        let words = l.t_args("coverage-data-refused-link", &[("n", (refused as i64).into())]);
        page.actions.push(Button::link(words, href, ButtonKind::Default));
    }
    let send = format!("{DATA}/gui?ky={}", received.period);
    page.actions.push(Button::link(l.t("coverage-upload-open"), send, ButtonKind::Primary));
    page.table_id = "tep".into();
    let waiting = Panel::flush(l.t("coverage-data-expected"), expected(&pages, l, &received))
        .foot(SafeHtml::text(&l.t("coverage-data-expected-foot")));
    let files = files(&pages, l, &received, view.from);
    page.body = SafeHtml::concat([
        period_tabs(l, &received, DATA),
        web::component::columns(web::component::Columns::One, [waiting.html(), files, replaced(l, &received)]),
    ]);
    if let Some(run) = received.runs.last() {
        page.foot = vec![l.t_args("coverage-run-line", &[("run", run.id.as_str().into())])];
    }
    Ok(Shown::page(page.render(l), audited))
}

/// Every roster: whether it is there, how much of it, by which layout; what is missing makes something impossible.
fn expected(pages: &Pages, l: Locale, received: &Received) -> SafeHtml {
    let layouts = pages.app.shelf.layouts();
    let in_force = received.in_force();
    let mut there: BTreeMap<&str, Vec<&BatchRecord>> = layouts.rosters().into_iter().map(|r| (r, Vec::new())).collect();
    for batch in in_force {
        there.entry(batch.roster.as_str()).or_default().push(batch);
    }
    let place = |roster: &str| parts::USES.iter().position(|(r, _)| *r == roster).unwrap_or(parts::USES.len());
    let mut lines: Vec<(&str, Vec<&BatchRecord>)> = there.into_iter().collect();
    lines.sort_by_key(|(roster, batches)| (batches.is_empty(), place(roster), *roster));
    let head = vec![
        Column::text(l.t("coverage-column-roster")),
        Column::text(l.t("coverage-data-there")),
        Column::number(l.t("coverage-column-stored"), ""),
        Column::number(l.t("coverage-data-refused-share"), "%"),
        Column::text(l.t("coverage-data-layout-or-use")),
    ];
    let rows = lines.iter().map(|(roster, batches)| {
        let title = parts::roster_title(&pages.app, l, roster);
        if batches.is_empty() {
            let key = parts::USES.iter().find(|(r, _)| r == roster).map_or("coverage-use-other", |(_, key)| key);
            let send = format!("{DATA}/gui?ky={}&loai={roster}", received.period);
            return Row::new(vec![
                Cell::text(title),
                Cell::html(Status::neutral(l.t("coverage-data-missing")).html()),
                Cell::text("–"),
                Cell::text("–"),
                Cell::html(
                    SafeHtml::text(&l.t(key)).then(" ").then(web::component::Link::new(l.t("coverage-upload-this"), send)),
                ),
            ]);
        }
        let sum = |of: fn(&BatchRecord) -> u64| batches.iter().map(|b| of(b)).sum::<u64>() as i64;
        let (read, stored, refused) = (sum(|b| b.read), sum(|b| b.stored), sum(|b| b.quarantined));
        let share = Percent::of(refused, read).map(|p| l.percent_figure(p)).unwrap_or_else(|| "–".into());
        let share = if refused > 0 {
            Cell::figure(share, format!("{DATA}/tra-lai?ky={}&loai={roster}", received.period))
        } else {
            Cell::text(share)
        };
        let mut layouts: Vec<&str> = batches.iter().map(|b| b.layout.as_str()).collect();
        layouts.sort_unstable();
        layouts.dedup();
        let files = l.t_args("coverage-data-files", &[("n", (batches.len() as i64).into())]);
        Row::new(vec![
            Cell::text(title),
            Cell::html(Status::ok(files).html()),
            Cell::number(l, stored),
            share,
            Cell::text(layouts.join(", ")),
        ])
    });
    Table { cards: true, ..Table::new("danh-sach", l.t("coverage-data-expected"), head).rows(rows) }.html(l)
}

/// The files that count, those with refused rows first.
fn files(pages: &Pages, l: Locale, received: &Received, from: usize) -> SafeHtml {
    let head = vec![
        Column::text(l.t("coverage-column-file")),
        Column::text(l.t("coverage-column-roster")),
        Column::number(l.t("coverage-column-declared"), ""),
        Column::number(l.t("coverage-column-read"), ""),
        Column::number(l.t("coverage-column-stored"), ""),
        Column::number(l.t("coverage-column-refused"), ""),
        Column::text(l.t("coverage-column-used")),
    ];
    let mut batches = received.in_force();
    batches.sort_by(|a, b| (a.quarantined == 0, &a.roster, &a.file_name).cmp(&(b.quarantined == 0, &b.roster, &b.file_name)));
    let shown: Vec<&&BatchRecord> = batches.iter().skip(from).take(PAGE).collect();
    let count = shown.len();
    let rows = shown.into_iter().map(|batch| {
        let href = batch_href(batch);
        let refused = match batch.quarantined {
            0 => Cell::number(l, 0),
            n => Cell::figure(l.number(n as i64), &href),
        };
        Row::new(vec![
            Cell::link(&batch.file_name, &href),
            Cell::text(parts::roster_title(&pages.app, l, &batch.roster)),
            Cell::text(batch.declared.map(|n| l.number(n as i64)).unwrap_or_else(|| "–".into())),
            Cell::number(l, batch.read as i64),
            Cell::number(l, batch.stored as i64),
            refused,
            Cell::html(used(l, received, batch).html()),
        ])
    });
    let sum = |of: fn(&BatchRecord) -> u64| Cell::text(l.number(batches.iter().map(|b| of(b)).sum::<u64>() as i64));
    let total = vec![
        Cell::text(l.t("coverage-total")),
        Cell::text(""),
        Cell::text(""),
        sum(|b| b.read),
        sum(|b| b.stored),
        sum(|b| b.quarantined),
        Cell::text(""),
    ];
    let send = web::component::Link::new(l.t("coverage-upload-open"), format!("{DATA}/gui?ky={}", received.period));
    let empty = empty_state(&l.t("coverage-data-empty"), &l.t("coverage-data-empty-why"), Some(&send));
    let table = Table::new("tep", l.t("coverage-data-panel"), head).rows(rows).empty(empty).dense();
    let panel = |table: SafeHtml| Panel::flush(l.t("coverage-data-panel"), table);
    if batches.is_empty() {
        return panel(table.html(l)).html();
    }
    let at = |from: usize| match from {
        0 => format!("{DATA}?ky={}#tep", received.period),
        _ => format!("{DATA}?ky={}&tu={from}#tep", received.period),
    };
    let numbers = [("from", from + 1), ("to", from + count), ("n", batches.len())].map(|(name, n)| (name, (n as i64).into()));
    let pager = Pager {
        summary: format!("{}. {}", l.t_args("coverage-list-range", &numbers), l.t("coverage-data-foot")),
        first: (from > 0).then(|| at(0)),
        previous: (from > 0).then(|| at(from.saturating_sub(PAGE))),
        next: (from + count < batches.len()).then(|| at(from + PAGE)),
    };
    panel(table.total(total).html(l)).foot(pager.html(l)).html()
}

/// Whether what the portal shows was worked out with a batch.
pub(super) fn used(l: Locale, received: &Received, batch: &BatchRecord) -> Status {
    let shown = received.runs.last().is_some_and(|run| run.batches.contains(&batch.id));
    match (shown, received.run_of(batch)) {
        (true, _) => Status::ok(l.t("coverage-used-shown")),
        (false, Some(run)) => Status::neutral(l.t_args("coverage-used-earlier", &[("run", run.id.as_str().into())])),
        (false, None) => Status::doing(l.t("coverage-used-next")),
    }
}

/// Files that another one stands for, beside that one.
fn replaced(l: Locale, received: &Received) -> SafeHtml {
    let old: Vec<&BatchRecord> = received.all.iter().filter(|b| !received.counts(b)).collect();
    if old.is_empty() {
        return SafeHtml::default();
    }
    let head = vec![
        Column::text(l.t("coverage-change-old")),
        Column::text(l.t("coverage-change-new")),
        Column::number(l.t("coverage-change-same"), ""),
        Column::number(l.t("coverage-change-changed"), ""),
        Column::number(l.t("coverage-change-gone"), ""),
        Column::number(l.t("coverage-change-added"), ""),
        Column::text(l.t("coverage-column-used")),
    ];
    let rows = old.iter().filter_map(|old| {
        let new = replaced_by(&received.all, &old.id)?;
        let changes = new.replaces.iter().find(|r| r.batch == old.id)?.changes;
        Some(Row::new(vec![
            Cell::link(&old.file_name, batch_href(old)).note(old.id.clone()),
            Cell::link(&new.file_name, batch_href(new)).note(new.id.clone()),
            Cell::number(l, changes.same as i64),
            Cell::number(l, changes.changed as i64),
            Cell::number(l, changes.gone as i64),
            Cell::number(l, changes.added as i64),
            Cell::html(used(l, received, old).html()),
        ]))
    });
    let table = Table::new("da-thay", l.t("coverage-data-replaced"), head).rows(rows).dense().html(l);
    Panel::flush(l.t("coverage-data-replaced"), table).foot(SafeHtml::text(&l.t("coverage-data-replaced-foot"))).html()
}
