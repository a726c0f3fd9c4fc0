//! Two records side by side and where the weight of their link comes from.

use web::chart::{ChartFigure, Waterfall, WaterfallPart};
use web::component::{Cell, Column, CompareRow, Comparison, Row, Status, Table};
use web::{Locale, SafeHtml};

use super::person_data::{Linked, Part, Record};
use super::words;

/// The two records field by field, differing characters marked.
pub(crate) fn comparison(l: Locale, link: &Linked, own: &Record, spine: &Record, parts: &[Part]) -> SafeHtml {
    let sex = |s: &Option<String>| s.as_ref().map(|s| l.t(&format!("coverage-sex-{s}")));
    let mask = |id: &Option<String>| id.as_ref().map(|id| masked(id));
    let fields = [
        ("name", Some(own.name.clone()), Some(spine.name.clone())),
        ("birth", own.birth.clone(), spine.birth.clone()),
        ("sex", sex(&own.sex), sex(&spine.sex)),
        ("id", mask(&own.personal_id), mask(&spine.personal_id)),
        ("insurance", mask(&own.insurance_number), mask(&spine.insurance_number)),
        ("commune", own.place.clone(), spine.place.clone()),
    ];
    let rows = fields.into_iter().map(|(field, left, right)| {
        let level = parts.iter().find(|p| p.field == field).map(|p| p.level.as_str());
        CompareRow { field: l.t(&format!("coverage-field-{field}")), left, right, verdict: verdict(l, level) }
    });
    Comparison {
        id: "so-sanh".into(),
        caption: l.t("coverage-compare-title"),
        left: words::roster(l, &link.at.roster),
        right: link.spine.as_ref().map(|(_, at)| words::roster(l, &at.roster)).unwrap_or_default(),
        rows: rows.collect(),
    }
    .html(l)
}

fn verdict(l: Locale, level: Option<&str>) -> Status {
    let Some(level) = level else { return Status::neutral(l.t("coverage-level-none")) };
    let text = l.t(&format!("coverage-level-{}", level.replace('_', "-")));
    match level {
        "name_exact" | "birth_exact" | "id_same" | "insurance_same" | "sex_same" | "commune_same" => Status::ok(text),
        "name_different" | "birth_different" | "id_different" | "insurance_different" | "sex_different" | "commune_different" => {
            Status::warn(text)
        }
        level if level.ends_with("missing") => Status::neutral(text),
        _ => Status::warn(text),
    }
}

/// The first four and last two characters of an id; what is short is hidden whole.
fn masked(id: &str) -> String {
    let letters: Vec<char> = id.chars().collect();
    if letters.len() < 9 {
        return "•".repeat(letters.len());
    }
    let (head, tail): (String, String) = (letters[..4].iter().collect(), letters[letters.len() - 2..].iter().collect());
    format!("{head}{}{tail}", "•".repeat(letters.len() - 6))
}

/// The waterfall of a link's weight, with its table.
pub(crate) fn waterfall(l: Locale, link: &Linked, prior: i64, parts: &[Part]) -> SafeHtml {
    let mut shown: Vec<WaterfallPart> = parts
        .iter()
        .filter(|p| p.millibits != 0)
        .map(|p| {
            let field = l.t(&format!("coverage-field-{}", p.field));
            let level = l.t(&format!("coverage-level-{}", p.level.replace('_', "-")));
            WaterfallPart::new(format!("{field}: {level}"), p.millibits)
        })
        .collect();
    if link.frequency != 0 {
        shown.push(WaterfallPart::new(l.t("coverage-field-name-frequency"), link.frequency));
    }
    let first = WaterfallPart::new(l.t("coverage-waterfall-prior"), prior);
    let mut lines = vec![(first.label.clone(), first.value)];
    lines.extend(shown.iter().map(|p| (p.label.clone(), p.value)));
    let total: i64 = lines.iter().map(|(_, value)| value).sum();
    let percent = link.probability.map(|p| l.thousandths(p * 100, 1)).unwrap_or_default();
    let chart = Waterfall {
        id: "diem".into(),
        title: l.t("coverage-waterfall-title"),
        first,
        parts: shown,
        total_label: l.t("coverage-waterfall-total"),
        total_words: l.t_args("coverage-waterfall-words", &[("percent", percent.trim_start_matches('+').into())]),
    };
    let head = vec![Column::text(l.t("coverage-waterfall-part")), Column::number(l.t("coverage-waterfall-bits"), "bit")];
    let rows = lines.iter().map(|(label, value)| Row::new(vec![Cell::text(label), Cell::text(l.thousandths(*value, 1))]));
    let table = Table::new("diem-bang", l.t("coverage-waterfall-title"), head)
        .rows(rows)
        .total(vec![Cell::text(l.t("coverage-waterfall-total")), Cell::text(l.thousandths(total, 1))]);
    ChartFigure { caption: l.t("coverage-waterfall-caption"), svg: chart.svg(l), table }.html(l)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_masked_in_the_middle() {
        assert_eq!(masked("001085000017"), "0010••••••17");
        assert_eq!(masked("012345678"), "0123•••78");
        assert_eq!(masked("1234"), "••••");
    }
}
