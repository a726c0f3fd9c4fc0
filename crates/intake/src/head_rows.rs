//! The rows at the top of a file, and what they write over each column.

use base::names::{clean, fold};

/// Rows of a file in which the header must begin.
pub(crate) const HEADER_WITHIN: u64 = 40;
/// Lines a header may have.
const MAX_LINES: usize = 3;

/// A filled row at the top of a file.
#[derive(Debug, Clone)]
pub(crate) struct HeadRow {
    /// Number in the file, 1-based.
    pub row: u64,
    /// Cleaned texts of its cells.
    pub cells: Vec<String>,
    /// The same folded, and folded without what stands in brackets: worked out once for all layouts.
    folded: Vec<(String, String)>,
}

impl HeadRow {
    /// A row from its number and cleaned texts.
    pub fn new(row: u64, cells: Vec<String>) -> Self {
        let folded = cells.iter().map(|c| (fold_header(c), fold_header(&without_brackets(c)))).collect();
        Self { row, cells, folded }
    }

    fn filled(&self) -> usize {
        self.cells.iter().filter(|c| !c.is_empty()).count()
    }
}

/// A header without marks, case, punctuation and spaces.
pub(crate) fn fold_header(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The groups of one to three rows that may be a header: they stand directly below each other and have
/// more than one column.
pub(crate) fn windows(head: &[HeadRow]) -> impl Iterator<Item = &[HeadRow]> {
    let starts = (0..head.len()).take_while(|start| head[*start].row <= HEADER_WITHIN);
    starts.flat_map(move |start| {
        let all = 1..=MAX_LINES.min(head.len() - start);
        let together = all.take_while(move |lines| head[start + lines - 1].row == head[start].row + *lines as u64 - 1);
        // A title, or a line without the right separator: no header has a single column.
        together.map(move |lines| &head[start..start + lines]).filter(|rows| rows.iter().any(|row| row.filled() >= 2))
    })
}

/// What stands over one column.
pub(crate) struct ColumnText {
    /// All lines of the header, merged ones carried to the right.
    pub joined: Form,
    /// The lowest line that has text.
    pub own: Form,
    /// All lines of the header in this column alone: what an unknown column is called.
    pub uncarried: String,
}

/// A header text with its folded forms.
#[derive(Default)]
pub(crate) struct Form {
    /// As it stands, lines joined by a space.
    pub text: String,
    /// Folded.
    pub folded: String,
    /// Folded without what stands in brackets.
    pub plain: String,
}

impl Form {
    /// A heading in one line.
    pub fn of(text: &str) -> Self {
        Self { text: text.to_owned(), folded: fold_header(text), plain: fold_header(&without_brackets(text)) }
    }

    fn add(&mut self, row: &HeadRow, column: usize) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(&row.cells[column]);
        self.folded.push_str(&row.folded[column].0);
        self.plain.push_str(&row.folded[column].1);
    }
}

/// Joins the lines over each column. A merged cell is empty but for its first column: its text is
/// carried to the right as long as something stands below, for then it spans several columns.
pub(crate) fn column_texts(rows: &[HeadRow]) -> Vec<ColumnText> {
    let width = rows.iter().map(|r| r.cells.len()).max().unwrap_or(0);
    let is_filled = |line: usize, column: usize| rows[line].cells.get(column).is_some_and(|c| !c.is_empty());
    let has_below = |line: usize, column: usize| (line + 1..rows.len()).any(|l| is_filled(l, column));
    // For each line the column whose text stands over the present one.
    let mut carried: Vec<Option<usize>> = vec![None; rows.len()];
    let mut texts = Vec::with_capacity(width);
    for column in 0..width {
        let mut text = ColumnText { joined: Form::default(), own: Form::default(), uncarried: String::new() };
        for (line, from) in carried.iter_mut().enumerate() {
            if is_filled(line, column) {
                *from = Some(column);
            } else if !has_below(line, column) || !column.checked_sub(1).is_some_and(|left| has_below(line, left)) {
                *from = None;
            }
            let Some(from) = *from else { continue };
            text.joined.add(&rows[line], from);
            text.own = Form::default();
            text.own.add(&rows[line], from);
            if from == column {
                text.uncarried = [text.uncarried.as_str(), &rows[line].cells[column]].join(" ").trim_start().to_owned();
            }
        }
        // A program that writes a header of two lines into one line of text puts a stroke between them: `Người lao động - Họ và tên`.
        if text.own.text == text.joined.text
            && let Some(lowest) = below_stroke(&text.own.text).map(Form::of)
        {
            text.own = lowest;
        }
        texts.push(text);
    }
    texts
}

