//! Signing in: a name, a password or one-time code, and the second factor where there is one.

use base::Scope;

use super::session::Stage;
use super::{attempts, day_of, password, secret, totp};
use crate::access::role_purpose;
use crate::audit::{AuditAction, ReadEvent, append};
use crate::people::{User, user_by_id};
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// What was typed, and from where.
#[derive(Debug, Clone, Copy)]
pub struct SignIn<'a> {
    /// Name one signs in with.
    pub login: &'a str,
    /// Password or one-time code.
    pub secret: &'a str,
    /// Code of the second factor; empty for none.
    pub code: &'a str,
    /// Address it came from.
    pub address: &'a str,
}

/// A new session.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The token for the cookie; nothing else keeps it.
    pub token: String,
    /// What has to be done first.
    pub stage: Stage,
}

/// An account as signing in needs it.
pub(super) struct Held {
    pub(super) user: String,
    pub(super) login: String,
    pub(super) password: Option<String>,
    pub(super) code: Option<(String, i64)>,
    pub(super) totp: Option<String>,
    pub(super) totp_step: Option<i64>,
    pub(super) totp_waiting: Option<String>,
}

impl Held {
    /// The account under a condition on the table.
    pub(super) async fn find(tx: &mut crate::db::Tx, column: &'static str, value: &str) -> Result<Option<Self>, DeskError> {
        let sql = Sql::new(
            "SELECT user_id, login, password_hash, code_hash, code_until, totp_secret, totp_step, totp_waiting FROM account WHERE ",
        );
        let Some(row) = tx.row(sql.push(column).push(" = ").bind(value)).await? else { return Ok(None) };
        Ok(Some(Self {
            user: row.text(0)?,
            login: row.text(1)?,
            password: row.opt_text(2)?,
            code: row.opt_text(3)?.zip(row.opt_int(4)?),
            totp: row.opt_text(5)?,
            totp_step: row.opt_int(6)?,
            totp_waiting: row.opt_text(7)?,
        }))
    }
}

/// What the typed secret turned out to be.
enum Proof {
    Password,
    OneTimeCode,
}

impl Desk {
    /// Opens a session, or refuses without saying what was wrong.
    ///
    /// Failures are counted by account and by address before anything is tried; after some the door is shut for a growing time.
    /// A one-time code is used up; the new session then asks for a password first.
    pub async fn sign_in_with(&self, given: SignIn<'_>) -> Result<SignedIn, DeskError> {
        let system = Scope::system();
        let login = given.login.trim().to_lowercase();
        let now = self.now();
        let mut tx = self.store().write(&system).await?;
        if let Some(until) = attempts::count(&mut tx, &login, given.address, now).await? {
            return Err(DeskError::SignInLocked { until });
        }
        let mut held = Held::find(&mut tx, "login", &login).await?;
        if let Some(held) = &mut held
            && let Some(sealed) = held.totp.take()
        {
            held.totp = Some(self.open_text(&mut tx, &totp::place(&held.user), sealed).await?);
        }
        let user = match &held {
            Some(held) => user_by_id(&mut tx, &held.user).await?.filter(|user| user.works_on(day_of(now))),
            None => None,
        };
        tx.commit().await?;
        let proof = self.prove(held.as_ref(), given.secret, now).await?;
        let (Some(held), Some(user), Some(proof)) = (held, user, proof) else {
            return self.refuse_sign_in(None).await;
        };
        let step = match (&held.totp, &proof) {
            (Some(secret), Proof::Password) => match totp::step_of(secret, given.code, now, held.totp_step)? {
                Some(step) => Some(step),
                None => return self.refuse_sign_in(Some(&held.user)).await,
            },
            _ => None,
        };
        self.open_session(&held, &user, proof, step, given.address).await
    }

    async fn open_session(
        &self,
        held: &Held,
        user: &User,
        proof: Proof,
        step: Option<i64>,
        address: &str,
    ) -> Result<SignedIn, DeskError> {
        let now = self.now();
        let mut tx = self.store().write(&Scope::system()).await?;
        // Of two at once with one code, one is too late.
        let used = match (&proof, &held.code, step) {
            (Proof::OneTimeCode, Some((hash, _)), _) => {
                let sql = Sql::with(
                    "UPDATE account SET code_hash = NULL, code_until = NULL WHERE user_id = $1 AND code_hash = $2",
                    [held.user.as_str().into(), hash.as_str().into()],
                );
                tx.execute(sql).await?
            }
            (_, _, Some(step)) => {
                let sql = Sql::with(
                    "UPDATE account SET totp_step = $1 WHERE user_id = $2 AND (totp_step IS NULL OR totp_step < $1)",
                    [step.into(), held.user.as_str().into()],
                );
                tx.execute(sql).await?
            }
            _ => 1,
        };
        if used != 1 {
            drop(tx);
            return self.refuse_sign_in(Some(&held.user)).await;
        }
        attempts::forgive(&mut tx, &held.login, address).await?;
        let must_change = matches!(proof, Proof::OneTimeCode);
        let token = secret::token(self.secret()?);
        super::session::insert(&mut tx, &self.next_id(now), &token, &user.id, must_change, None, now).await?;
        let scope = user.scope(role_purpose(user.role));
        let method = if must_change { "one_time_code" } else { "password" };
        let event = ReadEvent::new(AuditAction::SignIn, "user").object(user.id.as_str()).word("by", method);
        let event = event.count("second_factor", step.is_some().into());
        append(&mut tx, vec![self.event(&scope, event)?]).await?;
        tx.commit().await?;
        Ok(SignedIn { token, stage: Stage::of(must_change, held.totp.is_some(), user.role) })
    }

    /// What a typed secret proves. The same work is done whether there is such an account or not.
    async fn prove(&self, held: Option<&Held>, typed: &str, now: i64) -> Result<Option<Proof>, DeskError> {
        let password = held.and_then(|held| held.password.clone());
        let code = held.and_then(|held| held.code.clone()).filter(|(_, until)| *until > now).map(|(hash, _)| hash);
        let typed = typed.to_owned();
        let work = move || -> Result<Option<Proof>, DeskError> {
            if password::agrees(&typed, password.as_deref())? {
                return Ok(Some(Proof::Password));
            }
            let by_code = password::agrees(&secret::plain_code(&typed), code.as_deref())?;
            Ok(by_code.then_some(Proof::OneTimeCode))
        };
        off_the_threads_of_pages(work).await
    }

    async fn refuse_sign_in<T>(&self, user: Option<&str>) -> Result<T, DeskError> {
        let nobody = Scope { actor: base::Actor("signed-out".into()), ..Scope::system() };
        let event = ReadEvent::new(AuditAction::RefuseSignIn, "user");
        let event = user.into_iter().fold(event, |event, user| event.object(user));
        self.audit_read(&nobody, event).await?;
        Err(DeskError::SignInRefused)
    }
}

/// argon2 takes tens of milliseconds and 19 MiB: pages of others do not wait for it.
pub(super) async fn off_the_threads_of_pages<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DeskError> + Send + 'static,
) -> Result<T, DeskError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| DeskError::Store { detail: "the work on a password was stopped".into() })?
}
