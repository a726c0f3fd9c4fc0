//! Signing in with the account of the city, as a browser does it, against a provider on loopback: right, and in every wrong way.

mod out;

use std::io::Write as _;

use serde_json::{Value, json};
use tempfile::NamedTempFile;

use crate::accounts::{Browser, PASSWORD, add_user, admin, code_in, code_now, encoded};
use crate::provider::{CLIENT, Key, Landing, SECRET, TestProvider};
use crate::server::{Answer, Portal};
use crate::support::{ansinh, good, text};

const BEGIN: &str = "/dang-nhap/thanh-pho";
const BACK: &str = "/dang-nhap/thanh-pho/ve";
const CODE: &str = "/dang-nhap/thanh-pho/ma";

/// A change of claims.
type Change = fn(&mut Value);

/// A provider and a portal that knows it.
pub struct City {
    pub there: TestProvider,
    pub portal: Portal,
    _secret: NamedTempFile,
}

impl City {
    pub fn open(more: &str) -> Self {
        Self::open_with(TestProvider::open(), more)
    }

    fn open_with(there: TestProvider, more: &str) -> Self {
        let mut secret = NamedTempFile::new().unwrap();
        writeln!(secret, "{SECRET}").unwrap();
        let file = text(secret.path()).to_owned();
        let settings =
            format!("oidc_issuer = \"{}\"\noidc_client_id = \"{CLIENT}\"\noidc_secret_file = \"{file}\"\n{more}", there.issuer);
        let (portal, _) = Portal::open_for_accounts_over(&[("ansinh.toml", &settings)]);
        Self { there, portal, _secret: secret }
    }

    /// A user with a password who is bound to somebody at the provider.
    pub fn user(&self, id: &str, role: &str, subject: &str) -> Browser<'_> {
        let browser = Browser::of_user(&self.portal, id, role, "city");
        let data = text(self.portal.data.path());
        assert_eq!(good(&["users", "bind", id, subject, "--data", data])["bound"], true);
        browser
    }

    /// There: what the provider gives the browser to bring back.
    fn go(&self, browser: &mut Browser, back: &str) -> Landing {
        let away = browser.get(&format!("{BEGIN}?ve={}", encoded(back)));
        assert_eq!(away.status, 303, "{}", away.text());
        assert!(away.header("location").starts_with(&format!("{}/authorize?", self.there.issuer)));
        assert!(away.cookies.iter().any(|c| c.contains("HttpOnly") && c.contains("SameSite=Lax") && c.contains("Max-Age=600")));
        self.there.sign_in(away.header("location"))
    }

    /// There and back.
    fn sign_in(&self, browser: &mut Browser) -> Answer {
        let landing = self.go(browser, "/tai-khoan");
        browser.get(&address(&landing))
    }
}

fn address(landing: &Landing) -> String {
    let issuer = landing.issuer.as_ref().map(|issuer| format!("&iss={}", encoded(issuer))).unwrap_or_default();
    format!("{BACK}?code={}&state={}{issuer}", landing.code, encoded(&landing.state))
}

