//! The monthly audit (giám định hằng tháng): visits of the month, all row rules over them in one pass, rules across visits, figures by
//! facility, figures of the plan's tasks, and the month beside the portal's own sheets.

mod back;
mod components;
mod dry;
mod facilities;
mod figures;
mod findings;
mod gone;
pub(crate) mod national;
mod people;
mod placed;
mod portal;
pub(crate) mod refused;
mod rows;
mod sheet_columns;
mod sheet_row;
#[cfg(test)]
mod sheet_tests;
pub(crate) mod sheets;
mod silent;
mod stays;
mod stt;
mod visits;
mod xml;

use std::sync::Arc;

use chapter::Step;

use crate::Formats;

pub use back::{LookBack, register_tables};
pub use dry::{OfRule, ask_stored};

/// The steps of the chapter.
pub fn steps(formats: Arc<Formats>) -> Vec<Box<dyn Step>> {
    vec![
        Box::new(components::ComponentsStep),
        Box::new(visits::VisitsStep::new(formats.clone())),
        Box::new(findings::FindingsStep::new(formats.clone())),
        Box::new(facilities::FacilitiesStep::new(formats)),
        Box::new(figures::FiguresStep),
        Box::new(portal::PortalStep),
    ]
}
