//! The checklists of checks on the spot: how the contract is kept, what inpatients are entitled to, one matter. Items are those of the office; what a check
//! finds is compared over the year by item.

use desk::{CheckAnswer, FacilityVisitKind};
use web::Locale;

/// How the contract of treatment is kept.
const CONTRACT: [&str; 7] = [
    "contract-scope",
    "contract-staff",
    "contract-machines",
    "contract-card-check",
    "contract-orders",
    "contract-present",
    "contract-bills",
];
/// What inpatients are entitled to.
const RIGHTS: [&str; 6] = ["rights-drugs", "rights-beds", "rights-extra", "rights-informed", "rights-bill", "rights-refund"];
/// One matter.
const MATTER: [&str; 3] = ["matter-scope", "matter-agrees", "matter-mended"];

/// The items of a kind of check.
pub(super) fn items(kind: FacilityVisitKind) -> &'static [&'static str] {
    match kind {
        FacilityVisitKind::Contract => &CONTRACT,
        FacilityVisitKind::InpatientRights => &RIGHTS,
        FacilityVisitKind::Thematic => &MATTER,
    }
}

/// An item in words; the key itself for one that is asked no more.
pub(super) fn item(l: Locale, key: &str) -> String {
    l.known(&format!("claims-check-item-{key}")).unwrap_or_else(|| key.to_owned())
}

/// What a check is about.
pub(super) fn kind(l: Locale, kind: FacilityVisitKind) -> String {
    match kind {
        FacilityVisitKind::Contract => l.t("claims-check-contract"),
        FacilityVisitKind::InpatientRights => l.t("claims-check-rights"),
        FacilityVisitKind::Thematic => l.t("claims-check-matter"),
    }
}

/// The answer to an item.
pub(super) fn answer(l: Locale, answer: CheckAnswer) -> String {
    match answer {
        CheckAnswer::Yes => l.t("claims-check-yes"),
        CheckAnswer::No => l.t("claims-check-no"),
        CheckAnswer::NotApplicable => l.t("claims-check-na"),
    }
}
