//! A made file: the envelope in one of its shapes, in one of the encodings, sound, spoiled or something else altogether.

use super::Chance;
use super::dossier::{self, BAD_BYTE, FAULTS, Fault, Made};

/// What must become of a file.
pub enum Expect {
    /// Nothing is read: the stable word of the error.
    Error(&'static str),
    /// Its dossiers in their order, and the reasons told of the file itself.
    Read { declared: Option<u64>, dossiers: Vec<Made>, faults: Vec<&'static str> },
}

/// A file with the words for what it shows.
pub struct File {
    pub bytes: Vec<u8>,
    pub shows: Vec<&'static str>,
    pub expect: Expect,
}

/// The file of a number.
pub fn file(number: usize) -> File {
    let mut chance = Chance::new(number as u64);
    match number % 20 {
        0..=10 => claims(number, None, &mut chance),
        11..=14 => claims(number, Some(&FAULTS[(number / 20 * 4 + number % 20 - 11) % FAULTS.len()].0), &mut chance),
        15 => cut(number, &mut chance),
        16 => other(number, &mut chance),
        17 | 18 => check_ins(number, &mut chance),
        _ => miscounted(number, &mut chance),
    }
}

/// An envelope of one to five dossiers; with a fault one of several is spoiled.
fn claims(number: usize, fault: Option<&Fault>, chance: &mut Chance) -> File {
    let count = if fault.is_some() { 3 } else { 1 + chance.below(5) };
    // A dossier that is not closed is never the last: its end would be that of the file.
    let spoiled = chance.below(count - usize::from(fault.is_some()));
    let dossiers: Vec<Made> = (0..count)
        .map(|at| dossier::make(&format!("LK{number}.{at}"), fault.copied().filter(|_| at == spoiled), chance))
        .collect();
    let shape = Shape::any(chance);
    let mut shows = shape.shows();
    shows.push(if fault.is_some() { "planted" } else { "sound" });
    let text = shape.around(Some(count), &dossiers);
    // Bytes that are no UTF-8 can only stand in a file of UTF-8.
    let encoding = if fault == Some(&Fault::OuterByte) { Encoding::Utf8 } else { Encoding::any(chance) };
    shows.push(encoding.word());
    let declared = shape.counted.then_some(count as u64);
    File { bytes: encoding.bytes(&text), shows, expect: Expect::Read { declared, dossiers, faults: Vec::new() } }
}

/// A file that ends within a dossier, or between the dossiers and its end.
fn cut(number: usize, chance: &mut Chance) -> File {
    let File { bytes, expect, .. } = claims(number, None, chance);
    let Expect::Read { declared, mut dossiers, .. } = expect else { unreachable!() };
    // Read as UTF-8 again: other encodings are cut elsewhere.
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) if !text.contains('\0') => text.to_owned(),
        _ => Shape::plain().around(Some(dossiers.len()), &dossiers),
    };
    let declared = if text.contains("<SOLUONGHOSO>") || text.contains(":SOLUONGHOSO>") {
        declared.or(Some(dossiers.len() as u64))
    } else {
        None
    };
    let at = chance.below(dossiers.len());
    let starts: Vec<usize> = text.match_indices("<HOSO").map(|(at, _)| at).collect();
    let start = starts[at] + text[starts[at]..].find('>').unwrap() + 1;
    let end = starts[at] + text[starts[at]..].find("</HOSO>").unwrap() + "</HOSO>".len();
    if chance.one_in(5) {
        // After the dossier: nothing of it is lost, the end is missing.
        dossiers.truncate(at + 1);
        let expect = Expect::Read { declared, dossiers, faults: vec!["broken"] };
        return File { bytes: text.as_bytes()[..end].to_vec(), shows: vec!["cut between"], expect };
    }
    let place = start + chance.below(end - start);
    dossiers.truncate(at + 1);
    dossiers[at].reasons = Some(&["broken"]);
    let expect = Expect::Read { declared, dossiers, faults: Vec::new() };
    File { bytes: text.as_bytes()[..place].to_vec(), shows: vec!["cut within"], expect }
}

