//! The city agency's own first path: sheets 79a and 80a of the audit portal, audited like claims, with "not enough data" where they do not say enough.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;

use crate::support::{self, PERIOD, ansinh, good, text};

/// Sheet 80a with the new headings. Mai and Nam lay in two hospitals at once; the portal refused one of Nam's stays. Of hospital 01013 one of two stays
/// is there as XML too.
const INPATIENT: &str = "BẢO HIỂM XÃ HỘI THÀNH PHỐ HÀ NỘI\nBiểu 80a. Chi phí khám bệnh, chữa bệnh nội trú\n\
    STT|MA_LK|MA_BN|HO_TEN|NGAY_SINH|GIOI_TINH|MA_THE_BHYT|MA_DKBD|GT_THE_TU|GT_THE_DEN|MA_DOITUONG_KCB|MA_BENH_CHINH|MA_BENH_KT|NGAY_VAO|NGAY_VAO_NOI_TRU|\
    NGAY_RA|SO_NGAY_DTRI|KET_QUA_DTRI|MA_LOAI_RV|T_TONGCHI_BV|T_TONGCHI_BH|T_BNTT|T_BNCCT|T_BHTT|NAM_QT|THANG_QT|MA_LOAI_KCB|MA_CSKCB|T_XUATTOAN|LYDO_XT\n\
    1|A1|BN1|Lê Thị Mai|196805120000|2|GD4010123456789|01999|20260101|20261231|1.1|K35.8|I10|202610050830|202610050915|202610090800|5|1|1|8123456,78|8000000|\
    123456,78|1600000|6400000|2026|10|03|01999||\n\
    2|B1|BN7|Lê Thị Mai|196805120000|2|GD4010123456789|01999|20260101|20261231|1.3|J18|I10|202610070900|202610070930|202610120800|6|1|1|5000000|5000000|\
    0|1000000|4000000|2026|10|03|01998||\n\
    3|A2|BN2|Trần Văn Nam|197001010000|1|GD4010123456780|01999|20260101|20261231|1.1|K35.8|I10|202610050830|202610050915|202610090800|5|1|1|8000000|8000000|\
    0|1600000|6400000|2026|10|03|01999||\n\
    4|B2|BN8|Trần Văn Nam|197001010000|1|GD4010123456780|01999|20260101|20261231|1.3|J18|I10|202610070900|202610070930|202610120800|6|1|1|5000000|5000000|\
    0|1000000|4000000|2026|10|03|01998|4000000|Trùng đợt điều trị\n\
    5|X1|BN9|Phạm Thị Lan|198001010000|2|GD4010123456781|01013|20260101|20261231|1.1|K35.8|I10|202610060900|202610060930|202610080800|3|1|1|900000|900000|\
    0|180000|720000|2026|10|03|01013||\n\
    6|X2|BN9|Phạm Thị Lan|198001010000|2|GD4010123456781|01013|20260101|20261231|1.1|K35.8|I10|202610160900|202610160930|202610180800|3|1|1|900000|900000|\
    0|180000|720000|2026|10|03|01013||\n";

/// Sheet 79a with the old headings, without MA_LK: a visit ten days after a death, and one told by its day alone, on a card that had ended.
const OUTPATIENT: &str = "BẢO HIỂM XÃ HỘI THÀNH PHỐ HÀ NỘI\nMẫu số: C79a-HD\n\
    STT|MA_BN|HO_TEN|NGAY_SINH|GIOI_TINH|DIA_CHI|MA_THE|MA_DKBD|GT_THE_TU|GT_THE_DEN|MA_BENH|MA_BENHKHAC|MA_LYDO_VVIEN|NGAY_VAO|NGAY_RA|SO_NGAY_DTRI|\
    KET_QUA_DTRI|TINH_TRANG_RV|T_TONGCHI|T_THUOC|T_BNTT|T_BHTT|MA_KHOA|NAM_QT|THANG_QT|MA_LOAIKCB|MA_CSKCB|T_XUATTOAN|LYDO_XT\n\
    1|BN11|Vũ Văn Định|19500214|1|Số 1, Phường Ba Đình|HT3010123456783|01999|20260101|20261231|J00||1|202610200830|202610200910|0|1|1|250.000,5|200.000,5|\
    50.000,1|200.000,4|K01|2026|10|1|01999||\n\
    2|BN12|Ngô Thị Hà|19900201|2|Số 2, Phường Ba Đình|GD4010123456784|01999|20260101|20260930|J02||1|20261021|20261021|0|1|1|412500,75|400000|\
    0|412500,75|K01|2026|10|1|01999||\n";

