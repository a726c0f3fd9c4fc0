//! "The same person" and "not the same person": said by a person with a reason, undone with a trace, and
//! outliving every run.

use base::{CommuneCode, Month, Scope};
use serde::Serialize;

use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::text::{client_tx, word, written};
use crate::{Desk, DeskError};

/// What was decided about two rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// The same person (cùng một người).
    Same,
    /// Not the same person (không phải cùng một người).
    NotSame,
}

impl DecisionKind {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::NotSame => "not_same",
        }
    }
}

/// Names a row of a roster by what it says, so that the name holds when the roster comes again: `roster:key`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct RowRef(String);

impl RowRef {
    /// The reference of a roster's row by its content-stable key (a hash, never a natural id).
    pub fn new(roster: &str, key: &str) -> Result<Self, DeskError> {
        Ok(Self(format!("{}:{}", word("roster", roster)?, word("row_key", key)?)))
    }

    /// The text `roster:key`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Roster and key.
    pub fn parts(&self) -> (&str, &str) {
        self.0.split_once(':').unwrap_or(("", &self.0))
    }

    fn stored(text: String) -> Self {
        Self(text)
    }
}

/// A decision to be recorded.
#[derive(Debug, Clone)]
pub struct NewDecision {
    /// What is decided.
    pub kind: DecisionKind,
    /// One row.
    pub left: RowRef,
    /// The other row.
    pub right: RowRef,
    /// Commune of the person the list was opened for; none when unknown, then only the whole city sees it.
    pub commune: Option<CommuneCode>,
    /// Period whose data was looked at.
    pub period: Month,
    /// Why.
    pub reason: String,
    /// The form's own number: sent twice, the first answer comes again.
    pub client_tx: String,
}

/// A recorded decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// UUIDv7.
    pub id: String,
    /// What was decided.
    pub kind: DecisionKind,
    /// The row whose reference sorts first.
    pub left: RowRef,
    /// The row whose reference sorts second.
    pub right: RowRef,
    /// Commune for access.
    pub commune: Option<CommuneCode>,
    /// Period whose data was looked at.
    pub period: Month,
    /// Why.
    pub reason: String,
    /// Who, pseudonymous.
    pub decided_by: String,
    /// Unix milliseconds.
    pub decided_at: i64,
    /// How it was undone; none while in force.
    pub undone: Option<Undone>,
}

/// The trace of an undone decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Undone {
    /// Who, pseudonymous.
    pub by: String,
    /// Unix milliseconds.
    pub at: i64,
    /// Why.
    pub reason: String,
}

const SELECT: &str = "SELECT id, kind, left_row, right_row, commune, period, reason, decided_by, decided_at, \
                      undone_by, undone_at, undo_reason FROM decision WHERE ";

impl Desk {
    /// Records a decision and its audit event. The pair is stored in one order, whichever was given.
    ///
    /// The same `client_tx` gives the earlier decision again. A pair with a decision in force must be undone first.
    pub async fn decide(&self, scope: &Scope, new: NewDecision) -> Result<Decision, DeskError> {
        require(scope, Permission::DecideLinks)?;
        let reason = written("reason", &new.reason)?;
        let client_tx = client_tx(&new.client_tx)?;
        let (left, right) = if new.left <= new.right { (new.left, new.right) } else { (new.right, new.left) };
        if left == right {
            return Err(DeskError::Invalid { field: "right", why: "both references name the same row" });
        }
        if !scope.sees(new.commune.as_ref()) {
            return Err(DeskError::NotFound { kind: "row" });
        }
        let now = self.now();
        let decision = Decision {
            id: self.next_id(now),
            kind: new.kind,
            left,
            right,
            commune: new.commune,
            period: new.period,
            reason,
            decided_by: scope.actor.0.clone(),
            decided_at: now,
            undone: None,
        };
        let mut tx = self.store().write(scope).await?;
        tx.lock(&client_tx).await?;
        if let Some(earlier) = earlier(&mut tx, scope, &client_tx, &decision).await? {
            return Ok(earlier);
        }
        if insert(&mut tx, &decision, &client_tx).await? == 0 {
            return Err(DeskError::ClientTxReused);
        }
        let event = ReadEvent::new(AuditAction::DecideLink, "decision").object(decision.id.as_str()).client_tx(&client_tx);
        let event = event.word("kind", decision.kind.as_str());
        self.commit_with(tx, scope, about(event, &decision)).await?;
        Ok(decision)
    }

    /// Undoes a decision with a reason; it stays in the table with its trace.
    ///
    /// Asked again by the same person with the same reason, it gives the same answer.
    pub async fn undo(&self, scope: &Scope, id: &str, reason: &str) -> Result<Decision, DeskError> {
        require(scope, Permission::DecideLinks)?;
        let reason = written("reason", reason)?;
        let mut tx = self.store().write(scope).await?;
        let now = self.now();
        let sql = Sql::with(
            "UPDATE decision SET undone_by = $1, undone_at = $2, undo_reason = $3 WHERE id = $4 AND undone_at IS NULL AND ",
            [scope.actor.0.as_str().into(), now.into(), reason.as_str().into(), id.into()],
        );
        let changed = tx.execute(sql.area("commune", &scope.area)?).await?;
        let sql = Sql::new(SELECT).push("id = ").bind(id).push(" AND ").area("commune", &scope.area)?;
        let decision = decisions(&mut tx, sql).await?.pop().ok_or(DeskError::NotFound { kind: "decision" })?;
        if changed == 0 {
            let again = decision.undone.as_ref().is_some_and(|undone| undone.by == scope.actor.0 && undone.reason == reason);
            return if again { Ok(decision) } else { Err(DeskError::AlreadyUndone) };
        }
        let event = ReadEvent::new(AuditAction::UndoDecision, "decision").object(id);
        self.commit_with(tx, scope, about(event, &decision)).await?;
        Ok(decision)
    }

