//! Catalogues of facilities and diseases, by hand: forms of circular 12/2026 and the older tables, each with a row that must come back.

use crate::support::{Read, outcome, read, tabs};

fn faults(read: &Read) -> Vec<(&str, &str)> {
    read.report.rejects.iter().map(|r| (r.reason.code(), r.field.as_str())).collect()
}

fn first(read: &Read, fields: &[&str]) -> Vec<String> {
    fields.iter().map(|field| read.column(field)[0].clone()).collect()
}

/// A catalogue in its other spelling: layout, a row that is refused, what the first row says.
fn check(name: &str, text: &str, layout: &str, refused: (&str, &str), says: &[(&str, &str)]) {
    let read = read(name, &tabs(text)).unwrap();
    assert_eq!(outcome(&read), (layout, 1, 1));
    assert_eq!(faults(&read), [refused], "{layout}");
    for (field, value) in says {
        assert_eq!(read.column(field)[0], *value, "{layout}: {field}");
    }
    assert!(read.report.unknown_columns.is_empty(), "{layout}: {:?}", read.report.unknown_columns);
}

/// Form 03/DM: a drug, the same closed before, one that ends before it begins, one without a first day.
pub fn drugs() -> Vec<u8> {
    tabs(
        "Mẫu số 03/DM\nDANH MỤC THUỐC, MÁU, CHẾ PHẨM MÁU\n\
        STT|MA_THUOC|TEN_HOAT_CHAT|TEN_THUOC|DON_VI_TINH|HAM_LUONG|DUONG_DUNG|MA_DUONG_DUNG|DANG_BAO_CHE|SO_DANG_KY|SO_LUONG|DON_GIA|DON_GIA_BH|QUY_CACH|\
        NHA_SX|NUOC_SX|NHA_THAU|TT_THAU|TU_NGAY_HD|DEN_NGAY_HD|MA_CSKCB|LOAI_THUOC|LOAI_THAU|HT_THAU|MA_DVKT|TCCL|BO_PHAN_VT|TEN_KHOA_HOC|NGUON_GOC|\
        PP_CHEBIEN|MA_DL_NHAP|MA_DL_CB|TLHH_CB|TLHH_BQ|MA_CSKCB_THUOC|TU_NGAY|DEN_NGAY\n\
        1|40.30|Hoạt chất thử|Thuốc Thử|Viên|50mg|Uống|1.01|Viên nén|VD-00001-26|2500.5|1234.567|1234.567|Hộp 10 vỉ|Hãng Thử|Việt Nam|Nhà thầu Thử|\
        01/QĐ-BV;G1;N1;2026|20260101|20261231|01999|1|1|1||TCCS||||||||||20260401|\n\
        2|40.30|Hoạt chất thử|Thuốc Thử|Viên|50mg|Uống|1.01|Viên nén|VD-00001-26|2500|12.500|12.500||||||||01999|1||||||||||||||20260101|20260331\n\
        3|40.31|Hoạt chất thử|Thuốc Ngược|Viên|5mg|Uống|1.01|||0|100|100||||||||01999|1||||||||||||||20260401|20260331\n\
        4|40.32|Hoạt chất thử|Thuốc Thiếu|Viên|5mg|Uống|1.01|||0|100|100||||||||01999|1\n\
        |||Người lập biểu\n",
    )
}

#[test]
fn drugs_of_form_03() {
    let read = read("03dm.txt", &drugs()).unwrap();
    assert_eq!(outcome(&read), ("drug-catalogue-03dm-2026", 2, 2));
    assert_eq!(faults(&read), [("ends_before_start", "valid_to"), ("missing", "valid_from")]);
    assert_eq!(first(&read, &["code", "strength", "quantity", "price"]), ["40.30", "50mg", "2500500", "1234567"]);
    assert_eq!(first(&read, &["tender", "valid_from", "valid_to"]), ["01/QĐ-BV;G1;N1;2026", "2026-04-01", "∅"]);
    assert_eq!((read.column("price")[1].as_str(), read.column("valid_to")[1].as_str()), ("12500000", "2026-03-31"));
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}

