//! When somebody reaches retirement age (tuổi nghỉ hưu). Bộ luật Lao động Điều 169; Nghị định 135/2020/NĐ-CP.

use base::{Date, Month};

use super::cx::Cx;
use super::fault::CalcError;
use super::input::{choices, inputs};
use super::outcome::outcome;
use super::trace::{Trace, how};
use super::words::Sex;

choices! {
    /// Conditions under which age counts (điều kiện nghỉ hưu).
    pub enum RetireReason {
        Normal = "normal", "Điều kiện lao động bình thường" / "Normal working conditions";
        Heavy = "heavy", "Làm nghề, công việc nặng nhọc, độc hại, nguy hiểm hoặc ở vùng đặc biệt khó khăn đủ 15 năm" / "15 years of heavy, toxic or dangerous work, or in specially difficult regions";
        Coal = "coal", "Khai thác than trong hầm lò đủ 15 năm" / "15 years of underground coal mining";
        Reduced61 = "reduced_61", "Suy giảm khả năng lao động từ 61 % đến dưới 81 %" / "Capacity reduced by 61 to under 81 %";
        Reduced81 = "reduced_81", "Suy giảm khả năng lao động từ 81 %" / "Capacity reduced by 81 % or more";
    }
}

inputs! {
    /// Input of [`retirement`].
    pub struct RetirementInput {
        birth_date: Date, "Ngày sinh (chỉ biết năm: ghi 01/01)" / "Birth date (1 January when only the year is known)";
        sex: Sex, "Giới tính" / "Sex";
        reason: RetireReason = RetireReason::Normal, "Điều kiện" / "Conditions";
    }
}

outcome! {
    /// Age and months.
    pub struct RetirementOutcome {
        age_months: i32, "Tuổi nghỉ hưu (tháng)" / "Retirement age (months)";
        age_month: Month, "Tháng đủ tuổi nghỉ hưu" / "Month in which the age is reached";
        pension_from: Date, "Hưởng lương hưu từ" / "Pension from";
        earliest_month: Month, "Tháng sớm nhất có thể nghỉ" / "Earliest month of retiring";
    }
}

/// The month in which the age is reached: the earliest year whose age, added to the month of birth, lies in it.
pub fn retirement<T: Trace>(cx: &mut Cx<'_, T>, input: &RetirementInput) -> Result<RetirementOutcome, CalcError> {
    let born = input.birth_date.month();
    let (age_months, age_month) = reached(cx, input, 0)?;
    cx.step(
        "Tháng đủ tuổi nghỉ hưu",
        "Month in which the age is reached",
        age_month,
        how![born, "+", age_months, ("tháng" / "months"),],
    );
    let mut earliest_month = age_month;
    if input.reason != RetireReason::Normal {
        // The lower age is that of the year in which it is reached itself, not years before the normal month.
        let lower = cx.int("retirement.early_months", age_month.first_day(), Some(input.reason.code()))?;
        let (age, month) = reached(cx, input, lower)?;
        earliest_month = month;
        cx.step(
            "Tháng sớm nhất có thể nghỉ",
            "Earliest month of retiring",
            earliest_month,
            how![born, "+", age, ("tháng; thấp hơn" / "months; lower by"), lower,],
        );
    }
    let pension_from = age_month.next().first_day();
    cx.step("Hưởng lương hưu từ ngày 01 tháng sau", "Pension from the first of the next month", pension_from, how![age_month]);
    Ok(RetirementOutcome { age_months, age_month, pension_from, earliest_month })
}

/// The age, lower by some months, and the month in which it is reached: the earliest fitting row of the table.
fn reached<T: Trace>(cx: &mut Cx<'_, T>, input: &RetirementInput, lower: i32) -> Result<(i32, Month), CalcError> {
    const KEY: &str = "bhxh.retirement_age_months";
    let born = input.birth_date.month();
    let sex = Some(input.sex.code());
    let youngest = Month::new(born.year() + 40, 1).ok_or(CalcError::Money)?;
    let first = youngest.first_day().max(cx.first_day(KEY)?);
    let mut year = first.year();
    loop {
        let on = Month::new(year, 12).ok_or(CalcError::Money)?.last_day();
        // Tried without trace until the row fits; the fitting one is noted.
        let age = cx.quiet_int(KEY, on, sex)? - lower;
        let month = born.plus(age);
        if month.year() <= year {
            cx.int(KEY, month.first_day().max(first), sex)?;
            return Ok((age, month));
        }
        year += 1;
    }
}
