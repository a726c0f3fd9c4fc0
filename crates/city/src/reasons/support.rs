//! Reasons of old age and of supported cards: who is due what the state gives, who has it twice, whose card
//! should have ended, whose ends soon.

use crate::life::cards::Group;
use crate::life::support::Kind;
use crate::reasons::Facts;

/// Reason word: two cards of one group of payers under two numbers.
pub const CARD_DOUBLED: &str = "card-doubled";
/// Reason word: a card of somebody whose death is on the register.
pub const CARD_OF_DEAD: &str = "card-of-dead";
/// Days ahead in which a child's card is looked at.
const DAYS_AHEAD: i32 = 62;

/// Adds the reasons in their order.
pub fn reasons(facts: &Facts, out: &mut Vec<&'static str>) {
    let nothing = facts.benefit.is_none() && !facts.social_pension;
    let poor = matches!(facts.listed.map(|s| s.kind), Some(Kind::Poor | Kind::NearPoor));
    let holds = |is: fn(Group) -> bool| facts.valid().any(|c| is(c.group));
    let mut add = |holds: bool, reason| out.extend(holds.then_some(reason));
    add(nothing && facts.age() >= 75, "social-pension-due");
    add(nothing && poor && (70..75).contains(&facts.age()), "social-pension-due-poor");
    let pays = holds(|g| g == Group::Household) && !holds(Group::is_need);
    add(facts.listed.is_some() && pays, "support-not-given");
    add(supported_twice(facts), "double-support");
    add(doubled(facts).next().is_some(), CARD_DOUBLED);
    add(ends_soon(facts), "turning-six");
}

/// Whether a card is still valid; asked of somebody whose death before the month is on the register.
pub fn card_of_dead(facts: &Facts) -> bool {
    facts.valid().next().is_some()
}

/// A supported card beside insured work, or two of different letters.
fn supported_twice(facts: &Facts) -> bool {
    let mut supported = facts.valid().filter(|c| c.group.is_supported()).map(|c| c.group.code());
    match supported.next() {
        Some(first) => facts.insured || supported.any(|other| other != first),
        None => false,
    }
}

/// The groups of payers of which two valid cards are there under two numbers.
pub fn doubled(facts: &Facts) -> impl Iterator<Item = u32> {
    (1..=5).filter(|payer| {
        let of_payer = |second: bool| facts.valid().any(|c| c.group.payer() == *payer && c.second == second);
        of_payer(true) && of_payer(false)
    })
}

