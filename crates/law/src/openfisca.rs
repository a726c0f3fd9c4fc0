//! Parameters in the layout of OpenFisca (YAML): out, so that its tools can read our law, and in.
//!
//! A parameter without selector becomes `values`; one with words a node of parameters; a scale
//! `brackets` with `threshold` and `amount`. What OpenFisca has no place for (confidence, article, the other
//! language) goes into `metadata`, from where it comes back unchanged.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::yaml::{self, Kind, Node};
use crate::{Dated, Held, Parameter, Unit, Value};

/// What cannot be read from a file in OpenFisca's layout.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct ImportError {
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1.
    pub column: u64,
    /// What is wrong.
    pub message: String,
}

/// A parameter in OpenFisca's layout; its place is the key with `/` for `.`, ending in `.yaml`.
pub fn export(parameter: &Parameter) -> String {
    let mut out = String::new();
    line(&mut out, 0, "description", &quoted(&parameter.description.vi));
    out.push_str("metadata:\n");
    line(&mut out, 1, "unit", unit_word(parameter.unit));
    line(&mut out, 1, "description_en", &quoted(&parameter.description.en));
    line(&mut out, 1, "an_sinh_unit", parameter.unit.as_str());
    match &parameter.selector {
        None => values(&mut out, 0, parameter, 0, "values"),
        Some(selector) if selector.scale => {
            line(&mut out, 1, "selector", &quoted(&selector.name));
            line(&mut out, 1, "type", "single_amount");
            out.push_str("brackets:\n");
            for (at, threshold) in selector.values.iter().enumerate() {
                out.push_str("- threshold:\n");
                for dated in &parameter.values {
                    let _ = writeln!(out, "    {}:\n      value: {threshold}", dated.from);
                }
                values(&mut out, 1, parameter, at, "amount");
            }
        }
        Some(selector) => {
            line(&mut out, 1, "selector", &quoted(&selector.name));
            for (at, word) in selector.values.iter().enumerate() {
                let _ = writeln!(out, "{}:", quoted(word));
                line(&mut out, 1, "description", &quoted(&format!("{}: {word}", parameter.description.vi)));
                values(&mut out, 1, parameter, at, "values");
            }
        }
    }
    out
}

fn values(out: &mut String, depth: usize, parameter: &Parameter, at: usize, name: &str) {
    let indent = "  ".repeat(depth);
    let _ = writeln!(out, "{indent}{name}:");
    for dated in &parameter.values {
        let value = match &dated.held {
            Held::One(value) => value.as_ref(),
            Held::Each(each) => each.get(at).and_then(Option::as_ref),
        };
        let _ = writeln!(out, "{indent}  {}:", dated.from);
        let _ = writeln!(out, "{indent}    value: {}", value.map_or_else(|| "null".to_owned(), written));
        metadata(out, &format!("{indent}    "), dated);
    }
}

fn metadata(out: &mut String, indent: &str, dated: &Dated) {
    let reference = &dated.reference;
    let _ = writeln!(out, "{indent}reference: {}", quoted(&reference.to_string()));
    let _ = writeln!(out, "{indent}metadata:");
    let _ = writeln!(out, "{indent}  law: {}", quoted(&reference.law));
    let optional = [
        ("article", &reference.article),
        ("clause", &reference.clause),
        ("reference_note", &reference.note),
        ("note", &dated.note),
    ];
    for (name, text) in optional {
        if let Some(text) = text {
            let _ = writeln!(out, "{indent}  {name}: {}", quoted(text));
        }
    }
    let _ = writeln!(out, "{indent}  confidence: {}", dated.confidence);
}

fn written(value: &Value) -> String {
    match value {
        Value::Dates(days) => format!("[{}]", days.iter().map(|day| quoted(&day.to_string())).collect::<Vec<_>>().join(", ")),
        Value::Date(day) => quoted(&day.to_string()),
        Value::Code(code) => {
            let codes: Vec<String> = code.split(',').map(quoted).collect();
            format!("[{}]", codes.join(", "))
        }
        other => other.to_string(),
    }
}

fn line(out: &mut String, depth: usize, name: &str, text: &str) {
    let _ = writeln!(out, "{}{name}: {text}", "  ".repeat(depth));
}

