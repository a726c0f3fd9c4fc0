//! The way to the provider and back, with the clock as an argument.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oidc::{Answer, Identity, OidcError, Provider, Secret, Settings, TokenFault};
use serde_json::{Value, json};

use crate::provider::{CLIENT, Key, Landing, SECRET, TestProvider};

/// 31 October 2026, in milliseconds.
const NOW: i64 = 1_793_433_600_000;
const MINUTE: i64 = 60_000;
const REDIRECT: &str = "https://ansinh.example.vn/dang-nhap/thanh-pho/ve";
const VERIFIER: &str = "a-verifier-of-more-than-forty-three-letters-0123456789";

/// A change of claims, header or document.
type Change = fn(&mut Value);

fn settings(issuer: &str) -> Settings {
    Settings {
        issuer: issuer.into(),
        client_id: CLIENT.into(),
        secret: Secret::of(SECRET),
        claim: "sub".into(),
        scopes: Vec::new(),
        hosts: Vec::new(),
        roots: None,
        second_factor: Vec::new(),
    }
}

fn open() -> (TestProvider, Provider) {
    let there = TestProvider::open();
    there.play().now = Some(NOW / 1000);
    let here = Provider::new(settings(&there.issuer)).unwrap();
    (there, here)
}

/// There and back.
async fn sign_in(there: &TestProvider, here: &Provider) -> Result<Identity, OidcError> {
    let landing = go(there, here).await;
    back(here, &landing).await
}

async fn go(there: &TestProvider, here: &Provider) -> Landing {
    let address = here.authorization_url(REDIRECT, "a-state", "a-nonce", VERIFIER, NOW).await.unwrap();
    assert!(address.starts_with(&format!("{}/authorize?", there.issuer)), "{address}");
    assert!(!address.contains(VERIFIER), "the verifier stays here");
    there.sign_in(&address)
}

async fn back(here: &Provider, landing: &Landing) -> Result<Identity, OidcError> {
    let answer = Answer { code: &landing.code, issuer: landing.issuer.as_deref() };
    here.identity(answer, REDIRECT, "a-nonce", VERIFIER, NOW).await
}

#[tokio::test]
async fn somebody_signs_in_by_either_kind_of_key() {
    let (there, here) = open();
    for signer in [Key::Rsa("rsa-1", 1), Key::Ec("ec-1", 1)] {
        there.play().signer = signer;
        let identity = sign_in(&there, &here).await.unwrap();
        assert_eq!((identity.subject.as_str(), identity.second_factor), ("person-1", false));
    }
    let play = there.play();
    assert_eq!((play.asked["discovery"], play.asked["keys"], play.asked["token"]), (1, 1, 2), "document and keys are kept");
}

