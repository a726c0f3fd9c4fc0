//! What came of cases and still holds, as the lists and the states of a run use it.
//!
//! Nobody becomes covered by a word (docs/coverage.md): an outcome keeps somebody off the lists for a while or sends the question to the
//! national look-up, and the states say so. About a missing card an outcome holds for the person, whichever rule asked; about work it holds
//! for the one finding, since another employer is another question.

use std::collections::BTreeMap;

use base::FindingKey;
use chapter::{ChapterError, StepContext};
use desk::Outcome;
use engine::rows;

use crate::reasons::{Scheme, scheme_of};

/// The table they stand in.
pub(crate) const TABLE: &str = "case_outcome";

/// What was said, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Word {
    /// Not liable, with a ground (không thuộc diện).
    Exempt,
    /// Insured elsewhere, waits for the national look-up.
    Elsewhere,
    /// The rows behind the finding are not of one person.
    OtherPerson,
    /// Takes part now; the rosters of the month may not know yet.
    Joined,
    /// Will take part from a day on.
    Joins,
}

impl Word {
    /// Whether the finding is kept off the lists; else it waits for the look-up.
    fn leaves_out(self) -> bool {
        self != Self::Elsewhere
    }
}

/// What holds in a run.
#[derive(Debug, Default)]
pub(crate) struct Said {
    by_key: BTreeMap<FindingKey, Word>,
    /// About health insurance, by person; never [`Word::OtherPerson`], which is about one finding.
    health: BTreeMap<i64, Word>,
    /// About work, by person.
    work: BTreeMap<i64, Word>,
    /// That a finding about health was of another person.
    other_person: BTreeMap<i64, ()>,
}

impl Said {
    /// Reads what holds.
    pub(crate) fn read(context: &StepContext) -> Result<Self, ChapterError> {
        let mut said = Self::default();
        let Some(table) = context.table(TABLE) else { return Ok(said) };
        for batch in context.book.read_table(table, None)? {
            let text = |name: &str| rows::text(&batch, name);
            let (keys, rules, outcomes, effects) = (text("finding_key")?, text("rule")?, text("outcome")?, text("effect")?);
            let people = rows::int(&batch, "person_id")?;
            for row in 0..batch.num_rows() {
                if !matches!(effects.value(row), "left_out" | "look_up" | "link_review") {
                    continue;
                }
                let (Some(key), Some(word)) = (FindingKey::parse(keys.value(row)), word(outcomes.value(row))) else { continue };
                said.add(key, rules.value(row), rows::int_at(&people, row), word);
            }
        }
        Ok(said)
    }

    fn add(&mut self, key: FindingKey, rule: &str, person: Option<i64>, word: Word) {
        self.by_key.insert(key, word);
        let Some(person) = person else { return };
        let known = match scheme(rule) {
            Scheme::Health if word == Word::OtherPerson => {
                self.other_person.insert(person, ());
                return;
            }
            Scheme::Health => &mut self.health,
            Scheme::Worker | Scheme::Owner => &mut self.work,
            Scheme::OldAge | Scheme::Card => return,
        };
        known.entry(person).and_modify(|known| *known = (*known).min(word)).or_insert(word);
    }

    /// What was said of a finding.
    pub(crate) fn of_finding(&self, key: FindingKey) -> Option<Word> {
        self.by_key.get(&key).copied()
    }

    /// What was said of somebody without a card.
    pub(crate) fn health(&self, person: i64) -> Option<Word> {
        self.health.get(&person).copied()
    }

    /// Whether somebody said that the rows which make somebody look uncovered are not of one person.
    pub(crate) fn other_person(&self, person: i64) -> bool {
        self.other_person.contains_key(&person)
    }

    /// What was said of somebody's duty as a worker or owner.
    pub(crate) fn work(&self, person: i64) -> Option<Word> {
        self.work.get(&person).copied()
    }

