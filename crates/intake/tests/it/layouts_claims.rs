//! Sheets of the audit portal, by hand: visits in both spellings, refusals, indicators; each with a row that must come back.

use intake::rejects_csv;

use crate::support::{fault, line, outcome, read, tabs, workbook};

/// Reasons and fields of the refused rows.
fn faults(read: &crate::support::Read) -> Vec<(&str, &str)> {
    read.report.rejects.iter().map(|r| (r.reason.code(), r.field.as_str())).collect()
}

/// Sheet 79a with the headings of decision 4210: days of 8 and 12 digits, money with a comma and with a point, two cards in
/// a cell, a soldier whose row is sound and one whose row is broken.
pub fn visits_4210() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["BẢO HIỂM XÃ HỘI THÀNH PHỐ HÀ NỘI", "", "", "", "", "", "", "Mẫu số: C79a-HD"]);
        line(sheet, 2, &["DANH SÁCH NGƯỜI BỆNH BHYT KHÁM, CHỮA BỆNH NGOẠI TRÚ ĐỀ NGHỊ THANH TOÁN"]);
        let head = "STT MA_BN HO_TEN NGAY_SINH GIOI_TINH DIA_CHI MA_THE MA_DKBD GT_THE_TU GT_THE_DEN MA_BENH MA_BENHKHAC MA_LYDO_VVIEN \
            NGAY_VAO NGAY_RA SO_NGAY_DTRI KET_QUA_DTRI TINH_TRANG_RV T_TONGCHI T_THUOC T_BNTT T_BHTT MA_KHOA NAM_QT THANG_QT \
            MA_LOAIKCB MA_CSKCB T_XUATTOAN LYDO_XT";
        line(sheet, 4, &head.split(' ').collect::<Vec<_>>());
        for (row, cells) in [
            "1|BN0001|Lê Thị Mai|19680512|2|Số 5, Phường Ba Đình|GD4010123456789|01999|20251101|20261031|J00|J02;K29|1|202610050830|\
                202610051005|0|1|1|385.250,5|215.250,5|77.050,1|308.200,4|K01|2026|10|1|01999||",
            "2|BN0002|Đỗ Văn Oai|1941|1|Số 6, Phường Ba Đình|HT2010123456780;CN3010123456780|01999;01998|20250101;20260101|\
                20251231;20261231|I10||1|20261006|20261006|1|2|1|412500.75|400000|0|412500.75|K01|2026|10|1|01999|12000.25|Thuốc ngoài danh mục",
            "3|BN0003|Bùi Văn Kín|19850403|1|Số 7, Phường Ba Đình|QN5970123456781|97001|20260101|20261231|I10||2|202610070900|\
                202610071000|0|1|1|150000|0|0|150000|K01|2026|10|1|01999||",
            "4|BN0004|Vũ Thị Út|19900201|2|Số 8|GD4010123456782|01999|20260101|20261231|J00||1|202610080830|202610080930|0|1|1|\
                bốn trăm nghìn|0|0|0|K01|2026|10|1|01999||",
            "5|BN0005|Lý Văn Giáp|19800101|1|Số 9|CA5970123456783|97001|20260101|20261231|J00||1|202610080830|202610082560|0|1|1|\
                90000|0|0|90000|K01|2026|10|1|01999||",
            "||Tổng cộng||||||||||||||||1.437.751,25|615.250,5|77.050,1|960.701,15",
        ]
        .into_iter()
        .enumerate()
        {
            line(sheet, row as u32 + 5, &cells.split('|').collect::<Vec<_>>());
        }
        line(sheet, 12, &["", "", "Người lập biểu", "", "", "Giám đốc"]);
    })
}

