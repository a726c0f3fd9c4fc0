//! `GET /viec`: a queue, page by page, with its count, one button a row, and one change for all of it.

use axum::Extension;
use axum::extract::{Query as FromQuery, State};
use base::CommuneCode;
use chapter::{PageError, Returned, Shown, Viewer};
use desk::{AuditAction, Case, CasePage, CaseState, Permission, Queue, ReadEvent, Selected};
use web::component::{
    Button, ButtonKind, Cell, Chip, Choice, Column, Control, Field, FilterBar, Form, Link, NoteKind, Pager, Panel, Pick, Row,
    Tab, Table, audit_note, empty_state, note, tabs,
};
use web::{Locale, SafeHtml, tag};

use super::{forms, pick, require};
use crate::names::Known;
use crate::query::QueueQuery;
use crate::{CASES, Office, words};

/// `GET /viec`.
pub(super) async fn show(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    FromQuery(query): FromQuery<QueueQuery>,
) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let (desk, scope, today) = (&app.desk, &viewer.scope, app.today());
    let query = with_selection(&office, &viewer, query).await?;
    let (shown, counts) =
        desk.cases_with_counts(scope, &query.cases(today), &query.at(), query.rows()).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ListCases, "queue").object(query.queue().as_str());
    let audited = app.audit(&viewer, event.count("rows", shown.rows.len() as i64)).await?;
    let names = office.names.of(app, &shown.rows).await?;
    let ids: Vec<&str> = shown.rows.iter().map(|case| case.id.as_str()).collect();
    let held = desk.selected(scope, &query.selection, &ids).await.map_err(PageError::desk)?.unwrap_or_default();
    let workers = forms::workers(&office, &viewer).await?;
    let owners = shown.rows.iter().filter_map(|case| case.owner.as_deref());
    let office = office.knowing(&viewer, owners.chain(query.owner())).await?;
    let app = &office.app;
    let mut page = app.page(&viewer, &query.href(CASES, |_| ()), words::queue(l, query.queue()));
    page.crumbs = vec![Link::new(l.t("office-title"), CASES)];
    page.here = words::queue(l, query.queue());
    page.facts = SafeHtml::text(&l.t_args("office-today", &[("day", l.date(today).as_str().into())]));
    let compact = |on: bool| query.href(CASES, |q| q.view = if on { "gon".into() } else { String::new() });
    let view = if query.compact() { ("office-view-table", compact(false)) } else { ("office-view-compact", compact(true)) };
    page.actions = vec![
        Button::link(l.t(view.0), view.1, ButtonKind::Default),
        Button::link(l.t("office-results-title"), super::results::RESULTS, ButtonKind::Default),
    ];
    if desk::may(scope, Permission::Export) {
        let sheet = query.href("/viec/danh-sach.xlsx", |q| q.view.clear());
        page.actions.push(Button::link(l.t("office-sheet-get"), sheet, ButtonKind::Default));
    }
    page.table_id = "danh-sach".into();
    let queues: Vec<Tab> = counts
        .iter()
        .map(|(queue, count)| Tab {
            link: Link::new(
                words::queue(l, *queue),
                query.href(CASES, |q| {
                    q.queue = queue.as_str().to_owned();
                    q.only.clear();
                }),
            ),
            count: count.map(|count| l.number(count)),
            current: *queue == query.queue(),
        })
        .collect();
    let sentence = sentence(&office, l, &query, shown.count);
    let bar = FilterBar { chips: chips(&office, l, &query), sentence, more: filter(&office, l, &viewer, &query) }.html(l);
    let table = table(&office, l, &viewer, &query, &shown, &names, &held);
    let pager = pager(l, &query, &shown).html(l);
    let list = Panel::flush(words::queue(l, query.queue()), table).foot(pager).html();
    let list = if query.compact() { tag("div").class("compact").child(list).html() } else { list };
    let restricted = restricted(l, shown.restricted);
    let mut body = SafeHtml::concat([tabs(&l.t("office-title"), &queues), bar, restricted]);
    let works = query.queue() != Queue::Done;
    if works && (shown.count > 0 || held.count > 0) {
        // Before the list: boxes are sent in the order of the page, and the form's own fields come first.
        let many = forms::Many { shown: &shown, held: &held, workers: &workers };
        body.push(forms::bulk(&office, l, &viewer, &query, &many, &Returned::default()));
    }
    body.push(list);
    if works && shown.count > 0 {
        body.push(forms::offline(&office, l, &viewer, &query));
    }
    page.body = body;
    page.audit = audit_note(l, SafeHtml::text(&l.t("office-audit")));
    page.foot = vec![l.t("office-foot")];
    Ok(Shown::page(page.render(l), audited))
}

