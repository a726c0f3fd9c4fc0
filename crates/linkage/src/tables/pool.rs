//! Cells as codes: each distinct value of a field is read once and has a number.

use std::sync::Arc;

use rayon::prelude::*;

use crate::hash::{join, mix};
use crate::lexicon::Lexicon;
use crate::name::{MAX_SYLLABLES, Syllables, syllables};
use crate::record::NO_SYLLABLE;

use super::date::{DayOrder, PackedDate};
use super::fold::canonical;
use super::input::Table;
use super::marks::Marks;
use super::spec::{Kind, Places};
use super::words::Words;

/// The code of an empty cell.
pub(crate) const EMPTY: u32 = u32::MAX;

/// A number for a text, the same on every machine.
pub(crate) fn hash_text(text: &str) -> u64 {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let hash = words.iter().fold(0x005a_b1e5_u64 ^ text.len() as u64, |hash, word| join(hash, u64::from_le_bytes(*word)));
    if rest.is_empty() { hash } else { join(hash, rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))) }
}

/// What is known of the distinct values of a field.
#[derive(Debug)]
pub(crate) enum Values {
    Words(Words),
    /// Syllables of each value, in the codes of the lexicon.
    Names(Lexicon, Vec<NameCodes>),
    /// Year, month, day; zero where unknown.
    Dates(Vec<PackedDate>),
    /// Letters and digits.
    Marks(Marks),
    Numbers(Vec<f64>),
}

