//! Coefficients and shares, as whole ten-thousandths: decimals that are exact without floats.

use crate::cell::Cell;
use crate::layout::Plain;
use crate::reject::RejectReason;

/// One, in ten-thousandths.
const ONE: i64 = 10_000;
/// No coefficient of a wage scale comes near; a sum of money in the wrong column lies far above.
const MAX_COEFFICIENT: i64 = 100 * ONE;
/// Decimals read before they are judged: what is finer than a ten-thousandth of a percent is refused.
const PLACES: usize = 6;
const SCALE: i64 = 1_000_000;

/// Reads a coefficient into ten-thousandths. A dash is the zero of accounting formats.
pub(crate) fn coefficient(cell: &Cell<'_>) -> Result<i64, RejectReason> {
    let millionths = match cell {
        Cell::Number(number) => from_float(*number),
        Cell::Text(text) => from_text(text.trim()),
        _ => None,
    };
    let value = millionths.and_then(|n| exactly(n, SCALE / ONE)).ok_or(RejectReason::BadCoefficient)?;
    if value <= MAX_COEFFICIENT { Ok(value) } else { Err(RejectReason::BadCoefficient) }
}

/// Reads a share into ten-thousandths of the whole.
///
/// A percent sign decides; without one the layout does, else the size: rates of insurance lie between
/// 0.3 % and 32 %, so that a number from 0.3 to 1 may be either.
pub(crate) fn share(cell: &Cell<'_>, plain: Option<Plain>) -> Result<i64, RejectReason> {
    const UNCLEAR_FROM: i64 = 300_000;
    let (millionths, sign) = match cell {
        Cell::Number(number) => (from_float(*number), None),
        Cell::Text(text) => {
            let text = text.trim();
            let signed = [('%', 100), ('‰', 1_000)].into_iter().find_map(|(sign, parts)| Some((text.strip_suffix(sign)?, parts)));
            signed.map_or((from_text(text), None), |(number, parts)| (from_text(number.trim_end()), Some(parts)))
        }
        _ => (None, None),
    };
    let millionths = millionths.ok_or(RejectReason::BadShare)?;
    let parts = match (sign, plain) {
        (Some(parts), _) => parts,
        (None, Some(Plain::Percent)) => 100,
        (None, Some(Plain::Fraction)) => 1,
        (None, None) if millionths > SCALE => 100,
        (None, None) if millionths < UNCLEAR_FROM => 1,
        (None, None) => return Err(RejectReason::UnclearShare),
    };
    let value = exactly(millionths, parts * (SCALE / ONE)).ok_or(RejectReason::BadShare)?;
    if value <= ONE { Ok(value) } else { Err(RejectReason::BadShare) }
}

/// The quotient when nothing is left over.
fn exactly(value: i64, by: i64) -> Option<i64> {
    (value % by == 0).then_some(value / by)
}

/// Millionths of a decimal with a comma or a point, not below zero.
fn from_text(text: &str) -> Option<i64> {
    if matches!(text, "-" | "–") {
        return Some(0);
    }
    let (whole, decimals) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let decimals = decimals.trim_end_matches('0');
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || !digits(whole) || !digits(decimals) || decimals.len() > PLACES {
        return None;
    }
    format!("{whole}{decimals:0<PLACES$}").parse().ok()
}

/// Millionths of a number of a workbook; what formulas add as rounding errors is left out.
fn from_float(number: f64) -> Option<i64> {
    let scaled = number * SCALE as f64;
    let nearest = scaled.round();
    ((scaled - nearest).abs() < 0.01 && (0.0..1e15).contains(&nearest)).then_some(nearest as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell<'_> {
        Cell::Text(text.into())
    }

    #[test]
    fn coefficients_with_comma_or_point() {
        for (written, want) in [("2,34", 23_400), ("2.34", 23_400), ("4,9800", 49_800), ("3", 30_000), ("-", 0), (" 0,1 ", 1_000)]
        {
            assert_eq!(coefficient(&text(written)), Ok(want), "{written}");
        }
        // 1.86 + 0.33 as a formula gives it.
        assert_eq!(coefficient(&Cell::Number(2.190_000_000_000_000_4)), Ok(21_900));
    }

    #[test]
    fn money_words_and_too_many_decimals_are_no_coefficients() {
        for bad in ["8.500.000", "8500000", "2,34567", "bậc 3", "-2,34", ",5", "2,3,4", "2.34x", "1e3"] {
            assert_eq!(coefficient(&text(bad)), Err(RejectReason::BadCoefficient), "{bad}");
        }
        assert_eq!(coefficient(&Cell::Number(2.345_67)), Err(RejectReason::BadCoefficient));
        assert_eq!(coefficient(&Cell::Number(-1.0)), Err(RejectReason::BadCoefficient));
        assert_eq!(coefficient(&Cell::Number(f64::NAN)), Err(RejectReason::BadCoefficient));
    }

    #[test]
    fn shares_in_percent_and_as_fractions() {
        for (written, want) in [
            ("4,5%", 450),
            ("4.5 %", 450),
            ("0,045", 450),
            ("4.5", 450),
            ("32", 3_200),
            ("100%", 10_000),
            ("0,3%", 30),
            ("5‰", 50),
            ("0", 0),
        ] {
            assert_eq!(share(&text(written), None), Ok(want), "{written}");
        }
        assert_eq!(share(&Cell::Number(0.045), None), Ok(450));
        assert_eq!(share(&Cell::Number(0.105_000_000_000_000_01), None), Ok(1_050));
    }

    #[test]
    fn what_may_be_percent_or_fraction_is_for_the_layout_to_say() {
        for written in ["0,5", "1", "0.3"] {
            assert_eq!(share(&text(written), None), Err(RejectReason::UnclearShare), "{written}");
        }
        assert_eq!(share(&text("0,5"), Some(Plain::Percent)), Ok(50));
        assert_eq!(share(&text("0,5"), Some(Plain::Fraction)), Ok(5_000));
        assert_eq!(share(&text("0,5%"), Some(Plain::Fraction)), Ok(50));
        for bad in ["101%", "một nửa", "4,55555%", "-5%", "%"] {
            assert_eq!(share(&text(bad), None), Err(RejectReason::BadShare), "{bad}");
        }
        assert_eq!(share(&text("4,5"), Some(Plain::Fraction)), Err(RejectReason::BadShare));
    }
}
