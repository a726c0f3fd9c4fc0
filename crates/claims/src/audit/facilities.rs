//! Monthly step: figures by facility.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use base::Amount;
use chapter::{ChapterError, Step, StepContext, StepTable, TableBuilder};
use engine::rows;

use super::findings::amounts;
use super::rows::{failed, of_claims};
use super::xml::Xml;
use crate::Formats;
use crate::facts::visit::Grain;
use crate::store::{latest, withdrawn};

/// Sums up visits and findings by facility.
pub(crate) struct FacilitiesStep {
    formats: Arc<Formats>,
}

impl FacilitiesStep {
    pub(crate) fn new(formats: Arc<Formats>) -> Self {
        Self { formats }
    }
}

const NAME: &str = "claims.facilities";

impl Step for FacilitiesStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &["claims", "claim_stay", "claim_finding", "claim_national", "roster.claim_visit_sheet", "roster.facility_catalogue"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["claim_facility"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let Some(stays) = context.table("claim_stay") else { return Ok(Vec::new()) };
        let mut facilities: BTreeMap<String, Sums> = BTreeMap::new();
        let period = context.inputs.period;
        let sent = latest(context.book, context.inputs.packets, period).map_err(of_claims(NAME))?;
        let again: HashMap<i64, bool> = sent.iter().map(|(id, version)| (id.0, version.versions > 1)).collect();
        let columns = ["visit_id", "facility", "grain", "lines", "total_bh", "fund"];
        for batch in context.book.stream_table(stays, &columns, 65_536)? {
            let batch = batch?;
            let (ids, names) = (rows::int(&batch, "visit_id")?, rows::text(&batch, "facility")?);
            let grains = rows::text(&batch, "grain")?;
            let (lines, totals, funds) = (rows::int(&batch, "lines")?, amounts(&batch, "total_bh")?, amounts(&batch, "fund")?);
            for row in 0..batch.num_rows() {
                let sums = of(&mut facilities, names.value(row));
                sums.visits += 1;
                sums.sent_again += i64::from(again.get(&ids.value(row)).copied().unwrap_or(false));
                sums.of_sheets += i64::from(grains.value(row) == Grain::Sheet.as_str());
                sums.lines += rows::int_at(&lines, row).unwrap_or(0);
                sums.total_bh = sums.total_bh + totals[row].unwrap_or_default();
                sums.fund = sums.fund + funds[row].unwrap_or_default();
            }
        }
        let back = withdrawn(context.book, context.inputs.packets, &sent, &self.formats.lists).map_err(of_claims(NAME))?;
        for facility in back.values() {
            of(&mut facilities, facility).withdrawn += 1;
        }
        if let Some(table) = context.table("claim_finding") {
            findings(context, table, &mut facilities)?;
        }
        let of_month = (&sent, &self.formats.lists);
        let xml = Xml::read(context.book, context.inputs.packets, of_month, context.inputs.batches).map_err(of_claims(NAME))?;
        let left_out = xml.left_out(context.book, context.inputs.batches).map_err(of_claims(NAME))?;
        for packet in context.inputs.packets.iter().filter(|packet| packet.parts.iter().any(|part| part.period == period)) {
            for file in &packet.files {
                if let Some(sums) = facilities.get_mut(&file.sender) {
                    sums.refused += i64::try_from(file.refused).unwrap_or(i64::MAX);
                }
            }
        }
        let unmatched = unmatched(context)?;
        let named = names(context)?;
        let mut table = TableBuilder::new(context.schema("claim_facility")?)?;
        for (facility, sums) in &facilities {
            let causes = sums.causes()?;
            let (name, commune) = named.get(facility).map_or((None, None), |(name, commune)| (Some(name), commune.as_ref()));
            table.text(Some(facility)).text(name.map(String::as_str)).text(commune.map(String::as_str));
            table.int(Some(sums.visits)).int(Some(sums.sent_again)).int(Some(sums.withdrawn));
            let grain = if sums.visits > 0 && sums.of_sheets == sums.visits { Grain::Sheet } else { Grain::Dossier };
            let left_out = left_out.get(facility).copied().unwrap_or(0);
            table.text(Some(grain.as_str())).int(Some(sums.of_sheets)).int(Some(left_out)).int(Some(sums.lines));
            table.int(Some(sums.visits - sums.marked)).int(Some(sums.refused)).int(Some(sums.findings)).int(Some(sums.absolute));
            table.int(Some(sums.explain)).int(Some(sums.national));
            table.int(Some(unmatched.get(facility).copied().unwrap_or(0))).amount(Some(sums.total_bh)).amount(Some(sums.fund));
            table.amount(Some(sums.at_stake)).text(Some(&causes));
        }
        Ok(vec![StepTable::new("claim_facility", context.schema("claim_facility")?, table.finish()?)])
    }
}

#[derive(Default)]
struct Sums {
    visits: i64,
    sent_again: i64,
    /// Visits of the month that it withdrew: they are none of the others.
    withdrawn: i64,
    /// Visits that sheets alone tell.
    of_sheets: i64,
    lines: i64,
    refused: i64,
    /// Visits with a finding that is more than a hint.
    marked: i64,
    findings: i64,
    absolute: i64,
    explain: i64,
    national: i64,
    total_bh: Amount,
    fund: Amount,
    at_stake: Amount,
    causes: BTreeMap<String, i64>,
}

