//! Form 09/BH as XML: the lines of the sheet under the elements that programs of hospitals send to the national portal, and those lines as they come back.
//!
//! The elements are those that three programs write alike [B]; the portal's XSD was not seen [U], and what the states mean is told in two ways [C]: the form's
//! `xml_doubt` says so in every file. Elements about the patient (name, code, card, times of the visit) are there and empty: none of it is needed to know
//! the line again, and none leaves the audit. CHUKYDONVI is empty too, and a signature that comes back is not checked [?]: who sends the file is signed in.
//!
//! A case and its version stand in the `Id` of TT_HOSO, its lines are known by their number (STT) in the case and by what they name: a file that was not
//! taken here, or whose lines were put in another order, is refused line by line.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base::{Date, Dong};
use desk::FacilityReviewRecord;
use documents::sheet::Cell;
use quick_xml::Reader;
use quick_xml::escape::{escape, partial_escape, resolve_predefined_entity};
use quick_xml::events::{BytesStart, Event};

use super::answer::{SheetRow, answer_values, number_of};
use super::form::PaperForm;
use crate::store::LineNumbers;

/// The root.
const ROOT: &str = "HOSO_DIEUCHINH_GD";
/// Before the id of a case: an XML id begins with a letter.
const ID: &str = "Id-";
/// Between the id of a case and its version.
const VERSION: &str = ".v";
/// Lines of one file that are read.
const MOST: usize = 5_000;
/// Elements in one another.
const DEPTH: usize = 32;
/// A change of the visit itself: elements and the values of the form they hold.
const VISIT: [(&str, &str); 6] = [
    ("STT", "number"),
    ("TRUONG_TT_GOC", "old_field"),
    ("TT_GOC", "old_value"),
    ("TRUONG_TT_DIEUCHINH", "new_field"),
    ("TT_DIEUCHINH", "new_value"),
    ("LYDO_DIEUCHINH", "new_reason"),
];
/// A change of a line of costs. [U] that TUCHOI is the amount refused; a day of order (NGAY_YL) the desk does not have.
const COST: [(&str, &str); 13] = [
    ("STT", "number"),
    ("SOBANG_XML", "table"),
    ("ID_CP", "cost_id"),
    ("STT_XML", "line_no"),
    ("NGAY_YL", ""),
    ("TRANGTHAI", "state"),
    ("TRUONG_TT_GOC", "old_field"),
    ("TT_GOC", "old_value"),
    ("LYDO", "refuse_reason"),
    ("TUCHOI", "refused_amount"),
    ("TRUONG_TT_DIEUCHINH", "new_field"),
    ("TT_DIEUCHINH", "new_value"),
    ("LYDO_DIEUCHINH", "new_reason"),
];

/// Writes the lines that a facility has to answer; with each case its own key of the visit (MA_LK). One line of XML: signers take the bytes as they are.
pub(crate) fn answer_xml(
    form: &PaperForm,
    (facility, made): (&str, Date),
    cases: &[(&FacilityReviewRecord, &str)],
    numbers: &LineNumbers,
) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    if !form.xml_doubt.is_empty() {
        // Two hyphens would end the comment.
        let _ = writeln!(out, "<!-- {} -->", form.xml_doubt.replace("--", "- -"));
    }
    let _ = write!(out, "<{ROOT}>");
    for (record, dossier) in cases {
        let case = &record.case;
        let _ = write!(out, "<TT_HOSO Id=\"{ID}{}{VERSION}{}\"><TT_MAU>", escape(case.id.as_str()), case.version);
        let day = text(&Cell::Date(made));
        for (name, value) in [
            ("MAU_SO", form.form.as_str()),
            ("MA_CSKCB", facility),
            ("NGUOILAPBIEU", ""),
            ("THUTRUONG_DV", ""),
            ("NGAYTHANGNAM", day.as_str()),
        ] {
            element(&mut out, name, value);
        }
        let _ = write!(out, "</TT_MAU><TT_XML1>");
        let period = case.period.to_string().replace('-', "");
        element(&mut out, "XML1_ID", case.portal_code.as_deref().unwrap_or_default());
        element(&mut out, "MA_LK", dossier);
        for name in ["MA_BN", "HO_TEN", "MA_THE", "NGAY_VAO", "NGAY_RA"] {
            element(&mut out, name, "");
        }
        element(&mut out, "KY_QT", &period);
        element(&mut out, "TRANGTHAI", "");
        let _ = write!(out, "</TT_XML1><TT_DIEUCHINH>");
        let rows: Vec<BTreeMap<&str, String>> = answer_values(record, (*dossier, numbers), 1).iter().map(texts).collect();
        let (visit, costs): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.get("table").is_some_and(|table| table == "1"));
        list(&mut out, "DS_XML1_DIEUCHINH", "TT_XML1_DC", &VISIT, &visit);
        list(&mut out, "DSCP_DIEUCHINH", "CHIPHI", &COST, &costs);
        let _ = write!(out, "</TT_DIEUCHINH></TT_HOSO>");
    }
    let _ = writeln!(out, "<CHUKYDONVI></CHUKYDONVI></{ROOT}>");
    out
}

