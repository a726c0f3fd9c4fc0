//! `ansinh privacy report`: the register of processing and the impact assessment as a file.

use std::path::Path;
use std::process::ExitCode;

use base::Scope;
use desk::{AuditAction, ReadEvent, UnitKind};
use privacy::{Format, Inputs, midnight, moment, paper};
use web::Lang;

use super::super::Environment;
use super::super::run::{clock, open_desk, runtime, today};
use crate::failure::Failure;
use crate::output;
use crate::workshop::{Workshop, open_book};

/// Days back that the log is counted.
const YEAR: i32 = 365;

/// Runs the command.
pub fn run(environment: &Environment, out: &Path, lang: &str) -> Result<ExitCode, Failure> {
    let ending = out.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let format = Format::of_ending(ending).ok_or_else(|| Failure::usage("--out là tệp .docx, .xlsx hoặc .md"))?;
    let lang = Lang::parse(lang).ok_or_else(|| Failure::usage("--lang là vi hoặc en"))?;
    if out.exists() {
        return Err(Failure::usage(format!("đã có tệp {}; chọn tên khác", out.display())));
    }
    let shop = Workshop::open(&environment.config.overlays())?;
    let texts = shop.texts()?;
    let data = environment.config.data();
    let book = open_book(&environment.config)?;
    // Layouts that were mapped at the portal are rosters too.
    let shelf = shop.shelf(&data)?;
    let layouts = shelf.layouts();
    let runtime = runtime()?;
    let desk = open_desk(environment, &runtime)?;
    let system = Scope::system();
    let today = today();
    let counted_from = today.add_days(-YEAR).unwrap_or(today);
    let event = ReadEvent::new(AuditAction::MakePrivacyReport, "privacy_report").word("format", format.ending());
    let (agreements, tally, units) = runtime.block_on(async {
        desk.audit_read(&system, event).await?;
        let agreements = desk.agreements(&system).await?;
        let tally = desk.audit_tally(&system, midnight(counted_from), i64::MAX).await?;
        let units = desk.units(&system).await?;
        desk.seal().await?;
        desk.close().await;
        Ok::<_, desk::DeskError>((agreements, tally, units))
    })?;
    let officer = environment.config.protection();
    let l = texts.lang(lang);
    let agency = units.into_iter().find(|unit| unit.kind == UnitKind::CityAgency).map(|unit| unit.name);
    let inputs = Inputs {
        l,
        unit: agency.unwrap_or_else(|| l.t("privacy-report-unit-none")),
        officer: officer.as_ref(),
        layouts: &layouts,
        schemas: &shop.schemas,
        rules: &shop.rules,
        law: &shop.law,
        agreements: &agreements,
        received: book.received_rosters()?,
        tally: &tally,
        counted_from,
        today,
        made_at: moment(clock()(), today),
        made_by: l.t("privacy-desk-role-system"),
    };
    let paper = paper(&inputs);
    let bytes = format.write(&paper).map_err(|e| Failure::of(&e, 4))?;
    std::fs::write(out, &bytes).map_err(|e| Failure::input("file_unwritable", format!("{}: {e}", out.display())))?;
    let sections = paper.sections.len();
    let words = || format!("Đã ghi {} ({sections} mục, {} byte). Người có thẩm quyền đọc và ký.", out.display(), bytes.len());
    let json = serde_json::json!({ "schema": 1, "file": out.display().to_string(), "sections": sections, "bytes": bytes.len() });
    output::print(environment.json, &json, words)?;
    Ok(ExitCode::SUCCESS)
}
