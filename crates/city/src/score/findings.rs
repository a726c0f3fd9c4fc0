//! People named by the rules, against those who are in truth not covered.

use std::collections::{BTreeMap, BTreeSet};

use crate::score::links::Clusters;
use crate::score::truth::Truth;
use crate::score::{AmongKnown, NotCovered, PredictedFinding, ReasonRates, rates};

#[derive(Debug, Default)]
struct Counts {
    right: u64,
    predicted: u64,
    real: u64,
    found: BTreeSet<(i64, String)>,
}

/// Scores the findings. A true entry found twice is found once, and both findings are right.
pub fn score(truth: &Truth, clusters: &Clusters, findings: &[PredictedFinding]) -> NotCovered {
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    for (reason, entries) in &truth.not_covered {
        counts.entry(reason).or_default().real = entries.len() as u64;
    }
    // The same finding twice in the list says nothing new.
    let distinct: BTreeSet<(&str, i64, Option<&str>)> =
        findings.iter().map(|f| (f.reason.as_str(), f.person, f.key.as_deref())).collect();
    for (reason, person, key) in distinct {
        let counts = counts.entry(reason).or_default();
        counts.predicted += 1;
        let entries = truth.not_covered.get(reason);
        let (Some(person), Some(entries)) = (clusters.true_person(person), entries) else { continue };
        let of_person = entries.range((person, String::new())..).take_while(|(p, _)| *p == person);
        let hits: Vec<_> = of_person.filter(|(_, k)| key.is_none_or(|key| key == k)).cloned().collect();
        counts.right += u64::from(!hits.is_empty());
        counts.found.extend(hits);
    }
    let mut total = Counts::default();
    let mut found = 0;
    let mut by_reason = BTreeMap::new();
    for (reason, c) in counts {
        let found_here = c.found.len() as u64;
        let rates = rates(c.right, c.predicted, found_here, c.real);
        let reason_rates =
            ReasonRates { precision: rates.precision, recall: rates.recall, found: found_here, true_count: c.real };
        by_reason.insert(reason.to_owned(), reason_rates);
        total.right += c.right;
        total.predicted += c.predicted;
        total.real += c.real;
        found += found_here;
    }
    let all = rates(total.right, total.predicted, found, total.real);
    // What no roster names cannot be found: the same against those who stand in some row.
    let known = truth.known();
    let real = truth.not_covered.values().flatten().filter(|(person, _)| known.contains(person)).count() as u64;
    let of_known = rates(total.right, total.predicted, found, real);
    let among_known = AmongKnown { precision: of_known.precision, recall: of_known.recall, true_count: real };
    NotCovered { precision: all.precision, recall: all.recall, by_reason, among_known }
}
