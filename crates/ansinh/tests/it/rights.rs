//! What people may ask about their data at the portal: a copy, a review by a person of what was found automatically.

use crate::privacy::hidden;
use crate::server::{Portal, links, words};

#[test]
fn a_rule_says_its_class_of_risk_and_how_a_person_asks_for_a_person() {
    let portal = Portal::open();
    let rule = words(&portal.get("/quy-tac/poor-without-card").page());
    for part in
        ["Mức rủi ro của xử lý tự động", "Trung bình", "người có thẩm quyền xem xét và quyết định", "Đề nghị người xem xét lại"]
    {
        assert!(rule.contains(part), "{part}: {rule}");
    }
}

#[test]
fn a_person_gets_a_copy_under_a_password_and_it_is_in_the_log() {
    let portal = Portal::open();
    let own: &[(&str, &str)] = &[("Sec-Fetch-Site", "same-origin")];
    let list = portal.get("/nguoi-chua-tham-gia").page();
    let person = links(&list).into_iter().find(|link| link.href.starts_with("/nguoi/")).expect("somebody stands on the list");
    let number = person.href.trim_start_matches("/nguoi/").to_owned();
    let page = portal.get("/du-lieu-ca-nhan/yeu-cau").page();
    let body = format!("so={}&loai=copy&nguoi=P{number}&ngay=05/01/2026&noi-dung=Xin+b%E1%BA%A3n+sao", hidden(&page, "so"));
    let made = portal.post("/du-lieu-ca-nhan/yeu-cau", own, &body);
    assert_eq!(made.status, 303, "{}", made.text());
    let at = made.header("location").to_owned();
    let copy = format!("{at}/ban-sao.xlsx");
    assert_eq!(portal.post(&copy, own, "mat-khau=1234567").status, 400, "a password has eight letters");
    let locked = portal.post(&copy, own, "mat-khau=m%E1%BA%ADt+kh%E1%BA%A9u+12");
    assert_eq!(locked.status, 200, "{}", locked.text());
    assert!(locked.body.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]), "a compound file, no ZIP: it lies under its password");
    let looked = words(&portal.get(&format!("/du-lieu-ca-nhan/ai-da-xem/{number}")).page());
    assert!(looked.contains("Xuất tệp"), "the person is told that a copy was made: {looked}");
    let staff = format!("vai-tro={}", portal.roles("u-xa-").remove(0));
    let refused = portal.post(&copy, &[own[0], ("Cookie", staff.as_str())], "mat-khau=mat-khau-12");
    assert_eq!(refused.status, 403, "a commune makes no copies");
}
