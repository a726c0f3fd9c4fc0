//! A person's own entitlement with the steps of the calculator, for the pages.

use base::{Date, Dong};
use engine::{EngineError, Session, rows};
use law::Law;
use law::calc::{Cx, Step, Steps, SupportGroup, VoluntaryGroup, support, voluntary};

use super::facts::{self, Listed, Payment};
use super::judge::since;
use super::money::{question, voluntary_question};
use super::voluntary::covering;
use super::{HEALTH, days};

/// What the run worked out for one scheme, and how.
pub(crate) struct Explained {
    pub(crate) scheme: String,
    pub(crate) group: String,
    pub(crate) premium: Dong,
    pub(crate) state: Dong,
    pub(crate) city: Dong,
    pub(crate) person: Dong,
    pub(crate) pending: Option<Dong>,
    pub(crate) standing: String,
    pub(crate) doubled: bool,
    pub(crate) card_to: Option<Date>,
    /// The calculator's steps for the group chosen; none where it has no answer.
    pub(crate) steps: Vec<Step>,
    /// The law in use gives other amounts than the run did.
    pub(crate) differs: bool,
    /// The person's other groups with what the state, the city and the person would pay.
    pub(crate) others: Vec<(String, Option<[Dong; 3]>)>,
}

/// The entitlements of a person, worked out again with every step. Nothing where the run has none.
pub(crate) async fn explain(session: &Session, law: &Law, person: i64, as_of: Date) -> Result<Vec<Explained>, EngineError> {
    // A run of an older program has no such table.
    if !session.has_table("support_entitlement") {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT * FROM support_entitlement WHERE person_id = {person} ORDER BY scheme");
    let batches = session.collect(&sql).await?;
    if batches.iter().all(|batch| batch.num_rows() == 0) {
        return Ok(Vec::new());
    }
    let (born, permanent) = person_facts(session, person).await?;
    let listed: Vec<Listed> = own_rows(session, "supported_group", person, facts::listed).await?;
    let payments: Vec<Payment> = own_rows(session, "voluntary_payment", person, facts::payments).await?;
    let mut found = Vec::new();
    for batch in batches {
        let text = |name: &str| rows::text(&batch, name);
        let int = |name: &str| rows::int(&batch, name);
        let (schemes, groups, others, standings) =
            (text("scheme")?, text("group_code")?, text("other_groups")?, text("standing")?);
        let (premium, state, city, own) = (int("premium")?, int("state")?, int("city")?, int("person")?);
        let (pending, doubled, to) = (int("city_pending")?, rows::flag(&batch, "doubled")?, rows::date(&batch, "card_to")?);
        for row in 0..batch.num_rows() {
            let mut explained = Explained {
                scheme: schemes.value(row).to_owned(),
                group: groups.value(row).to_owned(),
                premium: Dong::new(premium.value(row)),
                state: Dong::new(state.value(row)),
                city: Dong::new(city.value(row)),
                person: Dong::new(own.value(row)),
                pending: rows::int_at(&pending, row).map(Dong::new),
                standing: standings.value(row).to_owned(),
                doubled: doubled.value(row),
                card_to: rows::date_at(&to, row).and_then(Date::from_days_since_epoch),
                steps: Vec::new(),
                differs: false,
                others: Vec::new(),
            };
            let others: Vec<&str> = rows::text_at(&others, row).map(|o| o.split(',').collect()).unwrap_or_default();
            if explained.scheme == HEALTH {
                let ask = |code: &str| health(law, code, &listed, as_of, permanent, born);
                explained.take(ask(&explained.group));
                explained.others = others.iter().map(|code| ((*code).to_owned(), ask(code).map(|a| a.parts))).collect();
            } else {
                // Whether the group `club` counts is a matter of the city's part alone.
                let club = explained.group == "club"
                    || others.contains(&"club")
                    || listed.iter().any(|line| line.group.as_deref() == Some(SupportGroup::VeteranClub.code()));
                let ask = |code: &str| voluntary_month(law, code, &payments, as_of, permanent, club);
                explained.take(ask(&explained.group));
                explained.others = others.iter().map(|code| ((*code).to_owned(), ask(code).map(|a| a.parts))).collect();
            }
            found.push(explained);
        }
    }
    Ok(found)
}

/// Parts of state, city and person with the steps that lead to them.
struct Asked {
    parts: [Dong; 3],
    steps: Vec<Step>,
}

impl Explained {
    fn take(&mut self, asked: Option<Asked>) {
        let Some(asked) = asked else { return };
        self.differs = asked.parts != [self.state, self.city, self.person];
        self.steps = asked.steps;
    }
}

fn health(law: &Law, code: &str, listed: &[Listed], on: Date, permanent: bool, born: Option<Date>) -> Option<Asked> {
    let group = SupportGroup::of_code(code)?;
    let mut cx = Cx::new(law, Steps::default());
    let outcome = support(&mut cx, &question(on, (group, since(listed, group)), permanent, born)).ok()?;
    Some(Asked { parts: [outcome.state, outcome.city, outcome.person], steps: cx.into_trace().finish() })
}

fn voluntary_month(law: &Law, code: &str, payments: &[Payment], as_of: Date, permanent: bool, club: bool) -> Option<Asked> {
    let word = if code == "club" { VoluntaryGroup::Other.code() } else { code };
    let group = VoluntaryGroup::ALL.iter().copied().find(|group| group.code() == word)?;
    let month = as_of.month();
    let (payment, began) = *covering(payments, days(month.first_day()), days(month.last_day())).first()?;
    let income = Dong::new(payment.income?);
    let mut cx = Cx::new(law, Steps::default());
    let outcome = voluntary(&mut cx, &voluntary_question(began, income, group, club, permanent)).ok()?;
    Some(Asked { parts: [outcome.state, outcome.city, outcome.person], steps: cx.into_trace().finish() })
}

/// Birth date, and whether permanent residence is proven.
async fn person_facts(session: &Session, person: i64) -> Result<(Option<Date>, bool), EngineError> {
    let sql = format!("SELECT birth_date, residence FROM person WHERE person_id = {person}");
    let batches = session.collect(&sql).await?;
    let Some(batch) = batches.iter().find(|batch| batch.num_rows() > 0) else { return Ok((None, false)) };
    let born = rows::date_at(&rows::date(batch, "birth_date")?, 0).and_then(Date::from_days_since_epoch);
    Ok((born, rows::text_at(&rows::text(batch, "residence")?, 0) == Some("permanent")))
}

/// A person's rows of a table, none where the table did not arrive.
async fn own_rows<T>(
    session: &Session,
    table: &str,
    person: i64,
    read: fn(&engine::arrow::record_batch::RecordBatch) -> Result<Vec<T>, EngineError>,
) -> Result<Vec<T>, EngineError> {
    let mut found = Vec::new();
    if !session.has_table(table) {
        return Ok(found);
    }
    for batch in &session.collect(&format!("SELECT * FROM {table} WHERE person_id = {person}")).await? {
        found.extend(read(batch)?);
    }
    Ok(found)
}
