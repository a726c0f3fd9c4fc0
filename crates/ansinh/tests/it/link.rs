//! `ansinh link`: any two tables by a specification, in all formats, modes and kinds of trouble.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{ansinh, good, shared_folder, text};

const SPEC: &str = r#"
mode = "one-to-one"

[left]
id = "no"

[right]
id = "ref"

[[field]]
name = "name"
kind = "vietnamese_name"
left = "họ tên"
right = ["họ", "tên"]

[[field]]
name = "born"
kind = "date"
left = "ngày sinh"
right = "born"

[[field]]
name = "place"
kind = "place"
left = "xã"
right = "commune"
"#;

/// Tables of invented people: `(id, surname and middle name, given name, birth date, commune)`.
fn people() -> Vec<(usize, String, &'static str, String, &'static str)> {
    let surnames = ["Nguyễn Văn", "Trần Thị", "Lê Minh", "Phạm Quốc", "Hoàng Thu", "Vũ Đức", "Đặng Ngọc", "Bùi Thanh"];
    let given = ["An", "Bình", "Chi", "Dũng", "Hà", "Khánh", "Lan", "Minh", "Nga", "Phúc", "Quỳnh", "Sơn", "Tú"];
    let communes = ["Ba Vì", "Đống Đa", "Hoàn Kiếm", "Sóc Sơn", "Tây Hồ"];
    // Spread without any rhythm: rows that resemble one another regularly would be copies to any linkage.
    let draw = |n: usize, stream: usize, of: usize| {
        let x = (n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (stream as u64).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 29)) % of as u64) as usize
    };
    let person = |n: usize| {
        let born = format!("{}-{:02}-{:02}", 1950 + draw(n, 1, 60), 1 + draw(n, 2, 12), 1 + draw(n, 3, 28));
        (n, surnames[draw(n, 4, 8)].to_owned(), given[draw(n, 5, 13)], born, communes[draw(n, 6, 5)])
    };
    (0..400).map(person).collect()
}

