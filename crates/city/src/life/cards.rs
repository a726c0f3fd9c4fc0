//! Health insurance cards (thẻ BHYT) over time.
//!
//! First come the cards that follow from what somebody is: small child, employee, pensioner, of a
//! supported group ([`crate::life::granted`]), pupil, student. Months that none of these covers are left to
//! the household, which buys, renews late, lets lapse, or never buys ([`crate::life::bought`]). Last come
//! corrections of insurance numbers, which may leave somebody with two cards.

use base::Date;

use crate::calendar::{self, MonthIndex};
use crate::households::{Household, Person};
use crate::life::benefits::Benefit;
use crate::life::jobs::Spell;
use crate::life::support::Support;
use crate::life::{bought, granted, standing};
use crate::random::Draw;
use crate::schools;
use crate::world::World;

/// The group of insured people a card is issued for (mã đối tượng), with its benefit level digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// DN: employees.
    Employee,
    /// TE: children under six.
    Child,
    /// HS: pupils.
    Pupil,
    /// SV: students.
    Student,
    /// GD: households.
    Household,
    /// HT: pensioners.
    Pensioner,
    /// HN: the poor.
    Poor,
    /// CN: the near-poor.
    NearPoor,
    /// BT: social protection.
    Protected,
    /// DT: ethnic minorities.
    Ethnic,
    /// GB: farms of average means.
    Farm,
    /// CB: veterans.
    Veteran,
    /// CK: people of merit.
    Merit,
    /// KT: part-time officials of villages.
    PartTimer,
    /// TB: monthly allowances for accidents at work.
    Accident,
    /// QN, CA, CY: armed forces; no office of the city writes these cards.
    Forces,
}

impl Group {
    /// Two letters and the level digit as on the card.
    pub fn code(self) -> &'static str {
        match self {
            Self::Employee => "DN4",
            Self::Child => "TE1",
            Self::Pupil => "HS4",
            Self::Student => "SV4",
            Self::Household => "GD4",
            Self::Pensioner => "HT3",
            Self::Poor => "HN2",
            Self::NearPoor => "CN3",
            Self::Protected => "BT2",
            Self::Ethnic => "DT2",
            Self::Farm => "GB4",
            Self::Veteran => "CB2",
            Self::Merit => "CK2",
            Self::PartTimer => "KT4",
            Self::Accident => "TB4",
            Self::Forces => "QN5",
        }
    }

    /// The group of payers it belongs to: worker and employer, fund, state, state and self, self.
    pub fn payer(self) -> u32 {
        match self {
            Self::Employee => 1,
            Self::Pensioner | Self::Accident => 2,
            Self::Child | Self::Poor | Self::Protected | Self::Ethnic | Self::Veteran | Self::Merit | Self::Forces => 3,
            Self::NearPoor | Self::Pupil | Self::Student | Self::Farm | Self::PartTimer => 4,
            Self::Household => 5,
        }
    }

    /// Whether the state or the city pays for it, in full or in part.
    pub fn is_supported(self) -> bool {
        matches!(self.payer(), 3 | 4)
    }

    /// Whether it comes from a list of a commune.
    pub fn is_need(self) -> bool {
        match self {
            Self::Poor | Self::NearPoor | Self::Protected | Self::Ethnic | Self::Farm => true,
            Self::Veteran | Self::Merit | Self::PartTimer => true,
            Self::Employee | Self::Child | Self::Pupil | Self::Student | Self::Household => false,
            Self::Pensioner | Self::Accident | Self::Forces => false,
        }
    }
}

/// One card period, both days included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Card {
    /// Group.
    pub group: Group,
    /// First valid day.
    pub from: Date,
    /// Last valid day.
    pub to: Date,
    /// Whose card it is.
    pub issuer: Issuer,
    /// Under the person's second insurance number.
    pub second: bool,
    /// Made long before its first day, so that files show it early.
    pub ahead: bool,
}

/// Who issued a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issuer {
    /// The city's insurance agency.
    City,
    /// The agency of another province, by its code; no roster of the city holds the card.
    Province(u64),
    /// The army, the police or the cipher service; never written anywhere.
    Forces,
}

