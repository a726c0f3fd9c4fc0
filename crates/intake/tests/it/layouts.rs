//! The forms of insurance that offices have in hand, by hand: each chosen by its header alone, with one broken row.

use crate::support::{fault, line, merge, outcome, read, workbook};

/// The printed form D02-LT, filled in by an employer.
pub fn workers() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["Tên đơn vị: Công ty TNHH Mây Tre", "", "", "", "Mẫu D02-LT"]);
        line(sheet, 2, &["Mã đơn vị: 0123456789DNA03"]);
        line(sheet, 4, &["", "DANH SÁCH LAO ĐỘNG THAM GIA BHXH, BHYT, BHTN, BHTNLĐ, BNN"]);
        let whole = ["STT", "Họ và tên", "Mã số BHXH", "Ngày, tháng, năm sinh", "Giới tính", "Số CCCD/CMND/Hộ chiếu"];
        for (column, text) in whole.iter().enumerate() {
            merge(sheet, (6, 7), (column as u16, column as u16), text);
        }
        merge(sheet, (6, 7), (6, 6), "Cấp bậc, chức vụ,\nchức danh nghề, nơi làm việc");
        merge(sheet, (6, 6), (7, 9), "Tiền lương");
        line(sheet, 7, &["", "", "", "", "", "", "", "Hệ số/ Mức lương", "Phụ cấp lương", "Các khoản bổ sung"]);
        merge(sheet, (6, 6), (10, 11), "Hiệu lực HĐLĐ xác định thời hạn");
        line(sheet, 7, &["", "", "", "", "", "", "", "", "", "", "Ngày bắt đầu", "Ngày kết thúc"]);
        merge(sheet, (6, 7), (12, 12), "Thời điểm đơn vị bắt đầu đóng BHXH");
        merge(sheet, (6, 7), (13, 13), "Ghi chú");
        line(sheet, 8, &["I", "Tăng"]);
        let an = ["1", "Lê Văn An", "123456789", "05/03/1990", "Nam", "001090012345", "Thợ may", "8.500.000", "500.000", "-"];
        line(sheet, 9, &[&an[..], &["01/10/2026", "30/9/2027", "10/2026", "BHYT tiếp tục đóng"]].concat());
        let binh = ["2", "Trần Thị Bình", "", "1985", "2", "", "Kế toán", "2,34", "", ""];
        line(sheet, 10, &[&binh[..], &["", "", "T10/2026", ""]].concat());
        let broken = ["3", "Đỗ Văn Chi", "0123456781", "06/07/1991", "Nam", "", "Thợ may", "8.500.000", "", ""];
        line(sheet, 11, &[&broken[..], &["01/10/2027", "30/09/2026", "10/2026", ""]].concat());
        line(sheet, 12, &["", "Cộng tăng"]);
        line(sheet, 14, &["", "Người lập biểu", "", "", "", "", "Giám đốc"]);
    })
}

#[test]
fn workers_of_an_employer_in_the_printed_form() {
    let read = read("lao dong.xlsx", &workers()).unwrap();
    assert_eq!(outcome(&read), ("employer-worker-d02-2017", 2, 1));
    assert_eq!(fault(&read), ("ends_before_start", "contract_fixed_to"));
    assert_eq!(read.column("employer_code"), ["0123456789DNA03", "0123456789DNA03"]);
    assert_eq!(read.column("employer_name")[0], "Công ty TNHH Mây Tre");
    assert_eq!(read.column("insurance_number"), ["0123456789", "∅"]);
    assert_eq!(read.column("wage_or_coefficient"), ["8.500.000", "2,34"]);
    assert_eq!((read.column("wage_allowance"), read.column("supplements")[0].as_str()), (vec!["500000".into(), "∅".into()], "0"));
    assert_eq!(read.column("contract_fixed_to")[0], "2027-09-30");
    assert_eq!(read.column("from_month"), ["2026-10-01", "2026-10-01"]);
    assert_eq!(read.column("change"), ["Tăng", "Tăng"]);
    assert_eq!(
        (read.column("sex"), read.column("note")[0].as_str()),
        (vec!["male".into(), "female".into()], "BHYT tiếp tục đóng")
    );
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

/// The notice C12-TS of a month.
pub fn notice() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["BẢO HIỂM XÃ HỘI VIỆT NAM", "", "", "", "Mẫu số: C12-TS"]);
        line(sheet, 3, &["THÔNG BÁO KẾT QUẢ ĐÓNG BHXH, BHYT, BHTN, BHTNLĐ, BNN"]);
        line(sheet, 4, &["Tháng 10 năm 2026"]);
        line(sheet, 5, &["Kính gửi: Công ty TNHH Mây Tre"]);
        line(sheet, 6, &["Địa chỉ: Phường Ba Đình. Mã đơn vị: 0123456789DNA03"]);
        line(sheet, 8, &["STT", "NỘI DUNG", "BHXH", "BHYT", "BHTN", "BHTNLĐ, BNN", "CỘNG"]);
        line(sheet, 9, &["A", "B", "1", "2", "3", "4", "5"]);
        line(sheet, 10, &["A", "Kỳ trước mang sang"]);
        line(sheet, 11, &["2.2", "Thiếu", "12.500.000", "2.250.000", "1.000.000", "250.000", "16.000.000"]);
        line(sheet, 12, &["B", "Phát sinh trong kỳ"]);
        line(sheet, 13, &["4.2", "Tỷ lệ tính lãi", "0,03%", "0,03%", "0,03%", "0,03%"]);
        line(sheet, 14, &["C", "Số tiền đã nộp trong kỳ", "", "", "", "", "10.000.000"]);
        line(sheet, 15, &["", "+ UNC số 17, ngày 05 tháng 10 năm 2026", "", "", "", "", "10.000.000"]);
        line(sheet, 16, &["D", "Chuyển kỳ sau"]);
        line(sheet, 18, &["", "", "", "", "Hà Nội, ngày 05 tháng 11 năm 2026"]);
        line(sheet, 19, &["", "", "", "", "Lê Thị D"]);
    })
}

