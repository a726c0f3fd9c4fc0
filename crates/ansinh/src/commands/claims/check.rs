//! `ansinh claims check FILE|DIR`: what a file would be refused for, and what rules find in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base::{Amount, Month, Strength};
use claimfile::signature::{Covered, Signature, Trust};
use claimfile::{Dossier, FileKind, Forms, Limits, Lists, TableId};
use claims::{
    CatalogueTables, Catalogues, Checker, ClaimFinding, ClaimsError, FileOutcome, Tongue, claim_files, read_file, sign,
};
use documents::sheet::Moment;
use law::Law;
use rules::{Rules, TableSchemas};
use serde::{Serialize, Serializer};

use super::catalogues::{self, CatalogueFile};
use super::{Check, sheet};
use crate::commands::Environment;
use crate::commands::serve::trust;
use crate::failure::Failure;
use crate::output;
use crate::workshop::Workshop;

/// Lines that are checked together: enough to fill a batch, few enough to stay small.
const LINES_AT_ONCE: usize = 8192;

/// What `claims check --json` prints.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Dossiers read, refused ones too.
    pub visits: u64,
    /// Drug and service lines of those kept.
    pub lines: u64,
    /// Dossiers that could be read whole.
    pub kept: u64,
    /// `SOLUONGHOSO` of all files together; absent when a file does not say it.
    pub declared: Option<u64>,
    /// Files.
    pub files: Vec<FileLine>,
    /// Faults for which a dossier is refused.
    pub refused: Vec<RefusedLine>,
    /// What the rules found.
    pub findings: Vec<FindingLine>,
    /// Đồng at stake by the rules' own figures: the largest of each visit, not their sum, since several may be about the same money.
    #[serde(serialize_with = "decimal")]
    pub amount: Amount,
    /// Files of the folder of catalogues.
    pub catalogues: Vec<CatalogueFile>,
    /// Catalogues that were not loaded.
    pub catalogues_missing: Vec<&'static str>,
    /// Rules that could say nothing about any row.
    pub not_checkable: Vec<String>,
}

/// One file.
#[derive(Debug, Serialize)]
pub struct FileLine {
    /// Name without folders.
    pub file: String,
    /// `claims`, `check_in` or nothing.
    pub kind: Option<&'static str>,
    /// What the file says it holds.
    pub declared: Option<u64>,
    /// Dossiers read.
    pub read: u64,
    /// Dossiers kept.
    pub kept: u64,
    /// Dossiers refused.
    pub refused: u64,
    /// What its signature is worth: `good`, `wrong`, `not_checked`, `absent`; nothing when the file could not be read.
    pub signature: Option<&'static str>,
    /// What a good signature covers: `whole` or `parts`; nothing for any other.
    pub signature_covers: Option<&'static str>,
    /// The same in words, with the signer and what is signed.
    pub signature_words: Option<String>,
    /// Why nothing of it was read.
    pub error: Option<String>,
}

/// One fault.
#[derive(Debug, Serialize)]
pub struct RefusedLine {
    /// Its file.
    pub file: String,
    /// MA_LK, as far as it could be read.
    pub visit: Option<String>,
    /// Which dossier of the file.
    pub number: u32,
    /// Table in capital letters.
    pub table: Option<String>,
    /// Row of the table.
    pub line: Option<u32>,
    /// Column.
    pub column: Option<String>,
    /// Value as sent.
    pub value: Option<String>,
    /// Stable word of the reason.
    pub code: &'static str,
    /// The reason in words.
    pub reason: String,
}

/// One finding.
#[derive(Debug, Serialize)]
pub struct FindingLine {
    /// Its file.
    pub file: String,
    /// MA_LK.
    pub visit: String,
    /// Departments of the visit (MA_KHOA of XML1).
    #[serde(skip)]
    pub department: String,
    /// Id of the rule.
    pub rule: String,
    /// absolute, explain, warn.
    pub strength: Strength,
    /// Table in capital letters; absent when it is about the whole visit.
    pub table: Option<String>,
    /// Row of the table.
    pub line: Option<i64>,
    /// Đồng at stake, a decimal as text.
    pub amount: Option<String>,
    /// What was found, in words, with the facts.
    pub message: String,
}

