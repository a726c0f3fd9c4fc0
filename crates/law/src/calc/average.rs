//! Average contribution base with past wages adjusted by the law's coefficients (mức bình quân tiền lương, thu nhập).
//!
//! Luật BHXH 41/2024/QH15 Điều 72, 73, 104; the table of coefficients is published for each year.

use base::{Date, Dong, Rate};
use rust_decimal::Decimal;

use super::cx::{Cx, decimal, over, plus, times};
use super::fault::CalcError;
use super::input::inputs;
use super::outcome::outcome;
use super::trace::{Trace, how};

inputs! {
    /// Months of one year with the same wage.
    pub struct WageSpell {
        year: i32, "Năm đóng" / "Year";
        months: i32, "Số tháng" / "Months";
        wage: Dong, "Tiền lương, thu nhập làm căn cứ đóng một tháng" / "Contribution base a month";
    }
}

inputs! {
    /// Input of [`average`].
    pub struct AverageInput {
        on: Date, "Ngày bắt đầu hưởng" / "First day of the benefit";
        spells: Vec<WageSpell>, "Quá trình đóng" / "Contribution record";
    }
}

outcome! {
    /// One line of the record, adjusted.
    pub struct AdjustedSpell {
        year: i32, "Năm đóng" / "Year";
        months: i32, "Số tháng" / "Months";
        coefficient: Rate, "Mức điều chỉnh" / "Coefficient";
        adjusted: Dong, "Tiền lương sau điều chỉnh" / "Adjusted wage";
    }
}

outcome! {
    /// The average.
    pub struct AverageOutcome amount average {
        months: i32, "Tổng số tháng đóng" / "Months in all";
        average: Dong, "Mức bình quân làm căn cứ tính" / "Average base";
        spells: Vec<AdjustedSpell>, "Từng giai đoạn" / "Each spell";
    }
}

/// The average over the whole time, for wages set by the employer and for voluntary incomes.
pub fn average<T: Trace>(cx: &mut Cx<'_, T>, input: &AverageInput) -> Result<AverageOutcome, CalcError> {
    let mut months = 0;
    let mut sum = Decimal::ZERO;
    let mut spells = Vec::with_capacity(input.spells.len());
    for spell in &input.spells {
        if !(1..=12).contains(&spell.months) || !(1960..=input.on.year()).contains(&spell.year) {
            return Err(CalcError::rule(
                "spells",
                "mỗi dòng là một năm đến năm hưởng, từ 1 đến 12 tháng",
                "each line is one year up to that of the benefit, with 1 to 12 months",
            ));
        }
        let coefficient = cx.rate("pension.wage_coefficient", input.on, Some(&spell.year.to_string()))?;
        let exact = times(decimal(spell.wage), coefficient.decimal())?;
        let adjusted = cx.round(exact, input.on)?;
        cx.step("Tiền lương sau điều chỉnh", "Adjusted wage", adjusted, how![(spell.wage), "×", coefficient]);
        sum = plus(sum, times(exact, Decimal::from(spell.months))?)?;
        months += spell.months;
        spells.push(AdjustedSpell { year: spell.year, months: spell.months, coefficient, adjusted });
    }
    if months == 0 {
        return Err(CalcError::rule("spells", "cần ít nhất một giai đoạn", "at least one spell is needed"));
    }
    let average = cx.round(over(sum, months)?, input.on)?;
    cx.step(
        "Mức bình quân làm căn cứ tính",
        "Average base",
        average,
        how![("tổng tiền lương sau điều chỉnh ÷" / "sum of adjusted wages ÷"), months, ("tháng" / "months"),],
    );
    Ok(AverageOutcome { months, average, spells })
}
