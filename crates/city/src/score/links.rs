//! Pairs of rows of the same person: with a population roster each row and the population row (a
//! star), without one any two rows.

use std::collections::BTreeMap;

use crate::rosters;
use crate::score::truth::{TrueRow, Truth};
use crate::score::{Links, Predicted, rates};

/// Rows of one predicted person.
#[derive(Debug, Default)]
pub struct Cluster<'a> {
    /// True people of its population rows; `None` for a row that truth does not know.
    pub spine: Vec<Option<i64>>,
    /// Its other rows, with their roster.
    pub rows: Vec<(&'a str, Option<i64>)>,
}

/// All predicted people with their rows.
#[derive(Debug, Default)]
pub struct Clusters<'a> {
    /// By predicted person.
    pub by_person: BTreeMap<i64, Cluster<'a>>,
}

/// The spine's roster.
const SPINE: &str = rosters::NAMES[0];

impl<'a> Clusters<'a> {
    /// Puts rows together by predicted person; rows planted to be refused are left out.
    pub fn new(truth: &Truth, predicted: &'a Predicted) -> Self {
        let mut clusters = Self::default();
        for link in &predicted.links {
            let person = match truth.row(&link.roster, &link.file, link.row) {
                TrueRow::Broken => continue,
                TrueRow::Of(person) => Some(person),
                TrueRow::Unknown => None,
            };
            let cluster = clusters.by_person.entry(link.person).or_default();
            if link.roster == SPINE {
                cluster.spine.push(person);
            } else {
                cluster.rows.push((link.roster.as_str(), person));
            }
        }
        clusters
    }

    /// The true person a predicted one stands for: that of the population row, or else the one most
    /// of its rows belong to (the lowest number where two are equal).
    pub fn true_person(&self, person: i64) -> Option<i64> {
        let cluster = self.by_person.get(&person)?;
        let rows: Vec<i64> = if cluster.spine.is_empty() {
            cluster.rows.iter().filter_map(|(_, p)| *p).collect()
        } else {
            cluster.spine.iter().filter_map(|p| *p).collect()
        };
        let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
        for row in rows {
            *counts.entry(row).or_default() += 1;
        }
        counts.into_iter().max_by_key(|(person, count)| (*count, std::cmp::Reverse(*person))).map(|(person, _)| person)
    }
}

/// Counts of one roster.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    right: u64,
    predicted: u64,
    real: u64,
}

/// Scores the pairs.
pub fn score(truth: &Truth, clusters: &Clusters) -> Links {
    let spine = truth.files.contains_key(SPINE);
    let (counts, all) = if spine { star(truth, clusters) } else { pairs(truth, clusters) };
    let of = |c: Counts| rates(c.right, c.predicted, c.right, c.real);
    let total = of(all);
    let by_roster = counts.into_iter().filter(|(_, c)| c.predicted + c.real > 0).map(|(r, c)| (r.to_owned(), of(c))).collect();
    let spine = spine.then(|| SPINE.to_owned());
    Links { spine, precision: total.precision, recall: total.recall, f1: total.f1, by_roster }
}

/// Counts by roster, and over all.
type ByRoster<'a> = (BTreeMap<&'a str, Counts>, Counts);

/// Each row with the population row of its person.
fn star<'a>(truth: &'a Truth, clusters: &Clusters<'a>) -> ByRoster<'a> {
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut on_spine: Vec<i64> = truth.files.get(SPINE).into_iter().flat_map(|f| f.values()).flat_map(|f| f.people()).collect();
    on_spine.sort_unstable();
    for (roster, files) in truth.files.iter().filter(|(roster, _)| *roster != SPINE) {
        let people = files.values().flat_map(|f| f.people());
        let real = people.filter(|p| on_spine.binary_search(p).is_ok()).count() as u64;
        counts.entry(roster).or_default().real = real;
    }
    for cluster in clusters.by_person.values() {
        for spine in &cluster.spine {
            for (roster, person) in &cluster.rows {
                let counts = counts.entry(roster).or_default();
                counts.predicted += 1;
                counts.right += u64::from(person.is_some() && person == spine);
            }
        }
    }
    let all = counts.values().fold(Counts::default(), |sum, c| Counts {
        right: sum.right + c.right,
        predicted: sum.predicted + c.predicted,
        real: sum.real + c.real,
    });
    (counts, all)
}

/// Rows of one person or cluster, by roster.
type Rows<'a> = BTreeMap<&'a str, u64>;

/// Any two rows of one person; a roster's pairs are those with at least one of its rows.
fn pairs<'a>(truth: &'a Truth, clusters: &Clusters<'a>) -> ByRoster<'a> {
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut all = Counts::default();
    let mut add = |rows: &Rows<'a>, field: fn(&mut Counts) -> &mut u64| {
        let two = |n: u64| n * n.saturating_sub(1) / 2;
        let sum = rows.values().sum::<u64>();
        *field(&mut all) += two(sum);
        for (roster, own) in rows {
            *field(counts.entry(roster).or_default()) += two(sum) - two(sum - own);
        }
    };
    let mut people: BTreeMap<i64, Rows> = BTreeMap::new();
    for (roster, files) in &truth.files {
        for person in files.values().flat_map(|f| f.people()) {
            *people.entry(person).or_default().entry(roster).or_default() += 1;
        }
    }
    people.values().for_each(|rows| add(rows, |c| &mut c.real));
    for cluster in clusters.by_person.values() {
        let (mut whole, mut parts) = (Rows::new(), BTreeMap::<i64, Rows>::new());
        for (roster, person) in &cluster.rows {
            *whole.entry(roster).or_default() += 1;
            if let Some(person) = person {
                *parts.entry(*person).or_default().entry(roster).or_default() += 1;
            }
        }
        add(&whole, |c| &mut c.predicted);
        parts.values().for_each(|rows| add(rows, |c| &mut c.right));
    }
    (counts, all)
}
