//! The corpus spoiled in twenty thousand ways, the same in every run: nothing panics, nothing hangs, no count is lost, no more is held than allowed.
//!
//! This stands in the place of a fuzz target: `cargo-fuzz` needs a nightly compiler, and the project is built with the stable one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use claimfile::{Dossier, FileKind, Limits, Read, Reader, check, write};

use crate::corpus;
use crate::files::forms;
use crate::made::Chance;

/// Bytes of a dossier that are taken.
const LIMIT: u64 = 30_000;

/// Pieces that stand in the way of a reader.
const PIECES: [&[u8]; 30] = [
    b"<HOSO>",
    b"</HOSO>",
    b"<HOSO Id=\"",
    b"<FILEHOSO>",
    b"</FILEHOSO>",
    b"<LOAIHOSO>XML1</LOAIHOSO>",
    b"<LOAIHOSO>XML0</LOAIHOSO>",
    b"<NOIDUNGFILE>",
    b"</NOIDUNGFILE>",
    b"<TONG_HOP>",
    b"<CHI_TIET_THUOC>",
    b"<MA_LK>A</MA_LK>",
    b"<CHI_TIEU_TRANG_THAI_KCB><DSACH_TRANG_THAI_KCB><TRANG_THAI_KCB>",
    b"</GIAMDINHHS>",
    b"<SOLUONGHOSO>99999999999999999999</SOLUONGHOSO>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<?",
    b"<!DOCTYPE a [<!ENTITY b \"c\">]>",
    b"&b;",
    b"&#0;",
    b"&#x110000;",
    b"&",
    b"<",
    b">",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE\x00",
    b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA====",
];

/// One change of the bytes.
pub fn change(bytes: &mut Vec<u8>, others: &[(String, Vec<u8>)], chance: &mut Chance) {
    let at = chance.below(bytes.len() + 1);
    let end = (at + chance.below(80)).min(bytes.len());
    match chance.below(10) {
        0 | 1 if at < bytes.len() => bytes[at] = chance.number() as u8,
        2 => drop(bytes.drain(at..end)),
        3 => {
            let again = bytes[at..end].to_vec();
            bytes.splice(at..at, again);
        }
        4 | 5 => drop(bytes.splice(at..at, chance.pick(&PIECES).iter().copied())),
        6 => bytes.truncate(at),
        7 => {
            let (_, other) = chance.pick(others);
            let from = chance.below(other.len() + 1);
            let to = (from + chance.below(400)).min(other.len());
            bytes.splice(at..end, other[from..to].iter().copied());
        }
        8 => inside(bytes, others, chance),
        _ => swap_tags(bytes, chance),
    }
}

/// A change inside a content in base64.
fn inside(bytes: &mut Vec<u8>, others: &[(String, Vec<u8>)], chance: &mut Chance) {
    const OPEN: &[u8] = b"<NOIDUNGFILE>";
    let starts: Vec<usize> =
        bytes.windows(OPEN.len()).enumerate().filter(|(_, window)| *window == OPEN).map(|(at, _)| at + OPEN.len()).collect();
    if starts.is_empty() {
        return;
    }
    let start = *chance.pick(&starts);
    let end = bytes[start..].iter().position(|byte| *byte == b'<').map_or(bytes.len(), |length| start + length);
    if let Ok(mut content) = STANDARD.decode(&bytes[start..end]) {
        // Not a content inside a content: that would call itself without end.
        if !content.windows(OPEN.len()).any(|window| window == OPEN) {
            change(&mut content, others, chance);
        }
        bytes.splice(start..end, STANDARD.encode(content).into_bytes());
    }
}

