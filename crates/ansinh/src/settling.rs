//! After a run is published: its findings are held against the cases of the desk, and those of rules that say `auto` become cases.

use std::collections::BTreeMap;

use base::{CommuneCode, Date, FindingKey, Scope, SubjectKind};
use book::{Book, RunManifest, TableRef};
use desk::{CaseUnit, NewCase, RunFindings, Settled};
use engine::rows;
use law::calc::Calendar;

use crate::failure::Failure;
use crate::monthly::Stores;
use crate::workshop::Workshop;

/// Rows read at once.
const ROWS: usize = 65_536;
/// New cases handed to the desk at once.
const AT_ONCE: usize = 10_000;

/// The unit of people whom the national look-up is to find first: nobody is given a case about them.
const LOOK_UP: &str = "look_up";

/// Resolves cases whose findings are gone, opens those again whose findings are back. Nothing is read where there is no case; that the run
/// was held against the cases is written down all the same.
pub fn settle(stores: &Stores, shop: &Workshop, run: &RunManifest) -> Result<Settled, Failure> {
    let Stores { book, desk, runtime } = *stores;
    let system = Scope::system();
    let findings = if runtime.block_on(desk.has_cases(&system))? {
        findings(book, shop, run, today())?
    } else {
        RunFindings::new(&run.id, run.period).sorted()
    };
    Ok(runtime.block_on(desk.settle_cases(&system, &findings))?)
}

/// Opens a case for the unit of each finding of rules that say `auto`; gives how many were made. Of a person it is the main reason that
/// becomes a case, so that nobody is called twice; who waits for the national look-up is handed to nobody. Done again, or begun again after
/// it was interrupted, it makes what is missing.
pub fn open_auto(stores: &Stores, shop: &Workshop, run: &RunManifest) -> Result<i64, Failure> {
    let Some(today) = today() else { return Ok(0) };
    let calendar = Calendar::of(&shop.law).map_err(|e| Failure::of(&e, 3))?;
    let mut auto = BTreeMap::new();
    for rule in shop.rules.iter().filter(|rule| rule.work.auto) {
        let Some(unit) = CaseUnit::from_word(&rule.work.unit) else { continue };
        let due = calendar.working_days_after(today, i32::from(rule.work.due_working_days)).map_err(|e| Failure::of(&e, 3))?;
        auto.insert(rule.id.as_str(), (unit, due));
    }
    let mut opening = Opening { stores, run, auto, rule: String::new(), waiting: Vec::new(), made: 0 };
    let tables = run.tables();
    if let Some(table) = tables.get("worklist").filter(|_| !opening.auto.is_empty()) {
        opening.people(table)?;
    }
    if let Some(table) = tables.get("employer_list").filter(|_| !opening.auto.is_empty()) {
        opening.employers(table)?;
    }
    opening.hand_over()?;
    Ok(opening.made)
}

/// Today in Hà Nội.
fn today() -> Option<Date> {
    let now = (crate::commands::run::clock())();
    i32::try_from((now + 7 * 3_600_000).div_euclid(86_400_000)).ok().and_then(Date::from_days_since_epoch)
}

/// Cases on their way to the desk: of one rule at a time, as the lists have them.
struct Opening<'s> {
    stores: &'s Stores<'s>,
    run: &'s RunManifest,
    /// Rules that say `auto`: who works on them, and the last day of their term.
    auto: BTreeMap<&'s str, (CaseUnit, Date)>,
    rule: String,
    waiting: Vec<NewCase>,
    made: i64,
}

impl Opening<'_> {
    fn people(&mut self, table: &TableRef) -> Result<(), Failure> {
        let wanted = ["reason", "commune", "person_id", "village", "main", "unit", "finding_key"];
        for batch in self.stores.book.stream_table(table, &wanted, ROWS)? {
            let batch = batch?;
            let text = |name: &str| rows::text(&batch, name);
            let (reasons, communes, villages) = (text("reason")?, text("commune")?, text("village")?);
            let (units, keys) = (text("unit")?, text("finding_key")?);
            let (people, main) = (rows::int(&batch, "person_id")?, rows::flag(&batch, "main")?);
            for row in (0..batch.num_rows()).filter(|row| main.value(*row) && units.value(*row) != LOOK_UP) {
                let key = rows::text_at(&keys, row).and_then(FindingKey::parse);
                let of = (SubjectKind::Person, people.value(row), rows::text_at(&communes, row), rows::text_at(&villages, row));
                self.add(reasons.value(row), key, of)?;
            }
        }
        Ok(())
    }

    fn employers(&mut self, table: &TableRef) -> Result<(), Failure> {
        let wanted = ["reason", "commune", "employer_id", "finding_key"];
        for batch in self.stores.book.stream_table(table, &wanted, ROWS)? {
            let batch = batch?;
            let text = |name: &str| rows::text(&batch, name);
            let (reasons, communes, keys) = (text("reason")?, text("commune")?, text("finding_key")?);
            let employers = rows::int(&batch, "employer_id")?;
            for row in 0..batch.num_rows() {
                let of = (SubjectKind::Employer, employers.value(row), rows::text_at(&communes, row), None);
                self.add(reasons.value(row), FindingKey::parse(keys.value(row)), of)?;
            }
        }
        Ok(())
    }

    /// Takes a finding where its rule says `auto`: kind and number of whom it is about, commune, village.
    fn add(
        &mut self,
        rule: &str,
        key: Option<FindingKey>,
        (subject_kind, subject, commune, village): (SubjectKind, i64, Option<&str>, Option<&str>),
    ) -> Result<(), Failure> {
        let (Some((unit, due)), Some(finding)) = (self.auto.get(rule).copied(), key) else { return Ok(()) };
        if self.rule != rule || self.waiting.len() == AT_ONCE {
            self.hand_over()?;
            rule.clone_into(&mut self.rule);
        }
        self.waiting.push(NewCase {
            rule: rule.to_owned(),
            finding,
            subject_kind,
            subject,
            period: self.run.period,
            commune: commune.and_then(CommuneCode::parse),
            village: village.map(str::to_owned),
            unit,
            due,
        });
        Ok(())
    }

    fn hand_over(&mut self) -> Result<(), Failure> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let Stores { desk, runtime, .. } = *self.stores;
        let system = Scope::system();
        self.made += runtime.block_on(desk.open_auto_cases(&system, &self.run.id, &self.rule, &self.waiting))?;
        self.waiting.clear();
        Ok(())
    }
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