impl Values {
    /// Something of what is read when a value is compared. Reading that of many values before any is compared lets the
    /// machine fetch them side by side.
    #[inline]
    pub(crate) fn touch(&self, code: u32) -> u64 {
        match self {
            Self::Words(words) => words.touch(code),
            Self::Names(_, names) => u64::from(names[code as usize].count),
            Self::Marks(marks) => marks.touch(code),
            // Of these there are few, or they are small.
            Self::Dates(_) | Self::Numbers(_) => 0,
        }
    }
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

/// A column of one of the tables, joined of several places.
type Side<'s> = (Option<&'s dyn Table>, &'s Places);

/// Codes of all rows of each side, what is known of the values, and a key of each value.
type Read = (Vec<Vec<u32>>, Values, Vec<u64>);

/// Reads fields of both tables. All fields of names share one pool, so that a given name that
/// stands in the surname's column is recognised.
///
/// Each distinct text is brought into one spelling once; rows only look it up by a hash of what they hold.
pub(crate) fn read(kind: Kind, sides: &[Side<'_>]) -> Read {
    let orders: Vec<DayOrder> = sides.iter().map(|(table, places)| day_order(kind, *table, places)).collect();
    let (hashes, raw) = distinct_texts(sides, &orders);
    let spelled = |out: &mut String, joined: &mut String, place: u64| {
        let (side, row) = ((place >> 32) as usize, (place & u64::from(u32::MAX)) as usize);
        let (table, places) = sides[side];
        let text = table.and_then(|t| cell(t, places, row, joined)).unwrap_or_default();
        canonical(kind, orders[side], text, out)
    };
    // In the order of first places from here on: texts, and what is made of them, are then read as they lie.
    let mut order: Vec<(u64, u32)> = raw.iter().enumerate().map(|(at, (_, place))| (*place, at as u32)).collect();
    order.par_sort_unstable();
    let key = |(out, joined): &mut (String, String), (rank, (place, _)): (usize, &(u64, u32))| {
        spelled(out, joined, *place).then(|| value_key(kind, out)).flatten().map(|key| (key, rank as u32))
    };
    let mut keyed: Vec<(u64, u32)> = order.par_iter().enumerate().map_init(Default::default, key).flatten_iter().collect();
    keyed.par_sort_unstable();
    // The first text of each value stands for it.
    let mut first = vec![EMPTY; order.len()];
    let mut key_of = vec![0u64; order.len()];
    for value in keyed.chunk_by(|a, b| a.0 == b.0) {
        key_of[value[0].1 as usize] = value[0].0;
        value.iter().for_each(|(_, rank)| first[*rank as usize] = value[0].1);
    }
    drop(keyed);
    let (mut keys, mut places, mut number) = (Vec::new(), Vec::new(), vec![EMPTY; order.len()]);
    let mut code_of = vec![EMPTY; raw.len()];
    for (rank, (place, at)) in order.iter().enumerate().filter(|(rank, _)| first[*rank] != EMPTY) {
        let stands = first[rank] as usize;
        if stands == rank {
            number[rank] = keys.len() as u32;
            keys.push(key_of[rank]);
            places.push(*place);
        }
        code_of[*at as usize] = number[stands];
    }
    drop((order, first, key_of, number));
    let finder = Finder::new(raw.iter().map(|r| r.0).collect());
    drop(raw);
    let of_side = |hashes: Vec<u64>| -> Vec<u32> {
        hashes.par_iter().map(|hash| finder.find(*hash).map_or(EMPTY, |at| code_of[at])).collect()
    };
    let codes: Vec<Vec<u32>> = hashes.into_iter().map(of_side).collect();
    let texts = |at: usize, out: &mut String| {
        spelled(out, &mut String::new(), places[at]);
    };
    let values = values(kind, keys.len(), &texts, &codes);
    (codes, values, keys)
}

/// A Vietnamese name is its syllables, however they are typed; everything else is its one spelling.
fn value_key(kind: Kind, spelled: &str) -> Option<u64> {
    if kind != Kind::VietnameseName {
        return Some(hash_text(spelled));
    }
    let (list, n) = syllables(spelled);
    let key = list[..usize::from(n)].iter().fold(u64::from(n), |key, s| join(key, join(s.letters, u64::from(s.marks))));
    (n > 0).then_some(key)
}

/// Rows read in one go, with a memory of their own for texts that come again.
const PART: usize = 65_536;
/// Texts remembered.
const MEMORY: usize = 8_192;

/// A hash of each row's text (0 for none), and the distinct ones ascending, each with one place where it stands.
fn distinct_texts(sides: &[Side<'_>], orders: &[DayOrder]) -> (Vec<Vec<u64>>, Vec<(u64, u64)>) {
    let mut found: Vec<(u64, u64)> = Vec::new();
    let mut all = Vec::with_capacity(sides.len());
    for (side, (table, places)) in sides.iter().enumerate() {
        let mut hashes = vec![0u64; table.map_or(0, |t| t.rows())];
        // The same text may be two days in two columns.
        let salt = mix(orders[side] as u64 + 1);
        let part = |(part, hashes): (usize, &mut [u64])| -> Vec<(u64, u64)> {
            let (mut seen, mut new, mut joined) = (vec![0u64; MEMORY], Vec::new(), String::new());
            let Some(table) = table else { return new };
            for (at, slot) in hashes.iter_mut().enumerate() {
                let row = part * PART + at;
                let Some(text) = cell(*table, places, row, &mut joined) else { continue };
                let hash = (hash_text(text) ^ salt).max(1);
                *slot = hash;
                let known = &mut seen[hash as usize % MEMORY];
                if std::mem::replace(known, hash) != hash {
                    new.push((hash, (side as u64) << 32 | row as u64));
                }
            }
            new
        };
        let lists: Vec<Vec<(u64, u64)>> = hashes.par_chunks_mut(PART).enumerate().map(part).collect();
        found.extend(lists.into_iter().flatten());
        all.push(hashes);
    }
    found.par_sort_unstable();
    found.dedup_by_key(|f| f.0);
    (all, found)
}

/// Finds hashes in an ascending list by their first bits: they are spread evenly.
struct Finder {
    list: Vec<u64>,
    /// Where hashes with each beginning start.
    starts: Vec<u32>,
    shift: u32,
}

impl Finder {
    fn new(list: Vec<u64>) -> Self {
        let bits = (list.len().max(2) as u64).ilog2();
        let shift = 64 - bits;
        let mut starts = vec![0u32; (1 << bits) + 1];
        for hash in &list {
            starts[(hash >> shift) as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Self { list, starts, shift }
    }

    fn find(&self, hash: u64) -> Option<usize> {
        if hash == 0 {
            return None;
        }
        let bucket = (hash >> self.shift) as usize;
        let (from, to) = (self.starts[bucket] as usize, self.starts[bucket + 1] as usize);
        self.list[from..to].iter().position(|h| *h == hash).map(|at| from + at)
    }
}

fn day_order(kind: Kind, table: Option<&dyn Table>, places: &Places) -> DayOrder {
    match (kind, table, places.first()) {
        (Kind::Date, Some(table), Some(place)) => DayOrder::of((0..table.rows()).filter_map(|row| table.cell(*place, row))),
        _ => DayOrder::DayFirst,
    }
}

/// Gives the spelling of a value.
type Spelling<'s> = &'s (dyn Fn(usize, &mut String) + Sync);

fn values(kind: Kind, count: usize, spelling: Spelling<'_>, codes: &[Vec<u32>]) -> Values {
    let text = |at: usize, out: &mut String| -> String {
        spelling(at, out);
        std::mem::take(out)
    };
    match kind {
        Kind::PersonName | Kind::Text | Kind::Place => {
            let texts: Vec<String> = (0..count).into_par_iter().map_init(String::new, |out, at| text(at, out)).collect();
            let mut held = vec![0u32; count];
            for code in codes.iter().flatten().filter(|c| **c != EMPTY) {
                held[*code as usize] += 1;
            }
            Values::Words(Words::new(&texts, &held))
        }
        Kind::VietnameseName => names(count, spelling),
        Kind::Date => Values::Dates(each(count, spelling, PackedDate::of)),
        Kind::Id | Kind::Code | Kind::Postcode => Values::Marks(Marks::new(count, spelling)),
        Kind::Year | Kind::Number => Values::Numbers(each(count, spelling, |text| text.parse().unwrap_or(0.0))),
    }
}

/// Something of each value.
pub(crate) fn each<T: Send>(count: usize, spelling: Spelling<'_>, of: impl Fn(&str) -> T + Sync) -> Vec<T> {
    let one = |out: &mut String, at: usize| {
        spelling(at, out);
        of(out)
    };
    (0..count).into_par_iter().map_init(String::new, one).collect()
}

fn names(count: usize, spelling: Spelling<'_>) -> Values {
    let read: Vec<Syllables> = each(count, spelling, syllables);
    let own = |part: &[Syllables]| {
        let mut list: Vec<_> = part.iter().flat_map(|(s, n)| s[..usize::from(*n)].iter().copied()).collect();
        list.sort_unstable();
        list.dedup();
        list
    };
    let mut all: Vec<_> = read.par_chunks(PART).map(own).flatten_iter().collect();
    all.par_sort_unstable();
    all.dedup();
    let coded = |(list, n): &Syllables| {
        let mut name = NameCodes { codes: [NO_SYLLABLE; MAX_SYLLABLES], count: *n };
        for (slot, syllable) in name.codes.iter_mut().zip(&list[..usize::from(*n)]) {
            *slot = all.binary_search(syllable).map_or(0, |at| at as u32);
        }
        name
    };
    let names = read.par_iter().map(coded).collect();
    drop(read);
    Values::Names(Lexicon::new(all), names)
}

/// The syllables of a name in the codes of a lexicon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NameCodes {
    codes: [u32; MAX_SYLLABLES],
    count: u8,
}

impl NameCodes {
    /// The codes in order.
    pub(crate) fn list(&self) -> &[u32] {
        &self.codes[..usize::from(self.count)]
    }
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
