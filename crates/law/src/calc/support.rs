//! Who pays the premium of a supported group: state, city, person (hỗ trợ mức đóng BHYT).
//!
//! Groups whose premium the state pays whole (Điều 12 khoản 3) are here too, so that of all groups of a person the best is found by one
//! calculator. Luật BHYT Điều 12-13; Nghị định 188/2025/NĐ-CP; Nghị quyết 19/2025/NQ-HĐND sửa đổi bởi 17/2026/NQ-HĐND of Hà Nội.

use base::{Date, Dong, Rate};
use rust_decimal::Decimal;

use super::cx::Cx;
use super::fault::CalcError;
use super::household::full_monthly;
use super::input::{choices, inputs};
use super::outcome::outcome;
use super::trace::{Trace, how};

choices! {
    /// Supported group (nhóm được hỗ trợ); after the household, in the order of Điều 12, then the groups of the city alone.
    pub enum SupportGroup {
        Household = "household", "Hộ gia đình tự đóng, không thuộc diện hỗ trợ" / "Self-paying household, no support";
        Meritorious = "meritorious", "Người có công với cách mạng" / "Person of merit to the revolution";
        Veteran = "veteran", "Cựu chiến binh" / "Veteran";
        Resistance = "resistance", "Người tham gia kháng chiến, bảo vệ Tổ quốc, thanh niên xung phong" / "Took part in the resistance";
        Child = "child", "Trẻ em dưới 6 tuổi" / "Child under 6";
        Poor = "poor", "Người thuộc hộ nghèo" / "Member of a poor household";
        HardZone = "hard_zone", "Người ở vùng khó khăn, đặc biệt khó khăn, xã đảo" / "Resident of a hard zone or island commune";
        SocialProtection = "social_protection", "Người hưởng trợ cấp xã hội hằng tháng" / "Receives a monthly social allowance";
        SocialPension = "social_pension", "Người hưởng trợ cấp hưu trí xã hội" / "Receives the social pension";
        MeritoriousFamily = "meritorious_family", "Thân nhân người có công" / "Family of a person of merit";
        ForceFamily = "force_family", "Thân nhân quân nhân, công an, cơ yếu" / "Family of soldiers and police";
        OrganDonor = "organ_donor", "Người đã hiến bộ phận cơ thể" / "Organ donor";
        StateOther = "state_other", "Đối tượng khác do ngân sách nhà nước đóng" / "Another group paid by the state";
        NearPoorHard = "near_poor_hard", "Người thuộc hộ cận nghèo ở xã nghèo" / "Near-poor in a poor commune";
        NearPoor = "near_poor", "Người thuộc hộ cận nghèo" / "Member of a near-poor household";
        Pupil = "pupil", "Học sinh, sinh viên" / "Pupil or student";
        PupilFarm = "pupil_farm", "Học sinh, sinh viên thuộc hộ nông, lâm, ngư, diêm nghiệp có mức sống trung bình" / "Pupil of an average farming household";
        SecurityForce = "security_force", "Lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở" / "Local security force";
        FarmAverage = "farm_average", "Người thuộc hộ nông, lâm, ngư, diêm nghiệp có mức sống trung bình" / "Average farming household";
        VillageHealth = "village_health", "Nhân viên y tế thôn bản, cô đỡ thôn bản" / "Village health worker";
        VillagePartTimer = "village_part_timer", "Người hoạt động không chuyên trách ở thôn, tổ dân phố" / "Part-time official of a village";
        EthnicLeft = "ethnic_left", "Người dân tộc thiểu số ở xã không còn thuộc vùng khó khăn (36 tháng)" / "Ethnic minority of a commune that left the hard areas (36 months)";
        EthnicLeftZone = "ethnic_left_zone", "Người dân tộc thiểu số ở xã ra khỏi khu vực II, III" / "Ethnic minority of a commune that left zones II and III";
        Artisan = "artisan", "Nghệ nhân nhân dân, nghệ nhân ưu tú" / "People's or merited artisan";
        TraffickingVictim = "trafficking_victim", "Nạn nhân bị mua bán (một năm)" / "Victim of trafficking (one year)";
        BombVictim = "bomb_victim", "Nạn nhân bom mìn, vật nổ" / "Victim of bombs and mines";
        LeftPoverty = "left_poverty", "Người thuộc hộ mới thoát nghèo, thoát cận nghèo" / "Household that left poverty or near-poverty";
        Elderly = "elderly", "Người cao tuổi chưa có thẻ BHYT" / "Elderly without a card";
        DisabilityLight = "disability_light", "Người khuyết tật nhẹ" / "Person with a light disability";
        Ethnic = "ethnic", "Người dân tộc thiểu số chưa có thẻ BHYT" / "Ethnic minority without a card";
        HanoiArtisan = "hanoi_artisan", "Nghệ nhân Hà Nội" / "Artisan of Hà Nội";
        PopulationCollaborator = "population_collaborator", "Cộng tác viên dân số" / "Population collaborator";
        VeteranClub = "veteran_club", "Hội viên cựu chiến binh, cựu quân nhân, cựu công an, cựu thanh niên xung phong" / "Member of a veterans' club";
        MinhChau = "minh_chau", "Người dân xã Minh Châu" / "Resident of Minh Châu commune";
        CharityResident = "charity_resident", "Người sống trong cơ sở từ thiện, tôn giáo" / "Resident of a charity or religious home";
    }
}