#[test]
fn somebody_an_administrator_bound_comes_in_and_goes_out() {
    let city = City::open("oidc_label = \"Vào bằng tài khoản Hà Nội\"\n");
    add_user(&city.portal, "u-an", "city_officer", "city");
    let mut admin = admin(&city.portal);
    // Bound on the page of the user; nobody else's number is taken, and it stands in no log.
    let page = admin.get("/nguoi-dung/u-an").page();
    assert!(page.contains("/nguoi-dung/u-an/dinh-danh") && page.contains(&city.there.issuer), "{page}");
    assert_eq!(admin.send("/nguoi-dung/u-an/dinh-danh", "dinh-danh=person-1").status, 303);
    assert!(admin.get("/nguoi-dung/u-an").page().contains("value=\"person-1\""));
    let taken = admin.send("/nguoi-dung/u-quan-tri/dinh-danh", "dinh-danh=person-1");
    assert_eq!(taken.status, 422);
    assert!(taken.text().contains("chưa gắn với người khác"), "{}", taken.text());

    let mut an = Browser::new(&city.portal);
    let asked = an.get("/nhat-ky").header("location").to_owned();
    assert_eq!(asked, "/dang-nhap?ve=%2Fnhat-ky");
    let page = an.get(&asked).page();
    assert!(page.contains("Vào bằng tài khoản Hà Nội") && page.contains("href=\"/dang-nhap/thanh-pho?ve=%2Fnhat-ky\""), "{page}");
    assert!(page.contains("name=\"mat-khau\""), "the own password stays possible");
    let landing = city.go(&mut an, "/nhat-ky");
    let back = an.get(&address(&landing));
    assert_eq!((back.status, back.header("location")), (303, "/nhat-ky"), "{}", back.text());
    assert!(an.has("phien") && !an.has("dang-nhap"), "{:?}", back.cookies);
    let log = an.get("/nhat-ky").page();
    assert!(log.contains("provider"), "the log says how: {log}");
    for secret in [&landing.code, &landing.state, "person-1"] {
        assert!(!log.contains(secret), "{secret} in the log");
    }
    assert!(admin.get("/nhat-ky").page().contains("Gắn tài khoản đăng nhập một lần"));

    // Signed out here, and offered to be signed out there.
    let out = an.send("/dang-xuat", "");
    assert_eq!((out.status, out.header("location")), (303, "/dang-nhap/thanh-pho/ra"));
    let page = an.get("/dang-nhap/thanh-pho/ra").page();
    assert!(page.contains(&format!("{}/end?client_id={CLIENT}", city.there.issuer)), "{page}");
    assert_eq!(an.get("/nhat-ky").status, 303);

    // Unbound: nobody.
    assert_eq!(admin.send("/nguoi-dung/u-an/dinh-danh", "dinh-danh=").status, 303);
    assert_eq!(city.sign_in(&mut an).status, 403);
    assert!(city.portal.audit_events() > 5);
}

#[test]
fn every_wrong_answer_is_refused_and_opens_nothing() {
    let city = City::open("");
    drop(city.user("u-an", "city_officer", "person-1"));
    let nothing = |name: &str, browser: &mut Browser, answer: Answer| {
        assert_eq!(answer.status, 400, "{name}: {}", answer.text());
        assert!(!browser.has("phien"), "{name}");
        assert_eq!(browser.get("/tai-khoan").status, 303, "{name}");
        let page = answer.text();
        assert!(page.contains("href=\"/dang-nhap\"") && page.contains("href=\"/dang-nhap/thanh-pho\""), "{name}: {page}");
    };
    let modulus = Key::Rsa("rsa-1", 1).jwk()["n"].as_str().unwrap().to_owned();
    let claims: [(&str, Change); 7] = [
        ("issuer", |c| c["iss"] = json!("https://evil.example")),
        ("audience", |c| c["aud"] = json!("another")),
        ("party", |c| c["azp"] = json!("another")),
        ("nonce", |c| c["nonce"] = json!("another")),
        ("over", |c| c["exp"] = json!(1_000_000)),
        ("to come", |c| c["iat"] = json!(9_000_000_000_i64)),
        ("nobody", |c| c["sub"] = json!("")),
    ];
    for (name, change) in claims {
        city.there.play().claims = change;
        let mut browser = Browser::new(&city.portal);
        let answer = city.sign_in(&mut browser);
        assert!(answer.text().contains("oidc_token"), "{name}");
        nothing(name, &mut browser, answer);
    }
    city.there.play().claims = |_| {};
    let signers = [
        ("none", Key::Unsigned),
        ("HS256 with the public key", Key::Hmac("rsa-1", modulus.into_bytes())),
        ("another key", Key::Rsa("rsa-1", 2)),
        ("an unknown key", Key::Ec("ec-9", 9)),
    ];
    for (name, signer) in signers {
        city.there.play().signer = signer;
        let mut browser = Browser::new(&city.portal);
        let answer = city.sign_in(&mut browser);
        nothing(name, &mut browser, answer);
    }
    city.there.play().signer = Key::Rsa("rsa-1", 1);

    // The answer of another provider (mix-up), and one that does not say whose it is.
    for issuer in [Some("https://evil.example".to_owned()), None] {
        let mut browser = Browser::new(&city.portal);
        let landing = Landing { issuer, ..city.go(&mut browser, "/") };
        let answer = browser.get(&address(&landing));
        nothing("mix-up", &mut browser, answer);
    }
    // What another browser began (a link sent to somebody), another state, none at all, a refusal.
    let mut one = Browser::new(&city.portal);
    let landing = city.go(&mut one, "/");
    let mut other = Browser::new(&city.portal);
    let answer = other.get(&address(&landing));
    nothing("another browser", &mut other, answer);
    city.go(&mut other, "/");
    let answer = other.get(&address(&landing));
    nothing("the state of another browser", &mut other, answer);
    let answer = other.get(BACK);
    nothing("nothing", &mut other, answer);
    let landing = city.go(&mut other, "/");
    let answer = other.get(&format!("{BACK}?error=access_denied&state={}", landing.state));
    nothing("access denied", &mut other, answer);
    assert_eq!(other.get(&format!("{BACK}?state=a&state=b")).status, 400, "two states");

    // The first browser may still go on, once.
    let landing = city.go(&mut one, "/tai-khoan");
    let back = one.get(&address(&landing));
    assert_eq!((back.status, back.header("location")), (303, "/tai-khoan"), "{}", back.text());
    let again = one.get(&address(&landing));
    assert_eq!(again.status, 400, "state and code count once");
    assert_eq!(one.get("/tai-khoan").status, 200, "and the session stays");
    // A code that was brought already, under a state of its own.
    let mut third = Browser::new(&city.portal);
    let fresh = city.go(&mut third, "/");
    let answer = third.get(&address(&Landing { code: landing.code, ..fresh }));
    assert!(answer.text().contains("oidc_code_refused"), "{}", answer.text());
    nothing("replayed code", &mut third, answer);
    // Each refusal is in the log.
    let mut data = Browser::of_user(&city.portal, "u-xem", "city_officer", "city");
    let log = data.get("/nhat-ky?viec=refuse_sign_in").page();
    assert!(log.contains("why") && log.contains("audience"), "{log}");
}

