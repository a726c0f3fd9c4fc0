//! Offices that write one roster each in its own way: care, header spellings, and whether they deliver.

use crate::error::CityError;
use crate::errors::{Care, Profile};
use crate::random::Draw;
use crate::world::{Place, World};

/// The offices of one roster.
pub struct Offices {
    name: &'static str,
    clean: Profile,
    typical: Profile,
    legacy: Profile,
}

impl Offices {
    /// Offices that leave out so many personal ids per 100,000.
    pub fn load(name: &'static str, missing_id: u32) -> Result<Self, CityError> {
        let profile = |care| Profile::new(name, care, missing_id);
        Ok(Self { name, clean: profile(Care::Clean)?, typical: profile(Care::Typical)?, legacy: profile(Care::Legacy)? })
    }

    /// How carefully an office keeps its list: most as usual, some well, some copy old files on.
    pub fn profile(&self, world: &World, office: u64) -> &Profile {
        match self.draw(world, office).of("care").below(10) {
            0..3 => &self.clean,
            3..9 => &self.typical,
            _ => &self.legacy,
        }
    }

    /// The draw for anything an office decides.
    pub fn draw(&self, world: &World, office: u64) -> Draw {
        draw(world, self.name, office)
    }

    /// One of several spellings that an office keeps to.
    pub fn spelling(&self, world: &World, office: u64, count: u64) -> usize {
        self.draw(world, office).of("spelling").below(count) as usize
    }
}

/// Whether an office is among so many of a hundred that deliver a roster.
pub fn delivers(world: &World, roster: &str, office: u64, of_hundred: u32) -> bool {
    draw(world, roster, office).of("delivers").chance(of_hundred * 1_000)
}

/// The draw for anything an office decides about a roster.
pub fn draw(world: &World, roster: &str, office: u64) -> Draw {
    world.random.draw("office", office).of(roster)
}

/// `ỦY BAN NHÂN DÂN PHƯỜNG BA ĐÌNH`, the first line of what a commune writes.
pub fn committee(place: &Place) -> String {
    format!("Ủy ban nhân dân {}", place.full_name()).to_uppercase()
}

/// The order-of-a-number draw of a document, such as `125/QĐ-UBND`.
pub fn document(draw: Draw, kind: &str) -> String {
    format!("{}/{kind}", 1 + draw.of("document").below(900))
}
