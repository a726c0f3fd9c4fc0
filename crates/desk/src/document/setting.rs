//! How a unit works on its documents: own numbers, a second person. Switched by who manages units.

use base::Scope;
use serde::Serialize;

use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::sql::Sql;
use crate::text::word;
use crate::{Desk, DeskError};

/// The switches of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentSetting {
    /// Desk unit.
    pub unit: String,
    /// Whether the unit's documents are numbered here, instead of by its document office.
    pub own_numbers: bool,
    /// Whether somebody else than who prepared a document must approve it.
    pub second_person: bool,
    /// Counts changes; 0 before the first one.
    pub version: i64,
}

impl Desk {
    /// The switches of a unit; all off where nothing was set.
    pub async fn document_setting(&self, scope: &Scope, unit: &str) -> Result<DocumentSetting, DeskError> {
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new("SELECT own_numbers, second_person, version FROM document_setting WHERE unit = ").bind(unit);
        let row = tx.row(sql).await?;
        let mut setting = DocumentSetting { unit: unit.to_owned(), own_numbers: false, second_person: false, version: 0 };
        if let Some(row) = row {
            (setting.own_numbers, setting.second_person, setting.version) = (row.int(0)? == 1, row.int(1)? == 1, row.int(2)?);
        }
        Ok(setting)
    }

    /// Sets the switches of a unit that still have this version.
    pub async fn set_document_setting(&self, scope: &Scope, new: &DocumentSetting) -> Result<DocumentSetting, DeskError> {
        require(scope, Permission::ManageUsers)?;
        let unit = word("unit", &new.unit)?;
        let mut tx = self.store().write(scope).await?;
        let sql = Sql::with(
            "INSERT INTO document_setting (unit, own_numbers, second_person, version, changed_by, changed_at) \
             VALUES ($1, $2, $3, 1, $4, $5) ON CONFLICT (unit) DO UPDATE SET own_numbers = excluded.own_numbers, \
             second_person = excluded.second_person, version = document_setting.version + 1, changed_by = excluded.changed_by, \
             changed_at = excluded.changed_at WHERE document_setting.version = $6",
            [
                unit.as_str().into(),
                i64::from(new.own_numbers).into(),
                i64::from(new.second_person).into(),
                scope.actor.0.as_str().into(),
                self.now().into(),
                new.version.into(),
            ],
        );
        if tx.execute(sql).await? == 0 {
            return Err(DeskError::DocumentRefused { why: super::DocumentRefusal::Stale });
        }
        let event = ReadEvent::new(AuditAction::SetDocumentUnit, "unit").object(unit);
        let event = event.count("own_numbers", new.own_numbers.into()).count("second_person", new.second_person.into());
        self.commit_with(tx, scope, event).await?;
        Ok(DocumentSetting { version: new.version + 1, ..new.clone() })
    }
}
