//! Names of what cases are about, from the newest run.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use base::{RunId, SubjectKind};
use chapter::{App, Named, PageError, named};
use desk::Case;
use engine::{EngineError, Options, Session, rows};

/// The session of the newest run, opened once.
#[derive(Default)]
pub(crate) struct Names {
    shown: RwLock<Option<(RunId, Arc<Session>)>>,
}

/// Names of the cases of a page.
#[derive(Default)]
pub(crate) struct Known {
    people: BTreeMap<i64, Named>,
    employers: BTreeMap<i64, String>,
}

impl Names {
    /// A session over the people and employers of the newest run and what collectors brought in; nothing before the first one.
    pub(crate) async fn session(&self, app: &App) -> Result<Option<Arc<Session>>, PageError> {
        let Some(run) = app.book.latest_run().map_err(|e| PageError::inner(&e))? else { return Ok(None) };
        let known = self.shown.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, session)) = known.filter(|(id, _)| *id == run.id) {
            return Ok(Some(session));
        }
        let inner = |e: EngineError| PageError::inner(&e);
        let session = Session::new(&app.law, &Options::default()).map_err(inner)?;
        let tables = run.tables();
        for name in ["person", "employer", "collection_result"] {
            if let Some(table) = tables.get(name) {
                session.register_parquet(name, app.book.table_at(table)).await.map_err(inner)?;
            }
        }
        let session = Arc::new(session);
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Some((run.id.clone(), session.clone()));
        Ok(Some(session))
    }

    /// The names of some cases.
    pub(crate) async fn of(&self, app: &App, cases: &[Case]) -> Result<Known, PageError> {
        let Some(session) = self.session(app).await? else { return Ok(Known::default()) };
        let of = |kind| cases.iter().filter(move |case| case.subject_kind == kind).map(|case| case.subject);
        let inner = |e: EngineError| PageError::inner(&e);
        let mut known = Known::default();
        if session.has_table("person") {
            known.people = named(&session, of(SubjectKind::Person)).await.map_err(inner)?;
        }
        let employers: Vec<String> = of(SubjectKind::Employer).map(|id| id.to_string()).collect();
        if !employers.is_empty() && session.has_table("employer") {
            let sql = format!("SELECT employer_id, name FROM employer WHERE employer_id IN ({})", employers.join(", "));
            for batch in session.collect(&sql).await.map_err(inner)? {
                let (ids, names) = (rows::int(&batch, "employer_id").map_err(inner)?, rows::text(&batch, "name").map_err(inner)?);
                for row in 0..batch.num_rows() {
                    known.employers.extend(rows::text_at(&names, row).map(|name| (ids.value(row), name.to_owned())));
                }
            }
        }
        Ok(known)
    }
}

impl Known {
    /// The person of a case, where it is about one who is known.
    pub(crate) fn person(&self, case: &Case) -> Option<&Named> {
        self.people.get(&case.subject).filter(|_| case.subject_kind == SubjectKind::Person)
    }

    /// "Nguyễn Văn An, 1985", or the name of the employer; the number where the run knows no name.
    pub(crate) fn title(&self, case: &Case) -> String {
        let number = || match case.subject_kind {
            SubjectKind::Person => format!("P{}", case.subject),
            SubjectKind::Employer => format!("E{}", case.subject),
            SubjectKind::Visit => format!("V{}", case.subject),
        };
        match case.subject_kind {
            SubjectKind::Person => self.people.get(&case.subject).map_or_else(number, |person| match person.born {
                Some(born) => format!("{}, {}", person.name, born.year()),
                None => person.name.clone(),
            }),
            SubjectKind::Employer => self.employers.get(&case.subject).cloned().unwrap_or_else(number),
            SubjectKind::Visit => number(),
        }
    }
}
