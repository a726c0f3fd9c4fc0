//! A year of a small city: twelve runs fill indicators and figures, units report, quarters are closed, four quarterly reports say what the runs said.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use base::{Actor, Area, CommuneCode, Date, Month, Purpose, Role, Scope};
use desk::{Desk, NewLock, ReportChange, ReportWords, SeededIds, TaskTerm};
use followup::Period;
use serde_json::{Value, json};

use crate::server::words;
use crate::support::{book, good, shared_folder, text};

const PLAN: &str = "hanoi-2026-2030";
/// The year is over, its reports are written.
const TODAY: &str = "2027-01-15";
/// Noon of that day in Hà Nội, Unix milliseconds.
const NOW: i64 = 1_799_989_200_000;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

async fn open(data: &Path) -> Desk {
    Desk::open(text(&data.join("desk.sqlite")), Arc::new(|| NOW), Arc::new(SeededIds::new(12))).await.unwrap()
}

fn city(actor: &str) -> Scope {
    Scope {
        actor: Actor(actor.into()),
        unit: "bhxh-hn".into(),
        area: Area::City,
        role: Role::CityOfficer,
        purpose: Purpose::CoverageReview,
        acting_for: None,
    }
}

fn commune(code: &str) -> Scope {
    Scope {
        actor: Actor(format!("u-xa-{code}")),
        unit: format!("xa-{code}"),
        area: Area::Communes([CommuneCode::parse(code).unwrap()].into()),
        role: Role::CommuneStaff,
        purpose: Purpose::CoverageReview,
        acting_for: None,
    }
}

/// The terms of a task that fell due in the year.
fn terms(task: &str) -> Vec<Date> {
    let list = good(&["plan", "list", "--from", "2026-04-01", "--to", "2026-12-31"]);
    let tasks = list["plans"][0]["tasks"].as_array().unwrap();
    let own = tasks.iter().find(|one| one["id"] == task).unwrap();
    let mut due: Vec<Date> = own["occurrences"].as_array().unwrap().iter().map(|one| day(one["due"].as_str().unwrap())).collect();
    due.sort();
    due.dedup();
    due
}

/// A unit reports a term and another officer confirms it.
async fn report(desk: &Desk, by: &Scope, task: &str, term: Date) {
    let about = TaskTerm { plan: PLAN.into(), task: task.into(), term };
    let form = |what: &str| format!("{what}-{task}-{term}-{}", by.unit);
    let made = desk.draft_task_report(by, &about, &form("draft")).await.unwrap();
    let said = ReportWords {
        done: format!("Đã làm việc của kỳ hạn {term}."),
        hindered: "Thiếu nhân lực.".into(),
        proposed: String::new(),
    };
    let steps =
        [(by.clone(), ReportChange::Write(said)), (by.clone(), ReportChange::Submit), (city("u-city-2"), ReportChange::Confirm)];
    for (at, (who, change)) in steps.iter().enumerate() {
        desk.change_task_report(who, &made.id, 1 + at as i64, change, &form(&format!("step{at}"))).await.unwrap();
    }
}

fn task<'v>(status: &'v Value, id: &str) -> &'v Value {
    status["tasks"].as_array().unwrap().iter().find(|task| task["id"] == id).unwrap()
}

fn document(bytes: &[u8], part: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    zip.by_name(part).unwrap().read_to_string(&mut xml).unwrap();
    words(&xml)
}

