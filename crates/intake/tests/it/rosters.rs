//! The five rosters as agencies write them.

use base::Date;
use intake::{ColumnType, IntakeError};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use crate::support::{layouts, line, merge, read, workbook};

#[test]
fn every_roster_has_its_columns_without_any_file() {
    let layouts = layouts();
    for roster in ["bhxh_participation", "bhyt_card", "population", "pupils", "tax_settlement"] {
        assert!(layouts.rosters().contains(&roster), "{roster}");
    }
    let pupils = layouts.newest("pupils").unwrap().columns();
    assert_eq!(pupils[0], ("source_row".to_owned(), ColumnType::Int));
    let names: Vec<&str> = pupils.iter().map(|(name, _)| name.as_str()).collect();
    for name in [
        "class",
        "personal_id",
        "personal_id_raw",
        "old_id",
        "id_flag",
        "full_name",
        "birth_date",
        "birth_precision",
        "commune",
        "school_year",
    ] {
        assert!(names.contains(&name), "{name}");
    }
}

#[test]
fn population_as_csv_with_communes_resolved() {
    let text = "\u{feff}STT,Số định danh cá nhân,Họ và tên,Ngày sinh,Giới tính,Địa chỉ,Xã/Phường,Mã hộ,Quan hệ với chủ hộ,Tình trạng cư trú\r\n\
        1,001168012345,NGUYỄN THỊ HƯỜNG,12/05/1968,Nữ,\"Số 5, tổ 3\",Phường Ba Đình,H001,Chủ hộ,Thường trú\r\n\
        2,012345678,Đỗ Văn An,1957,Nam,Tổ 3,\"Phường Cống Vị, Quận Ba Đình\",H001,Chồng,Thường trú\r\n\
        3,,Lê Thị Mỹ,01/02/1990,,\"Số 9, P. Trúc Bạch, Q. Ba Đình, Hà Nội\",,H002,Chủ hộ,Tạm trú\r\n\
        4,1185000017,Trần  Văn Bình,03/04/1985,Nam,Xóm 1,Xã Không Có,H003,Chủ hộ,Tạm trú\r\n";
    let read = read("dan_cu.csv", text.as_bytes()).unwrap();
    assert_eq!((read.report.roster.as_str(), read.report.read, read.report.quarantined), ("population", 4, 0));
    assert_eq!(read.column("source_row"), ["2", "3", "4", "5"]);
    assert_eq!(read.column("commune")[0], "00004");
    assert_eq!(
        (read.column("commune")[1].as_str(), read.column("commune_raw")[1].as_str()),
        ("∅", "Phường Cống Vị, Quận Ba Đình")
    );
    assert!(read.column("commune_candidates")[1].split(';').count() >= 2);
    // No commune in the third row: the address tells it.
    assert_eq!((read.column("commune")[2].as_str(), read.column("commune_raw")[2].as_str()), ("00004", "∅"));
    assert_eq!((read.column("commune")[3].as_str(), read.column("commune_candidates")[3].as_str()), ("∅", "∅"));
    assert_eq!(read.column("personal_id"), ["001168012345", "∅", "∅", "001185000017"]);
    assert_eq!(read.column("old_id"), ["∅", "012345678", "∅", "∅"]);
    assert_eq!(read.column("id_flag"), ["∅", "old_9", "∅", "zero_restored"]);
    assert_eq!(read.column("birth_date"), ["1968-05-12", "1957-01-01", "1990-02-01", "1985-04-03"]);
    assert_eq!(read.column("birth_precision"), ["day", "year", "day", "day"]);
    assert_eq!(read.column("full_name_raw"), ["∅", "∅", "∅", "Trần  Văn Bình"]);
    assert_eq!(read.column("full_name")[3], "Trần Văn Bình");
    assert_eq!(read.column("sex"), ["female", "male", "∅", "male"]);
}

