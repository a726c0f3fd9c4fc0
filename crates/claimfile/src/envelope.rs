//! Going through the envelope, dossier by dossier.

use std::collections::HashSet;

use quick_xml::events::Event;

use crate::cells;
use crate::content;
use crate::dossier::{Dossier, TableId};
use crate::form::Forms;
use crate::inner::{self, Inner};
use crate::outcome::{Ended, FileKind, Limits, Read};
use crate::recover::{begins_dossier, broken, reader, swallowed};
use crate::refused::{FileError, Reason, Refused};
use crate::source::Source;
use crate::usual::Decoder;

/// A claim file being read. Memory is bounded by one dossier.
pub struct Reader<'f> {
    pub(crate) forms: &'f Forms,
    pub(crate) limits: Limits,
    pub(crate) xml: Option<quick_xml::Reader<Source<'f>>>,
    kind: FileKind,
    pub(crate) buffer: Vec<u8>,
    pub(crate) content: Vec<u8>,
    pub(crate) decoder: Decoder,
    /// Whether the content that is read was found not to be usual.
    pub(crate) odd: bool,
    pub(crate) place: Place,
    pub(crate) ended: Ended,
    seen: HashSet<(String, String)>,
    /// Whether the next dossier has begun already.
    begun: bool,
    /// Bytes that were read twice after errors.
    pub(crate) reread: u64,
    /// Whether the envelope's own end was met.
    pub(crate) closed: bool,
    pub(crate) check_ins: Inner,
}

/// The dossier that is being read.
pub(crate) struct Current {
    faults: Vec<Refused>,
    /// The table of the FILEHOSO that is open.
    pub(crate) table: Option<TableId>,
    /// Whether its content is read; no more after a fault.
    pub(crate) wanted: bool,
    /// The table's elements, where they stand in the file itself.
    pub(crate) inline: Option<Inner>,
}

impl Current {
    fn fault(&mut self, dossier: &Dossier, line: u64, reason: Reason) {
        self.faults.push(Refused { table: self.table, ..Refused::whole(dossier.number, line, reason) });
    }
}

/// Where in the envelope the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Outside,
    Sender,
    MadeOn,
    Count,
    Signature,
    Dossier,
    TableName,
    Content,
}

/// Elements of the envelope.
pub(crate) const DOSSIER: &str = "HOSO";

