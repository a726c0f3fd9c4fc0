//! Telling data rows from totals, signatures and notes.

use base::names::clean;

use crate::cell::Cell;
use crate::head_rows::{is_column_number, numbers_columns};
use crate::header::Header;
use crate::layout::{Kind, Layout};
use crate::marks::{Pattern, canonical};

/// What a row below the header is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RowKind {
    /// Nothing in it.
    Blank,
    /// Totals, signatures, notes: passed over, and counted as such.
    Aside,
    /// A row over a group of rows: passed over, but its text and value hold for the rows below.
    Section(SectionRow),
    /// A row of the roster, sound or not.
    Data,
}

/// What a section row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SectionRow {
    /// The cell that said it, as it stands: what the rejects file repeats.
    pub text: String,
    /// The value for the rows below.
    pub value: String,
}

/// Tells the kinds of rows of one file.
pub(crate) struct RowKinds {
    /// Kind and need of each column that is a field.
    columns: Vec<Option<(Kind, bool)>>,
    /// Patterns of section rows with the value of those that have no `*`.
    section: Vec<(Pattern, Option<String>)>,
    aside: Vec<Pattern>,
    totals: Vec<Pattern>,
    footer: Vec<Pattern>,
    /// Filled cells that make a row sound at first sight.
    enough: usize,
    /// Whether some column names the person or a time, as every data row has.
    has_identity: bool,
    /// Whether some column must be filled in every data row.
    has_needed: bool,
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
            has_needed: columns.iter().flatten().any(|(_, needed)| *needed),
            has_identity: columns.iter().flatten().any(|(kind, _)| is_identity(*kind)),
            enough: counted.min(3),
            columns,
            section: layout.section.iter().flat_map(|s| &s.patterns).map(|p| (Pattern::new(p), fixed(p))).collect(),
            aside: layout.aside.iter().map(|p| Pattern::new(p)).collect(),
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
        if !self.aside.is_empty() && self.any_matches(cells, &self.aside) {
            return RowKind::Aside;
        }
        if self.numbers_columns(cells) {
            return RowKind::Aside;
        }
        // A whole row of a person is no row over others and needs no second look.
        if (!identity || !self.has_needed || lacks_needed)
            && let Some(row) = self.section_row(cells)
        {
            return RowKind::Section(row);
        }
        if filled >= self.enough && !lacks_needed && (identity || !self.has_identity) {
            // Where no column names a person or a time, a total has as many filled cells as the rows it adds up.
            let says_total =
                || self.columns.iter().zip(cells).any(|(field, cell)| field.is_some() && matches_one(cell, &self.totals));
            let is_total = !self.has_identity && self.only_marks_and_numbers(cells) && says_total();
            return if is_total { RowKind::Aside } else { RowKind::Data };
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

    /// A row that says what the rows below are: one cell of such a pattern and besides it only numbers.
    fn section_row(&self, cells: &[Cell<'_>]) -> Option<SectionRow> {
        if self.section.is_empty() {
            return None;
        }
        let mut said = None;
        for (at, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank()) {
            let Cell::Text(text) = cell else { continue };
            let found = self.section.iter().find_map(|(pattern, value)| {
                let whole = canonical(text);
                let bare = without_number(&whole);
                let matches = pattern.matches(&whole) || pattern.matches(bare);
                matches.then(|| value.clone().unwrap_or_else(|| clean(without_number(text.trim()))))
            });
            let is_field = self.columns.get(at).is_some_and(Option::is_some);
            match found {
                // The same text may stand in every cell that was merged.
                Some(value) => said = said.or(Some(SectionRow { text: clean(text), value })),
                None if is_field && text.chars().any(char::is_alphabetic) && !is_list_number(text) => return None,
                None => {}
            }
        }
        said
    }

    /// A row of column numbers, below a gap or on every page once more.
    fn numbers_columns(&self, cells: &[Cell<'_>]) -> bool {
        // Most rows are told by their first cells.
        let opens = cells.iter().filter(|c| !c.is_blank()).take(2).all(|c| is_column_number(&c.text()));
        opens && {
            let texts: Vec<String> = cells.iter().map(|c| c.text().into_owned()).collect();
            let fields = self.columns.iter().flatten().count();
            texts.iter().filter(|t| !t.is_empty()).count() >= fields && numbers_columns(&texts)
        }
    }

    fn any_matches(&self, cells: &[Cell<'_>], patterns: &[Pattern]) -> bool {
        cells.iter().filter(|c| !c.is_blank()).any(|c| matches_one(c, patterns))
    }

    /// Whether no filled field says anything a data row would: a broken data row next to the word
    /// "Giám đốc" in a remark is still a data row.
    fn only_marks_and_numbers(&self, cells: &[Cell<'_>]) -> bool {
        self.columns.iter().zip(cells).filter(|(_, cell)| !cell.is_blank()).all(|(column, cell)| match column {
            None => true,
            Some((
                Kind::Ordinal | Kind::Dong | Kind::Amount | Kind::Decimal | Kind::Coefficient | Kind::Share | Kind::Int,
                _,
            )) => true,
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

/// The value of a section pattern that says all.
fn fixed(pattern: &str) -> Option<String> {
    (!pattern.contains('*')).then(|| clean(pattern))
}

/// `II. Giảm`, `A - Tăng`, `1) Hưu trí` without what numbers them.
fn without_number(text: &str) -> &str {
    let Some((number, rest)) = text.split_once(['.', ')', '-', '–', ':', '/', ' ']) else { return text };
    let rest = rest.trim_start_matches(['.', ')', '-', '–', ':', ' ']);
    if is_list_number(number) && !rest.is_empty() { rest } else { text }
}

/// A number, a letter or a Roman number.
fn is_list_number(text: &str) -> bool {
    let text = text.trim_matches(['(', ')', '.', ' ']);
    let roman = |c: char| matches!(c.to_ascii_lowercase(), 'i' | 'v' | 'x');
    let digits = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    text.len() <= 5 && (digits || text.chars().all(roman) || (text.len() == 1 && text.chars().all(|c| c.is_ascii_alphabetic())))
}

fn is_identity(kind: Kind) -> bool {
    use Kind::{BirthDate, CardList, CardNumber, Date, InsuranceNumber, Moment, Month, OldId, PersonalId, Sex, TaxCode};
    let of_person = matches!(kind, PersonalId | OldId | InsuranceNumber | CardNumber | CardList | TaxCode | BirthDate | Sex);
    of_person || matches!(kind, Date | Moment | Month)
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
