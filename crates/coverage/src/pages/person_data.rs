//! What is known of one person, read from the run's tables.

use base::places::Places;
use base::{CommuneCode, Date};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, Session, rows};

use crate::register::row_key;
use crate::serving::Snapshot;

/// A row of the table `person`.
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) born: Option<Date>,
    pub(crate) year_only: bool,
    pub(crate) sex: Option<String>,
    pub(crate) commune: Option<CommuneCode>,
    pub(crate) household: Option<String>,
    pub(crate) personal_id: Option<String>,
    pub(crate) on_spine: bool,
    /// What was answered about the residence, by whom (`identity_answer`, `case`), and the day.
    pub(crate) checked: Option<(String, String, Option<Date>)>,
}

/// Where a row stands.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RowAt {
    pub(crate) roster: String,
    pub(crate) file: String,
    pub(crate) row: i64,
}

/// A roster row said to be this person, with its link.
pub(crate) struct Linked {
    pub(crate) at: RowAt,
    /// Among whom was looked, and the row linked to; `None` for a row that brought the person.
    pub(crate) spine: Option<(String, RowAt)>,
    pub(crate) pattern: Option<i64>,
    pub(crate) frequency: i64,
    pub(crate) weight: Option<i64>,
    pub(crate) probability: Option<i64>,
    pub(crate) runner_up: Option<i64>,
    pub(crate) decided: bool,
}

/// A roster row as it was handed over.
#[derive(Default, Clone)]
pub(crate) struct Record {
    pub(crate) name: String,
    pub(crate) birth: Option<String>,
    pub(crate) sex: Option<String>,
    pub(crate) personal_id: Option<String>,
    pub(crate) insurance_number: Option<String>,
    pub(crate) place: Option<String>,
    /// Key that a human decision names the row by.
    pub(crate) key: String,
}

/// One part of a weight: field, level and thousandths of a bit.
#[derive(serde::Deserialize)]
pub(crate) struct Part {
    pub(crate) field: String,
    pub(crate) level: String,
    pub(crate) millibits: i64,
}

/// The person of a number.
pub(crate) async fn person(session: &Session, id: i64) -> Result<Option<Person>, EngineError> {
    let batches = session.collect(&format!("SELECT * FROM person WHERE person_id = {id}")).await?;
    let Some(batch) = batches.iter().find(|b| b.num_rows() > 0) else { return Ok(None) };
    let text = |name: &str| Ok::<_, EngineError>(rows::text_at(&rows::text(batch, name)?, 0).map(str::to_owned));
    Ok(Some(Person {
        name: text("full_name")?.unwrap_or_default(),
        born: rows::date_at(&rows::date(batch, "birth_date")?, 0).and_then(Date::from_days_since_epoch),
        year_only: text("birth_precision")?.as_deref() == Some("year"),
        sex: text("sex")?,
        commune: text("commune")?.and_then(|c| CommuneCode::parse(&c)),
        household: text("household_number")?,
        personal_id: text("personal_id")?,
        on_spine: rows::flag(batch, "on_spine")?.value(0),
        checked: checked(batch)?,
    }))
}

fn checked(batch: &RecordBatch) -> Result<Option<(String, String, Option<Date>)>, EngineError> {
    let text = |name: &str| Ok::<_, EngineError>(rows::text_at(&rows::text(batch, name)?, 0).map(str::to_owned));
    // Runs of before cases were evidence know answers only.
    let by = if batch.column_by_name("checked_by").is_some() { text("checked_by")? } else { None };
    let day = rows::date_at(&rows::date(batch, "checked_on")?, 0).and_then(Date::from_days_since_epoch);
    Ok(text("checked")?.map(|said| (said, by.unwrap_or_else(|| "identity_answer".to_owned()), day)))
}

/// All roster rows of a person.
pub(crate) async fn links(session: &Session, id: i64) -> Result<Vec<Linked>, EngineError> {
    let sql = format!("SELECT * FROM link WHERE person_id = {id} ORDER BY roster, source_file, source_row");
    let mut found = Vec::new();
    for batch in session.collect(&sql).await? {
        found.extend(linked(&batch)?);
    }
    Ok(found)
}

