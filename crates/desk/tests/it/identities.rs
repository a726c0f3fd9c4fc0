//! Signing in through a provider of identities, as the desk keeps it: on both stores.

use base::{Role, Scope};
use desk::{Desk, DeskError, IdentitySignIn, ProviderIdentity, ProviderSession, ProviderSignOut, SignIn, Stage};

use crate::accounts::{Bench, MINUTE, PASSWORD, START, authenticator};
use crate::support::{Place, city_officer};

const ISSUER: &str = "https://id.example.vn";

fn at_provider(subject: &str) -> ProviderIdentity {
    ProviderIdentity { issuer: ISSUER.into(), claim: "sub".into(), subject: subject.into() }
}

async fn opened(desk: &Desk, identity: &ProviderIdentity) -> String {
    match desk.sign_in_identity(identity, &Default::default(), false, "/").await.unwrap() {
        IdentitySignIn::Open(signed) => signed.token,
        other => panic!("{other:?}"),
    }
}

/// A session of who signed in there, in a session of this name there.
async fn opened_in(desk: &Desk, subject: &str, sid: Option<&str>) -> String {
    match desk.sign_in_identity(&at_provider(subject), &session_there(subject, sid), false, "/").await.unwrap() {
        IdentitySignIn::Open(signed) => signed.token,
        other => panic!("{other:?}"),
    }
}

fn session_there(subject: &str, sid: Option<&str>) -> ProviderSession {
    ProviderSession { subject: Some(subject.into()), sid: sid.map(str::to_owned) }
}

/// A message of the provider that somebody signed out there.
fn message<'a>(id: &'a str, subject: Option<&'a str>, sid: Option<&'a str>) -> ProviderSignOut<'a> {
    ProviderSignOut { issuer: ISSUER, id, subject, sid, until: START + 11 * MINUTE }
}

async fn is_nobody(desk: &Desk, identity: &ProviderIdentity) -> bool {
    matches!(desk.sign_in_identity(identity, &Default::default(), true, "/").await.unwrap(), IdentitySignIn::Nobody)
}

#[tokio::test]
async fn a_sign_in_on_its_way_counts_once_in_its_browser_and_for_ten_minutes() {
    for place in Place::all().await {
        let bench = Bench::open(&place).await;
        let desk = &bench.desk;
        let flow = desk.begin_identity("/viec").await.unwrap();
        let other = desk.begin_identity("/").await.unwrap();
        let all =
            [&flow.token, &flow.state, &flow.nonce, &flow.verifier, &other.token, &other.state, &other.nonce, &other.verifier];
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 8, "none is another");
        assert!((43..=128).contains(&flow.verifier.len()), "RFC 7636, 4.1");
        // Another browser, another state, an invented one.
        assert!(desk.identity_returned(&other.token, &flow.state).await.unwrap().is_none());
        assert!(desk.identity_returned(&flow.token, &other.state).await.unwrap().is_none());
        assert!(desk.identity_returned(&flow.token, "").await.unwrap().is_none());
        assert!(desk.identity_returned("", "").await.unwrap().is_none());
        let back = desk.identity_returned(&flow.token, &flow.state).await.unwrap().unwrap();
        assert_eq!((&back.nonce, &back.verifier, back.back.as_str()), (&flow.nonce, &flow.verifier, "/viec"));
        assert!(desk.identity_returned(&flow.token, &flow.state).await.unwrap().is_none(), "once");
        bench.wait(10 * MINUTE + 1);
        assert!(desk.identity_returned(&other.token, &other.state).await.unwrap().is_none(), "over");
        // The store holds neither token nor what is derived of it.
        let last = desk.begin_identity("/").await.unwrap();
        assert_eq!(place.number("SELECT count(*) FROM identity_flow").await, 1, "what is over is forgotten");
        for secret in [&last.token, &last.state, &last.nonce, &last.verifier] {
            let found = format!("SELECT count(*) FROM identity_flow WHERE token_hash = '{secret}' OR back LIKE '%{secret}%'");
            assert_eq!(place.number(&found).await, 0);
        }
        place.remove(bench.desk).await;
    }
}