impl SupportGroup {
    /// The group of a word; `None` for a word that is no group.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|group| group.code() == code)
    }

    /// Whether the state pays the whole premium (Điều 12 khoản 3) and the city has nothing to add.
    pub fn is_state_paid(self) -> bool {
        matches!(
            self,
            Self::Meritorious
                | Self::Veteran
                | Self::Resistance
                | Self::Child
                | Self::Poor
                | Self::HardZone
                | Self::SocialProtection
                | Self::SocialPension
                | Self::MeritoriousFamily
                | Self::ForceFamily
                | Self::OrganDonor
                | Self::StateOther
        )
    }

    /// Whether the support ends so many months after it began, so that the day of the beginning matters.
    pub fn is_for_a_time(self) -> bool {
        self.limited_as(true).is_some() || self.limited_as(false).is_some()
    }

    /// The word under which `bhyt.support.state_months` (state) or `hanoi.bhyt.support_months` (city) limits the group.
    fn limited_as(self, by_state: bool) -> Option<&'static str> {
        match (self, by_state) {
            // A commune that left zones II and III is counted like one that left the hard areas.
            (Self::EthnicLeft | Self::EthnicLeftZone, true) => Some(Self::EthnicLeft.code()),
            (Self::TraffickingVictim, _) | (Self::LeftPoverty, false) => Some(self.code()),
            _ => None,
        }
    }
}

inputs! {
    /// Input of [`support`].
    pub struct SupportInput {
        paid_on: Date, "Ngày đóng" / "Day of payment";
        group: SupportGroup, "Nhóm đối tượng" / "Group";
        other_group: Option<SupportGroup>, "Nhóm thứ hai, nếu có" / "A second group, if any";
        permanent_resident: bool = true, "Thường trú tại Hà Nội" / "Permanent resident of Hà Nội";
        birth_date: Option<Date>, "Ngày sinh (người cao tuổi)" / "Birth date (elderly)";
        since: Option<Date>, "Được công nhận thuộc nhóm từ ngày (nhóm có thời hạn)" / "In the group since (groups supported for a time)";
        other_since: Option<Date>, "Được công nhận thuộc nhóm thứ hai từ ngày" / "In the second group since";
        months: i32 = 12, "Số tháng đóng" / "Months paid";
    }
}

outcome! {
    /// Who pays what.
    pub struct SupportOutcome amount person {
        group: SupportGroup, "Nhóm có mức hỗ trợ cao nhất" / "Group with the highest support";
        premium: Dong, "Mức đóng" / "Premium";
        state_share: Rate, "Tỷ lệ ngân sách nhà nước hỗ trợ" / "Share of the state";
        city_share: Rate, "Tỷ lệ Thành phố hỗ trợ thêm" / "Share added by the city";
        state: Dong, "Ngân sách nhà nước hỗ trợ" / "Paid by the state";
        city: Dong, "Thành phố hỗ trợ thêm" / "Paid by the city";
        person: Dong, "Người tham gia đóng" / "Paid by the person";
    }
}

