//! The worklist in memory: columns instead of objects, in the order people work in, with its counts worked out once.
//!
//! Lines stand by reason, commune, village (thôn, tổ dân phố) and then by name, so every filter of these is a range. Texts are kept
//! once each; what a finding rests on is a few numbers a line. Everything a page counts is a sum over groups ([`tally`]).

mod build;
mod strings;
mod tally;
#[cfg(test)]
pub(crate) mod tests;
mod view;

use base::{CommuneCode, Date, Evidence};

pub(crate) use build::Builder;
use strings::Strings;
use tally::Group;
pub(crate) use view::{PageOf, Visible};

/// Who works on a line (đơn vị xử lý).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unit {
    /// The commune (UBND xã, phường).
    Commune,
    /// Nobody before the national look-up has answered.
    LookUp,
    /// The insurance office (BHXH cơ sở), by employer.
    Office,
}

/// Whose lines a viewer sees: those of some units. Each one shows what the one before shows and more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sight {
    /// Lines of communes.
    Communes,
    /// And what waits for the look-up.
    LookUps,
    /// And employee findings.
    Everything,
}

/// All lines of a run's worklist.
#[derive(Default)]
pub(crate) struct Lines {
    /// Reasons in the order of `REASONS`; others by name behind them.
    reasons: Vec<String>,
    /// Communes by code, people of no known commune last.
    communes: Vec<Option<CommuneCode>>,
    /// In the order of the lines.
    groups: Vec<Group>,
    /// The groups of each reason and commune together; their village says nothing.
    cells: Vec<Group>,
    villages: Strings,
    names: Strings,
    /// Names without marks, under the numbers of `names`.
    folded: Strings,
    households: Strings,
    /// Names of the facts of a finding, one list a kind of finding.
    shapes: Vec<Vec<String>>,
    values: Strings,
    // One entry a line from here on.
    group: Vec<u32>,
    person: Vec<i64>,
    name: Vec<u32>,
    household: Vec<u32>,
    /// Days since 1970, `i32::MIN` where not known.
    born: Vec<i32>,
    first_period: Vec<i32>,
    flags: Vec<u8>,
    shape: Vec<u16>,
    /// Where the line's facts begin in `facts`.
    facts_at: Vec<u32>,
    /// Numbers in `values`.
    facts: Vec<u32>,
    /// Lines by person, then in their order.
    by_person: Vec<u32>,
    /// Lines by commune, village and household; people of no known household last in their village.
    by_household: Vec<u32>,
}

/// One line of the worklist.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    lines: &'a Lines,
    at: usize,
}

/// Main line of the person among all that a sight shows; shifted by the sight.
const MAIN: u8 = 1;
const WITHOUT_CARD: u8 = 1 << 3;
const NEW: u8 = 1 << 4;
const UNIT_SHIFT: u8 = 5;

impl Lines {
    /// How many lines there are.
    fn len(&self) -> usize {
        self.person.len()
    }

    fn line(&self, at: u32) -> Line<'_> {
        Line { lines: self, at: at as usize }
    }

    fn unit(&self, at: usize) -> Unit {
        match self.flags[at] >> UNIT_SHIFT {
            0 => Unit::Commune,
            1 => Unit::LookUp,
            _ => Unit::Office,
        }
    }

    /// Whether a person waits for the national look-up.
    pub(crate) fn waits(&self, person: i64) -> bool {
        self.of_person(person).iter().any(|at| self.unit(*at as usize) == Unit::LookUp)
    }

    /// The lines of a person, in their order.
    fn of_person(&self, person: i64) -> &[u32] {
        let from = self.by_person.partition_point(|at| self.person[*at as usize] < person);
        let to = self.by_person.partition_point(|at| self.person[*at as usize] <= person);
        &self.by_person[from..to]
    }
}

impl Unit {
    /// The unit of a word of the table `worklist`.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "commune" => Some(Self::Commune),
            "look_up" => Some(Self::LookUp),
            "insurance_office" => Some(Self::Office),
            _ => None,
        }
    }
}

impl Sight {
    /// All, from the narrowest on.
    const ALL: [Self; 3] = [Self::Communes, Self::LookUps, Self::Everything];

    /// Whether lines of a unit are shown.
    pub(crate) fn shows(self, unit: Unit) -> bool {
        unit as u8 <= self as u8
    }
}

impl<'a> Line<'a> {
    /// The line's place in the whole list, from 1: what pages are turned by.
    pub(crate) fn number(&self) -> i64 {
        self.at as i64 + 1
    }

    fn group(&self) -> &'a Group {
        &self.lines.groups[self.lines.group[self.at] as usize]
    }

    /// Who works on the line.
    pub(crate) fn unit(&self) -> Unit {
        self.lines.unit(self.at)
    }

    /// Why the person is on the list.
    pub(crate) fn reason(&self) -> &'a str {
        &self.lines.reasons[self.group().reason as usize]
    }

    /// Where the person lives.
    pub(crate) fn commune(&self) -> Option<&'a CommuneCode> {
        self.lines.communes[self.group().commune as usize].as_ref()
    }

    /// Village or residential group (thôn, tổ dân phố); absent is "chưa phân tổ".
    pub(crate) fn village(&self) -> Option<&'a str> {
        self.lines.villages.opt(self.group().village)
    }

    /// The book's number of the person.
    pub(crate) fn person(&self) -> i64 {
        self.lines.person[self.at]
    }

    /// Full name.
    pub(crate) fn name(&self) -> &'a str {
        self.lines.names.get(self.lines.name[self.at])
    }

    /// Birth date.
    pub(crate) fn born(&self) -> Option<Date> {
        Some(self.lines.born[self.at]).filter(|days| *days != i32::MIN).and_then(Date::from_days_since_epoch)
    }

    /// Household number (mã hộ).
    pub(crate) fn household(&self) -> Option<&'a str> {
        self.lines.households.opt(self.lines.household[self.at])
    }

    /// Whether the person has no card valid on the last day.
    pub(crate) fn without_card(&self) -> bool {
        self.lines.flags[self.at] & WITHOUT_CARD != 0
    }

    /// Whether it was found in this period for the first time.
    pub(crate) fn is_new(&self) -> bool {
        self.lines.flags[self.at] & NEW != 0
    }

    /// First period it was found in.
    pub(crate) fn first_period(&self) -> Option<Date> {
        Date::from_days_since_epoch(self.lines.first_period[self.at])
    }

    /// What the finding rests on.
    pub(crate) fn evidence(&self) -> Vec<Evidence> {
        let from = self.lines.facts_at[self.at] as usize;
        let names = &self.lines.shapes[self.lines.shape[self.at] as usize];
        let facts = self.lines.facts[from..].iter().zip(names);
        facts
            .map(|(value, name)| Evidence { name: name.clone(), value: self.lines.values.opt(*value).map(str::to_owned) })
            .collect()
    }
}
