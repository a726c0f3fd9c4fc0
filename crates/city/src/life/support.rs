//! Groups of people whose premium the state or the city pays in full or in part, and who belongs to them.
//!
//! Shares are a model: small numbers, as lists of communes of the city have them. A person is in the first
//! group that fits, as the law pays the first. Membership and the card are two things: homes are passed over
//! when cards are made, and others when the list is written.

use base::Sex;

use crate::calendar::{self, MonthIndex};
use crate::households::{Household, Means, Person};
use crate::life::benefits::{self, Benefit};
use crate::life::cards::Group;
use crate::world::World;

/// A supported group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Hộ nghèo.
    Poor,
    /// Hộ cận nghèo.
    NearPoor,
    /// Người dân tộc thiểu số ở xã miền núi.
    Ethnic,
    /// Bảo trợ xã hội, hưu trí xã hội.
    Protected,
    /// Hộ làm nông, lâm, ngư, diêm nghiệp có mức sống trung bình.
    Farm,
    /// Hộ mới thoát nghèo, thoát cận nghèo.
    LeftPoverty,
    /// Người khuyết tật nhẹ.
    Disabled,
    /// Cựu chiến binh, hội viên câu lạc bộ cựu quân nhân.
    Veteran,
    /// Người có công với cách mạng.
    Merit,
    /// Nhân viên y tế thôn, bản.
    VillageHealth,
    /// Người hoạt động không chuyên trách ở thôn, tổ dân phố.
    PartTimer,
}

/// Somebody's place in a supported group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Support {
    /// The group.
    pub kind: Kind,
    /// First month in it.
    pub from: MonthIndex,
    /// Stands on the commune's list.
    pub listed: bool,
    /// Was thought of when cards were made.
    pub carded: bool,
}

impl Kind {
    /// What its cards bear. Groups that only the city supports have no letters of their own; a model.
    pub fn group(self) -> Group {
        match self {
            Self::Poor => Group::Poor,
            Self::NearPoor | Self::LeftPoverty => Group::NearPoor,
            Self::Ethnic => Group::Ethnic,
            Self::Protected | Self::Disabled => Group::Protected,
            Self::Farm => Group::Farm,
            Self::Veteran => Group::Veteran,
            Self::Merit => Group::Merit,
            Self::VillageHealth | Self::PartTimer => Group::PartTimer,
        }
    }

    /// Whether its cards are made for a calendar year.
    pub fn is_yearly(self) -> bool {
        !matches!(self, Self::Protected | Self::Veteran | Self::Merit)
    }

    /// Whether its pupils and students have their cards through their schools all the same.
    pub fn leaves_pupils_to_schools(self) -> bool {
        matches!(self, Self::Farm | Self::LeftPoverty | Self::Disabled | Self::PartTimer | Self::VillageHealth)
    }

    /// Members among 100,000 whom the makers of cards pass over.
    fn passed_over(self) -> u32 {
        match self {
            Self::Protected | Self::Merit => 2_000,
            Self::Veteran | Self::VillageHealth | Self::PartTimer => 7_000,
            Self::Poor | Self::NearPoor => 15_000,
            Self::Ethnic | Self::LeftPoverty => 12_000,
            Self::Farm | Self::Disabled => 16_000,
        }
    }
}

/// Homes among 100,000 that are in a group and not on the list.
const NOT_LISTED: u32 = 2_000;

