//! Health insurance cards (thẻ BHYT) over time.
//!
//! First come the cards that follow from what somebody is: small child, poor, pensioner, employee,
//! pupil, student. Months that none of these covers are left to the household, which buys, renews
//! late, lets lapse, or never buys.

use base::Date;

use crate::calendar::{self, MonthIndex};
use crate::households::{Household, Means, Person};
use crate::life::jobs::Spell;
use crate::life::standing;
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
            Self::Forces => "QN5",
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

/// First month of the household cards' history; cards older than a year are not written.
const START: MonthIndex = calendar::month(2024, 7);

/// Every card a person has had up to a month that the file of that month shows: those valid in
/// the last twelve months or later, and those paid for and starting on the day after the month.
///
/// `pension` is the first month of a pension that has begun by the month after.
pub fn cards(
    world: &World,
    home: &Household,
    person: &Person,
    spells: &[Spell],
    pension: Option<MonthIndex>,
    month: MonthIndex,
) -> Vec<Card> {
    let mut held = Held { home, person, pension: pension.map(calendar::first), cards: Vec::new() };
    of_status(world, &mut held, spells, month);
    bought(world, &mut held, spells, month);
    let (oldest, newest) = (calendar::first(month - 11), calendar::first(month + 1));
    let mut cards = held.cards;
    cards.retain(|c| c.to >= oldest && c.from <= newest && c.from <= c.to);
    cards.sort_by_key(|c| (c.from, c.to));
    cards
}

/// Cards of one person while they are collected.
struct Held<'a, 'w> {
    home: &'a Household<'w>,
    person: &'a Person<'w>,
    /// First day of the pension, from which no card of need is issued any more.
    pension: Option<Date>,
    cards: Vec<Card>,
}

impl Held<'_, '_> {
    /// Adds a card of the city.
    fn add(&mut self, group: Group, from: Date, to: Date) {
        self.add_by(Issuer::City, group, from, to);
    }

    /// Adds a card, cut to the person's time in the city as the issuer knows it.
    fn add_by(&mut self, issuer: Issuer, group: Group, from: Date, to: Date) {
        let from = self.home.arrives.map_or(from, |m| from.max(calendar::first(m)));
        let to = self.person.told.map_or(to, |m| to.min(calendar::last(m)));
        let need = matches!(group, Group::Poor | Group::NearPoor | Group::Protected);
        let to = self.pension.filter(|_| need).and_then(|day| day.add_days(-1)).map_or(to, |day| to.min(day));
        if from <= to && self.home.leaves.is_none_or(|m| from < calendar::first(m)) {
            self.cards.push(Card { group, from, to, issuer });
        }
    }

    fn covered(&self, day: Date) -> bool {
        self.cards.iter().any(|c| c.valid_on(day))
    }
}

/// Cards that follow from status.
fn of_status(world: &World, held: &mut Held, spells: &[Spell], month: MonthIndex) {
    let year_end = calendar::last(calendar::month(month.div_euclid(12), 12));
    for spell in spells.iter().filter(|s| s.from <= month) {
        let to = if spell.to > month { year_end } else { calendar::last(spell.to) };
        let issuer = if spell.here() { Issuer::City } else { Issuer::Province(spell.province) };
        held.add_by(issuer, Group::Employee, calendar::first(spell.from), to);
    }
    if let Some((from, to)) = standing::service(world, held.home, held.person) {
        held.add_by(Issuer::Forces, Group::Forces, calendar::first(from), calendar::last(to - 1));
    }
    if !held.home.place.inside() || held.home.foreign {
        return;
    }
    let outline = held.person.outline;
    let (birth, slot) = (outline.birth, outline.slot);
    let draw = world.random.draw("cards", slot);
    if !draw.of("never as a child").chance(700) {
        // The first card takes up to two months and then counts from birth.
        let issued = calendar::of(birth) + draw.of("first card").small(5) / 2;
        if issued <= month {
            held.add(Group::Child, birth, child_until(birth));
        }
    }
    if let Some(from) = held.pension {
        held.add(Group::Pensioner, from, calendar::last(calendar::month(2030, 12)));
    }
    let first_year = calendar::month(2024, 1).div_euclid(12);
    if held.home.means != Means::Usual {
        let group = if held.home.means == Means::Poor { Group::Poor } else { Group::NearPoor };
        let start_of_life = child_until(birth).add_days(1).unwrap_or(birth);
        for year in first_year..=month.div_euclid(12) {
            let january = calendar::month(year, 1);
            if !spells.iter().any(|s| s.covers(january)) {
                held.add(group, calendar::first(january).max(start_of_life), calendar::last(january + 11));
            }
        }
        return;
    }
    let aged = calendar::of(birth) + 75 * 12 + 1;
    let protected = outline.birth.year() < 2008 && draw.of("protected").chance(900);
    if protected || aged <= month {
        let from = if protected { calendar::month(2020, 1) } else { aged };
        held.add(Group::Protected, calendar::first(from), calendar::last(calendar::month(2035, 12)));
        return;
    }
    for year in first_year..=calendar::school_year(month) {
        let learning = world.random.draw2("school card", slot, year as u64);
        if schools::enrolment(&world.random, &held.home.place.schools, slot, birth, year).is_some() {
            by_school(held, Issuer::City, Group::Pupil, year, learning);
        } else if schools::is_student(&world.random, slot, birth, year) {
            let province = standing::students_province(world, held.home, held.person);
            by_school(held, province.map_or(Issuer::City, Issuer::Province), Group::Student, year, learning);
        }
    }
}

