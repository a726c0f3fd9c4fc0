//! Sessions: what a cookie's token stands for, until it is idle too long, too old, or ended.

use base::{Actor, Role, Scope};

use super::login::Held;
use super::signed_out::Proved;
use super::{attempts, day_of, delegation, password, secret, totp};
use crate::access::role_purpose;
use crate::audit::{AuditAction, ReadEvent, append};
use crate::db::Tx;
use crate::people::{unit_name, user_by_id};
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// A session nobody used for this long is over.
const IDLE: i64 = 30 * 60_000;
/// A session this old is over, used or not.
const OLDEST: i64 = 12 * 3_600_000;
/// Use is written down at most this often.
const USE_NOTED: i64 = 60_000;
/// Ended sessions are kept this long.
const KEPT: i64 = 90 * 24 * 3_600_000;

/// What has to be done before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Nothing.
    Open,
    /// A password must be chosen: the one-time code is used up.
    MustChange,
    /// The second factor must be set up: administrators work with one only.
    MustEnrol,
}

impl Stage {
    pub(super) fn of(must_change: bool, has_totp: bool, role: Role) -> Self {
        match (must_change, has_totp, role) {
            (true, _, _) => Self::MustChange,
            (false, false, Role::Administrator) => Self::MustEnrol,
            _ => Self::Open,
        }
    }
}

/// Who a token stands for now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Id of the session, for lists.
    pub id: String,
    /// What they may see and do.
    pub scope: Scope,
    /// Label of the user.
    pub label: String,
    /// Name of the unit they act for.
    pub unit_name: String,
    /// Label of the person they act for.
    pub acting_for: Option<String>,
    /// What has to be done first.
    pub stage: Stage,
    /// What every form of this session sends along.
    pub csrf: String,
    /// The provider it came from; none for the own password.
    pub issuer: Option<String>,
}

/// One's own session in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MySession {
    /// Id.
    pub id: String,
    /// When it began, Unix milliseconds.
    pub made_at: i64,
    /// When it was last used, to the minute.
    pub used_at: i64,
}

impl Desk {
    /// The session of a token; none when it ended, was idle too long, is too old, or its user may no longer work.
    pub async fn session(&self, token: &str) -> Result<Option<Session>, DeskError> {
        let now = self.now();
        let mut tx = self.store().read(&Scope::system()).await?;
        let sql = Sql::with(
            "SELECT s.id, s.user_id, s.acting_for, s.must_change, s.made_at, s.used_at, a.totp_secret, s.issuer FROM session s \
             JOIN account a ON a.user_id = s.user_id WHERE s.token_hash = $1 AND s.ended_at IS NULL",
            [secret::token_hash(token).into()],
        );
        let Some(row) = tx.row(sql).await? else { return Ok(None) };
        let (id, made_at, used_at) = (row.text(0)?, row.int(4)?, row.int(5)?);
        let issuer = row.opt_text(7)?;
        if now - used_at > IDLE || now - made_at > OLDEST {
            return Ok(None);
        }
        let day = day_of(now);
        let Some(user) = user_by_id(&mut tx, &row.text(1)?).await?.filter(|user| user.works_on(day)) else { return Ok(None) };
        let stage = Stage::of(row.int(3)? == 1, row.opt_text(6)?.is_some(), user.role);
        let mut scope = user.scope(role_purpose(user.role));
        let mut acting_for = None;
        if let Some(away) = row.opt_text(2)? {
            // The delegation may have ended since: then they are themselves again.
            if let Some(away) = delegation::in_force(&mut tx, &away, &user.id, day).await? {
                scope =
                    Scope { actor: scope.actor, acting_for: Some(Actor(away.id.clone())), ..away.scope(role_purpose(away.role)) };
                acting_for = Some(away.label);
            }
        }
        let unit_name = unit_name(&mut tx, &scope.unit).await?;
        drop(tx);
        if now - used_at > USE_NOTED {
            let mut tx = self.store().write(&Scope::system()).await?;
            tx.execute(Sql::with("UPDATE session SET used_at = $1 WHERE id = $2", [now.into(), id.as_str().into()])).await?;
            tx.commit().await?;
        }
        Ok(Some(Session { id, scope, label: user.label, unit_name, acting_for, stage, csrf: secret::csrf(token), issuer }))
    }

    /// One's own open sessions, the newest first.
    pub async fn my_sessions(&self, scope: &Scope) -> Result<Vec<MySession>, DeskError> {
        let mut tx = self.store().read(&Scope::system()).await?;
        let now = self.now();
        let sql = Sql::with(
            "SELECT id, made_at, used_at FROM session WHERE user_id = $1 AND ended_at IS NULL AND used_at > $2 AND made_at > $3 \
             ORDER BY made_at DESC, id",
            [scope.actor.0.as_str().into(), (now - IDLE).into(), (now - OLDEST).into()],
        );
        tx.rows(sql)
            .await?
            .iter()
            .map(|row| Ok(MySession { id: row.text(0)?, made_at: row.int(1)?, used_at: row.int(2)? }))
            .collect()
    }

