//! Receivers' own sheets (`plan/receivers/*.yaml`): a city's task software wants its columns under its names; which field goes where is data.

use base::Explain;
use documents::sheet::{Cell, Column, Sheet};
use serde::Deserialize;

use super::annexes::term_words;
use super::material::{Material, TaskRow};
use super::period::Told as _;
use super::sections::{reason, state_words};
use super::words;
use super::workbook::{TakenBy, provenance};
use crate::standing::TermState;
use desk::ReportState;

/// Folder of the receivers, relative to the content folder `plan`.
pub const FOLDER: &str = "receivers/";

/// A receiver's sheet.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receiver {
    /// Name of the file without its ending.
    #[serde(skip)]
    pub id: String,
    /// Who receives it.
    pub receiver: String,
    /// Name of the sheet's tab.
    pub sheet: String,
    /// Its columns from left to right.
    pub columns: Vec<ReceiverColumn>,
}

/// A column of a receiver.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiverColumn {
    /// Its heading as the receiver's software wants it.
    pub header: String,
    /// Which field stands there.
    #[serde(default)]
    pub field: Option<Field>,
    /// The same text in every row, where no field does.
    #[serde(default)]
    pub fixed: Option<String>,
    /// Width in characters.
    #[serde(default)]
    pub width: u16,
}

/// What can stand in a column; a row is a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Number of the row.
    Row,
    /// As the plan numbers the task.
    Task,
    /// Heading it stands under.
    Group,
    /// What is to be done.
    Content,
    /// Who leads.
    Leads,
    /// Who helps.
    Partners,
    /// What comes of it.
    Product,
    /// When, in the plan's words.
    Time,
    /// The next day it is due, a late one first.
    Due,
    /// How it stands, in words.
    State,
    /// `1` done or on time, `2` going on, `3` late, `4` without a term.
    StateNumber,
    /// How many terms of the period are confirmed, in per cent.
    Progress,
    /// What was done, from confirmed reports.
    Done,
    /// Its figures.
    Figures,
    /// What hinders.
    Hindered,
    /// What is proposed.
    Proposed,
    /// Evidence by name.
    Evidence,
    /// Since when it is late.
    LateSince,
    /// Days late.
    LateDays,
    /// Why it is late.
    LateWhy,
    /// The period of the report.
    Period,
    /// The run its figures are of.
    Run,
    /// The state of the next term, in words.
    Term,
}

/// Why a receiver's file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("plan/receivers/{id}.yaml: {what}")]
pub struct ReceiverError {
    /// Name of the file without its ending.
    pub id: String,
    /// What is wrong.
    pub what: String,
}

impl Explain for ReceiverError {
    fn code(&self) -> &'static str {
        "report_receiver"
    }

    fn place(&self) -> String {
        format!("plan/receivers/{}.yaml", self.id)
    }

    fn remedy(&self) -> String {
        "Sửa tệp theo docs/plan-report.md: mỗi cột một header và một field hoặc fixed.".to_owned()
    }
}

impl Receiver {
    /// All receivers of the content folder `plan` (paths relative to it), by id.
    pub fn load(files: &[(&str, &str)]) -> Result<Vec<Self>, ReceiverError> {
        let mut all = Vec::new();
        for (path, text) in files {
            let Some(id) = path.strip_prefix(FOLDER).and_then(|name| name.strip_suffix(".yaml")) else { continue };
            let wrong = |what: String| ReceiverError { id: id.to_owned(), what };
            let mut receiver: Self = serde_saphyr::from_str(text).map_err(|e| wrong(e.to_string()))?;
            receiver.id = id.to_owned();
            if receiver.columns.is_empty() {
                return Err(wrong("không có cột nào".into()));
            }
            if let Some(column) = receiver.columns.iter().find(|column| column.field.is_some() == column.fixed.is_some()) {
                return Err(wrong(format!("cột “{}” cần đúng một trong field, fixed", column.header)));
            }
            let name = &receiver.sheet;
            if name.is_empty() || name.chars().count() > 31 || name.contains(['[', ']', ':', '*', '?', '/', '\\']) {
                return Err(wrong(format!("tên trang “{name}” không dùng được trong Excel")));
            }
            all.push(receiver);
        }
        all.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(all)
    }

