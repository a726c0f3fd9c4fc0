//! Monthly step: the list of people to be reviewed, ready to be shown.

use std::collections::{BTreeMap, BTreeSet};

use chapter::{ChapterError, Step, StepContext, StepTable, TableBuilder};
use engine::rows;

use crate::indicators::has_card;

/// Writes the worklist.
pub struct WorklistStep;

const NAME: &str = "coverage.worklist";

/// People without a valid card whom no rule explains: the roster of cards just does not know them.
pub const UNEXPLAINED: &str = "no-card-unexplained";

/// The rule about wages: for insurance officers only, so it never stands in for a reason about the card.
pub(crate) const WAGE: &str = "wage-without-compulsory";

/// Reasons in the order in which they are the main one of a person; others follow by name.
pub const REASONS: [&str; 4] = ["pupil-without-valid-card", "household-card-lapsed", UNEXPLAINED, WAGE];

impl Step for WorklistStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &["person", "bhyt_card", "finding", "insured_elsewhere"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["worklist"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let period = context.inputs.period;
        let (health, social) = insured_elsewhere(context)?;
        let uncovered: BTreeSet<i64> = without_card(context)?.difference(&health).copied().collect();
        let mut entries = open_findings(context)?;
        // Who is insured elsewhere is not sent to anybody (practice A2); a health card says nothing about social insurance.
        entries.retain(|entry| !(if entry.reason == WAGE { &social } else { &health }).contains(&entry.person));
        let explained: BTreeSet<i64> = entries.iter().filter(|e| e.reason != WAGE).map(|e| e.person).collect();
        for person in uncovered.difference(&explained) {
            entries.push(Entry {
                reason: UNEXPLAINED.to_owned(),
                person: *person,
                state: String::new(),
                first_period: period.first_day().days_since_epoch(),
                key: None,
                evidence: "[]".to_owned(),
            });
        }
        let people = people(context, &entries)?;
        let mut main: BTreeMap<i64, usize> = BTreeMap::new();
        for (at, entry) in entries.iter().enumerate() {
            let best = main.entry(entry.person).or_insert(at);
            let order = |e: &Entry| (place(&e.reason), e.key.clone());
            if order(entry) < order(&entries[*best]) {
                *best = at;
            }
        }
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by_cached_key(|at| {
            let entry = &entries[*at];
            let sort = people.get(&entry.person).map(|p| p.sort.clone()).unwrap_or_default();
            (entry.reason.clone(), sort, entry.person, entry.key.clone())
        });
        let mut out = TableBuilder::new(context.schema("worklist")?)?;
        for (rank, at) in order.into_iter().enumerate() {
            let entry = &entries[at];
            let Some(person) = people.get(&entry.person) else { continue };
            out.text(Some(&entry.reason)).text(person.commune.as_deref()).int(Some(rank as i64 + 1));
            out.int(Some(entry.person)).text(Some(&person.name)).date(person.born).text(person.sex.as_deref());
            out.text(person.household.as_deref()).flag(Some(main.get(&entry.person) == Some(&at)));
            out.flag(Some(uncovered.contains(&entry.person))).text(Some(&entry.state)).date(Some(entry.first_period));
            out.text(entry.key.as_deref()).text(Some(&entry.evidence));
        }
        Ok(vec![StepTable::new("worklist", context.schema("worklist")?, out.finish()?)])
    }
}

struct Entry {
    reason: String,
    person: i64,
    state: String,
    first_period: i32,
    key: Option<String>,
    evidence: String,
}

struct Shown {
    name: String,
    sort: Vec<u8>,
    born: Option<i32>,
    sex: Option<String>,
    commune: Option<String>,
    household: Option<String>,
}

fn place(reason: &str) -> (usize, String) {
    let place = REASONS.iter().position(|r| *r == reason).unwrap_or(REASONS.len());
    (place, reason.to_owned())
}

