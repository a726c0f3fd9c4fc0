//! With a key file nothing of anybody lies open in the book, and everything else stays as it is.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use book::Book;
use desk::KeyRing;
use engine::rows;

use crate::support::{PERIOD, ansinh, files_below, good, latest_run, rosters, run_arguments, small_city, text};

const SEALED: &[u8] = b"An Sinh sealed 1";
const PUPILS: &str = "Lớp,Số định danh,Họ và tên,Ngày sinh,Giới tính,Năm học\n\
                      6A,001315012345,Nguyễn Thị An,03/02/2015,Nữ,2026-2027\n\
                      6A,001215012346,Lê Văn Bình,31/02/2015,Nam,2026-2027\n";

/// Takes in a class list with a broken row, then runs the month; gives the file of refused rows.
fn month(folder: &Path, data: &Path, more: &[&str]) -> String {
    let list = folder.join("lop-6a-truong-cat-linh.csv");
    fs::write(&list, PUPILS).unwrap();
    let intake = ["intake", "auto", text(&list), "--period", PERIOD, "--data", text(data), "--json"];
    let taken = ansinh(&[&intake[..], more].concat());
    assert_eq!(taken.code, 1, "a row is refused: {taken:?}");
    good(&[&run_arguments(&rosters(small_city()), data)[..], more].concat());
    taken.json()["rejects_file"].as_str().unwrap().to_owned()
}

fn sealed_book(data: &Path, keys: &Path) -> Book {
    Book::open_with_keys(&data.join("book"), Some(KeyRing::load(keys).unwrap().for_book())).unwrap()
}

/// Names and numbers of a few people of the register.
fn words_of_people(book: &Book) -> Vec<String> {
    let run = book.latest_run().unwrap().unwrap();
    let mut found = vec!["Lê Văn Bình".to_owned(), "001215012346".to_owned(), "lop-6a-truong-cat-linh".to_owned()];
    let batch = &book.read_table(&run.tables()["person"], Some(&["full_name", "personal_id"])).unwrap()[0];
    for column in ["full_name", "personal_id"] {
        let cells = rows::text(batch, column).unwrap();
        let long = cells.iter().flatten().filter(|cell| cell.len() >= 10);
        found.extend(long.take(3).map(str::to_owned));
    }
    assert_eq!(found.len(), 9, "{found:?}");
    found
}

