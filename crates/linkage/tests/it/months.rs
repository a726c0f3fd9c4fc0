//! Months one after the other: what links by what changed must be what links in full, by the same model.

use std::collections::{BTreeMap, BTreeSet};

use linkage::{Config, Decisions, GONE, Learned, Linked, Prepared, Row, Spine, Standing, link, link_learned, same_rows};
use proptest::prelude::*;

use crate::generator::{City, Kind, Roster, draw};

fn config() -> Config {
    Config { random_pairs: 100_000, ..Config::default() }
}

fn persons(linked: &Linked) -> BTreeMap<u32, u32> {
    linked.links.iter().chain(&linked.also).map(|l| (l.right, l.left)).collect()
}

/// The rows of a roster in a month: some are gone, some come later, some say something else, and all stand in another order.
fn month<'a>(roster: &'a Roster, seed: u64, month: u64) -> Vec<Row<'a>> {
    let all = roster.rows();
    let chance = |stream: u64, row: usize| draw(seed, stream, row as u64) % 1_000;
    let mut rows: Vec<(u64, Row<'a>)> = Vec::new();
    for (at, row) in all.iter().enumerate() {
        let comes = chance(1, at) < 15;
        let goes = chance(2, at) < 15;
        if (comes && month == 0) || (goes && month > 0) {
            continue;
        }
        let mut row = *row;
        if month > 0 && chance(3, at) < 15 {
            // Another row's address, date or numbers; or the row becomes a copy of another.
            let other = all[draw(seed, 4, at as u64) as usize % all.len()];
            match chance(5, at) % 5 {
                0 => row.communes = other.communes,
                1 => row.birth = other.birth,
                2 => row.personal_id = other.personal_id,
                3 => (row.personal_id, row.old_id, row.insurance_number) = (None, None, None),
                _ => row = other,
            }
        }
        rows.push((if month == 0 { at as u64 } else { draw(seed, 6, at as u64) }, row));
    }
    rows.sort_by_key(|(order, _)| *order);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// What stands of links between rosters of the month before, in the numbers of this month; and the rows to be linked anew.
fn standing(before: &Linked, spine: [&Prepared; 2], roster: [&Prepared; 2], spine_now: &Spine) -> (Standing, Vec<u32>) {
    let then_of = |[old, new]: [&Prepared; 2]| same_rows(&new.prints(), &old.prints());
    let now_of = |[old, new]: [&Prepared; 2]| same_rows(&old.prints(), &new.prints());
    let (left_then, left_now, right_now) = (then_of(spine), now_of(spine), now_of(roster));
    let model = spine_now.model(&Learned::of(&before.model), &config());
    let mut standing = Standing { model, ..Standing::of(before) };
    standing.left_rows = spine[1].len() as u32;
    standing.changed_left = (0..spine[1].len() as u32).filter(|l| left_then[*l as usize] == GONE).collect();
    let mut changed: BTreeSet<u32> =
        (0..roster[1].len() as u32).zip(then_of(roster)).filter(|(_, then)| *then == GONE).map(|(row, _)| row).collect();
    let row_now = |row: u32| Some(right_now[row as usize]).filter(|now| *now != GONE);
    (standing, _) = standing.renumbered(row_now);
    let left = |l: u32| left_now[l as usize];
    for list in [&mut standing.links, &mut standing.also] {
        list.retain_mut(|link| {
            let gone = left(link.left) == GONE || link.runner_up.is_some_and(|(l, _)| left(l) == GONE);
            if gone {
                changed.insert(link.right);
            }
            (link.left, link.runner_up) = (left(link.left), link.runner_up.map(|(l, w)| (left(l), w)));
            link.left != GONE
        });
    }
    standing.review.retain_mut(|pair| {
        let gone = left(pair.left) == GONE || pair.runner_up.is_some_and(|(l, _)| left(l) == GONE);
        if gone {
            changed.insert(pair.right);
        }
        (pair.left, pair.runner_up) = (left(pair.left), pair.runner_up.map(|(l, w)| (left(l), w)));
        !gone
    });
    standing.freed = standing.freed.iter().map(|l| left(*l)).filter(|l| *l != GONE).collect();
    (standing, changed.into_iter().collect())
}

/// Two months of a spine and a roster; the links by what changed, and in full by the same model.
fn two_months(seed: u64, people: u64, kind: Kind, kept: bool) -> (BTreeMap<u32, u32>, BTreeMap<u32, u32>, usize, usize) {
    let city = City::new(seed);
    let spine = city.roster(Kind::Spine, 0..people);
    let mut roster = city.roster(kind, city.others(people, people, 85));
    city.second_rows(&mut roster, kind, (0..people / 50).map(|n| n * 37 % people));
    let [old, new] = [0, 1].map(|at| Prepared::new(&month(&spine, seed, at)));
    let [old_roster, new_roster] = [0, 1].map(|at| Prepared::new(&month(&roster, seed + 7, at)));
    let none = Decisions::default();
    let learned = Learned::of(&link(&old, &old_roster, &none, &config()).model);
    let mut now = Spine::new();
    now.extend(&new, &(0..new.len() as u32).collect::<Vec<_>>());
    // With the names of this month: a standing link keeps the weight that the name had then.
    let before = link_learned(&old, &old_roster, &now.model(&learned, &config()), &none, &config());
    let (standing, changed) = standing(&before, [&old, &new], [&old_roster, &new_roster], &now);
    let after = if kept {
        now.link_changed(&new_roster, &standing, &changed, &none, &config())
    } else {
        linkage::link_changed(&new, &new_roster, &standing, &changed, &none, &config())
    };
    let full = link_learned(&new, &new_roster, &standing.model, &none, &config());
    (persons(&after.linked), persons(&full), after.touched.len(), new_roster.len())
}

#[test]
fn a_month_by_what_changed_is_a_month_in_full() {
    for kind in [Kind::Card, Kind::NoNumbers, Kind::Tax, Kind::Households] {
        let (mut rows, mut other, mut touched) = (0, 0, 0);
        for seed in 500..506 {
            let (now, full, again, all) = two_months(seed, 3_000, kind, true);
            // Of two rows that fit one person alike the one that stood keeps the person, whichever stands first now. So people are
            // compared: each has as many rows.
            let held = |links: &BTreeMap<u32, u32>| {
                let mut held: Vec<u32> = links.values().copied().collect();
                held.sort_unstable();
                held
            };
            assert_eq!(held(&now), held(&full), "{kind:?} {seed}");
            other += full.iter().filter(|(row, left)| now.get(row) != Some(left)).count();
            (rows, touched) = (rows + all, touched + again);
        }
        println!("{kind:?}: {other} of {rows} rows otherwise, {touched} touched");
        assert!(other * 2_000 <= rows, "{kind:?}: {other} of {rows} rows are linked otherwise");
        assert!(touched * 3 < rows, "{kind:?}: {touched} of {rows} touched");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn kept_keys_change_nothing(seed in 0u64..10_000) {
        prop_assert_eq!(two_months(seed, 1_200, Kind::Card, true), two_months(seed, 1_200, Kind::Card, false));
    }
}

#[test]
fn keys_follow_what_people_learn() {
    // The second roster finds people by the insurance number and the commune that the first one brought.
    let city = City::new(912);
    let spine = Prepared::new(&city.roster(Kind::Tax, 0..2_000).rows());
    let [first, second] = [Kind::Card, Kind::Participants].map(|kind| Prepared::new(&city.roster(kind, 0..2_000).rows()));
    let none = Decisions::default();
    let rows: Vec<u32> = (0..2_000).collect();
    let (mut kept, mut fresh) = (Spine::new(), Spine::new());
    kept.extend(&spine, &rows);
    let linked = link(&spine, &first, &none, &config());
    let standing = Standing { links: Vec::new(), also: Vec::new(), review: Vec::new(), ..Standing::of(&linked) };
    // Keys are made before anything is learned, and once more after.
    kept.link_changed(&first, &standing, &rows[..5], &none, &config());
    assert!(kept.enrich(&linked, &first).len() > 1_500);
    kept.extend(&first, &rows[..50]);
    fresh.extend(&spine, &rows);
    fresh.enrich(&linked, &first);
    fresh.extend(&first, &rows[..50]);
    let standing = Standing { left_rows: 2_050, ..standing };
    let [a, b] = [&mut kept, &mut fresh].map(|spine| spine.link_changed(&second, &standing, &rows[..1_000], &none, &config()));
    assert!(a.linked.links.len() > 800);
    assert_eq!(a, b);
}
