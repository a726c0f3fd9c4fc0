//! Values of the law and of answers in the reader's language.

use law::calc::{Out, Term};
use law::{Confidence, Dated, Held, Parameter, Unit, Value};
use web::{Lang, Locale};

/// A value of an answer.
pub(crate) fn out(l: Locale, out: &Out) -> String {
    match out {
        Out::Nothing => "–".to_owned(),
        Out::Dong(dong) => l.dong(*dong),
        Out::Rate(rate) => web::format::rate(l.lang(), *rate),
        Out::Count(count) => l.number(*count),
        Out::Flag(true) => l.t("service-yes"),
        Out::Flag(false) => l.t("service-no"),
        Out::Date(date) => l.date(*date),
        Out::Month(month) => l.month(*month),
        Out::Word(word) => pick(l, word.vi, word.en).to_owned(),
        Out::Rows(rows) => l.number(i64::try_from(rows.len()).unwrap_or(i64::MAX)),
    }
}

/// A formula with its figures.
pub(crate) fn formula(l: Locale, how: &[Term]) -> String {
    let terms: Vec<String> = how
        .iter()
        .map(|term| match term {
            Term::Value(value) => out(l, value),
            Term::Sign(sign) => (*sign).to_owned(),
            Term::Words(vi, en) => pick(l, vi, en).to_owned(),
        })
        .collect();
    terms.join(" ")
}

/// A value of a parameter with its unit.
pub(crate) fn value(l: Locale, unit: Unit, value: Option<&Value>) -> String {
    let Some(value) = value else { return l.t("service-abolished") };
    match value {
        Value::Dong(dong) => l.dong(*dong),
        Value::Rate(rate) => web::format::rate(l.lang(), *rate),
        Value::Int(number) => {
            let words = match unit {
                Unit::Days => "service-unit-days",
                Unit::Months => "service-unit-months",
                Unit::Years => "service-unit-years",
                _ => return l.number(i64::from(*number)),
            };
            l.t_args(words, &[("n", i64::from(*number).into())])
        }
        Value::Flag(true) => l.t("service-yes"),
        Value::Flag(false) => l.t("service-no"),
        Value::Date(date) => l.date(*date),
        Value::Dates(days) => days.iter().map(|day| l.date(*day)).collect::<Vec<_>>().join(", "),
        Value::Code(code) => code.replace(',', ", "),
    }
}

/// What a parameter holds from a day on, with the words of its selector. An uncertain value that is not there is not known; any other was abolished.
pub(crate) fn held(l: Locale, parameter: &Parameter, dated: &Dated) -> Vec<(String, String)> {
    let value = |one: Option<&Value>| match one {
        None if dated.confidence == Confidence::U => l.t("service-unknown"),
        known => value(l, parameter.unit, known),
    };
    match (&dated.held, &parameter.selector) {
        (Held::One(one), _) => vec![(String::new(), value(one.as_ref()))],
        (Held::Each(each), Some(selector)) => {
            let word = |word: &String| {
                if selector.scale { l.t_args("service-scale-from", &[("n", word.as_str().into())]) } else { word.clone() }
            };
            selector.values.iter().zip(each).map(|(name, one)| (word(name), value(one.as_ref()))).collect()
        }
        (Held::Each(_), None) => Vec::new(),
    }
}

/// One of two texts by language.
pub(crate) fn pick<'a>(l: Locale, vi: &'a str, en: &'a str) -> &'a str {
    if l.lang() == Lang::En { en } else { vi }
}
