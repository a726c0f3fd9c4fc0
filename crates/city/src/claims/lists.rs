//! What is found, done and given: the small lists of diseases, services, drugs and supplies that visits are made of.
//!
//! Codes have the official form and belong to no real catalogue, except those of ICD-10. Prices are a model.

mod read;

use std::collections::BTreeMap;

use base::Sex;

use crate::claims::money::Milli;
use crate::error::CityError;
use crate::tables::{Row, rows};

/// An index that a laboratory gives.
#[derive(Debug, Clone)]
pub struct Index {
    /// Its code.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it is measured in.
    pub unit: &'static str,
    /// Lowest value that is written.
    pub low: u64,
    /// Highest value that is written.
    pub high: u64,
}

/// A service: examination, test, image, procedure, operation or bed.
#[derive(Debug, Clone)]
pub struct Service {
    /// The city's own word.
    pub key: &'static str,
    /// `CC.KKKK.GGGG`.
    pub code: &'static str,
    /// Name.
    pub name: &'static str,
    /// Cost group (MA_NHOM).
    pub group: &'static str,
    /// Price before the facility's class.
    pub price: Milli,
    /// Lowest class of facility that does it.
    pub class: usize,
    /// Group of machines it is done with; empty for none.
    pub machine: &'static str,
    /// How long it takes.
    pub minutes: i64,
    /// Sex it is for.
    pub sex: Option<Sex>,
    /// Lowest age.
    pub from: i32,
    /// Highest age.
    pub to: i32,
    /// Indexes of its result.
    pub results: Vec<Index>,
}

impl Service {
    /// Whether it is a test, an image or an exploration: what needs a machine and gives a result.
    pub fn is_test(&self) -> bool {
        matches!(self.group, "1" | "2" | "3")
    }

    /// Whether it is of a bed.
    pub fn is_bed(&self) -> bool {
        matches!(self.group, "14" | "15")
    }
}

/// A drug.
#[derive(Debug, Clone)]
pub struct Drug {
    /// The city's own word.
    pub key: &'static str,
    /// Code of its active ingredient.
    pub code: &'static str,
    /// Registered name.
    pub name: &'static str,
    /// Strength.
    pub strength: &'static str,
    /// Smallest unit.
    pub unit: &'static str,
    /// Route.
    pub route: &'static str,
    /// Dose form.
    pub form: &'static str,
    /// Price a unit.
    pub price: Milli,
    /// Percent of the price that the fund counts.
    pub rate: i64,
    /// Lowest class of facility that gives it.
    pub class: usize,
    /// Units a time.
    pub dose: Milli,
    /// Times a day.
    pub times: i64,
    /// Lowest age it is given at.
    pub from: i32,
    /// Highest age.
    pub to: i32,
}

impl Drug {
    /// The registration number, of twelve digits: all begin alike and belong to no drug.
    pub fn registration(&self) -> String {
        format!("893190{}", self.code.replace('.', ""))
    }
}

/// A supply (thiết bị y tế) that is paid beside the service.
#[derive(Debug, Clone)]
pub struct Supply {
    /// The city's own word.
    pub key: &'static str,
    /// Code.
    pub code: &'static str,
    /// Trade name.
    pub name: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// Price a unit.
    pub price: Milli,
    /// Lowest class of facility that uses it.
    pub class: usize,
}

/// Something that is used so many times in a thousand.
pub type Often = (usize, u64);

/// Services ordered together so many times in a thousand: one alone, or all of a panel.
pub type Ordered = (Vec<usize>, u64);

/// A disease with what is usually done for it.
#[derive(Debug, Clone)]
pub struct Disease {
    /// ICD-10 code.
    pub code: &'static str,
    /// Name.
    pub name: &'static str,
    /// Sex it strikes.
    pub sex: Option<Sex>,
    /// Lowest age.
    pub from: i32,
    /// Highest age.
    pub to: i32,
    /// Weight by age: under 6, 18, 40, 60, 70, older.
    pub weights: [u64; 6],
    /// Ward it is treated in.
    pub department: &'static str,
    /// Kinds of visit, as letters: o examination, t outpatient treatment, i inpatient, s short stay, d day care.
    pub kinds: &'static str,
    /// Services.
    pub services: Vec<Ordered>,
    /// Drugs.
    pub drugs: Vec<Often>,
    /// Supplies.
    pub supplies: Vec<Often>,
    /// Shortest and longest stay or treatment, in days.
    pub stay: (i32, i32),
    /// Codes that usually go with it.
    pub others: &'static str,
    /// Whether it is an injury, whose cause must be told.
    pub accident: bool,
    /// Whether over 30 days of drugs may be prescribed.
    pub long: bool,
}

/// All lists.
#[derive(Debug)]
pub struct Lists {
    /// Services.
    pub services: Vec<Service>,
    /// Drugs.
    pub drugs: Vec<Drug>,
    /// Supplies.
    pub supplies: Vec<Supply>,
    /// Diseases.
    pub diseases: Vec<Disease>,
    by_key: BTreeMap<&'static str, usize>,
    by_code: BTreeMap<&'static str, usize>,
}

/// Components with the service they are part of: paid with it, not beside it.
pub const PARTS: [(&str, &str); 4] =
    [("us_heart_doppler", "us_heart_2d"), ("appendectomy", "suture"), ("cholecystectomy", "suture"), ("dialysis", "infusion")];

