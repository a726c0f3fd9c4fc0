//! Monthly step: reads the visits of the month out of the book, links their people, and runs all row rules over them in one pass. Visits that no XML tells
//! are those of sheets 79a and 80a.
//!
//! Work goes bucket by bucket of facilities, as many at once as there are threads; each worker compiled the rules once. What a bucket gave is written before
//! the next ones begin, so memory holds two buckets of a city and not the city.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::Date;
use book::PacketPart;
use chapter::{ChapterError, Inputs, Step, StepContext, StepTable, TableBuilder};
use claimfile::{Dossier, Lists};
use engine::arrow::datatypes::SchemaRef;
use engine::arrow::record_batch::RecordBatch;
use rayon::prelude::*;

use super::people::{People, Who};
use super::rows::{failed, json, of_claims, sorted};
use super::sheet_columns::{RowKind, provided};
use super::sheet_row::Mapping;
use super::sheets::{OfFile, Sheets};
use super::stays::{Seen, content};
use super::xml::Xml;
use crate::Formats;
use crate::catalogue::{CatalogueTables, Catalogues};
use crate::cell::Columns;
use crate::checker::{Checker, ClaimFinding, RuleCount};
use crate::error::ClaimsError;
use crate::store::{BUCKETS, Latest, PartReader, VisitId, latest, sent_on, withdrawn};

/// Reads the month's visits and runs the row rules.
pub(crate) struct VisitsStep {
    formats: Arc<Formats>,
}

pub(crate) const NAME: &str = "claims.visits";

/// Lines checked together: enough to fill a batch, few enough to stay small.
const LINES_AT_ONCE: usize = 8_192;

impl VisitsStep {
    pub(crate) fn new(formats: Arc<Formats>) -> Self {
        Self { formats }
    }
}

impl Step for VisitsStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "claims",
            "person",
            "roster.claim_visit_sheet",
            "roster.icd_catalogue",
            "roster.facility_catalogue",
            "roster.drug_catalogue",
            "roster.service_catalogue",
            "roster.supply_catalogue",
            "roster.staff_catalogue",
            "roster.department_catalogue",
            "roster.bed_catalogue",
            "roster.machine_catalogue",
            "roster.occupation_catalogue",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["claim_stay", "claim_item", "claim_row_finding", "claim_row_run"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let inputs = context.inputs;
        let wrong = of_claims(NAME);
        let latest = latest(context.book, inputs.packets, inputs.period).map_err(&wrong)?;
        let withdrawn = withdrawn(context.book, inputs.packets, &latest, &self.formats.lists).map_err(&wrong)?;
        let mut work = Work::plan(context, &latest, &withdrawn);
        let mut people = work.people(context, &latest, &self.formats.lists)?;
        // Without claims there are no tables: rules that read them are "not evaluated", and nothing is resolved.
        if latest.is_empty() && work.sheets.visits == 0 {
            return Ok(Vec::new());
        }
        work.tell(context);
        people.read_register(context)?;
        let mapping = Mapping::of(&self.formats.forms).map_err(&wrong)?;
        let tables = CatalogueTables::of_batches(context.book, inputs.batches).map_err(&wrong)?;
        let catalogues = Catalogues::load(&tables, inputs.places).map_err(&wrong)?;
        let threads = context.options.threads.clamp(1, usize::from(BUCKETS));
        let schemas = Schemas { stay: context.schema("claim_stay")?, item: context.schema("claim_item")? };
        let mut workers = Vec::with_capacity(threads);
        for _ in 0..threads {
            let formats = (&self.formats.forms, &self.formats.lists);
            let checker = Checker::new(formats, inputs.law, inputs.rules, inputs.schemas, &catalogues, inputs.period);
            workers.push(Worker {
                checker: checker.map_err(&wrong)?,
                formats: &self.formats,
                mapping: &mapping,
                people: &people,
                schemas: &schemas,
            });
        }
        let mut stays = context.writer("claim_stay")?;
        // Where sheets are all there is, nobody knows any line: rules that read lines are "not evaluated".
        let mut items = if latest.is_empty() { None } else { Some(context.writer("claim_item")?) };
        let mut findings = context.writer("claim_row_finding")?;
        let mut counts: BTreeMap<String, RuleCount> = BTreeMap::new();
        let buckets: BTreeSet<u8> = work.buckets.keys().chain(work.sheets.buckets.keys()).copied().collect();
        let buckets: Vec<u8> = buckets.into_iter().collect();
        for (done, several) in buckets.chunks(threads).enumerate() {
            context.cancelled.check()?;
            context.progress.at(NAME, (done * threads) as u64, buckets.len() as u64);
            let given: Result<Vec<Given>, ChapterError> =
                workers.par_iter_mut().zip(several).map(|(worker, bucket)| worker.bucket(context, &work, *bucket)).collect();
            for given in given? {
                stays.batch(&given.stays)?;
                if let Some(items) = &mut items {
                    items.batch(&given.items)?;
                }
                for finding in &given.findings {
                    write(findings.row()?, &given, finding)?;
                }
                for count in given.counts {
                    add(&mut counts, count);
                }
            }
        }
        let mut runs = TableBuilder::new(context.schema("claim_row_run")?)?;
        for count in counts.values() {
            let int = |number: u64| i64::try_from(number).ok();
            runs.text(Some(&count.rule)).int(int(count.asked)).int(int(count.unknown)).int(int(count.found));
        }
        let runs = StepTable::new("claim_row_run", context.schema("claim_row_run")?, runs.finish()?);
        let mut tables = vec![stays.finish()?, findings.finish()?, runs];
        if let Some(items) = items {
            tables.push(items.finish()?);
        }
        Ok(tables)
    }
}

