//! `/du-lieu-ca-nhan/yeu-cau`: what people ask about their data, with the clocks of the law.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use base::Date;
use chapter::{App, Faults, PageError, Shown, Viewer, sent_back, typed, typed_day};
use desk::{
    AuditAction, NewRequest, Permission, ReadEvent, RequestCase, RequestEvent, RequestKind, RequestState, RequestStep,
    SubjectRequest,
};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Choice, Column, Columns, Control, ErrorSummary, Field, Form, Link, Mark, Moment, Panel, Row,
    Status, Table, audit_note, columns, definition_list, empty_state, timeline,
};
use web::{Locale, SafeHtml, tag};

use super::{Labels, copy, go, restrictions};
use crate::register::Register;
use crate::{HOME, clock, words};

/// Path of the requests.
pub(super) const REQUESTS: &str = "/du-lieu-ca-nhan/yeu-cau";

fn require(viewer: &Viewer) -> Result<(), PageError> {
    desk::require(&viewer.scope, Permission::AnswerRequests).map_err(|_| PageError::Forbidden)
}

/// `GET /du-lieu-ca-nhan/yeu-cau`.
pub(super) async fn list(State(app): State<App>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    require(&viewer)?;
    list_page(&app, &viewer, &Taken::default(), &Faults::new()).await
}

/// The list with the form beside it, as it was typed when it comes back.
async fn list_page(app: &App, viewer: &Viewer, taken: &Taken, faults: &Faults) -> Result<Shown, PageError> {
    let l = app.locale(viewer);
    let all = app.desk.requests(&viewer.scope).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "subject_request").count("rows", all.len() as i64);
    let audited = app.audit(viewer, event).await?;
    let today = app.today();
    let head = vec![
        Column::text(l.t("privacy-request-kind")),
        Column::text(l.t("privacy-request-received")),
        Column::text(l.t("privacy-column-state")),
        Column::text(l.t("privacy-request-due")),
    ];
    let rows = all.iter().map(|request| {
        Row::new(vec![
            Cell::link(words::request_kind(l, request.kind.as_str()), format!("{REQUESTS}/{}", request.id)),
            Cell::text(l.date(request.received_on)),
            Cell::html(state(l, request).html()),
            Cell::html(due(l, request, today)),
        ])
    });
    let empty = empty_state(&l.t("privacy-request-none"), &l.t("privacy-request-none-why"), None);
    let table = Table::new("yeu-cau", l.t("privacy-requests"), head).rows(rows).empty(empty).worklist().html(l);
    let mut page = app.page(viewer, REQUESTS, l.t("privacy-requests"));
    page.crumbs = vec![Link::new(l.t("privacy-title"), HOME)];
    page.facts = SafeHtml::text(&l.t("privacy-requests-intro"));
    let held = restrictions::panel(l, &app.desk.restrictions(&viewer.scope).await.map_err(PageError::desk)?);
    let main = tag("div").class("grid").child(Panel::flush(l.t("privacy-requests"), table).html().then(held)).html();
    page.body = columns(Columns::MainSide, [main, form(app, l, viewer, taken, faults)]);
    page.foot = vec![l.t("privacy-request-law")];
    Ok(Shown::page(page.render(l), audited))
}

fn state(l: Locale, request: &SubjectRequest) -> Status {
    match request.state {
        RequestState::Open => Status::doing(l.t("privacy-request-open")),
        RequestState::Answered => Status::doing(l.t("privacy-request-answered")),
        RequestState::Done => Status::ok(l.t("privacy-request-done")),
        RequestState::Refused => Status::neutral(l.t("privacy-request-refused")),
    }
}

/// The next day of the clock and how near it is; nothing when it is over.
fn due(l: Locale, request: &SubjectRequest, today: Date) -> SafeHtml {
    let (day, key) = match request.state {
        RequestState::Open => (request.answer_due, "privacy-request-answer-by"),
        RequestState::Answered => (request.done_due, "privacy-request-done-by"),
        RequestState::Done | RequestState::Refused => return SafeHtml::default(),
    };
    let words = l.t_args(key, &[("day", l.date(day).as_str().into())]);
    match today.days_until(day) {
        ..0 => Status::bad(l.t_args("privacy-request-late", &[("day", l.date(day).as_str().into())])),
        0..=1 => Status::warn(words),
        _ => Status::doing(words),
    }
    .html()
}