#[tokio::test]
async fn a_token_that_says_something_wrong_is_not_taken() {
    let wrong: [(&str, Change, TokenFault); 19] = [
        ("other issuer", |c| c["iss"] = json!("https://evil.example"), TokenFault::Issuer),
        ("issuer with a slash", |c| c["iss"] = json!(format!("{}/", c["iss"].as_str().unwrap())), TokenFault::Issuer),
        ("other audience", |c| c["aud"] = json!("another"), TokenFault::Audience),
        ("no audience", |c| c["aud"] = json!([]), TokenFault::Audience),
        ("several audiences, nobody named", |c| c["aud"] = json!([CLIENT, "another"]), TokenFault::AuthorizedParty),
        ("issued to another", |c| c["azp"] = json!("another"), TokenFault::AuthorizedParty),
        ("over", |c| c["exp"] = json!(NOW / 1000 - 61), TokenFault::Expired),
        ("over long ago", |c| c["exp"] = json!(0), TokenFault::Expired),
        ("issued tomorrow", |c| c["iat"] = json!(NOW / 1000 + 86_400), TokenFault::Time),
        ("issued an hour ago", |c| c["iat"] = json!(NOW / 1000 - 3_600), TokenFault::Time),
        ("not yet in force", |c| c["nbf"] = json!(NOW / 1000 + 120), TokenFault::Time),
        ("other nonce", |c| c["nonce"] = json!("another"), TokenFault::Nonce),
        ("no nonce", |c| drop(c.as_object_mut().unwrap().remove("nonce")), TokenFault::Nonce),
        ("no end", |c| drop(c.as_object_mut().unwrap().remove("exp")), TokenFault::Form),
        ("an end in words", |c| c["exp"] = json!("2099-01-01"), TokenFault::Form),
        ("nobody", |c| c["sub"] = json!(""), TokenFault::Subject),
        ("a number for a name", |c| c["sub"] = json!(7), TokenFault::Form),
        ("a line end in the name", |c| c["sub"] = json!("a\nb"), TokenFault::Subject),
        ("a name without end", |c| c["sub"] = json!("a".repeat(256)), TokenFault::Subject),
    ];
    let (there, here) = open();
    for (name, change, fault) in wrong {
        there.play().claims = change;
        assert_eq!(sign_in(&there, &here).await, Err(OidcError::Token(fault)), "{name}");
    }
    // What differs from these by a little is good.
    let good: [Change; 5] = [
        |c| c["exp"] = json!(NOW / 1000 - 59),
        |c| c["aud"] = json!([CLIENT]),
        |c| {
            c["aud"] = json!([CLIENT, "another"]);
            c["azp"] = json!(CLIENT);
        },
        |c| c["iat"] = json!(NOW as f64 / 1000.0 + 0.5),
        |c| c["nbf"] = json!(NOW / 1000),
    ];
    for (at, change) in good.into_iter().enumerate() {
        there.play().claims = change;
        assert_eq!(sign_in(&there, &here).await.unwrap().subject, "person-1", "{at}");
    }
}

#[tokio::test]
async fn a_token_that_nobody_or_somebody_else_signed_is_not_taken() {
    let (there, here) = open();
    let modulus = Key::Rsa("rsa-1", 1).jwk()["n"].as_str().unwrap().to_owned();
    let public = URL_SAFE_NO_PAD.decode(&modulus).unwrap();
    for (name, signer, fault) in [
        ("alg none", Key::Unsigned, TokenFault::Algorithm),
        ("HS256 with the public key", Key::Hmac("rsa-1", public), TokenFault::Algorithm),
        ("HS256 with the letters of the public key", Key::Hmac("rsa-1", modulus.into_bytes()), TokenFault::Algorithm),
        ("another RSA key under the same name", Key::Rsa("rsa-1", 2), TokenFault::Signature),
        ("another EC key under the same name", Key::Ec("ec-1", 2), TokenFault::Signature),
        ("an EC key under the name of the RSA key", Key::Ec("rsa-1", 1), TokenFault::UnknownKey),
        ("a name nobody published", Key::Rsa("rsa-9", 1), TokenFault::UnknownKey),
    ] {
        there.play().signer = signer;
        assert_eq!(sign_in(&there, &here).await, Err(OidcError::Token(fault)), "{name}");
    }
    // The header says another algorithm than the key that signed.
    let headers: [(Change, TokenFault); 4] = [
        (|h| h["alg"] = json!("none"), TokenFault::Algorithm),
        (|h| h["alg"] = json!("rs256"), TokenFault::Algorithm),
        (|h| h["alg"] = json!("RS512"), TokenFault::Algorithm),
        (|h| h["crit"] = json!(["exp"]), TokenFault::Form),
    ];
    there.play().signer = Key::Rsa("rsa-1", 1);
    for (at, (change, fault)) in headers.into_iter().enumerate() {
        there.play().header = change;
        assert_eq!(sign_in(&there, &here).await, Err(OidcError::Token(fault)), "{at}");
    }
    // A key that the token brings along is not looked at.
    there.play().header = |h| h["jwk"] = Key::Rsa("rsa-1", 2).jwk();
    there.play().signer = Key::Rsa("rsa-1", 2);
    assert_eq!(sign_in(&there, &here).await, Err(OidcError::Token(TokenFault::Signature)));
}