#[test]
fn cards_with_declared_count_and_without_the_armed_forces() {
    let text = "BHXH THÀNH PHỐ HÀ NỘI;;;;;;;;;;\nTổng số thẻ: 3;;;;;;;;;;\n\
        Mã thẻ;Mã số BHXH;Số CCCD;Họ tên;Ngày sinh;Giới tính;Địa chỉ;Phường/Xã;Giá trị từ;Giá trị đến;Nơi ĐK KCB ban đầu\n\
        gd4010123456789;123456789;001168012345;Nguyễn Thị Hường;12/05/1968;Nữ;Số 5;Phường Ba Đình;01/11/2025;31/10/2026;Trạm y tế\n\
        QN5970123456780;0123456780;001185000017;Trần Bí Mật;03/04/1985;Nam;Số 7;Phường Ba Đình;01/01/2026;31/12/2026;BV 108\n\
        HS4010123456781;0123456781;;Lê Văn C;01/09/2012;Nam;Số 8;Phường Ba Đình;31/12/2026;01/01/2026;TYT\n\
        ;;;Người lập biểu;;;;;;Giám đốc;\n";
    let read = read("the.csv", text.as_bytes()).unwrap();
    assert_eq!((read.report.declared, read.report.read, read.report.stored, read.report.passed_over), (Some(3), 3, 1, 1));
    assert_eq!((read.column("card_number"), read.column("object_code")), (vec!["GD4010123456789".into()], vec!["GD".to_owned()]));
    assert_eq!(
        (read.column("insurance_number"), read.column("insurance_number_raw")),
        (vec!["0123456789".into()], vec!["123456789".to_owned()])
    );
    let [forces, order] = read.report.rejects.as_slice() else { panic!("two rejects") };
    assert_eq!((forces.reason.code(), forces.value.as_str(), forces.cells.len()), ("armed_forces", "", 0));
    assert_eq!((order.reason.code(), order.column.as_str(), order.source_row), ("ends_before_start", "Giá trị đến", 6));
    let rejects = String::from_utf8(intake::rejects_csv(&read.report)).unwrap();
    for secret in ["QN597", "Bí Mật", "001185000017", "BV 108"] {
        assert!(!rejects.contains(secret) && !format!("{:?}", read.report).contains(secret), "{secret}");
    }
}

