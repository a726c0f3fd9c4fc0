//! Monthly step: the list of people to be reviewed, ready to be shown.
//!
//! At city size there are millions of lines. What decides (who has which reasons, which is the main one) is a few bytes a line and
//! lies in memory; evidence is read a second time, reason by reason, and written at once.

mod open;
mod people;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use base::FindingKey;
use chapter::{ChapterError, Step, StepContext, StepTable, StepWriter};
use engine::rows;
use rules::Rules;

pub use crate::reasons::REASONS;
use open::{Elsewhere, Open};
use people::{Listed, People};

/// Writes the worklist.
pub struct WorklistStep;

const NAME: &str = "coverage.worklist";

/// People without a valid card whom no rule explains: the roster of cards just does not know them.
pub const UNEXPLAINED: &str = "no-card-unexplained";

/// The rule about wages: for insurance officers only, so it never stands in for a reason about the card.
pub(crate) const WAGE: &str = "wage-without-compulsory";

/// Who works on what no rule explains: nobody before the national look-up answered, then the commune.
const LOOK_UP: &str = "look_up";
const COMMUNE: &str = "commune";

impl Step for WorklistStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &["person", "bhyt_card", "finding", "insured_elsewhere", "case_outcome"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["worklist"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let reasons = Reasons::of(context);
        let elsewhere = Elsewhere::read(context)?;
        let open = open::open(context, &reasons, &elsewhere)?;
        let people = People::read(context, &open, &elsewhere)?;
        context.cancelled.check()?;
        let mut list = List {
            out: context.writer("worklist")?,
            reasons: &reasons,
            elsewhere: &elsewhere,
            open: &open,
            people: &people,
            rank: 0,
        };
        // Findings lie by rule, and what no rule explains stands among them by its name.
        let mut unexplained = Some(list.unexplained(context));
        let mut waiting = Waiting::default();
        if let Some(table) = context.table("finding") {
            let wanted = ["rule", "person_id", "state", "first_period", "finding_key", "evidence"];
            for batch in context.book.stream_table(table, &wanted, 65_536)? {
                let batch = batch?;
                context.cancelled.check()?;
                let text = |name: &str| rows::text(&batch, name);
                let (rules, states, keys, evidence) = (text("rule")?, text("state")?, text("finding_key")?, text("evidence")?);
                let (subjects, first) = (rows::int(&batch, "person_id")?, rows::date(&batch, "first_period")?);
                for row in 0..batch.num_rows() {
                    let (rule, state) = (rules.value(row), states.value(row));
                    if rule != waiting.reason {
                        list.write(&mut waiting)?;
                        if rule > UNEXPLAINED
                            && let Some(mut lines) = unexplained.take()
                        {
                            list.write(&mut lines)?;
                        }
                        rule.clone_into(&mut waiting.reason);
                    }
                    let person = rows::int_at(&subjects, row).and_then(|person| people.find(person));
                    let Some(person) = person.filter(|_| open::is_open(state)) else { continue };
                    let key = FindingKey::parse(keys.value(row));
                    if elsewhere.leaves_out(rule, people.id(person), key) {
                        continue;
                    }
                    waiting.lines.push(Line {
                        person,
                        key,
                        state: if state == "new" { "new" } else { "still" },
                        first_period: first.value(row),
                        evidence: evidence.value(row).to_owned(),
                    });
                }
            }
        }
        list.write(&mut waiting)?;
        if let Some(mut lines) = unexplained {
            list.write(&mut lines)?;
        }
        Ok(vec![list.out.finish()?])
    }
}

/// The reasons of this run by place: first [`REASONS`] in their order, then rules of a city's own by name.
pub(crate) struct Reasons<'r> {
    place: BTreeMap<&'r str, u16>,
    /// Who works on a rule's findings.
    unit: BTreeMap<&'r str, &'r str>,
}

