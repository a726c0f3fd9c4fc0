//! Section 2: what was done for each task, with figures and evidence, group by group.

use desk::ReportState;
use documents::report::{Block, Text};

use super::late::state_words;
use crate::report::compose::Part;
use crate::report::facts::Notes;
use crate::report::layout::Whose;
use crate::report::material::{Material, ReportRow, TaskRow};
use crate::report::name_facts::{figure_source, tally_source};
use crate::report::period::Told as _;
use crate::report::words;

/// Units that are named one by one at most; of more their number is told.
const NAMED: usize = 8;

pub(super) fn parts(material: &Material<'_>, notes: &mut Notes) -> Vec<Part> {
    let heading = "2. Kết quả thực hiện nhiệm vụ".to_owned();
    let whose = match material.whose {
        Whose::City => "của Kế hoạch",
        Whose::Unit { .. } | Whose::Commune { .. } => "do đơn vị chủ trì",
    };
    let made = if material.tasks.is_empty() {
        "Đơn vị không chủ trì nhiệm vụ nào của Kế hoạch.".to_owned()
    } else {
        format!(
            "Trong {{nhiem-vu}} nhiệm vụ {whose}: {{dung-han}} nhiệm vụ đúng hạn, {{dang-lam}} nhiệm vụ đang thực hiện, {{qua-han}} nhiệm vụ quá hạn, \
             {{khong-ky-han}} nhiệm vụ không có kỳ hạn trong năm. Trong kỳ báo cáo có {{ky-han}} kỳ hạn, {{ky-han-xong}} kỳ hạn đã được xác nhận hoàn thành."
        )
    };
    let mut parts = vec![Part {
        key: "tasks".into(),
        name: heading.clone(),
        heading: Some(Block::Heading(heading)),
        made,
        fixed: Vec::new(),
    }];
    let mut number = 0;
    for group in &material.plan.groups {
        let own: Vec<&TaskRow<'_>> = material.tasks.iter().filter(|task| task.task.group.as_ref() == Some(&group.id)).collect();
        if own.is_empty() {
            continue;
        }
        number += 1;
        let heading = format!("2.{number}. {}", group.title.vi);
        let fixed = own.iter().flat_map(|task| blocks(material, task, notes)).collect();
        let key = format!("group-{}", group.id);
        parts.push(Part { key, name: heading.clone(), heading: Some(Block::Subheading(heading)), made: String::new(), fixed });
    }
    let alone: Vec<&TaskRow<'_>> = material.tasks.iter().filter(|task| task.task.group.is_none()).collect();
    if let Some(tasks) = parts.first_mut() {
        tasks.fixed = alone.iter().flat_map(|task| blocks(material, task, notes)).collect();
    }
    parts
}

/// One task: what it is and how it stands, then result, figures, evidence.
fn blocks(material: &Material<'_>, task: &TaskRow<'_>, notes: &mut Notes) -> Vec<Block> {
    let title = format!(
        "{} (chủ trì: {}). {}.",
        words::inner(task.title()),
        words::list(&task.leads),
        words::begun(&state_words(material, task))
    );
    let mut blocks = vec![Block::Paragraph(Text::default().strong(format!("Nhiệm vụ {}. ", task.task.id)).words(title))];
    blocks.extend(results(material, task, notes).into_iter().map(Block::Item));
    blocks.extend(figures(material, task, notes).into_iter().map(Block::Item));
    let evidence: Vec<&str> = confirmed(material, task).flat_map(|report| &report.evidence).map(String::as_str).collect();
    if !evidence.is_empty() {
        let more = evidence.len().saturating_sub(2 * NAMED);
        let mut text = evidence.iter().take(2 * NAMED).copied().collect::<Vec<_>>().join("; ");
        if more > 0 {
            text.push_str(&format!("; và {more} minh chứng khác"));
        }
        blocks.push(Block::Item(Text::from(format!("Minh chứng: {text}."))));
    }
    blocks
}

