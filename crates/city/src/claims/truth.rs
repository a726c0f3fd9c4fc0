//! The truth of a month of claims: what is planted, what only looks alike, what is cut off.

use std::fmt::Write;
use std::path::Path;

use crate::claims::lists::Lists;
use crate::claims::money::Milli;
use crate::claims::plan::{Mark, Worth};
use crate::claims::visit::{Item, Visit};
use crate::error::CityError;

/// Header of `claims_PERIOD.csv` and `claims_lookalike_PERIOD.csv`.
pub const HEADER: &str = "facility,ma_lk,table,line,scheme,rule,amount,note";
/// Header of `claims_broken_PERIOD.csv`.
const BROKEN: &str = "file,number,reason";

/// Truth of a month while it is written.
#[derive(Debug, Default)]
pub struct Truth {
    planted: String,
    honest: String,
    broken: String,
    /// Rows about planted cases.
    pub planted_rows: u64,
    /// Rows about look-alikes.
    pub honest_rows: u64,
}

impl Truth {
    /// Notes what is true of a visit.
    pub fn visit(&mut self, visit: &Visit, lists: &Lists) {
        for mark in &visit.marks {
            let (table, line) = match visit.tagged(mark.tag).filter(|_| mark.tag > 0) {
                Some((table, number, _)) => (table, number.to_string()),
                // A line that could not be made leaves nothing to find.
                None if mark.tag > 0 => continue,
                None => ("xml1", String::new()),
            };
            let amount = amount(visit, mark, lists).dong();
            let (text, rows) =
                if mark.honest { (&mut self.honest, &mut self.honest_rows) } else { (&mut self.planted, &mut self.planted_rows) };
            *rows += 1;
            let (facility, link) = (&visit.facility.code, &visit.link);
            // Writing to a string does not fail.
            let _ = writeln!(text, "{facility},{link},{table},{line},{},{},{amount},{}", mark.scheme, mark.rule, mark.note);
        }
    }

    /// Notes a dossier that is cut off.
    pub fn broken(&mut self, file: &str, number: usize) {
        let _ = writeln!(self.broken, "{file},{number},broken");
    }

    /// Adds what another part noted after this one.
    pub fn join(&mut self, other: &Self) {
        self.planted.push_str(&other.planted);
        self.honest.push_str(&other.honest);
        self.broken.push_str(&other.broken);
        self.planted_rows += other.planted_rows;
        self.honest_rows += other.honest_rows;
    }

    /// Writes the files of a period.
    pub fn write(&self, folder: &Path, period: &str) -> Result<(), CityError> {
        let files = [
            ("claims", HEADER, &self.planted),
            ("claims_lookalike", HEADER, &self.honest),
            ("claims_broken", BROKEN, &self.broken),
        ];
        for (name, header, rows) in files {
            let path = folder.join(format!("{name}_{period}.csv"));
            std::fs::write(&path, format!("{header}\n{rows}")).map_err(CityError::io(&path))?;
        }
        Ok(())
    }
}

/// Đồng at stake.
fn amount(visit: &Visit, mark: &Mark, lists: &Lists) -> Milli {
    match mark.worth {
        Worth::Nothing => Milli::ZERO,
        Worth::Visit => visit.totals.all.fund,
        Worth::Line => visit.tagged(mark.tag).map_or(Milli::ZERO, |(.., at)| visit.lines[at].parts.fund),
        Worth::Fixed(amount) => amount,
        Worth::Days(days) => {
            let (all, days) = (i64::from(visit.plan.days.max(1)), i64::from(days));
            Milli::thousandths(visit.totals.all.fund.get() * days / all)
        }
        Worth::Beds => {
            let usual = visit.facility.price(lists.services[lists.service("bed_internal")].price);
            let beds = visit.lines.iter().filter(|line| matches!(line.item, Item::Service(at) if lists.services[at].is_bed()));
            beds.map(|line| (line.parts.bh - usual).rate(line.parts.level)).filter(|more| *more > Milli::ZERO).sum()
        }
    }
}
