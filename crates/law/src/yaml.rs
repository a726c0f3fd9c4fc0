//! YAML as a tree in which every node knows its place and keeps its text as written.
//!
//! The usual typed reading would turn `0.045` into a binary fraction and stop at the first fault. Here
//! a scalar stays text until its unit is known, and the reader can go on to the next fault.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

/// A place in a file: line and column, from 1, column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct At {
    pub line: u64,
    pub column: u64,
}

impl At {
    /// The beginning of a file.
    pub const START: At = At { line: 1, column: 1 };
}

impl From<Location> for At {
    fn from(location: Location) -> Self {
        // An unknown place is line 0; the beginning of the file is the best that can be said.
        Self { line: location.line().max(1), column: location.column().max(1) }
    }
}

/// A node with its place.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub at: At,
    pub kind: Kind,
}

impl Node {
    /// The text of a scalar.
    pub fn as_text(&self) -> Option<&str> {
        if let Kind::Text(text) = &self.kind { Some(text) } else { None }
    }
}

/// What a node is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// `null`, `~` or nothing.
    Null,
    /// A scalar: its text as written when plain, its content when quoted or a block.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping in the order of the file; a key may be there twice.
    Map(Vec<(Name, Node)>),
}

/// A key of a mapping with its place.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    pub at: At,
    pub text: String,
}

/// Reads one YAML document. The error is a place and what was found there.
pub(crate) fn read(text: &str) -> Result<Node, (At, String)> {
    let options = serde_saphyr::options! {
        with_snippet: false,
        // Doubled keys are noted by the schema, all of them, in words for an officer.
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::PassThrough,
        merge_keys: serde_saphyr::MergeKeyPolicy::Error,
        reject_unsupported_tags: true,
        strict_booleans: true,
        // `.inf` is then refused as a value of its unit, like any other wrong value.
        non_finite_float_policy: serde_saphyr::NonFiniteFloatPolicy::AsString,
    };
    match serde_saphyr::from_str_with_options::<Spanned<Raw>>(text, options) {
        Ok(root) => Ok(root.value.node(root.referenced, root.defined, text)),
        Err(error) => Err(place_and_message(&error)),
    }
}

fn place_and_message(error: &serde_saphyr::Error) -> (At, String) {
    let at = error.location().map_or(At::START, At::from);
    let message = match error.without_snippet() {
        serde_saphyr::Error::MultipleDocuments { .. } => "a second document begins; a file holds one parameter".to_owned(),
        other => other.to_string(),
    };
    // The place is told apart from the message; saying it twice only makes the line longer.
    let place = format!(" at line {}, column {}", at.line, at.column);
    (at, message.trim().replace(&place, ""))
}

/// A node as the deserializer gives it, before plain scalars are read back from the text.
enum Raw {
    Null,
    /// A plain scalar that YAML takes for a number or a truth value.
    Plain,
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

impl Raw {
    fn node(self, place: Location, defined: Location, text: &str) -> Node {
        let kind = match self {
            Self::Null => Kind::Null,
            Self::Plain => Kind::Text(written(defined, text)),
            Self::Text(content) => Kind::Text(content),
            Self::List(items) => {
                Kind::List(items.into_iter().map(|item| item.value.node(item.referenced, item.defined, text)).collect())
            }
            Self::Map(entries) => Kind::Map(
                entries
                    .into_iter()
                    .map(|(name, node)| {
                        let name = Name { at: name.referenced.into(), text: name.value };
                        (name, node.value.node(node.referenced, node.defined, text))
                    })
                    .collect(),
            ),
        };
        Node { at: place.into(), kind }
    }
}

/// The text between the ends of a node. Empty only if the reader gave no byte range, which it always
/// does for text in memory; an empty value is then refused like any other wrong value.
fn written(place: Location, text: &str) -> String {
    let range = || {
        let start = usize::try_from(place.span().byte_offset()?).ok()?;
        let length = usize::try_from(place.span().byte_len()?).ok()?;
        text.get(start..start.checked_add(length)?)
    };
    range().unwrap_or_default().trim().to_owned()
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, a list or a mapping")
    }

    fn visit_unit<E: Error>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_i128<E: Error>(self, _: i128) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }
}
