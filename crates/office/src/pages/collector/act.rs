//! Writing about a collector: a new one, a further card, withdrawing a card, a complaint.

use std::collections::BTreeSet;

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use base::{CommuneCode, Date};
use chapter::{App, NoData, PageError, Returned, Shown, TypedForm, Viewer, sent_back, typed_day};
use desk::{AuditAction, Collector, CollectorRefusal, ComplaintKind, DeskError, NewCard, NewCollector, NewComplaint, ReadEvent};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Choice, Control, ErrorSummary, Field, Form, Link, Panel};
use web::{Locale, SafeHtml, tag};

use super::data::Known;
use super::{COLLECTORS, ORGANISATIONS, one, words};
use crate::Office;
use crate::pages::forms::unfolded;
use crate::pages::go;

/// What the form of a new collector or a further card sends.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(rename = "ho-ten", default)]
    holder: String,
    #[serde(rename = "diem-thu", default)]
    point: String,
    #[serde(rename = "ma", default)]
    code: String,
    #[serde(rename = "so-the", default)]
    number: String,
    #[serde(rename = "dia-ban", default)]
    area: String,
    #[serde(rename = "tu-ngay", default)]
    first: String,
    #[serde(rename = "den-ngay", default)]
    last: String,
    #[serde(rename = "so", default)]
    form: String,
}

/// The communes of a typed list: codes or names, separated by commas, semicolons or lines. The error is what was not understood.
pub(super) fn communes(app: &App, typed: &str) -> Result<BTreeSet<CommuneCode>, String> {
    let mut found = BTreeSet::new();
    for word in typed.split([',', ';', '\n']).map(str::trim).filter(|word| !word.is_empty()) {
        let same = |name: &str| name.to_lowercase() == word.to_lowercase();
        let commune = app.places.communes().iter().find(|commune| {
            commune.code.as_str() == word || same(&commune.name) || same(&format!("{} {}", commune.kind, commune.name))
        });
        found.insert(commune.ok_or_else(|| word.to_owned())?.code.clone());
    }
    Ok(found)
}

