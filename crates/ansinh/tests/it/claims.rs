//! Health claims from files to findings, as an officer of the city and an officer of a hospital see them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use engine::rows;

use crate::support::{self, PERIOD, ansinh, book, good, latest_run, text};

/// A small city with its claims, made once. A seed of its own: no rule was tuned on it.
fn city() -> &'static Path {
    static CITY: OnceLock<PathBuf> = OnceLock::new();
    CITY.get_or_init(|| {
        let out = support::shared_folder().join("claims-city");
        let made =
            ["city", "--scale", "0.002", "--seed", "77", "--from", PERIOD, "--months", "1", "--claims", "--out", text(&out)];
        good(&made);
        out
    })
}

fn claims() -> PathBuf {
    city().join("claims").join(PERIOD)
}

/// A data folder with rosters, catalogues and claims taken in and the month run.
pub fn audited() -> &'static Path {
    static DATA: OnceLock<PathBuf> = OnceLock::new();
    DATA.get_or_init(|| {
        let data = support::shared_folder().join("claims-data");
        let import = ansinh(&["claims", "import", text(&claims()), "--data", text(&data), "--json"]);
        assert_eq!(import.code, 1, "the city cuts some dossiers off on purpose: {import:?}");
        let catalogue = city().join("claims/catalogue");
        for file in support::files_below(&catalogue) {
            let outcome = ansinh(&["intake", "auto", text(&file), "--period", PERIOD, "--data", text(&data), "--json"]);
            assert_eq!(outcome.code, 0, "{}: {outcome:?}", file.display());
        }
        good(&support::run_arguments(&support::rosters(city()), &data));
        data
    })
}

#[test]
fn every_dossier_is_stored_or_refused_and_a_second_import_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let first = ansinh(&["claims", "import", text(&claims()), "--data", text(data), "--json"]);
    let report = first.json();
    let count = |key: &str| report[key].as_u64().unwrap();
    assert_eq!(count("read"), count("stored") + count("refused"));
    let broken = fs::read_to_string(city().join("truth").join(format!("claims_broken_{PERIOD}.csv"))).unwrap();
    assert_eq!(count("refused"), broken.lines().count() as u64 - 1, "those that were cut off, and no others");
    let rejects = fs::read_to_string(report["rejects_file"].as_str().unwrap()).unwrap();
    assert!(rejects.lines().count() as u64 > count("refused"));
    for file in report["files"].as_array().unwrap() {
        assert_eq!(file["read"].as_u64(), Some(file["stored"].as_u64().unwrap() + file["refused"].as_u64().unwrap()), "{file}");
    }
    let again = good(&["claims", "import", text(&claims()), "--data", text(data)]);
    assert!(again["packet"].is_null() && again["files"].as_array().unwrap().iter().all(|file| file["known"] == true), "{again}");
    assert_eq!(book(data).packets().unwrap().len(), 1);
}

#[test]
fn a_month_is_audited_and_what_was_planted_is_found() {
    let data = audited();
    let score = good(&["city", "score", "--truth", text(&city().join("truth")), "--data", text(data)]);
    let claims = &score["claims"];
    let (precision, recall) = (claims["precision"].as_f64().unwrap(), claims["recall"].as_f64().unwrap());
    assert!(precision >= 0.95 && recall >= 0.95, "{claims:#}");
    let run = latest_run(data);
    let tables = run.tables();
    let book = book(data);
    let (mut found, mut by_rule) = (0, 0);
    for batch in book.read_table(&tables["claim_finding"], Some(&["finding_key", "state"])).unwrap() {
        found += batch.num_rows();
        let states = rows::text(&batch, "state").unwrap();
        assert!((0..batch.num_rows()).all(|row| states.value(row) == "new"), "the first run of the period");
    }
    for batch in book.read_table(&tables["claim_rule_run"], None).unwrap() {
        by_rule += rows::int(&batch, "found").unwrap().values().iter().sum::<i64>();
    }
    assert_eq!(i64::try_from(found).unwrap(), by_rule);
    let visits: i64 = book
        .read_table(&tables["claim_facility"], Some(&["visits"]))
        .unwrap()
        .iter()
        .map(|batch| rows::int(batch, "visits").unwrap().values().iter().sum::<i64>())
        .sum();
    assert_eq!(visits.unsigned_abs(), tables["claim_stay"].rows, "totals agree");
}