const CARDS: &str = "DANH SÁCH THẺ BẢO HIỂM Y TẾ\n\
    STT|Mã thẻ|Mã số BHXH|Số CCCD|Họ và tên|Ngày sinh|Giới tính|Địa chỉ|Giá trị từ|Giá trị đến\n\
    1|HT3010123456783|0123456783|001050012345|Vũ Văn Định|14/02/1950|Nam|Số 1, phường Ba Đình|01/01/2026|31/12/2026\n\
    2|GD4010123456784|0123456784|001190012346|Ngô Thị Hà|01/02/1990|Nữ|Số 2, phường Ba Đình|01/01/2026|31/12/2026\n";

const DEATHS: &str = "DANH SÁCH KHAI TỬ\nSTT|Họ và tên|Số định danh|Ngày sinh|Giới tính|Địa chỉ|Ngày chết|Ngày đăng ký khai tử\n\
    1|Vũ Văn Định|001050012345|14/02/1950|Nam|Số 1, phường Ba Đình|10/10/2026|12/10/2026\n";

/// The claim file of hospital 01013: the first of its two stays of the sheet.
fn xml() -> String {
    let part =
        |table: &str, inner: &str| format!("<FILEHOSO><LOAIHOSO>{table}</LOAIHOSO><NOIDUNGFILE>{inner}</NOIDUNGFILE></FILEHOSO>");
    let visit = "<TONG_HOP><MA_LK>X1</MA_LK><STT>1</STT><MA_BN>BN9</MA_BN><HO_TEN>Phạm Thị Lan</HO_TEN><NGAY_SINH>198001010000</NGAY_SINH>\
        <GIOI_TINH>2</GIOI_TINH><MA_THE_BHYT>GD4010123456781</MA_THE_BHYT><NGAY_VAO>202610060900</NGAY_VAO><NGAY_RA>202610080800</NGAY_RA>\
        <MA_LOAI_RV>1</MA_LOAI_RV><MA_LOAI_KCB>03</MA_LOAI_KCB><T_TONGCHI_BV>900000</T_TONGCHI_BV><T_TONGCHI_BH>900000</T_TONGCHI_BH><T_BHTT>720000</T_BHTT>\
        <NAM_QT>2026</NAM_QT><THANG_QT>10</THANG_QT><MA_CSKCB>01013</MA_CSKCB></TONG_HOP>";
    let drugs = "<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC><CHI_TIET_THUOC><MA_LK>X1</MA_LK><STT>1</STT><MA_THUOC>40.30</MA_THUOC>\
        <TEN_THUOC>Thuốc A</TEN_THUOC><SO_LUONG>10.000</SO_LUONG></CHI_TIET_THUOC></DSACH_CHI_TIET_THUOC></CHITIEU_CHITIET_THUOC>";
    format!(
        "<GIAMDINHHS><THONGTINDONVI><MACSKCB>01013</MACSKCB></THONGTINDONVI><THONGTINHOSO><NGAYLAP>20261101</NGAYLAP>\
         <SOLUONGHOSO>1</SOLUONGHOSO><DANHSACHHOSO><HOSO>{}{}</HOSO></DANHSACHHOSO></THONGTINHOSO></GIAMDINHHS>",
        part("XML1", visit),
        part("XML2", drugs)
    )
}

/// A data folder with the sheets, cards and deaths, and with the XML of one hospital or without; the month is run.
fn audited(name: &str, with_xml: bool) -> PathBuf {
    let files = support::shared_folder().join(format!("{name}-files"));
    let data = support::shared_folder().join(name);
    fs::create_dir_all(&files).unwrap();
    for (file, content) in
        [("noi-tru.txt", INPATIENT), ("ngoai-tru.txt", OUTPATIENT), ("the.txt", CARDS), ("khai-tu.txt", DEATHS)]
    {
        let path = files.join(file);
        fs::write(&path, content.replace('|', "\t")).unwrap();
        let taken = ansinh(&["intake", "auto", text(&path), "--period", PERIOD, "--data", text(&data), "--json"]);
        assert_eq!(taken.code, 0, "{file}: {taken:?}");
    }
    if with_xml {
        let path = files.join("01013.xml");
        fs::write(&path, xml()).unwrap();
        good(&["claims", "import", text(&path), "--data", text(&data)]);
    }
    good(&["run", "--period", PERIOD, "--data", text(&data)]);
    data
}