impl Card {
    /// Whether it is valid on a day.
    pub fn valid_on(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}

/// What cards follow from.
#[derive(Debug, Clone, Copy)]
pub struct Grounds<'a> {
    /// Insured jobs.
    pub spells: &'a [Spell],
    /// First month of a pension that has begun by the month after.
    pub pension: Option<MonthIndex>,
    /// Pension or allowance of the agency that has begun.
    pub benefit: Option<&'a Benefit>,
    /// The supported group.
    pub support: Option<&'a Support>,
}

/// Every card a person has had up to a month that the file of that month shows: those valid in the last
/// twelve months or later, those paid for and starting on the day after the month, and those made ahead.
pub fn cards(world: &World, home: &Household, person: &Person, grounds: &Grounds, month: MonthIndex) -> Vec<Card> {
    let pension = grounds.pension.map(calendar::first);
    let mut held = Held { world, home, person, pension, month, cards: Vec::new() };
    of_status(&mut held, grounds);
    bought::buy(&mut held, grounds);
    granted::end_bought(&mut held);
    granted::correct_numbers(&mut held);
    let (oldest, newest) = (calendar::first(month - 11), calendar::first(month + 1));
    let mut cards = held.cards;
    cards.retain(|c| c.to >= oldest && (c.from <= newest || c.ahead) && c.from <= c.to);
    cards.sort_by_key(|c| (c.from, c.to, c.second));
    cards
}

/// Cards of one person while they are collected.
pub struct Held<'a, 'w> {
    /// The city.
    pub world: &'w World,
    /// The household.
    pub home: &'a Household<'w>,
    /// The person.
    pub person: &'a Person<'w>,
    /// First day of the pension, from which no card of need is issued any more.
    pub pension: Option<Date>,
    /// The month up to which is drawn.
    pub month: MonthIndex,
    /// Those collected so far.
    pub cards: Vec<Card>,
}

impl Held<'_, '_> {
    /// Draws for a choice about the person's cards.
    pub fn draw(&self, name: &str) -> Draw {
        self.world.random.draw(name, self.person.outline.slot)
    }

    /// Adds a card of the city.
    pub fn add(&mut self, group: Group, from: Date, to: Date) {
        self.add_by(Issuer::City, group, from, to, false);
    }

    /// Adds a card, cut to the person's time in the city as the issuer knows it.
    pub fn add_by(&mut self, issuer: Issuer, group: Group, from: Date, to: Date, ahead: bool) {
        let from = self.home.arrives.map_or(from, |m| from.max(calendar::first(m)));
        let to = self.person.stops.filter(|m| *m <= self.month).map_or(to, |m| to.min(calendar::last(m)));
        let to = self.pension.filter(|_| group.is_need()).and_then(|day| day.add_days(-1)).map_or(to, |day| to.min(day));
        if from <= to && self.home.leaves.is_none_or(|m| from < calendar::first(m)) {
            self.cards.push(Card { group, from, to, issuer, second: false, ahead });
        }
    }

    /// Whether any card is valid on a day.
    pub fn covered(&self, day: Date) -> bool {
        self.cards.iter().any(|c| c.valid_on(day))
    }
}

