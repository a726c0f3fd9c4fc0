//! Files larger than memory should ever hold: they come out of a generator, not from a disk.

use std::time::{Duration, Instant};

use claimfile::{Dossier, Limits, Read, Reader};

use crate::files::{b64, forms, part};

/// What may be added to the memory of the process while a file of any size is read: buffers, one dossier, the link codes seen.
const ROOM: u64 = 96 << 20;

/// Stands for the link code of a visit: twelve digits.
const LINK: &str = "LKLKLKLKLKLK";

/// A file of many dossiers, made while it is read. The text of one is made once; a reader's time is measured, not that of this maker.
struct Endless {
    /// Dossiers still to come; none when the end has been given too.
    left: Option<u64>,
    number: u64,
    piece: Vec<u8>,
    at: usize,
    dossier: Vec<u8>,
    /// Where the link code stands: plainly, and in base64.
    plain: Vec<usize>,
    coded: Vec<usize>,
    /// Where the end of the visit stands, in base64, which every fourth has not.
    end: usize,
}

impl Endless {
    fn new(dossiers: u64) -> Self {
        let head = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<GIAMDINHHS><THONGTINDONVI><MACSKCB>01013</MACSKCB></THONGTINDONVI><THONGTINHOSO>\
             <NGAYLAP>20261031</NGAYLAP><SOLUONGHOSO>{dossiers}</SOLUONGHOSO><DANHSACHHOSO>\n"
        );
        let drug = format!(
            "<CHI_TIET_THUOC><MA_LK>{LINK}</MA_LK><STT>1</STT><MA_THUOC>40.30</MA_THUOC><MA_NHOM>4</MA_NHOM><TEN_THUOC>Paracetamol 500mg</TEN_THUOC>\
             <DON_VI_TINH>viên</DON_VI_TINH><SO_LUONG>10.000</SO_LUONG><DON_GIA>1300.500</DON_GIA><NGAY_YL>202610050840</NGAY_YL></CHI_TIET_THUOC>\n"
        );
        let service = format!(
            "<CHI_TIET_DVKT><MA_LK>{LINK}</MA_LK><STT>1</STT><MA_DICH_VU>02.1896</MA_DICH_VU><TEN_DICH_VU>Khám Nội</TEN_DICH_VU><SO_LUONG>1</SO_LUONG>\
             <DON_GIA_BV>42100</DON_GIA_BV><NGAY_YL>202610050840</NGAY_YL></CHI_TIET_DVKT>\n"
        );
        let visit = format!(
            "<TONG_HOP><MA_LK>{LINK}</MA_LK><HO_TEN>Nguyễn Thị Hoa</HO_TEN><NGAY_RA>202610050915</NGAY_RA><MA_CSKCB>01013</MA_CSKCB></TONG_HOP>"
        );
        let drugs = format!(
            "<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC>{}</DSACH_CHI_TIET_THUOC></CHITIEU_CHITIET_THUOC>",
            drug.repeat(40)
        );
        let services = format!(
            "<CHITIEU_CHITIET_DVKT_VTYT><DSACH_CHI_TIET_DVKT>{}</DSACH_CHI_TIET_DVKT></CHITIEU_CHITIET_DVKT_VTYT>",
            service.repeat(30)
        );
        let note = format!(
            "<CHI_TIET_DIEN_BIEN_BENH><MA_LK>{LINK}</MA_LK><STT>1</STT><DIEN_BIEN_LS>{}</DIEN_BIEN_LS><THOI_DIEM_DBLS>202610050840</THOI_DIEM_DBLS>\
             </CHI_TIET_DIEN_BIEN_BENH>\n",
            "Bệnh nhân tỉnh, tiếp xúc tốt; mạch 80 lần một phút, huyết áp 120/80 mmHg. ".repeat(8)
        );
        let notes = format!(
            "<CHITIEU_CHITIET_DIENBIENLAMSANG><DSACH_CHI_TIET_DIEN_BIEN_BENH>{}</DSACH_CHI_TIET_DIEN_BIEN_BENH></CHITIEU_CHITIET_DIENBIENLAMSANG>",
            note.repeat(20)
        );
        let coded = |text: &str, elements: &[&str]| b64(&aligned(text, elements));
        let dossier = format!(
            "<HOSO>{}{}{}{}</HOSO>\n",
            part("XML1", &coded(&visit, &["<MA_LK>", "<NGAY_RA>"])),
            part("XML2", &coded(&drugs, &["<MA_LK>"])),
            part("XML3", &services),
            part("XML5", &coded(&notes, &["<MA_LK>"]))
        );
        let places = |text: &str| dossier.match_indices(text).map(|(at, _)| at).collect::<Vec<_>>();
        let (plain, coded, end) = (places(LINK), places(&b64(LINK)), places(&b64("202610050915")));
        assert_eq!((plain.len(), coded.len(), end.len()), (30, 61, 1));
        let (piece, dossier, end) = (head.into_bytes(), dossier.into_bytes(), end[0]);
        Self { left: Some(dossiers), number: 0, piece, at: 0, dossier, plain, coded, end }
    }

    fn next(&mut self) {
        self.at = 0;
        self.piece.clear();
        match self.left {
            None => {}
            Some(0) => {
                self.left = None;
                self.piece.extend_from_slice(b"</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>\n");
            }
            Some(left) => {
                self.left = Some(left - 1);
                self.number += 1;
                self.piece.extend_from_slice(&self.dossier);
                let link = format!("{:012}", self.number);
                let coded = b64(&link);
                let mut put = |at: usize, text: &str| self.piece[at..at + text.len()].copy_from_slice(text.as_bytes());
                self.plain.iter().for_each(|at| put(*at, &link));
                self.coded.iter().for_each(|at| put(*at, &coded));
                // Every fourth cannot be kept: counts must hold in a large file too.
                if self.number.is_multiple_of(4) {
                    put(self.end, &b64("            "));
                }
            }
        }
    }
}

