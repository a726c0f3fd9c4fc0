//! Planted second rows: who stands in a roster twice must not become two people.

use std::collections::BTreeSet;

use linkage::{Config, Decisions, Prepared, doubles, group_rows, link};

use crate::generator::{City, Kind};

#[test]
fn a_second_row_is_joined_to_its_person_and_not_made_another() {
    let city = City::new(9_301);
    let spine = city.roster(Kind::Spine, 0..10_000);
    let mut cards = city.roster(Kind::Card, city.others(10_000, 10_000, 85));
    let first_rows = cards.people.len();
    let twice: Vec<u64> = cards.people.iter().copied().filter(|p| *p < 10_000 && p % 50 == 7).collect();
    city.second_rows(&mut cards, Kind::Card, twice.iter().copied());
    let prepared = Prepared::new(&cards.rows());
    let (merged, place) = prepared.merged(&group_rows(&prepared));
    let linked = link(&Prepared::new(&spine.rows()), &merged, &Decisions::default(), &Config::default());

    let mut person_of = vec![None; merged.len()];
    linked.links.iter().chain(&linked.also).for_each(|l| person_of[l.right as usize] = Some(l.left));
    let person_of_row = |row: usize| person_of[place[row] as usize].map(|l| spine.people[l as usize]);
    let second = first_rows..cards.people.len();
    let right = second.clone().filter(|row| person_of_row(*row) == Some(cards.people[*row])).count();
    let wrong = linked.also.iter().filter(|l| {
        let row = place.iter().position(|p| *p == l.right).unwrap();
        spine.people[l.left as usize] != cards.people[row]
    });
    let wrong = wrong.count();
    let asked: BTreeSet<u32> = linked.review.iter().map(|p| p.right).collect();
    let made = second.clone().filter(|row| person_of_row(*row).is_none());
    let silently = made.clone().filter(|row| !asked.contains(&place[*row])).count();
    println!(
        "second rows: {} planted, {} joined by number, {right} at the right person, {} attached of which {wrong} wrong, \
         {} made people of their own, {silently} of them unasked",
        second.len(),
        cards.people.len() - merged.len(),
        linked.also.len(),
        made.count()
    );
    assert!(right as f64 >= 0.97 * second.len() as f64, "{right} of {}", second.len());
    assert!(wrong * 100 <= linked.also.len(), "{wrong} of {}", linked.also.len());
    assert!(silently * 100 <= second.len(), "{silently}");
}

#[test]
fn second_rows_of_a_first_roster_are_found_without_a_spine() {
    let city = City::new(9_302);
    let mut cards = city.roster(Kind::Card, 0..10_000);
    city.second_rows(&mut cards, Kind::Card, (0..10_000).filter(|p| p % 50 == 3));
    let prepared = Prepared::new(&cards.rows());
    let (merged, place) = prepared.merged(&group_rows(&prepared));
    let mut person = vec![0u64; merged.len()];
    place.iter().zip(&cards.people).for_each(|(at, truth)| person[*at as usize] = *truth);
    let distinct = person.iter().collect::<BTreeSet<_>>().len();
    let found = doubles(&merged, &Config::default());
    let wrong = found.joined.iter().filter(|p| person[p.left as usize] != person[p.right as usize]).count();
    let groups = found.groups.iter().collect::<BTreeSet<_>>().len();
    println!("one roster: {} records of {distinct} people, {groups} after, {wrong} joined wrongly", merged.len());
    assert!(wrong * 100 <= found.joined.len());
    // Nine tenths of what was still double is one now.
    assert!((groups - distinct) * 10 <= merged.len() - distinct + 10 * wrong, "{groups} {distinct}");
    assert!(found.groups.iter().enumerate().all(|(row, group)| *group as usize <= row));
}
