//! Ledgers, arrears and codes of units, by hand: each chosen by its header alone, with a row that must come back.

use crate::support::{fault, line, merge, outcome, read, workbook};

/// All units of a base office in a month: paid ahead in brackets, subtotals by kind of unit.
pub fn ledger() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["BHXH cơ sở Ba Đình", "", "", "", "", "Đơn vị tính: đồng"]);
        line(sheet, 2, &["TÌNH HÌNH ĐÓNG BHXH, BHYT, BHTN CỦA CÁC ĐƠN VỊ"]);
        line(sheet, 3, &["Tháng 10 năm 2026"]);
        for (column, text) in ["STT", "Mã đơn vị", "Tên đơn vị", "MST", "Số LĐ", "Quỹ lương"].iter().enumerate()
        {
            merge(sheet, (5, 6), (column as u16, column as u16), text);
        }
        merge(sheet, (5, 6), (6, 6), "Kỳ trước chuyển sang");
        merge(sheet, (5, 5), (7, 8), "Phát sinh trong kỳ");
        merge(sheet, (5, 6), (9, 9), "Số đã đóng");
        merge(sheet, (5, 6), (10, 10), "Chuyển kỳ sau");
        merge(sheet, (5, 6), (11, 11), "Số tháng chậm đóng");
        merge(sheet, (5, 6), (12, 12), "Trạng thái");
        line(sheet, 6, &["", "", "", "", "", "", "", "Số phải đóng", "Lãi"]);
        line(sheet, 7, &["", "", "Khối doanh nghiệp"]);
        let a = ["1", "0100109106DNA03", "Công ty TNHH Mây Tre", "0100109106", "12", "102.000.000"];
        line(
            sheet,
            8,
            &[&a[..], &["16.000.000", "32.640.000", "148.800", "10.000.000", "38.788.800", "1,2", "Đang hoạt động"]].concat(),
        );
        let b = ["2", "0100112437DNA01", "Công ty CP Lụa", "100112437", "5", "40.000.000"];
        line(sheet, 9, &[&b[..], &["(1.200.000)", "12.800.000", "-", "12.800.000", "-1.200.000", "", "Đang hoạt động"]].concat());
        let c = ["3", "0100686209DNA01", "Công ty CP Gốm", "0100686209", "3", "24.000.000"];
        line(sheet, 10, &[&c[..], &["0", "7.680.000", "-", "0", "", "1", "Tạm ngừng"]].concat());
        line(
            sheet,
            11,
            &["", "", "Tổng cộng", "", "20", "166.000.000", "14.800.000", "53.120.000", "148.800", "22.800.000", "45.268.800"],
        );
        line(sheet, 13, &["", "", "Người lập biểu", "", "", "", "Giám đốc"]);
    })
}

#[test]
fn the_ledger_of_all_units() {
    let read = read("tinh hinh thu.xlsx", &ledger()).unwrap();
    assert_eq!(outcome(&read), ("unit-ledger-2025", 2, 1));
    assert_eq!(fault(&read), ("missing", "closing_debt"));
    assert_eq!((read.column("month")[0].as_str(), read.column("base_office")[0].as_str()), ("2026-10-01", "Ba Đình"));
    assert_eq!(
        (read.column("opening_debt"), read.column("closing_debt")[1].as_str()),
        (vec!["16000000".into(), "-1200000".into()], "-1200000")
    );
    assert_eq!((read.column("due")[0].as_str(), read.column("interest")), ("32640000", vec!["148800".to_owned(), "0".into()]));
    assert_eq!((read.column("paid")[1].as_str(), read.column("months_late")), ("12800000", vec!["12000".to_owned(), "∅".into()]));
    assert_eq!((read.column("tax_code")[1].as_str(), read.column("workers")[0].as_str()), ("0100112437", "12"));
    assert_eq!((read.column("unit_kind")[1].as_str(), read.report.passed_over), ("Khối doanh nghiệp", 3));
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

/// The list of units in arrears as it goes to the press.
pub fn arrears() -> Vec<u8> {
    "BẢO HIỂM XÃ HỘI THÀNH PHỐ HÀ NỘI,,,,,,,\nDANH SÁCH ĐƠN VỊ CHẬM ĐÓNG BHXH BHYT BHTN,,,,,,,\n\"Tháng 10/2026, tổng số: 3 đơn vị\",,,,,,,\n\
        TT,Mã đơn vị,Tên đơn vị,Địa chỉ,Người đại diện,Số lao động,Số tháng chậm đóng,Tổng số tiền chậm đóng\n\
        1,YN0001Z,Công ty TNHH Mây Tre,\"Số 5, Phường Ba Đình\",Lê A,12,6,195.840.000\n\
        2,YN0002Z,Công ty CP Lụa,\"Số 6, Phường Ba Đình\",Lê B,5,\"3,5\",44.800.000 đồng\n\
        3,YN0003Z,Công ty CP Gốm,\"Số 7, Phường Ba Đình\",Lê C,3,trên 12,92.160.000\n\
        ,,Tổng cộng,,,20,,332.800.000\n\
        ,,Người lập biểu,,,,,Phó Giám đốc\n"
        .as_bytes()
        .to_vec()
}

#[test]
fn units_in_arrears_are_another_layout_of_the_ledger() {
    let read = read("cham dong.csv", &arrears()).unwrap();
    assert_eq!(outcome(&read), ("arrears-list-2025", 2, 1));
    assert_eq!(fault(&read), ("bad_coefficient", "months_late"));
    assert_eq!((read.report.roster.as_str(), read.report.declared), ("unit_ledger", Some(3)));
    assert_eq!(
        (read.column("closing_debt"), read.column("months_late")[1].as_str()),
        (vec!["195840000".into(), "44800000".into()], "35000")
    );
    assert_eq!(
        (read.column("due")[0].as_str(), read.column("month")[0].as_str(), read.column("commune")[0].as_str()),
        ("∅", "2026-10-01", "00004")
    );
    assert!(!format!("{:?}", read.chunks).contains("Lê A"), "who stands for a unit is not kept");
}

/// Old and new codes under one merged heading.
pub fn unit_codes() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["BẢO HIỂM XÃ HỘI CƠ SỞ BA ĐÌNH"]);
        line(sheet, 2, &["BẢNG CHUYỂN ĐỔI MÃ ĐƠN VỊ"]);
        line(sheet, 3, &["Áp dụng từ ngày 01/8/2025"]);
        merge(sheet, (5, 6), (0, 0), "STT");
        merge(sheet, (5, 5), (1, 2), "Mã đơn vị");
        merge(sheet, (5, 6), (3, 3), "Tên đơn vị");
        merge(sheet, (5, 6), (4, 4), "Mã số thuế");
        line(sheet, 6, &["", "Cũ", "Mới"]);
        line(sheet, 7, &["1", "YN0001Z", "0100109106DNA03", "Công ty TNHH Mây Tre", "0100109106"]);
        line(sheet, 8, &["2", "HN0014B", "1234567HC", "Trường THCS Văn Yên", ""]);
        line(sheet, 9, &["3", "TZ0200Z", "", "Công ty CP Gốm", "0100686209"]);
        line(sheet, 11, &["", "Cộng: 3 đơn vị"]);
        line(sheet, 12, &["", "Người lập", "", "Giám đốc"]);
    })
}

