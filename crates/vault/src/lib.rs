//! Sealed bytes and sealed files (dữ liệu mã hóa khi lưu): XChaCha20-Poly1305 under keys that lie elsewhere.
//!
//! [`seal`] and [`open`] work on bytes in memory with a nonce that is given. [`SealedWriter`] and [`Sealed`] work on files of any size:
//! the same content under the same key at the same place gives the same bytes, any chunk opens alone, and memory stays the same
//! however long the file is. How a file lies is described in `format.rs`.
//!
//! Nothing is opened here and no chance is used: files are `Read + Seek` or `Write`, keys and nonces are arguments.

mod cipher;
mod format;
mod keys;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use cipher::{KEY, NONCE, open, seal};
pub use format::{CHUNK, HEADER, is_sealed, key_id};
pub use keys::Keys;
pub use read::{Sealed, SealedReader};
pub use write::SealedWriter;

/// Why sealed bytes could not be made or opened. Says nothing of what they hold.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The key that sealed it is not there.
    #[error("the key {key} that sealed this is not there")]
    KeyMissing {
        /// Id of the key.
        key: String,
    },
    /// Bytes, place or key are not those of the sealing.
    #[error("{0}")]
    Changed(&'static str),
    /// The bytes could not be read.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl From<SealError> for std::io::Error {
    fn from(error: SealError) -> Self {
        match error {
            SealError::Io(error) => error,
            other => Self::other(other),
        }
    }
}
