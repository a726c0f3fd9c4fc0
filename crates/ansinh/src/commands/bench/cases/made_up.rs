//! A city of made-up cases: every commune the same share, a tenth of them findings about employees for the base offices, a third with
//! somebody, terms from sixty days ago to sixty days ahead.

use std::collections::BTreeMap;

use base::{Actor, Area, CommuneCode, Date, FindingKey, Month, Purpose, Role, Scope, SubjectKind};
use desk::{CaseUnit, Desk, NewCase, To, Unit, UnitKind, User};

use crate::failure::Failure;
use crate::workshop::Workshop;

/// Village of the cases that are given away together.
pub(super) const BULK_VILLAGE: &str = "Tổ đo";
/// Who gets them.
pub(super) const SECOND: &str = "u-city-2";
/// So many of them.
const BULK: i64 = 10_000;
/// Communes of one base office.
const OF_OFFICE: usize = 6;
/// Cases made in one go, of every commune the same number.
const TOGETHER: u64 = 800;

const RULES: [&str; 4] =
    ["household-card-lapsed", "pupil-without-valid-card", "poor-without-card", "household-member-without-card"];
const EMPLOYEES: &str = "labour-without-compulsory";

/// The city.
pub(super) struct City {
    pub(super) today: Date,
    cases: u64,
    communes: Vec<CommuneCode>,
}

impl City {
    pub(super) fn new(shop: &Workshop, today: Date, cases: u64) -> Self {
        Self { today, cases, communes: shop.places.communes().iter().map(|commune| commune.code.clone()).collect() }
    }

    /// Cases that are given away together.
    pub(super) fn bulk(&self) -> i64 {
        (0..self.cases).filter(|n| self.is_of_bulk(*n)).count() as i64
    }

    /// A commune like all others.
    pub(super) fn commune(&self) -> CommuneCode {
        self.communes[self.communes.len() / 2].clone()
    }

