//! What the run's tables say of one employer.

use base::{CommuneCode, Date};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, Session, rows};

/// A row of the table `employer`.
pub(super) struct Employer {
    pub(super) id: i64,
    pub(super) parent: Option<i64>,
    pub(super) name: Option<String>,
    pub(super) name_from: Option<String>,
    pub(super) tax_code: Option<String>,
    pub(super) unit_code: Option<String>,
    pub(super) unit_code_old: Option<String>,
    pub(super) commune: Option<CommuneCode>,
    pub(super) kind: Option<String>,
    pub(super) kind_code: Option<String>,
    /// State in the business register and at the tax office as written, each with its day.
    pub(super) business: (Option<String>, Option<Date>),
    pub(super) tax: (Option<String>, Option<Date>),
    pub(super) tax_method: Option<String>,
    pub(super) founded: Option<Date>,
    pub(super) registered: bool,
}

/// A row of `employer_count`.
pub(super) struct Numbers {
    pub(super) insured_now: i64,
    pub(super) insured_year: i64,
    pub(super) paid_year: i64,
    pub(super) paid_uninsured: i64,
    pub(super) paid_elsewhere: i64,
    pub(super) labour: i64,
    pub(super) ledger_workers: Option<i64>,
    pub(super) ledger_debt: Option<i64>,
    pub(super) months_late: Option<i64>,
}

/// One way in which a roster names the employer, or one row of it.
pub(super) struct Named {
    pub(super) roster: String,
    /// As written; nothing for a row of a roster about employers.
    pub(super) name: Option<String>,
    pub(super) code: Option<String>,
    /// File and row; nothing for a way of naming.
    pub(super) file: Option<(String, i64)>,
    pub(super) evidence: String,
    pub(super) name_thousandths: i64,
    pub(super) warnings: Vec<String>,
}

/// The employer of a number.
pub(super) async fn employer(session: &Session, id: i64) -> Result<Option<Employer>, EngineError> {
    if !session.has_table("employer") {
        return Ok(None);
    }
    let batches = session.collect(&format!("SELECT * FROM employer WHERE employer_id = {id}")).await?;
    let Some(batch) = batches.iter().find(|b| b.num_rows() > 0) else { return Ok(None) };
    let text = |name: &str| text_of(batch, name, 0);
    let day =
        |name: &str| Ok::<_, EngineError>(rows::date_at(&rows::date(batch, name)?, 0).and_then(Date::from_days_since_epoch));
    Ok(Some(Employer {
        id,
        parent: rows::int_at(&rows::int(batch, "parent_id")?, 0),
        name: text("name")?,
        name_from: text("name_from")?,
        tax_code: text("tax_code")?,
        unit_code: text("unit_code")?,
        unit_code_old: text("unit_code_old")?,
        commune: text("commune")?.and_then(|c| CommuneCode::parse(&c)),
        kind: text("kind")?,
        kind_code: text("kind_code")?,
        business: (text("business_state")?, day("business_state_date")?),
        tax: (text("tax_state")?, day("tax_state_date")?),
        tax_method: text("tax_method")?,
        founded: day("founded")?,
        registered: rows::flag(batch, "registered")?.value(0),
    }))
}

/// Its branches: number and name, in the order of their numbers.
pub(super) async fn branches(session: &Session, id: i64) -> Result<Vec<(i64, String)>, EngineError> {
    let sql = format!("SELECT employer_id, name FROM employer WHERE parent_id = {id} ORDER BY employer_id LIMIT 50");
    let mut found = Vec::new();
    for batch in session.collect(&sql).await? {
        let ids = rows::int(&batch, "employer_id")?;
        for row in 0..batch.num_rows() {
            found.push((ids.value(row), text_of(&batch, "name", row)?.unwrap_or_default()));
        }
    }
    Ok(found)
}

/// Its numbers of people; nothing where they were not counted.
pub(super) async fn numbers(session: &Session, id: i64) -> Result<Option<Numbers>, EngineError> {
    if !session.has_table("employer_count") {
        return Ok(None);
    }
    let batches = session.collect(&format!("SELECT * FROM employer_count WHERE employer_id = {id}")).await?;
    let Some(batch) = batches.iter().find(|b| b.num_rows() > 0) else { return Ok(None) };
    let int = |name: &str| Ok::<_, EngineError>(rows::int_at(&rows::int(batch, name)?, 0));
    let count = |name: &str| Ok::<_, EngineError>(int(name)?.unwrap_or(0));
    Ok(Some(Numbers {
        insured_now: count("insured_now")?,
        insured_year: count("insured_year")?,
        paid_year: count("paid_year")?,
        paid_uninsured: count("paid_uninsured")?,
        paid_elsewhere: count("paid_insured_elsewhere")?,
        labour: count("registered_labour")?,
        ledger_workers: int("ledger_workers")?,
        ledger_debt: int("ledger_debt")?,
        months_late: int("months_late")?,
    }))
}

/// The rows about it and the ways rosters about people name it, with why they are said to be this employer.
pub(super) async fn named(session: &Session, id: i64) -> Result<Vec<Named>, EngineError> {
    let mut found = Vec::new();
    if session.has_table("employer_link") {
        let sql =
            format!("SELECT * FROM employer_link WHERE employer_id = {id} ORDER BY roster, source_file, source_row LIMIT 100");
        for batch in session.collect(&sql).await? {
            let row_numbers = rows::int(&batch, "source_row")?;
            for row in 0..batch.num_rows() {
                let file = (text_of(&batch, "source_file", row)?.unwrap_or_default(), row_numbers.value(row));
                found.push(match_of(&batch, row, None, None, Some(file))?);
            }
        }
    }
    if session.has_table("employer_mention") {
        let sql = format!(
            "SELECT * FROM employer_mention WHERE employer_id = {id} ORDER BY roster, tax_code, unit_code, name LIMIT 100"
        );
        for batch in session.collect(&sql).await? {
            for row in 0..batch.num_rows() {
                let code = text_of(&batch, "tax_code", row)?.or(text_of(&batch, "unit_code", row)?);
                found.push(match_of(&batch, row, text_of(&batch, "name", row)?, code, None)?);
            }
        }
    }
    Ok(found)
}

fn match_of(
    batch: &RecordBatch,
    row: usize,
    name: Option<String>,
    code: Option<String>,
    file: Option<(String, i64)>,
) -> Result<Named, EngineError> {
    let warnings = text_of(batch, "warnings", row)?.unwrap_or_default();
    Ok(Named {
        roster: text_of(batch, "roster", row)?.unwrap_or_default(),
        name,
        code,
        file,
        evidence: text_of(batch, "evidence", row)?.unwrap_or_default(),
        name_thousandths: rows::int(batch, "name_thousandths")?.value(row),
        warnings: warnings.split(',').filter(|w| !w.is_empty()).map(str::to_owned).collect(),
    })
}

pub(super) fn text_of(batch: &RecordBatch, name: &str, row: usize) -> Result<Option<String>, EngineError> {
    Ok(rows::text_at(&rows::text(batch, name)?, row).map(str::to_owned))
}
