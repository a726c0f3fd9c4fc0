//! A report at a glance: few figures for a picture and for slides.

use super::material::{Material, RunName};
use super::period::Told as _;
use super::{Glance, GlanceIndicator, GlanceLate, sections, words};
use crate::standing::{TaskState, TermState};

/// Gathers them from a report's material.
pub(super) fn glance(material: &Material<'_>, organ: &str) -> Glance {
    let month = material.run.as_ref().map(|run| run.month);
    let indicators = material.indicators.iter().map(|row| GlanceIndicator {
        id: row.id.clone(),
        short: row.short.clone(),
        share: row.share(),
        year: month.and_then(|month| row.road.year(month)).or(row.road.assigned),
        last: sections::last_words(row),
        against: sections::against_words(material, row),
        behind: sections::is_behind(material, row),
        judged: sections::is_judged(material, row),
        why: row.value.as_ref().err().cloned(),
    });
    let count = |is: &dyn Fn(TaskState) -> bool| material.tasks.iter().filter(|task| is(task.state)).count();
    let late = material.tasks.iter().filter_map(|task| {
        let term = task.late()?;
        Some(GlanceLate {
            id: task.task.id.clone(),
            title: task.title().to_owned(),
            leads: words::list(&task.leads),
            since: term.day(),
            days: term.day().days_until(material.on),
            why: sections::reason(task, term),
        })
    });
    let mut units: Vec<(String, usize, usize)> = Vec::new();
    for task in &material.tasks {
        for lead in &task.leads {
            let is_late = usize::from(task.late().is_some());
            match units.iter_mut().find(|(name, ..)| name == lead) {
                Some((_, all, late)) => (*all, *late) = (*all + 1, *late + is_late),
                None => units.push((lead.clone(), 1, is_late)),
            }
        }
    }
    let days = material.period.after().map(|next| next.days());
    let next = material.tasks.iter().filter_map(|task| {
        let term = task.due(days?).find(|term| term.state != TermState::Done)?;
        Some((task.task.id.clone(), task.title().to_owned(), term.day()))
    });
    Glance {
        organ: organ.to_owned(),
        period: material.period.words(),
        source: material.run.as_ref().map_or_else(|| "Chưa có lần chạy nào của kỳ".to_owned(), RunName::words),
        indicators: indicators.collect(),
        tally: [
            count(&|state| state == TaskState::OnTime),
            count(&|state| state == TaskState::Doing),
            count(&|state| matches!(state, TaskState::Late(_))),
            count(&|state| state == TaskState::NoTerm),
        ],
        late: late.collect(),
        next: next.collect(),
        units,
    }
}
