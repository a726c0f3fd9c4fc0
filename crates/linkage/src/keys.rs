//! Blocking passes: what two rows must share to be compared at all.

use serde::Serialize;

use crate::hash::{join, mix};
use crate::lexicon::Lexicon;
use crate::record::{NO_NUMBER, NO_OLD_ID, Record};

/// One way of finding candidates. The order is the order of work: a pair is scored by the first
/// pass that finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pass {
    /// The same number and an agreeing name or birth date (pass 0).
    Certain,
    /// The six random digits of the personal number and the year in it.
    IdSerial,
    /// The nine-digit number.
    OldId,
    /// The insurance number.
    Insurance,
    /// All syllables without marks in any order, and the date with day and month in any order.
    NameDate,
    /// Given name and date.
    GivenDate,
    /// All syllables and the year.
    NameYear,
    /// All syllables by sound, and the year.
    SoundYear,
    /// Surname, given name, year and commune.
    EndsYear,
    /// All syllables with day and month, whatever the year.
    NameDay,
    /// All syllables and commune.
    NameCommune,
    /// Surname and date.
    SurnameDate,
    /// All syllables, for rows that have no birth date.
    NameOnly,
    /// The personal number with one digit left out.
    IdNear,
    /// Date and commune.
    DateCommune,
    /// A person decided.
    Decision,
}

/// Passes in which a row has at most one key.
pub(crate) const SINGLE: [Pass; 12] = [
    Pass::IdSerial,
    Pass::OldId,
    Pass::Insurance,
    Pass::NameDate,
    Pass::GivenDate,
    Pass::NameYear,
    Pass::SoundYear,
    Pass::EndsYear,
    Pass::NameDay,
    Pass::NameCommune,
    Pass::SurnameDate,
    Pass::NameOnly,
];

/// Passes in which a row may have several keys; they come last.
pub(crate) const SEVERAL: [Pass; 2] = [Pass::IdNear, Pass::DateCommune];

impl Pass {
    /// The number of the pass in [`crate::Link::pass`].
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The pass of a number.
    pub fn of_number(number: u8) -> Option<Self> {
        let all = [&[Pass::Certain][..], &SINGLE, &SEVERAL, &[Pass::Decision]];
        all.into_iter().flatten().copied().find(|p| p.number() == number)
    }

    /// What brought the two rows together, in words for an officer.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Pass::Certain => "trùng số và trùng họ tên hoặc ngày sinh",
            Pass::IdSerial => "trùng sáu số cuối và năm sinh trong số định danh",
            Pass::OldId => "trùng số CMND",
            Pass::Insurance => "trùng mã số BHXH",
            Pass::NameDate => "trùng họ tên và ngày sinh",
            Pass::GivenDate => "trùng tên và ngày sinh",
            Pass::NameYear => "trùng họ tên và năm sinh",
            Pass::SoundYear => "họ tên đọc giống nhau, trùng năm sinh",
            Pass::EndsYear => "trùng họ, tên, năm sinh và xã, phường",
            Pass::NameDay => "trùng họ tên, ngày và tháng sinh",
            Pass::NameCommune => "trùng họ tên và xã, phường",
            Pass::SurnameDate => "trùng họ và ngày sinh",
            Pass::NameOnly => "trùng họ tên, không có ngày sinh",
            Pass::IdNear => "số định danh lệch một chữ số",
            Pass::DateCommune => "trùng ngày sinh và xã, phường",
            Pass::Decision => "cán bộ đã quyết định",
        }
    }
}

