//! A table in its usual writing, read in one pass without events.
//!
//! Nearly all tables are written by programs that know nothing but elements and text. What is met besides (comments, prefixes, names that do not fit, any
//! fault) is left to [`inner`](crate::inner), which reads the same text again and decides: nothing is ever refused here.

use memchr::{memchr, memchr2, memmem};
use quick_xml::events::BytesRef;

use crate::dossier::{Dossier, Extra, Rows, Span, TableId};
use crate::form::{Form, Forms};
use crate::inner::resolved;

/// Columns looked at before the name is looked up: a few are often left out.
const NEAR: usize = 4;
/// The longest reference worth a look, `&#x10FFFF;`.
const REFERENCE: usize = 12;

/// How far a text is looked at in words.
const SHORT: usize = 32;
/// One in each byte.
const EACH: u64 = 0x0101_0101_0101_0101;

/// Puts the cells of a table into the dossier, as reading it by events would. False when the writing is not the usual one; the dossier is then as before.
pub(crate) fn read(xml: &str, expected: Option<TableId>, forms: &Forms, dossier: &mut Dossier) -> bool {
    let mut scan = Scan { xml, at: 0 };
    let Some((form, root)) = scan.root(expected, forms) else { return false };
    let Dossier { text, tables, .. } = dossier;
    let rows = &mut tables[form.id.index()];
    if rows.present {
        return false;
    }
    let (before, cells, extra) = (text.len(), rows.cells.len(), rows.extra.len());
    (rows.present, rows.width) = (true, form.columns.len());
    if scan.table(form, root, rows, text).is_some() {
        return true;
    }
    rows.present = false;
    rows.cells.truncate(cells);
    rows.extra.truncate(extra);
    text.truncate(before);
    false
}

/// The text, and how far it is read. Steps give `None` for all that is not usual.
struct Scan<'x> {
    xml: &'x str,
    at: usize,
}

