//! Every layout has a file in the synthetic city, and its files are read with few rows refused.

use std::collections::BTreeMap;
use std::fs;

use crate::support::{PERIOD, ansinh, batches, book, files_below, good, text};

/// Layouts of answers: `city answer` writes them to a question that a run must have asked first; `register.rs` reads them.
const ANSWERS: [&str; 2] = ["identity-answer-2026", "lookup-answer-2026"];

/// Layouts of claims: no office of the city writes these sheets yet; `intake/tests/it/layouts_claims.rs` and
/// `layouts_catalogues.rs` hold them against files written by hand.
fn is_of_claims(id: &str) -> bool {
    id.starts_with("claim-") || id.contains("-catalogue-") || id.starts_with("service-component-")
}

/// Refused among a thousand rows, at most: the city breaks one row in a thousand on purpose, a small file may have several.
const REFUSED_PER_MILLE: u64 = 10;

#[test]
fn every_layout_is_written_by_some_office_of_the_city() {
    let folder = tempfile::tempdir().unwrap();
    let (city, data) = (folder.path().join("thành phố"), folder.path().join("dữ liệu"));
    good(&["city", "--out", text(&city), "--scale", "0.01", "--seed", "5", "--from", PERIOD, "--months", "1"]);
    let mut arguments =
        vec!["intake".to_owned(), "auto".into(), "--period".into(), PERIOD.into(), "--data".into(), text(&data).into()];
    arguments.extend(files_below(&city.join("rosters").join(PERIOD)).iter().map(|file| text(file).to_owned()));
    // The city breaks some rows on purpose, which ends with 1.
    assert_eq!(ansinh(&arguments).code, 1);
    let mut read: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for batch in batches(&book(&data)) {
        let layout = batch.layout.split(' ').next().unwrap_or_default();
        let sums = read.entry(layout.to_owned()).or_default();
        *sums = (sums.0 + batch.stored, sums.1 + batch.quarantined);
    }
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../formats/rosters");
    let mut layouts = Vec::new();
    for path in files_below(&root).into_iter().filter(|path| path.extension().is_some_and(|e| e == "yaml")) {
        let text = fs::read_to_string(&path).unwrap();
        let id = text.lines().find_map(|line| line.strip_prefix("id: ")).unwrap().trim().to_owned();
        layouts.push(id);
    }
    assert!(layouts.len() >= 56, "{layouts:?}");
    assert!(ANSWERS.iter().all(|answer| layouts.iter().any(|id| id == answer)), "{layouts:?}");
    for id in layouts.iter().filter(|id| !ANSWERS.contains(&id.as_str()) && !is_of_claims(id)) {
        let (stored, refused) = read.get(id).copied().unwrap_or_default();
        assert!(stored > 0, "no file of the city is read as `{id}`: {:?}", read.keys());
        assert!(refused * 1_000 <= (stored + refused) * REFUSED_PER_MILLE + 2_000, "`{id}`: {refused} refused beside {stored}");
    }
}
