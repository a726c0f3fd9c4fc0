//! The đồng at stake: which rules of claims say the fund's money, and why the others do not.

use std::collections::BTreeSet;

use super::rules;

/// A cell, a code, a time or a paper that is missing or wrong: sent again in form, the same money is asked.
const FORMAT: [&str; 72] = [
    "admission-before-arrival",
    "admission-time-missing",
    "adult-without-id",
    "bed-code-malformed",
    "bed-line-of-many-days",
    "birth-after-visit",
    "birth-paper-cell-missing",
    "birth-paper-figures-impossible",
    "birth-paper-note-missing",
    "birth-temporary-card-malformed",
    "card-malformed",
    "card-parts-differ",
    "category-unknown",
    "commune-unknown",
    "cost-group-not-current",
    "days-for-form-without-days",
    "discharge-paper-cell-missing",
    "discharge-paper-signer-unknown",
    "discharge-temporary-card-malformed",
    "drug-details-differ",
    "drug-line-cell-missing",
    "drug-tender-malformed",
    "ends-before-arrival",
    "ethnic-group-unknown",
    "facility-unknown",
    "foreigner-without-nationality",
    "head-not-approved",
    "id-malformed",
    "infant-without-weight",
    "inpatient-without-discharge-paper",
    "inpatient-without-notes",
    "line-amount-negative",
    "line-disease-code-malformed",
    "main-code-death-only",
    "main-code-not-allowed",
    "main-code-other-sex",
    "main-code-too-general",
    "main-code-unknown",
    "name-and-sex-differ",
    "name-looks-wrong",
    "negative-amount",
    "note-outside-stay",
    "occupation-unknown",
    "other-codes-unknown",
    "paid-before-end",
    "pregnancy-end-incomplete",
    "pregnancy-leave-days-differ",
    "pregnancy-leave-without-words",
    "referral-facility-unknown",
    "referral-paper-cell-missing",
    "referral-paper-not-verified",
    "referral-paper-type-wrong",
    "registered-facility-unknown",
    "result-time-missing-or-differs",
    "revisit-before-end",
    "revisit-paper-cell-missing",
    "revisit-paper-doctor-unknown",
    "scope-missing",
    "sent-after-month-end",
    "sent-late",
    "service-line-cell-missing",
    "service-name-differs",
    "sick-leave-days-differ",
    "sick-leave-starts-after-end",
    "sick-leave-too-long",
    "summary-cell-missing",
    "surgery-without-anaesthesia-code",
    "symptom-as-main-code",
    "too-many-other-codes",
    "transport-without-fuel-code",
    "treatment-days-differ",
    "weight-unlikely",
];

/// What the patient paid or may get back; the fund loses nothing.
const PATIENT: [&str; 7] = [
    "copay-above-rate",
    "copay-at-full-rate",
    "copay-total-differs",
    "patient-above-cost",
    "patient-total-differs",
    "registered-here-as-self-referred",
    "small-visit-copay",
];

/// Sums of the hospital's own cost or of other sources.
const OTHERS: [&str; 7] = [
    "drug-hospital-amount-differs",
    "drug-total-differs",
    "drug-total-without-drug-lines",
    "hospital-total-differs",
    "other-source-total-differs",
    "service-hospital-amount-differs",
    "supply-total-differs",
];

/// No đồng at stake by decision: sharing of results is not yet a duty.
const DECIDED: [&str; 2] = ["test-repeated-in-day", "test-repeated-within-validity"];

/// What part of the money is at fault only shows when papers are read; the rule's text asks for them.
const UNKNOWN: [&str; 25] = [
    "card-begins-in-stay",
    "card-ended-in-stay",
    "category-registered-elsewhere",
    "child-card-too-old",
    "cost-parts-do-not-add-up",
    "drugs-without-services",
    "duration-unusual",
    "exam-on-day-off",
    "examination-over-a-day",
    "exempt-without-five-years",
    "injury-without-cause",
    "lines-without-total",
    "long-stay",
    "long-stay-as-short",
    "many-services-quickly",
    "outpatient-treatment-over-thirty-days",
    "pupil-card-age",
    "readmitted-on-discharge-day",
    "referred-without-origin",
    "referred-without-paper",
    "result-after-end",
    "results-missing",
    "scope-total-differs",
    "severity-upcoding",
    "split-stay",
];

#[test]
fn every_rule_of_claims_says_what_is_at_stake_or_stands_among_those_that_cannot() {
    let lists: [&[&str]; 5] = [&FORMAT, &PATIENT, &OTHERS, &DECIDED, &UNKNOWN];
    let mut silent: BTreeSet<&str> = BTreeSet::new();
    for id in lists.into_iter().flatten() {
        assert!(silent.insert(id), "{id} stands in two lists");
    }
    let rules = rules();
    for rule in rules.iter().filter(|rule| rule.chapter == "claims") {
        let says = rule.columns.iter().any(|column| column == "amount");
        let listed = silent.remove(rule.id.as_str());
        assert!(says || listed, "{} selects no `amount`: give it one, or a reason in this file", rule.id);
        assert!(!(says && listed), "{} selects `amount` and stands among those without one", rule.id);
    }
    assert!(silent.is_empty(), "no such rules: {silent:?}");
}

#[test]
fn every_rule_that_says_an_amount_has_a_case_that_expects_one() {
    for rule in rules().iter().filter(|rule| rule.chapter == "claims" && rule.columns.iter().any(|column| column == "amount")) {
        let mut told = rule.cases.iter().flat_map(|case| &case.expect).filter_map(|row| row.cells.get("amount")).flatten();
        assert!(told.any(|amount| amount != "0"), "{}: no case expects an amount above 0", rule.id);
    }
}