/// People of the spine without a card valid on the last day; nobody when no cards arrived.
fn without_card(context: &StepContext) -> Result<BTreeSet<i64>, ChapterError> {
    let mut found = BTreeSet::new();
    if context.table("bhyt_card").is_none() {
        return Ok(found);
    }
    let day = context.inputs.period.last_day();
    let sql = format!(
        "SELECT p.person_id FROM person p WHERE p.on_spine AND p.alive_on_period_end AND NOT {} ORDER BY 1",
        has_card(day)
    );
    let session = context.session(&["person", "bhyt_card"])?;
    for batch in context.wait(session.collect(&sql))? {
        found.extend(rows::int(&batch, "person_id")?.values().iter().copied());
    }
    Ok(found)
}

/// People whom the national look-up found insured elsewhere on the last day: for health, and for social insurance. An answer
/// that names no scheme counts for both.
fn insured_elsewhere(context: &StepContext) -> Result<(BTreeSet<i64>, BTreeSet<i64>), ChapterError> {
    let (mut health, mut social) = (BTreeSet::new(), BTreeSet::new());
    let end = context.inputs.period.last_day().days_since_epoch();
    let Some(table) = context.table("insured_elsewhere") else { return Ok((health, social)) };
    for batch in context.book.read_table(table, None)? {
        let (people, schemes) = (rows::int(&batch, "person_id")?, rows::text(&batch, "scheme")?);
        let (from, to) = (rows::date(&batch, "valid_from")?, rows::date(&batch, "valid_to")?);
        let in_force = |row: &usize| {
            rows::date_at(&from, *row).is_none_or(|day| day <= end) && rows::date_at(&to, *row).is_none_or(|day| day >= end)
        };
        for row in (0..batch.num_rows()).filter(in_force) {
            let scheme = rows::text_at(&schemes, row);
            if scheme != Some("bhxh") {
                health.insert(people.value(row));
            }
            if scheme != Some("bhyt") {
                social.insert(people.value(row));
            }
        }
    }
    Ok((health, social))
}

/// Open findings about people. People outside the spine may be listed elsewhere under another
/// spelling, so they are not handed to anybody as not covered.
fn open_findings(context: &StepContext) -> Result<Vec<Entry>, ChapterError> {
    let sql = "SELECT f.rule, f.person_id, f.state, f.first_period, f.finding_key, f.evidence FROM finding f \
               JOIN person p ON p.person_id = f.person_id AND p.on_spine \
               WHERE f.state IN ('new', 'still') ORDER BY f.finding_key";
    let session = context.session(&["finding", "person"])?;
    let mut found = Vec::new();
    for batch in context.wait(session.collect(sql))? {
        let text = |name: &str| rows::text(&batch, name);
        let (rules, states, keys, evidence) = (text("rule")?, text("state")?, text("finding_key")?, text("evidence")?);
        let (people, first) = (rows::int(&batch, "person_id")?, rows::date(&batch, "first_period")?);
        for row in 0..batch.num_rows() {
            found.push(Entry {
                reason: rules.value(row).to_owned(),
                person: people.value(row),
                state: states.value(row).to_owned(),
                first_period: first.value(row),
                key: Some(keys.value(row).to_owned()),
                evidence: evidence.value(row).to_owned(),
            });
        }
    }
    Ok(found)
}

fn people(context: &StepContext, entries: &[Entry]) -> Result<BTreeMap<i64, Shown>, ChapterError> {
    let wanted: BTreeSet<i64> = entries.iter().map(|e| e.person).collect();
    let mut found = BTreeMap::new();
    let Some(table) = context.table("person") else { return Ok(found) };
    let columns = ["person_id", "full_name", "birth_date", "sex", "commune", "household_number"];
    for batch in context.book.read_table(table, Some(&columns))? {
        let text = |name: &str| rows::text(&batch, name);
        let (names, sexes, communes, households) =
            (text("full_name")?, text("sex")?, text("commune")?, text("household_number")?);
        let (ids, born) = (rows::int(&batch, "person_id")?, rows::date(&batch, "birth_date")?);
        for row in (0..batch.num_rows()).filter(|row| wanted.contains(&ids.value(*row))) {
            let own = |column| rows::text_at(column, row).map(str::to_owned);
            let name = names.value(row).to_owned();
            let shown = Shown {
                sort: web::sort_key(&name),
                name,
                born: rows::date_at(&born, row),
                sex: own(&sexes),
                commune: own(&communes),
                household: own(&households),
            };
            found.insert(ids.value(row), shown);
        }
    }
    Ok(found)
}
