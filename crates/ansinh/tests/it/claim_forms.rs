//! What leaves the claims audit as paper, and form 09/BH out and back, over the wire: as an auditor and a hospital do it.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use engine::rows;

use crate::accounts::encoded;
use crate::letters::text_of;
use crate::server::{Answer, Portal, links, words};
use crate::support::{book, latest_run};

const AUDITOR: &str = "vai-tro=u-city";
const HOSPITAL: &str = "vai-tro=u-co-so-y-te";
const CODE: &str = "01001";

/// A form of a page: where it is sent, and its fields as they stand.
struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    fn all(page: &str) -> Vec<Self> {
        let whole = |rest: &str| {
            let body = rest.split("</form>").next().unwrap().to_owned();
            let head = body.split('>').next().unwrap().to_owned();
            Self { action: attribute(&head, "action").unwrap_or_default(), fields: fields(&body) }
        };
        page.split("<form").skip(1).map(whole).collect()
    }

    /// The form of a page that is sent to an address ending so and has this field.
    fn of(page: &str, ending: &str, field: (&str, &str)) -> Self {
        let is = |form: &Self| {
            form.action.ends_with(ending)
                && form.fields.iter().any(|(name, value)| name == field.0 && (field.1.is_empty() || value == field.1))
        };
        Self::all(page).into_iter().find(is).unwrap_or_else(|| panic!("no form to …{ending} with {field:?}"))
    }

    fn set(&mut self, name: &str, value: &str) {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
    }

    fn send(&self, portal: &Portal, cookie: &str) -> Answer {
        let pairs: Vec<String> = self.fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("cookie", cookie)];
        portal.post(&self.action, &headers, &pairs.join("&"))
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split(&format!(" {name}=\"")[..]).nth(1)?.split('"').next()?;
    Some(plain(value))
}

fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

/// Hidden fields, typed ones, ticks as ticked; lists and choices are left to the test.
fn fields(form: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for part in form.split("<input").skip(1) {
        let tag = part.split('>').next().unwrap();
        let name = attribute(tag, "name").unwrap_or_default();
        let value = attribute(tag, "value").unwrap_or_default();
        if !name.is_empty() && attribute(tag, "type").as_deref() != Some("radio") {
            all.push((name, value));
        }
    }
    for part in form.split("<textarea").skip(1) {
        let (tag, rest) = part.split_once('>').unwrap();
        let text = rest.split("</textarea>").next().unwrap();
        all.extend(attribute(tag, "name").map(|name| (name, plain(text).trim().to_owned())));
    }
    all
}

/// Opens a case of the hospital, takes it and proposes to refuse one of its lines; gives the sheet's address and the amount.
fn proposed(portal: &Portal) -> (String, String) {
    let queue = portal.get_as(&format!("/giam-dinh?co-so={CODE}"), AUDITOR).page();
    let sheets = links(&queue).into_iter().map(|link| link.href).filter(|href| href.starts_with("/giam-dinh/ho-so/"));
    let (sheet, page) = sheets
        .map(|href| (href.clone(), portal.get_as(&href, AUDITOR).page()))
        .find(|(_, page)| page.contains("id=\"mo-vu-viec\""))
        .expect("a sheet of which a case can be opened");
    let mut open = Form::of(&page, "/mo", ("so", ""));
    open.fields.iter_mut().filter(|(name, _)| name.starts_with("chon-")).for_each(|(_, value)| *value = "1".to_owned());
    assert_eq!(open.send(portal, AUDITOR).status, 303);
    let take = Form::of(&portal.get_as(&sheet, AUDITOR).page(), "/doi", ("viec", "nhan"));
    assert_eq!(take.send(portal, AUDITOR).status, 303);
    let mut propose = Form::of(&portal.get_as(&sheet, AUDITOR).page(), "/doi", ("viec", "de-nghi"));
    // The first line for which the rule says an amount; 1,000 đồng of the first line where none does.
    let amounts = || propose.fields.iter().filter(|(name, _)| name.starts_with("so-tien-"));
    let chosen = amounts().find(|(_, value)| !value.is_empty()).or(amounts().next()).cloned().unwrap();
    let amount = if chosen.1.is_empty() { "1.000".to_owned() } else { chosen.1.clone() };
    for (name, value) in &mut propose.fields {
        if name.starts_with("so-tien-") {
            *value = if *name == chosen.0 { amount.clone() } else { String::new() };
        } else if (name.starts_with("ly-do-") || name.starts_with("can-cu-")) && value.chars().count() < 3 {
            *value = "Theo quy định về thanh toán".to_owned();
        }
    }
    let answer = propose.send(portal, AUDITOR);
    assert_eq!(answer.status, 303, "{}", words(&answer.text()));
    (sheet, amount)
}

