//! Monthly step: services that are part of others, from the list that the agency loaded, as the table that rules read.

use base::Date;
use chapter::{ChapterError, Step, StepContext, StepTable, TableBuilder};

use super::rows::of_claims;
use crate::catalogue::{CatalogueTables, Catalogues};

/// Writes the table `service_component`.
pub(crate) struct ComponentsStep;

const NAME: &str = "claims.components";

impl Step for ComponentsStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &["roster.service_component"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["service_component"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let wrong = of_claims(NAME);
        let batches = context.roster("service_component");
        // Without the list there is no table, and rules that read it are "not evaluated".
        if batches.is_empty() {
            return Ok(Vec::new());
        }
        let tables = CatalogueTables::of_batches(context.book, batches).map_err(&wrong)?;
        let catalogues = Catalogues::load(&tables, context.inputs.places).map_err(&wrong)?;
        let schema = context.schema("service_component")?;
        let mut rows = TableBuilder::new(schema.clone())?;
        for pair in catalogues.components.iter().flatten() {
            rows.text(Some(&pair.parent_code))
                .text(Some(&pair.component_code))
                .date(pair.valid_from.map(Date::days_since_epoch))
                .date(pair.valid_to.map(Date::days_since_epoch))
                .text(pair.reference.as_deref());
        }
        Ok(vec![StepTable::new("service_component", schema, rows.finish()?)])
    }
}
