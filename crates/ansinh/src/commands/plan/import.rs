//! `ansinh plan import FILE`: a plan as agencies publish it, read to tasks.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use law::calc::Calendar;
use plan::rhythm::{Occurrence, Window, occurrences};
use plan::{Assigned, Assignment, Counts, Head, Imported, Party, Section, Target, Task, Unread};
use serde::Serialize;

use super::Days;
use crate::failure::Failure;
use crate::output;

/// What `--json` prints.
#[derive(Serialize)]
struct Record<'p> {
    file: String,
    head: &'p Head,
    sections: &'p [Section],
    targets: &'p [Target],
    tasks: Vec<TaskRecord<'p>>,
    assignments: Vec<AssignmentRecord<'p>>,
    unread: &'p [Unread],
    doubts: &'p [Unread],
    counts: Counts,
    /// The days for which occurrences are given; null where neither plan nor options say any.
    window: Option<WindowRecord>,
}

#[derive(Serialize)]
struct WindowRecord {
    from: base::Date,
    to: base::Date,
    first_run: Option<base::Date>,
}

#[derive(Serialize)]
struct TaskRecord<'p> {
    id: &'p str,
    section: &'p str,
    group: Option<&'p str>,
    group_number: Option<&'p str>,
    content: &'p str,
    lead: Option<&'p str>,
    leads: &'p [Party],
    partners: Vec<&'p str>,
    partner_units: &'p [Party],
    product: Option<&'p str>,
    time: Option<&'p str>,
    rhythms: Vec<String>,
    occurrences: Vec<Occurrence>,
    money: Option<&'p str>,
    notes: &'p [String],
    line: u64,
    missing: Vec<&'static str>,
}

#[derive(Serialize)]
struct AssignmentRecord<'p> {
    number: &'p str,
    unit: &'p Party,
    line: u64,
    duties: Vec<AssignedRecord<'p>>,
}

#[derive(Serialize)]
struct AssignedRecord<'p> {
    line: u64,
    text: &'p str,
    rhythms: Vec<String>,
}

/// Reads the file, writes `--out`, prints. Exit code 1 when a line was not read.
pub(super) fn run(json: bool, file: &Path, out: Option<&Path>, days: Days, calendar: &Calendar) -> Result<ExitCode, Failure> {
    let imported = plan::open(file).map_err(|e| Failure::of(&e, 3).in_file(file))?;
    let window = days.window((imported.head.first_year, imported.head.last_year))?;
    if let Some(out) = out {
        write(out, &plan::data::yaml(&imported))?;
    }
    let record = record(file, &imported, window, calendar);
    output::print(json, &record, || human(&imported, &record, out))?;
    Ok(ExitCode::from(u8::from(!imported.unread.is_empty())))
}

/// A plan file that somebody may have corrected by hand is never written over.
fn write(out: &Path, text: &str) -> Result<(), Failure> {
    let failed = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::usage(format!("{}: đã có tệp này, không ghi đè", out.display())),
        _ => Failure::input("out_unwritable", format!("{}: {e}", out.display())),
    };
    let mut file = OpenOptions::new().write(true).create_new(true).open(out).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
}

fn record<'p>(file: &Path, plan: &'p Imported, window: Option<Window>, calendar: &Calendar) -> Record<'p> {
    let task = |task: &'p Task| TaskRecord {
        id: &task.id,
        section: &task.section,
        group: task.group.as_ref().map(|group| group.title.as_str()),
        group_number: task.group.as_ref().map(|group| group.number.as_str()).filter(|number| !number.is_empty()),
        content: &task.content,
        lead: task.lead.as_deref(),
        leads: &task.leads,
        partners: task.partners.iter().map(|party| party.name.as_str()).collect(),
        partner_units: &task.partners,
        product: task.product.as_deref(),
        time: task.time.as_deref(),
        rhythms: task.rhythms.iter().map(ToString::to_string).collect(),
        occurrences: window.map(|window| occurrences(&task.rhythms, window, calendar)).unwrap_or_default(),
        money: task.money.as_deref(),
        notes: &task.notes,
        line: task.line,
        missing: task.missing(),
    };
    let assigned = |one: &'p Assigned| AssignedRecord {
        line: one.line,
        text: &one.text,
        rhythms: one.rhythms.iter().map(ToString::to_string).collect(),
    };
    let assignment = |one: &'p Assignment| AssignmentRecord {
        number: &one.number,
        unit: &one.unit,
        line: one.line,
        duties: one.duties.iter().map(assigned).collect(),
    };
    Record {
        file: file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        head: &plan.head,
        sections: &plan.sections,
        targets: &plan.targets,
        tasks: plan.tasks.iter().map(task).collect(),
        assignments: plan.assignments.iter().map(assignment).collect(),
        unread: &plan.unread,
        doubts: &plan.doubts,
        counts: plan.counts,
        window: window.map(|window| WindowRecord { from: window.from, to: window.to, first_run: window.first_run }),
    }
}

