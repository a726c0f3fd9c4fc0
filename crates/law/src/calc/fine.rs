//! Frames of fines for late or evaded registration and payment (khung xử phạt tham khảo).
//!
//! Nghị định 12/2022/NĐ-CP; from 10/9/2026 Nghị định 283/2026/NĐ-CP Điều 7, 43-46. A frame to look up, not a decision.

use base::{Date, Dong};

use super::cx::Cx;
use super::fault::CalcError;
use super::input::{choices, inputs};
use super::outcome::outcome;
use super::trace::{Trace, how};

choices! {
    /// The act.
    pub enum Act {
        LateRegistration = "late_registration", "Chậm đăng ký tham gia BHXH bắt buộc" / "Late registration for BHXH";
        Evasion = "evasion", "Không đăng ký tham gia BHXH bắt buộc" / "Evaded registration for BHXH";
        BhtnLate = "bhtn_late", "Chậm đăng ký tham gia BHTN" / "Late registration for BHTN";
        BhtnEvasion = "bhtn_evasion", "Không đăng ký tham gia BHTN" / "Evaded registration for BHTN";
        MoneyLate = "money_late", "Chậm đóng" / "Late payment";
        MoneyEvasion = "money_evasion", "Có dấu hiệu trốn đóng" / "Signs of evaded payment";
    }
}

inputs! {
    /// Input of [`fine`].
    pub struct FineInput {
        act: Act, "Hành vi" / "Act";
        ended_on: Date, "Ngày hành vi kết thúc, hoặc ngày phát hiện nếu đang diễn ra" / "Day the act ended, or was found while going on";
        workers: i32 = 1, "Số người lao động bị vi phạm" / "Workers concerned";
        amount: Dong = Dong::ZERO, "Số tiền chậm đóng hoặc có dấu hiệu trốn đóng" / "Amount late or evaded";
        organisation: bool = true, "Tổ chức vi phạm" / "Committed by an organisation";
    }
}

outcome! {
    /// The frame.
    pub struct FineOutcome {
        warning: bool, "Phạt cảnh cáo" / "Warning only";
        low: Dong, "Mức thấp nhất của khung" / "Lowest fine";
        high: Dong, "Mức cao nhất của khung" / "Highest fine";
    }
}

/// The frame of the fine for an act; an organisation pays twice what a person does.
pub fn fine<T: Trace>(cx: &mut Cx<'_, T>, input: &FineInput) -> Result<FineOutcome, CalcError> {
    let on = input.ended_on;
    let multiple = if input.organisation { cx.int("fine.organisation_multiple", on, None)? } else { 1 };
    let (low, high) = match input.act {
        Act::MoneyLate | Act::MoneyEvasion => {
            if input.amount == Dong::ZERO {
                return Err(CalcError::rule(
                    "amount",
                    "cần số tiền chậm đóng hoặc có dấu hiệu trốn đóng",
                    "the amount late or evaded is needed",
                ));
            }
            if input.act == Act::MoneyLate
                && cx.starts("fine.warning_below", on)?
                && input.amount < cx.dong("fine.warning_below", on, None)?
            {
                cx.step("Phạt cảnh cáo", "Warning", true, how![(input.amount)]);
                return Ok(FineOutcome { warning: true, low: Dong::ZERO, high: Dong::ZERO });
            }
            money(cx, input)?
        }
        _ => {
            if input.workers < 1 {
                return Err(CalcError::rule("workers", "từ 1 người trở lên", "at least one worker"));
            }
            let workers = input.workers.to_string();
            let key = |end: &str| format!("fine.{}.{end}", input.act.code());
            (cx.dong(&key("low"), on, Some(&workers))?, cx.dong(&key("high"), on, Some(&workers))?)
        }
    };
    let (low, high) = (low.times(i64::from(multiple))?, high.times(i64::from(multiple))?);
    cx.step(
        "Khung tiền phạt: từ",
        "Frame of the fine: from",
        low,
        how![("mức của cá nhân ×" / "amount for a person ×"), multiple],
    );
    cx.step(
        "Khung tiền phạt: đến",
        "Frame of the fine: to",
        high,
        how![("mức của cá nhân ×" / "amount for a person ×"), multiple],
    );
    Ok(FineOutcome { warning: false, low, high })
}

/// A share of the late or evaded money, at most the cap for a person.
fn money<T: Trace>(cx: &mut Cx<'_, T>, input: &FineInput) -> Result<(Dong, Dong), CalcError> {
    let on = input.ended_on;
    let cap = cx.dong("fine.cap", on, None)?;
    let mut share = |end: &str| -> Result<Dong, CalcError> {
        let rate = cx.rate(&format!("fine.{}.{end}", input.act.code()), on, None)?;
        Ok(cx.share(input.amount, rate, on)?.min(cap))
    };
    Ok((share("low")?, share("high")?))
}
