//! Section II of the plan as data: the nine indicators and their figures of 2030 (content folder `plan/`).

use base::{Explain, Rate};
use serde::Deserialize;
use web::{Lang, Locale, Percent};

/// The file of section II.
const FILE: &str = "indicators.yaml";

/// What the plan sets: its indicators in their order.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The document, in both languages.
    document: Both,
    /// The same in few words.
    short: Both,
    /// Year of the last target.
    pub(crate) last_year: i32,
    indicators: Vec<Indicator>,
}

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Both {
    vi: String,
    en: String,
}

impl Both {
    /// The text in the reader's language.
    pub(crate) fn of<'a>(&'a self, l: Locale) -> &'a str {
        if l.lang() == Lang::En { &self.en } else { &self.vi }
    }
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Direction {
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
pub(crate) struct Indicator {
    pub(crate) id: String,
    pub(crate) place: Both,
    pub(crate) name: Both,
    pub(crate) short: Both,
    /// Assigned (giao) to the city and each commune, not only followed (theo dõi).
    pub(crate) assigned: bool,
    pub(crate) direction: Direction,
    #[serde(default)]
    target_2030: Option<String>,
    /// "trên": the target must be passed, not only reached.
    #[serde(default)]
    pub(crate) over: bool,
    pub(crate) counted: Both,
    #[serde(default)]
    pub(crate) numerator: Both,
    #[serde(default)]
    pub(crate) denominator: Both,
    #[serde(default)]
    pub(crate) formula: Both,
    #[serde(default)]
    pub(crate) law: Vec<Both>,
    /// What will bring its figures, where there are none.
    #[serde(default)]
    pub(crate) waits: Option<Both>,
}

/// Why section II could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
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

impl Explain for PlanError {
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

impl Plan {
    /// Reads the content folder `plan` (paths relative to it).
    pub fn load(files: &[(&str, &str)]) -> Result<Self, PlanError> {
        let text = files.iter().find(|(path, _)| *path == FILE).ok_or(PlanError::Missing)?.1;
        let plan: Plan = serde_saphyr::from_str(text).map_err(|e| PlanError::Form(e.to_string()))?;
        let mut seen = std::collections::BTreeSet::new();
        for one in &plan.indicators {
            let wrong = |what| Err(PlanError::Value { id: one.id.clone(), what });
            if !seen.insert(&one.id) {
                return wrong("stands twice");
            }
            if one.target_2030.is_some() && one.target().is_none() {
                return wrong("target_2030 is no share from 0 to 1");
            }
            if one.waits.is_none() && (one.formula == Both::default() || one.law.is_empty()) {
                return wrong("an indicator with figures needs formula and law");
            }
        }
        Ok(plan)
    }

    /// All indicators in the order of the plan.
    pub(crate) fn indicators(&self) -> &[Indicator] {
        &self.indicators
    }

    /// The indicators that have figures.
    pub(crate) fn counted(&self) -> impl Iterator<Item = &Indicator> {
        self.indicators.iter().filter(|i| i.waits.is_none())
    }

    /// An indicator that has figures, by its id.
    pub(crate) fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.counted().find(|i| i.id == id)
    }

    /// The document in few words.
    pub(crate) fn short<'a>(&'a self, l: Locale) -> &'a str {
        self.short.of(l)
    }

    /// The document, in words.
    pub(crate) fn document(&self, l: Locale) -> String {
        self.document.of(l).to_owned()
    }
}

impl Indicator {
    /// The share of 2030; none where the plan gives no figure.
    pub(crate) fn target(&self) -> Option<Percent> {
        percent_of(self.target_2030.as_deref()?.parse().ok()?)
    }

    /// The share of 2030 as the plan writes it: `100%`.
    pub(crate) fn target_words(&self, l: Locale) -> Option<String> {
        Some(web::format::rate(l.lang(), self.target_2030.as_deref()?.parse().ok()?))
    }

    /// Its place in the plan: 1 for I1.
    pub(crate) fn order(&self) -> u32 {
        self.id.trim_start_matches('I').parse().unwrap_or(0)
    }
}

/// An exact share from 0 to 1 as hundredths of a percent, rounded once for showing.
pub(crate) fn percent_of(share: Rate) -> Option<Percent> {
    let hundred_millionths = i64::try_from(share.hundred_millionths()).ok()?;
    if !(0..=100_000_000).contains(&hundred_millionths) {
        return None;
    }
    Percent::of(hundred_millionths, 100_000_000)
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
        let plan = Plan::load(&[(FILE, &text)]).unwrap();
        let ids: Vec<&str> = plan.indicators().iter().map(|i| i.id.as_str()).collect();
        assert_eq!(ids, ["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9"]);
        let targets: Vec<Option<i64>> = plan.indicators().iter().map(|i| i.target().map(|p| p.0)).collect();
        let known = [Some(10_000), Some(6_000), Some(1_000), Some(5_000), Some(6_500), Some(9_000), None, None, None];
        assert_eq!(targets, known);
        let assigned: Vec<&str> = plan.indicators().iter().filter(|i| i.assigned).map(|i| i.id.as_str()).collect();
        assert_eq!(assigned, ["I1", "I2", "I3", "I4"], "III.1 assigns four");
        assert!(plan.indicators()[5].over, "the plan says: more than 90 %");
    }

    #[test]
    fn a_wrong_figure_and_a_missing_file_are_refused() {
        assert_eq!(Plan::load(&[]).unwrap_err(), PlanError::Missing);
        let wrong = own().replace("target_2030: \"0.6\"", "target_2030: \"60\"");
        assert!(matches!(Plan::load(&[(FILE, &wrong)]), Err(PlanError::Value { id, .. }) if id == "I2"));
        let unknown = own().replacen("assigned: true", "assignd: true", 1);
        assert!(matches!(Plan::load(&[(FILE, &unknown)]), Err(PlanError::Form(_))));
    }
}
