//! Working days: weekends, public holidays and make-up days of the law (ngày làm việc, ngày nghỉ lễ, làm bù).

use base::Date;

use super::cx::Cx;
use super::fault::CalcError;
use super::trace::{Trace, how};

/// The days off and the days worked instead, of every year whose list is known.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    holidays: Vec<Date>,
    makeup: Vec<Date>,
}

impl Calendar {
    /// All lists of the law: one value a year in `calendar.holidays` and `calendar.makeup_days`.
    pub fn read<T: Trace>(cx: &Cx<'_, T>) -> Result<Self, CalcError> {
        Ok(Self { holidays: cx.all_dates("calendar.holidays")?, makeup: cx.all_dates("calendar.makeup_days")? })
    }

    /// Puts the lists of the years that a term touched into the trace, and says which year has none yet.
    ///
    /// Such a year has only its weekends; the day its list is published, terms that reach into it move.
    pub fn note<T: Trace>(cx: &mut Cx<'_, T>, from: Date, to: Date) -> Result<(), CalcError> {
        const HOLIDAYS: &str = "calendar.holidays";
        for year in from.year()..=to.year() {
            let first = Date::new(year, 1, 1).map_err(|_| CalcError::Money)?;
            if first >= cx.first_day(HOLIDAYS)? && cx.since(HOLIDAYS, first)?.year() == year {
                cx.dates(HOLIDAYS, first)?;
                cx.dates("calendar.makeup_days", first)?;
            } else {
                cx.step(
                    "Chưa có lịch nghỉ lễ của năm",
                    "No list of holidays yet for the year",
                    first.month(),
                    how![
                        ("chỉ trừ thứ Bảy, Chủ nhật; thời hạn có thể lùi khi có lịch"
                            / "only weekends are left out; the term may move"),
                    ],
                );
            }
        }
        Ok(())
    }

    /// The calendar of a law, for whoever leaves no steps.
    pub fn of(law: &crate::Law) -> Result<Self, CalcError> {
        Self::read(&Cx::new(law, super::trace::Silent))
    }

    /// Whether the holidays of a year are known. Of other years only the weekends are left out.
    pub fn knows(&self, year: i32) -> bool {
        self.holidays.iter().any(|day| day.year() == year)
    }

    /// Whether offices work on a day.
    pub fn is_working(&self, day: Date) -> bool {
        if self.makeup.contains(&day) {
            return true;
        }
        // 1 January 1970 was a Thursday; Saturday and Sunday are 2 and 3 days after it.
        let weekend = matches!(day.days_since_epoch().rem_euclid(7), 2 | 3);
        !weekend && !self.holidays.contains(&day)
    }

    /// Whether a day is a public holiday.
    pub fn is_holiday(&self, day: Date) -> bool {
        self.holidays.contains(&day)
    }

    /// Working days after a day through another one: the first does not count, the last does. 0 when the last is not after the first; `None` when the
    /// holidays of a year that the term touches are not known.
    pub fn working_days_until(&self, first: Date, last: Date) -> Option<i64> {
        if last <= first {
            return Some(0);
        }
        if !(first.year()..=last.year()).all(|year| self.knows(year)) {
            return None;
        }
        let days = first.days_since_epoch() + 1..=last.days_since_epoch();
        let working = days.filter_map(Date::from_days_since_epoch).filter(|day| self.is_working(*day)).count();
        i64::try_from(working).ok()
    }

    /// The day on which so many working days after a day have passed; the day itself does not count.
    pub fn working_days_after(&self, day: Date, count: i32) -> Result<Date, CalcError> {
        let mut day = day;
        let mut left = count;
        while left > 0 {
            day = day.add_days(1).ok_or(CalcError::Money)?;
            left -= i32::from(self.is_working(day));
        }
        Ok(day)
    }
}
