//! A DOCX to lines and tables: paragraphs with the numbers Word adds, merged cells, text boxes; what was struck out is left out.
//!
//! Headers, footers, footnotes and pictures are other parts of the file and are not read.

use std::collections::BTreeMap;
use std::rc::Rc;

use base::names::clean;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::numbering::Numbering;
use super::styles::Styles;
use super::{Block, Cell, Cover, Line, MAX_COLUMNS, MAX_LINES, Row, Table, lines_of, too_many};
use crate::error::PlanError;

/// Parts that are read; the first makes the file a DOCX.
pub(super) const PARTS: [&str; 3] = ["word/document.xml", "word/numbering.xml", "word/styles.xml"];
/// Elements within elements: a document of people has some twenty.
const MAX_DEPTH: usize = 256;
/// Rows times columns of all tables.
const MAX_CELLS: usize = 1_000_000;

/// One step through an XML part.
pub(super) enum Tag<'a> {
    /// An element begins (an empty one begins and ends).
    Open {
        /// Name without prefix.
        name: &'a str,
        /// Its attributes.
        element: Element<'a>,
    },
    /// An element ends.
    Close(&'a str),
    /// Text.
    Text(&'a str),
}

/// The attributes of an element.
pub(super) struct Element<'a>(&'a BytesStart<'a>);

impl Element<'_> {
    /// The value of an attribute, whatever its prefix.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        let found = attributes.with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name)?;
        found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
    }
}

