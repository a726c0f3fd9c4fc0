//! Slips of hand in names, dates and numbers, at the rates of clean and typical rosters.
//!
//! Rates in hundred-thousandths. Marks are taken apart and put together by Unicode alone.

use base::Date;
use linkage::Birth;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::generator::happens;

const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];

/// A name as somebody typed it.
pub fn name(name: &str, typical: bool, chance: &impl Fn(u64) -> u64) -> String {
    let mut syllables: Vec<String> = name.split(' ').map(|s| s.nfd().collect()).collect();
    let n = syllables.len();
    let at = |stream: u64| (chance(stream) % n as u64) as usize;
    let hit = |stream: u64, clean: u64, other: u64| happens(chance(stream), if typical { other } else { clean });
    if n > 2 && hit(1, 20, 100) {
        syllables.swap(n - 1, n - 2);
    }
    if n > 3 && hit(2, 100, 700) {
        if chance(3).is_multiple_of(3) {
            syllables[1..n - 1].iter_mut().for_each(|s| *s = format!("{}.", s.chars().next().unwrap()));
        } else {
            syllables.remove(n - 2);
        }
    } else if hit(4, 20, 100) {
        syllables.rotate_right(1);
    }
    let last = syllables.len() - 1;
    let at = |stream: u64| at(stream).min(last);
    if hit(5, 200, 800) {
        let s = &mut syllables[at(6)];
        *s = s.chars().filter(|c| !TONES.contains(c)).collect();
    }
    if hit(7, 50, 300) {
        let turn = |c: char| match c {
            '\u{309}' => '\u{303}',
            '\u{303}' => '\u{309}',
            '\u{323}' => '\u{301}',
            '\u{301}' => '\u{323}',
            other => other,
        };
        let s = &mut syllables[at(8)];
        *s = s.chars().map(turn).collect();
    }
    if hit(9, 1_000, 2_000) {
        for s in &mut syllables {
            if s.contains('y') && !s.contains("uy") && !s.contains("ay") {
                *s = s.replace('y', "i");
            }
        }
    }
    if hit(10, 50, 200) {
        let swap = |c: char| match c {
            'đ' => 'd',
            'Đ' => 'D',
            other => other,
        };
        syllables.iter_mut().for_each(|s| *s = s.chars().map(swap).collect());
    }
    if hit(11, 20, 100) {
        let s = &mut syllables[at(12)];
        for (a, b) in [("L", "N"), ("N", "L"), ("Tr", "Ch"), ("Ch", "Tr"), ("S", "X"), ("X", "S"), ("Gi", "D")] {
            if s.starts_with(a) && !s.starts_with("Ng") && !s.starts_with("Nh") {
                *s = s.replacen(a, b, 1);
                break;
            }
        }
    }
    if hit(13, 50, 100) {
        let given = syllables.len() - 1;
        syllables[given] = ["Khuê", "Thục", "Đan", "Bằng"][(chance(14) % 4) as usize].nfd().collect();
    }
    if hit(15, 10, 100) {
        return syllables.iter().map(|s| telex(s)).collect::<Vec<_>>().join(" ");
    }
    let text = syllables.join(" ");
    if hit(16, 300, 2_000) {
        let bare: String = text.chars().filter(|c| !is_combining_mark(*c)).collect();
        return bare.replace('đ', "d").replace('Đ', "D").to_uppercase();
    }
    if hit(17, 60, 1_000) {
        return text;
    }
    let text: String = text.nfc().collect();
    let text =
        if hit(18, 16_000, 20_000) { text.replace("òa", "oà").replace("úy", "uý").replace("ủy", "uỷ") } else { text };
    match (hit(19, 100, 2_000), chance(20) % 2) {
        (true, 0) => text.to_uppercase(),
        (true, _) => format!(" {} ", text.replacen(' ', "\u{a0} ", 1)),
        _ => text,
    }
}

fn telex(syllable: &str) -> String {
    let (mut out, mut tone) = (String::new(), None);
    for c in syllable.chars() {
        match c {
            '\u{300}' => tone = Some('f'),
            '\u{301}' => tone = Some('s'),
            '\u{309}' => tone = Some('r'),
            '\u{303}' => tone = Some('x'),
            '\u{323}' => tone = Some('j'),
            '\u{302}' => out.extend(out.chars().last().map(|l| l.to_ascii_lowercase())),
            '\u{306}' | '\u{31b}' => out.push('w'),
            'đ' => out.push_str("dd"),
            'Đ' => out.push_str("Dd"),
            other => out.push(other),
        }
    }
    out.extend(tone);
    out
}

/// A birth date as somebody typed it.
pub fn birth(date: Date, typical: bool, chance: &impl Fn(u64) -> u64) -> Birth {
    let hit = |stream: u64, clean: u64, other: u64| happens(chance(stream), if typical { other } else { clean });
    let (year, month, day) = (date.year(), date.month_number(), date.day());
    let old = date.year() < 1960;
    if hit(30, if old { 2_000 } else { 50 }, if old { 20_000 } else { 700 }) {
        let year_only = chance(31).is_multiple_of(2);
        return Birth { date: Date::new(year, 1, 1).unwrap(), year_only };
    }
    let date = if hit(32, 50, 300) && day <= 12 {
        Date::new(year, day, month).unwrap()
    } else if hit(33, 50, 300) {
        let shift = [-10, -2, -1, 1, 2, 10][(chance(34) % 6) as usize];
        Date::new(year + shift, month, day).unwrap()
    } else if hit(35, 50, 200) {
        date.add_days((chance(36) % 1_000) as i32 - 500).unwrap()
    } else {
        date
    };
    Birth { date, year_only: false }
}

/// A twelve-digit number as somebody typed it.
pub fn number(id: u64, swap_rate: u64, digit_rate: u64, chance: &impl Fn(u64) -> u64) -> u64 {
    let mut digits = format!("{id:012}").into_bytes();
    let at = (chance(41) % 12) as usize;
    if happens(chance(40), swap_rate) {
        digits.swap(at, (at + 1).min(11));
    } else if happens(chance(42), digit_rate) {
        digits[at] = b'0' + (chance(43) % 10) as u8;
    }
    digits.iter().fold(0, |n, d| n * 10 + u64::from(d - b'0'))
}
