//! The tables of a made dossier, as text.

use super::Chance;

/// A table as programs write it: number, root, list around the records, record, and the cells of a row after MA_LK.
pub struct Table {
    pub number: u8,
    pub root: &'static str,
    /// List and record; none for a table of one record.
    pub list: Option<(&'static str, &'static str)>,
    cells: &'static [(&'static str, &'static str)],
}

/// A table's text and what is in it.
pub struct Written {
    pub text: String,
    /// Elements with a value or empty, known or not.
    pub cells: usize,
    /// Whether a cell is written as CDATA, which cannot stand in another one.
    pub cdata: bool,
}

const fn table(
    number: u8,
    root: &'static str,
    list: Option<(&'static str, &'static str)>,
    cells: &'static [(&'static str, &'static str)],
) -> Table {
    Table { number, root, list, cells }
}

/// XML1 to XML15 but XML12, whose root nobody has confirmed.
pub const TABLES: [Table; 14] = [
    table(
        1,
        "TONG_HOP",
        None,
        &[
            ("STT", "1"),
            ("HO_TEN", "Nguyễn Thị Hoa"),
            ("NGAY_SINH", "196600000000"),
            ("MA_THE_BHYT", "GD4010000000001"),
            ("DIA_CHI", "Số 5 &amp; 7, phố &lt;mới&gt;"),
            ("NGAY_VAO", "202610050830"),
            ("NGAY_RA", "202610050915"),
            ("T_TONGCHI_BV", "51000.00"),
            ("MA_LOAI_KCB", "01"),
            ("MA_CSKCB", "01013"),
        ],
    ),
    table(
        2,
        "CHITIEU_CHITIET_THUOC",
        Some(("DSACH_CHI_TIET_THUOC", "CHI_TIET_THUOC")),
        &[
            ("MA_THUOC", "40.30"),
            ("TYLE_TT_BH", "100"),
            ("SO_LUONG", "10.000"),
            ("DON_GIA", "1300.5"),
            ("NGAY_YL", "202610050840"),
        ],
    ),
    table(
        3,
        "CHITIEU_CHITIET_DVKT_VTYT",
        Some(("DSACH_CHI_TIET_DVKT", "CHI_TIET_DVKT")),
        &[("MA_DICH_VU", "02.1896"), ("TEN_DICH_VU", "Khám Nội"), ("SO_LUONG", "1"), ("THANH_TIEN_BV", "42100"), ("NGAY_KQ", "")],
    ),
    table(
        4,
        "CHITIEU_CHITIET_DICHVUCANLAMSANG",
        Some(("DSACH_CHI_TIET_CLS", "CHI_TIET_CLS")),
        &[("MA_DICH_VU", "23.0075"), ("TEN_CHI_SO", "Glucose"), ("GIA_TRI", "5,6"), ("NGAY_KQ", "202610050905")],
    ),
    table(
        5,
        "CHITIEU_CHITIET_DIENBIENLAMSANG",
        Some(("DSACH_CHI_TIET_DIEN_BIEN_BENH", "CHI_TIET_DIEN_BIEN_BENH")),
        &[("DIEN_BIEN_LS", "Mạch 80, huyết áp 120/80"), ("THOI_DIEM_DBLS", "202610050845")],
    ),
    table(
        6,
        "CHI_TIEU_HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS",
        Some(("DSACH_HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS", "HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS")),
        &[("NGAYKD_HIV", "20200102"), ("LAN_XN_PCR", "1"), ("MA_CSKCB", "01013")],
    ),
    table(7, "CHI_TIEU_DU_LIEU_GIAY_RA_VIEN", None, &[("NGAY_VAO", "202610050830"), ("TUOI_THAI", ""), ("NGAY_CT", "20261005")]),
    table(8, "CHI_TIEU_DU_LIEU_TOM_TAT_HO_SO_BENH_AN", None, &[("QT_BENHLY", "Ho khan 3 ngày"), ("SO_CONCHET", "0")]),
    table(
        9,
        "CHI_TIEU_DU_LIEU_GIAY_CHUNG_SINH",
        Some(("DSACH_GIAYCHUNGSINH", "DU_LIEU_GIAY_CHUNG_SINH")),
        &[("SO_CON", "1"), ("CAN_NANG_CON", "3100"), ("NGAY_SINH_CON", "202610050835")],
    ),
    table(
        10,
        "CHI_TIEU_DU_LIEU_GIAY_NGHI_DUONG_THAI",
        None,
        &[("SO_NGAY", "7"), ("TU_NGAY", "20261006"), ("DEN_NGAY", "20261012")],
    ),
    table(
        11,
        "CHI_TIEU_DU_LIEU_GIAY_CHUNG_NHAN_NGHI_VIEC_HUONG_BAO_HIEM_XA_HOI",
        None,
        &[("SO_CT", "12"), ("SO_NGAY_NGHI", "3"), ("TU_NGAY", "20261006")],
    ),
    table(13, "CHI_TIEU_GIAYCHUYENTUYEN", None, &[("MA_NOI_DEN", "01001"), ("NGAY_SINH", "1966")]),
    table(14, "CHI_TIEU_GIAYHEN_KHAMLAI", None, &[("NGAY_HEN_KL", "20261105"), ("CHAN_DOAN_RV", "Tăng huyết áp")]),
    table(
        15,
        "CHI_TIEU_DIEUTRI_BENHLAO",
        Some(("DSACH_CHITIET_DIEUTRI_BENHLAO", "CHITIET_DIEUTRI_BENHLAO")),
        &[("STT", "1"), ("NGAYBD_DTRI_LAO", "20260901")],
    ),
];