#[test]
fn spells_of_insurance_from_a_workbook_with_merged_headers() {
    let bytes = workbook(|sheet| {
        line(sheet, 1, &["BẢO HIỂM XÃ HỘI THÀNH PHỐ HÀ NỘI"]);
        line(sheet, 3, &["DANH SÁCH QUÁ TRÌNH THAM GIA BHXH BẮT BUỘC"]);
        for (column, text) in ["STT", "Mã số BHXH", "Số CCCD", "Họ và tên", "Ngày sinh", "Giới tính"].iter().enumerate()
        {
            merge(sheet, (5, 6), (column as u16, column as u16), text);
        }
        merge(sheet, (5, 5), (6, 8), "Đơn vị sử dụng lao động");
        line(sheet, 6, &["", "", "", "", "", "", "Mã số thuế", "Mã đơn vị", "Tên đơn vị", "Từ tháng", "Đến tháng"]);
        merge(sheet, (5, 5), (9, 10), "Thời gian");
        merge(sheet, (5, 6), (11, 11), "Mức lương đóng\n(đồng)");
        line(sheet, 7, &["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)", "(11)", "(12)"]);
        let day = Format::new().set_num_format("dd/mm/yyyy");
        line(sheet, 8, &["", "", "", "Nguyễn Thị Hường", "", "Nữ", "0100109106-001", "YN0001Z", "Công ty A", "01/2025", ""]);
        sheet.write_number(7, 0, 1).unwrap();
        sheet.write_number(7, 1, 123_456_789).unwrap();
        sheet.write_number(7, 2, 1_168_012_345_f64).unwrap();
        sheet.write_with_format(7, 4, ExcelDateTime::from_ymd(1968, 5, 12).unwrap(), &day).unwrap();
        sheet.write_number(7, 11, 12_500_000).unwrap();
        line(
            sheet,
            9,
            &[
                "2",
                "0123456780",
                "001185000017",
                "Trần Bình",
                "03/04/1985",
                "Nam",
                "0100109106",
                "YN1",
                "Công ty B",
                "2025-02",
                "T9/2025",
                "9.680.000",
            ],
        );
        line(
            sheet,
            10,
            &[
                "3",
                "0123456780",
                "",
                "Trần Bình",
                "03/04/1985",
                "Nam",
                "0100109106",
                "YN1",
                "Công ty B",
                "10/2025",
                "09/2025",
                "9.680.000",
            ],
        );
        line(sheet, 11, &["", "", "", "Tổng cộng"]);
        sheet.write_number(10, 11, 22_180_000).unwrap();
        line(sheet, 13, &["", "", "", "Người lập biểu", "", "", "", "", "Hà Nội, ngày 05 tháng 10 năm 2026"]);
        line(sheet, 14, &["", "", "", "Lê Thị D"]);
    });
    let read = read("bhxh.xlsx", &bytes).unwrap();
    assert_eq!((read.report.roster.as_str(), read.report.stored, read.report.passed_over), ("bhxh_participation", 2, 3));
    assert_eq!(read.column("source_row"), ["8", "9"]);
    assert_eq!(read.column("personal_id"), ["001168012345", "001185000017"]);
    assert_eq!(read.column("insurance_number"), ["0123456789", "0123456780"]);
    assert_eq!(read.column("birth_date"), ["1968-05-12", "1985-04-03"]);
    assert_eq!(read.column("birth_date_raw")[0], "12/05/1968");
    assert_eq!(read.column("employer_tax_code"), ["0100109106001", "0100109106"]);
    assert_eq!(read.column("from_month"), ["2025-01-01", "2025-02-01"]);
    assert_eq!(read.column("to_month"), ["∅", "2025-09-01"]);
    assert_eq!(read.column("contribution_wage"), ["12500000", "9680000"]);
    assert_eq!((read.report.rejects[0].reason.code(), read.report.rejects[0].source_row), ("ends_before_start", 10));
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

#[test]
fn the_tax_settlement_with_two_tax_codes_and_the_year_in_its_title() {
    let bytes = workbook(|sheet| {
        line(sheet, 1, &["Mẫu số: 05-1/BK-QTT-TNCN (Ban hành kèm theo Thông tư số 80/2021/TT-BTC ngày 29 tháng 9 năm 2021)"]);
        line(sheet, 3, &["BẢNG KÊ CHI TIẾT CÁ NHÂN"]);
        line(sheet, 4, &["Kỳ tính thuế: Năm 2025"]);
        merge(sheet, (6, 7), (0, 0), "STT");
        merge(sheet, (6, 6), (1, 3), "Người nộp thuế");
        merge(sheet, (6, 6), (4, 5), "Tổ chức, cá nhân trả thu nhập");
        merge(sheet, (6, 7), (6, 6), "Tổng thu nhập chịu thuế");
        merge(sheet, (6, 6), (7, 8), "Các khoản giảm trừ");
        line(
            sheet,
            7,
            &["", "Họ và tên", "Mã số thuế", "Số CCCD/Hộ chiếu", "Mã số thuế", "Tên", "", "Bảo hiểm được trừ", "Từ thiện"],
        );
        line(sheet, 8, &["[06]", "[07]", "[08]", "[09]", "[10]", "[11]", "[12]", "[13]", "[14]"]);
        line(
            sheet,
            9,
            &["1", "Nguyễn Thị Hường", "001168012345", "001168012345", "0100109106", "Công ty A", "120.000.000", "0", "0"],
        );
        line(sheet, 10, &["2", "John Smith", "8000000011", "C1234567", "0100109106", "Công ty A", "90.000.000", "-", "0"]);
        line(sheet, 11, &["3", "Lê Lỗi", "001168012347", "001168012347", "0100109106", "Công ty A", "chín mươi triệu", "0", "0"]);
        line(sheet, 12, &["", "Tổng cộng", "", "", "", "", "210.000.000", "0", "0"]);
    });
    let read = read("quyet_toan.xlsx", &bytes).unwrap();
    assert_eq!((read.report.roster.as_str(), read.report.read, read.report.stored), ("tax_settlement", 3, 2));
    assert_eq!(read.report.title_facts["settlement_year"], "2025");
    assert_eq!(read.column("settlement_year"), ["2025", "2025"]);
    assert_eq!(read.column("person_tax_code"), ["001168012345", "8000000011"]);
    assert_eq!(read.column("payer_tax_code"), ["0100109106", "0100109106"]);
    assert_eq!(read.column("payer_name")[0], "Công ty A");
    assert_eq!((read.column("id_flag")[1].as_str(), read.column("personal_id_raw")[1].as_str()), ("passport", "C1234567"));
    assert_eq!(read.column("total_income"), ["120000000", "90000000"]);
    assert_eq!(read.column("insurance_deducted"), ["0", "0"]);
    assert_eq!(
        (read.report.rejects[0].reason.code(), read.report.rejects[0].column.as_str()),
        ("bad_money", "Tổng thu nhập chịu thuế")
    );
}

#[test]
fn a_list_of_pupils_with_other_headers_extra_columns_and_a_broken_row() {
    let bytes = workbook(|sheet| {
        line(sheet, 1, &["UBND PHƯỜNG BA ĐÌNH"]);
        line(sheet, 2, &["TRƯỜNG THCS VĂN YÊN"]);
        line(sheet, 3, &["DANH SÁCH HỌC SINH LỚP 6A NĂM HỌC 2026-2027"]);
        line(sheet, 4, &["Tổng số: 3 học sinh"]);
        line(
            sheet,
            6,
            &[
                "TT",
                "Lớp",
                "Mã định danh Bộ GD&ĐT",
                "Họ tên học sinh",
                "Ngày, tháng,\nnăm sinh",
                "GT",
                "Chỗ ở hiện nay",
                "Email phụ huynh",
                "Ghi chú",
            ],
        );
        line(
            sheet,
            7,
            &["1", "6A", "001215012345", "Nguyễn An", "03/02/2015", "Nam", "Số 5, Phường Ba Đình, Hà Nội", "a@b.vn", ""],
        );
        line(sheet, 8, &["2", "6A", "001315012346", "Lê Thị Bình", "31/02/2015", "Nữ", "Số 6, Phường Ba Đình", "", "xin sửa"]);
        line(sheet, 9, &["3", "6A", "", "Đỗ Thị Chi", "04/02/2015", "Nữ", "Số 7, Phường Ba Đình", "", ""]);
        line(sheet, 11, &["", "", "", "GVCN", "", "", "Hiệu trưởng"]);
    });
    let read = read("lop 6a.xlsx", &bytes).unwrap();
    assert_eq!((read.report.roster.as_str(), read.report.declared, read.report.stored), ("pupils", Some(3), 2));
    assert_eq!(read.column("school_name"), ["THCS VĂN YÊN", "THCS VĂN YÊN"]);
    assert_eq!(read.column("school_year")[0], "2026-2027");
    assert_eq!(read.column("commune"), ["00004", "00004"]);
    assert_eq!(read.report.unknown_columns, ["Email phụ huynh"]);
    assert_eq!(read.report.missing_optional, ["commune", "school_code", "school_name", "school_year"]);
    let reject = &read.report.rejects[0];
    assert_eq!((reject.source_row, reject.column.as_str(), reject.field.as_str()), (8, "Ngày, tháng, năm sinh", "birth_date"));
    assert_eq!((reject.value.as_str(), reject.reason.code()), ("31/02/2015", "bad_date"));
    assert_eq!(reject.cells[3], "Lê Thị Bình");
}

#[test]
fn the_same_content_in_another_format_has_the_same_rows() {
    let rows = [["6A", "001215012345", "Nguyễn An", "03/02/2015"], ["6A", "001315012346", "Lê Thị Bình", "04/02/2015"]];
    let header = ["Lớp", "Mã định danh", "Họ và tên", "Ngày sinh", "Năm học"];
    let text: String = std::iter::once(header.join(";"))
        .chain(rows.iter().map(|r| format!("{};2026-2027", r.join(";"))))
        .collect::<Vec<_>>()
        .join("\n");
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let bytes = workbook(|sheet| {
        line(sheet, 3, &header);
        for (at, row) in rows.iter().enumerate() {
            line(sheet, at as u32 + 4, &[row[0], row[1], row[2], "", "2026-2027"]);
            let date: Vec<u32> = row[3].split('/').map(|p| p.parse().unwrap()).collect();
            let date = ExcelDateTime::from_ymd(date[2] as u16, date[1] as u8, date[0] as u8).unwrap();
            sheet.write_with_format(at as u32 + 3, 3, &date, &day).unwrap();
        }
    });
    let (a, b) = (read("a.csv", text.as_bytes()).unwrap(), read("a.xlsx", &bytes).unwrap());
    assert_eq!(a.report.rows_hash, b.report.rows_hash);
    assert_ne!(a.report.content_hash, b.report.content_hash);
    let other = read("a.csv", text.replace("03/02", "04/02").as_bytes()).unwrap();
    assert_ne!(a.report.rows_hash, other.report.rows_hash);
}

#[test]
fn the_right_sheet_is_found_and_two_right_ones_are_refused() {
    let write = |names: &[(&str, bool)]| {
        let mut book = Workbook::new();
        for (name, is_list) in names {
            let sheet = book.add_worksheet().set_name(*name).unwrap();
            let header = ["Lớp", "Mã định danh", "Họ và tên", "Ngày sinh", "Năm học"];
            line(sheet, 1, if *is_list { &header } else { &["Hướng dẫn", "Bước 1"] });
            line(sheet, 2, &["6A", "001215012345", "Nguyễn An", "03/02/2015", "2026-2027"]);
        }
        book.save_to_buffer().unwrap()
    };
    let found = read("a.xlsx", &write(&[("Hướng dẫn", false), ("DS", true)])).unwrap();
    assert_eq!(
        (found.report.sheet.as_deref(), found.report.other_sheets.as_slice()),
        (Some("DS"), ["Hướng dẫn".to_owned()].as_slice())
    );
    let sheets = vec!["A".to_owned(), "B".to_owned()];
    assert_eq!(
        read("a.xlsx", &write(&[("A", true), ("B", true)])).unwrap_err(),
        IntakeError::SeveralSheets { sheets: sheets.clone() }
    );
    assert_eq!(read("a.xlsx", &write(&[("A", false), ("B", false)])).unwrap_err(), IntakeError::WrongSheet { sheets });
}

#[test]
fn leap_days_of_old_birth_dates_are_real_days() {
    let bytes = workbook(|sheet| {
        line(sheet, 1, &["Lớp", "Mã định danh", "Họ và tên", "Ngày sinh", "Năm học"]);
        line(sheet, 2, &["6A", "", "Nguyễn An", "", "2026-2027"]);
        let day = Format::new().set_num_format("dd/mm/yyyy");
        sheet.write_with_format(1, 3, ExcelDateTime::from_ymd(2016, 2, 29).unwrap(), &day).unwrap();
    });
    let born: Date = read("a.xlsx", &bytes).unwrap().column("birth_date")[0].parse().unwrap();
    assert_eq!((born.day(), born.month_number()), (29, 2));
}
