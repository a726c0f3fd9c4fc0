//! One roster, normalised and packed.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use rayon::prelude::*;

use crate::hash::join;
use crate::name::syllables;
use crate::record::{Record, Row};
use crate::syllable::Syllable;

/// A roster ready for linking: packed records and the list of its syllables. Holds no text.
#[derive(Debug, Clone, Default)]
pub struct Prepared {
    pub(crate) records: Vec<Record>,
    /// Distinct syllables in ascending order; records hold indices into it.
    pub(crate) syllables: Vec<Syllable>,
}

/// Rows normalised by one task at a time.
const CHUNK: usize = 16_384;

impl Prepared {
    /// Normalises rows, on all threads of the current rayon pool. Row numbers are `u32`: at most
    /// `u32::MAX` rows are meaningful.
    pub fn new(rows: &[Row<'_>]) -> Self {
        let chunks: Vec<(Vec<Record>, Vec<Syllable>)> = rows.par_chunks(CHUNK).map(prepare_chunk).collect();
        let mut all: Vec<Syllable> = chunks.iter().flat_map(|(_, list)| list.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        let mut records = Vec::with_capacity(rows.len());
        for (mut part, list) in chunks {
            let codes: Vec<u32> = list.iter().map(|s| code_of(&all, s)).collect();
            part.iter_mut().for_each(|record| recode(record, &codes));
            records.append(&mut part);
        }
        Self { records, syllables: all }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }
}

/// The place of a syllable in an ascending list that holds it.
pub(crate) fn code_of(list: &[Syllable], syllable: &Syllable) -> u32 {
    list.binary_search(syllable).unwrap_or_else(|at| at) as u32
}

/// Replaces the syllable codes of a record by those of another list.
pub(crate) fn recode(record: &mut Record, codes: &[u32]) {
    for slot in &mut record.name[..usize::from(record.syllables)] {
        *slot = codes[*slot as usize];
    }
}

fn prepare_chunk(rows: &[Row<'_>]) -> (Vec<Record>, Vec<Syllable>) {
    let mut codes: HashMap<Syllable, u32, BuildHasherDefault<SyllableHasher>> = HashMap::default();
    let mut list = Vec::new();
    let records = rows.iter().map(|row| {
        let mut record = Record::without_name(row);
        let (parts, count) = syllables(row.name);
        record.syllables = count;
        for (slot, syllable) in record.name.iter_mut().zip(&parts[..usize::from(count)]) {
            *slot = *codes.entry(*syllable).or_insert_with(|| {
                list.push(*syllable);
                list.len() as u32 - 1
            });
        }
        record
    });
    (records.collect(), list)
}

/// A fast hasher for the two numbers of a syllable; the map is only looked into, never iterated.
#[derive(Default)]
struct SyllableHasher(u64);

impl Hasher for SyllableHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.write_u64(u64::from(*b)));
    }

    fn write_u32(&mut self, n: u32) {
        self.write_u64(u64::from(n));
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = join(self.0, n);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::record::Birth;
    use base::{PersonalId, Sex};

    /// A row for tests: `name|date or year|sex n/m/f|id|communes`.
    pub(crate) fn prepared(rows: &[&str]) -> Prepared {
        let split: Vec<Vec<&str>> = rows.iter().map(|r| r.split('|').collect()).collect();
        let communes: Vec<Vec<u16>> = split.iter().map(|r| r[4].split(',').filter_map(|c| c.parse().ok()).collect()).collect();
        let rows: Vec<Row<'_>> = split
            .iter()
            .zip(&communes)
            .map(|(r, communes)| Row {
                name: r[0],
                birth: match r[1].len() {
                    0 => None,
                    4 => Some(Birth { date: format!("{}-07-01", r[1]).parse().unwrap(), year_only: true }),
                    _ => Some(Birth { date: r[1].parse().unwrap(), year_only: false }),
                },
                sex: match r[2] {
                    "m" => Some(Sex::Male),
                    "f" => Some(Sex::Female),
                    _ => None,
                },
                personal_id: PersonalId::parse(r[3]).ok(),
                old_id: (r[3].len() == 9).then(|| r[3].parse().unwrap()),
                insurance_number: (r[3].len() == 10).then(|| r[3].parse().unwrap()),
                communes,
            })
            .collect();
        Prepared::new(&rows)
    }

    #[test]
    fn equal_names_get_equal_codes_and_the_list_is_sorted() {
        let roster = prepared(&["Trần Văn An||||", "TRẦN VĂN AN||||", "Lê An||||"]);
        assert_eq!(roster.records[0].name, roster.records[1].name);
        assert_eq!(roster.records[0].name[2], roster.records[2].name[1]);
        assert!(roster.syllables.is_sorted());
        assert_eq!(roster.len(), 3);
    }
}
