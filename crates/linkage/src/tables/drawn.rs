//! Rows drawn by what they hold, so that what is drawn does not depend on where rows stand.

use rayon::prelude::*;

use super::pool::Column;
use super::rows::Rows;
use crate::hash::join;

/// Rows drawn of a larger table: pairs of so many are chance enough, and their records stay in a cache.
const MOST_DRAWN: usize = 131_072;

/// Rows by a hash of what they hold, ascending: all of a small table, about [`MOST_DRAWN`] of a large one.
///
/// `salt` differs between two tables: with the same one, rows that are alike would be drawn on both sides together,
/// and true pairs would seem far more common than they are.
pub(crate) fn drawn(rows: &Rows, columns: &[Column], salt: u64) -> Vec<u32> {
    let count = rows.len();
    // The share of hashes below a bound is the share of rows.
    let bound = if count <= MOST_DRAWN { u64::MAX } else { (u128::from(u64::MAX) * MOST_DRAWN as u128 / count as u128) as u64 };
    let few = below(rows, columns, salt, bound);
    // Where most rows are alike, hashes are few, and a bound may leave out nearly all rows.
    if count > MOST_DRAWN && few.len() < MOST_DRAWN / 2 { below(rows, columns, salt, u64::MAX) } else { few }
}

fn below(rows: &Rows, columns: &[Column], salt: u64, bound: u64) -> Vec<u32> {
    let hash = |row: u32| {
        let values = rows.of(row).iter().zip(columns);
        values.fold(salt, |hash, (code, column)| join(hash, column.hashes.get(*code as usize).copied().unwrap_or(0)))
    };
    let hashes = (0..rows.len() as u32).into_par_iter().map(|row| (hash(row), row));
    let mut order: Vec<(u64, u32)> = hashes.filter(|(hash, _)| *hash <= bound).collect();
    order.par_sort_unstable();
    order.into_iter().map(|(_, row)| row).collect()
}
