//! Committees, their meetings and conclusions, and the money of tasks over the wire.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use crate::accounts::encoded;
use crate::server::{Answer, Portal, links, words};

/// The number of the form that does something.
pub fn number_for(page: &str, act: &str) -> String {
    let before = page.split(&format!("name=\"viec\" value=\"{act}\"")).next().unwrap();
    assert!(before.len() < page.len(), "no form does `{act}`: {}", words(page));
    hidden_before(before, "so")
}

/// The last value of a hidden field before a place.
fn hidden_before(before: &str, name: &str) -> String {
    let rest = before.rsplit(&format!("name=\"{name}\" value=\"")).next().unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// Sends a form of a page as a role: the page's number for the act, and these fields.
pub fn act(portal: &Portal, role: &str, page: &str, what: &str, fields: &[(&str, &str)]) -> Answer {
    let drawn = portal.get_as(page, &format!("vai-tro={role}")).page();
    let number = number_for(&drawn, what);
    let version = drawn.split("name=\"phien-ban\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("0");
    let more = fields.iter().map(|(name, value)| format!("&{name}={}", encoded(value))).collect::<String>();
    let body = format!("so={number}&viec={what}&phien-ban={version}{more}");
    portal.post(page, &[("Cookie", &format!("vai-tro={role}"))], &body)
}

/// Sends a form of a page that has no act.
pub fn send(portal: &Portal, role: &str, page: &str, fields: &[(&str, &str)]) -> Answer {
    let drawn = portal.get_as(page, &format!("vai-tro={role}")).page();
    let form = drawn.split(&format!("action=\"{page}\"")).nth(1).unwrap_or_else(|| panic!("no form on {page}"));
    let number = form.split("name=\"so\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let seen = form.split("name=\"da-thay\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    let more = fields.iter().map(|(name, value)| format!("&{name}={}", encoded(value))).collect::<String>();
    portal.post(page, &[("Cookie", &format!("vai-tro={role}"))], &format!("so={number}&da-thay={}{more}", encoded(seen)))
}

/// The first link of a page that begins so.
pub fn link_to(portal: &Portal, role: &str, page: &str, beginning: &str) -> String {
    let page = portal.get_as(page, &format!("vai-tro={role}")).page();
    let found = links(&page).into_iter().map(|link| link.href).find(|href| href.starts_with(beginning));
    found.unwrap_or_else(|| panic!("no {beginning}: {}", words(&page)))
}

/// All cells of the first sheet of a workbook, as text.
pub fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes.to_vec())).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let cell = |cell: &Data| match cell {
        Data::Empty => String::new(),
        other => other.to_string(),
    };
    range.rows().map(|row| row.iter().map(cell).collect()).collect()
}

/// The body of the city or of a commune, set up by its own people; its address.
pub fn committee(portal: &Portal, role: &str, commune: &str) -> String {
    let at = "/ke-hoach/ban-chi-dao";
    let made = send(
        portal,
        role,
        at,
        &[("dia-ban", commune), ("ten", "Ban Chỉ đạo"), ("quyet-dinh", "1234/QĐ-UBND"), ("ngay-quyet-dinh", "20/04/2026")],
    );
    assert_eq!(made.status, 303, "{}", made.text());
    made.header("location").to_owned()
}

/// A meeting of a body with a conclusion for a unit: the addresses of both.
pub fn meeting(portal: &Portal, role: &str, body: &str, unit: &str, due: &str) -> (String, String) {
    let fields = [("ngay-hop", "05/10/2026"), ("dia-diem", "Phòng họp số 2"), ("noi-dung", "Kiểm điểm quý III")];
    let held = act(portal, role, body, "them-cuoc-hop", &fields);
    assert_eq!(held.status, 303, "{}", held.text());
    let meeting = link_to(portal, role, body, "/ke-hoach/cuoc-hop/");
    let given =
        act(portal, role, &meeting, "ket-luan", &[("viec-giao", "Rà soát 17 tổ dân phố"), ("don-vi", unit), ("han", due)]);
    assert_eq!(given.status, 303, "{}", given.text());
    (meeting.clone(), link_to(portal, role, &meeting, "/ke-hoach/ket-luan/"))
}

