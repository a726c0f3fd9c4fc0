//! `ansinh claims import FILE|DIR`: claim files into the book, as one packet.

use std::path::PathBuf;
use std::process::ExitCode;

use base::Scope;
use claimfile::signature::{Covered, Signature};
use claims::{FileOutcome, Importer, claim_files, waiting};
use desk::{AuditAction, ReadEvent};
use engine::DataFile;
use serde::Serialize;

use super::Import;
use crate::commands::Environment;
use crate::commands::serve::trust;
use crate::failure::Failure;
use crate::output;
use crate::progress::Terminal;
use crate::sealed;
use crate::workshop::{Workshop, lock, open_book};

/// What `claims import --json` prints.
#[derive(Debug, Default, Serialize)]
struct Report {
    /// `SOLUONGHOSO` of all files together; absent when a file does not say it.
    declared: Option<u64>,
    /// Dossiers read.
    read: u64,
    /// Dossiers stored.
    stored: u64,
    /// Dossiers refused; `read = stored + refused`.
    refused: u64,
    /// The packet; absent when every file was known.
    packet: Option<String>,
    /// Where the refused dossiers are written down.
    rejects_file: Option<String>,
    /// Months the dossiers belong to.
    periods: Vec<String>,
    /// Files.
    files: Vec<FileReport>,
}

#[derive(Debug, Serialize)]
struct FileReport {
    file: String,
    /// `claims`, `check_in` or nothing.
    kind: Option<&'static str>,
    declared: Option<u64>,
    read: u64,
    stored: u64,
    refused: u64,
    /// Its very bytes were there before: nothing of it was read again.
    known: bool,
    /// What its signature is worth: `good`, `wrong`, `not_checked`, `absent`; nothing when it was not read. No file is refused because of it.
    signature: Option<&'static str>,
    /// What a good signature covers: `whole` or `parts`.
    signature_covers: Option<&'static str>,
    /// Why nothing of it was read.
    error: Option<String>,
}