fn both() -> &'static Path {
    static DATA: OnceLock<PathBuf> = OnceLock::new();
    DATA.get_or_init(|| audited("claims-sheets", true))
}

/// The rows that a query gives, cells joined by a stroke; NULL is a dash.
fn asked(data: &Path, sql: &str) -> Vec<String> {
    let said = good(&["query", sql, "--data", text(data)]);
    let cell = |cell: &Value| {
        cell.as_str().map_or_else(|| if cell.is_null() { "-".to_owned() } else { cell.to_string() }, str::to_owned)
    };
    let line = |row: &Value| row.as_array().unwrap().iter().map(cell).collect::<Vec<_>>().join("|");
    said["rows"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn sheets_are_visits_and_xml_of_the_same_visit_wins() {
    let stays = asked(
        both(),
        "SELECT facility, grain, count(*) AS visits, count(lines) AS with_lines, count(content) AS with_content, count(arrived) AS with_hours \
         FROM claim_stay GROUP BY facility, grain ORDER BY facility, grain",
    );
    // Of the two outpatient visits one is told by its day alone.
    assert_eq!(stays, ["01013|dossier|1|1|1|1", "01013|sheet|1|0|0|1", "01998|sheet|2|0|0|2", "01999|sheet|4|0|0|3"]);
    let facilities =
        asked(both(), "SELECT facility, grain, visits, sheet_visits, sheet_rows_left_out FROM claim_facility ORDER BY facility");
    // Of hospital 01013 the row of X1 is left out because XML has it; X2, which XML does not have, stays in the audit.
    assert_eq!(facilities, ["01013|dossier|2|1|1", "01998|sheet|2|2|0", "01999|sheet|4|4|0"]);
    let days = "SELECT CAST(start_day AS VARCHAR), CAST(total_bh AS VARCHAR) FROM claim_stay WHERE arrived IS NULL";
    assert_eq!(
        asked(both(), days),
        ["2026-10-21|412500.750000"],
        "money with a comma; under the old headings the only cost there is"
    );
}

#[test]
fn who_pays_beside_the_fund_is_told_as_far_as_the_sheet_tells_it() {
    let cell = |name: &str| format!("CAST({name} AS VARCHAR) AS told_{name}");
    let cells = ["total_bv", "copay", "patient_paid", "other_sources"].map(cell).join(", ");
    let paid = asked(both(), &format!("SELECT {cells} FROM claim_stay WHERE facility = '01999' ORDER BY total_bv"));
    let expected = [
        // The old headings have no co-payment, and T_BNTT there has it in it: nothing is said of either.
        "250000.500000|-|-|-",
        "412500.750000|-|-|-",
        "8000000.000000|1600000.000000|0.000000|-",
        "8123456.780000|1600000.000000|123456.780000|-",
    ];
    assert_eq!(paid, expected, "no sheet here has T_NGUONKHAC");
    let xml = format!("SELECT {cells} FROM claim_stay WHERE grain = 'dossier'");
    assert_eq!(asked(both(), &xml), ["900000.000000|0.000000|0.000000|0.000000"], "what a dossier leaves empty is nothing");
}

#[test]
fn a_dead_mans_visit_and_stays_in_two_hospitals_are_found() {
    let sql = "SELECT f.rule, f.facility, s.person_link, CAST(f.amount AS BIGINT), f.national \
        FROM claim_finding f JOIN claim_stay s ON s.visit_id = f.visit_id \
        WHERE f.rule IN ('after-death', 'overlapping-admissions') ORDER BY f.rule, f.national NULLS FIRST";
    assert_eq!(
        asked(both(), sql),
        [
            "after-death|01999|exact|200000|-",
            "overlapping-admissions|01998|own|4000000|-",
            // T_XUATTOAN is all of T_BHTT: the national system refused the stay, so it is no work for the city.
            "overlapping-admissions|01998|own|4000000|refused",
        ]
    );
    let card = "SELECT s.facility, CAST(s.start_day AS VARCHAR) FROM claim_finding f JOIN claim_stay s ON s.visit_id = f.visit_id \
        WHERE f.rule = 'card-not-valid' AND s.grain = 'sheet'";
    assert_eq!(asked(both(), card), ["01999|2026-10-21"], "a rule over single visits, on a day without an hour");
}

#[test]
fn what_a_sheet_does_not_say_is_no_finding_and_is_not_passed() {
    let runs = |rule: &str| asked(both(), &format!("SELECT asked, unknown FROM claim_rule_run WHERE rule = '{rule}'")).remove(0);
    // Sums over lines: of eight visits seven are of sheets.
    assert_eq!(runs("fund-total-differs"), "8|7");
    assert_eq!(runs("hospital-total-differs"), "8|7");
    assert_eq!(runs("inpatient-without-discharge-paper"), "8|7");
    // 80a has NGAY_VAO_NOI_TRU, the old 79a has no such column: nobody left it out there.
    assert_eq!(runs("admission-time-missing"), "8|2");
    // No sheet has SO_CCCD.
    let wrong = "SELECT f.rule FROM claim_finding f JOIN claim_stay s ON s.visit_id = f.visit_id WHERE s.grain = 'sheet' \
        AND f.rule IN ('adult-without-id', 'no-cost-lines', 'fund-total-differs', 'inpatient-without-notes', 'admission-time-missing', 'exact-duplicate')";
    assert_eq!(asked(both(), wrong), Vec::<String>::new());
    let without = "SELECT rule, visits_without_lines FROM claim_rule_run \
        WHERE rule IN ('duplicate-line', 'exact-duplicate', 'overlapping-admissions', 'after-death', 'fund-total-differs') ORDER BY rule";
    assert_eq!(
        asked(both(), without),
        ["after-death|0", "duplicate-line|7", "exact-duplicate|7", "fund-total-differs|0", "overlapping-admissions|0"]
    );
}

#[test]
fn a_month_of_sheets_alone_has_no_lines_and_says_so() {
    let data = audited("claims-sheets-alone", false);
    let states = "SELECT rule, state, missing FROM claim_rule_run WHERE rule IN ('duplicate-line', 'overlapping-admissions') ORDER BY rule";
    assert_eq!(asked(&data, states), ["duplicate-line|not_evaluated|claim_item", "overlapping-admissions|evaluated|-"]);
    let visits = "SELECT count(*), count(DISTINCT visit_id) FROM claim_stay WHERE grain = 'sheet'";
    assert_eq!(asked(&data, visits), ["8|8"], "without XML the rows of 01013 count too");
    // The share of stations needs the list of facilities alone; the other figures of the plan need lines, and say so.
    let figures = "SELECT id, numerator, missing FROM claim_indicator WHERE commune IS NULL ORDER BY id";
    let missing = ["T5b|-|facility_catalogue", "T5c|-|claim_lines", "T5c-visits|-|claim_lines", "T5d|-|claim_lines"];
    assert_eq!(asked(&data, figures), missing);
    let facilities = "SELECT facility, visits, prescriptions, lab_lines FROM claim_facility_figure ORDER BY facility";
    assert_eq!(asked(&data, facilities), ["01013|2|-|-", "01998|2|-|-", "01999|4|-|-"]);
    let replay = good(&["replay", "--data", text(&data)]);
    assert_eq!(replay["differing"].as_array().unwrap().len(), 0, "{replay}");
}

/// A sheet of one hospital without MA_LK, so many visits of different people on different days.
fn many_rows(count: usize) -> String {
    let head = "BẢO HIỂM XÃ HỘI THÀNH PHỐ HÀ NỘI\nMẫu số: C79a-HD\n\
        STT|MA_BN|HO_TEN|NGAY_SINH|GIOI_TINH|MA_THE|MA_DKBD|MA_BENH|NGAY_VAO|NGAY_RA|T_TONGCHI|T_BHTT|NAM_QT|THANG_QT|MA_LOAIKCB|MA_CSKCB\n";
    let row = |n: usize| {
        // The first one is the visit that XML tells too: X1 of hospital 01013.
        let (card, arrived, ended) = match n {
            1 => ("GD4010123456781".to_owned(), "202610060900", "202610080800"),
            _ => (format!("GD4010120{n:06}"), "202610150830", "202610150930"),
        };
        format!("{n}|BN{n}|Lê Thị Mai|19680512|2|{card}|01013|J02|{arrived}|{ended}|900000|720000|2026|10|1|01013\n")
    };
    head.to_owned() + &(1..=count).map(row).collect::<String>()
}

#[test]
fn one_dossier_of_a_hospital_does_not_take_its_other_thousand_visits_out_of_the_audit() {
    let files = support::shared_folder().join("claims-sheets-many-files");
    let data = support::shared_folder().join("claims-sheets-many");
    fs::create_dir_all(&files).unwrap();
    let (sheet, claims) = (files.join("79a.txt"), files.join("01013.xml"));
    fs::write(&sheet, many_rows(1_000).replace('|', "\t")).unwrap();
    fs::write(&claims, xml()).unwrap();
    let taken = ansinh(&["intake", "auto", text(&sheet), "--period", PERIOD, "--data", text(&data), "--json"]);
    assert_eq!(taken.code, 0, "{taken:?}");
    good(&["claims", "import", text(&claims), "--data", text(&data)]);
    good(&["run", "--period", PERIOD, "--data", text(&data)]);
    let stays = "SELECT grain, count(*) FROM claim_stay GROUP BY grain ORDER BY grain";
    assert_eq!(asked(&data, stays), ["dossier|1", "sheet|999"], "no row has MA_LK: card, days and cost tell the one of XML");
    let facility = "SELECT visits, sheet_visits, sheet_rows_left_out FROM claim_facility WHERE facility = '01013'";
    assert_eq!(asked(&data, facility), ["1000|999|1"]);
}

/// Sheet B02 of the month: hospital 01999 as it is here, 01998 with a visit more and without what was refused, 01013 without a row, and one that is not here.
const B02: &str = "Biểu B02. Thống kê khám bệnh, chữa bệnh\nTừ tháng 10/2026 đến tháng 10/2026\n\
    MA_CSKCB|TEN_CSKCB|TONG_LUOT|TYLE_NOITRU|CHI_BQ_CHUNG|TONG_CHI|T_BHTT\n\
    01999|Bệnh viện Thử|4|50|4.165.625,31|16.662.501,25|13.412.501,15\n\
    01998|Bệnh viện Mẫu|3|100|5.000.000|15.000.000|4.000.000\n\
    01777|Phòng khám Khác|12|0|200.000|2.400.000|1.900.000\n|Người lập\n";

/// Sheet B04 of ten months: no figure of it stands beside a single one.
const B04: &str = "Biểu B04. Thống kê chi bình quân\nTừ tháng 01/2026 đến tháng 10/2026\n\
    MA_CSKCB|TEN_CSKCB|CHI_BQ_LUOTKCB|BQ_XN|BQ_CDHA|BQ_THUOC|BQ_PTT|BQ_VTYT|BQ_GIUONG|NGAY_TTBQ\n\
    01999|Bệnh viện Thử|512.345,67|60.000|40.000|215.250,5|90.000|50.000|57.095,17|5,5\n|Người lập\n";

#[test]
fn the_month_is_held_against_the_portals_own_sheets() {
    let data = audited("claims-sheets-portal", false);
    let states = "SELECT facility, state, b02, b04, b26 FROM claim_portal_compare ORDER BY facility";
    let without = |facility: &str| format!("{facility}|not_compared|not_arrived|not_arrived|not_arrived");
    assert_eq!(asked(&data, states), ["01013", "01998", "01999"].map(without), "no sheet arrived, and that is said");
    let files = support::shared_folder().join("claims-sheets-portal-files");
    for (file, content) in [("b02.txt", B02), ("b04.txt", B04)] {
        let path = files.join(file);
        fs::write(&path, content.replace('|', "\t")).unwrap();
        let taken = ansinh(&["intake", "auto", text(&path), "--period", PERIOD, "--data", text(&data), "--json"]);
        assert_eq!(taken.code, 0, "{file}: {taken:?}");
    }
    good(&["run", "--period", PERIOD, "--data", text(&data)]);
    assert_eq!(
        asked(&data, states),
        [
            "01013|ours_only|no_row|other_months|not_arrived",
            "01777|portal_only|compared|other_months|not_arrived",
            "01998|differs|compared|other_months|not_arrived",
            "01999|agrees|compared|other_months|not_arrived",
        ]
    );
    let figures = "SELECT visits, visits_difference, CAST(total_difference AS VARCHAR), CAST(fund_difference AS VARCHAR), \
        CAST(refused AS VARCHAR), portal_average_b04 FROM claim_portal_compare WHERE facility = '01998'";
    // The portal has a visit more, and of the 8,000,000 asked here just the 4,000,000 that it did not refuse.
    assert_eq!(asked(&data, figures), ["2|-1|-5000000.000000|4000000.000000|4000000.000000|-"]);
    let replay = good(&["replay", "--data", text(&data)]);
    assert_eq!(replay["differing"].as_array().unwrap().len(), 0, "{replay}");
}
