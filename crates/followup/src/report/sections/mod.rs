//! The sections of a report, each with the text the program makes and what stands under it.

mod indicators;
mod late;
mod opinions;
mod tasks;

use documents::report::Block;

use super::compose::Part;
use super::facts::{Facts, Notes};
use super::layout::{Layout, Whose};
use super::material::Material;
use super::period::Told as _;
use super::words;

pub(super) use indicators::{against_words, is_behind, is_judged, last_words};
pub(super) use late::{reason, state_words};
pub(super) use opinions::of_communes;

/// All sections in their order.
pub(super) fn all(material: &Material<'_>, layout: &Layout, facts: &Facts, notes: &mut Notes) -> Vec<Part> {
    let mut parts = vec![opening(material, layout), indicators::part(material, facts, notes)];
    parts.extend(tasks::parts(material, notes));
    parts.push(late::part(material, notes));
    parts.push(opinions::part(material));
    parts.push(directions(material));
    parts.push(closing(material, layout));
    parts
}

fn opening(material: &Material<'_>, layout: &Layout) -> Part {
    let organ = layout.issuer(&material.whose).organ;
    let figures = match &material.run {
        Some(run) => format!("số liệu đến hết {}", words::day(run.month.last_day())),
        None => "chưa có lần chạy nào của kỳ nên các số liệu tự động chưa có".to_owned(),
    };
    let made = format!("Thực hiện {}, {organ} báo cáo kết quả {} ({figures}) như sau:", layout.basis, material.period.words());
    Part { key: "opening".into(), name: "Mở đầu".into(), heading: None, made, fixed: Vec::new() }
}

/// What follows from what is late and what comes next.
fn directions(material: &Material<'_>) -> Part {
    let mut lines = Vec::new();
    for task in material.tasks.iter().filter(|task| task.late().is_some()) {
        let who = words::list(&task.leads);
        let ask = match material.whose {
            Whose::City => format!("Đề nghị {who} hoàn thành nhiệm vụ {}", task.task.id),
            Whose::Unit { .. } | Whose::Commune { .. } => format!("Hoàn thành nhiệm vụ {}", task.task.id),
        };
        lines.push(format!("- {ask} ({}), báo cáo rõ lý do chậm và thời hạn hoàn thành.", words::inner(task.title())));
    }
    if let Some(next) = material.period.after() {
        let days = next.days();
        let due: Vec<String> = material
            .tasks
            .iter()
            .filter_map(|task| {
                let term = task.due(days).next()?;
                Some(format!("{} (hạn {})", task.task.id, words::date(term.day())))
            })
            .collect();
        lines.push(if due.is_empty() {
            format!("- Trong {} không có kỳ hạn nào của Kế hoạch.", next.words())
        } else {
            format!("- Trong {}, thực hiện các nhiệm vụ đến hạn: {}.", next.words(), due.join("; "))
        });
    }
    let behind: Vec<String> =
        material.indicators.iter().filter(|row| indicators::is_behind(material, row)).map(|row| row.short.clone()).collect();
    if !behind.is_empty() {
        lines.push(format!("- Tập trung giải pháp đối với các chỉ tiêu chậm so với lộ trình: {}.", words::list(&behind)));
    }
    let heading = "5. Phương hướng và đề nghị".to_owned();
    Part {
        key: "directions".into(),
        name: heading.clone(),
        heading: Some(Block::Heading(heading)),
        made: lines.join("\n"),
        fixed: Vec::new(),
    }
}

fn closing(material: &Material<'_>, layout: &Layout) -> Part {
    let made = format!("{} trân trọng báo cáo./.", layout.issuer(&material.whose).organ);
    Part { key: "closing".into(), name: "Kết thúc".into(), heading: None, made, fixed: Vec::new() }
}
