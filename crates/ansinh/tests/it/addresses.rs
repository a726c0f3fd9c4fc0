//! What stands in addresses: nothing that somebody typed. Proxies and browsers keep addresses.

use std::collections::BTreeSet;

use crate::accounts::{encoded, value_of};
use crate::claims::audited;
use crate::roles::{filled, routes, things};
use crate::server::{Portal, first_number, links, sentence};

const LIST: &str = "/nguoi-chua-tham-gia";
const CITY: &str = "vai-tro=u-city";

/// Forms that bring a field to type into an address, and what may be typed there: words of the law, the number of a document as its code to
/// be scanned bears it, a village.
const HARMLESS: [(&str, &str); 3] = [("/luat", "tim"), ("/tra-cuu-van-ban", "ma"), ("/viec", "to")];

/// Fields of a page that bring what is typed into an address: where the form is sent, and the name of the field. Days and digits are no
/// words.
pub fn typed_into_addresses(page: &str) -> Vec<(String, String)> {
    let of = |tag: &str, name: &str| {
        let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
        Some(rest.split('"').next()?.to_owned())
    };
    let mut found = Vec::new();
    for form in page.split("<form ").skip(1) {
        let (head, rest) = form.split_once('>').unwrap();
        let body = rest.split("</form>").next().unwrap();
        let head = format!(" {head}");
        if of(&head, "method").as_deref() == Some("post") {
            continue;
        }
        let action = of(&head, "action").unwrap_or_default();
        for field in body.split('<').filter(|tag| tag.starts_with("input ") || tag.starts_with("textarea ")) {
            let kind = of(field, "type");
            let words = match kind.as_deref() {
                Some("text" | "search" | "email" | "tel") => of(field, "inputmode").as_deref() != Some("numeric"),
                Some(_) => false,
                None => true,
            };
            if words {
                found.push((action.clone(), of(field, "name").unwrap_or_default()));
            }
        }
    }
    found
}

#[test]
fn a_form_that_would_bring_a_name_into_an_address_is_seen() {
    let page = "<form class=\"form\" method=\"get\" action=\"/x\"><input id=\"q\" name=\"q\" type=\"text\" value=\"\">\
        <input type=\"text\" inputmode=\"numeric\" name=\"ngay\"><textarea id=\"l\" name=\"ly-do\" rows=\"3\"></textarea></form>\
        <form class=\"form\" method=\"post\" action=\"/y\"><textarea name=\"ly-do\"></textarea></form>";
    let found = typed_into_addresses(page);
    assert_eq!(found, [("/x".to_owned(), "q".to_owned()), ("/x".to_owned(), "ly-do".to_owned())]);
}

#[test]
fn no_page_brings_what_is_typed_into_an_address() {
    let portal = Portal::open();
    let things = things(&portal);
    let (mut pages, mut found) = (0, BTreeSet::new());
    for (path, read, _) in routes() {
        if read.is_none() {
            continue;
        }
        let at = filled(&things, &path);
        for role in ["u-city", "u-quan-tri", "u-bao-ve-du-lieu", "u-phoi-hop"] {
            let answer = portal.get_as(&at, &format!("vai-tro={role}"));
            if answer.status == 200 && answer.header("content-type").starts_with("text/html") {
                pages += 1;
                found.extend(typed_into_addresses(&answer.text()));
            }
        }
    }
    assert!(pages > 100, "only {pages} pages");
    let harmless: BTreeSet<(String, String)> = HARMLESS.map(|(form, field)| (form.to_owned(), field.to_owned())).into();
    let more: Vec<_> = found.difference(&harmless).collect();
    assert!(more.is_empty(), "send these forms by POST: {more:?}");
}

#[test]
fn a_search_finds_as_before_and_no_address_of_it_holds_the_name() {
    let portal = Portal::open();
    let at = portal.search(LIST, "", "ly-do=&q=Nguy%E1%BB%85n&xa=");
    assert!(at.starts_with(&format!("{LIST}?q=s1.")), "{at}");
    let page = portal.get(&at).page();
    let (said, whole) = (sentence(&page), sentence(&portal.get(LIST).page()));
    assert!(said.contains("Nguyễn") && first_number(&said) < first_number(&whole), "{said} of {whole}");
    // The box, the pager, the files, the chips, the switches: every link of the page keeps the search and none spells it.
    assert!(page.contains("value=\"Nguyễn\""), "what was typed stands in its box");
    for link in links(&page) {
        assert!(!link.href.contains("Nguy") && !link.href.contains("%E1%BB%85"), "{}", link.href);
    }
    let next = links(&page).into_iter().find(|link| link.href.contains("sau=")).expect("more than a page");
    assert_eq!(first_number(&sentence(&portal.get(&next.href).page())), first_number(&said));
    let file = links(&page).into_iter().find(|link| link.href.starts_with(&format!("{LIST}.csv"))).unwrap();
    assert!(portal.get(&file.href).text().contains("Nguyễn"));
    // Households are found by their number without it standing anywhere.
    let homes = portal.get(&format!("{LIST}?nhom=ho")).page();
    let home = links(&homes).into_iter().find(|link| link.href.contains("ho=s1.")).expect("a household");
    assert!(first_number(&sentence(&portal.get(&home.href).page())).unwrap() >= 1);
}

