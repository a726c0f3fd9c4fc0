//! What is done in wards, day by day: drugs, supplies, beds, and what is repeated.

use super::{Content, department_number};
use crate::claims::facilities::staff;
use crate::claims::money::Milli;
use crate::claims::plan::{Ask, Form};
use crate::claims::stamp;
use crate::claims::visit::{Item, Line, Visit};

/// Drugs given once in a stay, on the day of what they are for.
const ONCE: [(&str, i32); 9] = [
    ("propofol", 1),
    ("fentanyl", 1),
    ("rocuronium", 1),
    ("oxytocin", 0),
    ("paclitaxel", 0),
    ("ondansetron", 0),
    ("erythropoietin", 0),
    ("heparin", 0),
    ("iron_iv", 0),
];
/// Drugs of anaesthesia.
const FOR_OPERATIONS: [&str; 3] = ["propofol", "fentanyl", "rocuronium"];
/// Supplies that only an operation needs.
const IN_OPERATIONS: [&str; 6] = ["plate", "lens", "suture_thread", "airway_tube", "drain", "knife"];
/// Supplies of which one is used a day.
const EACH_DAY: [&str; 2] = ["infusion_set", "syringe"];
/// Services that are done again on every day of a stay.
const DAILY: [&str; 4] = ["nebulise", "dressing", "exercise", super::BEDSIDE];
/// Tests that are done again on every third day of a stay.
const EVERY_THIRD: [&str; 3] = ["cbc", "crp", "electrolyte"];

/// The day of the stay on which a drug is given that is given once.
pub(super) fn once(drug: &str) -> Option<i32> {
    ONCE.iter().find(|(key, _)| *key == drug).map(|(_, day)| *day)
}

/// Whether a drug is given in operations alone.
pub(super) fn is_for_operations(drug: &str) -> bool {
    FOR_OPERATIONS.contains(&drug)
}

impl Content<'_> {
    /// Days in the ward; one where the patient leaves on the day of arrival.
    fn days(&self) -> i32 {
        if self.plan.form == Form::Inpatient { self.plan.days.max(1) } else { 1 }
    }

    /// Whether there is an operation in the visit.
    pub(super) fn is_operated(&self, visit: &Visit) -> bool {
        visit.lines.iter().any(|line| self.group(line) == Some("8"))
    }

    /// Procedures and tests of the first day that are done again on later ones.
    pub(super) fn followed(&self, visit: &mut Visit) {
        for line in visit.lines.clone() {
            let Item::Service(service) = line.item else { continue };
            let of = &self.lists.services[service];
            let (from, step) = match of.key {
                key if DAILY.contains(&key) => (1, 1),
                key if EVERY_THIRD.contains(&key) => (2, 3),
                _ => continue,
            };
            // No test on the eve of leaving: whoever is admitted elsewhere next day has another one there.
            let (until, early) = if of.is_test() { (self.days() - 1, 6 * 60) } else { (self.days(), 7 * 60 + 40) };
            for day in (from..until).step_by(step) {
                let draw = self.plan.draw.of("followed").of(of.key).number(day as u64);
                let order = stamp::at(self.plan.day + day, early + draw.below(150) as i64);
                let mut again = self.line(service, order, visit);
                // A row of XML4 names the service and not the line, so it can only be that of the first one.
                (again.doctor, again.silent) = (self.ward_doctor(visit), true);
                visit.lines.push(again);
            }
        }
    }

    /// A line a day in a ward.
    pub(super) fn ward_drug(&self, visit: &mut Visit, drug: usize) {
        let of = &self.lists.drugs[drug];
        let once = once(of.key);
        let days = self.days();
        let admitted = visit.admitted.unwrap_or(visit.arrival);
        for day in 0..days {
            let wanted = once.is_none_or(|only| only.min(days - 1) == day) && (of.dose >= Milli::whole(1) || day == 0);
            if !wanted {
                continue;
            }
            let order = if day == 0 { admitted + 20 } else { stamp::at(self.plan.day + day, 8 * 60 + (drug % 20) as i64) };
            let mut line = Line::new(Item::Drug(drug), of.price, order);
            line.quantity = Milli::thousandths(of.dose.get() * of.times).ceil();
            (line.rate, line.department, line.doctor) = (of.rate, visit.ward, self.ward_doctor(visit));
            line.times[1..].fill(order + 15);
            line.dose = format!("Ngày dùng {} {} chia {} lần", line.quantity, of.unit.to_lowercase(), of.times);
            line.fixed = true;
            visit.lines.push(line);
        }
    }

    /// A supply, used in the operation or on admission.
    pub(super) fn supply(&self, supply: usize, visit: &Visit) -> Line {
        let of = &self.lists.supplies[supply];
        let operation = visit.lines.iter().find(|line| self.group(line) == Some("8")).map(|line| line.times[0]);
        let order = operation.or(visit.admitted).unwrap_or(visit.arrival) + 12;
        let mut line = Line::new(Item::Supply(supply), of.price, order);
        (line.department, line.doctor, line.fixed) = (visit.ward, self.ward_doctor(visit), true);
        line.times[1..].fill(order + 2);
        line
    }

    /// The supplies that are usual for the disease.
    pub(super) fn supplies(&self, visit: &mut Visit) {
        let draw = self.plan.draw.of("supplies");
        for (nth, (supply, often)) in self.disease().supplies.iter().enumerate() {
            let of = &self.lists.supplies[*supply];
            let used = self.is_operated(visit) || !IN_OPERATIONS.contains(&of.key);
            let offered = of.class <= self.facility.class.rank();
            if used && offered && draw.number(nth as u64).below(1_000) < *often {
                let mut line = self.supply(*supply, visit);
                if EACH_DAY.contains(&of.key) {
                    line.quantity = Milli::whole(i64::from(self.days()));
                }
                visit.lines.push(line);
            }
        }
    }

    /// A bed for every day.
    pub(super) fn beds(&self, visit: &mut Visit) {
        let admitted = visit.admitted.unwrap_or(visit.arrival);
        let key = match (self.plan.form, visit.ward) {
            (Form::Short, _) => return,
            (Form::Day, _) => "bed_day",
            (_, "K02") => "bed_intensive",
            _ if self.has(&Ask::Intensive) => "bed_intensive",
            (_, "K19" | "K27") => "bed_surgical",
            _ => "bed_internal",
        };
        let service = self.lists.service(key);
        let days = self.days();
        for day in 0..days {
            let morning = |day: i32| stamp::at(self.plan.day + day, 7 * 60);
            let order = if day == 0 { admitted } else { morning(day) };
            let mut line = self.line(service, order, visit);
            line.times = [order, order, if day + 1 < days { morning(day + 1).max(order) } else { visit.left }];
            (line.doctor, line.performer, line.fixed) = (self.ward_doctor(visit), None, true);
            visit.lines.push(line);
        }
    }

    /// Who treats the patient in the ward.
    fn ward_doctor(&self, visit: &Visit) -> u32 {
        staff::WARDS + department_number(visit.ward) * 10 + self.plan.draw.of("ward doctor").below(4) as u32
    }
}
