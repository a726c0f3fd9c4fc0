//! XChaCha20-Poly1305 with a fresh random nonce before the bytes.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};

use super::ring::KEY;
use crate::DeskError;

/// Bytes of a nonce.
pub(crate) const NONCE: usize = 24;

/// Nonce and sealed bytes. `place` says where they belong: sealed bytes moved elsewhere do not open.
pub(crate) fn seal(key: &[u8; KEY], nonce: [u8; NONCE], place: &[u8], plain: &[u8]) -> Result<Vec<u8>, DeskError> {
    let mut out = nonce.to_vec();
    let sealed = cipher(key)?.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: place });
    out.extend(sealed.map_err(|_| DeskError::Store { detail: "bytes could not be sealed".into() })?);
    Ok(out)
}

/// What was sealed; `None` when key, place or bytes are not those of the sealing.
pub(crate) fn open(key: &[u8; KEY], place: &[u8], sealed: &[u8]) -> Result<Option<Vec<u8>>, DeskError> {
    let Some((nonce, rest)) = sealed.split_first_chunk::<NONCE>() else { return Ok(None) };
    Ok(cipher(key)?.decrypt(&XNonce::from(*nonce), Payload { msg: rest, aad: place }).ok())
}

fn cipher(key: &[u8; KEY]) -> Result<XChaCha20Poly1305, DeskError> {
    XChaCha20Poly1305::new_from_slice(key).map_err(|_| DeskError::Store { detail: "a key has the wrong length".into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_in_its_place_alone() {
        let sealed = seal(&[7; KEY], [9; NONCE], b"account.totp u-1", b"secret").unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_eq!(open(&[7; KEY], b"account.totp u-1", &sealed).unwrap().as_deref(), Some(&b"secret"[..]));
        assert_eq!(open(&[8; KEY], b"account.totp u-1", &sealed).unwrap(), None, "another key");
        assert_eq!(open(&[7; KEY], b"account.totp u-2", &sealed).unwrap(), None, "another row");
        let mut changed = sealed.clone();
        changed[NONCE] ^= 1;
        assert_eq!(open(&[7; KEY], b"account.totp u-1", &changed).unwrap(), None, "a changed byte");
        assert_eq!(open(&[7; KEY], b"account.totp u-1", &sealed[..10]).unwrap(), None, "cut off");
    }
}
