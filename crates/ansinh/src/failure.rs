//! How a command fails: exit code, and an error that says what, where and what to do.

use base::Explain;
use serde::Serialize;

/// A failed command.
#[derive(Debug, Serialize)]
pub struct Failure {
    /// 1 findings or refusals · 2 usage · 3 input unreadable · 4 internal.
    #[serde(skip)]
    pub exit: u8,
    /// Stable word for programs.
    pub code: String,
    /// What happened.
    pub message: String,
    /// Where; empty when there is no place.
    pub place: String,
    /// What to do next.
    pub remedy: String,
}

impl Failure {
    /// Something given on the command line is wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { exit: 2, code: "usage".into(), message: message.into(), place: String::new(), remedy: "Xem: ansinh --help".into() }
    }

    /// Something given to read is unreadable.
    pub fn input(code: &str, message: impl Into<String>) -> Self {
        Self {
            exit: 3,
            code: code.into(),
            message: message.into(),
            place: String::new(),
            remedy: "Kiểm tra lại tệp rồi chạy lại lệnh.".into(),
        }
    }

    /// Something inside failed.
    pub fn internal(message: impl Into<String>) -> Self {
        Self {
            exit: 4,
            code: "internal".into(),
            message: message.into(),
            place: String::new(),
            remedy: "Báo cho bộ phận kỹ thuật kèm thông báo này.".into(),
        }
    }

    /// The same with the file it is about in front of its place.
    pub fn in_file(mut self, path: &std::path::Path) -> Self {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if !self.place.contains(&name) {
            self.place = if self.place.is_empty() { name } else { format!("{name}, {}", self.place) };
        }
        self
    }

    /// An explained error with the exit code it leads to.
    pub fn of(error: &impl Explain, exit: u8) -> Self {
        Self { exit, code: error.code().into(), message: error.what(), place: error.place(), remedy: error.remedy() }
    }
}

macro_rules! from_explained {
    ($($error:ty => $exit:expr),* $(,)?) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::of(&error, $exit)
            }
        })*
    };
}

from_explained! {
    book::BookError => 4,
    engine::EngineError => 4,
    chapter::ChapterError => 4,
    desk::DeskError => 4,
    city::CityError => 4,
    law::LookupError => 3,
}

impl From<chapter::ReceiveError> for Failure {
    fn from(error: chapter::ReceiveError) -> Self {
        let inner = matches!(error, chapter::ReceiveError::Book(_) | chapter::ReceiveError::Engine(_));
        let exit = if inner { 4 } else { 3 };
        Self::of(&error, exit)
    }
}
