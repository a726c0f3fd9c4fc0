//! Files for people: XLSX and CSV with text cells, letters as DOCX.

pub mod letter;
pub mod paper;
pub mod sheet;
pub mod words;