#[test]
fn visits_with_the_old_headings() {
    let read = read("79a.xlsx", &visits_4210()).unwrap();
    assert_eq!(outcome(&read), ("claim-visit-4210-2018", 3, 2));
    assert_eq!(faults(&read), [("bad_money", "total_cost"), ("armed_forces", "ended")]);
    assert_eq!(read.column("form"), ["C79a-HD"; 3]);
    assert_eq!(read.column("total_cost"), ["385250500", "412500750", "150000000"]);
    assert_eq!((read.column("fund_asked")[0].as_str(), read.column("refused")[1].as_str()), ("308200400", "12000250"));
    assert_eq!(read.column("arrived"), ["2026-10-05", "2026-10-06", "2026-10-07"]);
    assert_eq!((read.column("arrived_time"), read.column("ended_time")[0].as_str()), (times(["08:30", "∅", "09:00"]), "10:05"));
    assert_eq!((read.column("birth_date")[1].as_str(), read.column("birth_precision")[1].as_str()), ("1941-01-01", "year"));
    assert_eq!((read.column("other_diseases")[0].as_str(), read.column("card_to")[1].as_str()), ("J02;K29", "20251231;20261231"));
    assert_eq!((read.column("stay_days")[1].as_str(), read.column("settlement_month")[0].as_str()), ("1", "10"));
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
    assert_eq!(read.report.passed_over, 2);
}

fn times<const N: usize>(times: [&str; N]) -> Vec<String> {
    times.map(str::to_owned).to_vec()
}

#[test]
fn of_a_card_of_the_armed_forces_a_claim_keeps_the_letters_and_the_money() {
    let read = read("79a.xlsx", &visits_4210()).unwrap();
    assert_eq!(read.column("card_number"), ["GD4010123456789", "HT2010123456780;CN3010123456780", "∅"]);
    assert_eq!(read.column("object_code"), ["GD", "CN", "QN"]);
    assert_eq!((read.column("main_disease")[2].as_str(), read.column("fund_asked")[2].as_str()), ("I10", "150000000"));
    for field in
        ["patient_code", "full_name", "full_name_raw", "birth_date", "birth_date_raw", "sex_code", "address", "card_from"]
    {
        assert_eq!(read.column(field)[2], "∅", "{field}");
    }
    assert_eq!(read.column("full_name")[..2], ["Lê Thị Mai", "Đỗ Văn Oai"]);
    let kept = format!("{:?}{:?}{}", read.report, read.chunks, String::from_utf8(rejects_csv(&read.report)).unwrap());
    for secret in ["Kín", "BN0003", "QN5", "Giáp", "BN0005", "CA5"] {
        assert!(!kept.contains(secret), "{secret}");
    }
}

/// The same visits with the headings of decision 130, an inpatient among them.
pub fn visits_130() -> Vec<u8> {
    tabs(
        "BẢO HIỂM XÃ HỘI THÀNH PHỐ HÀ NỘI\nBiểu 80a. Chi phí khám bệnh, chữa bệnh nội trú\n\
        STT|MA_LK|MA_BN|HO_TEN|NGAY_SINH|GIOI_TINH|MA_THE_BHYT|MA_DKBD|MA_DOITUONG_KCB|MA_BENH_CHINH|MA_BENH_KT|NGAY_VAO|NGAY_VAO_NOI_TRU|NGAY_RA|\
        SO_NGAY_DTRI|KET_QUA_DTRI|MA_LOAI_RV|T_TONGCHI_BV|T_TONGCHI_BH|T_BNTT|T_BNCCT|T_BHTT|T_NGUONKHAC|T_BHTT_GDV|NAM_QT|THANG_QT|MA_LOAI_KCB|MA_CSKCB|SO_CCCD\n\
        1|LK0001|BN0001|Lê Thị Mai|196805120000|2|GD4010123456789|01999|1.1|K35.8|I10|202610050830|202610050915|202610090800|4|1|1|\
        8123456.78|8000000|123456.78|1600000|6400000|0|6400000|2026|10|03|01999|001168012345\n\
        2|LK0002|BN0002|Đỗ Văn Oai|194100000000|3||||I10||202610060830||202610061005|0|2|1|98000|98000|0|0|98000|0|98000|2026|10|01|01999|\n\
        3|LK0003|BN0003|Vũ Thị Út|199002010000|2|GD401012345678|01999|1.1|J00||202610060830||202610061005|0|2|1|98000|98000|0|0|98000|0|0|2026|10|01|01999|\n\
        4|LK0004|BN0004|Tạ Văn Ý|199002010000|1|GD4010123456784|01999|1.1|J00||202610060830|||0|2|1|98000|98000|0|0|98000|0|0|2026|10|01|01999|\n\
        |||Cộng||||||||||||||8417456.78\n|||Người lập\n",
    )
}

