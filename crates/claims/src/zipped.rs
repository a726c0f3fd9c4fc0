//! Claim files in a ZIP: gone through one after the other, nothing of them is ever unpacked onto the disk.
//!
//! Whoever reads a ZIP, the command, the import or the receiver, reads the same entries of it: what one of them does not take, none does.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Read, Seek};

use claimfile::FileError;
use zip::ZipArchive;

use crate::error::ClaimsError;

/// Below this unpacked size, in bytes, a high ratio is harmless.
const SMALL_PART: u64 = 1 << 20;
/// Unpacked over packed size. Base64 of repeated XML packs to a fortieth at most.
const MAX_RATIO: u64 = 200;
/// Characters of a name that are shown.
const SHOWN: usize = 200;
/// Endings of archives: one inside another is never opened.
const ARCHIVES: [&str; 7] = [".zip", ".7z", ".rar", ".gz", ".tar", ".bz2", ".xz"];
/// Files that systems leave in folders.
const LEFTOVERS: [&str; 3] = ["thumbs.db", "desktop.ini", ".ds_store"];

/// What lies in a ZIP under one name.
pub(crate) enum ZipEntry<'e> {
    /// A file that ends in `.xml`: its bytes, never more than the ZIP's directory says.
    File(&'e mut dyn Read),
    /// A file that is not opened, and why.
    Failed(FileError),
    /// A file that does not end in `.xml`; it is never opened.
    Other,
}

/// Takes an entry by the name to show.
pub(crate) type EachEntry<'e> = dyn FnMut(&str, ZipEntry<'_>) -> Result<(), ClaimsError> + 'e;

/// How much a ZIP that came over the wire may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ZipLimits {
    /// Entries.
    pub entries: usize,
    /// Bytes of one entry, unpacked.
    pub entry_bytes: u64,
    /// Bytes of all entries together, unpacked.
    pub all_bytes: u64,
}

/// Why nothing of a ZIP is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ZipFault {
    /// Cut off, or no ZIP behind its first bytes.
    Broken,
    /// Made to hurt or to hide something: what, in words.
    Unsafe(&'static str),
    /// More bytes than are taken; the limit that was passed.
    TooLarge {
        /// Bytes.
        limit: u64,
    },
}

/// Whether a file that begins so is a ZIP. The second mark is that of a ZIP without entries.
pub(crate) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// What the directory of a ZIP tells before anything of it is unpacked. Sizes it lies about are caught while reading: no more is read than it says.
pub(crate) fn guard<R: Read + Seek>(archive: &mut ZipArchive<R>, limits: &ZipLimits) -> Result<(), ZipFault> {
    if archive.len() > limits.entries {
        return Err(ZipFault::Unsafe("có quá nhiều tệp"));
    }
    if archive.has_duplicate_names() {
        return Err(ZipFault::Unsafe("có hai tệp cùng tên"));
    }
    let mut all = 0u64;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|_| ZipFault::Broken)?;
        if entry.encrypted() {
            return Err(ZipFault::Unsafe("có tệp đặt mật khẩu"));
        }
        if is_bomb(entry.compressed_size(), entry.size()) {
            return Err(ZipFault::Unsafe("có tệp nở ra quá lớn so với cỡ nén"));
        }
        if entry.size() > limits.entry_bytes {
            return Err(ZipFault::TooLarge { limit: limits.entry_bytes });
        }
        all = all.saturating_add(entry.size());
    }
    if all > limits.all_bytes {
        return Err(ZipFault::TooLarge { limit: limits.all_bytes });
    }
    // Entries that share their packed bytes: the trick of bombs that keep each single ratio low.
    if archive.has_overlapping_entries().map_err(|_| ZipFault::Broken)? {
        return Err(ZipFault::Unsafe("các tệp chồng lên nhau"));
    }
    Ok(())
}

/// Hands on the entries of a ZIP in its order, folders and leftovers of systems left out. Gives how many were claim files by their name, opened or not.
pub(crate) fn each_entry<R: Read + Seek>(archive: &mut ZipArchive<R>, each: &mut EachEntry<'_>) -> Result<usize, ClaimsError> {
    let names = names(archive);
    let shown = shown(&names);
    let mut files = 0;
    for (index, (name, shown)) in names.iter().zip(&shown).enumerate() {
        let lower = name.to_lowercase();
        if is_passed_over(&lower) {
            continue;
        }
        let failed = |why: &str| ZipEntry::Failed(FileError::Unreadable(why.to_owned()));
        if leads_out(name) {
            each(shown, failed("tên tệp trong tệp nén trỏ ra ngoài thư mục"))?;
        } else if ARCHIVES.iter().any(|ending| lower.ends_with(ending)) {
            each(shown, failed("tệp nén nằm trong tệp nén, không được mở"))?;
        } else if !lower.ends_with(".xml") {
            each(shown, ZipEntry::Other)?;
            continue;
        } else {
            match archive.by_index(index) {
                Ok(entry) if is_bomb(entry.compressed_size(), entry.size()) => {
                    each(shown, failed("tệp nén nở ra quá lớn so với cỡ nén"))?;
                }
                Ok(entry) => {
                    // One byte more than there may be, so that the end is met and the checksum compared.
                    let most = entry.size().saturating_add(1);
                    each(shown, ZipEntry::File(&mut entry.take(most)))?;
                }
                Err(_) => each(shown, failed("phần này của tệp nén hỏng, đặt mật khẩu hoặc nén theo kiểu lạ"))?,
            }
        }
        files += 1;
    }
    Ok(files)
}