#[test]
fn twelve_runs_fill_tasks_indicators_and_four_quarterly_reports() {
    let city_folder = shared_folder().join("year-city");
    good(&["city", "--scale", "0.0004", "--seed", "61", "--from", "2026-01", "--months", "12", "--out", text(&city_folder)]);
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let months: Vec<Month> = (0..12).map(|at| Month::new(2026, 1).unwrap().plus(at)).collect();
    for month in &months {
        let (name, rosters) = (month.to_string(), city_folder.join("rosters").join(month.to_string()));
        good(&["run", "--period", &name, "--rosters", text(&rosters), "--data", text(&data)]);
    }

    // Units report: the agency all terms of matching rosters, one commune its loudspeaker news of the fourth quarter.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let matching = terms("2a");
    assert_eq!(matching.len(), 9, "monthly and quarterly from April fall on nine days: {matching:?}");
    let runs: BTreeMap<Month, base::RunId> =
        book(&data).periods().unwrap().into_iter().map(|state| (state.period, state.run)).collect();
    runtime.block_on(async {
        let desk = open(&data).await;
        for term in &matching {
            report(&desk, &city("u-city"), "2a", *term).await;
        }
        for term in terms("3c").into_iter().filter(|term| *term >= day("2026-10-01")) {
            report(&desk, &commune("00004"), "3c", term).await;
        }
        for quarter in 1..=4 {
            let period = Period::Quarter(2026, quarter);
            let lock = NewLock {
                plan: PLAN.into(),
                period: period.to_string(),
                first_day: period.first_day(),
                last_day: period.last_day(),
                run: runs.get(&period.last_day().month()).cloned(),
            };
            desk.lock_plan_period(&city("u-city"), &lock, day(TODAY)).await.unwrap();
        }
        desk.seal().await.unwrap();
        desk.close().await;
    });

    // Every month has its indicators, each from its own run.
    let status = |month: &Month| good(&["plan", "status", "--period", &month.to_string(), "--on", TODAY, "--data", text(&data)]);
    let mut coverage = Vec::new();
    for month in &months {
        let status = status(month);
        assert_eq!((&status["run"], &status["period"]), (&json!(runs[month].as_str()), &json!(month.to_string())));
        for id in ["I1", "I2", "I3", "I4", "I5"] {
            let one = status["indicators"].as_array().unwrap().iter().find(|one| one["id"] == id).unwrap().clone();
            assert!(one["value"].as_f64().is_some(), "{month}: {one}");
        }
        coverage.push(status["indicators"][0]["value"].as_f64().unwrap());
    }
    assert!(coverage.windows(2).any(|pair| pair[0] != pair[1]), "months differ: {coverage:?}");

    // What was reported is done, what nobody reported is late; the plan ran from the first month, so nothing is "without data".
    let now = good(&["plan", "status", "--on", "2026-12-31", "--data", text(&data)]);
    let done = task(&now, "2a");
    assert_eq!((&done["state"], &done["done"], &done["late"]), (&json!("on_time"), &json!(9), &json!(0)), "{done}");
    let late = task(&now, "4a");
    assert_eq!((&late["state"], &late["done"]), (&json!("late"), &json!(0)), "{late}");
    assert_eq!(late["late_without_data"], json!(0), "{late}");
    let joint = task(&now, "3c");
    assert_eq!(joint["state"], json!("late"), "one of 126 communes is not all of them: {joint}");

    // Four quarterly reports: figures are those of the run each quarter was closed with, words those of the units.
    for (quarter, last) in [(1, 2), (2, 5), (3, 8), (4, 11)] {
        let out = folder.path().join(format!("quy-{quarter}.docx"));
        let period = format!("2026-Q{quarter}");
        let made = good(&["plan", "report", "--period", &period, "--on", TODAY, "--out", text(&out), "--data", text(&data)]);
        let month = months[last];
        assert_eq!((&made["run"], &made["tasks"]), (&json!(runs[&month].as_str()), &json!(34)), "{period}");
        let shown =
            made["figures"].as_array().unwrap().iter().find(|one| one["name"] == "I1").unwrap()["shown"].as_str().unwrap();
        let parts = status(&month)["indicators"][0].clone();
        let share = web::Percent::of(parts["numerator"].as_i64().unwrap(), parts["denominator"].as_i64().unwrap()).unwrap();
        let said = web::format::percent_figure(web::Lang::Vi, share);
        assert!(shown.contains(&said), "{period}: {shown} is not {said}");
        let bytes = std::fs::read(&out).unwrap();
        let (text, notes) = (document(&bytes, "word/document.xml"), document(&bytes, "word/footnotes.xml"));
        assert!(text.contains(&said) && notes.contains(runs[&month].as_str()), "{period}");
        // The plan binds from April: the first quarter has no term of matching rosters, the others have their months.
        let of_quarter: Vec<&Date> = matching.iter().filter(|term| Period::Quarter(2026, quarter).contains(**term)).collect();
        assert_eq!(of_quarter.is_empty(), quarter == 1);
        for term in of_quarter {
            assert!(text.contains(&format!("Đã làm việc của kỳ hạn {term}.")), "{period}: words of {term}");
        }
    }
}