fn list(out: &mut String, name: &str, each: &str, elements: &[(&str, &str)], rows: &[&BTreeMap<&str, String>]) {
    if rows.is_empty() {
        return;
    }
    let _ = write!(out, "<{name}>");
    for row in rows {
        let _ = write!(out, "<{each}>");
        for (name, value) in elements {
            element(out, name, row.get(*value).map_or("", String::as_str));
        }
        let _ = write!(out, "</{each}>");
    }
    let _ = write!(out, "</{name}>");
}

fn element(out: &mut String, name: &str, value: &str) {
    // XML 1.0 has no other control characters; none of them says anything.
    let value: String = value.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let _ = write!(out, "<{name}>{}</{name}>", partial_escape(value.as_str()));
}

/// The values of a row as XML has them; a table is its number.
fn texts(values: &super::form::Values) -> BTreeMap<&'static str, String> {
    let number = |name: &str, text: String| match (name, text.strip_prefix("XML")) {
        ("table", Some(number)) => number.to_owned(),
        _ => text,
    };
    values.iter().map(|(name, cell)| (*name, number(name, text(cell)))).collect()
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Int(number) => number.to_string(),
        Cell::Date(day) => format!("{:04}{:02}{:02}", day.year(), day.month_number(), day.day()),
        // No value of this form is a decimal.
        Cell::Decimal(_) | Cell::Empty => String::new(),
    }
}

/// A line as it came back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct XmlLine {
    /// Its case, by the `Id` of TT_HOSO; empty for an `Id` that was not made here.
    pub(crate) case: String,
    /// The version of the case the file was made of.
    pub(crate) version: Option<i64>,
    /// What its elements hold, by their names; those that are empty are not there.
    pub(crate) cells: BTreeMap<String, String>,
    /// Whether it is a change of the visit itself (TT_XML1_DC).
    pub(crate) of_visit: bool,
}

/// Whether a file that came back is XML; its bytes say so, not its name.
pub(crate) fn is_xml(bytes: &[u8]) -> bool {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start().starts_with(b"<")
}

