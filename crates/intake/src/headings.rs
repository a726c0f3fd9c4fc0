//! What headings mean, for all layouts at once: the cost of a file hardly grows with their number.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use base::names::clean;

use crate::head_rows::{ColumnText, Form, fold_header, without_brackets};
use crate::layout::{Layout, Repeat};
use crate::load::REJECT_HEADERS;

/// What a folded heading means in one layout; no field when the layout ignores it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Meaning {
    layout: usize,
    field: Option<usize>,
}

/// The headings of all layouts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    exact: HashMap<String, Vec<Meaning>>,
    /// Headings of two lines, by the bytes of the lower one from its end; the first node is the root.
    below: Vec<Node>,
    /// For each layout and field which of several columns is read.
    repeat: Vec<Vec<Option<Repeat>>>,
}

#[derive(Debug, Clone, Default)]
struct Node {
    next: BTreeMap<u8, usize>,
    rules: Vec<Rule>,
}

/// The lower line ends here, and the upper one must hold `parent`.
#[derive(Debug, Clone)]
struct Rule {
    parent: String,
    layout: usize,
    field: usize,
    /// The longest words decide: "Tổ chức, cá nhân trả thu nhập" speaks of the payer, not of the person.
    rank: (Reverse<(usize, usize)>, usize),
}

impl Index {
    /// The headings of these layouts, which are known by their place from here on.
    pub fn of(layouts: &[Layout]) -> Self {
        let mut index = Self { below: vec![Node::default()], ..Self::default() };
        for (layout, of) in layouts.iter().enumerate() {
            let mut exact: BTreeMap<String, Option<usize>> = BTreeMap::new();
            for (at, field) in of.fields.iter().enumerate() {
                exact.extend(field.headers.iter().map(|h| (fold_header(h), Some(at))));
                for rule in &field.joined {
                    for (parent, child) in rule.parents.iter().flat_map(|p| rule.children.iter().map(move |c| (p, c))) {
                        index.add_rule(layout, at, fold_header(parent), &fold_header(child));
                    }
                }
            }
            exact.extend(of.ignore.iter().map(String::as_str).chain(REJECT_HEADERS).map(|h| (fold_header(h), None)));
            for (heading, field) in exact {
                index.exact.entry(heading).or_default().push(Meaning { layout, field });
            }
            index.repeat.push(of.fields.iter().map(|f| f.repeat).collect());
        }
        index
    }

    fn add_rule(&mut self, layout: usize, field: usize, parent: String, child: &str) {
        let mut node = 0;
        for byte in child.bytes().rev() {
            let fresh = self.below.len();
            node = *self.below[node].next.entry(byte).or_insert(fresh);
            if node == fresh {
                self.below.push(Node::default());
            }
        }
        let rank = (Reverse((parent.len(), child.len())), field);
        self.below[node].rules.push(Rule { parent, layout, field, rank });
    }

    /// How many layouts there are.
    pub fn layouts(&self) -> usize {
        self.repeat.len()
    }

    /// Which of several columns is read, for each field of a layout.
    pub fn repeat(&self, layout: usize) -> &[Option<Repeat>] {
        &self.repeat[layout]
    }

    /// Whether some layout heads a field so.
    pub fn has_heading(&self, folded: &str) -> bool {
        self.exact.get(folded).is_some_and(|meanings| meanings.iter().any(|m| m.field.is_some()))
    }

    /// What a folded heading means, at most once for each layout, in their order.
    fn meanings(&self, folded: &str) -> Vec<Meaning> {
        let mut found = self.exact.get(folded).cloned().unwrap_or_default();
        let exact = found.len();
        let mut best: BTreeMap<usize, &Rule> = BTreeMap::new();
        let mut node = &self.below[0];
        for (at, byte) in folded.bytes().enumerate().rev() {
            let Some(next) = node.next.get(&byte) else { break };
            node = &self.below[*next];
            // The start of a child is the start of a letter.
            let above = folded.get(..at).unwrap_or_default();
            for rule in node.rules.iter().filter(|rule| above.contains(&rule.parent)) {
                let first = best.entry(rule.layout).or_insert(rule);
                if rule.rank < first.rank {
                    *first = rule;
                }
            }
        }
        let joined = best.into_iter().filter(|(layout, _)| !found[..exact].iter().any(|m| m.layout == *layout));
        let joined: Vec<Meaning> = joined.map(|(layout, rule)| Meaning { layout, field: Some(rule.field) }).collect();
        found.extend(joined);
        found
    }

