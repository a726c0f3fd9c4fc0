//! `POST /nguoi-dung/{user}/dinh-danh`: who a user is at the provider of the city's accounts, written down by an administrator.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, Form};
use chapter::{App, PageError, Viewer};
use desk::{Account, DeskError};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Control, Field, Panel, paragraph};
use web::{Locale, SafeHtml};

use crate::shell::go;
use crate::single::Single;
use crate::{USERS, user};

/// What was typed; nothing to unbind.
#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(rename = "dinh-danh", default)]
    subject: String,
}

/// Binds, binds anew or unbinds.
pub(crate) async fn change(
    State(app): State<App>,
    Extension(single): Extension<Single>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let identity = single.identity(typed.subject.trim()).ok_or(PageError::NotFound)?;
    if identity.subject.is_empty() {
        app.desk.unbind_identity(&viewer.scope, &id, &identity.issuer).await.map_err(PageError::desk)?;
        return Ok(go(&format!("{USERS}/{id}")));
    }
    match app.desk.bind_identity(&viewer.scope, &id, &identity).await {
        Ok(()) => Ok(go(&format!("{USERS}/{id}"))),
        Err(DeskError::Invalid { .. }) => {
            let wrong = ("dinh-danh", app.locale(&viewer).t("access-wrong-subject"));
            user::refused(&app, &single, &viewer, &id, wrong).await
        }
        Err(error) => Err(PageError::desk(error)),
    }
}

/// The panel on the page of a user; nothing where no provider is set.
pub(crate) fn panel(l: Locale, single: &Single, account: &Account, wrong: Option<String>) -> SafeHtml {
    let Some(own) = single.identity("") else { return SafeHtml::default() };
    let bound = account.identities.iter().find(|bound| bound.issuer == own.issuer && bound.claim == own.claim);
    let subject = bound.map_or("", |bound| bound.subject.as_str());
    let about = l.t_args("access-single-about", &[("issuer", own.issuer.as_str().into()), ("claim", own.claim.as_str().into())]);
    let field = Field::new("dinh-danh", l.t("access-single-subject"), Control::Text).value(subject).optional().error(wrong);
    let form = web::component::Form {
        action: format!("{USERS}/{}/dinh-danh", account.user.id),
        reads: false,
        hidden: Vec::new(),
        body: field.html(l),
        buttons: vec![Button::submit(l.t("access-save"), ButtonKind::Default).busy(l.t("access-saving"))],
    };
    Panel::new(l.t("access-single-title"), paragraph(SafeHtml::text(&about)).then(form.html())).html()
}
