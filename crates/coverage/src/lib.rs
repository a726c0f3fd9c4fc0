//! Plan II and III.1-III.2: who is who, who is not covered and why, indicators, and their pages.
//!
//! Monthly steps: [`RegisterStep`] says who is who, [`EmployersStep`] which rows are one employer, [`FindingsStep`] runs the rules, [`WorklistStep`]
//! makes the list people work from, [`StatesStep`] how everybody stands, [`IndicatorsStep`] counts, [`ForecastStep`] looks ahead. The pages read what a run published.

mod codes;
mod employers;
pub mod exchange;
mod filter;
mod findings;
mod forecast;
mod indicators;
mod pages;
mod per_person;
mod reasons;
mod register;
mod serving;
mod states;
mod tables;
#[cfg(test)]
mod testing;
mod worklist;

pub use codes::CodesStep;
pub use employers::EmployersStep;
pub use findings::FindingsStep;
pub use forecast::ForecastStep;
pub use indicators::{BHYT_COVERAGE, IndicatorsStep};
pub use pages::{menu, routes};
pub use register::RegisterStep;
pub use states::StatesStep;
pub use worklist::{REASONS, UNEXPLAINED, WorklistStep};

/// The chapter's monthly steps.
pub fn steps() -> Vec<Box<dyn chapter::Step>> {
    vec![
        Box::new(RegisterStep),
        Box::new(EmployersStep),
        Box::new(CodesStep),
        Box::new(FindingsStep),
        Box::new(WorklistStep),
        Box::new(StatesStep),
        Box::new(IndicatorsStep),
        Box::new(ForecastStep),
    ]
}