/// The cells of the first sheet of a workbook.
fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes.to_vec())).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

/// The file of form 09/BH with each row explained; `key` puts another key into every row.
fn explained(bytes: &[u8], key: Option<&str>) -> Vec<u8> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes.to_vec())).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let head = range.rows().position(|row| row.iter().any(|cell| *cell == *"Mã dòng")).unwrap();
    let place = |name: &str| range.rows().nth(head).unwrap().iter().position(|cell| cell.to_string().starts_with(name)).unwrap();
    let (own, state, reason) = (place("Mã dòng"), place("Trạng thái"), place("Lý do điều chỉnh"));
    let mut out = rust_xlsxwriter::Workbook::new();
    let sheet = out.add_worksheet();
    for (at, row) in range.rows().enumerate() {
        let is_line = at > head && matches!(&row[own], Data::String(text) if text.contains('.') && !text.contains(' '));
        for (column, cell) in row.iter().enumerate() {
            let text = match cell {
                _ if is_line && column == own && key.is_some() => key.unwrap().to_owned(),
                _ if is_line && column == state => "3".to_owned(),
                _ if is_line && column == reason => "Có y lệnh và kết quả trong bệnh án".to_owned(),
                Data::Empty => continue,
                other => other.to_string(),
            };
            sheet.write_string(at as u32, column as u16, text).unwrap();
        }
    }
    out.save_to_buffer().unwrap()
}

