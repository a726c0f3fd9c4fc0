//! Units and users of the desk: enough to choose who one is in the demo and to make a scope of it.

use std::collections::BTreeSet;

use base::{Actor, Area, CommuneCode, Purpose, Role, Scope};
use serde::Serialize;

use crate::access::{Permission, require, role_from_word, role_word};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::text::{word, written};
use crate::{Desk, DeskError};

/// What kind of office a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// The city's insurance agency (BHXH thành phố).
    CityAgency,
    /// A base office, which covers several communes (BHXH cơ sở).
    BaseOffice,
    /// A commune or ward (UBND cấp xã).
    Commune,
    /// Any other.
    Other,
}

/// A unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// Stable id, e.g. `bhxh-hn` or a commune code.
    pub id: String,
    /// Name as shown.
    pub name: String,
    /// Kind.
    pub kind: UnitKind,
    /// The unit above.
    pub parent: Option<String>,
}

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
}

impl Desk {
    /// Adds a unit or changes it; unchanged, nothing happens.
    pub async fn put_unit(&self, scope: &Scope, unit: &Unit) -> Result<(), DeskError> {
        require(scope, Permission::ManageUsers)?;
        let (id, name) = (word("unit", &unit.id)?, written("name", &unit.name)?);
        let mut tx = self.store().write(scope).await?;
        if units(&mut tx).await?.contains(unit) {
            return Ok(());
        }
        let sql = Sql::with(
            "INSERT INTO unit (id, name, kind, parent) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, parent = excluded.parent",
            [id.into(), name.into(), kind_word(unit.kind).into(), unit.parent.as_deref().into()],
        );
        tx.execute(sql).await?;
        let event = ReadEvent::new(AuditAction::PutUnit, "unit").object(unit.id.as_str()).word("kind", kind_word(unit.kind));
        self.commit_with(tx, scope, event).await
    }

    /// Adds a user or changes them; unchanged, nothing happens. The unit must be there.
    pub async fn put_user(&self, scope: &Scope, user: &User) -> Result<(), DeskError> {
        require(scope, Permission::ManageUsers)?;
        if user.role == Role::System {
            return Err(DeskError::Invalid { field: "role", why: "the program's own role is not for users" });
        }
        let (id, label) = (word("user", &user.id)?, written("label", &user.label)?);
        let mut tx = self.store().write(scope).await?;
        if users(&mut tx, Sql::new(USERS)).await?.contains(user) {
            return Ok(());
        }
        if !units(&mut tx).await?.iter().any(|unit| unit.id == user.unit) {
            return Err(DeskError::NotFound { kind: "unit" });
        }
        let sql = Sql::with(
            "INSERT INTO desk_user (id, label, role, unit, area, active) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET \
             label = excluded.label, role = excluded.role, unit = excluded.unit, area = excluded.area, active = excluded.active",
            [
                id.into(),
                label.into(),
                role_word(user.role).into(),
                user.unit.as_str().into(),
                area_text(&user.area).into(),
                i64::from(user.active).into(),
            ],
        );
        tx.execute(sql).await?;
        let event = ReadEvent::new(AuditAction::PutUser, "user").object(user.id.as_str()).word("role", role_word(user.role));
        self.commit_with(tx, scope, event.word("unit", &user.unit).count("active", user.active.into())).await
    }

    /// All units, by id.
    pub async fn units(&self, scope: &Scope) -> Result<Vec<Unit>, DeskError> {
        let mut tx = self.store().read(scope).await?;
        units(&mut tx).await
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
        let mut tx = self.store().read(scope).await?;
        let mut found = users(&mut tx, Sql::new(USERS).push(" WHERE active = 1")).await?;
        found.retain(|user| crate::access::permissions(user.role).contains(&Permission::WorkCases));
        found.retain(|user| match (&scope.area, &user.area) {
            (Area::City, _) | (_, Area::City) => true,
            (Area::Communes(own), Area::Communes(theirs)) => own.intersection(theirs).next().is_some(),
        });
        found.sort_by(|a, b| (&a.label, &a.id).cmp(&(&b.label, &b.id)));
        Ok(found)
    }

    /// An active user.
    pub(crate) async fn active_user(&self, scope: &Scope, id: &str) -> Result<User, DeskError> {
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new(USERS).push(" WHERE active = 1 AND id = ").bind(id);
        users(&mut tx, sql).await?.pop().ok_or(DeskError::NotFound { kind: "user" })
    }

    /// The scope of an active user for a purpose; written into the audit log as their sign-in.
    pub async fn sign_in(&self, user: &str, purpose: Purpose) -> Result<Scope, DeskError> {
        let mut tx = self.store().write(&Scope::system()).await?;
        let sql = Sql::new(USERS).push(" WHERE active = 1 AND id = ").bind(user);
        let user = users(&mut tx, sql).await?.pop().ok_or(DeskError::NotFound { kind: "user" })?;
        let scope = Scope { actor: Actor(user.id), unit: user.unit, area: user.area, role: user.role, purpose };
        let event = ReadEvent::new(AuditAction::SignIn, "user").object(scope.actor.0.as_str());
        self.commit_with(tx, &scope, event).await?;
        Ok(scope)
    }
}

const USERS: &str = "SELECT id, label, role, unit, area, active FROM desk_user";

async fn units(tx: &mut Tx) -> Result<Vec<Unit>, DeskError> {
    let rows = tx.rows(Sql::new("SELECT id, name, kind, parent FROM unit")).await?;
    let mut units = rows.iter().map(unit_from).collect::<Result<Vec<_>, _>>()?;
    units.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(units)
}

async fn users(tx: &mut Tx, sql: Sql) -> Result<Vec<User>, DeskError> {
    let mut users = tx.rows(sql).await?.iter().map(user_from).collect::<Result<Vec<_>, _>>()?;
    users.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(users)
}

fn unit_from(row: &Row) -> Result<Unit, DeskError> {
    let word = row.text(2)?;
    let all = [UnitKind::CityAgency, UnitKind::BaseOffice, UnitKind::Commune, UnitKind::Other];
    let kind = all.into_iter().find(|kind| kind_word(*kind) == word).ok_or_else(|| DeskError::damaged("unit", "unknown kind"))?;
    Ok(Unit { id: row.text(0)?, name: row.text(1)?, kind, parent: row.opt_text(3)? })
}

fn user_from(row: &Row) -> Result<User, DeskError> {
    let wrong = |what: &str| DeskError::damaged("desk_user", what);
    Ok(User {
        id: row.text(0)?,
        label: row.text(1)?,
        role: role_from_word(&row.text(2)?).ok_or_else(|| wrong("unknown role"))?,
        unit: row.text(3)?,
        area: area_from(&row.text(4)?).ok_or_else(|| wrong("area"))?,
        active: row.int(5)? == 1,
    })
}

fn kind_word(kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::CityAgency => "city_agency",
        UnitKind::BaseOffice => "base_office",
        UnitKind::Commune => "commune",
        UnitKind::Other => "other",
    }
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
