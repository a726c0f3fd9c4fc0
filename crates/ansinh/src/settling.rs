//! After a run is published: its findings are held against the cases of the desk.

use base::{Date, FindingKey, Scope};
use book::{Book, RunManifest, TableRef};
use desk::{RunFindings, Settled};
use engine::rows;
use law::calc::Calendar;

use crate::failure::Failure;
use crate::monthly::Stores;
use crate::workshop::Workshop;

/// Rows read at once.
const ROWS: usize = 65_536;

/// Resolves cases whose findings are gone, opens those again whose findings are back. Nothing is read where there is no case.
pub fn settle(stores: &Stores, shop: &Workshop, run: &RunManifest) -> Result<Settled, Failure> {
    let Stores { book, desk, runtime } = *stores;
    let system = Scope::system();
    if !runtime.block_on(desk.has_cases(&system))? {
        return Ok(Settled::default());
    }
    let now = (crate::commands::run::clock())();
    let today = i32::try_from((now + 7 * 3_600_000).div_euclid(86_400_000)).ok().and_then(Date::from_days_since_epoch);
    let findings = findings(book, shop, run, today)?;
    Ok(runtime.block_on(desk.settle_cases(&system, &findings))?)
}

/// What the run found, as cases are held against it.
fn findings(book: &Book, shop: &Workshop, run: &RunManifest, today: Option<Date>) -> Result<RunFindings, Failure> {
    let mut findings = RunFindings::new(&run.id, run.period);
    let tables = run.tables();
    let calendar = Calendar::of(&shop.law).map_err(|e| Failure::of(&e, 3))?;
    let due = |days: u16| today.and_then(|day| calendar.working_days_after(day, i32::from(days)).ok());
    if let Some(table) = tables.get("rule_run") {
        for batch in book.stream_table(table, &["rule", "outcome"], ROWS)? {
            let batch = batch?;
            let (ids, outcomes) = (rows::text(&batch, "rule")?, rows::text(&batch, "outcome")?);
            for row in (0..batch.num_rows()).filter(|row| outcomes.value(*row) == "evaluated") {
                let rule = shop.rules.get(ids.value(row));
                findings.evaluated(ids.value(row), rule.and_then(|rule| due(rule.work.due_working_days)));
            }
        }
    }
    if let Some(table) = tables.get("person_alias") {
        for batch in book.read_table(table, None)? {
            let (old, new) = (rows::int(&batch, "old_person_id")?, rows::int(&batch, "person_id")?);
            let kinds = rows::text(&batch, "kind")?;
            (0..batch.num_rows()).filter(|row| kinds.value(*row) == "merge").for_each(|row| {
                findings.alias(old.value(row), new.value(row));
            });
        }
    }
    if let Some(table) = tables.get("finding") {
        open_findings(book, table, &mut findings)?;
    }
    if let Some(table) = tables.get("worklist") {
        unexplained(book, table, &mut findings)?;
        findings.evaluated(coverage::UNEXPLAINED, due(coverage::UNEXPLAINED_DUE));
    }
    Ok(findings.sorted())
}

fn open_findings(book: &Book, table: &TableRef, findings: &mut RunFindings) -> Result<(), Failure> {
    let wanted = ["finding_key", "rule", "person_id", "employer_id", "commune", "state"];
    for batch in book.stream_table(table, &wanted, ROWS)? {
        let batch = batch?;
        let text = |name: &str| rows::text(&batch, name);
        let (keys, rules, communes, states) = (text("finding_key")?, text("rule")?, text("commune")?, text("state")?);
        let (people, employers) = (rows::int(&batch, "person_id")?, rows::int(&batch, "employer_id")?);
        for row in (0..batch.num_rows()).filter(|row| matches!(states.value(*row), "new" | "still")) {
            let subject = rows::int_at(&people, row).or_else(|| rows::int_at(&employers, row));
            let (Some(key), Some(subject)) = (FindingKey::parse(keys.value(row)), subject) else { continue };
            findings.add(key, rules.value(row), subject, rows::text_at(&communes, row));
        }
    }
    Ok(())
}

/// People whom no rule explains have no finding; their case has a key of its own.
fn unexplained(book: &Book, table: &TableRef, findings: &mut RunFindings) -> Result<(), Failure> {
    for batch in book.stream_table(table, &["reason", "person_id", "commune"], ROWS)? {
        let batch = batch?;
        let (reasons, communes) = (rows::text(&batch, "reason")?, rows::text(&batch, "commune")?);
        let people = rows::int(&batch, "person_id")?;
        for row in (0..batch.num_rows()).filter(|row| reasons.value(*row) == coverage::UNEXPLAINED) {
            let person = people.value(row);
            findings.add(coverage::case_key(None, person, &[]), coverage::UNEXPLAINED, person, rows::text_at(&communes, row));
        }
    }
    Ok(())
}
