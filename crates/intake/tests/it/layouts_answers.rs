//! Answers to our questions and figures without people, by hand, each with a row that must come back.

use crate::support::{fault, line, merge, outcome, read, workbook};

/// Our check file filled in by a ward's police: a column renamed, the answer and the corrections written in.
pub fn identity_answers() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["KIỂM TRA THÔNG TIN CƯ TRÚ, ĐỊNH DANH"]);
        line(sheet, 2, &["Cơ quan trả lời:", "Công an phường Ba Đình", "", "Ngày trả lời: 12/11/2026"]);
        let sent = ["Mã dòng", "Số định danh cá nhân/CCCD", "Họ và tên", "Ngày sinh", "Xã, phường"];
        for (column, text) in sent.iter().enumerate() {
            merge(sheet, (4, 5), (column as u16, column as u16), text);
        }
        merge(sheet, (4, 4), (5, 9), "PHẦN TRẢ LỜI");
        line(sheet, 5, &["", "", "", "", "", "Kết quả xác minh", "Ngày chết", "Nơi chuyển đến", "Số định danh đúng", "Ghi chú"]);
        let mai = ["K-000017", "001168012345", "Lê Thị Mai", "12/05/1968", "Phường Ba Đình", "Còn cư trú"];
        line(sheet, 6, &mai);
        let oai = [
            "K-000018",
            "001085000013",
            "Đỗ Văn Oai",
            "1985",
            "Phường Ba Đình",
            "Đã chuyển đi",
            "",
            "Xã Đại Thanh",
            "",
            "từ 6/2026",
        ];
        line(sheet, 7, &oai);
        let ut = [
            "K-000019",
            "001190000012",
            "Vũ Thị Út",
            "01/02/1990",
            "Phường Ba Đình",
            "Sai số định danh",
            "",
            "",
            "1190000021",
            "",
        ];
        line(sheet, 8, &ut);
        let yen = ["", "001140000011", "Tạ Thị Yến", "1940", "Phường Ba Đình", "Đã chết", "03/10/2026"];
        line(sheet, 9, &yen);
        let quy = ["K-000021", "001170000014", "Hồ Văn Quý", "1970", "Phường Ba Đình", "Đã chết", "03/10/2026"];
        line(sheet, 10, &quy);
        line(sheet, 12, &["", "Cán bộ kiểm tra", "", "", "", "Trưởng công an phường"]);
    })
}

#[test]
fn answers_to_the_identity_check_go_back_by_token() {
    let read = read("tra loi.xlsx", &identity_answers()).unwrap();
    assert_eq!(outcome(&read), ("identity-answer-2026", 4, 1));
    // Without its token an answer belongs to nobody, whatever name stands beside it.
    assert_eq!(fault(&read), ("missing", "token"));
    assert_eq!(read.column("token"), ["K-000017", "K-000018", "K-000019", "K-000021"]);
    assert_eq!(read.column("answer"), ["Còn cư trú", "Đã chuyển đi", "Sai số định danh", "Đã chết"]);
    assert_eq!(read.column("answered_date"), ["2026-11-12"; 4]);
    assert_eq!(read.column("answered_by")[0], "Công an phường Ba Đình");
    assert_eq!(read.column("commune"), ["∅", "00664", "∅", "∅"]);
    assert_eq!((read.column("corrected_id")[2].as_str(), read.column("id_flag")[2].as_str()), ("001190000021", "zero_restored"));
    assert_eq!((read.column("sent_id")[2].as_str(), read.column("death_date")[3].as_str()), ("001190000012", "2026-10-03"));
    assert_eq!(read.column("full_name")[2], "Vũ Thị Út");
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

/// Answers of the national look-up, one of them a card that must not be held here.
pub fn lookup_answers() -> Vec<u8> {
    "KẾT QUẢ TRA CỨU TOÀN QUỐC;;;;;;;;;;\nNguồn tra cứu: Hệ thống thu, sổ - thẻ quốc gia;;;;;;;;;;\nNgày tra cứu: 14/11/2026;;;;;;;;;;\n\
        Mã dòng;Họ và tên;Mã số BHXH;Đang tham gia nơi khác;Loại hình;Mã tỉnh;Mã thẻ BHYT;Giá trị từ;Giá trị đến;Mã đơn vị;Nhóm thẻ\n\
        T-0001;Lê Thị Mai;123456789;Có;BHXH bắt buộc;24;DN4240123456789;01/01/2026;31/12/2026;YN0001Z;DN\n\
        T-0002;Đỗ Văn Oai;;Không;;;;;;;\n\
        T-0003;Bùi Văn Kín;0123456781;Có;BHYT;01;QN5970123456781;01/01/2026;31/12/2026;;QN\n\
        T-0004;Vũ Thị Út;0123456782;Có;BHYT;31;HS4310123456782;31/12/2026;01/09/2026;;HS\n\
        Tổng cộng;;;3;;;;;;;\n\
        ;Người lập;;;;;;;;;\n"
        .as_bytes()
        .to_vec()
}

#[test]
fn answers_of_the_national_look_up() {
    let read = read("tra cuu.csv", &lookup_answers()).unwrap();
    assert_eq!(outcome(&read), ("lookup-answer-2026", 2, 2));
    let codes: Vec<&str> = read.report.rejects.iter().map(|r| r.reason.code()).collect();
    assert_eq!(codes, ["armed_forces", "ends_before_start"]);
    assert_eq!(
        (read.column("token"), read.column("insured_elsewhere")[1].as_str()),
        (vec!["T-0001".into(), "T-0002".into()], "Không")
    );
    assert_eq!((read.column("province_code")[0].as_str(), read.column("object_code")[0].as_str()), ("24", "DN"));
    assert_eq!((read.column("insurance_number")[0].as_str(), read.column("unit_code")[0].as_str()), ("0123456789", "YN0001Z"));
    assert_eq!(read.column("source")[0], "Hệ thống thu, sổ - thẻ quốc gia");
    assert_eq!(read.column("answered_date"), ["2026-11-14"; 2]);
    for secret in ["QN", "Kín"] {
        assert!(!format!("{:?}{:?}", read.report, read.chunks).contains(secret), "{secret}");
    }
}

/// Figures of the statistics office; the whole city, wards and communes are added up between the rows.
pub fn figures() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["THỐNG KÊ THÀNH PHỐ HÀ NỘI"]);
        line(sheet, 2, &["Biểu 03. Dân số và lực lượng lao động phân theo xã, phường, năm 2025"]);
        line(sheet, 3, &["Nguồn: Điều tra biến động dân số 1/4/2025"]);
        merge(sheet, (5, 6), (0, 0), "Mã xã, phường");
        merge(sheet, (5, 6), (1, 1), "Tỉnh, thành phố");
        merge(sheet, (5, 5), (2, 3), "Dân số");
        merge(sheet, (5, 6), (4, 4), "Lực lượng lao động");
        merge(sheet, (5, 6), (5, 5), "Số hộ");
        line(sheet, 6, &["", "", "Nam", "Tổng số"]);
        for (row, (place, numbers)) in [
            ("Thành phố Hà Nội", [4_381_473.0, 8_811_473.0, 4_200_000.0, 2_590_000.0]),
            ("Khối phường", [1_800_000.0, 3_700_000.0, 1_700_000.0, 1_100_000.0]),
            ("00004", [32_023.0, 65_023.0, 31_000.0, 19_000.0]),
            ("Phường Hà Đông", [91_205.0, 185_205.0, 88_000.0, 54_000.0]),
            ("Phường Không Có", [5_000.0, 10_000.0, 4_000.0, 3_000.0]),
            ("Xã Đại Thanh", [45_557.0, 92_557.5, 44_000.0, 27_000.0]),
        ]
        .into_iter()
        .enumerate()
        {
            // What stands in every row does not make each of them a total.
            line(sheet, row as u32 + 7, &[place, "Thành phố Hà Nội"]);
            for (column, number) in numbers.into_iter().enumerate() {
                sheet.write_number(row as u32 + 6, column as u16 + 2, number).unwrap();
            }
        }
        line(sheet, 14, &["", "Người lập biểu", "", "", "Trưởng Thống kê"]);
    })
}

