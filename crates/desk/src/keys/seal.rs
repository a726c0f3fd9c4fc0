//! The cipher of the house ([`vault`]) with errors of the desk.

use super::ring::KEY;
use crate::DeskError;

pub(crate) use vault::{NONCE, open};

/// Nonce and sealed bytes. `place` says where they belong: sealed bytes moved elsewhere do not open.
pub(crate) fn seal(key: &[u8; KEY], nonce: [u8; NONCE], place: &[u8], plain: &[u8]) -> Result<Vec<u8>, DeskError> {
    vault::seal(key, nonce, place, plain).map_err(|error| DeskError::Store { detail: error.to_string() })
}
