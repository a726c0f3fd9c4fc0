//! What can be wrong with a file of the law, and where.

use std::fmt;

use base::{Date, Explain};

use crate::Unit;

/// One thing wrong with a file of the law.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The path does not make a key.
    #[error("a parameter file is named in small letters, digits and `_` and ends in .yaml, as bhxh/reference_level.yaml")]
    FileName,
    /// The same path came twice.
    #[error("this file was given twice")]
    FileTwice,
    /// Not readable as YAML.
    #[error("not readable as YAML: {0}")]
    Yaml(String),
    /// Something that must be there is not.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// There, but without content.
    #[error("`{0}` is empty")]
    Empty(String),
    /// A key that means nothing here.
    #[error("unknown key `{key}`{}", did_you_mean(nearest.as_deref()))]
    UnknownKey {
        /// The key as written.
        key: String,
        /// The known key spelled most like it.
        nearest: Option<String>,
    },
    /// A key of a mapping twice.
    #[error("`{0}` is there twice")]
    KeyTwice(String),
    /// Text where a mapping belongs, and the like.
    #[error("`{what}` must be {expected}")]
    Shape {
        /// The key whose value has the wrong shape.
        what: String,
        /// What belongs there.
        expected: &'static str,
    },
    /// The key in the file is not the path of the file.
    #[error("the key is `{key}`, but the path of the file makes it `{path}`")]
    KeyIsNotPath {
        /// The key in the file.
        key: String,
        /// The key that the path makes.
        path: String,
    },
    /// There is no such unit.
    #[error("unknown unit `{word}`; the units are {}", Unit::ALL.map(Unit::as_str).join(", "))]
    UnknownUnit {
        /// The word as written.
        word: String,
    },
    /// There is no such mark.
    #[error("unknown confidence `{0}`; the marks are V, B, C, K, U")]
    UnknownConfidence(String),
    /// Not a date.
    #[error("{0}")]
    Date(#[from] base::DateError),
    /// A date that does not come after the one before.
    #[error("{date} stands below {before}, but the oldest date comes first")]
    NotAscending {
        /// The date at fault.
        date: Date,
        /// The date before it in the file.
        before: Date,
    },
    /// A date that was there already.
    #[error("{0} is there twice")]
    SameDate(Date),
    /// A value that is not of the unit.
    #[error("`{text}` is not a value in {unit}")]
    WrongType {
        /// The value as written.
        text: String,
        /// The unit of the parameter.
        unit: Unit,
    },
    /// A word twice in the list of the selector.
    #[error("the selector value `{0}` is there twice")]
    SelectorTwice(String),
    /// A selector that is a list of words and a scale at once.
    #[error("a selector has either `values` or `scale`")]
    ValuesAndScale,
    /// A threshold that is no whole number or not larger than the one before.
    #[error("`{0}` is not a whole number larger than the threshold before it")]
    Threshold(String),
    /// A value for a word that the selector does not have.
    #[error("`{word}` is not a value of the selector; it has {}", known.join(", "))]
    UnknownSelectorValue {
        /// The word as written.
        word: String,
        /// The words of the selector.
        known: Vec<String>,
    },
    /// A selector word without value.
    #[error("the value for {0} is missing")]
    MissingSelectorValue(String),
    /// Values by selector in a parameter that has none.
    #[error("values by selector, but the parameter has no `selector`")]
    NoSelector,
    /// One value in a parameter that has a selector.
    #[error("one value for all, but the parameter has a selector; it needs a value for each of {}", .0.join(", "))]
    SelectorNeeded(Vec<String>),
    /// A citation that neither names an article nor says why.
    #[error("the reference names no `article`, and has no `note` that says why")]
    NoArticle,
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!("; did you mean `{nearest}`?")).unwrap_or_default()
}