fn add(counts: &mut BTreeMap<String, RuleCount>, more: RuleCount) {
    match counts.get_mut(&more.rule) {
        Some(sum) => {
            sum.asked += more.asked;
            sum.unknown += more.unknown;
            sum.found += more.found;
        }
        None => {
            counts.insert(more.rule.clone(), more);
        }
    }
}

/// Which dossiers of which parts a bucket has, in the order of their numbers.
struct Work<'a> {
    buckets: BTreeMap<u8, Vec<OfPart<'a>>>,
    /// Visits that no XML tells.
    sheets: Sheets<'a>,
}

struct OfPart<'a> {
    part: &'a PacketPart,
    received: Date,
    /// Number in the part and the visit's number in the book.
    dossiers: Vec<(i64, i64)>,
}

impl<'a> Work<'a> {
    /// `withdrawn`: visits for which nothing is asked any more.
    fn plan(context: &StepContext<'a>, latest: &Latest, withdrawn: &BTreeMap<VisitId, String>) -> Self {
        let mut by_part: BTreeMap<(usize, usize), Vec<(i64, i64)>> = BTreeMap::new();
        for (id, version) in latest.iter().filter(|(id, _)| !withdrawn.contains_key(*id)) {
            by_part.entry((version.packet, version.part)).or_default().push((version.number, id.0));
        }
        let mut buckets: BTreeMap<u8, Vec<OfPart<'a>>> = BTreeMap::new();
        let packets: &'a [book::Packet] = context.inputs.packets;
        for ((packet, part), mut dossiers) in by_part {
            dossiers.sort_unstable();
            let (packet, part) = (&packets[packet], &packets[packet].parts[part]);
            buckets.entry(part.bucket).or_default().push(OfPart { part, received: packet.received, dossiers });
        }
        Self { buckets, sheets: Sheets::default() }
    }

