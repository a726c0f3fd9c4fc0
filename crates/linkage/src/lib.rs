//! Who is who: normalise, compare, learn, assign, explain. No input or output.
//!
//! The way of a run:
//!
//! 1. [`Prepared::new`] normalises the rows of a roster: a name becomes syllables of letters and
//!    marks, a date a number, an address its candidate communes. No text is kept.
//! 2. [`group_rows`] and [`Prepared::merged`] make one record of the rows of one person.
//! 3. [`link`] links a roster to the spine: certain pairs first, then candidates of fourteen blocking
//!    passes, each pair compared once into a [`Pattern`] of levels. The weight of each level is
//!    learned without truth (Fellegi and Sunter), then people are assigned one to one.
//! 4. [`explain`] takes a link apart into parts that add up exactly.
//! 5. [`Prepared::enriched`] gives the spine what linked rosters know and it lacks, and
//!    [`Prepared::extended`] the people it did not know, for the next one.
//!
//! [`link_changed`] links a month's new and changed rows against the links that stand, without a full run; a [`Spine`] keeps
//! what that needs from roster to roster, and [`Prepared::prints`] tell which rows are new.
//!
//! [`Star`] does this roster after roster, with or without a population roster to begin with.
//!
//! Any other two tables, or one with doubles in it, are linked by a specification: [`tables`].
//!
//! Employers are another matter with codes, forms and branches of their own: [`link_employers`].
//!
//! Results are the same whatever the number of threads: weights are integers (thousandths of a
//! bit), random pairs come from counters, sorted lists break all ties by row number.

mod again;
mod assign;
mod blocks;
mod candidates;
mod certain;
mod columns;
mod compare;
mod config;
mod decisions;
mod doubles;
mod employer;
mod explain;
mod group;
mod hash;
mod joined;
mod kept;
mod keyboard;
mod keys;
mod learn;
mod learned;
mod level;
mod lexicon;
mod link;
mod lost;
mod merge;
mod model;
mod name;
mod nearest;
mod prepared;
mod print;
mod record;
mod review;
mod sound;
mod spine;
mod star;
mod stored;
mod syllable;
pub mod tables;
mod verdict;

pub use again::{LinkChange, Relinked, Standing, link_changed};
pub use candidates::PassStats;
pub use config::Config;
pub use decisions::Decisions;
pub use doubles::{Doubles, doubles};
pub use employer::{
    EmployerCluster, EmployerClusters, EmployerEvidence, EmployerMatch, EmployerQuestion, EmployerReview, EmployerRoster,
    EmployerRow, EmployerWarning, link_employers,
};
pub use explain::{Part, Waterfall, explain};
pub use group::group_rows;
pub use kept::Spine;
pub use keys::Pass;
pub use learned::Learned;
pub use level::{FieldName, LevelName, Pattern};
pub use link::{Link, Linked, Stats, link, link_learned};
pub use lost::{Caught, LostLinks};
pub use model::{LevelWeight, Model};
pub use nearest::{Nearest, nearest};
pub use prepared::Prepared;
pub use print::{GONE, same_rows};
pub use record::{Birth, MAX_COMMUNES, Row};
pub use review::{ReviewPair, ReviewReason};
pub use star::{Source, SpineRole, Star, Taken, spine_order};
