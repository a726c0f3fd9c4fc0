//! People and employers named by the rules, against those who should be.

use std::collections::{BTreeMap, BTreeSet};

use crate::score::links::Clusters;
use crate::score::truth::{Entries, TrueRow, Truth};
use crate::score::{
    AmongKnown, EmployerFindings, NotCovered, Predicted, PredictedEmployerFinding, PredictedFinding, ReasonRates, rates,
};

#[derive(Debug, Default)]
struct Counts {
    right: u64,
    predicted: u64,
    real: u64,
    found: BTreeSet<(i64, String)>,
}

/// Counts over all reasons, and the rates of each.
struct Judged {
    right: u64,
    predicted: u64,
    real: u64,
    found: u64,
    by_reason: BTreeMap<String, ReasonRates>,
}

/// Judges findings of (reason, subject, key). A true entry found twice is found once, and both findings are right.
fn judge<'a>(
    truth: &Entries,
    findings: impl Iterator<Item = (&'a str, i64, Option<&'a str>)>,
    who: impl Fn(i64) -> Option<i64>,
) -> Judged {
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    for (reason, entries) in truth {
        counts.entry(reason).or_default().real = entries.len() as u64;
    }
    // The same finding twice in the list says nothing new.
    let distinct: BTreeSet<_> = findings.collect();
    for (reason, subject, key) in distinct {
        let counts = counts.entry(reason).or_default();
        counts.predicted += 1;
        let (Some(subject), Some(entries)) = (who(subject), truth.get(reason)) else { continue };
        let of_subject = entries.range((subject, String::new())..).take_while(|(s, _)| *s == subject);
        let hits: Vec<_> = of_subject.filter(|(_, k)| key.is_none_or(|key| key == k)).cloned().collect();
        counts.right += u64::from(!hits.is_empty());
        counts.found.extend(hits);
    }
    let mut all = Judged { right: 0, predicted: 0, real: 0, found: 0, by_reason: BTreeMap::new() };
    for (reason, c) in counts {
        let found = c.found.len() as u64;
        let rates = rates(c.right, c.predicted, found, c.real);
        let of_reason = ReasonRates { precision: rates.precision, recall: rates.recall, found, true_count: c.real };
        all.by_reason.insert(reason.to_owned(), of_reason);
        all.right += c.right;
        all.predicted += c.predicted;
        all.real += c.real;
        all.found += found;
    }
    all
}

/// Scores the findings about people.
pub fn score(truth: &Truth, clusters: &Clusters, findings: &[PredictedFinding]) -> NotCovered {
    let named = findings.iter().map(|f| (f.reason.as_str(), f.person, f.key.as_deref()));
    let judged = judge(&truth.not_covered, named, |person| clusters.true_person(person));
    let all = rates(judged.right, judged.predicted, judged.found, judged.real);
    // What no roster names cannot be found: the same against those who stand in some row.
    let known = truth.known();
    let real = truth.not_covered.values().flatten().filter(|(person, _)| known.contains(person)).count() as u64;
    let of_known = rates(judged.right, judged.predicted, judged.found, real);
    let among_known = AmongKnown { precision: of_known.precision, recall: of_known.recall, true_count: real };
    NotCovered { precision: all.precision, recall: all.recall, by_reason: judged.by_reason, among_known }
}

/// Scores the findings about employers; `None` when no row was given to an employer.
pub fn score_employers(truth: &Truth, predicted: &Predicted) -> Option<EmployerFindings> {
    if predicted.employer_rows.is_empty() {
        return None;
    }
    // The true employer a predicted one stands for: that of most of its rows, the lowest number where two are equal.
    let mut rows: BTreeMap<i64, BTreeMap<i64, usize>> = BTreeMap::new();
    for row in &predicted.employer_rows {
        if let TrueRow::Of(who) = truth.employer_row(&row.roster, &row.file, row.row) {
            *rows.entry(row.employer).or_default().entry(who).or_default() += 1;
        }
    }
    let who = |employer: i64| {
        let counts = rows.get(&employer)?;
        counts.iter().max_by_key(|(who, count)| (**count, std::cmp::Reverse(**who))).map(|(who, _)| *who)
    };
    let named = predicted.employer_findings.iter().map(|f: &PredictedEmployerFinding| (f.reason.as_str(), f.employer, None));
    let judged = judge(&truth.employer_findings, named, who);
    let all = rates(judged.right, judged.predicted, judged.found, judged.real);
    Some(EmployerFindings { precision: all.precision, recall: all.recall, by_reason: judged.by_reason })
}
