//! `ansinh bench cases`: queues over as many made-up cases as asked for, and one change for ten thousand of them, on SQLite (a file that is
//! removed afterwards) or in an empty PostgreSQL database.

mod made_up;

use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use base::{Date, Scope};
use desk::{Allowed, BulkDone, CaseQuery, Change, Desk, PageAt, Queue, RandomIds};
use serde::Serialize;
use serde_json::json;

use crate::commands::Environment;
use crate::failure::Failure;
use crate::output;
use crate::workshop::Workshop;
use made_up::City;

/// Requests of each kind, after one that is not counted.
const REQUESTS: usize = 60;
/// Rows of a page.
const ROWS: i64 = 50;
/// The goal of a first page in milliseconds.
const GOAL: f64 = 100.0;

/// What became of one kind of request.
#[derive(Debug, Serialize)]
struct Measured {
    page: &'static str,
    /// Cases of the whole query.
    cases: i64,
    p50_ms: f64,
    p99_ms: f64,
}

/// Runs the measurement in a database of its own.
pub(super) fn run(environment: &Environment, cases: u64, postgres: Option<&str>) -> Result<ExitCode, Failure> {
    let folder = std::env::temp_dir().join(format!("ansinh-bench-cases-{}", std::process::id()));
    let file = folder.join("desk.sqlite").display().to_string();
    let measured = measure(environment, cases, postgres.unwrap_or(&file));
    if postgres.is_none() {
        // A folder of this process alone.
        let _ = std::fs::remove_dir_all(&folder);
    }
    measured
}

fn measure(environment: &Environment, cases: u64, place: &str) -> Result<ExitCode, Failure> {
    let shop = Workshop::open(&environment.config.overlays())?;
    let runtime = crate::commands::run::runtime()?;
    let desk = runtime.block_on(Desk::open(place, crate::commands::run::clock(), Arc::new(RandomIds::new())))?;
    if runtime.block_on(desk.has_cases(&Scope::system()))? {
        return Err(Failure::usage("kho này đã có hồ sơ; phép đo chỉ chạy trên một kho trống, không bao giờ trên kho đang dùng"));
    }
    let today = today()?;
    let city = City::new(&shop, today, cases);
    let begun = Instant::now();
    runtime.block_on(city.write(&desk))?;
    let made_seconds = begun.elapsed().as_secs_f64();
    // As the portal's worker does at its start.
    runtime.block_on(desk.fold_case_counts())?;
    let pages = runtime.block_on(pages(&desk, &city))?;
    let bulk = runtime.block_on(bulk(&desk, &city))?;
    runtime.block_on(desk.close());
    let store = if place.starts_with("postgres") { "postgres" } else { "sqlite" };
    let slowest = pages.iter().map(|page| page.p99_ms).fold(0.0, f64::max);
    let record = json!({
        "schema": 1, "bench": "cases", "store": store, "cases": cases, "made_seconds": made_seconds, "requests": REQUESTS, "rows": ROWS,
        "goal_ms": GOAL, "reached": slowest <= GOAL, "pages": pages, "bulk": bulk,
    });
    output::print(environment.json, &record, || {
        let mut text = format!("{store}: {cases} hồ sơ đang mở, tạo trong {made_seconds:.0} s\n");
        for page in &pages {
            text.push_str(&format!(
                "{:<34} {:>9} hồ sơ  p50 {:>7.2} ms  p99 {:>7.2} ms\n",
                page.page, page.cases, page.p50_ms, page.p99_ms
            ));
        }
        text + &format!("giao hàng loạt: {bulk}")
    })?;
    Ok(ExitCode::SUCCESS)
}

fn today() -> Result<Date, Failure> {
    let days = ((crate::commands::run::clock())() + 7 * 3_600_000).div_euclid(86_400_000);
    let day = i32::try_from(days).ok().and_then(Date::from_days_since_epoch);
    day.ok_or_else(|| Failure::internal("the clock stands outside the calendar"))
}

