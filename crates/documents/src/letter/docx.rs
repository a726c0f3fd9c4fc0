//! A letter as DOCX in the layout of decree 30/2020/NĐ-CP, annex I: A4, Times New Roman, head in two columns, signature at the right.

use crate::qr::qr_png;
use crate::word::{
    AFTER_TABLE, BODY, CENTRE, CENTRE_SPACED, RELATIONS, RULED, STYLES, foot, head, mm, paragraph, run, table, table_cell,
    table_row,
};

use super::{Block, Check, Kind, Letter, LetterAnnex, LetterError, Marks};

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>"#;
const DOCUMENT_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/></Relationships>"#;
const FOOTER_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/qr.png"/></Relationships>"#;

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
    crate::word::file(parts).map_err(|e| LetterError::Write { detail: e.to_string() })
}

/// The main part.
pub(super) fn document(letter: &Letter, marks: &Marks) -> String {
    let mut body = head(&letter.head(marks));
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
    body.push_str(&foot(&letter.foot()));
    body.push_str(&paragraph(AFTER_TABLE, &[]));
    body.push_str(&letter.annex.as_ref().map(annex).unwrap_or_default());
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

/// The annex, on pages of its own.
fn annex(annex: &LetterAnnex) -> String {
    const WIDE: u32 = 9_350;
    let widths = annex_widths(annex, WIDE);
    let heads: Vec<&str> = annex.columns.iter().map(String::as_str).collect();
    let side = |at: usize| match at {
        0 => CENTRE,
        _ if annex.holds_words(at) => "",
        _ => "<w:jc w:val=\"right\"/>",
    };
    let row = |cells: &Vec<String>| {
        let cells = cells.iter().zip(&widths).enumerate();
        table_row(&cells.map(|(at, (text, width))| table_cell(*width, side(at), &[run(text, "", 24)])).collect::<String>())
    };
    let rows: String = annex.rows.iter().map(row).collect();
    let title = paragraph(&format!("<w:pageBreakBefore/>{CENTRE_SPACED}"), &[run(&annex.title, "<w:b/>", 28)]);
    title + &table(&widths, &heads, &rows)
}

/// Widths of an annex's columns.
fn annex_widths(annex: &LetterAnnex, wide: u32) -> Vec<u32> {
    let shares: Vec<u32> = (0..annex.columns.len()).map(|column| annex.share(column)).collect();
    let all = shares.iter().sum::<u32>().max(1);
    shares.iter().map(|share| wide * share / all).collect()
}

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
