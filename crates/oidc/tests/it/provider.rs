//! A small provider on loopback with keys of its own, and every way in which one can be wrong. Used here and by the tests of the whole.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::signature::Signer as _;
use rsa::signature::SignatureEncoding;
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Client id this provider knows.
pub const CLIENT: &str = "an-sinh";
/// Its secret, with letters that must be written as in a form.
pub const SECRET: &str = "bí mật+của/cổng%";

/// A running provider; it ends with the test.
pub struct TestProvider {
    /// Its issuer.
    pub issuer: String,
    shared: Arc<Shared>,
}

struct Shared {
    issuer: String,
    play: Mutex<Play>,
}

/// How it behaves.
pub struct Play {
    /// Keys it publishes.
    pub published: Vec<Key>,
    /// Key it signs with.
    pub signer: Key,
    /// Who signs in next.
    pub subject: String,
    /// Name of the session of who signs in next.
    pub sid: Option<&'static str>,
    /// Changes the claims of the next tokens.
    pub claims: fn(&mut Value),
    /// Changes the header of the next tokens.
    pub header: fn(&mut Value),
    /// Changes the discovery document.
    pub document: fn(&mut Value),
    /// Issuer named in the answer.
    pub answer_issuer: Option<String>,
    /// Answers everything with 503.
    pub down: bool,
    /// Seconds since 1970; the clock of the machine when none.
    pub now: Option<i64>,
    /// Answers by path.
    pub asked: BTreeMap<&'static str, u32>,
    codes: BTreeMap<String, Issued>,
    count: u32,
}

struct Issued {
    subject: String,
    nonce: String,
    challenge: String,
    redirect: String,
}

/// A key to sign with.
#[derive(Clone)]
pub enum Key {
    /// RS256.
    Rsa(&'static str, u8),
    /// ES256.
    Ec(&'static str, u8),
    /// HS256 with the bytes of a public key: what a careless client would take.
    Hmac(&'static str, Vec<u8>),
    /// `alg: none`.
    Unsigned,
}

/// What a browser brings back.
#[derive(Debug, Clone)]
pub struct Landing {
    pub code: String,
    pub state: String,
    pub issuer: Option<String>,
}

impl TestProvider {
    /// Opens one on a free port.
    pub fn open() -> Self {
        let (told, hear) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
                let issuer = format!("http://{}", listener.local_addr().unwrap());
                let shared = Arc::new(Shared { issuer: issuer.clone(), play: Mutex::new(Play::new(&issuer)) });
                told.send((issuer, Arc::clone(&shared))).unwrap();
                let routes = Router::new()
                    .route("/.well-known/openid-configuration", get(document))
                    .route("/jwks", get(jwks))
                    .route("/authorize", get(authorize))
                    .route("/token", post(token))
                    .with_state(shared);
                axum::serve(listener, routes).await.unwrap();
            });
        });
        let (issuer, shared) = hear.recv().unwrap();
        Self { issuer, shared }
    }

    /// How it behaves, to be changed.
    pub fn play(&self) -> MutexGuard<'_, Play> {
        self.shared.play.lock().unwrap()
    }

    /// Somebody signs in there; what comes back with the browser.
    pub fn sign_in(&self, address: &str) -> Landing {
        let address = url::Url::parse(address).unwrap();
        let query: BTreeMap<String, String> = address.query_pairs().into_owned().collect();
        self.play().issue(&query)
    }
}

impl Play {
    fn new(issuer: &str) -> Self {
        Self {
            published: vec![Key::Rsa("rsa-1", 1), Key::Ec("ec-1", 1)],
            signer: Key::Rsa("rsa-1", 1),
            subject: "person-1".into(),
            sid: None,
            claims: |_| {},
            header: |_| {},
            document: |_| {},
            answer_issuer: Some(issuer.to_owned()),
            down: false,
            now: None,
            asked: BTreeMap::new(),
            codes: BTreeMap::new(),
            count: 0,
        }
    }

