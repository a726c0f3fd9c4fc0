//! The signature's own element, held in memory: it is small, and its parts are canonical each on its own.

use super::canon::{self, Canon, Form};
use super::names::{Scope, Tag};

/// An element with what is in it.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) tag: Tag,
    pub(super) items: Vec<Item>,
}

#[derive(Debug, Clone)]
pub(super) enum Item {
    Element(Node),
    /// Characters, without references.
    Text(String),
    /// A processing instruction, canonical.
    Instruction(Vec<u8>),
}

impl Node {
    pub(super) fn new(tag: Tag) -> Self {
        Self { tag, items: Vec::new() }
    }

    fn inner(&self) -> impl Iterator<Item = &Node> {
        self.items.iter().filter_map(|item| if let Item::Element(node) = item { Some(node) } else { None })
    }

    /// The elements in it; `None` when there is anything else but blanks.
    pub(super) fn elements(&self) -> Option<Vec<&Node>> {
        let mut elements = Vec::new();
        for item in &self.items {
            match item {
                Item::Element(node) => elements.push(node),
                Item::Text(text) if text.trim_ascii().is_empty() => {}
                Item::Text(_) | Item::Instruction(_) => return None,
            }
        }
        Some(elements)
    }

    /// The characters in it; `None` when there is anything else.
    pub(super) fn text(&self) -> Option<String> {
        let mut all = String::new();
        for item in &self.items {
            match item {
                Item::Text(text) => all.push_str(text),
                Item::Element(_) | Item::Instruction(_) => return None,
            }
        }
        Some(all)
    }

    /// The elements below it, itself first.
    pub(super) fn below(&self) -> Vec<&Node> {
        let mut all = vec![self];
        let mut next = 0;
        while let Some(node) = all.get(next) {
            all.extend(node.inner());
            next += 1;
        }
        all
    }

    /// The canonical bytes of one element below this one, which stands in `scope`; `None` when it is not there.
    pub(super) fn canonical(&self, wanted: &Node, form: Form, scope: &mut Scope) -> Option<Vec<u8>> {
        if std::ptr::eq(self, wanted) {
            let mut out = Vec::new();
            self.write(form, scope, &mut Canon::default(), &mut out);
            return Some(out);
        }
        scope.reopen(&self.tag);
        let found = self.inner().find_map(|node| node.canonical(wanted, form, scope));
        scope.close();
        found
    }

    fn write(&self, form: Form, scope: &mut Scope, canon: &mut Canon, out: &mut Vec<u8>) {
        scope.reopen(&self.tag);
        canon.start(form, &self.tag, scope, out);
        for item in &self.items {
            match item {
                Item::Element(node) => node.write(form, scope, canon, out),
                Item::Text(text) => out.extend_from_slice(&canon::text(text)),
                Item::Instruction(bytes) => out.extend_from_slice(bytes),
            }
        }
        canon.end(&self.tag.name, out);
        scope.close();
    }
}
