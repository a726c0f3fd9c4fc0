//! Collection organisations over the wire: a collector gets a card and a list, cases come to something, a complaint is resolved; without a
//! card nothing leaves; an organisation sees its own figures and nobody's data. And the outbox tells a folder of it.

use std::io::{Cursor, Read};
use std::time::{Duration, Instant};

use crate::accounts::value_of;
use crate::roles::collector;
use crate::server::{Answer, Portal, links};

const CITY: &str = "vai-tro=u-city";
const OWN: &str = "vai-tro=u-nhan-vien-thu";

fn send(portal: &Portal, path: &str, role: &str, body: &str) -> Answer {
    portal.post(path, &[("Cookie", role)], body)
}

/// All that stands in an XLSX.
fn sheet_of(bytes: &[u8]) -> String {
    let mut file = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    for at in 0..file.len() {
        let mut part = file.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        if name.starts_with("xl/worksheets") || name.ends_with("sharedStrings.xml") {
            part.read_to_string(&mut text).unwrap();
        }
    }
    text
}

/// The longest run of digits between the tags of a sheet.
fn digits(sheet: &str) -> usize {
    let texts = sheet.split('<').filter_map(|part| part.split('>').nth(1));
    texts.flat_map(|text| text.split(|c: char| !c.is_ascii_digit()).map(str::len)).max().unwrap_or(0)
}

/// Takes the case of somebody whose card lapsed; its id and the name of its person.
fn taken(portal: &Portal) -> (String, String) {
    let person = crate::letters::somebody(portal, "household-card-lapsed", CITY);
    let page = portal.get_as(&person, CITY).page();
    let fields = format!("so={}&ly-do=household-card-lapsed", value_of(&page, "so").unwrap());
    let made = send(portal, &format!("{person}/nhan-viec"), CITY, &fields);
    assert_eq!(made.status, 303, "{}", made.text());
    let case = made.header("location").trim_start_matches("/viec/").split(['?', '#']).next().unwrap_or_default().to_owned();
    let name = page.split("<h1>").nth(1).and_then(|rest| rest.split('<').next()).unwrap().trim().to_owned();
    (case, name)
}

/// Every commune of the demo, as it is typed.
fn everywhere(portal: &Portal) -> String {
    portal.roles("u-xa-").iter().map(|role| role.trim_start_matches("u-xa-").to_owned()).collect::<Vec<_>>().join("%2C")
}

/// Hands the cases that were taken to a collector; gives the addresses of its two files.
fn handed(portal: &Portal, collector: &str) -> (String, String) {
    let form = portal.get_as(&format!("/viec/giao-thu?hang=mine&nhan-vien={collector}"), CITY).page();
    let number = value_of(&form, "so").unwrap();
    let fields = format!("hang=mine&so={number}&nhan-vien={collector}&dot=Dot+thang+11&den-ngay=31/12/2027");
    let made = send(portal, "/viec/giao-thu", CITY, &fields);
    assert_eq!(made.status, 303, "{}", made.text());
    let page = portal.get_as(&format!("/nhan-vien-thu/{collector}"), CITY).page();
    let file = |ending: &str| links(&page).into_iter().map(|l| l.href).find(|href| href.ends_with(ending)).unwrap();
    (file("/toi-thieu.xlsx"), file("/d03-tk1-vnpt.xlsx"))
}

