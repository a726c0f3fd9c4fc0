//! Reading the worklist of a run into columns.

use std::collections::BTreeMap;

use base::{CommuneCode, Evidence};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, rows};

use super::strings::Interner;
use super::tally::Group;
use super::{Lines, MAIN, NEW, Sight, UNIT_SHIFT, Unit, WITHOUT_CARD};

/// Takes the rows of the table `worklist`, in its order.
#[derive(Default)]
pub(crate) struct Builder {
    reasons: Interner,
    communes: Interner,
    villages: Interner,
    names: Interner,
    households: Interner,
    values: Interner,
    shapes: BTreeMap<Vec<String>, u16>,
    reason: Vec<u32>,
    commune: Vec<u32>,
    village: Vec<u32>,
    lines: Lines,
}

impl Builder {
    /// Takes some rows.
    pub(crate) fn push(&mut self, batch: &RecordBatch) -> Result<(), EngineError> {
        let text = |name: &str| rows::text(batch, name);
        let (reasons, communes, names) = (text("reason")?, text("commune")?, text("full_name")?);
        let (villages, households, units) = (text("village")?, text("household_number")?, text("unit")?);
        let (states, evidence) = (text("state")?, text("evidence")?);
        let people = rows::int(batch, "person_id")?;
        let (born, first) = (rows::date(batch, "birth_date")?, rows::date(batch, "first_period")?);
        let (main, without) = (rows::flag(batch, "main")?, rows::flag(batch, "without_card")?);
        for row in 0..batch.num_rows() {
            self.reason.push(self.reasons.number(reasons.value(row)));
            self.commune.push(self.communes.opt(rows::text_at(&communes, row)));
            self.village.push(self.villages.opt(rows::text_at(&villages, row)));
            let unit = Unit::parse(units.value(row))
                .ok_or_else(|| EngineError::Query(format!("worklist: there is no unit `{}`", units.value(row))))?;
            let mut flags = (unit as u8) << UNIT_SHIFT;
            flags |= if main.value(row) { MAIN << Sight::Everything as u8 } else { 0 };
            flags |= if without.value(row) { WITHOUT_CARD } else { 0 };
            flags |= if states.value(row) == "new" { NEW } else { 0 };
            let lines = &mut self.lines;
            lines.flags.push(flags);
            lines.person.push(people.value(row));
            lines.name.push(self.names.number(names.value(row)));
            lines.household.push(self.households.opt(rows::text_at(&households, row)));
            lines.born.push(rows::date_at(&born, row).unwrap_or(i32::MIN));
            lines.first_period.push(first.value(row));
            self.push_facts(evidence.value(row))?;
        }
        Ok(())
    }

    fn push_facts(&mut self, json: &str) -> Result<(), EngineError> {
        let wrong = |what: String| EngineError::Query(format!("worklist evidence: {what}"));
        let evidence: Vec<Evidence> = serde_json::from_str(json).map_err(|e| wrong(e.to_string()))?;
        let at = u32::try_from(self.lines.facts.len()).map_err(|e| wrong(e.to_string()))?;
        let mut names = Vec::with_capacity(evidence.len());
        for fact in evidence {
            self.lines.facts.push(self.values.opt(fact.value.as_deref()));
            names.push(fact.name);
        }
        let next = u16::try_from(self.shapes.len()).map_err(|e| wrong(e.to_string()))?;
        let shape = *self.shapes.entry(names).or_insert(next);
        self.lines.facts_at.push(at);
        self.lines.shape.push(shape);
        Ok(())
    }