/// The last day of a small child's card: 30 September of the year of the sixth birthday, or the
/// end of the birthday's month when that comes later.
fn child_until(birth: Date) -> Date {
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
    // A first-grader's child card may run on past October.
    let child_card = held.cards.iter().filter(|c| c.group == Group::Child).map(|c| c.to).max();
    let from = child_card.and_then(|to| to.add_days(1)).map_or(from, |next| from.max(next));
    held.add_by(issuer, group, from, calendar::last(calendar::month(year + 1, 9)));
}

/// How a household keeps up its cards.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Habit {
    Steady,
    Gappy,
    Never,
}

/// Household cards for the months that no other card covers.
fn bought(world: &World, held: &mut Held, spells: &[Spell], month: MonthIndex) {
    let outline = held.person.outline;
    let draw = world.random.draw("household card", outline.slot);
    let habit = match draw.of("habit").below(100) {
        0..80 => Habit::Steady,
        80..94 => Habit::Gappy,
        _ => Habit::Never,
    };
    if habit == Habit::Never || !held.home.place.inside() || held.home.foreign {
        return;
    }
    // Two in five cards run from some other day than the first of a month.
    let pay_day = if draw.of("first of month").chance(60_000) { 1 } else { 2 + draw.of("day").small(27) };
    let started = draw.of("phase").small(12);
    let mut last: Option<Date> = None;
    for at in START - started..=month + 1 {
        if held.person.dies.is_some_and(|month| at >= month) {
            break;
        }
        let end = calendar::last(at);
        let old_enough = child_until(outline.birth) < end;
        if !old_enough || held.covered(end) || spells.iter().any(|s| s.covers(at)) || learns(world, held, at) {
            continue;
        }
        let decides = draw.number(at as u64);
        let next_day = last.and_then(|to| to.add_days(1)).filter(|next| calendar::of(*next) == at);
        let just_ended = next_day.is_some();
        let buys = match (habit, just_ended || last.is_none()) {
            (Habit::Steady, true) => 98_500,
            (Habit::Steady, false) => 30_000,
            (_, true) => 50_000,
            (_, false) => 12_000,
        };
        if !decides.of("buys").chance(buys) {
            continue;
        }
        let from = next_day.unwrap_or(calendar::day(at, pay_day));
        let months = length(habit, decides.of("months"));
        let to = calendar::day(at + months, from.day()).add_days(-1).unwrap_or(from);
        held.add(Group::Household, from, to);
        last = Some(to);
    }
}

/// Whether a pupil's or student's card is the business of the school in a month.
fn learns(world: &World, held: &Held, month: MonthIndex) -> bool {
    let outline = &held.person.outline;
    let year = calendar::school_year(month);
    schools::enrolment(&world.random, &held.home.place.schools, outline.slot, outline.birth, year).is_some()
        || schools::is_student(&world.random, outline.slot, outline.birth, year)
}

/// Months a household card is bought for.
fn length(habit: Habit, draw: Draw) -> i32 {
    let (three, six) = if habit == Habit::Steady { (5, 20) } else { (45, 80) };
    match draw.below(100) {
        n if n < three => 3,
        n if n < six => 6,
        _ => 12,
    }
}

/// Whether a household card ended within the twelve months before a month's end and nothing covers
/// the person on that day.
pub fn household_card_lapsed(cards: &[Card], month: MonthIndex) -> bool {
    let end = calendar::last(month);
    cards.iter().any(|c| c.group == Group::Household && c.to < end) && !cards.iter().any(|c| c.valid_on(end))
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
    fn a_card_ending_on_the_last_day_has_not_lapsed() {
        let card = |to: &str| Card {
            group: Group::Household,
            from: "2026-01-01".parse().unwrap(),
            to: to.parse().unwrap(),
            issuer: Issuer::City,
        };
        let october = calendar::month(2026, 10);
        assert!(!household_card_lapsed(&[card("2026-10-31")], october));
        assert!(household_card_lapsed(&[card("2026-10-30")], october));
        let employee = Card { group: Group::Employee, ..card("2026-12-31") };
        assert!(!household_card_lapsed(&[card("2026-06-30"), employee], october));
    }

    #[test]
    fn history_does_not_change_when_the_city_is_drawn_for_a_later_month() {
        let world = World::plan(0.001, 3).unwrap();
        let (september, october) = (calendar::month(2026, 9), calendar::month(2026, 10));
        let day = calendar::last(september);
        for number in 0..1_500 {
            let home = households::draw(&world, number);
            for person in &home.members {
                let spells = life::jobs::spells(&world, &home, person);
                let on = |month| {
                    let pension = life::pension_from(&world, &home, person, month + 1);
                    cards(&world, &home, person, &spells, pension, month).iter().any(|c| c.valid_on(day))
                };
                let newborn = calendar::of(person.outline.birth) >= september - 2;
                assert!(newborn || on(september) == on(october), "{:?}", person.outline);
            }
        }
    }
}
