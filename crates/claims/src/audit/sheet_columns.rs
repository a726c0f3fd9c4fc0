//! What sheets 79a and 80a say of a visit: which field of the roster stands for which column of XML1, and which columns of `claim_visit` are worked out of
//! these alone. A rule that reads any other column cannot be asked of a sheet (không đủ dữ liệu ở mức lượt khám).

use std::collections::BTreeSet;

/// The roster of the sheets.
pub(crate) const ROSTER: &str = "claim_visit_sheet";

/// How a field is written in XML1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum As {
    /// As it is.
    Text,
    /// Thousandths of a đồng, as an exact decimal.
    Money,
    /// A whole number.
    Count,
    /// `yyyyMMddHHmm`; where the sheet has no hour, `yyyyMMdd`.
    Moment,
    /// `yyyyMMdd0000`; where only the year is known, `yyyy00000000`.
    Birth,
}

/// A field of the roster and its column in XML1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Field {
    /// Name in the layouts.
    pub name: &'static str,
    /// Column of XML1.
    pub column: &'static str,
    /// How it is written there.
    pub how: As,
}

const fn field(name: &'static str, column: &'static str, how: As) -> Field {
    Field { name, column, how }
}

/// All fields that have a column in XML1.
pub(crate) const FIELDS: [Field; 37] = [
    field("case_id", "MA_LK", As::Text),
    field("patient_code", "MA_BN", As::Text),
    field("full_name", "HO_TEN", As::Text),
    field("birth_date", "NGAY_SINH", As::Birth),
    field("sex_code", "GIOI_TINH", As::Text),
    field("address", "DIA_CHI", As::Text),
    field("card_number", "MA_THE_BHYT", As::Text),
    field("registered_facility", "MA_DKBD", As::Text),
    field("card_from", "GT_THE_TU", As::Text),
    field("card_to", "GT_THE_DEN", As::Text),
    field("main_disease", "MA_BENH_CHINH", As::Text),
    field("other_diseases", "MA_BENH_KT", As::Text),
    field("reason", "LY_DO_VV", As::Text),
    field("category", "MA_DOITUONG_KCB", As::Text),
    field("from_facility", "MA_NOI_DI", As::Text),
    field("to_facility", "MA_NOI_DEN", As::Text),
    field("arrived", "NGAY_VAO", As::Moment),
    field("admitted", "NGAY_VAO_NOI_TRU", As::Moment),
    field("ended", "NGAY_RA", As::Moment),
    field("stay_days", "SO_NGAY_DTRI", As::Count),
    field("outcome", "KET_QUA_DTRI", As::Text),
    field("discharge", "MA_LOAI_RV", As::Text),
    // With the old headings T_TONGCHI, the only cost there.
    field("total_cost", "T_TONGCHI_BV", As::Money),
    field("total_in_scope", "T_TONGCHI_BH", As::Money),
    field("drugs", "T_THUOC", As::Money),
    field("supplies", "T_VTYT", As::Money),
    field("patient_paid", "T_BNTT", As::Money),
    field("copay", "T_BNCCT", As::Money),
    field("fund_asked", "T_BHTT", As::Money),
    field("fund_by_fee", "T_BHTT_GDV", As::Money),
    field("other_sources", "T_NGUONKHAC", As::Money),
    field("settlement_year", "NAM_QT", As::Count),
    field("settlement_month", "THANG_QT", As::Count),
    field("care_form", "MA_LOAI_KCB", As::Text),
    field("department", "MA_KHOA", As::Text),
    field("facility", "MA_CSKCB", As::Text),
    field("area", "MA_KHUVUC", As::Text),
];

/// Fields that mean something else under the old headings: there `T_BNTT` is all that the patient paid, the share of the fund's cost included, and
/// `MA_LYDO_VVIEN` is a code of the route and no reason in words. They are read from the layout of the new headings alone.
const NEW_ALONE: [&str; 2] = ["patient_paid", "reason"];

/// The layout of the new headings, without its version.
const NEW_LAYOUT: &str = "claim-visit-130";

/// Of a row on a card of the armed forces intake keeps nothing that says who it is: these columns are empty for that reason alone.
const PERSON: [&str; 8] = ["ma_bn", "ho_ten", "ngay_sinh", "gioi_tinh", "dia_chi", "ma_the_bhyt", "gt_the_tu", "gt_the_den"];

