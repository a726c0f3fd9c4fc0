//! Who cannot have had it, and who collects drugs. Beside them: newborns under the mother's card, lost medicine.

use base::Sex;

use super::{Stage, marked};
use crate::claims::facilities::Class;
use crate::claims::plan::{Ask, Form, Mark, Patient, Route, Worth};
use crate::life::cards::Group;

/// Classes of the facilities that somebody goes round for a drug.
const ROUND: [Class; 5] =
    [Class::BasicLow, Class::BasicMid, Class::Polyclinic, Class::BasicFormerProvince, Class::SpecialFormerProvince];

impl Stage<'_, '_> {
    pub(super) fn persons(&mut self, honest: bool) {
        if honest {
            self.newborns();
        }
        for case in 0..self.cases {
            if honest {
                self.lost_medicine(case);
            } else {
                self.other_sex(case);
                self.other_age(case);
                self.drug_shopping(case);
            }
        }
    }

    /// Newborns treated under the mother's card; where none is known yet, those of mothers whose child is on no list.
    fn newborns(&mut self) {
        for case in self.month.newborns.len()..4 {
            let first = self.people.span.0;
            let Some(mother) = self.spare(|p| (20..40).contains(&p.age(first)) && p.sex == Sex::Female && lends(p)) else {
                break;
            };
            let of_mother = self.month.patients[mother].clone();
            let born = first + 2 + self.case("unlisted newborn", case).small(18);
            let (name, id) = (format!("Con bà {}", of_mother.name), String::new());
            let child = self.month.patients.len();
            self.month.patients.push(Patient { name, id, birth: born, ..of_mother });
            self.month.newborns.push((child, mother));
        }
        for (case, (child, mother)) in self.month.newborns.clone().into_iter().enumerate() {
            let draw = self.case("newborn", case);
            let born = self.month.patients[child].birth;
            let days = 3 + draw.small(3);
            let facility = self.facilities.near(Class::BasicMid, self.month.patients[mother].place);
            let mut visit = self.new_visit(child, facility, Form::Inpatient, "P59.9", (born + 1, days), draw);
            visit.route = Route::Newborn;
            let lent = lends(&self.month.patients[mother]);
            if lent && visit.leaves_on() <= self.people.span.1 && self.insured(&visit) {
                self.add(marked(visit, Mark::visit("sex-or-age-conflict", "trẻ sơ sinh dùng thẻ của mẹ"), true));
            }
        }
    }

    /// A woman's disease of a man, or the other way round.
    fn other_sex(&mut self, case: usize) {
        let draw = self.case("sex-or-age-conflict", case);
        let male = case % 3 < 2;
        let day = self.working(draw.of("day"));
        let first = self.people.span.0;
        let least = if male { 20 } else { 50 };
        let Some(patient) = self.spare(|p| p.age(first) >= least && (p.sex == Sex::Male) == male) else { return };
        let facility = self.facilities.near(Class::BasicLow, self.month.patients[patient].place);
        let disease = if male { "N76.0" } else { "N40" };
        let mut visit = self.new_visit(patient, facility, Form::Examination, disease, (day, 7), draw);
        visit.marks.push(Mark::visit("sex-or-age-conflict", "bệnh của giới khác").found_by("main-code-other-sex"));
        if male {
            visit.asks.push(Ask::Also(self.lists.service("smear"), 1));
            let line = Mark::line("sex-or-age-conflict", "service-of-other-sex", "xml3", 1, "dịch vụ của giới khác");
            visit.marks.push(line.worth(Worth::Nothing));
        }
        self.add(visit);
    }

    /// An ultrasound of pregnancy at seventy.
    fn other_age(&mut self, case: usize) {
        let draw = self.case("other age", case);
        let day = self.working(draw.of("day"));
        let first = self.people.span.0;
        let Some(patient) = self.spare(|p| p.age(first) >= 65 && p.sex == Sex::Female) else { return };
        let facility = self.facilities.near(Class::BasicLow, self.month.patients[patient].place);
        let mut visit = self.new_visit(patient, facility, Form::Examination, "N39.0", (day, 7), draw);
        visit.asks.push(Ask::Also(self.lists.service("us_obstetric"), 1));
        let mark = Mark::line("sex-or-age-conflict", "service-outside-age", "xml3", 1, "siêu âm thai ở tuổi ngoài sinh đẻ");
        self.add(marked(visit, mark, false));
    }

    /// The same sleeping pill from five facilities within four weeks.
    fn drug_shopping(&mut self, case: usize) {
        let draw = self.case("drug-shopping", case);
        let first = self.people.span.0;
        let Some(patient) = self.spare(|p| (25..80).contains(&p.age(first))) else { return };
        let place = self.month.patients[patient].place;
        let drug = self.lists.drug("rotundin");
        let days = self.people.working.clone();
        let step = (days.len() / ROUND.len()).max(1);
        for (nth, class) in ROUND.into_iter().enumerate() {
            let at = nth * step + draw.of("day").number(nth as u64).below(step.min(3) as u64) as usize;
            let Some(day) = days.get(at).copied() else { continue };
            let facility = self.facilities.near(class, place);
            let mut visit = self.new_visit(patient, facility, Form::Examination, "G47.0", (day, 25), draw.number(nth as u64));
            visit.asks.push(Ask::Drug(drug, 25));
            let mark = Mark::visit("drug-shopping", "cùng thuốc ở 5 cơ sở trong 28 ngày");
            self.add(marked(visit, if nth == 0 { mark.worth(Worth::Nothing) } else { mark }, false));
        }
    }

    /// The same drug once more at another facility: the first pack was lost.
    fn lost_medicine(&mut self, case: usize) {
        let draw = self.case("lost medicine", case);
        let first = self.people.span.0;
        let Some(patient) = self.spare(|p| (25..80).contains(&p.age(first))) else { return };
        let place = self.month.patients[patient].place;
        let drug = self.lists.drug("rotundin");
        let days = self.people.working.clone();
        let start = draw.of("day").below(days.len().saturating_sub(5).max(1) as u64) as usize;
        for (nth, class) in [Class::BasicLow, Class::Polyclinic].into_iter().enumerate() {
            let Some(day) = days.get(start + nth * 4).copied() else { continue };
            let facility = self.facilities.near(class, place);
            let mut visit = self.new_visit(patient, facility, Form::Examination, "G47.0", (day, 25), draw.number(nth as u64));
            visit.asks.push(Ask::Drug(drug, 25));
            self.add(marked(visit, Mark::visit("drug-shopping", "mất thuốc nên khám lại một lần"), true));
        }
    }
}

/// Whether a newborn under the mother's card is nothing else that looks wrong: a pupil's card of an infant would be.
fn lends(mother: &Patient) -> bool {
    !matches!(mother.group, Group::Pupil | Group::Student)
}
