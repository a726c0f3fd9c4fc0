//! Lists over the wire: by household and village, employers, schools; every number opens as many rows as it says.

use std::collections::BTreeSet;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use crate::server::{Portal, first_number, links, sentence, words};

const LIST: &str = "/nguoi-chua-tham-gia";
const EMPLOYERS: &str = "/don-vi";
const SCHOOLS: &str = "/truong-hoc";

/// Links of a whole list, page by page, that begin so.
fn turned(portal: &Portal, path: &str, beginning: &str) -> Vec<String> {
    let mut path = path.to_owned();
    let mut seen = Vec::new();
    for _ in 0..2_000 {
        let page = portal.get(&path).page();
        let table = page.split("id=\"danh-sach\"").nth(1).unwrap_or_default().split("</table>").next().unwrap_or_default();
        seen.extend(links(table).into_iter().map(|l| l.href).filter(|h| h.starts_with(beginning)));
        let next = page.split("<a ").find(|a| a.contains("rel=\"next\"")).map(|a| links(&format!("<a {a}")).remove(0).href);
        match next {
            Some(next) => path = next,
            None => return seen,
        }
    }
    panic!("{path} does not end");
}

/// The commune that has most people on the list, from the figures of the front page's ranking.
fn largest_commune(portal: &Portal) -> String {
    let page = portal.get(LIST).page();
    let codes = page.split("<option value=\"").skip(1).filter_map(|o| o.split('"').next());
    let codes: Vec<&str> = codes.filter(|c| c.len() == 5 && c.bytes().all(|b| b.is_ascii_digit())).collect();
    let count = |code: &str| first_number(&sentence(&portal.get(&format!("{LIST}?xa={code}")).page())).unwrap();
    codes.into_iter().take(40).max_by_key(|code| count(code)).unwrap().to_owned()
}

#[test]
fn by_household_and_by_reason_are_the_same_people() {
    let portal = Portal::open();
    let commune = largest_commune(&portal);
    let plain = format!("{LIST}?xa={commune}");
    let count = first_number(&sentence(&portal.get(&plain).page())).unwrap();
    assert!(count > 60, "{count}");
    let by_reason = turned(&portal, &plain, "/nguoi/");
    let homes = turned(&portal, &format!("{plain}&nhom=ho"), "/nguoi/");
    assert_eq!((by_reason.len() as i64, homes.len() as i64), (count, count));
    let people: BTreeSet<&String> = by_reason.iter().collect();
    assert_eq!(people.len() as i64, count, "somebody is listed twice");
    assert_eq!(people, homes.iter().collect());
    assert!(portal.get(&format!("{plain}&nhom=ho")).page().contains("scope=\"rowgroup\""), "households head their people");
}

#[test]
fn villages_add_up_to_their_commune_and_print_as_many_rows() {
    let portal = Portal::open();
    let commune = largest_commune(&portal);
    let page = portal.get(&format!("{LIST}?xa={commune}")).page();
    let count = first_number(&sentence(&page)).unwrap();
    let select = page.split("<select id=\"to\"").nth(1).unwrap().split("</select>").next().unwrap();
    let values: Vec<String> = select
        .split("<option value=\"")
        .skip(1)
        .filter_map(|o| o.split('"').next())
        .filter(|v| !v.is_empty())
        .map(words)
        .collect();
    assert!(!values.is_empty());
    let mut sum = 0;
    for value in &values {
        let path = format!("{LIST}?xa={commune}&to={}", encoded(value));
        sum += first_number(&sentence(&portal.get(&path).page())).unwrap();
    }
    assert_eq!(sum, count, "{values:?}");
    // Sheets go out to villages: whoever prints, they hold what the commune works on, as many as its own list has.
    let staff = format!("vai-tro=u-xa-{commune}");
    let own = first_number(&sentence(&portal.get_as(LIST, &staff).page())).unwrap();
    assert!(own > 0 && own <= count, "{own} of {count}");
    for cookie in ["", &staff] {
        let sheets = portal.get_as(&format!("{LIST}/in?xa={commune}"), cookie).page();
        let (heads, rows) = (sheets.matches("<thead").count(), sheets.matches("<tr").count());
        assert_eq!((heads, (rows - heads) as i64), (sheets.matches("class=\"sheet write\"").count(), own), "{cookie}");
        assert!(!sheets.contains("Mức thu nhập"), "wages go out by village");
    }
    // The whole city is not put on paper at once.
    assert!(!portal.get(&format!("{LIST}/in")).page().contains("class=\"sheet write\""));
}

#[test]
fn employers_are_listed_for_insurance_officers_and_every_number_opens_its_people() {
    let portal = Portal::open();
    let page = portal.get(EMPLOYERS).page();
    let count = first_number(&sentence(&page)).unwrap();
    assert!(count > 0, "no employer is to be reviewed");
    let listed = turned(&portal, EMPLOYERS, "/don-vi/");
    assert_eq!(listed.len() as i64, count);
    let csv = portal.get("/don-vi.csv").text();
    assert!(csv.lines().count() as i64 > count);
    let staff = format!("vai-tro={}", portal.roles("u-xa-").remove(0));
    for path in [EMPLOYERS, "/don-vi.csv", "/don-vi.xlsx", "/don-vi/can-xem", &listed[0]] {
        assert_eq!(portal.get_as(path, &staff).status, 403, "{path} is open to a commune");
        assert!(!portal.get_as("/", &staff).page().contains("href=\"/don-vi\""));
    }
    let mut doors = 0;
    let employers: BTreeSet<&String> = listed.iter().collect();
    for employer in employers.into_iter().take(12) {
        let page = portal.get(employer).page();
        for door in links(&page).into_iter().filter(|l| l.href.starts_with(&format!("{employer}/nguoi?"))) {
            let people = portal.get(&door.href).page();
            let said = words(people.split("<main").nth(1).unwrap());
            let rows = people.split("id=\"danh-sach\"").nth(1).map_or(0, |t| t.matches("scope=\"row\"").count());
            let wanted = first_number(&door.text).unwrap();
            assert_eq!(rows as i64, wanted.min(50), "{} says {}: {said}", door.href, door.text);
            doors += 1;
        }
        assert!(!page.contains('⟦') && page.contains("href=\"/quy-tac/employer-"), "{employer}");
    }
    assert!(doors >= 2, "{doors} doors");
    assert!(!portal.get("/don-vi/can-xem").page().contains('⟦'));
    assert_eq!(portal.get("/don-vi/999999999").status, 404);
}

