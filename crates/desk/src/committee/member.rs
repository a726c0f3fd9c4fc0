//! Members of a body: officials, by name and office.

use base::{Date, Scope};
use serde::Serialize;

use super::{Committee, day, one};
use crate::db::{Row, Tx};
use crate::history::NewEvent;
use crate::refusal::{PlanRefusal, refuse};
use crate::sql::Sql;
use crate::text::{client_tx, written};
use crate::{Desk, DeskError};

/// The part somebody has in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CommitteePart {
    /// Head (trưởng ban, tổ trưởng).
    Head,
    /// Deputy (phó trưởng ban, tổ phó).
    Deputy,
    /// Member (ủy viên, thành viên).
    Member,
    /// Secretary (thư ký).
    Secretary,
}

impl CommitteePart {
    /// All of them, in order of rank.
    pub const ALL: [Self; 4] = [Self::Head, Self::Deputy, Self::Member, Self::Secretary];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Deputy => "deputy",
            Self::Member => "member",
            Self::Secretary => "secretary",
        }
    }

    /// The part of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.as_str() == word)
    }
}

/// Somebody who comes into a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMember {
    /// Name.
    pub name: String,
    /// Office held (chức vụ).
    pub office: String,
    /// Part in the body.
    pub part: CommitteePart,
    /// Number of the decision that appoints them.
    pub decision: String,
    /// Day of that decision.
    pub decided_on: Date,
    /// First day.
    pub first_day: Date,
}

/// A member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommitteeMember {
    /// UUIDv7.
    pub id: String,
    /// Name.
    pub name: String,
    /// Office held.
    pub office: String,
    /// Part in the body.
    pub part: CommitteePart,
    /// Number of the decision that appoints them.
    pub decision: String,
    /// Day of that decision.
    pub decided_on: Date,
    /// First day.
    pub first_day: Date,
    /// Last day; none while they are in office.
    pub last_day: Option<Date>,
}

impl CommitteeMember {
    /// Whether they are in it on a day.
    pub fn is_in_office(&self, on: Date) -> bool {
        self.first_day <= on && self.last_day.is_none_or(|last| on <= last)
    }
}

impl Desk {
    /// Adds somebody to one's own body. The same form again adds nobody.
    pub async fn add_member(&self, scope: &Scope, committee: &str, new: &NewMember, form: &str) -> Result<Committee, DeskError> {
        let form = client_tx(form)?;
        let (name, office) = (written("name", &new.name)?, written("office", &new.office)?);
        let decision = written("decision", &new.decision)?;
        if holds_a_number(&name) || holds_a_number(&office) {
            return Err(DeskError::Invalid {
                field: "name",
                why: "holds a long number: no telephone or personal number is kept",
            });
        }
        let mut tx = self.store().write(scope).await?;
        tx.lock(committee).await?;
        let Some(known) = self.own_committee(&mut tx, scope, committee, &form).await? else {
            return one(&mut tx, committee).await;
        };
        if new.part == CommitteePart::Head
            && of(&mut tx, committee).await?.iter().any(|m| m.part == new.part && m.last_day.is_none())
        {
            return refuse(PlanRefusal::Taken);
        }
        let now = self.now();
        let id = self.next_id(now);
        let sql = Sql::with(
            "INSERT INTO committee_member (id, committee, name, office, part, decision, decided_on, first_day, made_by, made_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            [
                id.as_str().into(),
                committee.into(),
                name.into(),
                office.into(),
                new.part.as_str().into(),
                decision.into(),
                new.decided_on.to_string().into(),
                new.first_day.to_string().into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        let event =
            NewEvent { version: known.version, what: "member_added", value: Some(id), day: Some(new.first_day), reason: None };
        self.committee_done(tx, scope, &known, &form, event).await?;
        Ok(known)
    }

    /// Writes down the last day of a member, once.
    pub async fn member_leaves(
        &self,
        scope: &Scope,
        committee: &str,
        member: &str,
        last_day: Date,
        reason: &str,
        form: &str,
    ) -> Result<Committee, DeskError> {
        let (form, reason) = (client_tx(form)?, written("reason", reason)?);
        let mut tx = self.store().write(scope).await?;
        tx.lock(committee).await?;
        let Some(known) = self.own_committee(&mut tx, scope, committee, &form).await? else {
            return one(&mut tx, committee).await;
        };
        let found = of(&mut tx, committee).await?.into_iter().find(|one| one.id == member);
        let found = found.ok_or(DeskError::NotFound { kind: "committee_member" })?;
        if found.last_day.is_some() {
            return refuse(PlanRefusal::WrongState);
        }
        if last_day < found.first_day {
            return Err(DeskError::Invalid { field: "last_day", why: "lies before the first day" });
        }
        let sql = Sql::new("UPDATE committee_member SET last_day = ").bind(last_day.to_string()).push(" WHERE id = ");
        tx.execute(sql.bind(member)).await?;
        let event = NewEvent {
            version: known.version,
            what: "member_left",
            value: Some(member.to_owned()),
            day: Some(last_day),
            reason: Some(reason),
        };
        self.committee_done(tx, scope, &known, &form, event).await?;
        Ok(known)
    }
}

/// Whether a text holds a number as long as a telephone's or a person's.
fn holds_a_number(text: &str) -> bool {
    let mut run = 0;
    for c in text.chars().filter(|c| !matches!(c, ' ' | '.' | '-')) {
        run = if c.is_ascii_digit() { run + 1 } else { 0 };
        // Two years with a dash between them have eight digits.
        if run >= 9 {
            return true;
        }
    }
    false
}

/// The members of a body: those in office first, by part and first day.
pub(super) async fn of(tx: &mut Tx, committee: &str) -> Result<Vec<CommitteeMember>, DeskError> {
    let sql = Sql::new(
        "SELECT m.id, m.name, m.office, m.part, m.decision, m.decided_on, m.first_day, m.last_day FROM committee_member m \
         WHERE m.committee = ",
    );
    let rows = tx.rows(sql.bind(committee)).await?;
    let mut all = rows.iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
    all.sort_by(|a, b| {
        (a.last_day.is_some(), a.part, a.first_day, &a.id).cmp(&(b.last_day.is_some(), b.part, b.first_day, &b.id))
    });
    Ok(all)
}

fn from_row(row: &Row) -> Result<CommitteeMember, DeskError> {
    Ok(CommitteeMember {
        id: row.text(0)?,
        name: row.text(1)?,
        office: row.text(2)?,
        part: CommitteePart::from_word(&row.text(3)?).ok_or_else(|| DeskError::damaged("committee_member", "part"))?,
        decision: row.text(4)?,
        decided_on: day("committee_member", &row.text(5)?)?,
        first_day: day("committee_member", &row.text(6)?)?,
        last_day: row.opt_text(7)?.map(|text| day("committee_member", &text)).transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephones_and_personal_numbers_are_seen() {
        for text in ["Nguyễn Văn An 0912 345 678", "ĐT 024.3825.1234", "001190012345"] {
            assert!(holds_a_number(text), "{text}");
        }
        for text in ["Phó Chủ tịch UBND phường, nhiệm kỳ 2026-2031", "Trưởng phòng 5, tổ 12"] {
            assert!(!holds_a_number(text), "{text}");
        }
    }
}
