//! `/du-lieu-ca-nhan/vi-pham`: breaches of personal data, their clock, and what the log says they reach.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use chapter::{App, Faults, PageError, Shown, Viewer, day_in_hanoi, sent_back, typed, typed_day};
use desk::{AuditAction, Breach, NewBreach, Permission, Reach, ReadEvent};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Control, ErrorSummary, Field, Form, Link, NoteKind, Panel, Row, Status, Table,
    audit_note, columns, definition_list, empty_state, note,
};
use web::{Locale, SafeHtml, tag};

use super::looked::{unit, units};
use super::report::midnight;
use super::{Labels, go, may_manage};
use crate::stays::Stays;
use crate::{HOME, clock, words};

/// Path of the breaches.
const BREACHES: &str = "/du-lieu-ca-nhan/vi-pham";
/// An hour in milliseconds.
const HOUR: i64 = 3_600_000;
/// A day in milliseconds.
const DAY: i64 = 24 * HOUR;
/// People and rows shown on the page.
const SHOWN: usize = 500;

fn require(viewer: &Viewer) -> Result<(), PageError> {
    desk::require(&viewer.scope, Permission::AnswerRequests).map_err(|_| PageError::Forbidden)
}

/// `GET /du-lieu-ca-nhan/vi-pham`.
pub(super) async fn list(State(app): State<App>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    require(&viewer)?;
    list_page(&app, &viewer, &Found::default(), &Faults::new()).await
}

/// The list with the form beside it, as it was typed when it comes back.
async fn list_page(app: &App, viewer: &Viewer, found: &Found, faults: &Faults) -> Result<Shown, PageError> {
    let l = app.locale(viewer);
    let all = app.desk.breaches(&viewer.scope).await.map_err(PageError::desk)?;
    let audited = app.audit(viewer, ReadEvent::new(AuditAction::ViewRows, "breach").count("rows", all.len() as i64)).await?;
    let now = (app.clock)();
    let head = vec![
        Column::text(l.t("privacy-breach-words")),
        Column::text(l.t("privacy-breach-found")),
        Column::text(l.t("privacy-breach-clock")),
    ];
    let rows = all.iter().map(|breach| {
        Row::new(vec![
            Cell::link(&breach.words, format!("{BREACHES}/{}", breach.id)),
            Cell::text(words::moment(l, breach.found_at)),
            Cell::html(hours(l, breach, now).html()),
        ])
    });
    let empty = empty_state(&l.t("privacy-breach-none"), &l.t("privacy-breach-none-why"), None);
    let table = Table::new("vi-pham", l.t("privacy-breaches"), head).rows(rows).empty(empty).worklist().html(l);
    let mut page = app.page(viewer, BREACHES, l.t("privacy-breaches"));
    page.crumbs = vec![Link::new(l.t("privacy-title"), HOME)];
    page.facts = SafeHtml::text(&l.t("privacy-breaches-intro"));
    page.body =
        columns(Columns::MainSide, [Panel::flush(l.t("privacy-breaches"), table).html(), form(app, l, viewer, found, faults)]);
    page.foot = vec![l.t("privacy-breach-law")];
    Ok(Shown::page(page.render(l), audited))
}

/// How long the authority may still wait.
fn hours(l: Locale, breach: &Breach, now: i64) -> Status {
    let until = words::moment(l, breach.notice_due_at);
    let left = (breach.notice_due_at - now).div_euclid(HOUR);
    let args = |n: i64| [("n", n.into()), ("until", until.as_str().into())];
    match (&breach.closed, &breach.told) {
        (Some((at, _)), _) => {
            Status::neutral(l.t_args("privacy-breach-closed-at", &[("when", words::moment(l, *at).as_str().into())]))
        }
        (None, Some((at, _))) if *at > breach.notice_due_at => {
            Status::warn(l.t_args("privacy-breach-told-late", &[("when", words::moment(l, *at).as_str().into())]))
        }
        (None, Some((at, _))) => {
            Status::ok(l.t_args("privacy-breach-told-at", &[("when", words::moment(l, *at).as_str().into())]))
        }
        (None, None) if left < 0 => Status::bad(l.t_args("privacy-breach-late", &args(left.abs()))),
        (None, None) if left < 24 => Status::warn(l.t_args("privacy-breach-left", &args(left))),
        (None, None) => Status::doing(l.t_args("privacy-breach-left", &args(left))),
    }
}

