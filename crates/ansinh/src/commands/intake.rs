//! `ansinh intake ROSTER FILE… --period P`.

use std::path::PathBuf;
use std::process::ExitCode;

use base::{Month, Scope};
use book::{Book, BookError, RowChanges, replaced_by};
use chapter::{Meaning, Received, Receiver, stored_event};
use intake::Limits;
use serde::Serialize;

use super::Environment;
use crate::failure::Failure;
use crate::output;
use crate::sealed;
use crate::workshop::{Workshop, lock, open_book};

/// What `intake` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Loại danh sách (population, bhyt_card, pupils, …; tên sai thì lệnh liệt kê các loại), hoặc `auto`
    roster: String,
    /// Tệp XLSX, CSV, Parquet, hoặc ZIP gồm các tệp XLSX, CSV
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Kỳ của danh sách, dạng YYYY-MM
    #[arg(long)]
    period: Month,
    /// Lô (hoặc tên tệp) đã nhận mà tệp này thay thế; chỉ dùng với một tệp, nhắc lại được nếu thay nhiều lô
    #[arg(long, value_name = "LÔ|TÊN_TỆP")]
    replace: Vec<String>,
    /// Lô có các dòng bị trả lại mà tệp này đã sửa (theo cột “Dòng gốc”)
    #[arg(long, value_name = "LÔ")]
    mends: Option<String>,
}

#[derive(Debug, Serialize)]
struct Report {
    declared: Option<u64>,
    read: u64,
    stored: u64,
    quarantined: u64,
    batch: String,
    rejects_file: Option<String>,
    known: bool,
    files: Vec<FileReport>,
}

#[derive(Debug, Serialize)]
struct FileReport {
    file: String,
    roster: String,
    batch: String,
    declared: Option<u64>,
    read: u64,
    stored: u64,
    quarantined: u64,
    unknown_columns: Vec<String>,
    agreed: Option<book::AgreedBatch>,
    rejects_file: Option<String>,
    known: bool,
    replaces: Vec<ReplacedReport>,
    replaced_by: Option<String>,
    mended: Option<MendedReport>,
}

/// Refused rows of an earlier batch that are stored now.
#[derive(Debug, Serialize)]
struct MendedReport {
    batch: String,
    rows: u64,
}

/// A batch that no longer counts, and how its rows differ from the file that stands for it.
#[derive(Debug, Serialize)]
struct ReplacedReport {
    batch: String,
    #[serde(flatten)]
    changes: RowChanges,
}

/// Runs the command. Exit code 1 when rows were refused.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let shop = Workshop::open(&environment.config.overlays())?;
    let roster = Some(arguments.roster.as_str()).filter(|r| *r != "auto");
    if let Some(name) = roster
        && !shop.layouts.rosters().contains(&name)
    {
        let known = shop.layouts.rosters().join(", ");
        return Err(Failure::usage(format!("không có loại danh sách `{name}`; đang có: {known}, hoặc auto")));
    }
    let about_one = !arguments.replace.is_empty() || arguments.mends.is_some();
    if about_one && arguments.files.len() != 1 {
        return Err(Failure::usage("--replace và --mends chỉ dùng khi nhận đúng một tệp"));
    }
    let book = open_book(&environment.config)?;
    let _lock = lock(&book)?;
    let runtime = super::run::runtime()?;
    let desk = super::run::open_desk(environment, &runtime)?;
    let limits = Limits::default();
    let agreements = super::run::agreements(&runtime, &desk)?;
    let receiver = Receiver::new(&book, &shop.layouts, &agreements, &shop.places, &limits, arguments.period);
    let meaning = Meaning { roster, replaces: &arguments.replace, mends: arguments.mends.as_deref() };
    let mut files = Vec::new();
    for path in &arguments.files {
        for received in receiver.file(path, &meaning).map_err(|error| Failure::from(error).in_file(path))? {
            runtime.block_on(desk.audit_read(&Scope::system(), stored_event(received.batch())))?;
            files.push(file_report(&book, &received)?);
        }
    }
    runtime.block_on(desk.seal())?;
    runtime.block_on(desk.close());
    let sum = |of: fn(&FileReport) -> u64| files.iter().map(of).sum();
    let report = Report {
        declared: files.iter().map(|f| f.declared).sum(),
        read: sum(|f| f.read),
        stored: sum(|f| f.stored),
        quarantined: sum(|f| f.quarantined),
        batch: files.first().map(|f| f.batch.clone()).unwrap_or_default(),
        rejects_file: files.iter().find_map(|f| f.rejects_file.clone()),
        known: files.iter().all(|f| f.known),
        files,
    };
    output::print(environment.json, &report, || words(&report))?;
    Ok(ExitCode::from(u8::from(report.quarantined > 0)))
}