    /// Ends one of one's own sessions, or all but one; gives how many ended.
    pub async fn end_my_sessions(&self, scope: &Scope, which: Which<'_>) -> Result<u64, DeskError> {
        let mut tx = self.store().write(&Scope::system()).await?;
        let sql = Sql::new("UPDATE session SET ended_at = ").bind(self.now()).push(" WHERE ended_at IS NULL AND user_id = ");
        let sql = sql.bind(scope.actor.0.as_str());
        let ended = tx.execute(match which {
            Which::One(id) => sql.push(" AND id = ").bind(id),
            Which::AllBut(id) => {
                let now = self.now();
                sql.push(" AND id <> ")
                    .bind(id)
                    .push(" AND used_at > ")
                    .bind(now - IDLE)
                    .push(" AND made_at > ")
                    .bind(now - OLDEST)
            }
        });
        let ended = ended.await?;
        if ended == 0 {
            return if matches!(which, Which::One(_)) { Err(DeskError::NotFound { kind: "session" }) } else { Ok(0) };
        }
        let event = ReadEvent::new(AuditAction::EndSessions, "user").object(scope.actor.0.as_str());
        let event = self.event(scope, event.count("sessions", i64::try_from(ended).unwrap_or(i64::MAX)))?;
        append(&mut tx, vec![event]).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Chooses a new password. The present one must be given, unless a one-time code has just been used.
    ///
    /// All other sessions of the account end.
    pub async fn change_password(&self, session: &Session, present: &str, new: &str) -> Result<(), DeskError> {
        let user = session.scope.actor.0.as_str();
        let now = self.now();
        let free = session.stage == Stage::MustChange;
        let mut tx = self.store().write(&Scope::system()).await?;
        let held = Held::find(&mut tx, "user_id", user).await?.ok_or(DeskError::NotFound { kind: "account" })?;
        if let Some(fault) = password::fault(new, &held.login) {
            return Err(DeskError::Password { fault });
        }
        if !free && let Some(until) = attempts::count(&mut tx, &held.login, "session", now).await? {
            return Err(DeskError::SignInLocked { until });
        }
        tx.commit().await?;
        let (old, present, chosen) = (held.password.clone(), present.to_owned(), new.to_owned());
        let random = self.secret()?;
        // The hash of the new one; none when it is the present one.
        let hash = super::login::off_the_threads_of_pages(move || {
            if !free && !password::agrees(&present, old.as_deref())? {
                return Err(DeskError::SignInRefused);
            }
            let known = old.is_some() && password::agrees(&chosen, old.as_deref())?;
            if known { Ok(None) } else { password::hash(&chosen, random).map(Some) }
        });
        let hash = hash.await?;
        let mut tx = self.store().write(&Scope::system()).await?;
        attempts::forgive(&mut tx, &held.login, "session").await?;
        let Some(hash) = hash else {
            tx.commit().await?;
            return Err(DeskError::Password { fault: password::PasswordFault::NotNew });
        };
        let sql = Sql::with(
            "UPDATE account SET password_hash = $1, password_set_at = $2, code_hash = NULL, code_until = NULL WHERE user_id = $3",
            [hash.into(), now.into(), user.into()],
        );
        tx.execute(sql).await?;
        let sql = Sql::with(
            "UPDATE session SET ended_at = $1 WHERE user_id = $2 AND id <> $3 AND ended_at IS NULL",
            [now.into(), user.into(), session.id.as_str().into()],
        );
        tx.execute(sql).await?;
        tx.execute(Sql::with("UPDATE session SET must_change = 0 WHERE id = $1", [session.id.as_str().into()])).await?;
        let event = self.event(&session.scope, ReadEvent::new(AuditAction::ChangePassword, "user").object(user))?;
        append(&mut tx, vec![event]).await?;
        tx.commit().await
    }

    /// A secret for an authenticator; it counts once a code of it was typed ([`Desk::confirm_totp`]).
    pub async fn begin_totp(&self, session: &Session) -> Result<totp::TotpSecret, DeskError> {
        let mut tx = self.store().write(&Scope::system()).await?;
        let user = session.scope.actor.0.as_str();
        let held = Held::find(&mut tx, "user_id", user).await?.ok_or(DeskError::NotFound { kind: "account" })?;
        if held.totp.is_some() {
            return Err(DeskError::Invalid { field: "totp", why: "is set up already; an administrator can take it away" });
        }
        // The same one on every look, or a page opened twice would spoil the first.
        let waiting = match held.totp_waiting {
            Some(waiting) => self.open_text(&mut tx, &totp::place(user), waiting).await?,
            None => {
                let new = totp::new_secret(self.secret()?);
                let sealed = self.seal_text(&mut tx, &totp::place(user), &new).await?;
                let sql = Sql::with("UPDATE account SET totp_waiting = $1 WHERE user_id = $2", [sealed.into(), user.into()]);
                tx.execute(sql).await?;
                new
            }
        };
        tx.commit().await?;
        totp::shown(&waiting, &held.login)
    }

    /// Puts the second factor in force by its first code.
    pub async fn confirm_totp(&self, session: &Session, code: &str) -> Result<(), DeskError> {
        let now = self.now();
        let user = session.scope.actor.0.as_str();
        let mut tx = self.store().write(&Scope::system()).await?;
        let held = Held::find(&mut tx, "user_id", user).await?.ok_or(DeskError::NotFound { kind: "account" })?;
        let waiting = held.totp_waiting.filter(|_| held.totp.is_none()).ok_or(DeskError::NotFound { kind: "second factor" })?;
        let secret = self.open_text(&mut tx, &totp::place(user), waiting.clone()).await?;
        let Some(step) = totp::step_of(&secret, code, now, None)? else {
            return Err(DeskError::Invalid { field: "code", why: "is not the code of this moment" });
        };
        let sql = Sql::with(
            "UPDATE account SET totp_secret = totp_waiting, totp_waiting = NULL, totp_step = $1 WHERE user_id = $2 AND totp_waiting = $3",
            [step.into(), user.into(), waiting.into()],
        );
        tx.execute(sql).await?;
        let event = self.event(&session.scope, ReadEvent::new(AuditAction::EnrolTotp, "user").object(user))?;
        append(&mut tx, vec![event]).await?;
        tx.commit().await
    }

    /// Acts for somebody who is away and delegated, or for oneself again.
    pub async fn act_for(&self, session: &Session, away: Option<&str>) -> Result<(), DeskError> {
        let mut tx = self.store().write(&Scope::system()).await?;
        let own = session.scope.actor.0.as_str();
        let mut scope = user_by_id(&mut tx, own).await?.ok_or(DeskError::NotFound { kind: "user" })?;
        let mut acting = None;
        if let Some(away) = away {
            let found = delegation::in_force(&mut tx, away, own, day_of(self.now())).await?;
            scope = found.ok_or(DeskError::NotFound { kind: "delegation" })?;
            acting = Some(Actor(scope.id.clone()));
        }
        let sql = Sql::with("UPDATE session SET acting_for = $1 WHERE id = $2", [away.into(), session.id.as_str().into()]);
        tx.execute(sql).await?;
        let scope = Scope { actor: session.scope.actor.clone(), acting_for: acting, ..scope.scope(role_purpose(scope.role)) };
        let event = self.event(&scope, ReadEvent::new(AuditAction::SignIn, "user").object(own).word("by", "delegation"))?;
        append(&mut tx, vec![event]).await?;
        tx.commit().await
    }
}

/// Which of one's own sessions end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which<'a> {
    /// This one.
    One(&'a str),
    /// All but this one.
    AllBut(&'a str),
}

/// Puts a new session in and forgets those that ended long ago. `provided` is the provider it came from, and where there.
pub(super) async fn insert(
    tx: &mut Tx,
    id: &str,
    token: &str,
    user: &str,
    must_change: bool,
    provided: Option<&Proved>,
    now: i64,
) -> Result<(), DeskError> {
    let sql = Sql::with("DELETE FROM session WHERE user_id = $1 AND used_at < $2", [user.into(), (now - KEPT).into()]);
    tx.execute(sql).await?;
    let sql = Sql::with(
        "INSERT INTO session (id, token_hash, user_id, must_change, issuer, provider_sub, provider_sid, made_at, used_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        [
            id.into(),
            secret::token_hash(token).into(),
            user.into(),
            i64::from(must_change).into(),
            provided.map(|proved| proved.issuer.as_str()).into(),
            provided.and_then(|proved| proved.sub.as_deref()).into(),
            provided.and_then(|proved| proved.sid.as_deref()).into(),
            now.into(),
        ],
    );
    tx.execute(sql).await.map(drop)
}

/// Ends all sessions of a user.
pub(super) async fn end_all(tx: &mut Tx, user: &str, now: i64) -> Result<u64, DeskError> {
    let sql = Sql::with("UPDATE session SET ended_at = $1 WHERE user_id = $2 AND ended_at IS NULL", [now.into(), user.into()]);
    tx.execute(sql).await
}
