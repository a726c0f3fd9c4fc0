//! Fields as JSON Schema: for `--describe`, OpenAPI and the assistant.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::input::{Choice, Field, Kind};

/// A set of fields as a JSON Schema object (draft 2020-12).
///
/// Titles are Vietnamese, descriptions English. Amounts are integers in đồng, rates decimals as text.
#[derive(Debug, Clone, Copy)]
pub struct JsonSchema<'a>(pub &'a [Field]);

impl Serialize for JsonSchema<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let required: Vec<&str> = self.0.iter().filter(|field| field.required).map(|field| field.name).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", "object")?;
        map.serialize_entry("properties", &Properties(self.0))?;
        map.serialize_entry("required", &required)?;
        map.serialize_entry("additionalProperties", &false)?;
        map.end()
    }
}

struct Properties<'a>(&'a [Field]);

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for field in self.0 {
            map.serialize_entry(field.name, &Property(field))?;
        }
        map.end()
    }
}

struct Property<'a>(&'a Field);

impl Serialize for Property<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let field = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("title", field.vi)?;
        map.serialize_entry("description", field.en)?;
        let default = field.default.as_deref();
        match &field.kind {
            Kind::Dong | Kind::Count => {
                map.serialize_entry("type", "integer")?;
                map.serialize_entry("minimum", &0)?;
                if let Some(number) = default.and_then(|text| text.parse::<i64>().ok()) {
                    map.serialize_entry("default", &number)?;
                }
            }
            Kind::Rate => {
                map.serialize_entry("type", "string")?;
                map.serialize_entry("pattern", "^[0-9]+([.][0-9]{1,8})?$")?;
            }
            Kind::Date => {
                map.serialize_entry("type", "string")?;
                map.serialize_entry("format", "date")?;
            }
            Kind::Month => {
                map.serialize_entry("type", "string")?;
                map.serialize_entry("pattern", "^[0-9]{4}-[0-9]{2}$")?;
            }
            Kind::Flag => {
                map.serialize_entry("type", "boolean")?;
                if let Some(flag) = default.and_then(|text| text.parse::<bool>().ok()) {
                    map.serialize_entry("default", &flag)?;
                }
            }
            Kind::Choice(choices) => {
                map.serialize_entry("type", "string")?;
                map.serialize_entry("enum", &Codes(choices))?;
                if let Some(code) = default {
                    map.serialize_entry("default", code)?;
                }
            }
            Kind::List(fields) => {
                map.serialize_entry("type", "array")?;
                map.serialize_entry("items", &JsonSchema(fields))?;
            }
        }
        map.end()
    }
}

struct Codes<'a>(&'a [Choice]);

impl Serialize for Codes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for choice in self.0 {
            list.serialize_element(choice.code)?;
        }
        list.end()
    }
}
