//! The OLE container (MS-CFB): a small file system of sectors, read only as far as the workbook stream.
//!
//! The reader of workbooks believes its chains; here each must end, so that none runs in a circle.

use super::{suspicious, truncated, unreadable};
use crate::error::IntakeError;

/// From here on sector numbers mean the end or nothing.
const LAST_SECTOR: u32 = 0xffff_fff9;
const END_OF_CHAIN: u32 = 0xffff_fffe;
/// Streams below this size lie in the small sectors of 64 bytes.
const SMALL_STREAM: u64 = 4_096;

/// A container whose chains are sound.
pub(crate) struct Container<'b> {
    bytes: &'b [u8],
    sector: usize,
    fat: Vec<u32>,
    entries: Vec<Entry>,
    small_fat: Vec<u32>,
}

struct Entry {
    name: String,
    start: u32,
    size: u64,
    is_stream: bool,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2).and_then(|b| b.try_into().ok()).map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes)
}

impl<'b> Container<'b> {
    /// Reads the allocation table and the directory.
    pub fn open(bytes: &'b [u8]) -> Result<Self, IntakeError> {
        let header = || truncated("đầu");
        let sector = match u16_at(bytes, 30).ok_or_else(header)? {
            9 => 512,
            12 => 4_096,
            _ => return Err(unreadable("cỡ khối không có trong chuẩn")),
        };
        let mut container = Self { bytes, sector, fat: Vec::new(), entries: Vec::new(), small_fat: Vec::new() };
        container.fat = container.read_fat()?;
        let word = |at| u32_at(bytes, at).ok_or_else(header);
        let directory = container.chain(word(48)?, None)?;
        container.entries = directory.as_chunks::<128>().0.iter().filter_map(|entry| read_entry(entry, sector)).collect();
        if word(64)? > 0 {
            let small = container.chain(word(60)?, None)?;
            container.small_fat = small.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b)).collect();
        }
        Ok(container)
    }

    /// Whether a stream of this name is there.
    pub fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a stream; `None` when there is none of this name.
    pub fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, IntakeError> {
        let Some(entry) = self.entries.iter().find(|e| e.is_stream && e.name.eq_ignore_ascii_case(name)) else { return Ok(None) };
        if entry.size > self.bytes.len() as u64 {
            return Err(truncated("sổ tính"));
        }
        if entry.size >= SMALL_STREAM {
            return self.chain(entry.start, Some(entry.size)).map(Some);
        }
        let root = self.entries.first().ok_or_else(|| truncated("mục lục"))?;
        let home = self.chain(root.start, Some(root.size.min(self.bytes.len() as u64)))?;
        let mut out = Vec::new();
        for id in walk(&self.small_fat, entry.start, home.len() / 64)? {
            let from = id as usize * 64;
            out.extend_from_slice(home.get(from..from + 64).ok_or_else(|| truncated("sổ tính"))?);
        }
        out.truncate(usize::try_from(entry.size).unwrap_or(0));
        Ok(Some(out))
    }

    fn sectors(&self) -> usize {
        self.bytes.len() / self.sector
    }

    fn sector(&self, id: u32) -> Option<&'b [u8]> {
        let from = (id as usize).checked_add(1)?.checked_mul(self.sector)?;
        // The last sector of a file may be cut where nothing follows in it.
        self.bytes.get(from..(from + self.sector).min(self.bytes.len()))
    }

    /// The sectors of the allocation table: 109 in the header, the others in a chain of their own.
    fn read_fat(&self) -> Result<Vec<u32>, IntakeError> {
        let broken = || truncated("bảng khối");
        let mut ids: Vec<u32> = (0..109).filter_map(|n| u32_at(self.bytes, 76 + n * 4)).collect();
        let mut next = u32_at(self.bytes, 68).ok_or_else(broken)?;
        let mut steps = 0;
        while next <= LAST_SECTOR {
            steps += 1;
            if steps > self.sectors() {
                return Err(suspicious("bảng khối của tệp .xls chạy vòng"));
            }
            let more = self.sector(next).filter(|s| s.len() == self.sector).ok_or_else(broken)?;
            let words: Vec<u32> = more.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b)).collect();
            ids.extend(&words[..words.len() - 1]);
            next = words[words.len() - 1];
        }
        let mut fat = Vec::new();
        for id in ids.into_iter().filter(|id| *id <= LAST_SECTOR) {
            let sector = self.sector(id).ok_or_else(broken)?;
            fat.extend(sector.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b)));
            if fat.len() > self.bytes.len() {
                return Err(suspicious("bảng khối của tệp .xls lặp lại"));
            }
        }
        Ok(fat)
    }

    fn chain(&self, start: u32, size: Option<u64>) -> Result<Vec<u8>, IntakeError> {
        let mut out = Vec::new();
        for id in walk(&self.fat, start, self.sectors())? {
            out.extend_from_slice(self.sector(id).ok_or_else(|| truncated("khối"))?);
        }
        if let Some(size) = size.and_then(|s| usize::try_from(s).ok()) {
            if out.len() < size {
                return Err(truncated("khối"));
            }
            out.truncate(size);
        }
        Ok(out)
    }
}

/// The sectors of a chain, at most as many as there are: a longer one runs in a circle.
fn walk(fat: &[u32], start: u32, most: usize) -> Result<Vec<u32>, IntakeError> {
    let mut chain = Vec::new();
    let mut at = start;
    while at != END_OF_CHAIN {
        if chain.len() > most {
            return Err(suspicious("chuỗi khối của tệp .xls chạy vòng"));
        }
        chain.push(at);
        at = *fat.get(at as usize).ok_or_else(|| truncated("chuỗi khối"))?;
    }
    Ok(chain)
}

fn read_entry(entry: &[u8; 128], sector: usize) -> Option<Entry> {
    let kind = entry[66];
    let units: Vec<u16> = entry[..64].as_chunks::<2>().0.iter().map(|b| u16::from_le_bytes(*b)).take_while(|u| *u != 0).collect();
    let high = if sector == 512 { 0 } else { u64::from(u32_at(entry, 124)?) << 32 };
    let size = high | u64::from(u32_at(entry, 120)?);
    // 0 is an unused entry, 2 a stream, 5 the root.
    (kind != 0).then_some(Entry {
        name: String::from_utf16_lossy(&units),
        start: u32_at(entry, 116)?,
        size,
        is_stream: kind == 2,
    })
}