/// Tests whose result holds for days, wherever it comes from: done again in another visit they would look like waste.
/// Those of the second list hold for a week and longer.
pub const REUSED: [&[&str]; 2] =
    [&["urea", "bilirubin", "bilirubin_direct"], &["cholesterol", "triglyceride", "hdl", "ldl", "uric_acid", "hba1c"]];

/// Codes that only stand beside a main disease.
pub const OTHERS: [(&str, &str); 1] = [("E78.5", "Tăng lipid máu không đặc hiệu")];

/// Age bands of the weights of diseases: the ages they end before.
const AGES: [i32; 5] = [6, 18, 40, 60, 70];

/// The band of an age.
pub fn age_band(age: i32) -> usize {
    AGES.iter().filter(|end| age >= **end).count()
}

impl Lists {
    /// Reads the embedded lists.
    pub fn load() -> Result<Self, CityError> {
        let services = rows("claims/services.csv", include_str!("../../data/claims/services.csv"), 12)?;
        let drugs = rows("claims/drugs.csv", include_str!("../../data/claims/drugs.csv"), 14)?;
        let supplies = rows("claims/supplies.csv", include_str!("../../data/claims/supplies.csv"), 6)?;
        let diseases = rows("claims/diseases.csv", include_str!("../../data/claims/diseases.csv"), 15)?;
        let panels = rows("claims/panels.csv", include_str!("../../data/claims/panels.csv"), 2)?;
        let keys = |list: &[Row]| -> BTreeMap<&'static str, usize> {
            list.iter().enumerate().map(|(at, row)| (row.fields[0], at)).collect()
        };
        let (service_keys, drug_keys, supply_keys) = (keys(&services), keys(&drugs), keys(&supplies));
        let panels = read::panels(&panels, &service_keys)?;
        Ok(Self {
            by_code: keys(&diseases),
            diseases: diseases
                .iter()
                .map(|row| read::disease(row, &panels, [&service_keys, &drug_keys, &supply_keys]))
                .collect::<Result<_, CityError>>()?,
            services: services.iter().map(read::service).collect::<Result<_, CityError>>()?,
            drugs: drugs.iter().map(read::drug).collect::<Result<_, CityError>>()?,
            supplies: supplies.iter().map(read::supply).collect::<Result<_, CityError>>()?,
            by_key: service_keys,
        })
    }

    /// The place of a service by the city's own word; all words in the code stand in the list, a test sees to it.
    pub fn service(&self, key: &str) -> usize {
        self.by_key.get(key).copied().unwrap_or(0)
    }

    /// Whether a visit for a disease may hold a test whose result holds for days.
    pub fn may_be_reused(&self, disease: usize) -> bool {
        let reused = |service: &usize| REUSED.iter().any(|keys| keys.contains(&self.services[*service].key));
        self.diseases[disease].services.iter().flat_map(|(together, _)| together).any(reused)
    }

    /// The place of a disease by its code.
    pub fn disease(&self, code: &str) -> usize {
        self.by_code.get(code).copied().unwrap_or(0)
    }

    /// The place of a drug by the city's own word.
    pub fn drug(&self, key: &str) -> usize {
        self.drugs.iter().position(|drug| drug.key == key).unwrap_or(0)
    }

    /// The place of a supply by the city's own word.
    pub fn supply(&self, key: &str) -> usize {
        self.supplies.iter().position(|supply| supply.key == key).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_lists_load_and_their_codes_have_the_official_form() {
        let lists = Lists::load().unwrap();
        let form = |code: &str| code.split('.').map(str::len).collect::<Vec<_>>();
        assert!(lists.services.iter().all(|s| form(s.code) == [2, 4, 4]));
        assert!(lists.drugs.iter().all(|d| d.code.starts_with("40.") && d.registration().len() == 12 && d.rate > 0));
        assert!(lists.diseases.iter().any(|d| d.code == "I10" && d.long));
        assert_eq!((age_band(5), age_band(6), age_band(70), age_band(99)), (0, 1, 5, 5));
        for (whole, part) in PARTS {
            assert_eq!((lists.services[lists.service(whole)].key, lists.services[lists.service(part)].key), (whole, part));
        }
        for disease in &lists.diseases {
            let ordered: Vec<usize> = disease.services.iter().flat_map(|(together, _)| together.iter().copied()).collect();
            let once: BTreeSet<usize> = ordered.iter().copied().collect();
            assert_eq!(ordered.len(), once.len(), "{}: a service stands alone and in a panel", disease.code);
        }
        assert!(lists.diseases.iter().any(|d| d.services.iter().any(|(together, _)| together.len() > 3)), "panels");
        // Planted duplicates take their visits from diseases without such tests.
        assert!(lists.may_be_reused(lists.disease("I10")) && !lists.may_be_reused(lists.disease("J00")));
        assert!(!lists.may_be_reused(lists.disease("K29.7")), "planted inside stays, on the days of their tests");
        assert!(REUSED.iter().flat_map(|keys| keys.iter()).all(|key| lists.services[lists.service(key)].key == *key));
        // Beside another code a symptom is no main disease.
        assert!(lists.diseases.iter().all(|d| !d.code.starts_with('R') || d.others.is_empty()));
    }
}
