//! Names and attributes of elements, with the namespaces they are in.

use quick_xml::events::{BytesRef, BytesStart};

use crate::inner::resolved;

/// Namespace of the prefix `xml`, which needs no declaration.
const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// Namespace of signatures (XMLDSig).
pub(super) const DS: &str = "http://www.w3.org/2000/09/xmldsig#";

/// What is against the rules of XML or of its namespaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct IllFormed;

/// A start tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    /// As written, with its prefix.
    pub(super) name: String,
    /// Its prefix, often empty.
    pub(super) prefix: String,
    /// Its namespace, empty for none.
    pub(super) uri: String,
    /// Namespaces it declares, by prefix.
    pub(super) declared: Vec<(String, String)>,
    pub(super) attributes: Vec<Attribute>,
}

/// An attribute that declares no namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute {
    /// As written, with its prefix.
    pub(super) name: String,
    pub(super) prefix: String,
    pub(super) uri: String,
    /// Without references, blanks as spaces.
    pub(super) value: String,
}

/// The part of a name after its prefix.
fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

impl Tag {
    pub(super) fn local(&self) -> &str {
        local(&self.name)
    }

    /// Whether it is an element of XMLDSig with this name.
    pub(super) fn is_ds(&self, name: &str) -> bool {
        self.uri == DS && self.local() == name
    }

    /// An attribute without prefix.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|attribute| attribute.name == name).map(|attribute| attribute.value.as_str())
    }

    /// Values of whatever could be taken for its identifier: `Id`, `ID`, `id`, `xml:id` and others of that name.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        let named = |attribute: &&Attribute| attribute.local().eq_ignore_ascii_case("id");
        self.attributes.iter().filter(named).map(|attribute| attribute.value.as_str())
    }

    /// Bytes of memory, roughly.
    pub(super) fn size(&self) -> usize {
        let attributes = self.attributes.iter().map(|a| a.name.len() + a.value.len() + a.uri.len() + 64).sum::<usize>();
        let declared = self.declared.iter().map(|(prefix, uri)| prefix.len() + uri.len() + 48).sum::<usize>();
        self.name.len() + self.uri.len() + attributes + declared + 128
    }
}

impl Attribute {
    pub(super) fn local(&self) -> &str {
        local(&self.name)
    }
}

/// The elements that are open, from the root: what namespaces hold, and attributes of `xml:`.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    levels: Vec<Level>,
}

#[derive(Debug, Clone, Default)]
struct Level {
    declared: Vec<(String, String)>,
    xml: Vec<Attribute>,
}

