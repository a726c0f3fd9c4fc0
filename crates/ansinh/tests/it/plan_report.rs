//! The periodic report: the command's files and the portal say the same figures, texts name figures, each unit has its own.

use std::io::{Cursor, Read};
use std::path::Path;

use calamine::Reader;
use serde_json::{Value, json};

use crate::accounts::{encoded, value_of};
use crate::server::{Portal, demo_data, words};
use crate::support::{ansinh, good, latest_run, text};

const CITY: &str = "vai-tro=u-city";

/// Makes a report as of one day; gives what the command says and the file.
fn made(data: &Path, name: &str, more: &[&str]) -> (Value, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join(name);
    let arguments = ["plan", "report", "--data", text(data), "--on", "2026-11-30", "--out", text(&out)];
    let said = good(&[&arguments[..], more].concat());
    (said, std::fs::read(&out).unwrap())
}

/// The words of a part of a Word file.
fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut xml).unwrap();
    words(&xml)
}

fn figure<'v>(said: &'v Value, name: &str) -> &'v Value {
    said["figures"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("no {name}: {said}"))
}

#[test]
fn the_figures_of_the_files_are_those_of_the_portal() {
    let own_data = demo_data();
    let demo = || own_data.path();
    let month = ["--period", "2026-10"];
    let (said, docx) = made(demo(), "a.docx", &month);
    let run = latest_run(demo());
    assert_eq!((&said["schema"], &said["run"], &said["tasks"]), (&json!(1), &json!(run.id.as_str()), &json!(34)));
    assert_eq!(made(demo(), "b.docx", &month).1, docx, "the same report, the same bytes");
    let document = part(&docx, "word/document.xml");
    let notes = part(&docx, "word/footnotes.xml");
    assert!(notes.contains(run.id.as_str()) && notes.contains("số liệu đến hết 31/10/2026"), "{notes}");
    for heading in
        ["1. Các chỉ tiêu", "2. Kết quả thực hiện nhiệm vụ", "3. Nhiệm vụ quá hạn và lý do", "5. Phương hướng và đề nghị"]
    {
        assert!(document.contains(heading), "{heading}");
    }
    // Every indicator and task is told, those without figures with the reason.
    for task in ["1", "2a", "5d", "7c", "8b"] {
        assert!(document.contains(&format!("Nhiệm vụ {task}.")), "{task}");
    }
    assert!(document.contains("chưa có số liệu (Phần giám định"), "an indicator without figures says why");
    let coverage = figure(&said, "I1")["shown"].as_str().unwrap().to_owned();
    let people = figure(&said, "not-covered-health")["shown"].as_str().unwrap().to_owned();
    assert!(document.contains(&coverage) && document.contains(&people), "{coverage} {people}");
    let portal = Portal::open();
    let task = words(&portal.get_as("/ke-hoach/nhiem-vu/2a", CITY).page());
    assert!(task.contains(&people), "{people} on the page of the task");
    let card = words(&portal.get_as("/chi-tieu/I1", CITY).page());
    // The card has the sign in the head of its column.
    assert!(card.contains(coverage.trim_end_matches('%')), "{coverage} on the page of the indicator");
    let page = portal.get_as("/ke-hoach/bao-cao-ky?ky=2026-10", CITY).page();
    assert!(words(&page).contains(&coverage) && page.contains("href=\"/chi-tieu/I1\""), "{coverage} on the report's page");
    // The sheet has the same as numbers.
    let (_, xlsx) = made(demo(), "a.xlsx", &month);
    assert_eq!(made(demo(), "b.xlsx", &month).1, xlsx);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(xlsx)).unwrap();
    let names = ["Chỉ tiêu", "Nhiệm vụ", "Quá hạn", "Khó khăn, kiến nghị", "Số liệu nhiệm vụ", "Kỳ hạn"];
    assert_eq!(book.sheet_names(), names);
    let sheet = book.worksheet_range("Chỉ tiêu").unwrap();
    let row = sheet.rows().find(|row| row[0] == "I1").unwrap();
    let number = |cell: &calamine::Data| match cell {
        calamine::Data::Float(number) => *number,
        other => panic!("{other} is no number"),
    };
    let (over, under) = (number(&row[3]), number(&row[4]));
    assert!((number(&row[2]) - 100.0 * over / under).abs() < 0.005_1, "{row:?}");
    assert_eq!(web::format::number(web::Lang::Vi, over as i64), figure(&said, "I1.tu")["shown"].as_str().unwrap());
    assert_eq!(
        book.worksheet_range("Nhiệm vụ").unwrap().rows().filter(|row| row[0].to_string().starts_with(char::is_numeric)).count(),
        34
    );
    let (_, pdf) = made(demo(), "a.pdf", &month);
    assert!(pdf.starts_with(b"%PDF-1.") && pdf == made(demo(), "b.pdf", &month).1);
    let (_, png) = made(demo(), "a.png", &["--period", "2026-W47"]);
    assert!(png.starts_with(b"\x89PNG") && png.len() < 500_000, "{}", png.len());
}

