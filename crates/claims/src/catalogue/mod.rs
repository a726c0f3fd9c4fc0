//! The catalogues (danh mục) that checks look into: dated rows, each list absent until it was loaded.
//!
//! **Invariant:** what was not handed over is unknown, never "not in the catalogue". A list of facilities' own rows that holds nothing of a facility says
//! nothing about it; one of the whole country that holds nothing of a province, or nothing of a day, says nothing about these.

mod columns;
mod components;
mod icd;
mod load;
mod occupations;
mod own;
mod tables;
mod words;

use std::collections::HashMap;
use std::sync::Arc;

use base::{Amount, Date};

pub use components::ServiceComponent;
pub use icd::{Icd, IcdList};
pub use occupations::Occupations;
pub use tables::{CatalogueTables, ROSTERS};

/// From which day to which a row holds; both ends open when not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Term {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

impl Term {
    /// Whether it holds on a day; on an unknown day only when it always holds.
    pub fn holds(self, day: Option<Date>) -> bool {
        match day {
            Some(day) => self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to),
            None => self == Self::default(),
        }
    }
}

/// Rows of each facility by code: a facility that is not in it handed nothing over.
pub type ByFacility<T> = HashMap<Arc<str>, HashMap<Arc<str>, T>>;

/// A facility (cơ sở khám bệnh, chữa bệnh) for some time: a facility whose level changes has a row for each level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facility {
    /// The law's word for its level, e.g. `basic_low`; absent where what was handed over does not tell it.
    pub level: Option<&'static str>,
    /// Name.
    pub name: Option<Arc<str>>,
    /// Code of its commune.
    pub commune: Option<Arc<str>>,
    /// Whether it is the health station of a commune (trạm y tế xã, phường, đặc khu), by its name.
    pub station: bool,
    /// When it holds.
    pub term: Term,
}

/// A drug, service or supply that a facility may claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Name.
    pub name: Arc<str>,
    /// Strength; empty for what has none.
    pub strength: Arc<str>,
    /// Registration number; empty for what has none.
    pub registration: Arc<str>,
    /// Approved price.
    pub price: Option<Amount>,
    /// `male` or `female` for a service of one sex.
    pub sex: Option<&'static str>,
    /// Lowest age in years.
    pub age_from: Option<i64>,
    /// Highest age in years.
    pub age_to: Option<i64>,
    /// When it holds.
    pub term: Term,
}

/// Codes of communes of one province.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Communes {
    /// Code of the province, two digits; of others nothing is known.
    pub province: String,
    /// The codes.
    pub codes: std::collections::HashSet<String>,
}

/// All catalogues that were loaded.
#[derive(Debug, Clone, Default)]
pub struct Catalogues {
    /// Disease codes.
    pub icd: Option<IcdList>,
    /// Facilities by code.
    pub facilities: Option<HashMap<Arc<str>, Vec<Facility>>>,
    /// Drugs by facility and code; several rows of a code differ in strength, registration or term.
    pub drugs: Option<ByFacility<Vec<Item>>>,
    /// Services and beds by facility and code.
    pub services: Option<ByFacility<Vec<Item>>>,
    /// Supplies by facility and code.
    pub supplies: Option<ByFacility<Vec<Item>>>,
    /// Approved people by facility and any number they are named by: health id, number of the licence, personal number.
    pub staff: Option<ByFacility<Vec<Term>>>,
    /// Departments by facility and code.
    pub departments: Option<ByFacility<Vec<Term>>>,
    /// Beds by facility and department, then by code.
    pub beds: Option<ByFacility<HashMap<Arc<str>, Vec<Term>>>>,
    /// Machines by facility and code.
    pub machines: Option<ByFacility<Vec<Term>>>,
    /// Communes.
    pub communes: Option<Communes>,
    /// Occupations.
    pub occupations: Option<Occupations>,
    /// Services that are part of others, by both codes.
    pub components: Option<Vec<ServiceComponent>>,
}

