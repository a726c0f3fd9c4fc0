//! A table of tasks: columns by their headings, heads of two lines, groups across all columns, rows broken by a page.

use super::collect::Collector;
use super::label::{Label, key, known};
use super::marker::{Marker, cell_marker, marker};
use super::sentence::{ends, is_tail};
use crate::model::SectionKind;
use crate::read::{Cover, Row, Table};

/// Rows in which a head may begin: sheets have titles above their table.
const HEAD_WITHIN: usize = 40;

/// Which column is what.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    /// By column: what it is, and its heading.
    of: Vec<(Option<Label>, String)>,
    /// First row of the head.
    pub first: usize,
    /// First row below it.
    body: usize,
}

/// The columns of a table of tasks; `None` for any other table. A table without a head that is as wide as the one before
/// goes on with it.
pub(crate) fn columns(table: &Table, before: Option<&Columns>) -> Option<Columns> {
    let heads = (0..table.rows.len().min(HEAD_WITHIN)).filter_map(|at| head(&table.rows, at));
    // The first head with most columns known.
    let mut best: Option<(usize, Columns)> = None;
    for (worth, found) in heads {
        if best.as_ref().is_none_or(|(most, _)| worth > *most) {
            best = Some((worth, found));
        }
    }
    if let Some((_, found)) = best {
        return Some(with_content(table, found));
    }
    let width = table.rows.first().map_or(0, |row| row.cells.len());
    let goes_on = before.filter(|before| before.of.len() == width && width > 2 && table.name.is_none())?;
    Some(Columns { of: goes_on.of.clone(), first: 0, body: 0 })
}

fn head(rows: &[Row], at: usize) -> Option<(usize, Columns)> {
    let top = rows.get(at)?;
    let below = rows.get(at + 1);
    let mut of = Vec::new();
    let mut two = false;
    for (column, cell) in top.cells.iter().enumerate() {
        let own = label_of(&cell.text);
        let is_merged = cell.cover == Cover::Across || top.cells.get(column + 1).is_some_and(|next| next.cover == Cover::Across);
        let lower = below.and_then(|row| row.cells.get(column)).filter(|lower| lower.cover == Cover::Own && is_merged);
        match lower.and_then(|lower| label_of(&lower.text).map(|label| (label, lower))) {
            Some((label, lower)) => {
                two = true;
                of.push((Some(label), one_line(&lower.text)));
            }
            None => of.push((own, one_line(&cell.text))),
        }
    }
    // What stands merged over all columns is a title and no heading of one.
    let distinct: std::collections::BTreeSet<Label> = of.iter().filter_map(|(label, _)| *label).collect();
    let parts = [Label::Lead, Label::Doers, Label::Partner, Label::Product, Label::Time];
    let found = parts.iter().filter(|part| distinct.contains(part)).count();
    let is_head = found >= 2 || (found == 1 && distinct.contains(&Label::Content));
    let worth = found + usize::from(distinct.contains(&Label::Content)) + usize::from(distinct.contains(&Label::Number));
    let own = top.cells.iter().filter(|cell| cell.cover == Cover::Own && !cell.text.is_empty()).count();
    (is_head && own >= 2).then_some((worth, Columns { of, first: at, body: at + 1 + usize::from(two) }))
}

fn label_of(text: &str) -> Option<Label> {
    // A heading of a column is short; a sentence that begins like one is no heading.
    (text.chars().count() <= 80).then(|| known(text)).flatten().map(|(label, _)| label)
}

/// Without a column for the content, the one with most letters among those that are nothing else.
fn with_content(table: &Table, mut found: Columns) -> Columns {
    if found.of.iter().any(|(label, _)| *label == Some(Label::Content)) {
        return found;
    }
    let letters = |column: usize| -> usize {
        let rows = table.rows.get(found.body..).unwrap_or_default();
        let cells = rows.iter().filter_map(|row| row.cells.get(column)).filter(|cell| cell.cover == Cover::Own);
        cells.map(|cell| cell.text.len()).sum()
    };
    let widest = (0..found.of.len()).filter(|at| found.of[*at].0.is_none()).max_by_key(|at| (letters(*at), usize::MAX - *at));
    if let Some(column) = widest.filter(|column| letters(*column) > 0) {
        found.of[column].0 = Some(Label::Content);
    }
    found
}

