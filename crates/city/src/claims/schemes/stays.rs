//! Stays that are split, repeated or too long. Beside them: transfers, another disease, cycles of treatment, social cases.

use base::Sex;

use super::{Stage, marked};
use crate::claims::facilities::Class;
use crate::claims::plan::{Ask, Form, Leaves, Mark, Plan, Route, Worth};

/// Diseases of wards that need no operation.
const MEDICAL: [&str; 8] = ["J20.9", "J18.9", "A09.9", "I10", "E11.9", "J44.9", "N39.0", "I25.9"];

impl Stage<'_, '_> {
    pub(super) fn stays(&mut self, honest: bool) {
        for case in 0..self.cases {
            if honest {
                self.transferred(case);
                self.other_disease(case);
                self.cycles(case);
                self.social_case();
            } else {
                self.readmitted(case);
                self.split(case);
            }
        }
        if !honest {
            self.long_stays();
        }
    }

    /// Whether a disease needs no operation.
    pub(super) fn is_medical(&self, disease: usize) -> bool {
        MEDICAL.contains(&self.lists.diseases[disease].code)
    }

    /// A stay with room for another one after it in the month.
    fn stay_with_room(&mut self, days: i32) -> Option<usize> {
        let last = self.people.span.1;
        let medical: Vec<usize> = MEDICAL.iter().map(|code| self.lists.disease(code)).collect();
        self.visit(Form::Inpatient, |plan, patient| {
            medical.contains(&plan.disease)
                && plan.leaves_on() + days <= last
                && patient.insured(plan.day, plan.leaves_on() + days)
        })
    }

    /// Discharged in the morning, admitted again in the afternoon with the same disease.
    fn readmitted(&mut self, case: usize) {
        let draw = self.case("readmitted-on-discharge-day", case);
        let days = 3 + draw.small(3);
        let Some(at) = self.stay_with_room(days) else { return };
        let plan = self.month.plans[at].clone();
        let day = plan.leaves_on();
        if self.free(at, day, day + days) {
            let asks = vec![Ask::At(14 * 60)];
            let again = Plan { day, days, draw: draw.of("content"), asks, ..plan };
            self.add(marked(again, Mark::visit("readmitted-on-discharge-day", "vào lại trong ngày ra viện cùng bệnh"), false));
        }
    }

    /// Sent on to a higher hospital, and admitted there the same day.
    fn transferred(&mut self, case: usize) {
        let draw = self.case("transferred", case);
        let days = 3 + draw.small(4);
        let Some(at) = self.stay_with_room(days) else { return };
        let plan = self.month.plans[at].clone();
        let (day, to) = (plan.leaves_on(), self.any(Class::SpecialFormerProvince, draw.of("to")));
        if to != plan.facility && self.free(at, day, day + days) {
            self.month.plans[at].leaves = Leaves::Transferred(to);
            let (route, asks) = (Route::Referred(plan.facility), vec![Ask::At(15 * 60)]);
            let there = Plan { facility: to, day, days, route, draw: draw.of("content"), asks, ..plan };
            let there = marked(there, Mark::visit("readmitted-on-discharge-day", "chuyển cơ sở trong ngày"), true);
            // Two stays that touch on the day of the transfer look like two that overlap.
            self.add(marked(there, Mark::visit("overlapping-admissions", "chuyển cơ sở trong ngày"), true));
        }
    }

    /// In two hospitals at once: admitted elsewhere while the stay at the first goes on.
    ///
    /// Two days after the first admission no test of that day is still valid, and pneumonia has none that holds for longer, so that nothing else is wrong.
    pub(super) fn two_wards(&mut self) {
        let (first, last) = self.people.span;
        let medical: Vec<usize> = MEDICAL.iter().map(|code| self.lists.disease(code)).collect();
        for case in 0..self.cases {
            let draw = self.case("overlapping-admissions", case);
            let days = 3 + draw.of("days").small(3);
            // Other schemes may have changed a visit since it was laid aside, and a newborn's card may be its mother's.
            let Some(at) = self.visit(Form::Inpatient, |plan, patient| {
                let usual = plan.marks.is_empty() && plan.asks.is_empty() && plan.leaves == Leaves::Home;
                let room = plan.days >= 4 && plan.day >= first && plan.day + 2 + days <= last;
                usual
                    && room
                    && plan.route != Route::Newborn
                    && medical.contains(&plan.disease)
                    && patient.insured(plan.day, plan.leaves_on().max(plan.day + 2 + days))
            }) else {
                return;
            };
            let plan = self.month.plans[at].clone();
            let (patient, day) = (plan.patient, plan.day + 2);
            let place = self.month.patients[patient].place;
            let near = [Class::BasicMid, Class::BasicFormerProvince].map(|class| self.facilities.near(class, place));
            let Some(facility) = near.into_iter().find(|facility| *facility != plan.facility) else { continue };
            if self.free(at, plan.day - 1, plan.leaves_on().max(day + days) + 1) {
                let mut visit = self.new_visit(patient, facility, Form::Inpatient, "J18.9", (day, days), draw);
                (visit.route, visit.asks) = (Route::Emergency, vec![Ask::At(14 * 60)]);
                self.add(marked(visit, Mark::visit("overlapping-admissions", "nội trú ở hai cơ sở cùng lúc"), false));
            }
        }
    }

