//! `ansinh rules list|show|test|dry-run|manual`.

mod dry_run;
mod manual;

use std::path::PathBuf;
use std::process::ExitCode;

use base::Month;

use super::Environment;
use crate::failure::Failure;
use crate::output;
use crate::workshop::Workshop;

/// What `rules` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Liệt kê các quy tắc
    List,
    /// In một quy tắc
    Show {
        /// Mã quy tắc
        id: String,
    },
    /// Chạy các ca kiểm thử của mọi quy tắc và thử ép điều kiện
    Test,
    /// Soạn sổ tay quy tắc của một chương thành tệp Markdown, mỗi ngôn ngữ một tệp
    Manual {
        /// Chương: claims (giám định BHYT), coverage (bao phủ)
        #[arg(long, value_name = "CHƯƠNG")]
        chapter: String,
        /// Thư mục ghi tệp; chưa có thì được tạo, tệp có sẵn không bị ghi đè
        #[arg(long, value_name = "THƯ_MỤC")]
        out: PathBuf,
        /// vi hoặc en; bỏ trống thì cả hai
        #[arg(long, value_name = "NGÔN_NGỮ")]
        lang: Option<String>,
    },
    /// Chạy thử một quy tắc trên dữ liệu của lần chạy mới nhất, không ghi gì; dùng với --content để thử quy tắc đã sửa
    DryRun {
        /// Mã quy tắc
        id: String,
        /// Kỳ, dạng YYYY-MM; không có thì lần chạy mới nhất
        #[arg(long)]
        period: Option<Month>,
    },
}

/// Runs the command. `test` ends with exit code 1 when a case fails.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let shop = Workshop::open(&environment.config.overlays())?;
    match &arguments.what {
        What::List => {
            let list: Vec<_> = shop
                .rules
                .iter()
                .map(|r| serde_json::json!({ "id": r.id, "title": r.title.vi, "chapter": r.chapter, "reads": r.reads, "law": r.law }))
                .collect();
            output::print(environment.json, &serde_json::json!({ "rules": list }), || {
                shop.rules.iter().map(|r| format!("{}: {}", r.id, r.title.vi)).collect::<Vec<_>>().join("\n")
            })?;
        }
        What::Show { id } => {
            let rule = shop.rules.get(id).ok_or_else(|| Failure::usage(format!("không có quy tắc `{id}`")))?;
            let text = shop.content.under("rules").into_iter().find(|(path, _)| path.ends_with(&format!("/{}.md", rule.id)));
            let text = text.map(|(_, text)| text.to_owned()).unwrap_or_default();
            output::print(environment.json, &serde_json::json!({ "id": rule.id, "text": text }), || text.clone())?;
        }
        What::DryRun { id, period } => return dry_run::run(environment, &shop, id, *period),
        What::Test => {
            let report = rules::prove(&shop.rules, &shop.law, &shop.schemas);
            output::print(environment.json, &report, || {
                let mut text = format!("{} quy tắc, {} ca kiểm thử, {} lỗi", report.rules, report.cases, report.failed.len());
                for failure in &report.failed {
                    let case = failure.case.as_deref().unwrap_or("–");
                    text.push_str(&format!("\n  {} dòng {} ({case}): {}", failure.rule, failure.line, failure.what));
                }
                text
            })?;
            return Ok(ExitCode::from(u8::from(!report.failed.is_empty())));
        }
        What::Manual { chapter, out, lang } => return manual::run(environment, &shop, chapter, out, lang.as_deref()),
    }
    Ok(ExitCode::SUCCESS)
}
