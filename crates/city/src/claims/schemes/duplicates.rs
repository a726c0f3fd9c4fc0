//! The same thing twice: lines, visits, tests. Beside them: two units, monthly refills, dialysis, series of measurements.

use super::{Stage, marked};
use crate::claims::facilities::Class;
use crate::claims::plan::{Ask, Form, Mark, Patient, Plan, Worth};

impl Stage<'_, '_> {
    pub(super) fn duplicates(&mut self, honest: bool) {
        for case in 0..self.cases {
            if honest {
                self.two_units();
                self.refill();
                self.series();
            } else {
                self.same_line();
                self.same_visit();
                self.nearly_same(case);
                self.repeated();
                self.done_again(case);
            }
        }
    }

    /// A test twice at the same minute.
    fn same_line(&mut self) {
        // A commune station has no blood count in its catalogue: it would be another fault than the one planted.
        let facilities = self.facilities;
        let Some(at) = self.visit(Form::Examination, |plan, _| !facilities.list[plan.facility].class.is_primary()) else {
            return;
        };
        let mark = Mark::line("exact-duplicate", "service-twice-at-one-time", "xml3", 1, "cùng dịch vụ cùng thời điểm");
        let ask = Ask::Again(self.lists.service("cbc"), 0, 1);
        self.mark(at, Some(ask), mark, false);
    }

    /// A visit sent twice under two keys; without tests whose result holds for days, which would be another fault beside this one.
    fn same_visit(&mut self) {
        let lists = self.lists;
        let Some(at) = self.visit(Form::Examination, |plan, _| !lists.may_be_reused(plan.disease)) else { return };
        let plan = self.month.plans[at].clone();
        self.add(marked(plan, Mark::visit("exact-duplicate", "cùng lượt khám gửi hai lần"), false));
    }

    /// The same content again some days later, without tests whose result still holds then.
    fn nearly_same(&mut self, case: usize) {
        let draw = self.case("near-duplicate", case);
        let (lists, last) = (self.lists, self.people.span.1);
        let fits = |plan: &Plan, patient: &Patient| {
            plan.day + 5 <= last && patient.insured(plan.day, plan.day + 5) && !lists.may_be_reused(plan.disease)
        };
        let Some(at) = self.visit(Form::Examination, fits) else { return };
        let plan = self.month.plans[at].clone();
        let Some(day) = self.working_from(plan.day + 1 + draw.small(2)).filter(|day| day - plan.day <= 3) else { return };
        if self.free(at, plan.day + 1, day) {
            self.add(marked(Plan { day, ..plan }, Mark::visit("near-duplicate", "lặp lại sau 1-3 ngày"), false));
        }
    }

    /// A test again within hours, with nothing that asks for it.
    fn repeated(&mut self) {
        let facilities = self.facilities;
        let Some(at) = self.visit(Form::Examination, |plan, _| !facilities.list[plan.facility].class.is_primary()) else {
            return;
        };
        let mark = Mark::line("test-repeated", "test-repeated-in-day", "xml3", 1, "xét nghiệm lặp lại sau 90 phút");
        let ask = Ask::Again(self.lists.service("creatinine"), 90, 1);
        self.mark(at, Some(ask), mark, false);
    }

    /// A test of the days before, done once more elsewhere although its result still held.
    fn done_again(&mut self, case: usize) {
        let draw = self.case("done again elsewhere", case);
        let first = self.people.span.0;
        let Some(patient) = self.spare(|p| p.age(first) >= 40) else { return };
        let place = self.month.patients[patient].place;
        let test = self.lists.service("cholesterol");
        let before = self.working(draw.of("day"));
        let Some(after) = self.working_from(before + 2).filter(|after| after - before <= 5) else { return };
        for (nth, (class, day)) in [(Class::Polyclinic, before), (Class::BasicLow, after)].into_iter().enumerate() {
            let facility = self.facilities.near(class, place);
            let mut visit = self.new_visit(patient, facility, Form::Examination, "I10", (day, 7), draw.number(nth as u64));
            visit.asks.push(Ask::Also(test, 1));
            if nth > 0 {
                let note = "kết quả vài ngày trước ở nơi khác còn giá trị";
                let mark = Mark::line("test-repeated", "test-repeated-within-validity", "xml3", 1, note);
                visit = marked(visit, mark.worth(Worth::Nothing), false);
            }
            self.add(visit);
        }
    }

    /// Two threads used in one operation, on two lines.
    fn two_units(&mut self) {
        let Some(at) = self.visit(Form::Inpatient, |_, _| true) else { return };
        let mark = Mark::line("exact-duplicate", "", "xml3", 1, "hai đơn vị thật ghi hai dòng");
        let ask = Ask::TwoUnits(self.lists.supply("suture_thread"), 1);
        self.mark(at, Some(ask), mark, true);
    }

    /// The monthly refill twice in a month: on its first days and its last.
    fn refill(&mut self) {
        let (first, last) = (self.people.working[0], self.people.span.1);
        let fits = |plan: &Plan, patient: &Patient| plan.days == 28 && patient.insured(first, last);
        let Some(at) = self.visit(Form::LongDrugs, fits) else { return };
        let Some(day) = self.working_from(first + 26) else { return };
        if self.free(at, first, last) {
            let plan = &mut self.month.plans[at];
            (plan.day, plan.days) = (first, (day - first).min(28));
            let again = Plan { day, days: 28, ..plan.clone() };
            self.add(marked(again, Mark::visit("near-duplicate", "lĩnh thuốc hằng tháng"), true));
        }
    }

    /// Blood sugar measured again in the evening of somebody with diabetes.
    fn series(&mut self) {
        let diabetes = self.lists.disease("E11.9");
        let Some(at) = self.visit(Form::Inpatient, |plan, _| plan.disease == diabetes && plan.days > 1) else { return };
        let mark = Mark::line("test-repeated", "", "xml3", 1, "theo dõi đường máu trong ngày");
        let ask = Ask::Again(self.lists.service("glucose"), 120, 1);
        self.mark(at, Some(ask), mark, true);
    }
}
