//! A parameter of the law with all its values over time.

use std::fmt;

use base::Date;
use serde::Serialize;

use crate::{LookupError, Unit, Value};

/// How sure we are of a value; shown wherever the value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Confidence {
    /// Read in a copy of the law.
    V,
    /// Read in several sources.
    B,
    /// Read in one secondary source only.
    C,
    /// General knowledge, believed right, not looked up.
    K,
    /// Uncertain: to be checked before anybody relies on it.
    U,
}

impl Confidence {
    /// The letter used in the files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V => "V",
            Self::B => "B",
            Self::C => "C",
            Self::K => "K",
            Self::U => "U",
        }
    }

    /// The mark of a letter, or nothing for another word.
    pub fn parse(letter: &str) -> Option<Self> {
        [Self::V, Self::B, Self::C, Self::K, Self::U].into_iter().find(|mark| mark.as_str() == letter)
    }

    /// Whether somebody should check it before it decides anything: C or U.
    pub fn is_doubtful(self) -> bool {
        matches!(self, Self::C | Self::U)
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where in the law a value stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Reference {
    /// Name and number of the law, decree or decision, in Vietnamese.
    pub law: String,
    /// Article, e.g. `Điều 31`; absent only where the note says why.
    pub article: Option<String>,
    /// Clause and point, e.g. `khoản 1 điểm đ`.
    pub clause: Option<String>,
    /// What a reader should know of this citation.
    pub note: Option<String>,
}

impl fmt::Display for Reference {
    /// One line: `khoản 1 điểm đ Điều 31 Luật BHXH 41/2024/QH15`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in [&self.clause, &self.article].into_iter().flatten() {
            write!(f, "{part} ")?;
        }
        f.write_str(&self.law)
    }
}

/// What a parameter is, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Description {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

/// The one thing beside the date on which a parameter depends: region, order in the household, sex.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Selector {
    /// What is selected, e.g. `region`.
    pub name: String,
    /// The words that may be asked for, in the order of the law, e.g. `I`, `II`, `III`, `IV`; the ascending
    /// thresholds of a scale, e.g. `0`, `10`, `50` workers.
    pub values: Vec<String>,
    /// Whether the words are thresholds: any whole number asks for the largest one not above it.
    pub scale: bool,
}

impl Selector {
    /// The position of a word; of the step of a scale that a number stands on.
    fn position(&self, word: &str) -> Option<usize> {
        if !self.scale {
            return self.values.iter().position(|known| known == word);
        }
        let number: i64 = word.parse().ok()?;
        self.values.iter().rposition(|threshold| threshold.parse::<i64>().is_ok_and(|t| t <= number))
    }
}

/// A value, or one for every selector word.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Held {
    /// The same for all; `None` when abolished.
    One(Option<Value>),
    /// In the order of [`Selector::values`], one for each.
    Each(Vec<Option<Value>>),
}

/// What holds from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Dated {
    /// First day in force.
    pub from: Date,
    /// What holds.
    pub held: Held,
    /// Citation.
    pub reference: Reference,
    /// How sure we are.
    pub confidence: Confidence,
    /// Doubts and explanations, in Vietnamese or English.
    pub note: Option<String>,
}

/// One figure of the law with all its values over time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Parameter {
    /// The key, e.g. `bhxh.reference_level`; equal to the path of the file.
    pub key: String,
    /// What it is.
    pub description: Description,
    /// Unit, which decides the type of the values.
    pub unit: Unit,
    /// The selector, when the figure differs by something beside the date.
    pub selector: Option<Selector>,
    /// Values, the oldest first; never empty.
    pub values: Vec<Dated>,
}

impl Parameter {
    /// What holds on a day, with its citation; an error before the first value.
    pub fn dated(&self, date: Date) -> Result<&Dated, LookupError> {
        let later = self.values.partition_point(|dated| dated.from <= date);
        later.checked_sub(1).and_then(|at| self.values.get(at)).ok_or_else(|| LookupError::NotYetInForce {
            key: self.key.clone(),
            date,
            first: self.first_day(),
        })
    }

    /// The value on a day; `None` when abolished. The selector is needed exactly when the parameter has one.
    pub fn at(&self, date: Date, selector: Option<&str>) -> Result<Option<&Value>, LookupError> {
        let which = self.which(selector)?;
        Ok(self.dated(date)?.held.get(which))
    }

    /// All steps for one selector word, the oldest first: first day in force and value (`None`: abolished).
    ///
    /// This is what a column of dates is looked up in.
    pub fn steps(&self, selector: Option<&str>) -> Result<Vec<(Date, Option<&Value>)>, LookupError> {
        let which = self.which(selector)?;
        Ok(self.values.iter().map(|dated| (dated.from, dated.held.get(which))).collect())
    }

    /// The days on which the value changes, for any selector word; the first day in force included.
    ///
    /// A day on which only the citation changes is not one of them.
    pub fn change_days(&self) -> impl Iterator<Item = Date> {
        let earlier = std::iter::once(None).chain(self.values.iter().map(Some));
        self.values.iter().zip(earlier).filter(|(dated, before)| before.is_none_or(|b| b.held != dated.held)).map(|(d, _)| d.from)
    }

    /// First day for which there is a value.
    pub fn first_day(&self) -> Date {
        self.values.first().map_or_else(|| unreachable!("a parameter without values does not load"), |dated| dated.from)
    }

    /// The last day on which `dated` (one of [`Parameter::values`]) holds; `None` while nothing follows it.
    pub fn last_day(&self, dated: &Dated) -> Option<Date> {
        self.values.iter().map(|other| other.from).find(|from| *from > dated.from).and_then(|next| next.add_days(-1))
    }

    /// The position of a selector word, checked; 0 for a parameter without selector.
    fn which(&self, selector: Option<&str>) -> Result<usize, LookupError> {
        let key = || self.key.clone();
        match (&self.selector, selector) {
            (None, None) => Ok(0),
            (None, Some(given)) => Err(LookupError::NoSelector { key: key(), given: given.to_owned() }),
            (Some(own), None) => {
                Err(LookupError::SelectorNeeded { key: key(), name: own.name.clone(), allowed: own.values.clone() })
            }
            (Some(own), Some(given)) => own.position(given).ok_or_else(|| LookupError::UnknownSelector {
                key: key(),
                given: given.to_owned(),
                allowed: own.values.clone(),
            }),
        }
    }
}

impl Held {
    /// The value for a position among the selector words; `None` when abolished.
    fn get(&self, which: usize) -> Option<&Value> {
        match self {
            Self::One(value) => value.as_ref(),
            Self::Each(values) => values.get(which).and_then(Option::as_ref),
        }
    }
}
