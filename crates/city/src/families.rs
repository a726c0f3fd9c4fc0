//! Names within a family, and the look-alikes planted among them: twins, fathers and sons, namesakes next door.

use base::{Date, Sex};

use crate::calendar;
use crate::households::{self, Outline, Role};
use crate::names::{self, Name};
use crate::random::Draw;
use crate::world::{Place, World};

/// Names of a family: children bear the head's surname, siblings often share the middle name.
///
/// `head` is the head's name when it is already known.
pub fn names<'w>(world: &'w World, home: Draw, outlines: &[Outline], head: Option<Name<'w>>) -> Vec<Name<'w>> {
    let tables = &world.tables;
    let surname = head.map_or_else(|| names::surname(tables, home.of("surname")), |name| name.surname);
    let mut all: Vec<Name<'w>> = Vec::with_capacity(outlines.len());
    let mut sibling: Option<(Sex, Name<'w>)> = None;
    for outline in outlines {
        let draw = world.random.draw("name", outline.slot);
        let born = outline.birth.year();
        let own = match outline.role {
            Role::Head | Role::Child => surname,
            Role::Elder if outline.sex == Sex::Male => surname,
            _ => names::surname(tables, draw.of("surname")),
        };
        let known = head.filter(|_| outline.role == Role::Head);
        let mut name = known.unwrap_or_else(|| names::draw(tables, draw, own, outline.sex, born));
        if outline.role == Role::Child {
            let before = sibling.filter(|(sex, _)| *sex == outline.sex);
            if let Some((_, before)) = before
                && draw.of("sibling").chance(35_000)
            {
                name.middle = before.middle;
            }
            if let (Some((_, before)), true) = (before, outline.twin) {
                // Twins in the data are hardest where their names differ in a mark only.
                let like: Vec<&str> = tables.look_alikes(outline.sex, before.given).collect();
                if let Some(given) = like.get(draw.of("twin").below(like.len() as u64) as usize) {
                    name = Name { given, ..before };
                }
            }
            if outline.sex == Sex::Male
                && all[0].surname == surname
                && outlines[0].sex == Sex::Male
                && draw.of("father").chance(250)
            {
                name = all[0];
            }
            // Two living siblings are not called the same.
            if sibling.is_some_and(|(_, before)| before == name) {
                name = names::draw(tables, draw.of("again"), own, outline.sex, born);
            }
            sibling = Some((outline.sex, name));
        }
        all.push(name);
    }
    all
}

/// Now and then the head bears the name of the head next door, born within weeks of them when the
/// years agree. Returns birth date and name.
pub fn namesake<'w>(world: &'w World, place: &Place, number: u64, outlines: &[Outline]) -> Option<(Date, Name<'w>)> {
    let draw = world.random.draw("namesake", number);
    if number == place.first || !draw.chance(400) {
        return None;
    }
    let neighbours = households::outline(world, number - 1);
    let own_year = outlines[0].birth.year();
    if neighbours[0].sex != outlines[0].sex {
        return None;
    }
    let name = names(world, world.random.draw("home", number - 1), &neighbours, None)[0];
    // The year stays, because the personal id tells it.
    let birth = neighbours[0].birth;
    let shifted = birth.add_days(1 + draw.of("days").small(40)).filter(|d| d.year() == own_year);
    let same_day = || Some(calendar::day(calendar::month(own_year, birth.month_number()), birth.day()));
    shifted.or_else(same_day).map(|date| (date, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_are_planted() {
        let world = World::plan(0.01, 1).unwrap();
        let (mut namesakes, mut twins_alike, mut juniors) = (0, 0, 0);
        for number in 1..20_000 {
            let home = households::draw(&world, number);
            namesakes += usize::from(home.members[0].name == households::draw(&world, number - 1).members[0].name);
            for pair in home.members.windows(2).filter(|p| p[1].outline.twin) {
                let bare = |name: &str| crate::spelling::without_marks(name);
                let alike = bare(pair[0].name.given) == bare(pair[1].name.given);
                assert!(pair[0].name != pair[1].name || pair[0].outline.sex != pair[1].outline.sex);
                assert_eq!(pair[0].outline.birth, pair[1].outline.birth);
                twins_alike += usize::from(alike);
            }
            let father = &home.members[0];
            let is_son = |p: &households::Person| p.outline.role == Role::Child && p.outline.sex == Sex::Male;
            juniors +=
                home.members.iter().filter(|p| is_son(p) && father.outline.sex == Sex::Male && p.name == father.name).count();
        }
        assert!(namesakes > 20 && twins_alike > 10 && juniors > 10, "{namesakes} {twins_alike} {juniors}");
    }
}
