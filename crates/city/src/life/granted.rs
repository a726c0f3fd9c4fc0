//! Cards that are given: to pensioners by the insurance agency, to supported groups from the lists of the
//! communes; and corrected insurance numbers, which may leave two cards behind.

use base::Date;

use crate::calendar::{self, MonthIndex};
use crate::life::benefits::Kind;
use crate::life::cards::{Card, Grounds, Group, Held, Issuer, child_until, learns};
use crate::life::jobs::Spell;
use crate::life::support::Support;

/// Insured jobs, and bought cards, among 100,000 of which the makers of supported cards do not hear: both cards run on.
const UNHEARD: u32 = 14_000;
/// Pensioners among 100,000 whose card stops for some months at some time, and how many.
const STOPS: (u32, i32) = (3_500, 9);
/// People among 100,000 whose number was corrected: with both cards left valid, and as it should be.
const CORRECTED: (u64, u64) = (90, 250);

/// Cards that the fund gives: with a pension or an allowance for an accident.
pub fn to_pensioner(held: &mut Held, grounds: &Grounds) {
    let end = calendar::last(calendar::month(2030, 12));
    if let Some(pension) = grounds.pension {
        let draw = held.draw("pension card");
        // Some wait a month or two for the first card.
        let late = draw.of("late");
        let from = pension + if late.chance(25_000) { 1 + late.of("months").small(2) } else { 0 };
        let stop = draw.of("stops");
        let last = calendar::month(2024, 7) + stop.of("month").small(78);
        if stop.chance(STOPS.0) && last >= from {
            held.add(Group::Pensioner, calendar::first(from), calendar::last(last));
            held.add(Group::Pensioner, calendar::first(last + 1 + STOPS.1), end);
        } else {
            held.add(Group::Pensioner, calendar::first(from), end);
        }
    } else if let Some(benefit) = grounds.benefit.filter(|b| b.kind == Kind::Accident) {
        held.add(Group::Accident, calendar::first(benefit.from), end);
    }
}

/// Cards of a supported group: for whole years, or until the ground falls away.
pub fn to_supported(held: &mut Held, support: &Support, spells: &[Spell]) {
    let slot = held.person.outline.slot;
    let heard = |s: &&Spell| !held.world.random.draw2("support kept at work", slot, s.from as u64).chance(UNHEARD);
    let ends: Vec<Spell> = spells.iter().filter(|s| s.from <= held.month).filter(heard).copied().collect();
    if support.kind.is_yearly() {
        by_year(held, support, spells, &ends);
    } else {
        until_work(held, support, &ends);
    }
}

/// The day after the child's card, from which other cards are made.
fn after_child(held: &Held) -> Date {
    let birth = held.person.outline.birth;
    child_until(birth).add_days(1).unwrap_or(birth)
}

fn by_year(held: &mut Held, support: &Support, spells: &[Spell], ends: &[Spell]) {
    let (group, start) = (support.kind.group(), after_child(held).max(calendar::first(support.from)));
    for year in calendar::month(2024, 1).div_euclid(12)..=held.month.div_euclid(12) {
        let january = calendar::month(year, 1);
        if spells.iter().any(|s| s.covers(january)) {
            continue;
        }
        let mut from = calendar::first(january);
        if support.kind.leaves_pupils_to_schools() {
            match (learns(held, year - 1).is_some(), learns(held, year).is_some()) {
                (false, false) => {}
                // Whoever leaves school comes on the list at once or with the new year.
                (true, false) if held.draw("listed after school").chance(50_000) => from = calendar::first(january + 9),
                _ => continue,
            }
        }
        let to = ends.iter().map(|s| s.from - 1).find(|end| *end >= calendar::of(from)).unwrap_or(MonthIndex::MAX);
        let ahead = start > from;
        held.add_by(Issuer::City, group, from.max(start), calendar::last(to.min(january + 11)), ahead);
    }
}

fn until_work(held: &mut Held, support: &Support, ends: &[Spell]) {
    let group = support.kind.group();
    let mut from = after_child(held).max(calendar::first(support.from));
    for spell in ends {
        if calendar::first(spell.from) > from {
            held.add(group, from, calendar::last(spell.from - 1));
        }
        if spell.to > held.month {
            return;
        }
        from = from.max(calendar::first(spell.to + 1));
    }
    held.add(group, from, calendar::last(calendar::month(2035, 12)));
}

