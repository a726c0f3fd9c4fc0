//! What the operator says about the provider.

use url::{Host, Url};

use crate::OidcError;

/// A secret that does not show itself in messages.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A secret from its text, without the line end that files have; none when nothing is left.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// The text, to be sent to the provider and nowhere else.
    #[cfg_attr(not(feature = "http"), allow(dead_code, reason = "only the client sends it"))]
    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The provider and this program's registration with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The issuer exactly as the provider writes it, e.g. `https://dangnhap.hanoi.gov.vn`.
    pub issuer: String,
    /// Client id the provider gave.
    pub client_id: String,
    /// Client secret; none for a client that has PKCE alone.
    pub secret: Option<Secret>,
    /// The claim that says who somebody is: `sub` unless the provider's subjects are of no use.
    pub claim: String,
    /// Scopes asked beside `openid`.
    pub scopes: Vec<String>,
    /// Other hosts that the provider's addresses may have; its own is always allowed.
    pub hosts: Vec<String>,
    /// Root certificates in PEM that are trusted instead of the public ones.
    pub roots: Option<Vec<u8>>,
    /// What in a token says that the provider asked for a second factor: `amr:mfa`, `acr:urn:…`. Empty: its word for it is never taken.
    pub second_factor: Vec<String>,
}

impl Settings {
    /// Checks what can be checked without asking the provider.
    pub(crate) fn checked(self) -> Result<(Self, Url), OidcError> {
        let wrong = |field, why| Err(OidcError::Settings { field, why });
        let Ok(issuer) = Url::parse(&self.issuer) else { return wrong("issuer", "is not an address") };
        if issuer.query().is_some() || issuer.fragment().is_some() || !issuer.username().is_empty() || issuer.password().is_some()
        {
            return wrong("issuer", "must be scheme, host and path alone");
        }
        if !is_safe(&issuer) {
            return wrong("issuer", "must begin with https:// (http:// on this machine alone)");
        }
        if self.client_id.trim().is_empty() {
            return wrong("client_id", "must be given with the issuer");
        }
        if self.claim.trim().is_empty() {
            return wrong("claim", "must be the name of a claim");
        }
        let factors = self.second_factor.iter();
        if !factors.map(|word| word.split_once(':')).all(|word| matches!(word, Some(("amr" | "acr", value)) if !value.is_empty()))
        {
            return wrong("second_factor", "is a list of amr:VALUE and acr:VALUE");
        }
        Ok((self, issuer))
    }

    /// Whether an address may be asked, or a browser led there: the issuer's own scheme, host and port, or a host of the list over HTTPS.
    pub(crate) fn allows(&self, issuer: &Url, address: &Url) -> bool {
        let named = || {
            let host = address.host_str().unwrap_or_default();
            address.scheme() == "https" && address.port().is_none() && self.hosts.iter().any(|known| known == host)
        };
        address.username().is_empty() && address.password().is_none() && (issuer.origin() == address.origin() || named())
    }
}

/// HTTPS, or plain HTTP that does not leave this machine.
fn is_safe(address: &Url) -> bool {
    match (address.scheme(), address.host()) {
        ("https", Some(_)) => true,
        ("http", Some(Host::Ipv4(ip))) => ip.is_loopback(),
        ("http", Some(Host::Ipv6(ip))) => ip.is_loopback(),
        ("http", Some(Host::Domain(name))) => name == "localhost",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(issuer: &str) -> Settings {
        Settings {
            issuer: issuer.into(),
            client_id: "an-sinh".into(),
            secret: None,
            claim: "sub".into(),
            scopes: Vec::new(),
            hosts: vec!["keys.example.vn".into()],
            roots: None,
            second_factor: vec!["amr:mfa".into()],
        }
    }

    #[test]
    fn an_issuer_is_https_or_on_this_machine() {
        for good in [
            "https://id.example.vn",
            "https://id.example.vn/realms/hn",
            "http://127.0.0.1:9000",
            "http://localhost",
            "http://[::1]:1",
        ] {
            assert!(settings(good).checked().is_ok(), "{good}");
        }
        for wrong in [
            "",
            "id.example.vn",
            "http://id.example.vn",
            "http://127.0.0.1.example.vn",
            "https://id.example.vn?a=1",
            "https://id.example.vn#a",
            "https://u:p@id.example.vn",
            "ftp://id.example.vn",
        ] {
            assert!(settings(wrong).checked().is_err(), "{wrong}");
        }
        assert!(Settings { second_factor: vec!["mfa".into()], ..settings("https://id.example.vn") }.checked().is_err());
        assert!(Settings { client_id: " ".into(), ..settings("https://id.example.vn") }.checked().is_err());
    }

    #[test]
    fn only_the_issuer_and_named_hosts_are_asked() {
        let (settings, issuer) = settings("https://id.example.vn/a").checked().unwrap();
        let allows = |address: &str| settings.allows(&issuer, &Url::parse(address).unwrap());
        assert!(allows("https://id.example.vn/token"));
        assert!(allows("https://keys.example.vn/jwks"));
        for foreign in [
            "http://id.example.vn/token",
            "https://id.example.vn:8443/token",
            "https://evil.example/token",
            "https://id.example.vn.evil.example/token",
            "http://keys.example.vn/jwks",
            "https://keys.example.vn:8443/jwks",
            "https://a@id.example.vn/token",
            "http://169.254.169.254/latest",
        ] {
            assert!(!allows(foreign), "{foreign}");
        }
    }

    #[test]
    fn a_secret_does_not_show_itself() {
        let secret = Secret::of(" rất bí mật\n").unwrap();
        assert_eq!(secret.text(), "rất bí mật");
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(Secret::of(" \n"), None);
    }
}
