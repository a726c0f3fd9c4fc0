//! Files of the book: one way to write them and one way to open them, sealed or plain.
//!
//! With keys a new file is written sealed ([`vault`]); what lies there plain is opened as it is, told by its first bytes. Everything that may hold
//! personal data goes through here, so that no reader can forget it.

use std::fs::File;
use std::io::{BufReader, Error, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use datafusion::parquet::errors::{ParquetError, Result as ParquetResult};
use datafusion::parquet::file::reader::{ChunkReader, Length};
use vault::{HEADER, Keys, SealError, Sealed, SealedReader, SealedWriter};

use crate::error::EngineError;

/// Where a file lies, and what seals and opens it.
#[derive(Debug, Clone)]
pub struct DataFile {
    path: PathBuf,
    keys: Option<Arc<Keys>>,
    place: String,
    seal: Option<String>,
}

impl DataFile {
    /// A file of outside: written plain; a sealed one does not open.
    pub fn plain(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), keys: None, place: String::new(), seal: None }
    }

    /// A file that is sealed where there are keys. `place` is part of the seal: the file opens under the same place alone.
    pub fn in_place(path: impl Into<PathBuf>, keys: Option<Arc<Keys>>, place: impl Into<String>) -> Self {
        Self { path: path.into(), keys, place: place.into(), seal: None }
    }

    /// The same file, which must bear this seal where it is sealed: what [`NewFile::finish`] gave.
    #[must_use]
    pub fn with_seal(mut self, seal: &str) -> Self {
        self.seal = Some(seal.to_owned());
        self
    }

    /// The same file under the path where it is written first, before it is moved into its place.
    #[must_use]
    pub fn drafted_at(mut self, path: &Path) -> Self {
        self.path = path.to_owned();
        self
    }

    /// The path: for messages, and to see whether it is there. What lies there may be sealed.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it is there.
    pub fn exists(&self) -> bool {
        self.path.exists()
    }

    /// Opens it.
    ///
    /// Errors: the disk's; the key is not there; the file was changed, or moved from another place.
    pub fn open(&self) -> Result<OpenFile, EngineError> {
        self.open_keeping(None)
    }

    /// The same; of a sealed file no more than so many opened chunks are kept in memory.
    pub(crate) fn open_keeping(&self, chunks: Option<usize>) -> Result<OpenFile, EngineError> {
        let mut file = File::open(&self.path).map_err(|error| self.io(&error))?;
        let mut first = Vec::with_capacity(HEADER);
        let read = Read::take(&mut file, HEADER as u64).read_to_end(&mut first);
        read.and_then(|_| file.rewind()).map_err(|error| self.io(&error))?;
        if !vault::is_sealed(&first) {
            return Ok(OpenFile(Opened::Plain(file)));
        }
        let sealed = Sealed::open(file, self.keys.as_deref(), &self.place).map_err(|error| self.fault(error))?;
        if self.seal.as_deref().is_some_and(|seal| seal != sealed.seal()) {
            return Err(self.fault(SealError::Changed("it bears the seal of another file")));
        }
        let sealed = match chunks {
            Some(chunks) => sealed.keeping(chunks),
            None => sealed,
        };
        Ok(OpenFile(Opened::Sealed(Arc::new(sealed))))
    }

    /// Reads all of it into memory.
    pub fn read(&self) -> Result<Vec<u8>, EngineError> {
        let file = self.open()?;
        let length = usize::try_from(file.length()).map_err(|_| self.io(&Error::other("the file does not fit into memory")))?;
        if let Some(sealed) = file.sealed() {
            return sealed.read_at(0, length).map_err(|error| self.fault(error));
        }
        let mut bytes = Vec::with_capacity(length);
        file.reader().read_to_end(&mut bytes).map_err(|error| self.io(&error))?;
        Ok(bytes)
    }

    /// Creates it; fails when it exists already.
    pub fn create(&self) -> Result<NewFile, EngineError> {
        let file = File::options().write(true).create_new(true).open(&self.path).map_err(|error| self.io(&error))?;
        let writing = match &self.keys {
            Some(keys) => {
                let writer = SealedWriter::new(file, keys, &self.place).map_err(|error| self.io(&error))?;
                Writing::Sealed(Box::new(writer))
            }
            None => Writing::Plain(file),
        };
        Ok(NewFile { path: self.path.clone(), writing })
    }

    /// Whether it lies sealed, and with the key of which id; `None` when it is plain or not there.
    pub fn sealed_with(&self) -> Option<String> {
        let mut first = Vec::with_capacity(HEADER);
        File::open(&self.path).and_then(|file| file.take(HEADER as u64).read_to_end(&mut first)).ok()?;
        vault::key_id(&first).map(str::to_owned)
    }

    fn io(&self, error: &Error) -> EngineError {
        EngineError::File { path: self.path.display().to_string(), detail: error.to_string() }
    }

    fn fault(&self, error: SealError) -> EngineError {
        let path = self.path.display().to_string();
        match error {
            SealError::KeyMissing { key } => EngineError::KeyMissing { path, key },
            SealError::Changed(detail) => EngineError::Changed { path, detail: detail.to_owned() },
            SealError::Io(error) => EngineError::File { path, detail: error.to_string() },
        }
    }
}