#[test]
fn figures_of_the_plan_come_from_claims_and_open_their_rows() {
    let data = audited();
    let ask = |sql: &str| good(&["query", sql, "--data", text(data)])["rows"].as_array().unwrap().clone();
    let number = |cell: &serde_json::Value| cell.as_str().unwrap_or_else(|| panic!("no number: {cell}")).parse::<i64>().unwrap();
    let city = "SELECT id, numerator, denominator, missing, rows_query FROM claim_indicator WHERE commune IS NULL ORDER BY id";
    let lines = ask(city);
    let ids: Vec<&str> = lines.iter().map(|line| line[0].as_str().unwrap()).collect();
    assert_eq!(ids, ["T5b", "T5c", "T5c-visits", "T5d"]);
    let status = good(&["plan", "status", "--data", text(data)]);
    let figures: Vec<&serde_json::Value> =
        status["tasks"].as_array().unwrap().iter().flat_map(|task| task["figures"].as_array().unwrap()).collect();
    let shown = ["commune-visits", "facilities-over-30-days", "visits-over-30-days", "tests-repeated"];
    for (line, figure) in lines.iter().zip(shown) {
        assert!(line[3].is_null(), "the city hands its catalogues over: {line}");
        let (part, whole) = (number(&line[1]), number(&line[2]));
        assert!(part <= whole && whole > 0, "{line}");
        let opened = ask(&format!("SELECT count(*) FROM ({})", line[4].as_str().unwrap()));
        assert_eq!(number(&opened[0][0]), part, "{line}");
        let told = figures.iter().find(|one| one["id"] == figure).unwrap();
        assert_eq!((told["numerator"].as_i64(), told["denominator"].as_i64()), (Some(part), Some(whole)), "{told}");
    }
    assert!(number(&lines[0][1]) > 0, "stations are told by their names");
    // Facilities behind: together they are the city, and those that never do it are there by name.
    let sums = ask("SELECT sum(visits), sum(over_30_given), sum(tests_repeated) FROM claim_facility_figure");
    assert_eq!(number(&sums[0][0]).unsigned_abs(), latest_run(data).tables()["claim_stay"].rows);
    assert_eq!((&sums[0][1], &sums[0][2]), (&lines[2][1], &lines[3][1]));
    let never = ask("SELECT count(*) FROM claim_facility_figure WHERE over_30_eligible > 0 AND over_30_given = 0");
    assert_eq!(number(&never[0][0]), number(&lines[1][2]) - number(&lines[1][1]));
    assert_eq!(ask("SELECT count(*) FROM claim_indicator WHERE id = 'T5b' AND commune IS NOT NULL")[0][0], "126");
    let once = ask("SELECT count(*) FROM claim_indicator WHERE id = 'T5b' AND commune IS NOT NULL AND numerator > denominator");
    assert_eq!(once[0][0], "0");
}

#[test]
fn the_same_month_gives_the_same_bytes() {
    let replay = good(&["replay", "--data", text(audited())]);
    assert_eq!(replay["differing"].as_array().unwrap().len(), 0, "{replay}");
    assert_eq!(replay["tables"], replay["same_bytes"]);
}

#[test]
fn a_hospital_checks_before_it_sends() {
    let file = support::files_below(&claims()).into_iter().next().unwrap();
    let outcome = ansinh(&["claims", "check", text(&file), "--json"]);
    let report = outcome.json();
    for key in ["visits", "lines", "refused", "findings"] {
        assert!(!report[key].is_null(), "{key}");
    }
    assert!(outcome.code <= 1, "{outcome:?}");
    let folder = tempfile::tempdir().unwrap();
    let sheet = folder.path().join("lỗi trước khi gửi.xlsx");
    let written = ansinh(&["claims", "check", text(&file), "--xlsx", text(&sheet)]);
    assert_eq!(written.code, outcome.code);
    assert!(fs::metadata(&sheet).unwrap().len() > 1000);
    assert!(written.stdout.contains("Cổng của BHXH Việt Nam vẫn là nơi gửi"), "{written:?}");
}

#[test]
fn a_health_check_file_is_refused_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ksk.xml");
    fs::write(&path, "<?xml version=\"1.0\"?><KHAMSUCKHOE><THONGTIN/></KHAMSUCKHOE>").unwrap();
    for command in ["check", "import"] {
        let mut arguments = vec!["claims", command, text(&path), "--json"];
        let data = folder.path().join("data");
        if command == "import" {
            arguments.extend(["--data", text(&data)]);
        }
        let outcome = ansinh(&arguments);
        assert_eq!(outcome.code, 3, "{outcome:?}");
        assert!(outcome.stdout.contains("khám sức khỏe"), "{outcome:?}");
    }
}
