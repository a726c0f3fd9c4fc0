//! The columns of forms as data: `formats/claims/forms/*.yaml`. Their official layouts were not seen, so that a city changes them without a program.

use std::collections::{BTreeMap, BTreeSet};

use claimfile::ContentFault;
use desk::AnswerKind;
use documents::sheet::{Cell, Column};
use serde::Deserialize;

/// What a row of a form can hold, by the names of its columns.
pub(crate) type Values = BTreeMap<&'static str, Cell>;

/// One form.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperForm {
    /// Its name: `03/BH`.
    pub form: String,
    /// Its title.
    pub title: String,
    /// What is not sure of it; printed at its end.
    pub doubt: String,
    /// What is not sure of it as XML; stands in the XML and beside its link. Of form 09/BH alone.
    #[serde(default)]
    pub xml_doubt: String,
    /// Its columns from left to right.
    pub columns: Vec<PaperColumn>,
    /// What its state codes mean; of form 09/BH alone.
    #[serde(default)]
    pub states: Vec<AnswerState>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperColumn {
    /// Which value it holds, a word of the program.
    pub name: String,
    /// Its head.
    pub head: String,
    /// Its width in characters of Excel; 0 takes it from the head.
    #[serde(default)]
    pub width: u16,
    /// Whether it is folded away in Excel.
    #[serde(default)]
    pub hidden: bool,
}

/// A state of form 09/BH.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerState {
    /// Its code.
    pub code: String,
    /// What the facility does by it.
    pub answer: AnswerKind,
    /// In words.
    pub words: String,
}

/// The forms of the claims audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperForms {
    /// Summary of a facility and month.
    pub summary: PaperForm,
    /// Minutes of the audit (biên bản giám định).
    pub minutes: PaperForm,
    /// Minutes of the settlement, the part that claims know.
    pub settlement: PaperForm,
    /// Rows that a facility changes or explains.
    pub answer: PaperForm,
}

/// The columns that a form may have.
const SUMMARY: [&str; 12] =
    ["number", "care_form", "visits", "days", "total_bv", "total_bh", "fund", "copay", "patient", "other", "differs", "rest"];
const MINUTES: [&str; 6] = ["number", "place", "ground", "asked", "proposed", "refused"];
const SETTLEMENT: [&str; 8] = ["number", "month", "visits", "asked", "refused", "pending", "national", "accepted"];
const ANSWER: [&str; 17] = [
    "key",
    "version",
    "number",
    "xml1_id",
    "cost_id",
    "table",
    "dossier",
    "line_no",
    "old_field",
    "old_value",
    "refuse_reason",
    "refused_amount",
    "due",
    "new_field",
    "new_value",
    "new_reason",
    "state",
];
/// Without these form 09/BH cannot come back.
const COMES_BACK: [&str; 5] = ["key", "version", "new_value", "new_reason", "state"];

impl PaperForms {
    /// Reads them from files given as name and text; tells all faults at once.
    pub fn load<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Result<Self, Vec<ContentFault>> {
        let files: BTreeMap<&str, &str> = files.into_iter().collect();
        let mut faults = Vec::new();
        let mut read = |name: &str, known: &[&str], must: &[&str]| {
            let text = files.get(name).ok_or_else(|| fault(name, (1, 1), "the form is not there".to_owned()));
            let form = text.and_then(|text| PaperForm::read(name, text, known, must));
            form.map_err(|fault| faults.push(fault)).ok()
        };
        let summary = read("01bh.yaml", &SUMMARY, &[]);
        let minutes = read("03bh.yaml", &MINUTES, &[]);
        let settlement = read("06bh.yaml", &SETTLEMENT, &[]);
        let answer = read("09bh.yaml", &ANSWER, &COMES_BACK);
        match (summary, minutes, settlement, answer) {
            (Some(summary), Some(minutes), Some(settlement), Some(answer)) => Ok(Self { summary, minutes, settlement, answer }),
            _ => Err(faults),
        }
    }
}

impl PaperForm {
    fn read(file: &str, text: &str, known: &[&str], must: &[&str]) -> Result<Self, ContentFault> {
        let options = serde_saphyr::options! { with_snippet: false };
        let form: Self = serde_saphyr::from_str_with_options(text, options).map_err(|error| {
            let place = error.location().map_or((1, 1), |at| (at.line(), at.column()));
            fault(file, place, error.without_snippet().to_string())
        })?;
        let wrong = |what: String| Err(fault(file, (1, 1), what));
        let mut seen = BTreeSet::new();
        for column in &form.columns {
            if !known.contains(&column.name.as_str()) {
                return wrong(format!("no value is called {}; there are {}", column.name, known.join(", ")));
            }
            if !seen.insert(column.name.as_str()) || column.head.trim().is_empty() {
                return wrong(format!("the column {} stands twice or has no head", column.name));
            }
        }
        if let Some(missing) = must.iter().find(|name| !seen.contains(*name)) {
            return wrong(format!("the column {missing} is needed when the file comes back"));
        }
        let codes: BTreeSet<&str> = form.states.iter().map(|state| state.code.as_str()).collect();
        let appeals = form.states.iter().any(|state| state.answer == AnswerKind::Appeal);
        if must.is_empty() != form.states.is_empty() || codes.len() != form.states.len() || appeals {
            return wrong("states belong to form 09/BH, each code once, none for an appeal".to_owned());
        }
        Ok(form)
    }

    /// Its columns as a sheet has them.
    pub(crate) fn sheet_columns(&self) -> Vec<Column> {
        let column = |column: &PaperColumn| match column.hidden {
            true => Column::hidden(column.head.as_str()),
            false => Column::new(column.head.as_str(), column.width),
        };
        self.columns.iter().map(column).collect()
    }

    /// A row in the order of its columns.
    pub(crate) fn row(&self, values: &Values) -> Vec<Cell> {
        self.columns.iter().map(|column| values.get(column.name.as_str()).cloned().unwrap_or(Cell::Empty)).collect()
    }

    /// Head of a column; empty for one that the form does not have.
    pub(crate) fn head(&self, name: &str) -> &str {
        self.columns.iter().find(|column| column.name == name).map_or("", |column| column.head.as_str())
    }
}

fn fault(file: &str, (line, column): (u64, u64), message: String) -> ContentFault {
    ContentFault { file: format!("forms/{file}"), line, column, message }
}
