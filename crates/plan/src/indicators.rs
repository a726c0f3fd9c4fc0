//! Section II of a plan as data: its indicators and their figures of the last year (content file `plan/indicators.yaml`).

use base::{Explain, Rate};
use serde::Deserialize;

use crate::data::Words;

/// The file of section II, relative to the content folder `plan`.
pub const FILE: &str = "indicators.yaml";

/// What a plan sets: its indicators in their order.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicators {
    /// The document.
    pub document: Words,
    /// The same in few words.
    pub short: Words,
    /// Year of the last target.
    pub last_year: i32,
    indicators: Vec<Indicator>,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Watched; the plan gives no figure.
    Watch,
}

/// An indicator of the plan (chỉ tiêu).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// `I1` to `I9`, the order of the plan.
    pub id: String,
    /// Where the plan says it.
    pub place: Words,
    /// Full name.
    pub name: Words,
    /// Name on a card.
    pub short: Words,
    /// Assigned (giao) to the city and each commune, not only followed (theo dõi).
    pub assigned: bool,
    /// Which way is better.
    pub direction: Direction,
    #[serde(default)]
    target_2030: Option<String>,
    /// "trên": the target must be passed, not only reached.
    #[serde(default)]
    pub over: bool,
    /// Whom the numbers count.
    pub counted: Words,
    /// What is counted, in words.
    #[serde(default)]
    pub numerator: Words,
    /// Over what, in words.
    #[serde(default)]
    pub denominator: Words,
    /// How, in words.
    #[serde(default)]
    pub formula: Words,
    /// Grounds, in the words of the law.
    #[serde(default)]
    pub law: Vec<Words>,
    /// What will bring its figures, where there are none.
    #[serde(default)]
    pub waits: Option<Words>,
}

/// Why section II could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndicatorsError {
    /// The file is not there.
    #[error("there is no file plan/{FILE}")]
    Missing,
    /// Its form is wrong.
    #[error("{0}")]
    Form(String),
    /// A value is wrong.
    #[error("{id}: {what}")]
    Value {
        /// Id of the indicator.
        id: String,
        /// What is wrong.
        what: &'static str,
    },
}

impl Explain for IndicatorsError {
    fn code(&self) -> &'static str {
        "plan_unreadable"
    }
    fn place(&self) -> String {
        format!("plan/{FILE}")
    }
    fn remedy(&self) -> String {
        "Sửa tệp theo plan/README.md: mỗi chỉ tiêu một mã, tỷ lệ là số thập phân trong ngoặc kép, từ 0 đến 1.".to_owned()
    }
}

impl Indicators {
    /// Reads the content folder `plan` (paths relative to it).
    pub fn load(files: &[(&str, &str)]) -> Result<Self, IndicatorsError> {
        let text = files.iter().find(|(path, _)| *path == FILE).ok_or(IndicatorsError::Missing)?.1;
        let plan: Self = serde_saphyr::from_str(text).map_err(|e| IndicatorsError::Form(e.to_string()))?;
        let mut seen = std::collections::BTreeSet::new();
        for one in &plan.indicators {
            let wrong = |what| Err(IndicatorsError::Value { id: one.id.clone(), what });
            if !seen.insert(&one.id) {
                return wrong("stands twice");
            }
            if one.target_2030.is_some() && one.target().is_none() {
                return wrong("target_2030 is no share from 0 to 1");
            }
            if one.waits.is_none() && (one.formula == Words::default() || one.law.is_empty()) {
                return wrong("an indicator with figures needs formula and law");
            }
        }
        Ok(plan)
    }

    /// All indicators in the order of the plan.
    pub fn all(&self) -> &[Indicator] {
        &self.indicators
    }

    /// The indicators that have figures.
    pub fn counted(&self) -> impl Iterator<Item = &Indicator> {
        self.indicators.iter().filter(|i| i.waits.is_none())
    }

    /// An indicator that has figures, by its id.
    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.counted().find(|i| i.id == id)
    }
}

impl Indicator {
    /// The share of the last year, exactly; none where the plan gives no figure.
    pub fn target(&self) -> Option<Rate> {
        let share: Rate = self.target_2030.as_deref()?.parse().ok()?;
        (0..=100_000_000).contains(&share.hundred_millionths()).then_some(share)
    }

    /// Its place in the plan: 1 for I1.
    pub fn order(&self) -> u32 {
        self.id.trim_start_matches('I').parse().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> String {
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../plan/indicators.yaml")).unwrap()
    }

    #[test]
    fn section_two_of_the_plan_has_nine_indicators() {
        let text = own();
        let plan = Indicators::load(&[(FILE, &text)]).unwrap();
        let ids: Vec<&str> = plan.all().iter().map(|i| i.id.as_str()).collect();
        assert_eq!(ids, ["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9"]);
        let targets: Vec<Option<String>> = plan.all().iter().map(|i| i.target().map(|share| share.to_string())).collect();
        let known = ["1", "0.6", "0.1", "0.5", "0.65", "0.9"].map(|share| Some(share.to_owned()));
        assert_eq!(targets[..6], known);
        assert_eq!(targets[6..], [None, None, None]);
        let assigned: Vec<&str> = plan.all().iter().filter(|i| i.assigned).map(|i| i.id.as_str()).collect();
        assert_eq!(assigned, ["I1", "I2", "I3", "I4"], "III.1 assigns four");
        assert!(plan.all()[5].over, "the plan says: more than 90 %");
    }

    #[test]
    fn a_wrong_figure_and_a_missing_file_are_refused() {
        assert_eq!(Indicators::load(&[]).unwrap_err(), IndicatorsError::Missing);
        let wrong = own().replace("target_2030: \"0.6\"", "target_2030: \"60\"");
        assert!(matches!(Indicators::load(&[(FILE, &wrong)]), Err(IndicatorsError::Value { id, .. }) if id == "I2"));
        let unknown = own().replacen("assigned: true", "assignd: true", 1);
        assert!(matches!(Indicators::load(&[(FILE, &unknown)]), Err(IndicatorsError::Form(_))));
    }
}