#[test]
fn the_monthly_notice_to_a_unit() {
    let read = read("c12.xlsx", &notice()).unwrap();
    assert_eq!(outcome(&read), ("unit-month-c12-2017", 6, 1));
    assert_eq!(fault(&read), ("bad_money", "bhxh"));
    assert_eq!(read.column("unit_code")[5], "0123456789DNA03");
    assert_eq!((read.column("unit_name")[0].as_str(), read.column("month")[0].as_str()), ("Công ty TNHH Mây Tre", "2026-10-01"));
    assert_eq!(read.column("item_number"), ["A", "2.2", "B", "C", "∅", "D"]);
    assert_eq!((read.column("bhxh")[1].as_str(), read.column("tnld_bnn")[1].as_str()), ("12500000", "250000"));
    assert_eq!(read.column("total"), ["∅", "16000000", "∅", "10000000", "10000000", "∅"]);
}

/// The form D03-TS.
pub fn collected() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["Tên đơn vị: Bưu điện văn hóa xã"]);
        line(sheet, 2, &["Mã đơn vị: 3456789000TH0100070003"]);
        line(sheet, 3, &["", "DANH SÁCH NGƯỜI CHỈ THAM GIA BHYT"]);
        let whole = ["STT", "Ho ten", "Mã số BHXH", "CCCD/CMTND/ĐDCN/Hộ chiếu", "Ngày sinh", "Giới tính", "Địa chỉ", "Nơi ĐKKCB"];
        for (column, text) in whole.iter().enumerate() {
            merge(sheet, (5, 6), (column as u16, column as u16), text);
        }
        merge(sheet, (5, 5), (8, 9), "Biên lai");
        merge(sheet, (5, 5), (10, 12), "Đóng BHYT");
        line(sheet, 6, &["", "", "", "", "", "", "", "", "Số", "Ngày", "Số tiền", "Từ ngày", "Số tháng"]);
        let mai = ["1", "Lê Thị Mai", "0123456789", "001168012345", "12/05/1968", "Nữ", "Số 5, Phường Ba Đình", "01-001"];
        line(sheet, 7, &[&mai[..], &["BL0001", "30/10/2026", "1.263.600 đ", "01/11/2026", "12"]].concat());
        let broken = ["2", "Lê Văn Nam", "0123456780", "", "1970", "Nam", "Số 5, Phường Ba Đình", "01-001"];
        line(sheet, 8, &[&broken[..], &["BL0001", "30/10/2026", "884.520", "", "12"]].concat());
        line(sheet, 9, &["", "Cộng"]);
    })
}