fn decimal<S: Serializer>(amount: &Amount, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(amount)
}

impl From<ClaimsError> for Failure {
    fn from(error: ClaimsError) -> Self {
        Self::of(&error, if matches!(error, ClaimsError::File(_) | ClaimsError::Zip { .. }) { 3 } else { 4 })
    }
}

/// What the check stands on, read once.
pub struct Bench {
    law: Law,
    rules: Rules,
    schemas: TableSchemas,
    forms: Forms,
    lists: Lists,
    catalogues: Catalogues,
    catalogue_files: Vec<CatalogueFile>,
    trust: Trust,
}

impl Bench {
    /// Reads law, rules, formats and the catalogues of a folder; without one only the communes are known.
    pub fn open(environment: &Environment, folder: Option<&Path>) -> Result<Self, Failure> {
        let shop = Workshop::open(&environment.config.overlays())?;
        let claims::Formats { forms, lists } = shop.claim_formats()?;
        let (catalogues, catalogue_files) = match folder {
            Some(folder) => catalogues::load(&shop, folder)?,
            None => (Catalogues::load(&CatalogueTables::default(), &shop.places)?, Vec::new()),
        };
        let trust = trust(environment)?;
        Ok(Self { law: shop.law, rules: shop.rules, schemas: shop.schemas, forms, lists, catalogues, catalogue_files, trust })
    }

    /// Reads and checks files.
    pub fn check(&self, files: &[PathBuf]) -> Result<Report, Failure> {
        // Row rules of claims use no value of the run; the month only has to be one.
        let period = Month::new(2026, 1).ok_or_else(|| Failure::internal("no such month"))?;
        let mut checker =
            Checker::new((&self.forms, &self.lists), &self.law, &self.rules, &self.schemas, &self.catalogues, period)?;
        let mut work = Work { report: Report::default(), names: Vec::new(), counts: BTreeMap::new() };
        let limits = Limits::default();
        for path in files {
            let file = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            let mut outcomes =
                read_file(path, &self.forms, &limits, &mut |_, dossier| self.take(dossier, &file, &mut checker, &mut work))?;
            let now = (crate::commands::run::clock())().div_euclid(1000);
            sign(&mut outcomes, path, &self.trust, now)?;
            outcomes.iter().for_each(|outcome| work.file(outcome));
        }
        work.take(&mut checker, self)?;
        let mut report = work.finish(&self.catalogues);
        report.catalogues.clone_from(&self.catalogue_files);
        Ok(report)
    }

    fn take(&self, dossier: &Dossier, file: &str, checker: &mut Checker<'_>, work: &mut Work) -> Result<(), ClaimsError> {
        // A check-in is a notice: there is nothing to pay and nothing to check.
        if dossier.rows(TableId::XML0).present {
            return Ok(());
        }
        let cell = |column: &str| {
            let place = self.forms.get(TableId::XML1)?.column(column)?;
            dossier.row(TableId::XML1, 0)?.get(place).map(str::to_owned)
        };
        let number = i64::try_from(work.names.len()).unwrap_or(i64::MAX);
        let visit = cell("MA_LK").unwrap_or_default();
        work.names.push(Name { file: file.to_owned(), visit, department: cell("MA_KHOA").unwrap_or_default() });
        work.report.lines += (dossier.rows(TableId::XML2).len() + dossier.rows(TableId::XML3).len()) as u64;
        checker.add(number, dossier, None)?;
        if checker.waiting() >= LINES_AT_ONCE {
            work.take(checker, self)?;
        }
        Ok(())
    }
}

impl Bench {
    /// The rule's title and the facts.
    fn message(&self, finding: &ClaimFinding) -> String {
        claims::message(finding, &self.rules, &self.schemas, &self.lists, Tongue::Vi)
    }
}