impl<'x> Scan<'x> {
    /// The declaration and the table's own element; its form and its name as written.
    fn root<'f>(&mut self, expected: Option<TableId>, forms: &'f Forms) -> Option<(&'f Form, &'x str)> {
        self.blank();
        if self.rest().starts_with(b"<?xml") {
            self.at += memmem::find(self.rest(), b"?>")? + 2;
            self.blank();
        }
        self.take(b"<")?;
        let name = self.name();
        let form = forms.by_element(name)?;
        if expected.map_or(form.id == TableId::XML0, |id| id != form.id) {
            return None;
        }
        let empty = self.tag_end()?;
        (!empty).then_some((form, name))
    }

    /// All up to the end of the text.
    fn table(&mut self, form: &Form, root: &str, rows: &mut Rows, text: &mut String) -> Option<()> {
        if form.is_single() {
            self.record(form, root, rows, text)?;
        } else {
            self.records(form, root, rows, text)?;
        }
        self.blank();
        (self.at == self.xml.len()).then_some(())
    }

    /// The records of a table that may have several, in their list or without it, up to the end of the table's own element.
    fn records(&mut self, form: &Form, root: &str, rows: &mut Rows, text: &mut String) -> Option<()> {
        let list = form.list.as_deref()?;
        let mut lists = 0_u32;
        loop {
            self.blank();
            self.take(b"<")?;
            if self.take(b"/").is_some() {
                self.take(if lists > 0 { list } else { root }.as_bytes())?;
                self.take(b">")?;
                let Some(left) = lists.checked_sub(1) else { return Some(()) };
                lists = left;
                continue;
            }
            let name = self.name();
            let empty = self.tag_end()?;
            if name == form.record && !empty {
                self.record(form, name, rows, text)?;
            } else if name == list {
                lists += u32::from(!empty);
            } else {
                return None;
            }
        }
    }

    /// The cells of a record, up to the end of its element.
    fn record(&mut self, form: &Form, name: &str, rows: &mut Rows, text: &mut String) -> Option<()> {
        let (row, first) = (rows.len(), rows.cells.len());
        rows.cells.resize(first + rows.width, Span::ABSENT);
        let mut next = 0;
        loop {
            self.blank();
            self.take(b"<")?;
            if self.take(b"/").is_some() {
                self.take(name.as_bytes())?;
                return self.take(b">");
            }
            let (place, name) = self.column(form, next);
            let from = text.len();
            if !self.tag_end()? {
                self.value(text)?;
                self.take(name.as_bytes())?;
                self.take(b">")?;
            }
            let span = Span::new(from, text.len())?;
            if let Some(place) = place {
                next = place + 1;
            }
            match place.and_then(|place| rows.cells.get_mut(first + place)) {
                Some(cell) if *cell == Span::ABSENT => *cell = span,
                // The same element twice in a record, or one that no form knows: it is kept beside, by its name of today.
                _ => {
                    let name = place.and_then(|place| form.columns.get(place)).map_or(name, |column| &column.name);
                    rows.extra.push(Extra { row, name: name.to_owned(), value: text[from..].to_owned() });
                }
            }
        }
    }

    /// The name of a cell and the place of its column.
    fn column(&mut self, form: &Form, next: usize) -> (Option<usize>, &'x str) {
        let rest = self.rest();
        for place in next..(next + NEAR).min(form.columns.len()) {
            let name = form.columns[place].name.as_bytes();
            if rest.starts_with(name) && rest.get(name.len()).is_some_and(|byte| !is_name(*byte)) {
                let from = self.at;
                self.at += name.len();
                return (Some(place), &self.xml[from..self.at]);
            }
        }
        let name = self.name();
        (form.place(name), name)
    }

    /// The text of a cell and the `</` after it.
    fn value(&mut self, text: &mut String) -> Option<()> {
        loop {
            let rest = self.rest();
            let stop = stop(rest)?;
            text.push_str(&self.xml[self.at..self.at + stop]);
            self.at += stop + 1;
            match rest.get(stop + 1..)? {
                [b'/', ..] if rest[stop] == b'<' => {
                    self.at += 1;
                    return Some(());
                }
                [b'!', ..] if rest[stop] == b'<' => {
                    self.take(b"![CDATA[")?;
                    let end = memmem::find(self.rest(), b"]]>")?;
                    text.push_str(&self.xml[self.at..self.at + end]);
                    self.at += end + b"]]>".len();
                }
                reference if rest[stop] == b'&' => {
                    let end = memchr(b';', &reference[..reference.len().min(REFERENCE)])?;
                    text.push(resolved(&BytesRef::new(self.xml.get(self.at..self.at + end)?))?);
                    self.at += end + 1;
                }
                _ => return None,
            }
        }
    }

    fn rest(&self) -> &'x [u8] {
        &self.xml.as_bytes()[self.at..]
    }

    fn take(&mut self, bytes: &[u8]) -> Option<()> {
        self.rest().starts_with(bytes).then(|| self.at += bytes.len())
    }

    fn blank(&mut self) {
        self.at += self.rest().iter().take_while(|byte| is_blank(**byte)).count();
    }

    /// A name in plain letters; with any other sign in it, what follows is no end of a tag.
    fn name(&mut self) -> &'x str {
        let from = self.at;
        self.at += self.rest().iter().take_while(|byte| is_name(**byte)).count();
        &self.xml[from..self.at]
    }

    /// The end of a start tag; whether the element is empty.
    fn tag_end(&mut self) -> Option<bool> {
        match self.rest() {
            [b'>', ..] => self.at += 1,
            [b'/', b'>', ..] => self.at += 2,
            [b' ', b'/', b'>', ..] => self.at += 3,
            [byte, ..] if is_blank(*byte) => self.attributes()?,
            _ => return None,
        }
        Some(self.xml.as_bytes()[self.at - 2] == b'/')
    }

    /// Attributes say nothing here: namespaces at the root, `xsi:nil` at cells. A `>` in a value would not be the end of the tag.
    #[cold]
    fn attributes(&mut self) -> Option<()> {
        let end = memchr(b'>', self.rest())?;
        let attributes = &self.rest()[..end];
        let quotes = attributes.iter().filter(|byte| **byte == b'"').count();
        let whole = quotes % 2 == 0 && memchr2(b'<', b'\'', attributes).is_none();
        whole.then(|| self.at += end + 1)
    }
}

/// Where text ends: at `<` or `&`. Most cells are short: eight bytes are looked at as one word before a search for long texts begins.
fn stop(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    while from < SHORT
        && let Some(eight) = bytes[from..].first_chunk()
    {
        let word = u64::from_le_bytes(*eight);
        let found = zeros(word ^ (EACH * 0x3C)) | zeros(word ^ (EACH * 0x26));
        if found != 0 {
            return Some(from + found.trailing_zeros() as usize / 8);
        }
        from += 8;
    }
    memchr2(b'<', b'&', &bytes[from..]).map(|at| from + at)
}

/// The high bit of the first byte that is zero; of bytes behind it, no bit may be trusted.
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(EACH) & !word & (EACH << 7)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
