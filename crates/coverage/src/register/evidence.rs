//! What tells a person again from run to run: hashed numbers and descriptions.
//!
//! Each person of a run stands under the hashes of the identification and insurance numbers of its rows and of
//! what its rows say about it. The next run holds its own hashes against them: the person that shares most keeps
//! the number. Merges and splits are what is left over, and are published as aliases.

use base::PersonId;
use chapter::{ChapterError, StepContext};
use engine::rows;

/// What kind of thing a hash is of, by how much it says. A number says more than a description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The identification number of a person.
    PersonalId,
    /// The insurance number of a person.
    InsuranceNumber,
    /// What is said about a person.
    Description,
    /// The key of an employer: tax code, else another code, else name and commune.
    Employer,
}

impl Kind {
    fn votes(self) -> u32 {
        match self {
            Self::PersonalId | Self::Employer => 4,
            Self::InsuranceNumber => 3,
            Self::Description => 1,
        }
    }

    fn name(self) -> &'static [u8] {
        match self {
            Self::PersonalId => b"personal id",
            Self::InsuranceNumber => b"insurance number",
            Self::Description => b"description",
            Self::Employer => b"employer",
        }
    }
}

/// The hash of a piece of evidence: 61 bits, then the kind, so that its weight needs no column of its own.
///
/// Among twenty million hashes two are equal by chance once in ten thousand runs; then a person may keep another's number,
/// which the review of aliases shows.
pub(crate) fn evidence(kind: Kind, parts: &[&[u8]]) -> i64 {
    let mut hasher = blake3::Hasher::new();
    for part in std::iter::once(&kind.name()).chain(parts) {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    let hash = u64::from_le_bytes(bytes) >> 3;
    (hash << 2 | kind as u64) as i64
}

fn kind_of(evidence: i64) -> Kind {
    match evidence & 3 {
        0 => Kind::PersonalId,
        1 => Kind::InsuranceNumber,
        2 => Kind::Description,
        _ => Kind::Employer,
    }
}

/// Evidence and person, ascending: of a run before a person's number, of this run a place.
pub(crate) type Pairs<P> = Vec<(i64, P)>;

/// Another number a person had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Alias {
    /// The number no longer in use, or for a split the one that stayed with another person.
    pub(crate) old: i64,
    /// The number now.
    pub(crate) new: i64,
    /// Whether one person became two; else two became one.
    pub(crate) split: bool,
}

/// The numbers of all people, and what became of numbers used before.
#[derive(Debug, Default)]
pub(crate) struct Numbered {
    /// By place.
    pub(crate) numbers: Vec<PersonId>,
    /// New aliases, ascending.
    pub(crate) aliases: Vec<Alias>,
}

/// Sorts this run's evidence and takes out what two people share: it tells nobody.
///
/// Where nobody of those who share a piece is told by anything else, the first of them keeps it: so somebody whom a decision parts from
/// a row with the same number and name keeps the number in the book. The others get ambiguous descriptions back with their order, so that
/// twins written alike keep their numbers while the order of the roster stays.
pub(crate) fn unambiguous(mut pairs: Pairs<u32>, people: usize) -> Pairs<u32> {
    pairs.sort_unstable();
    pairs.dedup();
    let mut told = vec![false; people];
    let mut kept = Vec::with_capacity(pairs.len());
    let mut shared = Vec::new();
    for run in pairs.chunk_by(|a, b| a.0 == b.0) {
        if let [one] = run {
            told[one.1 as usize] = true;
            kept.push(*one);
        } else {
            shared.extend_from_slice(run);
        }
    }
    let mut again = Vec::new();
    for run in shared.chunk_by(|a, b| a.0 == b.0) {
        let nobody_told = run.iter().all(|(_, place)| !told[*place as usize]);
        for (order, (hash, place)) in run.iter().filter(|(_, place)| !told[*place as usize]).enumerate() {
            if nobody_told && order == 0 {
                again.push((*hash, *place));
            } else if kind_of(*hash) == Kind::Description {
                again.push((evidence(Kind::Description, &[&hash.to_le_bytes(), &order.to_le_bytes()]), *place));
            }
        }
    }
    kept.append(&mut again);
    kept.sort_unstable();
    kept
}

