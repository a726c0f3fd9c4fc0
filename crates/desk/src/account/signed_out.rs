//! A sign-out at the provider of identities ends the sessions that came from there.
//!
//! That the provider said so is proved elsewhere (crate `oidc`); here it meets the sessions. Persons and sessions of the provider are kept as
//! hashes, and a sign-out counts once.

use base::Scope;

use super::secret;
use crate::audit::{AuditAction, ReadEvent, append};
use crate::db::Tx;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// A sign-out is remembered this long at most, in milliseconds.
const REMEMBERED: i64 = 15 * 60_000;

/// Where at the provider somebody signed in, as its token says: what a sign-out there names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProviderSession {
    /// The provider's own name of the person (`sub`).
    pub subject: Option<String>,
    /// The provider's name of the session there (`sid`).
    pub sid: Option<String>,
}

/// A sign-out that the provider told of.
#[derive(Debug, Clone, Copy)]
pub struct ProviderSignOut<'a> {
    /// The provider.
    pub issuer: &'a str,
    /// Its own name for this message (`jti`): it counts once.
    pub id: &'a str,
    /// Whose sessions end (`sub`). This or `sid` is given, or both.
    pub subject: Option<&'a str>,
    /// Which session ends (`sid`).
    pub sid: Option<&'a str>,
    /// Until when the same message could come again and be good, Unix milliseconds.
    pub until: i64,
}

/// Who was proved to be whom at a provider, and where; the names there as hashes.
#[derive(Debug, Clone)]
pub(super) struct Proved {
    pub(super) user: String,
    pub(super) issuer: String,
    pub(super) sub: Option<String>,
    pub(super) sid: Option<String>,
}

impl Proved {
    pub(super) fn new(user: &str, issuer: &str, session: &ProviderSession) -> Self {
        let kept = |what, name: &Option<String>| name.as_deref().map(|name| secret::at_provider(what, issuer, name));
        let (sub, sid) = (kept("sub", &session.subject), kept("sid", &session.sid));
        Self { user: user.to_owned(), issuer: issuer.to_owned(), sub, sid }
    }

    /// Lets sign-ins and sign-outs of one person or session there go one after another, until commit.
    pub(super) async fn lock(&self, tx: &mut Tx) -> Result<(), DeskError> {
        for hash in [&self.sid, &self.sub].into_iter().flatten() {
            tx.lock(&format!("at provider {hash}")).await?;
        }
        Ok(())
    }

    /// Whether the provider told in the meantime that this session there is over.
    pub(super) async fn is_signed_out(&self, tx: &mut Tx, now: i64) -> Result<bool, DeskError> {
        let Some(sid) = &self.sid else { return Ok(false) };
        let sql = Sql::new("SELECT id_hash FROM identity_logout WHERE sid_hash = ").bind(sid.as_str()).push(" AND until_at >= ");
        Ok(tx.row(sql.bind(now)).await?.is_some())
    }

    /// Adds the condition of rows that are meant: the session named, or all of the person; of a person's session also those of which no
    /// session's name is known.
    fn meant(&self, sql: Sql) -> Sql {
        let sql = sql.push("issuer = ").bind(self.issuer.as_str());
        match (&self.sub, &self.sid) {
            (Some(sub), Some(sid)) => {
                let sql =
                    sql.push(" AND provider_sub = ").bind(sub.as_str()).push(" AND (provider_sid IS NULL OR provider_sid = ");
                sql.bind(sid.as_str()).push(")")
            }
            (Some(sub), None) => sql.push(" AND provider_sub = ").bind(sub.as_str()),
            (None, Some(sid)) => sql.push(" AND provider_sid = ").bind(sid.as_str()),
            (None, None) => sql.push(" AND 1 = 0"),
        }
    }
}

impl Desk {
    /// Ends the sessions that a sign-out at the provider means, and sign-ins from there that wait for a code; gives how many sessions ended.
    /// None for a message that came before.
    pub async fn identity_signed_out(&self, out: &ProviderSignOut<'_>) -> Result<Option<u64>, DeskError> {
        if out.subject.is_none() && out.sid.is_none() {
            return Err(DeskError::Invalid { field: "sid", why: "or a subject must be given" });
        }
        let now = self.now();
        let named = ProviderSession { subject: out.subject.map(str::to_owned), sid: out.sid.map(str::to_owned) };
        let meant = Proved::new("", out.issuer, &named);
        let system = Scope::system();
        let mut tx = self.store().write(&system).await?;
        meant.lock(&mut tx).await?;
        tx.execute(Sql::with("DELETE FROM identity_logout WHERE until_at < $1", [now.into()])).await?;
        let sql = Sql::with(
            "INSERT INTO identity_logout (id_hash, sid_hash, until_at) VALUES ($1, $2, $3) ON CONFLICT (id_hash) DO NOTHING",
            [
                secret::at_provider("jti", out.issuer, out.id).into(),
                meant.sid.as_deref().into(),
                out.until.min(now.saturating_add(REMEMBERED)).into(),
            ],
        );
        if tx.execute(sql).await? == 0 {
            return Ok(None);
        }
        let sql = meant.meant(Sql::new("SELECT user_id, count(*) FROM session WHERE ended_at IS NULL AND "));
        let mut events = Vec::new();
        for row in tx.rows(sql.push(" GROUP BY user_id ORDER BY user_id")).await? {
            let event = ReadEvent::new(AuditAction::EndSessions, "user").object(row.text(0)?).word("by", "provider");
            events.push(self.event(&system, event.count("sessions", row.int(1)?))?);
        }
        let sql = Sql::new("UPDATE session SET ended_at = ").bind(now).push(" WHERE ended_at IS NULL AND ");
        let ended = tx.execute(meant.meant(sql)).await?;
        tx.execute(meant.meant(Sql::new("DELETE FROM identity_flow WHERE "))).await?;
        if !events.is_empty() {
            append(&mut tx, events).await?;
        }
        tx.commit().await?;
        Ok(Some(ended))
    }

    /// Writes down that a message of a sign-out was not taken; `why` is a short word, nothing that was sent.
    pub async fn sign_out_refused(&self, why: &str) -> Result<(), DeskError> {
        let nobody = Scope { actor: base::Actor("signed-out".into()), ..Scope::system() };
        let event = ReadEvent::new(AuditAction::RefuseSignOut, "session").word("by", "provider").word("why", why);
        self.audit_read(&nobody, event).await
    }
}