struct Name {
    file: String,
    visit: String,
    department: String,
}

struct Work {
    report: Report,
    /// Dossiers by their number.
    names: Vec<Name>,
    /// Rows asked and unknown, by rule.
    counts: BTreeMap<String, (u64, u64)>,
}

impl Work {
    fn take(&mut self, checker: &mut Checker<'_>, bench: &Bench) -> Result<(), ClaimsError> {
        let (findings, counts) = checker.run()?;
        for count in counts {
            let sum = self.counts.entry(count.rule).or_default();
            *sum = (sum.0 + count.asked, sum.1 + count.unknown);
        }
        for finding in findings {
            let Some(name) = usize::try_from(finding.visit).ok().and_then(|at| self.names.get(at)) else { continue };
            self.report.findings.push(FindingLine {
                file: name.file.clone(),
                visit: name.visit.clone(),
                department: name.department.clone(),
                message: bench.message(&finding),
                rule: finding.rule,
                strength: finding.strength,
                table: finding.table.map(|table| table.to_uppercase()),
                line: finding.line,
                amount: finding.amount,
            });
        }
        Ok(())
    }

    fn file(&mut self, outcome: &FileOutcome) {
        let signature = outcome.signature.as_ref();
        let kind = outcome.kind.map(kind);
        self.report.visits += u64::from(outcome.ended.read);
        self.report.kept += u64::from(outcome.kept);
        self.report.files.push(FileLine {
            file: outcome.name.clone(),
            kind,
            declared: outcome.ended.declared,
            read: u64::from(outcome.ended.read),
            kept: u64::from(outcome.kept),
            refused: outcome.refused.len() as u64,
            signature: signature.map(Signature::code),
            signature_covers: signature.and_then(Signature::covered).map(Covered::code),
            signature_words: signature.map(ToString::to_string),
            error: outcome.failure.as_ref().map(ToString::to_string),
        });
        for fault in outcome.faults() {
            self.report.refused.push(RefusedLine {
                file: outcome.name.clone(),
                visit: fault.visit.clone(),
                number: fault.number,
                table: fault.table.map(|table| table.to_string()),
                line: fault.row,
                column: fault.column.clone(),
                value: fault.value.clone(),
                code: fault.reason.code(),
                reason: fault.reason.to_string(),
            });
        }
    }

    fn finish(mut self, catalogues: &Catalogues) -> Report {
        let read: Vec<&FileLine> = self.report.files.iter().filter(|file| file.kind == Some("claims")).collect();
        self.report.declared = read.iter().map(|file| file.declared).sum::<Option<u64>>().filter(|_| !read.is_empty());
        let mut most: BTreeMap<(&str, &str), Amount> = BTreeMap::new();
        for finding in &self.report.findings {
            let Some(amount) = finding.amount.as_deref().and_then(|text| Amount::parse(text).ok()) else { continue };
            let held = most.entry((&finding.file, &finding.visit)).or_default();
            *held = (*held).max(amount);
        }
        self.report.amount = most.into_values().sum();
        self.report.catalogues_missing = catalogues.missing();
        let silent = |(asked, unknown): &(u64, u64)| *asked > 0 && asked == unknown;
        self.report.not_checkable = self.counts.iter().filter(|(_, count)| silent(count)).map(|(rule, _)| rule.clone()).collect();
        self.report
    }
}

/// The stable word of a kind of file.
pub fn kind(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Claims => "claims",
        FileKind::CheckIn => "check_in",
    }
}

