//! Times as signatures write them.

/// Unix seconds of `2026-11-02T08:00:00`, with parts of a second and a zone or without; without a zone the time is that of Hà Nội.
pub(super) fn parse(text: &str) -> Option<i64> {
    let text = text.trim_ascii();
    let number = |from: usize, to: usize| -> Option<i64> {
        let digits = text.get(from..to)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let marks = [(4, '-'), (7, '-'), (10, 'T'), (13, ':'), (16, ':')];
    if marks.iter().any(|(at, mark)| text.get(*at..).is_none_or(|rest| !rest.starts_with(*mark))) {
        return None;
    }
    let whole = |number: i64| i32::try_from(number).ok();
    let date = base::Date::new(whole(number(0, 4)?)?, whole(number(5, 7)?)?, whole(number(8, 10)?)?).ok()?;
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut rest = text.get(19..)?;
    if let Some(fraction) = rest.strip_prefix('.') {
        rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    let zone = match rest.as_bytes() {
        [] => 7 * 3600,
        b"Z" => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] if [h1, h2, m1, m2].iter().all(|digit| digit.is_ascii_digit()) => {
            let two = |tens: &u8, ones: &u8| i64::from(tens - b'0') * 10 + i64::from(ones - b'0');
            let seconds = two(h1, h2) * 3600 + two(m1, m2) * 60;
            if *sign == b'-' { -seconds } else { seconds }
        }
        _ => return None,
    };
    Some(i64::from(date.days_since_epoch()) * 86_400 + hour * 3600 + minute * 60 + second - zone)
}
