//! Vietnamese letters and what goes wrong in writing them.
//!
//! The city's own tables: nothing is shared with the code that later has to undo these errors.

/// Vowels by row; columns are the tones: none, huyền, sắc, hỏi, ngã, nặng.
const VOWELS: [[char; 6]; 12] = [
    ['a', 'à', 'á', 'ả', 'ã', 'ạ'],
    ['ă', 'ằ', 'ắ', 'ẳ', 'ẵ', 'ặ'],
    ['â', 'ầ', 'ấ', 'ẩ', 'ẫ', 'ậ'],
    ['e', 'è', 'é', 'ẻ', 'ẽ', 'ẹ'],
    ['ê', 'ề', 'ế', 'ể', 'ễ', 'ệ'],
    ['i', 'ì', 'í', 'ỉ', 'ĩ', 'ị'],
    ['o', 'ò', 'ó', 'ỏ', 'õ', 'ọ'],
    ['ô', 'ồ', 'ố', 'ổ', 'ỗ', 'ộ'],
    ['ơ', 'ờ', 'ớ', 'ở', 'ỡ', 'ợ'],
    ['u', 'ù', 'ú', 'ủ', 'ũ', 'ụ'],
    ['ư', 'ừ', 'ứ', 'ử', 'ữ', 'ự'],
    ['y', 'ỳ', 'ý', 'ỷ', 'ỹ', 'ỵ'],
];

/// The bare letter of each vowel row.
const BARE: [char; 12] = ['a', 'a', 'a', 'e', 'e', 'i', 'o', 'o', 'o', 'u', 'u', 'y'];
/// What TELEX types for the shape of each vowel row.
const TELEX_SHAPE: [&str; 12] = ["a", "aw", "aa", "e", "ee", "i", "o", "oo", "ow", "u", "uw", "y"];
/// What TELEX types for each tone.
const TELEX_TONE: [&str; 6] = ["", "f", "s", "r", "x", "j"];
/// What VNI types for the shape of each vowel row.
const VNI_SHAPE: [&str; 12] = ["a", "a8", "a6", "e", "e6", "i", "o", "o6", "o7", "u", "u7", "y"];
/// What VNI types for each tone.
const VNI_TONE: [&str; 6] = ["", "2", "1", "3", "4", "5"];

/// One letter taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Letter {
    /// Lower case, without tone when a vowel.
    lower: char,
    /// Row in [`VOWELS`] and tone, for vowels.
    vowel: Option<(usize, usize)>,
    upper: bool,
}

impl Letter {
    fn new(c: char) -> Self {
        let lower = c.to_lowercase().next().unwrap_or(c);
        let vowel =
            VOWELS.iter().enumerate().find_map(|(row, tones)| tones.iter().position(|t| *t == lower).map(|tone| (row, tone)));
        Self { lower: vowel.map_or(lower, |(row, _)| VOWELS[row][0]), vowel, upper: lower != c }
    }

    fn tone(self) -> usize {
        self.vowel.map_or(0, |(_, tone)| tone)
    }

    fn with(self, row: usize, tone: usize) -> Self {
        Self { lower: VOWELS[row][0], vowel: Some((row, tone)), upper: self.upper }
    }

    fn with_tone(self, tone: usize) -> Self {
        self.vowel.map_or(self, |(row, _)| self.with(row, tone))
    }

    fn write(self) -> char {
        let c = self.vowel.map_or(self.lower, |(row, tone)| VOWELS[row][tone]);
        if self.upper { c.to_uppercase().next().unwrap_or(c) } else { c }
    }

    fn is_vowel(self) -> bool {
        self.vowel.is_some()
    }
}

fn letters(text: &str) -> Vec<Letter> {
    text.chars().map(Letter::new).collect()
}

fn write(letters: &[Letter]) -> String {
    letters.iter().map(|l| l.write()).collect()
}

