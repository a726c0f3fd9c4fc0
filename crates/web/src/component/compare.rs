//! Two records side by side, the characters that differ marked by ground and underline.

use crate::component::{Status, StatusKind};
use crate::html::{SafeHtml, tag};
use crate::i18n::Locale;

/// One field of two records.
#[derive(Debug, Clone)]
pub struct CompareRow {
    /// Name of the field.
    pub field: String,
    /// As the first record has it; absent when it has none.
    pub left: Option<String>,
    /// As the second record has it.
    pub right: Option<String>,
    /// The verdict in words.
    pub verdict: Status,
}

/// Two records to be compared.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// Id of the table, unique on the page.
    pub id: String,
    /// Caption for screen readers.
    pub caption: String,
    /// Name of the first record (roster, date).
    pub left: String,
    /// Name of the second record.
    pub right: String,
    /// Fields.
    pub rows: Vec<CompareRow>,
}

impl Comparison {
    /// The table: field, first record, second record, verdict.
    pub fn html(&self, l: Locale<'_>) -> SafeHtml {
        let heads = [l.t("compare-field"), self.left.clone(), self.right.clone(), l.t("compare-verdict")];
        let rows = self.rows.iter().map(|row| {
            let (left, right) = match (&row.left, &row.right) {
                (Some(left), Some(right)) => mark_difference(left, right),
                (left, right) => (value_or_none(l, left), value_or_none(l, right)),
            };
            let differs = matches!(row.verdict.kind, StatusKind::Warn | StatusKind::Bad);
            tag("tr")
                .class(if differs { "differs" } else { "" })
                .child(tag("th").attr("scope", "row").text(&row.field))
                .child(tag("td").child(left))
                .child(tag("td").child(right))
                .child(tag("td").child(&row.verdict))
        });
        let caption_id = format!("{}-caption", self.id);
        let table = tag("table")
            .class("compare")
            .child(tag("caption").class("vh").attr("id", &caption_id).text(&self.caption))
            .child(tag("thead").child(tag("tr").children(heads.iter().map(|h| tag("th").attr("scope", "col").text(h)))))
            .child(tag("tbody").children(rows));
        tag("div")
            .class("scroll")
            .attr("id", &self.id)
            .attr("role", "region")
            .attr("tabindex", "0")
            .attr("aria-labelledby", caption_id)
            .child(table)
            .html()
    }
}

fn value_or_none(l: Locale<'_>, value: &Option<String>) -> SafeHtml {
    match value {
        Some(text) => SafeHtml::text(text),
        None => tag("span").class("none").text(&l.t("compare-none")).html(),
    }
}

/// Two texts with the characters that differ inside `<mark>`. Letter case does not count as a difference.
///
/// Texts of the same length are compared place by place, so that two digits in the wrong order are
/// both marked; others by their longest common subsequence.
pub fn mark_difference(left: &str, right: &str) -> (SafeHtml, SafeHtml) {
    let (a, b): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let (same_a, same_b) = if a.len() == b.len() { by_place(&a, &b) } else { by_subsequence(&a, &b) };
    (marked(&a, &same_a), marked(&b, &same_b))
}

fn same(a: char, b: char) -> bool {
    a == b || a.to_lowercase().eq(b.to_lowercase())
}

fn by_place(a: &[char], b: &[char]) -> (Vec<bool>, Vec<bool>) {
    let kept: Vec<bool> = a.iter().zip(b).map(|(a, b)| same(*a, *b)).collect();
    (kept.clone(), kept)
}

/// What both begin and end with is kept; between, the longest common subsequence.
fn by_subsequence(a: &[char], b: &[char]) -> (Vec<bool>, Vec<bool>) {
    let start = a.iter().zip(b).take_while(|(a, b)| same(**a, **b)).count();
    let (rest_a, rest_b) = (&a[start..], &b[start..]);
    let end = rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(a, b)| same(**a, **b)).count();
    let (a, b) = (&rest_a[..rest_a.len() - end], &rest_b[..rest_b.len() - end]);
    // length[i][j] is the longest common subsequence of a[i..] and b[j..]; fields are short.
    let mut length = vec![vec![0usize; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            length[i][j] = if same(a[i], b[j]) { length[i + 1][j + 1] + 1 } else { length[i + 1][j].max(length[i][j + 1]) };
        }
    }
    let (mut kept_a, mut kept_b) = (vec![false; a.len()], vec![false; b.len()]);
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if same(a[i], b[j]) {
            (kept_a[i], kept_b[j]) = (true, true);
            (i, j) = (i + 1, j + 1);
        } else if length[i + 1][j] >= length[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    let whole = |middle: Vec<bool>| [vec![true; start], middle, vec![true; end]].concat();
    (whole(kept_a), whole(kept_b))
}

fn marked(chars: &[char], kept: &[bool]) -> SafeHtml {
    let mut out = SafeHtml::empty();
    let mut at = 0;
    while at < chars.len() {
        let end = (at..chars.len()).find(|i| kept[*i] != kept[at]).unwrap_or(chars.len());
        let run: String = chars[at..end].iter().collect();
        if kept[at] {
            out.push(run)
        } else {
            out.push(tag("mark").text(&run))
        }
        at = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(a: &str, b: &str) -> (String, String) {
        let (a, b) = mark_difference(a, b);
        (a.to_string(), b.to_string())
    }

    #[test]
    fn two_digits_in_the_wrong_order_are_both_marked() {
        assert_eq!(
            marks("0010••••4417", "0010••••4471"),
            ("0010••••44<mark>17</mark>".into(), "0010••••44<mark>71</mark>".into())
        );
    }

    #[test]
    fn letter_case_is_no_difference_and_a_left_out_name_is_one() {
        assert_eq!(marks("NGUYỄN VĂN MẪU", "Nguyễn Văn Mẫu").0, "NGUYỄN VĂN MẪU");
        assert_eq!(marks("Lê Thị Hoa", "Lê Hoa"), ("Lê <mark>Thị </mark>Hoa".into(), "Lê Hoa".into()));
    }

    #[test]
    fn markup_in_names_stays_text() {
        assert_eq!(marks("<b>", "").0, "<mark>&lt;b&gt;</mark>");
    }
}