#[test]
fn a_case_is_told_by_letter_answered_by_form_09_and_stands_in_minutes() {
    let portal = Portal::open_copy(crate::claims::audited());
    let (sheet, amount) = proposed(&portal);

    // The letter: a draft about the visit, by the facility's own key, with its lines.
    let page = portal.get_as(&sheet, AUDITOR).page();
    let letter = Form::of(&page, "/thu/phat-hien", ("so", ""));
    let drafted = letter.send(&portal, AUDITOR);
    assert_eq!(drafted.status, 303, "{}", words(&drafted.text()));
    let document = drafted.header("location").to_owned();
    let text = text_of(&portal.get_as(&format!("{document}/van-ban.docx"), AUDITOR).body);
    for part in ["THÔNG BÁO", "Phát hiện qua giám định", "MA_LK", "mẫu 09/BH", "Phụ lục: các dòng của hồ sơ", &amount]
    {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains('{'), "every field is filled");
    let shown = portal.get_as(&document, AUDITOR).page();
    assert!(shown.contains("Phụ lục: các dòng của hồ sơ"), "who approves sees the lines");
    let mut early = Form::of(&page, "/thu/phat-hien", ("so", ""));
    early.action = early.action.replace("phat-hien", "ket-luan");
    assert_eq!(early.send(&portal, AUDITOR).status, 400, "nothing is decided yet");

    // The case is sent with that document.
    let id = document.rsplit('/').next().unwrap();
    let mut send = Form::of(&portal.get_as(&sheet, AUDITOR).page(), "/doi", ("viec", "gui"));
    send.set("van-ban", id);
    send.set("kenh", "");
    let answer = send.send(&portal, AUDITOR);
    assert_eq!(answer.status, 303, "{}", words(&answer.text()));

    // The hospital takes form 09/BH, and sends it back.
    assert!(matches!(portal.get_as("/co-so/09-bh.xlsx", AUDITOR).status, 403 | 404), "it is the facility's own");
    let file = portal.get_as("/co-so/09-bh.xlsx", HOSPITAL);
    assert_eq!(file.status, 200);
    let back = |number: &str, bytes: &[u8]| portal.post_file("/co-so/09-bh", HOSPITAL, &[("so", number)], ("tep", bytes));
    let foreign = back("answers-foreign", &explained(&file.body, Some("0192aaaa-0000-7000-8000-000000000001.x"))).page();
    assert!(foreign.contains("Không phải dòng đã thông báo cho cơ sở này"), "{}", words(&foreign));
    assert_eq!(back("answers-garbage", b"no sheet").status, 400);
    // The same lines as XML: filled in for another case they are refused, as garbage the file is.
    assert!(matches!(portal.get_as("/co-so/09-bh.xml", AUDITOR).status, 403 | 404), "it is the facility's own");
    let xml = portal.get_as("/co-so/09-bh.xml", HOSPITAL);
    assert_eq!(xml.status, 200);
    let explained_xml = String::from_utf8(xml.body.clone())
        .unwrap()
        .replace("<TRANGTHAI></TRANGTHAI>", "<TRANGTHAI>3</TRANGTHAI>")
        .replace("<LYDO_DIEUCHINH></LYDO_DIEUCHINH>", "<LYDO_DIEUCHINH>Có y lệnh và kết quả trong bệnh án</LYDO_DIEUCHINH>");
    assert!(explained_xml.contains("<HO_TEN></HO_TEN>") && explained_xml.contains("<TRANGTHAI>3<"), "{explained_xml}");
    let elsewhere = explained_xml.replace("Id=\"Id-", "Id=\"Id-0192aaaa-0000-7000-8000-000000000001");
    let foreign = back("answers-foreign-xml", elsewhere.as_bytes()).page();
    assert!(foreign.contains("Không phải dòng đã thông báo cho cơ sở này"), "{}", words(&foreign));
    assert_eq!(back("answers-garbage-xml", b"<GIAMDINHHS></GIAMDINHHS>").status, 400);
    let taken = back("answers-0001", &explained(&file.body, None)).page();
    assert!(taken.contains("đã ghi 1 dòng của 1 vụ việc"), "{}", words(&taken));
    let again = back("answers-0001", &explained(&file.body, None)).page();
    assert!(again.contains("đã ghi 1 dòng của 1 vụ việc"), "the same form again: {}", words(&again));
    let old = back("answers-0002", &explained(&file.body, None)).page();
    assert!(old.contains("đã ghi 0 dòng") && old.contains("Vụ việc đã thay đổi sau khi tải tệp"), "{}", words(&old));
    let old = back("answers-0003", explained_xml.as_bytes()).page();
    assert!(old.contains("đã ghi 0 dòng") && old.contains("Vụ việc đã thay đổi sau khi tải tệp"), "{}", words(&old));
    for file in ["/co-so/09-bh.xlsx", "/co-so/09-bh.xml"] {
        assert_eq!(portal.get_as(file, HOSPITAL).status, 400, "no line waits any more");
    }
    let sheet = portal.get_as(&sheet, AUDITOR).page();
    assert!(sheet.contains("Có y lệnh và kết quả trong bệnh án"), "the answer stands on the sheet");
    let history = |page: &str| words(page.rsplit("Diễn biến").next().unwrap());
    assert!(history(&sheet).contains("Cán bộ BHXH thành phố"), "the agency sees which officer did what");

    // The hospital sees who of its own people answered, and of the agency the unit.
    let own = portal.get_as("/co-so", HOSPITAL).page();
    let case = links(&own).into_iter().map(|link| link.href).find(|href| href.starts_with("/co-so/vu-viec/")).unwrap();
    let case = portal.get_as(&case, HOSPITAL).page();
    let seen = history(&case);
    assert!(seen.contains("BHXH thành phố Hà Nội") && !seen.contains("Cán bộ BHXH"), "{seen}");

    // Minutes of the case and of the month.
    let minutes = links(&sheet).into_iter().map(|link| link.href).find(|href| href.ends_with("/bien-ban/03-bh.docx")).unwrap();
    let month = format!("/giam-dinh/bieu/{CODE}/03-bh");
    for path in [minutes, format!("{month}.docx")] {
        let text = text_of(&portal.get_as(&path, AUDITOR).body);
        assert!(text.contains("BIÊN BẢN GIÁM ĐỊNH") && text.contains(&amount) && text.contains("Người xuất"), "{path}");
    }
    assert!(portal.get_as(&format!("{month}.pdf"), AUDITOR).body.starts_with(b"%PDF"));
    assert!(portal.audit_events() > 0);
}

