//! Reading the truth files of a month back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use crate::error::CityError;
use crate::rosters;

/// True people of the rows of one file.
#[derive(Debug, Default)]
pub struct FileTruth {
    /// True person by row number; 0 where there is no data row, negative where the row is planted to
    /// be refused.
    rows: Vec<i64>,
}

/// What the truth knows of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrueRow {
    /// A person's row.
    Of(i64),
    /// A row planted to be refused.
    Broken,
    /// No data row.
    Unknown,
}

/// The truth of one month.
#[derive(Debug, Default)]
pub struct Truth {
    /// Roster, then file.
    pub files: BTreeMap<String, BTreeMap<String, FileTruth>>,
    /// Reason, then (true person, key).
    pub not_covered: BTreeMap<String, BTreeSet<(i64, String)>>,
}

impl FileTruth {
    /// The rows of a file with their people, those planted to be refused left out.
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
        for roster in rosters::about_people().filter(|roster| handed_over.contains(roster)) {
            let name = format!("rows_{period}_{roster}.csv");
            if !folder.join(&name).is_file() {
                continue;
            }
            let files = truth.files.entry(roster.to_owned()).or_default();
            lines(folder, &name, "file,row_number,true_person", |[file, row, person]| {
                let (row, person) = (row.parse().ok()?, person.parse().ok().filter(|p| *p > 0)?);
                // Rows come file by file, so the name is copied once a file.
                match files.get_mut(file) {
                    Some(known) => known.set(row, person),
                    None => files.entry(file.to_owned()).or_default().set(row, person),
                }
                Some(())
            })?;
        }
        lines(folder, &format!("broken_{period}.csv"), "file,row,field", |[file, row, _]| {
            let row: usize = row.parse().ok()?;
            // The file may be of a roster that was not handed over, or about employers.
            if let Some(known) = truth.files.values_mut().find_map(|files| files.get_mut(file)) {
                let known = known.rows.get_mut(row)?;
                *known = -known.abs();
            }
            Some(())
        })?;
        lines(folder, &format!("not_covered_{period}.csv"), "reason,true_person,key", |[reason, person, key]| {
            let entry = (person.parse().ok()?, key.to_owned());
            truth.not_covered.entry(reason.to_owned()).or_default().insert(entry);
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

    /// What is known of a row.
    pub fn row(&self, roster: &str, file: &str, row: u64) -> TrueRow {
        let person = self.files.get(roster).and_then(|f| f.get(file)).and_then(|f| f.rows.get(usize::try_from(row).ok()?));
        match person {
            Some(person) if *person > 0 => TrueRow::Of(*person),
            Some(person) if *person < 0 => TrueRow::Broken,
            _ => TrueRow::Unknown,
        }
    }
}

/// Hands the three fields of each line to `take`, which says `None` when it cannot read them.
fn lines(folder: &Path, name: &str, header: &str, mut take: impl FnMut([&str; 3]) -> Option<()>) -> Result<(), CityError> {
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
        let mut fields = line.splitn(3, ',');
        let (Some(one), Some(two), Some(three)) = (fields.next(), fields.next(), fields.next()) else {
            return Err(wrong(number, "thiếu cột"));
        };
        take([one, two, three]).ok_or_else(|| wrong(number, "giá trị không đọc được"))?;
    }
    if number == 0 { Err(wrong(1, "tệp rỗng")) } else { Ok(()) }
}
