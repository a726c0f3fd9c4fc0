//! Opening one person outside one's own area in an emergency (mở khẩn cấp): with a reason, for half an hour, told to who looks after
//! personal data and reviewed by them.

use base::{CommuneCode, Scope};
use serde::Serialize;

use crate::access::{Permission, may, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::text::{client_tx, written};
use crate::{Desk, DeskError};

/// How long a person stays open, milliseconds.
const OPEN: i64 = 30 * 60_000;
/// Openings of one user in a day; whoever needs more needs another area, not more emergencies.
const MOST_A_DAY: i64 = 10;
/// A day in milliseconds.
const DAY: i64 = 24 * 3_600_000;
/// Fewest characters of a reason: "khẩn" alone says nothing to who reviews it.
const SHORTEST_REASON: usize = 10;

/// Whom to open, and why.
#[derive(Debug, Clone)]
pub struct NewBreakGlass {
    /// The book's number of the person.
    pub person: i64,
    /// Where they live, when it is known.
    pub commune: Option<CommuneCode>,
    /// Why, in words that who reviews it understands.
    pub reason: String,
    /// The form's own number: sent twice, nothing is added.
    pub client_tx: String,
}

/// An opening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BreakGlass {
    /// UUIDv7.
    pub id: String,
    /// Who opened.
    pub actor: String,
    /// The book's number of the person.
    pub person: i64,
    /// Why.
    pub reason: String,
    /// When, Unix milliseconds.
    pub opened_at: i64,
    /// Until when at most.
    pub until: i64,
    /// When it was ended before that.
    pub ended_at: Option<i64>,
    /// Who reviewed it.
    pub reviewed_by: Option<String>,
    /// When it was reviewed.
    pub reviewed_at: Option<i64>,
    /// What they found.
    pub review: Option<String>,
}

const SELECT: &str =
    "SELECT id, actor, person, reason, opened_at, until_at, ended_at, reviewed_by, reviewed_at, review FROM break_glass";

