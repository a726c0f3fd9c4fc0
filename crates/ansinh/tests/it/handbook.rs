//! Documents that name things: every command of the handbook of the claims audit is one of the program, with options that it takes; every
//! test that the table of threats names is there.

use std::path::Path;

use crate::support::ansinh;

/// Command lines of a page: lines of code blocks, and code within a sentence.
fn commands(page: &str) -> Vec<String> {
    let blocks = page.split("```").skip(1).step_by(2).flat_map(str::lines);
    let spans = page.split("```").step_by(2).flat_map(|prose| prose.split('`').skip(1).step_by(2));
    let all = blocks.chain(spans).filter_map(|line| line.trim().strip_prefix("ansinh "));
    all.map(|line| line.split(" #").next().unwrap_or_default().trim().to_owned()).collect()
}

#[test]
fn every_command_of_the_claims_handbook_exists() {
    let found = commands(include_str!("../../../../docs/claims.md"));
    assert!(found.len() >= 15, "{found:?}");
    for command in found {
        let words: Vec<&str> = command.split_whitespace().collect();
        // Words of the command, and names that it is given; help is told before a name is looked up.
        let is_word = |word: &&&str| !word.starts_with('-') && word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        let mut asked: Vec<&str> = words.iter().take_while(is_word).copied().collect();
        asked.push("--help");
        let help = ansinh(&asked);
        assert_eq!(help.code, 0, "`ansinh {command}`: {help:?}");
        assert!(asked.len() > 1, "`ansinh {command}` names no command");
        for option in words.iter().filter(|word| word.starts_with("--")) {
            assert!(help.stdout.contains(option), "`ansinh {command}`: {option} is no option\n{}", help.stdout);
        }
    }
}

/// Whether a test is there: `desk/tests/it/keys.rs::name` below `crates/`, or a script of the browser, `e2e/portal.mjs`. Says what is wrong.
pub fn test_exists(cited: &str) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    if cited.starts_with("e2e/") {
        return if root.join(cited).is_file() { Ok(()) } else { Err(format!("there is no {cited}")) };
    }
    let (file, name) = cited.split_once("::").ok_or_else(|| format!("`{cited}` names no test"))?;
    let text = std::fs::read_to_string(root.join("crates").join(file)).map_err(|error| format!("{file}: {error}"))?;
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let begins = |line: &str| {
        line.trim_start_matches("async ")
            .strip_prefix("fn ")
            .and_then(|rest| rest.strip_prefix(name))
            .is_some_and(|rest| rest.starts_with('('))
    };
    let at = lines.iter().position(|line| begins(line)).ok_or_else(|| format!("{file} has no `{name}`"))?;
    let is_test = |line: &&str| line.starts_with("#[test") || line.starts_with("#[tokio::test");
    if lines[at.saturating_sub(4)..at].iter().any(is_test) { Ok(()) } else { Err(format!("`{cited}` is no test")) }
}

/// What stands in backquotes.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// The table of threats: numbered without a gap, each with what holds it off and tests that are there.
#[test]
fn every_threat_names_its_control_and_tests_that_are_there() {
    let page = include_str!("../../../../docs/security.md");
    let part = page.split("## Threats, controls, tests").nth(1).expect("the table").split("\n## ").next().unwrap();
    let rows: Vec<Vec<&str>> = part
        .lines()
        .map(|line| line.trim().trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>())
        .filter(|cells| cells.len() == 4 && cells[0].parse::<usize>().is_ok())
        .collect();
    assert!(rows.len() >= 40, "{} threats", rows.len());
    let mut wrong = Vec::new();
    for (at, cells) in rows.iter().enumerate() {
        assert_eq!(cells[0], (at + 1).to_string(), "threats are numbered one after another");
        assert!(cells[1].len() > 10 && cells[2].len() > 10, "threat {}: {cells:?}", cells[0]);
        // Without a test it says so, and then it stands among what is not protected, or is the operator's.
        if quoted(cells[3]).count() == 0 {
            assert!(cells[3].starts_with("none:"), "threat {} names no test and does not say why", cells[0]);
        }
        wrong.extend(quoted(cells[3]).filter_map(|cited| Some(format!("threat {}: {}", cells[0], test_exists(cited).err()?))));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // The map below points to threats by their numbers.
    let map = page.split("## Map to the levels of security").nth(1).expect("the map").split("\n## ").next().unwrap();
    let numbers = map.lines().filter(|line| line.starts_with("| ")).filter_map(|line| line.trim_matches('|').rsplit('|').next());
    let numbers: Vec<usize> =
        numbers.flat_map(|cell| cell.split([',', ' ', '.', ';'])).filter_map(|word| word.trim().parse().ok()).collect();
    assert!(numbers.len() > 20 && numbers.iter().all(|number| (1..=rows.len()).contains(number)), "{numbers:?}");
}