#[test]
fn drugs_of_the_older_table() {
    check(
        "thuoc.txt",
        "Mã CSKCB: 01999\nSTT|Mã thuốc|Hoạt chất|Tên thuốc|ĐVT|Nồng độ, hàm lượng|Số đăng ký|Đơn giá|Đơn giá BHYT|Nhà sản xuất|Thông tin thầu|Hình thức thầu|Từ ngày|Đến ngày\n\
        1|40.30|Hoạt chất thử|Thuốc Thử|Viên|50mg|VD-00001-20|12.500|12.500|Hãng Thử|01;G1;N1;2020|1|01/01/2020|31/12/2025\n\
        2|40.31|Hoạt chất thử|Thuốc Sai|Viên|5mg|VD-00002-20|theo thầu|100||01;G1;N1;2020|1|01/01/2020|\n",
        "drug-catalogue-03dm-2026",
        ("bad_money", "price"),
        &[("facility", "01999"), ("price", "12500000"), ("valid_from", "2020-01-01"), ("valid_to", "2025-12-31")],
    );
}

/// Form 04/DM.
pub fn supplies() -> Vec<u8> {
    tabs(
        "Mẫu số 04/DM\nDANH MỤC THIẾT BỊ Y TẾ\n\
        STT|MA_VAT_TU|NHOM_VAT_TU|TEN_VAT_TU|MA_HIEU|SO_LUU_HANH|TINHNANG_KT|QUY_CACH|HANG_SX|NUOC_SX|DON_VI_TINH|DON_GIA|DON_GIA_BH|TYLE_TT_BH|SO_LUONG|\
        DINH_MUC|NHA_THAU|TT_THAU|TU_NGAY_HD|DEN_NGAY_HD|MA_CSKCB|LOAI_THAU|HT_THAU|MA_CSKCB_TBYT|TU_NGAY|DEN_NGAY\n\
        1|N03.01.010|Kim tiêm|Kim tiêm Thử|20G|LH-1|Thép|Hộp 100|Hãng Thử|Việt Nam|Cái|2700|2700|100|5000|4|Nhà thầu Thử|01.01999;G1;N1;2026|20260101|20261231|01999|1|1||20260401|\n\
        2|N03.01.011|Kim tiêm|Kim tiêm Khác|||||||Cái||||||||||01998||||20261301|\n|||Người lập\n",
    )
}

#[test]
fn supplies_in_both_spellings() {
    let form = read("04dm.txt", &supplies()).unwrap();
    assert_eq!(outcome(&form), ("supply-catalogue-04dm-2026", 1, 1));
    assert_eq!(faults(&form), [("bad_date", "valid_from")]);
    assert_eq!(first(&form, &["code", "fund_rate", "uses", "fund_price"]), ["N03.01.010", "100000", "4000", "2700000"]);
    assert!(form.report.unknown_columns.is_empty(), "{:?}", form.report.unknown_columns);
    check(
        "vat tu.txt",
        "Mã CSKCB: 01999\nSTT|MA_VAT_TU|NHOM_VAT_TU|TEN_VAT_TU|MA_HIEU|HANG_SX|DON_VI_TINH|DON_GIA|DON_GIA_BH|TT_THAU|TU_NGAY|DEN_NGAY_HD|LOAI_THAU|DENNGAY|ID\n\
        1|N03.01.010|Kim tiêm|Kim tiêm Thử|20G|Hãng Thử|Cái||2700|01;G1;N1;2020|20200101|20251231|1|20251231|77\n\
        2||Kim tiêm|Kim tiêm Khác|20G|Hãng Thử|Cái||2700|01;G1;N1;2020|20200101||1||78\n",
        "supply-catalogue-04dm-2026",
        ("missing", "code"),
        &[("facility", "01999"), ("price", "∅"), ("contract_to", "2025-12-31"), ("valid_to", "2025-12-31")],
    );
}

