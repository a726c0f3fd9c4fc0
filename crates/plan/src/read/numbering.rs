//! Numbers that Word puts before paragraphs by itself: they stand in no text, only in `numbering.xml`.

use std::collections::BTreeMap;

use super::docx::{Tag, scan};
use crate::error::PlanError;

/// Levels a list can have.
const LEVELS: usize = 9;

/// How a level is numbered.
#[derive(Debug, Clone, Default)]
struct Level {
    start: i64,
    format: String,
    /// `%1.%2.`
    text: String,
}

/// All lists of a document, with how far each was counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    abstracts: BTreeMap<String, BTreeMap<usize, Level>>,
    /// List to abstract list, and levels that begin anew.
    lists: BTreeMap<String, (String, BTreeMap<usize, i64>)>,
    /// Counts by what is counted together.
    counts: BTreeMap<String, [Option<i64>; LEVELS]>,
}

impl Numbering {
    /// Reads `numbering.xml`; a document without one has no lists.
    pub(super) fn read(xml: Option<&[u8]>) -> Result<Self, PlanError> {
        let mut numbering = Self::default();
        let Some(xml) = xml else { return Ok(numbering) };
        let (mut abstract_id, mut list_id, mut level) = (None::<String>, None::<String>, 0usize);
        scan(xml, "numbering.xml", |tag| {
            let Tag::Open { name, element } = tag else { return };
            let value = element.value("val");
            match name {
                "abstractNum" => (abstract_id, list_id) = (element.value("abstractNumId"), None),
                "num" => (list_id, abstract_id) = (element.value("numId"), None),
                "lvl" | "lvlOverride" => level = level_of(element.value("ilvl")),
                "abstractNumId" => {
                    if let (Some(list), Some(of)) = (&list_id, value) {
                        numbering.lists.entry(list.clone()).or_default().0 = of;
                    }
                }
                "startOverride" => {
                    if let (Some(list), Some(start)) = (&list_id, value.and_then(|v| v.parse().ok())) {
                        numbering.lists.entry(list.clone()).or_default().1.insert(level, start);
                    }
                }
                "start" | "numFmt" | "lvlText" => {
                    let Some(of) = &abstract_id else { return };
                    let entry = numbering.abstracts.entry(of.clone()).or_default().entry(level).or_default();
                    match name {
                        "start" => entry.start = value.and_then(|v| v.parse().ok()).unwrap_or(1),
                        "numFmt" => entry.format = value.unwrap_or_default(),
                        _ => entry.text = value.unwrap_or_default(),
                    }
                }
                _ => {}
            }
        })?;
        Ok(numbering)
    }

    /// What Word shows before the next paragraph of a list: `2.`, `a)`, `-`; nothing for an unknown list.
    pub(super) fn next(&mut self, list: &str, level: &str) -> Option<String> {
        let level = level_of(Some(level.to_owned()));
        let (of, restarts) = self.lists.get(list)?;
        let levels = self.abstracts.get(of)?;
        let form = levels.get(&level)?;
        // Lists of one form go on counting together unless one begins anew.
        let key = if restarts.is_empty() { of.clone() } else { format!("#{list}") };
        let counts = self.counts.entry(key).or_default();
        let start = |at: usize| restarts.get(&at).copied().or(levels.get(&at).map(|l| l.start)).unwrap_or(1);
        counts[level] = Some(counts[level].map_or(start(level), |count| count.saturating_add(1)));
        counts[level + 1..].fill(None);
        if form.format == "bullet" {
            return Some(if level == 0 { "-" } else { "+" }.to_owned());
        }
        let mut text = form.text.clone();
        for (at, count) in counts.iter().enumerate().take(level + 1) {
            let count = count.unwrap_or_else(|| start(at));
            let format = levels.get(&at).map_or("decimal", |l| l.format.as_str());
            text = text.replace(&format!("%{}", at + 1), &written(count, format));
        }
        Some(text)
    }
}

fn level_of(text: Option<String>) -> usize {
    text.and_then(|t| t.parse::<usize>().ok()).unwrap_or(0).min(LEVELS - 1)
}

/// A count in its format.
fn written(count: i64, format: &str) -> String {
    match format {
        "none" => String::new(),
        "upperRoman" => roman(count),
        "lowerRoman" => roman(count).to_lowercase(),
        "upperLetter" => letter(count).to_uppercase(),
        "lowerLetter" => letter(count),
        _ => count.to_string(),
    }
}

fn letter(count: i64) -> String {
    match u8::try_from(count) {
        Ok(count @ 1..=26) => char::from(b'a' + count - 1).to_string(),
        _ => count.to_string(),
    }
}

fn roman(count: i64) -> String {
    const PARTS: [(i64, &str); 9] =
        [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];
    if !(1..400).contains(&count) {
        return count.to_string();
    }
    let (mut left, mut text) = (count, String::new());
    for (value, letters) in PARTS {
        while left >= value {
            text.push_str(letters);
            left -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_written_in_their_format() {
        let all: Vec<String> = [(4, "upperRoman"), (9, "lowerRoman"), (2, "lowerLetter"), (27, "upperLetter"), (7, "decimal")]
            .iter()
            .map(|(count, format)| written(*count, format))
            .collect();
        assert_eq!(all, ["IV", "ix", "b", "27", "7"]);
        assert_eq!((written(-5, "upperRoman"), written(i64::MAX, "lowerLetter")), ("-5".to_owned(), i64::MAX.to_string()));
    }
}
