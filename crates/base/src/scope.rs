//! Who asks, for which area and what purpose: the one access rule of every path.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::CommuneCode;

/// Who acts: a desk user's pseudonymous id, never a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Actor(pub String);

/// The area whose people may be seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// The whole city.
    City,
    /// Some communes (xã, phường).
    Communes(BTreeSet<CommuneCode>),
}

/// What a person may do, as a named role; menus shrink by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Officer of the city's insurance agency (BHXH thành phố).
    CityOfficer,
    /// Officer of a base office (BHXH cơ sở).
    BaseOfficer,
    /// Staff of a commune or ward (UBND cấp xã).
    CommuneStaff,
    /// Administrator: runs the system, sees no people.
    Administrator,
    /// The program itself: runs, jobs.
    System,
}

/// Why the data is looked at; written into every audit event (Law 91/2025/QH15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Reviewing who should be covered (rà soát đối tượng tham gia).
    CoverageReview,
    /// Checking the quality of rosters and links.
    DataQuality,
    /// Looking at aggregates only.
    Statistics,
    /// Running the monthly steps.
    Operation,
}

/// The access rule that goes into every query, count, export, page and map alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Who acts.
    pub actor: Actor,
    /// The unit they act for, e.g. `bhxh-hn` or a commune code.
    pub unit: String,
    /// Whose data may be seen.
    pub area: Area,
    /// In which role.
    pub role: Role,
    /// For which purpose.
    pub purpose: Purpose,
}

impl Scope {
    /// The scope of the program's own monthly steps.
    pub fn system() -> Self {
        Self {
            actor: Actor("system".into()),
            unit: "system".into(),
            area: Area::City,
            role: Role::System,
            purpose: Purpose::Operation,
        }
    }

    /// Whether rows of a commune may be seen; a row of no known commune only by the whole city.
    pub fn sees(&self, commune: Option<&CommuneCode>) -> bool {
        match &self.area {
            Area::City => true,
            Area::Communes(own) => commune.is_some_and(|c| own.contains(c)),
        }
    }

    /// Whether lists of people may be opened at all.
    pub fn may_list_people(&self) -> bool {
        self.role != Role::Administrator && self.purpose != Purpose::Statistics
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> CommuneCode {
        CommuneCode::parse(text).unwrap()
    }

    #[test]
    fn commune_staff_see_their_own_commune_only() {
        let scope = Scope {
            actor: Actor("u1".into()),
            unit: "09556".into(),
            area: Area::Communes([code("09556")].into()),
            role: Role::CommuneStaff,
            purpose: Purpose::CoverageReview,
        };
        assert!(scope.sees(Some(&code("09556"))));
        assert!(!scope.sees(Some(&code("00004"))));
        assert!(!scope.sees(None));
    }

    #[test]
    fn administrators_see_no_people() {
        let scope = Scope { role: Role::Administrator, ..Scope::system() };
        assert!(!scope.may_list_people());
    }
}
