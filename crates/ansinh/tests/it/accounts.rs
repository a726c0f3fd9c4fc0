//! Signing in as a browser does it: cookies, tokens of forms, passwords, second factors.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::server::{Answer, Portal};
use crate::support::{good, text};

/// A password nobody else has.
pub const PASSWORD: &str = "một câu dài chỉ tôi biết 42";

/// A browser with its cookies.
pub struct Browser<'a> {
    portal: &'a Portal,
    cookies: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    /// A browser without cookies.
    pub fn new(portal: &'a Portal) -> Self {
        Self { portal, cookies: BTreeMap::new() }
    }

    /// Someone added with `users add` who signed in with the code and chose a password.
    pub fn of_user(portal: &'a Portal, id: &str, role: &str, communes: &str) -> Self {
        let code = add_user(portal, id, role, communes);
        let mut browser = Self::new(portal);
        assert_eq!(browser.sign_in(id, &code, "").header("location"), "/mat-khau");
        let password = encoded(PASSWORD);
        assert_eq!(browser.send("/mat-khau", &format!("moi={password}&lai={password}")).status, 303);
        browser
    }

    /// A page.
    pub fn get(&mut self, path: &str) -> Answer {
        let cookies = self.line();
        let answer = self.portal.get_as(path, &cookies);
        self.keep(&answer);
        answer
    }

    /// A form with exactly these fields.
    pub fn post(&mut self, path: &str, body: &str) -> Answer {
        let cookies = self.line();
        let answer = self.portal.post(path, &[("Cookie", &cookies)], body);
        self.keep(&answer);
        answer
    }

    /// A form as it stands on a page: with the token that the page put into it.
    pub fn send(&mut self, path: &str, fields: &str) -> Answer {
        let token = self.token();
        self.post(path, &format!("_phien={token}&{fields}"))
    }

    /// A form with a file as it stands on a page: with the token that the page put into it.
    pub fn send_file(&mut self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        let token = self.token();
        let fields = [&[("_phien", token.as_str())][..], fields].concat();
        let cookies = self.line();
        let answer = self.portal.post_file(path, &cookies, &fields, file);
        self.keep(&answer);
        answer
    }

    /// Fills in the page of signing in.
    pub fn sign_in(&mut self, login: &str, secret: &str, code: &str) -> Answer {
        self.post("/dang-nhap", &format!("ten={login}&mat-khau={}&ma={code}&ve=%2F", encoded(secret)))
    }

    /// The token of forms, from a page everybody has.
    pub fn token(&mut self) -> String {
        let page = ["/tai-khoan", "/mat-khau", "/ma-xac-thuc"].into_iter().map(|path| self.get(path)).find(|a| a.status == 200);
        let page = page.expect("a page with a form").text();
        value_of(&page, "_phien").expect("a token in the form")
    }

    /// Whether there is a cookie of this name.
    pub fn has(&self, name: &str) -> bool {
        self.cookies.contains_key(name)
    }

    /// The value of the session's cookie.
    pub fn session(&self) -> &str {
        &self.cookies["phien"]
    }

    fn line(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep(&mut self, answer: &Answer) {
        for set in &answer.cookies {
            if let Some((name, value)) = set.split(';').next().and_then(|pair| pair.split_once('=')) {
                if set.contains("Max-Age=0") {
                    self.cookies.remove(name);
                } else {
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
            }
        }
    }
}

/// Adds a user with a login of the same name; gives the one-time code.
pub fn add_user(portal: &Portal, id: &str, role: &str, communes: &str) -> String {
    let data = text(portal.data.path()).to_owned();
    let label = format!("Người thử {id}");
    let unit = format!("dv-{id}");
    let given = ["users", "add", "--id", id, "--label", &label, "--role", role, "--unit", &unit, "--unit-name", "Đơn vị thử"];
    let more = ["--unit-kind", "other", "--communes", communes, "--login", id, "--data", &data];
    good(&[&given[..], &more[..]].concat())["code"]["code"].as_str().unwrap().to_owned()
}

/// The value of a hidden field.
pub fn value_of(page: &str, name: &str) -> Option<String> {
    let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1)?;
    Some(rest.split('"').next()?.to_owned())
}

pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The code of an authenticator for a secret in base32, by RFC 6238, written here anew.
pub fn code_now(secret: &str) -> String {
    code_in(secret, 0)
}

