//! Figures that fill themselves (số liệu tự động): what each counts and where it comes from (content file `plan/figures.yaml`).
//!
//! Nothing is read here: who has the tables of a run fills the figures.

use std::collections::BTreeSet;

use base::Explain;
use serde::Deserialize;

use crate::data::{MeasureUnit, PlanData, Words};

/// The table of indicators where a figure names no other.
const INDICATOR: &str = "indicator";

/// The file of figures, relative to the content folder `plan`.
pub const FILE: &str = "figures.yaml";

/// What a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureUnit {
    /// A share from 0 to 1.
    Share,
    /// Whole things.
    Count,
    /// People.
    People,
    /// Money in đồng.
    Dong,
}

/// Where a figure comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The lines of an indicator in a shared table with the columns of `indicator`.
    Indicator {
        /// Its id there.
        id: String,
        /// The table.
        table: String,
        /// What will bring the table, where a run does not have it.
        waits: Option<Words>,
    },
    /// A query of `commune` and `value` over small tables of a run.
    Query {
        /// Tables it reads.
        reads: Vec<String>,
        /// The query.
        sql: String,
    },
    /// Counted on the desk, by name.
    Desk(String),
    /// Nothing yet; what will bring it.
    Waits(Words),
}

/// A figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Its id, unique.
    pub id: String,
    /// The measure of the plan that it fills; such a figure has the measure's name and unit.
    pub measure: Option<String>,
    /// Tasks it belongs to.
    pub tasks: Vec<String>,
    /// What is counted, in few words; empty where the measure says it.
    pub name: Words,
    /// What it is.
    pub unit: FigureUnit,
    /// Where it comes from.
    pub source: Source,
    /// The page that opens the rows.
    pub opens: Option<String>,
    /// How it is counted.
    pub about: Option<Words>,
}

/// Why figures could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FiguresError {
    /// Its form is wrong.
    #[error("{0}")]
    Form(String),
    /// A figure is wrong.
    #[error("{id}: {what}")]
    Value {
        /// Its id.
        id: String,
        /// What is wrong.
        what: String,
    },
}

impl Explain for FiguresError {
    fn code(&self) -> &'static str {
        "figures_unreadable"
    }
    fn place(&self) -> String {
        format!("plan/{FILE}")
    }
    fn remedy(&self) -> String {
        "Sửa tệp theo plan/README.md: mỗi số liệu một mã, một nguồn (indicator, query, desk hoặc waits).".to_owned()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    figures: Vec<Raw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: String,
    measure: Option<String>,
    #[serde(default)]
    tasks: Vec<String>,
    #[serde(default)]
    name: Words,
    unit: Option<FigureUnit>,
    #[serde(default)]
    reads: Vec<String>,
    query: Option<String>,
    indicator: Option<String>,
    table: Option<String>,
    desk: Option<String>,
    waits: Option<Words>,
    opens: Option<String>,
    about: Option<Words>,
}

/// Reads the content folder `plan` (paths relative to it); without the file there are none.
///
/// A figure of a measure or task that this plan does not have is left out: another plan may have it.
pub fn load(files: &[(&str, &str)], plan: &PlanData) -> Result<Vec<Figure>, FiguresError> {
    let Some((_, text)) = files.iter().find(|(path, _)| *path == FILE) else { return Ok(Vec::new()) };
    let file: File = serde_saphyr::from_str(text).map_err(|e| FiguresError::Form(e.to_string()))?;
    let mut seen = BTreeSet::new();
    let mut figures = Vec::new();
    for raw in file.figures {
        let id = raw.id;
        let wrong = |what: &str| Err(FiguresError::Value { id: id.clone(), what: what.to_owned() });
        if !seen.insert(id.clone()) {
            return wrong("stands twice");
        }
        if raw.table.is_some() && raw.indicator.is_none() {
            return wrong("only an indicator lies in a table");
        }
        let source = match (raw.indicator, raw.query, raw.desk, raw.waits) {
            (Some(id), None, None, waits) => {
                Source::Indicator { id, table: raw.table.unwrap_or_else(|| INDICATOR.to_owned()), waits }
            }
            (None, Some(sql), None, None) if !raw.reads.is_empty() => Source::Query { reads: raw.reads, sql },
            (None, Some(_), None, None) => return wrong("a query needs the tables it reads"),
            (None, None, Some(name), None) => Source::Desk(name),
            (None, None, None, Some(words)) => Source::Waits(words),
            _ => return wrong("needs one of indicator, query, desk, waits"),
        };
        if raw.opens.as_ref().is_some_and(|path| !path.starts_with('/') || path.starts_with("//")) {
            return wrong("opens is no path of this portal");
        }
        let (tasks, unit) = match (&raw.measure, raw.unit) {
            (Some(measure), None) if raw.tasks.is_empty() => {
                let of = |task: &&crate::data::PlanTask| task.measures.iter().any(|one| one.id == *measure);
                let Some(task) = plan.tasks.iter().find(of) else { continue };
                let share = task.measures.iter().any(|one| one.id == *measure && one.unit == MeasureUnit::Share);
                (vec![task.id.clone()], if share { FigureUnit::Share } else { FigureUnit::Count })
            }
            (None, Some(unit)) if !raw.name.vi.is_empty() => {
                (raw.tasks.into_iter().filter(|task| plan.task(task).is_some()).collect::<Vec<_>>(), unit)
            }
            _ => return wrong("needs either measure alone, or tasks, name and unit"),
        };
        if tasks.is_empty() {
            continue;
        }
        let Raw { measure, name, opens, about, .. } = raw;
        figures.push(Figure { id, measure, tasks, name, unit, source, opens, about });
    }
    Ok(figures)
}

impl Figure {
    /// Its name: the measure's where it fills one.
    pub fn name<'a>(&'a self, plan: &'a PlanData) -> &'a Words {
        let measures = plan.tasks.iter().flat_map(|task| &task.measures);
        let of = |id: &String| measures.clone().find(|one| one.id == *id).map(|one| &one.name);
        self.measure.as_ref().and_then(of).unwrap_or(&self.name)
    }
}
