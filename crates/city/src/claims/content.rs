//! What was done in a visit: examination, tests, procedures, drugs, supplies, beds.

mod ward;

use crate::claims::facilities::{Class, DEPARTMENTS, Facility, SPECIAL_DEPARTMENTS, staff};
use crate::claims::lists::{Disease, Lists, REUSED, Service};
use crate::claims::money::Milli;
use crate::claims::plan::{Ask, Form, Leaves, Patient, Plan, Route};
use crate::claims::stamp::{self, DAY};
use crate::claims::visit::{Item, Line, Totals, Visit};

/// Where and when a patient was examined.
#[derive(Debug, Clone, Copy)]
pub struct Slot {
    /// The doctor.
    pub doctor: u32,
    /// Minute of the day.
    pub minute: i64,
}

/// Tests that somebody who is to be operated has, and nobody who goes home within hours.
const PLANNED: [&str; 3] = ["blood_group", "hbsag", "hiv"];
/// The test that nurses do at the bedside.
const BEDSIDE: &str = "glucose_bedside";
/// Most drugs of a prescription.
const PRESCRIBED: usize = 6;
/// Days of drugs of those who come every month.
const MONTHLY: i32 = 28;
/// Age up to which children are spared most of what takes much blood.
const LITTLE: i32 = 6;
/// Examinations among 100,000 at hospitals that lead to one of another speciality on the same day.
const SECOND_EXAM: u32 = 2_000;

/// Builds the lines of a visit.
pub struct Content<'m> {
    /// The lists.
    pub lists: &'m Lists,
    /// The plan.
    pub plan: &'m Plan,
    /// The patient.
    pub patient: &'m Patient,
    /// The facility.
    pub facility: &'m Facility,
}

