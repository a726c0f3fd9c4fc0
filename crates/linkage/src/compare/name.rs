//! Full names: from identical to different, by syllables instead of whole strings.

use crate::lexicon::Lexicon;
use crate::name::MAX_SYLLABLES;
use crate::record::Record;
use crate::syllable::{MarkDifference, length, one_edit};

/// Level codes of the name.
pub(crate) mod code {
    pub(crate) const EXACT: u8 = 0;
    pub(crate) const ALL_MARKS_DROPPED: u8 = 1;
    pub(crate) const MARK_LOST: u8 = 2;
    pub(crate) const OTHER_TONE: u8 = 3;
    pub(crate) const OTHER_VOWEL: u8 = 4;
    pub(crate) const REORDERED: u8 = 5;
    pub(crate) const SOUND: u8 = 6;
    pub(crate) const SHORTER: u8 = 7;
    pub(crate) const TYPO: u8 = 8;
    pub(crate) const OTHER_MIDDLE: u8 = 9;
    pub(crate) const OTHER_SURNAME: u8 = 10;
    pub(crate) const OTHER_GIVEN: u8 = 11;
    pub(crate) const GIVEN_ONLY: u8 = 12;
    pub(crate) const SURNAME_ONLY: u8 = 13;
    pub(crate) const DIFFERENT: u8 = 14;
    pub(crate) const MISSING: u8 = 15;
}

/// How two syllables of different letters can still be one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    Same,
    Sound,
    Initial,
    Typo,
    Other,
}

/// The level on which two names agree.
pub(crate) fn level(lexicon: &Lexicon, a: &Record, b: &Record) -> u8 {
    level_of(lexicon, &a.name[..usize::from(a.syllables)], &b.name[..usize::from(b.syllables)])
}

/// The level on which two names agree, by the codes of their syllables.
pub(crate) fn level_of(lexicon: &Lexicon, x: &[u32], y: &[u32]) -> u8 {
    let (na, nb) = (x.len(), y.len());
    if na == 0 || nb == 0 {
        return code::MISSING;
    }
    if x == y {
        return code::EXACT;
    }
    if na == nb {
        let folded = |code: u32| lexicon.folded[code as usize];
        if x.iter().zip(y).all(|(p, q)| folded(*p) == folded(*q)) {
            return marks_level(lexicon, x, y);
        }
        let sum = |codes: &[u32]| codes.iter().map(|c| u64::from(folded(*c))).sum::<u64>();
        let letters = |codes: &[u32]| lexicon.sorted(codes, |code| lexicon.letters(code));
        if sum(x) == sum(y) && letters(x) == letters(y) {
            return code::REORDERED;
        }
    }
    let close = if na == nb { aligned_level(lexicon, x, y) } else { shorter_level(lexicon, x, y) };
    close.unwrap_or_else(|| parts_level(lexicon, x, y))
}

/// The letters agree everywhere: what of the marks?
fn marks_level(lexicon: &Lexicon, x: &[u32], y: &[u32]) -> u8 {
    let marks = |codes: &[u32]| codes.iter().fold(0, |all, c| all | lexicon.syllables[*c as usize].marks);
    if marks(x) == 0 || marks(y) == 0 {
        return code::ALL_MARKS_DROPPED;
    }
    let pairs = x.iter().zip(y);
    let worst = pairs.map(|(p, q)| lexicon.syllables[*p as usize].marks_against(lexicon.syllables[*q as usize])).max();
    match worst {
        None | Some(MarkDifference::None) => code::EXACT,
        Some(MarkDifference::Lost) => code::MARK_LOST,
        Some(MarkDifference::Tone) => code::OTHER_TONE,
        Some(MarkDifference::Vowel) => code::OTHER_VOWEL,
    }
}

/// Equally many syllables, each alike its counterpart; at most one by a slip of the finger.
fn aligned_level(lexicon: &Lexicon, x: &[u32], y: &[u32]) -> Option<u8> {
    let (mut typos, mut initials) = (0, 0);
    for (p, q) in x.iter().zip(y) {
        match likeness(lexicon, *p, *q) {
            Likeness::Same | Likeness::Sound => {}
            Likeness::Initial => initials += 1,
            Likeness::Typo => typos += 1,
            Likeness::Other => return None,
        }
    }
    match (typos, initials) {
        (0, 0) => Some(code::SOUND),
        // The given name must stand in full: `N. V. A.` fits too many.
        (0, _) => (likeness(lexicon, x[x.len() - 1], y[y.len() - 1]) <= Likeness::Sound).then_some(code::SHORTER),
        (1, 0) => Some(code::TYPO),
        _ => None,
    }
}

/// One name leaves out middle syllables of the other; surname and given name stand.
fn shorter_level(lexicon: &Lexicon, x: &[u32], y: &[u32]) -> Option<u8> {
    let (short, long) = if x.len() < y.len() { (x, y) } else { (y, x) };
    let ends = short.len() >= 2
        && likeness(lexicon, short[0], long[0]) <= Likeness::Initial
        && likeness(lexicon, short[short.len() - 1], long[long.len() - 1]) <= Likeness::Sound;
    let mut rest = long[1..long.len() - 1].iter();
    let inside = ends && short[1..short.len() - 1].iter().all(|s| rest.any(|l| likeness(lexicon, *s, *l) <= Likeness::Initial));
    inside.then_some(code::SHORTER)
}