#[test]
fn an_address_of_somebody_else_or_of_an_older_program_finds_nothing_and_says_so() {
    let portal = Portal::open();
    let at = portal.search(LIST, "vai-tro=u-city", "q=huong");
    assert_eq!(portal.get_as(&at, "vai-tro=u-city").status, 200);
    let other = format!("vai-tro={}", portal.roles("u-xa-")[0]);
    for (path, role) in [(at.as_str(), other.as_str()), ("/nguoi-chua-tham-gia?q=huong", "vai-tro=u-city")] {
        let answer = portal.get_as(path, role);
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.text().contains("hãy gõ lại vào ô tìm"), "{}", answer.text());
    }
    assert_eq!(Portal::open().get_as(&at, "vai-tro=u-city").status, 400, "a portal that was started anew");
}

#[test]
fn the_way_back_after_signing_in_holds_no_name() {
    let (portal, _) = Portal::open_for_accounts();
    let to = |path: &str| portal.get(path).header("location").to_owned();
    let list = encoded_path(LIST);
    assert_eq!(to(&format!("{LIST}?q=nguyen&xa=00004")), format!("/dang-nhap?ve={list}%3Fxa%3D00004"));
    assert_eq!(to(&format!("{LIST}?q=s1.0a")), format!("/dang-nhap?ve={list}%3Fq%3Ds1.0a"));
}

/// A path as it stands in an address: strokes alone are encoded.
fn encoded_path(path: &str) -> String {
    path.replace('/', "%2F")
}

#[test]
fn a_change_of_a_whole_queue_is_looked_over_without_its_reason_in_an_address() {
    let portal = Portal::open();
    let list = portal.get(LIST).page();
    // People of rules that open their cases by themselves have one already.
    let mut people = links(&list).into_iter().map(|link| link.href).filter(|href| href.starts_with("/nguoi/"));
    let with_form = |href: String| Some((portal.get(&href).page(), href)).filter(|(page, _)| value_of(page, "ly-do").is_some());
    let (form, person) = people.find_map(with_form).unwrap();
    let fields = ["so", "ly-do"].map(|name| format!("{name}={}", value_of(&form, name).unwrap())).join("&");
    assert_eq!(portal.post(&format!("{person}/nhan-viec"), &[], &fields).status, 303);
    let queue = portal.get("/viec?hang=mine").page();
    assert!(queue.contains("method=\"post\" action=\"/viec/hang-loat\""));
    let number = "n-bulk-by-post";
    let reason = "Ông A ốm, hẹn tuần sau";
    let body = format!("hang=mine&viec=hoan&so={number}&ngay=31/12/2099&ly-do={}", encoded(reason));
    let review = portal.post("/viec/hang-loat", &[], &body);
    assert_eq!(review.status, 200, "{}", review.text());
    let review = review.text();
    assert!(review.contains(&format!("name=\"ly-do\" value=\"{reason}\"")) && review.contains("action=\"/viec/hang-loat/lam\""));
    assert!(links(&review).iter().all(|link| !link.href.contains("ly-do")));
    // Only the confirmation does it; there is no address that shows or does it.
    assert_eq!(portal.get(&format!("/viec/hang-loat/{number}")).status, 404, "nothing was begun");
    let confirmed = format!("{body}&n={}", value_of(&review, "n").unwrap());
    let done = portal.post("/viec/hang-loat/lam", &[], &confirmed);
    assert_eq!((done.status, done.header("location")), (303, &format!("/viec/hang-loat/{number}")[..]), "{}", done.text());
    assert_eq!(portal.get("/viec/hang-loat").status, 405);
}

#[test]
fn what_is_looked_for_in_the_queue_stands_sealed_in_its_address() {
    let portal = Portal::open_copy(audited());
    let queue = portal.get_as("/giam-dinh?muc=open", CITY).page();
    assert!(typed_into_addresses(&queue).is_empty());
    let at = portal.search("/giam-dinh", CITY, "muc=open&tim=LK+123");
    assert!(at.starts_with("/giam-dinh?muc=open&tim=s1."), "{at}");
    assert!(portal.get_as(&at, CITY).page().contains("value=\"LK 123\""));
}
