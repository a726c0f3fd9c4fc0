//! A new layout from a file whose columns a clerk has mapped once.

use std::collections::BTreeSet;

use crate::head_rows::fold_header;
use crate::layout::{Field, Layout, Repeat};
use crate::load::{LayoutError, Layouts, REJECT_HEADERS, check};
use crate::preview::Preview;

/// The YAML of a new layout of a roster: fields and kinds of its newest layout, headings as mapped.
///
/// `mapping` has for each column of the preview the name of a field, or nothing for a column that is not
/// read. All mapped columns become required, so that the new layout takes no other file; it is dated
/// before the roster's own layouts, so that these stay the newest. [`Layouts::load`] takes it with the rest.
///
/// Refuses, naming all of them: an id that is taken or badly written, fields that do not exist, a field
/// mapped twice, a mapped column without a heading, a needed field without a column.
pub fn mapped_layout(
    layouts: &Layouts,
    roster: &str,
    preview: &Preview,
    mapping: &[Option<String>],
    id: &str,
) -> Result<String, LayoutError> {
    let invalid = |message: String| LayoutError::Invalid { path: id.to_owned(), message };
    let newest = layouts.newest(roster).ok_or_else(|| invalid(format!("không có mẫu cho loại bảng kê `{roster}`")))?;
    let problems = problems(layouts, newest, preview, mapping, id);
    if !problems.is_empty() {
        return Err(invalid(problems.join("; ")));
    }
    let mut layout = newest.clone();
    layout.id = id.to_owned();
    layout.version = "1".to_owned();
    layout.sheets = preview.sheet.iter().cloned().collect();
    let oldest = layouts.all().iter().filter(|l| l.roster == roster).map(|l| l.valid_from).min();
    layout.valid_from = oldest.and_then(|day| day.add_days(-1)).unwrap_or(newest.valid_from);
    for field in &mut layout.fields {
        let column = mapping.iter().position(|m| m.as_deref() == Some(field.name.as_str()));
        field.joined.clear();
        // How another office lays out its sheet says nothing of this one.
        field.merged = None;
        field.required = column.is_some();
        field.headers = column.map(|c| preview.columns[c].heading.clone()).into_iter().collect();
        field.repeat = column.and_then(|c| repeat(preview, c)).flatten();
    }
    layout.ignore = ignored(preview, &layout.fields);
    check(&layout).map_err(invalid)?;
    serde_saphyr::to_string(&layout).map_err(|error| invalid(error.to_string()))
}

fn problems(layouts: &Layouts, newest: &Layout, preview: &Preview, mapping: &[Option<String>], id: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if id.is_empty() || id.len() > 80 || !id.bytes().all(plain) {
        problems.push("mã mẫu chỉ gồm chữ thường không dấu, số và gạch nối".to_owned());
    }
    if layouts.all().iter().any(|l| l.id == id) {
        problems.push(format!("mã mẫu `{id}` đã có"));
    }
    if mapping.len() != preview.columns.len() {
        problems.push(format!("ghép {} cột nhưng tệp có {} cột", mapping.len(), preview.columns.len()));
        return problems;
    }
    let mut taken = BTreeSet::new();
    for (at, name) in mapping.iter().enumerate().filter_map(|(at, m)| Some((at, m.as_deref()?))) {
        let heading = &preview.columns[at].heading;
        let Some(field) = newest.field(name) else {
            problems.push(format!("loại bảng kê `{}` không có cột `{name}`", newest.roster));
            continue;
        };
        if !taken.insert(name) {
            problems.push(format!("“{}” được ghép với hai cột", called(field)));
        }
        let folded = fold_header(heading);
        if folded.is_empty() {
            problems.push(format!("cột thứ {} không có tiêu đề nên không ghép được", at + 1));
        } else if REJECT_HEADERS.iter().any(|h| fold_header(h) == folded) {
            problems.push(format!("cột “{heading}” là của tệp trả lại, không ghép được"));
        } else if repeat(preview, at).is_none() {
            problems.push(format!("nhiều cột cùng tiêu đề “{heading}”: chỉ ghép được cột đầu hoặc cột cuối"));
        }
    }
    let others =
        |folded: &str, at: usize| (0..at).any(|o| mapping[o].is_some() && fold_header(&preview.columns[o].heading) == folded);
    for (at, column) in preview.columns.iter().enumerate().filter(|(at, _)| mapping[*at].is_some()) {
        let folded = fold_header(&column.heading);
        if !folded.is_empty() && others(&folded, at) {
            problems.push(format!("hai cột cùng tiêu đề “{}” được ghép với hai nghĩa", column.heading));
        }
    }
    let has_fact = |field: &Field| newest.title_facts.iter().any(|fact| fact.fact == field.name);
    let lacking = newest.fields.iter().filter(|f| (f.required || (f.needed && !has_fact(f))) && !taken.contains(f.name.as_str()));
    problems.extend(lacking.map(|field| format!("chưa có cột cho “{}” (`{}`)", called(field), field.name)));
    problems
}

/// The heading the roster's own layout has for a field.
fn called(field: &Field) -> &str {
    field.headers.first().map_or(field.name.as_str(), String::as_str)
}

/// How the layout says which of several columns of one heading is meant; `None` when it cannot.
fn repeat(preview: &Preview, column: usize) -> Option<Option<Repeat>> {
    let folded = fold_header(&preview.columns[column].heading);
    let alike: Vec<usize> = (0..preview.columns.len()).filter(|c| fold_header(&preview.columns[*c].heading) == folded).collect();
    match (alike.first(), alike.last()) {
        _ if alike.len() == 1 => Some(None),
        (Some(first), _) if *first == column => Some(Some(Repeat::First)),
        (_, Some(last)) if *last == column => Some(Some(Repeat::Last)),
        _ => None,
    }
}

/// The headings that are not read, each once.
fn ignored(preview: &Preview, fields: &[Field]) -> Vec<String> {
    let mut seen: BTreeSet<String> = fields.iter().flat_map(|f| &f.headers).map(|h| fold_header(h)).collect();
    seen.insert(String::new());
    let headings = preview.columns.iter().map(|column| column.heading.clone());
    headings.filter(|heading| seen.insert(fold_header(heading))).collect()
}
