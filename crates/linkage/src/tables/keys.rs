//! Keys that bring candidates together: the whole value of a field, or a part of it that outlives a slip.

use rayon::prelude::*;

use super::compare::Fields;
use super::marks::area;
use super::pool::{Column, EMPTY, Values};
use super::spec::Kind;
use crate::hash::{join, mix};

/// A way to make a key of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Way {
    Whole,
    Sound,
    First,
    Last,
    Rarest,
    Start,
    FirstHalf,
    LastHalf,
    Year,
    Days,
    Area,
}

impl Way {
    /// Its name in the list of passes; the whole value needs none.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Whole => "",
            Self::Sound => "sound",
            Self::First => "first word",
            Self::Last => "last word",
            Self::Rarest => "rarest word",
            Self::Start => "first letters",
            Self::FirstHalf => "first half",
            Self::LastHalf => "last half",
            Self::Year => "year",
            Self::Days => "day and month",
            Self::Area => "area",
        }
    }

    /// How often true pairs that differ in the whole value still share this key: a rule of thumb
    /// from which passes are proposed before anything is known.
    pub(crate) fn survives(self) -> f64 {
        match self {
            Self::Whole => 0.0,
            Self::Sound => 0.5,
            Self::First | Self::Last | Self::Rarest => 0.6,
            Self::Start => 0.6,
            Self::FirstHalf | Self::LastHalf => 0.4,
            Self::Year => 0.6,
            Self::Days => 0.35,
            Self::Area => 0.5,
        }
    }
}

/// The ways of a kind.
pub(crate) fn ways(kind: Kind) -> &'static [Way] {
    match kind {
        Kind::PersonName => &[Way::Whole, Way::Sound, Way::First, Way::Last, Way::Start],
        Kind::VietnameseName => &[Way::Whole, Way::Sound, Way::First, Way::Last],
        Kind::Text | Kind::Place => &[Way::Whole, Way::Rarest, Way::Start],
        Kind::Date => &[Way::Whole, Way::Year, Way::Days],
        Kind::Id => &[Way::Whole, Way::FirstHalf, Way::LastHalf],
        Kind::Postcode => &[Way::Whole, Way::Area],
        Kind::Code | Kind::Year | Kind::Number => &[Way::Whole],
    }
}

/// Keys of all values of a field in one way; 0 for none.
#[derive(Debug)]
pub(crate) struct Atom {
    pub field: usize,
    pub way: Way,
    keys: Vec<u64>,
}

impl Atom {
    /// The keys of all values; 0 for none.
    pub(crate) fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// The key of a left row.
    pub(crate) fn left(&self, fields: &Fields, row: u32) -> Option<u64> {
        self.of(fields.left_row(row)[self.field])
    }

    /// The key of a right row.
    pub(crate) fn right(&self, fields: &Fields, row: u32) -> Option<u64> {
        self.of(fields.right_row(row)[self.field])
    }

    /// Share of rows that have this key, on the side where fewer do.
    pub(crate) fn filled(&self, fields: &Fields) -> f64 {
        let counts = fields.columns[self.field].counts.iter().zip(&self.keys).filter(|(_, key)| **key != 0);
        let (lefts, rights) = counts.fold((0u64, 0u64), |(l, r), (c, _)| (l + u64::from(c.0), r + u64::from(c.1)));
        let left = lefts as f64 / fields.lefts.max(1) as f64;
        if fields.one_table { left } else { left.min(rights as f64 / fields.rights.max(1) as f64) }
    }

    fn of(&self, code: u32) -> Option<u64> {
        (code != EMPTY).then(|| self.keys[code as usize]).filter(|key| *key != 0)
    }
}

/// The atoms of all fields.
pub(crate) fn atoms(fields: &Fields) -> Vec<Atom> {
    let of_column = |(field, column): (usize, &Column)| -> Vec<Atom> {
        let of_way = |way: &Way| Atom { field, way: *way, keys: keys(column, *way) };
        ways(column.kind).iter().map(of_way).collect()
    };
    fields.columns.iter().enumerate().flat_map(of_column).collect()
}

fn keys(column: &Column, way: Way) -> Vec<u64> {
    // Two ways of one field must not meet in one key.
    let salted = |key: u64| join(key, way as u64 + 1).max(1);
    let key = |code: usize| key(column, way, code).map_or(0, salted);
    (0..column.hashes.len()).into_par_iter().map(key).collect()
}

fn key(column: &Column, way: Way, code: usize) -> Option<u64> {
    match column.values.as_ref() {
        Values::Words(words) => {
            let code = code as u32;
            let several = words.words(code).len() > 1;
            let one = |word: Option<&u32>| word.filter(|_| several).map(|w| mix(u64::from(*w) + 1));
            match way {
                Way::Whole => Some(words.sorted(code).iter().fold(7, |key, word| join(key, u64::from(*word)))),
                Way::Sound => Some(words.sound(code)),
                Way::First => one(words.words(code).first()),
                Way::Last => one(words.words(code).last()),
                Way::Rarest => words.rarest(code).filter(|_| several).map(|w| mix(u64::from(w) + 1)),
                _ => start(words.letters(code)),
            }
        }
        Values::Names(lexicon, names) => {
            let list = names[code].list();
            let n = list.len();
            let fold =
                |of: &dyn Fn(u32) -> u64| lexicon.sorted(list, of)[..n].iter().fold(n as u64, |key, part| join(key, *part));
            let at = |place: usize| mix(lexicon.letters(list[place]));
            (n > 0).then(|| match way {
                Way::Whole => fold(&|code| lexicon.letters(code)),
                Way::Sound => fold(&|code| lexicon.sound[code as usize]),
                Way::First => at(0),
                _ => at(n - 1),
            })
        }
        Values::Dates(dates) => {
            let [year, month, day] = dates[code].parts();
            let ordered = month.min(day) << 8 | month.max(day);
            match way {
                Way::Whole => Some(mix(year << 16 | ordered)),
                Way::Year => Some(mix(year)),
                _ => (day != 0 && (month, day) != (1, 1)).then(|| mix(ordered)),
            }
        }
        Values::Marks(marks) => {
            let text = marks.letters(code);
            let of = |part: &[char]| part.iter().fold(part.len() as u64, |key, c| join(key, u64::from(u32::from(*c))));
            let half = text.len() / 2;
            match way {
                Way::Whole => Some(of(&text)),
                // A slip of one digit leaves one of the halves as it was.
                Way::FirstHalf => (text.len() >= 6).then(|| of(&text[..half])),
                Way::LastHalf => (text.len() >= 6).then(|| of(&text[text.len() - half..])),
                _ => Some(of(area(&text))),
            }
        }
        Values::Numbers(_) => Some(column.hashes[code]),
    }
}

fn start(letters: &[char]) -> Option<u64> {
    let kept = letters.get(..4.min(letters.len())).filter(|kept| kept.len() >= 3)?;
    Some(kept.iter().fold(11, |key, c| join(key, u64::from(u32::from(*c)))))
}
