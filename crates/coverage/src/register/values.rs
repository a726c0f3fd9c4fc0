//! What the register says of each person: of every field the best value, with the roster it is from.
//!
//! A complete value comes before a partial one (a name with its marks, a date with its day, a number that agrees with sex
//! and birth year), then the roster taken first. Addresses go by how lately a roster went to see
//! ([`super::sources::Source::place_rank`]). Values lie in plain columns: at city size a struct of texts a person
//! would not fit.

use base::{PersonalId, Sex};

use super::identity::Identity;
use super::sources::SOURCES;

/// A value of nobody.
const NOTHING: i32 = i32::MIN;

/// Where a value is from and how complete it is; zero is no value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Best {
    /// Place among the sources plus one.
    source: u8,
    rank: u8,
}

impl Best {
    /// Takes another value when it is better.
    fn beats(&mut self, source: usize, rank: u8) -> bool {
        if rank <= self.rank {
            return false;
        }
        *self = Self { source: source as u8 + 1, rank };
        true
    }

    fn roster(self) -> Option<&'static str> {
        SOURCES.get(usize::from(self.source).checked_sub(1)?).map(|s| s.name)
    }
}

/// Texts in one piece of memory.
#[derive(Debug, Default)]
struct Texts {
    bytes: String,
    /// Start and length; length zero is no text.
    at: Vec<(u32, u16)>,
}

impl Texts {
    fn set(&mut self, place: usize, text: &str) {
        let start = self.bytes.len() as u32;
        let length = u16::try_from(text.len()).unwrap_or(0);
        self.bytes.push_str(text);
        self.at[place] = (start, length);
    }

    fn get(&self, place: usize) -> Option<&str> {
        let (start, length) = self.at[place];
        (length > 0).then(|| &self.bytes[start as usize..start as usize + usize::from(length)])
    }
}

/// The values of all people, by place.
#[derive(Debug, Default)]
pub(crate) struct Values {
    name: Texts,
    name_best: Vec<Best>,
    birth: Vec<i32>,
    birth_best: Vec<Best>,
    sex: Vec<Best>,
    male: Vec<bool>,
    id: Vec<u64>,
    id_best: Vec<Best>,
    insurance: Vec<u64>,
    insurance_best: Vec<Best>,
    commune: Vec<u32>,
    commune_best: Vec<Best>,
    household: Texts,
    household_best: Vec<Best>,
    village: Texts,
    village_best: Vec<Best>,
    head: Vec<bool>,
    temporary: Vec<Option<bool>>,
    death: Vec<i32>,
    death_is_sure: Vec<bool>,
}

