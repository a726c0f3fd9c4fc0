//! Signing in through a provider of identities (đăng nhập một lần): who is whom there, and the way there and back.
//!
//! What the provider says is proved elsewhere (crate `oidc`); here it meets the accounts. Only an administrator binds somebody at the provider to
//! a user: a name or an address that happens to agree binds nobody.

use base::Scope;
use serde::Serialize;

use super::login::{Held, SignedIn};
use super::session::{self, Stage};
use super::signed_out::{Proved, ProviderSession};
use super::{attempts, day_of, secret, totp};
use crate::access::{Permission, require, role_purpose};
use crate::audit::{AuditAction, ReadEvent, append};
use crate::db::Tx;
use crate::people::{User, user_by_id};
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// A sign-in that is on its way longer than this is over.
const ON_ITS_WAY: i64 = 10 * 60_000;
/// Longest name of a provider, a claim, and of somebody at a provider, in letters.
const LONGEST: usize = 255;
/// Longest page of this portal to come back to, in bytes.
const LONGEST_BACK: usize = 2_000;

/// Somebody at a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProviderIdentity {
    /// The provider.
    pub issuer: String,
    /// The claim that names people there, e.g. `sub`.
    pub claim: String,
    /// The name.
    pub subject: String,
}

/// A sign-in that begins.
#[derive(Debug, Clone)]
pub struct IdentityFlow {
    /// For the browser's cookie; nothing else keeps it.
    pub token: String,
    /// `state` of the way there.
    pub state: String,
    /// `nonce` of the way there.
    pub nonce: String,
    /// PKCE verifier; it goes to the provider with the code alone.
    pub verifier: String,
}

/// A sign-in that came back.
#[derive(Debug, Clone)]
pub struct ReturnedFlow {
    /// `nonce` that the ID token must bear.
    pub nonce: String,
    /// PKCE verifier.
    pub verifier: String,
    /// Page of this portal to go on to.
    pub back: String,
}

/// What came of a proved identity.
#[derive(Debug, Clone)]
pub enum IdentitySignIn {
    /// A session was opened.
    Open(SignedIn),
    /// The code of the account's own second factor is to be typed; the token is for the browser's cookie.
    Code(String),
    /// Nobody who may work now is bound to it.
    Nobody,
    /// They signed out there in the meantime.
    SignedOut,
}

impl Desk {
    /// Begins a sign-in; `back` is the page of this portal to go on to.
    pub async fn begin_identity(&self, back: &str) -> Result<IdentityFlow, DeskError> {
        let token = secret::token(self.secret()?);
        let mut tx = self.store().write(&Scope::system()).await?;
        put_flow(&mut tx, &token, back, None, self.now()).await?;
        tx.commit().await?;
        Ok(IdentityFlow {
            state: secret::derived("state", &token),
            nonce: secret::derived("nonce", &token),
            verifier: secret::derived("verifier", &token),
            token,
        })
    }

    /// Takes a sign-in that came back, once: with the cookie of the browser that began it and the state that was given to it.
    pub async fn identity_returned(&self, token: &str, state: &str) -> Result<Option<ReturnedFlow>, DeskError> {
        if !secret::same(&secret::derived("state", token), state) {
            return Ok(None);
        }
        let mut tx = self.store().write(&Scope::system()).await?;
        let flow = take_flow(&mut tx, token, self.now()).await?;
        tx.commit().await?;
        let Some(Flow { back, proved: None }) = flow else { return Ok(None) };
        let of = |what| secret::derived(what, token);
        Ok(Some(ReturnedFlow { nonce: of("nonce"), verifier: of("verifier"), back }))
    }