    /// Decisions in force in the area, in the order they were made.
    pub async fn active_decisions(&self, scope: &Scope) -> Result<Vec<Decision>, DeskError> {
        let sql = Sql::new(SELECT).push("undone_at IS NULL AND ").area("commune", &scope.area)?;
        let mut tx = self.store().read(scope).await?;
        let mut found = decisions(&mut tx, sql).await?;
        found.sort_by(|a, b| (a.decided_at, &a.id).cmp(&(b.decided_at, &b.id)));
        Ok(found)
    }

    /// All decisions about a row in the area, also undone ones, in the order they were made.
    pub async fn decisions_for(&self, scope: &Scope, row: &RowRef) -> Result<Vec<Decision>, DeskError> {
        let sql = Sql::new(SELECT).push("(left_row = ").bind(row.as_str()).push(" OR right_row = ").bind(row.as_str());
        let mut tx = self.store().read(scope).await?;
        let mut found = decisions(&mut tx, sql.push(") AND ").area("commune", &scope.area)?).await?;
        found.sort_by(|a, b| (a.decided_at, &a.id).cmp(&(b.decided_at, &b.id)));
        Ok(found)
    }

    /// One decision of the area.
    pub async fn decision(&self, scope: &Scope, id: &str) -> Result<Decision, DeskError> {
        let sql = Sql::new(SELECT).push("id = ").bind(id).push(" AND ").area("commune", &scope.area)?;
        let mut tx = self.store().read(scope).await?;
        decisions(&mut tx, sql).await?.pop().ok_or(DeskError::NotFound { kind: "decision" })
    }

    /// The copy for a run: decisions in force, sorted by pair. The same decisions give the same list in both databases.
    ///
    /// A run sees the whole city; a smaller area would silently leave decisions out and is refused.
    pub async fn active_decisions_sorted(&self, scope: &Scope) -> Result<Vec<Decision>, DeskError> {
        if scope.area != base::Area::City {
            return Err(DeskError::Invalid { field: "area", why: "a run copies the decisions of the whole city" });
        }
        let mut found = self.active_decisions(scope).await?;
        // Sorted here by bytes: databases sort text by their own rules.
        found.sort_by(|a, b| (&a.left, &a.right).cmp(&(&b.left, &b.right)));
        Ok(found)
    }
}

/// Adds the commune of a decision to its event.
fn about(event: ReadEvent, decision: &Decision) -> ReadEvent {
    let event = event.word("period", &decision.period.to_string());
    decision.commune.iter().fold(event, |event, commune| event.commune(commune))
}

/// The decision this form made before; an error when the number was used for another one.
async fn earlier(tx: &mut Tx, scope: &Scope, client_tx: &str, new: &Decision) -> Result<Option<Decision>, DeskError> {
    let sql = Sql::new(SELECT).push("client_tx = ").bind(client_tx).push(" AND ").area("commune", &scope.area)?;
    let Some(found) = decisions(tx, sql).await?.pop() else { return Ok(None) };
    let same = found.kind == new.kind
        && (&found.left, &found.right, &found.commune, found.period) == (&new.left, &new.right, &new.commune, new.period)
        && found.decided_by == new.decided_by;
    if same { Ok(Some(found)) } else { Err(DeskError::ClientTxReused) }
}

/// Gives the number of rows stored: none when the form's number is taken outside the area. The unique
/// index over pairs in force also knows decisions outside the area.
async fn insert(tx: &mut Tx, new: &Decision, client_tx: &str) -> Result<u64, DeskError> {
    let sql = Sql::with(
        "INSERT INTO decision (id, client_tx, kind, left_row, right_row, commune, period, reason, decided_by, decided_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (client_tx) DO NOTHING",
        [
            new.id.as_str().into(),
            client_tx.into(),
            new.kind.as_str().into(),
            new.left.as_str().into(),
            new.right.as_str().into(),
            new.commune.as_ref().map(CommuneCode::as_str).into(),
            new.period.to_string().into(),
            new.reason.as_str().into(),
            new.decided_by.as_str().into(),
            new.decided_at.into(),
        ],
    );
    tx.execute(sql).await.map_err(|error| if error == DeskError::Duplicate { DeskError::AlreadyDecided } else { error })
}

async fn decisions(tx: &mut Tx, sql: Sql) -> Result<Vec<Decision>, DeskError> {
    tx.rows(sql).await?.iter().map(decision_from).collect()
}

fn decision_from(row: &Row) -> Result<Decision, DeskError> {
    let wrong = |what: &str| DeskError::damaged("decision", what);
    let kind = match row.text(1)?.as_str() {
        "same" => DecisionKind::Same,
        "not_same" => DecisionKind::NotSame,
        _ => return Err(wrong("unknown kind")),
    };
    let commune = row.opt_text(4)?.map(|text| CommuneCode::parse(&text).ok_or_else(|| wrong("commune"))).transpose()?;
    let undone = match (row.opt_text(9)?, row.opt_int(10)?, row.opt_text(11)?) {
        (Some(by), Some(at), Some(reason)) => Some(Undone { by, at, reason }),
        (None, None, None) => None,
        _ => return Err(wrong("undone in part")),
    };
    Ok(Decision {
        id: row.text(0)?,
        kind,
        left: RowRef::stored(row.text(2)?),
        right: RowRef::stored(row.text(3)?),
        commune,
        period: row.text(5)?.parse().map_err(|_| wrong("period"))?,
        reason: row.text(6)?,
        decided_by: row.text(7)?,
        decided_at: row.int(8)?,
        undone,
    })
}
