//! What can go wrong in a chapter, and how it reaches a page.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::Explain;
use book::BookError;
use desk::DeskError;
use engine::EngineError;

use crate::guard::ShownError;

/// Why a monthly step or a run could not be done.
#[derive(Debug, thiserror::Error)]
pub enum ChapterError {
    /// Two steps claim one table.
    #[error("table `{table}` is written by two steps: {} and {}", steps[0], steps[1])]
    TwoWriters {
        /// The table.
        table: String,
        /// Both steps.
        steps: [String; 2],
    },
    /// Steps wait for one another.
    #[error("these steps wait for one another: {}", steps.join(", "))]
    Circle {
        /// The steps of the circle.
        steps: Vec<String>,
    },
    /// A step made a table it does not declare.
    #[error("step `{step}` made table `{table}`, which it does not declare")]
    Undeclared {
        /// The step.
        step: &'static str,
        /// The table.
        table: &'static str,
    },
    /// A step makes a table that has no contract in `formats/tables`.
    #[error("table `{table}` has no contract in formats/tables")]
    NoContract {
        /// The table.
        table: String,
    },
    /// Stopped on request; done steps stay and are taken over next time.
    #[error("the run was interrupted; what is done stays and the next run goes on from there")]
    Interrupted,
    /// The machine gave no threads.
    #[error("threads could not be started: {0}")]
    Threads(String),
    /// A step's own reason.
    #[error("{step}: {detail}")]
    Step {
        /// The step.
        step: &'static str,
        /// What happened.
        detail: String,
    },
    /// The book failed.
    #[error(transparent)]
    Book(#[from] BookError),
    /// A query failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Explain for ChapterError {
    fn code(&self) -> &'static str {
        match self {
            Self::TwoWriters { .. } | Self::Circle { .. } | Self::Undeclared { .. } | Self::NoContract { .. } => "steps_wrong",
            Self::Interrupted => "interrupted",
            Self::Threads(_) => "threads",
            Self::Step { .. } => "step_failed",
            Self::Book(error) => error.code(),
            Self::Engine(error) => error.code(),
        }
    }

    fn place(&self) -> String {
        match self {
            Self::Step { step, .. } | Self::Undeclared { step, .. } => (*step).to_owned(),
            Self::Book(error) => error.place(),
            Self::Engine(error) => error.place(),
            _ => String::new(),
        }
    }

    fn remedy(&self) -> String {
        match self {
            Self::Interrupted => "Chạy lại cùng lệnh để làm tiếp.".into(),
            Self::Book(error) => error.remedy(),
            Self::Engine(error) => error.remedy(),
            _ => "Báo cho bộ phận kỹ thuật kèm mã lỗi này.".into(),
        }
    }
}

/// Why a page cannot be shown; the one mapping of errors to HTTP.
#[derive(Debug)]
pub enum PageError {
    /// No such thing, or not in the viewer's scope: the two look the same from outside.
    NotFound,
    /// The role may not do this.
    Forbidden,
    /// The address or form is not understood: says which part.
    BadRequest(String),
    /// The form's own number was used for something else, which was done: says so.
    Conflict(String),
    /// Nobody is signed in any more.
    SignedOut,
    /// The form does not bear the token of this session: it was opened in another one, or by another site.
    StaleForm,
    /// Nothing was published yet.
    NoRun,
    /// Something failed inside; the code goes to the reader, the rest to the log.
    Internal {
        /// Stable code.
        code: &'static str,
    },
}

impl PageError {
    /// An inner error: its text goes to the log, its code to the page.
    pub fn inner(error: &impl Explain) -> Self {
        eprintln!("page failed: {} ({})", error.what(), error.code());
        Self::Internal { code: error.code() }
    }

    /// An answer of the desk: what the viewer may not do or see, or sent wrongly, is said; the rest is an inner error.
    pub fn desk(error: DeskError) -> Self {
        match error {
            DeskError::NotFound { .. } => Self::NotFound,
            DeskError::Forbidden { .. } => Self::Forbidden,
            DeskError::Invalid { .. }
            | DeskError::AlreadyDecided
            | DeskError::AlreadyUndone
            | DeskError::TargetChanged
            | DeskError::AgreementEnded
            | DeskError::RequestChanged
            | DeskError::CaseRefused { .. }
            | DeskError::CountDrifted { .. }
            | DeskError::DocumentRefused { .. }
            | DeskError::ReportRefused { .. }
            | DeskError::CollectorRefused { .. }
            | DeskError::PlanRefused { .. }
            | DeskError::ReviewRefused { .. } => Self::BadRequest(error.remedy()),
            DeskError::ClientTxReused => Self::Conflict(error.remedy()),
            other => Self::inner(&other),
        }
    }

    /// HTTP status of this error.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::StaleForm => StatusCode::FORBIDDEN,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::NoRun => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Key of the words shown to the reader (`locales/*/app.ftl`), and what goes into them.
    fn words(&self) -> (&'static str, String) {
        match self {
            Self::NotFound => ("app-error-not-found", String::new()),
            Self::Forbidden => ("app-error-forbidden", String::new()),
            Self::SignedOut => ("app-error-signed-out", String::new()),
            Self::StaleForm => ("app-error-stale-form", String::new()),
            Self::BadRequest(what) | Self::Conflict(what) => ("app-error-request", what.clone()),
            Self::NoRun => ("app-error-no-run", String::new()),
            Self::Internal { code } => ("app-error-internal", (*code).to_owned()),
        }
    }
}

impl IntoResponse for PageError {
    /// Hands the error to the guard, which draws the page in the viewer's language.
    fn into_response(self) -> Response {
        let (key, detail) = self.words();
        let mut response = self.status().into_response();
        response.extensions_mut().insert(ShownError { status: self.status(), key, detail, typed: Vec::new() });
        response
    }
}
