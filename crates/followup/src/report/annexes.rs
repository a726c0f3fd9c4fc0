//! Annexes: every term of the period, every figure with its numerator and denominator, every opinion of a unit, whole.

use desk::ReportState;
use documents::report::{Annex, Block, Side, Table, TableColumn, TableRow, Text};

use super::compose::said;
use super::facts::Notes;
use super::layout::Whose;
use super::material::{FigureRow, Material, TaskRow};
use super::name_facts::figure_source;
use super::period::Told as _;
use super::sections::reason;
use super::words;
use crate::standing::{Term, TermState};

pub(super) fn all(material: &Material<'_>, notes: &mut Notes) -> Vec<Annex> {
    let annex =
        |number: u32, title: &str, body| Annex {
            number: format!("Phụ lục {number}"), title: title.into(), across: true, body
        };
    let mut all = vec![
        annex(1, "Kỳ hạn của các nhiệm vụ trong kỳ báo cáo và kỳ hạn còn chậm", vec![terms(material)]),
        annex(2, "Số liệu của các nhiệm vụ", vec![figures(material, notes)]),
    ];
    if matches!(material.whose, Whose::City) {
        all.push(annex(3, "Ý kiến của các đơn vị", vec![opinions(material)]));
    }
    all
}

fn column(head: &str, share: u32, side: Side) -> TableColumn {
    TableColumn { head: head.into(), share, side }
}

/// Terms of the period and those that are late from before.
pub(super) fn told_terms<'m, 'p>(material: &'m Material<'p>) -> Vec<(&'m TaskRow<'p>, &'m Term)> {
    let (first, last) = material.period.days();
    let told =
        |term: &&Term| (term.day() >= first && term.day() <= last) || (term.state == TermState::Late && term.day() < first);
    material.tasks.iter().flat_map(|task| task.terms.iter().filter(told).map(move |term| (task, term))).collect()
}

/// The words of a term's state.
pub(super) fn term_words(term: &Term) -> &'static str {
    match term.state {
        TermState::Done => "Đã xác nhận",
        TermState::Partly => "Một phần",
        TermState::Ahead => "Chưa đến hạn",
        TermState::Late if term.before_first_run && term.reported == 0 => "Quá hạn, chưa có dữ liệu",
        TermState::Late => "Quá hạn",
    }
}

fn terms(material: &Material<'_>) -> Block {
    let mut rows = Vec::new();
    let mut before = "";
    for (at, (task, term)) in told_terms(material).into_iter().enumerate() {
        if before != task.task.id {
            before = &task.task.id;
            let leads = words::list(&task.leads);
            rows.push(TableRow::Group(format!("{}. {} (chủ trì: {leads})", task.task.id, words::inner(task.title()))));
        }
        let late = term.state == TermState::Late;
        let since = if late { words::number(i64::from(term.day().days_until(material.on))) } else { "–".into() };
        let put_off = term.put_off.map(|_| format!(" (lùi từ {})", words::date(term.due))).unwrap_or_default();
        rows.push(TableRow::Cells(vec![
            said((at + 1).to_string()),
            said(format!("{} - {}", words::date(term.span.0), words::date(term.span.1))),
            said(format!("{}{put_off}", words::date(term.day()))),
            said(format!("{}/{}", words::number(term.confirmed as i64), words::number(task.owing as i64))),
            said(term_words(term)),
            said(since),
            // The state says it of terms of which nothing could be known.
            said(if late && !(term.before_first_run && term.reported == 0) { reason(task, term) } else { String::new() }),
        ]));
    }
    if rows.is_empty() {
        return Block::Paragraph(said("Trong kỳ báo cáo không có kỳ hạn nào, cũng không có kỳ hạn nào còn chậm."));
    }
    Block::Table(Table {
        caption: String::new(),
        columns: vec![
            column("TT", 5, Side::Centre),
            column("Thời gian", 21, Side::Centre),
            column("Hạn", 14, Side::Centre),
            column("Đã xác nhận", 8, Side::Right),
            column("Tình trạng", 21, Side::Left),
            column("Số ngày chậm", 8, Side::Right),
            column("Lý do", 23, Side::Left),
        ],
        rows,
    })
}

