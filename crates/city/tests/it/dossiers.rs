//! Reading claim files back, in the tests' own way.

use std::collections::BTreeMap;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::Event;

/// Rows of a table: cells by name.
pub type Rows = Vec<BTreeMap<String, String>>;

/// A dossier: rows by the name of the table.
pub type Dossier = BTreeMap<String, Rows>;

/// The text of a file, whatever its letters.
pub fn text(bytes: &[u8]) -> String {
    match bytes {
        [0xff, 0xfe, rest @ ..] => {
            let units: Vec<u16> = rest.chunks(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
            String::from_utf16(&units).unwrap()
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).unwrap(),
        all => String::from_utf8(all.to_vec()).unwrap(),
    }
}

/// What stands between two texts, each time they are met.
pub fn between<'t>(text: &'t str, from: &str, to: &str) -> Vec<&'t str> {
    text.split(from).skip(1).map(|part| part.split(to).next().unwrap()).collect()
}

/// Goes through XML to its end; panics where it is not well-formed.
pub fn well_formed(xml: &str) {
    let mut reader = Reader::from_str(xml);
    let mut depth = 0;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
}

/// The bytes that base64 stands for.
pub fn decode(text: &str) -> Vec<u8> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => u32::from(letter - b'A'),
        b'a'..=b'z' => u32::from(letter - b'a') + 26,
        b'0'..=b'9' => u32::from(letter - b'0') + 52,
        b'+' => 62,
        b'/' => 63,
        other => panic!("{other} is no base64"),
    };
    let letters: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let mut bytes = Vec::new();
    for four in letters.chunks(4) {
        let pads = four.iter().filter(|b| **b == b'=').count();
        let all = four.iter().fold(0, |all, b| all << 6 | if *b == b'=' { 0 } else { value(*b) });
        bytes.extend(&all.to_be_bytes()[1..4 - pads]);
    }
    bytes
}

/// The dossiers of a file; one that is cut off is `None`.
pub fn dossiers(file: &str) -> Vec<Option<Dossier>> {
    between(file, "<HOSO>", "</HOSO>").into_iter().map(dossier).collect()
}

fn dossier(text: &str) -> Option<Dossier> {
    let names = between(text, "<LOAIHOSO>", "</LOAIHOSO>");
    let contents = between(text, "<NOIDUNGFILE>", "</NOIDUNGFILE>");
    assert_eq!(names.len(), contents.len());
    let mut all = Dossier::new();
    for (name, content) in names.into_iter().zip(contents) {
        let xml = if content.starts_with('<') { content.to_owned() } else { String::from_utf8(decode(content)).ok()? };
        if !xml.ends_with('>') {
            return None;
        }
        well_formed(&xml);
        all.insert(name.to_owned(), rows(&xml));
    }
    Some(all)
}

/// Cells of the records: the elements that hold no others.
fn rows(xml: &str) -> Rows {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let (mut rows, mut row) = (Rows::new(), BTreeMap::new());
    let mut open: Vec<(String, String, bool)> = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) => {
                let name: &str = element.name().into_inner();
                if let Some(parent) = open.last_mut() {
                    parent.2 = true;
                }
                open.push((name.to_owned(), String::new(), false));
            }
            Event::Text(text) => open.last_mut().into_iter().for_each(|cell| cell.1.push_str(&text)),
            Event::CData(text) => open.last_mut().into_iter().for_each(|cell| cell.1.push_str(&text)),
            Event::End(_) => {
                let (name, value, holds_others) = open.pop().unwrap();
                if !holds_others {
                    row.insert(name, value);
                } else if !row.is_empty() {
                    rows.push(std::mem::take(&mut row));
                }
            }
            Event::Eof => return rows,
            _ => {}
        }
    }
}

/// All dossiers below a folder of a month, by facility and key, those cut off left out.
pub fn month(folder: &Path) -> BTreeMap<(String, String), Dossier> {
    let mut all = BTreeMap::new();
    for (name, bytes) in crate::share::files(folder) {
        for mut dossier in dossiers(&text(&bytes)).into_iter().flatten() {
            let visit = today(dossier.get_mut("XML1").unwrap().remove(0));
            let key = (visit["MA_CSKCB"].clone(), visit["MA_LK"].clone());
            dossier.insert("XML1".to_owned(), vec![visit]);
            for lines in dossier.values_mut() {
                *lines = std::mem::take(lines).into_iter().map(today).collect();
            }
            assert!(all.insert(key, dossier).is_none(), "{name}: a dossier twice");
        }
    }
    all
}

/// A row whose old names are today's.
fn today(row: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let new = |name: String| match name.as_str() {
        "MA_THE" => "MA_THE_BHYT".to_owned(),
        "T_TONGCHI" => "T_TONGCHI_BV".to_owned(),
        "THANH_TIEN" => "THANH_TIEN_BV".to_owned(),
        "TYLE_TT" => "TYLE_TT_BH".to_owned(),
        "TINH_TRANG_RV" => "MA_LOAI_RV".to_owned(),
        "DON_GIA" if row_is_service(&row) => "DON_GIA_BV".to_owned(),
        _ => name,
    };
    row.clone().into_iter().map(|(name, value)| (new(name), value)).collect()
}

fn row_is_service(row: &BTreeMap<String, String>) -> bool {
    row.contains_key("DON_GIA_BH")
}
