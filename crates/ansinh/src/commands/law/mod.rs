//! `ansinh law list|show|calc|test`.

mod calc;
mod parameters;
mod test;

use std::path::PathBuf;
use std::process::ExitCode;

use base::Date;

use super::Environment;
use crate::failure::Failure;

/// What `law` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Thư mục thay đổi đặt chồng lên luật, ví dụ dự thảo cần thử
    #[arg(long, global = true, value_name = "DIR")]
    reform: Option<PathBuf>,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Liệt kê các tham số
    List {
        /// Chỉ các tham số có giá trị còn nghi vấn
        #[arg(long)]
        doubtful: bool,
        /// Chỉ các tham số thay đổi từ ngày này
        #[arg(long, value_name = "DATE")]
        changed_since: Option<Date>,
    },
    /// Giá trị của một tham số vào một ngày, hoặc mọi giá trị của tham số
    Show {
        /// Khóa, ví dụ bhyt.break_days; phần cuối của khóa cũng đủ nếu chỉ một tham số có
        key: String,
        /// Ngày, dạng YYYY-MM-DD; không có thì in mọi giá trị
        #[arg(long)]
        on: Option<Date>,
        /// Giá trị chọn, ví dụ vùng I
        #[arg(long)]
        selector: Option<String>,
    },
    /// Tính theo luật; mỗi bước kèm tham số, ngày và điều luật
    Calc(calc::Arguments),
    /// Chạy mọi ca trong cases/law
    Test,
    /// Xuất mọi tham số theo bố cục của OpenFisca
    Export {
        /// Thư mục ra
        #[arg(long, value_name = "DIR")]
        openfisca: PathBuf,
    },
    /// In một tham số của OpenFisca theo bố cục của An Sinh, để xem lại rồi đặt vào law/
    Import {
        /// Tệp YAML theo bố cục của OpenFisca
        #[arg(long, value_name = "FILE")]
        openfisca: PathBuf,
        /// Khóa của tham số, ví dụ bhyt.rate
        #[arg(long)]
        key: String,
    },
}

/// Runs the command. `test` ends with exit code 1 when a case fails.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let content = crate::content::with_reform(&environment.config.overlays(), arguments.reform.as_deref())?;
    let law = law::Law::load(content.under("law")).map_err(|e| Failure::of(&e, 3))?;
    match &arguments.what {
        What::Show { key, on, selector } => parameters::show(environment.json, &law, key, *on, selector.as_deref()),
        What::List { doubtful, changed_since } => parameters::list(environment.json, &law, *doubtful, *changed_since),
        What::Calc(arguments) => calc::run(environment.json, &law, arguments),
        What::Export { openfisca } => parameters::export(environment.json, &law, openfisca),
        What::Import { openfisca, key } => parameters::import(environment.json, openfisca, key),
        What::Test => test::run(environment.json, &law, &content),
    }
}
