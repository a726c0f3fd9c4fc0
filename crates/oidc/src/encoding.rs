//! base64url and the challenge of PKCE.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Bytes of base64url without padding; none when it is anything else.
pub(crate) fn bytes_of(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Standard base64, for `Authorization: Basic`.
#[cfg(feature = "http")]
pub(crate) fn basic(text: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// The S256 challenge of a verifier (RFC 7636, 4.2).
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    #[test]
    fn the_challenge_is_that_of_the_rfc() {
        assert_eq!(challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn padding_and_other_letters_are_refused() {
        assert_eq!(bytes_of("AQAB"), Some(vec![1, 0, 1]));
        for wrong in ["AQAB==", "AQ+B", "AQ/B", "A", "AQ AB"] {
            assert_eq!(bytes_of(wrong), None, "{wrong}");
        }
    }
}