/// Form 05/DM, with the drugs that go into a service below it.
pub fn services() -> Vec<u8> {
    tabs(
        "Mẫu số 05/DM\nDANH MỤC DỊCH VỤ KHÁM BỆNH, CHỮA BỆNH\n\
        STT|MA_DICH_VU|TEN_DICH_VU|TEN_DVKT_GIA|DON_GIA|QUY_TRINH|SO_LUONG_CGKT|CSKCB_CGKT|CSKCB_CLS|QD_DVKT|QD_PD_GIA|GHI_CHU|TU_NGAY|DEN_NGAY|MA_CSKCB|\
        GIA_THANH_TOAN|THUOCPX_STT|THUOCPX_MA_THUOC|THUOCPX_TEN_THUOC\n\
        1|02.0085.1778|Điện tim thường|Điện tim thường|39900|QT-1||||QĐ-1|QĐ-2||20260401||01999|39900|1|40.99|Thuốc Phóng xạ\n\
        ||||||||||||||||2|40.98|Thuốc Phóng xạ Khác\n\
        2|02.0086.1778|Điện tim Sai||miễn phí||||||||20260401||01999|\n|Người lập\n",
    )
}

#[test]
fn services_in_both_spellings() {
    let form = read("05dm.txt", &services()).unwrap();
    assert_eq!(outcome(&form), ("service-catalogue-05dm-2026", 1, 1));
    assert_eq!(faults(&form), [("bad_money", "price")]);
    assert_eq!(form.report.passed_over, 2, "the second drug of a service and the signature");
    assert_eq!(
        first(&form, &["code", "price", "paid_price", "price_decision"]),
        ["02.0085.1778", "39900000", "39900000", "QĐ-2"]
    );
    assert!(form.report.unknown_columns.is_empty(), "{:?}", form.report.unknown_columns);
    check(
        "dvkt.txt",
        "Mã CSKCB: 01999\nSTT|MA_TUONG_DUONG|TEN_DVKT_PHEDUYET|TEN_DVKT_GIA|DON_GIA|QUYET_DINH|TUNGAY|DENNGAY|Giới tính áp dụng|Tuổi từ|Tuổi đến\n\
        1|13.0023.0617|Theo dõi tim thai|Theo dõi tim thai|55000|QĐ-1|20200101|20251231|Nữ|12|55\n\
        2|13.0024.0617|Theo dõi Sai|Theo dõi Sai|55000|QĐ-1|20200101|20191231|Nữ||\n",
        "service-catalogue-05dm-2026",
        ("ends_before_start", "valid_to"),
        &[("facility", "01999"), ("procedure", "QĐ-1"), ("for_sex", "Nữ"), ("age_to", "55"), ("valid_to", "2025-12-31")],
    );
}

/// Form 02/DM.
pub fn staff() -> Vec<u8> {
    tabs(
        "Mẫu số 02/DM\nDANH SÁCH NHÂN LỰC\n\
        STT|MA_KHOA|TEN_KHOA|HO_TEN|GIOI_TINH|SO_DINH_DANH|CHUCDANH_NN|VI_TRI|MACCHN|NGAYCAP_CCHN|NOICAP_CCHN|PHAMVI_CM|PHAMVI_CMBS|DVKT_KHAC|VB_PHANCONG|\
        THOIGIAN_DK|THOIGIAN_NGAY|THOIGIAN_TUAN|CSKCB_KHAC|CSKCB_CGKT|QD_CGKT|TU_NGAY|DEN_NGAY|MA_CSKCB\n\
        1|K01|Khoa Khám bệnh|Lê Thị Mai|2|001168012345|Bác sĩ|Trưởng khoa|000001/HNO-CCHN|20150101|Sở Y tế Hà Nội|02|||QĐ-1|1|0700-1630|2;3;4;5;6||||20260401||01999\n\
        2|K01|Khoa Khám bệnh|Đỗ Văn Oai|1|1085000013|Bác sĩ||000002/HNO-CCHN|20150231||02||||1||||||20260401||01999\n|||Người lập\n",
    )
}

