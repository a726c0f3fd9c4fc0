//! The people who are listed: those with an open finding, and residents without a valid card.

use std::collections::HashMap;

use chapter::{ChapterError, StepContext};
use engine::arrow::array::StringArray;
use engine::rows;

use super::NAME;
use super::open::{Elsewhere, Open};
use crate::per_person::valid_cards;

/// Rows read at once.
const ROWS: usize = 65_536;

/// People in the order of their numbers, by column: two million of them take some hundred megabytes.
#[derive(Debug, Default)]
pub(super) struct People {
    ids: Vec<i64>,
    /// Days since 1970-01-01; [`NO_DAY`] where not known.
    born: Vec<i32>,
    marks: Vec<u8>,
    /// Place of the commune; [`NO_COMMUNE`] where not known.
    commune: Vec<u16>,
    communes: Vec<String>,
    /// Names, villages and household numbers one after the other, and where each of the three ends.
    text: String,
    ends: Vec<[u32; 3]>,
    /// Place in the Vietnamese order of names.
    rank: Vec<u32>,
}

const NO_DAY: i32 = i32::MIN;
const NO_COMMUNE: u16 = u16::MAX;

const MALE: u8 = 1;
const FEMALE: u8 = 2;
const WITHOUT_CARD: u8 = 4;
const LOOKED_UP: u8 = 8;
/// Without a card, and by what came of a case nobody is to be asked about it.
const LEFT_OUT: u8 = 16;

/// One person as the list shows them.
pub(super) struct Listed<'p> {
    pub(super) id: i64,
    pub(super) name: &'p str,
    pub(super) born: Option<i32>,
    pub(super) sex: Option<&'static str>,
    pub(super) commune: Option<&'p str>,
    pub(super) village: Option<&'p str>,
    pub(super) household: Option<&'p str>,
}

impl People {
    /// Goes over the people of the register once. People outside the spine may be listed elsewhere under another spelling, so
    /// they are handed to nobody as not covered. The dead stand on no population roster any more: what is found of them (a card
    /// still valid) is listed all the same.
    pub(super) fn read(context: &StepContext, open: &[Open], elsewhere: &Elsewhere) -> Result<Self, ChapterError> {
        let mut people = Self::default();
        let Some(table) = context.table("person") else { return Ok(people) };
        // Without a roster of cards nobody can be said to have none.
        let cards_arrived = context.table("bhyt_card").is_some();
        let mut cards = valid_cards(context, NAME)?;
        let mut place_of: HashMap<String, u16> = HashMap::new();
        let mut open = open.iter().map(|one| one.person).peekable();
        let columns = [
            "person_id",
            "full_name",
            "birth_date",
            "sex",
            "commune",
            "village",
            "household_number",
            "looked_up",
            "alive_on_period_end",
            "on_spine",
        ];
        for batch in context.book.stream_table(table, &columns, ROWS)? {
            let batch = batch?;
            context.cancelled.check()?;
            let text = |name: &str| rows::text(&batch, name);
            let flag = |name: &str| rows::flag(&batch, name);
            let (ids, born, sexes, communes) =
                (rows::int(&batch, "person_id")?, rows::date(&batch, "birth_date")?, text("sex")?, text("commune")?);
            let texts = [text("full_name")?, text("village")?, text("household_number")?];
            let (looked_up, alive, on_spine) = (flag("looked_up")?, flag("alive_on_period_end")?, flag("on_spine")?);
            for row in (0..batch.num_rows()).filter(|row| on_spine.value(*row) || !alive.value(*row)) {
                let id = ids.value(row);
                let card = cards.any(id)?;
                while open.next_if(|person| *person < id).is_some() {}
                let without = cards_arrived && alive.value(row) && !card && !elsewhere.in_health(id);
                let left_out = without && elsewhere.leaves_out(crate::UNEXPLAINED, id, None);
                if (!without || left_out) && open.peek() != Some(&id) {
                    continue;
                }
                let sex = match rows::text_at(&sexes, row) {
                    Some("male") => MALE,
                    Some("female") => FEMALE,
                    _ => 0,
                };
                let mark = |is: bool, mark: u8| if is { mark } else { 0 };
                people.ids.push(id);
                people.born.push(rows::date_at(&born, row).unwrap_or(NO_DAY));
                people
                    .marks
                    .push(sex | mark(without, WITHOUT_CARD) | mark(looked_up.value(row), LOOKED_UP) | mark(left_out, LEFT_OUT));
                let commune = rows::text_at(&communes, row).map(|code| people.place(code, &mut place_of));
                people.commune.push(commune.unwrap_or(NO_COMMUNE));
                people.add_texts(&texts, row);
            }
        }
        people.sort_names();
        Ok(people)
    }

