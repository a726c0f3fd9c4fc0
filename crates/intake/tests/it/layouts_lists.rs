//! Lists of other agencies, by hand: each chosen by its header alone, with one broken row.

use crate::support::{fault, line, merge, outcome, read, workbook};

/// A month of the business register.
pub fn businesses() -> Vec<u8> {
    "SỞ TÀI CHÍNH;;;;;;;;;\nDANH SÁCH DOANH NGHIỆP BIẾN ĐỘNG THÁNG 10/2026;;;;;;;;;\nTổng số: 3 doanh nghiệp;;;;;;;;;\n\
        STT;Mã số DN;TÊN DOANH NGHIỆP;Loại hình;Trụ sở chính;Người đại diện;Số giấy tờ pháp lý của người đại diện;Năm sinh người đại diện;Tình trạng;Ngày thay đổi\n\
        1;0100109106;Công ty TNHH Mây Tre;TNHH một thành viên;Số 5, Phường Ba Đình, Hà Nội;LÊ THỊ ÁNH;1085000123;1985;Tạm ngừng;01/10/2026\n\
        2;100112437;Công ty CP Lụa;Cổ phần;Số 6, Phường Ba Đình, Hà Nội;KIM MIN HO;M12345678;;Giải thể;2026-10-15\n\
        3;không rõ;Công ty CP Gốm;Cổ phần;Số 7, Phường Ba Đình;Lê C;;;Thành lập mới;16/10/2026\n\
        ;;Người lập biểu;;;;;;;\n"
        .as_bytes()
        .to_vec()
}

#[test]
fn changes_in_the_business_register() {
    let read = read("dn.csv", &businesses()).unwrap();
    assert_eq!(outcome(&read), ("business-2025", 2, 1));
    assert_eq!(fault(&read), ("bad_id_number", "business_number"));
    assert_eq!(read.column("business_number"), ["0100109106", "0100112437"]);
    assert_eq!(
        (read.column("state"), read.column("commune")[0].as_str()),
        (vec!["Tạm ngừng".into(), "Giải thể".to_owned()], "00004")
    );
    assert_eq!(read.column("state_date"), ["2026-10-01", "2026-10-15"]);
    // The zero that a spreadsheet took away, and the passport of a foreign representative.
    assert_eq!(read.column("representative_name"), ["LÊ THỊ ÁNH", "KIM MIN HO"]);
    assert_eq!(read.column("representative_id"), ["001085000123", "∅"]);
    assert_eq!(read.column("representative_birth_date"), ["1985-01-01", "∅"]);
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

/// Taxpayers, one without its status.
pub fn taxpayers() -> Vec<u8> {
    "THUẾ THÀNH PHỐ HÀ NỘI,,,,\nSTT,MST,Tên người nộp thuế,Địa chỉ trụ sở,Trạng thái NNT,Ngày thay đổi trạng thái\n\
        1,0100109106-001,Chi nhánh Mây Tre,\"Số 5, Phường Ba Đình\",Đang hoạt động,01/02/2020\n\
        2,0100112437,Công ty Lụa,Phường Ba Đình,Không hoạt động tại địa chỉ đã đăng ký,15/10/2026\n\
        3,0100686209,Công ty Gốm,Phường Ba Đình,,15/10/2026\n\
        ,Cộng: 3,,,,\n"
        .as_bytes()
        .to_vec()
}

#[test]
fn taxpayers_with_their_status() {
    let read = read("nnt.csv", &taxpayers()).unwrap();
    assert_eq!(outcome(&read), ("taxpayer-status-2025", 2, 1));
    assert_eq!(fault(&read), ("missing", "status"));
    assert_eq!(read.column("tax_code"), ["0100109106001", "0100112437"]);
    assert_eq!((read.column("status_date")[1].as_str(), read.column("tax_method")[1].as_str()), ("2026-10-15", "∅"));
}

/// Household businesses of a tax office.
pub fn household_businesses() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["THUẾ CƠ SỞ", "", "DANH SÁCH HỘ KINH DOANH"]);
        merge(sheet, (3, 4), (0, 0), "STT");
        merge(sheet, (3, 3), (1, 2), "Hộ kinh doanh");
        merge(sheet, (3, 4), (3, 3), "Địa điểm kinh doanh");
        merge(sheet, (3, 4), (4, 4), "Phuong phap tinh thue");
        merge(sheet, (3, 4), (5, 5), "Doanh thu");
        line(sheet, 4, &["", "Mã số thuế", "Họ tên"]);
        line(sheet, 5, &["1", "001168012345", "Lê Thị Mai", "Chợ, Phường Ba Đình", "Kê khai", "900.000.000"]);
        line(sheet, 6, &["2", "8123456789", "Đỗ Văn Oai", "Phường Ba Đình", "Khoán", "300.000.000"]);
        line(sheet, 7, &["3", "mới", "Trần Văn Phú", "Phường Ba Đình", "Kê khai", ""]);
        line(sheet, 8, &["", "", "Tổng cộng", "", "", "1.200.000.000"]);
    })
}

