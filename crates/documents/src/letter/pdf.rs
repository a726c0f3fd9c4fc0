//! A letter as PDF, in the layout of decree 30/2020 as the DOCX has it.

use super::{Block, Check, Kind, Letter, LetterAnnex, LetterError, Marks};
use crate::pdf::{Align, Column, Faces, Flow, Look, MM, PdfError, Piece, Row, Sheet, file, foot, head, plain, table};

/// The letter as a PDF file. The same letter gives the same bytes. Letters outside Latin and Vietnamese are printed as `?`.
pub fn write_pdf(letter: &Letter, marks: &Marks) -> Result<Vec<u8>, LetterError> {
    let write = || file(&laid_out(letter, marks)?, &plain(&letter.subject));
    write().map_err(|error: PdfError| LetterError::Write { detail: error.to_string() })
}

fn laid_out(letter: &Letter, marks: &Marks) -> Result<Flow, PdfError> {
    let mut flow = Flow::new(Faces::load()?, marks.check.is_some());
    let column = (flow.sheet().left, flow.sheet().text());
    head(&mut flow, &letter.head(marks));
    if let Kind::Notice { title } = &letter.kind {
        flow.space(8.0);
        flow.centred(&plain(&title.to_uppercase()), Look::Bold, 14.0);
        flow.centred(&plain(&letter.subject), Look::Bold, 14.0);
        flow.rule(column.0, column.1, column.1 * 0.2);
    }
    flow.space(6.0);
    for (at, to) in letter.to.iter().enumerate() {
        let words = if at == 0 { format!("Kính gửi: {to}") } else { to.clone() };
        flow.centred(&plain(&words), Look::Regular, 14.0);
    }
    flow.space(6.0);
    for block in &letter.body {
        let text = match block {
            Block::Paragraph(text) => plain(text),
            Block::Item(text) => format!("- {}", plain(text)),
        };
        flow.text(column, &[Piece::new(text, Look::Regular)], 14.0, 10.0 * MM, Align::Both);
        flow.space(6.0);
    }
    foot(&mut flow, &letter.foot());
    if let Some(of) = &letter.annex {
        annex(&mut flow, of);
    }
    if let Some(check) = &marks.check {
        flow.everywhere(check_lines(check));
    }
    Ok(flow)
}

/// The annex, on pages of its own.
fn annex(flow: &mut Flow, annex: &LetterAnnex) {
    flow.new_page(Sheet::UPRIGHT);
    flow.centred(&plain(&annex.title), Look::Bold, 14.0);
    flow.space(6.0);
    let column = |(at, head): (usize, &String)| Column {
        head: head.clone(),
        share: annex.share(at),
        align: match at {
            0 => Align::Centre,
            _ if annex.holds_words(at) => Align::Left,
            _ => Align::Right,
        },
    };
    let columns: Vec<Column> = annex.columns.iter().enumerate().map(column).collect();
    let cells = |row: &Vec<String>| Row::Cells(row.iter().map(|text| vec![Piece::new(plain(text), Look::Regular)]).collect());
    let rows: Vec<Row> = annex.rows.iter().map(cells).collect();
    table(flow, &columns, &rows, 12.0);
}

/// What stands at the foot of each page: what the QR code says, and the words beside it.
fn check_lines(check: &Check) -> (String, Vec<String>) {
    let mut lines = vec![format!("Mã tra cứu văn bản: {}", check.code)];
    if !check.page.is_empty() {
        lines.push(format!("Kiểm tra tại: {}", check.page));
    }
    (check.qr(), lines)
}

#[cfg(test)]
#[path = "pdf_tests.rs"]
mod tests;
