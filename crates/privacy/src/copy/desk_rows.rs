//! What the desk holds about a person, in words.

use chapter::App;
use desk::Held;
use web::{Lang, Locale};

use super::Line;
use crate::words;

/// One line a field.
pub(super) fn lines(app: &App, l: Locale, held: &[Held]) -> Vec<Line> {
    let mut lines = Vec::new();
    for table in held {
        let of = l.known(&format!("privacy-held-{}", table.table.replace('_', "-"))).unwrap_or_else(|| table.table.to_owned());
        for (row, fields) in (1..).zip(&table.rows) {
            for (name, value) in fields {
                let label = l.known(&format!("privacy-held-field-{}", name.replace('_', "-")));
                let value = said(app, l, name, value);
                lines.push(Line { of: of.clone(), row, name: label.unwrap_or_else(|| (*name).to_owned()), value });
            }
        }
    }
    lines
}

/// A value: moments and rules in words, the rest as it is kept.
fn said(app: &App, l: Locale, name: &str, value: &str) -> String {
    match name {
        "rule" => match app.rules.get(value) {
            Some(rule) if l.lang() == Lang::En => rule.title.en.clone(),
            Some(rule) => rule.title.vi.clone(),
            None => value.to_owned(),
        },
        name if name == "at" || name.ends_with("_at") => {
            value.parse().map_or_else(|_| value.to_owned(), |at| words::moment(l, at))
        }
        _ => value.to_owned(),
    }
}