impl Desk {
    /// Opens a person for half an hour. The same form again gives the opening there is.
    pub async fn break_glass(&self, scope: &Scope, new: NewBreakGlass) -> Result<BreakGlass, DeskError> {
        require(scope, Permission::BreakGlass)?;
        let (client_tx, reason) = (client_tx(&new.client_tx)?, written("reason", &new.reason)?);
        if reason.chars().count() < SHORTEST_REASON {
            return Err(DeskError::Invalid { field: "reason", why: "must say what it is for, in 10 characters or more" });
        }
        let (actor, now) = (scope.actor.0.as_str(), self.now());
        let mut tx = self.store().write(scope).await?;
        // One after another for one user, or many at once would pass the limit together.
        tx.lock(&format!("break-glass:{actor}")).await?;
        let known = one(&mut tx, Sql::new(SELECT).push(" WHERE client_tx = ").bind(client_tx.as_str())).await?;
        if let Some(known) = known {
            return if known.person == new.person { Ok(known) } else { Err(DeskError::ClientTxReused) };
        }
        let sql =
            Sql::with("SELECT count(*) FROM break_glass WHERE actor = $1 AND opened_at > $2", [actor.into(), (now - DAY).into()]);
        if tx.row(sql).await?.map_or(Ok(0), |row| row.int(0))? >= MOST_A_DAY {
            return Err(DeskError::Invalid {
                field: "count",
                why: "ten openings in a day are the most; ask for the area instead",
            });
        }
        let opened = BreakGlass {
            id: self.next_id(now),
            actor: actor.to_owned(),
            person: new.person,
            reason,
            opened_at: now,
            until: now + OPEN,
            ended_at: None,
            reviewed_by: None,
            reviewed_at: None,
            review: None,
        };
        let sql = Sql::with(
            "INSERT INTO break_glass (id, client_tx, actor, unit, person, commune, reason, opened_at, until_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            [
                opened.id.as_str().into(),
                client_tx.as_str().into(),
                actor.into(),
                scope.unit.as_str().into(),
                opened.person.into(),
                new.commune.as_ref().map(CommuneCode::as_str).into(),
                opened.reason.as_str().into(),
                opened.opened_at.into(),
                opened.until.into(),
            ],
        );
        tx.execute(sql).await?;
        let event = ReadEvent::new(AuditAction::BreakGlass, "person").object(format!("P{}", new.person)).client_tx(&client_tx);
        let event = new.commune.iter().fold(event, |event, commune| event.commune(commune));
        self.commit_with(tx, scope, event.count("minutes", OPEN / 60_000)).await?;
        Ok(opened)
    }

    /// One's own opening of a person that is in force now.
    pub async fn open_glass(&self, scope: &Scope, person: i64) -> Result<Option<BreakGlass>, DeskError> {
        if !may(scope, Permission::BreakGlass) {
            return Ok(None);
        }
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new(SELECT).push(" WHERE actor = ").bind(scope.actor.0.as_str()).push(" AND person = ").bind(person);
        let sql = sql.push(" AND ended_at IS NULL AND until_at > ").bind(self.now()).push(" ORDER BY until_at DESC LIMIT 1");
        one(&mut tx, sql).await
    }

    /// Ends one's own opening before its time; one that is over stays as it is.
    pub async fn close_glass(&self, scope: &Scope, id: &str) -> Result<(), DeskError> {
        let now = self.now();
        let mut tx = self.store().write(scope).await?;
        let sql = Sql::with(
            "UPDATE break_glass SET ended_at = $1 WHERE id = $2 AND actor = $3 AND ended_at IS NULL AND until_at > $1",
            [now.into(), id.into(), scope.actor.0.as_str().into()],
        );
        if tx.execute(sql).await? == 0 {
            return Ok(());
        }
        self.commit_with(tx, scope, ReadEvent::new(AuditAction::EndBreakGlass, "break_glass").object(id)).await
    }

    /// Openings, those that wait for a review first, then the newest: all for who reviews them, else one's own.
    pub async fn glasses(&self, scope: &Scope, most: i64) -> Result<Vec<BreakGlass>, DeskError> {
        let mut sql = Sql::new(SELECT);
        if !may(scope, Permission::ReviewBreakGlass) {
            sql = sql.push(" WHERE actor = ").bind(scope.actor.0.as_str());
        }
        let order = " ORDER BY CASE WHEN reviewed_at IS NULL THEN 0 ELSE 1 END, opened_at DESC, id LIMIT ";
        let mut tx = self.store().read(scope).await?;
        tx.rows(sql.push(order).bind(most)).await?.iter().map(from_row).collect()
    }

    /// How many wait for a review; 0 for who does not review them.
    pub async fn glasses_waiting(&self, scope: &Scope) -> Result<i64, DeskError> {
        if !may(scope, Permission::ReviewBreakGlass) {
            return Ok(0);
        }
        let mut tx = self.store().read(scope).await?;
        let row = tx.row(Sql::new("SELECT count(*) FROM break_glass WHERE reviewed_at IS NULL")).await?;
        row.map_or(Ok(0), |row| row.int(0))
    }

    /// Writes down what a review found; once. Nobody reviews their own.
    pub async fn review_glass(&self, scope: &Scope, id: &str, review: &str) -> Result<(), DeskError> {
        require(scope, Permission::ReviewBreakGlass)?;
        let review = written("review", review)?;
        let mut tx = self.store().write(scope).await?;
        let known = one(&mut tx, Sql::new(SELECT).push(" WHERE id = ").bind(id)).await?;
        let known = known.ok_or(DeskError::NotFound { kind: "break_glass" })?;
        if known.actor == scope.actor.0 {
            return Err(DeskError::Forbidden { permission: Permission::ReviewBreakGlass });
        }
        let sql = Sql::with(
            "UPDATE break_glass SET reviewed_by = $1, reviewed_at = $2, review = $3 WHERE id = $4 AND reviewed_at IS NULL",
            [scope.actor.0.as_str().into(), self.now().into(), review.into(), id.into()],
        );
        if tx.execute(sql).await? == 0 {
            return Err(DeskError::AlreadyDecided);
        }
        self.commit_with(tx, scope, ReadEvent::new(AuditAction::ReviewBreakGlass, "break_glass").object(id)).await
    }
}

async fn one(tx: &mut Tx, sql: Sql) -> Result<Option<BreakGlass>, DeskError> {
    tx.row(sql).await?.as_ref().map(from_row).transpose()
}

fn from_row(row: &Row) -> Result<BreakGlass, DeskError> {
    Ok(BreakGlass {
        id: row.text(0)?,
        actor: row.text(1)?,
        person: row.int(2)?,
        reason: row.text(3)?,
        opened_at: row.int(4)?,
        until: row.int(5)?,
        ended_at: row.opt_int(6)?,
        reviewed_by: row.opt_text(7)?,
        reviewed_at: row.opt_int(8)?,
        review: row.opt_text(9)?,
    })
}
