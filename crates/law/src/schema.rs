//! The form of a parameter file: from a YAML tree to a [`Parameter`], noting every fault on the way.

use base::Date;

use crate::form::{Faults, Map, list_of, note_doubled, text_of};
use crate::yaml::{self, At, Kind, Name, Node};
use crate::{Confidence, Dated, Description, Fault, Held, Parameter, Reference, Selector, Unit, Value};

/// Reads one file. Faults go to `refuse`; the result is `None` exactly when there was one.
pub(crate) fn parameter(key: &str, text: &str, refuse: &mut dyn FnMut(At, Fault)) -> Option<Parameter> {
    let mut faults = Faults::new(refuse);
    let root = match yaml::read(text) {
        Ok(root) => root,
        Err((at, message)) => {
            faults.add(at, Fault::Yaml(message));
            return None;
        }
    };
    let parameter = read_parameter(key, &root, &mut faults);
    parameter.filter(|_| faults.count() == 0)
}

fn read_parameter(key: &str, root: &Node, faults: &mut Faults) -> Option<Parameter> {
    let map = Map::of("the file", root, &["key", "description", "unit", "selector", "values"], faults)?;
    if let Some((at, own)) = map.text("key", faults)
        && own != key
    {
        faults.add(at, Fault::KeyIsNotPath { key: own, path: key.to_owned() });
    }
    let description = map.need("description", faults).and_then(|node| read_description(node, faults));
    let unit = map.text("unit", faults).and_then(|(at, word)| {
        let unit = Unit::parse(&word);
        if unit.is_none() {
            faults.add(at, Fault::UnknownUnit { word });
        }
        unit
    });
    // Without a selector or with a broken one the values cannot be judged by it.
    let before = faults.count();
    let selector = map.get("selector").and_then(|node| read_selector(node, faults));
    let judged = Judged { unit, selector: (faults.count() == before).then_some(selector.as_ref()) };
    let values = map.need("values", faults).and_then(|node| read_values(node, &judged, faults));
    Some(Parameter { key: key.to_owned(), description: description?, unit: unit?, selector, values: values? })
}

fn read_description(node: &Node, faults: &mut Faults) -> Option<Description> {
    let map = Map::of("description", node, &["vi", "en"], faults)?;
    let vi = map.text("vi", faults);
    let en = map.text("en", faults);
    Some(Description { vi: vi?.1, en: en?.1 })
}

fn read_selector(node: &Node, faults: &mut Faults) -> Option<Selector> {
    let map = Map::of("selector", node, &["name", "values", "scale"], faults)?;
    let name = map.text("name", faults);
    if let Some(scale) = map.get("scale") {
        if let Some(values) = map.get("values") {
            faults.add(values.at, Fault::ValuesAndScale);
        }
        let values = read_scale(scale, faults)?;
        return Some(Selector { name: name?.1, values, scale: true });
    }
    let list = map.need("values", faults)?;
    let mut values: Vec<String> = Vec::new();
    for item in list_of("selector: values", list, faults)? {
        let word = text_of("selector: values", item, faults)?;
        if values.contains(&word) {
            faults.add(item.at, Fault::SelectorTwice(word));
        } else {
            values.push(word);
        }
    }
    Some(Selector { name: name?.1, values, scale: false })
}

/// The thresholds of a scale: whole numbers, each larger than the one before.
fn read_scale(node: &Node, faults: &mut Faults) -> Option<Vec<String>> {
    let mut values = Vec::new();
    let mut before = None;
    for item in list_of("selector: scale", node, faults)? {
        let text = text_of("selector: scale", item, faults)?;
        let number = text.parse::<i64>().ok().filter(|n| n.to_string() == text);
        if number.is_none() || before >= number {
            faults.add(item.at, Fault::Threshold(text));
            return None;
        }
        before = number;
        values.push(text);
    }
    Some(values)
}

/// What the values are judged by; a part that is itself at fault is not known.
struct Judged<'a> {
    unit: Option<Unit>,
    selector: Option<Option<&'a Selector>>,
}

