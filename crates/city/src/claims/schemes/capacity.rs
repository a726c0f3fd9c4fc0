//! Days that no doctor and no machine can have. Beside them: group sessions, a head who signs for all, analysers.

use super::{Stage, marked};
use crate::claims::facilities::{Class, staff};
use crate::claims::plan::{Ask, Form, Mark, Plan, Route};
use crate::random::Draw;

/// A doctor who works at two facilities; the number is the same person at each.
const SHARED: u32 = staff::SHARED;
/// A doctor of whom nothing else is known.
const OVERWORKED: u32 = staff::DOCTORS + 700;
/// A machine of which nothing else is known.
const MACHINE: u32 = 40;

impl Stage<'_, '_> {
    pub(super) fn capacity(&mut self, honest: bool) {
        for case in 0..(self.cases / 6).max(1) {
            if honest {
                self.group_session(case);
                self.signed_by_head(case);
                self.analyser(case);
                self.two_halves(case);
            } else {
                self.overworked(case);
                self.two_places(case);
                self.machine(case);
            }
        }
    }

    /// Visits of people who did not come, of a commune near a facility where there are enough.
    fn crowd(&mut self, facility: usize, count: usize, disease: &str, day: i32, draw: Draw) -> Vec<Plan> {
        let place = self.facilities.list[facility].place;
        let communes = self.facilities.of(Class::Station).len();
        let mut plans = Vec::new();
        for nth in 0..count {
            let near = |own: usize| (own + communes - place) % communes < 12;
            let first = self.people.span.0;
            let Some(patient) = self.spare(|p| near(p.place) && p.age(first) >= 18) else { break };
            plans.push(self.new_visit(patient, facility, Form::Examination, disease, (day, 5), draw.number(nth as u64)));
        }
        plans
    }

    /// A doctor who examines somebody every four minutes from morning to evening.
    fn overworked(&mut self, case: usize) {
        let draw = self.case("impossible-doctor-day", case);
        let facility = self.any(Class::BasicLow, draw.of("facility"));
        let day = self.working(draw.of("day"));
        let count = 85 + draw.of("count").below(40) as usize;
        for (nth, mut plan) in self.crowd(facility, count, "J00", day, draw).into_iter().enumerate() {
            plan.asks = vec![Ask::Doctor(OVERWORKED, 7 * 60 + 30 + nth as i64 * 4), Ask::Flat];
            self.add(marked(
                plan,
                Mark::visit("impossible-doctor-day", format!("một bác sĩ khám {count} người trong ngày")),
                false,
            ));
        }
    }

    /// A doctor at two facilities in the same minutes.
    fn two_places(&mut self, case: usize) {
        let draw = self.case("doctor-in-two-places", case);
        let day = self.working(draw.of("day"));
        let place = draw.of("place").below(self.facilities.of(Class::Station).len() as u64) as usize;
        let pair = [Class::BasicLow, Class::Polyclinic].map(|class| self.facilities.near(class, place));
        for facility in pair {
            for (nth, mut plan) in self.crowd(facility, 8, "J00", day, draw.number(facility as u64)).into_iter().enumerate() {
                plan.asks = vec![Ask::Doctor(SHARED + 2 * case as u32, 8 * 60 + nth as i64 * 10), Ask::Flat];
                self.add(marked(plan, Mark::visit("doctor-in-two-places", "cùng bác sĩ ở hai cơ sở cùng giờ"), false));
            }
        }
    }

    /// A doctor at one facility in the morning and at another in the afternoon.
    fn two_halves(&mut self, case: usize) {
        let draw = self.case("two halves", case);
        let day = self.working(draw.of("day"));
        let place = draw.of("place").below(self.facilities.of(Class::Station).len() as u64) as usize;
        let pair = [(Class::BasicLow, 8 * 60), (Class::Polyclinic, 14 * 60)];
        for (class, from) in pair {
            let facility = self.facilities.near(class, place);
            for (nth, mut plan) in self.crowd(facility, 8, "J00", day, draw.number(facility as u64)).into_iter().enumerate() {
                plan.asks = vec![Ask::Doctor(SHARED + 2 * case as u32 + 1, from + nth as i64 * 12), Ask::Flat];
                self.add(marked(plan, Mark::visit("doctor-in-two-places", "sáng một nơi và chiều một nơi"), true));
            }
        }
    }

    /// An ultrasound every three minutes on one machine that needs ten.
    fn machine(&mut self, case: usize) {
        let draw = self.case("impossible-machine-day", case);
        let facility = self.any(Class::BasicMid, draw.of("facility"));
        let day = self.working(draw.of("day"));
        let service = self.lists.service("us_abdomen");
        for (nth, mut plan) in self.crowd(facility, 75, "K29.7", day, draw).into_iter().enumerate() {
            let minute = 8 * 60 + nth as i64 * 3;
            plan.asks = vec![Ask::At(minute - 30), Ask::Flat, Ask::Machine(service, minute, MACHINE, 1)];
            let mark = Mark::line("impossible-machine-day", "", "xml3", 1, "75 lần siêu âm một máy chồng giờ");
            self.add(marked(plan, mark, false));
        }
    }

    /// A day of blood sugar tests on one analyser, which takes many at once.
    fn analyser(&mut self, case: usize) {
        let draw = self.case("analyser", case);
        let facility = self.any(Class::BasicMid, draw.of("facility"));
        let day = self.working(draw.of("day"));
        let service = self.lists.service("glucose");
        for (nth, mut plan) in self.crowd(facility, 60, "K29.7", day, draw).into_iter().enumerate() {
            let minute = 8 * 60 + nth as i64 * 3;
            plan.asks = vec![Ask::At(minute - 30), Ask::Flat, Ask::Machine(service, minute, 1, 1)];
            let mark = Mark::line("impossible-machine-day", "", "xml3", 1, "máy sinh hóa chạy nhiều mẫu cùng lúc");
            self.add(marked(plan, mark, true));
        }
    }

    /// Twenty people in one session.
    fn group_session(&mut self, case: usize) {
        let draw = self.case("group session", case);
        let facility = self.any(Class::BasicMid, draw.of("facility"));
        let day = self.working(draw.of("day"));
        let service = self.lists.service("group_exercise");
        for (nth, mut plan) in self.crowd(facility, 20, "M54.5", day, draw).into_iter().enumerate() {
            plan.asks = vec![Ask::At(7 * 60 + 10 + nth as i64 * 3), Ask::Flat, Ask::Session(service, 9 * 60 + 30, 1)];
            let mark = Mark::line("impossible-doctor-day", "", "xml3", 1, "tập vận động theo nhóm");
            self.add(marked(plan, mark, true));
        }
    }

    /// Drugs handed out on appointments, all signed by the head of the station.
    fn signed_by_head(&mut self, case: usize) {
        let draw = self.case("signed by head", case);
        let facility = self.any(Class::Station, draw.of("facility"));
        let day = self.working(draw.of("day"));
        for mut plan in self.crowd(facility, 70, "I10", day, draw) {
            (plan.form, plan.days, plan.route) = (Form::Pickup, 28, Route::Pickup);
            plan.asks = vec![Ask::SignedByHead];
            self.add(marked(plan, Mark::visit("impossible-doctor-day", "trưởng trạm ký phát thuốc theo hẹn"), true));
        }
    }
}
