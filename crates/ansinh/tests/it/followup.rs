//! The plan followed over the wire: what a unit owes, its report, who confirms it, who does not see it.

use crate::accounts::{encoded, value_of};
use crate::server::{Answer, Portal, links, words};

fn fields(page: &str, names: &[&str]) -> String {
    names.iter().map(|name| format!("{name}={}", value_of(page, name).unwrap())).collect::<Vec<_>>().join("&")
}

fn send(portal: &Portal, role: &str, path: &str, body: &str) -> Answer {
    portal.post(path, &[("Cookie", &format!("vai-tro={role}"))], body)
}

/// Does something with a report as its page offers it.
fn act(portal: &Portal, role: &str, report: &str, what: &str) -> Answer {
    act_over(portal, role, role, report, what)
}

/// Does something with a report over the page that another role sees.
fn act_over(portal: &Portal, role: &str, seen_by: &str, report: &str, what: &str) -> Answer {
    let page = portal.get_as(report, &format!("vai-tro={seen_by}")).page();
    send(portal, role, report, &format!("{}&{what}", fields(&page, &["phien-ban", "so"])))
}

#[test]
fn a_commune_reports_and_the_agency_confirms() {
    let portal = Portal::open();
    let communes = portal.roles("u-xa-");
    let (own, other) = (communes[0].as_str(), communes[1].as_str());
    let owed = portal.get_as("/ke-hoach/viec-cua-don-vi", &format!("vai-tro={own}")).page();
    let begun = send(&portal, own, "/ke-hoach/bao-cao", &fields(&owed, &["nhiem-vu", "han", "so"]));
    assert_eq!(begun.status, 303, "{}", begun.text());
    let report = begun.header("location").to_owned();
    assert!(report.starts_with("/ke-hoach/bao-cao/"), "{report}");
    let again = send(&portal, own, "/ke-hoach/bao-cao", &fields(&owed, &["nhiem-vu", "han", "so"]));
    assert_eq!(again.header("location"), report, "one report a term");

    let empty = act(&portal, own, &report, "viec=gui");
    assert_eq!(empty.status, 400, "{}", empty.text());
    let text = encoded("Đã phát 12 tin.\nĐã niêm yết danh sách.");
    assert_eq!(act(&portal, own, &report, &format!("viec=ghi&ket-qua={text}")).status, 303);
    assert_eq!(act(&portal, own, &report, "viec=gui").status, 303);
    assert_eq!(act(&portal, "u-city", &report, "viec=gui").status, 400, "not the city's report");
    assert_eq!(portal.get_as(&report, &format!("vai-tro={other}")).status, 404);
    let back = format!("viec=tra-lai&ly-do={}", encoded("Nêu số tin theo tuần"));
    assert_eq!(act(&portal, "u-city", &report, &back).status, 303);
    let page = words(&portal.get_as(&report, &format!("vai-tro={own}")).page());
    assert!(page.contains("Nêu số tin theo tuần"), "{page}");
    assert_eq!(act(&portal, own, &report, "viec=gui").status, 303);
    assert_eq!(act_over(&portal, own, "u-city", &report, "viec=xac-nhan").status, 403);
    assert_eq!(act(&portal, "u-city", &report, "viec=xac-nhan").status, 303);
    let seen = words(&portal.get_as(&report, "vai-tro=u-giam-sat").page());
    assert!(seen.contains("Đã xác nhận") && seen.contains("Đã phát 12 tin."), "{seen}");
    portal.audit_events();
}

#[test]
fn a_unit_begins_no_report_of_what_it_does_not_lead() {
    let portal = Portal::open();
    let owed = portal.get_as("/ke-hoach/viec-cua-don-vi", "vai-tro=u-city").page();
    let (term, number) = (value_of(&owed, "han").unwrap(), value_of(&owed, "so").unwrap());
    let commune = portal.roles("u-xa-").remove(0);
    let foreign = send(&portal, &commune, "/ke-hoach/bao-cao", &format!("nhiem-vu=2a&han={term}&so={number}"));
    assert_eq!(foreign.status, 400, "{}", foreign.text());
    let never = send(&portal, "u-city", "/ke-hoach/bao-cao", &format!("nhiem-vu=2a&han=2026-01-02&so={number}"));
    assert_eq!(never.status, 400, "a day that is no term");
    assert_eq!(send(&portal, "u-giam-sat", "/ke-hoach/bao-cao", "nhiem-vu=2a&han=2026-12-31&so=x").status, 403);
}

#[test]
fn all_tasks_stand_on_the_page_and_each_opens() {
    let portal = Portal::open();
    let page = portal.get_as("/ke-hoach", "vai-tro=u-giam-sat").page();
    let mut tasks: Vec<String> =
        links(&page).into_iter().map(|link| link.href).filter(|to| to.starts_with("/ke-hoach/nhiem-vu/")).collect();
    tasks.dedup();
    assert_eq!(tasks.len(), 34, "{tasks:?}");
    for task in &tasks {
        portal.get_as(task, "vai-tro=u-giam-sat").page();
    }
    assert_eq!(portal.get_as("/ke-hoach/nhiem-vu/99", "vai-tro=u-giam-sat").status, 404);
    assert_eq!(portal.get_as("/ke-hoach", "vai-tro=u-don-vi").status, 403, "an employer sees no plan");
}
