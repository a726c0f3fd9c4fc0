//! The logout token of a sign-out at the provider (OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6).
//!
//! It comes from whoever knows the address, so nothing of it counts before its signature: a key of the provider's set, this client, now, the
//! one event, and no `nonce`, so that no ID token passes for one.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::keys::Keys;
use crate::token::{Audience, Moment, OLDEST, SKEW, Unchecked, is_name};
use crate::{Settings, TokenFault};

/// The member of `events` that makes a token a logout token.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// What `typ` may say: typed as the standard recommends, or not typed.
const KINDS: [&str; 2] = ["logout+jwt", "JWT"];

/// Whose sessions end, as the provider says.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedOut {
    /// The provider's own name of the person (`sub`). This or `sid` is there, or both.
    pub subject: Option<String>,
    /// The provider's name of the session there (`sid`).
    pub sid: Option<String>,
    /// The token's own name (`jti`): it counts once.
    pub id: String,
    /// Until when a token of this name could come again and be taken, Unix milliseconds.
    pub until: i64,
}

impl std::fmt::Debug for SignedOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedOut").field("until", &self.until).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    iat: Moment,
    exp: Moment,
    jti: String,
    sub: Option<String>,
    sid: Option<String>,
    #[serde(default)]
    events: Value,
    #[serde(flatten)]
    other: Map<String, Value>,
}

/// Checks signature and claims. `now` in Unix milliseconds.
pub(crate) fn check(token: &Unchecked<'_>, keys: &Keys, settings: &Settings, now: i64) -> Result<SignedOut, TokenFault> {
    let claims: Claims = token.verified(keys)?;
    if token.kind().is_some_and(|kind| !KINDS.iter().any(|known| known.eq_ignore_ascii_case(kind))) {
        return Err(TokenFault::Kind);
    }
    if claims.iss != settings.issuer {
        return Err(TokenFault::Issuer);
    }
    if !claims.aud.names(&settings.client_id) {
        return Err(TokenFault::Audience);
    }
    let now = now.div_euclid(1000);
    if claims.exp.0 <= now.saturating_sub(SKEW) {
        return Err(TokenFault::Expired);
    }
    if claims.iat.0 > now.saturating_add(SKEW) || claims.iat.0 < now.saturating_sub(OLDEST + SKEW) {
        return Err(TokenFault::Time);
    }
    if !claims.events.get(EVENT).is_some_and(Value::is_object) {
        return Err(TokenFault::Event);
    }
    // It must not be there at all, not even empty: what bears one is an ID token.
    if claims.other.contains_key("nonce") {
        return Err(TokenFault::Nonce);
    }
    if !is_name(&claims.jti) {
        return Err(TokenFault::Form);
    }
    let named = [&claims.sub, &claims.sid];
    if named.iter().all(|name| name.is_none()) || named.into_iter().flatten().any(|name| !is_name(name)) {
        return Err(TokenFault::Subject);
    }
    // After this its `iat` is too old for any look at it.
    let until = claims.iat.0.saturating_add(OLDEST + SKEW + 1).saturating_mul(1000);
    Ok(SignedOut { subject: claims.sub, sid: claims.sid, id: claims.jti, until })
}
