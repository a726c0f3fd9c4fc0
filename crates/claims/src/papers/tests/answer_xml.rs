//! Form 09/BH as XML: what the sheet says, filled in, and back; what others made of it is refused.

use base::Dong;
use claimfile::TableId;
use desk::AnswerKind;
use documents::sheet::Cell;

use super::super::*;
use super::answer::{known, reasons, sent};
use super::{CASE, day, papers};

/// The facility numbered its first line of drugs 12.
fn numbers() -> BTreeMap<(i64, TableId, i64), i64> {
    BTreeMap::from([((11, TableId::XML2, 1), 12)])
}

/// The file of the case, whose second line is of the visit itself, and of which the third is not asked about.
fn written() -> String {
    let mut record = sent(CASE);
    record.lines[1].line_table = None;
    record.lines[0].reason = "Thuốc A & B < 2 lần".into();
    answer_xml(&papers().answer, ("01001", day("2026-11-03")), &[(&record, "LK-0001")], &numbers())
}

/// The same as the desk has it.
fn cases() -> BTreeMap<String, desk::FacilityReviewRecord> {
    let mut record = sent(CASE);
    record.lines[1].line_table = None;
    known([record])
}

/// The file with its lines filled in: state, new value and reason of the cost line; the visit's line has the dossier's state.
fn filled(state: &str, value: &str, reason: &str) -> String {
    let xml = written();
    let (head, costs) = xml.split_once("<DSCP_DIEUCHINH>").unwrap();
    let fill = |part: &str, state: &str, value: &str, reason: &str| {
        part.replace("<TRANGTHAI></TRANGTHAI>", &format!("<TRANGTHAI>{state}</TRANGTHAI>"))
            .replace("<TT_DIEUCHINH></TT_DIEUCHINH>", &format!("<TT_DIEUCHINH>{value}</TT_DIEUCHINH>"))
            .replace("<LYDO_DIEUCHINH></LYDO_DIEUCHINH>", &format!("<LYDO_DIEUCHINH>{reason}</LYDO_DIEUCHINH>"))
    };
    format!("{}<DSCP_DIEUCHINH>{}", fill(head, "3", "", "Có y lệnh, gửi kèm bệnh án"), fill(costs, state, value, reason))
}

fn read(xml: &str) -> Vec<SheetRow> {
    let lines = read_answer_xml(&papers().answer, xml.as_bytes()).unwrap();
    xml_rows(&lines, &cases(), &numbers())
}

