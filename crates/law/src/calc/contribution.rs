//! Compulsory contributions of one person for one month, by fund and payer (mức đóng hằng tháng).
//!
//! Luật BHXH 41/2024/QH15 Điều 31-34; Luật BHYT Điều 13-14; Luật Việc làm 74/2025/QH15 Điều 33-34.

use base::{Dong, Month};

use super::cx::Cx;
use super::fault::CalcError;
use super::input::{choices, inputs};
use super::outcome::outcome;
use super::trace::{Trace, how};
use super::words::Region;

choices! {
    /// Kind of participant (đối tượng tham gia).
    pub enum Participant {
        Worker = "worker", "Người lao động theo hợp đồng" / "Worker under a labour contract";
        PartTime = "part_time", "Người làm việc không trọn thời gian" / "Part-time worker";
        Foreigner = "foreigner", "Người lao động nước ngoài" / "Foreign worker";
        ManagerPaid = "manager_paid", "Người quản lý doanh nghiệp có hưởng tiền lương" / "Manager with wage";
        ManagerUnpaid = "manager_unpaid", "Người quản lý doanh nghiệp không hưởng tiền lương" / "Manager without wage";
        HouseholdOwner = "household_owner", "Chủ hộ kinh doanh có đăng ký" / "Owner of a registered business household";
        CivilServant = "civil_servant", "Cán bộ, công chức" / "Civil servant";
        PublicEmployee = "public_employee", "Viên chức" / "Public employee";
        CommunePartTimer = "commune_part_timer", "Người hoạt động không chuyên trách ở cấp xã" / "Part-time official of a commune";
        VillagePartTimer = "village_part_timer", "Người hoạt động không chuyên trách ở thôn, tổ dân phố" / "Part-time official of a village";
        Abroad = "abroad", "Người đi làm việc ở nước ngoài theo hợp đồng" / "Worker abroad under contract";
    }
}

choices! {
    /// Why no wage was paid on some working days.
    pub enum Absence {
        Unpaid = "unpaid", "Nghỉ không hưởng lương" / "Unpaid leave";
        Sick = "sick", "Nghỉ hưởng chế độ ốm đau" / "Sickness benefit";
        Maternity = "maternity", "Nghỉ hưởng chế độ thai sản" / "Maternity benefit";
    }
}

inputs! {
    /// Input of [`contribution`].
    pub struct ContributionInput {
        month: Month, "Tháng đóng" / "Month of contribution";
        kind: Participant = Participant::Worker, "Đối tượng" / "Kind of participant";
        wage: Dong, "Tiền lương hoặc mức chọn làm căn cứ đóng" / "Wage, or the base chosen";
        region: Region = Region::I, "Vùng lương tối thiểu nơi làm việc" / "Minimum-wage region of the workplace";
        absence: Absence = Absence::Unpaid, "Lý do không hưởng lương" / "Reason of days without wage";
        absence_days: i32 = 0, "Số ngày làm việc không hưởng lương trong tháng" / "Working days without wage in the month";
        reduced_accident: bool = false, "Đơn vị được đóng quỹ TNLĐ, BNN ở mức thấp hơn" / "Unit with the lower accident rate";
    }
}

outcome! {
    /// What is due for the month.
    pub struct ContributionOutcome amount total {
        bhxh_due: bool, "Thuộc diện đóng BHXH bắt buộc của tháng" / "BHXH is due for the month";
        bhyt_due: bool, "Đóng BHYT của tháng" / "BHYT is due for the month";
        bhtn_due: bool, "Đóng BHTN của tháng" / "BHTN is due for the month";
        bhxh_base: Dong, "Căn cứ đóng BHXH" / "Base of BHXH";
        bhyt_base: Dong, "Căn cứ đóng BHYT" / "Base of BHYT";
        bhtn_base: Dong, "Căn cứ đóng BHTN" / "Base of BHTN";
        person_pension: Dong, "Người tham gia: quỹ hưu trí và tử tuất" / "Person: pension and survivors";
        person_sickness: Dong, "Người tham gia: quỹ ốm đau và thai sản" / "Person: sickness and maternity";
        person_bhyt: Dong, "Người tham gia: BHYT" / "Person: BHYT";
        person_bhtn: Dong, "Người tham gia: BHTN" / "Person: BHTN";
        person_total: Dong, "Người tham gia đóng" / "Paid by the person";
        unit_pension: Dong, "Đơn vị: quỹ hưu trí và tử tuất" / "Unit: pension and survivors";
        unit_sickness: Dong, "Đơn vị: quỹ ốm đau và thai sản" / "Unit: sickness and maternity";
        unit_accident: Dong, "Đơn vị: quỹ TNLĐ, BNN" / "Unit: work accidents and diseases";
        unit_bhyt: Dong, "Đơn vị: BHYT" / "Unit: BHYT";
        unit_bhtn: Dong, "Đơn vị: BHTN" / "Unit: BHTN";
        unit_total: Dong, "Đơn vị đóng" / "Paid by the unit";
        total: Dong, "Tổng số phải đóng" / "Total due";
        below_minimum_wage: bool, "Thấp hơn mức lương tối thiểu vùng: cần kiểm tra" / "Below the regional minimum wage: to be checked";
    }
}

