//! A small made-up city for measuring: households, namesakes, twins, and the slips of typical rosters.
//!
//! Every person and every slip is drawn from (seed, stream, index) alone. Spelling is changed with
//! tables of its own, so that the crate under test is not measured by itself. All people are invented.

use base::{Date, PersonalId, Sex};
use linkage::{Birth, Row};
use unicode_normalization::UnicodeNormalization;

use crate::names;
use crate::slips;

/// One invented person.
#[derive(Debug, Clone)]
pub struct Person {
    pub name: String,
    pub birth: Date,
    pub sex: Sex,
    pub id: u64,
    pub cmnd: u32,
    pub insurance: u64,
    pub commune: u16,
}

/// A roster with the truth beside it.
#[derive(Debug, Default)]
pub struct Roster {
    pub people: Vec<u64>,
    names: Vec<String>,
    births: Vec<Option<Birth>>,
    sexes: Vec<Option<Sex>>,
    ids: Vec<Option<PersonalId>>,
    old_ids: Vec<Option<u32>>,
    insurance: Vec<Option<u64>>,
    communes: Vec<Vec<u16>>,
}

/// Which fields a roster has and how badly it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The population roster: all fields, clean.
    Spine,
    /// Cards and the like: all fields, typical slips, an insurance number.
    Card,
    /// Tax settlement: name and number only, typical slips.
    Tax,
    /// All fields but no number at all.
    NoNumbers,
    /// Participants of social insurance: as cards, typed by other hands.
    Participants,
    /// A commune's household list: all fields and an identity number, no insurance number.
    Households,
}

/// A random number of a place in a stream.
pub fn draw(seed: u64, stream: u64, index: u64) -> u64 {
    let mut x = seed ^ stream.wrapping_mul(0xa076_1d64_78bd_642f) ^ index.wrapping_mul(0xe703_7ed1_a0b4_28db);
    for _ in 0..3 {
        x ^= x >> 32;
        x = x.wrapping_mul(0xd6e8_feb8_6659_fd93);
    }
    x ^ x >> 32
}

/// Whether an event of a rate in hundred-thousandths happens.
pub fn happens(random: u64, rate: u64) -> bool {
    random % 100_000 < rate
}

pub struct City {
    seed: u64,
    surnames: Weighted,
    given: [Weighted; 2],
    middle: [Weighted; 2],
}

struct Weighted(Vec<(String, u64)>);

impl Weighted {
    fn parse(list: &str) -> Self {
        let mut sum = 0;
        let entry = |item: &str| {
            let (name, weight) = item.split_once(':').unwrap();
            sum += weight.parse::<u64>().unwrap();
            (name.replace('_', " "), sum)
        };
        Self(list.split(' ').map(entry).collect())
    }

    fn pick(&self, random: u64) -> &str {
        let at = random % self.0.last().unwrap().1;
        &self.0[self.0.partition_point(|(_, sum)| *sum <= at)].0
    }
}

const COMMUNES: u64 = 126;

