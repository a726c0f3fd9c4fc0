//! Finding the header of a table: below title rows, in one to three lines, under any known spelling.

use std::collections::BTreeMap;

use base::names::{clean, fold};

use crate::layout::{Layout, Repeat};
use crate::load::REJECT_HEADERS;

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

/// Where the header stands and what its columns mean.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    /// First row of the header.
    pub first_row: u64,
    /// Last row of it, a row of column numbers included.
    pub last_row: u64,
    /// For each column of the file the index of its field.
    pub columns: Vec<Option<usize>>,
    /// For each column its header in one line; readable again by this module.
    pub names: Vec<String>,
    /// Headers that the layout neither reads nor ignores.
    pub unknown: Vec<String>,
    /// Headers of columns that mean the same field.
    pub twice: Vec<String>,
    /// How many fields were found.
    pub matched: usize,
}

/// A header without marks, case, punctuation and spaces.
pub(crate) fn fold_header(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

impl Header {
    /// Names of the fields that have no column and are required, or are not, as asked.
    pub fn missing<'l>(&self, layout: &'l Layout, required: bool) -> Vec<&'l str> {
        let has = |at: usize| self.columns.contains(&Some(at));
        layout
            .fields
            .iter()
            .enumerate()
            .filter(|(at, f)| f.required == required && !has(*at))
            .map(|(_, f)| f.name.as_str())
            .collect()
    }
}

/// The heading over each column, lines and merged cells joined: what a layout calls the column by.
pub(crate) fn headings(rows: &[HeadRow]) -> Vec<String> {
    column_texts(rows).into_iter().map(|text| text.joined.text).collect()
}

/// Where the data begin below a header that ends in row `last`: a row of column numbers belongs to it.
pub(crate) fn last_row(head: &[HeadRow], last: u64) -> u64 {
    head.iter().find(|r| r.row == last + 1).filter(|r| numbers_columns(&r.cells)).map_or(last, |below| below.row)
}

/// The best header of a layout among the first rows: the most fields, the fewest lines, the earliest.
/// `None` when no row names any field.
pub(crate) fn find(known: &Known, head: &[HeadRow]) -> Option<Header> {
    let mut best: Option<(usize, Header)> = None;
    for (start, first) in head.iter().enumerate().take_while(|(_, r)| r.row <= HEADER_WITHIN) {
        for lines in 1..=MAX_LINES.min(head.len() - start) {
            let rows = &head[start..start + lines];
            // Lines of one header stand directly below each other.
            if rows[lines - 1].row != first.row + lines as u64 - 1 {
                break;
            }
            // A title, or a line without the right separator: no header has a single column.
            if rows.iter().all(|r| r.filled() < 2) {
                continue;
            }
            let header = known.read(rows);
            let better =
                best.as_ref().is_none_or(|(l, b)| header.matched > b.matched || (header.matched == b.matched && lines < *l));
            if header.matched > 0 && better {
                best = Some((lines, header));
            }
        }
    }
    let (_, mut header) = best?;
    header.last_row = last_row(head, header.last_row);
    Some(header)
}

/// What the folded headers of a layout mean.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// Field of a header; `None` for ignored ones.
    exact: BTreeMap<String, Option<usize>>,
    /// Parent, child, field.
    joined: Vec<(String, String, usize)>,
    /// For each field which of several columns is read.
    repeat: Vec<Option<Repeat>>,
}

/// How sure a column is of its field; the header text that told it.
struct Match<'t> {
    field: Option<usize>,
    sure: bool,
    text: &'t str,
}

impl Known {
    /// The headers of a layout.
    pub fn of(layout: &Layout) -> Self {
        let mut exact = BTreeMap::new();
        let mut joined = Vec::new();
        for (at, field) in layout.fields.iter().enumerate() {
            exact.extend(field.headers.iter().map(|h| (fold_header(h), Some(at))));
            for rule in &field.joined {
                for parent in &rule.parents {
                    joined.extend(rule.children.iter().map(|child| (fold_header(parent), fold_header(child), at)));
                }
            }
        }
        exact.extend(layout.ignore.iter().map(String::as_str).chain(REJECT_HEADERS).map(|h| (fold_header(h), None)));
        // The longest words decide: "Tổ chức, cá nhân trả thu nhập" speaks of the payer, not of the person.
        joined.sort_by_key(|(parent, child, at)| (std::cmp::Reverse((parent.len(), child.len())), *at));
        Self { exact, joined, repeat: layout.fields.iter().map(|f| f.repeat).collect() }
    }