/// Which of surname, middle and given name agree.
fn parts_level(lexicon: &Lexicon, x: &[u32], y: &[u32]) -> u8 {
    let alike = |p: u32, q: u32| likeness(lexicon, p, q) <= Likeness::Sound;
    let surname = alike(x[0], y[0]);
    let given = alike(x[x.len() - 1], y[y.len() - 1]);
    let middles = x.len() == y.len() && x.len() > 2;
    let middle = middles && x[1..x.len() - 1].iter().zip(&y[1..]).all(|(p, q)| alike(*p, *q));
    match (surname, middle, given) {
        (true, _, true) => code::OTHER_MIDDLE,
        (false, true, true) => code::OTHER_SURNAME,
        (true, true, false) => code::OTHER_GIVEN,
        (_, _, true) => code::GIVEN_ONLY,
        (true, _, false) => code::SURNAME_ONLY,
        _ => code::DIFFERENT,
    }
}

fn likeness(lexicon: &Lexicon, p: u32, q: u32) -> Likeness {
    if lexicon.folded[p as usize] == lexicon.folded[q as usize] {
        return Likeness::Same;
    }
    if lexicon.sound[p as usize] == lexicon.sound[q as usize] {
        return Likeness::Sound;
    }
    let (a, b) = (lexicon.letters(p), lexicon.letters(q));
    let (short, long) = if length(a) <= length(b) { (a, b) } else { (b, a) };
    // One consonant, or the usual `Ng` and `Ph`, stands for a syllable that begins so.
    let n = length(short);
    let consonants = (0..n).all(|at| !VOWELS.contains(&(short >> (5 * at) & 31)));
    if n <= 2 && consonants && long & ((1 << (5 * n)) - 1) == short {
        Likeness::Initial
    } else if n >= 3 && one_edit(a, b) {
        Likeness::Typo
    } else {
        Likeness::Other
    }
}

/// a, e, i, o, u, y as packed letters.
const VOWELS: [u64; MAX_SYLLABLES] = [1, 5, 9, 15, 21, 25];

#[cfg(test)]
mod tests {
    use crate::compare::tests::level;
    use crate::level::{FieldName, LevelName};

    #[test]
    fn each_way_of_writing_has_its_level() {
        let cases = [
            ("Nguyễn Văn Hoà", "NGUYỄN VĂN HÒA", LevelName::NameExact),
            ("Nguyễn Văn Đức", "NGUYEN VAN DUC", LevelName::NameAllMarksDropped),
            ("Trần Thị Hường", "Trần Thị Hương", LevelName::NameMarkLost),
            ("Đỗ Văn Ba", "Dỗ Văn Ba", LevelName::NameMarkLost),
            ("Lê Thị Mỹ", "Lê Thị Mỷ", LevelName::NameOtherTone),
            ("Nguyễn Văn Anh", "Nguyễn Vân Anh", LevelName::NameOtherVowel),
            ("Nguyễn Thị Thu Hà", "Nguyễn Thị Hà Thu", LevelName::NameReordered),
            ("Nguyễn Thị Thu Hà", "Hà Nguyễn Thị Thu", LevelName::NameReordered),
            ("Lý Thị Vy", "Lí Thị Vi", LevelName::NameSound),
            ("Phạm Văn Nam", "Phạm Văn Lam", LevelName::NameSound),
            ("Nguyễn Thị Thu Hà", "Nguyễn Thu Hà", LevelName::NameShorter),
            ("Nguyễn Thị Thu Hà", "Ng. T. T. Hà", LevelName::NameShorter),
            ("Nguyễn Thị Thu Hà", "Nguyễn Hà", LevelName::NameShorter),
            ("Nguyễn Văn Khanh", "Nguyễn Văn Khnah", LevelName::NameTypo),
            ("Nguyễn Văn Hải", "Nguyễn Đức Hải", LevelName::NameOtherMiddle),
            ("Nguyễn Văn Hải", "Trần Văn Hải", LevelName::NameOtherSurname),
            ("Nguyễn Văn Hải", "Nguyễn Văn Dũng", LevelName::NameOtherGiven),
            ("Nguyễn Văn Hải", "Lê Minh Hải", LevelName::NameGivenOnly),
            ("Nguyễn Văn Hải", "Nguyễn Thị Hoa", LevelName::NameSurnameOnly),
            ("Nguyễn Văn Hải", "Trần Thị Hoa", LevelName::NameDifferent),
            ("", "Trần Thị Hoa", LevelName::NameMissing),
        ];
        for (a, b, expected) in cases {
            assert_eq!(level(FieldName::Name, &format!("{a}||||"), &format!("{b}||||")), expected, "{a} | {b}");
        }
    }
}