#[test]
fn the_xml_holds_what_the_sheet_holds_and_no_patient() {
    let xml = written();
    for part in [
        "<!-- Tên thẻ theo ba phần mềm",
        "[U]",
        "[C]",
        &format!("<TT_HOSO Id=\"Id-{CASE}.v3\">"),
        "<MAU_SO>09/BH</MAU_SO><MA_CSKCB>01001</MA_CSKCB>",
        "<NGAYTHANGNAM>20261103</NGAYTHANGNAM>",
        "<XML1_ID>998877</XML1_ID><MA_LK>LK-0001</MA_LK><MA_BN></MA_BN><HO_TEN></HO_TEN><MA_THE></MA_THE>",
        "<KY_QT>202610</KY_QT><TRANGTHAI></TRANGTHAI>",
        "Thuốc A &amp; B &lt; 2 lần. Khoản 1 Điều 5 Thông tư mẫu",
        "<CHUKYDONVI></CHUKYDONVI></HOSO_DIEUCHINH_GD>",
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
    assert_eq!(xml.lines().count(), 3, "declaration, note, and one line that signers take as it is");

    // Each cell of the sheet stands in the line, under its element; the day of answer has none.
    let form = papers().answer;
    let mut record = sent(CASE);
    record.lines[1].line_table = None;
    record.lines[0].reason = "Thuốc A & B < 2 lần".into();
    let rows = answer_rows(&form, &record, ("LK-0001", &numbers()), 1);
    let cell = |row: usize, name: &str| {
        let place = form.columns.iter().position(|column| column.name == name).unwrap();
        match &rows[row][place] {
            Cell::Text(text) => text.clone(),
            Cell::Int(number) => number.to_string(),
            other => panic!("{name}: {other:?}"),
        }
    };
    let lines = read_answer_xml(&form, xml.as_bytes()).unwrap();
    // Lines of the visit stand before those of costs.
    let (visit, cost) = (&lines[0], &lines[1]);
    assert!(visit.of_visit && !cost.of_visit && lines.len() == 2);
    for (element, name) in
        [("STT", "number"), ("TRUONG_TT_GOC", "old_field"), ("TT_GOC", "old_value"), ("TRUONG_TT_DIEUCHINH", "new_field")]
    {
        assert_eq!(cost.cells[element], cell(0, name), "{name}");
        assert_eq!(visit.cells[element], cell(1, name), "{name}");
    }
    for (element, name) in [("STT_XML", "line_no"), ("LYDO", "refuse_reason"), ("TUCHOI", "refused_amount")] {
        assert_eq!(cost.cells[element], cell(0, name), "{name}");
    }
    assert_eq!((cost.cells["SOBANG_XML"].as_str(), cell(0, "table").as_str()), ("2", "XML2"));
}

#[test]
fn the_xml_comes_back_as_the_answers_of_its_case() {
    let form = papers().answer;
    for value in ["20000", "20.000", "20000.00"] {
        let sorted = sort(&form, &read(&filled("2", value, "Kê thừa, xin &lt;điều chỉnh&gt;")), &cases());
        assert_eq!(reasons(&sorted), [], "{value}");
        let case = &sorted.cases[0];
        assert_eq!((case.review.as_str(), case.version), (CASE, 3));
        let mut said: Vec<_> = case.answers.iter().map(|one| (one.line.as_deref(), one.kind, one.amount)).collect();
        said.sort_by_key(|(line, _, _)| *line);
        let expected = [(Some("l-a"), AnswerKind::Adjust, Some(Dong::new(20_000))), (Some("l-b"), AnswerKind::Explain, None)];
        assert_eq!(said, expected, "{value}");
        assert!(case.answers.iter().any(|one| one.text == "Kê thừa, xin <điều chỉnh>"));
    }
    let untouched = sort(&form, &read(&written()), &cases());
    assert_eq!((untouched.empty, untouched.cases.len(), untouched.refused.len()), (2, 0, 0));
    // As another program writes it again: indented, with a mark of the encoding and a signature.
    let again = filled("2", "20000", "Xin điều chỉnh")
        .replace("><", ">\r\n  <")
        .replace("<CHUKYDONVI>", "<CHUKYDONVI><Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo/></Signature>");
    let again = sort(&form, &read(&format!("\u{feff}{again}")), &cases());
    assert_eq!((reasons(&again), again.cases.len()), (vec![], 1));
}

#[test]
fn xml_that_is_old_foreign_or_wrong_is_refused_line_by_line() {
    let form = papers().answer;
    let good = || filled("1", "", "Xin rút dòng này");
    let refused = |xml: &str| reasons(&sort(&form, &read(xml), &cases()));
    assert_eq!(refused(&good()), []);
    // Lines of the visit come first.
    for (from, to, why) in [
        ("Id=\"Id-", "Id=\"", vec![Why::Foreign, Why::Foreign]),
        ("<STT_XML>12<", "<STT_XML>9<", vec![Why::Others, Why::Foreign]),
        ("<SOBANG_XML>2<", "<SOBANG_XML>3<", vec![Why::Others, Why::Foreign]),
        ("<TRANGTHAI>1<", "<TRANGTHAI>9<", vec![Why::Others, Why::State]),
        ("Xin rút dòng này", "x", vec![Why::Others, Why::Reason]),
    ] {
        let xml = good();
        assert!(xml.contains(from), "{from}");
        assert_eq!(refused(&xml.replace(from, to)), why, "{from}");
    }
    // An older version is that of the whole case: the desk says that it is old when the answers are written down.
    let old = sort(&form, &read(&good().replace(".v3\"", ".v2\"")), &cases());
    assert_eq!((reasons(&old), old.cases[0].version), (vec![], 2));
    let other = filled("2", "5", "Xin sửa số lượng").replace("<TRUONG_TT_DIEUCHINH>T_BHTT<", "<TRUONG_TT_DIEUCHINH>SO_LUONG<");
    assert_eq!(refused(&other), [Why::Others, Why::Field], "a quantity is no amount");
}

#[test]
fn what_is_no_form_09_is_not_read() {
    let form = papers().answer;
    let good = written();
    assert!(is_xml(good.as_bytes()) && is_xml(b"\xef\xbb\xbf <a/>") && !is_xml(b"PK\x03\x04") && !is_xml("Mã dòng,".as_bytes()));
    for wrong in [
        "<GIAMDINHHS></GIAMDINHHS>".to_owned(),
        good.replace("09/BH", "03/BH"),
        good.split_once("</TT_XML1>").unwrap().0.to_owned(),
        good.replace("<HOSO_DIEUCHINH_GD>", "<!DOCTYPE x [<!ENTITY e \"e\">]><HOSO_DIEUCHINH_GD>"),
        good.replace("LK-0001", "&e;"),
        good.replace("</TT_XML1>", "</TT_XML2>"),
        format!("{good}<a/>"),
        "<".repeat(100),
    ] {
        assert_eq!(read_answer_xml(&form, wrong.as_bytes()), None, "{wrong}");
    }
    assert_eq!(read_answer_xml(&form, b"<HOSO_DIEUCHINH_GD>\xff</HOSO_DIEUCHINH_GD>"), None);
    assert_eq!(read_answer_xml(&form, b"<HOSO_DIEUCHINH_GD/>"), Some(Vec::new()));
}
