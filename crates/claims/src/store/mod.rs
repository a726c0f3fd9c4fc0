//! Claims in the book: taken in as packets, read back dossier by dossier.
//!
//! Every cell lies as it was sent, as text, in one table a claim table; a dossier read back is the dossier that came in. Dossiers lie by month of settlement
//! and bucket of facilities. One sent again (same facility and `MA_LK`) lies in a later packet: the later one counts, all of them can be looked at. One whose
//! category withdraws the payment request takes the visit out of the audit and stays in its history.

mod armed;
mod bucket;
mod import;
mod latest;
mod noted;
mod numbers;
mod part;
mod read;
mod spool;
mod tables;
mod take_in;
#[cfg(test)]
mod tests;
mod versions;
mod visit;

pub use bucket::{BUCKETS, VisitId, bucket};
pub use import::{Importer, into_arrow};
pub use latest::{Latest, Version, latest, links_of, visit_links, withdrawn};
pub(crate) use latest::{index, is_withdrawal};
pub use noted::{Noted, WaitingReceipt, forget_noted, note_waiting, waiting_of};
pub(crate) use numbers::{LineNumbers, line_numbers};
pub(crate) use part::NUMBER;
pub use read::PartReader;
pub(crate) use read::sent_on;
pub use spool::{Waiting, spool, waiting};
pub use tables::FromTables;
pub(crate) use take_in::{TakenIn, batch_of, not_read, take_in, wait_no_more};
pub use versions::{Change, SentVersion, changes, visit_versions};
pub use visit::{Receipt, StoredTable, StoredVisit, receipts, visit_cells};
