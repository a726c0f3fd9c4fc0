//! `ansinh privacy`: what is written down about personal data.

mod agreement;
mod report;
mod retain;

use std::path::PathBuf;
use std::process::ExitCode;

use super::Environment;
use crate::failure::Failure;

/// What `privacy` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Thỏa thuận chia sẻ dữ liệu giữa các cơ quan: add, list, end
    Agreement {
        #[command(subcommand)]
        what: agreement::What,
    },
    /// Hết thời hạn lưu: theo quyết định, nhật ký không còn cho biết sự kiện cũ là về ai
    Retain {
        /// Ngày tính, dạng YYYY-MM-DD
        #[arg(long)]
        as_of: base::Date,
        /// Số tháng lưu
        #[arg(long)]
        months: u32,
        /// Số, ký hiệu, ngày của quyết định
        #[arg(long, required_unless_present = "dry_run")]
        decision: Option<String>,
        /// Chỉ đếm, không xóa
        #[arg(long)]
        dry_run: bool,
    },
    /// Sổ đăng ký hoạt động xử lý và hồ sơ đánh giá tác động xử lý dữ liệu cá nhân
    Report {
        /// Tệp ra: .docx, .xlsx hoặc .md; không ghi đè tệp có sẵn
        #[arg(long)]
        out: PathBuf,
        /// Ngôn ngữ: vi hoặc en
        #[arg(long, default_value = "vi")]
        lang: String,
    },
}

/// Runs the command.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.what {
        What::Agreement { what } => agreement::run(environment, what),
        What::Retain { as_of, months, decision, dry_run } => {
            retain::run(environment, *as_of, *months, decision.as_deref().filter(|_| !dry_run))
        }
        What::Report { out, lang } => report::run(environment, out, lang),
    }
}