impl<'m> Content<'m> {
    /// The visit; times of tests are wishes until the machines have been shared out.
    pub fn build(&self, slot: Option<Slot>) -> Visit<'m> {
        let plan = self.plan;
        let draw = plan.draw;
        let (arrival, exam) = self.arrival(slot);
        let admitted = plan.form.is_admitted().then_some(exam + if plan.form == Form::Short { 7 } else { 25 });
        let doctor = slot.map_or(staff::DUTY + draw.of("duty").below(8) as u32, |slot| slot.doctor);
        let ward = if plan.form.is_admitted() { self.facility.ward(self.disease().department) } else { "K01" };
        let left = match plan.form {
            Form::Inpatient => {
                let until = plan.asks.iter().find_map(|ask| if let Ask::Until(minute) = ask { Some(*minute) } else { None });
                let usual = if plan.leaves == Leaves::Died { 15 * 60 } else { 9 * 60 };
                stamp::at(plan.day + plan.days, until.unwrap_or(usual + draw.of("leaves").below(100) as i64))
            }
            Form::Day => stamp::at(plan.day, 16 * 60),
            Form::Short => exam + 100,
            _ => exam + 15,
        };
        let mut visit = Visit {
            plan,
            patient: self.patient,
            facility: self.facility,
            link: String::new(),
            arrival,
            admitted,
            left,
            end: left,
            doctor,
            ward,
            bed: None,
            lines: Vec::new(),
            totals: Totals::default(),
            rate: 0,
            marks: plan.marks.clone(),
            changes: Vec::new(),
            without: Vec::new(),
        };
        if plan.form != Form::Pickup {
            self.examination(&mut visit, exam);
        }
        if !matches!(plan.form, Form::LongDrugs | Form::Pickup) {
            self.services(&mut visit, exam);
        }
        self.asked(&mut visit, exam);
        self.drugs(&mut visit, exam);
        if plan.form.is_admitted() {
            self.supplies(&mut visit);
            self.beds(&mut visit);
        }
        if plan.asks.contains(&Ask::SignedByHead) {
            visit.doctor = staff::HEAD;
            visit.lines.iter_mut().for_each(|line| line.doctor = staff::HEAD);
        }
        visit
    }

    fn disease(&self) -> &'m Disease {
        &self.lists.diseases[self.plan.disease]
    }

    fn has(&self, ask: &Ask) -> bool {
        self.plan.asks.contains(ask)
    }

    /// Arrival and examination.
    fn arrival(&self, slot: Option<Slot>) -> (i64, i64) {
        let (plan, draw) = (self.plan, self.plan.draw.of("arrival"));
        if let Some(minute) = plan.asks.iter().find_map(|ask| if let Ask::At(minute) = ask { Some(*minute) } else { None }) {
            return (stamp::at(plan.day, minute), stamp::at(plan.day, minute + 10));
        }
        if let Some(slot) = slot {
            let exam = stamp::at(plan.day, slot.minute);
            return (exam - 15 - draw.below(20) as i64, exam);
        }
        let minute = match (plan.form, plan.route) {
            (Form::Day, _) => 7 * 60 + draw.below(20) as i64,
            (Form::Pickup, _) => 8 * 60 + draw.below(400) as i64,
            (Form::Short, _) => 6 * 60 + draw.below(13 * 60) as i64,
            (_, Route::Emergency) => 30 + draw.below(20 * 60) as i64,
            _ if stamp::is_working(plan.day) => 7 * 60 + 20 + draw.below(180) as i64,
            _ => 8 * 60 + draw.below(10 * 60) as i64,
        };
        (stamp::at(plan.day, minute), stamp::at(plan.day, minute + 8))
    }

    fn line(&self, service: usize, order: i64, visit: &Visit) -> Line {
        let of = &self.lists.services[service];
        let price = self.facility.price(of.price);
        let mut line = Line::new(Item::Service(service), price, order);
        // Specialised hospitals ask more for images than the fund counts.
        if of.group == "2" && self.facility.class >= Class::SpecialFormerProvince {
            line.price_bv = self.facility.price(price.times(Milli::whole(1), &[112]));
        }
        line.department = if of.is_test() || of.group == "13" { "K01" } else { visit.ward };
        line.doctor = visit.doctor;
        line.performer = Some(match of.group {
            "1" | "2" | "3" => staff::READERS + 10 + (service % 8) as u32,
            "13" => visit.doctor,
            _ => staff::READERS + 20 + (service % 8) as u32,
        });
        line.times[2] = order + of.minutes;
        line
    }

    fn offered(&self, service: usize) -> bool {
        self.lists.services[service].class <= self.facility.class.rank()
    }

    fn examination(&self, visit: &mut Visit, exam: i64) {
        let age = self.patient.age(self.plan.day);
        let key = match self.disease().department {
            _ if age < 16 => "exam_nhi",
            "K19" => "exam_ngoai",
            "K27" => "exam_san",
            "K28" => "exam_tmh",
            "K29" => "exam_rhm",
            "K30" => "exam_mat",
            "K13" => "exam_dalieu",
            _ => "exam_noi",
        };
        let service = self.lists.service(key);
        let fits = |service: &Service| service.sex.is_none_or(|sex| sex == self.patient.sex);
        let service =
            if self.offered(service) && fits(&self.lists.services[service]) { service } else { self.lists.service("exam_noi") };
        let line = self.line(service, exam, visit);
        visit.lines.push(line);
        let second = self.plan.draw.of("second examination");
        let may = self.plan.form == Form::Examination && self.facility.class.has_beds() && self.plan.asks.is_empty();
        if may && second.chance(SECOND_EXAM) && key != "exam_mat" {
            let mut line = self.line(self.lists.service("exam_mat"), exam + 45, visit);
            line.step = 30;
            (line.doctor, line.performer) = (staff::DUTY + 10, Some(staff::DUTY + 10));
            visit.lines.push(line);
        }
    }

    fn services(&self, visit: &mut Visit, exam: i64) {
        if self.has(&Ask::Flat) {
            return;
        }
        let draw = self.plan.draw.of("services");
        let age = self.patient.age(self.plan.day);
        for (nth, (together, often)) in self.disease().services.iter().enumerate() {
            let often = if age < LITTLE && together.len() > 1 { often / 3 } else { *often };
            if draw.number(nth as u64).below(1_000) >= often {
                continue;
            }
            for service in together.iter().filter(|service| self.fits(**service, age)) {
                self.service(visit, *service, exam, nth as i64);
            }
        }
        if self.plan.form == Form::Inpatient {
            self.followed(visit);
        }
    }

    /// Whether what is usual for the disease can be done in this visit.
    fn fits(&self, service: usize, age: i32) -> bool {
        let (of, form) = (&self.lists.services[service], self.plan.form);
        // A result that holds for weeks is asked for when somebody comes every month: nobody has it twice within days.
        let [_, for_weeks] = REUSED;
        let again = form == Form::Examination && self.plan.days >= MONTHLY && (of.key != "hba1c" || self.is_quarter());
        let in_time = again || !for_weeks.contains(&of.key);
        let unhurried = form != Form::Short || (of.group != "8" && !PLANNED.contains(&of.key));
        let at_place = of.key != BEDSIDE || form == Form::Inpatient;
        self.offered(service) && (of.from..=of.to).contains(&age) && in_time && unhurried && at_place
    }

    /// Whether the visit lies in the one month of three in which the patient's HbA1c is measured.
    fn is_quarter(&self) -> bool {
        let date = stamp::date(self.plan.day);
        let month = i64::from(date.year()) * 12 + i64::from(date.month_number());
        (self.patient.person + month).rem_euclid(3) == 0
    }

    /// A service at its usual time; treatment over days has it on several of them.
    fn service(&self, visit: &mut Visit, service: usize, exam: i64, nth: i64) {
        let of = &self.lists.services[service];
        let plan = self.plan;
        let order = match (of.group, plan.form) {
            ("1" | "2" | "3", Form::Day) => visit.admitted.unwrap_or(exam) + 3 + nth,
            ("1" | "2" | "3", _) => exam + 5 + nth,
            ("8", Form::Inpatient) => stamp::at(plan.day + 1, 8 * 60 + nth),
            (_, Form::Inpatient) => visit.admitted.unwrap_or(exam) + 60 + nth,
            (_, Form::Day) => visit.admitted.unwrap_or(exam) + 8 + nth,
            (_, Form::Short) => visit.admitted.unwrap_or(exam) + 5 + nth,
            _ => exam + 12 + nth,
        };
        let sessions = if plan.form == Form::Outpatient && of.group == "18" { i64::from(plan.days) } else { 1 };
        for session in 0..sessions {
            let order = order + session * DAY;
            // Nobody treats on Sundays.
            if session > 0 && (stamp::day_of(order) + 3).rem_euclid(7) == 6 {
                continue;
            }
            let line = self.line(service, order, visit);
            visit.lines.push(line);
        }
    }

    /// What the plan asks for beyond the usual.
    fn asked(&self, visit: &mut Visit, exam: i64) {
        for ask in &self.plan.asks {
            match ask {
                Ask::Machine(service, minute, machine, tag) => {
                    let done = stamp::at(self.plan.day, *minute);
                    let mut line = self.line(*service, done - 10, visit);
                    line.times[1..].copy_from_slice(&[done, done + self.lists.services[*service].minutes]);
                    (line.machine, line.tag, line.fixed) = (Some(*machine), *tag, true);
                    visit.lines.push(line);
                }
                Ask::Session(service, minute, tag) => {
                    let done = stamp::at(self.plan.day, *minute);
                    let mut line = self.line(*service, done - 5, visit);
                    line.times[1..].copy_from_slice(&[done, done + self.lists.services[*service].minutes]);
                    (line.performer, line.tag, line.fixed) = (Some(staff::DUTY + 30), *tag, true);
                    visit.lines.push(line);
                }
                Ask::Again(service, ..) if !has_service(visit, *service) => {
                    self.service(visit, *service, exam, 9);
                }
                Ask::Also(service, tag) => {
                    if !has_service(visit, *service) {
                        self.service(visit, *service, exam, 8);
                    }
                    let line = visit.lines.iter_mut().find(|line| line.item == Item::Service(*service));
                    if let Some(line) = line {
                        line.tag = *tag;
                    }
                }
                Ask::SentOut(service, facility, tag) => {
                    let mut line = self.line(*service, exam + 30, visit);
                    line.times[1..].copy_from_slice(&[exam + 120, exam + 180]);
                    (line.elsewhere, line.tag, line.silent, line.fixed) = (Some(*facility), *tag, true, true);
                    visit.lines.push(line);
                }
                Ask::TwoUnits(supply, tag) => {
                    for own in [0, *tag] {
                        let mut line = self.supply(*supply, visit);
                        line.tag = own;
                        visit.lines.push(line);
                    }
                }
                _ => {}
            }
        }
    }

    fn drugs(&self, visit: &mut Visit, exam: i64) {
        let (plan, draw) = (self.plan, self.plan.draw.of("drugs"));
        let only = plan.asks.iter().find_map(|ask| if let Ask::Drug(drug, days) = ask { Some((*drug, *days)) } else { None });
        if let Some((drug, days)) = only {
            let line = self.outpatient_drug(drug, days, exam + 10, visit);
            visit.lines.push(line);
            return;
        }
        let flat = self.has(&Ask::Flat);
        let age = self.patient.age(plan.day);
        let most = if plan.form.is_admitted() { 2 + draw.of("most").below(2) as usize } else { PRESCRIBED };
        let mut given = 0;
        for (nth, (drug, often)) in self.disease().drugs.iter().enumerate() {
            let of = &self.lists.drugs[*drug];
            let wanted = if flat { nth < 2 } else { draw.number(nth as u64).below(1_000) < *often };
            // Every lasting disease is treated with something.
            let wanted = wanted || (nth == 0 && matches!(plan.form, Form::LongDrugs | Form::Pickup));
            let ward_only = of.route.starts_with("2.") && of.key != "insulin";
            let fits = of.class <= self.facility.class.rank() && (of.from..=of.to).contains(&age);
            if !wanted || !fits || (ward_only && !plan.form.is_admitted()) {
                continue;
            }
            if plan.form.is_admitted() {
                let daily = ward::once(of.key).is_none();
                if (daily && given == most) || (ward::is_for_operations(of.key) && !self.is_operated(visit)) {
                    continue;
                }
                given += usize::from(daily);
                self.ward_drug(visit, *drug);
            } else if given < most {
                given += 1;
                let line = self.outpatient_drug(*drug, plan.days, exam + 10, visit);
                visit.lines.push(line);
            }
        }
        // Nobody comes for drugs and goes with none.
        if given == 0 && plan.form == Form::Pickup {
            let line = self.outpatient_drug(self.lists.drug("amlodipine"), plan.days, exam + 10, visit);
            visit.lines.push(line);
        }
    }

    fn outpatient_drug(&self, drug: usize, days: i32, order: i64, visit: &Visit) -> Line {
        let of = &self.lists.drugs[drug];
        let mut line = Line::new(Item::Drug(drug), of.price, order);
        let a_day = Milli::thousandths(of.dose.get() * of.times);
        line.quantity = Milli::thousandths(a_day.get() * i64::from(days.max(1))).ceil();
        line.rate = of.rate;
        line.doctor = visit.doctor;
        let unit = of.unit.to_lowercase();
        line.dose = format!("{} {unit}/lần * {} lần/ngày * {} ngày [{a_day} {unit}/ngày]", of.dose, of.times, days.max(1));
        line
    }

    fn group(&self, line: &Line) -> Option<&'static str> {
        if let Item::Service(service) = line.item { Some(self.lists.services[service].group) } else { None }
    }
}

fn has_service(visit: &Visit, service: usize) -> bool {
    visit.lines.iter().any(|line| line.item == Item::Service(service))
}

/// The place of a department in the list of all.
pub fn department_number(code: &str) -> u32 {
    let all = DEPARTMENTS.iter().map(|(code, _)| *code).chain(SPECIAL_DEPARTMENTS.iter().map(|(code, ..)| *code));
    all.zip(0..).find(|(own, _)| *own == code).map_or(0, |(_, number)| number)
}
