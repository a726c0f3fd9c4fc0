//! The periodic report of the plan (báo cáo kỳ, mục IV.1): what was done for each task with figures and evidence, the indicators, what is late and
//! why, what units say, as a document of decree 30/2020 and as sheets.
//!
//! Figures come from one run and from the desk by name; texts of people use the names, so no figure in a report is typed ([`Facts`]).

mod annexes;
mod compose;
mod facts;
mod gather;
mod glance;
mod layout;
mod material;
mod name_facts;
mod owed;
pub(crate) mod period;
mod picture;
mod receivers;
mod road;
mod sections;
pub(crate) mod whose;
mod words;
mod workbook;

#[cfg(test)]
mod tests;

use base::Explain;
use documents::picture::PictureError;
use documents::report::{Report, ReportError, write_report_docx, write_report_pdf};
use documents::sheet::{Sheet, SheetError, write_template, write_workbook};

use crate::period::Period;

pub use compose::Section;
pub use facts::{Doubt, Fact, Facts};
pub use gather::Ask;
pub(crate) use gather::{kept_with, text_unit};
pub use layout::{FILE as LAYOUT_FILE, Layout, LayoutError, Whose};
pub use receivers::{Receiver, ReceiverError};
pub use whose::by_word as whose_by_word;
pub use workbook::TakenBy;

/// A periodic report, put together.
#[derive(Debug, Clone)]
pub struct PeriodicReport {
    /// Its period.
    pub period: Period,
    /// Whose it is.
    pub whose: Whose,
    /// The run its figures are of; none where the period has none.
    pub run: Option<String>,
    /// The sections whose text can be written.
    pub sections: Vec<Section>,
    /// Its figures by name.
    pub facts: Facts,
    /// How many tasks it tells of.
    pub tasks: usize,
    /// The document.
    pub report: Report,
    /// The same as sheets.
    pub sheets: Vec<Sheet>,
    /// The sheet of the receiver that was asked for.
    pub receiver: Option<Sheet>,
    /// Few figures for a picture and for slides.
    pub(crate) glance: Glance,
}

/// What is seen at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Glance {
    /// Who reports.
    pub(crate) organ: String,
    /// The time in words.
    pub(crate) period: String,
    /// Of which run and day the figures are.
    pub(crate) source: String,
    pub(crate) indicators: Vec<GlanceIndicator>,
    /// Tasks on time, going on, late, without a term.
    pub(crate) tally: [usize; 4],
    /// Late tasks: id, what, who leads, day, days late.
    pub(crate) late: Vec<GlanceLate>,
    /// Leading units: name, tasks, of them late.
    pub(crate) units: Vec<(String, usize, usize)>,
    /// Tasks due in the next period: id, what, day.
    pub(crate) next: Vec<(String, String, base::Date)>,
}

/// An indicator at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GlanceIndicator {
    pub(crate) id: String,
    pub(crate) short: String,
    pub(crate) share: Option<web::Percent>,
    /// Target of the year.
    pub(crate) year: Option<web::Percent>,
    /// The plan's end in words.
    pub(crate) last: String,
    /// Against where it should be, in words.
    pub(crate) against: String,
    pub(crate) behind: bool,
    /// Whether it can be said where it should be.
    pub(crate) judged: bool,
    /// Why there is no figure.
    pub(crate) why: Option<String>,
}

/// A late task at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GlanceLate {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) leads: String,
    pub(crate) since: base::Date,
    pub(crate) days: i32,
    pub(crate) why: String,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Word.
    Docx,
    /// PDF.
    Pdf,
    /// Sheets; a receiver's own where one was asked for.
    Xlsx,
}

impl Format {
    /// By the ending of a file's name.
    pub fn of(ending: &str) -> Option<Self> {
        match ending.to_ascii_lowercase().as_str() {
            "docx" => Some(Self::Docx),
            "pdf" => Some(Self::Pdf),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }

    /// Its media type.
    pub fn media(self) -> &'static str {
        match self {
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Pdf => "application/pdf",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The ending of a file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
        }
    }
}

/// Why a report could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// As a document.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// As sheets.
    #[error(transparent)]
    Sheet(#[from] SheetError),
}

impl WriteError {
    fn inner(&self) -> &dyn Explain {
        match self {
            Self::Report(e) => e,
            Self::Sheet(e) => e,
        }
    }
}

impl Explain for WriteError {
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

impl PeriodicReport {
    /// The report as a file. The same report gives the same bytes.
    pub fn write(&self, format: Format) -> Result<Vec<u8>, WriteError> {
        Ok(match format {
            Format::Docx => write_report_docx(&self.report)?,
            Format::Pdf => write_report_pdf(&self.report)?,
            Format::Xlsx => match &self.receiver {
                Some(sheet) => write_template(sheet)?,
                None => write_workbook(&self.sheets)?,
            },
        })
    }

    /// The week or month at a glance, as a picture for a phone.
    pub fn picture(&self) -> Result<Vec<u8>, PictureError> {
        picture::png(&self.glance)
    }

    /// A name for the file, of fixed words: `bao-cao-2026-Q4-so-y-te.docx`.
    pub fn file_name(&self, format: Format) -> String {
        format!("{}.{}", self.stem(), format.ending())
    }

    /// The same without an ending.
    pub fn stem(&self) -> String {
        let whose = match &self.whose {
            Whose::City => String::new(),
            Whose::Unit { id, .. } => format!("-{id}"),
            Whose::Commune { code, .. } => format!("-{}", code.as_str()),
        };
        format!("bao-cao-{}{whose}", self.period)
    }
}
