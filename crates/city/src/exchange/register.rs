//! Finding people in the register as a clerk does: by number, else by name and birth date.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::exchange::check::{self, Asking};
use crate::households;
use crate::world::World;
use base::Date;

/// What the search for a row came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// One person, by slot.
    Person(u64),
    /// The number is somebody else's: neither name nor birth date agrees.
    OtherPerson,
    /// Several people fit and nothing tells them apart.
    Several,
    /// Nobody.
    Nobody,
}

/// Somebody whom a row may mean.
struct Candidate {
    slot: u64,
    id: u64,
    name: String,
    birth: Date,
    commune: String,
}

/// Finds each row's person; foreigners are not in the register.
pub fn find(world: &World, rows: &[Asking]) -> Vec<Match> {
    let ids: BTreeSet<u64> = rows.iter().filter_map(|r| r.id.map(|id| id.number())).collect();
    let mut years: BTreeMap<&str, BTreeSet<i32>> = BTreeMap::new();
    for row in rows {
        years.entry(&row.name).or_default().extend(row.birth.map(|b| b.year()));
    }
    let homes = world.places.last().map_or(0, |p| p.first + p.homes);
    let found: Vec<Candidate> = (0..homes)
        .into_par_iter()
        .flat_map_iter(|number| {
            let home = households::draw(world, number);
            let commune = check::key(&home.place.full_name());
            let members = if home.foreign { Vec::new() } else { home.members };
            let wanted = members.into_iter().filter_map(|person| {
                let name = check::key(&person.name.full());
                let birth = person.outline.birth;
                let by_name = years.get(name.as_str()).is_some_and(|years| years.contains(&birth.year()));
                let id = person.id.number();
                (by_name || ids.contains(&id)).then(|| Candidate {
                    slot: person.outline.slot,
                    id,
                    name,
                    birth,
                    commune: commune.clone(),
                })
            });
            wanted.collect::<Vec<_>>()
        })
        .collect();
    let by_id: BTreeMap<u64, &Candidate> = found.iter().map(|c| (c.id, c)).collect();
    let mut by_name: BTreeMap<&str, Vec<&Candidate>> = BTreeMap::new();
    found.iter().for_each(|c| by_name.entry(&c.name).or_default().push(c));
    let of = |row: &Asking| one(row, &by_id, by_name.get(row.name.as_str()).map_or(&[], Vec::as_slice));
    rows.iter().map(of).collect()
}

fn one(row: &Asking, by_id: &BTreeMap<u64, &Candidate>, namesakes: &[&Candidate]) -> Match {
    let numbered = row.id.and_then(|id| by_id.get(&id.number()));
    if let Some(person) = numbered
        && (person.name == row.name || row.birth.is_some_and(|b| b.agrees(person.birth)))
    {
        return Match::Person(person.slot);
    }
    let Some(birth) = row.birth else { return if numbered.is_some() { Match::OtherPerson } else { Match::Nobody } };
    let fitting: Vec<&&Candidate> = namesakes.iter().filter(|c| birth.agrees(c.birth)).collect();
    let near: Vec<&&Candidate> = fitting.iter().copied().filter(|c| row.commune.contains(&c.commune)).collect();
    match (&fitting[..], &near[..]) {
        ([only], _) | (_, [only]) => Match::Person(only.slot),
        ([], _) if numbered.is_some() => Match::OtherPerson,
        ([], _) => Match::Nobody,
        _ => Match::Several,
    }
}
