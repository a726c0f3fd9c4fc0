//! Claim files over the wire, as the program of a hospital posts them.

use std::fs;
use std::io::{Cursor, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::accounts::{Browser, admin};
use crate::server::{Answer, Portal};
use crate::support::{ansinh, files_below, good, text};

const SEND: &str = "/api/giam-dinh/guiHoSo";
/// The hash of a password of the national portal, as programs send it.
const SECRET: &str = "0CC175B9C0F1B6A831C399E269772661";

const VISIT: &str = "<TONG_HOP><MA_LK>LK1</MA_LK><STT>1</STT><HO_TEN>Nguyễn Thị Hoa</HO_TEN><NGAY_SINH>196600000000</NGAY_SINH>\
    <NGAY_VAO>202610050830</NGAY_VAO><NGAY_RA>202610050915</NGAY_RA><T_TONGCHI_BV>51000.00</T_TONGCHI_BV><MA_LOAI_KCB>01</MA_LOAI_KCB>\
    <MA_CSKCB>01013</MA_CSKCB></TONG_HOP>";
pub const DRUGS: &str = "<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC>\
    <CHI_TIET_THUOC><MA_LK>LK1</MA_LK><STT>1</STT><MA_THUOC>40.30</MA_THUOC><SO_LUONG>10.000</SO_LUONG></CHI_TIET_THUOC>\
    <CHI_TIET_THUOC><MA_LK>LK1</MA_LK><STT>2</STT><MA_THUOC>40.67</MA_THUOC><SO_LUONG>5</SO_LUONG></CHI_TIET_THUOC>\
    </DSACH_CHI_TIET_THUOC></CHITIEU_CHITIET_THUOC>";

pub fn dossier(link: &str, drugs: &str) -> String {
    let part = |table: &str, content: &str| {
        let content = STANDARD.encode(content.replace("LK1", link));
        format!("<FILEHOSO><LOAIHOSO>{table}</LOAIHOSO><NOIDUNGFILE>{content}</NOIDUNGFILE></FILEHOSO>")
    };
    format!("<HOSO>{}{}</HOSO>", part("XML1", VISIT), part("XML2", drugs))
}

pub fn envelope(facility: &str, dossiers: &[String]) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<GIAMDINHHS><THONGTINDONVI><MACSKCB>{facility}</MACSKCB></THONGTINDONVI><THONGTINHOSO>\
         <NGAYLAP>20261006</NGAYLAP><SOLUONGHOSO>{}</SOLUONGHOSO><DANHSACHHOSO>{}</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>",
        dossiers.len(),
        dossiers.concat()
    )
}

/// One good visit of a facility.
pub fn file_of(facility: &str) -> String {
    let content = STANDARD.encode(VISIT.replace("01013", facility));
    let part = format!("<FILEHOSO><LOAIHOSO>XML1</LOAIHOSO><NOIDUNGFILE>{content}</NOIDUNGFILE></FILEHOSO>");
    envelope(facility, &[format!("<HOSO>{part}</HOSO>")])
}

/// A good visit and one whose quantity cannot be read.
fn file() -> String {
    envelope("01013", &[dossier("LK1", DRUGS), dossier("LK2", &DRUGS.replace("10.000", "mười"))])
}

fn form(kind: &str, facility: &str, file: &str) -> String {
    form_of(kind, facility, file.as_bytes())
}

fn form_of(kind: &str, facility: &str, file: &[u8]) -> String {
    let file = STANDARD.encode(file).replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    format!("username={facility}_BV&loaiHoSo={kind}&maTinh=01&maCSKCB={facility}&fileHSBase64={file}")
}

fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A portal with the hospital 01013, and a token for its program.
struct There {
    portal: Portal,
    token: String,
    /// A token of the hospital that may only ask for the law.
    without: String,
    /// A token of another unit that may send claims.
    elsewhere: String,
    /// The cookie of somebody who is signed in.
    session: String,
}

