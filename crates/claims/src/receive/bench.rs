//! Who checks: a few threads, each with rules that were compiled once and catalogues that are looked up again now and then.
//!
//! A [`Checker`] borrows what it stands on, so a thread owns that first and its checker then; nothing is shared between requests but the queue.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base::{Date, Month};
use chapter::App;

use super::check::{Done, check};
use super::refusal::Refusal;
use crate::Formats;
use crate::catalogue::{CatalogueTables, Catalogues};
use crate::checker::Checker;
use crate::error::ClaimsError;

/// Files that wait for a thread; one more is told to come back.
const QUEUE: usize = 32;
/// Threads at most: checking is quick, and pages want the machine too.
const THREADS: usize = 2;
/// How often it is looked whether catalogues came.
const LOOK: Duration = Duration::from_secs(60);

/// A file to be checked.
pub(super) struct Job {
    /// Facility of the token.
    pub facility: String,
    /// Day it came.
    pub day: Date,
    /// `loaiHoSo` of the form.
    pub said: String,
    /// Its bytes.
    pub file: Vec<u8>,
    /// Bytes that a file may have, in a ZIP too.
    pub most: usize,
}

type Answer = tokio::sync::oneshot::Sender<Result<Done, Refusal>>;
type Waiting = (Job, Answer);

/// Catalogues and the batches that they were made of.
struct Shelf {
    catalogues: Catalogues,
    names: BTreeSet<String>,
}

/// What all threads share.
struct Shared {
    app: App,
    formats: Formats,
    shelf: Mutex<Option<(Instant, Arc<Shelf>)>>,
}

/// The threads and their queue. They start with the first file.
pub(super) struct Bench {
    shared: Arc<Shared>,
    queue: Mutex<Option<SyncSender<Waiting>>>,
}

impl Bench {
    /// A bench on which nobody works yet.
    pub(super) fn new(app: &App, formats: Formats) -> Self {
        let shared = Shared { app: app.clone(), formats, shelf: Mutex::new(None) };
        Self { shared: Arc::new(shared), queue: Mutex::new(None) }
    }

    /// Checks a file; whoever waits does not hold a thread.
    pub(super) async fn check(&self, job: Job) -> Result<Done, Refusal> {
        let (answer, answered) = tokio::sync::oneshot::channel();
        self.send((job, answer))?;
        // A thread that fell over took the answer with it.
        answered.await.map_err(|_| Refusal::Inside("check_stopped"))?
    }

    fn send(&self, waiting: Waiting) -> Result<(), Refusal> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let open = match queue.take() {
            Some(open) => open,
            None => start(&self.shared),
        };
        match open.try_send(waiting) {
            Ok(()) => {
                *queue = Some(open);
                Ok(())
            }
            Err(TrySendError::Full(_)) => {
                *queue = Some(open);
                Err(Refusal::Busy)
            }
            // All threads have fallen over: new ones take it.
            Err(TrySendError::Disconnected(waiting)) => {
                let new = start(&self.shared);
                let sent = new.try_send(waiting).map_err(|_| Refusal::Busy);
                *queue = Some(new);
                sent
            }
        }
    }
}

fn start(shared: &Arc<Shared>) -> SyncSender<Waiting> {
    let (sender, receiver) = sync_channel(QUEUE);
    let receiver = Arc::new(Mutex::new(receiver));
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS);
    for _ in 0..threads {
        let (shared, receiver) = (shared.clone(), receiver.clone());
        std::thread::spawn(move || work(&shared, &receiver));
    }
    sender
}

/// One thread: ends when the bench is gone.
fn work(shared: &Shared, queue: &Mutex<Receiver<Waiting>>) {
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok();
    let mut held = next();
    while let Some((job, answer)) = held.take() {
        let shelf = match shared.shelf() {
            Ok(shelf) => shelf,
            Err(error) => {
                refuse(answer, Refusal::inner(&error));
                held = next();
                continue;
            }
        };
        let mut checker = match shared.checker(&shelf) {
            Ok(checker) => checker,
            Err(error) => {
                refuse(answer, Refusal::inner(&error));
                held = next();
                continue;
            }
        };
        let mut waiting = Some((job, answer));
        while let Some((job, answer)) = waiting.take() {
            let done = check(&shared.app, &shared.formats, &shelf.catalogues, &mut checker, job);
            // What a file left behind that could not be checked to its end must not stand in the next.
            let broke = matches!(done, Err(Refusal::Inside(_)));
            // Who asked may be gone.
            let _ = answer.send(done);
            waiting = next();
            // Other catalogues need another checker.
            if broke || !shared.is_newest(&shelf) {
                break;
            }
        }
        held = waiting;
    }
}

fn refuse(answer: Answer, refusal: Refusal) {
    let _ = answer.send(Err(refusal));
}

impl Shared {
    fn checker<'s>(&'s self, shelf: &'s Shelf) -> Result<Checker<'s>, ClaimsError> {
        let app = &self.app;
        // Row rules of claims use no value of the run; the month only has to be one.
        let period: Month = app.today().month();
        let formats = (&self.formats.forms, &self.formats.lists);
        Checker::new(formats, &app.law, &app.rules, &app.schemas, &shelf.catalogues, period)
    }

    /// The newest catalogues. Batches never change, so the same names are the same catalogues.
    fn shelf(&self) -> Result<Arc<Shelf>, ClaimsError> {
        let mut held = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((looked, shelf)) = &*held
            && looked.elapsed() < LOOK
        {
            return Ok(shelf.clone());
        }
        let names = CatalogueTables::names(&self.app.book)?;
        let shelf = match held.take() {
            Some((_, shelf)) if shelf.names == names => shelf,
            _ => {
                let tables = CatalogueTables::of_book(&self.app.book)?;
                Arc::new(Shelf { catalogues: Catalogues::load(&tables, &self.app.places)?, names })
            }
        };
        *held = Some((Instant::now(), shelf.clone()));
        Ok(shelf)
    }

    fn is_newest(&self, shelf: &Arc<Shelf>) -> bool {
        self.shelf().is_ok_and(|newest| Arc::ptr_eq(&newest, shelf))
    }
}