/// Names of all entries: in UTF-8, in which many programs write them without saying so; else as the ZIP says.
fn names<R: Read + Seek>(archive: &ZipArchive<R>) -> Vec<String> {
    let both = archive.file_names_raw().zip(archive.file_names());
    both.map(|(raw, said)| match (std::str::from_utf8(raw), said) {
        (Ok(name), _) => name.to_owned(),
        (Err(_), Ok(said)) => Cow::into_owned(said),
        (Err(_), Err(_)) => String::from_utf8_lossy(raw).into_owned(),
    })
    .collect()
}

/// Names to show: without folders, but for files that share one. No sign in them moves what a screen shows.
fn shown(names: &[String]) -> Vec<String> {
    let base = |name: &str| name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for name in names {
        *count.entry(base(name)).or_default() += 1;
    }
    let show = |name: &String| {
        let base = base(name);
        let full = if count.get(&base) == Some(&1) { base } else { name.replace('\\', "/") };
        full.chars().take(SHOWN).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
    };
    names.iter().map(show).collect()
}

/// Folders, and what systems leave in them; a name in small letters.
fn is_passed_over(lower: &str) -> bool {
    let file = lower.rsplit(['/', '\\']).next().unwrap_or_default();
    file.is_empty() || file.starts_with("._") || lower.starts_with("__macosx/") || LEFTOVERS.contains(&file)
}

/// Whether a name points out of the folder that a ZIP would be unpacked into. Nothing is, but no honest program writes such a name.
fn leads_out(name: &str) -> bool {
    let climbs = name.split(['/', '\\']).any(|step| step == "..");
    climbs || name.starts_with(['/', '\\']) || name.contains([':', '\0'])
}