/// How many people are kept off the queue because what is done with them is restricted; nothing where nobody is.
fn restricted(l: Locale, people: i64) -> SafeHtml {
    if people == 0 {
        return SafeHtml::default();
    }
    note(NoteKind::Info, &l.t_args("office-restricted", &[("n", people.into())]), SafeHtml::text(&l.t("office-restricted-why")))
}

/// The query with the number of a selection that can still be ticked into: the one it names, or a new one.
pub(super) async fn with_selection(office: &Office, viewer: &Viewer, query: QueueQuery) -> Result<QueueQuery, PageError> {
    let known = match query.selection.as_str() {
        "" => None,
        number => office.app.desk.selected(&viewer.scope, number, &[]).await.map_err(PageError::desk)?,
    };
    if known.is_some() {
        return Ok(query);
    }
    Ok(QueueQuery { selection: office.app.form_number(viewer, "selection"), only: String::new(), ..query })
}

/// The queue read aloud with its count.
pub(super) fn sentence(office: &Office, l: Locale, query: &QueueQuery, count: i64) -> String {
    if query.only_ticked() {
        return l.t_args("office-sentence-ticked", &[("n", count.into())]);
    }
    let place = CommuneCode::parse(&query.commune).map_or_else(|| l.t("office-whole"), |code| words::place(&office.app, &code));
    let place = if query.village.is_empty() { place } else { format!("{}, {place}", query.village) };
    let reason = if query.rule.is_empty() { l.t("office-any-rule") } else { words::rule(&office.app, l, &query.rule) };
    let owner = if query.owner.is_empty() { l.t("office-any-owner") } else { office.user_label(&query.owner) };
    l.t_args(
        "office-sentence",
        &[
            ("n", count.into()),
            ("queue", words::queue(l, query.queue()).as_str().into()),
            ("place", place.as_str().into()),
            ("reason", reason.as_str().into()),
            ("owner", owner.as_str().into()),
        ],
    )
}

fn chips(office: &Office, l: Locale, query: &QueueQuery) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut add = |text: String, change: fn(&mut QueueQuery)| chips.push(Chip { text, remove_href: query.href(CASES, change) });
    if let Some(code) = CommuneCode::parse(&query.commune) {
        add(words::place(&office.app, &code), |q| q.commune.clear());
    }
    if !query.village.is_empty() {
        add(query.village.clone(), |q| q.village.clear());
    }
    if !query.rule.is_empty() {
        add(words::rule(&office.app, l, &query.rule), |q| q.rule.clear());
    }
    if !query.owner.is_empty() {
        add(office.user_label(&query.owner), |q| q.owner.clear());
    }
    chips
}

fn filter(office: &Office, l: Locale, viewer: &Viewer, query: &QueueQuery) -> SafeHtml {
    let all = |chosen: bool| Choice::new("", l.t("office-all"), chosen);
    let sees_office = desk::may(&viewer.scope, Permission::ViewEmployeeFindings);
    let mut rules = vec![all(query.rule.is_empty())];
    rules.extend(
        office
            .app
            .rules
            .iter()
            // Whoever has no business with the work of the insurance office is not offered its reasons.
            .filter(|rule| sees_office || rule.work.unit != "insurance_office")
            .map(|rule| Choice::new(rule.id.as_str(), words::rule(&office.app, l, &rule.id), rule.id == query.rule)),
    );
    let mut communes = vec![all(query.commune.is_empty())];
    let seen = office.app.places.communes().iter().filter(|commune| viewer.scope.sees(Some(&commune.code)));
    communes.extend(seen.map(|commune| {
        let chosen = commune.code.as_str() == query.commune;
        Choice::new(commune.code.as_str(), words::place(&office.app, &commune.code), chosen)
    }));
    let body = SafeHtml::concat([
        Field::new("quy-tac", l.t("office-column-rule"), Control::Select(rules)).optional().html(l),
        Field::new("xa", l.t("office-commune"), Control::Select(communes)).optional().html(l),
        Field::new("to", l.t("office-village"), Control::Text).value(&query.village).optional().html(l),
    ]);
    let hidden = [
        ("hang", query.queue().as_str().to_owned()),
        ("xem", query.view.clone()),
        ("nguoi", query.owner.clone()),
        ("chon", query.selection.clone()),
    ];
    let hidden =
        hidden.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value)).collect();
    let buttons = vec![Button::submit(l.t("office-filter-apply"), ButtonKind::Primary)];
    Form { action: CASES.into(), reads: true, hidden, body, buttons }.html()
}