/// One person as the register describes it; each value with its roster.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Described<'v> {
    pub(crate) name: (&'v str, Option<&'static str>),
    /// Days since 1970-01-01, whether only the year is known, and the roster.
    pub(crate) birth: Option<(i32, bool, Option<&'static str>)>,
    pub(crate) sex: Option<Sex>,
    pub(crate) personal_id: Option<(PersonalId, Option<&'static str>)>,
    pub(crate) insurance_number: Option<(u64, Option<&'static str>)>,
    /// Commune code as a number.
    pub(crate) commune: Option<(u32, Option<&'static str>)>,
    pub(crate) household: Option<&'v str>,
    pub(crate) village: Option<&'v str>,
    pub(crate) head: bool,
    pub(crate) temporary: Option<bool>,
    /// Day of death, and whether the row that says so is this person's for certain.
    pub(crate) death: Option<(i32, bool)>,
}

impl Values {
    /// Makes room for so many people.
    pub(crate) fn grow(&mut self, people: usize) {
        for texts in [&mut self.name, &mut self.household, &mut self.village] {
            texts.at.resize(people, (0, 0));
        }
        for best in [
            &mut self.name_best,
            &mut self.birth_best,
            &mut self.sex,
            &mut self.id_best,
            &mut self.insurance_best,
            &mut self.commune_best,
            &mut self.household_best,
            &mut self.village_best,
        ] {
            best.resize(people, Best::default());
        }
        for days in [&mut self.birth, &mut self.death] {
            days.resize(people, NOTHING);
        }
        for flags in [&mut self.male, &mut self.head, &mut self.death_is_sure] {
            flags.resize(people, false);
        }
        for numbers in [&mut self.id, &mut self.insurance] {
            numbers.resize(people, 0);
        }
        self.commune.resize(people, 0);
        self.temporary.resize(people, None);
    }

    /// Takes what a row of a roster says about the person of a place.
    pub(crate) fn see(&mut self, place: usize, source: usize, identity: &Identity, row: usize) {
        let name = identity.full_name.value(row);
        if self.name_best[place].beats(source, name_rank(name)) {
            self.name.set(place, name);
        }
        if let Some((days, year_only)) = identity.birth(row)
            && self.birth_best[place].beats(source, if year_only { 1 } else { 2 })
        {
            self.birth[place] = days;
        }
        if let Some(sex) = identity.sex(row)
            && self.sex[place].beats(source, 1)
        {
            self.male[place] = sex == Sex::Male;
        }
        if let Some(id) = identity.personal_id(row)
            && self.id_best[place].beats(source, id_rank(id, identity, row))
        {
            self.id[place] = id.number();
        }
        if let Some(number) = identity.insurance_number(row)
            && self.insurance_best[place].beats(source, 1)
        {
            self.insurance[place] = number;
        }
        if let Some(code) = identity.commune(row).and_then(|code| code.parse().ok())
            && self.commune_best[place].beats(source, SOURCES[source].place_rank + 1)
        {
            self.commune[place] = code;
        }
        let standing = identity.standing(row);
        let rank = SOURCES[source].place_rank + 1;
        if let Some(number) = super::identity::cell(identity.household.as_ref(), row)
            && self.household_best[place].beats(source, rank)
        {
            self.household.set(place, number);
            self.head[place] = standing.head.unwrap_or(false);
        }
        if let Some(village) = super::identity::cell(identity.village.as_ref(), row)
            && self.village_best[place].beats(source, rank)
        {
            self.village.set(place, village);
        }
        self.temporary[place] = self.temporary[place].or(standing.temporary);
    }

    /// Takes a day of death; a certain one comes before others.
    pub(crate) fn die(&mut self, place: usize, days: i32, sure: bool) {
        if self.death[place] == NOTHING || (sure && !self.death_is_sure[place]) {
            (self.death[place], self.death_is_sure[place]) = (days, sure);
        }
    }

    /// What is known of a person.
    pub(crate) fn of(&self, place: usize) -> Described<'_> {
        let best = |list: &[Best]| Some(list[place]).filter(|best| best.rank > 0);
        Described {
            name: (self.name.get(place).unwrap_or_default(), self.name_best[place].roster()),
            birth: best(&self.birth_best).map(|b| (self.birth[place], b.rank == 1, b.roster())),
            sex: best(&self.sex).map(|_| if self.male[place] { Sex::Male } else { Sex::Female }),
            personal_id: best(&self.id_best).and_then(|b| Some((PersonalId::from_number(self.id[place])?, b.roster()))),
            insurance_number: best(&self.insurance_best).map(|b| (self.insurance[place], b.roster())),
            commune: best(&self.commune_best).map(|b| (self.commune[place], b.roster())),
            household: self.household.get(place),
            village: self.village.get(place),
            head: self.head[place],
            temporary: self.temporary[place],
            death: (self.death[place] != NOTHING).then(|| (self.death[place], self.death_is_sure[place])),
        }
    }
}

/// A name with marks and two syllables is complete; one letter for a syllable is not.
fn name_rank(name: &str) -> u8 {
    let whole = name.split(' ').filter(|part| part.chars().filter(|c| c.is_alphabetic()).count() > 1).count() >= 2;
    let capitals = name.chars().all(|c| !c.is_lowercase());
    match (whole && !name.contains('.'), name.is_ascii(), capitals) {
        (true, false, false) => 4,
        (true, false, true) => 3,
        (true, true, _) => 2,
        (false, ..) => 1,
    }
}

/// A number that agrees with the row's own sex and birth year is complete.
fn id_rank(id: PersonalId, identity: &Identity, row: usize) -> u8 {
    let sex = identity.sex(row).is_none_or(|sex| sex == id.sex());
    let year = identity.birth(row).and_then(|(days, _)| base::Date::from_days_since_epoch(days)).map(base::Date::year);
    if sex && year.is_none_or(|year| year == id.birth_year()) { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_its_marks_comes_before_capitals_and_abbreviations() {
        let names = ["Ng. T. T. Hà", "NGUYEN THI HA", "NGUYỄN THỊ HÀ", "Nguyễn Thị Hà"];
        let ranks: Vec<u8> = names.iter().map(|name| name_rank(name)).collect();
        assert_eq!(ranks, [1, 2, 3, 4]);
    }

    #[test]
    fn the_first_roster_keeps_a_value_until_a_more_complete_one_comes() {
        let mut best = Best::default();
        assert!(best.beats(3, 1));
        assert!(!best.beats(1, 1));
        assert!(best.beats(5, 2));
        assert_eq!(best.roster(), Some(SOURCES[5].name));
    }
}