/// A text without any mark; đ becomes d, case stays.
pub fn without_marks(text: &str) -> String {
    letters(text)
        .into_iter()
        .map(|l| match l.vowel {
            Some((row, _)) => Letter { lower: BARE[row], vowel: None, upper: l.upper }.write(),
            None if l.lower == 'đ' => Letter { lower: 'd', ..l }.write(),
            None => l.write(),
        })
        .collect()
}

/// Loses the tone (`Hường` becomes `Hương`), or else the shape of a vowel (`Vân` becomes `Van`).
pub fn lose_mark(syllable: &str) -> Option<String> {
    let mut all = letters(syllable);
    if let Some(toned) = all.iter_mut().find(|l| l.tone() > 0) {
        *toned = toned.with_tone(0);
        return Some(write(&all));
    }
    let shaped = all.iter_mut().find(|l| l.vowel.is_some_and(|(row, _)| VOWELS[row][0] != BARE[row]))?;
    let (row, tone) = shaped.vowel?;
    let bare = BARE.iter().zip(VOWELS).position(|(bare, tones)| *bare == BARE[row] && tones[0] == *bare)?;
    *shaped = shaped.with(bare, tone);
    Some(write(&all))
}

/// Confuses hook and tilde, dot and acute.
pub fn wrong_tone(syllable: &str) -> Option<String> {
    const OTHER: [usize; 6] = [0, 1, 5, 4, 3, 2];
    let mut all = letters(syllable);
    let toned = all.iter_mut().find(|l| l.tone() > 1)?;
    *toned = toned.with_tone(OTHER[toned.tone()]);
    Some(write(&all))
}

/// Moves the tone to its new-style place: `Hòa` becomes `Hoà`, `Thúy` becomes `Thuý`.
pub fn new_style_tone(syllable: &str) -> Option<String> {
    let mut all = letters(syllable);
    let n = all.len().checked_sub(2)?;
    let pair = (all[n].lower, all[n + 1].lower);
    let after_q = n > 0 && all[n - 1].lower == 'q';
    if !matches!(pair, ('o', 'a') | ('o', 'e') | ('u', 'y')) || after_q || all[n].tone() == 0 {
        return None;
    }
    let tone = all[n].tone();
    all[n] = all[n].with_tone(0);
    all[n + 1] = all[n + 1].with_tone(tone);
    Some(write(&all))
}

/// Puts the tone on the letter after q or g: `Quý` becomes `Qúy`.
pub fn tone_after_qu(syllable: &str) -> Option<String> {
    let mut all = letters(syllable);
    if all.len() < 3 || !matches!((all[0].lower, all[1].lower), ('q', 'u') | ('g', 'i')) || all[2].tone() == 0 {
        return None;
    }
    let tone = all[2].tone();
    all[1] = all[1].with_tone(tone);
    all[2] = all[2].with_tone(0);
    Some(write(&all))
}

/// Writes i for y or y for i where both are in use: `Lý` and `Lí`, `Vy` and `Vi`, `Quý` and `Quí`.
pub fn i_or_y(syllable: &str) -> Option<String> {
    let mut all = letters(syllable);
    let end = all.len().checked_sub(1)?;
    let short = end == 1 && "lmvkths".contains(all[0].lower);
    let after_qu = end == 2 && all[0].lower == 'q' && all[1].lower == 'u';
    let (row, tone) = all[end].vowel.filter(|_| short || after_qu)?;
    let other = match VOWELS[row][0] {
        'i' => 11,
        'y' => 5,
        _ => return None,
    };
    all[end] = all[end].with(other, tone);
    Some(write(&all))
}

/// Confuses đ and d at the start.
pub fn d_stroke(syllable: &str) -> Option<String> {
    let mut all = letters(syllable);
    let start = all.first_mut()?;
    start.lower = match start.lower {
        'đ' => 'd',
        'd' => 'đ',
        _ => return None,
    };
    Some(write(&all))
}

