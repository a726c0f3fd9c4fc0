//! Letters over the wire: whose finding it is, who may write, what stands in it and what never does.

use std::io::{Cursor, Read};

use crate::server::{Portal, links};

const LIST: &str = "/nguoi-chua-tham-gia";

/// The text of a draft.
pub fn text_of(bytes: &[u8]) -> String {
    let mut file = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    file.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
    text
}

/// Drafts the letter of a finding and gives the document's page; the status where it is refused.
pub fn draft(portal: &Portal, path: &str, cookie: &str) -> Result<String, u16> {
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("cookie", cookie)];
    let answer = portal.post(path, &headers, &format!("so=form-{}", path.replace('/', "-")));
    if answer.status == 303 { Ok(answer.header("location").to_owned()) } else { Err(answer.status) }
}

/// The draft's text.
fn written(portal: &Portal, path: &str) -> String {
    let document = draft(portal, path, "").unwrap();
    let answer = portal.get(&format!("{document}/van-ban.docx"));
    assert_eq!(answer.status, 200);
    text_of(&answer.body)
}

/// Where the forms of a page send to.
pub fn actions(page: &str) -> Vec<String> {
    page.split(" action=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

/// The first person on the list of a reason.
pub fn somebody(portal: &Portal, reason: &str, cookie: &str) -> String {
    let page = portal.get_as(&format!("{LIST}?ly-do={reason}"), cookie).page();
    links(&page).into_iter().map(|l| l.href).find(|h| h.starts_with("/nguoi/")).unwrap_or_else(|| panic!("nobody with {reason}"))
}

#[test]
fn a_commune_drafts_the_reminder_of_a_lapsed_card() {
    let portal = Portal::open();
    let page = portal.get(&format!("{LIST}?ly-do=household-card-lapsed")).page();
    let person = links(&page).into_iter().map(|l| l.href).find(|h| h.starts_with("/nguoi/")).unwrap();
    let shown = portal.get(&person).page();
    let path =
        actions(&shown).into_iter().find(|to| to.ends_with("/thu/household-card-lapsed")).expect("the page has the button");
    let text = written(&portal, &path);
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
        assert_eq!(draft(&portal, &format!("{person}/thu/{rule}"), ""), Err(404), "{rule}");
    }
    // The staff of another commune see neither the person nor the letter.
    let others = portal.roles("u-xa-").into_iter().filter(|user| {
        let cookie = format!("vai-tro={user}");
        portal.get_as(&person, &cookie).status == 404
    });
    let other = others.into_iter().next().unwrap();
    assert_eq!(draft(&portal, &path, &format!("vai-tro={other}")), Err(404));
    let document = draft(&portal, &path, "").unwrap();
    for page in [document.clone(), format!("{document}/van-ban.docx")] {
        assert_eq!(portal.get_as(&page, &format!("vai-tro={other}")).status, 404, "{page}");
    }
}

#[test]
fn about_wages_the_employer_is_asked_and_never_the_person_or_by_a_commune() {
    let portal = Portal::open();
    let person = somebody(&portal, "wage-without-compulsory", "");
    let wage = draft(&portal, &format!("{person}/thu/wage-without-compulsory"), "");
    assert_eq!(wage, Err(404), "its letter goes to the employer");
    let manager = somebody(&portal, "manager-due", "");
    let path = format!("{manager}/thu/manager-due");
    let text = written(&portal, &path);
    assert!(text.contains("chưa phải kết luận") && text.contains("THƯ MỜI"), "{}", &text[..400.min(text.len())]);
    for word in ["triệu đồng", "mức thu nhập:", "tiền lương:"] {
        assert!(!text.to_lowercase().contains(word), "{word}");
    }
    let user = portal.roles("u-xa-").remove(0);
    let refused = draft(&portal, &path, &format!("vai-tro={user}"));
    assert!(matches!(refused, Err(403 | 404)), "{refused:?}");
}

#[test]
fn an_employer_is_asked_by_an_official_letter() {
    let portal = Portal::open();
    let page = portal.get("/don-vi").page();
    let employer =
        links(&page).into_iter().map(|l| l.href).find(|h| h.starts_with("/don-vi/") && !h.contains("can-xem")).unwrap();
    let shown = portal.get(&employer).page();
    let path = actions(&shown).into_iter().find(|to| to.contains("/thu/")).expect("the page has the button");
    let text = written(&portal, &path);
    assert!(
        text.contains("V/v ") && text.contains("mã số thuế") && !text.contains("THÔNG BÁO"),
        "{}",
        &text[..400.min(text.len())]
    );
    assert!(!text.contains('{'), "every field is filled");
}
