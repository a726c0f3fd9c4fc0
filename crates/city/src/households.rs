//! Households: who lives together, how they are related, where, and for how long.

use base::{Date, PersonalId, Sex};

use crate::calendar::{self, BASE, MonthIndex};
use crate::families;
use crate::foreign;
use crate::ids::{self, IdFacts, MEMBER_SLOTS};
use crate::names::Name;
use crate::random::Draw;
use crate::world::{Place, World};

/// How a member stands to the head of the household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Chủ hộ.
    Head,
    /// Vợ.
    Spouse,
    /// Con.
    Child,
    /// Cha, mẹ.
    Elder,
    /// Others who live there.
    Other,
}

/// What is known of a member before names: enough for a personal id.
#[derive(Debug, Clone, Copy)]
pub struct Outline {
    /// Household number times [`MEMBER_SLOTS`] plus the place in it.
    pub slot: u64,
    /// Relation to the head.
    pub role: Role,
    /// Sex.
    pub sex: Sex,
    /// Date of birth.
    pub birth: Date,
    /// Born together with the member before.
    pub twin: bool,
}

/// A person of the city.
#[derive(Debug, Clone)]
pub struct Person<'w> {
    /// What was drawn first.
    pub outline: Outline,
    /// The name.
    pub name: Name<'w>,
    /// The 12-digit personal id.
    pub id: PersonalId,
    /// Month of death, if it comes within the years of the model.
    pub dies: Option<MonthIndex>,
    /// Month in which offices hear of the death: weeks or months late, or never.
    pub told: Option<MonthIndex>,
    /// Month at whose end the insurance agency stops the cards of the dead: when it hears, or later.
    pub stops: Option<MonthIndex>,
    /// Passport number of a foreigner, written in place of the personal id.
    pub passport: Option<String>,
}

impl Person<'_> {
    /// The person's number in truth files.
    pub fn number(&self) -> i64 {
        self.outline.slot as i64 + 1
    }
}

/// What a household lives on, as far as it decides who pays for its cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// Of no group.
    Usual,
    /// Hộ làm nông, lâm, ngư, diêm nghiệp có mức sống trung bình.
    Farm,
    /// Hộ mới thoát nghèo, thoát cận nghèo.
    LeftPoverty,
    /// Hộ cận nghèo.
    NearPoor,
    /// Hộ nghèo.
    Poor,
}

impl Means {
    /// Whether it is poor or near-poor.
    pub fn is_poor(self) -> bool {
        matches!(self, Self::Poor | Self::NearPoor)
    }

    /// Drawn from a thousand. A model: the city counted 0.03 % of its homes poor by the line that ended with 2025,
    /// and made its lists over by a higher one; the farms of average means are few and in the xã.
    fn of(draw: Draw, place: &Place) -> Self {
        match draw.below(1_000) {
            0 => Self::Poor,
            1..10 => Self::NearPoor,
            10..15 => Self::LeftPoverty,
            15..35 if place.kind == "Xã" => Self::Farm,
            _ => Self::Usual,
        }
    }
}

/// A household with its people.
#[derive(Debug, Clone)]
pub struct Household<'w> {
    /// Its number over the whole city.
    pub number: u64,
    /// Where it lives.
    pub place: &'w Place,
    /// Month it came to the city; `None` when it was there before 2026.
    pub arrives: Option<MonthIndex>,
    /// First month in which it is gone.
    pub leaves: Option<MonthIndex>,
    /// Registered as temporary residents (tạm trú).
    pub temporary: bool,
    /// What it lives on.
    pub means: Means,
    /// Foreigners with a residence card.
    pub foreign: bool,
    /// Ethnic minority, `Mường`; `None` for the Kinh.
    pub ethnic: Option<&'static str>,
    /// Number of its thôn (in a xã) or tổ dân phố (in a phường), from 1.
    pub group: u64,
    /// Its people, the head first.
    pub members: Vec<Person<'w>>,
}

impl Household<'_> {
    /// Whether a member lives in the city at the end of a month.
    pub fn lives_here(&self, person: &Person, month: MonthIndex) -> bool {
        self.place.inside()
            && self.arrives.is_none_or(|m| m <= month)
            && self.leaves.is_none_or(|m| m > month)
            && calendar::of(person.outline.birth) <= month
            && person.dies.is_none_or(|m| m > month)
    }
}

/// Deaths a year among 100,000, by age at the base date.
const DEATHS: [(i32, u64); 9] =
    [(40, 80), (50, 200), (60, 500), (65, 900), (70, 1_400), (75, 2_200), (80, 3_800), (85, 7_000), (i32::MAX, 13_000)];
/// Homes that move away a year, among 100,000.
const LEAVE: u64 = 900;
/// Months after the base date in which modelled events may fall.
const EVENT_MONTHS: i32 = 60;

