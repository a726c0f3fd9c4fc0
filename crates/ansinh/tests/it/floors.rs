//! The house as cargo sees it: floors, who may know whom, one arrow, no I/O below, licences.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

/// Which floor each crate stands on; it may use crates of lower floors only.
///
/// The city stands below the binary that makes it and scores runs with it, and beside the chapters,
/// which must never know it.
const FLOORS: [(&str, u32); 25] = [
    ("base", 0),
    ("law", 1),
    ("linkage", 1),
    ("trust", 1),
    ("vault", 1),
    ("engine", 2),
    ("intake", 2),
    ("claimfile", 2),
    ("rules", 3),
    ("book", 3),
    ("desk", 3),
    ("documents", 3),
    ("plan", 3),
    ("oidc", 3),
    ("web", 3),
    ("chapter", 4),
    ("coverage", 5),
    ("service", 5),
    ("office", 5),
    ("access", 5),
    ("privacy", 5),
    ("followup", 5),
    ("claims", 5),
    ("city", 5),
    ("ansinh", 6),
];

/// One room for each section of the plan. They never import one another.
const CHAPTERS: [&str; 11] =
    ["coverage", "outreach", "contributions", "claims", "care", "benefits", "service", "followup", "office", "access", "privacy"];

/// Crates that open files, sockets or databases or wait for them: nothing below may lead to one.
const WITH_IO: [&str; 8] = ["tokio", "sqlx", "axum", "reqwest", "rusqlite", "hyper", "mio", "async-io"];

/// Licences that dependencies may have.
const LICENCES: [&str; 13] = [
    "MIT",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "Unlicense",
    "0BSD",
    "BSL-1.0",
    "CC0-1.0",
    "MPL-2.0",
    "CDLA-Permissive-2.0",
];

struct Graph {
    /// Name, version and licence by package id.
    packages: BTreeMap<String, (String, String, String)>,
    /// Own crates: name and id.
    own: BTreeMap<String, String>,
    /// Edges by id, with whether the edge is there in a normal build (not only for tests or builds).
    edges: BTreeMap<String, Vec<(String, bool)>>,
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn graph() -> &'static Graph {
    static GRAPH: OnceLock<Graph> = OnceLock::new();
    GRAPH.get_or_init(|| {
        let version = cargo(&["-vV"]);
        let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
        // Of other platforms nothing was fetched, and nothing is built here.
        let text = cargo(&["metadata", "--format-version", "1", "--locked", "--filter-platform", host]);
        let metadata: Value = serde_json::from_str(&text).unwrap();
        let list = |value: &Value| value.as_array().unwrap().clone();
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut graph = Graph { packages: BTreeMap::new(), own: BTreeMap::new(), edges: BTreeMap::new() };
        for package in list(&metadata["packages"]) {
            let facts = (word(&package["name"]), word(&package["version"]), word(&package["license"]));
            graph.packages.insert(word(&package["id"]), facts);
        }
        for id in list(&metadata["workspace_members"]) {
            graph.own.insert(graph.packages[&word(&id)].0.clone(), word(&id));
        }
        for node in list(&metadata["resolve"]["nodes"]) {
            let edge = |dependency: &Value| {
                let normal = list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
                (word(&dependency["pkg"]), normal)
            };
            graph.edges.insert(word(&node["id"]), list(&node["deps"]).iter().map(edge).collect());
        }
        graph
    })
}

impl Graph {
    fn name(&self, id: &str) -> &str {
        &self.packages[id].0
    }

    /// What an own crate depends on directly; with `tests`, also for its tests and build.
    fn direct(&self, own: &str, tests: bool) -> BTreeSet<&str> {
        let edges = self.edges[&self.own[own]].iter();
        edges.filter(|(_, normal)| tests || *normal).map(|(id, _)| self.name(id)).collect()
    }

    /// Everything a crate leads to in a normal build, by name.
    fn reached(&self, own: &str) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let mut open = vec![self.own[own].as_str()];
        while let Some(id) = open.pop() {
            for (next, _) in self.edges[id].iter().filter(|(_, normal)| *normal) {
                if found.insert(next.as_str()) {
                    open.push(next);
                }
            }
        }
        found.into_iter().map(|id| self.name(id)).collect()
    }
}

#[test]
fn each_crate_uses_only_lower_floors() {
    let graph = graph();
    let floors: BTreeMap<&str, u32> = FLOORS.into();
    let named: BTreeSet<&str> = graph.own.keys().map(String::as_str).collect();
    assert_eq!(named, floors.keys().copied().collect(), "every crate has a floor, and every floor its crate");
    let mut edges = 0;
    for (name, floor) in FLOORS {
        for used in graph.direct(name, true).into_iter().filter(|used| floors.contains_key(used)) {
            edges += 1;
            assert!(floors[used] < floor, "`{name}` (floor {floor}) uses `{used}` (floor {})", floors[used]);
        }
    }
    assert!(edges > 30, "only {edges} edges between own crates were seen");
}