impl Scope {
    /// How many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.levels.len()
    }

    /// Reads a start tag and opens its element.
    pub(super) fn open(&mut self, element: &BytesStart<'_>) -> Result<Tag, IllFormed> {
        let mut declared = Vec::new();
        let mut attributes = Vec::new();
        for attribute in element.attributes() {
            let attribute = attribute.map_err(|_| IllFormed)?;
            let value = value(&attribute.value)?;
            let name = attribute.key.0;
            let prefix = prefix(name)?;
            match (prefix, name) {
                ("", "xmlns") if value != XML => declared.push((String::new(), value)),
                // It may be declared, as what it is.
                ("xmlns", "xmlns:xml") if value == XML => {}
                ("xmlns", _) if !value.is_empty() && value != XML && !matches!(local(name), "xml" | "xmlns") => {
                    declared.push((local(name).to_owned(), value));
                }
                ("", "xmlns") | ("xmlns", _) => return Err(IllFormed),
                _ => attributes.push(Attribute { name: name.to_owned(), prefix: prefix.to_owned(), uri: String::new(), value }),
            }
        }
        let name = element.name().0.to_owned();
        let prefix = prefix(&name)?.to_owned();
        self.levels.push(Level { declared, xml: Vec::new() });
        let uri = self.uri(&prefix).ok_or(IllFormed)?.to_owned();
        for at in 0..attributes.len() {
            // An attribute without prefix is in no namespace.
            if !attributes[at].prefix.is_empty() {
                attributes[at].uri = self.uri(&attributes[at].prefix).ok_or(IllFormed)?.to_owned();
            }
            let same = |other: &Attribute| other.uri == attributes[at].uri && other.local() == attributes[at].local();
            if attributes[..at].iter().any(same) {
                return Err(IllFormed);
            }
        }
        let level = self.levels.last_mut().ok_or(IllFormed)?;
        level.xml = attributes.iter().filter(|attribute| attribute.uri == XML).cloned().collect();
        Ok(Tag { name, prefix, uri, declared: level.declared.clone(), attributes })
    }

    /// Opens an element that was read before.
    pub(super) fn reopen(&mut self, tag: &Tag) {
        let xml = tag.attributes.iter().filter(|attribute| attribute.uri == XML).cloned().collect();
        self.levels.push(Level { declared: tag.declared.clone(), xml });
    }

    /// Closes the innermost element.
    pub(super) fn close(&mut self) {
        self.levels.pop();
    }

    /// The namespace of a prefix here; empty for names without prefix where none is declared.
    pub(super) fn uri(&self, prefix: &str) -> Option<&str> {
        if prefix == "xml" {
            return Some(XML);
        }
        let declared = self.levels.iter().rev().flat_map(|level| &level.declared).find(|(known, _)| known == prefix);
        declared.map(|(_, uri)| uri.as_str()).or_else(|| prefix.is_empty().then_some(""))
    }

    /// All namespaces that hold here, by prefix.
    pub(super) fn all(&self) -> Vec<(&str, &str)> {
        let mut all: Vec<(&str, &str)> = Vec::new();
        for (prefix, uri) in self.levels.iter().rev().flat_map(|level| &level.declared) {
            if !all.iter().any(|(known, _)| known == prefix) {
                all.push((prefix, uri));
            }
        }
        all
    }

    /// Attributes of `xml:` that the innermost element has from those around it.
    pub(super) fn inherited(&self, tag: &Tag) -> Vec<Attribute> {
        let mut inherited: Vec<Attribute> = Vec::new();
        for attribute in self.levels.iter().rev().skip(1).flat_map(|level| &level.xml) {
            let named = |other: &Attribute| other.name == attribute.name;
            if !inherited.iter().any(named) && !tag.attributes.iter().any(named) {
                inherited.push(attribute.clone());
            }
        }
        inherited
    }
}

/// The prefix of a name. Names with characters that belong to markup are none.
fn prefix(name: &str) -> Result<&str, IllFormed> {
    let odd = |c: char| matches!(c, '<' | '>' | '&' | '"' | '\'' | '=' | '/') || c.is_ascii_whitespace();
    match name.split_once(':') {
        _ if name.is_empty() || name.contains(odd) => Err(IllFormed),
        Some((prefix, local)) if prefix.is_empty() || local.is_empty() || local.contains(':') => Err(IllFormed),
        Some((prefix, _)) => Ok(prefix),
        None => Ok(""),
    }
}

/// The value of an attribute as it is written between its quotes: references resolved, blanks as spaces.
fn value(raw: &str) -> Result<String, IllFormed> {
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['<', '&', '\t', '\r', '\n']) {
        value.push_str(&rest[..at]);
        let found = &rest[at..];
        rest = match found.as_bytes()[0] {
            b'<' => return Err(IllFormed),
            b'&' => {
                let (reference, after) = found[1..].split_once(';').ok_or(IllFormed)?;
                value.push(resolved(&BytesRef::new(reference)).ok_or(IllFormed)?);
                after
            }
            blank => {
                value.push(' ');
                // A line end of two characters is one.
                let length = if blank == b'\r' && found[1..].starts_with('\n') { 2 } else { 1 };
                &found[length..]
            }
        };
    }
    value.push_str(rest);
    Ok(value)
}
