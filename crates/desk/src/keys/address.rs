//! Words of one user in an address: what is looked for is sealed there, so that whoever reads addresses (a proxy's log, a browser's
//! history) reads nothing. The key lives as long as the process and is kept nowhere.

use std::fmt;

use super::ring::KEY;
use super::seal::{self, NONCE};
use crate::DeskError;
use crate::account::{hex, unhex};

/// How sealed words begin in an address; nobody's name begins so.
const BEGINNING: &str = "s1.";
/// Words are filled up with blanks to a multiple of so many bytes: the length of an address does not tell that of a name.
const STEP: usize = 32;
/// Letters that are kept of what was typed: more is no name and no number.
const MOST: usize = 120;

/// A key that seals words for addresses. Shows nothing of itself.
pub struct AddressKey([u8; KEY]);

impl fmt::Debug for AddressKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AddressKey")
    }
}

impl AddressKey {
    /// A key of fresh random bytes ([`crate::Desk::fresh_random`]).
    pub fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// Words as they stand in an address: letters and digits alone, opened for the same user only. `random` is fresh. Blanks at both ends
    /// are dropped, and what stands behind the first 120 letters.
    pub fn seal(&self, random: [u8; 32], user: &str, words: &str) -> Result<String, DeskError> {
        let mut nonce = [0; NONCE];
        nonce.copy_from_slice(&random[..NONCE]);
        let mut plain = words.trim().chars().take(MOST).collect::<String>().into_bytes();
        plain.resize(plain.len().next_multiple_of(STEP), b' ');
        Ok(format!("{BEGINNING}{}", hex(&seal::seal(&self.0, nonce, user.as_bytes(), &plain)?)))
    }

    /// The words; none when they were sealed with another key (an older process), for somebody else, or never.
    pub fn open(&self, user: &str, sealed: &str) -> Option<String> {
        let bytes = unhex(sealed.strip_prefix(BEGINNING)?).ok()?;
        let plain = seal::open(&self.0, user.as_bytes(), &bytes)?;
        Some(String::from_utf8(plain).ok()?.trim_end().to_owned())
    }

    /// Whether a value of an address is of the form of sealed words.
    pub fn is_sealed(value: &str) -> bool {
        value.strip_prefix(BEGINNING).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_opened_for_who_typed_them_alone() {
        let key = AddressKey::new([7; 32]);
        let sealed = key.seal([9; 32], "u-1", " Nguyễn Thị Hường ").unwrap();
        assert!(AddressKey::is_sealed(&sealed) && !sealed.contains("Nguy"), "{sealed}");
        assert_eq!(key.open("u-1", &sealed).as_deref(), Some("Nguyễn Thị Hường"));
        assert_eq!(key.open("u-2", &sealed), None, "somebody else");
        assert_eq!(AddressKey::new([8; 32]).open("u-1", &sealed), None, "the process was started anew");
        assert_eq!(key.open("u-1", "Hường"), None);
        assert!(!AddressKey::is_sealed("huong") && !AddressKey::is_sealed("s1.") && !AddressKey::is_sealed("s1.x"));
    }

    #[test]
    fn the_length_of_a_name_is_not_told() {
        let key = AddressKey::new([7; 32]);
        let long = |words: &str| key.seal([1; 32], "u-1", words).unwrap().len();
        assert_eq!(long("An"), long("Nguyễn Văn An"));
    }
}
