//! Refused forms of the office come back: status 400, what was typed in its fields, the words beside the field that is wrong. One for each
//! form that is sent.

use crate::accounts::{encoded, value_of};
use crate::claims::audited;
use crate::claims_pages::open_case;
use crate::roles::collector;
use crate::server::{Portal, links, words};

const LIST: &str = "/nguoi-chua-tham-gia";
const CITY: &str = "vai-tro=u-city";

/// Sends a form with something wrong in it; the page that comes back holds what was typed, and points to the field.
fn sent_back(portal: &Portal, path: &str, fields: &[(&str, &str)], wrong: &str) -> String {
    let body = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&");
    let answer = portal.post(path, &[("Cookie", CITY)], &body);
    let page = answer.text();
    assert_eq!(answer.status, 400, "{path} {fields:?}: {}", words(&page));
    held(&page, fields, wrong);
    page
}

/// What was typed stands on the page, the message at its field.
fn held(page: &str, fields: &[(&str, &str)], wrong: &str) {
    let of_the_page = ["so", "viec", "phien-ban", "hang", "don-vi", "ket-qua-la", "phan-anh-nao"];
    for (name, value) in fields.iter().filter(|(name, value)| !of_the_page.contains(name) && !value.is_empty()) {
        let held = [format!("value=\"{value}\""), format!(">{value}</textarea>"), format!("<p>{value}</p>")];
        assert!(held.iter().any(|text| page.contains(text)), "`{name}` lost `{value}`: {}", words(page));
    }
    if !wrong.is_empty() {
        assert!(page.contains(&format!("id=\"{wrong}-error\"")), "no message at `{wrong}`: {}", words(page));
        assert!(page.contains(&format!("{wrong}-error\"")) && page.contains(&format!("href=\"#{wrong}\"")), "{wrong}");
    }
}

/// A case of somebody on the list, taken by the city.
fn case(portal: &Portal) -> String {
    let list = portal.get_as(LIST, CITY).page();
    for person in links(&list).into_iter().map(|link| link.href).filter(|href| href.starts_with("/nguoi/")) {
        let form = portal.get_as(&person, CITY).page();
        let Some(number) = value_of(&form, "so") else { continue };
        let Some(reason) = value_of(&form, "ly-do") else { continue };
        let taken = portal.post(&format!("{person}/nhan-viec"), &[("Cookie", CITY)], &format!("so={number}&ly-do={reason}"));
        if taken.status == 303 {
            return taken.header("location").to_owned();
        }
    }
    panic!("nobody whose finding becomes a case");
}

#[test]
fn each_form_of_a_case_comes_back_as_it_was_typed() {
    let portal = Portal::open();
    let case = case(&portal);
    let version = value_of(&portal.get_as(&case, CITY).page(), "phien-ban").unwrap();
    let change = |what: &'static str, more: &[(&'static str, &'static str)], wrong: &str| {
        let head = [("viec", what), ("phien-ban", version.as_str()), ("so", "nform-returned")];
        let fields: Vec<(&str, &str)> = head.into_iter().chain(more.iter().copied()).collect();
        sent_back(&portal, &format!("{case}/doi"), &fields, wrong)
    };
    let page = change("hoan", &[("ngay-lai", "mai mốt"), ("ly-do-hoan", "Ông ấy nằm viện, con gái nghe máy")], "ngay-lai");
    assert!(page.contains("<details open"), "the folded form is open where it came back");
    assert!(page.contains("name=\"so\" value=\"nform-returned\""), "pressed twice, it is written once");
    change("hoan", &[("ngay-lai", "01/01/2020"), ("ly-do-hoan", "Ngày đã qua")], "ngay-lai");
    change("hoan", &[("ngay-lai", "31/12/2099"), ("ly-do-hoan", "x")], "ly-do-hoan");
    change("giao", &[("nguoi", "")], "nguoi");
    change("tra-lai", &[("ly-do-tra", "x")], "ly-do-tra");
    change("ket-qua", &[("ngay", "31/12/2099"), ("ly-do", "Đã gặp tại nhà")], "ket-qua-la");
    change("ket-qua", &[("ket-qua-la", "joins_on_date"), ("ngay", "đầu tháng"), ("ly-do", "Hẹn mua đầu tháng")], "ngay");
    let chosen = change("ket-qua", &[("ket-qua-la", "refused"), ("ly-do", "x")], "ly-do");
    assert!(!chosen.contains("value=\"refused\">"), "the outcome that was chosen stays chosen");
    // A form that the page no longer offers: its words can be copied.
    let gone = change("mo-lai", &[("ly-do", "Mở lại vì thẻ chưa in")], "");
    assert!(gone.contains("Nội dung vừa gõ, chưa được ghi") || gone.contains(">Mở lại vì thẻ chưa in</textarea>"));
    let link = [("so", "nform-link"), ("lien-quan", "household"), ("ho-so-kia", "hồ sơ của ông A")];
    sent_back(&portal, &format!("{case}/lien-ket"), &link, "ho-so-kia");
    sent_back(&portal, &format!("{case}/y-kien"), &[("so", "nform-comment"), ("y-kien", "x")], "y-kien");
    let file = portal.post_file(&format!("{case}/tep"), CITY, &[("so", "nform-file")], ("tep", b"no picture"));
    assert_eq!(file.status, 400);
    assert!(file.text().contains("id=\"tep-error\""), "{}", file.text());
}

