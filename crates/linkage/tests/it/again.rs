//! New and changed rows against standing links: what they touch, what stands, what is told.

use std::collections::{BTreeMap, BTreeSet};

use linkage::{Config, Decisions, Linked, Prepared, Row, Standing, link, link_changed};
use proptest::prelude::*;

use crate::generator::{City, Kind, Roster};

fn config() -> Config {
    Config { random_pairs: 100_000, ..Config::default() }
}

/// A spine and a roster of cards.
fn city(seed: u64, people: u64) -> (Roster, Roster) {
    let city = City::new(seed);
    (city.roster(Kind::Spine, 0..people), city.roster(Kind::Card, city.others(people, people, 85)))
}

fn persons(linked: &Linked) -> BTreeMap<u32, u32> {
    linked.links.iter().chain(&linked.also).map(|l| (l.right, l.left)).collect()
}

fn none() -> Decisions {
    Decisions::default()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn new_rows_link_as_in_a_full_run_and_the_rest_stands(seed in 0u64..10_000) {
        let (spine, cards) = city(seed, 2_000);
        let (left, rows) = (Prepared::new(&spine.rows()), cards.rows());
        let known = rows.len() * 9 / 10;
        let before = link(&left, &Prepared::new(&rows[..known]), &none(), &config());
        let right = Prepared::new(&rows);
        let new: Vec<u32> = (known as u32..rows.len() as u32).collect();
        let after = link_changed(&left, &right, &Standing::of(&before), &new, &none(), &config());
        let full = link(&left, &right, &none(), &config());
        let (old, now, wanted) = (persons(&before), persons(&after.linked), persons(&full));
        // As good as a full run: what differs is the model, learned from nine tenths.
        let same = now.iter().filter(|(r, l)| wanted.get(r) == Some(l)).count();
        prop_assert!(same * 1_000 >= wanted.len() * 995, "{same} of {} and {}", wanted.len(), now.len());
        // What was not touched stands, and every change is told.
        let touched: BTreeSet<u32> = after.touched.iter().copied().collect();
        prop_assert!(new.iter().all(|r| touched.contains(r)));
        prop_assert!(touched.len() < new.len() * 2, "{} of {}", touched.len(), new.len());
        for right in (0..rows.len() as u32).filter(|r| !touched.contains(r)) {
            prop_assert_eq!(old.get(&right), now.get(&right));
        }
        let told: BTreeMap<u32, (Option<u32>, Option<u32>)> =
            after.changes.iter().map(|c| (c.right, (c.old.map(|l| l.left), c.new.map(|l| l.left)))).collect();
        for right in 0..rows.len() as u32 {
            let (was, is) = (old.get(&right).copied(), now.get(&right).copied());
            prop_assert_eq!(told.get(&right).copied(), (was != is).then_some((was, is)));
        }
        let lefts: BTreeSet<u32> = after.linked.links.iter().map(|l| l.left).collect();
        prop_assert_eq!(lefts.len(), after.linked.links.len(), "one to one");
        prop_assert!(after.linked.links.is_sorted_by_key(|l| l.right));
    }

    #[test]
    fn threads_and_the_order_of_the_changed_do_not_matter(seed in 0u64..10_000) {
        let (spine, cards) = city(seed, 1_000);
        let (left, rows) = (Prepared::new(&spine.rows()), cards.rows());
        let known = rows.len() - 80;
        let standing = Standing::of(&link(&left, &Prepared::new(&rows[..known]), &none(), &config()));
        let right = Prepared::new(&rows);
        let new: Vec<u32> = (known as u32..rows.len() as u32).collect();
        let run = |threads: usize, new: &[u32]| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| link_changed(&left, &right, &standing, new, &none(), &config()))
        };
        let backwards: Vec<u32> = new.iter().rev().copied().collect();
        prop_assert_eq!(run(1, &new), run(3, &backwards));
    }
}

#[test]
fn nothing_changed_touches_nothing() {
    let (spine, cards) = city(77, 1_500);
    let (left, right) = (Prepared::new(&spine.rows()), Prepared::new(&cards.rows()));
    let before = link(&left, &right, &none(), &config());
    let after = link_changed(&left, &right, &Standing::of(&before), &[], &none(), &config());
    assert_eq!((after.touched.len(), after.changes.len()), (0, 0));
    assert_eq!(after.linked.links, before.links);
}

