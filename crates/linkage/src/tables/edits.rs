//! How many slips of the finger lie between two short texts.

/// Longest text whose slips are counted exactly; of longer ones only the beginning.
const LONGEST: usize = 96;

/// Edits (put in, left out, changed, two neighbours swapped) between two texts, at most `most` + 1.
pub(crate) fn slips<T: PartialEq + Copy>(a: &[T], b: &[T], most: usize) -> usize {
    let (a, b) = if a.len() > b.len() { (b, a) } else { (a, b) };
    // What agrees at both ends needs no counting.
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..(a.len() - tail).min(LONGEST)], &b[..(b.len() - tail).min(LONGEST)]);
    if b.len() - a.len() > most {
        return most + 1;
    }
    if a.is_empty() {
        return b.len();
    }
    if most <= 1 {
        // Both ends differ now: one slip is a single letter, or two neighbours that changed places.
        let one = b.len() == a.len() && (a.len() == 1 || a.len() == 2 && a[0] == b[1] && a[1] == b[0]);
        return if one { 1 } else { most + 1 };
    }
    let mut rows = [[0u8; LONGEST + 1]; 3];
    for (at, cell) in rows[0].iter_mut().enumerate().take(b.len() + 1) {
        *cell = at as u8;
    }
    for i in 1..=a.len() {
        let (now, before, earlier) = (i % 3, (i + 2) % 3, (i + 1) % 3);
        rows[now][0] = i as u8;
        let mut least = rows[now][0];
        for j in 1..=b.len() {
            let changed = rows[before][j - 1] + u8::from(a[i - 1] != b[j - 1]);
            let mut best = changed.min(rows[before][j] + 1).min(rows[now][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[earlier][j - 2] + 1);
            }
            rows[now][j] = best;
            least = least.min(best);
        }
        if usize::from(least) > most {
            return most + 1;
        }
    }
    usize::from(rows[a.len() % 3][b.len()]).min(most + 1)
}

/// One bit a letter: two texts with `n` slips between them differ in at most `2 n` bits.
pub(crate) fn letter_bits(text: &[char]) -> u64 {
    text.iter().fold(0, |bits, c| bits | 1 << (u32::from(*c).wrapping_mul(0x9e37_79b1) >> 26))
}

/// Whether the letters can be so few slips apart at all.
pub(crate) fn may_be_within(a: u64, b: u64, most: u32) -> bool {
    (a ^ b).count_ones() <= 2 * most
}

/// The consonants of a word with those that sound alike made one, the first letter kept; for the
/// Latin script. A word of another script is its own sound.
pub(crate) fn sound(word: &[char], out: &mut String) {
    let class = |c: char| match c {
        'b' | 'p' | 'f' | 'v' => 'b',
        'c' | 'g' | 'j' | 'k' | 'q' | 's' | 'x' | 'z' => 'k',
        'd' | 't' => 't',
        'l' => 'l',
        'm' | 'n' => 'n',
        'r' => 'r',
        'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h' | 'w' => ' ',
        other => other,
    };
    let mut last = ' ';
    for (at, c) in word.iter().enumerate() {
        let sounds = class(*c);
        if at == 0 {
            out.push(if sounds == ' ' { 'a' } else { sounds });
        } else if sounds != ' ' && sounds != last {
            out.push(sounds);
        }
        last = sounds;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn sounds_alike() {
        let of = |text: &str| {
            let mut out = String::new();
            sound(&chars(text), &mut out);
            out
        };
        assert_eq!(of("smith"), of("smyth"));
        assert_eq!(of("catherine"), of("kathryn"));
        assert_eq!(of("phillip"), of("philip"));
        assert_ne!(of("smith"), of("jones"));
    }

    proptest! {
        #[test]
        fn slips_are_what_the_textbook_says(a in "[a-d]{0,9}", b in "[a-d]{0,9}", most in 0usize..4) {
            let (x, y) = (chars(&a), chars(&b));
            let expected = rapidfuzz::distance::osa::distance(a.chars(), b.chars());
            prop_assert_eq!(strsim::osa_distance(&a, &b), expected);
            prop_assert_eq!(slips(&x, &y, most), expected.min(most + 1));
            prop_assert_eq!(slips(&y, &x, most), expected.min(most + 1));
            prop_assert!(expected > most || may_be_within(letter_bits(&x), letter_bits(&y), most as u32));
        }
    }
}
