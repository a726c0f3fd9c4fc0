//! Social pension with the city's addition (trợ cấp hưu trí xã hội).
//!
//! Luật BHXH 41/2024/QH15 Điều 21-22; Nghị định 176/2025/NĐ-CP; Nghị quyết 63/2025/NQ-HĐND of Hà Nội.

use base::{Date, Dong};

use super::cx::Cx;
use super::fault::CalcError;
use super::input::inputs;
use super::outcome::outcome;
use super::trace::{Trace, how};

inputs! {
    /// Input of [`social_pension`].
    pub struct SocialPensionInput {
        on: Date, "Ngày quyết định" / "Day of decision";
        birth_date: Date, "Ngày sinh" / "Birth date";
        poor: bool = false, "Thuộc hộ nghèo, hộ cận nghèo" / "Poor or near-poor household";
        other_benefit: Dong = Dong::ZERO, "Lương hưu, trợ cấp BHXH hằng tháng đang hưởng" / "Pension or monthly BHXH allowance";
        social_assistance: Dong = Dong::ZERO, "Trợ cấp xã hội hằng tháng đang hưởng" / "Monthly social assistance";
        permanent_resident: bool = true, "Thường trú tại Hà Nội" / "Permanent resident of Hà Nội";
        requested: bool = true, "Có văn bản đề nghị" / "Written request";
    }
}

outcome! {
    /// The social pension.
    pub struct SocialPensionOutcome amount amount {
        eligible: bool, "Đủ điều kiện" / "Eligible";
        age: i32, "Tuổi" / "Age";
        state: Dong, "Mức của trung ương" / "State level";
        city: Dong, "Thành phố hỗ trợ thêm" / "Added by the city";
        amount: Dong, "Mức hưởng hằng tháng" / "Amount a month";
        keeps_assistance: bool, "Giữ trợ cấp xã hội vì cao hơn" / "Keeps the social assistance, which is higher";
    }
}

/// Eligibility by age, household and other benefits; the higher of social pension and assistance is paid.
pub fn social_pension<T: Trace>(cx: &mut Cx<'_, T>, input: &SocialPensionInput) -> Result<SocialPensionOutcome, CalcError> {
    let on = input.on;
    let age = input.birth_date.age_on(on);
    let state = cx.dong("social_pension.amount", on, None)?;
    let mut city = Dong::ZERO;
    if input.permanent_resident && cx.starts("hanoi.social_pension.topup", on)? {
        city = cx.dong("hanoi.social_pension.topup", on, None)?;
    }
    let level = state + city;
    cx.step("Mức trợ cấp", "Level", level, how![state, "+", city]);
    let household = if input.poor { "poor" } else { "general" };
    let from = cx.int("social_pension.age_years", on, Some(household))?;
    // Other benefits are measured by the state's level; what the city adds is extra (Nghị định 176/2025 Điều 2).
    let eligible = age >= from && input.requested && input.other_benefit < state;
    cx.step(
        "Đủ điều kiện",
        "Eligible",
        eligible,
        how![
            age,
            ("tuổi; cần từ" / "years; needed from"),
            from,
            ("; lương hưu, trợ cấp khác" / "; other benefit"),
            (input.other_benefit),
        ],
    );
    let keeps_assistance = eligible && input.social_assistance > level;
    let amount = if eligible && !keeps_assistance { level } else { Dong::ZERO };
    cx.step("Mức hưởng hằng tháng", "Amount a month", amount, how![level]);
    Ok(SocialPensionOutcome { eligible, age, state, city, amount, keeps_assistance })
}
