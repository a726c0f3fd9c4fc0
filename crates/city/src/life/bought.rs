//! Household cards: what a household buys for the months that nothing else covers.

use base::Date;

use crate::calendar::{self, MonthIndex};
use crate::life::cards::{Card, Grounds, Group, Held, child_until, learns};
use crate::random::Draw;

/// First month of the history of household cards; cards older than a year are not written.
const START: MonthIndex = calendar::month(2024, 7);

/// How a household keeps up its cards.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Habit {
    Steady,
    Gappy,
    Never,
}

/// Buys household cards for the months that no other card covers.
pub fn buy(held: &mut Held, grounds: &Grounds) {
    let (outline, month) = (held.person.outline, held.month);
    let draw = held.draw("household card");
    let habit = match draw.of("habit").below(1_000) {
        0..805 => Habit::Steady,
        805..945 => Habit::Gappy,
        _ => Habit::Never,
    };
    // Who is to get a card from the state waits for it, more often than buying one.
    let waits = grounds.support.is_some_and(|s| !s.carded) && draw.of("waits for the list").chance(50_000);
    if habit == Habit::Never || waits || !held.home.place.inside() || held.home.foreign {
        return;
    }
    // Two in five cards run from some other day than the first of a month.
    let pay_day = if draw.of("first of month").chance(60_000) { 1 } else { 2 + draw.of("day").small(27) };
    let started = draw.of("phase").small(12);
    let mut last: Option<Date> = None;
    for at in START - started..=month + 1 {
        if held.person.dies.is_some_and(|month| at >= month) {
            break;
        }
        let end = calendar::last(at);
        let old_enough = child_until(outline.birth) < end;
        // A pensioner whose card stopped does not know it.
        let pensioner = grounds.pension.is_some_and(|from| from <= at);
        let others = pensioner || grounds.spells.iter().any(|s| s.covers(at));
        if !old_enough || others || held.covered(end) || learns(held, calendar::school_year(at)).is_some() {
            continue;
        }
        let decides = draw.number(at as u64);
        let next_day = last.and_then(|to| to.add_days(1)).filter(|next| calendar::of(*next) == at);
        let just_ended = next_day.is_some();
        let buys = match (habit, just_ended || last.is_none()) {
            (Habit::Steady, true) => 98_500,
            (Habit::Steady, false) => 30_000,
            (_, true) => 50_000,
            (_, false) => 12_000,
        };
        if !decides.of("buys").chance(buys) {
            continue;
        }
        let from = next_day.unwrap_or(calendar::day(at, pay_day));
        let months = length(habit, decides.of("months"));
        let to = calendar::day(at + months, from.day()).add_days(-1).unwrap_or(from);
        held.add(Group::Household, from, to);
        last = Some(to);
    }
}

/// Months a household card is bought for.
fn length(habit: Habit, draw: Draw) -> i32 {
    let (three, six) = if habit == Habit::Steady { (5, 20) } else { (45, 80) };
    match draw.below(100) {
        n if n < three => 3,
        n if n < six => 6,
        _ => 12,
    }
}

/// Whether a household card ended within the twelve months before a month's end and nothing covers
/// the person on that day.
pub fn household_card_lapsed(cards: &[Card], month: MonthIndex) -> bool {
    let end = calendar::last(month);
    cards.iter().any(|c| c.group == Group::Household && c.to < end) && !cards.iter().any(|c| c.valid_on(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::life::cards::Issuer;

    #[test]
    fn a_card_ending_on_the_last_day_has_not_lapsed() {
        let card = |to: &str| Card {
            group: Group::Household,
            from: "2026-01-01".parse().unwrap(),
            to: to.parse().unwrap(),
            issuer: Issuer::City,
            second: false,
            ahead: false,
        };
        let october = calendar::month(2026, 10);
        assert!(!household_card_lapsed(&[card("2026-10-31")], october));
        assert!(household_card_lapsed(&[card("2026-10-30")], october));
        let employee = Card { group: Group::Employee, ..card("2026-12-31") };
        assert!(!household_card_lapsed(&[card("2026-06-30"), employee], october));
    }
}
