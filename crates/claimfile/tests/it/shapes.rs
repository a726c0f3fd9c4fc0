//! Every shape of a good file that was seen in the wild.

use claimfile::{FileKind, Limits, Read, Reader, TableId};

use crate::files::{DRUGS, VISIT, b64, cell, dossier, envelope, forms, lists, part, read};

fn whole(content: &str, what: &str) {
    let gone = read(content.as_bytes());
    assert_eq!(gone.reasons(), [""; 0], "{what}");
    assert_eq!(gone.links(), ["LK1"], "{what}");
    let visit = &gone.kept[0];
    assert_eq!(cell(visit, TableId::XML1, 0, "HO_TEN").unwrap(), "Nguyễn Thị Hoa", "{what}");
    assert_eq!(cell(visit, TableId::XML1, 0, "MA_LOAI_KCB").unwrap(), "01", "codes keep their zeros: {what}");
    assert_eq!(cell(visit, TableId::XML1, 0, "DIA_CHI"), None, "{what}");
    assert_eq!(cell(visit, TableId::XML2, 0, "SO_LUONG").unwrap(), "10.000", "as sent: {what}");
    assert_eq!(visit.rows(TableId::XML2).len(), 2, "{what}");
}

#[test]
fn the_common_file_is_read() {
    whole(&envelope(1, &dossier("LK1")), "base64");
    let gone = read(envelope(1, &dossier("LK1")).as_bytes());
    assert_eq!((gone.ended.declared, gone.ended.read, gone.ended.signed), (Some(1), 1, false));
    assert_eq!((gone.ended.sender.as_str(), gone.ended.made_on.as_str()), ("01013", "20261006"));
}

#[test]
fn content_may_be_wrapped_inline_or_cdata() {
    let hoso = |drugs: &str, visit: &str| format!("<HOSO>{}{}</HOSO>", part("XML1", visit), part("XML2", drugs));
    let wrapped = |text: &str| {
        b64(text).as_bytes().chunks(76).map(|l| format!("  {}\r\n", std::str::from_utf8(l).unwrap())).collect::<String>()
    };
    whole(&envelope(1, &hoso(&wrapped(DRUGS), &wrapped(VISIT))), "line breaks in base64");
    whole(&envelope(1, &hoso(DRUGS, VISIT)), "inline");
    whole(&envelope(1, &hoso(&b64(DRUGS), VISIT)), "mixed");
    whole(&envelope(1, &hoso(&format!("\n  {DRUGS}\n"), VISIT)), "inline with blanks");
    whole(
        &envelope(1, &hoso(&format!("<![CDATA[{}]]>", b64(DRUGS)), &format!("<![CDATA[{VISIT}]]>"))),
        "cdata around base64 and around xml",
    );
    let in_cells = VISIT.replace("Nguyễn Thị Hoa", "<![CDATA[Nguyễn Thị Hoa]]>");
    whole(&envelope(1, &hoso(&b64(DRUGS), &b64(&in_cells))), "cdata in cells");
    let declared = format!("\u{feff}<?xml version=\"1.0\" encoding=\"utf-16\"?>\n{VISIT}");
    whole(&envelope(1, &hoso(&b64(DRUGS), &b64(&declared))), "inner text with a mark and a declaration that is not true");
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    whole(&envelope(1, &hoso(&escaped(DRUGS), &escaped(VISIT))), "xml written as text");
    whole(
        &envelope(1, &hoso(&wrapped(DRUGS).replace('\r', "&#13;"), &wrapped(VISIT).replace('\r', "&#xD;"))),
        "line ends by number",
    );
    let spelled = VISIT.replace("Nguyễn", "Nguy&#7877;n");
    whole(&envelope(1, &hoso(&b64(DRUGS), &b64(&spelled))), "characters by number");
}

#[test]
fn the_envelope_may_be_bare() {
    let full = envelope(1, &dossier("LK1"));
    whole(full.split_once("?>\n").unwrap().1, "no declaration");
    whole(&full.replace("<CHUKYDONVI></CHUKYDONVI>", ""), "no signature");
    whole(&full.replace("<NGAYLAP>20261006</NGAYLAP>", ""), "no day");
    whole(&full.replace("<CHUKYDONVI></CHUKYDONVI>", "<CHUKYDONVI/>"), "empty element");
    whole(&full.replace('\n', "\r\n"), "line ends of Windows");
    let signed =
        full.replace("<CHUKYDONVI>", "<CHUKYDONVI><Signature><SignedInfo><MACSKCB>99999</MACSKCB></SignedInfo></Signature>");
    let gone = read(signed.as_bytes());
    assert!(gone.ended.signed && gone.ended.sender == "01013", "what stands in a signature is no head of the file");
}

