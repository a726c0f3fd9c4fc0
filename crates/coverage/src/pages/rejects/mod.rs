//! Refused rows: by reason, by file, as files to be mended, and which of them came back.

mod export;
mod page;
mod read;

use axum::Router;
use axum::routing::get;
use book::BatchRecord;
use chapter::{App, PageError};
use serde::Deserialize;

use super::Pages;
use super::rosters::{Received, require};

pub(crate) use export::{csv_of_batch, xlsx_of_batch};
pub(crate) use read::Refused;

/// Path of the list of refused rows.
pub(super) const REJECTS: &str = "/du-lieu/tra-lai";

/// The routes.
pub(super) fn routes() -> Router<Pages> {
    Router::new()
        .route(REJECTS, get(page::show))
        .route("/du-lieu/tra-lai.csv", get(export::csv))
        .route("/du-lieu/tra-lai.xlsx", get(export::xlsx))
}

/// The filter as the address says it.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Filter {
    /// Period.
    #[serde(rename = "ky", default)]
    period: String,
    /// Roster.
    #[serde(rename = "loai", default)]
    roster: String,
    /// Batch.
    #[serde(rename = "lo", default)]
    batch: String,
    /// Code of a reason.
    #[serde(rename = "ly-do", default)]
    reason: String,
    /// `cho`: only rows that did not come back mended.
    #[serde(rename = "trang-thai", default)]
    state: String,
    /// Rows before the page.
    #[serde(rename = "tu", default)]
    from: usize,
}

impl Filter {
    /// The address of a page with another filter; the page starts anew.
    fn href(&self, path: &str, change: impl FnOnce(&mut Self)) -> String {
        let mut other = Self { from: 0, ..self.clone() };
        change(&mut other);
        let from = if other.from > 0 { other.from.to_string() } else { String::new() };
        let pairs = [
            ("ky", &other.period),
            ("loai", &other.roster),
            ("lo", &other.batch),
            ("ly-do", &other.reason),
            ("trang-thai", &other.state),
            ("tu", &from),
        ];
        // Values that are no words of ours were refused before; what is left needs no escaping.
        let words =
            |value: &str| value.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect::<String>();
        let query: Vec<String> = pairs.iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| format!("{n}={}", words(v))).collect();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
    }

    /// Whether the batch's rows are asked for.
    fn takes_batch(&self, batch: &BatchRecord) -> bool {
        batch.quarantined > 0
            && (self.roster.is_empty() || self.roster == batch.roster)
            && (self.batch.is_empty() || self.batch == batch.id)
            && (self.reason.is_empty() || batch.refused.contains_key(&self.reason))
    }

    /// Whether a row is asked for.
    fn takes(&self, row: &Refused, is_mended: bool) -> bool {
        (self.reason.is_empty() || row.code == Some(self.reason.as_str())) && (self.state != "cho" || !is_mended)
    }
}

/// The refused rows of a batch, read back from the file that a clerk downloads.
pub(crate) fn of_batch(app: &App, batch: &BatchRecord) -> Result<Vec<Refused>, PageError> {
    Ok(file_of(app, batch)?.rows)
}

fn file_of(app: &App, batch: &BatchRecord) -> Result<read::RejectsFile, PageError> {
    if batch.quarantined == 0 {
        return Ok(read::RejectsFile::default());
    }
    let text = String::from_utf8(read_rejects(app, batch)?).map_err(|_| PageError::NotFound)?;
    Ok(read::read(&text))
}

/// The file of refused rows as it was written; one that is over its term is not there.
fn read_rejects(app: &App, batch: &BatchRecord) -> Result<Vec<u8>, PageError> {
    let file = app.book.rejects_file(batch);
    if !file.exists() {
        return Err(PageError::NotFound);
    }
    // A key that is missing is told as what it is.
    file.read().map_err(|e| PageError::inner(&e))
}

/// The batches whose rows are asked for, those of one roster together.
fn batches<'r>(received: &'r Received, filter: &Filter) -> Vec<&'r BatchRecord> {
    let mut found: Vec<&BatchRecord> = match received.batch(&filter.batch) {
        // One file may be looked at when another stands for it already.
        Some(batch) => vec![batch],
        None => received.in_force(),
    };
    found.retain(|batch| filter.takes_batch(batch));
    found.sort_by(|a, b| (&a.roster, &a.file_name, &a.id).cmp(&(&b.roster, &b.file_name, &b.id)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_the_filter_and_nothing_else() {
        let filter = Filter { period: "2026-10".into(), reason: "bad_date".into(), from: 50, ..Filter::default() };
        assert_eq!(filter.href(REJECTS, |_| ()), "/du-lieu/tra-lai?ky=2026-10&ly-do=bad_date");
        assert_eq!(filter.href(REJECTS, |f| f.from = 100), "/du-lieu/tra-lai?ky=2026-10&ly-do=bad_date&tu=100");
        let odd = Filter { roster: "a&b=\"<".into(), ..Filter::default() };
        assert_eq!(odd.href(REJECTS, |_| ()), "/du-lieu/tra-lai?loai=ab");
    }
}
