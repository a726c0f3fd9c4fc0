//! After the term of retention, by decision, ended cases lose their files, what was said in words, and reasons of the history. Amounts, rules,
//! grounds of decisions, days and who did what stay, and so do the figures.

use base::Scope;

use crate::DeskError;
use crate::db::Tx;
use crate::sql::Sql;

/// Cases of one statement.
const AT_ONCE: usize = 100;

/// Ended cases of before a moment that still have files or words.
const ENDED: &str = "SELECT c.id FROM review_case c WHERE c.state IN ('decided', 'final', 'closed') AND c.changed_at < $1 AND \
                     (EXISTS (SELECT 1 FROM review_file f WHERE f.case_id = c.id) \
                     OR EXISTS (SELECT 1 FROM review_answer a WHERE a.case_id = c.id AND a.words <> '') \
                     OR EXISTS (SELECT 1 FROM review_event e WHERE e.case_id = c.id AND (e.reason IS NOT NULL \
                     OR (e.what IN ('file', 'inner_file') AND e.value IS NOT NULL)))) ORDER BY c.id";

/// Words of the history that go.
const WORDS: &str = " AND (reason IS NOT NULL OR (what IN ('file', 'inner_file') AND value IS NOT NULL))";

/// What was erased of the claims audit, or would be.
#[derive(Debug, Default)]
pub(crate) struct Erased {
    pub(crate) cases: i64,
    pub(crate) files: i64,
    pub(crate) words: i64,
}

/// Erases files and words of cases that ended before a moment, in a transaction of the program itself; without a decision it only counts.
pub(crate) async fn erase(
    tx: &mut Tx,
    scope: &Scope,
    before_at: i64,
    decision: Option<&str>,
    now: i64,
) -> Result<Erased, DeskError> {
    let rows = tx.rows(Sql::with(ENDED, [before_at.into()])).await?;
    let cases = rows.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>()?;
    let mut erased = Erased { cases: cases.len() as i64, ..Erased::default() };
    for some in cases.chunks(AT_ONCE) {
        let of = |sql: &'static str| Sql::new(sql).list(some.iter().map(String::as_str));
        erased.files += count(tx, of("SELECT count(*) FROM review_file WHERE case_id IN ")).await?;
        erased.words += count(tx, of("SELECT count(*) FROM review_event WHERE case_id IN ").push(WORDS)).await?;
        let said = of("SELECT count(*) FROM review_answer WHERE case_id IN ").push(" AND words <> ''");
        erased.words += count(tx, said).await?;
        let Some(decision) = decision else { continue };
        for case in some {
            let sql = Sql::with(
                "INSERT INTO review_erasure (case_id, decision, erased_by, erased_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (case_id) DO NOTHING",
                [case.as_str().into(), decision.into(), scope.actor.0.as_str().into(), now.into()],
            );
            tx.execute(sql).await?;
        }
        if tx.is_postgres() {
            let mut sql = Sql::new("SELECT review_erase(ARRAY[");
            for (place, case) in some.iter().enumerate() {
                sql = sql.push(if place == 0 { "" } else { ", " }).bind(case.as_str());
            }
            tx.row(sql.push("])::text")).await?;
            continue;
        }
        tx.execute(of("DELETE FROM review_file WHERE case_id IN ")).await?;
        tx.execute(of("UPDATE review_answer SET words = '' WHERE case_id IN ").push(" AND words <> ''")).await?;
        let emptied = "UPDATE review_event SET reason = NULL, \
                       value = CASE WHEN what IN ('file', 'inner_file') THEN NULL ELSE value END WHERE case_id IN ";
        tx.execute(of(emptied).push(WORDS)).await?;
    }
    Ok(erased)
}

async fn count(tx: &mut Tx, sql: Sql) -> Result<i64, DeskError> {
    tx.row(sql).await?.map_or(Ok(0), |row| row.int(0))
}
