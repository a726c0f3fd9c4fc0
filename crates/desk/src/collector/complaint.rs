//! Complaints about collectors (phản ánh về nhân viên thu).

use base::{Date, Role, Scope};
use serde::Serialize;

use super::{CollectorRefusal, day, manages, organisation_of, refuse, visible};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::Row;
use crate::sql::Sql;
use crate::text::{client_tx, written};
use crate::{Desk, DeskError};

/// What a complaint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ComplaintKind {
    /// How people were treated (thái độ phục vụ).
    Attitude,
    /// Money: too much taken, no receipt, handed in late (thu tiền, biên lai).
    Money,
    /// Wrong advice about duties and benefits (tư vấn sai).
    WrongAdvice,
    /// Personal data told or used for something else (dữ liệu cá nhân).
    PersonalData,
    /// Card or confirmation late (chậm thẻ, chậm xác nhận).
    Late,
    /// Anything else.
    Other,
}

impl ComplaintKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [Self::Attitude, Self::Money, Self::WrongAdvice, Self::PersonalData, Self::Late, Self::Other];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Attitude => "attitude",
            Self::Money => "money",
            Self::WrongAdvice => "wrong_advice",
            Self::PersonalData => "personal_data",
            Self::Late => "late",
            Self::Other => "other",
        }
    }

    /// The kind of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What was found out about a complaint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It was right (đúng).
    Upheld,
    /// Part of it was right (đúng một phần).
    Partly,
    /// It was not right (không đúng).
    NotUpheld,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Upheld, Self::Partly, Self::NotUpheld];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::Partly => "partly",
            Self::NotUpheld => "not_upheld",
        }
    }

    /// The verdict of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.as_str() == word)
    }

    /// Whether the complaint was right, wholly or in part.
    pub fn is_upheld(self) -> bool {
        self != Self::NotUpheld
    }
}

/// A complaint that came in.
#[derive(Debug, Clone)]
pub struct NewComplaint {
    /// About whom.
    pub collector: String,
    /// What it is about.
    pub kind: ComplaintKind,
    /// In words.
    pub words: String,
    /// The day it came in.
    pub received_on: Date,
    /// Last day for resolving it, as the agency set it.
    pub due: Date,
    /// The form's own number: sent twice, the first answer comes again.
    pub client_tx: String,
}

/// A complaint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Complaint {
    /// UUIDv7.
    pub id: String,
    /// About whom.
    pub collector: String,
    /// What it is about.
    pub kind: ComplaintKind,
    /// In words; none for the organisation itself: they may say who complained.
    pub words: Option<String>,
    /// The day it came in.
    pub received_on: Date,
    /// Last day for resolving it.
    pub due: Date,
    /// What was found out and on which day; none while it is open.
    pub resolved: Option<(Verdict, Date)>,
    /// How it was resolved, in words; none for the organisation itself.
    pub resolution: Option<String>,
}

const COLUMNS: &str =
    "p.id, p.collector, p.category, p.words, p.received_on, p.due, p.verdict, p.resolved_on, p.resolution, p.client_tx";