    fn issue(&mut self, query: &BTreeMap<String, String>) -> Landing {
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["client_id"], CLIENT);
        assert_eq!(query["code_challenge_method"], "S256");
        assert!(query["scope"].split(' ').any(|scope| scope == "openid"));
        self.count += 1;
        let code = format!("code-{}", self.count);
        let issued = Issued {
            subject: self.subject.clone(),
            nonce: query["nonce"].clone(),
            challenge: query["code_challenge"].clone(),
            redirect: query["redirect_uri"].clone(),
        };
        self.codes.insert(code.clone(), issued);
        Landing { code, state: query["state"].clone(), issuer: self.answer_issuer.clone() }
    }

    fn seconds(&self) -> i64 {
        let clock = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64;
        self.now.unwrap_or_else(clock)
    }

    fn ask(&mut self, path: &'static str) -> Option<Response> {
        *self.asked.entry(path).or_default() += 1;
        self.down.then(|| StatusCode::SERVICE_UNAVAILABLE.into_response())
    }

    /// A token with these claims.
    pub fn token(&self, issuer: &str, subject: &str, nonce: &str) -> String {
        let now = self.seconds();
        let mut claims = json!({
            "iss": issuer, "sub": subject, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce,
        });
        if let Some(sid) = self.sid {
            claims["sid"] = json!(sid);
        }
        self.signed(claims, "JWT")
    }

    /// A token that tells of a sign-out: of a person, of a session, or of both.
    pub fn logout_token(&mut self, issuer: &str, subject: Option<&str>, sid: Option<&str>) -> String {
        self.count += 1;
        let now = self.seconds();
        let mut claims = json!({
            "iss": issuer, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": format!("logout-{}", self.count),
            "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
        });
        for (name, value) in [("sub", subject), ("sid", sid)] {
            if let Some(value) = value {
                claims[name] = json!(value);
            }
        }
        self.signed(claims, "logout+jwt")
    }

    fn signed(&self, mut claims: Value, kind: &str) -> String {
        (self.claims)(&mut claims);
        let mut header = json!({ "alg": self.signer.algorithm(), "typ": kind });
        if let Some(kid) = self.signer.kid() {
            header["kid"] = json!(kid);
        }
        (self.header)(&mut header);
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(&header), part(&claims));
        let signature = self.signer.sign(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

impl Key {
    fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(..) => "RS256",
            Self::Ec(..) => "ES256",
            Self::Hmac(..) => "HS256",
            Self::Unsigned => "none",
        }
    }

    fn kid(&self) -> Option<&str> {
        match self {
            Self::Rsa(kid, _) | Self::Ec(kid, _) | Self::Hmac(kid, _) => Some(kid).copied().filter(|kid| !kid.is_empty()),
            Self::Unsigned => None,
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Rsa(_, seed) => rsa::pkcs1v15::SigningKey::<Sha256>::new(rsa_key(*seed)).sign(message).to_vec(),
            Self::Ec(_, seed) => {
                let signature: p256::ecdsa::Signature = ec_key(*seed).sign(message);
                signature.to_bytes().to_vec()
            }
            Self::Hmac(_, key) => {
                let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
                mac.update(message);
                mac.finalize().into_bytes().to_vec()
            }
            Self::Unsigned => Vec::new(),
        }
    }

    /// As it stands in a set of keys.
    pub fn jwk(&self) -> Value {
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let mut jwk = match self {
            Self::Rsa(_, seed) => {
                let key = rsa_key(*seed);
                let public: &rsa::PublicKey = key.as_ref();
                json!({ "kty": "RSA", "alg": "RS256", "n": part(&public.n().to_be_bytes_trimmed_vartime()), "e": "AQAB" })
            }
            Self::Ec(_, seed) => {
                let point = ec_key(*seed).verifying_key().to_sec1_point(false);
                json!({ "kty": "EC", "crv": "P-256", "x": part(point.x().unwrap()), "y": part(point.y().unwrap()) })
            }
            Self::Hmac(_, key) => json!({ "kty": "oct", "k": part(key) }),
            Self::Unsigned => json!({}),
        };
        jwk["use"] = json!("sig");
        if let Some(kid) = self.kid() {
            jwk["kid"] = json!(kid);
        }
        jwk
    }
}

