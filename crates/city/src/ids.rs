//! Numbers people and employers bear: personal id, old identity card, insurance number, tax code.

use std::collections::BTreeMap;

use base::{PersonalId, Sex};

use crate::random::Random;

/// Numbers of people are unique below this many slots (households times [`MEMBER_SLOTS`]).
pub const SLOT_LIMIT: u64 = 50_000_000;
/// Places for members kept free in each household, so that a person's number does not move.
pub const MEMBER_SLOTS: u64 = 16;

/// Where births were registered: codes of personal ids with weights; Hà Nội is drawn apart.
const ELSEWHERE: [u64; 18] = [36, 34, 35, 30, 33, 27, 24, 26, 25, 38, 40, 37, 19, 20, 17, 31, 22, 42];

/// What a personal id depends on.
#[derive(Debug, Clone, Copy)]
pub struct IdFacts {
    /// The person's slot.
    pub slot: u64,
    /// Household, whose children share the place of registration.
    pub household: u64,
    /// Whether the household came to the city lately (tạm trú).
    pub temporary: bool,
    /// Whether the person is a child of the household.
    pub child: bool,
    /// Sex.
    pub sex: Sex,
    /// Year of birth.
    pub birth_year: i32,
}

/// Draws a 12-digit personal id; `attempt` counts redraws after a serial was found taken.
pub fn personal_id(random: &Random, facts: &IdFacts, attempt: u64) -> PersonalId {
    let hanoi_share = if facts.temporary { 20_000 } else { 86_000 };
    let place = |kind: &str, index: u64| {
        let draw = random.draw(kind, index);
        if draw.chance(hanoi_share) { 1 } else { ELSEWHERE[draw.of("province").below(18) as usize] }
    };
    let own = random.draw("id own province", facts.slot).chance(25_000) && !facts.child;
    let province = if own { place("id province", facts.slot) } else { place("household province", facts.household) };
    let odd = random.draw("id odd", facts.slot);
    // A few numbers keep a birth year or sex that was corrected later.
    let year = facts.birth_year + if odd.chance(600) { 1 + odd.of("year").small(3) } else { 0 };
    let reversed = odd.of("sex").chance(100);
    let female = (facts.sex == Sex::Female) != reversed;
    let century = (year.clamp(1900, 2399) - 1900) / 100;
    let digit = 2 * century as u64 + u64::from(female);
    let serial = random.draw2("id serial", facts.slot, attempt).below(1_000_000);
    let number = ((province * 10 + digit) * 100 + year.rem_euclid(100) as u64) * 1_000_000 + serial;
    PersonalId::from_number(number).unwrap_or_else(|| unreachable!("three, one, two and six digits are twelve"))
}

/// Finds out who has to draw the serial again so that no two people share a number.
///
/// Returns the number of redraws by slot. Within a group the lowest slot keeps its number, so the
/// outcome does not depend on the order in which people were listed.
pub fn redraws(random: &Random, mut numbered: Vec<(u64, u64)>, facts: impl Fn(u64) -> IdFacts) -> BTreeMap<u64, u64> {
    numbered.sort_unstable();
    let mut losers: Vec<u64> = numbered.windows(2).filter(|w| w[0].0 == w[1].0).map(|w| w[1].1).collect();
    losers.sort_unstable();
    let mut taken = std::collections::BTreeSet::new();
    let mut redraws = BTreeMap::new();
    for slot in losers {
        let facts = facts(slot);
        for attempt in 1.. {
            let number = personal_id(random, &facts, attempt).number();
            let used = numbered.binary_search_by_key(&number, |(id, _)| *id).is_ok();
            if !used && taken.insert(number) {
                redraws.insert(slot, attempt);
                break;
            }
        }
    }
    redraws
}

/// Ten digits: two for the province of first registration, eight that no other person has.
pub fn insurance_number(random: &Random, slot: u64) -> u64 {
    // The eight digits alone are unique, so the province in front is free.
    province_of_insurance(random, slot) * 100_000_000 + random.permute("insurance number", slot, 100_000_000)
}

