//! Signed out at the provider, signed out here: what it sends, what ends, and what ends nothing.

use super::*;

const OUT_THERE: &str = "/dang-nhap/thanh-pho/thoat";

impl City {
    /// Somebody signs in, in a session of this name there.
    fn sign_in_as(&self, sid: &'static str) -> Browser<'_> {
        self.there.play().sid = Some(sid);
        let mut browser = Browser::new(&self.portal);
        let back = self.sign_in(&mut browser);
        assert_eq!((back.status, back.header("location")), (303, "/tai-khoan"), "{}", back.text());
        browser
    }

    /// The provider sends a token to the address that is registered there: no browser, no cookie.
    fn tell(&self, token: &str) -> Answer {
        self.portal.post(OUT_THERE, &[], &format!("logout_token={token}"))
    }

    fn logout_token(&self, subject: Option<&str>, sid: Option<&str>) -> String {
        self.there.play().logout_token(&self.there.issuer, subject, sid)
    }
}

fn is_in(browser: &mut Browser) -> bool {
    browser.get("/tai-khoan").status == 200
}

#[test]
fn who_signs_out_at_the_provider_is_signed_out_here() {
    let city = City::open("");
    let mut own = city.user("u-an", "city_officer", "person-1");
    let (mut one, mut two) = (city.sign_in_as("sid-1"), city.sign_in_as("sid-2"));
    assert!(is_in(&mut one) && is_in(&mut two) && is_in(&mut own));
    // One session there.
    let token = city.logout_token(None, Some("sid-1"));
    let answer = city.tell(&token);
    assert_eq!((answer.status, answer.text().as_str()), (200, ""));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(!is_in(&mut one), "over at once");
    assert!(is_in(&mut two) && is_in(&mut own));
    // The same message again is none.
    let again = city.tell(&token);
    assert_eq!((again.status, again.text().as_str()), (400, r#"{"error":"invalid_request"}"#));
    // The whole person: what came from there; the own password's session stays.
    assert_eq!(city.tell(&city.logout_token(Some("person-1"), None)).status, 200);
    assert!(!is_in(&mut two) && is_in(&mut own));
    let mut three = city.sign_in_as("sid-3");
    assert!(is_in(&mut three), "signed in anew");
    // Signed out there while the browser is on its way back.
    city.there.play().sid = Some("sid-4");
    let mut late = Browser::new(&city.portal);
    let landing = city.go(&mut late, "/tai-khoan");
    assert_eq!(city.tell(&city.logout_token(Some("person-1"), Some("sid-4"))).status, 200);
    let back = late.get(&address(&landing));
    assert_eq!(back.status, 400);
    assert!(back.text().contains("vừa được đăng xuất") && !late.has("phien"), "{}", back.text());
    assert!(is_in(&mut three), "another session of theirs");
    // The log says that the provider ended them, and names neither person nor session of there.
    let log = admin(&city.portal).get("/nhat-ky").page();
    assert!(log.contains("Kết thúc phiên") && log.contains("Từ chối báo đăng xuất"), "{log}");
    for name in ["person-1", "sid-1", "sid-4", "logout-1"] {
        assert!(!log.contains(name), "{name} in the log");
    }
}

#[test]
fn what_is_no_sign_out_of_this_provider_ends_nothing() {
    let city = City::open("");
    drop(city.user("u-an", "city_officer", "person-1"));
    let mut an = city.sign_in_as("sid-1");
    let token = || city.logout_token(Some("person-1"), Some("sid-1"));
    let mut wrong = vec![
        ("nothing", String::new()),
        ("no token", "a.b.c".to_owned()),
        ("an ID token", city.there.play().token(&city.there.issuer, "person-1", "a-nonce")),
    ];
    let claims: [(&str, Change); 4] = [
        ("another issuer", |c| c["iss"] = json!("https://evil.example")),
        ("another client", |c| c["aud"] = json!("another")),
        ("an hour old", |c| c["iat"] = json!(c["iat"].as_i64().unwrap() - 3_600)),
        ("a nonce", |c| c["nonce"] = json!("a-nonce")),
    ];
    for (name, change) in claims {
        city.there.play().claims = change;
        wrong.push((name, token()));
    }
    city.there.play().claims = |_| {};
    for signer in [Key::Unsigned, Key::Rsa("rsa-1", 2)] {
        city.there.play().signer = signer;
        wrong.push(("not signed by the provider", token()));
    }
    for (name, token) in wrong {
        let answer = city.tell(&token);
        assert_eq!((answer.status, answer.text().as_str()), (400, r#"{"error":"invalid_request"}"#), "{name}");
        assert!(is_in(&mut an), "{name}");
    }
    assert_eq!(city.portal.post(OUT_THERE, &[], "").status, 400, "no field at all");
    // A page of another site cannot send one either, whatever it holds.
    let foreign = [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")];
    city.there.play().signer = Key::Rsa("rsa-1", 1);
    assert_eq!(city.portal.post(OUT_THERE, &foreign, &format!("logout_token={}", token())).status, 403);
    assert!(is_in(&mut an));
    let (portal, _) = Portal::open_for_accounts();
    assert_eq!(portal.post(OUT_THERE, &[], "logout_token=a.b.c").status, 404, "without a provider there is no such address");
}
