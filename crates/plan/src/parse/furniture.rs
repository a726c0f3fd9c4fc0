//! What pages bring into a text: page numbers, and headers or footers beside them.

use std::collections::BTreeMap;

use super::label::key;
use super::marker::marker;
use crate::read::Line;

/// Letters of a header that repeats on every page.
const LONGEST: usize = 160;

/// For each line whether it belongs to the page and not to the text.
pub(crate) fn furniture(lines: &[Line]) -> Vec<bool> {
    let numbers: Vec<bool> = lines.iter().map(|line| is_page_number(&line.text)).collect();
    // A header stands right beside a page number or a page break, and is there three times at least.
    let beside = |at: usize| {
        let near = |other: usize| numbers.get(other).copied().unwrap_or(false);
        let breaks = |other: usize| lines.get(other).is_some_and(|line| line.page);
        (1..=2).any(|far| near(at + far) || at.checked_sub(far).is_some_and(near))
            || breaks(at)
            || breaks(at + 1)
            || at.checked_sub(1).is_some_and(breaks)
    };
    let mut seen: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        if !numbers[at] && may_be_header(&line.text) && beside(at) {
            seen.entry(without_digits(&line.text)).or_default().push(at);
        }
    }
    let mut found = numbers.clone();
    for places in seen.values().filter(|places| places.len() >= 3) {
        places.iter().for_each(|at| found[*at] = true);
    }
    found
}

/// Part of a sentence is none, however often it comes right before a page ends ("phường.").
fn may_be_header(text: &str) -> bool {
    let is_part = text.starts_with(char::is_lowercase) || text.ends_with(['.', ';', ',']) || text.contains(':');
    text.len() <= LONGEST && marker(text).is_none() && !is_part
}

fn without_digits(text: &str) -> String {
    key(text).chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
}

/// `12`, `- 3 -`, `Trang 4/12`, `4/12`.
fn is_page_number(text: &str) -> bool {
    let bare = text.trim_matches(|c: char| matches!(c, '-' | '–' | '—' | ' ' | '|'));
    let (bare, named) = match ["Trang ", "trang ", "TRANG ", "Page "].iter().find_map(|word| bare.strip_prefix(word)) {
        Some(rest) => (rest, true),
        None => (bare, false),
    };
    let number = |text: &str| !text.is_empty() && text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit());
    match bare.split_once(['/']) {
        None => number(bare.trim()),
        // `4/12` alone could be a date; a page of so many is not past the last.
        Some((page, of)) => {
            let (page, of) = (page.trim(), of.trim());
            number(page) && number(of) && (named || page.parse::<u32>().ok() <= of.parse::<u32>().ok())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str]) -> Vec<Line> {
        (1u64..).zip(texts).map(|(at, text)| Line { at, text: (*text).to_owned(), gap: false, page: false }).collect()
    }

    #[test]
    fn page_numbers_and_headers_beside_them_go_repeated_words_stay() {
        let text = lines(&[
            "Kế hoạch năm 2026",
            "1",
            "phường.",
            "a) Rà soát",
            "phường.",
            "Kế hoạch năm 2026",
            "- 2 -",
            "phường.",
            "người dân",
            "Kế hoạch năm 2026",
            "Trang 3/9",
            "phường.",
        ]);
        let gone: Vec<u64> = furniture(&text).iter().zip(&text).filter(|(is, _)| **is).map(|(_, line)| line.at).collect();
        assert!(
            gone.contains(&1) && gone.contains(&2) && gone.contains(&6) && gone.contains(&7) && gone.contains(&11),
            "{gone:?}"
        );
        assert!(!gone.contains(&3) && !gone.contains(&5) && !gone.contains(&8) && !gone.contains(&9), "{gone:?}");
    }

    #[test]
    fn dates_and_figures_are_no_page_numbers() {
        for text in ["30/4", "2026", "1.", "12%", "Trang thiết bị"] {
            assert!(!is_page_number(text), "{text}");
        }
    }
}
