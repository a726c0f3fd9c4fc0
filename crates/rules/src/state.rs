//! What became of the findings of the run before.

use std::collections::{BTreeMap, BTreeSet};

use base::{FindingKey, FindingState, Month};

/// A finding that was open after the run before: new, still there or not evaluated then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Its key.
    pub key: FindingKey,
    /// The first period it was found in.
    pub first_period: Month,
}

/// What a finding is after this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Its key.
    pub key: FindingKey,
    /// New, still, resolved or not evaluated.
    pub state: FindingState,
    /// The first period it was found in.
    pub first_period: Month,
}

/// Holds the findings of one rule against those open before, ordered by key.
///
/// `evaluated` is [`crate::Outcome::is_evaluated`]: without it nothing resolves, everything open becomes
/// "not evaluated" and keeps its first period. A finding that was resolved and comes back is new.
pub fn states(previous: &[Known], current: &[FindingKey], evaluated: bool, period: Month) -> Vec<Standing> {
    let before: BTreeMap<FindingKey, Month> = previous.iter().map(|known| (known.key, known.first_period)).collect();
    if !evaluated {
        let stay = |(key, first_period)| Standing { key, state: FindingState::NotEvaluated, first_period };
        return before.into_iter().map(stay).collect();
    }
    let now: BTreeSet<FindingKey> = current.iter().copied().collect();
    let all: BTreeSet<FindingKey> = before.keys().copied().chain(now.iter().copied()).collect();
    all.into_iter()
        .map(|key| match (before.get(&key), now.contains(&key)) {
            (Some(first), true) => Standing { key, state: FindingState::Still, first_period: *first },
            (Some(first), false) => Standing { key, state: FindingState::Resolved, first_period: *first },
            (None, _) => Standing { key, state: FindingState::New, first_period: period },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use base::SubjectKind;

    use super::*;

    fn key(subject: &str) -> FindingKey {
        FindingKey::new("rule", SubjectKind::Person, subject, &[])
    }

    fn month(number: i32) -> Month {
        Month::new(2026, number).unwrap()
    }

    fn state_of(standings: &[Standing], subject: &str) -> Option<(FindingState, Month)> {
        standings.iter().find(|s| s.key == key(subject)).map(|s| (s.state, s.first_period))
    }

    #[test]
    fn findings_stay_come_and_go() {
        let before = [Known { key: key("1"), first_period: month(8) }, Known { key: key("2"), first_period: month(9) }];
        let after = states(&before, &[key("3"), key("2")], true, month(10));
        assert_eq!(after.len(), 3);
        assert_eq!(state_of(&after, "1"), Some((FindingState::Resolved, month(8))));
        assert_eq!(state_of(&after, "2"), Some((FindingState::Still, month(9))));
        assert_eq!(state_of(&after, "3"), Some((FindingState::New, month(10))));
        assert!(after.windows(2).all(|pair| pair[0].key < pair[1].key));
    }

    #[test]
    fn what_was_not_looked_at_is_never_resolved() {
        let before = [Known { key: key("1"), first_period: month(8) }];
        let unseen = states(&before, &[], false, month(10));
        assert_eq!(state_of(&unseen, "1"), Some((FindingState::NotEvaluated, month(8))));
        // The month after it is looked at again and keeps its first period.
        let known: Vec<Known> = unseen.iter().map(|s| Known { key: s.key, first_period: s.first_period }).collect();
        assert_eq!(state_of(&states(&known, &[key("1")], true, month(11)), "1"), Some((FindingState::Still, month(8))));
    }
}