fn figures(material: &Material<'_>, notes: &mut Notes) -> Block {
    let all: Vec<(&TaskRow<'_>, &FigureRow)> =
        material.tasks.iter().flat_map(|task| task.figures.iter().map(move |figure| (task, figure))).collect();
    if all.is_empty() {
        return Block::Paragraph(said("Không có số liệu nào của các nhiệm vụ trong báo cáo này."));
    }
    let rows = all.into_iter().map(|(task, figure)| {
        let value = figure.value.as_ref().ok();
        let count = |count: Option<i64>| said(count.map_or_else(|| "–".into(), words::number));
        let (shown, why) = match figure.shown() {
            Ok(shown) => (Text::default().figure(shown, notes.of(&figure_source(material, figure))), String::new()),
            Err(why) => (said("chưa có số liệu"), why),
        };
        TableRow::Cells(vec![
            said(task.task.id.as_str()),
            said(figure.name.as_str()),
            shown,
            count(value.and_then(|value| value.value)),
            count(value.and_then(|value| value.over)),
            said(if figure.asked.is_empty() { "–" } else { &figure.asked }),
            said(reached_words(figure)),
            said(why),
        ])
    });
    Block::Table(Table {
        caption: String::new(),
        rows: rows.collect(),
        columns: vec![
            column("Mã", 5, Side::Centre),
            column("Số liệu", 31, Side::Left),
            column("Giá trị", 12, Side::Right),
            column("Tử số", 10, Side::Right),
            column("Mẫu số", 10, Side::Right),
            column("Kế hoạch đặt", 11, Side::Centre),
            column("Kết quả", 9, Side::Centre),
            column("Vì sao chưa có", 22, Side::Left),
        ],
    })
}

/// Whether what the plan asks is reached, in words.
pub(super) fn reached_words(figure: &FigureRow) -> &'static str {
    match figure.reached {
        Some(true) => "Đạt",
        Some(false) => "Chưa đạt",
        None => "–",
    }
}

fn opinions(material: &Material<'_>) -> Block {
    let (first, last) = material.period.days();
    let mut rows = Vec::new();
    for task in &material.tasks {
        for report in task.reports.iter().filter(|report| report.term >= first && report.term <= last) {
            let told = !report.words.hindered.is_empty() || !report.words.proposed.is_empty();
            if report.state == ReportState::Confirmed && told {
                rows.push((report.unit.as_str(), task.task.id.as_str(), report));
            }
        }
    }
    if rows.is_empty() {
        return Block::Paragraph(said("Trong kỳ chưa có khó khăn, kiến nghị nào trong các báo cáo đã được xác nhận."));
    }
    rows.sort_by_key(|(unit, task, report)| (report.commune, *unit, *task, report.term));
    let row = |(at, (unit, task, report)): (usize, &(&str, &str, &super::material::ReportRow))| {
        TableRow::Cells(vec![
            said((at + 1).to_string()),
            said(*unit),
            said(*task),
            said(words::date(report.term)),
            said(report.words.hindered.as_str()),
            said(report.words.proposed.as_str()),
        ])
    };
    Block::Table(Table {
        caption: String::new(),
        rows: rows.iter().enumerate().map(row).collect(),
        columns: vec![
            column("TT", 5, Side::Centre),
            column("Đơn vị", 18, Side::Left),
            column("Nhiệm vụ", 8, Side::Centre),
            column("Kỳ hạn", 10, Side::Centre),
            column("Khó khăn, vướng mắc", 30, Side::Left),
            column("Đề xuất, kiến nghị", 29, Side::Left),
        ],
    })
}
