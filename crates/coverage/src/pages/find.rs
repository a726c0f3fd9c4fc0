//! Finding one person by what is on a card: a scanned code (QR of căn cước or thẻ BHYT) or a typed number.
//!
//! The number is sent in the body and never stands in an address or in the log. It is looked up by its hash among what tells
//! people again ([`Kind`]), which is sorted, so that the whole city costs a page or two of the table.

use axum::Extension;
use axum::extract::{Form as FromForm, State};
use axum::response::{IntoResponse, Response};
use base::Explain;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use engine::rows;
use intake::qr::{self, Scanned};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Control, Field, Form, NoteKind, Panel, audit_note, note};
use web::{Locale, SafeHtml};

use super::decisions::back;
use super::{Pages, person_data};
use crate::register::evidence::{Kind, evidence};

/// Path of the page.
pub(crate) const FIND: &str = "/tim-nguoi";

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    /// Code or number (mã quét, số định danh, mã số BHXH, mã thẻ).
    #[serde(rename = "ma", default)]
    code: String,
}

/// A number a person may be found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Number {
    Personal(u64),
    Insurance(u64),
}

/// `GET /tim-nguoi`.
pub(crate) async fn form(State(pages): State<Pages>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    desk::require(&viewer.scope, Permission::RevealIdentity).map_err(|_| PageError::Forbidden)?;
    page(&pages, &viewer, ReadEvent::new(AuditAction::ViewRows, "person").object("find"), None).await
}

/// `POST /tim-nguoi`: leads to the person's page, or says why there is none.
pub(crate) async fn find(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromForm(asked): FromForm<Asked>,
) -> Result<Response, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::RevealIdentity).map_err(|_| PageError::Forbidden)?;
    let number = match number(&asked.code) {
        Ok(number) => number,
        Err(error) => {
            let event = ReadEvent::new(AuditAction::SearchPeople, "person").word("field", "code").count("rows", 0);
            let words = format!("{error} {}", error.remedy());
            return Ok(page(&pages, &viewer, event, Some(words)).await?.into_response());
        }
    };
    let snapshot = pages.serving.current(app).await?;
    let (field, hash) = match number {
        Number::Personal(id) => ("personal_id", evidence(Kind::PersonalId, &[&id.to_le_bytes()])),
        Number::Insurance(n) => ("insurance_number", evidence(Kind::InsuranceNumber, &[&n.to_le_bytes()])),
    };
    let inner = |e: engine::EngineError| PageError::inner(&e);
    let sql = format!("SELECT person_id FROM person_evidence WHERE evidence = {hash}");
    let mut person = None;
    for batch in snapshot.session.collect(&sql).await.map_err(inner)? {
        let people = rows::int(&batch, "person_id").map_err(inner)?;
        person = person.or((batch.num_rows() > 0).then(|| people.value(0)));
    }
    if let Some(id) = person {
        let known = person_data::person(&snapshot.session, id).await.map_err(inner)?;
        // Somebody of another area is as good as not there: the answer must not tell where they live.
        person = person.filter(|_| known.is_some_and(|p| viewer.scope.sees(p.commune.as_ref())));
    }
    let found = i64::from(person.is_some());
    let event = ReadEvent::new(AuditAction::SearchPeople, "person").word("field", field).count("rows", found).run(&snapshot.run);
    match person {
        Some(id) => {
            app.audit(&viewer, event).await?;
            Ok(back(&format!("/nguoi/{id}")))
        }
        None => Ok(page(&pages, &viewer, event, Some(l.t("coverage-find-none"))).await?.into_response()),
    }
}

/// What was scanned or typed, as a number. Nothing of it is repeated in an error.
fn number(code: &str) -> Result<Number, qr::QrError> {
    let typed: String = code.chars().filter(|c| !c.is_whitespace() && *c != '-' && *c != '.').collect();
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten();
    match (typed.len(), digits(&typed)) {
        (12, Some(id)) => return Ok(Number::Personal(id)),
        (10, Some(n)) => return Ok(Number::Insurance(n)),
        // A card number ends in the insurance number.
        (15, None) if typed.is_ascii() && !typed.contains('|') => {
            return digits(&typed[5..]).map(Number::Insurance).ok_or(qr::QrError::Broken);
        }
        _ => {}
    }
    match qr::parse(code)? {
        Scanned::Citizen(card) => digits(&card.personal_id).map(Number::Personal),
        Scanned::Insurance(card) => digits(&card.insurance_number).map(Number::Insurance),
    }
    .ok_or(qr::QrError::Broken)
}

async fn page(pages: &Pages, viewer: &Viewer, event: ReadEvent, told: Option<String>) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(viewer);
    let audited = app.audit(viewer, event).await?;
    let mut page = app.page(viewer, FIND, l.t("coverage-find-title"));
    let note = told.map(|words| note(NoteKind::Caution, &l.t("coverage-find-not-title"), SafeHtml::text(&words)));
    page.body = SafeHtml::concat([note.unwrap_or_default(), Panel::new(l.t("coverage-find-panel"), fields(l)).html()]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("coverage-find-audit")));
    Ok(Shown::page(page.render(l), audited))
}

fn fields(l: Locale) -> SafeHtml {
    let code = Field { autocomplete: Some("off".into()), ..Field::new("ma", l.t("coverage-find-code"), Control::Text) };
    Form {
        action: FIND.into(),
        reads: false,
        hidden: Vec::new(),
        body: code.hint(l.t("coverage-find-hint")).html(l),
        buttons: vec![Button::submit(l.t("coverage-find-go"), ButtonKind::Primary)],
    }
    .html()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_by_their_length_and_codes_by_their_strokes() {
        assert_eq!(number("001 185 123 456"), Ok(Number::Personal(1_185_123_456)));
        assert_eq!(number("0123456789"), Ok(Number::Insurance(123_456_789)));
        assert_eq!(number("GD4010123456789"), Ok(Number::Insurance(123_456_789)));
        let scanned = "001185123456|012345678|Nguyễn Thị Mẫu|12051985|Nữ|Số 1, Hà Đông|01012022";
        assert_eq!(number(scanned), Ok(Number::Personal(1_185_123_456)));
    }

    #[test]
    fn what_is_no_number_is_refused_without_repeating_it() {
        assert_eq!(number(""), Err(qr::QrError::Empty));
        let error = number("Nguyễn Thị Mẫu").unwrap_err();
        assert!(!error.to_string().contains("Mẫu") && !error.remedy().is_empty());
    }
}
