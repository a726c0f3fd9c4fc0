//! Personal data from the command line and at the portal: agreements, and what they keep out.

use crate::by_hand::{AN, BINH, CHI, Place, school};
use crate::server::{Portal, links, words};
use crate::support::{ansinh, book, good, text};

const FIELDS: &str = "class,personal_id,full_name,birth_date,school_year";

/// An agreement about pupils from long ago until a day.
fn agree(data: &str, number: &str, fields: &str, to: &str) -> Vec<String> {
    let fixed = [
        "privacy",
        "agreement",
        "add",
        "--data",
        data,
        "--number",
        number,
        "--provider",
        "Sở Giáo dục và Đào tạo",
        "--receiver",
        "BHXH thành phố",
        "--roster",
        "pupils",
        "--article",
        "Điều 19",
        "--purpose",
        "Rà soát học sinh",
        "--from",
        "2020-01-01",
        "--retention-months",
        "24",
        "--to",
        to,
        "--field",
        fields,
    ];
    fixed.map(str::to_owned).to_vec()
}

#[test]
fn a_column_outside_the_agreement_does_not_come_in() {
    let place = Place::new();
    let data = place.data();
    let data = text(&data);
    let before = place.intake("pupils", &place.file("5A.xlsx", school(&[CHI]))).json();
    assert!(before["files"][0]["agreed"].is_null(), "{before}");

    let made = good(&agree(data, "12/TT-BHXH", FIELDS, "2999-12-31"))["agreement"].clone();
    assert_eq!(made["term"], "in_force");
    let again = good(&agree(data, "12/TT-BHXH", FIELDS, "2999-12-31"))["agreement"].clone();
    assert_eq!(again["id"], made["id"], "the same command writes nothing twice");

    let file = place.file("6A.xlsx", school(&[AN, BINH, CHI]));
    let report = place.intake("pupils", &file).json();
    let agreed = &report["files"][0]["agreed"];
    assert_eq!(agreed["agreements"][0]["number"], "12/TT-BHXH");
    assert_eq!(agreed["dropped"], serde_json::json!({ "Nam/Nữ": 3, "Nơi ở hiện nay": 3 }), "{report}");
    let rejects = std::fs::read_to_string(report["rejects_file"].as_str().unwrap()).unwrap();
    assert!(rejects.contains("Lê Văn Bình") && !rejects.contains("Tổ 7"), "{rejects}");
    let batch = book(&place.data()).all_batches("2026-10".parse().unwrap()).unwrap();
    let batch = batch.iter().find(|b| b.file_name == "6A.xlsx").unwrap();
    // The table itself: nobody's address lies in it.
    for column in ["address", "sex", "commune"] {
        let rows = book(&place.data()).read_table(&batch.table, Some(&[column])).unwrap();
        assert!(rows.iter().all(|rows| rows.column(0).null_count() == rows.num_rows()), "{column} is filled");
    }

    // Over: refused until there is a new one; what was taken in is still known.
    let id = made["id"].as_str().unwrap();
    good(&["privacy", "agreement", "end", id, "--on", "2020-01-02", "--reason", "Ký lại", "--data", data]);
    let refused = place.intake("pupils", &place.file("7A.xlsx", school(&[AN])));
    assert_eq!((refused.code, refused.error()["code"].as_str()), (3, Some("agreement_over")), "{refused:?}");
    assert_eq!(place.intake("pupils", &file).json()["known"], true);

    // A wider one: the file comes in again only when it is sent to replace its batch.
    good(&agree(data, "15/TT-BHXH", &format!("{FIELDS},sex"), "2999-12-31"));
    assert_eq!(place.intake("pupils", &file).json()["known"], true);
    let replaced = place.intake_with("pupils", &file, &["--replace", "6A.xlsx"]).json();
    assert_eq!(replaced["files"][0]["agreed"]["dropped"], serde_json::json!({ "Nơi ở hiện nay": 3 }), "{replaced}");
    let list = good(&["privacy", "agreement", "list", "--data", data]);
    let terms: Vec<&str> = list["agreements"].as_array().unwrap().iter().map(|a| a["term"].as_str().unwrap()).collect();
    assert_eq!(terms, ["over", "in_force"], "{list}");
}