/// Reads form 09/BH; `None` for a file that is no such form, is broken, has a document type, or more lines than any file from here.
pub(crate) fn read_answer_xml(form: &PaperForm, bytes: &[u8]) -> Option<Vec<XmlLine>> {
    let xml = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}');
    let mut reader = Reader::from_str(xml);
    let mut read =
        Reading { form, path: Vec::new(), text: String::new(), lines: Vec::new(), first: 0, state: None, closed: false };
    loop {
        match reader.read_event().ok()? {
            Event::Eof => return read.closed.then_some(read.lines),
            Event::DocType(_) => return None,
            Event::Start(start) => read.start(&start)?,
            Event::End(_) => read.end()?,
            Event::Empty(start) => {
                read.start(&start)?;
                read.end()?;
            }
            Event::Text(text) => read.text.push_str(&text),
            Event::CData(text) => read.text.push_str(&text),
            Event::GeneralRef(entity) => match entity.resolve_char_ref().ok()? {
                Some(letter) => read.text.push(letter),
                None => read.text.push_str(resolve_predefined_entity(&entity)?),
            },
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

struct Reading<'f> {
    form: &'f PaperForm,
    path: Vec<String>,
    text: String,
    lines: Vec<XmlLine>,
    /// The first line of the TT_HOSO that is open.
    first: usize,
    /// TRANGTHAI of that TT_HOSO.
    state: Option<String>,
    closed: bool,
}

impl Reading<'_> {
    fn start(&mut self, element: &BytesStart<'_>) -> Option<()> {
        let local = element.local_name();
        let name: &str = local.as_ref();
        if self.closed || self.path.len() == DEPTH || (self.path.is_empty() && name != ROOT) {
            return None;
        }
        self.path.push(name.to_owned());
        self.text.clear();
        let path: Vec<&str> = self.path.iter().skip(1).map(String::as_str).collect();
        match path.as_slice() {
            ["TT_HOSO"] => {
                let id = element.try_get_attribute("Id").ok().flatten();
                let id = id.and_then(|id| id.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()).unwrap_or_default();
                let place = id.strip_prefix(ID).and_then(|id| id.rsplit_once(VERSION));
                let (case, version) = place.map_or(("", None), |(case, version)| (case, version.parse().ok()));
                self.first = self.lines.len();
                self.state = None;
                // The lines of this dossier take it from here.
                self.lines.push(XmlLine { case: case.to_owned(), version, ..XmlLine::default() });
            }
            ["TT_HOSO", "TT_DIEUCHINH", list @ ("DS_XML1_DIEUCHINH" | "DSCP_DIEUCHINH"), "TT_XML1_DC" | "CHIPHI"] => {
                if self.lines.len() > MOST {
                    return None;
                }
                let of = self.lines.get(self.first)?;
                let (case, version) = (of.case.clone(), of.version);
                self.lines.push(XmlLine { case, version, of_visit: *list == "DS_XML1_DIEUCHINH", ..XmlLine::default() });
            }
            _ => {}
        }
        Some(())
    }

    fn end(&mut self) -> Option<()> {
        let value = std::mem::take(&mut self.text).trim().to_owned();
        let path: Vec<&str> = self.path.iter().skip(1).map(String::as_str).collect();
        match path.as_slice() {
            ["TT_HOSO", "TT_MAU", "MAU_SO"] if value != self.form.form => return None,
            ["TT_HOSO", "TT_XML1", "TRANGTHAI"] => self.state = Some(value).filter(|state| !state.is_empty()),
            ["TT_HOSO", "TT_DIEUCHINH", _, "TT_XML1_DC" | "CHIPHI", name] if !value.is_empty() => {
                let name = (*name).to_owned();
                self.lines.last_mut()?.cells.insert(name, value);
            }
            ["TT_HOSO"] => {
                // What held the case; a line without a state of its own has that of its dossier.
                self.lines.remove(self.first);
                if let Some(state) = &self.state {
                    for line in &mut self.lines[self.first..] {
                        line.cells.entry("TRANGTHAI".to_owned()).or_insert_with(|| state.clone());
                    }
                }
            }
            [] => self.closed = true,
            _ => {}
        }
        self.path.pop();
        Some(())
    }
}

impl XmlLine {
    fn cell(&self, name: &str) -> Option<&str> {
        self.cells.get(name).map(String::as_str)
    }
}

/// The lines as the rows of the sheet would be: each with the key of the line of its case that has this number and is of this table and number.
pub(crate) fn xml_rows(
    lines: &[XmlLine],
    known: &BTreeMap<String, FacilityReviewRecord>,
    numbers: &LineNumbers,
) -> Vec<SheetRow> {
    let row = |(number, line): (i64, &XmlLine)| {
        let visit = known.get(&line.case).map_or(0, |record| record.case.visit);
        let mut asked =
            known.get(&line.case).into_iter().flat_map(|record| &record.lines).filter(|own| own.proposed > Dong::ZERO);
        let place = line.cell("STT").and_then(|number| number.parse::<usize>().ok()).and_then(|number| number.checked_sub(1));
        let own = place.and_then(|place| asked.nth(place)).filter(|own| {
            let table = own.line_table.as_deref().unwrap_or("xml1");
            let named = if line.of_visit { Some("1") } else { line.cell("SOBANG_XML") };
            let at = number_of(visit, own, numbers).map(|number| number.to_string());
            named == table.strip_prefix("xml") && (line.of_visit || line.cell("STT_XML") == at.as_deref())
        });
        // Programs write money with two decimals.
        let whole = |amount: &str| amount.strip_suffix(".00").or(amount.strip_suffix(".0")).unwrap_or(amount).to_owned();
        SheetRow {
            number,
            key: format!("{}.{}", line.case, own.map_or("", |own| own.id.as_str())),
            version: line.version,
            state: line.cell("TRANGTHAI").map(str::to_owned),
            amount: line.cell("TT_DIEUCHINH").map(whole),
            reason: line.cell("LYDO_DIEUCHINH").map(str::to_owned),
            field: line.cell("TRUONG_TT_DIEUCHINH").map(str::to_owned),
        }
    };
    (1..).zip(lines).map(row).collect()
}