/// Cards that follow from status.
fn of_status(held: &mut Held, grounds: &Grounds) {
    let (world, month, spells) = (held.world, held.month, grounds.spells);
    let year_end = calendar::last(calendar::month(month.div_euclid(12), 12));
    for spell in spells.iter().filter(|s| s.from <= month) {
        let to = if spell.to > month { year_end } else { calendar::last(spell.to) };
        let issuer = if spell.here() { Issuer::City } else { Issuer::Province(spell.province) };
        held.add_by(issuer, Group::Employee, calendar::first(spell.from), to, false);
    }
    let service = standing::service(world, held.home, held.person);
    if let Some((from, to)) = service {
        held.add_by(Issuer::Forces, Group::Forces, calendar::first(from), calendar::last(to - 1), false);
    }
    if !held.home.place.inside() || held.home.foreign {
        return;
    }
    let birth = held.person.outline.birth;
    let draw = held.draw("cards");
    if !draw.of("never as a child").chance(700) {
        // The first card takes up to two months and then counts from birth.
        let issued = calendar::of(birth) + draw.of("first card").small(5) / 2;
        if issued <= month {
            held.add(Group::Child, birth, child_until(birth));
        }
    }
    granted::to_pensioner(held, grounds);
    let support = grounds.support.filter(|s| s.carded && service.is_none());
    if let Some(support) = support {
        granted::to_supported(held, support, spells);
    }
    let by_list = support.filter(|s| !s.kind.leaves_pupils_to_schools());
    let first_year = calendar::month(2024, 1).div_euclid(12);
    for year in first_year..=calendar::school_year(month) {
        let learning = world.random.draw2("school card", held.person.outline.slot, year as u64);
        // Now and then a school sells the card to a child whom the commune has given one.
        if by_list.is_some_and(|s| calendar::month(year, 10) >= s.from) && !learning.of("sold all the same").chance(6_000) {
            continue;
        }
        match learns(held, year) {
            Some(Group::Student) => {
                let province = standing::students_province(world, held.home, held.person);
                by_school(held, province.map_or(Issuer::City, Issuer::Province), Group::Student, year, learning);
            }
            Some(group) => by_school(held, Issuer::City, group, year, learning),
            None => {}
        }
    }
}

/// The group of a pupil or a student in a school year.
pub fn learns(held: &Held, year: i32) -> Option<Group> {
    let outline = &held.person.outline;
    let random = &held.world.random;
    if schools::enrolment(random, &held.home.place.schools, outline.slot, outline.birth, year).is_some() {
        return Some(Group::Pupil);
    }
    schools::is_student(random, outline.slot, outline.birth, year).then_some(Group::Student)
}

/// The last day of a small child's card: 30 September of the year of the sixth birthday, or the
/// end of the birthday's month when that comes later.
pub fn child_until(birth: Date) -> Date {
    let september = calendar::month(birth.year() + 6, 9);
    calendar::last(september.max(calendar::month(birth.year() + 6, birth.month_number())))
}

/// A card of a school year, October to September; some pay late, a few never.
fn by_school(held: &mut Held, issuer: Issuer, group: Group, year: i32, draw: Draw) {
    let october = calendar::month(year, 10);
    let from = match draw.below(1_000) {
        0..8 => return,
        8..24 => october + 1,
        24..31 => october + 2,
        31..34 => october + 3,
        _ => october,
    };
    let from = calendar::first(from);
    // A first-grader's child card may run on past October; most schools collect with the other children all the same.
    let child_card = held.cards.iter().filter(|c| c.group == Group::Child).map(|c| c.to).max();
    let next = child_card.and_then(|to| to.add_days(1)).filter(|next| *next > from);
    let ahead = next.is_some() && held.month >= october && draw.of("collected").chance(70_000);
    held.add_by(issuer, group, next.unwrap_or(from), calendar::last(calendar::month(year + 1, 9)), ahead);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::households;
    use crate::life;

    #[test]
    fn a_small_childs_card_runs_to_the_autumn_of_its_sixth_year() {
        assert_eq!(child_until("2020-03-05".parse().unwrap()).to_string(), "2026-09-30");
        assert_eq!(child_until("2020-11-05".parse().unwrap()).to_string(), "2026-11-30");
    }

    #[test]
    fn history_does_not_change_when_the_city_is_drawn_for_a_later_month() {
        let world = World::plan(0.001, 3).unwrap();
        let (september, october) = (calendar::month(2026, 9), calendar::month(2026, 10));
        let day = calendar::last(september);
        for number in 0..1_500 {
            let home = households::draw(&world, number);
            for person in &home.members {
                let on = |month| life::Life::draw(&world, &home, person, month).cards.iter().any(|c| c.valid_on(day));
                let newborn = calendar::of(person.outline.birth) >= september - 2;
                assert!(newborn || on(september) == on(october), "{:?}", person.outline);
            }
        }
    }
}