/// What is no claim file, some of it looking much like one.
fn other(number: usize, chance: &mut Chance) -> File {
    let sound = [dossier::make("LK1", None, chance)];
    let text = Shape::plain().around(Some(1), &sound);
    let look_alike = |root: &str| text.replace("GIAMDINHHS", root).into_bytes();
    let kind = "claim_file_other_kind";
    let (bytes, code, shows): (Vec<u8>, _, _) = match number / 20 % 10 {
        0 => (look_alike("KHAMSUCKHOE"), kind, "KHAMSUCKHOE"),
        1 => (look_alike("GIAMDINHHSKSK"), kind, "a longer name"),
        2 => (look_alike("giamdinhhs"), kind, "small letters"),
        3 => (
            text.replace("<GIAMDINHHS", "<!DOCTYPE GIAMDINHHS [<!ENTITY a \"aaaa\">]>\n<GIAMDINHHS").into_bytes(),
            "claim_file_doctype",
            "doctype",
        ),
        4 => (Vec::new(), "claim_file_empty", "nothing"),
        5 => (b"PK\x03\x04\x14\x00\x00\x00\x08\x00".to_vec(), kind, "a ZIP"),
        6 => (b"MA_LK,HO_TEN\nLK1,Hoa\n".to_vec(), kind, "CSV"),
        7 => (sound[0].text.clone().into_bytes(), kind, "a HOSO without envelope"),
        8 => (b"<?xml version=\"1.0\"?>\n<!-- x -->\n".to_vec(), kind, "no element"),
        _ => ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1].to_vec(), kind, "an old workbook"),
    };
    File { bytes, shows: vec![shows], expect: Expect::Error(code) }
}

/// A check-in file; some with a record that cannot be kept, some cut.
fn check_ins(number: usize, chance: &mut Chance) -> File {
    let count = 1 + chance.below(6);
    let spoiled = chance.one_in(4).then(|| chance.below(count));
    let mut records = Vec::new();
    let mut text = String::new();
    for at in 0..count {
        let link = format!("CI{number}.{at}");
        let (day, reasons): (_, Option<&'static [&'static str]>) = match spoiled {
            Some(place) if place == at => ("202613050830", Some(&["not_time"])),
            _ => ("202610050830", None),
        };
        let end = *chance.pick(&["", "\n", "\r\n"]);
        text.push_str(&format!(
            "<TRANG_THAI_KCB>{end}<MA_LK>{link}</MA_LK>{end}<HO_TEN>Lê &amp; A</HO_TEN><NGAY_VAO>{day}</NGAY_VAO><LA/></TRANG_THAI_KCB>{end}"
        ));
        records.push(Made { text: String::new(), link, tables: vec![(0, 1)], cells: 4, reasons });
    }
    let mut faults = Vec::new();
    let mut tail = "</DSACH_TRANG_THAI_KCB><CHUKYDONVI/></CHI_TIEU_TRANG_THAI_KCB>".to_owned();
    if chance.one_in(5) {
        // The record that is cut is no record: the fault of the file tells it.
        tail = "<TRANG_THAI_KCB><MA_LK>X".to_owned();
        faults.push("broken");
    }
    let encoding = if faults.is_empty() { Encoding::any(chance) } else { Encoding::Utf8 };
    let text = format!("<?xml version=\"1.0\"?>\n<CHI_TIEU_TRANG_THAI_KCB>\n<DSACH_TRANG_THAI_KCB>{text}{tail}");
    let shows = vec!["check-ins", if spoiled.is_some() { "a check-in refused" } else { "sound check-ins" }];
    File { bytes: encoding.bytes(&text), shows, expect: Expect::Read { declared: None, dossiers: records, faults } }
}

/// An envelope that declares another number than it holds, or holds a visit twice.
fn miscounted(number: usize, chance: &mut Chance) -> File {
    let mut dossiers: Vec<Made> = (0..3).map(|at| dossier::make(&format!("LK{number}.{at}"), None, chance)).collect();
    let mut shape = Shape::any(chance);
    shape.counted = true;
    if number % 40 < 20 {
        let mut again = dossier::make(&format!("LK{number}.1"), None, chance);
        again.reasons = Some(&["twice"]);
        dossiers.push(again);
        let text = shape.around(Some(4), &dossiers);
        let expect = Expect::Read { declared: Some(4), dossiers, faults: Vec::new() };
        return File { bytes: text.into_bytes(), shows: vec!["a visit twice"], expect };
    }
    let told = *chance.pick(&[0, 2, 4, 300]);
    let text = shape.around(Some(told), &dossiers);
    let expect = Expect::Read { declared: Some(told as u64), dossiers, faults: Vec::new() };
    File { bytes: text.into_bytes(), shows: vec!["another number declared"], expect }
}

/// How the envelope is written.
struct Shape {
    declaration: &'static str,
    attributes: &'static str,
    /// Prefix of the envelope's own elements, with the colon.
    prefix: &'static str,
    head: &'static str,
    counted: bool,
    between: &'static str,
    signature: &'static str,
    windows: bool,
}

