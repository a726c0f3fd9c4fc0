//! `ansinh desk migrate|backup|restore|check`: the operational store as a whole.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use base::Scope;
use book::SealReport;
use desk::{AuditAction, Desk, DeskError, IdSource, KeyRing, LostReference, RandomIds, ReadEvent, StoreReport, TableReport};

use super::Environment;
use super::run::{clock, open_desk, runtime};
use crate::failure::Failure;
use crate::output;
use crate::sealed;
use crate::workshop::open_book;

/// What `desk` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Đưa các bảng lên bước mới nhất
    Migrate,
    /// Ghi toàn bộ kho vào một tệp; dùng được cho cả SQLite và PostgreSQL
    Backup {
        /// Tệp ra; không ghi đè tệp có sẵn
        file: PathBuf,
    },
    /// Khôi phục một bản sao lưu vào kho còn trống (SQLite hoặc PostgreSQL)
    Restore {
        /// Tệp do `desk backup` ghi
        file: PathBuf,
    },
    /// Tệp khóa (--keys, ANSINH_KEYS): new, rotate, check, open
    Keys {
        #[command(subcommand)]
        what: Keys,
    },
    /// Kiểm tra toàn bộ kho: bước nâng cấp, tham chiếu, hỏng hóc, hàng rào, nhật ký
    Check,
}

#[derive(Debug, clap::Subcommand)]
enum Keys {
    /// Tạo tệp khóa với một khóa mới; không ghi đè tệp có sẵn
    New,
    /// Thêm khóa mới vào đầu tệp khóa và bọc lại mọi khóa dữ liệu của kho bằng khóa ấy; tệp của sổ vẫn cần khóa cũ
    Rotate,
    /// Mở thử mọi khóa dữ liệu; đếm các tệp đã mã hóa của sổ
    Check,
    /// Mở một tệp đã mã hóa của sổ ra một tệp thường, ví dụ tệp dòng trả lại
    Open {
        /// Tệp nằm trong sổ
        file: PathBuf,
        /// Tệp ra; không ghi đè tệp có sẵn
        #[arg(long)]
        out: PathBuf,
    },
}

/// Runs the command. `check` ends with 1 when something does not agree.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.what {
        What::Migrate => migrate(environment),
        What::Backup { file } => backup(environment, file),
        What::Restore { file } => restore(environment, file),
        What::Keys { what: Keys::Open { file, out } } => open_file(environment, file, out),
        What::Keys { what } => keys(environment, what),
        What::Check => check(environment),
    }
}

fn migrate(environment: &Environment) -> Result<ExitCode, Failure> {
    let runtime = runtime()?;
    let desk = open_desk(environment, &runtime)?;
    let applied = desk.steps_applied();
    runtime.block_on(desk.close());
    output::print(environment.json, &serde_json::json!({ "schema": 1, "applied": applied }), || match applied {
        0 => "Các bảng đã ở bước mới nhất.".to_owned(),
        n => format!("Đã áp dụng {n} bước."),
    })?;
    Ok(ExitCode::SUCCESS)
}

fn backup(environment: &Environment, file: &Path) -> Result<ExitCode, Failure> {
    let runtime = runtime()?;
    let desk = open_desk(environment, &runtime)?;
    let report = runtime.block_on(desk.backup(file))?;
    runtime.block_on(desk.close());
    output::print(environment.json, &serde_json::json!({ "schema": 1, "backup": report }), || {
        let head = format!("Đã sao lưu {} dòng vào {} (nội dung {}).", report.rows, file.display(), &report.content[..16]);
        head + &lines(&report.tables)
    })?;
    Ok(ExitCode::SUCCESS)
}

fn restore(environment: &Environment, file: &Path) -> Result<ExitCode, Failure> {
    let runtime = runtime()?;
    let place = environment.config.desk()?;
    let keys = super::run::keys(environment)?;
    let restored = Desk::restore_with_keys(&place, clock(), Arc::new(RandomIds::new()), file, keys);
    let (desk, report) = runtime.block_on(restored)?;
    runtime.block_on(desk.close());
    output::print(environment.json, &serde_json::json!({ "schema": 1, "restored": report }), || {
        let head = format!("Đã khôi phục {} dòng (nội dung {}).", report.rows, &report.content[..16]);
        head + &lines(&report.tables)
    })?;
    Ok(ExitCode::SUCCESS)
}

