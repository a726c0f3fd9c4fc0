//! ZIP archives: workbooks are such, and some offices send their files in one.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::CityError;
use crate::write::deflate;

/// 1 January 2026 in the archive's way of writing days: the same city gives the same bytes.
const DAY: u16 = (2026 - 1980) << 9 | 1 << 5 | 1;
/// Version 2.0 reads it; nothing beyond is used.
const VERSION: u16 = 20;
/// Ways of storing: as it is, and deflated.
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// The directory of an archive while it grows. Names must be plain ASCII.
#[derive(Debug, Default)]
struct Directory {
    lines: Vec<u8>,
    count: u16,
    /// Bytes written so far.
    at: u32,
}

impl Directory {
    /// Notes an entry and returns the header that stands before its bytes.
    fn entry(&mut self, name: &str, method: u16, plain: &[u8], size: u32) -> Vec<u8> {
        let mut facts = Vec::new();
        for word in [VERSION, 0, method, 0, DAY] {
            facts.extend_from_slice(&word.to_le_bytes());
        }
        for word in [crc32(plain), size, plain.len() as u32] {
            facts.extend_from_slice(&word.to_le_bytes());
        }
        facts.extend_from_slice(&(name.len() as u16).to_le_bytes());
        self.lines.extend_from_slice(b"PK\x01\x02");
        self.lines.extend_from_slice(&VERSION.to_le_bytes());
        self.lines.extend_from_slice(&facts);
        // No extra field, no comment, disk 0, no attributes.
        self.lines.extend_from_slice(&[0; 12]);
        self.lines.extend_from_slice(&self.at.to_le_bytes());
        self.lines.extend_from_slice(name.as_bytes());
        self.count += 1;
        let header = [b"PK\x03\x04".as_slice(), &facts, &[0; 2], name.as_bytes()].concat();
        self.at += header.len() as u32 + size;
        header
    }

    /// What stands at the end of the archive.
    fn end(self) -> Vec<u8> {
        let mut out = self.lines;
        let size = out.len() as u32;
        out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        out.extend_from_slice(&self.count.to_le_bytes());
        out.extend_from_slice(&self.count.to_le_bytes());
        out.extend_from_slice(&size.to_le_bytes());
        out.extend_from_slice(&self.at.to_le_bytes());
        out.extend_from_slice(&[0; 2]);
        out
    }
}

/// A small archive in memory, its entries compressed.
#[derive(Debug, Default)]
pub struct Entries {
    out: Vec<u8>,
    directory: Directory,
}

impl Entries {
    /// Adds an entry.
    pub fn deflate(&mut self, name: &str, plain: &[u8]) {
        let small = deflate::compress(plain);
        let header = self.directory.entry(name, DEFLATED, plain, small.len() as u32);
        self.out.extend_from_slice(&header);
        self.out.extend_from_slice(&small);
    }

    /// The archive's bytes.
    pub fn finish(mut self) -> Vec<u8> {
        self.out.extend_from_slice(&self.directory.end());
        self.out
    }
}

/// An archive on disk of files that are compressed already and are stored as they are.
pub struct Archive {
    path: PathBuf,
    out: BufWriter<File>,
    directory: Directory,
}

impl Archive {
    /// Opens an archive in a folder.
    pub fn create(folder: &Path, name: &str) -> Result<Self, CityError> {
        let path = folder.join(name);
        let out = BufWriter::new(File::create(&path).map_err(CityError::io(&path))?);
        Ok(Self { path, out, directory: Directory::default() })
    }

    /// Adds a file.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), CityError> {
        let header = self.directory.entry(name, STORED, bytes, bytes.len() as u32);
        self.out.write_all(&header).and_then(|()| self.out.write_all(bytes)).map_err(CityError::io(&self.path))
    }

    /// Writes the directory and closes the archive.
    pub fn finish(mut self) -> Result<(), CityError> {
        let end = self.directory.end();
        self.out.write_all(&end).and_then(|()| self.out.flush()).map_err(CityError::io(&self.path))
    }
}

/// Eight tables of the checksum: the first for one byte, the others for the bytes before it.
static TABLES: [[u32; 256]; 8] = tables();

const fn tables() -> [[u32; 256]; 8] {
    let mut tables = [[0u32; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let (mut value, mut bit) = (byte as u32, 0);
        while bit < 8 {
            value = if value & 1 == 1 { 0xedb8_8320 ^ (value >> 1) } else { value >> 1 };
            bit += 1;
        }
        tables[0][byte] = value;
        byte += 1;
    }
    let mut table = 1;
    while table < 8 {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[table - 1][byte];
            tables[table][byte] = tables[0][(before & 0xff) as usize] ^ (before >> 8);
            byte += 1;
        }
        table += 1;
    }
    tables
}

/// The checksum of ZIP archives, eight bytes at a time.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = !0u32;
    let mut eights = bytes.chunks_exact(8);
    for eight in &mut eights {
        let mixed = crc.to_le_bytes();
        crc = (0..8).fold(0, |sum, at| {
            let byte = if at < 4 { eight[at] ^ mixed[at] } else { eight[at] };
            sum ^ TABLES[7 - at][byte as usize]
        });
    }
    let rest = eights.remainder();
    !rest.iter().fold(crc, |crc, byte| TABLES[0][((crc ^ u32::from(*byte)) & 0xff) as usize] ^ (crc >> 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_known_one() {
        // The check value that descriptions of this checksum give, and one of more than eight bytes twice.
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b"The quick brown fox jumps over the lazy dog"), 0x414f_a339);
    }
}
