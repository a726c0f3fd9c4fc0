//! The files of `tests/corpus`: faults that were met once and must not come back. Beside each file stands what becomes of it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use base::Explain as _;
use claimfile::{Dossier, Limits, Read, Reader, TableId};

use crate::files::{cell, forms};

/// The files in the order of their names.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "xml"));
    paths.sort();
    paths.iter().map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap())).collect()
}

/// What becomes of a file, in words that a person can check.
fn outcome(bytes: &[u8]) -> String {
    let mut reader = match Reader::open(bytes, forms(), Limits { dossier_bytes: 100_000 }) {
        Ok(reader) => reader,
        Err(error) => return format!("error {}\n", error.code()),
    };
    let mut text = String::new();
    let mut dossier = Dossier::new();
    let (mut kept, mut refused) = (0_u32, 0_u32);
    while let Some(read) = reader.next(&mut dossier) {
        let number = kept + refused + 1;
        match read {
            Read::Kept => {
                kept += 1;
                let table = if dossier.rows(TableId::XML0).present { TableId::XML0 } else { TableId::XML1 };
                let link = cell(&dossier, table, 0, "MA_LK").unwrap();
                write!(text, "kept {number} {link}:").unwrap();
                for form in forms().iter().filter(|form| dossier.rows(form.id).present) {
                    let rows = dossier.rows(form.id);
                    let more = if rows.extra.is_empty() { String::new() } else { format!("+{}", rows.extra.len()) };
                    write!(text, " {}={}{more}", form.id, rows.len()).unwrap();
                }
                text.push('\n');
            }
            Read::Refused(faults) => {
                refused += 1;
                for fault in faults {
                    let link = fault.visit.as_deref().unwrap_or("?");
                    write!(text, "refused {} {link}:", fault.number).unwrap();
                    fault.table.iter().for_each(|table| write!(text, " {table}").unwrap());
                    fault.row.iter().for_each(|row| write!(text, " row {row}").unwrap());
                    fault.column.iter().for_each(|column| write!(text, " {column}").unwrap());
                    fault.value.iter().for_each(|value| write!(text, " \"{value}\"").unwrap());
                    writeln!(text, " {}", fault.reason.code()).unwrap();
                }
            }
        }
    }
    let ended = reader.ended();
    ended.faults.iter().for_each(|fault| writeln!(text, "file: {}", fault.reason.code()).unwrap());
    let declared = ended.declared.map_or("nothing".to_owned(), |count| count.to_string());
    writeln!(text, "declared {declared}, read {}, kept {kept}, refused {refused}", ended.read).unwrap();
    text
}

#[test]
fn every_file_of_the_corpus_becomes_what_is_written_beside_it() {
    let files = files();
    assert!(files.len() >= 30, "{}", files.len());
    let mut wrong = String::new();
    for (name, bytes) in &files {
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(format!("{name}.expect"));
        let expected = std::fs::read_to_string(&beside).unwrap_or_default().replace("\r\n", "\n");
        let got = outcome(bytes);
        if got != expected {
            write!(wrong, "=== {name}\n--- expected\n{expected}--- got\n{got}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
