//! Donors over the wire: a fund, its money, somebody chosen from the commune's list, the payment, thanks without names.

use crate::plan_pages::{act, cells, link_to, send};
use crate::server::{Portal, links, words};

/// A fund of the sample department, with money; its address.
pub fn fund(portal: &Portal, name: &str) -> String {
    let fields = [
        ("ten", name),
        ("nha-tai-tro", "Công ty Cổ phần Mùa Xuân"),
        ("loai", "organisation"),
        ("loai-hinh", "household_health"),
        ("cam-ket", "10.000.000"),
        ("toi-da", "1.500.000"),
        ("so-thang", "12"),
        ("tu-ngay", "01/01/2026"),
        ("den-ngay", "31/12/2028"),
        ("xa-phuong", ""),
    ];
    let made = send(portal, "u-phoi-hop", "/ke-hoach/tai-tro", &fields);
    assert_eq!(made.status, 303, "{}", made.text());
    let fund = made.header("location").to_owned();
    let money = [("so-tien", "2.000.000"), ("so-phieu", "PT-001"), ("ngay-nhan", "05/01/2026")];
    assert_eq!(act(portal, "u-phoi-hop", &fund, "nhan", &money).status, 303);
    fund
}

/// A commune with people on its list: the role and two of its people.
fn listed(portal: &Portal) -> (String, Vec<String>) {
    let people = |role: &str| {
        let page = portal.get_as("/nguoi-chua-tham-gia", &format!("vai-tro={role}")).page();
        let all = links(&page).into_iter().filter_map(|link| link.href.strip_prefix("/nguoi/").map(str::to_owned));
        let mut people: Vec<String> = all.filter(|id| id.bytes().all(|b| b.is_ascii_digit())).collect();
        people.dedup();
        people.retain(|id| portal.get_as(&format!("/nguoi/{id}"), &format!("vai-tro={role}")).page().contains("chon-tai-tro"));
        people
    };
    let found = portal.roles("u-xa-").into_iter().map(|role| (role.clone(), people(&role))).find(|(_, people)| people.len() >= 2);
    found.expect("a commune with people on its list")
}

#[test]
fn somebody_of_the_list_is_chosen_paid_for_once_and_the_donor_thanked_without_names() {
    let portal = Portal::open();
    let fund = fund(&portal, "Quỹ Mùa Xuân");
    let second = self::fund(&portal, "Quỹ thứ hai");
    let (commune, people) = listed(&portal);
    let id = |fund: &str| fund.rsplit('/').next().unwrap().to_owned();
    let choose = format!("/ke-hoach/chon-tai-tro/{}", people[0]);
    let pick = |fund: &str, from: &str, months: &str| {
        send(&portal, &commune, &choose, &[("quy", &id(fund)), ("tu-thang", from), ("so-thang", months)])
    };
    assert_eq!(pick(&fund, "01/2027", "13").status, 400, "more months than the rules allow");
    let chosen = pick(&fund, "01/2027", "12");
    assert_eq!(chosen.status, 303, "{}", chosen.text());
    let choice = chosen.header("location").to_owned();
    let double = pick(&second, "12/2027", "3");
    assert_eq!(double.status, 400);
    assert!(words(&double.text()).contains("đã được hỗ trợ tháng đó"), "{}", words(&double.text()));
    let pay = |dong: &str| {
        let fields = [
            ("so-tien", dong),
            ("tu-thang", "01/2027"),
            ("so-thang", "12"),
            ("bien-lai", "BL 0012345"),
            ("ngay-bien-lai", "05/02/2026"),
        ];
        act(&portal, &commune, &choice, "chi", &fields)
    };
    let page = words(&portal.get_as(&choice, &format!("vai-tro={commune}")).page());
    assert!(
        page.contains("người thứ 1") && page.contains("số dư của quỹ 2.000.000"),
        "the law's own figure stands beside: {page}"
    );
    assert_eq!(pay("1.500.001").status, 400, "more than one person may have");
    assert_eq!(pay("1.263.600").status, 303);
    // The department that keeps the fund sees the money and no person; another commune sees neither person nor page.
    let kept = portal.get_as(&fund, "vai-tro=u-phoi-hop").page();
    assert!(words(&kept).contains("736.400") && !kept.contains("nguoi-duoc-tai-tro"), "{}", words(&kept));
    assert_eq!(portal.get_as(&choice, "vai-tro=u-phoi-hop").status, 403);
    let other = portal.roles("u-xa-").into_iter().find(|role| *role != commune).unwrap();
    assert_eq!(portal.get_as(&choice, &format!("vai-tro={other}")).status, 404);
    assert_eq!(portal.get_as(&choose, &format!("vai-tro={other}")).status, 404);
    let seen = portal.get_as(&fund, &format!("vai-tro={commune}")).page();
    assert!(seen.contains(&choice), "{}", words(&seen));
    // One person is fewer than five: the thanks hold no number at all.
    let thanks = words(&portal.get_as(&format!("{fund}/cam-on"), "vai-tro=u-giam-sat").page());
    assert!(thanks.contains("không hiện") && !thanks.contains("1.263.600"), "{thanks}");
    let file = portal.get_as(&format!("{fund}/cam-on.xlsx"), "vai-tro=u-giam-sat");
    assert_eq!(file.status, 200);
    let rows = cells(&file.body);
    let hidden = rows.iter().filter(|row| row.get(1).is_some_and(|cell| cell == "không hiện")).count();
    let text = rows.into_iter().flatten().collect::<Vec<_>>().join(" ");
    assert_eq!(hidden, 2, "the commune and the sum: {text}");
    assert!(text.contains("Mùa Xuân") && !text.contains("1263600"), "{text}");
    assert_eq!(link_to(&portal, "u-phoi-hop", &fund, &format!("{fund}/cam-on")), format!("{fund}/cam-on"));
    portal.audit_events();
}