fn form(app: &App, l: Locale, viewer: &Viewer, taken: &Taken, faults: &Faults) -> SafeHtml {
    let kind = |kind: RequestKind| Choice::new(kind.as_str(), words::request_kind(l, kind.as_str()), kind.as_str() == taken.kind);
    let kinds = RequestKind::ALL.map(kind).to_vec();
    let field = |name: &str, key: &str, control: Control, value: &str| typed(Field::new(name, l.t(key), control), value, faults);
    let person = field("nguoi", "privacy-request-person", Control::Text, &taken.person);
    let fields = [
        field("loai", "privacy-request-kind", Control::Select(kinds), &taken.kind),
        person.hint(l.t("privacy-request-person-hint")).optional(),
        field("ngay", "privacy-request-received", Control::Date, &taken.day),
        field("noi-dung", "privacy-request-words", Control::Lines, &taken.words),
    ];
    // A form that comes back keeps its number: pressed twice, it is written once.
    let number = if taken.number.is_empty() { app.form_number(viewer, "subject request") } else { taken.number.clone() };
    let form = Form {
        action: REQUESTS.into(),
        reads: false,
        hidden: vec![("so".into(), number)],
        body: SafeHtml::concat(fields.iter().map(|field| field.html(l))),
        buttons: vec![Button::submit(l.t("privacy-request-take"), ButtonKind::Primary)],
    };
    ErrorSummary::of(&fields).html(l).then(Panel::new(l.t("privacy-request-new"), form.html()))
}

/// What the form of a new request sends.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Taken {
    #[serde(rename = "loai")]
    kind: String,
    #[serde(rename = "nguoi", default)]
    person: String,
    #[serde(rename = "ngay")]
    day: String,
    #[serde(rename = "noi-dung")]
    words: String,
    #[serde(rename = "so")]
    number: String,
}

/// `POST /du-lieu-ca-nhan/yeu-cau`.
pub(super) async fn receive(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    FromForm(taken): FromForm<Taken>,
) -> Result<Response, PageError> {
    let l = app.locale(&viewer);
    require(&viewer)?;
    let mut faults = Faults::new();
    let kind = RequestKind::from_word(&taken.kind);
    let day = typed_day(&taken.day).filter(|day| *day <= app.today());
    let person = match taken.person.trim().trim_start_matches(['P', 'p']) {
        "" => Some(None),
        number => number.parse::<i64>().ok().map(Some),
    };
    let text = base::names::clean(&taken.words);
    let checks = [
        ("loai", kind.is_some(), "privacy-fault-kind"),
        ("nguoi", person.is_some(), "privacy-fault-person"),
        ("ngay", day.is_some(), "privacy-fault-past-day"),
        ("noi-dung", !text.is_empty(), "privacy-fault-words"),
    ];
    faults.extend(checks.into_iter().filter(|(_, good, _)| !good).map(|(name, _, key)| (name, l.t(key))));
    let (Some(kind), Some(person), Some(day), true) = (kind, person, day, faults.is_empty()) else {
        return Ok(sent_back(list_page(&app, &viewer, &taken, &faults).await?));
    };
    let (answer_due, done_due) = clock::request(&app.law, kind, day).map_err(|e| PageError::inner(&e))?;
    // A case that comes of it is worked on by the commune of the person.
    let commune = match (person, Register::open(&app).await?) {
        (Some(person), Some(register)) => register.commune(person).await?,
        _ => None,
    };
    let new = NewRequest { kind, person, commune, words: text, received_on: day, answer_due, done_due, client_tx: taken.number };
    let made = app.desk.receive_request(&viewer.scope, new).await.map_err(PageError::desk)?;
    Ok(go(&format!("{REQUESTS}/{}", made.id)))
}

/// `GET /du-lieu-ca-nhan/yeu-cau/{request}`.
pub(super) async fn show(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    require(&viewer)?;
    one_page(&app, &viewer, &id, &Stepped::default(), &Faults::new()).await
}