/// Two tags change places.
fn swap_tags(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let tag = |bytes: &[u8], chance: &mut Chance| {
        let from = chance.below(bytes.len() + 1);
        let start = from + bytes[from..].iter().position(|byte| *byte == b'<')?;
        let end = start + bytes[start..].iter().position(|byte| *byte == b'>')? + 1;
        Some((start, end))
    };
    if let (Some(one), Some(two)) = (tag(bytes, chance), tag(bytes, chance)) {
        let (one, two) = if one < two { (one, two) } else { (two, one) };
        if one.1 <= two.0 {
            let (first, second) = (bytes[one.0..one.1].to_vec(), bytes[two.0..two.1].to_vec());
            bytes.splice(two.0..two.1, first);
            bytes.splice(one.0..one.1, second);
        }
    }
}

/// Bytes that a dossier holds.
fn held(dossier: &Dossier) -> usize {
    let cells = forms().iter().flat_map(|form| dossier.each(form.id).map(move |row| (form, row)));
    let cells: usize =
        cells.map(|(form, row)| (0..form.columns.len()).filter_map(|at| row.sent(at)).map(str::len).sum::<usize>()).sum();
    cells + forms().iter().flat_map(|form| &dossier.rows(form.id).extra).map(|extra| extra.value.len()).sum::<usize>()
}

/// Reads what came out of it; the numbers of dossiers kept and refused.
fn survives(what: &str, bytes: &[u8]) -> (u32, u32) {
    let Ok(mut reader) = Reader::open(bytes, forms(), Limits { dossier_bytes: LIMIT }) else { return (0, 0) };
    let kind = reader.kind();
    let mut dossier = Dossier::new();
    let (mut kept, mut refused) = (0_u32, 0_u32);
    while let Some(read) = reader.next(&mut dossier) {
        let number = kept + refused + 1;
        assert!((number as usize) <= bytes.len(), "{what}: more dossiers than bytes");
        match read {
            Read::Kept => {
                kept += 1;
                assert_eq!(dossier.number, number, "{what}");
                assert_eq!(check(&dossier, forms()), [], "{what}");
                assert!(held(&dossier) as u64 <= 3 * LIMIT, "{what}: {} bytes held", held(&dossier));
                if kind == FileKind::Claims {
                    goes_back(what, &dossier);
                }
            }
            Read::Refused(faults) => {
                refused += 1;
                assert!(!faults.is_empty() && faults.iter().all(|fault| fault.number == number), "{what}: {faults:?}");
            }
        }
    }
    assert!(reader.next(&mut dossier).is_none(), "{what}: the end is the end");
    let ended = reader.ended();
    assert_eq!(ended.read, kept + refused, "{what}: read = kept + refused");
    (kept, refused)
}

/// What was kept can be written and is kept again.
fn goes_back(what: &str, dossier: &Dossier) {
    let mut file = Vec::new();
    write(&mut file, forms(), &dossier.sender, &dossier.made_on, std::slice::from_ref(dossier)).unwrap();
    let mut again = Dossier::new();
    let mut reader = Reader::open(file.as_slice(), forms(), Limits { dossier_bytes: 20 * LIMIT }).unwrap();
    let read = reader.next(&mut again);
    assert_eq!(read, Some(Read::Kept), "{what}:\n{}", String::from_utf8_lossy(&file));
}

#[test]
fn twenty_thousand_spoiled_files_are_survived() {
    let files = corpus::files();
    let rounds = if cfg!(debug_assertions) { 2_000 } else { 20_000 };
    let (mut kept, mut refused) = (0_u64, 0_u64);
    for round in 0..rounds {
        let mut chance = Chance::new(round);
        let (name, bytes) = chance.pick(&files);
        let mut bytes = bytes.clone();
        for _ in 0..=chance.below(4) {
            change(&mut bytes, &files, &mut chance);
        }
        let (sound, broken) = survives(&format!("round {round} of {name}"), &bytes);
        kept += u64::from(sound);
        refused += u64::from(broken);
    }
    // Some are still sound, and some are not: the changes really reach the reader.
    assert!(kept > rounds / 10 && refused > rounds / 10, "{kept} kept, {refused} refused");
}
