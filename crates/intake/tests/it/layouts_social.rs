//! Lists of allowances and of people found uninsured, by hand: each chosen by its header alone, with a row that must come back.

use crate::support::{fault, line, merge, outcome, read, workbook};

/// Social pensions of a commune: a line over each village, sums in words below.
pub fn social_pensions() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["UBND PHƯỜNG BA ĐÌNH", "", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]);
        line(sheet, 3, &["DANH SÁCH CHI TRẢ TRỢ CẤP HƯU TRÍ XÃ HỘI"]);
        line(sheet, 4, &["Tháng 11 năm 2026"]);
        line(sheet, 5, &["Điểm chi trả: Nhà văn hóa tổ 3"]);
        for (column, text) in ["STT", "Họ và tên đối tượng", "Ngày sinh", "Số định danh cá nhân", "Đối tượng"].iter().enumerate()
        {
            merge(sheet, (7, 8), (column as u16, column as u16), text);
        }
        merge(sheet, (7, 7), (5, 6), "Quyết định");
        merge(sheet, (7, 8), (7, 7), "Hưởng từ tháng");
        merge(sheet, (7, 8), (8, 8), "Mức hưởng\n(đồng)");
        merge(sheet, (7, 8), (9, 9), "Thành phố hỗ trợ thêm");
        merge(sheet, (7, 8), (10, 10), "Số tiền được nhận");
        merge(sheet, (7, 8), (11, 11), "Ký nhận");
        line(sheet, 8, &["", "", "", "", "", "Số", "Ngày"]);
        line(sheet, 9, &["I", "Tổ dân phố số 3"]);
        let on = ["12/QĐ-UBND", "01/7/2025", "7/2025", "500.000", "150.000", "650.000"];
        let sau = ["1", "Kiều Thị Sáu", "01/01/1950", "001150000011", "Từ đủ 75 tuổi"];
        line(sheet, 10, &[&sau[..], &on[..]].concat());
        let tam = ["2", "Tạ Văn Ý", "1954", "", "Hộ cận nghèo, từ đủ 70 tuổi"];
        line(sheet, 11, &[&tam[..], &on[..]].concat());
        let broken = [
            "3",
            "Vũ Thị Út",
            "02/02/1948",
            "001148000012",
            "Từ đủ 75 tuổi",
            "13/QĐ-UBND",
            "01/7/2025",
            "7/2025",
            "năm trăm nghìn",
        ];
        line(sheet, 12, &broken);
        line(sheet, 13, &["", "Tổng cộng", "", "", "", "", "", "", "1.000.000", "300.000", "1.300.000"]);
        line(sheet, 14, &["", "Số tiền bằng chữ: một triệu ba trăm nghìn đồng"]);
        line(sheet, 16, &["", "Người chi trả", "", "", "Kế toán", "", "", "", "TM. Ủy ban nhân dân"]);
    })
}

