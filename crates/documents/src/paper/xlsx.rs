//! XLSX: the text on the first tab, each table on one of its own.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::{Grid, Paper, PaperError, Part};

/// Name of the first tab.
const TEXT: &str = "Văn bản";

/// The paper as a workbook.
pub fn write_paper_xlsx(paper: &Paper) -> Result<Vec<u8>, PaperError> {
    write(paper).map_err(|error| PaperError::of(&error))
}

fn write(paper: &Paper) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let at = paper.made_at;
    let (year, month, day) = (at.date.year(), at.date.month_number(), at.date.day());
    let part = |number: i32| u8::try_from(number).unwrap_or(1);
    let created = ExcelDateTime::from_ymd(u16::try_from(year).unwrap_or(1900), part(month), part(day))?;
    let created = created.and_hms(at.hour.into(), at.minute, at.second)?;
    book.set_properties(&DocProperties::new().set_title(&paper.title).set_creation_datetime(&created));
    text(paper, book.add_worksheet())?;
    for (heading, grid) in paper.grids() {
        table(heading, grid, book.add_worksheet())?;
    }
    book.save_to_buffer()
}

fn text(paper: &Paper, page: &mut Worksheet) -> Result<(), XlsxError> {
    let (bold, plain) = (Format::new().set_bold(), Format::new().set_text_wrap());
    page.set_name(TEXT)?.set_column_width(0, 120)?;
    let mut row = 0;
    let mut put = |text: &str, format: &Format| -> Result<(), XlsxError> {
        page.write_string_with_format(row, 0, text, format)?;
        row += 1;
        Ok(())
    };
    put(&paper.title, &bold)?;
    for line in &paper.lines {
        put(line, &plain)?;
    }
    for section in &paper.sections {
        put(&section.heading, &bold)?;
        for part in &section.parts {
            match part {
                Part::Paragraph(text) => put(text, &plain)?,
                Part::Item(text) => put(&format!("- {text}"), &plain)?,
                Part::Table(grid) => put(&format!("→ {}", grid.name), &plain)?,
            }
        }
    }
    paper.foot.iter().try_for_each(|line| put(line, &plain))
}

fn table(heading: &str, grid: &Grid, page: &mut Worksheet) -> Result<(), XlsxError> {
    let cell = Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::Top).set_text_wrap().set_num_format("@");
    let head = cell.clone().set_bold();
    page.set_name(&grid.name)?;
    page.write_string_with_format(0, 0, heading, &Format::new().set_bold())?;
    for (column, name) in (0u16..).zip(&grid.columns) {
        page.set_column_width(column, 28)?.write_string_with_format(2, column, name, &head)?;
    }
    for (row, cells) in (3u32..).zip(&grid.rows) {
        for (column, text) in (0u16..).zip(cells) {
            // write_string, never write: it makes neither a formula nor a link of a text.
            page.write_string_with_format(row, column, text, &cell)?;
        }
    }
    page.set_freeze_panes(3, 0)?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}
