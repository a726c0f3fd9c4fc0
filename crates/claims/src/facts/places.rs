//! Where the columns stand that the program itself asks for.

use claimfile::{Forms, TableId};

use crate::error::ClaimsError;

macro_rules! places {
    ($(#[$about:meta])* $name:ident, $table:literal, $($field:ident: $column:literal),* $(,)?) => {
        $(#[$about])*
        #[derive(Debug, Clone)]
        pub(crate) struct $name { $(pub $field: usize),* }
        impl $name {
            pub(crate) fn of(forms: &Forms) -> Result<Self, ClaimsError> {
                let missing = |column: &str| ClaimsError::Form { table: $table.to_owned(), column: column.to_owned() };
                let form = TableId::parse($table).and_then(|id| forms.get(id)).ok_or_else(|| missing(""))?;
                Ok(Self { $($field: form.column($column).ok_or_else(|| missing($column))?),* })
            }
        }
    };
}

places! {
    /// The visit.
    Xml1, "xml1",
    ho_ten: "HO_TEN", so_cccd: "SO_CCCD", ngay_sinh: "NGAY_SINH", gioi_tinh: "GIOI_TINH",
    ma_the: "MA_THE_BHYT", ma_dkbd: "MA_DKBD", the_tu: "GT_THE_TU", the_den: "GT_THE_DEN", mien_cct: "NGAY_MIEN_CCT",
    ma_benh_chinh: "MA_BENH_CHINH", ma_benh_kt: "MA_BENH_KT", ma_doituong: "MA_DOITUONG_KCB", ma_noi_di: "MA_NOI_DI",
    ma_noi_den: "MA_NOI_DEN", ngay_vao: "NGAY_VAO", ngay_vao_noi_tru: "NGAY_VAO_NOI_TRU", ngay_ra: "NGAY_RA",
    ket_qua: "KET_QUA_DTRI", ma_loai_rv: "MA_LOAI_RV", t_tongchi_bh: "T_TONGCHI_BH", ma_loai_kcb: "MA_LOAI_KCB",
    ma_cskcb: "MA_CSKCB", ma_ttdv: "MA_TTDV", ma_tinh: "MATINH_CU_TRU", ma_xa: "MAXA_CU_TRU", ma_nghe: "MA_NGHE_NGHIEP",
    t_bhtt: "T_BHTT", ma_khoa: "MA_KHOA", t_tongchi_bv: "T_TONGCHI_BV",
    t_bncct: "T_BNCCT", t_bntt: "T_BNTT", t_nguonkhac: "T_NGUONKHAC",
}

places! {
    /// Drug lines.
    Xml2, "xml2",
    stt: "STT", ma_thuoc: "MA_THUOC", ma_nhom: "MA_NHOM", ten_thuoc: "TEN_THUOC", ham_luong: "HAM_LUONG", duong_dung: "DUONG_DUNG", so_dang_ky: "SO_DANG_KY",
    lieu_dung: "LIEU_DUNG", pp_chebien: "MA_PP_CHEBIEN", tt_thau: "TT_THAU", pham_vi: "PHAM_VI", tyle_bh: "TYLE_TT_BH",
    so_luong: "SO_LUONG", don_gia: "DON_GIA", bv: "THANH_TIEN_BV", bh: "THANH_TIEN_BH", nsnn: "T_NGUONKHAC_NSNN",
    vtnn: "T_NGUONKHAC_VTNN", vttn: "T_NGUONKHAC_VTTN", cl: "T_NGUONKHAC_CL", nguonkhac: "T_NGUONKHAC",
    muc_huong: "MUC_HUONG", bntt: "T_BNTT", bncct: "T_BNCCT", bhtt: "T_BHTT", ma_khoa: "MA_KHOA", ma_bac_si: "MA_BAC_SI",
    ngay_yl: "NGAY_YL", ngay_th_yl: "NGAY_TH_YL", ma_pttt: "MA_PTTT",
}

places! {
    /// Services, beds, supplies.
    Xml3, "xml3",
    stt: "STT", ma_dich_vu: "MA_DICH_VU", ma_vat_tu: "MA_VAT_TU", ma_nhom: "MA_NHOM", ten_vat_tu: "TEN_VAT_TU", ten_dich_vu: "TEN_DICH_VU",
    pham_vi: "PHAM_VI", so_luong: "SO_LUONG", don_gia_bv: "DON_GIA_BV", don_gia_bh: "DON_GIA_BH", tt_thau: "TT_THAU",
    tyle_dv: "TYLE_TT_DV", tyle_bh: "TYLE_TT_BH", bv: "THANH_TIEN_BV", bh: "THANH_TIEN_BH", muc_huong: "MUC_HUONG",
    nsnn: "T_NGUONKHAC_NSNN", vtnn: "T_NGUONKHAC_VTNN", vttn: "T_NGUONKHAC_VTTN", cl: "T_NGUONKHAC_CL",
    nguonkhac: "T_NGUONKHAC", bntt: "T_BNTT", bncct: "T_BNCCT", bhtt: "T_BHTT", ma_khoa: "MA_KHOA", ma_giuong: "MA_GIUONG",
    ma_bac_si: "MA_BAC_SI", nguoi_th: "NGUOI_THUC_HIEN", ngay_yl: "NGAY_YL", ngay_th_yl: "NGAY_TH_YL", ngay_kq: "NGAY_KQ",
    ma_pttt: "MA_PTTT", pp_vo_cam: "PP_VO_CAM", ma_may: "MA_MAY",
}

places! {
    /// Results.
    Xml4, "xml4", ma_dich_vu: "MA_DICH_VU",
}

/// All of them.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    pub xml1: Xml1,
    pub xml2: Xml2,
    pub xml3: Xml3,
    pub xml4: Xml4,
}

impl Places {
    pub(crate) fn of(forms: &Forms) -> Result<Self, ClaimsError> {
        Ok(Self { xml1: Xml1::of(forms)?, xml2: Xml2::of(forms)?, xml3: Xml3::of(forms)?, xml4: Xml4::of(forms)? })
    }
}
