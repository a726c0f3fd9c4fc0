//! Users of the desk: their role, unit and area, from a day to a day.

use std::collections::{BTreeMap, BTreeSet};

use base::{Actor, Area, CommuneCode, Date, Purpose, Role, Scope};
use serde::Serialize;

use crate::access::{Permission, require, role_from_word, role_word};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::text::{word, written};
pub(crate) use crate::units::{Unit, UnitKind};
pub(crate) use crate::units::{area_of_unit, unit_name, write_unit};
use crate::{Desk, DeskError};

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct User {
    /// Pseudonymous id, which audit events hold.
    pub id: String,
    /// Label as shown.
    pub label: String,
    /// Role.
    pub role: Role,
    /// Id of their unit.
    pub unit: String,
    /// Area whose people they may see.
    pub area: Area,
    /// Whether they may work now.
    pub active: bool,
    /// First day on which they may work; none is open.
    pub valid_from: Option<Date>,
    /// Last day on which they may work; none is open.
    pub valid_to: Option<Date>,
}

/// What the screens call a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserLabel {
    /// Label.
    pub label: String,
    /// Id of the unit.
    pub unit: String,
    /// Name of the unit.
    pub unit_name: String,
}

/// Ids of one question.
const AT_ONCE: usize = 100;

impl User {
    /// Whether they may work on a day.
    pub fn works_on(&self, day: Date) -> bool {
        self.active && self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// What they may see for a purpose.
    pub fn scope(&self, purpose: Purpose) -> Scope {
        Scope {
            actor: Actor(self.id.clone()),
            unit: self.unit.clone(),
            area: self.area.clone(),
            role: self.role,
            purpose,
            acting_for: None,
        }
    }
}

impl Desk {
    /// Adds a user or changes them; unchanged, nothing happens. The unit must be there.
    ///
    /// A change of role or area counts from the next page on: sessions hold no copy of it. Open cases that they have and can no longer work
    /// on go back to their units; where that is interrupted, [`Desk::free_cases`] does the rest.
    pub async fn put_user(&self, scope: &Scope, user: &User) -> Result<(), DeskError> {
        require(scope, Permission::ManageUsers)?;
        if !user.role.is_of_a_person() {
            return Err(DeskError::Invalid { field: "role", why: "the program's own roles are not for users" });
        }
        if user.valid_from.zip(user.valid_to).is_some_and(|(from, to)| from > to) {
            return Err(DeskError::Invalid { field: "valid_to", why: "must not lie before the first day" });
        }
        let mut tx = self.store().write(scope).await?;
        if user_by_id(&mut tx, &user.id).await?.as_ref() == Some(user) {
            return Ok(());
        }
        unit_name(&mut tx, &user.unit).await?;
        write_user(&mut tx, user).await?;
        let event = ReadEvent::new(AuditAction::PutUser, "user").object(user.id.as_str()).word("role", role_word(user.role));
        self.commit_with(tx, scope, event.word("unit", &user.unit).count("active", user.active.into())).await?;
        self.free_cases_of(user).await.map(drop)
    }

    /// Ids of the users of the unit of who asks.
    pub(crate) async fn colleagues(&self, scope: &Scope) -> Result<BTreeSet<String>, DeskError> {
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new("SELECT id FROM desk_user WHERE unit = ").bind(scope.unit.as_str());
        tx.rows(sql).await?.iter().map(|row| row.text(0)).collect()
    }

    /// Users, by id: all for who manages users, else those of one's own unit.
    pub async fn users(&self, scope: &Scope) -> Result<Vec<User>, DeskError> {
        let mut sql = Sql::new(USERS);
        if require(scope, Permission::ManageUsers).is_err() {
            sql = sql.push(" WHERE unit = ").bind(scope.unit.as_str());
        }
        let mut tx = self.store().read(scope).await?;
        users(&mut tx, sql).await
    }

    /// Active users to whom the cases of who asks can be given, by label.
    pub async fn case_workers(&self, scope: &Scope) -> Result<Vec<User>, DeskError> {
        require(scope, Permission::AssignCases)?;
        self.workers(scope, Permission::WorkCases).await
    }

    /// Active users to whom cases of the claims audit can be given, by label.
    pub async fn review_workers(&self, scope: &Scope) -> Result<Vec<User>, DeskError> {
        require(scope, Permission::DecideClaims)?;
        self.workers(scope, Permission::ReviewClaims).await
    }

    /// Active users who have a permission and whose area touches that of who asks, by label.
    async fn workers(&self, scope: &Scope, permission: Permission) -> Result<Vec<User>, DeskError> {
        let day = crate::account::day_of(self.now());
        let mut tx = self.store().read(scope).await?;
        let mut found = users_all(&mut tx).await?;
        found.retain(|user| user.works_on(day) && crate::access::permissions(user.role).contains(&permission));
        found.retain(|user| match (&scope.area, &user.area) {
            (Area::City, _) | (_, Area::City) => true,
            (Area::Communes(own), Area::Communes(theirs)) => own.intersection(theirs).next().is_some(),
        });
        found.sort_by(|a, b| (&a.label, &a.id).cmp(&(&b.label, &b.id)));
        Ok(found)
    }

