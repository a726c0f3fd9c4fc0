//! Sheets of cases that come back: a row a case, worked part by part, each row taken or refused by itself.
//!
//! What a sheet asks for stands in the store before the first row is worked, and so does the job that works it: a connection that drops or a
//! program that is killed loses neither rows nor what was said of them. The rows of a part leave with the part; what stays names no person.

use std::collections::BTreeSet;

use base::{Date, Scope};
use serde::{Deserialize, Serialize};

use super::history::NewEvent;
use super::{Allowed, Change, Outcome, Refusal, one};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::Tx;
use crate::sql::{MAX_BINDS, Sql};
use crate::text::{client_tx, word};
use crate::{Desk, DeskError};

/// Rows of one sheet at most.
pub const SHEET_ROWS: usize = 10_000;
/// Rows of one part, which is one transaction.
const PART: usize = 100;
/// Values of one refusal.
const REFUSED_BINDS: usize = 5;
/// Why a row is refused that names a case for the second time.
const TWICE: &str = "row_twice";
/// Why a row is refused whose value the desk does not take, e.g. a day that has passed.
const VALUE: &str = "row_value";

/// What a row asks for: an outcome of its case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetRow {
    /// Its number in the file.
    pub row: i64,
    /// The case.
    pub case: String,
    /// The version of the case that the sheet was made of.
    pub version: i64,
    /// What came of it.
    pub outcome: Outcome,
    /// The outcome's day, where it needs one.
    pub day: Option<Date>,
    /// In words.
    pub words: String,
}

/// A row that changed nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SheetRefusal {
    /// Its number in the file.
    pub row: i64,
    /// The case, where the row names one.
    pub case: Option<String>,
    /// Why: a word of [`Refusal`], `row_twice`, `row_value`, or a word of whoever read the file.
    pub why: String,
}

/// A sheet as it was read.
#[derive(Debug, Clone, Default)]
pub struct NewSheet {
    /// Rows that ask for something.
    pub rows: Vec<SheetRow>,
    /// Rows that were left empty.
    pub empty: i64,
    /// Rows that could not be read, with why.
    pub refused: Vec<SheetRefusal>,
}

/// What came of a sheet so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SheetDone {
    /// The form it is known by: that of an earlier time where the same sheet came before.
    pub form: String,
    /// Rows that say something.
    pub total: i64,
    /// Rows that were left empty.
    pub empty: i64,
    /// Rows whose case was changed.
    pub done: i64,
    /// Rows that changed nothing, each with its reason.
    pub refused: i64,
    /// Whether all rows were worked.
    pub finished: bool,
    /// Whether it was given up before its end: the word of [`crate::JobDone`].
    pub stopped: Option<String>,
}

/// A sheet at work.
struct Work {
    done: SheetDone,
    today: Date,
    next_part: i64,
}

