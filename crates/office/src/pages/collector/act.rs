//! Writing about a collector: a new one, a further card, withdrawing a card, a complaint and how it was resolved.

use std::collections::BTreeSet;

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use base::{CommuneCode, Date};
use chapter::{App, NoData, PageError, Shown, Viewer, typed_day};
use desk::{
    AuditAction, Collector, CollectorRefusal, Complaint, ComplaintKind, DeskError, NewCard, NewCollector, NewComplaint,
    ReadEvent, Verdict,
};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Choice, Control, ErrorSummary, Field, Form, Link, Panel};
use web::{Locale, SafeHtml, tag};

use super::data::Known;
use super::{COLLECTORS, ORGANISATIONS, words};
use crate::Office;
use crate::pages::forms::folded;
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
        DeskError::CollectorRefused { why: CollectorRefusal::OutsideArea } => ("dia-ban", l.t("collector-why-outside-area")),
        DeskError::CollectorRefused { why: CollectorRefusal::Taken } => ("so-the", l.t("collector-why-taken")),
        other => return Err(PageError::desk(other)),
    })
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
pub(super) fn forms(office: &Office, l: Locale, viewer: &Viewer, collector: &Collector, today: Date) -> SafeHtml {
    let to = |what: &str| format!("{COLLECTORS}/{}/{what}", collector.id);
    let number = |what: &str| ("so".to_owned(), office.app.form_number(viewer, &format!("{what} {}", collector.id)));
    let form = |what: &str, hidden, fields: Vec<Field>, button: Button| Form {
        action: to(what),
        reads: false,
        hidden,
        body: SafeHtml::concat(fields.iter().map(|field| field.html(l))),
        buttons: vec![button],
    };
    let kinds = ComplaintKind::ALL.into_iter().map(|kind| Choice::new(kind.as_str(), words::kind(l, kind), false)).collect();
    let fields = vec![
        Field::new("loai", l.t("collector-complaint-kind"), Control::Select(kinds)),
        Field::new("loi-phan-anh", l.t("collector-complaint-words"), Control::Lines).hint(l.t("collector-complaint-words-hint")),
        Field::new("ngay-nhan", l.t("collector-complaint-received"), Control::Date).value(l.date(today)),
        Field::new("han", l.t("collector-complaint-due"), Control::Date).hint(l.t("collector-complaint-due-hint")),
    ];
    let save = Button::submit(l.t("collector-complaint-save"), ButtonKind::Default).busy(l.t("office-saving"));
    let complaint = form("phan-anh", vec![number("complaint")], fields, save).html();
    let save = Button::submit(l.t("collector-card-give"), ButtonKind::Default).busy(l.t("office-saving"));
    let given = form("the", vec![number("card")], card_fields(l, &Typed::default()), save).html();
    let mut all =
        SafeHtml::concat([folded(&l.t("collector-complaint-new"), complaint), folded(&l.t("collector-card-give"), given)]);
    let holding = collector.cards.iter().filter(|card| card.withdrawn.is_none() && card.last_day >= today);
    let choices: Vec<Choice> = holding.map(|card| Choice::new(&card.id, &card.number, false)).collect();
    if !choices.is_empty() {
        let fields = vec![
            Field::new("the", l.t("collector-card-which"), Control::Select(choices)),
            Field::new("tu", l.t("collector-card-withdraw-from"), Control::Date).value(l.date(today)),
            Field::new("ly-do", l.t("collector-card-withdraw-reason"), Control::Lines).hint(l.t("collector-card-withdraw-hint")),
        ];
        let button = Button::submit(l.t("collector-card-withdraw"), ButtonKind::Default).busy(l.t("office-saving"));
        all.push(folded(&l.t("collector-card-withdraw"), form("thu-hoi", Vec::new(), fields, button).html()));
    }
    tag("div").class("grid no-print").child(all).html()
}

