//! `/van-ban/thiet-lap`: own numbers and a second person, unit by unit; for who manages units.

use axum::Extension;
use axum::extract::{Query as FromQuery, State};
use axum::response::Response;
use chapter::{PageError, Returned, Shown, TypedForm, Viewer, sent_back};
use desk::{AuditAction, DocumentSetting, Permission, ReadEvent};
use serde::Deserialize;
use web::SafeHtml;
use web::component::{Button, ButtonKind, Choice, Control, Field, Form, Link, NoteKind, Panel, note, paragraph};

use super::DOCUMENTS;
use super::act::at_field;
use crate::Office;
use crate::pages::go;

/// Where the settings are.
const SETTINGS: &str = "/van-ban/thiet-lap";

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct View {
    #[serde(rename = "don-vi", default)]
    unit: String,
    #[serde(rename = "da-ghi", default)]
    saved: String,
}

/// What the form sends; a tick that is not set is not sent.
#[derive(Debug, Deserialize)]
pub(super) struct Sent {
    #[serde(rename = "don-vi")]
    unit: String,
    #[serde(rename = "phien-ban")]
    version: i64,
    #[serde(rename = "tu-cap-so", default)]
    own_numbers: String,
    #[serde(rename = "nguoi-khac", default)]
    second_person: String,
}

fn require(viewer: &Viewer) -> Result<(), PageError> {
    desk::require(&viewer.scope, Permission::ManageUsers).map_err(|_| PageError::Forbidden)
}

/// `GET /van-ban/thiet-lap`.
pub(super) async fn show(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    FromQuery(view): FromQuery<View>,
) -> Result<Shown, PageError> {
    require(&viewer)?;
    page(&office, &viewer, &view, Returned::default()).await
}

/// The settings of the unit that is asked for; with the form that came back, where one did.
async fn page(office: &Office, viewer: &Viewer, view: &View, returned: Returned) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(viewer);
    let audited = app.audit(viewer, ReadEvent::new(AuditAction::ViewRows, "document_settings")).await?;
    let mut units = app.desk.units(&viewer.scope).await.map_err(PageError::desk)?;
    units.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    let choices = units.iter().map(|unit| Choice::new(unit.id.as_str(), unit.name.as_str(), unit.id == view.unit)).collect();
    let choose = Form {
        action: SETTINGS.into(),
        reads: true,
        hidden: Vec::new(),
        body: Field::new("don-vi", l.t("document-issuer"), Control::Select(choices)).html(l),
        buttons: vec![Button::submit(l.t("document-settings-open"), ButtonKind::Default)],
    };
    let mut body = SafeHtml::default();
    if view.saved == "1" {
        body.push(note(NoteKind::Info, &l.t("office-saved-title"), SafeHtml::text(&l.t("document-saved"))));
    }
    body.push(Panel::new(l.t("document-settings"), choose.html()).html());
    if let Some(unit) = units.iter().find(|unit| unit.id == view.unit) {
        let setting = app.desk.document_setting(&viewer.scope, &unit.id).await.map_err(PageError::desk)?;
        let tick = |name: &str, key: &str, hint: &str, on: bool| {
            let field = Field::new(name, l.t(key), Control::Tick).hint(l.t(hint)).optional();
            returned.fill("", field.value(if on { "1" } else { "" })).html(l)
        };
        let fields = SafeHtml::concat([
            paragraph(SafeHtml::text(&l.t("document-settings-explain"))),
            tick("tu-cap-so", "document-settings-own", "document-settings-own-hint", setting.own_numbers),
            tick("nguoi-khac", "document-settings-second", "document-settings-second-hint", setting.second_person),
        ]);
        let form = Form {
            action: SETTINGS.into(),
            reads: false,
            hidden: vec![("don-vi".into(), unit.id.clone()), ("phien-ban".into(), setting.version.to_string())],
            body: fields,
            buttons: vec![Button::submit(l.t("document-settings-save"), ButtonKind::Primary).busy(l.t("office-saving"))],
        };
        body.push(Panel::new(unit.name.clone(), form.html()).html());
    }
    let body = returned.head(l, &body).then(body);
    let mut page = app.page(viewer, SETTINGS, l.t("document-settings"));
    page.crumbs = vec![Link::new(l.t("document-title"), DOCUMENTS)];
    page.here = l.t("document-settings");
    page.body = body;
    Ok(Shown::page(page.render(l), audited))
}

/// `POST /van-ban/thiet-lap`.
pub(super) async fn set(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    TypedForm(sent, returned): TypedForm<Sent>,
) -> Result<Response, PageError> {
    let app = &office.app;
    require(&viewer)?;
    // Only units there are.
    let units = app.desk.units(&viewer.scope).await.map_err(PageError::desk)?;
    let unit = units.into_iter().find(|unit| unit.id == sent.unit).ok_or(PageError::NotFound)?;
    let setting = DocumentSetting {
        unit: unit.id.clone(),
        own_numbers: !sent.own_numbers.is_empty(),
        second_person: !sent.second_person.is_empty(),
        version: sent.version,
    };
    if let Err(error) = app.desk.set_document_setting(&viewer.scope, &setting).await {
        let returned = at_field(app.locale(&viewer), returned, "ngay", error)?;
        let view = View { unit: unit.id, ..View::default() };
        return Ok(sent_back(page(&office, &viewer, &view, returned).await?));
    }
    Ok(go(&format!("{SETTINGS}?don-vi={}&da-ghi=1", chapter::encode(&unit.id))))
}