impl<'r> Reasons<'r> {
    fn of(context: &StepContext<'r>) -> Self {
        let all: &'r Rules = context.inputs.rules;
        let rules = || all.iter().filter(|rule| rule.chapter == "coverage");
        let own = rules().map(|rule| rule.id.as_str()).filter(|id| !REASONS.contains(id));
        let place = REASONS.into_iter().chain(own).zip(0u16..).collect();
        Self { place, unit: rules().map(|rule| (rule.id.as_str(), rule.work.unit.as_str())).collect() }
    }

    /// The place of a reason; all after the last where no rule of this run has it.
    pub(crate) fn place(&self, reason: &str) -> u16 {
        self.place.get(reason).copied().unwrap_or(u16::MAX)
    }
}

/// One line to be written.
struct Line {
    /// Place among the people.
    person: u32,
    key: Option<FindingKey>,
    state: &'static str,
    first_period: i32,
    evidence: String,
}

/// The lines of one reason.
#[derive(Default)]
struct Waiting {
    reason: String,
    lines: Vec<Line>,
}

/// The list being written.
struct List<'l> {
    out: StepWriter,
    reasons: &'l Reasons<'l>,
    elsewhere: &'l Elsewhere,
    open: &'l [Open],
    people: &'l People,
    rank: i64,
}

impl<'l> List<'l> {
    /// People without a card whom no reason about cards explains.
    fn unexplained(&self, context: &StepContext) -> Waiting {
        let first_period = context.inputs.period.first_day().days_since_epoch();
        let lines = self.people.places().filter(|person| self.is_unexplained(*person)).map(|person| Line {
            person,
            key: None,
            state: "",
            first_period,
            evidence: "[]".to_owned(),
        });
        Waiting { reason: UNEXPLAINED.to_owned(), lines: lines.collect() }
    }

    /// The first of a person's findings in the order of reasons.
    fn first(&self, person: u32) -> Option<&Open> {
        let id = self.people.id(person);
        self.open.get(self.open.partition_point(|open| open.person < id)).filter(|open| open.person == id)
    }

    fn is_unexplained(&self, person: u32) -> bool {
        let explained = self.first(person).is_some_and(|open| open.place < self.reasons.place(UNEXPLAINED));
        self.people.without_card(person) && !self.people.left_out(person) && !explained
    }

    /// Who works on a line: as the rule says; what no rule explains waits for the look-up, and so does whoever is said to be insured
    /// elsewhere.
    fn unit(&self, reason: &str, person: u32, key: Option<FindingKey>) -> &'l str {
        if self.elsewhere.waits(reason, self.people.id(person), key) {
            return LOOK_UP;
        }
        match self.reasons.unit.get(reason) {
            Some(unit) => unit,
            None if reason == UNEXPLAINED && !self.people.looked_up(person) => LOOK_UP,
            None => COMMUNE,
        }
    }

    /// Writes the lines of one reason in the order of names and takes them away.
    fn write(&mut self, waiting: &mut Waiting) -> Result<(), ChapterError> {
        let mut lines = std::mem::take(&mut waiting.lines);
        lines.sort_unstable_by_key(|line| (self.people.rank(line.person), line.key));
        for line in lines {
            let main = match line.key {
                Some(key) => !self.is_unexplained(line.person) && self.first(line.person).is_some_and(|open| open.key == key),
                None => true,
            };
            let unit = self.unit(&waiting.reason, line.person, line.key);
            self.rank += 1;
            let Listed { id, name, born, sex, commune, village, household } = self.people.listed(line.person);
            let row = self.out.row()?;
            row.text(Some(&waiting.reason)).text(commune).int(Some(self.rank)).int(Some(id)).text(Some(name));
            row.date(born).text(sex).text(village).text(household).flag(Some(main));
            row.flag(Some(self.people.without_card(line.person))).text(Some(unit)).text(Some(line.state));
            row.date(Some(line.first_period)).text(line.key.map(|key| key.to_string()).as_deref());
            row.text(Some(&line.evidence));
        }
        Ok(())
    }
}