/// `desk keys`: exit code 1 when a data key does not open, or a key of the book is not there.
fn keys(environment: &Environment, what: &Keys) -> Result<ExitCode, Failure> {
    let path = environment.config.keys().ok_or(DeskError::NoKeys)?;
    let random = || RandomIds::new().secret();
    let mut added = None;
    match what {
        Keys::New if path.exists() => {
            return Err(Failure::usage(format!(
                "đã có tệp khóa {}; thêm khóa mới bằng: ansinh desk keys rotate",
                path.display()
            )));
        }
        // Refuses a missing file by itself: a mistyped path must not begin a new key file.
        Keys::Rotate => drop(KeyRing::load(&path)?),
        Keys::New | Keys::Check | Keys::Open { .. } => {}
    }
    if matches!(what, Keys::New | Keys::Rotate) {
        added = Some(KeyRing::add(&path, random()?)?);
    }
    let runtime = runtime()?;
    let desk = open_desk(environment, &runtime)?;
    let wrapped = match what {
        Keys::Rotate => runtime.block_on(desk.rotate_keys())?,
        Keys::New | Keys::Check | Keys::Open { .. } => 0,
    };
    let report = runtime.block_on(desk.check_keys())?;
    runtime.block_on(desk.close());
    let book = sealed::report(&environment.config)?;
    let json = serde_json::json!({ "schema": 1, "added": added, "wrapped": wrapped, "keys": report, "book": book });
    output::print(environment.json, &json, || {
        let mut text =
            added.map(|id| format!("Đã thêm khóa {id}; giữ tệp {} ở nơi khác kho.\n", path.display())).unwrap_or_default();
        text += &format!(
            "{} khóa dữ liệu; {} bọc lại; {} bằng khóa cũ; {} không mở được.",
            report.data_keys, wrapped, report.older, report.lost
        );
        text + &book.as_ref().map(|book| format!("\n{}", sealed::words(book))).unwrap_or_default()
    })?;
    Ok(ExitCode::from(u8::from(report.lost > 0 || has_lost(&book))))
}

fn has_lost(book: &Option<SealReport>) -> bool {
    book.as_ref().is_some_and(|book| book.lost > 0)
}

/// `desk keys open`: what is taken out is an event first, as every export.
fn open_file(environment: &Environment, file: &Path, out: &Path) -> Result<ExitCode, Failure> {
    let unreadable = |e: std::io::Error| Failure::input("file_unreadable", format!("{}: {e}", file.display()));
    let book = open_book(&environment.config)?;
    let (root, full) = (book.root().canonicalize().map_err(unreadable)?, file.canonicalize().map_err(unreadable)?);
    let within = full.strip_prefix(&root).map_err(|_| Failure::usage(format!("{} không nằm trong sổ", file.display())))?;
    let opened = book.file_at(&book.root().join(within)).open()?;
    let runtime = runtime()?;
    let desk = open_desk(environment, &runtime)?;
    let bytes = opened.length();
    let event =
        ReadEvent::new(AuditAction::Export, "book_file").count("kb", i64::try_from(bytes.div_ceil(1024)).unwrap_or(i64::MAX));
    runtime.block_on(desk.audit_read(&Scope::system(), event))?;
    runtime.block_on(desk.seal())?;
    runtime.block_on(desk.close());
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut target = options.open(out).map_err(|e| Failure::input("not_written", format!("{}: {e}", out.display())))?;
    let copied = std::io::copy(&mut opened.reader(), &mut target).and_then(|_| target.sync_all());
    if let Err(error) = copied {
        // Half of a file must not be taken for the whole.
        let _ = std::fs::remove_file(out);
        return Err(Failure::input("not_written", format!("{}: {error}", out.display())));
    }
    output::print(environment.json, &serde_json::json!({ "schema": 1, "bytes": bytes }), || {
        format!("Đã mở {bytes} byte ra {}. Tệp này không còn được mã hóa: dùng xong thì xóa.", out.display())
    })?;
    Ok(ExitCode::SUCCESS)
}

fn check(environment: &Environment) -> Result<ExitCode, Failure> {
    let runtime = runtime()?;
    let desk = open_desk(environment, &runtime)?;
    let report = runtime.block_on(desk.check())?;
    runtime.block_on(desk.close());
    let book = sealed::report(&environment.config)?;
    let whole = report.is_whole() && !has_lost(&book);
    let json = serde_json::json!({ "schema": 1, "whole": whole, "check": report, "book": book });
    output::print(environment.json, &json, || {
        words(&report) + &book.as_ref().map(|book| format!("\n{}", sealed::words(book))).unwrap_or_default()
    })?;
    Ok(ExitCode::from(u8::from(!whole)))
}

fn words(report: &StoreReport) -> String {
    let mut text = if report.is_whole() { "Kho nguyên vẹn." } else { "Kho KHÔNG nguyên vẹn." }.to_owned();
    for step in &report.wrong_steps {
        text.push_str(&format!("\n  bước nâng cấp khác với chương trình: {step}"));
    }
    for lost in &report.lost_references {
        let LostReference { from, columns, to, rows } = lost;
        text.push_str(&format!("\n  {rows} dòng của {from} ({}) trỏ tới {to} không còn", columns.join(", ")));
    }
    for damage in &report.damage {
        text.push_str(&format!("\n  cơ sở dữ liệu báo: {damage}"));
    }
    for table in &report.unguarded {
        text.push_str(&format!("\n  bảng không có hàng rào theo phạm vi: {table}"));
    }
    if report.wrong_counts > 0 {
        text.push_str(&format!(
            "\n  {} nhóm hồ sơ có số đếm không khớp; sao lưu rồi khôi phục vào kho trống sẽ đếm lại",
            report.wrong_counts
        ));
    }
    if !report.audit.is_whole() {
        text.push_str("\n  nhật ký không nguyên vẹn; xem: ansinh audit verify");
    }
    text + &lines(&report.tables)
}

fn lines(tables: &[TableReport]) -> String {
    tables.iter().map(|table| format!("\n  {}: {} dòng, {}", table.table, table.rows, &table.hash[..16])).collect()
}
