//! Taking in what was handed over at the portal: in the background, file by file, each with its event.

use base::Explain;
use book::{Arrival, ArrivedFile, ArrivedState, BookError};
use desk::{AuditAction, ReadEvent};
use intake::{IntakeError, Limits};

use crate::app::{App, Audited};
use crate::receive::{Agreements, Handed, Meaning, ReceiveError, Received, Receiver};
use crate::{PageError, Viewer};

impl App {
    /// Takes in the files of an arrival that wait, or one of them, and records what became of each.
    ///
    /// `replaces` are the batches that the file stands for; it is given with one file only.
    pub async fn take_in(
        &self,
        viewer: &Viewer,
        arrival: Arrival,
        only: Option<usize>,
        replaces: Vec<String>,
    ) -> Result<(Arrival, Audited), PageError> {
        let app = self.clone();
        let agreements = self.agreements().await?;
        let work = move || app.take_in_now(arrival, only, &replaces, &agreements);
        let done = tokio::task::spawn_blocking(work).await.map_err(|_| PageError::Internal { code: "take_in_stopped" })?;
        let (arrival, touched) = done.map_err(|e| PageError::inner(&e))?;
        let mut audited = None;
        for at in touched {
            let event = event(self, &arrival, &arrival.files[at].state).map_err(|e| PageError::inner(&e))?;
            audited = Some(self.audit(viewer, event).await?);
        }
        match audited {
            Some(audited) => Ok((arrival, audited)),
            None => Err(PageError::NotFound),
        }
    }

    /// The agreements on sharing data that hold today.
    pub async fn agreements(&self) -> Result<Agreements, PageError> {
        let all = self.desk.agreements(&base::Scope::system()).await.map_err(|e| PageError::inner(&e))?;
        Ok(Agreements::on(&all, self.today()))
    }

    /// The work itself: which files were touched, and what became of them.
    fn take_in_now(
        &self,
        mut arrival: Arrival,
        only: Option<usize>,
        replaces: &[String],
        agreements: &Agreements,
    ) -> Result<(Arrival, Vec<usize>), BookError> {
        let limits = Limits { max_bytes: self.upload_bytes, ..Limits::default() };
        let sources = match open(self, &arrival, &limits) {
            Ok(sources) => sources,
            Err(error) => {
                arrival.files = vec![ArrivedFile { name: arrival.file_name.clone(), state: refused(&error) }];
                self.book.put_arrival(&arrival)?;
                return Ok((arrival, vec![0]));
            }
        };
        if arrival.files.is_empty() {
            arrival.files =
                sources.iter().map(|s| ArrivedFile { name: s.name().to_owned(), state: ArrivedState::Busy }).collect();
        }
        let touched: Vec<usize> =
            (0..arrival.files.len()).filter(|at| only.is_none_or(|o| o == *at) && arrival.files[*at].state.waits()).collect();
        let lock = match self.book.lock() {
            Ok(lock) => Some(lock),
            Err(BookError::Busy { .. }) => None,
            Err(error) => return Err(error),
        };
        let layouts = self.shelf.layouts();
        let receiver = Receiver::new(&self.book, &layouts, agreements, &self.places, &limits, arrival.period);
        let (roster, mends) = (arrival.roster.clone(), arrival.mends.clone());
        let meaning = Meaning { roster: roster.as_deref(), replaces, mends: mends.as_deref() };
        for at in &touched {
            let Some(source) = sources.get(*at) else { continue };
            arrival.files[*at].state = match &lock {
                Some(_) => state(receiver.table(source, &meaning)),
                None => ArrivedState::Busy,
            };
            // After each file: what is in the book is known to be, whatever happens to the next one.
            self.book.put_arrival(&arrival)?;
        }
        Ok((arrival, touched))
    }

    /// A table of an arrival, opened again to be looked at.
    pub fn arrived_table(&self, arrival: &Arrival, at: usize) -> Result<Handed, PageError> {
        let limits = Limits { max_bytes: self.upload_bytes, ..Limits::default() };
        let tables = open(self, arrival, &limits).map_err(|e| PageError::inner(&e))?;
        tables.into_iter().nth(at).ok_or(PageError::NotFound)
    }
}

/// The files of an arrival, under the names their sender gave them.
fn open(app: &App, arrival: &Arrival, limits: &Limits) -> Result<Vec<Handed>, IntakeError> {
    let file = app.book.arrival_file(&arrival.id).map_err(|_| IntakeError::Unreadable { detail: "không còn tệp".into() })?;
    Handed::open(&file, &arrival.file_name, limits)
}

fn state(result: Result<Received, ReceiveError>) -> ArrivedState {
    match result {
        Ok(received) => {
            let known = matches!(received, Received::Known(_));
            ArrivedState::Taken { batch: received.batch().id.clone(), known }
        }
        Err(ReceiveError::NameTaken { batch, .. }) => ArrivedState::NameTaken { batch },
        // What a clerk can help with by saying where the header stands and what the columns mean.
        Err(ReceiveError::Intake(IntakeError::UnknownLayout { .. } | IntakeError::WrongSheet { .. })) => ArrivedState::NoLayout,
        Err(ReceiveError::Book(BookError::Busy { .. })) => ArrivedState::Busy,
        Err(error) => refused(&error),
    }
}

fn refused(error: &impl Explain) -> ArrivedState {
    ArrivedState::Refused { code: error.code().to_owned(), what: error.what(), remedy: error.remedy() }
}

fn event(app: &App, arrival: &Arrival, state: &ArrivedState) -> Result<ReadEvent, BookError> {
    if let ArrivedState::Taken { batch: id, known } = state
        && let Some(batch) = app.book.all_batches(arrival.period)?.into_iter().find(|b| b.id == *id)
    {
        let event = stored_event(&batch);
        return Ok(if *known { event.count("known", 1) } else { event });
    }
    let word = match state {
        ArrivedState::NoLayout => "no_layout",
        ArrivedState::NameTaken { .. } => "name_taken",
        ArrivedState::Busy => "busy",
        ArrivedState::Refused { code, .. } => code.as_str(),
        ArrivedState::GivenUp => "given_up",
        ArrivedState::Taken { .. } => "taken",
    };
    Ok(ReadEvent::new(AuditAction::StoreIntake, "arrival").object(format!("a-{}", arrival.id)).word("state", word))
}

/// The audit event of a batch that was taken in.
pub fn stored_event(batch: &book::BatchRecord) -> ReadEvent {
    let event = ReadEvent::new(AuditAction::StoreIntake, "batch").object(batch.id.as_str());
    let event = event.count("read", batch.read as i64).count("quarantined", batch.quarantined as i64);
    let event = match &batch.agreed {
        Some(agreed) => event.count("dropped_cells", agreed.dropped.values().sum::<u64>() as i64),
        None => event,
    };
    if batch.replaces.is_empty() { event } else { event.count("replaced", batch.replaces.len() as i64) }
}
