//! How a sealed file lies.
//!
//! ```text
//! header   16 bytes that say so, 16 bytes id of the key (zeros behind it)
//! chunks   64 kB of the content each, the last one shorter, each followed by its tag of 16 bytes
//! nonces   24 bytes a chunk
//! length   8 bytes, little-endian: bytes of the content
//! seal     32 bytes: keyed BLAKE3 over header, nonces and length
//! ```
//!
//! **The nonce of a chunk is made of what it holds**: keyed BLAKE3 over the nonce before it, the number of the chunk, whether it is the last, and
//! the content. So the same content gives the same bytes, without chance, and one nonce never seals two contents (a collision in 192 bits aside).
//! A chunk is sealed with header, number and last mark as associated data.
//!
//! **The seal binds everything.** It is checked when a file is opened, before any chunk: a length, an order or a nonce that is not the writer's is
//! refused, and each chunk opens with its nonce alone, so a chunk of elsewhere, of another place in the file or of another content does not open.
//! The seal is also a keyed hash of the whole content: whoever names a file by it can hold name against file without reading it all.
//!
//! **What shows.** The length, the id of the key, and that two files of one place begin with the same 64 kB (then all the same up to the first
//! difference). Files of different places show nothing of one another.

use crate::SealError;
use crate::cipher::{NONCE, TAG};

/// Bytes of the content in a chunk.
pub const CHUNK: usize = 1 << 16;
/// Bytes before the first chunk.
pub const HEADER: usize = MAGIC.len() + ID;
/// How a sealed file begins; the digit is the version of the format.
const MAGIC: &[u8; 16] = b"An Sinh sealed 1";
/// Room for the id of a key.
pub(crate) const ID: usize = 16;
/// Length and seal at the end.
pub(crate) const END: usize = 8 + SEAL;
/// Bytes of a seal.
pub(crate) const SEAL: usize = 32;

/// Whether bytes begin like a sealed file.
pub fn is_sealed(first: &[u8]) -> bool {
    first.starts_with(MAGIC)
}

/// Id of the key that sealed a file, from its first [`HEADER`] bytes; `None` when it is not sealed.
pub fn key_id(first: &[u8]) -> Option<&str> {
    let id = first.strip_prefix(MAGIC)?.get(..ID)?;
    let end = id.iter().position(|byte| *byte == 0).unwrap_or(ID);
    std::str::from_utf8(&id[..end]).ok().filter(|id| !id.is_empty())
}

pub(crate) fn header(id: &str) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..MAGIC.len()].copy_from_slice(MAGIC);
    header[MAGIC.len()..MAGIC.len() + id.len()].copy_from_slice(id.as_bytes());
    header
}

/// How many chunks a content has: an empty one has an empty chunk.
pub(crate) fn chunks(length: u64) -> u64 {
    length.div_ceil(CHUNK as u64).max(1)
}

/// Where a chunk begins.
pub(crate) fn offset(chunk: u64) -> u64 {
    HEADER as u64 + chunk * (CHUNK + TAG) as u64
}

/// Length of the file of a content; `None` when no file is so long.
pub(crate) fn file_length(length: u64) -> Option<u64> {
    let rest = chunks(length).checked_mul((TAG + NONCE) as u64)?;
    length.checked_add(rest)?.checked_add((HEADER + END) as u64)
}

/// Associated data of a chunk.
pub(crate) fn place(header: &[u8; HEADER], chunk: u64, last: bool) -> [u8; HEADER + 9] {
    let mut place = [0; HEADER + 9];
    place[..HEADER].copy_from_slice(header);
    place[HEADER..HEADER + 8].copy_from_slice(&chunk.to_le_bytes());
    place[HEADER + 8] = u8::from(last);
    place
}

/// The seal of a whole file.
pub(crate) fn whole(key: &[u8; 32], header: &[u8; HEADER], nonces: &[u8], length: u64) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new_keyed(key);
    hasher.update(header).update(nonces).update(&length.to_le_bytes());
    hasher.finalize()
}

/// Says that a file is not what its writer wrote.
pub(crate) fn changed() -> SealError {
    SealError::Changed("the sealed file was cut, changed, or moved to another place")
}
