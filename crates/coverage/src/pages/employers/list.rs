//! The list of findings about employers: by reason, those that concern most people first.

use axum::Extension;
use axum::extract::{Form as FromForm, State};
use axum::response::Response;
use base::CommuneCode;
use chapter::{FromAddress, PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use web::component::{
    Button, ButtonKind, Cell, Chip, Choice, Column, Control, Field, FilterBar, Form, Link, Pager, Panel, Row, Status, Table,
    audit_note, empty_state,
};
use web::{Locale, SafeHtml, tag};

use super::super::{Pages, words};
use super::{EMPLOYERS, kind, require, review};
use crate::employer_lines::{EMPLOYER_REASONS, EmployerLine, EmployerQuery};

/// `GET /don-vi`.
pub(super) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromAddress(query): FromAddress<EmployerQuery>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let snapshot = pages.serving.current(app).await?;
    let shown = snapshot.employers.page(&viewer.scope, &query);
    let audited = app.audit(&viewer, event(&query, shown.rows.len()).run(&snapshot.run)).await?;
    let mut page = app.page(&viewer, &query.href(EMPLOYERS, |_| ()), l.t("employer-list-title"));
    let sentence = sentence(&pages, l, &query, shown.count);
    let bar = FilterBar { chips: chips(&pages, l, &query), sentence, more: form(&pages, l, &viewer, &query) }.html(l);
    let (from, to) = (shown.from, shown.from + shown.rows.len());
    let range =
        [("from", ((from + 1).min(shown.count) as i64).into()), ("to", (to as i64).into()), ("n", (shown.count as i64).into())];
    let first = (from > 0).then(|| query.href(EMPLOYERS, |_| ()));
    let place = |row: Option<&(usize, &EmployerLine)>| row.map(|(at, _)| *at);
    let previous = place(shown.rows.first()).filter(|_| from > 0).map(|at| query.href(EMPLOYERS, |q| q.before = Some(at)));
    let next = place(shown.rows.last()).filter(|_| to < shown.count).map(|at| query.href(EMPLOYERS, |q| q.after = Some(at)));
    let pager = Pager { summary: l.t_args("coverage-list-range", &range), first, previous, next }.html(l);
    page.facts = tag("span").text(&l.t_args("coverage-as-of", &[("day", l.date(snapshot.as_of).as_str().into())])).html();
    page.actions = vec![Button::link(l.t("employer-review-title"), review::PATH, ButtonKind::Default)];
    if desk::may(&viewer.scope, Permission::Export) {
        page.actions.extend([
            Button::link(l.t("coverage-export-csv"), query.href("/don-vi.csv", |_| ()), ButtonKind::Default),
            Button::link(l.t("coverage-export-xlsx"), query.href("/don-vi.xlsx", |_| ()), ButtonKind::Default),
        ]);
    }
    page.table_id = "danh-sach".into();
    let table = table(&pages, l, &query, &shown.rows);
    page.body = SafeHtml::concat([bar, Panel::flush(l.t("employer-list-panel"), table).foot(pager).html()]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("employer-audit")));
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())]), l.t("employer-list-foot")];
    Ok(Shown::page(page.render(l), audited))
}

/// `POST /don-vi`: leads to the list as it is narrowed; what was typed stands sealed in its address.
pub(super) async fn search(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromForm(fields): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    chapter::search(&pages.app, &viewer, EMPLOYERS, fields, &["q"])
}

fn event(query: &EmployerQuery, rows: usize) -> ReadEvent {
    let reason = Some(query.reason.as_str()).filter(|r| EMPLOYER_REASONS.contains(r)).unwrap_or("all");
    let searched = if query.q.is_empty() { "no" } else { "yes" };
    let event = ReadEvent::new(AuditAction::ListEmployers, "employer_list").object(reason).word("searched", searched);
    let event = event.count("rows", rows as i64);
    match CommuneCode::parse(&query.commune) {
        Some(code) => event.commune(&code),
        None => event,
    }
}

/// The filter read aloud, with the count.
pub(super) fn sentence(pages: &Pages, l: Locale, query: &EmployerQuery, count: usize) -> String {
    let place = CommuneCode::parse(&query.commune).map(|c| pages.place(&c)).unwrap_or_else(|| l.t("coverage-whole-scope"));
    let reason = if query.reason.is_empty() { l.t("employer-any-reason") } else { words::reason(&pages.app, l, &query.reason) };
    let mut text = l.t_args(
        "employer-list-sentence",
        &[("n", (count as i64).into()), ("place", place.as_str().into()), ("reason", reason.as_str().into())],
    );
    if query.state == "moi" {
        text = format!("{text} {}", l.t("coverage-list-sentence-new"));
    }
    if !query.q.is_empty() {
        text = format!("{text} {}", l.t_args("employer-list-sentence-name", &[("q", query.q.as_str().into())]));
    }
    text
}