fn table(
    office: &Office,
    l: Locale,
    viewer: &Viewer,
    query: &QueueQuery,
    shown: &CasePage,
    names: &Known,
    held: &Selected,
) -> SafeHtml {
    let app = &office.app;
    let today = app.today();
    let head = vec![
        Column::text(l.t("office-column-subject")),
        Column::text(l.t("office-column-rule")),
        Column::text(l.t("office-column-place")),
        Column::text(l.t("office-column-due")),
        Column::text(l.t("office-column-state")),
        Column::text(l.t("office-column-do")).hidden(),
    ];
    let boxes = query.queue() != Queue::Done;
    let rows = (1_i64..).zip(&shown.rows).map(|(at, case)| {
        // By the row's number: a name in the label of each box would be read out with every step.
        let pick = boxes.then(|| Pick {
            form: pick::FORM.into(),
            name: pick::box_name(&case.id),
            label: l.t_args("office-pick-row", &[("n", at.into())]),
            ticked: held.ticked.contains(&case.id),
        });
        let owner = case.owner.as_ref().map(|owner| office.user_label(owner)).unwrap_or_default();
        let due = words::due(l, case, today).map_or_else(SafeHtml::default, |status| status.html());
        Row::new(vec![
            Cell::link(names.title(case), format!("{CASES}/{}", case.id)),
            Cell::text(words::rule(app, l, &case.rule)),
            Cell::text(words::place_of(app, l, case)),
            Cell::html(due),
            Cell::html(words::state(l, case, today).html()).note(owner),
            Cell::html(act(office, l, viewer, query, case)),
        ])
        .pick(pick)
    });
    let empty = empty_state(&l.t("office-empty"), &sentence(office, l, query, 0), Some(&Link::new(l.t("office-widen"), CASES)));
    Table::new("danh-sach", words::queue(l, query.queue()), head).rows(rows).empty(empty).worklist().html(l)
}

/// The one thing to do with a case in a queue: taking what nobody has, else writing down what came of it. For a telephone also "met".
fn act(office: &Office, l: Locale, viewer: &Viewer, query: &QueueQuery, case: &Case) -> SafeHtml {
    let back = query.here(CASES);
    if case.state == CaseState::Done {
        return Link::new(l.t("office-open"), format!("{CASES}/{}", case.id)).html();
    }
    if case.owner.is_none() {
        let button = Button::submit(l.t("office-take"), ButtonKind::Primary);
        return forms::quick(office, viewer, case, &back, "nhan", "", button);
    }
    let write = Button::link(l.t("office-write-outcome"), format!("{CASES}/{}#ket-qua", case.id), ButtonKind::Default).html();
    if !query.compact() {
        return write;
    }
    let today = l.date(office.app.today());
    let reason = l.t_args("office-met-on", &[("day", today.as_str().into())]);
    let met = Button::submit(l.t("office-met"), ButtonKind::Primary);
    forms::quick(office, viewer, case, &back, "da-gap", &reason, met).then(write)
}

/// The places where the pages before and after this one begin, where there are such.
pub(super) fn beside(query: &QueueQuery, shown: &CasePage) -> (Option<String>, Option<String>) {
    let place = |case: &Case| CasePage::place(query.queue(), case);
    let previous = shown.rows.first().filter(|_| shown.has_previous).map(place);
    (previous, shown.rows.last().filter(|_| shown.has_next).map(place))
}

fn pager(l: Locale, query: &QueueQuery, shown: &CasePage) -> Pager {
    let summary = l.t_args("office-range", &[("rows", (shown.rows.len() as i64).into()), ("n", shown.count.into())]);
    let first = shown.has_previous.then(|| query.href(CASES, |_| ()));
    let (previous, next) = beside(query, shown);
    let previous = previous.map(|place| query.href(CASES, |q| q.before = place));
    let next = next.map(|place| query.href(CASES, |q| q.after = place));
    Pager { summary, first, previous, next }
}
