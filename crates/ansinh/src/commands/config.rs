//! `ansinh config`: settings in effect and where each came from, and whether the book lies sealed.

use std::process::ExitCode;

use super::Environment;
use crate::failure::Failure;
use crate::output;
use crate::sealed;

/// Runs the command.
pub fn run(environment: &Environment) -> Result<ExitCode, Failure> {
    let shown = environment.config.shown();
    // A key file that cannot be read is told beside the settings, which are what one looks at then.
    let book = sealed::report(&environment.config);
    let mut record = serde_json::to_value(&shown).map_err(|e| Failure::internal(e.to_string()))?;
    match &book {
        Ok(Some(report)) => record["book"] = serde_json::json!(report),
        Ok(None) => {}
        Err(failure) => record["book"] = serde_json::json!({ "error": failure }),
    }
    output::print(environment.json, &record, || {
        let line = |(name, setting): (&&str, &crate::config::Setting)| format!("{name} = {} ({})", setting.value, setting.source);
        let mut lines: Vec<String> = shown.0.iter().map(line).collect();
        match &book {
            Ok(report) => lines.extend(report.as_ref().map(sealed::words)),
            Err(failure) => lines.push(format!("Sổ: {} {}", failure.message, failure.remedy)),
        }
        lines.join("\n")
    })?;
    Ok(ExitCode::SUCCESS)
}
