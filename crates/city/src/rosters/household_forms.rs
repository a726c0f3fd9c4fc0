//! How the lists of households of the communes look: their titles and headings.

use crate::calendar;
use crate::rosters::{Book, Form, View, offices};
use crate::world::Place;

/// The form of a list of households.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The commune's own list, the village in a column.
    List,
    /// The commune's own list, villages as lines over their people.
    Sections,
    /// The annex of the declaration TK1-TS for all homes, without head and village.
    Annex,
    /// The list of decree 188/2025, which asks everybody about a card. A model: its form was not read.
    Decree188,
}

/// Words for the columns that communes head differently: household, its head, name, birth date, sex,
/// id, relation, hamlet, insurance number.
const SPELLINGS: [[&str; 9]; 3] = [
    [
        "Mã hộ gia đình",
        "Họ tên chủ hộ",
        "Họ và tên thành viên",
        "Ngày, tháng, năm sinh",
        "Giới tính",
        "Số ĐDCN/CCCD/Hộ chiếu",
        "Mối quan hệ với chủ hộ",
        "Thôn, tổ dân phố",
        "Mã số BHXH",
    ],
    ["Số hộ", "Chủ hộ", "Họ và tên", "Ngày sinh", "Nam/Nữ", "Số CCCD", "Quan hệ với chủ hộ", "TDP/Thôn", "Mã BHXH"],
    [
        "Mã hộ",
        "Tên chủ hộ",
        "Thành viên hộ gia đình",
        "Ngày tháng năm sinh",
        "Giới tính",
        "Số định danh cá nhân",
        "Quan hệ chủ hộ",
        "Địa bàn (thôn/tổ)",
        "Mã số BHXH (nếu có)",
    ],
];

/// The book of a commune.
pub fn book(view: &View, place: &Place, shape: Shape, spelling: usize) -> Book {
    let [home, head, name, birth, sex, id, relation, group, insurance] = SPELLINGS[spelling];
    let end = calendar::vietnamese(calendar::last(view.month));
    let (stem, title, header) = match shape {
        Shape::List => (
            "Danh_sach_thanh_vien_ho_gia_dinh",
            vec!["DANH SÁCH THÀNH VIÊN HỘ GIA ĐÌNH".to_owned()],
            vec!["STT", home, head, name, insurance, birth, sex, relation, id, "Địa chỉ", group, "Xã/phường"],
        ),
        Shape::Sections => (
            "Danh_sach_nhan_khau_theo_thon_to",
            vec!["DANH SÁCH NHÂN KHẨU CÁC HỘ GIA ĐÌNH".to_owned()],
            vec!["STT", home, head, relation, name, birth, sex, id, "Số nhà, đường phố"],
        ),
        Shape::Annex => (
            "TK1-TS_Phu_luc_thanh_vien_ho_gia_dinh",
            vec![
                "PHỤ LỤC THÀNH VIÊN HỘ GIA ĐÌNH".to_owned(),
                "(Kèm theo Tờ khai tham gia, điều chỉnh thông tin BHXH, BHYT - Mẫu TK1-TS)".to_owned(),
            ],
            vec![
                "STT",
                "Mã số hộ gia đình",
                "Họ và tên",
                "Mã số BHXH",
                "Ngày tháng năm sinh",
                "Giới tính",
                "Mối quan hệ với chủ hộ",
                "Số CCCD/ĐDCN/Hộ chiếu",
                "Nơi cư trú",
                "Mã xã, phường",
                "Ghi chú",
            ],
        ),
        Shape::Decree188 => (
            "Mau_so_4_ND188_Thanh_vien_ho_gia_dinh",
            vec![
                "DANH SÁCH THÀNH VIÊN HỘ GIA ĐÌNH THAM GIA BẢO HIỂM Y TẾ".to_owned(),
                "(Nghị định số 188/2025/NĐ-CP)".to_owned(),
            ],
            vec![
                "TT",
                "Mã hộ gia đình",
                "Họ và tên chủ hộ",
                "Quan hệ với chủ hộ",
                "Họ và tên thành viên",
                "Ngày sinh",
                "Giới tính",
                "Số định danh cá nhân",
                "Địa chỉ cư trú",
                "Xã, phường",
                "Mã số BHXH",
                "Tình trạng thẻ BHYT",
            ],
        ),
    };
    let title = [offices::committee(place)].into_iter().chain(title).chain([format!("Tính đến ngày {end}")]).collect();
    let form = Form {
        title,
        header: header.into_iter().map(|column| (column, "")).collect(),
        footer: vec!["Tổng số: {rows} người".to_owned(), "Người lập danh sách".to_owned()],
        sheet: "Thanh vien ho",
        ..Form::default()
    };
    Book { name: format!("{stem}_{}.xlsx", place.code), form }
}
