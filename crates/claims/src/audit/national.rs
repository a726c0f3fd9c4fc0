//! What the national system refused already (giám định tự động), as its lists and sheets 79a and 80a say.
//!
//! Its lists name a visit by the portal's number (XML1_ID) and, where a program adds it, by MA_LK. The portal's number alone is known of visits that a sheet
//! tells, and of others where any row has both numbers. A line is meant by the STT that the facility sent, else by its place in the table.
//! A row that names no visit of the month is counted, never passed over in silence.

use std::collections::{BTreeMap, HashMap, HashSet};

use base::{Amount, Dong, Month, names};
use book::Book;
use chapter::{ChapterError, StepContext, StepTable, TableBuilder};
use claimfile::Lists;
use engine::arrow::array::{Int64Array, StringArray};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, rows};

use super::refused::{About, Refused, RefusedSum, Said, Share};
use super::rows::of_claims;
use super::sheet_row::{IDENTITY, REFUSAL, Refusal, facilities, of_portal};
use super::sheets;
use super::xml::Xml;
use crate::error::ClaimsError;
use crate::store::{VisitId, latest};

/// The roster of its results.
pub(crate) const ROSTER: &str = "claim_refusal_sheet";

/// The table of what was refused, visit by visit.
const VISITS: &str = "claim_national_visit";

/// Rows read at once.
const ROWS: usize = 8_192;

/// What became of the rows of lists, by facility.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Listed {
    /// Rows that refuse something; one that stands in several files once.
    pub rows: i64,
    /// Of these, rows that name no visit of the month.
    pub unmatched: i64,
    /// Rows of a visit of the month of which nobody can tell the line.
    pub unplaced: i64,
}

/// Refusals of the month, by visit.
#[derive(Default)]
pub(crate) struct National {
    visits: HashMap<i64, Refused>,
    /// Facility of each of these visits.
    facilities: HashMap<i64, String>,
    listed: BTreeMap<String, Listed>,
}

/// Whether a number is that of a visit of the month.
type Known<'k> = dyn Fn(i64) -> bool + 'k;

impl National {
    /// Reads the lists and sheets that were handed over for the month.
    pub(crate) fn read(context: &StepContext, lists: &Lists, known: &Known<'_>) -> Result<Self, ChapterError> {
        let mut national = Self::default();
        let mut by_portal = national.sheets(context, lists)?;
        let files = context.roster(ROSTER);
        for file in &files {
            for batch in context.book.stream_table(&file.table, &["facility", "portal_id", "case_id"], ROWS)? {
                let rows = ListRows::of(&batch?)?;
                for row in 0..rows.len() {
                    if let (Some(facility), Some(portal), Some(case)) =
                        (rows.facility(row), rows.text("portal_id", row), rows.text("case_id", row))
                    {
                        by_portal.insert(of_portal(&facility, portal), VisitId::of(&facility, case));
                    }
                }
            }
        }
        // A row that a later file sends again counts once.
        let mut met = HashSet::new();
        for file in files.iter().rev() {
            for batch in context.book.stream_table(&file.table, &COLUMNS, ROWS)? {
                let rows = ListRows::of(&batch?)?;
                for row in 0..rows.len() {
                    if let Some(share) = rows.share(row).filter(|_| met.insert(rows.mark(row))) {
                        national.row(&rows, row, share, &by_portal, known);
                    }
                }
            }
        }
        Ok(national)
    }

    /// A row of a list.
    fn row(&mut self, rows: &ListRows, row: usize, share: Share, by_portal: &HashMap<VisitId, VisitId>, known: &Known<'_>) {
        let facility = rows.facility(row).unwrap_or_default();
        let own = rows.text("case_id", row).map(|case| VisitId::of(&facility, case));
        let portal = rows.text("portal_id", row).map(|portal| of_portal(&facility, portal));
        let of_both = portal.and_then(|portal| by_portal.get(&portal)).copied();
        let listed = self.listed.entry(facility.clone()).or_default();
        listed.rows += 1;
        let Some(visit) = [own, of_both, portal].into_iter().flatten().find(|id| known(id.0)) else {
            listed.unmatched += 1;
            return;
        };
        self.facilities.entry(visit.0).or_insert(facility);
        let refused = self.visits.entry(visit.0).or_default();
        let table = rows.text("line_table", row).and_then(table);
        let line = rows.text("line_no", row).and_then(|number| number.parse::<i64>().ok());
        match (table.zip(line), rows.text("item_code", row)) {
            (Some((table, line)), _) => refused.line(table, line, share),
            (None, Some(code)) => refused.code(code, share),
            (None, None) if LINE.iter().all(|name| rows.text(name, row).is_none()) => refused.whole(share),
            (None, None) => {
                listed.unplaced += 1;
                refused.some_line(share);
            }
        }
    }

