//! Errors in birth dates and sex.

use base::{Date, Sex};

use crate::calendar;
use crate::errors::{Pattern, Profile};
use crate::random::Draw;

/// A birth date as a roster has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Birth {
    /// A full date, right or wrong.
    Day(Date),
    /// The year alone.
    Year(i32),
}

impl Birth {
    /// `31/10/1957` or `1957`.
    pub fn text(self) -> String {
        match self {
            Self::Day(date) => calendar::vietnamese(date),
            Self::Year(year) => format!("{year:04}"),
        }
    }
}

/// Writes a birth date as a roster has it.
pub fn write(profile: &Profile, record: Draw, birth: Date) -> Birth {
    let year = birth.year();
    // Old people's papers know the year only, and ages were told, not counted.
    let (year_only, declared) = match year {
        ..1960 => (600, 400),
        1960..1985 => (80, 100),
        _ => (25, 10),
    };
    if let Some(how) = profile.strikes_times(Pattern::YearOnly, record, year_only) {
        // The first of January is the usual stand-in for a day nobody knows.
        let january = calendar::first(calendar::month(year, 1));
        return if how.chance(50_000) { Birth::Year(year) } else { Birth::Day(january) };
    }
    let on = |year: i32, month: i32, day: i32| calendar::day(calendar::month(year, month), day);
    if birth.day() <= 12 && profile.strikes_times(Pattern::DayMonthSwapped, record, 250).is_some() {
        return Birth::Day(on(year, birth.day(), birth.month_number()));
    }
    if let Some(how) = profile.strikes(Pattern::YearDigit, record) {
        let last = (year % 10 + 1 + how.small(9)) % 10;
        return Birth::Day(on(year - year % 10 + last, birth.month_number(), birth.day()));
    }
    if let Some(how) = profile.strikes_times(Pattern::DeclaredAge, record, declared) {
        let years = 1 + how.small(2);
        let years = if how.of("sign").chance(50_000) { years } else { -years };
        return Birth::Day(on(year + years, birth.month_number(), birth.day()));
    }
    Birth::Day(birth)
}

/// Writes the sex as a roster has it: reversed or missing now and then.
pub fn write_sex(profile: &Profile, record: Draw, sex: Sex) -> &'static str {
    let (right, wrong) = if sex == Sex::Male { ("Nam", "Nữ") } else { ("Nữ", "Nam") };
    match profile.strikes(Pattern::SexWrong, record) {
        Some(how) if how.chance(30_000) => "",
        Some(_) => wrong,
        None => right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::Care;
    use crate::random::Random;

    #[test]
    fn the_old_are_known_by_year_more_often() {
        let profile = Profile::new("test", Care::Typical, 0).unwrap();
        let wrong = |birth: &str| {
            let birth: Date = birth.parse().unwrap();
            (0..20_000).filter(|n| write(&profile, Random::new(1).draw("r", *n), birth) != Birth::Day(birth)).count()
        };
        assert!((1_900..2_500).contains(&wrong("1950-06-20")), "{}", wrong("1950-06-20"));
        assert!((90..300).contains(&wrong("2015-06-20")), "{}", wrong("2015-06-20"));
    }

    #[test]
    fn days_and_months_change_places() {
        let profile =
            Profile::new("test", Care::Typical, 0).unwrap().with(Pattern::YearOnly, 0).with(Pattern::DayMonthSwapped, 100_000);
        let birth: Date = "1990-07-03".parse().unwrap();
        assert_eq!(write(&profile, Random::new(1).draw("r", 1), birth).text(), "07/03/1990");
    }
}
