//! Trainings (tập huấn) of collectors.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Scope};
use serde::Serialize;

use super::{day, manages, organisation_of, visible};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::sql::Sql;
use crate::text::{client_tx, written};
use crate::{Desk, DeskError};

/// A training that was held.
#[derive(Debug, Clone)]
pub struct NewTraining {
    /// The day.
    pub held_on: Date,
    /// What it was about.
    pub subject: String,
    /// Last day on which its certificate holds; none where no certificate was given.
    pub certificate_until: Option<Date>,
    /// Collectors who were there; at least one.
    pub attended: BTreeSet<String>,
    /// The form's own number: sent twice, the first answer comes again.
    pub client_tx: String,
}

/// A training, and who of the collectors open to who asks was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Training {
    /// UUIDv7.
    pub id: String,
    /// The day.
    pub held_on: Date,
    /// What it was about.
    pub subject: String,
    /// Last day on which its certificate holds.
    pub certificate_until: Option<Date>,
    /// Ids of collectors.
    pub attended: BTreeSet<String>,
}

impl Desk {
    /// Writes a training down. The same form again gives the same training.
    pub async fn record_training(&self, scope: &Scope, new: NewTraining) -> Result<Training, DeskError> {
        manages(scope)?;
        let (form, subject) = (client_tx(&new.client_tx)?, written("subject", &new.subject)?);
        if new.attended.is_empty() {
            return Err(DeskError::Invalid { field: "attended", why: "must name a collector" });
        }
        if new.certificate_until.is_some_and(|until| until < new.held_on) {
            return Err(DeskError::Invalid { field: "certificate_until", why: "lies before the training" });
        }
        let mut tx = self.store().write(scope).await?;
        tx.lock(&form).await?;
        if let Some(row) = tx.row(Sql::new("SELECT id FROM collector_training WHERE client_tx = ").bind(form.as_str())).await? {
            let known = read(&mut tx, scope, None).await?.into_iter().find(|known| row.text(0).as_ref() == Ok(&known.id));
            let same =
                |known: &Training| (&known.subject, known.held_on, &known.attended) == (&subject, new.held_on, &new.attended);
            return known.filter(same).ok_or(DeskError::ClientTxReused);
        }
        let now = self.now();
        let training = Training {
            id: self.next_id(now),
            held_on: new.held_on,
            subject,
            certificate_until: new.certificate_until,
            attended: new.attended,
        };
        let sql = Sql::with(
            "INSERT INTO collector_training (id, client_tx, held_on, subject, certificate_until, made_by, made_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            [
                training.id.as_str().into(),
                form.as_str().into(),
                training.held_on.to_string().into(),
                training.subject.as_str().into(),
                training.certificate_until.map(|day| day.to_string()).into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        for collector in &training.attended {
            organisation_of(&mut tx, scope, collector).await?;
            let values = [training.id.as_str().into(), collector.as_str().into()];
            tx.execute(Sql::with("INSERT INTO collector_attendance (training, collector) VALUES ($1, $2)", values)).await?;
        }
        let event = ReadEvent::new(AuditAction::RecordCollectorTraining, "training").object(training.id.as_str());
        let event = event.count("collectors", training.attended.len() as i64).client_tx(&form);
        self.commit_with(tx, scope, event).await?;
        Ok(training)
    }

    /// Trainings at which collectors were who are open to who asks, of one organisation or of all, the newest first.
    pub async fn trainings(&self, scope: &Scope, organisation: Option<&str>) -> Result<Vec<Training>, DeskError> {
        require(scope, Permission::ViewCollectors)?;
        let mut tx = self.store().read(scope).await?;
        read(&mut tx, scope, organisation).await
    }
}

async fn read(tx: &mut crate::db::Tx, scope: &Scope, organisation: Option<&str>) -> Result<Vec<Training>, DeskError> {
    let sql = Sql::new(
        "SELECT t.id, t.held_on, t.subject, t.certificate_until, a.collector FROM collector_training t \
         JOIN collector_attendance a ON a.training = t.id JOIN collector c ON c.id = a.collector WHERE ",
    );
    let sql = visible(sql, scope)?.push_if(" AND c.organisation = ", organisation);
    let mut found: BTreeMap<String, Training> = BTreeMap::new();
    for row in tx.rows(sql).await? {
        let id = row.text(0)?;
        let training = match found.entry(id.clone()) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(new) => new.insert(Training {
                id,
                held_on: day("collector_training", &row.text(1)?)?,
                subject: row.text(2)?,
                certificate_until: row.opt_text(3)?.map(|text| day("collector_training", &text)).transpose()?,
                attended: BTreeSet::new(),
            }),
        };
        training.attended.insert(row.text(4)?);
    }
    let mut all: Vec<Training> = found.into_values().collect();
    all.sort_by(|a, b| (b.held_on, &b.id).cmp(&(a.held_on, &a.id)));
    Ok(all)
}
