//! Disease codes with the flags of circular 06/2026/TT-BYT, and the diseases of long prescriptions.

use std::collections::HashMap;

use base::Date;

use super::Term;

/// A disease code for some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Icd {
    /// May not be the main disease (column 24).
    pub not_main: bool,
    /// Must be more specific (column 26).
    pub unspecific: bool,
    /// Only for causes of death (column 27).
    pub death_only: bool,
    /// Only for women (column 28).
    pub female: bool,
    /// Only for men (column 29).
    pub male: bool,
    /// In annex VII of circular 26/2025/TT-BYT: prescriptions of over 30 days. Absent while nobody handed that list over.
    pub over_30_days: Option<bool>,
    /// When it holds.
    pub term: Term,
}

/// The list of disease codes; codes stand in it in capital letters and digits alone, without point and signs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IcdList {
    codes: HashMap<String, Vec<Icd>>,
    /// When any of its rows holds.
    terms: Vec<Term>,
}

impl IcdList {
    /// Adds a row of a code.
    pub(super) fn put(&mut self, code: &str, row: Icd) {
        let rows = self.codes.entry(plain(code)).or_default();
        // A newer list stands in place of an older one of the same first day.
        rows.retain(|old| old.term.from != row.term.from);
        rows.push(row);
        if !self.terms.contains(&row.term) {
            self.terms.push(row.term);
        }
    }

    /// Whether there is any code.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The row of a code on a day, on any day when it is unknown: `None` when no list holds on that day, `Some(None)` for a code that is not in it.
    pub fn at(&self, code: &str, day: Option<Date>) -> Option<Option<&Icd>> {
        let holds = |term: Term| day.is_none() || term.holds(day);
        let found = self.codes.get(&plain(code)).and_then(|rows| rows.iter().rev().find(|row| holds(row.term)));
        // Before the first list began nothing is known of any code.
        (found.is_some() || self.terms.iter().any(|term| holds(*term))).then_some(found)
    }

    /// Whether it is known which diseases are in annex VII of circular 26/2025/TT-BYT.
    pub fn tells_over_30_days(&self) -> bool {
        self.codes.values().flatten().any(|row| row.over_30_days.is_some())
    }

    /// Marks the diseases of annex VII: all others are then known not to be in it.
    pub(super) fn mark_long(&mut self, ranges: &[Ranges]) {
        for (code, rows) in &mut self.codes {
            let long = ranges.iter().any(|range| range.hold(code));
            for row in rows {
                row.over_30_days = Some(long || row.over_30_days == Some(true));
            }
        }
    }
}

/// A code as it is compared: capital letters and digits only, without point, dagger and asterisk.
pub(super) fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Codes as annex VII writes them: one, several, a range, a range with exceptions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ranges {
    with: Vec<(String, String)>,
    without: Vec<(String, String)>,
}

impl Ranges {
    /// Reads `E10 đến E14`, `I10; I11`, `C00-C97 (trừ C44)`.
    pub(super) fn read(text: &str) -> Self {
        let folded = base::names::fold(text);
        let (with, without) = folded.split_once("tru ").unwrap_or((folded.as_str(), ""));
        Self { with: ranges(with), without: ranges(without) }
    }

    /// Whether a plain code is one of these.
    fn hold(&self, code: &str) -> bool {
        let within = |(from, to): &(String, String)| {
            // `E10` stands for E100 to E109 too.
            let part = |end: &str| code.get(..end.len().min(code.len())).unwrap_or(code).to_owned();
            from.as_str() <= code && part(to).as_str() <= to.as_str()
        };
        self.with.iter().any(within) && !self.without.iter().any(within)
    }
}

fn ranges(text: &str) -> Vec<(String, String)> {
    let spaced = text.replace(['-', '–', '—', '÷'], " - ");
    let mut found: Vec<(String, String)> = Vec::new();
    let mut to = false;
    for word in spaced.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')')).filter(|word| !word.is_empty()) {
        let code = plain(word);
        if is_code(&code) {
            match found.last_mut() {
                Some(last) if to => last.1 = code,
                _ => found.push((code.clone(), code)),
            }
        }
        to = matches!(word, "-" | "den");
    }
    found
}

/// A letter and at least two digits.
fn is_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 3 && bytes[0].is_ascii_alphabetic() && bytes[1].is_ascii_digit() && bytes[2].is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_however_they_are_written() {
        let mut list = IcdList::default();
        list.put("O80.0", Icd { female: true, ..Icd::default() });
        for code in ["O80.0", "O800", "o80.0", "O80.0†", " O80.0 "] {
            assert_eq!(list.at(code, None).flatten().map(|icd| icd.female), Some(true), "{code}");
        }
        assert_eq!(list.at("O81", None), Some(None));
    }

    #[test]
    fn before_the_list_began_nothing_is_known() {
        let first: Date = "2026-07-01".parse().unwrap();
        let mut list = IcdList::default();
        list.put("J02", Icd { term: Term { from: Some(first), to: None }, ..Icd::default() });
        assert_eq!(list.at("J02", "2026-06-30".parse().ok()), None);
        assert_eq!(list.at("J03", "2026-06-30".parse().ok()), None);
        assert_eq!(list.at("J03", Some(first)), Some(None));
        assert!(list.at("J02", Some(first)).flatten().is_some());
    }

    #[test]
    fn the_annex_is_read_with_ranges_and_exceptions() {
        let cases = [
            ("E10 đến E14", vec!["E10", "E119", "E14", "E149"], vec!["E09", "E15", "E1"]),
            ("I10", vec!["I10", "I109"], vec!["I11"]),
            ("C00-C97 (trừ C44)", vec!["C00", "C50", "C979"], vec!["C44", "C449", "D00"]),
            ("B18.1, B18.2", vec!["B181", "B182"], vec!["B180", "B18"]),
            ("M05 và M06", vec!["M05", "M069"], vec!["M07"]),
            ("I10 I11–I13", vec!["I10", "I12"], vec!["I14"]),
        ];
        for (text, with, without) in cases {
            let ranges = Ranges::read(text);
            for code in with {
                assert!(ranges.hold(code), "{text}: {code}");
            }
            for code in without {
                assert!(!ranges.hold(code), "{text}: {code}");
            }
        }
    }

    #[test]
    fn without_the_annex_long_prescriptions_are_unknown() {
        let mut list = IcdList::default();
        list.put("I10", Icd::default());
        list.put("J02", Icd::default());
        assert_eq!(list.at("I10", None).flatten().and_then(|icd| icd.over_30_days), None);
        list.mark_long(&[Ranges::read("I10")]);
        let long = |code: &str| list.at(code, None).flatten().and_then(|icd| icd.over_30_days);
        assert_eq!((long("I10"), long("J02")), (Some(true), Some(false)));
    }
}
