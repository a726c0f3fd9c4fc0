//! `ansinh rules manual`: the rules of a chapter (sổ tay quy tắc) as one document a language, made from the rules themselves.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base::Strength;
use law::Law;
use rules::{Bilingual, ParameterValue, Rule, SectionKey};
use serde::Serialize;
use web::{Lang, Locale};

use crate::commands::Environment;
use crate::failure::Failure;
use crate::output;
use crate::workshop::Workshop;

/// The strongest first, as the manual orders them.
const STRENGTHS: [Strength; 3] = [Strength::Absolute, Strength::Explain, Strength::Warn];

#[derive(Serialize)]
struct Record {
    chapter: String,
    rules: usize,
    files: Vec<FileRecord>,
}

#[derive(Serialize)]
struct FileRecord {
    lang: &'static str,
    file: String,
    bytes: usize,
}

/// Writes `quy-tac-CHAPTER.LANG.md` into a folder, for one language or both. A file that is there is not written over.
pub fn run(
    environment: &Environment,
    shop: &Workshop,
    chapter: &str,
    out: &Path,
    lang: Option<&str>,
) -> Result<ExitCode, Failure> {
    let langs = match lang {
        None => Lang::ALL.to_vec(),
        Some(tag) => vec![Lang::parse(tag).ok_or_else(|| Failure::usage("--lang là vi hoặc en"))?],
    };
    let mut rules: Vec<&Rule> = shop.rules.iter().filter(|rule| rule.chapter == chapter).collect();
    if rules.is_empty() {
        return Err(Failure::usage(format!("không có quy tắc nào của chương `{chapter}`; các chương: {}", chapters(shop))));
    }
    rules.sort_by(|a, b| (a.strength, &a.id).cmp(&(b.strength, &b.id)));
    let texts = shop.texts()?;
    let mut files: Vec<(Lang, PathBuf, String)> = Vec::new();
    for lang in langs {
        let path = out.join(format!("quy-tac-{chapter}.{}.md", lang.tag()));
        if path.exists() {
            return Err(Failure::usage(format!("đã có tệp {}; chọn thư mục khác", path.display())));
        }
        files.push((lang, path, manual(texts.lang(lang), chapter, &rules, &shop.law)?));
    }
    let unwritable = |path: &Path, e: &std::io::Error| Failure::input("file_unwritable", format!("{}: {e}", path.display()));
    std::fs::create_dir_all(out).map_err(|e| unwritable(out, &e))?;
    for (_, path, text) in &files {
        std::fs::write(path, text).map_err(|e| unwritable(path, &e))?;
    }
    let record = |(lang, path, text): &(Lang, PathBuf, String)| FileRecord {
        lang: lang.tag(),
        file: path.display().to_string(),
        bytes: text.len(),
    };
    let record = Record { chapter: chapter.to_owned(), rules: rules.len(), files: files.iter().map(record).collect() };
    output::print(environment.json, &record, || {
        let names: Vec<&str> = record.files.iter().map(|file| file.file.as_str()).collect();
        format!("Đã ghi {} quy tắc vào {}", record.rules, names.join(" và "))
    })?;
    Ok(ExitCode::SUCCESS)
}

