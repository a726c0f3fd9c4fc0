//! Section 4: what hinders the units and what they propose, from confirmed reports.

use std::collections::BTreeMap;

use desk::ReportState;
use documents::report::Block;

use crate::report::compose::Part;
use crate::report::layout::Whose;
use crate::report::material::{Material, ReportRow};
use crate::report::period::Told as _;
use crate::report::words;

pub(super) fn part(material: &Material<'_>) -> Part {
    let own = !matches!(material.whose, Whose::City);
    let heading = if own {
        "4. Khó khăn, vướng mắc và kiến nghị"
    } else {
        "4. Khó khăn, vướng mắc và kiến nghị của các đơn vị"
    }
    .to_owned();
    let (mut lines, mut waiting) = (Vec::new(), Vec::new());
    let mut communes = 0;
    for (unit, told) in by_unit(material) {
        let open = told.iter().filter(|(_, report)| report.state == ReportState::Submitted).count();
        if open > 0 && !told.iter().all(|(_, report)| report.commune) {
            waiting.push(unit.to_owned());
        }
        for (task, report) in told {
            if report.state != ReportState::Confirmed || (report.words.hindered.is_empty() && report.words.proposed.is_empty()) {
                continue;
            }
            // Communes are many: what they say stands whole in the annex.
            if report.commune && !own {
                communes += 1;
                continue;
            }
            let mut text = format!("- {unit} (nhiệm vụ {task}): ");
            if !report.words.hindered.is_empty() {
                text.push_str(&format!("khó khăn: {}", words::inner(&report.words.hindered)));
            }
            if !report.words.proposed.is_empty() {
                let join = if report.words.hindered.is_empty() { "" } else { "; " };
                text.push_str(&format!("{join}kiến nghị: {}", words::inner(&report.words.proposed)));
            }
            text.push('.');
            lines.push(text);
        }
    }
    if lines.is_empty() && communes == 0 {
        lines.push("Trong kỳ chưa có khó khăn, kiến nghị nào trong các báo cáo đã được xác nhận.".into());
    }
    if communes > 0 {
        lines.push("- UBND các xã, phường: {y-kien-xa-phuong} ý kiến, nêu đầy đủ tại Phụ lục 3.".into());
    }
    if !waiting.is_empty() {
        lines.push(format!("Chưa tổng hợp ý kiến trong báo cáo đang chờ xác nhận của: {}.", words::list(&waiting)));
    }
    Part {
        key: "difficulties".into(),
        name: heading.clone(),
        heading: Some(Block::Heading(heading)),
        made: lines.join("\n"),
        fixed: Vec::new(),
    }
}

/// The reports on terms of the period by unit, each with its task.
fn by_unit<'m>(material: &'m Material<'_>) -> BTreeMap<&'m str, Vec<(&'m str, &'m ReportRow)>> {
    let (first, last) = material.period.days();
    let mut all: BTreeMap<&str, Vec<(&str, &ReportRow)>> = BTreeMap::new();
    for task in &material.tasks {
        for report in task.reports.iter().filter(|report| report.term >= first && report.term <= last) {
            all.entry(&report.unit).or_default().push((&task.task.id, report));
        }
    }
    all
}

/// How many confirmed reports of communes say something.
pub(in crate::report) fn of_communes(material: &Material<'_>) -> usize {
    let says = |report: &&ReportRow| {
        report.commune
            && report.state == ReportState::Confirmed
            && !(report.words.hindered.is_empty() && report.words.proposed.is_empty())
    };
    by_unit(material).values().flatten().map(|(_, report)| *report).filter(|report| says(report)).count()
}
