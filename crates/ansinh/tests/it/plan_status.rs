//! Where the plan stands: the command and the pages say the same, terms are put off, units reminded, periods closed.

use serde_json::{Value, json};

use crate::accounts::{encoded, value_of};
use crate::server::{Answer, Portal, demo_data, words};
use crate::support::{ansinh, good, latest_run, text};

const CITY: &str = "vai-tro=u-city";

fn status(portal: &Portal) -> Value {
    good(&["plan", "status", "--data", text(portal.data.path())])
}

fn task<'v>(status: &'v Value, id: &str) -> &'v Value {
    status["tasks"].as_array().unwrap().iter().find(|task| task["id"] == id).unwrap()
}

fn send(portal: &Portal, path: &str, body: &str) -> Answer {
    portal.post(path, &[("Cookie", CITY)], body)
}

/// A form of a page with its number; the fields follow.
fn form(portal: &Portal, page: &str, action: &str, body: &str) -> Answer {
    let page = portal.get_as(page, CITY).page();
    let own = page
        .split("<form")
        .find(|form| form.contains(&format!("action=\"{action}\"")))
        .unwrap_or_else(|| panic!("no form to {action}"));
    let hidden: Vec<String> =
        ["so", "han", "ky"].into_iter().filter_map(|name| value_of(own, name).map(|value| format!("{name}={value}"))).collect();
    send(portal, action, &format!("{}&{body}", hidden.join("&")))
}

#[test]
fn the_status_has_the_promised_keys_and_is_the_run() {
    let own_data = demo_data();
    let demo = || own_data.path();
    let run = latest_run(demo());
    let status = good(&["plan", "status", "--data", text(demo())]);
    assert_eq!((&status["schema"], &status["run"]), (&json!(1), &json!(run.id.as_str())));
    let indicators = status["indicators"].as_array().unwrap();
    let ids: Vec<&str> = indicators.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9"]);
    for one in indicators {
        for key in ["value", "reason", "numerator", "denominator", "target", "as_of"] {
            assert!(one.get(key).is_some(), "{key}: {one}");
        }
        match one["value"].as_f64() {
            Some(value) => {
                assert!((0.0..=1.0).contains(&value) && one["reason"].is_null(), "{one}");
                let (over, under) = (one["numerator"].as_f64().unwrap(), one["denominator"].as_f64().unwrap());
                assert!((value - over / under).abs() < 1e-7, "{one}");
                assert_eq!(one["as_of"], json!("2026-10-31"));
            }
            None => assert!(one["reason"].as_str().is_some_and(|why| !why.is_empty()), "{one}"),
        }
    }
    assert!(indicators[0]["value"].as_f64().is_some(), "coverage of health insurance is known: {}", indicators[0]);
    assert_eq!(indicators[0]["target"], json!(1.0));
    let tasks = status["tasks"].as_array().unwrap();
    assert_eq!(tasks.len(), 34);
    let states = ["late", "doing", "on_time", "no_term"];
    for task in tasks {
        assert!(states.contains(&task["state"].as_str().unwrap()) && task.get("due").is_some(), "{task}");
    }
    // Figures of a task are counted, and one that waits says for what.
    let of = |id: &str, figure: &str| {
        let found = task(&status, id)["figures"].as_array().unwrap().iter().find(|one| one["id"] == figure).unwrap().clone();
        (found["numerator"].clone(), found["reason"].clone(), found["reached"].clone())
    };
    assert!(of("2a", "not-covered-health").0.as_i64().unwrap() > 0);
    assert!(of("2f", "pupils-with-card").2.is_boolean());
    assert!(of("5b", "commune-visits").1.as_str().unwrap().contains("khám chữa bệnh"));
    let human = ansinh(&["plan", "status", "--data", text(demo())]);
    assert!(human.stdout.contains("34 nhiệm vụ") && human.stdout.contains("I1"), "{}", human.stdout);
    let missing = ansinh(&["plan", "status", "--data", text(demo()), "--period", "2025-01", "--json"]);
    assert_eq!((missing.code, &missing.error()["code"]), (3, &json!("no_run")));
}

#[test]
fn a_page_shows_the_figures_of_the_status() {
    let portal = Portal::open();
    let status = status(&portal);
    let counted = task(&status, "2a")["figures"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["id"] == "not-covered-health")
        .unwrap()["numerator"]
        .as_i64()
        .unwrap();
    let page = portal.get_as("/ke-hoach/nhiem-vu/2a", CITY).page();
    let shown = web::format::number(web::Lang::Vi, counted);
    assert!(page.contains(&format!("href=\"/nguoi-chua-tham-gia\">{shown}<")), "{shown} on {page}");
    assert!(words(&page).contains(status["run"].as_str().unwrap()));
    // A commune sees its own people; the communes and nobody else make up the city.
    let commune = portal.roles("u-xa-").remove(0);
    let own = portal.get_as("/ke-hoach/nhiem-vu/2a", &format!("vai-tro={commune}")).page();
    assert!(!own.contains(&format!(">{shown}<")), "the city's number on a commune's page");
    let brief = words(&portal.get_as("/ke-hoach/tom-tat", CITY).page());
    assert!(brief.contains("Nhiệm vụ quá hạn") && brief.contains("I1"), "{brief}");
}

