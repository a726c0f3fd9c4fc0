//! Suggesting which field of a roster a column is: by its heading, then by its values.

use crate::cell::Cell;
use crate::convert::{looks_like_birth, looks_like_card, looks_like_id, looks_like_sex};
use crate::head_rows::fold_header;
use crate::layout::{Kind, Layout};
use crate::load::Layouts;
use crate::preview::{Preview, PreviewColumn};

/// For each column of a file the field of a roster it seems to be, by name; each field once.
///
/// Headings of the roster's own layouts come first, then those that other rosters have for a field of the
/// same name, then what the values look like, where only one field of the roster can hold such values.
pub fn suggest(preview: &Preview, layouts: &Layouts, roster: &str) -> Vec<Option<String>> {
    let Some(newest) = layouts.newest(roster) else { return vec![None; preview.columns.len()] };
    let mut suggested = Suggested { newest, fields: vec![None; preview.columns.len()] };
    let meanings: Vec<Vec<(usize, usize)>> = preview.columns.iter().map(|c| layouts.index().fields_of(&c.heading)).collect();
    let is_own = |at: &usize| layouts.all()[*at].roster == roster;
    // The newest layout is the last.
    let own = (0..layouts.all().len()).rev().filter(is_own);
    let others = (0..layouts.all().len()).filter(|at| !is_own(at));
    for layout in own.chain(others) {
        for (at, meanings) in meanings.iter().enumerate() {
            if let Some((_, field)) = meanings.iter().find(|(of, _)| *of == layout) {
                suggested.take(at, &layouts.all()[layout].fields[*field].name);
            }
        }
    }
    for (at, column) in preview.columns.iter().enumerate() {
        if suggested.fields[at].is_none() && !column.samples.is_empty() && !column.heading.is_empty() {
            suggested.by_values(at, column);
        }
    }
    suggested.fields
}

struct Suggested<'l> {
    newest: &'l Layout,
    fields: Vec<Option<String>>,
}

impl Suggested<'_> {
    fn take(&mut self, at: usize, field: &str) {
        let is_free = self.fields[at].is_none() && self.newest.field(field).is_some();
        if is_free && !self.fields.iter().flatten().any(|taken| taken == field) {
            self.fields[at] = Some(field.to_owned());
        }
    }

    fn by_values(&mut self, at: usize, column: &PreviewColumn) {
        let all = |is: &dyn Fn(&str) -> bool| column.samples.iter().all(|sample| is(sample));
        let kind = if all(&looks_like_card) {
            Kind::CardNumber
        } else if all(&looks_like_id) {
            Kind::PersonalId
        } else if all(&looks_like_sex) {
            Kind::Sex
        } else if all(&looks_like_name) && speaks_of_names(&column.heading) {
            Kind::Name
        } else if all(&|t| looks_like_birth(&Cell::Text(t.into()))) {
            Kind::BirthDate
        } else {
            return;
        };
        let mut of_kind = self.newest.fields.iter().filter(|f| f.kind == kind);
        if let (Some(field), None) = (of_kind.next(), of_kind.next()) {
            let name = field.name.clone();
            self.take(at, &name);
        }
    }
}

/// Two to six words of letters: a person, but as well a village or a job, so that the heading must agree.
fn looks_like_name(text: &str) -> bool {
    let words = text.split_whitespace().count();
    (2..=6).contains(&words) && text.chars().all(|c| c.is_alphabetic() || c == ' ')
}

fn speaks_of_names(heading: &str) -> bool {
    let folded = fold_header(heading);
    ["ten", "nguoi", "hoten", "name"].iter().any(|word| folded.contains(word))
}
