//! Many texts in one piece of memory, each kept once.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};

/// Texts by number, one after the other in one string. No text holds a line end: that is what stands between them.
#[derive(Default)]
pub(crate) struct Strings {
    text: String,
    /// Where each text ends in `text`, without its line end.
    ends: Vec<u32>,
}

/// The number of no text.
pub(crate) const NONE: u32 = u32::MAX;

impl Strings {
    /// The text of a number; empty for [`NONE`].
    pub(crate) fn get(&self, number: u32) -> &str {
        let at = number as usize;
        let Some(end) = self.ends.get(at) else { return "" };
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize + 1 };
        &self.text[start..*end as usize]
    }

    /// The text of a number, nothing for [`NONE`].
    pub(crate) fn opt(&self, number: u32) -> Option<&str> {
        (number != NONE).then(|| self.get(number))
    }

    /// The number of a text.
    pub(crate) fn position(&self, text: &str) -> Option<usize> {
        if text.contains('\n') {
            return None;
        }
        let whole = format!("{text}\n");
        let mut from = 0;
        while let Some(at) = self.text[from..].find(&whole).map(|at| at + from) {
            if at == 0 || self.text.as_bytes()[at - 1] == b'\n' {
                return Some(self.ends.partition_point(|end| (*end as usize) < at));
            }
            from = at + whole.len();
        }
        None
    }

    /// How many texts there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Adds a text, without looking whether it is there already. Line ends in it become blanks.
    pub(crate) fn push(&mut self, text: &str) -> u32 {
        let number = self.ends.len();
        if text.contains('\n') {
            self.text.push_str(&text.replace('\n', " "))
        } else {
            self.text.push_str(text)
        }
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(NONE));
        self.text.push('\n');
        u32::try_from(number).unwrap_or(NONE)
    }

    /// For each text, whether it holds `part`, which is no empty text.
    pub(crate) fn holding(&self, part: &str) -> Vec<bool> {
        let mut found = vec![false; self.len()];
        for (at, _) in self.text.match_indices(part) {
            let number = self.ends.partition_point(|end| (*end as usize) < at);
            if let Some(found) = found.get_mut(number) {
                *found = true;
            }
        }
        found
    }

    /// Gives back what was reserved and not used.
    pub(crate) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// Texts being gathered: a text that came before keeps its number. Numbers follow the order of first coming.
#[derive(Default)]
pub(crate) struct Interner {
    pub(crate) strings: Strings,
    /// By hash; texts whose hashes fall together take the next free one.
    known: HashMap<u64, u32>,
}

impl Interner {
    /// The number of a text.
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        let mut hash = hash(text);
        loop {
            match self.known.get(&hash) {
                Some(number) if self.strings.get(*number) == text => return *number,
                Some(_) => hash = hash.wrapping_add(1),
                None => {
                    let number = self.strings.push(text);
                    self.known.insert(hash, number);
                    return number;
                }
            }
        }
    }

    /// The number of a text or of none.
    pub(crate) fn opt(&mut self, text: Option<&str>) -> u32 {
        text.map_or(NONE, |text| self.number(text))
    }

    /// The texts alone, by number.
    pub(crate) fn finish(self) -> Strings {
        let mut strings = self.strings;
        strings.shrink();
        strings
    }
}

fn hash(text: &str) -> u64 {
    // Fixed keys: the same texts give the same numbers on every run.
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_once_and_found_by_a_part_of_it() {
        let mut names = Interner::default();
        let numbers: Vec<u32> = ["an", "binh", "an", "", "tran an"].iter().map(|t| names.number(t)).collect();
        assert_eq!(numbers, [0, 1, 0, 2, 3]);
        let names = names.finish();
        assert_eq!((names.len(), names.get(1), names.get(2), names.get(NONE)), (4, "binh", "", ""));
        assert_eq!(names.holding("an"), [true, false, false, true]);
        // A part never reaches over the end of one text into the next.
        assert_eq!(names.holding("anb"), [false; 4]);
        assert_eq!(names.opt(NONE), None);
        assert_eq!(["an", "", "tran an", "tran", "ran an"].map(|t| names.position(t)), [Some(0), Some(2), Some(3), None, None]);
    }
}
