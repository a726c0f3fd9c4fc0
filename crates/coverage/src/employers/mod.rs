//! Monthly step: which rows are one employer (đơn vị sử dụng lao động), over the business register, the tax office and
//! social insurance.
//!
//! Rosters about employers give a row each; rosters about people name their employer, and each way of naming one is
//! taken once. Codes join first, then names with communes ([`linkage::link_employers`]). A branch (chi nhánh, đơn vị
//! phụ thuộc) is an employer of its own with its parent named. Numbers stay from run to run.

mod counts;
mod ledger;
mod mentions;
#[cfg(test)]
mod tests;
mod write;

use chapter::{ChapterError, Step, StepContext, StepTable};
use linkage::{EmployerRoster, EmployerRow, link_employers};

use crate::register::evidence::{Kind, carried, evidence, known, number, unambiguous};
use mentions::{Mentions, SOURCES};

pub use counts::EmployerCountsStep;

/// Builds the register of employers of a period.
pub struct EmployersStep;

pub(crate) const NAME: &str = "coverage.employers";

impl Step for EmployersStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "roster.business",
            "roster.taxpayer",
            "roster.unit_ledger",
            "roster.unit_code_map",
            "roster.unit_month",
            "roster.bhxh_participation",
            "roster.employer_worker",
            "roster.tax_settlement",
            "roster.labour",
            "roster.tour_guide",
            "previous.employer_evidence",
            "numbering.employer_evidence",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["employer", "employer_link", "employer_mention", "employer_review", "employer_evidence"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let mut rosters = Vec::new();
        for source in &SOURCES {
            context.cancelled.check()?;
            context.progress.at(&format!("{NAME} {}", source.roster), rosters.len() as u64, SOURCES.len() as u64);
            rosters.extend(Mentions::read(context, source)?);
        }
        let rows: Vec<Vec<EmployerRow>> = rosters.iter().map(Mentions::rows).collect();
        let given: Vec<EmployerRoster> = rows.iter().map(|rows| EmployerRoster { rows }).collect();
        let clusters = link_employers(&given);
        let keys = clusters.clusters.iter().zip(0u32..);
        let own = keys.map(|(cluster, place)| (evidence(Kind::Employer, &[cluster.key.as_bytes()]), place)).collect();
        let own = unambiguous(own, clusters.clusters.len());
        let before = known(context, "employer_evidence", "employer_id")?;
        let numbered = number(&own, &before, clusters.clusters.len());
        Ok(vec![
            write::employers(context, &rosters, &clusters, &numbered)?,
            write::links(context, &rosters, &clusters, &numbered)?,
            write::mentions(context, &rosters, &clusters, &numbered)?,
            write::review(context, &rosters, &clusters, &numbered)?,
            write::evidence(context, &carried(&own, &numbered, &before))?,
        ])
    }
}

#[cfg(test)]
mod declared {
    use super::*;

    #[test]
    fn the_step_declares_every_roster() {
        for source in &SOURCES {
            assert!(EmployersStep.reads().contains(&format!("roster.{}", source.roster).as_str()), "{}", source.roster);
        }
    }
}
