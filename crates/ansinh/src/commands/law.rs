//! `ansinh law list|show`.

use std::process::ExitCode;

use base::Date;

use super::Environment;
use crate::failure::Failure;
use crate::output;
use crate::workshop::Workshop;

/// What `law` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Liệt kê các tham số
    List {
        /// Chỉ các giá trị còn nghi vấn
        #[arg(long)]
        doubtful: bool,
    },
    /// Giá trị của một tham số vào một ngày
    Show {
        /// Khóa, ví dụ bhyt.break_days
        key: String,
        /// Ngày, dạng YYYY-MM-DD
        #[arg(long)]
        on: Date,
        /// Giá trị chọn, ví dụ vùng I
        #[arg(long)]
        selector: Option<String>,
    },
}

/// Runs the command.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let law = Workshop::open(environment.config.content().as_deref())?.law;
    match &arguments.what {
        What::Show { key, on, selector } => {
            let shown = law.show(key, *on, selector.as_deref())?;
            output::print(environment.json, &shown, || {
                let value = shown.value.as_ref().map_or_else(|| "đã bãi bỏ".to_owned(), ToString::to_string);
                let to = shown.to.map_or_else(|| "nay".to_owned(), |d| d.to_string());
                format!("{key} = {value} ({}), từ {} đến {to}\nCăn cứ: {}", shown.unit.as_str(), shown.from, shown.reference)
            })?;
        }
        What::List { doubtful } => {
            let mut lines = Vec::new();
            let mut parameters = Vec::new();
            for parameter in law.parameters() {
                let doubts = law.doubtful().filter(|(p, _)| p.key == parameter.key).count();
                if !*doubtful || doubts > 0 {
                    let mark = if doubts > 0 { format!(" [{doubts} giá trị còn nghi vấn]") } else { String::new() };
                    lines.push(format!("{} ({}): {}{mark}", parameter.key, parameter.unit.as_str(), parameter.description.vi));
                    parameters.push(serde_json::json!({
                        "key": parameter.key, "unit": parameter.unit.as_str(), "doubtful": doubts,
                        "description": parameter.description.vi,
                    }));
                }
            }
            output::print(environment.json, &serde_json::json!({ "parameters": parameters }), || lines.join("\n"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
