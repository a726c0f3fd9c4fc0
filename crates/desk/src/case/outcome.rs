//! What may come of a case: the words rules declare in `work.outcomes`.

use serde::{Deserialize, Serialize};

/// What came of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Met or spoken to, nothing decided yet (đã liên hệ). The case stays with whoever has it.
    Contacted,
    /// Takes part now (đã tham gia); the register looks again.
    Joined,
    /// Will take part from a day on (hẹn tham gia từ ngày).
    JoinsOnDate,
    /// Not liable, with its ground (không thuộc diện), until a day where the ground ends.
    Exempt,
    /// Insured elsewhere, waits for the national look-up (tham gia ở nơi khác, chờ xác minh).
    InsuredElsewhere,
    /// Has moved away (đã chuyển đi).
    Moved,
    /// Has died (đã mất).
    Dead,
    /// The rows behind the finding are not of one person (không phải cùng một người).
    NotSamePerson,
    /// Does not want to (từ chối).
    Refused,
    /// What a person asked to be corrected was corrected where it comes from (đã chỉnh sửa); for requests alone.
    Corrected,
    /// Somebody looked at it again, as the person asked, and it stays as it is, with the reason (đã xem lại, giữ nguyên); for requests alone.
    Upheld,
    /// The finding is no longer there (không còn dấu hiệu); only a run says so.
    Gone,
}

impl Outcome {
    /// All outcomes in the order they are offered.
    pub const ALL: [Outcome; 12] = [
        Self::Contacted,
        Self::Joined,
        Self::JoinsOnDate,
        Self::Exempt,
        Self::InsuredElsewhere,
        Self::Moved,
        Self::Dead,
        Self::NotSamePerson,
        Self::Refused,
        Self::Corrected,
        Self::Upheld,
        Self::Gone,
    ];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contacted => "contacted",
            Self::Joined => "joined",
            Self::JoinsOnDate => "joins_on_date",
            Self::Exempt => "exempt",
            Self::InsuredElsewhere => "insured_elsewhere",
            Self::Moved => "moved",
            Self::Dead => "dead",
            Self::NotSamePerson => "not_same_person",
            Self::Refused => "refused",
            Self::Corrected => "corrected",
            Self::Upheld => "upheld",
            Self::Gone => "gone",
        }
    }

    /// The outcome of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }

    /// Whether it ends the case. A contact does not.
    pub fn closes(self) -> bool {
        self != Self::Contacted
    }

    /// Whether it may come of a finding of a rule, said by a person: not what only a run says, nor what only answers somebody's request.
    pub fn is_of_findings(self) -> bool {
        !matches!(self, Self::Corrected | Self::Upheld | Self::Gone)
    }

    /// Whether it needs a day: the day the person joins, or until when the ground holds.
    pub fn needs_day(self) -> bool {
        matches!(self, Self::JoinsOnDate | Self::Exempt | Self::InsuredElsewhere)
    }

    /// Whether it says that the finding was wrong about the world or about who is who: the share of a rule's false alarms. A refusal, a
    /// promise and a joining say that it was right.
    pub fn is_false_alarm(self) -> bool {
        matches!(self, Self::Exempt | Self::InsuredElsewhere | Self::Moved | Self::Dead | Self::NotSamePerson)
    }

    /// Whether the person takes part now or has said from when on: what collectors and their organisations are judged by, beside how many
    /// cases they had.
    pub fn is_conversion(self) -> bool {
        matches!(self, Self::Joined | Self::JoinsOnDate)
    }

    /// Whether it keeps the person off the lists until its day.
    pub fn keeps_off_list(self) -> bool {
        self.needs_day()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_both_ways_and_are_those_of_serde() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::from_word(outcome.as_str()), Some(outcome));
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.as_str());
        }
        assert_eq!(Outcome::from_word("arrested"), None);
    }

    #[test]
    fn every_word_of_the_rules_is_declared() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/coverage");
        let mut words = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let Some(line) = text.lines().find_map(|line| line.trim().strip_prefix("outcomes: [")) else { continue };
            for word in line.trim_end_matches(']').split(", ") {
                let outcome = Outcome::from_word(word).unwrap_or_else(|| panic!("{word} is no outcome"));
                assert_ne!(outcome, Outcome::Gone, "only a run says that a finding is gone");
                words += 1;
            }
        }
        assert!(words > 50, "the rules were not found");
    }
}
