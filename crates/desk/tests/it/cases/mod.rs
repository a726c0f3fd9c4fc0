//! Cases on both stores.

mod auto;
mod bulk;
mod files;
mod jobs;
mod links;
mod owners;
mod queues;
mod selection;
mod settle;
mod sheets;
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
        acting_for: None,
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
        valid_from: None,
        valid_to: None,
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

/// A row of a sheet that says that the person of a case died.
pub fn sheet_row(case: &desk::Case) -> desk::SheetRow {
    sheets::row(2, &case.id, case.version)
}

/// A row in every table of cases.
pub async fn fill(desk: &Desk) {
    let city = crate::support::city_officer();
    let new = vec![poor(101, HA_DONG), poor(102, HOAN_KIEM), wage(103, HA_DONG)];
    let opened = desk.open_cases(&city, new, &desk::To::Unit, "form-fill-1").await.unwrap();
    let file = desk::NewFile { name: "Đơn.pdf".into(), bytes: b"%PDF-1.7\n\x00\xff".to_vec() };
    desk.attach(&city, &opened.cases[0].id, file, "form-fill-2").await.unwrap();
    let ends = [&opened.cases[0].id, &opened.cases[1].id];
    desk.link_cases(&city, ends[0], ends[1], desk::CaseLinkKind::Household, "form-fill-7").await.unwrap();
    let query = desk::CaseQuery::of(desk::Queue::Open, today());
    let to = desk::Change::Assign { to: "u-09556".into() };
    let done = desk.change_cases(&city, &query, &to, &allowed(), "form-fill-3", &|_| ()).await.unwrap();
    assert!(done.done > 0 && done.refused > 0, "{done:?}");
    let count = desk.cases(&city, &query, &desk::PageAt::First, 1).await.unwrap().count;
    desk.start_bulk(&city, &query, &desk::Change::Take, count, "form-fill-4").await.unwrap();
    desk.select_cases(&city, "form-fill-9", &[], &[opened.cases[0].id.clone()].into()).await.unwrap();
    let refused = vec![desk::SheetRefusal { row: 3, case: None, why: "row_word".into() }];
    let sheet = desk::NewSheet { rows: vec![sheet_row(&opened.cases[0])], empty: 1, refused };
    desk.start_sheet(&city, &sheet, today(), "form-fill-8").await.unwrap();
    let mut findings = desk::RunFindings::new(&base::RunId::parse("2026-11-ffff").unwrap(), "2026-11".parse().unwrap());
    findings.evaluated(POOR, Some(day("2026-12-25")));
    desk.settle_cases(&Scope::system(), &findings.sorted()).await.unwrap();
    let case = desk.case(&city, &opened.cases[0].id).await.unwrap();
    let joined = desk::Change::Outcome { outcome: Outcome::Joined, day: None, reason: "Đã có thẻ".into() };
    let closed = desk.change_case(&city, &case.id, case.version, &joined, &allowed(), today(), "form-fill-6").await.unwrap();
    let end = closed.closed_at.unwrap() + 1;
    desk.erase_cases(&Scope::system(), day("2026-11-01"), end, Some("Quyết định 02")).await.unwrap();
    let file = desk::NewFile { name: "Bảng lương.pdf".into(), bytes: b"%PDF-1.7\n\x01".to_vec() };
    desk.attach(&city, &opened.cases[2].id, file, "form-fill-5").await.unwrap();
}