    /// What sheets 79a and 80a say of refusals; a row is held against the XML claim of its visit where there is one. Gives which visit the portal's numbers mean.
    fn sheets(&mut self, context: &StepContext, lists: &Lists) -> Result<HashMap<VisitId, VisitId>, ChapterError> {
        let wrong = of_claims("claims.findings");
        let inputs = context.inputs;
        let sent = latest(context.book, inputs.packets, inputs.period).map_err(&wrong)?;
        let xml = Xml::read(context.book, inputs.packets, (&sent, lists), inputs.batches).map_err(&wrong)?;
        let mut by_portal = HashMap::new();
        let columns: Vec<&str> = IDENTITY.into_iter().chain(REFUSAL).collect();
        for file in sheets::files(inputs.batches) {
            let mut met = HashSet::new();
            let read = sheets::each(context.book, file, &columns, &mut |rows, row, _, id, _| {
                let visit = xml.of(rows, row, &mut met).unwrap_or(id);
                if let (Some(facility), Some(portal)) = (rows.text(row, "facility"), rows.portal_id(row)) {
                    by_portal.insert(of_portal(&facility, portal), visit);
                }
                if let Some(refusal) = rows.refusal(row) {
                    self.facilities.entry(visit.0).or_insert_with(|| rows.text(row, "facility").unwrap_or_default());
                    self.visits.entry(visit.0).or_default().sheet(refusal == Refusal::Whole, rows.refused(row));
                }
                Ok(())
            });
            read.map_err(&wrong)?;
        }
        Ok(by_portal)
    }

    /// What it says of a finding; nothing where nothing of its visit was refused.
    pub(crate) fn of(&self, about: &About<'_>) -> Option<Said> {
        self.visits.get(&about.visit).map(|refused| refused.of(about))
    }

    /// The table of what was refused visit by visit, in whole đồng.
    pub(crate) fn by_visit(&self, context: &StepContext) -> Result<StepTable, ChapterError> {
        let mut table = TableBuilder::new(context.schema(VISITS)?)?;
        let facility = |visit: &i64| self.facilities.get(visit).map(String::as_str).unwrap_or_default();
        let mut visits: Vec<(&str, i64, RefusedSum)> =
            self.visits.iter().map(|(visit, refused)| (facility(visit), *visit, refused.sum())).collect();
        visits.sort_unstable_by_key(|(facility, visit, _)| (*facility, *visit));
        for (facility, visit, sum) in visits {
            table.text(Some(facility)).int(Some(visit)).flag(Some(sum.whole)).int(Some(sum.amount.get()));
        }
        Ok(StepTable::new(VISITS, context.schema(VISITS)?, table.finish()?))
    }

    /// The table of what became of the rows of lists; says the sums in the log of the run.
    pub(crate) fn table(&self, context: &StepContext, step: &'static str) -> Result<StepTable, ChapterError> {
        let mut table = TableBuilder::new(context.schema("claim_national")?)?;
        let mut all = Listed::default();
        for (facility, listed) in &self.listed {
            table.text(Some(facility)).int(Some(listed.rows)).int(Some(listed.unmatched)).int(Some(listed.unplaced));
            all.rows += listed.rows;
            all.unmatched += listed.unmatched;
            all.unplaced += listed.unplaced;
        }
        if all.rows > 0 {
            let Listed { rows, unmatched, unplaced } = all;
            let said = format!(
                "{step} từ chối của hệ thống quốc gia: {unmatched} dòng không gắn được với hồ sơ nào, {unplaced} dòng không rõ dòng chi phí"
            );
            let count = |rows: i64| u64::try_from(rows).unwrap_or(0);
            context.progress.at(&said, count(rows - unmatched), count(rows));
        }
        Ok(StepTable::new("claim_national", context.schema("claim_national")?, table.finish()?))
    }
}

