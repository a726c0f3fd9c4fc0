//! Sealed tables are read like plain ones, by the reader and by queries, and by nobody without the key.

use std::path::Path;
use std::sync::Arc;

use base::Explain;
use engine::arrow::array::{Int64Array, StringArray};
use engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use engine::arrow::record_batch::RecordBatch;
use engine::{DataFile, EngineError, Marked, Options, ParquetReader, Session, rows};
use law::Law;
use vault::Keys;

const PLACE: &str = "objects";
const NAME: &str = "Trần Thị Bích Hường";
/// More than one row group, and many chunks.
const ROWS: i64 = 300_000;

fn keys(number: u8) -> Arc<Keys> {
    Arc::new(Keys::new(vec![(format!("k{number}"), [number; 32])]).unwrap())
}

fn sealed(path: &Path, number: u8) -> DataFile {
    DataFile::in_place(path, Some(keys(number)), PLACE)
}

fn people() -> (SchemaRef, RecordBatch) {
    let fields = vec![Field::new("n", DataType::Int64, false), Field::new("name", DataType::Utf8, true)];
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    let names = StringArray::from_iter((0..ROWS).map(|n| (n % 7 != 0).then(|| format!("{NAME} {n}"))));
    let batch = RecordBatch::try_new(schema.clone(), vec![Arc::new(Int64Array::from_iter_values(0..ROWS)), Arc::new(names)]);
    (schema, batch.unwrap())
}

fn session() -> Session {
    let law = Law::load(Vec::<(&str, &str)>::new()).unwrap();
    Session::new(&law, &Options { partitions: 3, memory_mb: None }).unwrap()
}

#[tokio::test]
async fn a_query_over_a_sealed_table_answers_as_over_a_plain_one() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, path) = (folder.path().join("plain.parquet"), folder.path().join("sealed.parquet"));
    let (schema, batch) = people();
    engine::write_parquet(&plain, schema.clone(), std::slice::from_ref(&batch)).unwrap();
    engine::write_parquet(sealed(&path, 1), schema, &[batch]).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    for open in [NAME.as_bytes(), b"PAR1"] {
        assert!(!bytes.windows(open.len()).any(|window| window == open), "{} lies open", String::from_utf8_lossy(open));
    }
    for sql in [
        "SELECT count(*) AS c, count(name) AS d, sum(n) AS s FROM t",
        "SELECT n, name FROM t WHERE n IN (0, 1, 131071, 131072, 299999) ORDER BY n",
        "SELECT n % 10 AS d, max(name) AS m FROM t GROUP BY n % 10 ORDER BY d",
        "SELECT count(*) AS c FROM t AS a JOIN t AS b ON a.n = b.n + 1 WHERE a.name IS NULL",
    ] {
        let mut answers = Vec::new();
        for file in [DataFile::plain(&plain), sealed(&path, 1)] {
            let session = session();
            session.register_parquet("t", file).await.unwrap();
            answers.push(session.collect_with_schema(sql).await.unwrap());
        }
        let [(first_schema, first), (second_schema, second)] = answers.try_into().unwrap();
        let joined =
            |schema: &SchemaRef, batches: &[RecordBatch]| engine::arrow::compute::concat_batches(schema, batches).unwrap();
        assert_eq!(joined(&first_schema, &first), joined(&second_schema, &second), "{sql}");
    }
    // Two sealed tables and a plain one in one session, and tables laid one after the other.
    let session = session();
    session.register_parquet("a", &plain).await.unwrap();
    session.register_parquet("b", sealed(&path, 1)).await.unwrap();
    let files = [sealed(&path, 1), DataFile::plain(&plain)].map(|file| Marked { file, without: Vec::new() });
    session.register_marked("c", ("marked", "id"), &files).await.unwrap();
    let sql = "SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM b) + (SELECT count(*) FROM c WHERE marked) AS all_of_them";
    let answer = session.collect(sql).await.unwrap();
    assert_eq!(rows::int(&answer[0], "all_of_them").unwrap().value(0), 3 * ROWS);
}

