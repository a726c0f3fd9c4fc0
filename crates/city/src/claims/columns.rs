//! Names of the columns of each table, in the order of the decisions (130, 4750, 3176): the city's own list.

/// A table with its columns: names in order, and each column's place by name.
macro_rules! table {
    ($(#[$about:meta])* $table:ident: $($name:ident)*) => {
        $(#[$about])*
        #[allow(dead_code, non_camel_case_types, clippy::upper_case_acronyms)]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $table { $($name),* }

        impl $table {
            /// Names in order.
            pub(crate) const COLUMNS: &'static [&'static str] = &[$(stringify!($name)),*];
        }
    };
}

table! {
    /// The visit.
    Xml1:
        MA_LK STT MA_BN HO_TEN SO_CCCD NGAY_SINH GIOI_TINH NHOM_MAU MA_QUOCTICH MA_DANTOC
        MA_NGHE_NGHIEP DIA_CHI MATINH_CU_TRU MAHUYEN_CU_TRU MAXA_CU_TRU DIEN_THOAI MA_THE_BHYT
        MA_DKBD GT_THE_TU GT_THE_DEN NGAY_MIEN_CCT LY_DO_VV LY_DO_VNT MA_LY_DO_VNT CHAN_DOAN_VAO
        CHAN_DOAN_RV MA_BENH_CHINH MA_BENH_KT MA_BENH_YHCT MA_PTTT_QT MA_DOITUONG_KCB MA_NOI_DI
        MA_NOI_DEN MA_TAI_NAN NGAY_VAO NGAY_VAO_NOI_TRU NGAY_RA GIAY_CHUYEN_TUYEN SO_NGAY_DTRI
        PP_DIEU_TRI KET_QUA_DTRI MA_LOAI_RV GHI_CHU NGAY_TTOAN T_THUOC T_VTYT T_TONGCHI_BV
        T_TONGCHI_BH T_BNTT T_BNCCT T_BHTT T_NGUONKHAC T_BHTT_GDV NAM_QT THANG_QT MA_LOAI_KCB
        MA_KHOA MA_CSKCB MA_KHUVUC CAN_NANG CAN_NANG_CON NAM_NAM_LIEN_TUC NGAY_TAI_KHAM MA_HSBA
        MA_TTDV DU_PHONG
}

table! {
    /// Drug lines.
    Xml2:
        MA_LK STT MA_THUOC MA_PP_CHEBIEN MA_CSKCB_THUOC MA_NHOM TEN_THUOC DON_VI_TINH HAM_LUONG
        DUONG_DUNG DANG_BAO_CHE LIEU_DUNG CACH_DUNG SO_DANG_KY TT_THAU PHAM_VI TYLE_TT_BH SO_LUONG
        DON_GIA THANH_TIEN_BV THANH_TIEN_BH T_NGUONKHAC_NSNN T_NGUONKHAC_VTNN T_NGUONKHAC_VTTN
        T_NGUONKHAC_CL T_NGUONKHAC MUC_HUONG T_BNTT T_BNCCT T_BHTT MA_KHOA MA_BAC_SI MA_DICH_VU
        NGAY_YL NGAY_TH_YL MA_PTTT NGUON_CTRA VET_THUONG_TP DU_PHONG
}

table! {
    /// Lines of services, beds and supplies.
    Xml3:
        MA_LK STT MA_DICH_VU MA_PTTT_QT MA_VAT_TU MA_NHOM GOI_VTYT TEN_VAT_TU TEN_DICH_VU
        MA_XANG_DAU DON_VI_TINH PHAM_VI SO_LUONG DON_GIA_BV DON_GIA_BH TT_THAU TYLE_TT_DV TYLE_TT_BH
        THANH_TIEN_BV THANH_TIEN_BH T_TRANTT MUC_HUONG T_NGUONKHAC_NSNN T_NGUONKHAC_VTNN
        T_NGUONKHAC_VTTN T_NGUONKHAC_CL T_NGUONKHAC T_BNTT T_BNCCT T_BHTT MA_KHOA MA_GIUONG
        MA_BAC_SI NGUOI_THUC_HIEN MA_BENH MA_BENH_YHCT NGAY_YL NGAY_TH_YL NGAY_KQ MA_PTTT
        VET_THUONG_TP PP_VO_CAM VI_TRI_TH_DVKT MA_MAY MA_HIEU_SP TAI_SU_DUNG DU_PHONG
}

table! {
    /// Results.
    Xml4:
        MA_LK STT MA_DICH_VU MA_CHI_SO TEN_CHI_SO GIA_TRI DON_VI_DO MO_TA KET_LUAN NGAY_KQ
        MA_BS_DOC_KQ DU_PHONG
}

table! {
    /// Notes.
    Xml5:
        MA_LK STT DIEN_BIEN_LS GIAI_DOAN_BENH HOI_CHAN PHAU_THUAT THOI_DIEM_DBLS NGUOI_THUC_HIEN
        DU_PHONG
}

table! {
    /// Discharge paper.
    Xml7:
        MA_LK SO_LUU_TRU MA_YTE MA_KHOA_RV NGAY_VAO NGAY_RA MA_DINH_CHI_THAI NGUYENNHAN_DINHCHI
        THOIGIAN_DINHCHI TUOI_THAI CHAN_DOAN_RV PP_DIEUTRI GHI_CHU MA_TTDV MA_BS TEN_BS NGAY_CT
        MA_CHA MA_ME MA_THE_TAM HO_TEN_CHA HO_TEN_ME SO_NGAY_NGHI NGOAITRU_TUNGAY NGOAITRU_DENNGAY
        DU_PHONG
}

table! {
    /// Referral paper.
    Xml13:
        MA_LK SO_HOSO SO_CHUYENTUYEN GIAY_CHUYEN_TUYEN MA_CSKCB MA_NOI_DI MA_NOI_DEN HO_TEN
        NGAY_SINH GIOI_TINH MA_QUOCTICH MA_DANTOC MA_NGHE_NGHIEP DIA_CHI MA_THE_BHYT GT_THE_DEN
        NGAY_VAO NGAY_VAO_NOI_TRU NGAY_RA DAU_HIEU_LS CHAN_DOAN_RV QT_BENHLY TOMTAT_KQ PP_DIEUTRI
        MA_BENH_CHINH MA_BENH_KT MA_BENH_YHCT TEN_DICH_VU TEN_THUOC MA_LOAI_RV MA_LYDO_CT
        HUONG_DIEU_TRI PHUONGTIEN_VC HOTEN_NGUOI_HT CHUCDANH_NGUOI_HT MA_BAC_SI MA_TTDV DU_PHONG
}

table! {
    /// Re-visit paper.
    Xml14:
        MA_LK SO_GIAYHEN_KL MA_CSKCB HO_TEN NGAY_SINH GIOI_TINH DIA_CHI MA_THE_BHYT GT_THE_DEN
        NGAY_VAO NGAY_VAO_NOI_TRU NGAY_RA NGAY_HEN_KL CHAN_DOAN_RV MA_BENH_CHINH MA_BENH_KT
        MA_BENH_YHCT MA_DOITUONG_KCB MA_BAC_SI MA_TTDV NGAY_CT DU_PHONG
}

/// Names of decision 4210 that some software still writes: table, today's name, old name.
pub(crate) const OLD_NAMES: &[(&str, &str, &str)] = &[
    ("XML1", "MA_THE_BHYT", "MA_THE"),
    ("XML1", "CHAN_DOAN_RV", "TEN_BENH"),
    ("XML1", "MA_BENH_CHINH", "MA_BENH"),
    ("XML1", "MA_BENH_KT", "MA_BENHKHAC"),
    ("XML1", "MA_NOI_DI", "MA_NOI_CHUYEN"),
    ("XML1", "MA_LOAI_RV", "TINH_TRANG_RV"),
    ("XML1", "T_TONGCHI_BV", "T_TONGCHI"),
    ("XML2", "TYLE_TT_BH", "TYLE_TT"),
    ("XML2", "THANH_TIEN_BV", "THANH_TIEN"),
    ("XML3", "TYLE_TT_BH", "TYLE_TT"),
    ("XML3", "DON_GIA_BV", "DON_GIA"),
    ("XML3", "THANH_TIEN_BV", "THANH_TIEN"),
];

/// The elements around the rows of a table: root, list and record; the last two are absent where there is one record.
pub(crate) fn elements(table: &str) -> (&'static str, Option<(&'static str, &'static str)>) {
    match table {
        "XML1" => ("TONG_HOP", None),
        "XML2" => ("CHITIEU_CHITIET_THUOC", Some(("DSACH_CHI_TIET_THUOC", "CHI_TIET_THUOC"))),
        "XML3" => ("CHITIEU_CHITIET_DVKT_VTYT", Some(("DSACH_CHI_TIET_DVKT", "CHI_TIET_DVKT"))),
        "XML4" => ("CHITIEU_CHITIET_DICHVUCANLAMSANG", Some(("DSACH_CHI_TIET_CLS", "CHI_TIET_CLS"))),
        "XML5" => ("CHITIEU_CHITIET_DIENBIENLAMSANG", Some(("DSACH_CHI_TIET_DIEN_BIEN_BENH", "CHI_TIET_DIEN_BIEN_BENH"))),
        "XML7" => ("CHI_TIEU_DU_LIEU_GIAY_RA_VIEN", None),
        "XML13" => ("CHI_TIEU_GIAYCHUYENTUYEN", None),
        _ => ("CHI_TIEU_GIAYHEN_KHAMLAI", None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_have_the_columns_of_the_decisions() {
        assert_eq!((Xml1::COLUMNS.len(), Xml2::COLUMNS.len(), Xml3::COLUMNS.len()), (66, 39, 47));
        assert_eq!((Xml4::COLUMNS.len(), Xml5::COLUMNS.len(), Xml7::COLUMNS.len()), (12, 9, 26));
        assert_eq!((Xml13::COLUMNS.len(), Xml14::COLUMNS.len()), (38, 22));
        assert_eq!(Xml3::COLUMNS[Xml3::MA_DICH_VU as usize], "MA_DICH_VU");
    }
}
