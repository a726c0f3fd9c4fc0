//! The visits of one person in a month: for lasting diseases, for something new, the last one.

use crate::claims::facilities::Class;
use crate::claims::lists::age_band;
use crate::claims::people::People;
use crate::claims::plan::{Ask, Form, Leaves, Mark, Patient, Plan, Route};
use crate::random::Draw;

/// Of new visits, admissions among 1,000, by age band.
const ADMITTED: [u64; 6] = [110, 60, 110, 130, 190, 240];
/// Days that two visits of a person lie apart, unless one led to the other.
const APART: i32 = 4;

/// One person while their visits are drawn.
pub(crate) struct One<'p, 'a> {
    /// Who draws.
    pub people: &'p People<'a>,
    /// The person.
    pub patient: &'p Patient,
    /// The person's place in the list of patients.
    pub at: usize,
    /// The visits so far.
    pub plans: Vec<Plan>,
}

impl One<'_, '_> {
    fn plan(&self, facility: usize, form: Form, disease: usize, (day, days): (i32, i32), route: Route, draw: Draw) -> Plan {
        let (asks, marks) = (Vec::new(), Vec::new());
        Plan { patient: self.at, facility, form, disease, day, days, route, leaves: Leaves::Home, draw, asks, marks }
    }

    /// Takes a visit when the card holds and no other visit is near.
    fn take(&mut self, plan: Plan) -> bool {
        let (from, to) = (plan.day, plan.leaves_on());
        let in_month = (self.people.span.0..=self.people.span.1).contains(&to);
        let free = self.plans.iter().all(|other| to + APART <= other.day || other.leaves_on() + APART <= from);
        let is_good = in_month && free && self.patient.insured(from, to);
        if is_good {
            self.plans.push(plan);
        }
        is_good
    }

    /// Three times a week, the same each time.
    pub(crate) fn dialysis(&mut self, draw: Draw) {
        let facilities = self.people.facilities;
        let class = if draw.of("class").chance(60_000) { Class::BasicMid } else { Class::BasicFormerProvince };
        let facility = facilities.near(class, self.patient.place);
        let route = if self.patient.registered == facility { Route::Own } else { Route::Referred(self.patient.registered) };
        let disease = self.people.lists.disease("N18.5");
        let shift = self.patient.person.rem_euclid(2) as i32;
        for day in self.people.working.clone() {
            let of_week = (day + 3).rem_euclid(7);
            let comes = if shift == 0 { matches!(of_week, 0 | 2 | 4) } else { matches!(of_week, 1 | 3) };
            let mut plan = self.plan(facility, Form::Day, disease, (day, 0), route, draw.of("content"));
            plan.marks = vec![Mark::visit("near-duplicate", "thận nhân tạo chu kỳ").honest()];
            if comes && self.patient.insured(day, day) {
                self.plans.push(plan);
            }
        }
    }

    /// The monthly visit for a lasting disease.
    pub(crate) fn regular(&mut self, person: Draw, draw: Draw) {
        let people = self.people;
        let weight = |at: &usize| people.lists.diseases[*at].weights[age_band(self.patient.age(people.span.0))];
        let long: Vec<usize> = (0..people.lists.diseases.len()).filter(|at| people.lists.diseases[*at].long).collect();
        let Some(disease) = pick(&long, weight, person.of("disease")) else { return };
        let registered = self.patient.registered;
        let facility = if person.of("elsewhere").chance(30_000) {
            people.facilities.near(Class::BasicLow, self.patient.place)
        } else {
            registered
        };
        let (form, route) = match person.of("form").below(100) {
            0..65 => (Form::LongDrugs, if facility == registered { Route::Own } else { Route::Revisit }),
            65..73 => (Form::Pickup, Route::Pickup),
            _ => (Form::Examination, if facility == registered { Route::Own } else { Route::Revisit }),
        };
        let days = if person.of("two months").chance(4_000) { 60 } else { 28 };
        let usual = person.of("day").below(people.working.len() as u64) as i64 + draw.of("shift").below(5) as i64 - 2;
        let day = people.working[usual.clamp(0, people.working.len() as i64 - 1) as usize];
        let plan = self.plan(facility, form, disease, (day, days), route, draw.of("content"));
        self.take(plan);
    }

    /// A visit for something new.
    pub(crate) fn acute(&mut self, draw: Draw, band: usize) {
        let people = self.people;
        let age = self.patient.age(people.span.0);
        let admitted = ADMITTED[band];
        let kind = match draw.of("kind").below(1_000) {
            n if n < admitted => 'i',
            n if n < admitted + 35 && age >= 40 => 'd',
            n if n < admitted + 50 => 's',
            n if n < admitted + 90 && age >= 18 => 't',
            _ => 'o',
        };
        let fits = |at: &usize| {
            let disease = &people.lists.diseases[*at];
            disease.kinds.contains(kind)
                && disease.sex.is_none_or(|sex| sex == self.patient.sex)
                && (disease.from..=disease.to).contains(&age)
        };
        let all: Vec<usize> = (0..people.lists.diseases.len()).filter(fits).collect();
        let Some(disease) = pick(&all, |at| people.lists.diseases[*at].weights[band], draw.of("disease")) else { return };
        // The yellow of newborns is seen in the first days only.
        if people.lists.diseases[disease].code == "P59.9" && self.patient.birth < people.span.0 {
            return;
        }
        let emergency = kind == 's' || (kind == 'i' && draw.of("emergency").chance(22_000));
        let least = people.lists.diseases[disease].services.iter().filter(|(_, often)| *often == 1_000);
        let least = least.flat_map(|(together, _)| together).map(|at| people.lists.services[*at].class).max().unwrap_or(0);
        let facility = self.facility(kind, least, draw.of("facility"));
        let route = if emergency { Route::Emergency } else { self.route(facility, kind, draw.of("route")) };
        let (shortest, longest) = people.lists.diseases[disease].stay;
        let days = shortest + draw.of("stay").small((longest - shortest + 1).max(1) as u32);
        let working = people.working[draw.of("day").below(people.working.len() as u64) as usize];
        let any_day = people.span.0 + draw.of("any day").small((people.span.1 - people.span.0 + 1) as u32);
        let (form, day, days) = match kind {
            'i' => (Form::Inpatient, any_day - days, days),
            's' => (Form::Short, any_day, 0),
            'd' => (Form::Day, working, 0),
            't' => (Form::Outpatient, working, days),
            _ => (Form::Examination, working, 5 + draw.of("drugs").small(3)),
        };
        let plan = self.plan(facility, form, disease, (day, days), route, draw.of("content"));
        let sent = matches!(route, Route::Referred(from) if from != facility) && draw.of("sent").chance(30_000);
        let took = self.take(plan);
        if let (Route::Referred(from), true, true) = (route, sent, took) {
            self.sender(from, draw.of("sender"));
        }
    }

