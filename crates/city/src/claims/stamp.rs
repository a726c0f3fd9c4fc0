//! Moments as minutes since 1970, days as days since 1970, and how claim files write them.

use base::Date;

/// Minutes of a day.
pub const DAY: i64 = 1_440;

/// The moment of a day and a minute in it.
pub fn at(day: i32, minute: i64) -> i64 {
    i64::from(day) * DAY + minute
}

/// The day a moment lies in.
pub fn day_of(moment: i64) -> i32 {
    moment.div_euclid(DAY) as i32
}

/// The date of a day.
pub fn date(day: i32) -> Date {
    Date::from_days_since_epoch(day).unwrap_or_else(|| unreachable!("the city's days are of four-digit years"))
}

/// `20261005`.
pub fn day(day: i32) -> String {
    let date = date(day);
    format!("{:04}{:02}{:02}", date.year(), date.month_number(), date.day())
}

/// `202610050830`.
pub fn time(moment: i64) -> String {
    let minute = moment.rem_euclid(DAY);
    format!("{}{:02}{:02}", day(day_of(moment)), minute / 60, minute % 60)
}

/// Holidays that fall on the same day each year, as month and day.
const FIXED: [(i32, i32); 6] = [(1, 1), (4, 30), (5, 1), (9, 1), (9, 2), (11, 24)];
/// Other days off: Tết, Giỗ Tổ, days in lieu and swapped days.
const MOVING: [(i32, i32, i32); 19] = [
    (2026, 1, 2),
    (2026, 2, 16),
    (2026, 2, 17),
    (2026, 2, 18),
    (2026, 2, 19),
    (2026, 2, 20),
    (2026, 4, 27),
    (2026, 8, 31),
    (2027, 2, 4),
    (2027, 2, 5),
    (2027, 2, 8),
    (2027, 2, 9),
    (2027, 2, 10),
    (2027, 4, 16),
    (2027, 5, 3),
    (2027, 9, 3),
    (2028, 1, 26),
    (2028, 1, 27),
    (2028, 1, 28),
];

/// Whether facilities examine as usual on a day: Monday to Friday, but for holidays.
pub fn is_working(day: i32) -> bool {
    let date = date(day);
    let (month, of_month) = (date.month_number(), date.day());
    // 1 January 1970 was a Thursday.
    (day + 3).rem_euclid(7) < 5 && !FIXED.contains(&(month, of_month)) && !MOVING.contains(&(date.year(), month, of_month))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> i32 {
        text.parse::<Date>().unwrap().days_since_epoch()
    }

    #[test]
    fn moments_are_written_as_the_decisions_ask() {
        let moment = at(days("2026-10-05"), 8 * 60 + 30);
        assert_eq!(time(moment), "202610050830");
        assert_eq!((day(day_of(moment)), day_of(moment)), ("20261005".to_owned(), days("2026-10-05")));
    }

    #[test]
    fn weekends_and_holidays_are_off() {
        assert!(is_working(days("2026-10-05")) && is_working(days("2026-10-09")));
        assert!(!is_working(days("2026-10-10")) && !is_working(days("2026-10-11")) && !is_working(days("2026-09-02")));
    }
}