#[test]
fn staff_in_both_spellings() {
    let form = read("02dm.txt", &staff()).unwrap();
    assert_eq!(outcome(&form), ("staff-catalogue-02dm-2026", 1, 1));
    assert_eq!(faults(&form), [("bad_date", "certificate_date")]);
    assert_eq!(
        first(&form, &["full_name", "personal_id", "certificate", "week_days"]),
        ["Lê Thị Mai", "001168012345", "000001/HNO-CCHN", "2;3;4;5;6"]
    );
    assert!(form.report.unknown_columns.is_empty(), "{:?}", form.report.unknown_columns);
    check(
        "nhan vien.txt",
        "Mã CSKCB: 01999\nSTT|MA_LOAI_KCB|MA_KHOA|TEN_KHOA|MA_BHXH|HO_TEN|GIOI_TINH|CHUCDANH_NN|VI_TRI|MACCHN|NGAYCAP_CCHN|NOICAP_CCHN|PHAMVI_CM|TU_NGAY|DEN_NGAY|ID\n\
        1|1|K01|Khoa Khám bệnh|123456789|Lê Thị Mai|2|1|1|000001/HNO-CCHN|20150101|Sở Y tế Hà Nội|02|20200101||5\n\
        2|1|K01|Khoa Khám bệnh|0123456780||1|1|1|000002/HNO-CCHN|20150101|Sở Y tế Hà Nội|02|20200101||6\n",
        "staff-catalogue-02dm-2026",
        ("missing", "full_name"),
        &[("facility", "01999"), ("insurance_number", "0123456789"), ("personal_id", "∅"), ("certificate_date", "2015-01-01")],
    );
}

/// Form 01/DM.
pub fn departments() -> Vec<u8> {
    tabs(
        "Mẫu số 01/DM\nDANH MỤC BỘ PHẬN CHUYÊN MÔN\nSTT|MA_KHOA|TEN_KHOA|BAN_KHAM|GIUONG_PD|GIUONG_TK|GIUONG_HSTC|GIUONG_HSCC|TU_NGAY|DEN_NGAY|MA_CSKCB\n\
        1|K02|Khoa Hồi sức|0|20|22|5|2|20260401||01999\n2|K03|Khoa Nội|0|hai mươi|22|0|0|20260401||01999\n||Người lập\n",
    )
}

#[test]
fn departments_in_both_spellings() {
    let form = read("01dm.txt", &departments()).unwrap();
    assert_eq!(outcome(&form), ("department-catalogue-01dm-2026", 1, 1));
    assert_eq!(faults(&form), [("bad_number", "beds_approved")]);
    assert_eq!(first(&form, &["code", "beds_approved", "beds_real", "valid_from"]), ["K02", "20", "22", "2026-04-01"]);
    check(
        "khoa.txt",
        "Mã CSKCB: 01999\nSTT|MA_LOAI_KCB|MA_KHOA|TEN_KHOA|BAN_KHAM|GIUONG_PD|GIUONG_2015|GIUONG_TK|GIUONG_HSTC|GIUONG_HSCC|LDLK|LIEN_KHOA|DEN_NGAY|ID\n\
        1|3|K02|Khoa Hồi sức|0|20|18|22|5|2|0|K02;K03||9\n2|3||Khoa Nội|0|20|18|22|5|2|0|||10\n",
        "department-catalogue-01dm-2026",
        ("missing", "code"),
        &[("facility", "01999"), ("care_form", "3"), ("beds_2015", "18"), ("joint_departments", "K02;K03"), ("valid_from", "∅")],
    );
}

/// Beds by their numbers.
pub fn beds() -> Vec<u8> {
    tabs(
        "Mã CSKCB: 01999\nDANH MỤC GIƯỜNG BỆNH\nSTT|MA_KHOA|TEN_KHOA|BUONG_BENH|MA_GIUONG|LOAI_GIUONG|TU_NGAY|DEN_NGAY\n\
        1|K02|Khoa Hồi sức|B1|H001|Hồi sức|20260401|\n2|K02|Khoa Hồi sức|B1||Hồi sức|20260401|\n||Người lập\n",
    )
}

#[test]
fn beds_by_department() {
    let own = read("giuong.txt", &beds()).unwrap();
    assert_eq!(outcome(&own), ("bed-catalogue-2026", 1, 1));
    assert_eq!(faults(&own), [("missing", "bed")]);
    assert_eq!(first(&own, &["facility", "department", "room", "bed"]), ["01999", "K02", "B1", "H001"]);
    let text = "Mã cơ sở KCB|Mã khoa|Buồng|Số giường|Từ ngày\n01999|K02|B1|H001|01/04/2026\n01999|K02|B1|H002|31/04/2026\n";
    check("giuong.txt", text, "bed-catalogue-2026", ("bad_date", "valid_from"), &[("bed", "H001"), ("valid_from", "2026-04-01")]);
}

