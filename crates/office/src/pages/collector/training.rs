//! `GET`, `POST /to-chuc-thu/{organisation}/tap-huan`: a training that was held, and who was there.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use chapter::{PageError, Shown, Viewer, typed_day};
use desk::{AuditAction, NewTraining, ReadEvent};
use web::component::{Button, ButtonKind, Control, Field, Form, Link, Panel};
use web::{SafeHtml, tag};

use super::ORGANISATIONS;
use super::data::Known;
use crate::Office;
use crate::pages::go;

/// How the ticks of collectors begin.
const TICK: &str = "nv-";

/// `GET /to-chuc-thu/{organisation}/tap-huan`.
pub(super) async fn form(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(organisation): Path<String>,
) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    let known = Known::read(&office, &viewer, Some(&organisation)).await?;
    let event = ReadEvent::new(AuditAction::ViewCollectors, "organisation").object(organisation.as_str());
    let audited = app.audit(&viewer, event.count("rows", known.collectors.len() as i64)).await?;
    let fields = [
        Field::new("chu-de", l.t("collector-training-subject"), Control::Text),
        Field::new("ngay", l.t("collector-training-day"), Control::Date),
        Field::new("den", l.t("collector-training-until"), Control::Date).hint(l.t("collector-training-until-hint")).optional(),
    ];
    let ticks = known.collectors.iter().map(|collector| {
        let name = format!("{TICK}{}", collector.id);
        Field::new(name, &collector.holder, Control::Tick).hint(format!("{} · {}", collector.point, collector.code)).html(l)
    });
    let people = tag("fieldset").class("field").child(tag("legend").text(&l.t("collector-training-who"))).children(ticks).html();
    let to = format!("{ORGANISATIONS}/{organisation}");
    let form = Form {
        action: format!("{to}/tap-huan"),
        reads: false,
        hidden: vec![("so".into(), app.form_number(&viewer, "training"))],
        body: SafeHtml::concat(fields.iter().map(|field| field.html(l))).then(people),
        buttons: vec![
            Button::submit(l.t("collector-save"), ButtonKind::Primary).busy(l.t("office-saving")),
            Button::link(l.t("collector-cancel"), &to, ButtonKind::Default),
        ],
    };
    let mut page = app.page(&viewer, &format!("{to}/tap-huan"), l.t("collector-training-new"));
    let unit = known.organisations.first().map(|unit| unit.name.clone()).unwrap_or_default();
    page.crumbs = vec![Link::new(l.t("collector-title"), ORGANISATIONS), Link::new(unit, &to)];
    page.here = l.t("collector-training-new");
    page.body = tag("div").class("narrow").child(Panel::new("", form.html()).html()).html();
    Ok(Shown::page(page.render(l), audited))
}

/// `POST /to-chuc-thu/{organisation}/tap-huan`.
pub(super) async fn add(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(organisation): Path<String>,
    FromForm(sent): FromForm<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    Known::read(&office, &viewer, Some(&organisation)).await?;
    let value = |name: &str| sent.get(name).map(String::as_str).unwrap_or_default();
    let day = |text: &str| typed_day(text).ok_or_else(|| PageError::BadRequest(l.t("collector-wrong-day")));
    let until = value("den").trim();
    let new = NewTraining {
        held_on: day(value("ngay"))?,
        subject: base::names::clean(value("chu-de")),
        certificate_until: if until.is_empty() { None } else { Some(day(until)?) },
        attended: sent.keys().filter_map(|name| name.strip_prefix(TICK).map(str::to_owned)).collect(),
        client_tx: value("so").to_owned(),
    };
    if new.attended.is_empty() {
        return Err(PageError::BadRequest(l.t("collector-training-nobody")));
    }
    app.desk.record_training(&viewer.scope, new).await.map_err(PageError::desk)?;
    Ok(go(&format!("{ORGANISATIONS}/{organisation}#tap-huan")))
}
