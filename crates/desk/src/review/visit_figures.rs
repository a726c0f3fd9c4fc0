//! Checks on the spot of a year in counts: how many facilities (plan III.4b: more than 25 a year), and which items fail.

use std::collections::BTreeMap;

use base::Scope;
use serde::Serialize;

use super::visit::of_year;
use super::{CheckAnswer, FacilityVisitKind, of_agency};
use crate::access::{Permission, require};
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// Checks of a year, without those that were withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacilityVisitFigures {
    /// The year.
    pub year: i32,
    /// Checks.
    pub visits: i64,
    /// Facilities that were checked, each once: what the plan counts.
    pub facilities: i64,
    /// Checks by what they were about, in the order of kinds.
    pub by_kind: Vec<(FacilityVisitKind, i64)>,
    /// Answers by item, what fails most often first.
    pub items: Vec<ChecklistFigure>,
}

/// How often an item was answered how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChecklistFigure {
    /// Key of the item.
    pub item: String,
    /// It is so.
    pub yes: i64,
    /// It is not so.
    pub no: i64,
    /// It does not apply.
    pub not_applicable: i64,
}

impl Desk {
    /// Checks of a year in counts, in the area of who asks. Aggregates: nothing of cases or people.
    pub async fn facility_visit_figures(&self, scope: &Scope, year: i32) -> Result<FacilityVisitFigures, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let mut tx = self.store().read(scope).await?;
        let counted = |sql: Sql| Ok::<_, DeskError>(of_year(of_agency(sql, scope)?, year).push(" AND withdrawn IS NULL"));
        let sql = counted(Sql::new("SELECT count(*), count(DISTINCT facility) FROM review_visit v WHERE "))?;
        let row = tx.row(sql).await?.ok_or_else(|| DeskError::damaged("review_visit", "a count without a row"))?;
        let (visits, facilities) = (row.int(0)?, row.int(1)?);
        let sql = counted(Sql::new("SELECT kind, count(*) FROM review_visit v WHERE "))?.push(" GROUP BY kind");
        let mut kinds = BTreeMap::new();
        for row in tx.rows(sql).await? {
            kinds.insert(row.text(0)?, row.int(1)?);
        }
        let sql =
            "SELECT a.item, a.answer, count(*) FROM review_visit_answer a JOIN review_visit v ON v.id = a.review_visit WHERE ";
        let sql = counted(Sql::new(sql))?.push(" GROUP BY a.item, a.answer");
        let mut items: BTreeMap<String, ChecklistFigure> = BTreeMap::new();
        for row in tx.rows(sql).await? {
            let (item, count) = (row.text(0)?, row.int(2)?);
            let answer = CheckAnswer::from_word(&row.text(1)?);
            let empty = ChecklistFigure { item: item.clone(), yes: 0, no: 0, not_applicable: 0 };
            let known = items.entry(item).or_insert(empty);
            match answer.ok_or_else(|| DeskError::damaged("review_visit_answer", "answer"))? {
                CheckAnswer::Yes => known.yes += count,
                CheckAnswer::No => known.no += count,
                CheckAnswer::NotApplicable => known.not_applicable += count,
            }
        }
        let mut items: Vec<ChecklistFigure> = items.into_values().collect();
        items.sort_by(|a, b| (b.no, &a.item).cmp(&(a.no, &b.item)));
        let by_kind = FacilityVisitKind::ALL.iter().map(|kind| (*kind, kinds.get(kind.as_str()).copied().unwrap_or(0)));
        Ok(FacilityVisitFigures { year, visits, facilities, by_kind: by_kind.collect(), items })
    }
}
