//! Numbers that name people, cards and taxpayers, with the damage that spreadsheets do to them.

/// What a written personal number turned out to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PersonalNumber {
    /// Twelve digits.
    pub id: Option<String>,
    /// Nine digits of the old identity card (CMND).
    pub old: Option<String>,
    /// What was noticed: `zero_restored`, `not_12`, `old_9`, `passport`.
    pub flag: Option<&'static str>,
}

/// What a written card number turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CardNumber {
    /// Fifteen characters; the first two are the object code.
    Card(String),
    /// A card of the armed forces (QN, CA, CY): none of it may be kept.
    ArmedForces,
    /// Anything else.
    Unreadable,
}

/// Reads a personal number; `born` is the birth year when the row gives one.
///
/// Spreadsheets drop leading zeros, at most two in a number of twelve digits (place codes begin at
/// 001). They are put back when place, century and birth year then make sense. Nine digits are an
/// old identity card, eight one that lost its zero.
pub(crate) fn personal_number(text: &str, born: Option<i32>) -> PersonalNumber {
    let flag = |flag| PersonalNumber { flag: Some(flag), ..PersonalNumber::default() };
    if text.is_empty() {
        return PersonalNumber::default();
    }
    let Some(digits) = plain_digits(text) else {
        return flag(if is_passport(text) { "passport" } else { "not_12" });
    };
    match digits.len() {
        12 => PersonalNumber { id: Some(digits), ..PersonalNumber::default() },
        10 | 11 => {
            let padded = format!("{digits:0>12}");
            let fits = has_structure(&padded) && born.is_none_or(|year| birth_year(&padded) == Some(year));
            if fits { PersonalNumber { id: Some(padded), ..flag("zero_restored") } } else { flag("not_12") }
        }
        8 | 9 => PersonalNumber { old: Some(format!("{digits:0>9}")), ..flag("old_9") },
        _ => flag("not_12"),
    }
}

/// Ten digits of a social insurance number. The first two are the place of issue, so one zero may be lost.
pub(crate) fn insurance_number(text: &str) -> Option<String> {
    let digits = plain_digits(text)?;
    matches!(digits.len(), 9 | 10).then(|| format!("{digits:0>10}"))
}

/// A tax code without its dash: 10 digits, 13 for a dependent unit, 12 where it is the personal number.
pub(crate) fn tax_code(text: &str) -> Option<String> {
    if let Some((main, branch)) = text.split_once('-') {
        let (main, branch) = (plain_digits(main)?, plain_digits(branch)?);
        let sound = matches!(main.len(), 9 | 10) && branch.len() <= 3;
        return sound.then(|| format!("{main:0>10}{branch:0>3}"));
    }
    let digits = plain_digits(text)?;
    match digits.len() {
        12 | 13 => Some(digits),
        10 if has_check_digit(&digits) => Some(digits),
        // Ten digits that are no tax code may be a personal number that lost two zeros; those that begin
        // with 8 are rather a mistyped tax code of a person.
        10 | 11 => {
            let padded = format!("{digits:0>12}");
            let is_personal = has_structure(&padded) && !(digits.len() == 10 && digits.starts_with('8'));
            if is_personal { Some(padded) } else { (digits.len() == 10).then_some(digits) }
        }
        9 => Some(format!("{digits:0>10}")).filter(|padded| has_check_digit(padded)),
        _ => None,
    }
}

/// A health card number: object code, level, place, social insurance number.
pub(crate) fn card_number(text: &str) -> CardNumber {
    let card: String = text.chars().filter(|c| !is_filler(*c)).flat_map(char::to_uppercase).collect();
    if ["QN", "CA", "CY"].iter().any(|code| card.starts_with(code)) {
        return CardNumber::ArmedForces;
    }
    let bytes = card.as_bytes();
    let sound = bytes.len() == 15
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && (b'1'..=b'5').contains(&bytes[2])
        && bytes[3..].iter().all(u8::is_ascii_digit);
    if sound { CardNumber::Card(card) } else { CardNumber::Unreadable }
}

/// The cards of a claim, one or several with `;`, and the object code of the last; `None` when one cannot be read.
///
/// Where a card is of the armed forces no number is given, and the letters are those of that card.
pub(crate) fn cards(text: &str) -> Option<(Option<String>, String)> {
    let mut numbers = Vec::new();
    let mut armed = None;
    for one in text.split(';').filter(|one| !one.trim().is_empty()) {
        match card_number(one) {
            CardNumber::Card(card) => numbers.push(card),
            CardNumber::ArmedForces => {
                armed = Some(one.chars().filter(|c| !is_filler(*c)).take(2).collect::<String>().to_uppercase())
            }
            CardNumber::Unreadable => return None,
        }
    }
    match (armed, numbers.last()) {
        (Some(letters), _) => Some((None, letters)),
        (None, Some(last)) => Some((Some(numbers.join(";")), last.get(..2)?.to_owned())),
        (None, None) => None,
    }
}

/// The digits of a number written with spaces, dots or an exponent that lost nothing.
fn plain_digits(text: &str) -> Option<String> {
    let mut digits = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_ascii_digit() => digits.push(c),
            c if is_filler(c) => {}
            _ => return exponent_digits(text),
        }
    }
    (!digits.is_empty()).then_some(digits)
}

fn is_filler(c: char) -> bool {
    c.is_whitespace() || matches!(c, '.' | '-' | '\'' | '\u{200b}' | '\u{feff}')
}

