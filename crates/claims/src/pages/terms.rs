//! The two terms of the audit that more than tell: until when an answer is waited for, and until when an appeal is taken.

use base::Date;
use chapter::{App, PageError, day_in_hanoi};
use desk::HistoryEvent;
use law::{Law, Value};
use web::component::Status;
use web::{Locale, SafeHtml};

use super::clock_page;
use crate::clocks::{self, Clock, Start};

/// Working days a facility has to answer.
pub(super) const ANSWER: &str = Clock::Answer.key();
/// Days a facility has to appeal; without a value as long as no text that was read names them.
const APPEAL: &str = Clock::Appeal.key();

/// The last day on which a facility answers what is sent today.
pub(super) fn answer_due(app: &App, today: Date) -> Result<Date, PageError> {
    let calendar = clock_page::calendar(app)?;
    let term = clocks::term(&app.law, &calendar, Clock::Answer, Start::Day(today)).map_err(|e| PageError::inner(&e))?;
    term.and_then(|term| term.last()).ok_or(PageError::Internal { code: "law_review_term" })
}

/// Working days that a facility has to answer, on a day.
pub(super) fn answer_days(app: &App, today: Date) -> Result<i32, PageError> {
    match app.law.at(ANSWER, today, None) {
        Ok(Some(Value::Int(days))) => Ok(*days),
        Ok(_) => Err(PageError::Internal { code: "law_review_term" }),
        Err(error) => Err(PageError::inner(&error)),
    }
}

/// How long a decision can be appealed against, as far as the law is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AppealTerm {
    /// Days from the day of the decision; none where no figure is known.
    days: Option<i32>,
    /// The last of them; none: an appeal is taken as long as the decision stands.
    pub(super) last: Option<Date>,
    /// Article and law.
    ground: String,
    /// Whether it is to be compared with the text before anybody relies on it.
    doubtful: bool,
}

impl AppealTerm {
    /// The term of a decision that took effect on a day.
    pub(super) fn of(law: &Law, decided: Date) -> Result<Self, PageError> {
        let shown = law.show(APPEAL, decided, None).map_err(|e| PageError::inner(&e))?;
        let wrong = PageError::Internal { code: "law_review_term" };
        let days = match shown.value {
            Some(Value::Int(days)) => Some(days),
            None => None,
            Some(_) => return Err(wrong),
        };
        let last = match days.map(|days| decided.add_days(days)) {
            Some(None) => return Err(wrong),
            last => last.flatten(),
        };
        Ok(Self { days, last, ground: shown.reference.to_string(), doubtful: shown.confidence.is_doubtful() })
    }

    /// The term of a case whose history has the decision; of one that was not decided, what would hold from today on.
    pub(super) fn of_case(app: &App, history: &[HistoryEvent]) -> Result<Self, PageError> {
        let decided = history.iter().rev().find(|event| event.what == "decided").map(|event| day_in_hanoi(event.at));
        Self::of(&app.law, decided.unwrap_or_else(|| app.today()))
    }

    /// Whether it is over on a day.
    pub(super) fn is_over(&self, today: Date) -> bool {
        self.last.is_some_and(|last| last < today)
    }

    /// Until when, by which law, and that it is to be compared with the text.
    pub(super) fn said(&self, l: Locale) -> SafeHtml {
        let ground = ("ground", self.ground.as_str().into());
        let words = match (self.days, self.last) {
            (Some(days), Some(last)) => {
                let last = l.date(last);
                l.t_args("claims-appeal-until", &[("n", i64::from(days).into()), ("day", last.as_str().into()), ground])
            }
            _ => l.t_args("claims-appeal-unknown", &[ground]),
        };
        let doubt = self.doubtful.then(|| SafeHtml::text(" ").then(Status::warn(l.t("claims-law-doubtful"))));
        SafeHtml::text(&words).then(doubt.unwrap_or_default())
    }

    /// The same in a letter, where its day is that of the decision. `vi` is the Vietnamese locale.
    pub(super) fn in_letter(&self, vi: Locale) -> String {
        let ground = ("ground", self.ground.as_str().into());
        match self.days {
            Some(days) if self.doubtful => vi.t_args("claims-letter-appeal-doubtful", &[("n", i64::from(days).into()), ground]),
            Some(days) => vi.t_args("claims-letter-appeal-days", &[("n", i64::from(days).into()), ground]),
            None => vi.t_args("claims-letter-appeal-unknown", &[ground]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn law(value: &str, confidence: &str) -> Law {
        let text = format!(
            "key: {APPEAL}\ndescription:\n  vi: Số ngày để cơ sở kiến nghị\n  en: Days in which a facility may appeal\nunit: days\nvalues:\n  \
             - from: 2025-08-15\n    value: {value}\n    reference:\n      law: Nghị định mẫu\n      article: Điều 51\n    confidence: {confidence}\n    \
             note: mẫu\n"
        );
        Law::load([("bhyt/review/appeal_days.yaml", text.as_str())]).unwrap()
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_term_that_is_known_ends_and_one_that_is_not_does_not() {
        let known = AppealTerm::of(&law("30", "V"), day("2026-11-10")).unwrap();
        assert_eq!((known.days, known.last, known.doubtful), (Some(30), Some(day("2026-12-10")), false));
        assert!(!known.is_over(day("2026-12-10")) && known.is_over(day("2026-12-11")));
        let unknown = AppealTerm::of(&law("null", "U"), day("2026-11-10")).unwrap();
        assert_eq!((unknown.days, unknown.last, unknown.doubtful), (None, None, true));
        assert!(!unknown.is_over(day("2099-01-01")));
        assert!(unknown.ground.contains("Điều 51"), "{}", unknown.ground);
    }
}