impl<'f> Reader<'f> {
    /// Reads up to the root element. A file of another kind is refused by the name of what it is.
    pub fn open(file: impl std::io::Read + 'f, forms: &'f Forms, limits: Limits) -> Result<Self, FileError> {
        let unreadable = |e: std::io::Error| FileError::Unreadable(e.to_string());
        let mut source = Source::new(file).map_err(unreadable)?;
        source.allow(limits.dossier_bytes);
        let mut xml = reader(source);
        let mut buffer = Vec::new();
        let kind = loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer) {
                Ok(Event::Start(root)) => break FileKind::of(root.local_name().as_ref())?,
                Ok(Event::DocType(_)) => return Err(FileError::DocType),
                Ok(Event::Text(text)) if text.trim_ascii().is_empty() => {}
                Ok(Event::Decl(_) | Event::Comment(_) | Event::PI(_)) => {}
                Ok(Event::Eof) if xml.buffer_position() == 0 => return Err(FileError::Empty),
                Ok(Event::Eof) => return Err(FileError::OtherKind("không có phần tử XML nào".to_owned())),
                Ok(_) => return Err(FileError::OtherKind("không phải XML".to_owned())),
                Err(quick_xml::Error::Io(e)) => return Err(FileError::Unreadable(e.to_string())),
                Err(_) => return Err(FileError::OtherKind("không phải XML".to_owned())),
            }
        };
        Ok(Self {
            forms,
            limits,
            xml: Some(xml),
            kind,
            buffer,
            content: Vec::new(),
            decoder: Decoder::new(),
            odd: false,
            place: Place::Outside,
            ended: Ended::default(),
            seen: HashSet::new(),
            begun: false,
            reread: 0,
            closed: false,
            check_ins: Inner::new(),
        })
    }

    /// What the file is.
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    /// Reads the next dossier into `dossier`, whose old content is dropped; `None` at the end of the file.
    pub fn next(&mut self, dossier: &mut Dossier) -> Option<Read> {
        dossier.clear();
        if self.kind == FileKind::CheckIn {
            return self.next_check_in(dossier);
        }
        let mut current = Current { faults: Vec::new(), table: None, wanted: true, inline: None };
        if std::mem::take(&mut self.begun) {
            self.begin(dossier);
        }
        loop {
            let mut xml = self.xml.take()?;
            let mut buffer = std::mem::take(&mut self.buffer);
            buffer.clear();
            let in_dossier = self.in_dossier();
            if !in_dossier {
                xml.get_mut().allow(self.limits.dossier_bytes);
            }
            let event = match xml.read_event_into(&mut buffer) {
                Ok(event) => event,
                Err(error) => {
                    // A dossier whose own tag never ends is one that was met.
                    if !in_dossier && buffer.strip_prefix(b"<").is_some_and(begins_dossier) {
                        self.begin(dossier);
                    }
                    let in_dossier = self.in_dossier();
                    let fault = Refused::whole(self.ended.read * u32::from(in_dossier), xml.get_ref().line(), broken(&error));
                    let lost = matches!(&error, quick_xml::Error::Io(e) if e.kind() != std::io::ErrorKind::FileTooLarge);
                    self.turn_back(xml.get_mut(), &buffer);
                    self.resume(xml, lost);
                    if in_dossier {
                        current.faults.push(Refused { visit: cells::link_of(dossier, self.forms), ..fault });
                        return Some(Read::Refused(current.faults));
                    }
                    self.ended.faults.push(fault);
                    continue;
                }
            };
            let line = xml.get_ref().line();
            match event {
                Event::Eof => {
                    self.place = Place::Outside;
                    if in_dossier {
                        let cut = Reason::Broken("tệp bị cắt giữa hồ sơ".to_owned());
                        current.faults.push(Refused::whole(dossier.number, line, cut));
                        return Some(Read::Refused(current.faults));
                    }
                    if !self.closed {
                        self.ended.faults.push(Refused::whole(0, line, Reason::Broken("tệp bị cắt, thiếu phần cuối".to_owned())));
                    }
                    return None;
                }
                Event::DocType(_) => {
                    self.resume(xml, false);
                    if in_dossier {
                        current.faults.push(Refused::whole(dossier.number, line, Reason::DocType));
                        return Some(Read::Refused(current.faults));
                    }
                    self.ended.faults.push(Refused::whole(0, line, Reason::DocType));
                }
                event if let Some(takes_next) = swallowed(&event) => {
                    let reason = Reason::Broken("thẻ không đóng trước thẻ kế tiếp".to_owned());
                    let fault = Refused::whole(self.ended.read * u32::from(in_dossier), line, reason);
                    drop(event);
                    if takes_next {
                        (self.xml, self.begun) = (Some(xml), true);
                    } else {
                        self.resume(xml, false);
                    }
                    if in_dossier {
                        current.faults.push(Refused { visit: cells::link_of(dossier, self.forms), ..fault });
                        return Some(Read::Refused(current.faults));
                    }
                    self.ended.faults.push(fault);
                    if std::mem::take(&mut self.begun) {
                        self.begin(dossier);
                    }
                }
                event => {
                    self.xml = Some(xml);
                    let read = self.step(&event, line, &mut current, dossier);
                    drop(event);
                    self.buffer = buffer;
                    if read.is_some() {
                        return read;
                    }
                    self.usual(&current, dossier);
                }
            }
        }
    }

    fn in_dossier(&self) -> bool {
        matches!(self.place, Place::Dossier | Place::TableName | Place::Content)
    }

    /// Takes one event; what became of the dossier, when it has ended.
    fn step(&mut self, event: &Event<'_>, line: u64, current: &mut Current, dossier: &mut Dossier) -> Option<Read> {
        // The table's own elements, without base64 around them.
        if let Some(inner) = &mut current.inline {
            match inner.take(event, current.table, self.forms, dossier) {
                Ok(true) => current.inline = None,
                Ok(false) => {}
                Err(reason) => {
                    current.fault(dossier, line, reason);
                    // What is left of the table is passed over up to the end of its content.
                    (current.inline, current.wanted) = (None, false);
                }
            }
            return None;
        }
        match event {
            Event::Start(_) if self.place == Place::Signature => self.ended.signed = true,
            Event::Start(element) => return self.start(element.local_name().as_ref(), event, line, current, dossier),
            Event::Text(text) => self.text(text),
            Event::CData(text) => self.text(text),
            Event::GeneralRef(entity) => match inner::resolved(entity) {
                Some(character) => self.text(character.encode_utf8(&mut [0; 4])),
                None if self.in_dossier() => current.fault(dossier, line, inner::unknown_entity()),
                // Outside it is no fault of the dossier that comes next.
                None => self.ended.faults.push(Refused::whole(0, line, inner::unknown_entity())),
            },
            Event::End(element) => return self.end(element.local_name().as_ref(), line, current, dossier),
            _ => {}
        }
        None
    }

    fn start(&mut self, name: &str, event: &Event<'_>, line: u64, current: &mut Current, dossier: &mut Dossier) -> Option<Read> {
        let in_dossier = self.in_dossier();
        match name {
            DOSSIER if in_dossier => {
                current.fault(dossier, line, Reason::Broken("thiếu thẻ đóng HOSO".to_owned()));
                self.begun = true;
                return Some(Read::Refused(std::mem::take(&mut current.faults)));
            }
            DOSSIER => self.begin(dossier),
            "FILEHOSO" if in_dossier => {
                (current.table, current.wanted, self.place) = (None, true, Place::Dossier);
                self.content.clear();
            }
            "LOAIHOSO" if in_dossier => self.place = Place::TableName,
            "NOIDUNGFILE" if in_dossier => self.place = Place::Content,
            _ if self.place == Place::Content && current.wanted => {
                let mut inner = Inner::new();
                match inner.take(event, current.table, self.forms, dossier) {
                    Ok(_) => current.inline = Some(inner),
                    Err(reason) => {
                        current.fault(dossier, line, reason);
                        current.wanted = false;
                    }
                }
            }
            "MACSKCB" if !in_dossier => self.place = Place::Sender,
            "NGAYLAP" if !in_dossier => self.place = Place::MadeOn,
            "SOLUONGHOSO" if !in_dossier => {
                self.content.clear();
                self.place = Place::Count;
            }
            "CHUKYDONVI" if !in_dossier => self.place = Place::Signature,
            _ => {}
        }
        None
    }

    fn end(&mut self, name: &str, line: u64, current: &mut Current, dossier: &mut Dossier) -> Option<Read> {
        match (name, self.place) {
            ("LOAIHOSO", Place::TableName) => {
                let name = String::from_utf8_lossy(&self.content).trim().to_owned();
                self.content.clear();
                // A check-in travels in a file of its own; inside a dossier it would spare XML1 its checks.
                current.table = TableId::parse(&name).filter(|table| *table != TableId::XML0);
                current.wanted = current.table.is_some();
                if !current.wanted {
                    let fault = Refused::whole(dossier.number, line, Reason::UnknownTable);
                    current.faults.push(Refused { value: Some(Refused::shortened(&name)), ..fault });
                }
                self.place = Place::Dossier;
            }
            ("NOIDUNGFILE", Place::Content) => {
                if current.wanted
                    && let Err((line, reason)) = self.table(current.table, dossier)
                {
                    current.fault(dossier, line, reason);
                }
                self.content.clear();
                self.place = Place::Dossier;
            }
            (DOSSIER, Place::Dossier) => {
                self.place = Place::Outside;
                return Some(self.finish(dossier, std::mem::take(&mut current.faults)));
            }
            ("SOLUONGHOSO", Place::Count) => {
                self.ended.declared = String::from_utf8_lossy(&self.content).trim().parse().ok();
                self.content.clear();
                self.place = Place::Outside;
            }
            ("MACSKCB" | "NGAYLAP", Place::Sender | Place::MadeOn) | ("CHUKYDONVI", Place::Signature) => {
                self.place = Place::Outside
            }
            ("GIAMDINHHS", Place::Outside) => self.closed = true,
            _ => {}
        }
        None
    }

    /// What is known when [`Reader::next`] gave `None`.
    pub fn ended(self) -> Ended {
        self.ended
    }

    fn begin(&mut self, dossier: &mut Dossier) {
        self.ended.read += 1;
        dossier.number = self.ended.read;
        dossier.sender.clone_from(&self.ended.sender);
        dossier.made_on.clone_from(&self.ended.made_on);
        self.content.clear();
        self.place = Place::Dossier;
    }

    fn text(&mut self, text: &str) {
        let words = || text.trim().to_owned();
        match self.place {
            Place::Sender => self.ended.sender.push_str(&words()),
            Place::MadeOn => self.ended.made_on.push_str(&words()),
            // A comment or a reference may part a number.
            Place::Count | Place::TableName | Place::Content => self.content.extend_from_slice(text.as_bytes()),
            Place::Signature => self.ended.signed |= !text.trim().is_empty(),
            Place::Outside | Place::Dossier => {}
        }
    }

    /// Reads the gathered content of a table.
    fn table(&mut self, table: Option<TableId>, dossier: &mut Dossier) -> Result<(), (u64, Reason)> {
        if self.usual_gathered(table, dossier) {
            return Ok(());
        }
        match content::text(&mut self.content).map_err(|reason| (0, reason))? {
            Some(text) => inner::parse(&text, table, self.forms, dossier),
            // Seen in the wild: an empty NOIDUNGFILE for a table without rows, or after an inline table.
            None => Ok(()),
        }
    }

    fn finish(&mut self, dossier: &Dossier, mut faults: Vec<Refused>) -> Read {
        let link = cells::link_of(dossier, self.forms);
        if faults.is_empty() {
            faults = cells::check(dossier, self.forms);
        }
        if faults.is_empty() {
            let form = self.forms.get(TableId::XML1);
            let facility = form.and_then(|f| f.column("MA_CSKCB")).and_then(|c| dossier.row(TableId::XML1, 0)?.get(c));
            let key = (facility.unwrap_or_default().to_owned(), link.clone().unwrap_or_default());
            if !self.seen.insert(key) {
                faults.push(Refused::whole(dossier.number, 0, Reason::Twice));
            }
        }
        for fault in &mut faults {
            fault.visit.clone_from(&link);
        }
        if faults.is_empty() { Read::Kept } else { Read::Refused(faults) }
    }
}