/// Form 06/DM.
pub fn machines() -> Vec<u8> {
    tabs(
        "Mẫu số 06/DM\nDANH MỤC THIẾT BỊ\nSTT|TEN_TB|KY_HIEU|CONGTY_SX|NUOC_SX|NAM_SX|NAM_SD|MA_MAY|SO_LUU_HANH|HD_TU|HD_DEN|TU_NGAY|DEN_NGAY|MA_CSKCB\n\
        1|Máy siêu âm|SA-1|Hãng Thử|Nhật Bản|2020|2021|SA.1.01999.0001|LH-1|20260101|20261231|20260401||01999\n\
        2|Máy siêu âm|SA-2|Hãng Thử|Nhật Bản|20|2021|SA.1.01999.0002|LH-1|||20260401||01999\n|Người lập\n",
    )
}

#[test]
fn machines_in_both_spellings() {
    let form = read("06dm.txt", &machines()).unwrap();
    assert_eq!(outcome(&form), ("machine-catalogue-06dm-2026", 1, 1));
    assert_eq!(faults(&form), [("bad_year", "year_made")]);
    assert_eq!(
        first(&form, &["code", "year_used", "contract_to", "valid_from"]),
        ["SA.1.01999.0001", "2021", "2026-12-31", "2026-04-01"]
    );
    check(
        "may.txt",
        "Mã CSKCB: 01999\nSTT|Tên thiết bị|Ký hiệu|Công ty sản xuất|Nước sản xuất|Năm sản xuất|Năm sử dụng|Mã máy|Số lưu hành|HD_TU|HD_DEN\n\
        1|Máy siêu âm|SA-1|Hãng Thử|Nhật Bản|2020|2021|SA.1.01999.0001|LH-1||\n2|Máy siêu âm|SA-2|Hãng Thử|Nhật Bản|2020|2021||LH-1||\n",
        "machine-catalogue-06dm-2026",
        ("missing", "code"),
        &[("facility", "01999"), ("code", "SA.1.01999.0001"), ("valid_from", "∅")],
    );
}

/// Facilities by level, one of them twice.
pub fn facilities() -> Vec<u8> {
    tabs(
        "DANH MỤC CƠ SỞ KHÁM BỆNH, CHỮA BỆNH\nTổng số: 3 cơ sở\nMA_CSKCB|TEN_CSKCB|Cấp chuyên môn kỹ thuật|Điểm xếp cấp|Tuyến trước 01/01/2025|Hạng bệnh viện|MA_TINH|Địa chỉ cơ sở|Xã, phường|TU_NGAY|DEN_NGAY\n\
        01999|Bệnh viện Thử|Cơ bản|49,5|Huyện|II|01|Số 1, Phường Ba Đình||20250101|20251231\n\
        01999|Bệnh viện Thử|Cơ bản|62|Huyện|II|01|Số 1|Phường Ba Đình|20260101|\n\
        01998|Trạm y tế Thử||||||Số 2|00004|20250101|\n|Người lập\n",
    )
}

/// The same as the portal hands them out.
pub fn facilities_portal() -> Vec<u8> {
    tabs(
        "CỔNG GIÁM ĐỊNH\nDANH SÁCH CƠ SỞ\nSTT|Mã|Tên|Tuyến CMKT|Hạng bệnh viện|Địa chỉ\n1|01999|Bệnh viện Thử|Huyện|II|Số 1, Phường Ba Đình\n\
        2||Trạm y tế Thử|Xã|Không|Số 2\n||Người lập\n",
    )
}

