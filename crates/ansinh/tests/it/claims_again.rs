//! Claims sent again and a month run again: what is mended, what could not be looked at.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{self, PERIOD, good, text};

/// One outpatient visit of hospital 01013: its key, the first and last day of the card, what the fund is asked for.
struct Visit {
    link: &'static str,
    card: Option<(&'static str, &'static str)>,
    fund: i64,
    /// MA_DOITUONG_KCB; 8 withdraws the request.
    category: &'static str,
}

/// A visit at the right place.
fn visit(link: &'static str, card: Option<(&'static str, &'static str)>, fund: i64) -> Visit {
    Visit { link, card, fund, category: "1.1" }
}

impl Visit {
    fn xml(&self) -> String {
        let (link, fund, category) = (self.link, self.fund, self.category);
        let term = self
            .card
            .map_or_else(String::new, |(from, to)| format!("<GT_THE_TU>{from}</GT_THE_TU><GT_THE_DEN>{to}</GT_THE_DEN>"));
        let own = format!(
            "<TONG_HOP><MA_LK>{link}</MA_LK><STT>1</STT><MA_BN>{link}</MA_BN><HO_TEN>Phạm Thị Lan</HO_TEN><NGAY_SINH>198001010000</NGAY_SINH>\
             <GIOI_TINH>2</GIOI_TINH><MA_THE_BHYT>GD4010123456781</MA_THE_BHYT><MA_DKBD>01013</MA_DKBD>{term}<MA_DOITUONG_KCB>{category}</MA_DOITUONG_KCB>\
             <NGAY_VAO>202610060900</NGAY_VAO><NGAY_RA>202610061000</NGAY_RA><MA_LOAI_KCB>01</MA_LOAI_KCB><T_TONGCHI_BV>{fund}</T_TONGCHI_BV>\
             <T_TONGCHI_BH>{fund}</T_TONGCHI_BH><T_BHTT>{fund}</T_BHTT><NAM_QT>2026</NAM_QT><THANG_QT>10</THANG_QT><MA_CSKCB>01013</MA_CSKCB></TONG_HOP>"
        );
        format!("<HOSO><FILEHOSO><LOAIHOSO>XML1</LOAIHOSO><NOIDUNGFILE>{own}</NOIDUNGFILE></FILEHOSO></HOSO>")
    }
}

/// A visit of the same person with one test of HbA1c on a day, settled in that day's month.
fn hba1c(link: &str, day: &str) -> String {
    let (year, month) = (&day[..4], &day[4..6]);
    let own = format!(
        "<TONG_HOP><MA_LK>{link}</MA_LK><STT>1</STT><MA_BN>BN9</MA_BN><HO_TEN>Phạm Thị Lan</HO_TEN><NGAY_SINH>198001010000</NGAY_SINH>\
         <GIOI_TINH>2</GIOI_TINH><MA_THE_BHYT>GD4010123456781</MA_THE_BHYT><NGAY_VAO>{day}0800</NGAY_VAO><NGAY_RA>{day}1000</NGAY_RA>\
         <MA_LOAI_KCB>01</MA_LOAI_KCB><T_TONGCHI_BV>100000</T_TONGCHI_BV><T_TONGCHI_BH>100000</T_TONGCHI_BH><T_BHTT>100000</T_BHTT>\
         <NAM_QT>{year}</NAM_QT><THANG_QT>{month}</THANG_QT><MA_CSKCB>01013</MA_CSKCB></TONG_HOP>"
    );
    let lines = format!(
        "<CHITIEU_CHITIET_DVKT_VTYT><DSACH_CHI_TIET_DVKT><CHI_TIET_DVKT><MA_LK>{link}</MA_LK><STT>7</STT><MA_DICH_VU>23.0083.1523</MA_DICH_VU>\
         <TEN_DICH_VU>Định lượng HbA1c</TEN_DICH_VU><MA_NHOM>1</MA_NHOM><SO_LUONG>1</SO_LUONG><NGAY_YL>{day}0805</NGAY_YL>\
         <NGAY_TH_YL>{day}0815</NGAY_TH_YL></CHI_TIET_DVKT></DSACH_CHI_TIET_DVKT></CHITIEU_CHITIET_DVKT_VTYT>"
    );
    let part =
        |table: &str, inner: &str| format!("<FILEHOSO><LOAIHOSO>{table}</LOAIHOSO><NOIDUNGFILE>{inner}</NOIDUNGFILE></FILEHOSO>");
    format!("<HOSO>{}{}</HOSO>", part("XML1", &own), part("XML3", &lines))
}

/// Sends visits as one file.
fn send(data: &Path, name: &str, visits: &[Visit]) {
    let visits: Vec<String> = visits.iter().map(Visit::xml).collect();
    send_xml(data, name, &visits);
}