fn open(files: &[(&str, &str)]) -> There {
    let (portal, _) = Portal::open_for_accounts_over(files);
    let data = text(portal.data.path()).to_owned();
    let given = ["users", "add", "--id", "u-bv", "--label", "Người thử", "--role", "facility_staff", "--unit", "kcb-01013"];
    let more = ["--unit-name", "Bệnh viện thử", "--unit-kind", "facility", "--communes", "", "--login", "u-bv", "--data", &data];
    good(&[&given[..], &more[..]].concat());
    let mut admin = admin(&portal);
    let [token, without, elsewhere] = [("kcb-01013", "claims_send=1"), ("kcb-01013", "law=1"), ("quan-tri", "claims_send=1")]
        .map(|(unit, scopes)| make_token(&mut admin, unit, scopes));
    let session = format!("phien={}", admin.session());
    There { portal, token, without, elsewhere, session }
}

fn make_token(admin: &mut Browser<'_>, unit: &str, scopes: &str) -> String {
    let made = admin.send("/ma-truy-cap", &format!("co-quan={unit}&ten=HIS&ngay=30&{scopes}")).page();
    made.split("<code class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

impl There {
    fn send(&self, body: &str) -> Answer {
        self.send_as(&self.token, SEND, &[], body)
    }

    fn send_as(&self, token: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        self.portal.post(path, &[&[("Authorization", bearer.as_str())], headers].concat(), body)
    }

    fn waiting(&self) -> usize {
        let folder = self.portal.data.path().join("book/claims_waiting");
        if folder.exists() { files_below(&folder).len() } else { 0 }
    }
}

/// Status, `maKetQua` and the word of a refusal.
fn refusal(answer: &Answer) -> (u16, String, String) {
    let record: Value = serde_json::from_str(&answer.text()).unwrap_or_else(|e| panic!("{e}: {}", answer.text()));
    let word = |key: &str| record[key].as_str().unwrap_or_default().to_owned();
    assert!(word("thongDiep").contains("BHXH Việt Nam"), "{record}");
    assert_eq!(word("maGiaoDich"), "", "{record}");
    (answer.status, word("maKetQua"), word("code"))
}

fn refused(status: u16, code: &str) -> (u16, String, String) {
    (status, status.to_string(), code.to_owned())
}

#[test]
fn a_file_is_answered_at_once_and_waits_for_the_import() {
    let there = open(&[]);
    let before = there.portal.audit_events();
    let answer = there.send(&form("3176", "01013", &file()));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let receipt: Value = serde_json::from_str(&answer.text()).unwrap();
    assert_eq!((receipt["schema"].as_u64(), receipt["maKetQua"].as_str()), (Some(1), Some("200")));
    assert_eq!((receipt["visits"].as_u64(), receipt["kept"].as_u64(), receipt["lines"].as_u64()), (Some(2), Some(1), Some(2)));
    assert_eq!((receipt["kind"].as_str(), receipt["check_ins"].as_u64()), (Some("claims"), Some(0)));
    let [fault] = receipt["refused"].as_array().unwrap().as_slice() else { panic!("{receipt}") };
    assert_eq!((fault["visit"].as_str(), fault["table"].as_str(), fault["line"].as_u64()), (Some("LK2"), Some("XML2"), Some(1)));
    assert_eq!((fault["column"].as_str(), fault["code"].as_str()), (Some("SO_LUONG"), Some("not_number")));
    // A visit without card, codes and prices breaks some rule or other.
    let findings = receipt["findings"].as_array().unwrap();
    assert!(findings.iter().all(|f| f["visit"] == "LK1" && !f["message"].as_str().unwrap().is_empty()), "{receipt}");
    assert!(!findings.is_empty(), "{receipt}");
    assert_eq!(receipt["thoiGianTiepNhan"].as_str().unwrap().len(), 14);
    assert!(receipt["thongDiep"].as_str().unwrap().contains("vẫn phải thực hiện theo quy định"), "{receipt}");
    assert_eq!((receipt["signature"].as_str(), there.waiting()), (Some("absent"), 1));

    let again: Value = serde_json::from_str(&there.send(&form("3176", "01013", &file())).text()).unwrap();
    assert_eq!(again["maGiaoDich"], receipt["maGiaoDich"]);
    assert_eq!(again["findings"], receipt["findings"], "nothing of the first file stands in the second");
    assert_eq!(there.waiting(), 1, "the same content lies there once");
    assert_eq!(there.portal.audit_events() - before, 2);

    let check_in =
        |link: &str| format!("<TRANG_THAI_KCB><MA_LK>{link}</MA_LK><NGAY_VAO>202610050830</NGAY_VAO></TRANG_THAI_KCB>");
    let check_ins = format!(
        "<CHI_TIEU_TRANG_THAI_KCB><DSACH_TRANG_THAI_KCB>{}{}</DSACH_TRANG_THAI_KCB></CHI_TIEU_TRANG_THAI_KCB>",
        check_in("A"),
        check_in("B")
    );
    let answer = there.send(&form("0", "01013", &check_ins));
    let receipt: Value = serde_json::from_str(&answer.text()).unwrap();
    assert_eq!((answer.status, receipt["check_ins"].as_u64(), receipt["visits"].as_u64()), (200, Some(2), Some(0)), "{receipt}");
    assert_eq!(refusal(&there.send(&form("3176", "01013", &check_ins))), refused(400, "other_kind"));
    assert_eq!(there.waiting(), 2);
}

#[test]
fn files_that_come_before_the_rules_are_ready_have_their_answer() {
    let mut there = open(&[]);
    there.portal.restart(&[]);
    let there = &there;
    let receipts: Vec<Value> = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..4).map(|_| scope.spawn(|| there.send(&form("3176", "01013", &file())))).collect();
        senders.into_iter().map(|sender| serde_json::from_str(&sender.join().unwrap().text()).unwrap()).collect()
    });
    for receipt in &receipts {
        assert_eq!(receipt["maKetQua"], "200", "{receipt}");
        assert_eq!(receipt["findings"], receipts[0]["findings"], "whoever checked it, it is the same file");
    }
    assert!(!receipts[0]["findings"].as_array().unwrap().is_empty());
    assert_eq!(there.waiting(), 1);
}

