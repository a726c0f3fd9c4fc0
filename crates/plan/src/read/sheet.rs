//! The sheets of a workbook to tables.

use intake::paper::{Sheet, sheets};
use intake::{Limits, Source};

use super::{Block, Cell, Cover, MAX_COLUMNS, Row, Table};
use crate::error::PlanError;

/// Rows of all sheets together.
const MAX_ROWS: usize = 20_000;
/// Cells that merged areas may cover; beyond it nobody has made the sheet by hand.
const MAX_COVERED: usize = 2_000_000;

/// Reads .xlsx and .xls.
pub(super) fn read(source: &Source, limits: &Limits) -> Result<Vec<Block>, PlanError> {
    let mut blocks = Vec::new();
    for sheet in sheets(source, limits, MAX_ROWS)? {
        blocks.push(Block::Table(table(&sheet)?));
    }
    Ok(blocks)
}

fn table(sheet: &Sheet) -> Result<Table, PlanError> {
    let width = sheet.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    if width > MAX_COLUMNS {
        return Err(PlanError::NotAPlan { reason: format!("trang tính có hơn {MAX_COLUMNS} cột") });
    }
    let mut rows: Vec<Row> = sheet.rows.iter().map(|(at, texts)| Row { at: *at, cells: row(texts, width) }).collect();
    let mut covered = 0;
    for group in &sheet.merged {
        let first = rows.partition_point(|row| row.at < group.rows.0);
        // Without its first row the group has no text.
        let Some(text) = rows.get(first).filter(|row| row.at == group.rows.0).and_then(|row| row.cells.get(group.columns.0))
        else {
            continue;
        };
        let text = text.text.clone();
        let last = group.columns.1.min(width.saturating_sub(1));
        for row in rows.iter_mut().skip(first).take_while(|row| row.at <= group.rows.1) {
            for column in group.columns.0..=last {
                covered += 1;
                if covered > MAX_COVERED {
                    let reason = "quá nhiều ô gộp".to_owned();
                    return Err(intake::IntakeError::Suspicious { reason }.into());
                }
                let is_first = row.at == group.rows.0 && column == group.columns.0;
                if is_first {
                    continue;
                }
                let cover = if row.at > group.rows.0 { Cover::Down } else { Cover::Across };
                row.cells[column] = Cell { text: text.clone(), cover };
            }
        }
    }
    Ok(Table { name: Some(sheet.name.clone()), rows })
}

fn row(texts: &[String], width: usize) -> Vec<Cell> {
    (0..width).map(|column| Cell::own(texts.get(column).map_or("", String::as_str))).collect()
}
