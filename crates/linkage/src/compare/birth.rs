//! Birth dates: the usual slips, each a level of its own.

use crate::record::Record;

/// Level codes of the birth date.
pub(crate) mod code {
    pub(crate) const EXACT: u8 = 0;
    pub(crate) const SWAPPED: u8 = 1;
    pub(crate) const OTHER_YEAR: u8 = 2;
    pub(crate) const YEAR_ONLY: u8 = 3;
    pub(crate) const PART: u8 = 4;
    pub(crate) const NEAR: u8 = 5;
    pub(crate) const DIFFERENT: u8 = 6;
    pub(crate) const MISSING: u8 = 7;
}

/// The level on which two birth dates agree.
pub(crate) fn level(a: &Record, b: &Record) -> u8 {
    let (x, y) = (a.birth, b.birth);
    if x.is_none() || y.is_none() {
        return code::MISSING;
    }
    let years = x.year().abs_diff(y.year());
    if a.birth_from_id || b.birth_from_id {
        // A wrong digit in the number is counted there, not here too.
        return if years == 0 { code::YEAR_ONLY } else { code::MISSING };
    }
    if !x.has_day() || !y.has_day() {
        return match years {
            0 => code::YEAR_ONLY,
            1..=2 => code::NEAR,
            _ => code::DIFFERENT,
        };
    }
    let (same_day, same_month) = (x.day() == y.day(), x.month() == y.month());
    match years {
        0 if same_day && same_month => code::EXACT,
        0 if x.day() == y.month() && x.month() == y.day() => code::SWAPPED,
        0 if same_day || same_month => code::PART,
        _ if same_day && same_month && is_year_slip(x.year(), y.year()) => code::OTHER_YEAR,
        0..=2 => code::NEAR,
        _ => code::DIFFERENT,
    }
}

/// One digit wrong in the year, two swapped, or a declared age a year or two off.
fn is_year_slip(a: i32, b: i32) -> bool {
    let digits = |y: i32| [y / 1000, y / 100 % 10, y / 10 % 10, y % 10];
    let (p, q) = (digits(a), digits(b));
    let wrong: Vec<usize> = (0..4).filter(|i| p[*i] != q[*i]).collect();
    let swapped = wrong == [2, 3] && p[2] == q[3] && p[3] == q[2];
    wrong.len() == 1 || swapped || a.abs_diff(b) <= 2
}

#[cfg(test)]
mod tests {
    use crate::compare::tests::level;
    use crate::level::{FieldName, LevelName};

    #[test]
    fn each_slip_has_its_level() {
        let cases = [
            ("1980-03-07", "1980-03-07", LevelName::BirthExact),
            ("1980-03-07", "1980-07-03", LevelName::BirthSwapped),
            ("1968-05-20", "1966-05-20", LevelName::BirthOtherYear),
            ("1968-05-20", "1986-05-20", LevelName::BirthOtherYear),
            ("1999-05-20", "2000-05-20", LevelName::BirthOtherYear),
            ("1957", "1957-08-15", LevelName::BirthYearOnly),
            ("1957-01-01", "1957-08-15", LevelName::BirthYearOnly),
            ("1980-03-07", "1980-03-09", LevelName::BirthPart),
            ("1957", "1958-08-15", LevelName::BirthNear),
            ("1980-03-07", "1981-04-09", LevelName::BirthNear),
            ("1980-03-07", "1953-03-07", LevelName::BirthDifferent),
            ("1980-03-07", "", LevelName::BirthMissing),
        ];
        for (a, b, expected) in cases {
            assert_eq!(level(FieldName::Birth, &format!("|{a}|||"), &format!("|{b}|||")), expected, "{a} {b}");
        }
    }

    #[test]
    fn a_year_told_by_the_number_speaks_only_for_a_pair() {
        assert_eq!(level(FieldName::Birth, "|1985-08-15|||", "|||001185123456|"), LevelName::BirthYearOnly);
        assert_eq!(level(FieldName::Birth, "|1984-08-15|||", "|||001185123456|"), LevelName::BirthMissing);
    }
}