fn folder(name: &str) -> std::path::PathBuf {
    // A name as on a clerk's machine: letters with marks, and spaces.
    let folder = shared_folder().join(format!("Ghép bảng {name}"));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Both tables as CSV: the right one has three hundred of the people, in another order, dates the other way round.
fn tables(folder: &Path) -> (String, String, String) {
    let mut left = "no;họ tên;ngày sinh;xã\n".to_owned();
    let mut right = "ref,họ,tên,born,commune\n".to_owned();
    let mut truth = "left_id,right_id\n".to_owned();
    for (n, surname, given, born, commune) in people() {
        left.push_str(&format!("L{n};{surname} {given};{born};{commune}\n"));
    }
    for (n, surname, given, born, commune) in people().into_iter().rev().filter(|p| p.0 % 4 != 3) {
        let (year, day) = (&born[..4], format!("{}/{}", &born[8..], &born[5..7]));
        right.push_str(&format!("R{n},{},{given},{day}/{year},{commune}\n", surname.to_uppercase()));
        truth.push_str(&format!("L{n},R{n}\n"));
    }
    let write = |name: &str, content: &str| {
        let path = folder.join(name);
        fs::write(&path, content).unwrap();
        text(&path).to_owned()
    };
    write("spec.toml", SPEC);
    (write("trái.csv", &left), write("phải.csv", &right), write("truth.csv", &truth))
}

fn spec(folder: &Path, content: &str) -> String {
    let path = folder.join("spec.toml");
    fs::write(&path, content).unwrap();
    text(&path).to_owned()
}

fn share(report: &Value, key: &str) -> f64 {
    report[key].as_f64().unwrap_or_else(|| panic!("no {key}: {report}"))
}

#[test]
fn two_tables_are_linked_scored_and_explained() {
    let folder = folder("hai bảng");
    let (left, right, truth) = tables(&folder);
    let (spec, out) = (text(&folder.join("spec.toml")).to_owned(), folder.join("kết quả.csv"));
    let arguments = ["link", &left, &right, "--spec", &spec, "--out", text(&out), "--truth", &truth];
    let report = good(&[&arguments[..], &["--explain", "L1", "R1", "--weights"]].concat());
    assert_eq!((report["left_rows"].as_u64(), report["right_rows"].as_u64()), (Some(400), Some(300)));
    for key in ["pairs_scored", "links", "threshold", "cpu_seconds", "peak_mb", "seconds"] {
        assert!(!report[key].is_null(), "{key}");
    }
    assert!(report["seconds"]["score"].is_number());
    assert!(share(&report, "f1") > 0.98 && share(&report, "blocking_recall") > 0.99, "{report}");
    // The waterfall adds up.
    let pair = &report["explained"];
    let parts = pair["parts"].as_array().unwrap();
    let sum: i64 =
        parts.iter().flat_map(|p| ["millibits", "rarity_millibits", "tie_millibits"].map(|k| p[k].as_i64().unwrap())).sum();
    let of = |key: &str| pair[key].as_i64().unwrap();
    assert_eq!(of("prior_millibits") + sum + of("related_millibits"), of("total_millibits"));
    let classes = report["reliability"].as_array().unwrap();
    assert!(classes.iter().all(|class| class["pairs"].as_u64() > Some(0)) && !classes.is_empty(), "{report}");
    let written = fs::read_to_string(&out).unwrap();
    let mut lines = written.lines();
    assert_eq!(lines.next(), Some("left_id,right_id,weight,probability,pass,margin"));
    assert_eq!(lines.count() as u64, report["links"].as_u64().unwrap());
    // Words for people, and threads change nothing.
    let words = ansinh(&[&arguments[..], &["--explain", "L1", "R1", "--threads", "1"]].concat());
    assert_eq!(words.code, 0, "{words:?}");
    assert!(words.stdout.contains("Giải thích cặp") && words.stdout.contains("(trước khi so)"), "{}", words.stdout);
    assert_eq!(fs::read_to_string(&out).unwrap(), written);
}

#[test]
fn formats_do_not_change_the_links() {
    let folder = folder("định dạng");
    let (left, right, _) = tables(&folder);
    let spec = text(&folder.join("spec.toml")).to_owned();
    let parquet = folder.join("links.parquet");
    let csv = folder.join("links.csv");
    good(&["link", &left, &right, "--spec", &spec, "--out", text(&csv)]);
    good(&["link", &left, &right, "--spec", &spec, "--out", text(&parquet)]);
    let rows: usize = engine::read_parquet(&parquet, None).unwrap().1.iter().map(|b| b.num_rows()).sum();
    assert_eq!(rows + 1, fs::read_to_string(&csv).unwrap().lines().count());
    // The same left table as a workbook and in an old encoding of Vietnam's.
    let rows: Vec<Vec<String>> =
        fs::read_to_string(&left).unwrap().lines().map(|l| l.split(';').map(str::to_owned).collect()).collect();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (r, row) in rows.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            sheet.write(r as u32 + 2, c as u16, cell.as_str()).unwrap();
        }
    }
    let xlsx = folder.join("trái.xlsx");
    book.save(&xlsx).unwrap();
    let wide = folder.join("trái-utf16.csv");
    let units = std::iter::once(0xfeff).chain(fs::read_to_string(&left).unwrap().encode_utf16().collect::<Vec<_>>());
    fs::write(&wide, units.flat_map(u16::to_le_bytes).collect::<Vec<_>>()).unwrap();
    for other in [&xlsx, &wide] {
        let out = folder.join("other.csv");
        good(&["link", text(other), &right, "--spec", &spec, "--out", text(&out)]);
        assert_eq!(fs::read_to_string(&out).unwrap(), fs::read_to_string(&csv).unwrap(), "{}", other.display());
    }
    // What was written can be read: the links are a table of ids, linked here with themselves.
    let own = "mode = \"one-to-one\"\nleft = { id = \"left_id\" }\nright = { id = \"left_id\" }\nfield = [ { name = \"r\", kind = \"id\", left = \"right_id\" } ]\n";
    let own_spec = self::spec(&folder, own);
    let report = good(&["link", text(&parquet), text(&csv), "--spec", &own_spec, "--out", text(&folder.join("own.csv"))]);
    assert_eq!(report["links"].as_u64(), Some(300));
}

#[test]
fn clusters_and_their_pairs_are_written() {
    let folder = folder("nhóm");
    let mut table = "id,name,born,town\n".to_owned();
    let mut truth = "id,cluster\n".to_owned();
    for (n, surname, given, born, commune) in people() {
        table.push_str(&format!("{n}a,\"{given}, {surname}\",{born},{commune}\n"));
        truth.push_str(&format!("{n}a,{n}\n"));
        if n % 3 == 0 {
            table.push_str(&format!("{n}b,{surname} {given},{born},{commune}\n"));
            truth.push_str(&format!("{n}b,{n}\n"));
        }
    }
    let (one, truth_path) = (folder.join("t.csv"), folder.join("truth.csv"));
    fs::write(&one, table).unwrap();
    fs::write(&truth_path, truth).unwrap();
    let spec = spec(
        &folder,
        "mode = \"clusters\"\nleft = { id = \"id\" }\nfield = [\n { name = \"name\", kind = \"person_name\", left = \"name\" },\n { name = \"born\", kind = \"date\", left = \"born\" },\n { name = \"town\", kind = \"place\", left = \"town\" },\n]\n",
    );
    for name in ["out.csv", "out.parquet"] {
        let out = folder.join(name);
        let report = good(&["link", text(&one), "--spec", &spec, "--out", text(&out), "--truth", text(&truth_path)]);
        assert!(share(&report, "f1") > 0.95 && share(&report, "exact_clusters") > 0.95, "{report}");
        assert!(report["clusters"].as_u64().unwrap() > 120, "{report}");
        assert!(folder.join(format!("{name}.pairs")).exists());
    }
    let clusters = fs::read_to_string(folder.join("out.csv")).unwrap();
    assert!(clusters.starts_with("id,cluster\n0a,0a\n0b,0a\n1a,1a\n"), "{}", &clusters[..60]);
}

