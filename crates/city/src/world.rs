//! The plan of one city: communes with their homes, employers, schools, and the few numbers drawn twice.

use std::collections::BTreeMap;

use base::places::Places;
use rayon::prelude::*;

use crate::employers::Employers;
use crate::employers::managers::Managers;
use crate::error::CityError;
use crate::households;
use crate::ids;
use crate::random::Random;
use crate::schools::{self, School};
use crate::tables::{self, Tables};

/// Share of homes that are not in the city at a given time because they arrive later or have left,
/// in thousandths; the plan holds so many more.
const ABSENT_THOUSANDTHS: f64 = 45.0;
/// Homes outside the city whose people work in it, per thousand homes of the city.
const OUTSIDE_THOUSANDTHS: f64 = 12.0;

/// People of a thôn or tổ dân phố: with it a commune has 5 to 60 of them. A model.
const PEOPLE_OF_A_GROUP: u32 = 3_000;

/// A ward or commune before 1 July 2025.
#[derive(Debug, Clone)]
pub struct OldUnit {
    /// `Phường Trúc Bạch`.
    pub name: String,
    /// `Quận Ba Đình`.
    pub district: String,
}

/// One commune of the plan; the last one of a city stands for everything outside.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its number in [`World::places`].
    pub number: usize,
    /// Five-digit code; empty outside the city.
    pub code: String,
    /// `Phường` or `Xã`.
    pub kind: String,
    /// Name without its kind.
    pub name: String,
    /// Number of its first household.
    pub first: u64,
    /// How many households it has.
    pub homes: u64,
    /// How many thôn or tổ dân phố it has.
    pub groups: u64,
    /// Old units that went to it, wholly or in part; the main ones stand three times.
    pub old_units: Vec<OldUnit>,
    /// Its schools.
    pub schools: Vec<School>,
}

impl Place {
    /// Whether it lies in the city.
    pub fn inside(&self) -> bool {
        !self.code.is_empty()
    }

    /// The thôn or tổ dân phố of one of its households, from 1: neighbours share it.
    pub fn group_of(&self, household: u64) -> u64 {
        1 + household.saturating_sub(self.first) * self.groups / self.homes.max(1)
    }

    /// `Thôn` or `Tổ dân phố`, what a commune of its kind is divided into.
    pub fn group_word(&self) -> &'static str {
        if self.kind == "Xã" { "Thôn" } else { "Tổ dân phố" }
    }

    /// `Phường Ba Đình`.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.kind, self.name)
    }
}

/// Everything a person is drawn from.
#[derive(Debug)]
pub struct World {
    /// The source of chance.
    pub random: Random,
    /// Names, ages, sizes.
    pub tables: Tables,
    /// Communes in the order of `formats/places`, then the outside.
    pub places: Vec<Place>,
    /// Employers.
    pub employers: Employers,
    /// Who manages which company.
    pub managers: Managers,
    /// How often the serial of a personal id was drawn again, by slot; nearly all are absent.
    redraws: BTreeMap<u64, u64>,
}

impl World {
    /// Plans a city at a scale (1 is 8.8 million people).
    pub fn plan(scale: f64, seed: u64) -> Result<Self, CityError> {
        let tables = Tables::load()?;
        let mean = tables.mean_household_thousandths as f64 / 1_000.0;
        let mut places = Vec::new();
        let mut next = 0;
        let communes = Places::from_csv(
            include_str!("../../../formats/places/communes.csv"),
            include_str!("../../../formats/places/old_units.csv"),
        )
        .map_err(|error| CityError::Data { file: "formats/places", line: 0, reason: error.to_string() })?;
        let mut old_units = old_units()?;
        for commune in communes.communes() {
            let people = f64::from(commune.population) * scale;
            let homes = (people * (1.0 + ABSENT_THOUSANDTHS / 1_000.0) / mean).round().max(1.0) as u64;
            let code = commune.code.as_str().to_owned();
            let kind = if commune.kind == "phường" { "Phường" } else { "Xã" }.to_owned();
            let schools = schools::plan(&code, &commune.name, people);
            let groups = u64::from(commune.population / PEOPLE_OF_A_GROUP).clamp(5, 60);
            let old_units = old_units.remove(&code).unwrap_or_default();
            places.push(Place {
                number: places.len(),
                code,
                kind,
                name: commune.name.clone(),
                first: next,
                homes,
                groups,
                old_units,
                schools,
            });
            next += homes;
        }
        let homes = ((next as f64) * OUTSIDE_THOUSANDTHS / 1_000.0).round().max(1.0) as u64;
        places.push(Place {
            number: places.len(),
            code: String::new(),
            kind: "Xã".to_owned(),
            name: "ngoài thành phố".to_owned(),
            first: next,
            homes,
            groups: 30,
            old_units: Vec::new(),
            schools: Vec::new(),
        });
        if (next + homes) * ids::MEMBER_SLOTS > ids::SLOT_LIMIT {
            return Err(CityError::Config {
                what: "Quy mô quá lớn: tối đa khoảng 1,1 lần Hà Nội (--scale 1.1)".to_owned()
            });
        }
        let random = Random::new(seed);
        let employers = Employers::plan(&tables, random, scale);
        let managers = Managers::plan(&random, &employers, next);
        let mut world = Self { random, tables, places, employers, managers, redraws: BTreeMap::new() };
        world.redraws = world.find_redraws();
        Ok(world)
    }