fn read_values(node: &Node, judged: &Judged, faults: &mut Faults) -> Option<Vec<Dated>> {
    let mut values = Vec::new();
    let mut before: Option<Date> = None;
    for item in list_of("values", node, faults)? {
        let Some(map) = Map::of("values", item, &["from", "value", "reference", "confidence", "note"], faults) else {
            continue;
        };
        let from = map.text("from", faults).and_then(|(at, text)| read_date(at, &text, &mut before, faults));
        let held = map.need("value", faults).and_then(|node| read_held(node, judged, faults));
        let reference = map.need("reference", faults).and_then(|node| read_reference(node, faults));
        let confidence = map.text("confidence", faults).and_then(|(at, letter)| {
            let confidence = Confidence::parse(&letter);
            if confidence.is_none() {
                faults.add(at, Fault::UnknownConfidence(letter));
            }
            confidence
        });
        let note = map.optional("note", faults);
        if let (Some(from), Some(held), Some(reference), Some(confidence)) = (from, held, reference, confidence) {
            values.push(Dated { from, held, reference, confidence, note });
        }
    }
    Some(values)
}

fn read_date(at: At, text: &str, before: &mut Option<Date>, faults: &mut Faults) -> Option<Date> {
    let date = match text.parse::<Date>() {
        Ok(date) => date,
        Err(error) => {
            faults.add(at, Fault::Date(error));
            return None;
        }
    };
    match *before {
        Some(before) if date == before => faults.add(at, Fault::SameDate(date)),
        Some(before) if date < before => faults.add(at, Fault::NotAscending { date, before }),
        _ => {}
    }
    *before = Some(date);
    Some(date)
}

fn read_reference(node: &Node, faults: &mut Faults) -> Option<Reference> {
    let map = Map::of("reference", node, &["law", "article", "clause", "note"], faults)?;
    let law = map.text("law", faults);
    let article = map.optional("article", faults);
    let clause = map.optional("clause", faults);
    let note = map.optional("note", faults);
    if map.get("article").is_none() && note.is_none() {
        faults.add(node.at, Fault::NoArticle);
    }
    Some(Reference { law: law?.1, article, clause, note })
}

/// A value for all, or one for every selector word.
fn read_held(node: &Node, judged: &Judged, faults: &mut Faults) -> Option<Held> {
    let selector = judged.selector?;
    match (&node.kind, selector) {
        (Kind::Map(_), None) => {
            faults.add(node.at, Fault::NoSelector);
            None
        }
        (Kind::Map(entries), Some(selector)) => read_each(node.at, entries, selector, judged.unit, faults),
        (Kind::Null, None) => Some(Held::One(None)),
        // Abolished for all: nothing holds for any of the words.
        (Kind::Null, Some(selector)) => Some(Held::Each(vec![None; selector.values.len()])),
        (_, Some(selector)) => {
            faults.add(node.at, Fault::SelectorNeeded(selector.values.clone()));
            None
        }
        (_, None) => read_value(node, judged.unit?, faults).map(|value| Held::One(Some(value))),
    }
}

fn read_each(at: At, entries: &[(Name, Node)], selector: &Selector, unit: Option<Unit>, faults: &mut Faults) -> Option<Held> {
    let before = faults.count();
    note_doubled(entries, faults);
    for (name, _) in entries {
        if !selector.values.contains(&name.text) {
            let (word, known) = (name.text.clone(), selector.values.clone());
            faults.add(name.at, Fault::UnknownSelectorValue { word, known });
        }
    }
    let mut each = Vec::with_capacity(selector.values.len());
    for word in &selector.values {
        match entries.iter().find(|(name, _)| name.text == *word) {
            None => faults.add(at, Fault::MissingSelectorValue(word.clone())),
            Some((_, node)) if matches!(node.kind, Kind::Null) => each.push(None),
            Some((_, node)) => each.push(unit.and_then(|unit| read_value(node, unit, faults))),
        }
    }
    (faults.count() == before).then_some(Held::Each(each))
}

fn read_value(node: &Node, unit: Unit, faults: &mut Faults) -> Option<Value> {
    let (text, value) = match &node.kind {
        Kind::Text(text) => (text.clone(), Value::read(unit, text)),
        Kind::List(items) if unit == Unit::Codes => {
            let codes: Vec<&str> = items.iter().filter_map(Node::as_text).collect();
            let value = (codes.len() == items.len()).then(|| Value::read_codes(&codes)).flatten();
            (format!("[{}]", codes.join(", ")), value)
        }
        Kind::List(items) if unit == Unit::Dates => {
            let days: Vec<&str> = items.iter().filter_map(Node::as_text).collect();
            let value = (days.len() == items.len()).then(|| Value::read_dates(&days)).flatten();
            (format!("[{}]", days.join(", ")), value)
        }
        Kind::List(_) => ("a list".to_owned(), None),
        Kind::Map(_) => ("a mapping".to_owned(), None),
        Kind::Null => ("null".to_owned(), None),
    };
    if value.is_none() {
        faults.add(node.at, Fault::WrongType { text, unit });
    }
    value
}