#[tokio::test]
async fn a_changed_key_is_fetched_once_and_not_without_end() {
    let (there, here) = open();
    sign_in(&there, &here).await.unwrap();
    {
        let mut play = there.play();
        play.published = vec![Key::Rsa("rsa-2", 2)];
        play.signer = Key::Rsa("rsa-2", 2);
    }
    // Within a minute of the last look nothing is asked.
    assert_eq!(sign_in(&there, &here).await, Err(OidcError::Token(TokenFault::UnknownKey)));
    assert_eq!(there.play().asked["keys"], 1);
    let later = NOW + 2 * MINUTE;
    let landing = go(&there, &here).await;
    let answer = Answer { code: &landing.code, issuer: landing.issuer.as_deref() };
    here.identity(answer, REDIRECT, "a-nonce", VERIFIER, later).await.unwrap();
    assert_eq!(there.play().asked["keys"], 2);
    // The old key counts no more.
    there.play().signer = Key::Rsa("rsa-1", 1);
    for _ in 0..3 {
        let landing = go(&there, &here).await;
        let answer = Answer { code: &landing.code, issuer: landing.issuer.as_deref() };
        let refused = here.identity(answer, REDIRECT, "a-nonce", VERIFIER, later).await;
        assert_eq!(refused, Err(OidcError::Token(TokenFault::UnknownKey)));
    }
    assert_eq!(there.play().asked["keys"], 2, "three unknown keys at once ask nobody");
}

#[tokio::test]
async fn a_token_without_a_key_name_needs_one_key_of_its_kind() {
    let (there, here) = open();
    there.play().published = vec![Key::Rsa("", 1), Key::Ec("", 1)];
    there.play().signer = Key::Rsa("", 1);
    sign_in(&there, &here).await.unwrap();
    let (there, here) = open();
    there.play().published = vec![Key::Rsa("", 1), Key::Rsa("", 2)];
    there.play().signer = Key::Rsa("", 1);
    assert_eq!(sign_in(&there, &here).await, Err(OidcError::Token(TokenFault::UnknownKey)));
}

#[tokio::test]
async fn a_code_counts_once_with_its_verifier_and_its_address() {
    let (there, here) = open();
    let landing = go(&there, &here).await;
    back(&here, &landing).await.unwrap();
    assert_eq!(back(&here, &landing).await, Err(OidcError::CodeRefused { error: "invalid_grant" }));
    for (redirect, verifier) in [(REDIRECT, "another"), ("https://evil.example/", VERIFIER)] {
        let landing = go(&there, &here).await;
        let answer = Answer { code: &landing.code, issuer: landing.issuer.as_deref() };
        let refused = here.identity(answer, redirect, "a-nonce", verifier, NOW).await;
        assert_eq!(refused, Err(OidcError::CodeRefused { error: "invalid_grant" }));
    }
    // A token made for another sign-in of the same person.
    let landing = go(&there, &here).await;
    let answer = Answer { code: &landing.code, issuer: landing.issuer.as_deref() };
    let refused = here.identity(answer, REDIRECT, "another-nonce", VERIFIER, NOW).await;
    assert_eq!(refused, Err(OidcError::Token(TokenFault::Nonce)));
}

#[tokio::test]
async fn a_wrong_secret_is_said_and_not_shown() {
    let there = TestProvider::open();
    let here = Provider::new(Settings { secret: Secret::of("another"), ..settings(&there.issuer) }).unwrap();
    let refused = sign_in(&there, &here).await.unwrap_err();
    assert_eq!(refused, OidcError::CodeRefused { error: "invalid_client" });
    assert!(!format!("{here:?} {refused:?} {refused}").contains("another"));
}

#[tokio::test]
async fn an_answer_of_another_provider_is_not_brought_to_this_one() {
    let (there, here) = open();
    for issuer in [Some("https://evil.example".to_owned()), None] {
        there.play().answer_issuer = issuer;
        let landing = go(&there, &here).await;
        assert_eq!(back(&here, &landing).await, Err(OidcError::WrongIssuer));
    }
    assert_eq!(there.play().asked.get("token"), None, "the code went nowhere");
    // Who never names an issuer may leave it out.
    let (there, here) = open();
    there.play().document = |d| drop(d.as_object_mut().unwrap().remove("authorization_response_iss_parameter_supported"));
    there.play().answer_issuer = None;
    sign_in(&there, &here).await.unwrap();
}

