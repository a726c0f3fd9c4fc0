//! Lists of households and workers, by hand: each chosen by its header alone, with a row that must come back.

use unicode_normalization::UnicodeNormalization;

use crate::support::{fault, line, merge, outcome, read, workbook};

/// The household annex of TK1-TS: the head and the place in the title rows, the oath and signatures below.
pub fn household() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["", "", "", "", "Mẫu TK1-TS"]);
        line(sheet, 2, &["PHỤ LỤC THÀNH VIÊN HỘ GIA ĐÌNH"]);
        line(sheet, 3, &["Họ và tên chủ hộ: Kiều Thị Sáu", "", "", "Điện thoại: 0912 345 678"]);
        line(sheet, 4, &["Mã hộ gia đình: 0100000017"]);
        line(sheet, 5, &["Địa chỉ: Số 5, Tổ dân phố 3, Phường Ba Đình, Hà Nội"]);
        let whole = ["STT", "Họ và tên", "Mã số BHXH", "Ngày, tháng, năm sinh", "Giới tính"];
        for (column, text) in whole.iter().enumerate() {
            merge(sheet, (7, 8), (column as u16, column as u16), text);
        }
        merge(sheet, (7, 7), (5, 6), "Nơi cấp giấy khai sinh");
        line(sheet, 8, &["", "", "", "", "", "Xã", "Tỉnh"]);
        merge(sheet, (7, 8), (7, 7), "Mối quan hệ với chủ hộ");
        merge(sheet, (7, 8), (8, 8), "Số CMND/CCCD/ĐDCN");
        merge(sheet, (7, 8), (9, 9), "Ghi chú");
        line(sheet, 9, &["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)"]);
        line(
            sheet,
            10,
            &["1", "Kiều Thị Sáu", "0123456789", "01/01/1950", "Nữ", "Ba Vì", "Hà Nội", "Chủ hộ", "001150000011", ""],
        );
        line(sheet, 11, &["2", "Kiều Văn Tám", "", "2012", "Nam", "", "", "Cháu", "", "Đang học lớp 9"]);
        line(sheet, 12, &["3", "Vũ Thị Út", "", "30/02/1960", "Nữ", "", "", "Con dâu", "", ""]);
        line(sheet, 14, &["Tôi cam đoan những nội dung kê khai là đúng"]);
        line(sheet, 15, &["", "", "", "", "Hà Nội, ngày 05 tháng 11 năm 2026"]);
        line(sheet, 16, &["", "", "", "", "Người kê khai"]);
        line(sheet, 18, &["", "", "", "", "Kiều Thị Sáu"]);
    })
}

#[test]
fn the_household_annex_of_a_declaration() {
    let read = read("tk1 phu luc.xlsx", &household()).unwrap();
    assert_eq!(outcome(&read), ("household-member-tk1-2017", 2, 1));
    assert_eq!(fault(&read), ("bad_date", "birth_date"));
    assert_eq!((read.column("household_number")[1].as_str(), read.column("relation")[1].as_str()), ("0100000017", "Cháu"));
    assert_eq!((read.column("household_head")[1].as_str(), read.column("phone")[0].as_str()), ("Kiều Thị Sáu", "0912 345 678"));
    assert_eq!(read.column("address")[1], "Số 5, Tổ dân phố 3, Phường Ba Đình, Hà Nội");
    assert_eq!((read.column("village")[0].as_str(), read.column("commune")[0].as_str()), ("3", "00004"));
    assert_eq!(read.column("insurance_number"), ["0123456789", "∅"]);
    assert_eq!(read.column("birth_precision"), ["day", "year"]);
}

/// A household under decree 188/2025, typed into a text file with bars.
pub fn household_188() -> Vec<u8> {
    "UBND PHƯỜNG BA ĐÌNH||||||||\n\
        TỜ KHAI THAM GIA BẢO HIỂM Y TẾ THEO HỘ GIA ĐÌNH||||||||\n\
        Họ và tên chủ hộ:|Đỗ Thị Nga||Mã số hộ gia đình:|0100000018||||\n\
        TT|Họ, chữ đệm và tên|Số định danh cá nhân/CCCD|Ngày sinh|Giới tính|Quan hệ|Nơi cư trú|Tình trạng tham gia BHYT|Số điện thoại\n\
        1|Đỗ Thị Nga|001168012345|12/05/1968|Nữ|Chủ hộ|Thôn Đoài, Phường Ba Đình|Chưa tham gia|0987654321\n\
        2|Đỗ Văn Oai|1185000017|03/04/1985|Nam|Con|Thôn Đoài, Phường Ba Đình|Đã tham gia tại công ty|\n\
        3|Đỗ Thị Phượng||01/09/2012|cháu gái|Cháu|Thôn Đoài, Phường Ba Đình|Chưa tham gia|\n\
        |Cộng: 3 người|||||||\n\
        |Người kê khai|||||||\n"
        .as_bytes()
        .to_vec()
}

