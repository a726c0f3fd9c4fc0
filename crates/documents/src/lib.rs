//! Files for people: XLSX and CSV with text cells, letters as DOCX, QR codes.

pub mod letter;
pub mod package;
pub mod paper;
pub mod qr;
pub mod sheet;
pub mod signature;
pub mod words;
