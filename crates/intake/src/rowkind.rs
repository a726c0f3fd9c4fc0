//! Telling data rows from totals, signatures and notes.

use crate::cell::Cell;
use crate::header::Header;
use crate::layout::{Kind, Layout};
use crate::marks::{Pattern, canonical};

/// What a row below the header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowKind {
    /// Nothing in it.
    Blank,
    /// Totals, signatures, notes: passed over, and counted as such.
    Aside,
    /// A row of the roster, sound or not.
    Data,
}

/// Tells the kinds of rows of one file.
pub(crate) struct RowKinds {
    /// Kind and need of each column that is a field.
    columns: Vec<Option<(Kind, bool)>>,
    totals: Vec<Pattern>,
    footer: Vec<Pattern>,
    /// Filled cells that make a row sound at first sight.
    enough: usize,
    /// Whether some column names the person or a time, as every data row has.
    has_identity: bool,
    /// Whether the signatures have begun.
    below: bool,
}

impl RowKinds {
    /// For a file with this header.
    pub fn new(layout: &Layout, header: &Header) -> Self {
        let columns: Vec<Option<(Kind, bool)>> =
            header.columns.iter().map(|field| field.map(|f| (layout.fields[f].kind, layout.fields[f].needed))).collect();
        let counted = columns.iter().flatten().filter(|(kind, _)| *kind != Kind::Ordinal).count();
        Self {
            has_identity: columns.iter().flatten().any(|(kind, _)| is_identity(*kind)),
            enough: counted.min(3),
            columns,
            totals: layout.totals.iter().map(|p| Pattern::new(p)).collect(),
            footer: layout.footer.iter().map(|p| Pattern::new(p)).collect(),
            below: false,
        }
    }

    /// What the next row is. Rows must be shown in their order: below the first signature only sound
    /// rows are data.
    pub fn of(&mut self, cells: &[Cell<'_>]) -> RowKind {
        let mut filled = 0;
        let mut identity = false;
        let mut lacks_needed = false;
        for (at, column) in self.columns.iter().enumerate() {
            let Some((kind, needed)) = column else { continue };
            let has_value = cells.get(at).is_some_and(|c| !c.is_blank());
            lacks_needed |= *needed && !has_value;
            if has_value && *kind != Kind::Ordinal {
                filled += 1;
                identity |= is_identity(*kind);
            }
        }
        if filled >= self.enough && !lacks_needed && (identity || !self.has_identity) {
            return RowKind::Data;
        }
        if cells.iter().all(Cell::is_blank) {
            return RowKind::Blank;
        }
        // Only the number of the list, or remarks in columns that are not read.
        if filled == 0 {
            self.below |= self.any_matches(cells, &self.footer);
            return RowKind::Aside;
        }
        if self.only_marks_and_numbers(cells) {
            if self.any_matches(cells, &self.footer) {
                self.below = true;
                return RowKind::Aside;
            }
            if self.any_matches(cells, &self.totals) {
                return RowKind::Aside;
            }
        }
        if self.below { RowKind::Aside } else { RowKind::Data }
    }

    fn any_matches(&self, cells: &[Cell<'_>], patterns: &[Pattern]) -> bool {
        cells.iter().filter(|c| !c.is_blank()).any(|c| matches_one(c, patterns))
    }

    /// Whether no filled field says anything a data row would: a broken data row next to the word
    /// "Giám đốc" in a remark is still a data row.
    fn only_marks_and_numbers(&self, cells: &[Cell<'_>]) -> bool {
        self.columns.iter().zip(cells).filter(|(_, cell)| !cell.is_blank()).all(|(column, cell)| match column {
            None | Some((Kind::Ordinal | Kind::Dong | Kind::Coefficient | Kind::Share | Kind::Int, _)) => true,
            Some((kind, _)) => {
                let is_number = || cell.text().chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' '));
                matches_one(cell, &self.totals) || matches_one(cell, &self.footer) || (!is_identity(*kind) && is_number())
            }
        })
    }
}

fn matches_one(cell: &Cell<'_>, patterns: &[Pattern]) -> bool {
    let Cell::Text(text) = cell else { return false };
    let text = canonical(text);
    patterns.iter().any(|p| p.matches(&text))
}

fn is_identity(kind: Kind) -> bool {
    use Kind::{BirthDate, CardNumber, Date, InsuranceNumber, Month, OldId, PersonalId, Sex, TaxCode};
    matches!(kind, PersonalId | OldId | InsuranceNumber | CardNumber | TaxCode | BirthDate | Date | Month | Sex)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Layouts;
    use crate::head_rows::HeadRow;
    use crate::header::find_all;
    use crate::headings::Index;

    const LAYOUT: &str = "id: a-1\nroster: a\ntitle: {vi: A, en: A}\nvalid_from: 2026-01-01\nversion: \"1\"\nfields:\n\
        \x20 - {name: stt, kind: ordinal, headers: [STT]}\n\
        \x20 - {name: full_name, kind: name, required: true, needed: true, headers: [Họ tên]}\n\
        \x20 - {name: birth_date, kind: birth_date, headers: [Ngày sinh]}\n\
        \x20 - {name: income, kind: dong, headers: [Thu nhập]}\n\
        totals: [\"tổng cộng*\", \"cộng *\"]\nfooter: [\"người lập*\", \"*ngày*tháng*năm*\", \"giám đốc*\"]\n";

    fn kinds(rows: &[[&str; 5]]) -> Vec<RowKind> {
        let layouts = Layouts::load([("a".to_owned(), LAYOUT.to_owned())]).unwrap();
        let names = ["STT", "Họ tên", "Ngày sinh", "Thu nhập", "Chức danh"].map(str::to_owned).to_vec();
        let layout = &layouts.all()[0];
        let header = find_all(&Index::of(layouts.all()), &[HeadRow::new(1, names)]).remove(0).unwrap();
        let mut kinds = RowKinds::new(layout, &header);
        rows.iter().map(|row| kinds.of(&row.map(|c| if c.is_empty() { Cell::Empty } else { Cell::Text(c.into()) }))).collect()
    }

    #[test]
    fn totals_and_signatures_are_no_data() {
        use RowKind::{Aside, Blank, Data};
        let rows = [
            ["1", "Lê An", "1990", "5", ""],
            ["", "Tổng cộng", "", "5", ""],
            ["", "Tống Cộng", "1990", "5", ""],
            ["", "", "", "", ""],
            ["3", "", "1990", "5", "Giám đốc"],
            ["4", "", "", "", ""],
            ["", "Người lập biểu", "", "", "Giám đốc"],
            ["", "Lê Văn B", "", "", "Trần C"],
            ["5", "Lê Sau", "1991", "5", ""],
        ];
        assert_eq!(kinds(&rows), [Data, Aside, Data, Blank, Data, Aside, Aside, Aside, Data]);
    }

    #[test]
    fn a_row_with_a_name_alone_is_a_broken_data_row() {
        assert_eq!(kinds(&[["", "Lê An", "", "", ""]]), [RowKind::Data]);
    }
}
