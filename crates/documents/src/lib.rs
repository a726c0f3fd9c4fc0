//! Files for people: XLSX and CSV with text cells.

pub mod sheet;
