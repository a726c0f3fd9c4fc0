//! Finding the header of a table: below title rows, in one to three lines, under any known spelling.

use std::collections::BTreeMap;

use crate::head_rows::{HeadRow, column_texts, last_row, windows};
use crate::headings::{Index, Lookup, Match};
use crate::layout::{Layout, Repeat};

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

/// For each layout of the index its best header among the first rows: the most fields, the fewest lines,
/// the earliest. `None` where no row names any field.
pub(crate) fn find_all(index: &Index, head: &[HeadRow]) -> Vec<Option<Header>> {
    let mut lookup = Lookup::new(index);
    let mut best: Vec<Option<(Assigned, &[HeadRow])>> = (0..index.layouts()).map(|_| None).collect();
    for rows in windows(head) {
        let texts = column_texts(rows);
        let mut matches: BTreeMap<usize, Vec<(usize, Match)>> = BTreeMap::new();
        for (column, text) in texts.iter().enumerate() {
            for (layout, found) in lookup.column(text) {
                matches.entry(layout).or_default().push((column, found));
            }
        }
        for (layout, matches) in matches {
            let found = assign(matches, index.repeat(layout));
            let better = best[layout].as_ref().is_none_or(|(b, known)| {
                // A line below that moves a field to another column is header: `Dân số` stands first over men, not over all.
                let moves = rows.len() > known.len()
                    && rows.first().map(|r| r.row) == known.first().map(|r| r.row)
                    && found.owner != b.owner;
                found.matched > b.matched || (found.matched == b.matched && (rows.len() < known.len() || moves))
            });
            if found.matched > 0 && better {
                best[layout] = Some((found, rows));
            }
        }
    }
    best.into_iter().map(|best| best.map(|(found, rows)| found.header(rows, head))).collect()
}

/// Which column is read for which field of one layout.
struct Assigned {
    /// Column and what was found over it.
    matches: Vec<(usize, Match)>,
    /// Column of each field.
    owner: BTreeMap<usize, usize>,
    /// Pairs of columns that mean the same field.
    twice: Vec<(usize, usize)>,
    matched: usize,
}

fn assign(matches: Vec<(usize, Match)>, repeat: &[Option<Repeat>]) -> Assigned {
    let mut owner: BTreeMap<usize, usize> = BTreeMap::new();
    let mut twice = Vec::new();
    let is_sure = |column: usize| matches.iter().any(|(c, m)| *c == column && m.sure);
    for (column, found) in &matches {
        let Some(field) = found.field else { continue };
        match owner.get(&field).copied() {
            // What only the lower line says gives way to what both lines say.
            Some(other) if is_sure(other) && !found.sure => continue,
            Some(other) if !is_sure(other) && found.sure => {}
            // Passed over, but known.
            Some(_) if repeat[field] == Some(Repeat::First) => continue,
            Some(_) if repeat[field] == Some(Repeat::Last) => {}
            Some(other) => {
                twice.push((other, *column));
                continue;
            }
            None => {}
        }
        owner.insert(field, *column);
    }
    let matched = owner.len();
    Assigned { matches, owner, twice, matched }
}

impl Assigned {
    fn header(self, rows: &[HeadRow], head: &[HeadRow]) -> Header {
        let texts = column_texts(rows);
        let mut columns = vec![None; texts.len()];
        for (field, column) in &self.owner {
            columns[*column] = Some(*field);
        }
        let mut names: Vec<String> = texts.iter().map(|t| t.uncarried.clone()).collect();
        for (column, found) in &self.matches {
            found.text(&texts[*column]).clone_into(&mut names[*column]);
        }
        // Read, ignored, or given way to another column of the same meaning.
        let is_known = |column: usize| columns[column].is_some() || self.is_passed_over(column);
        let unknown = (0..texts.len()).filter(|c| !is_known(*c) && !names[*c].is_empty()).map(|c| names[c].clone()).collect();
        let twice = self.twice.iter().flat_map(|(a, b)| [names[*a].clone(), names[*b].clone()]).collect();
        let last = rows.last().map_or(0, |row| row.row);
        Header {
            first_row: rows.first().map_or(0, |row| row.row),
            last_row: last_row(head, last),
            columns,
            unknown,
            twice,
            matched: self.matched,
            names,
        }
    }

    /// Ignored by the layout, or repeating a column that is read instead.
    fn is_passed_over(&self, column: usize) -> bool {
        let found = self.matches.iter().find(|(c, _)| *c == column).map(|(_, m)| m);
        found.is_some_and(|m| match m.field {
            None => true,
            Some(_) => m.sure && !self.twice.iter().any(|(a, b)| *a == column || *b == column),
        })
    }
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
        find_all(&Index::of(layouts.all()), &head).remove(0)
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
    fn two_lines_written_into_one_with_a_stroke_are_read_as_two() {
        let names = ["STT", "Người nộp - Họ và tên", "Người nộp – Ngày sinh", "Mã số thuế", "Tổ chức chi trả - Mã số thuế"];
        let found = header(&[(1, &names)]).unwrap();
        assert_eq!(found.columns, [Some(0), Some(1), Some(4), Some(2), Some(3)]);
        assert_eq!(header(&[(1, &["Họ và tên", "Nộp thuế - Khác"])]).unwrap().unknown, ["Nộp thuế - Khác"]);
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
