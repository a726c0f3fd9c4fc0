//! Sums of money, numbers with decimals, counts, sexes.

use crate::cell::{Cell, whole};
use crate::reject::RejectReason;

/// Reads whole đồng. A dash is the zero of accounting formats; an empty cell is nothing, not zero.
///
/// Below zero only where `signed`: `-5.000`, `5.000-`, or in brackets.
pub(crate) fn dong(cell: &Cell<'_>, signed: bool) -> Result<Option<i64>, RejectReason> {
    let amount = match cell {
        Cell::Empty => return Ok(None),
        Cell::Number(number) => {
            // Sums worked out by formulas miss the whole đồng by a rounding error of the float.
            let nearest = number.round();
            if (number - nearest).abs() > 0.001 {
                return Err(RejectReason::NotWholeDong);
            }
            whole(nearest).ok_or(RejectReason::BadMoney)?
        }
        Cell::Text(text) => dong_text(text)?,
        Cell::Day(_) | Cell::Error => return Err(RejectReason::BadMoney),
    };
    if amount < 0 && !signed { Err(RejectReason::NegativeMoney) } else { Ok(Some(amount)) }
}

/// Reads money with decimals into whole thousandths of a đồng; what is finer is rounded, halves away from zero.
///
/// As in [`dong`] three digits behind a single mark are thousands, `12.500`; but no thousands are written `0.500` or `1234.500`.
pub(crate) fn amount(cell: &Cell<'_>, signed: bool) -> Result<Option<i64>, RejectReason> {
    let amount = match cell {
        Cell::Empty => return Ok(None),
        Cell::Number(number) => thousandths(*number).ok_or(RejectReason::BadMoney)?,
        Cell::Text(text) => {
            let money = money(text, true)?;
            let value = join_thousandths(&money.whole, &money.decimals).ok_or(RejectReason::BadMoney)?;
            money.sign * value
        }
        Cell::Day(_) | Cell::Error => return Err(RejectReason::BadMoney),
    };
    if amount < 0 && !signed { Err(RejectReason::NegativeMoney) } else { Ok(Some(amount)) }
}

/// Reads a number with decimals that is no money into whole thousandths; what is finer is rounded, halves away from zero.
///
/// A comma or a point divides off decimals, however many follow: `2.500` of a quantity is two and a half.
pub(crate) fn decimal(cell: &Cell<'_>, signed: bool) -> Result<Option<i64>, RejectReason> {
    let value = match cell {
        Cell::Empty => return Ok(None),
        Cell::Number(number) => thousandths(*number),
        Cell::Text(text) => decimal_text(text.trim()),
        Cell::Day(_) | Cell::Error => None,
    };
    value.filter(|value| *value >= 0 || signed).map(Some).ok_or(RejectReason::BadDecimal)
}

fn decimal_text(text: &str) -> Option<i64> {
    if matches!(text, "-" | "–") {
        return Some(0);
    }
    let text = text.strip_suffix('%').map_or(text, str::trim_end);
    let (text, sign) = text.strip_prefix(['-', '−']).map_or((text, 1), |rest| (rest, -1));
    let (whole, decimals) = text.split_once([',', '.']).unwrap_or((text, ""));
    join_thousandths(whole, decimals).map(|value| sign * value)
}

/// Whole thousandths of a number of a workbook.
fn thousandths(number: f64) -> Option<i64> {
    whole((number * 1_000.0).round())
}

/// Whole thousandths of the digits before and behind a decimal mark.
fn join_thousandths(whole: &str, decimals: &str) -> Option<i64> {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(decimals) {
        return None;
    }
    let kept: String = decimals.chars().chain("000".chars()).take(3).collect();
    let rounds_up = decimals.as_bytes().get(3).is_some_and(|digit| *digit >= b'5');
    let value: i64 = format!("{whole}{kept}").parse().ok()?;
    value.checked_add(i64::from(rounds_up))
}

/// Reads a whole number.
pub(crate) fn int(cell: &Cell<'_>) -> Result<Option<i64>, RejectReason> {
    match cell {
        Cell::Empty => Ok(None),
        Cell::Number(number) => whole(*number).map(Some).ok_or(RejectReason::BadNumber),
        Cell::Text(text) => text.trim().parse().map(Some).map_err(|_| RejectReason::BadNumber),
        Cell::Day(_) | Cell::Error => Err(RejectReason::BadNumber),
    }
}

