//! What the national system refused already (giám định tự động): only the difference is work for the city.

use std::collections::{BTreeMap, BTreeSet};

use base::{Amount, Dong, Month, names};
use book::{BatchRecord, Book};
use chapter::{ChapterError, StepContext};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, rows};

use super::rows::of_claims;
use super::sheet_row::{IDENTITY, REFUSAL, Refusal};
use super::sheets;
use crate::error::ClaimsError;
use crate::store::VisitId;

/// The roster of its results.
pub(crate) const ROSTER: &str = "claim_refusal_sheet";

/// What was refused of one visit.
#[derive(Default)]
struct Refused {
    whole: bool,
    lines: BTreeSet<(&'static str, i64)>,
    codes: BTreeSet<String>,
}

/// Refusals of the month, by visit.
#[derive(Default)]
pub(crate) struct National {
    visits: BTreeMap<i64, Refused>,
}

impl National {
    /// Reads the lists that were handed over for the month. Rows without MA_LK cannot be held against a visit and are passed over.
    pub(crate) fn read(context: &StepContext) -> Result<Self, ChapterError> {
        let mut national = Self::default();
        for batch in context.roster(ROSTER) {
            for rows_of in
                context.book.read_table(&batch.table, Some(&["facility", "case_id", "line_table", "line_no", "item_code"]))?
            {
                let text = |name: &str| rows::text(&rows_of, name);
                let (facilities, cases, tables) = (text("facility")?, text("case_id")?, text("line_table")?);
                let (numbers, codes) = (text("line_no")?, text("item_code")?);
                for row in 0..rows_of.num_rows() {
                    let cell = |array, row| rows::text_at(array, row).map(str::trim).filter(|text| !text.is_empty());
                    let (Some(facility), Some(case)) = (cell(&facilities, row), cell(&cases, row)) else { continue };
                    let refused = national.visits.entry(VisitId::of(facility, case).0).or_default();
                    let line = cell(&numbers, row).and_then(|number| number.parse::<i64>().ok());
                    match (cell(&tables, row).and_then(table), line, cell(&codes, row)) {
                        (Some(table), Some(line), _) => {
                            refused.lines.insert((table, line));
                        }
                        (_, _, Some(code)) => {
                            refused.codes.insert(code.to_owned());
                        }
                        _ => refused.whole = true,
                    }
                }
            }
        }
        national.sheets(context)?;
        Ok(national)
    }

    /// What sheets 79a and 80a say of refusals. A row with MA_LK is held against the facility's XML claims too.
    fn sheets(&mut self, context: &StepContext) -> Result<(), ChapterError> {
        let columns: Vec<&str> = IDENTITY.into_iter().chain(REFUSAL).collect();
        for file in sheets::files(context.inputs.batches) {
            let read = sheets::each(context.book, file, &columns, &mut |rows, row, _, id, _| {
                if let Some(refusal) = rows.refusal(row) {
                    self.visits.entry(id.0).or_default().whole |= refusal == Refusal::Whole;
                }
                Ok(())
            });
            read.map_err(of_claims("claims.findings"))?;
        }
        Ok(())
    }

    /// What it says of a finding: `refused` when the visit or this very line is refused, `partly` when others of its lines are.
    pub(crate) fn of(&self, visit: i64, table: Option<&str>, line: Option<i64>, code: Option<&str>) -> Option<&'static str> {
        let refused = self.visits.get(&visit)?;
        let this_line = table.zip(line).is_some_and(|(table, line)| refused.lines.iter().any(|(t, l)| *t == table && *l == line));
        let this_code = code.is_some_and(|code| refused.codes.contains(code));
        Some(if refused.whole || this_line || this_code { "refused" } else { "partly" })
    }
}

/// What the national system refused of a visit, đồng.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct RefusedSum {
    /// Whether all that the visit asks is refused.
    pub whole: bool,
    /// Else what is refused of it, as far as the lists say amounts.
    pub amount: Dong,
}

impl RefusedSum {
    /// What of it counts of a visit that asks so much and of which the audit here holds so much: a đồng is refused once.
    pub(crate) fn of(self, fund: Dong, held: Dong) -> Dong {
        let most = (fund - held).max(Dong::ZERO);
        if self.whole { most } else { self.amount.min(most) }
    }
}

/// Columns of the list of refusals that are read for its sums; one that a file does not have is passed over.
const SUMMED: [&str; 7] = ["facility", "case_id", "line_table", "line_id", "line_no", "item_code", "amount_refused"];
/// Rows read at once.
const ROWS: usize = 8_192;

