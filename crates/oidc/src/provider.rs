//! The provider as it is asked: its document and keys kept for a while, the way to it and back.

use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;

use crate::discovery::{self, Metadata};
use crate::encoding::challenge;
use crate::http::{Client, Reply};
use crate::keys::Keys;
use crate::token::Unchecked;
use crate::{Identity, OidcError, Settings, SignedOut, TokenFault, logout};

/// Document and keys are asked anew after this, in milliseconds.
const KEPT: i64 = 3_600_000;
/// For an unknown key the keys are asked anew at most this often.
const KEYS_AGAIN: i64 = 60_000;
/// A provider that did not answer is left alone for this long, so that waiting pages do not queue up behind it.
const LEFT_ALONE: i64 = 5_000;

/// One provider.
#[derive(Debug)]
pub struct Provider {
    settings: Settings,
    issuer: Url,
    client: Client,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    metadata: Option<(Metadata, i64)>,
    keys: Option<(Keys, i64)>,
    /// When asking failed last, and how.
    failed: Option<(OidcError, i64)>,
}

/// What came back with the browser.
#[derive(Clone, Copy)]
pub struct Answer<'a> {
    /// The code.
    pub code: &'a str,
    /// The issuer, where the answer names it.
    pub issuer: Option<&'a str>,
}

/// What a look at the provider found, for whoever sets it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Where browsers are led.
    pub authorization: String,
    /// Where codes are brought.
    pub token: String,
    /// Where the keys are.
    pub keys_at: String,
    /// Where one signs out, if there is such a place.
    pub end_session: Option<String>,
    /// Usable keys.
    pub keys: usize,
    /// Whether answers name their issuer.
    pub names_issuer: bool,
    /// Whether the provider says that it tells of sign-outs there (back-channel logout).
    pub tells_sign_outs: bool,
}

#[derive(Deserialize)]
struct TokenAnswer {
    id_token: Option<String>,
    token_type: Option<String>,
}

impl Provider {
    /// Checks the settings; asks nobody yet.
    pub fn new(settings: Settings) -> Result<Self, OidcError> {
        let (settings, issuer) = settings.checked()?;
        let client = Client::new(&settings, &issuer)?;
        Ok(Self { settings, issuer, client, held: Mutex::default() })
    }

    /// The issuer, as the setting has it.
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// The claim that names a person.
    pub fn claim(&self) -> &str {
        &self.settings.claim
    }

    /// Where a browser is led to sign in. `redirect` is this portal's address for the answer, exactly as registered.
    pub async fn authorization_url(
        &self,
        redirect: &str,
        state: &str,
        nonce: &str,
        verifier: &str,
        now: i64,
    ) -> Result<String, OidcError> {
        let metadata = self.metadata(now).await?;
        let mut scope = String::from("openid");
        for one in &self.settings.scopes {
            scope.push(' ');
            scope.push_str(one);
        }
        let mut address = metadata.authorization;
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", redirect)
            .append_pair("scope", &scope)
            .append_pair("state", state)
            .append_pair("nonce", nonce)
            .append_pair("code_challenge", &challenge(verifier))
            .append_pair("code_challenge_method", "S256");
        Ok(address.into())
    }