/// The group somebody is in at the end of a month.
///
/// `social` is the first month of a social pension. Who draws a pension or an allowance of the agency has a
/// card from there; only lists of homes name them.
pub fn of(
    world: &World,
    home: &Household,
    person: &Person,
    benefit: Option<&Benefit>,
    social: Option<MonthIndex>,
    month: MonthIndex,
) -> Option<Support> {
    if !home.place.inside() || home.foreign {
        return None;
    }
    let of_home = match home.means {
        Means::Poor => Some(Kind::Poor),
        Means::NearPoor => Some(Kind::NearPoor),
        Means::LeftPoverty => Some(Kind::LeftPoverty),
        Means::Farm => Some(Kind::Farm),
        Means::Usual => None,
    };
    let ever = calendar::month(2020, 1);
    let (kind, from) = match of_home.filter(|kind| *kind != Kind::Farm && *kind != Kind::LeftPoverty) {
        Some(kind) => (kind, ever),
        None => match of_person(world, person, benefit, social, month) {
            Some(own) => own,
            None => (home.ethnic.map(|_| Kind::Ethnic).or(of_home)?, ever),
        },
    };
    // The city supports those who are registered here for good.
    let by_city = matches!(kind, Kind::LeftPoverty | Kind::Disabled | Kind::Veteran | Kind::Ethnic);
    if from > month || (by_city && home.temporary) {
        return None;
    }
    let (slot, rate) = (person.outline.slot, kind.passed_over() / 2);
    // A whole home is passed over as often as one who came to it later.
    let passed_over = world.random.draw("no card made for home", home.number).chance(rate)
        || world.random.draw("no card made", slot).chance(rate);
    let listed = !world.random.draw("support list", home.number).chance(NOT_LISTED);
    Some(Support { kind, from, listed, carded: !passed_over })
}

/// Groups that somebody is in alone, not with the home.
fn of_person(
    world: &World,
    person: &Person,
    benefit: Option<&Benefit>,
    social: Option<MonthIndex>,
    month: MonthIndex,
) -> Option<(Kind, MonthIndex)> {
    let (outline, ever) = (&person.outline, calendar::month(2020, 1));
    if let Some(benefit) = benefit.filter(|b| b.from <= month) {
        // The law names those who draw a survivor's allowance at 75.
        let old = calendar::of(outline.birth) + 75 * 12 + 1;
        return (benefit.kind == benefits::Kind::Survivor && old <= month).then_some((Kind::Protected, old));
    }
    if let Some(from) = social {
        return Some((Kind::Protected, from));
    }
    let year = outline.birth.year();
    if year >= 2008 {
        return None;
    }
    let draw = world.random.draw("cards", outline.slot);
    let of_age = (1966..2001).contains(&year);
    match draw.of("supported").below(100_000) {
        0..900 => Some((Kind::Protected, ever)),
        900..1_700 if year < 1975 => Some((Kind::Merit, ever)),
        // The city began to support members of their clubs and the lightly disabled in 2026.
        1_700..4_700 if year < 1966 && outline.sex == Sex::Male => Some((Kind::Veteran, calendar::month(2026, 7))),
        4_700..5_000 => Some((Kind::Disabled, calendar::month(2026, 1))),
        5_000..5_120 if of_age => Some((Kind::VillageHealth, ever)),
        5_120..5_420 if of_age => Some((Kind::PartTimer, ever)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::households;
    use crate::life::Life;
    use std::collections::BTreeMap;

    #[test]
    fn groups_are_as_small_as_a_city_has_them() {
        let world = World::plan(0.01, 4).unwrap();
        let month = calendar::month(2026, 10);
        let (mut here, mut groups) = (0u32, BTreeMap::<Kind, u32>::new());
        let (mut not_listed, mut no_card) = (0u32, 0u32);
        for number in 0..25_000 {
            let home = households::draw(&world, number);
            for person in home.members.iter().filter(|p| home.lives_here(p, month)) {
                here += 1;
                if let Some(support) = Life::draw(&world, &home, person, month).support {
                    *groups.entry(support.kind).or_default() += 1;
                    not_listed += u32::from(!support.listed);
                    no_card += u32::from(!support.carded);
                }
            }
        }
        let share = |kind| f64::from(groups[&kind]) / f64::from(here);
        assert_eq!(groups.len(), 11, "{groups:?}");
        assert!((0.0003..0.002).contains(&share(Kind::Poor)) && (0.005..0.013).contains(&share(Kind::NearPoor)), "{groups:?}");
        assert!((0.003..0.03).contains(&share(Kind::Farm)), "{groups:?}");
        let all: u32 = groups.values().sum();
        assert!((0.03..0.08).contains(&(f64::from(all) / f64::from(here))), "{all} of {here}");
        assert!((0.01..0.04).contains(&(f64::from(not_listed) / f64::from(all))), "{not_listed}");
        assert!((0.03..0.12).contains(&(f64::from(no_card) / f64::from(all))), "{no_card}");
    }
}