/// `1.168012345E+09` names every digit; `1.168E+09` has lost some and is no number any more.
fn exponent_digits(text: &str) -> Option<String> {
    let (mantissa, exponent) = text.split_once(['E', 'e'])?;
    let (first, rest) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let exponent: usize = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
    let all_digits = first.len() == 1 && first.bytes().chain(rest.bytes()).all(|b| b.is_ascii_digit());
    (all_digits && rest.len() == exponent).then(|| format!("{first}{rest}"))
}

fn is_passport(text: &str) -> bool {
    let compact: String = text.chars().filter(|c| !is_filler(*c)).collect();
    let letters = compact.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits = &compact.as_bytes()[letters..];
    (1..=2).contains(&letters) && (6..=9).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit)
}

/// Place 001-096 and a century that has begun: the only inner structure of the twelve digits.
fn has_structure(digits: &str) -> bool {
    base::PersonalId::parse(digits).is_ok_and(|id| (1..=96).contains(&id.province()) && id.century_sex() <= 3)
}

fn birth_year(digits: &str) -> Option<i32> {
    base::PersonalId::parse(digits).ok().map(base::PersonalId::birth_year)
}

/// The tenth digit of a tax code is ten less the weighted sum of the others modulo eleven.
fn has_check_digit(digits: &str) -> bool {
    const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    let values: Vec<u32> = digits.bytes().map(|b| u32::from(b.wrapping_sub(b'0'))).collect();
    let sum: u32 = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    values.len() == 10 && !sum.is_multiple_of(11) && values[9] == 10 - sum % 11
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(text: &str, born: Option<i32>) -> (Option<String>, Option<String>, Option<&'static str>) {
        let found = personal_number(text, born);
        (found.id, found.old, found.flag)
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn twelve_digits_are_kept_and_lost_zeros_come_back() {
        assert_eq!(person("001168012345", None), (some("001168012345"), None, None));
        assert_eq!(person("001 168 012 345", Some(1900)), (some("001168012345"), None, None));
        assert_eq!(person("1168012345", Some(1968)), (some("001168012345"), None, Some("zero_restored")));
        assert_eq!(person("34168012345", None), (some("034168012345"), None, Some("zero_restored")));
        assert_eq!(person("1.168012345E+09", None), (some("001168012345"), None, Some("zero_restored")));
    }

    #[test]
    fn what_does_not_make_sense_is_not_mended() {
        // The birth year of the row contradicts, the place does not exist, digits were lost for good.
        for (text, born) in [
            ("1168012345", Some(1990)),
            ("99168012345", None),
            ("1.168E+09", None),
            ("00116801234", Some(1970)),
            ("12", None),
            ("không có", None),
        ] {
            assert_eq!(person(text, born), (None, None, Some("not_12")), "{text}");
        }
    }

    #[test]
    fn old_cards_and_passports_are_told_apart() {
        assert_eq!(person("012345678", None), (None, some("012345678"), Some("old_9")));
        assert_eq!(person("12345678", None), (None, some("012345678"), Some("old_9")));
        assert_eq!(person("C1234567", None), (None, None, Some("passport")));
        assert_eq!(person("", None), (None, None, None));
    }

    #[test]
    fn insurance_numbers_lose_one_zero_at_most() {
        assert_eq!(insurance_number("0123456789"), some("0123456789"));
        assert_eq!(insurance_number("123456789"), some("0123456789"));
        assert_eq!(insurance_number("12345678"), None);
        assert_eq!(insurance_number("01234A6789"), None);
    }

    #[test]
    fn tax_codes_of_units_branches_and_people() {
        assert_eq!(tax_code("0100109106"), some("0100109106"));
        assert_eq!(tax_code("0100109106-001"), some("0100109106001"));
        assert_eq!(tax_code("100109106-1"), some("0100109106001"));
        assert_eq!(tax_code("100109106"), some("0100109106"));
        assert_eq!(tax_code("100109107"), None);
        assert_eq!(tax_code("001168012345"), some("001168012345"));
        assert_eq!(tax_code("1168012345"), some("001168012345"));
        assert_eq!(tax_code("8123456789"), some("8123456789"));
        assert_eq!(tax_code("abc"), None);
    }

    #[test]
    fn cards_are_fifteen_characters_and_never_of_the_armed_forces() {
        assert_eq!(card_number("gd 4 01 0123456789"), CardNumber::Card("GD4010123456789".into()));
        for forces in ["QN5970123456789", "ca 4 01 01", "CY"] {
            assert_eq!(card_number(forces), CardNumber::ArmedForces, "{forces}");
        }
        for bad in ["GD9010123456789", "GD401012345678", "0123456789", "G14010123456789"] {
            assert_eq!(card_number(bad), CardNumber::Unreadable, "{bad}");
        }
    }

    #[test]
    fn claims_bear_several_cards_and_only_the_letters_of_the_armed_forces() {
        let one = "GD4010123456789";
        assert_eq!(cards(one), Some((some(one), "GD".into())));
        assert_eq!(cards("gd4010123456789; DN4010123456789"), Some((some("GD4010123456789;DN4010123456789"), "DN".into())));
        for forces in ["QN5970123456789", "GD4010123456789;qn5970123456789", "QN5970123456789;GD4010123456789"] {
            assert_eq!(cards(forces), Some((None, "QN".into())), "{forces}");
        }
        assert_eq!((cards("GD4010123456789;khong"), cards(";")), (None, None));
    }
}
