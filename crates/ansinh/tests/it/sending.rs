//! Files sent at the portal: read, refused rows mended, names taken, columns nobody knew.

use std::collections::BTreeSet;
use std::fs;

use crate::server::{Answer, Portal, links, words};
use crate::support::{PERIOD, ansinh, assert_whole, batches, book, good, text};

const HEAD: &str = "Lớp,Số định danh,Họ và tên,Ngày sinh,Giới tính,Năm học,Email phụ huynh\n";
const AN: &str = "6A,001315012345,Nguyễn Thị An,03/02/2015,Nữ,2026-2027,an@example.com\n";
const BINH: &str = "6A,001215012346,Lê Văn Bình,31/02/2015,Nam,2026-2027,\n";
const CHI: &str = "6B,001315012347,Đỗ Quỳnh Chi,12/11/2015,Nữ,2026-2027,\n";

/// Sends a file with the fields of the form; `number` tells one opened form from another.
fn send(portal: &Portal, number: u8, fields: &[(&str, &str)], name: &str, content: &[u8], headers: &[(&str, &str)]) -> Answer {
    let mut body = String::new();
    let number = format!("{number:032x}");
    for (field, value) in [&[("so", number.as_str()), ("ky", PERIOD)], fields].concat() {
        body.push_str(&format!("--B\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"));
    }
    body.push_str(&format!("--B\r\nContent-Disposition: form-data; name=\"tep\"; filename=\"{name}\"\r\n"));
    body.push_str("Content-Type: application/octet-stream\r\n\r\n");
    let body = [body.as_bytes(), content, b"\r\n--B--\r\n"].concat();
    let host = format!("127.0.0.1:{}", portal.port);
    let fixed = [("Host", host.as_str()), ("Content-Type", "multipart/form-data; boundary=B")];
    portal.ask_bytes("POST", "/du-lieu/gui", &[&fixed[..], headers].concat(), &body)
}

/// Sends a file and gives the page that says what became of it.
fn sent(portal: &Portal, number: u8, fields: &[(&str, &str)], name: &str, content: impl AsRef<[u8]>) -> String {
    let answer = send(portal, number, fields, name, content.as_ref(), &[]);
    assert_eq!(answer.status, 303, "{}", answer.text());
    portal.get(answer.header("location")).page()
}

/// The batch that a result page leads to.
fn batch_of(page: &str) -> String {
    let link = links(page).into_iter().find(|l| l.href.starts_with("/du-lieu/pupils-")).unwrap_or_else(|| panic!("{page}"));
    link.href.trim_start_matches("/du-lieu/").split('?').next().unwrap().to_owned()
}

#[test]
fn a_file_is_read_its_broken_row_mended_and_shown_so() {
    let portal = Portal::open();
    let before = portal.audit_events();
    let page = sent(&portal, 1, &[], "../../6A.csv", format!("{HEAD}{AN}{BINH}{CHI}"));
    assert!(words(&page).contains("3 dòng đọc = 2 dòng lưu + 1 dòng trả lại"), "{}", words(&page));
    for part in ["6A.csv", "Email phụ huynh", "Ngày không có thật", "Đã nhận, có dòng trả lại"] {
        assert!(page.contains(part), "`{part}` on the result");
    }
    assert!(!page.contains("Lê Văn Bình"), "the result says nothing of a person");
    assert!(portal.audit_events() > before + 1, "taking in and looking are both logged");
    let batch = batch_of(&page);

    // The same content again, under another name and from another form: known, nothing changed.
    let again = sent(&portal, 2, &[], "ban-sao.csv", format!("{HEAD}{AN}{BINH}{CHI}"));
    assert!(again.contains("Nội dung đã có từ trước"), "{}", words(&again));
    // The same form sent twice is one arrival.
    let twice = send(&portal, 2, &[], "khac.csv", format!("{HEAD}{CHI}").as_bytes(), &[]);
    assert_eq!(twice.status, 303);
    assert!(portal.get(twice.header("location")).page().contains("ban-sao.csv"));

    // The refused row is in the list of the period and in its file, as CSV and as a workbook.
    let list = portal.get(&format!("/du-lieu/tra-lai?ky={PERIOD}&lo={batch}")).page();
    assert!(words(&list).contains("31/02/2015") && words(&list).contains("Chờ sửa"), "{}", words(&list));
    let csv = portal.get(&format!("/du-lieu/{batch}/tra-lai.csv?ky={PERIOD}")).page();
    let book_file = portal.get(&format!("/du-lieu/{batch}/tra-lai.xlsx?ky={PERIOD}"));
    assert_eq!((book_file.status, &book_file.body[..2]), (200, b"PK".as_slice()));

    // The workbook sent back as it is: its row is read (and refused again), the lines around it are not rows.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tra-lai.xlsx");
    fs::write(&path, &book_file.body).unwrap();
    let elsewhere = folder.path().join("data");
    let back = ansinh(&["intake", "pupils", text(&path), "--period", PERIOD, "--data", text(&elsewhere), "--json"]);
    assert_eq!((&back.json()["read"], &back.json()["quarantined"]), (&1.into(), &1.into()), "{back:?}");

    // Mended in the CSV it comes back, and the first file says so.
    let mended = sent(&portal, 3, &[("sua", &batch), ("loai", "pupils")], "6A-sua.csv", csv.replace("31/02/2015", "28/02/2015"));
    assert!(words(&mended).contains("1 dòng đã sửa nay được lưu"), "{}", words(&mended));
    let first = portal.get(&format!("/du-lieu/{batch}?ky={PERIOD}")).page();
    assert!(first.contains("Đã sửa, đã nhận") && !first.contains("Chờ sửa"), "{}", words(&first));
    let waiting = portal.get(&format!("/du-lieu/tra-lai?ky={PERIOD}&lo={batch}&trang-thai=cho")).page();
    assert!(!waiting.contains("31/02/2015"), "a mended row does not wait");
    let listed = portal.get(&format!("/du-lieu/tra-lai.csv?ky={PERIOD}&lo={batch}")).page();
    assert!(listed.contains("Đã sửa, đã nhận"), "{listed}");
    assert_whole(portal.data.path());
}