    /// The numbers of the month's people, before they are held against the register. Finds out on the way which rows of sheets count.
    fn people(&mut self, context: &StepContext<'a>, latest: &Latest, lists: &Lists) -> Result<People, ChapterError> {
        let mut people = People::default();
        for of_part in self.buckets.values().flatten() {
            let Some(table) = of_part.part.tables.get("xml1") else { continue };
            for batch in context.book.stream_table(table, &["ma_the_bhyt", "so_cccd"], 16_384)? {
                let batch = batch?;
                let cards = engine::rows::text(&batch, "ma_the_bhyt")?;
                let ids = engine::rows::text(&batch, "so_cccd")?;
                for row in 0..batch.num_rows() {
                    let cell = |array, row| engine::rows::text_at(array, row).map(str::trim);
                    people.meet(cell(&cards, row), cell(&ids, row));
                }
            }
        }
        let inputs: &'a Inputs<'a> = context.inputs;
        let xml = Xml::read(context.book, inputs.packets, (latest, lists), inputs.batches).map_err(of_claims(NAME))?;
        self.sheets = Sheets::plan(context.book, inputs.batches, &xml, &mut people).map_err(of_claims(NAME))?;
        Ok(people)
    }

    /// Says in the log of the run what became of the rows of sheets.
    fn tell(&self, context: &StepContext) {
        let Sheets { visits, left_out, repeated, withdrawn, .. } = &self.sheets;
        if visits + left_out + withdrawn > 0 {
            let said = format!(
                "{NAME} 79a/80a: {left_out} dòng đã có hồ sơ XML không dùng, {repeated} dòng lặp, {withdrawn} dòng thu hồi, {visits} lượt khám chỉ có trong bảng"
            );
            context.progress.at(&said, *visits, visits + left_out + repeated + withdrawn);
        }
    }
}

struct Schemas {
    stay: SchemaRef,
    item: SchemaRef,
}

/// One thread's own rules and buffers.
struct Worker<'w> {
    checker: Checker<'w>,
    formats: &'w Formats,
    mapping: &'w Mapping,
    people: &'w People,
    schemas: &'w Schemas,
}

/// What a bucket gave.
struct Given {
    bucket: u8,
    stays: RecordBatch,
    items: RecordBatch,
    findings: Vec<ClaimFinding>,
    facilities: BTreeMap<i64, String>,
    counts: Vec<RuleCount>,
}

/// Where what a bucket gives goes.
struct Out<'o> {
    bucket: u8,
    stays: &'o mut Columns,
    findings: &'o mut Vec<ClaimFinding>,
    facilities: &'o mut BTreeMap<i64, String>,
    counts: &'o mut BTreeMap<String, RuleCount>,
}

