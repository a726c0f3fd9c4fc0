//! The audit log: events without an update or delete path, in groups for reads, sealed in a hash chain.

mod accounts;
mod action;
mod arrivals;
mod event;
mod seal;
mod search;
mod shown;
pub(crate) mod subject;
mod tally;
mod verify;
mod writer;

pub use action::{ActionKind, AuditAction};
pub use event::{AuditEvent, ReadEvent};
pub use seal::Seal;
pub use search::AuditQuery;
pub use tally::AuditTally;
pub use verify::{AuditReport, Broken, Gap};

pub(crate) use event::looks_personal;
pub(crate) use writer::{Writer, append};