    /// What the screens call these users and their units, by id; who is not known is left out. Labels are no data of people the
    /// plan is about, so whoever sees that somebody did something may read who it was. Of other units than their own, staff of facilities read the
    /// unit alone: they answer to the agency, not to its officers.
    pub async fn user_labels(&self, scope: &Scope, users: &BTreeSet<&str>) -> Result<BTreeMap<String, UserLabel>, DeskError> {
        let mut labels = BTreeMap::new();
        if users.is_empty() {
            return Ok(labels);
        }
        let mut tx = self.store().read(scope).await?;
        let all: Vec<&str> = users.iter().copied().collect();
        for some in all.chunks(AT_ONCE) {
            let sql =
                Sql::new("SELECT u.id, u.label, n.name, u.unit FROM desk_user u JOIN unit n ON n.id = u.unit WHERE u.id IN (");
            let sql = some.iter().enumerate().fold(sql, |sql, (at, id)| sql.push(if at == 0 { "" } else { ", " }).bind(*id));
            for row in tx.rows(sql.push(")")).await? {
                let (unit_name, unit) = (row.text(2)?, row.text(3)?);
                let is_named = scope.role != Role::FacilityStaff || unit == scope.unit;
                let label = if is_named { row.text(1)? } else { unit_name.clone() };
                labels.insert(row.text(0)?, UserLabel { label, unit, unit_name });
            }
        }
        Ok(labels)
    }

    /// A user who may work today.
    pub(crate) async fn active_user(&self, scope: &Scope, id: &str) -> Result<User, DeskError> {
        let day = crate::account::day_of(self.now());
        let mut tx = self.store().read(scope).await?;
        user_by_id(&mut tx, id).await?.filter(|user| user.works_on(day)).ok_or(DeskError::NotFound { kind: "user" })
    }

    /// The scope of an active user for a purpose; written into the audit log as their sign-in. For the role picker of a local
    /// portal: nothing is proved here.
    pub async fn sign_in(&self, user: &str, purpose: Purpose) -> Result<Scope, DeskError> {
        let mut tx = self.store().write(&Scope::system()).await?;
        let day = crate::account::day_of(self.now());
        let user =
            user_by_id(&mut tx, user).await?.filter(|user| user.works_on(day)).ok_or(DeskError::NotFound { kind: "user" })?;
        let scope = user.scope(purpose);
        let event = ReadEvent::new(AuditAction::SignIn, "user").object(scope.actor.0.as_str());
        self.commit_with(tx, &scope, event.word("by", "picker")).await?;
        Ok(scope)
    }
}

const USERS: &str = "SELECT id, label, role, unit, area, active, valid_from, valid_to FROM desk_user";

/// All users, by id.
pub(crate) async fn users_all(tx: &mut Tx) -> Result<Vec<User>, DeskError> {
    users(tx, Sql::new(USERS)).await
}

/// A user.
pub(crate) async fn user_by_id(tx: &mut Tx, id: &str) -> Result<Option<User>, DeskError> {
    Ok(users(tx, Sql::new(USERS).push(" WHERE id = ").bind(id)).await?.pop())
}

/// Puts a user in or changes them.
pub(crate) async fn write_user(tx: &mut Tx, user: &User) -> Result<(), DeskError> {
    let (id, label) = (word("user", &user.id)?, written("label", &user.label)?);
    let sql = Sql::with(
        "INSERT INTO desk_user (id, label, role, unit, area, active, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (id) DO UPDATE SET label = excluded.label, role = excluded.role, unit = excluded.unit, area = excluded.area, \
         active = excluded.active, valid_from = excluded.valid_from, valid_to = excluded.valid_to",
        [
            id.into(),
            label.into(),
            role_word(user.role).into(),
            user.unit.as_str().into(),
            area_text(&user.area).into(),
            i64::from(user.active).into(),
            user.valid_from.map(|day| day.to_string()).into(),
            user.valid_to.map(|day| day.to_string()).into(),
        ],
    );
    tx.execute(sql).await.map(drop)
}

async fn users(tx: &mut Tx, sql: Sql) -> Result<Vec<User>, DeskError> {
    let mut users = tx.rows(sql).await?.iter().map(user_from).collect::<Result<Vec<_>, _>>()?;
    users.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(users)
}

fn user_from(row: &Row) -> Result<User, DeskError> {
    let wrong = |what: &str| DeskError::damaged("desk_user", what);
    let day = |column: usize| row.opt_text(column)?.map(|text| text.parse().map_err(|_| wrong("a day"))).transpose();
    Ok(User {
        id: row.text(0)?,
        label: row.text(1)?,
        role: role_from_word(&row.text(2)?).ok_or_else(|| wrong("unknown role"))?,
        unit: row.text(3)?,
        area: area_from(&row.text(4)?).ok_or_else(|| wrong("area"))?,
        active: row.int(5)? == 1,
        valid_from: day(6)?,
        valid_to: day(7)?,
    })
}

fn area_text(area: &Area) -> String {
    match area {
        Area::City => "city".to_owned(),
        Area::Communes(communes) => communes.iter().map(CommuneCode::as_str).collect::<Vec<_>>().join(","),
    }
}

fn area_from(text: &str) -> Option<Area> {
    if text == "city" {
        return Some(Area::City);
    }
    let codes = text.split(',').filter(|code| !code.is_empty());
    codes.map(CommuneCode::parse).collect::<Option<BTreeSet<_>>>().map(Area::Communes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_go_both_ways_and_an_empty_one_stays_empty() {
        let communes = |codes: &[&str]| Area::Communes(codes.iter().map(|code| CommuneCode::parse(code).unwrap()).collect());
        for area in [Area::City, communes(&[]), communes(&["09556"]), communes(&["00004", "09556"])] {
            assert_eq!(area_from(&area_text(&area)), Some(area));
        }
        assert_eq!(area_from("anything"), None);
    }
}
