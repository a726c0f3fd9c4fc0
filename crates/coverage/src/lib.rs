//! Plan II and III.1-III.2: who is who, who is not covered and why, indicators, and their pages.
//!
//! Monthly steps: [`RegisterStep`] says who is who, [`EmployersStep`] which rows are one employer, [`FindingsStep`] runs the rules, [`WorklistStep`]
//! makes the list people work from, [`EmployerListStep`] that of employers, [`SchoolClassStep`] counts classes, [`StatesStep`] says how everybody stands,
//! [`SupportStep`] whose premium is supported and what each payer owes, [`IndicatorsStep`] counts, [`ForecastStep`] looks ahead, [`CodesStep`] counts
//! words without a code, [`CollectionStep`] what collectors brought in. The pages read what a run published.

mod codes;
mod collection;
mod counted;
mod employer_lines;
mod employer_list;
mod employers;
pub mod exchange;
mod figures;
mod filter;
mod findings;
mod forecast;
mod indicators;
mod lines;
mod pages;
mod part_counts;
mod path;
mod per_person;
mod plan;
mod propose;
mod reasons;
mod register;
mod said;
mod school_class;
mod schools;
mod serving;
mod states;
mod support;
mod support_figures;
mod tables;
#[cfg(test)]
mod testing;
mod worklist;

pub use codes::CodesStep;
pub use collection::CollectionStep;
pub use employer_list::EmployerListStep;
pub use employers::{EmployerCountsStep, EmployersStep};
pub use findings::FindingsStep;
pub use forecast::ForecastStep;
pub use indicators::{BHYT_COVERAGE, IndicatorsStep};
pub use pages::{ROUTES, UNEXPLAINED_DUE, case_key, menu, routes};
pub use plan::{Plan, PlanError};
pub use register::RegisterStep;
pub use school_class::SchoolClassStep;
pub use states::StatesStep;
pub use support::SupportStep;
pub use worklist::{REASONS, UNEXPLAINED, WorklistStep};

/// The chapter's monthly steps.
pub fn steps() -> Vec<Box<dyn chapter::Step>> {
    vec![
        Box::new(RegisterStep),
        Box::new(EmployersStep),
        Box::new(EmployerCountsStep),
        Box::new(CodesStep),
        Box::new(FindingsStep),
        Box::new(WorklistStep),
        Box::new(EmployerListStep),
        Box::new(SchoolClassStep),
        Box::new(StatesStep),
        Box::new(IndicatorsStep),
        Box::new(SupportStep),
        Box::new(ForecastStep),
        Box::new(CollectionStep),
    ]
}