impl Desk {
    /// Writes a complaint down. The same form again gives the same complaint.
    pub async fn record_complaint(&self, scope: &Scope, new: NewComplaint) -> Result<Complaint, DeskError> {
        manages(scope)?;
        let (form, words) = (client_tx(&new.client_tx)?, written("words", &new.words)?);
        if new.due < new.received_on {
            return Err(DeskError::Invalid { field: "due", why: "lies before the day it came in" });
        }
        let mut tx = self.store().write(scope).await?;
        tx.lock(&form).await?;
        organisation_of(&mut tx, scope, &new.collector).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM collector_complaint p WHERE p.client_tx = ");
        if let Some(row) = tx.row(sql.bind(form.as_str())).await? {
            let known = from_row(&row, scope)?;
            let same = (&known.collector, known.words.as_ref()) == (&new.collector, Some(&words));
            return if same { Ok(known) } else { Err(DeskError::ClientTxReused) };
        }
        let now = self.now();
        let complaint = Complaint {
            id: self.next_id(now),
            collector: new.collector,
            kind: new.kind,
            words: Some(words.clone()),
            received_on: new.received_on,
            due: new.due,
            resolved: None,
            resolution: None,
        };
        let sql = Sql::with(
            "INSERT INTO collector_complaint (id, client_tx, collector, category, words, received_on, due, made_by, made_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            [
                complaint.id.as_str().into(),
                form.as_str().into(),
                complaint.collector.as_str().into(),
                complaint.kind.as_str().into(),
                words.into(),
                complaint.received_on.to_string().into(),
                complaint.due.to_string().into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        let event = ReadEvent::new(AuditAction::RecordComplaint, "complaint").object(complaint.id.as_str());
        self.commit_with(tx, scope, event.word("category", complaint.kind.as_str()).client_tx(&form)).await?;
        Ok(complaint)
    }

    /// Resolves a complaint, once.
    pub async fn resolve_complaint(
        &self,
        scope: &Scope,
        id: &str,
        verdict: Verdict,
        on: Date,
        words: &str,
    ) -> Result<Complaint, DeskError> {
        manages(scope)?;
        let words = written("resolution", words)?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(id).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM collector_complaint p JOIN collector c ON c.id = p.collector ");
        let sql = visible(sql.push("WHERE p.id = ").bind(id).push(" AND "), scope)?;
        let row = tx.row(sql).await?.ok_or(DeskError::NotFound { kind: "complaint" })?;
        let mut complaint = from_row(&row, scope)?;
        if let Some((known, _)) = complaint.resolved {
            let same = known == verdict && complaint.resolution.as_ref() == Some(&words);
            return if same { Ok(complaint) } else { refuse(CollectorRefusal::Resolved) };
        }
        if on < complaint.received_on {
            return Err(DeskError::Invalid { field: "resolved_on", why: "lies before the day it came in" });
        }
        let sql = Sql::with(
            "UPDATE collector_complaint SET verdict = $1, resolved_on = $2, resolved_by = $3, resolved_at = $4, resolution = $5 \
             WHERE id = $6",
            [
                verdict.as_str().into(),
                on.to_string().into(),
                scope.actor.0.as_str().into(),
                self.now().into(),
                words.as_str().into(),
                id.into(),
            ],
        );
        tx.execute(sql).await?;
        let event = ReadEvent::new(AuditAction::ResolveComplaint, "complaint").object(id).word("verdict", verdict.as_str());
        self.commit_with(tx, scope, event).await?;
        (complaint.resolved, complaint.resolution) = (Some((verdict, on)), Some(words));
        Ok(complaint)
    }

    /// Complaints about collectors who are open to who asks, of one organisation or of all: open ones first, by term. The caller writes the
    /// audit event before showing them.
    pub async fn complaints(&self, scope: &Scope, organisation: Option<&str>) -> Result<Vec<Complaint>, DeskError> {
        require(scope, Permission::ViewCollectors)?;
        let sql =
            Sql::new("SELECT ").push(COLUMNS).push(" FROM collector_complaint p JOIN collector c ON c.id = p.collector WHERE ");
        let sql = visible(sql, scope)?.push_if(" AND c.organisation = ", organisation);
        let mut tx = self.store().read(scope).await?;
        let rows = tx.rows(sql).await?;
        let mut all = rows.iter().map(|row| from_row(row, scope)).collect::<Result<Vec<_>, _>>()?;
        all.sort_by(|a, b| (a.resolved.is_some(), a.due, &a.id).cmp(&(b.resolved.is_some(), b.due, &b.id)));
        Ok(all)
    }
}

fn from_row(row: &Row, scope: &Scope) -> Result<Complaint, DeskError> {
    let wrong = |what: &'static str| move || DeskError::damaged("collector_complaint", what);
    let verdict = row.opt_text(6)?.map(|text| Verdict::from_word(&text).ok_or_else(wrong("verdict"))).transpose()?;
    let on = row.opt_text(7)?.map(|text| day("collector_complaint", &text)).transpose()?;
    let own = scope.role == Role::Collector;
    Ok(Complaint {
        id: row.text(0)?,
        collector: row.text(1)?,
        kind: ComplaintKind::from_word(&row.text(2)?).ok_or_else(wrong("category"))?,
        words: row.opt_text(3)?.filter(|_| !own),
        received_on: day("collector_complaint", &row.text(4)?)?,
        due: day("collector_complaint", &row.text(5)?)?,
        resolved: verdict.zip(on),
        resolution: row.opt_text(8)?.filter(|_| !own),
    })
}