/// Sends dossiers as one file.
fn send_xml(data: &Path, name: &str, visits: &[String]) {
    let files = support::shared_folder().join("claims-again-files");
    fs::create_dir_all(&files).unwrap();
    let path = files.join(name);
    let all = visits.concat();
    let file = format!(
        "<GIAMDINHHS><THONGTINDONVI><MACSKCB>01013</MACSKCB></THONGTINDONVI><THONGTINHOSO><NGAYLAP>20261101</NGAYLAP>\
         <SOLUONGHOSO>{}</SOLUONGHOSO><DANHSACHHOSO>{all}</DANHSACHHOSO></THONGTINHOSO></GIAMDINHHS>",
        visits.len()
    );
    fs::write(&path, file).unwrap();
    good(&["claims", "import", text(&path), "--data", text(data)]);
}

fn run(data: &Path) {
    good(&["run", "--period", PERIOD, "--data", text(data)]);
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

fn data(name: &str) -> PathBuf {
    support::shared_folder().join(name)
}

const ENDED: Option<(&str, &str)> = Some(("20260101", "20260930"));
const GOOD: Option<(&str, &str)> = Some(("20260101", "20261231"));

#[test]
fn a_finding_is_resolved_when_its_rule_says_no_and_not_when_it_cannot_look() {
    let data = data("claims-again");
    send(&data, "first.xml", &[visit("V1", ENDED, 720_000), visit("V2", ENDED, 510_000), visit("V3", ENDED, 430_000)]);
    run(&data);
    let found = "SELECT CAST(fund AS BIGINT) AS dong, state FROM claim_finding WHERE rule = 'card-not-valid' ORDER BY dong";
    assert_eq!(asked(&data, found), ["430000|new", "510000|new", "720000|new"]);

    // V1 comes again without the days of its card, V2 with the right ones, V3 not at all.
    send(&data, "again.xml", &[visit("V1", None, 720_000), visit("V2", GOOD, 510_000)]);
    run(&data);
    assert_eq!(asked(&data, found), ["430000|still"]);
    let gone = "SELECT CAST(s.fund AS BIGINT) AS dong, g.state FROM claim_finding_gone g JOIN claim_stay s ON s.visit_id = g.visit_id \
        WHERE g.rule = 'card-not-valid' ORDER BY dong";
    assert_eq!(asked(&data, gone), ["510000|resolved", "720000|not_evaluated"]);
}

#[test]
fn a_withdrawn_visit_is_out_of_the_audit_and_its_findings_say_so() {
    let data = data("claims-withdrawn");
    send(&data, "to-withdraw.xml", &[visit("W1", ENDED, 720_000), visit("W2", ENDED, 510_000), visit("W3", ENDED, 430_000)]);
    run(&data);
    // W1 is withdrawn within the month, W3 by a dossier that is settled in November.
    let of_november = Visit { category: "8", ..visit("W3", ENDED, 430_000) }.xml().replace("<THANG_QT>10<", "<THANG_QT>11<");
    send_xml(&data, "withdrawal.xml", &[Visit { category: "8", ..visit("W1", ENDED, 720_000) }.xml(), of_november]);
    run(&data);
    let visits = "SELECT CAST(fund AS BIGINT) FROM claim_stay";
    assert_eq!(asked(&data, visits), ["510000"]);
    let facility = "SELECT visits, withdrawn, CAST(fund AS BIGINT) FROM claim_facility";
    assert_eq!(asked(&data, facility), ["1|1|510000"]);
    let gone = "SELECT facility, state FROM claim_finding_gone WHERE rule = 'card-not-valid'";
    assert_eq!(asked(&data, gone), ["01013|withdrawn", "01013|withdrawn"]);
    let found = "SELECT CAST(fund AS BIGINT), state FROM claim_finding WHERE rule = 'card-not-valid'";
    assert_eq!(asked(&data, found), ["510000|still"]);
}

#[test]
fn a_test_that_was_done_two_months_ago_is_still_valid() {
    let data = data("claims-months");
    // Fifty-one days lie between the first and the last; nothing of the sort was done in September.
    let september = hba1c("T9", "20260915").replace("HbA1c", "glucose");
    for (period, file, dossier) in [
        ("2026-08", "T8.xml", hba1c("T8", "20260820")),
        ("2026-09", "T9.xml", september),
        ("2026-10", "T10.xml", hba1c("T10", "20261010")),
    ] {
        send_xml(&data, file, &[dossier]);
        good(&["run", "--period", period, "--data", text(&data)]);
    }
    let found = "SELECT line_table, line_no, line_stt FROM claim_finding WHERE rule = 'test-repeated-within-validity'";
    assert_eq!(asked(&data, found), ["xml3|1|7"], "sixty days; the facility numbered the line 7");
    let replay = good(&["replay", "--data", text(&data)]);
    assert_eq!(replay["differing"].as_array().unwrap().len(), 0, "{replay}");
}
