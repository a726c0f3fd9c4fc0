//! The one crate that owns DataFusion, arrow and object_store.
//!
//! Others reach arrow through [`arrow`] here, so that there is one arrow in the program. A
//! [`Session`] is made for one piece of work: the [`law::Law`] is bound when it is made, it holds
//! only the tables that were registered, and it runs only `SELECT`.

mod data_file;
mod error;
mod inspect;
mod law_function;
mod parquet_file;
mod row_check;
mod sealed_store;
mod session;

pub mod rows;

pub use data_file::{DataFile, FileReader, NewFile, OpenFile};
pub use datafusion;
pub use datafusion::arrow;
pub use error::EngineError;
pub use inspect::{LawUse, QueryFacts};
pub use parquet_file::{ParquetFile, ParquetReader, RowSink, read_parquet, scan_parquet, write_parquet};
pub use row_check::{RowAnswer, RowCheck};
pub use session::{Marked, Options, Session, Work, bind_values};
