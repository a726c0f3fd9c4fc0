//! For tests: the city's content, and steps run over tables written by hand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use base::Month;
use base::places::Places;
use book::{BatchRecord, Book, RunManifest, StepRecord, TableRef};
use chapter::{Cancelled, ChapterError, Inputs, Progress, RunOptions, Step, StepContext, StepTable, TableBuilder, run_steps};
use engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use engine::arrow::record_batch::RecordBatch;
use engine::rows;
use law::Law;
use rules::{Rules, TableSchemas};

/// Tables by name, each as lines of cells with commas: first the columns, then the rows.
pub(crate) type Tables<'a> = &'a [(&'static str, &'a str)];

/// The law of the content.
pub(crate) fn law() -> Law {
    let files = files("law");
    Law::load(files.iter().map(|(path, text)| (path.as_str(), text.as_str()))).unwrap_or_else(|_| panic!("the law does not load"))
}

/// A place where months are run over tables written by hand.
pub(crate) struct Desk {
    book: Book,
    law: Law,
    schemas: TableSchemas,
    rules: Rules,
    places: Places,
    previous: Option<RunManifest>,
    batches: Vec<BatchRecord>,
    _folder: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let law = law();
        let schemas = TableSchemas::load(files("formats/tables"), files("formats/claims")).unwrap();
        let rules = Rules::load(std::iter::empty::<(&str, &str)>(), &law, &schemas).unwrap();
        let list = |name: &str| std::fs::read_to_string(root().join("formats/places").join(name)).unwrap();
        let places = Places::from_csv(&list("communes.csv"), &list("old_units.csv")).unwrap();
        let book = Book::open(&folder.path().join("book")).unwrap();
        Self { book, law, schemas, rules, places, previous: None, batches: Vec::new(), _folder: folder }
    }

    /// A roster of the period, as its columns and kinds say: `name:int`, `name:date`, else text.
    pub(crate) fn roster(&mut self, roster: &str, lines: &str) {
        let mut lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
        let columns: Vec<(&str, DataType)> = lines
            .next()
            .unwrap()
            .split(',')
            .map(|column| match column.trim().split_once(':') {
                Some((name, "int")) => (name, DataType::Int64),
                Some((name, "date")) => (name, DataType::Date32),
                _ => (column.trim(), DataType::Utf8),
            })
            .collect();
        let schema: SchemaRef =
            Arc::new(Schema::new(columns.iter().map(|(n, kind)| Field::new(*n, kind.clone(), true)).collect::<Vec<_>>()));
        let mut out = TableBuilder::new(schema.clone()).unwrap();
        for line in lines {
            for (cell, (_, kind)) in line.split(',').map(str::trim).zip(&columns) {
                put(&mut out, kind, Some(cell).filter(|cell| !cell.is_empty()));
            }
        }
        let table = self.book.put_table(schema, &out.finish().unwrap()).unwrap();
        self.batches.push(BatchRecord {
            id: format!("{roster}-{}", self.batches.len()),
            roster: roster.to_owned(),
            period: "2026-10".parse().unwrap(),
            file_name: format!("{roster}.xlsx"),
            layout: String::new(),
            content_hash: String::new(),
            rows_hash: String::new(),
            declared: None,
            read: table.rows,
            stored: table.rows,
            quarantined: 0,
            unknown_columns: Vec::new(),
            facts: BTreeMap::new(),
            table,
            refused: BTreeMap::new(),
            missing_columns: Vec::new(),
            passed_over: 0,
            duplicates: 0,
            replaces: Vec::new(),
            mends: None,
            agreed: None,
        });
    }

    /// Runs steps for a month over the given tables; the next month finds this one as the run before.
    pub(crate) fn run(&mut self, period: &str, given: Tables, steps: Vec<Box<dyn Step>>) {
        let period: Month = period.parse().unwrap();
        let mut all: Vec<Box<dyn Step>> = vec![Box::new(Given(self.given(given)))];
        all.extend(steps);
        let steps = self.steps(period, &all);
        self.previous = Some(manifest(period, steps));
    }

    /// The lines of a query over the tables of the last month, cells joined by a stroke; NULL is a dash.
    pub(crate) fn lines(&self, sql: &str) -> Vec<String> {
        let found = Arc::new(Mutex::new(Vec::new()));
        let ask: Vec<Box<dyn Step>> = vec![Box::new(Ask(sql.to_owned(), found.clone()))];
        self.steps("2026-10".parse().unwrap(), &ask);
        found.lock().unwrap().clone()
    }

    /// Names of the tables of the last month.
    pub(crate) fn tables(&self) -> Vec<String> {
        self.previous.as_ref().map(|run| run.tables().into_keys().collect()).unwrap_or_default()
    }

    fn steps(&self, period: Month, steps: &[Box<dyn Step>]) -> Vec<StepRecord> {
        let inputs = Inputs {
            period,
            program: "test",
            content: "test",
            law: &self.law,
            rules: &self.rules,
            schemas: &self.schemas,
            codes: &intake::Codes::default(),
            places: &self.places,
            batches: &self.batches,
            packets: &[],
            desk: &BTreeMap::new(),
            previous: self.previous.as_ref(),
            earlier: &[],
            numbering: None,
            standing: None,
            full: false,
        };
        let options = RunOptions { partitions: 2, threads: 2, memory_mb: None };
        run_steps(steps, &inputs, &self.book, &options, false, &Silent, &Cancelled::default()).unwrap()
    }

    fn given(&self, tables: Tables) -> Vec<(&'static str, SchemaRef, Vec<RecordBatch>)> {
        let one = |(name, lines): &(&'static str, &str)| {
            let schema = self.schemas.get(name).unwrap_or_else(|| panic!("no contract of {name}")).arrow();
            (*name, schema.clone(), rows_of(schema, lines))
        };
        tables.iter().map(one).collect()
    }
}

