//! The text of one table inside a dossier.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};

use crate::dossier::{Dossier, Extra, Span, TableId};
use crate::form::{Form, Forms};
use crate::refused::Reason;

/// Takes the events of one table and puts its cells into a dossier.
pub(crate) struct Inner {
    /// The table, once its first element was met.
    table: Option<TableId>,
    depth: u32,
    /// Depth of the record that is open.
    record: Option<u32>,
    open: Open,
    /// Place of the column that usually comes next.
    next: usize,
    /// Records ended so far.
    pub(crate) records: u32,
}

enum Open {
    Nothing,
    Column { place: usize, from: usize },
    Unknown { name: String, from: usize },
}

impl Inner {
    pub(crate) fn new() -> Self {
        Self { table: None, depth: 0, record: None, open: Open::Nothing, next: 0, records: 0 }
    }

    /// Takes one event; true when the table's own element has ended.
    pub(crate) fn take(
        &mut self,
        event: &Event<'_>,
        expected: Option<TableId>,
        forms: &Forms,
        dossier: &mut Dossier,
    ) -> Result<bool, Reason> {
        match event {
            Event::Start(element) if element.contains('<') => {
                return Err(Reason::Broken("thẻ không đóng trước thẻ kế tiếp".to_owned()));
            }
            Event::Start(element) => self.start(element.name().as_ref(), expected, forms, dossier)?,
            Event::End(_) => return Ok(self.end(forms, dossier)),
            Event::Text(text) => self.text(text, dossier)?,
            Event::CData(text) => self.text(text, dossier)?,
            Event::GeneralRef(entity) => self.entity(entity, dossier)?,
            Event::DocType(_) => return Err(Reason::DocType),
            _ => {}
        }
        Ok(false)
    }

    fn start(&mut self, name: &str, expected: Option<TableId>, forms: &Forms, dossier: &mut Dossier) -> Result<(), Reason> {
        self.depth += 1;
        let Some(table) = self.table else {
            // A table without LOAIHOSO is known by its root, but a check-in is never part of a dossier.
            let fits = |id| expected.map_or(id != TableId::XML0, |expected| expected == id);
            let form = forms.by_element(name).filter(|form| fits(form.id));
            let Some(form) = form else {
                let wanted = expected.and_then(|id| forms.get(id)).and_then(|form| form.root.clone());
                return Err(Reason::WrongRoot(wanted.unwrap_or_else(|| "XML1 … XML15".to_owned())));
            };
            let rows = &mut dossier.tables[form.id.index()];
            if rows.present {
                return Err(Reason::TableTwice);
            }
            rows.present = true;
            rows.width = form.columns.len();
            self.table = Some(form.id);
            if form.is_single() {
                self.begin(form, dossier);
            }
            return Ok(());
        };
        let Some(form) = forms.get(table) else { return Err(Reason::UnknownTable) };
        match (self.record, &self.open) {
            (Some(_), Open::Nothing) => {
                let from = dossier.text.len();
                let place = if form.columns.get(self.next).is_some_and(|column| column.name == name) {
                    Some(self.next)
                } else {
                    form.place(name)
                };
                self.open = match place {
                    Some(place) => {
                        self.next = place + 1;
                        Open::Column { place, from }
                    }
                    None => Open::Unknown { name: name.to_owned(), from },
                };
            }
            (Some(_), _) => return Err(Reason::Broken(format!("phần tử {} nằm trong một ô", short(name)))),
            (None, _) if name == form.record => self.begin(form, dossier),
            (None, _) if form.list.as_deref() == Some(name) => {}
            (None, _) => return Err(Reason::Broken(format!("phần tử {} nằm ngoài bản ghi", short(name)))),
        }
        Ok(())
    }

    fn begin(&mut self, form: &Form, dossier: &mut Dossier) {
        dossier.add_row(form.id, form.columns.len());
        self.record = Some(self.depth);
        self.next = 0;
    }