#[test]
fn an_agreement_that_cannot_be_kept_is_refused_with_words() {
    let place = Place::new();
    let data = place.data();
    let ask = |number: &str, fields: &str, roster: &str| {
        let mut arguments = agree(text(&data), number, fields, "2999-12-31");
        let at = arguments.iter().position(|a| a == "pupils").unwrap();
        arguments[at] = roster.to_owned();
        let outcome = ansinh(&arguments);
        assert_eq!(outcome.code, 2, "{outcome:?}");
        outcome.stderr
    };
    assert!(ask("1/TT", FIELDS, "no-such-roster").contains("không có loại danh sách"));
    assert!(ask("1/TT", &format!("{FIELDS},mood"), "pupils").contains("mood"));
    assert!(ask("1/TT", "class,full_name", "pupils").contains("personal_id"));
    assert_eq!(good(&["privacy", "agreement", "list", "--data", text(&data)])["agreements"], serde_json::json!([]));
}

#[test]
fn agreements_are_written_down_and_ended_at_the_portal() {
    let portal = Portal::open();
    let commune = portal.roles("u-xa-").remove(0);
    let staff = format!("vai-tro={commune}");
    assert_eq!(portal.get_as("/du-lieu-ca-nhan", &staff).status, 403);
    assert!(!portal.get_as("/", &staff).page().contains("/du-lieu-ca-nhan"));
    let home = portal.get("/du-lieu-ca-nhan").page();
    assert!(home.contains("Chưa có thỏa thuận") && home.contains("Chưa ghi thỏa thuận nào"));

    let form = portal.get("/du-lieu-ca-nhan/thoa-thuan-moi?loai=pupils").page();
    let number = form.split("name=\"so\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let own: &[(&str, &str)] = &[("Sec-Fetch-Site", "same-origin")];
    let body = |fields: &str, days: &str| {
        format!(
            "loai=pupils&so={number}&so-van-ban=9%2FTT&ben-giao=S%E1%BB%9F&ben-nhan=BHXH&vai-tro=controller&can-cu=%C4%90i%E1%BB%81u+19\
             &muc-dich=R%C3%A0+so%C3%A1t&{days}&luu-tru=12&{fields}"
        )
    };
    let least = "truong-class=1&truong-personal_id=1&truong-full_name=1&truong-birth_date=1&truong-school_year=1";
    let wrong = portal.post("/du-lieu-ca-nhan/thoa-thuan-moi", own, &body("truong-class=1", "tu-ngay=31/02/2026")).page();
    assert!(wrong.contains("ngày/tháng/năm") && wrong.contains("Số định danh"), "both faults are told");
    assert!(wrong.contains("value=\"9/TT\""), "what was typed stays");
    let saved = portal.post("/du-lieu-ca-nhan/thoa-thuan-moi", own, &body(least, "tu-ngay=01/09/2020"));
    assert_eq!(saved.status, 303, "{}", saved.text());
    let at = saved.header("location").to_owned();
    let again = portal.post("/du-lieu-ca-nhan/thoa-thuan-moi", own, &body(least, "tu-ngay=01/09/2020"));
    assert_eq!(again.header("location"), at, "pressed twice, written once");
    let shown = portal.get(&at).page();
    assert!(shown.contains("9/TT") && shown.contains("Đang hiệu lực") && shown.contains("Được nhận") && shown.contains(">Bỏ<"));
    assert_eq!(portal.get_as(&at, &staff).status, 403);

    let end = format!("{at}/ket-thuc");
    assert_eq!(portal.post(&end, &[own[0], ("Cookie", &staff)], "ngay=01/10/2020&ly-do=th%E1%BB%AD").status, 403);
    assert_eq!(portal.post(&end, own, "ngay=x&ly-do=th%E1%BB%AD").status, 400);
    assert_eq!(portal.post(&end, own, "ngay=01/10/2020&ly-do=th%E1%BB%AD").status, 303);
    assert!(portal.get(&at).page().contains("Đã hết hiệu lực"));
    assert!(portal.get("/du-lieu-ca-nhan").page().contains("Thỏa thuận đã hết hiệu lực"));
    portal.audit_events();
}

#[test]
fn the_register_of_processing_is_a_file_of_each_kind() {
    let place = Place::new();
    let data = place.data();
    let data = text(&data);
    place.intake("pupils", &place.file("6A.xlsx", school(&[AN])));
    good(&agree(data, "12/TT-BHXH", FIELDS, "2999-12-31"));
    for (ending, magic) in [("docx", &b"PK"[..]), ("xlsx", b"PK"), ("md", "# Sổ".as_bytes())] {
        let out = place.file("unused", "").with_file_name(format!("so.{ending}"));
        let made = good(&["privacy", "report", "--out", text(&out), "--data", data]);
        let bytes = std::fs::read(&out).unwrap();
        assert!(bytes.starts_with(magic) && made["bytes"] == bytes.len(), "{ending}");
        let again = ansinh(&["privacy", "report", "--out", text(&out), "--data", data]);
        assert_eq!(again.code, 2, "no file is written over: {again:?}");
    }
    let wrong = ansinh(&["privacy", "report", "--out", "so.pdf", "--data", data]);
    assert_eq!(wrong.code, 2, "{wrong:?}");
}

#[test]
fn the_register_is_taken_out_at_the_portal_and_the_officer_stands_on_every_page() {
    let portal = Portal::open();
    let answer = portal.get("/du-lieu-ca-nhan/so-dang-ky/md");
    assert!(answer.page().contains("Sổ đăng ký hoạt động xử lý"));
    assert_eq!(portal.get("/du-lieu-ca-nhan/so-dang-ky/pdf").status, 404);
    let staff = format!("vai-tro={}", portal.roles("u-xa-").remove(0));
    assert_eq!(portal.get_as("/du-lieu-ca-nhan/so-dang-ky/md", &staff).status, 403);
    assert!(portal.get_as("/", &staff).page().contains("chưa chỉ định bộ phận bảo vệ"));
}

/// The value of a hidden field of a form.
pub fn hidden(page: &str, name: &str) -> String {
    let rest = page.split(&format!("name=\"{name}\" value=\"")[..]).nth(1).unwrap_or_else(|| panic!("no field {name}"));
    rest.split('"').next().unwrap().to_owned()
}

/// The officer of a commune with people on its list, which was opened, and the first of them.
fn commune_with_people(portal: &Portal) -> (String, i64) {
    let found = portal.roles("u-xa-").into_iter().find_map(|staff| {
        let list = portal.get_as("/nguoi-chua-tham-gia", &format!("vai-tro={staff}")).page();
        let person = links(&list).into_iter().find_map(|link| link.href.strip_prefix("/nguoi/")?.parse::<i64>().ok())?;
        Some((staff, person))
    });
    found.expect("somebody stands on the list of a commune")
}

/// A drill: a session of a commune leaks; within minutes it is known which people, which rows, who read them, and the clock runs.
#[test]
fn a_breach_is_drilled_from_the_look_to_the_notice() {
    let portal = Portal::open();
    let own: &[(&str, &str)] = &[("Sec-Fetch-Site", "same-origin")];
    // Everyday work of the session that leaks: a list and a person of it.
    let (staff, person) = commune_with_people(&portal);
    let cookie = format!("vai-tro={staff}");
    portal.get_as(&format!("/nguoi/{person}"), &cookie).page();

    let page = portal.get("/du-lieu-ca-nhan/vi-pham").page();
    let body = format!(
        "so={}&noi-dung=M%E1%BA%A5t+m%C3%A1y&tai-khoan={staff}&doi-tuong=&tu-ngay=01/01/2020&den-ngay=31/12/2099",
        hidden(&page, "so")
    );
    let made = portal.post("/du-lieu-ca-nhan/vi-pham", own, &body);
    assert_eq!(made.status, 303, "{}", made.text());
    let at = made.header("location").to_owned();
    let shown = portal.get(&at).page();
    assert!(shown.contains("Còn 71 giờ") || shown.contains("Còn 72 giờ"), "the clock of 72 hours runs");
    assert!(shown.contains(&format!("/du-lieu-ca-nhan/ai-da-xem/{person}")), "the person is named by number");
    assert!(words(&shown).contains("Mở danh sách người"), "the list and its rows are told");
    assert_eq!(portal.get_as(&at, &cookie).status, 403);

    // Who looked at this person: the commune's session, and this question itself.
    let looked = portal.get(&format!("/du-lieu-ca-nhan/ai-da-xem/{person}")).page();
    assert!(words(&looked).contains("Mở trang của một người") && words(&looked).contains("Đọc nhật ký"), "{}", words(&looked));
    assert_eq!(portal.get_as(&format!("/du-lieu-ca-nhan/ai-da-xem/{person}"), &cookie).status, 403);

    let told = portal.post(&format!("{at}/bao-cao"), own, "phien-ban=1&noi-dung=C%C3%B4ng+v%C4%83n+12");
    assert_eq!(told.status, 303, "{}", told.text());
    assert!(portal.get(&at).page().contains("Công văn 12"));
    assert_eq!(portal.post(&format!("{at}/bao-cao"), own, "phien-ban=1&noi-dung=x").status, 400, "told once");
    assert_eq!(portal.post(&format!("{at}/dong"), own, "phien-ban=2&noi-dung=%C4%90%C3%A3+kh%C3%B3a").status, 303);
    assert!(portal.get("/du-lieu-ca-nhan/vi-pham").page().contains("Đã kết thúc"));
    portal.audit_events();
}

#[test]
fn a_persons_request_has_its_clocks_and_ends_with_a_ground() {
    let portal = Portal::open();
    let own: &[(&str, &str)] = &[("Sec-Fetch-Site", "same-origin")];
    let page = portal.get("/du-lieu-ca-nhan/yeu-cau").page();
    assert!(page.contains("chưa kiểm chứng"), "that the terms were not read in the decree is told");
    let body = |day: &str, person: &str| {
        format!("so={}&loai=correct&nguoi={person}&ngay={day}&noi-dung=Sai+ng%C3%A0y+sinh", hidden(&page, "so"))
    };
    assert_eq!(portal.post("/du-lieu-ca-nhan/yeu-cau", own, &body("01/01/2099", "P7")).status, 400, "not after today");
    assert_eq!(portal.post("/du-lieu-ca-nhan/yeu-cau", own, &body("05/01/2026", "ai")).status, 400);
    // 5 January 2026 is a Monday: two working days after it is Wednesday.
    let made = portal.post("/du-lieu-ca-nhan/yeu-cau", own, &body("05/01/2026", "P7"));
    assert_eq!(made.status, 303, "{}", made.text());
    let at = made.header("location").to_owned();
    let shown = words(&portal.get(&at).page());
    assert!(shown.contains("07/01/2026") && shown.contains("15/01/2026") && shown.contains("quá hạn"), "{shown}");
    let step = |version: i64, step: &str| {
        let body = format!("phien-ban={version}&viec={step}&ngay=06/01/2026&noi-dung=%C4%90%C3%A3+xem&can-cu=");
        portal.post(&format!("{at}/buoc"), own, &body).status
    };
    assert_eq!((step(1, "answer"), step(1, "finish"), step(2, "refuse")), (303, 400, 400), "stale, and no ground");
    assert_eq!(step(2, "finish"), 303);
    assert!(words(&portal.get(&at).page()).contains("Đã thực hiện"));
    let staff = format!("vai-tro={}", portal.roles("u-xa-").remove(0));
    assert_eq!(portal.get_as("/du-lieu-ca-nhan/yeu-cau", &staff).status, 403);
    // A correction is worked on as a case.
    assert!(portal.get(&at).page().contains("/viec/"), "the request leads to its case");
}

#[test]
fn retention_needs_a_decision_and_leaves_the_log_whole() {
    let portal = Portal::open();
    let data = portal.data.path();
    let list = portal.get("/nguoi-chua-tham-gia").page();
    let person = links(&list).into_iter().find(|link| link.href.starts_with("/nguoi/")).expect("somebody stands on the list");
    portal.get(&person.href).page();
    let retain = |as_of: &str, more: &[&str]| {
        let fixed = ["privacy", "retain", "--as-of", as_of, "--months", "12", "--data", text(data)];
        good(&[&fixed[..], more].concat())
    };
    let dry = retain("2020-01-31", &["--dry-run"]);
    assert_eq!((&dry["erased"], &dry["retention"]["people"]), (&false.into(), &0.into()), "{dry}");
    assert_eq!(dry["retention"]["before"], "2019-01-31");
    assert!(dry["retention"]["kept"].as_i64().unwrap() >= 1, "{dry}");
    for (kind, count) in [("documents", "documents"), ("requests", "requests"), ("schools", "answers"), ("donors", "funds")] {
        assert_eq!((&dry[kind][count], &dry[kind]["before"]), (&0.into(), &"2019-01-31".into()), "{kind}: {dry}");
    }
    let without = ansinh(&["privacy", "retain", "--as-of", "2020-01-31", "--months", "12", "--data", text(data)]);
    assert_eq!(without.code, 2, "{without:?}");
    let done = retain("2020-01-31", &["--decision", "Quyết định 15"]);
    assert_eq!(done["erased"], true, "{done}");
    portal.audit_events();
}

#[test]
fn the_list_leaves_under_a_password_and_the_password_stands_nowhere() {
    let portal = Portal::open();
    let own: &[(&str, &str)] = &[("Sec-Fetch-Site", "same-origin")];
    assert!(portal.get("/nguoi-chua-tham-gia").page().contains("mat-khau"));
    let short = portal.post("/nguoi-chua-tham-gia.xlsx?ly-do=no-card-unexplained", own, "mat-khau=1234567");
    assert_eq!(short.status, 400, "{}", short.text());
    let locked = portal.post("/nguoi-chua-tham-gia.xlsx?ly-do=no-card-unexplained", own, "mat-khau=m%E1%BA%ADt+kh%E1%BA%A9u+12");
    assert_eq!(locked.status, 200);
    // A compound file, no ZIP; both streams are named in UTF-16.
    assert!(locked.body.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]));
    let named: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(locked.body.windows(named.len()).any(|window| window == named));
    let refused = portal.post("/nguoi-chua-tham-gia.xlsx", &[("Sec-Fetch-Site", "cross-site")], "mat-khau=12345678");
    assert_eq!(refused.status, 403);
    portal.audit_events();
}

