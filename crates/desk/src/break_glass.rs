//! Opening one person outside one's own area in an emergency (mở khẩn cấp): with a reason, for half an hour, told to who looks after
//! personal data and reviewed by them.

use base::{CommuneCode, Scope};
use serde::Serialize;

use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::Row;
use crate::opening::{Opening, Reasoned, Subject};
use crate::sql::{Bind, Sql};
use crate::{Desk, DeskError};

/// The field that the log names for a look-up in an emergency; one that found nobody counts as an opening ([`Desk::may_break_glass`]).
pub const URGENT_LOOK_UP: &str = "urgent";

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

impl Opening for BreakGlass {
    const TABLE: &'static str = "break_glass";
    const SUBJECT: &'static str = "person";
    const OWN: &'static str = "ended_at";
    const IN_FORCE: &'static str = " AND ended_at IS NULL";
    const TERM: i64 = 30 * 60_000;
    /// Whoever needs more needs another area, not more emergencies.
    const MOST_A_DAY: i64 = 10;
    const MISSED: Option<&'static str> = Some(URGENT_LOOK_UP);
    const TOO_MANY: &'static str = "ten openings in a day are the most; ask for the area instead";
    const PERMISSION: Permission = Permission::BreakGlass;
    const OPENED: AuditAction = AuditAction::BreakGlass;
    const OBJECT: (&'static str, char) = ("person", 'P');
    const REVIEWED: AuditAction = AuditAction::ReviewBreakGlass;

    fn from_row(row: &Row) -> Result<Self, DeskError> {
        Ok(Self {
            id: row.text(0)?,
            actor: row.text(1)?,
            person: row.int(2)?,
            reason: row.text(3)?,
            opened_at: row.int(4)?,
            until: row.int(5)?,
            reviewed_by: row.opt_text(6)?,
            reviewed_at: row.opt_int(7)?,
            review: row.opt_text(8)?,
            ended_at: row.opt_int(9)?,
        })
    }
}

impl Desk {
    /// Opens a person for half an hour. The same form again gives the opening there is.
    pub async fn break_glass(&self, scope: &Scope, new: NewBreakGlass) -> Result<BreakGlass, DeskError> {
        require(scope, Permission::BreakGlass)?;
        let form = Reasoned::of(&new.client_tx, &new.reason)?;
        let subject = Subject { number: new.person, commune: new.commune.as_ref(), own: Bind::Int(None) };
        self.open_with_reason(scope, &form, subject).await
    }

    /// Whether who asks may open somebody for this reason now, asked before anybody is looked up: else a refusal after the look-up would
    /// tell whether a number is known, at no cost. A look-up that found nobody (written into the log under [`URGENT_LOOK_UP`] with 0 rows)
    /// counts as one of the openings of the day.
    ///
    /// Errors: [`DeskError::Forbidden`]; [`DeskError::Invalid`] for the `reason`, or for the `count` when none is left.
    pub async fn may_break_glass(&self, scope: &Scope, reason: &str) -> Result<(), DeskError> {
        self.may_open::<BreakGlass>(scope, reason).await
    }

    /// One's own opening of a person that is in force now.
    pub async fn open_glass(&self, scope: &Scope, person: i64) -> Result<Option<BreakGlass>, DeskError> {
        self.opening_in_force(scope, person).await
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
        self.openings(scope, most).await
    }

    /// How many wait for a review; 0 for who does not review them.
    pub async fn glasses_waiting(&self, scope: &Scope) -> Result<i64, DeskError> {
        self.openings_waiting::<BreakGlass>(scope).await
    }

    /// Writes down what a review found; once. Nobody reviews their own.
    pub async fn review_glass(&self, scope: &Scope, id: &str, review: &str) -> Result<(), DeskError> {
        self.review_opening::<BreakGlass>(scope, id, review).await
    }
}
