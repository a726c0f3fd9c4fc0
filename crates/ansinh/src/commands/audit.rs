//! `ansinh audit verify`: whether the log of who saw what is whole.

use std::path::PathBuf;
use std::process::ExitCode;

use desk::{Broken, Seal};

use super::Environment;
use crate::failure::Failure;
use crate::output;
use crate::seals::Seals;

/// What `audit` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Kiểm tra từng sự kiện, khoảng trống, chuỗi niêm phong và các niêm phong giữ ngoài kho
    Verify,
}

/// Runs the command. Exit code 1 when the log is not whole.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let What::Verify = arguments.what;
    let runtime = super::run::runtime()?;
    let desk = super::run::open_desk(environment, &runtime)?;
    let kept = Seals::of(environment.config.seals()).all()?;
    let exported: Vec<Seal> = kept.iter().map(|(_, seal)| seal.clone()).collect();
    let report = runtime.block_on(desk.verify_audit_against(&exported))?;
    runtime.block_on(desk.close());
    output::print(environment.json, &report, || {
        let whole = if report.is_whole() { "nguyên vẹn" } else { "KHÔNG nguyên vẹn" };
        format!(
            "Nhật ký {whole}: {} sự kiện, {} lần niêm phong, {} sự kiện chưa niêm phong, đối chiếu {} niêm phong giữ ngoài kho.{}",
            report.events,
            report.batches,
            report.unsealed,
            report.exported,
            missing(report.broken.as_ref(), &kept)
        )
    })?;
    Ok(ExitCode::from(u8::from(!report.is_whole())))
}

/// Which kept seal the chain does not hold, and what that means.
fn missing(broken: Option<&Broken>, kept: &[(PathBuf, Seal)]) -> String {
    let Some(Broken::Exported { batch }) = broken else { return String::new() };
    let file = kept.iter().find(|(_, seal)| seal.batch == *batch).map(|(path, _)| path.display().to_string()).unwrap_or_default();
    format!(
        "\nNiêm phong trong {file} không có trong chuỗi: nhật ký đã được viết lại, hoặc kho được khôi phục từ bản sao lưu cũ hơn."
    )
}