fn chapters(shop: &Workshop) -> String {
    let names: std::collections::BTreeSet<&str> = shop.rules.iter().map(|rule| rule.chapter.as_str()).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// The text of a bilingual one; an error where it is empty: a manual with a gap is worse than none.
fn said<'t>(l: Locale, rule: &Rule, text: (&'t str, &'t str)) -> Result<&'t str, Failure> {
    let text = match l.lang() {
        Lang::Vi => text.0,
        Lang::En => text.1,
    };
    if text.trim().is_empty() {
        let what = format!("quy tắc `{}` thiếu phần tiếng {}", rule.id, if l.lang() == Lang::Vi { "Việt" } else { "Anh" });
        return Err(Failure::input("manual_incomplete", what));
    }
    Ok(text.trim())
}

fn both(text: &Bilingual) -> (&str, &str) {
    (&text.vi, &text.en)
}

/// The whole document: what it is, table of contents by strength, one part a rule.
fn manual(l: Locale, chapter: &str, rules: &[&Rule], law: &Law) -> Result<String, Failure> {
    let title = match chapter {
        "claims" => l.t("rulebook-title-claims"),
        "coverage" => l.t("rulebook-title-coverage"),
        other => l.t_args("rulebook-title-other", &[("chapter", other.into())]),
    };
    let count = i64::try_from(rules.len()).unwrap_or(i64::MAX);
    let mut text = format!("# {title}\n\n{}\n\n", l.t_args("rulebook-intro", &[("count", l.number(count).as_str().into())]));
    let _ = writeln!(text, "## {}\n", l.t("rulebook-contents"));
    for strength in STRENGTHS {
        let of_it: Vec<&&Rule> = rules.iter().filter(|rule| rule.strength == strength).collect();
        if of_it.is_empty() {
            continue;
        }
        let _ = writeln!(text, "### {}\n\n{}\n", strength_name(l, strength), strength_about(l, strength));
        for rule in of_it {
            let _ = writeln!(text, "- [{}](#{}) (`{}`)", said(l, rule, both(&rule.title))?, rule.id, rule.id);
        }
        text.push('\n');
    }
    for rule in rules {
        part(&mut text, l, rule, law)?;
    }
    Ok(text)
}

/// One rule.
fn part(text: &mut String, l: Locale, rule: &Rule, law: &Law) -> Result<(), Failure> {
    let _ = writeln!(text, "---\n\n<a id=\"{}\"></a>\n\n## {}\n", rule.id, said(l, rule, both(&rule.title))?);
    let mut facts = vec![format!("`{}`", rule.id), strength_name(l, rule.strength)];
    if let Some(check) = &rule.check {
        facts.push(l.t_args("rulebook-check", &[("number", check.as_str().into())]));
    }
    facts.push(l.t_args(
        "rulebook-work",
        &[("unit", unit(l, &rule.work.unit).as_str().into()), ("days", i64::from(rule.work.due_working_days).into())],
    ));
    facts.push(l.t_args("rulebook-from", &[("day", l.date(rule.valid.from).as_str().into())]));
    if let Some(to) = rule.valid.to {
        facts.push(l.t_args("rulebook-to", &[("day", l.date(to).as_str().into())]));
    }
    let _ = writeln!(text, "{}\n", facts.join(" · "));
    for key in SectionKey::ALL {
        let section = rule.sections.iter().find(|section| section.key == key);
        let words = section.map_or(("", ""), |section| (section.vi.as_str(), section.en.as_str()));
        let heading = if l.lang() == Lang::Vi { key.heading_vi() } else { key.heading() };
        let _ = writeln!(text, "### {heading}\n\n{}\n", said(l, rule, words)?);
    }
    if !rule.law.is_empty() {
        let _ = writeln!(text, "### {}\n", l.t("rulebook-law"));
        for parameter in rule.law.iter().filter_map(|key| law.parameter(key)) {
            let about = (parameter.description.vi.as_str(), parameter.description.en.as_str());
            let _ = writeln!(text, "- `{}`: {}", parameter.key, said(l, rule, about)?);
        }
        text.push('\n');
    }
    if !rule.parameters.is_empty() {
        let _ = writeln!(text, "### {}\n", l.t("rulebook-choices"));
        for (name, parameter) in &rule.parameters {
            let value = match &parameter.value {
                ParameterValue::Int(number) => number.to_string(),
                ParameterValue::Text(words) => words.clone(),
            };
            let _ = writeln!(text, "- `{name}` = {value}: {}", said(l, rule, both(&parameter.reason))?);
        }
        text.push('\n');
    }
    let tables: Vec<String> = rule.reads.iter().map(|table| format!("`{table}`")).collect();
    let _ = writeln!(
        text,
        "### {}\n\n{}\n",
        l.t("rulebook-condition"),
        l.t_args("rulebook-reads", &[("tables", tables.join(", ").as_str().into())])
    );
    let _ = writeln!(text, "```sql\n{}\n```\n", rule.sql.trim_end());
    Ok(())
}

fn strength_name(l: Locale, strength: Strength) -> String {
    match strength {
        Strength::Absolute => l.t("rulebook-absolute"),
        Strength::Explain => l.t("rulebook-explain"),
        Strength::Warn => l.t("rulebook-warn"),
    }
}

fn strength_about(l: Locale, strength: Strength) -> String {
    match strength {
        Strength::Absolute => l.t("rulebook-absolute-about"),
        Strength::Explain => l.t("rulebook-explain-about"),
        Strength::Warn => l.t("rulebook-warn-about"),
    }
}

/// Who answers; the word of the rule where it is none of these.
fn unit(l: Locale, word: &str) -> String {
    match word {
        "facility" => l.t("rulebook-unit-facility"),
        "commune" => l.t("rulebook-unit-commune"),
        "insurance_office" => l.t("rulebook-unit-insurance-office"),
        other => other.to_owned(),
    }
}
