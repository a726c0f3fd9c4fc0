//! What each of the two agencies says of a person.

use base::Date;

use crate::calendar::{self, MonthIndex};
use crate::exchange::Asked;
use crate::exchange::check::{self, Asking};
use crate::exchange::register::Match;
use crate::households;
use crate::ids::MEMBER_SLOTS;
use crate::life::Life;
use crate::life::cards::{Card, Issuer};
use crate::life::state::State;
use crate::world::World;

/// An answer in words, with what belongs to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Saying {
    /// The result.
    pub result: &'static str,
    /// Cells after the result, in the order of the reply's columns.
    pub more: [String; 3],
}

impl Saying {
    fn bare(result: &'static str) -> Self {
        Self { result, more: Default::default() }
    }
}

/// What nobody found is called by either agency.
pub const NOT_FOUND: [&str; 2] = ["Không tìm thấy trong Cơ sở dữ liệu quốc gia về dân cư", "Không tìm thấy người tham gia"];

/// Answers one row.
pub fn say(world: &World, month: MonthIndex, row: &Asking, found: Match, asked: Asked) -> Saying {
    let slot = match found {
        Match::Person(slot) => slot,
        Match::OtherPerson => return Saying::bare("Số định danh không khớp họ tên, ngày sinh"),
        Match::Several => return Saying::bare("Có nhiều người trùng thông tin, đề nghị bổ sung"),
        Match::Nobody => return Saying::bare(NOT_FOUND[usize::from(asked == Asked::National)]),
    };
    let home = households::draw(world, slot / MEMBER_SLOTS);
    let Some(person) = home.members.iter().find(|m| m.outline.slot == slot) else {
        return Saying::bare(NOT_FOUND[usize::from(asked == Asked::National)]);
    };
    let life = Life::draw(world, &home, person, month);
    match asked {
        Asked::Police => {
            let right = person.id.to_string();
            let corrected = if row.id.is_some_and(|id| id == person.id) { String::new() } else { right };
            let day = |at: MonthIndex| calendar::vietnamese(calendar::day(at, 1 + (slot % 28) as i32));
            let (result, date, commune) = match State::of(&home, person, &life, month) {
                Some(State::Dead) => ("Đã chết", person.dies.map(day), String::new()),
                Some(State::MovedAway) => ("Đã chuyển đi tỉnh, thành phố khác", home.leaves.map(day), String::new()),
                Some(_) if row.commune.contains(&check::key(&home.place.full_name())) => ("Đang cư trú", None, String::new()),
                Some(_) => ("Đang cư trú tại xã, phường khác", None, home.place.full_name()),
                None => ("Không cư trú trên địa bàn", None, String::new()),
            };
            Saying { result, more: [date.unwrap_or_default(), commune, corrected] }
        }
        Asked::National => card(&life.cards, calendar::last(month)),
    }
}

/// The card that the national system shows: the valid one, else the last. It holds none of the armed forces.
fn card(cards: &[Card], day: Date) -> Saying {
    let shown = |c: &&Card| c.issuer != Issuer::Forces && c.from <= day;
    let Some(card) = cards.iter().filter(shown).max_by_key(|c| (c.valid_on(day), c.to)) else {
        return Saying::bare("Không có thẻ BHYT");
    };
    let province = if let Issuer::Province(code) = card.issuer { code } else { 1 };
    let result = if card.valid_on(day) { "Có thẻ BHYT còn giá trị" } else { "Thẻ BHYT hết giá trị" };
    Saying { result, more: [format!("{province:02}"), calendar::vietnamese(card.from), calendar::vietnamese(card.to)] }
}

/// Another of the results that an agency gives, for an answer made wrong.
pub fn wrong(result: &'static str, asked: Asked) -> &'static str {
    const POLICE: [&str; 3] = ["Đang cư trú", "Không cư trú trên địa bàn", "Đã chết"];
    const NATIONAL: [&str; 3] = ["Không có thẻ BHYT", "Có thẻ BHYT còn giá trị", "Không tìm thấy người tham gia"];
    let all = if asked == Asked::Police { POLICE } else { NATIONAL };
    all.into_iter().find(|other| *other != result).unwrap_or(all[0])
}
