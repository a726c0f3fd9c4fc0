//! One audit event: what goes in, what comes out, its canonical bytes, and the guard against personal data.

use std::collections::BTreeMap;

use base::{CommuneCode, RunId, Scope};
use serde::Serialize;

use super::{ActionKind, AuditAction};
use crate::DeskError;
use crate::access::{purpose_word, role_word};
use crate::db::Row;
use crate::sql::Bind;

/// What was read or done, told by the page or command before it shows the data.
///
/// Holds pseudonymous ids and counts only: names, personal ids and searched words are refused.
#[derive(Debug, Clone)]
pub struct ReadEvent {
    pub(crate) action: AuditAction,
    pub(crate) object_kind: &'static str,
    pub(crate) object_id: Option<String>,
    pub(crate) commune: Option<CommuneCode>,
    pub(crate) detail: BTreeMap<&'static str, serde_json::Value>,
    pub(crate) run: Option<RunId>,
    pub(crate) client_tx: Option<String>,
}

impl ReadEvent {
    /// An event about a kind of object, e.g. `person`, `list`, `indicator`.
    pub fn new(action: AuditAction, object_kind: &'static str) -> Self {
        Self { action, object_kind, object_id: None, commune: None, detail: BTreeMap::new(), run: None, client_tx: None }
    }

    /// The object's pseudonymous id: a book id (`P123`), a finding key, a desk id, a rule id.
    pub fn object(mut self, id: impl Into<String>) -> Self {
        self.object_id = Some(id.into());
        self
    }

    /// The commune whose people it is about; left out when it is about more than one.
    pub fn commune(mut self, commune: &CommuneCode) -> Self {
        self.commune = Some(commune.clone());
        self
    }

    /// A number, e.g. rows shown.
    pub fn count(mut self, name: &'static str, value: i64) -> Self {
        self.detail.insert(name, value.into());
        self
    }

    /// A short code, e.g. the id of a rule or the name of a searched field; never what was typed.
    pub fn word(mut self, name: &'static str, value: &str) -> Self {
        self.detail.insert(name, value.into());
        self
    }

    /// The run whose data was shown.
    pub fn run(mut self, run: &RunId) -> Self {
        self.run = Some(run.clone());
        self
    }

    pub(crate) fn client_tx(mut self, client_tx: &str) -> Self {
        self.client_tx = Some(client_tx.to_owned());
        self
    }

    /// Changes of the desk write their own event in their own transaction.
    pub(crate) fn must_not_be_a_change(&self) -> Result<(), DeskError> {
        if self.action.kind() == ActionKind::Change {
            return Err(DeskError::Invalid {
                field: "action",
                why: "the desk writes this event itself, together with the change",
            });
        }
        Ok(())
    }
}

/// An event as it lies in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditEvent {
    /// Number, without gaps from 1; 0 before it is stored.
    pub seq: i64,
    /// UUIDv7.
    pub id: String,
    /// Unix milliseconds.
    pub at: i64,
    /// Who, pseudonymous.
    pub actor: String,
    /// Their unit.
    pub unit: String,
    /// Word of the role.
    pub role: String,
    /// Word of the purpose.
    pub purpose: String,
    /// Word of the [`AuditAction`].
    pub action: String,
    /// Kind of object.
    pub object_kind: String,
    /// Pseudonymous id of the object.
    pub object_id: Option<String>,
    /// Commune code of the people concerned; none when more than one or none.
    pub commune: Option<String>,
    /// JSON object with counts and codes, keys in order.
    pub detail: String,
    /// Run id.
    pub run: Option<String>,
    /// The form's own number, where a form was sent.
    pub client_tx: Option<String>,
    /// BLAKE3 of the canonical bytes, hexadecimal.
    #[serde(skip)]
    pub(crate) hash: String,
}

/// Columns in the order of [`AuditEvent::from_row`] and [`AuditEvent::binds`].
pub(crate) const COLUMNS: &str =
    "seq, id, at, actor, unit, role, purpose, action, object_kind, object_id, commune, detail, run, client_tx, hash";

impl AuditEvent {
    /// An event about to be stored; refuses what looks like personal data.
    pub(crate) fn new(scope: &Scope, event: ReadEvent, id: String, at: i64) -> Result<Self, DeskError> {
        let clean = |field: &str, text: &str| {
            if looks_personal(text) { Err(DeskError::PersonalDataInAudit { field: field.to_owned() }) } else { Ok(()) }
        };
        clean("actor", &scope.actor.0)?;
        clean("unit", &scope.unit)?;
        for (field, text) in [("object_id", &event.object_id), ("client_tx", &event.client_tx)] {
            text.as_deref().map_or(Ok(()), |text| clean(field, text))?;
        }
        for (field, value) in &event.detail {
            value.as_str().map_or(Ok(()), |text| clean(field, text))?;
        }
        let mut detail = event.detail;
        if let Some(away) = &scope.acting_for {
            clean("acting_for", &away.0)?;
            detail.insert("acting_for", away.0.as_str().into());
        }
        let detail = serde_json::to_string(&detail)
            .map_err(|_| DeskError::Invalid { field: "detail", why: "cannot be written as JSON" })?;
        Ok(Self {
            seq: 0,
            id,
            at,
            actor: scope.actor.0.clone(),
            unit: scope.unit.clone(),
            role: role_word(scope.role).to_owned(),
            purpose: purpose_word(scope.purpose).to_owned(),
            action: event.action.as_str().to_owned(),
            object_kind: event.object_kind.to_owned(),
            object_id: event.object_id,
            commune: event.commune.map(|commune| commune.to_string()),
            detail,
            run: event.run.map(|run| run.to_string()),
            client_tx: event.client_tx,
            hash: String::new(),
        })
    }

