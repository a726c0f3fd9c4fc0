//! `GET /du-lieu/tra-lai`: the refused rows of a period by reason, with filter and paging.

use std::collections::{BTreeMap, BTreeSet};

use axum::Extension;
use axum::extract::{Query, State};
use book::BatchRecord;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use web::component::{
    Button, ButtonKind, Cell, Chip, Choice, Column, Control, Field, FilterBar, Form, Link, Pager, Panel, Row, Status, Table,
    audit_note, empty_state,
};
use web::{Locale, SafeHtml};

use super::{Filter, REJECTS, Refused};
use crate::pages::Pages;
use crate::pages::rosters::{DATA, PeriodQuery, Received, batch_href, reason_words, received, roster_title};

/// Rows of one page.
const PAGE: usize = 50;

/// `GET /du-lieu/tra-lai`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Query(filter): Query<Filter>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    super::require(&viewer)?;
    let received = received(app, &PeriodQuery { period: filter.period.clone() })?;
    let filter = Filter { period: received.period.to_string(), ..filter };
    let found = find(&pages, &received, &filter)?;
    let shown = found.rows.len() as i64;
    let event = ReadEvent::new(AuditAction::ViewRows, "reject").object("all").count("rows", shown);
    let audited = app.audit(&viewer, event).await?;
    let mut page = app.page(&viewer, &filter.href(REJECTS, |_| ()), l.t("coverage-rejects-title"));
    page.crumbs = vec![Link::new(l.t("coverage-data-title"), format!("{DATA}?ky={}", received.period))];
    page.here = l.t("coverage-rejects-here");
    page.facts = SafeHtml::text(&l.month(received.period));
    if desk::may(&viewer.scope, Permission::Export) && found.total > 0 {
        let of = |kind: &str| filter.href(&format!("{REJECTS}.{kind}"), |_| ());
        page.actions.push(Button::link(l.t("coverage-export-xlsx"), of("xlsx"), ButtonKind::Default));
        page.actions.push(Button::link(l.t("coverage-export-csv"), of("csv"), ButtonKind::Default));
    }
    page.table_id = "dong".into();
    let sentence =
        l.t_args("coverage-rejects-sentence", &[("n", (found.total as i64).into()), ("mended", (found.mended as i64).into())]);
    let bar =
        FilterBar { chips: chips(&pages, l, &received, &filter), sentence, more: form(&pages, l, &received, &filter) }.html(l);
    let reasons = Panel::flush(l.t("coverage-rejects-by-reason"), reasons(l, &received, &filter));
    let summary = l.t_args(
        "coverage-list-range",
        &[
            ("from", ((filter.from + 1).min(found.total) as i64).into()),
            ("to", ((filter.from + found.rows.len()) as i64).into()),
            ("n", (found.total as i64).into()),
        ],
    );
    let at = |from: usize| filter.href(REJECTS, |f| f.from = from);
    let pager = Pager {
        summary,
        first: (filter.from > 0).then(|| at(0)),
        previous: (filter.from > 0).then(|| at(filter.from.saturating_sub(PAGE))),
        next: (filter.from + found.rows.len() < found.total).then(|| at(filter.from + PAGE)),
    };
    let rows = Panel::flush(l.t("coverage-batch-refused"), rows(l, &found)).foot(pager.html(l));
    page.body = SafeHtml::concat([bar, web::component::columns(web::component::Columns::One, [reasons.html(), rows.html()])]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("coverage-batch-audit")));
    page.foot = vec![l.t("coverage-rejects-foot")];
    Ok(Shown::page(page.render(l), audited))
}

/// Rows of a page, and how many there are in all.
struct Found<'r> {
    rows: Vec<(&'r BatchRecord, Refused, bool)>,
    total: usize,
    mended: usize,
}

/// Only the files of the filter are read, one after another.
fn find<'r>(pages: &Pages, received: &'r Received, filter: &Filter) -> Result<Found<'r>, PageError> {
    let mut found = Found { rows: Vec::new(), total: 0, mended: 0 };
    for batch in super::batches(received, filter) {
        let mended = received.mended_rows(batch);
        for row in super::of_batch(&pages.app, batch)? {
            let is_mended = row.row.is_some_and(|row| mended.contains(&row));
            if !filter.takes(&row, is_mended) {
                continue;
            }
            if found.total >= filter.from && found.rows.len() < PAGE {
                found.rows.push((batch, row, is_mended));
            }
            found.total += 1;
            found.mended += usize::from(is_mended);
        }
    }
    Ok(found)
}

