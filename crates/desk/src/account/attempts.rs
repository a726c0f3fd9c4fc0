//! Failures at sign-in, by account and by address: after some of them the door stays shut, each time for longer.

use crate::DeskError;
use crate::db::Tx;
use crate::sql::Sql;

/// Failures of one account before it is shut.
const FREE: i64 = 5;
/// First time it is shut; each failure more doubles it.
const FIRST_LOCK: i64 = 30_000;
/// Longest time it is shut.
const LONGEST_LOCK: i64 = 3_600_000;
/// Failures from one address before it is shut; behind one address many may sit.
const FREE_FROM_ADDRESS: i64 = 40;
/// After this time without another one, failures are forgotten.
const FORGOTTEN: i64 = 24 * 3_600_000;
/// Failures from an address are counted within this time.
const ADDRESS_WINDOW: i64 = 600_000;

/// Counts an attempt as failed before it is tried, so that many at once cannot slip past; success takes it back.
///
/// Gives the moment until which the door is shut, without counting, when it is.
pub(super) async fn count(tx: &mut Tx, login: &str, address: &str, now: i64) -> Result<Option<i64>, DeskError> {
    let sql =
        Sql::with("DELETE FROM sign_in_failure WHERE last_at < $1 AND locked_until < $2", [(now - FORGOTTEN).into(), now.into()]);
    tx.execute(sql).await?;
    let subjects = [(subject("login", login), FREE, FORGOTTEN), (subject("address", address), FREE_FROM_ADDRESS, ADDRESS_WINDOW)];
    // Always the account before the address, so that two attempts never wait for each other.
    for (subject, ..) in &subjects {
        tx.lock(&format!("sign-in:{subject}")).await?;
    }
    let mut known = Vec::new();
    for (subject, free, window) in subjects {
        let sql = Sql::with(
            "SELECT failures, last_at, locked_until FROM sign_in_failure WHERE subject = $1",
            [subject.as_str().into()],
        );
        let (failures, last_at, locked_until) = match tx.row(sql).await? {
            Some(row) => (row.int(0)?, row.int(1)?, row.int(2)?),
            None => (0, 0, 0),
        };
        if locked_until > now {
            return Ok(Some(locked_until));
        }
        known.push((subject, if now - last_at > window { 0 } else { failures }, free));
    }
    for (subject, failures, free) in known {
        let failures = failures + 1;
        let over = failures - free;
        let lock = if over < 0 { 0 } else { FIRST_LOCK.saturating_mul(1 << over.min(20)).min(LONGEST_LOCK) };
        let sql = Sql::with(
            "INSERT INTO sign_in_failure (subject, failures, last_at, locked_until) VALUES ($1, $2, $3, $4) ON CONFLICT (subject) \
             DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, locked_until = excluded.locked_until",
            [subject.into(), failures.into(), now.into(), (if lock == 0 { 0 } else { now + lock }).into()],
        );
        tx.execute(sql).await?;
    }
    Ok(None)
}

/// Takes the failures of an account back, and the one that was counted for the address.
pub(super) async fn forgive(tx: &mut Tx, login: &str, address: &str) -> Result<(), DeskError> {
    forget(tx, login).await?;
    let sql = Sql::with(
        "UPDATE sign_in_failure SET failures = failures - 1, locked_until = 0 WHERE subject = $1 AND failures > 0",
        [subject("address", address).into()],
    );
    tx.execute(sql).await.map(drop)
}

/// Opens an account's door again, as a reset does.
pub(super) async fn forget(tx: &mut Tx, login: &str) -> Result<(), DeskError> {
    tx.execute(Sql::with("DELETE FROM sign_in_failure WHERE subject = $1", [subject("login", login).into()])).await.map(drop)
}

/// What was typed is not kept: it may be a password in the wrong field.
fn subject(kind: &str, text: &str) -> String {
    super::secret::hex(&blake3::derive_key("An Sinh sign-in failure 1", format!("{kind}:{text}").as_bytes()))
}
