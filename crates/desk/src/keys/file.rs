//! A sealed file: a line that says so, a line with the wrapped key of the file, then sealed chunks, the last one marked.

use std::io::{BufRead, Error, ErrorKind, Read, Write};

use serde::{Deserialize, Serialize};

use super::ring::{KEY, KeyRing};
use super::seal::{self, NONCE};
use crate::DeskError;
use crate::account::{hex, unhex};

/// First line.
const MAGIC: &str = "An Sinh sealed desk backup 1\n";
/// Bytes of a chunk before it is sealed.
const CHUNK: usize = 1 << 16;

/// Second line.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    kek: String,
    wrapped: String,
}

/// Whether a file begins like a sealed one.
pub(crate) fn is_sealed(reader: &mut impl BufRead) -> Result<bool, Error> {
    Ok(reader.fill_buf()?.starts_with(MAGIC.as_bytes()))
}

/// Seals what is written, chunk by chunk. [`SealedWriter::finish`] writes the last one: a file without it does not open.
pub(crate) struct SealedWriter<W> {
    inner: W,
    key: [u8; KEY],
    waiting: Vec<u8>,
    count: u64,
}

impl<W: Write> SealedWriter<W> {
    /// Begins a file with a key of its own. `random` is fresh; `nonce` too.
    pub(crate) fn new(mut inner: W, ring: &KeyRing, key: [u8; KEY], nonce: [u8; NONCE]) -> Result<Self, DeskError> {
        let (kek, wrapping) = ring.current();
        let wrapped = hex(&seal::seal(wrapping, nonce, MAGIC.as_bytes(), &key)?);
        let fault = |detail: String| DeskError::Backup { detail };
        let head = serde_json::to_string(&Head { kek: kek.to_owned(), wrapped }).map_err(|e| fault(e.to_string()))?;
        inner.write_all(format!("{MAGIC}{head}\n").as_bytes()).map_err(|e| fault(e.to_string()))?;
        Ok(Self { inner, key, waiting: Vec::with_capacity(CHUNK), count: 0 })
    }

    fn chunk(&mut self, last: bool) -> Result<(), Error> {
        // The key is this file's alone, so a counter is a nonce that never comes twice.
        let sealed = seal::seal(&self.key, counter(self.count), &[u8::from(last)], &self.waiting).map_err(Error::other)?;
        let length = u32::try_from(sealed.len()).map_err(Error::other)?;
        self.inner.write_all(&length.to_le_bytes())?;
        self.inner.write_all(&sealed)?;
        self.count += 1;
        self.waiting.clear();
        Ok(())
    }

    /// Writes the last chunk.
    pub(crate) fn finish(mut self) -> Result<W, Error> {
        self.chunk(true)?;
        self.inner.flush()?;
        Ok(self.inner)
    }
}

impl<W: Write> Write for SealedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        let room = CHUNK - self.waiting.len();
        let taken = bytes.len().min(room);
        self.waiting.extend_from_slice(&bytes[..taken]);
        if self.waiting.len() == CHUNK {
            self.chunk(false)?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> Result<(), Error> {
        // A chunk is only written full, or as the last one.
        Ok(())
    }
}

/// Opens what [`SealedWriter`] wrote.
pub(crate) struct SealedReader<R> {
    inner: R,
    key: [u8; KEY],
    open: Vec<u8>,
    at: usize,
    count: u64,
    ended: bool,
}

impl<R: BufRead> SealedReader<R> {
    /// Reads the head; without the key that wrapped the file's key nothing opens.
    pub(crate) fn new(mut inner: R, ring: Option<&KeyRing>) -> Result<Self, DeskError> {
        let damaged = |detail: &str| DeskError::Backup { detail: detail.to_owned() };
        let mut line = || {
            let mut line = String::new();
            inner.read_line(&mut line).map_err(|e| DeskError::Backup { detail: e.to_string() }).map(|_| line)
        };
        if line()? != MAGIC {
            return Err(damaged("this is no sealed backup"));
        }
        let head: Head = serde_json::from_str(&line()?).map_err(|_| damaged("the head of the sealed file cannot be read"))?;
        let wrapping = ring.ok_or_else(|| DeskError::KeyMissing { key: head.kek.clone() })?.get(&head.kek)?;
        let key = seal::open(wrapping, MAGIC.as_bytes(), &unhex(&head.wrapped)?);
        let key = key.ok_or_else(|| damaged("the key of the sealed file was changed"))?;
        let key = <[u8; KEY]>::try_from(key.as_slice()).map_err(|_| damaged("the key of the sealed file was changed"))?;
        Ok(Self { inner, key, open: Vec::new(), at: 0, count: 0, ended: false })
    }

    fn chunk(&mut self) -> Result<(), Error> {
        let cut = || Error::new(ErrorKind::UnexpectedEof, "the sealed file ends too early");
        let mut length = [0; 4];
        self.inner.read_exact(&mut length).map_err(|_| cut())?;
        let length = u32::from_le_bytes(length) as usize;
        if length > CHUNK + NONCE + 64 {
            return Err(Error::new(ErrorKind::InvalidData, "a chunk of the sealed file is too long"));
        }
        let mut sealed = vec![0; length];
        self.inner.read_exact(&mut sealed).map_err(|_| cut())?;
        let wrong = || Error::new(ErrorKind::InvalidData, "the sealed file was changed");
        if sealed.get(..NONCE) != Some(&counter(self.count)[..]) {
            return Err(wrong());
        }
        let opened = |last: u8| seal::open(&self.key, &[last], &sealed);
        (self.open, self.ended) = match opened(0) {
            Some(open) => (open, false),
            None => (opened(1).ok_or_else(wrong)?, true),
        };
        (self.at, self.count) = (0, self.count + 1);
        if !self.ended || self.inner.fill_buf()?.is_empty() { Ok(()) } else { Err(wrong()) }
    }
}

impl<R: BufRead> Read for SealedReader<R> {
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize, Error> {
        while self.at == self.open.len() {
            if self.ended {
                return Ok(0);
            }
            self.chunk()?;
        }
        let taken = bytes.len().min(self.open.len() - self.at);
        bytes[..taken].copy_from_slice(&self.open[self.at..self.at + taken]);
        self.at += taken;
        Ok(taken)
    }
}

fn counter(count: u64) -> [u8; NONCE] {
    let mut nonce = [0; NONCE];
    nonce[..8].copy_from_slice(&count.to_le_bytes());
    nonce
}