/// What the national system refused of a facility's visits of a month, by the book's number, as the lists and sheets that were handed over say it.
/// A line without an amount counts nothing; a line that several lists name counts once, with the most that one of them says.
pub(crate) fn sums(book: &Book, period: Month, facility: &str) -> Result<BTreeMap<i64, RefusedSum>, ClaimsError> {
    let batches = book.batches(period)?;
    let is_there = |batch: &&BatchRecord| book.table_path(&batch.table).exists();
    let mut lines: BTreeMap<(i64, String), Dong> = BTreeMap::new();
    let mut sums: BTreeMap<i64, RefusedSum> = BTreeMap::new();
    for batch in batches.iter().filter(|batch| batch.roster == ROSTER).filter(is_there) {
        for read in book.stream_table(&batch.table, &SUMMED, ROWS)? {
            of_list(&read?, facility, &mut lines, &mut sums)?;
        }
    }
    for ((visit, _), amount) in lines {
        let sum = sums.entry(visit).or_default();
        sum.amount = sum.amount.checked_add(amount).unwrap_or(sum.amount);
    }
    let columns: Vec<&str> = IDENTITY.into_iter().chain(REFUSAL).collect();
    for file in sheets::files(&batches).into_iter().filter(is_there) {
        sheets::each(book, file, &columns, &mut |rows, row, _, id, _| {
            if rows.text(row, "facility").as_deref() != Some(facility) {
                return Ok(());
            }
            if let Some(refusal) = rows.refusal(row) {
                let sum = sums.entry(id.0).or_default();
                sum.whole |= refusal == Refusal::Whole;
                let told = rows.refused(row).and_then(Amount::to_dong).unwrap_or_default();
                // The sheet tells the visit as a whole, lines included.
                sum.amount = sum.amount.max(told);
            }
            Ok(())
        })?;
    }
    Ok(sums)
}

/// The rows of a facility in a list of refusals: those of lines with their amounts, those of whole visits.
fn of_list(
    batch: &RecordBatch,
    facility: &str,
    lines: &mut BTreeMap<(i64, String), Dong>,
    sums: &mut BTreeMap<i64, RefusedSum>,
) -> Result<(), EngineError> {
    let texts = SUMMED[..6].iter().map(|name| batch.column_by_name(name).map(|_| rows::text(batch, name)).transpose());
    let texts = texts.collect::<Result<Vec<_>, _>>()?;
    let amounts = batch.column_by_name("amount_refused").map(|_| rows::int(batch, "amount_refused")).transpose()?;
    for row in 0..batch.num_rows() {
        let cell = |at: usize| {
            let text = texts.get(at)?.as_ref().and_then(|cells| rows::text_at(cells, row))?.trim();
            (!text.is_empty()).then_some(text)
        };
        let (Some(of), Some(case)) = (cell(0), cell(1)) else { continue };
        if of != facility {
            continue;
        }
        let visit = VisitId::of(of, case).0;
        let amount = amounts.as_ref().and_then(|cells| rows::int_at(cells, row));
        // Amounts of rosters are thousandths of a đồng.
        let amount = amount.and_then(|told| Amount::from_millionths(i128::from(told) * 1_000)).and_then(Amount::to_dong);
        let place: Vec<&str> = (2..6).map(|at| cell(at).unwrap_or_default()).collect();
        if place[1..].iter().all(|part| part.is_empty()) {
            let sum = sums.entry(visit).or_default();
            match amount {
                Some(amount) => sum.amount = sum.amount.max(amount),
                None => sum.whole = true,
            }
            continue;
        }
        let known = lines.entry((visit, place.join("\u{1}"))).or_default();
        *known = amount.unwrap_or_default().max(*known);
    }
    Ok(())
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
mod tests {
    use super::*;

    #[test]
    fn this_line_is_refused_and_another_one_is_partly() {
        let mut national = National::default();
        let refused = national.visits.entry(5).or_default();
        refused.lines.insert(("xml3", 2));
        assert_eq!(national.of(5, Some("xml3"), Some(2), None), Some("refused"));
        assert_eq!(national.of(5, Some("xml3"), Some(3), None), Some("partly"));
        assert_eq!(national.of(5, None, None, None), Some("partly"));
        assert_eq!(national.of(6, None, None, None), None);
    }

    #[test]
    fn what_the_audit_here_holds_is_not_refused_a_second_time() {
        let of = |whole, amount, fund, held| {
            RefusedSum { whole, amount: Dong::new(amount) }.of(Dong::new(fund), Dong::new(held)).get()
        };
        assert_eq!(of(true, 0, 500_000, 0), 500_000, "the whole visit");
        assert_eq!(of(true, 0, 500_000, 120_000), 380_000, "of which 120,000 is in a case already");
        assert_eq!(of(false, 60_000, 500_000, 0), 60_000);
        assert_eq!(of(false, 60_000, 50_000, 0), 50_000, "never more than the visit asks");
        assert_eq!(of(false, 60_000, 50_000, 70_000), 0);
    }

    #[test]
    fn the_portals_words_for_tables_are_known() {
        assert_eq!(table("Thuốc"), Some("xml2"));
        assert_eq!(table("XML3"), Some("xml3"));
        assert_eq!(table("Giường bệnh"), Some("xml3"));
        assert_eq!(table("khác"), None);
    }
}
