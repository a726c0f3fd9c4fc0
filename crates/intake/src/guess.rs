//! Guessing where the header of a file stands that no layout knows.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::head_rows::{HeadRow, fold_header, headings, last_row, numbers_columns, windows};

/// A longer cell is a remark or a title, no heading.
const MAX_HEADING: usize = 120;

/// A header that was guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Guess {
    /// How much it looks like one; comparable between sheets and separators.
    pub score: i64,
    /// Its first row.
    pub first_row: u64,
    /// Its last row, a row of column numbers included.
    pub last_row: u64,
    /// The heading of each column.
    pub headings: Vec<String>,
}

/// The rows that look most like a header: many cells of text, all different, some of them known to a
/// layout, none of them a number. `at` fixes its first row. `None` when no row has two headings.
pub(crate) fn guess(head: &[HeadRow], at: Option<u64>, is_known: &dyn Fn(&str) -> bool) -> Option<Guess> {
    let mut best: Option<(i64, Reverse<usize>, Guess)> = None;
    for rows in windows(head).filter(|rows| at.is_none_or(|at| rows[0].row == at)) {
        let headings = headings(rows);
        let Some(score) = score(rows, &headings, is_known) else { continue };
        let (first_row, last) = (rows[0].row, rows[rows.len() - 1].row);
        let rank = (score, Reverse(rows.len()));
        // The first of equals stays: a row of names below the header looks like it too.
        if best.as_ref().is_none_or(|(s, l, _)| rank > (*s, *l)) {
            best = Some((rank.0, rank.1, Guess { score, first_row, last_row: last_row(head, last), headings }));
        }
    }
    best.map(|(.., guess)| guess)
}

fn score(rows: &[HeadRow], headings: &[String], is_known: &dyn Fn(&str) -> bool) -> Option<i64> {
    let mut seen = BTreeSet::new();
    let mut score = 0;
    for (column, heading) in headings.iter().enumerate().filter(|(_, h)| !h.is_empty()) {
        let own = rows.iter().filter_map(|row| row.cells.get(column)).filter(|cell| !cell.is_empty());
        let is_text = own.clone().all(|cell| cell.chars().any(char::is_alphabetic) && cell.len() <= MAX_HEADING);
        let folded = fold_header(heading);
        score += match (is_text, seen.insert(folded.clone())) {
            (false, _) => -3,
            (true, true) if is_known(&folded) => 5,
            (true, true) => 2,
            // A heading may stand twice; a text that stands often is data.
            (true, false) => 0,
        };
    }
    let numbered = rows.iter().any(|row| numbers_columns(&row.cells));
    (seen.len() >= 2 && score > 0 && !numbered).then_some(score)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(rows: &[(u64, &[&str])], at: Option<u64>) -> Option<(u64, u64, Vec<String>)> {
        let head: Vec<HeadRow> =
            rows.iter().map(|(row, cells)| HeadRow::new(*row, cells.iter().map(|c| (*c).to_owned()).collect())).collect();
        guess(&head, at, &|folded| folded == "hoten").map(|g| (g.first_row, g.last_row, g.headings))
    }

    #[test]
    fn a_header_below_titles_and_above_numbers_is_found() {
        let rows: &[(u64, &[&str])] = &[
            (1, &["UBND XÃ", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]),
            (4, &["Thứ tự", "Người đóng", "Ghi số", "Khoản thu", ""]),
            (5, &["", "", "", "Kỳ trước", "Kỳ này"]),
            (6, &["(1)", "(2)", "(3)", "(4)", "(5)"]),
            (7, &["1", "Lê An", "001", "5.000", "6.000"]),
        ];
        let (first, last, headings) = guessed(rows, None).unwrap();
        assert_eq!((first, last), (4, 6));
        assert_eq!(headings, ["Thứ tự", "Người đóng", "Ghi số", "Khoản thu Kỳ trước", "Khoản thu Kỳ này"]);
        assert_eq!(guessed(rows, Some(5)).unwrap().2[3..], ["Kỳ trước".to_owned(), "Kỳ này".into()]);
        assert!(guessed(rows, Some(2)).is_none());
    }

    #[test]
    fn known_words_win_over_rows_of_text() {
        let rows: &[(u64, &[&str])] =
            &[(1, &["Họ tên", "Làng", "STT"]), (2, &["Lê An", "Làng Chài", "1"]), (3, &["Đỗ Bình", "Làng Chài", "2"])];
        assert_eq!(guessed(rows, None).unwrap().0, 1);
        assert!(guessed(&[(1, &["1", "2"]), (2, &["Một ô"])], None).is_none());
    }
}
