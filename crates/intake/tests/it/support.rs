//! What the tests share: layouts, places, reading into one table, writing workbooks.

use std::path::Path;
use std::sync::OnceLock;

use base::Date;
use base::places::Places;
use intake::{Chunk, IntakeError, Layouts, Limits, Report, Source, Values};
use rust_xlsxwriter::{Format, Workbook, Worksheet};

/// The layouts of the project.
pub fn layouts() -> &'static Layouts {
    static LAYOUTS: OnceLock<Layouts> = OnceLock::new();
    LAYOUTS.get_or_init(load_layouts)
}

/// Every layout there is, so that each test also proves that no other layout takes its file away.
fn load_layouts() -> Layouts {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../formats/rosters");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|e| e == "yaml")).collect();
    files.sort();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    Layouts::load(files.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap()))).unwrap()
}

/// The communes of Hà Nội.
pub fn places() -> &'static Places {
    static PLACES: OnceLock<Places> = OnceLock::new();
    let communes = include_str!("../../../../formats/places/communes.csv");
    let old_units = include_str!("../../../../formats/places/old_units.csv");
    PLACES.get_or_init(|| Places::from_csv(communes, old_units).unwrap())
}

/// A file that was read: its report and all its rows.
#[derive(Debug)]
pub struct Read {
    pub report: Report,
    pub chunks: Vec<Chunk>,
}

impl Read {
    /// A column as text: days as ISO, nothing as `∅`.
    pub fn column(&self, name: &str) -> Vec<String> {
        self.chunks.iter().flat_map(|chunk| texts(chunk.column(name).unwrap_or_else(|| panic!("no column {name}")))).collect()
    }
}

fn texts(values: &Values) -> Vec<String> {
    let nothing = || "∅".to_owned();
    match values {
        Values::Text(v) => v.iter().map(|t| t.clone().unwrap_or_else(nothing)).collect(),
        Values::Int(v) => v.iter().map(|n| n.map_or_else(nothing, |n| n.to_string())).collect(),
        Values::Date(v) => {
            v.iter().map(|d| d.and_then(Date::from_days_since_epoch).map_or_else(nothing, |d| d.to_string())).collect()
        }
        Values::Bool(v) => v.iter().map(|b| b.map_or_else(nothing, |b| b.to_string())).collect(),
    }
}

/// Reads a file with the project's layouts.
pub fn read(name: &str, bytes: &[u8]) -> Result<Read, IntakeError> {
    read_with(name, bytes, None, &Limits::default())
}

/// The same with a roster asked for and other limits.
pub fn read_with(name: &str, bytes: &[u8], roster: Option<&str>, limits: &Limits) -> Result<Read, IntakeError> {
    read_by(layouts(), name, bytes, roster, limits)
}

/// The same with other layouts.
pub fn read_by(layouts: &Layouts, name: &str, bytes: &[u8], roster: Option<&str>, limits: &Limits) -> Result<Read, IntakeError> {
    let mut chunks = Vec::new();
    let source = Source::new(name, bytes.to_vec());
    let report = intake::read(&source, roster, layouts, places(), limits, &mut |chunk| {
        chunks.push(chunk);
        Ok(())
    })?;
    let rows: usize = chunks.iter().map(Chunk::rows).sum();
    assert_eq!(report.stored, rows as u64);
    assert_eq!(report.read, report.stored + report.quarantined);
    assert_eq!(report.quarantined, report.rejects.len() as u64);
    Ok(Read { report, chunks })
}

/// One layout from the lines of its keys below `version`.
pub fn layout_of(keys: &str) -> Layouts {
    let text = format!("id: x-1\nroster: x\ntitle: {{vi: X, en: X}}\nvalid_from: 2026-01-01\nversion: \"1\"\n{keys}");
    Layouts::load([("x.yaml".to_owned(), text)]).unwrap()
}

/// A workbook of one sheet.
pub fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

/// Writes texts into a row (1-based), leaving out empty ones.
pub fn line(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, cell) in cells.iter().enumerate().filter(|(_, c)| !c.is_empty()) {
        sheet.write_string(row - 1, column as u16, *cell).unwrap();
    }
}

/// A text file with tabs from rows whose cells are written with strokes between them; short rows are filled up.
pub fn tabs(text: &str) -> Vec<u8> {
    let rows: Vec<Vec<&str>> = text.lines().map(|row| row.trim().split('|').collect()).collect();
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let row = |cells: &Vec<&str>| format!("{}{}\n", cells.join("\t"), "\t".repeat(width - cells.len()));
    rows.iter().map(row).collect::<String>().into_bytes()
}

/// Merges cells (1-based rows, 0-based columns) under one text.
pub fn merge(sheet: &mut Worksheet, rows: (u32, u32), columns: (u16, u16), text: &str) {
    let format = Format::new();
    if rows.0 == rows.1 && columns.0 == columns.1 {
        sheet.write_string(rows.0 - 1, columns.0, text).unwrap();
    } else {
        sheet.merge_range(rows.0 - 1, columns.0, rows.1 - 1, columns.1, text, &format).unwrap();
    }
}

/// What was chosen, stored and quarantined.
pub fn outcome(read: &Read) -> (&str, u64, u64) {
    (&read.report.layout, read.report.stored, read.report.quarantined)
}

/// The reason and the field of the only refused row.
pub fn fault(read: &Read) -> (&str, &str) {
    let [one] = read.report.rejects.as_slice() else { panic!("{:?}", read.report.rejects) };
    (one.reason.code(), &one.field)
}
