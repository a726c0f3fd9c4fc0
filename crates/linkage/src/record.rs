//! Rows as handed over, and the packed records that are compared: one cache line a row, no text.

use base::{Date, PersonalId, Sex};

use crate::name::MAX_SYLLABLES;

/// A birth date as a roster states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Birth {
    /// The date; with [`Birth::year_only`] only its year counts.
    pub date: Date,
    /// Whether the roster states only a year. 1 January is always taken so: it is what systems
    /// write when they know the year only.
    pub year_only: bool,
}

/// One row of a roster. What is missing or unreadable is `None` or empty and counts neither for nor against.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// Full name as written.
    pub name: &'a str,
    /// Birth date.
    pub birth: Option<Birth>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Twelve-digit personal identification number (số định danh, CCCD). A number that lost its
    /// leading zeros in a spreadsheet is given by [`PersonalId::from_number`].
    pub personal_id: Option<PersonalId>,
    /// Nine-digit number of the old identity card (CMND).
    pub old_id: Option<u32>,
    /// Social insurance number (mã số BHXH), ten digits.
    pub insurance_number: Option<u64>,
    /// Communes the address can lie in, as dense indices: none, one, or the successors of a split
    /// old unit. At most [`MAX_COMMUNES`] are kept.
    pub communes: &'a [u16],
}

/// Candidate communes kept of a row.
pub const MAX_COMMUNES: usize = 5;

/// No number: larger than any of twelve digits.
pub(crate) const NO_NUMBER: u64 = u64::MAX;
/// No nine-digit number.
pub(crate) const NO_OLD_ID: u32 = u32::MAX;
/// An unused commune slot.
pub(crate) const NO_COMMUNE: u16 = u16::MAX;
/// An unused syllable slot.
pub(crate) const NO_SYLLABLE: u32 = u32::MAX;

/// A packed birth date: year, month and day; month and day are 0 where only the year is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct PackedBirth(u32);

impl PackedBirth {
    /// Not given.
    pub(crate) const NONE: Self = Self(0);

    fn new(birth: Birth) -> Self {
        let (year, month, day) = (birth.date.year(), birth.date.month_number(), birth.date.day());
        let day_known = !birth.year_only && (month, day) != (1, 1);
        let day_bits = if day_known { (month as u32) << 5 | day as u32 } else { 0 };
        Self((year.clamp(1, 9999) as u32) << 9 | day_bits)
    }

    fn of_year(year: i32) -> Self {
        Self((year.clamp(1, 9999) as u32) << 9)
    }

    /// As stored.
    pub(crate) fn bits(self) -> u32 {
        self.0
    }

    /// From what was stored.
    pub(crate) fn of_bits(bits: u32) -> Self {
        Self(bits)
    }

    pub(crate) fn is_none(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn year(self) -> i32 {
        (self.0 >> 9) as i32
    }

    pub(crate) fn month(self) -> u32 {
        self.0 >> 5 & 15
    }

    pub(crate) fn day(self) -> u32 {
        self.0 & 31
    }

    pub(crate) fn has_day(self) -> bool {
        self.0 & 511 != 0
    }

    /// Year with the smaller and larger of day and month: one key for a date and its swapped form.
    pub(crate) fn ordered(self) -> u64 {
        let (a, b) = (self.month().min(self.day()), self.month().max(self.day()));
        (self.year() as u64) << 10 | u64::from(a) << 5 | u64::from(b)
    }
}

/// One row, packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Record {
    /// Codes of the syllables in the roster's own list.
    pub name: [u32; MAX_SYLLABLES],
    pub id: u64,
    pub insurance: u64,
    pub old_id: u32,
    pub birth: PackedBirth,
    pub communes: [u16; MAX_COMMUNES],
    /// 0 not given, 1 male, 2 female.
    pub sex: u8,
    pub syllables: u8,
    /// Birth year and sex that only the number tells; they may speak for a pair, never against it.
    pub birth_from_id: bool,
    pub sex_from_id: bool,
}

impl Record {
    /// Packs everything but the name.
    pub(crate) fn without_name(row: &Row<'_>) -> Self {
        let mut communes = [NO_COMMUNE; MAX_COMMUNES];
        for (slot, commune) in communes.iter_mut().zip(row.communes) {
            *slot = *commune;
        }
        let mut record = Self {
            name: [NO_SYLLABLE; MAX_SYLLABLES],
            id: row.personal_id.map_or(NO_NUMBER, PersonalId::number),
            insurance: row.insurance_number.unwrap_or(NO_NUMBER),
            old_id: row.old_id.unwrap_or(NO_OLD_ID),
            birth: row.birth.map_or(PackedBirth::NONE, PackedBirth::new),
            communes,
            sex: row.sex.map_or(0, |s| if s == Sex::Male { 1 } else { 2 }),
            syllables: 0,
            birth_from_id: false,
            sex_from_id: false,
        };
        record.derive_from_id();
        record
    }

    /// Fills birth year and sex from the structured number where the roster does not state them.
    pub(crate) fn derive_from_id(&mut self) {
        let Some(id) = self.personal_id().filter(|id| (1900..2100).contains(&id.birth_year())) else { return };
        if self.birth.is_none() || self.birth_from_id {
            self.birth = PackedBirth::of_year(id.birth_year());
            self.birth_from_id = true;
        }
        if self.sex == 0 || self.sex_from_id {
            self.sex = if id.sex() == Sex::Male { 1 } else { 2 };
            self.sex_from_id = true;
        }
    }

    pub(crate) fn personal_id(&self) -> Option<PersonalId> {
        PersonalId::from_number(self.id)
    }

    pub(crate) fn has_any_number(&self) -> bool {
        self.id != NO_NUMBER || self.insurance != NO_NUMBER || self.old_id != NO_OLD_ID
    }

    /// The commune where there is exactly one candidate.
    pub(crate) fn one_commune(&self) -> Option<u16> {
        (self.communes[0] != NO_COMMUNE && self.communes[1] == NO_COMMUNE).then_some(self.communes[0])
    }

    pub(crate) fn communes(&self) -> impl Iterator<Item = u16> + '_ {
        self.communes.iter().copied().take_while(|c| *c != NO_COMMUNE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_one_cache_line() {
        assert_eq!(std::mem::size_of::<Record>(), 64);
    }

    #[test]
    fn first_of_january_counts_as_year_only_and_swapped_dates_share_a_key() {
        let birth = |text: &str| PackedBirth::new(Birth { date: text.parse().unwrap(), year_only: false });
        assert!(!birth("1957-01-01").has_day());
        assert_eq!(birth("1957-01-01").year(), 1957);
        assert_eq!(birth("1980-03-07").ordered(), birth("1980-07-03").ordered());
        assert_ne!(birth("1980-03-07").ordered(), birth("1980-03-08").ordered());
    }

    #[test]
    fn year_and_sex_come_from_the_number_only_where_missing() {
        let id = PersonalId::parse("001185123456").unwrap();
        let row =
            Row { name: "", birth: None, sex: None, personal_id: Some(id), old_id: None, insurance_number: None, communes: &[] };
        let record = Record::without_name(&row);
        assert_eq!((record.birth.year(), record.sex, record.birth_from_id), (1985, 2, true));
        let stated = Record::without_name(&Row { sex: Some(Sex::Male), ..row });
        assert_eq!((stated.sex, stated.sex_from_id), (1, false));
    }
}