/// One request with the form of the next step, as it was typed when it comes back.
async fn one_page(app: &App, viewer: &Viewer, id: &str, stepped: &Stepped, faults: &Faults) -> Result<Shown, PageError> {
    let l = app.locale(viewer);
    let (request, history) = app.desk.request(&viewer.scope, id).await.map_err(PageError::desk)?;
    let audited = app.audit(viewer, ReadEvent::new(AuditAction::ViewRows, "subject_request").object(id)).await?;
    let mut page = app.page(viewer, &format!("{REQUESTS}/{id}"), words::request_kind(l, request.kind.as_str()));
    page.crumbs = vec![Link::new(l.t("privacy-title"), HOME), Link::new(l.t("privacy-requests"), REQUESTS)];
    page.here = l.t("privacy-request-here");
    page.facts = SafeHtml::join([state(l, &request).html(), due(l, &request, app.today())], " ");
    let labels = Labels::of(app, viewer, history.iter().map(|event| event.actor.as_str())).await?;
    let case = app.desk.request_case(&viewer.scope, &request).await.map_err(PageError::desk)?;
    let main = SafeHtml::concat([facts(l, viewer, &request, case.as_ref()), past(l, &labels, &history)]);
    let side = if request.state.is_over() { SafeHtml::default() } else { step_form(l, &request, stepped, faults) };
    let side = side.then(copy::form(l, viewer, &request));
    let stack = |blocks: SafeHtml| tag("div").class("grid").child(blocks).html();
    page.body = columns(Columns::MainSide, [stack(main), stack(side)]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("privacy-request-audit")));
    page.foot = vec![l.t("privacy-request-law")];
    Ok(Shown::page(page.render(l), audited))
}

fn facts(l: Locale, viewer: &Viewer, request: &SubjectRequest, case: Option<&RequestCase>) -> SafeHtml {
    let person = match request.person {
        None if request.erased.is_some() => SafeHtml::text(&l.t("privacy-request-erased")),
        Some(person) => {
            let looked = Link::new(l.t("privacy-looked-link"), format!("{HOME}/ai-da-xem/{person}")).html();
            SafeHtml::text(&format!("P{person} · ")).then(looked)
        }
        None => SafeHtml::text(&l.t("privacy-request-person-unknown")),
    };
    let words = match &request.erased {
        Some(decision) => l.t_args("privacy-request-erased-by", &[("decision", decision.as_str().into())]),
        None => request.words.clone(),
    };
    let words = SafeHtml::text(&words);
    let mut items = vec![
        (l.t("privacy-request-person"), person),
        (l.t("privacy-request-words"), words),
        (l.t("privacy-request-received"), SafeHtml::text(&l.date(request.received_on))),
        (l.t("privacy-request-answer-term"), SafeHtml::text(&l.date(request.answer_due))),
        (l.t("privacy-request-done-term"), SafeHtml::text(&l.date(request.done_due))),
    ];
    if let Some(case) = case {
        items.push((l.t("privacy-request-case"), case_line(l, viewer, case)));
    }
    if let Some(ground) = &request.ground {
        items.push((l.t("privacy-request-ground"), SafeHtml::text(ground)));
    }
    Panel::new(l.t("privacy-request-facts"), definition_list(false, items)).html()
}

/// What came of the case that a request opened; a link for who works on cases.
fn case_line(l: Locale, viewer: &Viewer, case: &RequestCase) -> SafeHtml {
    let words = match case.outcome {
        Some(outcome) => words::outcome(l, outcome.as_str()),
        None => l.t("privacy-request-case-open"),
    };
    match desk::may(&viewer.scope, Permission::WorkCases) {
        true => Link::new(words, format!("/viec/{}", case.id)).html(),
        false => SafeHtml::text(&words),
    }
}

fn past(l: Locale, labels: &Labels, history: &[RequestEvent]) -> SafeHtml {
    let moments: Vec<Moment> = history
        .iter()
        .rev()
        .map(|event| {
            let title = l.t(match event.what.as_str() {
                "answered" => "privacy-request-answered",
                "done" => "privacy-request-done",
                "refused" => "privacy-request-refused",
                "note" => "privacy-request-noted",
                _ => "privacy-request-came",
            });
            let detail = tag("span").text(&labels.label(&event.actor)).html();
            Moment {
                when: l.date(event.day),
                mark: Mark::Step,
                title: SafeHtml::text(&title),
                detail: detail.then(tag("p").text(&event.words).html()),
            }
        })
        .collect();
    Panel::new(l.t("privacy-request-history"), timeline(&moments)).html()
}

