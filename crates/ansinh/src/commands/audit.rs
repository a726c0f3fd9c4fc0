//! `ansinh audit verify`: whether the log of who saw what is whole.

use std::process::ExitCode;

use super::Environment;
use crate::failure::Failure;
use crate::output;

/// What `audit` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Kiểm tra từng sự kiện, khoảng trống và chuỗi niêm phong
    Verify,
}

/// Runs the command. Exit code 1 when the log is not whole.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let What::Verify = arguments.what;
    let runtime = super::run::runtime()?;
    let desk = super::run::open_desk(environment, &runtime)?;
    let report = runtime.block_on(desk.verify_audit())?;
    runtime.block_on(desk.close());
    output::print(environment.json, &report, || {
        let whole = if report.is_whole() { "nguyên vẹn" } else { "KHÔNG nguyên vẹn" };
        format!(
            "Nhật ký {whole}: {} sự kiện, {} lần niêm phong, {} sự kiện chưa niêm phong.",
            report.events, report.batches, report.unsealed
        )
    })?;
    Ok(ExitCode::from(u8::from(!report.is_whole())))
}
