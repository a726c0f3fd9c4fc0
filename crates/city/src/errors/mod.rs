//! Errors of writing: how often each kind is made in a roster, and the making of them.
//!
//! An error belongs to the agency that made it: it is drawn by roster and person, so it stands in
//! every month's file alike.

pub mod address;
pub mod date;
pub mod id;
pub mod name;

use crate::error::CityError;
use crate::random::Draw;
use crate::tables;

/// A kind of error, named as in `data/error_rates.csv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
#[allow(missing_docs)] // Each is described where it is made.
pub enum Pattern {
    MarksDropped,
    MarkLost,
    WrongTone,
    NewStyleTone,
    ToneAfterQu,
    IY,
    DStroke,
    Telex,
    Vni,
    Decomposed,
    Swapped,
    MiddleDropped,
    GivenFirst,
    SoundPair,
    Spacing,
    YearOnly,
    DayMonthSwapped,
    YearDigit,
    DeclaredAge,
    OldId,
    Transposed,
    DigitWrong,
    ZeroLost,
    FamilyId,
    SecondInsuranceNumber,
    OldWard,
    OldDistrict,
    HouseNumber,
    Elsewhere,
    SexWrong,
    MissingId,
}

/// Names of the patterns, in the order of [`Pattern`].
const NAMES: [&str; 31] = [
    "marks_dropped",
    "mark_lost",
    "wrong_tone",
    "new_style_tone",
    "tone_after_qu",
    "i_y",
    "d_stroke",
    "telex",
    "vni",
    "decomposed",
    "swapped",
    "middle_dropped",
    "given_first",
    "sound_pair",
    "spacing",
    "year_only",
    "day_month_swapped",
    "year_digit",
    "declared_age",
    "old_id",
    "transposed",
    "digit_wrong",
    "zero_lost",
    "family_id",
    "second_insurance_number",
    "old_ward",
    "old_district",
    "house_number",
    "elsewhere",
    "sex_wrong",
    "missing_id",
];

/// How carefully a file is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// The population register.
    Clean,
    /// Agencies' lists.
    Typical,
    /// Files of before 2010.
    Legacy,
}

/// How often each kind of error is made in one roster.
#[derive(Debug, Clone)]
pub struct Profile {
    name: &'static str,
    /// Per 100,000, by pattern.
    rates: [u32; NAMES.len()],
}

impl Profile {
    /// The profile of a roster; `missing_id` is per 100,000.
    pub fn new(name: &'static str, care: Care, missing_id: u32) -> Result<Self, CityError> {
        let mut rates = [0; NAMES.len()];
        let column = match care {
            Care::Clean => 1,
            Care::Typical => 2,
            Care::Legacy => 3,
        };
        for row in tables::rows("error_rates.csv", include_str!("../../data/error_rates.csv"), 4)? {
            let at = NAMES.iter().position(|n| *n == row.fields[0]);
            let unknown =
                || CityError::Data { file: "error_rates.csv", line: 0, reason: format!("unknown pattern {}", row.fields[0]) };
            rates[at.ok_or_else(unknown)?] = row.number(column)?;
        }
        rates[Pattern::MissingId as usize] = missing_id;
        Ok(Self { name, rates })
    }

    /// Sets the rate of one pattern, per 100,000.
    pub fn with(mut self, pattern: Pattern, rate: u32) -> Self {
        self.rates[pattern as usize] = rate;
        self
    }

    /// The rate of a pattern, per 100,000.
    pub fn rate(&self, pattern: Pattern) -> u32 {
        self.rates[pattern as usize]
    }

    /// The roster it belongs to.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether a pattern strikes, and the draw that decides its details.
    pub fn strikes(&self, pattern: Pattern, record: Draw) -> Option<Draw> {
        self.strikes_times(pattern, record, 100)
    }

    /// The same at a multiple of the rate, in per cent, for groups that are struck more or less often.
    pub fn strikes_times(&self, pattern: Pattern, record: Draw, per_cent: u32) -> Option<Draw> {
        let draw = record.of(NAMES[pattern as usize]);
        draw.chance(self.rate(pattern) * per_cent / 100).then(|| draw.of("detail"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn rates_are_read_by_name_and_come_out_as_asked() {
        let profile = Profile::new("bhyt_card", Care::Typical, 2_000).unwrap();
        assert_eq!(profile.rate(Pattern::MarksDropped), 2_000);
        assert_eq!(profile.rate(Pattern::OldWard), 35_000);
        assert_eq!(profile.rate(Pattern::SexWrong), 100);
        assert_eq!(profile.rate(Pattern::MissingId), 2_000);
        let random = Random::new(1);
        let struck = (0..50_000).filter(|i| profile.strikes(Pattern::OldWard, random.draw("r", *i)).is_some()).count();
        assert!((17_000..18_000).contains(&struck), "{struck}");
    }
}
