//! Planted schemes, each with something honest beside it that looks alike.
//!
//! A scheme changes or adds plans of visits and marks them; what is done in them follows from the plan as in any
//! other visit. The honest look-alikes are there even when nothing is planted.
//!
//! Not planted, because no rule could find it yet: collusion (a dense block of doctors and cards), a surge of cost at a facility over months, and
//! admissions that were not needed. The last two show only against peers or over several months, and a month is what is made here.

mod capacity;
mod duplicates;
mod overlap;
mod persons;
mod sites;
mod stays;

use std::collections::BTreeMap;

use crate::claims::facilities::{Class, Facilities};
use crate::claims::lists::Lists;
use crate::claims::people::People;
use crate::claims::plan::{Ask, Form, Leaves, Mark, Month, Patient, Plan, Route};
use crate::random::{Draw, Random};

/// Every scheme that is planted; a look-alike bears the name of what it looks like.
pub const SCHEMES: [&str; 19] = [
    "exact-duplicate",
    "near-duplicate",
    "outpatient-in-admission",
    "overlapping-admissions",
    "after-death",
    "sex-or-age-conflict",
    "impossible-doctor-day",
    "doctor-in-two-places",
    "impossible-machine-day",
    "readmitted-on-discharge-day",
    "split-stay",
    "test-repeated",
    "drug-shopping",
    "phantom-visits",
    "component-with-parent",
    "severity-upcoding",
    "long-stay",
    "lab-sent-out",
    crate::claims::faults::FAULT,
];

/// Cases of a scheme that changes single visits, among 100,000 visits, and at least so many.
const CASES: (usize, usize) = (45, 6);

/// The month while schemes are planted.
pub(super) struct Stage<'a, 'p> {
    month: &'p mut Month,
    people: &'p People<'a>,
    lists: &'p Lists,
    facilities: &'p Facilities,
    draw: Draw,
    /// Unused visits by form of care, drawn into an order.
    pools: BTreeMap<Form, Vec<usize>>,
    /// Unused people who did not come.
    spares: Vec<usize>,
    /// Visits by patient.
    by_patient: BTreeMap<usize, Vec<usize>>,
    /// How many cases of a scheme.
    cases: usize,
}

/// Puts honest look-alikes and, if wanted, schemes into a month.
pub fn plant(month: &mut Month, people: &People, schemes: bool) {
    let random = &people.world.random;
    let cases = (month.plans.len() * CASES.0 / 100_000).max(CASES.1);
    let mut pools: BTreeMap<Form, Vec<usize>> = BTreeMap::new();
    let mut by_patient: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in shuffled(random, "visits for schemes", month.plans.len()) {
        let plan = &month.plans[at];
        by_patient.entry(plan.patient).or_default().push(at);
        if plan.asks.is_empty() && plan.marks.is_empty() && plan.leaves == Leaves::Home {
            pools.entry(plan.form).or_default().push(at);
        }
    }
    let spares = shuffled(random, "people for schemes", month.spares.len()).map(|at| month.spares[at]).collect();
    let draw = random.draw("schemes", people.month as u64);
    let (lists, facilities) = (people.lists, people.facilities);
    let mut stage = Stage { month, people, lists, facilities, draw, pools, spares, by_patient, cases };
    for honest in [true, false] {
        if honest || schemes {
            stage.duplicates(honest);
            stage.overlap(honest);
            stage.persons(honest);
            stage.capacity(honest);
            stage.stays(honest);
            stage.sites(honest);
        }
    }
    if schemes {
        // Last, so that the other schemes have the visits that they always had.
        stage.two_wards();
    }
}

/// The numbers below a count in a drawn order.
fn shuffled<'r>(random: &'r Random, name: &'r str, count: usize) -> impl Iterator<Item = usize> + 'r {
    (0..count as u64).map(move |at| random.permute(name, at, count as u64) as usize)
}

impl Stage<'_, '_> {
    /// A draw for a case.
    fn case(&self, scheme: &str, number: usize) -> Draw {
        self.draw.of(scheme).number(number as u64)
    }

    /// Takes an unused visit.
    fn visit(&mut self, form: Form, fits: impl Fn(&Plan, &Patient) -> bool) -> Option<usize> {
        let pool = self.pools.get_mut(&form)?;
        let (plans, patients) = (&self.month.plans, &self.month.patients);
        let at = pool.iter().rposition(|at| fits(&plans[*at], &patients[plans[*at].patient]))?;
        Some(pool.remove(at))
    }

    /// Takes somebody who did not come.
    fn spare(&mut self, fits: impl Fn(&Patient) -> bool) -> Option<usize> {
        let patients = &self.month.patients;
        let at = self.spares.iter().rposition(|at| fits(&patients[*at]))?;
        Some(self.spares.remove(at))
    }

    /// A day on which facilities examine.
    fn working(&self, draw: Draw) -> i32 {
        let days = &self.people.working;
        days[draw.below(days.len() as u64) as usize]
    }

    /// The first working day of the month from a day on.
    fn working_from(&self, day: i32) -> Option<i32> {
        self.people.working.iter().copied().find(|working| *working >= day)
    }

    /// A facility of a class.
    fn any(&self, class: Class, draw: Draw) -> usize {
        let list = self.facilities.of(class);
        list[draw.below(list.len() as u64) as usize]
    }

    /// A new visit, not yet in the month.
    fn new_visit(&self, patient: usize, facility: usize, form: Form, disease: &str, (day, days): (i32, i32), draw: Draw) -> Plan {
        Plan {
            patient,
            facility,
            form,
            disease: self.lists.disease(disease),
            day,
            days,
            route: Route::Own,
            leaves: Leaves::Home,
            draw: draw.of("content"),
            asks: Vec::new(),
            marks: Vec::new(),
        }
    }

    /// Adds a visit.
    fn add(&mut self, plan: Plan) {
        self.by_patient.entry(plan.patient).or_default().push(self.month.plans.len());
        self.month.plans.push(plan);
    }

    /// Whether the card holds over a visit.
    fn insured(&self, plan: &Plan) -> bool {
        self.month.patients[plan.patient].insured(plan.day, plan.leaves_on())
    }

    /// Whether the patient of a visit is nowhere else between two days.
    fn free(&self, at: usize, from: i32, to: i32) -> bool {
        let others = self.by_patient.get(&self.month.plans[at].patient).into_iter().flatten().filter(|other| **other != at);
        others.map(|other| &self.month.plans[*other]).all(|other| other.leaves_on() < from || to < other.day)
    }

    /// Marks a visit, as honest or not.
    fn mark(&mut self, at: usize, ask: Option<Ask>, mark: Mark, honest: bool) {
        let plan = &mut self.month.plans[at];
        plan.asks.extend(ask);
        plan.marks.push(if honest { mark.honest() } else { mark });
    }
}

/// Marks a new visit, as honest or not.
fn marked(mut plan: Plan, mark: Mark, honest: bool) -> Plan {
    plan.marks.push(if honest { mark.honest() } else { mark });
    plan
}