#[test]
fn after_signing_in_one_comes_to_a_page_of_this_portal_only() {
    let city = City::open("");
    drop(city.user("u-an", "city_officer", "person-1"));
    for foreign in ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/a\r\nSet-Cookie: b=c"]
    {
        let mut browser = Browser::new(&city.portal);
        let landing = city.go(&mut browser, foreign);
        let back = browser.get(&address(&landing));
        assert_eq!((back.status, back.header("location")), (303, "/"), "{foreign}");
    }
    let mut browser = Browser::new(&city.portal);
    let landing = city.go(&mut browser, "/viec?hang=moi");
    assert_eq!(browser.get(&address(&landing)).header("location"), "/viec?hang=moi");
    // Signed in already, nobody is sent away again.
    assert_eq!(browser.get(&format!("{BEGIN}?ve=%2Fviec")).header("location"), "/viec");
    assert_eq!(browser.get(&format!("{BEGIN}?ve=%2F%2Fevil.example")).header("location"), "/");
}

#[test]
fn who_is_bound_to_nobody_learns_their_own_number_and_nothing_else() {
    let city = City::open("");
    city.there.play().subject = "<script>alert(1)</script>".into();
    let mut browser = Browser::new(&city.portal);
    let answer = city.sign_in(&mut browser);
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("chưa được gắn") && !answer.text().contains("<script>alert"), "{}", answer.text());
    // Somebody who may not work any more looks the same but for the number.
    let mut an = city.user("u-an", "city_officer", "person-1");
    good(&["users", "off", "u-an", "--data", text(city.portal.data.path())]);
    city.there.play().subject = "person-1".into();
    let off = city.sign_in(&mut browser);
    assert_eq!(off.status, 403);
    let plain = |answer: &Answer, subject: &str| answer.text().replace(subject, "…");
    let escaped = answer.text().split("<code class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(plain(&off, "person-1"), plain(&answer, &escaped));
    assert_eq!(an.get("/tai-khoan").status, 303, "their session is over");
}