/// How many rows were refused for which reason, of the rosters and files of the filter.
fn reasons(l: Locale, received: &Received, filter: &Filter) -> SafeHtml {
    let wide = Filter { reason: String::new(), ..filter.clone() };
    let mut counts: BTreeMap<&str, (u64, BTreeSet<&str>)> = BTreeMap::new();
    for batch in super::batches(received, &wide) {
        for (code, count) in &batch.refused {
            let entry = counts.entry(code).or_default();
            entry.0 += count;
            entry.1.insert(&batch.id);
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(code, (count, _))| (std::cmp::Reverse(*count), *code));
    let head = vec![
        Column::text(l.t("coverage-column-why")),
        Column::number(l.t("coverage-rejects-rows"), ""),
        Column::number(l.t("coverage-rejects-files"), ""),
    ];
    let rows = counts.iter().map(|(code, (count, files))| {
        let href = filter.href(REJECTS, |f| f.reason = (*code).to_owned());
        let cells = vec![
            Cell::link(reason_words(l, code), &href),
            Cell::figure(l.number(*count as i64), href),
            Cell::number(l, files.len() as i64),
        ];
        Row::new(cells).selected(filter.reason == **code)
    });
    let empty = empty_state(&l.t("coverage-rejects-none"), &l.t("coverage-batch-whole"), None);
    Table::new("theo-ly-do", l.t("coverage-rejects-by-reason"), head).rows(rows).empty(empty).dense().html(l)
}

fn rows(l: Locale, found: &Found) -> SafeHtml {
    let head = vec![
        Column::text(l.t("coverage-column-file")),
        Column::number(l.t("coverage-column-row"), ""),
        Column::text(l.t("coverage-column-column")),
        Column::text(l.t("coverage-column-value")),
        Column::text(l.t("coverage-column-why")),
        Column::text(l.t("coverage-column-state")),
    ];
    let rows = found.rows.iter().map(|(batch, row, is_mended)| {
        Row::new(vec![
            Cell::link(&batch.file_name, batch_href(batch)),
            Cell::text(&row.source_row),
            Cell::text(&row.column),
            Cell::text(&row.value),
            Cell::text(row.code.map_or_else(|| row.reason.clone(), |code| reason_words(l, code))),
            Cell::html(state(l, *is_mended).html()),
        ])
    });
    let widen = Link::new(l.t("coverage-list-widen"), REJECTS);
    let empty = empty_state(&l.t("coverage-rejects-none"), &l.t("coverage-rejects-none-why"), Some(&widen));
    Table { cards: true, ..Table::new("dong", l.t("coverage-batch-refused"), head).rows(rows).empty(empty) }.html(l)
}

pub(super) fn state(l: Locale, is_mended: bool) -> Status {
    if is_mended { Status::ok(l.t("coverage-reject-mended")) } else { Status::warn(l.t("coverage-reject-waiting")) }
}

fn chips(pages: &Pages, l: Locale, received: &Received, filter: &Filter) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut chip = |text: String, remove: fn(&mut Filter)| chips.push(Chip { text, remove_href: filter.href(REJECTS, remove) });
    if !filter.roster.is_empty() {
        chip(roster_title(&pages.app, l, &filter.roster), |f| f.roster.clear());
    }
    if let Some(batch) = received.batch(&filter.batch) {
        chip(batch.file_name.clone(), |f| f.batch.clear());
    }
    if !filter.reason.is_empty() {
        chip(reason_words(l, &filter.reason), |f| f.reason.clear());
    }
    if filter.state == "cho" {
        chip(l.t("coverage-reject-waiting"), |f| f.state.clear());
    }
    chips
}

fn form(pages: &Pages, l: Locale, received: &Received, filter: &Filter) -> SafeHtml {
    let all = || Choice::new("", l.t("coverage-filter-all"), false);
    let in_force = received.in_force();
    let refused: Vec<&&BatchRecord> = in_force.iter().filter(|b| b.quarantined > 0).collect();
    let mut rosters = vec![all()];
    for roster in refused.iter().map(|b| b.roster.as_str()).collect::<BTreeSet<_>>() {
        rosters.push(Choice::new(roster, roster_title(&pages.app, l, roster), filter.roster == roster));
    }
    let mut reasons = vec![all()];
    for code in refused.iter().flat_map(|b| b.refused.keys()).collect::<BTreeSet<_>>() {
        reasons.push(Choice::new(code, reason_words(l, code), filter.reason == *code));
    }
    let states = vec![all(), Choice::new("cho", l.t("coverage-reject-waiting"), filter.state == "cho")];
    let body = SafeHtml::concat([
        Field::new("loai", l.t("coverage-column-roster"), Control::Select(rosters)).html(l),
        Field::new("ly-do", l.t("coverage-column-why"), Control::Select(reasons)).html(l),
        Field::new("trang-thai", l.t("coverage-column-state"), Control::Select(states)).html(l),
    ]);
    let hidden = [("ky", &filter.period), ("lo", &filter.batch)];
    let hidden = hidden.into_iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| (n.to_owned(), v.clone())).collect();
    let buttons = vec![Button::submit(l.t("coverage-filter-apply"), ButtonKind::Primary)];
    Form { action: REJECTS.into(), reads: true, hidden, body, buttons }.html()
}
