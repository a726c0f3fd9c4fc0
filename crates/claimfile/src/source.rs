//! The bytes of a file as UTF-8, with lines counted and a bound on how much may be taken at once.

use std::io::{self, BufRead, Read};

use encoding_rs::Encoding;
use encoding_rs_io::DecodeReaderBytesBuilder;
use memchr::{memchr_iter, memmem};

/// Bytes read at once.
const BUFFER: usize = 256 * 1024;
/// How far an encoding may be declared.
const HEAD: usize = 256;

/// A reader in UTF-8: byte order marks are taken off, UTF-16 is turned, an 8-bit encoding is believed when the file declares it.
///
/// A declaration of UTF-16 is not believed without the bytes: programs write it over UTF-8.
pub(crate) struct Source<'r> {
    inner: Box<dyn Read + 'r>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    lines: u64,
    budget: u64,
    /// Bytes taken so far.
    taken: u64,
    /// How far [`until`](Self::until) has looked.
    searched: u64,
    /// What reading ahead met, told when all before it was taken.
    failed: Option<io::Error>,
}

impl<'r> Source<'r> {
    pub(crate) fn new(mut file: impl Read + 'r) -> io::Result<Self> {
        let mut head = Vec::with_capacity(HEAD);
        file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
        let encoding = encoding(&head);
        let whole = io::Cursor::new(head).chain(file);
        let inner = DecodeReaderBytesBuilder::new()
            .encoding(encoding)
            .bom_override(true)
            .strip_bom(true)
            .utf8_passthru(true)
            .build_with_buffer(whole, vec![0; 64 * 1024])?;
        Ok(Self {
            inner: Box::new(inner),
            buffer: vec![0; BUFFER],
            start: 0,
            end: 0,
            lines: 0,
            budget: u64::MAX,
            taken: 0,
            searched: 0,
            failed: None,
        })
    }

    /// The line that is being read, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.lines + 1
    }

    /// Lets so many more bytes be taken before reading fails.
    pub(crate) fn allow(&mut self, bytes: u64) {
        self.budget = bytes;
    }

    /// What comes before the next `needle`, not taken yet; `None` when that is not near, more than may be taken, or was looked for already: every byte is
    /// searched once, so that no file can make the work grow with its square.
    pub(crate) fn until(&mut self, needle: &memmem::Finder<'_>) -> Option<&[u8]> {
        if self.taken < self.searched {
            return None;
        }
        let (mut seen, length) = (0, needle.needle().len());
        loop {
            let held = &self.buffer[self.start..self.end];
            // The needle may begin in what was held before and end in what came now.
            let from = seen - seen.min(length - 1);
            if let Some(at) = needle.find(&held[from..]).map(|at| from + at) {
                self.searched = self.taken + at as u64;
                return (at as u64 + length as u64 <= self.budget).then(|| &self.buffer[self.start..self.start + at]);
            }
            seen = held.len();
            if !self.read_ahead() {
                self.searched = self.taken + seen as u64;
                return None;
            }
        }
    }

    /// Reads more behind what is held; false when there is no more, or no room.
    fn read_ahead(&mut self) -> bool {
        if self.failed.is_some() || self.budget <= (self.end - self.start) as u64 {
            return false;
        }
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if self.end == self.buffer.len() {
            return false;
        }
        match self.inner.read(&mut self.buffer[self.end..]) {
            Ok(read) => {
                self.end += read;
                read > 0
            }
            Err(error) => {
                self.failed = Some(error);
                false
            }
        }
    }

    /// Puts back what was taken last, to be read again.
    pub(crate) fn unread(&mut self, taken: &[u8]) {
        self.lines = self.lines.saturating_sub(memchr_iter(b'\n', taken).count() as u64);
        let held = self.end - self.start;
        let mut buffer = Vec::with_capacity((taken.len() + held).max(BUFFER));
        buffer.extend_from_slice(taken);
        buffer.extend_from_slice(&self.buffer[self.start..self.end]);
        (self.start, self.end) = (0, buffer.len());
        buffer.resize(buffer.len().max(BUFFER), 0);
        self.buffer = buffer;
    }

    /// Reads into the buffer from a place on, or tells what reading ahead met.
    fn read_on(&mut self, from: usize) -> io::Result<usize> {
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.inner.read(&mut self.buffer[from..]),
        }
    }

    /// Goes forward to the next place where `needle` stands; false at the end of the file.
    pub(crate) fn skip_to(&mut self, needle: &[u8]) -> io::Result<bool> {
        self.budget = u64::MAX;
        loop {
            let held = &self.buffer[self.start..self.end];
            if let Some(at) = memmem::find(held, needle) {
                self.consume(at);
                return Ok(true);
            }
            // The needle may begin in what is held and end in what is not yet.
            let kept = held.len().min(needle.len() - 1);
            self.consume(held.len() - kept);
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, kept);
            let read = self.read_on(kept)?;
            if read == 0 {
                self.consume(kept);
                return Ok(false);
            }
            self.end += read;
        }
    }
}

