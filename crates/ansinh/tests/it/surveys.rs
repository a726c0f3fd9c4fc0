//! Satisfaction over the wire: campaigns, links that are shown once, answers without signing in, nothing that tells who answered.

use crate::plan_pages::{act, cells, number_for, send};
use crate::server::{Answer, Portal, words};

/// A campaign of the city's agency; its address.
pub fn campaign(portal: &Portal) -> String {
    let fields = [
        ("ten", "Giải quyết chế độ quý IV"),
        ("mau", "service-2026"),
        ("dich-vu", "benefits"),
        ("don-vi", "bhxh-co-so"),
        ("tu-ngay", "01/01/2026"),
        ("den-ngay", "31/12/2028"),
    ];
    let made = send(portal, "u-city", "/ke-hoach/hai-long", &fields);
    assert_eq!(made.status, 303, "{}", made.text());
    made.header("location").to_owned()
}

fn issue(portal: &Portal, campaign: &str, what: &str, links: &str) -> Answer {
    let page = portal.get_as(campaign, "vai-tro=u-city").page();
    let form = page.split(&format!("action=\"{campaign}/lien-ket\"")).nth(1).unwrap();
    let number = form.split("name=\"so\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let body = format!("so={number}&so-lien-ket={links}&viec={what}");
    portal.post(&format!("{campaign}/lien-ket"), &[("Cookie", "vai-tro=u-city")], &body)
}

fn sheet_links(portal: &Portal, campaign: &str, links: &str) -> Vec<String> {
    let file = issue(portal, campaign, "bang", links);
    assert_eq!(file.status, 200, "{}", String::from_utf8_lossy(&file.body));
    let cells = cells(&file.body).into_iter().flatten();
    cells.filter_map(|cell| cell.find("/ks/").map(|at| cell[at..].to_owned())).collect()
}

const GOOD: &str = "access=5&time=4&staff=5&result=4";

#[test]
fn a_link_is_answered_once_without_signing_in_and_every_other_link_looks_the_same() {
    let portal = Portal::open();
    let campaign = campaign(&portal);
    let links = sheet_links(&portal, &campaign, "3");
    assert_eq!(links.len(), 3, "{links:?}");
    let page = portal.get(&links[0]).page();
    assert!(page.contains("Rất hài lòng") && page.contains("Giải quyết chế độ quý IV"), "{}", words(&page));
    assert!(!page.contains("class=\"menu\"") && !page.contains("role=\"search\""), "nothing of the portal stands around it");
    let part = portal.post(&links[0], &[], "access=5&time=4");
    assert_eq!(part.status, 400);
    assert!(words(&part.text()).contains("Chọn một mức độ"), "{}", words(&part.text()));
    assert!(part.text().contains("checked"), "what was chosen stays");
    let thanked = portal.post(&links[0], &[], GOOD).page();
    assert!(words(&thanked).contains("Cảm ơn ông/bà"), "{}", words(&thanked));
    // Used, unknown, nonsense: the same page, whatever is asked.
    let used = portal.get(&links[0]).page();
    let plain =
        |page: &str| page.replace(links[0].as_str(), "").replace("/ks/ABCDEFGHJKMNPQRSTVWXYZ23456", "").replace("/ks/x", "");
    assert!(words(&used).contains("Liên kết không dùng được"), "{}", words(&used));
    for other in ["/ks/ABCDEFGHJKMNPQRSTVWXYZ23456", "/ks/x"] {
        assert_eq!(plain(&portal.get(other).page()), plain(&used), "{other}");
        assert_eq!(plain(&portal.post(other, &[], GOOD).page()), plain(&used), "{other}");
    }
    assert_eq!(plain(&portal.post(&links[0], &[], GOOD).page()), plain(&used));
    assert_eq!(act(&portal, "u-city", &campaign, "dong", &[]).status, 303);
    assert_eq!(plain(&portal.get(&links[1]).page()).replace(links[1].as_str(), ""), plain(&used), "over");
}

#[test]
fn links_are_shown_once_and_printed_with_codes() {
    let portal = Portal::open();
    let campaign = campaign(&portal);
    let printed = issue(&portal, &campaign, "in", "2").page();
    assert_eq!(printed.matches("<svg class=\"qr\"").count(), 2);
    let page = portal.get_as(&campaign, "vai-tro=u-city").page();
    assert!(!page.contains("/ks/"), "the campaign's page shows no link");
    let form = page.split(&format!("action=\"{campaign}/lien-ket\"")).nth(1).unwrap();
    let number = form.split("name=\"so\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let body = format!("so={number}&so-lien-ket=2&viec=bang");
    let at = format!("{campaign}/lien-ket");
    assert_eq!(portal.post(&at, &[("Cookie", "vai-tro=u-city")], &body).status, 200);
    let again = portal.post(&at, &[("Cookie", "vai-tro=u-city")], &body);
    assert_eq!(again.status, 400, "the same form again shows nothing");
    for role in ["u-co-so", "u-giam-sat", "u-phoi-hop"] {
        assert_eq!(portal.post(&at, &[("Cookie", &format!("vai-tro={role}"))], &body).status, 403, "{role}");
    }
}

#[test]
fn results_come_with_interval_and_only_when_enough_answered() {
    let portal = Portal::open();
    let campaign = campaign(&portal);
    let page = |role: &str| words(&portal.get_as(&campaign, &format!("vai-tro={role}")).page());
    let links = sheet_links(&portal, &campaign, "40");
    let answered = answer_all(&portal, &links[..14]);
    assert_eq!(answered, 14);
    let few = page("u-giam-sat");
    assert!(few.contains("Quá ít") && few.contains("cần từ 30 trả lời"), "{few}");
    assert!(number_for(&portal.get_as(&campaign, "vai-tro=u-city").page(), "dong").starts_with('n'));
    let all = words(&portal.get_as("/ke-hoach/hai-long", "vai-tro=u-giam-sat").page());
    assert!(all.contains("14 / 40") && all.contains("4,00"), "{all}");
    portal.audit_events();
}

/// Answers by links; how many were thanked for.
fn answer_all(portal: &Portal, links: &[String]) -> usize {
    links.iter().filter(|link| words(&portal.post(link, &[], GOOD).text()).contains("Cảm ơn")).count()
}
