//! `GET /ke-hoach/hai-long`: campaigns and the index by unit.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Form as FromForm, State};
use axum::response::Response;
use base::CommuneCode;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, CampaignTally, NewCampaign, Permission, ReadEvent, SatisfactionCount};
use web::component::{
    Button, ButtonKind, Cell, Choice, Column, Control, Field, Link, NoteKind, Panel, Row, Table, empty_state, note,
};
use web::{Locale, SafeHtml};

use super::{CAMPAIGNS, campaign_href, campaign_status, index_words, least, mean_text};
use crate::pages::parts::{Sent, done, form};
use crate::pages::unit_names;
use crate::survey::Survey;
use crate::{Followup, HOME};

/// `GET /ke-hoach/hai-long`.
pub(super) async fn show(State(followup): State<Followup>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let today = app.today();
    let january = today.month().plus(1 - today.month().number());
    let year = (january.first_day(), january.plus(11).last_day());
    let all = app.desk.campaigns(&viewer.scope).await.map_err(PageError::desk)?;
    let counts = app.desk.satisfaction(&viewer.scope, year.0, year.1).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "survey_campaign").count("rows", all.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let names = unit_names(app, &viewer).await?;
    let mut body =
        vec![method(&followup, l), units(&followup, l, &counts, &names, today.year()), campaigns(&followup, l, &all, &names)];
    if desk::may(&viewer.scope, Permission::ConfirmTasks) {
        body.push(new_campaign(&followup, l, &viewer, &names));
    }
    let mut page = app.page(&viewer, CAMPAIGNS, l.t("survey-title"));
    page.crumbs = vec![Link::new(l.t("followup-title"), HOME)];
    page.here = l.t("survey-menu");
    page.facts = SafeHtml::text(&l.t("survey-intro"));
    page.body = SafeHtml::concat(body);
    page.foot = vec![l.t("survey-foot")];
    Ok(Shown::page(page.render(l), audited))
}

/// How the index is worked out, and that the plan does not say it.
fn method(followup: &Followup, l: Locale) -> SafeHtml {
    let Some(first) = followup.surveys.all().first() else { return SafeHtml::empty() };
    let words = l.t_args("survey-method-why", &[("mean", mean_text(first.satisfied_from).as_str().into())]);
    note(NoteKind::Info, &l.t("survey-method"), SafeHtml::text(&words))
}

fn units(followup: &Followup, l: Locale, counts: &[SatisfactionCount], names: &BTreeMap<String, String>, year: i32) -> SafeHtml {
    let head = vec![
        Column::text(l.t("survey-unit")),
        Column::text(l.t("survey-service")),
        Column::number(l.t("survey-answers"), ""),
        Column::number(l.t("survey-satisfied"), ""),
        Column::number(l.t("survey-index"), ""),
    ];
    let few = followup.surveys.all().iter().map(Survey::least_answers).max().unwrap_or(i64::MAX);
    let row = |one: &SatisfactionCount| {
        let (index, interval) = index_words(l, one.satisfied, one.answers, few);
        let enough = one.answers >= few;
        Row::new(vec![
            Cell::text(names.get(&one.unit).unwrap_or(&one.unit)),
            Cell::text(followup.surveys.service(l, &one.service)),
            Cell::number(l, one.answers),
            if enough { Cell::number(l, one.satisfied) } else { Cell::text("–") },
            Cell::text(index).note(interval),
        ])
    };
    let (satisfied, answers) = counts.iter().fold((0, 0), |(s, n), one| (s + one.satisfied, n + one.answers));
    let (index, interval) = index_words(l, satisfied, answers, few);
    let total = vec![
        Cell::text(l.t("survey-all")),
        Cell::text(""),
        Cell::number(l, answers),
        if answers >= few { Cell::number(l, satisfied) } else { Cell::text("–") },
        Cell::text(index).note(interval),
    ];
    let title = l.t_args("survey-units", &[("year", year.to_string().as_str().into())]);
    let empty = empty_state(&l.t("survey-no-answer"), &l.t("survey-no-answer-why"), None);
    let table = Table::new("theo-don-vi", title.clone(), head).rows(counts.iter().map(row)).empty(empty);
    let table = if counts.is_empty() { table } else { table.total(total) };
    Panel::flush(title, table.html(l)).html()
}

