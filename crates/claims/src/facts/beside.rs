//! What a line is beside the others of its dossier.

use std::collections::{HashMap, HashSet};

use base::Date;
use claimfile::{Dossier, Moment, TableId};

use super::card::parts;
use super::line::Line;
use super::visit::Sources;

/// What each line is beside the others of its dossier.
pub(crate) struct Beside {
    pub same_on_day: Vec<usize>,
    pub same_at_time: Vec<usize>,
    pub exam_of_day: Vec<Option<usize>>,
    pub beds_on_day: Vec<Option<usize>>,
    pub busy: Vec<Option<bool>>,
    pub results: Vec<Option<bool>>,
}

impl Beside {
    pub(crate) fn of(lines: &[Line<'_>], dossier: &Dossier, sources: &Sources<'_>) -> Self {
        let mut by_day: HashMap<(TableId, &str, Date), usize> = HashMap::new();
        let mut by_time: HashMap<(TableId, &str, i64), usize> = HashMap::new();
        let mut beds: HashMap<Date, usize> = HashMap::new();
        let (mut same_on_day, mut same_at_time) = (Vec::with_capacity(lines.len()), Vec::with_capacity(lines.len()));
        for line in lines {
            let (mut day_before, mut time_before) = (0, 0);
            if let (Some(code), Some(order)) = (line.code, line.order) {
                let (on_day, at_time) = (
                    by_day.entry((line.table, code, order.day)).or_default(),
                    by_time.entry((line.table, code, order.minutes())).or_default(),
                );
                (day_before, time_before) = (*on_day, *at_time);
                *on_day += 1;
                *at_time += 1;
                if line.is_bed() {
                    *beds.entry(order.day).or_default() += 1;
                }
            }
            same_on_day.push(day_before);
            same_at_time.push(time_before);
        }
        let mut exams: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].is("exam")).collect();
        exams.sort_by_key(|at| (lines[*at].order.map(Moment::minutes), *at));
        let mut exam_of_day = vec![None; lines.len()];
        let mut exam_days: HashMap<Date, usize> = HashMap::new();
        for at in exams {
            if let Some(order) = lines[at].order {
                let nth = exam_days.entry(order.day).or_default();
                *nth += 1;
                exam_of_day[at] = Some(*nth);
            }
        }
        let services: HashSet<&str> =
            dossier.each(TableId::XML4).filter_map(|row| row.get(sources.places.xml4.ma_dich_vu)).collect();
        Self {
            same_on_day,
            same_at_time,
            exam_of_day,
            beds_on_day: lines
                .iter()
                .map(|l| l.order.filter(|_| l.is_bed()).map(|o| beds.get(&o.day).copied().unwrap_or(0)))
                .collect(),
            busy: busy(lines),
            results: lines.iter().map(|l| l.service.map(|code| services.contains(code))).collect(),
        }
    }
}

/// For operations: whether a performer stands in another one of the dossier at the same time.
fn busy(lines: &[Line<'_>]) -> Vec<Option<bool>> {
    let term = |line: &Line<'_>| Some((line.done?.minutes(), line.result?.minutes()));
    let operations: Vec<usize> =
        (0..lines.len()).filter(|at| lines[*at].is("surgery") && lines[*at].performers.is_some()).collect();
    let mut busy = vec![None; lines.len()];
    for at in &operations {
        let Some((from, to)) = term(&lines[*at]) else { continue };
        let people: HashSet<&str> = parts(lines[*at].performers).collect();
        busy[*at] = Some(operations.iter().filter(|other| *other != at).any(|other| {
            let overlaps = term(&lines[*other]).is_some_and(|(start, end)| start < to && from < end);
            overlaps && parts(lines[*other].performers).any(|person| people.contains(person))
        }));
    }
    busy
}
