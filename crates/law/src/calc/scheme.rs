//! Who is in which scheme on a day (thuộc diện tham gia). Luật BHXH 41/2024/QH15 Điều 2; Luật Việc làm 74/2025/QH15
//! Điều 31; Luật BHYT Điều 12; Nghị định 158/2025/NĐ-CP Điều 3 (roadmap of business households).

use base::{Date, Dong};

use super::contribution::Participant;
use super::cx::Cx;
use super::fault::CalcError;
use super::input::{choices, inputs};
use super::outcome::outcome;
use super::trace::{Trace, how};

choices! {
    /// How a business household pays tax.
    pub enum TaxMethod {
        Declaration = "declaration", "Kê khai" / "By declaration";
        Other = "other", "Cách khác" / "Otherwise";
    }
}

choices! {
    /// Why somebody is in the compulsory scheme or not.
    pub enum Ground {
        InScheme = "in_scheme", "Thuộc diện tham gia bắt buộc" / "In the compulsory scheme";
        Pensioner = "pensioner", "Đang hưởng lương hưu, trợ cấp hằng tháng" / "On a pension or monthly allowance";
        PastAge = "past_age", "Đã đủ tuổi nghỉ hưu" / "Past retirement age";
        Probation = "probation", "Hợp đồng chỉ có nội dung thử việc" / "Contract for probation only";
        ShortContract = "short_contract", "Thời hạn hợp đồng ngắn hơn quy định" / "Contract shorter than the law asks for";
        LowWage = "low_wage", "Tiền lương thấp hơn căn cứ đóng thấp nhất" / "Wage below the lowest base";
        NotYet = "not_yet", "Chưa đến thời điểm tham gia theo lộ trình" / "Not yet due by the roadmap";
        IntraCompany = "intra_company", "Di chuyển trong nội bộ doanh nghiệp" / "Intra-company transfer";
    }
}

inputs! {
    /// Input of [`scheme`].
    pub struct SchemeInput {
        on: Date, "Ngày xem xét" / "Day looked at";
        kind: Participant = Participant::Worker, "Đối tượng" / "Kind of person";
        contract_months: Option<i32>, "Thời hạn hợp đồng (tháng; để trống nếu không xác định thời hạn)" / "Months of the contract (empty: without term)";
        wage: Dong = Dong::ZERO, "Tiền lương tháng (người làm việc không trọn thời gian)" / "Monthly wage (part-time)";
        tax_method: TaxMethod = TaxMethod::Declaration, "Cách nộp thuế của hộ kinh doanh" / "Tax method of the business household";
        pensioner: bool = false, "Đang hưởng lương hưu hoặc trợ cấp BHXH hằng tháng" / "On a pension or monthly allowance";
        past_age: bool = false, "Đã đủ tuổi nghỉ hưu" / "Past retirement age";
        probation: bool = false, "Hợp đồng thử việc" / "Probation contract";
        intra_company: bool = false, "Người nước ngoài di chuyển trong nội bộ doanh nghiệp" / "Foreigner on an intra-company transfer";
    }
}

outcome! {
    /// Where the person belongs.
    pub struct SchemeOutcome {
        bhxh: bool, "Tham gia BHXH bắt buộc" / "In compulsory BHXH";
        bhtn: bool, "Tham gia BHTN" / "In BHTN";
        bhyt_group: i32, "Nhóm tham gia BHYT" / "BHYT group";
        ground: Ground, "Căn cứ" / "Ground";
    }
}

/// Whether somebody is in compulsory BHXH and in BHTN, and in which group of BHYT, on a day.
pub fn scheme<T: Trace>(cx: &mut Cx<'_, T>, input: &SchemeInput) -> Result<SchemeOutcome, CalcError> {
    let on = input.on;
    let ground = ground(cx, input)?;
    let bhxh = ground == Ground::InScheme;
    cx.step("Tham gia BHXH bắt buộc", "In compulsory BHXH", bhxh, how![ground]);
    let rate = cx.rate_or_none("bhtn.contribution.person", on, Some(input.kind.code()))?;
    let shortest = cx.int("bhtn.min_contract_months", on, None)?;
    let long_enough = input.contract_months.is_none_or(|months| months >= shortest);
    let bhtn = bhxh && rate.hundred_millionths() > 0 && long_enough && !input.past_age;
    cx.step(
        "Tham gia BHTN",
        "In BHTN",
        bhtn,
        how![rate, ("; thời hạn hợp đồng từ" / "; contract from"), shortest, ("tháng" / "months")],
    );
    let bhyt_group = match (bhxh, input.pensioner, input.kind) {
        (_, true, _) => 2,
        (true, _, Participant::VillagePartTimer) => 4,
        (true, _, Participant::Abroad) | (false, _, _) => 5,
        (true, _, _) => 1,
    };
    cx.step("Nhóm tham gia BHYT", "BHYT group", bhyt_group, how![ground]);
    Ok(SchemeOutcome { bhxh, bhtn, bhyt_group, ground })
}

fn ground<T: Trace>(cx: &mut Cx<'_, T>, input: &SchemeInput) -> Result<Ground, CalcError> {
    use Participant::{Foreigner, HouseholdOwner, ManagerUnpaid, PartTime, Worker};
    let on = input.on;
    if input.pensioner && cx.flag("bhxh.compulsory.pensioner_excluded", on)? {
        return Ok(Ground::Pensioner);
    }
    // A kind that has no rate on that day is not in the scheme yet.
    if !cx.has("bhxh.contribution.pension_person", on, Some(input.kind.code()))? {
        return Ok(Ground::NotYet);
    }
    if matches!(input.kind, HouseholdOwner | ManagerUnpaid) && input.past_age {
        return Ok(Ground::PastAge);
    }
    if input.probation {
        return Ok(Ground::Probation);
    }
    let shorter = |least: i32| input.contract_months.is_some_and(|months| months < least);
    Ok(match input.kind {
        HouseholdOwner if !cx.lists("bhxh.compulsory.household_owner", on, None, input.tax_method.code())? => Ground::NotYet,
        Foreigner if input.intra_company => Ground::IntraCompany,
        Foreigner if shorter(cx.int("bhxh.compulsory.foreigner_min_contract_months", on, None)?) => Ground::ShortContract,
        Foreigner if input.past_age => Ground::PastAge,
        Worker | PartTime if shorter(cx.int("bhxh.compulsory.min_contract_months", on, None)?) => Ground::ShortContract,
        PartTime => {
            let multiple = cx.int("bhxh.base_floor_multiple", on, None)?;
            let floor = cx.dong("bhxh.reference_level", on, None)?.times(i64::from(multiple))?;
            if input.wage < floor { Ground::LowWage } else { Ground::InScheme }
        }
        _ => Ground::InScheme,
    })
}
