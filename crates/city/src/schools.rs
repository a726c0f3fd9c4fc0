//! Schools of a commune and who is enrolled.

use base::Date;

use crate::random::Random;

/// Which grades a school teaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Tiểu học, grades 1-5.
    Primary,
    /// Trung học cơ sở, grades 6-9.
    LowerSecondary,
    /// Trung học phổ thông, grades 10-12.
    UpperSecondary,
    /// Liên cấp, all grades: the one school of a very small commune of a scaled-down city.
    All,
}

/// One school.
#[derive(Debug, Clone)]
pub struct School {
    /// Code, seven digits: the commune and a number.
    pub code: String,
    /// Name as in its title rows.
    pub name: String,
    /// What it teaches.
    pub level: Level,
}

/// A pupil's place in a school year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enrolment {
    /// Number of the school within its commune.
    pub school: usize,
    /// Grade 1-12.
    pub grade: i32,
    /// Section of the grade, 1 and up.
    pub section: u32,
}

/// Share of people in each group of grades, and pupils of a school of usual size.
const LEVELS: [(Level, f64, f64, &str); 3] = [
    (Level::Primary, 0.085, 1_000.0, "Trường Tiểu học"),
    (Level::LowerSecondary, 0.067, 900.0, "Trường THCS"),
    (Level::UpperSecondary, 0.040, 1_200.0, "Trường THPT"),
];
/// Below so many expected pupils a commune has one school for all grades.
const ONE_SCHOOL_BELOW: f64 = 120.0;

/// Plans the schools of a commune of so many people.
pub fn plan(commune: &str, name: &str, people: f64) -> Vec<School> {
    let pupils: f64 = LEVELS.iter().map(|(_, share, ..)| share * people).sum();
    if pupils < ONE_SCHOOL_BELOW {
        return vec![School {
            code: format!("{commune}01"), name: format!("Trường TH, THCS và THPT {name}"), level: Level::All
        }];
    }
    let mut schools = Vec::new();
    for (level, share, size, kind) in LEVELS {
        let count = (share * people / size).round().max(1.0) as usize;
        for number in 1..=count {
            let name = if count == 1 { format!("{kind} {name}") } else { format!("{kind} {name} {number}") };
            schools.push(School { code: format!("{commune}{:02}", schools.len() + 1), name, level });
        }
    }
    schools
}

/// The grade of a school year for a year of birth; `None` outside 1-12.
pub fn grade(birth: Date, school_year: i32) -> Option<i32> {
    Some(school_year - birth.year() - 5).filter(|g| (1..=12).contains(g))
}

/// Where somebody goes to school in a school year, if they do.
///
/// A few never do; others stop after grade 5 or 9. Whoever stopped does not come back.
pub fn enrolment(random: &Random, schools: &[School], slot: u64, birth: Date, school_year: i32) -> Option<Enrolment> {
    let grade = grade(birth, school_year)?;
    let stops = random.draw("leaves school", slot).below(1_000);
    let last_grade = match stops {
        0..5 => 0,
        5..20 => 5,
        20..120 => 9,
        _ => 12,
    };
    if grade > last_grade {
        return None;
    }
    let level = match grade {
        1..=5 => Level::Primary,
        6..=9 => Level::LowerSecondary,
        _ => Level::UpperSecondary,
    };
    let fitting: Vec<usize> =
        (0..schools.len()).filter(|s| schools[*s].level == level || schools[*s].level == Level::All).collect();
    let draw = random.draw2("school", slot, level as u64);
    let school = *fitting.get(draw.below(fitting.len() as u64) as usize)?;
    Some(Enrolment { school, grade, section: 1 + draw.of("section").below(5) as u32 })
}

/// The class as written, e.g. `6A3`.
pub fn class(enrolment: &Enrolment) -> String {
    format!("{}A{}", enrolment.grade, enrolment.section)
}

/// Whether somebody studies at a university or college in a school year (aged about 18-22).
pub fn is_student(random: &Random, slot: u64, birth: Date, school_year: i32) -> bool {
    studies(random, slot) && (18..=21).contains(&(school_year - birth.year()))
}

/// Whether somebody goes on to study after school.
pub fn studies(random: &Random, slot: u64) -> bool {
    random.draw("studies", slot).chance(40_000) && random.draw("leaves school", slot).below(1_000) >= 120
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_follow_the_year_of_birth() {
        let born: Date = "2020-11-30".parse().unwrap();
        assert_eq!(grade(born, 2026), Some(1));
        assert_eq!(grade(born, 2025), None);
        assert_eq!(grade("2009-01-01".parse().unwrap(), 2026), Some(12));
    }

    #[test]
    fn nearly_all_young_children_and_most_older_ones_are_enrolled() {
        let random = Random::new(1);
        let schools = plan("00004", "Ba Đình", 65_023.0);
        let share =
            |born: &str| (0..2_000).filter(|s| enrolment(&random, &schools, *s, born.parse().unwrap(), 2026).is_some()).count();
        assert!(share("2018-05-01") > 1_970);
        assert!((1_650..1_850).contains(&share("2010-05-01")));
        assert_eq!(share("2021-05-01"), 0);
    }
}