#[test]
fn with_a_key_file_nothing_of_anybody_lies_open_in_the_book() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (data, keys, out) = (path("data"), path("keys"), path("tra-lai.csv"));
    let with = ["--keys", text(&keys)];
    let at = ["--data", text(&data), "--keys", text(&keys)];
    let asked = |what: &[&'static str]| [what, &at[..]].concat().iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    good(&asked(&["desk", "keys", "new"]));
    let rejects = month(folder.path(), &data, &with);

    // Every file that may hold people bears the seal, and none of their words can be found. `content` is left out: it holds invented names of
    // the rules' cases, and nothing else of anybody.
    let book = sealed_book(&data, &keys);
    let people = words_of_people(&book);
    let mut sealed = 0;
    for file in files_below(book.root()).into_iter().filter(|file| !file.starts_with(book.root().join("content"))) {
        let bytes = fs::read(&file).unwrap();
        let within = file.strip_prefix(book.root()).unwrap();
        assert!(!bytes.starts_with(b"PAR1") && !bytes.ends_with(b"PAR1"), "{} is a plain table", within.display());
        for word in &people {
            let lies = bytes.windows(word.len()).any(|window| window == word.as_bytes());
            assert!(!lies && !within.display().to_string().contains(word.as_str()), "`{word}` lies open in {}", within.display());
        }
        if ["objects", "batches", "rejects", "steps", "runs"].iter().any(|folder| within.starts_with(folder)) {
            assert!(bytes.starts_with(SEALED), "{} is not sealed", within.display());
            sealed += 1;
        }
    }
    assert!(sealed > 50, "only {sealed} sealed files");
    for table in book.latest_run().unwrap().unwrap().tables().values() {
        book.check_table(table).unwrap();
    }

    // Replay gives the same bytes; without the key it says which one is missing, and nothing more.
    let replay = good(&asked(&["replay"]));
    assert_eq!((&replay["same_bytes"], &replay["differing"]), (&replay["tables"], &serde_json::json!([])), "{replay}");
    let without = ansinh(&["replay", "--data", text(&data), "--json"]);
    assert_eq!((without.code, without.error()["code"].as_str()), (4, Some("book_key_missing")), "{without:?}");
    assert!(without.error()["remedy"].as_str().unwrap().contains("--keys"));

    // Whoever has the keys gets a file out, as an event of the log, and no file of elsewhere.
    assert!(fs::read(&rejects).unwrap().starts_with(SEALED));
    let opened = asked(&["desk", "keys", "open"]);
    good(&[&opened[..], &[rejects.clone(), "--out".into(), text(&out).into()]].concat());
    assert!(fs::read_to_string(&out).unwrap().contains("Lê Văn Bình"));
    let again = ansinh(&[&opened[..], &[rejects, "--out".into(), text(&out).into()]].concat());
    assert_eq!(again.code, 3, "no file is written over: {again:?}");
    let elsewhere = [text(&keys).to_owned(), "--out".into(), text(&path("khoa")).into()];
    assert_eq!(ansinh(&[&opened[..], &elsewhere].concat()).code, 2);

    // A new key first in the file: everything still opens, the same rows get other bytes. Without the old key its files are told as lost.
    let rotated = good(&asked(&["desk", "keys", "rotate"]));
    assert_eq!((&rotated["book"]["lost"], &rotated["book"]["plain"]), (&0.into(), &0.into()), "{rotated}");
    assert_eq!(rotated["book"]["older"], rotated["book"]["sealed"]);
    let replay = good(&asked(&["replay"]));
    assert_eq!((&replay["same_bytes"], &replay["same_rows"]), (&0.into(), &replay["tables"]), "{replay}");
    let new_alone: String = fs::read_to_string(&keys).unwrap().lines().take(2).map(|line| format!("{line}\n")).collect();
    fs::write(&keys, new_alone).unwrap();
    let check = ansinh(&[asked(&["desk", "check"]), vec!["--json".into()]].concat());
    assert_eq!((check.code, check.json()["book"]["lost"].as_u64().is_some_and(|lost| lost > 0)), (1, true), "{check:?}");
}

#[test]
fn the_rows_are_the_same_with_keys_and_without_and_a_plain_book_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (plain, sealed, keys) = (path("plain"), path("sealed"), path("keys"));
    KeyRing::add(&keys, [5; 32]).unwrap();
    month(folder.path(), &plain, &[]);
    month(folder.path(), &sealed, &["--keys", text(&keys)]);
    let rows = |tables: BTreeMap<String, book::TableRef>| -> BTreeMap<String, String> {
        tables.into_iter().map(|(name, table)| (name, table.rows_hash)).collect()
    };
    let run = sealed_book(&sealed, &keys).latest_run().unwrap().unwrap();
    assert_eq!(rows(run.tables()), rows(latest_run(&plain).tables()));

    // Keys come later: what lies plain is read as before, what is written from now on is sealed.
    let at = ["--data", text(&plain), "--keys", text(&keys)];
    let before = good(&[&["config"], &at[..]].concat())["book"].clone();
    assert_eq!((&before["sealed"], before["plain"].as_u64().is_some_and(|plain| plain > 50)), (&0.into(), true), "{before}");
    let replay = good(&[&["replay"], &at[..]].concat());
    assert_eq!((&replay["same_bytes"], &replay["same_rows"]), (&0.into(), &replay["tables"]), "{replay}");
    let after = good(&[&["config"], &at[..]].concat())["book"].clone();
    assert!(after["sealed"].as_u64().is_some_and(|sealed| sealed > 10) && after["lost"] == 0, "{after}");
    let count = good(&[&["query", "SELECT count(*) AS n FROM person"], &at[..]].concat());
    assert_eq!(count["rows"][0][0].as_str().unwrap(), run.tables()["person"].rows.to_string());
}
