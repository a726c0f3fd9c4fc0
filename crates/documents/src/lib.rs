//! Files for people: XLSX and CSV with text cells, letters and periodic reports as DOCX and PDF, QR codes.

mod decree;
pub mod letter;
pub mod package;
pub mod paper;
mod pdf;
pub mod picture;
pub mod qr;
pub mod report;
pub mod sheet;
pub mod signature;
mod word;
pub mod words;
