//! The one way numbers, money and dates are written on screens, in both languages.

use base::{Date, Dong, Month, Rate};

use crate::i18n::{Lang, Locale};

/// The real minus sign, U+2212; as wide as the plus sign and never broken off its number.
pub const MINUS: char = '\u{2212}';
const NO_BREAK_SPACE: char = '\u{a0}';

/// A share in hundredths of a percent: `Percent(9641)` is 96,41 %. Differences are in percentage points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Percent(pub i64);

impl Percent {
    /// Numerator over denominator, rounded half away from zero; `None` when nobody is counted (a
    /// denominator of 0 or less), because then there is no share at all.
    pub fn of(numerator: i64, denominator: i64) -> Option<Self> {
        if denominator <= 0 {
            return None;
        }
        let (n, d) = (i128::from(numerator) * 10_000, i128::from(denominator));
        let rounded = if n >= 0 { (2 * n + d) / (2 * d) } else { (2 * n - d) / (2 * d) };
        i64::try_from(rounded).ok().map(Self)
    }

    /// How far this share lies above another, in hundredths of a percentage point.
    pub fn above(self, other: Percent) -> Points {
        Points(self.0 - other.0)
    }

    /// The percentage for drawing, e.g. 96.41. Never for arithmetic that is shown.
    pub fn for_chart(self) -> f64 {
        self.0 as f64 / 100.0
    }
}

/// A difference of shares in hundredths of a percentage point (điểm phần trăm).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Points(pub i64);

