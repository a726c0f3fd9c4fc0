//! Codes of employers as offices type them: tax codes, owners' numbers, unit codes.

use std::fmt;

use base::PersonalId;

use super::EmployerWarning;

/// What a code names, in one form however it was typed. The order is the order of trust.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Code {
    /// Tax code of ten digits (mã số thuế, mã số doanh nghiệp).
    Tax(u64),
    /// Ten digits and the number of a dependent unit (chi nhánh, văn phòng đại diện).
    Branch(u64, u16),
    /// The owner's twelve-digit number, the tax code of a household business since 1/7/2025.
    Owner(u64),
    /// A further place of business of an owner.
    OwnerPlace(u64, u16),
    /// Seven digits of a unit with a state budget relation (mã quan hệ ngân sách).
    Budget(u32),
    /// Unit code (mã đơn vị) given before 1/8/2025; says nothing of the tax code.
    Unit(String),
}

impl Code {
    /// The code of the employer that this one is a part of.
    pub(crate) fn parent(&self) -> Option<Code> {
        match self {
            Code::Branch(tax, _) => Some(Code::Tax(*tax)),
            Code::OwnerPlace(owner, _) => Some(Code::Owner(*owner)),
            _ => None,
        }
    }

    /// Whether the code was given by the tax office.
    pub(crate) fn is_tax(&self) -> bool {
        matches!(self, Code::Tax(_) | Code::Branch(..))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Code::Tax(tax) => write!(f, "{tax:010}"),
            Code::Branch(tax, number) => write!(f, "{tax:010}-{number:03}"),
            Code::Owner(owner) => write!(f, "{owner:012}"),
            Code::OwnerPlace(owner, number) => write!(f, "{owner:012}-{number:03}"),
            Code::Budget(budget) => write!(f, "{budget:07}"),
            Code::Unit(unit) => f.write_str(unit),
        }
    }
}

/// A code as read, with what is odd about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReadCode {
    pub code: Option<Code>,
    pub warning: Option<EmployerWarning>,
}

/// Whether the last of ten digits is the check digit of the nine before it.
///
/// Weights 31, 29, 23, 19, 17, 13, 7, 5, 3; ten less the remainder by eleven. Known from public
/// programs and not from law, so that failing is a reason to look and never to refuse.
pub(crate) fn check_digit_fits(tax: u64) -> bool {
    const WEIGHTS: [u64; 9] = [3, 5, 7, 13, 17, 19, 23, 29, 31];
    let mut rest = tax / 10;
    let sum: u64 = WEIGHTS.iter().fold(0, |sum, weight| {
        let digit = rest % 10;
        rest /= 10;
        sum + weight * digit
    });
    10 - sum % 11 == tax % 10
}

/// Reads a tax code or register number. `None` for an empty cell.
pub(crate) fn read_tax(text: &str) -> Option<ReadCode> {
    // A spreadsheet may have made a number of it; an apostrophe keeps it text.
    let text = text.trim().trim_start_matches('\'');
    let text = text.strip_suffix(".0").unwrap_or(text);
    if text.is_empty() {
        return None;
    }
    let (head, tail) = text.split_once(['-', '–', '—', '/']).unwrap_or((text, ""));
    let digits = |part: &str| -> Option<String> {
        let part = part.trim();
        let plain = part.chars().all(|c| c.is_ascii_digit() || c == ' ' || c == '.');
        plain.then(|| part.chars().filter(char::is_ascii_digit).collect())
    };
    let unreadable = ReadCode { code: None, warning: Some(EmployerWarning::Unreadable) };
    let (Some(head), Some(tail)) = (digits(head), digits(tail)) else { return Some(unreadable) };
    let branch: Option<u16> = match tail.len() {
        0 => Some(0),
        1..=5 => tail.parse().ok(),
        _ => None,
    };
    Some(branch.and_then(|branch| of_digits(&head, branch)).unwrap_or(unreadable))
}

