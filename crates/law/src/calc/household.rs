//! Health insurance premium of a household that pays itself (BHYT hộ gia đình): 100, 70, 60, 50, 40 %.
//!
//! Luật BHYT Điều 13 khoản 6; Nghị định 188/2025/NĐ-CP. The premium follows the reference level of the day of
//! payment for the whole paid term.

use base::{Date, Dong};

use super::cx::Cx;
use super::fault::CalcError;
use super::input::{choices, inputs};
use super::outcome::outcome;
use super::trace::{Trace, how};

choices! {
    /// Months paid at once.
    pub enum Term {
        Three = "3", "3 tháng" / "3 months";
        Six = "6", "6 tháng" / "6 months";
        Twelve = "12", "12 tháng" / "12 months";
    }
}

impl Term {
    /// The number of months.
    pub fn months(self) -> i32 {
        match self {
            Self::Three => 3,
            Self::Six => 6,
            Self::Twelve => 12,
        }
    }
}

inputs! {
    /// Input of [`household`].
    pub struct HouseholdInput {
        paid_on: Date, "Ngày đóng" / "Day of payment";
        members: i32, "Số thành viên cùng đóng theo hộ gia đình lần này" / "Members paying as a household now";
        already: i32 = 0, "Số thành viên đã đóng theo hộ gia đình trong năm" / "Members who paid as a household earlier in the year";
        months: Term = Term::Twelve, "Số tháng đóng" / "Months paid";
    }
}

outcome! {
    /// Premium of one member.
    pub struct HouseholdMember {
        order: i32, "Thứ tự" / "Order";
        monthly: Dong, "Mức đóng một tháng" / "Premium a month";
        premium: Dong, "Số tiền đóng" / "Premium";
    }
}

outcome! {
    /// Premium of the household.
    pub struct HouseholdOutcome amount total {
        members: Vec<HouseholdMember>, "Từng thành viên" / "Each member";
        total: Dong, "Tổng số tiền hộ phải đóng" / "Total of the household";
    }
}

/// The most members of one household that are worked out at once.
const MOST_MEMBERS: i32 = 50;

/// Premiums of the members of a household who pay themselves. Members with a card of another group are not counted.
pub fn household<T: Trace>(cx: &mut Cx<'_, T>, input: &HouseholdInput) -> Result<HouseholdOutcome, CalcError> {
    if !(1..=MOST_MEMBERS).contains(&input.members) || input.already > MOST_MEMBERS {
        return Err(CalcError::rule("members", "từ 1 đến 50 người", "from 1 to 50 people"));
    }
    let mut members = Vec::with_capacity(usize::try_from(input.members).unwrap_or(0));
    let mut total = Dong::ZERO;
    for place in 1..=input.members {
        let order = input.already + place;
        let monthly = household_monthly(cx, input.paid_on, order)?;
        let premium = monthly.times(i64::from(input.months.months()))?;
        cx.step("Số tiền đóng của thành viên", "Premium of the member", premium, how![monthly, "×", (input.months.months()),]);
        total = total + premium;
        members.push(HouseholdMember { order, monthly, premium });
    }
    cx.step(
        "Tổng số tiền hộ phải đóng",
        "Total of the household",
        total,
        how![("tổng của" / "sum of"), (input.members), ("thành viên" / "members"),],
    );
    Ok(HouseholdOutcome { members, total })
}

/// Premium of one month for the member who stands at this place of the household's order.
pub(crate) fn household_monthly<T: Trace>(cx: &mut Cx<'_, T>, on: Date, order: i32) -> Result<Dong, CalcError> {
    let full = full_monthly(cx, on)?;
    const STEPS: [&str; 5] = ["1", "2", "3", "4", "5"];
    let at = usize::try_from(order.clamp(1, 5) - 1).unwrap_or(0);
    let step = cx.rate("bhyt.household_step", on, Some(STEPS[at]))?;
    let monthly = cx.share(full, step, on)?;
    cx.step("Mức đóng một tháng theo thứ tự", "Premium a month by order", monthly, how![full, "×", step]);
    Ok(monthly)
}

/// The full premium of one month: the rate of the reference level.
pub(crate) fn full_monthly<T: Trace>(cx: &mut Cx<'_, T>, on: Date) -> Result<Dong, CalcError> {
    let reference = cx.dong("bhxh.reference_level", on, None)?;
    let rate = cx.rate("bhyt.rate", on, None)?;
    cx.share(reference, rate, on)
}
