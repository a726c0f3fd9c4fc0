//! A calculator's fields as a form, and what a form sends as a calculator's input.

use law::calc::{Field as Asked, Given, InputFault, Kind, Problem};
use web::component::{Choice, Control, ErrorSummary, Field};
use web::{Locale, SafeHtml, tag};

use super::words;

/// Rows of a list that are shown empty when nothing was given.
const ROWS: usize = 3;

/// The fields of a form in order, with what was given and what is wrong beside each.
pub(crate) fn form(l: Locale, asked: &[Asked], given: &Given, faults: &[InputFault]) -> (SafeHtml, SafeHtml) {
    let mut body = SafeHtml::default();
    let mut errors = ErrorSummary::default();
    for field in asked {
        body.push(one(l, field, given.field(field.name), field.name, faults, &mut errors));
    }
    // What no field shows, e.g. an unknown name, is told in the summary alone.
    for fault in faults.iter().filter(|f| matches!(f.problem, Problem::Unknown { .. } | Problem::Fields)) {
        errors.errors.push((fault.path.clone(), sentence(l, fault)));
    }
    (errors.html(l), body)
}

fn one(l: Locale, asked: &Asked, given: &Given, path: &str, faults: &[InputFault], errors: &mut ErrorSummary) -> SafeHtml {
    if let Kind::List(fields) = &asked.kind {
        return rows(l, asked, fields, given, path, faults, errors);
    }
    let text = if let Given::Text(text) = given { text.clone() } else { asked.default.clone().unwrap_or_default() };
    let control = match &asked.kind {
        Kind::Dong | Kind::Count => Control::Digits,
        Kind::Rate | Kind::Month => Control::Text,
        Kind::Date => Control::Date,
        Kind::Flag => Control::Select(vec![
            Choice::new("true", l.t("service-yes"), text == "true"),
            Choice::new("false", l.t("service-no"), text == "false" || (text.is_empty() && asked.required)),
        ]),
        Kind::Choice(choices) => {
            let mut all: Vec<Choice> =
                choices.iter().map(|c| Choice::new(c.code, words::pick(l, c.vi, c.en), c.code == text)).collect();
            if !asked.required && asked.default.is_none() {
                all.insert(0, Choice::new("", "–", text.is_empty()));
            }
            Control::Select(all)
        }
        Kind::List(_) => Control::Text,
    };
    let error = faults.iter().find(|fault| fault.path == path).map(|fault| sentence(l, fault));
    if let Some(error) = &error {
        errors.errors.push((path.to_owned(), error.clone()));
    }
    let hint = match &asked.kind {
        Kind::Month => l.t("service-hint-month"),
        Kind::Rate => l.t("service-hint-rate"),
        _ => String::new(),
    };
    let field = Field::new(path, words::pick(l, asked.vi, asked.en), control).value(text).hint(hint).error(error);
    let field = if asked.required { field } else { field.optional() };
    field.html(l)
}

fn rows(
    l: Locale,
    asked: &Asked,
    fields: &[Asked],
    given: &Given,
    path: &str,
    faults: &[InputFault],
    errors: &mut ErrorSummary,
) -> SafeHtml {
    let items: &[Given] = if let Given::List(items) = given { items } else { &[] };
    let mut body = tag("fieldset").class("rows").child(tag("legend").text(words::pick(l, asked.vi, asked.en)));
    if let Some(fault) = faults.iter().find(|fault| fault.path == path) {
        let text = sentence(l, fault);
        errors.errors.push((format!("{path}.0.{}", fields.first().map_or("", |f| f.name)), text.clone()));
        body = body.child(tag("p").class("field-error").text(&text));
    }
    for at in 0..ROWS.max(items.len() + 1) {
        let row = items.get(at).unwrap_or(&Given::Nothing);
        let cells = fields.iter().map(|field| {
            // An empty row stays empty: its required fields are asked for only once one of them is filled in.
            let field = Asked { required: false, ..field.clone() };
            one(l, &field, row.field(field.name), &format!("{path}.{at}.{}", field.name), faults, errors)
        });
        let cells: Vec<SafeHtml> = cells.collect();
        body = body.child(tag("div").class("row").children(cells));
    }
    body.html()
}

fn sentence(l: Locale, fault: &InputFault) -> String {
    if l.lang() == web::Lang::En { fault.en() } else { fault.vi() }
}

/// What a form sent as an input. Names are paths as `payments.0.amount`; empty fields are left out.
pub(crate) fn given(sent: &[(String, String)], asked: &[Asked]) -> Given {
    let mut given = Given::empty();
    for (path, text) in sent.iter().filter(|(_, text)| !text.trim().is_empty()) {
        // A row of a list in which only choices with their defaults were sent is an empty row.
        given.set(path, text);
    }
    for field in asked {
        if let Kind::List(fields) = &field.kind
            && let Given::List(items) = given.field(field.name).clone()
        {
            let typed = |row: &Given| {
                fields.iter().any(|f| !matches!(f.kind, Kind::Choice(_) | Kind::Flag) && !row.field(f.name).is_nothing())
            };
            given.put(
                field.name,
                Given::List(items.into_iter().map(|row| if typed(&row) { row } else { Given::Nothing }).collect()),
            );
        }
    }
    given
}
