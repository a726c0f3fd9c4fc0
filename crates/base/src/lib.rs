//! Words that every crate uses: money, rates, dates, ids, Vietnamese names and places, access
//! scope, findings and evidence.
//!
//! **Invariant:** nothing here opens a file, a socket or a clock. A date is always an argument.

// Nothing near money or the law is a binary fraction.
#![deny(clippy::float_arithmetic)]

mod amount;
mod date;
mod dong;
mod explain;
mod finding;
mod ids;
mod month;
mod personal_id;
mod rate;
mod scope;

pub mod names;
pub mod places;

pub use amount::{Amount, AmountError};
pub use date::{Date, DateError};
pub use dong::{Dong, DongError};
pub use explain::Explain;
pub use finding::{Evidence, Finding, FindingKey, FindingState, Strength, SubjectKind};
pub use ids::{CommuneCode, InsuranceNumber, PersonId, RunId, TaxCode};
pub use month::{Month, MonthError};
pub use personal_id::{PersonalId, PersonalIdError, Sex};
pub use rate::{Rate, RateError};
pub use scope::{Actor, Area, Purpose, Role, Scope};
