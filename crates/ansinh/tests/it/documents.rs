//! A document over the wire: from the button beside a finding to the page where everybody can check it.

use std::io::{Cursor, Read};

use crate::letters::{actions, draft, somebody, text_of};
use crate::server::{Portal, links};

/// The value of a hidden field of a page's first form that has it.
fn hidden(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    page.split(&mark[..]).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("no {name}")).to_owned()
}

/// The verification number on a document's page, as it is printed.
fn check_code(page: &str) -> String {
    let after: String = page.split("Mã tra cứu").nth(1).unwrap().chars().take(200).collect();
    let is_code = |part: &&str| part.len() == 24 && part.split('-').all(|group| group.len() == 4);
    let code = after.split(['<', '>']).map(str::trim).find(is_code).unwrap_or_else(|| panic!("{after}"));
    code.to_owned()
}

/// Sends a step of a document by the version its page shows.
fn step(portal: &Portal, document: &str, what: &str, more: &str) -> u16 {
    let page = portal.get(document).page();
    let version = hidden(&page, "phien-ban");
    let form = format!("form-{what}-{version}");
    portal.post(&format!("{document}/doi"), &[], &format!("viec={what}&phien-ban={version}&so={form}&{more}")).status
}

/// A draft about somebody whose card lapsed.
fn drafted(portal: &Portal) -> String {
    let person = somebody(portal, "household-card-lapsed", "");
    draft(portal, &format!("{person}/thu/household-card-lapsed"), "").unwrap()
}

