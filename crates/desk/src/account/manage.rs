//! Accounts as administrators see them: added, reset by a one-time code, switched off. Nobody sees or sets another's password.

use base::{Area, Role, Scope};
use serde::Serialize;

use super::identity::{ProviderIdentity, bindings};
use super::login::{Held, off_the_threads_of_pages};
use super::session::end_all;
use super::{attempts, password, secret};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent, append};
use crate::db::Tx;
use crate::people::{Unit, UnitKind, User, user_by_id, users_all};
use crate::sql::Sql;
use crate::text::word;
use crate::{Desk, DeskError};

/// A one-time code counts this long.
const CODE_LIVES: i64 = 24 * 3_600_000;
/// Unit and user of the first administrator.
const FIRST: (&str, &str, &str) = ("quan-tri", "u-quan-tri", "quan-tri");

/// An account with its user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// The user.
    pub user: User,
    /// Name one signs in with; none when they cannot sign in yet.
    pub login: Option<String>,
    /// Whether a password was chosen.
    pub has_password: bool,
    /// Whether a second factor is in force.
    pub has_totp: bool,
    /// Whether a one-time code waits to be used.
    pub code_waits: bool,
    /// Who they are at providers of identities.
    pub identities: Vec<ProviderIdentity>,
}

/// A code that opens an account once. It is told to one person and kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OneTimeCode {
    /// Name one signs in with.
    pub login: String,
    /// The code, `XXXX-XXXX-XXXX`.
    pub code: String,
    /// Until when it counts, Unix milliseconds.
    pub until: i64,
}

impl Desk {
    /// All users with their accounts, by id.
    pub async fn accounts(&self, scope: &Scope) -> Result<Vec<Account>, DeskError> {
        require(scope, Permission::ManageUsers)?;
        let mut tx = self.store().read(&Scope::system()).await?;
        let now = self.now();
        let mut accounts = Vec::new();
        let sql = Sql::new("SELECT user_id, login, password_hash, totp_secret, code_until FROM account");
        let rows = tx.rows(sql).await?;
        let held =
            rows.iter().map(|row| Ok((row.text(0)?, row))).collect::<Result<std::collections::BTreeMap<_, _>, DeskError>>()?;
        let mut identities: std::collections::BTreeMap<String, Vec<ProviderIdentity>> = std::collections::BTreeMap::new();
        for (user, identity) in bindings(&mut tx).await? {
            identities.entry(user).or_default().push(identity);
        }
        for user in users_all(&mut tx).await? {
            let row = held.get(&user.id);
            let text = |column| row.map_or(Ok(None), |row| row.opt_text(column));
            let until = row.map_or(Ok(None), |row| row.opt_int(4))?;
            accounts.push(Account {
                login: text(1)?,
                has_password: text(2)?.is_some(),
                has_totp: text(3)?.is_some(),
                code_waits: until.is_some_and(|until| until > now),
                identities: identities.remove(&user.id).unwrap_or_default(),
                user,
            });
        }
        Ok(accounts)
    }

    /// Gives a user a name to sign in with and a one-time code; for one who has an account, a new code.
    ///
    /// A reset ends all sessions, takes the password and the second factor away, and opens a shut door; who they are at a provider stays.
    pub async fn reset_account(&self, scope: &Scope, user: &str, login: Option<&str>) -> Result<OneTimeCode, DeskError> {
        require(scope, Permission::ManageUsers)?;
        let login = login.map(|login| word("login", &login.trim().to_lowercase())).transpose()?;
        if login.as_ref().is_some_and(|login| login.len() < 3) {
            return Err(DeskError::Invalid { field: "login", why: "must have 3 letters or more" });
        }
        let (code, hash) = self.new_code().await?;
        let mut tx = self.store().write(&Scope::system()).await?;
        let found = user_by_id(&mut tx, user).await?.ok_or(DeskError::NotFound { kind: "user" })?;
        let until = self.now() + CODE_LIVES;
        let login = put_code(&mut tx, &found.id, login, &hash, until).await?;
        attempts::forget(&mut tx, &login).await?;
        end_all(&mut tx, &found.id, self.now()).await?;
        let event = self.event(scope, ReadEvent::new(AuditAction::ResetAccount, "user").object(found.id.as_str()))?;
        append(&mut tx, vec![event]).await?;
        tx.commit().await?;
        Ok(OneTimeCode { login, code, until })
    }