#[test]
fn units_and_communes_have_their_own() {
    let own_data = demo_data();
    let demo = || own_data.path();
    let (said, docx) = made(demo(), "a.docx", &["--period", "2026-Q4", "--unit", "so-y-te"]);
    let document = part(&docx, "word/document.xml");
    assert!(document.contains("SỞ Y TẾ") && document.contains("/BC-SYT") && document.contains("quý IV năm 2026"), "{document}");
    assert!(document.contains("Nhiệm vụ 5d.") && !document.contains("Nhiệm vụ 2a."), "only what it leads");
    assert_eq!(said["unit"], json!("so-y-te"));
    let portal = Portal::open();
    let commune = portal.roles("u-xa-").remove(0);
    let unit = commune.trim_start_matches("u-").to_owned();
    let (own, docx) = made(portal.data.path(), "b.docx", &["--period", "2026-10", "--unit", &unit]);
    let document = part(&docx, "word/document.xml");
    assert!(document.contains("ỦY BAN NHÂN DÂN") && document.contains("Nhiệm vụ 3c."), "{document}");
    assert_eq!(own["tasks"], json!(2));
    let (city, _) = made(portal.data.path(), "c.docx", &["--period", "2026-10"]);
    assert_ne!(figure(&own, "I1.mau")["shown"], figure(&city, "I1.mau")["shown"], "its own residents");
    // On the portal a commune opens its own and nobody else's.
    let as_commune = format!("vai-tro={commune}");
    let page = words(&portal.get_as("/ke-hoach/bao-cao-ky?ky=2026-10", &as_commune).page());
    assert!(page.contains(figure(&own, "I1")["shown"].as_str().unwrap()), "{page}");
    assert_eq!(portal.get_as("/ke-hoach/bao-cao-ky?ky=2026-10&don-vi=so-y-te", &as_commune).status, 404);
    let file = portal.get_as(&format!("/ke-hoach/bao-cao-ky/tep?ky=2026-10&don-vi={unit}&dang=docx"), &as_commune);
    assert_eq!(file.status, 200);
    assert!(file.header("content-disposition").contains("bao-cao-2026-10-"), "{}", file.header("content-disposition"));
}