#[test]
fn a_term_is_put_off_and_then_no_longer_late() {
    let portal = Portal::open();
    let before = status(&portal);
    let late = task(&before, "2a");
    let (due, late_terms) = (late["due"].as_str().unwrap().to_owned(), late["late"].as_u64().unwrap());
    assert_eq!(late["state"], json!("late"), "nobody reported anything yet");
    let here = format!("/ke-hoach/nhiem-vu/2a/ky-han/{due}");
    let fields = |day: &str| {
        format!("han-moi={}&van-ban={}&ly-do={}", encoded(day), encoded("Công văn 12/UBND"), encoded("Chờ hướng dẫn"))
    };
    assert_eq!(form(&portal, &here, &format!("{here}/lui"), &fields("không phải ngày")).status, 400);
    assert_eq!(form(&portal, &here, &format!("{here}/lui"), &fields("31/01/2031")).status, 303);
    let after = status(&portal);
    let now = task(&after, "2a");
    assert_eq!(now["late"].as_u64().unwrap(), late_terms - 1);
    assert_ne!(now["due"], json!(due), "the next late term stands first");
    let page = words(&portal.get_as(&here, CITY).page());
    assert!(page.contains("Công văn 12/UBND") && page.contains("31/01/2031"), "{page}");
    let commune = portal.roles("u-xa-").remove(0);
    let tried = portal.post(
        &format!("{here}/lui"),
        &[("Cookie", &format!("vai-tro={commune}"))],
        "so=x&han-moi=1/2/2031&van-ban=x&ly-do=x",
    );
    assert_eq!(tried.status, 403);
    assert_eq!(portal.get_as("/ke-hoach/nhiem-vu/2a/ky-han/2026-01-02", CITY).status, 404);
}

#[test]
fn an_agency_is_reminded_of_its_data_by_a_letter_that_becomes_a_document() {
    let portal = Portal::open();
    let list = words(&portal.get_as("/ke-hoach/du-lieu", CITY).page());
    assert!(list.contains("Sở Du lịch") && list.contains("Thuế thành phố Hà Nội"), "{list}");
    let here = "/ke-hoach/du-lieu/tourism-guides";
    let body = format!("cach=letter&noi-dung={}", encoded("Đề nghị gửi danh sách trước ngày làm việc cuối tháng."));
    let sent = form(&portal, here, &format!("{here}/nhac"), &body);
    assert_eq!(sent.status, 303, "{}", sent.text());
    let document = sent.header("location").to_owned();
    assert!(document.starts_with("/van-ban/"), "{document}");
    let letter = words(&portal.get_as(&document, CITY).page());
    assert!(letter.contains("Sở Du lịch") && letter.contains("đôn đốc thực hiện"), "{letter}");
    let docx = portal.get_as(&format!("{document}/van-ban.docx"), CITY);
    assert!(docx.status == 200 && docx.body.starts_with(b"PK"), "a letter opens as a file");
    let page = portal.get_as(here, CITY).page();
    assert!(page.contains(&document), "the reminder links its letter");
    let by_phone = form(&portal, here, &format!("{here}/nhac"), &format!("cach=phone&noi-dung={}", encoded("Đã gọi")));
    assert_eq!(by_phone.header("location"), here);
    assert_eq!(form(&portal, here, &format!("{here}/nhac"), "cach=pigeon&noi-dung=x").status, 400);
    assert!(words(&portal.get_as("/ke-hoach/du-lieu", CITY).page()).contains("Đã nhắc 2 lần"));
}

#[test]
fn a_closed_period_keeps_its_run_and_takes_no_more_reports() {
    let portal = Portal::open();
    let run = latest_run(portal.data.path());
    let path = "/ke-hoach/khoa-ky?nam=2026";
    let closed = send(&portal, "/ke-hoach/khoa-ky", "ky=2026-10&so=x");
    assert_eq!(closed.status, 303, "{}", closed.text());
    let page = words(&portal.get_as(path, CITY).page());
    assert!(page.contains("Đã khóa") && page.contains(run.id.as_str()), "{page}");
    assert_eq!(send(&portal, "/ke-hoach/khoa-ky", "ky=2030-12&so=x").status, 400, "not over yet");
    assert_eq!(send(&portal, "/ke-hoach/khoa-ky", "ky=2026-Q9&so=x").status, 400);
    // A term of October takes no report any more.
    let owed = portal.get_as("/ke-hoach/viec-cua-don-vi", CITY).page();
    let number = value_of(&owed, "so").unwrap();
    let begun = send(&portal, "/ke-hoach/bao-cao", &format!("nhiem-vu=2a&han=2026-10-30&so={number}"));
    assert_eq!(begun.status, 400, "{}", begun.text());
    let commune = portal.roles("u-xa-").remove(0);
    assert_eq!(portal.post("/ke-hoach/khoa-ky", &[("Cookie", &format!("vai-tro={commune}"))], "ky=2026-04&so=x").status, 403);
}

