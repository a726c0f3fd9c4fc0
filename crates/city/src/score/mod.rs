//! How right the register was: links between rosters, and people found not covered.

mod claims;
mod employers;
mod findings;
mod links;
mod truth;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use base::Month;
use serde::{Deserialize, Serialize};

pub use self::claims::{ClaimTruth, ClaimsScore, PredictedClaim, SchemeRates, claims, claims_truth};
use crate::error::CityError;

/// A row that the register gave to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PredictedLink {
    /// Roster, e.g. `bhyt_card`; rows of `population` are in the list too.
    pub roster: String,
    /// File name without folders.
    pub file: String,
    /// Row or line of the file, from 1.
    pub row: u64,
    /// The register's number of the person.
    pub person: i64,
}

/// A person that a rule named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PredictedFinding {
    /// Rule id, e.g. `household-card-lapsed`.
    pub reason: String,
    /// The register's number of the person.
    pub person: i64,
    /// What the rule's key columns say beside the person: the payer's tax code for the wage rule. `None` matches
    /// every entry of the person.
    pub key: Option<String>,
}

/// A row that the register gave to an employer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PredictedEmployerRow {
    /// Roster, e.g. `unit_ledger`.
    pub roster: String,
    /// File name without folders.
    pub file: String,
    /// Row or line of the file, from 1.
    pub row: u64,
    /// The register's number of the employer.
    pub employer: i64,
}

/// An employer that a rule named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PredictedEmployerFinding {
    /// Rule id, e.g. `employer-insuring-fewer`.
    pub reason: String,
    /// The register's number of the employer.
    pub employer: i64,
}

/// What the register says of one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Predicted {
    /// The month.
    pub period: Month,
    /// All rows of all rosters with their persons.
    pub links: Vec<PredictedLink>,
    /// All findings about people.
    pub findings: Vec<PredictedFinding>,
    /// All findings about employers.
    #[serde(default)]
    pub employer_findings: Vec<PredictedEmployerFinding>,
    /// All rows of rosters about employers with their employers; empty when none were put together.
    #[serde(default)]
    pub employer_rows: Vec<PredictedEmployerRow>,
}

/// Precision, recall and their harmonic mean, rounded to four decimals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rates {
    /// Right ones among the predicted.
    pub precision: f64,
    /// Found ones among the true.
    pub recall: f64,
    /// 2pr / (p + r).
    pub f1: f64,
}

/// Rates of links, over all rosters and by roster.
///
/// With a population roster a pair is a row of another roster and the population row of the same
/// person; without one it is any two rows of the same person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Links {
    /// The roster that pairs are counted against, `population`; none when it was not handed over.
    pub spine: Option<String>,
    /// Right pairs among the predicted.
    pub precision: f64,
    /// Found pairs among the true.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
    /// The same for each roster that has true or predicted pairs.
    pub by_roster: BTreeMap<String, Rates>,
}

/// Rates of one reason.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ReasonRates {
    /// Right findings among the predicted.
    pub precision: f64,
    /// True entries found among all true ones.
    pub recall: f64,
    /// True entries found.
    pub found: u64,
    /// True entries.
    #[serde(rename = "true")]
    pub true_count: u64,
}

/// Rates of findings, over all reasons and by reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NotCovered {
    /// Right findings among the predicted.
    pub precision: f64,
    /// True entries found among all true ones.
    pub recall: f64,
    /// The same for each reason.
    pub by_reason: BTreeMap<String, ReasonRates>,
    /// The same against those who stand in at least one roster that was handed over.
    pub among_known: AmongKnown,
}

/// Rates of findings against the people that the rosters know.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AmongKnown {
    /// Right findings among the predicted.
    pub precision: f64,
    /// True entries found among those of known people.
    pub recall: f64,
    /// True entries of known people.
    #[serde(rename = "true")]
    pub true_count: u64,
}

/// Rates of findings about employers, over all reasons and by reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmployerFindings {
    /// Right findings among the predicted.
    pub precision: f64,
    /// True entries found among all true ones.
    pub recall: f64,
    /// The same for each reason.
    pub by_reason: BTreeMap<String, ReasonRates>,
}

/// Rates of employers: rows of different files that tell of the same one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmployerScore {
    /// Over all rosters.
    pub links: Rates,
    /// Of the pairs with a row of each roster.
    pub by_roster: BTreeMap<String, Rates>,
}

/// The score of one month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// 1.
    pub schema: u32,
    /// Links.
    pub links: Links,
    /// Findings about people, of all reasons.
    pub not_covered: NotCovered,
    /// Employers; null when the register put no rows of employers together.
    pub employers: Option<EmployerScore>,
    /// Findings about employers; null when the register put no rows of employers together.
    pub employer_findings: Option<EmployerFindings>,
    /// Findings about claims; null when none are scored.
    pub claims: Option<ClaimsScore>,
}

/// Scores a month against the truth that [`crate::generate`] wrote (`OUT/truth`).
///
/// The rosters that were handed over are those with at least one predicted row; rows of other rosters
/// count neither way, and neither do rows planted to be refused. A row that no truth file knows makes
/// a wrong pair.
pub fn score(truth_dir: &Path, predicted: &Predicted) -> Result<Score, CityError> {
    let handed_over: BTreeSet<&str> = {
        let people = predicted.links.iter().map(|link| link.roster.as_str());
        people.chain(predicted.employer_rows.iter().map(|row| row.roster.as_str())).collect()
    };
    let truth = truth::Truth::read(truth_dir, &predicted.period.to_string(), &handed_over)?;
    let clusters = links::Clusters::new(&truth, predicted);
    Ok(Score {
        schema: 1,
        links: links::score(&truth, &clusters),
        not_covered: findings::score(&truth, &clusters, &predicted.findings),
        employers: employers::score(&truth, &predicted.employer_rows),
        employer_findings: findings::score_employers(&truth, predicted),
        claims: None,
    })
}

/// A share rounded to four decimals. Nothing of nothing is 1: an empty list is right when there is
/// nothing to list.
fn share(part: u64, whole: u64, other: u64) -> f64 {
    if whole == 0 {
        return if other == 0 { 1.0 } else { 0.0 };
    }
    rounded(part as f64 / whole as f64)
}

fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

fn rates(right: u64, predicted: u64, found: u64, real: u64) -> Rates {
    let (precision, recall) = (share(right, predicted, real), share(found, real, predicted));
    let f1 = if predicted + real == 0 { 1.0 } else { rounded(2.0 * right as f64 / (predicted + real) as f64) };
    Rates { precision, recall, f1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_of_nothing() {
        assert_eq!(rates(0, 0, 0, 0), Rates { precision: 1.0, recall: 1.0, f1: 1.0 });
        assert_eq!(rates(0, 0, 0, 5), Rates { precision: 0.0, recall: 0.0, f1: 0.0 });
        assert_eq!(rates(2, 3, 2, 4), Rates { precision: 0.6667, recall: 0.5, f1: 0.5714 });
    }
}
