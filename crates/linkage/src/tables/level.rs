//! On which levels two values of a kind can agree, best first; the last is always "missing".

use super::spec::Kind;

/// Most levels of a kind: four bits of a pattern.
pub(crate) const MOST_LEVELS: usize = 16;

/// A level: its name in explanations, and the share of true pairs on it that learning starts from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Level {
    pub name: &'static str,
    pub start: f64,
}

const fn level(name: &'static str, start: f64) -> Level {
    Level { name, start }
}

/// Codes of the levels of a name.
pub(crate) mod name {
    pub(crate) const REORDERED: u8 = 1;
    pub(crate) const SWAPPED: u8 = 2;
    pub(crate) const INITIALS: u8 = 3;
    pub(crate) const ONE_SLIP: u8 = 4;
    pub(crate) const TWO_SLIPS: u8 = 5;
    pub(crate) const SHORTER: u8 = 6;
    pub(crate) const SOUND: u8 = 7;
    pub(crate) const SIMILAR: u8 = 8;
    pub(crate) const DIFFERENT: u8 = 9;
}

/// Codes of the levels of a text or place.
pub(crate) mod text {
    pub(crate) const REORDERED: u8 = 1;
    pub(crate) const ONE_SLIP: u8 = 2;
    pub(crate) const MOST: u8 = 3;
    pub(crate) const HALF: u8 = 4;
    pub(crate) const SOME: u8 = 5;
    pub(crate) const DIFFERENT: u8 = 6;
}

/// Codes of the levels of a date.
pub(crate) mod date {
    pub(crate) const SWAPPED: u8 = 1;
    pub(crate) const ONE_SLIP: u8 = 2;
    pub(crate) const YEAR_KNOWN: u8 = 3;
    pub(crate) const TWO_PARTS: u8 = 4;
    pub(crate) const YEAR: u8 = 5;
    pub(crate) const DIFFERENT: u8 = 6;
}

const NAME: &[Level] = &[
    level("same", 0.80),
    level("same words, other order or spacing", 0.02),
    level("swapped with another name field", 0.01),
    level("initials", 0.02),
    level("one slip", 0.06),
    level("two slips", 0.03),
    level("words left out", 0.02),
    level("sounds alike", 0.01),
    level("similar", 0.02),
    level("different", 0.01),
    level("missing", 0.0),
];
const TEXT: &[Level] = &[
    level("same", 0.70),
    level("same words, other order or spacing", 0.03),
    level("one slip", 0.08),
    level("most words", 0.08),
    level("half of the words", 0.05),
    level("some words", 0.03),
    level("different", 0.03),
    level("missing", 0.0),
];
const DATE: &[Level] = &[
    level("same", 0.88),
    level("day and month swapped", 0.01),
    level("one digit", 0.04),
    level("year, all that one side knows", 0.02),
    level("two of year, month, day", 0.02),
    level("year", 0.01),
    level("different", 0.02),
    level("missing", 0.0),
];
const YEAR: &[Level] = &[
    level("same", 0.93),
    level("one year apart", 0.03),
    level("one digit", 0.02),
    level("different", 0.02),
    level("missing", 0.0),
];
const ID: &[Level] = &[
    level("same", 0.92),
    level("one digit or two swapped", 0.04),
    level("two digits, or the end of the longer", 0.02),
    level("different", 0.02),
    level("missing", 0.0),
];
const CODE: &[Level] = &[level("same", 0.92), level("one character", 0.03), level("different", 0.05), level("missing", 0.0)];
const POSTCODE: &[Level] = &[
    level("same", 0.85),
    level("one character", 0.05),
    level("same area", 0.04),
    level("different", 0.06),
    level("missing", 0.0),
];
const NUMBER: &[Level] = &[
    level("same", 0.80),
    level("within 1 %", 0.06),
    level("within 5 %", 0.05),
    level("within 20 %", 0.04),
    level("different", 0.05),
    level("missing", 0.0),
];
/// In the order of the codes of the person engine's name comparison.
const VIETNAMESE: &[Level] = &[
    level("same", 0.70),
    level("without marks", 0.06),
    level("a mark lost", 0.04),
    level("another tone", 0.02),
    level("another vowel", 0.02),
    level("other order", 0.02),
    level("sounds alike", 0.02),
    level("shorter", 0.035),
    level("one slip", 0.045),
    level("other middle name", 0.01),
    level("other surname", 0.01),
    level("other given name", 0.005),
    level("given name only", 0.005),
    level("surname only", 0.005),
    level("different", 0.005),
    level("missing", 0.0),
];

/// The levels of a kind.
pub(crate) fn levels(kind: Kind) -> &'static [Level] {
    match kind {
        Kind::PersonName => NAME,
        Kind::VietnameseName => VIETNAMESE,
        Kind::Text | Kind::Place => TEXT,
        Kind::Date => DATE,
        Kind::Year => YEAR,
        Kind::Id => ID,
        Kind::Code => CODE,
        Kind::Postcode => POSTCODE,
        Kind::Number => NUMBER,
    }
}

/// The code of "missing".
pub(crate) fn missing(kind: Kind) -> u8 {
    levels(kind).len() as u8 - 1
}

/// Whether a rare value counts for more than a common one.
pub(crate) fn counts_frequency(kind: Kind) -> bool {
    !matches!(kind, Kind::Number | Kind::Year | Kind::Date)
}

/// The level of a field in a pattern, four bits each.
pub(crate) fn of_pattern(pattern: u64, field: usize) -> usize {
    (pattern >> (4 * field) & 15) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starting_shares_are_a_whole_and_fit_a_pattern() {
        for kind in [
            Kind::PersonName,
            Kind::Text,
            Kind::Date,
            Kind::Year,
            Kind::Id,
            Kind::Code,
            Kind::Postcode,
            Kind::Number,
            Kind::VietnameseName,
        ] {
            let sum: f64 = levels(kind).iter().map(|l| l.start).sum();
            assert!((sum - 1.0).abs() < 1e-9, "{kind:?} {sum}");
            assert!(levels(kind).len() <= MOST_LEVELS);
            assert_eq!(levels(kind)[usize::from(missing(kind))].name, "missing");
        }
        assert_eq!(usize::from(crate::compare::name::code::MISSING), VIETNAMESE.len() - 1);
    }
}