#[test]
fn visits_with_the_new_headings() {
    let read = read("80a.txt", &visits_130()).unwrap();
    assert_eq!(outcome(&read), ("claim-visit-130-2024", 2, 2));
    assert_eq!(faults(&read), [("bad_card_number", "card_number"), ("missing", "ended")]);
    assert_eq!((read.column("form")[0].as_str(), read.column("case_id")), ("80a", times(["LK0001", "LK0002"])));
    assert_eq!((read.column("admitted")[0].as_str(), read.column("admitted_time")[0].as_str()), ("2026-10-05", "09:15"));
    assert_eq!(read.column("total_cost"), ["8123456780", "98000000"]);
    assert_eq!((read.column("copay")[0].as_str(), read.column("category")[0].as_str()), ("1600000000", "1.1"));
    assert_eq!((read.column("birth_date"), read.column("sex_code")[1].as_str()), (times(["1968-05-12", "1941-01-01"]), "3"));
    // Who has no card has a visit all the same.
    assert_eq!((read.column("card_number")[1].as_str(), read.column("object_code")[1].as_str()), ("∅", "∅"));
    assert_eq!((read.column("full_name")[1].as_str(), read.column("care_form")[0].as_str()), ("Đỗ Văn Oai", "03"));
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

#[test]
fn form_01_bh_is_read_as_visits() {
    let text = "Mẫu số 01/BH\nSTT|HO_TEN|NGAY_SINH|GIOI_TINH|MA_THE_BHYT|MA_BENH_CHINH|NGAY_VAO|NGAY_VAO_NOI_TRU|NGAY_RA|SO_NGAY_DTRI|MA_LOAI_KCB|\
        T_TONGCHI_BV|T_TONGCHI_BH|T_BHTT|T_BNCCT|T_BNTT|T_NGUONKHAC|MA_CSKCB|NAM_QT|THANG_QT\n\
        1|Lê Thị Mai|196805120000|2|GD4010123456789|J00|202610050830||202610051005|0|01|98000|98000|98000|0|0|0|01999|2026|10\n";
    let read = read("01bh.txt", &tabs(text)).unwrap();
    assert_eq!(outcome(&read), ("claim-visit-130-2024", 1, 0));
    assert_eq!((read.column("form")[0].as_str(), read.column("case_id")[0].as_str()), ("01/BH", "∅"));
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

/// Lines that the automatic review refuses.
pub fn refusals() -> Vec<u8> {
    tabs(
        "DANH SÁCH CHI PHÍ BỊ TỪ CHỐI THANH TOÁN\nTổng số: 4 dòng\n\
        XML1_ID|MA_LK|MA_CSKCB|KY_QT|HO_TEN|MA_THE|MA_BENH|NGAY_VAO|NGAY_RA|LOAI_CP|ID_CP|STT dòng|NGAY_Y_LENH|MA_CP|TEN_CP|SO_LUONG_DN|SL_DC|\
        DON_GIA_DN|DON_GIA_DC|TYLE_TT_DN|T_BHTT_DTL|Số tiền từ chối|LY_DO_TC|MA_LY_DO_TC|Trạng thái\n\
        900000001|LK0001|01999|202610|Lê Thị Mai|GD4010123456789|K35.8|202610050830|202610090800|XML2|700000001|3|202610051000|40.30|Thuốc thử nghiệm|\
        2.500|1.500|12.500|12.500|100|31250|12500|Số lượng vượt y lệnh|2018|Chờ giải trình\n\
        900000002|LK0002|01999|202610|Đỗ Văn Oai|QN5970123456780|I10|202610060830|202610061005|XML3|700000002|1|202610060835|02.1896|Khám|\
        1|0|45.000|45.000|100|45000|45000|Trùng lượt khám||Đã từ chối\n\
        900000003|LK0003|01999|202610|Vũ Thị Út|GD4010123456782|J00|202610060830|202610061005|XML3|700000003|1|202610060835|02.1896|Khám|\
        1|0|45.000|0|100|45000|45000|||\n\
        900000004|LK0004|01999|132026|Tạ Văn Ý|GD4010123456783|J00|202610060830|202610061005|XML3|700000004|1||02.1896|Khám|1|0|45.000|0|100|45000|45000|Sai giá||\n\
        ||||Người làm công tác giám định\n",
    )
}

#[test]
fn refusals_of_the_automatic_review() {
    let read = read("tu choi.txt", &refusals()).unwrap();
    assert_eq!(outcome(&read), ("claim-refusal-2026", 2, 2));
    assert_eq!(faults(&read), [("missing", "reason"), ("bad_month", "period")]);
    assert_eq!((read.column("period")[0].as_str(), read.report.declared), ("2026-10-01", Some(4)));
    // One mark: decimals of a quantity, thousands of a price.
    assert_eq!((read.column("quantity_asked")[0].as_str(), read.column("quantity_left")[0].as_str()), ("2500", "1500"));
    assert_eq!(
        (read.column("price_asked")[0].as_str(), read.column("amount_refused")),
        ("12500000", times(["12500000", "45000000"]))
    );
    assert_eq!((read.column("line_no")[0].as_str(), read.column("reason_code")), ("3", times(["2018", "∅"])));
    assert_eq!((read.column("object_code")[1].as_str(), read.column("full_name")[1].as_str()), ("QN", "∅"));
    assert_eq!((read.column("ordered_time")[0].as_str(), read.column("state")[1].as_str()), ("10:00", "Đã từ chối"));
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

#[test]
fn refusals_headed_in_words() {
    let text = "Mã cơ sở KCB: 01999\nSTT|Mã hồ sơ trên cổng|Mã liên kết|Mã cơ sở KCB|Loại chi phí|Mã chi phí|Tên chi phí|Số tiền đề nghị|\
        Số tiền từ chối thanh toán|Lý do từ chối thanh toán|Mã lỗi\n1|900000001|LK0001||Thuốc|40.30|Thuốc thử nghiệm|31.250,5|12.500|Sai giá|40\n\
        2||LK0002|01999|DVKT|02.1896|Khám|45.000|45.000|Trùng|\n";
    let read = read("tu choi.txt", &tabs(text)).unwrap();
    assert_eq!(outcome(&read), ("claim-refusal-2026", 1, 1));
    assert_eq!(fault(&read), ("missing", "portal_id"));
    assert_eq!((read.column("facility")[0].as_str(), read.column("amount_asked")[0].as_str()), ("01999", "31250500"));
}

/// Visits and cost of places, figures as a workbook holds them.
pub fn b02() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["Biểu B02. Thống kê khám bệnh, chữa bệnh"]);
        line(sheet, 2, &["Từ tháng 01/2026 đến tháng 10/2026"]);
        let head = "MA_TINH TEN_TINH MA_VUNG TONG_LUOT TONG_LUOT_NGOAI TONG_LUOT_NOI TYLE_NOITRU NGAY_DTRI_BQ CHI_BQ_CHUNG CHI_BQ_NGOAI \
            CHI_BQ_NOI TONG_CHI TY_TRONG T_BHTT";
        line(sheet, 4, &head.split(' ').collect::<Vec<_>>());
        let figures = [
            1_200_000.0,
            1_100_000.0,
            100_000.0,
            8.333_333,
            6.42,
            512_345.678_9,
            250_000.5,
            3_400_000.0,
            614_814_814_680.0,
            100.0,
        ];
        for (row, (code, place)) in [("00", "Toàn quốc"), ("01", "Thành phố Hà Nội"), ("31", "Hải Phòng")].into_iter().enumerate()
        {
            line(sheet, row as u32 + 5, &[code, place, "1"]);
            for (column, figure) in figures.iter().enumerate() {
                sheet.write_number(row as u32 + 4, column as u16 + 3, *figure).unwrap();
            }
        }
        sheet.write_number(4, 13, 500_000_000_000.0).unwrap();
        sheet.write_string(6, 3, "không có").unwrap();
        line(sheet, 9, &["", "Người lập biểu"]);
    })
}