/// Goes through an XML part; entities other than the five of XML itself are refused with their part.
pub(super) fn scan(xml: &[u8], part: &str, mut see: impl FnMut(Tag<'_>)) -> Result<(), PlanError> {
    let broken = |what: &str| PlanError::Docx { detail: format!("{what} ({part})") };
    let text = std::str::from_utf8(xml).map_err(|_| broken("không ở bảng mã UTF-8"))?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut depth = 0usize;
    loop {
        match reader.read_event().map_err(|_| broken("XML sai cú pháp"))? {
            Event::Eof if depth == 0 => return Ok(()),
            Event::Eof => return Err(broken("XML kết thúc giữa chừng")),
            Event::Start(start) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(broken("XML lồng quá sâu"));
                }
                see(Tag::Open { name: start.local_name().as_ref(), element: Element(&start) });
            }
            Event::Empty(start) => {
                see(Tag::Open { name: start.local_name().as_ref(), element: Element(&start) });
                see(Tag::Close(start.local_name().as_ref()));
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                see(Tag::Close(end.local_name().as_ref()));
            }
            Event::Text(text) => see(Tag::Text(&text)),
            Event::CData(text) => see(Tag::Text(&text)),
            Event::GeneralRef(reference) => {
                let resolved = match &*reference {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    other => character(other),
                };
                let letter = resolved.ok_or_else(|| broken("thực thể lạ"))?;
                see(Tag::Text(letter.encode_utf8(&mut [0; 4])));
            }
            Event::DocType(_) => return Err(broken("có DOCTYPE")),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// `#160`, `#xa0`.
fn character(reference: &str) -> Option<char> {
    let digits = reference.strip_prefix('#')?;
    let code = match digits.strip_prefix('x') {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(code)
}

/// Reads the parts of a DOCX.
pub(super) fn read(parts: &BTreeMap<String, Vec<u8>>) -> Result<Vec<Block>, PlanError> {
    let part = |name: &str| parts.get(name).map(Vec::as_slice);
    let mut builder = Builder {
        numbering: Numbering::read(part(PARTS[1]))?,
        styles: Styles::read(part(PARTS[2]))?,
        blocks: Vec::new(),
        tables: Vec::new(),
        paragraphs: Vec::new(),
        count: 0,
        cells: 0,
        skip: 0,
        in_text: false,
        page: false,
        fault: None,
    };
    scan(part(PARTS[0]).unwrap_or_default(), "document.xml", |tag| builder.see(tag))?;
    match builder.fault {
        Some(fault) => Err(fault),
        None if builder.blocks.is_empty() => Err(intake::IntakeError::Empty.into()),
        None => Ok(builder.blocks),
    }
}

/// A paragraph that is being read.
#[derive(Default)]
struct Paragraph {
    text: String,
    style: Option<String>,
    list: Option<String>,
    level: Option<String>,
}

/// A table that is being read.
#[derive(Default)]
struct OpenTable {
    rows: Vec<Row>,
    cells: Vec<Cell>,
    at: u64,
    /// Lines of the cell that is being read, how many columns it has, and whether it goes on from above.
    lines: Vec<String>,
    span: usize,
    down: bool,
}

struct Builder {
    numbering: Numbering,
    styles: Styles,
    blocks: Vec<Block>,
    tables: Vec<OpenTable>,
    paragraphs: Vec<Paragraph>,
    count: u64,
    cells: usize,
    /// Depth within something that is not read: deletions, the copy for older programs.
    skip: usize,
    in_text: bool,
    page: bool,
    fault: Option<PlanError>,
}

impl Builder {
    fn see(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Open { .. } if self.skip > 0 => self.skip += 1,
            Tag::Close(_) if self.skip > 0 => self.skip -= 1,
            Tag::Text(_) if self.skip > 0 => {}
            Tag::Open { name, element } => self.open(name, &element),
            Tag::Close(name) => self.close(name),
            Tag::Text(text) => {
                if self.in_text
                    && let Some(paragraph) = self.paragraphs.last_mut()
                {
                    paragraph.text.push_str(text);
                }
            }
        }
    }

    fn open(&mut self, name: &str, element: &Element<'_>) {
        match name {
            "del" | "moveFrom" | "Fallback" | "rPrChange" | "pPrChange" => self.skip = 1,
            "p" => self.paragraphs.push(Paragraph::default()),
            "tbl" => self.tables.push(OpenTable::default()),
            "t" => self.in_text = true,
            "br" if element.value("type").as_deref() == Some("page") => {
                self.page = true;
                self.letter('\n');
            }
            "br" | "cr" => self.letter('\n'),
            "tab" | "ptab" => self.letter(' '),
            "noBreakHyphen" => self.letter('-'),
            _ => self.property(name, element),
        }
    }

    fn property(&mut self, name: &str, element: &Element<'_>) {
        let value = || element.value("val");
        match name {
            "pageBreakBefore" => self.page = true,
            "pStyle" | "numId" | "ilvl" => {
                let Some(paragraph) = self.paragraphs.last_mut() else { return };
                match name {
                    "pStyle" => paragraph.style = value(),
                    "numId" => paragraph.list = value(),
                    _ => paragraph.level = value(),
                }
            }
            "tr" => {
                let at = self.count + 1;
                if let Some(table) = self.tables.last_mut() {
                    (table.at, table.cells) = (at, Vec::new());
                }
            }
            "gridBefore" => {
                let Some(table) = self.tables.last_mut() else { return };
                for _ in 0..value().and_then(|v| v.parse().ok()).unwrap_or(0).min(MAX_COLUMNS) {
                    table.cells.push(Cell::own(""));
                }
            }
            "tc" => {
                let Some(table) = self.tables.last_mut() else { return };
                (table.span, table.down, table.lines) = (1, false, Vec::new());
            }
            "gridSpan" => {
                let Some(table) = self.tables.last_mut() else { return };
                table.span = value().and_then(|v| v.parse().ok()).unwrap_or(1).clamp(1, MAX_COLUMNS);
            }
            "vMerge" => {
                let Some(table) = self.tables.last_mut() else { return };
                table.down = value().as_deref() != Some("restart");
            }
            _ => {}
        }
    }

    fn letter(&mut self, letter: char) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.text.push(letter);
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "t" => self.in_text = false,
            "p" => self.end_paragraph(),
            "tc" => self.end_cell(),
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    let cells = std::mem::take(&mut table.cells);
                    table.rows.push(Row { at: table.at, cells });
                }
            }
            "tbl" => self.end_table(),
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraphs.pop() else { return };
        self.count += 1;
        if self.count as usize > MAX_LINES {
            self.fault.get_or_insert(too_many());
            return;
        }
        let mut text = lines_of(&paragraph.text);
        if text.is_empty() {
            return;
        }
        if let Some(number) = self.number(&paragraph) {
            text = format!("{number} {text}");
        }
        match self.tables.last_mut() {
            Some(table) => table.lines.push(text),
            None => {
                for (part, line) in text.split('\n').enumerate() {
                    let line = Line { at: self.count, text: clean(line), gap: part == 0, page: std::mem::take(&mut self.page) };
                    self.blocks.push(Block::Line(line));
                }
            }
        }
    }

    fn number(&mut self, paragraph: &Paragraph) -> Option<String> {
        let own = paragraph.list.clone().map(|list| (list, paragraph.level.clone().unwrap_or_default()));
        let styled = || paragraph.style.as_deref().and_then(|style| self.styles.list(style));
        // List 0 takes a paragraph out of the list of its style.
        let (list, level) = own.or_else(styled).filter(|(list, _)| list != "0")?;
        self.numbering.next(&list, &level).filter(|number| !number.trim().is_empty())
    }

    fn end_cell(&mut self) {
        let Some(table) = self.tables.last_mut() else { return };
        let column = table.cells.len();
        let span = table.span.min(MAX_COLUMNS.saturating_sub(column));
        self.cells += span;
        if self.cells > MAX_CELLS {
            self.fault.get_or_insert(intake::IntakeError::Suspicious { reason: "bảng quá lớn".to_owned() }.into());
            return;
        }
        let above = table.rows.last().and_then(|row| row.cells.get(column)).map(|cell| cell.text.clone());
        let (text, first) = match above.filter(|_| table.down) {
            Some(text) => (text, Cover::Down),
            None => (Rc::from(table.lines.join("\n").as_str()), Cover::Own),
        };
        for at in 0..span {
            let cover = if at == 0 { first } else { Cover::Across };
            table.cells.push(Cell { text: text.clone(), cover });
        }
        table.lines = Vec::new();
    }

    fn end_table(&mut self) {
        let Some(table) = self.tables.pop() else { return };
        match self.tables.last_mut() {
            // A table in a cell: its lines belong to the cell.
            Some(outer) => {
                let own = table.rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.cover == Cover::Own);
                outer.lines.extend(own.filter(|cell| !cell.text.is_empty()).map(|cell| cell.text.to_string()));
            }
            None => {
                let width = table.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
                let mut rows = table.rows;
                rows.iter_mut().for_each(|row| row.cells.resize_with(width, || Cell::own("")));
                self.blocks.push(Block::Table(Table { name: None, rows }));
            }
        }
    }
}