    /// Brings the code and says whose it was. `redirect`, `nonce` and `verifier` are those of the way there.
    pub async fn identity(
        &self,
        answer: Answer<'_>,
        redirect: &str,
        nonce: &str,
        verifier: &str,
        now: i64,
    ) -> Result<Identity, OidcError> {
        let metadata = self.metadata(now).await?;
        // RFC 9207: an answer of another provider must not be brought to this one.
        match answer.issuer {
            Some(issuer) if issuer != self.settings.issuer => return Err(OidcError::WrongIssuer),
            None if metadata.names_issuer => return Err(OidcError::WrongIssuer),
            _ => {}
        }
        let fields = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", answer.code.to_owned()),
            ("redirect_uri", redirect.to_owned()),
            ("code_verifier", verifier.to_owned()),
        ];
        let reply = self.client.post("token", &metadata.token, &self.settings, metadata.proof, fields).await?;
        let token = id_token(&reply)?;
        let unchecked = Unchecked::read(&token).map_err(OidcError::Token)?;
        let keys = self.keys(&metadata, &unchecked, now).await?;
        unchecked.check(&keys, &self.settings, nonce, now).map_err(OidcError::Token)
    }

    /// Where a browser is led to sign out at the provider too; none when it has no such place. No ID token goes along: none is kept.
    pub async fn end_session_url(&self, after: &str, now: i64) -> Result<Option<String>, OidcError> {
        let metadata = self.metadata(now).await?;
        Ok(metadata.end_session.map(|mut address| {
            let mut query = address.query_pairs_mut();
            query.append_pair("client_id", &self.settings.client_id).append_pair("post_logout_redirect_uri", after);
            drop(query);
            address.into()
        }))
    }

    /// Asks for document and keys and says what was found.
    pub async fn look(&self, now: i64) -> Result<Report, OidcError> {
        let metadata = self.metadata(now).await?;
        let keys = self.fetch_keys(&metadata).await?;
        Ok(Report {
            authorization: metadata.authorization.into(),
            token: metadata.token.into(),
            keys_at: metadata.keys.into(),
            end_session: metadata.end_session.map(Into::into),
            keys: keys.len(),
            names_issuer: metadata.names_issuer,
            tells_sign_outs: metadata.tells_sign_outs,
        })
    }

    /// Whose sessions end, by the logout token that the provider sent. That it counts once is for the caller to keep (`SignedOut::id`).
    pub async fn signed_out(&self, token: &str, now: i64) -> Result<SignedOut, OidcError> {
        // What is no token at all makes nobody ask the provider.
        let unchecked = Unchecked::read(token).map_err(OidcError::Logout)?;
        let metadata = self.metadata(now).await?;
        let keys = self.keys(&metadata, &unchecked, now).await.map_err(|error| match error {
            OidcError::Token(fault) => OidcError::Logout(fault),
            other => other,
        })?;
        logout::check(&unchecked, &keys, &self.settings, now).map_err(OidcError::Logout)
    }

    async fn metadata(&self, now: i64) -> Result<Metadata, OidcError> {
        let mut held = self.held.lock().await;
        if let Some((metadata, at)) = &held.metadata
            && (0..KEPT).contains(&(now - at))
        {
            return Ok(metadata.clone());
        }
        if let Some((error, at)) = &held.failed
            && (0..LEFT_ALONE).contains(&(now - at))
        {
            return Err(error.clone());
        }
        let reply = self.client.get("discovery", &discovery::address(&self.settings)).await;
        let read = reply.and_then(|reply| Metadata::read(&self.settings, &self.issuer, &good("discovery", &reply)?));
        match &read {
            Ok(metadata) => {
                held.metadata = Some((metadata.clone(), now));
                held.failed = None;
            }
            Err(error) => held.failed = Some((error.clone(), now)),
        }
        read
    }

    /// The keys, asked anew once when none fits: the provider may have changed them since.
    async fn keys(&self, metadata: &Metadata, token: &Unchecked<'_>, now: i64) -> Result<Keys, OidcError> {
        let mut held = self.held.lock().await;
        if let Some((keys, at)) = &held.keys {
            let age = now - at;
            let fresh = (0..KEPT).contains(&age);
            if fresh && token.is_known_to(keys) {
                return Ok(keys.clone());
            }
            if (0..KEYS_AGAIN).contains(&age) {
                // Tokens with invented key names would otherwise make this program ask without end.
                return Err(OidcError::Token(TokenFault::UnknownKey));
            }
        }
        let keys = self.fetch_keys(metadata).await?;
        held.keys = Some((keys.clone(), now));
        Ok(keys)
    }

    async fn fetch_keys(&self, metadata: &Metadata) -> Result<Keys, OidcError> {
        let reply = self.client.get("keys", metadata.keys.as_str()).await?;
        Keys::read(&good("keys", &reply)?)
    }
}

/// The body of an answer that is 200.
fn good(what: &'static str, reply: &Reply) -> Result<Vec<u8>, OidcError> {
    match reply.status {
        200 => Ok(reply.body.clone()),
        300..400 => Err(OidcError::Unusable { what, why: "it leads to another address, which is not followed" }),
        500.. => Err(OidcError::Unreachable { what, detail: format!("status {}", reply.status) }),
        _ => Err(OidcError::Unusable { what, why: "the status is not 200" }),
    }
}

fn id_token(reply: &Reply) -> Result<String, OidcError> {
    if (400..500).contains(&reply.status) {
        return Err(OidcError::CodeRefused { error: refusal(&reply.body) });
    }
    let unusable = |why| OidcError::Unusable { what: "token", why };
    let answer: TokenAnswer = serde_json::from_slice(&good("token", reply)?).map_err(|_| unusable("it is not JSON of tokens"))?;
    if !answer.token_type.is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")) {
        return Err(unusable("its token_type is not Bearer"));
    }
    answer.id_token.ok_or_else(|| unusable("it holds no ID token"))
}

/// The provider's word for its refusal, if it is one of the standard's: nothing else of the answer goes into a log.
fn refusal(body: &[u8]) -> &'static str {
    let word = serde_json::from_slice::<Value>(body).ok();
    let word = word.as_ref().and_then(|value| value.get("error")).and_then(Value::as_str).unwrap_or_default();
    ["invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope"]
        .into_iter()
        .find(|known| *known == word)
        .unwrap_or("other")
}
