//! Calculators: pure functions over a law, a typed input and a trace.
//!
//! Each calculator is one function `name<T: Trace>(cx, input)`. With [`Silent`] it gives the amount alone
//! (batches); with [`Steps`] the same code leaves every step with its figures, parameters, days and
//! articles (people). Input and answer declare their fields once ([`Inputs`], [`Outcome`]), and
//! [`CALCULATORS`] names them all, so that cases, command line, JSON, forms and the assistant need
//! nothing of their own.
//!
//! Every figure of the law comes from a parameter at the day of the event. Amounts are exact until the
//! one place where they are rounded ([`Cx::round`]). Answers are for reference: a person decides.

mod accident;
mod allowance;
mod answer;
mod average;
mod bhyt_share;
mod calendar;
mod card;
mod case;
mod contribution;
mod criminal;
mod cx;
mod deadline;
mod debt_state;
mod fault;
mod fine;
mod given;
mod hospital;
mod household;
mod input;
mod json_schema;
mod late_charge;
mod lump;
mod maternity;
mod outcome;
mod pay_deadline;
mod pension;
mod pension_adjust;
mod prescription;
mod registry;
mod retirement;
mod scheme;
mod sickness;
mod social_pension;
mod support;
mod survivor;
mod trace;
mod unemployment;
mod voluntary;
mod words;

pub use accident::{AccidentInput, AccidentOutcome, accident};
pub use allowance::{AllowanceInput, AllowanceOutcome, allowance};
pub use answer::Answer;
pub use average::{AdjustedSpell, AverageInput, AverageOutcome, WageSpell, average};
pub use bhyt_share::{BhytShareInput, BhytShareOutcome, CostPart, Holder, Place, Route, bhyt_share};
pub use calendar::Calendar;
pub use card::{CardInput, CardOutcome, card};
pub use case::{Case, CaseFailure, CaseFile, CaseFileError};
pub use contribution::{Absence, ContributionInput, ContributionOutcome, Participant, contribution};
pub use criminal::{Clause, CriminalInput, CriminalOutcome, criminal};
pub use cx::Cx;
pub use deadline::{DeadlineInput, DeadlineOutcome, Procedure, Stop, deadline};
pub use debt_state::{DebtState, DebtStateInput, DebtStateOutcome, Line, debt_state};
pub use fault::{CalcError, InputFault, Problem};
pub use fine::{Act, FineInput, FineOutcome, fine};
pub use given::Given;
pub use hospital::{HospitalInput, HospitalOutcome, Quarter, hospital};
pub use household::{HouseholdInput, HouseholdMember, HouseholdOutcome, Term as PaidTerm, household};
pub use input::{Choice, Field, FieldType, Inputs, Kind};
pub use json_schema::JsonSchema;
pub use late_charge::{ChargePart, LateChargeInput, LateChargeOutcome, Payment, late_charge};
pub use lump::{LumpCase, LumpInput, LumpOutcome, lump};
pub use maternity::{MaternityInput, MaternityKind, MaternityOutcome, maternity};
pub use outcome::{Out, OutType, Outcome, Part};
pub use pay_deadline::{PayDeadlineInput, PayDeadlineOutcome, Payer, pay_deadline};
pub use pension::{PensionInput, PensionOutcome, pension};
pub use pension_adjust::{PensionAdjustInput, PensionAdjustOutcome, pension_adjust};
pub use prescription::{PrescriptionInput, PrescriptionKind, PrescriptionOutcome, prescription};
pub use registry::{CALCULATORS, Calculator, Topic};
pub use retirement::{RetireReason, RetirementInput, RetirementOutcome, retirement};
pub use scheme::{Ground, SchemeInput, SchemeOutcome, TaxMethod, scheme};
pub use sickness::{SickKind, SicknessInput, SicknessOutcome, sickness};
pub use social_pension::{SocialPensionInput, SocialPensionOutcome, social_pension};
pub use support::{SupportGroup, SupportInput, SupportOutcome, support};
pub use survivor::{Deceased, SurvivorInput, SurvivorOutcome, survivor};
pub use trace::{Silent, Step, Steps, Term, Trace, Used};
pub use unemployment::{Contract, UnemploymentInput, UnemploymentOutcome, unemployment};
pub use voluntary::{Method, VoluntaryGroup, VoluntaryInput, VoluntaryOutcome, voluntary};
pub use words::{Region, Scheme, Sex};