#[test]
fn a_household_declared_under_decree_188() {
    let read = read("ho gia dinh.csv", &household_188()).unwrap();
    assert_eq!(outcome(&read), ("household-member-188-2025", 2, 1));
    assert_eq!(fault(&read), ("bad_sex", "sex"));
    assert_eq!((read.report.roster.as_str(), read.column("household_head")[0].as_str()), ("household_member", "Đỗ Thị Nga"));
    assert_eq!((read.column("household_number")[0].as_str(), read.column("commune")[1].as_str()), ("0100000018", "00004"));
    assert_eq!(read.column("card_state"), ["Chưa tham gia", "Đã tham gia tại công ty"]);
    assert_eq!((read.column("personal_id")[1].as_str(), read.column("phone")[0].as_str()), ("001185000017", "0987654321"));
    assert_eq!(read.report.passed_over, 2);
}

/// A commune's own list, saved with decomposed letters: a line over each village, the head once a household.
pub fn households() -> Vec<u8> {
    let text = "UBND PHƯỜNG BA ĐÌNH;;;;;;;;;;\nDANH SÁCH HỘ GIA ĐÌNH THEO TỔ DÂN PHỐ NĂM 2026;;;;;;;;;;\nTổng số nhân khẩu: 5 khẩu;;;;;;;;;;\n\
        STT;Hộ số;Họ tên chủ hộ;Họ và tên;QH với chủ hộ;NTNS;GT;Số CCCD/ĐDCN;Tổ dân phố;Số nhà;Thẻ BHYT;Mã thẻ BHYT;Ghi chú\n\
        ;;;TỔ DÂN PHỐ SỐ 3;;;;;;;;;\n\
        1;H01;Kiều Thị Sáu;Kiều Thị Sáu;Chủ hộ;01/01/1950;Nữ;001150000011;Tổ 3;Số 5;Có;GD4010123456789;\n\
        2;H01;;Kiều Văn Tám;Cháu;2012;Nam;;Tổ 3;Số 5;Chưa;;\n\
        3;H02;Bùi Văn Xuân;Bùi Văn Xuân;Chủ hộ;1975;Nam;012345678;Tổ 3;Số 7;Có;CA5010123456789;công an\n\
        ;;;TỔ DÂN PHỐ SỐ 4;;;;;;;;;\n\
        4;H03;Vũ Thị Út;Vũ Thị Út;Chủ hộ;02/02/1960;Nữ;;;Số 9;Chưa;;đi làm ăn xa\n\
        5;H03;Vũ Thị Út;Vũ Văn Vui;Con;02/02/1990;Nam;;Tổ 4;Số 9;;;\n\
        ;;;Cộng: 5 khẩu;;;;;;;;;\n\
        ;;;TM. ỦY BAN NHÂN DÂN;;;;;;;;;\n\
        ;;;CHỦ TỊCH;;;;;;;;;\n";
    text.nfd().collect::<String>().into_bytes()
}

#[test]
fn households_of_a_commune_by_village() {
    let read = read("to dan pho.csv", &households()).unwrap();
    assert_eq!(outcome(&read), ("household-list-2025", 4, 1));
    assert_eq!(fault(&read), ("missing", "village"));
    assert_eq!((read.report.declared, read.report.passed_over), (Some(5), 5));
    assert_eq!(read.column("full_name"), ["Kiều Thị Sáu", "Kiều Văn Tám", "Bùi Văn Xuân", "Vũ Văn Vui"]);
    assert_eq!((read.column("village")[0].as_str(), read.column("commune")[3].as_str()), ("Tổ 3", "00004"));
    assert_eq!((read.column("card_state")[0].as_str(), read.column("old_id")[2].as_str()), ("Có", "012345678"));
    // A resident of the list is a resident, but the number of a card of the armed forces is kept nowhere.
    assert!(!format!("{:?}{:?}", read.report, read.chunks).contains("CA501"));
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

/// The same commune's other list: villages as lines, the head only in the first row of a household.
pub fn households_in_sections() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["UBND PHƯỜNG BA ĐÌNH"]);
        line(sheet, 2, &["DANH SÁCH NHÂN KHẨU CÁC HỘ NĂM 2026"]);
        line(sheet, 4, &["TT", "Chủ hộ", "Họ và tên", "Quan hệ", "Ngày sinh", "Phái", "CCCD", "Điện thoại"]);
        line(sheet, 5, &["I", "Tổ dân phố số 3"]);
        line(sheet, 6, &["1", "Kiều Thị Sáu", "Kiều Thị Sáu", "Chủ hộ", "01/01/1950", "Nữ", "001150000011", "0912345678"]);
        line(sheet, 7, &["2", "", "Kiều Văn Tám", "Cháu", "2012", "Nam", "", ""]);
        line(sheet, 8, &["II", "Tổ dân phố số 4"]);
        line(sheet, 9, &["1", "Hồ Văn Quý", "Hồ Văn Quý", "Chủ hộ", "01/13/1970", "Nam", "", ""]);
        line(sheet, 10, &["2", "Vũ Thị Út", "Vũ Thị Út", "Chủ hộ", "02/02/1960", "Nữ", "", ""]);
        line(sheet, 11, &["", "Cộng: 4 người"]);
        line(sheet, 13, &["", "Công chức văn hóa - xã hội", "", "", "", "", "Chủ tịch"]);
    })
}

