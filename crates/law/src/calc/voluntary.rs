//! Voluntary social insurance: premium, support, what the person pays (BHXH tự nguyện).
//!
//! Luật BHXH 41/2024/QH15 Điều 31 khoản 2, Điều 36; Nghị định 159/2025/NĐ-CP; resolutions of Hà Nội's People's Council.

use base::{Date, Dong};
use rust_decimal::Decimal;

use super::cx::{Cx, decimal, plus, times};
use super::fault::CalcError;
use super::input::{choices, inputs};
use super::outcome::outcome;
use super::trace::{Trace, how};

choices! {
    /// Group of support.
    pub enum VoluntaryGroup {
        Other = "other", "Người tham gia khác" / "Other participants";
        Poor = "poor", "Người thuộc hộ nghèo" / "Poor household";
        NearPoor = "near_poor", "Người thuộc hộ cận nghèo" / "Near-poor household";
        Ethnic = "ethnic", "Người dân tộc thiểu số" / "Ethnic minority";
    }
}

choices! {
    /// Method of payment (phương thức đóng).
    pub enum Method {
        Monthly = "monthly", "Hằng tháng" / "Monthly";
        ThreeMonths = "three_months", "03 tháng một lần" / "Every three months";
        SixMonths = "six_months", "06 tháng một lần" / "Every six months";
        TwelveMonths = "twelve_months", "12 tháng một lần" / "Every twelve months";
        Ahead = "ahead", "Một lần cho nhiều năm về sau" / "Once for years ahead";
        Missing = "missing", "Một lần cho những năm còn thiếu" / "Once for missing years";
    }
}

inputs! {
    /// Input of [`voluntary`].
    pub struct VoluntaryInput {
        paid_on: Date, "Ngày đóng" / "Day of payment";
        income: Dong, "Mức thu nhập chọn làm căn cứ đóng" / "Income chosen as the base";
        group: VoluntaryGroup = VoluntaryGroup::Other, "Nhóm được hỗ trợ" / "Group of support";
        club: bool = false, "Hội viên hội, câu lạc bộ cựu chiến binh, cựu quân nhân, cựu công an, cựu thanh niên xung phong" / "Member of a veterans' club";
        permanent_resident: bool = true, "Thường trú tại Hà Nội" / "Permanent resident of Hà Nội";
        method: Method = Method::Monthly, "Phương thức đóng" / "Method of payment";
        months: i32 = 0, "Số tháng (đóng một lần về sau hoặc còn thiếu)" / "Months (ahead or missing)";
        supported_months: i32 = 0, "Số tháng đã được hỗ trợ" / "Months supported so far";
    }
}

outcome! {
    /// Premium and who pays it.
    pub struct VoluntaryOutcome amount person {
        months: i32, "Số tháng đóng" / "Months paid";
        base: Dong, "Căn cứ đóng một tháng" / "Base a month";
        premium: Dong, "Số tiền đóng" / "Premium";
        state: Dong, "Ngân sách nhà nước hỗ trợ" / "Paid by the state";
        city: Dong, "Thành phố hỗ trợ thêm" / "Paid by the city";
        person: Dong, "Người tham gia đóng" / "Paid by the person";
        minimum_base: Dong, "Mức thu nhập thấp nhất" / "Lowest base";
    }
}

/// The premium with support. Values are those of the day of payment, also for months paid ahead.
pub fn voluntary<T: Trace>(cx: &mut Cx<'_, T>, input: &VoluntaryInput) -> Result<VoluntaryOutcome, CalcError> {
    let on = input.paid_on;
    let line = cx.dong("poverty.line", on, Some("rural"))?;
    let floor_share = cx.rate("voluntary.floor_share", on, None)?;
    let floor = cx.share(line, floor_share, on)?;
    let cap = cx.dong("bhxh.reference_level", on, None)?.times(i64::from(cx.int("voluntary.cap_multiple", on, None)?))?;
    if input.income < floor || input.income > cap {
        return Err(CalcError::rule(
            "income",
            format!("từ {} đến {} đồng vào ngày đóng", floor.get(), cap.get()),
            format!("from {} to {} đồng on the day of payment", floor.get(), cap.get()),
        ));
    }
    let months = months(cx, input)?;
    let rate = cx.rate("voluntary.rate", on, None)?;
    let monthly = times(decimal(input.income), rate.decimal())?;
    let factor = factor(cx, input, months)?;
    let premium = cx.round(times(monthly, factor)?, on)?;
    cx.step("Số tiền đóng", "Premium", premium, how![(input.income), "×", rate, "×", months, ("tháng" / "months")]);
    let (state, city) = support(cx, input, line, months)?;
    let person = premium - state - city;
    cx.step("Người tham gia đóng", "Paid by the person", person, how![premium, "−", state, "−", city]);
    Ok(VoluntaryOutcome { months, base: input.income, premium, state, city, person, minimum_base: floor })
}

