//! A report as DOCX. Notes are footnotes of Word, charts its own charts with their sheet of numbers, figures stand in fields whose content is
//! locked: the text around them can be written anew, they cannot.

use std::cell::RefCell;

use super::chart_xml::{chart_part, chart_sheet, drawing};
use super::{Annex, Block, Chart, Numbered, Report, ReportError, Side, Span, Table, TableRow, Text, last_of_each};
use crate::word::{
    AFTER_TABLE, BODY, CENTRE, CENTRE_SPACED, RELATIONS, RULED, escape, file, foot, head, mm, paragraph, run,
    table as word_table, table_cell, table_row,
};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const SPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\"";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const WORD_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

const HEADING: &str = "<w:keepNext/><w:spacing w:before=\"120\" w:after=\"80\"/><w:ind w:firstLine=\"567\"/>";
const GROUP: &str = "<w:tcPr><w:gridSpan w:val=\"";
/// The styles of Word's own footnotes beside those of every file here.
const NOTE_STYLES: &str = "<w:style w:type=\"paragraph\" w:styleId=\"FootnoteText\"><w:name w:val=\"footnote text\"/><w:basedOn w:val=\"Normal\"/><w:pPr><w:spacing w:line=\"240\" w:lineRule=\"auto\"/><w:jc w:val=\"both\"/></w:pPr><w:rPr><w:sz w:val=\"20\"/><w:szCs w:val=\"20\"/></w:rPr></w:style><w:style w:type=\"character\" w:styleId=\"FootnoteReference\"><w:name w:val=\"footnote reference\"/><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr></w:style></w:styles>";
const SETTINGS: &str = "<w:footnotePr><w:footnote w:id=\"-1\"/><w:footnote w:id=\"0\"/></w:footnotePr><w:compat><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>";
/// The number of the page, in the middle.
const PAGE: &str = "<w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr><w:r><w:rPr><w:sz w:val=\"26\"/></w:rPr><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:rPr><w:sz w:val=\"26\"/></w:rPr><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r><w:r><w:rPr><w:sz w:val=\"26\"/></w:rPr><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:rPr><w:sz w:val=\"26\"/></w:rPr><w:t>2</w:t></w:r><w:r><w:rPr><w:sz w:val=\"26\"/></w:rPr><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>";

/// Width of the text upright and across, in twentieths of a point.
const UPRIGHT: u32 = mm(210 - 30 - 15);
const ACROSS: u32 = mm(297 - 20 - 20);

/// The report as a Word file.
pub fn write_report_docx(report: &Report) -> Result<Vec<u8>, ReportError> {
    report.check()?;
    let failed = |e: &dyn std::fmt::Display| ReportError::Write { detail: e.to_string() };
    let writer = Writer { numbered: report.numbered(), state: RefCell::default() };
    let document = writer.document(report);
    let charts = writer.state.into_inner().charts;
    let mut parts: Vec<(String, Vec<u8>)> = vec![
        ("[Content_Types].xml".into(), types(charts.len()).into_bytes()),
        ("_rels/.rels".into(), RELATIONS.into()),
        ("word/_rels/document.xml.rels".into(), relations(charts.len()).into_bytes()),
        ("word/styles.xml".into(), crate::word::STYLES.replace("</w:styles>", NOTE_STYLES).into_bytes()),
        ("word/settings.xml".into(), format!("{HEAD}<w:settings {SPACES}>{SETTINGS}</w:settings>").into_bytes()),
        ("word/document.xml".into(), document.into_bytes()),
        ("word/footnotes.xml".into(), footnotes(&writer.numbered).into_bytes()),
        ("word/header1.xml".into(), format!("{HEAD}<w:hdr {SPACES}>{PAGE}</w:hdr>").into_bytes()),
        ("word/footer1.xml".into(), footer(&report.below).into_bytes()),
    ];
    for (at, chart) in charts.into_iter().enumerate() {
        let n = at + 1;
        parts.push((format!("word/charts/chart{n}.xml"), chart_part(&chart).into_bytes()));
        parts.push((
            format!("word/charts/_rels/chart{n}.xml.rels"),
            format!("{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/package\" Target=\"../embeddings/chart{n}.xlsx\"/></Relationships>").into_bytes(),
        ));
        parts.push((
            format!("word/embeddings/chart{n}.xlsx"),
            chart_sheet(&chart, report.month.first_day()).map_err(|e| failed(&e))?,
        ));
    }
    file(parts.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect()).map_err(|e| failed(&e))
}

