//! A report as PDF: the same content as the DOCX, notes at the foot of the page on which a figure stands first, charts as drawings.

use super::{Block, Numbered, Report, ReportError, Side, Span, Table, TableRow, Text, last_of_each};
use crate::pdf::{Align, Column, Faces, Flow, Look, MM, PdfError, Piece, Row, Sheet, chart, file, foot, head, plain, table};

/// The report as a PDF file. Letters outside Latin and Vietnamese are printed as `?`.
pub fn write_report_pdf(report: &Report) -> Result<Vec<u8>, ReportError> {
    report.check()?;
    let write = || file(&laid_out(report)?, &plain(&report.subject.join(" ")));
    write().map_err(|error: PdfError| ReportError::Write { detail: error.to_string() })
}

pub(super) fn laid_out(report: &Report) -> Result<Flow, PdfError> {
    let numbered = report.numbered();
    let notes = numbered.order.iter().map(|note| plain(note)).collect();
    let mut flow = Flow::new(Faces::load()?, false).with_notes(notes);
    head(&mut flow, &report.head());
    flow.space(6.0);
    let column = (flow.sheet().left, flow.sheet().text());
    flow.centred("BÁO CÁO", Look::Bold, 14.0);
    for line in &report.subject {
        flow.centred(&plain(line), Look::Bold, 14.0);
    }
    flow.rule(column.0, column.1, column.1 * 0.24);
    flow.space(4.0);
    for (at, to) in report.to.iter().enumerate() {
        let words = if at == 0 { format!("Kính gửi: {to}") } else { to.clone() };
        flow.centred(&plain(&words), Look::Regular, 14.0);
    }
    flow.space(6.0);
    blocks(&mut flow, &report.body, &numbered, 14.0);
    foot(&mut flow, &report.foot());
    for annex in &report.annexes {
        flow.new_page(if annex.across { Sheet::ACROSS } else { Sheet::UPRIGHT });
        flow.centred(&plain(&annex.number), Look::Bold, 14.0);
        flow.centred(&plain(&annex.title.to_uppercase()), Look::Bold, 14.0);
        flow.centred(&plain(&report.belongs().replace("  ", "\u{a0}\u{a0}")), Look::Italic, 13.0);
        let column = (flow.sheet().left, flow.sheet().text());
        flow.rule(column.0, column.1, 100.0);
        flow.space(6.0);
        blocks(&mut flow, &annex.body, &numbered, 13.0);
    }
    flow.finish(&plain(&report.below));
    Ok(flow)
}

fn blocks(flow: &mut Flow, blocks: &[Block], notes: &Numbered, size: f32) {
    for block in blocks {
        let column = (flow.sheet().left, flow.sheet().text());
        match block {
            Block::Heading(text) => heading(flow, text, Look::Bold, size),
            Block::Subheading(text) => heading(flow, text, Look::BoldItalic, size),
            Block::Paragraph(text) => {
                flow.text(column, &pieces(text, notes), size, 10.0 * MM, Align::Both);
                flow.space(5.0);
            }
            Block::Item(text) => {
                let mut all = vec![Piece::new("- ", Look::Regular)];
                all.extend(pieces(text, notes));
                flow.text(column, &all, size, 10.0 * MM, Align::Both);
                flow.space(5.0);
            }
            Block::Table(of) => rows(flow, of, notes),
            Block::Chart(of) => chart(flow, of),
        }
    }
}

fn heading(flow: &mut Flow, text: &str, look: Look, size: f32) {
    // With two lines of what follows.
    flow.keep(size * 1.25 * 3.0 + 8.0);
    flow.space(4.0);
    let column = (flow.sheet().left, flow.sheet().text());
    flow.text(column, &[Piece::new(plain(text), look)], size, 10.0 * MM, Align::Left);
    flow.space(4.0);
}

fn rows(flow: &mut Flow, of: &Table, notes: &Numbered) {
    if !of.caption.is_empty() {
        flow.keep(60.0);
        flow.centred(&plain(&of.caption), Look::Italic, 13.0);
        flow.space(3.0);
    }
    let column = |column: &super::TableColumn| Column {
        head: column.head.clone(),
        share: column.share,
        align: match column.side {
            Side::Left => Align::Left,
            Side::Centre => Align::Centre,
            Side::Right => Align::Right,
        },
    };
    let columns: Vec<Column> = of.columns.iter().map(column).collect();
    let row = |row: &TableRow| match row {
        TableRow::Group(text) => Row::Group(vec![Piece::new(plain(text), Look::Bold)]),
        TableRow::Cells(cells) => Row::Cells(cells.iter().map(|cell| pieces(cell, notes)).collect()),
    };
    let rows: Vec<Row> = of.rows.iter().map(row).collect();
    table(flow, &columns, &rows, 12.0);
}

fn pieces(text: &Text, notes: &Numbered) -> Vec<Piece> {
    let mut all = Vec::new();
    let last = last_of_each(text);
    for (at, span) in text.0.iter().enumerate() {
        match span {
            Span::Words(text) => all.push(Piece::new(plain(text), Look::Regular)),
            Span::Strong(text) => all.push(Piece::new(plain(text), Look::Bold)),
            Span::Figure { text, note } => {
                all.push(Piece::new(plain(text), Look::Regular));
                if let Some(number) = notes.number.get(*note).copied().flatten().filter(|_| last.contains(&at)) {
                    all.push(Piece { note: Some(number), ..Piece::new((number + 1).to_string(), Look::Regular) });
                }
            }
        }
    }
    all
}