fn step_form(l: Locale, request: &SubjectRequest, stepped: &Stepped, faults: &Faults) -> SafeHtml {
    let field = |name: &str, key: &str, control: Control, value: &str| typed(Field::new(name, l.t(key), control), value, faults);
    let ground = field("can-cu", "privacy-request-ground", Control::Text, &stepped.ground);
    // It stands inside the choice to refuse, where it must be filled in.
    let ground = ground.hint(l.t("privacy-request-ground-hint"));
    let choices = [
        ("answer", "privacy-step-answer"),
        ("finish", "privacy-step-finish"),
        ("refuse", "privacy-step-refuse"),
        ("note", "privacy-step-note"),
    ];
    let choices = choices.map(|(word, key)| {
        let choice = Choice::new(word, l.t(key), stepped.step == word);
        if word == "refuse" { choice.inside(ground.html(l)) } else { choice }
    });
    let fields = [
        field("viec", "privacy-step", Control::Radios(choices.to_vec()), &stepped.step),
        field("ngay", "privacy-step-day", Control::Date, &stepped.day),
        field("noi-dung", "privacy-step-words", Control::Lines, &stepped.words),
    ];
    let mut summary = ErrorSummary::of(&fields);
    summary.errors.extend(faults.get("can-cu").map(|fault| ("can-cu".to_owned(), fault.clone())));
    let form = Form {
        action: format!("{REQUESTS}/{}/buoc", request.id),
        reads: false,
        hidden: vec![("phien-ban".into(), request.version.to_string())],
        body: SafeHtml::concat(fields.iter().map(|field| field.html(l))),
        buttons: vec![Button::submit(l.t("privacy-step-save"), ButtonKind::Primary)],
    };
    summary.html(l).then(Panel::new(l.t("privacy-step"), form.html()))
}

/// What the form of a step sends.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Stepped {
    #[serde(rename = "viec", default)]
    step: String,
    #[serde(rename = "ngay")]
    day: String,
    #[serde(rename = "noi-dung")]
    words: String,
    #[serde(rename = "can-cu", default)]
    ground: String,
    #[serde(rename = "phien-ban")]
    version: i64,
}

/// `POST /du-lieu-ca-nhan/yeu-cau/{request}/buoc`.
pub(super) async fn step(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(stepped): FromForm<Stepped>,
) -> Result<Response, PageError> {
    let l = app.locale(&viewer);
    require(&viewer)?;
    let day = typed_day(&stepped.day).filter(|day| *day <= app.today());
    let (text, ground) = (base::names::clean(&stepped.words), base::names::clean(&stepped.ground));
    let step = match stepped.step.as_str() {
        "answer" => Some(RequestStep::Answer),
        "finish" => Some(RequestStep::Finish),
        "note" => Some(RequestStep::Note),
        "refuse" => Some(RequestStep::Refuse(ground.clone())),
        _ => None,
    };
    let grounded = stepped.step != "refuse" || !ground.is_empty();
    let checks = [
        ("viec", step.is_some(), "privacy-fault-step"),
        ("can-cu", grounded, "privacy-fault-ground"),
        ("ngay", day.is_some(), "privacy-fault-past-day"),
        ("noi-dung", !text.is_empty(), "privacy-fault-words"),
    ];
    let faults: Faults = checks.into_iter().filter(|(_, good, _)| !good).map(|(name, _, key)| (name, l.t(key))).collect();
    let (Some(step), Some(day), true) = (step, day, faults.is_empty()) else {
        return Ok(sent_back(one_page(&app, &viewer, &id, &stepped, &faults).await?));
    };
    app.desk.step_request(&viewer.scope, &id, stepped.version, &step, day, &text).await.map_err(PageError::desk)?;
    Ok(go(&format!("{REQUESTS}/{id}")))
}