#[test]
fn a_committee_meets_and_its_conclusion_is_done_by_its_unit() {
    let portal = Portal::open();
    let body = committee(&portal, "u-city", "");
    let member = [
        ("ho-ten", "Nguyễn Văn An"),
        ("chuc-vu", "Phó Chủ tịch UBND Thành phố"),
        ("vai-tro-ban", "head"),
        ("quyet-dinh", "1234/QĐ-UBND"),
        ("ngay-quyet-dinh", "20/04/2026"),
        ("tu-ngay", "20/04/2026"),
    ];
    assert_eq!(act(&portal, "u-city", &body, "them-thanh-vien", &member).status, 303);
    let phone = [&[("ho-ten", "Lê Văn Cao 0912345678")], &member[1..2], &[("vai-tro-ban", "member")], &member[3..]].concat();
    let refused = act(&portal, "u-city", &body, "them-thanh-vien", &phone);
    assert_eq!(refused.status, 400);
    assert!(words(&refused.text()).contains("không lưu số điện thoại"), "{}", words(&refused.text()));
    // The police lead it: a department of the city with the same id in the plan.
    let (_, conclusion) = meeting(&portal, "u-city", &body, "cong-an", "20/10/2026");
    let owed = words(&portal.get_as("/ke-hoach/viec-cua-don-vi", "vai-tro=u-phoi-hop").page());
    assert!(owed.contains("Kết luận giao cho đơn vị") && owed.contains("Quá hạn"), "{owed}");
    let none = portal.get_as(&conclusion, "vai-tro=u-giam-sat").page();
    assert!(!none.contains("name=\"viec\""), "who oversees does nothing");
    let done = act(&portal, "u-phoi-hop", &conclusion, "bao-cao", &[("ket-qua", "Đã rà soát 17/17 tổ")]);
    assert_eq!(done.status, 303, "{}", done.text());
    assert_eq!(act(&portal, "u-city", &conclusion, "tra-lai", &[("ly-do-tra", "Thiếu tổ 5")]).status, 303);
    assert_eq!(act(&portal, "u-phoi-hop", &conclusion, "bao-cao", &[("ket-qua", "Đủ cả tổ 5")]).status, 303);
    assert_eq!(act(&portal, "u-city", &conclusion, "xac-nhan", &[]).status, 303);
    let seen = words(&portal.get_as(&conclusion, "vai-tro=u-giam-sat").page());
    assert!(seen.contains("Đã hoàn thành") && seen.contains("Đủ cả tổ 5"), "{seen}");
    portal.audit_events();
}

#[test]
fn a_team_is_its_communes_own_and_all_communes_stand_on_one_page() {
    let portal = Portal::open();
    let communes = portal.roles("u-xa-");
    let (own, other) = (communes[0].as_str(), communes[1].as_str());
    let code = own.trim_start_matches("u-xa-");
    let team = committee(&portal, own, code);
    let foreign = portal.get_as(&team, &format!("vai-tro={other}")).page();
    assert!(!foreign.contains("them-cuoc-hop"), "another commune reads and does not write");
    let fields = "so=n-foreign-1&viec=them-cuoc-hop&ngay-hop=05/10/2026&dia-diem=A&noi-dung=B";
    assert_eq!(portal.post(&team, &[("Cookie", &format!("vai-tro={other}"))], fields).status, 400);
    assert_eq!(portal.post(&team, &[("Cookie", "vai-tro=u-city")], &fields.replace("n-foreign-1", "n-foreign-2")).status, 400);
    let (held, _) = meeting(&portal, own, &team, &format!("xa-{code}"), "20/10/2026");
    let added = portal.post_file(
        &format!("{held}/bien-ban"),
        &format!("vai-tro={own}"),
        &[("so", "n-minutes-0001")],
        ("tep-moi", b"%PDF-1.7\n\x00\xff"),
    );
    assert_eq!(added.status, 303, "{}", added.text());
    let file = link_to(&portal, own, &held, "/ke-hoach/tep-hop/");
    let opened = portal.get_as(&file, &format!("vai-tro={other}"));
    assert_eq!((opened.status, opened.body.as_slice()), (200, &b"%PDF-1.7\n\x00\xff"[..]));
    let all = words(&portal.get_as("/ke-hoach/ban-chi-dao", "vai-tro=u-giam-sat").page());
    assert!(all.contains("1 quá hạn") && all.contains("Chưa thành lập"), "{all}");
}

