//! The steps of an active audit and of its minutes that an auditor writes down with their days: the form, and what it sent.

use base::Date;
use chapter::{App, PageError, Returned, Viewer, typed_day};
use desk::{NewReviewStep, ReviewCase, ReviewState, ReviewStepKind};
use web::component::{Button, ButtonKind, Choice, Control, Field, Panel, paragraph};
use web::{Locale, SafeHtml, tag};

use super::act::Wrong;
use super::{Audit, clock_page, forms, words};
use crate::clocks::{self, Clock, Start};

/// Word of the change.
const STEP: &str = "buoc";
/// Field of the day.
const DAY: &str = "ngay-buoc";

/// The form; nothing of a case that has ended.
pub(super) fn panel(audit: &Audit, l: Locale, viewer: &Viewer, case: &ReviewCase, returned: &Returned) -> SafeHtml {
    if matches!(case.state, ReviewState::Final | ReviewState::Closed) {
        return SafeHtml::default();
    }
    let kinds = ReviewStepKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), name(l, *kind), false)).collect();
    let fields = [
        Field::new("buoc", l.t("claims-step"), Control::Select(kinds)),
        Field::new(DAY, l.t("claims-step-day"), Control::Date).value(words::typed(audit.app.today())),
        Field::new("ghi-chu-buoc", l.t("claims-step-note"), Control::Lines).hint(l.t("claims-step-note-hint")).optional(),
    ];
    let fields = SafeHtml::concat(fields.map(|field| returned.fill(STEP, field).html(l)));
    let body = paragraph(SafeHtml::text(&l.t("claims-step-what"))).then(fields);
    let save = Button::submit(l.t("claims-step-save"), ButtonKind::Default).busy(l.t("claims-saving"));
    let form = forms::form(audit, viewer, case, STEP, body, save);
    let head = tag("summary").text(&l.t("claims-step-title"));
    let inner = tag("details").flag("open", returned.is(STEP)).child(head).child(form).html();
    Panel { body: inner, ..Panel::default() }.id("giam-dinh-chu-dong").html()
}

/// The step that a form sent, with the last day of the term that it begins by the law of its day. `field` gives the text of a field, cleaned.
pub(super) fn sent(app: &App, l: Locale, field: impl Fn(&str) -> String) -> Result<NewReviewStep, Wrong> {
    let kind = ReviewStepKind::from_word(&field("buoc")).ok_or_else(|| PageError::BadRequest(l.t("claims-wrong-form")))?;
    let day = typed_day(&field(DAY)).filter(|day| *day <= app.today());
    let day = day.ok_or_else(|| Wrong::Field(DAY.to_owned(), l.t("claims-wrong-step-day")))?;
    let due = match kind {
        ReviewStepKind::AuditNotice | ReviewStepKind::MinutesMade => last_day(app, clock_page::clock_of(kind), day)?,
        ReviewStepKind::FilesHanded | ReviewStepKind::MinutesSigned => None,
    };
    Ok(NewReviewStep { kind, day, due, note: Some(field("ghi-chu-buoc")).filter(|note| !note.is_empty()) })
}

fn last_day(app: &App, clock: Clock, day: Date) -> Result<Option<Date>, PageError> {
    let calendar = clock_page::calendar(app)?;
    let term = clocks::term(&app.law, &calendar, clock, Start::Day(day)).map_err(|e| PageError::inner(&e))?;
    Ok(term.and_then(|term| term.last()))
}

fn name(l: Locale, kind: ReviewStepKind) -> String {
    match kind {
        ReviewStepKind::AuditNotice => l.t("claims-step-audit-notice"),
        ReviewStepKind::FilesHanded => l.t("claims-step-files-handed"),
        ReviewStepKind::MinutesMade => l.t("claims-step-minutes-made"),
        ReviewStepKind::MinutesSigned => l.t("claims-step-minutes-signed"),
    }
}
