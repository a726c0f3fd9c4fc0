//! What shows over a whole facility. Beside it: campaigns, referral centres, parts that stand for themselves.

use super::{Stage, marked};
use crate::claims::facilities::Class;
use crate::claims::plan::{Ask, Form, Leaves, Mark, Route, Worth};

impl Stage<'_, '_> {
    pub(super) fn sites(&mut self, honest: bool) {
        for case in 0..(self.cases / 12).max(1) {
            if honest {
                self.campaign(case);
            } else {
                self.phantoms(case);
            }
        }
        for case in 0..self.cases {
            self.component(case, honest);
        }
        self.severity(honest);
    }

    /// Cards of a far commune on three days, all alike, of people who were not there.
    fn phantoms(&mut self, case: usize) {
        let draw = self.case("phantom-visits", case);
        let facility = self.any(Class::Polyclinic, draw.of("facility"));
        let communes = self.facilities.of(Class::Station).len();
        let far = (self.facilities.list[facility].place + communes / 3) % communes;
        let days = self.people.working.clone();
        let start = draw.of("day").below(days.len().saturating_sub(3).max(1) as u64) as usize;
        for nth in 0..40 + draw.of("count").below(40) as usize {
            let first = self.people.span.0;
            let Some(patient) = self.spare(|p| (p.place + communes - far) % communes < 2 && p.age(first) >= 16) else { break };
            let Some(day) = days.get(start + nth % 3).copied() else { continue };
            // All from one draw: the same content and the same price.
            let mut visit = self.new_visit(patient, facility, Form::Examination, "J00", (day, 5), draw);
            visit.asks.push(Ask::Flat);
            self.add(marked(visit, Mark::visit("phantom-visits", "lượt khám khống bằng thẻ của một xã xa"), false));
        }
    }

    /// A station examines the people of its own commune on one day, with tests.
    fn campaign(&mut self, case: usize) {
        let draw = self.case("campaign", case);
        let facility = self.any(Class::Station, draw.of("facility"));
        let day = self.working(draw.of("day"));
        for nth in 0..45 {
            let (first, place) = (self.people.span.0, self.facilities.list[facility].place);
            let Some(patient) = self.spare(|p| p.place == place && p.age(first) >= 40) else { break };
            let mut visit = self.new_visit(patient, facility, Form::Examination, "I10", (day, 28), draw.number(nth));
            visit.asks.push(Ask::Also(self.lists.service("glucose"), 0));
            self.add(marked(visit, Mark::visit("phantom-visits", "chiến dịch khám tại xã"), true));
        }
    }

    /// The plain ultrasound of the heart beside the Doppler one that holds it; honest when it stands for itself.
    fn component(&mut self, case: usize, honest: bool) {
        let draw = self.case(if honest { "component alone" } else { "component-with-parent" }, case);
        let day = self.working(draw.of("day"));
        let first = self.people.span.0;
        let Some(patient) = self.spare(|p| p.age(first) >= 45) else { return };
        let facility = self.facilities.near(Class::BasicMid, self.month.patients[patient].place);
        let disease = if honest { "I10" } else { "I25.9" };
        let mut visit = self.new_visit(patient, facility, Form::Examination, disease, (day, 14), draw);
        if !honest {
            visit.asks.push(Ask::Also(self.lists.service("us_heart_doppler"), 0));
        }
        visit.asks.push(Ask::Also(self.lists.service("us_heart_2d"), 1));
        let note = if honest { "siêu âm tim 2D làm riêng" } else { "siêu âm tim 2D đã có trong siêu âm Doppler tim" };
        self.add(marked(visit, Mark::line("component-with-parent", "", "xml3", 1, note), honest));
    }

    /// One hospital writes respiratory failure and intensive care for usual diseases; at a referral centre they are real.
    fn severity(&mut self, honest: bool) {
        let draw = self.case(if honest { "referral centre" } else { "severity-upcoding" }, 0);
        let wanted = if honest { Class::Special } else { Class::BasicFormerProvince };
        let facility = self.any(wanted, draw.of("facility"));
        let severe = self.lists.disease("J96.0");
        for at in 0..self.month.plans.len() {
            let plan = &self.month.plans[at];
            let usual =
                plan.form == Form::Inpatient && plan.leaves == Leaves::Home && plan.marks.is_empty() && plan.asks.is_empty();
            let sent = !honest || matches!(plan.route, Route::Referred(_));
            if plan.facility != facility || !usual || !sent || !self.is_medical(plan.disease) {
                continue;
            }
            if draw.number(at as u64).chance(60_000) {
                self.month.plans[at].disease = severe;
                let note = if honest { "ca nặng được chuyển đến" } else { "ghi bệnh nặng hơn thực tế" };
                let mark = Mark::visit("severity-upcoding", note).worth(Worth::Beds);
                self.mark(at, Some(Ask::Intensive), mark, honest);
            }
        }
    }
}