/// The code that an authenticator shows some steps of thirty seconds from now.
pub fn code_in(secret: &str, later: u64) -> String {
    let mut bits = 0_u64;
    let mut held = 0;
    let mut key = Vec::new();
    for c in secret.chars().filter(|c| !c.is_whitespace()) {
        let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).unwrap() as u64;
        bits = (bits << 5) | value;
        held += 5;
        if held >= 8 {
            held -= 8;
            key.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    let step = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() / 30 + later;
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).unwrap();
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes(hash[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

#[test]
fn the_first_administrator_chooses_a_password_and_a_second_factor_before_anything_else() {
    let (portal, code) = Portal::open_for_accounts();
    let mut admin = Browser::new(&portal);
    let entered = admin.sign_in("quan-tri", &code, "");
    assert_eq!((entered.status, entered.header("location")), (303, "/mat-khau"));
    let cookie = entered.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Max-Age"), "{cookie}");
    assert_eq!(admin.get("/nguoi-dung").header("location"), "/mat-khau");
    let short = admin.send("/mat-khau", "moi=ngan&lai=ngan");
    assert_eq!(short.status, 422);
    assert!(short.text().contains("Mật khẩu cần từ 12 ký tự."));
    let password = encoded(PASSWORD);
    let chosen = admin.send("/mat-khau", &format!("moi={password}&lai={password}"));
    assert_eq!((chosen.status, chosen.header("location")), (303, "/ma-xac-thuc"), "{}", chosen.text());
    assert_eq!(admin.get("/nguoi-dung").header("location"), "/ma-xac-thuc");
    let page = admin.get("/ma-xac-thuc").page();
    let secret = page.split("<code class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(admin.send("/ma-xac-thuc", "ma=000000").status, 422);
    assert_eq!(admin.send("/ma-xac-thuc", &format!("ma={}", code_now(&secret))).status, 303);
    assert!(admin.get("/nguoi-dung").page().contains("quan-tri"));

    // A second browser needs password and code; the code of the first was used up.
    let mut second = Browser::new(&portal);
    assert_eq!(second.sign_in("quan-tri", &code, "").status, 401);
    assert_eq!(second.sign_in("quan-tri", PASSWORD, "").status, 401);
    assert_eq!(second.sign_in("quan-tri", PASSWORD, &code_now(&secret)).status, 401, "a code counts once");
    // People's data stay shut to administrators.
    assert_eq!(admin.get("/nguoi-chua-tham-gia").status, 403);
}

#[test]
fn an_administrator_adds_somebody_who_signs_in_and_sees_their_commune() {
    let (portal, _) = Portal::open_for_accounts();
    let mut admin = admin(&portal);
    let commune = "00004";
    let unit = admin.send("/co-quan/moi", &format!("ma-so=xa-thu&ten=UBND+th%E1%BB%AD&loai=commune&dia-ban={commune}"));
    assert_eq!((unit.status, unit.header("location")), (303, "/co-quan"), "{}", unit.text());
    let wrong = admin.send("/nguoi-dung/moi", "ma-so=u-thu&ten=An&vai-tro=commune_staff&co-quan=xa-thu&dia-ban=99999&dang-lam=1");
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("Không có xã, phường: 99999"), "{}", wrong.text());
    let fields =
        format!("ma-so=u-thu&ten=An&vai-tro=commune_staff&co-quan=xa-thu&dia-ban={commune}&dang-lam=1&dang-nhap=an.nguyen");
    let made = admin.send("/nguoi-dung/moi", &fields);
    let page = made.page();
    let code = page.split("<code class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let mut an = Browser::new(&portal);
    assert_eq!(an.sign_in("an.nguyen", &code.to_lowercase().replace('-', " "), "").header("location"), "/mat-khau");
    let password = encoded(PASSWORD);
    an.send("/mat-khau", &format!("moi={password}&lai={password}"));
    assert!(an.get("/tai-khoan").page().contains("Công chức cấp xã"));
    an.get("/nguoi-chua-tham-gia").page();
    assert_eq!(an.get("/nguoi-dung").status, 403);
    // Switched off, they are out at once.
    let off = format!("ten=An&vai-tro=commune_staff&co-quan=xa-thu&dia-ban={commune}");
    assert_eq!(admin.send("/nguoi-dung/u-thu", &off).status, 303);
    assert_eq!(an.get("/nguoi-chua-tham-gia").header("location"), "/dang-nhap?ve=%2Fnguoi-chua-tham-gia");
}

/// The first administrator, ready to work.
pub fn admin(portal: &Portal) -> Browser<'_> {
    let data = text(portal.data.path()).to_owned();
    let code = good(&["users", "code", "u-quan-tri", "--data", &data])["code"]["code"].as_str().unwrap().to_owned();
    let mut admin = Browser::new(portal);
    admin.sign_in("quan-tri", &code, "");
    let password = encoded(PASSWORD);
    admin.send("/mat-khau", &format!("moi={password}&lai={password}"));
    let page = admin.get("/ma-xac-thuc").page();
    let secret = page.split("<code class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(admin.send("/ma-xac-thuc", &format!("ma={}", code_now(&secret))).status, 303);
    admin
}

#[test]
fn a_form_of_another_session_or_without_token_changes_nothing() {
    let (portal, _) = Portal::open_for_accounts();
    let mut one = Browser::of_user(&portal, "u-mot", "city_officer", "city");
    let mut two = Browser::of_user(&portal, "u-hai", "city_officer", "city");
    let token = two.token();
    for body in ["", "phien=x", &format!("_phien={token}"), "_phien="] {
        let answer = one.post("/dang-xuat", body);
        assert_eq!(answer.status, 403, "{body}");
        assert!(answer.text().contains("Biểu mẫu"), "{}", answer.text());
    }
    assert_eq!(one.get("/tai-khoan").status, 200, "still signed in");
    let foreign = [("Cookie", &format!("phien={}", one.session())[..]), ("Origin", "https://evil.example")];
    let own = one.token();
    assert_eq!(portal.post("/dang-xuat", &foreign, &format!("_phien={own}")).status, 403);
    assert_eq!(one.send("/dang-xuat", "").header("location"), "/dang-nhap");
    assert_eq!(one.get("/tai-khoan").status, 303);
}

#[test]
fn who_is_refused_does_not_learn_why_and_waits_after_some_tries() {
    let (portal, _) = Portal::open_for_accounts();
    add_user(&portal, "u-that", "city_officer", "city");
    let same = |answer: Answer, login: &str| (answer.status, answer.text().replace(login, "…"));
    let mut browser = Browser::new(&portal);
    let there = same(browser.sign_in("u-that", "sai hoàn toàn", ""), "u-that");
    let not_there = same(browser.sign_in("u-khong", "sai hoàn toàn", ""), "u-khong");
    assert_eq!(there, not_there);
    assert_eq!(there.0, 401);
    for _ in 0..4 {
        browser.sign_in("u-khong", "sai hoàn toàn", "");
    }
    let shut = browser.sign_in("u-khong", "sai hoàn toàn", "");
    assert_eq!(shut.status, 429);
    assert!(shut.text().contains("tạm khóa đến"));
    // Another account is not shut with it.
    assert_eq!(browser.sign_in("u-that", "sai hoàn toàn", "").status, 401);
}

#[test]
fn programs_ask_with_a_token_what_it_may_ask() {
    let (portal, _) = Portal::open_for_accounts();
    let mut admin = admin(&portal);
    let made = admin.send("/ma-truy-cap", "co-quan=quan-tri&ten=HIS&ngay=30&law=1").page();
    let token = made.split("<code class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let ask = |path: &str, token: &str| {
        let host = format!("127.0.0.1:{}", portal.port);
        portal.ask("GET", path, &[("Host", &host), ("Authorization", &format!("Bearer {token}"))], "")
    };
    assert_eq!(ask("/api/law", &token).status, 200);
    assert_eq!(ask("/api/calculators", &token).status, 403);
    assert_eq!(ask("/nguoi-chua-tham-gia", &token).status, 303, "a token opens no page");
    let refused = ask("/api/law", "anything");
    assert_eq!((refused.status, refused.header("www-authenticate")), (401, "Bearer"));
    assert_eq!(portal.get("/api/openapi.json").status, 200);
    let list = admin.get("/ma-truy-cap").page();
    let revoke = list.split("action=\"/ma-truy-cap/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(admin.send(&format!("/ma-truy-cap/{revoke}"), "").status, 303);
    assert_eq!(ask("/api/law", &token).status, 401);
}

#[test]
fn somebody_acts_for_a_colleague_who_is_away_and_the_log_names_both() {
    let (portal, _) = Portal::open_for_accounts();
    let mut away = Browser::of_user(&portal, "u-vang", "commune_staff", "00004");
    let data = text(portal.data.path()).to_owned();
    // A colleague of the same unit, without an area of their own.
    let given = ["users", "add", "--id", "u-thay", "--label", "Người làm thay", "--role", "commune_staff", "--unit", "dv-u-vang"];
    let code = good(&[&given[..], &["--login", "u-thay", "--data", &data]].concat());
    let mut acting = Browser::new(&portal);
    acting.sign_in("u-thay", code["code"]["code"].as_str().unwrap(), "");
    let password = encoded(PASSWORD);
    acting.send("/mat-khau", &format!("moi={password}&lai={password}"));
    assert_eq!(acting.send("/tai-khoan/lam-thay", "cho=u-vang").status, 404, "not yet delegated");
    let page = away.get("/tai-khoan").page();
    let number = value_of(&page, "so").unwrap();
    let fields = format!("cho=u-thay&tu=01%2F01%2F2020&den=31%2F12%2F2099&ly-do=ngh%E1%BB%89&so={number}");
    assert_eq!(away.send("/tai-khoan/uy-quyen", &fields).status, 303);
    assert_eq!(acting.send("/tai-khoan/lam-thay", "cho=u-vang").status, 303);
    assert!(acting.get("/tai-khoan").page().contains("Ông/bà đang làm thay Người thử u-vang"));
    acting.get("/nguoi-chua-tham-gia").page();
    let log = acting.get("/nhat-ky").page();
    assert!(log.contains("acting_for: u-vang"), "{log}");
    assert_eq!(acting.send("/tai-khoan/lam-thay", "cho=").status, 303);
    assert!(!acting.get("/tai-khoan").page().contains("đang làm thay"));
}

#[test]
fn somebody_outside_the_area_is_opened_in_an_emergency_and_data_protection_reviews_it() {
    let (portal, _) = Portal::open_for_accounts();
    let data = text(portal.data.path()).to_owned();
    let sql = "SELECT person_id, personal_id FROM person WHERE commune <> '00004' AND personal_id IS NOT NULL LIMIT 1";
    let found = good(&["query", sql, "--data", &data]);
    let row = &found["rows"][0];
    let of = |at: usize, name: &str| row.get(name).or_else(|| row.get(at)).unwrap().to_string().trim_matches('"').to_owned();
    let (person, number) = (of(0, "person_id"), of(1, "personal_id"));
    let page = format!("/nguoi/{person}");
    let mut clerk = Browser::of_user(&portal, "u-gan", "commune_staff", "00004");
    assert_eq!(clerk.get(&page).status, 404);
    assert!(clerk.send("/tim-nguoi", &format!("ma={number}")).page().contains("Không có ai thuộc địa bàn"));
    let form = clerk.get("/tim-nguoi").page();
    let so = value_of(&form, "so").unwrap();
    let ask = |clerk: &mut Browser, reason: &str| {
        clerk.send("/tim-nguoi/khan-cap", &format!("ma-khan-cap={number}&so={so}&ly-do={}", encoded(reason)))
    };
    assert!(ask(&mut clerk, "khẩn").page().contains("lý do cần từ 10 ký tự"));
    // Without a reason a number that nobody has is answered in the same words.
    let unknown = format!("ma-khan-cap=001000000001&so={so}&ly-do={}", encoded("khẩn"));
    let answer = clerk.send("/tim-nguoi/khan-cap", &unknown).page();
    assert!(answer.contains("lý do cần từ 10 ký tự") && !answer.contains("Không có ai"), "{answer}");
    let reason = "Người bệnh cấp cứu, bệnh viện hỏi thẻ";
    assert_eq!(ask(&mut clerk, reason).header("location"), page);
    let shown = clerk.get(&page).page();
    assert!(shown.contains("Mở khẩn cấp") && shown.contains(reason), "{shown}");
    assert!(!shown.contains("/khong-cung-nguoi"), "in an emergency one looks and does not decide");
    // Nobody else, and nobody more.
    let mut colleague = Browser::of_user(&portal, "u-khac", "commune_staff", "00004");
    assert_eq!(colleague.get(&page).status, 404);

    let mut officer = Browser::of_user(&portal, "u-dpo", "data_protection", "city");
    assert!(officer.get("/tai-khoan").page().contains("1 lần mở khẩn cấp chưa được xem xét"));
    let list = officer.get("/nhat-ky/mo-khan-cap").page();
    assert!(list.contains(reason));
    let glass = list.split("action=\"/nhat-ky/mo-khan-cap/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let found = encoded("Đúng việc");
    assert_eq!(officer.send(&format!("/nhat-ky/mo-khan-cap/{glass}"), &format!("xem-xet-{glass}={found}")).status, 303);
    assert!(officer.get("/nhat-ky/mo-khan-cap").page().contains("Đúng việc"));
    assert_eq!(officer.get(&page).status, 403, "who reviews sees the log, not the person");

    let id = value_of(&shown, "lan").unwrap();
    assert_eq!(clerk.send("/tim-nguoi/khan-cap/thoi", &format!("lan={id}")).status, 303);
    assert_eq!(clerk.get(&page).status, 404);
    // A form that cannot be taken tells that the number is known, and costs an opening each time.
    let broken = format!("ma-khan-cap={number}&so=&ly-do={}", encoded(reason));
    let stopped = (0..12).any(|_| clerk.send("/tim-nguoi/khan-cap", &broken).text().contains("không mở quá 10 lần"));
    assert!(stopped, "known numbers are tried out for nothing");
    // Twenty look-ups a minute; the minute may turn once in between.
    let told = (0..60).any(|_| clerk.send("/tim-nguoi", "ma=001000000001").page().contains("tối đa 20 lần"));
    assert!(told, "whoever tries out numbers is stopped");
}
