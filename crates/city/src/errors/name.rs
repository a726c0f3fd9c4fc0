//! Errors in names.

use unicode_normalization::UnicodeNormalization;

use crate::errors::{Pattern, Profile};
use crate::names::Name;
use crate::random::Draw;
use crate::spelling;

/// Errors that change one syllable.
type Change = fn(&str) -> Option<String>;

/// Patterns of one syllable with their making, in the order they are made.
const SYLLABLE: [(Pattern, Change); 7] = [
    (Pattern::MarkLost, spelling::lose_mark),
    (Pattern::WrongTone, spelling::wrong_tone),
    (Pattern::DStroke, spelling::d_stroke),
    (Pattern::SoundPair, spelling::sound_pair),
    (Pattern::ToneAfterQu, spelling::tone_after_qu),
    (Pattern::NewStyleTone, spelling::new_style_tone),
    (Pattern::IY, spelling::i_or_y),
];

/// Writes a name as a roster has it.
pub fn write(profile: &Profile, record: Draw, name: &Name) -> String {
    let middle: Vec<&str> = name.middle.split(' ').filter(|m| !m.is_empty()).collect();
    let mut words: Vec<String> = std::iter::once(name.surname).chain(middle).chain([name.given]).map(str::to_owned).collect();
    let n = words.len();
    let mut abbreviated = false;
    if n >= 3 {
        if profile.strikes(Pattern::Swapped, record).is_some() {
            words.swap(n - 1, n - 2);
        }
        if let Some(how) = profile.strikes(Pattern::MiddleDropped, record) {
            abbreviated = how.chance(20_000);
            drop_middle(&mut words, how, abbreviated);
        }
        if profile.strikes(Pattern::GivenFirst, record).is_some() {
            words.rotate_right(1);
        }
    }
    if !abbreviated {
        for (pattern, change) in SYLLABLE {
            if let Some(how) = profile.strikes(pattern, record) {
                change_one(&mut words, how, change);
            }
        }
    }
    if profile.strikes(Pattern::Telex, record).is_some() {
        retype(&mut words, record.of("telex"), spelling::telex, spelling::telex_tail);
    }
    if profile.strikes(Pattern::Vni, record).is_some() {
        retype(&mut words, record.of("vni"), spelling::vni, spelling::vni);
    }
    let mut text = words.join(" ");
    if profile.strikes(Pattern::MarksDropped, record).is_some() {
        text = spelling::without_marks(&text);
    }
    if let Some(how) = profile.strikes(Pattern::Spacing, record) {
        text = space(&text, how);
    }
    if profile.strikes(Pattern::Decomposed, record).is_some() {
        text = text.nfd().collect();
    }
    text
}

/// A name spelled so badly that only birth date and place tell who it is: the hard look-alike of
/// somebody without a card who in truth has a new one.
pub fn write_badly(record: Draw, name: &Name) -> String {
    let middle: Vec<&str> = name.middle.split(' ').filter(|m| !m.is_empty()).collect();
    let mut words: Vec<String> = std::iter::once(name.surname).chain(middle).chain([name.given]).map(str::to_owned).collect();
    change_one(&mut words, record.of("first"), spelling::lose_mark);
    change_one(&mut words, record.of("second"), spelling::sound_pair);
    change_one(&mut words, record.of("third"), spelling::i_or_y);
    let text = words.join(" ");
    if record.chance(50_000) { spelling::without_marks(&text) } else { text.to_uppercase() }
}

/// Changes the first syllable from a random one on that can be changed.
fn change_one(words: &mut [String], how: Draw, change: Change) {
    let n = words.len();
    let start = how.below(n as u64) as usize;
    for step in 0..n {
        let at = (start + step) % n;
        if let Some(changed) = change(&words[at]) {
            words[at] = changed;
            return;
        }
    }
}

/// The whole name in raw keys, or one syllable with a key too many.
fn retype(words: &mut [String], how: Draw, whole: Change, tail: Change) {
    if how.chance(50_000) {
        return change_one(words, how, tail);
    }
    for word in words {
        if let Some(typed) = whole(word) {
            *word = typed;
        }
    }
}

/// Leaves a middle syllable out, or shortens surname and middle to `Ng. T. T.`.
fn drop_middle(words: &mut Vec<String>, how: Draw, abbreviate: bool) {
    let n = words.len();
    if abbreviate {
        for word in &mut words[..n - 1] {
            let short: String = word.chars().take(if word.starts_with("Ng") { 2 } else { 1 }).collect();
            *word = format!("{short}.");
        }
    } else {
        words.remove(1 + how.of("which").below(n as u64 - 2) as usize);
    }
}

fn space(text: &str, how: Draw) -> String {
    match how.below(5) {
        0 => text.replacen(' ', "  ", 1),
        1 => format!("{text} "),
        2 => text.replacen(' ', "\u{a0}", 1),
        3 => text.to_lowercase(),
        _ => text.to_uppercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::Care;
    use crate::random::Random;

    const HA: Name = Name { surname: "Nguyễn", middle: "Thị Thu", given: "Hà" };

    fn only(pattern: Pattern) -> Profile {
        let mut profile = Profile::new("test", Care::Clean, 0).unwrap();
        profile.rates = [0; super::super::NAMES.len()];
        profile.with(pattern, 100_000)
    }

    #[test]
    fn each_pattern_makes_its_error() {
        let record = Random::new(1).draw("r", 1);
        assert_eq!(write(&only(Pattern::Swapped), record, &HA), "Nguyễn Thị Hà Thu");
        assert_eq!(write(&only(Pattern::GivenFirst), record, &HA), "Hà Nguyễn Thị Thu");
        assert_eq!(write(&only(Pattern::MarksDropped), record, &HA), "Nguyen Thi Thu Ha");
        assert_eq!(write(&only(Pattern::Decomposed), record, &HA).nfc().collect::<String>(), HA.full());
        assert_ne!(write(&only(Pattern::Decomposed), record, &HA), HA.full());
    }

    #[test]
    fn a_dropped_middle_keeps_surname_and_given_name() {
        for n in 0..50 {
            let text = write(&only(Pattern::MiddleDropped), Random::new(1).draw("r", n), &HA);
            assert!(["Nguyễn Thị Hà", "Nguyễn Thu Hà", "Ng. T. T. Hà"].contains(&text.as_str()), "{text}");
        }
    }

    #[test]
    fn most_typical_names_are_written_right() {
        let profile = Profile::new("test", Care::Typical, 0).unwrap();
        let right = (0..5_000).filter(|n| write(&profile, Random::new(2).draw("r", *n), &HA) == HA.full()).count();
        assert!((4_450..4_750).contains(&right), "{right}");
    }
}
