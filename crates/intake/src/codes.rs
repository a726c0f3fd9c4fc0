//! Codes: what the words of offices mean, as data (`formats/codes/<list>.yaml`).
//!
//! Communes write `Hộ cận nghèo`, `Người thuộc hộ cận nghèo` or `CN`, and all mean one group. Rules and pages read the
//! code; the words as written stay beside it. A text without a code is no error: it stays without, and is counted.

use std::collections::BTreeMap;

use crate::layout::Title;

/// All lists of codes, by name.
#[derive(Debug, Clone, Default)]
pub struct Codes {
    pub(crate) lists: BTreeMap<String, CodeList>,
}

/// One list of codes, e.g. `support_group`.
#[derive(Debug, Clone)]
pub struct CodeList {
    /// Its name, equal to the file's.
    pub name: String,
    /// What it is a list of.
    pub title: Title,
    /// The codes, in the order of the file.
    pub codes: Vec<Code>,
    /// What texts mean that are nothing but this, e.g. `hn`: place in `codes`.
    pub(crate) exact: BTreeMap<String, usize>,
    /// Phrases looked for within a text, the one that wins first; `None` says that such a text has no code.
    pub(crate) phrases: Vec<(String, Option<usize>)>,
}

/// One code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The code, in small letters.
    pub code: String,
    /// What it is called.
    pub title: Title,
    /// Ways in which offices write it.
    pub words: Vec<String>,
}

impl Codes {
    /// The list of a name.
    pub fn get(&self, name: &str) -> Option<&CodeList> {
        self.lists.get(name)
    }

    /// All lists, by name.
    pub fn iter(&self) -> impl Iterator<Item = &CodeList> {
        self.lists.values()
    }
}

impl CodeList {
    /// The code of a text; `None` where no word of the list is in it.
    ///
    /// Marks, case and punctuation say nothing. A text that is nothing but a phrase or an abbreviation has its code; else the longest
    /// phrase counts that stands in the text as whole words, of equally long ones the one that is first in the file.
    pub fn code_of(&self, text: &str) -> Option<&str> {
        let folded = fold_words(text);
        if let Some(at) = self.exact.get(&folded) {
            return self.code_at(*at);
        }
        let within = format!(" {folded} ");
        let (_, at) = self.phrases.iter().find(|(phrase, _)| within.contains(phrase.as_str()))?;
        self.code_at((*at)?)
    }

    /// The code whose phrase a text begins with, the longest first: for names, of which only the beginning says what they are.
    pub fn code_at_start(&self, text: &str) -> Option<&str> {
        let within = format!(" {} ", fold_words(text));
        let (_, at) = self.phrases.iter().find(|(phrase, _)| within.starts_with(phrase.as_str()))?;
        self.code_at((*at)?)
    }

    /// What a code is called.
    pub fn title_of(&self, code: &str) -> Option<&Title> {
        self.codes.iter().find(|one| one.code == code).map(|one| &one.title)
    }

    fn code_at(&self, at: usize) -> Option<&str> {
        self.codes.get(at).map(|one| one.code.as_str())
    }
}

/// The words of a text without marks, case and punctuation, one space between them.
pub(crate) fn fold_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in base::names::fold(text).chars() {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Whether a word of the list is an abbreviation: written without small letters, as `HN`. It counts only where it is the whole text,
/// for within others two letters may be anything.
pub(crate) fn is_abbreviation(word: &str) -> bool {
    !word.chars().any(char::is_lowercase)
}
