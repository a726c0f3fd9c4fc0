//! Signing in, sessions, one-time codes, the second factor, delegation, tokens: on both stores.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base::{Actor, Role, Scope};
use desk::{
    ApiScope, Clock, Desk, DeskError, NewApiToken, PasswordFault, SeededIds, Session, SignIn, Stage, Unit, UnitKind, User, Which,
};

use crate::support::{HA_DONG, Place, communes, delegation};

pub const PASSWORD: &str = "Con mèo trèo cây cau";
/// 31 October 2026.
pub const START: i64 = 1_793_433_600_000;
pub const MINUTE: i64 = 60_000;

/// A desk whose clock the test moves.
pub struct Bench {
    pub desk: Desk,
    now: Arc<AtomicI64>,
}

impl Bench {
    pub async fn open(place: &Place) -> Self {
        let now = Arc::new(AtomicI64::new(START));
        let look = Arc::clone(&now);
        let clock: Clock = Arc::new(move || look.load(Ordering::Relaxed));
        Self { desk: Desk::open(&place.url, clock, Arc::new(SeededIds::new(1))).await.unwrap(), now }
    }

    pub fn wait(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::Relaxed);
    }

    /// A user with an account and a password.
    pub async fn user(&self, id: &str, role: Role) -> User {
        let system = Scope::system();
        let unit = Unit { id: "bhxh-hn".into(), name: "BHXH thành phố".into(), kind: UnitKind::CityAgency, parent: None };
        self.desk.put_unit(&system, &unit).await.unwrap();
        let user = User {
            id: id.into(),
            label: format!("Cán bộ {id}"),
            role,
            unit: unit.id,
            area: communes(&[HA_DONG]),
            active: true,
            valid_from: None,
            valid_to: None,
        };
        self.desk.put_user(&system, &user).await.unwrap();
        let code = self.desk.reset_account(&system, id, Some(id)).await.unwrap().code;
        let token = self.enter(id, &code, "").await.unwrap();
        let session = self.session(&token).await;
        assert_eq!(session.stage, Stage::MustChange);
        self.desk.change_password(&session, "", PASSWORD).await.unwrap();
        user
    }

    async fn enter(&self, login: &str, secret: &str, code: &str) -> Result<String, DeskError> {
        self.enter_from("10.0.0.1", login, secret, code).await
    }

    async fn enter_from(&self, address: &str, login: &str, secret: &str, code: &str) -> Result<String, DeskError> {
        Ok(self.desk.sign_in_with(SignIn { login, secret, code, address }).await?.token)
    }

    pub async fn session(&self, token: &str) -> Session {
        self.desk.session(token).await.unwrap().unwrap_or_else(|| panic!("no session"))
    }

    pub async fn is_over(&self, token: &str) -> bool {
        self.desk.session(token).await.unwrap().is_none()
    }
}