/// First pages with the count of their queue, as each role opens them; filtered; deep; with the counts of all queues beside.
async fn pages(desk: &Desk, city: &City) -> Result<Vec<Measured>, Failure> {
    let (agency, office, clerk) = (city.agency(), city.office(), city.clerk());
    let whole = |queue| CaseQuery::of(queue, city.today);
    let commune = Some(city.commune());
    let of_commune = |queue| CaseQuery { commune: commune.clone(), ..whole(queue) };
    let narrow = CaseQuery { rule: Some(city.rule().to_owned()), village: Some("Tổ 7".into()), ..of_commune(Queue::Open) };
    let kinds: [(&'static str, &Scope, CaseQuery); 15] = [
        ("commune: open", &clerk, whole(Queue::Open)),
        ("commune: unassigned", &clerk, whole(Queue::Unassigned)),
        ("commune: overdue", &clerk, whole(Queue::Overdue)),
        ("commune: due this week", &clerk, whole(Queue::DueThisWeek)),
        ("commune: mine (a collector's)", &clerk, whole(Queue::Mine)),
        ("office: unit", &office, whole(Queue::Unit)),
        ("office: open", &office, whole(Queue::Open)),
        ("office: unassigned", &office, whole(Queue::Unassigned)),
        ("office: mine", &office, whole(Queue::Mine)),
        ("city: one commune", &agency, of_commune(Queue::Open)),
        ("city: commune, rule and village", &agency, narrow),
        ("city: mine", &agency, whole(Queue::Mine)),
        ("city: reopened", &agency, whole(Queue::Reopened)),
        ("city: unassigned", &agency, whole(Queue::Unassigned)),
        ("city: open", &agency, whole(Queue::Open)),
    ];
    let mut measured = Vec::new();
    for (page, scope, query) in &kinds {
        measured.push(time(page, async || Ok(desk.cases(scope, query, &PageAt::First, ROWS).await?.count)).await?);
    }
    for (page, scope) in [
        ("commune: with counts of queues", &clerk),
        ("office: with counts of queues", &office),
        ("city: with counts of queues", &agency),
    ] {
        let query = whole(Queue::Open);
        let all = async || Ok(desk.cases_with_counts(scope, &query, &PageAt::First, ROWS).await?.0.count);
        measured.push(time(page, all).await?);
    }
    let mut at = PageAt::First;
    for _ in 0..20 {
        let page = desk.cases(&office, &whole(Queue::Open), &at, 200).await?;
        if let Some(last) = page.rows.last() {
            at = PageAt::After(desk::CasePage::place(Queue::Open, last));
        }
    }
    let deep = async || Ok(desk.cases(&office, &whole(Queue::Open), &at, ROWS).await?.count);
    measured.push(time("office: open, 4,000 rows down", deep).await?);
    Ok(measured)
}

async fn time(page: &'static str, ask: impl AsyncFn() -> Result<i64, Failure>) -> Result<Measured, Failure> {
    let cases = ask().await?;
    let mut times = Vec::with_capacity(REQUESTS);
    for _ in 0..REQUESTS {
        let begun = Instant::now();
        ask().await?;
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok(Measured { page, cases, p50_ms: times[REQUESTS / 2], p99_ms: times[REQUESTS * 99 / 100] })
}

/// Gives ten thousand cases to one person; the totals must be exact and the progress must only grow.
async fn bulk(desk: &Desk, city: &City) -> Result<serde_json::Value, Failure> {
    let query = CaseQuery { village: Some(made_up::BULK_VILLAGE.into()), ..CaseQuery::of(Queue::Unassigned, city.today) };
    let told: Mutex<Vec<i64>> = Mutex::new(Vec::new());
    let progress = |so_far: &BulkDone| {
        if let Ok(mut told) = told.lock() {
            told.push(so_far.done + so_far.refused);
        }
    };
    let change = Change::Assign { to: made_up::SECOND.into() };
    let begun = Instant::now();
    let done = desk.change_cases(&city.agency(), &query, &change, &Allowed::new(), "bench-bulk", &progress).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let told = told.into_inner().unwrap_or_default();
    let owned = desk.cases(&city.second(), &CaseQuery::of(Queue::Mine, city.today), &PageAt::First, 1).await?.count;
    let exact = done.finished && done.total == city.bulk() && done.done == done.total && done.refused == 0 && owned == done.done;
    if !exact || !told.is_sorted() || told.last() != Some(&done.done) {
        return Err(Failure::internal(format!("the totals of the bulk do not agree: {done:?}, {owned} owned, told {told:?}")));
    }
    Ok(json!({
        "total": done.total, "done": done.done, "refused": done.refused, "seconds": seconds, "progress_steps": told.len(),
    }))
}
