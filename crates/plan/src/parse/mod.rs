//! Lines and tables to a plan.

mod collect;
mod draft;
mod furniture;
mod head;
mod label;
mod lines;
mod marker;
mod sentence;
mod table;

use crate::model::Imported;
use crate::read::{Block, Cover, Line, Table};
use collect::Collector;

/// Reads what a file holds.
pub(crate) fn plan(blocks: Vec<Block>) -> Imported {
    let mut collector = Collector::default();
    let mut lines: Vec<Line> = Vec::new();
    let mut columns: Option<table::Columns> = None;
    let mut with_head = true;
    for block in blocks {
        match block {
            Block::Line(line) => lines.push(line),
            Block::Table(table) => match table::columns(&table, columns.as_ref()) {
                Some(found) => {
                    lines.extend(flat(&table, 0..found.first));
                    flush(&mut collector, &mut lines, &mut with_head);
                    table::read(&mut collector, &table, &found);
                    columns = Some(found);
                }
                None => lines.extend(flat(&table, 0..table.rows.len())),
            },
        }
    }
    flush(&mut collector, &mut lines, &mut with_head);
    collector.finish()
}

fn flush(collector: &mut Collector, lines: &mut Vec<Line>, with_head: &mut bool) {
    if !lines.is_empty() {
        collector.close_task();
        lines::read(collector, lines, *with_head);
        *with_head = false;
        lines.clear();
    }
}

/// Rows of a table that is no table of tasks, cell by cell.
fn flat(table: &Table, rows: std::ops::Range<usize>) -> Vec<Line> {
    let mut lines = Vec::new();
    for row in table.rows.get(rows).unwrap_or_default() {
        for cell in row.cells.iter().filter(|cell| cell.cover == Cover::Own) {
            for (part, text) in cell.text.split('\n').filter(|text| !text.is_empty()).enumerate() {
                lines.push(Line { at: row.at, text: text.to_owned(), gap: part == 0, page: false });
            }
        }
    }
    lines
}
