//! What a command prints: one JSON object on standard output with `--json`, words otherwise.

use std::io::Write;
use std::process::ExitCode;

use serde::Serialize;

use crate::failure::Failure;

/// Prints a result: `human` for people, or the record as one JSON object with `schema: 1`.
pub fn print<T: Serialize>(json: bool, record: &T, human: impl FnOnce() -> String) -> Result<(), Failure> {
    if !json {
        let text = human();
        return if text.is_empty() { Ok(()) } else { line(&text) };
    }
    let mut value = serde_json::to_value(record).map_err(|e| Failure::internal(e.to_string()))?;
    if let Some(object) = value.as_object_mut() {
        object.insert("schema".into(), 1.into());
    }
    line(&value.to_string())
}

/// One line on standard output. Whoever reads it may have read enough and gone, as `head` does: that is no failure.
fn line(text: &str) -> Result<(), Failure> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::internal(error.to_string())),
        _ => Ok(()),
    }
}

/// Prints why a command failed and gives its exit code.
pub fn fail(json: bool, failure: &Failure) -> ExitCode {
    if json {
        println!("{}", serde_json::json!({ "schema": 1, "error": failure }));
    } else {
        eprintln!("Lỗi: {}", failure.message);
        if !failure.place.is_empty() && !failure.message.contains(&failure.place) {
            eprintln!("Chỗ:  {}", failure.place);
        }
        if !failure.remedy.is_empty() {
            eprintln!("Cách xử lý: {}", failure.remedy);
        }
    }
    ExitCode::from(failure.exit)
}
