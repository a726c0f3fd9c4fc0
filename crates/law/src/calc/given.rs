//! What a caller gives a calculator: texts in a tree, whatever they came from.
//!
//! A case in YAML, a JSON body, flags of a command and the fields of a form all end here, so that one
//! reader with one set of messages serves them all.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A tree of texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Given {
    /// Nothing was given: absent, `null`, an empty field of a form.
    #[default]
    Nothing,
    /// A scalar as written.
    Text(String),
    /// A list.
    List(Vec<Given>),
    /// Fields by name, in the order they were given.
    Map(Vec<(String, Given)>),
}

impl Given {
    /// An empty set of fields.
    pub fn empty() -> Self {
        Self::Map(Vec::new())
    }

    /// The field of a name; `Nothing` when it is not there.
    pub fn field(&self, name: &str) -> &Given {
        const NOTHING: &Given = &Given::Nothing;
        match self {
            Self::Map(fields) => fields.iter().find(|(own, _)| own == name).map_or(NOTHING, |(_, value)| value),
            _ => NOTHING,
        }
    }

    /// Whether nothing was given, an empty text included.
    pub fn is_nothing(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::List(items) => items.iter().all(Self::is_nothing),
            Self::Map(fields) => fields.iter().all(|(_, value)| value.is_nothing()),
        }
    }

    /// Reads fields from YAML or JSON text; the error is line, column and what was found there.
    pub fn from_yaml(text: &str) -> Result<Self, (u64, u64, String)> {
        crate::yaml::read(text).map(|node| Self::of_node(&node)).map_err(|(at, message)| (at.line, at.column, message))
    }

    /// A YAML tree as texts, each as written.
    pub(crate) fn of_node(node: &crate::yaml::Node) -> Self {
        use crate::yaml::Kind;
        match &node.kind {
            Kind::Null => Self::Nothing,
            Kind::Text(text) => Self::Text(text.clone()),
            Kind::List(items) => Self::List(items.iter().map(Self::of_node).collect()),
            Kind::Map(entries) => {
                Self::Map(entries.iter().map(|(name, node)| (name.text.clone(), Self::of_node(node))).collect())
            }
        }
    }

    /// Puts a value in the place of a field; gives `false` when this is no set of fields.
    pub fn put(&mut self, name: &str, value: Given) -> bool {
        let Self::Map(fields) = self else { return false };
        fields.retain(|(own, _)| own != name);
        fields.push((name.to_owned(), value));
        true
    }

    /// Puts a text at a path as flags and forms name it: `wage`, `payments.0.amount`.
    ///
    /// A path that runs through a text, or skips more than a hundred places of a list, changes nothing and gives `false`.
    pub fn set(&mut self, path: &str, text: &str) -> bool {
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        if matches!(self, Self::Nothing) {
            *self = if first.parse::<usize>().is_ok() { Self::List(Vec::new()) } else { Self::empty() };
        }
        let place = match self {
            Self::Map(fields) => {
                if !fields.iter().any(|(name, _)| name == first) {
                    fields.push((first.to_owned(), Self::Nothing));
                }
                fields.iter_mut().find(|(name, _)| name == first).map(|(_, value)| value)
            }
            Self::List(items) => first.parse::<usize>().ok().filter(|at| *at < 100).map(|at| {
                if items.len() <= at {
                    items.resize(at + 1, Self::Nothing);
                }
                &mut items[at]
            }),
            _ => None,
        };
        let Some(place) = place else { return false };
        match rest {
            Some(rest) => place.set(rest, text),
            None => {
                *place = Self::Text(text.to_owned());
                true
            }
        }
    }
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Given;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, a list or fields")
    }

    fn visit_unit<E>(self) -> Result<Given, E> {
        Ok(Given::Nothing)
    }

    fn visit_none<E>(self) -> Result<Given, E> {
        Ok(Given::Nothing)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Given, E> {
        Ok(Given::Text(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Given, E> {
        Ok(Given::Text(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Given, E> {
        Ok(Given::Text(value.to_string()))
    }

    /// A rate as a JSON number: the shortest decimal that means the same number.
    fn visit_f64<E>(self, value: f64) -> Result<Given, E> {
        Ok(Given::Text(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Given, E> {
        Ok(Given::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Given, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Given::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Given, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = access.next_entry()? {
            fields.push(field);
        }
        Ok(Given::Map(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_json_make_the_same_tree() {
        let mut flags = Given::empty();
        assert!(flags.set("amount", "320000000"));
        assert!(flags.set("payments.0.on", "2026-10-20"));
        assert!(flags.set("payments.0.share", "0.5"));
        assert!(!flags.set("amount.more", "1"), "runs through a text");
        assert!(!flags.set("payments.1000.on", "x"));
        let json = r#"{"amount": 320000000, "payments": [{"on": "2026-10-20", "share": 0.5}]}"#;
        assert_eq!(serde_json::from_str::<Given>(json).unwrap(), flags);
    }

    #[test]
    fn empty_fields_of_a_form_are_nothing() {
        let mut form = Given::empty();
        form.set("rows.2.on", " ");
        assert!(form.is_nothing());
        assert!(form.field("other").is_nothing());
    }
}
