//! Two places at once, and visits of the dead. Beside them: the day of discharge, samples sent out, deaths told late.

use super::{Stage, marked};
use crate::claims::facilities::Class;
use crate::claims::plan::{Ask, Form, Mark};
use crate::claims::stamp;

impl Stage<'_, '_> {
    pub(super) fn overlap(&mut self, honest: bool) {
        for case in 0..self.cases {
            if honest {
                self.on_discharge_day(case);
                self.sent_out(case);
            } else {
                self.in_admission(case);
            }
        }
        self.deaths(honest);
    }

    /// An outpatient visit elsewhere in the middle of a stay.
    fn in_admission(&mut self, case: usize) {
        let draw = self.case("outpatient-in-admission", case);
        let (first, last) = self.people.span;
        let Some(at) = self.visit(Form::Inpatient, |plan, _| plan.days >= 4 && plan.day >= first) else { return };
        let plan = self.month.plans[at].clone();
        let patient = &self.month.patients[plan.patient];
        let Some(day) = self.working_from(plan.day + 1 + draw.small(2)) else { return };
        if day >= plan.leaves_on() || day > last {
            return;
        }
        let disease = if patient.age(day) >= 12 { "K29.7" } else { "J00" };
        let facility = self
            .facilities
            .near(if draw.of("class").chance(50_000) { Class::Polyclinic } else { Class::BasicLow }, patient.place);
        if facility != plan.facility {
            let visit = self.new_visit(plan.patient, facility, Form::Examination, disease, (day, 5), draw);
            self.add(marked(visit, Mark::visit("outpatient-in-admission", "khám ngoại trú trong đợt nội trú ở nơi khác"), false));
        }
    }

    /// An outpatient visit elsewhere in the afternoon after the discharge.
    fn on_discharge_day(&mut self, case: usize) {
        let draw = self.case("on discharge day", case);
        let span = self.people.span;
        let fits = |day: i32| stamp::is_working(day) && (span.0..=span.1).contains(&day);
        let Some(at) = self.visit(Form::Inpatient, |plan, _| fits(plan.leaves_on())) else { return };
        let plan = self.month.plans[at].clone();
        let facility = self.facilities.near(Class::Polyclinic, self.month.patients[plan.patient].place);
        let disease = if self.month.patients[plan.patient].age(plan.day) >= 6 { "H10.9" } else { "J00" };
        let mut visit = self.new_visit(plan.patient, facility, Form::Examination, disease, (plan.leaves_on(), 5), draw);
        visit.asks = vec![Ask::At(14 * 60 + 40), Ask::Flat];
        self.add(marked(visit, Mark::visit("outpatient-in-admission", "khám sau khi đã ra viện trong ngày"), true));
    }

    /// A culture that another hospital does for this one.
    fn sent_out(&mut self, case: usize) {
        let draw = self.case("lab-sent-out", case);
        let other = self.any(Class::Special, draw);
        let Some(at) = self.visit(Form::Inpatient, |plan, _| plan.facility != other) else { return };
        let mark = Mark::line("lab-sent-out", "", "xml3", 1, "xét nghiệm gửi cơ sở khác thực hiện");
        self.mark(at, Some(Ask::SentOut(self.lists.service("culture"), other, 1)), mark, true);
    }

    /// Visits after death; honest ones lie shortly before it and were told of late.
    fn deaths(&mut self, honest: bool) {
        let (first, last) = self.people.span;
        for (case, patient) in self.month.dead.clone().into_iter().enumerate() {
            let draw = self.case("after-death", case);
            let who = &self.month.patients[patient];
            let Some(died) = who.died else { continue };
            let (day, mark) = if honest {
                (self.working_from(died - 5).filter(|day| *day < died && *day >= who.from), "đăng ký khai tử muộn")
            } else {
                let from = (died + 2).max(first) + draw.of("day").small(9);
                (self.working_from(from).filter(|day| *day <= who.to), "lượt khám sau ngày mất")
            };
            let wanted = if honest { draw.of("told").chance(30_000) } else { draw.of("planted").chance(60_000) };
            let Some(day) = day.filter(|day| wanted && (first..=last).contains(day)) else { continue };
            let busy = self.by_patient.get(&patient).into_iter().flatten().any(|at| {
                let other = &self.month.plans[*at];
                (other.day - 3..=other.leaves_on() + 3).contains(&day)
            });
            if !busy {
                let facility = who.registered;
                let visit = self.new_visit(patient, facility, Form::Examination, "J02.9", (day, 7), draw);
                self.add(marked(visit, Mark::visit("after-death", mark), honest));
            }
        }
    }
}
