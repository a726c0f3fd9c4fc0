//! What the desk's agreements (thỏa thuận chia sẻ dữ liệu) let a file bring in.

use std::collections::{BTreeMap, BTreeSet};

use base::Date;
use book::{AgreedBatch, AgreementRef};
use desk::{DataAgreement, Term};
use intake::{Layouts, Report};

use super::ReceiveError;

/// The agreements that hold on the day files come in, by roster.
#[derive(Debug, Clone, Default)]
pub struct Agreements {
    in_force: BTreeMap<String, Agreed>,
    /// Rosters of which every agreement is over, with the number of the last one.
    over: BTreeMap<String, String>,
}

/// What the agreements in force say of one roster.
#[derive(Debug, Clone, Default)]
struct Agreed {
    agreements: Vec<AgreementRef>,
    /// Fields that at least one of them names.
    fields: BTreeSet<String>,
}

/// How a roster stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// No agreement was written down, or its first day has not come: it is taken as it is.
    None,
    /// Only the fields of the agreements are taken.
    InForce,
    /// Every agreement is over: nothing is taken until a new one is written down.
    Over,
}

/// Why an agreement cannot be about a roster and these fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgreementFault {
    /// No layout is of this roster; the rosters there are.
    Roster(Vec<String>),
    /// No layout of the roster has these fields.
    Fields(Vec<String>),
    /// Each layout of the roster needs a field that is left out; those of the newest one.
    Needed(Vec<String>),
}

impl Agreements {
    /// Those of the desk on a day.
    pub fn on(all: &[DataAgreement], day: Date) -> Self {
        let mut found = Self::default();
        for agreement in all {
            match agreement.term(day) {
                Term::InForce => {
                    let agreed = found.in_force.entry(agreement.roster.clone()).or_default();
                    agreed.agreements.push(AgreementRef { id: agreement.id.clone(), number: agreement.number.clone() });
                    agreed.fields.extend(agreement.fields.iter().cloned());
                }
                Term::Over => {
                    found.over.insert(agreement.roster.clone(), agreement.number.clone());
                }
                Term::Coming => {}
            }
        }
        found.over.retain(|roster, _| !found.in_force.contains_key(roster));
        found
    }

    /// How a roster stands.
    pub fn standing(&self, roster: &str) -> Standing {
        if self.in_force.contains_key(roster) {
            Standing::InForce
        } else if self.over.contains_key(roster) {
            Standing::Over
        } else {
            Standing::None
        }
    }

    /// The layouts with the fields that may be taken.
    pub(super) fn narrow(&self, layouts: &Layouts) -> Layouts {
        layouts.within(&self.in_force.iter().map(|(roster, agreed)| (roster.clone(), agreed.fields.clone())).collect())
    }

    /// Refuses a file of a roster whose agreements are all over.
    pub(super) fn must_hold(&self, roster: &str) -> Result<(), ReceiveError> {
        match self.over.get(roster) {
            Some(number) => Err(ReceiveError::AgreementOver { roster: roster.to_owned(), number: number.clone() }),
            None => Ok(()),
        }
    }

    /// What the batch of a file says of its agreements; `None` when there is none.
    pub(super) fn of(&self, report: &Report) -> Option<AgreedBatch> {
        let agreed = self.in_force.get(&report.roster)?;
        Some(AgreedBatch { agreements: agreed.agreements.clone(), dropped: report.outside_columns.clone() })
    }
}

/// Whether an agreement can be about this roster and these fields: each is a field of it, and files of at least one of its layouts
/// can still be read.
pub fn check_agreement(layouts: &Layouts, roster: &str, fields: &BTreeSet<String>) -> Result<(), AgreementFault> {
    let of: Vec<_> = layouts.all().iter().filter(|layout| layout.roster == roster).collect();
    let Some(newest) = layouts.newest(roster) else {
        return Err(AgreementFault::Roster(layouts.rosters().into_iter().map(str::to_owned).collect()));
    };
    let known: BTreeSet<&str> = of.iter().flat_map(|layout| &layout.fields).map(|f| f.name.as_str()).collect();
    let unknown: Vec<String> = fields.iter().filter(|field| !known.contains(field.as_str())).cloned().collect();
    if !unknown.is_empty() {
        return Err(AgreementFault::Fields(unknown));
    }
    let lacking = |layout: &intake::Layout| -> Vec<String> {
        let needed = layout.fields.iter().filter(|f| (f.required || f.needed) && !fields.contains(&f.name));
        needed.map(|f| f.name.clone()).collect()
    };
    if of.iter().any(|layout| lacking(layout).is_empty()) { Ok(()) } else { Err(AgreementFault::Needed(lacking(newest))) }
}
