//! What came in, kept between pages: at city size a year has tens of thousands of files, and a file that was taken in never changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use base::Month;
use book::{BatchRecord, Book, BookError};

use crate::duties::Arrived;
use chapter::day_in_hanoi;

/// A file that was taken in, as far as duties ask.
#[derive(Debug, Clone)]
struct Taken {
    id: String,
    roster: String,
    period: Month,
    read: u64,
    refused: u64,
    missing_columns: usize,
    replaces: Vec<String>,
}

impl From<BatchRecord> for Taken {
    fn from(batch: BatchRecord) -> Self {
        Self {
            id: batch.id,
            roster: batch.roster,
            period: batch.period,
            read: batch.read,
            refused: batch.quarantined,
            missing_columns: batch.missing_columns.len(),
            replaces: batch.replaces.into_iter().map(|old| old.batch).collect(),
        }
    }
}

/// Files read before, by name.
#[derive(Default)]
pub(crate) struct Arrivals(RwLock<BTreeMap<String, Arc<Taken>>>);

impl Arrivals {
    /// Everything that came in, with the day the log knows. Reads only files it has not read before; blocks while it does.
    ///
    /// Rows of a file that another one stands for now are not counted, but the day it came is: who sent a corrected file was there before.
    pub(crate) fn read(&self, book: &Book, moments: &BTreeMap<String, i64>) -> Result<Vec<Arrived>, BookError> {
        let names = book.batch_names()?;
        let known: BTreeSet<String> = self.0.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect();
        let mut fresh = BTreeMap::new();
        for name in names.difference(&known) {
            if let Some(batch) = book.batch_named(name)? {
                fresh.insert(name.clone(), Arc::new(Taken::from(batch)));
            }
        }
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        kept.append(&mut fresh);
        // What was erased by decision is no longer there.
        kept.retain(|name, _| names.contains(name));
        let replaced: BTreeSet<&String> = kept.values().flat_map(|taken| &taken.replaces).collect();
        let arrived = kept.values().map(|taken| {
            let counts = !replaced.contains(&taken.id);
            Arrived {
                roster: taken.roster.clone(),
                period: taken.period,
                day: moments.get(&taken.id).map(|at| day_in_hanoi(*at)),
                counts,
                read: if counts { taken.read } else { 0 },
                refused: if counts { taken.refused } else { 0 },
                missing_columns: if counts { taken.missing_columns } else { 0 },
            }
        });
        Ok(arrived.collect())
    }
}
