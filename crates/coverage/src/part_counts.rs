//! How many people stand behind each part of an indicator, by commune: counted once a run, so that a page of fifty rows neither counts
//! millions nor looks for its rows in all communes.

use std::collections::BTreeMap;

use base::{CommuneCode, Scope};
use engine::{EngineError, Session, rows};

use crate::counted::Part;
use crate::indicators::MEASURES;

/// People by commune; none is people of no known commune, who stand first, as in the tables.
pub(crate) type ByCommune = BTreeMap<Option<CommuneCode>, i64>;

/// The counts of one run.
#[derive(Debug, Default)]
pub(crate) struct PartCounts {
    /// By condition over `coverage_state`.
    states: BTreeMap<&'static str, ByCommune>,
    /// By word of `coverage_outside`.
    outside: BTreeMap<String, ByCommune>,
}

impl PartCounts {
    /// Counts all parts of all indicators in one pass.
    pub(crate) async fn read(session: &Session) -> Result<Self, EngineError> {
        let mut counts = Self::default();
        if session.has_table("coverage_state") {
            counts.read_states(session).await?;
        }
        if session.has_table("coverage_outside") {
            for batch in session.collect("SELECT commune, what, people FROM coverage_outside").await? {
                let (what, people) = (rows::text(&batch, "what")?, rows::int(&batch, "people")?);
                for (row, commune) in communes(&batch)?.into_iter().enumerate() {
                    counts.outside.entry(what.value(row).to_owned()).or_default().insert(commune, people.value(row));
                }
            }
        }
        Ok(counts)
    }

    async fn read_states(&mut self, session: &Session) -> Result<(), EngineError> {
        let parts = MEASURES.iter().flat_map(|measure| Part::ALL.into_iter().filter_map(|part| part.condition(measure.id)));
        let conditions: std::collections::BTreeSet<&'static str> = parts.collect();
        let columns: Vec<String> = conditions
            .iter()
            .enumerate()
            .map(|(at, condition)| format!("count(*) FILTER (WHERE {condition}) AS n{at}"))
            .collect();
        let sql = format!("SELECT commune, {} FROM coverage_state GROUP BY commune", columns.join(", "));
        for batch in session.collect(&sql).await? {
            let communes = communes(&batch)?;
            for (at, condition) in conditions.iter().enumerate() {
                let people = rows::int(&batch, &format!("n{at}"))?;
                let of = self.states.entry(condition).or_default();
                of.extend(communes.iter().cloned().enumerate().map(|(row, commune)| (commune, people.value(row))));
            }
        }
        Ok(())
    }

    /// People of a condition of [`Part::condition`].
    pub(crate) fn states(&self, condition: &str) -> Option<&ByCommune> {
        self.states.get(condition)
    }

    /// Participants who are no known residents, by what they take part in.
    pub(crate) fn outside(&self, what: &str) -> Option<&ByCommune> {
        self.outside.get(what)
    }
}

fn communes(batch: &engine::arrow::record_batch::RecordBatch) -> Result<Vec<Option<CommuneCode>>, EngineError> {
    let texts = rows::text(batch, "commune")?;
    Ok((0..batch.num_rows()).map(|row| rows::text_at(&texts, row).and_then(CommuneCode::parse)).collect())
}

/// The communes of a list that a viewer sees with how many of its rows each has; only the one asked for, where one is.
pub(crate) fn seen<'a>(counts: &'a ByCommune, scope: &Scope, asked: Option<&CommuneCode>) -> Vec<(&'a Option<CommuneCode>, i64)> {
    let wanted = |commune: &Option<CommuneCode>| match asked {
        Some(code) => commune.as_ref() == Some(code),
        None => scope.sees(commune.as_ref()),
    };
    counts
        .iter()
        .filter(|(commune, people)| **people > 0 && wanted(commune))
        .map(|(commune, people)| (commune, *people))
        .collect()
}

/// The condition of the communes that hold the next `rows` rows, from the commune of the last row shown on; none when no row is left.
///
/// Of that first commune it is not known how many rows are still to come, so its rows do not count. Codes are five digits each, checked
/// when parsed: nothing typed reaches a query.
pub(crate) fn reach(seen: &[(&Option<CommuneCode>, i64)], from: Option<&Option<CommuneCode>>, rows: i64) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut sure = 0;
    for (commune, people) in seen.iter().filter(|(commune, _)| from.is_none_or(|from| *commune >= from)) {
        if sure >= rows {
            break;
        }
        parts.push(match commune {
            None => "commune IS NULL".to_owned(),
            Some(code) => format!("commune = '{code}'"),
        });
        if from != Some(*commune) {
            sure += people;
        }
    }
    (!parts.is_empty()).then(|| format!("({})", parts.join(" OR ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<CommuneCode> {
        CommuneCode::parse(text)
    }

    #[test]
    fn a_page_asks_only_the_communes_that_hold_its_rows() {
        let counts: ByCommune = [(None, 3), (code("00004"), 40), (code("00008"), 20), (code("00070"), 900)].into();
        let all = seen(&counts, &Scope::system(), None);
        assert_eq!(reach(&all, None, 51).unwrap(), "(commune IS NULL OR commune = '00004' OR commune = '00008')");
        assert_eq!(reach(&all, None, 43).unwrap(), "(commune IS NULL OR commune = '00004')");
        // After a row of 00004 its other rows come first; how many there are is not known.
        assert_eq!(reach(&all, Some(&code("00004")), 20).unwrap(), "(commune = '00004' OR commune = '00008')");
        assert_eq!(reach(&all, Some(&code("00070")), 51).unwrap(), "(commune = '00070')");
        assert_eq!(reach(&all, Some(&code("00100")), 51), None);
    }

    #[test]
    fn a_commune_reaches_its_own_rows_only() {
        let counts: ByCommune = [(None, 3), (code("00004"), 40), (code("00008"), 0)].into();
        let own =
            Scope { area: base::Area::Communes(code("00004").into_iter().chain(code("00008")).collect()), ..Scope::system() };
        assert_eq!(seen(&counts, &own, None), [(&code("00004"), 40)]);
        assert_eq!(seen(&counts, &Scope::system(), code("00008").as_ref()), []);
    }
}
