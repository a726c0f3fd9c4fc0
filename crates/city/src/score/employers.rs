//! Rows of different files that tell of the same employer.
//!
//! A file that tells of an employer in several rows counts once, so that a notice of fourteen lines weighs
//! no more than a line of the register. Branches are employers of their own.

use std::collections::{BTreeMap, BTreeSet};

use crate::score::truth::{TrueRow, Truth};
use crate::score::{EmployerScore, PredictedEmployerRow, Rates, rates};

/// A file with its roster.
type File<'a> = (&'a str, &'a str);

/// Pairs of different files among entries of one employer.
#[derive(Debug, Default)]
struct Entries<'a> {
    by_file: BTreeMap<File<'a>, u64>,
}

impl<'a> Entries<'a> {
    /// Pairs of entries of different files, those of a roster left out when one is named.
    fn pairs(&self, without: Option<&str>) -> u64 {
        let counts = || self.by_file.iter().filter(|((roster, _), _)| without != Some(*roster)).map(|(_, n)| *n);
        let all: u64 = counts().sum();
        (all * all - counts().map(|n| n * n).sum::<u64>()) / 2
    }

    /// Pairs with an entry of a roster.
    fn pairs_with(&self, roster: &str) -> u64 {
        self.pairs(None) - self.pairs(Some(roster))
    }
}

fn group<'a, K: Ord>(entries: impl Iterator<Item = (K, File<'a>)>) -> BTreeMap<K, Entries<'a>> {
    let mut groups: BTreeMap<K, Entries> = BTreeMap::new();
    for (key, file) in entries {
        *groups.entry(key).or_default().by_file.entry(file).or_default() += 1;
    }
    groups
}

/// Scores the pairs; `None` when no row was given to an employer.
pub fn score(truth: &Truth, predicted: &[PredictedEmployerRow]) -> Option<EmployerScore> {
    if predicted.is_empty() {
        return None;
    }
    let rows = truth.employers.iter().flat_map(|(roster, files)| {
        files.iter().flat_map(move |(file, rows)| rows.people().map(move |who| (who, (roster.as_str(), file.as_str()))))
    });
    let real: BTreeSet<(i64, File)> = rows.collect();
    let real = group(real.into_iter());

    // (predicted, true, file); a row that truth does not know is of no true employer.
    let mut entries: BTreeSet<(i64, Option<i64>, File)> = BTreeSet::new();
    for row in predicted {
        let who = match truth.employer_row(&row.roster, &row.file, row.row) {
            TrueRow::Broken => continue,
            TrueRow::Of(who) => Some(who),
            TrueRow::Unknown => None,
        };
        entries.insert((row.employer, who, (row.roster.as_str(), row.file.as_str())));
    }
    let together = group(entries.iter().map(|(employer, _, file)| (*employer, *file)));
    let right = group(entries.iter().filter_map(|(employer, who, file)| Some(((*employer, (*who)?), *file))));

    let rate = |pairs: &dyn Fn(&Entries) -> u64| -> (Rates, bool) {
        let right: u64 = right.values().map(pairs).sum();
        let (predicted, real) = (together.values().map(pairs).sum(), real.values().map(pairs).sum::<u64>());
        (rates(right, predicted, right, real), predicted + real > 0)
    };
    let by_roster = truth.employers.keys().filter_map(|roster| {
        let (rates, any) = rate(&|entries| entries.pairs_with(roster));
        any.then(|| (roster.clone(), rates))
    });
    Some(EmployerScore { by_roster: by_roster.collect(), links: rate(&|entries| entries.pairs(None)).0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_counted_between_files_only() {
        let mut entries = Entries::default();
        entries.by_file.insert(("business", "a.xlsx"), 1);
        entries.by_file.insert(("taxpayer", "b.csv"), 2);
        entries.by_file.insert(("unit_ledger", "c.xlsx"), 1);
        assert_eq!(entries.pairs(None), 5);
        assert_eq!(entries.pairs_with("taxpayer"), 4);
        assert_eq!(entries.pairs_with("unit_month"), 0);
    }
}