impl Sums {
    /// Causes as JSON, most first, by name where they are as many.
    fn causes(&self) -> Result<String, ChapterError> {
        #[derive(serde::Serialize)]
        struct Cause<'c> {
            rule: &'c str,
            found: i64,
        }
        let mut causes: Vec<Cause<'_>> = self.causes.iter().map(|(rule, found)| Cause { rule, found: *found }).collect();
        causes.sort_by(|a, b| b.found.cmp(&a.found).then(a.rule.cmp(b.rule)));
        serde_json::to_string(&causes).map_err(|e| failed(NAME, "causes", &e))
    }
}

fn of<'f>(facilities: &'f mut BTreeMap<String, Sums>, name: &str) -> &'f mut Sums {
    if !facilities.contains_key(name) {
        facilities.insert(name.to_owned(), Sums::default());
    }
    facilities.entry(name.to_owned()).or_default()
}

/// Adds the findings; of each visit the largest amount counts, since several may be about the same money.
fn findings(context: &StepContext, table: &book::TableRef, facilities: &mut BTreeMap<String, Sums>) -> Result<(), ChapterError> {
    let mut visits: HashMap<i64, (Amount, bool)> = HashMap::new();
    let mut homes: HashMap<i64, String> = HashMap::new();
    let columns = ["visit_id", "facility", "rule", "strength", "amount", "national"];
    for batch in context.book.stream_table(table, &columns, 65_536)? {
        let batch = batch?;
        let (ids, names) = (rows::int(&batch, "visit_id")?, rows::text(&batch, "facility")?);
        let (rules, strengths) = (rows::text(&batch, "rule")?, rows::text(&batch, "strength")?);
        let (amounts, national) = (amounts(&batch, "amount")?, rows::text(&batch, "national")?);
        for (row, amount) in amounts.into_iter().enumerate() {
            let sums = of(facilities, names.value(row));
            let strength = strengths.value(row);
            sums.findings += 1;
            sums.absolute += i64::from(strength == "absolute");
            sums.explain += i64::from(strength == "explain");
            sums.national += i64::from(rows::text_at(&national, row) == Some("refused"));
            *sums.causes.entry(rules.value(row).to_owned()).or_default() += 1;
            let visit = visits.entry(ids.value(row)).or_default();
            visit.0 = visit.0.max(amount.unwrap_or_default());
            visit.1 |= strength != "warn";
            homes.entry(ids.value(row)).or_insert_with(|| names.value(row).to_owned());
        }
    }
    for (id, (amount, marked)) in visits {
        if let Some(sums) = homes.get(&id).map(|facility| of(facilities, facility)) {
            sums.at_stake = sums.at_stake + amount;
            sums.marked += i64::from(marked);
        }
    }
    Ok(())
}

/// Rows of the national system's lists that could not be held against a visit or a line, by facility.
fn unmatched(context: &StepContext) -> Result<HashMap<String, i64>, ChapterError> {
    let mut unmatched = HashMap::new();
    let Some(table) = context.table("claim_national") else { return Ok(unmatched) };
    for batch in context.book.read_table(table, None)? {
        let facilities = rows::text(&batch, "facility")?;
        let (of_no_visit, of_no_line) = (rows::int(&batch, "unmatched")?, rows::int(&batch, "unplaced")?);
        for row in 0..batch.num_rows() {
            unmatched.insert(facilities.value(row).to_owned(), of_no_visit.value(row) + of_no_line.value(row));
        }
    }
    Ok(unmatched)
}

/// Names and communes of facilities as their catalogue has them at the end of the period; of several rows the one of the newest file.
fn names(context: &StepContext) -> Result<BTreeMap<String, (String, Option<String>)>, ChapterError> {
    let end = context.inputs.period.last_day().days_since_epoch();
    let mut named = BTreeMap::new();
    let mut files = context.roster("facility_catalogue");
    files.sort_by(|a, b| (a.period, &a.file_name, &a.id).cmp(&(b.period, &b.file_name, &b.id)));
    for file in files {
        let columns = ["code", "name", "commune", "valid_from", "valid_to"];
        for batch in context.book.read_table(&file.table, Some(&columns))? {
            let (codes, names) = (rows::text(&batch, "code")?, rows::text(&batch, "name")?);
            let communes = rows::text(&batch, "commune")?;
            let (from, to) = (rows::date(&batch, "valid_from")?, rows::date(&batch, "valid_to")?);
            for row in 0..batch.num_rows() {
                let holds = rows::date_at(&from, row).is_none_or(|from| from <= end)
                    && rows::date_at(&to, row).is_none_or(|to| end <= to);
                if let (true, Some(code), Some(name)) = (holds, rows::text_at(&codes, row), rows::text_at(&names, row)) {
                    named.insert(code.to_owned(), (name.to_owned(), rows::text_at(&communes, row).map(str::to_owned)));
                }
            }
        }
    }
    Ok(named)
}