    /// Opens a session for who the provider says it is, or asks for the code of the own second factor.
    ///
    /// `session` is where there they signed in; a sign-out there ends what is opened here. `second_factor` says that the provider asked for
    /// one, by the operator's setting.
    pub async fn sign_in_identity(
        &self,
        identity: &ProviderIdentity,
        session: &ProviderSession,
        second_factor: bool,
        back: &str,
    ) -> Result<IdentitySignIn, DeskError> {
        let now = self.now();
        let mut tx = self.store().write(&Scope::system()).await?;
        let sql = Sql::with(
            "SELECT user_id FROM account_identity WHERE issuer = $1 AND claim = $2 AND subject = $3",
            [identity.issuer.as_str().into(), identity.claim.as_str().into(), identity.subject.as_str().into()],
        );
        let bound = tx.row(sql).await?.map(|row| row.text(0)).transpose()?;
        let user = match &bound {
            Some(user) => user_by_id(&mut tx, user).await?.filter(|user| user.works_on(day_of(now))),
            None => None,
        };
        let held = match &user {
            Some(user) => Held::find(&mut tx, "user_id", &user.id).await?,
            None => None,
        };
        let (Some(user), Some(held)) = (user, held) else {
            drop(tx);
            self.identity_refused(bound.as_deref(), "no_account").await?;
            return Ok(IdentitySignIn::Nobody);
        };
        let proved = Proved::new(&user.id, &identity.issuer, session);
        proved.lock(&mut tx).await?;
        if proved.is_signed_out(&mut tx, now).await? {
            return Ok(IdentitySignIn::SignedOut);
        }
        if held.totp.is_some() && !second_factor {
            let token = secret::token(self.secret()?);
            put_flow(&mut tx, &token, back, Some(&proved), now).await?;
            tx.commit().await?;
            return Ok(IdentitySignIn::Code(token));
        }
        let factor = if second_factor { "provider" } else { "none" };
        let signed = self.open_provided(tx, &held, &user, &proved, factor, now).await?;
        Ok(IdentitySignIn::Open(signed))
    }

    /// Whether a sign-in with this cookie waits for the code of the own second factor.
    pub async fn identity_waits(&self, token: &str) -> Result<bool, DeskError> {
        let mut tx = self.store().read(&Scope::system()).await?;
        Ok(find_flow(&mut tx, token, self.now()).await?.is_some_and(|flow| flow.proved.is_some()))
    }

    /// Opens the session that waited for a code of the own second factor; gives the page to go on to.
    ///
    /// None when nothing waits. Failures are counted like those of passwords; a wrong code leaves the sign-in waiting.
    pub async fn finish_identity(&self, token: &str, code: &str, address: &str) -> Result<Option<(SignedIn, String)>, DeskError> {
        let now = self.now();
        let mut tx = self.store().write(&Scope::system()).await?;
        let Some(Flow { back, proved: Some(proved) }) = find_flow(&mut tx, token, now).await? else { return Ok(None) };
        proved.lock(&mut tx).await?;
        let user = user_by_id(&mut tx, &proved.user).await?.filter(|user| user.works_on(day_of(now)));
        let Some(user) = user else { return Ok(None) };
        let held = Held::find(&mut tx, "user_id", &user.id).await?.ok_or(DeskError::NotFound { kind: "account" })?;
        if let Some(until) = attempts::count(&mut tx, &held.login, address, now).await? {
            return Err(DeskError::SignInLocked { until });
        }
        // A factor that was taken away in the meantime does not open the door: one begins anew.
        let Some(sealed) = held.totp.clone() else { return Ok(None) };
        let opened = self.open_text(&mut tx, &totp::place(&user.id), sealed).await?;
        let Some(step) = totp::step_of(&opened, code, now, held.totp_step)? else {
            tx.commit().await?;
            self.identity_refused(Some(&user.id), "second_factor").await?;
            return Err(DeskError::SignInRefused);
        };
        let sql = Sql::with(
            "UPDATE account SET totp_step = $1 WHERE user_id = $2 AND (totp_step IS NULL OR totp_step < $1)",
            [step.into(), user.id.as_str().into()],
        );
        // Of two at once with one code, one is too late.
        if tx.execute(sql).await? != 1 || take_flow(&mut tx, token, now).await?.is_none() {
            drop(tx);
            self.identity_refused(Some(&user.id), "second_factor").await?;
            return Err(DeskError::SignInRefused);
        }
        attempts::forgive(&mut tx, &held.login, address).await?;
        let signed = self.open_provided(tx, &held, &user, &proved, "own", now).await?;
        Ok(Some((signed, back)))
    }

