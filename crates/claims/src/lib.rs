//! Plan III.5: health claims, from the hospitals' files to explained findings (giám định BHYT).
//!
//! [`Contexts`] turns dossiers of claim files into the rows that the rules of `rules/claims` are written over; [`Checker`] runs all of these rules in one
//! pass. The same checks serve a facility before it sends, the intake of claims and the monthly audit.
//!
//! **Invariants:** a rule finds and explains, it refuses nothing. What a rule needs and does not have is counted as "could not be checked", never as passed.
//! Money of lines is exact decimals. No card number, identity number or name is evidence of a finding.

mod audit;
mod catalogue;
mod cell;
mod checker;
mod clocks;
mod context;
mod error;
mod facts;
mod formats;
mod pages;
mod papers;
pub mod receive;
mod scan;
mod store;
mod words;
mod zipped;

pub use audit::{LookBack, OfRule, ask_stored, register_tables, steps};
pub use catalogue::{
    ByFacility, CatalogueTables, Catalogues, Communes, Facility, Icd, IcdList, Item, Occupations, ROSTERS as CATALOGUE_ROSTERS,
    ServiceComponent, Term,
};
pub use checker::{Checker, ClaimFinding, RuleCount};
pub use context::Contexts;
pub use error::ClaimsError;
pub use formats::Formats;
pub use pages::{ROUTES, menu, routes};
pub use papers::{AnswerState, LETTERS, PaperColumn, PaperForm, PaperForms};
pub use scan::{FileOutcome, Taker, claim_files, plain, read_file, sign};
pub use store::{
    BUCKETS, FromTables, Importer, Latest, PartReader, Receipt, StoredTable, StoredVisit, Version, VisitId, Waiting, bucket,
    forget_noted, into_arrow, latest, links_of, receipts, spool, visit_cells, visit_links, waiting,
};
pub use words::{Tongue, facts, has_words, message, money};
