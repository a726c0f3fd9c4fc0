//! Open findings about people, and who is insured elsewhere.

use base::FindingKey;
use chapter::{ChapterError, StepContext};
use engine::rows;

use super::{NAME, Reasons};
use crate::reasons::{Scheme, scheme_of};
use crate::said::Said;

/// An open finding: enough to say which is a person's main one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Open {
    pub(super) person: i64,
    /// Place of its reason.
    pub(super) place: u16,
    pub(super) key: FindingKey,
}

/// Whether a state is that of an open finding.
pub(super) fn is_open(state: &str) -> bool {
    matches!(state, "new" | "still")
}

/// All open findings about people, by person and then by the order of reasons.
pub(super) fn open(context: &StepContext, reasons: &Reasons, elsewhere: &Elsewhere) -> Result<Vec<Open>, ChapterError> {
    let mut all = Vec::new();
    let Some(table) = context.table("finding") else { return Ok(all) };
    for batch in context.book.stream_table(table, &["rule", "person_id", "state", "finding_key"], 65_536)? {
        let batch = batch?;
        let text = |name: &str| rows::text(&batch, name);
        let (rules, states, keys) = (text("rule")?, text("state")?, text("finding_key")?);
        let people = rows::int(&batch, "person_id")?;
        for row in (0..batch.num_rows()).filter(|row| is_open(states.value(*row))) {
            let (rule, Some(person)) = (rules.value(row), rows::int_at(&people, row)) else { continue };
            let damaged = || ChapterError::Step { step: NAME, detail: "a finding has no sound key".to_owned() };
            let key = FindingKey::parse(keys.value(row)).ok_or_else(damaged)?;
            if !elsewhere.leaves_out(rule, person, Some(key)) {
                all.push(Open { person, place: reasons.place(rule), key });
            }
        }
    }
    all.sort_unstable();
    Ok(all)
}

/// People whom the national look-up found insured elsewhere on the last day: for health, and for social insurance. An answer
/// that names no scheme counts for both. Beside them what came of cases and still holds.
#[derive(Debug, Default)]
pub(super) struct Elsewhere {
    health: Vec<i64>,
    social: Vec<i64>,
    said: Said,
}

impl Elsewhere {
    /// Reads the answers.
    pub(super) fn read(context: &StepContext) -> Result<Self, ChapterError> {
        let mut elsewhere = Self { said: Said::read(context)?, ..Self::default() };
        let end = context.inputs.period.last_day().days_since_epoch();
        let Some(table) = context.table("insured_elsewhere") else { return Ok(elsewhere) };
        for batch in context.book.read_table(table, None)? {
            let (people, schemes) = (rows::int(&batch, "person_id")?, rows::text(&batch, "scheme")?);
            let (from, to) = (rows::date(&batch, "valid_from")?, rows::date(&batch, "valid_to")?);
            let in_force = |row: &usize| {
                rows::date_at(&from, *row).is_none_or(|day| day <= end) && rows::date_at(&to, *row).is_none_or(|day| day >= end)
            };
            for row in (0..batch.num_rows()).filter(in_force) {
                let scheme = rows::text_at(&schemes, row);
                if scheme != Some("bhxh") {
                    elsewhere.health.push(people.value(row));
                }
                if scheme != Some("bhyt") {
                    elsewhere.social.push(people.value(row));
                }
            }
        }
        elsewhere.health.sort_unstable();
        elsewhere.social.sort_unstable();
        Ok(elsewhere)
    }

    /// Whether somebody has health insurance elsewhere.
    pub(super) fn in_health(&self, person: i64) -> bool {
        self.health.binary_search(&person).is_ok()
    }

    /// Whether a line waits for the national look-up by what came of a case.
    pub(super) fn waits(&self, reason: &str, person: i64, key: Option<FindingKey>) -> bool {
        self.said.waits(reason, person, key)
    }

    /// Whether a reason is not put to a person: who is insured elsewhere is sent to nobody (practice A2), but a health card
    /// says nothing about social insurance. A rule of a city's own is taken to be about health, as most are.
    /// Nor is what came of a case asked again while it holds.
    pub(super) fn leaves_out(&self, reason: &str, person: i64, key: Option<FindingKey>) -> bool {
        if self.said.leaves_out(reason, person, key) {
            return true;
        }
        match scheme_of(reason).unwrap_or(Scheme::Health) {
            Scheme::Health => self.in_health(person),
            Scheme::Worker | Scheme::Owner => self.social.binary_search(&person).is_ok(),
            Scheme::OldAge | Scheme::Card => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn insurance_elsewhere_leaves_out_only_reasons_of_its_own_scheme() {
        let elsewhere = Elsewhere { health: vec![1, 5], social: vec![2], ..Elsewhere::default() };
        assert!(elsewhere.leaves_out("poor-without-card", 1, None) && !elsewhere.leaves_out("poor-without-card", 2, None));
        assert!(
            elsewhere.leaves_out("wage-without-compulsory", 2, None) && !elsewhere.leaves_out("wage-without-compulsory", 1, None)
        );
        assert!(!elsewhere.leaves_out("social-pension-due", 1, None) && !elsewhere.leaves_out("card-doubled", 1, None));
        assert!(elsewhere.leaves_out("a-rule-of-a-city", 5, None));
    }
}