/// Which roster a row belongs to; only [`Pass::NameOnly`] treats them differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// The key of a row in a pass with one key; `None` where the row lacks what the key needs.
pub(crate) fn key(pass: Pass, lexicon: &Lexicon, record: &Record, side: Side) -> Option<u64> {
    let named = record.syllables > 0;
    let year = (!record.birth.is_none()).then(|| record.birth.year() as u64);
    let date = record.birth.has_day().then(|| record.birth.ordered());
    let folded = |code: u32| lexicon.letters(code);
    let given = named.then(|| folded(record.name[usize::from(record.syllables) - 1]));
    let surname = named.then(|| folded(record.name[0]));
    let whole = |(letters, n): ([u64; 6], usize)| letters[..n].iter().fold(n as u64, |key, l| join(key, *l));
    let parts = match pass {
        Pass::IdSerial => {
            let id = record.personal_id()?;
            join(u64::from(id.serial()), id.number() / 1_000_000 % 100)
        }
        Pass::OldId => (record.old_id != NO_OLD_ID).then_some(u64::from(record.old_id))?,
        Pass::Insurance => (record.insurance != NO_NUMBER).then_some(record.insurance)?,
        Pass::NameDate => join(date?, named.then(|| whole(lexicon.sorted_letters(record)))?),
        Pass::GivenDate => join(date?, given?),
        Pass::NameYear => join(year?, named.then(|| whole(lexicon.sorted_letters(record)))?),
        Pass::SoundYear => join(year?, named.then(|| whole(lexicon.sorted_sounds(record)))?),
        Pass::EndsYear => join(join(year?, u64::from(record.one_commune()?)), join(surname?, given?)),
        Pass::NameDay => join(date? & 0x3ff, named.then(|| whole(lexicon.sorted_letters(record)))?),
        Pass::NameCommune => join(u64::from(record.one_commune()?), named.then(|| whole(lexicon.sorted_letters(record)))?),
        Pass::SurnameDate => join(date?, surname?),
        Pass::NameOnly => {
            let undated = record.birth.is_none() || side == Side::Left;
            (named && undated).then(|| whole(lexicon.sorted_letters(record)))?
        }
        Pass::Certain | Pass::IdNear | Pass::DateCommune | Pass::Decision => return None,
    };
    Some(join(pass as u64, parts))
}

/// Whether a left and a right row have the same key in a pass with one key: what comparing
/// [`key`] of both tells, without making the keys.
pub(crate) fn shares(pass: Pass, lexicon: &Lexicon, a: &Record, b: &Record) -> bool {
    let named = a.syllables > 0 && b.syllables > 0;
    let year = || !a.birth.is_none() && !b.birth.is_none() && a.birth.year() == b.birth.year();
    let date = || a.birth.has_day() && b.birth.has_day() && a.birth.ordered() == b.birth.ordered();
    let letters = |x: u32, y: u32| lexicon.folded[x as usize] == lexicon.folded[y as usize];
    let given = || letters(a.name[usize::from(a.syllables) - 1], b.name[usize::from(b.syllables) - 1]);
    let surname = || letters(a.name[0], b.name[0]);
    let commune = || a.one_commune().is_some() && a.one_commune() == b.one_commune();
    let whole = || a.syllables == b.syllables && lexicon.sorted_letters(a) == lexicon.sorted_letters(b);
    match pass {
        Pass::IdSerial => a.id != NO_NUMBER && b.id != NO_NUMBER && a.id % 100_000_000 == b.id % 100_000_000,
        Pass::OldId => a.old_id != NO_OLD_ID && a.old_id == b.old_id,
        Pass::Insurance => a.insurance != NO_NUMBER && a.insurance == b.insurance,
        Pass::NameDate => named && date() && whole(),
        Pass::GivenDate => named && date() && given(),
        Pass::NameYear => named && year() && whole(),
        Pass::SoundYear => named && year() && a.syllables == b.syllables && lexicon.sorted_sounds(a) == lexicon.sorted_sounds(b),
        Pass::EndsYear => named && year() && commune() && surname() && given(),
        Pass::NameDay => {
            let days = || a.birth.has_day() && b.birth.has_day() && a.birth.ordered() & 0x3ff == b.birth.ordered() & 0x3ff;
            named && days() && whole()
        }
        Pass::NameCommune => named && commune() && whole(),
        Pass::SurnameDate => named && date() && surname(),
        Pass::NameOnly => named && b.birth.is_none() && whole(),
        Pass::Certain | Pass::IdNear | Pass::DateCommune | Pass::Decision => false,
    }
}

/// Whether two rows of a block refined so often have the same finer key.
pub(crate) fn shares_refined(round: usize, a: &Record, b: &Record) -> bool {
    (round < 1 || a.one_commune() == b.one_commune()) && (round < 2 || a.sex == b.sex)
}

/// A finer key for a block that is too large: with the commune, then also with the sex.
pub(crate) fn refined(key: u64, record: &Record, round: usize) -> Option<u64> {
    match round {
        0 => record.one_commune().map(|c| join(key, u64::from(c))),
        _ => (record.sex != 0).then(|| join(key, 1 << 32 | u64::from(record.sex))),
    }
}