#[test]
fn the_summary_of_a_facility_is_the_sum_of_its_visits() {
    let data = crate::claims::audited();
    let (mut visits, mut all) = (0_i64, 0_i64);
    for batch in book(data).read_table(&latest_run(data).tables()["claim_stay"], None).unwrap() {
        let facilities = rows::text(&batch, "facility").unwrap();
        all += batch.num_rows() as i64;
        visits += (0..batch.num_rows()).filter(|row| facilities.value(*row) == CODE).count() as i64;
    }
    assert!(visits > 0 && visits < all, "{visits} of {all}");
    let portal = Portal::open_copy(data);
    let list = portal.get_as("/giam-dinh/bieu?cong=not_compared", AUDITOR).page();
    assert!(list.contains("Biểu B02: chưa nhận được cho kỳ này."), "a sheet that is not there is said to be missing");
    let opens: Vec<String> = links(&list).into_iter().map(|link| link.href).collect();
    assert!(opens.iter().any(|href| href == "/giam-dinh/bieu?cong=differs#doi-chieu"), "a count opens its facilities");
    let own = format!("/giam-dinh/bieu/{CODE}");
    assert_eq!(opens.iter().filter(|href| **href == own).count(), 2, "among all facilities, and among those not compared");
    let page = portal.get_as(&format!("/giam-dinh/bieu/{CODE}"), AUDITOR).page();
    assert!(page.contains("01/BH") && page.contains("06/BH") && page.contains("03/BH"));
    let sheet = portal.get_as(&format!("/giam-dinh/bieu/{CODE}/01-bh.xlsx"), AUDITOR);
    assert_eq!(sheet.status, 200);
    let rows = cells(&sheet.body);
    let total = rows.iter().find(|row| row[1] == "Cộng").unwrap_or_else(|| panic!("{rows:?}"));
    assert_eq!(total[2].parse::<f64>().unwrap() as i64, visits);
    let number = |row: &Vec<String>, at: usize| row[at].parse::<f64>().unwrap_or(0.0) as i64;
    let parts = rows.iter().filter(|row| row[0].parse::<f64>().is_ok());
    assert_eq!(parts.map(|row| number(row, 6)).sum::<i64>(), number(total, 6), "the fund's share by form of care");
    let paid: i64 = (6..11).map(|at| number(total, at)).sum();
    assert!(number(total, 7) > 0, "the city's visits have a co-payment: {total:?}");
    assert!((paid - number(total, 4)).abs() <= 3, "who pays and what is left are the whole cost, but for rounding: {total:?}");
    assert!(rows.iter().flatten().any(|cell| cell.starts_with("Người xuất:")), "who took it out stands below");
    for file in ["06-bh.xlsx", "khac.xlsx"] {
        let status = portal.get_as(&format!("/giam-dinh/bieu/{CODE}/{file}"), AUDITOR).status;
        assert_eq!(status, if file == "06-bh.xlsx" { 200 } else { 404 }, "{file}");
    }
    assert_eq!(portal.get_as(&format!("/giam-dinh/bieu/{CODE}/03-bh.docx"), AUDITOR).status, 400, "no case was sent yet");
    assert_eq!(portal.get_as(&format!("/giam-dinh/bieu/{CODE}"), HOSPITAL).status, 403);
}
