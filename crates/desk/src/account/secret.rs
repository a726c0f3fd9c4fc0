//! Random secrets and the hashes that are kept of them.

use crate::DeskError;

/// Letters of one-time codes: none that can be mistaken for another (I, L, O, U, 0, 1 are left out).
const LETTERS: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of a one-time code; twelve of thirty are 58 bits.
const CODE_LENGTH: usize = 12;

/// A new token of 256 random bits, hexadecimal.
pub(crate) fn token(random: [u8; 32]) -> String {
    hex(&random)
}

/// What is kept of a token. A hash without salt is enough: 256 random bits cannot be tried out.
pub(crate) fn token_hash(token: &str) -> String {
    hex(&blake3::derive_key("An Sinh token 1", token.as_bytes()))
}

/// What a form must send along with a session's cookie: known only to pages of that session.
pub(crate) fn csrf(token: &str) -> String {
    hex(&blake3::derive_key("An Sinh form of a session 1", token.as_bytes()))
}

/// What is derived of the token of a sign-in on its way: state, nonce, verifier. None of them says anything of another or of the token.
pub(crate) fn derived(what: &str, token: &str) -> String {
    hex(&blake3::derive_key("An Sinh sign-in on its way 1", format!("{what}:{token}").as_bytes()))
}

/// What is kept of a name at a provider of identities: enough to find it again, not enough to read it.
pub(crate) fn at_provider(what: &str, issuer: &str, name: &str) -> String {
    hex(&blake3::derive_key("An Sinh name at a provider 1", format!("{what}\n{issuer}\n{name}").as_bytes()))
}

/// A one-time code as it is told, `XXXX-XXXX-XXXX`.
pub(crate) fn one_time_code(random: [u8; 32]) -> String {
    // Bytes from 240 on are left out, so that every letter is as likely as another; the rest is drawn from the hash of the bytes.
    let mut stream = blake3::Hasher::new_derive_key("An Sinh one-time code 1").update(&random).finalize_xof();
    let mut code = String::new();
    while code.len() < CODE_LENGTH + 2 {
        let mut byte = [0];
        stream.fill(&mut byte);
        if let Some(letter) = (byte[0] < 240).then(|| LETTERS[usize::from(byte[0]) % LETTERS.len()]) {
            if code.len() == 4 || code.len() == 9 {
                code.push('-');
            }
            code.push(char::from(letter));
        }
    }
    code
}

/// A typed code without spaces and dashes, in capitals.
pub(crate) fn plain_code(typed: &str) -> String {
    typed.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect()
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes of hexadecimal letters.
pub(crate) fn unhex(text: &str) -> Result<Vec<u8>, DeskError> {
    let wrong = || DeskError::damaged("account", "a secret is not hexadecimal");
    let pair = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()).ok_or_else(wrong);
    text.as_bytes().chunks(2).map(pair).collect()
}

/// Whether two texts are the same, in a time that does not depend on where they differ.
pub(crate) fn same(a: &str, b: &str) -> bool {
    // Comparing two BLAKE3 hashes takes constant time.
    blake3::hash(a.as_bytes()) == blake3::hash(b.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_of_plain_letters_and_read_however_typed() {
        let code = one_time_code([7; 32]);
        assert_eq!(code.len(), 14);
        assert!(code.chars().all(|c| c == '-' || LETTERS.contains(&(c as u8))), "{code}");
        assert_ne!(code, one_time_code([8; 32]));
        assert_eq!(plain_code(&code.to_lowercase().replace('-', " ")), code.replace('-', ""));
    }

    #[test]
    fn hashes_of_tokens_say_nothing_of_forms() {
        let token = token([3; 32]);
        assert_eq!(token.len(), 64);
        assert_ne!(token_hash(&token), csrf(&token));
        assert_ne!(csrf(&token), token);
        assert_eq!(unhex(&hex(&[0, 15, 255])).unwrap(), [0, 15, 255]);
        assert!(unhex("0g").is_err());
    }
}