impl Shape {
    fn plain() -> Self {
        let declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
        Self {
            declaration,
            attributes: "",
            prefix: "",
            head: "<NGAYLAP>20261006</NGAYLAP>",
            counted: true,
            between: "",
            signature: "",
            windows: false,
        }
    }

    fn any(chance: &mut Chance) -> Self {
        let declarations = [
            "",
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n",
            "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>",
            "<?xml version=\"1.0\" encoding=\"utf-16\"?>\n",
        ];
        let attributes = [
            "",
            " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"",
            " Id='a' ghi_chu=\"a &gt; b\"",
        ];
        let signatures = [
            "",
            "<CHUKYDONVI/>",
            "<CHUKYDONVI></CHUKYDONVI>",
            "<CHUKYDONVI><Signature><SignedInfo><MACSKCB>99999</MACSKCB><HOSOKY/></SignedInfo></Signature></CHUKYDONVI>",
        ];
        let prefix = if chance.one_in(6) { "gd:" } else { "" };
        Self {
            declaration: *chance.pick(&declarations),
            attributes: if prefix.is_empty() { *chance.pick(&attributes) } else { " xmlns:gd=\"urn:giam-dinh\"" },
            prefix,
            head: *chance.pick(&["<NGAYLAP>20261006</NGAYLAP>", "", "<NGAYLAP/>"]),
            counted: !chance.one_in(5),
            between: *chance.pick(&["", "\n", "\n  <!-- hồ sơ kế tiếp -->\n", "<?may dòng?>"]),
            signature: *chance.pick(&signatures),
            windows: chance.one_in(3),
        }
    }

    fn shows(&self) -> Vec<&'static str> {
        let mut shows = Vec::new();
        let mut show = |is: bool, word| shows.extend(is.then_some(word));
        show(self.declaration.is_empty(), "no declaration");
        show(self.declaration.contains("utf-16"), "a declaration that may not be true");
        show(!self.attributes.is_empty(), "attributes");
        show(!self.prefix.is_empty(), "a namespace prefix");
        show(!self.counted, "no number declared");
        show(self.between.contains("<!--"), "comments");
        show(self.signature.is_empty(), "no signature");
        show(self.signature.contains("Signed"), "a signature");
        show(self.windows, "line ends of Windows");
        shows
    }

    fn around(&self, count: Option<usize>, dossiers: &[Made]) -> String {
        let p = self.prefix;
        let counted = count.filter(|_| self.counted).map(|n| format!("<{p}SOLUONGHOSO>{n}</{p}SOLUONGHOSO>")).unwrap_or_default();
        let list: Vec<&str> = dossiers.iter().map(|made| made.text.as_str()).collect();
        let text = format!(
            "{}<{p}GIAMDINHHS{}>\n<{p}THONGTINDONVI><{p}MACSKCB>01013</{p}MACSKCB></{p}THONGTINDONVI>\n<{p}THONGTINHOSO>{}{counted}\
             <{p}DANHSACHHOSO>{}</{p}DANHSACHHOSO></{p}THONGTINHOSO>{}</{p}GIAMDINHHS>\n",
            self.declaration,
            self.attributes,
            self.head,
            list.join(self.between),
            self.signature,
        );
        if self.windows { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Encoding {
    Utf8,
    Marked,
    /// UTF-16; big end first, with a mark.
    Utf16(bool, bool),
}

impl Encoding {
    fn any(chance: &mut Chance) -> Self {
        match chance.below(10) {
            0 => Self::Marked,
            1 => Self::Utf16(false, true),
            2 => Self::Utf16(true, true),
            3 => Self::Utf16(chance.one_in(2), false),
            _ => Self::Utf8,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Marked => "UTF-8 with a mark",
            Self::Utf16(false, true) => "UTF-16 LE",
            Self::Utf16(true, true) => "UTF-16 BE",
            Self::Utf16(_, false) => "UTF-16 without a mark",
        }
    }

    fn bytes(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => {
                let mut bytes = text.as_bytes().to_vec();
                while text.contains(BAD_BYTE)
                    && let Some(at) = bytes.windows(BAD_BYTE.len()).position(|window| window == BAD_BYTE.as_bytes())
                {
                    bytes.splice(at..at + BAD_BYTE.len(), [0xFF, 0xC3]);
                }
                bytes
            }
            Self::Marked => format!("\u{feff}{text}").into_bytes(),
            Self::Utf16(big, mark) => {
                let text = if mark { format!("\u{feff}{text}") } else { text.to_owned() };
                text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
            }
        }
    }
}
