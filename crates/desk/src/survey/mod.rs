//! Satisfaction of people (mức độ hài lòng, indicator I6): campaigns, links that are used once, answers that say nothing of who gave them.
//!
//! **Invariants:** a link is kept as the hash of its token, and that it was used is known but neither when nor for which answer; an answer has
//! a random id, its campaign, its day and its steps; unknown, used and expired links are one and the same to who asks; who issued links
//! cannot read them back.

mod answer;
mod campaign;
mod link;
mod tally;

use base::Date;

pub use answer::{AnswerTaken, TokenState};
pub use campaign::{Campaign, NewCampaign};
pub use link::{NewLinks, SurveyLinks};
pub use tally::{CampaignTally, HourCount, SatisfactionCount};

use crate::DeskError;

/// Steps of an answer: 1 (very dissatisfied) to 5 (very satisfied).
const STEPS: std::ops::RangeInclusive<u8> = 1..=5;

fn day(table: &'static str, text: &str) -> Result<Date, DeskError> {
    text.parse().map_err(|_| DeskError::damaged(table, "a day"))
}

/// The steps of a stored answer.
fn steps(text: &str) -> Result<Vec<u8>, DeskError> {
    let step = |part: &str| part.parse().ok().filter(|step| STEPS.contains(step));
    text.split(',').map(|part| step(part).ok_or_else(|| DeskError::damaged("survey_answer", "steps"))).collect()
}

/// Whether an answer is satisfied: the mean of its steps is at least this many hundredths.
fn is_satisfied(steps: &[u8], from: i64) -> bool {
    let sum: i64 = steps.iter().map(|step| i64::from(*step)).sum();
    sum * 100 >= from * steps.len() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_satisfied_by_the_mean_of_its_steps() {
        assert!(is_satisfied(&[4, 4, 4, 4], 400));
        assert!(is_satisfied(&[5, 3, 4, 4], 400));
        assert!(!is_satisfied(&[5, 5, 3, 2], 400), "15 of 4 questions is 3.75");
        assert!(is_satisfied(&[4, 4, 3], 366) && !is_satisfied(&[4, 4, 3], 367), "11 of 3 questions is 3.666…");
        assert_eq!(steps("5,4,1").unwrap(), [5, 4, 1]);
        assert!(steps("5,6").is_err() && steps("").is_err() && steps("5,,4").is_err());
    }
}
