//! `ansinh plan list`: the plans as data, with the days on which their tasks are due.

use std::process::ExitCode;

use book::Content;
use law::calc::Calendar;
use plan::data::{Duty, Known, PlanData, PlanTask};
use plan::rhythm::{Occurrence, Rhythm, Window, occurrences};
use serde::Serialize;

use super::Days;
use crate::failure::Failure;
use crate::output;

/// Files of the folder that are no plan; what lies in folders below is none either.
const OTHERS: [&str; 2] = [plan::indicators::FILE, plan::figures::FILE];

#[derive(Serialize)]
struct Record {
    plans: Vec<PlanRecord>,
}

#[derive(Serialize)]
struct PlanRecord {
    file: String,
    document: String,
    first_year: Option<i32>,
    last_year: Option<i32>,
    tasks: Vec<TaskRecord>,
    duties: Vec<DutyRecord>,
}

#[derive(Serialize)]
struct TaskRecord {
    id: String,
    group: Option<String>,
    content: String,
    leads: Vec<String>,
    partners: Vec<String>,
    product: Option<String>,
    time: String,
    indicators: Vec<String>,
    measures: Vec<String>,
    occurrences: Vec<Occurrence>,
}

#[derive(Serialize)]
struct DutyRecord {
    id: String,
    from: String,
    to: Option<String>,
    kind: &'static str,
    what: String,
    rosters: Vec<String>,
    /// All rhythms with their places.
    rhythms: Vec<RhythmRecord>,
    reminder: Option<RhythmRecord>,
    obligation: Option<RhythmRecord>,
    occurrences: Vec<Occurrence>,
}

#[derive(Serialize)]
struct RhythmRecord {
    time: String,
    place: String,
}

/// Reads the plans of the content and prints them.
pub(super) fn run(json: bool, content: &Content, days: Days, calendar: &Calendar) -> Result<ExitCode, Failure> {
    let mut plans = Vec::new();
    for (file, plan) in load(content)? {
        let window = days.window((plan.first_year, plan.last_year))?;
        plans.push(PlanRecord {
            file,
            document: plan.document.vi.clone(),
            first_year: plan.first_year,
            last_year: plan.last_year,
            tasks: plan.tasks.iter().map(|one| task(one, window, calendar)).collect(),
            duties: plan.duties.iter().map(|one| duty(one, window, calendar)).collect(),
        });
    }
    let record = Record { plans };
    output::print(json, &record, || human(&record))?;
    Ok(ExitCode::SUCCESS)
}

/// The plans of the content folder, each checked against the indicators and rosters that are there.
pub(in crate::commands) fn load(content: &Content) -> Result<Vec<(String, PlanData)>, Failure> {
    let files = content.under("plan");
    let indicators: Vec<String> = match files.iter().find(|(path, _)| *path == plan::indicators::FILE) {
        Some((_, text)) => {
            plan::data::indicator_ids(&format!("plan/{}", plan::indicators::FILE), text).map_err(|e| Failure::of(&e, 3))?
        }
        None => Vec::new(),
    };
    let indicators: Vec<&str> = indicators.iter().map(String::as_str).collect();
    let layouts = content.under("formats/rosters").into_iter().map(|(path, text)| (path.to_owned(), text.to_owned()));
    let layouts = intake::Layouts::load(layouts).map_err(|e| Failure::of(&e, 3))?;
    let rosters: Vec<&str> = layouts.rosters();
    let known = Known { indicators: Some(&indicators), rosters: Some(&rosters) };
    let mut plans = Vec::new();
    for (path, text) in files.into_iter().filter(|(path, _)| !OTHERS.contains(path) && !path.contains('/')) {
        let file = format!("plan/{path}");
        let plan = PlanData::load(&file, text, known).map_err(|e| Failure::of(&e, 3))?;
        plans.push((file, plan));
    }
    Ok(plans)
}

fn task(task: &PlanTask, window: Option<Window>, calendar: &Calendar) -> TaskRecord {
    TaskRecord {
        id: task.id.clone(),
        group: task.group.clone(),
        content: task.content.vi.clone(),
        leads: task.leads.clone(),
        partners: task.partners.clone(),
        product: task.product.as_ref().map(|product| product.vi.clone()),
        time: task.time.clone(),
        indicators: task.indicators.clone(),
        measures: task.measures.iter().map(|measure| measure.id.clone()).collect(),
        occurrences: window.map(|window| task.occurrences(window, calendar)).unwrap_or_default(),
    }
}

fn duty(duty: &Duty, window: Option<Window>, calendar: &Calendar) -> DutyRecord {
    let shown = |one: Option<(&Rhythm, &str)>| {
        one.map(|(rhythm, place)| RhythmRecord { time: rhythm.to_string(), place: place.to_owned() })
    };
    let all: Vec<Rhythm> = duty.rhythms.iter().flat_map(|one| one.rhythms.iter().cloned()).collect();
    let places = duty.rhythms.iter().flat_map(|one| one.rhythms.iter().map(move |rhythm| (rhythm, one.place.as_str())));
    DutyRecord {
        id: duty.id.clone(),
        from: duty.from.clone(),
        to: duty.to.clone(),
        kind: if duty.is_data { "data" } else { "work" },
        what: duty.what.vi.clone(),
        rosters: duty.rosters.clone(),
        rhythms: places.filter_map(|one| shown(Some(one))).collect(),
        reminder: shown(duty.reminder()),
        obligation: shown(duty.obligation()),
        occurrences: window.map(|window| occurrences(&all, window, calendar)).unwrap_or_default(),
    }
}

fn human(record: &Record) -> String {
    let mut text = String::new();
    for plan in &record.plans {
        text.push_str(&format!("{} ({})\n", plan.document, plan.file));
        for task in &plan.tasks {
            let due = task.occurrences.first().map_or(String::new(), |first| format!("; kỳ hạn đầu {}", super::shown(first.due)));
            text.push_str(&format!("  {:<4} {} [{}; {}{due}]\n", task.id, task.content, task.leads.join(", "), task.time));
        }
        text.push_str("  Các cơ quan cung cấp, thực hiện:\n");
        for duty in &plan.duties {
            let when = match (&duty.reminder, &duty.obligation) {
                (Some(remind), Some(bind)) if remind.place != bind.place => {
                    format!("{} ({}), nhắc theo: {} ({})", bind.time, bind.place, remind.time, remind.place)
                }
                (Some(remind), _) => format!("{} ({})", remind.time, remind.place),
                (None, _) => "không nói kỳ".to_owned(),
            };
            text.push_str(&format!("    {}: {} [{when}]\n", duty.from, duty.what));
        }
    }
    text.trim_end().to_owned()
}
