//! `household_member`: the homes of the communes that keep a list of them, each in its own form: the commune's own list with a column of
//! villages or with lines for them, the annex of TK1-TS, or the list of decree 188.

use crate::calendar;
use crate::error::CityError;
use crate::errors::Profile;
use crate::households::Role;
use crate::random::Draw;
use crate::rosters::household_forms::{self, Shape};
use crate::rosters::offices::{self, Offices};
use crate::rosters::{Book, Cell, Files, NO_SUCH_DAY, Roster, Row, Subject, Until, View};
use crate::world::World;
use base::Sex;

/// Communes among a hundred that have declared their households and hand the annex over.
const DECLARED: u32 = 30;

/// Whether a person who lives in the city stands on a commune's list: the commune keeps one, and foreigners
/// are declared elsewhere.
pub fn is_listed(subject: &Subject) -> bool {
    !subject.home.foreign && offices::delivers(subject.world, NAME, subject.home.place.number as u64, DECLARED)
}

/// The roster's name.
const NAME: &str = "household_member";

/// The lists of the communes that keep them.
pub struct HouseholdMembers(Offices);

impl HouseholdMembers {
    /// For the registry.
    pub fn load() -> Result<Box<dyn Roster>, CityError> {
        Ok(Box::new(Self(Offices::load(NAME, 3_000)?)))
    }
}

impl Roster for HouseholdMembers {
    fn files(&self, _view: &View) -> Option<Files> {
        Some(Files::Books(Until::CommuneEnds))
    }

    fn person(&self, subject: &Subject, out: &mut Vec<Row>) {
        let place = subject.home.place;
        let office = place.number as u64;
        // The dead stay in until somebody tells.
        if (subject.lives_here() || subject.dead_but_unknown()) && is_listed(subject) {
            let from = out.len();
            write(self.0.profile(subject.world, office), shape(subject.world, office), subject, out);
            out[from..].iter_mut().for_each(|row| row.book = office);
        }
    }

    fn book(&self, view: &View, book: u64) -> Option<Book> {
        let place = view.world.places.get(book as usize)?;
        Some(household_forms::book(view, place, shape(view.world, book), self.0.spelling(view.world, book, 3)))
    }
}

/// The form a commune keeps its list in: most their own.
fn shape(world: &World, office: u64) -> Shape {
    match offices::draw(world, NAME, office).of("shape").below(6) {
        0..3 => Shape::List,
        3 => Shape::Sections,
        4 => Shape::Annex,
        _ => Shape::Decree188,
    }
}

/// Answers of a household about its cards, among 100,000, that are left empty, and that are wrong.
const UNANSWERED: u32 = 12_000;
const WRONG_ANSWER: u32 = 1_500;

fn write(profile: &Profile, shape: Shape, subject: &Subject, out: &mut Vec<Row>) {
    let record = subject.record(profile, 0);
    let who = subject.identity(profile, record);
    let address = subject.address(profile, record);
    let (home, place) = (subject.home, subject.home.place);
    let head = crate::errors::name::write(profile, record.of("head"), &home.members[0].name);
    let insurance = if subject.has_insurance_number() { subject.insurance_number(profile, record) } else { String::new() };
    // Communes number their homes themselves, apart from the register of residents.
    let number = format!("{}{:06}", place.code, home.number - place.first + 1);
    let (name, birth) = (Cell::from(who.name), Cell::from(who.birth.text()));
    let (house, commune) = (address.house.into(), address.commune.into());
    let village = if place.kind == "Xã" { format!("Thôn {}", home.group) } else { format!("TDP số {}", home.group) };
    let mut row = Row::new(subject.person.number(), Vec::new());
    let (name_at, birth_at) = match shape {
        Shape::List => {
            let cells = [number.into(), head.into(), name, insurance.into(), birth, who.sex.into()];
            row.cells = Vec::from(cells);
            row.cells.extend([relation(subject).into(), who.id.into(), house, village.into(), commune]);
            (2, 4)
        }
        Shape::Sections => {
            row.section = Some(format!("{} {}", place.group_word(), home.group).into());
            // The section's lines stand together, as neighbours do.
            row.order = home.group;
            row.cells =
                vec![number.into(), head.into(), relation(subject).into(), name, birth, who.sex.into(), who.id.into(), house];
            (3, 4)
        }
        Shape::Annex => {
            row.cells = vec![number.into(), name, insurance.into(), birth, who.sex.into(), relation(subject).into()];
            row.cells.extend([who.id.into(), house, commune, Cell::Empty]);
            (1, 3)
        }
        Shape::Decree188 => {
            row.cells = vec![number.into(), head.into(), relation(subject).into(), name, birth, who.sex.into(), who.id.into()];
            row.cells.extend([house, commune, insurance.into(), answer(subject, record).into()]);
            (3, 4)
        }
    };
    subject.push(profile, 0, row, &[(name_at, "full_name", ""), (birth_at, "birth_date", NO_SUCH_DAY)], true, out);
}

/// What the household says of a member's card: of anybody's card, as long as it is one.
fn answer(subject: &Subject, record: Draw) -> &'static str {
    let draw = record.of("card answer");
    if draw.chance(UNANSWERED) {
        return "";
    }
    let end = calendar::last(subject.month);
    let has = subject.life.cards.iter().any(|card| card.valid_on(end)) != draw.of("wrong").chance(WRONG_ANSWER);
    let lapsed = subject.life.cards.iter().any(|card| card.to < end);
    match (has, lapsed && draw.of("lapsed").chance(50_000)) {
        (true, _) => "Đã có thẻ",
        (false, true) => "Thẻ đã hết hạn",
        (false, false) => "Chưa có thẻ",
    }
}

fn relation(subject: &Subject) -> &'static str {
    let female = subject.person.outline.sex == Sex::Female;
    match subject.person.outline.role {
        Role::Head => "Chủ hộ",
        Role::Spouse if female => "Vợ",
        Role::Spouse => "Chồng",
        Role::Child if female => "Con gái",
        Role::Child => "Con trai",
        Role::Elder if female => "Mẹ đẻ",
        Role::Elder => "Bố đẻ",
        Role::Other => "Người ở cùng hộ",
    }
}