impl Catalogues {
    /// Names of the catalogues that are not there, for one line to the reader instead of one an affected row.
    pub fn missing(&self) -> Vec<&'static str> {
        let all = [
            ("icd", self.icd.is_none()),
            ("facility", self.facilities.is_none()),
            ("drug", self.drugs.is_none()),
            ("service", self.services.is_none()),
            ("supply", self.supplies.is_none()),
            ("staff", self.staff.is_none()),
            ("department", self.departments.is_none()),
            ("bed", self.beds.is_none()),
            ("machine", self.machines.is_none()),
            ("commune", self.communes.is_none()),
            ("occupation", self.occupations.is_none()),
        ];
        all.into_iter().filter(|(_, missing)| *missing).map(|(name, _)| name).collect()
    }

    /// Whether there is a facility of this code on a day, on any day when it is unknown; `None` when nothing is known of its province.
    pub(crate) fn has_facility(&self, code: &str, day: Option<Date>) -> Option<bool> {
        let known = self.facilities.as_ref()?;
        if let Some(rows) = known.get(code) {
            return Some(day.is_none() || rows.iter().any(|row| row.term.holds(day)));
        }
        let province = code.get(..2)?;
        known.keys().any(|other| other.starts_with(province)).then_some(false)
    }

    /// The level of a facility on a day.
    pub(crate) fn level(&self, code: &str, day: Option<Date>) -> Option<&'static str> {
        let rows = self.facilities.as_ref()?.get(code)?;
        rows.iter().find(|row| row.term.holds(day))?.level
    }

    /// A facility as it was on a day, else at any time; `None` when the list does not have it.
    pub(crate) fn facility(&self, code: &str, day: Date) -> Option<&Facility> {
        let rows = self.facilities.as_ref()?.get(code)?;
        rows.iter().find(|row| row.term.holds(Some(day))).or_else(|| rows.first())
    }

    /// Whether every person of a list is approved at the facility on a day; `None` when the facility handed no list over, and without people.
    pub(crate) fn approves<'p>(&self, facility: &str, people: impl Iterator<Item = &'p str>, day: Option<Date>) -> Option<bool> {
        let own = self.staff.as_ref()?.get(facility)?;
        let mut any = false;
        let mut all = true;
        for person in people {
            any = true;
            all &= own.get(person).is_some_and(|terms| any_holds(terms, day));
        }
        any.then_some(all)
    }

    /// Whether a list has all of these codes of the facility on a day; `None` when the facility handed no list over, and without codes.
    pub(crate) fn has_all<'c>(
        list: Option<&ByFacility<Vec<Term>>>,
        facility: &str,
        codes: impl Iterator<Item = &'c str>,
        day: Option<Date>,
    ) -> Option<bool> {
        let own = list?.get(facility)?;
        let mut codes = codes.peekable();
        codes.peek()?;
        Some(codes.all(|code| own.get(code).is_some_and(|terms| any_holds(terms, day))))
    }

    /// Whether a department of the facility has all of these beds on a day; `None` when the facility handed no list of beds over.
    pub(crate) fn has_beds<'c>(
        &self,
        facility: &str,
        department: &str,
        beds: impl Iterator<Item = &'c str>,
        day: Option<Date>,
    ) -> Option<bool> {
        let own = self.beds.as_ref()?.get(facility)?;
        let mut beds = beds.peekable();
        beds.peek()?;
        let of_department = own.get(department);
        Some(beds.all(|bed| of_department.and_then(|beds| beds.get(bed)).is_some_and(|terms| any_holds(terms, day))))
    }

    /// Whether a code is a commune of the province it is said to lie in; `None` for other provinces.
    pub(crate) fn has_commune(&self, province: Option<&str>, code: Option<&str>) -> Option<bool> {
        let known = self.communes.as_ref()?;
        let same = province?.trim_start_matches('0') == known.province.trim_start_matches('0');
        same.then_some(known.codes.contains(code?))
    }
}

