//! What the cards of a dossier say (thẻ BHYT).

use base::Date;
use claimfile::{Lists, Row, parse_day};

use super::places::Xml1;

/// Facts of the cards.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cards<'d> {
    pub count: usize,
    pub wellformed: Option<bool>,
    pub parts_agree: Option<bool>,
    pub letters: Option<&'d str>,
    pub level: Option<&'static str>,
    /// The law's word for the holder; absent where the card does not tell.
    pub holder: Option<&'d str>,
    pub armed: Option<bool>,
    pub covers_start: Option<bool>,
    pub covers_end: Option<bool>,
    pub days_after: Option<i64>,
    pub registered_here: Option<bool>,
}

/// Words for the third character.
const LEVELS: [(&str, &str); 5] = [("1", "level_1"), ("2", "level_2"), ("3", "level_3"), ("4", "level_4"), ("5", "level_5")];

/// The parts of a cell with `;` between them, without blanks.
pub(crate) fn parts(cell: Option<&str>) -> impl Iterator<Item = &str> {
    cell.unwrap_or_default().split(';').map(str::trim).filter(|part| !part.is_empty())
}

/// Two letters, a level of 1 to 5, two digits of the province, ten digits of the BHXH number.
fn is_card(code: &str) -> bool {
    let bytes = code.as_bytes();
    bytes.len() == 15
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && (b'1'..=b'5').contains(&bytes[2])
        && bytes[3..].iter().all(u8::is_ascii_digit)
}

impl<'d> Cards<'d> {
    /// Reads the four columns of the cards; `lists` must live as long as the facts.
    pub(crate) fn of(row: Row<'d>, at: &Xml1, lists: &'d Lists, (start, end): (Option<Date>, Option<Date>)) -> Self {
        let codes: Vec<&str> = parts(row.get(at.ma_the)).collect();
        let Some(last) = codes.last().copied() else { return Self::default() };
        let wellformed = codes.iter().all(|code| is_card(code));
        let homes: Vec<&str> = parts(row.get(at.ma_dkbd)).collect();
        let from: Vec<Option<Date>> = parts(row.get(at.the_tu)).map(parse_day).collect();
        let to: Vec<Option<Date>> = parts(row.get(at.the_den)).map(parse_day).collect();
        let letters = is_card(last).then(|| &last[..2]);
        let group = letters.and_then(|letters| lists.get("the_bhyt_nhom")?.ever(letters)).map(|meaning| meaning.word.as_str());
        let armed = letters.map(|_| group == Some("armed"));
        let level = letters.and_then(|_| LEVELS.iter().find(|(digit, _)| *digit == &last[2..3]).map(|(_, word)| *word));
        let by_level = letters.and_then(|_| lists.get("the_bhyt_muc")?.ever(&last[2..3])).map(|meaning| meaning.word.as_str());
        let holder = match (by_level, group) {
            // Of level 3 the letters tell who it is; the others are told by the level.
            (Some("merit_relative"), Some(own @ ("near_poor" | "pensioner"))) => Some(own),
            (level, _) => level,
        };
        // A card of the armed forces may have no end on the portal; others need both days.
        let valid = |day: Option<Date>| -> Option<bool> {
            let day = day?;
            if from.is_empty() || from.iter().chain(&to).any(Option::is_none) || (to.len() < from.len() && armed != Some(true)) {
                return None;
            }
            Some(from.iter().enumerate().any(|(place, from)| {
                let to = to.get(place).copied().flatten();
                from.is_some_and(|from| from <= day) && to.is_none_or(|to| day <= to)
            }))
        };
        let last_day = to.iter().flatten().max().copied();
        Self {
            count: codes.len(),
            wellformed: Some(wellformed),
            parts_agree: Some(
                homes.len() == codes.len() && from.len() == codes.len() && (to.len() == codes.len() || armed == Some(true)),
            ),
            letters,
            level,
            holder,
            armed,
            covers_start: valid(start),
            covers_end: valid(end),
            days_after: last_day.zip(end).map(|(last, end)| i64::from(last.days_until(end)).max(0)),
            registered_here: homes.last().zip(row.get(at.ma_cskcb)).map(|(home, here)| *home == here),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_a_card_is_seen() {
        assert!(is_card("GD4010123456789") && is_card("CA5010123456789"));
        for other in ["", "GD401012345678", "gd4010123456789", "GD6010123456789", "GD401012345678X", "GD4 010123456789"] {
            assert!(!is_card(other), "{other}");
        }
    }
}
