//! The canonical form of XML (C14N 1.0 without comments, inclusive and exclusive): the bytes that are signed.

use std::borrow::Cow;

use memchr::{memchr, memchr3};
use sha2::{Digest as _, Sha256};

use super::names::{Attribute, Scope, Tag};

/// The two canonical forms that are known. They differ in which namespaces are written where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `http://www.w3.org/TR/2001/REC-xml-c14n-20010315`.
    Inclusive,
    /// `http://www.w3.org/2001/10/xml-exc-c14n#` without a list of prefixes.
    Exclusive,
}

/// The namespaces that were written so far, element by element.
#[derive(Debug, Clone, Default)]
pub(super) struct Canon {
    written: Vec<(String, String)>,
    marks: Vec<usize>,
}

impl Canon {
    /// The namespaces that have to be written at a tag, which is the innermost element of `scope`, in order.
    fn declarations(&self, form: Form, tag: &Tag, scope: &Scope) -> Vec<(String, String)> {
        let mut wanted: Vec<(&str, &str)> = match form {
            Form::Inclusive if self.marks.is_empty() => scope.all(),
            Form::Inclusive => tag.declared.iter().map(|(prefix, uri)| (prefix.as_str(), uri.as_str())).collect(),
            Form::Exclusive => {
                let own = tag.attributes.iter().filter(|a| !a.prefix.is_empty()).map(|a| (a.prefix.as_str(), a.uri.as_str()));
                own.chain([(tag.prefix.as_str(), tag.uri.as_str())]).filter(|(prefix, _)| *prefix != "xml").collect()
            }
        };
        wanted.retain(|(prefix, uri)| self.written(prefix) != *uri);
        wanted.sort_unstable();
        wanted.dedup();
        wanted.into_iter().map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned())).collect()
    }

    /// The namespace that was written for a prefix; empty for none.
    fn written(&self, prefix: &str) -> &str {
        self.written.iter().rev().find(|(known, _)| known == prefix).map_or("", |(_, uri)| uri)
    }

    fn open(&mut self, declarations: Vec<(String, String)>) {
        self.marks.push(self.written.len());
        self.written.extend(declarations);
    }

    fn close(&mut self) {
        self.written.truncate(self.marks.pop().unwrap_or_default());
    }

    /// Writes a start tag.
    pub(super) fn start(&mut self, form: Form, tag: &Tag, scope: &Scope, out: &mut Vec<u8>) {
        let declarations = self.declarations(form, tag, scope);
        start_tag(tag, &declarations, &self.inherited(form, tag, scope), out);
        self.open(declarations);
    }

    /// Writes an end tag.
    pub(super) fn end(&mut self, name: &str, out: &mut Vec<u8>) {
        self.close();
        end_tag(name, out);
    }

    /// Only the inclusive form takes `xml:` attributes along, and only onto the first element.
    fn inherited(&self, form: Form, tag: &Tag, scope: &Scope) -> Vec<Attribute> {
        if form == Form::Inclusive && self.marks.is_empty() { scope.inherited(tag) } else { Vec::new() }
    }
}

/// Digests of both canonical forms of one element or of the whole file. Which one is signed is known only when the signature has come; as
/// long as both are the same bytes, they are digested once.
#[derive(Debug, Clone, Default)]
pub(super) struct Digests {
    canon: Canon,
    inclusive: Sha256,
    exclusive: Option<(Canon, Sha256)>,
    bytes: Vec<u8>,
}

impl Digests {
    pub(super) fn start(&mut self, tag: &Tag, scope: &Scope) {
        if self.exclusive.is_none() {
            let same = self.canon.inherited(Form::Inclusive, tag, scope).is_empty()
                && self.canon.declarations(Form::Inclusive, tag, scope) == self.canon.declarations(Form::Exclusive, tag, scope);
            if !same {
                self.exclusive = Some((self.canon.clone(), self.inclusive.clone()));
            }
        }
        self.bytes.clear();
        self.canon.start(Form::Inclusive, tag, scope, &mut self.bytes);
        self.inclusive.update(&self.bytes);
        if let Some((canon, digest)) = &mut self.exclusive {
            self.bytes.clear();
            canon.start(Form::Exclusive, tag, scope, &mut self.bytes);
            digest.update(&self.bytes);
        }
    }

    pub(super) fn end(&mut self, name: &str) {
        self.bytes.clear();
        self.canon.end(name, &mut self.bytes);
        self.inclusive.update(&self.bytes);
        if let Some((canon, digest)) = &mut self.exclusive {
            canon.close();
            digest.update(&self.bytes);
        }
    }

    /// Takes what is canonical already.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        self.inclusive.update(bytes);
        if let Some((_, digest)) = &mut self.exclusive {
            digest.update(bytes);
        }
    }

    /// The digest of one form.
    pub(super) fn of(&self, form: Form) -> Vec<u8> {
        match (&self.exclusive, form) {
            (Some((_, digest)), Form::Exclusive) => digest.clone().finalize().to_vec(),
            _ => self.inclusive.clone().finalize().to_vec(),
        }
    }
}

fn start_tag(tag: &Tag, declarations: &[(String, String)], inherited: &[Attribute], out: &mut Vec<u8>) {
    out.push(b'<');
    out.extend_from_slice(tag.name.as_bytes());
    for (prefix, uri) in declarations {
        let colon = if prefix.is_empty() { "" } else { ":" };
        attribute(&format!("xmlns{colon}{prefix}"), uri, out);
    }
    let mut attributes: Vec<&Attribute> = tag.attributes.iter().chain(inherited).collect();
    attributes.sort_by(|a, b| (&a.uri, a.local()).cmp(&(&b.uri, b.local())));
    for one in attributes {
        attribute(&one.name, &one.value, out);
    }
    out.push(b'>');
}

fn end_tag(name: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"</");
    out.extend_from_slice(name.as_bytes());
    out.push(b'>');
}

fn attribute(name: &str, value: &str, out: &mut Vec<u8>) {
    out.push(b' ');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"=\"");
    for byte in value.bytes() {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'"' => out.extend_from_slice(b"&quot;"),
            b'\t' => out.extend_from_slice(b"&#x9;"),
            b'\n' => out.extend_from_slice(b"&#xA;"),
            b'\r' => out.extend_from_slice(b"&#xD;"),
            other => out.push(other),
        }
    }
    out.push(b'"');
}

/// The canonical bytes of characters, whose line ends are one character already; a carriage return is one that was written as a number.
pub(super) fn text(text: &str) -> Cow<'_, [u8]> {
    let bytes = text.as_bytes();
    if memchr3(b'&', b'<', b'>', bytes).is_none() && memchr(b'\r', bytes).is_none() {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len() + 16);
    for byte in bytes {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'\r' => out.extend_from_slice(b"&#xD;"),
            other => out.push(*other),
        }
    }
    Cow::Owned(out)
}

/// The canonical bytes of a processing instruction.
pub(super) fn instruction(target: &str, content: &str) -> Vec<u8> {
    let content = content.trim_ascii_start();
    let blank = if content.is_empty() { "" } else { " " };
    format!("<?{target}{blank}{content}?>").into_bytes()
}
