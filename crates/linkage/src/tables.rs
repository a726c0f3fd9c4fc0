//! Linking any two tables, or finding the clusters of one, by a specification.
//!
//! [`link_tables`] takes a [`Spec`] and tables of text cells (whoever calls reads files), and gives
//! links with weight, probability, pass and margin. Nothing has to be trained: each field's kind says
//! how values are normalised and on which levels they can agree; how much each level says is learned
//! from the tables themselves. `docs/link-any-table.md` shows a worked example.

mod bounds;
mod choose;
mod compare;
mod date;
mod drawn;
mod edits;
mod error;
mod explain;
mod fold;
mod gather;
mod input;
mod keys;
mod learn;
mod level;
mod marks;
mod model;
mod packed;
mod passes;
mod piles;
mod pool;
mod propose;
mod related;
mod reliability;
mod report;
mod rows;
mod run;
mod score;
mod spec;
mod ties;
mod truth;
mod words;

pub use choose::ScoredPair;
pub use error::TableError;
pub use explain::PairExplained;
pub use input::{Table, TextTable};
pub use learn::Label;
pub use model::FieldPart;
pub use packed::PackedTable;
pub use reliability::Reliability;
pub use report::{TableOptions, TablePass, TablePhase, TableStats, TableWeight};
pub use run::{ReadTables, TablesLinked, link_tables};
pub use spec::{BlockSpec, Columns, FieldSpec, Kind, MAX_FIELDS, Mode, SideSpec, Spec};
pub use truth::TruthScore;
