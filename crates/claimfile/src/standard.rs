//! Which decision a dossier follows, by the day its visit ended.

use base::Date;
use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::yaml::{self, ContentFault};

/// The decision that gives the tables (chuẩn dữ liệu).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standard {
    /// Decision 4210/QĐ-BYT of 2017: other names for some columns.
    Qd4210,
    /// Decision 130/QĐ-BYT of 2023: the fifteen tables.
    Qd130,
    /// Decision 4750/QĐ-BYT of 2023.
    Qd4750,
    /// Decision 3176/QĐ-BYT of 2024.
    Qd3176,
}

impl Standard {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Qd4210 => "qd4210",
            Self::Qd130 => "qd130",
            Self::Qd4750 => "qd4750",
            Self::Qd3176 => "qd3176",
        }
    }
}

/// From which day of the end of a visit each standard holds: `formats/claims/standards.yaml`.
#[derive(Debug, Clone, Default)]
pub struct Standards(Vec<(Date, Standard)>);

impl Standards {
    /// The standard of a visit that ended on a day; the first one for older visits.
    pub fn on(&self, end: Date) -> Standard {
        let found = self.0.iter().rev().find(|(from, _)| *from <= end).or_else(|| self.0.first());
        found.map_or(Standard::Qd130, |(_, standard)| *standard)
    }

    pub(crate) fn load(file: &str, text: &str) -> Result<Self, Vec<ContentFault>> {
        let written: Written = yaml::read(file, text).map_err(|fault| vec![fault])?;
        let mut faults = Vec::new();
        let mut standards: Vec<(Date, Standard)> = Vec::new();
        for row in &written.standards {
            let at = (row.referenced.line(), row.referenced.column());
            if standards.last().is_some_and(|(before, _)| *before >= row.value.from) {
                faults.push(yaml::fault(file, at, "the days must rise from row to row".to_owned()));
            }
            if row.value.reference.trim().is_empty() {
                faults.push(yaml::fault(file, at, "a standard needs its reference".to_owned()));
            }
            standards.push((row.value.from, row.value.standard));
        }
        if standards.is_empty() {
            faults.push(yaml::fault(file, (1, 1), "there is no standard".to_owned()));
        }
        if faults.is_empty() { Ok(Self(standards)) } else { Err(faults) }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    standards: Vec<Spanned<WrittenRow>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRow {
    standard: Standard,
    from: Date,
    reference: String,
    #[serde(default)]
    #[expect(dead_code, reason = "how sure the day is, for who reads the file; nothing is computed from it")]
    confidence: Option<String>,
}
