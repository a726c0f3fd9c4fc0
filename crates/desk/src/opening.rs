//! Openings with a reason: what is closed to somebody is opened to them alone, for a while, told in the log, and reviewed by somebody else.
//!
//! One way for every kind of them: a person outside one's own area ([`crate::BreakGlass`]), what of a visit is protected more than the rest
//! ([`crate::ProtectedOpening`]). A kind says its table, its term and its events; what is asked before, the kind asks itself.

use base::{CommuneCode, Scope};

use crate::access::{Permission, may, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::{Bind, Sql};
use crate::text::{client_tx, written};
use crate::{Desk, DeskError};

/// A day in milliseconds.
const DAY: i64 = 24 * 3_600_000;
/// Events of the log read at once.
const PAGE: i64 = 500;
/// Fewest characters of a reason: "khẩn" or "xem" alone says nothing to who reviews it.
const SHORTEST_REASON: usize = 10;

/// A kind of openings: a row of its table, and what holds for all of them.
pub(crate) trait Opening: Sized {
    /// Its table; also what a missing one is called, and the object of the event of a review.
    const TABLE: &'static str;
    /// The column with the book's number of what is opened.
    const SUBJECT: &'static str;
    /// The column that this kind alone has.
    const OWN: &'static str;
    /// What must hold, besides the term, of one that is in force: nothing, or a condition after ` AND `.
    const IN_FORCE: &'static str;
    /// How long it is open, milliseconds.
    const TERM: i64;
    /// Openings of one user in a day.
    const MOST_A_DAY: i64;
    /// The field of searches in the log that count as openings where they found nobody, for kinds that begin with a search.
    const MISSED: Option<&'static str> = None;
    /// What is said beyond that.
    const TOO_MANY: &'static str;
    /// Who may open.
    const PERMISSION: Permission;
    /// The event of an opening.
    const OPENED: AuditAction;
    /// What is opened, as the event calls it, and the letter before its number.
    const OBJECT: (&'static str, char);
    /// The event of a review.
    const REVIEWED: AuditAction;

    /// Reads `id, actor, SUBJECT, reason, opened_at, until_at, reviewed_by, reviewed_at, review, OWN`.
    fn from_row(row: &Row) -> Result<Self, DeskError>;
}

/// What a form says of an opening, checked.
pub(crate) struct Reasoned {
    /// The form's own number.
    client_tx: String,
    /// Why, trimmed, 10 characters or more.
    reason: String,
}

impl Reasoned {
    /// Checks the form's number and the reason.
    pub(crate) fn of(number: &str, reason: &str) -> Result<Self, DeskError> {
        Ok(Self { client_tx: client_tx(number)?, reason: reason_of(reason)? })
    }
}

/// A reason that says something.
fn reason_of(text: &str) -> Result<String, DeskError> {
    let reason = written("reason", text)?;
    if reason.chars().count() < SHORTEST_REASON {
        return Err(DeskError::Invalid { field: "reason", why: "must say what it is for, in 10 characters or more" });
    }
    Ok(reason)
}

/// What is opened.
pub(crate) struct Subject<'s> {
    /// The book's number.
    pub(crate) number: i64,
    /// Where it lies, when it is known.
    pub(crate) commune: Option<&'s CommuneCode>,
    /// The value of the kind's own column.
    pub(crate) own: Bind,
}

/// The beginning of a query whose rows [`Opening::from_row`] reads.
fn select<K: Opening>() -> Sql {
    let sql = Sql::new("SELECT id, actor, ").push(K::SUBJECT).push(", reason, opened_at, until_at, reviewed_by, reviewed_at, ");
    sql.push("review, ").push(K::OWN).push(" FROM ").push(K::TABLE)
}

async fn one<K: Opening>(tx: &mut Tx, sql: Sql) -> Result<Option<K>, DeskError> {
    tx.row(sql).await?.as_ref().map(K::from_row).transpose()
}

/// Whether a user has an opening left today.
async fn has_left<K: Opening>(tx: &mut Tx, actor: &str, now: i64) -> Result<(), DeskError> {
    let since = now - DAY;
    let today = Sql::new("SELECT count(*) FROM ").push(K::TABLE).push(" WHERE actor = ").bind(actor);
    let mut used = tx.row(today.push(" AND opened_at > ").bind(since)).await?.map_or(Ok(0), |row| row.int(0))?;
    if let Some(field) = K::MISSED {
        used += missed(tx, actor, since, field).await?;
    }
    if used < K::MOST_A_DAY { Ok(()) } else { Err(DeskError::Invalid { field: "count", why: K::TOO_MANY }) }
}

/// Searches under a field since a moment that found nobody. The log is read backwards by its index of actors, as far as that moment.
async fn missed(tx: &mut Tx, actor: &str, since: i64, field: &str) -> Result<i64, DeskError> {
    let (mut before, mut missed) = (i64::MAX, 0);
    loop {
        let sql = Sql::new("SELECT seq, at, action, detail FROM audit_event WHERE actor = ").bind(actor);
        let rows = tx.rows(sql.push(" AND seq < ").bind(before).push(" ORDER BY seq DESC LIMIT ").bind(PAGE)).await?;
        for row in &rows {
            if row.int(1)? <= since {
                return Ok(missed);
            }
            let searched = row.text(2)? == AuditAction::SearchPeople.as_str();
            missed += i64::from(searched && found_nobody(&row.text(3)?, field));
        }
        match rows.last() {
            Some(last) if rows.len() as i64 == PAGE => before = last.int(0)?,
            _ => return Ok(missed),
        }
    }
}

/// Whether the detail of a search says that it was of this field and found nobody.
fn found_nobody(detail: &str, field: &str) -> bool {
    let detail: serde_json::Value = serde_json::from_str(detail).unwrap_or_default();
    detail["field"].as_str() == Some(field) && detail["rows"].as_i64() == Some(0)
}

impl Desk {
    /// Whether who asks may open something of a kind for this reason now; asked before it is known whether it is there.
    pub(crate) async fn may_open<K: Opening>(&self, scope: &Scope, reason: &str) -> Result<(), DeskError> {
        require(scope, K::PERMISSION)?;
        reason_of(reason)?;
        let mut tx = self.store().read(scope).await?;
        has_left::<K>(&mut tx, &scope.actor.0, self.now()).await
    }

    /// Opens something for the kind's term, for who asks alone. The same form again gives the opening there is. Fails for who may not, beyond the most of a
    /// day, and where the form's number belongs to another opening.
    pub(crate) async fn open_with_reason<K: Opening>(
        &self,
        scope: &Scope,
        form: &Reasoned,
        subject: Subject<'_>,
    ) -> Result<K, DeskError> {
        require(scope, K::PERMISSION)?;
        let (actor, now) = (scope.actor.0.as_str(), self.now());
        let mut tx = self.store().write(scope).await?;
        // One after another for one user, or many at once would pass the limit together.
        tx.lock(&format!("{}:{actor}", K::TABLE)).await?;
        let known = select::<K>().push(" WHERE client_tx = ").bind(form.client_tx.as_str());
        if let Some(known) = tx.row(known).await? {
            let same = known.text(1)? == actor && known.int(2)? == subject.number;
            return if same { K::from_row(&known) } else { Err(DeskError::ClientTxReused) };
        }
        has_left::<K>(&mut tx, actor, now).await?;
        let id = self.next_id(now);
        let sql =
            Sql::new("INSERT INTO ").push(K::TABLE).push(" (id, client_tx, actor, unit, commune, reason, opened_at, until_at, ");
        let sql = sql.push(K::SUBJECT).push(", ").push(K::OWN).push(") VALUES ");
        let row: Vec<Bind> = vec![
            id.as_str().into(),
            form.client_tx.as_str().into(),
            actor.into(),
            scope.unit.as_str().into(),
            subject.commune.map(CommuneCode::as_str).into(),
            form.reason.as_str().into(),
            now.into(),
            (now + K::TERM).into(),
            subject.number.into(),
            subject.own,
        ];
        tx.execute(sql.rows([row])).await?;
        let opened = one::<K>(&mut tx, select::<K>().push(" WHERE id = ").bind(id.as_str())).await?;
        let opened = opened.ok_or(DeskError::NotFound { kind: K::TABLE })?;
        let (object, letter) = K::OBJECT;
        let event = ReadEvent::new(K::OPENED, object).object(format!("{letter}{}", subject.number)).client_tx(&form.client_tx);
        let event = subject.commune.into_iter().fold(event, |event, commune| event.commune(commune));
        self.commit_with(tx, scope, event.count("minutes", K::TERM / 60_000)).await?;
        Ok(opened)
    }

    /// One's own opening of something that is in force now; none for who may not open, whatever was opened before.
    pub(crate) async fn opening_in_force<K: Opening>(&self, scope: &Scope, number: i64) -> Result<Option<K>, DeskError> {
        if !may(scope, K::PERMISSION) {
            return Ok(None);
        }
        let mut tx = self.store().read(scope).await?;
        let sql = select::<K>().push(" WHERE actor = ").bind(scope.actor.0.as_str()).push(" AND ").push(K::SUBJECT);
        let sql = sql.push(" = ").bind(number).push(K::IN_FORCE).push(" AND until_at > ").bind(self.now());
        one(&mut tx, sql.push(" ORDER BY until_at DESC LIMIT 1")).await
    }

    /// Openings, those that wait for a review first, then the newest: all for who reviews them, else one's own.
    pub(crate) async fn openings<K: Opening>(&self, scope: &Scope, most: i64) -> Result<Vec<K>, DeskError> {
        let mut sql = select::<K>();
        if !may(scope, Permission::ReviewBreakGlass) {
            sql = sql.push(" WHERE actor = ").bind(scope.actor.0.as_str());
        }
        let order = " ORDER BY CASE WHEN reviewed_at IS NULL THEN 0 ELSE 1 END, opened_at DESC, id LIMIT ";
        let mut tx = self.store().read(scope).await?;
        tx.rows(sql.push(order).bind(most)).await?.iter().map(K::from_row).collect()
    }

    /// How many wait for a review; 0 for who does not review them.
    pub(crate) async fn openings_waiting<K: Opening>(&self, scope: &Scope) -> Result<i64, DeskError> {
        if !may(scope, Permission::ReviewBreakGlass) {
            return Ok(0);
        }
        let mut tx = self.store().read(scope).await?;
        let row = tx.row(Sql::new("SELECT count(*) FROM ").push(K::TABLE).push(" WHERE reviewed_at IS NULL")).await?;
        row.map_or(Ok(0), |row| row.int(0))
    }

    /// Writes down what a review of an opening found; once. Nobody reviews their own.
    pub(crate) async fn review_opening<K: Opening>(&self, scope: &Scope, id: &str, review: &str) -> Result<(), DeskError> {
        require(scope, Permission::ReviewBreakGlass)?;
        let review = written("review", review)?;
        let mut tx = self.store().write(scope).await?;
        let known = tx.row(select::<K>().push(" WHERE id = ").bind(id)).await?;
        let known = known.ok_or(DeskError::NotFound { kind: K::TABLE })?;
        if known.text(1)? == scope.actor.0 {
            return Err(DeskError::Forbidden { permission: Permission::ReviewBreakGlass });
        }
        let sql = Sql::new("UPDATE ").push(K::TABLE).push(" SET reviewed_by = ").bind(scope.actor.0.as_str());
        let sql = sql.push(", reviewed_at = ").bind(self.now()).push(", review = ").bind(review);
        if tx.execute(sql.push(" WHERE id = ").bind(id).push(" AND reviewed_at IS NULL")).await? == 0 {
            return Err(DeskError::AlreadyDecided);
        }
        self.commit_with(tx, scope, ReadEvent::new(K::REVIEWED, K::TABLE).object(id)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_says_something_and_the_form_has_a_number() {
        assert_eq!(Reasoned::of("form-0001", "  Cấp cứu, bệnh viện hỏi thẻ ").unwrap().reason, "Cấp cứu, bệnh viện hỏi thẻ");
        for (number, reason) in [("form-0001", "khẩn"), ("form-0001", "         "), ("1", "Cấp cứu, bệnh viện hỏi thẻ")]
        {
            assert!(Reasoned::of(number, reason).is_err(), "{number}: {reason}");
        }
    }
}
