//! Agreements on sharing data between agencies (thỏa thuận chia sẻ dữ liệu): ended, never changed or deleted.

use std::collections::BTreeSet;

use base::{Date, Scope};
use serde::Serialize;

use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::text::{client_tx, word, written};
use crate::{Desk, DeskError};

/// What the receiver is by law (Law 91/2025/QH15): who decides about the data, or who handles it for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiverRole {
    /// Bên kiểm soát dữ liệu cá nhân.
    Controller,
    /// Bên xử lý dữ liệu cá nhân.
    Processor,
    /// Bên kiểm soát và xử lý dữ liệu cá nhân.
    ControllerProcessor,
}

impl ReceiverRole {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Controller, Self::Processor, Self::ControllerProcessor];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Controller => "controller",
            Self::Processor => "processor",
            Self::ControllerProcessor => "controller_processor",
        }
    }

    /// The role of a stable word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// An agreement to be written down.
#[derive(Debug, Clone)]
pub struct NewAgreement {
    /// Number and date of the document (số, ký hiệu, ngày của văn bản).
    pub number: String,
    /// Who hands over (bên cung cấp).
    pub provider: String,
    /// Who receives (bên nhận).
    pub receiver: String,
    /// What the receiver is by law.
    pub receiver_role: ReceiverRole,
    /// The roster that is handed over.
    pub roster: String,
    /// Its fields that may be handed over, by name.
    pub fields: BTreeSet<String>,
    /// Article that allows it (căn cứ pháp lý).
    pub article: String,
    /// What for (mục đích).
    pub purpose: String,
    /// First day.
    pub first_day: Date,
    /// Last day; none when it holds until it is ended.
    pub last_day: Option<Date>,
    /// Months after which the receiver no longer keeps the data (thời hạn lưu trữ), 1 to 1200.
    pub retention_months: u32,
    /// To whom abroad the data goes and by which assessment; none when it stays in the country.
    pub transfer: Option<String>,
    /// The form's own number: sent twice, the first answer comes again.
    pub client_tx: String,
}

/// An agreement as written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DataAgreement {
    /// UUIDv7.
    pub id: String,
    /// Number and date of the document.
    pub number: String,
    /// Who hands over.
    pub provider: String,
    /// Who receives.
    pub receiver: String,
    /// What the receiver is by law.
    pub receiver_role: ReceiverRole,
    /// The roster.
    pub roster: String,
    /// Its fields that may be handed over.
    pub fields: BTreeSet<String>,
    /// Article that allows it.
    pub article: String,
    /// What for.
    pub purpose: String,
    /// First day.
    pub first_day: Date,
    /// Last day, where there is one.
    pub last_day: Option<Date>,
    /// Months the receiver keeps the data.
    pub retention_months: u32,
    /// Transfer abroad.
    pub transfer: Option<String>,
    /// Who wrote it down, pseudonymous.
    pub added_by: String,
    /// Unix milliseconds.
    pub added_at: i64,
    /// First day on which it holds no more, when it was ended before its time.
    pub ended_on: Option<Date>,
    /// Why it was ended.
    pub end_reason: Option<String>,
}

/// How an agreement stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// Its first day has not come.
    Coming,
    /// It holds.
    InForce,
    /// Its last day is over, or it was ended.
    Over,
}

impl DataAgreement {
    /// How it stands on a day.
    pub fn term(&self, day: Date) -> Term {
        if self.last_day.is_some_and(|last| day > last) || self.ended_on.is_some_and(|end| day >= end) {
            Term::Over
        } else if day < self.first_day {
            Term::Coming
        } else {
            Term::InForce
        }
    }
}

const COLUMNS: &str = "id, client_tx, number, provider, receiver, receiver_role, roster, fields, article, purpose, first_day, last_day, \
                       retention_months, transfer, added_by, added_at, ended_on, end_reason";

impl Desk {
    /// Writes an agreement down with its audit event.
    pub async fn add_agreement(&self, scope: &Scope, new: NewAgreement) -> Result<DataAgreement, DeskError> {
        require(scope, Permission::ManagePrivacy)?;
        let client_tx = client_tx(&new.client_tx)?;
        let now = self.now();
        let agreement = checked(new, self.next_id(now), scope, now)?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(&client_tx).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM data_agreement WHERE client_tx = ").bind(client_tx.as_str());
        if let Some(earlier) = tx.row(sql).await?.map(|row| from_row(&row)).transpose()? {
            let same = (&earlier.number, &earlier.roster, &earlier.fields, &earlier.added_by)
                == (&agreement.number, &agreement.roster, &agreement.fields, &agreement.added_by);
            return if same { Ok(earlier) } else { Err(DeskError::ClientTxReused) };
        }
        insert(&mut tx, &agreement, &client_tx).await?;
        let event = ReadEvent::new(AuditAction::AddAgreement, "data_agreement").object(agreement.id.as_str());
        let event = event.word("roster", &agreement.roster).count("fields", agreement.fields.len() as i64);
        self.commit_with(tx, scope, event.client_tx(&client_tx)).await?;
        Ok(agreement)
    }

