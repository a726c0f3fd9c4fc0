//! What the pages show: the newest run, read once and swapped whole when another is published.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, RwLock};

use base::{CommuneCode, Date, Month, RunId, Scope};
use book::{BatchRecord, Book, BookError, RunManifest};
use chapter::{App, PageError};
use engine::{EngineError, Options, Session, rows};
use law::Law;

use crate::REASONS;
use crate::employer_lines::EmployerLines;
use crate::lines::{Builder, Lines, Visible};
use crate::schools::Schools;

/// What became of a rule.
#[derive(Debug, Clone)]
pub(crate) struct RuleRun {
    pub(crate) outcome: String,
    pub(crate) missing: Option<String>,
    pub(crate) counts: [i64; 4],
}

/// Everything of one run that pages show without a query.
pub(crate) struct Snapshot {
    pub(crate) run: RunId,
    pub(crate) period: Month,
    pub(crate) as_of: Date,
    /// The worklist.
    pub(crate) lines: Lines,
    /// Findings about employers.
    pub(crate) employers: EmployerLines,
    /// Classes of the school year.
    pub(crate) schools: Schools,
    pub(crate) rules: BTreeMap<String, RuleRun>,
    pub(crate) batches: Vec<BatchRecord>,
    /// All tables of the run, for pages of one person.
    pub(crate) session: Session,
}

/// The snapshot of the newest run.
#[derive(Default)]
pub(crate) struct Serving {
    shown: RwLock<Option<Arc<Snapshot>>>,
    /// Held while a run is read: at city size that takes seconds and memory, so one request does it for all.
    reading: tokio::sync::Mutex<()>,
    /// Communes in Vietnamese order: putting them in order takes longer than the rest of a form.
    by_name: OnceLock<Vec<CommuneCode>>,
}

impl Serving {
    /// The newest run's snapshot; read again when another run was published.
    pub(crate) async fn current(&self, app: &App) -> Result<Arc<Snapshot>, PageError> {
        let run = app.book.latest_run().map_err(|e| PageError::inner(&e))?.ok_or(PageError::NoRun)?;
        if let Some(known) = self.known(&run.id) {
            return Ok(known);
        }
        let _reading = match self.reading.try_lock() {
            Ok(reading) => reading,
            // Somebody reads the new run already: until it is there the one before is shown whole, and every page names its run.
            Err(_) => match self.shown() {
                Some(before) => return Ok(before),
                None => self.reading.lock().await,
            },
        };
        if let Some(known) = self.known(&run.id) {
            return Ok(known);
        }
        let read = Snapshot::read(&app.book, &app.law, &run).await.map_err(|e| PageError::inner(&e))?;
        let fresh = Arc::new(read);
        *self.shown.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(fresh.clone());
        Ok(fresh)
    }

    /// The communes of the city by name.
    pub(crate) fn communes_by_name(&self, app: &App) -> &[CommuneCode] {
        self.by_name.get_or_init(|| {
            let mut places: Vec<_> = app.places.communes().iter().collect();
            places.sort_by_cached_key(|commune| web::text_sort_key(&commune.name));
            places.into_iter().map(|commune| commune.code.clone()).collect()
        })
    }

    fn shown(&self) -> Option<Arc<Snapshot>> {
        self.shown.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    fn known(&self, run: &RunId) -> Option<Arc<Snapshot>> {
        self.shown().filter(|known| known.run == *run)
    }
}

impl Snapshot {
    /// Lines of the worklist that a scope may see: of its communes, and of the units whose lines its role may open.
    pub(crate) fn visible<'a>(&'a self, scope: &'a Scope) -> Visible<'a> {
        Visible::new(&self.lines, scope)
    }

    async fn read(book: &Book, law: &Law, run: &RunManifest) -> Result<Self, BookError> {
        let tables = run.tables();
        let session = Session::new(law, &Options::default())?;
        for (name, table) in &tables {
            session.register_parquet(name, book.table_at(table)).await?;
        }
        let wanted: std::collections::BTreeSet<&String> = run.batches.iter().collect();
        let batches: Vec<BatchRecord> = book.all_batches(run.period)?.into_iter().filter(|b| wanted.contains(&b.id)).collect();
        let mut snapshot = Self {
            run: run.id.clone(),
            period: run.period,
            as_of: run.period.last_day(),
            lines: Lines::default(),
            employers: EmployerLines::default(),
            schools: Schools::default(),
            rules: BTreeMap::new(),
            batches,
            session,
        };
        if let Some(table) = tables.get("worklist") {
            let mut lines = Builder::default();
            book.scan_table(table, None, &mut |batch| lines.push(&batch))?;
            snapshot.lines = lines.finish(&REASONS);
        }
        if let Some(table) = tables.get("employer_list") {
            book.scan_table(table, None, &mut |batch| snapshot.employers.push(&batch))?;
            snapshot.employers.sort();
        }
        if let Some(table) = tables.get("school_class") {
            book.scan_table(table, None, &mut |batch| snapshot.schools.push(&batch))?;
            snapshot.schools.sort();
        }
        if let Some(table) = tables.get("rule_run") {
            for batch in book.read_table(table, None)? {
                snapshot.read_rules(&batch)?;
            }
        }
        Ok(snapshot)
    }

    fn read_rules(&mut self, batch: &engine::arrow::record_batch::RecordBatch) -> Result<(), EngineError> {
        let text = |name: &str| rows::text(batch, name);
        let (ids, outcomes, missing) = (text("rule")?, text("outcome")?, text("missing")?);
        let int = |name: &str| rows::int(batch, name);
        let (new, still, resolved, waiting) = (int("new")?, int("still")?, int("resolved")?, int("waiting")?);
        for row in 0..batch.num_rows() {
            let run = RuleRun {
                outcome: outcomes.value(row).to_owned(),
                missing: rows::text_at(&missing, row).map(str::to_owned),
                counts: [new.value(row), still.value(row), resolved.value(row), waiting.value(row)],
            };
            self.rules.insert(ids.value(row).to_owned(), run);
        }
        Ok(())
    }
}