/// Puts line ends before elements, so that their values stand where base64 begins a new group and can be put in without coding all again.
fn aligned(text: &str, elements: &[&str]) -> String {
    let mut out = String::new();
    for piece in text.split_inclusive('>') {
        if let Some(tag) = elements.iter().find(|tag| piece.ends_with(**tag)) {
            while !(out.len() + tag.len()).is_multiple_of(3) {
                out.push('\n');
            }
        }
        out.push_str(piece);
    }
    out
}

impl std::io::Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.piece.len() {
            self.next();
        }
        let taken = (self.piece.len() - self.at).min(out.len());
        out[..taken].copy_from_slice(&self.piece[self.at..self.at + taken]);
        self.at += taken;
        Ok(taken)
    }
}

/// Memory of the process in bytes, by a line of `/proc/self/status`; none where there is no such file.
fn memory(line: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let words = status.lines().find_map(|text| text.strip_prefix(line))?;
    words.split_whitespace().next()?.parse::<u64>().ok().map(|kb| kb * 1024)
}

/// Reads a file of about so many bytes: dossiers kept and refused, and how long it took.
fn gone_through(bytes: u64) -> Duration {
    let mut one = Endless::new(1);
    let length = std::io::copy(&mut one, &mut std::io::sink()).unwrap();
    let dossiers = bytes.div_ceil(length);
    let started = Instant::now();
    let before = memory("VmRSS:");
    assert!(before.is_some() || !cfg!(target_os = "linux"), "the memory of the process is not known");
    let mut reader = Reader::open(Endless::new(dossiers), forms(), Limits { dossier_bytes: 4 << 20 }).unwrap();
    let mut dossier = Dossier::new();
    let (mut kept, mut refused, mut most) = (0_u64, 0_u64, 0_u64);
    while let Some(read) = reader.next(&mut dossier) {
        match read {
            Read::Kept => kept += 1,
            Read::Refused(_) => refused += 1,
        }
        if (kept + refused).is_multiple_of(500) {
            most = most.max(memory("VmRSS:").unwrap_or(0));
        }
    }
    let ended = reader.ended();
    assert!(ended.faults.is_empty(), "{:?}", ended.faults);
    assert_eq!((ended.declared, u64::from(ended.read)), (Some(dossiers), kept + refused));
    assert_eq!((kept, refused), (dossiers - dossiers / 4, dossiers / 4));
    let grown = most.saturating_sub(before.unwrap_or(most));
    assert!(grown < ROOM, "memory grew by {} MB over {dossiers} dossiers", grown >> 20);
    println!("{} MB, {dossiers} dossiers, {:?}, memory + {} MB", bytes >> 20, started.elapsed(), grown >> 20);
    started.elapsed()
}

#[test]
fn a_file_of_200_mb_is_read_in_little_memory() {
    // Without optimisation a tenth of it says the same.
    gone_through(if cfg!(debug_assertions) { 20 << 20 } else { 200 << 20 });
}

/// `cargo test --release -p claimfile 2_gb -- --ignored --nocapture`
#[test]
#[ignore = "takes a minute; command in docs/claims.md"]
fn a_file_of_2_gb_is_read_in_little_memory() {
    gone_through(2 << 30);
    if let Some(peak) = memory("VmHWM:") {
        println!("peak of the process {} MB", peak >> 20);
    }
}
