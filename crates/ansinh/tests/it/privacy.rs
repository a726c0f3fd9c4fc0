//! Personal data from the command line and at the portal: agreements, and what they keep out.

use crate::by_hand::{AN, BINH, CHI, Place, school};
use crate::server::Portal;
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
