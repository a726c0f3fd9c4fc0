//! The front matter of a rule: what it declares about itself.

use std::collections::BTreeMap;

use base::{Date, Strength, SubjectKind};
use serde::Deserialize;
use serde_saphyr::Spanned;

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

/// How a rule is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// One SELECT over whole tables.
    Query,
    /// A predicate over a named row context, fused with others into one scan.
    Row,
    /// A detector written in Rust for what SQL cannot say. Not supported yet.
    Code,
}

impl Shape {
    /// The word used in the files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Row => "row",
            Self::Code => "code",
        }
    }
}

/// A value that is the rule's own choice and not law, written as `$name` in its SQL.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// The value.
    pub value: ParameterValue,
    /// Why this value; shown on the rule's page.
    pub reason: Bilingual,
}

/// A whole number or a text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum ParameterValue {
    /// A whole number.
    Int(i64),
    /// A text, bound as a quoted literal.
    Text(String),
}

impl ParameterValue {
    /// The SQL literal that stands for the value.
    pub(crate) fn literal(&self) -> String {
        match self {
            Self::Int(number) => number.to_string(),
            Self::Text(text) => format!("'{}'", text.replace('\'', "''")),
        }
    }
}

/// What becomes of a finding in the hands of people.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// The kind of unit that works on it, e.g. `commune`, `insurance_office`.
    pub unit: String,
    /// Working days until it is due.
    pub due_working_days: u16,
    /// The letter that may be sent, by name.
    #[serde(default)]
    pub letter: Option<String>,
    /// The outcomes a person may choose from.
    #[serde(default)]
    pub outcomes: Vec<String>,
    /// Whether a case is opened for the unit after each run, without anybody taking it.
    #[serde(default)]
    pub auto: bool,
}

/// The days on which the rule may be run, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// First day.
    pub from: Date,
    /// Last day; absent while it holds.
    #[serde(default)]
    pub to: Option<Date>,
}

impl Validity {
    /// Whether a day lies within.
    pub fn holds_on(self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// The front matter as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FrontMatter {
    pub id: Spanned<String>,
    pub title: Bilingual,
    pub chapter: Spanned<String>,
    pub subject: SubjectKind,
    pub shape: Spanned<Shape>,
    #[serde(default)]
    pub key: Vec<Spanned<String>>,
    pub strength: Strength,
    pub reads: Vec<Spanned<String>>,
    #[serde(default)]
    pub law: Vec<Spanned<String>>,
    #[serde(default)]
    pub parameters: BTreeMap<String, Spanned<Parameter>>,
    pub work: Work,
    pub valid: Validity,
    #[serde(default)]
    pub formerly: Vec<String>,
    /// Numbers of published checks that the rule does, e.g. `M01`.
    #[serde(default)]
    pub check: Option<String>,
}
