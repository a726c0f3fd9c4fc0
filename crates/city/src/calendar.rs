//! Months as numbers and days in them; the calendar arithmetic of timelines.

use base::{Date, Sex};

/// A month as [`base::Month::index`]; timelines compare and step over many of them.
pub type MonthIndex = i32;

/// The month of 1 January 2026, the day for which ages are modelled.
pub const BASE: MonthIndex = 2026 * 12;

/// The month of a year and a number 1-12.
pub const fn month(year: i32, number: i32) -> MonthIndex {
    year * 12 + number - 1
}

/// Days of a month.
pub fn days_in(month: MonthIndex) -> i32 {
    let year = month.div_euclid(12);
    match month.rem_euclid(12) + 1 {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A day of a month; a day past its end is its last day.
pub fn day(month: MonthIndex, day: i32) -> Date {
    let day = day.clamp(1, days_in(month));
    Date::new(month.div_euclid(12), month.rem_euclid(12) + 1, day).unwrap_or_else(|_| unreachable!("the day is within its month"))
}

/// First day of a month.
pub fn first(month: MonthIndex) -> Date {
    day(month, 1)
}

/// Last day of a month.
pub fn last(month: MonthIndex) -> Date {
    day(month, 31)
}

/// The month a date lies in.
pub fn of(date: Date) -> MonthIndex {
    month(date.year(), date.month_number())
}

/// The school year a month belongs to, named by the year it starts in: it turns over in September.
pub fn school_year(month: MonthIndex) -> i32 {
    (month - 8).div_euclid(12)
}

/// The month after which somebody is taken to be past working age.
///
/// A round model age (men 61, women 57), not the law's table: the city needs plausible people only.
pub fn retires(birth: Date, sex: Sex) -> MonthIndex {
    let years = if sex == Sex::Male { 61 } else { 57 };
    of(birth) + 12 * years
}

/// Age of retirement under usual conditions in months by year, men and women (Bộ luật Lao động, Điều 169).
const RETIREMENT: [(i32, i32, i32); 6] =
    [(2025, 735, 680), (2026, 738, 684), (2027, 741, 688), (2028, 744, 692), (2029, 744, 696), (2030, 744, 700)];

/// Whether somebody has not reached the age of retirement by the end of a month, by the law of its year or by
/// that of the year before at its end.
pub fn of_working_age(birth: Date, sex: Sex, month: MonthIndex) -> bool {
    let year = month.div_euclid(12);
    let reached = |year: i32, by: MonthIndex| {
        let row = RETIREMENT.iter().rev().find(|(from, ..)| *from <= year).unwrap_or(&RETIREMENT[0]);
        of(birth) + if sex == Sex::Male { row.1 } else { row.2 } <= by
    };
    !reached(year, month) && !reached(year - 1, self::month(year - 1, 12))
}

/// `31/10/2026`, the form agencies write.
pub fn vietnamese(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month_number(), date.year())
}

/// `2026-10`, as in names of folders and files.
pub fn period(month: MonthIndex) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// `10/2026`.
pub fn vietnamese_month(month: MonthIndex) -> String {
    format!("{:02}/{:04}", month.rem_euclid(12) + 1, month.div_euclid(12))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn women_retire_at_fifty_seven_in_2026_and_men_at_sixty_one_and_a_half() {
        let of_age = |birth: &str, sex, number| of_working_age(birth.parse().unwrap(), sex, month(2026, number));
        assert!(of_age("1969-11-05", Sex::Female, 10) && !of_age("1969-10-31", Sex::Female, 10));
        assert!(of_age("1965-05-05", Sex::Male, 10) && !of_age("1965-04-30", Sex::Male, 10));
        // Whoever reached the age of 2025 within that year stays retired though the age rose since.
        assert!(!of_age("1969-04-30", Sex::Female, 1) && of_age("1969-05-01", Sex::Female, 1));
    }

    #[test]
    fn days_and_school_years() {
        assert_eq!(last(month(2028, 2)).to_string(), "2028-02-29");
        assert_eq!(last(month(2026, 2)).to_string(), "2026-02-28");
        assert_eq!(first(month(2026, 12)).to_string(), "2026-12-01");
        assert_eq!(school_year(month(2026, 8)), 2025);
        assert_eq!(school_year(month(2026, 9)), 2026);
        assert_eq!(school_year(month(2027, 1)), 2026);
        assert_eq!(vietnamese_month(month(2026, 10)), "10/2026");
    }
}