    /// The visit before a referral: on the day of the admission, else some days earlier.
    fn sender(&mut self, from: usize, draw: Draw) {
        let people = self.people;
        let Some(led_to) = self.plans.last().cloned() else { return };
        let same_day = led_to.form == Form::Inpatient && draw.of("same day").chance(50_000);
        let day = if same_day { led_to.day } else { led_to.day - 1 - draw.of("before").small(3) };
        if !people.working.contains(&day) || !self.patient.insured(day, day) {
            return;
        }
        let mut plan = self.plan(from, Form::Examination, led_to.disease, (day, 3), Route::Own, draw.of("content"));
        plan.leaves = Leaves::Transferred(led_to.facility);
        plan.asks = vec![Ask::Flat];
        if same_day {
            plan.asks.push(Ask::At(7 * 60 + 10));
            plan.marks = vec![Mark::visit("outpatient-in-admission", "khám ở nơi chuyển đi trong ngày nhập viện").honest()];
            if let Some(arrived) = self.plans.last_mut() {
                arrived.asks.push(Ask::At(14 * 60));
            }
        }
        self.plans.push(plan);
    }

    /// The last stay of somebody who dies in a ward, and a visit shortly before.
    pub(crate) fn death(&mut self, died: i32, draw: Draw) {
        if !draw.of("in a ward").chance(35_000) || self.patient.from > died - 4 || self.patient.to < died {
            return;
        }
        let free = self.plans.iter().all(|other| other.leaves_on() + APART <= died - 3 || other.day > died + APART);
        if !free {
            return;
        }
        let people = self.people;
        let facility = self.facility('i', 2, draw.of("facility"));
        let route = Route::Emergency;
        let age = self.patient.age(died);
        let disease = people.lists.disease(if age < 45 { "J96.0" } else { "I63.9" });
        let mut plan = self.plan(facility, Form::Inpatient, disease, (died - 3, 3), route, draw.of("content"));
        plan.leaves = Leaves::Died;
        plan.marks = vec![Mark::visit("after-death", "tử vong tại bệnh viện trong ngày ra viện").honest()];
        self.plans.push(plan);
    }

    fn facility(&self, kind: char, least: usize, draw: Draw) -> usize {
        let facilities = self.people.facilities;
        let registered = self.patient.registered;
        let home = &facilities.list[registered];
        let ward = matches!(kind, 'i' | 's' | 'd');
        let usable = |number: usize| {
            let class = facilities.list[number].class;
            class.rank() >= least && (!ward || class.has_beds())
        };
        if home.class.has_beds() && usable(registered) && draw.of("own").chance(50_000) {
            return registered;
        }
        // Among 1,000: those of each class and of all below it.
        let upto = if ward { [0, 0, 400, 600, 790, 945] } else { [230, 330, 570, 700, 820, 955] };
        let point = draw.of("class").below(1_000);
        let class = Class::ALL[upto.iter().filter(|end| point >= **end).count()];
        let class = if class.rank() < least { Class::ALL[least.clamp(2, 6)] } else { class };
        if draw.of("near").chance(80_000) || class == Class::Station {
            return facilities.near(class, self.patient.place);
        }
        let list = facilities.of(class);
        list[draw.of("any").below(list.len() as u64) as usize]
    }

    fn route(&self, facility: usize, kind: char, draw: Draw) -> Route {
        let class = self.people.facilities.list[facility].class;
        let registered = self.patient.registered;
        if registered == facility || class.is_primary() {
            return Route::Own;
        }
        let outpatient = matches!(kind, 'o' | 't');
        let referred = match class {
            // Whoever comes there alone as an outpatient is not paid for.
            Class::Special if outpatient => 100_000,
            Class::Special => 85_000,
            Class::SpecialFormerProvince => 65_000,
            _ => 20_000,
        };
        if draw.chance(referred) { Route::Referred(registered) } else { Route::Own }
    }
}

/// Picks by weight; `None` when all weigh nothing.
fn pick(all: &[usize], weight: impl Fn(&usize) -> u64, draw: Draw) -> Option<usize> {
    let sum: u64 = all.iter().map(&weight).sum();
    let mut point = draw.below(sum);
    for at in all {
        let own = weight(at);
        if point < own {
            return Some(*at);
        }
        point -= own;
    }
    None
}