/// Runs the command: exit code 1 for findings, refusals or a wrong signature, 3 when nothing of what was named could be read.
pub fn run(environment: &Environment, arguments: &Check) -> Result<ExitCode, Failure> {
    let files = claim_files(&arguments.paths).map_err(|e| Failure::input("claim_file_unreadable", e.to_string()))?;
    if files.is_empty() {
        return Err(Failure::input("claim_file_missing", "không có tệp .xml hay .zip nào để kiểm tra"));
    }
    let bench = Bench::open(environment, arguments.catalogues.as_deref())?;
    let report = bench.check(&files)?;
    if let [only] = report.files.as_slice()
        && let Some(error) = &only.error
    {
        let mut failure = Failure::input("claim_file_other_kind", format!("{}: {error}", only.file));
        failure.remedy = "Chọn tệp XML theo Quyết định 130, 4750 hoặc 3176.".into();
        return Err(failure);
    }
    if let Some(path) = &arguments.xlsx {
        sheet::write(path, &report, now())?;
    }
    output::print(environment.json, &report, || words(&report))?;
    let is_sound = |file: &FileLine| file.error.is_none() && file.signature != Some("wrong");
    let clean = report.findings.is_empty() && report.refused.is_empty() && report.files.iter().all(is_sound);
    Ok(ExitCode::from(u8::from(!clean)))
}

/// The time in Hà Nội, for the sheet's own lines.
pub fn now() -> Moment {
    let unix_ms = (crate::commands::run::clock())();
    let seconds = (unix_ms.div_euclid(1000) + 7 * 3600).rem_euclid(86_400);
    let part = |n: i64| u8::try_from(n).unwrap_or(0);
    let date = chapter::day_in_hanoi(unix_ms);
    Moment { date, hour: part(seconds / 3600), minute: part(seconds / 60 % 60), second: part(seconds % 60) }
}

/// The report for people: refusals first, then findings by strength, then what could not be checked.
pub fn words(report: &Report) -> String {
    let mut lines = catalogues::words(&report.catalogues);
    for file in &report.files {
        lines.push(match &file.error {
            Some(error) => format!("{}: không đọc: {error}", file.file),
            None => {
                let declared = file.declared.map_or(String::new(), |n| format!(", tệp khai {n}"));
                let signature = file.signature_words.as_ref().map_or(String::new(), |words| format!("; {words}"));
                let (read, kept, refused) = (file.read, file.kept, file.refused);
                format!("{}: {read} hồ sơ = đọc được {kept} + trả lại {refused}{declared}{signature}", file.file)
            }
        });
    }
    for fault in &report.refused {
        let place: Vec<String> = [
            fault.visit.clone(),
            fault.table.clone(),
            fault.line.map(|line| format!("dòng {line}")),
            fault.column.clone(),
            fault.value.clone().map(|value| format!("“{value}”")),
        ]
        .into_iter()
        .flatten()
        .collect();
        lines.push(format!("  trả lại: {}: {}", place.join(", "), fault.reason));
    }
    for finding in &report.findings {
        let strength = match finding.strength {
            Strength::Absolute => "sai",
            Strength::Explain => "cần giải trình",
            Strength::Warn => "cảnh báo",
        };
        let place = finding.table.as_ref().map_or(String::new(), |t| format!(", {t} dòng {}", finding.line.unwrap_or_default()));
        let amount = finding.amount.as_deref().and_then(|text| Amount::parse(text).ok());
        let amount = amount.map_or(String::new(), |a| format!(" [{} đồng]", claims::money(a, Tongue::Vi)));
        lines.push(format!("  {strength}: {}{place}: {}{amount}", finding.visit, finding.message));
    }
    let absolute = report.findings.iter().filter(|f| f.strength == Strength::Absolute).count();
    lines.push(format!(
        "{} hồ sơ, {} dòng; {} lỗi đọc; {} phát hiện, trong đó {absolute} sai chắc chắn; số tiền liên quan {} đồng",
        report.visits,
        report.lines,
        report.refused.len(),
        report.findings.len(),
        claims::money(report.amount, Tongue::Vi)
    ));
    if !report.catalogues_missing.is_empty() {
        lines.push(format!(
            "Chưa nạp danh mục: {}. Quy tắc cần chúng được ghi là chưa kiểm tra.",
            report.catalogues_missing.join(", ")
        ));
    }
    lines.push("Đây là kiểm tra trước khi gửi. Cổng của BHXH Việt Nam vẫn là nơi gửi hồ sơ theo quy định.".to_owned());
    lines.join("\n")
}
