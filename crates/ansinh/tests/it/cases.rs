//! Cases over the wire: lists given to a named officer, cases ticked one by one and changed together, sheets that come
//! back.

use crate::accounts::value_of;
use crate::server::{Portal, first_number, sentence};

const CITY: &str = "vai-tro=u-city";
const LIST: &str = "/nguoi-chua-tham-gia";
const RULE: &str = "household-card-lapsed";

/// A commune whose list of one reason is not empty: its clerk, its code, how many lines, and the list as the city sees it.
fn commune(portal: &Portal) -> (String, String, i64, String) {
    let found = portal.roles("u-xa-").into_iter().find_map(|clerk| {
        let code = clerk.trim_start_matches("u-xa-").to_owned();
        let page = portal.get_as(&format!("{LIST}?xa={code}&ly-do={RULE}"), CITY).page();
        let count = first_number(&sentence(&page)).filter(|n| (3..1_000).contains(n))?;
        Some((clerk, code, count, page))
    });
    found.expect("a commune with a lapsed card")
}

#[test]
fn a_list_becomes_cases_of_a_named_officer() {
    let portal = Portal::open();
    let (clerk, code, count, page) = commune(&portal);
    assert!(page.contains(&format!("<option value=\"{clerk}\"")), "the commune's clerk is offered");
    let other = portal.roles("u-xa-").into_iter().find(|role| *role != clerk).unwrap();
    assert!(!page.contains(&format!("<option value=\"{other}\"")), "the clerk of another commune would see nothing of it");
    let mine =
        |role: &str| first_number(&sentence(&portal.get_as("/viec?hang=mine", &format!("vai-tro={role}")).page())).unwrap();
    assert_eq!(mine(&clerk), 0);
    let number = value_of(&page, "so").unwrap();
    let give = |cookie: &str, to: &str| {
        portal.post(
            &format!("{LIST}/nhan-viec"),
            &[("Cookie", cookie)],
            &format!("so={number}&cho=nguoi{to}&xa={code}&ly-do={RULE}"),
        )
    };
    assert_eq!(give(CITY, "").status, 400, "to nobody");
    let as_clerk = format!("vai-tro={clerk}");
    assert_eq!(give(&as_clerk, "&giao-cho=u-city").status, 403, "a clerk gives to nobody");
    assert!(!portal.get_as(&format!("{LIST}?xa={code}"), &as_clerk).page().contains("value=\"nguoi\""));
    let given = give(CITY, &format!("&giao-cho={clerk}")).page();
    assert!(given.contains(&format!("/viec?hang=open&amp;nguoi={clerk}")), "{given}");
    assert_eq!(mine(&clerk), count, "all of them are the clerk's");
    assert_eq!(mine("u-city"), 0);
}

