//! The monthly audit (giám định hằng tháng): visits of the month, all row rules over them in one pass, rules across visits, figures by
//! facility and figures of the plan's tasks.

mod components;
mod dry;
mod facilities;
mod figures;
mod findings;
mod gone;
pub(crate) mod national;
mod people;
mod rows;
mod sheet_columns;
mod sheet_row;
#[cfg(test)]
mod sheet_tests;
pub(crate) mod sheets;
mod stays;
mod visits;

use std::sync::Arc;

use chapter::Step;

use crate::Formats;

pub use dry::{OfRule, ask_stored, register_tables};

/// The steps of the chapter.
pub fn steps(formats: Arc<Formats>) -> Vec<Box<dyn Step>> {
    vec![
        Box::new(components::ComponentsStep),
        Box::new(visits::VisitsStep::new(formats)),
        Box::new(findings::FindingsStep),
        Box::new(facilities::FacilitiesStep),
        Box::new(figures::FiguresStep),
    ]
}