#[test]
fn figures_of_the_statistics_office() {
    let read = read("dan so.xlsx", &figures()).unwrap();
    assert_eq!(outcome(&read), ("commune-figure-2025", 2, 2));
    let faults: Vec<(&str, &str)> = read.report.rejects.iter().map(|r| (r.reason.code(), r.field.as_str())).collect();
    assert_eq!(faults, [("bad_id_number", "commune"), ("bad_number", "population")]);
    assert_eq!(
        (read.column("commune"), read.column("year")),
        (vec!["00004".into(), "09556".into()], vec!["2025".to_owned(), "2025".into()])
    );
    assert_eq!(
        (read.column("population"), read.column("labour_force")[1].as_str()),
        (vec!["65023".into(), "185205".into()], "88000")
    );
    assert_eq!(
        (read.column("households")[0].as_str(), read.column("source")[0].as_str()),
        ("19000", "Điều tra biến động dân số 1/4/2025")
    );
    assert_eq!(read.report.passed_over, 3, "the city, the wards and the signatures");
}

/// Numbers of cards that others manage.
pub fn aggregates() -> Vec<u8> {
    "SỐ THẺ BHYT DO NƠI KHÁC QUẢN LÝ;;;;\nSố liệu đến ngày: 31/10/2026;;;;\n\
        STT;Nhóm đối tượng;Tỉnh phát hành;Xã, phường cư trú;Số thẻ;Văn bản cung cấp\n\
        1;Quân đội (QN);;;41200;Công văn 101/BHXH-BQP\n\
        2;Cơ yếu (CY);;;810;Công văn 12/BCY\n\
        3;Thẻ do tỉnh khác cấp;Bắc Ninh;Phường Hà Đông;1530;BHXH tỉnh Bắc Ninh\n\
        4;Thẻ do tỉnh khác cấp;Hưng Yên;Phường Ba Đình;khoảng 900;BHXH tỉnh Hưng Yên\n\
        5;Công an (CA);;;28000;\n\
        ;Tổng cộng;;;72340;\n\
        ;Người lập;;;;\n"
        .as_bytes()
        .to_vec()
}

#[test]
fn cards_of_others_are_numbers_with_a_source() {
    let read = read("tong hop.csv", &aggregates()).unwrap();
    assert_eq!(outcome(&read), ("card-aggregate-2026", 3, 2));
    let faults: Vec<(&str, &str)> = read.report.rejects.iter().map(|r| (r.reason.code(), r.field.as_str())).collect();
    assert_eq!(faults, [("bad_number", "count"), ("missing", "source")]);
    assert_eq!(read.column("count"), ["41200", "810", "1530"]);
    assert_eq!(
        (read.column("commune"), read.column("as_of")),
        (vec!["∅".into(), "∅".into(), "09556".into()], vec!["2026-10-31".to_owned(); 3])
    );
    assert_eq!((read.column("issuer")[2].as_str(), read.column("group")[1].as_str()), ("Bắc Ninh", "Cơ yếu (CY)"));
    assert_eq!(read.report.passed_over, 2);
}