/// Draws who lives in a household, without names.
pub fn outline(world: &World, number: u64) -> Vec<Outline> {
    let home = world.random.draw("home", number);
    let template = world.tables.templates.pick(home.of("template"));
    let mut people = Vec::with_capacity(8);
    let head_age = match template.head_age_from {
        15 => 17 + home.of("age").small(3),
        85 => 85 + home.of("age").small(8),
        from => from as i32 + home.of("age").small(5),
    };
    let mut add = |role, age: i32, sex: Option<Sex>, twin| {
        let slot = number * MEMBER_SLOTS + people.len() as u64;
        let draw = world.random.draw("member", slot);
        let age = age.clamp(0, 99);
        let male = draw.of("sex").chance(world.tables.males_at(age));
        let sex = sex.unwrap_or(if male { Sex::Male } else { Sex::Female });
        let birth = birthday(draw, 2025 - age);
        people.push(Outline { slot, role, sex, birth, twin });
    };
    add(Role::Head, head_age, template.couple.then_some(Sex::Male), false);
    let mut mother_age = head_age;
    if template.couple {
        mother_age = (head_age - (home.of("wife").small(8) - 2)).max(18);
        add(Role::Spouse, mother_age, Some(Sex::Female), false);
    }
    let first_birth = 21 + home.of("first birth").below((mother_age - 21).clamp(1, 12) as u64) as i32;
    let mut age = (mother_age - first_birth).max(0);
    for child in 0..template.children {
        let gap = home.of("gap").number(u64::from(child));
        let twin = child > 0 && gap.of("twin").chance(1_500);
        if child > 0 && !twin {
            age = (age - 2 - gap.small(3)).max(0);
        }
        add(Role::Child, age, None, twin);
    }
    let grandmother = head_age + 21 + home.of("grandmother").small(12);
    let grandfather = grandmother + home.of("grandfather").small(7);
    match (template.elders, home.of("one elder").chance(72_000)) {
        (0, _) => {}
        (1, true) => add(Role::Elder, grandmother, Some(Sex::Female), false),
        (1, false) => add(Role::Elder, grandfather, Some(Sex::Male), false),
        _ => {
            add(Role::Elder, grandmother, Some(Sex::Female), false);
            add(Role::Elder, grandfather, Some(Sex::Male), false);
        }
    }
    for other in 0..template.others {
        let age = head_age - 3 + home.of("other").number(u64::from(other)).small(7);
        add(Role::Other, age.max(16), None, false);
    }
    let coming = home.of("new child");
    if template.couple && (20..=40).contains(&mother_age) && coming.chance(26_000) {
        // Born within the years of the model: present in every drawing, alive from its month on.
        let slot = number * MEMBER_SLOTS + people.len() as u64;
        let draw = world.random.draw("member", slot);
        let sex = if draw.of("sex").chance(world.tables.males_at(0)) { Sex::Male } else { Sex::Female };
        let birth = calendar::day(BASE + coming.of("month").small(EVENT_MONTHS as u32), 1 + draw.of("day").small(28));
        people.push(Outline { slot, role: Role::Child, sex, birth, twin: false });
    }
    let mut before: Option<Date> = None;
    for person in &mut people {
        if let (true, Some(date)) = (person.twin, before) {
            person.birth = date;
        }
        before = Some(person.birth);
    }
    people
}

fn birthday(draw: Draw, year: i32) -> Date {
    let month = calendar::month(year, 1 + draw.of("month").small(12));
    calendar::day(month, 1 + draw.of("day").small(calendar::days_in(month) as u32))
}

/// What a member's personal id depends on.
pub fn id_facts(world: &World, household: u64, outline: &Outline) -> IdFacts {
    IdFacts {
        slot: outline.slot,
        household,
        temporary: is_temporary(world, household),
        child: outline.role == Role::Child,
        sex: outline.sex,
        birth_year: outline.birth.year(),
    }
}

fn is_temporary(world: &World, household: u64) -> bool {
    world.random.draw("temporary", household).chance(15_000)
}

/// Foreign households among 100,000 of the city.
const FOREIGN: u32 = 300;
/// Households of ethnic minorities among 100,000 of a xã, and who they are; a model, since the
/// minorities of the city live in a few hill communes.
const ETHNIC: (u32, [&str; 5]) = (2_000, ["Mường", "Mường", "Dao", "Tày", "Nùng"]);

/// When offices hear of a death: most in its month, some weeks or months late, a few never.
fn told(world: &World, slot: u64, dies: MonthIndex) -> Option<MonthIndex> {
    let draw = world.random.draw("death told", slot);
    match draw.below(100) {
        0..60 => Some(dies),
        60..80 => Some(dies + 1),
        80..93 => Some(dies + 2 + draw.of("months").small(8)),
        _ => None,
    }
}

