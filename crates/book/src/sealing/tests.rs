//! Sealed and plain files of a book, side by side.

use std::collections::BTreeMap;

use engine::arrow::array::StringArray;
use engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use engine::arrow::record_batch::RecordBatch;

use super::*;
use crate::{Arrival, BatchRecord};

const NAME: &str = "Lê Văn Bình";

fn keys(number: u8) -> Keys {
    Keys::new(vec![(format!("k{number}"), [number; 32])]).unwrap()
}

fn both() -> Keys {
    Keys::new(vec![("k2".to_owned(), [2; 32]), ("k1".to_owned(), [1; 32])]).unwrap()
}

fn people(names: &[&str]) -> (SchemaRef, RecordBatch) {
    let schema: SchemaRef = Arc::new(Schema::new(vec![Field::new("name", DataType::Utf8, false)]));
    let batch = RecordBatch::try_new(schema.clone(), vec![Arc::new(StringArray::from(names.to_vec()))]).unwrap();
    (schema, batch)
}

fn table(book: &Book, names: &[&str]) -> TableRef {
    let (schema, batch) = people(names);
    book.put_table(schema, &[batch]).unwrap()
}

fn batch(book: &Book) -> BatchRecord {
    BatchRecord {
        id: format!("pupils-{}", &book.mark("0123456789abcdef")[..12]),
        roster: "pupils".into(),
        period: "2026-10".parse().unwrap(),
        file_name: format!("{NAME}.xlsx"),
        layout: String::new(),
        content_hash: "0123456789abcdef".into(),
        rows_hash: String::new(),
        declared: None,
        read: 2,
        stored: 1,
        quarantined: 1,
        unknown_columns: Vec::new(),
        facts: BTreeMap::new(),
        table: table(book, &[NAME]),
        refused: BTreeMap::from([("bad_date".to_owned(), 1)]),
        missing_columns: Vec::new(),
        passed_over: 0,
        duplicates: 0,
        replaces: Vec::new(),
        mends: None,
        agreed: None,
    }
}

fn arrival(id: &str) -> Arrival {
    let period = "2026-10".parse().unwrap();
    Arrival { id: id.into(), file_name: format!("{NAME}.csv"), period, roster: None, mends: None, at: 5, files: Vec::new() }
}

/// Every file below a folder.
fn files_below(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

#[test]
fn with_keys_no_word_of_what_came_in_lies_open() {
    const ID: &str = "0123456789abcdef0123456789abcdef";
    let folder = tempfile::tempdir().unwrap();
    let book = Book::open_with_keys(folder.path(), Some(keys(1))).unwrap();
    let batch = batch(&book);
    book.add_batch(&batch, format!("Dòng,Họ và tên\n3,{NAME}\n").as_bytes()).unwrap();
    let mut file = book.begin_arrival(ID).unwrap();
    file.write(NAME.as_bytes()).unwrap();
    // While it comes in, too.
    assert!(files_below(folder.path()).iter().all(|path| !holds(path, NAME)), "an arrival lies open while it comes in");
    file.finish().unwrap();
    book.put_arrival(&arrival(ID)).unwrap();
    for path in files_below(folder.path()) {
        assert!(!holds(&path, NAME) && !holds(&path, "PAR1"), "{}", path.display());
        assert!(!path.display().to_string().contains("pupils-0123"), "the name of a batch tells the hash of its file");
    }
    // Whoever has the key reads all of it.
    assert_eq!(book.batches(batch.period).unwrap(), std::slice::from_ref(&batch));
    assert!(String::from_utf8(book.rejects_file(&batch).read().unwrap()).unwrap().contains(NAME));
    assert_eq!(book.arrival_file(ID).unwrap().read().unwrap(), NAME.as_bytes());
    assert_eq!(book.arrival(ID).unwrap().unwrap().file_name, format!("{NAME}.csv"));
    assert_eq!(book.read_table(&batch.table, None).unwrap()[0].num_rows(), 1);
    book.check_table(&batch.table).unwrap();
    let report = book.seal_report().unwrap();
    assert_eq!(report, SealReport { key: Some("k1".into()), sealed: 5, ..SealReport::default() });
}

fn holds(path: &Path, word: &str) -> bool {
    fs::read(path).unwrap().windows(word.len()).any(|window| window == word.as_bytes())
}

#[test]
fn without_the_key_a_sealed_book_says_which_one_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let book = Book::open_with_keys(folder.path(), Some(keys(1))).unwrap();
    let batch = batch(&book);
    book.add_batch(&batch, NAME.as_bytes()).unwrap();
    for other in [Book::open(folder.path()).unwrap(), Book::open_with_keys(folder.path(), Some(keys(2))).unwrap()] {
        let error = other.batches(batch.period).unwrap_err();
        assert!(matches!(&error, BookError::Table(EngineError::KeyMissing { key, .. }) if key == "k1"), "{error}");
        assert!(matches!(other.read_table(&batch.table, None), Err(BookError::Table(EngineError::KeyMissing { .. }))));
        let report = other.seal_report().unwrap();
        assert_eq!((report.sealed, report.lost, report.missing.as_slice()), (3, 3, ["k1".to_owned()].as_slice()));
    }
}

