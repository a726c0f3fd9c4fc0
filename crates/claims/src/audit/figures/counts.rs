//! What is counted by facility and by commune of residence. The same words count and stand in the queries that open the rows.

use std::collections::BTreeMap;

use chapter::{ChapterError, StepContext};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, rows};

use super::REPEATED;
use super::lines::Known;

/// Visits that are no stay: drugs of a stay are given day by day and not prescribed.
const OUTPATIENT: &str = "coalesce(care_form, '') NOT IN ('inpatient', 'day_treatment', 'inpatient_short', 'station_stay')";

/// Days from which a supply is one for a lasting disease: four weeks, the usual rhythm of those who come every month.
const LASTING_DAYS: i64 = 28;

/// Visits of which over 30 days could be prescribed: outpatients, every disease in annex VII, drugs for a lasting disease (four weeks or more, or a form of care
/// that is long by its name) and a number of days that can be read.
pub(super) fn eligible() -> String {
    format!(
        "over_30_allowed AND {OUTPATIENT} AND supply_days IS NOT NULL AND \
         (supply_days >= {LASTING_DAYS} OR care_form IN ('long_term_drugs', 'long_term_services', 'drug_pickup'))"
    )
}

/// Those of [`eligible`] with drugs for more days than the ordinary limit.
pub(super) fn given(max_days: i64) -> String {
    format!("{} AND supply_days > {max_days}", eligible())
}

/// What is counted of a facility.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct OfFacility {
    /// Commune health station; `None` when the catalogue does not have the facility.
    pub station: Option<bool>,
    pub visits: i64,
    /// Of them those that sheets 79a and 80a alone tell.
    pub of_sheets: i64,
    pub prescriptions: i64,
    pub eligible: i64,
    pub given: i64,
    pub over_30_unknown: i64,
    pub lab_lines: i64,
    /// Of them those of visits without any number of the person.
    pub lab_of_nobody: i64,
    pub repeated: i64,
}

/// Visits of a place, by where they were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct OfHome {
    pub station: i64,
    pub elsewhere: i64,
    pub unknown: i64,
}

/// Everything that the lines are made of.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts {
    pub facilities: BTreeMap<String, OfFacility>,
    /// By code of the commune as the claim has it; none where it has none.
    pub homes: BTreeMap<Option<String>, OfHome>,
}

impl Counts {
    pub(super) fn read(context: &StepContext, known: &Known) -> Result<Self, ChapterError> {
        let session = context.session(&["claim_stay", "claim_item", "claim_finding"])?;
        let collect = |sql: &str| -> Result<Vec<RecordBatch>, ChapterError> { Ok(context.wait(session.collect(sql))?) };
        let mut counts = Self::default();
        let day = context.inputs.period.last_day();
        for batch in collect(&visits_sql(known.max_days, known.has_lines))? {
            counts.visits(&batch, |facility| known.catalogues.facility(facility, day).map(|of| of.station))?;
        }
        let homes = "SELECT home, facility, CAST(count(*) AS BIGINT) AS visits FROM claim_stay GROUP BY home, facility";
        for batch in collect(homes)? {
            counts.homes(&batch)?;
        }
        if known.has_lines {
            for batch in collect(LAB)? {
                counts.lab(&batch)?;
            }
        }
        if known.repeated && session.has_table("claim_finding") {
            let sql = format!(
                "SELECT facility, CAST(count(*) AS BIGINT) AS found FROM claim_finding WHERE rule = '{REPEATED}' GROUP BY facility"
            );
            for batch in collect(&sql)? {
                let (names, found) = (rows::text(&batch, "facility")?, rows::int(&batch, "found")?);
                for row in 0..batch.num_rows() {
                    counts.facilities.entry(names.value(row).to_owned()).or_default().repeated = found.value(row);
                }
            }
        }
        Ok(counts)
    }

    fn visits(&mut self, batch: &RecordBatch, station: impl Fn(&str) -> Option<bool>) -> Result<(), EngineError> {
        let names = rows::text(batch, "facility")?;
        let (visits, prescriptions) = (rows::int(batch, "visits")?, rows::int(batch, "prescriptions")?);
        let (eligible, given) = (rows::int(batch, "eligible")?, rows::int(batch, "given")?);
        let (unknown, of_sheets) = (rows::int(batch, "over_30_unknown")?, rows::int(batch, "of_sheets")?);
        for row in 0..batch.num_rows() {
            let of = self.facilities.entry(names.value(row).to_owned()).or_default();
            *of = OfFacility {
                station: station(names.value(row)),
                visits: visits.value(row),
                of_sheets: of_sheets.value(row),
                prescriptions: prescriptions.value(row),
                eligible: eligible.value(row),
                given: given.value(row),
                over_30_unknown: unknown.value(row),
                ..OfFacility::default()
            };
        }
        Ok(())
    }