#[test]
fn a_corrected_file_is_asked_about_and_shown_beside_the_first() {
    let portal = Portal::open();
    let old = batch_of(&sent(&portal, 1, &[], "6A.csv", format!("{HEAD}{AN}{CHI}")));
    let page = sent(&portal, 2, &[], "6A.csv", format!("{HEAD}{AN}{}", CHI.replace("6B", "6A")));
    assert!(page.contains("Đã có tệp cùng tên, khác nội dung"), "{}", words(&page));
    assert_eq!(batches(&book(portal.data.path())).iter().filter(|b| b.roster == "pupils" && b.file_name == "6A.csv").count(), 1);
    let arrival = format!("{:032x}", 2);
    // What was not offered is not done.
    let other = portal.post(&format!("/du-lieu/gui/{arrival}/thay"), &[], "tep=0&lo=pupils-000000000000");
    assert_eq!(other.status, 400);
    let answer = portal.post(&format!("/du-lieu/gui/{arrival}/thay"), &[], &format!("tep=0&lo={old}"));
    assert_eq!(answer.status, 303, "{}", answer.text());
    let page = portal.get(answer.header("location")).page();
    for part in ["Thay cho tệp đã nhận trước", "Dòng thay đổi", "Dòng giữ nguyên"] {
        assert!(page.contains(part), "`{part}` on {}", words(&page));
    }
    let overview = portal.get(&format!("/du-lieu?ky={PERIOD}")).page();
    assert!(overview.contains("Tệp đã được thay") && overview.contains(&old), "{}", words(&overview));
    let first = portal.get(&format!("/du-lieu/{old}?ky={PERIOD}")).page();
    assert!(first.contains("Tệp này đã được thay"), "{}", words(&first));
    assert_whole(portal.data.path());
    // The bytes that were waiting are gone with the answer.
    assert!(!portal.data.path().join("book/arrivals").join(arrival).join("file").exists());
}

