//! DOCX: A4 across, Times New Roman, tables with lines and heads that repeat on every page.

use super::{Grid, Paper, PaperError, Part};
use crate::word::{RELATIONS, STYLES, file, mm, paragraph, run};

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>"#;
const DOCUMENT_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;

/// Width of the text across a page, in twentieths of a point.
const WIDE: u32 = mm(297 - 20 - 20);
const CENTRE: &str = "<w:spacing w:after=\"120\"/><w:jc w:val=\"center\"/>";
const HEADING: &str = "<w:keepNext/><w:spacing w:before=\"240\" w:after=\"120\"/>";
const BODY: &str = "<w:spacing w:before=\"0\" w:after=\"120\"/><w:jc w:val=\"both\"/>";
const BORDERS: &str = "<w:tblBorders><w:top w:val=\"single\" w:sz=\"4\"/><w:left w:val=\"single\" w:sz=\"4\"/><w:bottom w:val=\"single\" w:sz=\"4\"/><w:right w:val=\"single\" w:sz=\"4\"/><w:insideH w:val=\"single\" w:sz=\"4\"/><w:insideV w:val=\"single\" w:sz=\"4\"/></w:tblBorders>";

/// The paper as a Word file.
pub fn write_paper_docx(paper: &Paper) -> Result<Vec<u8>, PaperError> {
    let parts = vec![
        ("[Content_Types].xml", TYPES.as_bytes().to_vec()),
        ("_rels/.rels", RELATIONS.as_bytes().to_vec()),
        ("word/_rels/document.xml.rels", DOCUMENT_RELATIONS.as_bytes().to_vec()),
        ("word/styles.xml", STYLES.as_bytes().to_vec()),
        ("word/document.xml", document(paper).into_bytes()),
    ];
    file(parts).map_err(|e| PaperError::of(&e))
}

fn document(paper: &Paper) -> String {
    let mut body = paragraph(CENTRE, &[run(&paper.title, "<w:b/>", 32)]);
    for line in &paper.lines {
        body.push_str(&paragraph(CENTRE, &[run(line, "<w:i/>", 26)]));
    }
    for section in &paper.sections {
        body.push_str(&paragraph(HEADING, &[run(&section.heading, "<w:b/>", 28)]));
        for part in &section.parts {
            match part {
                Part::Paragraph(text) => body.push_str(&paragraph(BODY, &[run(text, "", 26)])),
                Part::Item(text) => body.push_str(&paragraph(BODY, &[run(&format!("- {text}"), "", 26)])),
                Part::Table(grid) => body.push_str(&table(grid)),
            }
        }
    }
    for line in &paper.foot {
        body.push_str(&paragraph(BODY, &[run(line, "<w:i/>", 22)]));
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}\
         <w:sectPr><w:pgSz w:w=\"{}\" w:h=\"{}\" w:orient=\"landscape\"/><w:pgMar w:top=\"{}\" w:right=\"{}\" w:bottom=\"{}\" \
         w:left=\"{}\" w:header=\"708\" w:footer=\"708\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>",
        mm(297),
        mm(210),
        mm(20),
        mm(20),
        mm(15),
        mm(20)
    )
}

fn table(grid: &Grid) -> String {
    let width = WIDE / u32::try_from(grid.columns.len().max(1)).unwrap_or(1);
    let columns: String = grid.columns.iter().map(|_| format!("<w:gridCol w:w=\"{width}\"/>")).collect();
    let row = |cells: &[String], properties: &str, look: &str| {
        let cell = |text: &String| {
            let lines: String = text.lines().map(|line| paragraph("", &[run(line, look, 22)])).collect();
            let lines = if lines.is_empty() { paragraph("", &[]) } else { lines };
            format!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>{lines}</w:tc>")
        };
        format!("<w:tr>{properties}{}</w:tr>", cells.iter().map(cell).collect::<String>())
    };
    let head = row(&grid.columns, "<w:trPr><w:tblHeader/></w:trPr>", "<w:b/>");
    let rows: String = grid.rows.iter().map(|cells| row(cells, "", "")).collect();
    format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{WIDE}\" w:type=\"dxa\"/>{BORDERS}<w:tblLayout w:type=\"fixed\"/></w:tblPr>\
         <w:tblGrid>{columns}</w:tblGrid>{head}{rows}</w:tbl>{}",
        paragraph("<w:spacing w:after=\"120\"/>", &[])
    )
}