#[tokio::test]
async fn only_who_an_administrator_bound_comes_in() {
    for place in Place::all().await {
        let bench = Bench::open(&place).await;
        let desk = &bench.desk;
        let system = Scope::system();
        let user = bench.user("u-an", Role::CityOfficer).await;
        // Same letters as the id and the login: that binds nobody.
        assert!(is_nobody(desk, &at_provider("u-an")).await);
        let refused = desk.bind_identity(&city_officer(), "u-an", &at_provider("an-01")).await;
        assert!(matches!(refused, Err(DeskError::Forbidden { .. })), "{refused:?}");
        desk.bind_identity(&system, "u-an", &at_provider("an-01")).await.unwrap();
        let token = opened(desk, &at_provider("an-01")).await;
        let session = bench.session(&token).await;
        assert_eq!(
            (session.scope.actor.0.as_str(), session.stage, session.issuer.as_deref()),
            ("u-an", Stage::Open, Some(ISSUER))
        );
        for foreign in [
            ProviderIdentity { issuer: "https://evil.example".into(), ..at_provider("an-01") },
            ProviderIdentity { claim: "preferred_username".into(), ..at_provider("an-01") },
            at_provider("AN-01"),
            at_provider("an-01 "),
        ] {
            assert!(is_nobody(desk, &foreign).await, "{foreign:?}");
        }
        // Bound to one only; bound anew, the sessions from there end and the own password's stay.
        bench.user("u-binh", Role::CityOfficer).await;
        let taken = desk.bind_identity(&system, "u-binh", &at_provider("an-01")).await;
        assert!(matches!(taken, Err(DeskError::Invalid { field: "subject", .. })), "{taken:?}");
        let by_password = SignIn { login: "u-an", secret: PASSWORD, code: "", address: "10.0.0.1" };
        let own = desk.sign_in_with(by_password).await.unwrap().token;
        desk.bind_identity(&system, "u-an", &at_provider("an-01")).await.unwrap();
        assert!(!bench.is_over(&token).await, "nothing changed");
        desk.bind_identity(&system, "u-an", &at_provider("an-02")).await.unwrap();
        assert!(bench.is_over(&token).await && !bench.is_over(&own).await);
        assert!(is_nobody(desk, &at_provider("an-01")).await);
        assert_eq!(bench.session(&own).await.issuer, None);
        // Switched off, then unbound.
        let token = opened(desk, &at_provider("an-02")).await;
        desk.put_user(&system, &desk::User { active: false, ..user.clone() }).await.unwrap();
        assert!(bench.is_over(&token).await && is_nobody(desk, &at_provider("an-02")).await);
        desk.put_user(&system, &user).await.unwrap();
        let token = opened(desk, &at_provider("an-02")).await;
        assert!(desk.unbind_identity(&system, "u-an", ISSUER).await.unwrap());
        assert!(!desk.unbind_identity(&system, "u-an", ISSUER).await.unwrap());
        assert!(bench.is_over(&token).await && is_nobody(desk, &at_provider("an-02")).await);
        assert!(!bench.is_over(&own).await);
        for wrong in ["", " an", "a\nb", &"a".repeat(256)] {
            let refused = desk.bind_identity(&system, "u-an", &at_provider(wrong)).await;
            assert!(matches!(refused, Err(DeskError::Invalid { .. })), "{wrong:?}");
        }
        place.remove(bench.desk).await;
    }
}

#[tokio::test]
async fn the_own_second_factor_is_asked_unless_the_provider_asked_for_one() {
    for place in Place::all().await {
        let bench = Bench::open(&place).await;
        let desk = &bench.desk;
        bench.user("u-an", Role::Administrator).await;
        desk.bind_identity(&Scope::system(), "u-an", &at_provider("an-01")).await.unwrap();
        // An administrator without one sets it up first, whoever signed them in.
        let token = opened(desk, &at_provider("an-01")).await;
        let session = bench.session(&token).await;
        assert_eq!(session.stage, Stage::MustEnrol);
        let secret = desk.begin_totp(&session).await.unwrap().text;
        desk.confirm_totp(&session, &authenticator(&secret, START)).await.unwrap();

        let waits = match desk.sign_in_identity(&at_provider("an-01"), &Default::default(), false, "/nhat-ky").await.unwrap() {
            IdentitySignIn::Code(token) => token,
            other => panic!("{other:?}"),
        };
        assert!(bench.is_over(&waits).await, "no session yet");
        assert!(desk.identity_waits(&waits).await.unwrap());
        assert!(desk.identity_returned(&waits, &waits).await.unwrap().is_none());
        assert_eq!(desk.finish_identity(&waits, "000000", "a").await.unwrap_err(), DeskError::SignInRefused);
        let old = authenticator(&secret, START);
        assert_eq!(desk.finish_identity(&waits, &old, "a").await.unwrap_err(), DeskError::SignInRefused, "taken already");
        bench.wait(30_000);
        let code = authenticator(&secret, START + 30_000);
        assert!(desk.finish_identity("another browser", &code, "a").await.unwrap().is_none());
        let (signed, back) = desk.finish_identity(&waits, &code, "a").await.unwrap().unwrap();
        assert_eq!((signed.stage, back.as_str()), (Stage::Open, "/nhat-ky"));
        assert_eq!(bench.session(&signed.token).await.issuer.as_deref(), Some(ISSUER));
        assert!(desk.finish_identity(&waits, &code, "a").await.unwrap().is_none(), "once");

        // Wrong codes shut the door of the account, however they come.
        let IdentitySignIn::Code(waits) =
            desk.sign_in_identity(&at_provider("an-01"), &Default::default(), false, "/").await.unwrap()
        else {
            panic!()
        };
        for _ in 0..5 {
            assert_eq!(desk.finish_identity(&waits, "000000", "b").await.unwrap_err(), DeskError::SignInRefused);
        }
        assert!(matches!(desk.finish_identity(&waits, "000000", "b").await, Err(DeskError::SignInLocked { .. })));
        bench.wait(10 * MINUTE + 1);
        let code = authenticator(&secret, START + 30_001 + 10 * MINUTE);
        assert!(desk.finish_identity(&waits, &code, "b").await.unwrap().is_none(), "over");

        // The provider asked: by the operator's setting that is enough.
        let trusted = desk.sign_in_identity(&at_provider("an-01"), &Default::default(), true, "/").await.unwrap();
        assert!(matches!(trusted, IdentitySignIn::Open(_)), "{trusted:?}");
        place.remove(bench.desk).await;
    }
}