fn campaigns(followup: &Followup, l: Locale, all: &[CampaignTally], names: &BTreeMap<String, String>) -> SafeHtml {
    let today = followup.app.today();
    let head = vec![
        Column::text(l.t("survey-campaign")),
        Column::text(l.t("survey-unit")),
        Column::text(l.t("followup-column-span")),
        Column::number(l.t("survey-answers"), ""),
        Column::number(l.t("survey-index"), ""),
        Column::text(l.t("followup-column-state")),
    ];
    let row = |one: &CampaignTally| {
        let campaign = &one.campaign;
        let (index, interval) = index_words(l, one.satisfied, one.answers, least(followup, one));
        let span = l.t_args(
            "followup-span",
            &[("from", l.date(campaign.first_day).as_str().into()), ("to", l.date(campaign.last_day).as_str().into())],
        );
        let of = [("n", one.answers.into()), ("all", one.issued.into())];
        Row::new(vec![
            Cell::link(&campaign.name, campaign_href(&campaign.id)).note(followup.surveys.service(l, &campaign.service)),
            Cell::text(names.get(&campaign.unit).unwrap_or(&campaign.unit)),
            Cell::text(span),
            Cell::text(l.t_args("followup-of", &of)),
            Cell::text(index).note(interval),
            Cell::status(&campaign_status(l, one, today)),
        ])
    };
    let title = l.t("survey-campaigns");
    let empty = empty_state(&l.t("survey-no-campaign"), &l.t("survey-no-campaign-why"), None);
    let table = Table::new("dot-khao-sat", title.clone(), head).rows(all.iter().map(row)).empty(empty).worklist();
    Panel::flush(title, table.html(l)).html()
}

fn new_campaign(followup: &Followup, l: Locale, viewer: &Viewer, names: &BTreeMap<String, String>) -> SafeHtml {
    let Some(first) = followup.surveys.all().first() else { return SafeHtml::empty() };
    let today = followup.app.today();
    let surveys = followup.surveys.all().iter().map(|one| Choice::new(&one.id, one.name().of(l), one.id == first.id)).collect();
    let mut services: Vec<Choice> = Vec::new();
    for service in followup.surveys.all().iter().flat_map(Survey::services) {
        if services.iter().all(|known| known.value != service.id) {
            services.push(Choice::new(&service.id, service.of(l), services.is_empty()));
        }
    }
    let mut units: Vec<(&String, &String)> = names.iter().collect();
    units.sort_by_key(|(_, name)| web::text_sort_key(name));
    let units = units.into_iter().map(|(id, name)| Choice::new(id, name, *id == viewer.scope.unit)).collect();
    let fields = [
        Field::new("ten", l.t("survey-campaign"), Control::Text).hint(l.t("survey-campaign-hint")),
        Field::new("mau", l.t("survey-form"), Control::Select(surveys)),
        Field::new("dich-vu", l.t("survey-service"), Control::Select(services)),
        Field::new("don-vi", l.t("survey-unit"), Control::Select(units)),
        Field::new("tu-ngay", l.t("survey-first-day"), Control::Date).value(l.date(today)),
        Field::new("den-ngay", l.t("survey-last-day"), Control::Date).value(l.date(today.add_days(30).unwrap_or(today))),
    ];
    let body = SafeHtml::concat(fields.iter().map(|field| field.html(l)));
    let buttons = vec![Button::submit(l.t("survey-add"), ButtonKind::Primary)];
    Panel::new(l.t("survey-new"), form(&followup.app, viewer, CAMPAIGNS, Vec::new(), body, buttons).html()).html()
}

/// `POST /ke-hoach/hai-long`.
pub(super) async fn add(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    FromForm(sent): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let app = &followup.app;
    let (l, sent) = (app.locale(&viewer), Sent(sent));
    let survey = followup.surveys.get(sent.raw("mau")).ok_or_else(|| PageError::BadRequest(l.t("survey-fault-form")))?;
    let service = sent.raw("dich-vu").to_owned();
    if survey.services().iter().all(|known| known.id != service) {
        return Err(PageError::BadRequest(l.t("survey-fault-form")));
    }
    let unit = sent.text("don-vi");
    let new = NewCampaign {
        name: sent.text("ten"),
        service,
        survey: survey.id.clone(),
        survey_hash: survey.hash.clone(),
        commune: commune_of(&followup, &viewer, &unit).await?,
        unit,
        first_day: sent.day(l, "tu-ngay")?,
        last_day: sent.day(l, "den-ngay")?,
        questions: survey.questions().len() as i64,
        satisfied_from: survey.satisfied_from,
        client_tx: sent.number().to_owned(),
    };
    let made = app.desk.add_campaign(&viewer.scope, &new).await;
    let to = made.as_ref().map_or_else(|_| CAMPAIGNS.to_owned(), |made| campaign_href(&made.id));
    done(made, &to)
}

/// The commune of a unit that has one alone: of a commune's own unit that of its code.
async fn commune_of(followup: &Followup, viewer: &Viewer, unit: &str) -> Result<Option<CommuneCode>, PageError> {
    let of_units = followup.app.desk.unit_communes(&viewer.scope).await.map_err(PageError::desk)?;
    let own = of_units.get(unit).filter(|communes| communes.len() == 1).and_then(|communes| communes.first().cloned());
    let by_code = unit.rsplit('-').next().and_then(CommuneCode::parse);
    let known = |code: &CommuneCode| followup.app.places.communes().iter().any(|commune| commune.code == *code);
    Ok(own.or(by_code.filter(known)))
}
