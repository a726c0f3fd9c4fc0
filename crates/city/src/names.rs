//! Full names: surname, middle name, given name.

use base::Sex;

use crate::random::Draw;
use crate::tables::Tables;

/// A full name in its parts, borrowed from the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name<'w> {
    /// Họ.
    pub surname: &'w str,
    /// Tên đệm, none to three syllables.
    pub middle: &'w str,
    /// Tên.
    pub given: &'w str,
}

impl Name<'_> {
    /// The name as it is written.
    pub fn full(&self) -> String {
        if self.middle.is_empty() {
            return format!("{} {}", self.surname, self.given);
        }
        format!("{} {} {}", self.surname, self.middle, self.given)
    }
}

/// Women with `Thị` and men with `Văn` among 1,000, by year of birth: both go out of use.
const MARKED: [(i32, u64, u64); 6] =
    [(1970, 900, 450), (1980, 820, 380), (1990, 750, 300), (2000, 500, 200), (2010, 330, 120), (i32::MAX, 200, 60)];

/// Draws a middle and a given name for a surname.
pub fn draw<'w>(tables: &'w Tables, draw: Draw, surname: &'w str, sex: Sex, born: i32) -> Name<'w> {
    let shares = MARKED.iter().find(|(before, ..)| born < *before).map_or((200, 60), |(_, women, men)| (*women, *men));
    let marked = draw.of("marked").below(1_000) < if sex == Sex::Female { shares.0 } else { shares.1 };
    let middles = tables.middles(sex);
    let middle = if marked { &middles.marked } else { &middles.plain }.pick(draw.of("middle")).as_str();
    let mut given = tables.given(sex).pick(draw.of("given")).as_str();
    // Nobody is called Thị Hà Hà: draw again when the last middle syllable is the given name.
    for attempt in 0..4 {
        if middle.rsplit(' ').next() != Some(given) && surname != given {
            break;
        }
        given = tables.given(sex).pick(draw.of("given again").number(attempt)).as_str();
    }
    Name { surname, middle, given }
}

/// Draws a surname.
pub fn surname(tables: &Tables, draw: Draw) -> &str {
    tables.surnames.pick(draw)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn the_old_marks_go_out_of_use() {
        let tables = Tables::load().unwrap();
        let random = Random::new(11);
        let share = |born| {
            let name = |i| draw(&tables, random.draw("n", i), "Nguyễn", Sex::Female, born);
            (0..2_000).filter(|i| name(*i).middle.starts_with("Thị")).count()
        };
        assert!(share(1960) > 1_700);
        assert!(share(2015) < 500);
    }
}
