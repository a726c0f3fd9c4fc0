//! A ZIP archive of files that are compressed already: they are stored as they are.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::CityError;

/// An archive being written. Names must be plain ASCII.
pub struct Archive {
    path: PathBuf,
    out: BufWriter<File>,
    /// Name, checksum, size, and where the entry begins.
    entries: Vec<(String, u32, u32, u32)>,
    at: u32,
}

/// 1 January 2026 in the archive's way of writing days: the same city gives the same bytes.
const DAY: u16 = (2026 - 1980) << 9 | 1 << 5 | 1;
/// Version 2.0 reads it; nothing beyond is used.
const VERSION: u16 = 20;

impl Archive {
    /// Opens an archive in a folder.
    pub fn create(folder: &Path, name: &str) -> Result<Self, CityError> {
        let path = folder.join(name);
        let out = BufWriter::new(File::create(&path).map_err(CityError::io(&path))?);
        Ok(Self { path, out, entries: Vec::new(), at: 0 })
    }

    /// Adds a file.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), CityError> {
        let entry = (name.to_owned(), crc32(bytes), bytes.len() as u32, self.at);
        let mut header = b"PK\x03\x04".to_vec();
        facts(&mut header, &entry);
        header.extend_from_slice(&0u16.to_le_bytes());
        header.extend_from_slice(name.as_bytes());
        self.write(&header)?;
        self.write(bytes)?;
        self.entries.push(entry);
        Ok(())
    }

    /// Writes the directory and closes the archive.
    pub fn finish(mut self) -> Result<(), CityError> {
        let start = self.at;
        let count = self.entries.len() as u16;
        for entry in std::mem::take(&mut self.entries) {
            let mut line = b"PK\x01\x02".to_vec();
            line.extend_from_slice(&VERSION.to_le_bytes());
            facts(&mut line, &entry);
            // No extra field, no comment, disk 0, no attributes.
            line.extend_from_slice(&[0; 12]);
            line.extend_from_slice(&entry.3.to_le_bytes());
            line.extend_from_slice(entry.0.as_bytes());
            self.write(&line)?;
        }
        let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
        end.extend_from_slice(&count.to_le_bytes());
        end.extend_from_slice(&count.to_le_bytes());
        end.extend_from_slice(&(self.at - start).to_le_bytes());
        end.extend_from_slice(&start.to_le_bytes());
        end.extend_from_slice(&[0; 2]);
        self.write(&end)?;
        self.out.flush().map_err(CityError::io(&self.path))
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), CityError> {
        self.at += bytes.len() as u32;
        self.out.write_all(bytes).map_err(CityError::io(&self.path))
    }
}

/// What the header of an entry and its line in the directory share: version, no flags, stored, time,
/// day, checksum, both sizes, length of the name.
fn facts(out: &mut Vec<u8>, (name, checksum, size, _): &(String, u32, u32, u32)) {
    for word in [VERSION, 0, 0, 0, DAY] {
        out.extend_from_slice(&word.to_le_bytes());
    }
    for word in [*checksum, *size, *size] {
        out.extend_from_slice(&word.to_le_bytes());
    }
    out.extend_from_slice(&(name.len() as u16).to_le_bytes());
}

/// The checksum of ZIP archives, a byte at a time.
fn crc32(bytes: &[u8]) -> u32 {
    let mut table = [0u32; 256];
    for (at, entry) in table.iter_mut().enumerate() {
        *entry = (0..8).fold(at as u32, |c, _| if c & 1 == 1 { 0xedb8_8320 ^ (c >> 1) } else { c >> 1 });
    }
    !bytes.iter().fold(!0u32, |crc, byte| table[((crc ^ u32::from(*byte)) & 0xff) as usize] ^ (crc >> 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_known_one() {
        // The check value that descriptions of this checksum give.
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
