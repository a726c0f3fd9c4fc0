//! What people decided: it wins over everything computed.

/// Human decisions about pairs of a left and a right row. They always win.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    /// The same person. Several right rows may be said to be one left row.
    pub same: Vec<(u32, u32)>,
    /// Not the same person: never linked, never shown for review again.
    pub not_same: Vec<(u32, u32)>,
}

/// Decisions sorted for look-up, without what contradicts itself.
#[derive(Debug, Default)]
pub(crate) struct Decided {
    /// Ascending by right row, one left row each.
    pub same: Vec<(u32, u32)>,
    not_same: Vec<(u32, u32)>,
    lefts: Vec<u32>,
    /// Decisions that name rows which do not exist or contradict one another, and are not used.
    pub unusable: u64,
}

impl Decided {
    /// Sorts them. Where a pair is called both, it is not linked; where a right row is called two
    /// left rows, neither is used: a machine does not choose between two people's words.
    pub(crate) fn new(decisions: &Decisions, lefts: usize, rights: usize) -> Self {
        let exists = |(l, r): &(u32, u32)| (*l as usize) < lefts && (*r as usize) < rights;
        let sorted = |pairs: &[(u32, u32)]| {
            let mut pairs: Vec<(u32, u32)> = pairs.to_vec();
            pairs.sort_unstable_by_key(|(l, r)| (*r, *l));
            pairs.dedup();
            pairs
        };
        let mut not_same = sorted(&decisions.not_same);
        let mut same = sorted(&decisions.same);
        let given = same.len() + not_same.len();
        not_same.retain(exists);
        same.retain(|pair| exists(pair) && not_same.binary_search_by_key(&(pair.1, pair.0), |(l, r)| (*r, *l)).is_err());
        let same: Vec<(u32, u32)> = same.chunk_by(|a, b| a.1 == b.1).filter(|run| run.len() == 1).map(|run| run[0]).collect();
        let unusable = (given - same.len() - not_same.len()) as u64;
        let mut lefts: Vec<u32> = same.iter().map(|(l, _)| *l).collect();
        lefts.sort_unstable();
        lefts.dedup();
        Self { same, not_same, lefts, unusable }
    }

    /// Whether a person said that these are two people.
    pub(crate) fn forbids(&self, left: u32, right: u32) -> bool {
        self.not_same.binary_search_by_key(&(right, left), |(l, r)| (*r, *l)).is_ok()
    }

    /// Whether a person said whose row this right row is.
    pub(crate) fn settles_right(&self, right: u32) -> bool {
        self.same.binary_search_by_key(&right, |(_, r)| *r).is_ok()
    }

    /// Whether a person gave this left row a right row.
    pub(crate) fn settles_left(&self, left: u32) -> bool {
        self.lefts.binary_search(&left).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contradictions_are_counted_and_not_used() {
        let decisions = Decisions { same: vec![(0, 0), (1, 1), (2, 1), (3, 2), (9, 3)], not_same: vec![(3, 2), (0, 1)] };
        let decided = Decided::new(&decisions, 5, 5);
        assert_eq!(decided.same, [(0, 0)]);
        assert_eq!(decided.unusable, 4);
        assert!(decided.forbids(3, 2) && decided.forbids(0, 1) && !decided.forbids(0, 0));
        assert!(decided.settles_right(0) && decided.settles_left(0) && !decided.settles_right(1));
    }
}