impl Desk {
    /// Writes a sheet down, with the job that works it. The same form again gives how far it is; the same sheet of the same user under
    /// another form begins nothing and gives what is known under the earlier one.
    pub async fn start_sheet(&self, scope: &Scope, new: &NewSheet, today: Date, form: &str) -> Result<SheetDone, DeskError> {
        require(scope, Permission::WorkCases)?;
        let form = client_tx(form)?;
        if new.rows.len() + new.refused.len() > SHEET_ROWS {
            return Err(DeskError::Invalid { field: "sheet_rows", why: "are more than 10000" });
        }
        let (rows, refused) = sorted(new)?;
        let asked = serde_json::to_string(&(&rows, &refused, new.empty)).map_err(damaged)?;
        let asked = blake3::hash(asked.as_bytes()).to_hex().to_string();
        let mut tx = self.store().write(scope).await?;
        tx.lock(&format!("case_sheet {} {asked}", scope.actor.0)).await?;
        if let Some(known) = known_as(&mut tx, scope, &asked).await? {
            drop(tx);
            return self.sheet(scope, &known).await;
        }
        let (total, now) = ((rows.len() + refused.len()) as i64, self.now());
        let finished = rows.is_empty();
        let sql = Sql::with(
            "INSERT INTO case_sheet (client_tx, actor, asked, today, started_at, finished_at, total, empty, done, refused, next_part) \
             VALUES ($1, $2, $3, $4, $5, CAST(NULLIF($6, '') AS BIGINT), $7, $8, 0, $9, 0) ON CONFLICT (client_tx) DO NOTHING",
            [
                form.as_str().into(),
                scope.actor.0.as_str().into(),
                asked.into(),
                today.to_string().into(),
                now.into(),
                if finished { now.to_string() } else { String::new() }.into(),
                total.into(),
                new.empty.into(),
                (refused.len() as i64).into(),
            ],
        );
        if tx.execute(sql).await? == 0 {
            return Err(DeskError::ClientTxReused);
        }
        for (part, rows) in (0_i64..).zip(rows.chunks(PART)) {
            let changes = self.seal_text(&mut tx, &place(&form, part), &serde_json::to_string(rows).map_err(damaged)?).await?;
            let sql = "INSERT INTO case_sheet_part (sheet, part, changes) VALUES ($1, $2, $3)";
            tx.execute(Sql::with(sql, [form.as_str().into(), part.into(), changes.into()])).await?;
        }
        refuse(&mut tx, &form, 0, &refused).await?;
        if !finished {
            self.enqueue(&mut tx, scope, "sheet", "{}".to_owned(), &form).await?;
        }
        tx.commit().await?;
        self.sheet(scope, &form).await
    }

    /// Works a sheet to its end: the worker by its job, or whoever sent it, where it is small. Both at once do each row once.
    pub async fn finish_sheet(&self, scope: &Scope, allowed: &Allowed, form: &str) -> Result<(), DeskError> {
        require(scope, Permission::WorkCases)?;
        while !self.work_part(scope, allowed, form).await? {}
        Ok(())
    }

    /// How far a sheet of who asks is.
    pub async fn sheet(&self, scope: &Scope, form: &str) -> Result<SheetDone, DeskError> {
        let mut tx = self.store().read(scope).await?;
        let mut done = known(&mut tx, scope, form, false).await?.done;
        done.stopped = crate::job::given_up(&mut tx, form).await?;
        Ok(done)
    }

    /// The first rows of a sheet that changed nothing, in the order in which they were refused: unreadable ones first.
    pub async fn sheet_refused(&self, scope: &Scope, form: &str, most: i64) -> Result<Vec<SheetRefusal>, DeskError> {
        let mut tx = self.store().read(scope).await?;
        known(&mut tx, scope, form, false).await?;
        let sql = Sql::new("SELECT file_row, case_id, why FROM case_sheet_refused WHERE sheet = ").bind(form);
        let rows = tx.rows(sql.push(" ORDER BY seq LIMIT ").bind(most)).await?;
        rows.iter().map(|row| Ok(SheetRefusal { row: row.int(0)?, case: row.opt_text(1)?, why: row.text(2)? })).collect()
    }

