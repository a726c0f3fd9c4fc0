//! From rows of rosters to catalogues.

use std::collections::HashMap;
use std::sync::Arc;

use base::places::Places;
use engine::EngineError;
use engine::arrow::record_batch::RecordBatch;

use super::columns::{Numbers, Terms, Texts};
use super::icd::{Icd, IcdList, Ranges};
use super::own::{self, Shared, numbered};
use super::{CatalogueTables, Catalogues, Communes, Facility, components, occupations, words};
use crate::error::ClaimsError;

/// Code of the province whose communes [`Places`] has (thành phố Hà Nội).
const PROVINCE: &str = "01";
/// The numbers by which claims may name somebody of the staff.
const PEOPLE: [&str; 3] = ["insurance_number", "certificate", "personal_id"];

impl Catalogues {
    /// Makes catalogues of what was taken in. A roster that did not arrive stays absent; several files of a roster add up, and where two say the same thing
    /// from the same first day the newer one counts.
    pub fn load(tables: &CatalogueTables, places: &Places) -> Result<Self, ClaimsError> {
        let mut shared = Shared::default();
        let mut items =
            |roster: &str, columns| tables.of(roster).map(|files| own::items(files, columns, &mut shared)).transpose();
        let (drugs, services) = (items("drug_catalogue", &own::DRUGS)?, items("service_catalogue", &own::SERVICES)?);
        let supplies = items("supply_catalogue", &own::SUPPLIES)?;
        let mut terms =
            |roster: &str, codes: &[&str]| tables.of(roster).map(|files| own::terms(files, codes, &mut shared)).transpose();
        let (staff, departments) = (terms("staff_catalogue", &PEOPLE)?, terms("department_catalogue", &["code"])?);
        let machines = terms("machine_catalogue", &["code"])?;
        let communes = places.communes().iter().map(|commune| commune.code.to_string()).collect();
        Ok(Self {
            icd: tables.of("icd_catalogue").map(icd).transpose()?.filter(|list| !list.is_empty()),
            facilities: tables.of("facility_catalogue").map(facilities).transpose()?,
            drugs,
            services,
            supplies,
            staff,
            departments,
            beds: tables.of("bed_catalogue").map(|files| own::beds(files, &mut shared)).transpose()?,
            machines,
            communes: Some(Communes { province: PROVINCE.to_owned(), codes: communes }),
            occupations: tables.of("occupation_catalogue").map(occupations::load).transpose()?.filter(|list| !list.is_empty()),
            components: tables.of("service_component").map(components::load).transpose()?,
        })
    }
}

/// The list of circular 06/2026 with its flags; then annex VII, whose rows are told by their number.
fn icd(files: &[Vec<RecordBatch>]) -> Result<IcdList, EngineError> {
    let mut list = IcdList::default();
    let mut long = Vec::new();
    for batches in files {
        let mut rows = Vec::new();
        // A list of the own city may have a column for it; one that is empty throughout tells nothing.
        let mut tells_long = false;
        for batch in batches {
            let text = |name: &str| Texts::of(batch, name);
            let (codes, numbers, marks) = (text("code")?, text("over_30_days_number")?, text("over_30_days")?);
            let (not_main, unspecific, death) = (text("not_main")?, text("needs_finer")?, text("death_only")?);
            let (female, male, terms) = (text("female")?, text("male")?, Terms::of(batch)?);
            for row in 0..batch.num_rows() {
                let Some(code) = codes.at(row) else { continue };
                if numbers.at(row).is_some() {
                    long.push(Ranges::read(code));
                    continue;
                }
                let is = |column: &Texts| words::marked(column.at(row));
                tells_long |= marks.at(row).is_some();
                let icd = Icd {
                    not_main: is(&not_main),
                    unspecific: is(&unspecific),
                    death_only: is(&death),
                    female: is(&female),
                    male: is(&male),
                    over_30_days: Some(is(&marks)),
                    term: terms.at(row),
                };
                rows.push((code.to_owned(), icd));
            }
        }
        for (code, icd) in rows {
            list.put(&code, Icd { over_30_days: icd.over_30_days.filter(|_| tells_long), ..icd });
        }
    }
    if !long.is_empty() {
        list.mark_long(&long);
    }
    Ok(list)
}

fn facilities(files: &[Vec<RecordBatch>]) -> Result<HashMap<Arc<str>, Vec<Facility>>, EngineError> {
    let mut held: HashMap<Arc<str>, Vec<(usize, Facility)>> = HashMap::new();
    for (file, batch) in numbered(files) {
        let text = |name: &str| Texts::of(batch, name);
        let (codes, names, levels, routes) = (text("code")?, text("name")?, text("level")?, text("former_route")?);
        let (communes, points, terms) = (text("commune")?, Numbers::of(batch, "points")?, Terms::of(batch)?);
        for row in 0..batch.num_rows() {
            let Some(code) = codes.at(row) else { continue };
            let level = words::level(levels.at(row), points.at(row), routes.at(row));
            let station = names.at(row).is_some_and(words::is_station) && level.is_none_or(|level| level == "primary");
            let name = names.at(row).map(|name| Arc::from(base::names::clean(name)));
            let new = Facility { level, name, commune: communes.at(row).map(Arc::from), station, term: terms.at(row) };
            let rows = held.entry(Arc::from(words::facility(code))).or_default();
            // The portal's file tells no level and no day: it adds facilities and takes no level away.
            if level.is_none() && rows.iter().any(|(_, old)| old.level.is_some()) {
                continue;
            }
            rows.retain(|(from, old)| {
                (*from == file || old.term.from != new.term.from) && (old.level.is_some() || level.is_none())
            });
            rows.push((file, new));
        }
    }
    Ok(held.into_iter().map(|(code, rows)| (code, rows.into_iter().map(|(_, row)| row).collect())).collect())
}

#[cfg(test)]
mod tests;