#[test]
fn employers_are_found_by_name_and_tax_code() {
    let portal = Portal::open();
    let page = portal.get(EMPLOYERS).page();
    let code =
        page.split("Mã số thuế ").nth(1).unwrap().chars().take_while(|c| c.is_ascii_digit() || *c == '-').collect::<String>();
    let found = portal.get(&portal.search(EMPLOYERS, "", &format!("q={code}"))).page();
    assert!(first_number(&sentence(&found)).unwrap() >= 1);
    assert!(found.contains(&code));
    assert_eq!(first_number(&sentence(&portal.get(&portal.search(EMPLOYERS, "", "q=khongcoten")).page())), Some(0));
}

#[test]
fn schools_add_up_from_class_to_school_and_say_no_reason() {
    let portal = Portal::open();
    let page = portal.get(SCHOOLS).page();
    let count = first_number(&sentence(&page)).unwrap();
    let schools = turned(&portal, SCHOOLS, "/truong-hoc/");
    let schools: BTreeSet<&String> = schools.iter().collect();
    assert_eq!(schools.len() as i64, count);
    let worst = links(&page).into_iter().find(|l| l.href.starts_with("/truong-hoc/")).unwrap().href;
    let school = portal.get(&worst).page();
    let class = links(&school).into_iter().find(|l| l.href.starts_with(&format!("{worst}/")) && l.class.contains("num")).unwrap();
    let list = portal.get(&class.href).page();
    let missing = list.matches("Chưa thấy thẻ còn hạn</span>").count() + list.matches("Đang xác minh</span>").count();
    assert_eq!(missing as i64, first_number(&class.text).unwrap(), "{}", class.href);
    for word in ["Hộ nghèo", "hộ nghèo", "cận nghèo", "HN4", "CN3", "dân tộc"] {
        assert!(!list.contains(word) && !school.contains(word), "{word} reaches a school");
    }
    let before = portal.audit_events();
    portal.get(&class.href).page();
    assert!(portal.audit_events() > before, "a class list left no event");
    // Schools of other communes are out of reach.
    let own = portal.roles("u-xa-");
    let seen = own.iter().take(30).filter(|user| portal.get_as(&worst, &format!("vai-tro={user}")).status == 200).count();
    assert!(seen <= 1, "{seen} communes see one school");
}

#[test]
fn a_sheet_comes_back_with_what_the_school_knows() {
    let portal = Portal::open();
    let worst = links(&portal.get(SCHOOLS).page()).into_iter().find(|l| l.href.starts_with("/truong-hoc/")).unwrap().href;
    let class = links(&portal.get(&worst).page()).into_iter().find(|l| l.href.starts_with(&format!("{worst}/"))).unwrap().href;
    let sheet = portal.get(&format!("{class}/danh-sach.xlsx"));
    let answer = portal.post_file(
        &format!("{class}/nhan"),
        "",
        &[("so", "number-of-form-1")],
        ("tep", &filled(&sheet.body, "HS4010000000017")),
    );
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.text().contains("ghi 1 lời báo"), "{}", words(&answer.text()));
    let list = portal.get(&class).page();
    assert!(list.contains("chờ đối chiếu") || list.contains("Đã báo thẻ"), "the school's word stands beside the pupil");
    assert!(list.contains("•••••••••••0017") && !list.contains("HS4010000000017"), "the number is covered");
    // The same form again adds nothing; the same sheet once more is old now.
    let old = portal.post_file(
        &format!("{class}/nhan"),
        "",
        &[("so", "number-of-form-2")],
        ("tep", &filled(&sheet.body, "HS4010000000017")),
    );
    assert!(old.text().contains("ghi 0 lời báo") && old.text().contains("trả lại 1 dòng"), "{}", words(&old.text()));
    let none = portal.post_file(&format!("{class}/nhan"), "", &[("so", "number-of-form-3")], ("tep", b"no sheet"));
    assert_eq!(none.status, 400);
}

/// The sheet with a card written into the row of its first pupil, as a school would.
fn filled(bytes: &[u8], card: &str) -> Vec<u8> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes.to_vec())).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let mut out = rust_xlsxwriter::Workbook::new();
    let sheet = out.add_worksheet();
    let head = range.rows().position(|row| row.iter().any(|c| *c == *"Mã dòng")).unwrap();
    for (at, row) in range.rows().enumerate() {
        for (column, cell) in row.iter().enumerate() {
            let (row_at, column_at) = (at as u32, column as u16);
            let text = match (at == head + 1, column, cell) {
                (true, 6, _) => card.to_owned(),
                (true, 7, _) => "01/10/2026".to_owned(),
                (true, 8, _) => "30/09/2027".to_owned(),
                (_, _, Data::Empty) => continue,
                (_, _, other) => other.to_string(),
            };
            sheet.write_string(row_at, column_at, text).unwrap();
        }
    }
    out.save_to_buffer().unwrap()
}

fn encoded(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