#[test]
fn a_document_goes_from_draft_to_proof_and_can_be_checked_by_everybody() {
    let portal = Portal::open();
    let document = drafted(&portal);
    let id = document.rsplit('/').next().unwrap().to_owned();
    let page = portal.get(&document).page();
    assert!(page.contains("Dự thảo") && page.contains("Duyệt nội dung") && page.contains("Kính gửi: Ông/Bà "));
    let code = check_code(&page);
    // Edited, then approved; an old page changes nothing any more.
    let text = "noi-dung=M%E1%BB%99t+%C4%91o%E1%BA%A1n.%0D%0A%0D%0A-+%C4%91i%E1%BB%81u+m%E1%BB%99t";
    assert_eq!(step(&portal, &document, "sua", text), 303);
    assert_eq!(step(&portal, &document, "duyet", ""), 303);
    let stale = portal.post(&format!("{document}/doi"), &[], "viec=duyet&phien-ban=1&so=form-stale-1");
    assert_eq!(stale.status, 400);
    let printed = text_of(&portal.get(&format!("{document}/van-ban.docx")).body);
    assert!(printed.contains("Một đoạn.") && printed.contains("- điều một") && printed.contains("Số:        /"), "{printed}");
    // The package: the list and the DOCX that was approved.
    assert_eq!(portal.post("/van-ban/chuyen-van-thu", &[], "so=form-send-1").status, 303);
    let list = portal.get("/van-ban?trang-thai=sent").page();
    let package = links(&list).into_iter().find(|link| link.href.starts_with("/van-ban/goi/")).expect("the package").href;
    let bytes = portal.get(&package).body;
    assert_eq!(bytes, portal.get(&package).body, "the same package each time");
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names.contains(&"danh-sach-cap-so.xlsx".to_owned()), "{names:?}");
    let mut docx = Vec::new();
    let name = names.iter().find(|name| name.ends_with(".docx")).unwrap();
    zip.by_name(name).unwrap().read_to_end(&mut docx).unwrap();
    assert!(text_of(&docx).contains("Một đoạn."));
    let mut foot = String::new();
    zip::ZipArchive::new(Cursor::new(docx)).unwrap().by_name("word/footer1.xml").unwrap().read_to_string(&mut foot).unwrap();
    assert!(foot.contains(&code), "the verification number is printed: {foot}");
    // Typed by hand and wrong: the form comes back with what was typed, and says at each field what is wrong.
    let version: i64 = 4;
    let typed = |number: &str, day: &str| {
        let sent = format!("viec=cap-so&phien-ban={version}&so=form-typed-1&so-van-ban={number}&ky-hieu=TB-THU&ngay={day}");
        portal.post(&format!("{document}/doi"), &[], &sent)
    };
    let back = typed("15%2FTB", "31%2F02%2F2026");
    let page = back.text();
    assert_eq!(back.status, 400, "{page}");
    for kept in ["value=\"15/TB\"", "value=\"TB-THU\"", "value=\"31/02/2026\""] {
        assert!(page.contains(kept), "{kept}: {page}");
    }
    for said in ["so-van-ban-error", "ngay-error", "Số văn bản chưa đúng", "Ngày chưa đúng"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let ahead = typed("15", "01%2F01%2F2099").text();
    assert!(ahead.contains("value=\"15\"") && ahead.contains("ngay-error") && !ahead.contains("so-van-ban-error"), "{ahead}");
    // Numbers come back, one row of them out of date.
    let csv = |version: i64| {
        format!(
            "Mã văn bản,Phiên bản văn bản,Ký hiệu,Số văn bản (điền),Ngày ban hành (điền)\r\n{id},v{version},TB-BHXH,07,01/11/2026\r\n"
        )
    };
    let late = portal.post_file("/van-ban/nhan-so", "", &[("so", "form-numbers-1")], ("tep", csv(2).as_bytes())).page();
    assert!(late.contains("nhận 0") && late.contains("trả lại 1"), "{late}");
    let taken = portal.post_file("/van-ban/nhan-so", "", &[("so", "form-numbers-2")], ("tep", csv(version).as_bytes())).page();
    assert!(taken.contains("nhận 1"), "{taken}");
    let printed = text_of(&portal.get(&format!("{document}/van-ban.docx")).body);
    assert!(printed.contains("Số: 07/TB-BHXH") && printed.contains("ngày 01 tháng 11 năm 2026"), "{printed}");
    let pdf = portal.get(&format!("{document}/van-ban.pdf"));
    assert_eq!((pdf.status, pdf.header("content-type")), (200, "application/pdf"));
    assert!(pdf.body.starts_with(b"%PDF-"));
    let check = format!("/tra-cuu-van-ban?ma={code}");
    assert!(portal.get(&check).page().contains("Không có văn bản với mã này"), "not signed yet");
    // A PDF without a signature is no signed document, unless it is a scan of paper.
    let fields = |version: &'static str, form: &'static str| [("phien-ban", version), ("so", form)];
    let pdf = b"%PDF-1.7\nscan\n%%EOF";
    let wrong = portal.post_file(&format!("{document}/da-ky"), "", &fields("5", "form-signed-1"), ("tep", pdf)).page();
    assert!(wrong.contains("Chữ ký số sai") && wrong.contains("tệp không có chữ ký số"), "{wrong}");
    let paper = [&fields("5", "form-signed-2")[..], &[("ban-giay", "1")]].concat();
    assert_eq!(portal.post_file(&format!("{document}/da-ky"), "", &paper, ("tep", pdf)).status, 303);
    let proof = [&fields("6", "form-sent-1")[..], &[("cach", "post"), ("ngay", "02/11/2026")]].concat();
    let answer = portal.post_file(&format!("{document}/da-gui"), "", &proof, ("tep", pdf));
    assert_eq!(answer.status, 303, "{}", answer.text());
    let page = portal.get(&document).page();
    assert!(page.contains("Đã gửi") && page.contains("Ký tay, đóng dấu trên bản giấy"));
    let files: Vec<String> = links(&page).into_iter().map(|link| link.href).filter(|href| href.contains("/tep/")).collect();
    assert_eq!(files.len(), 3);
    assert_eq!(portal.get(&files[1]).body, pdf);
    // Everybody can check it; only first letters of the name are shown.
    let told = portal.get(&check).page();
    assert!(told.contains("07/TB-BHXH") && told.contains("Đã ban hành"), "{told}");
    let name = links(&page).into_iter().find(|link| link.href.starts_with("/nguoi/")).unwrap().text;
    assert!(!told.contains(&name) && !told.contains("/van-ban/"), "{told}");
}

#[test]
fn the_public_page_is_no_oracle() {
    let portal = Portal::open();
    let document = drafted(&portal);
    let code = check_code(&portal.get(&document).page());
    let answer = |code: &str| {
        let asked = std::time::Instant::now();
        let page = portal.get(&format!("/tra-cuu-van-ban?ma={code}")).page();
        (page, asked.elapsed())
    };
    // A draft, a number that is none, letters that no number has: word for word the same, after the same time at least.
    let (of_draft, time) = answer(&code);
    assert!(time >= std::time::Duration::from_millis(400), "{time:?}");
    for unknown in ["23456789ABCDEFGHJKMN", "x", "0100109106", "%27%20OR%201=1"] {
        let (of_none, time) = answer(unknown);
        assert_eq!(of_none, of_draft, "{unknown}");
        assert!(time >= std::time::Duration::from_millis(400), "{unknown} {time:?}");
    }
    // Nothing of the portal stands around it, and what was asked is not repeated.
    assert!(!of_draft.contains("/nguoi-chua-tham-gia") && !of_draft.contains(&code));
    let english = portal.get_as("/tra-cuu-van-ban", "ngon-ngu=en").page();
    assert!(english.contains("Check a document"));
}