fn file_report(book: &Book, received: &Received) -> Result<FileReport, BookError> {
    let batch = received.batch();
    let all = book.all_batches(batch.period)?;
    let replaced = |r: &book::Replaced| ReplacedReport { batch: r.batch.clone(), changes: r.changes };
    Ok(FileReport {
        file: batch.file_name.clone(),
        roster: batch.roster.clone(),
        batch: batch.id.clone(),
        declared: batch.declared,
        read: batch.read,
        stored: batch.stored,
        quarantined: batch.quarantined,
        unknown_columns: batch.unknown_columns.clone(),
        agreed: batch.agreed.clone(),
        rejects_file: (batch.quarantined > 0).then(|| book.rejects_path(batch).display().to_string()),
        known: matches!(received, Received::Known(_)),
        replaces: batch.replaces.iter().map(replaced).collect(),
        replaced_by: replaced_by(&all, &batch.id).map(|b| b.id.clone()),
        mended: batch.mends.as_ref().map(|m| MendedReport { batch: m.batch.clone(), rows: m.rows.len() as u64 }),
    })
}

fn words(report: &Report) -> String {
    let mut lines = Vec::new();
    for file in &report.files {
        let known = if file.known { " (đã nhận trước đây, không thay đổi gì)" } else { "" };
        lines.push(format!("{}: {} dòng = lưu {} + trả lại {}{known}", file.file, file.read, file.stored, file.quarantined));
        if !file.unknown_columns.is_empty() {
            lines.push(format!("  cột không dùng, đã bỏ: {}", file.unknown_columns.join(", ")));
        }
        match &file.agreed {
            None => lines.push("  chưa có thỏa thuận chia sẻ dữ liệu về danh sách này".to_owned()),
            Some(agreed) => {
                let numbers: Vec<&str> = agreed.agreements.iter().map(|a| a.number.as_str()).collect();
                lines.push(format!("  nhận theo thỏa thuận: {}", numbers.join("; ")));
                let dropped = agreed.dropped.iter().map(|(header, cells)| format!("{header} ({cells} ô)")).collect::<Vec<_>>();
                if !dropped.is_empty() {
                    lines.push(format!("  cột ngoài thỏa thuận, đã bỏ: {}", dropped.join(", ")));
                }
            }
        }
        for old in &file.replaces {
            let c = &old.changes;
            lines.push(format!(
                "  thay lô {}: {} dòng cũ, {} dòng mới; giữ nguyên {}, đổi {}, thêm {}, bỏ {}",
                old.batch, c.before, c.after, c.same, c.changed, c.added, c.gone
            ));
        }
        lines.extend(file.mended.as_ref().map(|m| format!("  đã sửa {} dòng bị trả lại của lô {}", m.rows, m.batch)));
        lines.extend(file.replaced_by.as_ref().map(|b| format!("  nội dung này đã được thay bằng lô {b}, không còn được dùng")));
        lines.extend(file.rejects_file.as_ref().map(|f| format!("  dòng trả lại kèm lý do: {f}{}", sealed::hint(f))));
    }
    lines.join("\n")
}
