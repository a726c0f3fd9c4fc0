//! What the insurance agency's ledger (sổ theo dõi thu) says of each employer.

use std::collections::BTreeMap;

use chapter::{ChapterError, StepContext};
use engine::rows;

use super::counts::Mentioned;
use crate::register::files::RosterFiles;

/// The newest month of the ledger, the units of one employer added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Ledger {
    /// Days since 1970-01-01.
    month: Option<i32>,
    pub(super) workers: Option<i64>,
    /// Đồng.
    pub(super) debt: Option<i64>,
    /// The most months of one unit.
    pub(super) months_late: Option<i64>,
}

/// The ledger gives months in ten-thousandths, as all coefficients.
const WHOLE: i64 = 10_000;

impl Ledger {
    /// Takes a line; only those of the newest month count.
    fn add(&mut self, line: Ledger) {
        match line.month.cmp(&self.month) {
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Greater => *self = line,
            std::cmp::Ordering::Equal => {
                let sum = |a: Option<i64>, b: Option<i64>| a.map_or(b, |a| Some(a.saturating_add(b.unwrap_or(0))));
                self.workers = sum(self.workers, line.workers);
                self.debt = sum(self.debt, line.debt);
                self.months_late = self.months_late.max(line.months_late);
            }
        }
    }
}

/// The ledger by the place of the employer; empty when no ledger arrived.
pub(super) fn ledgers(context: &StepContext, mentioned: &Mentioned) -> Result<BTreeMap<u32, Ledger>, ChapterError> {
    let mut found: BTreeMap<u32, Ledger> = BTreeMap::new();
    let Some(files) = RosterFiles::of(context, "unit_ledger") else { return Ok(found) };
    let links = links(context, mentioned)?;
    let wanted = ["source_row", "month", "workers", "closing_debt", "months_late"];
    files.each(context.book, &wanted, &mut |first, batch| {
        let int = |name: &str| batch.column_by_name(name).map(|_| rows::int(batch, name)).transpose();
        let (source, months) = (rows::int(batch, "source_row")?, rows::date(batch, "month")?);
        let (workers, debts, late) = (int("workers")?, int("closing_debt")?, int("months_late")?);
        for row in 0..batch.num_rows() {
            let place = links.get(files.file_of(first + row)).and_then(|rows| rows.get(&source.value(row)));
            let Some(place) = place else { continue };
            let of = |column: &Option<engine::arrow::array::Int64Array>| column.as_ref().and_then(|c| rows::int_at(c, row));
            found.entry(*place).or_default().add(Ledger {
                month: rows::date_at(&months, row),
                workers: of(&workers),
                debt: of(&debts),
                months_late: of(&late).map(|late| late.div_euclid(WHOLE)),
            });
        }
        Ok(())
    })?;
    Ok(found)
}

/// Whose each row of the ledger is: file, row, place of the employer.
type Links = BTreeMap<String, BTreeMap<i64, u32>>;

fn links(context: &StepContext, mentioned: &Mentioned) -> Result<Links, ChapterError> {
    let mut links = Links::new();
    let Some(table) = context.table("employer_link") else { return Ok(links) };
    for batch in context.book.stream_table(table, &["roster", "source_file", "source_row", "employer_id"], 65_536)? {
        let batch = batch?;
        let (rosters, files) = (rows::text(&batch, "roster")?, rows::text(&batch, "source_file")?);
        let (source, employers) = (rows::int(&batch, "source_row")?, rows::int(&batch, "employer_id")?);
        for row in (0..batch.num_rows()).filter(|row| rosters.value(*row) == "unit_ledger") {
            let Some(place) = mentioned.place_of(employers.value(row)) else { continue };
            let rows = match links.get_mut(files.value(row)) {
                Some(rows) => rows,
                None => links.entry(files.value(row).to_owned()).or_default(),
            };
            rows.insert(source.value(row), place);
        }
    }
    Ok(links)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_one_employer_add_up_and_only_the_newest_month_counts() {
        let line = |month, workers, debt, late| Ledger { month, workers, debt, months_late: late };
        let mut one = Ledger::default();
        one.add(line(Some(10), Some(5), Some(100), Some(1)));
        one.add(line(Some(40), Some(7), None, Some(2)));
        one.add(line(Some(40), None, Some(30), Some(4)));
        one.add(line(Some(10), Some(900), Some(900), Some(9)));
        assert_eq!(one, line(Some(40), Some(7), Some(30), Some(4)));
    }
}