/// The links in rows of `link` or `link_review`.
pub(crate) fn linked(batch: &RecordBatch) -> Result<Vec<Linked>, EngineError> {
    let text = |name: &str| rows::text(batch, name);
    let int = |name: &str| rows::int(batch, name);
    let (rosters, files, source) = (text("roster")?, text("source_file")?, int("source_row")?);
    let (spine_rosters, spine_files, spine, among) =
        (text("spine_roster")?, text("spine_file")?, int("spine_row")?, text("among")?);
    let (pattern, frequency, weight) = (int("pattern")?, int("frequency_millibits")?, int("weight_millibits")?);
    let (probability, runner_up) = (int("probability_thousandths")?, int("runner_up_millibits")?);
    let decided = rows::flag(batch, "decided")?;
    let linked = (0..batch.num_rows()).map(|row| Linked {
        at: RowAt { roster: rosters.value(row).to_owned(), file: files.value(row).to_owned(), row: source.value(row) },
        spine: rows::int_at(&spine, row).map(|at| {
            let roster = spine_rosters.value(row).to_owned();
            (among.value(row).to_owned(), RowAt { roster, file: spine_files.value(row).to_owned(), row: at })
        }),
        pattern: rows::int_at(&pattern, row),
        frequency: rows::int_at(&frequency, row).unwrap_or(0),
        weight: rows::int_at(&weight, row),
        probability: rows::int_at(&probability, row),
        runner_up: rows::int_at(&runner_up, row),
        decided: decided.value(row),
    });
    Ok(linked.collect())
}

/// Prior and parts of a link's pattern; nothing for a row without link.
pub(crate) async fn pattern(session: &Session, link: &Linked) -> Result<(i64, Vec<Part>), EngineError> {
    let (Some(pattern), Some((among, _))) = (link.pattern, &link.spine) else { return Ok((0, Vec::new())) };
    // Names of rosters come from the run's own table, not from an address.
    let roster = &link.at.roster;
    let sql = format!(
        "SELECT prior_millibits, parts FROM link_pattern WHERE roster = '{roster}' AND among = '{among}' AND pattern = {pattern}"
    );
    for batch in session.collect(&sql).await? {
        if batch.num_rows() > 0 {
            let parts = rows::text(&batch, "parts")?.value(0).to_owned();
            let parts = serde_json::from_str(&parts).map_err(|e| EngineError::Query(format!("link_pattern: {e}")))?;
            return Ok((rows::int(&batch, "prior_millibits")?.value(0), parts));
        }
    }
    Ok((0, Vec::new()))
}

/// A roster row as handed over, from the batch it came in.
pub(crate) async fn record(
    snapshot: &Snapshot,
    book: &book::Book,
    law: &law::Law,
    places: &Places,
    at: &RowAt,
) -> Result<Option<Record>, EngineError> {
    let RowAt { roster, file, row } = at;
    let Some(batch) = snapshot.batches.iter().find(|b| b.roster == *roster && b.file_name == *file) else { return Ok(None) };
    let session = Session::new(law, &engine::Options::default())?;
    session.register_parquet("batch", book.table_at(&batch.table)).await?;
    let found = session.collect(&format!("SELECT * FROM batch WHERE source_row = {row}")).await?;
    let Some(batch) = found.iter().find(|b| b.num_rows() > 0) else { return Ok(None) };
    let text = |name: &str| optional_text(batch, name);
    let name = text("full_name")?.unwrap_or_default();
    let (id, insurance, birth) = (text("personal_id_raw")?, text("insurance_number")?, text("birth_date_raw")?);
    let key = row_key(roster, [id.as_deref(), insurance.as_deref(), Some(&name), birth.as_deref()]);
    let place = match text("commune")?.and_then(|c| CommuneCode::parse(&c)).and_then(|c| places.commune(&c).cloned()) {
        Some(commune) => Some(commune.name),
        None => text("commune_raw")?,
    };
    let insurance_number = text("insurance_number")?;
    let shown_id = match text("personal_id")? {
        Some(id) => Some(id),
        None => id,
    };
    Ok(Some(Record {
        name: text("full_name_raw")?.unwrap_or(name),
        birth,
        sex: text("sex")?,
        personal_id: shown_id,
        insurance_number,
        place,
        key,
    }))
}

fn optional_text(batch: &RecordBatch, name: &str) -> Result<Option<String>, EngineError> {
    if batch.column_by_name(name).is_none() {
        return Ok(None);
    }
    Ok(rows::text_at(&rows::text(batch, name)?, 0).map(str::to_owned))
}