    fn text(&mut self, text: &str, dossier: &mut Dossier) -> Result<(), Reason> {
        if !matches!(self.open, Open::Nothing) {
            dossier.text.push_str(text);
        } else if !text.trim_ascii().is_empty() {
            return Err(Reason::Broken("có chữ nằm ngoài các ô".to_owned()));
        }
        Ok(())
    }

    fn entity(&mut self, entity: &BytesRef<'_>, dossier: &mut Dossier) -> Result<(), Reason> {
        let character = resolved(entity).ok_or_else(unknown_entity)?;
        self.text(character.encode_utf8(&mut [0; 4]), dossier)
    }

    /// An element ends; true when it is the table's own.
    fn end(&mut self, forms: &Forms, dossier: &mut Dossier) -> bool {
        let to = dossier.text.len();
        if let (Some(table), Some(form)) = (self.table, self.table.and_then(|id| forms.get(id))) {
            match std::mem::replace(&mut self.open, Open::Nothing) {
                Open::Column { place, from } => {
                    let rows = &mut dossier.tables[table.index()];
                    let row = rows.len().saturating_sub(1);
                    let cell = row * rows.width + place;
                    let free = rows.cells.get(cell) == Some(&Span::ABSENT);
                    match Span::new(from, to) {
                        Some(span) if free => rows.cells[cell] = span,
                        // The same element twice in a record: the second is kept beside.
                        _ => {
                            let value = dossier.text[from..to].to_owned();
                            rows.extra.push(Extra { row, name: form.columns[place].name.clone(), value });
                        }
                    }
                }
                Open::Unknown { name, from } => {
                    let value = dossier.text[from..to].to_owned();
                    let rows = &mut dossier.tables[table.index()];
                    let row = rows.len().saturating_sub(1);
                    rows.extra.push(Extra { row, name, value });
                }
                Open::Nothing if self.record == Some(self.depth) => {
                    self.record = None;
                    self.records += 1;
                }
                Open::Nothing => {}
            }
        }
        self.depth = self.depth.saturating_sub(1);
        self.depth == 0
    }
}

/// The character of `&lt;`, `&#13;` and the like; none of an entity that a document type would have to tell.
pub(crate) fn resolved(entity: &BytesRef<'_>) -> Option<char> {
    match entity.resolve_char_ref() {
        Ok(Some(character)) => Some(character),
        Ok(None) => resolve_predefined_entity(entity).and_then(|text| text.chars().next()),
        Err(_) => None,
    }
}

pub(crate) fn unknown_entity() -> Reason {
    Reason::Broken("thực thể lạ, chỉ nhận &lt; &gt; &amp; &quot; &apos; và mã ký tự".to_owned())
}

/// Reads the whole text of a table; on a fault its line in that text.
pub(crate) fn parse(xml: &str, expected: Option<TableId>, forms: &Forms, dossier: &mut Dossier) -> Result<(), (u64, Reason)> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut inner = Inner::new();
    let line = |position: u64| {
        let read = &xml.as_bytes()[..usize::try_from(position).unwrap_or(usize::MAX).min(xml.len())];
        memchr::memchr_iter(b'\n', read).count() as u64 + 1
    };
    let mut ended = false;
    loop {
        let event = reader.read_event().map_err(|e| (line(reader.error_position()), Reason::Broken(e.to_string())))?;
        let at = |reader: &Reader<&[u8]>, reason| (line(reader.buffer_position()), reason);
        match event {
            Event::Eof if ended => return Ok(()),
            Event::Eof => return Err(at(&reader, Reason::Broken("nội dung bị cắt giữa chừng".to_owned()))),
            Event::Start(_) if ended => return Err(at(&reader, Reason::Broken("có hai bảng trong một nội dung".to_owned()))),
            event if !ended => {
                ended = inner.take(&event, expected, forms, dossier).map_err(|reason| at(&reader, reason))?;
            }
            _ => {}
        }
    }
}

fn short(name: &str) -> String {
    name.chars().take(60).collect()
}
