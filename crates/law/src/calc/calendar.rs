//! Working days: weekends, public holidays and make-up days of the law (ngày làm việc, ngày nghỉ lễ, làm bù).

use base::Date;

use super::cx::Cx;
use super::fault::CalcError;
use super::trace::Trace;

/// The days off and the days worked instead, of the years a term can touch.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    holidays: Vec<Date>,
    makeup: Vec<Date>,
}

/// Years after the first that a term may reach into.
const YEARS: i32 = 2;

impl Calendar {
    /// The holidays known for the year of a day and the next ones.
    ///
    /// Each year's list is a value of its own in `calendar.holidays`. A year for which no list is known
    /// yet has only its weekends; the day it is published the term moves.
    pub fn read<T: Trace>(cx: &mut Cx<'_, T>, from: Date) -> Result<Self, CalcError> {
        let mut calendar = Self::default();
        for year in from.year()..=from.year() + YEARS {
            let first = Date::new(year, 1, 1).map_err(|_| CalcError::Money)?;
            for (key, days) in [("calendar.holidays", &mut calendar.holidays), ("calendar.makeup_days", &mut calendar.makeup)] {
                // An older list that still "holds" belongs to its own year: only days of this year are taken.
                days.extend(cx.dates(key, first.max(cx.first_day(key)?))?.iter().filter(|day| day.year() == year));
            }
        }
        Ok(calendar)
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

    /// The day on which so many working days after a day have passed; the day itself does not count.
    pub fn working_days_after(&self, day: Date, count: i32) -> Result<Date, CalcError> {
        self.count(day, count, |calendar, day| calendar.is_working(day))
    }

    /// The day on which so many days that are no holidays have passed; weekends count.
    pub fn days_without_holidays_after(&self, day: Date, count: i32) -> Result<Date, CalcError> {
        self.count(day, count, |calendar, day| !calendar.is_holiday(day))
    }

    /// Working days after one day up to another, that one included.
    pub fn working_days_between(&self, after: Date, to: Date) -> i32 {
        let days = after.days_until(to).max(0);
        (1..=days).filter_map(|n| after.add_days(n)).filter(|day| self.is_working(*day)).count().try_into().unwrap_or(i32::MAX)
    }

    pub(crate) fn count(&self, day: Date, count: i32, counts: impl Fn(&Self, Date) -> bool) -> Result<Date, CalcError> {
        let mut day = day;
        let mut left = count;
        while left > 0 {
            day = day.add_days(1).ok_or(CalcError::Money)?;
            left -= i32::from(counts(self, day));
        }
        Ok(day)
    }
}