#[test]
fn other_facilities_other_files_and_broken_ones_are_refused() {
    let there = open(&[("ansinh.toml", "claims_mb = 1\n")]);
    let ask = |body: &str| refusal(&there.send(body));
    assert_eq!(ask(&form("3176", "01014", &file())), refused(403, "other_facility"));
    let of_others = envelope("01014", &[dossier("LK1", DRUGS).replace("01013", "01014")]);
    assert_eq!(ask(&form("3176", "01013", &of_others)), refused(403, "other_facility_inside"));
    let health_check = there.send(&form("3176", "01013", "<?xml version=\"1.0\"?><KHAMSUCKHOE><THONGTIN/></KHAMSUCKHOE>"));
    assert_eq!(refusal(&health_check), refused(400, "other_file"));
    assert!(health_check.text().contains("khám sức khỏe (KHAMSUCKHOE)"), "{}", health_check.text());
    assert_eq!(ask("maCSKCB=01013&loaiHoSo=3176&fileHSBase64=%3CHOSO%3E"), refused(400, "not_base64"));
    assert_eq!(ask(&form("3176", "01013", &" ".repeat(1_200_000))), refused(413, "too_large"));
    assert_eq!(ask("maCSKCB=01013&loaiHoSo=3176"), refused(400, "field_missing"));
    assert_eq!(ask(&form("khac", "01013", &file())), refused(400, "field_wrong"));
    let broken = envelope("01013", &[dossier("LK1", &DRUGS.replace("10.000", "mười"))]);
    let nothing = there.send(&form("3176", "01013", &broken));
    assert_eq!(refusal(&nothing), refused(422, "nothing_kept"));
    assert!(nothing.text().contains("SO_LUONG"), "{}", nothing.text());
    assert_eq!(there.waiting(), 0, "nothing of this is kept");
    assert_eq!(there.send(&form("3176", "01013", &file())).status, 200, "and a good file comes through after all that");
}

