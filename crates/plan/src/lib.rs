//! The plan: read as agencies publish it, its rhythms as days, and the plan as data.
//!
//! [`import`] reads a plan of any province (text, DOCX, XLSX) to tasks with lead, partners, product and rhythm, and says line by
//! line what it could not read. [`rhythm`] understands what a plan says of time and gives the days. No word of one city stands
//! here; agencies are known by rules that hold everywhere ([`parties`]).
//!
//! **Invariant:** every line of a file is counted once ([`Counts`]): nothing is passed over silently.

pub mod data;
mod error;
pub mod figures;
mod import;
pub mod indicators;
mod model;
mod parse;
mod party;
mod read;
pub mod rhythm;

pub use error::PlanError;
pub use import::{import, open};
pub use model::{Assigned, Assignment, Counts, Group, Head, Imported, Section, SectionKind, Target, Task, Unread};
pub use party::{KINDS, Party, parties, party};
