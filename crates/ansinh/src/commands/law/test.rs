//! `ansinh law test`: every case of `cases/law`.

use std::process::ExitCode;

use book::Content;
use law::Law;
use law::calc::CaseFile;
use serde_json::json;

use crate::failure::Failure;
use crate::output;

/// Runs the cases of the content; exit code 1 when one fails.
pub fn run(json: bool, law: &Law, content: &Content) -> Result<ExitCode, Failure> {
    let mut cases = 0;
    let mut failed = Vec::new();
    for (path, text) in content.under("cases/law") {
        let file =
            CaseFile::read(&format!("cases/law/{path}"), text).map_err(|e| Failure::input("cases_refused", e.to_string()))?;
        cases += file.cases.len();
        failed.extend(file.run(law));
    }
    let lines: Vec<String> = failed.iter().map(ToString::to_string).collect();
    output::print(json, &json!({ "cases": cases, "failed": lines }), || {
        let mut text = format!("{cases} ca, {} không khớp", lines.len());
        for line in &lines {
            text.push_str(&format!("\n  {line}"));
        }
        text
    })?;
    Ok(ExitCode::from(u8::from(!failed.is_empty())))
}
