//! Taking rosters one after the other: each row becomes a row of somebody known, or of a new person.
//!
//! The people of the population roster are linked to first. Rows that find nobody there are linked to the people that
//! other rosters brought before, and what is left are new people. Without a population roster everybody is of the
//! second kind: that is the register of a first deployment.

use std::collections::{BTreeMap, BTreeSet};

use base::Month;
use chapter::{ChapterError, StepContext};
use linkage::{Decisions, FieldName, Link, Model, Prepared, ReviewPair, ReviewReason, Row, Spine, explain, group_rows};

use super::before::{Before, RosterBefore};
use super::decisions::{RowDecisions, row_key};
use super::files::RosterFiles;
use super::identity::{Communes, Identity};
use super::sources::{Proves, SOURCES};
use super::stage::{Known, Moved, Searched, Since, Stage};

/// No link.
pub(crate) const NONE: u32 = u32::MAX;

/// Among whom a link was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Among {
    /// People of the population roster.
    Population,
    /// People whom other rosters brought.
    Others,
}

impl Among {
    /// The word in tables.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Population => "population",
            Self::Others => "others",
        }
    }

    /// What a word in tables means.
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        [Self::Population, Self::Others].into_iter().find(|among| among.word() == word)
    }
}

/// A link, or a pair to be reviewed; `link.left` is a place among all people, `link.right` a group of the roster.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(crate) link: Link,
    /// What the name's frequency added, in thousandths of a bit.
    pub(crate) frequency: i32,
    pub(crate) among: Among,
    /// Why a person should look at it; `None` for a plain link.
    pub(crate) why: Option<ReviewReason>,
    /// Whether it is a second row of its person.
    pub(crate) second: bool,
}

/// The weights used in a search, by whom was looked among.
pub(crate) struct Weights {
    pub(crate) among: Among,
    pub(crate) model: Model,
    /// The month in which they were learned.
    pub(crate) since: Month,
    /// Whether the search ran in full, not by what changed.
    pub(crate) full: bool,
}

/// A roster after it was taken.
pub(crate) struct TakenRoster {
    /// Place among [`SOURCES`].
    pub(crate) source: usize,
    pub(crate) files: RosterFiles,
    /// The row of the source file that each row is.
    pub(crate) source_row: Vec<u32>,
    /// The group (person within the roster) of each row.
    pub(crate) group_of_row: Vec<u32>,
    /// The place of each group among all people.
    pub(crate) place_of_group: Vec<u32>,
    /// The link of each group, as a place in `found`; [`NONE`] for groups that became new people.
    pub(crate) found_of_group: Vec<u32>,
    pub(crate) found: Vec<Found>,
    /// Pairs a person should look at.
    pub(crate) review: Vec<Found>,
    /// The weights used.
    pub(crate) weights: Vec<Weights>,
    /// Its people as the run before knew them; nothing once the roster is taken.
    known: Known,
    /// Of them those who may be somebody else's now.
    pub(crate) moved: Vec<Moved>,
    /// What each person's rows say, as one number.
    pub(crate) prints: Vec<u64>,
    /// People that a decision names.
    pub(crate) decided: BTreeSet<u32>,
    /// By person: whether it was linked anew, not taken over.
    pub(crate) anew: Vec<bool>,
    /// People whose partner no pass found, estimated.
    pub(crate) lost: u64,
}

/// Everybody known so far.
pub(crate) struct Register {
    population: Spine,
    others: Spine,
    /// What changed about people since that run.
    pub(crate) since: Since,
    /// The row that brought each person: roster (place in `rosters`) and row.
    pub(crate) first: Vec<(u16, u32)>,
    pub(crate) rosters: Vec<TakenRoster>,
    decisions: RowDecisions,
}

/// A roster read for linking.
struct Read {
    people: Prepared,
    source_row: Vec<u32>,
    group_of_row: Vec<u32>,
    first_row: Vec<u32>,
    /// Groups that a decision names, by key.
    named: BTreeMap<String, BTreeSet<u32>>,
}

