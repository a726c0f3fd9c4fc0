//! Opening what of a visit is protected more than the rest (bệnh cần bảo vệ riêng): with a reason, for a while, reviewed by who looks after personal data.

use base::{CommuneCode, Scope};
use serde::Serialize;

use super::facility_code;
use crate::access::{Permission, may, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::text::{client_tx, written};
use crate::{Desk, DeskError};

/// How long a visit stays open, milliseconds: long enough to read a dossier and propose. Our own figure.
const OPEN: i64 = 2 * 3_600_000;
/// Openings of one user in a day, our own figure: more than an auditor reads with care.
const MOST_A_DAY: i64 = 50;
/// A day in milliseconds.
const DAY: i64 = 24 * 3_600_000;
/// Fewest characters of a reason: "xem" alone says nothing to who reviews it.
const SHORTEST_REASON: usize = 10;

/// Which visit to open, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProtectedOpening {
    /// The book's number of the visit.
    pub visit: i64,
    /// Code of its facility.
    pub facility: String,
    /// Where the facility stands, when it is known.
    pub commune: Option<CommuneCode>,
    /// Why, in words that who reviews it understands: 10 characters or more.
    pub reason: String,
    /// The form's own number: sent twice, nothing is added.
    pub client_tx: String,
}

/// An opening of a protected visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProtectedOpening {
    /// UUIDv7.
    pub id: String,
    /// Who opened, pseudonymous.
    pub actor: String,
    /// The book's number of the visit.
    pub visit: i64,
    /// Code of its facility.
    pub facility: String,
    /// Why.
    pub reason: String,
    /// When, Unix milliseconds.
    pub opened_at: i64,
    /// Until when, Unix milliseconds.
    pub until: i64,
    /// Who reviewed it.
    pub reviewed_by: Option<String>,
    /// When it was reviewed, Unix milliseconds.
    pub reviewed_at: Option<i64>,
    /// What they found.
    pub review: Option<String>,
}

const SELECT: &str =
    "SELECT id, actor, visit, facility, reason, opened_at, until_at, reviewed_by, reviewed_at, review FROM protected_opening";

