//! `GET`, `POST /to-chuc-thu/{organisation}/tap-huan`: a training that was held, and who was there.

use std::collections::{BTreeMap, BTreeSet};

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use chapter::{PageError, Returned, Shown, TypedForm, Viewer, sent_back, typed_day};
use desk::{AuditAction, DeskError, NewTraining, ReadEvent};
use web::component::{Button, ButtonKind, Control, Field, Form, Link, Panel};
use web::{SafeHtml, tag};

use super::ORGANISATIONS;
use super::act::refused;
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
    page(&office, &viewer, &organisation, &Returned::default()).await
}

/// The form; as it was typed where it came back.
async fn page(office: &Office, viewer: &Viewer, organisation: &str, returned: &Returned) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(viewer);
    let known = Known::read(office, viewer, Some(organisation)).await?;
    let event = ReadEvent::new(AuditAction::ViewCollectors, "organisation").object(organisation);
    let audited = app.audit(viewer, event.count("rows", known.collectors.len() as i64)).await?;
    let fields = [
        Field::new("chu-de", l.t("collector-training-subject"), Control::Text),
        Field::new("ngay", l.t("collector-training-day"), Control::Date),
        Field::new("den", l.t("collector-training-until"), Control::Date).hint(l.t("collector-training-until-hint")).optional(),
    ];
    let fields = fields.map(|field| returned.fill("", field).html(l));
    let ticks = known.collectors.iter().map(|collector| {
        let name = format!("{TICK}{}", collector.id);
        let tick = Field::new(name, &collector.holder, Control::Tick);
        returned.fill("", tick.hint(format!("{} · {}", collector.point, collector.code))).html(l)
    });
    let people = tag("fieldset").class("field").child(tag("legend").text(&l.t("collector-training-who"))).children(ticks).html();
    let to = format!("{ORGANISATIONS}/{organisation}");
    let form = Form {
        action: format!("{to}/tap-huan"),
        reads: false,
        hidden: vec![("so".into(), returned.number("", app.form_number(viewer, "training")))],
        body: SafeHtml::concat(fields).then(people),
        buttons: vec![
            Button::submit(l.t("collector-save"), ButtonKind::Primary).busy(l.t("office-saving")),
            Button::link(l.t("collector-cancel"), &to, ButtonKind::Default),
        ],
    };
    let mut page = app.page(viewer, &format!("{to}/tap-huan"), l.t("collector-training-new"));
    let unit = known.organisations.first().map(|unit| unit.name.clone()).unwrap_or_default();
    page.crumbs = vec![Link::new(l.t("collector-title"), ORGANISATIONS), Link::new(unit, &to)];
    page.here = l.t("collector-training-new");
    let panel = Panel::new("", form.html()).html();
    page.body = tag("div").class("narrow").child(returned.head(l, &panel).then(panel)).html();
    Ok(Shown::page(page.render(l), audited))
}

/// `POST /to-chuc-thu/{organisation}/tap-huan`.
pub(super) async fn add(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(organisation): Path<String>,
    TypedForm(sent, mut returned): TypedForm<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    Known::read(&office, &viewer, Some(&organisation)).await?;
    let value = |name: &str| sent.get(name).map(String::as_str).unwrap_or_default();
    let held_on = typed_day(value("ngay"));
    if held_on.is_none() {
        returned = returned.fault("ngay", l.t("collector-wrong-day"));
    }
    let until = value("den").trim();
    let certificate_until = typed_day(until);
    let until_read = until.is_empty() || certificate_until.is_some();
    if !until_read {
        returned = returned.fault("den", l.t("collector-wrong-day"));
    }
    let attended: BTreeSet<String> = sent.keys().filter_map(|name| name.strip_prefix(TICK).map(str::to_owned)).collect();
    let somebody = !attended.is_empty();
    if !somebody {
        returned = returned.say(l.t("collector-training-nobody"));
    }
    if let (Some(held_on), true, true) = (held_on, until_read, somebody) {
        let (subject, client_tx) = (base::names::clean(value("chu-de")), value("so").to_owned());
        let new = NewTraining { held_on, subject, certificate_until, attended, client_tx };
        match app.desk.record_training(&viewer.scope, new).await {
            Ok(_) => return Ok(go(&format!("{ORGANISATIONS}/{organisation}#tap-huan"))),
            Err(DeskError::Invalid { field: "subject", .. }) => {
                returned = returned.fault("chu-de", l.t("collector-wrong-words"));
            }
            Err(DeskError::Invalid { field: "certificate_until", .. }) => {
                returned = returned.fault("den", l.t("collector-wrong-until"));
            }
            Err(error) => returned = refused(l, returned, error)?,
        }
    }
    Ok(sent_back(page(&office, &viewer, &organisation, &returned).await?))
}
