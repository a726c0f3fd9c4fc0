//! The pairs that a person should look at, most urgent first.

use base::Sex;
use serde::{Deserialize, Serialize};

use crate::assign::Chosen;
use crate::candidates::Edge;
use crate::config::Config;
use crate::keys::Pass;
use crate::level::{Pattern, code};
use crate::link::Link;
use crate::model::{Model, probability_thousandths};
use crate::record::Record;
use crate::verdict::needs_person;

/// Why a pair is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewReason {
    /// Not linked: the same number and nothing else; usually a relative's number or a wrong one.
    SameNumberOnly,
    /// Linked by a number whose year or sex contradicts what the row states.
    NumberContradicts,
    /// Not linked: two people of the spine fit about as well, or two rows want the same person.
    Contested,
    /// Not linked: twin, sibling or namesake as easily as the person.
    NeedsPerson,
    /// Not linked: may be a second row of a person who has one.
    SecondRow,
    /// Not linked: the evidence nearly suffices.
    JustBelow,
    /// Linked, but not by much.
    WeaklyLinked,
}

impl ReviewReason {
    /// Whether the pair is linked as long as nobody objects.
    pub fn is_linked(self) -> bool {
        matches!(self, Self::NumberContradicts | Self::WeaklyLinked)
    }

    /// The words of the reason for an officer.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Self::SameNumberOnly => "trùng số nhưng họ tên, ngày sinh khác",
            Self::NumberContradicts => "năm sinh hoặc giới tính trái với số định danh",
            Self::Contested => "nhiều người cùng khớp, chênh lệch nhỏ",
            Self::NeedsPerson => "có thể là anh chị em sinh đôi hoặc người trùng tên",
            Self::SecondRow => "có thể là dòng thứ hai của người đã có dòng khác",
            Self::JustBelow => "gần đủ căn cứ để ghép",
            Self::WeaklyLinked => "đã ghép nhưng căn cứ còn yếu",
        }
    }
}

/// A pair for a person to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ReviewPair {
    /// Row of the spine.
    pub left: u32,
    /// Row of the other roster.
    pub right: u32,
    /// Number of the [`Pass`] that found the pair.
    pub pass: u8,
    /// On which levels the fields agree.
    pub pattern: Pattern,
    /// Weight of evidence in thousandths of a bit, the prior included.
    pub weight_millibits: i32,
    /// What the name's frequency adds to it.
    pub frequency_millibits: i32,
    /// Probability in thousandths, against nobody and against the runner-up.
    pub probability_thousandths: u16,
    /// The next best left row with its weight.
    pub runner_up: Option<(u32, i32)>,
    /// Why it is shown.
    pub why: ReviewReason,
}

impl ReviewPair {
    /// A question about a candidate. `rarer` is added to the weight for the probability alone, where the
    /// pair is of a rarer kind than partners are; thousandths of a bit.
    pub(crate) fn new(chosen: &Chosen, why: ReviewReason, model: &Model, rarer: i32) -> Self {
        let Edge { left, right, pattern, pass, borne_by } = chosen.weighed.edge;
        let weight = chosen.weighed.weight;
        Self {
            left,
            right,
            pass,
            pattern,
            weight_millibits: weight,
            frequency_millibits: model.frequency_weight(pattern, borne_by),
            probability_thousandths: probability_thousandths(weight + rarer, chosen.runner_up.map(|(_, r)| r)),
            runner_up: chosen.runner_up,
            why,
        }
    }

    fn of_link(link: &Link, why: ReviewReason, frequency_millibits: i32) -> Self {
        Self {
            left: link.left,
            right: link.right,
            pass: link.pass,
            pattern: link.pattern,
            weight_millibits: link.weight_millibits,
            frequency_millibits,
            probability_thousandths: link.probability_thousandths,
            runner_up: link.runner_up,
            why,
        }
    }

    /// How much a decision is worth: most at even odds; more where a person may be missing from the
    /// register for want of a link, and most where somebody lives under another's number.
    fn urgency(&self) -> i32 {
        let open = 1_000 - 2 * (i32::from(self.probability_thousandths) - 500).abs();
        let number = matches!(self.why, ReviewReason::SameNumberOnly | ReviewReason::NumberContradicts);
        open + if self.why.is_linked() { 0 } else { 300 } + if number { 600 } else { 0 }
    }
}

