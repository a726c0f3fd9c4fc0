//! People of the newest run by number: their names where a list shows them, and of one who may be chosen the commune and reason, which come
//! from the run and never from a form.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use base::{CommuneCode, RunId};
use chapter::{App, Named, PageError, named};
use engine::{EngineError, Options, Session, rows};

/// The session of the newest run, opened once.
#[derive(Default)]
pub(crate) struct People {
    shown: RwLock<Option<(RunId, Arc<Session>)>>,
}

/// Somebody who stands on a commune's list.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    /// Name and birth year.
    pub(super) title: String,
    /// Their commune.
    pub(super) commune: CommuneCode,
    /// Their main reason on the list that communes work on; none where they are not on it.
    pub(super) reason: Option<String>,
}

impl People {
    async fn session(&self, app: &App) -> Result<Option<Arc<Session>>, PageError> {
        let Some(run) = app.book.latest_run().map_err(|e| PageError::inner(&e))? else { return Ok(None) };
        let known = self.shown.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, session)) = known.filter(|(id, _)| *id == run.id) {
            return Ok(Some(session));
        }
        let inner = |e: EngineError| PageError::inner(&e);
        let session = Session::new(&app.law, &Options::default()).map_err(inner)?;
        let tables = run.tables();
        for name in ["person", "worklist"] {
            if let Some(table) = tables.get(name) {
                session.register_parquet(name, app.book.table_at(table)).await.map_err(inner)?;
            }
        }
        let session = Arc::new(session);
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Some((run.id.clone(), session.clone()));
        Ok(Some(session))
    }

    /// Names and birth years of some people; the number where the run knows no name.
    pub(super) async fn titles(&self, app: &App, people: &[i64]) -> Result<BTreeMap<i64, String>, PageError> {
        let known = match self.session(app).await? {
            Some(session) if session.has_table("person") => {
                named(&session, people.iter().copied()).await.map_err(|e| PageError::inner(&e))?
            }
            _ => BTreeMap::new(),
        };
        Ok(people.iter().map(|person| (*person, known.get(person).map_or_else(|| format!("P{person}"), title))).collect())
    }

    /// One person with commune and reason; none who is not in the run or has no commune.
    pub(super) async fn listed(&self, app: &App, person: i64) -> Result<Option<Listed>, PageError> {
        let Some(session) = self.session(app).await? else { return Ok(None) };
        let inner = |e: EngineError| PageError::inner(&e);
        if !session.has_table("person") {
            return Ok(None);
        }
        let commune = first_text(&session, &format!("SELECT commune FROM person WHERE person_id = {person}"), "commune").await;
        let Some(commune) = commune.map_err(inner)?.as_deref().and_then(CommuneCode::parse) else { return Ok(None) };
        let known = named(&session, std::iter::once(person)).await.map_err(inner)?;
        let Some(known) = known.get(&person) else { return Ok(None) };
        let reason = match session.has_table("worklist") {
            true => {
                let sql = format!("SELECT reason FROM worklist WHERE person_id = {person} AND main AND unit = 'commune'");
                first_text(&session, &sql, "reason").await.map_err(inner)?
            }
            false => None,
        };
        Ok(Some(Listed { title: title(known), commune, reason }))
    }
}

fn title(person: &Named) -> String {
    match person.born {
        Some(born) => format!("{}, {}", person.name, born.year()),
        None => person.name.clone(),
    }
}

async fn first_text(session: &Session, sql: &str, column: &str) -> Result<Option<String>, EngineError> {
    for batch in session.collect(sql).await? {
        let texts = rows::text(&batch, column)?;
        if batch.num_rows() > 0 {
            return Ok(rows::text_at(&texts, 0).map(str::to_owned));
        }
    }
    Ok(None)
}