fn form(app: &App, l: Locale, viewer: &Viewer, found: &Found, faults: &Faults) -> SafeHtml {
    let field = |name: &str, key: &str, control: Control, value: &str| typed(Field::new(name, l.t(key), control), value, faults);
    let actor = field("tai-khoan", "privacy-breach-actor", Control::Text, &found.actor);
    let object = field("doi-tuong", "privacy-breach-object", Control::Text, &found.object);
    let fields = [
        field("noi-dung", "privacy-breach-words", Control::Lines, &found.words),
        actor.hint(l.t("privacy-breach-actor-hint")).optional(),
        object.hint(l.t("privacy-breach-object-hint")).optional(),
        field("tu-ngay", "privacy-breach-from", Control::Date, &found.from),
        field("den-ngay", "privacy-breach-until", Control::Date, &found.until),
        field("sinh-trac", "privacy-breach-biometric", Control::Tick, &found.biometric),
    ];
    // A form that comes back keeps its number: pressed twice, it is written once.
    let number = if found.number.is_empty() { app.form_number(viewer, "breach") } else { found.number.clone() };
    let form = Form {
        action: BREACHES.into(),
        reads: false,
        hidden: vec![("so".into(), number)],
        body: SafeHtml::concat(fields.iter().map(|field| field.html(l))),
        buttons: vec![Button::submit(l.t("privacy-breach-report"), ButtonKind::Primary)],
    };
    ErrorSummary::of(&fields).html(l).then(Panel::new(l.t("privacy-breach-new"), form.html()))
}

/// What the form of a new breach sends.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Found {
    #[serde(rename = "noi-dung")]
    words: String,
    #[serde(rename = "tai-khoan", default)]
    actor: String,
    #[serde(rename = "doi-tuong", default)]
    object: String,
    #[serde(rename = "tu-ngay")]
    from: String,
    #[serde(rename = "den-ngay")]
    until: String,
    #[serde(rename = "sinh-trac", default)]
    biometric: String,
    #[serde(rename = "so")]
    number: String,
}

/// `POST /du-lieu-ca-nhan/vi-pham`: the clock starts now.
pub(super) async fn report(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    FromForm(found): FromForm<Found>,
) -> Result<Response, PageError> {
    let l = app.locale(&viewer);
    require(&viewer)?;
    let (from, until) = (typed_day(&found.from), typed_day(&found.until));
    let text = base::names::clean(&found.words);
    let ordered = from.zip(until).is_none_or(|(from, until)| from <= until);
    let checks = [
        ("noi-dung", !text.is_empty(), "privacy-fault-words"),
        ("tu-ngay", from.is_some(), "privacy-fault-day"),
        ("den-ngay", until.is_some() && ordered, "privacy-fault-last-day"),
    ];
    let faults: Faults = checks.into_iter().filter(|(_, good, _)| !good).map(|(name, _, key)| (name, l.t(key))).collect();
    let (Some(from), Some(until), true) = (from, until, faults.is_empty()) else {
        return Ok(sent_back(list_page(&app, &viewer, &found, &faults).await?));
    };
    let found_at = (app.clock)();
    let (notice_hours, keep_until) = clock::breach(&app.law, day_in_hanoi(found_at)).map_err(|e| PageError::inner(&e))?;
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let new = NewBreach {
        words: text,
        found_at,
        notice_hours,
        keep_until,
        actor: given(&found.actor),
        object_id: given(&found.object),
        from_at: midnight(from),
        until_at: midnight(until) + DAY,
        biometric: found.biometric == "1",
        client_tx: found.number,
    };
    let made = app.desk.report_breach(&viewer.scope, new).await.map_err(PageError::desk)?;
    Ok(go(&format!("{BREACHES}/{}", made.id)))
}