impl Worker<'_> {
    fn bucket(&mut self, context: &StepContext, work: &Work<'_>, bucket: u8) -> Result<Given, ChapterError> {
        let wrong = of_claims(NAME);
        let mut stays = Columns::new(self.schemas.stay.clone())?;
        let mut items = Columns::new(self.schemas.item.clone())?;
        let (mut findings, mut facilities) = (Vec::new(), BTreeMap::new());
        let mut counts: BTreeMap<String, RuleCount> = BTreeMap::new();
        let mut dossier = Dossier::new();
        for of_part in work.buckets.get(&bucket).into_iter().flatten() {
            context.cancelled.check()?;
            let mut reader = PartReader::open(context.book, of_part.part, &self.formats.forms, None).map_err(&wrong)?;
            for (number, id) in &of_part.dossiers {
                reader.dossier(*number, &mut dossier).map_err(&wrong)?;
                let people = self.people;
                let seen =
                    self.checker.add_seen(*id, &dossier, sent_on(&dossier, of_part.received), &mut |visit, lines, places| {
                        let start = visit.start.map(|moment| moment.day);
                        let linked = people.link(&Who::of(visit.row, &places.xml1, start), *id);
                        let seen = Seen { id: *id, bucket, linked, visit, lines, dossier: &dossier, places };
                        stays.push(&seen.stay(Some(&content(lines))))?;
                        for line in lines {
                            items.push(&seen.item(line))?;
                        }
                        facilities.insert(*id, visit.facility.to_owned());
                        Ok::<(), ClaimsError>(())
                    });
                seen.map_err(&wrong)?;
                if self.checker.waiting() >= LINES_AT_ONCE {
                    self.check(&mut findings, &mut counts)?;
                }
            }
        }
        self.check(&mut findings, &mut counts)?;
        for of_file in work.sheets.of(bucket) {
            context.cancelled.check()?;
            let mut out =
                Out { bucket, stays: &mut stays, findings: &mut findings, facilities: &mut facilities, counts: &mut counts };
            self.sheet(context, of_file, &mut out).map_err(&wrong)?;
        }
        findings.sort_by_cached_key(|f| (facilities.get(&f.visit).cloned(), f.visit, f.rule.clone(), f.key));
        Ok(Given {
            bucket,
            stays: sorted(NAME, &stays.take()?, &["facility", "visit_id"])?,
            items: sorted(NAME, &items.take()?, &["facility", "visit_id", "line_table", "line_no"])?,
            findings,
            facilities,
            counts: counts.into_values().collect(),
        })
    }

    /// The rows of one sheet, those of a kind together: what is known of them differs.
    fn sheet(&mut self, context: &StepContext, of_file: &OfFile<'_>, out: &mut Out<'_>) -> Result<(), ClaimsError> {
        let (people, mapping) = (self.people, self.mapping);
        let mut dossier = Dossier::new();
        of_file.slices(context.book, &mut |rows, counting| {
            for kind in RowKind::ALL {
                let of_kind = counting.iter().filter(|(row, _)| rows.kind(*row) == kind);
                let mut any = false;
                for (row, id) in of_kind {
                    any = true;
                    rows.dossier(*row, mapping, &mut dossier);
                    self.checker.add_sheet(*id, &dossier, &mut |visit, lines, places| {
                        let start = visit.start.map(|moment| moment.day);
                        let linked = people.link(&Who::of(visit.row, &places.xml1, start), *id);
                        let seen = Seen { id: *id, bucket: out.bucket, linked, visit, lines, dossier: &dossier, places };
                        out.stays.push(&seen.stay(None))?;
                        out.facilities.insert(*id, visit.facility.to_owned());
                        Ok::<(), ClaimsError>(())
                    })?;
                }
                if any {
                    let (found, counted) = self.checker.run_provided(&provided(&of_file.filled, kind))?;
                    out.findings.extend(found);
                    counted.into_iter().for_each(|count| add(out.counts, count));
                }
            }
            Ok(())
        })
    }

    /// Runs the rules over what waits.
    fn check(&mut self, findings: &mut Vec<ClaimFinding>, counts: &mut BTreeMap<String, RuleCount>) -> Result<(), ChapterError> {
        let (found, counted) = self.checker.run().map_err(of_claims(NAME))?;
        findings.extend(found);
        counted.into_iter().for_each(|count| add(counts, count));
        Ok(())
    }
}

fn write(row: &mut TableBuilder, given: &Given, finding: &ClaimFinding) -> Result<(), ChapterError> {
    let facility = given.facilities.get(&finding.visit).map(String::as_str);
    let amount = match &finding.amount {
        Some(text) => Some(base::Amount::parse(text).map_err(|e| failed(NAME, &finding.rule, &e))?),
        None => None,
    };
    row.text(Some(&finding.key.to_string())).int(Some(i64::from(given.bucket))).text(facility).int(Some(finding.visit));
    row.text(Some(&finding.rule)).text(Some(finding.context)).text(Some(word(finding.strength)));
    row.text(finding.table.as_deref()).int(finding.line).int(finding.stt);
    row.amount(amount).text(Some(&json(NAME, &finding.facts)?));
    Ok(())
}

/// The stable word of a strength.
pub(crate) fn word(strength: base::Strength) -> &'static str {
    match strength {
        base::Strength::Absolute => "absolute",
        base::Strength::Explain => "explain",
        base::Strength::Warn => "warn",
    }
}
