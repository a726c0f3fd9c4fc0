//! Owners of household businesses (chủ hộ kinh doanh): they are in compulsory BHXH, never in unemployment insurance.

use std::collections::HashSet;

use chapter::{ChapterError, StepContext};
use engine::rows;

/// Personal numbers of owners. Looked up, never gone through.
#[derive(Default)]
pub(crate) struct Owners(HashSet<u64>);

impl Owners {
    /// Reads the register of employers.
    pub(crate) fn read(context: &StepContext) -> Result<Self, ChapterError> {
        let mut owners = HashSet::new();
        let Some(table) = context.table("employer") else { return Ok(Self(owners)) };
        for batch in context.book.stream_table(table, &["kind_code", "owner_personal_id"], 8_192)? {
            let batch = batch?;
            let (kinds, numbers) = (rows::text(&batch, "kind_code")?, rows::text(&batch, "owner_personal_id")?);
            let households = (0..batch.num_rows()).filter(|row| rows::text_at(&kinds, *row) == Some("household_business"));
            owners.extend(households.filter_map(|row| rows::text_at(&numbers, row)?.parse::<u64>().ok()));
        }
        Ok(Self(owners))
    }

    /// Whether a personal number is that of an owner.
    pub(crate) fn has(&self, personal_id: Option<u64>) -> bool {
        personal_id.is_some_and(|number| self.0.contains(&number))
    }
}