fn human(plan: &Imported, record: &Record<'_>, out: Option<&Path>) -> String {
    let head = &plan.head;
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "không thấy trong tệp".to_owned());
    let mut text = format!(
        "{}\n  Cơ quan ban hành: {}\n  Số: {}\n  Ngày: {}\n",
        head.title.as_deref().unwrap_or("Kế hoạch (không thấy tên)"),
        or_none(head.agency.clone()),
        or_none(head.number.clone()),
        or_none(head.date.map(|day| format!("{:02}/{:02}/{}", day.day(), day.month_number(), day.year()))),
    );
    let mut group = None;
    for task in &record.tasks {
        if task.group != group {
            group = task.group;
            text.push_str(&format!("\n{} {}\n", task.group_number.unwrap_or(""), group.unwrap_or("(không có đề mục)")));
        }
        let lead = task.lead.unwrap_or("không rõ");
        let next = match (task.occurrences.len(), task.occurrences.first()) {
            (_, None) => String::new(),
            (count, Some(first)) => format!("; {count} kỳ hạn, đầu tiên {}", first.due),
        };
        text.push_str(&format!(
            "  {:<6} {}\n         Chủ trì: {lead}; phối hợp: {} cơ quan; thời gian: {}{next}\n",
            task.id,
            shortened(task.content),
            task.partners.len(),
            if task.rhythms.is_empty() { "không rõ".to_owned() } else { task.rhythms.join("; ") },
        ));
        if !task.missing.is_empty() {
            let missing: Vec<&str> = task.missing.iter().map(|part| part_name(part)).collect();
            text.push_str(&format!("         Thiếu: {}\n", missing.join(", ")));
        }
    }
    let c = plan.counts;
    text.push_str(&format!(
        "\n{} nhiệm vụ, {} chỉ tiêu, {} cơ quan được giao việc. {} dòng: {} đầu văn bản, {} đề mục, {} nhiệm vụ, {} lời văn, {} số trang và đầu bảng, {} nơi nhận và ký, {} chưa đọc được.",
        plan.tasks.len(),
        plan.targets.len(),
        plan.assignments.len(),
        c.lines,
        c.head,
        c.headings,
        c.task,
        c.text,
        c.furniture,
        c.tail,
        c.unread
    ));
    for (title, list) in [("Chưa đọc được", &plan.unread), ("Cần xem lại", &plan.doubts)] {
        if !list.is_empty() {
            text.push_str(&format!("\n\n{title}:"));
        }
        for one in list {
            text.push_str(&format!("\n  dòng {}: {} ({})", one.line, shortened(&one.text), one.reason));
        }
    }
    if let Some(out) = out {
        text.push_str(&format!("\n\nĐã ghi {}.", out.display()));
    }
    text
}

fn part_name(part: &str) -> &'static str {
    match part {
        "content" => "nội dung",
        "lead" => "chủ trì",
        "product" => "kết quả, sản phẩm",
        _ => "thời gian",
    }
}

/// One line of at most a hundred letters.
fn shortened(text: &str) -> String {
    let text = text.replace('\n', " ");
    if text.chars().count() <= 100 { text } else { format!("{}…", text.chars().take(99).collect::<String>()) }
}