#[test]
fn facilities_in_both_spellings() {
    let own = read("cskcb.txt", &facilities()).unwrap();
    assert_eq!(outcome(&own), ("facility-catalogue-2025", 2, 1));
    assert_eq!(faults(&own), [("missing", "level")]);
    assert_eq!(
        (own.column("points"), own.column("commune")),
        (vec!["49500".into(), "62000".into()], vec!["00004".to_owned(), "00004".into()])
    );
    assert_eq!((own.column("valid_to")[0].as_str(), own.report.declared), ("2025-12-31", Some(3)));
    let portal = read("cskcb.txt", &facilities_portal()).unwrap();
    assert_eq!(outcome(&portal), ("facility-catalogue-portal-2018", 1, 1));
    assert_eq!(faults(&portal), [("missing", "code")]);
    assert_eq!(first(&portal, &["former_route", "class", "level", "commune"]), ["Huyện", "II", "∅", "00004"]);
    check(
        "cskcb.txt",
        "STT|MA_CSKCB|TEN_CSKCB|DIA_CHI|TUYEN|HANG\n1|01999|Bệnh viện Thử|Số 1|2|2\n2|01998||Số 2|4|\n",
        "facility-catalogue-portal-2018",
        ("missing", "name"),
        &[("code", "01999"), ("former_route", "2"), ("class", "2")],
    );
}

/// The annex of circular 06/2026, as a workbook of it is headed.
pub fn icd() -> Vec<u8> {
    tabs(
        "DANH MỤC MÃ BỆNH ICD-10\nÁp dụng từ ngày 01/7/2026\nMÃ NHÓM BỆNH 3 KÝ TỰ|TÊN NHÓM BỆNH 3 KÝ TỰ|MÃ BỆNH|MÃ BỆNH KHÔNG DẤU|DISEASE NAME WHO 2019 (ENGLISH)|TÊN BỆNH|\
        MÃ KHÔNG ĐƯỢC DÙNG LÀ BỆNH CHÍNH|MÃ KHÔNG KHUYẾN KHÍCH DÙNG LÀ BỆNH CHÍNH|MÃ KHÔNG ĐƯỢC SỬ DỤNG VÌ CÓ MÃ 4 HOẶC 5 KÝ TỰ CỤ THỂ HƠN|\
        CHỈ SỬ DỤNG MÃ HÓA NGUYÊN NHÂN TỬ VONG|CÁC MÃ BỆNH CHỈ CÓ HOẶC CHỦ YẾU CÓ Ở NỮ GIỚI|CÁC MÃ BỆNH CHỈ CÓ HOẶC CHỦ YẾU CÓ Ở NAM GIỚI\n\
        J02|Viêm họng cấp|J02|J02|Acute pharyngitis|Viêm họng cấp|||x|||\nO80|Đẻ thường|O80.0|O800||Đẻ thường một thai|||||x|\nB95|Tác nhân||B95|||x|||||\n\
        |||||Bộ trưởng\n",
    )
}

/// Annex VII of circular 26/2025.
pub fn annex_7() -> Vec<u8> {
    tabs(
        "PHỤ LỤC VII\nBỆNH, NHÓM BỆNH ĐƯỢC KÊ ĐƠN THUỐC NGOẠI TRÚ TRÊN 30 NGÀY\nMã TT|Danh mục bệnh, nhóm bệnh|Mã bệnh theo ICD 10\n\
        4.1|Đái tháo đường|E10 đến E14\n8.1|Tăng huyết áp|I10\n8.2|Suy tim|\n|Bộ trưởng\n",
    )
}

#[test]
fn diseases_with_their_flags_and_those_of_long_prescriptions() {
    let flags = read("icd.txt", &icd()).unwrap();
    assert_eq!(outcome(&flags), ("icd-catalogue-06-2026", 2, 1));
    assert_eq!(faults(&flags), [("missing", "code")]);
    assert_eq!(
        (flags.column("needs_finer"), flags.column("female")),
        (vec!["x".into(), "∅".into()], vec!["∅".to_owned(), "x".into()])
    );
    assert_eq!(first(&flags, &["code", "code_plain", "valid_from"]), ["J02", "J02", "2026-07-01"]);
    assert!(flags.report.unknown_columns.is_empty(), "{:?}", flags.report.unknown_columns);
    let long = read("phu luc 7.txt", &annex_7()).unwrap();
    assert_eq!(outcome(&long), ("icd-catalogue-annex7-2025", 2, 1));
    assert_eq!(faults(&long), [("missing", "code")]);
    assert_eq!((long.column("code")[0].as_str(), long.column("over_30_days_number")[1].as_str()), ("E10 đến E14", "8.1"));
    assert_eq!(first(&long, &["not_main", "valid_from"]), ["∅", "∅"]);
}