#[test]
fn social_pensions_of_a_commune() {
    let read = read("huu tri xa hoi.xlsx", &social_pensions()).unwrap();
    assert_eq!(outcome(&read), ("social-pension-176-2025", 2, 1));
    assert_eq!(fault(&read), ("bad_money", "monthly_amount"));
    assert_eq!((read.column("month")[0].as_str(), read.column("payment_point")[0].as_str()), ("2026-11-01", "Nhà văn hóa tổ 3"));
    assert_eq!((read.column("commune")[0].as_str(), read.column("ground")[1].as_str()), ("00004", "Hộ cận nghèo, từ đủ 70 tuổi"));
    assert_eq!(
        (read.column("monthly_amount"), read.column("city_amount")),
        (vec!["500000".to_owned(); 2], vec!["150000".to_owned(); 2])
    );
    assert_eq!((read.column("decision")[0].as_str(), read.column("decision_date")[0].as_str()), ("12/QĐ-UBND", "2025-07-01"));
    assert_eq!((read.column("from_date")[1].as_str(), read.column("net_amount")[1].as_str()), ("2025-07-01", "650000"));
    assert_eq!(read.column("village"), ["Tổ dân phố số 3"; 2], "the line over the rows");
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

/// Monthly social allowances with their coefficients.
pub fn social_allowances() -> Vec<u8> {
    "ỦY BAN NHÂN DÂN PHƯỜNG BA ĐÌNH,,,,,,,,\nDANH SÁCH ĐỐI TƯỢNG HƯỞNG TRỢ CẤP XÃ HỘI HẰNG THÁNG (Tổng số: 3 đối tượng),,,,,,,,\n\
        STT,Họ tên đối tượng,Năm sinh,Giới tính,Số CCCD,Thôn/TDP,Nhóm đối tượng,Hệ số,Mức chuẩn,Mức trợ cấp,Số QĐ,Hưởng từ ngày,Người giám hộ\n\
        1,Phùng Thị Quế,1992,Nữ,001192000011,Tổ 3,Người khuyết tật nặng,\"1,5\",500.000,750.000,45/QĐ-UBND,01/01/2024,\n\
        2,Tạ Văn Rạng,2019,Nam,,Tổ 4,Trẻ em mất nguồn nuôi dưỡng,\"2,5\",500.000,1.250.000,46/QĐ-UBND,01/03/2024,Tạ Thị Yến\n\
        3,Lê Thị Mai,1968,Nữ,001168012345,Tổ 4,Người khuyết tật nặng,500.000,500.000,750.000,47/QĐ-UBND,01/03/2024,\n\
        ,TỔNG CỘNG,,,,,,,,2.750.000,,,\n\
        ,Người lập biểu,,,,,,,,Chủ tịch,,,\n"
        .as_bytes()
        .to_vec()
}

#[test]
fn social_allowances_with_coefficients() {
    let read = read("btxh.csv", &social_allowances()).unwrap();
    assert_eq!(outcome(&read), ("social-allowance-20-2021", 2, 1));
    // The columns of coefficient and standard level had slipped.
    assert_eq!(fault(&read), ("bad_coefficient", "coefficient"));
    assert_eq!((read.report.roster.as_str(), read.report.declared), ("social_pension", Some(3)));
    assert_eq!(
        (read.column("coefficient"), read.column("monthly_amount")[1].as_str()),
        (vec!["15000".into(), "25000".into()], "1250000")
    );
    assert_eq!((read.column("agent")[1].as_str(), read.column("commune")[0].as_str()), ("Tạ Thị Yến", "00004"));
    assert_eq!((read.column("from_date")[0].as_str(), read.column("village")[0].as_str()), ("2024-01-01", "Tổ 3"));
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

/// The allowances of survivors alone, their kind in the title only.
pub fn allowances() -> Vec<u8> {
    "BHXH THÀNH PHỐ HÀ NỘI;;;;;;;\nDANH SÁCH CHI TRẢ TRỢ CẤP TUẤT HẰNG THÁNG;;;;;;;\nTháng 11/2026;;;;;;;\n\
        STT;Họ và tên;Số sổ/Mã số BHXH;Năm sinh;Mức trợ cấp;Truy lĩnh;Thực lĩnh;Quan hệ với người chết\n\
        1;Bùi Thị Xuân;0123456780;1949;1.170.000;-;1.170.000;Vợ\n\
        2;Bùi Văn Yên;0123456781;2011;1.170.000;;;Con\n\
        ;Tổng cộng;;;2.340.000;;2.340.000;\n\
        ;Người lập;;;Giám đốc;;;\n"
        .as_bytes()
        .to_vec()
}

#[test]
fn monthly_allowances_are_another_layout_of_the_pension_list() {
    let read = read("tuat.csv", &allowances()).unwrap();
    assert_eq!(outcome(&read), ("pension-payment-allowance-2025", 1, 1));
    assert_eq!(fault(&read), ("missing", "net_amount"));
    assert_eq!((read.report.roster.as_str(), read.column("benefit")[0].as_str()), ("pension_payment", "TUẤT"));
    assert_eq!((read.column("month")[0].as_str(), read.column("monthly_amount")[0].as_str()), ("2026-11-01", "1170000"));
    assert_eq!((read.column("arrears")[0].as_str(), read.column("net_amount")[0].as_str()), ("0", "1170000"));
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

/// Residents found uninsured, one column for the scheme.
pub fn uninsured() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["CÔNG AN PHƯỜNG BA ĐÌNH"]);
        line(sheet, 2, &["DANH SÁCH CÔNG DÂN CHƯA THAM GIA BHXH, BHYT"]);
        line(sheet, 3, &["Tính đến ngày 31/10/2026. Tổng số công dân: 3"]);
        let header = [
            "STT",
            "Số ĐDCN",
            "Họ và tên công dân",
            "Sinh ngày",
            "GT",
            "Nơi thường trú",
            "Tổ dân phố",
            "Diện cư trú",
            "Chưa tham gia",
        ];
        line(sheet, 5, &header);
        line(sheet, 6, &["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)"]);
        line(
            sheet,
            7,
            &["1", "001168012345", "LÊ THỊ MAI", "12/05/1968", "Nữ", "Số 5, Phường Ba Đình", "Tổ 3", "Thường trú", "BHYT"],
        );
        line(sheet, 8, &["2", "012345678", "ĐỖ VĂN OAI", "1985", "Nam", "Số 6, Phường Ba Đình", "Tổ 3", "Tạm trú", "BHXH, BHYT"]);
        line(sheet, 9, &["3", "001190000012", "VŨ THỊ ÚT", "01/02/1990", "Nữ", "Số 7, Phường Ba Đình", "Tổ 4", "Thường trú", ""]);
        line(sheet, 11, &["Nơi nhận:", "", "", "", "", "", "TRƯỞNG CÔNG AN PHƯỜNG"]);
    })
}

