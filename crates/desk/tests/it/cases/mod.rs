//! Cases on both stores.

mod bulk;
mod files;
mod queues;
mod settle;
mod work;

use base::{Actor, Date, FindingKey, Purpose, Role, Scope, SubjectKind};
use desk::{Allowed, CaseUnit, Desk, NewCase, Outcome, Unit, UnitKind, User};

use crate::support::{HA_DONG, HOAN_KIEM, code, communes};

pub const POOR: &str = "poor-without-card";
pub const WAGE: &str = "wage-without-compulsory";

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Today in these tests.
pub fn today() -> Date {
    day("2026-11-02")
}

pub fn key(rule: &str, subject: i64) -> FindingKey {
    FindingKey::new(rule, SubjectKind::Person, &format!("P{subject}"), &[])
}

/// A finding of a commune's own work about a person.
pub fn poor(subject: i64, commune: &str) -> NewCase {
    NewCase {
        rule: POOR.into(),
        finding: key(POOR, subject),
        subject_kind: SubjectKind::Person,
        subject,
        period: "2026-10".parse().unwrap(),
        commune: Some(code(commune)),
        village: Some("Tổ 3".into()),
        unit: CaseUnit::Commune,
        due: day("2026-11-13"),
    }
}

/// A finding about an employee.
pub fn wage(subject: i64, commune: &str) -> NewCase {
    NewCase {
        rule: WAGE.into(),
        finding: key(WAGE, subject),
        unit: CaseUnit::InsuranceOffice,
        due: day("2026-12-11"),
        ..poor(subject, commune)
    }
}

pub fn allowed() -> Allowed {
    let all = || Outcome::ALL.into_iter().filter(|outcome| *outcome != Outcome::Gone).collect();
    [(POOR.to_owned(), all()), (WAGE.to_owned(), vec![Outcome::Contacted, Outcome::Joined])].into()
}

/// An officer of a base office over two communes.
pub fn base_officer() -> Scope {
    Scope {
        actor: Actor("u-base".into()),
        unit: "bhxh-cs-1".into(),
        area: communes(&[HA_DONG, HOAN_KIEM]),
        role: Role::BaseOfficer,
        purpose: Purpose::CoverageReview,
    }
}

/// The users that work is given to.
pub async fn put_users(desk: &Desk) {
    let system = Scope::system();
    for (id, kind) in [("bhxh-cs-1", UnitKind::BaseOffice), (HA_DONG, UnitKind::Commune), (HOAN_KIEM, UnitKind::Commune)] {
        desk.put_unit(&system, &Unit { id: id.into(), name: id.into(), kind, parent: None }).await.unwrap();
    }
    let user = |id: &str, role, unit: &str, codes: &[&str]| User {
        id: id.into(),
        label: format!("Cán bộ {id}"),
        role,
        unit: unit.into(),
        area: communes(codes),
        active: true,
    };
    for user in [
        user("u-base", Role::BaseOfficer, "bhxh-cs-1", &[HA_DONG, HOAN_KIEM]),
        user("u-09556", Role::CommuneStaff, HA_DONG, &[HA_DONG]),
        user("u-00004", Role::CommuneStaff, HOAN_KIEM, &[HOAN_KIEM]),
        user("u-admin", Role::Administrator, "bhxh-cs-1", &[]),
    ] {
        desk.put_user(&system, &user).await.unwrap();
    }
}