/// Reads `Nam` or `Nữ` as `male` or `female`.
pub(crate) fn sex(text: &str) -> Option<&'static str> {
    match base::names::fold(text).trim() {
        "nam" | "trai" | "m" | "male" => Some("male"),
        "nu" | "gai" | "f" | "female" => Some("female"),
        _ => None,
    }
}

fn dong_text(text: &str) -> Result<i64, RejectReason> {
    let money = money(text, false)?;
    if !money.decimals.bytes().all(|b| b == b'0') {
        return Err(RejectReason::NotWholeDong);
    }
    money.whole.parse::<i64>().map(|amount| money.sign * amount).map_err(|_| RejectReason::BadMoney)
}

/// A sum of money taken apart.
struct Money {
    sign: i64,
    /// Digits before the decimals, without marks.
    whole: String,
    decimals: String,
}

/// Takes a written sum apart; `fine` where three decimals are written too, which then are what cannot be thousands.
fn money(text: &str, fine: bool) -> Result<Money, RejectReason> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    if matches!(text.as_str(), "-" | "–") {
        return Ok(Money { sign: 1, whole: "0".to_owned(), decimals: String::new() });
    }
    let (text, bracketed) = match text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => (inner.to_owned(), true),
        None => (text, false),
    };
    let text = ["vnđ", "vnd", "đồng", "đ", "₫"].iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or(&text);
    let minus = text.strip_prefix(['-', '−']).or_else(|| text.strip_suffix('-'));
    if bracketed && minus.is_some() {
        return Err(RejectReason::BadMoney);
    }
    let (text, sign) = if bracketed { (text, -1) } else { minus.map_or((text, 1), |rest| (rest, -1)) };
    let groups: Vec<&str> = text.split(['.', ',']).collect();
    if groups.iter().any(|g| g.is_empty() || !g.bytes().all(|b| b.is_ascii_digit())) {
        return Err(RejectReason::BadMoney);
    }
    let marks: Vec<char> = text.chars().filter(|c| matches!(c, '.' | ',')).collect();
    // The last mark divides off decimals when it differs from the others or no group of three follows.
    let last_differs = marks.len() >= 2 && marks[marks.len() - 1] != marks[0];
    let no_thousands = fine && marks.len() == 1 && (groups[0].len() > 3 || groups[0] == "0");
    let decimals = match (groups.as_slice(), marks.len()) {
        (_, 0) => "",
        ([_, last], _) if no_thousands => last,
        ([.., last], _) if last_differs || last.len() != 3 => last,
        _ => "",
    };
    let whole_groups = if decimals.is_empty() { &groups[..] } else { &groups[..groups.len() - 1] };
    let grouped = whole_groups.len() == 1 || (whole_groups[0].len() <= 3 && whole_groups[1..].iter().all(|g| g.len() == 3));
    let one_mark = marks.iter().take(whole_groups.len().saturating_sub(1)).all(|m| *m == marks[0]);
    if !grouped || !one_mark {
        return Err(RejectReason::BadMoney);
    }
    Ok(Money { sign, whole: whole_groups.concat(), decimals: decimals.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Result<Option<i64>, RejectReason> {
        dong(&Cell::Text(text.into()), false)
    }

    #[test]
    fn money_in_all_its_spellings() {
        for written in [
            "12500000",
            "12.500.000",
            "12,500,000",
            "12 500 000 đ",
            "12.500.000,00",
            "12,500,000.00",
            "12.500.000 VNĐ",
            "12500000,0",
        ] {
            assert_eq!(text(written), Ok(Some(12_500_000)), "{written}");
        }
        assert_eq!(text("-"), Ok(Some(0)));
        assert_eq!(dong(&Cell::Empty, false), Ok(None));
        assert_eq!(dong(&Cell::Number(12_499_999.999_999_998), false), Ok(Some(12_500_000)));
        assert_eq!(text("4.960"), Ok(Some(4_960)));
    }

    #[test]
    fn money_that_is_not_whole_or_not_money() {
        assert_eq!(text("1234,5"), Err(RejectReason::NotWholeDong));
        assert_eq!(dong(&Cell::Number(0.5), false), Err(RejectReason::NotWholeDong));
        assert_eq!(text("-5000"), Err(RejectReason::NegativeMoney));
        for bad in ["12 triệu", "1.2.3", "1.234,567.000", "1,,000", "12345678901234567890", "1.23456.000"] {
            assert_eq!(text(bad), Err(RejectReason::BadMoney), "{bad}");
        }
    }

    #[test]
    fn amounts_below_zero_where_the_layout_takes_them() {
        let signed = |text: &str| dong(&Cell::Text(text.into()), true);
        for written in ["-5.000", "(5.000)", "5.000-", "−5000", "(5.000 đ)", "(5,000.00)"] {
            assert_eq!(signed(written), Ok(Some(-5_000)), "{written}");
            assert_eq!(text(written), Err(RejectReason::NegativeMoney), "{written}");
        }
        assert_eq!(dong(&Cell::Number(-5_000.0), true), Ok(Some(-5_000)));
        for bad in ["(-5.000)", "--5", "()", "(5.000", "5.000)"] {
            assert_eq!(signed(bad), Err(RejectReason::BadMoney), "{bad}");
        }
    }

    #[test]
    fn amounts_keep_thousandths() {
        let read = |text: &str| amount(&Cell::Text(text.into()), false);
        for (written, want) in [
            ("1234567.5", 1_234_567_500),
            ("1.234.567,5", 1_234_567_500),
            ("1,234,567.50", 1_234_567_500),
            ("1234.567", 1_234_567),
            ("1234,567", 1_234_567),
            ("0.125", 125),
            ("12.500", 12_500_000),
            ("12500", 12_500_000),
            ("12500 đ", 12_500_000),
            ("0,1235", 124),
            ("-", 0),
        ] {
            assert_eq!(read(written), Ok(Some(want)), "{written}");
        }
        assert_eq!(amount(&Cell::Number(85_000.25), false), Ok(Some(85_000_250)));
        assert_eq!(amount(&Cell::Number(0.1 + 0.2), false), Ok(Some(300)));
        assert_eq!(amount(&Cell::Empty, false), Ok(None));
        assert_eq!(read("-5"), Err(RejectReason::NegativeMoney));
        assert_eq!(amount(&Cell::Text("(1.000,5)".into()), true), Ok(Some(-1_000_500)));
        for bad in ["năm nghìn", "1.2.3", "1,,5", "12345678901234567890", "1.234.5678.9"] {
            assert_eq!(read(bad), Err(RejectReason::BadMoney), "{bad}");
        }
        assert_eq!(amount(&Cell::Number(f64::NAN), false), Err(RejectReason::BadMoney));
    }

    #[test]
    fn a_single_mark_divides_off_decimals_of_other_numbers() {
        let read = |text: &str| decimal(&Cell::Text(text.into()), true);
        for (written, want) in
            [("6,42", 6_420), ("2.500", 2_500), ("19,49%", 19_490), ("-5,3", -5_300), ("12", 12_000), ("0.0005", 1), ("-", 0)]
        {
            assert_eq!(read(written), Ok(Some(want)), "{written}");
        }
        assert_eq!(decimal(&Cell::Number(6.428_571_4), false), Ok(Some(6_429)));
        assert_eq!(decimal(&Cell::Empty, false), Ok(None));
        for bad in ["1.234,5", "1.234.567", "cao", "6,4x", ",5", "--1"] {
            assert_eq!(read(bad), Err(RejectReason::BadDecimal), "{bad}");
        }
        assert_eq!(decimal(&Cell::Text("-5".into()), false), Err(RejectReason::BadDecimal));
    }

    #[test]
    fn counts_and_sexes() {
        assert_eq!(int(&Cell::Number(3.0)), Ok(Some(3)));
        assert_eq!(int(&Cell::Text("3a".into())), Err(RejectReason::BadNumber));
        assert_eq!((sex("Nữ"), sex("NAM"), sex("x")), (Some("female"), Some("male"), None));
    }
}