    /// The sheet: one row a task.
    pub(super) fn sheet(&self, material: &Material<'_>, by: &TakenBy) -> Sheet {
        let row = |(at, task): (usize, &TaskRow<'_>)| {
            let cell = |column: &ReceiverColumn| match (column.field, &column.fixed) {
                (Some(field), _) => cell(material, at, task, field),
                (None, Some(text)) => text.as_str().into(),
                (None, None) => Cell::Empty,
            };
            self.columns.iter().map(cell).collect()
        };
        Sheet {
            name: self.sheet.clone(),
            title: Vec::new(),
            columns: self.columns.iter().map(|column| Column::new(column.header.as_str(), column.width)).collect(),
            rows: material.tasks.iter().enumerate().map(row).collect(),
            footer: Vec::new(),
            provenance: provenance(material, by),
        }
    }
}

fn cell(material: &Material<'_>, at: usize, task: &TaskRow<'_>, field: Field) -> Cell {
    let (first, last) = material.period.days();
    let confirmed = || {
        task.reports.iter().filter(|report| report.term >= first && report.term <= last && report.state == ReportState::Confirmed)
    };
    let told = |text: &dyn Fn(&super::material::ReportRow) -> String| {
        let texts: Vec<String> = confirmed()
            .map(|report| (report, text(report)))
            .filter(|(_, text)| !text.is_empty())
            .map(|(report, text)| format!("{}: {}", report.unit, words::inner(&text)))
            .collect();
        Cell::from(texts.join("; ").chars().take(30_000).collect::<String>())
    };
    let next = || task.terms.iter().find(|term| term.state != TermState::Done);
    let late = task.late();
    match field {
        Field::Row => Cell::Int(i64::try_from(at + 1).unwrap_or(i64::MAX)),
        Field::Task => task.task.id.as_str().into(),
        Field::Group => task
            .task
            .group
            .as_ref()
            .and_then(|id| material.plan.groups.iter().find(|group| group.id == *id))
            .map(|group| group.title.vi.clone())
            .into(),
        Field::Content => task.task.content.vi.as_str().into(),
        Field::Leads => task.leads.join("; ").into(),
        Field::Partners => {
            let names =
                task.task.partners.iter().map(|id| material.plan.unit(id).map_or(id.as_str(), |unit| unit.name.vi.as_str()));
            names.collect::<Vec<_>>().join("; ").into()
        }
        Field::Product => task.task.product.as_ref().map(|words| words.vi.clone()).into(),
        Field::Time => task.task.time.as_str().into(),
        Field::Due => next().map(|term| term.day()).into(),
        Field::State => words::begun(&state_words(material, task)).into(),
        Field::StateNumber => Cell::Int(match task.state {
            crate::standing::TaskState::OnTime => 1,
            crate::standing::TaskState::Doing => 2,
            crate::standing::TaskState::Late(_) => 3,
            crate::standing::TaskState::NoTerm => 4,
        }),
        Field::Progress => {
            let all = task.due((first, last)).count();
            let done = task.due((first, last)).filter(|term| term.state == TermState::Done).count();
            web::Percent::of(done as i64, all as i64).map(words::chart).into()
        }
        Field::Done => told(&|report| report.words.done.clone()),
        Field::Figures => {
            let figures = task
                .figures
                .iter()
                .map(|figure| format!("{}: {}", figure.name, figure.shown().unwrap_or_else(|_| "chưa có số liệu".into())));
            figures.collect::<Vec<_>>().join("; ").into()
        }
        Field::Hindered => told(&|report| report.words.hindered.clone()),
        Field::Proposed => told(&|report| report.words.proposed.clone()),
        Field::Evidence => confirmed()
            .flat_map(|report| &report.evidence)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("; ")
            .chars()
            .take(30_000)
            .collect::<String>()
            .into(),
        Field::LateSince => late.map(|term| term.day()).into(),
        Field::LateDays => late.map(|term| i64::from(term.day().days_until(material.on))).into(),
        Field::LateWhy => late.map(|term| reason(task, term)).into(),
        Field::Period => material.period.to_string().into(),
        Field::Run => material.run.as_ref().map(|run| run.id.clone()).into(),
        Field::Term => next().map(|term| term_words(term).to_owned()).into(),
    }
}
