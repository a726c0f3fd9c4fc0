//! Which roster rows are the person's, why, and what the rows say as they were handed over.

use std::collections::BTreeMap;

use chapter::{App, PageError};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, Options, Session, rows};
use serde::Deserialize;
use web::Locale;

use super::Line;
use crate::register::Register;
use crate::words;

/// One part of a weight: field, level and thousandths of a bit.
#[derive(Deserialize)]
struct Part {
    field: String,
    level: String,
    millibits: i64,
}

/// How each roster row was linked: what was compared and what it weighed.
pub(super) async fn lines(l: Locale<'_>, register: &Register, person: i64) -> Result<Vec<Line>, EngineError> {
    if !register.session.has_table("link") || !register.session.has_table("link_pattern") {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT l.roster, l.source_file, l.source_row, l.frequency_millibits, l.weight_millibits, l.probability_thousandths, l.decided, \
         p.prior_millibits, p.parts FROM link l JOIN link_pattern p ON p.roster = l.roster AND p.\"among\" = l.\"among\" \
         AND p.pattern = l.pattern WHERE l.person_id = {person} ORDER BY l.roster, l.source_file, l.source_row"
    );
    let (mut lines, mut row) = (Vec::new(), 0);
    for batch in register.session.collect(&sql).await? {
        for at in 0..batch.num_rows() {
            row += 1;
            lines.extend(one(l, &batch, at, row)?);
        }
    }
    Ok(lines)
}

fn one(l: Locale, batch: &RecordBatch, at: usize, row: usize) -> Result<Vec<Line>, EngineError> {
    let text = |name: &str| Ok::<_, EngineError>(rows::text(batch, name)?.value(at).to_owned());
    let number = |name: &str| Ok::<_, EngineError>(rows::int_at(&rows::int(batch, name)?, at));
    let of = format!("{}, {}, {}", text("roster")?, text("source_file")?, number("source_row")?.unwrap_or_default());
    let parts: Vec<Part> = serde_json::from_str(&text("parts")?).map_err(|e| EngineError::Query(format!("link_pattern: {e}")))?;
    let mut told = vec![(l.t("coverage-waterfall-prior"), l.thousandths(number("prior_millibits")?.unwrap_or_default(), 1))];
    for part in parts.iter().filter(|part| part.millibits != 0) {
        let known = |key: String, word: &str| l.known(&key).unwrap_or_else(|| word.to_owned());
        let field = known(format!("coverage-field-{}", part.field), &part.field);
        let level = known(format!("coverage-level-{}", part.level.replace('_', "-")), &part.level);
        told.push((format!("{field}: {level}"), l.thousandths(part.millibits, 1)));
    }
    if let Some(frequency) = number("frequency_millibits")?.filter(|frequency| *frequency != 0) {
        told.push((l.t("coverage-field-name-frequency"), l.thousandths(frequency, 1)));
    }
    if let Some(weight) = number("weight_millibits")? {
        told.push((l.t("coverage-waterfall-total"), l.thousandths(weight, 1)));
    }
    if rows::flag(batch, "decided")?.value(at) {
        told.push((l.t("privacy-copy-decided"), l.t("privacy-yes")));
    }
    Ok(told.into_iter().map(|(name, value)| Line { of: of.clone(), row, name, value }).collect())
}

/// The roster rows of the person, every field as it was handed over. Rows of the tax settlement go only to who may give tax secrets.
pub(super) async fn roster_rows(
    app: &App,
    l: Locale<'_>,
    register: &Register,
    person: i64,
    secret: bool,
) -> Result<Vec<Line>, PageError> {
    let inner = |e: EngineError| PageError::inner(&e);
    let mut wanted: BTreeMap<(String, String), Vec<i64>> = BTreeMap::new();
    if register.session.has_table("link") {
        let sql = format!("SELECT roster, source_file, source_row FROM link WHERE person_id = {person}");
        for batch in register.session.collect(&sql).await.map_err(inner)? {
            let (rosters, files) =
                (rows::text(&batch, "roster").map_err(inner)?, rows::text(&batch, "source_file").map_err(inner)?);
            let numbers = rows::int(&batch, "source_row").map_err(inner)?;
            for at in 0..batch.num_rows() {
                let key = (rosters.value(at).to_owned(), files.value(at).to_owned());
                wanted.entry(key).or_default().push(numbers.value(at));
            }
        }
    }
    let batches = app.book.batches(register.run.period).map_err(|e| PageError::inner(&e))?;
    let (mut lines, mut row) = (Vec::new(), 0);
    for ((roster, file), numbers) in wanted.iter().filter(|((roster, _), _)| secret || roster != "tax_settlement") {
        let Some(record) = batches.iter().find(|batch| batch.roster == *roster && batch.file_name == *file) else { continue };
        if !app.book.has_table(&record.table) {
            continue;
        }
        let session = Session::new(&app.law, &Options::default()).map_err(inner)?;
        session.register_parquet("batch", app.book.table_at(&record.table)).await.map_err(inner)?;
        let list: Vec<String> = numbers.iter().map(i64::to_string).collect();
        let sql = format!("SELECT * FROM batch WHERE source_row IN ({})", list.join(", "));
        let layouts = app.shelf.layouts();
        let layout = layouts.newest(roster);
        for batch in session.collect(&sql).await.map_err(inner)? {
            for at in 0..batch.num_rows() {
                row += 1;
                let of = format!("{}, {file}", words::roster(app, l, roster));
                for (place, field) in batch.schema().fields().iter().enumerate() {
                    let Some(value) = rows::canonical(batch.column(place), at).map_err(inner)? else { continue };
                    lines.push(Line { of: of.clone(), row, name: words::field(layout, field.name()), value });
                }
            }
        }
    }
    Ok(lines)
}