#[test]
fn a_list_leaves_for_who_has_a_card_and_its_cases_count_for_them() {
    let portal = Portal::open();
    let (case, name) = taken(&portal);
    let who = collector(&portal, &everywhere(&portal), "BD01");
    let (least, d03) = handed(&portal, &who);
    let at = format!("/nhan-vien-thu/{who}");

    let sheet = sheet_of(&portal.get_as(&least, CITY).body);
    let given = name.split(',').next().unwrap();
    assert!(sheet.contains(given) && sheet.contains("BHYT: chưa có thẻ còn hạn"), "{given}: {sheet}");
    // Neither numbers of people nor a ground stand in it; the years of dates are the longest digits.
    assert!(digits(&sheet) < 9, "a long number stands in the minimum list");
    assert!(!sheet.contains("nghèo") && !sheet.contains("hộ gia đình"), "{sheet}");
    let full = sheet_of(&portal.get_as(&d03, CITY).body);
    assert!(full.contains("MaNhanvienThu") && full.contains("NV01") && digits(&full) >= 10, "{full}");

    // It comes to something: the count, and the row behind it.
    let version = value_of(&portal.get_as(&format!("/viec/{case}"), CITY).page(), "phien-ban").unwrap();
    let fields = format!("viec=ket-qua&phien-ban={version}&so=form-joined-1&ket-qua-la=joined&ly-do=Da+dong+tai+diem+thu");
    assert_eq!(send(&portal, &format!("/viec/{case}/doi"), CITY, &fields).status, 303);
    let page = portal.get_as(&at, CITY).page();
    assert!(page.contains("1 trên 1 (100,00%)"), "{page}");
    let rows =
        links(&page).into_iter().find(|link| link.href.ends_with("viec?ket-qua=joined")).expect("the count opens its rows");
    let behind = portal.get_as(&rows.href, CITY).page();
    assert_eq!(links(&behind).iter().filter(|link| link.href == format!("/viec/{case}")).count(), 1);
    assert_eq!(rows.text, "1");

    // A complaint; the organisation is told what it is about and not who said what.
    let form = value_of(&page, "so").unwrap();
    let words = "loai=money&loi-phan-anh=Ba+Lan+noi+khong+co+bien+lai&ngay-nhan=01/11/2026&han=30/11/2027";
    assert_eq!(send(&portal, &format!("{at}/phan-anh"), CITY, &format!("so={form}&{words}")).status, 303);
    let page = portal.get_as(&at, CITY).page();
    assert!(page.contains("Ba Lan noi khong co bien lai") && page.contains("Hạn 30/11/2027"), "{page}");
    let own = portal.get_as(&at, OWN).page();
    assert!(own.contains("Thu tiền, biên lai") && !own.contains("Ba Lan"), "{own}");
    assert!(!own.contains("/viec?ket-qua") && !own.contains(".xlsx"), "an organisation opens no rows");
    let complaint = page.split("<option value=\"0").find(|part| part.contains("Thu tiền, biên lai (")).unwrap();
    let complaint = format!("0{}", complaint.split('"').next().unwrap());
    let fields = format!("phan-anh-nao={complaint}&ket-luan=upheld&giai-quyet=Da+tra+bien+lai");
    assert_eq!(send(&portal, &format!("{at}/giai-quyet"), CITY, &fields).status, 303);
    let page = portal.get_as(&at, CITY).page();
    assert!(page.contains("10 / 20") && page.contains("Đúng ("), "half of the points for complaints: {page}");

    // Without a card nothing leaves any more.
    let card = page.split("<select").find(|part| part.contains("id=\"the\"")).unwrap();
    let card = card.split("<option value=\"").nth(1).unwrap().split('"').next().unwrap();
    let today = "01/01/2026";
    let fields = format!("the={card}&tu={today}&ly-do=Thu+sai+quy+dinh");
    assert_eq!(send(&portal, &format!("{at}/thu-hoi"), CITY, &fields).status, 303);
    for file in [&least, &d03] {
        let refused = portal.get_as(file, CITY);
        assert_eq!(refused.status, 400, "{file}");
        assert!(refused.text().contains("không có thẻ còn hiệu lực"), "{}", refused.text());
    }
    let page = portal.get_as(&at, CITY).page();
    assert!(page.contains("Không xuất được: không có thẻ còn hiệu lực") && !page.contains("toi-thieu.xlsx"));
    assert!(!portal.get_as("/viec/giao-thu?hang=open", CITY).page().contains(&who), "nobody without a card is offered");
    portal.audit_events();
}

