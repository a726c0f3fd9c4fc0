//! Which visits row rules can say nothing of now, among those they found something at before: such a finding is not resolved, it could not be looked at.
//!
//! A catalogue that is not there any more, or a cell that a facility left out when it sent a visit again, makes a predicate NULL. Only those visits are read
//! once more of which a finding is gone, so a month in which nothing was mended costs nothing.

use std::collections::{BTreeMap, BTreeSet};

use chapter::{ChapterError, StepContext};
use claimfile::Dossier;

use super::people::People;
use super::rows::of_claims;
use super::sheet_columns::{RowKind, provided};
use super::sheet_row::Mapping;
use super::sheets::{OfFile, Sheets};
use super::xml::Xml;
use crate::Formats;
use crate::catalogue::{CatalogueTables, Catalogues};
use crate::checker::Checker;
use crate::error::ClaimsError;
use crate::store::{PartReader, latest, sent_on};

/// Rows checked together.
const ROWS_AT_ONCE: usize = 8_192;

/// What is asked again: visits by the id of the rule.
pub(crate) type Wanted = BTreeMap<String, BTreeSet<i64>>;

/// Of the visits that are asked about, those of which the rule can say nothing: rule and visit.
pub(crate) fn silent(
    step: &'static str,
    context: &StepContext,
    formats: &Formats,
    wanted: &Wanted,
) -> Result<BTreeSet<(String, i64)>, ChapterError> {
    if wanted.is_empty() {
        return Ok(BTreeSet::new());
    }
    let wrong = of_claims(step);
    let inputs = context.inputs;
    let tables = CatalogueTables::of_batches(context.book, inputs.batches).map_err(&wrong)?;
    let catalogues = Catalogues::load(&tables, inputs.places).map_err(&wrong)?;
    let of = (&formats.forms, &formats.lists);
    let checker = Checker::new(of, inputs.law, inputs.rules, inputs.schemas, &catalogues, inputs.period);
    let mut asking = Asking {
        checker: checker.map_err(&wrong)?,
        visits: wanted.values().flatten().copied().collect(),
        rules: wanted.keys().cloned().collect(),
        silent: BTreeSet::new(),
    };
    asking.month(context, formats).map_err(&wrong)?;
    let is_wanted = |(rule, visit): &(String, i64)| wanted.get(rule).is_some_and(|visits| visits.contains(visit));
    Ok(asking.silent.into_iter().filter(is_wanted).collect())
}

struct Asking<'s> {
    checker: Checker<'s>,
    visits: BTreeSet<i64>,
    rules: BTreeSet<String>,
    silent: BTreeSet<(String, i64)>,
}

impl Asking<'_> {
    fn month(&mut self, context: &StepContext, formats: &Formats) -> Result<(), ClaimsError> {
        let inputs = context.inputs;
        let sent = latest(context.book, inputs.packets, inputs.period)?;
        let mut parts: BTreeMap<(usize, usize), Vec<(i64, i64)>> = BTreeMap::new();
        for (id, version) in sent.iter().filter(|(id, _)| self.visits.contains(&id.0)) {
            parts.entry((version.packet, version.part)).or_default().push((version.number, id.0));
        }
        let mut dossier = Dossier::new();
        for ((packet, part), mut dossiers) in parts {
            dossiers.sort_unstable();
            let packet = &inputs.packets[packet];
            let mut reader = PartReader::open(context.book, &packet.parts[part], &formats.forms, None)?;
            for (number, id) in dossiers {
                reader.dossier(number, &mut dossier)?;
                self.checker.add(id, &dossier, sent_on(&dossier, packet.received))?;
                if self.checker.waiting() >= ROWS_AT_ONCE {
                    self.take(None)?;
                }
            }
        }
        self.take(None)?;
        let xml = Xml::read(context.book, inputs.packets, (&sent, &formats.lists), inputs.batches)?;
        let sheets = Sheets::plan(context.book, inputs.batches, &xml, &mut People::default())?;
        let mapping = Mapping::of(&formats.forms)?;
        for of_file in sheets.buckets.values().flatten() {
            if of_file.rows.iter().any(|(_, id)| self.visits.contains(id)) {
                self.sheet(context, of_file, &mapping)?;
            }
        }
        Ok(())
    }

    fn sheet(&mut self, context: &StepContext, of_file: &OfFile<'_>, mapping: &Mapping) -> Result<(), ClaimsError> {
        let mut dossier = Dossier::new();
        of_file.slices(context.book, &mut |rows, counting| {
            for kind in RowKind::ALL {
                let mut any = false;
                for (row, id) in counting.iter().filter(|(row, id)| self.visits.contains(id) && rows.kind(*row) == kind) {
                    any = true;
                    rows.dossier(*row, mapping, &mut dossier);
                    self.checker.add_sheet(*id, &dossier, &mut |_, _, _| Ok(()))?;
                }
                if any {
                    self.take(Some(&provided(&of_file.filled, kind)))?;
                }
            }
            Ok(())
        })
    }

    /// Asks of what waits.
    fn take(&mut self, provided: Option<&BTreeSet<String>>) -> Result<(), ClaimsError> {
        let silent = self.checker.run_silent(&self.rules, provided)?;
        self.silent.extend(silent);
        Ok(())
    }
}
