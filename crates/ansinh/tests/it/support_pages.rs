//! Support of the premium on the portal: each figure opens its list, a commune sees its own, every look is in the log, files add up.

use crate::server::{PageLink, Portal, first_number, links, sentence};

const HOME: &str = "/ho-tro";
const PEOPLE: &str = "/ho-tro/nguoi";
const SHEET: &str = "/ho-tro/kinh-phi";

/// Numbers of a page that open the list of people, with those that say another number than the list.
fn figures(portal: &Portal, path: &str, cookie: &str) -> (Vec<PageLink>, Vec<String>) {
    let page = portal.get_as(path, cookie).page();
    let is_figure = |l: &PageLink| l.href.starts_with(PEOPLE) && !l.text.contains('%') && first_number(&l.text).is_some();
    let figures: Vec<PageLink> = links(&page).into_iter().filter(is_figure).collect();
    let wrong = figures
        .iter()
        .map(|figure| (figure, sentence(&portal.get_as(&figure.href, cookie).page())))
        .filter(|(figure, said)| first_number(said) != first_number(&figure.text))
        .map(|(figure, said)| format!("{} opens {}: {said}", figure.text, figure.href))
        .collect();
    (figures, wrong)
}

/// The cells of a line of CSV.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            c => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(c);
                }
            }
        }
    }
    cells
}

#[test]
fn figures_of_support_open_lists_of_as_many_people() {
    let portal = Portal::open();
    let (all, wrong) = figures(&portal, HOME, "");
    assert!(all.len() > 10, "{} figures", all.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let everybody = first_number(&sentence(&portal.get(PEOPLE).page())).unwrap();
    assert!(everybody > 1_000, "{everybody}");
    // Pages of one list hold everybody once.
    let narrow = format!("{PEOPLE}?nhom=near_poor");
    let mut path = narrow.clone();
    let mut seen = Vec::new();
    loop {
        let page = portal.get(&path).page();
        seen.extend(links(&page).into_iter().map(|l| l.href).filter(|h| h.starts_with("/nguoi/")));
        match page.split("<a ").find(|a| a.contains("rel=\"next\"")) {
            Some(next) => path = links(&format!("<a {next}")).remove(0).href,
            None => break,
        }
    }
    let count = first_number(&sentence(&portal.get(&narrow).page())).unwrap();
    assert_eq!(seen.len() as i64, count);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len() as i64, count, "somebody is listed twice");
}

#[test]
fn a_commune_sees_its_own_support_alone() {
    let portal = Portal::open();
    let user = portal.roles("u-xa-").remove(0);
    let cookie = format!("vai-tro={user}");
    let everybody = first_number(&sentence(&portal.get(PEOPLE).page())).unwrap();
    let own = first_number(&sentence(&portal.get_as(PEOPLE, &cookie).page())).unwrap();
    assert!(own > 0 && own < everybody / 10, "{own} of {everybody}");
    let (_, wrong) = figures(&portal, HOME, &cookie);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Another commune in the address changes nothing.
    let other = portal.get(HOME).page();
    let elsewhere = other.split("<option value=\"").filter_map(|o| o.get(..5)).filter(|c| c.bytes().all(|b| b.is_ascii_digit()));
    for code in elsewhere.take(5) {
        let asked = first_number(&sentence(&portal.get_as(&format!("{PEOPLE}?xa={code}"), &cookie).page())).unwrap();
        assert!(asked <= own, "{user} asks for {code}");
    }
}

#[test]
fn every_look_at_support_is_in_the_audit_log_and_words_are_there() {
    let portal = Portal::open();
    let person = links(&portal.get(PEOPLE).page()).into_iter().find(|l| l.href.starts_with("/nguoi/")).unwrap().href;
    let mut before = portal.audit_events();
    let paths = [
        HOME.to_owned(),
        format!("{PEOPLE}?nhom=poor&tinh-trang=chua-co-the"),
        format!("{PEOPLE}?loai=tu-nguyen"),
        format!("{PEOPLE}.csv?nhom=near_poor"),
        format!("{PEOPLE}.xlsx?nhom=near_poor"),
        SHEET.to_owned(),
        "/ho-tro/kinh-phi.csv".to_owned(),
        "/ho-tro/kinh-phi.xlsx".to_owned(),
        person.clone(),
    ];
    for path in &paths {
        assert_eq!(portal.get(path).status, 200, "{path}");
        let now = portal.audit_events();
        assert!(now > before, "{path} left no event");
        before = now;
    }
    for cookie in ["ngon-ngu=vi", "ngon-ngu=en"] {
        for path in paths.iter().filter(|p| !p.contains(".xlsx")) {
            let page = portal.get_as(path, cookie).page();
            assert!(!page.contains('⟦'), "{path} ({cookie}) shows {:?}", page.split('⟦').nth(1).map(|r| r.split('⟧').next()));
        }
    }
    // The person's own support shows its steps with the law behind them.
    let page = portal.get(&person).page();
    assert!(page.contains("id=\"ho-tro-health\"") && page.contains("/luat/bhyt.support."), "{person}");
}

#[test]
fn the_quarters_sheet_adds_up_by_commune_and_on_the_page() {
    let portal = Portal::open();
    let csv = portal.get("/ho-tro/kinh-phi.csv").page();
    let rows: Vec<Vec<String>> =
        csv.lines().map(cells).filter(|cells| cells.len() == 13 && cells[6].parse::<i64>().is_ok()).collect();
    assert!(rows.len() > 50, "{} lines", rows.len());
    let state: i64 =
        rows.iter().filter(|r| r[0] == "BHYT" && r[1] == "Ngân sách nhà nước").map(|r| r[6].parse::<i64>().unwrap()).sum();
    let page = portal.get(HOME).page();
    let amounts: Vec<i64> =
        links(&page).iter().filter(|l| l.href.starts_with(SHEET)).filter_map(|l| first_number(&l.text)).collect();
    assert!(amounts.contains(&state), "{state} is not among {amounts:?}");
    let xlsx = portal.get("/ho-tro/kinh-phi.xlsx");
    assert!(xlsx.body.starts_with(b"PK"));
    assert!(xlsx.header("content-disposition").contains("kinh-phi-ho-tro-2026-quy-4.xlsx"));
}
