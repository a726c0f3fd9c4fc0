//! The only connection out of the program: to the provider, over HTTPS, without redirects, with limits of time and size.

#[cfg(feature = "http")]
pub(crate) use client::Client;
#[cfg(not(feature = "http"))]
pub(crate) use none::Client;

/// What the provider answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

#[cfg(feature = "http")]
mod client {
    use std::time::Duration;

    use ureq::Agent;
    use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
    use url::Url;

    use super::Reply;
    use crate::discovery::ClientProof;
    use crate::encoding::basic;
    use crate::{OidcError, Settings};

    /// A question ends after this, whatever the provider does.
    const LIMIT: Duration = Duration::from_secs(10);
    /// Bytes of an answer.
    const LARGEST: u64 = 256 << 10;

    /// Asks the provider.
    #[derive(Debug, Clone)]
    pub(crate) struct Client(Agent);

    impl Client {
        pub(crate) fn new(settings: &Settings, issuer: &Url) -> Result<Self, OidcError> {
            let roots = match &settings.roots {
                None => RootCerts::WebPki,
                Some(pem) => {
                    let wrong = |why| OidcError::Settings { field: "roots", why };
                    let mut certificates = Vec::new();
                    for item in parse_pem(pem) {
                        match item.map_err(|_| wrong("is not a file of PEM"))? {
                            PemItem::Certificate(certificate) => certificates.push(certificate),
                            _ => return Err(wrong("holds something else than certificates")),
                        }
                    }
                    if certificates.is_empty() {
                        return Err(wrong("holds no certificate"));
                    }
                    RootCerts::new_with_certs(&certificates)
                }
            };
            let config = Agent::config_builder()
                .https_only(issuer.scheme() == "https")
                // A redirect could lead the secret elsewhere.
                .max_redirects(0)
                .http_status_as_error(false)
                .timeout_global(Some(LIMIT))
                .timeout_connect(Some(LIMIT / 2))
                // What the environment says of proxies is not asked: connections go to the provider alone.
                .proxy(None)
                .user_agent("an-sinh")
                .tls_config(TlsConfig::builder().root_certs(roots).build());
            Ok(Self(config.build().new_agent()))
        }

        /// Reads an address.
        pub(crate) async fn get(&self, what: &'static str, address: &str) -> Result<Reply, OidcError> {
            let (agent, address) = (self.0.clone(), address.to_owned());
            off_the_threads_of_pages(move || {
                let reply = agent.get(&address).header("Accept", "application/json").call();
                read(what, reply)
            })
            .await
        }

        /// Sends a form, with id and secret as the provider wants them.
        pub(crate) async fn post(
            &self,
            what: &'static str,
            address: &Url,
            settings: &Settings,
            proof: ClientProof,
            mut fields: Vec<(&'static str, String)>,
        ) -> Result<Reply, OidcError> {
            let secret = settings.secret.as_ref().map(|secret| secret.text().to_owned()).unwrap_or_default();
            let mut header = None;
            match proof {
                ClientProof::Basic => {
                    // Both are written as in a form first (RFC 6749, 2.3.1).
                    let form = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                    header = Some(format!("Basic {}", basic(&format!("{}:{}", form(&settings.client_id), form(&secret)))));
                }
                ClientProof::Post => {
                    fields.push(("client_id", settings.client_id.clone()));
                    fields.push(("client_secret", secret));
                }
                ClientProof::Nothing => fields.push(("client_id", settings.client_id.clone())),
            }
            let (agent, address) = (self.0.clone(), address.to_string());
            off_the_threads_of_pages(move || {
                let mut request = agent.post(&address).header("Accept", "application/json");
                if let Some(header) = header {
                    request = request.header("Authorization", header);
                }
                read(what, request.send_form(fields))
            })
            .await
        }
    }

    fn read(what: &'static str, reply: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Reply, OidcError> {
        let away = |error: ureq::Error| OidcError::Unreachable { what, detail: error.to_string() };
        let mut reply = reply.map_err(away)?;
        let status = reply.status().as_u16();
        let body = match reply.body_mut().with_config().limit(LARGEST).read_to_vec() {
            Ok(body) => body,
            Err(ureq::Error::BodyExceedsLimit(_)) => return Err(OidcError::Unusable { what, why: "it is larger than 256 kB" }),
            Err(error) => return Err(away(error)),
        };
        Ok(Reply { status, body })
    }

    async fn off_the_threads_of_pages(
        work: impl FnOnce() -> Result<Reply, OidcError> + Send + 'static,
    ) -> Result<Reply, OidcError> {
        let stopped = || OidcError::Unreachable { what: "client", detail: "the work was stopped".into() };
        tokio::task::spawn_blocking(work).await.map_err(|_| stopped())?
    }
}

#[cfg(not(feature = "http"))]
mod none {
    use url::Url;

    use super::Reply;
    use crate::discovery::ClientProof;
    use crate::{OidcError, Settings};

    /// No client was built in.
    #[derive(Debug, Clone)]
    pub(crate) struct Client(std::convert::Infallible);

    impl Client {
        pub(crate) fn new(_: &Settings, _: &Url) -> Result<Self, OidcError> {
            Err(OidcError::BuiltWithout)
        }

        pub(crate) async fn get(&self, _: &'static str, _: &str) -> Result<Reply, OidcError> {
            match self.0 {}
        }

        pub(crate) async fn post(
            &self,
            _: &'static str,
            _: &Url,
            _: &Settings,
            _: ClientProof,
            _: Vec<(&'static str, String)>,
        ) -> Result<Reply, OidcError> {
            match self.0 {}
        }
    }
}