/// Rounds of [`refined`].
pub(crate) const REFINEMENTS: usize = 2;

/// The keys of a row in a pass with several, each once.
pub(crate) fn keys(pass: Pass, record: &Record, out: &mut Vec<u64>) {
    out.clear();
    match pass {
        Pass::IdNear if record.id != NO_NUMBER => {
            let mut place = 1u64;
            for _ in 0..12 {
                // The digits above the place, then those below it.
                let without = record.id / (place * 10) * place + record.id % place;
                out.push(mix(without + 1));
                place *= 10;
            }
        }
        Pass::DateCommune if record.birth.has_day() => {
            out.extend(record.communes().map(|c| join(record.birth.ordered(), u64::from(c))));
        }
        _ => {}
    }
    out.sort_unstable();
    out.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepared::tests::prepared;

    #[test]
    fn numbers_name_their_pass() {
        for number in 0..=Pass::Decision.number() {
            assert_eq!(Pass::of_number(number).map(Pass::number), Some(number));
        }
        assert_eq!(Pass::of_number(200), None);
    }

    #[test]
    fn sharing_a_key_is_having_equal_keys() {
        let rows = [
            "Nguyễn Thị Thu Hà|1980-03-07|f|001180123456|4",
            "NGUYEN THI HA THU|1980-07-03|f|002180123456|4",
            "Nguyễn Hà|1980-03-07|f|012345678|4,5",
            "Nguyễn Thị Thu Hà|1980|m|012345678|4",
            "Nguyễn Thị Thu Hà|1981-03-07||0155000001|5",
            "Lý Thị Vy|1980-03-07|f|0155000001|4",
            "Lí Thị Vi|1980|f|001180123465|",
            "Nguyễn Thị Thu Hà||||",
            "|1980-03-07|f||4",
            "||||",
        ];
        let left = prepared(&rows);
        let (lexicon, right) = Lexicon::join(&left, &prepared(&rows));
        let mut shared = 0;
        for (a, b) in left.records.iter().flat_map(|a| right.iter().map(move |b| (a, b))) {
            for pass in SINGLE {
                let (x, y) = (key(pass, &lexicon, a, Side::Left), key(pass, &lexicon, b, Side::Right));
                assert_eq!(shares(pass, &lexicon, a, b), x.is_some() && x == y, "{pass:?}");
                shared += u32::from(x.is_some() && x == y);
            }
        }
        assert!(shared > 50, "{shared}");
    }

    #[test]
    fn slips_keep_a_key_in_common() {
        let shared = |a: &str, b: &str| -> Vec<Pass> {
            let left = prepared(&[a]);
            let (lexicon, r) = Lexicon::join(&left, &prepared(&[b]));
            let l = left.records;
            let one = SINGLE.iter().filter(|p| {
                let k = key(**p, &lexicon, &l[0], Side::Left);
                k.is_some() && k == key(**p, &lexicon, &r[0], Side::Right)
            });
            let (mut x, mut y) = (Vec::new(), Vec::new());
            let several = SEVERAL.iter().filter(|p| {
                keys(**p, &l[0], &mut x);
                keys(**p, &r[0], &mut y);
                x.iter().any(|k| y.contains(k))
            });
            one.copied().chain(several.copied().collect::<Vec<_>>()).collect()
        };
        let spine = "Nguyễn Thị Thu Hà|1980-03-07|f|001180123456|4";
        let found = [
            ("NGUYEN THI HA THU|1980-07-03|f||", Pass::NameDate),
            ("Nguyễn Hà|1980-03-07|f||", Pass::GivenDate),
            ("Nguyễn Thị Thu Hà|1980|f||", Pass::NameYear),
            ("Nguyễn Thị Thu Hà|1981-03-07|f||", Pass::NameDay),
            ("Nguyễn Thị Thu Hà|1999-12-11|f||4", Pass::NameCommune),
            ("Nguyễn Thị Thu Hà||||", Pass::NameOnly),
            ("Trần Thị Ba||||", Pass::Certain),
            ("|||001180123465|", Pass::IdNear),
            ("|||001180123406|", Pass::IdNear),
            ("Lê Hoa|1980-03-07|f||4,5", Pass::DateCommune),
        ];
        for (row, pass) in found {
            let passes = shared(spine, row);
            assert!(pass == Pass::Certain && passes.is_empty() || passes.contains(&pass), "{row}: {passes:?}");
        }
    }
}