#[tokio::test]
async fn a_document_of_somebody_else_is_refused() {
    let documents: [Change; 3] = [
        |d| d["issuer"] = json!("https://evil.example"),
        |d| d["token_endpoint"] = json!("https://evil.example/token"),
        |d| d["id_token_signing_alg_values_supported"] = json!(["HS256"]),
    ];
    for document in documents {
        let (there, here) = open();
        there.play().document = document;
        let refused = here.authorization_url(REDIRECT, "s", "n", VERIFIER, NOW).await;
        assert!(matches!(refused, Err(OidcError::Unusable { what: "discovery", .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn a_provider_that_is_away_is_said_to_be_and_comes_back() {
    let (there, here) = open();
    there.play().down = true;
    let away = here.authorization_url(REDIRECT, "s", "n", VERIFIER, NOW).await.unwrap_err();
    assert!(away.is_away(), "{away:?}");
    there.play().down = false;
    // For a moment it is left alone.
    assert!(here.authorization_url(REDIRECT, "s", "n", VERIFIER, NOW + 1_000).await.unwrap_err().is_away());
    assert_eq!(there.play().asked["discovery"], 1);
    here.authorization_url(REDIRECT, "s", "n", VERIFIER, NOW + MINUTE).await.unwrap();
    // Nobody listens there at all.
    let nobody = Provider::new(settings("http://127.0.0.1:1")).unwrap();
    assert!(nobody.look(NOW).await.unwrap_err().is_away());
}

#[tokio::test]
async fn another_claim_names_the_person_and_an_address_must_be_verified() {
    let there = TestProvider::open();
    there.play().now = Some(NOW / 1000);
    let by = |claim: &str| Provider::new(Settings { claim: claim.into(), ..settings(&there.issuer) }).unwrap();
    there.play().claims = |c| c["preferred_username"] = json!("an.nguyen");
    assert_eq!(sign_in(&there, &by("preferred_username")).await.unwrap().subject, "an.nguyen");
    let missing = sign_in(&there, &by("email")).await;
    assert_eq!(missing, Err(OidcError::Token(TokenFault::Subject)));
    for verified in [json!(false), json!("true"), Value::Null] {
        there.play().claims = match verified {
            Value::Bool(_) => |c| (c["email"], c["email_verified"]) = (json!("An@example.vn"), json!(false)),
            Value::String(_) => |c| (c["email"], c["email_verified"]) = (json!("An@example.vn"), json!("true")),
            _ => |c| c["email"] = json!("An@example.vn"),
        };
        assert_eq!(sign_in(&there, &by("email")).await, Err(OidcError::Token(TokenFault::Subject)), "{verified}");
    }
    there.play().claims = |c| (c["email"], c["email_verified"]) = (json!("An@example.vn"), json!(true));
    assert_eq!(sign_in(&there, &by("email")).await.unwrap().subject, "an@example.vn");
}

#[tokio::test]
async fn the_second_factor_of_the_provider_counts_by_setting_only() {
    let there = TestProvider::open();
    there.play().now = Some(NOW / 1000);
    there.play().claims = |c| (c["amr"], c["acr"]) = (json!(["pwd", "otp"]), json!("urn:hn:2"));
    let trusting = |words: &[&str]| {
        let second_factor = words.iter().map(|word| (*word).to_owned()).collect();
        Provider::new(Settings { second_factor, ..settings(&there.issuer) }).unwrap()
    };
    for (words, counts) in [(&[][..], false), (&["amr:mfa"], false), (&["amr:otp"], true), (&["amr:mfa", "acr:urn:hn:2"], true)] {
        assert_eq!(sign_in(&there, &trusting(words)).await.unwrap().second_factor, counts, "{words:?}");
    }
}

#[tokio::test]
async fn signing_out_there_is_offered_where_there_is_a_place() {
    let (there, here) = open();
    let address = here.end_session_url("https://ansinh.example.vn/dang-nhap", NOW).await.unwrap().unwrap();
    let expected =
        format!("{}/end?client_id={CLIENT}&post_logout_redirect_uri=https%3A%2F%2Fansinh.example.vn%2Fdang-nhap", there.issuer);
    assert_eq!(address, expected);
    let (there, here) = open();
    there.play().document = |d| drop(d.as_object_mut().unwrap().remove("end_session_endpoint"));
    assert_eq!(here.end_session_url("https://ansinh.example.vn/", NOW).await.unwrap(), None);
}
