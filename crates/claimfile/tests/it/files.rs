//! Files made for the tests. They are written here by hand, never with the crate's own writer.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use claimfile::{Dossier, Ended, Forms, Limits, Lists, Read, Reader, Refused, TableId};

fn content(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../formats/claims").join(folder);
    let mut files: Vec<_> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

pub fn forms() -> &'static Forms {
    static FORMS: OnceLock<Forms> = OnceLock::new();
    FORMS.get_or_init(|| Forms::load(content("").iter().map(|(n, t)| (n.as_str(), t.as_str()))).unwrap())
}

pub fn lists() -> Lists {
    Lists::load(content("lists").iter().map(|(n, t)| (n.as_str(), t.as_str()))).unwrap()
}

pub const VISIT: &str = "<TONG_HOP><MA_LK>LK1</MA_LK><STT>1</STT><HO_TEN>Nguyễn Thị Hoa</HO_TEN><NGAY_SINH>196600000000</NGAY_SINH>\
    <NGAY_VAO>202610050830</NGAY_VAO><NGAY_RA>202610050915</NGAY_RA><T_TONGCHI_BV>51000.00</T_TONGCHI_BV><MA_LOAI_KCB>01</MA_LOAI_KCB>\
    <MA_CSKCB>01013</MA_CSKCB></TONG_HOP>";

pub const DRUGS: &str = "<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC>\
    <CHI_TIET_THUOC><MA_LK>LK1</MA_LK><STT>1</STT><MA_THUOC>40.30</MA_THUOC><SO_LUONG>10.000</SO_LUONG></CHI_TIET_THUOC>\
    <CHI_TIET_THUOC><MA_LK>LK1</MA_LK><STT>2</STT><MA_THUOC>40.67</MA_THUOC><SO_LUONG>5</SO_LUONG></CHI_TIET_THUOC>\
    </DSACH_CHI_TIET_THUOC></CHITIEU_CHITIET_THUOC>";

/// The content of a table as most programs send it.
pub fn b64(inner: &str) -> String {
    STANDARD.encode(inner)
}

/// A FILEHOSO with what stands in NOIDUNGFILE.
pub fn part(table: &str, content: &str) -> String {
    format!("<FILEHOSO><LOAIHOSO>{table}</LOAIHOSO><NOIDUNGFILE>{content}</NOIDUNGFILE></FILEHOSO>")
}

/// One visit with its link code.
pub fn dossier(link: &str) -> String {
    let own = |text: &str| b64(&text.replace("LK1", link));
    format!("<HOSO>{}{}</HOSO>", part("XML1", &own(VISIT)), part("XML2", &own(DRUGS)))
}

/// The envelope around dossiers.
pub fn envelope(count: usize, dossiers: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<GIAMDINHHS xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">\n<THONGTINDONVI><MACSKCB>01013</MACSKCB>\
         </THONGTINDONVI>\n<THONGTINHOSO><NGAYLAP>20261006</NGAYLAP><SOLUONGHOSO>{count}</SOLUONGHOSO><DANHSACHHOSO>\n{dossiers}\n</DANHSACHHOSO>\
         </THONGTINHOSO>\n<CHUKYDONVI></CHUKYDONVI></GIAMDINHHS>\n"
    )
}

/// All that a file gives.
#[derive(Debug)]
pub struct Gone {
    pub kept: Vec<Dossier>,
    pub refused: Vec<Vec<Refused>>,
    pub ended: Ended,
}

impl Gone {
    /// Stable words of all reasons, those of the file itself last.
    pub fn reasons(&self) -> Vec<&'static str> {
        self.refused.iter().flatten().chain(&self.ended.faults).map(|fault| fault.reason.code()).collect()
    }

    /// The link codes of what was kept.
    pub fn links(&self) -> Vec<String> {
        self.kept.iter().map(|dossier| cell(dossier, TableId::XML1, 0, "MA_LK").unwrap()).collect()
    }
}

/// A cell by the name of its column.
pub fn cell(dossier: &Dossier, table: TableId, row: usize, column: &str) -> Option<String> {
    let place = forms().get(table).unwrap().column(column).unwrap();
    dossier.row(table, row).unwrap().sent(place).map(str::to_owned)
}

/// Reads a whole file.
pub fn read(bytes: &[u8]) -> Gone {
    read_with(bytes, Limits::default())
}

pub fn read_with(bytes: &[u8], limits: Limits) -> Gone {
    let mut reader = Reader::open(bytes, forms(), limits).unwrap();
    let mut dossier = Dossier::new();
    let (mut kept, mut refused) = (Vec::new(), Vec::new());
    while let Some(read) = reader.next(&mut dossier) {
        match read {
            Read::Kept => kept.push(dossier.clone()),
            Read::Refused(faults) => refused.push(faults),
        }
    }
    let ended = reader.ended();
    assert_eq!(ended.read as usize, kept.len() + refused.len(), "read = kept + refused");
    Gone { kept, refused, ended }
}