    /// How many people the city is planned for.
    pub fn people(&self) -> u64 {
        let homes: u64 = self.places.iter().filter(|p| p.inside()).map(|p| p.homes).sum();
        homes * self.tables.mean_household_thousandths / 1_000
    }

    /// How often a person's serial was drawn again.
    pub fn redraw(&self, slot: u64) -> u64 {
        self.redraws.get(&slot).copied().unwrap_or(0)
    }

    /// The place a household lies in.
    pub fn place_of(&self, household: u64) -> &Place {
        let at = self.places.partition_point(|p| p.first + p.homes <= household);
        &self.places[at.min(self.places.len() - 1)]
    }

    /// Draws everybody's number once and finds the shared ones.
    fn find_redraws(&self) -> BTreeMap<u64, u64> {
        let all = self.places.last().map_or(0, |p| p.first + p.homes);
        let numbered: Vec<(u64, u64)> = (0..all)
            .into_par_iter()
            .flat_map_iter(|household| {
                let members = households::outline(self, household);
                members.into_iter().map(move |m| {
                    let facts = households::id_facts(self, household, &m);
                    (ids::personal_id(&self.random, &facts, 0).number(), m.slot)
                })
            })
            .collect();
        ids::redraws(&self.random, numbered, |slot| {
            let household = slot / ids::MEMBER_SLOTS;
            let outlines = households::outline(self, household);
            let at = (slot % ids::MEMBER_SLOTS) as usize;
            households::id_facts(self, household, &outlines[at])
        })
    }
}

fn old_units() -> Result<BTreeMap<String, Vec<OldUnit>>, CityError> {
    let mut by_new: BTreeMap<String, Vec<OldUnit>> = BTreeMap::new();
    for row in tables::rows("old_units.csv", include_str!("../../../formats/places/old_units.csv"), 5)? {
        let times = if row.fields[4] == "1" { 3 } else { 1 };
        let unit = OldUnit { name: row.fields[1].to_owned(), district: row.fields[2].to_owned() };
        by_new.entry(row.fields[3].to_owned()).or_default().extend(std::iter::repeat_n(unit, times));
    }
    Ok(by_new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_plan_holds_the_communes_and_the_outside() {
        let world = World::plan(0.001, 1).unwrap();
        assert_eq!(world.places.len(), 127);
        assert!(world.places.iter().take(126).all(|p| p.inside() && !p.old_units.is_empty() && !p.schools.is_empty()));
        let last = world.places.last().unwrap();
        assert_eq!(world.place_of(last.first).code, "");
        assert_eq!(world.place_of(0).code, world.places[0].code);
    }

    #[test]
    fn no_two_people_share_a_personal_id() {
        let world = World::plan(0.01, 1).unwrap();
        let all = world.places.last().map_or(0, |p| p.first + p.homes);
        let ids: Vec<u64> = (0..all)
            .flat_map(|h| households::outline(&world, h).into_iter().map(move |m| (h, m)))
            .map(|(h, m)| ids::personal_id(&world.random, &households::id_facts(&world, h, &m), world.redraw(m.slot)).number())
            .collect();
        assert!(!world.redraws.is_empty(), "at this size some serials collide");
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    }
}
