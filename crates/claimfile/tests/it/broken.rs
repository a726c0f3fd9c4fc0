//! Files with faults: what is wrong is told with its place, and nothing else is lost.

use claimfile::{FileError, Limits, Reader, TableId};

use crate::files::{DRUGS, VISIT, b64, dossier, envelope, forms, part, read};

fn three(middle: &str) -> crate::files::Gone {
    read(envelope(3, &format!("{}{middle}{}", dossier("A"), dossier("C"))).as_bytes())
}

/// The middle one is refused for this reason, the others are kept.
fn only_the_middle(middle: &str, reasons: &[&str], what: &str) -> crate::files::Gone {
    let gone = three(middle);
    assert_eq!(gone.reasons(), reasons, "{what}");
    assert_eq!(gone.links(), ["A", "C"], "{what}");
    gone
}

fn hoso(parts: &[String]) -> String {
    format!("<HOSO>{}</HOSO>", parts.concat())
}

#[test]
fn one_broken_dossier_never_takes_the_others_with_it() {
    let visit = part("XML1", &b64(VISIT));
    only_the_middle(&hoso(&[part("XML1", "@@@@")]), &["not_base64"], "letters that are no base64");
    only_the_middle(&hoso(&[part("XML1", &b64(&VISIT[..200]))]), &["broken"], "a table cut off");
    only_the_middle(&hoso(&[part("XML1", &b64(&VISIT.replace("</HO_TEN>", "</HOTEN>")))]), &["broken"], "a wrong end");
    only_the_middle(&hoso(&[visit.clone(), part("XML2", &b64(VISIT))]), &["wrong_root"], "another table's content");
    only_the_middle(&hoso(&[visit.clone(), part("XML16", &b64(DRUGS))]), &["unknown_table"], "no such table");
    only_the_middle(&hoso(&[visit.clone(), visit.clone()]), &["table_twice"], "a table twice");
    only_the_middle(&hoso(&[part("XML2", &b64(DRUGS))]), &["no_xml1"], "no visit");
    only_the_middle(&hoso(&[]), &["no_xml1"], "nothing in it");
    only_the_middle(&hoso(&[part("XML1", "")]), &["no_xml1"], "an empty table");
    only_the_middle(&format!("<HOSO>{visit}"), &["broken"], "no end of the dossier");
    only_the_middle(
        &hoso(&[part("XML1", "<TONG_HOP><MA_LK>B</MA_LK><X><Y>1</Y></X></TONG_HOP>")]),
        &["broken"],
        "an element in a cell, inline",
    );
    only_the_middle("<HOSO><FILEHOSO><LOAIHOSO>XML1</LOAIHOSO><NOIDUNGFILE>< oops </HOSO>", &["broken"], "no XML at all");
    let doctype = format!("<!DOCTYPE x [<!ENTITY a \"aaaa\">]>{}", VISIT.replace("Hoa", "&a;"));
    only_the_middle(&hoso(&[part("XML1", &b64(&doctype))]), &["doctype"], "a document type inside");
    only_the_middle(&hoso(&[part("XML1", &b64(&VISIT.replace("Hoa", "&a;")))]), &["broken"], "an entity nobody knows");
    only_the_middle(&hoso(&[part("XML1", &b64("\u{0}\u{1}"))]), &["broken"], "bytes that are no XML");
}

#[test]
fn a_dossier_with_attributes_is_found_again_after_a_fault() {
    let last = dossier("C").replacen("<HOSO>", "<HOSO Id=\"c\">", 1);
    let broken = "<HOSO><FILEHOSO><LOAIHOSO>XML1</LOAIHOSO><NOIDUNGFILE>< oops </HOSO>";
    let gone = read(envelope(3, &format!("{}{broken}{last}", dossier("A"))).as_bytes());
    assert_eq!((gone.links(), gone.ended.read), (vec!["A".to_owned(), "C".to_owned()], 3));
}

