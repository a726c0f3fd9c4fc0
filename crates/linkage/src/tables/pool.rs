//! Cells as codes: each distinct value of a field is read once and has a number.

use std::sync::Arc;

use rayon::prelude::*;

use crate::hash::join;
use crate::lexicon::Lexicon;
use crate::name::{Syllables, syllables};
use crate::record::{Record, Row};

use super::date::DayOrder;
use super::fold::canonical;
use super::input::Table;
use super::spec::{Kind, Places};
use super::words::Words;

/// The code of an empty cell.
pub(crate) const EMPTY: u32 = u32::MAX;

/// A number for a text, the same on every machine.
pub(crate) fn hash_text(text: &str) -> u64 {
    text.as_bytes().chunks(8).fold(0x005a_b1e5_u64 ^ text.len() as u64, |hash, chunk| {
        let word = chunk.iter().rev().fold(0u64, |word, byte| word << 8 | u64::from(*byte));
        join(hash, word)
    })
}

/// Letters and digits of an id or code; short ones in place.
#[derive(Debug)]
pub(crate) enum Mark {
    Short(u8, [u8; 15]),
    Long(Box<[char]>),
}

impl Mark {
    fn new(text: &str) -> Self {
        let mut bytes = [0; 15];
        match bytes.get_mut(..text.len()) {
            Some(slot) if text.is_ascii() => {
                slot.copy_from_slice(text.as_bytes());
                Self::Short(text.len() as u8, bytes)
            }
            _ => Self::Long(text.chars().collect()),
        }
    }

    /// All letters.
    pub(crate) fn letters(&self) -> Vec<char> {
        match self {
            Self::Short(count, bytes) => bytes[..usize::from(*count)].iter().map(|b| char::from(*b)).collect(),
            Self::Long(letters) => letters.to_vec(),
        }
    }
}

/// A letter or digit, of one byte or any.
pub(crate) trait Letter: PartialEq + Copy {
    /// Whether it is one of 0-9.
    fn is_digit(&self) -> bool;
}

impl Letter for u8 {
    fn is_digit(&self) -> bool {
        self.is_ascii_digit()
    }
}

impl Letter for char {
    fn is_digit(&self) -> bool {
        self.is_ascii_digit()
    }
}

/// What is known of the distinct values of a field.
#[derive(Debug)]
pub(crate) enum Values {
    Words(Words),
    /// A record with nothing but the name for each value, in the codes of the lexicon.
    Names(Lexicon, Vec<Record>),
    /// Year, month, day; zero where unknown.
    Dates(Vec<[u16; 3]>),
    /// Letters and digits.
    Marks(Vec<Mark>),
    Numbers(Vec<f64>),
}

/// A field of both tables in codes.
#[derive(Debug)]
pub(crate) struct Column {
    pub kind: Kind,
    pub values: Arc<Values>,
    pub left: Vec<u32>,
    pub right: Vec<u32>,
    /// Rows that hold each value, left and right.
    pub counts: Vec<(u32, u32)>,
    /// A key of each value that is the same in every run.
    pub hashes: Arc<Vec<u64>>,
}

/// The text of a cell, or of several joined by a space.
fn cell<'a>(table: &'a dyn Table, places: &[usize], row: usize, joined: &'a mut String) -> Option<&'a str> {
    if let [one] = places {
        return table.cell(*one, row);
    }
    joined.clear();
    for text in places.iter().filter_map(|place| table.cell(*place, row)) {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(text);
    }
    (!joined.is_empty()).then_some(joined.as_str())
}

