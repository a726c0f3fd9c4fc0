//! What the health fund pays of a visit and what the patient pays (mức hưởng BHYT).
//!
//! Luật BHYT Điều 22 as amended by Luật 51/2024/QH15; Nghị định 188/2025/NĐ-CP; Nghị quyết 261/2025/QH15.

use base::{Date, Dong, Rate};
use rust_decimal::Decimal;

use super::cx::{Cx, decimal, times};
use super::fault::CalcError;
use super::input::{choices, inputs};
use super::outcome::outcome;
use super::support::rate;
use super::trace::{Trace, how};

choices! {
    /// Who holds the card.
    pub enum Holder {
        Other = "other", "Người tham gia khác (80 %)" / "Other participants (80 %)";
        Full = "full", "Đối tượng hưởng 100 %" / "Entitled to 100 %";
        NearPoor = "near_poor", "Người thuộc hộ cận nghèo" / "Near-poor household";
        SocialPensioner75 = "social_pensioner_75", "Người từ đủ 75 tuổi hưởng trợ cấp hưu trí xã hội" / "75 or older on social pension";
        Pensioner = "pensioner", "Người hưởng lương hưu, trợ cấp mất sức" / "Pensioner";
        MeritRelative = "merit_relative", "Thân nhân người có công" / "Relative of a person of merit";
        EthnicHard = "ethnic_hard", "Người dân tộc thiểu số ở xã không còn khó khăn" / "Ethnic minority of a commune that left the hard areas";
    }
}

choices! {
    /// Technical level of the facility (cấp chuyên môn kỹ thuật).
    pub enum Place {
        Primary = "primary", "Cấp ban đầu" / "Primary level";
        BasicLow = "basic_low", "Cấp cơ bản dưới 50 điểm hoặc trước đây là tuyến huyện" / "Basic level under 50 points, or former district";
        BasicMid = "basic_mid", "Cấp cơ bản từ 50 đến dưới 70 điểm" / "Basic level, 50 to under 70 points";
        BasicFormerProvince = "basic_former_province", "Cấp cơ bản trước đây là tuyến tỉnh, trung ương" / "Basic level, former province or central";
        SpecialFormerProvince = "special_former_province", "Cấp chuyên sâu trước đây là tuyến tỉnh" / "Specialised level, former province";
        Special = "special", "Cấp chuyên sâu khác" / "Other specialised level";
    }
}

choices! {
    /// How the patient came.
    pub enum Route {
        Right = "right", "Đúng nơi đăng ký hoặc có phiếu chuyển, phiếu hẹn" / "At the right place, or with a slip";
        SelfReferred = "self", "Tự đi khám bệnh, chữa bệnh" / "Self-referred";
        Emergency = "emergency", "Cấp cứu" / "Emergency";
        Listed = "listed", "Bệnh hiếm, bệnh hiểm nghèo, phẫu thuật hoặc kỹ thuật cao theo danh mục" / "Rare or serious disease, surgery or high technique on the list";
    }
}

inputs! {
    /// Costs of one part of a stay.
    pub struct CostPart {
        on: Date, "Ngày" / "Day";
        cost: Dong, "Chi phí trong phạm vi được hưởng" / "Cost in scope";
        holder: Holder = Holder::Other, "Đối tượng của thẻ" / "Holder of the card";
    }
}

inputs! {
    /// Input of [`bhyt_share`].
    pub struct BhytShareInput {
        parts: Vec<CostPart>, "Chi phí theo từng đoạn của đợt điều trị" / "Costs by part of the stay";
        inpatient: bool = false, "Nội trú" / "Inpatient";
        route: Route = Route::Right, "Cách đến" / "How the patient came";
        place: Place = Place::Primary, "Cơ sở khám bệnh, chữa bệnh" / "Facility";
        hard_area: bool = false, "Người dân tộc thiểu số, hộ nghèo ở vùng khó khăn, người ở xã đảo (nội trú chuyên sâu)" / "Ethnic minority or poor of a hard area, or of an island (inpatient at specialised level)";
        five_years: bool = false, "Đã tham gia từ đủ 05 năm liên tục" / "Five years without a break";
        copaid: Dong = Dong::ZERO, "Đã cùng chi trả trong năm" / "Co-paid in the year so far";
    }
}

outcome! {
    /// Who pays what.
    pub struct BhytShareOutcome amount fund {
        cost: Dong, "Chi phí trong phạm vi được hưởng" / "Cost in scope";
        fund: Dong, "Quỹ BHYT thanh toán" / "Paid by the fund";
        patient: Dong, "Người bệnh trả" / "Paid by the patient";
        copay: Dong, "Trong đó cùng chi trả" / "Of this co-payment";
        full: bool, "Được thanh toán toàn bộ" / "Paid in full";
        counts_to_cap: Dong, "Cùng chi trả tính vào mốc 6 lần mức tham chiếu" / "Co-payment that counts to the cap";
    }
}