impl Register {
    /// Nobody yet.
    pub(crate) fn new(decisions: RowDecisions) -> Self {
        Self {
            population: Spine::new(),
            others: Spine::new(),
            since: Since::default(),
            first: Vec::new(),
            rosters: Vec::new(),
            decisions,
        }
    }

    /// Number of people of the population roster; they have the first places.
    pub(crate) fn residents(&self) -> usize {
        self.population.len()
    }

    /// Whether there is a population roster.
    pub(crate) fn has_population(&self) -> bool {
        self.rosters.first().is_some_and(|r| SOURCES[r.source].proves == Proves::Population)
    }

    /// Takes a roster; `before` is the run whose links may stand.
    pub(crate) fn take(
        &mut self,
        context: &StepContext,
        mut before: Option<&mut Before>,
        source: usize,
        files: RosterFiles,
    ) -> Result<(), ChapterError> {
        let read = self.read(context, &files)?;
        let number = self.rosters.len() as u16;
        let left = before.as_mut().map(|before| before.roster(source as i64 + 1)).transpose()?;
        let before = before.as_deref();
        let prints = read.people.prints();
        let decided = self.decisions.about(files.name, &read.named);
        let groups = read.first_row.len();
        let mut taken = TakenRoster {
            source,
            files,
            source_row: read.source_row,
            group_of_row: read.group_of_row,
            place_of_group: vec![NONE; groups],
            found_of_group: vec![NONE; groups],
            found: Vec::new(),
            review: Vec::new(),
            weights: Vec::new(),
            known: Known::new(left.unwrap_or_default(), &prints),
            moved: Vec::new(),
            prints,
            decided: read.named.values().flatten().copied().collect(),
            anew: Vec::new(),
            lost: 0,
        };
        let in_full = before.is_none_or(|before| before.learned.is_empty());
        taken.anew = taken.known.then.iter().map(|then| in_full || *then == linkage::GONE).collect();
        let is_population = SOURCES[source].proves == Proves::Population;
        let residents = self.residents() as u32;
        if !is_population && residents > 0 {
            let decisions = within(&decided.pairs, |place| (place < residents).then_some(place));
            let stage = taken.stage(context, Among::Population, 0, None, &read.people, &decisions);
            let searched = stage.run(&mut self.population, before, &mut self.since);
            // Whom a person said to be somebody outside the population roster is not one of it.
            let elsewhere: BTreeSet<u32> =
                decided.pairs.iter().filter(|(p, _, same)| *same && *p >= residents).map(|d| d.1).collect();
            let group = |right| (!elsewhere.contains(&right)).then_some(right);
            taken.note(Among::Population, searched, (self.population.people(), 0), groups as u32, group);
        }
        let left_over: Vec<u32> = (0..groups as u32).filter(|g| taken.found_of_group[*g as usize] == NONE).collect();
        if !is_population && !left_over.is_empty() && !self.others.is_empty() {
            let mut rest = Prepared::new(&[]);
            rest.extend(&read.people, &left_over);
            let of_group: BTreeMap<u32, u32> =
                decided.pairs.iter().filter_map(|d| Some((d.1, place_in(&left_over, d.1)?))).collect();
            let about: Vec<(u32, u32, bool)> =
                decided.pairs.iter().filter_map(|(p, g, same)| Some((*p, *of_group.get(g)?, *same))).collect();
            let decisions = within(&about, |place| place.checked_sub(residents));
            let stage = taken.stage(context, Among::Others, residents, Some(&left_over), &rest, &decisions);
            let searched = stage.run(&mut self.others, before, &mut self.since);
            let group = |right: u32| left_over.get(right as usize).copied();
            taken.note(Among::Others, searched, (self.others.people(), residents), left_over.len() as u32, group);
        }
        let new: Vec<u32> = left_over.into_iter().filter(|g| taken.found_of_group[*g as usize] == NONE).collect();
        for (group, place) in new.iter().zip(self.first.len() as u32..) {
            taken.place_of_group[*group as usize] = place;
            // Somebody who was a person of their own then is the same one now.
            let own = taken.known.then_of(*group).filter(|then| taken.known.before.link_of(*then).is_none());
            self.since.other.push(own.is_none());
            if let Some(then) = own {
                self.since.moved(taken.known.before.place[then as usize], place);
            }
        }
        taken.moved = taken.known.moved(&taken.place_of_group, &self.since);
        taken.known = Known::default();
        self.first.extend(new.iter().map(|group| (number, read.first_row[*group as usize])));
        let grown = if is_population { &mut self.population } else { &mut self.others };
        grown.extend(&read.people, &new);
        self.decisions.settle(taken.files.name, &read.named, &taken.place_of_group);
        self.rosters.push(taken);
        Ok(())
    }

