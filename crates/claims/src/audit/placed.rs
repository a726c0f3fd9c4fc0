//! Where the visits of the month lie, for findings about them.

use std::collections::HashMap;

use base::Amount;
use chapter::{ChapterError, StepContext};
use engine::rows;

use super::findings::amounts;
use crate::facts::visit::Grain;

/// Of each visit where it lies and what it asks for.
pub(crate) struct Stays {
    /// Facility by its place among them, bucket, đồng asked from the fund.
    pub by_id: HashMap<i64, (u32, i64, Amount)>,
    /// Codes of the facilities.
    pub facilities: Vec<String>,
    /// Visits that sheets 79a and 80a alone tell.
    pub of_sheets: i64,
}

impl Stays {
    /// Reads the stays of the run; none where there are none.
    pub(crate) fn read(context: &StepContext) -> Result<Self, ChapterError> {
        let mut stays = Self { by_id: HashMap::new(), facilities: Vec::new(), of_sheets: 0 };
        let mut places: HashMap<String, u32> = HashMap::new();
        let Some(table) = context.table("claim_stay") else { return Ok(stays) };
        let columns = ["visit_id", "facility", "facility_bucket", "fund", "grain"];
        for batch in context.book.stream_table(table, &columns, 65_536)? {
            let batch = batch?;
            let (ids, facilities) = (rows::int(&batch, "visit_id")?, rows::text(&batch, "facility")?);
            let (buckets, funds) = (rows::int(&batch, "facility_bucket")?, amounts(&batch, "fund")?);
            let grains = rows::text(&batch, "grain")?;
            for (row, fund) in funds.into_iter().enumerate() {
                stays.of_sheets += i64::from(grains.value(row) == Grain::Sheet.as_str());
                let facility = facilities.value(row);
                let place = match places.get(facility) {
                    Some(place) => *place,
                    None => {
                        let place = u32::try_from(stays.facilities.len()).unwrap_or(u32::MAX);
                        stays.facilities.push(facility.to_owned());
                        places.insert(facility.to_owned(), place);
                        place
                    }
                };
                stays.by_id.insert(ids.value(row), (place, buckets.value(row), fund.unwrap_or_default()));
            }
        }
        Ok(stays)
    }
}
