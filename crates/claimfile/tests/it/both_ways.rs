//! A table in its usual writing is read in one pass; any other by events. Both must give the same cells and the same faults: every content is read twice, once
//! as it is and once behind a comment, which only the events know.

use std::fmt::Write as _;
use std::io::{self, Read};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use claimfile::{Dossier, Limits, Reader};

use crate::corpus;
use crate::files::{dossier, envelope, forms, part};
use crate::made::{self, Chance};
use crate::mutated::change;

const OPEN: &[u8] = b"<NOIDUNGFILE>";
const CLOSE: &[u8] = b"</NOIDUNGFILE>";
const COMMENT: &[u8] = b"<!-- -->";

/// The file with a comment before the text of every table.
fn behind_comments(file: &[u8]) -> Vec<u8> {
    let (mut rest, mut out) = (file, Vec::new());
    while let Some(from) = memchr::memmem::find(rest, OPEN).map(|at| at + OPEN.len()) {
        out.extend_from_slice(&rest[..from]);
        rest = &rest[from..];
        let length = rest.iter().position(|byte| *byte == b'<').unwrap_or(rest.len());
        let (content, after) = rest.split_at(length);
        let packed: Vec<u8> = content.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        match STANDARD.decode(&packed) {
            Ok(inner) if after.starts_with(CLOSE) && inner.starts_with(b"<") && inner.get(1) != Some(&0) => {
                out.extend_from_slice(STANDARD.encode([COMMENT, inner.as_slice()].concat()).as_bytes());
                // Lines are told of the file: as many as before.
                out.extend(content.iter().filter(|byte| **byte == b'\n'));
                rest = after;
            }
            Ok(inner) if inner.is_empty() && !after.starts_with(b"<!") => out.extend_from_slice(COMMENT),
            _ => {}
        }
    }
    out.extend_from_slice(rest);
    out
}

/// All that the reader says of a file.
fn told(file: &[u8]) -> String {
    let mut told = String::new();
    let mut reader = match Reader::open(file, forms(), Limits::default()) {
        Ok(reader) => reader,
        Err(error) => return error.to_string(),
    };
    let mut dossier = Dossier::new();
    while let Some(read) = reader.next(&mut dossier) {
        writeln!(told, "{} {read:?}", dossier.number).unwrap();
        for form in forms().iter() {
            writeln!(told, "{} {} {:?}", form.id, dossier.rows(form.id).present, dossier.rows(form.id).extra).unwrap();
            for row in dossier.each(form.id) {
                let cells: Vec<_> = (0..form.columns.len()).filter_map(|at| Some((at, row.sent(at)?, row.get(at)))).collect();
                writeln!(told, "{cells:?}").unwrap();
            }
        }
    }
    writeln!(told, "{:?}", reader.ended()).unwrap();
    told
}

#[track_caller]
fn same(what: &str, file: &[u8]) -> bool {
    let other = behind_comments(file);
    let (one, two) = (told(file), told(&other));
    assert_eq!(one, two, "{what}:\n{}", String::from_utf8_lossy(file));
    other != file
}

#[test]
fn the_corpus_is_read_alike() {
    let files = corpus::files();
    let behind = files.iter().filter(|(name, bytes)| same(name, bytes)).count();
    assert!(behind > files.len() / 2, "{behind} of {}", files.len());
}

#[test]
fn made_files_are_read_alike() {
    for number in 0..200 {
        same(&format!("file {number}"), &made::file(number).bytes);
    }
}

/// The texts of the tables in the corpus that are base64.
fn texts() -> Vec<(String, Vec<u8>)> {
    let mut texts = Vec::new();
    for (name, bytes) in corpus::files() {
        for at in memchr::memmem::find_iter(&bytes, OPEN) {
            let content = bytes[at + OPEN.len()..].split(|byte| *byte == b'<').next().unwrap_or_default();
            texts.extend(STANDARD.decode(content).ok().filter(|text| text.starts_with(b"<")).map(|text| (name.clone(), text)));
        }
    }
    texts
}

#[test]
fn spoiled_tables_are_read_alike() {
    let texts = texts();
    let mut compared = 0;
    let rounds = if cfg!(debug_assertions) { 1_000 } else { 20_000 };
    for round in 0..rounds {
        let mut chance = Chance::new(round);
        let (name, text) = chance.pick(&texts);
        let mut text = text.clone();
        for _ in 0..=chance.below(3) {
            change(&mut text, &texts, &mut chance);
        }
        let file = |text: &[u8]| {
            let tables: Vec<String> = (1..=4).map(|table| part(&format!("XML{table}"), &STANDARD.encode(text))).collect();
            envelope(1, &format!("<HOSO>{}</HOSO>", tables.concat())).into_bytes()
        };
        // Behind the declaration, which must stand first.
        let declared = text.starts_with(b"<?xml");
        let at = if declared { memchr::memmem::find(&text, b"?>").map(|at| at + 2) } else { Some(0) };
        if let Some(at) = at.filter(|_| text.starts_with(b"<") && text.get(1) != Some(&0)) {
            let behind = [&text[..at], COMMENT, &text[at..]].concat();
            assert_eq!(told(&file(&text)), told(&file(&behind)), "round {round} of {name}:\n{}", String::from_utf8_lossy(&text));
            compared += 1;
        }
    }
    assert!(compared > rounds / 2, "{compared} compared");
}

/// A disk that gives a few bytes at a time; when they are at an end it tells an error once, and then the end of the file.
struct Failing<'b>(&'b [u8], bool);

impl Read for Failing<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let given = self.0.len().min(out.len()).min(1000);
        if given == 0 && !std::mem::replace(&mut self.1, true) {
            return Err(io::Error::other("the disk is gone"));
        }
        out[..given].copy_from_slice(&self.0[..given]);
        self.0 = &self.0[given..];
        Ok(given)
    }
}

#[test]
fn what_a_failing_disk_gave_is_kept() {
    let dossiers: String = (0..20).map(|number| dossier(&format!("LK{number}"))).collect();
    let file = envelope(20, &dossiers).into_bytes();
    for cut in (400..file.len() - 200).step_by(97) {
        let whole = memchr::memmem::find_iter(&file[..cut], b"</HOSO>").count();
        let mut reader = Reader::open(Failing(&file[..cut], false), forms(), Limits::default()).unwrap();
        let (mut dossier, mut kept, mut told) = (Dossier::new(), 0, Vec::new());
        while let Some(read) = reader.next(&mut dossier) {
            match read {
                claimfile::Read::Kept => kept += 1,
                claimfile::Read::Refused(faults) => told.extend(faults),
            }
        }
        told.extend(reader.ended().faults);
        assert_eq!(kept, whole, "cut at {cut}");
        assert!(told.iter().any(|fault| fault.reason.to_string().contains("the disk is gone")), "cut at {cut}: {told:?}");
    }
}
