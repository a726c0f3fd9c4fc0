//! Foreigners who live in the city: names as their passports write them, and passport numbers.

use crate::households::{Outline, Role};
use crate::names::Name;
use crate::random::{Draw, Random};

/// Surnames and given names of one nationality.
struct Nation {
    word: &'static str,
    surnames: &'static [&'static str],
    given: &'static [&'static str],
}

/// Invented people of the nationalities most seen at work in the north; shares are not measured.
const NATIONS: [Nation; 5] = [
    Nation {
        word: "Hàn Quốc",
        surnames: &["Kim", "Lee", "Park", "Choi", "Jung", "Kang", "Yoon"],
        given: &["Min Jun", "Ji Hoon", "Seo Yeon", "Hyun Woo", "Ji Eun", "Sung Ho", "Eun Ji", "Dong Hyun"],
    },
    Nation {
        word: "Nhật Bản",
        surnames: &["Tanaka", "Suzuki", "Sato", "Watanabe", "Ito", "Yamamoto"],
        given: &["Hiroshi", "Kenji", "Yuki", "Akira", "Naoko", "Takashi", "Emi"],
    },
    Nation {
        word: "Trung Quốc",
        surnames: &["Wang", "Li", "Zhang", "Liu", "Chen", "Huang"],
        given: &["Wei", "Xiaoming", "Jing", "Lei", "Yan", "Haoran", "Mei"],
    },
    Nation {
        word: "Ấn Độ",
        surnames: &["Sharma", "Singh", "Kumar", "Patel", "Gupta"],
        given: &["Rahul", "Anita", "Vijay", "Priya", "Sanjay", "Neha"],
    },
    Nation {
        word: "Vương quốc Anh",
        surnames: &["Smith", "Jones", "Taylor", "Brown", "Wilson", "Evans"],
        given: &["James", "Emma", "Oliver", "Sarah", "Thomas", "Anna", "Peter"],
    },
];

fn nation(home: Draw) -> &'static Nation {
    &NATIONS[home.of("nation").below(NATIONS.len() as u64) as usize]
}

/// The country a foreign household comes from, in Vietnamese.
pub fn country(home: Draw) -> &'static str {
    nation(home).word
}

/// Names of a foreign household; spouses keep their own surname.
pub fn names(random: &Random, home: Draw, outlines: &[Outline]) -> Vec<Name<'static>> {
    let nation = nation(home);
    let pick = |list: &'static [&'static str], draw: Draw| list[draw.below(list.len() as u64) as usize];
    let family = pick(nation.surnames, home.of("surname"));
    let name = |outline: &Outline| {
        let draw = random.draw("name", outline.slot);
        let own = matches!(outline.role, Role::Spouse | Role::Other);
        let surname = if own { pick(nation.surnames, draw.of("surname")) } else { family };
        Name { surname, middle: "", given: pick(nation.given, draw.of("given")) }
    };
    outlines.iter().map(name).collect()
}

/// A passport number: a letter and eight digits no other foreigner of the city has.
pub fn passport(random: &Random, slot: u64) -> String {
    let letter = char::from(b'A' + random.draw("passport", slot).below(26) as u8);
    format!("{letter}{:08}", random.permute("passport", slot, 100_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Sex;

    #[test]
    fn a_foreign_family_shares_its_surname_and_has_passports_of_its_own() {
        let random = Random::new(1);
        let outline = |slot, role| Outline { slot, role, sex: Sex::Male, birth: "1985-02-03".parse().unwrap(), twin: false };
        let names = names(&random, random.draw("home", 7), &[outline(0, Role::Head), outline(2, Role::Child)]);
        assert_eq!(names[0].surname, names[1].surname);
        assert!(names.iter().all(|n| n.full().is_ascii()), "passports write plain letters");
        assert_ne!(passport(&random, 0), passport(&random, 2));
        assert_eq!(passport(&random, 0).len(), 9);
    }
}