fn types(charts: usize) -> String {
    let part =
        |name: &str, kind: &str| format!("<Override PartName=\"/word/{name}.xml\" ContentType=\"{WORD_TYPE}.{kind}+xml\"/>");
    let charts: String = (1..=charts)
        .map(|n| format!("<Override PartName=\"/word/charts/chart{n}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.drawingml.chart+xml\"/>"))
        .collect();
    format!(
        "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Default Extension=\"xlsx\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\"/>{}{}{}{}{}{}{charts}</Types>",
        part("document", "document.main"),
        part("styles", "styles"),
        part("settings", "settings"),
        part("footnotes", "footnotes"),
        part("header1", "header"),
        part("footer1", "footer")
    )
}

fn relations(charts: usize) -> String {
    let one =
        |id: &str, kind: &str, target: &str| format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>");
    let charts: String = (1..=charts).map(|n| one(&format!("rIdChart{n}"), "chart", &format!("charts/chart{n}.xml"))).collect();
    format!(
        "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{}{}{}{}{}{charts}</Relationships>",
        one("rIdStyles", "styles", "styles.xml"),
        one("rIdSettings", "settings", "settings.xml"),
        one("rIdNotes", "footnotes", "footnotes.xml"),
        one("rIdHeader", "header", "header1.xml"),
        one("rIdFooter", "footer", "footer1.xml")
    )
}

fn footnotes(numbered: &Numbered) -> String {
    let line = |id: i32, kind: &str, mark: &str| {
        format!("<w:footnote w:type=\"{kind}\" w:id=\"{id}\"><w:p><w:r><w:{mark}/></w:r></w:p></w:footnote>")
    };
    let note = |(at, text): (usize, &String)| {
        let mark = "<w:r><w:rPr><w:rStyle w:val=\"FootnoteReference\"/></w:rPr><w:footnoteRef/></w:r>".to_owned();
        let words = paragraph("<w:pStyle w:val=\"FootnoteText\"/>", &[mark, run(&format!(" {text}"), "", 20)]);
        format!("<w:footnote w:id=\"{}\">{words}</w:footnote>", at + 1)
    };
    let notes: String = numbered.order.iter().enumerate().map(note).collect();
    let lines = line(-1, "separator", "separator") + &line(0, "continuationSeparator", "continuationSeparator");
    format!("{HEAD}<w:footnotes {SPACES}>{lines}{notes}</w:footnotes>")
}

fn footer(below: &str) -> String {
    format!("{HEAD}<w:ftr {SPACES}>{}</w:ftr>", paragraph("", &[run(below, "<w:i/>", 17)]))
}

/// What is met on the way through the document.
#[derive(Default)]
struct State {
    charts: Vec<Chart>,
    /// Notes whose footnote stands already.
    placed: Vec<usize>,
    /// Locked figures so far.
    fields: usize,
}

struct Writer {
    numbered: Numbered,
    state: RefCell<State>,
}

