//! What the pages show: the newest run, read once and swapped whole when another is published.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use base::{CommuneCode, Date, Evidence, Month, RunId, Scope};
use book::{BatchRecord, Book, BookError, RunManifest};
use chapter::{App, PageError};
use engine::{EngineError, Options, Session, rows};
use law::Law;

use crate::BHYT_COVERAGE;

/// One line of the worklist.
#[derive(Debug, Clone)]
pub(crate) struct Work {
    pub(crate) reason: String,
    pub(crate) commune: Option<CommuneCode>,
    pub(crate) rank: i64,
    pub(crate) person: i64,
    pub(crate) name: String,
    /// Name without marks, for search.
    pub(crate) folded: String,
    pub(crate) born: Option<Date>,
    pub(crate) household: Option<String>,
    pub(crate) main: bool,
    pub(crate) without_card: bool,
    pub(crate) new: bool,
    pub(crate) first_period: Option<Date>,
    pub(crate) evidence: Vec<Evidence>,
}

/// Numerator and denominator of an indicator.
#[derive(Debug, Clone, Default)]
pub(crate) struct Count {
    pub(crate) numerator: Option<i64>,
    pub(crate) denominator: Option<i64>,
    pub(crate) source: Option<String>,
}

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
    /// In the order of reason and rank.
    pub(crate) work: Vec<Work>,
    /// BHYT coverage of the city and of each commune.
    pub(crate) city: Count,
    pub(crate) communes: BTreeMap<CommuneCode, Count>,
    pub(crate) rules: BTreeMap<String, RuleRun>,
    pub(crate) batches: Vec<BatchRecord>,
    /// All tables of the run, for pages of one person.
    pub(crate) session: Session,
}

/// The snapshot of the newest run.
#[derive(Default)]
pub(crate) struct Serving(RwLock<Option<Arc<Snapshot>>>);

impl Serving {
    /// The newest run's snapshot; read again when another run was published.
    pub(crate) async fn current(&self, app: &App) -> Result<Arc<Snapshot>, PageError> {
        let run = app.book.latest_run().map_err(|e| PageError::inner(&e))?.ok_or(PageError::NoRun)?;
        let known = self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        if let Some(known) = known.filter(|k| k.run == run.id) {
            return Ok(known);
        }
        let read = Snapshot::read(&app.book, &app.law, &run).await.map_err(|e| PageError::inner(&e))?;
        let fresh = Arc::new(read);
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(fresh.clone());
        Ok(fresh)
    }
}

impl Snapshot {
    /// Lines of the worklist that a scope may see.
    pub(crate) fn visible<'a>(&'a self, scope: &'a Scope) -> impl Iterator<Item = &'a Work> {
        let wages = desk::may(scope, desk::Permission::ViewWageFindings);
        let list = scope.may_list_people();
        self.work.iter().filter(move |w| list && scope.sees(w.commune.as_ref()) && (wages || w.reason != crate::worklist::WAGE))
    }

    async fn read(book: &Book, law: &Law, run: &RunManifest) -> Result<Self, BookError> {
        let tables = run.tables();
        let session = Session::new(law, &Options::default())?;
        for (name, table) in &tables {
            session.register_parquet(name, &book.table_path(table)).await?;
        }
        let wanted: std::collections::BTreeSet<&String> = run.batches.iter().collect();
        let batches: Vec<BatchRecord> = book.all_batches(run.period)?.into_iter().filter(|b| wanted.contains(&b.id)).collect();
        let mut snapshot = Self {
            run: run.id.clone(),
            period: run.period,
            as_of: run.period.last_day(),
            work: Vec::new(),
            city: Count::default(),
            communes: BTreeMap::new(),
            rules: BTreeMap::new(),
            batches,
            session,
        };
        if let Some(table) = tables.get("worklist") {
            for batch in book.read_table(table, None)? {
                snapshot.read_work(&batch)?;
            }
        }
        if let Some(table) = tables.get("indicator") {
            for batch in book.read_table(table, None)? {
                snapshot.read_indicators(&batch)?;
            }
        }
        if let Some(table) = tables.get("rule_run") {
            for batch in book.read_table(table, None)? {
                snapshot.read_rules(&batch)?;
            }
        }
        Ok(snapshot)
    }

    fn read_work(&mut self, batch: &engine::arrow::record_batch::RecordBatch) -> Result<(), EngineError> {
        let text = |name: &str| rows::text(batch, name);
        let (reasons, communes, names) = (text("reason")?, text("commune")?, text("full_name")?);
        let (households, states, evidence) = (text("household_number")?, text("state")?, text("evidence")?);
        let (ranks, people) = (rows::int(batch, "rank")?, rows::int(batch, "person_id")?);
        let (born, first) = (rows::date(batch, "birth_date")?, rows::date(batch, "first_period")?);
        let (main, without) = (rows::flag(batch, "main")?, rows::flag(batch, "without_card")?);
        for row in 0..batch.num_rows() {
            let name = names.value(row).to_owned();
            self.work.push(Work {
                reason: reasons.value(row).to_owned(),
                commune: rows::text_at(&communes, row).and_then(CommuneCode::parse),
                rank: ranks.value(row),
                person: people.value(row),
                folded: base::names::fold(&name),
                name,
                born: rows::date_at(&born, row).and_then(Date::from_days_since_epoch),
                household: rows::text_at(&households, row).map(str::to_owned),
                main: main.value(row),
                without_card: without.value(row),
                new: states.value(row) == "new",
                first_period: rows::date_at(&first, row).and_then(Date::from_days_since_epoch),
                evidence: serde_json::from_str(evidence.value(row))
                    .map_err(|e| EngineError::Query(format!("worklist evidence: {e}")))?,
            });
        }
        Ok(())
    }

    fn read_indicators(&mut self, batch: &engine::arrow::record_batch::RecordBatch) -> Result<(), EngineError> {
        let (ids, communes) = (rows::text(batch, "id")?, rows::text(batch, "commune")?);
        let sources = rows::text(batch, "denominator_source")?;
        let main = rows::flag(batch, "main")?;
        let (over, under) = (rows::int(batch, "numerator")?, rows::int(batch, "denominator")?);
        for row in (0..batch.num_rows()).filter(|row| ids.value(*row) == BHYT_COVERAGE && main.value(*row)) {
            let count = Count {
                numerator: rows::int_at(&over, row),
                denominator: rows::int_at(&under, row),
                source: rows::text_at(&sources, row).map(str::to_owned),
            };
            match rows::text_at(&communes, row).and_then(CommuneCode::parse) {
                Some(code) => {
                    self.communes.insert(code, count);
                }
                None => self.city = count,
            }
        }
        Ok(())
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
