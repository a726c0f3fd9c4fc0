//! Pages of the claims audit over the wire: protected visits, the queue and findings as files, the portal's codes from a sheet.

use std::collections::BTreeSet;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use crate::accounts::{encoded, value_of};
use crate::claims::audited;
use crate::receiving::file_of;
use crate::server::{Portal, first_number, links, sentence, words};
use crate::support::{ansinh, copy_folder, good, latest_run, text};

const CITY: &str = "vai-tro=u-city";
const SECOND: &str = "vai-tro=u-giam-dinh";
const BASE: &str = "vai-tro=u-co-so";
const HOSPITAL: &str = "vai-tro=u-co-so-y-te";
const GLASS: &str = "/nhat-ky/mo-khan-cap";
const EXPORT: &str = "/giam-dinh/danh-sach.xlsx";

/// Rows of a query over the run.
fn ask(sql: &str) -> Vec<Vec<String>> {
    let said = good(&["query", sql, "--data", text(audited())]);
    let cells = |row: &serde_json::Value| {
        row.as_array().unwrap().iter().map(|cell| cell.as_str().unwrap_or_default().to_owned()).collect()
    };
    said["rows"].as_array().unwrap().iter().map(cells).collect()
}

/// A visit of chemotherapy, which the city makes on purpose, and the names of its cost lines.
fn protected() -> (String, Vec<String>) {
    let visits = ask("SELECT visit_id FROM claim_stay WHERE main_code = 'C50.9' AND in_period ORDER BY visit_id");
    let visit = visits.first().expect("the city has a visit with C50.9")[0].clone();
    let names = ask(&format!("SELECT DISTINCT line_name FROM claim_item WHERE visit_id = {visit} AND line_name IS NOT NULL"));
    let names: Vec<String> = names.into_iter().map(|row| row[0].clone()).filter(|name| name.chars().count() > 8).collect();
    assert!(!names.is_empty());
    (visit, names)
}

/// The words of the table with cost lines.
fn cost_lines(page: &str) -> String {
    let table = page.split("id=\"dong-chi-phi\"").nth(1).expect("the cost lines stand on the sheet");
    words(table.split("</table>").next().unwrap())
}

#[test]
fn october_waits_on_when_november_is_published() {
    let folder = tempfile::tempdir().unwrap();
    let (data, city) = (folder.path().join("data"), folder.path().join("city"));
    copy_folder(audited(), &data);
    good(&["city", "--scale", "0.0005", "--seed", "11", "--from", "2026-11", "--months", "1", "--out", text(&city)]);
    let rosters = city.join("rosters").join("2026-11");
    good(&["run", "--period", "2026-11", "--rosters", text(&rosters), "--data", text(&data)]);
    assert_eq!(latest_run(&data).period.to_string(), "2026-11", "a month without a single claim");
    let before = Portal::open_copy(audited());
    let count = first_number(&sentence(&before.get_as("/giam-dinh", CITY).page())).unwrap();
    assert!(count > 0);
    let portal = Portal::open_copy(&data);
    for path in ["/giam-dinh", "/giam-dinh?ky=2026-10"] {
        let page = portal.get_as(path, CITY).page();
        assert_eq!(first_number(&sentence(&page)), Some(count), "{path}: what waits of October waits on");
        assert!(page.contains("name=\"ky\"") && words(&page).contains("Tháng 10/2026"), "the month is said and can be chosen");
    }
    let visit = links(&portal.get_as("/giam-dinh?ky=2026-10", CITY).page())
        .into_iter()
        .map(|link| link.href)
        .find(|href| href.starts_with("/giam-dinh/ho-so/"))
        .expect("a visit waits");
    assert!(visit.ends_with("?ky=2026-10"), "the sheet is of the month of its list: {visit}");
    assert_eq!(portal.get_as(&visit, CITY).status, 200);
    assert!(sheet(&portal.get_as(&format!("{EXPORT}?ky=2026-10"), CITY).body, "STT").len() > 1);
    for path in ["/giam-dinh/quy-tac?ky=2026-10", "/giam-dinh/quy-tac"] {
        assert!(portal.get_as(path, CITY).page().contains("Tháng 10/2026"), "{path}");
    }
    assert!(words(&portal.get_as("/co-so", HOSPITAL).page()).contains("Tháng 10/2026"), "the hospital's figures stay too");
    for wrong in ["/giam-dinh?ky=2026-11", "/giam-dinh?ky=thang-10", "/co-so?ky=2031-01"] {
        let cookie = if wrong.starts_with("/co-so") { HOSPITAL } else { CITY };
        assert_eq!(portal.get_as(wrong, cookie).status, 404, "{wrong} is no month with claims");
    }
}

