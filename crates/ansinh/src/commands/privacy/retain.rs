//! `ansinh privacy retain`: what is older than its term is given up, by decision.

use std::process::ExitCode;

use base::{Date, Scope};
use privacy::midnight;

use super::super::Environment;
use super::super::run::{open_desk, runtime};
use crate::failure::Failure;
use crate::output;

/// Runs the command; without a decision nothing is erased.
pub fn run(environment: &Environment, as_of: Date, months: u32, decision: Option<&str>) -> Result<ExitCode, Failure> {
    let wrong = || Failure::usage("--months từ 1 đến 1200");
    let months = i32::try_from(months).ok().filter(|months| (1..=1200).contains(months)).ok_or_else(wrong)?;
    // The same day so many months before, or the last one of that month.
    let last = as_of.month().plus(-months).last_day();
    let before = Date::new(last.year(), last.month_number(), as_of.day().min(last.day())).map_err(|_| wrong())?;
    let runtime = runtime()?;
    let desk = open_desk(environment, &runtime)?;
    let erasure = runtime.block_on(async {
        let erasure = desk.erase_subjects(&Scope::system(), before, midnight(before), decision).await?;
        desk.seal().await?;
        desk.close().await;
        Ok::<_, desk::DeskError>(erasure)
    })?;
    let json = serde_json::json!({ "schema": 1, "erased": decision.is_some(), "retention": erasure });
    output::print(environment.json, &json, || {
        let (before, people, kept) = (erasure.before, erasure.people, erasure.kept);
        match decision {
            Some(_) => format!(
                "Đã xóa khóa của {people} người không được xem từ {before}; giữ {kept}. Nhật ký và niêm phong còn nguyên."
            ),
            None => format!("Sẽ xóa khóa của {people} người không được xem từ {before}; giữ {kept}. Chưa xóa gì."),
        }
    })?;
    Ok(ExitCode::SUCCESS)
}
