//! The register in its modes, the exchange with other agencies, and the queue of pairs to review.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use engine::rows;
use serde_json::Value;

use crate::server::{Answer, Portal, links};
use crate::support::{PERIOD, book, copy_folder, good, latest_run, rosters, small_city, text};

const QUEUE: &str = "/ra-soat-ghep-noi";

/// The rosters of a city without its population roster, as a first deployment has them.
fn without_population(city: &Path, folder: &Path) {
    copy_folder(&rosters(city), folder);
    let population = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let population: Vec<_> =
        population.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("Dan_cu")).collect();
    assert_eq!(population.len(), 1, "{population:?}");
    std::fs::remove_file(&population[0]).unwrap();
}

/// Values of a text column of a table of the newest run, counted.
fn counted(data: &Path, table: &str, column: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for batch in book(data).read_table(&latest_run(data).tables()[table], Some(&[column])).unwrap() {
        for value in rows::text(&batch, column).unwrap().iter() {
            *counts.entry(value.unwrap_or("").to_owned()).or_default() += 1;
        }
    }
    counts
}

fn people_of(data: &Path, table: &str) -> BTreeSet<i64> {
    let batches = book(data).read_table(&latest_run(data).tables()[table], Some(&["person_id"])).unwrap();
    batches.iter().flat_map(|batch| rows::int(batch, "person_id").unwrap().values().to_vec()).collect()
}

fn figure(score: &Value, path: &str) -> f64 {
    score.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("{path} in {score}"))
}

#[test]
fn a_register_is_built_without_a_population_roster_and_answers_make_it_better() {
    let city = small_city();
    let folder = tempfile::tempdir().unwrap();
    let (handed, data) = (folder.path().join("rosters"), folder.path().join("data"));
    without_population(city, &handed);
    good(&["run", "--period", PERIOD, "--rosters", text(&handed), "--data", text(&data)]);
    let truth = city.join("truth");
    let score = || good(&["city", "score", "--truth", text(&truth), "--data", text(&data)]);
    let built = score();
    assert!(figure(&built, "/links/f1") >= 0.98, "{built}");
    let basis = counted(&data, "person", "basis");
    assert!(!basis.contains_key("population") && basis["rosters"] > 0, "{basis:?}");
    // Who is known from work alone is on no list.
    let worklist = people_of(&data, "worklist");
    let sql = "SELECT count(*) AS n FROM worklist w JOIN person p ON p.person_id = w.person_id WHERE NOT p.on_spine";
    let count = good(&["query", sql, "--data", text(&data)])["rows"][0][0].to_string();
    assert_eq!(count.trim_matches('"'), "0");

    let ask = |kind: &str| {
        let (file, out) = (folder.path().join(format!("{kind}.csv")), folder.path().join(kind));
        let made = good(&["exchange", "export", "--kind", kind, "--out", text(&file), "--data", text(&data)]);
        assert!(made["exchange"]["rows"].as_u64().unwrap() > 0, "{made}");
        good(&["city", "answer", "--truth", text(&truth), "--check", text(&file), "--kind", kind, "--out", text(&out)]);
        good(&["run", "--period", PERIOD, "--rosters", text(&out), "--data", text(&data)]);
    };
    ask("identity");
    ask("lookup");
    let answered = score();
    assert!(figure(&answered, "/not_covered/precision") > figure(&built, "/not_covered/precision"), "{answered}");
    let less = people_of(&data, "worklist");
    assert!(less.len() < worklist.len(), "{} and {}", less.len(), worklist.len());
    // A run that used answers is replayed from what the book kept.
    let run = latest_run(&data);
    let replay = good(&["replay", run.id.as_str(), "--data", text(&data)]);
    assert_eq!((&replay["differing"], &replay["same_bytes"]), (&serde_json::json!([]), &replay["tables"]), "{replay}");
}

#[test]
fn check_files_hold_no_more_than_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    good(&["run", "--period", PERIOD, "--rosters", text(&rosters(small_city())), "--data", text(&data)]);
    let file = folder.path().join("hoi.csv");
    let export = ["exchange", "export", "--kind", "identity", "--out", text(&file), "--data", text(&data)];
    good(&export);
    let sent = std::fs::read_to_string(&file).unwrap();
    let mut lines = sent.trim_start_matches('\u{feff}').lines();
    assert_eq!(lines.next(), Some("token,so_dinh_danh,ho_ten,ngay_sinh,xa_phuong,ma_so_bhxh"));
    let tokens: BTreeSet<&str> = lines.clone().filter_map(|line| line.split(',').next()).collect();
    assert_eq!(tokens.len(), lines.clone().count(), "tokens name one row each");
    assert!(lines.all(|line| line.ends_with(',')), "the police get no insurance number");
    // Another file has other tokens, and none is written over.
    assert_ne!(crate::support::ansinh(&export).code, 0);
    let again = folder.path().join("hoi-lai.csv");
    good(&["exchange", "export", "--kind", "identity", "--out", text(&again), "--data", text(&data)]);
    let other = std::fs::read_to_string(&again).unwrap();
    assert!(tokens.iter().all(|token| !other.contains(token)));
}