/// Reads the rows below the head.
pub(crate) fn read(collector: &mut Collector, table: &Table, columns: &Columns) {
    let head = table.rows.get(columns.first..columns.body).unwrap_or_default();
    let head = head.iter().filter(|row| !is_blank(row)).count();
    collector.counts.lines += head;
    collector.counts.furniture += head;
    let mut over = false;
    for row in table.rows.get(columns.body..).unwrap_or_default().iter().filter(|row| !is_blank(row)) {
        collector.counts.lines += 1;
        let text = own_texts(row).join(" | ");
        over |= own_texts(row).first().is_some_and(|first| ends_table(first));
        if over {
            collector.close_task();
            collector.counts.tail += 1;
        } else if is_repeated(row, columns) || is_numbers(row) {
            collector.counts.furniture += 1;
        } else {
            Reader { collector, columns, row, text }.row();
        }
    }
}

fn ends_table(text: &str) -> bool {
    let words = key(text);
    is_tail(text) || ["nguoi lap", "lap bieu", "ghi chu "].iter().any(|start| words.starts_with(start))
}

fn is_blank(row: &Row) -> bool {
    row.cells.iter().all(|cell| cell.text.is_empty() || cell.cover != Cover::Own)
}

fn own_texts(row: &Row) -> Vec<&str> {
    let own = row.cells.iter().filter(|cell| cell.cover == Cover::Own && !cell.text.is_empty());
    own.map(|cell| &*cell.text).collect()
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}

/// The head once more, at the top of a page.
fn is_repeated(row: &Row, columns: &Columns) -> bool {
    let same = row
        .cells
        .iter()
        .zip(&columns.of)
        .filter(|(cell, (_, heading))| cell.cover == Cover::Own && !heading.is_empty() && key(&cell.text) == key(heading));
    same.count() >= 2
}

/// `(1) (2) (3)` or `1 2 3` under the head.
fn is_numbers(row: &Row) -> bool {
    let texts = own_texts(row);
    let number = |text: &str| text.trim_matches(['(', ')', ' ']).parse::<u32>().ok();
    texts.len() >= 3 && texts.iter().map(|text| number(text)).zip(1..).all(|(found, wanted)| found == Some(wanted))
}

struct Reader<'r> {
    collector: &'r mut Collector,
    columns: &'r Columns,
    row: &'r Row,
    /// The row in one line, for what is not read.
    text: String,
}

