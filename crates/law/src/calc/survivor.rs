//! Funeral grant and survivors' benefits (trợ cấp mai táng, tuất). Luật BHXH 41/2024/QH15 Điều 84-90, 108-112.

use base::{Date, Dong, Rate};
use rust_decimal::Decimal;

use super::cx::{Cx, decimal, over, plus, times};
use super::fault::CalcError;
use super::input::{choices, inputs};
use super::outcome::outcome;
use super::pension::half_years;
use super::trace::{Trace, how};
use super::words::Scheme;

choices! {
    /// What the person who died was.
    pub enum Deceased {
        Contributing = "contributing", "Đang đóng hoặc đang bảo lưu thời gian đóng" / "Contributing, or time kept";
        Pensioner = "pensioner", "Đang hưởng lương hưu" / "On a pension";
    }
}

inputs! {
    /// Input of [`survivor`].
    pub struct SurvivorInput {
        died_on: Date, "Ngày chết" / "Day of death";
        deceased: Deceased = Deceased::Contributing, "Người chết" / "The person who died";
        scheme: Scheme = Scheme::Compulsory, "Chế độ" / "Scheme";
        work_accident: bool = false, "Chết do TNLĐ, BNN hoặc khi đang hưởng trợ cấp TNLĐ hằng tháng từ 61 %" / "Died of a work accident, or on a monthly accident benefit from 61 %";
        months_before_2014: i32 = 0, "Số tháng đóng trước năm 2014" / "Months before 2014";
        months_from_2014: i32 = 0, "Số tháng đóng từ năm 2014" / "Months from 2014 on";
        average: Dong = Dong::ZERO, "Mức bình quân làm căn cứ đóng" / "Average contribution base";
        paid: Dong = Dong::ZERO, "Số tiền đã đóng (BHXH tự nguyện dưới 60 tháng)" / "Money paid (voluntary under 60 months)";
        pension: Dong = Dong::ZERO, "Mức lương hưu đang hưởng" / "Pension";
        pension_months: i32 = 0, "Chết trong tháng hưởng lương hưu thứ" / "Month of pension in which the person died";
        relatives: i32 = 0, "Số thân nhân đủ điều kiện hưởng hằng tháng, có người nuôi dưỡng" / "Entitled relatives with somebody who supports them";
        relatives_alone: i32 = 0, "Số thân nhân đủ điều kiện, không còn người nuôi dưỡng" / "Entitled relatives with nobody who supports them";
        one_off: bool = false, "Thân nhân nhận một lần" / "The relatives take the one-off";
    }
}

outcome! {
    /// The benefits.
    pub struct SurvivorOutcome amount total {
        funeral: Dong, "Trợ cấp mai táng" / "Funeral grant";
        monthly_each: Dong, "Trợ cấp tuất hằng tháng, mỗi người có người nuôi dưỡng" / "Monthly benefit of each supported relative";
        monthly_each_alone: Dong, "Trợ cấp tuất hằng tháng, mỗi người không còn người nuôi dưỡng" / "Monthly benefit of each relative alone";
        monthly: Dong, "Tổng trợ cấp tuất hằng tháng" / "Monthly benefits in all";
        one_off: Dong, "Trợ cấp tuất một lần" / "One-off";
        total: Dong, "Số tiền chi trả lần đầu" / "First payment";
    }
}

