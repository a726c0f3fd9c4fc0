//! Claim files (hồ sơ đề nghị thanh toán): the envelope `GIAMDINHHS` and the tables XML1-XML15 of decisions 130, 4750 and 3176.
//!
//! [`Reader`] goes through a file of any size and hands over one [`Dossier`] after the other: all cells as they were sent, by column name. What cannot be
//! kept is told as [`Refused`] with table, row, column, value and reason; a broken dossier never takes the next one with it. [`write()`] puts dossiers back
//! into a file. The forms of the tables are data ([`Forms`], `formats/claims`), and so are the lists of codes ([`Lists`]).
//!
//! **Invariants:** read = kept + refused. No cell is changed: what comes out of [`write()`] has the values that went in, also those of columns nobody knows.
//! No entity is expanded and no document type is accepted; memory is bounded by the largest dossier allowed, not by the file.

mod cells;
mod check_in;
mod content;
mod dossier;
mod envelope;
mod form;
mod inner;
mod list;
mod outcome;
mod plain;
mod protected;
mod recover;
mod refused;
pub mod signature;
mod source;
mod standard;
mod usual;
mod value;
mod write;
mod yaml;

pub use cells::check;
pub use dossier::{Dossier, Extra, Row, Rows, TableId};
pub use envelope::Reader;
pub use form::{Both, Column, Form, Forms, Kind, Need, Protection};
pub use list::{List, Lists, Meaning, Part};
pub use outcome::{Ended, FileKind, Limits, Read};
pub use protected::{Protected, ProtectedBlock};
pub use refused::{FileError, Reason, Refused};
pub use standard::{Standard, Standards};
pub use value::{Moment, parse_birth, parse_day, parse_time};
pub use write::write;
pub use yaml::ContentFault;
