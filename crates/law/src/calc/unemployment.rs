//! Unemployment benefit (trợ cấp thất nghiệp). Luật Việc làm 74/2025/QH15 Điều 38, 39.

use base::{Date, Dong, Month};

use super::calendar::Calendar;
use super::cx::Cx;
use super::fault::CalcError;
use super::input::{choices, inputs};
use super::outcome::outcome;
use super::trace::{Trace, how};
use super::words::Region;

choices! {
    /// Kind of the last contract, which decides the months looked at.
    pub enum Contract {
        Normal = "normal", "Hợp đồng từ 12 tháng hoặc không xác định thời hạn" / "Contract of 12 months or more";
        Short = "short", "Hợp đồng từ 01 đến dưới 12 tháng" / "Contract of 1 to under 12 months";
    }
}

inputs! {
    /// Input of [`unemployment`].
    pub struct UnemploymentInput {
        ended_on: Date, "Ngày chấm dứt hợp đồng" / "Day the contract ended";
        filed_on: Option<Date>, "Ngày nộp đủ hồ sơ" / "Day of filing in full";
        average: Dong, "Mức bình quân tiền lương 6 tháng cuối đóng BHTN" / "Average wage of the last six months";
        region: Region = Region::I, "Vùng lương tối thiểu nơi làm việc cuối" / "Region of the last workplace";
        months: i32, "Tổng số tháng đóng BHTN chưa hưởng" / "BHTN months not used yet";
        months_in_window: i32 = 12, "Số tháng đóng trong 24 tháng (hợp đồng ngắn: 36 tháng) trước khi nghỉ" / "Months in the last 24 (short contracts: 36)";
        contract: Contract = Contract::Normal, "Loại hợp đồng" / "Contract";
        lawful: bool = true, "Chấm dứt hợp đồng đúng pháp luật" / "Ended lawfully";
        pension_eligible: bool = false, "Đủ điều kiện hưởng lương hưu" / "Eligible for a pension";
    }
}

outcome! {
    /// The benefit.
    pub struct UnemploymentOutcome amount monthly {
        eligible: bool, "Đủ điều kiện" / "Eligible";
        monthly: Dong, "Mức hưởng hằng tháng" / "Benefit a month";
        capped: bool, "Bị giới hạn ở mức tối đa" / "Cut to the cap";
        benefit_months: i32, "Số tháng hưởng" / "Months of benefit";
        left_months: i32, "Số tháng đóng còn lại" / "Months left over";
        total: Dong, "Tổng mức hưởng" / "Total";
        file_until: Date, "Hạn nộp hồ sơ" / "Last day of filing";
        starts_on: Option<Date>, "Bắt đầu hưởng" / "First day of benefit";
    }
}

/// Amount, months, last day of filing and first day of the benefit.
pub fn unemployment<T: Trace>(cx: &mut Cx<'_, T>, input: &UnemploymentInput) -> Result<UnemploymentOutcome, CalcError> {
    let on = input.ended_on;
    let file_until = months_later(on, cx.int("unemployment.file_months", on, None)?)?;
    cx.step("Hạn nộp hồ sơ", "Last day of filing", file_until, how![on]);
    let needed = cx.int("unemployment.min_months", on, None)?;
    cx.int("unemployment.window_months", on, Some(input.contract.code()))?;
    let in_time = input.filed_on.is_none_or(|filed| filed <= file_until);
    let excluded = input.pension_eligible && cx.flag("unemployment.excludes_pension_eligible", on)?;
    let eligible = input.lawful && !excluded && input.months_in_window >= needed && in_time && input.months >= needed;
    cx.step(
        "Đủ điều kiện",
        "Eligible",
        eligible,
        how![
            (input.months_in_window),
            ("tháng đóng; cần" / "months; needed"),
            needed,
            ("; nộp đúng hạn:" / "; filed in time:"),
            in_time,
        ],
    );
    if !eligible {
        let (none, left) = (Dong::ZERO, input.months);
        return Ok(UnemploymentOutcome {
            eligible,
            monthly: none,
            capped: false,
            benefit_months: 0,
            left_months: left,
            total: none,
            file_until,
            starts_on: None,
        });
    }
    let rate = cx.rate("unemployment.rate", on, None)?;
    let share = cx.share(input.average, rate, on)?;
    let multiple = cx.int("unemployment.cap_multiple", on, None)?;
    let minimum = cx.dong("wage.regional_minimum", on, Some(input.region.code()))?;
    let cap = minimum.times(i64::from(multiple))?;
    let monthly = share.min(cap);
    cx.step(
        "Mức hưởng hằng tháng",
        "Benefit a month",
        monthly,
        how![(input.average), "×", rate, ("; tối đa" / "; at most"), minimum, "×", multiple,],
    );
    let first_to = cx.int("unemployment.first_months_to", on, None)?;
    let first = cx.int("unemployment.first_payment_months", on, None)?;
    let step = cx.int("unemployment.step_months", on, None)?;
    let most = cx.int("unemployment.max_months", on, None)?;
    let further = (input.months - first_to).max(0) / step;
    let benefit_months = (first + further).min(most);
    // What does not make a whole further step is kept for the next time; nothing is kept up to the first
    // limit and above the most that can be drawn (Nghị định 374/2025 Điều 8).
    let above = (input.months - first_to).max(0);
    let left_months = if above <= (most - first) * step { above % step } else { 0 };
    cx.step("Số tháng hưởng", "Months of benefit", benefit_months, how![first, "+", further, ("; tối đa" / "; at most"), most]);
    let total = monthly.times(i64::from(benefit_months))?;
    cx.step("Tổng mức hưởng", "Total", total, how![monthly, "×", benefit_months]);
    let starts_on = match input.filed_on {
        None => None,
        Some(filed) => {
            let wait = cx.int("unemployment.wait_working_days", on, None)?;
            let starts = Calendar::read(cx)?.working_days_after(filed, wait + 1)?;
            Calendar::note(cx, filed, starts)?;
            cx.step(
                "Bắt đầu hưởng",
                "First day of benefit",
                starts,
                how![filed, "+", (wait + 1), ("ngày làm việc" / "working days")],
            );
            Some(starts)
        }
    };
    Ok(UnemploymentOutcome { eligible, monthly, capped: share > cap, benefit_months, left_months, total, file_until, starts_on })
}

/// The same day some months later, or the last day of a shorter month.
pub(crate) fn months_later(day: Date, months: i32) -> Result<Date, CalcError> {
    let month = Month::of(day).plus(months);
    let last = month.last_day();
    Date::new(month.year(), month.number(), day.day().min(last.day())).map_err(|_| CalcError::Money)
}
