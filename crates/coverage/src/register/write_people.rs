//! The tables of people: who they are, numbers they had, and what tells them again.

use base::{Date, Sex};
use chapter::{ChapterError, StepContext, StepTable, TableBuilder};

use super::answers::{Answers, Residence};
use super::evidence::{Alias, Numbered};
use super::grow::Register;
use super::sources::{Proves, SOURCES};
use super::values::{Described, Values};

/// The people in the order of their numbers.
pub(crate) fn people(
    context: &StepContext,
    register: &Register,
    values: &Values,
    numbered: &Numbered,
    answers: &Answers,
) -> Result<(StepTable, Counts), ChapterError> {
    let mut counts = Counts::new();
    let basis = basis(register);
    let mut order: Vec<usize> = (0..register.first.len()).collect();
    order.sort_unstable_by_key(|place| numbered.numbers[*place]);
    let end = context.inputs.period.last_day().days_since_epoch();
    let mut table = context.writer("person")?;
    for place in order {
        let out = table.row()?;
        let mut one = values.of(place);
        let number = numbered.numbers[place].0;
        let checked = answers.checked.get(&number);
        // Who goes to see knows where somebody lives better than any list.
        if let Some(code) = checked.filter(|c| c.residence == Residence::Resident).and_then(|c| c.commune) {
            one.commune = Some((code, Some("identity_answer")));
        }
        out.int(Some(number)).text(Some(one.name.0));
        let year = one.birth.and_then(|(days, year_only, _)| {
            let year = Date::from_days_since_epoch(days)?.year();
            year_only.then(|| Date::new(year, 1, 1).ok())?.map(Date::days_since_epoch)
        });
        out.date(year.or(one.birth.map(|(days, ..)| days)));
        out.text(one.birth.map(|(_, year_only, _)| if year_only { "year" } else { "day" }));
        out.text(one.sex.map(|sex| if sex == Sex::Male { "male" } else { "female" }));
        out.text(one.commune.map(|(code, _)| format!("{code:05}")).as_deref());
        out.text(one.village).text(one.household).flag(Some(one.head));
        out.text(one.temporary.map(|temporary| if temporary { "temporary" } else { "permanent" }));
        out.text(one.personal_id.map(|(id, _)| id.to_string()).as_deref());
        out.text(one.insurance_number.map(|(number, _)| format!("{number:010}")).as_deref());
        from(out, &one);
        out.date(one.death.map(|(days, _)| days));
        out.text(one.death.map(|(_, sure)| if sure { "registered" } else { "to_be_checked" }));
        let said = |what: Residence| checked.is_some_and(|c| c.residence == what);
        out.text(checked.map(|c| c.residence.word())).date(checked.and_then(|c| c.on)).text(checked.map(|c| c.by.word()));
        out.flag(Some(answers.looked_up(number)));
        // Whoever no list of deaths names and nobody said to be dead is taken to be alive: a doubtful death starves nobody.
        let dead = one.death.is_some_and(|(days, sure)| sure && days <= end) || said(Residence::Dead);
        // The police know who lives here; a roster of residents may be old.
        let basis = match basis[place] {
            _ if said(Residence::NotResident) => Basis::Elsewhere,
            _ if said(Residence::Resident) && !register.has_population() => Basis::Answer,
            basis => basis,
        };
        let mut count = |what: &'static str, counts_in: bool| *counts.entry(what).or_default() += i64::from(counts_in);
        count(basis.word(), true);
        count("dead", dead);
        count("doubtful_death", one.death.is_some_and(|(_, sure)| !sure));
        out.flag(Some(!dead)).flag(Some(basis != Basis::Elsewhere)).text(Some(basis.word()));
    }
    Ok((table.finish()?, counts))
}

/// How many people there are of each kind.
pub(crate) type Counts = std::collections::BTreeMap<&'static str, i64>;

/// The register in numbers.
pub(crate) fn counts(context: &StepContext, counts: &Counts, aliases: &[Alias]) -> Result<StepTable, ChapterError> {
    let split = aliases.iter().filter(|alias| alias.split).count() as i64;
    let mut all = counts.clone();
    all.extend([("split", split), ("merged", aliases.len() as i64 - split)]);
    let mut out = TableBuilder::new(context.schema("register_count")?)?;
    for (what, people) in all {
        out.text(Some(what)).int(Some(people));
    }
    Ok(StepTable::new("register_count", context.schema("register_count")?, out.finish()?))
}

/// The rosters that the values are from.
fn from(out: &mut TableBuilder, one: &Described) {
    out.text(one.name.1).text(one.birth.and_then(|b| b.2)).text(one.commune.and_then(|c| c.1));
    out.text(one.personal_id.and_then(|id| id.1)).text(one.insurance_number.and_then(|n| n.1));
}

/// Why somebody counts as a resident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Basis {
    /// Stands on the population roster.
    Population,
    /// There is none; stands on a roster of the city's own residents.
    Rosters,
    /// There is none; the police or a commune answered that the person lives here.
    Answer,
    /// Known only from work or pay, or not on the population roster: lives perhaps elsewhere.
    Elsewhere,
}

impl Basis {
    fn word(self) -> &'static str {
        match self {
            Self::Population => "population",
            Self::Rosters => "rosters",
            Self::Answer => "answer",
            Self::Elsewhere => "unknown",
        }
    }
}

/// What each person's residence is known from.
fn basis(register: &Register) -> Vec<Basis> {
    let mut basis = vec![Basis::Elsewhere; register.first.len()];
    if register.has_population() {
        basis[..register.residents()].fill(Basis::Population);
        return basis;
    }
    for taken in register.rosters.iter().filter(|taken| SOURCES[taken.source].proves == Proves::Residence) {
        taken.place_of_group.iter().for_each(|place| basis[*place as usize] = Basis::Rosters);
    }
    basis
}

/// Numbers that lead to other numbers.
pub(crate) fn aliases(context: &StepContext, aliases: &[Alias]) -> Result<StepTable, ChapterError> {
    let mut out = TableBuilder::new(context.schema("person_alias")?)?;
    for alias in aliases {
        out.int(Some(alias.old)).int(Some(alias.new)).text(Some(if alias.split { "split" } else { "merge" }));
    }
    Ok(StepTable::new("person_alias", context.schema("person_alias")?, out.finish()?))
}

/// What tells people again in the next run.
pub(crate) fn evidence(context: &StepContext, pairs: &[(i64, i64)]) -> Result<StepTable, ChapterError> {
    let mut table = context.writer("person_evidence")?;
    for (evidence, person) in pairs {
        table.row()?.int(Some(*evidence)).int(Some(*person));
    }
    table.finish()
}
