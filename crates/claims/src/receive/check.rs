//! One file: read, checked, put into the waiting room.

use chapter::App;
use claimfile::{Dossier, FileKind, Limits, TableId};

use super::bench::Job;
use super::receipt::{Checked, FindingLine, RefusedLine};
use super::refusal::Refusal;
use crate::Formats;
use crate::catalogue::Catalogues;
use crate::checker::{Checker, ClaimFinding};
use crate::error::ClaimsError;
use crate::scan::plain;
use crate::store::{Noted, note_waiting};
use crate::words::{self, Tongue};

/// Lines that are checked together.
const LINES_AT_ONCE: usize = 8192;
/// `loaiHoSo` of a check-in.
const CHECK_IN: &str = "0";

/// What became of a file.
#[derive(Debug)]
pub(super) struct Done {
    /// Number of the receipt; none when every visit is refused, so that nothing was kept.
    pub number: Option<String>,
    /// What was found.
    pub checked: Checked,
}

/// Checks a file and puts it into the waiting room of the book, unless it is not the facility's own.
pub(super) fn check(
    app: &App,
    formats: &Formats,
    catalogues: &Catalogues,
    checker: &mut Checker<'_>,
    job: Job,
) -> Result<Done, Refusal> {
    let (checked, visits, findings) = (Checked::default(), Vec::new(), Vec::new());
    let mut work = Work { formats, checker, job: &job, checked, visits, findings, foreign: false };
    let outcome = plain("", job.file.as_slice(), &formats.forms, &Limits::default(), &mut |_, dossier| work.take(dossier))
        .map_err(|error| Refusal::inner(&error))?;
    work.run().map_err(|error| Refusal::inner(&error))?;
    let Work { mut checked, visits, findings, foreign, .. } = work;
    if let Some(failure) = &outcome.failure {
        return Err(Refusal::OtherFile(failure.to_string()));
    }
    let sender = outcome.ended.sender.trim();
    if foreign || !(sender.is_empty() || sender == job.facility) {
        return Err(Refusal::OtherFacilityInside { own: job.facility });
    }
    let is_check_in = outcome.kind == Some(FileKind::CheckIn);
    if !job.said.is_empty() && (job.said == CHECK_IN) != is_check_in {
        let found = if is_check_in { "tệp check-in" } else { "tệp hồ sơ đề nghị thanh toán" };
        return Err(Refusal::OtherKind { said: job.said, found });
    }
    checked.kind = outcome.kind.map(|_| if is_check_in { "check_in" } else { "claims" });
    checked.visits = if is_check_in { 0 } else { u64::from(outcome.ended.read) };
    checked.refused = outcome
        .faults()
        .map(|fault| RefusedLine {
            visit: fault.visit.clone(),
            table: fault.table.map(|table| table.to_string()),
            line: fault.row,
            column: fault.column.clone(),
            code: fault.reason.code(),
            reason: fault.reason.to_string(),
        })
        .collect();
    checked.findings = findings.into_iter().map(|finding| line(app, formats, &visits, finding)).collect();
    checked.catalogues_missing = catalogues.missing();
    let number = match checked.kept + checked.check_ins {
        0 => None,
        _ => Some(crate::spool(&app.book, &job.facility, &job.file).map_err(|error| Refusal::inner(&error))?),
    };
    if let Some(number) = &number {
        let noted = Noted {
            read: checked.visits,
            kept: checked.kept,
            check_ins: checked.check_ins,
            findings: checked.findings.len() as u64,
        };
        note_waiting(&app.book, &job.facility, number, job.day, noted).map_err(|error| Refusal::inner(&error))?;
    }
    Ok(Done { number, checked })
}

struct Work<'w, 's> {
    formats: &'w Formats,
    checker: &'w mut Checker<'s>,
    job: &'w Job,
    checked: Checked,
    /// MA_LK by the number the checker knows a visit by.
    visits: Vec<String>,
    findings: Vec<ClaimFinding>,
    /// Whether a dossier is of another facility.
    foreign: bool,
}

impl Work<'_, '_> {
    fn take(&mut self, dossier: &Dossier) -> Result<(), ClaimsError> {
        let is_check_in = dossier.rows(TableId::XML0).present;
        let table = if is_check_in { TableId::XML0 } else { TableId::XML1 };
        let form = self.formats.forms.get(table);
        let cell = |column: &str| dossier.row(table, 0)?.get(form?.column(column)?);
        self.foreign |= cell("MA_CSKCB").is_some_and(|code| code != self.job.facility);
        if self.foreign {
            return Ok(());
        }
        if is_check_in {
            self.checked.check_ins += 1;
            return Ok(());
        }
        self.checked.kept += 1;
        self.checked.lines += (dossier.rows(TableId::XML2).len() + dossier.rows(TableId::XML3).len()) as u64;
        let number = i64::try_from(self.visits.len()).unwrap_or(i64::MAX);
        self.visits.push(cell("MA_LK").unwrap_or_default().to_owned());
        self.checker.add(number, dossier, Some(self.job.day))?;
        if self.checker.waiting() >= LINES_AT_ONCE {
            self.run()?;
        }
        Ok(())
    }

    fn run(&mut self) -> Result<(), ClaimsError> {
        self.findings.extend(self.checker.run()?.0);
        Ok(())
    }
}

fn line(app: &App, formats: &Formats, visits: &[String], finding: ClaimFinding) -> FindingLine {
    let visit = usize::try_from(finding.visit).ok().and_then(|number| visits.get(number));
    FindingLine {
        visit: visit.cloned().unwrap_or_default(),
        message: words::message(&finding, &app.rules, &app.schemas, &formats.lists, Tongue::Vi),
        rule: finding.rule,
        strength: finding.strength,
        table: finding.table.map(|table| table.to_uppercase()),
        line: finding.line,
        amount: finding.amount,
    }
}