#[test]
fn old_and_new_codes_of_units() {
    let read = read("ma don vi.xlsx", &unit_codes()).unwrap();
    assert_eq!(outcome(&read), ("unit-code-map-2025", 2, 1));
    assert_eq!(fault(&read), ("missing", "new_code"));
    assert_eq!(
        (read.column("old_code"), read.column("new_code")),
        (vec!["YN0001Z".into(), "HN0014B".into()], vec!["0100109106DNA03".to_owned(), "1234567HC".into()])
    );
    assert_eq!((read.column("base_office")[0].as_str(), read.column("changed_on")[1].as_str()), ("BA ĐÌNH", "2025-08-01"));
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

/// Workers of an employer under decision 366: the personal number alone, a coefficient in its own column.
pub fn workers_366() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["Tên đơn vị: Trường THCS Văn Yên"]);
        line(sheet, 2, &["Mã đơn vị: 1234567HC"]);
        line(sheet, 3, &["", "DANH SÁCH LAO ĐỘNG THAM GIA BHXH, BHYT, BHTN"]);
        for (column, text) in
            ["STT", "Họ và tên", "Mã số BHXH/ Số định danh cá nhân", "Ngày sinh", "Giới tính"].iter().enumerate()
        {
            merge(sheet, (5, 6), (column as u16, column as u16), text);
        }
        merge(sheet, (5, 6), (5, 5), "Chức vụ, chức danh nghề, nơi làm việc");
        merge(sheet, (5, 5), (6, 7), "Tiền lương");
        merge(sheet, (5, 6), (8, 8), "Thâm niên nghề");
        merge(sheet, (5, 6), (9, 9), "Từ tháng");
        merge(sheet, (5, 6), (10, 10), "Ghi chú");
        line(sheet, 6, &["", "", "", "", "", "", "Hệ số", "Mức lương"]);
        line(sheet, 7, &["I", "Tăng lao động"]);
        line(
            sheet,
            8,
            &[
                "1",
                "Lê Văn An",
                "001090012345",
                "05/03/1990",
                "1",
                "Giáo viên",
                "2,34",
                "",
                "5%",
                "10/2026",
                "BHYT tiếp tục đóng",
            ],
        );
        line(sheet, 9, &["2", "Trần Thị Bình", "1185000017", "03/04/1985", "2", "Kế toán", "", "8.500.000", "", "10/2026", ""]);
        line(sheet, 10, &["3", "Đỗ Văn Chi", "001091012346", "06/07/1991", "3", "Bảo vệ", "", "8.500.000", "", "10/2026", ""]);
        line(sheet, 11, &["", "Cộng tăng"]);
        line(sheet, 13, &["", "Người lập biểu", "", "", "", "Hiệu trưởng"]);
    })
}

#[test]
fn workers_in_a_form_without_the_insurance_number() {
    let read = read("d02 2026.xlsx", &workers_366()).unwrap();
    assert_eq!(outcome(&read), ("employer-worker-d02-366-2026", 2, 1));
    assert_eq!(fault(&read), ("bad_sex", "sex"));
    assert_eq!(
        (read.column("personal_id"), read.column("insurance_number")[0].as_str()),
        (vec!["001090012345".into(), "001185000017".into()], "∅")
    );
    assert_eq!(
        (read.column("coefficient"), read.column("wage")),
        (vec!["23400".into(), "∅".into()], vec!["∅".to_owned(), "8500000".into()])
    );
    assert_eq!(
        (read.column("seniority_trade")[0].as_str(), read.column("sex")),
        ("500", vec!["male".to_owned(), "female".into()])
    );
    assert_eq!((read.column("note")[0].as_str(), read.column("change")[1].as_str()), ("BHYT tiếp tục đóng", "Tăng lao động"));
}

#[test]
fn a_form_with_the_insurance_number_is_read_as_the_older_one_whatever_its_month() {
    let header = "STT,Họ và tên,Mã số BHXH,Ngày sinh,Giới tính,Số CCCD,Chức danh nghề,Mức lương,Từ tháng,Ghi chú";
    let read = read("d02.csv", format!("{header}\n").as_bytes()).unwrap();
    assert_eq!(read.report.layout, "employer-worker-d02-2017");
}
