//! `POST /nhan-vien-thu/{collector}/giai-quyet`: how a complaint was resolved.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use chapter::{PageError, Returned, TypedForm, Viewer};
use desk::{Collector, Complaint, Verdict};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Choice, Control, Field, Form};
use web::{Locale, SafeHtml, tag};

use super::act::{again, back, refused};
use super::{COLLECTORS, words};
use crate::Office;
use crate::pages::forms::unfolded;

/// How open complaints are resolved.
pub(super) fn form(l: Locale, collector: &Collector, open: &[&Complaint], returned: &Returned) -> SafeHtml {
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
    let fields = fields.map(|field| returned.fill("giai-quyet", field).html(l));
    let form = Form {
        action: format!("{COLLECTORS}/{}/giai-quyet", collector.id),
        reads: false,
        hidden: Vec::new(),
        body: SafeHtml::concat(fields),
        buttons: vec![Button::submit(l.t("collector-resolve"), ButtonKind::Default).busy(l.t("office-saving"))],
    };
    tag("div").class("no-print").child(unfolded(&l.t("collector-resolve"), form.html(), returned.is("giai-quyet"))).html()
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
pub(super) async fn take(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    TypedForm(sent, returned): TypedForm<Resolved>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    let returned = returned.named("giai-quyet");
    let returned = match Verdict::from_word(&sent.verdict) {
        None => returned.fault("ket-luan", l.t("collector-wrong-verdict")),
        Some(verdict) => {
            let done = app.desk.resolve_complaint(&viewer.scope, &sent.complaint, verdict, app.today(), &sent.words).await;
            match done {
                Ok(_) => return Ok(back(&id)),
                Err(error) => refused(l, returned, error)?,
            }
        }
    };
    again(&office, &viewer, &id, returned).await
}
