//! Monthly step: the employers to be reviewed (đơn vị cần rà soát), ready to be shown.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use base::{Evidence, FindingKey};
use chapter::{ChapterError, Step, StepContext, StepTable, TableBuilder};
use engine::rows;

use crate::said::Said;
use crate::tables::failed;

/// Writes the list of employers.
pub struct EmployerListStep;

const NAME: &str = "coverage.employer_list";

/// Facts that say how many people a finding is about, the first that a rule gives.
const WEIGHTS: [&str; 2] = ["paid_uninsured", "registered_labour"];

impl Step for EmployerListStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &["employer", "finding", "case_outcome"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["employer_list"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let mut entries = open_findings(context)?;
        let shown = employers(context, &entries)?;
        let sort = |entry: &Entry| shown.get(&entry.employer).map(|one| one.sort.clone()).unwrap_or_default();
        entries.sort_by_cached_key(|entry| {
            (entry.reason.clone(), entry.commune.clone(), Reverse(entry.weight), sort(entry), entry.key.clone())
        });
        let mut out = TableBuilder::new(context.schema("employer_list")?)?;
        let known = entries.iter().filter_map(|entry| Some((entry, shown.get(&entry.employer)?)));
        for ((entry, one), rank) in known.zip(1i64..) {
            out.text(Some(&entry.reason)).text(entry.commune.as_deref()).int(Some(rank)).int(Some(entry.employer));
            out.text(one.tax_code.as_deref()).text(Some(&one.name)).text(one.kind.as_deref()).int(Some(entry.weight));
            out.text(Some(&entry.state)).date(Some(entry.first_period)).text(Some(&entry.key)).text(Some(&entry.evidence));
        }
        Ok(vec![StepTable::new("employer_list", context.schema("employer_list")?, out.finish()?)])
    }
}

/// One open finding about an employer.
struct Entry {
    reason: String,
    commune: Option<String>,
    employer: i64,
    weight: i64,
    state: String,
    first_period: i32,
    key: String,
    evidence: String,
}

fn open_findings(context: &StepContext) -> Result<Vec<Entry>, ChapterError> {
    let mut entries = Vec::new();
    let said = Said::read(context)?;
    let Some(table) = context.table("finding") else { return Ok(entries) };
    let wanted = ["rule", "employer_id", "commune", "state", "first_period", "finding_key", "evidence"];
    for batch in context.book.stream_table(table, &wanted, 65_536)? {
        let batch = batch?;
        let text = |name: &str| rows::text(&batch, name);
        let (rules, communes, states) = (text("rule")?, text("commune")?, text("state")?);
        let (keys, evidence) = (text("finding_key")?, text("evidence")?);
        let (employers, first) = (rows::int(&batch, "employer_id")?, rows::date(&batch, "first_period")?);
        for row in (0..batch.num_rows()).filter(|row| matches!(states.value(*row), "new" | "still")) {
            let Some(employer) = rows::int_at(&employers, row) else { continue };
            // What came of a case is not asked again while it holds.
            if FindingKey::parse(keys.value(row)).is_some_and(|key| said.of_finding(key).is_some()) {
                continue;
            }
            entries.push(Entry {
                reason: rules.value(row).to_owned(),
                commune: rows::text_at(&communes, row).map(str::to_owned),
                employer,
                weight: weight(evidence.value(row))?,
                state: states.value(row).to_owned(),
                first_period: first.value(row),
                key: keys.value(row).to_owned(),
                evidence: evidence.value(row).to_owned(),
            });
        }
    }
    Ok(entries)
}

/// People a finding is about, by its evidence; 0 where it names none.
fn weight(evidence: &str) -> Result<i64, ChapterError> {
    let facts: Vec<Evidence> = serde_json::from_str(evidence).map_err(|e| failed(NAME, "evidence", &e))?;
    let value = |name: &&str| facts.iter().find(|fact| fact.name == *name)?.value.as_deref()?.parse::<i64>().ok();
    Ok(WEIGHTS.iter().find_map(value).unwrap_or(0))
}

/// An employer as the list shows it.
struct Shown {
    name: String,
    sort: Vec<u8>,
    tax_code: Option<String>,
    kind: Option<String>,
}

fn employers(context: &StepContext, entries: &[Entry]) -> Result<BTreeMap<i64, Shown>, ChapterError> {
    let wanted: std::collections::BTreeSet<i64> = entries.iter().map(|entry| entry.employer).collect();
    let mut shown = BTreeMap::new();
    let Some(table) = context.table("employer") else { return Ok(shown) };
    for batch in context.book.stream_table(table, &["employer_id", "key", "name", "tax_code", "kind_code"], 65_536)? {
        let batch = batch?;
        let text = |name: &str| rows::text(&batch, name);
        let (keys, names, taxes, kinds) = (text("key")?, text("name")?, text("tax_code")?, text("kind_code")?);
        let ids = rows::int(&batch, "employer_id")?;
        for row in (0..batch.num_rows()).filter(|row| wanted.contains(&ids.value(*row))) {
            let own = |column| rows::text_at(column, row).map(str::to_owned);
            // One without a name is called by its code.
            let name = own(&names).or_else(|| own(&taxes)).unwrap_or_else(|| keys.value(row).to_owned());
            let one = Shown { sort: web::text_sort_key(&name), name, tax_code: own(&taxes), kind: own(&kinds) };
            shown.insert(ids.value(row), one);
        }
    }
    Ok(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weight_is_the_first_fact_that_counts_people() {
        let both = r#"[{"name":"registered_labour","value":"7"},{"name":"paid_uninsured","value":"3"}]"#;
        assert_eq!(weight(both).unwrap(), 3);
        assert_eq!(weight(r#"[{"name":"registered_labour","value":"7"}]"#).unwrap(), 7);
        assert_eq!(weight(r#"[{"name":"registered_labour","value":null}]"#).unwrap(), 0);
        assert!(weight("no list").is_err());
    }
}
