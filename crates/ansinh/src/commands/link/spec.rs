//! The specification file, and where in it something is wrong.

use std::path::{Path, PathBuf};

use linkage::tables::{Spec, TableError};

use super::load::LoadedTable;
use crate::failure::Failure;

/// A specification with the text it was read from.
pub struct SpecFile {
    /// What it says.
    pub spec: Spec,
    path: PathBuf,
    text: String,
}

impl SpecFile {
    /// Reads a specification; an error names line and column.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let failed = |code: &str, message: String, place: String, remedy: &str| Failure {
            exit: 3,
            code: code.into(),
            message,
            place,
            remedy: remedy.into(),
        };
        let text = std::fs::read_to_string(path).map_err(|error| {
            let message = format!("Không đọc được đặc tả: {error}.");
            failed("spec_unreadable", message, path.display().to_string(), "Kiểm tra đường dẫn của --spec và quyền đọc tệp.")
        })?;
        let text = text.trim_start_matches('\u{feff}').to_owned();
        let spec = toml::from_str(&text).map_err(|error| {
            let place = error.span().map_or_else(|| name(path), |span| place(path, &text, span.start));
            let message = format!("Đặc tả viết chưa đúng: {}.", error.message().trim_end_matches('.'));
            failed("spec_invalid", message, place, "Sửa chỗ đã nêu; mẫu đặc tả ở docs/link-any-table.md.")
        })?;
        Ok(Self { spec, path: path.to_owned(), text })
    }

    /// The columns a side needs, its id first.
    pub fn columns(&self, right: bool) -> Vec<&str> {
        let side = if right { self.spec.right.as_ref() } else { Some(&self.spec.left) };
        let mut wanted: Vec<&str> = side.map(|side| side.id.as_str()).into_iter().collect();
        for field in &self.spec.field {
            let columns = if right { field.right.as_ref().unwrap_or(&field.left) } else { &field.left };
            wanted.extend(columns.names().iter().map(String::as_str));
        }
        let mut seen = std::collections::BTreeSet::new();
        wanted.retain(|name| seen.insert(name.trim().to_lowercase()));
        wanted
    }

    /// An error of linking with the file and line it is about.
    pub fn failure(&self, error: &TableError, left: &LoadedTable, right: Option<&LoadedTable>) -> Failure {
        let mut failure = Failure::of(error, 3);
        let table = |side: &str| if side == "right" { right.unwrap_or(left) } else { left };
        let line = |word: &str| self.text.find(&format!("\"{word}\"")).map(|at| place(&self.path, &self.text, at));
        let at = match error {
            TableError::IdMissing { side, row } | TableError::IdTwice { side, row, .. } => {
                let table = table(side);
                let id = if *side == "right" { self.spec.right.as_ref() } else { Some(&self.spec.left) };
                let column = id.map_or(String::new(), |id| format!(", cột {}", id.id));
                Some(format!("{}, dòng {}{column}", table.name, table.line(row - 1)))
            }
            TableError::TooManyRows { side } => Some(table(side).name.clone()),
            TableError::ColumnMissing { column, side, .. } => {
                failure.message = format!("Bảng {} không có cột `{column}`", table(side).name);
                line(column)
            }
            TableError::FieldTwice { field } => {
                self.text.rfind(&format!("\"{field}\"")).map(|at| place(&self.path, &self.text, at))
            }
            TableError::FieldWithoutColumn { field, .. } | TableError::UnknownBlockField { field } => line(field),
            TableError::EmptyBlock => self.text.find("[[block]]").map(|at| place(&self.path, &self.text, at)),
            _ => None,
        };
        if let TableError::IdTwice { side, row, other } = error {
            let table = table(side);
            let (row, other) = (table.line(row - 1), table.line(other - 1));
            failure.message = format!("Bảng {}: dòng {row} và dòng {other} có cùng mã", table.name);
        }
        failure.place = at.unwrap_or_else(|| format!("{}, {}", name(&self.path), failure.place));
        failure
    }
}

fn name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// File, line and column of a place in a text.
fn place(path: &Path, text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("{}, dòng {line}, cột {column}", name(path))
}
