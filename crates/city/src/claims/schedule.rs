//! Who is seen by whom and when: doctors, machines and beds of a facility over a month.

use std::collections::BTreeMap;

use crate::claims::content::{Content, Slot};
use crate::claims::facilities::{Facility, staff};
use crate::claims::lists::Lists;
use crate::claims::plan::{Ask, Form, Patient, Plan};
use crate::claims::stamp::{self, DAY};
use crate::claims::visit::{Item, Line, Visit};

/// Minutes from one examination of a doctor to the next.
const STEP: i64 = 12;
/// Examinations of a doctor in the morning, from 7:30, and in the afternoon, from 13:00.
const HALVES: (i64, i64) = (20, 16);
/// Longest wait for a machine before another one is put up.
const WAIT: i64 = 60;
/// Machines kept for emergencies are numbered from here on.
const EMERGENCY: u32 = 80;

/// The visits of a facility, in the order of its dossiers, with all times set.
pub fn visits<'m>(facility: &'m Facility, plans: &[&'m Plan], patients: &'m [Patient], lists: &'m Lists) -> Vec<Visit<'m>> {
    let mut plans = plans.to_vec();
    plans.sort_by_key(|plan| plan.leaves_on());
    let slots = slots(&plans);
    let mut visits: Vec<Visit> = plans
        .iter()
        .zip(slots)
        .map(|(&plan, slot)| Content { lists, plan, patient: &patients[plan.patient], facility }.build(slot))
        .collect();
    share_machines(&mut visits, lists);
    visits.iter_mut().for_each(|visit| finish(visit, lists));
    give_beds(&mut visits, lists);
    visits
}

/// Shares the outpatients of each day out among the doctors.
fn slots(plans: &[&Plan]) -> Vec<Option<Slot>> {
    let is_usual = |plan: &Plan| {
        let own = plan.asks.iter().any(|ask| matches!(ask, Ask::At(_) | Ask::Doctor(..)));
        matches!(plan.form, Form::Examination | Form::Outpatient | Form::LongDrugs) && !own
    };
    let mut days: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
    for (at, plan) in plans.iter().enumerate().filter(|(_, plan)| is_usual(plan)) {
        days.entry(plan.day).or_default().push(at);
    }
    let most = (HALVES.0 + HALVES.1) as usize;
    let pool = days.values().map(|day| day.len().div_ceil(most)).max().unwrap_or(1);
    let mut slots: Vec<Option<Slot>> = plans
        .iter()
        .map(|plan| {
            let of = |ask: &Ask| if let Ask::Doctor(doctor, minute) = ask { Some((*doctor, *minute)) } else { None };
            plan.asks.iter().find_map(of).map(|(doctor, minute)| Slot { doctor, minute })
        })
        .collect();
    for (day, list) in days {
        let doctors = list.len().div_ceil(most);
        for (nth, at) in list.into_iter().enumerate() {
            let doctor = (nth % doctors + day.rem_euclid(97) as usize) % pool;
            let place = (nth / doctors) as i64;
            let minute = if place < HALVES.0 { 450 + place * STEP } else { 780 + (place - HALVES.0) * STEP };
            slots[at] = Some(Slot { doctor: staff::DOCTORS + doctor as u32, minute });
        }
    }
    slots
}

/// Machines and theatres by kind: the minute each is free again. What needs no machine needs a nurse, of the kind "".
#[derive(Default)]
struct Machines(BTreeMap<&'static str, Vec<i64>>);

impl Machines {
    /// The number of a machine and the minute it begins.
    fn take(&mut self, kind: &'static str, from: i64, minutes: i64, wait: i64) -> (u32, i64) {
        let list = self.0.entry(kind).or_default();
        let first = list.iter().enumerate().min_by_key(|(_, free)| **free).map(|(at, free)| (at, *free));
        let (at, begin) = match first {
            Some((at, free)) if free <= from + wait => (at, free.max(from)),
            _ => {
                list.push(0);
                (list.len() - 1, from)
            }
        };
        list[at] = begin + minutes + 2;
        (at as u32 + 1, begin)
    }
}

/// Kinds of machines, in the order in which their operators are numbered; the last are nurses.
const KINDS: [&str; 12] = ["HH", "SH", "VS", "SA", "XQ", "CL", "MRI", "NS", "ĐT", "DC", "TT", ""];

/// Who works a machine: one person each.
fn operator(kind: &str, machine: u32) -> u32 {
    let number = KINDS.iter().zip(0..).find(|(own, _)| **own == kind).map_or(0, |(_, number)| number);
    staff::OPERATORS + 100 * number + machine.min(99)
}

/// Gives every test and procedure its time, in the order in which they were ordered.
fn share_machines(visits: &mut [Visit], lists: &Lists) {
    let mut wishes: Vec<(i64, usize, usize)> = Vec::new();
    for (at, visit) in visits.iter().enumerate() {
        for (nth, line) in visit.lines.iter().enumerate().filter(|(_, line)| !line.fixed) {
            if let Item::Service(service) = line.item
                && lists.services[service].group != "13"
            {
                wishes.push((line.times[0], at, nth));
            }
        }
    }
    wishes.sort_unstable();
    let (mut usual, mut urgent) = (Machines::default(), Machines::default());
    for (order, at, nth) in wishes {
        let visit = &mut visits[at];
        let emergency = visit.plan.form == Form::Short;
        let analysers = 1 + visit.facility.class.rank() as u64 / 3;
        let draw = visit.plan.draw.of("machine").number(nth as u64);
        let line = &mut visit.lines[nth];
        let Item::Service(service) = line.item else { continue };
        let service = &lists.services[service];
        let minutes = if emergency { service.minutes.min(50) } else { service.minutes };
        let (machine, begin, longer) = match service.group {
            // An analyser takes many samples at once.
            "1" if emergency => (1, order + 6, 0),
            "1" => (1 + draw.below(analysers) as u32, order + 8 + draw.below(15) as i64, draw.of("longer").below(20) as i64),
            _ if emergency => {
                let (machine, begin) = urgent.take(service.machine, order + 6, minutes, 0);
                (EMERGENCY + machine, begin, 0)
            }
            _ => {
                let (machine, begin) = usual.take(service.machine, order + 6, minutes, WAIT);
                (machine, begin, 0)
            }
        };
        line.machine = (!service.machine.is_empty()).then_some(machine);
        line.times = [order, begin, begin + minutes + longer];
        line.performer = Some(match service.group {
            "8" => staff::SURGEONS + machine,
            _ => operator(service.machine, machine),
        });
    }
}

/// Repeats what is asked for twice, and sets the end and what depends on it.
fn finish(visit: &mut Visit, lists: &Lists) {
    for ask in &visit.plan.asks {
        if let Ask::Again(service, after, tag) = ask {
            let first = visit.lines.iter().find(|line| line.item == Item::Service(*service)).cloned();
            if let Some(mut again) = first {
                again.times.iter_mut().for_each(|time| *time += after);
                (again.tag, again.silent, again.fixed) = (*tag, true, true);
                visit.lines.push(again);
            }
        }
    }
    let last = |lines: &[Line]| {
        let done = lines.iter().filter(|line| matches!(line.item, Item::Service(s) if !lists.services[s].is_bed()));
        done.map(|line| line.times[2]).max()
    };
    let same_day = |moment: i64, day: i32| moment.min(stamp::at(day, DAY - 20));
    let form = visit.plan.form;
    match form {
        Form::Inpatient => visit.left = visit.left.max(last(&visit.lines).unwrap_or(0) + 10),
        Form::Day => visit.left = visit.left.max(last(&visit.lines).unwrap_or(0) + 30),
        Form::Short => {
            let admitted = visit.admitted.unwrap_or(visit.arrival);
            let ready = last(&visit.lines).unwrap_or(0) + 12;
            visit.left = ready.max(visit.left).min(admitted + 235);
        }
        Form::Outpatient => {
            let of_day = |line: &&Line| stamp::day_of(line.times[2]) == visit.plan.day;
            let ready = visit.lines.iter().filter(of_day).map(|line| line.times[2]).max().unwrap_or(visit.left);
            order_drugs(visit, ready + 4);
        }
        _ => {
            let ready = last(&visit.lines).unwrap_or(visit.arrival + 4);
            order_drugs(visit, same_day(ready + 4, visit.plan.day));
        }
    }
    // The beds end when the patient leaves.
    let left = visit.left;
    if let Some(bed) =
        visit.lines.iter_mut().rev().find(|line| matches!(line.item, Item::Service(s) if lists.services[s].is_bed()))
    {
        bed.times[2] = left;
    }
    visit.end = if form.lasts() { stamp::at(visit.plan.ends_on(), DAY - 1) } else { visit.left };
    // Drugs stand in a table of their own, each table in the order of time.
    visit.lines.sort_by_key(|line| (!line.is_drug(), line.times[0]));
}

/// Outpatients get their drugs when all results are there, and go.
fn order_drugs(visit: &mut Visit, moment: i64) {
    visit.left = visit.left.max(moment + 12);
    for line in visit.lines.iter_mut().filter(|line| line.is_drug()) {
        line.times = [moment, moment + 8, moment + 8];
    }
}

/// Beds before the first one of stays over a month's end, by the month they began in: even or odd. Claims are made month by month, so such a stay would
/// else lie in a bed in which the claims of the month before have somebody.
const OVER_MONTH_END: [usize; 2] = [2_000, 3_000];

/// The number of beds before the first one that a stay may have.
fn before_first_bed(admitted: i64, left: i64) -> usize {
    let (first, last) = (stamp::date(stamp::day_of(admitted)), stamp::date(stamp::day_of(left)));
    if first.month() == last.month() { 0 } else { OVER_MONTH_END[usize::from(first.month_number() % 2 == 1)] }
}

/// Gives everybody in a ward a bed of their own.
fn give_beds(visits: &mut [Visit], lists: &Lists) {
    let mut order: Vec<usize> =
        (0..visits.len()).filter(|at| matches!(visits[*at].plan.form, Form::Inpatient | Form::Day)).collect();
    order.sort_by_key(|at| (visits[*at].admitted, *at));
    let mut wards: BTreeMap<(&'static str, usize), Vec<i64>> = BTreeMap::new();
    for at in order {
        let visit = &mut visits[at];
        let admitted = visit.admitted.unwrap_or(visit.arrival);
        let before = before_first_bed(admitted, visit.left);
        let beds = wards.entry((visit.ward, before)).or_default();
        let number = beds.iter().position(|free| *free <= admitted).unwrap_or_else(|| {
            beds.push(0);
            beds.len() - 1
        });
        beds[number] = visit.left;
        let bed = (before + number) as u32 + 1;
        visit.bed = Some(bed);
        for line in &mut visit.lines {
            if matches!(line.item, Item::Service(s) if lists.services[s].is_bed()) {
                line.bed = Some(bed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stay_over_a_months_end_has_a_bed_that_no_other_months_claims_give_away() {
        let day = |text: &str| text.parse::<base::Date>().unwrap().days_since_epoch();
        let first = |admitted: &str, left: &str| before_first_bed(stamp::at(day(admitted), 600), stamp::at(day(left), 600));
        assert_eq!(first("2026-10-05", "2026-10-09"), 0);
        let (september, october) = (first("2026-09-28", "2026-10-03"), first("2026-10-28", "2026-11-03"));
        assert!(september > 0 && october > 0 && september != october);
    }
}
