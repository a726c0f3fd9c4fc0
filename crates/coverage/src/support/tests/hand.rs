//! Runs the step over tables written by hand.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use base::places::Places;
use book::{Book, RunManifest, StepRecord};
use chapter::{Cancelled, ChapterError, Inputs, Progress, RunOptions, Step, StepContext, StepTable, TableBuilder, run_steps};
use engine::arrow::datatypes::DataType;
use engine::rows;
use law::Law;
use rules::{Rules, TableSchemas};

use crate::support::SupportStep;

/// Tables as text: name, then rows with a header, cells split by `|`, empty for NULL.
pub(super) type Hand = Vec<(&'static str, &'static str)>;

struct Given(Hand);

const TABLES: [&str; 9] = [
    "person",
    "bhyt_card",
    "supported_group",
    "pupil",
    "social_pension",
    "pension",
    "bhxh_month",
    "voluntary_payment",
    "insured_elsewhere",
];

impl Step for Given {
    fn name(&self) -> &'static str {
        "test.given"
    }
    fn reads(&self) -> &'static [&'static str] {
        &[]
    }
    fn writes(&self) -> &'static [&'static str] {
        &TABLES
    }
    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        self.0.iter().map(|(name, text)| table(context, name, text)).collect()
    }
}

fn table(context: &StepContext, name: &str, text: &str) -> Result<StepTable, ChapterError> {
    let name = TABLES.into_iter().find(|t| *t == name).unwrap();
    let schema = context.schema(name)?;
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let head = cells(lines.next().unwrap());
    let mut out = TableBuilder::new(schema.clone())?;
    for (number, line) in lines.enumerate() {
        let row: BTreeMap<String, String> = head.iter().cloned().zip(cells(line)).collect();
        for field in schema.fields() {
            let cell = row.get(field.name()).map(String::as_str).filter(|cell| !cell.is_empty());
            match field.data_type() {
                DataType::Utf8 if field.name() == "source_file" => out.text(Some("a.xlsx")),
                DataType::Utf8 if field.name() == "basis" => out.text(Some("population")),
                DataType::Utf8 => out.text(cell),
                DataType::Date32 => out.date(cell.map(|c| c.parse::<base::Date>().unwrap().days_since_epoch())),
                DataType::Boolean => {
                    let yes = matches!(field.name().as_str(), "alive_on_period_end" | "on_spine");
                    out.flag(Some(cell.map_or(yes, |c| c == "true")))
                }
                _ if field.name() == "source_row" => out.int(Some(number as i64 + 1)),
                _ => out.int(cell.map(|c| c.parse().unwrap())),
            };
        }
    }
    Ok(StepTable::new(name, schema, out.finish()?))
}

struct Quiet;

impl Progress for Quiet {
    fn at(&self, _: &str, _: u64, _: u64) {}
    fn skipped(&self, _: &str) {}
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path, found: &mut Vec<(String, String)>, base: &Path) {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files(&path, found, base);
        } else if path.extension().is_some_and(|e| e == "yaml") {
            found.push((path.strip_prefix(base).unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()));
        }
    }
}

fn content(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    files(&root().join(folder), &mut found, &root().join(folder));
    found
}

/// A month's run of the step over tables.
pub(super) fn run(book: &Book, period: &str, hand: Hand, previous: Option<&RunManifest>) -> Vec<StepRecord> {
    let law = content("law");
    let law = Law::load(law.iter().map(|(p, t)| (p.as_str(), t.as_str()))).unwrap();
    let schemas = TableSchemas::load(content("formats/tables"), content("formats/claims")).unwrap();
    let (rules, places) = (Rules::default(), Places::default());
    let inputs = Inputs {
        period: period.parse().unwrap(),
        program: "test",
        content: "test",
        law: &law,
        rules: &rules,
        schemas: &schemas,
        places: &places,
        codes: &intake::Codes::default(),
        batches: &[],
        packets: &[],
        desk: &BTreeMap::new(),
        previous,
        earlier: &[],
        numbering: None,
        standing: None,
        full: false,
    };
    let options = RunOptions { partitions: 1, threads: 1, memory_mb: None };
    let steps: Vec<Box<dyn Step>> = vec![Box::new(Given(hand)), Box::new(SupportStep)];
    run_steps(&steps, &inputs, book, &options, false, &Quiet, &Cancelled::default()).unwrap()
}

/// Some columns of a table as lines.
pub(super) fn lines(book: &Book, records: &[StepRecord], table: &str, columns: &[&str]) -> Vec<String> {
    let lies = records.iter().find_map(|r| r.tables.get(table)).unwrap();
    let mut found = Vec::new();
    for batch in book.read_table(lies, Some(columns)).unwrap() {
        for row in 0..batch.num_rows() {
            let cell = |name: &&str| rows::canonical(batch.column_by_name(name).unwrap(), row).unwrap().unwrap_or("-".into());
            found.push(columns.iter().map(cell).collect::<Vec<_>>().join(" "));
        }
    }
    found
}

/// A finished run that a later one finds before itself.
pub(super) fn manifest(period: &str, steps: Vec<StepRecord>) -> RunManifest {
    serde_json::from_value(serde_json::json!({
        "id": format!("{period}-test"), "schema": 1, "period": period, "program": "test", "content": "test", "batches": [], "desk": {},
        "previous": null, "numbering": null, "steps": steps,
    }))
    .unwrap()
}
