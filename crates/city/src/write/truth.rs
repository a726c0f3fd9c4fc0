//! The truth of a period, in plain text files beside the rosters.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::CityError;
use crate::rosters::{About, REGISTRY};

/// Truth files of one period being written.
pub struct TruthFiles {
    rows: BTreeMap<&'static str, Out>,
    not_covered: Out,
    broken: Out,
    people: Out,
    employers: Out,
    owners: Out,
    employer_findings: Out,
}

/// Header of `employers_PERIOD.csv`, written by [`crate::employers::truth`].
const EMPLOYERS: &str = "true_employer,tax_code,kind,state,workers_true,workers_insured,evader,look_alike,months_late,debt";
/// Header of `owners_PERIOD.csv`, also written there.
const OWNERS: &str = "true_person,true_employer,tax_code,method,state,duty,insured,insured_from";

struct Out {
    path: PathBuf,
    out: BufWriter<File>,
}

impl Out {
    fn create(folder: &Path, name: String, header: &str) -> Result<Self, CityError> {
        let path = folder.join(name);
        let out = BufWriter::with_capacity(1 << 18, File::create(&path).map_err(CityError::io(&path))?);
        let mut out = Self { path, out };
        out.write(&format!("{header}\n"))?;
        Ok(out)
    }

    fn write(&mut self, text: &str) -> Result<(), CityError> {
        self.out.write_all(text.as_bytes()).map_err(CityError::io(&self.path))
    }

    fn finish(mut self) -> Result<(), CityError> {
        self.out.flush().map_err(CityError::io(&self.path))
    }
}

impl TruthFiles {
    /// Opens the truth files of a period such as `2026-10`.
    pub fn create(folder: &Path, period: &str) -> Result<Self, CityError> {
        let mut rows = BTreeMap::new();
        for roster in REGISTRY {
            let (prefix, header) = match roster.about {
                About::People => ("rows", "file,row_number,true_person"),
                About::Employers => ("employer_rows", "file,row_number,true_employer"),
                About::Figures => continue,
            };
            // A roster that comes in files of two forms is registered twice.
            if rows.contains_key(roster.name) {
                continue;
            }
            rows.insert(roster.name, Out::create(folder, format!("{prefix}_{period}_{}.csv", roster.name), header)?);
        }
        Ok(Self {
            rows,
            not_covered: Out::create(folder, format!("not_covered_{period}.csv"), "reason,true_person,key")?,
            broken: Out::create(folder, format!("broken_{period}.csv"), "file,row,field")?,
            people: Out::create(
                folder,
                format!("people_{period}.csv"),
                "true_person,commune_code,birth_date,sex,covered,card_until,state,reason",
            )?,
            employers: Out::create(folder, format!("employers_{period}.csv"), EMPLOYERS)?,
            owners: Out::create(folder, format!("owners_{period}.csv"), OWNERS)?,
            employer_findings: Out::create(folder, format!("employer_findings_{period}.csv"), "reason,true_employer")?,
        })
    }

    /// Notes whose row (a person's or an employer's) stands where, and whether it is planted to be refused.
    pub fn row(&mut self, roster: &str, file: &str, number: u64, who: i64, broken: Option<&str>) -> Result<(), CityError> {
        if let Some(out) = self.rows.get_mut(roster) {
            out.write(&format!("{file},{number},{who}\n"))?;
        }
        match broken {
            Some(field) => self.broken.write(&format!("{file},{number},{field}\n")),
            None => Ok(()),
        }
    }

    /// Adds finished lines of people and of their reasons.
    pub fn people(&mut self, people: &str, not_covered: &str) -> Result<(), CityError> {
        self.people.write(people)?;
        self.not_covered.write(not_covered)
    }

    /// Adds finished lines of employers and of owners of household businesses.
    pub fn employers(&mut self, employers: &str, owners: &str) -> Result<(), CityError> {
        self.employers.write(employers)?;
        self.owners.write(owners)
    }

    /// Adds finished lines of findings about employers.
    pub fn employer_findings(&mut self, found: &str) -> Result<(), CityError> {
        self.employer_findings.write(found)
    }

    /// Closes the files.
    pub fn finish(self) -> Result<(), CityError> {
        for out in self.rows.into_values() {
            out.finish()?;
        }
        self.not_covered.finish()?;
        self.broken.finish()?;
        self.employers.finish()?;
        self.owners.finish()?;
        self.employer_findings.finish()?;
        self.people.finish()
    }
}
