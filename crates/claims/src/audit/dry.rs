//! One rule on its own, over what a run read or wrote; nothing is published. That is how a changed rule is tried before it counts.

use std::collections::{BTreeMap, BTreeSet};

use base::Amount;
use book::{BatchRecord, Book, Packet, PacketPart};
use claimfile::Dossier;
use law::Law;
use rayon::prelude::*;
use rules::{Rule, TableSchemas};

use super::people::People;
use super::sheet_columns::{RowKind, provided};
use super::sheet_row::Mapping;
use super::sheets::{OfFile, Sheets};
use super::xml::Xml;
use crate::Formats;
use crate::catalogue::Catalogues;
use crate::checker::{Checker, ClaimFinding, RuleCount};
use crate::error::ClaimsError;
use crate::store::{PartReader, latest, sent_on, withdrawn};

/// Rows checked together.
const ROWS_AT_ONCE: usize = 8_192;

/// What one row rule says of the visits of a month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfRule {
    /// Rows within its validity.
    pub asked: u64,
    /// Of these, rows of which it could say nothing.
    pub unknown: u64,
    /// Findings.
    pub found: u64,
    /// Numbers of the visits found.
    pub visits: BTreeSet<i64>,
    /// Đồng at stake, summed over findings; absent where none of them has an amount.
    pub amount: Option<Amount>,
}

impl OfRule {
    fn and(mut self, other: Self) -> Self {
        self.asked += other.asked;
        self.unknown += other.unknown;
        self.found += other.found;
        self.visits.extend(other.visits);
        self.amount = match (self.amount, other.amount) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
        self
    }

    /// Checks what waits.
    fn take(&mut self, checker: &mut Checker<'_>) -> Result<(), ClaimsError> {
        let (findings, counts) = checker.run()?;
        self.add(findings, counts)
    }

    fn add(&mut self, findings: Vec<ClaimFinding>, counts: Vec<RuleCount>) -> Result<(), ClaimsError> {
        for count in counts {
            self.asked += count.asked;
            self.unknown += count.unknown;
            self.found += count.found;
        }
        for finding in findings {
            self.visits.insert(finding.visit);
            let amount = finding.amount.as_deref().map(Amount::parse).transpose();
            let amount = amount.map_err(|e| ClaimsError::Refused(format!("{}: {e}", finding.rule)))?;
            if let Some(amount) = amount {
                self.amount = Some(self.amount.unwrap_or_default() + amount);
            }
        }
        Ok(())
    }
}

/// Asks a row rule of every visit of a month as it lies in the book, the last sending of each, and of those that sheets 79a and 80a alone tell; `packets` in the
/// order of their arrival, `batches` those of the month.
pub fn ask_stored(
    formats: &Formats,
    law: &Law,
    (rule, schemas): (&Rule, &TableSchemas),
    catalogues: &Catalogues,
    (book, packets, batches, period): (&Book, &[Packet], &[BatchRecord], base::Month),
    threads: usize,
) -> Result<OfRule, ClaimsError> {
    let mut parts: BTreeMap<(usize, usize), Vec<(i64, i64)>> = BTreeMap::new();
    let visits = latest(book, packets, period)?;
    let withdrawn = withdrawn(book, packets, &visits, &formats.lists)?;
    for (id, version) in visits.iter().filter(|(id, _)| !withdrawn.contains_key(*id)) {
        parts.entry((version.packet, version.part)).or_default().push((version.number, id.0));
    }
    let parts: Vec<Work<'_>> = parts
        .into_iter()
        .map(|((packet, part), mut dossiers)| {
            dossiers.sort_unstable();
            Work { part: &packets[packet].parts[part], received: packets[packet].received, dossiers }
        })
        .collect();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).build();
    let pool = pool.map_err(|e| ClaimsError::Refused(e.to_string()))?;
    let checker = || Checker::of_rule((&formats.forms, &formats.lists), law, rule, schemas, catalogues, period);
    let ask = |checker: &mut Result<Checker<'_>, ClaimsError>, work: &Work<'_>| -> Result<OfRule, ClaimsError> {
        match checker {
            Ok(checker) => work.ask(checker, formats, book),
            Err(error) => Err(ClaimsError::Refused(error.to_string())),
        }
    };
    let said = pool.install(|| parts.par_iter().map_init(checker, ask).try_reduce(OfRule::default, |a, b| Ok(a.and(b))))?;
    // Rules over lines and papers have nothing to ask of a sheet.
    if !rule.reads.iter().any(|table| table == "claim_visit") {
        return Ok(said);
    }
    let xml = Xml::read(book, packets, (&visits, &formats.lists), batches)?;
    let sheets = Sheets::plan(book, batches, &xml, &mut People::default())?;
    let (mapping, mut checker) = (Mapping::of(&formats.forms)?, checker()?);
    let mut of_sheets = OfRule::default();
    for of_file in sheets.buckets.values().flatten() {
        ask_sheet(book, of_file, &mapping, &mut checker, &mut of_sheets)?;
    }
    Ok(said.and(of_sheets))
}

/// Asks it of the rows of a sheet, those of a kind together.
fn ask_sheet(
    book: &Book,
    of_file: &OfFile<'_>,
    mapping: &Mapping,
    checker: &mut Checker<'_>,
    said: &mut OfRule,
) -> Result<(), ClaimsError> {
    let mut dossier = Dossier::new();
    of_file.slices(book, &mut |rows, counting| {
        for kind in RowKind::ALL {
            for (row, id) in counting.iter().filter(|(row, _)| rows.kind(*row) == kind) {
                rows.dossier(*row, mapping, &mut dossier);
                checker.add_sheet(*id, &dossier, &mut |_, _, _| Ok(()))?;
            }
            let (findings, counts) = checker.run_provided(&provided(&of_file.filled, kind))?;
            said.add(findings, counts)?;
        }
        Ok(())
    })
}

/// The dossiers of a part that count, in the order of their numbers: number in the part, number of the visit.
struct Work<'w> {
    part: &'w PacketPart,
    received: base::Date,
    dossiers: Vec<(i64, i64)>,
}

impl Work<'_> {
    fn ask(&self, checker: &mut Checker<'_>, formats: &Formats, book: &Book) -> Result<OfRule, ClaimsError> {
        let mut said = OfRule::default();
        let mut reader = PartReader::open(book, self.part, &formats.forms, None)?;
        let mut dossier = Dossier::new();
        for (number, id) in &self.dossiers {
            reader.dossier(*number, &mut dossier)?;
            checker.add(*id, &dossier, sent_on(&dossier, self.received))?;
            if checker.waiting() >= ROWS_AT_ONCE {
                said.take(checker)?;
            }
        }
        said.take(checker)?;
        Ok(said)
    }
}