    fn read(&self, rows: &[HeadRow]) -> Header {
        let texts = column_texts(rows);
        let matches: Vec<Option<Match<'_>>> = texts.iter().map(|t| self.column(t)).collect();
        let mut header = Header {
            first_row: rows[0].row,
            last_row: rows[rows.len() - 1].row,
            columns: vec![None; texts.len()],
            names: texts.iter().map(|t| t.uncarried.clone()).collect(),
            unknown: Vec::new(),
            twice: Vec::new(),
            matched: 0,
        };
        let mut owner: BTreeMap<usize, usize> = BTreeMap::new();
        let mut repeated = Vec::new();
        for (column, found) in matches.iter().enumerate() {
            let Some(found) = found else { continue };
            found.text.clone_into(&mut header.names[column]);
            let Some(field) = found.field else { continue };
            match owner.get(&field).copied() {
                // What only the lower line says gives way to what both lines say.
                Some(other) if matches[other].as_ref().is_some_and(|m| m.sure) && !found.sure => continue,
                Some(other) if found.sure && matches[other].as_ref().is_some_and(|m| !m.sure) => header.columns[other] = None,
                // Passed over, but known.
                Some(_) if self.repeat[field] == Some(Repeat::First) => {
                    repeated.push(column);
                    continue;
                }
                Some(other) if self.repeat[field] == Some(Repeat::Last) => {
                    header.columns[other] = None;
                    repeated.push(other);
                }
                Some(other) => {
                    header.twice.extend([header.names[other].clone(), header.names[column].clone()]);
                    continue;
                }
                None => {}
            }
            owner.insert(field, column);
            header.columns[column] = Some(field);
        }
        header.matched = owner.len();
        let ignored = |column: usize| repeated.contains(&column) || matches[column].as_ref().is_some_and(|m| m.field.is_none());
        header.unknown = (0..texts.len())
            .filter(|c| header.columns[*c].is_none() && !ignored(*c) && !header.names[*c].is_empty())
            .map(|c| header.names[c].clone())
            .collect();
        header
    }

    /// The field of a heading in one line.
    pub fn field_of(&self, heading: &str) -> Option<usize> {
        let text = clean(heading);
        let forms = [fold_header(&text), fold_header(&without_brackets(&text))];
        let found = forms.iter().find_map(|form| self.meaning(form));
        found.unwrap_or_else(|| self.alternatives(&text))
    }

    /// Whether this is a heading of the layout, word for word.
    pub fn has_heading(&self, folded: &str) -> bool {
        self.exact.get(folded).is_some_and(Option::is_some)
    }

    fn column<'t>(&self, text: &'t ColumnText) -> Option<Match<'t>> {
        let forms = [(&text.joined, true), (&text.own, false)];
        for (form, sure) in forms {
            if let Some(field) = [&form.folded, &form.plain].into_iter().find_map(|f| self.meaning(f)) {
                return Some(Match { field, sure, text: &form.text });
            }
        }
        forms.into_iter().find_map(|(form, sure)| {
            let field = self.alternatives(&form.text)?;
            Some(Match { field: Some(field), sure, text: &form.text })
        })
    }

    /// The field that all names of `Số CCCD/ĐDCN` mean: offices list the papers they take in any order.
    ///
    /// The word that opens the first name may stand for the others too (`Số CCCD`, `Số ĐDCN`).
    fn alternatives(&self, text: &str) -> Option<usize> {
        if !text.contains('/') {
            return None;
        }
        let text = without_brackets(text);
        let parts: Vec<&str> = text.split('/').map(str::trim).filter(|part| !part.is_empty()).collect();
        let opening = parts.first()?.split_once(' ').map_or("", |(word, _)| word);
        let field = |part: &&str| {
            let whole = self.meaning(&fold_header(part)).flatten();
            whole.or_else(|| self.meaning(&fold_header(&format!("{opening} {part}"))).flatten())
        };
        let first = field(parts.first().filter(|_| parts.len() > 1)?)?;
        parts[1..].iter().all(|part| field(part) == Some(first)).then_some(first)
    }

    fn meaning(&self, folded: &str) -> Option<Option<usize>> {
        if let Some(field) = self.exact.get(folded) {
            return Some(*field);
        }
        let below = |parent: &str, child: &str| folded.strip_suffix(child).is_some_and(|above| above.contains(parent));
        self.joined.iter().find(|(parent, child, _)| below(parent, child)).map(|(_, _, at)| Some(*at))
    }
}

