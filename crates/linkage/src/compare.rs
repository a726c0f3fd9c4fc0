//! Two records to a pattern of levels.

mod birth;
pub(crate) mod name;
mod numbers;

use crate::level::{FIELDS, Pattern, code};
use crate::lexicon::Lexicon;
use crate::record::{NO_COMMUNE, Record};

pub(crate) use birth::code as birth_code;
pub(crate) use name::code as name_code;
pub(crate) use numbers::{id as id_code, insurance as insurance_code, near};

/// The levels on which two records agree.
pub(crate) fn compare(lexicon: &Lexicon, a: &Record, b: &Record) -> Pattern {
    let mut codes = [0u8; FIELDS];
    codes[code::NAME] = name::level(lexicon, a, b);
    codes[code::ID] = numbers::id_level(a, b);
    codes[code::BIRTH] = birth::level(a, b);
    codes[code::INSURANCE] = numbers::insurance_level(a, b);
    codes[code::SEX] = sex_level(a, b);
    codes[code::COMMUNE] = commune_level(a, b);
    Pattern::new(codes)
}

/// Level codes of sex.
mod sex {
    pub(crate) const SAME: u8 = 0;
    pub(crate) const DIFFERENT: u8 = 1;
    pub(crate) const MISSING: u8 = 2;
}

/// Level codes of the commune.
mod commune {
    pub(crate) const SAME: u8 = 0;
    pub(crate) const OVERLAP: u8 = 1;
    pub(crate) const DIFFERENT: u8 = 2;
    pub(crate) const MISSING: u8 = 3;
}

fn sex_level(a: &Record, b: &Record) -> u8 {
    if a.sex == 0 || b.sex == 0 {
        sex::MISSING
    } else if a.sex == b.sex {
        sex::SAME
    } else if a.sex_from_id || b.sex_from_id {
        // A wrong digit in the number must not count twice.
        sex::MISSING
    } else {
        sex::DIFFERENT
    }
}

fn commune_level(a: &Record, b: &Record) -> u8 {
    if a.communes[0] == NO_COMMUNE || b.communes[0] == NO_COMMUNE {
        return commune::MISSING;
    }
    match (a.one_commune(), b.one_commune()) {
        (Some(x), Some(y)) if x == y => commune::SAME,
        (Some(_), Some(_)) => commune::DIFFERENT,
        _ if a.communes().any(|c| b.communes().any(|d| c == d)) => commune::OVERLAP,
        _ => commune::DIFFERENT,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::level::{FieldName, LevelName};
    use crate::prepared::tests::prepared;

    /// The level of a field for two rows as `prepared` reads them.
    pub(crate) fn level(field: FieldName, a: &str, b: &str) -> LevelName {
        let left = prepared(&[a]);
        let (lexicon, right) = Lexicon::join(&left, &prepared(&[b]));
        let left = left.records;
        let there = compare(&lexicon, &left[0], &right[0]).level(field).unwrap();
        assert_eq!(compare(&lexicon, &right[0], &left[0]).level(field), Some(there), "{a} {b} the other way round");
        there
    }

    #[test]
    fn communes_of_split_units_overlap() {
        let of = |a, b| level(FieldName::Commune, &format!("||||{a}"), &format!("||||{b}"));
        assert_eq!(of("3", "3"), LevelName::CommuneSame);
        assert_eq!(of("3", "4"), LevelName::CommuneDifferent);
        assert_eq!(of("3", "2,3"), LevelName::CommuneOverlap);
        assert_eq!(of("1", "2,3"), LevelName::CommuneDifferent);
        assert_eq!(of("", "2"), LevelName::CommuneMissing);
    }

    #[test]
    fn sex_told_by_the_number_speaks_only_for_a_pair() {
        let man = "||m||";
        assert_eq!(level(FieldName::Sex, man, "|||001085123456|"), LevelName::SexSame);
        assert_eq!(level(FieldName::Sex, man, "|||001185123456|"), LevelName::SexMissing);
        assert_eq!(level(FieldName::Sex, man, "||f||"), LevelName::SexDifferent);
    }
}
