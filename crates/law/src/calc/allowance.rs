//! Monthly allowance before the age of social pension (Điều 23). Nghị định 158/2025/NĐ-CP Điều 22-25.

use base::{Date, Dong, Month};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::cx::{Cx, decimal, over, times};
use super::fault::CalcError;
use super::input::inputs;
use super::outcome::outcome;
use super::pension::{half_years, halves};
use super::support::rate;
use super::trace::{Trace, how};

inputs! {
    /// Input of [`allowance`].
    pub struct AllowanceInput {
        on: Date, "Ngày đề nghị" / "Day of the request";
        birth_date: Date, "Ngày sinh" / "Birth date";
        average: Dong, "Mức bình quân tiền lương, thu nhập làm căn cứ đóng" / "Average contribution base";
        months: i32, "Số tháng đã đóng BHXH" / "Months contributed";
        poor: bool = false, "Thuộc hộ nghèo, hộ cận nghèo" / "Poor or near-poor household";
    }
}

outcome! {
    /// The allowance.
    pub struct AllowanceOutcome amount monthly {
        months_to_age: i32, "Số tháng đến tuổi hưởng trợ cấp hưu trí xã hội" / "Months until the social pension";
        months_paid: i32, "Số tháng được hưởng" / "Months paid";
        monthly: Dong, "Mức hưởng hằng tháng" / "Amount a month";
        bridge_months: i32, "Số tháng còn thiếu có thể đóng một lần" / "Months missing that may be bridged";
        bridge: Dong, "Số tiền đóng một lần để hưởng đủ" / "Payment that bridges them";
    }
}

/// Months and amount that a person's own contributions buy, up to the age of social pension.
pub fn allowance<T: Trace>(cx: &mut Cx<'_, T>, input: &AllowanceInput) -> Result<AllowanceOutcome, CalcError> {
    let on = input.on;
    let level = cx.dong("social_pension.amount", on, None)?;
    let household = if input.poor { "poor" } else { "general" };
    let age = cx.int("social_pension.age_years", on, Some(household))?;
    let months_to_age = Month::of(on).months_until(Month::of(input.birth_date).plus(age * 12)).max(0);
    let factor = cx.rate("allowance23.factor", on, None)?;
    // A year is worth so many averages; odd months are half a year or a whole one (Nghị định 158/2025 Điều 23).
    let half_years = half_years(cx, on, input.months)?;
    let worth = over(times(times(decimal(input.average), factor.decimal())?, Decimal::from(half_years))?, 2)?;
    let bought = worth.checked_div(decimal(level)).ok_or(CalcError::Money)?.ceil();
    let bought = bought.to_i32().ok_or(CalcError::Money)?;
    cx.step(
        "Số tháng hưởng theo thời gian đóng",
        "Months bought by contributions",
        bought,
        how![factor, "×", (input.average), "×", (halves(half_years)), "÷", level,],
    );
    let (months_paid, monthly, bridge_months) = if bought < months_to_age {
        (bought, level, months_to_age - bought)
    } else if months_to_age == 0 {
        (0, Dong::ZERO, 0)
    } else {
        let share = over(Decimal::from(bought), months_to_age)?;
        (months_to_age, cx.round(times(decimal(level), share)?, on)?, 0)
    };
    let bridge = level.times(i64::from(bridge_months))?;
    let months_words = rate(Decimal::from(months_to_age));
    cx.step(
        "Mức hưởng hằng tháng",
        "Amount a month",
        monthly,
        how![level, ("trong" / "for"), months_paid, ("tháng; đến tuổi còn" / "months; until the age"), months_words],
    );
    Ok(AllowanceOutcome { months_to_age, months_paid, monthly, bridge_months, bridge })
}