    /// Works the next part in one transaction; gives whether it was the last one.
    async fn work_part(&self, scope: &Scope, allowed: &Allowed, form: &str) -> Result<bool, DeskError> {
        let mut tx = self.store().write(scope).await?;
        // Two at work on one sheet: the second one goes on where the first has come to.
        tx.lock(form).await?;
        let Work { done, today, next_part } = known(&mut tx, scope, form, true).await?;
        if done.finished {
            return Ok(true);
        }
        let sql = Sql::new("SELECT changes FROM case_sheet_part WHERE sheet = ").bind(form).push(" AND part = ").bind(next_part);
        let stored = tx.row(sql).await?.ok_or_else(|| DeskError::damaged("case_sheet_part", "a part is missing"))?.text(0)?;
        let text = self.open_text(&mut tx, &place(form, next_part), stored).await?;
        let rows: Vec<SheetRow> = serde_json::from_str(&text).map_err(damaged)?;
        let now = self.now();
        let (mut events, mut refused) = (Vec::new(), Vec::new());
        for row in rows {
            match self.work_row(&mut tx, scope, allowed, today, form, &row).await? {
                Ok(event) => events.push((row.case, event)),
                Err(why) => refused.push(SheetRefusal { row: row.row, case: Some(row.case), why: why.to_owned() }),
            }
        }
        let changed = events.len() as i64;
        self.add_events(&mut tx, scope, form, events).await?;
        refuse(&mut tx, form, done.refused, &refused).await?;
        let refused = done.refused + refused.len() as i64;
        let finished = done.done + changed + refused >= done.total;
        let sql = Sql::with(
            "UPDATE case_sheet SET done = $1, refused = $2, next_part = $3, finished_at = CAST(NULLIF($4, '') AS BIGINT) \
             WHERE client_tx = $5",
            [
                (done.done + changed).into(),
                refused.into(),
                (next_part + 1).into(),
                if finished { now.to_string() } else { String::new() }.into(),
                form.into(),
            ],
        );
        tx.execute(sql).await?;
        let sql = "UPDATE case_sheet_part SET changes = '' WHERE sheet = $1 AND part = $2";
        tx.execute(Sql::with(sql, [form.into(), next_part.into()])).await?;
        crate::job::keep(&mut tx, form, now, finished).await?;
        if changed == 0 {
            tx.commit().await?;
            return Ok(finished);
        }
        let event = ReadEvent::new(AuditAction::ChangeCases, "cases").word("what", "sheet").count("rows", changed);
        self.commit_with(tx, scope, event.client_tx(form)).await?;
        Ok(finished)
    }

    /// Changes the case of one row and gives the event to be written, or why nothing was changed.
    async fn work_row(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        allowed: &Allowed,
        today: Date,
        form: &str,
        row: &SheetRow,
    ) -> Result<Result<NewEvent, &'static str>, DeskError> {
        let change = Change::Outcome { outcome: row.outcome, day: row.day, reason: row.words.clone() };
        let ready = match self.ready(scope, &change, today).await {
            Ok(ready) => ready,
            Err(DeskError::Invalid { .. }) => return Ok(Err(VALUE)),
            Err(error) => return Err(error),
        };
        let case = match one(tx, scope, &row.case, true).await {
            Ok(case) => case,
            Err(DeskError::NotFound { .. }) => return Ok(Err(Refusal::NotFound.as_str())),
            Err(error) => return Err(error),
        };
        let event = NewEvent { version: case.version + 1, ..ready.event(scope) };
        match self.is_known(tx, &case.id, form, &event).await {
            Ok(false) => {}
            Ok(true) | Err(DeskError::ClientTxReused) => return Ok(Err(TWICE)),
            Err(error) => return Err(error),
        }
        let fits = if case.version == row.version { ready.fits(scope, &case, allowed) } else { Err(Refusal::Stale) };
        if let Err(why) = fits {
            return Ok(Err(why.as_str()));
        }
        tx.execute(ready.update(scope, self.now()).push(" WHERE id = ").bind(case.id.as_str())).await?;
        Ok(Ok(event))
    }
}

/// The rows to be worked in the order of their cases, so that two sheets at once wait for one another in one order; the first row of each case,
/// what is no case left out. Beside them all refusals so far, in the order of the file.
fn sorted(new: &NewSheet) -> Result<(Vec<SheetRow>, Vec<SheetRefusal>), DeskError> {
    let mut refused = new.refused.clone();
    let mut seen = BTreeSet::new();
    let mut rows = Vec::new();
    for row in &new.rows {
        if !is_id(&row.case) {
            refused.push(SheetRefusal { row: row.row, case: None, why: Refusal::NotFound.as_str().to_owned() });
        } else if !seen.insert(&row.case) {
            refused.push(SheetRefusal { row: row.row, case: Some(row.case.clone()), why: TWICE.to_owned() });
        } else {
            rows.push(row.clone());
        }
    }
    for one in &mut refused {
        word("why", &one.why)?;
        // Whatever was typed into the column of ids stays out of the store.
        one.case = one.case.take().filter(|case| is_id(case));
    }
    rows.sort_by(|a, b| a.case.cmp(&b.case));
    refused.sort_by_key(|one| one.row);
    Ok((rows, refused))
}

