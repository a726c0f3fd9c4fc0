//! The rows of the support pages, read from the run's tables.

use base::{CommuneCode, Date};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, Session, rows};

use chapter::named;

/// One entitled person of a list.
pub(crate) struct Entitled {
    pub(crate) person: i64,
    pub(crate) name: String,
    pub(crate) born: Option<Date>,
    pub(crate) village: Option<String>,
    pub(crate) commune: Option<CommuneCode>,
    pub(crate) group: String,
    pub(crate) others: Vec<String>,
    pub(crate) state: i64,
    pub(crate) city: i64,
    pub(crate) own: i64,
    pub(crate) pending: Option<i64>,
    pub(crate) standing: String,
    pub(crate) doubled: bool,
    pub(crate) to: Option<Date>,
}

/// Whether the run worked support out: runs of older programs did not.
pub(crate) fn there(session: &Session) -> bool {
    session.has_table("support_entitlement") && session.has_table("support_bill")
}

/// Where a page of a list begins.
#[derive(Debug, Clone, Copy)]
pub(crate) enum From {
    /// After this person.
    After(i64),
    /// The last ones before this person.
    Before(i64),
}

/// A page of the entitled by number of person, so many at most. `count` is how many the condition takes, `last` the highest number of all.
///
/// The table stands in the order of people, and a reader passes over the parts of it that lie outside a range of numbers. So the page is
/// looked for in ranges: the first is wide enough for some pages if the rows are spread evenly, each next one is four times as wide.
pub(crate) async fn people(
    session: &Session,
    condition: &str,
    from: From,
    most: usize,
    (count, last): (i64, i64),
) -> Result<Vec<Entitled>, EngineError> {
    let mut found = Vec::new();
    let mut wide = (4 * most as i64).saturating_mul(last / count.max(1) + 1);
    let mut from = from;
    loop {
        let (range, order, next, ended) = match from {
            From::After(person) => {
                let end = person.saturating_add(wide);
                (format!("person_id > {person} AND person_id <= {end}"), "ASC", From::After(end), end >= last)
            }
            From::Before(person) => {
                let end = person.saturating_sub(wide);
                (format!("person_id < {person} AND person_id >= {end}"), "DESC", From::Before(end), end <= 0)
            }
        };
        let sql = format!(
            "SELECT * FROM support_entitlement WHERE {condition} AND {range} ORDER BY person_id {order}, scheme LIMIT {}",
            most - found.len()
        );
        for batch in session.collect(&sql).await? {
            read(&batch, &mut found)?;
        }
        if found.len() >= most || ended {
            break;
        }
        (from, wide) = (next, wide.saturating_mul(4));
    }
    found.sort_by_key(|entitled: &Entitled| entitled.person);
    let known = named(session, found.iter().map(|entitled| entitled.person)).await?;
    for entitled in &mut found {
        // A person may be entitled in both schemes.
        let person = known.get(&entitled.person).cloned().unwrap_or_default();
        (entitled.name, entitled.born, entitled.village) = (person.name, person.born, person.village);
    }
    Ok(found)
}

fn read(batch: &RecordBatch, found: &mut Vec<Entitled>) -> Result<(), EngineError> {
    let text = |name: &str| rows::text(batch, name);
    let int = |name: &str| rows::int(batch, name);
    let (groups, others, communes, standings) = (text("group_code")?, text("other_groups")?, text("commune")?, text("standing")?);
    let (people, state, city, own, pending) =
        (int("person_id")?, int("state")?, int("city")?, int("person")?, int("city_pending")?);
    let (doubled, to) = (rows::flag(batch, "doubled")?, rows::date(batch, "card_to")?);
    found.extend((0..batch.num_rows()).map(|row| Entitled {
        person: people.value(row),
        name: String::new(),
        born: None,
        village: None,
        commune: rows::text_at(&communes, row).and_then(CommuneCode::parse),
        group: groups.value(row).to_owned(),
        others: rows::text_at(&others, row).map(|o| o.split(',').map(str::to_owned).collect()).unwrap_or_default(),
        state: state.value(row),
        city: city.value(row),
        own: own.value(row),
        pending: rows::int_at(&pending, row),
        standing: standings.value(row).to_owned(),
        doubled: doubled.value(row),
        to: rows::date_at(&to, row).and_then(Date::from_days_since_epoch),
    }));
    Ok(())
}
