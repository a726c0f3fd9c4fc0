//! Finding one person by what is on a card: a scanned code (QR of căn cước or thẻ BHYT) or a typed number.
//!
//! The number is sent in the body and never stands in an address or in the log. It is looked up by its hash among what tells
//! people again ([`Kind`]), which is sorted, so that the whole city costs a page or two of the table.

use axum::Extension;
use axum::extract::{Form as FromForm, State};
use axum::response::{IntoResponse, Response};
use base::{CommuneCode, Explain};
use chapter::{App, PageError, Shown, Viewer};
use desk::{AuditAction, DeskError, NewBreakGlass, Permission, ReadEvent, URGENT_LOOK_UP};
use engine::rows;
use intake::qr::{self, Scanned};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Control, Field, Form, NoteKind, Panel, audit_note, note, paragraph};
use web::{Locale, SafeHtml};

use super::decisions::back;
use super::{Pages, person_data};
use crate::register::evidence::{Kind, evidence};
use crate::serving::Snapshot;

/// Path of the page.
pub(crate) const FIND: &str = "/tim-nguoi";
/// Where an opening in an emergency is sent.
pub(crate) const URGENT: &str = "/tim-nguoi/khan-cap";
/// Look-ups of a user in a minute, both ways together: somebody at a counter scans a card every few seconds at most, whoever asks more often
/// tries out numbers.
const LOOK_UPS_A_MINUTE: u32 = 20;

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    /// Code or number (mã quét, số định danh, mã số BHXH, mã thẻ).
    #[serde(rename = "ma", default)]
    code: String,
}

/// What the form of an emergency sends.
#[derive(Debug, Deserialize)]
pub(crate) struct Urgent {
    /// Code or number, as above.
    #[serde(rename = "ma-khan-cap", default)]
    code: String,
    #[serde(rename = "ly-do", default)]
    reason: String,
    #[serde(rename = "so", default)]
    number: String,
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
            let event = not_looked_up("code");
            let words = format!("{error} {}", error.remedy());
            return Ok(page(&pages, &viewer, event, Some(words)).await?.into_response());
        }
    };
    if let Some(words) = too_many(&pages, l, &viewer) {
        return Ok(page(&pages, &viewer, not_looked_up("limit"), Some(words)).await?.into_response());
    }
    let snapshot = pages.serving.current(app).await?;
    let (field, person) = look_up(&snapshot, number).await?;
    // Somebody of another area is as good as not there: the answer must not tell where they live.
    let person = person.filter(|known| viewer.scope.sees(known.commune.as_ref()));
    let found = i64::from(person.is_some());
    let event = ReadEvent::new(AuditAction::SearchPeople, "person").word("field", field).count("rows", found).run(&snapshot.run);
    match person {
        Some(known) => {
            app.audit(&viewer, event).await?;
            Ok(back(&format!("/nguoi/{}", known.id)))
        }
        None => Ok(page(&pages, &viewer, event, Some(l.t("coverage-find-none"))).await?.into_response()),
    }
}

/// `POST /tim-nguoi/khan-cap`: opens somebody outside one's own area for half an hour, and tells who looks after personal data.
pub(crate) async fn urgent(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromForm(asked): FromForm<Urgent>,
) -> Result<Response, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::BreakGlass).map_err(|_| PageError::Forbidden)?;
    // Before anybody is looked up: what is refused afterwards tells by its words whether the number is known.
    match app.desk.may_break_glass(&viewer.scope, &asked.reason).await {
        Ok(()) => {}
        Err(DeskError::Invalid { field: "reason" | "count", .. }) => {
            let words = l.t("coverage-urgent-refused");
            return Ok(page(&pages, &viewer, not_looked_up("refused"), Some(words)).await?.into_response());
        }
        Err(error) => return Err(PageError::desk(error)),
    }
    let number = match number(&asked.code) {
        Ok(number) => number,
        Err(error) => {
            let words = format!("{error} {}", error.remedy());
            return Ok(page(&pages, &viewer, not_looked_up("code"), Some(words)).await?.into_response());
        }
    };
    if let Some(words) = too_many(&pages, l, &viewer) {
        return Ok(page(&pages, &viewer, not_looked_up("limit"), Some(words)).await?.into_response());
    }
    let snapshot = pages.serving.current(app).await?;
    let (_, person) = look_up(&snapshot, number).await?;
    let Some(known) = person else {
        // Counts as one of the openings of the day.
        let nobody = not_looked_up(URGENT_LOOK_UP).run(&snapshot.run);
        return Ok(page(&pages, &viewer, nobody, Some(l.t("coverage-find-none"))).await?.into_response());
    };
    if !viewer.scope.sees(known.commune.as_ref()) {
        let new = NewBreakGlass { person: known.id, commune: known.commune, reason: asked.reason, client_tx: asked.number };
        if let Err(error) = app.desk.break_glass(&viewer.scope, new).await {
            // Somebody was found, so the answer tells something: it costs as much as finding nobody does.
            let looked_up = not_looked_up(URGENT_LOOK_UP).run(&snapshot.run);
            if matches!(error, DeskError::Invalid { field: "reason" | "count", .. }) {
                return Ok(page(&pages, &viewer, looked_up, Some(l.t("coverage-urgent-refused"))).await?.into_response());
            }
            app.audit(&viewer, looked_up).await?;
            return Err(PageError::desk(error));
        }
    }
    Ok(back(&format!("/nguoi/{}", known.id)))
}