    fn place(&mut self, code: &str, place_of: &mut HashMap<String, u16>) -> u16 {
        if let Some(place) = place_of.get(code) {
            return *place;
        }
        let place = u16::try_from(self.communes.len()).unwrap_or(NO_COMMUNE);
        self.communes.push(code.to_owned());
        place_of.insert(code.to_owned(), place);
        place
    }

    fn add_texts(&mut self, texts: &[StringArray; 3], row: usize) {
        let ends = texts.each_ref().map(|column| {
            self.text.push_str(rows::text_at(column, row).unwrap_or_default());
            u32::try_from(self.text.len()).unwrap_or(u32::MAX)
        });
        self.ends.push(ends);
    }

    /// Works out the order of names: by given name, people of one name by their numbers.
    fn sort_names(&mut self) {
        let keys: Vec<Vec<u8>> = self.places().map(|person| web::sort_key(self.texts(person)[0])).collect();
        let mut order: Vec<u32> = self.places().collect();
        order.sort_unstable_by(|a, b| (&keys[*a as usize], a).cmp(&(&keys[*b as usize], b)));
        self.rank = vec![0; order.len()];
        for (person, rank) in order.into_iter().zip(0u32..) {
            self.rank[person as usize] = rank;
        }
    }

    /// All places.
    pub(super) fn places(&self) -> std::ops::Range<u32> {
        0..self.ids.len() as u32
    }

    /// The place of a person who is listed.
    pub(super) fn find(&self, person: i64) -> Option<u32> {
        self.ids.binary_search(&person).ok().map(|place| place as u32)
    }

    /// The number of the person at a place.
    pub(super) fn id(&self, person: u32) -> i64 {
        self.ids[person as usize]
    }

    /// Place in the order of names.
    pub(super) fn rank(&self, person: u32) -> u32 {
        self.rank[person as usize]
    }

    /// A living resident without a valid card, here or elsewhere.
    pub(super) fn without_card(&self, person: u32) -> bool {
        self.marks[person as usize] & WITHOUT_CARD != 0
    }

    /// Without a card, and by what came of a case nobody is to be asked about it.
    pub(super) fn left_out(&self, person: u32) -> bool {
        self.marks[person as usize] & LEFT_OUT != 0
    }

    /// Looked up in the national system.
    pub(super) fn looked_up(&self, person: u32) -> bool {
        self.marks[person as usize] & LOOKED_UP != 0
    }

    /// What the list shows.
    pub(super) fn listed(&self, person: u32) -> Listed<'_> {
        let at = person as usize;
        let [name, village, household] = self.texts(person);
        Listed {
            id: self.ids[at],
            name,
            born: Some(self.born[at]).filter(|day| *day != NO_DAY),
            sex: match self.marks[at] & (MALE | FEMALE) {
                MALE => Some("male"),
                FEMALE => Some("female"),
                _ => None,
            },
            commune: self.communes.get(usize::from(self.commune[at])).map(String::as_str),
            village: Some(village).filter(|text| !text.is_empty()),
            household: Some(household).filter(|text| !text.is_empty()),
        }
    }

    fn texts(&self, person: u32) -> [&str; 3] {
        let at = person as usize;
        let from = at.checked_sub(1).map_or(0, |before| self.ends[before][2]);
        let [name, village, household] = self.ends[at];
        let part = |from: u32, to: u32| self.text.get(from as usize..to as usize).unwrap_or_default();
        [part(from, name), part(name, village), part(village, household)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ranked_by_given_name_and_texts_come_apart_again() {
        let mut people = people_of(&[("Trần Văn Bình", "Tổ 1", ""), ("Lê An", "", "H2"), ("Lê An", "Tổ 9", "H3")]);
        people.sort_names();
        assert_eq!(people.rank, [2, 0, 1]);
        let shown = |person| {
            let one = people.listed(person);
            (one.name, one.village, one.household)
        };
        assert_eq!(shown(0), ("Trần Văn Bình", Some("Tổ 1"), None));
        assert_eq!(shown(1), ("Lê An", None, Some("H2")));
        assert_eq!(shown(2), ("Lê An", Some("Tổ 9"), Some("H3")));
        assert_eq!((people.find(2), people.find(7)), (Some(2), None));
    }

    fn people_of(texts: &[(&str, &str, &str)]) -> People {
        let column = |get: &dyn Fn(&(&str, &str, &str)) -> String| StringArray::from_iter_values(texts.iter().map(get));
        let columns = [column(&|t| t.0.into()), column(&|t| t.1.into()), column(&|t| t.2.into())];
        let mut people = People::default();
        for row in 0..texts.len() {
            people.ids.push(row as i64);
            people.born.push(NO_DAY);
            people.marks.push(0);
            people.commune.push(NO_COMMUNE);
            people.add_texts(&columns, row);
        }
        people
    }
}
