//! One person among claims: by the numbers that cards and papers carry, held against the register.
//!
//! A number alone makes nobody: the name and the birth date must agree with the register's, else the visit is linked by number only and every rule that
//! names such a visit says so. A newborn on the mother's card is a person of its own.

use std::collections::HashMap;

use base::{Date, names};
use book::Book;
use chapter::{ChapterError, StepContext};
use claimfile::{Row, parse_birth};
use engine::rows as cells;

use crate::facts::card::parts;
use crate::facts::places::Xml1;

/// Days after birth within which a child may be on the mother's card or a temporary one.
const NEWBORN_DAYS: i32 = 60;

/// How a visit was linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Linked {
    pub key: i64,
    pub person: Option<i64>,
    pub link: &'static str,
    pub newborn: bool,
}

/// What identifies the person of a visit.
pub(crate) struct Who<'w> {
    pub insurance: Option<u64>,
    pub identity: Option<u64>,
    pub name: Option<&'w str>,
    pub birth: Option<(i32, Option<Date>)>,
    pub start: Option<Date>,
}

/// A person of the register, as far as needed.
struct Known {
    person: i64,
    name: u64,
    birth: Option<Date>,
    by_year: bool,
}

/// Numbers met in the claims of a month and the people behind them.
#[derive(Default)]
pub(crate) struct People {
    wanted: HashMap<u64, Option<u32>>,
    known: Vec<Known>,
    /// Identity number to insurance number, where a visit of the month has both.
    joined: HashMap<u64, u64>,
}

/// Tags keep insurance numbers and identity numbers apart.
const INSURANCE: u64 = 1 << 60;
const IDENTITY: u64 = 1 << 61;

impl<'w> Who<'w> {
    /// Reads what XML1 says.
    pub(crate) fn of(row: Row<'w>, at: &Xml1, start: Option<Date>) -> Self {
        Self {
            insurance: insurance_number(row.get(at.ma_the)),
            identity: identity_number(row.get(at.so_cccd)),
            name: row.get(at.ho_ten),
            birth: row.get(at.ngay_sinh).and_then(parse_birth),
            start,
        }
    }
}

/// The BHXH number of the last card: the last ten digits of a card of fifteen characters, or a card of ten digits.
fn insurance_number(cards: Option<&str>) -> Option<u64> {
    let card = parts(cards).last()?;
    let digits = match card.len() {
        15 => card.get(5..)?,
        10 => card,
        _ => return None,
    };
    let number: u64 = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())??;
    // Cards of the armed forces are kept without their number.
    (number > 0).then_some(INSURANCE | number)
}

fn identity_number(text: Option<&str>) -> Option<u64> {
    let text = text?;
    let number: u64 = (text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())??;
    (number > 0).then_some(IDENTITY | number)
}

impl People {
    /// Notes the numbers of a visit, before the register is read.
    pub(crate) fn meet(&mut self, cards: Option<&str>, identity: Option<&str>) {
        let (insurance, identity) = (insurance_number(cards), identity_number(identity));
        for number in insurance.into_iter().chain(identity) {
            self.wanted.entry(number).or_insert(None);
        }
        if let (Some(insurance), Some(identity)) = (insurance, identity) {
            // The smaller one, so that the order of visits does not matter.
            let known = self.joined.entry(identity).or_insert(insurance);
            *known = (*known).min(insurance);
        }
    }

    /// Finds the numbers in the register; without one nobody is linked.
    pub(crate) fn read_register(&mut self, context: &StepContext) -> Result<(), ChapterError> {
        let Some(table) = context.table("person") else { return Ok(()) };
        self.read(context.book, table)
    }

    fn read(&mut self, book: &Book, table: &book::TableRef) -> Result<(), ChapterError> {
        let columns = ["person_id", "full_name", "birth_date", "birth_precision", "personal_id", "insurance_number"];
        for batch in book.stream_table(table, &columns, 16_384)? {
            let batch = batch?;
            let (ids, numbers) = (cells::text(&batch, "personal_id")?, cells::text(&batch, "insurance_number")?);
            let (people, names) = (cells::int(&batch, "person_id")?, cells::text(&batch, "full_name")?);
            let (births, precision) = (cells::date(&batch, "birth_date")?, cells::text(&batch, "birth_precision")?);
            for row in 0..batch.num_rows() {
                let insurance = cells::text_at(&numbers, row).and_then(|text| insurance_number(Some(text)));
                let identity = identity_number(cells::text_at(&ids, row));
                let met = insurance.into_iter().chain(identity).filter(|number| self.wanted.contains_key(number));
                let met: Vec<u64> = met.collect();
                if met.is_empty() {
                    continue;
                }
                let place = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
                self.known.push(Known {
                    person: people.value(row),
                    name: name_mark(cells::text_at(&names, row).unwrap_or_default()),
                    birth: cells::date_at(&births, row).and_then(Date::from_days_since_epoch),
                    by_year: cells::text_at(&precision, row) == Some("year"),
                });
                for number in met {
                    self.wanted.insert(number, Some(place));
                }
            }
        }
        Ok(())
    }

