//! `ansinh law list|show|export|import`.

use std::path::Path;
use std::process::ExitCode;

use base::Date;
use law::{Confidence, Dated, Held, Law, Parameter};
use serde_json::json;

use crate::failure::Failure;
use crate::output;

/// Lists parameters: all, the doubtful ones, or those with a value from a day on.
pub fn list(json: bool, law: &Law, doubtful: bool, changed_since: Option<Date>) -> Result<ExitCode, Failure> {
    let mut lines = Vec::new();
    let mut parameters = Vec::new();
    for parameter in law.parameters() {
        let doubts: Vec<&Dated> = parameter.values.iter().filter(|dated| dated.confidence.is_doubtful()).collect();
        let changed: Vec<Date> = parameter.change_days().filter(|day| changed_since.is_some_and(|since| *day >= since)).collect();
        if (doubtful && doubts.is_empty()) || (changed_since.is_some() && changed.is_empty()) {
            continue;
        }
        let mut line = format!("{} ({}): {}", parameter.key, parameter.unit.as_str(), parameter.description.vi);
        for day in &changed {
            line.push_str(&format!("\n    thay đổi từ {day}"));
        }
        if doubtful {
            for dated in &doubts {
                let note = dated.note.as_deref().unwrap_or_default();
                line.push_str(&format!("\n    từ {} [{}] {note}", dated.from, dated.confidence));
            }
        } else if !doubts.is_empty() {
            line.push_str(&format!(" [{} giá trị còn nghi vấn]", doubts.len()));
        }
        lines.push(line);
        parameters.push(json!({
            "key": parameter.key, "unit": parameter.unit.as_str(), "doubtful": doubts.len(),
            "description": parameter.description.vi, "changes": changed,
        }));
    }
    let count = lines.len();
    output::print(json, &json!({ "parameters": parameters }), || format!("{}\n{count} tham số", lines.join("\n")))?;
    Ok(ExitCode::SUCCESS)
}

/// Shows a parameter on a day, or all its values.
pub fn show(json: bool, law: &Law, asked: &str, on: Option<Date>, selector: Option<&str>) -> Result<ExitCode, Failure> {
    let key = whole_key(law, asked);
    let Some(on) = on else {
        let parameter = law.known(&key)?;
        let history: Vec<_> = parameter.values.iter().map(|dated| of_dated(parameter, dated)).collect();
        let record = json!({
            "key": key, "unit": parameter.unit.as_str(), "description": parameter.description, "values": history,
            "selector": parameter.selector.as_ref().map(|s| json!({ "name": s.name, "values": s.values, "scale": s.scale })),
        });
        output::print(json, &record, || {
            let mut text = format!("{key} ({}): {}", parameter.unit.as_str(), parameter.description.vi);
            for dated in &parameter.values {
                text.push_str(&format!(
                    "\n  từ {} [{}] {}\n      {}",
                    dated.from,
                    dated.confidence,
                    written(parameter, dated),
                    dated.reference
                ));
                if let Some(note) = &dated.note {
                    text.push_str(&format!("\n      {note}"));
                }
            }
            text
        })?;
        return Ok(ExitCode::SUCCESS);
    };
    let shown = law.show(&key, on, selector)?;
    output::print(json, &shown, || {
        let without = if shown.confidence == Confidence::U { "chưa rõ [?]" } else { "đã bãi bỏ" };
        let value = shown.value.as_ref().map_or_else(|| without.to_owned(), ToString::to_string);
        let to = shown.to.map_or_else(|| "nay".to_owned(), |d| d.to_string());
        let doubt =
            if shown.confidence.is_doubtful() { "\nCòn nghi vấn: cần đối chiếu trước khi dùng." } else { "" };
        format!("{key} = {value} ({}), từ {} đến {to}\nCăn cứ: {}{doubt}", shown.unit.as_str(), shown.from, shown.reference)
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Writes every parameter in OpenFisca's layout below a folder.
pub fn export(json: bool, law: &Law, folder: &Path) -> Result<ExitCode, Failure> {
    let failed = |e: std::io::Error, path: &Path| Failure::input("export_unwritable", format!("{}: {e}", path.display()));
    let mut files = 0;
    for parameter in law.parameters() {
        let path = folder.join(format!("{}.yaml", parameter.key.replace('.', "/")));
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|e| failed(e, parent))?;
        }
        std::fs::write(&path, law::openfisca::export(parameter)).map_err(|e| failed(e, &path))?;
        files += 1;
    }
    output::print(json, &json!({ "files": files }), || format!("{files} tham số trong {}", folder.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a parameter of OpenFisca in our form.
pub fn import(json: bool, file: &Path, key: &str) -> Result<ExitCode, Failure> {
    let unreadable = |what: String| Failure::input("import_unreadable", format!("{}: {what}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|e| unreadable(e.to_string()))?;
    let ours = law::openfisca::import(key, &text).map_err(|e| unreadable(e.to_string()))?;
    output::print(json, &json!({ "key": key, "text": ours }), || ours.trim_end().to_owned())?;
    Ok(ExitCode::SUCCESS)
}

/// The key asked for; where only the last part was given and one parameter has it, that one.
fn whole_key(law: &Law, asked: &str) -> String {
    if law.parameter(asked).is_none() {
        let ending = format!(".{asked}");
        let mut found = law.parameters().filter(|p| p.key.ends_with(&ending));
        if let (Some(one), None) = (found.next(), found.next()) {
            return one.key.clone();
        }
    }
    asked.to_owned()
}

/// A dated value with the words of the selector.
fn written(parameter: &Parameter, dated: &Dated) -> String {
    let text = |value: &Option<law::Value>| value.as_ref().map_or_else(|| "–".to_owned(), ToString::to_string);
    match (&dated.held, &parameter.selector) {
        (Held::One(value), _) => text(value),
        (Held::Each(values), Some(selector)) => {
            let each = selector.values.iter().zip(values).map(|(word, value)| format!("{word}: {}", text(value)));
            each.collect::<Vec<_>>().join(", ")
        }
        (Held::Each(_), None) => String::new(),
    }
}

fn of_dated(parameter: &Parameter, dated: &Dated) -> serde_json::Value {
    let value = match (&dated.held, &parameter.selector) {
        (Held::Each(values), Some(selector)) => {
            json!(selector.values.iter().zip(values).collect::<std::collections::BTreeMap<_, _>>())
        }
        (Held::One(value), _) => json!(value),
        (Held::Each(_), None) => serde_json::Value::Null,
    };
    json!({
        "from": dated.from, "to": parameter.last_day(dated), "value": value, "reference": dated.reference,
        "confidence": dated.confidence, "note": dated.note,
    })
}