/// State, city and own part of a premium; of two groups the one with the higher support counts (Điều 13).
pub fn support<T: Trace>(cx: &mut Cx<'_, T>, input: &SupportInput) -> Result<SupportOutcome, CalcError> {
    if !(1..=12).contains(&input.months) {
        return Err(CalcError::rule("months", "từ 1 đến 12 tháng", "from 1 to 12 months"));
    }
    let on = input.paid_on;
    let premium = full_monthly(cx, on)?.times(i64::from(input.months))?;
    cx.step("Mức đóng", "Premium", premium, how![("mức tham chiếu × tỷ lệ × số tháng" / "reference level × rate × months")]);
    let mut best = (input.group, shares(cx, input, input.group, input.since)?);
    if let Some(other) = input.other_group {
        let shares = shares(cx, input, other, input.other_since)?;
        // Equal support leaves the person in the first group, which stands first in the order of Điều 12.
        if shares.0 + shares.1 > best.1.0 + best.1.1 {
            best = (other, shares);
        }
    }
    let (group, (state_share, city_share)) = best;
    let (state_share, city_share) = (rate(state_share), rate(city_share));
    let state = cx.share(premium, state_share, on)?;
    cx.step("Ngân sách nhà nước hỗ trợ", "Paid by the state", state, how![premium, "×", state_share]);
    let together = cx.share(premium, rate(state_share.decimal() + city_share.decimal()), on)?;
    // Rounded together, so that a fully supported person pays nothing and not one đồng.
    let city = together - state;
    cx.step("Thành phố hỗ trợ thêm", "Paid by the city", city, how![premium, "×", city_share]);
    let person = premium - together;
    cx.step("Người tham gia đóng", "Paid by the person", person, how![premium, "−", state, "−", city]);
    Ok(SupportOutcome { group, premium, state_share, city_share, state, city, person })
}

fn shares<T: Trace>(
    cx: &mut Cx<'_, T>,
    input: &SupportInput,
    group: SupportGroup,
    since: Option<Date>,
) -> Result<(Decimal, Decimal), CalcError> {
    let on = input.paid_on;
    if group.is_state_paid() {
        return Ok((cx.rate("bhyt.support.full", on, Some(group.code()))?.decimal(), Decimal::ZERO));
    }
    let mut state = cx.rate("bhyt.support.state", on, Some(group.code()))?.decimal();
    if state > Decimal::ZERO && !within_months(cx, "bhyt.support.state_months", group.limited_as(true), since, on)? {
        state = Decimal::ZERO;
    }
    let mut city = Decimal::ZERO;
    if input.permanent_resident && cx.starts("hanoi.bhyt.support", on)? && city_pays_for_age(cx, input, group)? {
        city = cx.rate_or_none("hanoi.bhyt.support", on, Some(group.code()))?.decimal();
    }
    if city > Decimal::ZERO && !within_months(cx, "hanoi.bhyt.support_months", group.limited_as(false), since, on)? {
        city = Decimal::ZERO;
    }
    if city > Decimal::ZERO {
        let most = cx.rate("bhyt.support_cap", on, None)?.decimal();
        city = city.min(most - state).max(Decimal::ZERO);
    }
    Ok((state, city))
}

/// Whether a support of limited length still runs: the months are counted from the month in which it began. Without the day of the
/// beginning it is taken as running; a group or a time that the law does not limit always runs.
fn within_months<T: Trace>(
    cx: &mut Cx<'_, T>,
    key: &str,
    limited_as: Option<&str>,
    since: Option<Date>,
    on: Date,
) -> Result<bool, CalcError> {
    let (Some(word), Some(since)) = (limited_as, since) else { return Ok(true) };
    if !cx.starts(key, on)? || !cx.has(key, on, Some(word))? {
        return Ok(true);
    }
    let months = cx.int(key, on, Some(word))?;
    let past = since.month().months_until(on.month());
    let within = (0..months).contains(&past);
    cx.step(
        "Còn trong thời hạn hỗ trợ",
        "Within the months of support",
        within,
        how![past, ("tháng đã qua; thời hạn" / "months past; limit"), months, ("tháng" / "months")],
    );
    Ok(within)
}

/// The elderly are supported between two ages, counted in completed years on the day of payment.
fn city_pays_for_age<T: Trace>(cx: &mut Cx<'_, T>, input: &SupportInput, group: SupportGroup) -> Result<bool, CalcError> {
    if group != SupportGroup::Elderly {
        return Ok(true);
    }
    let Some(born) = input.birth_date else {
        return Err(CalcError::rule(
            "birth_date",
            "cần ngày sinh của người cao tuổi",
            "the birth date of an elderly person is needed",
        ));
    };
    let age = born.age_on(input.paid_on);
    let from = cx.int("hanoi.bhyt.elderly_from_years", input.paid_on, None)?;
    let below = cx.int("hanoi.bhyt.elderly_below_years", input.paid_on, None)?;
    let within = (from..below).contains(&age);
    cx.step(
        "Độ tuổi được Thành phố hỗ trợ",
        "Age supported by the city",
        within,
        how![age, ("tuổi; từ" / "years; from"), from, ("đến dưới" / "to under"), below,],
    );
    Ok(within)
}

/// A decimal as a rate.
pub(crate) fn rate(decimal: Decimal) -> Rate {
    Rate::from_parts(decimal.mantissa(), decimal.scale())
}
