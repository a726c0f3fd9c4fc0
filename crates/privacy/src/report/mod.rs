//! The register of processing and the impact assessment of personal data (sổ đăng ký hoạt động xử lý, hồ sơ đánh giá tác động), from what
//! stands in contracts, agreements, roles and the log. What is doubtful in the law says so in words.

mod access;
mod automation;
mod duties;
mod impact;
mod processing;

use std::collections::BTreeSet;

use base::Date;
use chapter::ProtectionOfficer;
use desk::{AuditTally, DataAgreement};
use documents::paper::{Grid, Paper, PaperError, Part, Section, write_paper_docx, write_paper_markdown, write_paper_xlsx};
use documents::sheet::Moment;
use intake::Layouts;
use law::Law;
use rules::{Rules, TableSchemas};
use web::{Lang, Locale};

/// Everything the paper is made of.
pub struct Inputs<'a> {
    /// Words.
    pub l: Locale<'a>,
    /// The agency that decides about the data.
    pub unit: String,
    /// Who looks after personal data.
    pub officer: Option<&'a ProtectionOfficer>,
    /// Layouts of rosters, with the class of each field.
    pub layouts: &'a Layouts,
    /// Contracts of tables, with the class of each column.
    pub schemas: &'a TableSchemas,
    /// The rules: automated processing of people's data.
    pub rules: &'a Rules,
    /// The law, for terms.
    pub law: &'a Law,
    /// Agreements on sharing data.
    pub agreements: &'a [DataAgreement],
    /// Rosters that ever came in.
    pub received: BTreeSet<String>,
    /// What the log counts since `counted_from`.
    pub tally: &'a [AuditTally],
    /// First day of what the log counts.
    pub counted_from: Date,
    /// The day of the paper.
    pub today: Date,
    /// When it is made.
    pub made_at: Moment,
    /// Who makes it.
    pub made_by: String,
}

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Word.
    Docx,
    /// Excel.
    Xlsx,
    /// Markdown.
    Markdown,
}

impl Format {
    /// By the ending of a file name: `docx`, `xlsx`, `md`.
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending {
            "docx" => Some(Self::Docx),
            "xlsx" => Some(Self::Xlsx),
            "md" => Some(Self::Markdown),
            _ => None,
        }
    }

    /// The ending.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Markdown => "md",
        }
    }

    /// The media type.
    pub fn media(self) -> &'static str {
        match self {
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Markdown => "text/markdown; charset=utf-8",
        }
    }

    /// The paper as a file.
    pub fn write(self, paper: &Paper) -> Result<Vec<u8>, PaperError> {
        match self {
            Self::Docx => write_paper_docx(paper),
            Self::Xlsx => write_paper_xlsx(paper),
            Self::Markdown => Ok(write_paper_markdown(paper).into_bytes()),
        }
    }
}

/// The paper.
pub fn paper(inputs: &Inputs) -> Paper {
    let l = inputs.l;
    let mut sections = vec![who(inputs)];
    sections.extend(processing::sections(inputs));
    sections.extend(access::sections(inputs));
    sections.push(impact::section(inputs));
    sections.push(automation::section(inputs));
    sections.extend(duties::sections(inputs));
    for (number, section) in (1..).zip(&mut sections) {
        section.heading = format!("{number}. {}", section.heading);
    }
    let made = format!("{:02}:{:02} {}", inputs.made_at.hour, inputs.made_at.minute, l.date(inputs.made_at.date));
    Paper {
        title: l.t("privacy-report-title"),
        lines: vec![inputs.unit.clone(), l.t_args("privacy-report-as-of", &[("day", l.date(inputs.today).as_str().into())])],
        sections,
        foot: vec![l.t_args("privacy-report-made", &[("who", inputs.made_by.as_str().into()), ("when", made.as_str().into())])],
        made_at: inputs.made_at,
    }
}

fn who(inputs: &Inputs) -> Section {
    let l = inputs.l;
    let officer = match inputs.officer {
        Some(officer) => officer.line(),
        None => l.t("privacy-report-officer-none"),
    };
    let rows = vec![
        vec![l.t("privacy-report-controller"), inputs.unit.clone()],
        vec![l.t("privacy-report-officer"), officer],
        vec![l.t("privacy-report-basis"), l.t("privacy-report-basis-words")],
        vec![l.t("privacy-report-hosted"), l.t("privacy-report-hosted-words")],
    ];
    let columns = vec![l.t("privacy-report-column-what"), l.t("privacy-report-column-words")];
    let grid = Grid { name: l.t("privacy-report-tab-who"), columns, rows };
    Section { heading: l.t("privacy-report-who"), parts: vec![Part::Table(grid)] }
}

/// A bilingual text in the language of the paper.
pub(crate) fn said<'t>(l: Locale, vi: &'t str, en: &'t str) -> &'t str {
    if l.lang() == Lang::En { en } else { vi }
}

#[cfg(test)]
mod tests;