/// Puts tables that no step of the test writes.
struct Given(Vec<(&'static str, SchemaRef, Vec<RecordBatch>)>);

impl Step for Given {
    fn name(&self) -> &'static str {
        "test.given"
    }

    fn reads(&self) -> &'static [&'static str] {
        &[]
    }

    fn writes(&self) -> &'static [&'static str] {
        Box::leak(self.0.iter().map(|(name, ..)| *name).collect::<Vec<_>>().into_boxed_slice())
    }

    fn run(&self, _: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        Ok(self.0.iter().map(|(name, schema, rows)| StepTable::new(name, schema.clone(), rows.clone())).collect())
    }
}

/// Asks the tables of the run before.
struct Ask(String, Arc<Mutex<Vec<String>>>);

impl Step for Ask {
    fn name(&self) -> &'static str {
        "test.ask"
    }

    fn reads(&self) -> &'static [&'static str] {
        &[]
    }

    fn writes(&self) -> &'static [&'static str] {
        &[]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let session = context.session(&[])?;
        for (name, table) in context.inputs.previous.unwrap().tables() {
            context.wait(session.register_parquet(&name, context.book.table_at(&table)))?;
        }
        for batch in context.wait(session.collect(&self.0)).unwrap_or_else(|e| panic!("{}: {e}", self.0)) {
            for row in 0..batch.num_rows() {
                let cell = |column| rows::canonical(column, row).unwrap().unwrap_or_else(|| "-".into());
                self.1.lock().unwrap().push(batch.columns().iter().map(cell).collect::<Vec<_>>().join(" | "));
            }
        }
        Ok(Vec::new())
    }
}

/// Rows of a contract. Cells that are not given are NULL, or what is usual: alive, a resident, a source.
fn rows_of(schema: SchemaRef, lines: &str) -> Vec<RecordBatch> {
    let mut lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let given: Vec<&str> = lines.next().unwrap().split(',').map(str::trim).collect();
    for name in &given {
        assert!(schema.field_with_name(name).is_ok(), "no column {name}");
    }
    let mut out = TableBuilder::new(schema.clone()).unwrap();
    for (number, line) in lines.enumerate() {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        assert_eq!(cells.len(), given.len(), "{line}");
        for field in schema.fields() {
            let cell = given.iter().position(|name| name == field.name()).map(|at| cells[at]).filter(|cell| !cell.is_empty());
            let number = number.to_string();
            let usual = match (field.name().as_str(), field.data_type()) {
                ("alive_on_period_end" | "on_spine", _) => Some("true"),
                ("source_row", _) => Some(number.as_str()),
                (_, DataType::Boolean) => Some("false"),
                (_, DataType::Utf8) if !field.is_nullable() => Some("[]"),
                (_, DataType::Date32) if !field.is_nullable() => Some("2026-10-01"),
                (_, DataType::Int64) if !field.is_nullable() => Some("0"),
                _ => None,
            };
            // Cells end at commas, so a semicolon stands for one.
            put(&mut out, field.data_type(), cell.or(usual).map(|cell| cell.replace(';', ",")).as_deref());
        }
    }
    out.finish().unwrap()
}

fn put(out: &mut TableBuilder, kind: &DataType, cell: Option<&str>) {
    match kind {
        DataType::Utf8 => out.text(cell),
        DataType::Date32 => out.date(cell.map(|day| day.parse::<base::Date>().unwrap().days_since_epoch())),
        DataType::Boolean => out.flag(cell.map(|flag| flag == "true")),
        _ => out.int(cell.map(|number| number.parse().unwrap_or_else(|_| panic!("{number} is no number")))),
    };
}

struct Silent;

impl Progress for Silent {
    fn at(&self, _: &str, _: u64, _: u64) {}
    fn skipped(&self, _: &str) {}
}

fn manifest(period: Month, steps: Vec<StepRecord>) -> RunManifest {
    RunManifest {
        id: base::RunId::parse("hand-made").unwrap(),
        schema: 1,
        period,
        program: String::new(),
        content: String::new(),
        batches: Vec::new(),
        packets: Vec::new(),
        desk: BTreeMap::<String, TableRef>::new(),
        previous: None,
        numbering: None,
        standing: None,
        full: false,
        steps,
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The YAML files of a folder of the content with their paths in it.
fn files(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(path) = open.pop() {
        for entry in std::fs::read_dir(&path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "yaml") {
                let name = path.strip_prefix(root().join(folder)).unwrap().to_str().unwrap().to_owned();
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}
