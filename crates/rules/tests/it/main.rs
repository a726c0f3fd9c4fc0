//! Rules as the program loads them, and rule files that must be refused.

// Helpers of tests may unwrap as tests do; clippy knows only functions marked #[test].
#![allow(clippy::unwrap_used)]

mod at_stake;
mod content;
mod provided;
mod proving;
mod refusals;
mod running;

use std::path::{Path, PathBuf};

use law::Law;
use rules::{Rules, TableSchemas};

/// The repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Files of a content folder by their path relative to it, in order.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let base = root().join(folder);
    let mut found = Vec::new();
    let mut open = vec![base.clone()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                let name = path.strip_prefix(&base).unwrap().to_str().unwrap().to_owned();
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// The real law.
fn law() -> Law {
    let files = files("law", "yaml");
    Law::load(files.iter().map(|(path, text)| (path.as_str(), text.as_str()))).unwrap()
}

/// The real table contracts.
fn schemas() -> TableSchemas {
    TableSchemas::load(files("formats/tables", "yaml"), files("formats/claims", "yaml")).unwrap()
}

/// The real rules.
fn rules() -> Rules {
    let loaded = Rules::load(files("rules", "md"), &law(), &schemas());
    loaded.unwrap_or_else(|faults| panic!("{}", faults.iter().map(|f| format!("{f}\n")).collect::<String>()))
}