/// A child's card that ends within days, with nothing valid on the day after.
fn ends_soon(facts: &Facts) -> bool {
    let Some(horizon) = facts.end().add_days(DAYS_AHEAD) else { return false };
    let last = facts.valid().filter(|c| c.group == Group::Child).map(|c| c.to).max();
    let next = last.filter(|to| *to <= horizon).and_then(|to| to.add_days(1));
    next.is_some_and(|day| !facts.of_city().any(|c| c.valid_on(day)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar;
    use crate::life::benefits;
    use crate::life::cards::Card;
    use crate::life::state::State;
    use crate::life::support::Support;
    use crate::reasons::{card_of, nobody, of};

    fn covered(cards: &[Card]) -> Facts<'_> {
        Facts { state: State::Covered, ..nobody(cards) }
    }

    fn listed(kind: Kind) -> Option<Support> {
        Some(Support { kind, from: calendar::month(2020, 1), listed: true, carded: true })
    }

    #[test]
    fn at_seventy_five_everybody_without_a_pension_is_due_at_seventy_the_poor() {
        let at = |birth: &str| Facts { birth: birth.parse().unwrap(), ..covered(&[]) };
        assert_eq!(of(&at("1951-10-31")), ["social-pension-due"]);
        assert!(of(&at("1951-11-01")).is_empty());
        let poor = Facts { listed: listed(Kind::NearPoor), ..at("1956-10-31") };
        assert_eq!(of(&poor), ["social-pension-due-poor"]);
        assert!(of(&Facts { listed: listed(Kind::Farm), ..poor.clone() }).is_empty());
        assert!(of(&Facts { social_pension: true, ..poor.clone() }).is_empty());
        assert!(of(&Facts { benefit: Some(benefits::Kind::Survivor), ..poor }).is_empty());
    }

    #[test]
    fn support_is_not_given_to_who_pays_though_listed() {
        let own = [card_of(Group::Household, "2026-01-01", "2026-12-31")];
        let facts = Facts { listed: listed(Kind::Farm), ..covered(&own) };
        assert_eq!(of(&facts), ["support-not-given"]);
        assert!(of(&Facts { listed: None, ..facts.clone() }).is_empty());
        let both = [own[0], card_of(Group::Farm, "2026-01-01", "2026-12-31")];
        assert!(of(&Facts { cards: &both, ..facts }).is_empty(), "the supported card is there");
    }

    #[test]
    fn a_supported_card_beside_work_or_beside_another_is_twice() {
        let need = card_of(Group::NearPoor, "2026-01-01", "2026-12-31");
        let (work, bought) =
            (card_of(Group::Employee, "2026-05-01", "2026-12-31"), card_of(Group::Household, "2026-01-01", "2026-12-31"));
        let twice = |cards: &[Card], insured| of(&Facts { insured, ..covered(cards) });
        assert_eq!(twice(&[need, work], true), ["double-support"]);
        assert!(twice(&[bought, work], true).is_empty(), "a household card is paid by the household");
        assert_eq!(twice(&[need, card_of(Group::Pupil, "2026-10-01", "2027-09-30")], false), ["double-support"]);
        let ended = card_of(Group::NearPoor, "2026-01-01", "2026-04-30");
        assert!(twice(&[ended, work], true).is_empty(), "it ended when the work began");
    }

    #[test]
    fn a_card_is_doubled_under_two_numbers_of_one_group_of_payers() {
        let first = card_of(Group::Pupil, "2026-10-01", "2027-09-30");
        let second = Card { second: true, ..first };
        assert_eq!(of(&covered(&[first, second])), ["card-doubled"]);
        assert!(of(&covered(&[second])).is_empty(), "the old number was withdrawn");
        let other = Card { second: true, ..card_of(Group::Household, "2026-01-01", "2026-12-31") };
        assert!(of(&covered(&[first, other])).is_empty());
        let near = Card { second: true, ..card_of(Group::NearPoor, "2026-01-01", "2026-12-31") };
        assert_eq!(of(&covered(&[first, near])), ["double-support", "card-doubled"], "pupil and near-poor are both of group 4");
        assert_eq!(doubled(&covered(&[first, near])).collect::<Vec<_>>(), [4]);
    }

    #[test]
    fn a_card_of_the_dead_is_valid_after_a_registered_death() {
        let cards = [card_of(Group::Household, "2026-01-01", "2026-12-31")];
        let dead = Facts { state: State::Dead, registered_dead: true, ..nobody(&cards) };
        assert_eq!(of(&dead), [CARD_OF_DEAD]);
        assert!(of(&Facts { registered_dead: false, ..dead.clone() }).is_empty(), "no office knows, or died in the month");
        assert!(of(&Facts { cards: &[], ..dead }).is_empty());
    }

    #[test]
    fn a_childs_card_ends_within_sixty_two_days_without_another() {
        let child = |to: &str| card_of(Group::Child, "2020-11-10", to);
        assert_eq!(of(&covered(&[child("2027-01-01")])), ["turning-six"]);
        assert!(of(&covered(&[child("2027-01-02")])).is_empty(), "sixty-three days");
        let next = card_of(Group::Pupil, "2026-12-01", "2027-09-30");
        assert!(of(&covered(&[child("2026-11-30"), next])).is_empty());
    }
}
