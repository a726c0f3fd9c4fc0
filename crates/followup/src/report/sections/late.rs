//! Section 3: what is late, since when, and why.

use desk::ReportState;
use documents::report::{Block, Side, Table, TableColumn, TableRow, Text};

use crate::report::compose::{Part, said};
use crate::report::facts::Notes;
use crate::report::material::{Material, TaskRow};
use crate::report::name_facts::tally_source;
use crate::report::period::Told as _;
use crate::report::words;
use crate::standing::{TaskState, Term};

pub(super) fn part(material: &Material<'_>, notes: &mut Notes) -> Part {
    let heading = "3. Nhiệm vụ quá hạn và lý do".to_owned();
    let late: Vec<(&TaskRow<'_>, &Term)> = material.tasks.iter().filter_map(|task| Some((task, task.late()?))).collect();
    let unknown = late.iter().filter(|(_, term)| no_data(term)).count();
    let made = match (late.len(), unknown) {
        (0, _) => "Đến ngày báo cáo không có nhiệm vụ nào quá hạn.".to_owned(),
        (_, 0) => "Có {qua-han} nhiệm vụ quá hạn, cụ thể:".to_owned(),
        _ => "Có {qua-han} nhiệm vụ quá hạn, trong đó {qua-han-chua-co-du-lieu} nhiệm vụ có kỳ hạn trước lần chạy số liệu đầu tiên nên chưa có dữ liệu để xác nhận, cụ thể:".to_owned(),
    };
    let fixed = if late.is_empty() { Vec::new() } else { vec![Block::Table(table(material, &late, notes))] };
    Part { key: "late".into(), name: heading.clone(), heading: Some(Block::Heading(heading)), made, fixed }
}

/// Whether nothing could be known of a term.
fn no_data(term: &Term) -> bool {
    term.before_first_run && term.reported == 0
}

fn table(material: &Material<'_>, late: &[(&TaskRow<'_>, &Term)], notes: &mut Notes) -> Table {
    let column = |head: &str, share, side| TableColumn { head: head.into(), share, side };
    let note = notes.of(&tally_source(material));
    let rows = late.iter().enumerate().map(|(at, (task, term))| {
        let days = words::number(i64::from(term.day().days_until(material.on)));
        TableRow::Cells(vec![
            said((at + 1).to_string()),
            said(format!("{}. {}", task.task.id, words::inner(task.title()))),
            said(words::list(&task.leads)),
            said(words::date(term.day())),
            Text::default().figure(days, note),
            said(reason(task, term)),
        ])
    });
    Table {
        caption: String::new(),
        rows: rows.collect(),
        columns: vec![
            column("TT", 6, Side::Centre),
            column("Nhiệm vụ", 33, Side::Left),
            column("Chủ trì", 16, Side::Left),
            column("Hạn", 15, Side::Centre),
            column("Số ngày chậm", 10, Side::Right),
            column("Lý do", 26, Side::Left),
        ],
    }
}

/// Why a term is late, as its unit says it; that nobody said why is told too.
pub(in crate::report) fn reason(task: &TaskRow<'_>, term: &Term) -> String {
    let of_term = task.reports.iter().filter(|report| report.term == term.due && report.state != ReportState::Draft);
    let told: Vec<String> = of_term
        .filter(|report| !report.words.hindered.is_empty())
        .take(3)
        .map(|report| {
            let open = if report.state == ReportState::Confirmed { "" } else { " (chưa xác nhận)" };
            format!("{}{open}: {}", report.unit, words::inner(&report.words.hindered))
        })
        .collect();
    match (told.is_empty(), no_data(term)) {
        (false, _) => format!("{}.", told.join("; ")),
        (true, true) => "Kỳ hạn trước lần chạy số liệu đầu tiên; đơn vị chưa báo cáo.".into(),
        (true, false) if term.reported > term.confirmed => {
            "Đã có báo cáo, chưa được xác nhận đủ; đơn vị chưa nêu lý do chậm.".into()
        }
        (true, false) => "Đơn vị chưa báo cáo và chưa nêu lý do.".into(),
    }
}

/// How a task stands, inside a sentence.
pub(in crate::report) fn state_words(material: &Material<'_>, task: &TaskRow<'_>) -> String {
    let due = task.due(material.period.days()).count();
    match task.state {
        TaskState::Late(days) => {
            let since = task.late().map(|term| format!(", hạn {}", words::date(term.day()))).unwrap_or_default();
            format!("quá hạn {} ngày{since}", words::number(i64::from(days)))
        }
        TaskState::Doing => "đang thực hiện".into(),
        TaskState::OnTime if due == 0 => "đúng hạn, trong kỳ không có kỳ hạn".into(),
        TaskState::OnTime => "đúng hạn".into(),
        TaskState::NoTerm => "không có kỳ hạn trong năm".into(),
    }
}
