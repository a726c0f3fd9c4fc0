//! What schools say of their pupils' cards (nhà trường báo đã có thẻ): a word beside the pupil, to be checked against the roster
//! of cards. It makes nobody covered: a card is what the insurance agency issued.

use std::collections::BTreeMap;

use base::{CommuneCode, Date, Scope};
use serde::Serialize;

use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::text::{client_tx, word};
use crate::{Desk, DeskError};

/// Answers of one class, sent together.
#[derive(Debug, Clone)]
pub struct NewSchoolAnswers {
    /// Key of the school.
    pub school: String,
    /// Key of the class.
    pub class: String,
    /// Commune of the school, for access.
    pub commune: Option<CommuneCode>,
    /// One a pupil.
    pub answers: Vec<ToldCard>,
    /// The form's own number: sent twice, nothing is added.
    pub client_tx: String,
}

/// A card as a school tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToldCard {
    /// The book's number of the pupil.
    pub person: i64,
    /// Card number of fifteen characters, or ten digits.
    pub card_number: String,
    /// First day.
    pub valid_from: Option<Date>,
    /// Last day.
    pub valid_to: Date,
}

/// The last answer about a pupil.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SchoolAnswer {
    /// UUIDv7.
    pub id: String,
    /// Key of the class it came from.
    pub class: String,
    /// What was told.
    pub card: ToldCard,
    /// Who sent it, pseudonymous.
    pub told_by: String,
    /// Unix milliseconds.
    pub told_at: i64,
}

/// Answers that were erased after their term of retention, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SchoolErasure {
    /// Answers told before this day.
    pub before: Date,
    /// Answers.
    pub answers: i64,
    /// Pupils they were about.
    pub pupils: i64,
}

const SELECT: &str = "SELECT id, class, person, card_number, valid_from, valid_to, told_by, told_at FROM school_answer WHERE ";

impl Desk {
    /// Records answers and their one audit event; gives how many were added. The same form again adds nothing.
    pub async fn record_school_answers(&self, scope: &Scope, new: NewSchoolAnswers) -> Result<usize, DeskError> {
        require(scope, Permission::RecordSchoolAnswers)?;
        let client_tx = client_tx(&new.client_tx)?;
        let (school, class) = (word("school", &new.school)?, word("class", &new.class)?);
        if !scope.sees(new.commune.as_ref()) {
            return Err(DeskError::NotFound { kind: "school" });
        }
        let mut tx = self.store().write(scope).await?;
        tx.lock(&client_tx).await?;
        let sql = Sql::new(SELECT).push("client_tx = ").bind(client_tx.as_str());
        if new.answers.is_empty() || !answers(&mut tx, sql).await?.is_empty() {
            return Ok(0);
        }
        let now = self.now();
        for card in &new.answers {
            let from = card.valid_from.map(|day| day.to_string());
            let (id, to) = (self.next_id(now), card.valid_to.to_string());
            let number = self.seal_text(&mut tx, &number_place(&id), &card.card_number).await?;
            let sql = Sql::with(
                "INSERT INTO school_answer (id, client_tx, person, school, class, commune, card_number, valid_from, valid_to, \
                 told_by, told_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                [
                    id.as_str().into(),
                    client_tx.as_str().into(),
                    card.person.into(),
                    school.as_str().into(),
                    class.as_str().into(),
                    new.commune.as_ref().map(CommuneCode::as_str).into(),
                    number.into(),
                    from.as_deref().into(),
                    to.as_str().into(),
                    scope.actor.0.as_str().into(),
                    now.into(),
                ],
            );
            tx.execute(sql).await?;
        }
        let added = new.answers.len();
        let event = ReadEvent::new(AuditAction::RecordSchoolAnswers, "school").object(&school).client_tx(&client_tx);
        let event = event.word("class", &class).count("rows", added as i64);
        let event = new.commune.iter().fold(event, |event, commune| event.commune(commune));
        self.commit_with(tx, scope, event).await?;
        Ok(added)
    }

    /// The last answer about each pupil of a school, by the pupil's number.
    pub async fn school_answers(&self, scope: &Scope, school: &str) -> Result<BTreeMap<i64, SchoolAnswer>, DeskError> {
        let sql = Sql::new(SELECT).push("school = ").bind(school).push(" AND ").area("commune", &scope.area)?;
        let mut tx = self.store().read(scope).await?;
        let mut found = answers(&mut tx, sql).await?;
        for answer in &mut found {
            let sealed = std::mem::take(&mut answer.card.card_number);
            answer.card.card_number = self.open_text(&mut tx, &number_place(&answer.id), sealed).await?;
        }
        found.sort_by(|a, b| (a.told_at, &a.id).cmp(&(b.told_at, &b.id)));
        Ok(found.into_iter().map(|answer| (answer.card.person, answer)).collect())
    }

    /// Erases answers told before `before`, which is `before_at` in Unix milliseconds: numbers of cards and whose they are. How many they
    /// were stays. `decision` is the document that orders it; without one nothing is erased, and the answer says what would be.
    pub async fn erase_school_answers(
        &self,
        scope: &Scope,
        before: Date,
        before_at: i64,
        decision: Option<&str>,
    ) -> Result<SchoolErasure, DeskError> {
        let decision = self.erasing(scope, before_at, decision)?;
        let system = Scope::system();
        let mut tx = self.store().write(&system).await?;
        let sql = "SELECT count(*), count(DISTINCT person) FROM school_answer WHERE told_at < $1";
        let row = tx.row(Sql::with(sql, [before_at.into()])).await?;
        let (answers, pupils) = row.map_or(Ok::<_, DeskError>((0, 0)), |row| Ok((row.int(0)?, row.int(1)?)))?;
        let erasure = SchoolErasure { before, answers, pupils };
        let Some(decision) = decision.filter(|_| answers > 0) else { return Ok(erasure) };
        let now = self.now();
        let sql = Sql::with(
            "INSERT INTO school_erasure (id, decision, before_day, told_before, answers, erased_by, erased_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            [
                self.next_id(now).into(),
                decision.into(),
                before.to_string().into(),
                before_at.into(),
                answers.into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        if tx.is_postgres() {
            tx.row(Sql::with("SELECT school_erase($1)::text", [before_at.into()])).await?;
        } else {
            tx.execute(Sql::with("DELETE FROM school_answer WHERE told_at < $1", [before_at.into()])).await?;
        }
        let event = ReadEvent::new(AuditAction::EraseSchoolAnswers, "school_answer").word("before", &before.to_string());
        self.commit_with(tx, scope, event.count("rows", answers)).await?;
        Ok(erasure)
    }
}

/// Where the number of an answer belongs.
pub(crate) fn number_place(answer: &str) -> String {
    format!("school_answer.card_number {answer}")
}

async fn answers(tx: &mut Tx, sql: Sql) -> Result<Vec<SchoolAnswer>, DeskError> {
    tx.rows(sql).await?.iter().map(answer_from).collect()
}

fn answer_from(row: &Row) -> Result<SchoolAnswer, DeskError> {
    let wrong = |what: &str| DeskError::damaged("school_answer", what);
    let day = |text: String, what: &str| text.parse::<Date>().map_err(|_| wrong(what));
    Ok(SchoolAnswer {
        id: row.text(0)?,
        class: row.text(1)?,
        card: ToldCard {
            person: row.int(2)?,
            card_number: row.text(3)?,
            valid_from: row.opt_text(4)?.map(|text| day(text, "valid_from")).transpose()?,
            valid_to: day(row.text(5)?, "valid_to")?,
        },
        told_by: row.text(6)?,
        told_at: row.int(7)?,
    })
}
