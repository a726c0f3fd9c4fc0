//! What the run of the same period before found and this one does not.

use std::collections::{BTreeSet, HashSet};

use base::{FindingKey, Month};
use chapter::{ChapterError, StepContext, StepTable};
use engine::rows;
use rules::Shape;

use super::findings::NAME;
use super::rows::{failed, of_claims};
use super::silent::{Wanted, silent};
use crate::Formats;
use crate::error::ClaimsError;
use crate::store::{VisitId, index, latest, withdrawn};

/// A finding that is no more, or of which nothing is known.
pub(crate) struct Gone {
    pub rule: String,
    pub key: FindingKey,
    pub facility: String,
    pub visit: i64,
}

/// The findings of the run of this period before; none when this is the first.
pub(crate) struct Before {
    keys: HashSet<FindingKey>,
    table: Option<book::TableRef>,
}

impl Before {
    pub(crate) fn read(context: &StepContext) -> Result<Self, ChapterError> {
        let run = context.inputs.numbering.filter(|run| run.period == context.inputs.period);
        let table = run.and_then(|run| run.tables().get("claim_finding").cloned());
        let mut keys = HashSet::new();
        if let Some(table) = &table {
            for batch in context.book.stream_table(table, &["finding_key"], 65_536)? {
                let batch = batch?;
                let texts = rows::text(&batch, "finding_key")?;
                for row in 0..batch.num_rows() {
                    keys.insert(key(texts.value(row))?);
                }
            }
        }
        Ok(Self { keys, table })
    }

    /// Whether the finding was there before.
    pub(crate) fn had(&self, key: FindingKey) -> bool {
        self.keys.contains(&key)
    }

    /// Those that are not among `now`, by rule and key.
    pub(crate) fn gone(&self, context: &StepContext, now: &HashSet<FindingKey>) -> Result<Vec<Gone>, ChapterError> {
        let mut gone = Vec::new();
        let Some(table) = &self.table else { return Ok(gone) };
        for batch in context.book.stream_table(table, &["finding_key", "rule", "facility", "visit_id"], 65_536)? {
            let batch = batch?;
            let (keys, rules) = (rows::text(&batch, "finding_key")?, rows::text(&batch, "rule")?);
            let (facilities, visits) = (rows::text(&batch, "facility")?, rows::int(&batch, "visit_id")?);
            for row in 0..batch.num_rows() {
                let key = key(keys.value(row))?;
                if !now.contains(&key) {
                    let (rule, facility) = (rules.value(row).to_owned(), facilities.value(row).to_owned());
                    gone.push(Gone { rule, key, facility, visit: visits.value(row) });
                }
            }
        }
        gone.sort_by(|a, b| (&a.rule, a.key).cmp(&(&b.rule, b.key)));
        Ok(gone)
    }
}

/// The table of what is gone.
///
/// A finding is `resolved` only where its rule was asked of the visit and said no. `asked`: the rule was evaluated and the visit is one of the month. Where
/// the rule could say nothing, because a catalogue or a cell is missing now, the finding is `not_evaluated`; where the facility withdrew the visit, `withdrawn`.
pub(crate) fn table(
    context: &StepContext,
    gone: &[Gone],
    asked: &dyn Fn(&Gone) -> bool,
    formats: &Formats,
) -> Result<StepTable, ChapterError> {
    let of_rows = |one: &&Gone| context.inputs.rules.get(&one.rule).is_some_and(|rule| rule.shape == Shape::Row);
    let mut wanted = Wanted::new();
    for one in gone.iter().filter(|one| asked(one)).filter(of_rows) {
        wanted.entry(one.rule.clone()).or_default().insert(one.visit);
    }
    let silent = silent(NAME, context, formats, &wanted)?;
    let withdrawn = if gone.is_empty() { BTreeSet::new() } else { of_facilities(context, formats, gone)? };
    let mut table = context.writer("claim_finding_gone")?;
    for one in gone {
        let mended = asked(one) && !silent.contains(&(one.rule.clone(), one.visit));
        let state = match mended {
            _ if withdrawn.contains(&VisitId(one.visit)) => "withdrawn",
            true => "resolved",
            false => "not_evaluated",
        };
        table
            .row()?
            .text(Some(&one.key.to_string()))
            .text(Some(&one.rule))
            .text(Some(&one.facility))
            .int(Some(one.visit))
            .text(Some(state));
    }
    table.finish()
}

/// Visits that their facilities withdrew: those of the month, and of those that are gone also the ones withdrawn by a dossier of a later month of settlement.
fn of_facilities(context: &StepContext, formats: &Formats, gone: &[Gone]) -> Result<BTreeSet<VisitId>, ChapterError> {
    let (wrong, inputs) = (of_claims(NAME), context.inputs);
    let of_month = |month: Month| {
        let sent = latest(context.book, inputs.packets, month)?;
        let back: BTreeSet<VisitId> = withdrawn(context.book, inputs.packets, &sent, &formats.lists)?.into_keys().collect();
        Ok::<_, ClaimsError>((sent, back))
    };
    let (sent, mut all) = of_month(inputs.period).map_err(&wrong)?;
    let left: Vec<&Gone> = gone.iter().filter(|one| !sent.contains_key(&VisitId(one.visit))).collect();
    let visits: BTreeSet<i64> = left.iter().map(|one| one.visit).collect();
    let facilities: BTreeSet<&str> = left.iter().map(|one| one.facility.as_str()).collect();
    let mut months = BTreeSet::new();
    for part in inputs.packets.iter().flat_map(|packet| &packet.parts).filter(|part| part.period > inputs.period) {
        if facilities.iter().any(|facility| part.facilities.contains(*facility)) {
            let found = index(context.book, part, &mut |id, _, _, _, _| {
                if visits.contains(&id.0) {
                    months.insert(part.period);
                }
                Ok(())
            });
            found.map_err(&wrong)?;
        }
    }
    for month in months {
        all.extend(of_month(month).map_err(&wrong)?.1);
    }
    Ok(all)
}

fn key(text: &str) -> Result<FindingKey, ChapterError> {
    FindingKey::parse(text).ok_or_else(|| failed(NAME, "the findings of the run before", &std::fmt::Error))
}
