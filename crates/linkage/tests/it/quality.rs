//! Precision and recall on made-up cities. Asserted seeds are not those used for tuning.

use linkage::{Config, Decisions, Linked, Prepared, link};

use crate::generator::{City, Kind, Roster};

/// Right links, links, and rows that have a partner.
pub struct Score {
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
}

pub fn score(spine: &Roster, other: &Roster, linked: &Linked) -> Score {
    let right = linked.links.iter().filter(|l| spine.people[l.left as usize] == other.people[l.right as usize]).count() as f64;
    // The spine holds the people 0..n.
    let partners = other.people.iter().filter(|p| **p < spine.people.len() as u64).count() as f64;
    let (precision, recall) = (right / linked.links.len() as f64, right / partners);
    Score { precision, recall, f1: 2.0 * precision * recall / (precision + recall) }
}

fn run(seed: u64, kind: Kind) -> Score {
    let city = City::new(seed);
    let spine = city.roster(Kind::Spine, 0..20_000);
    let other = city.roster(kind, city.others(20_000, 20_000, 85));
    let linked = link(&Prepared::new(&spine.rows()), &Prepared::new(&other.rows()), &Decisions::default(), &Config::default());
    let score = score(&spine, &other, &linked);
    // Links are said to be as probable as they are right.
    let said =
        linked.links.iter().map(|l| f64::from(l.probability_thousandths)).sum::<f64>() / 1_000.0 / linked.links.len() as f64;
    assert!((said - score.precision).abs() <= 0.01, "said {said:.4}, right {:.4}", score.precision);
    println!("seed {seed} {kind:?}: precision {:.4} recall {:.4} f1 {:.4}", score.precision, score.recall, score.f1);
    score
}

#[test]
fn cards_link_at_own_threshold() {
    for seed in [9_101, 9_102] {
        let score = run(seed, Kind::Card);
        assert!(score.precision >= 0.995 && score.recall >= 0.98 && score.f1 >= 0.99, "seed {seed}: {:.4}", score.f1);
    }
}

#[test]
fn rows_without_any_number_link() {
    let score = run(9_103, Kind::NoNumbers);
    assert!(score.precision >= 0.99 && score.f1 >= 0.98, "{:.4}", score.f1);
}

#[test]
fn tax_rows_with_a_number_link() {
    // 8 % of these rows hold no twelve-digit number and nothing but a name: they cannot be linked.
    let score = run(9_104, Kind::Tax);
    assert!(score.precision >= 0.995 && score.recall >= 0.90, "{:.4} {:.4}", score.precision, score.recall);
}
