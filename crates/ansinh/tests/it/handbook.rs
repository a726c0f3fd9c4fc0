//! The handbook of the claims audit: every command in it is one of the program, with options that it takes.

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
