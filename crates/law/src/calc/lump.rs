//! One-off social insurance (BHXH một lần). Luật BHXH 41/2024/QH15 Điều 70, 102; Nghị định 158/2025/NĐ-CP Điều 14.

use base::{Date, Dong, Rate};
use rust_decimal::Decimal;

use super::cx::{Cx, decimal, over, plus, times};
use super::fault::CalcError;
use super::input::{choices, inputs};
use super::outcome::outcome;
use super::pension::{half_years, halves};
use super::trace::{Trace, how};

choices! {
    /// Ground on which it may be taken (Điều 70 khoản 1).
    pub enum LumpCase {
        AgeReached = "a", "Đủ tuổi nghỉ hưu, chưa đủ 15 năm đóng" / "Age reached, under 15 years";
        Abroad = "b", "Ra nước ngoài để định cư" / "Settles abroad";
        Illness = "c", "Mắc bệnh nguy hiểm đến tính mạng" / "Life-threatening disease";
        Disability = "d", "Suy giảm khả năng lao động từ 81 % hoặc khuyết tật đặc biệt nặng" / "Capacity reduced by 81 % or more, or very severe disability";
        Stopped = "stopped", "Đóng trước 01/7/2025, đã nghỉ 12 tháng, tổng dưới 20 năm" / "Contributed before 2025-07-01, 12 months off, under 20 years";
        Discharged = "e", "Quân nhân, công an xuất ngũ không đủ điều kiện hưu" / "Discharged from the forces without pension";
    }
}

inputs! {
    /// Input of [`lump`].
    pub struct LumpInput {
        on: Date, "Ngày quyết định" / "Day of decision";
        ground: LumpCase, "Trường hợp" / "Ground";
        months_before_2014: i32 = 0, "Số tháng đóng trước năm 2014" / "Months before 2014";
        months_from_2014: i32, "Số tháng đóng từ năm 2014" / "Months from 2014 on";
        average: Dong, "Mức bình quân tiền lương, thu nhập làm căn cứ đóng" / "Average contribution base";
        joined_on: Option<Date>, "Ngày tham gia lần đầu" / "First day of joining";
        months_off: i32 = 0, "Số tháng đã nghỉ đóng" / "Months since the last contribution";
        paid: Dong = Dong::ZERO, "Số tiền đã đóng (dưới một năm)" / "Money paid (under one year)";
        state_support: Dong = Dong::ZERO, "Ngân sách nhà nước đã hỗ trợ BHXH tự nguyện" / "State support of voluntary contributions";
    }
}

outcome! {
    /// The one-off amount.
    pub struct LumpOutcome amount amount {
        eligible: bool, "Đủ điều kiện" / "Eligible";
        years_before_2014: Rate, "Số năm trước 2014" / "Years before 2014";
        years_from_2014: Rate, "Số năm từ 2014" / "Years from 2014 on";
        amount: Dong, "Mức hưởng một lần" / "One-off amount";
    }
}

/// 1.5 averages a year before 2014 and 2 from then on; odd months before 2014 count with the later ones.
pub fn lump<T: Trace>(cx: &mut Cx<'_, T>, input: &LumpInput) -> Result<LumpOutcome, CalcError> {
    let on = input.on;
    let months = input.months_before_2014 + input.months_from_2014;
    let eligible = eligible(cx, input, months)?;
    let nothing = Rate::from_parts(0, 0);
    if !eligible || months == 0 {
        return Ok(LumpOutcome {
            eligible: eligible && months > 0,
            years_before_2014: nothing,
            years_from_2014: nothing,
            amount: Dong::ZERO,
        });
    }
    let average = decimal(input.average);
    let early = input.months_before_2014 / 12 * 2;
    let late = half_years(cx, on, input.months_from_2014 + input.months_before_2014 % 12)?;
    let mut exact = if months < 12 {
        let most = times(average, cx.rate("lump.under_year_cap", on, None)?.decimal())?;
        decimal(input.paid).min(most)
    } else {
        let before = cx.rate("lump.rate_before_2014", on, None)?;
        let after = cx.rate("lump.rate_from_2014", on, None)?;
        let of = |half_years: i32, rate: Rate| over(times(times(average, rate.decimal())?, Decimal::from(half_years))?, 2);
        let exact = plus(of(early, before)?, of(late, after)?)?;
        let plain = cx.round(exact, on)?;
        cx.step(
            "Mức hưởng theo thời gian đóng",
            "Amount by time",
            plain,
            how![(input.average), "× (", before, "×", (halves(early)), "+", after, "×", (halves(late)), ")",],
        );
        exact
    };
    if !cx.lists("lump.support_kept_cases", on, None, input.ground.code())? {
        exact = (exact - decimal(input.state_support)).max(Decimal::ZERO);
    }
    let amount = cx.round(exact, on)?;
    cx.step(
        "Mức hưởng một lần",
        "One-off amount",
        amount,
        how![("sau khi trừ phần ngân sách hỗ trợ" / "less the state's support"), (input.state_support)],
    );
    Ok(LumpOutcome { eligible, years_before_2014: halves(early), years_from_2014: halves(late), amount })
}

fn eligible<T: Trace>(cx: &mut Cx<'_, T>, input: &LumpInput, months: i32) -> Result<bool, CalcError> {
    let on = input.on;
    let eligible = match input.ground {
        LumpCase::AgeReached => months < cx.int("pension.min_months", on, Some("compulsory"))?,
        LumpCase::Stopped => {
            let Some(joined) = input.joined_on else {
                return Err(CalcError::rule("joined_on", "cần ngày tham gia lần đầu", "the first day of joining is needed"));
            };
            let before = cx.date("lump.joined_before", on)?;
            let off = cx.int("lump.off_months", on, None)?;
            let below = cx.int("lump.below_months", on, None)?;
            joined < before && input.months_off >= off && months < below
        }
        LumpCase::Abroad | LumpCase::Illness | LumpCase::Disability | LumpCase::Discharged => true,
    };
    cx.step(
        "Đủ điều kiện hưởng một lần",
        "Eligible for the one-off",
        eligible,
        how![months, ("tháng đóng" / "months contributed")],
    );
    Ok(eligible)
}