impl Fault {
    /// What to do about it.
    fn remedy(&self) -> String {
        match self {
            Self::FileName => "rename the file".to_owned(),
            Self::FileTwice => "give each file once; a city's own folder replaces a file, it does not add to it".to_owned(),
            Self::Yaml(_) => "mend the text; docs/adding-a-parameter.md shows the form".to_owned(),
            Self::Missing(what) => format!("add `{what}:`; docs/adding-a-parameter.md shows the form"),
            Self::Empty(what) => format!("write the content of `{what}` or take the line out"),
            Self::UnknownKey { .. } => "correct or remove the key".to_owned(),
            Self::KeyTwice(_) => "keep one of the two".to_owned(),
            Self::Shape { .. } => "docs/adding-a-parameter.md shows the form".to_owned(),
            Self::KeyIsNotPath { path, .. } => format!("write `key: {path}` or move the file"),
            Self::UnknownUnit { .. } => "choose one of the units".to_owned(),
            Self::UnknownConfidence(_) => {
                "V read in the law, B several sources, C one secondary source, K known but not looked up, U uncertain".to_owned()
            }
            Self::Date(_) => "write the day as yyyy-mm-dd".to_owned(),
            Self::NotAscending { .. } => "put the oldest value first".to_owned(),
            Self::SameDate(_) => "keep one value for the day".to_owned(),
            Self::WrongType { unit, .. } => format!("{unit} is {}", unit.example()),
            Self::SelectorTwice(_) => "name each value of the selector once".to_owned(),
            Self::ValuesAndScale => "keep one of the two".to_owned(),
            Self::Threshold(_) => "write the thresholds ascending, as [0, 10, 50]".to_owned(),
            Self::UnknownSelectorValue { .. } => "correct the word, or add it to `selector: values`".to_owned(),
            Self::MissingSelectorValue(word) => format!("add `{word}: …`; null where it is abolished"),
            Self::NoSelector => "declare `selector: {name: …, values: […]}`, or give one value".to_owned(),
            Self::SelectorNeeded(words) => {
                let each: Vec<String> = words.iter().map(|word| format!("{word}: …")).collect();
                format!("write `value: {{{}}}`", each.join(", "))
            }
            Self::NoArticle => "name the article, or add a `note` to the reference that says why there is none".to_owned(),
        }
    }
}

/// A fault with its place. Shows as `bhxh/reference_level.yaml:8:12: …`, which editors can open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {fault}")]
pub struct LawError {
    /// Path inside the law folder.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Column in characters, from 1.
    pub column: u64,
    /// What is wrong.
    #[source]
    pub fault: Fault,
}

impl Explain for LawError {
    fn code(&self) -> &'static str {
        "law_file_refused"
    }

    fn what(&self) -> String {
        self.fault.to_string()
    }

    fn place(&self) -> String {
        format!("law/{}:{}:{}", self.file, self.line, self.column)
    }

    fn remedy(&self) -> String {
        self.fault.remedy()
    }
}

/// Everything wrong with the law folder, by file, line and column; never empty. One line a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LawErrors(Vec<LawError>);

impl LawErrors {
    /// Puts the faults in the order of file and place.
    pub(crate) fn sorted(mut faults: Vec<LawError>) -> Self {
        faults.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        Self(faults)
    }

    /// The faults in order.
    pub fn iter(&self) -> impl Iterator<Item = &LawError> {
        self.0.iter()
    }

    /// How many files are refused.
    pub fn files(&self) -> usize {
        self.0.chunk_by(|a, b| a.file == b.file).count()
    }
}

impl fmt::Display for LawErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for LawErrors {}

impl Explain for LawErrors {
    fn code(&self) -> &'static str {
        "law_refused"
    }

    fn place(&self) -> String {
        self.0.first().map(Explain::place).unwrap_or_default()
    }

    fn remedy(&self) -> String {
        let remedies: Vec<String> =
            self.0.iter().map(|error| format!("{}:{}: {}", error.file, error.line, error.remedy())).collect();
        remedies.join("\n")
    }
}
