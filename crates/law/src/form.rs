//! Reading a YAML tree with a form in mind: what must be there, what may, what is unknown.
//!
//! Every function notes what is wrong and gives nothing, so that the reader goes on to the next part.

use crate::yaml::{At, Kind, Name, Node};
use crate::{Fault, lookup};

/// The place where faults are noted.
pub(crate) struct Faults<'a> {
    refuse: &'a mut dyn FnMut(At, Fault),
    count: usize,
}

impl<'a> Faults<'a> {
    /// Hands every fault on to `refuse`.
    pub fn new(refuse: &'a mut dyn FnMut(At, Fault)) -> Self {
        Self { refuse, count: 0 }
    }

    /// How many there were so far.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Notes a fault.
    pub fn add(&mut self, at: At, fault: Fault) {
        self.count += 1;
        (self.refuse)(at, fault);
    }
}

/// A mapping whose keys are known ones.
pub(crate) struct Map<'a> {
    at: At,
    entries: &'a [(Name, Node)],
}

impl<'a> Map<'a> {
    /// The mapping in a node; notes unknown keys, and a node that is something else.
    pub fn of(what: &str, node: &'a Node, known: &[&str], faults: &mut Faults) -> Option<Self> {
        let Kind::Map(entries) = &node.kind else {
            faults.add(node.at, wrong_shape(what, node, "a mapping `name: value`"));
            return None;
        };
        note_doubled(entries, faults);
        for (name, _) in entries {
            if !known.contains(&name.text.as_str()) {
                let nearest = lookup::nearest(&name.text, known.iter().copied());
                faults.add(name.at, Fault::UnknownKey { key: name.text.clone(), nearest });
            }
        }
        Some(Self { at: node.at, entries })
    }

    /// The node of a key that may be absent.
    pub fn get(&self, key: &str) -> Option<&'a Node> {
        self.entries.iter().find(|(name, _)| name.text == key).map(|(_, node)| node)
    }

    /// The node of a key that must be there.
    pub fn need(&self, key: &'static str, faults: &mut Faults) -> Option<&'a Node> {
        let node = self.get(key);
        if node.is_none() {
            faults.add(self.at, Fault::Missing(key));
        }
        node
    }

    /// The text of a key that must be there and not empty, with its place.
    pub fn text(&self, key: &'static str, faults: &mut Faults) -> Option<(At, String)> {
        let node = self.need(key, faults)?;
        text_of(key, node, faults).map(|text| (node.at, text))
    }

    /// The text of a key that may be absent, but not empty.
    pub fn optional(&self, key: &str, faults: &mut Faults) -> Option<String> {
        text_of(key, self.get(key)?, faults)
    }
}

/// Notes every key that was there before.
pub(crate) fn note_doubled(entries: &[(Name, Node)], faults: &mut Faults) {
    for (index, (name, _)) in entries.iter().enumerate() {
        if entries[..index].iter().any(|(earlier, _)| earlier.text == name.text) {
            faults.add(name.at, Fault::KeyTwice(name.text.clone()));
        }
    }
}

/// The text in a node, without white space around it; notes an empty one and anything else.
pub(crate) fn text_of(what: &str, node: &Node, faults: &mut Faults) -> Option<String> {
    match node.as_text().map(str::trim) {
        Some(text) if !text.is_empty() => Some(text.to_owned()),
        _ => {
            faults.add(node.at, wrong_shape(what, node, "a text"));
            None
        }
    }
}

/// The items of a list that must not be empty.
pub(crate) fn list_of<'a>(what: &str, node: &'a Node, faults: &mut Faults) -> Option<&'a [Node]> {
    match &node.kind {
        Kind::List(items) if !items.is_empty() => Some(items),
        _ => {
            faults.add(node.at, wrong_shape(what, node, "a list"));
            None
        }
    }
}

/// Empty and of the wrong shape are different faults to a reader.
fn wrong_shape(what: &str, node: &Node, expected: &'static str) -> Fault {
    let empty = match &node.kind {
        Kind::Null => true,
        Kind::Text(text) => text.trim().is_empty(),
        Kind::List(items) => items.is_empty(),
        Kind::Map(entries) => entries.is_empty(),
    };
    if empty { Fault::Empty(what.to_owned()) } else { Fault::Shape { what: what.to_owned(), expected } }
}