/// The reports on terms of the period.
fn of_period<'m>(material: &'m Material<'_>, task: &'m TaskRow<'_>) -> impl Iterator<Item = &'m ReportRow> {
    let (first, last) = material.period.days();
    let due: Vec<_> = task.due((first, last)).map(|term| term.due).collect();
    task.reports.iter().filter(move |report| due.contains(&report.term) || (report.term >= first && report.term <= last))
}

fn confirmed<'m>(material: &'m Material<'_>, task: &'m TaskRow<'_>) -> impl Iterator<Item = &'m ReportRow> {
    of_period(material, task).filter(|report| report.state == ReportState::Confirmed)
}

/// What was done, in the words of confirmed reports; of communes how many.
fn results(material: &Material<'_>, task: &TaskRow<'_>, notes: &mut Notes) -> Vec<Text> {
    let own_commune = matches!(material.whose, Whose::Commune { .. });
    let mut texts = Vec::new();
    for report in confirmed(material, task).filter(|report| own_commune || !report.commune) {
        let done = report.words.done.lines().map(words::inner).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ");
        let done = if done.is_empty() { "có minh chứng kèm theo".to_owned() } else { done };
        texts.push(Text::from(format!("Kết quả ({}, kỳ hạn {}): {done}.", report.unit, words::date(report.term))));
    }
    if !own_commune {
        let communes = |state| of_period(material, task).filter(|report| report.commune && report.state == state).count();
        let (done, waiting) = (communes(ReportState::Confirmed), communes(ReportState::Submitted));
        let terms = task.due(material.period.days()).count();
        if task.owing > 1 && terms > 0 {
            let note = notes.of(&tally_source(material));
            let all = words::number((task.owing * terms) as i64);
            let text = Text::from("Báo cáo của xã, phường: ").figure(words::number(done as i64), note);
            let text = text.words("/").figure(all, note).words(" được xác nhận, ").figure(words::number(waiting as i64), note);
            texts.push(text.words(" đang chờ xác nhận."));
        }
    }
    let waiting =
        of_period(material, task).filter(|report| report.state == ReportState::Submitted && (own_commune || !report.commune));
    let waiting: Vec<String> = waiting.map(|report| format!("{} (kỳ hạn {})", report.unit, words::date(report.term))).collect();
    if !waiting.is_empty() {
        let more = waiting.len().saturating_sub(NAMED);
        let rest = if more > 0 { format!(" và {more} báo cáo khác") } else { String::new() };
        texts.push(Text::from(format!("Đang chờ xác nhận: {}{rest}.", waiting[..waiting.len().min(NAMED)].join("; "))));
    }
    if texts.is_empty() {
        texts.push(Text::from("Kết quả: chưa có báo cáo được xác nhận trong kỳ."));
    }
    texts
}

/// The figures of a task: those that are there with their notes, those that are not with the reason.
fn figures(material: &Material<'_>, task: &TaskRow<'_>, notes: &mut Notes) -> Vec<Text> {
    let mut known = Text::from("Số liệu: ");
    let mut first = true;
    let mut missing = Vec::new();
    for figure in &task.figures {
        match figure.shown() {
            Ok(shown) => {
                let asked = if figure.asked.is_empty() { String::new() } else { format!(" (Kế hoạch: {})", figure.asked) };
                known = known.words(format!("{}{}: ", if first { "" } else { "; " }, lower(&figure.name)));
                known =
                    known.figure(shown, notes.of(&figure_source(material, figure))).words(format!("{}{asked}", figure.after()));
                first = false;
            }
            Err(why) => missing.push(format!("{} ({})", lower(&figure.name), words::inner(&why))),
        }
    }
    let mut texts = Vec::new();
    if !first {
        texts.push(known.words("."));
    }
    if !missing.is_empty() {
        texts.push(Text::from(format!("Chưa có số liệu: {}.", missing.join("; "))));
    }
    if task.figures.is_empty() {
        texts.push(Text::from("Số liệu: Kế hoạch không đặt số liệu riêng cho nhiệm vụ này."));
    }
    texts
}

/// A name inside a sentence; names that begin with a short form (BHYT) stay as they are.
fn lower(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), name.chars().nth(1)) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => name.to_owned(),
    }
}
