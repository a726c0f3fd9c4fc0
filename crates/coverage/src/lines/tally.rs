//! Counts of the worklist, worked out once: how many lines of each kind a group has.

use std::ops::Range;

use super::{Lines, MAIN, NEW, Sight, WITHOUT_CARD};

/// Lines of one reason, commune and village, one after the other.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) reason: u16,
    pub(crate) commune: u16,
    /// Number of the village's name; `NONE` for no known village.
    pub(crate) village: u32,
    /// The village's place among all villages; no known village comes last.
    pub(crate) village_order: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Per sight, how many lines of each [`kind`].
    tally: [[u32; KINDS]; 3],
}

/// Kinds of lines that are counted apart: main or not, with or without card, new or not.
const KINDS: usize = 8;

/// What is asked of a line besides its group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Kind {
    /// Only main lines.
    pub(crate) main: bool,
    /// Only people without a valid card.
    pub(crate) without_card: bool,
    /// Only what is new in the period.
    pub(crate) new: bool,
}

impl Kind {
    fn bits(self) -> usize {
        usize::from(self.main) | usize::from(self.without_card) << 1 | usize::from(self.new) << 2
    }
}

/// The kind of a line's flags for a sight.
fn kind(flags: u8, sight: Sight) -> usize {
    let main = flags & (MAIN << sight as u8) != 0;
    Kind { main, without_card: flags & WITHOUT_CARD != 0, new: flags & NEW != 0 }.bits()
}

/// Whether a line of a kind is asked for: it has everything that is asked.
fn answers(kind: usize, asked: usize) -> bool {
    kind & asked == asked
}

impl Group {
    pub(crate) fn new(reason: u16, commune: u16, village: u32, village_order: u32, start: u32) -> Self {
        Self { reason, commune, village, village_order, start, end: start, tally: [[0; KINDS]; 3] }
    }

    /// How many of its lines a sight shows and are of a kind.
    pub(crate) fn count(&self, sight: Sight, asked: Kind) -> usize {
        let asked = asked.bits();
        let counts = self.tally[sight as usize].iter().enumerate();
        counts.filter(|(kind, _)| answers(*kind, asked)).map(|(_, n)| *n as usize).sum()
    }

    /// Takes in the group that follows.
    fn add(&mut self, next: &Self) {
        self.end = next.end;
        for (own, other) in self.tally.iter_mut().flatten().zip(next.tally.iter().flatten()) {
            *own += other;
        }
    }

    /// Its lines.
    pub(crate) fn range(&self) -> Range<u32> {
        self.start..self.end
    }
}

impl Lines {
    /// Whether a sight shows a line and it is of a kind.
    pub(crate) fn is(&self, at: u32, sight: Sight, asked: Kind) -> bool {
        let at = at as usize;
        sight.shows(self.unit(at)) && answers(kind(self.flags[at], sight), asked.bits())
    }

    /// Blocks of one reason and commune, or with `villages` those of one village too, in the order of the lines; of all reasons and
    /// communes, or of one.
    pub(crate) fn blocks(&self, villages: bool, reason: Option<u16>, commune: Option<u16>) -> impl Iterator<Item = &Group> {
        let all = if villages { &self.groups } else { &self.cells };
        let reasons = match reason {
            Some(reason) => reason..reason + 1,
            None => 0..self.reasons.len() as u16,
        };
        // Within a reason the blocks of a commune stand together: they are found, not looked for.
        let of = move |reason: u16| match commune {
            Some(commune) => {
                let from = all.partition_point(|g| (g.reason, g.commune) < (reason, commune));
                let to = all.partition_point(|g| (g.reason, g.commune) <= (reason, commune));
                &all[from..to]
            }
            None => &all[all.partition_point(|g| g.reason < reason)..all.partition_point(|g| g.reason <= reason)],
        };
        reasons.flat_map(of)
    }

    /// Counts the lines of every group, and the groups of every commune together.
    pub(crate) fn count_groups(&mut self) {
        let mut groups = std::mem::take(&mut self.groups);
        for group in &mut groups {
            for at in group.range() {
                for sight in Sight::ALL.into_iter().filter(|s| s.shows(self.unit(at as usize))) {
                    group.tally[sight as usize][kind(self.flags[at as usize], sight)] += 1;
                }
            }
        }
        for group in &groups {
            match self.cells.last_mut().filter(|cell| (cell.reason, cell.commune) == (group.reason, group.commune)) {
                Some(cell) => cell.add(group),
                None => self.cells.push(group.clone()),
            }
        }
        self.groups = groups;
    }
}
