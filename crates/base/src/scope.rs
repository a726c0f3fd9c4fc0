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
    /// Collector of a collection organisation or the post office (nhân viên thu): a private party, minimum lists only.
    Collector,
    /// Staff of a health facility or pharmacy (cơ sở khám bệnh, chữa bệnh; nhà thuốc).
    FacilityStaff,
    /// Staff of a school (nhà trường).
    SchoolStaff,
    /// Accountant or manager of an employer (đơn vị sử dụng lao động).
    EmployerStaff,
    /// Officer of another agency that answers by files: police, bank, inspectorate (cơ quan phối hợp).
    PartnerOfficer,
    /// Oversight by People's Councils and the Fatherland Front (giám sát): aggregates and published lists only.
    Oversight,
    /// Data-protection officer (bộ phận bảo vệ dữ liệu cá nhân): sees the log, not the content.
    DataProtection,
    /// Administrator: runs the system, sees no people.
    Administrator,
    /// A program of a unit that asks with a token; its token says what it may ask.
    ApiClient,
    /// The program itself: runs, jobs.
    System,
}

impl Role {
    /// All roles, those of people first.
    pub const ALL: [Self; 13] = [
        Self::CityOfficer,
        Self::BaseOfficer,
        Self::CommuneStaff,
        Self::Collector,
        Self::FacilityStaff,
        Self::SchoolStaff,
        Self::EmployerStaff,
        Self::PartnerOfficer,
        Self::Oversight,
        Self::DataProtection,
        Self::Administrator,
        Self::ApiClient,
        Self::System,
    ];

    /// Whether a person can have this role; the others are the program's and its clients'.
    pub fn is_of_a_person(self) -> bool {
        !matches!(self, Self::ApiClient | Self::System)
    }
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
    /// For whom they act while that person is away; the unit, area and role are then that person's (ủy quyền).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting_for: Option<Actor>,
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
            acting_for: None,
        }
    }

    /// In whose name work is done: of whom who acts stands in for, so that it stays theirs when they are back; else of who acts.
    pub fn in_name_of(&self) -> &Actor {
        self.acting_for.as_ref().unwrap_or(&self.actor)
    }

    /// Whether a user is who acts, or whom who acts stands in for.
    pub fn is_own(&self, user: &str) -> bool {
        user == self.actor.0 || user == self.in_name_of().0
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
        let role = matches!(self.role, Role::CityOfficer | Role::BaseOfficer | Role::CommuneStaff | Role::System);
        role && self.purpose != Purpose::Statistics
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
            acting_for: None,
        };
        assert!(scope.sees(Some(&code("09556"))));
        assert!(!scope.sees(Some(&code("00004"))));
        assert!(!scope.sees(None));
    }

    #[test]
    fn administrators_see_no_people() {
        for role in [Role::Administrator, Role::DataProtection, Role::Oversight, Role::Collector, Role::ApiClient] {
            assert!(!Scope { role, ..Scope::system() }.may_list_people(), "{role:?}");
        }
    }
}
