//! The people of the register: who they are, and the number each keeps from run to run.

use std::collections::{BTreeMap, BTreeSet};

use base::PersonId;
use book::Fingerprint;
use engine::arrow::array::{Array, StringArray};

use super::linking::{LinkedRoster, Spine};
use super::roster::{Roster, cell};

/// One person of the register, before the number is given.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// What tells the person again next month; see [`person_key`].
    pub(crate) key: String,
    /// The roster that describes the person: `None` the spine, else the place among the linked ones.
    pub(crate) roster: Option<usize>,
    /// Row in that roster.
    pub(crate) row: usize,
}

/// All people, and who each row is.
pub(crate) struct Register {
    /// The people: first those of the spine in its order, then the others.
    pub(crate) people: Vec<Person>,
    /// For each linked roster, the person (place in `people`) of each of its groups.
    pub(crate) person_of_group: Vec<Vec<usize>>,
}

/// Puts the people of the spine and the people of no spine together.
///
/// Groups that found nobody are one person across rosters when they bear the same identification
/// number, or else the same insurance number.
pub(crate) fn gather(spine: &Spine, linked: &[LinkedRoster]) -> Register {
    let mut people = Vec::new();
    if let Some(roster) = &spine.roster {
        let unique = unique_ids(roster);
        for row in spine.row_of_person.iter().map(|row| *row as usize) {
            people.push(Person { key: key_of_row(roster, row, Some(&unique)), roster: None, row });
        }
    }
    let mut outside: BTreeMap<String, usize> = BTreeMap::new();
    let mut person_of_group = Vec::new();
    for (at, one) in linked.iter().enumerate() {
        let mut of_group = Vec::with_capacity(one.row_of_group.len());
        for (group, found) in one.link_of_group.iter().enumerate() {
            let place = match found {
                Some(found) => found.link.left as usize,
                None => {
                    let row = one.row_of_group[group] as usize;
                    let number = cell(one.roster.personal_id.as_ref(), row).map(|id| format!("id {id}"));
                    let number = number.or_else(|| cell(one.roster.insurance_number.as_ref(), row).map(|n| format!("no {n}")));
                    let next = people.len();
                    let place = match number {
                        Some(number) => *outside.entry(number).or_insert(next),
                        None => next,
                    };
                    if place == next {
                        people.push(Person { key: key_of_row(&one.roster, row, None), roster: Some(at), row });
                    }
                    place
                }
            };
            of_group.push(place);
        }
        person_of_group.push(of_group);
    }
    Register { people, person_of_group }
}

/// Identification numbers that stand once in a roster.
fn unique_ids(roster: &Roster) -> BTreeSet<&str> {
    let Some(ids) = &roster.personal_id else { return BTreeSet::new() };
    let mut sorted: Vec<&str> = StringArray::iter(ids).flatten().collect();
    sorted.sort_unstable();
    sorted.chunk_by(|a, b| a == b).filter(|run| run.len() == 1).map(|run| run[0]).collect()
}

fn key_of_row(roster: &Roster, row: usize, unique: Option<&BTreeSet<&str>>) -> String {
    let id = cell(roster.personal_id.as_ref(), row).filter(|id| unique.is_none_or(|u| u.contains(id)));
    let birth = roster.birth_date.as_ref().filter(|b| b.is_valid(row)).map(|b| b.value(row).to_string());
    let description = [
        roster.full_name.value(row),
        birth.as_deref().unwrap_or(""),
        cell(roster.insurance_number.as_ref(), row).unwrap_or(""),
        cell(roster.commune.as_ref(), row).unwrap_or(""),
    ];
    person_key(id, &description)
}

/// The key that tells a person again in the next run.
///
/// The identification number where it is the only one of its kind, else what the row says about the
/// person. It is hashed, so that the key table names nobody.
pub(crate) fn person_key(unique_id: Option<&str>, description: &[&str]) -> String {
    let print = match unique_id {
        Some(id) => Fingerprint::new("person by number").with("id", id),
        None => description.iter().fold(Fingerprint::new("person by description"), |f, part| f.with("part", part)),
    };
    print.finish()[..32].to_owned()
}

/// Gives every person a number: the one of the run before, else a new one in the order of the keys.
///
/// Two people of one key (twins written the same) keep apart by their order in the roster: the second
/// gets the key with `#2`, and so on.
pub(crate) fn number_people(people: &mut [Person], known: &BTreeMap<String, i64>) -> Vec<PersonId> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for person in people.iter_mut() {
        let count = seen.entry(person.key.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            person.key = format!("{}#{count}", person.key);
        }
    }
    let next = known.values().max().map_or(1, |highest| highest + 1);
    let fresh: BTreeSet<&str> = people.iter().map(|p| p.key.as_str()).filter(|k| !known.contains_key(*k)).collect();
    let new_numbers: BTreeMap<String, i64> = fresh.into_iter().map(str::to_owned).zip(next..).collect();
    people.iter().map(|p| PersonId(known.get(&p.key).or_else(|| new_numbers.get(&p.key)).copied().unwrap_or(0))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(key: &str) -> Person {
        Person { key: key.into(), roster: None, row: 0 }
    }

    #[test]
    fn numbers_are_kept_and_new_ones_follow_the_order_of_keys() {
        let known = BTreeMap::from([("b".to_owned(), 7)]);
        let mut people = [person("c"), person("b"), person("a")];
        let numbers = number_people(&mut people, &known);
        assert_eq!(numbers, [PersonId(9), PersonId(7), PersonId(8)]);
    }

    #[test]
    fn people_of_one_description_stay_two() {
        let mut people = [person("a"), person("a")];
        let numbers = number_people(&mut people, &BTreeMap::new());
        assert_ne!(numbers[0], numbers[1]);
    }

    #[test]
    fn keys_name_nobody() {
        let key = person_key(Some("001085000017"), &["Nguyễn Văn An"]);
        assert_eq!(key.len(), 32);
        assert!(!key.contains("0010"));
        assert_eq!(key, person_key(Some("001085000017"), &["Nguyễn Văn Ân"]));
    }
}
