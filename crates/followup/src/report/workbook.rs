//! The same figures as sheets: numbers as numbers, texts as texts.

use base::Date;
use desk::ReportState;
use documents::sheet::{Cell, Column, Language, Moment, Provenance, Sheet};
use web::Percent;

use super::annexes::{reached_words, term_words, told_terms};
use super::material::{FigureRow, Material};
use super::period::Told as _;
use super::sections::{against_words, last_words, reason, state_words};
use super::words;
use crate::standing::TermState;

/// Who takes the file out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenBy {
    /// Name or code of the user, and unit.
    pub who: String,
    /// For what purpose.
    pub purpose: String,
    /// When, local time.
    pub at: Moment,
}

/// The sheets of a report.
pub(super) fn sheets(material: &Material<'_>, title: &str, by: &TakenBy) -> Vec<Sheet> {
    let sheet = |name: &str, columns: Vec<Column>, rows: Vec<Vec<Cell>>| Sheet {
        name: name.into(),
        title: vec![format!("{title}, {}", material.period.words()), name.into()],
        columns,
        rows,
        footer: vec![run_line(material)],
        provenance: provenance(material, by),
    };
    vec![
        sheet("Chỉ tiêu", indicator_columns(material), indicators(material)),
        sheet("Nhiệm vụ", task_columns(), tasks(material)),
        sheet("Quá hạn", late_columns(), late(material)),
        sheet("Khó khăn, kiến nghị", opinion_columns(), opinions(material)),
        sheet("Số liệu nhiệm vụ", figure_columns(), figures(material)),
        sheet("Kỳ hạn", term_columns(), terms(material)),
    ]
}

fn run_line(material: &Material<'_>) -> String {
    material.run.as_ref().map_or_else(|| "Chưa có lần chạy nào của kỳ.".to_owned(), |run| format!("{}.", run.words()))
}

pub(super) fn provenance(material: &Material<'_>, by: &TakenBy) -> Provenance {
    let as_of = material.run.as_ref().map_or(material.on, |run| run.month.last_day());
    Provenance {
        language: Language::Vi,
        filter: format!("kỳ báo cáo {}", material.period),
        as_of,
        exported_by: by.who.clone(),
        purpose: by.purpose.clone(),
        exported_at: by.at,
    }
}

fn column(header: &str, width: u16) -> Column {
    Column::new(header, width)
}

fn share(share: Option<Percent>) -> Cell {
    share.map(words::chart).into()
}

fn indicator_columns(material: &Material<'_>) -> Vec<Column> {
    let mut columns =
        vec![column("Mã", 6), column("Chỉ tiêu", 60), column("Thực hiện, %", 12), column("Tử số", 14), column("Mẫu số", 14)];
    columns.extend([
        Column::new(format!("Chỉ tiêu {}, %", material.on.year()), 14),
        Column::new(format!("Năm {}", material.last_year), 12),
    ]);
    columns.extend([
        column("Lộ trình tháng, %", 14),
        column("So với lộ trình", 16),
        column("Nguồn mẫu số", 24),
        column("Vì sao chưa có", 50),
    ]);
    columns
}

fn indicators(material: &Material<'_>) -> Vec<Vec<Cell>> {
    let month = material.run.as_ref().map(|run| run.month);
    let row = |row: &super::material::IndicatorRow| {
        let value = row.value.as_ref().ok();
        vec![
            row.id.as_str().into(),
            row.name.as_str().into(),
            share(row.share()),
            value.and_then(|value| value.value).into(),
            value.and_then(|value| value.over).into(),
            share(month.and_then(|month| row.road.year(month)).or(row.road.assigned)),
            last_words(row).into(),
            share(month.and_then(|month| row.road.at(month))),
            against_words(material, row).into(),
            value.and_then(|value| value.source.clone()).into(),
            row.value.as_ref().err().cloned().into(),
        ]
    };
    material.indicators.iter().map(row).collect()
}

fn task_columns() -> Vec<Column> {
    vec![
        column("Mã", 6),
        column("Nhiệm vụ", 60),
        column("Chủ trì", 30),
        column("Tình trạng", 30),
        column("Kỳ hạn trong kỳ", 12),
        column("Đã xác nhận xong", 12),
        column("Hạn kế", 12),
        column("Kết quả", 60),
        column("Số liệu", 60),
        column("Minh chứng", 40),
    ]
}

fn tasks(material: &Material<'_>) -> Vec<Vec<Cell>> {
    let (first, last) = material.period.days();
    let row = |task: &super::material::TaskRow<'_>| {
        let of_period = || task.reports.iter().filter(|report| report.term >= first && report.term <= last);
        let confirmed = || of_period().filter(|report| report.state == ReportState::Confirmed);
        let done: Vec<String> = confirmed()
            .filter(|report| !report.words.done.is_empty())
            .map(|report| format!("{}: {}", report.unit, words::inner(&report.words.done)))
            .collect();
        let figures: Vec<String> = task
            .figures
            .iter()
            .map(|figure| {
                format!(
                    "{}: {}",
                    figure.name,
                    figure.shown().unwrap_or_else(|why| format!("chưa có số liệu ({})", words::inner(&why)))
                )
            })
            .collect();
        let evidence: Vec<&str> = confirmed().flat_map(|report| &report.evidence).map(String::as_str).collect();
        let next: Option<Date> = task.terms.iter().find(|term| term.state != TermState::Done).map(|term| term.day());
        vec![
            task.task.id.as_str().into(),
            task.title().into(),
            words::list(&task.leads).into(),
            words::begun(&state_words(material, task)).into(),
            count(task.due((first, last)).count()),
            count(task.due((first, last)).filter(|term| term.state == TermState::Done).count()),
            next.into(),
            long(done.join("; ")),
            long(figures.join("; ")),
            long(evidence.join("; ")),
        ]
    };
    material.tasks.iter().map(row).collect()
}

