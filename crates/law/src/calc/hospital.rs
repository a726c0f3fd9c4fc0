//! Advance and settlement days between the fund and a hospital (tạm ứng, quyết toán). Luật BHYT Điều 32.

use base::{Date, Dong};

use super::calendar::Calendar;
use super::cx::Cx;
use super::fault::CalcError;
use super::input::{choices, inputs};
use super::outcome::outcome;
use super::trace::{Trace, how};

choices! {
    /// Quarter of the report.
    pub enum Quarter {
        Q1 = "q1", "Quý I" / "Quarter 1";
        Q2 = "q2", "Quý II" / "Quarter 2";
        Q3 = "q3", "Quý III" / "Quarter 3";
        Q4 = "q4", "Quý IV" / "Quarter 4";
    }
}

inputs! {
    /// Input of [`hospital`].
    pub struct HospitalInput {
        reported: Dong, "Chi phí đề nghị của quý trước" / "Reported cost of the quarter before";
        received_on: Date, "Ngày nhận báo cáo quyết toán" / "Day the report was received";
        quarter: Quarter, "Quý của báo cáo" / "Quarter of the report";
    }
}

outcome! {
    /// The advance and the days.
    pub struct HospitalOutcome amount advance {
        advance: Dong, "Số tiền tạm ứng" / "Advance";
        advance_by: Date, "Tạm ứng trước ngày" / "Advance by";
        notice_by: Date, "Thông báo kết quả giám định trước ngày" / "Notice of the audit by";
        pay_by: Date, "Thanh toán trước ngày" / "Payment by";
    }
}

/// The advance on a quarter's report, and the last days of notice and payment.
pub fn hospital<T: Trace>(cx: &mut Cx<'_, T>, input: &HospitalInput) -> Result<HospitalOutcome, CalcError> {
    let on = input.received_on;
    let rate = cx.rate("hospital.advance_rate", on, None)?;
    let advance = cx.share(input.reported, rate, on)?;
    cx.step("Số tiền tạm ứng", "Advance", advance, how![(input.reported), "×", rate]);
    let days = cx.int("hospital.advance_working_days", on, None)?;
    let advance_by = Calendar::read(cx)?.working_days_after(on, days)?;
    Calendar::note(cx, on, advance_by)?;
    cx.step("Tạm ứng trước ngày", "Advance by", advance_by, how![on, "+", days, ("ngày làm việc" / "working days")]);
    let notice = cx.int("hospital.settle_notice_days", on, Some(input.quarter.code()))?;
    let notice_by = on.add_days(notice).ok_or(CalcError::Money)?;
    cx.step(
        "Thông báo kết quả giám định trước ngày",
        "Notice of the audit by",
        notice_by,
        how![on, "+", notice, ("ngày" / "days")],
    );
    let pay = cx.int("hospital.settle_pay_days", on, None)?;
    let pay_by = notice_by.add_days(pay).ok_or(CalcError::Money)?;
    cx.step("Thanh toán trước ngày", "Payment by", pay_by, how![notice_by, "+", pay, ("ngày" / "days")]);
    Ok(HospitalOutcome { advance, advance_by, notice_by, pay_by })
}