#[test]
fn indicators_of_visits_and_cost() {
    let read = read("B02.xlsx", &b02()).unwrap();
    assert_eq!(outcome(&read), ("claim-indicator-b02-2024", 2, 1));
    assert_eq!(fault(&read), ("bad_number", "visits"));
    assert_eq!((read.column("from_period")[0].as_str(), read.column("to_period")[1].as_str()), ("01/2026", "10/2026"));
    assert_eq!((read.column("province_code"), read.column("visits")[1].as_str()), (times(["00", "01"]), "1200000"));
    assert_eq!((read.column("inpatient_rate")[0].as_str(), read.column("average_stay")[0].as_str()), ("8333", "6420"));
    assert_eq!(
        (read.column("average_cost")[0].as_str(), read.column("total_cost")[0].as_str()),
        ("512345679", "614814814680000")
    );
    assert_eq!(read.column("fund_cost"), ["500000000000000", "∅"]);
}

/// Average cost of facilities, as text.
pub fn b04() -> Vec<u8> {
    tabs(
        "Biểu B04. Thống kê chi bình quân\nTừ tháng 10/2026 đến tháng 10/2026\nMA_CSKCB|TEN_CSKCB|CHI_BQ_LUOTKCB|BQ_XN|BQ_CDHA|BQ_THUOC|BQ_PTT|BQ_VTYT|BQ_GIUONG|NGAY_TTBQ\n\
        01999|Hạng I - Bệnh viện Thử|512.345,67|60.000|40.000|215.250,5|90.000|50.000|57.095,17|5,5\n\
        01998|Trạm y tế Thử|98.000|0|0|48.000|0|0|0|0\n01997|Phòng khám Thử|cao|0|0|0|0|0|0|0\n|Người lập\n",
    )
}