#[test]
fn columns_nobody_knows_are_told_once() {
    let portal = Portal::open();
    let head = "Thứ tự;Nhóm học;Mã số riêng;Người học;Chào đời ngày;Niên học;Món ăn ưa thích\n";
    let rows =
        "1;6A;001315012345;Nguyễn Thị An;03/02/2015;2026-2027;Phở\n2;6B;001315012347;Đỗ Quỳnh Chi;12/11/2015;2026-2027;Bún\n";
    let page = sent(&portal, 1, &[("loai", "pupils")], "la.csv", format!("{head}{rows}"));
    assert!(page.contains("Chưa biết mẫu tệp này"), "{}", words(&page));
    let map = format!("/du-lieu/gui/{:032x}/ghep-cot", 1);
    let page = portal.get(&format!("{map}?tep=0")).page();
    for part in ["Chào đời ngày", "03/02/2015", "Món ăn ưa thích", "<option value=\"full_name\""] {
        assert!(page.contains(part), "`{part}` on {}", words(&page));
    }
    // Values that can only be one thing are suggested.
    let suggested = |column: &str, field: &str| {
        let select = page.split(&format!("id=\"{column}\"")[..]).nth(1).unwrap().split("</select>").next().unwrap();
        select.split("<option").any(|o| o.contains(&format!("value=\"{field}\"")) && o.contains(" selected"))
    };
    assert!(suggested("cot-3", "personal_id") && suggested("cot-5", "birth_date"), "{page}");

    // An incomplete answer keeps what was chosen and says beside the column what is wrong.
    let fixed = "tep=0&loai=pupils&trang=&dong=1&cot-1=stt&cot-2=class&cot-3=personal_id&cot-4=full_name";
    let answer = portal.post(&map, &[], &format!("{fixed}&cot-5=full_name&cot-6=school_year&cot-7="));
    let page = answer.page();
    assert!(page.contains("cot-5-error") && page.contains("Chưa có cột nào là “Ngày sinh”"), "{}", words(&page));
    let layouts = portal.data.path().join("content/formats/rosters");
    assert!(!layouts.exists(), "nothing is kept of a wrong answer");

    let answer = portal.post(&map, &[], &format!("{fixed}&cot-5=birth_date&cot-6=school_year&cot-7="));
    assert_eq!(answer.status, 303, "{}", answer.text());
    let page = portal.get(answer.header("location")).page();
    assert!(words(&page).contains("2 dòng đọc = 2 dòng lưu + 0 dòng trả lại"), "{}", words(&page));
    assert_eq!(fs::read_dir(&layouts).unwrap().count(), 1);
    // The next file of these headings is read at once, by the portal and by the command line.
    let next = sent(&portal, 2, &[], "la-2.csv", format!("{head}{}", rows.replace("Nguyễn Thị An", "Nguyễn Thị Ánh")));
    assert!(words(&next).contains("2 dòng đọc = 2 dòng lưu"), "{}", words(&next));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("la-3.csv");
    fs::write(&path, format!("{head}{}", rows.replace("Phở", "Cháo").replace("An;", "Ân;"))).unwrap();
    let taken = good(&["intake", "auto", text(&path), "--period", PERIOD, "--data", text(portal.data.path())]);
    assert_eq!((&taken["stored"], &taken["files"][0]["roster"]), (&2.into(), &"pupils".into()), "{taken}");
    assert_whole(portal.data.path());
}

#[test]
fn with_a_key_file_what_waits_and_what_is_refused_lies_sealed() {
    const SEALED: &[u8] = b"An Sinh sealed 1";
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys");
    desk::KeyRing::add(&keys, [7; 32]).unwrap();
    // The book of the demo was written without keys: it stays readable beside what is sealed.
    let portal = Portal::open_over(&[("ansinh.toml", &format!("keys = '{}'\n", text(&keys)))]);
    let head = "Thứ tự;Nhóm học;Mã số riêng;Người học;Chào đời ngày;Niên học\n";
    let rows = "1;6A;001315012345;Nguyễn Thị An;03/02/2015;2026-2027\n";
    sent(&portal, 1, &[("loai", "pupils")], "la.csv", format!("{head}{rows}"));
    let number = format!("{:032x}", 1);
    let waits = portal.data.path().join("book/arrivals").join(&number);
    for name in ["file", "arrival.json"] {
        assert!(fs::read(waits.join(name)).unwrap().starts_with(SEALED), "{name} lies open");
    }
    let page = portal.get(&format!("/du-lieu/gui/{number}/ghep-cot?tep=0")).page();
    assert!(page.contains("Chào đời ngày") && page.contains("03/02/2015"), "{}", words(&page));

    let page = sent(&portal, 2, &[], "6A.csv", format!("{HEAD}{AN}{BINH}"));
    let batch = batch_of(&page);
    let rejects = portal.data.path().join("book/rejects").join(format!("{PERIOD}_{batch}.csv"));
    assert!(fs::read(rejects).unwrap().starts_with(SEALED));
    let page = portal.get(&format!("/du-lieu/tra-lai?ky={PERIOD}&lo={batch}")).page();
    assert!(words(&page).contains("31/02/2015"), "who may see the row still sees it: {}", words(&page));
    let file = portal.get(&format!("/du-lieu/{batch}/tra-lai.csv?ky={PERIOD}"));
    assert!(file.status == 200 && file.text().contains("Lê Văn Bình"), "{}", file.text());
}