    /// Writes down that a sign-in through the provider was refused; `why` is a short word, nothing that was sent.
    pub async fn identity_refused(&self, user: Option<&str>, why: &str) -> Result<(), DeskError> {
        let nobody = Scope { actor: base::Actor("signed-out".into()), ..Scope::system() };
        let event = ReadEvent::new(AuditAction::RefuseSignIn, "user").word("by", "provider").word("why", why);
        let event = user.into_iter().fold(event, |event, user| event.object(user));
        self.audit_read(&nobody, event).await
    }

    /// Binds somebody at a provider to a user, in place of who was bound before. A user without an account gets one with their id as name.
    ///
    /// Sessions that came from the provider end when the binding changes.
    pub async fn bind_identity(&self, scope: &Scope, user: &str, identity: &ProviderIdentity) -> Result<(), DeskError> {
        require(scope, Permission::ManageUsers)?;
        let fits = |text: &str| {
            (1..=LONGEST).contains(&text.chars().count()) && text.trim() == text && !text.chars().any(char::is_control)
        };
        if ![&identity.issuer, &identity.claim, &identity.subject].into_iter().all(|text| fits(text)) {
            return Err(DeskError::Invalid { field: "subject", why: "must be 1 to 255 letters without spaces around them" });
        }
        let mut tx = self.store().write(&Scope::system()).await?;
        let found = user_by_id(&mut tx, user).await?.ok_or(DeskError::NotFound { kind: "user" })?;
        tx.lock("account identity").await?;
        let sql = Sql::with(
            "SELECT user_id FROM account_identity WHERE issuer = $1 AND claim = $2 AND subject = $3",
            [identity.issuer.as_str().into(), identity.claim.as_str().into(), identity.subject.as_str().into()],
        );
        match tx.row(sql).await?.map(|row| row.text(0)).transpose()? {
            Some(bound) if bound == found.id => return Ok(()),
            Some(_) => return Err(DeskError::Invalid { field: "subject", why: "is bound to somebody else" }),
            None => {}
        }
        unbind(&mut tx, &found.id, &identity.issuer, self.now()).await?;
        if Held::find(&mut tx, "user_id", &found.id).await?.is_none() {
            if Held::find(&mut tx, "login", &found.id).await?.is_some() {
                return Err(DeskError::Invalid { field: "login", why: "belongs to somebody else" });
            }
            let sql = Sql::with("INSERT INTO account (user_id, login) VALUES ($1, $1)", [found.id.as_str().into()]);
            tx.execute(sql).await?;
        }
        let sql = Sql::with(
            "INSERT INTO account_identity (issuer, claim, subject, user_id, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6)",
            [
                identity.issuer.as_str().into(),
                identity.claim.as_str().into(),
                identity.subject.as_str().into(),
                found.id.as_str().into(),
                scope.actor.0.as_str().into(),
                self.now().into(),
            ],
        );
        tx.execute(sql).await?;
        let event = ReadEvent::new(AuditAction::BindIdentity, "user").object(found.id.as_str());
        append(&mut tx, vec![self.event(scope, event)?]).await?;
        tx.commit().await
    }

