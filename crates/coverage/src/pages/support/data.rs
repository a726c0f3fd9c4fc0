//! The figures and rows of the support pages, read from the run's tables.

use base::{CommuneCode, Date};
use engine::{EngineError, Session, rows};

use super::view::VIEWS;

/// The entitled of one scheme and group.
#[derive(Debug, Clone, Default)]
pub(crate) struct GroupCount {
    pub(crate) scheme: String,
    pub(crate) group: String,
    pub(crate) people: i64,
    /// People of each of [`VIEWS`].
    pub(crate) views: [i64; VIEWS.len()],
}

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

/// One line of the quarter's sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Owed {
    pub(crate) scheme: String,
    pub(crate) payer: String,
    pub(crate) group: String,
    /// Absent in sums over communes, and where a commune is not known.
    pub(crate) commune: Option<CommuneCode>,
    pub(crate) people: i64,
    pub(crate) months: i64,
    pub(crate) amount: i64,
    pub(crate) people_before: Option<i64>,
    pub(crate) amount_before: Option<i64>,
    pub(crate) pending: Option<i64>,
    pub(crate) doubled: i64,
    pub(crate) doubled_amount: i64,
}

/// Whether the run worked support out: runs of older programs did not.
pub(crate) fn there(session: &Session) -> bool {
    session.has_table("support_entitlement") && session.has_table("support_bill")
}

/// The entitled by scheme and group.
pub(crate) async fn counts(session: &Session, area: &str) -> Result<Vec<GroupCount>, EngineError> {
    let views = VIEWS.iter().enumerate().map(|(at, view)| format!("count(CASE WHEN {} THEN 1 END) AS v{at}", view.sql));
    let sql = format!(
        "SELECT scheme, group_code, count(*) AS people, {} FROM support_entitlement \
         WHERE {area} GROUP BY scheme, group_code ORDER BY scheme, group_code",
        views.collect::<Vec<_>>().join(", ")
    );
    let mut found = Vec::new();
    for batch in session.collect(&sql).await? {
        let (schemes, groups) = (rows::text(&batch, "scheme")?, rows::text(&batch, "group_code")?);
        let int = |name: &str| rows::int(&batch, name);
        let people = int("people")?;
        for row in 0..batch.num_rows() {
            let mut line = GroupCount {
                scheme: schemes.value(row).to_owned(),
                group: groups.value(row).to_owned(),
                people: people.value(row),
                ..GroupCount::default()
            };
            for (at, view) in line.views.iter_mut().enumerate() {
                *view = int(&format!("v{at}"))?.value(row);
            }
            found.push(line);
        }
    }
    Ok(found)
}

/// How many people a condition takes.
pub(crate) async fn count(session: &Session, condition: &str) -> Result<i64, EngineError> {
    let batches = session.collect(&format!("SELECT count(*) AS n FROM support_entitlement WHERE {condition}")).await?;
    match batches.first() {
        Some(batch) => Ok(rows::int(batch, "n")?.value(0)),
        None => Ok(0),
    }
}

/// Where a page of a list begins.
#[derive(Debug, Clone, Copy)]
pub(crate) enum From {
    /// After this person.
    After(i64),
    /// The last ones before this person.
    Before(i64),
}

/// A page of the entitled by number of person, so many at most.
///
/// Names come in a second step for the people of the page alone: a join of all people with all entitled would be held in memory whole.
pub(crate) async fn people(session: &Session, condition: &str, from: From, most: usize) -> Result<Vec<Entitled>, EngineError> {
    let (bound, order) = match from {
        From::After(person) => (format!("person_id > {person}"), "ASC"),
        From::Before(person) => (format!("person_id < {person}"), "DESC"),
    };
    let sql = format!(
        "SELECT * FROM support_entitlement WHERE {condition} AND {bound} ORDER BY person_id {order}, scheme LIMIT {most}"
    );
    let mut found = Vec::new();
    for batch in session.collect(&sql).await? {
        let text = |name: &str| rows::text(&batch, name);
        let int = |name: &str| rows::int(&batch, name);
        let (groups, others, communes, standings) =
            (text("group_code")?, text("other_groups")?, text("commune")?, text("standing")?);
        let (people, state, city, own, pending) =
            (int("person_id")?, int("state")?, int("city")?, int("person")?, int("city_pending")?);
        let (doubled, to) = (rows::flag(&batch, "doubled")?, rows::date(&batch, "card_to")?);
        for row in 0..batch.num_rows() {
            found.push(Entitled {
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
            });
        }
    }
    found.sort_by_key(|entitled| entitled.person);
    name(session, &mut found).await?;
    Ok(found)
}

