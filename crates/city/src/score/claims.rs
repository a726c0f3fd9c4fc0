//! How right findings about claims are, against what the city planted.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use base::Month;
use serde::{Deserialize, Serialize};

use crate::claims::truth::HEADER;
use crate::error::CityError;
use crate::score::{ReasonRates, rates, truth};

/// A planted case, or one line of it: a row of `claims_PERIOD.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimTruth {
    /// Code of the facility.
    pub facility: String,
    /// Key of the dossier in the facility (MA_LK).
    pub ma_lk: String,
    /// `xml1` for the visit as a whole, else the table of the line.
    pub table: String,
    /// Line in the table, from 1; absent for the visit as a whole.
    pub line: Option<u64>,
    /// Scheme.
    pub scheme: String,
    /// Rule that should find it; empty where it has the scheme's name or does not exist yet.
    pub rule: String,
    /// Đồng at stake.
    pub amount: i64,
}

/// A finding about claims.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PredictedClaim {
    /// Code of the facility.
    pub facility: String,
    /// Key of the dossier in the facility (MA_LK).
    pub ma_lk: String,
    /// Table of the row; absent for the visit as a whole.
    pub table: Option<String>,
    /// Row of the table, from 1; absent for the visit as a whole.
    pub line: Option<u64>,
    /// Id of the rule.
    pub rule: String,
}

/// What was found of one scheme, by whichever rule.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SchemeRates {
    /// Planted rows found among all.
    pub recall: f64,
    /// Planted rows found.
    pub found: u64,
    /// Planted rows.
    #[serde(rename = "true")]
    pub true_count: u64,
    /// Đồng at stake in those found.
    pub found_amount: i64,
    /// Đồng at stake in all.
    pub true_amount: i64,
}

/// Rates of findings about claims.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClaimsScore {
    /// Right findings among all.
    pub precision: f64,
    /// Planted rows found among those that some rule should find.
    pub recall: f64,
    /// By rule; a rule of a scheme's name answers for the scheme.
    pub by_rule: BTreeMap<String, ReasonRates>,
    /// By scheme.
    pub by_scheme: BTreeMap<String, SchemeRates>,
}

/// Reads what was planted in a month.
pub fn claims_truth(folder: &Path, period: Month) -> Result<Vec<ClaimTruth>, CityError> {
    let mut all = Vec::new();
    truth::lines(folder, &format!("claims_{period}.csv"), HEADER, |[facility, ma_lk, table, line, scheme, rule, amount, _]| {
        all.push(ClaimTruth {
            facility: facility.to_owned(),
            ma_lk: ma_lk.to_owned(),
            table: table.to_owned(),
            line: if line.is_empty() { None } else { Some(line.parse().ok()?) },
            scheme: scheme.to_owned(),
            rule: rule.to_owned(),
            amount: amount.parse().ok()?,
        });
        Some(())
    })?;
    Ok(all)
}

/// Whether a finding is about a planted row: the same line, or one of the two means the visit as a whole.
fn meets(truth: &ClaimTruth, found: &PredictedClaim) -> bool {
    match (truth.line, found.line) {
        (Some(line), Some(own)) => line == own && found.table.as_deref().is_none_or(|table| table == truth.table),
        _ => true,
    }
}

#[derive(Default)]
struct Counts {
    right: u64,
    predicted: u64,
    found: u64,
    real: u64,
}

/// Scores findings of rules against what was planted. The same finding twice says nothing new; a planted row found by
/// two findings of a rule is found once, and both are right.
pub fn claims(truth: &[ClaimTruth], found: &[PredictedClaim]) -> ClaimsScore {
    let mut by_visit: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, row) in truth.iter().enumerate() {
        by_visit.entry((&row.facility, &row.ma_lk)).or_default().push(at);
    }
    let named: BTreeSet<&str> = found.iter().map(|f| f.rule.as_str()).collect();
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    for row in truth {
        // A row whose rule is named is asked of that rule alone; of the scheme's own rule only where the row names none.
        let due = if row.rule.is_empty() { row.scheme.as_str() } else { row.rule.as_str() };
        if !row.rule.is_empty() || named.contains(due) {
            counts.entry(due).or_default().real += 1;
        }
    }
    let mut hit: BTreeSet<(&str, usize)> = BTreeSet::new();
    for finding in found.iter().collect::<BTreeSet<_>>() {
        let of_visit = by_visit.get(&(finding.facility.as_str(), finding.ma_lk.as_str())).into_iter().flatten().copied();
        let rows: Vec<usize> = of_visit.filter(|at| answers(&truth[*at], &finding.rule) && meets(&truth[*at], finding)).collect();
        let count = counts.entry(&finding.rule).or_default();
        count.predicted += 1;
        count.right += u64::from(!rows.is_empty());
        hit.extend(rows.into_iter().map(|at| (finding.rule.as_str(), at)));
    }
    for (rule, at) in &hit {
        let row = &truth[*at];
        let due = if row.rule.is_empty() { &row.scheme } else { &row.rule };
        counts.entry(rule).or_default().found += u64::from(due == rule);
    }
    let mut all = Counts::default();
    let mut by_rule = BTreeMap::new();
    for (rule, c) in counts {
        let of_rule = rates(c.right, c.predicted, c.found, c.real);
        let of_rule = ReasonRates { precision: of_rule.precision, recall: of_rule.recall, found: c.found, true_count: c.real };
        by_rule.insert(rule.to_owned(), of_rule);
        all.right += c.right;
        all.predicted += c.predicted;
        all.found += c.found;
        all.real += c.real;
    }
    let whole = rates(all.right, all.predicted, all.found, all.real);
    ClaimsScore { precision: whole.precision, recall: whole.recall, by_rule, by_scheme: by_scheme(truth, &hit) }
}