#[test]
fn a_protected_visit_shows_nothing_until_it_is_opened_with_a_reason_and_that_is_reviewed() {
    let portal = Portal::open_copy(audited());
    let (visit, names) = protected();
    let (sheet, open) = (format!("/giam-dinh/ho-so/{visit}"), format!("/giam-dinh/ho-so/{visit}/bao-ve"));
    let post = |cookie: &str, body: &str| portal.post(&open, &[("Cookie", cookie)], body);
    let closed = portal.get_as(&sheet, CITY).page();
    assert!(!closed.contains("C50.9"), "a code of a protected disease on the sheet");
    let shown = cost_lines(&closed);
    assert!(names.iter().all(|name| !shown.contains(name.as_str())), "a drug or service of a protected visit: {shown}");
    let form = closed.split("id=\"bao-ve\"").nth(1).expect("an officer of the city may open it");
    let number = value_of(form, "so").unwrap();
    let reason = "Đối chiếu chu kỳ điều trị với chỉ định của vụ việc";
    // Who may not, does not, whatever they send; and nobody without a reason.
    let body = format!("so={number}&ly-do-mo={}", encoded(reason));
    for cookie in [BASE, HOSPITAL, "vai-tro=u-bao-ve-du-lieu", "vai-tro=u-quan-tri"] {
        assert_eq!(post(cookie, &body).status, 403, "{cookie}");
    }
    assert_eq!(post(CITY, &format!("so={number}&ly-do-mo=xem")).status, 400);
    assert!(!portal.get_as(&sheet, CITY).page().contains("C50.9"));
    let before = portal.audit_events();
    assert_eq!(post(CITY, &body).status, 303);
    assert!(portal.audit_events() > before, "opening is in the log");
    let opened = portal.get_as(&sheet, CITY).page();
    assert!(opened.contains("C50.9") && opened.contains(reason), "{}", words(&opened));
    let shown = cost_lines(&opened);
    assert!(names.iter().any(|name| shown.contains(name.as_str())), "{names:?}: {shown}");
    // Another auditor sees nothing of it, and an officer of a base office never does.
    let second = portal.get_as(&sheet, SECOND).page();
    assert!(!second.contains("C50.9") && !second.contains(reason));
    let base = portal.get_as(&sheet, BASE);
    assert!(base.status == 404 || (!base.text().contains("C50.9") && !base.text().contains("id=\"bao-ve\"")), "{}", base.text());
    // Data protection finds the opening by its visit and reviews it.
    let protection = "vai-tro=u-bao-ve-du-lieu";
    let list = portal.get_as(GLASS, protection).page();
    assert!(list.contains(&format!("V{visit}")) && list.contains(reason), "{}", words(&list));
    assert!(!list.contains("C50.9"));
    let review = list.split(&format!("action=\"{GLASS}/ho-so/")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let found = encoded("Có vụ việc, đúng việc");
    let reviewed =
        portal.post(&format!("{GLASS}/ho-so/{review}"), &[("Cookie", protection)], &format!("xem-xet-{review}={found}"));
    assert_eq!(reviewed.status, 303, "{}", reviewed.text());
    assert!(portal.get_as(GLASS, protection).page().contains("Có vụ việc, đúng việc"));
    assert!(!portal.get_as(GLASS, SECOND).page().contains(reason), "nobody else's openings");
}

#[test]
fn of_a_visit_without_a_protected_disease_nothing_is_hidden_and_nothing_opened() {
    let portal = Portal::open_copy(audited());
    let visits = ask("SELECT visit_id, main_code FROM claim_stay WHERE main_code = 'J44.9' AND in_period ORDER BY visit_id");
    let visit = &visits.first().expect("the city has a visit with J44.9")[0];
    let sheet = format!("/giam-dinh/ho-so/{visit}");
    let page = portal.get_as(&sheet, CITY).page();
    assert!(page.contains("J44.9") && !page.contains("id=\"bao-ve\""));
    let body = format!("so=number-of-form-1&ly-do-mo={}", encoded("Không có gì cần mở ở đây"));
    assert_eq!(portal.post(&format!("{sheet}/bao-ve"), &[("Cookie", CITY)], &body).status, 303);
    assert!(!portal.get_as(GLASS, "vai-tro=u-bao-ve-du-lieu").page().contains(&format!("V{visit}")));
}

/// Rows of a sheet below its head, the head first.
fn sheet(bytes: &[u8], first: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes.to_vec())).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let cell = |cell: &Data| match cell {
        Data::Empty => String::new(),
        other => other.to_string(),
    };
    let rows: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(cell).collect()).collect();
    let head = rows.iter().position(|row| row[0] == first).expect("a head");
    rows[head..].to_vec()
}