#[test]
fn indicators_of_average_cost() {
    let read = read("B04.txt", &b04()).unwrap();
    assert_eq!(outcome(&read), ("claim-indicator-b04-2024", 2, 1));
    assert_eq!(fault(&read), ("bad_money", "average_cost"));
    assert_eq!((read.column("average_cost"), read.column("paid_days")[0].as_str()), (times(["512345670", "98000000"]), "5500"));
    assert_eq!((read.column("facility")[1].as_str(), read.column("province_code")[1].as_str()), ("01998", "∅"));
}

/// Growth, below zero too.
pub fn b26() -> Vec<u8> {
    tabs(
        "Biểu B26. Thống kê gia tăng chi phí\nTừ tháng 01/2026 đến tháng 10/2026\n\
        MA_TINH|TEN_TINH|MA_VUNG|VITRI_CHIBQ|VITRI_TYLE_NOITRU|TYTRONG|CHI_BQ_CHUNG|CHI_BQ_CHUNG_TANG|TYLE_NOITRU|TYLE_NOITRU_TANG|BQ_PT|BQ_PT_TANG|BQ_TT|BQ_TT_TANG|CHI_DINH_XN|CHI_DINH_XN_TANG\n\
        01|Thành phố Hà Nội|1|3|17|12,5|612.345,5|8,25|9,75|-1,5|70.000|2|20.000|-|45,2|-0,125\n\
        31|Hải Phòng|1|9|4|2|512.000|tăng|9|0|0|0|0|0|0|0\n|Người lập\n",
    )
}

#[test]
fn indicators_of_growth() {
    let read = read("B26.txt", &b26()).unwrap();
    assert_eq!(outcome(&read), ("claim-indicator-b26-2024", 1, 1));
    assert_eq!(fault(&read), ("bad_decimal", "average_cost_growth"));
    assert_eq!((read.column("average_cost")[0].as_str(), read.column("average_cost_growth")[0].as_str()), ("612345500", "8250"));
    assert_eq!(
        (read.column("inpatient_rate_growth")[0].as_str(), read.column("lab_indication_growth")[0].as_str()),
        ("-1500", "-125")
    );
    assert_eq!((read.column("average_procedure_growth")[0].as_str(), read.column("rank_average_cost")[0].as_str()), ("0", "3"));
}