/// Whether one of the rows holds on a day; on an unknown day their being there is enough.
fn any_holds(terms: &[Term], day: Option<Date>) -> bool {
    day.is_none() || terms.iter().any(|term| term.holds(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<Date> {
        text.parse().ok()
    }

    fn term(from: &str, to: &str) -> Term {
        Term { from: day(from), to: day(to) }
    }

    fn of_facility(rows: &[(&str, &str, Term)]) -> ByFacility<Vec<Term>> {
        let mut list = ByFacility::new();
        for (facility, code, term) in rows {
            list.entry(Arc::from(*facility)).or_default().entry(Arc::from(*code)).or_insert_with(Vec::new).push(*term);
        }
        list
    }

    #[test]
    fn a_facility_that_handed_nothing_over_is_unknown_not_empty() {
        let staff = Some(of_facility(&[("01999", "0123456789", term("2026-01-01", "2026-06-30"))]));
        let catalogues = Catalogues { staff, ..Catalogues::default() };
        let at = |facility: &str, who: &[&'static str], on: &str| catalogues.approves(facility, who.iter().copied(), day(on));
        assert_eq!(at("01999", &["0123456789"], "2026-06-30"), Some(true));
        assert_eq!(at("01999", &["0123456789"], "2026-07-01"), Some(false), "no longer approved");
        assert_eq!(at("01999", &["0123456789", "0999999999"], "2026-06-30"), Some(false));
        assert_eq!(at("01998", &["0123456789"], "2026-06-30"), None, "another facility");
        assert_eq!(at("01999", &[], "2026-06-30"), None, "nobody named");
        assert_eq!(Catalogues::default().approves("01999", ["x"].into_iter(), None), None);
    }

    #[test]
    fn facilities_of_a_province_without_rows_are_unknown() {
        let row = |level, from: &str, to: &str| Facility {
            level: Some(level),
            name: None,
            commune: None,
            station: level == "primary",
            term: term(from, to),
        };
        let rows = vec![row("basic_low", "2025-01-01", "2025-12-31"), row("basic_mid", "2026-01-01", "")];
        let catalogues = Catalogues { facilities: Some([(Arc::from("01999"), rows)].into()), ..Catalogues::default() };
        assert_eq!(catalogues.has_facility("01999", day("2026-03-01")), Some(true));
        assert_eq!(catalogues.has_facility("01999", day("2024-03-01")), Some(false));
        assert_eq!(catalogues.has_facility("01888", day("2026-03-01")), Some(false));
        assert_eq!(catalogues.has_facility("79001", day("2026-03-01")), None);
        assert_eq!(catalogues.level("01999", day("2025-12-31")), Some("basic_low"));
        assert_eq!(catalogues.level("01999", day("2026-01-01")), Some("basic_mid"));
        let before_all = catalogues.facility("01999", day("2020-01-01").unwrap());
        assert!(before_all.is_some_and(|row| !row.station) && catalogues.facility("01888", day("2026-01-01").unwrap()).is_none());
    }

    #[test]
    fn beds_and_machines_are_asked_all_at_once() {
        let machines = of_facility(&[("01999", "SA.1", Term::default()), ("01999", "SA.2", Term::default())]);
        let all = |codes: &[&'static str]| Catalogues::has_all(Some(&machines), "01999", codes.iter().copied(), None);
        assert_eq!((all(&["SA.1", "SA.2"]), all(&["SA.1", "SA.3"]), all(&[])), (Some(true), Some(false), None));
        let beds: HashMap<Arc<str>, Vec<Term>> = [(Arc::from("H001"), vec![Term::default()])].into();
        let of_department: HashMap<Arc<str>, _> = [(Arc::from("K02"), beds)].into();
        let catalogues = Catalogues { beds: Some([(Arc::from("01999"), of_department)].into()), ..Catalogues::default() };
        let has = |facility: &str, department: &str| catalogues.has_beds(facility, department, ["H001"].into_iter(), None);
        assert_eq!((has("01999", "K02"), has("01999", "K03"), has("01998", "K02")), (Some(true), Some(false), None));
    }

    #[test]
    fn communes_of_another_province_are_unknown() {
        let communes = Communes { province: "01".into(), codes: ["00004".to_owned()].into() };
        let catalogues = Catalogues { communes: Some(communes), ..Catalogues::default() };
        assert_eq!(catalogues.has_commune(Some("01"), Some("00004")), Some(true));
        assert_eq!(catalogues.has_commune(Some("1"), Some("00005")), Some(false));
        assert_eq!(catalogues.has_commune(Some("79"), Some("00005")), None);
        assert_eq!(catalogues.has_commune(None, Some("00004")), None);
    }
}