/// Own columns of `claim_visit` and the columns of XML1 that each is worked out of. What is not here is not provided: sums and counts of lines and papers,
/// the day of receipt, the rate (it needs the day without co-payment), and what looks at columns no sheet has (SO_CCCD, MA_TTDV, MAXA_CU_TRU, MA_NGHE_NGHIEP).
pub(crate) const OWN: [(&str, &[&str]); 45] = [
    ("visit_id", &[]),
    ("grain", &[]),
    ("standard", &["ngay_ra"]),
    ("visit_start", &["ngay_vao"]),
    ("visit_end", &["ngay_ra"]),
    ("stay_minutes", &["ngay_vao", "ngay_ra"]),
    ("inpatient_minutes", &["ngay_vao_noi_tru", "ngay_ra"]),
    ("stay_days", &["ngay_vao", "ngay_ra"]),
    ("birth_date", &["ngay_sinh"]),
    ("birth_year", &["ngay_sinh"]),
    ("age_years", &["ngay_sinh", "ngay_vao"]),
    ("age_days", &["ngay_sinh", "ngay_vao"]),
    ("sex", &["gioi_tinh"]),
    ("care_form", &["ma_loai_kcb"]),
    ("category", &["ma_doituong_kcb"]),
    ("outcome", &["ket_qua_dtri"]),
    ("discharge", &["ma_loai_rv"]),
    ("cards", &["ma_the_bhyt"]),
    // Intake sends a card that has another form back, so this is what intake found.
    ("cards_wellformed", &["ma_the_bhyt"]),
    ("card_parts_agree", &["ma_the_bhyt", "ma_dkbd", "gt_the_tu", "gt_the_den"]),
    ("card_letters", &["ma_the_bhyt"]),
    ("card_level", &["ma_the_bhyt"]),
    ("card_holder", &["ma_the_bhyt"]),
    ("card_armed", &["ma_the_bhyt"]),
    ("card_covers_start", &["ma_the_bhyt", "gt_the_tu", "gt_the_den", "ngay_vao"]),
    ("card_covers_end", &["ma_the_bhyt", "gt_the_tu", "gt_the_den", "ngay_ra"]),
    ("days_after_card", &["ma_the_bhyt", "gt_the_den", "ngay_ra"]),
    ("registered_here", &["ma_the_bhyt", "ma_dkbd", "ma_cskcb"]),
    ("small_visit_limit", &["ngay_ra"]),
    ("name_syllables", &["ho_ten"]),
    ("name_has_signs", &["ho_ten"]),
    ("name_particle", &["ho_ten"]),
    ("other_codes", &["ma_benh_kt"]),
    ("icd_chapter", &["ma_benh_chinh"]),
    ("icd_known", &["ma_benh_chinh", "ngay_ra"]),
    ("icd_main_allowed", &["ma_benh_chinh", "ngay_ra"]),
    ("icd_specific", &["ma_benh_chinh", "ngay_ra"]),
    ("icd_death_only", &["ma_benh_chinh", "ngay_ra"]),
    ("icd_sex", &["ma_benh_chinh", "ngay_ra"]),
    ("other_codes_unknown", &["ma_benh_kt", "ngay_ra"]),
    ("facility_known", &["ma_cskcb", "ngay_ra"]),
    ("facility_level", &["ma_cskcb", "ngay_ra"]),
    ("registered_known", &["ma_dkbd", "ngay_ra"]),
    ("from_known", &["ma_noi_di", "ngay_ra"]),
    ("to_known", &["ma_noi_den", "ngay_ra"]),
];

/// Hours: what they are read from has none where a sheet tells days alone.
const HOURS: [&str; 5] = ["ngay_vao", "ngay_vao_noi_tru", "ngay_ra", "stay_minutes", "inpatient_minutes"];

/// What a row has beyond its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RowKind {
    /// On a card of the armed forces.
    pub armed: bool,
    /// Days without hours.
    pub days_only: bool,
}

impl RowKind {
    /// All kinds.
    pub(crate) const ALL: [Self; 4] = [
        Self { armed: false, days_only: false },
        Self { armed: false, days_only: true },
        Self { armed: true, days_only: false },
        Self { armed: true, days_only: true },
    ];
}

/// Whether a field means under a layout what its column of XML1 means; `layout` is that of the file, with or without its version.
pub(crate) fn means_the_same(layout: &str, name: &str) -> bool {
    !NEW_ALONE.contains(&name) || layout.starts_with(NEW_LAYOUT)
}

/// The columns of `claim_visit` that rows of a kind have. `filled`: fields that are filled in any row of the file. One that is empty throughout tells nothing:
/// the file has no such column, the agreement on sharing data leaves it out, or the portal does not fill it.
pub(crate) fn provided(filled: &BTreeSet<&'static str>, kind: RowKind) -> BTreeSet<String> {
    let sent: BTreeSet<String> = FIELDS
        .iter()
        .filter(|field| filled.contains(field.name))
        .map(|field| field.column.to_ascii_lowercase())
        .filter(|column| !(kind.armed && PERSON.contains(&column.as_str())))
        .collect();
    let own = OWN.iter().filter(|(_, from)| from.iter().all(|column| sent.contains(*column)));
    let own: Vec<String> = own.map(|(name, _)| (*name).to_owned()).collect();
    let mut all: BTreeSet<String> = sent.into_iter().chain(own).collect();
    if kind.days_only {
        all.retain(|column| !HOURS.contains(&column.as_str()));
    }
    all
}
