//! Words of the screens: every key in both languages, none that nobody shows.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::files_below;

/// Keys that code puts together: how they begin and end, and what fills the gap.
const PUT_TOGETHER: &[(&str, &str, &str)] = &[
    ("access-action-", "", "an event of the log"),
    ("access-kind-", "", "kind of a unit"),
    ("access-role-", "", "a role"),
    ("app-error-", "-title", "title beside the words of each error"),
    ("coverage-case-state-", "", "where a case stands"),
    ("coverage-evidence-", "", "name of a fact of a finding, as the rule's SQL names it"),
    ("coverage-field-", "", "a field compared by linkage"),
    ("coverage-income-", "", "band of income, a value of a rule"),
    ("coverage-insured-", "", "how somebody is insured now, a value of a rule"),
    ("coverage-legend-", "", "class of the map"),
    ("coverage-level-", "", "how alike two fields are, a level of linkage"),
    ("coverage-proves-", "", "what a roster says about residence"),
    ("coverage-review-why-", "", "why a pair should be looked at, a reason of linkage"),
    ("coverage-roster-", "", "kind of roster"),
    ("coverage-sex-", "", "male or female, values of the book"),
    ("coverage-sheet-", "", "column of the exported file"),
    ("coverage-strength-", "", "strength of a rule"),
    ("employer-evidence-", "", "why a row is of an employer, a word of linkage"),
    ("employer-kind-", "", "kind of an employer, a code"),
    ("employer-method-", "", "tax method of a household business, a code"),
    ("employer-question-", "", "what to look at in a pair of employers, a word of linkage"),
    ("employer-warning-", "", "what is odd about a row of an employer, a word of linkage"),
    ("indicator-rows-", "", "part of an indicator whose rows are open"),
    ("overview-legend-rate-", "", "class of the map against the whole"),
    ("coverage-checked-", "", "what was answered about where somebody lives, and by whom"),
    ("coverage-value-", "", "a coded value of a fact of a rule"),
    ("office-event-", "", "what was done with a case"),
    ("office-outcome-", "", "what came of a case"),
    ("office-queue-", "", "a saved query of cases"),
    ("office-unit-", "", "kind of office that works on a case"),
    ("office-why-", "", "why a case was left as it is"),
    ("privacy-action-", "", "what the log says was done"),
    ("privacy-held-", "", "a table of the desk in the copy for a person, and its fields"),
    ("privacy-object-", "", "kind of an object of the log"),
    ("privacy-desk-purpose-", "", "purpose, a word of the desk"),
    ("privacy-desk-role-", "", "role, a word of the desk"),
    ("privacy-request-kind-", "", "what somebody asks about their data"),
    ("document-state-", "", "where a document stands"),
    ("document-signature-", "", "what the check of a signature said"),
    ("document-way-", "", "how a document is delivered"),
    ("document-not-delivered-", "", "why a document did not arrive"),
    ("document-event-", "", "what was done with a document"),
    ("document-why-", "", "why a document was left as it is"),
    ("collector-complaint-kind-", "", "what a complaint about a collector is about"),
    ("collector-verdict-", "", "what was found out about a complaint"),
    ("collector-part-", "", "a part of a rating"),
    ("collector-part-", "-counted", "what a part of a rating counted"),
    ("collector-part-", "-nothing", "why a part of a rating has no points"),
    ("outbox-kind-", "", "what an event of the outbox is about"),
    ("claims-event-", "", "what was done with a case of the claims audit"),
    ("theme-", "", "colours of the screen"),
    ("service-sure-", "", "marks of confidence"),
    ("service-unit-name-", "", "units of parameters"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Keys of each file of a language, in their order.
fn keys(lang: &str) -> BTreeMap<String, Vec<String>> {
    let mut files = BTreeMap::new();
    for path in files_below(&root().join("locales").join(lang)) {
        let text = fs::read_to_string(&path).unwrap();
        let key = |line: &str| {
            let (key, _) = line.split_once('=')?;
            let key = key.trim_end();
            let is_key = key.starts_with(|c: char| c.is_ascii_lowercase())
                && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
            is_key.then(|| key.to_owned())
        };
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        files.insert(name, text.lines().filter_map(key).collect());
    }
    files
}

#[test]
fn both_languages_have_the_same_keys_in_the_same_files() {
    let (vi, en) = (keys("vi"), keys("en"));
    assert_eq!(vi.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    let mut all = BTreeSet::new();
    for (file, keys) in &vi {
        assert!(!keys.is_empty(), "{file} has no keys");
        let of = |list: &Vec<String>| list.iter().cloned().collect::<BTreeSet<_>>();
        let (here, there) = (of(keys), of(&en[file]));
        assert_eq!(here.difference(&there).collect::<Vec<_>>(), Vec::<&String>::new(), "only Vietnamese, {file}");
        assert_eq!(there.difference(&here).collect::<Vec<_>>(), Vec::<&String>::new(), "only English, {file}");
        assert!(keys.iter().all(|key| all.insert(key.clone())), "a key of {file} stands twice");
        assert_eq!(en[file].len(), there.len(), "an English key of {file} stands twice");
    }
}

#[test]
fn placeables_are_the_same_in_both_languages() {
    let placeables = |lang: &str| {
        let mut found: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
        for path in files_below(&root().join("locales").join(lang)) {
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            let mut key = String::new();
            for line in fs::read_to_string(&path).unwrap().lines() {
                if let Some((name, _)) = line.split_once('=').filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase())) {
                    key = name.trim_end().to_owned();
                }
                let names = line.split('$').skip(1).map(|rest| {
                    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect::<String>()
                });
                found.entry((file.clone(), key.clone())).or_default().extend(names);
            }
        }
        found
    };
    let (vi, en) = (placeables("vi"), placeables("en"));
    for (key, names) in &vi {
        assert_eq!(Some(names), en.get(key), "{key:?}");
    }
}

#[test]
fn every_key_is_used() {
    let code = code();
    let mut unused = Vec::new();
    for (file, keys) in keys("vi") {
        for key in keys {
            let put_together = PUT_TOGETHER.iter().any(|(begins, ends, _)| key.starts_with(begins) && key.ends_with(ends));
            if !put_together && !code.contains(&format!("\"{key}\"")) {
                unused.push(format!("{file}: {key}"));
            }
        }
    }
    assert!(unused.is_empty(), "keys that nobody shows:\n{}", unused.join("\n"));
    for (begins, ends, _) in PUT_TOGETHER {
        let formatted = if ends.is_empty() { format!("\"{begins}{{") } else { format!("}}{ends}\"") };
        assert!(code.contains(&formatted), "no code puts `{begins}…{ends}` together any more");
    }
}

#[test]
fn every_key_in_code_is_there() {
    let known: BTreeSet<String> = keys("vi").into_values().flatten().collect();
    let code = code();
    let mut missing = BTreeSet::new();
    let mut seen = 0;
    for call in [".t(", ".t_args("] {
        for rest in code.split(call).skip(1) {
            let Some(key) = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) else { continue };
            seen += 1;
            if !known.contains(key) {
                missing.insert(key.to_owned());
            }
        }
    }
    assert!(seen > 50, "only {seen} keys were found in code");
    assert!(missing.is_empty(), "keys without words: {missing:?}");
}

