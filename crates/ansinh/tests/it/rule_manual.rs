//! The manual made from the rules: whole in both languages, and refused when a rule says something in one language only.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{ansinh, files_below, good, text};

fn rules_of(chapter: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules").join(chapter);
    let name = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    files_below(&folder).iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

/// The Vietnamese and the English lines of the four sections of a rule's file.
fn said(rule: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut vi, mut en) = (Vec::new(), Vec::new());
    let body = rule.split("```").next().unwrap();
    for section in body.split("\n## ").skip(1) {
        let (own, english) = section.split_once("### English").unwrap();
        let lines = |text: &'_ str| text.lines().map(str::trim).filter(|line| !line.is_empty()).count();
        assert!(lines(own) > 1 && lines(english) > 0, "{section}");
        vi.extend(own.lines().skip(1).map(str::trim).filter(|line| !line.is_empty()));
        en.extend(english.lines().map(str::trim).filter(|line| !line.is_empty()));
    }
    (vi, en)
}

#[test]
fn the_manual_is_whole_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    for chapter in ["claims", "coverage"] {
        let out = folder.path().join("sổ tay").join(chapter);
        let report = good(&["rules", "manual", "--chapter", chapter, "--out", text(&out)]);
        let rules = rules_of(chapter);
        assert_eq!(report["rules"].as_u64(), Some(rules.len() as u64), "{report}");
        assert_eq!(report["files"].as_array().map(Vec::len), Some(2));
        let read = |lang: &str| fs::read_to_string(out.join(format!("quy-tac-{chapter}.{lang}.md"))).unwrap();
        let (vi, en) = (read("vi"), read("en"));
        for (id, rule) in &rules {
            let (own, english) = said(rule);
            for line in own {
                assert!(vi.contains(line), "{id}, Vietnamese: {line}");
            }
            for line in english {
                assert!(en.contains(line), "{id}, English: {line}");
            }
            for manual in [&vi, &en] {
                // Once in the contents, once where it leads to.
                assert_eq!(manual.matches(&format!("](#{id})")).count(), 1, "{id}");
                assert_eq!(manual.matches(&format!("<a id=\"{id}\"></a>")).count(), 1, "{id}");
            }
        }
        let headings = |manual: &str, heading: &str| manual.matches(&format!("### {heading}\n")).count();
        for (own, english) in [
            ("Quy tắc phát hiện gì", "What it finds"),
            ("Vì sao cần rà soát", "Why it matters"),
            ("Những lý do chính đáng có thể có", "Honest reasons"),
            ("Cần hỏi gì, cần giấy tờ nào", "What to ask for"),
            ("Điều kiện", "Condition"),
        ] {
            assert_eq!((headings(&vi, own), headings(&en, english)), (rules.len(), rules.len()), "{own}");
            assert_eq!((headings(&vi, english), headings(&en, own)), (0, 0), "the other language's heading: {own}");
        }
        assert!(!vi.contains("rulebook-") && !en.contains("rulebook-"), "a key without words");
    }
}

#[test]
fn one_language_may_be_asked_for_and_nothing_is_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let out = text(folder.path());
    let report = good(&["rules", "manual", "--chapter", "claims", "--out", out, "--lang", "en"]);
    assert_eq!(report["files"][0]["lang"], "en");
    assert_eq!(files_below(folder.path()).len(), 1);
    let again = ansinh(&["rules", "manual", "--chapter", "claims", "--out", out, "--json"]);
    assert_eq!(again.code, 2, "{again:?}");
    assert_eq!(files_below(folder.path()).len(), 1, "neither language is written when one is there");
    assert_eq!(ansinh(&["rules", "manual", "--chapter", "kitchen", "--out", out]).code, 2);
    assert_eq!(ansinh(&["rules", "manual", "--chapter", "claims", "--out", out, "--lang", "fr"]).code, 2);
}

#[test]
fn a_rule_that_says_something_in_one_language_only_is_refused() {
    let (id, rule) = rules_of("claims").into_iter().find(|(id, _)| id == "paid-before-end").unwrap();
    let spoiled = [
        ("no English", cut(&rule, "## Honest reasons", "### English", "## What to ask for")),
        ("no Vietnamese", cut(&rule, "## Honest reasons", "\n", "### English")),
        ("no section", cut(&rule, "", "## Honest reasons", "## What to ask for")),
    ];
    for (what, text_of_rule) in spoiled {
        assert_ne!(text_of_rule, rule, "{what}");
        let content = tempfile::tempdir().unwrap();
        fs::create_dir_all(content.path().join("rules/claims")).unwrap();
        fs::write(content.path().join(format!("rules/claims/{id}.md")), text_of_rule).unwrap();
        let out = content.path().join("out");
        let folder = text(content.path());
        let refused = ansinh(&["rules", "manual", "--chapter", "claims", "--out", text(&out), "--content", folder, "--json"]);
        assert_eq!(refused.code, 3, "{what}: {refused:?}");
        let error = refused.error();
        let says = |part: &str, words: &str| error[part].as_str().is_some_and(|text| text.contains(words));
        assert!(says("message", "Honest reasons") && says("place", &id), "{what}: {error}");
        assert!(!out.exists(), "{what}: no half manual");
    }
}

/// The text without what stands between two marks, the first of them after another one.
fn cut(text: &str, after: &str, from: &str, to: &str) -> String {
    let start = text.find(after).unwrap();
    let from = start + after.len() + text[start + after.len()..].find(from).unwrap();
    let to = from + text[from..].find(to).unwrap();
    format!("{}\n{}", &text[..from], &text[to..])
}
