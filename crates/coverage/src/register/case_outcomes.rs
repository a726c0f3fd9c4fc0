//! What came of cases, as evidence: whoever went to see says that somebody has died or moved, is insured elsewhere, or that two people
//! were taken for one.
//!
//! The desk's copy names people by the numbers they had then; aliases lead to the numbers in use. The table `case_outcome` says of each
//! outcome what this run makes of it, so that the lists and the states need no rule of their own.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Month};
use chapter::{ChapterError, StepContext, StepTable, TableBuilder};
use desk::Outcome;
use engine::rows;

use super::NAME;
use super::answers::{Answers, By, Checked, Residence};
use super::evidence::Alias;

/// How long the word that somebody has moved away stands against rosters that still name the person here. Lists of residents lag behind by
/// months; after a year whoever is still on them is looked at again.
const MOVED_HOLDS_MONTHS: i32 = 12;

/// One closed case.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Closed {
    key: String,
    rule: String,
    person: Option<i64>,
    employer: Option<i64>,
    outcome: Outcome,
    day: Option<i32>,
    closed_on: i32,
}

/// All closed cases of the desk's copy, in the order of their keys.
#[derive(Debug, Default)]
pub(crate) struct CaseOutcomes(Vec<Closed>);

impl CaseOutcomes {
    /// Reads the copy; a run of before there was one has none.
    pub(crate) fn read(context: &StepContext, aliases: &[Alias]) -> Result<Self, ChapterError> {
        let mut closed = Vec::new();
        let Some(table) = context.inputs.desk.get("case_outcome") else { return Ok(Self::default()) };
        let now: BTreeMap<i64, i64> = aliases.iter().filter(|a| !a.split).map(|a| (a.old, a.new)).collect();
        for batch in context.book.read_table(table, None)? {
            let text = |name: &str| rows::text(&batch, name);
            let (keys, rules, kinds, outcomes) = (text("finding_key")?, text("rule")?, text("subject_kind")?, text("outcome")?);
            let (subjects, days) = (rows::int(&batch, "subject")?, rows::date(&batch, "outcome_day")?);
            let on = rows::date(&batch, "closed_on")?;
            for row in 0..batch.num_rows() {
                let unknown =
                    || ChapterError::Step { step: NAME, detail: "case_outcome: an outcome is no known word".to_owned() };
                let subject = subjects.value(row);
                let is_person = kinds.value(row) == "person";
                closed.push(Closed {
                    key: keys.value(row).to_owned(),
                    rule: rules.value(row).to_owned(),
                    person: is_person.then(|| now.get(&subject).copied().unwrap_or(subject)),
                    employer: (!is_person).then_some(subject),
                    outcome: Outcome::from_word(outcomes.value(row)).ok_or_else(unknown)?,
                    day: rows::date_at(&days, row),
                    closed_on: on.value(row),
                });
            }
        }
        closed.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(Self(closed))
    }

    /// What cases say of where people are: of the dead, and of those who moved away within a year.
    pub(crate) fn on_residence(&self, period: Month) -> impl Iterator<Item = (i64, Checked)> {
        self.0.iter().filter_map(move |case| Some((case.person?, case.residence(period)?)))
    }

    /// People of whom somebody said that the rows behind a finding are not of one person.
    pub(crate) fn not_one_person(&self) -> BTreeSet<i64> {
        self.0.iter().filter(|case| case.outcome == Outcome::NotSamePerson).filter_map(|case| case.person).collect()
    }

    /// The table: each outcome and what this run makes of it.
    pub(crate) fn table(&self, context: &StepContext, answers: &Answers) -> Result<StepTable, ChapterError> {
        let mut out = TableBuilder::new(context.schema("case_outcome")?)?;
        for case in &self.0 {
            out.text(Some(&case.key)).text(Some(&case.rule)).int(case.person).int(case.employer);
            out.text(Some(case.outcome.as_str())).date(case.day).date(Some(case.closed_on));
            out.text(Some(case.effect(context.inputs.period, answers)));
        }
        Ok(StepTable::new("case_outcome", context.schema("case_outcome")?, out.finish()?))
    }
}

impl Closed {
    fn residence(&self, period: Month) -> Option<Checked> {
        let residence = match self.outcome {
            Outcome::Dead => Residence::Dead,
            Outcome::Moved if !self.moved_long_ago(period) => Residence::NotResident,
            _ => return None,
        };
        Some(Checked { residence, on: Some(self.closed_on), commune: None, by: By::Case })
    }

    fn moved_long_ago(&self, period: Month) -> bool {
        month_of(self.closed_on).is_none_or(|closed| closed.months_until(period) > MOVED_HOLDS_MONTHS)
    }