    /// Notes a roster that did not arrive: whoever it told of is known otherwise now.
    pub(crate) fn miss(&mut self, before: &mut Before, source: usize) -> Result<(), ChapterError> {
        let gone: RosterBefore = before.roster(source as i64 + 1)?;
        let told: Vec<u32> = gone.links.iter().filter_map(|old| self.since.place(old.link.left)).collect();
        told.into_iter().for_each(|place| self.since.other[place as usize] = true);
        Ok(())
    }

    /// Reads a roster and makes one record of the rows of each person.
    fn read(&self, context: &StepContext, files: &RosterFiles) -> Result<Read, ChapterError> {
        let communes = Communes::of(context.inputs.places);
        let wanted = self.decisions.wanted(files.name);
        let mut parts = Vec::new();
        let mut source_row = Vec::with_capacity(files.rows());
        let mut named_rows: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        files.each(context.book, &Identity::COLUMNS, &mut |first, batch| {
            context.cancelled.check()?;
            let identity = Identity::of(batch)?;
            let (ends, values) = communes.of_rows(&identity);
            let start = |row: usize| row.checked_sub(1).map_or(0, |before| ends[before]);
            let rows: Vec<Row> = (0..identity.len()).map(|row| identity.row(row, &values[start(row)..ends[row]])).collect();
            parts.push(Prepared::new(&rows));
            source_row.extend(identity.source_row.values().iter().map(|row| u32::try_from(*row).unwrap_or(u32::MAX)));
            for row in (0..identity.len()).filter(|_| wanted.is_some()) {
                let key = row_key(files.name, identity.written(row));
                if wanted.is_some_and(|wanted| wanted.contains(&key)) {
                    named_rows.entry(key).or_default().push((first + row) as u32);
                }
            }
            Ok(())
        })?;
        let rows = Prepared::joined(parts);
        let mut groups = group_rows(&rows);
        self.decisions.join_within(files.name, &named_rows, &mut groups);
        let (people, group_of_row) = rows.merged(&groups);
        let mut first_row = vec![u32::MAX; people.len()];
        for (row, group) in group_of_row.iter().enumerate().rev() {
            first_row[*group as usize] = row as u32;
        }
        let groups_of = |rows: Vec<u32>| rows.into_iter().map(|row| group_of_row[row as usize]).collect();
        let named = named_rows.into_iter().map(|(key, rows)| (key, groups_of(rows))).collect();
        Ok(Read { people, source_row, group_of_row, first_row, named })
    }
}

impl TakenRoster {
    /// Number of people the roster knows.
    pub(crate) fn groups(&self) -> usize {
        self.place_of_group.len()
    }

    /// The place of a row's person.
    pub(crate) fn place(&self, row: usize) -> usize {
        self.place_of_group[self.group_of_row[row] as usize] as usize
    }

    /// Whether everybody who took part in the search among these was linked anew, and not by what changed.
    pub(crate) fn in_full(&self, among: Among) -> bool {
        self.weights.iter().any(|weights| weights.among == among && weights.full)
    }

    /// The link of a row, where it has one.
    pub(crate) fn found(&self, row: usize) -> Option<&Found> {
        self.found.get(self.found_of_group[self.group_of_row[row] as usize] as usize)
    }

