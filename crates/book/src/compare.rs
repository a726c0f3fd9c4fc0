//! Two tables of one roster held against one another: which rows are the same, changed, added or gone.

use engine::arrow::array::{Array, ArrayRef, AsArray};
use engine::arrow::datatypes::{DataType, Date32Type, Int64Type};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, rows};
use serde::{Deserialize, Serialize};

use crate::{Book, BookError, TableRef};

/// What became of the rows of a table in another one.
///
/// `before = same + changed + gone`, `after = same + changed + added`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowChanges {
    /// Rows of the earlier table.
    pub before: u64,
    /// Rows of the later table.
    pub after: u64,
    /// Rows that say the same in both, wherever they stand.
    pub same: u64,
    /// Rows about the same person or thing that say something else now.
    pub changed: u64,
    /// Rows of the later table alone.
    pub added: u64,
    /// Rows of the earlier table alone.
    pub gone: u64,
}

/// By what rows of two tables are recognised as being about the same.
#[derive(Debug, Clone, Default)]
pub struct RowKeys {
    /// Columns that are no part of what a row says (row numbers).
    pub ignored: Vec<String>,
    /// Columns of numbers; the first one filled names the row, e.g. card number, personal number.
    pub numbers: Vec<String>,
    /// Columns that name a row together where no number does, e.g. name and birth date.
    pub words: Vec<String>,
}

/// Rows hashed at once. A table of more rows is read several times, a part of the hashes each, so that the
/// hashes of a table of any size take some 64 MB.
const PART_ROWS: u64 = 4_000_000;

impl Book {
    /// Counts how the rows of `after` differ from those of `before`.
    pub fn row_changes(&self, before: &TableRef, after: &TableRef, keys: &RowKeys) -> Result<RowChanges, BookError> {
        let mut changes = RowChanges { before: before.rows, after: after.rows, ..RowChanges::default() };
        let parts = 1 + before.rows.max(after.rows) / PART_ROWS;
        let (mut old, mut new) = (Vec::new(), Vec::new());
        for part in 0..parts {
            let old_part = self.hashes(before, keys, part, parts)?;
            let new_part = self.hashes(after, keys, part, parts)?;
            changes.same += differing(&old_part, &new_part, &mut old, &mut new);
        }
        if !old.is_empty() && !new.is_empty() {
            changes.changed = pairs(self.names_of(before, keys, old.clone())?, self.names_of(after, keys, new.clone())?);
        }
        changes.gone = old.len() as u64 - changes.changed;
        changes.added = new.len() as u64 - changes.changed;
        Ok(changes)
    }

    /// The hashes of one part of a table's rows, sorted.
    fn hashes(&self, table: &TableRef, keys: &RowKeys, part: u64, parts: u64) -> Result<Vec<u64>, BookError> {
        let mut found = Vec::new();
        self.scan_table(table, None, &mut |batch| {
            let columns = said(&batch, keys);
            for row in 0..batch.num_rows() {
                let hash = hash_cells(&columns, row)?;
                if hash % parts == part {
                    found.push(hash);
                }
            }
            Ok(())
        })?;
        found.sort_unstable();
        Ok(found)
    }

    /// What the rows of some hashes are recognised by: hash of their number, hash of their words.
    fn names_of(&self, table: &TableRef, keys: &RowKeys, mut wanted: Vec<u64>) -> Result<Vec<(u64, u64)>, BookError> {
        wanted.sort_unstable();
        let mut left: Vec<(u64, u32)> = Vec::new();
        for hash in wanted {
            match left.last_mut() {
                Some((last, count)) if *last == hash => *count += 1,
                _ => left.push((hash, 1)),
            }
        }
        let mut names = Vec::new();
        self.scan_table(table, None, &mut |batch| {
            let columns = said(&batch, keys);
            let numbers = named(&batch, &keys.numbers);
            let words = named(&batch, &keys.words);
            for row in 0..batch.num_rows() {
                let hash = hash_cells(&columns, row)?;
                let Ok(at) = left.binary_search_by_key(&hash, |(known, _)| *known) else { continue };
                if left[at].1 == 0 {
                    continue;
                }
                left[at].1 -= 1;
                let number = numbers.iter().position(|column| !column.is_null(row));
                let number = number.map(|at| hash_cells(&numbers[at..=at], row)).transpose()?.unwrap_or(0);
                let said = words.iter().any(|column| !column.is_null(row));
                names.push((number, if said { hash_cells(&words, row)? } else { 0 }));
            }
            Ok(())
        })?;
        Ok(names)
    }
}

/// Adds the hashes that only one side has to that side's list, and returns how many both have.
fn differing(old: &[u64], new: &[u64], only_old: &mut Vec<u64>, only_new: &mut Vec<u64>) -> u64 {
    let (mut a, mut b, mut same) = (0, 0, 0);
    while a < old.len() && b < new.len() {
        match old[a].cmp(&new[b]) {
            std::cmp::Ordering::Equal => {
                same += 1;
                a += 1;
                b += 1;
            }
            std::cmp::Ordering::Less => {
                only_old.push(old[a]);
                a += 1;
            }
            std::cmp::Ordering::Greater => {
                only_new.push(new[b]);
                b += 1;
            }
        }
    }
    only_old.extend(&old[a..]);
    only_new.extend(&new[b..]);
    same
}

/// How many rows of two lists are about the same: by number first, what is left by words. 0 names nothing.
fn pairs(mut old: Vec<(u64, u64)>, mut new: Vec<(u64, u64)>) -> u64 {
    by_first(&mut old, &mut new) + {
        let turn = |list: &mut Vec<(u64, u64)>| list.iter_mut().for_each(|(number, words)| std::mem::swap(number, words));
        turn(&mut old);
        turn(&mut new);
        by_first(&mut old, &mut new)
    }
}