#[test]
fn decisions_of_people_stand() {
    let folder = folder("quyết định");
    let (left, right, _) = tables(&folder);
    let (spec, labels, out) = (text(&folder.join("spec.toml")).to_owned(), folder.join("labels.csv"), folder.join("out.csv"));
    fs::write(&labels, "left_id,right_id,same\nL1,R2,true\nL4,R4,false\n").unwrap();
    good(&["link", &left, &right, "--spec", &spec, "--out", text(&out), "--labels", text(&labels)]);
    let written = fs::read_to_string(&out).unwrap();
    assert!(written.contains("\nL1,R2,") && !written.contains("\nL1,R1,") && !written.contains("\nL4,R4,"), "{written}");
    fs::write(&labels, "left_id,right_id,same\nL1,R2,true\nL1,R9999,true\n").unwrap();
    let arguments = ["link", &left, &right, "--spec", &spec, "--out", text(&out), "--labels", text(&labels), "--json"];
    let outcome = ansinh(&arguments);
    assert_eq!(outcome.code, 3);
    assert!(outcome.error()["place"].as_str().unwrap().contains("labels.csv, dòng 3"), "{outcome:?}");
}

#[test]
fn many_partners_thresholds_blocks_and_all_pairs() {
    let folder = folder("nhiều");
    let (left, right, truth) = tables(&folder);
    let many = SPEC.replace("one-to-one", "many") + "\n[[block]]\non = [\"born\"]\n\n[[block]]\non = [\"name\", \"place\"]\n";
    let spec = spec(&folder, &many);
    let out = folder.join("out.csv");
    let arguments = ["link", &left, &right, "--spec", &spec, "--out", text(&out), "--truth", &truth];
    let report = good(&arguments);
    assert_eq!(report["passes"].as_array().unwrap().len(), 2);
    assert!(share(&report, "recall") > 0.98, "{report}");
    let strict = good(&[&arguments[..], &["--threshold", "0.999"]].concat());
    assert_eq!(share(&strict, "threshold"), 0.999);
    assert!(strict["links"].as_u64() <= report["links"].as_u64());
    let all = good(&[&arguments[..], &["--all-pairs"]].concat());
    assert_eq!(fs::read_to_string(&out).unwrap().lines().count() as u64 - 1, all["pairs_scored"].as_u64().unwrap());
}

/// Fails, and gives the place and the code.
fn refused(arguments: &[&str], code: i32) -> (String, String) {
    let outcome = ansinh(&[arguments, &["--json"]].concat());
    assert_eq!(outcome.code, code, "{outcome:?}");
    let error = outcome.error();
    (error["place"].as_str().unwrap().to_owned(), error["code"].as_str().unwrap().to_owned())
}

