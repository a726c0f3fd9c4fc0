//! XChaCha20-Poly1305, the one cipher of the house.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};

use crate::SealError;

/// Bytes of a key.
pub const KEY: usize = 32;
/// Bytes of a nonce.
pub const NONCE: usize = 24;
/// Bytes that sealing adds to what is sealed.
pub(crate) const TAG: usize = 16;

/// Nonce and sealed bytes. `place` says where they belong: sealed bytes moved elsewhere do not open. A nonce must never come twice
/// with one key and other bytes. Errors: more bytes than the cipher takes at once (256 GiB).
pub fn seal(key: &[u8; KEY], nonce: [u8; NONCE], place: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
    let sealed = encrypt(key, nonce, place, plain)?;
    Ok([&nonce[..], &sealed].concat())
}

/// What [`seal`] sealed; `None` when key, place or bytes are not those of the sealing.
pub fn open(key: &[u8; KEY], place: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, rest) = sealed.split_first_chunk::<NONCE>()?;
    decrypt(key, *nonce, place, rest)
}

/// Sealed bytes and their tag, without the nonce.
pub(crate) fn encrypt(key: &[u8; KEY], nonce: [u8; NONCE], place: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
    let cipher = XChaCha20Poly1305::new(&Key::from(*key));
    let sealed = cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: place });
    sealed.map_err(|_| SealError::Changed("bytes could not be sealed"))
}

/// What [`encrypt`] sealed.
pub(crate) fn decrypt(key: &[u8; KEY], nonce: [u8; NONCE], place: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let cipher = XChaCha20Poly1305::new(&Key::from(*key));
    cipher.decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: place }).ok()
}
