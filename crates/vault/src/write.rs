//! Writing a sealed file.

use std::io::{Error, Write};

use crate::Keys;
use crate::cipher::{NONCE, encrypt};
use crate::format::{CHUNK, place, whole};
use crate::keys::FileKeys;

/// Seals what is written, chunk by chunk. [`SealedWriter::finish`] writes the end: a file without it does not open.
///
/// Holds one chunk, and 24 bytes of each chunk written (400 kB for a file of 1 GB).
pub struct SealedWriter<W> {
    inner: W,
    keys: FileKeys,
    waiting: Vec<u8>,
    nonces: Vec<u8>,
    length: u64,
}

impl<W: Write> SealedWriter<W> {
    /// Begins a file of a place, which is needed to open it.
    pub fn new(mut inner: W, keys: &Keys, place: &str) -> Result<Self, Error> {
        let keys = keys.file(place);
        inner.write_all(&keys.header)?;
        Ok(Self { inner, keys, waiting: Vec::with_capacity(CHUNK), nonces: Vec::new(), length: 0 })
    }

    /// Writes the last chunk and the end; gives the seal, a keyed hash of the content, as 64 hexadecimal digits.
    pub fn finish(mut self) -> Result<(W, String), Error> {
        self.chunk(true)?;
        let seal = whole(&self.keys.whole, &self.keys.header, &self.nonces, self.length);
        self.inner.write_all(&self.nonces)?;
        self.inner.write_all(&self.length.to_le_bytes())?;
        self.inner.write_all(seal.as_bytes())?;
        self.inner.flush()?;
        Ok((self.inner, seal.to_hex().to_string()))
    }

    fn chunk(&mut self, last: bool) -> Result<(), Error> {
        let number = (self.nonces.len() / NONCE) as u64;
        let before = self.nonces.last_chunk::<NONCE>().copied().unwrap_or_default();
        let mut hasher = blake3::Hasher::new_keyed(&self.keys.nonces);
        hasher.update(&before).update(&number.to_le_bytes()).update(&[u8::from(last)]).update(&self.waiting);
        let mut nonce = [0; NONCE];
        nonce.copy_from_slice(&hasher.finalize().as_bytes()[..NONCE]);
        let sealed = encrypt(&self.keys.chunks, nonce, &place(&self.keys.header, number, last), &self.waiting)?;
        self.inner.write_all(&sealed)?;
        self.nonces.extend_from_slice(&nonce);
        self.length += self.waiting.len() as u64;
        self.waiting.clear();
        Ok(())
    }
}

impl<W: Write> Write for SealedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        // A full chunk waits until more comes: only then is it known not to be the last.
        if self.waiting.len() == CHUNK && !bytes.is_empty() {
            self.chunk(false)?;
        }
        let taken = bytes.len().min(CHUNK - self.waiting.len());
        self.waiting.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> Result<(), Error> {
        // A chunk is only written full, or as the last one.
        Ok(())
    }
}
