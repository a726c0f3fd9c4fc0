//! Working age (độ tuổi lao động) and retirement age (tuổi nghỉ hưu) on the last day of a period.

use std::collections::BTreeMap;

use base::{Date, Month};
use chapter::ChapterError;
use law::Law;
use law::calc::{Cx, RetireReason, RetirementInput, Sex, Silent, retirement};

use super::NAME;
use crate::tables::failed;

/// What age says of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Age {
    /// Below the lowest working age.
    pub(crate) under: bool,
    /// From the lowest working age to the age of retirement.
    pub(crate) working: bool,
    /// At the age of retirement or past it.
    pub(crate) past: bool,
}

/// Answers by birth month and sex: some 2,500 different ones for a whole city, so the law is asked once each.
pub(crate) struct Ages<'l> {
    law: &'l Law,
    end: Date,
    lowest: i32,
    reached: BTreeMap<(i32, bool), Month>,
}

impl<'l> Ages<'l> {
    /// Ages on the last day of a period.
    pub(crate) fn new(law: &'l Law, period: Month) -> Result<Self, ChapterError> {
        let end = period.last_day();
        let cx = Cx::new(law, Silent);
        let lowest = cx.quiet_int("labour.working_age_years", end, None).map_err(|e| failed(NAME, "working age", &e))?;
        Ok(Self { law, end, lowest, reached: BTreeMap::new() })
    }

    /// What somebody's age is. Without a birth date nothing is said; without a sex only what holds for both.
    pub(crate) fn of(&mut self, born: Option<Date>, sex: Option<base::Sex>) -> Result<Age, ChapterError> {
        let Some(born) = born else { return Ok(Age::default()) };
        if born.age_on(self.end) < self.lowest {
            return Ok(Age { under: true, ..Age::default() });
        }
        let past = match sex {
            Some(sex) => [self.past(born, sex == base::Sex::Male)?; 2],
            None => [self.past(born, true)?, self.past(born, false)?],
        };
        Ok(Age { under: false, working: past == [false; 2], past: past == [true; 2] })
    }

    /// The age is reached at the end of its month (Nghị định 135/2020/NĐ-CP), which is the day looked at.
    fn past(&mut self, born: Date, male: bool) -> Result<bool, ChapterError> {
        let period = self.end.month();
        let key = (born.month().index(), male);
        if let Some(month) = self.reached.get(&key) {
            return Ok(*month <= period);
        }
        let sex = if male { Sex::Male } else { Sex::Female };
        let input = RetirementInput { birth_date: born.month().first_day(), sex, reason: RetireReason::Normal };
        let found = retirement(&mut Cx::new(self.law, Silent), &input).map_err(|e| failed(NAME, "retirement age", &e))?;
        self.reached.insert(key, found.age_month);
        Ok(found.age_month <= period)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::law;

    /// Table of law: in October 2026 men born to March 1965 and women born to October 1969 have reached the age.
    #[test]
    fn the_age_is_reached_at_the_end_of_its_month() {
        let law = law();
        let mut ages = Ages::new(&law, "2026-10".parse().unwrap()).unwrap();
        let mut said = |year, month, sex| {
            let age = ages.of(Some(Date::new(year, month, 15).unwrap()), sex).unwrap();
            if age.past {
                "past"
            } else if age.working {
                "working"
            } else if age.under {
                "under"
            } else {
                "between"
            }
        };
        let (man, woman) = (Some(base::Sex::Male), Some(base::Sex::Female));
        // 61 years 6 months for men and 57 years for women in 2026.
        assert_eq!([said(1965, 4, man), said(1965, 5, man)], ["past", "working"]);
        assert_eq!([said(1969, 10, woman), said(1969, 11, woman)], ["past", "working"]);
        // Of a person of unknown sex born in 1967 nothing is said.
        assert_eq!([said(1967, 1, None), said(1960, 1, None), said(1980, 1, None)], ["between", "past", "working"]);
        assert_eq!([said(2011, 10, man), said(2011, 11, man), said(2026, 1, woman)], ["working", "under", "under"]);
        assert_eq!(ages.of(None, man).unwrap(), Age::default());
    }
}
