//! What holds for any rosters: sums, one to one, decisions, order, threads.

use std::collections::BTreeSet;

use linkage::{Config, Decisions, Linked, Prepared, explain, group_rows, link};
use proptest::prelude::*;

use crate::generator::{City, Kind, draw};

fn rosters(seed: u64, kind: Kind) -> (Prepared, Prepared) {
    let city = City::new(seed);
    let spine = city.roster(Kind::Spine, 0..600);
    let other = city.roster(kind, city.others(600, 600, 85));
    (Prepared::new(&spine.rows()), Prepared::new(&other.rows()))
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::Card), Just(Kind::Tax), Just(Kind::NoNumbers)]
}

fn run(left: &Prepared, right: &Prepared, decisions: &Decisions) -> Linked {
    link(left, right, decisions, &Config { random_pairs: 50_000, ..Config::default() })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_add_up_and_people_are_linked_one_to_one(seed in 0u64..10_000, kind in kinds()) {
        let (left, right) = rosters(seed, kind);
        let linked = run(&left, &right, &Decisions::default());
        prop_assert!(!linked.links.is_empty());
        for link in linked.links.iter().chain(&linked.also) {
            let waterfall = explain(&linked.model, link, &left);
            let sum = waterfall.prior_millibits + waterfall.parts.iter().map(|p| p.millibits).sum::<i32>();
            prop_assert_eq!(sum, link.weight_millibits);
        }
        let lefts: BTreeSet<u32> = linked.links.iter().map(|l| l.left).collect();
        let rights: BTreeSet<u32> = linked.links.iter().map(|l| l.right).collect();
        prop_assert_eq!((lefts.len(), rights.len()), (linked.links.len(), linked.links.len()));
        prop_assert!(linked.links.is_sorted_by_key(|l| l.right));
        prop_assert!(linked.also.is_sorted_by_key(|l| l.right));
        prop_assert!(linked.also.iter().all(|l| lefts.contains(&l.left) && !rights.contains(&l.right)));
        let also: BTreeSet<u32> = linked.also.iter().map(|l| l.right).collect();
        prop_assert!(linked.review.iter().all(|p| p.why.is_linked() == rights.contains(&p.right) && !also.contains(&p.right)));
        let asked: BTreeSet<u32> = linked.review.iter().map(|p| p.right).collect();
        prop_assert_eq!(asked.len(), linked.review.len());
    }

    #[test]
    fn decisions_win(seed in 0u64..10_000, kind in kinds()) {
        let (left, right) = rosters(seed, kind);
        let before = run(&left, &right, &Decisions::default());
        let not_same: Vec<(u32, u32)> = before.links.iter().step_by(5).map(|l| (l.left, l.right)).collect();
        let taken: BTreeSet<u32> = not_same.iter().map(|(_, r)| *r).collect();
        let free = (0..right.len() as u32).filter(|r| !taken.contains(r)).step_by(11);
        let same: Vec<(u32, u32)> = free.map(|r| ((draw(seed, 9, u64::from(r)) % left.len() as u64) as u32, r)).collect();
        let after = run(&left, &right, &Decisions { same: same.clone(), not_same: not_same.clone() });
        let pairs: BTreeSet<(u32, u32)> = after.links.iter().map(|l| (l.left, l.right)).collect();
        let shown: BTreeSet<(u32, u32)> = after.review.iter().map(|l| (l.left, l.right)).collect();
        prop_assert!(same.iter().all(|pair| pairs.contains(pair)));
        prop_assert!(not_same.iter().all(|pair| !pairs.contains(pair) && !shown.contains(pair)));
        // A person that a decision gave away gets no other row.
        let decided: BTreeSet<u32> = same.iter().map(|(l, _)| *l).collect();
        prop_assert!(after.links.iter().all(|l| l.decided || !decided.contains(&l.left)));
    }

    #[test]
    fn the_order_of_rows_does_not_matter(seed in 0u64..10_000, kind in kinds()) {
        let city = City::new(seed);
        let spine = city.roster(Kind::Spine, 0..600);
        let other = city.roster(kind, city.others(600, 600, 85));
        let (left, right) = (spine.rows(), other.rows());
        let turned = |n: usize| (0..n).map(move |at| (at * 7 + 3) % n).collect::<Vec<_>>();
        // 7 shares no factor with either length, so the rows are only moved about.
        let (lefts, rights) = (left.len(), right.len() - usize::from(right.len().is_multiple_of(7)));
        let right = &right[..rights];
        let (p, q) = (turned(lefts), turned(rights));
        let straight = run(&Prepared::new(&left), &Prepared::new(right), &Decisions::default());
        let moved_left: Vec<_> = p.iter().map(|at| left[*at]).collect();
        let moved_right: Vec<_> = q.iter().map(|at| right[*at]).collect();
        let moved = run(&Prepared::new(&moved_left), &Prepared::new(&moved_right), &Decisions::default());
        let as_set = |linked: &Linked, back: &dyn Fn(u32, u32) -> (usize, usize)| -> BTreeSet<(usize, usize, i32)> {
            linked.links.iter().map(|l| { let (a, b) = back(l.left, l.right); (a, b, l.weight_millibits) }).collect()
        };
        prop_assert_eq!(
            as_set(&straight, &|l, r| (l as usize, r as usize)),
            as_set(&moved, &|l, r| (p[l as usize], q[r as usize]))
        );
    }
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let (left, right) = rosters(31, Kind::NoNumbers);
            (run(&left, &right, &Decisions::default()), group_rows(&right))
        })
    };
    let one = with(1);
    assert_eq!(one, with(2));
    assert_eq!(one, with(5));
}

#[test]
fn numbers_learned_from_one_roster_link_the_next() {
    let city = City::new(5);
    let spine = Prepared::new(&city.roster(Kind::Spine, 0..600).rows());
    let cards = Prepared::new(&city.roster(Kind::Card, 0..600).rows());
    let linked = run(&spine, &cards, &Decisions::default());
    let richer = spine.enriched(&linked, &cards);
    // The insurance numbers now in the spine make nearly every card certain.
    let again = run(&richer, &cards, &Decisions::default());
    assert!(again.stats.certain_links > linked.stats.certain_links);
    assert!(again.links.len() >= linked.links.len());
}
