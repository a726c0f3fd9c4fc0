//! Services that are part of others (dịch vụ nằm trong dịch vụ khác).

use std::collections::BTreeMap;

use base::Date;
use engine::EngineError;
use engine::arrow::record_batch::RecordBatch;

use super::columns::{Terms, Texts};
use super::own::numbered;

/// A row of the table `service_component`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceComponent {
    /// Code of the service.
    pub parent_code: String,
    /// Code of what is part of it and not claimed beside it.
    pub component_code: String,
    /// First day.
    pub valid_from: Option<Date>,
    /// Last day.
    pub valid_to: Option<Date>,
    /// Where that is written.
    pub reference: Option<String>,
}

/// All pairs in the order of the table's key; of a pair that stands several times the newest row counts.
pub(super) fn load(files: &[Vec<RecordBatch>]) -> Result<Vec<ServiceComponent>, EngineError> {
    let mut pairs: BTreeMap<(String, String), ServiceComponent> = BTreeMap::new();
    for (_, batch) in numbered(files) {
        let text = |name: &str| Texts::of(batch, name);
        let (parents, components, references) = (text("parent_code")?, text("component_code")?, text("reference")?);
        let terms = Terms::of(batch)?;
        for row in 0..batch.num_rows() {
            let (Some(parent), Some(component)) = (parents.at(row), components.at(row)) else { continue };
            // A service that is part of itself would forbid every second one of it.
            if parent == component {
                continue;
            }
            let term = terms.at(row);
            let pair = ServiceComponent {
                parent_code: parent.to_owned(),
                component_code: component.to_owned(),
                valid_from: term.from,
                valid_to: term.to,
                reference: references.at(row).map(str::to_owned),
            };
            pairs.insert((parent.to_owned(), component.to_owned()), pair);
        }
    }
    Ok(pairs.into_values().collect())
}