#[test]
fn household_businesses_with_their_tax_method() {
    let read = read("hkd.xlsx", &household_businesses()).unwrap();
    assert_eq!(outcome(&read), ("taxpayer-household-2025", 2, 1));
    assert_eq!(fault(&read), ("bad_id_number", "tax_code"));
    assert_eq!((read.report.roster.as_str(), read.column("name")[0].as_str()), ("taxpayer", "Lê Thị Mai"));
    assert_eq!(read.column("tax_method"), ["Kê khai", "Khoán"]);
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

/// Tour guides of a month.
pub fn guides() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["SỞ DU LỊCH HÀ NỘI"]);
        line(sheet, 2, &["DANH SÁCH HƯỚNG DẪN VIÊN THÁNG 10/2026"]);
        line(
            sheet,
            4,
            &["TT", "Họ và tên HDV", "Năm sinh", "Số thẻ HDV", "LOẠI THẺ", "Ngày hết hạn", "Doanh nghiệp lữ hành", "Ngoại ngữ"],
        );
        line(sheet, 5, &["1", "Phùng Thị Quế", "1992", "101192345", "Quốc tế", "31/12/2028", "Công ty Lữ hành Sen", "Anh"]);
        line(sheet, 6, &["2", "Tạ Văn Rạng", "1990", "201190111", "Nội địa", "31/02/2028", "", ""]);
        line(sheet, 8, &["", "Người lập biểu"]);
    })
}

#[test]
fn tour_guides() {
    let read = read("hdv.xlsx", &guides()).unwrap();
    assert_eq!(outcome(&read), ("tour-guide-2025", 1, 1));
    assert_eq!(fault(&read), ("bad_date", "expires"));
    assert_eq!((read.column("guide_card"), read.column("card_kind")), (vec!["101192345".into()], vec!["Quốc tế".to_owned()]));
    assert_eq!((read.column("birth_precision")[0].as_str(), read.column("expires")[0].as_str()), ("year", "2028-12-31"));
    assert_eq!(read.column("company_name"), ["Công ty Lữ hành Sen"]);
}

