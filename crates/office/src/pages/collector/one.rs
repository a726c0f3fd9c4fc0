//! `GET /nhan-vien-thu/{collector}`: cards, trainings, lists, complaints, parts of the rating; `…/viec`: the cases behind the counts.

use axum::Extension;
use axum::extract::{Path, Query as FromQuery, State};
use chapter::{PageError, Returned, Shown, Viewer};
use desk::{AuditAction, Case, CaseState, Collector, CollectorList, CollectorOutcomes, Outcome, Permission, ReadEvent, Training};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Link, NoteKind, Panel, Row, Table, audit_note, columns, empty_state, note,
};
use web::{Locale, SafeHtml, tag};

use super::data::Known;
use super::{COLLECTORS, HAND, ORGANISATIONS, act, manages, resolve, words};
use crate::{CASES, Office};

/// `GET /nhan-vien-thu/{collector}`.
pub(super) async fn show(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    page(&office, &viewer, &id, &Returned::default()).await
}

/// The page of a collector as it is now; with the form that came back, where one did.
pub(super) async fn page(office: &Office, viewer: &Viewer, id: &str, returned: &Returned) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(viewer);
    super::require(viewer)?;
    let collector = app.desk.collector(&viewer.scope, id).await.map_err(PageError::desk)?;
    let known = Known::read(office, viewer, Some(&collector.organisation)).await?;
    let event = ReadEvent::new(AuditAction::ViewCollectors, "collector").object(id);
    let audited = app.audit(viewer, event).await?;
    let lists = app.desk.collector_lists(&viewer.scope, id).await.map_err(PageError::desk)?;
    let trainings = app.desk.trainings(&viewer.scope, Some(&collector.organisation)).await.map_err(PageError::desk)?;
    let unit = known.organisations.first().map(|unit| unit.name.clone()).unwrap_or_default();
    let mut page = app.page(viewer, &format!("{COLLECTORS}/{id}"), collector.holder.clone());
    page.crumbs = vec![
        Link::new(l.t("collector-title"), ORGANISATIONS),
        Link::new(unit, format!("{ORGANISATIONS}/{}", collector.organisation)),
    ];
    page.here = collector.holder.clone();
    let codes = [("point", collector.point.as_str().into()), ("code", collector.code.as_str().into())];
    let standing = match collector.valid_card(known.today) {
        Some(card) => words::card(l, card, known.today).html(),
        None => web::component::Status::bad(l.t("collector-no-card")).html(),
    };
    page.facts = SafeHtml::text(&l.t_args("collector-codes", &codes)).then(" · ").then(standing);
    let valid = collector.valid_card(known.today).is_some();
    if manages(viewer) && valid {
        page.actions = vec![Button::link(l.t("collector-hand"), format!("{HAND}?hang=open&nhan-vien={id}"), ButtonKind::Primary)];
    }
    let mut main = SafeHtml::default();
    if !valid {
        main.push(note(NoteKind::Caution, &l.t("collector-no-card"), SafeHtml::text(&l.t("collector-no-card-why"))));
    }
    main.push(outcomes(l, viewer, &collector, &known.outcomes(id)));
    let rating = crate::rating::Rating::of_one(&known.scale, known.facts(&collector));
    main.push(words::rating(l, &known.scale, &rating));
    main.push(cards(office, l, &collector, &known));
    main.push(handed(l, viewer, &collector, &lists, &known, valid));
    main.push(attended(l, &collector, &trainings));
    main.push(complaints(l, viewer, &known, &collector, returned));
    let stack = |blocks: SafeHtml| tag("div").class("grid").child(blocks).html();
    let whole = if manages(viewer) {
        columns(Columns::MainSide, [stack(main), act::forms(office, l, viewer, &collector, known.today, returned)])
    } else {
        columns(Columns::One, [stack(main)])
    };
    page.body = returned.head(l, &whole).then(whole);
    page.audit = audit_note(l, SafeHtml::text(&l.t("collector-audit")));
    page.foot = vec![l.t("collector-foot")];
    Ok(Shown::page(page.render(l), audited))
}