/// Rows that bear a number of a line.
fn numbered(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    rows.iter().filter(|row| row[0].parse::<f64>().is_ok()).cloned().collect()
}

#[test]
fn the_queue_goes_out_as_it_is_shown_without_anybody_in_it() {
    let portal = Portal::open_copy(audited());
    let count = first_number(&sentence(&portal.get_as("/giam-dinh", CITY).page())).unwrap();
    let before = portal.audit_events();
    let answer = portal.get_as(EXPORT, CITY);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(portal.audit_events() > before, "taking a file out is in the log");
    let rows = sheet(&answer.body, "STT");
    let lines = numbered(&rows);
    assert_eq!(lines.len() as i64, count.min(5_000));
    assert!(lines.iter().all(|row| !row[1].is_empty() && !row[3].is_empty() && !row[6].is_empty()), "facility, MA_LK and rule");
    let all = rows.concat().join(" ");
    for code in ["C50.9", "J44.9"] {
        assert!(!all.contains(code), "a code of a disease");
    }
    assert!(all.contains("giám định chi phí KCB BHYT"), "the purpose stands under it");
    let people: BTreeSet<String> =
        ask("SELECT personal_id FROM person WHERE personal_id IS NOT NULL").into_iter().map(|row| row[0].clone()).collect();
    assert!(people.len() > 1_000);
    assert!(!all.split(|c: char| !c.is_ascii_digit()).any(|run| people.contains(run)), "a personal number");
    // The same filter as the page; and who may not.
    let code = lines[0][1].clone();
    let narrow = sheet(&portal.get_as(&format!("{EXPORT}?co-so={code}"), CITY).body, "STT");
    let narrow = numbered(&narrow);
    assert!(!narrow.is_empty() && narrow.iter().all(|row| row[1] == code));
    assert_eq!(narrow.len(), lines.iter().filter(|row| row[1] == code).count());
    let rule = lines[0][6].split("; ").next().unwrap().to_owned();
    let path = format!("/giam-dinh/quy-tac/{rule}/phat-hien.xlsx");
    let of_rule = numbered(&sheet(&portal.get_as(&path, CITY).body, "STT"));
    assert!(!of_rule.is_empty() && of_rule.iter().all(|row| row[6] == rule), "{rule}");
    for path in [EXPORT, path.as_str()] {
        for cookie in [HOSPITAL, "vai-tro=u-giam-sat", "vai-tro=u-quan-tri"] {
            assert_eq!(portal.get_as(path, cookie).status, 403, "{path} {cookie}");
        }
        let commune = format!("vai-tro={}", portal.roles("u-xa-").remove(0));
        assert_eq!(portal.get_as(path, &commune).status, 403, "{path}");
    }
    // A base office takes out its own area alone, which is a part of the city's.
    let own = numbered(&sheet(&portal.get_as(EXPORT, BASE).body, "STT"));
    assert!(own.len() < lines.len());
}