/// Which opening is over.
#[derive(Debug, Deserialize)]
pub(crate) struct Over {
    #[serde(rename = "lan", default)]
    id: String,
}

/// `POST /tim-nguoi/khan-cap/thoi`: ends one's own opening.
pub(crate) async fn end_urgent(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromForm(over): FromForm<Over>,
) -> Result<Response, PageError> {
    pages.app.desk.close_glass(&viewer.scope, &over.id).await.map_err(PageError::desk)?;
    Ok(back(FIND))
}

/// The event of a search that led to nobody, with why or by what.
fn not_looked_up(field: &'static str) -> ReadEvent {
    ReadEvent::new(AuditAction::SearchPeople, "person").word("field", field).count("rows", 0)
}

/// Counts a look-up; what is said when it is one too many.
fn too_many(pages: &Pages, l: Locale, viewer: &Viewer) -> Option<String> {
    let may = pages.looked_up.may_user(&viewer.scope.actor.0, (pages.app.clock)(), LOOK_UPS_A_MINUTE);
    (!may).then(|| l.t_args("coverage-find-too-many", &[("most", i64::from(LOOK_UPS_A_MINUTE).into())]))
}

/// The book's number of a person, and where they live.
struct Found {
    id: i64,
    commune: Option<CommuneCode>,
}

/// Which field the number is, and the person it belongs to.
async fn look_up(snapshot: &Snapshot, number: Number) -> Result<(&'static str, Option<Found>), PageError> {
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
    let known = match person {
        Some(id) => {
            let known = person_data::person(&snapshot.session, id).await.map_err(inner)?;
            known.map(|known| Found { id, commune: known.commune })
        }
        None => None,
    };
    Ok((field, known))
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
    let mut body = SafeHtml::concat([note.unwrap_or_default(), Panel::new(l.t("coverage-find-panel"), fields(l)).html()]);
    // Whoever sees the whole city has nobody outside of it.
    if viewer.scope.area != base::Area::City && desk::may(&viewer.scope, Permission::BreakGlass) {
        body.push(Panel::new(l.t("coverage-urgent-title"), urgent_fields(app, l, viewer)).html());
    }
    page.body = body;
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

fn urgent_fields(app: &App, l: Locale, viewer: &Viewer) -> SafeHtml {
    let code = Field { autocomplete: Some("off".into()), ..Field::new("ma-khan-cap", l.t("coverage-find-code"), Control::Text) };
    let form = Form {
        action: URGENT.into(),
        reads: false,
        hidden: vec![("so".into(), app.form_number(viewer, "urgent"))],
        body: SafeHtml::concat([
            code.html(l),
            Field::new("ly-do", l.t("coverage-urgent-reason"), Control::Lines).hint(l.t("coverage-urgent-reason-hint")).html(l),
        ]),
        buttons: vec![Button::submit(l.t("coverage-urgent-go"), ButtonKind::Danger)],
    };
    paragraph(SafeHtml::text(&l.t("coverage-urgent-about"))).then(form.html())
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
