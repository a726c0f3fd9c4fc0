//! Addresses and the many ways they are written.

use crate::errors::{Pattern, Profile};
use crate::random::Draw;
use crate::world::{Place, World};

/// An address in its two columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// House, lane, street group or hamlet.
    pub house: String,
    /// Commune with its kind; an old ward with its district where the record is old.
    pub commune: String,
}

/// Writes where a household lives as a roster has it.
///
/// `home` draws what stays the same in all rosters (the house), `record` what this roster made of it.
///
/// `group` is the number of the thôn or tổ dân phố.
pub fn write(world: &World, profile: &Profile, home: Draw, record: Draw, place: &Place, group: u64) -> Address {
    let house = house(home, place, group, profile.strikes(Pattern::HouseNumber, record).is_some());
    if !place.inside() {
        const NEAR: [&str; 4] = ["tỉnh Bắc Ninh", "tỉnh Hưng Yên", "tỉnh Phú Thọ", "tỉnh Ninh Bình"];
        let given = world.tables.given(base::Sex::Female).pick(home.of("outside"));
        return Address { house, commune: format!("Xã {given}, {}", NEAR[home.of("province").below(4) as usize]) };
    }
    // Some records know the place of registration of before a move within the city.
    let elsewhere = profile.strikes(Pattern::Elsewhere, record).filter(|_| home.of("moved once").chance(60_000));
    let place = elsewhere.map_or(place, |_| &world.places[home.of("moved from").below(world.places.len() as u64 - 1) as usize]);
    let old = home.of("old unit");
    let old_unit = place.old_units.get(old.below(place.old_units.len() as u64) as usize);
    let commune = match old_unit {
        Some(unit) if profile.strikes(Pattern::OldWard, record).is_some() => format!("{}, {}", unit.name, unit.district),
        Some(unit) if profile.strikes(Pattern::OldDistrict, record).is_some() => {
            format!("{}, {}", place.full_name(), unit.district)
        }
        _ => place.full_name(),
    };
    Address { house, commune }
}

fn house(home: Draw, place: &Place, group: u64, other_way: bool) -> String {
    let number = 1 + home.of("number").below(240);
    let lane = 1 + home.of("lane").below(400);
    let side = 1 + home.of("group").below(30);
    if place.kind == "Xã" {
        return if other_way { format!("Xóm {group}") } else { format!("Thôn {group}") };
    }
    match (home.of("form").below(3), other_way) {
        (0, false) => format!("Số {number} ngõ {lane}"),
        (0, true) => format!("{number}/{lane}"),
        (1, false) => format!("Số {number}, tổ {group}"),
        (1, true) => format!("SN {number} tổ dân phố số {group}"),
        (_, false) => format!("Số {number} ngõ {lane}/{side}"),
        (_, true) => format!("N{number} K{lane}/{side}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::Care;

    #[test]
    fn fewer_than_half_of_typical_addresses_are_up_to_date() {
        let world = World::plan(0.001, 1).unwrap();
        let profile = Profile::new("test", Care::Typical, 0).unwrap();
        let current = |n: &u64| {
            let place = &world.places[(n % 126) as usize];
            let address = write(&world, &profile, world.random.draw("home", *n), world.random.draw("r", *n), place, 7);
            address.commune == place.full_name()
        };
        // 65 % without the old ward, 75 % of them without the old district, 89 % not from elsewhere.
        let share = (0..10_000).filter(current).count();
        assert!((4_200..4_500).contains(&share), "{share}");
    }
}