fn late_columns() -> Vec<Column> {
    vec![
        column("Mã", 6),
        column("Nhiệm vụ", 60),
        column("Chủ trì", 30),
        column("Hạn", 12),
        column("Số ngày chậm", 10),
        column("Đã xác nhận", 10),
        column("Phải báo cáo", 10),
        column("Lý do", 60),
    ]
}

fn late(material: &Material<'_>) -> Vec<Vec<Cell>> {
    let row = |(task, term): (&super::material::TaskRow<'_>, &crate::standing::Term)| {
        vec![
            task.task.id.as_str().into(),
            task.title().into(),
            words::list(&task.leads).into(),
            term.day().into(),
            Cell::Int(i64::from(term.day().days_until(material.on))),
            count(term.confirmed),
            count(task.owing),
            long(reason(task, term)),
        ]
    };
    told_terms(material).into_iter().filter(|(_, term)| term.state == TermState::Late).map(row).collect()
}

fn opinion_columns() -> Vec<Column> {
    vec![
        column("Đơn vị", 30),
        column("Nhiệm vụ", 10),
        column("Kỳ hạn", 12),
        column("Trạng thái", 16),
        column("Khó khăn, vướng mắc", 60),
        column("Đề xuất, kiến nghị", 60),
    ]
}

fn opinions(material: &Material<'_>) -> Vec<Vec<Cell>> {
    let (first, last) = material.period.days();
    let mut rows = Vec::new();
    for task in &material.tasks {
        for report in task.reports.iter().filter(|report| report.term >= first && report.term <= last) {
            let state = match report.state {
                ReportState::Confirmed => "Đã xác nhận",
                ReportState::Submitted => "Chờ xác nhận",
                ReportState::Draft | ReportState::Returned => continue,
            };
            if report.words.hindered.is_empty() && report.words.proposed.is_empty() && report.state == ReportState::Confirmed {
                continue;
            }
            // What is not confirmed is named, and not told.
            let told = |text: &str| if report.state == ReportState::Confirmed { long(text.to_owned()) } else { Cell::Empty };
            rows.push(vec![
                report.unit.as_str().into(),
                task.task.id.as_str().into(),
                report.term.into(),
                state.into(),
                told(&report.words.hindered),
                told(&report.words.proposed),
            ]);
        }
    }
    rows
}

fn figure_columns() -> Vec<Column> {
    vec![
        column("Nhiệm vụ", 10),
        column("Mã số liệu", 24),
        column("Số liệu", 60),
        column("Tỷ lệ, %", 12),
        column("Tử số, số đếm", 16),
        column("Mẫu số", 16),
        column("Kế hoạch đặt", 20),
        column("Kết quả", 12),
        column("Vì sao chưa có", 50),
    ]
}

fn figures(material: &Material<'_>) -> Vec<Vec<Cell>> {
    let row = |(task, figure): (&str, &FigureRow)| {
        let value = figure.value.as_ref().ok();
        let part = value.and_then(|value| Percent::of(value.value?, value.over?));
        vec![
            task.into(),
            figure.id.as_str().into(),
            figure.name.as_str().into(),
            share(part),
            value.and_then(|value| value.value).into(),
            value.and_then(|value| value.over).into(),
            figure.asked.as_str().into(),
            reached_words(figure).into(),
            figure.shown().err().into(),
        ]
    };
    material.tasks.iter().flat_map(|task| task.figures.iter().map(|figure| (task.task.id.as_str(), figure))).map(row).collect()
}

fn term_columns() -> Vec<Column> {
    vec![
        column("Mã", 6),
        column("Nhiệm vụ", 60),
        column("Chủ trì", 30),
        column("Từ ngày", 12),
        column("Đến ngày", 12),
        column("Hạn", 12),
        column("Đã xác nhận", 10),
        column("Phải báo cáo", 10),
        column("Tình trạng", 24),
    ]
}

fn terms(material: &Material<'_>) -> Vec<Vec<Cell>> {
    let row = |(task, term): (&super::material::TaskRow<'_>, &crate::standing::Term)| {
        vec![
            task.task.id.as_str().into(),
            task.title().into(),
            words::list(&task.leads).into(),
            term.span.0.into(),
            term.span.1.into(),
            term.day().into(),
            count(term.confirmed),
            count(task.owing),
            term_words(term).into(),
        ]
    };
    told_terms(material).into_iter().map(row).collect()
}

fn count(count: usize) -> Cell {
    Cell::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

/// A text of several reports, cut where Excel would not open it.
fn long(text: String) -> Cell {
    const MOST: usize = 30_000;
    if text.chars().count() <= MOST {
        return text.into();
    }
    format!("{}… (còn nữa, xem báo cáo)", text.chars().take(MOST).collect::<String>()).into()
}