/// Services that are part of others: a pair whose end lies before its beginning, one without the part.
pub fn components() -> Vec<u8> {
    tabs(
        "DANH MỤC DỊCH VỤ NẰM TRONG DỊCH VỤ KHÁC\nÁp dụng từ ngày 01/4/2026\nTổng số: 4 cặp\nSTT|Mã dịch vụ cha|Tên dịch vụ cha|Mã dịch vụ thành phần|Tên dịch vụ thành phần|Căn cứ|TU_NGAY|DEN_NGAY\n\
        1|10.1001|Phẫu thuật Thử|02.0085|Điện tim thường|QĐ 01/QĐ-BHXH||\n2|10.1001|Phẫu thuật Thử|23.0001|Xét nghiệm Thử||20250101|20261231\n\
        3|10.1002|Phẫu thuật Khác|02.0085|Điện tim thường||20260401|20260331\n4|10.1003|Phẫu thuật Thiếu||||20260401|\n||Người lập biểu\n",
    )
}

#[test]
fn pairs_of_services() {
    let own = read("thanh phan.txt", &components()).unwrap();
    assert_eq!(outcome(&own), ("service-component-2026", 2, 2));
    assert_eq!(faults(&own), [("ends_before_start", "valid_to"), ("missing", "component_code")]);
    assert_eq!(
        first(&own, &["parent_code", "component_code", "reference", "valid_from"]),
        ["10.1001", "02.0085", "QĐ 01/QĐ-BHXH", "2026-04-01"]
    );
    assert_eq!((own.column("valid_to")[1].as_str(), own.report.declared), ("2026-12-31", Some(4)));
    assert!(own.report.unknown_columns.is_empty(), "{:?}", own.report.unknown_columns);
    check(
        "thanh phan.csv",
        "MA_DICH_VU|TEN_DICH_VU|MA_THANH_PHAN|TEN_THANH_PHAN|TU_NGAY\n10.1001|Phẫu thuật Thử|02.0085|Điện tim thường|20250101\n\
        10.1001|Phẫu thuật Thử|02.0086|Điện tim khác|20250231\n",
        "service-component-2026",
        ("bad_date", "valid_from"),
        &[("parent_name", "Phẫu thuật Thử"), ("component_name", "Điện tim thường"), ("valid_to", "∅"), ("reference", "∅")],
    );
}

/// Occupations: a code without a first day of its own, one that ended, one that ends before it begins, one without a code.
pub fn occupations() -> Vec<u8> {
    tabs(
        "DANH MỤC NGHỀ NGHIỆP\nÁp dụng từ ngày 01/4/2026\nTổng số: 4 mã\nSTT|MA_NGHE_NGHIEP|TEN_NGHE_NGHIEP|CAP|TU_NGAY|DEN_NGAY\n\
        1|01119|Nghề Thử|5||\n2|91119|Nghề Khác|5|20250101|20261231\n3|91129|Nghề Ngược|5|20260401|20260331\n4||Nghề Thiếu|5|20260401|\n\
        ||Người lập biểu\n",
    )
}

#[test]
fn occupations_by_code() {
    let own = read("nghe nghiep.txt", &occupations()).unwrap();
    assert_eq!(outcome(&own), ("occupation-catalogue-2026", 2, 2));
    assert_eq!(faults(&own), [("ends_before_start", "valid_to"), ("missing", "code")]);
    assert_eq!(first(&own, &["code", "name", "level", "valid_from", "valid_to"]), ["01119", "Nghề Thử", "5", "2026-04-01", "∅"]);
    assert_eq!((own.column("valid_to")[1].as_str(), own.report.declared), ("2026-12-31", Some(4)));
    assert!(own.report.unknown_columns.is_empty(), "{:?}", own.report.unknown_columns);
    check(
        "nghe.csv",
        "Mã nghề|Tên nghề|Áp dụng từ ngày\n91119|Nghề Khác|01/01/2025\n91129|Nghề Sai ngày|31/02/2025\n",
        "occupation-catalogue-2026",
        ("bad_date", "valid_from"),
        &[("code", "91119"), ("name", "Nghề Khác"), ("valid_from", "2025-01-01"), ("level", "∅")],
    );
}