impl Writer {
    fn document(&self, report: &Report) -> String {
        let mut body = head(&report.head());
        body.push_str(&paragraph(CENTRE_SPACED, &[run("BÁO CÁO", "<w:b/>", 28)]));
        for line in &report.subject {
            body.push_str(&paragraph(CENTRE, &[run(line, "<w:b/>", 28)]));
        }
        body.push_str(&paragraph(RULED, &[]));
        for (at, to) in report.to.iter().enumerate() {
            let words = if at == 0 { format!("Kính gửi: {to}") } else { to.clone() };
            body.push_str(&paragraph(CENTRE_SPACED, &[run(&words, "", 28)]));
        }
        body.push_str(&self.blocks(&report.body, UPRIGHT, 28));
        body.push_str(&foot(&report.foot()));
        let mut section = section(false, true);
        for annex in &report.annexes {
            // The section before ends in a paragraph that bears its page.
            body.push_str(&paragraph(&format!("{AFTER_TABLE}{section}"), &[]));
            body.push_str(&self.annex(report, annex));
            section = self::section(annex.across, false);
        }
        let last = if report.annexes.is_empty() { paragraph(AFTER_TABLE, &[]) } else { String::new() };
        format!("{HEAD}<w:document {SPACES}><w:body>{body}{last}{section}</w:body></w:document>")
    }

    fn annex(&self, report: &Report, annex: &Annex) -> String {
        let mut body = paragraph(CENTRE, &[run(&annex.number, "<w:b/>", 28)]);
        body.push_str(&paragraph(CENTRE, &[run(&annex.title.to_uppercase(), "<w:b/>", 28)]));
        body.push_str(&paragraph(CENTRE, &[run(&report.belongs(), "<w:i/>", 26)]));
        let inner = if annex.across { 6_200 } else { 3_700 };
        body.push_str(&paragraph(&RULED.replace("3700", &inner.to_string()), &[]));
        body + &self.blocks(&annex.body, if annex.across { ACROSS } else { UPRIGHT }, 26)
    }

    fn blocks(&self, blocks: &[Block], wide: u32, size: u32) -> String {
        let mut body = String::new();
        for block in blocks {
            match block {
                Block::Heading(text) => {
                    let level = format!("{HEADING}<w:outlineLvl w:val=\"0\"/>");
                    body.push_str(&paragraph(&level, &[run(text, "<w:b/>", size)]));
                }
                Block::Subheading(text) => {
                    let level = format!("{HEADING}<w:outlineLvl w:val=\"1\"/>");
                    body.push_str(&paragraph(&level, &[run(text, "<w:b/><w:i/>", size)]));
                }
                Block::Paragraph(text) => body.push_str(&paragraph(BODY, &self.runs(text, size))),
                Block::Item(text) => {
                    let mut runs = vec![run("- ", "", size)];
                    runs.extend(self.runs(text, size));
                    body.push_str(&paragraph(BODY, &runs));
                }
                Block::Table(table) => body.push_str(&self.table(table, wide)),
                Block::Chart(chart) => {
                    let mut state = self.state.borrow_mut();
                    state.charts.push(chart.clone());
                    let shown = drawing(chart, state.charts.len());
                    body.push_str(&paragraph(
                        "<w:keepLines/><w:spacing w:before=\"60\" w:after=\"120\"/><w:jc w:val=\"center\"/>",
                        &[shown],
                    ));
                }
            }
        }
        body
    }

    /// The runs of a text; a figure is locked and bears its footnote, or the number of one that stands before.
    fn runs(&self, text: &Text, size: u32) -> Vec<String> {
        let mut runs = Vec::new();
        // Several figures of one source in a text bear its number once, at the last of them.
        let last = last_of_each(text);
        for (at, span) in text.0.iter().enumerate() {
            match span {
                Span::Words(words) => runs.push(run(words, "", size)),
                Span::Strong(words) => runs.push(run(words, "<w:b/>", size)),
                Span::Figure { text, note } => {
                    runs.push(self.locked(text, size));
                    if last.contains(&at) {
                        runs.extend(self.numbered.number.get(*note).copied().flatten().map(|number| self.note(number)));
                    }
                }
            }
        }
        runs
    }

    fn locked(&self, text: &str, size: u32) -> String {
        let mut state = self.state.borrow_mut();
        state.fields += 1;
        format!(
            "<w:sdt><w:sdtPr><w:alias w:val=\"Số liệu\"/><w:tag w:val=\"so-lieu-{}\"/><w:id w:val=\"{}\"/><w:lock w:val=\"sdtContentLocked\"/></w:sdtPr>\
             <w:sdtContent>{}</w:sdtContent></w:sdt>",
            state.fields,
            state.fields,
            run(text, "", size)
        )
    }