    /// Ends an agreement: from `day` on it holds no more. The same end again changes nothing.
    pub async fn end_agreement(&self, scope: &Scope, id: &str, day: Date, reason: &str) -> Result<DataAgreement, DeskError> {
        require(scope, Permission::ManagePrivacy)?;
        let reason = written("reason", reason)?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(id).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM data_agreement WHERE id = ").bind(id);
        let found = tx.row(sql).await?.map(|row| from_row(&row)).transpose()?;
        let mut agreement = found.ok_or(DeskError::NotFound { kind: "data_agreement" })?;
        if agreement.ended_on.is_some() {
            let same = agreement.ended_on == Some(day) && agreement.end_reason.as_deref() == Some(&reason);
            return if same { Ok(agreement) } else { Err(DeskError::AgreementEnded) };
        }
        let sql = Sql::with(
            "UPDATE data_agreement SET ended_on = $1, ended_by = $2, ended_at = $3, end_reason = $4 WHERE id = $5",
            [
                day.to_string().into(),
                scope.actor.0.as_str().into(),
                self.now().into(),
                reason.as_str().into(),
                agreement.id.as_str().into(),
            ],
        );
        tx.execute(sql).await?;
        let event = ReadEvent::new(AuditAction::EndAgreement, "data_agreement").object(agreement.id.as_str());
        self.commit_with(tx, scope, event.word("day", &day.to_string())).await?;
        (agreement.ended_on, agreement.end_reason) = (Some(day), Some(reason));
        Ok(agreement)
    }

    /// All agreements, by roster and first day. They say nothing of people, so who works here may read them.
    pub async fn agreements(&self, scope: &Scope) -> Result<Vec<DataAgreement>, DeskError> {
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM data_agreement");
        let mut tx = self.store().read(scope).await?;
        let mut found = tx.rows(sql).await?.iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
        found.sort_by(|a, b| (&a.roster, a.first_day, &a.id).cmp(&(&b.roster, b.first_day, &b.id)));
        Ok(found)
    }
}

fn checked(new: NewAgreement, id: String, scope: &Scope, now: i64) -> Result<DataAgreement, DeskError> {
    let fields = new.fields.iter().map(|field| word("fields", field)).collect::<Result<BTreeSet<_>, _>>()?;
    if fields.is_empty() {
        return Err(DeskError::Invalid { field: "fields", why: "an agreement names at least one field" });
    }
    if new.last_day.is_some_and(|last| last < new.first_day) {
        return Err(DeskError::Invalid { field: "last_day", why: "must not lie before the first day" });
    }
    if !(1..=1200).contains(&new.retention_months) {
        return Err(DeskError::Invalid { field: "retention_months", why: "must lie between 1 and 1200" });
    }
    Ok(DataAgreement {
        id,
        number: written("number", &new.number)?,
        provider: written("provider", &new.provider)?,
        receiver: written("receiver", &new.receiver)?,
        receiver_role: new.receiver_role,
        roster: word("roster", &new.roster)?,
        fields,
        article: written("article", &new.article)?,
        purpose: written("purpose", &new.purpose)?,
        first_day: new.first_day,
        last_day: new.last_day,
        retention_months: new.retention_months,
        transfer: new.transfer.map(|text| written("transfer", &text)).transpose()?,
        added_by: scope.actor.0.clone(),
        added_at: now,
        ended_on: None,
        end_reason: None,
    })
}

async fn insert(tx: &mut Tx, new: &DataAgreement, client_tx: &str) -> Result<(), DeskError> {
    let fields: Vec<&str> = new.fields.iter().map(String::as_str).collect();
    let sql = Sql::with(
        "INSERT INTO data_agreement (id, client_tx, number, provider, receiver, receiver_role, roster, fields, article, purpose, \
         first_day, last_day, retention_months, transfer, added_by, added_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        [
            new.id.as_str().into(),
            client_tx.into(),
            new.number.as_str().into(),
            new.provider.as_str().into(),
            new.receiver.as_str().into(),
            new.receiver_role.as_str().into(),
            new.roster.as_str().into(),
            fields.join(" ").into(),
            new.article.as_str().into(),
            new.purpose.as_str().into(),
            new.first_day.to_string().into(),
            new.last_day.map(|day| day.to_string()).into(),
            i64::from(new.retention_months).into(),
            new.transfer.as_deref().into(),
            new.added_by.as_str().into(),
            new.added_at.into(),
        ],
    );
    tx.execute(sql).await.map(drop)
}

fn from_row(row: &Row) -> Result<DataAgreement, DeskError> {
    let wrong = |what: &str| DeskError::damaged("data_agreement", what);
    let day = |text: String, what: &str| text.parse::<Date>().map_err(|_| wrong(what));
    Ok(DataAgreement {
        id: row.text(0)?,
        number: row.text(2)?,
        provider: row.text(3)?,
        receiver: row.text(4)?,
        receiver_role: ReceiverRole::from_word(&row.text(5)?).ok_or_else(|| wrong("receiver_role"))?,
        roster: row.text(6)?,
        fields: row.text(7)?.split(' ').map(str::to_owned).collect(),
        article: row.text(8)?,
        purpose: row.text(9)?,
        first_day: day(row.text(10)?, "first_day")?,
        last_day: row.opt_text(11)?.map(|text| day(text, "last_day")).transpose()?,
        retention_months: u32::try_from(row.int(12)?).map_err(|_| wrong("retention_months"))?,
        transfer: row.opt_text(13)?,
        added_by: row.text(14)?,
        added_at: row.int(15)?,
        ended_on: row.opt_text(16)?.map(|text| day(text, "ended_on")).transpose()?,
        end_reason: row.opt_text(17)?,
    })
}