/// Opens a case from the first sheet that has a form; gives its visit.
pub fn open_case(portal: &Portal) -> String {
    let queue = portal.get_as("/giam-dinh", CITY).page();
    let sheets = links(&queue).into_iter().map(|link| link.href).filter(|href| href.starts_with("/giam-dinh/ho-so/"));
    for href in sheets {
        let page = portal.get_as(&href, CITY).page();
        let Some(form) = page.split("id=\"mo-vu-viec\"").nth(1) else { continue };
        let ticks = form.split("name=\"chon-").skip(1).filter_map(|rest| rest.split('"').next());
        let ticks: Vec<String> = ticks.map(|key| format!("chon-{key}=1")).collect();
        let number = value_of(form, "so").unwrap();
        let opened = portal.post(&format!("{href}/mo"), &[("Cookie", CITY)], &format!("so={number}&{}", ticks.join("&")));
        if opened.status == 303 {
            return href.rsplit('/').next().unwrap().to_owned();
        }
    }
    panic!("no case can be opened");
}

/// The number that a tab of the queue says.
fn tab(page: &str, name: &str) -> i64 {
    let said = words(page);
    let rest = said.split(name).nth(1).unwrap_or_else(|| panic!("no tab {name}: {said}"));
    first_number(rest).unwrap()
}

#[test]
fn a_visit_with_a_case_leaves_the_counts_with_its_row_and_what_was_not_chosen_stays_in_view() {
    let portal = Portal::open_copy(audited());
    let count = |path: &str| first_number(&sentence(&portal.get_as(path, CITY).page())).unwrap();
    let before = count("/giam-dinh");
    let visit = open_case(&portal);
    let page = portal.get_as("/giam-dinh", CITY).page();
    assert_eq!(count("/giam-dinh"), before - 1, "one has a case now");
    assert_eq!(tab(&page, "Chưa mở vụ việc"), before - 1, "the tab says what its list has");
    let lines = numbered(&sheet(&portal.get_as(EXPORT, CITY).body, "STT"));
    assert_eq!(lines.len() as i64, (before - 1).min(5_000));
    assert!(lines.iter().all(|row| row[5] != visit));
    let outside = "/giam-dinh?muc=ngoai-vu-viec";
    assert_eq!(count(outside), tab(&page, "Phát hiện ngoài vụ việc đã lập"));
    let rows = numbered(&sheet(&portal.get_as(&format!("{EXPORT}?muc=ngoai-vu-viec"), CITY).body, "STT"));
    assert_eq!(rows.len() as i64, count(outside));
    let sheet_page = portal.get_as(&format!("/giam-dinh/ho-so/{visit}"), CITY).page();
    assert!(!sheet_page.contains("id=\"mo-vu-viec\""), "all of its findings were chosen: nothing is left to add");
}

#[test]
fn a_base_office_learns_nothing_of_a_visit_outside_its_area_but_its_days() {
    let portal = Portal::open_copy(audited());
    let pairs =
        ask("SELECT a.visit_id, b.visit_id, b.facility FROM claim_stay a JOIN claim_stay b ON a.person_key = b.person_key \
         WHERE a.facility <> b.facility AND a.person_link <> 'none' AND a.in_period AND b.in_period \
         ORDER BY a.visit_id, b.visit_id LIMIT 60");
    assert!(!pairs.is_empty(), "somebody goes to two facilities");
    let course = |visit: &str, cookie: &str| {
        let page = portal.get_as(&format!("/giam-dinh/ho-so/{visit}"), cookie);
        let title = "Các lần KCB của cùng người";
        (page.status == 200).then(|| words(page.text().split(title).nth(1).expect("the course stands on the sheet")))
    };
    for pair in &pairs {
        let (visit, other, facility) = (&pair[0], &pair[1], &pair[2]);
        assert!(course(visit, CITY).unwrap().contains(facility.as_str()), "the city sees every facility");
        // What is open to the base office by itself may be said; what is not says neither its facility nor a link to it.
        let Some(seen) = course(visit, BASE).filter(|_| course(other, BASE).is_none()) else { continue };
        assert!(!seen.contains(facility.as_str()) && seen.contains("Cơ sở khác"), "{seen}");
        let page = portal.get_as(&format!("/giam-dinh/ho-so/{visit}"), BASE).page();
        assert!(!page.contains(&format!("/giam-dinh/ho-so/{other}")), "no link to {other}");
    }
}