/// Runs the command. Exit code 1 when a dossier or a file was refused, or a file holds another number of dossiers than it says.
pub fn run(environment: &Environment, arguments: &Import) -> Result<ExitCode, Failure> {
    let shop = Workshop::open(&environment.config.overlays())?;
    let formats = shop.claim_formats()?;
    let book = open_book(&environment.config)?;
    let lock = lock(&book)?;
    let spooled: Vec<PathBuf> =
        if arguments.waiting { waiting(&book)?.into_iter().map(|w| w.path).collect() } else { Vec::new() };
    let given = claim_files(&arguments.paths).map_err(|e| Failure::input("claim_file_unreadable", e.to_string()))?;
    // What waits lies in the book, sealed where it has keys; what is given comes from outside.
    let files: Vec<DataFile> =
        given.into_iter().map(DataFile::from).chain(spooled.iter().map(|path| book.file_at(path))).collect();
    let has_tables = arguments.paths.iter().any(|path| path.join("visits.parquet").is_file());
    if files.is_empty() && !arguments.waiting && !has_tables {
        return Err(Failure::input("claim_file_missing", "không có tệp .xml hay .zip nào để nhận"));
    }
    let now = (crate::commands::run::clock())();
    let received = chapter::day_in_hanoi(now);
    let trust = trust(environment)?;
    let tables: Vec<PathBuf> = arguments.paths.iter().filter(|path| path.join("visits.parquet").is_file()).cloned().collect();
    let terminal = Terminal::new(environment.json);
    let mut importer = Importer::new(&book, &formats, received)?.checking(&trust, now.div_euclid(1000));
    let mut report = Report::default();
    for (done, given) in files.iter().enumerate() {
        chapter::Progress::at(&terminal, "claims import", done as u64, files.len() as u64);
        match importer.file(given)? {
            Some(outcomes) => report.files.extend(outcomes.iter().map(file)),
            None => report.files.push(known(given.path())),
        }
    }
    for folder in &tables {
        let Some(done) = importer.tables(folder)? else {
            report.files.push(known(folder));
            continue;
        };
        let file = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let refused = done.read - done.stored;
        let kind = Some("claims");
        report.files.push(FileReport {
            file,
            kind,
            declared: None,
            read: done.read,
            stored: done.stored,
            refused,
            known: false,
            signature: None,
            signature_covers: None,
            error: None,
        });
    }
    let done = importer.finish()?;
    if let Some((packet, refused)) = &done {
        let runtime = crate::commands::run::runtime()?;
        let desk = crate::commands::run::open_desk(environment, &runtime)?;
        let stored: u64 = packet.files.iter().map(|file| file.stored).sum();
        let event = ReadEvent::new(AuditAction::StoreIntake, "packet")
            .object(packet.name())
            .count("stored", i64::try_from(stored).unwrap_or(i64::MAX));
        runtime.block_on(desk.audit_read(&Scope::system(), event))?;
        runtime.block_on(desk.seal())?;
        runtime.block_on(desk.close());
        report.packet = Some(packet.name());
        report.rejects_file = refused.as_ref().map(|path| path.display().to_string());
        let periods: std::collections::BTreeSet<_> = packet.parts.iter().map(|part| part.period).collect();
        report.periods = periods.into_iter().map(|period| period.to_string()).collect();
    }
    // What is in the book need not wait any more; a file that could not be read stays where somebody can look at it.
    for path in spooled {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        // A file of a ZIP has the ZIP's name before its own.
        let is_of_it = |file: &str| file.strip_prefix(&name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let readable = |file: &FileReport| is_of_it(&file.file) && file.error.is_none();
        if report.files.iter().any(readable) {
            std::fs::remove_file(&path)
                .map_err(|e| Failure::input("claim_file_unreadable", format!("{}: {e}", path.display())))?;
            claims::forget_noted(&book, &path);
        }
    }
    drop(lock);
    report.sum();
    output::print(environment.json, &report, || words(&report))?;
    if let [only] = report.files.as_slice()
        && let Some(error) = &only.error
    {
        let mut failure = Failure::input("claim_file_other_kind", format!("{}: {error}", only.file));
        failure.remedy = "Chọn tệp XML theo Quyết định 130, 4750 hoặc 3176.".into();
        return Err(failure);
    }
    let odd = |file: &FileReport| file.error.is_some() || file.refused > 0 || file.declared.is_some_and(|n| n != file.read);
    Ok(ExitCode::from(u8::from(report.files.iter().any(odd))))
}

impl Report {
    fn sum(&mut self) {
        let claims: Vec<&FileReport> = self.files.iter().filter(|file| !file.known && file.error.is_none()).collect();
        self.declared = claims.iter().map(|file| file.declared).sum::<Option<u64>>().filter(|_| !claims.is_empty());
        self.read = claims.iter().map(|file| file.read).sum();
        self.stored = claims.iter().map(|file| file.stored).sum();
        self.refused = claims.iter().map(|file| file.refused).sum();
    }
}

fn file(outcome: &FileOutcome) -> FileReport {
    FileReport {
        file: outcome.name.clone(),
        kind: outcome.kind.map(super::check::kind),
        declared: outcome.ended.declared,
        read: u64::from(outcome.ended.read),
        stored: u64::from(outcome.kept),
        refused: outcome.refused.len() as u64,
        known: false,
        signature: outcome.signature.as_ref().map(Signature::code),
        signature_covers: outcome.signature.as_ref().and_then(Signature::covered).map(Covered::code),
        error: outcome.failure.as_ref().map(ToString::to_string),
    }
}

fn known(path: &std::path::Path) -> FileReport {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    FileReport {
        file: name,
        kind: None,
        declared: None,
        read: 0,
        stored: 0,
        refused: 0,
        known: true,
        signature: None,
        signature_covers: None,
        error: None,
    }
}

fn words(report: &Report) -> String {
    let mut lines = Vec::new();
    for file in &report.files {
        lines.push(match (&file.error, file.known) {
            (Some(error), _) => format!("{}: không đọc: {error}", file.file),
            (None, true) => format!("{}: đã có trong sổ, không nhận lại", file.file),
            (None, false) => {
                let declared = match file.declared {
                    Some(n) if n != file.read => format!("; tệp khai {n} hồ sơ, KHÁC số đọc được"),
                    Some(n) => format!("; tệp khai {n}"),
                    None => String::new(),
                };
                let signature =
                    if file.signature == Some("wrong") { "; chữ ký SAI, hồ sơ vẫn được nhận" } else { "" };
                let (read, stored, refused) = (file.read, file.stored, file.refused);
                format!("{}: {read} hồ sơ = nhận {stored} + trả lại {refused}{declared}{signature}", file.file)
            }
        });
    }
    if let Some(packet) = &report.packet {
        lines.push(format!(
            "Gói {packet}: nhận {} hồ sơ, trả lại {}; kỳ {}",
            report.stored,
            report.refused,
            report.periods.join(", ")
        ));
    }
    if let Some(path) = &report.rejects_file {
        lines.push(format!("Hồ sơ bị trả lại và lý do: {path}{}", sealed::hint(path)));
    }
    lines.join("\n")
}