fn months<T: Trace>(cx: &mut Cx<'_, T>, input: &VoluntaryInput) -> Result<i32, CalcError> {
    let (least, key) = match input.method {
        Method::Monthly => return Ok(1),
        Method::ThreeMonths => return Ok(3),
        Method::SixMonths => return Ok(6),
        Method::TwelveMonths => return Ok(12),
        // Years ahead are more than the twelve months that have a method of their own.
        Method::Ahead => (13, "voluntary.future_max_months"),
        Method::Missing => (1, "voluntary.missing_max_months"),
    };
    let most = cx.int(key, input.paid_on, None)?;
    if (least..=most).contains(&input.months) {
        Ok(input.months)
    } else {
        Err(CalcError::rule("months", format!("từ {least} đến {most} tháng"), format!("from {least} to {most} months")))
    }
}

/// How many plain monthly premiums the payment is worth: discounted ahead, with interest for missing months.
fn factor<T: Trace>(cx: &mut Cx<'_, T>, input: &VoluntaryInput, months: i32) -> Result<Decimal, CalcError> {
    if !matches!(input.method, Method::Ahead | Method::Missing) {
        return Ok(Decimal::from(months));
    }
    let grown = Decimal::ONE + cx.rate("voluntary.month_rate", input.paid_on, None)?.decimal();
    let mut sum = Decimal::ZERO;
    let mut power = Decimal::ONE;
    for _ in 0..months {
        if input.method == Method::Ahead {
            sum = plus(sum, Decimal::ONE.checked_div(power).ok_or(CalcError::Money)?)?;
            power = times(power, grown)?.round_dp(20);
        } else {
            power = times(power, grown)?.round_dp(20);
            sum = plus(sum, power)?;
        }
    }
    Ok(sum.round_dp(16))
}

/// Support is a share of the premium on the rural poverty line, for at most so many months in all.
fn support<T: Trace>(cx: &mut Cx<'_, T>, input: &VoluntaryInput, line: Dong, months: i32) -> Result<(Dong, Dong), CalcError> {
    let on = input.paid_on;
    if !cx.lists("voluntary.support.methods", on, None, input.method.code())? {
        return Ok((Dong::ZERO, Dong::ZERO));
    }
    let left = cx.int("voluntary.support.max_months", on, None)? - input.supported_months;
    let months = months.min(left.max(0));
    let rate = cx.rate("voluntary.rate", on, None)?;
    let supported = times(times(decimal(line), rate.decimal())?, Decimal::from(months))?;
    let state_share = cx.rate("voluntary.support.state", on, Some(input.group.code()))?;
    let state = cx.round(times(supported, state_share.decimal())?, on)?;
    cx.step(
        "Ngân sách nhà nước hỗ trợ",
        "Paid by the state",
        state,
        how![line, "×", rate, "×", state_share, "×", months, ("tháng" / "months"),],
    );
    let mut city = Dong::ZERO;
    if input.permanent_resident && cx.starts("hanoi.voluntary.support", on)? {
        let mut share = cx.rate_or_none("hanoi.voluntary.support", on, Some(input.group.code()))?;
        if input.club {
            // A member of a club who is in a group with more keeps the higher support.
            share = share.max(cx.rate_or_none("hanoi.voluntary.support", on, Some("club"))?);
        }
        let most = supported - times(supported, state_share.decimal())?;
        city = cx.round(times(supported, share.decimal())?.min(most), on)?;
        cx.step(
            "Thành phố hỗ trợ thêm",
            "Paid by the city",
            city,
            how![line, "×", rate, "×", share, "×", months, ("tháng" / "months"),],
        );
    }
    Ok((state, city))
}
