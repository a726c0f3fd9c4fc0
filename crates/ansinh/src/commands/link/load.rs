//! Tables of any of the three formats, read by what they are and not by how they are called.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use engine::{ParquetReader, rows};
use intake::{IntakeError, Limits, PlainTable, Source};
use linkage::tables::{PackedTable, Table};

use crate::failure::Failure;

/// The wanted columns of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadedTable {
    /// File name.
    pub name: String,
    /// Columns in the order of the file; those that were not wanted are named and left empty.
    pub table: PackedTable,
    /// Row and line from which on lines follow one another; ascending.
    jumps: Vec<(usize, u64)>,
}

impl LoadedTable {
    /// Reads the wanted columns of a file; case and outer spaces of their names do not matter.
    pub fn read(path: &Path, wanted: &[&str]) -> Result<Self, Failure> {
        let mut loaded = if is_parquet(path) { parquet(path, wanted) } else { plain(path, wanted) }?;
        loaded.name = file_name(path);
        loaded.table.shrink();
        Ok(loaded)
    }

    /// The line of a row in its file; in Parquet rows are counted from 1.
    pub fn line(&self, row: usize) -> u64 {
        let at = self.jumps.partition_point(|(from, _)| *from <= row);
        at.checked_sub(1).map_or(row as u64 + 1, |at| self.jumps[at].1 + (row - self.jumps[at].0) as u64)
    }

    /// The place of a column by name, or `otherwise` where no column is called so.
    pub fn column(&self, name: &str, otherwise: usize) -> usize {
        self.table.columns().iter().position(|c| same(c, name)).unwrap_or(otherwise)
    }
}

/// Whether two names mean one column.
fn same(column: &str, wanted: &str) -> bool {
    column == wanted || column.trim().to_lowercase() == wanted.trim().to_lowercase()
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Parquet begins with four letters of its own.
fn is_parquet(path: &Path) -> bool {
    let mut magic = [0; 4];
    File::open(path).and_then(|mut file| file.read_exact(&mut magic)).is_ok() && &magic == b"PAR1"
}

fn too_large(path: &Path) -> Failure {
    Failure::input("table_too_large", "một cột của bảng có quá nhiều chữ").in_file(path)
}

fn plain(path: &Path, wanted: &[&str]) -> Result<LoadedTable, Failure> {
    let failed = |error: IntakeError| Failure::of(&error, 3).in_file(path);
    let limits = Limits::default();
    let source = Source::open(path, &limits).map_err(failed)?;
    let mut reader = PlainTable::open(&source, wanted, &limits).map_err(failed)?;
    // Only what is asked for is kept; the names of the others stay for the error that lists them.
    let kept: Vec<usize> =
        (0..reader.columns.len()).filter(|at| wanted.iter().any(|name| same(&reader.columns[*at], name))).collect();
    let others = (0..reader.columns.len()).filter(|at| !kept.contains(at));
    let order: Vec<usize> = kept.iter().copied().chain(others).collect();
    let mut loaded =
        LoadedTable { table: PackedTable::new(order.iter().map(|at| reader.columns[*at].clone())), ..LoadedTable::default() };
    let (mut row, mut next_line, mut overflow) = (0, 1, false);
    reader
        .rows(&mut |line, cells| {
            if line != next_line {
                loaded.jumps.push((row, line));
            }
            (row, next_line) = (row + 1, line + 1);
            for (column, at) in kept.iter().enumerate() {
                overflow |= !loaded.table.push(column, &cells[*at]);
            }
            Ok(())
        })
        .map_err(failed)?;
    if overflow { Err(too_large(path)) } else { Ok(loaded) }
}

fn parquet(path: &Path, wanted: &[&str]) -> Result<LoadedTable, Failure> {
    let failed = |error: engine::EngineError| {
        let remedy = "Kiểm tra tệp Parquet; các cột cần so phải là chữ, số, ngày hoặc đúng/sai.";
        Failure { remedy: remedy.into(), ..Failure::of(&error, 3).in_file(path) }
    };
    let all: Vec<String> =
        ParquetReader::open(path, None).map_err(failed)?.schema().fields().iter().map(|f| f.name().clone()).collect();
    let (kept, others): (Vec<&String>, Vec<&String>) = all.iter().partition(|c| wanted.iter().any(|name| same(c, name)));
    let mut loaded =
        LoadedTable { table: PackedTable::new(kept.iter().chain(&others).map(|c| (*c).clone())), ..LoadedTable::default() };
    let names: Vec<&str> = kept.iter().map(|c| c.as_str()).collect();
    if names.is_empty() {
        return Ok(loaded);
    }
    for batch in ParquetReader::open(path, Some(&names)).map_err(failed)? {
        let batch = batch.map_err(failed)?;
        for (column, name) in names.iter().enumerate() {
            let cells = rows::text(&batch, name).map_err(failed)?;
            for cell in &cells {
                if !loaded.table.push(column, cell.unwrap_or_default()) {
                    return Err(too_large(path));
                }
            }
        }
    }
    Ok(loaded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Danh sách.csv");
        std::fs::write(&path, "\nb,A ,c\n1,x,\n\n\n2,y,z\n3,,z\n").unwrap();
        let loaded = LoadedTable::read(&path, &["a", "c"]).unwrap();
        assert_eq!(loaded.table.columns(), ["A", "c", "b"]);
        assert_eq!((0..3).map(|row| loaded.line(row)).collect::<Vec<_>>(), [3, 6, 7]);
        assert_eq!((loaded.table.cell(0, 1), loaded.table.cell(1, 0), loaded.table.cell(0, 2)), (Some("y"), None, None));
        assert_eq!((loaded.column("C", 9), loaded.column("none", 9)), (1, 9));
    }
}