impl Reader<'_> {
    /// The column of a label, its text and how it comes by it.
    fn cells(&self, wanted: impl Fn(Label) -> bool) -> Vec<(Label, &str, Cover)> {
        let cells = self.columns.of.iter().zip(&self.row.cells);
        let found = cells.filter_map(|((label, _), cell)| label.filter(|l| wanted(*l)).map(|l| (l, &*cell.text, cell.cover)));
        found.filter(|(_, text, cover)| !text.is_empty() && *cover != Cover::Across).collect()
    }

    fn row(&mut self) {
        let number = self.cells(|label| label == Label::Number).first().map(|(_, text, cover)| ((*text).to_owned(), *cover));
        let mark = number.as_ref().filter(|(_, cover)| *cover == Cover::Own).and_then(|(text, _)| cell_marker(text));
        let content = self.cells(|label| label == Label::Content).first().map(|(_, text, cover)| ((*text).to_owned(), *cover));
        let others: Vec<(Label, String, Cover)> = self
            .cells(|label| !matches!(label, Label::Number | Label::Content))
            .into_iter()
            .map(|(label, text, cover)| (label, text.to_owned(), cover))
            .collect();
        let own_others = others.iter().filter(|(_, _, cover)| *cover == Cover::Own).count();
        if let Some(title) = self.group_title(mark.is_some()) {
            return self.group(mark, &title);
        }
        match content {
            Some((content, Cover::Own)) if !others.is_empty() => {
                if mark.is_none() && self.goes_on(&content) {
                    return self.more(Some(&content), &others);
                }
                self.task(mark, &content, &others);
            }
            Some((content, Cover::Own)) if mark.is_none() && self.goes_on(&content) => self.more(Some(&content), &others),
            Some((content, Cover::Own)) => self.group(mark, &content),
            // The content is merged over several rows, or broken by a page: what stands beside it is more of the same task.
            _ if own_others > 0 && mark.is_none() => self.more(None, &others),
            _ => self.lost("dòng không có nội dung nhiệm vụ"),
        }
    }

    /// The text of a row that is one text across several columns.
    fn group_title(&self, numbered: bool) -> Option<String> {
        let own: Vec<(usize, &str)> = self
            .row
            .cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| cell.cover == Cover::Own && !cell.text.is_empty())
            .map(|(at, cell)| (at, &*cell.text))
            .collect();
        let texts: Vec<(usize, &str)> = match own.as_slice() {
            [(_, _), (at, text)] if numbered => vec![(*at, *text)],
            [(at, text)] => vec![(*at, *text)],
            _ => return None,
        };
        let (at, text) = *texts.first()?;
        let across = self.row.cells.get(at + 1).is_some_and(|next| next.cover == Cover::Across);
        across.then(|| one_line(text))
    }

    /// Whether a content without a number only goes on with the row above.
    fn goes_on(&self, content: &str) -> bool {
        let Some(open) = &self.collector.open else { return false };
        let before = open.parts.get(&Label::Content).map_or("", String::as_str);
        let small = content.starts_with(|c: char| c.is_lowercase());
        let bullet = matches!(marker(content), Some((Marker::Bullet(_), _)));
        let has_numbers = self.columns.of.iter().any(|(label, _)| *label == Some(Label::Number));
        small || (has_numbers && (bullet || !ends(before)))
    }

    fn group(&mut self, mark: Option<Marker>, title: &str) {
        let (mark, title) = match mark {
            Some(mark) => (Some(mark), title),
            None => match marker(title) {
                Some((mark, rest)) if mark.level().is_some() && !rest.is_empty() => (Some(mark), rest),
                _ => (None, title),
            },
        };
        self.collector.counts.headings += 1;
        match mark {
            Some(Marker::Roman(number) | Marker::Capital(number)) => {
                self.collector.section(&number, title, self.row.at);
                // In a table of tasks every group holds tasks, whatever it is called.
                if let Some(section) = self.collector.sections.last_mut() {
                    section.kind = SectionKind::Tasks;
                }
            }
            other => self.collector.heading(other.filter(|mark| mark.level().is_some()), title, self.row.at),
        }
    }

    fn task(&mut self, mark: Option<Marker>, content: &str, others: &[(Label, String, Cover)]) {
        let (mark, content) = match mark {
            Some(mark) => (Some(mark), content),
            None => match marker(content) {
                Some((mark, rest)) if !rest.is_empty() => (Some(mark), rest),
                _ => (None, content),
            },
        };
        self.collector.counts.task += 1;
        let at = self.row.at;
        match mark.filter(|mark| mark.level().is_some()) {
            Some(mark) => {
                self.collector.begin_numbered(mark, at);
            }
            None => {
                self.collector.close_task();
                if let Some(heading) = self.collector.stack.last_mut() {
                    // The heading of a group is no task itself.
                    heading.over_tasks = true;
                }
                self.collector.begin(None, at);
            }
        }
        let notes = self.notes();
        if let Some(draft) = &mut self.collector.open {
            draft.begin(Label::Content, content);
            for (label, text, _) in others.iter().filter(|(label, ..)| *label != Label::Note) {
                draft.begin(*label, text);
            }
            draft.notes.extend(notes);
        }
    }

    /// More of the task above.
    fn more(&mut self, content: Option<&str>, others: &[(Label, String, Cover)]) {
        let notes = self.notes();
        let Some(draft) = &mut self.collector.open else { return self.lost("dòng không có nội dung nhiệm vụ") };
        let own = others.iter().filter(|(label, _, cover)| *cover == Cover::Own && *label != Label::Note);
        let parts =
            content.map(|text| (Label::Content, text)).into_iter().chain(own.map(|(label, text, _)| (*label, text.as_str())));
        for (label, text) in parts {
            let before = draft.parts.get(&label).map_or("", String::as_str);
            let broken = !before.is_empty() && (text.starts_with(|c: char| c.is_lowercase()) || before.ends_with(','));
            if broken {
                draft.last = Some(label);
                draft.join(text);
            } else {
                draft.begin(label, text);
            }
        }
        draft.notes.extend(notes);
        self.collector.counts.task += 1;
    }

    /// Remarks, and columns whose heading says nothing that is known: kept under their heading.
    fn notes(&self) -> Vec<String> {
        let cells = self.columns.of.iter().zip(&self.row.cells);
        let noted = cells.filter(|((label, _), cell)| {
            matches!(label, None | Some(Label::Note)) && cell.cover == Cover::Own && !cell.text.is_empty()
        });
        let note = |heading: &str, text: &str| {
            if heading.is_empty() { one_line(text) } else { format!("{heading}: {}", one_line(text)) }
        };
        noted.map(|((_, heading), cell)| note(heading, &cell.text)).collect()
    }

    fn lost(&mut self, reason: &str) {
        let text = self.text.clone();
        self.collector.lost(self.row.at, &text, reason);
    }
}