/// Contributions of one person for one month.
///
/// A wage below the floor is raised to it, above the caps cut to them (Điều 31 khoản 1 điểm đ). A part-time
/// worker below the floor is not in the compulsory scheme (Điều 2 khoản 1 điểm l).
pub fn contribution<T: Trace>(cx: &mut Cx<'_, T>, input: &ContributionInput) -> Result<ContributionOutcome, CalcError> {
    if input.absence_days > input.month.last_day().day() {
        return Err(CalcError::rule("absence_days", "nhiều hơn số ngày của tháng", "more days than the month has"));
    }
    let day = input.month.first_day();
    let kind = Some(input.kind.code());
    // A kind that the law does not know on that day has no rate at all, which is an error and not zero.
    let pension_person = cx.rate("bhxh.contribution.pension_person", day, kind)?;
    let bases = Bases::of(cx, input)?;
    let unpaid = bases.unpaid_month;
    let bhxh_due = bases.in_scheme && !unpaid;
    let bhyt_due = bases.in_scheme && (!unpaid || bases.bhyt_in_unpaid_month);
    let bhtn_due = bases.in_scheme && !unpaid && bases.bhtn_scheme;

    // Communes pay for their part-time officials at a rate of its own, which is not as sure as the others.
    let part_official = matches!(input.kind, Participant::CommunePartTimer | Participant::VillagePartTimer);
    let own_rate = part_official && bhxh_due && cx.starts("bhxh.contribution.sickness_commune", day)?;
    let commune_rate = if own_rate { Some(cx.rate("bhxh.contribution.sickness_commune", day, None)?) } else { None };
    let mut part = |vi, en, key: &str, base: Dong, due: bool, rate: Option<base::Rate>| -> Result<Dong, CalcError> {
        if !due {
            return Ok(Dong::ZERO);
        }
        let rate = match rate {
            Some(rate) => rate,
            None => cx.rate_or_none(key, day, kind)?,
        };
        let amount = cx.share(base, rate, day)?;
        if rate.hundred_millionths() > 0 {
            cx.step(vi, en, amount, how![base, "×", rate]);
        }
        Ok(amount)
    };
    let (bhxh, bhyt, bhtn) = (bases.bhxh, bases.bhyt, bases.bhtn);
    let person_pension = part(
        "Người tham gia đóng quỹ hưu trí và tử tuất",
        "Person, pension and survivors",
        "",
        bhxh,
        bhxh_due,
        Some(pension_person),
    )?;
    let person_sickness = part(
        "Người tham gia đóng quỹ ốm đau và thai sản",
        "Person, sickness and maternity",
        "bhxh.contribution.sickness_person",
        bhxh,
        bhxh_due,
        None,
    )?;
    let person_bhyt = part("Người tham gia đóng BHYT", "Person, BHYT", "bhyt.contribution.person", bhyt, bhyt_due, None)?;
    let person_bhtn = part("Người tham gia đóng BHTN", "Person, BHTN", "bhtn.contribution.person", bhtn, bhtn_due, None)?;
    let unit_pension = part(
        "Đơn vị đóng quỹ hưu trí và tử tuất",
        "Unit, pension and survivors",
        "bhxh.contribution.pension_unit",
        bhxh,
        bhxh_due,
        None,
    )?;
    let unit_sickness = part(
        "Đơn vị đóng quỹ ốm đau và thai sản",
        "Unit, sickness and maternity",
        "bhxh.contribution.sickness_unit",
        bhxh,
        bhxh_due,
        commune_rate,
    )?;
    let unit_accident =
        part("Đơn vị đóng quỹ TNLĐ, BNN", "Unit, work accidents and diseases", "", bhxh, bhxh_due, Some(bases.accident_rate))?;
    let unit_bhyt = part("Đơn vị đóng BHYT", "Unit, BHYT", "bhyt.contribution.unit", bhyt, bhyt_due, None)?;
    let unit_bhtn = part("Đơn vị đóng BHTN", "Unit, BHTN", "bhtn.contribution.unit", bhtn, bhtn_due, None)?;
    let person_total = person_pension + person_sickness + person_bhyt + person_bhtn;
    let unit_total = unit_pension + unit_sickness + unit_accident + unit_bhyt + unit_bhtn;
    let total = person_total + unit_total;
    cx.step("Tổng số phải đóng", "Total due", total, how![person_total, "+", unit_total]);
    let or_none = |due: bool, base: Dong| if due { base } else { Dong::ZERO };
    Ok(ContributionOutcome {
        bhxh_due,
        bhyt_due: bhyt_due && person_bhyt + unit_bhyt > Dong::ZERO,
        bhtn_due: bhtn_due && person_bhtn + unit_bhtn > Dong::ZERO,
        bhxh_base: or_none(bhxh_due, bhxh),
        bhyt_base: or_none(bhyt_due && person_bhyt + unit_bhyt > Dong::ZERO, bhyt),
        bhtn_base: or_none(bhtn_due, bhtn),
        person_pension,
        person_sickness,
        person_bhyt,
        person_bhtn,
        person_total,
        unit_pension,
        unit_sickness,
        unit_accident,
        unit_bhyt,
        unit_bhtn,
        unit_total,
        total,
        below_minimum_wage: bases.below_minimum_wage,
    })
}

