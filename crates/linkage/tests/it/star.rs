//! Rosters without a population roster: everybody is found again, and rows of one person come together.

use std::collections::BTreeMap;

use linkage::{Config, Decisions, Prepared, Star, link};
use proptest::prelude::*;

use crate::generator::{City, Kind, Roster};

/// Pairs of rows (over all rosters) that are rightly together, that are together, that should be.
fn pairs(truth: &[u64], cluster: &[u32]) -> (u64, u64, u64) {
    let count = |sizes: BTreeMap<(u64, u32), u64>| sizes.values().map(|n| n * (n - 1) / 2).sum::<u64>();
    let sizes = |key: &dyn Fn(usize) -> (u64, u32)| {
        let mut sizes = BTreeMap::new();
        (0..truth.len()).for_each(|at| *sizes.entry(key(at)).or_insert(0) += 1);
        count(sizes)
    };
    (sizes(&|at| (truth[at], cluster[at])), sizes(&|at| (0, cluster[at])), sizes(&|at| (truth[at], 0)))
}

/// Takes rosters in this order and gives precision, recall and F1 of pairs of rows.
fn clusters(rosters: &[&Roster]) -> (f64, f64, f64) {
    let mut star = Star::new();
    let (mut truth, mut cluster) = (Vec::new(), Vec::new());
    for roster in rosters {
        let taken = star.take(&Prepared::new(&roster.rows()), &Decisions::default(), &Config::default());
        truth.extend_from_slice(&roster.people);
        cluster.extend(taken.person_of_row);
    }
    let (right, together, should) = pairs(&truth, &cluster);
    let (precision, recall) = (right as f64 / together as f64, right as f64 / should as f64);
    (precision, recall, 2.0 * precision * recall / (precision + recall))
}

#[test]
fn three_rosters_without_a_spine_come_together() {
    let city = City::new(9_201);
    let cards = city.roster(Kind::Card, city.some(10_000, 80, 1));
    let participants = city.roster(Kind::Participants, city.some(10_000, 40, 2));
    let households = city.roster(Kind::Households, city.some(10_000, 70, 3));
    let (precision, recall, f1) = clusters(&[&cards, &participants, &households]);
    println!("cards, participants, households: pairs of rows precision {precision:.4} recall {recall:.4} f1 {f1:.4}");
    assert!(precision >= 0.99 && f1 >= 0.99, "precision {precision:.4} recall {recall:.4} f1 {f1:.4}");
}

#[test]
fn a_list_without_numbers_joins_the_others() {
    let city = City::new(9_202);
    let cards = city.roster(Kind::Card, city.some(10_000, 80, 1));
    let participants = city.roster(Kind::Participants, city.some(10_000, 40, 2));
    let pupils = city.roster(Kind::NoNumbers, city.some(10_000, 20, 3));
    let (precision, recall, f1) = clusters(&[&cards, &participants, &pupils]);
    println!("cards, participants, no numbers: pairs of rows precision {precision:.4} recall {recall:.4} f1 {f1:.4}");
    assert!(precision >= 0.99 && f1 >= 0.985, "precision {precision:.4} recall {recall:.4} f1 {f1:.4}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_roster_taken_a_second_time_finds_everybody(seed in 0u64..10_000) {
        let city = City::new(seed);
        let spine = Prepared::new(&city.roster(Kind::Spine, 0..300).rows());
        let cards = Prepared::new(&city.roster(Kind::Card, city.others(300, 300, 60)).rows());
        let config = Config { random_pairs: 30_000, ..Config::default() };
        let mut star = Star::new();
        star.take(&spine, &Decisions::default(), &config);
        let first = star.take(&cards, &Decisions::default(), &config);
        let people = star.people().len();
        prop_assert!(people > 300 && people < 600);
        let again = star.take(&cards, &Decisions::default(), &config);
        prop_assert_eq!(&first.person_of_row, &again.person_of_row);
        prop_assert_eq!(star.people().len(), people);
        prop_assert!((0..people as u32).all(|p| star.source(p).is_some()));
        // Nobody new: an empty list of rows changes nothing.
        let same = link(&spine.extended(&cards, &[]), &cards, &Decisions::default(), &config);
        prop_assert_eq!(link(&spine, &cards, &Decisions::default(), &config), same);
    }
}
