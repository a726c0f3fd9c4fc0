//! The ID token (OpenID Connect Core 1.0, section 3.1.3.7).

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::encoding::bytes_of;
use crate::keys::{Algorithm, Keys};
use crate::{Settings, TokenFault};

/// Longest token that is read, in bytes.
const LONGEST: usize = 16 << 10;
/// Clocks of two machines may differ by this, in seconds.
pub(crate) const SKEW: i64 = 60;
/// A token that is taken right after it was issued is not older than this, in seconds.
pub(crate) const OLDEST: i64 = 600;
/// Longest name of a person or a session at the provider, in characters.
const LONGEST_NAME: usize = 255;

/// Whether this can be the name of a person or a session at a provider: 1 to 255 characters, no spaces around them, no control characters.
pub(crate) fn is_name(text: &str) -> bool {
    let length = text.chars().count();
    (1..=LONGEST_NAME).contains(&length) && text.trim() == text && !text.chars().any(char::is_control)
}

/// Who the provider says somebody is.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// Value of the claim that names the person.
    pub subject: String,
    /// Whether the token says, by the operator's setting, that the provider asked for a second factor.
    pub second_factor: bool,
    /// The provider's own name of the person (`sub`), whichever claim names people here: a sign-out there names them by it.
    pub sub: String,
    /// The provider's name of the session there (`sid`), where the token bears one.
    pub sid: Option<String>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("second_factor", &self.second_factor).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<Value>,
}

/// Whom a token is meant for.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    /// Whether this client is meant.
    pub(crate) fn names(&self, client: &str) -> bool {
        match self {
            Self::One(one) => one == client,
            Self::Many(many) => many.iter().any(|one| one == client),
        }
    }
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: Moment,
    iat: Moment,
    nbf: Option<Moment>,
    azp: Option<String>,
    nonce: Option<String>,
    acr: Option<String>,
    #[serde(default)]
    amr: Vec<String>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

/// Seconds since 1970; a fraction is left away.
pub(crate) struct Moment(pub(crate) i64);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let number = serde_json::Number::deserialize(deserializer)?;
        let text = number.to_string();
        let whole = text.split('.').next().unwrap_or_default();
        whole.parse().map(Moment).map_err(|_| D::Error::custom("not a moment"))
    }
}

/// The header's algorithm and key name, before anything is known of the keys.
pub(crate) struct Unchecked<'a> {
    algorithm: Algorithm,
    kid: Option<String>,
    kind: Option<String>,
    message: &'a str,
    claims: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Unchecked<'a> {
    /// Takes a token apart.
    pub(crate) fn read(token: &'a str) -> Result<Self, TokenFault> {
        if token.len() > LONGEST {
            return Err(TokenFault::Form);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(TokenFault::Form)?;
        let (header, claims) = message.split_once('.').ok_or(TokenFault::Form)?;
        let part = |text: &str| bytes_of(text).ok_or(TokenFault::Form);
        let header: Header = serde_json::from_slice(&part(header)?).map_err(|_| TokenFault::Form)?;
        let algorithm = Algorithm::of(&header.alg).ok_or(TokenFault::Algorithm)?;
        // An extension that must be understood is not.
        if header.crit.is_some() {
            return Err(TokenFault::Form);
        }
        let (claims, signature) = (part(claims)?, part(signature)?);
        Ok(Self { algorithm, kid: header.kid, kind: header.typ, message, claims, signature })
    }

    /// Whether a key of these fits.
    pub(crate) fn is_known_to(&self, keys: &Keys) -> bool {
        keys.find(self.algorithm, self.kid.as_deref()).is_some()
    }

    /// What the header says the token is (`typ`), without `application/`; none where it does not say.
    pub(crate) fn kind(&self) -> Option<&str> {
        self.kind.as_deref().map(|kind| kind.strip_prefix("application/").unwrap_or(kind))
    }

    /// The claims of a token that the provider signed.
    pub(crate) fn verified<T: serde::de::DeserializeOwned>(&self, keys: &Keys) -> Result<T, TokenFault> {
        let key = keys.find(self.algorithm, self.kid.as_deref()).ok_or(TokenFault::UnknownKey)?;
        key.verify(self.message.as_bytes(), &self.signature)?;
        serde_json::from_slice(&self.claims).map_err(|_| TokenFault::Form)
    }

    /// Checks signature and claims. `now` in Unix milliseconds.
    pub(crate) fn check(&self, keys: &Keys, settings: &Settings, nonce: &str, now: i64) -> Result<Identity, TokenFault> {
        let claims: Claims = self.verified(keys)?;
        claims.check(settings, nonce, now.div_euclid(1000))?;
        claims.identity(settings)
    }
}

impl Claims {
    fn check(&self, settings: &Settings, nonce: &str, now: i64) -> Result<(), TokenFault> {
        if self.iss != settings.issuer {
            return Err(TokenFault::Issuer);
        }
        let client = settings.client_id.as_str();
        if !self.aud.names(client) {
            return Err(TokenFault::Audience);
        }
        let others = matches!(&self.aud, Audience::Many(many) if many.len() > 1);
        // Where others are meant too it must say that it was issued to this client.
        match &self.azp {
            Some(party) if party != client => return Err(TokenFault::AuthorizedParty),
            None if others => return Err(TokenFault::AuthorizedParty),
            _ => {}
        }
        if self.exp.0 <= now.saturating_sub(SKEW) {
            return Err(TokenFault::Expired);
        }
        let latest = now.saturating_add(SKEW);
        let too_early = self.iat.0 > latest || self.nbf.as_ref().is_some_and(|nbf| nbf.0 > latest);
        if too_early || self.iat.0 < now.saturating_sub(OLDEST + SKEW) {
            return Err(TokenFault::Time);
        }
        if self.nonce.as_deref() != Some(nonce) {
            return Err(TokenFault::Nonce);
        }
        Ok(())
    }

    fn identity(self, settings: &Settings) -> Result<Identity, TokenFault> {
        let named = |name: &str| match name {
            "sub" => Some(self.sub.clone()),
            other => self.other.get(other).and_then(Value::as_str).map(str::to_owned),
        };
        let mut subject = named(&settings.claim).ok_or(TokenFault::Subject)?;
        if settings.claim == "email" {
            // Anybody may write any address; the provider must have asked the mailbox.
            if self.other.get("email_verified") != Some(&Value::Bool(true)) {
                return Err(TokenFault::Subject);
            }
            subject = subject.to_lowercase();
        }
        if !is_name(&subject) {
            return Err(TokenFault::Subject);
        }
        let sid = self.other.get("sid").and_then(Value::as_str).filter(|sid| is_name(sid)).map(str::to_owned);
        let second_factor = settings.second_factor.iter().any(|word| match word.split_once(':') {
            Some(("amr", value)) => self.amr.iter().any(|method| method == value),
            Some(("acr", value)) => self.acr.as_deref() == Some(value),
            _ => false,
        });
        Ok(Identity { subject, second_factor, sub: self.sub, sid })
    }
}