/// `1.234.567` or `1,234,567`; negative with the real minus sign.
pub fn number(lang: Lang, value: i64) -> String {
    let separator = if lang == Lang::Vi { '.' } else { ',' };
    let digits = value.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 3);
    if value < 0 {
        out.push(MINUS);
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// `96,41%` or `96.41%`.
pub fn percent(lang: Lang, share: Percent) -> String {
    format!("{}%", percent_figure(lang, share))
}

/// `96,41` or `96.41`, for places where the unit stands apart.
pub fn percent_figure(lang: Lang, share: Percent) -> String {
    scaled(lang, share.0, 2, 2)
}

/// `+0,7 điểm`, `−0,72 điểm` or `+0.7 points`: always signed, rounded half away from zero to `decimals` (0-2).
pub fn points(lang: Lang, difference: Points, decimals: u32) -> String {
    let unit = if lang == Lang::Vi { "điểm" } else { "points" };
    format!("{}{NO_BREAK_SPACE}{unit}", points_figure(lang, difference, decimals))
}

/// `+0,7` or `−0.7`, without the unit.
pub fn points_figure(lang: Lang, difference: Points, decimals: u32) -> String {
    signed(scaled(lang, difference.0, 2, decimals))
}

/// The size of a difference without sign, as in "Chậm 0,2 điểm", where the word gives the direction.
pub fn points_size(lang: Lang, difference: Points, decimals: u32) -> String {
    points(lang, Points(difference.0.abs()), decimals).trim_start_matches('+').to_owned()
}

/// A number given in thousandths (the form scores are stored in), with sign: `+7,4`.
pub fn thousandths(lang: Lang, value: i64, decimals: u32) -> String {
    signed(scaled(lang, value, 3, decimals))
}

/// An exact rate: a share as `4,5%` with all its decimals, a multiple above one as `1,5`.
pub fn rate(lang: Lang, rate: Rate) -> String {
    let (mantissa, scale) = rate.parts();
    let share = mantissa.unsigned_abs() <= 10u128.pow(scale);
    let text = if share { Rate::from_parts(mantissa * 100, scale).to_string() } else { rate.to_string() };
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    let text = if lang == Lang::Vi { text.replace('.', ",") } else { text };
    let text = text.replace('-', &MINUS.to_string());
    if share { format!("{text}%") } else { text }
}

/// `1.234.567 đ` with a no-break space, or `1,234,567 VND`.
pub fn dong(lang: Lang, amount: Dong) -> String {
    let unit = if lang == Lang::Vi { "đ" } else { "VND" };
    format!("{}{NO_BREAK_SPACE}{unit}", number(lang, amount.get()))
}

/// `31/10/2026` or `31 Oct 2026`.
pub fn date(lang: Lang, day: Date) -> String {
    match lang {
        Lang::Vi => format!("{:02}/{:02}/{}", day.day(), day.month_number(), day.year()),
        Lang::En => format!("{} {} {}", day.day(), month_name(day.month_number(), 3), day.year()),
    }
}

/// `31/10` or `31 Oct`, for a strip within one year.
pub fn day_month(lang: Lang, day: Date) -> String {
    match lang {
        Lang::Vi => format!("{:02}/{:02}", day.day(), day.month_number()),
        Lang::En => format!("{} {}", day.day(), month_name(day.month_number(), 3)),
    }
}

/// `Tháng 10/2026` or `October 2026`.
pub fn month(lang: Lang, month: Month) -> String {
    match lang {
        Lang::Vi => format!("Tháng {:02}/{}", month.number(), month.year()),
        Lang::En => format!("{} {}", month_name(month.number(), 9), month.year()),
    }
}

/// `12/26` or `Dec 26`, the short form on the axis of a chart.
pub fn month_short(lang: Lang, month: Month) -> String {
    let year = month.year().rem_euclid(100);
    match lang {
        Lang::Vi => format!("{:02}/{year:02}", month.number()),
        Lang::En => format!("{} {year:02}", month_name(month.number(), 3)),
    }
}

/// A decimal for charts with a fixed number of decimals: `1.234,5`.
pub(crate) fn decimal(lang: Lang, value: f64, decimals: u32) -> String {
    let factor = 10f64.powi(decimals as i32);
    scaled(lang, (value * factor).round() as i64, decimals, decimals)
}

/// An integer of `scale` decimals written with `decimals` of them (at most `scale`).
fn scaled(lang: Lang, value: i64, scale: u32, decimals: u32) -> String {
    let decimals = decimals.min(scale);
    let drop = 10i128.pow(scale - decimals);
    let wide = i128::from(value);
    let kept = if wide >= 0 { (wide + drop / 2) / drop } else { (wide - drop / 2) / drop };
    let one = 10i128.pow(decimals);
    let whole = i64::try_from(kept.abs() / one).unwrap_or(i64::MAX);
    let mut out = String::new();
    if kept < 0 {
        out.push(MINUS);
    }
    out.push_str(&number(lang, whole));
    if decimals > 0 {
        out.push(if lang == Lang::Vi { ',' } else { '.' });
        out.push_str(&format!("{:0width$}", kept.abs() % one, width = decimals as usize));
    }
    out
}

fn signed(text: String) -> String {
    let is_zero = !text.chars().any(|c| matches!(c, '1'..='9'));
    if text.starts_with(MINUS) || is_zero { text } else { format!("+{text}") }
}

fn month_name(number: i32, letters: usize) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let name = usize::try_from(number - 1).ok().and_then(|at| NAMES.get(at)).copied().unwrap_or("");
    name.get(..letters).unwrap_or(name)
}