/// What stands over one column.
struct ColumnText {
    /// All lines of the header, merged ones carried to the right.
    joined: Form,
    /// The lowest line that has text.
    own: Form,
    /// All lines of the header in this column alone: what an unknown column is called.
    uncarried: String,
}

/// A header text with its folded forms.
#[derive(Default)]
struct Form {
    text: String,
    folded: String,
    plain: String,
}

impl Form {
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
fn column_texts(rows: &[HeadRow]) -> Vec<ColumnText> {
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
        texts.push(text);
    }
    texts
}

/// `Ngày sinh (dd/mm/yyyy)` without what stands in brackets.
fn without_brackets(text: &str) -> String {
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

/// The row `(1) (2) (3)`, `[07] [08]`, `A B 1 2` that forms have below the header.
pub(crate) fn numbers_columns(cells: &[String]) -> bool {
    let filled: Vec<&str> = cells.iter().map(String::as_str).filter(|c| !c.is_empty()).collect();
    let bracketed = |c: &str| (c.starts_with('(') && c.ends_with(')')) || (c.starts_with('[') && c.ends_with(']'));
    let inner = |c: &str| c.trim_matches(['(', ')', '[', ']']).to_owned();
    let is_mark = |c: &str| {
        let c = inner(c);
        !c.is_empty()
            && c.len() <= 3
            && (c.bytes().all(|b| b.is_ascii_digit()) || (c.len() == 1 && c.bytes().all(|b| b.is_ascii_uppercase())))
    };
    if filled.len() < 3 || !filled.iter().all(|c| is_mark(c)) {
        return false;
    }
    let numbers: Vec<u32> = filled.iter().filter_map(|c| inner(c).parse().ok()).collect();
    filled.iter().all(|c| bracketed(c)) || (numbers.first() == Some(&1) && numbers.windows(2).all(|w| w[1] == w[0] + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Layouts;

    const LAYOUT: &str = "id: a-1\nroster: a\ntitle: {vi: A, en: A}\nvalid_from: 2026-01-01\nversion: \"1\"\nfields:\n\
        \x20 - {name: stt, kind: ordinal, headers: [STT]}\n\
        \x20 - {name: full_name, kind: name, required: true, headers: [Họ và tên]}\n\
        \x20 - {name: person_code, kind: tax_code, headers: [Mã số thuế]}\n\
        \x20 - {name: payer_code, kind: tax_code, headers: [MST đơn vị], joined: [{parents: [chi trả, tổ chức], children: [Mã số thuế]}]}\n\
        \x20 - {name: birth_date, kind: birth_date, headers: [Ngày sinh]}\n\
        \x20 - {name: receipt, kind: text, headers: [Biên lai], repeat: first}\n\
        \x20 - {name: receipt_date, kind: date, headers: [Ngày biên lai], repeat: last}\n\
        ignore: [Ghi chú]\n";

    fn header(rows: &[(u64, &[&str])]) -> Option<Header> {
        let layouts = Layouts::load([("a".to_owned(), LAYOUT.to_owned())]).unwrap();
        let head: Vec<HeadRow> =
            rows.iter().map(|(row, cells)| HeadRow::new(*row, cells.iter().map(|c| (*c).to_owned()).collect())).collect();
        find(&Known::of(&layouts.all()[0]), &head)
    }

    #[test]
    fn spelling_case_marks_and_brackets_do_not_matter() {
        let found = header(&[(1, &["HO VA TEN", "ngày  sinh (dd/mm/yyyy)", "Ghi chú", "Khác"])]).unwrap();
        assert_eq!(found.columns, [Some(1), Some(4), None, None]);
        assert_eq!(found.unknown, ["Khác"]);
    }

    #[test]
    fn merged_headers_of_two_lines_are_joined() {
        let found = header(&[
            (1, &["DANH SÁCH"]),
            (4, &["STT", "Họ và tên", "Ngày sinh", "Mã số thuế", "Tổ chức chi trả", ""]),
            (5, &["", "", "", "", "Tên", "Mã số thuế"]),
            (6, &["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"]),
            (7, &["1", "Lê An", "1990", "0123456789", "Công ty A", "0100109106"]),
        ])
        .unwrap();
        assert_eq!(found.columns, [Some(0), Some(1), Some(4), Some(2), None, Some(3)]);
        assert_eq!((found.first_row, found.last_row), (4, 6));
        assert_eq!(found.names[5], "Tổ chức chi trả Mã số thuế");
        assert_eq!(found.unknown, ["Tổ chức chi trả Tên"]);
        assert!(found.twice.is_empty());
    }

    #[test]
    fn names_joined_by_a_stroke_are_read_by_their_parts() {
        let of = |name: &str| header(&[(1, &["Họ và tên", name])]).unwrap().columns[1];
        assert_eq!(of("Ngày sinh/Năm sinh"), None, "one of the names is not known");
        assert_eq!(of("Mã số thuế/MST đơn vị"), None, "two fields");
        assert_eq!(of("Ghi chú/STT"), None, "an ignored column and a field");
        assert_eq!(of("MST đơn vị / MST đơn vị (nếu có)"), Some(3));
        assert_eq!(of("Mã số thuế/số thuế"), Some(2), "the opening word stands for both");
        assert_eq!(header(&[(1, &["Họ và tên", "Tổ chức"]), (2, &["", "MST đơn vị/đơn vị"])]).unwrap().columns[1], Some(3));
    }

    #[test]
    fn a_joined_header_is_understood_in_one_line_too() {
        let names = ["STT", "Họ và tên", "Ngày sinh", "Mã số thuế", "Tổ chức chi trả Mã số thuế"];
        assert_eq!(header(&[(1, &names)]).unwrap().columns, [Some(0), Some(1), Some(4), Some(2), Some(3)]);
    }

    #[test]
    fn one_line_is_enough_when_a_second_adds_nothing() {
        let found = header(&[(1, &["Tiêu đề"]), (2, &["STT", "Họ và tên"]), (3, &["1", "Lê An"])]).unwrap();
        assert_eq!((found.first_row, found.last_row), (2, 2));
        // The first data row is no row of column numbers.
        let data = header(&[(1, &["STT", "Họ và tên", "Ngày sinh"]), (2, &["1", "Lê An", "1990"])]).unwrap();
        assert_eq!(data.last_row, 1);
    }

    #[test]
    fn two_columns_of_one_meaning_are_told() {
        assert_eq!(header(&[(1, &["Họ và tên", "Họ và tên", "STT"])]).unwrap().twice, ["Họ và tên", "Họ và tên"]);
        assert!(header(&[(1, &["1", "Lê An"])]).is_none());
    }

    #[test]
    fn a_heading_the_form_has_twice_is_read_where_the_layout_says() {
        let found =
            header(&[(1, &["Họ và tên", "Biên lai", "Ngày biên lai", "Biên lai", "Ngày biên lai", "Ngày BIÊN LAI"])]).unwrap();
        assert_eq!(found.columns, [Some(1), Some(5), None, None, None, Some(6)]);
        assert!(found.twice.is_empty() && found.unknown.is_empty(), "{:?} {:?}", found.twice, found.unknown);
    }
}
