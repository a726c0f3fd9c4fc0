//! How one office writes employers: its spelling of names, its codes, its addresses, and its slips.

use crate::employers::names::{self, EmployerName, Hand};
use crate::employers::{codes, standing::State};
use crate::errors::address::{self, Address};
use crate::errors::{Pattern, Profile};
use crate::names as people;
use crate::random::Draw;
use crate::rosters::{BROKEN, Cell, EmployerSubject, NO_SUCH_DAY, Row, TWICE};
use crate::world::{Place, World};

/// An office that keeps a list of employers.
#[derive(Debug, Clone)]
pub struct Office {
    /// How carefully it writes codes and addresses.
    pub profile: Profile,
    /// How it writes names.
    pub hand: Hand,
}

impl Office {
    /// Draws for what this office wrote about an employer; they stay from month to month.
    pub fn record(&self, world: &World, employer: u64) -> Draw {
        world.random.draw(self.profile.name(), employer)
    }

    /// The name of an employer of the plan as this office has it.
    pub fn name(&self, world: &World, employer: u64) -> String {
        self.write_name(world, employer, &names::of(world, employer))
    }

    /// A name as this office has it.
    pub fn write_name(&self, world: &World, employer: u64, name: &EmployerName) -> String {
        names::write(self.hand, self.record(world, employer).of("name"), name)
    }

    /// The tax code of an employer of the plan as this office has it.
    pub fn tax_code(&self, world: &World, employer: u64) -> Cell {
        let code = codes::tax_code(&world.random, &world.employers, employer);
        match codes::write(&self.profile, self.record(world, employer).of("tax code"), &code) {
            codes::WrittenCode::Text(text) => text.into(),
            codes::WrittenCode::Number(number) => Cell::Number(number),
        }
    }

    /// The agency's unit code of an employer, for some (per 100,000) still the one before August 2025.
    pub fn unit_code(&self, world: &World, employer: u64, old: u32) -> String {
        let had_one = world.employers.standing(employer).had_old_code();
        if had_one && self.record(world, employer).of("old unit code").chance(old) {
            return codes::old_unit_code(&world.random, employer);
        }
        codes::unit_code(&world.random, &world.employers, employer)
    }

    /// The address of an employer of the plan as this office has it.
    pub fn address(&self, world: &World, employer: u64) -> Address {
        let house = world.random.draw("employer address", employer);
        let record = self.record(world, employer).of("address");
        address::write(world, &self.profile, house, record, place(world, employer), 1 + house.of("area").below(12))
    }

    /// Ends a row of an employer: now and then it is broken, or stands twice.
    ///
    /// `name` is the cell of the name, `date` one of a date, when there is any.
    pub fn push(&self, subject: &EmployerSubject, cells: Vec<Cell>, name: usize, date: Option<usize>, out: &mut Vec<Row>) {
        let fate = self.record(subject.view.world, subject.employer).of("fate").number(subject.view.month as u64);
        let mut row = Row::new(subject.employer as i64 + 1, cells);
        if fate.of("broken").chance(BROKEN) {
            match date.filter(|_| fate.of("field").chance(50_000)) {
                Some(cell) => {
                    row.cells[cell] = NO_SUCH_DAY.into();
                    row.broken = Some("date");
                }
                None => {
                    row.cells[name] = Cell::Empty;
                    row.broken = Some("name");
                }
            }
        }
        if fate.of("twice").chance(TWICE) {
            out.push(row.clone());
        }
        out.push(row);
    }
}

/// Where an employer has its seat: communes by the number of their homes.
pub fn place(world: &World, employer: u64) -> &Place {
    let homes = world.places.last().map_or(0, |outside| outside.first);
    world.place_of(world.random.draw("employer place", employer).below(homes))
}

/// The legal representative of a company: an invented name, no person of the city.
pub fn representative(world: &World, employer: u64) -> String {
    let draw = world.random.draw("representative", employer);
    let sex = if draw.of("sex").chance(68_000) { base::Sex::Male } else { base::Sex::Female };
    let surname = people::surname(&world.tables, draw.of("surname"));
    people::draw(&world.tables, draw, surname, sex, 1960 + draw.of("year").small(40)).full()
}

/// The tax office in charge of an employer (thuế cơ sở): the city has twenty-five.
pub fn tax_office(place: &Place) -> String {
    format!("Thuế cơ sở {} thành phố Hà Nội", place.number % 25 + 1)
}

/// The tax office's status code with its words.
pub fn tax_status(state: State) -> &'static str {
    match state {
        State::NotYet | State::Active => "00 - NNT đang hoạt động",
        State::Suspended => "05 - NNT tạm ngừng kinh doanh",
        State::Gone => "06 - NNT không hoạt động tại địa chỉ đã đăng ký",
        State::Closing => "03 - NNT ngừng hoạt động nhưng chưa hoàn thành thủ tục chấm dứt hiệu lực mã số thuế",
        State::Dissolved => "01 - NNT ngừng hoạt động và đã chấm dứt hiệu lực mã số thuế",
    }
}

/// A profile without missing and old numbers, for offices whose systems check codes.
pub fn checked(profile: Profile) -> Profile {
    profile.with(Pattern::MissingId, 0).with(Pattern::Transposed, 0).with(Pattern::ZeroLost, 0)
}