/// What came of the cases; each count opens its rows for who may see cases.
fn outcomes(l: Locale, viewer: &Viewer, collector: &Collector, of: &CollectorOutcomes) -> SafeHtml {
    let opens = desk::may(&viewer.scope, Permission::WorkCases);
    let count = |cases: i64, which: &str| match opens {
        true => Cell::figure(l.number(cases), format!("{COLLECTORS}/{}/viec?ket-qua={which}", collector.id)),
        false => Cell::number(l, cases),
    };
    let head = vec![Column::text(l.t("collector-outcome")), Column::number(l.t("collector-cases"), "")];
    let mut rows = vec![Row::new(vec![Cell::text(l.t("collector-outcome-open")), count(of.open, "dang-mo")])];
    for closed in &of.closed {
        let name = crate::words::outcome(l, closed.outcome);
        rows.push(Row::new(vec![Cell::text(name), count(closed.cases, closed.outcome.as_str())]));
    }
    let total = vec![Cell::text(l.t("collector-outcome-all")), count(of.handed(), "")];
    let title = l.t("collector-outcomes");
    let table = Table::new("ket-qua", title.clone(), head).rows(rows).total(total).html(l);
    let told = format!("{}. {}", words::conversions(l, of), l.t("collector-outcomes-what"));
    Panel::flush(title, table).foot(SafeHtml::text(&told)).html()
}

fn cards(office: &Office, l: Locale, collector: &Collector, known: &Known) -> SafeHtml {
    let head = vec![
        Column::text(l.t("collector-card-number")),
        Column::text(l.t("collector-card-area")),
        Column::text(l.t("collector-card-days")),
        Column::text(l.t("collector-card-state")),
    ];
    let rows = collector.cards.iter().map(|card| {
        let days = format!("{} – {}", l.date(card.first_day), l.date(card.last_day));
        let state = Cell::html(words::card(l, card, known.today).html());
        let state = match &card.withdrawn {
            Some((_, reason)) => state.note(reason),
            None => state,
        };
        Row::new(vec![Cell::text(&card.number), Cell::text(words::area(&office.app, l, &card.area)), Cell::text(days), state])
    });
    let title = l.t("collector-cards");
    Panel::flush(title.clone(), Table::new("cac-the", title, head).rows(rows).html(l)).html()
}

/// Lists; the files of one that runs for who may take them out, while a card holds.
fn handed(l: Locale, viewer: &Viewer, collector: &Collector, lists: &[CollectorList], known: &Known, valid: bool) -> SafeHtml {
    let head = vec![
        Column::text(l.t("collector-list-campaign")),
        Column::text(l.t("collector-list-days")),
        Column::number(l.t("collector-cases"), ""),
        Column::text(l.t("collector-list-files")),
    ];
    let gives = manages(viewer) && desk::may(&viewer.scope, Permission::Export);
    let rows = lists.iter().map(|list| {
        let days = format!("{} – {}", l.date(list.handed_on), l.date(list.last_day));
        let left = l.t_args("collector-list-left", &[("n", list.left_out.into())]);
        let campaign = Cell::text(&list.campaign);
        let left = match list.restricted {
            0 => left,
            n => format!("{left}; {}", l.t_args("collector-list-restricted", &[("n", n.into())])),
        };
        let campaign = if list.left_out > 0 { campaign.note(left) } else { campaign };
        let files = if known.today > list.last_day {
            Cell::text(l.t("collector-list-over"))
        } else if !valid {
            Cell::text(l.t("collector-list-no-card"))
        } else if gives {
            let at = format!("{COLLECTORS}/{}/{}", collector.id, list.id);
            let least = Link::new(l.t("collector-list-least"), format!("{at}/toi-thieu.xlsx")).html();
            let d03 = Link::new(l.t("collector-list-d03"), format!("{at}/d03-tk1-vnpt.xlsx")).html();
            Cell::html(SafeHtml::join([least, d03], " · "))
        } else {
            Cell::text(l.t("collector-list-runs"))
        };
        Row::new(vec![campaign, Cell::text(days), Cell::number(l, list.cases), files])
    });
    let empty = empty_state(&l.t("collector-no-lists"), &l.t("collector-no-lists-why"), None);
    let title = l.t("collector-lists");
    let table = Table::new("danh-sach-giao", title.clone(), head).rows(rows).empty(empty).html(l);
    Panel::flush(title, table).foot(SafeHtml::text(&l.t("collector-lists-what"))).html()
}

fn attended(l: Locale, collector: &Collector, trainings: &[Training]) -> SafeHtml {
    let head = vec![
        Column::text(l.t("collector-training-subject")),
        Column::text(l.t("collector-training-day")),
        Column::text(l.t("collector-training-until")),
    ];
    let own = trainings.iter().filter(|training| training.attended.contains(&collector.id));
    let rows = own.map(|training| {
        let until = training.certificate_until.map_or_else(|| l.t("collector-training-no-certificate"), |day| l.date(day));
        Row::new(vec![Cell::text(&training.subject), Cell::text(l.date(training.held_on)), Cell::text(until)])
    });
    let empty = empty_state(&l.t("collector-no-trainings"), &l.t("collector-no-trainings-why"), None);
    let title = l.t("collector-trainings");
    Panel::flush(title.clone(), Table::new("tap-huan", title, head).rows(rows).empty(empty).html(l)).html()
}

