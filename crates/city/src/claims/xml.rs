//! Claim files as facilities send them: the usual envelope, and a few of every odd shape that is met.

use std::fmt::Write;

use crate::claims::columns::{OLD_NAMES, elements};
use crate::claims::render::Table;

/// How a file departs from the usual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// Base64 of UTF-8 without line breaks, with declaration, date and signature element.
    Usual,
    /// Lines of 76 characters in the base64.
    LineBreaks,
    /// The tables stand in the file itself, without base64.
    Inline,
    /// Texts of cells in CDATA.
    CData,
    /// A byte-order mark in front.
    Bom,
    /// The outer file in UTF-16.
    Utf16,
    /// No XML declaration, outside and inside.
    NoDeclaration,
    /// No signature element.
    NoSignature,
    /// No day on which it was made.
    NoDate,
    /// One dossier in the middle is cut off.
    Broken,
    /// Names of decision 4210.
    OldNames,
}

impl Shape {
    /// All odd ones.
    pub const ODD: [Self; 10] = [
        Self::LineBreaks,
        Self::Inline,
        Self::CData,
        Self::Bom,
        Self::Utf16,
        Self::NoDeclaration,
        Self::NoSignature,
        Self::NoDate,
        Self::Broken,
        Self::OldNames,
    ];
}

/// What an envelope says.
#[derive(Debug, Clone)]
pub struct Envelope<'e> {
    /// Code of the facility.
    pub facility: &'e str,
    /// Day on which it was made, `20261005`.
    pub day: String,
    /// Its shape.
    pub shape: Shape,
    /// Whether empty cells are written as one tag.
    pub short: bool,
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";

/// A claim file of dossiers; with the number of the one that is cut off, from 1.
pub fn file(envelope: &Envelope, dossiers: &[Vec<Table>]) -> (Vec<u8>, Option<usize>) {
    let shape = envelope.shape;
    let broken = (shape == Shape::Broken).then_some(dossiers.len() / 2);
    let count = dossiers.len() + usize::from(broken.is_some());
    let mut out = String::with_capacity(dossiers.len() * 24_000);
    match shape {
        Shape::NoDeclaration => {}
        Shape::Utf16 => out.push_str("<?xml version=\"1.0\" encoding=\"utf-16\"?>\n"),
        _ => {
            out.push_str(DECLARATION);
            out.push('\n');
        }
    }
    out.push_str(if envelope.short {
        "<GIAMDINHHS xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">"
    } else {
        "<GIAMDINHHS>"
    });
    // Writing to a string does not fail.
    let _ = write!(out, "<THONGTINDONVI><MACSKCB>{}</MACSKCB></THONGTINDONVI><THONGTINHOSO>", envelope.facility);
    if shape != Shape::NoDate {
        let _ = write!(out, "<NGAYLAP>{}</NGAYLAP>", envelope.day);
    }
    let _ = write!(out, "<SOLUONGHOSO>{count}</SOLUONGHOSO><DANHSACHHOSO>");
    for (nth, dossier) in dossiers.iter().enumerate() {
        if broken == Some(nth) {
            cut_off(envelope, dossier, &mut out);
        }
        out.push_str("<HOSO>");
        for table in dossier {
            put(envelope, table, &mut out);
        }
        out.push_str("</HOSO>");
    }
    out.push_str("</DANHSACHHOSO></THONGTINHOSO>");
    if shape != Shape::NoSignature {
        out.push_str("<CHUKYDONVI></CHUKYDONVI>");
    }
    out.push_str("</GIAMDINHHS>\n");
    let bytes = match shape {
        Shape::Bom => [b"\xef\xbb\xbf".as_slice(), out.as_bytes()].concat(),
        Shape::Utf16 => "\u{feff}".encode_utf16().chain(out.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        _ => out.into_bytes(),
    };
    (bytes, broken.map(|at| at + 1))
}

fn put(envelope: &Envelope, table: &Table, out: &mut String) {
    let _ = write!(out, "<FILEHOSO><LOAIHOSO>{}</LOAIHOSO><NOIDUNGFILE>", table.name);
    let text = inner(envelope, table);
    match envelope.shape {
        Shape::Inline => out.push_str(&text),
        Shape::LineBreaks => base64(text.as_bytes(), Some(76), out),
        _ => base64(text.as_bytes(), None, out),
    }
    out.push_str("</NOIDUNGFILE></FILEHOSO>");
}

/// A dossier whose first table ends in the middle of a cell.
fn cut_off(envelope: &Envelope, like: &[Table], out: &mut String) {
    let Some(table) = like.first() else { return };
    let text = inner(envelope, table);
    let middle = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    out.push_str("<HOSO><FILEHOSO><LOAIHOSO>XML1</LOAIHOSO><NOIDUNGFILE>");
    base64(&text.as_bytes()[..middle], None, out);
    out.push_str("</NOIDUNGFILE></FILEHOSO></HOSO>");
}

/// The XML of one table.
fn inner(envelope: &Envelope, table: &Table) -> String {
    let shape = envelope.shape;
    let (root, list) = elements(table.name);
    let mut out = String::with_capacity(table.rows.len() * 1_500);
    if !matches!(shape, Shape::NoDeclaration | Shape::Inline) {
        out.push_str(DECLARATION);
    }
    let _ = write!(out, "<{root}>");
    if let Some((list, _)) = list {
        let _ = write!(out, "<{list}>");
    }
    for row in &table.rows {
        if let Some((_, record)) = list {
            let _ = write!(out, "<{record}>");
        }
        for (name, value) in table.columns.iter().zip(row) {
            let name = if shape == Shape::OldNames { old_name(table.name, name) } else { name };
            match value.as_str() {
                "" if envelope.short => _ = write!(out, "<{name}/>"),
                text if shape == Shape::CData && text.contains(' ') => _ = write!(out, "<{name}><![CDATA[{text}]]></{name}>"),
                text => {
                    let _ = write!(out, "<{name}>");
                    escape(text, &mut out);
                    let _ = write!(out, "</{name}>");
                }
            }
        }
        if let Some((_, record)) = list {
            let _ = write!(out, "</{record}>");
        }
    }
    if let Some((list, _)) = list {
        let _ = write!(out, "</{list}>");
    }
    let _ = write!(out, "</{root}>");
    out
}

fn old_name<'n>(table: &str, name: &'n str) -> &'n str {
    OLD_NAMES.iter().find(|(own, today, _)| *own == table && *today == name).map_or(name, |(.., old)| old)
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 with padding, in lines of a width where one is given.
pub fn base64(bytes: &[u8], width: Option<usize>, out: &mut String) {
    let mut written = 0;
    for three in bytes.chunks(3) {
        let at = |n: usize| u32::from(three.get(n).copied().unwrap_or(0));
        let all = at(0) << 16 | at(1) << 8 | at(2);
        for n in 0..4 {
            let letter = ALPHABET[(all >> (18 - 6 * n) & 63) as usize] as char;
            out.push(if n > three.len() { '=' } else { letter });
        }
        written += 4;
        if width.is_some_and(|width| written % width == 0) {
            out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        let of = |text: &str| {
            let mut out = String::new();
            base64(text.as_bytes(), None, &mut out);
            out
        };
        let cases = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"), ("Đỡ", "xJDhu6E=")];
        for (text, wanted) in cases {
            assert_eq!(of(text), wanted);
        }
        let mut lines = String::new();
        base64(&[0; 60], Some(76), &mut lines);
        assert_eq!(lines.lines().map(str::len).collect::<Vec<_>>(), [76, 4]);
    }
}
