//! How an answer came about: every step with its figures, every parameter with value, day and article.

use base::Date;
use serde::Serialize;

use super::outcome::Out;
use crate::{Confidence, Reference, Unit, Value};

/// A parameter of the law as a calculator used it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Used {
    /// The key.
    pub parameter: String,
    /// The selector word, where the parameter has one.
    pub selector: Option<String>,
    /// The day asked for.
    pub on: Date,
    /// First day on which the value holds.
    pub from: Date,
    /// The value.
    pub value: Option<Value>,
    /// Its unit.
    pub unit: Unit,
    /// Citation.
    pub reference: Reference,
    /// How sure we are.
    pub confidence: Confidence,
    /// The doubt or explanation of the file.
    pub note: Option<String>,
}

/// A piece of a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// A figure.
    Value(Out),
    /// A sign: `×`, `+`, `=`.
    Sign(&'static str),
    /// Words in Vietnamese and English.
    Words(&'static str, &'static str),
}

impl<T: Into<Out>> From<T> for Term {
    fn from(value: T) -> Self {
        Self::Value(value.into())
    }
}

/// One step of a calculation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What was worked out, in Vietnamese.
    pub vi: &'static str,
    /// What was worked out, in English.
    pub en: &'static str,
    /// The formula with its figures.
    pub how: Vec<Term>,
    /// The result.
    pub value: Out,
    /// Parameters used since the step before.
    pub uses: Vec<Used>,
}

/// Where steps go: kept, or not even made.
pub trait Trace {
    /// Whether steps are kept.
    const ON: bool;
    /// Notes a parameter that the next step uses.
    fn used(&mut self, used: impl FnOnce() -> Used);
    /// Notes a step; it takes over the parameters used since the one before.
    fn step(&mut self, step: impl FnOnce(Vec<Used>) -> Step);
}

/// Keeps nothing: for batches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Trace for Silent {
    const ON: bool = false;
    fn used(&mut self, _: impl FnOnce() -> Used) {}
    fn step(&mut self, _: impl FnOnce(Vec<Used>) -> Step) {}
}

/// Keeps everything: for people.
#[derive(Debug, Clone, Default)]
pub struct Steps {
    steps: Vec<Step>,
    pending: Vec<Used>,
}

impl Steps {
    /// The steps; parameters that no step took over stand with the last one.
    pub fn finish(mut self) -> Vec<Step> {
        if let Some(last) = self.steps.last_mut() {
            last.uses.append(&mut self.pending);
        }
        self.steps
    }
}

impl Trace for Steps {
    const ON: bool = true;
    fn used(&mut self, used: impl FnOnce() -> Used) {
        let used = used();
        if !self.pending.contains(&used) {
            self.pending.push(used);
        }
    }
    fn step(&mut self, step: impl FnOnce(Vec<Used>) -> Step) {
        let uses = std::mem::take(&mut self.pending);
        self.steps.push(step(uses));
    }
}

/// A formula: `how![wage, "×", rate]`.
macro_rules! how {
    (@term ($vi:literal / $en:literal)) => { $crate::calc::Term::Words($vi, $en) };
    (@term $sign:literal) => { $crate::calc::Term::Sign($sign) };
    (@term $value:expr) => { $crate::calc::Term::from($value) };
    ($($term:tt),* $(,)?) => { || vec![$(how!(@term $term)),*] };
}

pub(crate) use how;