#[tokio::test]
async fn a_user_without_a_password_is_bound_and_comes_in_by_the_provider_alone() {
    for place in Place::all().await {
        let bench = Bench::open(&place).await;
        let desk = &bench.desk;
        let system = Scope::system();
        let user = bench.user("u-an", Role::CityOfficer).await;
        desk.put_user(&system, &desk::User { id: "u-chi".into(), ..user }).await.unwrap();
        desk.bind_identity(&system, "u-chi", &at_provider("chi-01")).await.unwrap();
        opened(desk, &at_provider("chi-01")).await;
        for secret in ["", PASSWORD] {
            let by_password = SignIn { login: "u-chi", secret, code: "", address: "10.0.0.1" };
            assert!(matches!(desk.sign_in_with(by_password).await, Err(DeskError::SignInRefused)), "{secret:?}");
        }
        let accounts = desk.accounts(&system).await.unwrap();
        let chi = accounts.iter().find(|account| account.user.id == "u-chi").unwrap();
        assert_eq!((chi.has_password, &chi.identities), (false, &vec![at_provider("chi-01")]));
        // What the log holds names nobody at the provider.
        assert_eq!(
            place.number("SELECT count(*) FROM audit_event WHERE detail LIKE '%chi-01%' OR object_id LIKE '%chi-01%'").await,
            0
        );
        assert!(
            place.number("SELECT count(*) FROM audit_event WHERE action = 'sign_in' AND detail LIKE '%provider%'").await >= 1
        );
        place.remove(bench.desk).await;
    }
}

