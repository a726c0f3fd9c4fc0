//! A thousand envelopes of every shape go in, and the counts add up.

use std::collections::BTreeMap;

use claimfile::{Dossier, Limits, Read, Reader, TableId};

use crate::files::{cell, forms};
use crate::made::{self, Expect, Made};

/// Large enough for every sound dossier, too small for the one that is planted too large.
const LIMITS: Limits = Limits { dossier_bytes: 200_000 };

/// Sums over all files.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sums {
    files: usize,
    sound: usize,
    unopened: usize,
    declared: u64,
    read: u64,
    kept: u64,
    refused: u64,
    faults_of_files: usize,
}

/// Rows of every table, and the elements of all rows, known or not.
fn content(dossier: &Dossier) -> (Vec<(u8, usize)>, usize) {
    let (mut tables, mut cells) = (Vec::new(), 0);
    for form in forms().iter() {
        let rows = dossier.rows(form.id);
        if rows.present {
            tables.push((form.id.index() as u8, rows.len()));
        }
        cells += rows.extra.len();
        for row in dossier.each(form.id) {
            cells += (0..form.columns.len()).filter(|place| row.sent(*place).is_some()).count();
        }
    }
    (tables, cells)
}

/// One dossier against what was made.
fn compare(number: usize, at: usize, made: &Made, read: &Read, dossier: &Dossier) -> Result<(), String> {
    let place = format!("file {number}, dossier {}", at + 1);
    let same = |is: bool, what: String| if is { Ok(()) } else { Err(format!("{place}: {what}")) };
    match (read, made.reasons) {
        (Read::Kept, None) => {
            let table = if made.tables == [(0, 1)] { TableId::XML0 } else { TableId::XML1 };
            let link = cell(dossier, table, 0, "MA_LK");
            same(link.as_deref() == Some(made.link.as_str()), format!("the visit is {link:?}"))?;
            let (tables, cells) = content(dossier);
            same(tables == made.tables, format!("rows {tables:?}, made {:?}", made.tables))?;
            same(cells == made.cells, format!("{cells} cells, made {}", made.cells))
        }
        (Read::Refused(faults), Some(reasons)) => {
            let mut told: Vec<&str> = faults.iter().map(|fault| fault.reason.code()).collect();
            told.sort_unstable();
            let numbered = faults.iter().all(|fault| fault.number as usize == at + 1);
            same(told == reasons && numbered, format!("{faults:?}, to be refused for {reasons:?}"))
        }
        (read, reasons) => Err(format!("{place}: read {read:?}, to be refused for {reasons:?}")),
    }
}

#[test]
fn a_thousand_envelopes_of_every_shape_add_up() {
    let mut sums = Sums::default();
    let mut shown: BTreeMap<String, usize> = BTreeMap::new();
    let mut dossier = Dossier::new();
    let mut wrong: Vec<String> = Vec::new();
    for number in 0..1000 {
        let file = made::file(number);
        sums.files += 1;
        file.shows.iter().for_each(|word| *shown.entry((*word).to_owned()).or_default() += 1);
        let opened = Reader::open(file.bytes.as_slice(), forms(), LIMITS);
        let (mut reader, declared, dossiers, faults) = match (opened, file.expect) {
            (Err(error), Expect::Error(code)) => {
                assert_eq!(base::Explain::code(&error), code, "file {number}, {:?}", file.shows);
                sums.unopened += 1;
                continue;
            }
            (Ok(reader), Expect::Read { declared, dossiers, faults }) => (reader, declared, dossiers, faults),
            (opened, _) => panic!("file {number}, {:?}: {:?}", file.shows, opened.map(|_| "opened")),
        };
        let (mut kept, mut refused) = (0_u64, 0_u64);
        while let Some(read) = reader.next(&mut dossier) {
            let at = (kept + refused) as usize;
            match dossiers.get(at) {
                Some(made) => wrong.extend(compare(number, at, made, &read, &dossier).err()),
                None => wrong.push(format!("file {number}: one too many: {read:?}")),
            }
            match read {
                Read::Kept => kept += 1,
                Read::Refused(_) => refused += 1,
            }
        }
        let ended = reader.ended();
        let told: Vec<&str> = ended.faults.iter().map(|fault| fault.reason.code()).collect();
        let mut same = |is: bool, what: String| wrong.extend((!is).then(|| format!("file {number}, {:?}: {what}", file.shows)));
        same(told == faults, format!("faults of the file {told:?}, made {faults:?}"));
        same(ended.declared == declared, format!("declared {:?}, made {declared:?}", ended.declared));
        same(u64::from(ended.read) == kept + refused, format!("read {} = {kept} + {refused}", ended.read));
        same(kept + refused == dossiers.len() as u64, format!("{kept} + {refused} of {}", dossiers.len()));
        if file.shows.contains(&"sound") {
            sums.sound += 1;
            same(refused == 0 && declared.is_none_or(|declared| declared == kept), "declared = read = kept".to_owned());
        }
        for reasons in dossiers.iter().filter_map(|made| made.reasons) {
            *shown.entry(format!("refused {}", reasons.join(" "))).or_default() += 1;
        }
        sums.declared += declared.unwrap_or(0);
        sums.read += u64::from(ended.read);
        sums.kept += kept;
        sums.refused += refused;
        sums.faults_of_files += told.len();
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
    assert_eq!(sums.read, sums.kept + sums.refused);
    // What is shown is really there: every shape and every fault several times.
    assert_eq!(shown.iter().filter(|(_, times)| **times < 3).collect::<Vec<_>>(), [], "{shown:#?}");
    assert_eq!(shown.len(), 50, "{shown:#?}");
    let told =
        Sums { files: 1000, sound: 550, unopened: 50, declared: 2942, read: 2878, kept: 2589, refused: 289, faults_of_files: 23 };
    assert_eq!(sums, told);
}
