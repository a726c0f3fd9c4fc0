//! What leaves the audit as paper or sheet, and form 09/BH as it comes back: letters of a case, minutes 03/BH, summary 01/BH, settlement 06/BH.
//!
//! **Invariants:** no name of a patient: the facility's own key (`MA_LK`) and the number of the line say which line it is; a total is the sum of the
//! lines above it, a line of the claim that two findings name asked once; what comes back is held against the case as it is now, line by line.

mod answer;
mod answer_xml;
mod form;
mod letter;
mod minutes;
mod month;
#[cfg(test)]
mod tests;

/// The templates of letters of a case, files of `letters/`.
pub const LETTERS: [&str; 3] =
    [CaseLetter::Finding.template(), CaseLetter::Conclusion.template(), CaseLetter::AppealAnswer.template()];

pub use form::{AnswerState, PaperColumn, PaperForm, PaperForms};

pub(crate) use answer::{CaseAnswers, SheetRow, Why, answer_layout, answer_rows, sort};
pub(crate) use answer_xml::{answer_xml, is_xml, read_answer_xml, xml_rows};
pub(crate) use letter::{About, CaseLetter, case_letter};
pub(crate) use minutes::{Minutes, MinutesCase, minutes_letter};
pub(crate) use month::{Beside, MonthSums, OfCareForm, settlement_rows, summary_rows};

use std::collections::BTreeMap;

use base::Dong;
use desk::ReviewLine;

/// Adds amounts; those that would not fit, of which no claim speaks, stay at the most that can be held.
pub(crate) fn sum(amounts: impl IntoIterator<Item = Dong>) -> Dong {
    amounts.into_iter().fold(Dong::ZERO, |sum, one| sum.checked_add(one).unwrap_or(Dong::new(i64::MAX)))
}

/// What lines ask, by the key of their dossier: a line of the claim that two findings name asks once, with the most that one of them says.
pub(crate) fn asked_once<'l>(lines: impl IntoIterator<Item = (&'l str, &'l ReviewLine)>) -> Dong {
    let mut of_line: BTreeMap<(&str, Option<&str>, Option<i64>), Dong> = BTreeMap::new();
    for (dossier, line) in lines {
        let most = of_line.entry((dossier, line.line_table.as_deref(), line.line_no)).or_default();
        *most = line.asked.max(*most);
    }
    sum(of_line.into_values())
}
