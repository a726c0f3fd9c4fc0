//! The file as it is written, before anything is checked.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::Words;

pub(super) type At = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub document: Words,
    pub number: Option<String>,
    pub date: Option<At>,
    pub begins: Option<At>,
    pub place: Option<String>,
    pub first_year: Option<Spanned<i32>>,
    pub last_year: Option<Spanned<i32>>,
    pub units: Vec<Unit>,
    #[serde(default)]
    pub groups: Vec<Group>,
    pub tasks: Vec<Task>,
    #[serde(default)]
    pub duties: Vec<Duty>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unit {
    pub id: At,
    pub name: Words,
    pub kind: At,
    pub place: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub id: At,
    pub title: Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Task {
    pub id: At,
    pub group: Option<At>,
    pub content: Words,
    #[serde(default)]
    pub lead: OneOrMany,
    #[serde(default)]
    pub partners: Vec<At>,
    pub product: Option<Words>,
    pub time: Option<At>,
    #[serde(default)]
    pub indicators: Vec<At>,
    #[serde(default)]
    pub measures: Vec<Measure>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Measure {
    pub id: At,
    pub name: Words,
    pub unit: At,
    pub at_least: Option<At>,
    pub more_than: Option<At>,
    pub at_most: Option<At>,
    pub aims_at: Option<At>,
    pub per: Option<At>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Duty {
    pub id: At,
    pub from: At,
    pub to: Option<At>,
    pub kind: At,
    pub what: Words,
    #[serde(default)]
    pub rosters: Vec<At>,
    #[serde(default)]
    pub rhythms: Vec<Rhythm>,
    pub note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rhythm {
    pub time: At,
    pub place: String,
}

/// One name, or a list of them.
#[derive(Default)]
pub(super) struct OneOrMany(pub Vec<At>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The place is that of the whole value, which is the place of the name where there is one.
        let value = Spanned::<Names>::deserialize(deserializer)?;
        let (referenced, defined) = (value.referenced, value.defined);
        Ok(Self(match value.value {
            Names::One(name) => vec![Spanned { value: name, referenced, defined }],
            Names::Many(names) => names,
        }))
    }
}

enum Names {
    One(String),
    Many(Vec<At>),
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Names;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the id of a unit, or a list of ids")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Names, E> {
                Ok(Names::One(text.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Names, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = items.next_element()? {
                    names.push(name);
                }
                Ok(Names::Many(names))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// A plain text is Vietnamese.
impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Words;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or `vi` and `en`")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Words, E> {
                Ok(Words { vi: text.to_owned(), en: None })
            }
            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Words, A::Error> {
                let (mut vi, mut en) = (None, None);
                while let Some(key) = entries.next_key::<String>()? {
                    match key.as_str() {
                        "vi" if vi.is_none() => vi = Some(entries.next_value()?),
                        "en" if en.is_none() => en = Some(entries.next_value()?),
                        other => return Err(A::Error::custom(format!("`{other}` is not `vi` or `en`, or stands twice"))),
                    }
                }
                Ok(Words { vi: vi.ok_or_else(|| A::Error::missing_field("vi"))?, en })
            }
        }
        deserializer.deserialize_any(Reader)
    }
}