/// Poor households of a commune.
pub fn supported() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["UBND PHƯỜNG BA ĐÌNH"]);
        line(sheet, 2, &["DANH SÁCH NGƯỜI THUỘC HỘ NGHÈO, HỘ CẬN NGHÈO NĂM 2026"]);
        for (column, text) in ["STT", "Mã hộ", "Chủ hộ"].iter().enumerate() {
            merge(sheet, (4, 5), (column as u16, column as u16), text);
        }
        merge(sheet, (4, 4), (3, 5), "Thành viên hộ");
        merge(sheet, (4, 5), (6, 6), "Thôn/Tổ dân phố");
        merge(sheet, (4, 5), (7, 7), "Thuoc dien");
        merge(sheet, (4, 5), (8, 8), "Từ ngày");
        line(sheet, 5, &["", "", "", "Họ và tên", "Ngày sinh", "Số ĐDCN"]);
        line(
            sheet,
            6,
            &["1", "H01", "Kiều Thị Sáu", "Kiều Thị Sáu", "01/01/1950", "001150000011", "Tổ 3", "Hộ nghèo", "01/01/2026"],
        );
        line(sheet, 7, &["2", "H01", "Kiều Thị Sáu", "Kiều Văn Tám", "2012", "", "Tổ 3", "Hộ nghèo", "01/01/2026"]);
        line(sheet, 8, &["3", "H02", "Vũ Thị Út", "Vũ Thị Út", "02/02/1960", "", "Tổ 4", "", "01/01/2026"]);
        line(sheet, 9, &["", "Tổng số: 3 người"]);
    })
}

#[test]
fn supported_groups_of_a_commune() {
    let read = read("ho ngheo.xlsx", &supported()).unwrap();
    assert_eq!(outcome(&read), ("supported-group-2025", 2, 1));
    assert_eq!(fault(&read), ("missing", "group"));
    assert_eq!((read.report.declared, read.column("commune")[0].as_str()), (Some(3), "00004"));
    assert_eq!((read.column("group")[1].as_str(), read.column("village")[1].as_str()), ("Hộ nghèo", "Tổ 3"));
    assert_eq!(read.column("household_head"), ["Kiều Thị Sáu", "Kiều Thị Sáu"]);
    assert_eq!(read.column("full_name"), ["Kiều Thị Sáu", "Kiều Văn Tám"]);
}

/// The form C72a-HD of one payment point.
pub fn pensions() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["DANH SÁCH CHI TRẢ LƯƠNG HƯU VÀ TRỢ CẤP BHXH", "", "", "", "Mẫu C72a-HD"]);
        line(sheet, 2, &["Tháng 11 năm 2026"]);
        line(sheet, 3, &["Điểm chi trả: Nhà văn hóa tổ 3"]);
        for (column, text) in ["STT", "Họ và tên", "Số sổ/Mã số BHXH", "Loại chế độ"].iter().enumerate() {
            merge(sheet, (5, 6), (column as u16, column as u16), text);
        }
        merge(sheet, (5, 5), (4, 7), "Số tiền (đồng)");
        merge(sheet, (5, 6), (8, 8), "Số tài khoản");
        merge(sheet, (5, 6), (9, 9), "Ký nhận");
        line(sheet, 6, &["", "", "", "", "Hàng tháng", "Truy lĩnh", "Thu hồi", "Duoc linh"]);
        line(sheet, 7, &["1", "Khuất Văn Vinh", "0123456789", "Hưu trí", "6.930.000", "100.000", "-", "7.030.000", "0011000001"]);
        line(sheet, 8, &["2", "Bùi Thị Xuân", "0123456780", "Tuất", "1.000.000", "", "", "một triệu"]);
        line(sheet, 9, &["", "Tổng cộng", "", "", "7.930.000", "100.000", "0", "8.030.000"]);
        line(sheet, 11, &["", "Người lập", "", "", "Hà Nội, ngày 01 tháng 11 năm 2026"]);
    })
}

#[test]
fn pensions_and_monthly_allowances() {
    let read = read("chi tra.xlsx", &pensions()).unwrap();
    assert_eq!(outcome(&read), ("pension-payment-c72a-2025", 1, 1));
    assert_eq!(fault(&read), ("bad_money", "net_amount"));
    assert_eq!(
        (read.column("month"), read.column("payment_point")),
        (vec!["2026-11-01".into()], vec!["Nhà văn hóa tổ 3".to_owned()])
    );
    assert_eq!((read.column("monthly_amount"), read.column("arrears")), (vec!["6930000".into()], vec!["100000".to_owned()]));
    assert_eq!((read.column("deductions"), read.column("net_amount")), (vec!["0".into()], vec!["7030000".to_owned()]));
    assert_eq!(read.column("account"), ["0011000001"]);
}