#[test]
fn a_zip_has_one_receipt_that_counts_over_its_files() {
    let there = open(&[]);
    let bytes = zip(&[("t10/ngay 5.xml", &file()), ("t10/ngay 6.xml", &envelope("01013", &[dossier("LK3", DRUGS)]))]);
    let answer = there.send(&form_of("3176", "01013", &bytes));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let receipt: Value = serde_json::from_str(&answer.text()).unwrap();
    assert_eq!((receipt["visits"].as_u64(), receipt["kept"].as_u64(), receipt["lines"].as_u64()), (Some(3), Some(2), Some(4)));
    assert!(
        receipt["thongDiep"].as_str().unwrap().starts_with("Tệp nén có 2 tệp. Đã nhận 2 hồ sơ, trả lại 1 hồ sơ"),
        "{receipt}"
    );
    let files = receipt["files"].as_array().unwrap();
    let counts: Vec<_> = files.iter().map(|f| (f["file"].as_str(), f["visits"].as_u64(), f["kept"].as_u64())).collect();
    assert_eq!(counts, [(Some("ngay 5.xml"), Some(2), Some(1)), (Some("ngay 6.xml"), Some(1), Some(1))]);
    assert!(
        receipt["signature"].is_null() && files.iter().all(|f| f["signature"] == "absent"),
        "each file has its own: {receipt}"
    );
    let [fault] = receipt["refused"].as_array().unwrap().as_slice() else { panic!("{receipt}") };
    assert_eq!((fault["file"].as_str(), fault["visit"].as_str()), (Some("ngay 5.xml"), Some("LK2")));
    let of = |visit: &str| receipt["findings"].as_array().unwrap().iter().filter(|f| f["visit"] == visit).collect::<Vec<_>>();
    assert!(!of("LK3").is_empty() && of("LK3").iter().all(|f| f["file"] == "ngay 6.xml"), "{receipt}");
    assert!(of("LK1").iter().all(|f| f["file"] == "ngay 5.xml"), "{receipt}");
    assert_eq!(there.waiting(), 1);

    let again: Value = serde_json::from_str(&there.send(&form_of("3176", "01013", &bytes)).text()).unwrap();
    assert_eq!((&again["maGiaoDich"], there.waiting()), (&receipt["maGiaoDich"], 1), "the same content lies there once");
    let single: Value = serde_json::from_str(&there.send(&form("3176", "01013", &file())).text()).unwrap();
    assert!(single["files"].is_null() && single["refused"][0]["file"].is_null(), "a single file has no list: {single}");

    // The import reads what waits, and takes it out of the waiting room.
    let imported = ansinh(&["claims", "import", "--waiting", "--data", text(there.portal.data.path()), "--json"]);
    assert_eq!(imported.code, 1, "a dossier was refused: {imported:?}");
    let report = imported.json();
    assert_eq!((report["read"].as_u64(), report["stored"].as_u64(), report["refused"].as_u64()), (Some(5), Some(3), Some(2)));
    assert_eq!(there.waiting(), 0);
}

#[test]
fn a_zip_may_come_as_it_is_in_a_part_of_a_form() {
    let there = open(&[]);
    let bytes = zip(&[("a.xml", &file())]);
    let mut body =
        b"--M\r\nContent-Disposition: form-data; name=\"maCSKCB\"\r\n\r\n01013\r\n--M\r\nContent-Disposition: form-data; \
        name=\"fileHSBase64\"; filename=\"a.zip\"\r\nContent-Type: application/octet-stream\r\n\r\n"
            .to_vec();
    body.extend_from_slice(&bytes);
    body.extend_from_slice(b"\r\n--M--\r\n");
    let host = format!("127.0.0.1:{}", there.portal.port);
    let bearer = format!("Bearer {}", there.token);
    let kind = "multipart/form-data; boundary=M";
    let headers = [("Host", host.as_str()), ("Content-Type", kind), ("Authorization", bearer.as_str())];
    let answer = there.portal.ask_bytes("POST", SEND, &headers, &body);
    let receipt: Value = serde_json::from_str(&answer.text()).unwrap();
    assert_eq!((answer.status, receipt["kept"].as_u64()), (200, Some(1)), "{receipt}");
    let as_text: Value = serde_json::from_str(&there.send(&form_of("", "01013", &bytes)).text()).unwrap();
    assert_eq!(as_text["maGiaoDich"], receipt["maGiaoDich"], "the same file, however it came");
}