#[test]
fn health_insurance_collected_in_the_form_d03() {
    let read = read("d03.xlsx", &collected()).unwrap();
    assert_eq!(outcome(&read), ("bhyt-collection-d03-2017", 1, 1));
    assert_eq!(fault(&read), ("missing", "valid_from"));
    assert_eq!(
        (read.column("receipt_number"), read.column("receipt_date")),
        (vec!["BL0001".into()], vec!["2026-10-30".to_owned()])
    );
    assert_eq!((read.column("paid_amount"), read.column("months")), (vec!["1263600".into()], vec!["12".to_owned()]));
    assert_eq!((read.column("commune")[0].as_str(), read.column("valid_from")[0].as_str()), ("00004", "2026-11-01"));
    assert_eq!(read.column("unit_code"), ["3456789000TH0100070003"]);
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

/// As in the real sheet: two empty rows on top, the receipt and the identity number twice, a column without a header.
pub fn collected_vnpt() -> Vec<u8> {
    let header = [
        "STT",
        "HoTen",
        "MasoBHXH",
        "MaPhongBan",
        "Loai",
        "PA",
        "TyleNSDP",
        "NgayBienLai",
        "SoBienLai",
        "NguoiThamGiaThu",
        "Tiendong",
        "TienDongThucTe",
        "MucHuong",
        "TuNgay",
        "NgayChet",
        "Mahuyen_DangSS",
        "Maxa_DangSS",
        "Diachi_DangSS",
        "So thang",
        "NgaySinh",
        "GioiTinh",
        "MaBenhVien",
        "CMND",
        "Maho_Giadinh",
        "",
        "QuocTich",
        "SoCCCD",
        "SoBienLai",
        "NgayBienLai",
        "MaNhanvienThu",
    ];
    let row = |name: &'static str, order: &'static str, cmnd: &'static str| {
        [
            "1",
            name,
            "0123456789",
            "",
            "1",
            "ON",
            "",
            "",
            "",
            order,
            "2340000",
            "884520",
            "4",
            "01/11/2026",
            "",
            "001",
            "00004",
            "Số 5",
            "12",
            "12/05/1968",
            "0",
            "01001",
            cmnd,
            "0100000001",
            "",
            "VN",
            "001168012345",
            "BL77",
            "30/10/2026",
            "NV01",
        ]
    };
    workbook(|sheet| {
        line(sheet, 3, &header);
        line(sheet, 4, &row("Lê Thị Mai", "2", "012345678"));
        line(sheet, 5, &row("Lê Văn Nam", "thứ hai", ""));
        line(sheet, 6, &["", "Tổng cộng", "", "", "", "", "", "", "", "", "", "1769040"]);
    })
}

#[test]
fn health_insurance_collected_in_the_sheet_of_the_portal() {
    let read = read("ke khai.xlsx", &collected_vnpt()).unwrap();
    assert_eq!(outcome(&read), ("bhyt-collection-vnpt-2025", 1, 1));
    assert_eq!(fault(&read), ("bad_number", "household_order"));
    assert_eq!((read.column("household_order"), read.column("months")), (vec!["2".into()], vec!["12".to_owned()]));
    assert_eq!((read.column("base_amount"), read.column("paid_amount")), (vec!["2340000".into()], vec!["884520".to_owned()]));
    assert_eq!((read.column("commune")[0].as_str(), read.column("sex")[0].as_str()), ("00004", "female"));
    assert_eq!((read.column("personal_id")[0].as_str(), read.column("old_id")[0].as_str()), ("001168012345", "012345678"));
    assert_eq!((read.column("receipt_number")[0].as_str(), read.column("receipt_date")[0].as_str()), ("BL77", "2026-10-30"));
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

/// The form D05-TS.
pub fn voluntary() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["Mã đơn vị: 3456789000TH0100070003", "", "", "Mẫu D05-TS"]);
        line(sheet, 2, &["", "DANH SÁCH NGƯỜI THAM GIA BHXH TỰ NGUYỆN"]);
        for (column, text) in ["TT", "Họ và tên", "Số sổ BHXH", "Muc thu nhap thang dong BHXH"].iter().enumerate() {
            merge(sheet, (4, 5), (column as u16, column as u16), text);
        }
        merge(sheet, (4, 5), (4, 4), "Phương thức đóng");
        merge(sheet, (4, 4), (5, 6), "Thời gian đóng");
        merge(sheet, (4, 4), (7, 8), "Ngân sách hỗ trợ");
        merge(sheet, (4, 5), (9, 9), "Số tiền người tham gia đóng");
        line(sheet, 5, &["", "", "", "", "", "Từ tháng", "Đến tháng", "NSNN", "NSĐP"]);
        line(
            sheet,
            6,
            &["1", "Đỗ Thị Nga", "123456789", "1.500.000", "03 tháng", "10/2026", "12/2026", "297.000", "148.500", "544.500"],
        );
        line(sheet, 7, &["2", "Đỗ Văn Oai", "0123456780", "1.500.000", "01 tháng", "13/2026", "", "99.000", "", "231.000"]);
        line(sheet, 8, &["", "Tổng cộng", "", "", "", "", "", "", "", "775.500"]);
    })
}

#[test]
fn voluntary_payments() {
    let read = read("d05.xlsx", &voluntary()).unwrap();
    assert_eq!(outcome(&read), ("voluntary-payment-d05-2017", 1, 1));
    assert_eq!(fault(&read), ("bad_month", "from_month"));
    assert_eq!((read.column("chosen_income"), read.column("paid_amount")), (vec!["1500000".into()], vec!["544500".to_owned()]));
    assert_eq!((read.column("support_state"), read.column("support_city")), (vec!["297000".into()], vec!["148500".to_owned()]));
    assert_eq!(read.column("to_month"), ["2026-12-01"]);
    assert_eq!(read.report.passed_over, 1);
}
