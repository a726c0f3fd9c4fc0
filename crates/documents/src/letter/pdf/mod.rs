//! A letter as PDF, in the layout of decree 30/2020 as the DOCX has it: A4, a serif face of the measures of Times New Roman, embedded.
//!
//! The layouter knows lines, justified paragraphs, two columns and pages, and that is all a letter needs. Vietnamese letters with their
//! marks are single glyphs of the face, so nothing has to be shaped.

mod face;
mod flow;
mod write;

use unicode_normalization::UnicodeNormalization;

use super::{Block, Check, Kind, Letter, LetterError, Marks, two_digits};
use face::Look;
use flow::{Align, Flow};

/// Points of a millimetre.
const MM: f32 = 72.0 / 25.4;
const WIDE: f32 = 210.0 * MM;
const HIGH: f32 = 297.0 * MM;
const TOP: f32 = 20.0 * MM;
const BOTTOM: f32 = 20.0 * MM;
const LEFT: f32 = 30.0 * MM;
const RIGHT: f32 = 15.0 * MM;
/// Width of the text.
const TEXT: f32 = WIDE - LEFT - RIGHT;
/// Side of the QR code.
const QR: f32 = 18.0 * MM;

/// The letter as a PDF file. The same letter gives the same bytes. Letters outside Latin and Vietnamese are printed as `?`.
pub fn write_pdf(letter: &Letter, marks: &Marks) -> Result<Vec<u8>, LetterError> {
    let flow = laid_out(letter, marks)?;
    write::file(&flow, &plain(&letter.subject))
}

/// Text as it is drawn: whole letters, no line breaks and no control characters.
fn plain(text: &str) -> String {
    text.nfc().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !c.is_control()).collect()
}

fn laid_out(letter: &Letter, marks: &Marks) -> Result<Flow, LetterError> {
    let mut flow = Flow::new(face::Faces::load()?, marks.check.is_some());
    head(&mut flow, letter, marks);
    if let Kind::Notice { title } = &letter.kind {
        flow.space(8.0);
        flow.centred(&plain(&title.to_uppercase()), Look::Bold, 14.0);
        flow.centred(&plain(&letter.subject), Look::Bold, 14.0);
        flow.rule(LEFT, TEXT, TEXT * 0.2);
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
        flow.paragraph(&text, 14.0, 10.0 * MM);
        flow.space(6.0);
    }
    foot(&mut flow, letter);
    if let Some(check) = &marks.check {
        flow.everywhere(check_lines(check));
    }
    Ok(flow)
}

/// Organ, number and subject at the left; the country's name, motto, place and date at the right.
fn head(flow: &mut Flow, letter: &Letter, marks: &Marks) {
    let (left, right) = ((LEFT, TEXT * 0.41), (LEFT + TEXT * 0.42, TEXT * 0.58));
    let from = flow.y();
    if let Some(above) = &letter.organ_above {
        flow.lines(left, &plain(&above.to_uppercase()), Look::Regular, 12.0, Align::Centre);
    }
    flow.lines(left, &plain(&letter.organ.to_uppercase()), Look::Bold, 12.0, Align::Centre);
    flow.rule(left.0, left.1, left.1 * 0.4);
    let number = marks.number.as_ref().map_or("       ", |(number, _)| number.as_str());
    let symbol = if letter.symbol.is_empty() { String::new() } else { format!("/{}", letter.symbol) };
    flow.lines(left, &plain(&format!("Số: {number}{symbol}")), Look::Regular, 13.0, Align::Centre);
    if letter.kind == Kind::Letter {
        flow.lines(left, &plain(&format!("V/v {}", letter.subject)), Look::Regular, 12.0, Align::Centre);
    }
    let left_end = flow.y();
    flow.back_to(from);
    flow.lines(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Look::Bold, 12.0, Align::Centre);
    flow.lines(right, "Độc lập - Tự do - Hạnh phúc", Look::Bold, 13.0, Align::Centre);
    let motto = flow.width("Độc lập - Tự do - Hạnh phúc", Look::Bold, 13.0);
    flow.rule(right.0, right.1, motto);
    let month = marks.number.as_ref().map_or(letter.month, |(_, day)| day.month());
    let day = marks.number.as_ref().map_or_else(|| "      ".to_owned(), |(_, day)| two_digits(i64::from(day.day())));
    let number = i64::from(month.number());
    let written = if number < 3 { two_digits(number) } else { number.to_string() };
    let date = format!("{}, ngày {day} tháng {written} năm {}", plain(&letter.place), month.year());
    flow.lines(right, &date, Look::Italic, 13.0, Align::Centre);
    flow.down_to(left_end);
    flow.space(10.0);
}

/// Recipients at the left, who signs at the right; both on one page.
fn foot(flow: &mut Flow, letter: &Letter) {
    let (left, right) = ((LEFT, TEXT * 0.5), (LEFT + TEXT * 0.5, TEXT * 0.5));
    let lines =
        letter.copies.len() + 2 + usize::from(!letter.prepared_by.is_empty()) + usize::from(!letter.protection.is_empty());
    flow.keep((lines as f32 * 14.0).max(110.0));
    flow.space(6.0);
    let from = flow.y();
    flow.lines(left, "Nơi nhận:", Look::BoldItalic, 12.0, Align::Left);
    for copy in &letter.copies {
        flow.lines(left, &plain(&format!("- {copy};")), Look::Regular, 11.0, Align::Left);
    }
    flow.lines(left, "- Lưu: VT.", Look::Regular, 11.0, Align::Left);
    if !letter.prepared_by.is_empty() {
        flow.lines(left, &plain(&format!("Người soạn: {}", letter.prepared_by)), Look::Italic, 11.0, Align::Left);
    }
    if !letter.protection.is_empty() {
        flow.lines(left, &plain(&letter.protection), Look::Italic, 10.0, Align::Left);
    }
    let left_end = flow.y();
    flow.back_to(from);
    flow.lines(right, &plain(&letter.signer.to_uppercase()), Look::Bold, 14.0, Align::Centre);
    flow.space(80.0);
    flow.down_to(left_end);
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
mod tests;
