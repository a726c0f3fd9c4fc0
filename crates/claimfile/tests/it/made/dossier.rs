//! One made dossier, sound or with one planted fault.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Chance;
use super::tables::{self, TABLES, Written};
use crate::files::part;

/// What is planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    NotBase64,
    TableCut,
    Number,
    Time,
    NoLink,
    OtherLink,
    NoEnd,
    NoFacility,
    OtherFacility,
    Bomb,
    Entity,
    NotUtf8,
    Huge,
    NoVisit,
    UnknownTable,
    NoRoot,
    Twice,
    OtherContent,
    CheckInInside,
    NotClosed,
    NoXml,
    OuterByte,
}

/// All faults with the reasons that must be told, sorted.
pub const FAULTS: [(Fault, &[&str]); 22] = [
    (Fault::NotBase64, &["not_base64"]),
    (Fault::TableCut, &["broken"]),
    (Fault::Number, &["not_number"]),
    (Fault::Time, &["not_time"]),
    (Fault::NoLink, &["no_link"]),
    (Fault::OtherLink, &["other_link"]),
    (Fault::NoEnd, &["no_end"]),
    (Fault::NoFacility, &["no_facility"]),
    (Fault::OtherFacility, &["other_facility"]),
    (Fault::Bomb, &["doctype"]),
    (Fault::Entity, &["broken"]),
    (Fault::NotUtf8, &["not_utf8"]),
    (Fault::Huge, &["too_large"]),
    (Fault::NoVisit, &["no_xml1"]),
    (Fault::UnknownTable, &["unknown_table"]),
    (Fault::NoRoot, &["wrong_root"]),
    (Fault::Twice, &["table_twice"]),
    (Fault::OtherContent, &["wrong_root"]),
    (Fault::CheckInInside, &["unknown_table"]),
    (Fault::NotClosed, &["broken"]),
    (Fault::NoXml, &["broken"]),
    (Fault::OuterByte, &["broken"]),
];

/// A dossier as it stands in a file, and what must become of it.
pub struct Made {
    pub text: String,
    pub link: String,
    /// Table and rows, of a sound one.
    pub tables: Vec<(u8, usize)>,
    pub cells: usize,
    /// Reasons, sorted; none when it must be kept.
    pub reasons: Option<&'static [&'static str]>,
}

/// Stands for a byte that is no UTF-8; put in when the file is turned into bytes.
pub const BAD_BYTE: &str = "\u{1}BYTE\u{1}";
/// Bytes of a dossier that is too large for the test's limit.
const HUGE: usize = 400_000;

/// Makes one.
pub fn make(link: &str, fault: Option<Fault>, chance: &mut Chance) -> Made {
    let old = chance.one_in(6);
    let mut made = Made {
        text: String::new(),
        link: link.to_owned(),
        tables: Vec::new(),
        cells: 0,
        reasons: FAULTS.iter().find(|(kind, _)| Some(*kind) == fault).map(|(_, reasons)| *reasons),
    };
    let mut parts = Vec::new();
    for table in &TABLES {
        // XML5 is where some faults stand.
        let taken = table.number == 5 && matches!(fault, Some(Fault::OtherLink | Fault::OtherContent | Fault::NoXml));
        if taken || (table.number > 3 && !chance.one_in(3)) {
            continue;
        }
        let rows = if table.list.is_none() { 1 } else { chance.below(4) };
        let mut written = tables::write(table, link, rows, old, chance);
        made.tables.push((table.number, rows));
        made.cells += written.cells;
        if table.number == 1 {
            spoil(&mut written, fault);
            if fault == Some(Fault::NoVisit) {
                continue;
            }
        }
        let content = if table.number == 1 { visit(&written, fault, chance) } else { content(&written, chance) };
        parts.push(file_of(&format!("XML{}", table.number), &content, chance));
    }
    if chance.one_in(8) {
        parts.push(part(if chance.one_in(2) { "XML12" } else { "XML9" }, ""));
    }
    match fault {
        Some(Fault::UnknownTable) => parts.push(part("XML16", "")),
        Some(Fault::NoRoot) => parts.push(part("XML12", "<CHI_TIEU_DU_LIEU_GIAM_DINH_Y_KHOA/>")),
        Some(Fault::Twice) => parts.push(part("XML1", &STANDARD.encode(tables::write(&TABLES[0], link, 1, false, chance).text))),
        Some(Fault::OtherContent) => parts.push(part("XML5", &STANDARD.encode("<TONG_HOP/>"))),
        Some(Fault::OtherLink) => parts.push(part(
            "XML5",
            "<CHITIEU_CHITIET_DIENBIENLAMSANG><DSACH_CHI_TIET_DIEN_BIEN_BENH><CHI_TIET_DIEN_BIEN_BENH><MA_LK>KHAC</MA_LK>\
             </CHI_TIET_DIEN_BIEN_BENH></DSACH_CHI_TIET_DIEN_BIEN_BENH></CHITIEU_CHITIET_DIENBIENLAMSANG>",
        )),
        Some(Fault::CheckInInside) => parts.push(part("XML0", "")),
        Some(Fault::NoXml) => parts.push("<FILEHOSO><LOAIHOSO>XML5</LOAIHOSO><NOIDUNGFILE>< không phải XML ".to_owned()),
        Some(Fault::OuterByte) => parts.push(format!("<GHI_CHU>{BAD_BYTE}</GHI_CHU>")),
        _ => {}
    }
    let line_end = *chance.pick(&["", "\n", "\n\t"]);
    let open = *chance.pick(&["<HOSO>", "<HOSO>", "<HOSO Id=\"h1\">"]);
    let close = if matches!(fault, Some(Fault::NotClosed | Fault::NoXml)) { "" } else { "</HOSO>" };
    made.text = format!("{open}{line_end}{}{line_end}{close}", parts.join(line_end));
    made
}

