//! The portal over the wire: who may come, what every answer carries, what nobody sees, agreeing totals.

use std::collections::BTreeSet;

use engine::rows;

use crate::server::{PageLink, Portal, first_number, links, sentence};
use crate::support::{book, latest_run};

const LIST: &str = "/nguoi-chua-tham-gia";
const WAGE: &str = "wage-without-compulsory";
const LAPSED: &str = "household-card-lapsed";

#[test]
fn only_this_machine_and_this_portal_are_served() {
    let portal = Portal::open();
    for host in ["example.com", "192.168.1.20:8080", "127.0.0.1.example.com", "[::2]:8080", ""] {
        let answer = portal.ask("GET", "/", &[("Host", host)], "");
        // Without a Host the server itself may refuse before the guard does.
        assert!(answer.status == 421 || (host.is_empty() && answer.status == 400), "{host}: {}", answer.status);
        assert!(!answer.text().contains("<main"), "{host}");
    }
    for host in ["localhost", "127.0.0.1", "[::1]"] {
        let host = format!("{host}:{}", portal.port);
        assert_eq!(portal.ask("GET", "/", &[("Host", &host)], "").status, 200, "{host}");
    }
    let own = portal.address();
    let strangers: [&[(&str, &str)]; 5] = [
        &[("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "same-site")],
        &[("Origin", "http://example.com")],
        &[("Origin", "null")],
        &[("Sec-Fetch-Site", "cross-site"), ("Origin", &own)],
    ];
    for headers in strangers {
        assert_eq!(portal.post("/nguoi/1/khong-cung-nguoi", headers, "").status, 403, "{headers:?}");
    }
    let at_home = portal.post("/nguoi/1/khong-cung-nguoi", &[("Sec-Fetch-Site", "same-origin"), ("Origin", &own)], "");
    assert_ne!(at_home.status, 403, "a form of the portal itself is taken");
}

#[test]
fn every_answer_carries_the_headers() {
    let portal = Portal::open();
    let home = portal.get("/").page();
    let asset = links_of_assets(&home).into_iter().find(|a| a.ends_with(".css")).unwrap();
    for path in ["/", LIST, "/quy-tac", "/du-lieu", "/vai-tro", "/muc", "/khong-co", "/nguoi/999999999", &asset] {
        let answer = portal.get(path);
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        let kept = answer.header("cache-control");
        assert_eq!(kept == "no-store", path != asset, "{path}: {kept}");
        // Inline styles and scripts would not run under this policy; they must not be there at all.
        let page = String::from_utf8_lossy(&answer.body).into_owned();
        if answer.header("content-type").starts_with("text/html") {
            assert!(!page.contains(" style=\"") && !page.contains("<style") && !page.contains("onclick="), "{path}");
            assert!(page.split("<script").skip(1).all(|s| s.contains(" src=\"/assets/")), "{path}");
        }
    }
}

#[test]
fn pages_not_there_say_so_in_both_languages() {
    let portal = Portal::open();
    for (cookie, lang) in [("", "vi"), ("ngon-ngu=en", "en")] {
        let wanted = text_of(lang, "app-error-not-found-title");
        for path in ["/khong-co-trang-nay", "/nguoi/999999999", "/quy-tac/khong-co", "/du-lieu/khong-co"] {
            let answer = portal.get_as(path, cookie);
            assert_eq!(answer.status, 404, "{path} {lang}");
            let page = answer.text();
            assert!(page.contains(&format!("<html lang=\"{lang}\"")), "{path} {lang}: {page}");
            assert!(page.contains(&format!("<h1>{wanted}</h1>")), "{path} {lang}: {page}");
            // The way back is there.
            assert!(page.contains("href=\"/\""), "{path} {lang}");
        }
    }
    let wrong = portal.get(&format!("{LIST}?sau=abc"));
    assert_eq!(wrong.status, 400);
    assert!(wrong.text().contains(&text_of("vi", "app-error-request-title")), "{}", wrong.text());
}

#[test]
fn no_list_shows_a_full_number_of_a_person() {
    let portal = Portal::open();
    let (people, cards) = numbers_of_people(&portal);
    assert!(people.len() > 10_000 && cards.len() > 10_000, "{} and {}", people.len(), cards.len());
    let wanted = [
        "/".to_owned(),
        LIST.to_owned(),
        format!("{LIST}?ly-do={LAPSED}"),
        format!("{LIST}?ly-do={WAGE}"),
        format!("{LIST}?ly-do=pupil-without-valid-card"),
        format!("{LIST}?ly-do=no-card-unexplained"),
        portal.search(LIST, "", "q=nguyen"),
        format!("{LIST}.csv"),
        "/du-lieu".to_owned(),
        "/quy-tac".to_owned(),
    ];
    for path in wanted {
        let page = portal.get(&path).page();
        for number in runs_of_digits(&page) {
            assert!(!people.contains(&number), "{path} shows a personal id");
            assert!(!cards.contains(&number), "{path} shows an insurance number");
            assert!(number.len() != 12 || !number.starts_with('0'), "{path} shows 12 digits like a personal id");
        }
    }
    // The pages of single people show the ends of a number at most, until it is asked for.
    let list = portal.get(LIST).page();
    let people_pages = links(&list).into_iter().filter(|l| l.href.starts_with("/nguoi/"));
    for link in people_pages.take(5) {
        let page = portal.get(&link.href).page();
        assert!(runs_of_digits(&page).all(|n| !people.contains(&n)), "{} shows a personal id unasked", link.href);
    }
}

#[test]
fn a_commune_sees_its_own_people_and_no_wages() {
    let portal = Portal::open();
    let user = portal.roles("u-xa-").remove(0);
    let cookie = format!("vai-tro={user}");
    let home = portal.get_as("/", &cookie).page();
    let list = portal.get_as(LIST, &cookie).page();
    for page in [&home, &list] {
        assert!(!page.contains(WAGE), "wages of the tax office reach a commune");
    }
    let everyone = first_number(&sentence(&portal.get(LIST).page())).unwrap();
    let own = first_number(&sentence(&list)).unwrap();
    assert!(own > 0 && own < everyone / 10, "{own} of {everyone}");
    // Asked for by address, the wage list is refused or empty, on the page and in the file.
    for path in [format!("{LIST}?ly-do={WAGE}"), format!("{LIST}.csv?ly-do={WAGE}"), format!("{LIST}.xlsx?ly-do={WAGE}")] {
        let answer = portal.get_as(&path, &cookie);
        if path.contains(".xlsx") || answer.status != 200 {
            assert!(matches!(answer.status, 200 | 403 | 404), "{path}: {}", answer.status);
            continue;
        }
        let page = answer.text();
        assert!(links(&page).iter().all(|l| !l.href.starts_with("/nguoi/")), "{path} names people");
        if path == format!("{LIST}?ly-do={WAGE}") {
            assert_eq!(first_number(&sentence(&page)), Some(0), "{path}");
        }
    }
    // A person of the city's list who lives elsewhere is not there for the commune.
    let own_people: BTreeSet<String> = people_of(&list);
    let others: Vec<String> = people_of(&portal.get(&format!("{LIST}?ly-do={WAGE}")).page()).into_iter().collect();
    assert!(!others.is_empty());
    let refused = others.iter().filter(|p| portal.get_as(p, &cookie).status == 404).count();
    assert!(refused + 3 >= others.len(), "{refused} of {} people of the whole city are out of reach", others.len());
    for person in own_people.iter().take(3) {
        portal.get_as(person, &cookie).page();
    }
    // Another commune is an empty list, and the data of the whole city is not shown.
    let elsewhere = links(&portal.get("/").page())
        .into_iter()
        .map(|l| l.href)
        .find(|h| h.starts_with("/xa-phuong/") && !home.contains(h.as_str()));
    let code = elsewhere.unwrap().trim_start_matches("/xa-phuong/").to_owned();
    let elsewhere = portal.get_as(&format!("{LIST}?xa={code}"), &cookie).page();
    assert_eq!(first_number(&sentence(&elsewhere)), Some(0));
    assert_eq!(portal.get_as("/du-lieu", &cookie).status, 403, "rosters of the whole city");
}

#[test]
fn every_view_of_data_is_in_the_audit_log() {
    let portal = Portal::open();
    let list = portal.get(LIST).page();
    let person = people_of(&list).into_iter().next().unwrap();
    let mut before = portal.audit_events();
    let wage_list = format!("{LIST}?ly-do={WAGE}");
    for path in
        ["/", LIST, &wage_list, &person, "/du-lieu", "/quy-tac", "/quy-tac/household-card-lapsed", "/nguoi-chua-tham-gia.csv"]
    {
        portal.get(path).page();
        let now = portal.audit_events();
        assert!(now > before, "{path} left no event");
        before = now;
    }
}

/// What a commune may not see must be missing from its numbers and its lists alike.
#[test]
fn numbers_agree_with_the_lists_they_open() {
    let portal = Portal::open();
    for cookie in ["", "ngon-ngu=en"] {
        let (figures, wrong) = figures_of_the_front_page(&portal, cookie);
        let reasons = figures.iter().filter(|l| l.href.contains("ly-do=")).count();
        assert!(reasons >= 3, "{reasons} reasons have a number on the front page: {figures:?}");
        assert!(figures.len() > 126, "{} figures on the front page", figures.len());
        assert!(wrong.is_empty(), "{} of {} figures disagree:\n{}", wrong.len(), figures.len(), wrong.join("\n"));
    }
}

#[test]
fn numbers_agree_for_communes_too() {
    let portal = Portal::open();
    let mut wrong = Vec::new();
    for user in portal.roles("u-xa-").iter().take(30) {
        let (figures, disagree) = figures_of_the_front_page(&portal, &format!("vai-tro={user}"));
        assert!(!figures.is_empty(), "{user} sees no figure");
        wrong.extend(disagree.iter().map(|words| format!("{user}: {words}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Numbers on the front page that open the list, and those that say another number than the list.
fn figures_of_the_front_page(portal: &Portal, cookie: &str) -> (Vec<PageLink>, Vec<String>) {
    let home = portal.get_as("/", cookie).page();
    let opens_list = |l: &PageLink| l.href.starts_with(LIST) && !l.text.contains('%') && is_figure(&l.text);
    let mut figures: Vec<PageLink> = links(&home).into_iter().filter(opens_list).collect();
    figures.extend(tiles(&home));
    let mut wrong = Vec::new();
    for figure in &figures {
        let said = sentence(&portal.get_as(&figure.href, cookie).page());
        if first_number(&said) != first_number(&figure.text) {
            wrong.push(format!("{} opens {}: {said}", figure.text, figure.href));
        }
    }
    (figures, wrong)
}

#[test]
fn no_page_shows_a_key_instead_of_words() {
    let portal = Portal::open();
    let list = portal.get(LIST).page();
    let mut paths: Vec<String> = ["/", LIST, "/du-lieu", "/quy-tac", "/vai-tro", "/muc"].map(str::to_owned).into();
    paths.extend([WAGE, LAPSED, "pupil-without-valid-card", "no-card-unexplained"].map(|r| format!("{LIST}?ly-do={r}")));
    paths.extend([WAGE, LAPSED, "pupil-without-valid-card"].map(|r| format!("/quy-tac/{r}")));
    paths.extend([WAGE, LAPSED].map(|r| format!("{LIST}.csv?ly-do={r}")));
    paths.extend(
        ["/xa-phuong", "/chi-tieu-giao", "/lan-chay", "/huong-dan", "/huong-dan/ly-do", "/?do=so-nguoi"].map(str::to_owned),
    );
    paths.extend(["I1", "I3", "I5", "I7"].map(|id| format!("/chi-tieu/{id}")));
    paths.extend(["/chi-tieu-giao/2027/I2", "/chi-tieu-giao/2027/I2/thanh-pho", "/?trinh-chieu=1&man=7"].map(str::to_owned));
    let commune = portal.roles("u-xa-").remove(0).trim_start_matches("u-xa-").to_owned();
    paths.extend([format!("/xa-phuong/{commune}"), format!("/xa-phuong/{commune}/ban-tin")]);
    paths.extend(people_of(&list).into_iter().take(10));
    paths.extend(links(&portal.get("/du-lieu").page()).into_iter().map(|l| l.href).filter(|h| h.starts_with("/du-lieu/")));
    for cookie in ["ngon-ngu=vi", "ngon-ngu=en"] {
        for path in &paths {
            let page = portal.get_as(path, cookie).page();
            assert!(!page.contains('⟦'), "{path} ({cookie}) shows {:?}", page.split('⟦').nth(1).map(|r| r.split('⟧').next()));
        }
    }
}

#[test]
fn paging_shows_everybody_once() {
    let portal = Portal::open();
    let mut path = format!("{LIST}?ly-do={LAPSED}");
    let count = first_number(&sentence(&portal.get(&path).page())).unwrap();
    let mut seen = Vec::new();
    loop {
        let page = portal.get(&path).page();
        seen.extend(links(&page).into_iter().map(|l| l.href).filter(|h| h.starts_with("/nguoi/")));
        let next = page.split("<a ").find(|a| a.contains("rel=\"next\"")).map(|a| links(&format!("<a {a}")).remove(0).href);
        match next {
            Some(next) => path = next,
            None => break,
        }
        assert!(seen.len() as i64 <= count, "paging does not end");
    }
    assert_eq!(seen.len() as i64, count);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len() as i64, count, "somebody is listed twice");
}

#[test]
fn switches_set_a_cookie_and_lead_back_into_the_portal() {
    let portal = Portal::open();
    let answer = portal.get("/ngon-ngu?lang=en&back=/quy-tac");
    assert_eq!((answer.status, answer.header("location")), (303, "/quy-tac"));
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("ngon-ngu=en") && cookie.contains("HttpOnly") && cookie.contains("SameSite="), "{cookie}");
    assert!(portal.get_as("/quy-tac", "ngon-ngu=en").page().contains("<html lang=\"en\""));
    let dark = portal.get("/giao-dien?theme=dark&back=/");
    assert!(dark.header("set-cookie").starts_with("giao-dien=dark"), "{dark:?}");
    assert!(portal.get_as("/", "giao-dien=dark").page().contains("data-theme=\"dark\""));
    for elsewhere in [
        "//example.com",
        "https://example.com",
        "/\\example.com",
        "javascript:alert(1)",
        "%2F%2Fexample.com",
        "/%09/example.com",
        "/%0A/example.com",
    ] {
        let answer = portal.get(&format!("/ngon-ngu?lang=en&back={elsewhere}"));
        assert!(!answer.header("location").contains("example") && !answer.header("location").contains("script"), "{answer:?}");
    }
    for wrong in ["/ngon-ngu?lang=xx&back=/", "/giao-dien?theme=pink&back=/"] {
        assert!(
            !portal.get(wrong).header("set-cookie").contains("xx;") && !portal.get(wrong).header("set-cookie").contains("pink")
        );
    }
}

/// The tiles of the map: how many lack a card, as the readout says it, and the list of those.
fn tiles(page: &str) -> Vec<PageLink> {
    let tiles = page.split("<a ").filter(|a| a.starts_with("class=\"t "));
    tiles
        .map(|tile| {
            let facts = tile.split("data-facts=\"").nth(1).and_then(|f| f.split('"').next()).unwrap();
            let text = facts.split('|').nth(1).unwrap_or_else(|| panic!("a tile says only `{facts}`")).to_owned();
            // A tile opens its commune's page; the number it says is that of the commune's list.
            let link = links(&format!("<a {tile}")).remove(0);
            let code = link.href.trim_start_matches("/xa-phuong/");
            PageLink { text, href: format!("{LIST}?xa={code}&the=khong"), ..link }
        })
        .collect()
}

/// Figures are links that say a number and nothing longer than a word or two.
fn is_figure(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && first_number(text).is_some()
}

fn people_of(page: &str) -> BTreeSet<String> {
    links(page).into_iter().map(|l| l.href).filter(|h| h.starts_with("/nguoi/")).collect()
}

fn links_of_assets(page: &str) -> Vec<String> {
    page.split('"').filter(|part| part.starts_with("/assets/")).map(str::to_owned).collect()
}

/// Numbers of nine digits and more that stand by themselves. Digits within a longer word (the token of a form, a hash) are
/// nobody's number, and a token drawn anew each time would look like one now and then.
fn runs_of_digits(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| word.len() >= 9 && word.bytes().all(|b| b.is_ascii_digit())).map(str::to_owned)
}

/// A text of the portal from the locale files, as they are in the repository.
fn text_of(lang: &str, key: &str) -> String {
    let path = format!("{}/../../locales/{lang}/app.ftl", env!("CARGO_MANIFEST_DIR"));
    let texts = std::fs::read_to_string(path).unwrap();
    let line = texts.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='));
    line.unwrap_or_else(|| panic!("no text `{key}` in {lang}")).trim().to_owned()
}

/// Personal ids and insurance numbers of everybody in the register.
fn numbers_of_people(portal: &Portal) -> (BTreeSet<String>, BTreeSet<String>) {
    let run = latest_run(portal.data.path());
    let mut numbers = (BTreeSet::new(), BTreeSet::new());
    for batch in book(portal.data.path()).read_table(&run.tables()["person"], None).unwrap() {
        for (column, into) in [("personal_id", &mut numbers.0), ("insurance_number", &mut numbers.1)] {
            let values = rows::text(&batch, column).unwrap();
            into.extend((0..batch.num_rows()).filter_map(|row| rows::text_at(&values, row)).map(str::to_owned));
        }
    }
    numbers
}
