//! What was received for a period: rosters expected and there, files, what was refused, what was replaced.

mod batch;
mod overview;
mod parts;

use axum::Router;
use axum::routing::get;
use base::Month;
use book::{BatchRecord, RunManifest, replaced_by};
use chapter::{App, PageError, Viewer};
use desk::Permission;
use serde::Deserialize;
use web::component::{Link, Tab, tabs};
use web::{Locale, SafeHtml};

use super::Pages;

pub(crate) use batch::columns_told;
pub(crate) use parts::{changes_table, counts, reason_lines, reason_words, roster_title};

/// Path of these pages.
pub(crate) const DATA: &str = "/du-lieu";

/// The routes.
pub(super) fn routes() -> Router<Pages> {
    Router::new()
        .route("/du-lieu", get(overview::show))
        .route("/du-lieu/{batch}", get(batch::show))
        .route("/du-lieu/{batch}/tra-lai.csv", get(super::rejects::csv_of_batch))
        .route("/du-lieu/{batch}/tra-lai.xlsx", get(super::rejects::xlsx_of_batch))
}

/// The period an address names.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct PeriodQuery {
    /// `2026-10`; the newest one when it is left out.
    #[serde(rename = "ky", default)]
    pub(crate) period: String,
}

/// What the book holds of one period.
pub(crate) struct Received {
    /// The period.
    pub(crate) period: Month,
    /// Periods that have batches, newest first.
    pub(crate) periods: Vec<Month>,
    /// Every batch of the period, replaced ones too.
    pub(crate) all: Vec<BatchRecord>,
    /// Runs of the period, the shown one last.
    pub(crate) runs: Vec<RunManifest>,
}

impl Received {
    /// Whether a batch counts: no other one stands for it.
    pub(crate) fn counts(&self, batch: &BatchRecord) -> bool {
        replaced_by(&self.all, &batch.id).is_none()
    }

    /// The batches that count.
    pub(crate) fn in_force(&self) -> Vec<&BatchRecord> {
        self.all.iter().filter(|b| self.counts(b)).collect()
    }

    /// A batch by its id.
    pub(crate) fn batch(&self, id: &str) -> Option<&BatchRecord> {
        self.all.iter().find(|b| b.id == id)
    }

    /// The newest run that read a batch.
    pub(crate) fn run_of(&self, batch: &BatchRecord) -> Option<&RunManifest> {
        self.runs.iter().rev().find(|run| run.batches.contains(&batch.id))
    }

    /// Rows of a batch's file that came back mended and are stored now.
    pub(crate) fn mended_rows(&self, batch: &BatchRecord) -> std::collections::BTreeSet<u64> {
        let mending = self.in_force().into_iter().filter_map(|b| b.mends.as_ref()).filter(|m| m.batch == batch.id);
        mending.flat_map(|m| m.rows.iter().copied()).collect()
    }
}

/// Who may see these pages: refused rows know no commune, so only who sees the whole city.
pub(crate) fn require(viewer: &Viewer) -> Result<(), PageError> {
    desk::require(&viewer.scope, Permission::ListPeople).map_err(|_| PageError::Forbidden)?;
    if viewer.scope.area == base::Area::City { Ok(()) } else { Err(PageError::Forbidden) }
}

/// Reads what the book holds of a period.
pub(crate) fn received(app: &App, query: &PeriodQuery) -> Result<Received, PageError> {
    let book = &app.book;
    let inner = |e: book::BookError| PageError::inner(&e);
    let mut periods = book.batch_periods().map_err(inner)?;
    periods.reverse();
    let shown = book.periods().map_err(inner)?.last().map(|state| state.period);
    let newest = shown.or(periods.first().copied()).unwrap_or_else(|| app.today().month());
    let period = match query.period.as_str() {
        "" => newest,
        text => text.parse::<Month>().map_err(|_| PageError::NotFound)?,
    };
    let mut runs = book.runs_of(period).map_err(inner)?;
    let state = book.periods().map_err(inner)?.into_iter().find(|s| s.period == period);
    // The manifest says nothing of time; the shown run is the one the period names.
    runs.sort_by_key(|run| state.as_ref().is_some_and(|s| s.run == run.id));
    Ok(Received { period, periods, all: book.all_batches(period).map_err(inner)?, runs })
}

/// Links to the other periods.
pub(crate) fn period_tabs(l: Locale, received: &Received, path: &str) -> SafeHtml {
    if received.periods.len() < 2 {
        return SafeHtml::default();
    }
    let tab = |period: &Month| Tab {
        link: Link::new(l.month(*period), format!("{path}?ky={period}")),
        count: None,
        current: *period == received.period,
    };
    tabs(&l.t("coverage-data-periods"), &received.periods.iter().map(tab).collect::<Vec<_>>())
}

/// The address of a batch.
pub(crate) fn batch_href(batch: &BatchRecord) -> String {
    format!("{DATA}/{}?ky={}", batch.id, batch.period)
}
