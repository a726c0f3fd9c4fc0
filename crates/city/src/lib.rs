//! The synthetic city, with its truth.
//!
//! [`generate`] writes the rosters that agencies would hand over for a city of invented people, and
//! beside them the truth: whose row each row is, who is not covered and why, and which rows are
//! planted to be refused. [`score`] compares what the register found with that truth.
//!
//! # How a person is drawn
//!
//! Every choice is a number worked out from (seed, name of the choice, index), never from a running
//! generator ([`random`]). So any person can be drawn alone:
//!
//! 1. A person's *slot* is the number of the household times sixteen plus the place in it; the truth
//!    number is the slot plus one. Households are numbered through the communes by their share of
//!    the population ([`world`]).
//! 2. The household's template says who lives together; ages follow from the head's, sexes from the
//!    age ([`households`]). Names, personal id and the months of arrival, departure and death follow.
//!    Two numbers have to be compared over the whole city so that no two people share a personal id;
//!    the few that must be drawn again are found once, when the city is planned.
//! 3. Life goes by months: school by year of birth, insured jobs as spells at employers, wages of a
//!    year as payers settle them, and cards from all of these; what they leave open, households buy,
//!    renew late, let lapse or never buy ([`life`]). Truth is read from here.
//!    Employers are drawn the same way from their numbers: kind, dates, codes, conduct ([`employers`]);
//!    insured jobs are cut to the months in which the employer is there. Household businesses belong to
//!    heads of households ([`businesses`]).
//! 4. Each roster then writes the person its own way, with the errors its office makes ([`errors`],
//!    [`rosters`]). Those who only look alike are planted on purpose: twins and neighbours with one
//!    name, fathers and sons, a second payer of somebody insured elsewhere, pensioners who work, a
//!    lapsed household card beside a new employee card, a right card under a name hardly legible.
//!
//! **Invariant:** nothing here shares spellings or code with what reads the rosters.

pub mod businesses;
pub mod calendar;
pub mod employers;
pub mod errors;
pub mod families;
pub mod foreign;
pub mod households;
pub mod ids;
pub mod life;
pub mod names;
pub mod random;
pub mod rosters;
pub mod schools;
pub mod spelling;
pub mod tables;
pub mod tally;
pub mod world;

mod chunk;
mod error;
mod generate;
mod score;
mod write;

pub use chunk::{LAPSED, PUPIL, WAGE};
pub use error::CityError;
pub use generate::{Config, FileSummary, PeriodSummary, Summary, generate};
pub use score::{
    AmongKnown, EmployerScore, Links, NotCovered, Predicted, PredictedEmployerRow, PredictedFinding, PredictedLink, Rates,
    ReasonRates, Score, score,
};
