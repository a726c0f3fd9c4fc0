//! Figures that fill themselves (số liệu tự động): indicators of the plan and figures of its tasks, from the tables of a run and from the desk.

mod desk_counts;
mod read;
mod shelf;

use std::collections::BTreeMap;

use base::{Area, CommuneCode, Date, Month, Rate, RunId};
use plan::data::Words;

pub use desk_counts::DeskCounts;
pub(crate) use shelf::Shelf;

/// What is known of one thing in an area.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Value {
    /// What was counted: people, things or đồng.
    pub value: Option<i64>,
    /// Over how many, where it is a share.
    pub over: Option<i64>,
    /// Where the denominator comes from, for people.
    pub source: Option<String>,
}

impl Value {
    /// The share with eight decimals, rounded half up; none where a part is missing or nothing is counted over.
    pub fn share(&self) -> Option<Rate> {
        let (value, over) = (i128::from(self.value?), i128::from(self.over.filter(|over| *over > 0)?));
        Some(Rate::from_parts((2 * value * 100_000_000 + over) / (2 * over), 8))
    }

    fn add(&mut self, other: &Value) {
        let sum = |a: Option<i64>, b: Option<i64>| Some(a? + b?);
        self.value = sum(self.value, other.value);
        self.over = sum(self.over, other.over);
    }
}

/// Why there is no figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// Nothing was run for the period.
    NoRun,
    /// The run has no such table: a roster did not arrive.
    NoTable(String),
    /// A catalogue or rule that it needs is not there, by its name.
    NotGiven(String),
    /// It could not be evaluated: a part of it is not known.
    NotEvaluated,
    /// It is not known of a single commune.
    NotByCommune,
    /// Too few answered a survey.
    TooFew {
        /// Answers there are.
        answers: i64,
        /// Answers that are needed.
        least: i64,
    },
    /// Something else has to come first.
    Waits(Words),
}

/// A figure, or why there is none.
pub type Answer = Result<Value, Missing>;

/// Values by commune; none is the city, or of no known commune.
type ByCommune = BTreeMap<Option<CommuneCode>, Value>;

/// How the values of one thing add up.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Counted {
    /// The city has a line of its own.
    Indicator(ByCommune),
    /// The city is the sum of all lines; with nothing but lines without a commune it is known of the city alone.
    Sum(ByCommune),
    /// It is not there.
    Missing(Missing),
}

/// Everything one run says of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFigures {
    /// The run.
    pub run: RunId,
    /// Its period.
    pub period: Month,
    counted: BTreeMap<String, Counted>,
}

impl RunFigures {
    /// The day the figures are of.
    pub fn as_of(&self) -> Date {
        self.period.last_day()
    }

    /// A figure or indicator by its id, in an area.
    pub fn of(&self, id: &str, area: &Area) -> Answer {
        let (lines, own_city) = match self.counted.get(id) {
            None => return Err(Missing::NotEvaluated),
            Some(Counted::Missing(why)) => return Err(why.clone()),
            Some(Counted::Indicator(lines)) => (lines, true),
            Some(Counted::Sum(lines)) => (lines, false),
        };
        let by_commune = lines.keys().any(Option::is_some);
        let found = match area {
            Area::City if own_city => lines.get(&None).cloned(),
            Area::City => sum(lines.values()),
            Area::Communes(_) if !by_commune && !lines.is_empty() => return Err(Missing::NotByCommune),
            Area::Communes(own) => {
                let own = own.iter().filter_map(|code| lines.get(&Some(code.clone())));
                // A sum of nothing is nobody, where the city's lines are there.
                sum(own).or_else(|| (!own_city).then(|| Value { value: Some(0), ..Value::default() }))
            }
        };
        let found = found.or_else(|| (!own_city).then(|| Value { value: Some(0), ..Value::default() }));
        found.filter(|value| value.value.is_some()).ok_or(Missing::NotEvaluated)
    }
}

fn sum<'v>(mut values: impl Iterator<Item = &'v Value>) -> Option<Value> {
    let mut all = values.next()?.clone();
    values.for_each(|value| all.add(value));
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commune(code: &str) -> CommuneCode {
        CommuneCode::parse(code).unwrap()
    }

    fn value(value: i64, over: Option<i64>) -> Value {
        Value { value: Some(value), over, source: None }
    }

    fn figures(counted: Counted) -> RunFigures {
        RunFigures {
            run: RunId::parse("2026-10-7f3a9c21").unwrap(),
            period: "2026-10".parse().unwrap(),
            counted: BTreeMap::from([("x".to_owned(), counted)]),
        }
    }

    #[test]
    fn the_city_of_an_indicator_is_its_own_line_and_of_a_count_the_sum() {
        let lines = BTreeMap::from([
            (None, value(7, Some(10))),
            (Some(commune("00004")), value(3, Some(4))),
            (Some(commune("00008")), value(2, Some(4))),
        ]);
        let own = Area::Communes([commune("00004"), commune("00008")].into());
        let indicator = figures(Counted::Indicator(lines.clone()));
        assert_eq!(indicator.of("x", &Area::City).unwrap(), value(7, Some(10)));
        assert_eq!(indicator.of("x", &own).unwrap(), value(5, Some(8)));
        let counts = lines.into_iter().map(|(key, one)| (key, Value { over: None, ..one })).collect();
        let count = figures(Counted::Sum(counts));
        assert_eq!(count.of("x", &Area::City).unwrap(), value(12, None));
        assert_eq!(count.of("x", &Area::Communes([commune("00012")].into())).unwrap(), value(0, None), "nobody there is zero");
    }

    #[test]
    fn what_is_not_known_says_why() {
        assert_eq!(
            figures(Counted::Missing(Missing::NoTable("pension".into()))).of("x", &Area::City),
            Err(Missing::NoTable("pension".into()))
        );
        let unknown = BTreeMap::from([(None, Value { over: Some(5), ..Value::default() })]);
        assert_eq!(figures(Counted::Indicator(unknown)).of("x", &Area::City), Err(Missing::NotEvaluated));
        let city_only = figures(Counted::Sum(BTreeMap::from([(None, value(4, None))])));
        assert_eq!(city_only.of("x", &Area::Communes([commune("00004")].into())), Err(Missing::NotByCommune));
        assert_eq!(city_only.of("y", &Area::City), Err(Missing::NotEvaluated));
        let not_given = Missing::NotGiven("over_30_annex".into());
        assert_eq!(figures(Counted::Missing(not_given.clone())).of("x", &Area::City), Err(not_given));
    }

    #[test]
    fn a_share_is_exact_to_eight_decimals() {
        assert_eq!(value(1, Some(3)).share().unwrap().to_string(), "0.33333333");
        assert_eq!(value(2, Some(3)).share().unwrap().to_string(), "0.66666667");
        assert_eq!(value(1, Some(0)).share(), None);
    }
}
