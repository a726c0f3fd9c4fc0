//! The same rosters as systems export them, by hand: each chosen by its header alone, with a row that must come back.

use crate::support::{fault, outcome, read};

/// Cards as the collectors' portal writes them; one of the police among them.
pub fn cards() -> Vec<u8> {
    "Danh sách xuất ngày 31/10/2026\nmaSoBhxh;hoTen;ngaySinhDt;gioiTinh;soCmnd;diaChiLh;maXaLh;soTheBhyt;tuNgayDt;denNgayDt;maKcb;ngay5Nam\n\
        0123456789;LÊ THỊ MAI;1968-05-12;0;001168012345;Số 5, Phường Ba Đình;00004;GD4010123456789;2025-11-01;2026-10-31;01001;2030-01-01\n\
        123456780;ĐỖ VĂN OAI;1985-04-03;1;1085000013;Số 6, Phường Ba Đình;;DN4010123456780;20260101;20261231;01002;\n\
        0123456781;BÙI VĂN KÍN;1990-01-01;1;001090000015;Số 7;00004;CA5010123456781;2026-01-01;2026-12-31;01003;\n\
        0123456782;VŨ THỊ ÚT;1990-02-01;nữ;;Số 8;00004;GD401012345678;2026-01-01;2026-12-31;01001;\n\
        Tổng số;4;;;;;;;;;;\n"
        .as_bytes()
        .to_vec()
}

#[test]
fn cards_as_a_system_exports_them() {
    let read = read("the.csv", &cards()).unwrap();
    assert_eq!(outcome(&read), ("bhyt-card-export-2025", 2, 2));
    let codes: Vec<&str> = read.report.rejects.iter().map(|r| r.reason.code()).collect();
    assert_eq!(codes, ["armed_forces", "bad_card_number"]);
    assert_eq!(
        (read.column("card_number")[1].as_str(), read.column("object_code")),
        ("DN4010123456780", vec!["GD".to_owned(), "DN".into()])
    );
    assert_eq!(
        (read.column("sex"), read.column("commune")),
        (vec!["female".into(), "male".into()], vec!["00004".to_owned(), "00004".into()])
    );
    assert_eq!(
        (read.column("valid_from"), read.column("valid_to")[1].as_str()),
        (vec!["2025-11-01".into(), "2026-01-01".into()], "2026-12-31")
    );
    assert_eq!(
        (read.column("insurance_number")[1].as_str(), read.column("personal_id")[1].as_str()),
        ("0123456780", "001085000013")
    );
    assert!(!format!("{:?}{:?}", read.report, read.chunks).contains("KÍN"), "nothing of the armed forces");
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

/// Spells as a table of the collection system: capitals, months as numbers.
pub fn spells() -> Vec<u8> {
    "BHXH TP HA NOI\tQUATRINH\t\t\t\t\t\t\t\t\t\n\
        STT\tSOBHXH\tHOTEN\tNGAYSINH\tGIOITINH\tSOCMND\tMADVI\tTENDVI\tTUTHANG\tDENTHANG\tMLDONG\n\
        1\t0123456789\tLê Thị Mai\t19680512\t0\t001168012345\tYN0001Z\tCông ty Mây Tre\t202501\t202506\t8500000\n\
        2\t0123456780\tĐỗ Văn Oai\t1985\t1\t\tYN0001Z\tCông ty Mây Tre\t202507\t\t9.680.000\n\
        3\t0123456781\tVũ Thị Út\t19900201\t2\t\tYN0002Z\tCông ty Lụa\t202513\t\t9.680.000\n\
        \t\tTổng cộng\t\t\t\t\t\t\t\t27.860.000\n"
        .as_bytes()
        .to_vec()
}

#[test]
fn spells_as_a_system_exports_them() {
    let read = read("quatrinh.txt", &spells()).unwrap();
    assert_eq!(outcome(&read), ("bhxh-participation-export-2025", 2, 1));
    assert_eq!(fault(&read), ("bad_month", "from_month"));
    assert_eq!(
        (read.column("from_month"), read.column("to_month")),
        (vec!["2025-01-01".into(), "2025-07-01".into()], vec!["2025-06-01".to_owned(), "∅".into()])
    );
    assert_eq!(
        (read.column("employer_code")[0].as_str(), read.column("contribution_wage")),
        ("YN0001Z", vec!["8500000".to_owned(), "9680000".into()])
    );
    assert_eq!(
        (read.column("birth_date")[0].as_str(), read.column("sex")),
        ("1968-05-12", vec!["female".to_owned(), "male".into()])
    );
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

/// Who is insured in one month: no column for the end of a spell.
pub fn month() -> Vec<u8> {
    "BHXH THÀNH PHỐ HÀ NỘI,,,,,,\nDANH SÁCH LAO ĐỘNG ĐANG THAM GIA BHXH THÁNG 10/2026,,,,,,\nTổng số lao động: 3,,,,,,\n\
        STT,Mã số BHXH,Họ và tên,Ngày sinh,Mã đơn vị,Tên đơn vị,Mức lương đóng BHXH\n\
        1,0123456789,Lê Thị Mai,12/05/1968,YN0001Z,Công ty Mây Tre,8.500.000\n\
        2,0123456780,Đỗ Văn Oai,1985,YN0001Z,Công ty Mây Tre,9.680.000\n\
        3,0123456781,Vũ Thị Út,01/02/1990,,,9.680.000\n\
        ,,Tổng cộng,,,,27.860.000\n"
        .as_bytes()
        .to_vec()
}

#[test]
fn a_list_of_one_month_says_nothing_of_other_months() {
    let read = read("dang tham gia.csv", &month()).unwrap();
    assert_eq!(outcome(&read), ("bhxh-participation-month-2025", 2, 1));
    assert_eq!(fault(&read), ("missing", "employer_code"));
    assert_eq!(
        (read.column("from_month"), read.column("to_month")),
        (vec!["2026-10-01".to_owned(); 2], vec!["2026-10-01".to_owned(); 2])
    );
    assert_eq!(read.report.declared, Some(3));
}
