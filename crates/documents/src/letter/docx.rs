//! A letter as DOCX in the layout of decree 30/2020/NĐ-CP, annex I: A4, Times New Roman, head in two columns, signature at the right.
//!
//! The file is a ZIP of a few XML parts written here: a library for all of Word would bring readers of pictures with it, and a letter needs
//! paragraphs, one table and three styles.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::qr::qr_png;

use super::{Block, Check, Kind, Letter, LetterError, Marks, two_digits};

/// Millimetres of a twentieth of a point, the unit of the format: 1 mm is 56.7.
pub(crate) const fn mm(millimetres: u32) -> u32 {
    millimetres * 567 / 10
}

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
const DOCUMENT_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/></Relationships>"#;
const FOOTER_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/qr.png"/></Relationships>"#;
/// Body text of 14 points; the sizes of the format are half points.
pub(crate) const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="Times New Roman" w:cs="Times New Roman"/><w:sz w:val="28"/><w:szCs w:val="28"/><w:lang w:val="vi-VN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>"#;

/// The letter as a file. The same letter gives the same bytes.
pub fn write_docx(letter: &Letter, marks: &Marks) -> Result<Vec<u8>, LetterError> {
    let mut parts = vec![
        ("[Content_Types].xml", TYPES.as_bytes().to_vec()),
        ("_rels/.rels", RELATIONS.as_bytes().to_vec()),
        ("word/_rels/document.xml.rels", DOCUMENT_RELATIONS.as_bytes().to_vec()),
        ("word/styles.xml", STYLES.as_bytes().to_vec()),
        ("word/document.xml", document(letter, marks).into_bytes()),
        ("word/footer1.xml", footer(marks.check.as_ref()).into_bytes()),
    ];
    if let Some(picture) = marks.check.as_ref().and_then(|check| qr_png(&check.qr(), 6)) {
        parts.push(("word/_rels/footer1.xml.rels", FOOTER_RELATIONS.as_bytes().to_vec()));
        parts.push(("word/media/qr.png", picture));
    }
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    let failed = |e: &dyn std::fmt::Display| LetterError::Write { detail: e.to_string() };
    for (name, bytes) in parts {
        // No time of making: it would differ from file to file.
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        file.start_file(name, options).map_err(|e| failed(&e))?;
        file.write_all(&bytes).map_err(|e| failed(&e))?;
    }
    Ok(file.finish().map_err(|e| failed(&e))?.into_inner())
}

/// The main part.
pub(super) fn document(letter: &Letter, marks: &Marks) -> String {
    let mut body = head(letter, marks);
    match &letter.kind {
        Kind::Letter => body.push_str(&paragraph("", &[])),
        Kind::Notice { title } => {
            body.push_str(&paragraph(CENTRE_SPACED, &[run(&title.to_uppercase(), "<w:b/>", 28)]));
            body.push_str(&paragraph(CENTRE, &[run(&letter.subject, "<w:b/>", 28)]));
            body.push_str(&paragraph(RULED, &[]));
        }
    }
    let mut first = true;
    for to in &letter.to {
        let words = if first { format!("Kính gửi: {to}") } else { to.clone() };
        body.push_str(&paragraph(CENTRE_SPACED, &[run(&words, "", 28)]));
        first = false;
    }
    for block in &letter.body {
        match block {
            Block::Paragraph(text) => body.push_str(&paragraph(BODY, &[run(text, "", 28)])),
            Block::Item(text) => body.push_str(&paragraph(BODY, &[run(&format!("- {text}"), "", 28)])),
        }
    }
    body.push_str(&foot(letter));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><w:body>{body}\
         <w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId2\"/><w:pgSz w:w=\"{}\" w:h=\"{}\"/><w:pgMar w:top=\"{}\" w:right=\"{}\" w:bottom=\"{}\" w:left=\"{}\" w:header=\"708\" \
         w:footer=\"708\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>",
        mm(210),
        mm(297),
        mm(20),
        mm(15),
        mm(20),
        mm(30)
    )
}

const CENTRE: &str = "<w:jc w:val=\"center\"/>";
const CENTRE_SPACED: &str = "<w:spacing w:before=\"120\" w:after=\"60\"/><w:jc w:val=\"center\"/>";
/// Both edges even, first line in by 1 cm, 6 points after.
const BODY: &str = "<w:spacing w:before=\"0\" w:after=\"120\"/><w:ind w:firstLine=\"567\"/><w:jc w:val=\"both\"/>";
/// A short line below a heading.
const RULED: &str = "<w:pBdr><w:top w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"000000\"/></w:pBdr><w:spacing w:after=\"120\"/><w:ind w:left=\"3700\" w:right=\"3700\"/>";
const SHORT_RULE: &str = "<w:pBdr><w:top w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"000000\"/></w:pBdr><w:ind w:left=\"1300\" w:right=\"1300\"/>";
const MOTTO_RULE: &str = "<w:pBdr><w:top w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"000000\"/></w:pBdr><w:ind w:left=\"1150\" w:right=\"1150\"/>";

