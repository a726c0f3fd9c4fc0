//! One pass over a file: everything that a signature could have signed is digested as it goes by, and the signature itself is kept.

use std::collections::HashMap;

use quick_xml::XmlVersion;
use quick_xml::events::Event;

use super::canon::{self, Digests};
use super::names::{IllFormed, Scope, Tag};
use super::outcome::{Stop, Unchecked, Wrong};
use super::tree::{Item, Node};
use crate::inner::resolved;
use crate::outcome::FileKind;
use crate::refused::FileError;
use crate::source::Source;

/// Bytes of one piece of the file (a text, a tag, a comment) at most: so much is held in memory.
const PIECE: u64 = 64 << 20;
/// Bytes of the signature's own element at most.
const SIGNATURE: usize = 1 << 20;
/// Elements in one another at most, in the file and in the signature.
const DEPTH: usize = 256;
const SIGNATURE_DEPTH: usize = 32;
/// Identifiers at most, and their length: longer ones cannot be referred to.
const IDS: usize = 100_000;
pub(super) const ID_LENGTH: usize = 256;
/// Elements right under the root at most; the format has three.
const PARTS: usize = 64;
/// What the reader of claims looks for after a broken dossier.
const DOSSIER: &str = "<HOSO";
/// Elements that the reader of claims takes wherever they stand.
const TAKEN: [&str; 14] = [
    "GIAMDINHHS",
    "THONGTINDONVI",
    "THONGTINHOSO",
    "MACSKCB",
    "NGAYLAP",
    "SOLUONGHOSO",
    "DANHSACHHOSO",
    "HOSO",
    "FILEHOSO",
    "LOAIHOSO",
    "NOIDUNGFILE",
    "CHUKYDONVI",
    "CHI_TIEU_TRANG_THAI_KCB",
    "DSACH_TRANG_THAI_KCB",
];

/// A part right under the root, other than CHUKYDONVI.
pub(super) struct PartOf {
    pub(super) name: String,
    pub(super) ids: Vec<String>,
    /// Only of one that has an identifier.
    pub(super) digests: Option<Digests>,
}

/// What is known of a file at its end.
#[derive(Default)]
pub(super) struct Walk {
    /// The whole file without the signature.
    pub(super) document: Digests,
    pub(super) root_ids: Vec<String>,
    pub(super) parts: Vec<PartOf>,
    /// Characters right under the root, which no part holds.
    pub(super) loose_text: bool,
    /// A comment or processing instruction holds what looks like a dossier.
    pub(super) hidden: bool,
    /// How often each identifier stands in the file.
    pub(super) ids: HashMap<String, u32>,
    /// CHUKYDONVI elements under the root.
    pub(super) places: u32,
    /// Signatures (XMLDSig) wherever.
    pub(super) signatures: u32,
    /// The signature in CHUKYDONVI.
    pub(super) signature: Option<Node>,
    /// The elements around the signature.
    pub(super) around: Scope,
    /// Anything else in CHUKYDONVI.
    pub(super) beside: bool,
    scope: Scope,
    has_root: bool,
    root_closed: bool,
    /// The part whose digests are taken.
    in_part: bool,
    in_place: bool,
    /// The elements of the signature that are open.
    open: Vec<Node>,
    size: usize,
}