    /// Who the person of a visit is; `visit` names somebody without any number.
    pub(crate) fn link(&self, who: &Who<'_>, visit: i64) -> Linked {
        let age = who.birth.and_then(|(_, day)| day).zip(who.start).map(|(birth, start)| birth.days_until(start));
        let newborn = age.is_some_and(|days| (0..=NEWBORN_DAYS).contains(&days));
        let found = |number: Option<u64>| self.known.get(*self.wanted.get(&number?)?.as_ref()? as usize);
        let candidates = [found(who.insurance), found(who.identity)];
        if let Some(known) = candidates.iter().flatten().find(|known| agrees(known, who)) {
            return Linked { key: known.person, person: Some(known.person), link: "exact", newborn };
        }
        if newborn {
            // The number is the mother's: the child is told by name, birth and number.
            let number = who.insurance.or(who.identity).unwrap_or_default();
            let name = name_mark(who.name.unwrap_or_default());
            let born = who.birth.and_then(|(_, day)| day).map_or(0, Date::days_since_epoch);
            let key = own_key(&[b"child", &number.to_le_bytes(), &name.to_le_bytes(), &born.to_le_bytes()]);
            return Linked { key, person: None, link: "own", newborn };
        }
        if let Some(known) = candidates.iter().flatten().next() {
            return Linked { key: known.person, person: Some(known.person), link: "number", newborn };
        }
        let joined = who.identity.and_then(|identity| self.joined.get(&identity)).copied();
        match who.insurance.or(joined).or(who.identity) {
            Some(number) => Linked { key: own_key(&[b"number", &number.to_le_bytes()]), person: None, link: "own", newborn },
            None => Linked { key: own_key(&[b"visit", &visit.to_le_bytes()]), person: None, link: "none", newborn },
        }
    }
}

fn agrees(known: &Known, who: &Who<'_>) -> bool {
    let same_birth = match (known.birth, who.birth) {
        (Some(known_day), Some((_, Some(day)))) if !known.by_year => known_day == day,
        (Some(known_day), Some((year, _))) => known_day.year() == year,
        _ => false,
    };
    same_birth && who.name.is_some_and(|name| name_mark(name) == known.name)
}

/// A name as it is compared: without marks, blanks and capital letters.
fn name_mark(name: &str) -> u64 {
    let folded: String = names::fold(name).split_whitespace().collect();
    mark(&[folded.as_bytes()])
}

/// A negative number for somebody who is not in the register: says nothing of the number it is made from.
fn own_key(parts: &[&[u8]]) -> i64 {
    -((mark(parts) >> 1).max(1).cast_signed())
}

fn mark(parts: &[&[u8]]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    u64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn people() -> People {
        let mut people = People::default();
        people.meet(Some("GD4010123456789"), Some("001085000001"));
        people
            .known
            .push(Known { person: 7, name: name_mark("Nguyễn Thị Hoa"), birth: Some(day("1985-03-17")), by_year: false });
        people.wanted.insert(INSURANCE | 123_456_789, Some(0));
        people
    }

    fn who<'w>(card: &str, name: &'w str, birth: &str) -> Who<'w> {
        let birth = day(birth);
        Who {
            insurance: insurance_number(Some(card)),
            identity: None,
            name: Some(name),
            birth: Some((birth.year(), Some(birth))),
            start: Some(day("2026-10-05")),
        }
    }

    #[test]
    fn a_number_with_name_and_birth_is_exact_and_alone_is_a_number() {
        let people = people();
        let exact = people.link(&who("GD4010123456789", "NGUYEN THI  HOA", "1985-03-17"), 1);
        assert_eq!((exact.person, exact.link), (Some(7), "exact"));
        let other = people.link(&who("GD4010123456789", "Trần Văn Nam", "1985-03-17"), 1);
        assert_eq!((other.person, other.link), (Some(7), "number"));
    }

    #[test]
    fn a_newborn_on_the_mothers_card_is_not_the_mother() {
        let child = people().link(&who("GD4010123456789", "Con bà Hoa", "2026-10-01"), 1);
        assert!(child.newborn && child.person.is_none() && child.key < 0);
    }

    #[test]
    fn who_is_in_no_register_is_the_same_person_by_number() {
        let people = people();
        let first = people.link(&who("DN4017900000001", "Lê Văn An", "1990-01-01"), 1);
        let second = people.link(&who("HT3017900000001", "Lê Văn An", "1990-01-01"), 2);
        assert_eq!((first.key, first.link), (second.key, "own"), "another group and level, the same number");
        let nobody = people.link(&who("QN5970000000000", "", "1990-01-01"), 3);
        assert_eq!(nobody.link, "none");
    }
}