#[test]
fn every_fact_of_a_rule_has_words_and_no_words_are_left_over() {
    let read = |folder: &str, ending: &str| -> Vec<(String, String)> {
        let base = root().join(folder);
        let files = files_below(&base).into_iter().filter(|path| path.extension().is_some_and(|e| e == ending));
        files
            .map(|path| (path.strip_prefix(&base).unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
            .collect()
    };
    let law = read("law", "yaml");
    let law = ::law::Law::load(law.iter().map(|(path, text)| (path.as_str(), text.as_str()))).unwrap();
    let schemas = rules::TableSchemas::load(read("formats/tables", "yaml"), read("formats/claims", "yaml")).unwrap();
    let rules = rules::Rules::load(read("rules", "md"), &law, &schemas).unwrap();
    let of_claims = |rule: &&rules::Rule| rule.chapter == "claims";
    // Facts of claims are called what the contracts call their columns, in the words of the hospitals' own programs.
    for rule in rules.iter().filter(of_claims) {
        let in_contract = |name: &String| {
            rule.reads.iter().filter_map(|table| schemas.get(table)).any(|table| table.columns.iter().any(|c| c.name == *name))
        };
        let nameless: Vec<&String> =
            rule.columns[1..].iter().filter(|name| !in_contract(name) && !claims::has_words(name)).collect();
        assert!(nameless.is_empty(), "{}: facts without words: {nameless:?}", rule.id);
    }
    let covered = rules.iter().filter(|rule| !of_claims(rule));
    let facts: BTreeSet<String> = covered.flat_map(|rule| &rule.columns[1..]).map(|name| name.replace('_', "-")).collect();
    let known: BTreeSet<String> = keys("vi").into_values().flatten().collect();
    let named: BTreeSet<String> =
        known.iter().filter_map(|key| key.strip_prefix("coverage-evidence-")).map(str::to_owned).collect();
    assert_eq!(facts.difference(&named).collect::<Vec<_>>(), Vec::<&String>::new(), "facts without words");
    assert_eq!(named.difference(&facts).collect::<Vec<_>>(), Vec::<&String>::new(), "words of facts that no rule names");
    let code = code();
    for value in known.iter().filter_map(|key| key.strip_prefix("coverage-value-")) {
        let coded =
            |fact: &&String| value.starts_with(&format!("{fact}-")) && code.contains(&format!("\"{}\",", fact.replace('-', "_")));
        assert!(facts.iter().any(|fact| coded(&fact)), "`coverage-value-{value}` is of no fact that is shown as a code");
    }
}

/// Code and templates of all crates without their tests.
fn code() -> String {
    let mut code = String::new();
    for path in files_below(&root().join("crates")) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_code = name.ends_with(".rs") || name.ends_with(".html");
        if is_code && !name.ends_with("tests.rs") && !path.components().any(|c| c.as_os_str() == "tests") {
            let text = fs::read_to_string(&path).unwrap();
            let shown = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            // Examples in comments show nothing to anybody.
            shown.lines().filter(|line| !line.trim_start().starts_with("//")).for_each(|line| {
                code.push_str(line);
                code.push('\n');
            });
        }
    }
    code
}

#[test]
fn every_event_role_and_kind_of_unit_has_words() {
    let known: BTreeSet<String> = keys("vi").into_values().flatten().collect();
    let actions = desk::AuditAction::ALL.iter().map(|action| format!("access-action-{}", action.as_str()));
    let roles = base::Role::ALL.iter().map(|role| format!("access-role-{}", desk::role_word(*role)));
    let kinds = desk::UnitKind::ALL.iter().map(|kind| format!("access-kind-{}", kind.as_str()));
    let missing: Vec<String> =
        actions.chain(roles).chain(kinds).map(|key| key.replace('_', "-")).filter(|key| !known.contains(key)).collect();
    assert!(missing.is_empty(), "without words: {missing:?}");
}
