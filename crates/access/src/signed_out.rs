//! `POST /dang-nhap/thanh-pho/thoat`: the provider tells that somebody signed out there (OpenID Connect Back-Channel Logout 1.0).
//!
//! No browser comes here, so no session and no form token is asked for: what counts is the provider's signature. The answer tells the
//! provider whether the message was taken, and nobody whether anybody's session ended.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Form};
use chapter::{App, PageError};
use desk::ProviderSignOut;
use serde::Deserialize;

use crate::shell::no_data;
use crate::single::{Single, told};

/// Where the provider's messages arrive; registered there as the back-channel logout address.
pub(crate) const SIGNED_OUT: &str = "/dang-nhap/thanh-pho/thoat";

/// What the provider sends.
#[derive(Deserialize)]
pub(crate) struct Sent {
    #[serde(default)]
    logout_token: String,
}

/// `POST /dang-nhap/thanh-pho/thoat`.
pub(crate) async fn take(
    State(app): State<App>,
    Extension(single): Extension<Single>,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let provider = single.there()?.provider();
    let out = match provider.signed_out(&sent.logout_token, (app.clock)()).await {
        Ok(out) => out,
        Err(error) => {
            told("sign-out told by the provider was not taken", &error);
            app.desk.sign_out_refused(error.word()).await.map_err(|e| PageError::inner(&e))?;
            // A provider that is away itself may send it again.
            return Ok(answer(if error.is_away() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::BAD_REQUEST }));
        }
    };
    let message = ProviderSignOut {
        issuer: provider.issuer(),
        id: &out.id,
        subject: out.subject.as_deref(),
        sid: out.sid.as_deref(),
        until: out.until,
    };
    if app.desk.identity_signed_out(&message).await.map_err(|e| PageError::inner(&e))?.is_none() {
        app.desk.sign_out_refused("came_before").await.map_err(|e| PageError::inner(&e))?;
        return Ok(answer(StatusCode::BAD_REQUEST));
    }
    Ok(answer(StatusCode::OK))
}

/// The answer as the standard has it (section 2.8): empty, or the one word of what was wrong.
fn answer(status: StatusCode) -> Response {
    let body = if status == StatusCode::OK { "" } else { r#"{"error":"invalid_request"}"# };
    no_data((status, [(header::CONTENT_TYPE, "application/json")], body).into_response())
}
