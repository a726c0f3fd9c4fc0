//! Annexes: every term of the period, every figure with its numerator and denominator, every opinion of a unit, whole.

use base::Dong;
use desk::ReportState;
use documents::report::{Annex, Block, Side, Table, TableColumn, TableRow, Text};

use super::compose::said;
use super::facts::Notes;
use super::layout::Whose;
use super::material::{DutyRow, FigureRow, Material, MoneyRow, TaskRow};
use super::name_facts::figure_source;
use super::period::Told as _;
use super::sections::reason;
use super::words;
use crate::duties::DutyState;
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
        all.push(annex(4, "Dữ liệu các cơ quan cung cấp", vec![duties(material)]));
    }
    // Money is optional: without any there is no annex.
    if !material.money.is_empty() {
        let number = all.len() as u32 + 1;
        all.push(annex(number, "Kinh phí thực hiện nhiệm vụ trong năm", vec![money(material)]));
    }
    all
}

/// Terms of data duties in the period, and what is missing from before.
fn duties(material: &Material<'_>) -> Block {
    if material.duties.is_empty() {
        return Block::Paragraph(said("Trong kỳ không có dữ liệu nào đến hạn cung cấp."));
    }
    let row = |(at, one): (usize, &DutyRow)| {
        let term = &one.term;
        let state = match term.state {
            DutyState::Came => "Đã nhận".to_owned(),
            DutyState::CameLate(days) => format!("Nhận chậm {} ngày", words::number(i64::from(days))),
            DutyState::Ahead => "Chưa đến hạn".to_owned(),
            DutyState::Late(days) => format!("Chưa nhận, quá {} ngày", words::number(i64::from(days))),
            DutyState::NoData => "Trước lần chạy đầu tiên".to_owned(),
        };
        let count = |rows: u64| i64::try_from(rows).map_or_else(|_| "–".into(), words::number);
        TableRow::Cells(vec![
            said((at + 1).to_string()),
            said(one.from.as_str()),
            said(one.what.as_str()),
            said(format!("{} - {}", words::date(term.span.0), words::date(term.span.1))),
            said(words::date(term.due)),
            said(if term.files == 0 { "–".into() } else { count(term.read) }),
            said(if term.files == 0 { "–".into() } else { count(term.refused) }),
            said(state),
        ])
    };
    Block::Table(Table {
        caption: String::new(),
        rows: material.duties.iter().enumerate().map(row).collect(),
        columns: vec![
            column("TT", 5, Side::Centre),
            column("Cơ quan", 17, Side::Left),
            column("Dữ liệu", 26, Side::Left),
            column("Thời gian", 19, Side::Centre),
            column("Hạn", 10, Side::Centre),
            column("Số dòng", 8, Side::Right),
            column("Dòng trả lại", 8, Side::Right),
            column("Tình trạng", 17, Side::Left),
        ],
    })
}

/// Money by task, source and unit, with its sum.
fn money(material: &Material<'_>) -> Block {
    let dong = |amount: Dong| said(words::number(amount.get()));
    let cells = |at: String, task: &str, source: &str, unit: &str, planned: Dong, spent: Dong| {
        TableRow::Cells(vec![said(at), said(task), said(source), said(unit), dong(planned), dong(spent)])
    };
    let mut rows: Vec<TableRow> = material
        .money
        .iter()
        .enumerate()
        .map(|(at, one)| cells((at + 1).to_string(), &one.task, one.source, &one.unit, one.planned, one.spent))
        .collect();
    let sum =
        |of: fn(&MoneyRow) -> Dong| material.money.iter().map(of).try_fold(Dong::ZERO, |sum, one| sum.checked_add(one).ok());
    if let (Some(planned), Some(spent)) = (sum(|one| one.planned), sum(|one| one.spent)) {
        rows.push(cells(String::new(), "", "Cộng", "", planned, spent));
    }
    Block::Table(Table {
        caption: "Đơn vị tính: đồng".into(),
        rows,
        columns: vec![
            column("TT", 5, Side::Centre),
            column("Nhiệm vụ", 9, Side::Centre),
            column("Nguồn", 26, Side::Left),
            column("Đơn vị chi", 26, Side::Left),
            column("Kế hoạch", 17, Side::Right),
            column("Đã chi", 17, Side::Right),
        ],
    })
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