/// A text in double quotes, as YAML and JSON both read it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn unit_word(unit: Unit) -> &'static str {
    match unit {
        Unit::Dong => "currency-VND",
        Unit::Rate => "/1",
        Unit::Days => "day",
        Unit::Months => "month",
        Unit::Years => "year",
        Unit::Count => "count",
        Unit::Flag => "boolean",
        Unit::Date | Unit::Dates => "date",
        Unit::Code | Unit::Codes => "code",
    }
}

/// A file in OpenFisca's layout as one of ours, to be put under the key's path and looked over.
///
/// What the file does not say is not invented: without our confidence a value is `U`, with a note that it came
/// in this way; without any reference it is refused.
pub fn import(key: &str, text: &str) -> Result<String, ImportError> {
    let root = yaml::read(text).map_err(|(at, message)| ImportError { line: at.line, column: at.column, message })?;
    let description = text_at(&root, "description").unwrap_or_default();
    let meta = child(&root, "metadata");
    let from_meta = |name: &str| meta.and_then(|node| text_at(node, name));
    let unit = from_meta("an_sinh_unit")
        .or_else(|| from_meta("unit").and_then(our_unit))
        .ok_or_else(|| wrong(&root, "`metadata: unit` is missing or unknown"))?;
    let english = from_meta("description_en").unwrap_or_else(|| description.clone());
    let mut out = format!("key: {key}\ndescription:\n  vi: {}\n  en: {}\nunit: {unit}\n", quoted(&description), quoted(&english));
    let name = from_meta("selector").unwrap_or_else(|| "word".to_owned());
    if let Some(brackets) = child(&root, "brackets") {
        let Kind::List(items) = &brackets.kind else { return Err(wrong(brackets, "`brackets` must be a list")) };
        let mut steps = Vec::new();
        for item in items {
            let threshold =
                child(item, "threshold").and_then(first_value).ok_or_else(|| wrong(item, "a bracket needs a `threshold`"))?;
            let amount = ["amount", "rate"].into_iter().find_map(|kind| child(item, kind));
            steps.push((threshold, amount.ok_or_else(|| wrong(item, "a bracket needs an `amount` or a `rate`"))?));
        }
        let _ = writeln!(
            out,
            "selector:\n  name: {}\n  scale: [{}]",
            quoted(&name),
            steps.iter().map(|s| s.0.as_str()).collect::<Vec<_>>().join(", ")
        );
        let each = steps.iter().map(|(threshold, amount)| (threshold.clone(), *amount)).collect::<Vec<_>>();
        several(&mut out, &unit, &each)?;
        return Ok(out);
    }
    if let Some(values) = child(&root, "values") {
        out.push_str("values:\n");
        for (day, entry) in entries(values)? {
            let value = value_of(entry).map(|node| ours(node, &unit)).transpose()?.flatten().unwrap_or_else(|| "null".to_owned());
            dated(&mut out, &day, &value, entry)?;
        }
        return Ok(out);
    }
    let Kind::Map(fields) = &root.kind else { return Err(wrong(&root, "a parameter is a mapping")) };
    let words: Vec<(String, &Node)> = fields
        .iter()
        .filter(|(name, _)| !["description", "metadata", "documentation", "reference"].contains(&name.text.as_str()))
        .filter_map(|(name, node)| Some((name.text.clone(), child(node, "values")?)))
        .collect();
    if words.is_empty() {
        return Err(wrong(&root, "neither `values` nor `brackets` nor a node of parameters"));
    }
    let list = words.iter().map(|(word, _)| quoted(word)).collect::<Vec<_>>().join(", ");
    let _ = writeln!(out, "selector:\n  name: {}\n  values: [{list}]", quoted(&name));
    several(&mut out, &unit, &words)?;
    Ok(out)
}

/// The values of several words: on each day that any of them names, what holds for each.
fn several(out: &mut String, unit: &str, words: &[(String, &Node)]) -> Result<(), ImportError> {
    let mut days: BTreeMap<String, &Node> = BTreeMap::new();
    let mut by_word = Vec::new();
    for (word, values) in words {
        let list = entries(values)?;
        for (day, entry) in &list {
            days.entry(day.clone()).or_insert(entry);
        }
        by_word.push((word, list));
    }
    out.push_str("values:\n");
    for (day, entry) in days {
        let mut each = Vec::new();
        for (word, list) in &by_word {
            let held = list.iter().rev().find(|(from, _)| *from <= day).and_then(|(_, entry)| value_of(entry));
            let value = held.map(|node| ours(node, unit)).transpose()?.flatten().unwrap_or_else(|| "null".to_owned());
            each.push(format!("{}: {value}", quoted(word)));
        }
        dated(out, &day, &format!("{{{}}}", each.join(", ")), entry)?;
    }
    Ok(())
}