impl Locale<'_> {
    /// See [`number`].
    pub fn number(self, value: i64) -> String {
        number(self.lang(), value)
    }
    /// See [`percent`].
    pub fn percent(self, share: Percent) -> String {
        percent(self.lang(), share)
    }
    /// See [`percent_figure`].
    pub fn percent_figure(self, share: Percent) -> String {
        percent_figure(self.lang(), share)
    }
    /// See [`points`].
    pub fn points(self, difference: Points, decimals: u32) -> String {
        points(self.lang(), difference, decimals)
    }
    /// See [`points_figure`].
    pub fn points_figure(self, difference: Points, decimals: u32) -> String {
        points_figure(self.lang(), difference, decimals)
    }
    /// See [`points_size`].
    pub fn points_size(self, difference: Points, decimals: u32) -> String {
        points_size(self.lang(), difference, decimals)
    }
    /// See [`thousandths`].
    pub fn thousandths(self, value: i64, decimals: u32) -> String {
        thousandths(self.lang(), value, decimals)
    }
    /// See [`dong`].
    pub fn dong(self, amount: Dong) -> String {
        dong(self.lang(), amount)
    }
    /// See [`date`].
    pub fn date(self, day: Date) -> String {
        date(self.lang(), day)
    }
    /// See [`day_month`].
    pub fn day_month(self, day: Date) -> String {
        day_month(self.lang(), day)
    }
    /// See [`month`].
    pub fn month(self, value: Month) -> String {
        month(self.lang(), value)
    }
    /// See [`month_short`].
    pub fn month_short(self, value: Month) -> String {
        month_short(self.lang(), value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_both_languages() {
        let written = [0, 7, 999, 1_000, 1_234_567, -12_345].map(|n| (number(Lang::Vi, n), number(Lang::En, n)));
        let vi: Vec<_> = written.iter().map(|w| w.0.as_str()).collect();
        let en: Vec<_> = written.iter().map(|w| w.1.as_str()).collect();
        assert_eq!(vi, ["0", "7", "999", "1.000", "1.234.567", "\u{2212}12.345"]);
        assert_eq!(en, ["0", "7", "999", "1,000", "1,234,567", "\u{2212}12,345"]);
        assert_eq!(number(Lang::Vi, i64::MIN), "\u{2212}9.223.372.036.854.775.808");
    }

    #[test]
    fn shares_are_exact_and_rounded_once() {
        assert_eq!(Percent::of(8_494_812, 8_811_473), Some(Percent(9641)));
        assert_eq!(Percent::of(1, 0), None);
        assert_eq!(Percent::of(1, 3), Some(Percent(3333)));
        assert_eq!(Percent::of(2, 3), Some(Percent(6667)));
        assert_eq!(percent(Lang::Vi, Percent(9641)), "96,41%");
        assert_eq!(percent(Lang::En, Percent(9641)), "96.41%");
        assert_eq!(percent(Lang::Vi, Percent(5)), "0,05%");
    }

    #[test]
    fn differences_carry_their_sign() {
        let late = Percent(9636).above(Percent(9708));
        assert_eq!(points(Lang::Vi, late, 1), "\u{2212}0,7\u{a0}điểm");
        assert_eq!(points(Lang::En, Points(72), 2), "+0.72\u{a0}points");
        assert_eq!(points_size(Lang::Vi, late, 1), "0,7\u{a0}điểm");
        assert_eq!(points_figure(Lang::Vi, Points(-4), 1), "0,0", "a difference that rounds to nothing has no sign");
        assert_eq!(thousandths(Lang::Vi, 7_449, 1), "+7,4");
        assert_eq!(thousandths(Lang::Vi, -22_050, 1), "\u{2212}22,1");
    }

    #[test]
    fn money_and_dates() {
        assert_eq!(dong(Lang::Vi, Dong::new(1_234_567)), "1.234.567\u{a0}đ");
        assert_eq!(dong(Lang::En, Dong::new(1_234_567)), "1,234,567\u{a0}VND");
        let day: Date = "2026-10-31".parse().unwrap();
        assert_eq!((date(Lang::Vi, day), date(Lang::En, day)), ("31/10/2026".into(), "31 Oct 2026".into()));
        assert_eq!((day_month(Lang::Vi, day), day_month(Lang::En, day)), ("31/10".into(), "31 Oct".into()));
        assert_eq!((month(Lang::Vi, day.month()), month(Lang::En, day.month())), ("Tháng 10/2026".into(), "October 2026".into()));
        assert_eq!(month_short(Lang::Vi, day.month()), "10/26");
    }

    #[test]
    fn decimals_of_charts() {
        assert_eq!(decimal(Lang::Vi, 1234.56, 1), "1.234,6");
        assert_eq!(decimal(Lang::En, -0.04, 1), "0.0");
    }
}