/// `GET /du-lieu-ca-nhan/vi-pham/{breach}`.
pub(super) async fn show(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    let l = app.locale(&viewer);
    require(&viewer)?;
    let (breach, mut reach) = app.desk.breach_reach(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let unknown_visits = name_visits(&app, &mut reach).await?;
    let event = ReadEvent::new(AuditAction::ViewRows, "breach").object(id.as_str()).count("rows", reach.people.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let names = units(&app).await?;
    let actors = reach.rows.iter().map(|at| at.actor.as_str()).chain(reach.readers.iter().map(|reader| reader.actor.as_str()));
    let labels = Labels::of(&app, &viewer, actors.chain(breach.actor.as_deref())).await?;
    let now = (app.clock)();
    let mut page = app.page(&viewer, &format!("{BREACHES}/{id}"), l.t("privacy-breach-here"));
    page.crumbs = vec![Link::new(l.t("privacy-title"), HOME), Link::new(l.t("privacy-breaches"), BREACHES)];
    page.here = l.t("privacy-breach-here");
    page.facts = hours(l, &breach, now).html();
    let mut main = SafeHtml::default();
    if reach.more {
        main.push(note(NoteKind::Caution, &l.t("privacy-reach-more"), SafeHtml::text(&l.t("privacy-reach-more-why"))));
    }
    if !reach.rows.is_empty() || unknown_visits > 0 {
        let counts = [("rows", reach.rows.len().into()), ("visits", unknown_visits.into())];
        let words = SafeHtml::text(&l.t_args("privacy-reach-unknown-why", &counts));
        main.push(note(NoteKind::Caution, &l.t("privacy-reach-unknown"), words));
    }
    main.push(people(l, &reach));
    if !reach.handed.is_empty() {
        main.push(handed(l, &names, &reach));
    }
    main.push(rows(l, &labels, &reach));
    main.push(readers(l, &labels, &names, &reach));
    let side = facts(l, &labels, &breach).then(step_form(l, &viewer, &breach));
    let stack = |blocks: SafeHtml| tag("div").class("grid").child(blocks).html();
    page.body = columns(Columns::MainSide, [stack(main), stack(side)]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("privacy-breach-audit")));
    page.foot = vec![l.t("privacy-breach-law")];
    Ok(Shown::page(page.render(l), audited))
}

/// Adds the people of the visits that were opened, where a run linked them; gives how many visits are nobody's whom the register knows.
async fn name_visits(app: &App, reach: &mut Reach) -> Result<usize, PageError> {
    if reach.visits.is_empty() {
        return Ok(0);
    }
    let known = Stays::open(app).await?.people(reach.visits.keys().copied()).await?;
    for (visit, person) in &known {
        *reach.people.entry(*person).or_default() += reach.visits.get(visit).copied().unwrap_or_default();
    }
    Ok(reach.visits.len().saturating_sub(known.len()))
}

/// The organisations that got lists of people.
fn handed(l: Locale, names: &BTreeMap<String, String>, reach: &Reach) -> SafeHtml {
    let head = vec![Column::text(l.t("privacy-reach-organisation")), Column::number(l.t("privacy-report-column-times"), "")];
    let rows = reach.handed.iter().map(|(id, times)| Row::new(vec![Cell::text(unit(names, id)), Cell::number(l, *times)]));
    let table = Table::new("da-giao", l.t("privacy-reach-handed"), head).rows(rows).html(l);
    Panel::flush(l.t("privacy-reach-handed"), table).foot(SafeHtml::text(&l.t("privacy-reach-handed-foot"))).html()
}

fn people(l: Locale, reach: &Reach) -> SafeHtml {
    let head = vec![Column::text(l.t("privacy-reach-person")), Column::number(l.t("privacy-report-column-times"), "")];
    let rows = reach.people.iter().take(SHOWN).map(|(person, times)| {
        Row::new(vec![Cell::link(format!("P{person}"), format!("{HOME}/ai-da-xem/{person}")), Cell::number(l, *times)])
    });
    let title = l.t_args("privacy-reach-people", &[("n", (reach.people.len() as i64).into())]);
    let empty = empty_state(&l.t("privacy-reach-nobody"), &l.t("privacy-reach-nobody-why"), None);
    let table = Table::new("nguoi", title.clone(), head).rows(rows).empty(empty).dense().html(l);
    Panel::flush(title, table).foot(SafeHtml::text(&l.t("privacy-reach-people-foot"))).html()
}

fn rows(l: Locale, labels: &Labels, reach: &Reach) -> SafeHtml {
    let head = vec![
        Column::text(l.t("privacy-column-when")),
        Column::text(l.t("privacy-column-who")),
        Column::text(l.t("privacy-column-action")),
        Column::text(l.t("privacy-reach-what")),
        Column::number(l.t("privacy-reach-rows"), ""),
    ];
    let lines = reach.rows.iter().take(SHOWN).map(|at| {
        let what = [Some(at.object_kind.as_str()), at.object_id.as_deref(), at.commune.as_deref(), at.run.as_deref()];
        Row::new(vec![
            Cell::text(words::moment(l, at.at)),
            Cell::text(labels.label(&at.actor)),
            Cell::text(words::action(l, &at.action)),
            Cell::text(what.into_iter().flatten().collect::<Vec<_>>().join(" · ")),
            Cell::text(at.rows.map_or_else(|| "–".to_owned(), |rows| l.number(rows))),
        ])
    });
    let title = l.t_args("privacy-reach-lists", &[("n", (reach.rows.len() as i64).into())]);
    let empty = empty_state(&l.t("privacy-reach-no-lists"), &l.t("privacy-reach-no-lists-why"), None);
    let table = Table::new("dong", title.clone(), head).rows(lines).empty(empty).dense().html(l);
    Panel::flush(title, table).foot(SafeHtml::text(&l.t("privacy-reach-lists-foot"))).html()
}

fn readers(l: Locale, labels: &Labels, names: &BTreeMap<String, String>, reach: &Reach) -> SafeHtml {
    let head = vec![
        Column::text(l.t("privacy-column-who")),
        Column::text(l.t("privacy-column-unit")),
        Column::number(l.t("privacy-report-column-times"), ""),
    ];
    let lines = reach.readers.iter().map(|reader| {
        Row::new(vec![
            Cell::text(labels.label(&reader.actor)).note(words::desk_role(l, &reader.role)),
            Cell::text(unit(names, &reader.unit)),
            Cell::number(l, reader.events),
        ])
    });
    let empty = empty_state(&l.t("privacy-reach-nobody"), &l.t("privacy-reach-nobody-why"), None);
    let table = Table::new("nguoi-doc", l.t("privacy-reach-readers"), head).rows(lines).empty(empty).html(l);
    Panel::flush(l.t("privacy-reach-readers"), table).foot(SafeHtml::text(&l.t("privacy-reach-readers-foot"))).html()
}

fn facts(l: Locale, labels: &Labels, breach: &Breach) -> SafeHtml {
    let text = |text: &str| SafeHtml::text(text);
    let all = || l.t("privacy-breach-everything");
    let mut items = vec![
        (l.t("privacy-breach-words"), text(&breach.words)),
        (l.t("privacy-breach-found"), text(&words::moment(l, breach.found_at))),
        (l.t("privacy-breach-notice"), text(&words::moment(l, breach.notice_due_at))),
        (l.t("privacy-breach-actor"), text(&breach.actor.clone().map_or_else(all, |actor| labels.label(&actor)))),
        (l.t("privacy-breach-object"), text(&breach.object_id.clone().unwrap_or_else(all))),
        (l.t("privacy-breach-from"), text(&l.date(day_in_hanoi(breach.from_at)))),
        (l.t("privacy-breach-until"), text(&l.date(day_in_hanoi(breach.until_at - 1)))),
        (l.t("privacy-breach-keep"), text(&l.date(breach.keep_until))),
    ];
    if breach.biometric {
        items.push((l.t("privacy-breach-biometric"), text(&l.t("privacy-breach-biometric-told"))));
    }
    for (key, done) in [("privacy-breach-told", &breach.told), ("privacy-breach-closed", &breach.closed)] {
        items.extend(done.as_ref().map(|(at, said)| (l.t(key), text(&format!("{}: {said}", words::moment(l, *at))))));
    }
    Panel::new(l.t("privacy-breach-facts"), definition_list(false, items)).html()
}

fn step_form(l: Locale, viewer: &Viewer, breach: &Breach) -> SafeHtml {
    if breach.closed.is_some() || !may_manage(viewer) {
        return SafeHtml::default();
    }
    let (to, title, hint) = match breach.told {
        None => ("bao-cao", "privacy-breach-tell", "privacy-breach-tell-hint"),
        Some(_) => ("dong", "privacy-breach-close", "privacy-breach-close-hint"),
    };
    let form = Form {
        action: format!("{BREACHES}/{}/{to}", breach.id),
        reads: false,
        hidden: vec![("phien-ban".into(), breach.version.to_string())],
        body: Field::new("noi-dung", l.t("privacy-step-words"), Control::Lines).hint(l.t(hint)).html(l),
        buttons: vec![Button::submit(l.t(title), ButtonKind::Primary)],
    };
    Panel::new(l.t(title), form.html()).html()
}

/// What the form of a step sends.
#[derive(Debug, Deserialize)]
pub(super) struct Step {
    #[serde(rename = "noi-dung")]
    words: String,
    #[serde(rename = "phien-ban")]
    version: i64,
}

/// `POST /du-lieu-ca-nhan/vi-pham/{breach}/bao-cao`: the authority was told.
pub(super) async fn tell(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(step): FromForm<Step>,
) -> Result<Response, PageError> {
    require(&viewer)?;
    let text = base::names::clean(&step.words);
    app.desk.tell_breach(&viewer.scope, &id, step.version, &text).await.map_err(PageError::desk)?;
    Ok(go(&format!("{BREACHES}/{id}")))
}

/// `POST /du-lieu-ca-nhan/vi-pham/{breach}/dong`: it is over.
pub(super) async fn close(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(step): FromForm<Step>,
) -> Result<Response, PageError> {
    require(&viewer)?;
    let text = base::names::clean(&step.words);
    app.desk.close_breach(&viewer.scope, &id, step.version, &text).await.map_err(PageError::desk)?;
    Ok(go(&format!("{BREACHES}/{id}")))
}
