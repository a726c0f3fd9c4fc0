//! The synthetic city, with its truth.
//!
//! [`generate`] writes the rosters that agencies would hand over for a city of invented people, and
//! beside them the truth: whose row each row is, who is not covered and why, and which rows are
//! planted to be refused. [`score`] compares what the register found with that truth; [`answer`]
//! replies to a check file as the police or the national system would.
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
//!    year as payers settle them, benefits, supported groups, and cards from all of these; what they leave open,
//!    households buy, renew late, let lapse or never buy ([`life`]). Truth is read from here.
//!    Employers are drawn the same way from their numbers: kind, dates, codes, conduct ([`employers`]);
//!    insured jobs are cut to the months in which the employer is there. Household businesses belong to
//!    heads of households ([`businesses`]).
//! 4. Each roster then writes the person its own way, with the errors its office makes ([`errors`],
//!    [`rosters`]). Those who only look alike are planted on purpose: twins and neighbours with one
//!    name, fathers and sons, a second payer of somebody insured elsewhere, pensioners who work, a
//!    lapsed household card beside a new employee card, a right card under a name hardly legible, supported cards
//!    that ended as work began, numbers corrected with the old card withdrawn, companies of their manager alone
//!    whose manager is insured elsewhere, retired or abroad ([`employers::managers`]).
//!
//! # What is written
//!
//! `rosters/PERIOD/`: one or more files of each roster of [`rosters::REGISTRY`]; every office has its own
//! words, care, letters (four old or wide encodings among them), kind of file and form, so that every layout
//! of `formats/rosters` has a file (but the answers, which [`answer`] writes, and those of claims). `truth/`:
//!
//! - `people_PERIOD.csv`: everybody who lives in the city or did, with one state ([`life::state::State`]):
//!   `covered`, `not_covered` with the first reason, `covered_elsewhere`, `armed_forces`, `foreigner`, `dead`,
//!   `moved_away`;
//! - `rows_PERIOD_ROSTER.csv` and `employer_rows_PERIOD_ROSTER.csv`: whose row each row is. Rows of a book
//!   within an archive stand under the book's name;
//! - `not_covered_PERIOD.csv`: what the rules about people should find, a line a person and reason ([`reasons`]);
//!   `employer_findings_PERIOD.csv`: the same about employers ([`employers::findings`]);
//! - `broken_PERIOD.csv`: rows planted to be refused;
//! - `claims_PERIOD.csv`, `claims_lookalike_PERIOD.csv`: of claims, which [`claims`] adds where they are asked for;
//! - `answer_ROSTER.csv`: what [`answer`] said to a check file, and where it erred on purpose.
//!
//! People of the armed forces live in the city and stand in lists of residents, but no file names their
//! service or their cards: they are counts in `card_aggregate`. Those insured by an employer or as a
//! student of another province have no row in the city's own insurance rosters either.
//!
//! **Invariant:** nothing here shares spellings or code with what reads the rosters.

pub mod businesses;
pub mod calendar;
pub mod claims;
pub mod employers;
pub mod errors;
pub mod exchange;
pub mod families;
pub mod foreign;
pub mod households;
pub mod ids;
pub mod life;
pub mod names;
pub mod random;
pub mod reasons;
pub mod rosters;
pub mod schools;
pub mod spelling;
pub mod tables;
pub mod tally;
pub mod world;

mod chunk;
mod error;
mod generate;
pub mod score;
mod write;

pub use error::CityError;
pub use exchange::{Answered, Asked, answer};
pub use generate::{Config, FileSummary, PeriodSummary, Summary, generate};
pub use reasons::{LAPSED, PUPIL, WAGE};
pub use score::{
    AmongKnown, ClaimTruth, ClaimsScore, EmployerFindings, EmployerScore, Links, NotCovered, Predicted, PredictedClaim,
    PredictedEmployerFinding, PredictedEmployerRow, PredictedFinding, PredictedLink, Rates, ReasonRates, SchemeRates, Score,
    claims as claims_score, claims_truth, score,
};
