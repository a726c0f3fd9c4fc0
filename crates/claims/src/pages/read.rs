//! Reading the claim tables of a run for the pages. A table that is not there leaves its part empty, and so does a column that a run of an older
//! program does not have.

use std::collections::BTreeMap;

use base::{Amount, CommuneCode, Date, Dong, FindingKey, Month, RunId, Strength};
use book::{Book, BookError, RunManifest};
use claimfile::TableId;
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, Options, Session, rows};
use law::Law;

use super::serving::{FacilityLine, Found, RuleLine, Snapshot, VisitLine};

/// Tables of the run that pages ask by number of a visit.
const ASKED: [&str; 6] =
    ["claim_stay", "claim_item", "claim_finding", "claim_finding_gone", "claim_facility", "claim_portal_compare"];

/// Reads a run; `beside`: the months whose stays are laid beside its own, the newest first.
pub(super) async fn snapshot(
    book: &Book,
    law: &Law,
    run: &RunManifest,
    beside: Vec<(Month, RunId)>,
) -> Result<Snapshot, BookError> {
    let session = Session::new(law, &Options::default())?;
    let tables = run.tables();
    for name in ASKED {
        if let Some(table) = tables.get(name) {
            session.register_parquet(name, book.table_at(table)).await?;
        }
    }
    let mut snapshot = Snapshot::empty(run.id.clone(), run.period, session);
    snapshot.has_claims = tables.contains_key("claim_finding");
    snapshot.stays = stays(book, run, &beside, &snapshot.session).await?;
    snapshot.beside = beside;
    if let Some(table) = tables.get("claim_facility") {
        for batch in book.read_table(table, None)? {
            facilities(&batch, &mut snapshot.facilities)?;
        }
    }
    if let Some(table) = tables.get("claim_rule_run") {
        for batch in book.read_table(table, None)? {
            rule_runs(&batch, &mut snapshot.rules)?;
        }
    }
    if let Some(table) = tables.get("claim_finding") {
        let mut places = BTreeMap::new();
        let mut visits = BTreeMap::new();
        let columns = [
            "finding_key",
            "rule",
            "visit_id",
            "facility",
            "strength",
            "line_table",
            "line_no",
            "amount",
            "fund",
            "state",
            "national",
        ];
        book.scan_table(table, Some(&columns), &mut |batch| findings(&batch, &mut places, &mut visits))?;
        let mut ids: Vec<(String, usize)> = places.into_iter().collect();
        ids.sort_by_key(|(_, place)| *place);
        snapshot.rule_ids = ids.into_iter().map(|(id, _)| id).collect();
        if snapshot.session.has_table("claim_stay") {
            stays_of(&snapshot.session, &mut visits).await?;
        }
        order(&mut snapshot, visits);
    }
    Ok(snapshot)
}

/// Registers the stays of this month and of those beside it; gives their names and months, the newest first.
async fn stays(
    book: &Book,
    run: &RunManifest,
    beside: &[(Month, RunId)],
    session: &Session,
) -> Result<Vec<(String, Month)>, BookError> {
    let mut names = Vec::new();
    if session.has_table("claim_stay") {
        names.push(("claim_stay".to_owned(), run.period));
    }
    for (at, (period, id)) in (1_usize..).zip(beside) {
        if let Some(table) = book.run(id)?.tables().get("claim_stay") {
            let name = format!("claim_stay_{at}");
            session.register_parquet(&name, book.table_at(table)).await?;
            names.push((name, *period));
        }
    }
    names.sort_by_key(|(_, month)| std::cmp::Reverse(*month));
    Ok(names)
}

/// A strength by its stable word; a hint where the word is not known.
pub(crate) fn strength(word: &str) -> Strength {
    match word {
        "absolute" => Strength::Absolute,
        "explain" => Strength::Explain,
        _ => Strength::Warn,
    }
}

/// Đồng in a cell: a whole number or an exact decimal, rounded half away from zero.
pub(crate) fn dong_at(batch: &RecordBatch, name: &str, row: usize) -> Result<Option<Dong>, EngineError> {
    let Some(column) = batch.column_by_name(name) else { return Ok(None) };
    let text = rows::canonical(column, row)?;
    Ok(text.and_then(|text| Amount::parse(&text).ok()).and_then(Amount::to_dong))
}

/// Text in a cell of a column that may not be there.
pub(crate) fn text_in(batch: &RecordBatch, name: &str, row: usize) -> Result<Option<String>, EngineError> {
    match batch.column_by_name(name) {
        Some(column) => rows::canonical(column, row),
        None => Ok(None),
    }
}