#[test]
fn villages_that_stand_over_their_households() {
    let read = read("nhan khau.xlsx", &households_in_sections()).unwrap();
    assert_eq!(outcome(&read), ("household-list-sections-2025", 3, 1));
    assert_eq!(fault(&read), ("bad_date", "birth_date"));
    assert_eq!(read.column("village"), ["Tổ dân phố số 3", "Tổ dân phố số 3", "Tổ dân phố số 4"]);
    assert_eq!(read.column("full_name"), ["Kiều Thị Sáu", "Kiều Văn Tám", "Vũ Thị Út"]);
    assert_eq!((read.column("commune")[0].as_str(), read.report.passed_over), ("00004", 4));
}

#[test]
fn a_list_of_poor_households_is_not_taken_for_a_list_of_households() {
    let header = "STT,Mã hộ,Chủ hộ,Họ và tên,Ngày sinh,Giới tính,Số CCCD,Quan hệ với chủ hộ,Địa chỉ,Thôn/TDP,Đối tượng,Có thẻ BHYT,Ghi chú";
    let read = read("a.csv", format!("{header}\n").as_bytes()).unwrap();
    assert_eq!(read.report.layout, "supported-group-2025");
}

/// Registered workers, typed without any marks.
pub fn workers() -> Vec<u8> {
    "SO NOI VU THANH PHO HA NOI,,,,,,,,,,\n\
        DANH SACH NGUOI LAO DONG DANG KY DEN 31/10/2026,,,,,,,,,,\n\
        Tong so: 4 lao dong,,,,,,,,,,\n\
        STT,Ho va ten,So CCCD,Ngay sinh,Gioi tinh,Noi cu tru,Tinh trang viec lam,Vi the viec lam,Noi lam viec,Ma so thue noi lam viec,Loai hop dong,Thoi gian bat dau lam viec,Tham gia BHXH\n\
        1,LE VAN AN,001090012345,05/03/1990,Nam,\"Phuong Ba Dinh, Ha Noi\",Co viec lam,Lam cong an luong,Cong ty TNHH May Tre,0100109106,Khong xac dinh thoi han,03/2024,Bat buoc\n\
        2,TRAN THI BINH,001185000017,1985,Nu,\"Phuong Ba Dinh, Ha Noi\",Co viec lam,Tu lam,,,,15/02/2020,Khong\n\
        3,DO VAN CHI,001091012346,06/07/1991,Nam,\"Phuong Ba Dinh, Ha Noi\",That nghiep,,,,,,Khong\n\
        4,TONG CONG DAN,001092012347,06/07/1992,Nam,\"Phuong Ba Dinh, Ha Noi\",,Tu lam,,,,,\n\
        ,Tong cong,,,,,,,,,,,\n\
        ,Nguoi lap bieu,,,,,,,,,,,\n"
        .as_bytes()
        .to_vec()
}

#[test]
fn registered_workers_typed_without_marks() {
    let read = read("lao dong.csv", &workers()).unwrap();
    assert_eq!(outcome(&read), ("labour-2026", 3, 1));
    assert_eq!(fault(&read), ("missing", "employment_status"));
    assert_eq!((read.report.declared, read.report.passed_over), (Some(4), 2));
    assert_eq!(read.column("employment_status"), ["Co viec lam", "Co viec lam", "That nghiep"]);
    assert_eq!(read.column("since"), ["2024-03-01", "2020-02-01", "∅"]);
    assert_eq!(
        (read.column("employer_name")[0].as_str(), read.column("employer_tax_code")[0].as_str()),
        ("Cong ty TNHH May Tre", "0100109106")
    );
    assert_eq!((read.column("commune")[2].as_str(), read.column("insured_as_said")[1].as_str()), ("00004", "Khong"));
    assert_eq!(read.column("contract_kind")[0], "Khong xac dinh thoi han");
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}
