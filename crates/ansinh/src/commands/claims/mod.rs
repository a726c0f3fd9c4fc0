//! `ansinh claims check` and `ansinh claims import`.

mod catalogues;
mod check;
mod import;
mod sheet;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use super::Environment;
use crate::failure::Failure;

/// What `claims` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Kiểm tra hồ sơ đề nghị thanh toán trước khi gửi: tệp XML, ZIP hoặc thư mục; không cần mạng, không gửi gì đi đâu
    Check(Check),
    /// Nhận hồ sơ đề nghị thanh toán vào sổ: tệp XML, ZIP hoặc thư mục; gửi lại một hồ sơ thì bản sau thay bản trước và lịch sử vẫn còn
    Import(Import),
}

/// What `claims import` is told.
#[derive(Debug, Clone, clap::Args)]
pub struct Import {
    /// Tệp XML theo Quyết định 130, 4750, 3176; tệp ZIP; hoặc thư mục
    #[arg(value_name = "FILE|DIR", required_unless_present = "waiting")]
    paths: Vec<PathBuf>,
    /// Nhận cả các tệp mà phần mềm bệnh viện đã gửi tới và đang đợi
    #[arg(long)]
    waiting: bool,
}

/// What `claims check` is told.
#[derive(Debug, Clone, clap::Args)]
pub struct Check {
    /// Tệp XML theo Quyết định 130, 4750, 3176; tệp ZIP; hoặc thư mục
    #[arg(required = true, value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    /// Ghi bảng lỗi ra tệp XLSX: một trang cho hồ sơ bị trả lại, một trang cho phát hiện, một trang đếm theo khoa; với --watch, mỗi tệp hồ sơ một bảng lỗi bên cạnh
    #[arg(long, value_name = "FILE")]
    xlsx: Option<PathBuf>,
    /// Thư mục danh mục của cơ sở (XLSX, CSV theo mẫu 01/DM đến 06/DM, ICD-10, danh mục cơ sở): các quy tắc cần danh mục mới kiểm tra được
    #[arg(long, value_name = "DIR")]
    catalogues: Option<PathBuf>,
    /// Kiểm tra rồi đợi tệp mới trong thư mục, đến khi bấm Ctrl-C
    #[arg(long)]
    watch: bool,
}

/// Runs the command.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.what {
        What::Check(check) if check.watch => watch::run(environment, check),
        What::Check(check) => check::run(environment, check),
        What::Import(import) => import::run(environment, import),
    }
}