/// The second insurance number of the few who have two.
pub fn second_insurance_number(random: &Random, slot: u64) -> u64 {
    province_of_insurance(random, slot) * 100_000_000 + random.permute("insurance number", SLOT_LIMIT + slot, 100_000_000)
}

fn province_of_insurance(random: &Random, slot: u64) -> u64 {
    let draw = random.draw("insurance province", slot);
    if draw.chance(92_000) { 1 } else { ELSEWHERE[draw.of("which").below(18) as usize] }
}

/// The nine digits of the old identity card (CMND).
pub fn old_id(random: &Random, slot: u64) -> u64 {
    let head = u64::from(random.draw("old id", slot).chance(30_000));
    head * 100_000_000 + random.permute("old id", slot, 100_000_000)
}

/// Weights of the first nine digits of an employer's tax code.
const TAX_WEIGHTS: [u64; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];

/// The check digit of nine digits of a tax code; `None` where it would be ten.
pub fn tax_check_digit(nine: u64) -> Option<u64> {
    let digit = |at: usize| nine / 10u64.pow(8 - at as u32) % 10;
    let sum: u64 = TAX_WEIGHTS.iter().enumerate().map(|(at, weight)| weight * digit(at)).sum();
    Some(10 - sum % 11).filter(|check| *check != 10)
}

/// An employer's tax code: `01`, seven digits no other employer has, and the check digit.
pub fn tax_code(random: &Random, employer: u64) -> u64 {
    // Each redraw takes a place of its own, so redrawn codes stay unique too.
    for attempt in 0..8 {
        let nine = 10_000_000 + random.permute("tax code", attempt * 1_000_000 + employer, 10_000_000);
        if let Some(check) = tax_check_digit(nine) {
            return nine * 10 + check;
        }
    }
    // One employer in two hundred million comes here; its own number then carries the check digit.
    (0..)
        .map(|extra| 10_000_000 + (employer + extra) % 10_000_000)
        .find_map(|nine| tax_check_digit(nine).map(|c| nine * 10 + c))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn facts(slot: u64, sex: Sex, birth_year: i32) -> IdFacts {
        IdFacts { slot, household: slot, temporary: false, child: false, sex, birth_year }
    }

    #[test]
    fn most_numbers_tell_sex_and_birth_year() {
        let random = Random::new(1);
        let agrees = |i| {
            let id = personal_id(&random, &facts(i, Sex::Female, 1985), 0);
            id.sex() == Sex::Female && id.birth_year() == 1985
        };
        let share = (0..10_000).filter(|i| agrees(*i)).count();
        assert!((9_800..10_000).contains(&share), "{share}");
    }

    #[test]
    fn shared_serials_are_drawn_again() {
        let random = Random::new(2);
        // Two thousand people of one cell and one colliding number made by hand.
        let mut numbered: Vec<(u64, u64)> =
            (0..2_000).map(|s| (personal_id(&random, &facts(s, Sex::Male, 1990), 0).number(), s)).collect();
        let first = numbered[0].0;
        numbered[1].0 = first;
        let redraws = redraws(&random, numbered, |slot| facts(slot, Sex::Male, 1990));
        assert!(redraws.contains_key(&1) && !redraws.contains_key(&0));
    }

    #[test]
    fn tax_codes_are_unique_and_carry_a_right_check_digit() {
        // A public authority's well-known code as the worked example of the check.
        assert_eq!(tax_check_digit(10_010_910), Some(6));
        let random = Random::new(3);
        let codes: BTreeSet<u64> = (0..5_000).map(|e| tax_code(&random, e)).collect();
        assert_eq!(codes.len(), 5_000);
        assert!(codes.iter().all(|c| tax_check_digit(c / 10) == Some(c % 10)));
    }

    #[test]
    fn insurance_numbers_are_unique_with_their_seconds() {
        let random = Random::new(4);
        let tails: BTreeSet<u64> = (0..3_000)
            .flat_map(|s| [insurance_number(&random, s), second_insurance_number(&random, s)])
            .map(|n| n % 100_000_000)
            .collect();
        assert_eq!(tails.len(), 6_000);
    }
}
