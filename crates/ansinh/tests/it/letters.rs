//! Drafts of letters over the wire: whose finding it is, who may take it out, what stands in it and what never does.

use std::io::{Cursor, Read};

use crate::server::{Portal, links};

const LIST: &str = "/nguoi-chua-tham-gia";

/// The text of a draft.
fn text_of(bytes: &[u8]) -> String {
    let mut file = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    file.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The first person on the list of a reason.
fn somebody(portal: &Portal, reason: &str, cookie: &str) -> String {
    let page = portal.get_as(&format!("{LIST}?ly-do={reason}"), cookie).page();
    links(&page).into_iter().map(|l| l.href).find(|h| h.starts_with("/nguoi/")).unwrap_or_else(|| panic!("nobody with {reason}"))
}

#[test]
fn a_commune_drafts_the_reminder_of_a_lapsed_card() {
    let portal = Portal::open();
    let page = portal.get(&format!("{LIST}?ly-do=household-card-lapsed")).page();
    let person = links(&page).into_iter().map(|l| l.href).find(|h| h.starts_with("/nguoi/")).unwrap();
    let shown = portal.get(&person).page();
    let draft =
        links(&shown).into_iter().find(|l| l.href.ends_with("/thu/household-card-lapsed")).expect("the page links the draft");
    let answer = portal.get(&draft.href);
    assert_eq!(answer.status, 200);
    let text = text_of(&answer.body);
    for part in [
        "BẢO HIỂM XÃ HỘI THÀNH PHỐ HÀ NỘI",
        "THÔNG BÁO",
        "Gia hạn thẻ bảo hiểm y tế hộ gia đình",
        "Cán bộ phụ trách:",
        "Kính gửi: Ông/Bà ",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let name =
        shown.split("<h1").nth(1).and_then(|h| h.split_once('>')).and_then(|(_, rest)| rest.split(['<', ',']).next()).unwrap();
    assert!(text.contains(name.trim()), "{name}");
    assert!(!text.contains('{') && !text.contains('}'), "every field is filled");
    // A letter of a finding that the person does not have, and of a rule there is not.
    for rule in ["pupil-without-valid-card", "khong-co"] {
        assert_eq!(portal.get(&format!("{person}/thu/{rule}")).status, 404, "{rule}");
    }
    // The staff of another commune see neither the person nor the letter.
    let others = portal.roles("u-xa-").into_iter().filter(|user| {
        let cookie = format!("vai-tro={user}");
        portal.get_as(&person, &cookie).status == 404
    });
    let other = others.into_iter().next().unwrap();
    assert_eq!(portal.get_as(&draft.href, &format!("vai-tro={other}")).status, 404);
}

#[test]
fn about_wages_the_employer_is_asked_and_never_the_person_or_by_a_commune() {
    let portal = Portal::open();
    let person = somebody(&portal, "wage-without-compulsory", "");
    assert_eq!(portal.get(&format!("{person}/thu/wage-without-compulsory")).status, 404, "its letter goes to the employer");
    let manager = somebody(&portal, "manager-due", "");
    let path = format!("{manager}/thu/manager-due");
    let text = text_of(&portal.get(&path).body);
    assert!(text.contains("chưa phải kết luận") && text.contains("THƯ MỜI"), "{}", &text[..400.min(text.len())]);
    for word in ["triệu đồng", "mức thu nhập:", "tiền lương:"] {
        assert!(!text.to_lowercase().contains(word), "{word}");
    }
    let user = portal.roles("u-xa-").remove(0);
    let refused = portal.get_as(&path, &format!("vai-tro={user}"));
    assert!(matches!(refused.status, 403 | 404), "{}", refused.status);
}

#[test]
fn an_employer_is_asked_by_an_official_letter() {
    let portal = Portal::open();
    let page = portal.get("/don-vi").page();
    let employer =
        links(&page).into_iter().map(|l| l.href).find(|h| h.starts_with("/don-vi/") && !h.contains("can-xem")).unwrap();
    let shown = portal.get(&employer).page();
    let draft = links(&shown).into_iter().find(|l| l.href.contains("/thu/")).expect("the page links the draft");
    let text = text_of(&portal.get(&draft.href).body);
    assert!(
        text.contains("V/v ") && text.contains("mã số thuế") && !text.contains("THÔNG BÁO"),
        "{}",
        &text[..400.min(text.len())]
    );
    assert!(!text.contains('{'), "every field is filled");
}
