//! Terms of the audit, by the law as it stands: working days of the facility's answer.

use base::Date;
use chapter::{App, PageError};
use law::Value;
use law::calc::Calendar;

/// Working days a facility has to answer.
pub(super) const ANSWER: &str = "bhyt.review.answer_working_days";

/// The last day on which a facility answers what is sent today.
pub(super) fn answer_due(app: &App, today: Date) -> Result<Date, PageError> {
    let days = answer_days(app, today)?;
    let calendar = Calendar::of(&app.law).map_err(|e| PageError::inner(&e))?;
    calendar.working_days_after(today, days).map_err(|e| PageError::inner(&e))
}

/// Working days that a facility has to answer, on a day.
pub(super) fn answer_days(app: &App, today: Date) -> Result<i32, PageError> {
    match app.law.at(ANSWER, today, None) {
        Ok(Some(Value::Int(days))) => Ok(*days),
        Ok(_) => Err(PageError::Internal { code: "law_review_term" }),
        Err(error) => Err(PageError::inner(&error)),
    }
}
