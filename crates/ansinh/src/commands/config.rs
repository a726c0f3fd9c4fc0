//! `ansinh config`: settings in effect and where each came from.

use std::process::ExitCode;

use super::Environment;
use crate::failure::Failure;
use crate::output;

/// Runs the command.
pub fn run(environment: &Environment) -> Result<ExitCode, Failure> {
    let shown = environment.config.shown();
    output::print(environment.json, &shown, || {
        let line = |(name, setting): (&&str, &crate::config::Setting)| format!("{name} = {} ({})", setting.value, setting.source);
        shown.0.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(ExitCode::SUCCESS)
}
