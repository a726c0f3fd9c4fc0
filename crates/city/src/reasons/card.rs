//! Reasons of people whom no card of any issuer covers on the last day of the month.

use crate::life::benefits::Kind as Benefit;
use crate::life::bought;
use crate::life::cards::{Card, Group};
use crate::life::support::Kind;
use crate::reasons::{Facts, LAPSED, PUPIL};

/// The words of this page in their order.
pub const REASONS: [&str; 10] = [
    "child-under-six-without-card",
    "poor-without-card",
    "near-poor-without-card",
    "supported-without-card",
    PUPIL,
    "pensioner-without-card",
    "left-school-without-card",
    "job-ended-without-card",
    LAPSED,
    "household-member-without-card",
];

/// Adds the reasons in their order.
pub fn reasons(facts: &Facts, out: &mut Vec<&'static str>) {
    let group = facts.listed.map(|s| s.kind);
    let last = last_card(facts).map(|c| c.group);
    let school = matches!(last, Some(Group::Pupil | Group::Student));
    let holds = [
        is_small_child(facts),
        group == Some(Kind::Poor),
        group == Some(Kind::NearPoor),
        group.is_some_and(|kind| kind != Kind::Poor && kind != Kind::NearPoor),
        facts.pupil,
        // A survivor's allowance brings no card of the fund.
        matches!(facts.benefit, Some(Benefit::Pension | Benefit::Accident)),
        school && !facts.pupil,
        last == Some(Group::Employee) && !facts.insured,
        bought::household_card_lapsed(facts.cards, facts.month) && !facts.pupil,
        // A card that begins later is none of the last twelve months.
        facts.on_household_list && !facts.of_city().any(|c| c.from <= facts.end()),
    ];
    out.extend(holds.iter().zip(REASONS).filter_map(|(holds, reason)| holds.then_some(reason)));
}

/// Under six, or not yet past the September in which children's cards end.
fn is_small_child(facts: &Facts) -> bool {
    let (year, number) = (facts.month.div_euclid(12), facts.month.rem_euclid(12) + 1);
    facts.age() < 6 || (facts.birth.year() + 6 == year && number <= 9)
}

/// The card of the city that ended last within twelve months; files show no older ones.
fn last_card<'a>(facts: &Facts<'a>) -> Option<&'a Card> {
    let ended = facts.of_city().filter(|c: &&Card| c.to < facts.end());
    ended.max_by_key(|c| (c.to, c.from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar;
    use crate::life::support::Support;
    use crate::reasons::{card_of, nobody, of};

    fn listed(kind: Kind) -> Option<Support> {
        Some(Support { kind, from: calendar::month(2020, 1), listed: true, carded: false })
    }

    #[test]
    fn a_child_is_under_six_until_the_day_before_the_sixth_birthday() {
        let child = |birth: &str| of(&Facts { birth: birth.parse().unwrap(), ..nobody(&[]) });
        assert_eq!(child("2020-11-01"), ["child-under-six-without-card"]);
        assert!(child("2020-10-31").is_empty(), "six on the last day of the month");
        let september =
            |birth: &str| of(&Facts { month: calendar::month(2026, 9), birth: birth.parse().unwrap(), ..nobody(&[]) });
        assert_eq!(september("2020-01-01"), ["child-under-six-without-card"], "the card would run to the end of September");
        assert!(september("2019-12-31").is_empty());
    }

    #[test]
    fn people_on_a_list_of_the_commune_are_named_by_their_group() {
        let reason = |kind| of(&Facts { listed: listed(kind), ..nobody(&[]) });
        assert_eq!(reason(Kind::Poor), ["poor-without-card"]);
        assert_eq!(reason(Kind::NearPoor), ["near-poor-without-card"]);
        for kind in [Kind::Ethnic, Kind::Protected, Kind::Farm, Kind::LeftPoverty, Kind::Disabled, Kind::Merit] {
            assert_eq!(reason(kind), ["supported-without-card"], "{kind:?}");
        }
    }

    #[test]
    fn a_pensioner_without_card_is_named_and_a_survivor_is_not() {
        let reason = |benefit| of(&Facts { benefit, ..nobody(&[]) });
        assert_eq!(reason(Some(Benefit::Pension)), ["pensioner-without-card"]);
        assert_eq!(reason(Some(Benefit::Accident)), ["pensioner-without-card"]);
        assert!(reason(Some(Benefit::Survivor)).is_empty());
    }

    #[test]
    fn who_left_school_is_told_from_who_still_goes_there() {
        let cards = [card_of(Group::Pupil, "2025-10-01", "2026-09-30")];
        assert_eq!(of(&nobody(&cards)), ["left-school-without-card"]);
        assert_eq!(of(&Facts { pupil: true, ..nobody(&cards) }), [PUPIL]);
        let later = [cards[0], card_of(Group::Employee, "2026-10-01", "2026-10-15")];
        assert_eq!(of(&nobody(&later)), ["job-ended-without-card"], "the last card decides");
    }

    #[test]
    fn a_job_ended_and_a_household_card_lapsed_before_it() {
        let cards = [card_of(Group::Household, "2025-01-01", "2025-12-31"), card_of(Group::Employee, "2026-01-01", "2026-08-31")];
        assert_eq!(of(&nobody(&cards)), ["job-ended-without-card", LAPSED]);
        let renewed = [cards[1], card_of(Group::Household, "2026-11-01", "2027-10-31")];
        assert_eq!(of(&nobody(&renewed)), ["job-ended-without-card"], "a card from the next day is none on the last");
    }

    #[test]
    fn a_member_of_a_listed_household_has_no_card_of_the_last_twelve_months() {
        let facts = Facts { on_household_list: true, ..nobody(&[]) };
        assert_eq!(of(&facts), ["household-member-without-card"]);
        assert!(of(&nobody(&[])).is_empty(), "no commune has listed the home");
        let both = ["supported-without-card", "household-member-without-card"];
        assert_eq!(of(&Facts { listed: listed(Kind::Farm), ..facts.clone() }), both);
        let ended = [card_of(Group::Pensioner, "2025-01-01", "2025-12-31")];
        assert!(of(&Facts { cards: &ended, ..facts.clone() }).is_empty(), "some card ended");
        let coming = [card_of(Group::Household, "2026-11-01", "2027-10-31")];
        assert_eq!(of(&Facts { cards: &coming, ..facts }), ["household-member-without-card"]);
    }
}