/// Questions about links made: weak ones, and those by a number that contradicts its row.
/// `frequency` is what the name's frequency added to a link. Decided links are no question.
pub(crate) fn of_links<'a>(
    links: &'a [Link],
    rights: &'a [Record],
    (config, model): (&'a Config, &'a Model),
    frequency: impl Fn(&Link) -> i32 + 'a,
) -> impl Iterator<Item = ReviewPair> + 'a {
    // Where all else suffices for a link, a wrong number is a matter of the number and not of who is who.
    let stands_without = move |link: &Link| {
        let weight = link.weight_millibits - model.weights[code::ID][link.pattern.code(code::ID)];
        let rest = probability_thousandths(weight, link.runner_up.map(|(_, weight)| weight));
        rest >= config.link_probability_thousandths && !needs_person(link.pattern.without(code::ID))
    };
    links.iter().filter(|l| !l.decided).filter_map(move |link| {
        let wrong = rights.get(link.right as usize).is_some_and(|r| has_wrong_number(link.pattern, r));
        let why = if wrong && !stands_without(link) {
            ReviewReason::NumberContradicts
        } else if link.probability_thousandths < config.weak_probability_thousandths && link.pass != Pass::Certain.number() {
            ReviewReason::WeaklyLinked
        } else {
            return None;
        };
        Some(ReviewPair::of_link(link, why, frequency(link)))
    })
}

/// Whether both rows bear one number and the right row states a year or sex that the number denies.
fn has_wrong_number(pattern: Pattern, right: &Record) -> bool {
    let Some(id) = right.personal_id().filter(|_| pattern.code(code::ID) == 0) else { return false };
    let other_year = !right.birth.is_none() && !right.birth_from_id && right.birth.year() != id.birth_year();
    let sex = if id.sex() == Sex::Male { 1 } else { 2 };
    other_year || (right.sex != 0 && !right.sex_from_id && right.sex != sex)
}

/// Puts questions in order and keeps the most urgent ones; also how many were left out.
pub(crate) fn queue(mut pairs: Vec<ReviewPair>, config: &Config) -> (Vec<ReviewPair>, u64) {
    pairs.sort_unstable_by_key(|p| (-p.urgency(), p.right, p.left));
    let most = config.review_pairs as usize;
    let left_out = pairs.len().saturating_sub(most) as u64;
    pairs.truncate(most);
    (pairs, left_out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepared::tests::prepared;

    fn pair(right: u32, probability_thousandths: u16, why: ReviewReason) -> ReviewPair {
        ReviewPair {
            left: 0,
            right,
            pass: 4,
            pattern: Pattern(0),
            weight_millibits: 0,
            frequency_millibits: 0,
            probability_thousandths,
            runner_up: None,
            why,
        }
    }

    #[test]
    fn numbers_first_then_the_unlinked_then_the_closest() {
        let pairs = vec![
            pair(1, 950, ReviewReason::WeaklyLinked),
            pair(2, 880, ReviewReason::JustBelow),
            pair(3, 500, ReviewReason::Contested),
            pair(4, 2, ReviewReason::SameNumberOnly),
            pair(5, 150, ReviewReason::NeedsPerson),
            pair(6, 500, ReviewReason::Contested),
        ];
        let order = |most: u32| {
            let (kept, left_out) = queue(pairs.clone(), &Config { review_pairs: most, ..Config::default() });
            (kept.iter().map(|p| p.right).collect::<Vec<_>>(), left_out)
        };
        assert_eq!(order(10), (vec![3, 6, 4, 5, 2, 1], 0));
        assert_eq!(order(2), (vec![3, 6], 4));
    }

    #[test]
    fn a_number_that_denies_year_or_sex_is_noticed() {
        let rows = prepared(&[
            "An|1985-03-07|m|001085123456|",
            "An|1958-03-07|m|001085123456|",
            "An|1985-03-07|f|001085123456|",
            "An||||",
            "An|||001085123456|",
        ]);
        let wrong = |row: usize, id: u8| has_wrong_number(Pattern::new([0, 0, id, 3, 0, 0]), &rows.records[row]);
        assert_eq!((0..5).map(|row| wrong(row, 0)).collect::<Vec<_>>(), [false, true, true, false, false]);
        assert!(!wrong(1, 4), "another number is no matter of this one");
    }
}