/// Names of decision 4210 for names of today.
const OLD_NAMES: [(&str, &str); 4] =
    [("MA_THE_BHYT", "MA_THE"), ("T_TONGCHI_BV", "T_TONGCHI"), ("TYLE_TT_BH", "TYLE_TT"), ("THANH_TIEN_BV", "THANH_TIEN")];

/// Writes a table with rows of a visit; `old` as programs of decision 4210 did.
pub fn write(table: &Table, link: &str, rows: usize, old: bool, chance: &mut Chance) -> Written {
    let mut out = Written { text: String::new(), cells: 0, cdata: false };
    let line_end = *chance.pick(&["", "", "\n", "\n  "]);
    // Decision 4210 put the list of drugs and services at the root.
    let bare = old && matches!(table.number, 2 | 3);
    let around = |text: String| match table.list {
        None => text,
        Some((list, _)) if bare => format!("<{list}>{text}</{list}>"),
        Some((list, _)) => format!("<{0}>{line_end}<{list}>{text}</{list}>{line_end}</{0}>", table.root),
    };
    let record = table.list.map_or(table.root, |(_, record)| record);
    let mut text = String::new();
    for number in 1..=rows {
        text.push_str(&format!("{line_end}<{record}>"));
        row(table, link, number, old, line_end, chance, (&mut text, &mut out));
        text.push_str(&format!("</{record}>{line_end}"));
        if chance.one_in(12) {
            text.push_str("<!-- ghi chú của phần mềm -->");
        }
    }
    out.text = around(text);
    out
}

fn row(
    table: &Table,
    link: &str,
    number: usize,
    old: bool,
    line_end: &str,
    chance: &mut Chance,
    (text, out): (&mut String, &mut Written),
) {
    let mut cell = |name: &str, value: &str, attribute: &str| {
        text.push_str(&format!("<{name}{attribute}>{value}</{name}>{line_end}"));
        out.cells += 1;
    };
    cell("MA_LK", link, "");
    if matches!(table.number, 2..=5) {
        cell("STT", &number.to_string(), "");
    }
    for (name, value) in table.cells {
        let name = OLD_NAMES.iter().find(|(new, _)| old && new == name).map_or(*name, |(_, old)| *old);
        // What a visit cannot do without is written plainly, so that a planted fault finds it.
        let plain = matches!(name, "MA_CSKCB" | "NGAY_RA" | "T_TONGCHI_BV" | "NGAY_VAO" | "HO_TEN" | "T_TONGCHI");
        match chance.below(8) {
            0 if !plain => {}
            1 if !plain && !value.contains('&') => {
                out.cdata = true;
                cell(name, &format!("<![CDATA[{value}]]>"), "");
            }
            2 if !plain => cell(name, value, " kieu=\"s\""),
            _ => cell(name, value, ""),
        }
    }
    if chance.one_in(5) {
        cell("TRUONG_CUA_PHAN_MEM", "giữ lại", "");
    }
}