impl Read for Source<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let held = self.fill_buf()?;
        let taken = held.len().min(out.len());
        out[..taken].copy_from_slice(&held[..taken]);
        self.consume(taken);
        Ok(taken)
    }
}

impl BufRead for Source<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.budget == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        if self.start == self.end {
            self.start = 0;
            // What was put back has been read: its room is given away.
            if self.buffer.len() > BUFFER {
                self.buffer.truncate(BUFFER);
                self.buffer.shrink_to_fit();
            }
            self.end = 0;
            self.end = self.read_on(0)?;
        }
        let allowed = usize::try_from(self.budget).unwrap_or(usize::MAX);
        Ok(&self.buffer[self.start..self.end.min(self.start.saturating_add(allowed))])
    }

    fn consume(&mut self, taken: usize) {
        self.lines += memchr_iter(b'\n', &self.buffer[self.start..self.start + taken]).count() as u64;
        self.start += taken;
        self.taken += taken as u64;
        self.budget = self.budget.saturating_sub(taken as u64);
    }
}

/// The encoding of a file by its first bytes; `None` for UTF-8 and for what a byte order mark tells.
pub(crate) fn encoding(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [b'<', 0, ..] => return Some(encoding_rs::UTF_16LE),
        [0, b'<', ..] => return Some(encoding_rs::UTF_16BE),
        _ => {}
    }
    let head = &head[..head.len().min(HEAD)];
    if !head.trim_ascii_start().starts_with(b"<?xml") {
        return None;
    }
    let declaration = &head[..memmem::find(head, b"?>")?];
    let value = &declaration[memmem::find(declaration, b"encoding")? + b"encoding".len()..];
    let quoted = value.split(|b| matches!(b, b'"' | b'\'')).nth(1)?;
    let encoding = Encoding::for_label(quoted)?;
    (encoding.is_single_byte()).then_some(encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives three bytes at a time.
    struct Slow<'b>(&'b [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let given = out.len().min(3);
            self.0.read(&mut out[..given])
        }
    }

    #[test]
    fn what_comes_before_a_tag_is_looked_for_once() {
        let tag = memmem::Finder::new("</X>");
        let mut source = Source::new(Slow(b"one two</X>three</X><four>")).unwrap();
        assert_eq!(source.until(&tag), Some(&b"one two"[..]));
        assert_eq!(source.until(&tag), None, "these bytes were searched");
        source.consume(11);
        source.allow(8);
        assert_eq!(source.until(&tag), None, "a tag of which only a part may be taken");
        source.consume(5);
        source.allow(u64::MAX);
        assert_eq!(source.until(&tag), Some(&b""[..]));
        source.consume(4);
        assert_eq!(source.until(&tag), None, "it is not there");
        source.consume(3);
        assert_eq!(source.until(&tag), None, "and is not looked for again");
        let mut rest = String::new();
        source.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "ur>", "nothing was lost");
    }
}
