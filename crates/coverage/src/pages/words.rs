//! Words of the field that several pages use.

use base::{Date, Dong, Evidence, Rate};
use chapter::App;
use web::{Lang, Locale};

use crate::UNEXPLAINED;
use crate::lines::Unit;

/// The title of a reason: the rule's own title, or the words for people no rule explains.
pub(crate) fn reason(app: &App, l: Locale, reason: &str) -> String {
    if reason == UNEXPLAINED {
        return l.t("coverage-reason-unexplained");
    }
    match app.rules.get(reason) {
        Some(rule) if l.lang() == Lang::En => rule.title.en.clone(),
        Some(rule) => rule.title.vi.clone(),
        None => reason.to_owned(),
    }
}

/// Who works on a reason: what its rule says.
pub(crate) fn unit(app: &App, reason: &str) -> Unit {
    if reason == UNEXPLAINED {
        return Unit::LookUp;
    }
    app.rules.get(reason).and_then(|rule| Unit::parse(&rule.work.unit)).unwrap_or(Unit::Commune)
}
/// Facts whose values are codes, with words `coverage-value-<fact>-<code>`; a code without words shows as it is.
const CODED: [&str; 11] = [
    "benefit",
    "birth_known",
    "card_declared",
    "card_group",
    "doubled_with",
    "duty",
    "employer_kind",
    "insured_as_said",
    "known_from",
    "support_group",
    "tax_method",
];
/// Facts that are đồng. None is a tax secret: those never stand in evidence.
const MONEY: [&str; 2] = ["chosen_income", "floor_next"];
/// Facts that are shares of one.
const SHARES: [&str; 2] = ["state_share", "support_share"];

/// Where a reason is explained: the page of its rule, or the list where no rule names it.
pub(crate) fn reason_href(app: &App, reason: &str, list: impl FnOnce() -> String) -> String {
    if app.rules.get(reason).is_some() { format!("/quy-tac/{reason}") } else { list() }
}

/// One fact of a finding: its name and value in words. Facts without a value are left out.
pub(crate) fn fact(l: Locale, evidence: &Evidence) -> Option<(String, String)> {
    let value = evidence.value.as_deref()?;
    let name = l.t(&format!("coverage-evidence-{}", dashed(&evidence.name)));
    Some((name, value_in_words(l, &evidence.name, value).unwrap_or_else(|| value.to_owned())))
}

/// The value as people read it; `None` leaves it as the rule gave it.
fn value_in_words(l: Locale, name: &str, value: &str) -> Option<String> {
    match name {
        "income_band" => Some(l.t(&format!("coverage-income-{}", dashed(value)))),
        "insured_now" => Some(l.t(&format!("coverage-insured-{}", dashed(value)))),
        _ if CODED.contains(&name) => l.known(&format!("coverage-value-{}-{}", dashed(name), dashed(value))),
        _ if MONEY.contains(&name) => value.parse().ok().map(|amount| l.dong(Dong::new(amount))),
        _ if SHARES.contains(&name) => value.parse::<Rate>().ok().map(|share| web::format::rate(l.lang(), share)),
        _ if name.ends_with("_month") => value.parse::<Date>().ok().map(|day| l.month(day.month())),
        _ => value.parse::<Date>().ok().map(|day| l.date(day)),
    }
}

fn dashed(word: &str) -> String {
    word.replace('_', "-")
}

/// The facts of a finding in one line, for lists.
pub(crate) fn facts_line(l: Locale, evidence: &[Evidence]) -> String {
    evidence.iter().filter_map(|e| fact(l, e)).map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(" · ")
}

/// Name of a roster on the screens.
pub(crate) fn roster(l: Locale, roster: &str) -> String {
    l.t(&format!("coverage-roster-{}", dashed(roster)))
}

#[cfg(test)]
mod tests {
    use web::Texts;

    use super::*;

    #[test]
    fn codes_money_shares_months_and_days_are_shown_in_words() {
        let words = include_str!("../../../../locales/vi/coverage-rules.ftl");
        let texts = Texts::load(&[(Lang::Vi, "coverage-rules.ftl", words)]).unwrap();
        let shown = |name: &str, value: &str| {
            let evidence = Evidence { name: name.to_owned(), value: Some(value.to_owned()) };
            fact(texts.lang(Lang::Vi), &evidence).unwrap()
        };
        assert_eq!(shown("support_group", "near_poor"), ("Nhóm được hỗ trợ".into(), "người thuộc hộ cận nghèo".into()));
        assert_eq!(shown("support_share", "0.7").1, "70%");
        assert_eq!(shown("support_share", "1").1, "100%");
        assert_eq!(shown("floor_next", "2200000").1, "2.200.000\u{a0}đ");
        assert_eq!(shown("paid_to_month", "2026-12-01").1, "Tháng 12/2026");
        assert_eq!(shown("listed_until", "2026-12-31").1, "31/12/2026");
        // A code that has no words yet is shown as the list gave it, and a number stays a number.
        assert_eq!(shown("support_group", "new_group").1, "new_group");
        assert_eq!(shown("paid_uninsured", "3").1, "3");
        assert_eq!(fact(texts.lang(Lang::Vi), &Evidence { name: "days".into(), value: None }), None);
    }
}
