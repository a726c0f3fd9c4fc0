//! `ansinh bench NAME`: speed on this machine, measured by the program itself. Never part of a test.

mod cases;
mod claims;
mod indicators;
mod pages;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use base::{Date, Dong};
use law::Law;
use law::calc::{self, CalcError, Cx, HouseholdInput, PaidTerm, PensionInput, Scheme, Sex, Silent, SupportGroup, SupportInput};
use serde_json::json;

use super::Environment;
use crate::failure::Failure;
use crate::output;
use crate::workshop::Workshop;

/// What `bench` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Tên phép đo: law, indicators, pages, cases, claims
    name: String,
    /// pages: đo trên bấy nhiêu dòng tự tạo, không cần lần chạy nào
    #[arg(long)]
    made_up: Option<u64>,
    /// cases: đo trên bấy nhiêu hồ sơ tự tạo
    #[arg(long, default_value_t = 1_000_000)]
    cases: u64,
    /// cases: một cơ sở dữ liệu PostgreSQL trống (postgres://…); không ghi thì đo trên tệp SQLite tạm
    #[arg(long)]
    into: Option<String>,
    /// claims: đo trên tệp hoặc thư mục hồ sơ XML này
    #[arg(long, value_name = "FILE|DIR")]
    files: Option<std::path::PathBuf>,
}

/// Households of the batch; each pays for one to six members and asks for the support of one of them.
const HOUSEHOLDS: i32 = 1_000_000;
const PENSIONS: i32 = 600_000;
const RUNS: usize = 5;

/// Runs the command.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    match arguments.name.as_str() {
        "law" => {}
        "indicators" => return indicators::run(environment, RUNS),
        "pages" => return pages::run(environment, arguments.made_up),
        "cases" => return cases::run(environment, arguments.cases, arguments.into.as_deref()),
        "claims" => return claims::run(environment, arguments.files.as_deref(), RUNS),
        other => return Err(Failure::usage(format!("không có phép đo `{other}`; có: law, indicators, pages, cases, claims"))),
    }
    let law = Workshop::open(&environment.config.overlays())?.law;
    let households = median(|| households(&law))?;
    let pensions = median(|| pensions(&law))?;
    let record = json!({
        "bench": "law", "runs": RUNS, "cores": 1,
        "households": { "count": HOUSEHOLDS, "seconds": households.0, "sum": households.1 },
        "pensions": { "count": PENSIONS, "seconds": pensions.0, "sum": pensions.1 },
    });
    output::print(environment.json, &record, || {
        format!(
            "{HOUSEHOLDS} hộ gia đình kèm mức hỗ trợ: {:.2} s; {PENSIONS} lương hưu: {:.2} s (một lõi, trung vị của {RUNS} lần)",
            households.0, pensions.0
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Median of wall seconds, and the sum of what was worked out, so that nothing is left out as unused.
fn median(work: impl Fn() -> Result<i64, CalcError>) -> Result<(f64, i64), Failure> {
    let mut seconds = Vec::with_capacity(RUNS);
    let mut sum = 0;
    for _ in 0..RUNS {
        let begun = Instant::now();
        sum = black_box(work().map_err(|e| Failure::of(&e, 4))?);
        seconds.push(begun.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    Ok((seconds[RUNS / 2], sum))
}

/// The day of the n-th row of a batch: spread over a year and a half, so that the law changes within it.
fn day(n: i32) -> Result<Date, CalcError> {
    Date::new(2025, 8, 15).ok().and_then(|first| first.add_days(n % 540)).ok_or(CalcError::Money)
}

fn households(law: &Law) -> Result<i64, CalcError> {
    let mut cx = Cx::new(law, Silent);
    let mut sum = 0;
    for n in 0..HOUSEHOLDS {
        let paid_on = day(n)?;
        let input = HouseholdInput { paid_on, members: 1 + n % 6, already: 0, months: PaidTerm::Twelve };
        sum += calc::household(&mut cx, &input)?.total.get();
        let group =
            [SupportGroup::Pupil, SupportGroup::NearPoor, SupportGroup::FarmAverage, SupportGroup::Household][(n % 4) as usize];
        let input = SupportInput {
            paid_on,
            group,
            other_group: None,
            permanent_resident: n % 3 > 0,
            birth_date: None,
            since: None,
            other_since: None,
            months: 12,
        };
        sum += calc::support(&mut cx, &input)?.person.get();
    }
    Ok(sum)
}

fn pensions(law: &Law) -> Result<i64, CalcError> {
    let mut cx = Cx::new(law, Silent);
    let mut sum = 0;
    for n in 0..PENSIONS {
        let input = PensionInput {
            on: day(n)?,
            sex: if n % 2 == 0 { Sex::Female } else { Sex::Male },
            scheme: Scheme::Compulsory,
            months: 180 + n % 300,
            average: Dong::new(4_000_000 + i64::from(n % 900) * 10_000),
            reduced_capacity: false,
            early_months: 0,
            months_after_age: n % 7,
            compulsory_months: Some(180 + n % 300),
            joined_on: Date::new(2001, 5, 1).ok(),
        };
        sum += calc::pension(&mut cx, &input)?.monthly.get();
    }
    Ok(sum)
}
