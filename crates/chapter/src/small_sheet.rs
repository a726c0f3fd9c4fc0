//! Small sheets that come back by hand (answers, numbers, cards): read by a layout of their own, row by row, refused rows with why.

use base::Date;
use base::places::Places;
use intake::{Chunk, Layouts, Limits, Reject, Source, Values};
use web::{Lang, Locale};

/// A sheet that the portal knows.
pub struct SmallSheet<'l> {
    /// The layout's text.
    pub layout: &'l str,
    /// What kind the layout says it is.
    pub kind: &'l str,
    /// Bytes at most.
    pub max_bytes: usize,
}

impl SmallSheet<'_> {
    /// Hands each row to `row`; gives what was refused. An error is a file that is no such sheet.
    #[expect(clippy::result_unit_err, reason = "the page says one thing of every file that is no such sheet")]
    pub fn read(&self, bytes: Vec<u8>, places: &Places, row: &mut dyn FnMut(SmallRow<'_>)) -> Result<Vec<Reject>, ()> {
        let layouts = Layouts::load([("small.yaml".to_owned(), self.layout.to_owned())]).map_err(drop)?;
        let limits = Limits {
            max_bytes: self.max_bytes as u64,
            max_unpacked: 64 << 20,
            max_shared_strings: 32 << 20,
            max_rejects: 5_000,
            ..Limits::default()
        };
        // What it is, its bytes say and not its name.
        let name = if bytes.starts_with(b"PK\x03\x04") { "sheet.xlsx" } else { "sheet.csv" };
        let source = Source { name: name.to_owned(), bytes };
        let report = intake::read(&source, Some(self.kind), &layouts, places, &limits, &mut |chunk| {
            (0..chunk.rows()).for_each(|at| row(SmallRow { chunk: &chunk, at }));
            Ok(())
        });
        Ok(report.map_err(drop)?.rejects)
    }
}

/// A row of a small sheet.
#[derive(Debug, Clone, Copy)]
pub struct SmallRow<'c> {
    chunk: &'c Chunk,
    at: usize,
}

impl SmallRow<'_> {
    /// Its number in the file, from 1; 0 where the file does not say.
    pub fn number(self) -> i64 {
        match self.chunk.column("source_row") {
            Some(Values::Int(values)) => values.get(self.at).copied().flatten().unwrap_or(0),
            _ => 0,
        }
    }

    /// A cell of text.
    pub fn text(self, name: &str) -> Option<String> {
        match self.chunk.column(name) {
            Some(Values::Text(values)) => values.get(self.at).cloned().flatten(),
            _ => None,
        }
    }

    /// A cell with a day.
    pub fn day(self, name: &str) -> Option<Date> {
        match self.chunk.column(name) {
            Some(Values::Date(values)) => values.get(self.at).copied().flatten().and_then(Date::from_days_since_epoch),
            _ => None,
        }
    }

    /// The version of what the row is about, as the portal wrote it into a hidden column (`v7`).
    pub fn version(self, name: &str) -> Option<i64> {
        self.text(name)?.strip_prefix('v')?.parse().ok()
    }
}

/// The row of the file that was refused.
pub fn reject_row(reject: &Reject) -> i64 {
    i64::try_from(reject.source_row).unwrap_or(0)
}

/// Why it was refused, in the reader's language.
pub fn reject_why(l: Locale, reject: &Reject) -> String {
    if l.lang() == Lang::En { reject.reason.en().to_owned() } else { reject.reason.vi().to_owned() }
}