#[test]
fn cells_that_cannot_be_read_are_told_with_their_place() {
    let visit = VISIT.replace("51000.00", "51.000,00").replace("202610050915", "20261005").replace("196600000000", "1966-01-01");
    let drugs = DRUGS.replace("<SO_LUONG>5<", "<SO_LUONG>năm<").replace("<STT>2<", "<STT>1.5<");
    let gone = only_the_middle(
        &hoso(&[part("XML1", &b64(&visit)), part("XML2", &b64(&drugs))]),
        &["not_time", "not_time", "not_number", "not_count", "not_number"],
        "five cells",
    );
    let last = &gone.refused[0][4];
    assert_eq!((last.table, last.row, last.column.as_deref()), (Some(TableId::XML2), Some(2), Some("SO_LUONG")));
    assert_eq!((last.value.as_deref(), last.visit.as_deref(), last.number), (Some("năm"), Some("LK1"), 2));
    assert_eq!(
        last.to_string(),
        "hồ sơ thứ 2, XML2, dòng 2, cột SO_LUONG: không phải số (dùng dấu chấm, không dấu phân cách hàng nghìn, tối đa 6 số lẻ)"
    );
}

#[test]
fn rows_belong_to_their_visit() {
    let other = DRUGS.replacen("LK1", "LK2", 1);
    only_the_middle(&hoso(&[part("XML1", &b64(VISIT)), part("XML2", &b64(&other))]), &["other_link"], "a row of another visit");
    let none = DRUGS.replacen("<MA_LK>LK1</MA_LK>", "", 1);
    only_the_middle(&hoso(&[part("XML1", &b64(VISIT)), part("XML2", &b64(&none))]), &["no_link"], "a row without link");
    let facility = VISIT.replace("01013", "01014");
    only_the_middle(&hoso(&[part("XML1", &b64(&facility))]), &["other_facility"], "another facility");
    let open = VISIT.replace("<NGAY_RA>202610050915</NGAY_RA>", "<NGAY_RA> </NGAY_RA>");
    only_the_middle(&hoso(&[part("XML1", &b64(&open))]), &["no_end"], "no end of the visit");
    only_the_middle(&dossier("A"), &["twice"], "the same visit twice");
}

#[test]
fn a_cut_file_keeps_what_came_before() {
    let full = envelope(3, &["A", "B", "C"].map(dossier).concat());
    let second = full.find("</HOSO><HOSO>").unwrap() + 200;
    let gone = read(&full.as_bytes()[..second]);
    assert_eq!((gone.links(), gone.reasons()), (vec!["A".to_owned()], vec!["broken"]));
    assert_eq!((gone.ended.declared, gone.ended.read), (Some(3), 2));
    let tail = full.find("</DANHSACHHOSO>").unwrap();
    let gone = read(&full.as_bytes()[..tail]);
    assert_eq!((gone.links().len(), gone.reasons()), (3, vec!["broken"]), "the end is missing, no dossier is");
}

#[test]
fn the_line_of_a_fault_is_told() {
    let file = envelope(2, &format!("{}\n<HOSO>\n\n<FILEHOSO><LOAIHOSO>XML9X</LOAIHOSO></FILEHOSO></HOSO>", dossier("A")));
    let gone = read(file.as_bytes());
    assert_eq!(gone.refused[0][0].line, 8, "{:?}", gone.refused[0][0]);
    let inner = VISIT.replace("<HO_TEN>", "\n\n<HO_TEN><b>");
    let gone = read(envelope(1, &hoso(&[part("XML1", &b64(&inner))])).as_bytes());
    assert_eq!(gone.refused[0][0].line, 3);
}

#[test]
fn other_files_are_refused_by_name() {
    let open = |text: &str| Reader::open(text.as_bytes(), forms(), Limits::default()).map(|_| ()).unwrap_err();
    assert_eq!(open(""), FileError::Empty);
    assert!(
        matches!(open("<KHAMSUCKHOE><MACSKCB>0101300000000</MACSKCB></KHAMSUCKHOE>"), FileError::OtherKind(what) if what.contains("khám sức khỏe"))
    );
    assert!(matches!(open("<html><body/></html>"), FileError::OtherKind(what) if what.contains("html")));
    assert!(matches!(open("MA_LK,HO_TEN\n1,2"), FileError::OtherKind(_)));
    assert!(matches!(open("PK\u{3}\u{4}"), FileError::OtherKind(_)));
    assert!(matches!(open("   \n"), FileError::OtherKind(_) | FileError::Empty));
    assert_eq!(open("<!DOCTYPE a [<!ENTITY b \"c\">]><GIAMDINHHS/>"), FileError::DocType);
}
