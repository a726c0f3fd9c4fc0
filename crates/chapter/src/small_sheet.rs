//! Small sheets that come back by hand (answers, numbers, cards): read by a layout of their own, row by row, refused rows with why.

use base::places::Places;
use intake::{Chunk, Layouts, Limits, Reject, Source};
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
    /// Hands each row to `row` (the chunk and the place in it); gives what was refused. An error is a file that is no such sheet.
    #[expect(clippy::result_unit_err, reason = "the page says one thing of every file that is no such sheet")]
    pub fn read(&self, bytes: Vec<u8>, places: &Places, row: &mut dyn FnMut(&Chunk, usize)) -> Result<Vec<Reject>, ()> {
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
            (0..chunk.rows()).for_each(|at| row(&chunk, at));
            Ok(())
        });
        Ok(report.map_err(drop)?.rejects)
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