fn dated(out: &mut String, day: &str, value: &str, entry: &Node) -> Result<(), ImportError> {
    let meta = child(entry, "metadata");
    let from_meta = |name: &str| meta.and_then(|node| text_at(node, name));
    let reference = text_at(entry, "reference").or_else(|| from_meta("reference"));
    let law = from_meta("law")
        .or_else(|| reference.clone())
        .ok_or_else(|| wrong(entry, "a value without `reference` does not come in"))?;
    let _ = writeln!(out, "  - from: {day}\n    value: {value}\n    reference:\n      law: {}", quoted(&law));
    for (ours, theirs) in [("article", "article"), ("clause", "clause"), ("note", "reference_note")] {
        if let Some(text) = from_meta(theirs) {
            let _ = writeln!(out, "      {ours}: {}", quoted(&text));
        }
    }
    let known = from_meta("confidence");
    if known.is_none() && from_meta("article").is_none() && from_meta("reference_note").is_none() {
        out.push_str("      note: \"Nhập từ tệp OpenFisca, không nêu số điều.\"\n");
    }
    let _ = writeln!(out, "    confidence: {}", known.as_deref().unwrap_or("U"));
    match from_meta("note") {
        Some(note) => drop(writeln!(out, "    note: {}", quoted(&note))),
        None if known.is_none() => out.push_str("    note: \"Nhập từ tệp OpenFisca, cần đối chiếu với văn bản.\"\n"),
        None => {}
    }
    Ok(())
}

/// A value as our files write it; nothing for null.
fn ours(node: &Node, unit: &str) -> Result<Option<String>, ImportError> {
    match &node.kind {
        Kind::Null => Ok(None),
        Kind::Text(text) => Ok(Some(if matches!(unit, "code" | "codes") { quoted(text) } else { text.clone() })),
        Kind::List(items) => {
            let texts: Vec<&str> = items.iter().filter_map(Node::as_text).collect();
            match (unit, texts.as_slice()) {
                ("code", [one]) => Ok(Some(quoted(one))),
                ("dates", days) => Ok(Some(format!("[{}]", days.join(", ")))),
                _ => Ok(Some(format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")))),
            }
        }
        Kind::Map(_) => Err(wrong(node, "a value cannot be a mapping")),
    }
}

fn our_unit(word: String) -> Option<String> {
    let unit = match word.as_str() {
        "currency-VND" | "currency" => "dong",
        "/1" => "rate",
        "day" => "days",
        "month" => "months",
        "year" => "years",
        "count" => "count",
        "boolean" | "bool" => "flag",
        _ => return None,
    };
    Some(unit.to_owned())
}

fn child<'a>(node: &'a Node, name: &str) -> Option<&'a Node> {
    let Kind::Map(fields) = &node.kind else { return None };
    fields.iter().find(|(own, _)| own.text == name).map(|(_, node)| node)
}

fn text_at(node: &Node, name: &str) -> Option<String> {
    child(node, name)?.as_text().map(str::to_owned)
}

/// Days and entries of `values`, the oldest first.
fn entries(values: &Node) -> Result<Vec<(String, &Node)>, ImportError> {
    let Kind::Map(fields) = &values.kind else { return Err(wrong(values, "days and values belong here")) };
    let mut list: Vec<(String, &Node)> = fields.iter().map(|(day, entry)| (day.text.clone(), entry)).collect();
    list.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(list)
}

/// The value of an entry: OpenFisca allows it bare too.
fn value_of(entry: &Node) -> Option<&Node> {
    if matches!(entry.kind, Kind::Map(_)) { child(entry, "value") } else { Some(entry) }
}

fn first_value(values: &Node) -> Option<String> {
    let list = entries(values).ok()?;
    value_of(list.first()?.1)?.as_text().map(str::to_owned)
}

fn wrong(node: &Node, message: &str) -> ImportError {
    ImportError { line: node.at.line, column: node.at.column, message: message.to_owned() }
}
