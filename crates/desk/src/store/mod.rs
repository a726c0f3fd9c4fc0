//! The store as a whole: what tables it has, one file of everything, and whether all of it agrees.

mod backup;
mod catalog;
mod check;
mod file;
mod restore;

pub use backup::BackupReport;
pub use check::{LostReference, StoreReport};
pub use file::TableReport;
pub use restore::RestoreReport;