/// Columns of a list that say which line is meant: when all are empty, the whole visit is.
const LINE: [&str; 5] = ["line_table", "line_id", "line_no", "item_code", "item_name"];
/// What was asked and what is left of it.
const LEFT: [&str; 4] = ["quantity_left", "price_left", "rate_left", "benefit_left"];
/// All that is read of a list.
const COLUMNS: [&str; 15] = [
    "facility",
    "portal_id",
    "case_id",
    "line_table",
    "line_id",
    "line_no",
    "item_code",
    "item_name",
    "reason",
    "amount_asked",
    "amount_refused",
    "quantity_left",
    "price_left",
    "rate_left",
    "benefit_left",
];

/// Some rows of a list.
struct ListRows {
    texts: BTreeMap<&'static str, StringArray>,
    numbers: BTreeMap<&'static str, Int64Array>,
    count: usize,
}

impl ListRows {
    fn of(batch: &RecordBatch) -> Result<Self, EngineError> {
        let (mut texts, mut numbers) = (BTreeMap::new(), BTreeMap::new());
        for name in COLUMNS.into_iter().filter(|name| batch.column_by_name(name).is_some()) {
            if LEFT.contains(&name) || name.starts_with("amount_") {
                numbers.insert(name, rows::int(batch, name)?);
            } else {
                texts.insert(name, rows::text(batch, name)?);
            }
        }
        Ok(Self { texts, numbers, count: batch.num_rows() })
    }

    fn len(&self) -> usize {
        self.count
    }

    fn text(&self, name: &str, row: usize) -> Option<&str> {
        rows::text_at(self.texts.get(name)?, row).map(str::trim).filter(|text| !text.is_empty())
    }

    fn number(&self, name: &str, row: usize) -> Option<i64> {
        rows::int_at(self.numbers.get(name)?, row)
    }

    /// The facility, with the zero that Excel took away.
    fn facility(&self, row: usize) -> Option<String> {
        self.text("facility", row).map(facilities)
    }

    fn amount(&self, name: &str, row: usize) -> Option<Amount> {
        self.number(name, row).and_then(|thousandths| Amount::from_millionths(i128::from(thousandths) * 1_000))
    }

    /// What a row refuses; nothing where it says that nothing is refused. Without an amount all is, unless something is said to be left.
    fn share(&self, row: usize) -> Option<Share> {
        let asked = self.amount("amount_asked", row);
        if let Some(refused) = self.amount("amount_refused", row) {
            return (refused > Amount::ZERO).then_some(Share { all: false, refused, asked });
        }
        let mut left = LEFT.iter().filter_map(|name| self.number(name, row)).peekable();
        let all = left.peek().is_none() || left.any(|left| left == 0);
        Some(Share { all, refused: Amount::ZERO, asked })
    }

    /// What makes a row the same row in another file.
    fn mark(&self, row: usize) -> i64 {
        let cells = COLUMNS[1..9].iter().map(|name| self.text(name, row).unwrap_or_default());
        VisitId::of(&self.facility(row).unwrap_or_default(), &cells.collect::<Vec<_>>().join("\u{1}")).0
    }
}

/// What the national system refused of a facility's visits of a month, by the book's number, as the month's run worked it out; nothing where no run did.
pub(crate) fn sums(book: &Book, period: Month, facility: &str) -> Result<BTreeMap<i64, RefusedSum>, ClaimsError> {
    let mut sums = BTreeMap::new();
    let Some(state) = book.periods()?.into_iter().find(|state| state.period == period) else { return Ok(sums) };
    let run = book.run(&state.run)?;
    let tables = run.tables();
    let Some(table) = tables.get(VISITS) else { return Ok(sums) };
    for batch in book.stream_table(table, &["facility", "visit_id", "whole", "amount"], ROWS)? {
        let batch = batch?;
        let (facilities, visits) = (rows::text(&batch, "facility")?, rows::int(&batch, "visit_id")?);
        let (wholes, amounts) = (rows::flag(&batch, "whole")?, rows::int(&batch, "amount")?);
        for row in (0..batch.num_rows()).filter(|row| facilities.value(*row) == facility) {
            let sum = RefusedSum { whole: wholes.value(row), amount: Dong::new(amounts.value(row)) };
            sums.insert(visits.value(row), sum);
        }
    }
    Ok(sums)
}

/// Which table the portal's words mean.
fn table(word: &str) -> Option<&'static str> {
    let word = names::fold(word);
    if word.contains("xml2") || word.contains("thuoc") || word.contains("mau") {
        Some("xml2")
    } else if word.contains("xml3")
        || word.contains("dvkt")
        || word.contains("dich vu")
        || word.contains("giuong")
        || word.contains("vat tu")
    {
        Some("xml3")
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
