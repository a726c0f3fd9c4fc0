//! Units: the agency and its base offices with their communes, communes, and everybody else who has a part in the plan.

use std::collections::{BTreeMap, BTreeSet};

use base::{Area, CommuneCode, Role, Scope};
use serde::Serialize;

use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::people::{User, users_all, write_user};
use crate::sql::Sql;
use crate::text::{word, written};
use crate::{Desk, DeskError};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        /// What kind of office a unit is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum UnitKind {
            $($(#[$doc])* $name,)*
        }

        impl UnitKind {
            /// All of them.
            pub const ALL: &'static [UnitKind] = &[$(Self::$name,)*];

            /// The stable word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

kinds! {
    /// The city's insurance agency (BHXH thành phố).
    CityAgency = "city_agency";
    /// A base office, which covers several communes (BHXH cơ sở).
    BaseOffice = "base_office";
    /// A commune or ward (UBND cấp xã).
    Commune = "commune";
    /// A department of an agency (phòng).
    Department = "department";
    /// A department or board of the city (sở, ban, ngành).
    CityDepartment = "city_department";
    /// A health facility (cơ sở khám bệnh, chữa bệnh).
    Facility = "facility";
    /// A pharmacy (nhà thuốc).
    Pharmacy = "pharmacy";
    /// A school (nhà trường).
    School = "school";
    /// An employer (đơn vị sử dụng lao động).
    Employer = "employer";
    /// A collection organisation (tổ chức hỗ trợ phát triển đối tượng).
    CollectionOrganisation = "collection_organisation";
    /// The post office (bưu điện).
    PostOffice = "post_office";
    /// A bank (ngân hàng).
    Bank = "bank";
    /// The police (công an).
    Police = "police";
    /// An inspectorate (thanh tra).
    Inspectorate = "inspectorate";
    /// Oversight: People's Council, Fatherland Front (giám sát).
    Oversight = "oversight";
    /// Any other.
    Other = "other";
}

impl UnitKind {
    /// The kind of a stable word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }

    /// The two columns of the table: its first step knew four kinds, what came later stands beside `other`.
    fn columns(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::CityAgency | Self::BaseOffice | Self::Commune | Self::Other => (self.as_str(), None),
            later => (Self::Other.as_str(), Some(later.as_str())),
        }
    }
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

impl Desk {
    /// Adds a unit or changes it; unchanged, nothing happens.
    pub async fn put_unit(&self, scope: &Scope, unit: &Unit) -> Result<(), DeskError> {
        require(scope, Permission::ManageUsers)?;
        let mut tx = self.store().write(scope).await?;
        if units(&mut tx).await?.contains(unit) {
            return Ok(());
        }
        write_unit(&mut tx, unit).await?;
        let event = ReadEvent::new(AuditAction::PutUnit, "unit").object(unit.id.as_str()).word("kind", unit.kind.as_str());
        self.commit_with(tx, scope, event).await
    }

    /// Says which communes a unit covers; unchanged, nothing happens.
    ///
    /// Officers of a base office (BHXH cơ sở) whose area was that of their office go along with it, in the same transaction: they see the new
    /// communes and their cases from the next page on. Who was given another area, and users of other units, keep theirs. Cases that lie in
    /// communes they no longer see go back to their units.
    pub async fn set_unit_communes(&self, scope: &Scope, unit: &str, communes: &BTreeSet<CommuneCode>) -> Result<(), DeskError> {
        require(scope, Permission::ManageUsers)?;
        let mut tx = self.store().write(scope).await?;
        unit_name(&mut tx, unit).await?;
        let before = communes_of(&mut tx, unit).await?;
        if before == *communes {
            return Ok(());
        }
        tx.execute(Sql::with("DELETE FROM unit_commune WHERE unit = $1", [unit.into()])).await?;
        for commune in communes {
            let sql =
                Sql::with("INSERT INTO unit_commune (unit, commune) VALUES ($1, $2)", [unit.into(), commune.as_str().into()]);
            tx.execute(sql).await?;
        }
        let kind = units(&mut tx).await?.into_iter().find(|known| known.id == unit).map(|known| known.kind);
        let mut moved = Vec::new();
        if kind == Some(UnitKind::BaseOffice) {
            let of_office =
                |user: &User| user.role == Role::BaseOfficer && user.unit == unit && user.area == Area::Communes(before.clone());
            for user in users_all(&mut tx).await?.into_iter().filter(of_office) {
                let user = User { area: Area::Communes(communes.clone()), ..user };
                write_user(&mut tx, &user).await?;
                moved.push(user);
            }
        }
        let count = i64::try_from(communes.len()).unwrap_or(i64::MAX);
        let event = ReadEvent::new(AuditAction::SetUnitCommunes, "unit").object(unit).count("communes", count);
        let event = event.count("users", moved.len() as i64);
        self.commit_with(tx, scope, event).await?;
        for user in &moved {
            self.free_cases_of(user).await?;
        }
        Ok(())
    }

    /// All units, by id.
    pub async fn units(&self, scope: &Scope) -> Result<Vec<Unit>, DeskError> {
        let mut tx = self.store().read(scope).await?;
        units(&mut tx).await
    }

    /// The communes of units, by unit.
    pub async fn unit_communes(&self, scope: &Scope) -> Result<BTreeMap<String, BTreeSet<CommuneCode>>, DeskError> {
        let mut tx = self.store().read(scope).await?;
        let mut found: BTreeMap<String, BTreeSet<CommuneCode>> = BTreeMap::new();
        for row in tx.rows(Sql::new("SELECT unit, commune FROM unit_commune")).await? {
            found.entry(row.text(0)?).or_default().insert(code(&row.text(1)?)?);
        }
        Ok(found)
    }
}

/// Puts a unit in or changes it.
pub(crate) async fn write_unit(tx: &mut Tx, unit: &Unit) -> Result<(), DeskError> {
    let (id, name) = (word("unit", &unit.id)?, written("name", &unit.name)?);
    let (kind, other_kind) = unit.kind.columns();
    let sql = Sql::with(
        "INSERT INTO unit (id, name, kind, other_kind, parent) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET \
         name = excluded.name, kind = excluded.kind, other_kind = excluded.other_kind, parent = excluded.parent",
        [id.into(), name.into(), kind.into(), other_kind.into(), unit.parent.as_deref().into()],
    );
    tx.execute(sql).await.map(drop)
}

/// The name of a unit, which must be there.
pub(crate) async fn unit_name(tx: &mut Tx, unit: &str) -> Result<String, DeskError> {
    let row = tx.row(Sql::new("SELECT name FROM unit WHERE id = ").bind(unit)).await?;
    row.ok_or(DeskError::NotFound { kind: "unit" })?.text(0)
}

/// The area of a unit: the city for its agency and departments, else its communes; none when it has none.
pub(crate) async fn area_of_unit(tx: &mut Tx, unit: &str) -> Result<Option<Area>, DeskError> {
    let kind = units(tx).await?.into_iter().find(|known| known.id == unit).map(|known| known.kind);
    if matches!(kind, Some(UnitKind::CityAgency | UnitKind::Department | UnitKind::CityDepartment)) {
        return Ok(Some(Area::City));
    }
    let communes = communes_of(tx, unit).await?;
    Ok((!communes.is_empty()).then_some(Area::Communes(communes)))
}

pub(crate) async fn units(tx: &mut Tx) -> Result<Vec<Unit>, DeskError> {
    let rows = tx.rows(Sql::new("SELECT id, name, kind, other_kind, parent FROM unit")).await?;
    let mut units = rows.iter().map(unit_from).collect::<Result<Vec<_>, _>>()?;
    units.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(units)
}

async fn communes_of(tx: &mut Tx, unit: &str) -> Result<BTreeSet<CommuneCode>, DeskError> {
    let rows = tx.rows(Sql::new("SELECT commune FROM unit_commune WHERE unit = ").bind(unit)).await?;
    rows.iter().map(|row| code(&row.text(0)?)).collect()
}

fn code(text: &str) -> Result<CommuneCode, DeskError> {
    CommuneCode::parse(text).ok_or_else(|| DeskError::damaged("unit_commune", "a commune code"))
}

fn unit_from(row: &Row) -> Result<Unit, DeskError> {
    let word = row.opt_text(3)?.map_or_else(|| row.text(2), Ok)?;
    let kind = UnitKind::from_word(&word).ok_or_else(|| DeskError::damaged("unit", "unknown kind"))?;
    Ok(Unit { id: row.text(0)?, name: row.text(1)?, kind, parent: row.opt_text(4)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_go_both_ways() {
        for kind in UnitKind::ALL {
            assert_eq!(UnitKind::from_word(kind.as_str()), Some(*kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            let (first, other) = kind.columns();
            assert_eq!(other.unwrap_or(first), kind.as_str());
            assert!(other.is_none() || first == "other");
        }
    }
}