/// A Parquet table names its columns itself; what they mean is told as for a sheet.
#[test]
fn columns_of_a_parquet_table_are_told_once_too() {
    use std::sync::Arc;

    use engine::arrow::array::{ArrayRef, Date32Array, StringArray};
    use engine::arrow::record_batch::RecordBatch;

    let portal = Portal::open();
    let text = |values: [&str; 2]| Arc::new(StringArray::from(values.to_vec())) as ArrayRef;
    let table = |last: &str| {
        // 2015-02-03 and 2015-11-12 in days since 1970.
        let born = Arc::new(Date32Array::from(vec![16_469, 16_751])) as ArrayRef;
        let batch = RecordBatch::try_from_iter([
            ("nhom_hoc", text(["6A", "6B"])),
            ("ma_rieng", text(["001315012345", "001315012347"])),
            ("nguoi_hoc", text(["Nguyễn Thị An", last])),
            ("chao_doi", born),
            ("nien_hoc", text(["2026-2027", "2026-2027"])),
        ])
        .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("la.parquet");
        engine::write_parquet(&path, batch.schema(), &[batch]).unwrap();
        fs::read(path).unwrap()
    };
    let page = sent(&portal, 1, &[("loai", "pupils")], "la.parquet", table("Đỗ Quỳnh Chi"));
    assert!(page.contains("Chưa biết mẫu tệp này"), "{}", words(&page));
    let map = format!("/du-lieu/gui/{:032x}/ghep-cot", 1);
    let page = portal.get(&format!("{map}?tep=0")).page();
    assert!(page.contains("chao_doi") && page.contains("03/02/2015"), "{}", words(&page));
    let fixed =
        "tep=0&loai=pupils&trang=&dong=1&cot-1=class&cot-2=personal_id&cot-3=full_name&cot-4=birth_date&cot-5=school_year";
    let answer = portal.post(&map, &[], fixed);
    assert_eq!(answer.status, 303, "{}", words(&answer.text()));
    let page = portal.get(answer.header("location")).page();
    assert!(words(&page).contains("2 dòng đọc = 2 dòng lưu + 0 dòng trả lại"), "{}", words(&page));
    let next = sent(&portal, 2, &[], "la-2.parquet", table("Đỗ Quỳnh Châu"));
    assert!(words(&next).contains("2 dòng đọc = 2 dòng lưu"), "{}", words(&next));
}

#[test]
fn only_the_agency_sends_files_and_only_from_the_portal_itself() {
    let portal = Portal::open();
    let file = format!("{HEAD}{AN}");
    let foreign = send(&portal, 1, &[], "6A.csv", file.as_bytes(), &[("Sec-Fetch-Site", "cross-site")]);
    assert_eq!(foreign.status, 403);
    let commune = format!("vai-tro={}", portal.roles("u-xa-").remove(0));
    assert_eq!(send(&portal, 2, &[], "6A.csv", file.as_bytes(), &[("Cookie", &commune)]).status, 403);
    for path in ["/du-lieu", "/du-lieu/gui", "/du-lieu/tra-lai"] {
        assert_eq!(portal.get_as(path, &commune).status, 403, "{path}");
    }
    assert!(!portal.data.path().join("book/arrivals").join(format!("{:032x}", 1)).exists());
    // No file chosen: the form comes back and says so.
    let empty = send(&portal, 3, &[], "", b"", &[]);
    assert_eq!(empty.status, 303);
    assert!(portal.get(empty.header("location")).page().contains("Chưa có tệp nào"));
    // What cannot be read at all is refused with its reason, and nothing is kept of it.
    let page = sent(&portal, 4, &[], "cong-van.csv", "%PDF-1.7 \u{1}\u{2}");
    assert!(page.contains("Không nhận được tệp"), "{}", words(&page));
    assert!(!portal.data.path().join("book/arrivals").join(format!("{:032x}", 4)).join("file").exists());
    for path in ["/du-lieu/gui/..%2f..", "/du-lieu/gui/00000000000000000000000000000009", "/du-lieu?ky=2026-13"] {
        assert_eq!(portal.get(path).status, 404, "{path}");
    }
}

/// A period that was never run shows what it has, and the way to more.
#[test]
fn a_new_period_shows_what_is_expected() {
    let portal = Portal::open();
    let page = portal.get("/du-lieu?ky=2026-11").page();
    assert!(page.contains("Kỳ này chưa nhận tệp nào"), "{}", words(&page));
    for part in ["Danh sách dân cư", "Chưa nhận", "tính được tỷ lệ bao phủ", "/du-lieu/gui?ky=2026-11&amp;loai=pupils"]
    {
        assert!(page.contains(part) || page.contains(&part.replace("&amp;", "&#38;")), "`{part}` on the page");
    }
    let lists = portal.get(&format!("/du-lieu?ky={PERIOD}")).page();
    assert!(lists.contains("Đang dùng"));
    // One file a school: the list of files goes on on a second page, and every file is on one of them.
    let known: BTreeSet<String> =
        batches(&book(portal.data.path())).into_iter().map(|b| format!("/du-lieu/{}?ky={PERIOD}", b.id)).collect();
    let named = |page: &str| links(page).into_iter().map(|l| l.href).filter(|href| known.contains(href)).collect::<BTreeSet<_>>();
    let second = links(&lists).into_iter().find(|l| l.href.contains("tu=50")).unwrap();
    let page = |from: usize| portal.get(&second.href.replace("tu=50#tep", &format!("tu={from}"))).page();
    let mut seen = named(&lists);
    for from in (50..known.len()).step_by(50) {
        let more = named(&page(from));
        assert!(more.is_disjoint(&seen), "a file stands on two pages");
        seen.extend(more);
    }
    assert_eq!(seen, known);
}
