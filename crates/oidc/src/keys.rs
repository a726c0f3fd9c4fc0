//! The provider's public keys (JWKS, RFC 7517) and the two signatures that are checked with them.

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::BoxedUint;
use rsa::traits::PublicKeyParts;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::encoding::bytes_of;
use crate::{OidcError, TokenFault};

/// Bits of an RSA key: fewer are not safe, more are only work for the portal.
const RSA_BITS: std::ops::RangeInclusive<u32> = 2048..=8192;
/// Keys of one provider at most.
const MOST: usize = 100;

/// The algorithms an ID token may be signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// RSA, PKCS #1 v1.5, SHA-256.
    Rs256,
    /// ECDSA over P-256, SHA-256.
    Es256,
}

impl Algorithm {
    /// By its name in a header; `none`, HMAC and all others are none.
    pub(crate) fn of(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "ES256" => Some(Self::Es256),
            _ => None,
        }
    }
}

/// A key as it comes.
#[derive(Debug, Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Set {
    keys: Vec<serde_json::Value>,
}

#[derive(Debug, Clone)]
enum Public {
    Rsa(rsa::PublicKey),
    Ec(p256::ecdsa::VerifyingKey),
}

/// A key that can check signatures, with its name.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    kid: Option<String>,
    public: Public,
}

/// The provider's keys that can check an ID token.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys(Vec<Key>);

impl Keys {
    /// Reads a set. Keys of other kinds and purposes are left out, as the standard asks; a set without any usable key is an error.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, OidcError> {
        let unusable = |why| OidcError::Unusable { what: "keys", why };
        let set: Set = serde_json::from_slice(bytes).map_err(|_| unusable("it is not a set of keys"))?;
        if set.keys.len() > MOST {
            return Err(unusable("it has more than a hundred keys"));
        }
        let read = |value| serde_json::from_value::<Jwk>(value).ok().and_then(|jwk| Key::of(&jwk));
        let keys: Vec<Key> = set.keys.into_iter().filter_map(read).collect();
        if keys.is_empty() { Err(unusable("it has no RSA or P-256 key for signatures")) } else { Ok(Self(keys)) }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The key of a header: by its name where one is given, else the only one of its kind.
    pub(crate) fn find(&self, algorithm: Algorithm, kid: Option<&str>) -> Option<&Key> {
        let mut fitting = self.0.iter().filter(|key| key.does(algorithm) && (kid.is_none() || key.kid.as_deref() == kid));
        let first = fitting.next()?;
        // Two keys that both fit would leave it to chance which is asked.
        fitting.next().is_none().then_some(first)
    }
}

impl Key {
    fn of(jwk: &Jwk) -> Option<Self> {
        let signs = jwk.usage.as_deref().is_none_or(|word| word == "sig")
            && jwk.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| op == "verify"));
        let alg = |name| jwk.alg.as_deref().is_none_or(|alg| alg == name);
        let part = |text: &Option<String>| text.as_deref().and_then(bytes_of);
        let public = match jwk.kty.as_str() {
            "RSA" if signs && alg("RS256") => {
                let (n, e) = (part(&jwk.n)?, part(&jwk.e)?);
                if n.len() > 1 << 10 || e.len() > 8 {
                    return None;
                }
                let key = rsa::PublicKey::new(BoxedUint::from_be_slice_vartime(&n), BoxedUint::from_be_slice_vartime(&e)).ok()?;
                RSA_BITS.contains(&key.n().bit_width()).then_some(Public::Rsa(key))?
            }
            "EC" if signs && alg("ES256") && jwk.crv.as_deref() == Some("P-256") => {
                let (x, y) = (part(&jwk.x)?, part(&jwk.y)?);
                if x.len() != 32 || y.len() != 32 {
                    return None;
                }
                // SEC1: an uncompressed point; one that is not on the curve is refused.
                let point = [&[4][..], &x, &y].concat();
                Public::Ec(p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok()?)
            }
            _ => return None,
        };
        Some(Self { kid: jwk.kid.clone(), public })
    }

    fn does(&self, algorithm: Algorithm) -> bool {
        matches!((&self.public, algorithm), (Public::Rsa(_), Algorithm::Rs256) | (Public::Ec(_), Algorithm::Es256))
    }

    /// Checks the signature of a message; the kind of the key says the algorithm, never the token alone.
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), TokenFault> {
        let digest = Sha256::digest(message);
        let verified = match &self.public {
            Public::Rsa(key) => {
                let signature = rsa::pkcs1v15::Signature::try_from(signature).map_err(|_| TokenFault::Signature)?;
                rsa::pkcs1v15::VerifyingKey::<Sha256>::new(key.clone()).verify_prehash(&digest, &signature)
            }
            Public::Ec(key) => {
                let signature = p256::ecdsa::Signature::from_slice(signature).map_err(|_| TokenFault::Signature)?;
                key.verify_prehash(&digest, &signature)
            }
        };
        verified.map_err(|_| TokenFault::Signature)
    }
}