    /// A search for the people of this roster among people of one kind.
    fn stage<'a>(
        &'a self,
        context: &StepContext,
        among: Among,
        first: u32,
        groups: Option<&'a [u32]>,
        right: &'a Prepared,
        decisions: &'a Decisions,
    ) -> Stage<'a> {
        Stage {
            roster: self.files.name,
            period: context.inputs.period,
            among,
            first,
            groups,
            right,
            known: &self.known,
            decided: &self.decided,
            decisions,
        }
    }

    /// Notes links and pairs for review; `left` is who was looked among and the place of the first of them, `rows` how many people
    /// of the roster took part, `group` which person of the roster a right row is, `None` where the link is not to be taken.
    fn note(
        &mut self,
        among: Among,
        searched: Searched,
        (left, first): (&Prepared, u32),
        rows: u32,
        group: impl Fn(u32) -> Option<u32>,
    ) {
        let Searched { linked, touched, since } = searched;
        let placed = |link: Link, frequency: i32, why: Option<ReviewReason>, second: bool| {
            let runner_up = link.runner_up.map(|(left, weight)| (left + first, weight));
            let link = Link { left: link.left + first, right: group(link.right)?, runner_up, ..link };
            Some(Found { link, frequency, among, why, second })
        };
        match &touched {
            Some(rows) => rows.iter().filter_map(|row| group(*row)).for_each(|group| self.anew[group as usize] = true),
            None => (0..rows).filter_map(&group).for_each(|group| self.anew[group as usize] = true),
        }
        let stood = |right: u32| touched.as_ref().is_some_and(|rows| rows.binary_search(&right).is_err());
        let of_link = |(link, second): (&Link, bool)| {
            // What stood keeps what the name's frequency added then: so its parts still add up.
            let then = || self.known.link_of(group(link.right)?).map(|old| old.frequency);
            let now = || {
                let parts = explain(&linked.model, link, left).parts;
                parts.iter().filter(|p| p.field == FieldName::NameFrequency).map(|p| p.millibits).sum()
            };
            let frequency = if stood(link.right) { then() } else { None };
            placed(*link, frequency.unwrap_or_else(now), None, second)
        };
        // Second rows of a person who has one belong to the person too.
        let both = linked.links.iter().map(|l| (l, false)).chain(linked.also.iter().map(|l| (l, true)));
        let found: Vec<Found> = both.filter_map(of_link).collect();
        for one in found {
            self.found_of_group[one.link.right as usize] = self.found.len() as u32;
            self.place_of_group[one.link.right as usize] = one.link.left;
            self.found.push(one);
        }
        let review = linked.review.iter();
        self.review.extend(review.filter_map(|pair| placed(link_of(pair), pair.frequency_millibits, Some(pair.why), false)));
        self.lost += linked.stats.lost.lost;
        self.weights.push(Weights { among, model: linked.model, since, full: touched.is_none() });
    }
}

/// A pair for review as a link that was not made.
fn link_of(pair: &ReviewPair) -> Link {
    Link {
        left: pair.left,
        right: pair.right,
        pass: pair.pass,
        pattern: pair.pattern,
        weight_millibits: pair.weight_millibits,
        probability_thousandths: pair.probability_thousandths,
        runner_up: pair.runner_up,
        decided: false,
    }
}

/// Place of a group in an ascending list.
fn place_in(list: &[u32], group: u32) -> Option<u32> {
    list.binary_search(&group).ok().map(|at| at as u32)
}

/// Decisions as linkage takes them; `left` gives the left row of a place, `None` where it is not looked among.
fn within(decided: &[(u32, u32, bool)], left: impl Fn(u32) -> Option<u32>) -> Decisions {
    let mut decisions = Decisions::default();
    for (place, right, same) in decided {
        let Some(left) = left(*place) else { continue };
        if *same { decisions.same.push((left, *right)) } else { decisions.not_same.push((left, *right)) }
    }
    decisions
}