#[test]
fn scorecards_show_parts_and_no_sum() {
    let portal = Portal::open();
    let units = portal.get_as("/ke-hoach/danh-gia", CITY).page();
    assert!(words(&units).contains("Không có điểm tổng"));
    // A unit has its page: its tasks alone, and the data it owes.
    assert!(units.contains("href=\"/ke-hoach/don-vi/so-y-te\""));
    let health = portal.get_as("/ke-hoach/don-vi/so-y-te", CITY).page();
    assert_eq!(health.matches("href=\"/ke-hoach/nhiem-vu/").count(), 6, "the six tasks of the department of health");
    assert!(portal.get_as("/ke-hoach/don-vi/so-du-lich", CITY).page().contains("/ke-hoach/du-lieu/tourism-guides"));
    assert_eq!(portal.get_as("/ke-hoach/don-vi/khong-co", CITY).status, 404);
    let communes = portal.get_as("/ke-hoach/danh-gia?cua=xa-phuong", CITY).page();
    assert_eq!(communes.matches("href=\"/xa-phuong/").count(), 126, "every commune has its line");
    let commune = portal.roles("u-xa-").remove(0);
    let own = portal.get_as("/ke-hoach/danh-gia", &format!("vai-tro={commune}")).page();
    assert_eq!(own.matches("href=\"/xa-phuong/").count(), 1, "a commune sees its own");
    assert_eq!(portal.get_as("/ke-hoach/lich?thang=2026-12", CITY).status, 200);
    assert!(words(&portal.get_as("/ke-hoach/lich?thang=2026-12", CITY).page()).contains("31/12/2026"));
}

#[test]
fn the_page_of_health_care_stands_beside_the_plans_other_pages() {
    let portal = Portal::open();
    let commune = format!("vai-tro={}", portal.roles("u-xa-").remove(0));
    for cookie in [CITY, commune.as_str()] {
        for page in ["/ke-hoach", "/ke-hoach/lich", "/ke-hoach/kham-chua-benh"] {
            let page = portal.get_as(page, cookie).page();
            assert!(
                page.contains("href=\"/ke-hoach/kham-chua-benh\"") && page.contains("href=\"/ke-hoach/danh-gia\""),
                "{cookie}"
            );
        }
    }
}

#[test]
fn targets_become_documents_of_the_city_and_of_a_commune() {
    let portal = Portal::open();
    let page = portal.get_as("/chi-tieu-giao?nam=2027", CITY).page();
    assert!(page.contains("action=\"/chi-tieu-giao/2027/van-ban\""), "the city may draft its submission");
    let drafted = form(&portal, "/chi-tieu-giao?nam=2027", "/chi-tieu-giao/2027/van-ban", "");
    assert_eq!(drafted.status, 303, "{}", drafted.text());
    let document = drafted.header("location").to_owned();
    let letter = words(&portal.get_as(&document, CITY).page());
    assert!(letter.contains("năm 2027") && letter.contains("Kính đề nghị Ủy ban nhân dân Thành phố"), "{letter}");
    let docx = portal.get_as(&format!("{document}/van-ban.docx"), CITY).body;
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(docx)).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("word/document.xml").unwrap(), &mut xml).unwrap();
    assert!(xml.contains("TỜ TRÌNH"), "it is a submission");
    let annex = &xml[xml.find("Phụ lục. Chỉ tiêu năm 2027").expect("an annex")..];
    assert_eq!(annex.matches("<w:tr>").count(), 127, "a head and every commune");
    assert!(portal.get_as(&format!("{document}/van-ban.pdf"), CITY).body.starts_with(b"%PDF"));
    // A commune reads the sentence for its plan and drafts its own decision.
    let commune = portal.roles("u-xa-").remove(0);
    let cookie = format!("vai-tro={commune}");
    let own = portal.get_as("/chi-tieu-giao?nam=2027", &cookie).page();
    assert!(words(&own).contains("Năm 2027: ") && words(&own).contains(" đạt "), "the sentence");
    let number = value_of(own.split("/chi-tieu-giao/2027/van-ban").nth(1).unwrap(), "so").unwrap();
    let drafted = portal.post("/chi-tieu-giao/2027/van-ban", &[("Cookie", &cookie)], &format!("so={number}"));
    assert_eq!(drafted.status, 303, "{}", drafted.text());
    let letter = words(&portal.get_as(drafted.header("location"), &cookie).page());
    assert!(letter.contains("Điều 1. Giao chỉ tiêu năm 2027"), "{letter}");
    let oversight = portal.post("/chi-tieu-giao/2027/van-ban", &[("Cookie", "vai-tro=u-giam-sat")], "so=x");
    assert_eq!(oversight.status, 403);
}