    /// Ends all sessions of a user, as when they are switched off.
    pub async fn end_sessions_of(&self, scope: &Scope, user: &str) -> Result<u64, DeskError> {
        require(scope, Permission::ManageUsers)?;
        let mut tx = self.store().write(&Scope::system()).await?;
        let ended = end_all(&mut tx, user, self.now()).await?;
        if ended == 0 {
            return Ok(0);
        }
        let event = ReadEvent::new(AuditAction::EndSessions, "user").object(user);
        let event = self.event(scope, event.count("sessions", i64::try_from(ended).unwrap_or(i64::MAX)))?;
        append(&mut tx, vec![event]).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// The one-time code of the first administrator: given as long as nobody ever chose a password in this store, never after.
    pub async fn first_administrator(&self) -> Result<Option<OneTimeCode>, DeskError> {
        let (code, hash) = self.new_code().await?;
        let system = Scope::system();
        let mut tx = self.store().write(&system).await?;
        tx.lock("first administrator").await?;
        let sql = Sql::new("SELECT count(*) FROM account WHERE password_hash IS NOT NULL OR user_id <> ").bind(FIRST.1);
        if tx.row(sql).await?.map_or(Ok(0), |row| row.int(0))? > 0 {
            return Ok(None);
        }
        if user_by_id(&mut tx, FIRST.1).await?.is_none() {
            let unit = Unit { id: FIRST.0.into(), name: "Quản trị hệ thống".into(), kind: UnitKind::Other, parent: None };
            crate::people::write_unit(&mut tx, &unit).await?;
            let user = User {
                id: FIRST.1.into(),
                label: "Quản trị viên".into(),
                role: Role::Administrator,
                unit: unit.id,
                area: Area::City,
                active: true,
                valid_from: None,
                valid_to: None,
            };
            crate::people::write_user(&mut tx, &user).await?;
        }
        let until = self.now() + CODE_LIVES;
        let login = put_code(&mut tx, FIRST.1, Some(FIRST.2.into()), &hash, until).await?;
        let event = self.event(&system, ReadEvent::new(AuditAction::ResetAccount, "user").object(FIRST.1))?;
        append(&mut tx, vec![event]).await?;
        tx.commit().await?;
        Ok(Some(OneTimeCode { login, code, until }))
    }

    async fn new_code(&self) -> Result<(String, String), DeskError> {
        let code = secret::one_time_code(self.secret()?);
        let (plain, random) = (secret::plain_code(&code), self.secret()?);
        let hash = off_the_threads_of_pages(move || password::hash(&plain, random)).await?;
        Ok((code, hash))
    }
}

/// Puts a code into force, and a name where one is given or none is there yet; gives the name.
async fn put_code(tx: &mut Tx, user: &str, login: Option<String>, hash: &str, until: i64) -> Result<String, DeskError> {
    let held = Held::find(tx, "user_id", user).await?;
    let given = login.or_else(|| held.map(|held| held.login));
    let login = given.ok_or(DeskError::Invalid { field: "login", why: "must be given for a new account" })?;
    if Held::find(tx, "login", &login).await?.is_some_and(|other| other.user != user) {
        return Err(DeskError::Invalid { field: "login", why: "belongs to somebody else" });
    }
    let sql = Sql::with(
        "INSERT INTO account (user_id, login, code_hash, code_until) VALUES ($1, $2, $3, $4) ON CONFLICT (user_id) DO UPDATE SET \
         login = excluded.login, code_hash = excluded.code_hash, code_until = excluded.code_until, password_hash = NULL, \
         password_set_at = NULL, totp_secret = NULL, totp_waiting = NULL, totp_step = NULL",
        [user.into(), login.as_str().into(), hash.into(), until.into()],
    );
    tx.execute(sql).await?;
    Ok(login)
}
