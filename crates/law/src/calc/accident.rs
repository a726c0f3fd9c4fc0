//! Work accidents and occupational diseases (TNLĐ, BNN). Luật An toàn, vệ sinh lao động 84/2015/QH13 Điều 45-54.

use base::{Date, Dong};
use rust_decimal::Decimal;

use super::cx::{Cx, decimal, plus, times};
use super::fault::CalcError;
use super::input::inputs;
use super::outcome::outcome;
use super::trace::{Trace, how};

inputs! {
    /// Input of [`accident`].
    pub struct AccidentInput {
        on: Date, "Ngày hưởng" / "First day of the benefit";
        impairment: i32 = 0, "Mức suy giảm khả năng lao động (%)" / "Reduced capacity (%)";
        wage: Dong = Dong::ZERO, "Tiền lương đóng vào quỹ tháng liền kề trước tai nạn" / "Contribution wage of the month before";
        contributed_years: i32 = 1, "Số năm đóng vào quỹ TNLĐ, BNN" / "Years paid into the fund";
        severe: bool = false, "Liệt cột sống, mù hai mắt, cụt, liệt hai chi hoặc tâm thần" / "Spinal paralysis, blind, two limbs lost, or mental";
        died: bool = false, "Chết do TNLĐ, BNN" / "Died of it";
    }
}

outcome! {
    /// The benefit.
    pub struct AccidentOutcome amount amount {
        monthly: bool, "Hưởng hằng tháng" / "Paid monthly";
        by_impairment: Dong, "Phần theo mức suy giảm" / "Part by impairment";
        by_years: Dong, "Phần theo số năm đóng" / "Part by years contributed";
        service: Dong, "Trợ cấp phục vụ hằng tháng" / "Service allowance a month";
        death: Dong, "Trợ cấp một lần khi chết" / "Grant at death";
        amount: Dong, "Tổng mức hưởng" / "Total";
    }
}

/// One-off for 5 to 30 %, monthly from 31 %.
pub fn accident<T: Trace>(cx: &mut Cx<'_, T>, input: &AccidentInput) -> Result<AccidentOutcome, CalcError> {
    let on = input.on;
    let reference = cx.dong("bhxh.reference_level", on, None)?;
    let mut death = Dong::ZERO;
    if input.died {
        let multiple = cx.int("accident.death_multiple", on, None)?;
        death = reference.times(i64::from(multiple))?;
        cx.step("Trợ cấp một lần khi chết", "Grant at death", death, how![reference, "×", multiple]);
        let none = Dong::ZERO;
        return Ok(AccidentOutcome { monthly: false, by_impairment: none, by_years: none, service: none, death, amount: death });
    }
    let least = cx.int("accident.one_off_from", on, None)?;
    let monthly_from = cx.int("accident.monthly_from", on, None)?;
    if input.impairment < least || input.impairment > 100 {
        return Err(CalcError::rule(
            "impairment",
            format!("từ {least} đến 100 %; dưới mức này không có trợ cấp"),
            format!("from {least} to 100 %; below it there is no benefit"),
        ));
    }
    let monthly = input.impairment >= monthly_from;
    let (base, step, from, first, each) = if monthly {
        (
            "accident.monthly_base",
            "accident.monthly_step",
            monthly_from,
            "accident.wage_monthly_first",
            "accident.wage_monthly_step",
        )
    } else {
        ("accident.one_off_base", "accident.one_off_step", least, "accident.wage_one_off_first", "accident.wage_one_off_step")
    };
    let (base, step) = (cx.rate(base, on, None)?, cx.rate(step, on, None)?);
    let above = input.impairment - from;
    let multiple = plus(base.decimal(), times(step.decimal(), Decimal::from(above))?)?;
    let by_impairment = cx.round(times(decimal(reference), multiple)?, on)?;
    cx.step(
        "Phần theo mức suy giảm",
        "Part by impairment",
        by_impairment,
        how![reference, "× (", base, "+", above, "×", step, ")"],
    );
    let (first, each) = (cx.rate(first, on, None)?, cx.rate(each, on, None)?);
    let years = (input.contributed_years - 1).max(0);
    let share = plus(first.decimal(), times(each.decimal(), Decimal::from(years))?)?;
    let by_years = cx.round(times(decimal(input.wage), share)?, on)?;
    cx.step(
        "Phần theo số năm đóng",
        "Part by years contributed",
        by_years,
        how![(input.wage), "× (", first, "+", years, "×", each, ")"],
    );
    let mut service = Dong::ZERO;
    if input.severe && input.impairment >= cx.int("accident.service_from", on, None)? {
        let multiple = cx.rate("accident.service_multiple", on, None)?;
        service = cx.share(reference, multiple, on)?;
        cx.step("Trợ cấp phục vụ hằng tháng", "Service allowance a month", service, how![reference, "×", multiple]);
    }
    let amount = by_impairment + by_years + service;
    cx.step("Tổng mức hưởng", "Total", amount, how![by_impairment, "+", by_years, "+", service]);
    Ok(AccidentOutcome { monthly, by_impairment, by_years, service, death, amount })
}
