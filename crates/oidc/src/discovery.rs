//! The discovery document: where the provider's addresses are and what it can do.

use serde::Deserialize;
use url::Url;

use crate::{OidcError, Settings};

/// The document as it comes; what is not used is not read.
#[derive(Debug, Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    end_session_endpoint: Option<String>,
    response_types_supported: Option<Vec<String>>,
    id_token_signing_alg_values_supported: Option<Vec<String>>,
    code_challenge_methods_supported: Option<Vec<String>>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    backchannel_logout_supported: bool,
}

/// How this client proves itself when it brings a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClientProof {
    /// Id and secret in the header.
    Basic,
    /// Id and secret in the body.
    Post,
    /// The id alone; PKCE proves the rest.
    Nothing,
}

/// What is known of the provider.
#[derive(Debug, Clone)]
pub(crate) struct Metadata {
    pub(crate) authorization: Url,
    pub(crate) token: Url,
    pub(crate) keys: Url,
    pub(crate) end_session: Option<Url>,
    pub(crate) proof: ClientProof,
    /// Whether the answer must name its issuer.
    pub(crate) names_issuer: bool,
    /// Whether sign-outs there are told here (back-channel logout).
    pub(crate) tells_sign_outs: bool,
}

/// Where the document of an issuer is (OpenID Connect Discovery 1.0, section 4).
pub(crate) fn address(settings: &Settings) -> String {
    format!("{}/.well-known/openid-configuration", settings.issuer.trim_end_matches('/'))
}

impl Metadata {
    /// Reads the document and checks it against the settings.
    pub(crate) fn read(settings: &Settings, issuer: &Url, bytes: &[u8]) -> Result<Self, OidcError> {
        let unusable = |why| OidcError::Unusable { what: "discovery", why };
        let document: Document = serde_json::from_slice(bytes).map_err(|_| unusable("it is not the JSON of a provider"))?;
        if document.issuer != settings.issuer {
            return Err(unusable("it names another issuer than the setting, letter by letter"));
        }
        let lacks = |list: &Option<Vec<String>>, words: &[&str]| {
            list.as_ref().is_some_and(|list| !list.iter().any(|word| words.contains(&word.as_str())))
        };
        if lacks(&document.response_types_supported, &["code"]) {
            return Err(unusable("the provider does not do the authorization code"));
        }
        if lacks(&document.id_token_signing_alg_values_supported, &["RS256", "ES256"]) {
            return Err(unusable("the provider signs with neither RS256 nor ES256"));
        }
        if lacks(&document.code_challenge_methods_supported, &["S256"]) {
            return Err(unusable("the provider does PKCE, but not S256"));
        }
        let place = |text: &str| {
            let address = Url::parse(text).map_err(|_| unusable("an address in it is none"))?;
            if settings.allows(issuer, &address) {
                Ok(address)
            } else {
                Err(unusable("an address in it is on another host (oidc_hosts)"))
            }
        };
        let methods = document.token_endpoint_auth_methods_supported;
        let does = |word: &str| methods.as_ref().is_some_and(|methods| methods.iter().any(|method| method == word));
        let proof = match (&settings.secret, &methods) {
            (None, _) => ClientProof::Nothing,
            // A provider that does not say does the header (Discovery 1.0, section 3).
            (Some(_), None) => ClientProof::Basic,
            (Some(_), Some(_)) if does("client_secret_basic") => ClientProof::Basic,
            (Some(_), Some(_)) if does("client_secret_post") => ClientProof::Post,
            _ => return Err(unusable("the provider takes a client secret neither in the header nor in the body")),
        };
        Ok(Self {
            authorization: place(&document.authorization_endpoint)?,
            token: place(&document.token_endpoint)?,
            keys: place(&document.jwks_uri)?,
            end_session: document.end_session_endpoint.as_deref().map(place).transpose()?,
            proof,
            names_issuer: document.authorization_response_iss_parameter_supported,
            tells_sign_outs: document.backchannel_logout_supported,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Secret;

    fn settings() -> Settings {
        Settings {
            issuer: "https://id.example.vn".into(),
            client_id: "an-sinh".into(),
            secret: Secret::of("s"),
            claim: "sub".into(),
            scopes: Vec::new(),
            hosts: Vec::new(),
            roots: None,
            second_factor: Vec::new(),
        }
    }

    fn read(change: impl FnOnce(&mut serde_json::Map<String, serde_json::Value>)) -> Result<Metadata, OidcError> {
        let (settings, issuer) = settings().checked()?;
        let mut document = serde_json::json!({
            "issuer": "https://id.example.vn",
            "authorization_endpoint": "https://id.example.vn/authorize",
            "token_endpoint": "https://id.example.vn/token",
            "jwks_uri": "https://id.example.vn/jwks",
        });
        change(document.as_object_mut().unwrap());
        Metadata::read(&settings, &issuer, document.to_string().as_bytes())
    }

    fn with(name: &str, value: serde_json::Value) -> Result<Metadata, OidcError> {
        read(|document| drop(document.insert(name.to_owned(), value)))
    }

    #[test]
    fn a_short_document_is_enough() {
        let metadata = read(|_| {}).unwrap();
        assert_eq!((metadata.proof, metadata.names_issuer, metadata.end_session), (ClientProof::Basic, false, None));
        let post = with("token_endpoint_auth_methods_supported", serde_json::json!(["client_secret_post"]));
        assert_eq!(post.unwrap().proof, ClientProof::Post);
    }

    #[test]
    fn what_leads_elsewhere_or_cannot_do_it_is_refused() {
        for (name, value) in [
            ("issuer", serde_json::json!("https://id.example.vn/")),
            ("issuer", serde_json::json!("https://evil.example")),
            ("token_endpoint", serde_json::json!("https://evil.example/token")),
            ("token_endpoint", serde_json::json!("http://id.example.vn/token")),
            ("jwks_uri", serde_json::json!("http://169.254.169.254/")),
            ("jwks_uri", serde_json::json!("file:///etc/passwd")),
            ("authorization_endpoint", serde_json::json!("javascript:alert(1)")),
            ("end_session_endpoint", serde_json::json!("https://evil.example/out")),
            ("response_types_supported", serde_json::json!(["id_token"])),
            ("id_token_signing_alg_values_supported", serde_json::json!(["HS256", "none"])),
            ("code_challenge_methods_supported", serde_json::json!(["plain"])),
            ("token_endpoint_auth_methods_supported", serde_json::json!(["private_key_jwt"])),
            ("token_endpoint", serde_json::json!(7)),
        ] {
            assert!(with(name, value.clone()).is_err(), "{name}: {value}");
        }
        assert!(read(|document| drop(document.remove("jwks_uri"))).is_err());
    }
}