#[test]
fn residents_found_uninsured_by_the_police() {
    let read = read("cong an.xlsx", &uninsured()).unwrap();
    assert_eq!(outcome(&read), ("police-uninsured-2026", 2, 1));
    assert_eq!(fault(&read), ("missing", "missing_scheme"));
    assert_eq!((read.report.declared, read.column("checked_date")[0].as_str()), (Some(3), "2026-10-31"));
    assert_eq!(
        (read.column("missing_scheme"), read.column("missing_bhyt")[0].as_str()),
        (vec!["BHYT".into(), "BHXH, BHYT".into()], "∅")
    );
    assert_eq!((read.column("residence")[1].as_str(), read.column("old_id")[1].as_str()), ("Tạm trú", "012345678"));
    assert_eq!((read.column("commune")[0].as_str(), read.column("village")[0].as_str()), ("00004", "Tổ 3"));
}

/// The same with a tick for each scheme under a merged heading.
pub fn uninsured_ticks() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["CÔNG AN THÀNH PHỐ HÀ NỘI"]);
        line(sheet, 2, &["DANH SÁCH RÀ SOÁT"]);
        for (column, text) in ["TT", "Họ và tên", "Số CCCD", "Năm sinh", "Xã, phường"].iter().enumerate() {
            merge(sheet, (4, 5), (column as u16, column as u16), text);
        }
        merge(sheet, (4, 4), (5, 6), "Chưa tham gia");
        merge(sheet, (4, 5), (7, 7), "Ngày rà soát");
        line(sheet, 5, &["", "", "", "", "", "BHXH", "BHYT"]);
        line(sheet, 6, &["1", "Lê Thị Mai", "001168012345", "1968", "Phường Ba Đình", "", "x", "15/10/2026"]);
        line(sheet, 7, &["2", "Đỗ Văn Oai", "001085000013", "1985", "Phường Ba Đình", "X", "x", "15/10/2026"]);
        line(sheet, 8, &["3", "Vũ Thị Út", "001190000012", "1990", "Phường Ba Đình", "x", "", "tháng 10"]);
        line(sheet, 9, &["", "Cộng", "", "", "", "2", "2"]);
    })
}

#[test]
fn residents_found_uninsured_by_ticks() {
    let read = read("ra soat.xlsx", &uninsured_ticks()).unwrap();
    assert_eq!(outcome(&read), ("police-uninsured-ticks-2026", 2, 1));
    assert_eq!(fault(&read), ("bad_date", "checked_date"));
    assert_eq!(
        (read.column("missing_bhxh"), read.column("missing_bhyt")),
        (vec!["∅".into(), "X".into()], vec!["x".to_owned(), "x".to_owned()])
    );
    assert_eq!((read.report.roster.as_str(), read.column("commune")[1].as_str()), ("police_uninsured", "00004"));
}

/// A list for one scheme: the title says which is missing.
pub fn uninsured_one_scheme() -> Vec<u8> {
    let lines = "CÔNG AN PHƯỜNG BA ĐÌNH\nDANH SÁCH CÔNG DÂN CHƯA THAM GIA BHYT QUA RÀ SOÁT\n\
        TT;Họ và tên công dân;Ngày sinh;Giới tính;Số ĐDCN;Thôn/tổ dân phố;Xã/phường;Ngày rà soát;Ghi chú\n\
        1;Lê Thị Mai;02/03/1968;Nữ;001168012345;Tổ 3;Phường Ba Đình;09/09/2026;\n\
        2;Đỗ Văn Oai;31/02/1985;Nam;001085000013;Tổ 3;Phường Ba Đình;09/09/2026;\n\
        Người lập biểu;;;;;;;;\n";
    lines.as_bytes().to_vec()
}

#[test]
fn residents_found_without_the_scheme_of_the_title() {
    let read = read("chua co the.csv", &uninsured_one_scheme()).unwrap();
    assert_eq!(outcome(&read), ("police-uninsured-one-scheme-2026", 1, 1));
    assert_eq!(fault(&read), ("bad_date", "birth_date"));
    assert_eq!(read.column("missing_scheme"), ["BHYT"]);
    assert_eq!((read.column("village")[0].as_str(), read.column("checked_date")[0].as_str()), ("Tổ 3", "2026-09-09"));
}
