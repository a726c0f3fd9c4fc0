//! Whose a claimed visit is: the desk knows visits by number alone, the runs of the book know the person where one was linked.

use std::collections::{BTreeMap, BTreeSet};

use chapter::{App, PageError};
use engine::{EngineError, Options, Session, rows};

/// Numbers asked for in one query.
const TOGETHER: usize = 500;

/// The stays of all periods whose tables are still there.
pub(crate) struct Stays {
    session: Session,
    /// Names of the tables in the session, the newest period first.
    tables: Vec<String>,
}

impl Stays {
    /// Opens the stays of the run that each period shows; none of them where no claims came in.
    pub(crate) async fn open(app: &App) -> Result<Self, PageError> {
        let inner = |e: book::BookError| PageError::inner(&e);
        let session = Session::new(&app.law, &Options::default()).map_err(|e| PageError::inner(&e))?;
        let mut tables = Vec::new();
        for (at, state) in app.book.periods().map_err(inner)?.iter().rev().enumerate() {
            let run = app.book.run(&state.run).map_err(inner)?.tables();
            // A table that was erased after its term is named and no longer there.
            let Some(table) = run.get("claim_stay").filter(|table| app.book.has_table(table)) else { continue };
            let name = format!("claim_stay_{at}");
            session.register_parquet(&name, app.book.table_at(table)).await.map_err(|e| PageError::inner(&e))?;
            tables.push(name);
        }
        Ok(Self { session, tables })
    }

    /// The visits of a person, as far as they were linked to the register.
    pub(crate) async fn of_person(&self, person: i64) -> Result<BTreeSet<i64>, PageError> {
        let found = self.pairs(&format!("person_key = {person}")).await.map_err(|e| PageError::inner(&e))?;
        Ok(found.into_keys().collect())
    }

    /// The people of visits; a visit that was linked to nobody of the register is not among them.
    pub(crate) async fn people(&self, visits: impl Iterator<Item = i64>) -> Result<BTreeMap<i64, i64>, PageError> {
        let visits: Vec<String> = visits.map(|visit| visit.to_string()).collect();
        let mut known = BTreeMap::new();
        for some in visits.chunks(TOGETHER) {
            let which = format!("visit_id IN ({})", some.join(", "));
            known.extend(self.pairs(&which).await.map_err(|e| PageError::inner(&e))?);
        }
        Ok(known)
    }

    /// Visits with their people; numbers below 0 stand for people that the register does not know.
    async fn pairs(&self, which: &str) -> Result<BTreeMap<i64, i64>, EngineError> {
        let mut found = BTreeMap::new();
        for table in &self.tables {
            let sql = format!("SELECT visit_id, person_key FROM {table} WHERE person_key > 0 AND {which}");
            for batch in self.session.collect(&sql).await? {
                let (visits, people) = (rows::int(&batch, "visit_id")?, rows::int(&batch, "person_key")?);
                for row in 0..batch.num_rows() {
                    // What the newest period says stands.
                    found.entry(visits.value(row)).or_insert(people.value(row));
                }
            }
        }
        Ok(found)
    }
}