    /// Facilities are known by now.
    fn homes(&mut self, batch: &RecordBatch) -> Result<(), EngineError> {
        let (homes, names, visits) = (rows::text(batch, "home")?, rows::text(batch, "facility")?, rows::int(batch, "visits")?);
        for row in 0..batch.num_rows() {
            let station = self.facilities.get(names.value(row)).and_then(|of| of.station);
            let of = self.homes.entry(rows::text_at(&homes, row).map(str::to_owned)).or_default();
            match station {
                Some(true) => of.station += visits.value(row),
                Some(false) => of.elsewhere += visits.value(row),
                None => of.unknown += visits.value(row),
            }
        }
        Ok(())
    }

    fn lab(&mut self, batch: &RecordBatch) -> Result<(), EngineError> {
        let (names, lines) = (rows::text(batch, "facility")?, rows::int(batch, "lab_lines")?);
        let nobody = rows::int(batch, "of_nobody")?;
        for row in 0..batch.num_rows() {
            let of = self.facilities.entry(names.value(row).to_owned()).or_default();
            (of.lab_lines, of.lab_of_nobody) = (lines.value(row), nobody.value(row));
        }
        Ok(())
    }
}

/// Laboratory lines by facility, and those of visits without any number of the person: of them nobody can say whether they repeat.
const LAB: &str = "SELECT s.facility, CAST(count(*) AS BIGINT) AS lab_lines, \
     CAST(sum(CASE WHEN s.person_link = 'none' THEN 1 ELSE 0 END) AS BIGINT) AS of_nobody \
     FROM claim_item i JOIN claim_stay s ON s.visit_id = i.visit_id WHERE i.line_group = 'lab' GROUP BY s.facility";

/// Visits that sheets 79a and 80a alone tell.
const OF_SHEETS: &str = "grain = 'sheet'";

/// Lines of drugs beside their visit, where there are lines.
const DRUGS: &str = "LEFT JOIN (SELECT DISTINCT i.visit_id AS drug_visit FROM claim_item i WHERE i.line_table = 'xml2') d \
     ON d.drug_visit = s.visit_id";

/// Visits by facility. Without the limit of the law nothing is counted as given, without lines nothing as prescribed; those columns are not written then.
/// Whether drugs were given at a visit of a sheet nobody knows.
fn visits_sql(max_days: Option<i64>, has_lines: bool) -> String {
    let given = max_days.map_or_else(|| "false".to_owned(), given);
    let eligible = eligible();
    let (drugs, with_drugs) = if has_lines { (DRUGS, "drug_visit IS NOT NULL") } else { ("", "false") };
    let prescribed = format!("{with_drugs} AND {OUTPATIENT}");
    let unread = format!("{prescribed} AND (over_30_allowed IS NULL OR (over_30_allowed AND supply_days IS NULL))");
    let unknown = format!("({OF_SHEETS} AND {OUTPATIENT}) OR ({unread})");
    let sum = |what: &str, name: &str| format!("CAST(sum(CASE WHEN {what} THEN 1 ELSE 0 END) AS BIGINT) AS {name}");
    let sums = [
        sum(OF_SHEETS, "of_sheets"),
        sum(&prescribed, "prescriptions"),
        sum(&eligible, "eligible"),
        sum(&given, "given"),
        sum(&unknown, "over_30_unknown"),
    ];
    let sums = sums.join(", ");
    format!("SELECT s.facility, CAST(count(*) AS BIGINT) AS visits, {sums} FROM claim_stay s {drugs} GROUP BY s.facility")
}

/// Whether a rule looked at the month.
pub(super) fn is_evaluated(context: &StepContext, rule: &str) -> Result<bool, ChapterError> {
    let Some(table) = context.table("claim_rule_run") else { return Ok(false) };
    for batch in context.book.read_table(table, Some(&["rule", "state"]))? {
        let (rules, states) = (rows::text(&batch, "rule")?, rows::text(&batch, "state")?);
        if (0..batch.num_rows()).any(|row| rules.value(row) == rule && states.value(row) == "evaluated") {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests;
