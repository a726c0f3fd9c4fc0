//! The findings of the run before, rule by rule, under the numbers that people have now.

use std::collections::BTreeMap;

use base::{Date, FindingKey, SubjectKind};
use chapter::{ChapterError, StepContext};
use engine::arrow::record_batch::RecordBatch;
use engine::{ParquetReader, rows};

use super::{Line, NAME, facts};

/// Rows read at once.
const ROWS: usize = 8_192;

const COLUMNS: [&str; 10] = [
    "finding_key",
    "rule",
    "subject_kind",
    "subject",
    "person_id",
    "employer_id",
    "commune",
    "state",
    "first_period",
    "evidence",
];

/// A place in the table of the run before, which is sorted by rule.
pub(super) struct Before {
    reader: Option<ParquetReader>,
    batch: Option<RecordBatch>,
    at: usize,
}

impl Before {
    /// Opens the findings of the run before; none when there is no such run.
    pub(super) fn open(context: &StepContext) -> Result<Self, ChapterError> {
        let table = context.inputs.previous.and_then(|run| run.tables().get("finding").cloned());
        let reader = table.map(|table| context.book.stream_table(&table, &COLUMNS, ROWS)).transpose()?;
        Ok(Self { reader, batch: None, at: 0 })
    }

    /// The findings of a rule. Rules are asked for in ascending order; those of rules that are no more are passed over.
    pub(super) fn of_rule(&mut self, rule: &str) -> Result<Vec<Line>, ChapterError> {
        let mut lines = Vec::new();
        loop {
            let Some(batch) = &self.batch else {
                match self.reader.as_mut().and_then(Iterator::next) {
                    Some(batch) => (self.batch, self.at) = (Some(batch?), 0),
                    None => return Ok(lines),
                }
                continue;
            };
            let rules = rows::text(batch, "rule")?;
            let from = self.at;
            while self.at < batch.num_rows() && rules.value(self.at) <= rule {
                self.at += 1;
            }
            let own = (from..self.at).filter(|row| rules.value(*row) == rule);
            read(batch, own, &mut lines)?;
            if self.at < batch.num_rows() {
                return Ok(lines);
            }
            self.batch = None;
        }
    }
}

fn read(batch: &RecordBatch, wanted: impl Iterator<Item = usize>, lines: &mut Vec<Line>) -> Result<(), ChapterError> {
    let text = |name: &str| rows::text(batch, name);
    let (keys, kinds, subjects) = (text("finding_key")?, text("subject_kind")?, text("subject")?);
    let (communes, states, evidence) = (text("commune")?, text("state")?, text("evidence")?);
    let (people, first) = (rows::int(batch, "person_id")?, rows::date(batch, "first_period")?);
    // Runs of before 2026-11 have no such column.
    let employers = batch.column_by_name("employer_id").map(|_| rows::int(batch, "employer_id")).transpose()?;
    for row in wanted {
        let damaged = || ChapterError::Step { step: NAME, detail: "the findings of the run before are damaged".into() };
        let first = Date::from_days_since_epoch(first.value(row)).ok_or_else(damaged)?;
        lines.push(Line {
            key: FindingKey::parse(keys.value(row)).ok_or_else(damaged)?,
            kind: if kinds.value(row) == "employer" { SubjectKind::Employer } else { SubjectKind::Person },
            subject: subjects.value(row).to_owned(),
            person: rows::int_at(&people, row),
            employer: employers.as_ref().and_then(|column| rows::int_at(column, row)),
            commune: rows::text_at(&communes, row).map(str::to_owned),
            state: if states.value(row) == "resolved" { "resolved" } else { "still" },
            first_period: first.month(),
            evidence: evidence.value(row).to_owned(),
        });
    }
    Ok(())
}

/// Numbers that were joined to others, with the number in use.
pub(super) fn aliases(context: &StepContext) -> Result<BTreeMap<i64, i64>, ChapterError> {
    let mut aliases = BTreeMap::new();
    let Some(table) = context.table("person_alias") else { return Ok(aliases) };
    for batch in context.book.read_table(table, None)? {
        let (old, new, kinds) =
            (rows::int(&batch, "old_person_id")?, rows::int(&batch, "person_id")?, rows::text(&batch, "kind")?);
        let merged = (0..batch.num_rows()).filter(|row| kinds.value(*row) == "merge");
        aliases.extend(merged.map(|row| (old.value(row), new.value(row))));
    }
    Ok(aliases)
}

