//! Rows as records: the codes of all fields side by side, and beside them what is asked first when two differ.

use rayon::prelude::*;

use super::pool::{Column, EMPTY, Values};
use super::spec::Kind;

/// Rows put together in one go.
const PART: usize = 8_192;
/// Records are whole multiples of this many words, so that they are copied without a loop.
const WORDS: usize = 4;

/// Where in a record stands what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Fields whose date stands in the record, and its word.
    pub dates: Vec<(usize, usize)>,
    /// Fields of which the record tells what letters they hold, and the first of two words.
    pub held: Vec<(usize, usize)>,
    /// Words of a record.
    pub stride: usize,
}

impl Layout {
    /// The layout of these fields: their codes in order, then dates and what ids hold.
    pub(crate) fn new(columns: &[Column]) -> Self {
        let mut next = columns.len();
        let mut take = |kind: Kind, words: usize| -> Vec<(usize, usize)> {
            let fields = columns.iter().enumerate().filter(|(_, column)| column.kind == kind);
            fields
                .map(|(field, _)| {
                    next += words;
                    (field, next - words)
                })
                .collect()
        };
        let (dates, held) = (take(Kind::Date, 1), take(Kind::Id, 2));
        Self { dates, held, stride: next.next_multiple_of(WORDS).max(WORDS) }
    }
}

/// The records of a table.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    words: Vec<u32>,
    stride: usize,
}

impl Rows {
    /// The records of `count` rows; `side` gives the codes of a field.
    pub(crate) fn new<'c>(columns: &'c [Column], layout: &Layout, count: usize, side: fn(&'c Column) -> &'c [u32]) -> Self {
        let stride = layout.stride;
        let mut words = vec![0u32; count * stride];
        words.par_chunks_mut(PART * stride).enumerate().for_each(|(part, records)| {
            // Field by field: looking up the values of many rows then overlaps.
            for (field, column) in columns.iter().enumerate() {
                let codes = || side(column)[part * PART..].iter();
                for (record, code) in records.chunks_exact_mut(stride).zip(codes()) {
                    record[field] = *code;
                }
                let word = |list: &[(usize, usize)]| list.iter().find(|(f, _)| *f == field).map(|(_, at)| *at);
                let known = records.chunks_exact_mut(stride).zip(codes()).filter(|(_, code)| **code != EMPTY);
                match (column.values.as_ref(), word(&layout.dates), word(&layout.held)) {
                    (Values::Dates(dates), Some(word), _) => {
                        known.for_each(|(record, code)| record[word] = dates[*code as usize].packed());
                    }
                    (Values::Marks(marks), _, Some(word)) => known.for_each(|(record, code)| {
                        let held = marks.held(*code);
                        (record[word], record[word + 1]) = (held as u32, (held >> 32) as u32);
                    }),
                    _ => {}
                }
            }
        });
        Self { words, stride }
    }

    /// The record of a row; its first words are the codes of the fields.
    #[inline]
    pub(crate) fn of(&self, row: u32) -> &[u32] {
        &self.words[row as usize * self.stride..][..self.stride]
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.words.len() / self.stride.max(1)
    }

    /// Appends the records of rows one after the other. Nothing waits for what is read, so that reading overlaps.
    pub(crate) fn gather(&self, rows: impl Iterator<Item = u32>, out: &mut Vec<u32>) {
        match self.stride {
            4 => self.gather_words::<4>(rows, out),
            8 => self.gather_words::<8>(rows, out),
            12 => self.gather_words::<12>(rows, out),
            16 => self.gather_words::<16>(rows, out),
            _ => rows.for_each(|row| out.extend_from_slice(self.of(row))),
        }
    }

    fn gather_words<const N: usize>(&self, rows: impl Iterator<Item = u32>, out: &mut Vec<u32>) {
        let (records, _) = self.words.as_chunks::<N>();
        rows.for_each(|row| out.extend_from_slice(&records[row as usize]));
    }
}

/// Two words of a record as one number.
#[inline]
pub(crate) fn two_words(record: &[u32], at: usize) -> u64 {
    u64::from(record[at]) | u64::from(record[at + 1]) << 32
}
