//! What a run reads of other periods than its own: claims that were sent again, and catalogues that hold until newer ones come.

use base::Month;
use book::{BatchRecord, Book, BookError, Packet, RunManifest};

use crate::failure::Failure;

/// Months around a period in which a dossier of it may have been sent again under another month of settlement.
const MONTHS_AROUND: i32 = 12;

/// Packets that may hold dossiers of a period, or hold one anew under another month.
pub fn packets_near(book: &Book, period: Month) -> Result<Vec<Packet>, Failure> {
    let (first, last) = (period.plus(-MONTHS_AROUND), period.plus(MONTHS_AROUND));
    let near = |packet: &Packet| packet.parts.iter().any(|part| first <= part.period && part.period <= last);
    Ok(book.packets()?.into_iter().filter(near).collect())
}

/// Runs before the one that is made, at most: rules over claims look back over three months.
const RUNS_BEFORE: usize = 3;

/// The run of the period before and those that stood before it, the newest first. Each run names the one before it, so a run made again reads the same ones;
/// the row ends with the first run, or with one whose manifest is no more.
pub fn runs_before(book: &Book, previous: Option<&RunManifest>) -> Result<Vec<RunManifest>, Failure> {
    let mut runs: Vec<RunManifest> = previous.cloned().into_iter().collect();
    while let Some(id) = runs.last().filter(|_| runs.len() < RUNS_BEFORE).and_then(|run| run.previous.clone()) {
        match book.run(&id) {
            Ok(run) => runs.push(run),
            Err(BookError::Missing { .. }) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(runs)
}

/// Catalogues of earlier periods that count: their rows are dated, so a hospital hands them over once and not every month. What is over its term of keeping is
/// no longer there.
pub fn standing_catalogues(book: &Book, period: Month) -> Result<Vec<BatchRecord>, Failure> {
    let mut batches = earlier_catalogues(book, period, Book::batches)?;
    batches.retain(|batch| book.has_table(&batch.table));
    Ok(batches)
}

/// Batches of catalogues of earlier periods, oldest first, as `of` gives those of a period.
pub fn earlier_catalogues(
    book: &Book,
    period: Month,
    of: impl Fn(&Book, Month) -> Result<Vec<BatchRecord>, BookError>,
) -> Result<Vec<BatchRecord>, Failure> {
    let mut batches = Vec::new();
    for earlier in book.batch_periods()?.into_iter().filter(|earlier| *earlier < period) {
        batches.extend(of(book, earlier)?.into_iter().filter(|batch| claims::CATALOGUE_ROSTERS.contains(&batch.roster.as_str())));
    }
    Ok(batches)
}