/// The fund's part of one visit or stay. Each part of a stay is paid at the level of its own card and day.
pub fn bhyt_share<T: Trace>(cx: &mut Cx<'_, T>, input: &BhytShareInput) -> Result<BhytShareOutcome, CalcError> {
    let Some(last) = input.parts.iter().map(|part| part.on).max() else {
        return Err(CalcError::rule("parts", "cần ít nhất một đoạn chi phí", "at least one part with costs is needed"));
    };
    let cost: Dong = input.parts.iter().map(|part| part.cost).sum();
    let reference = cx.dong("bhxh.reference_level", last, None)?;
    let covered = covered(cx, input, last)?;
    let full = pays_in_full(cx, input, last, cost, reference)?;
    let mut fund = Dong::ZERO;
    let mut copay = Dong::ZERO;
    for part in &input.parts {
        let level =
            if full { Rate::from_parts(1, 0) } else { cx.rate("bhyt.level.by_holder", part.on, Some(part.holder.code()))? };
        let share = times(level.decimal(), covered.decimal())?;
        let own = cx.round(times(decimal(part.cost), share)?, part.on)?;
        cx.step("Quỹ BHYT thanh toán", "Paid by the fund", own, how![(part.cost), "×", level, "×", covered]);
        fund = fund + own;
        // Co-payment is the part left by the level; what self-referral leaves is the patient's own.
        let within = cx.round(times(decimal(part.cost), covered.decimal())?, part.on)?;
        copay = copay + (within - own);
    }
    let patient = cost - fund;
    cx.step("Người bệnh trả", "Paid by the patient", patient, how![cost, "−", fund]);
    // Of self-referred care only outpatient visits at primary level and at the lowest basic level count (Điều 22 khoản 1 điểm d).
    let low = matches!(input.place, Place::Primary | Place::BasicLow);
    let hard = input.hard_area && input.inpatient;
    let counts = input.route != Route::SelfReferred || hard || (!input.inpatient && low);
    let counts_to_cap = if counts { copay } else { Dong::ZERO };
    Ok(BhytShareOutcome { cost, fund, patient, copay, full, counts_to_cap })
}

/// The part of the level that counts: all of it, or a share when self-referred (Điều 22 khoản 4).
fn covered<T: Trace>(cx: &mut Cx<'_, T>, input: &BhytShareInput, on: Date) -> Result<Rate, CalcError> {
    // Điều 22 khoản 4 điểm b: people of hard areas and islands are paid as at the right place.
    let hard = input.hard_area && input.inpatient && matches!(input.place, Place::Special | Place::SpecialFormerProvince);
    if input.route != Route::SelfReferred || hard {
        return Ok(Rate::from_parts(1, 0));
    }
    let key = if input.inpatient { "bhyt.share.self_inpatient" } else { "bhyt.share.self_outpatient" };
    let covered = cx.rate(key, on, Some(input.place.code()))?;
    let shown = rate(covered.decimal());
    cx.step("Tự đi khám bệnh, chữa bệnh", "Self-referred", shown, how![(input.place)]);
    Ok(covered)
}

/// Small visits, primary care, and the cap on co-payment after five years are paid in full (Điều 22 khoản 1).
fn pays_in_full<T: Trace>(
    cx: &mut Cx<'_, T>,
    input: &BhytShareInput,
    on: Date,
    cost: Dong,
    reference: Dong,
) -> Result<bool, CalcError> {
    if input.place == Place::Primary && input.route != Route::Listed {
        cx.step("Khám bệnh, chữa bệnh ở cấp ban đầu", "Care at primary level", true, how![("100 %" / "100 %")]);
        return Ok(true);
    }
    let small = cx.rate("bhyt.share.small_visit", on, None)?;
    let limit = cx.round(times(decimal(reference), small.decimal())?, on)?;
    if cost < limit {
        cx.step("Chi phí một lần dưới ngưỡng", "Cost of one visit below the limit", true, how![cost, "<", limit]);
        return Ok(true);
    }
    if input.five_years {
        let multiple = cx.int("bhyt.share.copay_multiple", on, None)?;
        let cap = decimal(reference) * Decimal::from(multiple);
        let reached = decimal(input.copaid) > cap;
        let cap = cx.round(cap, on)?;
        cx.step(
            "Cùng chi trả trong năm vượt mốc",
            "Co-payment of the year above the cap",
            reached,
            how![(input.copaid), ">", cap],
        );
        return Ok(reached);
    }
    Ok(false)
}
