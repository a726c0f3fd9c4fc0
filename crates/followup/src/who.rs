//! Which of the plan's units somebody works for.

use base::{Role, Scope};
use desk::TaskReport;
use plan::data::{PlanData, PlanTask, PlanUnit};

/// The plan's units that the desk unit of who asks stands for: the one of its own id; the city's insurance agency; the communes, for one of
/// them. An administrator gives a department's unit the id that the plan's data uses.
pub(crate) fn units<'a>(plan: &'a PlanData, scope: &Scope) -> Vec<&'a PlanUnit> {
    let kind = match scope.role {
        Role::CityOfficer => Some("city_agency"),
        Role::CommuneStaff => Some("commune"),
        _ => None,
    };
    let stands_for = |unit: &&PlanUnit| unit.id == scope.unit || Some(unit.kind.as_str()) == kind;
    plan.units.iter().filter(stands_for).collect()
}

/// Whether who asks owes reports of a task: one of their units leads it.
pub(crate) fn owes(plan: &PlanData, task: &PlanTask, scope: &Scope) -> bool {
    units(plan, scope).iter().any(|unit| task.leads.contains(&unit.id))
}

/// Whether a report is that of one of the plan's units; of communes, any of theirs.
pub(crate) fn is_of(plan: &PlanData, unit: &PlanUnit, report: &TaskReport) -> bool {
    match unit.kind.as_str() {
        "commune" => report.commune.is_some(),
        // The agency's unit bears the id that its own system gives it.
        "city_agency" => report.commune.is_none() && (report.unit == unit.id || plan.unit(&report.unit).is_none()),
        _ => report.unit == unit.id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> PlanData {
        let known = plan::data::Known::default();
        PlanData::load("plan/hanoi-2026-2030.yaml", include_str!("../../../plan/hanoi-2026-2030.yaml"), known).unwrap()
    }

    fn tasks(scope: &Scope) -> Vec<String> {
        let plan = plan();
        plan.tasks.iter().filter(|task| owes(&plan, task, scope)).map(|task| task.id.clone()).collect()
    }

    #[test]
    fn each_unit_owes_what_it_leads() {
        let scope = |role, unit: &str| Scope { role, unit: unit.into(), ..Scope::system() };
        assert_eq!(tasks(&scope(Role::PartnerOfficer, "so-noi-vu")), ["3b"]);
        assert_eq!(tasks(&scope(Role::CommuneStaff, "xa-09556")), ["3c", "5b"]);
        assert!(tasks(&scope(Role::CityOfficer, "bhxh-hn")).contains(&"2a".to_owned()));
        assert_eq!(tasks(&scope(Role::Oversight, "hdnd")), [""; 0]);
    }
}
