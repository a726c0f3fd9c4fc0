//! Words people read are those of `words/vi.yaml`; the letters that rules name are there, and print what they use.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use documents::letter::Letters;
use documents::words::Words;

use crate::support::files_below;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(folder: &str, ending: &str) -> Vec<(String, String)> {
    let files = files_below(&root().join(folder)).into_iter().filter(|path| path.to_string_lossy().ends_with(ending));
    files.map(|path| (path.strip_prefix(root()).unwrap().display().to_string(), fs::read_to_string(&path).unwrap())).collect()
}

/// A rule's page without its SQL and its cases, which quote what files say.
fn page_of(rule: &str) -> String {
    let mut outside = true;
    let mut page = String::new();
    for line in rule.lines() {
        if line.starts_with("```") {
            outside = !outside;
        } else if outside {
            page.push_str(line);
            page.push('\n');
        }
    }
    page
}

#[test]
fn no_refused_word_stands_in_screens_letters_rules_or_plan() {
    let words = Words::load(&fs::read_to_string(root().join("words/vi.yaml")).unwrap()).unwrap();
    assert!(words.terms().len() > 10);
    let mut texts = read("locales/vi", ".ftl");
    texts.extend(read("letters", ".md"));
    texts.extend(read("plan", ".yaml"));
    texts.extend(read("rules", ".md").into_iter().map(|(file, text)| (file, page_of(&text))));
    // Not the law: it names crimes and the base salary of its time as it named them.
    assert!(texts.len() > 50, "{}", texts.len());
    let mut wrong = Vec::new();
    for (file, text) in &texts {
        for (line, words_of) in (1..).zip(text.lines()) {
            wrong.extend(words.misused(words_of).into_iter().map(|m| format!("{file}:{line}: “{}”, write “{}”", m.word, m.say)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_letter_a_rule_names_has_a_template_and_every_template_a_rule() {
    let files = read("letters", ".md");
    let letters = Letters::load(files.iter().map(|(path, text)| (path.as_str(), text.as_str()))).unwrap();
    let named: BTreeSet<String> = read("rules", ".md")
        .iter()
        .flat_map(|(_, text)| {
            text.lines().filter_map(|line| line.trim().strip_prefix("letter: ").map(str::to_owned)).collect::<Vec<_>>()
        })
        .collect();
    let there: BTreeSet<String> = letters.all().map(|template| template.id.clone()).collect();
    assert_eq!(named, there);
    for template in letters.all() {
        // Who gets it, from whom, by when, on which law: every letter says so (practice E: an officer is named on every notice).
        for field in ["recipient", "unit", "officer", "due_days", "law"] {
            assert!(template.fields().contains(field), "{} does not print {field}", template.id);
        }
    }
}