#[test]
fn a_plain_book_goes_on_with_keys_and_a_new_key_leaves_the_old_files() {
    let folder = tempfile::tempdir().unwrap();
    let plain = table(&Book::open(folder.path()).unwrap(), &[NAME]);
    let first = Book::open_with_keys(folder.path(), Some(keys(1))).unwrap();
    let sealed = table(&first, &[NAME]);
    let again = table(&first, &[NAME]);
    let later = Book::open_with_keys(folder.path(), Some(both())).unwrap();
    let newer = table(&later, &[NAME]);
    assert_eq!(sealed, again, "the same rows and key are one file");
    assert_eq!((&plain.rows_hash, &sealed.rows_hash), (&sealed.rows_hash, &newer.rows_hash), "rows are known by their hash");
    assert!(plain.hash != sealed.hash && sealed.hash != newer.hash);
    assert!(sealed.bytes > plain.bytes);
    for known in [&plain, &sealed, &newer] {
        assert_eq!(later.read_table(known, None).unwrap()[0].column(0), people(&[NAME]).1.column(0));
        later.check_table(known).unwrap();
    }
    let new: Vec<bool> = [&plain, &sealed, &newer].map(|known| later.lies_as_new(known)).to_vec();
    assert_eq!(new, [false, false, true]);
    let report = later.seal_report().unwrap();
    assert_eq!((report.key.as_deref(), report.sealed, report.plain, report.older, report.lost), (Some("k2"), 2, 1, 1, 0));
}

#[test]
fn a_file_of_another_table_record_or_folder_does_not_open_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let book = Book::open_with_keys(folder.path(), Some(keys(1))).unwrap();
    let (one, other) = (table(&book, &["Lê An"]), table(&book, &["Lê Chi"]));
    fs::copy(book.table_path(&other), book.table_path(&one)).unwrap();
    assert!(
        matches!(book.read_table(&one, None), Err(BookError::Table(EngineError::Changed { .. }))),
        "a table under another name"
    );
    assert!(book.check_table(&one).is_err());
    let batch = batch(&book);
    book.add_batch(&batch, NAME.as_bytes()).unwrap();
    let records = files_below(&folder.path().join("batches"));
    fs::copy(&records[0], folder.path().join("batches/2026-10_pupils-other.json")).unwrap();
    assert!(
        matches!(book.all_batches(batch.period), Err(BookError::Table(EngineError::Changed { .. }))),
        "a record under another name"
    );
    fs::copy(book.rejects_path(&batch), book.table_path(&other)).unwrap();
    assert!(book.read_table(&other, None).is_err(), "refused rows in the place of a table");
}

#[test]
fn names_of_contents_need_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let plain = Book::open(folder.path()).unwrap();
    assert_eq!(plain.mark("abc"), "abc");
    let sealed = |number| Book::open_with_keys(folder.path(), Some(keys(number))).unwrap().mark("abc");
    assert_eq!(sealed(1), sealed(1));
    assert!(sealed(1) != sealed(2) && !sealed(1).contains("abc"));
}
