//! Figures counted on the desk.

use std::collections::BTreeMap;

use base::{Area, Scope};
use desk::{Desk, DeskError};
use plan::indicators::Indicators;

use super::{Answer, Missing, Value};

/// Counts of the desk by name, as `plan/figures.yaml` asks for them.
#[derive(Debug, Clone, Default)]
pub struct DeskCounts(BTreeMap<&'static str, Value>);

impl DeskCounts {
    /// Names that figures may ask for.
    pub const NAMES: [&str; 1] = ["targets"];

    /// Counts what a scope may see: `targets`, the targets of communes in force in a year over those that are assigned.
    pub async fn read(
        desk: &Desk,
        scope: &Scope,
        indicators: &Indicators,
        year: i32,
        communes: usize,
    ) -> Result<Self, DeskError> {
        let assigned: Vec<&str> = indicators.all().iter().filter(|one| one.assigned).map(|one| one.id.as_str()).collect();
        let targets = desk.targets(scope, year).await?;
        let given = targets.iter().filter(|one| one.commune.is_some() && assigned.contains(&one.indicator.as_str())).count();
        let communes = match &scope.area {
            Area::City => communes,
            Area::Communes(own) => own.len(),
        };
        let value = Value { value: i64::try_from(given).ok(), over: i64::try_from(assigned.len() * communes).ok(), source: None };
        Ok(Self(BTreeMap::from([("targets", value)])))
    }

    /// A count by its name.
    pub fn of(&self, name: &str) -> Answer {
        self.0.get(name).cloned().ok_or(Missing::NotEvaluated)
    }
}
