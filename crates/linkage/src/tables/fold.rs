//! Cells in one spelling: what a value is, without how it was typed.

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::date::{DayOrder, canonical_date};
use super::spec::Kind;

/// Texts that stand for an empty cell in files of all kinds.
const EMPTY: [&str; 10] = ["na", "n a", "nan", "null", "none", "nil", "unknown", "khong ro", "không rõ", "khong co"];

/// The value of a cell in one spelling; false when the cell says nothing.
pub(crate) fn canonical(kind: Kind, order: DayOrder, text: &str, out: &mut String) -> bool {
    out.clear();
    match kind {
        Kind::PersonName | Kind::Text | Kind::Place => words(text, out),
        // Marks and letters are told apart by the syllables themselves.
        Kind::VietnameseName if is_nfc_quick(text.chars()) == IsNormalized::Yes => {
            out.extend(text.trim().chars().flat_map(char::to_lowercase));
        }
        Kind::VietnameseName => out.extend(text.trim().nfc().flat_map(char::to_lowercase)),
        Kind::Date => return canonical_date(text, order, out),
        Kind::Year => {
            let digits: String = text.chars().filter(char::is_ascii_digit).take(4).collect();
            if digits.len() == 4 {
                out.push_str(&digits);
            }
        }
        Kind::Id | Kind::Code | Kind::Postcode => marks(kind, text, out),
        Kind::Number => return number(text, out),
    }
    !out.is_empty() && !EMPTY.contains(&out.as_str())
}

/// Words of folded letters and digits, one space between: without accents, case and punctuation.
fn words(text: &str, out: &mut String) {
    if text.is_ascii() {
        return plain_words(text, out);
    }
    let mut gap = false;
    for c in text.chars().nfkd().filter(|c| !is_combining_mark(*c)) {
        // An apostrophe stands inside a name (O'Brien), everything else between words.
        if matches!(c, '\'' | '\u{2019}' | '\u{2bc}' | '`' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{feff}') {
            continue;
        }
        if !c.is_alphanumeric() {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push(' ');
            gap = false;
        }
        match c {
            'đ' | 'Đ' | 'ð' | 'Ð' => out.push('d'),
            'ł' | 'Ł' => out.push('l'),
            'ø' | 'Ø' => out.push('o'),
            'ß' | 'ẞ' => out.push_str("ss"),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            'þ' | 'Þ' => out.push_str("th"),
            'ı' => out.push('i'),
            c => out.extend(c.to_lowercase().filter(|c| !is_combining_mark(*c))),
        }
    }
}

/// The same of a text without any accent: most cells of most files.
fn plain_words(text: &str, out: &mut String) {
    let mut gap = false;
    for byte in text.bytes().filter(|b| !matches!(b, b'\'' | b'`')) {
        if !byte.is_ascii_alphanumeric() {
            gap = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push(' ');
        }
        out.push(char::from(byte.to_ascii_lowercase()));
    }
}

/// Letters and digits without anything between.
fn marks(kind: Kind, text: &str, out: &mut String) {
    match text.is_ascii() {
        true => out.extend(text.bytes().filter(u8::is_ascii_alphanumeric).map(|b| char::from(b.to_ascii_lowercase()))),
        false => out.extend(text.chars().nfkd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)),
    }
    // A spreadsheet that read `7.0` or lost the zeros in front did not change the number.
    if text.trim().ends_with(".0") && out.len() > 1 && out.chars().all(|c| c.is_ascii_digit()) {
        out.pop();
    }
    if kind != Kind::Postcode && out.chars().all(|c| c.is_ascii_digit()) {
        let zeros = out.len() - out.trim_start_matches('0').len();
        out.drain(..zeros.min(out.len().saturating_sub(1)));
    }
    // 0 or 999999 in a column of ids is how forms say "none".
    if kind == Kind::Id && (out == "0" || (out.len() >= 5 && out.chars().all(|c| out.starts_with(c)))) {
        out.clear();
    }
}

/// A quantity with `.` or `,` as decimal mark and either as thousands mark.
fn number(text: &str, out: &mut String) -> bool {
    let kept: String = text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | 'e' | 'E')).collect();
    let (dots, commas) = (kept.matches('.').count(), kept.matches(',').count());
    let last = kept.rfind(['.', ',']);
    let plain = match (dots, commas, last) {
        // The last of two kinds of marks is the decimal one.
        (1.., 1.., Some(at)) => {
            let (whole, rest) = kept.split_at(at);
            format!("{}.{}", whole.replace(['.', ','], ""), &rest[1..])
        }
        (0, 1, Some(at)) if kept.len() - at != 4 => kept.replace(',', "."),
        (2.., 0, _) | (0, _, _) => kept.replace(['.', ','], ""),
        _ => kept,
    };
    match plain.parse::<f64>() {
        Ok(value) if value.is_finite() => {
            out.push_str(&value.to_string());
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canon(kind: Kind, text: &str) -> String {
        let mut out = String::new();
        if canonical(kind, DayOrder::DayFirst, text, &mut out) { out } else { "-".to_owned() }
    }

    #[test]
    fn one_value_however_it_is_typed() {
        for (kind, a, b) in [
            (Kind::PersonName, "  O\u{2019}Brien-SMITH ", "obrien smith"),
            (Kind::PersonName, "Müller, José", "MULLER  JOSE"),
            (Kind::Place, "Đống Đa", "dong da"),
            (Kind::Text, "Straße", "STRASSE"),
            (Kind::Text, "ＡＢＣ", "abc"),
            (Kind::Id, "00123-456", "123456.0"),
            (Kind::Code, "12 A", "12a"),
            (Kind::Postcode, "sw1a 1aa", "SW1A1AA"),
            (Kind::Number, "1.234,5", "1,234.5"),
            (Kind::Number, "1,5", "1.50"),
            (Kind::Number, "12,000", "12000"),
            (Kind::Year, "năm 1980", "1980"),
            (Kind::VietnameseName, "NGUYỄN", "Nguye\u{302}\u{303}n"),
        ] {
            assert_eq!(canon(kind, a), canon(kind, b), "{a} {b}");
        }
    }

    #[test]
    fn what_says_nothing_is_missing() {
        for (kind, text) in [
            (Kind::PersonName, " . "),
            (Kind::Text, "N/A"),
            (Kind::Id, "000000"),
            (Kind::Id, "99999"),
            (Kind::Number, "about"),
            (Kind::Year, "80"),
            (Kind::Place, "Không rõ."),
        ] {
            assert_eq!(canon(kind, text), "-", "{text}");
        }
        assert_eq!(canon(Kind::Postcode, "00123"), "00123");
    }
}