#[test]
fn what_is_wrong_is_named_with_file_line_and_column() {
    let folder = folder("lỗi");
    let (left, right, _) = tables(&folder);
    let out = text(&folder.join("out.csv")).to_owned();
    let try_spec = |content: &str| {
        let spec = spec(&folder, content);
        refused(&["link", &left, &right, "--spec", &spec, "--out", &out], 3)
    };
    let (place, code) = try_spec(&SPEC.replace("\"date\"", "\"dates\""));
    assert_eq!((place.as_str(), code.as_str()), ("spec.toml, dòng 18, cột 8", "spec_invalid"));
    let (place, code) = try_spec("mode = \n");
    assert!(place.starts_with("spec.toml, dòng 1"), "{place} {code}");
    let (place, code) = try_spec(&SPEC.replace("\"born\"\n\n[[field]]", "\"birth\"\n\n[[field]]"));
    assert_eq!((place.as_str(), code.as_str()), ("spec.toml, dòng 20, cột 9", "tables_column_missing"));
    let (place, code) = try_spec(&(SPEC.to_owned() + "[[block]]\non = [\"surname\"]\n"));
    assert_eq!((place.as_str(), code.as_str()), ("spec.toml, dòng 28, cột 7", "tables_block_field_unknown"));
    let (_, code) = try_spec(&SPEC.replace("one-to-one", "clusters"));
    assert_eq!(code, "tables_two_for_clusters");
    let spec = spec(&folder, SPEC);
    let bad = folder.join("bad.csv");
    let try_left = |content: &str| {
        fs::write(&bad, content).unwrap();
        refused(&["link", text(&bad), &right, "--spec", &spec, "--out", &out], 3)
    };
    let head = "no,họ tên,ngày sinh,xã\n";
    assert_eq!(
        try_left(&format!("{head}1,A,2000,x\n\n2,B,2001,y\n1,C,2002,z\n")),
        ("bad.csv, dòng 5, cột no".into(), "tables_id_twice".into())
    );
    assert_eq!(
        try_left(&format!("{head}1,A,2000,x\n,B,2001,y\n")),
        ("bad.csv, dòng 3, cột no".into(), "tables_id_missing".into())
    );
    assert_eq!(try_left(&format!("{head}1,A,2000,x,y\n")), ("bad.csv, dòng 2, cột 5".into(), "row_wider".into()));
    assert_eq!(try_left(&format!("{head}1,\"A,2000,x\n2,B,2,y\n")).1, "quotes_broken");
    assert_eq!(try_left("").1, "file_empty");
    // The command line itself.
    let absent = text(&folder.join("none.csv")).to_owned();
    assert_eq!(refused(&["link", &absent, &right, "--spec", &spec, "--out", &out], 3).1, "file_unreadable");
    refused(&["link", &left, &right, "--spec", &spec, "--out", "x.txt"], 2);
    refused(&["link", &left, &right, "--spec", &spec, "--out", &left], 2);
    refused(&["link", &left, &right, "--out", &out], 2);
    refused(&["link", &left, &right, "--spec", &spec, "--out", &out, "--threshold", "1.5"], 2);
    refused(&["link", "--period", "2026-10", "--out", &out], 2);
    assert!(!Path::new(&out).exists());
}

#[test]
fn empty_tables_and_hostile_names_link_without_harm() {
    let folder = folder("lạ");
    let spec = spec(
        &folder,
        "mode = \"one-to-one\"\nleft = { id = \"id\" }\nright = { id = \"id\" }\nfield = [\n { name = \"n\", kind = \"person_name\", left = \"name\" },\n { name = \"v\", kind = \"vietnamese_name\", left = \"name\" },\n { name = \"t\", kind = \"text\", left = \"name\" },\n { name = \"d\", kind = \"date\", left = \"name\" },\n { name = \"i\", kind = \"id\", left = \"name\" },\n { name = \"p\", kind = \"postcode\", left = \"name\" },\n { name = \"q\", kind = \"number\", left = \"name\" },\n { name = \"y\", kind = \"year\", left = \"name\" },\n]\n",
    );
    let (a, b, out) = (folder.join("a.csv"), folder.join("b.csv"), folder.join("out.csv"));
    fs::write(&a, "id,name\n").unwrap();
    fs::write(&b, "id,name\n1,x\n").unwrap();
    for (l, r) in [(&a, &b), (&b, &a), (&a, &a)] {
        let report = good(&["link", text(l), text(r), "--spec", &spec, "--out", text(&out)]);
        assert_eq!((report["links"].as_u64(), report["pairs_scored"].as_u64()), (Some(0), Some(0)));
    }
    let long = "Nguyễn ".repeat(3_000);
    let names = [
        "=HYPERLINK(\"\"x\"\")",
        "'; DROP TABLE người; --",
        "\u{202e}\u{200d}\u{feff}",
        "😀👩‍👩‍👧",
        "Ñandú ﷽ ß İ ı",
        "999999999999999999999999",
        "0000-00-00",
        "1e400",
        "-0",
        "NaN",
        "\u{0}\u{1}",
        "e\u{301}\u{302}\u{303}\u{304}",
        &long[..],
        "اسم",
        "山田太郎",
        "ⅳ½",
        "٣٤",
        "𝔑𝔤𝔲𝔶ễ𝔫",
    ];
    let table: String = names.iter().enumerate().map(|(n, name)| format!("{n},\"{name}\"\n")).collect();
    // A byte of zero is no text; the rest of that name stays.
    let table = format!("id,name\n{}", table.replace('\u{0}', ""));
    fs::write(&a, &table).unwrap();
    fs::write(&b, &table).unwrap();
    let report = good(&["link", text(&a), text(&b), "--spec", &spec, "--out", text(&out), "--all-pairs"]);
    assert_eq!(report["left_rows"].as_u64(), Some(names.len() as u64));
}
