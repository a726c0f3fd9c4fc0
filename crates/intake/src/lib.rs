//! Files to checked rows: layouts, sheets, encodings, quarantine.
//!
//! A roster comes as an agency writes it: a workbook with title rows and merged headers, a CSV in one
//! of several encodings. [`read`] finds out which roster it is by its header, checks every row against
//! the layout, hands sound rows on by column and keeps each refused row with its reason, so that a
//! clerk can mend it ([`rejects_csv`]) and send it again.
//!
//! **Invariant:** read = stored + quarantined, and equal to what the file declares where it declares
//! something; else the whole file is refused. Files come from outside: sizes, ratios and structure are
//! checked before anything is opened ([`Limits`]), and errors never repeat what stands in a cell.

mod bundle;
mod cell;
mod choose;
mod chunk;
mod codes;
mod codes_load;
mod convert;
mod csv_rows;
mod error;
mod guess;
mod head_rows;
mod header;
mod headings;
mod layout;
mod load;
mod mapping;
mod marks;
mod merged;
mod old;
mod outside;
pub mod paper;
mod plain;
mod preview;
pub mod qr;
mod reading;
mod reject;
mod report;
mod rowkind;
mod rows;
mod source;
mod suggest;
mod table;
mod text;
mod xlsx_rows;
mod zip_guard;

pub use chunk::{Chunk, Column, Values};
pub use codes::{Code, CodeList, Codes};
pub use codes_load::{CodeErrors, CodeFault};
pub use error::IntakeError;
pub use layout::{
    ColumnType, Declared, Field, Joined, Kind, Layout, MergedCells, PersonalData, Plain, Repeat, SOURCE_ROW, Section, SexCode,
    Shape, Title, TitleFact,
};
pub use load::{LayoutError, Layouts};
pub use mapping::mapped_layout;
pub use plain::{PlainRow, PlainTable};
pub use preview::{Preview, PreviewColumn, preview, preview_at, preview_rows};
pub use reading::{Sink, read};
pub use reject::{Fault, Reject, RejectReason, count_reasons, rejects_csv};
pub use report::Report;
pub use rows::{RowCell, read_rows};
pub use source::{Limits, Source};
pub use suggest::suggest;
