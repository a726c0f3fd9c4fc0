//! The second factor: time-based one-time passwords (RFC 6238) with HMAC-SHA-1, six digits, steps of thirty seconds.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::secret::{hex, same, unhex};
use crate::DeskError;

/// Seconds of one step.
pub const STEP_SECONDS: i64 = 30;
/// Digits of a code.
const DIGITS: u32 = 6;
/// Steps before and after now whose codes count: clocks of phones differ.
const DRIFT: i64 = 1;
/// Letters of base32 (RFC 4648).
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A secret that waits to be entered into an authenticator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TotpSecret {
    /// Base32, in groups of four letters.
    pub text: String,
    /// The same as a link that authenticators open (`otpauth://…`).
    pub link: String,
}

/// A new secret of 160 bits, hexadecimal.
pub(crate) fn new_secret(random: [u8; 32]) -> String {
    hex(&random[..20])
}

/// Where the secret of a user belongs, for sealing.
pub(crate) fn place(user: &str) -> String {
    format!("account.totp {user}")
}

/// A kept secret as it is shown once.
pub(crate) fn shown(secret: &str, login: &str) -> Result<TotpSecret, DeskError> {
    let text = base32(&unhex(secret)?);
    let groups: Vec<&str> = text.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    let link = format!("otpauth://totp/An%20Sinh:{login}?secret={text}&issuer=An%20Sinh&algorithm=SHA1&digits=6&period=30");
    Ok(TotpSecret { text: groups.join(" "), link })
}

/// The step whose code was typed, if it is one of those around now and later than the last one taken.
pub(crate) fn step_of(secret: &str, typed: &str, now: i64, last: Option<i64>) -> Result<Option<i64>, DeskError> {
    let key = unhex(secret)?;
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let here = now.div_euclid(STEP_SECONDS * 1000);
    let mut found = None;
    // All of them, so that the time does not tell which one it was.
    for step in here - DRIFT..=here + DRIFT {
        if same(&code(&key, step, DIGITS)?, &typed) && last.is_none_or(|last| step > last) {
            found = Some(step);
        }
    }
    Ok(found)
}

/// The code of a step.
fn code(key: &[u8], step: i64, digits: u32) -> Result<String, DeskError> {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).map_err(|_| DeskError::damaged("account", "secret of the second factor"))?;
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes([hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]]);
    Ok(format!("{:0width$}", number % 10_u32.pow(digits), width = digits as usize))
}

fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    let (mut held, mut bits) = (0_u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(BASE32[(held >> bits) as usize & 31]));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(char::from(BASE32[(held << (5 - bits)) as usize & 31]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const RFC: &[u8; 20] = b"12345678901234567890";

    /// RFC 6238, appendix B, the rows of SHA1.
    #[test]
    fn codes_are_those_of_the_rfc() {
        for (seconds, expected) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000_i64, "65353130"),
        ] {
            assert_eq!(code(RFC, seconds / STEP_SECONDS, 8).unwrap(), expected, "at {seconds}");
        }
    }

    /// RFC 4226, appendix D: six digits by counter.
    #[test]
    fn six_digits_are_those_of_the_rfc() {
        let expected = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (step, expected) in expected.iter().enumerate() {
            assert_eq!(code(RFC, step as i64, 6).unwrap(), *expected);
        }
    }

    #[test]
    fn a_code_counts_once_and_near_its_time() {
        let secret = hex(RFC);
        let now = 59_000;
        assert_eq!(step_of(&secret, "287 082", now, None).unwrap(), Some(1));
        assert_eq!(step_of(&secret, "287082", now, Some(1)).unwrap(), None, "taken already");
        assert_eq!(step_of(&secret, "755224", now, None).unwrap(), Some(0), "the step before");
        assert_eq!(step_of(&secret, "755224", now, Some(1)).unwrap(), None, "older than one that was taken");
        assert_eq!(step_of(&secret, "287082", now + 60_000, None).unwrap(), None, "two steps late");
        assert_eq!(step_of(&secret, "", now, None).unwrap(), None);
    }

    /// RFC 4648, section 10, without padding.
    #[test]
    fn base32_is_that_of_the_rfc() {
        for (bytes, text) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        let shown = shown(&hex(RFC), "an").unwrap();
        assert_eq!(shown.text, "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert!(shown.link.starts_with("otpauth://totp/An%20Sinh:an?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&"));
    }
}