/// Months from the register of deaths to the end of the dead person's cards: none for most.
fn stopped_late(world: &World, slot: u64) -> i32 {
    let draw = world.random.draw("cards stopped", slot);
    match draw.below(100) {
        0..60 => 0,
        60..82 => 1,
        82..95 => 2 + draw.of("months").small(3),
        _ => 5 + draw.of("months").small(18),
    }
}

/// Draws one household with its people.
pub fn draw(world: &World, number: u64) -> Household<'_> {
    let place = world.place_of(number);
    let home = world.random.draw("home", number);
    let mut outlines = outline(world, number);
    let namesake = families::namesake(world, place, number, &outlines);
    let names = families::names(world, home, &outlines, namesake.map(|(_, name)| name));
    let foreign = place.inside() && world.random.draw("foreign", number).chance(FOREIGN);
    let names = if foreign { foreign::names(&world.random, home, &outlines) } else { names };
    let ethnic = world.random.draw("ethnic", number);
    let is_ethnic = !foreign && place.inside() && place.kind == "Xã" && ethnic.chance(ETHNIC.0);
    let ethnic = is_ethnic.then(|| ETHNIC.1[ethnic.of("which").below(5) as usize]);
    if let Some((birth, _)) = namesake {
        outlines[0].birth = birth;
    }
    let arrives = home.of("arrives").chance(4_500).then(|| BASE + home.of("arrival").small(EVENT_MONTHS as u32));
    let left = (home.of("leaves").below(12 * 100_000) / LEAVE) as i32;
    // Nobody leaves in the months right after coming.
    let leaves = (left < EVENT_MONTHS && arrives.is_none()).then_some(BASE + left);
    let means = if foreign { Means::Usual } else { Means::of(home.of("means"), place) };
    let members = outlines
        .into_iter()
        .zip(names)
        .map(|(outline, name)| {
            let id = ids::personal_id(&world.random, &id_facts(world, number, &outline), world.redraw(outline.slot));
            let age = 2025 - outline.birth.year();
            let rate = DEATHS.iter().find(|(before, _)| age < *before).map_or(13_000, |(_, rate)| *rate);
            let months = (world.random.draw("death", outline.slot).below(12 * 100_000) / rate) as i32;
            let dies = (months < EVENT_MONTHS && age >= 0).then_some(BASE + months);
            let told = dies.and_then(|month| told(world, outline.slot, month));
            let stops = told.map(|month| month + stopped_late(world, outline.slot));
            let passport = foreign.then(|| foreign::passport(&world.random, outline.slot));
            Person { outline, name, id, dies, told, stops, passport }
        })
        .collect();
    let temporary = foreign || is_temporary(world, number);
    Household { number, place, arrives, leaves, temporary, means, foreign, ethnic, group: place.group_of(number), members }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_is_the_same_however_it_is_drawn() {
        let world = World::plan(0.0005, 9).unwrap();
        let again = World::plan(0.0005, 9).unwrap();
        for number in [0, 17, 400, 3] {
            let (one, two) = (draw(&world, number), draw(&again, number));
            assert_eq!(format!("{:?}", one.members), format!("{:?}", two.members));
        }
    }

    #[test]
    fn families_are_plausible() {
        let world = World::plan(0.002, 1).unwrap();
        let (mut children, mut twins) = (0, 0);
        for number in 0..5_000 {
            let home = draw(&world, number);
            assert_eq!(home.members[0].outline.role, Role::Head);
            assert!(home.members.len() <= MEMBER_SLOTS as usize);
            let mother = home.members.iter().find(|m| m.outline.role == Role::Spouse);
            for child in home.members.iter().filter(|m| m.outline.role == Role::Child) {
                children += 1;
                twins += usize::from(child.outline.twin);
                assert_eq!(child.name.surname, home.members[0].name.surname);
                let gap = mother.map(|m| child.outline.birth.year() - m.outline.birth.year());
                assert!(gap.is_none_or(|years| years >= 18), "{gap:?}");
            }
        }
        assert!(children > 4_000 && twins > 5);
    }

    #[test]
    fn ages_and_sexes_follow_the_model() {
        let world = World::plan(0.01, 2).unwrap();
        let people: Vec<Outline> = (0..20_000).flat_map(|n| outline(&world, n)).filter(|o| o.birth.year() < 2026).collect();
        let share = |from: i32, to: i32| {
            let of_age = people.iter().filter(|o| (from..to).contains(&(2025 - o.birth.year()))).count();
            of_age as f64 / people.len() as f64
        };
        assert!((0.225..0.255).contains(&share(0, 15)), "{}", share(0, 15));
        assert!((0.120..0.150).contains(&share(60, 200)), "{}", share(60, 200));
        let men = people.iter().filter(|o| o.sex == Sex::Male).count() as f64 / people.len() as f64;
        assert!((0.48..0.52).contains(&men), "{men}");
    }
}