/// What is wrong, at which field.
type Wrong = (&'static str, String);

fn card(app: &App, l: Locale, typed: &Typed) -> Result<NewCard, Wrong> {
    let area = communes(app, &typed.area)
        .map_err(|word| ("dia-ban", l.t_args("collector-wrong-commune", &[("word", word.as_str().into())])))?;
    let day = |name, text: &str| typed_day(text).ok_or_else(|| (name, l.t("collector-wrong-day")));
    Ok(NewCard {
        number: base::names::clean(&typed.number),
        area,
        first_day: day("tu-ngay", &typed.first)?,
        last_day: day("den-ngay", &typed.last)?,
        client_tx: typed.form.clone(),
    })
}

/// An answer of the desk at its field; what is of no field is passed on.
fn at_field(l: Locale, error: DeskError) -> Result<Wrong, PageError> {
    Ok(match error {
        DeskError::Invalid { field: "holder", .. } => ("ho-ten", l.t("collector-wrong-holder")),
        DeskError::Invalid { field: "point", .. } => ("diem-thu", l.t("collector-wrong-code")),
        DeskError::Invalid { field: "code", .. } => ("ma", l.t("collector-wrong-code")),
        DeskError::Invalid { field: "number", .. } => ("so-the", l.t("collector-wrong-number")),
        DeskError::Invalid { field: "area", .. } => ("dia-ban", l.t("collector-wrong-area")),
        DeskError::Invalid { field: "last_day", .. } => ("den-ngay", l.t("collector-wrong-last-day")),
        DeskError::Invalid { field: "reason", .. } => ("ly-do", l.t("collector-wrong-words")),
        DeskError::Invalid { field: "words", .. } => ("loi-phan-anh", l.t("collector-wrong-words")),
        DeskError::Invalid { field: "resolution", .. } => ("giai-quyet", l.t("collector-wrong-words")),
        DeskError::Invalid { field: "due", .. } => ("han", l.t("collector-wrong-due")),
        DeskError::CollectorRefused { why: CollectorRefusal::OutsideArea } => ("dia-ban", l.t("collector-why-outside-area")),
        DeskError::CollectorRefused { why: CollectorRefusal::Taken } => ("so-the", l.t("collector-why-taken")),
        other => return Err(PageError::desk(other)),
    })
}

/// The same for a form that goes back with its page; an answer of no field is one of the whole.
pub(super) fn refused(l: Locale, returned: Returned, error: DeskError) -> Result<Returned, PageError> {
    match at_field(l, error) {
        Ok((field, words)) => Ok(returned.fault(field, words)),
        Err(PageError::BadRequest(words)) => Ok(returned.say(words)),
        Err(other) => Err(other),
    }
}

/// `GET /to-chuc-thu/{organisation}/nhan-vien-moi`.
pub(super) async fn form(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(organisation): Path<String>,
) -> Result<Shown, PageError> {
    let known = Known::read(&office, &viewer, Some(&organisation)).await?;
    let event = ReadEvent::new(AuditAction::ViewCollectors, "organisation").object(organisation.as_str());
    let audited = office.app.audit(&viewer, event).await?;
    let typed = Typed { form: office.app.form_number(&viewer, "collector"), ..Typed::default() };
    Ok(Shown::page(page(&office, &viewer, &known, &organisation, &typed, None), audited))
}

/// `POST /to-chuc-thu/{organisation}/nhan-vien-moi`.
pub(super) async fn add(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(organisation): Path<String>,
    FromForm(typed): FromForm<Typed>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    let wrong = match card(app, l, &typed) {
        Err(wrong) => wrong,
        Ok(card) => {
            let new = NewCollector {
                organisation: organisation.clone(),
                point: typed.point.trim().to_owned(),
                code: typed.code.trim().to_owned(),
                holder: base::names::clean(&typed.holder),
                card,
            };
            match app.desk.add_collector(&viewer.scope, new).await {
                Ok(made) => return Ok(go(&format!("{COLLECTORS}/{}", made.id))),
                Err(error) => at_field(l, error)?,
            }
        }
    };
    let known = Known::read(&office, &viewer, Some(&organisation)).await?;
    let html = page(&office, &viewer, &known, &organisation, &typed, Some(wrong));
    let mut response = (StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response();
    response.extensions_mut().insert(NoData);
    Ok(response)
}

fn page(office: &Office, viewer: &Viewer, known: &Known, organisation: &str, typed: &Typed, wrong: Option<Wrong>) -> String {
    let l = office.app.locale(viewer);
    let mut fields = vec![
        Field::new("ho-ten", l.t("collector-holder"), Control::Text).value(&typed.holder),
        Field::new("diem-thu", l.t("collector-point"), Control::Text).value(&typed.point).hint(l.t("collector-point-hint")),
        Field::new("ma", l.t("collector-code"), Control::Text).value(&typed.code).hint(l.t("collector-code-hint")),
    ];
    fields.extend(card_fields(l, typed));
    if let Some((name, text)) = wrong
        && let Some(field) = fields.iter_mut().find(|field| field.name == name)
    {
        field.error = Some(text);
    }
    let to = format!("{ORGANISATIONS}/{organisation}");
    let form = Form {
        action: format!("{to}/nhan-vien-moi"),
        reads: false,
        hidden: vec![("so".into(), typed.form.clone())],
        body: SafeHtml::concat(fields.iter().map(|field| field.html(l))),
        buttons: vec![
            Button::submit(l.t("collector-save"), ButtonKind::Primary).busy(l.t("office-saving")),
            Button::link(l.t("collector-cancel"), &to, ButtonKind::Default),
        ],
    };
    let mut page = office.app.page(viewer, &format!("{to}/nhan-vien-moi"), l.t("collector-new"));
    let unit = known.organisations.first().map(|unit| unit.name.clone()).unwrap_or_default();
    page.crumbs = vec![Link::new(l.t("collector-title"), ORGANISATIONS), Link::new(unit, &to)];
    page.here = l.t("collector-new");
    page.body = tag("div").class("narrow").child(ErrorSummary::of(&fields).html(l).then(Panel::new("", form.html()))).html();
    page.render(l)
}

fn card_fields(l: Locale, typed: &Typed) -> Vec<Field> {
    vec![
        Field::new("so-the", l.t("collector-card-number"), Control::Text).value(&typed.number),
        Field::new("dia-ban", l.t("collector-card-area"), Control::Lines).value(&typed.area).hint(l.t("collector-area-hint")),
        Field::new("tu-ngay", l.t("collector-card-first"), Control::Date).value(&typed.first),
        Field::new("den-ngay", l.t("collector-card-last"), Control::Date).value(&typed.last),
    ]
}

/// The forms beside a collector: complaint, further card, withdrawing one that holds or will.
pub(super) fn forms(
    office: &Office,
    l: Locale,
    viewer: &Viewer,
    collector: &Collector,
    today: Date,
    returned: &Returned,
) -> SafeHtml {
    let to = |what: &str| format!("{COLLECTORS}/{}/{what}", collector.id);
    let number = |form: &str, what: &str| {
        let fresh = office.app.form_number(viewer, &format!("{what} {}", collector.id));
        ("so".to_owned(), returned.number(form, fresh))
    };
    let form = |what: &str, title: &str, hidden, fields: Vec<Field>, button: Button| {
        let body = SafeHtml::concat(fields.into_iter().map(|field| returned.fill(what, field).html(l)));
        let form = Form { action: to(what), reads: false, hidden, body, buttons: vec![button] };
        unfolded(&l.t(title), form.html(), returned.is(what))
    };
    let kinds = ComplaintKind::ALL.into_iter().map(|kind| Choice::new(kind.as_str(), words::kind(l, kind), false)).collect();
    let fields = vec![
        Field::new("loai", l.t("collector-complaint-kind"), Control::Select(kinds)),
        Field::new("loi-phan-anh", l.t("collector-complaint-words"), Control::Lines).hint(l.t("collector-complaint-words-hint")),
        Field::new("ngay-nhan", l.t("collector-complaint-received"), Control::Date).value(l.date(today)),
        Field::new("han", l.t("collector-complaint-due"), Control::Date).hint(l.t("collector-complaint-due-hint")),
    ];
    let save = Button::submit(l.t("collector-complaint-save"), ButtonKind::Default).busy(l.t("office-saving"));
    let complaint = form("phan-anh", "collector-complaint-new", vec![number("phan-anh", "complaint")], fields, save);
    let save = Button::submit(l.t("collector-card-give"), ButtonKind::Default).busy(l.t("office-saving"));
    let hidden = vec![number("the", "card")];
    let given = form("the", "collector-card-give", hidden, card_fields(l, &Typed::default()), save);
    let mut all = SafeHtml::concat([complaint, given]);
    let holding = collector.cards.iter().filter(|card| card.withdrawn.is_none() && card.last_day >= today);
    let choices: Vec<Choice> = holding.map(|card| Choice::new(&card.id, &card.number, false)).collect();
    if !choices.is_empty() {
        let fields = vec![
            Field::new("the", l.t("collector-card-which"), Control::Select(choices)),
            Field::new("tu", l.t("collector-card-withdraw-from"), Control::Date).value(l.date(today)),
            Field::new("ly-do", l.t("collector-card-withdraw-reason"), Control::Lines).hint(l.t("collector-card-withdraw-hint")),
        ];
        let button = Button::submit(l.t("collector-card-withdraw"), ButtonKind::Default).busy(l.t("office-saving"));
        all.push(form("thu-hoi", "collector-card-withdraw", Vec::new(), fields, button));
    }
    tag("div").class("grid no-print").child(all).html()
}

/// Leads back to the page of the collector.
pub(super) fn back(collector: &str) -> Response {
    go(&format!("{COLLECTORS}/{collector}"))
}

/// The page of the collector with the form as it was typed.
pub(super) async fn again(office: &Office, viewer: &Viewer, collector: &str, returned: Returned) -> Result<Response, PageError> {
    Ok(sent_back(one::page(office, viewer, collector, &returned).await?))
}

/// `POST /nhan-vien-thu/{collector}/the`.
pub(super) async fn give(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    TypedForm(typed, returned): TypedForm<Typed>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    let returned = returned.named("the");
    let returned = match card(app, l, &typed) {
        Err((field, words)) => returned.fault(field, words),
        Ok(card) => match app.desk.give_card(&viewer.scope, &id, card).await {
            Ok(_) => return Ok(back(&id)),
            Err(error) => refused(l, returned, error)?,
        },
    };
    again(&office, &viewer, &id, returned).await
}

/// What the form of withdrawing sends.
#[derive(Debug, Deserialize)]
pub(super) struct Withdrawn {
    #[serde(rename = "the")]
    card: String,
    #[serde(rename = "tu")]
    from: String,
    #[serde(rename = "ly-do")]
    reason: String,
}

/// `POST /nhan-vien-thu/{collector}/thu-hoi`.
pub(super) async fn withdraw(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    TypedForm(sent, returned): TypedForm<Withdrawn>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    let known = app.desk.collector(&viewer.scope, &id).await.map_err(PageError::desk)?;
    if !known.cards.iter().any(|card| card.id == sent.card) {
        return Err(PageError::NotFound);
    }
    let returned = returned.named("thu-hoi");
    let returned = match typed_day(&sent.from) {
        None => returned.fault("tu", l.t("collector-wrong-day")),
        Some(from) => match app.desk.withdraw_card(&viewer.scope, &sent.card, from, &sent.reason).await {
            Ok(_) => return Ok(back(&id)),
            Err(error) => refused(l, returned, error)?,
        },
    };
    again(&office, &viewer, &id, returned).await
}

/// What the form of a complaint sends.
#[derive(Debug, Deserialize)]
pub(super) struct Complained {
    #[serde(rename = "loai")]
    kind: String,
    #[serde(rename = "loi-phan-anh")]
    words: String,
    #[serde(rename = "ngay-nhan")]
    received: String,
    #[serde(rename = "han")]
    due: String,
    #[serde(rename = "so")]
    form: String,
}

/// `POST /nhan-vien-thu/{collector}/phan-anh`.
pub(super) async fn complain(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    TypedForm(sent, returned): TypedForm<Complained>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    let mut returned = returned.named("phan-anh");
    let kind = ComplaintKind::from_word(&sent.kind);
    let (received_on, due) = (typed_day(&sent.received), typed_day(&sent.due));
    let checks = [
        ("loai", kind.is_some(), "collector-wrong-kind"),
        ("ngay-nhan", received_on.is_some(), "collector-wrong-day"),
        ("han", due.is_some(), "collector-wrong-day"),
    ];
    for (field, _, key) in checks.into_iter().filter(|(_, good, _)| !good) {
        returned = returned.fault(field, l.t(key));
    }
    if let (Some(kind), Some(received_on), Some(due)) = (kind, received_on, due) {
        let words = base::names::clean(&sent.words);
        let new = NewComplaint { collector: id.clone(), kind, words, received_on, due, client_tx: sent.form };
        match app.desk.record_complaint(&viewer.scope, new).await {
            Ok(_) => return Ok(back(&id)),
            Err(error) => returned = refused(l, returned, error)?,
        }
    }
    again(&office, &viewer, &id, returned).await
}
