//! Every case in `cases/law/`, and the form of its files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use law::calc::{CALCULATORS, CaseFile, Given};

use crate::folder::law;

fn files() -> Vec<CaseFile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/law");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        CaseFile::read(&name, &fs::read_to_string(path).unwrap()).unwrap_or_else(|error| panic!("{error}"))
    };
    paths.iter().map(read).collect()
}

#[test]
fn every_case_comes_out() {
    let files = files();
    let failures: Vec<String> = files.iter().flat_map(|file| file.run(law())).map(|failure| failure.to_string()).collect();
    assert!(failures.is_empty(), "{} cases fail:\n{}", failures.len(), failures.join("\n"));
    let cases: usize = files.iter().map(|file| file.cases.len()).sum();
    assert!(cases >= 250, "{cases} cases");
}

#[test]
fn every_calculator_has_cases_and_every_case_names_its_article() {
    let files = files();
    let covered: BTreeSet<&str> = files.iter().map(|file| file.calculator).collect();
    for calculator in CALCULATORS {
        assert!(covered.contains(calculator.name), "{} has no cases", calculator.name);
    }
    let mut names = BTreeMap::new();
    for (file, case) in files.iter().flat_map(|file| file.cases.iter().map(move |case| (file, case))) {
        assert!(!case.article.is_ascii(), "{}:{}: `{}` names no Vietnamese article", file.path, case.line, case.article);
        let before = names.insert((file.calculator, case.name.as_str()), case.line);
        assert!(before.is_none(), "{}:{}: the name stands at line {before:?} too", file.path, case.line);
    }
}

#[test]
fn a_wrong_figure_makes_a_case_fail() {
    // Each expected number of each case, changed by one, must be noticed: no case passes by itself.
    for file in files() {
        for at in 0..file.cases.len() {
            let mut changed = file.clone();
            changed.cases = vec![file.cases[at].clone()];
            let Given::Map(fields) = &mut changed.cases[0].expect else { continue };
            let Some((_, Given::Text(text))) =
                fields.iter_mut().find(|(_, v)| matches!(v, Given::Text(t) if t.parse::<i64>().is_ok()))
            else {
                continue;
            };
            *text = (text.parse::<i64>().unwrap() + 1).to_string();
            assert_eq!(changed.run(law()).len(), 1, "{}:{} does not look at its figures", file.path, changed.cases[0].line);
        }
    }
}

#[test]
fn bad_files_are_refused_with_their_place() {
    let refused = |text: &str| CaseFile::read("x.yaml", text).unwrap_err().to_string();
    let case = "calculator: household\ncases:\n  - name: A\n    article: Điều 13\n    given: {paid_on: 2026-08-01, members: 1}\n";
    assert!(refused("calculator: hausehold\ncases: []").contains("x.yaml:1:1: there is no calculator `hausehold`"));
    assert!(refused(&format!("{case}    expects: {{total: 1}}")).contains("x.yaml:6:5: unknown key `expects`"));
    assert!(refused(case).contains("x.yaml:3:5: a case needs `expect` or `refused`"));
    assert!(refused(&format!("{case}    expect: {{}}")).contains("`expect` names nothing"));
    assert!(refused("calculator: household").contains("`cases` is missing"));
    assert!(refused("a: [").starts_with("x.yaml:"));
    let wrong = CaseFile::read("x.yaml", &format!("{case}    expect: {{total: 1, members: [{{order: 1}}]}}")).unwrap();
    assert_eq!(wrong.run(law())[0].to_string(), "x.yaml:3: A: `total` is 1366200, expected 1");
    let unknown = CaseFile::read("x.yaml", &format!("{case}    expect: {{sum: 1}}")).unwrap();
    assert!(unknown.run(law())[0].what.contains("there is no part `sum`"));
}
