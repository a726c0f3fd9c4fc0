//! Clocks of the law about personal data: answering a person, telling the authority.

use base::Date;
use desk::RequestKind;
use law::Law;
use law::calc::{CalcError, Calendar, Cx, Silent};

/// Last days for an answer and for doing what is asked.
pub(crate) fn request(law: &Law, kind: RequestKind, received_on: Date) -> Result<(Date, Date), CalcError> {
    let mut cx = Cx::new(law, Silent);
    let answer = cx.int("privacy.request_answer_working_days", received_on, None)?;
    let answer = Calendar::read(&cx)?.working_days_after(received_on, answer)?;
    let days = cx.int("privacy.request_days", received_on, Some(kind.as_str()))?;
    Ok((answer, received_on.add_days(days).ok_or(CalcError::Money)?))
}

/// Hours until the authority has to be told, and the day until which the file of a breach is kept.
pub(crate) fn breach(law: &Law, found_on: Date) -> Result<(i64, Date), CalcError> {
    let mut cx = Cx::new(law, Silent);
    let hours = cx.int("privacy.breach_notice_hours", found_on, None)?;
    let years = cx.int("privacy.breach_keep_years", found_on, None)?;
    let (year, month, day) = (found_on.year() + years, found_on.month_number(), found_on.day());
    // 29 February has no day of its own in most years: the file is kept one day longer.
    let keep = Date::new(year, month, day).or_else(|_| Date::new(year, 3, 1)).map_err(|_| CalcError::Money)?;
    Ok((hours.into(), keep))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &str); 6] = [
        ("privacy/request_answer_working_days.yaml", include_str!("../../../law/privacy/request_answer_working_days.yaml")),
        ("privacy/request_days.yaml", include_str!("../../../law/privacy/request_days.yaml")),
        ("privacy/breach_notice_hours.yaml", include_str!("../../../law/privacy/breach_notice_hours.yaml")),
        ("privacy/breach_keep_years.yaml", include_str!("../../../law/privacy/breach_keep_years.yaml")),
        ("calendar/holidays.yaml", include_str!("../../../law/calendar/holidays.yaml")),
        ("calendar/makeup_days.yaml", include_str!("../../../law/calendar/makeup_days.yaml")),
    ];

    #[test]
    fn an_answer_counts_working_days_and_the_rest_plain_ones() {
        let law = Law::load(FILES).unwrap();
        let day = |text: &str| text.parse::<Date>().unwrap();
        // 27 November 2026 is a Friday: two working days after it is Tuesday.
        let told = |kind| request(&law, kind, day("2026-11-27")).unwrap();
        assert_eq!(told(RequestKind::View), (day("2026-12-01"), day("2026-12-07")));
        assert_eq!(told(RequestKind::Restrict).1, day("2026-12-12"));
        assert_eq!(told(RequestKind::Complain).1, day("2026-12-17"));
        assert!(request(&law, RequestKind::View, day("2025-12-31")).is_err(), "no clock before the law");
        for kind in RequestKind::ALL {
            assert!(request(&law, kind, day("2026-01-01")).is_ok(), "{kind:?}");
        }
    }

    #[test]
    fn a_breach_has_three_days_and_five_years() {
        let law = Law::load(FILES).unwrap();
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(breach(&law, day("2026-11-29")).unwrap(), (72, day("2031-11-29")));
        assert_eq!(breach(&law, day("2028-02-29")).unwrap().1, day("2033-03-01"));
    }
}