#[test]
fn a_written_text_names_its_figures_and_typed_ones_are_told() {
    let portal = Portal::open();
    let here = "/ke-hoach/bao-cao-ky/loi-van?ky=2026-10&don-vi=";
    let write = |role: &str, text: &str| {
        let page = portal.get_as(here, &format!("vai-tro={role}")).page();
        let own = page.split("<form").find(|form| form.contains("value=\"directions\"")).unwrap().to_owned();
        let fields = format!("so={}&phien-ban={}", value_of(&own, "so").unwrap(), value_of(&own, "phien-ban").unwrap());
        let body = format!("viec=ghi&muc=directions&{fields}&loi-van-directions={}", encoded(text));
        portal.post(here, &[("Cookie", &format!("vai-tro={role}"))], &body)
    };
    assert_eq!(write("u-city", "Giữ tỷ lệ bao phủ {I1}.\n- Rà soát <người> chưa có thẻ.").status, 303);
    let (said, docx) = made(portal.data.path(), "a.docx", &["--period", "2026-10"]);
    let coverage = figure(&said, "I1")["shown"].as_str().unwrap();
    let document = part(&docx, "word/document.xml");
    assert!(document.contains(&format!("Giữ tỷ lệ bao phủ {coverage}")), "{document}");
    assert_eq!(said["written"], json!([{"section": "directions", "doubts": 0}]));
    let page = words(&portal.get_as(here, CITY).page());
    assert!(page.contains("{I1}") && page.contains(coverage) && !page.contains("Có số gõ tay"), "{page}");
    // The same figure typed by hand is warned of, on the page and by the command.
    assert_eq!(write("u-city", &format!("Giữ tỷ lệ bao phủ {coverage}.")).status, 303);
    assert!(words(&portal.get_as(here, CITY).page()).contains("Có số gõ tay"));
    let (said, _) = made(portal.data.path(), "b.docx", &["--period", "2026-10"]);
    assert_eq!(said["written"][0]["doubts"], json!(1));
    // Who oversees reads and does not write.
    let seen = portal.get_as(here, "vai-tro=u-giam-sat").page();
    assert!(!seen.contains("name=\"muc\""), "a form for who does not write");
    let tried = portal.post(here, &[("Cookie", "vai-tro=u-giam-sat")], "viec=ghi&muc=directions&phien-ban=2&so=x1234567");
    assert_eq!(tried.status, 403);
    portal.audit_events();
}

#[test]
fn slides_lead_from_one_to_the_next() {
    let portal = Portal::open();
    let mut path = "/ke-hoach/trinh-chieu?ky=2026-10".to_owned();
    let mut seen = 0;
    loop {
        let page = portal.get_as(&path, CITY).page();
        seen += 1;
        assert!(seen < 40, "the slides do not end");
        let next = crate::server::links(&page)
            .into_iter()
            .map(|link| link.href)
            .rfind(|to| to.contains("trinh-chieu") && to.contains("man="));
        match next.filter(|to| to.ends_with(&format!("man={}", seen + 1))) {
            Some(to) => path = to,
            None => break,
        }
    }
    assert!(seen >= 6, "{seen} slides");
}

#[test]
fn what_is_asked_wrongly_is_told() {
    let own_data = demo_data();
    let demo = || own_data.path();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("a.docx");
    let tried = |more: &[&str]| {
        let arguments = ["plan", "report", "--data", text(demo()), "--out", text(&out)];
        ansinh(&[&arguments[..], more].concat()).code
    };
    assert_eq!(tried(&["--period", "quy-4"]), 2);
    assert_eq!(tried(&["--period", "2026-10", "--unit", "so-nao-do"]), 2);
    assert_eq!(tried(&["--period", "2026-10", "--receiver", "ubnd-theo-doi-nhiem-vu"]), 2, "a receiver's sheet is XLSX");
    assert!(!out.exists());
    assert_eq!(tried(&["--period", "2026-10"]), 0);
    assert_eq!(tried(&["--period", "2026-10"]), 2, "a file that is there stays");
    let (_, own) = made(demo(), "own.xlsx", &["--period", "2026-10", "--receiver", "ubnd-theo-doi-nhiem-vu"]);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(own)).unwrap();
    assert_eq!(book.sheet_names(), ["NhiemVu"]);
    let sheet = book.worksheet_range("NhiemVu").unwrap();
    let head: Vec<String> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!((head[1].as_str(), sheet.rows().count()), ("Mã nhiệm vụ", 35), "the receiver's columns and nothing else");
    // A period without a run says so and tells everything else.
    let (said, docx) = made(demo(), "b.docx", &["--period", "2026-06"]);
    assert_eq!((&said["run"], &figure(&said, "I1")["shown"]), (&json!(null), &json!(null)));
    assert!(part(&docx, "word/document.xml").contains("chưa có lần chạy nào của kỳ"));
}
