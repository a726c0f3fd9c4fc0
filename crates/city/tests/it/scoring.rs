//! Scores of predictions made by hand from the truth.

use city::{Predicted, PredictedFinding, PredictedLink, score};

use crate::share::{Made, shared};

/// What a register without a fault would say; its person numbers are not the truth's.
fn perfect(made: &Made) -> Predicted {
    let mut links = Vec::new();
    for roster in city::rosters::about_people() {
        for line in made.truth_lines(&format!("rows_2026-10_{roster}.csv")) {
            let person: i64 = line[2].parse().unwrap();
            links.push(PredictedLink {
                roster: roster.to_owned(),
                file: line[0].clone(),
                row: line[1].parse().unwrap(),
                person: 1_000_000 - person,
            });
        }
    }
    let finding = |line: Vec<String>| PredictedFinding {
        reason: line[0].clone(),
        person: 1_000_000 - line[1].parse::<i64>().unwrap(),
        key: (!line[2].is_empty()).then(|| line[2].clone()),
    };
    let findings = made.truth_lines("not_covered_2026-10.csv").into_iter().map(finding).collect();
    Predicted { period: "2026-10".parse().unwrap(), links, findings, employer_findings: Vec::new(), employer_rows: Vec::new() }
}

#[test]
fn a_perfect_register_scores_one_and_a_damaged_one_less() {
    let made = shared();
    let mut predicted = perfect(made);
    let best = score(&made.truth(), &predicted).unwrap();
    assert_eq!((best.links.precision, best.links.recall, best.links.f1), (1.0, 1.0, 1.0));
    // A row of the spine planted to be refused takes its person's key with it, hence not quite one.
    assert!(best.not_covered.recall > 0.98 && best.not_covered.precision > 0.98, "{:?}", best.not_covered);
    assert!(best.links.by_roster.len() > 10, "{:?}", best.links.by_roster.keys());

    // One tax row in ten goes to a person of its own, one in ten to another person.
    let other = predicted.links[0].person;
    for (at, link) in predicted.links.iter_mut().filter(|l| l.roster == "tax_settlement").enumerate() {
        match at % 10 {
            0 => link.person = 5_000_000 + at as i64,
            1 => link.person = other,
            _ => {}
        }
    }
    let damaged = score(&made.truth(), &predicted).unwrap();
    let tax = damaged.links.by_roster["tax_settlement"];
    assert!((0.78..0.82).contains(&tax.recall), "{tax:?}");
    assert!((0.87..0.91).contains(&tax.precision), "{tax:?}");
    assert_eq!(damaged.links.by_roster["pupils"].f1, 1.0);
    assert!(damaged.links.f1 < 1.0);
}

#[test]
fn without_a_population_roster_any_two_rows_are_a_pair() {
    let made = shared();
    let mut predicted = perfect(made);
    predicted.links.retain(|l| l.roster == "bhyt_card" || l.roster == "bhxh_participation");
    let best = score(&made.truth(), &predicted).unwrap();
    assert_eq!((best.links.spine.clone(), best.links.precision, best.links.recall), (None, 1.0, 1.0));
    assert_eq!(best.links.by_roster.keys().collect::<Vec<_>>(), ["bhxh_participation", "bhyt_card"]);
    // Some who are not covered stand in neither roster: nobody could have found them.
    let (all, known) = (&best.not_covered, best.not_covered.among_known);
    assert!(all.recall < known.recall && known.recall > 0.99, "{all:?}");
    assert!(known.true_count > 100);

    // Every spell as a person of its own: its pairs are lost, the cards among themselves are not.
    for (at, link) in predicted.links.iter_mut().filter(|l| l.roster == "bhxh_participation").enumerate() {
        link.person = 5_000_000 + at as i64;
    }
    let apart = score(&made.truth(), &predicted).unwrap().links;
    assert_eq!((apart.by_roster["bhxh_participation"].recall, apart.precision), (0.0, 1.0));
    assert!(apart.by_roster["bhyt_card"].recall > 0.5 && apart.recall < 1.0, "{apart:?}");
}

#[test]
fn a_roster_that_was_not_handed_over_is_not_missed() {
    let made = shared();
    let mut predicted = perfect(made);
    predicted.links.retain(|l| l.roster != "pupils");
    let links = score(&made.truth(), &predicted).unwrap().links;
    assert!(!links.by_roster.contains_key("pupils"));
    assert_eq!(links.recall, 1.0);
}

#[test]
fn findings_count_by_reason_person_and_key() {
    let made = shared();
    let mut predicted = perfect(made);
    let all = |p: &Predicted, reason: &str| score(&made.truth(), p).unwrap().not_covered.by_reason[reason];
    let wages = all(&predicted, city::WAGE);
    assert!(wages.true_count > 5 && wages.found == wages.true_count);

    // A wrong payer is a wrong finding; without a payer the person is enough.
    for finding in predicted.findings.iter_mut().filter(|f| f.reason == city::WAGE) {
        finding.key = Some("0000000000".to_owned());
    }
    assert_eq!((all(&predicted, city::WAGE).precision, all(&predicted, city::WAGE).found), (0.0, 0));
    for finding in predicted.findings.iter_mut().filter(|f| f.reason == city::WAGE) {
        finding.key = None;
    }
    assert_eq!(all(&predicted, city::WAGE).found, wages.true_count);

    // Nothing named at all.
    predicted.findings.clear();
    let none = score(&made.truth(), &predicted).unwrap().not_covered;
    assert_eq!((none.precision, none.recall, none.by_reason[city::LAPSED].found), (0.0, 0.0, 0));
}

#[test]
fn the_score_is_written_in_the_promised_form() {
    let made = shared();
    let score = score(&made.truth(), &perfect(made)).unwrap();
    let json = serde_json::to_value(&score).unwrap();
    assert_eq!(
        (json["schema"].as_u64(), &json["employers"], &json["claims"]),
        (Some(1), &serde_json::Value::Null, &serde_json::Value::Null)
    );
    let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&json), ["claims", "employer_findings", "employers", "links", "not_covered", "schema"]);
    assert_eq!(keys(&json["links"]), ["by_roster", "f1", "precision", "recall", "spine"]);
    assert_eq!(keys(&json["not_covered"]), ["among_known", "by_reason", "precision", "recall"]);
    assert_eq!(keys(&json["not_covered"]["by_reason"][city::PUPIL]), ["found", "precision", "recall", "true"]);
}

#[test]
fn rows_that_do_not_exist_make_wrong_pairs_and_a_missing_month_is_an_error() {
    let made = shared();
    let mut predicted = perfect(made);
    let spine = predicted.links[0].person;
    for row in 1..=500 {
        predicted.links.push(PredictedLink { roster: "pupils".into(), file: "none.xlsx".into(), row, person: spine });
    }
    let result = score(&made.truth(), &predicted).unwrap();
    assert!(result.links.precision < 1.0 && result.links.recall == 1.0);
    predicted.period = "2026-11".parse().unwrap();
    assert!(score(&made.truth(), &predicted).is_err());
}