/// Deaths registered in a month.
pub fn dead() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["UBND PHƯỜNG BA ĐÌNH"]);
        line(sheet, 2, &["DANH SÁCH ĐĂNG KÝ KHAI TỬ THÁNG 10/2026"]);
        for (column, text) in ["STT", "Họ, chữ đệm, tên người chết", "Ngày sinh", "Số CCCD/ĐDCN"].iter().enumerate()
        {
            merge(sheet, (4, 5), (column as u16, column as u16), text);
        }
        merge(sheet, (4, 5), (4, 4), "NGÀY THÁNG NĂM MẤT");
        merge(sheet, (4, 5), (5, 5), "Nơi cư trú cuối cùng");
        merge(sheet, (4, 4), (6, 7), "Giấy khai tử");
        merge(sheet, (4, 5), (8, 8), "Nguyên nhân chết");
        line(sheet, 5, &["", "", "", "", "", "", "Số", "Ngày"]);
        line(
            sheet,
            6,
            &["1", "Tạ Thị Yến", "1940", "001140000011", "03-10-2026", "Phường Ba Đình", "15/2026", "05/10/2026", "x"],
        );
        line(sheet, 7, &["2", "Tạ Văn Ý", "1938", "", "2026", "Phường Ba Đình", "16/2026", "06/10/2026", "x"]);
        line(sheet, 9, &["", "", "", "", "Hà Nội, ngày 31 tháng 10 năm 2026"]);
    })
}

#[test]
fn deaths() {
    let read = read("khai tu.xlsx", &dead()).unwrap();
    assert_eq!(outcome(&read), ("death-2025", 1, 1));
    assert_eq!(fault(&read), ("bad_date", "death_date"));
    assert_eq!(
        (read.column("death_date"), read.column("registered")),
        (vec!["2026-10-03".into()], vec!["2026-10-05".to_owned()])
    );
    assert_eq!((read.column("certificate")[0].as_str(), read.column("commune")[0].as_str()), ("15/2026", "00004"));
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

#[test]
fn the_first_rosters_keep_their_files_with_columns_of_the_others() {
    for (layout, header) in [
        (
            "population-2025",
            "STT,Số CCCD,Họ và tên,Ngày sinh,Giới tính,Địa chỉ,Xã/phường,Mã hộ,Quan hệ với chủ hộ,Tình trạng cư trú,Đối tượng",
        ),
        ("population-2025", "Số ĐDCN,Họ và tên,Năm sinh,Mã hộ,Quan hệ,Dân tộc"),
        ("pupils-2025", "STT,Lớp,Mã định danh,Họ và tên,Ngày sinh,Giới tính,Địa chỉ,Đối tượng"),
        ("bhyt-card-2025", "STT,Số thẻ,Mã số BHXH,Họ và tên,Ngày sinh,Từ ngày,Đến ngày,Đối tượng,Mức hưởng"),
        (
            "bhxh-participation-2025",
            "STT,Mã số BHXH,Họ và tên,Ngày sinh,MST đơn vị,Mã đơn vị,Tên đơn vị,Chức danh,Từ tháng,Đến tháng,Mức lương đóng",
        ),
        ("bhxh-participation-2025", "STT,Mã số BHXH,Họ và tên,Từ tháng,Đến tháng,Mức đóng,Tỷ lệ đóng"),
        ("tax-settlement-2021", "STT,Họ và tên,MST,Số CCCD,MST đơn vị,Tên đơn vị,Tổng thu nhập chịu thuế,Bảo hiểm được trừ,Năm"),
    ] {
        let read = read("a.csv", format!("{header}\n").as_bytes()).unwrap_or_else(|e| panic!("{header}: {e}"));
        assert_eq!(read.report.layout, layout, "{header}");
    }
}