/// Findings of one rule of the run before under the numbers that people have now: the key follows the person.
///
/// So many of the first facts of a finding's evidence are key columns. Two findings that become one keep the earlier first
/// period.
pub(super) fn followed(
    rule: &str,
    key_columns: usize,
    before: Vec<Line>,
    aliases: &BTreeMap<i64, i64>,
) -> Result<BTreeMap<FindingKey, Line>, ChapterError> {
    let mut found: BTreeMap<FindingKey, Line> = BTreeMap::new();
    for mut line in before {
        if let Some(now) = line.person.and_then(|person| aliases.get(&person)) {
            line.key = key_of(rule, key_columns, &line, *now)?;
            line.person = Some(*now);
            line.subject = base::PersonId(*now).to_string();
        }
        match found.get_mut(&line.key) {
            // An open finding stands for a resolved one of the same key, whichever comes first.
            Some(known) if known.state == "resolved" && line.state != "resolved" => {
                let first = known.first_period.min(line.first_period);
                *known = Line { first_period: first, ..line };
            }
            Some(known) => known.first_period = known.first_period.min(line.first_period),
            None => {
                found.insert(line.key, line);
            }
        }
    }
    Ok(found)
}

/// The key of a finding under another number.
fn key_of(rule: &str, key_columns: usize, line: &Line, person: i64) -> Result<FindingKey, ChapterError> {
    let facts = facts(&line.evidence)?;
    let named: Vec<&str> = facts.iter().take(key_columns).filter_map(|fact| fact.value.as_deref()).collect();
    Ok(FindingKey::new(rule, SubjectKind::Person, &base::PersonId(person).to_string(), &named))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(person: i64, since: &str, state: &'static str) -> Line {
        let subject = base::PersonId(person).to_string();
        Line {
            key: FindingKey::new("r", SubjectKind::Person, &subject, &["0100109106"]),
            kind: SubjectKind::Person,
            subject,
            person: Some(person),
            employer: None,
            commune: None,
            state,
            first_period: since.parse().unwrap(),
            evidence: r#"[{"name":"payer","value":"0100109106"},{"name":"months","value":"3"}]"#.into(),
        }
    }

    #[test]
    fn a_finding_follows_the_person_whose_number_was_joined_to_another() {
        let before = vec![line(8, "2026-08", "still"), line(7, "2026-09", "still"), line(5, "2026-10", "still")];
        let followed = followed("r", 1, before, &BTreeMap::from([(8, 7)])).unwrap();
        let all: Vec<(i64, String)> = followed.values().map(|l| (l.person.unwrap(), l.first_period.to_string())).collect();
        assert_eq!(followed.len(), 2);
        assert!(all.contains(&(7, "2026-08".into())) && all.contains(&(5, "2026-10".into())));
        assert!(followed.contains_key(&line(7, "2026-09", "still").key));
    }

    #[test]
    fn an_open_finding_is_not_hidden_behind_a_resolved_one_of_the_same_person() {
        let before = vec![line(7, "2026-08", "resolved"), line(8, "2026-09", "still")];
        let followed = followed("r", 1, before, &BTreeMap::from([(8, 7)])).unwrap();
        let one: Vec<(&str, String)> = followed.values().map(|l| (l.state, l.first_period.to_string())).collect();
        assert_eq!(one, [("still", "2026-08".to_owned())]);
    }

    #[test]
    fn the_lines_of_each_rule_come_in_the_order_of_rules() {
        use std::sync::Arc;

        use engine::arrow::array::{ArrayRef, Date32Array, Int64Array, StringArray};
        use engine::arrow::datatypes::{DataType, Field, Schema};
        let rules = ["a", "b", "b", "d"];
        let texts =
            |make: &dyn Fn(usize) -> String| Arc::new(StringArray::from_iter_values((0..rules.len()).map(make))) as ArrayRef;
        let key = |row: usize| FindingKey::new(rules[row], SubjectKind::Person, &row.to_string(), &[]).to_string();
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("finding_key", texts(&key)),
            ("rule", texts(&|row| rules[row].to_owned())),
            ("subject_kind", texts(&|_| "person".to_owned())),
            ("subject", texts(&|row| format!("P{row}"))),
            ("person_id", Arc::new(Int64Array::from_iter_values(0..4))),
            ("commune", texts(&|_| "00004".to_owned())),
            ("state", texts(&|_| "new".to_owned())),
            ("first_period", Arc::new(Date32Array::from_iter_values([20_000; 4]))),
            ("evidence", texts(&|_| "[]".to_owned())),
        ];
        let fields: Vec<Field> =
            columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect::<Vec<_>>();
        assert_eq!(fields[4].data_type(), &DataType::Int64);
        let arrays = columns.into_iter().map(|(_, array)| array).collect();
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap();
        let mut before = Before { reader: None, batch: Some(batch), at: 0 };
        let mut people =
            |rule: &str| -> Vec<i64> { before.of_rule(rule).unwrap().into_iter().map(|line| line.person.unwrap()).collect() };
        assert_eq!((people("b"), people("c"), people("d"), people("e")), (vec![1, 2], vec![], vec![3], vec![]));
    }
}
