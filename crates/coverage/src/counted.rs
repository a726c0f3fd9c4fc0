//! Who is counted in an indicator, as conditions over `coverage_state`: the doors behind numerators and denominators.

use base::Scope;

use crate::figures::{Figures, Line};
use crate::indicators::{MEASURES, REGISTER};
use crate::plan::Indicator;
use crate::register::{SOURCES, Source};

/// A part of an indicator whose rows can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Counted in the numerator (tử số).
    Numerator,
    /// Counted in the denominator (mẫu số).
    Denominator,
    /// Should be in the numerator and is not (chưa tham gia).
    Open,
    /// Not known (chưa rõ).
    Unknown,
}

impl Part {
    /// All parts.
    pub(crate) const ALL: [Self; 4] = [Self::Numerator, Self::Denominator, Self::Open, Self::Unknown];

    /// The part an address names.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.word() == word)
    }

    /// Its word in addresses.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Numerator => "tu-so",
            Self::Denominator => "mau-so",
            Self::Open => "chua",
            Self::Unknown => "chua-ro",
        }
    }

    /// The condition of its rows; none where the indicator has no such rows.
    pub(crate) fn condition(self, id: &str) -> Option<&'static str> {
        let measure = MEASURES.iter().find(|measure| measure.id == id)?;
        match (self, id) {
            (Self::Denominator, _) => Some(measure.over.condition()),
            (Self::Numerator, _) => Some(measure.counted),
            (Self::Unknown, _) => Some(measure.unknown).filter(|condition| *condition != "false"),
            (Self::Open, "I2") => Some("social = 'not_covered'"),
            (Self::Open, "I4") => Some("jobless = 'not_covered'"),
            (Self::Open, "I5") => Some("past_retirement AND old_age IS NULL"),
            (Self::Open, _) => None,
        }
    }
}

/// What people are called in `coverage_outside` who take part and are no known residents: the rows behind an indicator's `unmatched`.
pub(crate) fn outside(id: &str) -> Option<&'static str> {
    MEASURES.iter().find(|measure| measure.id == id).map(|measure| measure.outside)
}

/// How many people are not in an indicator though they should be; none where it was not worked out or may not be seen.
pub(crate) fn open(figures: &Figures, indicator: &Indicator, line: &Line, scope: &Scope) -> Option<i64> {
    // That somebody is paid or employed comes from tax and labour rosters: for insurance officers only (practice E6).
    let offices = || desk::may(scope, desk::Permission::ViewEmployeeFindings);
    match indicator.id.as_str() {
        "I2" if offices() => figures.open("social", scope),
        "I4" if offices() => figures.open("jobless", scope),
        "I5" if line.basis == REGISTER => Some(line.denominator? - line.numerator?),
        _ => None,
    }
}

/// Key of the words for them.
pub(crate) fn open_key(indicator: &Indicator) -> &'static str {
    match indicator.id.as_str() {
        "I5" => "overview-open-old",
        "I4" => "overview-open-jobless",
        _ => "overview-open-social",
    }
}

/// The roster a shared table comes from; the table's own name where they are the same.
pub(crate) fn roster_of(table: &str) -> &str {
    let made_of = |source: &&Source| source.table.is_some_and(|(made, _)| made == table);
    SOURCES.iter().find(made_of).map_or(if table == "bhxh_month" { "bhxh_participation" } else { table }, |source| source.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_addresses_lead_back_to_their_part() {
        for part in [Part::Numerator, Part::Denominator, Part::Open, Part::Unknown] {
            assert_eq!(Part::parse(part.word()), Some(part));
        }
        assert_eq!(Part::parse("khac"), None);
        assert!(Part::Open.condition("I1").is_none(), "the list of people is that list");
        assert!(["I1", "I2", "I3", "I4", "I5"].iter().all(|id| Part::Numerator.condition(id).is_some()));
    }

    #[test]
    fn a_table_is_named_by_its_roster() {
        assert_eq!(roster_of("pupil"), "pupils");
        assert_eq!(roster_of("tax_wage"), "tax_settlement");
        assert_eq!(roster_of("bhxh_month"), "bhxh_participation");
        assert_eq!(roster_of("person"), "person");
    }
}
