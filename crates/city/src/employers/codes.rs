//! Codes of employers: tax code, and the insurance agency's unit code before and after August 2025.

use crate::employers::{Employers, Kind};
use crate::errors::{Pattern, Profile};
use crate::ids;
use crate::random::{Draw, Random};

/// Different old unit codes: kinds, four digits, letters.
const OLD_CODES: u64 = KINDS.len() as u64 * 10_000 * LETTERS;
/// Letters in front of old unit codes.
const KINDS: [&str; 10] = ["TA", "TB", "TC", "TE", "TN", "YN", "IC", "HB", "QN", "XA"];
/// Letters at their end.
const LETTERS: u64 = 26;

/// The tax code (mã số thuế) of an employer of the plan: ten digits, for a branch thirteen as `10-NNN`.
pub fn tax_code(random: &Random, employers: &Employers, employer: u64) -> String {
    match employers.parent(employer) {
        Some((parent, number)) => format!("{:010}-{number:03}", ids::tax_code(random, parent)),
        None => format!("{:010}", ids::tax_code(random, employer)),
    }
}

/// The agency's own code of a unit (mã đơn vị) before 1 August 2025, e.g. `TA0417C`.
pub fn old_unit_code(random: &Random, employer: u64) -> String {
    let place = random.permute("unit code", employer % OLD_CODES, OLD_CODES);
    let (kind, rest) = (place / (10_000 * LETTERS), place % (10_000 * LETTERS));
    format!("{}{:04}{}", KINDS[kind as usize], rest / LETTERS, char::from(b'A' + (rest % LETTERS) as u8))
}

/// The code since 1 August 2025: the ten characters of the business code, two letters for the kind of unit
/// and three characters; public units have their seven-digit budget code and two letters.
///
/// The letters beyond those of companies and offices are this model's own; no full list was found.
pub fn unit_code(random: &Random, employers: &Employers, employer: u64) -> String {
    let (parent, branch) = employers.parent(employer).unwrap_or((employer, 0));
    let company = ids::tax_code(random, parent);
    match employers.kind(employer) {
        Kind::Public => format!("{:07}HC", 1_000_000 + random.permute("budget code", employer, 9_000_000)),
        Kind::Branch => format!("{company:010}DNC{:02}", branch.min(99)),
        Kind::Foreign => format!("{company:010}DNN01"),
        Kind::Cooperative => format!("{company:010}HTX01"),
        _ => format!("{company:010}DNA01"),
    }
}

/// How an office writes a tax code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrittenCode {
    /// As text.
    Text(String),
    /// As a number of a spreadsheet, its leading zero lost.
    Number(i64),
}

/// Branches among 100,000 that stand under their parent's code.
const AS_PARENT: u32 = 12_000;
/// Branch codes among 100,000 without the dash.
const NO_DASH: u32 = 30_000;

/// Writes a tax code as an office has it.
pub fn write(profile: &Profile, record: Draw, code: &str) -> WrittenCode {
    if let Some((parent, number)) = code.split_once('-') {
        if record.of("as parent").chance(AS_PARENT) {
            return WrittenCode::Text(parent.to_owned());
        }
        let joined = record.of("no dash").chance(NO_DASH);
        return WrittenCode::Text(if joined { format!("{parent}{number}") } else { code.to_owned() });
    }
    if profile.strikes(Pattern::MissingId, record).is_some() {
        return WrittenCode::Text(String::new());
    }
    if profile.strikes(Pattern::ZeroLost, record).is_some()
        && let Ok(number) = code.parse()
    {
        return WrittenCode::Number(number);
    }
    if let Some(how) = profile.strikes(Pattern::Transposed, record) {
        let mut digits: Vec<char> = code.chars().collect();
        let at = how.below(digits.len() as u64 - 1) as usize;
        digits.swap(at, at + 1);
        return WrittenCode::Text(digits.into_iter().collect());
    }
    WrittenCode::Text(code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::Care;
    use crate::tables::Tables;
    use std::collections::BTreeSet;

    #[test]
    fn every_employer_has_codes_of_its_own_in_their_form() {
        let random = Random::new(1);
        let employers = Employers::plan(&Tables::load().unwrap(), random, 0.01);
        let all = || 0..employers.count();
        let tax: BTreeSet<String> = all().map(|n| tax_code(&random, &employers, n)).collect();
        let new: BTreeSet<String> = all().map(|n| unit_code(&random, &employers, n)).collect();
        let old: BTreeSet<String> = all().map(|n| old_unit_code(&random, n)).collect();
        assert_eq!([tax.len(), new.len(), old.len()], [employers.count() as usize; 3]);
        assert!(old.iter().all(|c| c.len() == 7 && c[2..6].parse::<u32>().is_ok()), "{:?}", old.first());
        assert!(new.iter().all(|c| c.len() == 15 || (c.len() == 9 && c.ends_with("HC"))), "{:?}", new.first());
        let branch = tax.iter().find(|c| c.contains('-')).unwrap();
        assert_eq!(branch.len(), 14);
        let ten: u64 = branch[..10].parse().unwrap();
        assert_eq!(ids::tax_check_digit(ten / 10), Some(ten % 10));
    }

    #[test]
    fn a_spreadsheet_loses_the_leading_zero_and_a_branch_its_number() {
        let random = Random::new(1);
        let profile = Profile::new("test", Care::Clean, 0).unwrap().with(Pattern::ZeroLost, 100_000);
        assert_eq!(write(&profile, random.draw("r", 1), "0100109106"), WrittenCode::Number(100_109_106));
        let ways: BTreeSet<String> = (0..200)
            .map(|n| match write(&profile, random.draw("r", n), "0100109106-001") {
                WrittenCode::Text(text) => text,
                WrittenCode::Number(number) => number.to_string(),
            })
            .collect();
        assert_eq!(ways.into_iter().collect::<Vec<_>>(), ["0100109106", "0100109106-001", "0100109106001"]);
    }
}
