//! What the national system refused already (giám định tự động): only the difference is work for the city.

use std::collections::{BTreeMap, BTreeSet};

use base::names;
use chapter::{ChapterError, StepContext};
use engine::rows;

use super::rows::of_claims;
use super::sheet_row::{IDENTITY, REFUSAL, Refusal};
use super::sheets;
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
    fn the_portals_words_for_tables_are_known() {
        assert_eq!(table("Thuốc"), Some("xml2"));
        assert_eq!(table("XML3"), Some("xml3"));
        assert_eq!(table("Giường bệnh"), Some("xml3"));
        assert_eq!(table("khác"), None);
    }
}
