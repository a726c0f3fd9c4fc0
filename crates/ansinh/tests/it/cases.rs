//! Cases over the wire: lists given to a named officer.

use crate::accounts::value_of;
use crate::server::{Portal, first_number, sentence};

const CITY: &str = "vai-tro=u-city";
const LIST: &str = "/nguoi-chua-tham-gia";
const RULE: &str = "household-card-lapsed";

/// A commune whose list of one reason is not empty: its clerk, its code, how many lines, and the list as the city sees it.
fn commune(portal: &Portal) -> (String, String, i64, String) {
    let found = portal.roles("u-xa-").into_iter().find_map(|clerk| {
        let code = clerk.trim_start_matches("u-xa-").to_owned();
        let page = portal.get_as(&format!("{LIST}?xa={code}&ly-do={RULE}"), CITY).page();
        let count = first_number(&sentence(&page)).filter(|n| (1..1_000).contains(n))?;
        Some((clerk, code, count, page))
    });
    found.expect("a commune with a lapsed card")
}

#[test]
fn a_list_becomes_cases_of_a_named_officer() {
    let portal = Portal::open();
    let (clerk, code, count, page) = commune(&portal);
    assert!(page.contains(&format!("<option value=\"{clerk}\"")), "the commune's clerk is offered");
    let other = portal.roles("u-xa-").into_iter().find(|role| *role != clerk).unwrap();
    assert!(!page.contains(&format!("<option value=\"{other}\"")), "the clerk of another commune would see nothing of it");
    let mine =
        |role: &str| first_number(&sentence(&portal.get_as("/viec?hang=mine", &format!("vai-tro={role}")).page())).unwrap();
    assert_eq!(mine(&clerk), 0);
    let number = value_of(&page, "so").unwrap();
    let give = |cookie: &str, to: &str| {
        portal.post(
            &format!("{LIST}/nhan-viec"),
            &[("Cookie", cookie)],
            &format!("so={number}&cho=nguoi{to}&xa={code}&ly-do={RULE}"),
        )
    };
    assert_eq!(give(CITY, "").status, 400, "to nobody");
    let as_clerk = format!("vai-tro={clerk}");
    assert_eq!(give(&as_clerk, "&giao-cho=u-city").status, 403, "a clerk gives to nobody");
    assert!(!portal.get_as(&format!("{LIST}?xa={code}"), &as_clerk).page().contains("value=\"nguoi\""));
    let given = give(CITY, &format!("&giao-cho={clerk}")).page();
    assert!(given.contains(&format!("/viec?hang=open&amp;nguoi={clerk}")), "{given}");
    assert_eq!(mine(&clerk), count, "all of them are the clerk's");
    assert_eq!(mine("u-city"), 0);
}