/// Whether a rule speaks of what was planted: it is the rule named for the row, has the scheme's name, or is the hint beside
/// it (`after-death` and `after-death-to-be-checked`, which names the visits whose person is known less surely).
fn answers(row: &ClaimTruth, rule: &str) -> bool {
    let of_scheme = rule.strip_prefix(row.scheme.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    of_scheme || (!row.rule.is_empty() && rule == row.rule)
}

fn by_scheme(truth: &[ClaimTruth], hit: &BTreeSet<(&str, usize)>) -> BTreeMap<String, SchemeRates> {
    let found: BTreeSet<usize> = hit.iter().map(|(_, at)| *at).collect();
    let mut schemes: BTreeMap<String, SchemeRates> = BTreeMap::new();
    for (at, row) in truth.iter().enumerate() {
        let nothing = SchemeRates { recall: 0.0, found: 0, true_count: 0, found_amount: 0, true_amount: 0 };
        let of_scheme = schemes.entry(row.scheme.clone()).or_insert(nothing);
        of_scheme.true_count += 1;
        of_scheme.true_amount += row.amount;
        if found.contains(&at) {
            of_scheme.found += 1;
            of_scheme.found_amount += row.amount;
        }
    }
    for of_scheme in schemes.values_mut() {
        of_scheme.recall = super::share(of_scheme.found, of_scheme.true_count, 0);
    }
    schemes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planted(ma_lk: &str, line: Option<u64>, scheme: &str, rule: &str) -> ClaimTruth {
        let table = if line.is_some() { "xml3" } else { "xml1" };
        let (facility, amount) = ("01011".to_owned(), 1_000);
        ClaimTruth { facility, ma_lk: ma_lk.into(), table: table.into(), line, scheme: scheme.into(), rule: rule.into(), amount }
    }

    fn found(ma_lk: &str, line: Option<u64>, rule: &str) -> PredictedClaim {
        let table = line.map(|_| "xml3".to_owned());
        PredictedClaim { facility: "01011".into(), ma_lk: ma_lk.into(), table, line, rule: rule.into() }
    }

    #[test]
    fn lines_must_be_the_right_ones() {
        let truth =
            [planted("A", Some(2), "row-fault", "machine-missing"), planted("B", Some(1), "row-fault", "machine-missing")];
        let findings = [
            found("A", Some(2), "machine-missing"),
            found("A", Some(3), "machine-missing"),
            found("C", Some(1), "machine-missing"),
        ];
        let score = claims(&truth, &findings);
        let of_rule = score.by_rule["machine-missing"];
        assert_eq!((of_rule.precision, of_rule.recall, of_rule.found, of_rule.true_count), (0.3333, 0.5, 1, 2));
        let scheme = score.by_scheme["row-fault"];
        assert_eq!((scheme.found, scheme.true_count, scheme.found_amount, scheme.true_amount), (1, 2, 1_000, 2_000));
    }

    #[test]
    fn a_rule_of_a_schemes_name_answers_for_it_and_others_are_not_asked() {
        let truth = [planted("A", None, "after-death", ""), planted("B", None, "split-stay", "")];
        let score = claims(&truth, &[found("A", None, "after-death"), found("A", None, "after-death")]);
        assert_eq!((score.precision, score.recall), (1.0, 1.0));
        assert_eq!(score.by_rule.keys().collect::<Vec<_>>(), ["after-death"]);
        assert_eq!((score.by_scheme["split-stay"].recall, score.by_scheme["after-death"].recall), (0.0, 1.0));
    }

    #[test]
    fn the_hint_beside_a_rule_is_right_and_finds_for_the_scheme() {
        let truth = [planted("A", None, "after-death", ""), planted("B", None, "after-death", "")];
        let score = claims(&truth, &[found("A", None, "after-death"), found("B", None, "after-death-to-be-checked")]);
        assert_eq!((score.precision, score.by_rule["after-death"].recall), (1.0, 0.5));
        assert_eq!(score.by_scheme["after-death"].recall, 1.0);
    }

    #[test]
    fn a_line_whose_rule_is_named_is_not_asked_of_the_schemes_rule() {
        let truth = [planted("A", None, "exact-duplicate", ""), planted("B", Some(1), "exact-duplicate", "service-twice")];
        let score = claims(&truth, &[found("A", None, "exact-duplicate"), found("B", Some(1), "service-twice")]);
        assert_eq!(
            (score.recall, score.by_rule["exact-duplicate"].recall, score.by_rule["service-twice"].true_count),
            (1.0, 1.0, 1)
        );
    }

    #[test]
    fn findings_where_nothing_is_planted_are_wrong() {
        let score = claims(&[], &[found("A", None, "after-death")]);
        assert_eq!((score.precision, score.by_rule["after-death"].found), (0.0, 0));
        assert_eq!(claims(&[], &[]).precision, 1.0);
    }
}