/// Funeral grant, and either monthly benefits of at most four relatives or the one-off.
pub fn survivor<T: Trace>(cx: &mut Cx<'_, T>, input: &SurvivorInput) -> Result<SurvivorOutcome, CalcError> {
    let on = input.died_on;
    let months = input.months_before_2014 + input.months_from_2014;
    let pensioner = input.deceased == Deceased::Pensioner;
    let reference = cx.dong("bhxh.reference_level", on, None)?;
    let mut funeral = Dong::ZERO;
    if pensioner || input.work_accident || months >= cx.int("survivor.funeral_min_months", on, Some(input.scheme.code()))? {
        let multiple = cx.int("survivor.funeral_multiple", on, None)?;
        funeral = reference.times(i64::from(multiple))?;
        cx.step("Trợ cấp mai táng", "Funeral grant", funeral, how![reference, "×", multiple]);
    }
    let supported = cx.rate("survivor.monthly_share", on, Some("supported"))?;
    let alone = cx.rate("survivor.monthly_share", on, Some("alone"))?;
    let monthly_each = cx.share(reference, supported, on)?;
    let monthly_each_alone = cx.share(reference, alone, on)?;
    let (mut monthly, mut one_off) = (Dong::ZERO, Dong::ZERO);
    if input.one_off {
        one_off = if pensioner { one_off_pensioner(cx, input)? } else { one_off_contributing(cx, input, months)? };
    } else if input.scheme == Scheme::Compulsory
        && (pensioner || input.work_accident || months >= cx.int("survivor.monthly_min_months", on, None)?)
    {
        let most = cx.int("survivor.max_people", on, None)?;
        // The four places go first to those with nobody to support them.
        let with_nobody = input.relatives_alone.min(most);
        let others = input.relatives.min(most - with_nobody);
        monthly = monthly_each_alone.times(i64::from(with_nobody))? + monthly_each.times(i64::from(others))?;
        cx.step(
            "Tổng trợ cấp tuất hằng tháng",
            "Monthly benefits in all",
            monthly,
            how![monthly_each, "×", others, "+", monthly_each_alone, "×", with_nobody,],
        );
    }
    let total = funeral + monthly + one_off;
    cx.step("Số tiền chi trả lần đầu", "First payment", total, how![funeral, "+", monthly, "+", one_off]);
    Ok(SurvivorOutcome { funeral, monthly_each, monthly_each_alone, monthly, one_off, total })
}

/// 48 pensions in the first two months, half a pension less for each later month, at least three.
fn one_off_pensioner<T: Trace>(cx: &mut Cx<'_, T>, input: &SurvivorInput) -> Result<Dong, CalcError> {
    let on = input.died_on;
    let most = cx.int("survivor.pensioner_months", on, None)?;
    let free = cx.int("survivor.pensioner_free_months", on, None)?;
    let step = cx.rate("survivor.pensioner_step", on, None)?;
    let least = cx.int("survivor.pensioner_min_months", on, None)?;
    let later = Decimal::from((input.pension_months - free).max(0));
    let months = (Decimal::from(most) - times(step.decimal(), later)?).max(Decimal::from(least));
    let amount = cx.round(times(decimal(input.pension), months)?, on)?;
    let months = super::support::rate(months.normalize());
    cx.step("Trợ cấp tuất một lần", "One-off", amount, how![(input.pension), "×", months]);
    Ok(amount)
}

fn one_off_contributing<T: Trace>(cx: &mut Cx<'_, T>, input: &SurvivorInput, months: i32) -> Result<Dong, CalcError> {
    let on = input.died_on;
    if input.scheme == Scheme::Voluntary && months < cx.int("survivor.funeral_min_months", on, Some("voluntary"))? {
        cx.step("Trợ cấp tuất một lần", "One-off", input.paid, how![("bằng số tiền đã đóng" / "the money paid")]);
        return Ok(input.paid);
    }
    let (before, after) = (cx.rate("survivor.one_off_before_2014", on, None)?, cx.rate("survivor.one_off_from_2014", on, None)?);
    let average = decimal(input.average);
    let early = input.months_before_2014 / 12 * 2;
    let late = half_years(cx, on, input.months_from_2014 + input.months_before_2014 % 12)?;
    let of = |halves: i32, rate: Rate| over(times(times(average, rate.decimal())?, Decimal::from(halves))?, 2);
    let least = times(average, cx.rate("survivor.one_off_min", on, None)?.decimal())?;
    let amount = cx.round(plus(of(early, before)?, of(late, after)?)?.max(least), on)?;
    cx.step(
        "Trợ cấp tuất một lần",
        "One-off",
        amount,
        how![(input.average), ("theo số năm đóng" / "by years contributed"), months],
    );
    Ok(amount)
}