    /// Back on the day of discharge as an emergency, for something else.
    fn other_disease(&mut self, case: usize) {
        let draw = self.case("other disease", case);
        let Some(at) = self.stay_with_room(3) else { return };
        let plan = self.month.plans[at].clone();
        let day = plan.leaves_on();
        if self.free(at, day, day + 3) && self.lists.diseases[plan.disease].code != "A09.9" {
            let (route, disease) = (Route::Emergency, self.lists.disease("A09.9"));
            let again = Plan { day, days: 3, route, disease, draw: draw.of("content"), asks: vec![Ask::At(19 * 60)], ..plan };
            self.add(marked(again, Mark::visit("readmitted-on-discharge-day", "cấp cứu vì bệnh khác"), true));
        }
    }

    /// One illness as three stays with a day between them.
    fn split(&mut self, case: usize) {
        let draw = self.case("split-stay", case);
        let first = self.people.span.0;
        let Some(patient) = self.spare(|p| p.age(first) >= 45) else { return };
        let facility = self.facilities.near(Class::BasicMid, self.month.patients[patient].place);
        let start = first + draw.of("start").small(12);
        for nth in 0..3 {
            let mut visit =
                self.new_visit(patient, facility, Form::Inpatient, "J44.9", (start + 5 * nth, 4), draw.number(nth as u64));
            visit.route = Route::Emergency;
            let mark = Mark::visit("split-stay", "một đợt bệnh tách thành ba đợt nội trú");
            self.add(marked(visit, if nth == 0 { mark.worth(Worth::Nothing) } else { mark }, false));
        }
    }

    /// Chemotherapy every week.
    fn cycles(&mut self, case: usize) {
        let draw = self.case("cycles", case);
        let first = self.people.span.0;
        let Some(patient) = self.spare(|p| p.sex == Sex::Female && p.age(first) >= 35) else { return };
        let facility = self.facilities.near(Class::BasicFormerProvince, self.month.patients[patient].place);
        let Some(start) = self.people.working.get(draw.below(5) as usize).copied() else { return };
        for nth in 0..3 {
            let Some(day) = self.working_from(start + 7 * nth) else { continue };
            let visit = self.new_visit(patient, facility, Form::Day, "C50.9", (day, 0), draw.number(nth as u64));
            self.add(marked(visit, Mark::visit("split-stay", "truyền hóa chất theo chu kỳ"), true));
        }
    }

    /// A longer stay of somebody old with nobody at home.
    fn social_case(&mut self) {
        let first = self.people.span.0;
        let Some(at) = self.visit(Form::Inpatient, |plan, p| p.age(first) >= 70 && p.insured(plan.day - 6, plan.leaves_on()))
        else {
            return;
        };
        self.lengthen(at, 6, true);
    }

    /// One hospital keeps its patients for days after they could go.
    fn long_stays(&mut self) {
        let draw = self.case("long-stay", 0);
        let facility = self.any(Class::BasicMid, draw.of("facility"));
        for at in 0..self.month.plans.len() {
            let plan = &self.month.plans[at];
            let fits = plan.facility == facility
                && plan.form == Form::Inpatient
                && plan.leaves == Leaves::Home
                && plan.marks.is_empty()
                && self.is_medical(plan.disease);
            if fits && draw.number(at as u64).chance(70_000) {
                self.lengthen(at, 4 + draw.number(at as u64).of("days").small(4), false);
            }
        }
    }

    fn lengthen(&mut self, at: usize, days: i32, honest: bool) {
        let plan = self.month.plans[at].clone();
        let from = plan.day - days;
        let insured = self.month.patients[plan.patient].insured(from, plan.leaves_on());
        if insured && plan.asks.is_empty() && self.free(at, from, plan.leaves_on()) {
            (self.month.plans[at].day, self.month.plans[at].days) = (from, plan.days + days);
            let note = if honest { "trường hợp xã hội" } else { "kéo dài ngày nằm viện" };
            self.mark(at, None, Mark::visit("long-stay", note).worth(Worth::Days(days)), honest);
        }
    }
}