impl City {
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            surnames: Weighted::parse(names::SURNAMES),
            given: [Weighted::parse(names::GIVEN_MALE), Weighted::parse(names::GIVEN_FEMALE)],
            middle: [Weighted::parse(names::MIDDLE_MALE), Weighted::parse(names::MIDDLE_FEMALE)],
        }
    }

    fn draw(&self, stream: u64, index: u64) -> u64 {
        draw(self.seed, stream, index)
    }

    /// The person of a number: four make a household (father, mother, two children).
    pub fn person(&self, number: u64) -> Person {
        let (house, role) = (number / 4, number % 4);
        let father_year = 1945 + (self.draw(1, house) % 50) as i32;
        let twin = role == 3 && happens(self.draw(2, house), 1_500);
        // A twin shares the date of the other child.
        let own = if twin { number - 1 } else { number };
        let year = match role {
            0 => father_year,
            1 => father_year + (self.draw(3, number) % 8) as i32 - 3,
            _ => father_year + 22 + (self.draw(3, own) % 14) as i32,
        };
        let birth = Date::new(year, 1 + (self.draw(4, own) % 12) as i32, 1 + (self.draw(5, own) % 28) as i32).unwrap();
        let sex = match role {
            0 => 0,
            1 => 1,
            _ => (self.draw(6, own) % 2) as usize,
        };
        let family = self.surnames.pick(self.draw(7, house));
        let surname = if role == 1 { self.surnames.pick(self.draw(7, house + (1 << 40))) } else { family };
        let middle = self.middle[sex].pick(self.draw(8, own));
        // One son in three hundred bears his father's given and middle name; twins share the middle.
        let namesake = role == 2 && sex == 0 && happens(self.draw(9, house), 300);
        let (middle, given) = if namesake {
            (self.middle[0].pick(self.draw(8, number - 2)), self.given[0].pick(self.draw(10, number - 2)))
        } else {
            (middle, self.given[sex].pick(self.draw(10, number)))
        };
        let name = [surname, middle, given].into_iter().filter(|p| !p.is_empty() && *p != "-").collect::<Vec<_>>().join(" ");
        let sex = if sex == 0 { Sex::Male } else { Sex::Female };
        Person {
            name,
            birth,
            sex,
            id: self.id(number, birth, sex),
            cmnd: 10_000_000 + (self.draw(11, number) % 90_000_000) as u32,
            insurance: 100_000_000 + self.draw(12, number) % 800_000_000,
            commune: (self.draw(13, house) % COMMUNES) as u16,
        }
    }

    fn id(&self, number: u64, birth: Date, sex: Sex) -> u64 {
        let province = if self.draw(14, number) % 10 < 7 { 1 } else { 2 + self.draw(15, number) % 94 };
        let century = 2 * (birth.year() as u64 / 100 - 19) + u64::from(sex == Sex::Female);
        ((province * 10 + century) * 100 + birth.year() as u64 % 100) * 1_000_000 + self.draw(16, number) % 1_000_000
    }

    /// A roster of these people.
    pub fn roster(&self, kind: Kind, people: impl Iterator<Item = u64>) -> Roster {
        let mut roster = Roster::default();
        for number in people {
            self.add(&mut roster, kind, number, 0);
        }
        roster
    }

    /// Adds second rows of these people: another insurance number, slips of another day, and for every
    /// other one no identity number.
    pub fn second_rows(&self, roster: &mut Roster, kind: Kind, people: impl Iterator<Item = u64>) {
        people.for_each(|number| self.add(roster, kind, number, 1));
    }

    /// People of a second roster: `overlap` percent of `count` are of the first `spine` people, spread by the seed.
    pub fn others(&self, spine: u64, count: u64, overlap: u64) -> impl Iterator<Item = u64> + '_ {
        (0..spine)
            .filter(move |n| self.draw(17, *n) % spine < count * overlap / 100)
            .chain((0..count * (100 - overlap) / 100).map(move |n| spine + n))
    }

    /// The people of a list that holds `percent` of the first `count`, chosen by the seed and `list`.
    pub fn some(&self, count: u64, percent: u64, list: u64) -> impl Iterator<Item = u64> + '_ {
        (0..count).filter(move |n| self.draw(20 + list, *n) % 100 < percent)
    }

    fn add(&self, roster: &mut Roster, kind: Kind, number: u64, copy: u64) {
        let person = self.person(number);
        let chance = |stream: u64| draw(self.seed, stream + 1_000 * (kind as u64 + 1) + 100_000 * copy, number);
        let typical = kind != Kind::Spine;
        let rate = |clean: u64, other: u64| if typical { other } else { clean };
        let dated = kind != Kind::Tax;
        roster.people.push(number);
        roster.names.push(slips::name(&person.name, typical, &chance));
        roster.births.push(dated.then(|| slips::birth(person.birth, typical, &chance)));
        let wrong_sex = happens(chance(50), rate(20, 100));
        let other = if person.sex == Sex::Male { Sex::Female } else { Sex::Male };
        roster.sexes.push(dated.then_some(if wrong_sex { other } else { person.sex }));
        // Missing, a nine-digit card instead, a relative's number, or a slip.
        let missing =
            kind == Kind::NoNumbers || (copy > 0 && chance(60).is_multiple_of(2)) || happens(chance(51), rate(300, 2_000));
        let old = happens(chance(52), rate(1_000, 6_000));
        let relative = happens(chance(53), rate(20, 200));
        let holder = if relative { self.person(number / 4 * 4 + chance(54) % 4).id } else { person.id };
        let id = slips::number(holder, rate(10, 100), rate(20, 150), &chance);
        roster.ids.push((!missing && !old).then(|| PersonalId::from_number(id)).flatten());
        roster.old_ids.push((!missing && old).then_some(person.cmnd));
        roster
            .insurance
            .push([Kind::Card, Kind::Participants].contains(&kind).then_some(person.insurance + 1_000_000_000 * copy));
        roster.communes.push(if dated { self.address(&person, typical, &chance) } else { Vec::new() });
    }

    fn address(&self, person: &Person, typical: bool, chance: &impl Fn(u64) -> u64) -> Vec<u16> {
        let moved = happens(chance(55), if typical { 18_000 } else { 0 });
        let commune = if moved { (chance(56) % COMMUNES) as u16 } else { person.commune };
        // Old wards, of which two in five were split.
        let split = happens(chance(57), if typical { 35_000 } else { 8_000 }) && chance(58) % 5 < 2;
        let mut out = vec![commune];
        if split {
            out.extend((1..2 + chance(59) % 2).map(|k| (u64::from(commune) + k) as u16 % COMMUNES as u16));
            out.sort_unstable();
        }
        out
    }
}

impl Roster {
    /// The rows to link.
    pub fn rows(&self) -> Vec<Row<'_>> {
        (0..self.people.len())
            .map(|at| Row {
                name: &self.names[at],
                birth: self.births[at],
                sex: self.sexes[at],
                personal_id: self.ids[at],
                old_id: self.old_ids[at],
                insurance_number: self.insurance[at],
                communes: &self.communes[at],
            })
            .collect()
    }

    /// One row as text, for looking at wrong links.
    #[allow(dead_code)]
    pub fn show(&self, at: u32) -> String {
        let at = at as usize;
        let birth = self.births[at].map(|b| format!("{}{}", b.date, if b.year_only { " (year)" } else { "" }));
        format!(
            "{} | {} | {:?} | {:?} {:?} | {:?}",
            self.names[at].nfc().collect::<String>(),
            birth.unwrap_or_default(),
            self.sexes[at],
            self.ids[at].map(|i| i.to_string()),
            self.old_ids[at],
            self.communes[at]
        )
    }
}