/// Spoils the text of XML1.
fn spoil(visit: &mut Written, fault: Option<Fault>) {
    let text = &mut visit.text;
    let link =
        |text: &str| text.split_once("<MA_LK>").and_then(|(_, rest)| rest.split_once('<')).map(|(link, _)| link.to_owned());
    match fault {
        Some(Fault::TableCut) => {
            let at = text.find("<NGAY_RA>").unwrap() + 5;
            text.truncate(at);
        }
        Some(Fault::Number) => *text = text.replace("51000.00", "51.000,00"),
        Some(Fault::Time) => *text = text.replace("202610050830", "05/10/2026"),
        Some(Fault::NoLink) => *text = text.replace(&format!("<MA_LK>{}</MA_LK>", link(text).unwrap()), "<MA_LK> </MA_LK>"),
        Some(Fault::NoEnd) => *text = text.replace("<NGAY_RA>202610050915</NGAY_RA>", "<NGAY_RA/>"),
        Some(Fault::NoFacility) => *text = text.replace("<MA_CSKCB>01013</MA_CSKCB>", ""),
        Some(Fault::OtherFacility) => *text = text.replace("<MA_CSKCB>01013<", "<MA_CSKCB>01014<"),
        Some(Fault::Entity) => *text = text.replace("Nguyễn Thị Hoa", "&ten;"),
        Some(Fault::Bomb) => {
            let bomb =
                "<!DOCTYPE z [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;\">]>";
            *text = format!("{bomb}{}", text.replace("Nguyễn Thị Hoa", "&c;"));
        }
        Some(Fault::Huge) => *text = text.replace("Nguyễn Thị Hoa", &"Hoa ".repeat(HUGE / 4)),
        _ => {}
    }
}

/// XML1; a fault that needs it is written as base64.
fn visit(written: &Written, fault: Option<Fault>, chance: &mut Chance) -> String {
    match fault {
        Some(Fault::NotBase64) => "PFRPTkdfSE9QPg=*".to_owned(),
        Some(Fault::NotUtf8) => {
            let bytes: Vec<u8> =
                written.text.replace("Nguyễn", "Nguy\u{1}n").bytes().map(|b| if b == 1 { 0xFE } else { b }).collect();
            STANDARD.encode(bytes)
        }
        Some(Fault::TableCut | Fault::Bomb) => STANDARD.encode(&written.text),
        _ => content(written, chance),
    }
}

/// What stands in NOIDUNGFILE: one of the ways that were met.
fn content(written: &Written, chance: &mut Chance) -> String {
    let text = &written.text;
    let wrapped = |end: &str| {
        let coded = STANDARD.encode(text);
        coded.as_bytes().chunks(76).map(|line| format!("{}{end}", std::str::from_utf8(line).unwrap())).collect::<String>()
    };
    match chance.below(12) {
        0 => wrapped("\n"),
        1 => wrapped("\r\n    "),
        2 => wrapped("&#13;\n"),
        3 => text.clone(),
        4 => format!("\n    {text}\n"),
        5 => format!("<![CDATA[{}]]>", STANDARD.encode(text)),
        6 if !written.cdata => format!("<![CDATA[{text}]]>"),
        7 => text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
        8 => STANDARD.encode(format!("\u{feff}<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n{text}")),
        9 => STANDARD.encode(format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()),
        10 => STANDARD.encode(format!("<?xml version=\"1.0\"?><?may phần-mềm?>{text}<!-- hết -->\n")),
        _ => STANDARD.encode(text),
    }
}

fn file_of(name: &str, content: &str, chance: &mut Chance) -> String {
    let name = match chance.below(6) {
        0 => name.to_lowercase(),
        1 => format!(" {name}\n"),
        _ => name.to_owned(),
    };
    match chance.below(5) {
        0 => format!(
            "<FILEHOSO Id=\"{}\"><LOAIHOSO>{name}</LOAIHOSO>\n<NOIDUNGFILE>{content}</NOIDUNGFILE></FILEHOSO>",
            name.trim()
        ),
        1 => format!("<FILEHOSO><LOAIHOSO>{name}</LOAIHOSO><!-- bảng --><NOIDUNGFILE>{content}</NOIDUNGFILE><CHUKY/></FILEHOSO>"),
        _ => part(&name, content),
    }
}