#[test]
fn the_own_second_factor_is_asked_where_the_provider_did_not() {
    let city = City::open("oidc_second_factor = \"amr:mfa\"\n");
    let mut an = city.user("u-an", "city_officer", "person-1");
    let page = an.get("/ma-xac-thuc").page();
    let secret = page.split("<code class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let first = code_now(&secret);
    assert_eq!(an.send("/ma-xac-thuc", &format!("ma={first}")).status, 303);

    let mut second = Browser::new(&city.portal);
    let back = city.sign_in(&mut second);
    assert_eq!((back.status, back.header("location")), (303, CODE));
    assert!(!second.has("phien"));
    assert_eq!(second.get("/tai-khoan").status, 303, "not in yet");
    assert!(second.get(CODE).page().contains("name=\"ma\""));
    let wrong = second.post(CODE, "ma=000000");
    assert_eq!(wrong.status, 401);
    assert!(wrong.text().contains("Mã chưa đúng"));
    assert_eq!(second.post(CODE, &format!("ma={first}")).status, 401, "a code counts once, whichever way");
    assert!(!second.has("phien"));
    assert_eq!(Browser::new(&city.portal).post(CODE, "ma=000000").header("location"), "/dang-nhap", "nothing waits elsewhere");
    // The clock of a telephone may be a step ahead: a code that was not taken yet.
    let entered = second.post(CODE, &format!("ma={}", code_in(&secret, 1)));
    assert_eq!((entered.status, entered.header("location")), (303, "/tai-khoan"), "{}", entered.text());
    assert_eq!(second.get("/tai-khoan").status, 200);

    city.there.play().claims = |c| c["amr"] = json!(["pwd", "mfa"]);
    let mut third = Browser::new(&city.portal);
    assert_eq!(city.sign_in(&mut third).header("location"), "/tai-khoan");
    assert_eq!(third.get("/tai-khoan").status, 200);
}

#[test]
fn a_provider_that_is_away_leaves_the_own_password() {
    let there = TestProvider::open();
    there.play().down = true;
    let city = City::open_with(there, "");
    let mut an = city.user("u-an", "city_officer", "person-1");
    let mut browser = Browser::new(&city.portal);
    let away = browser.get(BEGIN);
    assert_eq!(away.status, 503);
    assert!(away.text().contains("Chưa kết nối được với nơi cấp tài khoản"), "{}", away.text());
    assert!(!away.text().contains(&city.there.issuer), "no address of the inside");
    an.send("/dang-xuat", "");
    assert_eq!(an.sign_in("u-an", PASSWORD, "").status, 303);
    assert_eq!(an.get("/tai-khoan").status, 200);
}

#[test]
fn a_portal_without_a_provider_knows_nothing_of_one() {
    let (portal, _) = Portal::open_for_accounts();
    let mut browser = Browser::new(&portal);
    for path in [BEGIN, BACK, CODE, "/dang-nhap/thanh-pho/ra"] {
        assert_eq!(browser.get(path).status, 404, "{path}");
    }
    assert!(!browser.get("/dang-nhap").page().contains(BEGIN));
    let mut admin = admin(&portal);
    assert!(!admin.get("/nguoi-dung/u-quan-tri").page().contains("dinh-danh"));
    assert_eq!(admin.send("/nguoi-dung/u-quan-tri/dinh-danh", "dinh-danh=a").status, 404);
}

#[test]
fn settings_are_checked_and_the_secret_is_not_shown() {
    let there = TestProvider::open();
    let folder = tempfile::tempdir().unwrap();
    let data = text(folder.path());
    let put = |settings: &str| std::fs::write(folder.path().join("ansinh.toml"), settings).unwrap();
    put("oidc_client_id = \"an-sinh\"\n");
    assert_eq!(ansinh(&["users", "provider", "--data", data, "--json"]).code, 2, "a client id alone");
    put("oidc_issuer = \"http://id.example.vn\"\noidc_client_id = \"an-sinh\"\n");
    let plain = ansinh(&["users", "provider", "--data", data, "--json"]);
    assert_eq!(plain.code, 2, "{plain:?}");
    put("oidc_secret = \"x\"\n");
    assert_eq!(ansinh(&["config", "--data", data, "--json"]).code, 3, "a secret has no place there");
    put(&format!("oidc_issuer = \"{}\"\noidc_client_id = \"an-sinh\"\n", there.issuer));
    let report = good(&["users", "provider", "--data", data]);
    assert_eq!((&report["keys"], &report["claim"], &report["names_issuer"]), (&json!(2), &json!("sub"), &json!(true)));
    there.play().document = |d| d["issuer"] = json!("https://evil.example");
    assert_eq!(ansinh(&["users", "provider", "--data", data, "--json"]).code, 3);
    let mut shown = crate::support::program(&["config", "--data", data]);
    let shown = shown.env("ANSINH_OIDC_SECRET", "rất bí mật").output().unwrap();
    assert!(shown.status.success() && !String::from_utf8_lossy(&shown.stdout).contains("bí mật"));
    let picker = ansinh(&["serve", "--role-picker", "--port", "0", "--data", data, "--json"]);
    assert_eq!(picker.code, 2, "{picker:?}");
}
