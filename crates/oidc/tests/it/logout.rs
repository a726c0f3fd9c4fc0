//! A sign-out that the provider tells of: the right token, and every wrong one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oidc::{OidcError, Provider, Secret, Settings, SignedOut, TokenFault};
use serde_json::{Value, json};

use crate::provider::{CLIENT, Key, SECRET, TestProvider};

/// 31 October 2026, in milliseconds.
const NOW: i64 = 1_793_433_600_000;
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A change of claims or header.
type Change = fn(&mut Value);

fn open() -> (TestProvider, Provider) {
    let there = TestProvider::open();
    there.play().now = Some(NOW / 1000);
    let settings = Settings {
        issuer: there.issuer.clone(),
        client_id: CLIENT.into(),
        secret: Secret::of(SECRET),
        claim: "sub".into(),
        scopes: Vec::new(),
        hosts: Vec::new(),
        roots: None,
        second_factor: Vec::new(),
    };
    (there, Provider::new(settings).unwrap())
}

/// The provider tells of a sign-out of `person-1`, session `sid-1`.
async fn told(there: &TestProvider, here: &Provider) -> Result<SignedOut, OidcError> {
    let token = there.play().logout_token(&there.issuer, Some("person-1"), Some("sid-1"));
    here.signed_out(&token, NOW).await
}

fn without(claims: &mut Value, name: &str) {
    claims.as_object_mut().unwrap().remove(name);
}

#[tokio::test]
async fn a_sign_out_names_the_person_the_session_or_both() {
    let (there, here) = open();
    for (subject, sid) in [(Some("person-1"), Some("sid-1")), (Some("person-1"), None), (None, Some("sid-1"))] {
        let token = there.play().logout_token(&there.issuer, subject, sid);
        let out = here.signed_out(&token, NOW).await.unwrap();
        assert_eq!((out.subject.as_deref(), out.sid.as_deref()), (subject, sid));
        // Until it is too old to be taken again: ten minutes and what clocks may differ by.
        assert_eq!(out.until, NOW + 661_000);
        assert!(!format!("{out:?}").contains("person-1") && !format!("{out:?}").contains("sid-1"));
    }
    let first = told(&there, &here).await.unwrap().id;
    assert_ne!(first, told(&there, &here).await.unwrap().id, "each has a name of its own");
    assert!(here.look(NOW).await.unwrap().tells_sign_outs);
    // By either kind of key, typed as the standard recommends or not at all.
    there.play().signer = Key::Ec("ec-1", 1);
    told(&there, &here).await.unwrap();
    let kinds: [Change; 4] = [
        |h| h["typ"] = json!("JWT"),
        |h| h["typ"] = json!("application/logout+jwt"),
        |h| h["typ"] = json!("LOGOUT+JWT"),
        |h| without(h, "typ"),
    ];
    for kind in kinds {
        there.play().header = kind;
        told(&there, &here).await.unwrap();
    }
}