/// Whole number in a cell of a column that may not be there.
pub(crate) fn int_in(batch: &RecordBatch, name: &str, row: usize) -> Result<i64, EngineError> {
    Ok(text_in(batch, name, row)?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

fn facilities(batch: &RecordBatch, all: &mut BTreeMap<String, FacilityLine>) -> Result<(), EngineError> {
    let codes = rows::text(batch, "facility")?;
    for row in 0..batch.num_rows() {
        let code = codes.value(row).to_owned();
        let causes = text_in(batch, "causes", row)?.unwrap_or_default();
        let line = FacilityLine {
            name: text_in(batch, "name", row)?,
            commune: text_in(batch, "commune", row)?.and_then(|code| CommuneCode::parse(&code)),
            visits: int_in(batch, "visits", row)?,
            sent_again: int_in(batch, "sent_again", row)?,
            refused: int_in(batch, "refused", row)?,
            clean: int_in(batch, "clean", row)?,
            fund: dong_at(batch, "fund", row)?.unwrap_or_default(),
            at_stake: dong_at(batch, "at_stake", row)?.unwrap_or_default(),
            causes: told_causes(&causes),
        };
        all.insert(code, line);
    }
    Ok(())
}

/// Causes as the run writes them: a JSON list of `{"rule": …, "found": …}`.
fn told_causes(text: &str) -> Vec<(String, i64)> {
    let Ok(serde_json::Value::Array(list)) = serde_json::from_str(text) else { return Vec::new() };
    let told = |one: &serde_json::Value| Some((one.get("rule")?.as_str()?.to_owned(), one.get("found")?.as_i64()?));
    list.iter().filter_map(told).collect()
}

fn rule_runs(batch: &RecordBatch, all: &mut BTreeMap<String, RuleLine>) -> Result<(), EngineError> {
    let (ids, states) = (rows::text(batch, "rule")?, rows::text(batch, "state")?);
    for row in 0..batch.num_rows() {
        let line = RuleLine {
            state: states.value(row).to_owned(),
            missing: text_in(batch, "missing", row)?,
            asked: int_in(batch, "asked", row)?,
            unknown: int_in(batch, "unknown", row)?,
            without_lines: int_in(batch, "visits_without_lines", row)?,
            found: int_in(batch, "found", row)?,
            fresh: int_in(batch, "fresh", row)?,
            visits: int_in(batch, "visits", row)?,
            amount: dong_at(batch, "amount", row)?.unwrap_or_default(),
            top_facility: top(batch, ("top_facility", "top_facility_found"), row)?,
            top_code: top(batch, ("top_code", "top_code_found"), row)?,
        };
        all.insert(ids.value(row).to_owned(), line);
    }
    Ok(())
}

/// What most findings have in common, and how many have it.
fn top(batch: &RecordBatch, (name, count): (&str, &str), row: usize) -> Result<Option<(String, i64)>, EngineError> {
    let count = int_in(batch, count, row)?;
    Ok(text_in(batch, name, row)?.map(|name| (name, count)))
}

/// Findings that are there now; those that are gone or were not evaluated are no work.
fn findings(
    batch: &RecordBatch,
    places: &mut BTreeMap<String, usize>,
    visits: &mut BTreeMap<i64, VisitLine>,
) -> Result<(), EngineError> {
    let text = |name: &str| rows::text(batch, name);
    let (keys, rules, facilities) = (text("finding_key")?, text("rule")?, text("facility")?);
    let (strengths, tables, states) = (text("strength")?, text("line_table")?, text("state")?);
    let (numbers, lines) = (rows::int(batch, "visit_id")?, rows::int(batch, "line_no")?);
    for row in 0..batch.num_rows() {
        if !matches!(states.value(row), "new" | "still") {
            continue;
        }
        let Some(key) = FindingKey::parse(keys.value(row)) else { continue };
        let next = places.len();
        let rule = *places.entry(rules.value(row).to_owned()).or_insert(next);
        let table = rows::text_at(&tables, row).and_then(TableId::parse).and_then(|id| u8::try_from(id.index()).ok());
        let national = text_in(batch, "national", row)?;
        let found = Found {
            key,
            rule,
            strength: strength(strengths.value(row)),
            table: table.unwrap_or(0),
            line: rows::int_at(&lines, row).and_then(|line| u32::try_from(line).ok()).unwrap_or(0),
            amount: dong_at(batch, "amount", row)?.unwrap_or_default(),
            // Where it refused another part of the visit, this finding is still the difference.
            national: national.as_deref() == Some("refused"),
        };
        let number = numbers.value(row);
        let visit = visits.entry(number).or_insert_with(|| VisitLine {
            visit: number,
            facility: facilities.value(row).to_owned(),
            end: None,
            inpatient: false,
            billed: Dong::ZERO,
            expected: Dong::ZERO,
            strength: Strength::Warn,
            found: Vec::new(),
        });
        if let Some(fund) = dong_at(batch, "fund", row)? {
            visit.billed = fund;
        }
        visit.found.push(found);
    }
    Ok(())
}

/// When the visits with findings ended, and whether they were stays.
async fn stays_of(session: &Session, visits: &mut BTreeMap<i64, VisitLine>) -> Result<(), EngineError> {
    let sql = "SELECT visit_id, end_day, inpatient FROM claim_stay WHERE visit_id IN (SELECT visit_id FROM claim_finding)";
    for batch in session.collect(sql).await? {
        let (numbers, ends) = (rows::int(&batch, "visit_id")?, rows::date(&batch, "end_day")?);
        let inpatient = rows::flag(&batch, "inpatient")?;
        for row in 0..batch.num_rows() {
            let Some(visit) = visits.get_mut(&numbers.value(row)) else { continue };
            visit.end = rows::date_at(&ends, row).and_then(Date::from_days_since_epoch);
            visit.inpatient = inpatient.value(row);
        }
    }
    Ok(())
}

/// Weighs the visits and puts them in both orders of the queue.
fn order(snapshot: &mut Snapshot, visits: BTreeMap<i64, VisitLine>) {
    let all = visits.into_values().map(|mut visit| {
        visit.found.sort_by_key(|found| (std::cmp::Reverse(found.amount), found.table, found.line, found.rule));
        visit.expected = expected(&visit, |found| !found.national);
        let ours = visit.found.iter().filter(|found| !found.national);
        // The first strength is the strongest.
        visit.strength = ours.map(|found| found.strength).min().unwrap_or(Strength::Warn);
        visit
    });
    snapshot.visits = all.collect();
    let visits = &snapshot.visits;
    let mut places: Vec<usize> = (0..visits.len()).collect();
    places.sort_by_key(|at| (std::cmp::Reverse(visits[*at].priority()), std::cmp::Reverse(visits[*at].billed), *at));
    let mut billed = places.clone();
    billed.sort_by_key(|at| (std::cmp::Reverse(visits[*at].billed), *at));
    snapshot.by_priority = places;
    snapshot.by_billed = billed;
}

/// What may be refused of a visit for some of its findings: the most that is at stake of each line, so that no line is counted twice, and never
/// more than the visit asks for.
pub(super) fn expected(visit: &VisitLine, counts: impl Fn(&Found) -> bool) -> Dong {
    let mut lines: BTreeMap<(u8, u32), i64> = BTreeMap::new();
    for found in visit.found.iter().filter(|found| counts(found)) {
        let most = lines.entry((found.table, found.line)).or_default();
        *most = (*most).max(found.amount.get());
    }
    let sum = lines.values().fold(0_i64, |sum, amount| sum.saturating_add(*amount));
    Dong::new(if visit.billed > Dong::ZERO { sum.min(visit.billed.get()) } else { sum })
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::SubjectKind;

    fn ours(found: &Found) -> bool {
        !found.national
    }

    fn found(table: u8, line: u32, amount: i64, national: bool) -> Found {
        let key = FindingKey::new("a-rule", SubjectKind::Visit, "1", &[&format!("{table}:{line}")]);
        Found { key, rule: 0, strength: Strength::Absolute, table, line, amount: Dong::new(amount), national }
    }

    fn visit(billed: i64, found: Vec<Found>) -> VisitLine {
        VisitLine {
            visit: 1,
            facility: "01001".into(),
            end: None,
            inpatient: false,
            billed: Dong::new(billed),
            expected: Dong::ZERO,
            strength: Strength::Warn,
            found,
        }
    }

    #[test]
    fn a_line_is_expected_once_and_no_more_than_was_asked() {
        let two_rules_one_line =
            visit(1_000_000, vec![found(2, 1, 60_000, false), found(2, 1, 40_000, false), found(3, 1, 10_000, false)]);
        assert_eq!(expected(&two_rules_one_line, ours), Dong::new(70_000));
        let refused_by_the_national_system = visit(1_000_000, vec![found(2, 1, 60_000, true), found(2, 2, 5_000, false)]);
        assert_eq!(expected(&refused_by_the_national_system, ours), Dong::new(5_000));
        assert_eq!(expected(&visit(50_000, vec![found(0, 0, 80_000, false)]), ours), Dong::new(50_000));
    }

    #[test]
    fn causes_are_read_and_others_left() {
        assert_eq!(told_causes(r#"[{"rule":"a","found":3},{"rule":"b"}]"#), [("a".to_owned(), 3)]);
        assert_eq!(told_causes(""), []);
    }
}