impl From<&Path> for DataFile {
    fn from(path: &Path) -> Self {
        Self::plain(path)
    }
}

impl From<&PathBuf> for DataFile {
    fn from(path: &PathBuf) -> Self {
        Self::plain(path)
    }
}

impl From<PathBuf> for DataFile {
    fn from(path: PathBuf) -> Self {
        Self::plain(path)
    }
}

impl From<&DataFile> for DataFile {
    fn from(file: &DataFile) -> Self {
        file.clone()
    }
}

/// A file that was opened. Any part of it can be read, by many at once.
#[derive(Debug)]
pub struct OpenFile(Opened);

#[derive(Debug)]
enum Opened {
    Plain(File),
    Sealed(Arc<Sealed<File>>),
}

impl OpenFile {
    /// The opened sealed file; `None` when it lies plain.
    pub(crate) fn sealed(&self) -> Option<&Arc<Sealed<File>>> {
        match &self.0 {
            Opened::Plain(_) => None,
            Opened::Sealed(sealed) => Some(sealed),
        }
    }

    /// Bytes of what it holds.
    pub fn length(&self) -> u64 {
        Length::len(self)
    }

    /// Reads it from the beginning.
    pub fn reader(self) -> FileReader {
        FileReader(match self.0 {
            Opened::Plain(file) => Reading::Plain(BufReader::new(file)),
            Opened::Sealed(sealed) => Reading::Sealed(BufReader::new(SealedReader::new(sealed, 0))),
        })
    }

    /// Opens every part of a sealed file; a plain one has nothing to check. Errors: a part was changed.
    pub fn check(&self) -> Result<(), Error> {
        Ok(self.sealed().map_or(Ok(()), |sealed| sealed.check())?)
    }
}

impl Length for OpenFile {
    fn len(&self) -> u64 {
        match &self.0 {
            Opened::Plain(file) => Length::len(file),
            Opened::Sealed(sealed) => sealed.length(),
        }
    }
}

impl ChunkReader for OpenFile {
    type T = FileReader;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(FileReader(match &self.0 {
            Opened::Plain(file) => Reading::Plain(file.get_read(start)?),
            Opened::Sealed(sealed) => Reading::Sealed(BufReader::new(SealedReader::new(sealed.clone(), start))),
        }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        match &self.0 {
            Opened::Plain(file) => file.get_bytes(start, length),
            Opened::Sealed(sealed) => {
                sealed.read_at(start, length).map(Bytes::from).map_err(|error| ParquetError::External(Box::new(error)))
            }
        }
    }
}

/// Reads a file of the book from a place on.
#[derive(Debug)]
pub struct FileReader(Reading);

#[derive(Debug)]
enum Reading {
    Plain(BufReader<File>),
    Sealed(BufReader<SealedReader<File>>),
}

impl Read for FileReader {
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize, Error> {
        match &mut self.0 {
            Reading::Plain(file) => file.read(bytes),
            Reading::Sealed(file) => file.read(bytes),
        }
    }
}

impl Seek for FileReader {
    fn seek(&mut self, to: SeekFrom) -> Result<u64, Error> {
        match &mut self.0 {
            Reading::Plain(file) => file.seek(to),
            Reading::Sealed(file) => file.seek(to),
        }
    }
}

/// A file being written. Without [`NewFile::finish`] it is not whole.
pub struct NewFile {
    path: PathBuf,
    writing: Writing,
}

enum Writing {
    Plain(File),
    Sealed(Box<SealedWriter<File>>),
}

impl std::fmt::Debug for NewFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewFile").field("path", &self.path).finish_non_exhaustive()
    }
}

impl NewFile {
    /// Ends the file and pushes it to the disk. Gives the seal where it is sealed: a keyed hash of what it holds.
    pub fn finish(self) -> Result<Option<String>, EngineError> {
        let fail = |error: Error| EngineError::File { path: self.path.display().to_string(), detail: error.to_string() };
        let (file, seal) = match self.writing {
            Writing::Plain(file) => (file, None),
            Writing::Sealed(writer) => writer.finish().map(|(file, seal)| (file, Some(seal))).map_err(fail)?,
        };
        file.sync_all().map_err(fail)?;
        Ok(seal)
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        match &mut self.writing {
            Writing::Plain(file) => file.write(bytes),
            Writing::Sealed(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> Result<(), Error> {
        match &mut self.writing {
            Writing::Plain(file) => file.flush(),
            Writing::Sealed(file) => file.flush(),
        }
    }
}