#[test]
fn who_was_slower_is_told_what_the_other_did_and_keeps_what_was_typed() {
    let portal = Portal::open();
    let case = case(&portal);
    let old = value_of(&portal.get_as(&case, CITY).page(), "phien-ban").unwrap();
    let first =
        format!("viec=hoan&phien-ban={old}&so=nform-first&ngay-lai=31/12/2099&ly-do-hoan={}", encoded("Đi xa đến hết năm"));
    assert_eq!(portal.post(&format!("{case}/doi"), &[("Cookie", CITY)], &first).status, 303);
    let fields = [
        ("viec", "hoan"),
        ("phien-ban", old.as_str()),
        ("so", "nform-second"),
        ("ngay-lai", "30/11/2099"),
        ("ly-do-hoan", "Hẹn gặp tháng sau"),
    ];
    let page = sent_back(&portal, &format!("{case}/doi"), &fields, "");
    assert!(page.contains("Trong lúc ông/bà đang ghi") && page.contains("Đi xa đến hết năm"), "{}", words(&page));
    // Sent once more as it stands there now, it is taken.
    let now = value_of(&page, "phien-ban").unwrap();
    assert_ne!(now, old);
    let again =
        format!("viec=hoan&phien-ban={now}&so=nform-second&ngay-lai=30/11/2099&ly-do-hoan={}", encoded("Hẹn gặp tháng sau"));
    assert_eq!(portal.post(&format!("{case}/doi"), &[("Cookie", CITY)], &again).status, 303);
}

#[test]
fn a_change_of_a_whole_queue_comes_back_as_it_was_typed() {
    let portal = Portal::open();
    case(&portal);
    for path in ["/viec/hang-loat", "/viec/hang-loat/lam"] {
        let head = [("hang", "mine"), ("viec", "hoan"), ("so", "nform-bulk")];
        let fields = |more: [(&'static str, &'static str); 2]| head.into_iter().chain(more).collect::<Vec<_>>();
        sent_back(&portal, path, &fields([("ngay", "tuần tới"), ("ly-do", "Đợi danh sách của thôn")]), "ngay");
        sent_back(&portal, path, &fields([("ngay", "31/12/2099"), ("ly-do", "x")]), "ly-do");
    }
}

#[test]
fn each_form_of_a_document_comes_back_as_it_was_typed() {
    let portal = Portal::open();
    let list = portal.get_as(LIST, CITY).page();
    let people = links(&list).into_iter().map(|link| link.href).filter(|href| href.starts_with("/nguoi/"));
    let button = people
        .map(|person| crate::letters::actions(&portal.get_as(&person, CITY).page()))
        .find_map(|actions| actions.into_iter().find(|to| to.contains("/thu/")));
    let document = crate::letters::draft(&portal, &button.expect("somebody with a letter"), CITY).unwrap();
    let version = value_of(&portal.get_as(&document, CITY).page(), "phien-ban").unwrap();
    let change = |what: &'static str, more: &[(&'static str, &'static str)], wrong: &str| {
        let head = [("viec", what), ("phien-ban", version.as_str()), ("so", "nform-returned")];
        let fields: Vec<(&str, &str)> = head.into_iter().chain(more.iter().copied()).collect();
        sent_back(&portal, &format!("{document}/doi"), &fields, wrong)
    };
    change("sua", &[("noi-dung", "")], "noi-dung");
    change("huy", &[("ly-do-huy", "x")], "ly-do-huy");
    // Steps that a draft does not offer: what was typed for them can be copied.
    change("cap-so", &[("so-van-ban", "một hai ba"), ("ngay", "hôm nào đó")], "");
    change("tra-lai", &[("ly-do-tra-lai", "Sai tên đơn vị nhận")], "");
    let late =
        [("cach-khong", "post"), ("vi-sao", "came_back"), ("ngay-khong", "hôm nào đó"), ("ly-do-khong", "Bưu tá trả lại thư")];
    let body: String = late.iter().map(|(name, value)| format!("&{name}={}", encoded(value))).collect();
    let answer = portal.post(
        &format!("{document}/doi"),
        &[("Cookie", CITY)],
        &format!("viec=khong-den&phien-ban={version}&so=nform-late{body}"),
    );
    assert_eq!(answer.status, 400);
    // Somebody else was faster: the text that was written stands in its field, the other one beside it.
    let fields =
        [("viec", "sua"), ("phien-ban", "999"), ("so", "nform-stale"), ("noi-dung", "Kính đề nghị ông bà liên hệ bưu điện.")];
    let page = sent_back(&portal, &format!("{document}/doi"), &fields, "");
    assert!(page.contains("Trong lúc ông/bà đang ghi"), "{}", words(&page));
    for (step, day) in [("da-ky", ""), ("da-gui", "hôm nào đó")] {
        let fields = [("viec", step), ("phien-ban", "1"), ("so", "nform-file"), ("cach", "post"), ("ngay", day)];
        let answer = portal.post_file(&format!("{document}/{step}"), CITY, &fields, ("tep", b""));
        assert_eq!(answer.status, 400, "{step}: {}", answer.text());
        assert!(answer.text().contains(day) && answer.text().contains("href=\"#tep\""), "{step}");
    }
}