impl Desk {
    /// Opens what is protected of a visit for two hours, for who asks alone. The same form again gives the opening there is. Fails for who may not, in
    /// another area, without a reason, and beyond fifty in a day.
    pub async fn open_protected(&self, scope: &Scope, new: NewProtectedOpening) -> Result<ProtectedOpening, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        require(scope, Permission::ViewProtectedHealth)?;
        let (client_tx, reason) = (client_tx(&new.client_tx)?, written("reason", &new.reason)?);
        if reason.chars().count() < SHORTEST_REASON {
            return Err(DeskError::Invalid { field: "reason", why: "must say what it is for, in 10 characters or more" });
        }
        if new.visit <= 0 {
            return Err(DeskError::Invalid { field: "visit", why: "must be a number of the book" });
        }
        if !scope.sees(new.commune.as_ref()) {
            return Err(DeskError::NotFound { kind: "review" });
        }
        let facility = facility_code(&new.facility)?;
        let (actor, now) = (scope.actor.0.as_str(), self.now());
        let mut tx = self.store().write(scope).await?;
        // One after another for one user, or many at once would pass the limit together.
        tx.lock(&format!("protected:{actor}")).await?;
        let known = one(&mut tx, Sql::new(SELECT).push(" WHERE client_tx = ").bind(client_tx.as_str())).await?;
        if let Some(known) = known {
            let same = known.visit == new.visit && known.actor == actor;
            return if same { Ok(known) } else { Err(DeskError::ClientTxReused) };
        }
        let sql = Sql::with(
            "SELECT count(*) FROM protected_opening WHERE actor = $1 AND opened_at > $2",
            [actor.into(), (now - DAY).into()],
        );
        if tx.row(sql).await?.map_or(Ok(0), |row| row.int(0))? >= MOST_A_DAY {
            return Err(DeskError::Invalid { field: "count", why: "fifty openings in a day are the most" });
        }
        let opened = ProtectedOpening {
            id: self.next_id(now),
            actor: actor.to_owned(),
            visit: new.visit,
            facility,
            reason,
            opened_at: now,
            until: now + OPEN,
            reviewed_by: None,
            reviewed_at: None,
            review: None,
        };
        let sql = Sql::with(
            "INSERT INTO protected_opening (id, client_tx, actor, unit, visit, facility, commune, reason, opened_at, until_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            [
                opened.id.as_str().into(),
                client_tx.as_str().into(),
                actor.into(),
                scope.unit.as_str().into(),
                opened.visit.into(),
                opened.facility.as_str().into(),
                new.commune.as_ref().map(CommuneCode::as_str).into(),
                opened.reason.as_str().into(),
                opened.opened_at.into(),
                opened.until.into(),
            ],
        );
        tx.execute(sql).await?;
        let event = ReadEvent::new(AuditAction::OpenProtected, "visit").object(format!("V{}", new.visit)).client_tx(&client_tx);
        let event = new.commune.iter().fold(event, |event, commune| event.commune(commune));
        self.commit_with(tx, scope, event.count("minutes", OPEN / 60_000)).await?;
        Ok(opened)
    }

    /// One's own opening of a visit that is in force now; none for who may not open, whatever was opened before.
    pub async fn protected_opening(&self, scope: &Scope, visit: i64) -> Result<Option<ProtectedOpening>, DeskError> {
        if !may(scope, Permission::ViewProtectedHealth) {
            return Ok(None);
        }
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new(SELECT).push(" WHERE actor = ").bind(scope.actor.0.as_str()).push(" AND visit = ").bind(visit);
        let sql = sql.push(" AND until_at > ").bind(self.now()).push(" ORDER BY until_at DESC LIMIT 1");
        one(&mut tx, sql).await
    }

    /// Openings, those that wait for a review first, then the newest: all for who reviews them, else one's own.
    pub async fn protected_openings(&self, scope: &Scope, most: i64) -> Result<Vec<ProtectedOpening>, DeskError> {
        let mut sql = Sql::new(SELECT);
        if !may(scope, Permission::ReviewBreakGlass) {
            sql = sql.push(" WHERE actor = ").bind(scope.actor.0.as_str());
        }
        let order = " ORDER BY CASE WHEN reviewed_at IS NULL THEN 0 ELSE 1 END, opened_at DESC, id LIMIT ";
        let mut tx = self.store().read(scope).await?;
        tx.rows(sql.push(order).bind(most)).await?.iter().map(from_row).collect()
    }

    /// How many wait for a review; 0 for who does not review them.
    pub async fn protected_openings_waiting(&self, scope: &Scope) -> Result<i64, DeskError> {
        if !may(scope, Permission::ReviewBreakGlass) {
            return Ok(0);
        }
        let mut tx = self.store().read(scope).await?;
        let row = tx.row(Sql::new("SELECT count(*) FROM protected_opening WHERE reviewed_at IS NULL")).await?;
        row.map_or(Ok(0), |row| row.int(0))
    }

    /// Writes down what a review of an opening found; once. Nobody reviews their own.
    pub async fn review_protected_opening(&self, scope: &Scope, id: &str, review: &str) -> Result<(), DeskError> {
        require(scope, Permission::ReviewBreakGlass)?;
        let review = written("review", review)?;
        let mut tx = self.store().write(scope).await?;
        let known = one(&mut tx, Sql::new(SELECT).push(" WHERE id = ").bind(id)).await?;
        let known = known.ok_or(DeskError::NotFound { kind: "protected_opening" })?;
        if known.actor == scope.actor.0 {
            return Err(DeskError::Forbidden { permission: Permission::ReviewBreakGlass });
        }
        let sql = Sql::with(
            "UPDATE protected_opening SET reviewed_by = $1, reviewed_at = $2, review = $3 WHERE id = $4 AND reviewed_at IS NULL",
            [scope.actor.0.as_str().into(), self.now().into(), review.into(), id.into()],
        );
        if tx.execute(sql).await? == 0 {
            return Err(DeskError::AlreadyDecided);
        }
        self.commit_with(tx, scope, ReadEvent::new(AuditAction::ReviewProtected, "protected_opening").object(id)).await
    }
}

async fn one(tx: &mut Tx, sql: Sql) -> Result<Option<ProtectedOpening>, DeskError> {
    tx.row(sql).await?.as_ref().map(from_row).transpose()
}

fn from_row(row: &Row) -> Result<ProtectedOpening, DeskError> {
    Ok(ProtectedOpening {
        id: row.text(0)?,
        actor: row.text(1)?,
        visit: row.int(2)?,
        facility: row.text(3)?,
        reason: row.text(4)?,
        opened_at: row.int(5)?,
        until: row.int(6)?,
        reviewed_by: row.opt_text(7)?,
        reviewed_at: row.opt_int(8)?,
        review: row.opt_text(9)?,
    })
}