fn complaints(l: Locale, viewer: &Viewer, known: &Known, collector: &Collector, returned: &Returned) -> SafeHtml {
    let head = vec![
        Column::text(l.t("collector-complaint-kind")),
        Column::text(l.t("collector-complaint-received")),
        Column::text(l.t("collector-complaint-words")),
        Column::text(l.t("collector-complaint-state")),
    ];
    let hidden = || l.t("collector-complaint-hidden");
    let rows = known.complaints_of(&collector.id).map(|one| {
        let state = Cell::html(words::complaint(l, one, known.today).html());
        let state = match &one.resolution {
            Some(how) => state.note(how),
            None => state,
        };
        Row::new(vec![
            Cell::text(words::kind(l, one.kind)),
            Cell::text(l.date(one.received_on)),
            Cell::text(one.words.clone().unwrap_or_else(hidden)),
            state,
        ])
    });
    let empty = empty_state(&l.t("collector-no-complaints"), &l.t("collector-no-complaints-why"), None);
    let title = l.t("collector-complaints");
    let table = Table::new("phan-anh", title.clone(), head).rows(rows).empty(empty).html(l);
    let mut body = Panel::flush(title, table).html();
    if manages(viewer) {
        let open: Vec<_> = known.complaints_of(&collector.id).filter(|one| one.resolved.is_none()).collect();
        body.push(resolve::form(l, collector, &open, returned));
    }
    body
}

/// Which of the cases are asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Which {
    /// Word of an outcome, or `dang-mo`; all where empty.
    #[serde(rename = "ket-qua", default)]
    outcome: String,
}

/// `GET /nhan-vien-thu/{collector}/viec`.
pub(super) async fn cases(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromQuery(which): FromQuery<Which>,
) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    super::require(&viewer)?;
    let collector = app.desk.collector(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let mut cases = app.desk.collector_cases(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let outcome = Outcome::from_word(&which.outcome);
    cases.retain(|case| match which.outcome.as_str() {
        "" => true,
        "dang-mo" => case.state != CaseState::Done,
        _ => case.state == CaseState::Done && outcome.is_some() && case.outcome == outcome,
    });
    let event = ReadEvent::new(AuditAction::ListCases, "collector").object(id.as_str()).count("rows", cases.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let names = office.names.of(app, &cases).await?;
    let here = match (which.outcome.as_str(), outcome) {
        ("dang-mo", _) => l.t("collector-outcome-open"),
        (_, Some(outcome)) => crate::words::outcome(l, outcome),
        _ => l.t("collector-outcome-all"),
    };
    let head = vec![
        Column::text(l.t("office-column-subject")),
        Column::text(l.t("office-column-rule")),
        Column::text(l.t("office-column-place")),
        Column::text(l.t("office-column-state")),
    ];
    let row = |case: &Case| {
        Row::new(vec![
            Cell::link(names.title(case), format!("{CASES}/{}", case.id)),
            Cell::text(crate::words::rule(app, l, &case.rule)),
            Cell::text(crate::words::place_of(app, l, case)),
            Cell::html(crate::words::state(l, case, app.today()).html()),
        ])
    };
    let empty = empty_state(&l.t("collector-no-cases"), &l.t("collector-no-cases-why"), None);
    let table = Table::new("viec", here.clone(), head).rows(cases.iter().map(row)).empty(empty).html(l);
    let mut page = app.page(&viewer, &format!("{COLLECTORS}/{id}/viec"), collector.holder.clone());
    page.crumbs =
        vec![Link::new(l.t("collector-title"), ORGANISATIONS), Link::new(collector.holder.clone(), format!("{COLLECTORS}/{id}"))];
    page.here = here.clone();
    page.facts = SafeHtml::text(&l.t_args("collector-cases-count", &[("n", (cases.len() as i64).into())]));
    page.body = Panel::flush(here, table).foot(SafeHtml::text(&l.t("collector-outcomes-what"))).html();
    page.audit = audit_note(l, SafeHtml::text(&l.t("office-audit")));
    page.foot = vec![l.t("office-foot")];
    Ok(Shown::page(page.render(l), audited))
}