/// Words of tax data and income that a commune must never read (practice E6), and the names of their columns.
const NEVER: [&str; 6] =
    ["income_band", "wage_month", "triệu đồng/tháng", "Thu nhập chịu thuế", "wage-without-compulsory", "quyết toán thuế"];

/// Every page and file that a commune's officer reaches by following links holds no income and no tax data.
#[test]
fn a_commune_reads_no_income_wherever_it_follows_links() {
    let portal = Portal::open();
    let (pages, people) = walked_without_income(&portal, &commune_with_people(&portal).0);
    assert!(pages > 30 && people > 3, "only {pages} pages, {people} people were walked");
    // Collectors, schools, places of treatment and employers come to few pages or none.
    for role in ["u-nhan-vien-thu", "u-truong", "u-co-so-y-te", "u-don-vi"] {
        walked_without_income(&portal, role);
    }
}

/// Follows links as a role and looks for income on every page and in every file; how many pages, and how many people.
fn walked_without_income(portal: &Portal, role: &str) -> (usize, usize) {
    let staff = format!("vai-tro={role}");
    let mut open = vec!["/".to_owned(), "/nguoi-chua-tham-gia".to_owned()];
    let mut seen = std::collections::BTreeSet::new();
    let (mut pages, mut people) = (0, 0);
    while let Some(path) = open.pop() {
        // Manuals and the law say what rules look at; they hold nobody's data. One page of each kind of person is as good as many.
        let at = path.split(['?', '#']).next().unwrap().to_owned();
        let aside = [
            "/quy-tac",
            "/luat",
            "/huong-dan",
            "/ngon-ngu",
            "/giao-dien",
            "/vai-tro",
            "/assets",
            "/tham-so",
            "/cong-cu",
            "/lan-chay",
        ];
        if !at.starts_with('/') || aside.iter().any(|part| at.starts_with(part)) || !seen.insert(path.clone()) {
            continue;
        }
        if at.starts_with("/nguoi/") {
            people += 1;
        }
        if seen.len() > 220 || (at.starts_with("/nguoi/") && people > 40) {
            continue;
        }
        let answer = portal.get_as(&path, &staff);
        if answer.status != 200 {
            continue;
        }
        pages += 1;
        let text = match answer.header("content-type") {
            kind if kind.starts_with("text/") => answer.text(),
            // The texts of a workbook lie in its shared strings.
            kind if kind.contains("spreadsheet") => shared_strings(&answer.body),
            _ => continue,
        };
        for never in NEVER {
            assert!(!text.contains(never), "`{never}` stands on {path} for {role}");
        }
        open.extend(links(&text).into_iter().map(|link| link.href));
    }
    (pages, people)
}

fn shared_strings(workbook: &[u8]) -> String {
    use std::io::Read;
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
    let mut text = String::new();
    zip.by_name("xl/sharedStrings.xml").unwrap().read_to_string(&mut text).unwrap();
    text
}
