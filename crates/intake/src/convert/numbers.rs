//! Sums of money, counts, sexes.

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
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    if matches!(text.as_str(), "-" | "–") {
        return Ok(0);
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
    let decimals = match (groups.as_slice(), marks.len()) {
        (_, 0) => "",
        ([.., last], _) if last_differs || last.len() != 3 => last,
        _ => "",
    };
    let whole_groups = if decimals.is_empty() { &groups[..] } else { &groups[..groups.len() - 1] };
    let grouped = whole_groups.len() == 1 || (whole_groups[0].len() <= 3 && whole_groups[1..].iter().all(|g| g.len() == 3));
    let one_mark = marks.iter().take(whole_groups.len().saturating_sub(1)).all(|m| *m == marks[0]);
    if !grouped || !one_mark {
        return Err(RejectReason::BadMoney);
    }
    if !decimals.bytes().all(|b| b == b'0') {
        return Err(RejectReason::NotWholeDong);
    }
    whole_groups.concat().parse::<i64>().map(|amount| sign * amount).map_err(|_| RejectReason::BadMoney)
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
    fn counts_and_sexes() {
        assert_eq!(int(&Cell::Number(3.0)), Ok(Some(3)));
        assert_eq!(int(&Cell::Text("3a".into())), Err(RejectReason::BadNumber));
        assert_eq!((sex("Nữ"), sex("NAM"), sex("x")), (Some("female"), Some("male"), None));
    }
}