/// Reads fields of both tables. All fields of names share one pool, so that a given name that
/// stands in the surname's column is recognised.
pub(crate) fn read(kind: Kind, sides: &[(Option<&dyn Table>, &Places)]) -> (Vec<Vec<u32>>, Values, Vec<u64>) {
    let orders: Vec<DayOrder> = sides.iter().map(|(table, places)| day_order(kind, *table, places)).collect();
    let mut found: Vec<(u64, u32, u32)> = Vec::new();
    let mut codes: Vec<Vec<u32>> = Vec::new();
    for (side, (table, places)) in sides.iter().enumerate() {
        let rows = table.map_or(0, |t| t.rows());
        codes.push(vec![EMPTY; rows]);
        let Some(table) = table else { continue };
        let read = |(joined, out): &mut (String, String), row: usize| {
            let text = cell(*table, places, row, joined)?;
            canonical(kind, orders[side], text, out).then(|| (hash_text(out), side as u32, row as u32))
        };
        let part: Vec<(u64, u32, u32)> = (0..rows).into_par_iter().map_init(Default::default, read).flatten_iter().collect();
        found.extend(part);
    }
    found.par_sort_unstable();
    let (mut hashes, mut texts) = (Vec::new(), Vec::new());
    let (mut joined, mut out) = (String::new(), String::new());
    for (hash, side, row) in found {
        if hashes.last() != Some(&hash) {
            hashes.push(hash);
            let (table, places) = sides[side as usize];
            let text = table.and_then(|t| cell(t, places, row as usize, &mut joined)).unwrap_or_default();
            canonical(kind, orders[side as usize], text, &mut out);
            texts.push(out.clone());
        }
        codes[side as usize][row as usize] = hashes.len() as u32 - 1;
    }
    let mut counts = vec![0u32; hashes.len()];
    for code in codes.iter().flatten().filter(|c| **c != EMPTY) {
        counts[*code as usize] += 1;
    }
    (codes, values(kind, &texts, &counts), hashes)
}

fn day_order(kind: Kind, table: Option<&dyn Table>, places: &Places) -> DayOrder {
    match (kind, table, places.first()) {
        (Kind::Date, Some(table), Some(place)) => DayOrder::of((0..table.rows()).filter_map(|row| table.cell(*place, row))),
        _ => DayOrder::DayFirst,
    }
}

fn values(kind: Kind, texts: &[String], counts: &[u32]) -> Values {
    match kind {
        Kind::PersonName | Kind::Text | Kind::Place => Values::Words(Words::new(texts, counts)),
        Kind::VietnameseName => names(texts),
        Kind::Date => {
            let part = |text: &str, from: usize, to: usize| text.get(from..to).and_then(|t| t.parse().ok()).unwrap_or(0);
            Values::Dates(texts.iter().map(|t| [part(t, 0, 4), part(t, 4, 6), part(t, 6, 8)]).collect())
        }
        Kind::Id | Kind::Code | Kind::Postcode => Values::Marks(texts.iter().map(|t| Mark::new(t)).collect()),
        Kind::Year | Kind::Number => Values::Numbers(texts.iter().map(|t| t.parse().unwrap_or(0.0)).collect()),
    }
}

fn names(texts: &[String]) -> Values {
    let read: Vec<Syllables> = texts.iter().map(|t| syllables(t)).collect();
    let mut all: Vec<_> = read.iter().flat_map(|(s, n)| s[..usize::from(*n)].iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    let empty = Row { name: "", birth: None, sex: None, personal_id: None, old_id: None, insurance_number: None, communes: &[] };
    let record = |(list, n): &Syllables| {
        let mut record = Record::without_name(&empty);
        record.syllables = *n;
        for (slot, syllable) in record.name.iter_mut().zip(&list[..usize::from(*n)]) {
            *slot = all.binary_search(syllable).map_or(0, |at| at as u32);
        }
        record
    };
    let records = read.iter().map(record).collect();
    Values::Names(Lexicon::new(all), records)
}

impl Column {
    /// A field with its values counted on both sides.
    pub(crate) fn new(kind: Kind, values: &Arc<Values>, hashes: &Arc<Vec<u64>>, left: Vec<u32>, right: Vec<u32>) -> Self {
        let mut counts = vec![(0, 0); hashes.len()];
        for code in left.iter().filter(|c| **c != EMPTY) {
            counts[*code as usize].0 += 1;
        }
        for code in right.iter().filter(|c| **c != EMPTY) {
            counts[*code as usize].1 += 1;
        }
        Self { kind, values: Arc::clone(values), hashes: Arc::clone(hashes), left, right, counts }
    }
}
