//! The tables of the newest run, for what is asked about one person.

use base::CommuneCode;
use chapter::{App, PageError};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, Options, Session, rows};

/// A session over all tables of the newest run that are still there, with the run's manifest.
pub(crate) struct Register {
    pub(crate) session: Session,
    pub(crate) run: book::RunManifest,
}

impl Register {
    /// Opens the newest run; none before the first one.
    pub(crate) async fn open(app: &App) -> Result<Option<Self>, PageError> {
        let Some(run) = app.book.latest_run().map_err(|e| PageError::inner(&e))? else { return Ok(None) };
        let session = Session::new(&app.law, &Options::default()).map_err(|e| PageError::inner(&e))?;
        for (name, table) in run.tables() {
            // What was erased after its term is named and no longer there.
            if app.book.has_table(&table) {
                session.register_parquet(&name, app.book.table_at(&table)).await.map_err(|e| PageError::inner(&e))?;
            }
        }
        Ok(Some(Self { session, run }))
    }

    /// The commune of a person, where the register knows it; none for a number that nobody has.
    pub(crate) async fn commune(&self, person: i64) -> Result<Option<CommuneCode>, PageError> {
        if !self.session.has_table("person") {
            return Ok(None);
        }
        let sql = format!("SELECT commune FROM person WHERE person_id = {person}");
        let batches = self.session.collect(&sql).await.map_err(|e| PageError::inner(&e))?;
        let text = |batch: &RecordBatch| -> Result<Option<String>, EngineError> {
            Ok(rows::text_at(&rows::text(batch, "commune")?, 0).map(str::to_owned))
        };
        let Some(batch) = batches.iter().find(|batch| batch.num_rows() > 0) else { return Ok(None) };
        Ok(text(batch).map_err(|e| PageError::inner(&e))?.and_then(|code| CommuneCode::parse(&code)))
    }
}