#[test]
fn numbers_beside_a_checklist_open_the_visits_they_count() {
    let portal = Portal::open_copy(audited());
    let facilities = ask("SELECT facility FROM claim_facility ORDER BY at_stake DESC, facility LIMIT 3");
    let mut opened = 0;
    for facility in facilities.iter().map(|row| row[0].as_str()) {
        let page = portal.get_as(&format!("/giam-dinh/kiem-tra?loai=contract&xem={facility}"), CITY).page();
        assert!(page.contains("Luật Bảo hiểm y tế, Điều 28"), "an item says on what law it stands");
        let own = format!("co-so={facility}");
        for link in links(&page).into_iter().filter(|link| link.href.contains(&own) && link.href.contains("quy-tac=")) {
            let said = first_number(link.text.rsplit(": ").next().unwrap()).unwrap();
            let queue = portal.get_as(&link.href, CITY).page();
            assert_eq!(first_number(&sentence(&queue)), Some(said), "{}", link.text);
            opened += 1;
        }
    }
    assert!(opened > 0, "the facilities with most at stake have something that waits");
    let none = portal.get_as("/giam-dinh/kiem-tra?xem=khong-co", CITY).page();
    assert!(!none.contains("quy-tac="), "no figures of a facility that is none");
}

#[test]
fn a_facility_sends_a_file_from_its_page_and_sees_it_wait() {
    const SEND: &str = "/co-so/gui-ho-so";
    let portal = Portal::open_copy(audited());
    let send = |cookie: &str, file: &str| portal.post_file(SEND, cookie, &[], ("tep-ho-so", file.as_bytes()));
    let own = file_of("01001");
    for cookie in [CITY, BASE] {
        assert_eq!(send(cookie, &own).status, 403, "{cookie} works for no facility");
    }
    assert!(!portal.get_as("/co-so", HOSPITAL).page().contains("id=\"tep-dang-doi\""), "nothing waits yet");
    let before = portal.audit_events();
    let answer = send(HOSPITAL, &own);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(portal.audit_events() > before, "each file is in the log");
    let page = words(&answer.page());
    assert!(page.contains("Đã nhận tệp") && page.contains("Đã nhận 1 hồ sơ, trả lại 0 hồ sơ"), "{page}");
    assert_eq!(send(HOSPITAL, &own).status, 200, "the same file again changes nothing");
    let seen = portal.get_as("/co-so", HOSPITAL).page();
    let waiting = seen.split("id=\"tep-dang-doi\"").nth(1).expect("what waits is shown");
    let rows = waiting.split("</table>").next().unwrap().matches("<tr").count();
    assert_eq!(rows, 2, "its head and one file");
    let other = send(HOSPITAL, &file_of("01013"));
    assert_eq!(other.status, 400);
    assert!(words(&other.text()).contains("Chỉ gửi tệp của cơ sở bạn"), "{}", other.text());
    assert_eq!(send(HOSPITAL, "<KHAMSUCKHOE/>").status, 400);
    assert_eq!(send(HOSPITAL, "").status, 400);
    let taken = ansinh(&["claims", "import", "--waiting", "--data", text(portal.data.path()), "--json"]);
    assert_eq!(taken.json()["files"].as_array().unwrap().len(), 1, "{taken:?}");
    assert!(!portal.get_as("/co-so", HOSPITAL).page().contains("id=\"tep-dang-doi\""), "it is in the book now");
}