impl Walk {
    /// Goes through a file.
    pub(super) fn through(source: Source<'_>) -> Result<Self, Stop> {
        let mut walk = Self::default();
        let mut xml = quick_xml::Reader::from_reader(source);
        let config = xml.config_mut();
        config.expand_empty_elements = true;
        config.check_comments = true;
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            xml.get_mut().allow(PIECE);
            let event = match xml.read_event_into(&mut buffer) {
                Ok(Event::Eof) if xml.buffer_position() == 0 => return Err(FileError::Empty.into()),
                Ok(Event::Eof) => break,
                Ok(event) => event,
                Err(quick_xml::Error::Io(e)) if e.kind() == std::io::ErrorKind::FileTooLarge => {
                    return Err(Unchecked::TooLarge(PIECE >> 20).into());
                }
                Err(quick_xml::Error::Io(e)) if e.kind() != std::io::ErrorKind::InvalidData => {
                    return Err(FileError::Unreadable(e.to_string()).into());
                }
                Err(_) => return Err(walk.broken()),
            };
            walk.event(&event)?;
        }
        if !walk.root_closed {
            return Err(walk.broken());
        }
        Ok(walk)
    }

    /// A broken file: wrong when it brings a signature, else nobody knows whether one was meant to be there.
    fn broken(&self) -> Stop {
        match (self.has_root, self.in_place || self.signature.is_some()) {
            (false, _) => FileError::OtherKind("không phải XML".to_owned()).into(),
            (true, true) => Wrong::Broken.into(),
            (true, false) => Unchecked::Broken.into(),
        }
    }

    fn event(&mut self, event: &Event<'_>) -> Result<(), Stop> {
        match event {
            Event::Start(element) => {
                let tag = self.scope.open(element).map_err(|IllFormed| self.broken())?;
                self.start(tag)
            }
            Event::End(element) => self.end(element.name().0),
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(_) if !self.open.is_empty() => Err(Wrong::Shape("CDATA".to_owned()).into()),
            Event::CData(text) if self.scope.depth() == 0 && !text.is_empty() => Err(self.broken()),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let character = resolved(reference).filter(|_| self.scope.depth() > 0).ok_or_else(|| self.broken())?;
                self.text(character.encode_utf8(&mut [0; 4]))
            }
            Event::PI(instruction) => {
                self.hidden |= instruction.contains(DOSSIER);
                if self.scope.depth() == 0 {
                    return Err(Unchecked::OtherXml("chỉ thị xử lý ngoài phần tử gốc".to_owned()).into());
                }
                let content = quick_xml::events::BytesText::from_escaped(instruction.content()).xml10_content().into_owned();
                self.bytes(canon::instruction(instruction.target(), &content))
            }
            Event::Comment(comment) => {
                self.hidden |= comment.contains(DOSSIER);
                Ok(())
            }
            Event::Decl(declaration) => match declaration.xml_version() {
                _ if self.scope.depth() > 0 || self.root_closed => Err(self.broken()),
                Ok(XmlVersion::Explicit1_1) | Err(_) => Err(Unchecked::OtherXml("phiên bản khác 1.0".to_owned()).into()),
                Ok(_) => Ok(()),
            },
            Event::DocType(_) => Err(FileError::DocType.into()),
            Event::Empty(_) | Event::Eof => Ok(()),
        }
    }

    fn start(&mut self, tag: Tag) -> Result<(), Stop> {
        let depth = self.scope.depth();
        if depth > DEPTH {
            return Err(Unchecked::TooMany("phần tử lồng nhau".to_owned()).into());
        }
        for id in tag.ids().filter(|id| id.len() <= ID_LENGTH) {
            *self.ids.entry(id.to_owned()).or_default() += 1;
        }
        if self.ids.len() > IDS {
            return Err(Unchecked::TooMany("Id".to_owned()).into());
        }
        self.signatures += u32::from(tag.is_ds("Signature"));
        if !self.open.is_empty() {
            return self.open_in_signature(tag);
        }
        match depth {
            1 if self.root_closed => return Err(self.broken()),
            1 => {
                FileKind::of(tag.local())?;
                self.has_root = true;
                self.root_ids = tag.ids().map(str::to_owned).collect();
            }
            2 if tag.local() == "CHUKYDONVI" => {
                self.places += 1;
                self.in_place = true;
            }
            2 => self.open_part(&tag)?,
            3 if self.in_place && tag.is_ds("Signature") && self.signature.is_none() => {
                self.around = self.scope.clone();
                self.around.close();
                return self.open_in_signature(tag);
            }
            _ if self.in_place => self.beside = true,
            _ => {}
        }
        self.document.start(&tag, &self.scope);
        let Self { parts, in_part, scope, .. } = self;
        if let Some(digests) = parts.last_mut().filter(|_| *in_part).and_then(|part| part.digests.as_mut()) {
            digests.start(&tag, scope);
        }
        Ok(())
    }

    fn open_part(&mut self, tag: &Tag) -> Result<(), Stop> {
        if self.parts.len() == PARTS {
            return Err(Unchecked::TooMany("phần dưới phần tử gốc".to_owned()).into());
        }
        let ids: Vec<String> = tag.ids().map(str::to_owned).collect();
        let digests = (!ids.is_empty()).then(Digests::default);
        self.in_part = digests.is_some();
        self.parts.push(PartOf { name: tag.local().to_owned(), ids, digests });
        Ok(())
    }

    fn open_in_signature(&mut self, tag: Tag) -> Result<(), Stop> {
        if TAKEN.contains(&tag.local()) {
            return Err(Wrong::Shape(format!("có {} trong chữ ký", tag.local())).into());
        }
        if self.open.len() == SIGNATURE_DEPTH {
            return Err(Unchecked::TooMany("phần tử lồng nhau trong chữ ký".to_owned()).into());
        }
        self.grow(tag.size())?;
        self.open.push(Node::new(tag));
        Ok(())
    }

    fn grow(&mut self, bytes: usize) -> Result<(), Stop> {
        self.size += bytes;
        if self.size > SIGNATURE { Err(Unchecked::TooLarge(SIGNATURE as u64 >> 20).into()) } else { Ok(()) }
    }

    fn part(&mut self) -> Option<&mut Digests> {
        self.parts.last_mut().filter(|_| self.in_part)?.digests.as_mut()
    }

    fn end(&mut self, name: &str) -> Result<(), Stop> {
        let depth = self.scope.depth();
        self.scope.close();
        if let Some(node) = self.open.pop() {
            match self.open.last_mut() {
                Some(parent) => parent.items.push(Item::Element(node)),
                None => self.signature = Some(node),
            }
            return Ok(());
        }
        self.document.end(name);
        if let Some(digests) = self.part() {
            digests.end(name);
        }
        match depth {
            1 => self.root_closed = true,
            2 => (self.in_part, self.in_place) = (false, false),
            _ => {}
        }
        Ok(())
    }

    /// Takes characters, whose line ends are one character already.
    fn text(&mut self, text: &str) -> Result<(), Stop> {
        let blank = text.trim_ascii().is_empty();
        match self.scope.depth() {
            // Between declaration and root, and after it.
            0 if blank => return Ok(()),
            0 => return Err(self.broken()),
            1 => self.loose_text |= !blank,
            _ => self.beside |= self.in_place && self.open.is_empty() && !blank,
        }
        if !self.open.is_empty() {
            self.grow(text.len() + 32)?;
            if let Some(node) = self.open.last_mut() {
                match node.items.last_mut() {
                    Some(Item::Text(held)) => held.push_str(text),
                    _ => node.items.push(Item::Text(text.to_owned())),
                }
            }
            return Ok(());
        }
        let bytes = canon::text(text);
        self.document.take(&bytes);
        if let Some(digests) = self.part() {
            digests.take(&bytes);
        }
        Ok(())
    }

    /// Takes what is canonical already.
    fn bytes(&mut self, bytes: Vec<u8>) -> Result<(), Stop> {
        if self.open.is_empty() {
            self.beside |= self.in_place;
            self.document.take(&bytes);
            if let Some(digests) = self.part() {
                digests.take(&bytes);
            }
            return Ok(());
        }
        self.grow(bytes.len() + 32)?;
        if let Some(node) = self.open.last_mut() {
            node.items.push(Item::Instruction(bytes));
        }
        Ok(())
    }
}
