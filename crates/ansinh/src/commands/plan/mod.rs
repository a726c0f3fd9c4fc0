//! `ansinh plan import|list|status|report`.

mod import;
pub(super) mod list;
mod report;
pub(super) mod status;

use std::path::PathBuf;
use std::process::ExitCode;

use base::Date;
use law::calc::Calendar;
use plan::rhythm::Window;

use super::Environment;
use crate::failure::Failure;

/// What `plan` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Đọc một kế hoạch (.txt, .docx, .xlsx) thành nhiệm vụ; nêu từng dòng chưa đọc được
    Import {
        /// Tệp kế hoạch
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Ghi kế hoạch thành tệp YAML theo plan/README.md
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        #[command(flatten)]
        days: Days,
    },
    /// Kế hoạch đang ở đâu: chín chỉ tiêu, từng nhiệm vụ với kỳ hạn và số liệu
    Status {
        /// Số liệu của kỳ này, dạng YYYY-MM (mặc định lần chạy mới nhất)
        #[arg(long)]
        period: Option<base::Month>,
        /// Tính đến ngày này (mặc định hôm nay)
        #[arg(long, value_name = "DATE")]
        on: Option<Date>,
    },
    /// Báo cáo kỳ thành tệp DOCX, PDF, XLSX hoặc ảnh tóm tắt: chỉ tiêu, nhiệm vụ, việc chậm, khó khăn, phụ lục; mỗi số có chú thích lần chạy
    Report(report::Arguments),
    /// Các kế hoạch đang dùng: nhiệm vụ, kỳ hạn, dữ liệu các cơ quan phải cung cấp
    List {
        #[command(flatten)]
        days: Days,
    },
}

/// For which days due dates are given.
#[derive(Debug, Clone, Copy, clap::Args)]
struct Days {
    /// Kỳ hạn từ ngày này (mặc định ngày đầu của kế hoạch)
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// Kỳ hạn đến ngày này (mặc định ngày cuối của kế hoạch)
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
    /// Ngày cuối của kỳ chạy đầu tiên: kỳ hạn trước ngày này được đánh dấu
    #[arg(long, value_name = "DATE")]
    first_run: Option<Date>,
}

impl Days {
    /// The days that were asked for, else those of the plan; `None` where neither says any.
    fn window(self, years: (Option<i32>, Option<i32>)) -> Result<Option<Window>, Failure> {
        let first = years.0.or(years.1).and_then(|year| Date::new(year, 1, 1).ok());
        let last = years.1.or(years.0).and_then(|year| Date::new(year, 12, 31).ok());
        let (Some(from), Some(to)) = (self.from.or(first), self.to.or(last)) else { return Ok(None) };
        if from > to {
            return Err(Failure::usage(format!("--from {from} sau --to {to}")));
        }
        // A plan of a generation: more would be days of nobody.
        if from.days_until(to) > 366 * 30 {
            return Err(Failure::usage("khoảng ngày dài quá 30 năm"));
        }
        Ok(Some(Window { from, to, first_run: self.first_run }))
    }
}

/// Runs the command. `import` ends with exit code 1 when lines were not read.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let content = crate::content::load(&environment.config.overlays())?;
    let law = law::Law::load(content.under("law")).map_err(|e| Failure::of(&e, 3))?;
    let calendar = Calendar::of(&law).map_err(|e| Failure::of(&e, 3))?;
    match &arguments.what {
        What::Import { file, out, days } => import::run(environment.json, file, out.as_deref(), *days, &calendar),
        What::List { days } => list::run(environment.json, &content, *days, &calendar),
        What::Status { period, on } => status::run(environment, *period, *on),
        What::Report(arguments) => report::run(environment, arguments),
    }
}

/// The plan that is followed: the first of the content folder; none where the folder has none.
pub(super) fn followed(content: &book::Content) -> Result<Option<followup::Followed>, Failure> {
    let Some((file, plan)) = list::load(content)?.into_iter().next() else { return Ok(None) };
    let id = file.trim_start_matches("plan/").trim_end_matches(".yaml");
    followup::Followed::load(id, plan, &content.under("plan")).map(Some).map_err(|e| Failure::of(&e, 3))
}

/// A day as people here write it.
fn shown(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), day.month_number(), day.year())
}
