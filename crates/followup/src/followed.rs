//! The plan that is followed, whole: tasks, indicators, and the figures that fill themselves.

use base::{Area, Date, Explain, Month, Scope};
use book::{Book, BookError, PeriodState, RunManifest};
use desk::{Desk, DeskError};
use law::Law;
use plan::data::PlanData;
use plan::figures::{Figure, FiguresError, Source};
use plan::indicators::{Indicators, IndicatorsError};

use crate::figures::{Answer, DeskCounts, Missing, RunFigures};
use crate::report::{self, Layout, LayoutError, Receiver, ReceiverError};
use crate::survey::{SurveyError, Surveys};

/// Plan II, indicator 6 (mức độ hài lòng).
const SATISFACTION: &str = "I6";

/// A plan with its indicators and figures.
#[derive(Debug, Clone)]
pub struct Followed {
    /// The name of the plan's file without its ending, by which reports are kept.
    pub id: String,
    /// Tasks, units, duties.
    pub plan: PlanData,
    /// Section II.
    pub indicators: Indicators,
    /// Figures of tasks.
    pub figures: Vec<Figure>,
    /// Who issues the periodic report; none where the content has no such file: no report can be made then.
    pub layout: Option<Layout>,
    /// Receivers that want sheets of their own.
    pub receivers: Vec<Receiver>,
    /// Surveys of satisfaction.
    pub surveys: Surveys,
}

/// Why a plan cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum FollowupError {
    /// Section II cannot be read.
    #[error(transparent)]
    Indicators(#[from] IndicatorsError),
    /// The figures cannot be read.
    #[error(transparent)]
    Figures(#[from] FiguresError),
    /// Who issues the periodic report cannot be read.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// A receiver's sheet cannot be read.
    #[error(transparent)]
    Receiver(#[from] ReceiverError),
    /// A survey cannot be read.
    #[error(transparent)]
    Survey(#[from] SurveyError),
    /// The book failed.
    #[error(transparent)]
    Book(#[from] BookError),
    /// The desk failed.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The law has no calendar.
    #[error(transparent)]
    Calendar(#[from] law::calc::CalcError),
}

impl FollowupError {
    fn inner(&self) -> &dyn Explain {
        match self {
            Self::Indicators(e) => e,
            Self::Figures(e) => e,
            Self::Layout(e) => e,
            Self::Receiver(e) => e,
            Self::Survey(e) => e,
            Self::Book(e) => e,
            Self::Desk(e) => e,
            Self::Calendar(e) => e,
        }
    }
}

impl Explain for FollowupError {
    fn code(&self) -> &'static str {
        self.inner().code()
    }
    fn place(&self) -> String {
        self.inner().place()
    }
    fn remedy(&self) -> String {
        self.inner().remedy()
    }
}

impl Followed {
    /// Puts a plan together with the indicators and figures of the content folder `plan` (paths relative to it).
    pub fn load(id: &str, plan: PlanData, files: &[(&str, &str)]) -> Result<Self, FollowupError> {
        let indicators = Indicators::load(files)?;
        let figures = plan::figures::load(files, &plan)?;
        for figure in &figures {
            if let Source::Desk(name) = &figure.source
                && !DeskCounts::NAMES.contains(&name.as_str())
            {
                let what = format!("nothing on the desk is counted as `{name}`: {}", DeskCounts::NAMES.join(", "));
                return Err(FiguresError::Value { id: figure.id.clone(), what }.into());
            }
        }
        let has_layout = files.iter().any(|(path, _)| *path == report::LAYOUT_FILE);
        let layout = has_layout.then(|| Layout::load(files)).transpose()?;
        let receivers = Receiver::load(files)?;
        let of_surveys: Vec<(&str, &str)> =
            files.iter().filter_map(|(path, text)| Some((path.strip_prefix("survey/")?, *text))).collect();
        let surveys = Surveys::load(&of_surveys)?;
        Ok(Self { id: id.to_owned(), plan, indicators, figures, layout, receivers, surveys })
    }

    /// The figures of a task, in the order of the file.
    pub fn of_task<'a>(&'a self, task: &'a str) -> impl Iterator<Item = &'a Figure> {
        self.figures.iter().filter(move |figure| figure.tasks.iter().any(|own| own == task))
    }

    /// What the desk counts for somebody in a year, up to a day.
    pub async fn desk_counts(&self, desk: &Desk, scope: &Scope, today: Date, communes: usize) -> Result<DeskCounts, DeskError> {
        DeskCounts::read(desk, scope, self, today, communes).await
    }

    /// The figures of a run, read from its tables.
    pub async fn run_figures(&self, book: &Book, law: &Law, run: &RunManifest) -> Result<RunFigures, BookError> {
        RunFigures::read(book, law, run, &self.figures).await
    }

    /// A figure from a run and the desk, in an area.
    pub fn answer(&self, figure: &Figure, run: Option<&RunFigures>, desk: &DeskCounts, area: &Area) -> Answer {
        match &figure.source {
            Source::Desk(name) => desk.of(name),
            Source::Waits(words) => Err(Missing::Waits(words.clone())),
            Source::Indicator { .. } | Source::Query { .. } => run.ok_or(Missing::NoRun)?.of(&figure.id, area),
        }
    }

    /// An indicator from a run, in an area; satisfaction from the surveys, where there are counts of the desk.
    pub fn indicator(&self, id: &str, run: Option<&RunFigures>, desk: Option<&DeskCounts>, area: &Area) -> Answer {
        if let (SATISFACTION, Some(desk)) = (id, desk) {
            return desk.satisfaction(area);
        }
        let indicator = self.indicators.all().iter().find(|one| one.id == id);
        if let Some(waits) = indicator.and_then(|one| one.waits.as_ref()) {
            return Err(Missing::Waits(waits.clone()));
        }
        run.ok_or(Missing::NoRun)?.of(id, area)
    }
}

/// The run shown for a month, or the newest where no month is asked for.
pub fn run_of(book: &Book, month: Option<Month>) -> Result<Option<RunManifest>, BookError> {
    match month {
        None => book.latest_run(),
        Some(month) => {
            let of_month = |state: &PeriodState| state.period == month;
            book.periods()?.into_iter().find(of_month).map(|state| book.run(&state.run)).transpose()
        }
    }
}
