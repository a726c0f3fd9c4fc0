//! The plan from outside: reading one, the plans the program carries, what a plan may name.

use std::fs;
use std::path::PathBuf;

use desk::UnitKind;
use serde_json::{Value, json};

use crate::support::{ansinh, good, text};

/// A plan of an invented province, which the reader's own tests use too.
fn sample() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../plan/tests/it/data/song-thuong.txt"))
}

#[test]
fn a_plan_is_imported_with_the_promised_keys() {
    let sample = sample();
    let plan = good(&["plan", "import", text(&sample), "--first-run", "2026-10-31"]);
    let tasks = plan["tasks"].as_array().unwrap();
    assert_eq!((tasks.len(), &plan["unread"], &plan["file"]), (6, &json!([]), &json!("song-thuong.txt")));
    for task in tasks {
        for key in ["id", "group", "content", "lead", "product", "time"] {
            assert!(task[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {task}");
        }
        assert!(task["partners"].as_array().is_some_and(|partners| partners.iter().all(Value::is_string)), "{task}");
    }
    let first = &tasks[0];
    assert_eq!((&first["id"], &first["lead"]), (&json!("1"), &json!("BHXH tỉnh Sông Thương")));
    assert_eq!(first["partners"], json!(["Sở Nội vụ", "Thống kê tỉnh Sông Thương", "UBND các xã, phường"]));
    // Five years of a fourth quarter, the first one after the first run.
    let due: Vec<&str> = first["occurrences"].as_array().unwrap().iter().map(|one| one["due"].as_str().unwrap()).collect();
    assert_eq!(due, ["2026-12-31", "2027-12-31", "2028-12-29", "2029-12-31", "2030-12-31"]);
    let monthly = tasks[1]["occurrences"].as_array().unwrap();
    assert_eq!((monthly.len(), &monthly[0]["before_first_run"]), (60 + 20, &json!(true)));
    // What is blank in the copy is null, not a guess.
    assert_eq!((&plan["head"]["number"], &plan["head"]["date"]), (&json!(null), &json!(null)));
    assert_eq!(plan["assignments"].as_array().unwrap().len(), 3);
    let counts = plan["counts"].as_object().unwrap();
    let sum: u64 = counts.iter().filter(|(key, _)| *key != "lines").map(|(_, count)| count.as_u64().unwrap()).sum();
    assert_eq!(counts["lines"].as_u64().unwrap(), sum);

    let human = ansinh(&["plan", "import", text(&sample)]);
    assert_eq!(human.code, 0, "{human:?}");
    for part in ["6 nhiệm vụ", "Số: không thấy trong tệp", "Chủ trì: BHXH tỉnh Sông Thương", "Cần xem lại:"]
    {
        assert!(human.stdout.contains(part), "{part}: {}", human.stdout);
    }
}

#[test]
fn unread_lines_end_with_one_other_files_with_three() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("kế hoạch hỏng.txt");
    let whole = fs::read_to_string(sample()).unwrap();
    fs::write(&broken, whole.replace("- Đơn vị phối hợp: Sở Tài chính, Sở Y tế.", "- Đ vị p hp: Sở Tài chính, Sở Y tế."))
        .unwrap();
    let outcome = ansinh(&["plan", "import", text(&broken), "--json"]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    let unread = outcome.json()["unread"].clone();
    let line = whole.lines().position(|line| line.contains("Sở Tài chính, Sở Y tế")).unwrap() + 1;
    assert_eq!((&unread[0]["line"], &unread[0]["text"]), (&json!(line), &json!("Đ vị p hp: Sở Tài chính, Sở Y tế.")));
    assert!(ansinh(&["plan", "import", text(&broken)]).stdout.contains("Chưa đọc được"));

    for (name, bytes, code) in [
        ("a.pdf", &b"%PDF-1.7"[..], "not_a_document"),
        ("thư.txt", "Kính gửi: Sở Y tế\n\nĐề nghị cho ý kiến.\n\nTrân trọng.".as_bytes(), "not_a_plan"),
        ("rỗng.txt", b"", "file_empty"),
        ("cụt.docx", b"PK\x03\x04abc", "file_truncated"),
    ] {
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        let outcome = ansinh(&["plan", "import", text(&file), "--json"]);
        assert_eq!((outcome.code, outcome.error()["code"].as_str().unwrap()), (3, code), "{name}");
        assert!(outcome.error()["place"].as_str().unwrap().contains(name), "{outcome:?}");
    }
    assert_eq!(ansinh(&["plan", "import", "/no/such/file", "--json"]).code, 3);
    assert_eq!(ansinh(&["plan", "import", text(&sample()), "--from", "2026-02-01", "--to", "2026-01-01", "--json"]).code, 2);
}

#[test]
fn an_imported_plan_becomes_a_plan_of_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("plan").join("song-thuong.yaml");
    fs::create_dir(folder.path().join("plan")).unwrap();
    good(&["plan", "import", text(&sample()), "--out", text(&out)]);
    // What somebody may have mended by hand is not written over.
    assert_eq!(ansinh(&["plan", "import", text(&sample()), "--out", text(&out), "--json"]).code, 2);
    let list = good(&["plan", "list", "--content", text(folder.path())]);
    let files: Vec<&str> = list["plans"].as_array().unwrap().iter().map(|plan| plan["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["plan/hanoi-2026-2030.yaml", "plan/song-thuong.yaml"]);
    assert_eq!(list["plans"][1]["tasks"].as_array().unwrap().len(), 6);
    // A fault is told with its place.
    fs::write(&out, fs::read_to_string(&out).unwrap().replace("kind: commune", "kind: komune")).unwrap();
    let wrong = ansinh(&["plan", "list", "--content", text(folder.path()), "--json"]);
    assert_eq!(wrong.code, 3, "{wrong:?}");
    assert!(wrong.error()["message"].as_str().unwrap().contains("plan/song-thuong.yaml:"), "{wrong:?}");
}

#[test]
fn the_city_plan_is_carried_and_its_past_deadlines_are_marked() {
    let list = good(&["plan", "list", "--first-run", "2026-10-31"]);
    let plan = &list["plans"][0];
    let tasks = plan["tasks"].as_array().unwrap();
    assert_eq!(tasks.len(), 34);
    let of = |id: &str| tasks.iter().find(|task| task["id"] == id).unwrap();
    // 5c, 5d and 7c were due by the second quarter of 2026, before anything was run: kept and marked.
    for id in ["5c", "5d", "7c"] {
        let due = &of(id)["occurrences"][0];
        assert_eq!((&due["due"], &due["before_first_run"]), (&json!("2026-06-30"), &json!(true)), "{id}");
    }
    let duties = plan["duties"].as_array().unwrap();
    let business = duties.iter().find(|duty| duty["id"] == "finance-businesses").unwrap();
    assert_eq!((&business["reminder"]["place"], &business["obligation"]["place"]), (&json!("III.2a"), &json!("IV.4")));
    let tax = duties.iter().find(|duty| duty["id"] == "tax-settlement").unwrap();
    let april = tax["occurrences"].as_array().unwrap().iter().find(|one| one["rhythm"] == 0).unwrap();
    assert_eq!(april["due"], json!("2026-04-29"), "before 30 April");
    assert!(ansinh(&["plan", "list"]).stdout.contains("nhắc theo"));
}

#[test]
fn kinds_of_units_are_those_of_the_desk() {
    let desk: Vec<&str> = UnitKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(plan::KINDS.to_vec(), desk);
}