/// How open complaints are resolved.
pub(super) fn resolve_form(l: Locale, collector: &Collector, open: &[&Complaint]) -> SafeHtml {
    if open.is_empty() {
        return SafeHtml::default();
    }
    let name = |one: &Complaint| format!("{} ({})", words::kind(l, one.kind), l.date(one.received_on));
    let which = open.iter().map(|one| Choice::new(&one.id, name(one), false)).collect();
    let verdicts = Verdict::ALL.into_iter().map(|found| Choice::new(found.as_str(), words::verdict(l, found), false)).collect();
    let fields = [
        Field::new("phan-anh-nao", l.t("collector-complaint-which"), Control::Select(which)),
        Field::new("ket-luan", l.t("collector-verdict"), Control::Radios(verdicts)),
        Field::new("giai-quyet", l.t("collector-resolution"), Control::Lines),
    ];
    let form = Form {
        action: format!("{COLLECTORS}/{}/giai-quyet", collector.id),
        reads: false,
        hidden: Vec::new(),
        body: SafeHtml::concat(fields.iter().map(|field| field.html(l))),
        buttons: vec![Button::submit(l.t("collector-resolve"), ButtonKind::Default).busy(l.t("office-saving"))],
    };
    tag("div").class("no-print").child(folded(&l.t("collector-resolve"), form.html())).html()
}

fn back(collector: &str) -> Response {
    go(&format!("{COLLECTORS}/{collector}"))
}

/// `POST /nhan-vien-thu/{collector}/the`.
pub(super) async fn give(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(typed): FromForm<Typed>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    let card = card(app, l, &typed).map_err(|(_, text)| PageError::BadRequest(text))?;
    match app.desk.give_card(&viewer.scope, &id, card).await {
        Ok(_) => Ok(back(&id)),
        Err(error) => Err(PageError::BadRequest(at_field(l, error)?.1)),
    }
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
    FromForm(sent): FromForm<Withdrawn>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    let known = app.desk.collector(&viewer.scope, &id).await.map_err(PageError::desk)?;
    if !known.cards.iter().any(|card| card.id == sent.card) {
        return Err(PageError::NotFound);
    }
    let from = typed_day(&sent.from).ok_or_else(|| PageError::BadRequest(l.t("collector-wrong-day")))?;
    app.desk.withdraw_card(&viewer.scope, &sent.card, from, &sent.reason).await.map_err(PageError::desk)?;
    Ok(back(&id))
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
    FromForm(sent): FromForm<Complained>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    let day = |text: &str| typed_day(text).ok_or_else(|| PageError::BadRequest(l.t("collector-wrong-day")));
    let new = NewComplaint {
        collector: id.clone(),
        kind: ComplaintKind::from_word(&sent.kind).ok_or_else(|| PageError::BadRequest(l.t("collector-wrong-kind")))?,
        words: base::names::clean(&sent.words),
        received_on: day(&sent.received)?,
        due: day(&sent.due)?,
        client_tx: sent.form,
    };
    app.desk.record_complaint(&viewer.scope, new).await.map_err(PageError::desk)?;
    Ok(back(&id))
}

/// What the form of resolving sends.
#[derive(Debug, Deserialize)]
pub(super) struct Resolved {
    #[serde(rename = "phan-anh-nao")]
    complaint: String,
    #[serde(rename = "ket-luan", default)]
    verdict: String,
    #[serde(rename = "giai-quyet")]
    words: String,
}

/// `POST /nhan-vien-thu/{collector}/giai-quyet`.
pub(super) async fn resolve(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(sent): FromForm<Resolved>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    let verdict = Verdict::from_word(&sent.verdict).ok_or_else(|| PageError::BadRequest(l.t("collector-wrong-verdict")))?;
    let desk = &app.desk;
    desk.resolve_complaint(&viewer.scope, &sent.complaint, verdict, app.today(), &sent.words).await.map_err(PageError::desk)?;
    Ok(back(&id))
}