fn ec_key(seed: u8) -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap()
}

/// Keys of tests are nobody's: the same each time.
fn rsa_key(seed: u8) -> rsa::PrivateKey {
    static KEYS: OnceLock<Mutex<BTreeMap<u8, rsa::PrivateKey>>> = OnceLock::new();
    let mut keys = KEYS.get_or_init(Mutex::default).lock().unwrap();
    let make = || rsa::PrivateKey::new(&mut Fixed(blake3::Hasher::new().update(&[seed]).finalize_xof()), 2048).unwrap();
    keys.entry(seed).or_insert_with(make).clone()
}

struct Fixed(blake3::OutputReader);

impl rsa::rand_core::TryRng for Fixed {
    type Error = std::convert::Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }
    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl rsa::rand_core::TryCryptoRng for Fixed {}

fn json_answer(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

async fn document(State(shared): State<Arc<Shared>>) -> Response {
    let mut play = shared.play.lock().unwrap();
    if let Some(down) = play.ask("discovery") {
        return down;
    }
    let at = |path: &str| format!("{}{path}", shared.issuer);
    let mut document = json!({
        "issuer": shared.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "jwks_uri": at("/jwks"),
        "end_session_endpoint": at("/end"),
        "response_types_supported": ["code"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
    });
    (play.document)(&mut document);
    json_answer(&document)
}

async fn jwks(State(shared): State<Arc<Shared>>) -> Response {
    let mut play = shared.play.lock().unwrap();
    if let Some(down) = play.ask("keys") {
        return down;
    }
    let keys: Vec<Value> = play.published.iter().map(Key::jwk).collect();
    json_answer(&json!({ "keys": keys }))
}

/// The page where somebody would sign in: here they are signed in at once.
async fn authorize(State(shared): State<Arc<Shared>>, Query(query): Query<BTreeMap<String, String>>) -> Response {
    let mut play = shared.play.lock().unwrap();
    if let Some(down) = play.ask("authorize") {
        return down;
    }
    let landing = play.issue(&query);
    let mut back = url::Url::parse(&query["redirect_uri"]).unwrap();
    back.query_pairs_mut().append_pair("code", &landing.code).append_pair("state", &landing.state);
    if let Some(issuer) = &landing.issuer {
        back.query_pairs_mut().append_pair("iss", issuer);
    }
    Redirect::to(back.as_str()).into_response()
}

async fn token(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: String) -> Response {
    let mut play = shared.play.lock().unwrap();
    if let Some(down) = play.ask("token") {
        return down;
    }
    let refuse = |status: StatusCode, error: &str| (status, json_answer(&json!({ "error": error }))).into_response();
    let form: BTreeMap<String, String> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let word = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let expected = format!("Basic {}", STANDARD.encode(format!("{}:{}", word(CLIENT), word(SECRET))));
    if headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) != Some(&expected) {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    // A code counts once.
    let Some(issued) = play.codes.remove(form.get("code").map_or("", String::as_str)) else {
        return refuse(StatusCode::BAD_REQUEST, "invalid_grant");
    };
    let verifier = form.get("code_verifier").map_or("", String::as_str);
    let fits = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == issued.challenge
        && form.get("redirect_uri") == Some(&issued.redirect)
        && form.get("grant_type").map(String::as_str) == Some("authorization_code");
    if !fits {
        return refuse(StatusCode::BAD_REQUEST, "invalid_grant");
    }
    let token = play.token(&shared.issuer, &issued.subject, &issued.nonce);
    json_answer(&json!({ "access_token": "never-used", "token_type": "Bearer", "id_token": token }))
}
