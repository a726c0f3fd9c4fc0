//! The checklists of checks on the spot: how the contract is kept, what inpatients are entitled to, one matter. Items are content (`checklist.yaml`) with the law
//! they stand on; what a check finds is compared over the year by item.

use std::sync::OnceLock;

use desk::{CheckAnswer, FacilityVisitKind};
use serde::Deserialize;
use web::Locale;

use super::words;

/// An item that is asked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Item {
    /// Its stable key: answers on the desk know it by this.
    pub(super) key: String,
    /// Which checklist it belongs to.
    kind: FacilityVisitKind,
    /// What is asked.
    text: Words,
    /// On what it stands.
    law: Vec<Ground>,
    /// Rules of the audit whose findings say something of it.
    #[serde(default)]
    pub(super) rules: Vec<String>,
}

/// A text in both languages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    vi: String,
    en: String,
}

/// A text of the law, with how sure it is: `V`, `U` or `?`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ground {
    law: String,
    article: String,
    confidence: String,
}

impl Item {
    /// What is asked, in the reader's language.
    pub(super) fn text(&self, l: Locale) -> String {
        words::pick(l, &self.text.vi, &self.text.en).to_owned()
    }

    /// "Luật Bảo hiểm y tế, Điều 28; …", with the mark of what is not sure.
    pub(super) fn ground(&self) -> String {
        let one = |ground: &Ground| {
            let place = if ground.article.is_empty() { String::new() } else { format!(", {}", ground.article) };
            let mark = if ground.confidence == "V" { String::new() } else { format!(" [{}]", ground.confidence) };
            format!("{}{place}{mark}", ground.law)
        };
        self.law.iter().map(one).collect::<Vec<_>>().join("; ")
    }
}

/// All items, in the order they are asked.
fn all() -> &'static [Item] {
    static ALL: OnceLock<Vec<Item>> = OnceLock::new();
    // The file is part of the program, and a test reads it.
    ALL.get_or_init(|| read().expect("checklist.yaml is part of the program"))
}

fn read() -> Result<Vec<Item>, String> {
    serde_saphyr::from_str(include_str!("checklist.yaml")).map_err(|error| error.to_string())
}

/// The items of a kind of check.
pub(super) fn items(kind: FacilityVisitKind) -> impl Iterator<Item = &'static Item> {
    all().iter().filter(move |item| item.kind == kind)
}

/// An item in words; the key itself for one that is asked no more.
pub(super) fn item(l: Locale, key: &str) -> String {
    all().iter().find(|item| item.key == key).map_or_else(|| key.to_owned(), |item| item.text(l))
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn each_kind_has_its_items_with_law_and_rules_that_are_there() {
        let items = read().unwrap();
        assert!(FacilityVisitKind::ALL.iter().all(|kind| items.iter().any(|item| item.kind == *kind)));
        let keys: BTreeSet<&str> = items.iter().map(|item| item.key.as_str()).collect();
        assert_eq!(keys.len(), items.len(), "each key once");
        let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/claims");
        for item in &items {
            assert!(!item.text.vi.is_empty() && !item.text.en.is_empty(), "{}", item.key);
            assert!(!item.law.is_empty(), "{} says on what it stands, or that nothing was found", item.key);
            assert!(item.law.iter().all(|ground| ["V", "U", "?"].contains(&ground.confidence.as_str())), "{}", item.key);
            for rule in &item.rules {
                assert!(rules.join(format!("{rule}.md")).exists(), "{} names {rule}, which is no rule", item.key);
            }
        }
        // What was answered before is still known by its key.
        for key in ["contract-scope", "contract-bills", "rights-drugs", "rights-refund", "matter-mended"] {
            assert!(keys.contains(key), "{key}");
        }
    }

    #[test]
    fn what_is_not_sure_of_the_law_is_said() {
        let ground = |key: &str| all().iter().find(|item| item.key == key).unwrap().ground();
        assert_eq!(ground("contract-card-check"), "Luật Bảo hiểm y tế, Điều 28");
        assert_eq!(ground("contract-scope"), "Luật Bảo hiểm y tế, Điều 25 [U]");
        assert!(ground("rights-refund").ends_with("[?]"));
    }
}
