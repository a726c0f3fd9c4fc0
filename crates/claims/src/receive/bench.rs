//! Who checks: a few threads, each with rules that were compiled once and catalogues that are looked up again now and then.
//!
//! A [`Checker`] borrows what it stands on, so a thread owns that first and its checker then; nothing is shared between requests but the queue. A thread has
//! its checker before it takes a file. What is held is bounded: one checker a thread, the catalogues once, the files of the queue.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base::{Date, Month};
use chapter::App;
use claimfile::signature::Trust;

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
    /// The roots that signatures are held against.
    trust: Trust,
    shelf: Mutex<Option<(Instant, Arc<Shelf>)>>,
    /// Held while rules are compiled: one thread after the other, so that pages have the machine too.
    compiling: Mutex<()>,
}

/// The threads and their queue. They start with [`Bench::warm`], else with the first file.
pub(super) struct Bench {
    shared: Arc<Shared>,
    queue: Mutex<Option<SyncSender<Waiting>>>,
}

impl Bench {
    /// A bench on which nobody works yet.
    pub(super) fn new(app: &App, formats: Formats, trust: Trust) -> Self {
        let shared = Shared { app: app.clone(), formats, trust, shelf: Mutex::new(None), compiling: Mutex::new(()) };
        Self { shared: Arc::new(shared), queue: Mutex::new(None) }
    }

    /// Starts the threads, which compile the rules now and not when the first file comes. A file that comes earlier waits in the queue for the first of them.
    pub(super) fn warm(&self) {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.is_none() {
            *queue = Some(start(&self.shared));
        }
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

/// One thread: makes itself ready, takes one file after the other, and ends when the bench is gone.
fn work(shared: &Shared, queue: &Mutex<Receiver<Waiting>>) {
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok();
    let mut held: Option<Waiting> = None;
    loop {
        let shelf = match shared.shelf() {
            Ok(shelf) => shelf,
            Err(error) => {
                let Some((_, answer)) = held.take().or_else(&next) else { return };
                refuse(answer, Refusal::inner(&error));
                continue;
            }
        };
        let mut checker = match shared.checker(&shelf) {
            Ok(checker) => checker,
            Err(error) => {
                let Some((_, answer)) = held.take().or_else(&next) else { return };
                refuse(answer, Refusal::inner(&error));
                continue;
            }
        };
        loop {
            let Some((job, answer)) = held.take().or_else(&next) else { return };
            // Other catalogues need another checker.
            if !shared.is_newest(&shelf) {
                held = Some((job, answer));
                break;
            }
            let done = check(&shared.app, (&shared.formats, &shared.trust), &shelf.catalogues, &mut checker, job);
            // What a file left behind that could not be checked to its end must not stand in the next.
            let broke = matches!(done, Err(Refusal::Inside(_)));
            // Who asked may be gone.
            let _ = answer.send(done);
            if broke {
                break;
            }
        }
    }
}

fn refuse(answer: Answer, refusal: Refusal) {
    let _ = answer.send(Err(refusal));
}

impl Shared {
    fn checker<'s>(&'s self, shelf: &'s Shelf) -> Result<Checker<'s>, ClaimsError> {
        let app = &self.app;
        let _one = self.compiling.lock().unwrap_or_else(PoisonError::into_inner);
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
