//! Findings in words: what each fact is called and what its value means.

mod across;

use base::Amount;
use claimfile::Lists;
use rules::{Bilingual, Rules, TableSchemas};

use self::across::{ACROSS, BRIEF, MEANT};
use crate::checker::ClaimFinding;

/// Language of the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    /// Vietnamese.
    Vi,
    /// English.
    En,
}

/// Facts that rules work out themselves: name, Vietnamese, English.
const OWN: [(&str, &str, &str); 4] = [
    ("missing_cells", "Ô để trống", "Empty cells"),
    ("overpaid", "Người bệnh có thể đã trả thừa", "The patient may have paid too much"),
    ("gap", "Chênh lệch", "Difference"),
    ("days_after_end", "Số ngày sau khi kết thúc", "Days after the end"),
];

/// Columns that hold the word of a list's code.
const WORDS: [(&str, &str); 17] = [
    ("sex", "gioi_tinh"),
    ("visit_sex", "gioi_tinh"),
    ("item_sex", "gioi_tinh"),
    ("icd_sex", "gioi_tinh"),
    ("name_particle", "gioi_tinh"),
    ("care_form", "ma_loai_kcb"),
    ("visit_care_form", "ma_loai_kcb"),
    ("category", "ma_doituong_kcb"),
    ("visit_category", "ma_doituong_kcb"),
    ("outcome", "ket_qua_dtri"),
    ("discharge", "ma_loai_rv"),
    ("visit_discharge", "ma_loai_rv"),
    ("other_discharge", "ma_loai_rv"),
    ("line_group", "ma_nhom"),
    ("scope", "pham_vi"),
    ("payment", "ma_pttt"),
    ("anaesthesia", "pp_vo_cam"),
];

/// Whether a fact that a rule works out itself has words; columns of contracts have theirs there.
pub fn has_words(fact: &str) -> bool {
    matches!(fact, "amount") || OWN.iter().chain(&ACROSS).any(|(own, ..)| *own == fact)
}

/// The facts of a finding: what each is called and its value.
///
/// A column of the file keeps its name, which is what a hospital's programmer looks for; what was worked out is said in words.
pub fn facts(finding: &ClaimFinding, schemas: &TableSchemas, lists: &Lists, tongue: Tongue) -> Vec<(String, String)> {
    facts_of(finding.context, &finding.facts, schemas, lists, tongue)
}

/// The same for facts that were read back from the book, with the name of the context their rule is written over.
pub fn facts_of(
    context: &str,
    facts: &[(String, Option<String>)],
    schemas: &TableSchemas,
    lists: &Lists,
    tongue: Tongue,
) -> Vec<(String, String)> {
    // What is found across visits may be a fact of a line too.
    let own = schemas.get(context).filter(|c| c.columns.iter().any(|column| column.name == "visit_id"));
    let contracts = [own, schemas.get("claim_item").filter(|_| context == "claim_stay")];
    let pick = |text: &Bilingual| if tongue == Tongue::Vi { text.vi.clone() } else { text.en.clone() };
    let mut said = Vec::new();
    for (name, value) in facts {
        let Some(value) = value else { continue };
        let column = contracts.iter().flatten().find_map(|c| {
            let place = c.columns.iter().position(|column| column.name == *name)?;
            let own_from = c.columns.iter().position(|column| column.name == "visit_id")?;
            Some((place < own_from, &c.columns[place].about))
        });
        let brief = BRIEF.iter().find(|(own, ..)| own == name && context == "claim_stay");
        let worked_out = OWN.iter().chain(&ACROSS).find(|(own, ..)| own == name);
        let in_words = |(_, vi, en): &(&str, &str, &str)| if tongue == Tongue::Vi { vi } else { en }.to_string();
        let label = match (brief, column, worked_out) {
            (Some(words), ..) | (None, None, Some(words)) => in_words(words),
            (None, Some((false, about)), _) => pick(about),
            _ => name.to_uppercase(),
        };
        said.push((label, meant(name, value, lists, tongue)));
    }
    said
}

/// A finding in one sentence: the title of its rule and the facts.
pub fn message(finding: &ClaimFinding, rules: &Rules, schemas: &TableSchemas, lists: &Lists, tongue: Tongue) -> String {
    let title = rules.get(&finding.rule).map(|rule| if tongue == Tongue::Vi { &rule.title.vi } else { &rule.title.en });
    let title = title.unwrap_or(&finding.rule);
    let said: Vec<String> =
        facts(finding, schemas, lists, tongue).into_iter().map(|(label, value)| format!("{label}: {value}")).collect();
    if said.is_empty() { title.clone() } else { format!("{title} ({})", said.join("; ")) }
}

/// The value, its code in words where it has one.
fn meant(name: &str, value: &str, lists: &Lists, tongue: Tongue) -> String {
    let yes = |vi: &str, en: &str| if tongue == Tongue::Vi { vi.to_owned() } else { en.to_owned() };
    let list = WORDS.iter().find(|(column, _)| *column == name).and_then(|(_, list)| lists.get(list));
    if let Some(meaning) = list.and_then(|list| list.values.iter().find(|meaning| meaning.word == value)) {
        return if tongue == Tongue::Vi { meaning.vi.clone() } else { meaning.en.clone() };
    }
    if let Some((.., vi, en)) = MEANT.iter().find(|(fact, word, ..)| *fact == name && *word == value) {
        return yes(vi, en);
    }
    match value {
        "true" => yes("có", "yes"),
        "false" => yes("không", "no"),
        other if tongue == Tongue::Vi => day_first(other).unwrap_or_else(|| other.to_owned()),
        other => other.to_owned(),
    }
}

/// A day `2026-10-05`, or a moment with its time after it, as it is written here: `05/10/2026 08:30`.
fn day_first(text: &str) -> Option<String> {
    let (day, rest) = text.split_at_checked(10)?;
    let day: base::Date = day.parse().ok()?;
    let time = rest.strip_prefix(['T', ' ']).and_then(|time| time.get(..5));
    let day = format!("{:02}/{:02}/{}", day.day(), day.month_number(), day.year());
    match time {
        Some(time) => Some(format!("{day} {time}")),
        None if rest.is_empty() => Some(day),
        None => None,
    }
}

/// An amount as people write it: `1.234.567,89` in Vietnamese.
pub fn money(amount: Amount, tongue: Tongue) -> String {
    let text = amount.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, decimals) = digits.split_once('.').map_or((digits, None), |(whole, decimals)| (whole, Some(decimals)));
    let (group, point) = if tongue == Tongue::Vi { ('.', ',') } else { (',', '.') };
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(group);
        }
        grouped.push(digit);
    }
    match decimals {
        Some(decimals) => format!("{sign}{grouped}{point}{decimals}"),
        None => format!("{sign}{grouped}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments_are_written_day_first() {
        assert_eq!(day_first("2026-10-05").as_deref(), Some("05/10/2026"));
        assert_eq!(day_first("2026-10-05T08:30:00").as_deref(), Some("05/10/2026 08:30"));
        assert_eq!(day_first("23.0003.1494"), None);
        assert_eq!(day_first("2026-10-05x"), None);
    }

    #[test]
    fn money_is_grouped() {
        let amount = |text: &str| Amount::parse(text).unwrap();
        assert_eq!(money(amount("1234567.5"), Tongue::Vi), "1.234.567,5");
        assert_eq!(money(amount("-1000"), Tongue::En), "-1,000");
        assert_eq!(money(amount("999"), Tongue::Vi), "999");
    }
}