#[tokio::test]
async fn a_token_that_says_something_wrong_ends_nothing() {
    let wrong: [(&str, Change, TokenFault); 26] = [
        ("other issuer", |c| c["iss"] = json!("https://evil.example"), TokenFault::Issuer),
        ("other audience", |c| c["aud"] = json!("another"), TokenFault::Audience),
        ("no audience", |c| c["aud"] = json!([]), TokenFault::Audience),
        ("over", |c| c["exp"] = json!(NOW / 1000 - 61), TokenFault::Expired),
        ("no end", |c| without(c, "exp"), TokenFault::Form),
        ("issued tomorrow", |c| c["iat"] = json!(NOW / 1000 + 86_400), TokenFault::Time),
        ("issued an hour ago", |c| c["iat"] = json!(NOW / 1000 - 3_600), TokenFault::Time),
        (
            "an hour ago, without an end in sight",
            |c| (c["iat"], c["exp"]) = (json!(NOW / 1000 - 3_600), json!(4_000_000_000_i64)),
            TokenFault::Time,
        ),
        ("no moment", |c| without(c, "iat"), TokenFault::Form),
        ("no name of its own", |c| without(c, "jti"), TokenFault::Form),
        ("an empty name of its own", |c| c["jti"] = json!(""), TokenFault::Form),
        ("a name of its own without end", |c| c["jti"] = json!("j".repeat(256)), TokenFault::Form),
        ("no events", |c| without(c, "events"), TokenFault::Event),
        ("no event", |c| c["events"] = json!({}), TokenFault::Event),
        ("another event", |c| c["events"] = json!({ "http://schemas.openid.net/event/other": {} }), TokenFault::Event),
        ("the event as a word", |c| c["events"] = json!(EVENT), TokenFault::Event),
        ("the event in a list", |c| c["events"] = json!([EVENT]), TokenFault::Event),
        ("the event with nothing behind it", |c| c["events"] = json!({ EVENT: null }), TokenFault::Event),
        ("a nonce", |c| c["nonce"] = json!("a-nonce"), TokenFault::Nonce),
        ("an empty nonce", |c| c["nonce"] = Value::Null, TokenFault::Nonce),
        ("neither person nor session", |c| (without(c, "sub"), without(c, "sid")).0, TokenFault::Subject),
        ("nobody", |c| c["sub"] = json!(""), TokenFault::Subject),
        ("no session", |c| c["sid"] = json!(""), TokenFault::Subject),
        ("a number for a session", |c| c["sid"] = json!(7), TokenFault::Form),
        ("a line end in the name", |c| c["sub"] = json!("a\nb"), TokenFault::Subject),
        ("a session without end", |c| c["sid"] = json!("s".repeat(256)), TokenFault::Subject),
    ];
    let (there, here) = open();
    for (name, change, fault) in wrong {
        there.play().claims = change;
        assert_eq!(told(&there, &here).await, Err(OidcError::Logout(fault)), "{name}");
    }
    let good: [Change; 4] = [
        |c| c["aud"] = json!([CLIENT, "another"]),
        |c| c["exp"] = json!(NOW / 1000 - 59),
        |c| c["iat"] = json!(NOW / 1000 - 600),
        |c| c["events"][EVENT] = json!({ "more": 1 }),
    ];
    for (at, change) in good.into_iter().enumerate() {
        there.play().claims = change;
        assert_eq!(told(&there, &here).await.unwrap().sid.as_deref(), Some("sid-1"), "{at}");
    }
}

#[tokio::test]
async fn what_nobody_or_somebody_else_signed_and_what_is_no_logout_token_ends_nothing() {
    let (there, here) = open();
    let modulus = Key::Rsa("rsa-1", 1).jwk()["n"].as_str().unwrap().to_owned();
    let public = URL_SAFE_NO_PAD.decode(&modulus).unwrap();
    for (name, signer, fault) in [
        ("alg none", Key::Unsigned, TokenFault::Algorithm),
        ("HS256 with the public key", Key::Hmac("rsa-1", public), TokenFault::Algorithm),
        ("another key under the same name", Key::Rsa("rsa-1", 2), TokenFault::Signature),
        ("a name nobody published", Key::Rsa("rsa-9", 1), TokenFault::UnknownKey),
    ] {
        there.play().signer = signer;
        assert_eq!(told(&there, &here).await, Err(OidcError::Logout(fault)), "{name}");
    }
    there.play().signer = Key::Rsa("rsa-1", 1);
    let kinds: [Change; 2] = [|h| h["typ"] = json!("at+jwt"), |h| h["typ"] = json!("secevent+jwt")];
    for kind in kinds {
        there.play().header = kind;
        assert_eq!(told(&there, &here).await, Err(OidcError::Logout(TokenFault::Kind)));
    }
    there.play().header = |_| {};
    // An ID token of the same provider for the same client, even with a name of its own and the event.
    let id_token = there.play().token(&there.issuer, "person-1", "a-nonce");
    assert_eq!(here.signed_out(&id_token, NOW).await, Err(OidcError::Logout(TokenFault::Form)));
    there.play().claims = |c| (c["jti"], c["events"]) = (json!("j-1"), json!({ EVENT: {} }));
    let id_token = there.play().token(&there.issuer, "person-1", "a-nonce");
    assert_eq!(here.signed_out(&id_token, NOW).await, Err(OidcError::Logout(TokenFault::Nonce)));
}

#[tokio::test]
async fn what_is_no_token_asks_nobody_and_a_provider_that_is_away_is_said_to_be() {
    let (there, here) = open();
    for garbage in ["", "a", "a.b.c", "..", &"a".repeat(20_000)] {
        assert_eq!(here.signed_out(garbage, NOW).await, Err(OidcError::Logout(TokenFault::Form)), "{garbage:.20}");
    }
    assert!(there.play().asked.is_empty());
    there.play().down = true;
    assert!(told(&there, &here).await.unwrap_err().is_away());
}