/// Waits until a job's page says that it is over.
fn waited(portal: &Portal, path: &str) -> String {
    for _ in 0..300 {
        let page = portal.get_as(path, CITY).page();
        if page.contains("Đã xong.") {
            return page;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("{path} does not come to its end");
}

#[test]
fn cases_are_ticked_over_pages_and_filters_and_changed_together() {
    let portal = Portal::open();
    let (clerk, code, _, page) = commune(&portal);
    let post = |path: &str, body: &str| portal.post(path, &[("Cookie", CITY)], body);
    let number = value_of(&page, "so").unwrap();
    post(&format!("{LIST}/nhan-viec"), &format!("so={number}&cho=don-vi&xa={code}&ly-do={RULE}")).page();
    let queue = portal.get_as(&format!("/viec?hang=open&xa={code}"), CITY).page();
    let ids: Vec<&str> = queue.split("name=\"hs-").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(ids.len() >= 3, "a box a row");
    assert!(queue.contains("aria-label=\"Chọn hồ sơ ở dòng 1\""), "a label without a name");
    let (chosen, so) = (value_of(&queue, "chon").unwrap(), value_of(&queue, "so").unwrap());
    let shown = ids.join("%2C");
    let here = format!("hang=open&xa={code}&chon={chosen}");
    let kept = post("/viec/chon", &format!("{here}&trang={shown}&lam=luu&hs-{}=1&hs-{}=1", ids[0], ids[1]));
    assert_eq!((kept.status, kept.header("location")), (303, format!("/viec?{here}").as_str()));
    let again = portal.get_as(&format!("/viec?{here}"), CITY).page();
    assert_eq!(again.matches(" checked></td>").count(), 2);
    for other in [format!("/viec?{here}"), format!("/viec?hang=overdue&chon={chosen}"), format!("/viec?{here}&xem-chon=1")] {
        assert!(portal.get_as(&other, CITY).page().contains("Đã chọn 2 hồ sơ."), "{other}");
    }
    let alone = portal.get_as(&format!("/viec?{here}&xem-chon=1"), CITY).page();
    assert_eq!(first_number(&sentence(&alone)), Some(2));
    let stranger = portal.get_as(&format!("/viec?{here}"), &format!("vai-tro={clerk}")).page();
    assert!(!stranger.contains("Đã chọn 2"), "a selection is of one user");
    // A third one is ticked and no button pressed for it: the form takes it along.
    let ticked: String = ids[..3].iter().map(|id| format!("&hs-{id}=1")).collect();
    let asked = format!("{here}&so={so}&viec=giao&giao-cho={clerk}&cho=chon");
    let review = post("/viec/hang-loat", &format!("{asked}&trang={shown}{ticked}")).page();
    assert!(review.contains("3 hồ sơ đã chọn.") && review.contains("Làm cho 3 hồ sơ"), "{review}");
    assert_eq!(value_of(&review, "n").as_deref(), Some("3"));
    // One is unticked elsewhere before it is confirmed.
    post("/viec/chon", &format!("{here}&trang={}&lam=luu", ids[0]));
    let drifted = post("/viec/hang-loat/lam", &format!("{asked}&n=3")).page();
    assert!(drifted.contains("Lúc xem lại có 3 hồ sơ, bây giờ có 2."), "{drifted}");
    assert_eq!(value_of(&drifted, "n").as_deref(), Some("2"));
    assert_eq!(post("/viec/hang-loat/lam", &asked).status, 400, "a number is needed");
    let begun = post("/viec/hang-loat/lam", &format!("{asked}&n=2"));
    assert_eq!(begun.status, 303, "{}", begun.text());
    waited(&portal, begun.header("location"));
    let mine = portal.get_as("/viec?hang=mine", &format!("vai-tro={clerk}")).page();
    assert_eq!(first_number(&sentence(&mine)), Some(2));
    // Used up: the next page begins anew, and what still sends the old number is told so.
    assert!(portal.get_as(&format!("/viec?{here}"), CITY).page().contains("Đã chọn 0 hồ sơ."));
    assert_eq!(post("/viec/chon", &format!("{here}&trang={shown}&lam=trang")).status, 400);
}

#[test]
fn taking_a_queue_leaves_what_others_have() {
    let portal = Portal::open();
    let (clerk, code, count, page) = commune(&portal);
    let post = |path: &str, body: &str| portal.post(path, &[("Cookie", CITY)], body);
    let number = value_of(&page, "so").unwrap();
    post(&format!("{LIST}/nhan-viec"), &format!("so={number}&cho=nguoi&giao-cho={clerk}&xa={code}&ly-do={RULE}")).page();
    let here = format!("hang=open&xa={code}&chon=n0000000001&so=nbulk-take-1&viec=nhan&cho=loc");
    let review = post("/viec/hang-loat", &here).page();
    assert!(review.contains("Không có hồ sơ nào để làm."), "{review}");
    assert!(review.contains(&format!("{count} hồ sơ người khác đang phụ trách")), "{review}");
    let ticked = post("/viec/hang-loat", &format!("{here}&ca-nguoi-khac=1")).page();
    assert!(ticked.contains(&format!("Làm cho {count} hồ sơ")), "{ticked}");
}

/// A queue's sheet as it comes back: for each case its version and what is filled in.
fn filled(rows: &[(&str, &str, &str)]) -> String {
    let heads = "Mã hồ sơ,Phiên bản hồ sơ,Kết quả (điền),Ngày của kết quả (điền),Ghi rõ (điền)";
    let rows = rows.iter().map(|(case, outcome, words)| format!("{case},v1,{outcome},,{words}\n"));
    format!("{heads}\n{}", rows.collect::<String>())
}

#[test]
fn a_sheet_comes_back_with_a_page_of_its_own_and_is_done_once() {
    let portal = Portal::open();
    let (_, code, _, page) = commune(&portal);
    let number = value_of(&page, "so").unwrap();
    let fields = format!("so={number}&cho=don-vi&xa={code}&ly-do={RULE}");
    portal.post(&format!("{LIST}/nhan-viec"), &[("Cookie", CITY)], &fields).page();
    let queue = portal.get_as(&format!("/viec?hang=open&xa={code}"), CITY).page();
    let ids: Vec<&str> = queue.split("name=\"hs-").skip(1).filter_map(|rest| rest.split('"').next()).take(3).collect();
    let send = |form: &str, sheet: &str| portal.post_file("/viec/nhan-tep", CITY, &[("so", form)], ("tep", sheet.as_bytes()));
    // A small one is worked before the answer.
    let sheet = filled(&[(ids[0], "Đã mất", "Giấy báo tử"), (ids[1], "không rõ", "Đã gọi"), (ids[2], "", "")]);
    let taken = send("nsheet-0001", &sheet);
    assert_eq!((taken.status, taken.header("location")), (303, "/viec/nhan-tep/nsheet-0001"), "{}", taken.text());
    let result = portal.get_as(taken.header("location"), CITY).page();
    assert!(result.contains("3 dòng: ghi 1, để trống 1, trả lại 1.") && result.contains("Đã xong."), "{result}");
    assert!(result.contains(&format!("href=\"/viec/{}\"", ids[1])), "the case of the refused row opens");
    assert!(!result.contains("http-equiv=\"refresh\""), "it is over");
    // The result can be opened again, the same file under another number leads to it, and the case was changed once.
    let again = send("nsheet-0002", &sheet);
    assert_eq!(again.header("location"), "/viec/nhan-tep/nsheet-0001?da-gui=1");
    assert!(portal.get_as(again.header("location"), CITY).page().contains("Tệp này đã gửi trước đó"));
    let case = portal.get_as(&format!("/viec/{}", ids[0]), CITY).page();
    assert_eq!(value_of(&case, "phien-ban").as_deref(), Some("2"), "{case}");
    assert_eq!(portal.get_as("/viec/nhan-tep/nsheet-0001", "vai-tro=u-co-so").status, 404, "somebody else's");
    // A longer one is the worker's.
    let unknown: Vec<String> = (0..60).map(|n| format!("0192f0c1-0000-7000-8000-0000000a{n:04}")).collect();
    let rows: Vec<(&str, &str, &str)> = unknown.iter().map(|id| (id.as_str(), "Đã mất", "Giấy báo tử")).collect();
    let longer = send("nsheet-0003", &filled(&rows));
    assert_eq!(longer.status, 303, "{}", longer.text());
    let result = waited(&portal, longer.header("location"));
    assert!(result.contains("60 dòng: ghi 0, để trống 0, trả lại 60."), "{result}");
    assert_eq!(send("nsheet-0004", "chữ,gì,đó\n1,2,3\n").status, 400);
}