#[test]
fn documents_are_their_units_and_their_communes() {
    let portal = Portal::open();
    let document = drafted(&portal);
    let staff = portal.roles("u-xa-");
    // A draft is its unit's: no commune sees it, whatever it asks, and its own unit does.
    for user in &staff {
        let cookie = format!("vai-tro={user}");
        assert_eq!(portal.get_as(&document, &cookie).status, 404, "{user}");
        assert_eq!(portal.get_as(&format!("{document}/van-ban.docx"), &cookie).status, 404, "{user}");
        assert!(!portal.get_as("/van-ban?don-vi-khac=1", &cookie).page().contains(&document), "{user}");
    }
    assert!(portal.get("/van-ban").page().contains(&document));
    assert_eq!(step(&portal, &document, "duyet", ""), 303);
    let seeing = staff.iter().filter(|user| portal.get_as(&document, &format!("vai-tro={user}")).status == 200);
    let seeing: Vec<&String> = seeing.collect();
    assert_eq!(seeing.len(), 1, "the commune of the person alone");
    let cookie = format!("vai-tro={}", seeing[0]);
    let page = portal.get_as(&document, &cookie).page();
    assert!(page.contains("Văn bản do đơn vị khác ban hành") && !actions(&page).iter().any(|to| to.ends_with("/doi")));
    let headers = [("Cookie", cookie.as_str())];
    let refused = portal.post(&format!("{document}/doi"), &headers, "viec=duyet&phien-ban=1&so=form-other-1");
    assert_eq!(refused.status, 400);
    assert_eq!(portal.get_as("/van-ban/thiet-lap", &cookie).status, 403, "who manages units alone");
    // The list of its own unit is empty; with other units it is there.
    assert!(portal.get_as("/van-ban", &cookie).page().contains("Không có văn bản nào ở đây"));
    assert!(portal.get_as("/van-ban?don-vi-khac=1", &cookie).page().contains(&document));
}

/// A city lays its own template over the one of the program; every field there is prints.
#[test]
fn a_city_changes_a_template_and_every_field_prints() {
    let of_a_facility = |name: &&str| documents::letter::OF_FACILITY.contains(name);
    let fields = documents::letter::FIELDS.iter().map(|(name, _)| *name).filter(|name| *name != "facts" && !of_a_facility(name));
    let lines: String = fields.clone().map(|name| format!("Trường {name} là [{{{name}}}].\n\n")).collect();
    let template = format!(
        "---\nto: person\ntitle: Thư ngỏ\nsymbol: TN\nsubject: Gia hạn thẻ theo mẫu của thành phố\n---\n{lines}{{facts}}\n"
    );
    let rule = include_str!("../../../../rules/coverage/household-card-lapsed.md");
    let id = rule.lines().find_map(|line| line.split("letter: ").nth(1)).unwrap().trim_end_matches('}').trim();
    let portal = Portal::open_over(&[(&format!("content/letters/{id}.md"), &template)]);
    let document = drafted(&portal);
    let page = portal.get(&document).page();
    assert!(page.contains("Gia hạn thẻ theo mẫu của thành phố"));
    let text = text_of(&portal.get(&format!("{document}/van-ban.docx")).body);
    assert!(text.contains("THƯ NGỎ") && text.contains("Số:        /TN-BHXH"), "{text}");
    for name in fields {
        let value = text.split(&format!("Trường {name} là [")).nth(1).and_then(|rest| rest.split("].").next());
        let value = value.unwrap_or_else(|| panic!("{name} does not print"));
        assert_eq!(value.trim().is_empty(), name == "tax_code", "{name} prints “{value}”");
    }
    assert!(text.contains("- "), "the facts print");
}

#[test]
fn a_root_certificate_that_is_none_stops_the_portal() {
    let data = tempfile::tempdir().unwrap();
    let roots = data.path().join("chung-thu-goc");
    std::fs::create_dir_all(&roots).unwrap();
    std::fs::write(roots.join("ghi-chu.txt"), "chưa có chứng thư").unwrap();
    let outcome = crate::support::ansinh(&["serve", "--port", "0", "--data", data.path().to_str().unwrap()]);
    assert_eq!(outcome.code, 3, "{outcome:?}");
    assert!(outcome.stderr.contains("ghi-chu.txt"), "{outcome:?}");
}