#[test]
fn each_form_about_a_collector_comes_back_as_it_was_typed() {
    let portal = Portal::open();
    let commune = portal.roles("u-xa-").remove(0).trim_start_matches("u-xa-").to_owned();
    let at = format!("/nhan-vien-thu/{}", collector(&portal, &commune, "BD-RETURNED"));
    let so = ("so", "nform-returned");
    let card = [so, ("so-the", "BD-2"), ("dia-ban", "Xã Không Có"), ("tu-ngay", "01/01/2027"), ("den-ngay", "31/12/2027")];
    let page = sent_back(&portal, &format!("{at}/the"), &card, "dia-ban");
    assert!(page.contains("<details open"));
    let page = portal.get_as(&at, CITY).page();
    let which = page.split("name=\"the\"").nth(1).and_then(|rest| rest.split("value=\"").nth(1)).unwrap();
    let which = which.split('"').next().unwrap().to_owned();
    let withdrawn = [("the", which.as_str()), ("tu", "hôm nào đó"), ("ly-do", "Thôi làm từ tháng này")];
    sent_back(&portal, &format!("{at}/thu-hoi"), &withdrawn, "tu");
    let kind = "attitude";
    let complained =
        [so, ("loai", kind), ("loi-phan-anh", "Người dân nói chờ lâu"), ("ngay-nhan", "hôm kia"), ("han", "01/01/2027")];
    let body = complained.map(|(name, value)| format!("{name}={}", encoded(value))).join("&");
    let answer = portal.post(&format!("{at}/phan-anh"), &[("Cookie", CITY)], &body);
    assert_eq!(answer.status, 400);
    held(&answer.text(), &complained[2..], "ngay-nhan");
    let resolved = [("phan-anh-nao", "khong-co"), ("ket-luan", ""), ("giai-quyet", "Đã xin lỗi người dân")];
    sent_back(&portal, &format!("{at}/giai-quyet"), &resolved, "");
    let training = [so, ("chu-de", "Hộ gia đình"), ("ngay", "hôm kia"), ("den", "")];
    sent_back(&portal, "/to-chuc-thu/to-chuc-thu/tap-huan", &training, "ngay");
    case(&portal);
    let id = at.trim_start_matches("/nhan-vien-thu/");
    let handed = [("hang", "mine"), so, ("nhan-vien", id), ("dot", "Đợt tháng 12"), ("den-ngay", "cuối tháng")];
    sent_back(&portal, "/viec/giao-thu", &handed, "den-ngay");
}

#[test]
fn a_form_whose_session_is_over_shows_what_was_typed_and_no_secret() {
    let (portal, _) = Portal::open_for_accounts();
    let body = format!("so=nform-over&y-kien={}&mat-khau={}", encoded("Bà B đã nộp giấy khai sinh"), encoded("mật khẩu dài 12"));
    let answer = portal.post("/viec/khong-co/y-kien", &[], &body);
    assert_eq!(answer.status, 401);
    let page = answer.text();
    assert!(page.contains("<p>Bà B đã nộp giấy khai sinh</p>") && !page.contains("mật khẩu dài 12"), "{}", words(&page));
}

#[test]
fn a_refused_form_of_a_claims_case_comes_back_as_it_was_typed() {
    let portal = Portal::open_copy(audited());
    let visit = open_case(&portal);
    let page = portal.get_as(&format!("/giam-dinh/ho-so/{visit}"), CITY).page();
    let actions = crate::letters::actions(&page).into_iter();
    let action = actions.rev().find(|to| to.starts_with("/giam-dinh/vu-viec/") && to.ends_with("/doi")).unwrap();
    let version = value_of(&page, "phien-ban").unwrap();
    let send = |body: &str| {
        let answer = portal.post(&action, &[("Cookie", CITY)], &format!("phien-ban={version}&so=nform-claims&{body}"));
        assert_eq!(answer.status, 400, "{body}");
        answer.text()
    };
    let note = send("viec=ghi-chu&ghi-chu=x");
    assert!(note.contains("id=\"ghi-chu-error\"") && note.contains(">x</textarea>") && note.contains("<details open"), "{note}");
    let refer = send("viec=chuyen&van-ban-chuyen=CV+12&ly-do-chuyen=x");
    assert!(refer.contains("id=\"ly-do-chuyen-error\"") && refer.contains("value=\"CV 12\""), "{refer}");
    // What the page no longer offers can be copied.
    let later = send("viec=thu-hoi&so-tien-thu=mot+trieu&ngay-thu=01/12/2026&chung-tu=UNC+so+7");
    assert!(later.contains("<p>UNC so 7</p>"), "{later}");
}
