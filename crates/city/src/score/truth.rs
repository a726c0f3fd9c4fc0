//! Reading the truth files of a month back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use crate::error::CityError;
use crate::rosters::{About, REGISTRY};

/// True people, or employers, of the rows of one file.
#[derive(Debug, Default)]
pub struct FileTruth {
    /// True person or employer by row number; 0 where there is no data row, negative where the row is planted to
    /// be refused.
    rows: Vec<i64>,
}

/// What the truth knows of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrueRow {
    /// The row of a person or an employer.
    Of(i64),
    /// A row planted to be refused.
    Broken,
    /// No data row.
    Unknown,
}

/// True entries: reason, then (true person or employer, key).
pub type Entries = BTreeMap<String, BTreeSet<(i64, String)>>;

/// The truth of one month.
#[derive(Debug, Default)]
pub struct Truth {
    /// Roster, then file.
    pub files: BTreeMap<String, BTreeMap<String, FileTruth>>,
    /// The same for rows about employers.
    pub employers: BTreeMap<String, BTreeMap<String, FileTruth>>,
    /// Reasons of people.
    pub not_covered: Entries,
    /// Reasons of employers, without keys.
    pub employer_findings: Entries,
}

impl FileTruth {
    /// The rows of a file with their people or employers, those planted to be refused left out.
    pub fn people(&self) -> impl Iterator<Item = i64> {
        self.rows.iter().copied().filter(|person| *person > 0)
    }

    fn set(&mut self, row: usize, person: i64) {
        if self.rows.len() <= row {
            self.rows.resize(row + 1, 0);
        }
        self.rows[row] = person;
    }
}

impl Truth {
    /// Reads what the truth knows of some rosters in a period such as `2026-10`.
    ///
    /// A roster that the city does not write, or not in this period, has no rows.
    pub fn read(folder: &Path, period: &str, handed_over: &BTreeSet<&str>) -> Result<Self, CityError> {
        let mut truth = Self::default();
        for roster in REGISTRY.iter().filter(|roster| handed_over.contains(roster.name)) {
            let (files, prefix, header) = match roster.about {
                About::People => (&mut truth.files, "rows", "file,row_number,true_person"),
                About::Employers => (&mut truth.employers, "employer_rows", "file,row_number,true_employer"),
                About::Figures => continue,
            };
            let name = format!("{prefix}_{period}_{}.csv", roster.name);
            // A roster that comes in files of two forms is registered twice.
            if !files.contains_key(roster.name) && folder.join(&name).is_file() {
                rows(folder, &name, header, files.entry(roster.name.to_owned()).or_default())?;
            }
        }
        lines(folder, &format!("broken_{period}.csv"), "file,row,field", |[file, row, _]| {
            let row: usize = row.parse().ok()?;
            // The file may be of a roster that was not handed over.
            let mut all = truth.files.values_mut().chain(truth.employers.values_mut());
            if let Some(known) = all.find_map(|files| files.get_mut(file)) {
                let known = known.rows.get_mut(row)?;
                *known = -known.abs();
            }
            Some(())
        })?;
        let enter = |entries: &mut Entries, reason: &str, entry| match entries.get_mut(reason) {
            Some(known) => _ = known.insert(entry),
            None => _ = entries.entry(reason.to_owned()).or_default().insert(entry),
        };
        lines(folder, &format!("not_covered_{period}.csv"), "reason,true_person,key", |[reason, person, key]| {
            enter(&mut truth.not_covered, reason, (person.parse().ok()?, key.to_owned()));
            Some(())
        })?;
        let name = format!("employer_findings_{period}.csv");
        lines(folder, &name, "reason,true_employer", |[reason, employer]| {
            enter(&mut truth.employer_findings, reason, (employer.parse().ok()?, String::new()));
            Some(())
        })?;
        Ok(truth)
    }

    /// Those of the people not covered who stand in at least one row that was handed over.
    pub fn known(&self) -> BTreeSet<i64> {
        let wanted: BTreeSet<i64> = self.not_covered.values().flatten().map(|(person, _)| *person).collect();
        let people = self.files.values().flat_map(|files| files.values()).flat_map(FileTruth::people);
        people.filter(|person| wanted.contains(person)).collect()
    }

    /// What is known of a row about a person.
    pub fn row(&self, roster: &str, file: &str, row: u64) -> TrueRow {
        known(self.files.get(roster), file, row)
    }

    /// What is known of a row about an employer.
    pub fn employer_row(&self, roster: &str, file: &str, row: u64) -> TrueRow {
        known(self.employers.get(roster), file, row)
    }
}

fn known(files: Option<&BTreeMap<String, FileTruth>>, file: &str, row: u64) -> TrueRow {
    let who = files.and_then(|f| f.get(file)).and_then(|f| f.rows.get(usize::try_from(row).ok()?));
    match who {
        Some(who) if *who > 0 => TrueRow::Of(*who),
        Some(who) if *who < 0 => TrueRow::Broken,
        _ => TrueRow::Unknown,
    }
}

/// Reads whose row each row of a roster is.
fn rows(folder: &Path, name: &str, header: &str, files: &mut BTreeMap<String, FileTruth>) -> Result<(), CityError> {
    lines(folder, name, header, |[file, row, who]| {
        let (row, who) = (row.parse().ok()?, who.parse().ok().filter(|who| *who > 0)?);
        // Rows come file by file, so the name is copied once a file.
        match files.get_mut(file) {
            Some(known) => known.set(row, who),
            None => files.entry(file.to_owned()).or_default().set(row, who),
        }
        Some(())
    })
}

/// Hands the fields of each line to `take`, which says `None` when it cannot read them.
pub fn lines<const N: usize>(
    folder: &Path,
    name: &str,
    header: &str,
    mut take: impl FnMut([&str; N]) -> Option<()>,
) -> Result<(), CityError> {
    let path = folder.join(name);
    let mut reader = BufReader::with_capacity(1 << 18, File::open(&path).map_err(CityError::io(&path))?);
    let wrong = |line, reason: &str| CityError::Truth { file: name.to_owned(), line, reason: reason.to_owned() };
    let mut text = String::new();
    let mut number = 0;
    loop {
        text.clear();
        if reader.read_line(&mut text).map_err(CityError::io(&path))? == 0 {
            break;
        }
        number += 1;
        let line = text.trim_end_matches(['\r', '\n']);
        if number == 1 {
            if line != header {
                return Err(wrong(1, "dòng tiêu đề không đúng mẫu"));
            }
            continue;
        }
        let mut fields = [""; N];
        let mut parts = line.splitn(N, ',');
        for field in &mut fields {
            *field = parts.next().ok_or_else(|| wrong(number, "thiếu cột"))?;
        }
        take(fields).ok_or_else(|| wrong(number, "giá trị không đọc được"))?;
    }
    if number == 0 { Err(wrong(1, "tệp rỗng")) } else { Ok(()) }
}