#[test]
fn people_keep_their_numbers_from_month_to_month() {
    let folder = tempfile::tempdir().unwrap();
    let (city, data) = (folder.path().join("city"), folder.path().join("data"));
    let make = ["city", "--scale", "0.001", "--seed", "11", "--from", PERIOD, "--months", "2", "--out", text(&city)];
    good(&make);
    let month = |period: &str| {
        let rosters = city.join("rosters").join(period);
        good(&["run", "--period", period, "--rosters", text(&rosters), "--data", text(&data)]);
        people_of(&data, "person")
    };
    let (before, after) = (month(PERIOD), month("2026-11"));
    let kept = before.intersection(&after).count();
    assert!(kept * 1000 >= after.len() * 985, "{kept} of {} keep their numbers", after.len());
}

fn forms(page: &str) -> BTreeMap<String, String> {
    let form = page.split("<form").find(|form| form.contains(&format!("action=\"{QUEUE}/"))).unwrap_or_default();
    let inputs = form.split("<input").skip(1).filter(|input| input.contains("type=\"hidden\""));
    let value = |input: &str, name: &str| input.split(&format!("{name}=\"")[..]).nth(1)?.split('"').next().map(str::to_owned);
    inputs.filter_map(|input| Some((value(input, "name")?, value(input, "value")?))).collect()
}

fn send(portal: &Portal, path: &str, form: &BTreeMap<String, String>, verdict: &str, reason: &str) -> Answer {
    let mut body = format!("verdict={verdict}&reason={reason}");
    form.iter().for_each(|(name, value)| body.push_str(&format!("&{name}={value}")));
    let own = portal.address();
    portal.post(path, &[("Sec-Fetch-Site", "same-origin"), ("Origin", own.as_str())], &body)
}

#[test]
fn a_pair_of_the_queue_is_decided_once_and_with_a_reason() {
    let portal = Portal::open();
    let queue = portal.get(QUEUE).page();
    let pair = links(&queue).into_iter().map(|link| link.href).find(|href| href.starts_with(&format!("{QUEUE}/")));
    let pair = pair.unwrap_or_else(|| panic!("the demo has no pair to review"));
    let shown = portal.get(&pair).page();
    let form = forms(&shown);
    assert!(form.contains_key("own") && form.contains_key("candidate"), "{form:?}");
    assert_eq!(send(&portal, &pair, &form, "not-same", "").status, 400, "a reason is needed");
    let short = send(&portal, &pair, &form, "same", "x%20y").text();
    assert!(short.contains("id=\"reason-error\"") && short.contains(">x y</textarea>"), "what was typed comes back: {short}");
    assert_eq!(send(&portal, &pair, &form, "perhaps", "xem%20giay%20to").status, 400, "same or not the same");
    let forged = BTreeMap::from([("own".to_owned(), "0".repeat(32)), ("candidate".to_owned(), form["candidate"].clone())]);
    let forged: BTreeMap<_, _> = form.clone().into_iter().chain(forged).collect();
    assert_eq!(send(&portal, &pair, &forged, "not-same", "xem%20giay%20to").status, 400, "another pair's row");
    let events = portal.audit_events();
    assert_eq!(send(&portal, &pair, &form, "not-same", "xem%20giay%20to").status, 303);
    assert!(portal.audit_events() > events);
    assert!(forms(&portal.get(&pair).page()).is_empty(), "a decided pair offers no form");
    // The next run does not ask again.
    let data = portal.data.path();
    let asked = |data: &Path| counted(data, "link_review", "own_key").get(&form["own"]).copied().unwrap_or(0);
    let before = asked(data);
    good(&["run", "--period", PERIOD, "--data", text(data)]);
    assert!(asked(data) < before, "{before}");
    // The register as a whole is the city's; a commune decides about its own people only.
    let commune = format!("vai-tro={}", portal.roles("u-xa-")[0]);
    assert_eq!(portal.get_as("/so-nguoi", &commune).status, 403);
    let own = portal.get_as(QUEUE, &commune).page();
    let pairs = |page: &str| links(page).into_iter().filter(|link| link.href.starts_with(&format!("{QUEUE}/"))).count();
    assert!(pairs(&own) < pairs(&queue), "{} of {}", pairs(&own), pairs(&queue));
}