#[tokio::test]
async fn a_sign_out_at_the_provider_ends_what_came_from_there_and_counts_once() {
    for place in Place::all().await {
        let bench = Bench::open(&place).await;
        let desk = &bench.desk;
        for (user, subject) in [("u-an", "an-01"), ("u-binh", "binh-01")] {
            bench.user(user, Role::CityOfficer).await;
            desk.bind_identity(&Scope::system(), user, &at_provider(subject)).await.unwrap();
        }
        let one = opened_in(desk, "an-01", Some("s-1")).await;
        let two = opened_in(desk, "an-01", Some("s-2")).await;
        let unnamed = opened_in(desk, "an-01", None).await;
        let binh = opened_in(desk, "binh-01", Some("s-3")).await;
        let by_password = SignIn { login: "u-an", secret: PASSWORD, code: "", address: "10.0.0.1" };
        let own = desk.sign_in_with(by_password).await.unwrap().token;
        // Another provider, another person, another session, a session of somebody else.
        for foreign in [
            ProviderSignOut { issuer: "https://evil.example", ..message("j-1", Some("an-01"), None) },
            message("j-2", Some("nobody"), None),
            message("j-3", None, Some("s-9")),
            message("j-4", Some("binh-01"), Some("s-2")),
        ] {
            assert_eq!(desk.identity_signed_out(&foreign).await, Ok(Some(0)), "{foreign:?}");
        }
        let nobody = desk.identity_signed_out(&message("j-5", None, None)).await;
        assert!(matches!(nobody, Err(DeskError::Invalid { field: "sid", .. })), "{nobody:?}");
        for token in [&one, &two, &unnamed, &binh, &own] {
            assert!(!bench.is_over(token).await);
        }
        // One session there; the same message again is none.
        let first = message("j-6", None, Some("s-1"));
        assert_eq!(desk.identity_signed_out(&first).await, Ok(Some(1)));
        assert!(bench.is_over(&one).await && !bench.is_over(&two).await && !bench.is_over(&unnamed).await);
        assert_eq!(desk.identity_signed_out(&first).await, Ok(None), "came before");
        // Both named: the session, and those of the person of which no session is known.
        assert_eq!(desk.identity_signed_out(&message("j-7", Some("an-01"), Some("s-2"))).await, Ok(Some(2)));
        assert!(bench.is_over(&two).await && bench.is_over(&unnamed).await);
        // The whole person.
        let more = [opened_in(desk, "an-01", Some("s-4")).await, opened_in(desk, "an-01", None).await];
        assert_eq!(desk.identity_signed_out(&message("j-8", Some("an-01"), None)).await, Ok(Some(2)));
        assert!(bench.is_over(&more[0]).await && bench.is_over(&more[1]).await);
        assert!(!bench.is_over(&binh).await && !bench.is_over(&own).await, "others, and the own password, stay");
        opened_in(desk, "an-01", Some("s-5")).await;
        // A sign-in of a session that is over there opens nothing, as long as one could be on its way.
        let late = desk.sign_in_identity(&at_provider("an-01"), &session_there("an-01", Some("s-1")), true, "/").await.unwrap();
        assert!(matches!(late, IdentitySignIn::SignedOut), "{late:?}");
        bench.wait(12 * MINUTE);
        opened_in(desk, "an-01", Some("s-1")).await;
        // Names of there are nowhere; what was remembered is forgotten.
        for (table, column) in [("session", "provider_sub"), ("session", "provider_sid"), ("identity_logout", "sid_hash")] {
            let found = format!("SELECT count(*) FROM {table} WHERE {column} LIKE '%an-01%' OR {column} LIKE '%s-_%'");
            assert_eq!(place.number(&found).await, 0, "{table}.{column}");
        }
        assert_eq!(desk.identity_signed_out(&message("j-9", None, Some("s-9"))).await, Ok(Some(0)));
        assert_eq!(place.number("SELECT count(*) FROM identity_logout").await, 1);
        let events = "SELECT count(*) FROM audit_event WHERE action = 'end_sessions' AND detail LIKE '%provider%'";
        assert_eq!(place.number(events).await, 3);
        assert!(desk.verify_audit().await.unwrap().is_whole());
        place.remove(bench.desk).await;
    }
}

#[tokio::test]
async fn a_sign_in_that_waits_for_its_code_ends_with_the_session_there() {
    for place in Place::all().await {
        let bench = Bench::open(&place).await;
        let desk = &bench.desk;
        bench.user("u-an", Role::CityOfficer).await;
        desk.bind_identity(&Scope::system(), "u-an", &at_provider("an-01")).await.unwrap();
        let session = bench.session(&opened_in(desk, "an-01", Some("s-0")).await).await;
        let secret = desk.begin_totp(&session).await.unwrap().text;
        desk.confirm_totp(&session, &authenticator(&secret, START)).await.unwrap();
        let wait = async |sid: &str| match desk
            .sign_in_identity(&at_provider("an-01"), &session_there("an-01", Some(sid)), false, "/")
            .await
            .unwrap()
        {
            IdentitySignIn::Code(token) => token,
            other => panic!("{other:?}"),
        };
        let (gone, stays) = (wait("s-1").await, wait("s-2").await);
        assert_eq!(desk.identity_signed_out(&message("j-1", Some("an-01"), Some("s-1"))).await, Ok(Some(0)));
        bench.wait(30_000);
        let code = authenticator(&secret, START + 30_000);
        assert!(!desk.identity_waits(&gone).await.unwrap() && desk.identity_waits(&stays).await.unwrap());
        assert!(desk.finish_identity(&gone, &code, "a").await.unwrap().is_none());
        let (signed, _) = desk.finish_identity(&stays, &code, "a").await.unwrap().unwrap();
        assert_eq!(desk.identity_signed_out(&message("j-2", None, Some("s-2"))).await, Ok(Some(1)), "the way is kept to the end");
        assert!(bench.is_over(&signed.token).await);
        place.remove(bench.desk).await;
    }
}