/// Gives every person a number: the one most of its evidence had before, else a new one in the order of evidence.
///
/// `known` are the evidence tables of runs before, the most trusted first, each ascending.
pub(crate) fn number(own: &[(i64, u32)], known: &[Pairs<i64>], people: usize) -> Numbered {
    let mut votes: Vec<(u32, i64, u32)> = Vec::new();
    for (table, weight) in known.iter().zip([3, 1]) {
        let mut at = 0;
        for (hash, place) in own {
            while table.get(at).is_some_and(|(other, _)| other < hash) {
                at += 1;
            }
            if let Some((_, number)) = table.get(at).filter(|(other, _)| other == hash) {
                votes.push((*place, *number, weight * kind_of(*hash).votes()));
            }
        }
    }
    votes.sort_unstable();
    let mut wishes: Vec<(u32, i64, u32)> = votes
        .chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
        .map(|run| (run[0].0, run[0].1, run.iter().map(|vote| vote.2).sum()))
        .collect();
    drop(votes);
    wishes.sort_unstable_by_key(|(place, number, votes)| (std::cmp::Reverse(*votes), *number, *place));
    let mut numbers = vec![PersonId(0); people];
    let mut holder = std::collections::HashMap::with_capacity(people);
    for (place, number, _) in &wishes {
        if numbers[*place as usize].0 == 0 && !holder.contains_key(number) {
            numbers[*place as usize] = PersonId(*number);
            holder.insert(*number, *place);
        }
    }
    let next = known.iter().flatten().map(|(_, number)| *number).max().unwrap_or(0) + 1;
    let mut fresh = next;
    for (_, place) in own {
        let number = &mut numbers[*place as usize];
        if number.0 == 0 {
            *number = PersonId(fresh);
            fresh += 1;
        }
    }
    // Nobody is without evidence (see `unambiguous`), but a number must never be missing.
    for number in numbers.iter_mut().filter(|number| number.0 == 0) {
        *number = PersonId(fresh);
        fresh += 1;
    }
    let mut aliases: Vec<Alias> = Vec::new();
    let mut moved = std::collections::BTreeSet::new();
    for (place, number, _) in &wishes {
        let own = numbers[*place as usize].0;
        if own == *number {
            continue;
        }
        match holder.get(number) {
            // Nobody bears it any more: it went to the person with most of its evidence.
            None if moved.insert(*number) => aliases.push(Alias { old: *number, new: own, split: false }),
            None => {}
            // It stayed with another; a new person came out of it.
            Some(_) if own >= next => aliases.push(Alias { old: *number, new: own, split: true }),
            Some(_) => {}
        }
    }
    aliases.sort_unstable();
    aliases.dedup();
    Numbered { numbers, aliases }
}

/// Evidence tables of the runs before, by the name of the table and of its number: of the period before, then of an earlier run of this period.
pub(crate) fn known(context: &StepContext, name: &str, id: &str) -> Result<Vec<Pairs<i64>>, ChapterError> {
    let mut tables = Vec::new();
    let same = context.inputs.previous.map(|run| &run.id) == context.inputs.numbering.map(|run| &run.id);
    for run in [context.inputs.previous, context.inputs.numbering.filter(|_| !same)] {
        let mut pairs = Vec::new();
        if let Some(table) = run.and_then(|run| run.tables().get(name).cloned()) {
            for batch in context.book.stream_table(&table, &["evidence", id], 65_536)? {
                let batch = batch?;
                let (hashes, people) = (rows::int(&batch, "evidence")?, rows::int(&batch, id)?);
                pairs.extend(hashes.values().iter().copied().zip(people.values().iter().copied()));
            }
        }
        tables.push(pairs);
    }
    Ok(tables)
}

/// Aliases of runs before, brought up to date, with this run's: every number ever used leads to the one in use.
pub(crate) fn aliases(context: &StepContext, numbered: &Numbered) -> Result<Vec<Alias>, ChapterError> {
    let mut all = numbered.aliases.clone();
    let in_use: std::collections::HashSet<i64> = numbered.numbers.iter().map(|n| n.0).collect();
    let now: std::collections::BTreeMap<i64, i64> = all.iter().filter(|a| !a.split).map(|a| (a.old, a.new)).collect();
    for run in [context.inputs.previous, context.inputs.numbering] {
        let Some(table) = run.and_then(|run| run.tables().get("person_alias").cloned()) else { continue };
        for batch in context.book.read_table(&table, None)? {
            let (old, new) = (rows::int(&batch, "old_person_id")?, rows::int(&batch, "person_id")?);
            let kinds = rows::text(&batch, "kind")?;
            for row in 0..batch.num_rows() {
                let leads_to = now.get(&new.value(row)).copied().unwrap_or_else(|| new.value(row));
                let split = kinds.value(row) == "split";
                // A number that is in use again is nobody's other number any more.
                if split || !in_use.contains(&old.value(row)) {
                    all.push(Alias { old: old.value(row), new: leads_to, split });
                }
            }
        }
    }
    all.retain(|alias| alias.old != alias.new);
    all.sort_unstable();
    all.dedup_by_key(|alias| (alias.old, alias.new));
    Ok(all)
}

