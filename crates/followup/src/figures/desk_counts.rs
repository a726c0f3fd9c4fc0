//! Figures counted on the desk.

use std::collections::BTreeMap;

use base::{Area, CommuneCode, Date, Scope};
use desk::{Desk, DeskError};

use super::{Answer, Missing, Value};
use crate::followed::Followed;
use crate::status::days_of;

/// Counts of the desk by name, as `plan/figures.yaml` asks for them.
#[derive(Debug, Clone, Default)]
pub struct DeskCounts {
    named: BTreeMap<&'static str, Value>,
    /// Satisfied answers and answers by commune; none is the city's own units.
    satisfaction: BTreeMap<Option<CommuneCode>, (i64, i64)>,
    /// Answers below which no share is told.
    least: i64,
}

impl DeskCounts {
    /// Names that figures may ask for.
    pub const NAMES: [&str; 4] = ["targets", "teams", "meetings", "conclusions_late"];

    /// Counts what a scope may see of the year up to a day: `targets`, the targets of communes in force over those that are assigned;
    /// `teams`, the bodies that were set up over the communes; `meetings` held; `conclusions_late`; and the answers to surveys.
    pub async fn read(desk: &Desk, scope: &Scope, followed: &Followed, today: Date, communes: usize) -> Result<Self, DeskError> {
        let (first, last) = days_of(today.year(), today);
        let last = last.min(today);
        let indicators = followed.indicators.all();
        let assigned: Vec<&str> = indicators.iter().filter(|one| one.assigned).map(|one| one.id.as_str()).collect();
        let targets = desk.targets(scope, today.year()).await?;
        let given = targets.iter().filter(|one| one.commune.is_some() && assigned.contains(&one.indicator.as_str())).count();
        let communes = match &scope.area {
            Area::City => communes,
            Area::Communes(own) => own.len(),
        };
        let whole = |n: usize| i64::try_from(n).ok();
        let bodies = desk.committees(scope, (first, last), today).await?;
        let seen = bodies.iter().filter(|one| scope.sees(one.committee.commune.as_ref()));
        let (mut teams, mut meetings, mut late) = (0, 0, 0);
        for body in seen {
            teams += usize::from(body.committee.commune.is_some());
            meetings += body.meetings;
            late += body.late;
        }
        let count = |value: i64| Value { value: Some(value), ..Value::default() };
        let named = BTreeMap::from([
            ("targets", Value { value: whole(given), over: whole(assigned.len() * communes), source: None }),
            ("teams", Value { value: whole(teams), over: whole(communes), source: None }),
            ("meetings", count(meetings)),
            ("conclusions_late", count(late)),
        ]);
        let mut satisfaction: BTreeMap<Option<CommuneCode>, (i64, i64)> = BTreeMap::new();
        for one in desk.satisfaction(scope, first, last).await? {
            let sums = satisfaction.entry(one.commune).or_default();
            *sums = (sums.0 + one.satisfied, sums.1 + one.answers);
        }
        Ok(Self { named, satisfaction, least: followed.surveys.least_answers() })
    }

    /// A count by its name.
    pub fn of(&self, name: &str) -> Answer {
        self.named.get(name).cloned().ok_or(Missing::NotEvaluated)
    }

    /// Satisfied answers over answers in an area: all of the city, or those of its communes' own units.
    pub fn satisfaction(&self, area: &Area) -> Answer {
        let counts = |commune: &Option<CommuneCode>| match area {
            Area::City => true,
            Area::Communes(own) => commune.as_ref().is_some_and(|code| own.contains(code)),
        };
        let own = self.satisfaction.iter().filter(|(commune, _)| counts(commune)).map(|(_, sums)| *sums);
        let (satisfied, answers) = own.fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
        if answers < self.least {
            return Err(Missing::TooFew { answers, least: self.least });
        }
        Ok(Value {
            value: Some(satisfied), over: Some(answers), source: Some("Phiếu khảo sát hài lòng trong năm".to_owned())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_answers_are_no_share_and_a_commune_has_its_own() {
        let commune = CommuneCode::parse("00004").unwrap();
        let counts = DeskCounts {
            named: BTreeMap::new(),
            satisfaction: BTreeMap::from([(None, (20, 25)), (Some(commune.clone()), (9, 10))]),
            least: 30,
        };
        let city = counts.satisfaction(&Area::City).unwrap();
        assert_eq!((city.value, city.over), (Some(29), Some(35)));
        let own = counts.satisfaction(&Area::Communes([commune].into()));
        assert_eq!(own, Err(Missing::TooFew { answers: 10, least: 30 }));
    }
}
