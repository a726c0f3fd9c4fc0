//! A person as rosters are written from them.

use crate::calendar::MonthIndex;
use crate::errors::address::Address;
use crate::errors::date::Birth;
use crate::errors::id::{Numbers, WrittenId};
use crate::errors::{self, Pattern, Profile};
use crate::households::{Household, Person};
use crate::ids;
use crate::life::Life;
use crate::life::cards::Issuer;
use crate::life::standing;
use crate::random::Draw;
use crate::rosters::cells::Row;
use crate::world::World;

/// A person at the end of a month, with everything rosters are written from.
pub struct Subject<'a, 'w> {
    /// The city.
    pub world: &'w World,
    /// The household.
    pub home: &'a Household<'w>,
    /// The person.
    pub person: &'a Person<'w>,
    /// School, work, pay, cards.
    pub life: &'a Life,
    /// The month.
    pub month: MonthIndex,
}

/// Who a row says it is about.
pub struct Identity {
    /// Personal id.
    pub id: WrittenId,
    /// Full name.
    pub name: String,
    /// Birth date.
    pub birth: Birth,
    /// `Nam`, `Nữ` or nothing.
    pub sex: &'static str,
}

impl Subject<'_, '_> {
    /// The person's slot.
    pub fn slot(&self) -> u64 {
        self.person.outline.slot
    }

    /// Whether the person lives in the city at the end of the month.
    pub fn lives_here(&self) -> bool {
        self.home.lives_here(self.person, self.month)
    }

    /// Whether the person has died at home in the city and offices have not heard of it.
    pub fn dead_but_unknown(&self) -> bool {
        let died = self.person.dies.filter(|m| *m <= self.month);
        let home = self.home;
        died.is_some_and(|died| home.leaves.is_none_or(|m| m > died) && home.arrives.is_none_or(|m| m <= died))
            && home.place.inside()
            && self.person.told.is_none_or(|m| m > self.month)
    }

    /// Whether the person serves in the army, the police or the cipher service.
    pub fn serves(&self) -> bool {
        standing::serves(self.world, self.home, self.person, self.month)
    }

    /// Whether the agency has given the person a number by now.
    pub fn has_insurance_number(&self) -> bool {
        let life = self.life;
        life.cards.iter().any(|c| c.issuer != Issuer::Forces)
            || life.spells.iter().any(|s| s.from <= self.month)
            || !life.voluntary.is_empty()
            || life.benefit.is_some()
    }

    /// Draws for one record of a roster; `record` tells several records of a person apart.
    pub fn record(&self, profile: &Profile, record: u64) -> Draw {
        self.world.random.draw2(profile.name(), self.slot(), record)
    }

    /// Draws for the household, the same in all rosters.
    pub fn house(&self) -> Draw {
        self.world.random.draw("address", self.home.number)
    }

    /// Where a record of a roster says the household lives.
    pub fn address(&self, profile: &Profile, record: Draw) -> Address {
        errors::address::write(self.world, profile, self.house(), record, self.home.place, self.home.group)
    }

    /// Who a record of a roster says the person is.
    pub fn identity(&self, profile: &Profile, record: Draw) -> Identity {
        let outline = &self.person.outline;
        let members = &self.home.members;
        let others: Vec<_> = members.iter().filter(|m| m.outline.slot != outline.slot).collect();
        let numbers = Numbers {
            own: self.person.id,
            // Old cards were given out until 2021, from the age of fourteen.
            old: (outline.birth.year() <= 2006).then(|| ids::old_id(&self.world.random, outline.slot)),
            family: others.get(record.of("family").below(others.len() as u64) as usize).map(|m| m.id),
        };
        let id = match &self.person.passport {
            Some(passport) if profile.strikes(Pattern::MissingId, record).is_none() => WrittenId::Text(passport.clone()),
            Some(_) => WrittenId::Text(String::new()),
            None => errors::id::write(profile, record, &numbers),
        };
        Identity {
            id,
            name: errors::name::write(profile, record, &self.person.name),
            birth: errors::date::write(profile, record, outline.birth),
            sex: errors::date::write_sex(profile, record, outline.sex),
        }
    }

    /// Ten digits of the insurance number in a record; a few people have two.
    pub fn insurance_number(&self, profile: &Profile, record: Draw) -> String {
        let random = &self.world.random;
        let number = match profile.strikes(Pattern::SecondInsuranceNumber, record) {
            Some(_) => ids::second_insurance_number(random, self.slot()),
            None => ids::insurance_number(random, self.slot()),
        };
        format!("{number:010}")
    }

    /// The second of two insurance numbers, or the first when that is the second.
    pub fn other_insurance_number(&self, number: &str) -> String {
        let random = &self.world.random;
        let first = format!("{:010}", ids::insurance_number(random, self.slot()));
        if number == first { format!("{:010}", ids::second_insurance_number(random, self.slot())) } else { first }
    }

    /// Ends a row: now and then it is broken, or stands twice.
    ///
    /// `breakable` names the cells that may be broken, as (cell, field, what stands there instead).
    pub fn push(
        &self,
        profile: &Profile,
        record: u64,
        mut row: Row,
        breakable: &[(usize, &'static str, &str)],
        twice: bool,
        out: &mut Vec<Row>,
    ) {
        let fate = self.record(profile, record).of("fate").number(self.month as u64);
        if fate.of("broken").chance(BROKEN) {
            let (cell, field, text) = breakable[fate.of("field").below(breakable.len() as u64) as usize];
            row.cells[cell] = text.into();
            row.broken = Some(field);
        }
        if twice && fate.of("twice").chance(TWICE) {
            out.push(row.clone());
        }
        out.push(row);
    }
}

/// Rows planted to be refused, per 100,000.
pub const BROKEN: u32 = 100;
/// Rows that stand twice, per 100,000.
pub const TWICE: u32 = 50;
/// A day that is in no calendar.
pub const NO_SUCH_DAY: &str = "31/02/2015";