    /// What a run makes of it: the words of `formats/tables/case_outcome.yaml`.
    fn effect(&self, period: Month, answers: &Answers) -> &'static str {
        let end = period.last_day().days_since_epoch();
        let holds = self.day.is_some_and(|day| end <= day);
        match self.outcome {
            Outcome::Dead | Outcome::Moved => match (self.person, self.residence(period)) {
                (Some(person), Some(said)) if answers.checked.get(&person) == Some(&said) => "register",
                (Some(_), Some(_)) => "outdone",
                (Some(_), None) => "ended",
                // An employer neither dies nor moves out of the register by a word.
                (None, _) => "listed",
            },
            Outcome::NotSamePerson => "link_review",
            Outcome::InsuredElsewhere | Outcome::Exempt | Outcome::JoinsOnDate if !holds => "ended",
            Outcome::InsuredElsewhere if self.person.is_some_and(|person| answers.looked_up(person)) => "outdone",
            Outcome::InsuredElsewhere => "look_up",
            Outcome::Exempt | Outcome::JoinsOnDate => "left_out",
            // The rosters of the month itself may be too early to know; those of the next one are not.
            Outcome::Joined if month_of(self.closed_on).is_some_and(|closed| period <= closed) => "left_out",
            Outcome::Joined => "ended",
            Outcome::Refused | Outcome::Contacted | Outcome::Corrected | Outcome::Upheld | Outcome::Gone => "listed",
        }
    }
}

fn month_of(day: i32) -> Option<Month> {
    Date::from_days_since_epoch(day).map(Date::month)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(outcome: Outcome, day: Option<&str>, closed_on: &str) -> Closed {
        let days = |text: &str| text.parse::<Date>().unwrap().days_since_epoch();
        Closed {
            key: String::new(),
            rule: "poor-without-card".into(),
            person: Some(1),
            employer: None,
            outcome,
            day: day.map(days),
            closed_on: days(closed_on),
        }
    }

    fn effect(case: &Closed, period: &str, answers: &Answers) -> &'static str {
        case.effect(period.parse().unwrap(), answers)
    }

    #[test]
    fn outcomes_hold_until_their_day_and_joining_for_the_month_it_was_said_in() {
        let nothing = Answers::default();
        for (outcome, holds) in
            [(Outcome::Exempt, "left_out"), (Outcome::JoinsOnDate, "left_out"), (Outcome::InsuredElsewhere, "look_up")]
        {
            let case = case(outcome, Some("2026-11-30"), "2026-10-20");
            assert_eq!(effect(&case, "2026-10", &nothing), holds);
            assert_eq!(effect(&case, "2026-11", &nothing), holds, "its own day counts in");
            assert_eq!(effect(&case, "2026-12", &nothing), "ended");
        }
        let joined = case(Outcome::Joined, None, "2026-11-03");
        assert_eq!(
            ["2026-10", "2026-11", "2026-12"].map(|period| effect(&joined, period, &nothing)),
            ["left_out", "left_out", "ended"]
        );
        assert_eq!(effect(&case(Outcome::Refused, None, "2026-11-03"), "2026-11", &nothing), "listed");
        assert_eq!(effect(&case(Outcome::NotSamePerson, None, "2026-11-03"), "2027-11", &nothing), "link_review");
    }

    #[test]
    fn who_moved_is_looked_at_again_after_a_year_and_a_newer_answer_outdoes_the_word() {
        let moved = case(Outcome::Moved, None, "2025-10-20");
        let mut answers = Answers::default();
        answers.take_cases(&CaseOutcomes(vec![moved.clone()]), "2026-10".parse().unwrap());
        assert_eq!(effect(&moved, "2026-10", &answers), "register");
        assert_eq!(effect(&moved, "2026-11", &Answers::default()), "ended");
        let resident = Checked { residence: Residence::Resident, on: Some(moved.closed_on + 1), commune: None, by: By::Answer };
        let mut answers = Answers::default();
        answers.checked.insert(1, resident);
        answers.take_cases(&CaseOutcomes(vec![moved.clone()]), "2026-10".parse().unwrap());
        assert_eq!((effect(&moved, "2026-10", &answers), answers.checked[&1]), ("outdone", resident));
        // An older one does not.
        answers.checked.insert(1, Checked { on: Some(moved.closed_on - 1), ..resident });
        answers.take_cases(&CaseOutcomes(vec![moved.clone()]), "2026-10".parse().unwrap());
        assert_eq!((effect(&moved, "2026-10", &answers), answers.checked[&1].residence), ("register", Residence::NotResident));
    }
}
