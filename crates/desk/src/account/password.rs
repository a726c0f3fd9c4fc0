//! Passwords: argon2id with its settings beside the hash, and what a new one must be.

use argon2::{Algorithm, Argon2, Params, Version};
use unicode_normalization::UnicodeNormalization;

use super::secret::{hex, same, unhex};
use crate::DeskError;

/// Memory in KiB, passes, lanes: the least that OWASP's Password Storage Cheat Sheet names for argon2id.
const SETTINGS: (u32, u32, u32) = (19_456, 2, 1);
const SALT: usize = 16;
const LENGTH: usize = 32;
/// Fewest and most characters of a password.
const CHARACTERS: std::ops::RangeInclusive<usize> = 12..=128;

/// Why a new password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFault {
    /// Fewer than 12 characters.
    TooShort,
    /// More than 128 characters.
    TooLong,
    /// It holds the name one signs in with.
    HoldsLogin,
    /// Fewer than five different characters, a run such as 123456789012, or one of the words everybody tries.
    TooPlain,
    /// It is the one in force.
    NotNew,
}

/// What everybody tries, without digits and signs at the ends.
const TRIED: [&str; 16] = [
    "password",
    "matkhau",
    "baohiem",
    "baohiemxahoi",
    "ansinh",
    "hanoi",
    "thanhphohanoi",
    "qwertyuiop",
    "asdfghjkl",
    "administrator",
    "quantri",
    "vietnam",
    "xinchao",
    "abcdefghijkl",
    "iloveyou",
    "welcome",
];

/// Whether a new password can be taken.
pub(crate) fn fault(password: &str, login: &str) -> Option<PasswordFault> {
    let text: String = password.nfc().collect();
    let count = text.chars().count();
    if count < *CHARACTERS.start() {
        return Some(PasswordFault::TooShort);
    }
    if count > *CHARACTERS.end() {
        return Some(PasswordFault::TooLong);
    }
    let lower = text.to_lowercase();
    if !login.is_empty() && lower.contains(&login.to_lowercase()) {
        return Some(PasswordFault::HoldsLogin);
    }
    let letters: Vec<char> = lower.chars().collect();
    let different = letters.iter().collect::<std::collections::BTreeSet<_>>().len();
    let steps = letters.windows(2).filter(|pair| i64::from(pair[1] as u32) - i64::from(pair[0] as u32) == 1).count();
    let bare: String = letters.iter().filter(|c| c.is_alphabetic()).collect();
    let tried = TRIED.iter().any(|word| bare == *word || (bare.len() <= word.len() + 2 && bare.contains(word)));
    (different < 5 || steps * 4 >= letters.len() * 3 || tried).then_some(PasswordFault::TooPlain)
}

/// The hash that is kept: `argon2id$memory$passes$lanes$salt$hash`.
pub(crate) fn hash(password: &str, random: [u8; 32]) -> Result<String, DeskError> {
    let (memory, passes, lanes) = SETTINGS;
    let salt = &random[..SALT];
    Ok(format!("argon2id${memory}${passes}${lanes}${}${}", hex(salt), work(password, salt, SETTINGS)?))
}

/// Whether a password gives a kept hash. Without one the same work is done, so that the time says nothing.
pub(crate) fn agrees(password: &str, kept: Option<&str>) -> Result<bool, DeskError> {
    let Some(kept) = kept else {
        work(password, &[0; SALT], SETTINGS)?;
        return Ok(false);
    };
    let parts: Vec<&str> = kept.split('$').collect();
    let ["argon2id", memory, passes, lanes, salt, hash] = parts[..] else {
        return Err(DeskError::damaged("account", "unknown form of a password hash"));
    };
    let number = |text: &str| text.parse::<u32>().map_err(|_| DeskError::damaged("account", "settings of a password hash"));
    let settings = (number(memory)?, number(passes)?, number(lanes)?);
    Ok(same(&work(password, &unhex(salt)?, settings)?, hash))
}

fn work(password: &str, salt: &[u8], (memory, passes, lanes): (u32, u32, u32)) -> Result<String, DeskError> {
    let wrong = |error: argon2::Error| DeskError::damaged("account", format!("argon2: {error}"));
    let params = Params::new(memory, passes, lanes, Some(LENGTH)).map_err(wrong)?;
    // The same letters typed on another keyboard may be composed in another way.
    let text: String = password.nfc().collect();
    let mut out = [0; LENGTH];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(text.as_bytes(), salt, &mut out)
        .map_err(wrong)?;
    Ok(hex(&out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_agrees_with_its_own_hash_only() {
        let kept = hash("Con mèo trèo cây cau", [5; 32]).unwrap();
        assert!(kept.starts_with("argon2id$19456$2$1$05050505"), "{kept}");
        assert!(agrees("Con mèo trèo cây cau", Some(&kept)).unwrap());
        // Composed of other code points, seen as the same letters.
        assert!(agrees(&"Con mèo trèo cây cau".nfd().collect::<String>(), Some(&kept)).unwrap());
        assert!(!agrees("con mèo trèo cây cau", Some(&kept)).unwrap());
        assert!(!agrees("Con mèo trèo cây cau", None).unwrap());
        assert_ne!(kept, hash("Con mèo trèo cây cau", [6; 32]).unwrap(), "another salt");
        assert!(agrees("x", Some("md5$abc")).is_err());
    }

    /// From the tests of the reference program (`phc-winner-argon2`, `src/test.c`): argon2id, version 0x13, two passes, 64 MiB, one lane.
    #[test]
    fn the_work_is_that_of_argon2id() {
        let known = "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7";
        assert_eq!(work("password", b"somesalt", (65_536, 2, 1)).unwrap(), known);
    }

    #[test]
    fn plain_passwords_are_not_taken() {
        for (password, why) in [
            ("ngắn quá", PasswordFault::TooShort),
            ("aaaaaaaaaaaabbbb", PasswordFault::TooPlain),
            ("1234567890123", PasswordFault::TooPlain),
            ("Password@2026", PasswordFault::TooPlain),
            ("MatKhau@2026!!", PasswordFault::TooPlain),
            ("cay cau nguyenan 7", PasswordFault::HoldsLogin),
        ] {
            assert_eq!(fault(password, "nguyenan"), Some(why), "{password}");
        }
        assert_eq!(fault(&"dài ".repeat(40), "x"), Some(PasswordFault::TooLong));
        for good in ["Con mèo trèo cây cau", "9x!Trời-xanh-42", "correct horse battery"] {
            assert_eq!(fault(good, "nguyenan"), None, "{good}");
        }
    }
}