/// What everybody can check the document by: QR code and number, below the parts that the decree fixes. Empty without.
fn footer(check: Option<&Check>) -> String {
    let body = match check {
        Some(check) => {
            let at = if check.page.is_empty() { String::new() } else { format!(". Kiểm tra tại: {}", check.page) };
            let words = run(&format!("  Mã tra cứu văn bản: {}{at}", check.code), "", 18);
            paragraph("", &[PICTURE.to_owned(), words])
        }
        None => paragraph("", &[]),
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:ftr xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
         xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\">{body}</w:ftr>"
    )
}

/// The QR code, 18 mm wide (36,000 units a millimetre).
const PICTURE: &str = "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"648000\" cy=\"648000\"/><wp:docPr id=\"1\" name=\"QR\" descr=\"Mã QR để tra cứu văn bản\"/><a:graphic xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:nvPicPr><pic:cNvPr id=\"1\" name=\"qr.png\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"rId1\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"648000\" cy=\"648000\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>";

/// Organ, number and subject at the left; the country's name, motto, place and date at the right.
fn head(letter: &Letter, marks: &Marks) -> String {
    let mut left = String::new();
    if let Some(above) = &letter.organ_above {
        left.push_str(&paragraph(CENTRE, &[run(&above.to_uppercase(), "", 24)]));
    }
    left.push_str(&paragraph(CENTRE, &[run(&letter.organ.to_uppercase(), "<w:b/>", 24)]));
    left.push_str(&paragraph(SHORT_RULE, &[]));
    // The document office gives number and day.
    let number = marks.number.as_ref().map_or("       ", |(number, _)| number.as_str());
    let symbol = if letter.symbol.is_empty() { String::new() } else { format!("/{}", letter.symbol) };
    left.push_str(&paragraph(CENTRE, &[run(&format!("Số: {number}{symbol}"), "", 26)]));
    if letter.kind == Kind::Letter {
        left.push_str(&paragraph(CENTRE, &[run(&format!("V/v {}", letter.subject), "", 24)]));
    }
    let mut right = paragraph(CENTRE, &[run("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "<w:b/>", 24)]);
    right.push_str(&paragraph(CENTRE, &[run("Độc lập - Tự do - Hạnh phúc", "<w:b/>", 26)]));
    right.push_str(&paragraph(MOTTO_RULE, &[]));
    let month = marks.number.as_ref().map_or(letter.month, |(_, day)| day.month());
    let day = marks.number.as_ref().map_or_else(|| "    ".to_owned(), |(_, day)| two_digits(i64::from(day.day())));
    let (year, number) = (month.year(), i64::from(month.number()));
    let month = if number < 3 { two_digits(number) } else { number.to_string() };
    let date = format!("{}, ngày {day} tháng {month} năm {year}", letter.place);
    right.push_str(&paragraph(CENTRE, &[run(&date, "<w:i/>", 26)]));
    two_columns((4_000, &left), (5_640, &right))
}

/// Recipients at the left, who signs at the right.
fn foot(letter: &Letter) -> String {
    let mut left = paragraph("", &[run("Nơi nhận:", "<w:b/><w:i/>", 24)]);
    for copy in &letter.copies {
        left.push_str(&paragraph("", &[run(&format!("- {copy};"), "", 22)]));
    }
    left.push_str(&paragraph("", &[run("- Lưu: VT.", "", 22)]));
    if !letter.prepared_by.is_empty() {
        left.push_str(&paragraph("", &[run(&format!("Người soạn: {}", letter.prepared_by), "<w:i/>", 22)]));
    }
    if !letter.protection.is_empty() {
        left.push_str(&paragraph("", &[run(&letter.protection, "<w:i/>", 20)]));
    }
    let mut right = paragraph(CENTRE, &[run(&letter.signer.to_uppercase(), "<w:b/>", 28)]);
    for _ in 0..4 {
        right.push_str(&paragraph(CENTRE, &[]));
    }
    let mut foot = paragraph("", &[]);
    foot.push_str(&two_columns((4_820, &left), (4_820, &right)));
    // The format wants a paragraph after a table; one of a point brings no page of its own.
    foot.push_str(&paragraph("<w:spacing w:line=\"20\" w:lineRule=\"exact\"/>", &[]));
    foot
}

fn two_columns((left_wide, left): (u32, &str), (right_wide, right): (u32, &str)) -> String {
    let cell = |wide: u32, body: &str| format!("<w:tc><w:tcPr><w:tcW w:w=\"{wide}\" w:type=\"dxa\"/></w:tcPr>{body}</w:tc>");
    format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>\
         <w:gridCol w:w=\"{left_wide}\"/><w:gridCol w:w=\"{right_wide}\"/></w:tblGrid><w:tr>{}{}</w:tr></w:tbl>",
        left_wide + right_wide,
        cell(left_wide, left),
        cell(right_wide, right)
    )
}

pub(crate) fn paragraph(properties: &str, runs: &[String]) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr>{}</w:p>", runs.concat())
}

/// Words of one look; `half_points` is their size.
pub(crate) fn run(text: &str, look: &str, half_points: u32) -> String {
    format!(
        "<w:r><w:rPr>{look}<w:sz w:val=\"{half_points}\"/><w:szCs w:val=\"{half_points}\"/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r>",
        escape(text)
    )
}

/// Text for XML. Characters that no XML may hold are left out: a name with one must not make the letter unreadable.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}