    /// Unbinds a user from a provider; says whether they were bound. Their sessions from there end.
    pub async fn unbind_identity(&self, scope: &Scope, user: &str, issuer: &str) -> Result<bool, DeskError> {
        require(scope, Permission::ManageUsers)?;
        let mut tx = self.store().write(&Scope::system()).await?;
        if !unbind(&mut tx, user, issuer, self.now()).await? {
            return Ok(false);
        }
        let event = ReadEvent::new(AuditAction::UnbindIdentity, "user").object(user);
        append(&mut tx, vec![self.event(scope, event)?]).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn open_provided(
        &self,
        mut tx: Tx,
        held: &Held,
        user: &User,
        proved: &Proved,
        factor: &str,
        now: i64,
    ) -> Result<SignedIn, DeskError> {
        let token = secret::token(self.secret()?);
        session::insert(&mut tx, &self.next_id(now), &token, &user.id, false, Some(proved), now).await?;
        let scope = user.scope(role_purpose(user.role));
        let event = ReadEvent::new(AuditAction::SignIn, "user").object(user.id.as_str()).word("by", "provider");
        append(&mut tx, vec![self.event(&scope, event.word("factor", factor))?]).await?;
        tx.commit().await?;
        Ok(SignedIn { token, stage: Stage::of(false, held.totp.is_some(), user.role) })
    }
}

/// All bindings of users, by user.
pub(super) async fn bindings(tx: &mut Tx) -> Result<Vec<(String, ProviderIdentity)>, DeskError> {
    let rows = tx.rows(Sql::new("SELECT user_id, issuer, claim, subject FROM account_identity ORDER BY user_id, issuer")).await?;
    rows.iter()
        .map(|row| Ok((row.text(0)?, ProviderIdentity { issuer: row.text(1)?, claim: row.text(2)?, subject: row.text(3)? })))
        .collect()
}

async fn unbind(tx: &mut Tx, user: &str, issuer: &str, now: i64) -> Result<bool, DeskError> {
    let sql = Sql::with("DELETE FROM account_identity WHERE user_id = $1 AND issuer = $2", [user.into(), issuer.into()]);
    if tx.execute(sql).await? == 0 {
        return Ok(false);
    }
    let sql = Sql::with(
        "UPDATE session SET ended_at = $1 WHERE user_id = $2 AND issuer = $3 AND ended_at IS NULL",
        [now.into(), user.into(), issuer.into()],
    );
    tx.execute(sql).await?;
    // What is on its way for them was proved by the old binding.
    tx.execute(Sql::with("DELETE FROM identity_flow WHERE user_id = $1 AND issuer = $2", [user.into(), issuer.into()])).await?;
    Ok(true)
}

struct Flow {
    back: String,
    /// Who it is, once the provider said so.
    proved: Option<Proved>,
}

async fn put_flow(tx: &mut Tx, token: &str, back: &str, proved: Option<&Proved>, now: i64) -> Result<(), DeskError> {
    tx.execute(Sql::with("DELETE FROM identity_flow WHERE made_at < $1", [(now - ON_ITS_WAY).into()])).await?;
    let back = if back.len() > LONGEST_BACK { "/" } else { back };
    let sql = Sql::with(
        "INSERT INTO identity_flow (token_hash, back, made_at, user_id, issuer, provider_sub, provider_sid) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [
            secret::token_hash(token).into(),
            back.into(),
            now.into(),
            proved.map(|proved| proved.user.as_str()).into(),
            proved.map(|proved| proved.issuer.as_str()).into(),
            proved.and_then(|proved| proved.sub.as_deref()).into(),
            proved.and_then(|proved| proved.sid.as_deref()).into(),
        ],
    );
    tx.execute(sql).await.map(drop)
}

async fn find_flow(tx: &mut Tx, token: &str, now: i64) -> Result<Option<Flow>, DeskError> {
    let sql = Sql::with(
        "SELECT back, user_id, issuer, provider_sub, provider_sid FROM identity_flow \
         WHERE token_hash = $1 AND made_at >= $2 AND made_at <= $3",
        [secret::token_hash(token).into(), (now - ON_ITS_WAY).into(), now.into()],
    );
    let Some(row) = tx.row(sql).await? else { return Ok(None) };
    let (sub, sid) = (row.opt_text(3)?, row.opt_text(4)?);
    let proved = row.opt_text(1)?.zip(row.opt_text(2)?).map(|(user, issuer)| Proved { user, issuer, sub, sid });
    Ok(Some(Flow { back: row.text(0)?, proved }))
}

/// Finds and removes it; of two at once, one gets it.
async fn take_flow(tx: &mut Tx, token: &str, now: i64) -> Result<Option<Flow>, DeskError> {
    let flow = find_flow(tx, token, now).await?;
    let sql = Sql::with("DELETE FROM identity_flow WHERE token_hash = $1", [secret::token_hash(token).into()]);
    let removed = tx.execute(sql).await?;
    Ok(flow.filter(|_| removed == 1))
}
