//! How much a rule weighs as automated processing of people's data (Law 91/2025/QH15 article 30, Law 134/2025/QH15; secondary sources).
//!
//! No page of a rule states a class of its own: it follows from how strong a finding is and whom it is about, so two rules that do the same
//! have the same class and none is forgotten. The law's own classes and their limits were not read; this order is ours.

use base::{Strength, SubjectKind};

use crate::Rule;

/// The class of risk of a rule or a score, as automated processing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AutomationRisk {
    /// A hint, or one about an organisation that has to be explained.
    Low,
    /// A finding about a person that has to be explained, or one about an organisation whose facts alone decide.
    Medium,
    /// A finding about a person, or a visit of one, whose facts alone decide.
    High,
}

impl AutomationRisk {
    /// The class of a finding of this strength about such a subject.
    pub fn of(strength: Strength, subject: SubjectKind) -> Self {
        let about_person = match subject {
            SubjectKind::Person | SubjectKind::Visit => true,
            SubjectKind::Employer => false,
        };
        match (strength, about_person) {
            (Strength::Absolute, true) => Self::High,
            (Strength::Absolute, false) | (Strength::Explain, true) => Self::Medium,
            (Strength::Explain, false) | (Strength::Warn, _) => Self::Low,
        }
    }
}

impl Rule {
    /// Its class of risk as automated processing.
    pub fn automation_risk(&self) -> AutomationRisk {
        AutomationRisk::of(self.strength, self.subject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_weighs_more_on_a_person_has_the_higher_class() {
        use AutomationRisk::{High, Low, Medium};
        let of = |subject| {
            [Strength::Absolute, Strength::Explain, Strength::Warn].map(|strength| AutomationRisk::of(strength, subject))
        };
        assert_eq!(of(SubjectKind::Person), [High, Medium, Low]);
        assert_eq!(of(SubjectKind::Visit), [High, Medium, Low]);
        assert_eq!(of(SubjectKind::Employer), [Medium, Low, Low]);
        assert!(Low < Medium && Medium < High);
    }
}