async fn name(session: &Session, page: &mut [Entitled]) -> Result<(), EngineError> {
    let (Some(first), Some(last)) = (page.first(), page.last()) else { return Ok(()) };
    let ids: Vec<String> = page.iter().map(|e| e.person.to_string()).collect();
    // The bounds let most of the table be passed over: it stands in the order of people.
    let sql = format!(
        "SELECT person_id, full_name, birth_date, village FROM person \
         WHERE person_id >= {} AND person_id <= {} AND person_id IN ({})",
        first.person,
        last.person,
        ids.join(", ")
    );
    for batch in session.collect(&sql).await? {
        let (people, names) = (rows::int(&batch, "person_id")?, rows::text(&batch, "full_name")?);
        let (born, villages) = (rows::date(&batch, "birth_date")?, rows::text(&batch, "village")?);
        for row in 0..batch.num_rows() {
            for entitled in page.iter_mut().filter(|e| e.person == people.value(row)) {
                entitled.name = rows::text_at(&names, row).unwrap_or_default().to_owned();
                entitled.born = rows::date_at(&born, row).and_then(Date::from_days_since_epoch);
                entitled.village = rows::text_at(&villages, row).map(str::to_owned);
            }
        }
    }
    Ok(())
}

/// The quarter's sheet, by commune or added up over communes.
pub(crate) async fn sheet(session: &Session, area: &str, by_commune: bool) -> Result<Vec<Owed>, EngineError> {
    let place = if by_commune { "commune" } else { "CAST(NULL AS VARCHAR)" };
    let group_by = if by_commune { "scheme, payer, group_code, commune" } else { "scheme, payer, group_code" };
    let sql = format!(
        "SELECT scheme, payer, group_code, {place} AS place, sum(people) AS people, sum(months) AS months, sum(amount) AS amount, \
         sum(people_before) AS people_before, sum(amount_before) AS amount_before, sum(pending) AS pending, sum(doubled) AS doubled, \
         sum(doubled_amount) AS doubled_amount FROM support_bill WHERE {area} GROUP BY {group_by} \
         ORDER BY scheme, payer DESC, group_code, place"
    );
    let mut found = Vec::new();
    for batch in session.collect(&sql).await? {
        let text = |name: &str| rows::text(&batch, name);
        let int = |name: &str| rows::int(&batch, name);
        let (schemes, payers, groups, places) = (text("scheme")?, text("payer")?, text("group_code")?, text("place")?);
        let (people, months, amount) = (int("people")?, int("months")?, int("amount")?);
        let (people_before, amount_before, pending) = (int("people_before")?, int("amount_before")?, int("pending")?);
        let (doubled, doubled_amount) = (int("doubled")?, int("doubled_amount")?);
        found.extend((0..batch.num_rows()).map(|row| Owed {
            scheme: schemes.value(row).to_owned(),
            payer: payers.value(row).to_owned(),
            group: groups.value(row).to_owned(),
            commune: rows::text_at(&places, row).and_then(CommuneCode::parse),
            people: people.value(row),
            months: months.value(row),
            amount: amount.value(row),
            people_before: rows::int_at(&people_before, row),
            amount_before: rows::int_at(&amount_before, row),
            pending: rows::int_at(&pending, row).filter(|more| *more > 0),
            doubled: doubled.value(row),
            doubled_amount: doubled_amount.value(row),
        }));
    }
    Ok(found)
}
