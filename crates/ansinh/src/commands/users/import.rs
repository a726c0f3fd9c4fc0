//! `ansinh users import FILE --codes OUT`: many users at once. All lines are checked before the first one is written.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use desk::Desk;
use serde::Deserialize;
use serde_json::json;

use super::{Given, communes, put};
use crate::commands::Environment;
use crate::failure::Failure;
use crate::output;
use crate::workshop::Workshop;

/// A line of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    label: String,
    role: String,
    unit: String,
    unit_name: String,
    unit_kind: String,
    communes: String,
    login: String,
    #[serde(default)]
    subject: String,
}

/// Runs the command.
pub(super) async fn run(
    environment: &Environment,
    desk: &Desk,
    shop: &Workshop,
    file: &Path,
    codes: &Path,
) -> Result<(), Failure> {
    let lines = read(environment, shop, file)?;
    let mut out = private_file(codes)?;
    let failed = |e: std::io::Error| Failure::input("codes_unwritable", format!("{}: {e}", codes.display()));
    writeln!(out, "id,login,code").map_err(failed)?;
    let mut given_codes = 0;
    for (line, given) in &lines {
        let place = |failure: Failure| Failure { place: format!("{}, dòng {line}", file.display()), ..failure };
        if let Some(code) = put(environment, desk, shop, given).await.map_err(place)? {
            writeln!(out, "{},{},{}", given.id, code.login, code.code).map_err(failed)?;
            given_codes += 1;
        }
    }
    out.sync_all().map_err(failed)?;
    output::print(
        environment.json,
        &json!({ "users": lines.len(), "codes": given_codes, "file": codes.display().to_string() }),
        || {
            format!(
                "Đã ghi {} người dùng; {given_codes} mã dùng một lần trong {}. Trao từng mã rồi xóa tệp.",
                lines.len(),
                codes.display()
            )
        },
    )
}

fn read(environment: &Environment, shop: &Workshop, file: &Path) -> Result<Vec<(u64, Given)>, Failure> {
    let wrong = |what: String| Failure::input("users_file", format!("{}: {what}", file.display()));
    let mut reader = csv::Reader::from_path(file).map_err(|e| wrong(e.to_string()))?;
    let mut lines: Vec<(u64, Given)> = Vec::new();
    for record in reader.deserialize::<Line>() {
        let line = record.map_err(|e| wrong(e.to_string()))?;
        let at = lines.len() as u64 + 2;
        let known = |column: &str, good: bool| {
            if good { Ok(()) } else { Err(wrong(format!("dòng {at}, cột {column}: không dùng được"))) }
        };
        known("role", desk::role_from_word(&line.role).is_some_and(base::Role::is_of_a_person))?;
        known("unit_kind", desk::UnitKind::from_word(&line.unit_kind).is_some())?;
        known("unit_name", !line.unit_name.trim().is_empty())?;
        known("label", !line.label.trim().is_empty())?;
        known("communes", communes(shop, &line.communes).is_ok())?;
        known("id", !lines.iter().any(|(_, other)| other.id == line.id))?;
        lines.push((
            at,
            Given {
                id: line.id,
                label: line.label,
                role: line.role,
                unit: line.unit,
                unit_name: line.unit_name,
                unit_kind: line.unit_kind,
                communes: line.communes,
                login: Some(line.login).filter(|login| !login.trim().is_empty()),
                subject: Some(line.subject).filter(|subject| !subject.trim().is_empty()),
                from: None,
                to: None,
            },
        ));
    }
    if lines.iter().any(|(_, given)| given.subject.is_some()) {
        super::provider::needed(environment)?;
    }
    if lines.is_empty() { Err(wrong("không có dòng nào".into())) } else { Ok(lines) }
}

/// A new file only its owner reads.
fn private_file(path: &Path) -> Result<std::fs::File, Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|e| Failure::input("codes_unwritable", format!("{}: {e}", path.display())))
}