#[test]
fn the_reader_reads_sealed_tables_and_their_columns() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sealed.parquet");
    let (schema, batch) = people();
    let mut file = engine::ParquetFile::create(sealed(&path, 1), schema.clone()).unwrap();
    file.write(&batch).unwrap();
    let (count, seal) = file.close_sealed().unwrap();
    assert_eq!(count, ROWS as u64);
    let seal = seal.unwrap();
    let (read, batches) = engine::read_parquet(sealed(&path, 1), None).unwrap();
    assert_eq!(read.fields(), schema.fields());
    assert_eq!(engine::arrow::compute::concat_batches(&read, &batches).unwrap().columns(), batch.columns());
    let names = ParquetReader::open_known(sealed(&path, 1), &["name", "not there"], 7_000).unwrap();
    assert_eq!(names.map(|batch| batch.unwrap().num_rows() as i64).sum::<i64>(), ROWS);
    let some = ParquetReader::open_rows(sealed(&path, 1), &["n"], 200_000, 5).unwrap();
    let some: Vec<i64> = some.flat_map(|batch| rows::int(&batch.unwrap(), "n").unwrap().values().to_vec()).collect();
    assert_eq!(some, [200_000, 200_001, 200_002, 200_003, 200_004]);
    // The same rows, key and place give the same bytes; another key gives others.
    let (again, other) = (folder.path().join("again"), folder.path().join("other"));
    engine::write_parquet(sealed(&again, 1), schema.clone(), &[batch.slice(0, 5), batch.slice(5, ROWS as usize - 5)]).unwrap();
    engine::write_parquet(sealed(&other, 2), schema, &[batch]).unwrap();
    assert_eq!(std::fs::read(&again).unwrap(), std::fs::read(&path).unwrap());
    assert_ne!(std::fs::read(&other).unwrap(), std::fs::read(&path).unwrap());
    // Under its seal it opens, under another it does not.
    assert!(sealed(&path, 1).with_seal(&seal).open().unwrap().check().is_ok());
    assert!(matches!(sealed(&path, 1).with_seal(&"0".repeat(64)).open(), Err(EngineError::Changed { .. })));
}

#[tokio::test]
async fn without_the_key_nothing_opens_and_the_error_says_which() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sealed.parquet");
    let (schema, batch) = people();
    engine::write_parquet(sealed(&path, 1), schema, &[batch]).unwrap();
    for file in [DataFile::plain(&path), sealed(&path, 2)] {
        assert_eq!(file.sealed_with().as_deref(), Some("k1"));
        let error = engine::read_parquet(&file, None).unwrap_err();
        assert!(matches!(&error, EngineError::KeyMissing { key, .. } if key == "k1"), "{error}");
        assert_eq!(error.code(), "book_key_missing");
        assert!(error.remedy().contains("--keys") && error.place().ends_with("sealed.parquet"), "{}", error.remedy());
        assert!(matches!(session().register_parquet("t", file).await, Err(EngineError::KeyMissing { .. })));
    }
    let elsewhere = DataFile::in_place(&path, Some(keys(1)), "rejects/a.csv");
    assert!(matches!(elsewhere.open(), Err(EngineError::Changed { .. })));
}

#[tokio::test]
async fn a_changed_byte_ends_a_query_with_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sealed.parquet");
    let (schema, batch) = people();
    engine::write_parquet(sealed(&path, 1), schema, &[batch]).unwrap();
    let session = session();
    session.register_parquet("t", sealed(&path, 1)).await.unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert!(session.collect("SELECT max(name) AS m, sum(n) AS s FROM t").await.is_err());
}

#[test]
fn other_files_are_sealed_opened_and_left_plain_alike() {
    use std::io::{Read, Seek, SeekFrom, Write};

    let folder = tempfile::tempdir().unwrap();
    let text = NAME.repeat(20_000);
    for file in [
        DataFile::in_place(folder.path().join("a"), Some(keys(1)), "arrivals/a"),
        DataFile::in_place(folder.path().join("b"), None, "b"),
    ] {
        let mut new = file.create().unwrap();
        new.write_all(text.as_bytes()).unwrap();
        let seal = new.finish().unwrap();
        assert_eq!(seal.is_some(), file.sealed_with().is_some());
        assert!(file.create().is_err(), "a file is never written over");
        assert_eq!(file.read().unwrap(), text.as_bytes());
        let opened = file.open().unwrap();
        assert_eq!(opened.length(), text.len() as u64);
        let mut reader = opened.reader();
        reader.seek(SeekFrom::End(-3)).unwrap();
        let mut end = Vec::new();
        reader.read_to_end(&mut end).unwrap();
        assert_eq!(end, &text.as_bytes()[text.len() - 3..]);
    }
    // With keys, what was written plain before stays readable.
    assert_eq!(DataFile::in_place(folder.path().join("b"), Some(keys(1)), "b").read().unwrap(), text.as_bytes());
}
