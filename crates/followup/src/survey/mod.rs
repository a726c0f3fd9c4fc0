//! Satisfaction (indicator I6): surveys as content, the index with its interval, hours with unusually many answers.

mod content;
mod index;

pub(crate) use content::{Item, Survey};
pub use content::{SurveyError, Surveys};
pub(crate) use index::{Index, unusual};
