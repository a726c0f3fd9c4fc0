//! Times and days as the files write them.

use base::Date;

/// A moment to the minute: `yyyyMMddHHmm`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The day.
    pub day: Date,
    /// Minutes since midnight.
    pub minute: u16,
}

impl Moment {
    /// Minutes since 1970-01-01 00:00 of the same zone.
    pub fn minutes(self) -> i64 {
        i64::from(self.day.days_since_epoch()) * 1440 + i64::from(self.minute)
    }
}

/// Reads `yyyyMMddHHmm`; `None` when it is anything else or no such moment exists.
pub fn parse_time(text: &str) -> Option<Moment> {
    let bytes = text.as_bytes();
    if bytes.len() != 12 {
        return None;
    }
    let day = parse_day(text.get(..8)?)?;
    let (hour, minute) = (digits(&bytes[8..10])?, digits(&bytes[10..12])?);
    (hour < 24 && minute < 60).then_some(Moment { day, minute: (hour * 60 + minute).try_into().ok()? })
}

/// Reads `yyyyMMdd`; `None` when it is anything else or no such day exists.
pub fn parse_day(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    if bytes.len() != 8 {
        return None;
    }
    Date::new(digits(&bytes[..4])?, digits(&bytes[4..6])?, digits(&bytes[6..8])?).ok()
}

/// A birth time: 12 digits (time and even month and day may be 0000), or 8 digits or the year alone as older files have it.
///
/// The year, and the day when it is told.
pub fn parse_birth(text: &str) -> Option<(i32, Option<Date>)> {
    let bytes = text.as_bytes();
    if !matches!(bytes.len(), 4 | 8 | 12) || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let year = digits(&bytes[..4]).filter(|year| (1850..=2200).contains(year))?;
    if bytes.len() == 4 || &bytes[4..8] == b"0000" {
        return Some((year, None));
    }
    if bytes.len() == 12 && (digits(&bytes[8..10])? > 23 || digits(&bytes[10..12])? > 59) {
        return None;
    }
    parse_day(&text[..8]).map(|day| (year, Some(day)))
}

fn digits(bytes: &[u8]) -> Option<i32> {
    bytes.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i32::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_days_exist_or_are_refused() {
        assert_eq!(parse_time("202610050830").unwrap().minute, 510);
        assert_eq!(parse_time("197001020001").unwrap().minutes(), 1441);
        for text in [
            "",
            "20261005",
            "202610052400",
            "202610050860",
            "202613050830",
            "202602300000",
            "2026-10-0508",
            "２０２６１００５０８３０",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
        assert!(parse_day("20260229").is_none() && parse_day("20280229").is_some());
    }

    #[test]
    fn births_may_be_known_by_year() {
        assert_eq!(parse_birth("196600000000"), Some((1966, None)));
        assert_eq!(parse_birth("1966"), Some((1966, None)));
        assert_eq!(parse_birth("19660102"), Some((1966, Date::new(1966, 1, 2).ok())));
        assert_eq!(parse_birth("202610050830").map(|b| b.0), Some(2026));
        for text in ["", "0000", "196613010000", "19660000000", "196601012500", "abcd"] {
            assert_eq!(parse_birth(text), None, "{text}");
        }
    }
}