/// Confuses sounds that a region does not tell apart: n and l, tr and ch, s and x, r, d and gi.
pub fn sound_pair(syllable: &str) -> Option<String> {
    const PAIRS: [(&str, &str); 8] =
        [("tr", "ch"), ("ch", "tr"), ("gi", "d"), ("s", "x"), ("x", "s"), ("r", "d"), ("l", "n"), ("d", "gi")];
    let all = letters(syllable);
    let plain: String = all.iter().map(|l| l.lower).collect();
    if plain.starts_with('n') && !plain.starts_with("ng") && !plain.starts_with("nh") {
        return Some(format!("L{}", write(&all[1..])));
    }
    let (from, to) = PAIRS.iter().find(|(from, _)| plain.starts_with(from))?;
    let rest = all.get(from.len()..)?;
    if !rest.first().is_some_and(|l| l.is_vowel()) || (*to == "gi" && rest[0].lower == 'i') {
        return None;
    }
    let mut to: Vec<char> = to.chars().collect();
    to[0] = to[0].to_ascii_uppercase();
    Some(to.into_iter().chain(write(rest).chars()).collect())
}

/// The keys of TELEX, as if the keyboard had been off: `Nguyễn` becomes `Nguyeenx`.
pub fn telex(syllable: &str) -> Option<String> {
    typed(syllable, TELEX_SHAPE, TELEX_TONE, "dd")
}

/// The keys of VNI: `Nguyễn` becomes `Nguye6n4`.
pub fn vni(syllable: &str) -> Option<String> {
    typed(syllable, VNI_SHAPE, VNI_TONE, "d9")
}

/// The tone's TELEX key typed once too often: `Nguyễn` becomes `Nguyễnx`.
pub fn telex_tail(syllable: &str) -> Option<String> {
    let tone = letters(syllable).into_iter().map(Letter::tone).max().filter(|t| *t > 0)?;
    Some(format!("{syllable}{}", TELEX_TONE[tone]))
}

fn typed(syllable: &str, shapes: [&str; 12], tones: [&str; 6], dd: &str) -> Option<String> {
    let mut out = String::new();
    let mut tone = 0;
    for l in letters(syllable) {
        let keys = match l.vowel {
            Some((row, t)) => {
                tone = tone.max(t);
                shapes[row].to_owned()
            }
            None if l.lower == 'đ' => dd.to_owned(),
            None => l.lower.to_string(),
        };
        let mut keys = keys.chars();
        let start = keys.next().map(|c| if l.upper { c.to_ascii_uppercase() } else { c });
        out.extend(start.into_iter().chain(keys));
    }
    out.push_str(tones[tone]);
    (out != syllable).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_looks_as_clerks_know_it() {
        let some = |s: &str| Some(s.to_owned());
        assert_eq!(without_marks("Đỗ Thị Hường"), "Do Thi Huong");
        assert_eq!(lose_mark("Hường"), some("Hương"));
        assert_eq!(lose_mark("Vân"), some("Van"));
        assert_eq!(lose_mark("Anh"), None);
        assert_eq!(wrong_tone("Mỹ"), some("Mỷ"));
        assert_eq!(wrong_tone("Hà"), None);
        assert_eq!(new_style_tone("Hòa"), some("Hoà"));
        assert_eq!(new_style_tone("Thúy"), some("Thuý"));
        assert_eq!(new_style_tone("Hoàng"), None);
        assert_eq!(new_style_tone("Quý"), None);
        assert_eq!(tone_after_qu("Quý"), some("Qúy"));
        assert_eq!(i_or_y("Lý"), some("Lí"));
        assert_eq!(i_or_y("Vi"), some("Vy"));
        assert_eq!(i_or_y("Quý"), some("Quí"));
        assert_eq!(i_or_y("Thúy"), None);
        assert_eq!(d_stroke("Đức"), some("Dức"));
        assert_eq!(sound_pair("Nam"), some("Lam"));
        assert_eq!(sound_pair("Trung"), some("Chung"));
        assert_eq!(sound_pair("Nguyễn"), None);
        assert_eq!(telex("Nguyễn"), some("Nguyeenx"));
        assert_eq!(telex("Đức"), some("Dduwcs"));
        assert_eq!(vni("Văn"), some("Va8n"));
        assert_eq!(telex_tail("Nguyễn"), some("Nguyễnx"));
    }
}