    /// A rule of many cases.
    pub(super) fn rule(&self) -> &'static str {
        RULES[0]
    }

    /// An officer of the city's agency.
    pub(super) fn agency(&self) -> Scope {
        scope("u-city", "bhxh-hn", Role::CityOfficer, Area::City)
    }

    /// The officer to whom many cases are given.
    pub(super) fn second(&self) -> Scope {
        scope(SECOND, "bhxh-hn", Role::CityOfficer, Area::City)
    }

    /// An officer of a base office of six communes.
    pub(super) fn office(&self) -> Scope {
        self.office_of(self.communes.len() / 2)
    }

    /// A clerk of a commune.
    pub(super) fn clerk(&self) -> Scope {
        self.clerk_of(self.communes.len() / 2)
    }

    fn office_of(&self, commune: usize) -> Scope {
        let number = commune / OF_OFFICE;
        let own = self.communes.iter().skip(number * OF_OFFICE).take(OF_OFFICE).cloned().collect();
        scope(&format!("u-cs-{number}"), &format!("cs-{number}"), Role::BaseOfficer, Area::Communes(own))
    }

    fn clerk_of(&self, commune: usize) -> Scope {
        let code = &self.communes[commune];
        let area = Area::Communes([code.clone()].into());
        scope(&format!("u-xa-{code}"), &format!("xa-{code}"), Role::CommuneStaff, area)
    }

    /// Units, users and cases, all through the desk's own door.
    pub(super) async fn write(&self, desk: &Desk) -> Result<(), Failure> {
        self.people(desk).await?;
        let period: Month = self.today.month().plus(-1);
        let communes = self.communes.len() as u64;
        let mut first = 0;
        while first < self.cases {
            let last = (first + TOGETHER * communes).min(self.cases);
            let mut by_owner: BTreeMap<Option<String>, Vec<NewCase>> = BTreeMap::new();
            for n in first..last {
                let (case, owner) = self.case(n, period)?;
                by_owner.entry(owner).or_default().push(case);
            }
            for (at, (owner, cases)) in by_owner.into_iter().enumerate() {
                let to = owner.map_or(To::Unit, To::User);
                let opened = desk.open_cases(&self.agency(), cases, &to, &format!("bench-{first}-{at}")).await?;
                if let Some((_, why)) = opened.refused.first() {
                    return Err(Failure::internal(format!("a made-up case was refused: {why:?}")));
                }
            }
            first = last;
        }
        Ok(())
    }

    async fn people(&self, desk: &Desk) -> Result<(), Failure> {
        let mut all = vec![(self.agency(), UnitKind::CityAgency), (self.second(), UnitKind::CityAgency)];
        all.extend((0..self.communes.len()).map(|at| (self.clerk_of(at), UnitKind::Commune)));
        all.extend((0..self.communes.len()).step_by(OF_OFFICE).map(|at| (self.office_of(at), UnitKind::BaseOffice)));
        for (scope, kind) in all {
            let unit = Unit { id: scope.unit.clone(), name: scope.unit.clone(), kind, parent: None };
            desk.put_unit(&Scope::system(), &unit).await?;
            let user = User {
                id: scope.actor.0.clone(),
                label: scope.actor.0,
                role: scope.role,
                unit: scope.unit,
                area: scope.area,
                active: true,
                valid_from: None,
                valid_to: None,
            };
            desk.put_user(&Scope::system(), &user).await?;
        }
        Ok(())
    }

    /// The n-th case and who has it.
    fn case(&self, n: u64, period: Month) -> Result<(NewCase, Option<String>), Failure> {
        let (at, round) = ((n % self.communes.len() as u64) as usize, n / self.communes.len() as u64);
        let employees = is_of_employees(round);
        let rule = if employees { EMPLOYEES } else { RULES[(round / 10 % 4) as usize] };
        let owner = match round % 10 {
            0 if round.is_multiple_of(20) => Some(self.office_of(at).actor.0),
            1..=3 => Some(self.clerk_of(at).actor.0),
            _ => None,
        };
        let outside = || Failure::internal("a term outside the calendar");
        let days = i32::try_from(n.wrapping_mul(7_919) % 121).map_err(|e| Failure::internal(e.to_string()))? - 60;
        let village = if self.is_of_bulk(n) { BULK_VILLAGE.to_owned() } else { format!("Tổ {}", round % 40) };
        let case = NewCase {
            rule: rule.to_owned(),
            finding: FindingKey::new(rule, SubjectKind::Person, &format!("P{n}"), &[]),
            subject_kind: SubjectKind::Person,
            subject: i64::try_from(n).map_err(|e| Failure::internal(e.to_string()))?,
            period,
            commune: Some(self.communes[at].clone()),
            village: Some(village),
            unit: if employees { CaseUnit::InsuranceOffice } else { CaseUnit::Commune },
            due: self.today.add_days(days).ok_or_else(outside)?,
        };
        Ok((case, owner))
    }

    /// Of the communes' own cases that nobody has, spread over the whole, ten thousand are given away together.
    fn is_of_bulk(&self, n: u64) -> bool {
        let communes = self.communes.len() as u64;
        let (at, round) = (n % communes, n / communes);
        // Six rounds of ten are such cases; how many of them stand before this one.
        let before = |round: u64| (round / 10 * 6 + (round % 10).saturating_sub(4)) * communes;
        let every = (before(self.cases / communes) / BULK as u64).max(1);
        let place = before(round) + at;
        round % 10 > 3 && place.is_multiple_of(every) && place / every < BULK as u64
    }
}

fn is_of_employees(round: u64) -> bool {
    round.is_multiple_of(10)
}

fn scope(user: &str, unit: &str, role: Role, area: Area) -> Scope {
    Scope { actor: Actor(user.into()), unit: unit.into(), area, role, purpose: Purpose::CoverageReview, acting_for: None }
}
