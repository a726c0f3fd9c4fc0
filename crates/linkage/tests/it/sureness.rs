//! Any tables: families are not copies, and probabilities hold.

use linkage::tables::Reliability;

use crate::generator::{City, Kind, draw};
use crate::tables::{VIETNAMESE, f1, linked, spec, vietnamese_table};
use crate::western;

/// Rows of people with one to four copies each, three people a household, and the person of each row.
fn copies(seed: u64, slips: u64) -> (linkage::tables::TextTable, Vec<u64>) {
    let copies = |n: u64| 1 + draw(seed + 3, 1, n) % 4;
    let people: Vec<u64> = (0..700u64).flat_map(|n| (0..copies(n)).map(move |_| n)).collect();
    let typed = |(at, n): (usize, &u64)| western::typed(seed, *n, at as u64 + 1, slips);
    (western::table(people.iter().enumerate().map(typed).collect()), people)
}

#[test]
fn copies_in_one_table_become_clusters_and_families_do_not() {
    // Families outnumber copies nearly three to one. Without a number only given name and birth date tell them apart.
    let kinds = [(1, true, 0.985, 0.98), (2, true, 0.97, 0.95), (1, false, 0.93, 0.88), (2, false, 0.88, 0.80)];
    for seed in [6, 106, 206] {
        for (slips, with_ssn, least, least_exact) in kinds {
            let (table, people) = copies(seed, slips);
            let run = linked(&spec(&western::spec("clusters", with_ssn)), &table, None);
            let score = run.score_clusters(&people);
            let exact = f1(score.exact_clusters.unwrap());
            assert!(f1(score.f1) > least && exact > least_exact, "seed {seed}, {slips} slips, {with_ssn}: {score:?}");
            if (seed, slips, with_ssn) == (6, 1, true) {
                assert!(f1(score.f1) > 0.99 && exact > 0.99, "{score:?}");
            }
        }
    }
}

/// Of pairs that are neither plain nor hopeless: how many, what was said, and how many are right.
fn in_doubt(classes: &[Reliability]) -> (f64, f64, f64) {
    let open = classes.iter().filter(|class| (1..990).contains(&class.from_thousandths));
    open.fold((0.0, 0.0, 0.0), |(n, said, right), class| {
        let pairs = class.pairs as f64;
        (n + pairs, said + pairs * f1(class.said_millionths), right + pairs * f1(class.right_millionths))
    })
}

#[test]
fn of_pairs_said_to_be_p_about_p_are_right() {
    let without_card = VIETNAMESE.replace(r#"  { name = "card", kind = "id", left = "card" },"#, "");
    assert_ne!(without_card, VIETNAMESE);
    let (mut rosters, mut copied) = ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0));
    let add = |sum: &mut (f64, f64, f64), classes: &[Reliability]| {
        let more = in_doubt(classes);
        *sum = (sum.0 + more.0, sum.1 + more.1, sum.2 + more.2);
    };
    for seed in 0..4 {
        let city = City::new(seed + 70);
        let (spine, cards) = (city.roster(Kind::Spine, 0..5_000), city.roster(Kind::Card, city.others(5_000, 5_000, 85)));
        let people = cards.people.iter().enumerate().filter(|(_, p)| **p < 5_000);
        let truth: Vec<(u32, u32)> = people.map(|(at, p)| (*p as u32, at as u32)).collect();
        let run = linked(&spec(&without_card), &vietnamese_table(&spine), Some(&vietnamese_table(&cards)));
        add(&mut rosters, &run.reliability_of_pairs(&truth));
        let (table, people) = copies(seed * 50 + 11, 2);
        let run = linked(&spec(&western::spec("clusters", false)), &table, None);
        add(&mut copied, &run.reliability_of_clusters(&people));
    }
    for (name, (pairs, said, right)) in [("rosters", rosters), ("copies", copied)] {
        assert!(pairs > 100.0, "{name}: {pairs}");
        assert!((said - right).abs() / pairs < 0.06, "{name}: of {pairs} pairs {said} were said to be right, {right} are");
    }
}