/// Whether a text looks like an id of the desk.
fn is_id(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// Where the rows of a part belong: sealed rows of another sheet do not open here.
fn place(form: &str, part: i64) -> String {
    format!("case_sheet_part.changes {form} {part}")
}

fn damaged(error: serde_json::Error) -> DeskError {
    DeskError::damaged("case_sheet_part", error.to_string())
}

/// Adds refusals after those there are.
async fn refuse(tx: &mut Tx, form: &str, before: i64, refused: &[SheetRefusal]) -> Result<(), DeskError> {
    let numbered: Vec<(i64, &SheetRefusal)> = (before..).zip(refused).collect();
    for some in numbered.chunks(MAX_BINDS / REFUSED_BINDS) {
        let rows = some.iter().map(|(seq, one)| {
            vec![form.into(), (*seq).into(), one.row.into(), one.case.as_deref().into(), one.why.as_str().into()]
        });
        let sql = Sql::new("INSERT INTO case_sheet_refused (sheet, seq, file_row, case_id, why) VALUES ");
        tx.execute(sql.rows(rows)).await?;
    }
    Ok(())
}

/// The form under which the same sheet of who asks came before.
async fn known_as(tx: &mut Tx, scope: &Scope, asked: &str) -> Result<Option<String>, DeskError> {
    let sql = Sql::new("SELECT client_tx FROM case_sheet WHERE asked = ").bind(asked).push(" AND actor = ");
    let sql = sql.bind(scope.actor.0.as_str()).push(" LIMIT 1");
    tx.row(sql).await?.map(|row| row.text(0)).transpose()
}

/// A sheet of who asks.
async fn known(tx: &mut Tx, scope: &Scope, form: &str, lock: bool) -> Result<Work, DeskError> {
    let sql = Sql::new("SELECT total, empty, done, refused, finished_at, today, next_part FROM case_sheet WHERE client_tx = ");
    let mut sql = sql.bind(form).push(" AND actor = ").bind(scope.actor.0.as_str());
    if lock && tx.is_postgres() {
        sql = sql.push(" FOR UPDATE");
    }
    let row = tx.row(sql).await?.ok_or(DeskError::NotFound { kind: "sheet" })?;
    let done = SheetDone {
        form: form.to_owned(),
        total: row.int(0)?,
        empty: row.int(1)?,
        done: row.int(2)?,
        refused: row.int(3)?,
        finished: row.opt_int(4)?.is_some(),
        stopped: None,
    };
    let today = row.text(5)?.parse().map_err(|_| DeskError::damaged("case_sheet", "today"))?;
    Ok(Work { done, today, next_part: row.int(6)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: i64, case: &str) -> SheetRow {
        let words = "Đã gọi".to_owned();
        SheetRow { row: number, case: case.into(), version: 1, outcome: Outcome::Joined, day: None, words }
    }

    #[test]
    fn a_case_is_worked_once_and_what_is_no_id_is_not_kept() {
        let (a, b) = ("0192f0c1-0000-7000-8000-00000000000a", "0192f0c1-0000-7000-8000-00000000000b");
        let typed = SheetRefusal { row: 2, case: Some("Nguyễn Văn An".into()), why: "row_word".into() };
        let rows = vec![row(3, b), row(4, a), row(5, b), row(6, "Trần Thị Bình")];
        let new = NewSheet { rows, empty: 0, refused: vec![typed] };
        let (rows, refused) = sorted(&new).unwrap();
        assert_eq!(rows.iter().map(|row| (row.row, row.case.as_str())).collect::<Vec<_>>(), [(4, a), (3, b)]);
        let said: Vec<_> = refused.iter().map(|one| (one.row, one.case.as_deref(), one.why.as_str())).collect();
        assert_eq!(said, [(2, None, "row_word"), (5, Some(b), "row_twice"), (6, None, "not_found")]);
        let wrong = NewSheet { refused: vec![SheetRefusal { row: 1, case: None, why: "ô sai".into() }], ..NewSheet::default() };
        assert!(sorted(&wrong).is_err(), "a reason is a stable word");
    }
}
