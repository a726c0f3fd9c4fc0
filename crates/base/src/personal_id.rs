//! The structured 12-digit personal identification number (số định danh cá nhân).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Date;

/// Sex as the registers record it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// Nam.
    Male,
    /// Nữ.
    Female,
}

/// A 12-digit personal identification number (số định danh cá nhân/CCCD).
///
/// Form `PPP G YY NNNNNN`: place of birth registration (Hà Nội 001; not residence), sex and century,
/// last two digits of the birth year, six random digits. There is no check digit, so sex and birth
/// year are the only test. Source: Decree 137/2015/NĐ-CP art. 13, as amended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonalId(u64);

/// Why a text is not a personal identification number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PersonalIdError {
    /// Something other than digits.
    #[error("a personal identification number holds digits only")]
    NotDigits,
    /// The wrong number of digits.
    #[error("{found} digits, expected 12")]
    Length {
        /// How many digits there were.
        found: usize,
    },
}

impl PersonalId {
    /// Reads exactly twelve digits; leading zeros count.
    pub fn parse(text: &str) -> Result<Self, PersonalIdError> {
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PersonalIdError::NotDigits);
        }
        if text.len() != 12 {
            return Err(PersonalIdError::Length { found: text.len() });
        }
        Ok(Self(text.bytes().fold(0, |n, b| n * 10 + u64::from(b - b'0'))))
    }

    /// The number as an integer (leading zeros lost), for packed records.
    pub fn number(self) -> u64 {
        self.0
    }

    /// The number of an integer below 10^12.
    pub fn from_number(number: u64) -> Option<Self> {
        (number < 1_000_000_000_000).then_some(Self(number))
    }

    /// Three-digit code of the place of birth registration.
    pub fn province(self) -> u32 {
        (self.0 / 1_000_000_000) as u32
    }

    /// The digit of century and sex.
    pub fn century_sex(self) -> u32 {
        (self.0 / 100_000_000 % 10) as u32
    }

    /// Sex told by the number.
    pub fn sex(self) -> Sex {
        if self.century_sex().is_multiple_of(2) { Sex::Male } else { Sex::Female }
    }

    /// Birth year told by the number (1900-2399).
    pub fn birth_year(self) -> i32 {
        let century = 1900 + 100 * (self.century_sex() / 2) as i32;
        century + (self.0 / 1_000_000 % 100) as i32
    }

    /// The six random digits: the only part that is evidence beyond birth year and sex.
    pub fn serial(self) -> u32 {
        (self.0 % 1_000_000) as u32
    }

    /// Whether sex and birth year of a record agree with the number; what is unknown does not disagree.
    pub fn agrees_with(self, sex: Option<Sex>, born: Option<Date>) -> bool {
        sex.is_none_or(|s| s == self.sex()) && born.is_none_or(|d| d.year() == self.birth_year())
    }

    /// Masked for screens: first four and last two digits stay, as in `0010••••••17`.
    pub fn masked(self) -> String {
        let text = self.to_string();
        format!("{}••••••{}", &text[..4], &text[10..])
    }
}

impl fmt::Display for PersonalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_worked_numbers_of_the_decree() {
        let man = PersonalId::parse("001205012345").unwrap();
        assert_eq!((man.province(), man.sex(), man.birth_year()), (1, Sex::Male, 2005));
        let woman = PersonalId::parse("001185123456").unwrap();
        assert_eq!((woman.sex(), woman.birth_year(), woman.serial()), (Sex::Female, 1985, 123_456));
    }

    #[test]
    fn keeps_leading_zeros_and_masks_the_middle() {
        let id = PersonalId::parse("001085000017").unwrap();
        assert_eq!(id.to_string(), "001085000017");
        assert_eq!(id.masked(), "0010••••••17");
    }

    #[test]
    fn says_how_many_digits_there_were() {
        assert_eq!(PersonalId::parse("1185123456"), Err(PersonalIdError::Length { found: 10 }));
        assert_eq!(PersonalId::parse("00118512345a"), Err(PersonalIdError::NotDigits));
        assert_eq!(PersonalId::parse(""), Err(PersonalIdError::NotDigits));
    }
}
