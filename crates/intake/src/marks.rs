//! Rows around the data: totals, signatures, declared counts, facts of the title.

use base::names::{canonical_tones, clean, fold};

use crate::layout::{Declared, Shape, TitleFact};

/// A text made comparable: lower case, tones in one place.
pub(crate) fn canonical(text: &str) -> String {
    canonical_tones(text)
}

/// A text without marks is compared without marks: `TONG CONG` is `tổng cộng`, but the name
/// `Tống Cộng` is not.
fn same_marks<'p>(text: &str, with: &'p str, without: &'p str) -> &'p str {
    if text.is_ascii() { without } else { with }
}

/// A pattern with `*` for any run of characters.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    with_marks: String,
    without_marks: String,
}

impl Pattern {
    /// A pattern as a layout writes it.
    pub fn new(pattern: &str) -> Self {
        let with_marks = canonical_tones(pattern);
        Self { without_marks: fold(&with_marks), with_marks }
    }

    /// Whether a canonical text is of this pattern.
    pub fn matches(&self, text: &str) -> bool {
        let pattern = same_marks(text, &self.with_marks, &self.without_marks);
        let mut pieces = pattern.split('*');
        let Some(mut rest) = text.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
        let mut last = None;
        for piece in pieces {
            if let Some(before) = last.replace(piece) {
                let Some(at) = rest.find(before) else { return false };
                rest = &rest[at + before.len()..];
            }
        }
        last.map_or(rest.is_empty(), |piece| rest.ends_with(piece))
    }
}

/// The number of rows a line declares, e.g. `Tổng số: 1.234 học sinh`; `next` is the next filled cell.
pub(crate) fn declared_count(text: &str, next: Option<&str>, rule: &Declared) -> Option<u64> {
    let text = canonical(text);
    let of: Vec<(String, String)> = rule.of.iter().map(|w| canonical(w)).map(|w| (fold(&w), w)).collect();
    let counts = |words: &str| {
        let words = words.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '.' | '-' | '=' | '(' | ')' | ','));
        words.is_empty() || of.iter().any(|(plain, marked)| words == same_marks(words, marked, plain))
    };
    // The longest label first, so that "Tổng số học sinh" is not read as "Tổng số" of something else.
    let mut labels: Vec<String> = rule.labels.iter().map(|l| canonical(l)).collect();
    labels.sort_by_key(|l| std::cmp::Reverse(l.len()));
    for label in labels {
        let plain = fold(&label);
        let Some(from) = find_word(&text, same_marks(&text, &label, &plain)) else { continue };
        let rest = &text[from..];
        match rest.find(|c: char| c.is_ascii_digit()) {
            Some(at) if counts(&rest[..at]) => {
                let (number, unit) = leading_number(&rest[at..])?;
                let unit: String = unit.chars().take_while(|c| !matches!(c, '(' | ',' | ';' | '.')).collect();
                return counts(&unit).then_some(number);
            }
            None if counts(rest) => {
                let (number, unit) = leading_number(next?.trim())?;
                return counts(&canonical(unit)).then_some(number);
            }
            _ => {}
        }
    }
    None
}

/// The number at the start of a text, with `.` or `,` between groups of three, and what follows it.
fn leading_number(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',')).unwrap_or(text.len());
    let digits = text[..end].trim_end_matches(['.', ',']);
    let mut groups = digits.split(['.', ',']);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let grouped = rest.is_empty() || (first.len() <= 3 && rest.iter().all(|g| g.len() == 3));
    let number = digits.chars().filter(char::is_ascii_digit).collect::<String>().parse().ok()?;
    grouped.then_some((number, &text[end..]))
}

/// The value of a fact in the title rows; each row is its filled cells. Labels are tried in their
/// order over all rows; a line that gives a day (`ngày … tháng … năm …`) is no fact.
pub(crate) fn title_fact(fact: &TitleFact, rows: &[Vec<&str>]) -> Option<String> {
    let dated = Pattern::new("*ngày*tháng*năm*");
    for label in fact.after.iter().map(|l| canonical(l)) {
        for row in rows {
            for (at, cell) in row.iter().enumerate() {
                // Marks and length stay the same under cleaning and lower case, so places carry over.
                let cell = clean(cell);
                let lower = canonical(&cell);
                if dated.matches(&lower) {
                    continue;
                }
                let Some(from) = find_word(&lower, same_marks(&lower, &label, &fold(&label))) else { continue };
                let tail = tail_after(&cell, &lower, from);
                let value = shape(fact, &tail)
                    .or_else(|| row.get(at + 1).filter(|_| is_bare(&tail)).and_then(|next| shape(fact, &clean(next))));
                if value.is_some() {
                    return value;
                }
            }
        }
    }
    None
}

/// Whether nothing but punctuation follows a label.
fn is_bare(tail: &str) -> bool {
    !tail.chars().any(char::is_alphanumeric)
}