    /// Whether a finding is kept off the lists; `key` is none for people whom no rule explains.
    pub(crate) fn leaves_out(&self, rule: &str, person: i64, key: Option<FindingKey>) -> bool {
        key.and_then(|key| self.of_finding(key)).is_some_and(Word::leaves_out)
            || scheme(rule) == Scheme::Health && self.health(person).is_some_and(Word::leaves_out)
    }

    /// Whether a finding waits for the national look-up, and so is handed to nobody.
    pub(crate) fn waits(&self, rule: &str, person: i64, key: Option<FindingKey>) -> bool {
        let waits = |word: Word| !word.leaves_out();
        key.and_then(|key| self.of_finding(key)).is_some_and(waits)
            || scheme(rule) == Scheme::Health
                && (self.health(person).is_some_and(waits) || key.is_none() && self.other_person(person))
    }
}

/// A rule of a city's own is taken to be about health, as most are.
fn scheme(rule: &str) -> Scheme {
    scheme_of(rule).unwrap_or(Scheme::Health)
}

fn word(outcome: &str) -> Option<Word> {
    Some(match Outcome::from_word(outcome)? {
        Outcome::Exempt => Word::Exempt,
        Outcome::InsuredElsewhere => Word::Elsewhere,
        Outcome::NotSamePerson => Word::OtherPerson,
        Outcome::Joined => Word::Joined,
        Outcome::JoinsOnDate => Word::Joins,
        Outcome::Contacted
        | Outcome::Moved
        | Outcome::Dead
        | Outcome::Refused
        | Outcome::Corrected
        | Outcome::Upheld
        | Outcome::Gone => return None,
    })
}

#[cfg(test)]
mod tests {
    use base::SubjectKind;

    use super::*;

    fn key(rule: &str, person: i64) -> FindingKey {
        FindingKey::new(rule, SubjectKind::Person, &format!("P{person}"), &[])
    }

    #[test]
    fn a_word_about_a_card_is_about_the_person_and_one_about_work_about_the_finding() {
        let (poor, wage) = ("poor-without-card", "wage-without-compulsory");
        let mut said = Said::default();
        said.add(key(poor, 1), poor, Some(1), Word::Exempt);
        said.add(key(wage, 2), wage, Some(2), Word::Exempt);
        said.add(key(poor, 3), poor, Some(3), Word::Elsewhere);
        said.add(key(poor, 4), poor, Some(4), Word::OtherPerson);
        let pupil = "pupil-without-valid-card";
        assert!(said.leaves_out(pupil, 1, Some(key(pupil, 1))) && said.leaves_out(crate::UNEXPLAINED, 1, None));
        assert!(said.leaves_out(wage, 2, Some(key(wage, 2))) && !said.leaves_out(wage, 2, Some(key(wage, 9))));
        assert!(!said.leaves_out(poor, 3, Some(key(poor, 3))) && said.waits(pupil, 3, Some(key(pupil, 3))));
        assert!(said.leaves_out(poor, 4, Some(key(poor, 4))) && !said.leaves_out(pupil, 4, Some(key(pupil, 4))));
        assert!(said.waits(crate::UNEXPLAINED, 4, None) && !said.waits(pupil, 4, Some(key(pupil, 4))));
        assert!(!said.leaves_out(wage, 1, Some(key(wage, 1))), "a card says nothing about work");
    }

    #[test]
    fn of_two_words_the_stronger_one_counts() {
        let mut said = Said::default();
        said.add(key("poor-without-card", 1), "poor-without-card", Some(1), Word::Joins);
        said.add(key("turning-six", 1), "turning-six", Some(1), Word::Joined);
        said.add(key("pupil-without-valid-card", 1), "pupil-without-valid-card", Some(1), Word::Elsewhere);
        assert_eq!(said.health(1), Some(Word::Elsewhere));
        assert_eq!(said.of_finding(key("turning-six", 1)), Some(Word::Joined));
    }
}
