//! Section II of the plan on pages: its words in the reader's language, its figures as shares to be shown.

use base::Rate;
use plan::data::Words;
use web::{Lang, Locale, Percent};

pub(crate) use plan::indicators::{Direction, Indicator};
pub use plan::indicators::{Indicators as Plan, IndicatorsError as PlanError};

/// A text of the plan in the reader's language.
pub(crate) trait Said {
    /// English where somebody wrote it and the reader asks for it, else Vietnamese.
    fn of<'a>(&'a self, l: Locale) -> &'a str;
}

impl Said for Words {
    fn of<'a>(&'a self, l: Locale) -> &'a str {
        self.en.as_deref().filter(|_| l.lang() == Lang::En).unwrap_or(&self.vi)
    }
}

/// Figures of an indicator for showing.
pub(crate) trait InFigures {
    /// The share of 2030; none where the plan gives no figure.
    fn percent(&self) -> Option<Percent>;
    /// The same as the plan writes it: `100%`.
    fn target_words(&self, l: Locale) -> Option<String>;
}

impl InFigures for Indicator {
    fn percent(&self) -> Option<Percent> {
        percent_of(self.target()?)
    }

    fn target_words(&self, l: Locale) -> Option<String> {
        Some(web::format::rate(l.lang(), self.target()?))
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
