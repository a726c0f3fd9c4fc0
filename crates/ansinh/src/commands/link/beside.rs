//! What may be given beside the tables: the truth, and decided pairs.

use std::collections::HashMap;
use std::path::Path;

use linkage::tables::{Label, Mode, Reliability, Table, TablesLinked, TruthScore};

use super::load::LoadedTable;
use crate::failure::Failure;

/// Rows of both tables by their ids; of one table for both sides in clusters mode.
pub struct Ids<'t> {
    /// Left (or only) table.
    pub left: HashMap<&'t str, u32>,
    /// Right table; the left one again where there is one table.
    pub right: HashMap<&'t str, u32>,
}

impl<'t> Ids<'t> {
    /// The ids of both tables, from the columns where they stand.
    pub fn new(left: (&'t LoadedTable, usize), right: Option<(&'t LoadedTable, usize)>) -> Self {
        let of = |(table, column): (&'t LoadedTable, usize)| -> HashMap<&'t str, u32> {
            let rows = 0..table.table.rows();
            rows.filter_map(|row| Some((table.table.cell(column, row)?, u32::try_from(row).ok()?))).collect()
        };
        Self { left: of(left), right: of(right.unwrap_or(left)) }
    }
}

/// Figures against the truth, with how many of its lines name rows that the tables do not have.
pub struct Scored {
    /// The figures.
    pub score: TruthScore,
    /// Of pairs said to be p, how many are right.
    pub reliability: Vec<Reliability>,
    /// Lines of the truth about unknown rows.
    pub unknown: u64,
}

/// Scores links (or clusters) against a file.
pub fn score(linked: &TablesLinked, path: &Path, mode: Mode, ids: &Ids<'_>) -> Result<Scored, Failure> {
    if mode == Mode::Clusters {
        let (file, columns) = read(path, &["id", "cluster"])?;
        let mut numbers: HashMap<&str, u64> = HashMap::new();
        let mut truth: Vec<Option<u64>> = vec![None; linked.clusters.len()];
        let mut unknown = 0;
        for row in 0..file.table.rows() {
            let (id, cluster) = (cell(&file, columns[0], row)?, cell(&file, columns[1], row)?);
            let next = numbers.len() as u64;
            match ids.left.get(id) {
                Some(at) => truth[*at as usize] = Some(*numbers.entry(cluster).or_insert(next)),
                None => unknown += 1,
            }
        }
        // A row the truth does not name is a cluster of its own.
        let named = numbers.len() as u64;
        let truth: Vec<u64> = truth.iter().enumerate().map(|(row, c)| c.unwrap_or(named + row as u64)).collect();
        let (score, reliability) = (linked.score_clusters(&truth), linked.reliability_of_clusters(&truth));
        return Ok(Scored { score, reliability, unknown });
    }
    let (file, columns) = read(path, &["left_id", "right_id"])?;
    let mut pairs = Vec::new();
    let mut unknown = 0;
    for row in 0..file.table.rows() {
        let (left, right) = (cell(&file, columns[0], row)?, cell(&file, columns[1], row)?);
        match (ids.left.get(left), ids.right.get(right)) {
            (Some(left), Some(right)) => pairs.push((*left, *right)),
            _ => unknown += 1,
        }
    }
    Ok(Scored { score: linked.score_pairs(&pairs), reliability: linked.reliability_of_pairs(&pairs), unknown })
}

/// Reads decided pairs; a line about a row that the tables do not have is an error.
pub fn labels(path: &Path, ids: &Ids<'_>) -> Result<Vec<Label>, Failure> {
    let (file, columns) = read(path, &["left_id", "right_id", "same"])?;
    let wrong = |row: usize, column: &str, message: String| {
        let place = format!("dòng {}, cột {column}", file.line(row));
        Failure { place, ..Failure::input("labels_invalid", message) }.in_file(path)
    };
    let mut labels = Vec::new();
    for row in 0..file.table.rows() {
        let at = |map: &HashMap<&str, u32>, column: usize, name: &str| {
            let id = cell(&file, columns[column], row)?;
            map.get(id).copied().ok_or_else(|| wrong(row, name, "Các bảng không có dòng nào mang mã này.".into()))
        };
        let (left, right) = (at(&ids.left, 0, "left_id")?, at(&ids.right, 1, "right_id")?);
        let word = cell(&file, columns[2], row)?.to_lowercase();
        let same = match word.as_str() {
            "1" | "true" | "yes" | "y" | "same" | "match" | "cùng" | "có" | "đúng" => true,
            "0" | "false" | "no" | "n" | "different" | "khác" | "không" | "sai" => false,
            _ => return Err(wrong(row, "same", "Cột `same` chỉ nhận true hoặc false.".into())),
        };
        labels.push(Label { left, right, same });
    }
    Ok(labels)
}

/// A file with these columns, by name or else by place.
fn read(path: &Path, names: &[&str]) -> Result<(LoadedTable, Vec<usize>), Failure> {
    let file = LoadedTable::read(path, names)?;
    let columns: Vec<usize> = names.iter().map(|name| file.column(name, usize::MAX)).collect();
    if let Some(at) = columns.iter().position(|c| *c == usize::MAX) {
        let message = format!("Tệp không có cột `{}`; tệp có các cột: {}.", names[at], file.table.columns().join(", "));
        let remedy = format!("Dòng đầu của tệp phải là {}.", names.join(","));
        return Err(Failure { remedy, ..Failure::input("column_missing", message) }.in_file(path));
    }
    Ok((file, columns))
}

fn cell(file: &LoadedTable, column: usize, row: usize) -> Result<&str, Failure> {
    file.table.cell(column, row).ok_or_else(|| {
        let name = file.table.columns().get(column).cloned().unwrap_or_default();
        let place = format!("{}, dòng {}, cột {name}", file.name, file.line(row));
        Failure { place, ..Failure::input("cell_missing", "Ô trống ở chỗ phải có giá trị.") }
    })
}
