//! Figures of runs that were read before: runs never change, so each is read once.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use base::{Month, RunId};
use book::{Book, PeriodState, RunManifest};
use law::Law;
use plan::figures::Figure;

use super::RunFigures;
use chapter::PageError;

/// Runs kept at most: three years of months.
const KEPT: usize = 36;

/// The figures of runs.
#[derive(Default)]
pub(crate) struct Shelf {
    read: RwLock<BTreeMap<RunId, Arc<RunFigures>>>,
    /// Held while a run is read: one request does it for all.
    reading: tokio::sync::Mutex<()>,
}

impl Shelf {
    /// The figures of the newest run.
    pub(crate) async fn latest(&self, book: &Book, law: &Law, figures: &[Figure]) -> Result<Option<Arc<RunFigures>>, PageError> {
        let Some(run) = book.latest_run().map_err(|e| PageError::inner(&e))? else { return Ok(None) };
        self.of(book, law, &run, figures).await.map(Some)
    }

    /// The figures of the run shown for a month.
    pub(crate) async fn month(
        &self,
        book: &Book,
        law: &Law,
        figures: &[Figure],
        month: Month,
    ) -> Result<Option<Arc<RunFigures>>, PageError> {
        let inner = |e: book::BookError| PageError::inner(&e);
        let of_month = |state: &PeriodState| state.period == month;
        let Some(state) = book.periods().map_err(inner)?.into_iter().find(of_month) else { return Ok(None) };
        if let Some(known) = self.known(&state.run) {
            return Ok(Some(known));
        }
        let run = book.run(&state.run).map_err(inner)?;
        self.of(book, law, &run, figures).await.map(Some)
    }

    /// The figures of a run.
    pub(crate) async fn of(
        &self,
        book: &Book,
        law: &Law,
        run: &RunManifest,
        figures: &[Figure],
    ) -> Result<Arc<RunFigures>, PageError> {
        if let Some(known) = self.known(&run.id) {
            return Ok(known);
        }
        let _reading = self.reading.lock().await;
        if let Some(known) = self.known(&run.id) {
            return Ok(known);
        }
        let fresh = Arc::new(RunFigures::read(book, law, run, figures).await.map_err(|e| PageError::inner(&e))?);
        let mut read = self.read.write().unwrap_or_else(PoisonError::into_inner);
        if read.len() >= KEPT {
            // Which goes first makes no difference but time: names of runs begin with their period.
            read.pop_first();
        }
        read.insert(run.id.clone(), fresh.clone());
        Ok(fresh)
    }

    fn known(&self, run: &RunId) -> Option<Arc<RunFigures>> {
        self.read.read().unwrap_or_else(PoisonError::into_inner).get(run).cloned()
    }
}