    /// Puts the lines into their order and counts them. `reasons` is the order in which reasons are the main one.
    pub(crate) fn finish(self, reasons: &[&str]) -> Lines {
        let Self { reasons: known, communes, villages, names, households, values, shapes, reason, commune, village, mut lines } =
            self;
        let (known, communes, villages) = (known.finish(), communes.finish(), villages.finish());
        let place = |text: &str| reasons.iter().position(|r| *r == text).unwrap_or(reasons.len());
        let reason_rank = ranks(known.len(), |number| (place(known.get(number)), known.get(number)));
        let commune_rank = ranks(communes.len(), |number| communes.get(number));
        let village_rank = ranks(villages.len(), |number| (natural(villages.get(number)), villages.get(number)));
        let rank = |ranks: &[u32], number: u32| ranks.get(number as usize).copied().unwrap_or(ranks.len() as u32);
        let key = |at: usize| {
            let commune = rank(&commune_rank, commune[at]);
            (rank(&reason_rank, reason[at]), commune, rank(&village_rank, village[at]))
        };
        // The table's own order (by name) stays within a group: the sort is stable.
        let mut order: Vec<u32> = (0..lines.person.len() as u32).collect();
        order.sort_by_key(|at| key(*at as usize));
        for (line, at) in order.iter().enumerate() {
            let at = *at as usize;
            let (r, c, v) = key(at);
            let (r, c) = (r as u16, c as u16);
            let fits = |g: &&Group| (g.reason, g.commune, g.village) == (r, c, village[at]);
            if lines.groups.last().filter(fits).is_none() {
                lines.groups.push(Group::new(r, c, village[at], v, line as u32));
            }
            let last = lines.groups.len() - 1;
            lines.groups[last].end = line as u32 + 1;
            lines.group.push(last as u32);
        }
        drop((reason, commune, village));
        gather(&mut lines.person, &order);
        gather(&mut lines.name, &order);
        gather(&mut lines.household, &order);
        gather(&mut lines.born, &order);
        gather(&mut lines.first_period, &order);
        gather(&mut lines.flags, &order);
        gather(&mut lines.shape, &order);
        gather(&mut lines.facts_at, &order);
        lines.facts.shrink_to_fit();
        lines.reasons = sorted(&reason_rank).map(|number| known.get(number).to_owned()).collect();
        lines.communes = sorted(&commune_rank).map(|number| CommuneCode::parse(communes.get(number))).collect();
        lines.communes.push(None);
        lines.names = names.finish();
        for number in 0..lines.names.len() as u32 {
            lines.folded.push(&base::names::fold(lines.names.get(number)));
        }
        lines.folded.shrink();
        lines.households = households.finish();
        lines.values = values.finish();
        lines.villages = villages;
        let mut by_number: Vec<(u16, Vec<String>)> = shapes.into_iter().map(|(names, number)| (number, names)).collect();
        by_number.sort();
        lines.shapes = by_number.into_iter().map(|(_, names)| names).collect();
        by_person(&mut lines);
        by_household(&mut lines);
        lines.count_groups();
        lines
    }
}

/// Orders lines by person and says which one is a person's main line for those who do not see all of them.
fn by_person(lines: &mut Lines) {
    let mut order: Vec<u32> = (0..lines.person.len() as u32).collect();
    order.sort_by_key(|at| (lines.person[*at as usize], *at));
    for own in order.chunk_by(|a, b| lines.person[*a as usize] == lines.person[*b as usize]) {
        let chosen = own.iter().find(|at| lines.flags[**at as usize] & (MAIN << Sight::Everything as u8) != 0).copied();
        for sight in [Sight::Communes, Sight::LookUps] {
            let shown = |at: &u32| sight.shows(lines.unit(*at as usize));
            let main = chosen.filter(shown).or_else(|| own.iter().copied().find(shown));
            if let Some(at) = main {
                lines.flags[at as usize] |= MAIN << sight as u8;
            }
        }
    }
    lines.by_person = order;
}

fn by_household(lines: &mut Lines) {
    let households = ranks(lines.households.len(), |number| lines.households.get(number));
    let mut order: Vec<u32> = (0..lines.person.len() as u32).collect();
    let key = |at: u32| {
        let group = &lines.groups[lines.group[at as usize] as usize];
        let household = households.get(lines.household[at as usize] as usize).copied().unwrap_or(u32::MAX);
        (group.commune, group.village_order, household, lines.person[at as usize], at)
    };
    order.sort_by_cached_key(|at| key(*at));
    lines.by_household = order;
}

/// The place of each number when they are put into order.
fn ranks<K: Ord>(len: usize, key: impl Fn(u32) -> K) -> Vec<u32> {
    let mut order: Vec<u32> = (0..len as u32).collect();
    order.sort_by_cached_key(|number| key(*number));
    let mut ranks = vec![0; len];
    for (rank, number) in order.into_iter().enumerate() {
        ranks[number as usize] = rank as u32;
    }
    ranks
}

/// The numbers in the order of their ranks.
fn sorted(ranks: &[u32]) -> impl Iterator<Item = u32> {
    let mut order = vec![0; ranks.len()];
    for (number, rank) in ranks.iter().enumerate() {
        order[*rank as usize] = number as u32;
    }
    order.into_iter()
}

/// Puts a column into another order; what was reserved and not used is given back.
fn gather<T: Copy>(column: &mut Vec<T>, order: &[u32]) {
    *column = order.iter().map(|at| column[*at as usize]).collect();
}

/// A text in the order people read numbers in: "Tổ 2" before "Tổ 10".
fn natural(text: &str) -> Vec<(String, u64)> {
    let folded = base::names::fold(text);
    let mut parts = Vec::new();
    let (mut word, mut number) = (String::new(), None::<u64>);
    for c in folded.chars() {
        match c.to_digit(10) {
            Some(digit) => number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(digit.into())),
            None => {
                if let Some(number) = number.take() {
                    parts.push((std::mem::take(&mut word), number));
                }
                word.push(c);
            }
        }
    }
    parts.push((word, number.unwrap_or(0)));
    parts
}
