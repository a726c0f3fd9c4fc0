//! A finished answer: amount, parts, steps, doubts; and its JSON.

use base::{Date, Dong};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::outcome::{Out, Part, Parts};
use super::trace::{Step, Used};
use crate::{Confidence, Value};

/// What a calculator answered, with how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Name of the calculator.
    pub calculator: &'static str,
    /// The amount asked for, where there is one.
    pub amount: Option<Dong>,
    /// All parts.
    pub parts: Vec<Part>,
    /// The steps.
    pub steps: Vec<Step>,
}

impl Answer {
    /// Every value used that somebody should check (confidence C or U), each once, in the order of use.
    pub fn doubts(&self) -> Vec<&Used> {
        let mut doubts: Vec<&Used> = Vec::new();
        for used in self.steps.iter().flat_map(|step| &step.uses).filter(|used| used.confidence.is_doubtful()) {
            if !doubts.iter().any(|d| (&d.parameter, d.from) == (&used.parameter, used.from)) {
                doubts.push(used);
            }
        }
        doubts
    }

    /// The keys of the parameters used, each once, sorted.
    pub fn parameters(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = self.steps.iter().flat_map(|s| &s.uses).map(|used| used.parameter.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// A line of the trace in JSON: a step, or a parameter that a step used.
#[derive(Serialize)]
struct Line<'a> {
    step: &'a str,
    step_en: &'a str,
    value: LineValue<'a>,
    parameter: Option<&'a str>,
    selector: Option<&'a str>,
    date: Option<Date>,
    article: Option<String>,
    confidence: Option<Confidence>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum LineValue<'a> {
    Step(&'a Out),
    Law(&'a Option<Value>),
}

struct Money<'a>(&'a [Part]);

impl Serialize for Money<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for part in self.0 {
            if let Out::Dong(dong) = part.value {
                map.serialize_entry(part.name, &dong)?;
            }
        }
        map.end()
    }
}

impl Serialize for Answer {
    /// `calculator, amount, parts {name: đồng}, result {…}, trace [{step, value, parameter, date, article, …}], doubts, reference_only`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut trace = Vec::new();
        for step in &self.steps {
            for used in &step.uses {
                trace.push(Line {
                    step: step.vi,
                    step_en: step.en,
                    value: LineValue::Law(&used.value),
                    parameter: Some(&used.parameter),
                    selector: used.selector.as_deref(),
                    date: Some(used.on),
                    article: Some(used.reference.to_string()),
                    confidence: Some(used.confidence),
                });
            }
            trace.push(Line {
                step: step.vi,
                step_en: step.en,
                value: LineValue::Step(&step.value),
                parameter: None,
                selector: None,
                date: None,
                article: None,
                confidence: None,
            });
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("calculator", self.calculator)?;
        map.serialize_entry("amount", &self.amount)?;
        map.serialize_entry("parts", &Money(&self.parts))?;
        map.serialize_entry("result", &Parts(&self.parts))?;
        map.serialize_entry("trace", &trace)?;
        map.serialize_entry("doubts", &self.doubts())?;
        map.serialize_entry("reference_only", &true)?;
        map.end()
    }
}