#[test]
fn each_file_of_a_zip_that_is_not_read_has_its_reason() {
    let there = open(&[]);
    let inner = "PK\u{3}\u{4}";
    let bytes = zip(&[
        ("../../etc/a.xml", &file()),
        ("doc.txt", "đọc tôi"),
        ("ksk.xml", "<KHAMSUCKHOE></KHAMSUCKHOE>"),
        ("trong.zip", inner),
        ("trong.xml", "không phải XML"),
        ("tot.xml", &envelope("01013", &[dossier("LK3", DRUGS)])),
    ]);
    let answer = there.send(&form_of("3176", "01013", &bytes));
    let receipt: Value = serde_json::from_str(&answer.text()).unwrap();
    assert_eq!((answer.status, receipt["visits"].as_u64(), receipt["kept"].as_u64()), (200, Some(1), Some(1)), "{receipt}");
    assert!(
        receipt["thongDiep"].as_str().unwrap().starts_with("Tệp nén có 6 tệp, không đọc 5 tệp. Đã nhận 1 hồ sơ"),
        "{receipt}"
    );
    let files = receipt["files"].as_array().unwrap();
    let told = |name: &str| {
        let file = files.iter().find(|f| f["file"] == name).unwrap_or_else(|| panic!("{name}: {receipt}"));
        (file["code"].as_str().unwrap_or_default().to_owned(), file["reason"].as_str().unwrap_or_default().to_owned())
    };
    for (name, code, reason) in [
        ("a.xml", "claim_file_unreadable", "trỏ ra ngoài thư mục"),
        ("doc.txt", "not_xml", "không phải tệp .xml"),
        ("ksk.xml", "claim_file_other_kind", "KHAMSUCKHOE"),
        ("trong.zip", "claim_file_unreadable", "nằm trong tệp nén"),
        ("trong.xml", "claim_file_other_kind", "không phải XML"),
        ("tot.xml", "", ""),
    ] {
        let (found, why) = told(name);
        assert!(found == code && why.contains(reason), "{name}: {found} {why}");
    }
    // Nothing good in it: nothing is kept, and the reasons are still told.
    let none = there.send(&form_of("3176", "01013", &zip(&[("ksk.xml", "<KHAMSUCKHOE></KHAMSUCKHOE>")])));
    assert_eq!(refusal(&none), refused(422, "nothing_kept"));
    assert!(none.text().contains("KHAMSUCKHOE"), "{}", none.text());
    assert_eq!(there.waiting(), 1);
}

