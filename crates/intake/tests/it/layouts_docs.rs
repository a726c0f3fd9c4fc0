//! What the pages for officers and for writers of layouts say, done once.

use std::path::Path;

use intake::{Layouts, Limits};

use crate::support::{fault, layouts, outcome, read_by};

const FIRST_MONTH: &str = include_str!("../../../../docs/first-month.md");
const ADDING: &str = include_str!("../../../../docs/adding-a-roster.md");

/// The list of the page, as an association would save it.
const MEMBERS: &str = "HỘI NGƯỜI CAO TUỔI PHƯỜNG BA ĐÌNH;;;;;\nTổng số: 3 hội viên;;;;;\n\
    STT;Họ tên hội viên;Năm sinh;Số CCCD;Nơi ở;Ngày vào hội\n\
    1;Kiều Thị Sáu;01/01/1950;001150000011;Số 5, Phường Ba Đình;10/10/2015\n\
    2;Tạ Văn Ý;1938;;Số 7, Phường Ba Đình;\n\
    3;Hồ Văn Quý;1945;;Số 9, Phường Ba Đình;31/02/2016\n\
    ;Chủ tịch Hội;;;;\n";

#[test]
fn the_page_of_the_first_month_names_every_layout() {
    for layout in layouts().all() {
        assert!(FIRST_MONTH.contains(&format!("`{}`", layout.id)), "docs/first-month.md does not name {}", layout.id);
    }
}

#[test]
fn no_layout_takes_the_list_of_the_page_before_it_is_written() {
    let error = read_by(layouts(), "hoi-vien.csv", MEMBERS.as_bytes(), None, &Limits::default()).unwrap_err();
    assert!(
        ADDING.contains("Gần nhất là “Danh sách học sinh theo lớp”") && error.to_string().contains("học sinh theo lớp"),
        "{error}"
    );
}

#[test]
fn the_layout_of_the_page_reads_its_list_beside_all_others() {
    let block = ADDING.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../formats/rosters");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(path).unwrap()))
        .collect();
    files.push(("elderly.yaml".to_owned(), block.to_owned()));
    files.sort();
    let all = Layouts::load(files).unwrap();
    let read = read_by(&all, "hoi-vien.csv", MEMBERS.as_bytes(), None, &Limits::default()).unwrap();
    assert_eq!(outcome(&read), ("elderly-2026", 2, 1));
    assert_eq!(fault(&read), ("bad_date", "joined"));
    assert_eq!((read.column("commune")[0].as_str(), read.report.passed_over), ("00004", 1));
    let rejects = String::from_utf8(intake::rejects_csv(&read.report)).unwrap();
    assert!(rejects.contains("31/02/2016,6,Ngày vào hội,"), "{rejects}");
}