#[test]
fn an_organisation_sees_its_own_collectors_and_takes_nothing_out() {
    let portal = Portal::open();
    let who = collector(&portal, &everywhere(&portal), "BD01");
    let page = portal.get_as("/to-chuc-thu", OWN).page();
    assert!(page.contains("Tổ chức hỗ trợ phát triển đối tượng (mẫu)"), "{page}");
    assert!(portal.get_as("/to-chuc-thu/to-chuc-thu", OWN).page().contains("Nguyen Thi Thu"));
    assert_eq!(portal.get_as("/to-chuc-thu/buu-dien", OWN).status, 404);
    for path in [
        "/to-chuc-thu/to-chuc-thu/nhan-vien.xlsx".to_owned(),
        "/to-chuc-thu/to-chuc-thu/nhan-vien-moi".to_owned(),
        "/to-chuc-thu/to-chuc-thu/tap-huan".to_owned(),
        format!("/nhan-vien-thu/{who}/viec"),
        "/viec/giao-thu".to_owned(),
    ] {
        assert_eq!(portal.get_as(&path, OWN).status, 403, "{path}");
    }
    // The base office of three communes sees a collector who works there.
    assert!(portal.get_as(&format!("/nhan-vien-thu/{who}"), "vai-tro=u-co-so").page().contains("Nguyen Thi Thu"));
    // Communes and the administrator have nothing to do with it.
    let commune = format!("vai-tro={}", portal.roles("u-xa-")[0]);
    for role in [commune.as_str(), "vai-tro=u-quan-tri", "vai-tro=u-giam-sat"] {
        assert_eq!(portal.get_as("/to-chuc-thu", role).status, 403, "{role}");
    }
    let file = portal.get_as("/to-chuc-thu/to-chuc-thu/nhan-vien.xlsx", CITY);
    let sheet = sheet_of(&file.body);
    assert!(sheet.contains("Nguyen Thi Thu") && sheet.contains("Chưa có dữ liệu"), "{sheet}");
    let english = portal.get_as("/to-chuc-thu/to-chuc-thu", "vai-tro=u-city; ngon-ngu=en").page();
    assert!(english.contains("Rating by its parts") && !english.contains("⟦"), "{english}");
}

#[test]
fn cards_come_in_from_a_sheet_row_by_row_and_once() {
    let portal = Portal::open();
    let heads = "Họ và tên;Mã điểm thu;Mã nhân viên thu;Số thẻ;Địa bàn;Có giá trị từ;Có giá trị đến";
    let good = "Lê Thị Mai;BD07;NV01;T-0001;Ba Đình;01/01/2026;31/12/2027";
    let wrong = "Trần Văn Tú;BD07;NV02;T-0002;Chẳng Đâu;01/01/2026;31/12/2027";
    let twice = "Phạm Thị Hoa;BD07;NV01;T-0003;Ba Đình;01/01/2026;31/12/2027";
    let csv = format!("{heads}\n{good}\n{wrong}\n{twice}\n");
    for round in 0..2 {
        let to = "/to-chuc-thu/to-chuc-thu/nhan-the";
        let answer = portal.post_file(to, CITY, &[("so", "form-cards-1")], ("tep", csv.as_bytes())).page();
        assert!(answer.contains("Đọc 3 dòng: ghi 1, trả lại 2."), "round {round}: {answer}");
        assert!(answer.contains("Chẳng Đâu") && answer.contains("đã có"), "{answer}");
    }
    let page = portal.get_as("/to-chuc-thu/to-chuc-thu", CITY).page();
    assert_eq!(page.matches("Lê Thị Mai").count(), 1, "{page}");
    assert!(!page.contains("Phạm Thị Hoa"));
}

#[test]
fn what_happened_lies_in_the_folder_of_the_outbox() {
    let folder = tempfile::tempdir().unwrap();
    let settings = format!("outbox = \"{}\"\n", folder.path().display());
    let portal = Portal::open_over(&[("ansinh.toml", &settings)]);
    let _ = taken(&portal);
    let who = collector(&portal, &everywhere(&portal), "BD01");
    handed(&portal, &who);
    let begun = Instant::now();
    let lines = loop {
        let files = std::fs::read_dir(folder.path().join("su-kien")).into_iter().flatten().flatten();
        let whole = files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
        let lines: Vec<String> = whole.map(|path| std::fs::read_to_string(path).unwrap()).collect();
        if !lines.is_empty() || begun.elapsed() > Duration::from_secs(20) {
            break lines;
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    assert_eq!(lines.len(), 1, "{lines:?}");
    let event: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!((&event["schema"], &event["kind"], &event["payload"]["cases"]), (&1.into(), &"list_handed".into(), &1.into()));
    assert!(!lines[0].contains("Nguyen"), "nothing of people: {}", lines[0]);
    let page = portal.get_as("/hang-gui-di", "vai-tro=u-quan-tri").page();
    assert!(
        page.contains("Thư mục sự kiện") && page.contains("Đang nhận") && page.contains("Không có mục nào dừng gửi"),
        "{page}"
    );
    assert_eq!(portal.get_as("/hang-gui-di", CITY).status, 403);
}
