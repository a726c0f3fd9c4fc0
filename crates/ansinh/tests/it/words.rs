//! Words people read are those of `words/vi.yaml`; the letters that rules name are there, and print what they use.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use documents::letter::{Addressee, Block, FIELDS, Kind, Letter, Letters, Marks, Values, write_docx};
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
    let mut named: BTreeSet<String> = read("rules", ".md")
        .iter()
        .flat_map(|(_, text)| {
            text.lines().filter_map(|line| line.trim().strip_prefix("letter: ").map(str::to_owned)).collect::<Vec<_>>()
        })
        .collect();
    // Those of the claims audit are named by the program: one a step of a case, whatever rule found it.
    named.extend(claims::LETTERS.map(str::to_owned));
    let there: BTreeSet<String> = letters.all().map(|template| template.id.clone()).collect();
    assert_eq!(named, there);
    for template in letters.all() {
        // Who gets it, from whom, by when, on which law: every letter says so (practice E: an officer is named on every notice).
        // What is decided asks for no answer.
        let asks = template.to != Addressee::Facility || template.id == "claim-finding-notice";
        let fields = ["recipient", "unit", "officer", "law"].into_iter().chain(asks.then_some("due_days"));
        for field in fields {
            assert!(template.fields().contains(field), "{} does not print {field}", template.id);
        }
    }
}

/// Fields that a template uses and nobody sees printed were a fault elsewhere (platforms 1.5).
#[test]
fn every_field_that_a_template_uses_prints() {
    let files = read("letters", ".md");
    let letters = Letters::load(files.iter().map(|(path, text)| (path.as_str(), text.as_str()))).unwrap();
    let mut printed = 0;
    for template in letters.all() {
        let texts = FIELDS.iter().map(|(name, _)| (*name, format!("[in {name}]"))).collect();
        let body = template.fill(&Values { texts, facts: vec!["[in facts]".to_owned()] });
        assert!(body.iter().all(|block| matches!(block, Block::Paragraph(text) | Block::Item(text) if !text.contains('{'))));
        let letter = Letter {
            organ_above: None,
            organ: "Đơn vị".into(),
            symbol: template.symbol.clone(),
            place: "Hà Nội".into(),
            month: "2026-11".parse().unwrap(),
            kind: template.kind.clone(),
            subject: template.subject.clone(),
            to: vec!["Ông/Bà".into()],
            body,
            signer: "Giám đốc".into(),
            copies: Vec::new(),
            prepared_by: "Cán bộ".into(),
            protection: String::new(),
            annex: None,
        };
        let text = crate::letters::text_of(&write_docx(&letter, &Marks::default()).unwrap());
        for field in template.fields() {
            assert!(text.contains(&format!("[in {field}]")), "{} does not print {field}", template.id);
            printed += 1;
        }
        let title = if let Kind::Notice { title } = &template.kind { title.to_uppercase() } else { String::new() };
        assert!(text.contains(&title) && text.contains(&template.subject), "{}", template.id);
    }
    assert!(printed > 80, "{printed}");
}