/// Ends bought cards as a card of a list begins; of some the seller does not hear, and both run on.
pub fn end_bought(held: &mut Held) {
    let (draw, next) = (held.draw("bought card ended"), calendar::first(held.month + 1));
    let starts: Vec<Date> = held.cards.iter().filter(|c| c.group.is_need() && c.from <= next).map(|c| c.from).collect();
    for card in held.cards.iter_mut().filter(|c| c.group == Group::Household) {
        let start = starts.iter().copied().filter(|start| card.from < *start && *start <= card.to).min();
        let heard = !draw.number(card.from.days_since_epoch() as u64).chance(UNHEARD);
        if let Some(last) = start.filter(|_| heard).and_then(|start| start.add_days(-1)) {
            card.to = last;
        }
    }
}

/// Corrects the insurance number of a few: most old cards are withdrawn with the day, some run on.
pub fn correct_numbers(held: &mut Held) {
    let draw = held.draw("number corrected");
    let of_city = |c: &Card| c.issuer == Issuer::City;
    match draw.below(100_000) {
        n if n < CORRECTED.0 => {
            // The desk makes a card under the other number some days after the first; both stay.
            let twins: Vec<Card> = held
                .cards
                .iter()
                .filter(|c| of_city(c))
                .filter_map(|card| {
                    let own = draw.number(card.from.days_since_epoch() as u64);
                    let from = card.from.add_days(3 + own.of("days").small(25))?;
                    own.chance(75_000).then_some(Card { from, second: true, ..*card }).filter(|twin| twin.from < twin.to)
                })
                .collect();
            held.cards.extend(twins);
        }
        n if n < CORRECTED.1 => {
            let month = calendar::month(2025, 9) + draw.of("month").small(30);
            let day = calendar::day(month, 2 + draw.of("day").small(27));
            if month > held.month {
                return;
            }
            let mut renewed = Vec::new();
            for card in held.cards.iter_mut().filter(|c| of_city(c) && c.to >= day) {
                if card.from < day {
                    renewed.push(Card { from: day, second: true, ..*card });
                    card.to = day.add_days(-1).unwrap_or(card.to);
                } else {
                    card.second = true;
                }
            }
            held.cards.extend(renewed);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::households;
    use crate::life::Life;
    use crate::world::World;

    #[test]
    fn cards_end_when_another_begins_unless_nobody_hears() {
        let world = World::plan(0.01, 4).unwrap();
        let month = calendar::month(2026, 10);
        let (mut ended, mut doubled, mut second, mut replaced) = (0, 0, 0, 0);
        let (mut bought_ended, mut bought_beside) = (0, 0);
        for number in 0..20_000 {
            let home = households::draw(&world, number);
            for person in home.members.iter().filter(|p| home.lives_here(p, month)) {
                let life = Life::draw(&world, &home, person, month);
                let day = calendar::last(month);
                let need = |c: &&Card| c.group.is_need();
                if let Some(spell) = life.spells.iter().find(|s| s.covers(month) && s.from > month - 9) {
                    let before = calendar::last(spell.from - 1);
                    ended += usize::from(life.cards.iter().filter(need).any(|c| c.to == before));
                    doubled += usize::from(life.cards.iter().filter(need).any(|c| c.valid_on(day)));
                }
                if let Some(card) = life.cards.iter().find(|c| need(c) && c.from > calendar::first(month - 9)) {
                    let bought = || life.cards.iter().filter(|c| c.group == Group::Household);
                    bought_ended += usize::from(bought().any(|c| c.to.add_days(1) == Some(card.from)));
                    bought_beside += usize::from(bought().any(|c| c.from < card.from && c.to >= card.from));
                }
                let valid: Vec<&Card> = life.cards.iter().filter(|c| c.valid_on(day)).collect();
                second += usize::from(valid.iter().any(|c| c.second && valid.iter().any(|o| !o.second && o.group == c.group)));
                replaced += usize::from(valid.iter().any(|c| c.second) && !valid.iter().any(|c| !c.second));
            }
        }
        assert!(ended > 2 * doubled && doubled > 0, "{ended} {doubled}");
        assert!(bought_ended > 2 * bought_beside && bought_beside > 0, "{bought_ended} {bought_beside}");
        assert!(second > 5 && replaced > 5, "{second} {replaced}");
    }
}