#[test]
fn a_row_that_says_something_else_finds_somebody_else() {
    let (spine, cards) = city(78, 1_500);
    let (left, mut rows) = (Prepared::new(&spine.rows()), cards.rows());
    let before = link(&left, &Prepared::new(&rows), &none(), &config());
    // The row of one person now says what the row of another said, who left the roster.
    let (a, b) = (before.links[10], before.links[400]);
    rows[a.right as usize] = rows[b.right as usize];
    rows[b.right as usize] =
        Row { name: "", birth: None, sex: None, personal_id: None, old_id: None, insurance_number: None, communes: &[] };
    let right = Prepared::new(&rows);
    let after = link_changed(&left, &right, &Standing::of(&before), &[a.right, b.right], &none(), &config());
    let now = persons(&after.linked);
    assert_eq!((now.get(&a.right), now.get(&b.right)), (Some(&b.left), None));
    assert!(after.changes.iter().any(|c| c.right == a.right && c.old.map(|l| l.left) == Some(a.left)));
}

#[test]
fn decisions_made_since_win_and_are_told() {
    let (spine, cards) = city(79, 1_500);
    let (left, right) = (Prepared::new(&spine.rows()), Prepared::new(&cards.rows()));
    let before = link(&left, &right, &none(), &config());
    let (parted, given) = (before.links[5], before.links[300]);
    let decisions = Decisions { same: vec![(parted.left, given.right)], not_same: vec![(parted.left, parted.right)] };
    let after = link_changed(&left, &right, &Standing::of(&before), &[], &decisions, &config());
    let now = persons(&after.linked);
    assert_eq!(now.get(&given.right), Some(&parted.left));
    assert_ne!(now.get(&parted.right), Some(&parted.left));
    assert!(after.changes.iter().any(|c| c.right == given.right && c.new.is_some_and(|l| l.decided)));
    // Taken back, all is as it was.
    let back = link_changed(&left, &right, &Standing::of(&after.linked), &[parted.right], &none(), &config());
    assert_eq!(persons(&back.linked).get(&given.right), Some(&given.left));
    assert_eq!(persons(&back.linked).get(&parted.right), Some(&parted.left));
}

#[test]
fn people_new_to_the_spine_are_found_by_rows_that_had_nobody() {
    let (spine, cards) = city(80, 1_500);
    let (rows, right) = (spine.rows(), Prepared::new(&cards.rows()));
    let before = link(&Prepared::new(&rows[..1_400]), &right, &none(), &config());
    let left = Prepared::new(&rows);
    let after = link_changed(&left, &right, &Standing::of(&before), &[], &none(), &config());
    let found = after.linked.links.iter().filter(|l| l.left >= 1_400).count();
    let correct = |l: u32, r: u32| spine.people[l as usize] == cards.people[r as usize];
    let wanted = cards.people.iter().filter(|p| (1_400..1_500).contains(*p)).count();
    assert!(found * 100 >= wanted * 95, "{found} of {wanted}");
    assert!(after.linked.links.iter().filter(|l| l.left >= 1_400).all(|l| correct(l.left, l.right)));
}

#[test]
fn rows_with_other_numbers_keep_their_links() {
    let (spine, cards) = city(81, 1_500);
    let (left, rows) = (Prepared::new(&spine.rows()), cards.rows());
    let before = link(&left, &Prepared::new(&rows), &none(), &config());
    // The first ten rows are gone, and the others move up.
    let (standing, gone) = Standing::of(&before).renumbered(|row| row.checked_sub(10));
    assert_eq!(gone.len(), persons(&before).keys().filter(|r| **r < 10).count());
    assert!(gone.iter().all(|c| c.new.is_none() && c.old.is_some_and(|l| l.right == c.right)));
    let after = link_changed(&left, &Prepared::new(&rows[10..]), &standing, &[], &none(), &config());
    for (right, person) in persons(&before).into_iter().filter(|(r, _)| *r >= 10) {
        assert_eq!(persons(&after.linked).get(&(right - 10)), Some(&person));
    }
}