#[test]
fn money_is_written_by_its_unit_corrected_with_a_reason_and_adds_up_in_the_file() {
    let portal = Portal::open();
    let commune = portal.roles("u-xa-").remove(0);
    let page = "/ke-hoach/kinh-phi";
    let put = |role: &str, fields: &[(&str, &str)]| send(&portal, role, page, &[&[("nam", "2026")], fields].concat());
    let first = [("nhiem-vu", "3a"), ("nguon", "city_budget"), ("ke-hoach", "500.000.000"), ("da-chi", "0"), ("ly-do", "")];
    assert_eq!(put("u-city", &first).status, 303);
    let half = [("nhiem-vu", "3a"), ("nguon", "insurance"), ("ke-hoach", "1,5"), ("da-chi", "0")];
    let refused = put("u-city", &half);
    assert_eq!(refused.status, 400);
    assert!(words(&refused.text()).contains("1,5"), "{}", words(&refused.text()));
    let silent =
        [("nhiem-vu", "3a"), ("nguon", "city_budget"), ("ke-hoach", "500000000"), ("da-chi", "120000000"), ("ly-do", "")];
    assert_eq!(put("u-city", &silent).status, 400, "a correction needs its reason");
    let told = [&silent[..4], &[("ly-do", "Quyết toán quý III")]].concat();
    assert_eq!(put("u-city", &told).status, 303);
    let own =
        [("nhiem-vu", "3c"), ("nguon", "commune_budget"), ("ke-hoach", "40 000 000"), ("da-chi", "40 000 000"), ("ly-do", "")];
    assert_eq!(put(&commune, &own).status, 303);
    assert_eq!(put("u-city", &[("nhiem-vu", "99"), ("nguon", "other"), ("ke-hoach", "1"), ("da-chi", "1")]).status, 400);
    let seen = words(&portal.get_as(&format!("{page}?nam=2026"), "vai-tro=u-giam-sat").page());
    assert!(seen.contains("540.000.000") && seen.contains("160.000.000") && seen.contains("Quyết toán quý III"), "{seen}");
    let less = words(&portal.get_as(page, &format!("vai-tro={commune}")).page());
    assert!(less.contains("40.000.000") && !less.contains("500.000.000"), "a commune sees its own: {less}");
    let file = portal.get_as("/ke-hoach/kinh-phi.xlsx?nam=2026", "vai-tro=u-giam-sat");
    assert_eq!(file.status, 200);
    let rows = cells(&file.body);
    let amounts = |row: &Vec<String>| (row[4].parse::<i64>().unwrap(), row[5].parse::<i64>().unwrap());
    let entries: Vec<(i64, i64)> = rows.iter().filter(|row| ["3a", "3c"].contains(&row[0].as_str())).map(amounts).collect();
    let total = rows.iter().find(|row| row[0] == "Tổng").map(amounts).unwrap();
    assert_eq!(entries, [(500_000_000, 120_000_000), (40_000_000, 40_000_000)]);
    assert_eq!(total, entries.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1)));
    let task = words(&portal.get_as("/ke-hoach/nhiem-vu/3a?nam=2026", "vai-tro=u-city").page());
    assert!(task.contains("120.000.000"), "{task}");
}
