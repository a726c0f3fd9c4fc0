//! `ansinh plan report`: the periodic report as a file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base::{Date, Scope};
use desk::{AuditAction, ReadEvent};
use documents::sheet::Moment;
use followup::Period;
use followup::report::{Ask, Fact, Format, PeriodicReport, Receiver, TakenBy, whose_by_word};
use serde::Serialize;

use crate::commands::Environment;
use crate::commands::run::{open_desk, runtime as new_runtime, today as this_day};
use crate::failure::Failure;
use crate::output;
use crate::workshop::{Workshop, open_book};

/// What `plan report` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Kỳ báo cáo: 2026-W47, 2026-11, 2026-Q4, 2026-H1, 2026
    #[arg(long, value_name = "KỲ")]
    period: Period,
    /// Đơn vị: mã trong kế hoạch (so-y-te) hoặc mã xã, phường (xa-00004); bỏ trống là báo cáo toàn Kế hoạch
    #[arg(long, value_name = "MÃ", default_value = "")]
    unit: String,
    /// Tệp ra: .docx, .pdf, .xlsx, hoặc .png (tóm tắt cho điện thoại); không ghi đè tệp có sẵn
    #[arg(long, value_name = "TỆP")]
    out: PathBuf,
    /// Bảng riêng của nơi nhận (plan/receivers), chỉ với .xlsx
    #[arg(long, value_name = "MÃ")]
    receiver: Option<String>,
    /// Tính đến ngày này (mặc định hôm nay)
    #[arg(long, value_name = "NGÀY")]
    on: Option<Date>,
}

#[derive(Serialize)]
struct Record {
    file: String,
    bytes: usize,
    period: String,
    unit: Option<String>,
    /// The run whose figures it has; null where the period has none.
    run: Option<String>,
    /// How many tasks it tells of.
    tasks: usize,
    figures: Vec<FigureRecord>,
    /// Sections whose text somebody wrote, with what is doubtful in it.
    written: Vec<WrittenRecord>,
}

#[derive(Serialize)]
struct FigureRecord {
    name: String,
    label: String,
    /// As it is printed; null with a reason.
    shown: Option<String>,
    reason: Option<String>,
    source: String,
    rows: Option<String>,
}

#[derive(Serialize)]
struct WrittenRecord {
    section: String,
    /// How many figures are typed or unknown.
    doubts: usize,
}

/// How the file is written.
enum Kind {
    File(Format),
    Picture,
}

/// Writes the report.
pub(super) fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let Arguments { period, unit, out, receiver, on } = arguments;
    let kind = kind(out)?;
    if out.exists() {
        return Err(Failure::usage(format!("đã có tệp {}; chọn tên khác", out.display())));
    }
    let shop = Workshop::open(&environment.config.overlays())?;
    let book = open_book(&environment.config)?;
    let none = || Failure::input("no_plan", "thư mục nội dung không có kế hoạch nào (plan/*.yaml)");
    let followed = super::followed(&shop.content)?.ok_or_else(none)?;
    let unknown = || Failure::usage(format!("--unit {unit}: không có đơn vị hay xã, phường này; xem: ansinh plan list"));
    let whose = whose_by_word(&followed.plan, &shop.places, unit).ok_or_else(unknown)?;
    let receiver = receiver.as_deref().map(|id| find(&followed.receivers, id, &kind)).transpose()?;
    let runtime = new_runtime()?;
    let desk = open_desk(environment, &runtime)?;
    let scope = Scope::system();
    let today = on.unwrap_or_else(this_day);
    let by = TakenBy {
        who: "ansinh plan report".into(),
        purpose: "báo cáo kỳ của Kế hoạch".into(),
        // By the day: the same report of a day is the same file.
        at: Moment { date: today, hour: 0, minute: 0, second: 0 },
    };
    let ask = Ask { scope: &scope, period: *period, whose: &whose, today, receiver, by: &by };
    let report = runtime.block_on(async {
        let report =
            PeriodicReport::of(&followed, (&book, &desk), &shop.law, &shop.places, ask).await.map_err(|e| Failure::of(&e, 3));
        if let Ok(report) = &report {
            let event = ReadEvent::new(AuditAction::Export, "plan_report").word("period", &period.to_string());
            desk.audit_read(&scope, event.count("rows", report.tasks as i64)).await?;
            desk.seal().await?;
        }
        desk.close().await;
        report
    })?;
    let bytes = match kind {
        Kind::File(format) => report.write(format).map_err(|e| Failure::of(&e, 4))?,
        Kind::Picture => report.picture().map_err(|e| Failure::of(&e, 4))?,
    };
    std::fs::write(out, &bytes).map_err(|e| Failure::input("file_unwritable", format!("{}: {e}", out.display())))?;
    let record = record(&report, out, bytes.len(), unit);
    output::print(environment.json, &record, || human(&record))?;
    Ok(ExitCode::SUCCESS)
}

fn kind(out: &Path) -> Result<Kind, Failure> {
    let ending = out.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if ending.eq_ignore_ascii_case("png") {
        return Ok(Kind::Picture);
    }
    Format::of(ending).map(Kind::File).ok_or_else(|| Failure::usage("--out là tệp .docx, .pdf, .xlsx hoặc .png"))
}

fn find<'r>(receivers: &'r [Receiver], id: &str, kind: &Kind) -> Result<&'r Receiver, Failure> {
    if !matches!(kind, Kind::File(Format::Xlsx)) {
        return Err(Failure::usage("--receiver chỉ dùng với tệp .xlsx"));
    }
    let known: Vec<&str> = receivers.iter().map(|receiver| receiver.id.as_str()).collect();
    let none = || Failure::usage(format!("--receiver {id}: không có nơi nhận này (plan/receivers); có: {}", known.join(", ")));
    receivers.iter().find(|receiver| receiver.id == id).ok_or_else(none)
}

fn record(report: &PeriodicReport, out: &Path, bytes: usize, unit: &str) -> Record {
    let figure = |fact: &Fact| FigureRecord {
        name: fact.key.clone(),
        label: fact.label.clone(),
        shown: fact.shown.clone().ok(),
        reason: fact.shown.clone().err(),
        source: fact.source.clone(),
        rows: fact.opens.clone(),
    };
    let written = report.sections.iter().filter(|section| section.written.is_some());
    Record {
        file: out.display().to_string(),
        bytes,
        period: report.period.to_string(),
        unit: (!unit.is_empty()).then(|| unit.to_owned()),
        run: report.run.clone(),
        tasks: report.tasks,
        figures: report.facts.all().iter().map(figure).collect(),
        written: written
            .map(|section| WrittenRecord { section: section.key.clone(), doubts: report.facts.doubts(section.text()).len() })
            .collect(),
    }
}

fn human(record: &Record) -> String {
    let known = record.figures.iter().filter(|figure| figure.shown.is_some()).count();
    let run =
        record.run.as_ref().map_or_else(|| "chưa có lần chạy nào của kỳ".to_owned(), |run| format!("số liệu của lần chạy {run}"));
    let mut text = format!(
        "Đã ghi {} (kỳ {}, {run}): {} nhiệm vụ, {known}/{} số liệu.",
        record.file,
        record.period,
        record.tasks,
        record.figures.len()
    );
    for section in record.written.iter().filter(|section| section.doubts > 0) {
        text.push_str(&format!(
            "\nMục {}: {} số gõ tay hoặc không rõ tên; mở trang lời văn của báo cáo để xem.",
            section.section, section.doubts
        ));
    }
    text
}