/// What the rates are applied to, and whether they are at all.
struct Bases {
    bhxh: Dong,
    bhyt: Dong,
    bhtn: Dong,
    in_scheme: bool,
    bhtn_scheme: bool,
    unpaid_month: bool,
    bhyt_in_unpaid_month: bool,
    accident_rate: base::Rate,
    below_minimum_wage: bool,
}

impl Bases {
    fn of<T: Trace>(cx: &mut Cx<'_, T>, input: &ContributionInput) -> Result<Self, CalcError> {
        use Participant::{CommunePartTimer, ManagerPaid, PartTime, VillagePartTimer, Worker};
        let day = input.month.first_day();
        let reference = cx.dong("bhxh.reference_level", day, None)?;
        let floor = reference.times(i64::from(cx.int("bhxh.base_floor_multiple", day, None)?))?;
        let cap = reference.times(i64::from(cx.int("bhxh.cap_multiple", day, None)?))?;
        let raised = input.wage.max(floor);
        let bhxh = raised.min(cap);
        cx.step(
            "Căn cứ đóng BHXH",
            "Base of BHXH",
            bhxh,
            how![(input.wage), ("không thấp hơn" / "not below"), floor, ("không cao hơn" / "not above"), cap,],
        );
        let part_official = matches!(input.kind, CommunePartTimer | VillagePartTimer);
        // Part-time officials of a commune pay BHYT on the reference level, whatever their allowance.
        let bhyt = if part_official { reference } else { bhxh };
        let minimum = cx.dong("wage.regional_minimum", day, Some(input.region.code()))?;
        let bhtn_scheme = cx.rate_or_none("bhtn.contribution.person", day, Some(input.kind.code()))?.hundred_millionths() > 0;
        let bhtn = if bhtn_scheme {
            let bhtn_cap = minimum.times(i64::from(cx.int("bhtn.cap_multiple", day, None)?))?;
            let bhtn = raised.min(bhtn_cap);
            cx.step("Căn cứ đóng BHTN", "Base of BHTN", bhtn, how![raised, ("không cao hơn" / "not above"), bhtn_cap]);
            bhtn
        } else {
            Dong::ZERO
        };
        let unpaid_month = input.absence_days >= cx.int("bhxh.unpaid_working_days", day, None)?;
        let bhyt_in_unpaid_month =
            unpaid_month && input.absence == Absence::Unpaid && cx.flag("bhyt.due_in_unpaid_month", day)?;
        if unpaid_month {
            cx.step(
                "Tháng không đóng BHXH, BHTN",
                "Month without BHXH and BHTN",
                true,
                how![(input.absence_days), ("ngày làm việc không hưởng lương" / "working days without wage"),],
            );
        }
        let mut accident_rate = cx.rate_or_none("bhxh.contribution.accident_unit", day, Some(input.kind.code()))?;
        if input.reduced_accident && accident_rate.hundred_millionths() > 0 {
            accident_rate = cx.rate("bhxh.contribution.accident_unit_reduced", day, None)?;
        }
        Ok(Self {
            bhxh,
            bhyt,
            bhtn,
            in_scheme: input.kind != PartTime || input.wage >= floor,
            bhtn_scheme,
            unpaid_month,
            bhyt_in_unpaid_month,
            accident_rate,
            below_minimum_wage: matches!(input.kind, Worker | ManagerPaid) && input.wage < minimum,
        })
    }
}