/// Takes pairs of one first value out of both lists and counts them.
fn by_first(old: &mut Vec<(u64, u64)>, new: &mut Vec<(u64, u64)>) -> u64 {
    old.sort_unstable();
    new.sort_unstable();
    let (mut a, mut b, mut found) = (0, 0, 0);
    let (mut left_old, mut left_new) = (Vec::new(), Vec::new());
    while a < old.len() && b < new.len() {
        match old[a].0.cmp(&new[b].0) {
            std::cmp::Ordering::Equal if old[a].0 != 0 => {
                found += 1;
                a += 1;
                b += 1;
            }
            std::cmp::Ordering::Greater => {
                left_new.push(new[b]);
                b += 1;
            }
            _ => {
                left_old.push(old[a]);
                a += 1;
            }
        }
    }
    left_old.extend(&old[a..]);
    left_new.extend(&new[b..]);
    *old = left_old;
    *new = left_new;
    found
}

/// The columns that say something.
fn said(batch: &RecordBatch, keys: &RowKeys) -> Vec<ArrayRef> {
    let schema = batch.schema();
    let fields = schema.fields().iter().enumerate().filter(|(_, field)| !keys.ignored.contains(field.name()));
    fields.map(|(at, _)| batch.column(at).clone()).collect()
}

fn named(batch: &RecordBatch, names: &[String]) -> Vec<ArrayRef> {
    names.iter().filter_map(|name| batch.column_by_name(name).cloned()).collect()
}

/// The first eight bytes of a hash over the cells of a row, never 0.
fn hash_cells(columns: &[ArrayRef], row: usize) -> Result<u64, EngineError> {
    let mut hasher = blake3::Hasher::new();
    for column in columns {
        if column.is_null(row) {
            hasher.update(&[0]);
            continue;
        }
        match column.data_type() {
            DataType::Utf8 => add(&mut hasher, column.as_string::<i32>().value(row).as_bytes()),
            DataType::Int64 => add(&mut hasher, &column.as_primitive::<Int64Type>().value(row).to_le_bytes()),
            DataType::Date32 => add(&mut hasher, &column.as_primitive::<Date32Type>().value(row).to_le_bytes()),
            _ => add(&mut hasher, rows::canonical(column, row)?.unwrap_or_default().as_bytes()),
        }
    }
    let mut short = [0; 8];
    short.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    Ok(u64::from_le_bytes(short).max(1))
}

fn add(hasher: &mut blake3::Hasher, bytes: &[u8]) {
    hasher.update(&[1]).update(&(bytes.len() as u32).to_le_bytes()).update(bytes);
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use engine::arrow::array::{Int64Array, StringArray};
    use engine::arrow::datatypes::{Field, Schema};

    use super::*;

    /// Rows as number, name and class; the row number is where they stand.
    fn table(book: &Book, rows: &[(Option<&str>, &str, &str)]) -> TableRef {
        let text = |name: &str| Field::new(name, DataType::Utf8, true);
        let fields = vec![Field::new("source_row", DataType::Int64, true), text("personal_id"), text("full_name"), text("class")];
        let schema = Arc::new(Schema::new(fields));
        let numbers = StringArray::from(rows.iter().map(|r| r.0).collect::<Vec<_>>());
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from_iter_values(0..rows.len() as i64)),
            Arc::new(numbers),
            Arc::new(StringArray::from(rows.iter().map(|r| r.1).collect::<Vec<_>>())),
            Arc::new(StringArray::from(rows.iter().map(|r| r.2).collect::<Vec<_>>())),
        ];
        let batch = RecordBatch::try_new(schema.clone(), columns).unwrap();
        book.put_table(schema, &[batch]).unwrap()
    }

    #[test]
    fn rows_are_the_same_changed_added_or_gone() {
        let folder = tempfile::tempdir().unwrap();
        let book = Book::open(folder.path()).unwrap();
        let keys =
            RowKeys { ignored: vec!["source_row".into()], numbers: vec!["personal_id".into()], words: vec!["full_name".into()] };
        let before = table(
            &book,
            &[
                (Some("1"), "Lê An", "6A"),
                (Some("1"), "Lê An", "6A"),
                (Some("2"), "Lê Bình", "6A"),
                (None, "Lê Chi", "6A"),
                (Some("4"), "Lê Dũng", "6A"),
            ],
        );
        let after = table(
            &book,
            &[
                // Another place is no change; of two equal rows one is gone.
                (Some("2"), "Lê Bình", "6B"),
                (Some("1"), "Lê An", "6A"),
                // The number was filled in: recognised by the name.
                (Some("3"), "Lê Chi", "6A"),
                (Some("5"), "Lê Giang", "6A"),
            ],
        );
        let changes = book.row_changes(&before, &after, &keys).unwrap();
        assert_eq!(changes, RowChanges { before: 5, after: 4, same: 1, changed: 2, added: 1, gone: 2 });
        let same = book.row_changes(&before, &before, &keys).unwrap();
        assert_eq!((same.same, same.changed, same.added, same.gone), (5, 0, 0, 0));
        // Without a way to recognise rows nothing is called changed.
        let unnamed = RowKeys { ignored: keys.ignored, ..RowKeys::default() };
        let changes = book.row_changes(&before, &after, &unnamed).unwrap();
        assert_eq!((changes.same, changes.changed, changes.added, changes.gone), (1, 0, 3, 4));
    }
}
