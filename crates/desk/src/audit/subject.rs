//! The names that people have in the log: keys that can be erased, so that old events no longer say whom they were about.

use std::collections::{BTreeMap, BTreeSet};

use super::event::AuditEvent;
use crate::DeskError;
use crate::db::Tx;
use crate::sql::{Bind, Sql};

/// People or keys of one statement; three values each when they are put in.
const AT_ONCE: usize = 50;
/// Letters of a key.
const KEY: usize = 31;

/// Kinds of objects that may be a person: their page, a letter to them, a question about them to the log.
const KINDS: [&str; 3] = ["person", "letter", "audit_event"];

/// The person an event is about, by the book's number.
pub(crate) fn person_of(kind: &str, object: Option<&str>) -> Option<i64> {
    if !KINDS.contains(&kind) {
        return None;
    }
    object?.strip_prefix('P')?.parse().ok()
}

/// Puts keys in the place of the book's numbers; makes those that are not there yet.
pub(super) async fn rename(tx: &mut Tx, events: &mut [AuditEvent]) -> Result<(), DeskError> {
    let of = |event: &AuditEvent| person_of(&event.object_kind, event.object_id.as_deref());
    // The first event about a person in a group names the key after itself: it is random and says nothing of the person.
    let mut wanted: BTreeMap<i64, (String, i64)> = BTreeMap::new();
    for event in events.iter() {
        if let Some(person) = of(event) {
            wanted.entry(person).or_insert_with(|| (new_key(&event.id), event.at));
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let people: Vec<i64> = wanted.keys().copied().collect();
    let mut keys = keys_of(tx, &people).await?;
    let missing: Vec<i64> = people.into_iter().filter(|person| !keys.contains_key(person)).collect();
    for some in missing.chunks(AT_ONCE) {
        let rows = some.iter().filter_map(|person| {
            let (key, at) = wanted.get(person)?;
            keys.insert(*person, key.clone());
            Some(vec![Bind::Int(Some(*person)), key.as_str().into(), (*at).into()])
        });
        let sql = Sql::new("INSERT INTO subject_key (person, key, made_at) VALUES ").rows(rows.collect::<Vec<_>>());
        tx.execute(sql).await?;
    }
    for event in events {
        if let Some(key) = of(event).and_then(|person| keys.get(&person)) {
            event.object_id = Some(key.clone());
        }
    }
    Ok(())
}

/// The keys of people, where they have one.
pub(crate) async fn keys_of(tx: &mut Tx, people: &[i64]) -> Result<BTreeMap<i64, String>, DeskError> {
    let mut found = BTreeMap::new();
    for some in people.chunks(AT_ONCE) {
        let sql = Sql::new("SELECT person, key FROM subject_key WHERE person IN ").list(some.iter().copied());
        for row in tx.rows(sql).await? {
            found.insert(row.int(0)?, row.text(1)?);
        }
    }
    Ok(found)
}

/// The people of keys; those that were erased are not among them.
pub(crate) async fn people_of(tx: &mut Tx, keys: &BTreeSet<String>) -> Result<BTreeMap<String, i64>, DeskError> {
    let mut found = BTreeMap::new();
    let keys: Vec<&String> = keys.iter().collect();
    for some in keys.chunks(AT_ONCE) {
        let sql = Sql::new("SELECT key, person FROM subject_key WHERE key IN ").list(some.iter().map(|key| key.as_str()));
        for row in tx.rows(sql).await? {
            found.insert(row.text(0)?, row.int(1)?);
        }
    }
    Ok(found)
}

/// Whether an object of the log is the key of a person.
pub(crate) fn is_key(kind: &str, object: &str) -> bool {
    KINDS.contains(&kind) && object.len() == KEY && object.starts_with('s')
}

/// Shows the book's numbers in the place of keys, where they were not erased.
pub(super) async fn reveal(tx: &mut Tx, events: &mut [AuditEvent]) -> Result<(), DeskError> {
    let key = |event: &AuditEvent| event.object_id.clone().filter(|object| is_key(&event.object_kind, object));
    let keys: BTreeSet<String> = events.iter().filter_map(key).collect();
    let people = people_of(tx, &keys).await?;
    for event in events {
        if let Some(person) = key(event).and_then(|key| people.get(&key)) {
            event.object_id = Some(format!("P{person}"));
        }
    }
    Ok(())
}

fn new_key(event: &str) -> String {
    format!("s{}", &blake3::Hash::from(blake3::derive_key("An Sinh subject key 1", event.as_bytes())).to_hex()[..KEY - 1])
}
