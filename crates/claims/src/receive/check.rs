//! What was sent: read, checked, put into the waiting room.

use base::Date;
use chapter::App;
use claimfile::signature::Trust;
use claimfile::{Dossier, FileKind, TableId};
use law::calc::{CalcError, Calendar};

use super::bench::Job;
use super::packed;
use super::receipt::{Checked, CorrectUntil, FindingLine, RefusedLine, SignatureLine};
use super::refusal::Refusal;
use crate::Formats;
use crate::catalogue::Catalogues;
use crate::checker::{Checker, ClaimFinding};
use crate::clocks::{self, Clock, Start};
use crate::error::ClaimsError;
use crate::scan::{FileOutcome, sign_bytes};
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

/// Checks a file, or every file of a ZIP, and puts it into the waiting room of the book as it came, unless it is not the facility's own.
pub(super) fn check(
    app: &App,
    (formats, trust): (&Formats, &Trust),
    catalogues: &Catalogues,
    checker: &mut Checker<'_>,
    job: Job,
) -> Result<Done, Refusal> {
    let (checked, visits, findings) = (Checked::default(), Vec::new(), Vec::new());
    let mut work = Work { formats, checker, job: &job, checked, visits, findings, foreign: false };
    let read = packed::read(&job.file, job.most, &formats.forms, &mut |name, dossier| work.take(name, dossier));
    // What was read of a ZIP that breaks off must not stand in the next file.
    let ran = work.run().map_err(|error| Refusal::inner(&error));
    let Work { mut checked, visits, findings, foreign, .. } = work;
    let mut contents = read?;
    ran?;
    if let (false, [FileOutcome { failure: Some(failure), .. }]) = (contents.zipped, contents.outcomes.as_slice()) {
        return Err(Refusal::OtherFile(failure.to_string()));
    }
    let is_own =
        |outcome: &FileOutcome| matches!(outcome.ended.sender.trim(), sender if sender.is_empty() || sender == job.facility);
    if foreign || !contents.outcomes.iter().all(is_own) {
        return Err(Refusal::OtherFacilityInside { own: job.facility });
    }
    let kinds: Vec<FileKind> = contents.outcomes.iter().filter_map(|outcome| outcome.kind).collect();
    let said = if job.said == CHECK_IN { FileKind::CheckIn } else { FileKind::Claims };
    if let Some(other) = kinds.iter().find(|kind| !job.said.is_empty() && **kind != said) {
        let is_check_in = *other == FileKind::CheckIn;
        let found = if is_check_in { "tệp check-in" } else { "tệp hồ sơ đề nghị thanh toán" };
        return Err(Refusal::OtherKind { said: job.said, found });
    }
    checked.kind = kinds.first().filter(|first| kinds.iter().all(|kind| kind == *first)).map(|kind| packed::word(*kind));
    let claims = contents.outcomes.iter().filter(|outcome| outcome.kind == Some(FileKind::Claims));
    checked.visits = claims.map(|outcome| u64::from(outcome.ended.read)).sum();
    let faults = contents.outcomes.iter().flat_map(|outcome| outcome.faults().map(move |fault| (outcome, fault)));
    checked.refused = faults
        .map(|(outcome, fault)| RefusedLine {
            file: contents.zipped.then(|| outcome.name.clone()),
            visit: fault.visit.clone(),
            table: fault.table.map(|table| table.to_string()),
            line: fault.row,
            column: fault.column.clone(),
            code: fault.reason.code(),
            reason: fault.reason.to_string(),
        })
        .collect();
    // Told, never a reason to refuse.
    sign_bytes(&mut contents.outcomes, &job.file, trust, (app.clock)().div_euclid(1000))
        .map_err(|error| Refusal::inner(&error))?;
    if let (false, [only]) = (contents.zipped, contents.outcomes.as_slice()) {
        checked.signature = only.signature.as_ref().map(SignatureLine::of);
    }
    checked.files = contents.lines();
    checked.findings = findings.into_iter().map(|finding| line(app, formats, &visits, finding)).collect();
    checked.catalogues_missing = catalogues.missing();
    checked.correct_until = correct_until(app, checked.ends).map_err(|error| Refusal::inner(&error))?;
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

/// A visit that was given to the checker.
struct Visit {
    /// File of a ZIP; empty for a single file.
    file: String,
    /// MA_LK.
    link: String,
}

struct Work<'w, 's> {
    formats: &'w Formats,
    checker: &'w mut Checker<'s>,
    job: &'w Job,
    checked: Checked,
    /// By the number the checker knows a visit by.
    visits: Vec<Visit>,
    findings: Vec<ClaimFinding>,
    /// Whether a dossier is of another facility.
    foreign: bool,
}

impl Work<'_, '_> {
    fn take(&mut self, file: &str, dossier: &Dossier) -> Result<(), ClaimsError> {
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
        if let Some(end) = cell("NGAY_RA").and_then(day_of) {
            let (first, last) = self.checked.ends.unwrap_or((end, end));
            self.checked.ends = Some((first.min(end), last.max(end)));
        }
        self.checked.kept += 1;
        self.checked.lines += (dossier.rows(TableId::XML2).len() + dossier.rows(TableId::XML3).len()) as u64;
        let number = i64::try_from(self.visits.len()).unwrap_or(i64::MAX);
        self.visits.push(Visit { file: file.to_owned(), link: cell("MA_LK").unwrap_or_default().to_owned() });
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

/// The day of a moment `yyyyMMddHHmm` of this century; none of anything else, which is a fault of its own.
fn day_of(moment: &str) -> Option<Date> {
    let part = |from: usize, to: usize| moment.get(from..to)?.parse::<i32>().ok();
    // A year that somebody mistyped must not carry a term out of the calendar.
    Date::new(part(0, 4)?, part(4, 6)?, part(6, 8)?).ok().filter(|day| (2000..2100).contains(&day.year()))
}

/// Until when the data of visits may be corrected that ended between two days; none where the law of their days is not known.
fn correct_until(app: &App, ends: Option<(Date, Date)>) -> Result<Option<CorrectUntil>, CalcError> {
    let Some((first, last)) = ends else { return Ok(None) };
    let calendar = Calendar::of(&app.law)?;
    let until = |end: Date| -> Result<Option<Date>, CalcError> {
        Ok(clocks::term(&app.law, &calendar, Clock::Send, Start::Day(end))?.and_then(|term| term.last()))
    };
    Ok(until(first)?.zip(until(last)?).map(|(earliest, latest)| CorrectUntil { earliest, latest }))
}

fn line(app: &App, formats: &Formats, visits: &[Visit], finding: ClaimFinding) -> FindingLine {
    let visit = usize::try_from(finding.visit).ok().and_then(|number| visits.get(number));
    FindingLine {
        file: visit.map(|visit| visit.file.clone()).filter(|file| !file.is_empty()),
        visit: visit.map(|visit| visit.link.clone()).unwrap_or_default(),
        message: words::message(&finding, &app.rules, &app.schemas, &formats.lists, Tongue::Vi),
        rule: finding.rule,
        strength: finding.strength,
        table: finding.table.map(|table| table.to_uppercase()),
        line: finding.line,
        amount: finding.amount,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_visit_is_a_day_or_nothing() {
        assert_eq!(day_of("202611271730"), "2026-11-27".parse().ok());
        for wrong in ["", "2026", "202613010000", "27/11/2026", "nămmột", "999912312359"] {
            assert_eq!(day_of(wrong), None, "{wrong}");
        }
    }
}