/// Where the text behind a label starts (in bytes), the label standing as words of its own.
fn find_word(text: &str, label: &str) -> Option<usize> {
    text.match_indices(label).find_map(|(at, _)| {
        let end = at + label.len();
        let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        (apart(text[..at].chars().next_back()) && apart(text[end..].chars().next())).then_some(end)
    })
}

/// The text behind a place of the lower-case form, in the spelling of the cell.
fn tail_after(cell: &str, lower: &str, from: usize) -> String {
    let behind = lower[from..].chars().count();
    let skip = cell.chars().count().saturating_sub(behind);
    cell.chars().skip(skip).collect()
}

fn shape(fact: &TitleFact, tail: &str) -> Option<String> {
    let mut value = tail.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '.' | ';' | ',' | '(' | ')'));
    let lower = canonical(value);
    let end = fact.until.iter().filter_map(|word| lower.find(&canonical(word))).min();
    let cut: String;
    if let Some(end) = end {
        cut = value.chars().take(lower[..end].chars().count()).collect();
        value = cut.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '.' | ';' | ',' | '('));
    }
    let runs: Vec<&str> = value.split(|c: char| !c.is_ascii_digit()).filter(|r| !r.is_empty()).collect();
    let found = match fact.shape {
        Shape::Text => value.to_owned(),
        Shape::Word => value.split_whitespace().next().unwrap_or_default().trim_end_matches(['.', ',', ';', ')']).to_owned(),
        Shape::Digits => runs.first()?.to_string(),
        Shape::Year => runs.iter().find(|r| r.len() == 4)?.to_string(),
        Shape::SchoolYear => match runs.as_slice() {
            [from, to, ..] if from.len() == 4 && to.len() == 4 => format!("{from}-{to}"),
            _ => return None,
        },
    };
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule() -> Declared {
        Declared {
            labels: vec!["Tổng số".into(), "Tổng số học sinh".into()], of: vec!["học sinh".into(), "người".into()]
        }
    }

    #[test]
    fn patterns_know_marks() {
        assert!(Pattern::new("tổng cộng*").matches(&canonical("TỔNG CỘNG:")));
        assert!(Pattern::new("tổng cộng*").matches("tong cong"));
        assert!(!Pattern::new("tổng cộng*").matches(&canonical("Tống Cộng")));
        assert!(Pattern::new("*ngày*tháng*năm*").matches(&canonical("Hà Nội, ngày 05 tháng 10 năm 2026")));
        assert!(!Pattern::new("cộng").matches("cộng hòa"));
        assert!(Pattern::new("a*b*c").matches("axxbxxc") && !Pattern::new("a*b*c").matches("acb"));
    }

    #[test]
    fn declared_counts_count_rows_only() {
        for (text, next, want) in [
            ("Tổng số: 45 học sinh", None, Some(45)),
            ("TỔNG SỐ HỌC SINH: 1.234", None, Some(1_234)),
            ("Tong so: 1,234,567 nguoi", None, Some(1_234_567)),
            ("Tổng số:", Some("45"), Some(45)),
            ("Danh sách tháng 10/2026 (Tổng số: 45 người)", None, Some(45)),
            ("Tổng số 45 người (trong đó nữ 20)", None, Some(45)),
            ("Tổng số tiền: 45.000 đồng", None, None),
            ("Tổng số: 45 hộ", None, None),
            ("Tổng số: 45 triệu đồng", None, None),
            ("Tổng số", None, None),
            ("Số thứ tự 5", None, None),
        ] {
            assert_eq!(declared_count(text, next, &rule()), want, "{text}");
        }
    }

    fn fact(after: &[&str], shape: Shape) -> TitleFact {
        TitleFact {
            fact: "f".into(),
            after: after.iter().map(|s| (*s).to_owned()).collect(),
            until: vec!["năm học".into()],
            shape,
        }
    }

    #[test]
    fn facts_are_read_behind_their_labels() {
        let rows = vec![
            vec!["Hiệu trưởng ký", "Hà Nội, ngày 5 tháng 9 năm 2026"],
            vec!["TRƯỜNG: THCS VĂN YÊN – NĂM HỌC 2026 - 2027"],
            vec!["Mã trường", "01-0123"],
            vec!["Kỳ tính thuế: Năm 2025"],
        ];
        assert_eq!(title_fact(&fact(&["Trường"], Shape::Text), &rows).as_deref(), Some("THCS VĂN YÊN"));
        assert_eq!(title_fact(&fact(&["Mã trường"], Shape::Word), &rows).as_deref(), Some("01-0123"));
        let sentence = [vec!["Tính đến ngày 31/10/2026. Tổng số: 3"]];
        assert_eq!(title_fact(&fact(&["Tính đến ngày"], Shape::Word), &sentence).as_deref(), Some("31/10/2026"));
        assert_eq!(title_fact(&fact(&["Kỳ tính thuế", "Năm"], Shape::Year), &rows).as_deref(), Some("2025"));
        assert_eq!(title_fact(&fact(&["Năm học"], Shape::SchoolYear), &rows), Some("2026-2027".into()));
        assert_eq!(title_fact(&fact(&["Quận"], Shape::Text), &rows), None);
    }
}