    /// Layout and field of a heading in one line.
    pub fn fields_of(&self, heading: &str) -> Vec<(usize, usize)> {
        let form = Form::of(&clean(heading));
        let text = ColumnText { own: Form::of(&form.text), uncarried: form.text.clone(), joined: form };
        Lookup::new(self).column(&text).into_iter().filter_map(|(layout, found)| Some((layout, found.field?))).collect()
    }
}

/// What a column means in one layout, and which of its texts told it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Match {
    /// The field; none when the layout ignores the column.
    pub field: Option<usize>,
    /// Whether all lines of the header told it, not the lowest alone.
    pub sure: bool,
}

impl Match {
    /// The text that told it.
    pub fn text<'t>(&self, text: &'t ColumnText) -> &'t str {
        if self.sure { &text.joined.text } else { &text.own.text }
    }
}

/// Looks up the headings of one file, each once: the same cell stands in several groups of rows.
pub(crate) struct Lookup<'i> {
    index: &'i Index,
    known: HashMap<String, Rc<[Meaning]>>,
}

impl<'i> Lookup<'i> {
    /// For a file.
    pub fn new(index: &'i Index) -> Self {
        Self { index, known: HashMap::new() }
    }

    /// What stands over a column means in each layout, the layouts in no order but each once.
    pub fn column(&mut self, text: &ColumnText) -> Vec<(usize, Match)> {
        let mut found: Vec<(usize, Match)> = Vec::new();
        if text.joined.text.is_empty() {
            return found;
        }
        let is_same = text.joined.text == text.own.text;
        let forms = [(&text.joined, true), (&text.own, false)];
        let forms = &forms[..if is_same { 1 } else { 2 }];
        for (form, sure) in forms {
            let both = [&form.folded, &form.plain];
            for folded in &both[..if form.folded == form.plain { 1 } else { 2 }] {
                for meaning in self.meanings(folded).iter() {
                    add(&mut found, meaning.layout, Match { field: meaning.field, sure: *sure });
                }
            }
        }
        for (form, sure) in forms {
            for meaning in self.alternatives(&form.text) {
                add(&mut found, meaning.layout, Match { field: meaning.field, sure: *sure });
            }
        }
        found
    }

    fn meanings(&mut self, folded: &str) -> Rc<[Meaning]> {
        if let Some(known) = self.known.get(folded) {
            return Rc::clone(known);
        }
        let found: Rc<[Meaning]> = self.index.meanings(folded).into();
        self.known.insert(folded.to_owned(), Rc::clone(&found));
        found
    }

    /// The field that all names of `Số CCCD/ĐDCN` mean: offices list the papers they take in any order.
    ///
    /// The word that opens the first name may stand for the others too (`Số CCCD`, `Số ĐDCN`).
    fn alternatives(&mut self, text: &str) -> Vec<Meaning> {
        if !text.contains('/') {
            return Vec::new();
        }
        let text = without_brackets(text);
        let parts: Vec<&str> = text.split('/').map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.len() < 2 {
            return Vec::new();
        }
        let opening = parts[0].split_once(' ').map_or("", |(word, _)| word);
        let mut common: Option<Vec<Meaning>> = None;
        for part in parts {
            let mut fields: Vec<Meaning> =
                self.meanings(&fold_header(part)).iter().filter(|m| m.field.is_some()).copied().collect();
            for meaning in self.meanings(&fold_header(&format!("{opening} {part}"))).iter().filter(|m| m.field.is_some()) {
                if !fields.iter().any(|m| m.layout == meaning.layout) {
                    fields.push(*meaning);
                }
            }
            let kept = match common {
                None => fields,
                Some(before) => before.into_iter().filter(|m| fields.contains(m)).collect(),
            };
            common = Some(kept);
        }
        common.unwrap_or_default()
    }
}

fn add(found: &mut Vec<(usize, Match)>, layout: usize, one: Match) {
    if !found.iter().any(|(known, _)| *known == layout) {
        found.push((layout, one));
    }
}
