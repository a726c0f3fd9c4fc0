//! What all Word files here are made of: paragraphs and runs as XML, the styles, the frame of the file.
//!
//! A DOCX is a ZIP of a few XML parts written here: a library for all of Word would bring readers of pictures with it.

use crate::decree::{Foot, Head};
use crate::package::{PackageError, write_zip};

/// Twentieths of a point, the unit of the format, of millimetres: 1 mm is 56.7.
pub(crate) const fn mm(millimetres: u32) -> u32 {
    millimetres * 567 / 10
}

/// The relation of the package to its main part.
pub(crate) const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
/// Body text of 14 points; the sizes of the format are half points.
pub(crate) const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="Times New Roman" w:cs="Times New Roman"/><w:sz w:val="28"/><w:szCs w:val="28"/><w:lang w:val="vi-VN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>"#;

pub(crate) const CENTRE: &str = "<w:jc w:val=\"center\"/>";
pub(crate) const CENTRE_SPACED: &str = "<w:spacing w:before=\"120\" w:after=\"60\"/><w:jc w:val=\"center\"/>";
/// Both edges even, first line in by 1 cm, 6 points after.
pub(crate) const BODY: &str = "<w:spacing w:before=\"0\" w:after=\"120\"/><w:ind w:firstLine=\"567\"/><w:jc w:val=\"both\"/>";
/// A short line below a heading.
pub(crate) const RULED: &str = "<w:pBdr><w:top w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"000000\"/></w:pBdr><w:spacing w:after=\"120\"/><w:ind w:left=\"3700\" w:right=\"3700\"/>";
const SHORT_RULE: &str = "<w:pBdr><w:top w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"000000\"/></w:pBdr><w:ind w:left=\"1300\" w:right=\"1300\"/>";
const MOTTO_RULE: &str = "<w:pBdr><w:top w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"000000\"/></w:pBdr><w:ind w:left=\"1150\" w:right=\"1150\"/>";

/// The parts as a file; the same parts, the same bytes.
pub(crate) fn file(parts: Vec<(&str, Vec<u8>)>) -> Result<Vec<u8>, PackageError> {
    let parts: Vec<(String, Vec<u8>)> = parts.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect();
    write_zip(&parts)
}

/// A paragraph.
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

/// Text for XML. Characters that no XML may hold are left out: a name with one must not make the file unreadable.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// Two columns without lines: a head, a foot.
pub(crate) fn two_columns((left_wide, left): (u32, &str), (right_wide, right): (u32, &str)) -> String {
    let cell = |wide: u32, body: &str| format!("<w:tc><w:tcPr><w:tcW w:w=\"{wide}\" w:type=\"dxa\"/></w:tcPr>{body}</w:tc>");
    format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>\
         <w:gridCol w:w=\"{left_wide}\"/><w:gridCol w:w=\"{right_wide}\"/></w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>{}{}</w:tr></w:tbl>",
        left_wide + right_wide,
        cell(left_wide, left),
        cell(right_wide, right)
    )
}

/// Organ and number at the left; the country's name, motto, place and date at the right.
pub(crate) fn head(head: &Head<'_>) -> String {
    let mut left = String::new();
    if let Some(above) = head.organ_above {
        left.push_str(&paragraph(CENTRE, &[run(&above.to_uppercase(), "", 24)]));
    }
    left.push_str(&paragraph(CENTRE, &[run(&head.organ.to_uppercase(), "<w:b/>", 24)]));
    left.push_str(&paragraph(SHORT_RULE, &[]));
    left.push_str(&paragraph(CENTRE, &[run(&head.number_line(), "", 26)]));
    if let Some(about) = head.about {
        left.push_str(&paragraph(CENTRE, &[run(&format!("V/v {about}"), "", 24)]));
    }
    let mut right = paragraph(CENTRE, &[run("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "<w:b/>", 24)]);
    right.push_str(&paragraph(CENTRE, &[run("Độc lập - Tự do - Hạnh phúc", "<w:b/>", 26)]));
    right.push_str(&paragraph(MOTTO_RULE, &[]));
    right.push_str(&paragraph(CENTRE, &[run(&head.date_line("    "), "<w:i/>", 26)]));
    two_columns((4_000, &left), (5_640, &right))
}

/// Recipients at the left, who signs at the right.
pub(crate) fn foot(foot: &Foot<'_>) -> String {
    let mut left = paragraph("", &[run("Nơi nhận:", "<w:b/><w:i/>", 24)]);
    for copy in foot.copy_lines() {
        left.push_str(&paragraph("", &[run(&copy, "", 22)]));
    }
    for (text, points) in &foot.remarks {
        left.push_str(&paragraph("", &[run(text, "<w:i/>", points * 2)]));
    }
    let mut right: String =
        foot.signer.iter().map(|line| paragraph(CENTRE, &[run(&line.to_uppercase(), "<w:b/>", 28)])).collect();
    for _ in 0..4 {
        right.push_str(&paragraph(CENTRE, &[]));
    }
    let mut whole = paragraph("", &[]);
    whole.push_str(&two_columns((4_820, &left), (4_820, &right)));
    whole
}

/// The format wants a paragraph after a table; one of a point brings no page of its own.
pub(crate) const AFTER_TABLE: &str = "<w:spacing w:line=\"20\" w:lineRule=\"exact\"/>";
const BORDERS: &str = "<w:tblBorders><w:top w:val=\"single\" w:sz=\"4\"/><w:left w:val=\"single\" w:sz=\"4\"/><w:bottom w:val=\"single\" w:sz=\"4\"/><w:right w:val=\"single\" w:sz=\"4\"/><w:insideH w:val=\"single\" w:sz=\"4\"/><w:insideV w:val=\"single\" w:sz=\"4\"/></w:tblBorders>";
const CELLS: &str = "<w:tblCellMar><w:left w:w=\"70\" w:type=\"dxa\"/><w:right w:w=\"70\" w:type=\"dxa\"/></w:tblCellMar>";

/// A table with lines over the given widths (twentieths of a point); its head comes again on every page. `rows` is XML of [`table_row`].
pub(crate) fn table(widths: &[u32], heads: &[&str], rows: &str) -> String {
    let wide: u32 = widths.iter().sum();
    let grid: String = widths.iter().map(|width| format!("<w:gridCol w:w=\"{width}\"/>")).collect();
    let head = |(head, width): (&&str, &u32)| table_cell(*width, CENTRE, &[run(head, "<w:b/>", 24)]);
    let heads: String = heads.iter().zip(widths).map(head).collect();
    format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{wide}\" w:type=\"dxa\"/>{BORDERS}<w:tblLayout w:type=\"fixed\"/>{CELLS}</w:tblPr>\
         <w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heads}</w:tr>{rows}</w:tbl>{}",
        paragraph("<w:spacing w:after=\"60\" w:line=\"120\" w:lineRule=\"exact\"/>", &[])
    )
}

/// A row of a table, of cells as XML.
pub(crate) fn table_row(cells: &str) -> String {
    format!("<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
}

/// A cell of a table; `side` says how its words stand.
pub(crate) fn table_cell(width: u32, side: &str, runs: &[String]) -> String {
    format!(
        "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr>{}</w:tc>",
        paragraph(&format!("<w:spacing w:before=\"20\" w:after=\"20\" w:line=\"240\" w:lineRule=\"auto\"/>{side}"), runs)
    )
}