fn chips(pages: &Pages, l: Locale, query: &EmployerQuery) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut add =
        |text: String, change: fn(&mut EmployerQuery)| chips.push(Chip { text, remove_href: query.href(EMPLOYERS, change) });
    if !query.reason.is_empty() {
        add(words::reason(&pages.app, l, &query.reason), |q| q.reason.clear());
    }
    if let Some(code) = CommuneCode::parse(&query.commune) {
        add(pages.place(&code), |q| q.commune.clear());
    }
    if query.state == "moi" {
        add(l.t("coverage-state-new"), |q| q.state.clear());
    }
    if !query.q.is_empty() {
        add(query.q.as_str().to_owned(), |q| q.q.clear());
    }
    chips
}

fn form(pages: &Pages, l: Locale, viewer: &Viewer, query: &EmployerQuery) -> SafeHtml {
    let all = |chosen: bool| Choice::new("", l.t("coverage-filter-all"), chosen);
    let mut reasons = vec![all(query.reason.is_empty())];
    for reason in EMPLOYER_REASONS {
        reasons.push(Choice::new(reason, words::reason(&pages.app, l, reason), query.reason == reason));
    }
    let communes = super::super::commune_choices(pages, l, viewer, &query.commune);
    let new = query.state == "moi";
    let states = vec![all(!new), Choice::new("moi", l.t("coverage-state-new"), new)];
    let body = SafeHtml::concat([
        Field::new("ly-do", l.t("coverage-filter-reason"), Control::Select(reasons)).html(l),
        Field::new("xa", l.t("employer-filter-commune"), Control::Select(communes)).html(l),
        Field::new("trang-thai", l.t("coverage-filter-state"), Control::Select(states)).html(l),
        Field::new("q", l.t("employer-filter-name"), Control::Text).value(query.q.as_str()).optional().html(l),
    ]);
    let buttons = vec![Button::submit(l.t("coverage-filter-apply"), ButtonKind::Primary)];
    Form { action: EMPLOYERS.into(), reads: false, hidden: Vec::new(), body, buttons }.search()
}

fn table(pages: &Pages, l: Locale, query: &EmployerQuery, shown: &[(usize, &EmployerLine)]) -> SafeHtml {
    let head = vec![
        Column::text(l.t("employer-column-name")),
        Column::text(l.t("coverage-column-reason")),
        Column::number(l.t("employer-column-people"), l.t("coverage-people")),
        Column::text(l.t("coverage-column-facts")),
        Column::text(l.t("employer-column-seat")),
        Column::text(l.t("coverage-column-state")),
    ];
    let rows = shown.iter().map(|(_, line)| {
        let since = line.first_period.map(|d| l.month_short(d.month())).unwrap_or_default();
        let state = if line.new {
            Status::doing(l.t("coverage-state-new"))
        } else {
            Status::neutral(l.t_args("coverage-state-since", &[("month", since.as_str().into())]))
        };
        let code = line.tax_code.as_ref().map(|code| l.t_args("employer-tax-code-is", &[("code", code.as_str().into())]));
        let place = line.commune.as_ref().map(|c| pages.place(c)).unwrap_or_else(|| l.t("coverage-place-unknown"));
        Row::new(vec![
            Cell::link(&line.name, format!("{EMPLOYERS}/{}", line.employer)).note(code.unwrap_or_default()),
            Cell::text(words::reason(&pages.app, l, &line.reason)),
            Cell::number(l, line.weight),
            Cell::text(words::facts_line(l, &line.evidence())),
            Cell::text(place).note(line.kind.as_ref().map(|code| kind(l, code)).unwrap_or_default()),
            Cell::status(&state),
        ])
    });
    let widen = Link::new(l.t("coverage-list-widen"), EMPLOYERS);
    let empty = empty_state(&l.t("employer-list-empty"), &sentence(pages, l, query, 0), Some(&widen));
    Table::new("danh-sach", l.t("employer-list-panel"), head).rows(rows).empty(empty).worklist().html(l)
}