    /// The event under its number, with its hash.
    pub(crate) fn numbered(mut self, seq: i64) -> Self {
        self.seq = seq;
        self.hash = self.digest().to_hex().to_string();
        self
    }

    /// BLAKE3 over every field: numbers as 8 bytes little-endian, texts preceded by their length, an
    /// absent text as length -1, so that no two different events share their bytes.
    pub(crate) fn digest(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_derive_key("An Sinh audit event 1");
        hasher.update(&self.seq.to_le_bytes()).update(&self.at.to_le_bytes());
        let required =
            [&self.id, &self.actor, &self.unit, &self.role, &self.purpose, &self.action, &self.object_kind, &self.detail];
        let optional = [&self.object_id, &self.commune, &self.run, &self.client_tx];
        for text in required.into_iter().map(Some).chain(optional.into_iter().map(Option::as_ref)) {
            let length = text.map_or(-1, |text| i64::try_from(text.len()).unwrap_or(i64::MAX));
            hasher.update(&length.to_le_bytes()).update(text.map_or(&[], |text| text.as_bytes()));
        }
        hasher.finalize()
    }

    /// Whether the stored hash is that of the stored fields.
    pub(crate) fn is_intact(&self) -> bool {
        self.digest().to_hex().as_str() == self.hash
    }

    pub(crate) fn binds(self) -> Vec<Bind> {
        vec![
            self.seq.into(),
            self.id.into(),
            self.at.into(),
            self.actor.into(),
            self.unit.into(),
            self.role.into(),
            self.purpose.into(),
            self.action.into(),
            self.object_kind.into(),
            self.object_id.into(),
            self.commune.into(),
            self.detail.into(),
            self.run.into(),
            self.client_tx.into(),
            self.hash.into(),
        ]
    }

    pub(crate) fn from_row(row: &Row) -> Result<Self, DeskError> {
        Ok(Self {
            seq: row.int(0)?,
            id: row.text(1)?,
            at: row.int(2)?,
            actor: row.text(3)?,
            unit: row.text(4)?,
            role: row.text(5)?,
            purpose: row.text(6)?,
            action: row.text(7)?,
            object_kind: row.text(8)?,
            object_id: row.opt_text(9)?,
            commune: row.opt_text(10)?,
            detail: row.text(11)?,
            run: row.opt_text(12)?,
            client_tx: row.opt_text(13)?,
            hash: row.text(14)?,
        })
    }
}

/// Whether a text may be a name or a natural id: spaces or letters with marks, nine or more digits and
/// nothing else (personal id, insurance number, tax code, telephone), a health insurance card number.
pub(crate) fn looks_personal(text: &str) -> bool {
    if text.len() > 128 || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return true;
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let only_digits = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-' || byte == b'.' || byte == b'+');
    let is_card = text.len() == 15 && text.as_bytes()[..2].iter().all(u8::is_ascii_alphabetic) && digits == 13;
    (only_digits && digits >= 9) || is_card
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_natural_ids_are_refused_and_desk_ids_taken() {
        for bad in
            ["Nguyễn Văn An", "nguyen van an", "001190012345", "0123456789", "0100109106-001", "+84912345678", "DN4010123456789"]
        {
            assert!(looks_personal(bad), "{bad}");
        }
        for good in
            ["P1234567", "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b", "bhyt_card:0f3a", "wage-without-compulsory", "09556", "2026-10"]
        {
            assert!(!looks_personal(good), "{good}");
        }
    }

    #[test]
    fn the_hash_depends_on_every_field() {
        let event = AuditEvent::new(
            &Scope::system(),
            ReadEvent::new(AuditAction::ViewPerson, "person").object("P1").count("rows", 1),
            "id".into(),
            7,
        );
        let event = event.unwrap().numbered(1);
        assert!(event.is_intact());
        type Change = fn(&mut AuditEvent);
        let changes: [Change; 14] = [
            |e| e.seq = 2,
            |e| e.id.push('x'),
            |e| e.at = 8,
            |e| e.actor.push('x'),
            |e| e.unit.push('x'),
            |e| e.role.push('x'),
            |e| e.purpose.push('x'),
            |e| e.action.push('x'),
            |e| e.object_kind.push('x'),
            |e| e.object_id = None,
            |e| e.commune = Some(String::new()),
            |e| e.detail.push(' '),
            |e| e.run = Some("r".into()),
            |e| e.client_tx = Some("c".into()),
        ];
        for (i, change) in changes.iter().enumerate() {
            let mut other = event.clone();
            change(&mut other);
            assert!(!other.is_intact(), "change {i} was not seen");
        }
    }

    #[test]
    fn personal_data_in_detail_stops_the_event() {
        let event = ReadEvent::new(AuditAction::SearchPeople, "person").word("name", "Trần Thị Bình");
        let error = AuditEvent::new(&Scope::system(), event, "id".into(), 7).unwrap_err();
        assert_eq!(error, DeskError::PersonalDataInAudit { field: "name".into() });
    }
}