/// The evidence table of this run: its own, and of runs before what this run did not meet, so that somebody who was on no
/// roster for a month keeps the number.
pub(crate) fn carried(own: &[(i64, u32)], numbered: &Numbered, known: &[Pairs<i64>]) -> Pairs<i64> {
    let now: std::collections::BTreeMap<i64, i64> =
        numbered.aliases.iter().filter(|alias| !alias.split).map(|alias| (alias.old, alias.new)).collect();
    let mut all: Vec<(i64, u8, i64)> = own.iter().map(|(hash, place)| (*hash, 0, numbered.numbers[*place as usize].0)).collect();
    for (table, order) in known.iter().zip(1u8..) {
        all.extend(table.iter().map(|(hash, number)| (*hash, order, now.get(number).copied().unwrap_or(*number))));
    }
    all.sort_unstable();
    all.dedup_by_key(|(hash, ..)| *hash);
    all.into_iter().map(|(hash, _, number)| (hash, number)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> i64 {
        evidence(Kind::PersonalId, &[text.as_bytes()])
    }

    fn description(text: &str) -> i64 {
        evidence(Kind::Description, &[text.as_bytes()])
    }

    fn run(own: &[(i64, u32)], known: &[(i64, i64)], people: usize) -> Numbered {
        let mut known = known.to_vec();
        known.sort_unstable();
        number(&unambiguous(own.to_vec(), people), &[known], people)
    }

    #[test]
    fn a_person_keeps_the_number_when_one_of_the_numbers_was_corrected() {
        let known = [(id("a"), 7), (description("An 1980"), 7), (id("b"), 8)];
        let numbered = run(&[(id("a2"), 0), (description("An 1980"), 0), (id("b"), 1)], &known, 2);
        assert_eq!(numbered.numbers, [PersonId(7), PersonId(8)]);
        assert!(numbered.aliases.is_empty());
    }

    #[test]
    fn merged_people_leave_an_alias_and_the_better_known_number_stays() {
        let known = [(id("a"), 7), (description("An"), 8)];
        let numbered = run(&[(id("a"), 0), (description("An"), 0)], &known, 1);
        assert_eq!(numbered.numbers, [PersonId(7)]);
        assert_eq!(numbered.aliases, [Alias { old: 8, new: 7, split: false }]);
    }

    #[test]
    fn a_split_person_keeps_the_number_where_most_evidence_is() {
        let known = [(id("a"), 7), (description("An"), 7)];
        let numbered = run(&[(id("a"), 1), (description("An"), 0)], &known, 2);
        assert_eq!(numbered.numbers, [PersonId(8), PersonId(7)]);
        assert_eq!(numbered.aliases, [Alias { old: 7, new: 8, split: true }]);
    }

    #[test]
    fn who_was_away_for_a_month_comes_back_under_the_same_number() {
        let known = vec![(id("a"), 7), (id("b"), 8)];
        let numbered = run(&[(id("b"), 0)], &known, 1);
        let own = unambiguous(vec![(id("b"), 0)], 1);
        let mut table = vec![known];
        table[0].sort_unstable();
        let carried = carried(&own, &numbered, &table);
        assert_eq!(run(&[(id("a"), 0), (id("c"), 1)], &carried, 2).numbers, [PersonId(7), PersonId(9)]);
    }

    #[test]
    fn who_is_parted_from_a_row_written_alike_keeps_the_number() {
        let known = [(id("a"), 7), (description("Lê An"), 7)];
        let parted = [(id("a"), 0), (id("a"), 1), (description("Lê An"), 0), (description("Lê An"), 1)];
        let numbered = run(&parted, &known, 2);
        assert_eq!(numbered.numbers[0].0, 7);
        assert_ne!(numbered.numbers[1].0, 7);
    }

    #[test]
    fn a_shared_number_tells_nobody_and_twins_written_alike_keep_apart() {
        let own = [(id("shared"), 0), (id("shared"), 1), (description("Bé"), 0), (description("Bé"), 1)];
        let first = run(&own, &[], 2);
        assert_ne!(first.numbers[0], first.numbers[1]);
        let known: Vec<(i64, i64)> =
            unambiguous(own.to_vec(), 2).into_iter().map(|(hash, place)| (hash, first.numbers[place as usize].0)).collect();
        assert_eq!(run(&own, &known, 2).numbers, first.numbers);
    }
}