/// The lowest line of a heading whose lines are written one after the other.
fn below_stroke(text: &str) -> Option<&str> {
    let parts = [" - ", " – ", " — ", " | ", " > "].into_iter().filter_map(|stroke| text.rsplit_once(stroke));
    parts.map(|(_, lowest)| lowest.trim()).filter(|lowest| !lowest.is_empty()).min_by_key(|lowest| lowest.len())
}

/// The heading over each column, lines and merged cells joined: what a new layout calls the column by.
pub(crate) fn headings(rows: &[HeadRow]) -> Vec<String> {
    column_texts(rows).into_iter().map(|text| text.joined.text).collect()
}

/// The last row of a header whose words end in row `last`: a row of column numbers below belongs to it.
pub(crate) fn last_row(head: &[HeadRow], last: u64) -> u64 {
    head.iter().find(|r| r.row == last + 1).filter(|r| numbers_columns(&r.cells)).map_or(last, |below| below.row)
}

/// `Ngày sinh (dd/mm/yyyy)` without what stands in brackets.
pub(crate) fn without_brackets(text: &str) -> String {
    let mut depth = 0u32;
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    clean(&out)
}

/// The row `(1) (2) (3)`, `[07] [08]`, `A B 1 2`, `1 2 3=1+2` that forms have below the header.
pub(crate) fn numbers_columns(cells: &[String]) -> bool {
    let filled: Vec<&str> = cells.iter().map(String::as_str).filter(|c| !c.is_empty()).collect();
    if filled.len() < 3 {
        return false;
    }
    let marks: Option<Vec<Mark>> = filled.iter().map(|cell| mark(cell)).collect();
    let Some(marks) = marks else { return false };
    let numbers: Vec<u32> = marks.iter().filter_map(|m| m.number).collect();
    let in_order = numbers.first() == Some(&1) && numbers.windows(2).all(|w| w[1] == w[0] + 1);
    marks.iter().all(|m| m.bracketed) || in_order
}

/// Whether one cell may stand in such a row.
pub(crate) fn is_column_number(cell: &str) -> bool {
    mark(cell).is_some()
}

/// What numbers one column.
struct Mark {
    bracketed: bool,
    /// `None` for letters.
    number: Option<u32>,
}

fn mark(cell: &str) -> Option<Mark> {
    // `5=1+2+3`, `(6) = (4) x (5)`: the columns a column is worked out from.
    let (name, formula) = cell.split_once('=').map_or((cell, ""), |(name, formula)| (name.trim_end(), formula));
    let in_formula = |c: char| c.is_ascii_digit() || " +-*/xX:×().,%[]".contains(c) || c.is_ascii_uppercase();
    let whole = |open, close| name.starts_with(open) && (name.ends_with(close) || (!formula.is_empty() && cell.ends_with(close)));
    let bracketed = whole('(', ')') || whole('[', ']');
    let inner = name.trim_matches(['(', ')', '[', ']', ' ']);
    let is_number = inner.bytes().all(|b| b.is_ascii_digit());
    let is_letter = inner.len() == 1 && inner.bytes().all(|b| b.is_ascii_uppercase());
    let sound = !inner.is_empty() && inner.len() <= 3 && (is_number || is_letter) && formula.chars().all(in_formula);
    sound.then(|| Mark { bracketed, number: inner.parse().ok() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(cells: &[&str]) -> bool {
        numbers_columns(&cells.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn rows_of_column_numbers_are_known() {
        for row in [
            &["(1)", "(2)", "(3)"][..],
            &["[07]", "[08]", "[09]"],
            &["A", "B", "1", "2"],
            &["1", "2", "3", "4=1+2+3", "5 = 4 x 2%"],
            &["(1)", "(2)", "(3)=(1)+(2)", "(4=1x2)"],
            &["", "1", "", "2", "3"],
        ] {
            assert!(numbers(row), "{row:?}");
        }
        for row in
            [&["1", "Lê An", "1990"][..], &["1", "2"], &["2", "3", "4"], &["1", "3", "5"], &["1", "2", "3=tổng"], &["", "", ""]]
        {
            assert!(!numbers(row), "{row:?}");
        }
    }
}
