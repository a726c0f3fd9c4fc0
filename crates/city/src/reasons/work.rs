//! Reasons about work: who should be in compulsory insurance and is not, and voluntary payers of too little.

use crate::calendar;
use crate::life::voluntary::FLOOR_OF_2027;
use crate::reasons::Facts;

/// Adds the reasons in their order.
pub fn reasons(facts: &Facts, out: &mut Vec<&'static str>) {
    let outside = !facts.insured && !facts.pensioner();
    let of_age = calendar::of_working_age(facts.birth, facts.sex, facts.month);
    let licensed = facts.guide.is_some_and(|(from, to)| from <= facts.end() && facts.end() <= to);
    let mut add = |holds: bool, reason| out.extend(holds.then_some(reason));
    add(facts.employee && outside, "labour-without-compulsory");
    add(licensed && of_age && outside, "guide-without-compulsory");
    add(facts.owner && of_age && outside, "business-owner-due");
    add(facts.manager && of_age && outside, "manager-due");
    add(facts.voluntary.is_some_and(|income| income < FLOOR_OF_2027), "voluntary-below-floor");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::life::benefits::Kind;
    use crate::life::state::State;
    use crate::reasons::{nobody, of};

    fn covered() -> Facts<'static> {
        Facts { state: State::Covered, ..nobody(&[]) }
    }

    #[test]
    fn labour_is_due_unless_insured_anywhere_or_pensioned() {
        let facts = Facts { employee: true, ..covered() };
        assert_eq!(of(&facts), ["labour-without-compulsory"]);
        assert!(of(&Facts { insured: true, ..facts.clone() }).is_empty());
        assert!(of(&Facts { benefit: Some(Kind::Pension), ..facts.clone() }).is_empty());
        assert_eq!(of(&Facts { benefit: Some(Kind::Survivor), ..facts }), ["labour-without-compulsory"]);
    }

    #[test]
    fn a_manager_is_due_with_or_without_a_wage_unless_insured_anywhere_pensioned_or_retired() {
        let facts = Facts { manager: true, ..covered() };
        assert_eq!(of(&facts), ["manager-due"]);
        assert!(of(&Facts { insured: true, ..facts.clone() }).is_empty());
        assert!(of(&Facts { benefit: Some(Kind::Pension), ..facts.clone() }).is_empty());
        let retired = calendar::day(calendar::month(1960, 3), 5);
        assert!(of(&Facts { birth: retired, ..facts }).is_empty());
    }

    #[test]
    fn a_guide_has_a_licence_in_force_and_is_of_working_age() {
        let licence = |from: &str, to: &str| Some((from.parse().unwrap(), to.parse().unwrap()));
        let facts = Facts { guide: licence("2021-11-01", "2026-10-31"), ..covered() };
        assert_eq!(of(&facts), ["guide-without-compulsory"], "valid on its last day");
        assert!(of(&Facts { guide: licence("2021-10-30", "2026-10-30"), ..facts.clone() }).is_empty());
        assert!(of(&Facts { birth: "1969-10-01".parse().unwrap(), ..facts.clone() }).is_empty(), "a woman of 57");
        assert!(of(&Facts { insured: true, ..facts }).is_empty());
    }

    #[test]
    fn an_owner_who_declares_is_due_until_insured_or_retired() {
        let facts = Facts { owner: true, ..covered() };
        assert_eq!(of(&facts), ["business-owner-due"]);
        assert!(of(&Facts { insured: true, ..facts.clone() }).is_empty());
        assert!(of(&Facts { benefit: Some(Kind::Pension), ..facts.clone() }).is_empty());
        assert!(of(&Facts { birth: "1960-01-01".parse().unwrap(), ..facts }).is_empty());
    }

    #[test]
    fn voluntary_payers_are_named_below_the_floor_of_2027() {
        let pays = |income| of(&Facts { voluntary: Some(income), ..covered() });
        assert_eq!(pays(2_199_999), ["voluntary-below-floor"]);
        assert!(pays(2_200_000).is_empty());
    }
}
