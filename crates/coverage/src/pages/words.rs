//! Words of the field that several pages use.

use base::Evidence;
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

/// One fact of a finding: its name and value in words. Facts without a value are left out.
pub(crate) fn fact(l: Locale, evidence: &Evidence) -> Option<(String, String)> {
    let value = evidence.value.as_deref()?;
    let name = l.t(&format!("coverage-evidence-{}", evidence.name.replace('_', "-")));
    let shown = match evidence.name.as_str() {
        "income_band" => l.t(&format!("coverage-income-{}", value.replace('_', "-"))),
        "insured_now" => l.t(&format!("coverage-insured-{}", value.replace('_', "-"))),
        _ => match value.parse::<base::Date>() {
            Ok(day) => l.date(day),
            Err(_) => value.to_owned(),
        },
    };
    Some((name, shown))
}

/// The facts of a finding in one line, for lists.
pub(crate) fn facts_line(l: Locale, evidence: &[Evidence]) -> String {
    evidence.iter().filter_map(|e| fact(l, e)).map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(" · ")
}

/// Name of a roster on the screens.
pub(crate) fn roster(l: Locale, roster: &str) -> String {
    l.t(&format!("coverage-roster-{}", roster.replace('_', "-")))
}