    fn note(&self, number: usize) -> String {
        let mut state = self.state.borrow_mut();
        let id = number + 1;
        if state.placed.contains(&number) {
            let raised = "<w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr>";
            return format!(
                "<w:fldSimple w:instr=\" NOTEREF _So{id} \\f \\h \"><w:r>{raised}<w:t>{id}</w:t></w:r></w:fldSimple>"
            );
        }
        state.placed.push(number);
        format!(
            "<w:bookmarkStart w:id=\"{id}\" w:name=\"_So{id}\"/><w:r><w:rPr><w:rStyle w:val=\"FootnoteReference\"/></w:rPr>\
             <w:footnoteReference w:id=\"{id}\"/></w:r><w:bookmarkEnd w:id=\"{id}\"/>"
        )
    }

    fn table(&self, table: &Table, wide: u32) -> String {
        let all = table.columns.iter().map(|column| column.share).sum::<u32>().max(1);
        let widths: Vec<u32> = table.columns.iter().map(|column| wide * column.share / all).collect();
        let heads: Vec<&str> = table.columns.iter().map(|column| column.head.as_str()).collect();
        let mut rows = String::new();
        for row in &table.rows {
            let cells: String = match row {
                TableRow::Group(text) => format!(
                    "<w:tc>{GROUP}{}\"/></w:tcPr>{}</w:tc>",
                    table.columns.len(),
                    paragraph(
                        "<w:keepNext/><w:spacing w:before=\"20\" w:after=\"20\" w:line=\"240\" w:lineRule=\"auto\"/>",
                        &[run(text, "<w:b/>", 24)]
                    )
                ),
                TableRow::Cells(cells) => cells
                    .iter()
                    .zip(&table.columns)
                    .zip(&widths)
                    .map(|((text, column), width)| table_cell(*width, side(column.side), &self.runs(text, 24)))
                    .collect(),
            };
            rows.push_str(&table_row(&cells));
        }
        let caption = if table.caption.is_empty() {
            String::new()
        } else {
            paragraph(
                "<w:keepNext/><w:spacing w:before=\"60\" w:after=\"60\"/><w:jc w:val=\"center\"/>",
                &[run(&table.caption, "<w:i/>", 26)],
            )
        };
        caption + &word_table(&widths, &heads, &rows)
    }
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Left => "",
        Side::Centre => CENTRE,
        Side::Right => "<w:jc w:val=\"right\"/>",
    }
}

/// A section: its paper, margins, the number of the page above from the second page of the whole on.
fn section(across: bool, first: bool) -> String {
    let (wide, high) = if across { (297, 210) } else { (210, 297) };
    let orient = if across { " w:orient=\"landscape\"" } else { "" };
    let (right, bottom, left) = if across { (20, 15, 20) } else { (15, 20, 30) };
    let title = if first { "<w:titlePg/>" } else { "" };
    // Without one of its own, the first page has no number; the line below stands on it too.
    let below = if first { "<w:footerReference w:type=\"first\" r:id=\"rIdFooter\"/>" } else { "" };
    format!(
        "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rIdHeader\"/><w:footerReference w:type=\"default\" r:id=\"rIdFooter\"/>{below}\
         <w:pgSz w:w=\"{}\" w:h=\"{}\"{orient}/><w:pgMar w:top=\"{}\" w:right=\"{}\" w:bottom=\"{}\" w:left=\"{}\" w:header=\"567\" w:footer=\"567\" \
         w:gutter=\"0\"/>{title}</w:sectPr>",
        mm(wide),
        mm(high),
        mm(20),
        mm(right),
        mm(bottom),
        mm(left)
    )
}

/// For the tests: the main part.
#[cfg(test)]
pub(super) fn document(report: &Report) -> String {
    Writer { numbered: report.numbered(), state: RefCell::default() }.document(report)
}

/// Text of an attribute.
pub(super) fn attribute(text: &str) -> String {
    escape(text)
}