#[test]
fn chapters_do_not_know_one_another() {
    let graph = graph();
    let known = CHAPTERS.iter().filter(|chapter| graph.own.contains_key(**chapter));
    let mut seen = 0;
    for chapter in known {
        seen += 1;
        let others = graph.direct(chapter, true).into_iter().filter(|used| CHAPTERS.contains(used) && used != chapter);
        assert_eq!(others.collect::<Vec<_>>(), Vec::<&str>::new(), "`{chapter}` knows another chapter");
    }
    assert!(seen >= 1);
}

/// The city would prove nothing if it shared spellings, readers or rules with what it tests.
#[test]
fn the_city_shares_nothing_with_what_it_tests() {
    let graph = graph();
    let own =
        |crate_name: &str| graph.direct(crate_name, true).into_iter().filter(|u| graph.own.contains_key(*u)).collect::<Vec<_>>();
    assert_eq!(own("city"), ["base"]);
    let users: Vec<&str> = graph.own.keys().map(String::as_str).filter(|name| own(name).contains(&"city")).collect();
    assert_eq!(users, ["ansinh"]);
}

#[test]
fn only_the_engine_names_datafusion_and_its_kin() {
    let graph = graph();
    let kin = |name: &str| {
        ["datafusion", "arrow", "parquet", "object_store"].iter().any(|k| name == *k || name.starts_with(&format!("{k}-")))
    };
    let users: Vec<&str> =
        graph.own.keys().map(String::as_str).filter(|own| graph.direct(own, true).into_iter().any(kin)).collect();
    assert_eq!(users, ["engine"]);
}

#[test]
fn there_is_one_version_of_each_data_crate() {
    let graph = graph();
    let reached: BTreeSet<&String> = graph.edges.keys().collect();
    for wanted in ["arrow", "arrow-array", "arrow-schema", "parquet", "object_store", "datafusion", "sqlx", "libsqlite3-sys"] {
        let versions: BTreeSet<&str> =
            graph.packages.iter().filter(|(id, p)| p.0 == wanted && reached.contains(id)).map(|(_, p)| p.1.as_str()).collect();
        assert_eq!(versions.len(), 1, "{wanted}: {versions:?}");
    }
}

#[test]
fn base_law_and_linkage_do_no_io() {
    let graph = graph();
    for name in ["base", "law", "linkage"] {
        let reached = graph.reached(name);
        let found: Vec<&&str> = WITH_IO.iter().filter(|io| reached.contains(**io)).collect();
        assert!(found.is_empty(), "`{name}` leads to {found:?}");
    }
    // The list itself must be able to find something.
    assert!(WITH_IO.iter().any(|io| graph.reached("ansinh").contains(*io)));
}

#[test]
fn every_licence_is_allowed() {
    let graph = graph();
    let used = graph.packages.iter().filter(|(id, _)| graph.edges.contains_key(*id));
    let refused: Vec<String> = used
        .filter(|(_, (_, _, licence))| !is_allowed(licence))
        .map(|(_, (name, version, licence))| format!("{name} {version}: `{licence}`"))
        .collect();
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn licences_are_read_with_their_brackets() {
    for good in [
        "MIT",
        "MIT/Apache-2.0",
        "GPL-3.0-only OR MIT",
        "(Apache-2.0 OR GPL-2.0-only) AND BSD-3-Clause",
        "Apache-2.0 WITH LLVM-exception OR MIT",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert!(is_allowed(good), "{good}");
    }
    for bad in
        ["", "GPL-3.0-only", "MIT AND GPL-3.0-only", "(MIT OR ISC) AND AGPL-3.0-only", "LGPL-2.1-or-later", "MIT OR", "(MIT"]
    {
        assert!(!is_allowed(bad), "{bad}");
    }
}

/// Whether a licence can be kept with allowed licences alone. An expression that is not understood is not allowed.
fn is_allowed(licence: &str) -> bool {
    let spaced = licence.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any_of(&mut rest) == Some(true) && rest.is_empty()
}

fn any_of(words: &mut &[&str]) -> Option<bool> {
    let mut allowed = all_of(words)?;
    while let ["OR", after @ ..] = *words {
        *words = after;
        allowed |= all_of(words)?;
    }
    Some(allowed)
}

fn all_of(words: &mut &[&str]) -> Option<bool> {
    let mut allowed = one(words)?;
    while let ["AND", after @ ..] = *words {
        *words = after;
        allowed &= one(words)?;
    }
    Some(allowed)
}

fn one(words: &mut &[&str]) -> Option<bool> {
    match *words {
        ["(", after @ ..] => {
            *words = after;
            let allowed = any_of(words)?;
            let [")", after @ ..] = *words else { return None };
            *words = after;
            Some(allowed)
        }
        // An exception only adds permissions.
        [name, "WITH", _, after @ ..] => {
            *words = after;
            Some(LICENCES.contains(name))
        }
        [name, after @ ..] if !matches!(*name, "AND" | "OR" | ")") => {
            *words = after;
            Some(LICENCES.contains(name))
        }
        _ => None,
    }
}