#[test]
fn encodings_are_told_by_the_bytes() {
    let full = envelope(1, &dossier("LK1"));
    whole(&format!("\u{feff}{full}"), "UTF-8 with a mark");
    let utf16 = |big: bool, mark: bool| {
        let text = if mark { format!("\u{feff}{full}") } else { full.clone() };
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect::<Vec<u8>>()
    };
    for (big, mark) in [(false, true), (true, true), (false, false), (true, false)] {
        let gone = read(&utf16(big, mark));
        assert_eq!((gone.reasons(), gone.links()), (vec![], vec!["LK1".to_owned()]), "UTF-16, big {big}, mark {mark}");
    }
    let inner: Vec<u8> = format!("\u{feff}{VISIT}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    use base64::Engine as _;
    let coded = base64::engine::general_purpose::STANDARD.encode(inner);
    whole(&envelope(1, &format!("<HOSO>{}{}</HOSO>", part("XML1", &coded), part("XML2", &b64(DRUGS)))), "inner text in UTF-16");
}

#[test]
fn several_dossiers_and_tables_in_any_order() {
    let three: String = ["A", "B", "C"].map(dossier).concat();
    let gone = read(envelope(3, &three).as_bytes());
    assert_eq!(gone.links(), ["A", "B", "C"]);
    let turned = format!("<HOSO>{}{}</HOSO>", part("XML2", &b64(DRUGS)), part(" xml1 ", &b64(VISIT)));
    whole(&envelope(1, &turned), "XML2 before XML1, name in small letters");
}

#[test]
fn columns_go_by_name_and_none_is_lost() {
    let visit = VISIT.replace("<STT>1</STT>", "").replace(
        "</TONG_HOP>",
        "<STT>1</STT><MA_THE>GD4010000000001</MA_THE><MA_LYDO_VVIEN>1</MA_LYDO_VVIEN><T_LA>5</T_LA><STT>2</STT><DIA_CHI/></TONG_HOP>",
    );
    let gone = read(envelope(1, &format!("<HOSO>{}</HOSO>", part("XML1", &b64(&visit)))).as_bytes());
    let read = &gone.kept[0];
    assert_eq!(cell(read, TableId::XML1, 0, "STT").unwrap(), "1");
    assert_eq!(cell(read, TableId::XML1, 0, "MA_THE_BHYT").unwrap(), "GD4010000000001", "a name of decision 4210");
    assert_eq!(cell(read, TableId::XML1, 0, "DIA_CHI").unwrap(), "", "empty is not absent");
    let extra: Vec<_> = read.rows(TableId::XML1).extra.iter().map(|e| (e.name.as_str(), e.value.as_str())).collect();
    assert_eq!(extra, [("MA_LYDO_VVIEN", "1"), ("T_LA", "5"), ("STT", "2")]);
}

#[test]
fn old_files_put_the_list_at_the_root() {
    let old = DRUGS.replace("<CHITIEU_CHITIET_THUOC>", "").replace("</CHITIEU_CHITIET_THUOC>", "");
    whole(&envelope(1, &format!("<HOSO>{}{}</HOSO>", part("XML1", &b64(VISIT)), part("XML2", &b64(&old)))), "decision 4210");
}

#[test]
fn check_ins_are_apart() {
    let one = |link: &str| {
        format!("<TRANG_THAI_KCB><MA_LK>{link}</MA_LK><HO_TEN>Lê A</HO_TEN><NGAY_VAO>202610050830</NGAY_VAO></TRANG_THAI_KCB>")
    };
    let file = format!(
        "<CHI_TIEU_TRANG_THAI_KCB><DSACH_TRANG_THAI_KCB>{}{}</DSACH_TRANG_THAI_KCB><CHUKYDONVI/></CHI_TIEU_TRANG_THAI_KCB>",
        one("A"),
        one("B")
    );
    let mut reader = Reader::open(file.as_bytes(), forms(), Limits::default()).unwrap();
    assert_eq!(reader.kind(), FileKind::CheckIn);
    let mut dossier = claimfile::Dossier::new();
    let mut links = Vec::new();
    while let Some(read) = reader.next(&mut dossier) {
        assert_eq!(read, Read::Kept);
        links.push(cell(&dossier, TableId::XML0, 0, "MA_LK").unwrap());
    }
    assert_eq!(links, ["A", "B"]);
    assert!(reader.ended().faults.is_empty());
}

#[test]
fn the_contracts_hold_all_columns_and_lists() {
    let counts: Vec<usize> = forms().iter().map(|form| form.columns.len()).collect();
    assert_eq!(counts.len(), 16);
    assert_eq!(counts[1..4], [66, 39, 47]);
    assert_eq!(counts.iter().sum::<usize>(), 480);
    let lists = lists();
    let day = base::Date::new(2026, 10, 5).unwrap();
    assert_eq!(lists.get("ma_nhom").unwrap().at("1", day).unwrap().word, "lab");
    assert!(lists.get("ma_nhom").unwrap().at("5", day).is_none(), "an old code does not hold today");
    assert!(lists.get("ma_nhom").unwrap().ever("5").is_some());
    for list in lists.iter() {
        for column in &list.columns {
            assert!(forms().iter().any(|form| form.column(column).is_some()), "{}: {column}", list.name);
        }
    }
}

#[test]
fn the_declared_number_is_read_whole() {
    for written in ["12", " 12\n", "1<!-- -->2", "1&#50;", "<![CDATA[12]]>"] {
        let file = envelope(7, "").replace("<SOLUONGHOSO>7</SOLUONGHOSO>", &format!("<SOLUONGHOSO>{written}</SOLUONGHOSO>"));
        assert_eq!(read(file.as_bytes()).ended.declared, Some(12), "{written}");
    }
}
