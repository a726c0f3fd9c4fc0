//! Files written for the tests: DOCX part by part, so that nothing of the reader is used to make them.

use std::io::{Cursor, Write};

use intake::Source;
use plan::{Imported, PlanError, Task};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Reads a file of the test data.
pub fn data(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/it/data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Reads bytes as a plan.
pub fn read(name: &str, bytes: &[u8]) -> Result<Imported, PlanError> {
    plan::import(&Source::new(name, bytes.to_vec()))
}

/// Reads a text as a plan, which it must be, and checks that every line is counted once.
pub fn good(text: &str) -> Imported {
    counted(read("kế hoạch.txt", text.as_bytes()).unwrap())
}

/// Every line is counted once, and nothing is in two places.
pub fn counted(plan: Imported) -> Imported {
    let c = plan.counts;
    let sum = c.head + c.headings + c.task + c.text + c.furniture + c.tail + c.unread;
    assert_eq!(c.lines, sum, "{c:?}");
    assert!(plan.unread.len() <= c.unread, "{c:?}: {:?}", plan.unread);
    let mut ids: Vec<&str> = plan.tasks.iter().map(|task| task.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), plan.tasks.len(), "two tasks of one id");
    plan
}

/// A task in one line: id, group, lead, partners, rhythms.
pub fn short(task: &Task) -> String {
    let codes = |parties: &[plan::Party]| parties.iter().map(|p| p.code.clone()).collect::<Vec<_>>().join(",");
    let rhythms = task.rhythms.iter().map(ToString::to_string).collect::<Vec<_>>().join(" + ");
    let group = task.group.as_ref().map_or("", |group| group.number.as_str());
    format!("{} | {group} | {} | {} | {rhythms}", task.id, codes(&task.leads), codes(&task.partners))
}

/// All tasks in short.
pub fn shorts(plan: &Imported) -> Vec<String> {
    plan.tasks.iter().map(short).collect()
}

/// A ZIP of parts.
pub fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A DOCX with this body, and other parts.
pub fn docx(body: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let document = format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}<w:sectPr/></w:body></w:document>"#
    );
    let mut parts: Vec<(&str, &[u8])> = vec![("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document.as_bytes())];
    parts.extend(more);
    zip(&parts)
}

/// A paragraph.
pub fn p(text: &str) -> String {
    let runs: Vec<String> = text.split('\n').map(|line| format!("<w:t xml:space=\"preserve\">{}</w:t>", escape(line))).collect();
    format!("<w:p><w:r>{}</w:r></w:p>", runs.join("<w:br/>"))
}

/// A paragraph of a list.
pub fn li(list: u32, level: u32, text: &str) -> String {
    format!(
        r#"<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>"#,
        escape(text)
    )
}

/// A cell; `properties` is XML of `w:tcPr`.
pub fn tc(text: &str, properties: &str) -> String {
    let paragraphs: String = text.split('\n').map(p).collect();
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{paragraphs}</w:tc>")
}

/// A row of plain cells.
pub fn tr(cells: &[&str]) -> String {
    row(&cells.iter().map(|text| tc(text, "")).collect::<Vec<_>>())
}

/// A row of cells that are written already.
pub fn row(cells: &[String]) -> String {
    format!("<w:tr>{}</w:tr>", cells.concat())
}

/// A table.
pub fn tbl(rows: &[String]) -> String {
    format!("<w:tbl><w:tblPr/>{}</w:tbl>", rows.concat())
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