/// The code an authenticator shows (RFC 6238), worked out here by itself: from HMAC's definition over SHA-1 of the `sha1` crate.
pub fn authenticator(secret: &str, now: i64) -> String {
    use sha1::{Digest, Sha1};
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut bits = String::new();
    for c in secret.bytes().filter(|c| *c != b' ') {
        bits.push_str(&format!("{:05b}", letters.iter().position(|l| *l == c).unwrap()));
    }
    let mut key: Vec<u8> =
        bits.as_bytes().chunks_exact(8).map(|b| u8::from_str_radix(std::str::from_utf8(b).unwrap(), 2).unwrap()).collect();
    key.resize(64, 0);
    let pad = |byte: u8| key.iter().map(|k| k ^ byte).collect::<Vec<u8>>();
    let inner = Sha1::digest([pad(0x36), (now / 30_000).to_be_bytes().to_vec()].concat());
    let hash = Sha1::digest([pad(0x5c), inner.to_vec()].concat());
    let at = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes(hash[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

#[tokio::test]
async fn the_first_administrator_comes_in_once_with_the_printed_code() {
    for place in Place::all().await {
        let bench = Bench::open(&place).await;
        let first = bench.desk.first_administrator().await.unwrap().unwrap();
        // Started again before anybody came in: a new code, the old one is void.
        let code = bench.desk.first_administrator().await.unwrap().unwrap();
        assert_ne!(first.code, code.code);
        assert_eq!(bench.enter(&code.login, &first.code, "").await, Err(DeskError::SignInRefused));
        let token = bench.enter(&code.login, &code.code.to_lowercase(), "").await.unwrap();
        assert_eq!(bench.enter(&code.login, &code.code, "").await, Err(DeskError::SignInRefused), "used up");
        let session = bench.session(&token).await;
        assert_eq!((session.stage, session.scope.role), (Stage::MustChange, Role::Administrator));
        bench.desk.change_password(&session, "", PASSWORD).await.unwrap();
        assert_eq!(bench.desk.first_administrator().await.unwrap(), None, "never again");

        // An administrator works with a second factor only.
        let session = bench.session(&token).await;
        assert_eq!(session.stage, Stage::MustEnrol);
        let secret = bench.desk.begin_totp(&session).await.unwrap();
        assert_eq!(bench.desk.begin_totp(&session).await.unwrap(), secret, "looked at twice");
        let wrong = bench.desk.confirm_totp(&session, "000000").await;
        assert!(matches!(wrong, Err(DeskError::Invalid { field: "code", .. })), "{wrong:?}");
        bench.desk.confirm_totp(&session, &authenticator(&secret.text, START)).await.unwrap();
        assert_eq!(bench.session(&token).await.stage, Stage::Open);

        assert_eq!(bench.enter(&code.login, PASSWORD, "").await, Err(DeskError::SignInRefused), "no code");
        assert_eq!(
            bench.enter(&code.login, PASSWORD, &authenticator(&secret.text, START)).await,
            Err(DeskError::SignInRefused),
            "the code was taken already"
        );
        bench.wait(30_000);
        let now = authenticator(&secret.text, START + 30_000);
        bench.enter(&code.login, PASSWORD, &now).await.unwrap();
        assert_eq!(bench.enter(&code.login, PASSWORD, &now).await, Err(DeskError::SignInRefused), "a code counts once");
        place.remove(bench.desk).await;
    }
}

#[tokio::test]
async fn a_code_lives_a_day() {
    let place = Place::sqlite();
    let bench = Bench::open(&place).await;
    let code = bench.desk.first_administrator().await.unwrap().unwrap();
    bench.wait(24 * 60 * MINUTE + 1);
    assert_eq!(bench.enter(&code.login, &code.code, "").await, Err(DeskError::SignInRefused));
    place.remove(bench.desk).await;
}

#[tokio::test]
async fn a_door_shuts_for_a_growing_time() {
    for place in Place::all().await {
        let bench = Bench::open(&place).await;
        bench.user("can-bo", Role::BaseOfficer).await;
        let mut locks = Vec::new();
        // A name that does not exist is shut like one that does: the answer tells nobody which names there are.
        for login in ["can-bo", "khong-co"] {
            for _ in 0..5 {
                assert_eq!(bench.enter(login, "sai mật khẩu", "").await, Err(DeskError::SignInRefused));
            }
            for _ in 0..3 {
                let Err(DeskError::SignInLocked { until }) = bench.enter(login, PASSWORD, "").await else {
                    panic!("{login} not shut")
                };
                locks.push(until - bench.now.load(Ordering::Relaxed));
                bench.wait(until - bench.now.load(Ordering::Relaxed));
                assert_eq!(
                    bench.enter(login, "sai mật khẩu", "").await,
                    Err(DeskError::SignInRefused),
                    "open again, for one try"
                );
            }
        }
        assert_eq!(locks, [30_000, 60_000, 120_000, 30_000, 60_000, 120_000]);
        bench.wait(3_600_000);
        bench.enter("can-bo", PASSWORD, "").await.unwrap();
        // Success forgives: five more tries.
        for _ in 0..5 {
            assert_eq!(bench.enter("can-bo", "sai", "").await, Err(DeskError::SignInRefused));
        }
        // A reset by an administrator opens the door.
        assert!(matches!(bench.enter("can-bo", PASSWORD, "").await, Err(DeskError::SignInLocked { .. })));
        let code = bench.desk.reset_account(&Scope::system(), "can-bo", None).await.unwrap();
        assert_eq!(bench.enter("can-bo", PASSWORD, "").await, Err(DeskError::SignInRefused), "the password is gone");
        bench.enter("can-bo", &code.code, "").await.unwrap();
        let refused = place.number("SELECT count(*) FROM audit_event WHERE action = 'refuse_sign_in'").await;
        assert_eq!(refused, 22);
        let typed =
            place.number("SELECT count(*) FROM audit_event WHERE detail LIKE '%khong-co%' OR object_id = 'khong-co'").await;
        assert_eq!(typed, 0, "what was typed is kept nowhere");
        place.remove(bench.desk).await;
    }
}

#[tokio::test]
async fn one_address_cannot_try_many_names() {
    let place = Place::sqlite();
    let bench = Bench::open(&place).await;
    bench.user("can-bo", Role::BaseOfficer).await;
    let mut tried = 0;
    while bench.enter_from("10.9.9.9", &format!("ten-{tried}"), "sai", "").await == Err(DeskError::SignInRefused) {
        tried += 1;
        assert!(tried < 100, "never shut");
    }
    assert_eq!(tried, 40);
    assert!(matches!(bench.enter_from("10.9.9.9", "can-bo", PASSWORD, "").await, Err(DeskError::SignInLocked { .. })));
    bench.enter_from("10.9.9.8", "can-bo", PASSWORD, "").await.unwrap();
    place.remove(bench.desk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_tries_at_once_are_counted_before_they_are_tried() {
    for place in Place::all().await {
        let bench = Bench::open(&place).await;
        bench.user("can-bo", Role::BaseOfficer).await;
        let tries = (0..20).map(|n| {
            let desk = bench.desk.clone();
            tokio::spawn(async move {
                let secret = format!("đoán thứ {n}");
                desk.sign_in_with(SignIn { login: "can-bo", secret: &secret, code: "", address: "10.0.0.1" }).await.err().unwrap()
            })
        });
        let answers: Vec<DeskError> = futures::future::join_all(tries).await.into_iter().map(Result::unwrap).collect();
        let tried = answers.iter().filter(|answer| **answer == DeskError::SignInRefused).count();
        assert_eq!(tried, 5, "{answers:?}");
        place.remove(bench.desk).await;
    }
}

#[tokio::test]
async fn passwords_are_chosen_well_and_other_sessions_end() {
    for place in Place::all().await {
        let bench = Bench::open(&place).await;
        bench.user("can-bo", Role::BaseOfficer).await;
        let (one, two) = (bench.enter("can-bo", PASSWORD, "").await.unwrap(), bench.enter("can-bo", PASSWORD, "").await.unwrap());
        let session = bench.session(&one).await;
        for (new, fault) in [
            ("ngắn", PasswordFault::TooShort),
            (PASSWORD, PasswordFault::NotNew),
            ("mật khẩu can-bo 2026", PasswordFault::HoldsLogin),
            ("123456789012", PasswordFault::TooPlain),
        ] {
            assert_eq!(bench.desk.change_password(&session, PASSWORD, new).await, Err(DeskError::Password { fault }), "{new}");
        }
        let new = "Một câu khác, dài hơn";
        assert_eq!(bench.desk.change_password(&session, "sai", new).await, Err(DeskError::SignInRefused));
        bench.desk.change_password(&session, PASSWORD, new).await.unwrap();
        assert!(!bench.is_over(&one).await && bench.is_over(&two).await);
        assert_eq!(bench.enter("can-bo", PASSWORD, "").await, Err(DeskError::SignInRefused));
        bench.enter("can-bo", new, "").await.unwrap();
        // Nothing of a password, a token or a code lies in the store.
        for column in ["password_hash", "code_hash"] {
            assert_eq!(place.number(&format!("SELECT count(*) FROM account WHERE {column} LIKE '%mèo%'")).await, 0);
        }
        assert_eq!(place.number(&format!("SELECT count(*) FROM session WHERE token_hash = '{one}' OR id = '{one}'")).await, 0);
        place.remove(bench.desk).await;
    }
}

#[tokio::test]
async fn sessions_end_by_time_by_hand_and_with_their_user() {
    for place in Place::all().await {
        let bench = Bench::open(&place).await;
        let mut user = bench.user("can-bo", Role::BaseOfficer).await;
        assert!(bench.is_over("0000").await);
        let idle = bench.enter("can-bo", PASSWORD, "").await.unwrap();
        bench.wait(29 * MINUTE);
        assert!(!bench.is_over(&idle).await, "used in time");
        bench.wait(29 * MINUTE);
        assert!(!bench.is_over(&idle).await, "use keeps it open");
        bench.wait(31 * MINUTE);
        assert!(bench.is_over(&idle).await, "nobody used it for half an hour");

        let old = bench.enter("can-bo", PASSWORD, "").await.unwrap();
        for _ in 0..36 {
            bench.wait(20 * MINUTE);
            assert!(!bench.is_over(&old).await);
        }
        bench.wait(20 * MINUTE);
        assert!(bench.is_over(&old).await, "twelve hours are the end");

        let (a, b) = (bench.enter("can-bo", PASSWORD, "").await.unwrap(), bench.enter("can-bo", PASSWORD, "").await.unwrap());
        let here = bench.session(&a).await;
        assert_eq!(bench.desk.my_sessions(&here.scope).await.unwrap().len(), 2);
        let other = Scope { actor: Actor("u-other".into()), ..here.scope.clone() };
        assert_eq!(bench.desk.my_sessions(&other).await.unwrap(), []);
        let theirs = bench.desk.end_my_sessions(&other, Which::One(&here.id)).await;
        assert_eq!(theirs, Err(DeskError::NotFound { kind: "session" }), "nobody ends another's session");
        assert_eq!(bench.desk.end_my_sessions(&here.scope, Which::AllBut(&here.id)).await.unwrap(), 1);
        assert!(!bench.is_over(&a).await && bench.is_over(&b).await);
        bench.desk.end_my_sessions(&here.scope, Which::One(&here.id)).await.unwrap();
        assert!(bench.is_over(&a).await, "signed out");

        let last = bench.enter("can-bo", PASSWORD, "").await.unwrap();
        user.valid_to = base::Date::new(2026, 10, 31).ok();
        bench.desk.put_user(&Scope::system(), &user).await.unwrap();
        assert!(bench.is_over(&last).await, "their role ended");
        assert_eq!(bench.enter("can-bo", PASSWORD, "").await, Err(DeskError::SignInRefused));
        user.valid_to = None;
        user.area = communes(&[]);
        bench.desk.put_user(&Scope::system(), &user).await.unwrap();
        assert_eq!(bench.session(&last).await.scope.area, communes(&[]), "a changed area counts from the next page on");
        user.active = false;
        bench.desk.put_user(&Scope::system(), &user).await.unwrap();
        assert!(bench.is_over(&last).await, "switched off");
        place.remove(bench.desk).await;
    }
}

#[tokio::test]
async fn who_acts_for_somebody_away_is_named_beside_them() {
    for place in Place::all().await {
        let bench = Bench::open(&place).await;
        bench.user("u-away", Role::CityOfficer).await;
        bench.user("u-acts", Role::CommuneStaff).await;
        let token = bench.enter("u-acts", PASSWORD, "").await.unwrap();
        let session = bench.session(&token).await;
        let refused = bench.desk.act_for(&session, Some("u-away")).await;
        assert_eq!(refused, Err(DeskError::NotFound { kind: "delegation" }));
        let by_itself = bench.desk.delegate(&session.scope, delegation("u-away", "u-acts")).await;
        assert!(matches!(by_itself, Err(DeskError::Forbidden { .. })), "nobody takes it for themselves: {by_itself:?}");

        let away = bench.session(&bench.enter("u-away", PASSWORD, "").await.unwrap()).await;
        let system = Scope::system();
        let elsewhere =
            Unit { id: "thu".into(), name: "Tổ chức thu".into(), kind: UnitKind::CollectionOrganisation, parent: None };
        bench.desk.put_unit(&system, &elsewhere).await.unwrap();
        let collector = bench.user("u-thu", Role::Collector).await;
        bench.desk.put_user(&system, &User { unit: elsewhere.id, ..collector }).await.unwrap();
        let out = desk::NewDelegation { client_tx: "delegation-out".into(), ..delegation("u-away", "u-thu") };
        let refused = bench.desk.delegate(&away.scope, out).await;
        assert!(matches!(refused, Err(DeskError::Invalid { field: "to", .. })), "to another unit: {refused:?}");
        let made = bench.desk.delegate(&away.scope, delegation("u-away", "u-acts")).await.unwrap();
        assert_eq!(bench.desk.delegate(&away.scope, delegation("u-away", "u-acts")).await.unwrap(), made, "sent twice");
        bench.desk.act_for(&session, Some("u-away")).await.unwrap();
        let acting = bench.session(&token).await;
        assert_eq!((acting.scope.role, acting.scope.actor.0.as_str()), (Role::CityOfficer, "u-acts"));
        assert_eq!(acting.acting_for.as_deref(), Some("Cán bộ u-away"));
        let event = desk::ReadEvent::new(desk::AuditAction::ViewPerson, "person").object("P1");
        bench.desk.audit_read(&acting.scope, event).await.unwrap();
        let last = "SELECT actor || ' ' || role || ' ' || detail FROM audit_event ORDER BY seq DESC LIMIT 1";
        assert_eq!(place.text(last).await, r#"u-acts city_officer {"acting_for":"u-away"}"#);
        let further = desk::NewDelegation { client_tx: "delegation-further".into(), ..delegation("u-acts", "u-away") };
        assert!(bench.desk.delegate(&acting.scope, further).await.is_err(), "not delegated further");

        bench.desk.end_delegation(&away.scope, &made.id).await.unwrap();
        assert_eq!(bench.session(&token).await.scope.role, Role::CommuneStaff, "themselves again at once");
        let again = desk::NewDelegation { client_tx: "delegation-2".into(), ..delegation("u-away", "u-acts") };
        bench.desk.delegate(&away.scope, again).await.unwrap();
        assert_eq!(bench.session(&token).await.scope.role, Role::CityOfficer);
        bench.wait(8 * 24 * 60 * MINUTE);
        let token = bench.enter("u-acts", PASSWORD, "").await.unwrap();
        let refused = bench.desk.act_for(&bench.session(&token).await, Some("u-away")).await;
        assert_eq!(refused, Err(DeskError::NotFound { kind: "delegation" }), "the last day is over");
        place.remove(bench.desk).await;
    }
}

#[tokio::test]
async fn a_token_asks_for_its_unit_until_it_ends() {
    for place in Place::all().await {
        let bench = Bench::open(&place).await;
        let user = bench.user("can-bo", Role::BaseOfficer).await;
        let system = Scope::system();
        let new = NewApiToken { unit: "bhxh-hn".into(), label: "Một cửa".into(), scopes: [ApiScope::Law].into(), days: 2 };
        let officer = user.scope(base::Purpose::CoverageReview);
        assert!(matches!(bench.desk.make_api_token(&officer, new.clone()).await, Err(DeskError::Forbidden { .. })));
        for wrong in [NewApiToken { days: 0, ..new.clone() }, NewApiToken { scopes: [].into(), ..new.clone() }] {
            assert!(matches!(bench.desk.make_api_token(&system, wrong).await, Err(DeskError::Invalid { .. })));
        }
        let lost = NewApiToken { unit: "khong-co".into(), ..new.clone() };
        assert_eq!(bench.desk.make_api_token(&system, lost).await.err(), Some(DeskError::NotFound { kind: "unit" }));

        let (made, token) = bench.desk.make_api_token(&system, new.clone()).await.unwrap();
        let client = bench.desk.api_client(&token).await.unwrap().unwrap();
        assert_eq!((client.scope.role, client.scope.actor.0.as_str()), (Role::ApiClient, made.id.as_str()));
        assert_eq!(client.scopes, [ApiScope::Law].into());
        assert_eq!(place.number(&format!("SELECT count(*) FROM api_token WHERE token_hash LIKE '%{token}%'")).await, 0);
        assert_eq!(bench.desk.api_client(&made.id).await.unwrap(), None);
        bench.desk.revoke_api_token(&system, &made.id).await.unwrap();
        assert_eq!(bench.desk.api_client(&token).await.unwrap(), None, "taken back");
        let (_, token) = bench.desk.make_api_token(&system, new).await.unwrap();
        bench.wait(2 * 24 * 60 * MINUTE);
        assert_eq!(bench.desk.api_client(&token).await.unwrap(), None, "ended");
        assert_eq!(bench.desk.api_tokens(&system).await.unwrap().len(), 2);
        place.remove(bench.desk).await;
    }
}

#[tokio::test]
async fn only_who_manages_users_sees_and_resets_accounts() {
    let place = Place::sqlite();
    let bench = Bench::open(&place).await;
    let user = bench.user("can-bo", Role::CityOfficer).await;
    let officer = user.scope(base::Purpose::CoverageReview);
    assert!(matches!(bench.desk.accounts(&officer).await, Err(DeskError::Forbidden { .. })));
    assert!(matches!(bench.desk.reset_account(&officer, "can-bo", None).await, Err(DeskError::Forbidden { .. })));
    let accounts = bench.desk.accounts(&Scope::system()).await.unwrap();
    assert_eq!(accounts.len(), 1);
    assert!(accounts[0].has_password && !accounts[0].has_totp && !accounts[0].code_waits);
    let taken = bench.desk.reset_account(&Scope::system(), "can-bo", Some("x")).await;
    assert!(matches!(taken, Err(DeskError::Invalid { field: "login", .. })));
    place.remove(bench.desk).await;
}