fn of_digits(head: &str, branch: u16) -> Option<ReadCode> {
    let number: u64 = head.parse().ok()?;
    let zero = Some(EmployerWarning::LeadingZeroLost);
    let tax = |tax: u64, branch: u16, lost: Option<EmployerWarning>| {
        let code = if branch == 0 { Code::Tax(tax) } else { Code::Branch(tax, branch) };
        let warning = lost.or((!check_digit_fits(tax)).then_some(EmployerWarning::CheckDigit));
        ReadCode { code: Some(code), warning }
    };
    let owner = |id: u64, lost: Option<EmployerWarning>| {
        let code = if branch == 0 { Code::Owner(id) } else { Code::OwnerPlace(id, branch) };
        ReadCode { code: Some(code), warning: lost }
    };
    let is_person = |id: u64| PersonalId::from_number(id).is_some_and(is_plausible);
    let glued = |number: u64| (number / 1_000, (number % 1_000) as u16);
    match head.len() {
        // A number of Hà Nội (001…) that lost both zeros has ten digits too; its check digit is off.
        10 if !check_digit_fits(number) && !head.starts_with('0') && is_person(number) => Some(owner(number, zero)),
        10 => Some(tax(number, branch, None)),
        9 => Some(tax(number, branch, zero)),
        13 if branch == 0 => Some(tax(glued(number).0, glued(number).1, None)),
        // A personal number begins with the 0 of its province; a tax code with a branch lost it.
        12 if !head.starts_with('0') && branch == 0 => Some(tax(glued(number).0, glued(number).1, zero)),
        12 => Some(owner(number, None)),
        11 if is_person(number) => Some(owner(number, zero)),
        _ => None,
    }
}

/// Province codes end at 096; owners of businesses were born from 1920 to 2015.
fn is_plausible(id: PersonalId) -> bool {
    (1..=96).contains(&id.province()) && (1920..=2015).contains(&id.birth_year())
}

/// Reads a unit code (mã đơn vị). Since 1/8/2025 it begins with the ten digits of the enterprise or the
/// seven of the budget unit, then letters for the kind (`0123456789DNA03`, `1234567HC`); older ones are
/// kept as they are. `None` for an empty cell.
pub(crate) fn read_unit(text: &str) -> Option<ReadCode> {
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    if plain.is_empty() {
        return None;
    }
    let digits = plain.bytes().take_while(u8::is_ascii_digit).count();
    let letters_follow = plain.len() > digits;
    let number = |n: usize| plain.get(..n).and_then(|d| d.parse::<u64>().ok());
    let code = match digits {
        10 if letters_follow => number(10).map(Code::Tax),
        7 if letters_follow => number(7).map(|n| Code::Budget(n as u32)),
        _ if letters_follow => Some(Code::Unit(plain)),
        7 => number(7).map(|n| Code::Budget(n as u32)),
        _ => return read_tax(text),
    };
    Some(ReadCode { code, warning: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_of_known_codes() {
        for good in [100_109_106, 100_686_209, 100_112_437] {
            assert!(check_digit_fits(good), "{good}");
        }
        assert!(!check_digit_fits(123_456_789));
        // Every weight counts: any one changed digit is noticed.
        for place in 0..9 {
            let changed = 100_109_106 + 10u64.pow(place + 1);
            assert!(!check_digit_fits(changed), "{changed}");
        }
    }

    #[test]
    fn a_tax_code_however_it_is_typed() {
        use EmployerWarning::{CheckDigit, LeadingZeroLost, Unreadable};
        let cases = [
            ("0100109106", "0100109106", None),
            (" 0100 109 106 ", "0100109106", None),
            ("'0100109106", "0100109106", None),
            ("100109106", "0100109106", Some(LeadingZeroLost)),
            ("100109106.0", "0100109106", Some(LeadingZeroLost)),
            ("0100109107", "0100109107", Some(CheckDigit)),
            ("0100109106-001", "0100109106-001", None),
            ("0100109106001", "0100109106-001", None),
            ("100109106001", "0100109106-001", Some(LeadingZeroLost)),
            ("0100109106-000", "0100109106", None),
            ("001085123456", "001085123456", None),
            ("1085123456", "001085123456", Some(LeadingZeroLost)),
            ("34085123456", "034085123456", Some(LeadingZeroLost)),
            ("001085123456-002", "001085123456-002", None),
            ("chưa có", "", Some(Unreadable)),
            ("12345", "", Some(Unreadable)),
        ];
        for (typed, key, warning) in cases {
            let read = read_tax(typed).unwrap();
            assert_eq!(read.code.map(|c| c.to_string()).unwrap_or_default(), key, "{typed}");
            assert_eq!(read.warning, warning, "{typed}");
        }
        assert_eq!(read_tax("  "), None);
    }

    #[test]
    fn unit_codes_old_and_new() {
        let key = |text: &str| read_unit(text).and_then(|r| r.code).map(|c| c.to_string()).unwrap_or_default();
        assert_eq!(key("0123456789DNA03"), "0123456789");
        assert_eq!(key("1234567HC"), "1234567");
        assert_eq!(key("1234567"), "1234567");
        assert_eq!(key("ta-0123a"), "TA0123A");
        assert_eq!(key(""), "");
    }
}
