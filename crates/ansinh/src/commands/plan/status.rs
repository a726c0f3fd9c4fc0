//! `ansinh plan status`: where the plan stands, its indicators and its tasks.

use std::process::ExitCode;

use base::{Date, Month, Scope};
use followup::{IndicatorStatus, PlanStatus, StatusQuestion, TaskStatus};

use crate::commands::{Environment, run as monthly};
use crate::failure::Failure;
use crate::output;
use crate::workshop::{Workshop, open_book};

/// Prints where the plan stands on a day, with the figures of a month's run or the newest.
pub(super) fn run(environment: &Environment, period: Option<Month>, on: Option<Date>) -> Result<ExitCode, Failure> {
    let shop = Workshop::open(&environment.config.overlays())?;
    let book = open_book(&environment.config)?;
    let none = || Failure::input("no_plan", "thư mục nội dung không có kế hoạch nào (plan/*.yaml)");
    let followed = super::followed(&shop.content)?.ok_or_else(none)?;
    let runtime = monthly::runtime()?;
    let desk = monthly::open_desk(environment, &runtime)?;
    let scope = Scope::system();
    let question = StatusQuestion { scope: &scope, today: on.unwrap_or_else(monthly::today), period };
    let status = runtime.block_on(PlanStatus::of(&followed, (&book, &desk), &shop.law, &shop.places, question));
    runtime.block_on(desk.close());
    let status = status.map_err(|e| Failure::of(&e, 3))?;
    if let (Some(asked), None) = (period, status.period) {
        return Err(Failure::input("no_run", format!("kỳ {asked} chưa có lần chạy nào")));
    }
    output::print(environment.json, &status, || human(&status))?;
    Ok(ExitCode::SUCCESS)
}

fn human(status: &PlanStatus) -> String {
    let mut text = format!("{}\nNgày {}", status.document, super::shown(status.today));
    match (&status.period, &status.run) {
        (Some(period), Some(run)) => text.push_str(&format!(", số liệu kỳ {period} (lần chạy {run})\n")),
        _ => text.push_str(", chưa có lần chạy nào\n"),
    }
    text.push_str("\nChỉ tiêu\n");
    text.extend(status.indicators.iter().map(indicator));
    text.push_str("\nNhiệm vụ\n");
    text.extend(status.tasks.iter().map(task));
    let count = |state: &str| status.tasks.iter().filter(|task| task.state == state).count();
    text.push_str(&format!(
        "\n{} nhiệm vụ: {} đúng hạn, {} đang làm, {} quá hạn, {} không có kỳ hạn trong năm {}.",
        status.tasks.len(),
        count("on_time"),
        count("doing"),
        count("late"),
        count("no_term"),
        status.year
    ));
    text
}

fn indicator(one: &IndicatorStatus) -> String {
    let percent = |share: f64| format!("{:.2}%", share * 100.0).replace('.', ",");
    let value = match (one.value, one.numerator, one.denominator) {
        (Some(share), Some(over), Some(under)) => format!("{} ({over}/{under})", percent(share)),
        _ => one.reason.clone().unwrap_or_else(|| "chưa có số liệu".to_owned()),
    };
    let target = one.target.map(|share| format!("; năm {}: {}", one.target_year, percent(share))).unwrap_or_default();
    format!("  {:<4} {}: {value}{target}\n", one.id, one.name)
}

fn task(one: &TaskStatus) -> String {
    let state = match (one.state, one.days_late) {
        ("late", Some(days)) => format!("quá hạn {days} ngày"),
        ("doing", _) => "đang làm".to_owned(),
        ("on_time", _) => "đúng hạn".to_owned(),
        _ => "không có kỳ hạn trong năm".to_owned(),
    };
    let due = one.due.map(|day| format!(", hạn {}", super::shown(day))).unwrap_or_default();
    format!("  {:<4} {state}{due}; {}/{} kỳ hạn xong\n", one.id, one.done, one.terms)
}
