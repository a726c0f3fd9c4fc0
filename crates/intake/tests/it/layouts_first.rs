//! An awkward file for each of the five first rosters; their own tests are in `rosters`.

/// Residents of a ward, a broken day, the total and signatures below.
pub fn population() -> Vec<u8> {
    "CÔNG AN PHƯỜNG BA ĐÌNH,,,,,\nSTT,Số ĐDCN,Họ và tên,Sinh ngày,Mã hộ,Diện cư trú\n\
        1,001168012345,Lê Thị Mai,12/05/1968,H01,Thường trú\n\
        2,001085000013,Đỗ Văn Oai,31/04/1985,H01,Thường trú\n\
        ,,Tổng cộng,,,\n,,Người lập biểu,,,\n"
        .as_bytes()
        .to_vec()
}

/// Cards with one of the army.
pub fn cards() -> Vec<u8> {
    "DANH SÁCH THẺ BHYT;;;\nMã thẻ;Họ tên;Giá trị từ;Giá trị đến\nGD4010123456789;Lê Thị Mai;01/11/2025;31/10/2026\n\
        QN5010123456780;Bùi Văn Kín;01/01/2026;31/12/2026\nTổng cộng;2;;\n"
        .as_bytes()
        .to_vec()
}

/// Spells, one that ends before it starts.
pub fn spells() -> Vec<u8> {
    "QUÁ TRÌNH THAM GIA BHXH;;;;\nMã số BHXH;Họ và tên;Từ tháng;Đến tháng;Mức lương đóng\n0123456789;Lê Thị Mai;01/2026;;8.500.000\n\
        0123456780;Đỗ Văn Oai;06/2026;05/2026;8.500.000\n;Cộng;;;17.000.000\n"
        .as_bytes()
        .to_vec()
}

/// The settlement of a year, an income in words.
pub fn settlement() -> Vec<u8> {
    "Kỳ tính thuế: Năm 2025;;;;;\nSTT;Họ và tên;Mã số thuế;MST đơn vị;Tổng thu nhập chịu thuế;Bảo hiểm được trừ\n\
        1;Lê Thị Mai;001168012345;0100109106;120.000.000;0\n2;Đỗ Văn Oai;001085000013;0100109106;chín mươi triệu;0\n\
        ;Tổng cộng;;;210.000.000;0\n"
        .as_bytes()
        .to_vec()
}

/// A class, a child without a name.
pub fn pupils() -> Vec<u8> {
    "TRƯỜNG THCS VĂN YÊN;;;\nNĂM HỌC 2026-2027;;;\nLớp;Mã định danh;Họ và tên;Ngày sinh\n6A;001215012345;Nguyễn An;03/02/2015\n\
        6A;001315012346;;04/02/2015\n;;Sĩ số: 2;\n;;GVCN;\n"
        .as_bytes()
        .to_vec()
}
