//! Reading a sealed file, any part of it.

use std::collections::VecDeque;
use std::io::{Error, ErrorKind, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use crate::cipher::{KEY, NONCE, TAG, decrypt};
use crate::format::{CHUNK, END, HEADER, SEAL, changed, chunks, file_length, key_id, offset, place, whole};
use crate::keys::FileKeys;
use crate::{Keys, SealError};

/// Opened chunks that are kept where nothing else is said: readers go through the columns of a table side by side, a little of each at a time. 4 MB.
const KEPT: usize = 64;

/// A sealed file, opened. Many may read it at once.
pub struct Sealed<R> {
    inner: Mutex<R>,
    header: [u8; HEADER],
    chunks: [u8; KEY],
    nonces: Vec<u8>,
    length: u64,
    seal: String,
    kept: Mutex<VecDeque<(u64, Arc<Vec<u8>>)>>,
    most_kept: usize,
}

impl<R> std::fmt::Debug for Sealed<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealed").field("length", &self.length).finish_non_exhaustive()
    }
}

impl<R: Read + Seek> Sealed<R> {
    /// Opens a file of a place and checks its end; chunks are checked when they are read.
    ///
    /// Errors: the key is not there, the file is not sealed, or is not what was written for this place.
    pub fn open(mut inner: R, keys: Option<&Keys>, place: &str) -> Result<Self, SealError> {
        let mut header = [0; HEADER];
        inner.seek(SeekFrom::Start(0))?;
        inner.read_exact(&mut header).map_err(cut)?;
        let id = key_id(&header).ok_or_else(changed)?;
        let missing = || SealError::KeyMissing { key: id.to_owned() };
        let key = keys.and_then(|keys| keys.get(id)).ok_or_else(missing)?;
        let derived = FileKeys::of(id, key, place);
        let file = inner.seek(SeekFrom::End(0))?;
        let end = file.checked_sub(END as u64).ok_or_else(changed)?;
        inner.seek(SeekFrom::Start(end))?;
        let (mut length, mut seal) = ([0; 8], [0; SEAL]);
        inner.read_exact(&mut length).map_err(cut)?;
        inner.read_exact(&mut seal).map_err(cut)?;
        let length = u64::from_le_bytes(length);
        // Before anything is reserved: a length that was made up must not take memory.
        if file_length(length) != Some(file) {
            return Err(changed());
        }
        let bytes = chunks(length) * NONCE as u64;
        let mut nonces = vec![0; usize::try_from(bytes).map_err(|_| changed())?];
        inner.seek(SeekFrom::Start(end - bytes))?;
        inner.read_exact(&mut nonces).map_err(cut)?;
        let found = whole(&derived.whole, &header, &nonces, length);
        // Comparing hashes of this kind takes the same time wherever they differ.
        if derived.header != header || found != blake3::Hash::from_bytes(seal) {
            return Err(changed());
        }
        let (seal, inner, kept) = (found.to_hex().to_string(), Mutex::new(inner), Mutex::new(VecDeque::new()));
        Ok(Self { inner, header, chunks: derived.chunks, nonces, length, seal, kept, most_kept: KEPT })
    }

    /// Keeps at most so many opened chunks (64 kB each, at least one) for those who read near one another.
    #[must_use]
    pub fn keeping(self, chunks: usize) -> Self {
        Self { most_kept: chunks.max(1), ..self }
    }

    /// Bytes of the content.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The seal: a keyed hash of the content, as 64 hexadecimal digits.
    pub fn seal(&self) -> &str {
        &self.seal
    }

    /// The bytes from a place on, so many of them.
    ///
    /// Errors: the file ends before, or a chunk is not what was written.
    pub fn read_at(&self, start: u64, length: usize) -> Result<Vec<u8>, SealError> {
        let end = start.checked_add(length as u64).filter(|end| *end <= self.length);
        let end = end.ok_or_else(|| Error::new(ErrorKind::UnexpectedEof, "the sealed file ends before"))?;
        let mut found = Vec::with_capacity(length);
        let mut at = start;
        while at < end {
            let chunk = self.chunk(at / CHUNK as u64)?;
            let from = (at % CHUNK as u64) as usize;
            let taken = (chunk.len() - from).min(length - found.len());
            found.extend_from_slice(&chunk[from..from + taken]);
            at += taken as u64;
        }
        Ok(found)
    }

    /// Opens every chunk.
    pub fn check(&self) -> Result<(), SealError> {
        (0..chunks(self.length)).try_for_each(|number| self.chunk(number).map(drop))
    }

    /// A chunk that there is, opened.
    fn chunk(&self, number: u64) -> Result<Arc<Vec<u8>>, SealError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = kept.iter().position(|(known, _)| *known == number)
            && let Some((number, chunk)) = kept.remove(at)
        {
            kept.push_front((number, chunk.clone()));
            return Ok(chunk);
        }
        // Others may read and open while this chunk is opened.
        drop(kept);
        let chunk = Arc::new(self.open_chunk(number)?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(self.most_kept - 1);
        kept.push_front((number, chunk.clone()));
        Ok(chunk)
    }

    fn open_chunk(&self, number: u64) -> Result<Vec<u8>, SealError> {
        let last = number + 1 == chunks(self.length);
        let plain = if last { (self.length - number * CHUNK as u64) as usize } else { CHUNK };
        let mut sealed = vec![0; plain + TAG];
        {
            let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
            inner.seek(SeekFrom::Start(offset(number)))?;
            inner.read_exact(&mut sealed).map_err(cut)?;
        }
        let at = usize::try_from(number).map_err(|_| changed())? * NONCE;
        let nonce = self.nonces.get(at..).and_then(|rest| rest.first_chunk::<NONCE>()).ok_or_else(changed)?;
        decrypt(&self.chunks, *nonce, &place(&self.header, number, last), &sealed).ok_or_else(changed)
    }
}

/// A file that ends too early was cut; everything else is the disk's.
fn cut(error: Error) -> SealError {
    if error.kind() == ErrorKind::UnexpectedEof { changed() } else { SealError::Io(error) }
}

/// Reads a sealed file from a place on.
#[derive(Debug)]
pub struct SealedReader<R> {
    file: Arc<Sealed<R>>,
    at: u64,
}

impl<R: Read + Seek> SealedReader<R> {
    /// Begins at a byte of the content.
    pub fn new(file: Arc<Sealed<R>>, at: u64) -> Self {
        Self { file, at }
    }
}

impl<R: Read + Seek> Read for SealedReader<R> {
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize, Error> {
        let left = self.file.length().saturating_sub(self.at);
        if left == 0 || bytes.is_empty() {
            return Ok(0);
        }
        let chunk = self.file.chunk(self.at / CHUNK as u64)?;
        let from = (self.at % CHUNK as u64) as usize;
        let taken = (chunk.len() - from).min(bytes.len());
        bytes[..taken].copy_from_slice(&chunk[from..from + taken]);
        self.at += taken as u64;
        Ok(taken)
    }
}

impl<R: Read + Seek> Seek for SealedReader<R> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64, Error> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.file.length().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| Error::new(ErrorKind::InvalidInput, "a place before the file"))?;
        Ok(self.at)
    }
}