#[test]
fn zips_that_hurt_that_are_cut_or_of_others_are_refused_whole() {
    let there = open(&[("ansinh.toml", "claims_mb = 1\n")]);
    let ask = |bytes: &[u8]| refusal(&there.send(&form_of("3176", "01013", bytes)));
    assert_eq!(ask(&zip(&[])), refused(400, "other_file"));
    assert_eq!(ask(&zip(&[("doc.txt", "x")])), refused(400, "other_file"));
    let good = zip(&[("a.xml", &file())]);
    assert_eq!(ask(&good[..good.len() / 2]), refused(400, "zip_broken"));
    assert_eq!(ask(&zip(&[("a.xml", &file()), ("b.xml", &" ".repeat(2 << 20))])), refused(400, "zip_unsafe"));
    // Honest content, which does not pack like a bomb, but larger than the setting allows.
    let large: Vec<String> = (0..1500).map(|number| dossier(&format!("LK{number}"), DRUGS)).collect();
    let large = envelope("01013", &large);
    assert!(large.len() > 1 << 20);
    let answer = there.send(&form_of("3176", "01013", &zip(&[("a.xml", &large)])));
    assert_eq!(refusal(&answer), refused(413, "zip_too_large"));
    let of_others = envelope("01014", &[dossier("LK1", DRUGS).replace("01013", "01014")]);
    assert_eq!(ask(&zip(&[("a.xml", &file()), ("b.xml", &of_others)])), refused(403, "other_facility_inside"));
    let check_ins = "<CHI_TIEU_TRANG_THAI_KCB><DSACH_TRANG_THAI_KCB/></CHI_TIEU_TRANG_THAI_KCB>";
    assert_eq!(ask(&zip(&[("a.xml", &file()), ("b.xml", check_ins)])), refused(400, "other_kind"));
    assert_eq!(there.waiting(), 0, "nothing of this is kept");
    assert_eq!(there.send(&form_of("3176", "01013", &good)).status, 200, "and a good one comes through after all that");
}

#[test]
fn only_a_token_of_the_facility_opens_the_door() {
    let there = open(&[]);
    let answer = there.send_as(&there.without, SEND, &[], &form("3176", "01013", &file()));
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("token_scope"), "{}", answer.text());
    assert_eq!(
        refusal(&there.send_as(&there.elsewhere, SEND, &[], &form("3176", "01013", &file()))),
        refused(403, "no_facility")
    );
    assert_eq!(there.send_as("anything", SEND, &[], &form("3176", "01013", &file())).status, 401);
    let signed_in = there.portal.post(SEND, &[("Cookie", &there.session)], &form("3176", "01013", &file()));
    assert_eq!(refusal(&signed_in), refused(403, "not_a_program"));
    assert_eq!(there.waiting(), 0);
}

/// Address, body and headers of a post.
type Way<'w> = (&'w str, String, &'w [(&'w str, &'w str)]);

#[test]
fn what_opens_the_national_portal_is_refused_and_stands_nowhere() {
    let there = open(&[]);
    let body = form("3176", "01013", &file());
    let ways: [Way<'_>; 5] = [
        (SEND, format!("{body}&passwordHash={SECRET}"), &[]),
        (SEND, format!("accessToken={SECRET}&{body}"), &[]),
        (SEND, body.clone(), &[("passwordHash", SECRET)]),
        (SEND, body.clone(), &[("tokenId", SECRET)]),
        ("/api/giam-dinh/guiHoSo?password=0CC175B9C0F1B6A831C399E269772661", body.clone(), &[]),
    ];
    for (path, body, headers) in ways {
        let answer = there.send_as(&there.token, path, headers, &body);
        assert_eq!(refusal(&answer), refused(400, "national_secret"), "{path} {headers:?}");
        assert!(!answer.text().contains(SECRET), "{}", answer.text());
    }
    let json = format!("{{\"maCSKCB\":\"01013\",\"passwordHash\":\"{SECRET}\"}}");
    let host = format!("127.0.0.1:{}", there.portal.port);
    let bearer = format!("Bearer {}", there.token);
    let headers = [("Host", host.as_str()), ("Content-Type", "application/json"), ("Authorization", bearer.as_str())];
    assert_eq!(refusal(&there.portal.ask("POST", SEND, &headers, &json)), refused(400, "national_secret"));
    assert_eq!(there.waiting(), 0);
    there.portal.audit_events();
    for path in files_below(there.portal.data.path()) {
        let bytes = fs::read(&path).unwrap();
        let found = bytes.windows(SECRET.len()).any(|part| part.eq_ignore_ascii_case(SECRET.as_bytes()));
        assert!(!found, "{}", path.display());
    }
    let said = there.portal.said();
    assert!(!said.to_uppercase().contains(SECRET), "{said}");
}
