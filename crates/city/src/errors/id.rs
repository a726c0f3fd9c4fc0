//! Errors in personal ids.

use base::PersonalId;

use crate::errors::{Pattern, Profile};
use crate::random::Draw;

/// A personal id as a roster has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrittenId {
    /// As text, right or wrong; empty when missing.
    Text(String),
    /// As a number cell of a spreadsheet, which loses leading zeros.
    Number(u64),
}

impl WrittenId {
    /// As text files have it.
    pub fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        }
    }
}

/// The numbers an error can draw on.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    /// The right one.
    pub own: PersonalId,
    /// The old nine-digit card's, for those old enough to have had one.
    pub old: Option<u64>,
    /// Another family member's.
    pub family: Option<PersonalId>,
}

/// Writes a personal id as a roster has it; no record has two of these errors.
pub fn write(profile: &Profile, record: Draw, numbers: &Numbers) -> WrittenId {
    let own = numbers.own.to_string();
    if profile.strikes(Pattern::MissingId, record).is_some() {
        return WrittenId::Text(String::new());
    }
    if let Some(old) = numbers.old
        && profile.strikes(Pattern::OldId, record).is_some()
    {
        return WrittenId::Text(format!("{old:09}"));
    }
    if let Some(family) = numbers.family
        && profile.strikes(Pattern::FamilyId, record).is_some()
    {
        return WrittenId::Text(family.to_string());
    }
    let mut digits: Vec<u8> = own.bytes().collect();
    if let Some(how) = profile.strikes(Pattern::Transposed, record) {
        let at = how.below(11) as usize;
        digits.swap(at, at + 1);
    } else if let Some(how) = profile.strikes(Pattern::DigitWrong, record) {
        let at = how.below(12) as usize;
        digits[at] = b'0' + (digits[at] - b'0' + 1 + how.of("digit").below(9) as u8) % 10;
    } else if let Some(how) = profile.strikes(Pattern::ZeroLost, record) {
        let number = numbers.own.number();
        return if how.chance(50_000) { WrittenId::Number(number) } else { WrittenId::Text(number.to_string()) };
    }
    WrittenId::Text(digits.into_iter().map(char::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::Care;
    use crate::random::Random;

    #[test]
    fn about_nine_in_ten_typical_ids_are_right() {
        let profile = Profile::new("test", Care::Typical, 2_000).unwrap();
        let own = PersonalId::parse("001185123456").unwrap();
        let numbers = Numbers { own, old: Some(12_345_678), family: None };
        let right = |n: &u64| write(&profile, Random::new(1).draw("r", *n), &numbers) == WrittenId::Text(own.to_string());
        let right = (0..20_000).filter(right).count();
        assert!((18_000..18_500).contains(&right), "{right}");
        let lost = Profile::new("test", Care::Clean, 0).unwrap().with(Pattern::OldId, 0).with(Pattern::ZeroLost, 100_000);
        let mut written = (0..50).map(|n| write(&lost, Random::new(1).draw("r", n), &numbers).text());
        assert!(written.any(|text| text == "1185123456"));
    }
}