#[test]
fn codes_of_the_portal_come_back_by_the_sheet_that_went_out() {
    let portal = Portal::open_copy(audited());
    let visit = open_case(&portal);
    let out = numbered(&sheet(&portal.get_as(&format!("{EXPORT}?muc=open"), CITY).body, "STT"));
    let line = out.iter().find(|row| row[5] == visit).expect("the case is in the file");
    let (facility, key) = (&line[1], &line[3]);
    let list = |code: &str| {
        format!("MA_CSKCB,MA_LK,Mã hồ sơ trên cổng\n{facility},{key},{code}\n{facility},KHONG-CO,77\n{facility},CHUA,\n")
    };
    let send =
        |cookie: &str, form: &str, file: &[u8]| portal.post_file("/giam-dinh/ma-cong", cookie, &[("so", form)], ("tep", file));
    assert_eq!(send(HOSPITAL, "portal-form-1", list("2512345678").as_bytes()).status, 403);
    let taken = send(CITY, "portal-form-2", list("2512345678").as_bytes());
    assert_eq!(taken.status, 200, "{}", taken.text());
    let said = words(&taken.text());
    assert!(said.contains("Đọc 3 dòng: ghi 1, đã có sẵn 0, để trống 1, không nhận 1"), "{said}");
    let page = portal.get_as(&format!("/giam-dinh/ho-so/{visit}"), CITY).page();
    assert!(page.contains("2512345678") && page.contains("Ghi mã hồ sơ trên cổng"), "on the case and in its history");
    let again = words(&send(CITY, "portal-form-3", list("2512345678").as_bytes()).text());
    assert!(again.contains("ghi 0, đã có sẵn 1"), "{again}");
    let wrong = words(&send(CITY, "portal-form-4", list("001190012345").as_bytes()).text());
    assert!(wrong.contains("không phải số định danh"), "{wrong}");
    // The file that went out is such a list itself.
    let whole = portal.get_as(&format!("{EXPORT}?muc=open"), CITY).body;
    let back = words(&send(CITY, "portal-form-5", &whole).text());
    assert!(back.contains("ghi 0, đã có sẵn 1"), "{back}");
    assert_eq!(send(CITY, "portal-form-6", b"no sheet").status, 400);
}

/// What stands behind each "Hồ sơ được so" of a sheet: the visit it leads to, or nothing where it is not open.
fn compared(page: &str) -> Vec<Option<String>> {
    let behind = page.split("Hồ sơ được so</dt>").skip(1).map(|rest| rest.split("</dd>").next().unwrap_or_default());
    let href = |value: &str| Some(value.split("href=\"").nth(1)?.split('"').next()?.to_owned());
    behind.map(href).collect()
}

#[test]
fn a_finding_about_two_visits_leads_to_the_other_sheet_where_that_is_open() {
    let portal = Portal::open_copy(audited());
    let rules = "'exact-duplicate', 'near-duplicate', 'outpatient-in-admission', 'visit-interval-short', 'doctor-in-two-places'";
    let visits = ask(&format!("SELECT DISTINCT visit_id FROM claim_finding WHERE rule IN ({rules}) ORDER BY visit_id LIMIT 40"));
    let mut led = 0;
    for visit in &visits {
        let page = portal.get_as(&format!("/giam-dinh/ho-so/{}", visit[0]), CITY).page();
        for other in compared(&page) {
            let other = other.expect("the whole city is open to an officer of the city");
            assert!(other.starts_with("/giam-dinh/ho-so/") && !other.ends_with(&format!("/{}", visit[0])), "{other}");
            assert_eq!(portal.get_as(&other, CITY).status, 200, "{other}");
            led += 1;
        }
        // A base office is led nowhere that is closed to it.
        let base = portal.get_as(&format!("/giam-dinh/ho-so/{}", visit[0]), BASE);
        for other in compared(&base.text()).into_iter().flatten() {
            assert_eq!(portal.get_as(&other, BASE).status, 200, "{other}");
        }
    }
    assert!(led > 0, "the city has findings about two visits: {visits:?}");
}
