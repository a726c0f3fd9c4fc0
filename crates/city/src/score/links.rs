//! Pairs of a row and the population row of the same person.

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
    let of = |c: Counts| rates(c.right, c.predicted, c.right, c.real);
    let total = of(all);
    let by_roster = counts.into_iter().filter(|(_, c)| c.predicted + c.real > 0).map(|(r, c)| (r.to_owned(), of(c))).collect();
    Links { precision: total.precision, recall: total.recall, f1: total.f1, by_roster }
}
