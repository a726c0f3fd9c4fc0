//! Asking the law: errors of a lookup and the answer with its citation.

use base::{Date, Explain};
use serde::Serialize;

use crate::{Confidence, Dated, Law, Parameter, Reference, Unit, Value};

/// Why the law has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// There is no such parameter.
    #[error("the law has no parameter `{key}`")]
    UnknownKey {
        /// The key as asked.
        key: String,
        /// The key that is spelled most like it, when one is near.
        nearest: Option<String>,
    },
    /// The day lies before the first value.
    #[error("`{key}` has no value on {date}: its first one is from {first}")]
    NotYetInForce {
        /// The parameter.
        key: String,
        /// The day asked for.
        date: Date,
        /// First day with a value.
        first: Date,
    },
    /// The parameter differs by a selector and none was given.
    #[error("`{key}` differs by {name}; one of {} is needed", allowed.join(", "))]
    SelectorNeeded {
        /// The parameter.
        key: String,
        /// What is to be selected.
        name: String,
        /// The words that may be given.
        allowed: Vec<String>,
    },
    /// The selector is not one of the parameter's words.
    #[error("`{key}` knows no `{given}`; it knows {}", allowed.join(", "))]
    UnknownSelector {
        /// The parameter.
        key: String,
        /// The selector as given.
        given: String,
        /// The words that may be given.
        allowed: Vec<String>,
    },
    /// A selector was given to a parameter that has none.
    #[error("`{key}` is the same for all, but `{given}` was asked for")]
    NoSelector {
        /// The parameter.
        key: String,
        /// The selector as given.
        given: String,
    },
}

impl LookupError {
    /// The parameter that was asked for.
    pub fn key(&self) -> &str {
        match self {
            Self::UnknownKey { key, .. }
            | Self::NotYetInForce { key, .. }
            | Self::SelectorNeeded { key, .. }
            | Self::UnknownSelector { key, .. }
            | Self::NoSelector { key, .. } => key,
        }
    }
}

impl Explain for LookupError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownKey { .. } => "law_unknown_key",
            Self::NotYetInForce { .. } => "law_not_yet_in_force",
            Self::SelectorNeeded { .. } => "law_selector_needed",
            Self::UnknownSelector { .. } => "law_unknown_selector",
            Self::NoSelector { .. } => "law_no_selector",
        }
    }

    fn place(&self) -> String {
        self.key().to_owned()
    }

    fn remedy(&self) -> String {
        match self {
            Self::UnknownKey { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`? `ansinh law list` names all"),
            Self::UnknownKey { nearest: None, .. } => "`ansinh law list` names all parameters".to_owned(),
            Self::NotYetInForce { key, first, .. } => {
                format!(
                    "ask for a day from {first} on, or add the earlier value with its citation to law/{}.yaml",
                    key.replace('.', "/")
                )
            }
            Self::SelectorNeeded { allowed, .. } | Self::UnknownSelector { allowed, .. } => {
                format!("give one of {}", allowed.join(", "))
            }
            Self::NoSelector { .. } => "leave the selector out".to_owned(),
        }
    }

    fn public_text(&self) -> String {
        "Hệ thống chưa có quy định áp dụng cho thời điểm này.".to_owned()
    }
}

/// A value with everything needed to check it: the answer of `ansinh law show`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// The value; absent when abolished.
    pub value: Option<Value>,
    /// Its unit.
    pub unit: Unit,
    /// First day in force.
    pub from: Date,
    /// Last day in force (that day included); absent while nothing follows.
    pub to: Option<Date>,
    /// Citation.
    pub reference: Reference,
    /// How sure we are.
    pub confidence: Confidence,
}

impl Law {
    /// The value of a parameter on a day; `Ok(None)` when it is abolished then.
    ///
    /// The selector is needed exactly when the parameter has one.
    pub fn at(&self, key: &str, date: Date, selector: Option<&str>) -> Result<Option<&Value>, LookupError> {
        self.known(key)?.at(date, selector)
    }

    /// As [`Law::at`], with unit, dates in force, citation and confidence.
    pub fn show(&self, key: &str, date: Date, selector: Option<&str>) -> Result<Shown, LookupError> {
        let parameter = self.known(key)?;
        let value = parameter.at(date, selector)?.cloned();
        let dated = parameter.dated(date)?;
        Ok(Shown {
            value,
            unit: parameter.unit,
            from: dated.from,
            to: parameter.last_day(dated),
            reference: dated.reference.clone(),
            confidence: dated.confidence,
        })
    }

    /// Every value somebody should check before it decides anything (confidence C or U), by key and date.
    pub fn doubtful(&self) -> impl Iterator<Item = (&Parameter, &Dated)> {
        self.parameters()
            .flat_map(|parameter| parameter.values.iter().map(move |dated| (parameter, dated)))
            .filter(|(_, dated)| dated.confidence.is_doubtful())
    }

    /// The parameter of a key, or an error that names the nearest one.
    pub fn known(&self, key: &str) -> Result<&Parameter, LookupError> {
        self.parameter(key).ok_or_else(|| LookupError::UnknownKey {
            key: key.to_owned(),
            nearest: nearest(key, self.parameters().map(|parameter| parameter.key.as_str())),
        })
    }
}

/// The name spelled most like `wanted`, when at most a third of it differs; the first of equals.
pub(crate) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let (distance, name) = names.map(|name| (edits(wanted, name), name)).min_by_key(|(distance, _)| *distance)?;
    (distance * 3 <= wanted.chars().count().max(3)).then(|| name.to_owned())
}

/// Number of letters to insert, delete or replace (Levenshtein).
fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, letter) in one.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, its) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *its);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_key_is_offered_only_when_near() {
        let keys = ["bhxh.cap_multiple", "bhyt.break_days", "bhyt.waiting_days"];
        assert_eq!(nearest("bhyt.brek_days", keys.into_iter()).as_deref(), Some("bhyt.break_days"));
        assert_eq!(nearest("bhyt.waitingdays", keys.into_iter()).as_deref(), Some("bhyt.waiting_days"));
        assert_eq!(nearest("pension.rate", keys.into_iter()), None);
    }
}