fn is_bomb(packed: u64, unpacked: u64) -> bool {
    unpacked > packed.saturating_mul(MAX_RATIO).max(SMALL_PART)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::{Cursor, Write};

    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    use super::*;

    /// A ZIP of these files.
    pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn archive(bytes: &[u8]) -> ZipArchive<Cursor<&[u8]>> {
        ZipArchive::new(Cursor::new(bytes)).unwrap()
    }

    /// The name of an entry, and its length or why it was not opened.
    type Seen = (String, Result<usize, String>);

    /// What each entry was: its length, why it was not opened, or that it is something else.
    fn entries(bytes: &[u8]) -> (usize, Vec<Seen>) {
        let mut seen = Vec::new();
        let files = each_entry(&mut archive(bytes), &mut |name, entry| {
            let what = match entry {
                ZipEntry::File(file) => {
                    let mut content = Vec::new();
                    file.read_to_end(&mut content).map(|_| content.len()).map_err(|e| e.to_string())
                }
                ZipEntry::Failed(why) => Err(why.to_string()),
                ZipEntry::Other => Err("other".to_owned()),
            };
            seen.push((name.to_owned(), what));
            Ok(())
        });
        (files.unwrap(), seen)
    }

    const LIMITS: ZipLimits = ZipLimits { entries: 4, entry_bytes: 2 << 20, all_bytes: 3 << 20 };

    fn guarded(bytes: &[u8]) -> Result<(), ZipFault> {
        guard(&mut archive(bytes), &LIMITS)
    }

    /// Bytes that hardly pack.
    fn noise(length: usize) -> Vec<u8> {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let next = std::iter::from_fn(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            Some((state >> 24) as u8)
        });
        next.take(length).collect()
    }

    #[test]
    fn files_are_shown_by_their_name_and_by_their_folder_where_two_share_it() {
        let bytes = zip(&[("hồ sơ/a.xml", b"12"), ("t10/b.XML", b"123"), ("t11\\b.XML", b"1"), ("ghi chú.txt", b"x")]);
        let (files, seen) = entries(&bytes);
        assert_eq!(files, 3);
        let wanted = [("a.xml", Ok(2)), ("t10/b.XML", Ok(3)), ("t11/b.XML", Ok(1)), ("ghi chú.txt", Err("other".to_owned()))];
        assert_eq!(seen, wanted.map(|(name, what)| (name.to_owned(), what)));
        assert_eq!(entries(&zip(&[])), (0, vec![]));
        assert_eq!(entries(&zip(&[("__MACOSX/a.xml", b"x"), ("t/.DS_Store", b"x"), ("._a.xml", b"x")])).0, 0);
    }

    #[test]
    fn names_that_lead_out_and_archives_inside_are_not_opened() {
        for name in ["../a.xml", "t/../../a.xml", "/etc/a.xml", "\\a.xml", "C:\\HIS\\a.xml", "t\\..\\a.xml"] {
            let (files, seen) = entries(&zip(&[(name, b"<x/>")]));
            let told = matches!(&seen[..], [(_, Err(why))] if why.contains("trỏ ra ngoài"));
            assert!(told && files == 1, "{name}: {seen:?}");
        }
        let (_, seen) = entries(&zip(&[("trong.zip", &zip(&[("a.xml", b"<x/>")])), ("a\u{1b}[2J.xml", b"12")]));
        assert!(seen[0].1.as_ref().is_err_and(|why| why.contains("nằm trong tệp nén")), "{seen:?}");
        assert!(seen[1].0.starts_with('a') && !seen[1].0.contains('\u{1b}') && seen[1].1 == Ok(2), "{seen:?}");
    }

    #[test]
    fn bombs_are_known_before_they_unpack() {
        let bomb = zip(&[("a.xml", &vec![b' '; 2 << 20])]);
        assert!(bomb.len() < 10_000);
        assert_eq!(guarded(&bomb), Err(ZipFault::Unsafe("có tệp nở ra quá lớn so với cỡ nén")));
        assert!(entries(&bomb).1[0].1.as_ref().is_err_and(|why| why.contains("nở ra quá lớn")));
        let small = zip(&[("a.xml", b"<x/>"), ("b.xml", &vec![b' '; 900_000])]);
        assert_eq!(guarded(&small), Ok(()), "a small file may pack as well as it can");
        let large = noise((2 << 20) + 1);
        assert_eq!(guarded(&zip(&[("a.xml", &large)])), Err(ZipFault::TooLarge { limit: 2 << 20 }));
        let half = noise(1 << 20);
        let names = ["a.xml", "b.xml", "c.xml", "d.xml", "e.xml"];
        let many = |count: usize, bytes: &[u8]| {
            let files: Vec<(&str, &[u8])> = names[..count].iter().map(|name| (*name, bytes)).collect();
            zip(&files)
        };
        assert_eq!(guarded(&many(3, &half)), Ok(()));
        assert_eq!(guarded(&many(4, &half)), Err(ZipFault::TooLarge { limit: 3 << 20 }));
        assert_eq!(guarded(&many(5, b"x")), Err(ZipFault::Unsafe("có quá nhiều tệp")));
    }

    #[test]
    fn a_directory_that_lies_about_a_size_lets_no_more_through() {
        let mut bytes = zip(&[("dai.xml", &noise(50_000))]);
        // The directory's unpacked size stands 24 bytes after the entry's mark, the name 46 bytes after it.
        let name = bytes.windows(7).rposition(|part| part == b"dai.xml").unwrap();
        let at = name - 46 + 24;
        assert_eq!(bytes[at..at + 4], 50_000_u32.to_le_bytes());
        bytes[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
        assert_eq!(guarded(&bytes), Ok(()));
        assert!(entries(&bytes).1[0].1.as_ref().is_ok_and(|length| *length <= 11) || entries(&bytes).1[0].1.is_err());
    }

    #[test]
    fn what_shares_a_name_or_its_bytes_is_refused() {
        let two = zip(&[("a.xml", b"<mot/>"), ("b.xml", b"<hai/>")]);
        let mut twice = two.clone();
        for at in 0..twice.len() - 5 {
            if &twice[at..at + 5] == b"b.xml" {
                twice[at] = b'a';
            }
        }
        assert_eq!(guarded(&twice), Err(ZipFault::Unsafe("có hai tệp cùng tên")));
        // The second entry of the directory points to the bytes of the first.
        let mut shared = two;
        let name = shared.windows(5).rposition(|part| part == b"b.xml").unwrap();
        shared[name - 46 + 42..name].copy_from_slice(&0_u32.to_le_bytes());
        assert_eq!(guarded(&shared), Err(ZipFault::Unsafe("các tệp chồng lên nhau")));
    }

    #[test]
    fn a_cut_zip_is_no_zip() {
        let whole = zip(&[("a.xml", &noise(5_000))]);
        for length in [whole.len() / 3, whole.len() - 10] {
            assert!(ZipArchive::new(Cursor::new(&whole[..length])).is_err(), "{length}");
        }
        assert!(is_zip(&whole) && is_zip(&zip(&[])) && !is_zip(b"<x/>") && !is_zip(b""));
    }
}
