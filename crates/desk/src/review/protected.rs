//! Opening what of a visit is protected more than the rest (bệnh cần bảo vệ riêng): with a reason, for a while, reviewed by who looks after personal data.

use base::{CommuneCode, Scope};
use serde::Serialize;

use super::facility_code;
use crate::access::{Permission, require};
use crate::audit::AuditAction;
use crate::db::Row;
use crate::opening::{Opening, Reasoned, Subject};
use crate::{Desk, DeskError};

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

impl Opening for ProtectedOpening {
    const TABLE: &'static str = "protected_opening";
    const SUBJECT: &'static str = "visit";
    const OWN: &'static str = "facility";
    const IN_FORCE: &'static str = "";
    /// Long enough to read a dossier and propose. Our own figure.
    const TERM: i64 = 2 * 3_600_000;
    /// Our own figure: more than an auditor reads with care.
    const MOST_A_DAY: i64 = 50;
    const TOO_MANY: &'static str = "fifty openings in a day are the most";
    const PERMISSION: Permission = Permission::ViewProtectedHealth;
    const OPENED: AuditAction = AuditAction::OpenProtected;
    const OBJECT: (&'static str, char) = ("visit", 'V');
    const REVIEWED: AuditAction = AuditAction::ReviewProtected;

    fn from_row(row: &Row) -> Result<Self, DeskError> {
        Ok(Self {
            id: row.text(0)?,
            actor: row.text(1)?,
            visit: row.int(2)?,
            reason: row.text(3)?,
            opened_at: row.int(4)?,
            until: row.int(5)?,
            reviewed_by: row.opt_text(6)?,
            reviewed_at: row.opt_int(7)?,
            review: row.opt_text(8)?,
            facility: row.text(9)?,
        })
    }
}

impl Desk {
    /// Opens what is protected of a visit for two hours, for who asks alone. The same form again gives the opening there is. Fails for who may not, in
    /// another area, without a reason, and beyond fifty in a day.
    pub async fn open_protected(&self, scope: &Scope, new: NewProtectedOpening) -> Result<ProtectedOpening, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        require(scope, Permission::ViewProtectedHealth)?;
        let form = Reasoned::of(&new.client_tx, &new.reason)?;
        if new.visit <= 0 {
            return Err(DeskError::Invalid { field: "visit", why: "must be a number of the book" });
        }
        if !scope.sees(new.commune.as_ref()) {
            return Err(DeskError::NotFound { kind: "review" });
        }
        let facility = facility_code(&new.facility)?;
        let subject = Subject { number: new.visit, commune: new.commune.as_ref(), own: facility.into() };
        self.open_with_reason(scope, &form, subject).await
    }

    /// One's own opening of a visit that is in force now; none for who may not open, whatever was opened before.
    pub async fn protected_opening(&self, scope: &Scope, visit: i64) -> Result<Option<ProtectedOpening>, DeskError> {
        self.opening_in_force(scope, visit).await
    }

    /// Openings, those that wait for a review first, then the newest: all for who reviews them, else one's own.
    pub async fn protected_openings(&self, scope: &Scope, most: i64) -> Result<Vec<ProtectedOpening>, DeskError> {
        self.openings(scope, most).await
    }

    /// How many wait for a review; 0 for who does not review them.
    pub async fn protected_openings_waiting(&self, scope: &Scope) -> Result<i64, DeskError> {
        self.openings_waiting::<ProtectedOpening>(scope).await
    }

    /// Writes down what a review of an opening found; once. Nobody reviews their own.
    pub async fn review_protected_opening(&self, scope: &Scope, id: &str, review: &str) -> Result<(), DeskError> {
        self.review_opening::<ProtectedOpening>(scope, id, review).await
    }
}
