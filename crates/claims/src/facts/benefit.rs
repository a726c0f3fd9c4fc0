//! The rate a dossier should have been paid at (mức hưởng), from the law of the day it ended.

use base::{Amount, Date};
use law::{Law, Value};

/// What decides the rate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input<'a> {
    pub end: Option<Date>,
    /// The law's word for who holds the card.
    pub holder: Option<&'a str>,
    pub inpatient: Option<bool>,
    /// Percent of the card's rate by the visit's category, where that is one fixed figure.
    pub share: Option<&'a str>,
    /// The law's word for the facility, where the share is that of self-referral.
    pub place: Option<&'a str>,
    /// Whether the facility is of the primary level; absent while the catalogue of facilities is not loaded.
    pub primary: Option<bool>,
    /// Cost in scope.
    pub total: Option<Amount>,
    /// First day without co-payment.
    pub exempt_from: Option<Date>,
}

/// The rate and what led to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Share {
    /// Percent of the cost in scope; absent where the data do not tell.
    pub rate: Option<Amount>,
    /// Whether the visit is paid in full for its small cost, its level or the year's co-payment.
    pub in_full: Option<bool>,
    /// Cost of one visit below which all is paid.
    pub small_limit: Option<Amount>,
}

/// Works it out. What the law did not know on that day, or the dossier does not tell, is left open.
pub(crate) fn share(law: &Law, input: &Input<'_>) -> Share {
    let Some(end) = input.end else { return Share::default() };
    let small_limit = small_limit(law, end);
    let small = input.total.zip(small_limit).map(|(total, limit)| total < limit);
    let exempt = input.exempt_from.is_some_and(|from| from <= end);
    let in_full = match (small, input.primary) {
        _ if exempt => Some(true),
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    };
    let level = match (in_full, input.holder) {
        // Whoever is paid in full by the card is so everywhere.
        (_, Some(holder)) if percent(law, "bhyt.level.by_holder", end, holder) == Some(Amount::whole(100)) => {
            Some(Amount::whole(100))
        }
        (Some(true), Some(_)) => Some(Amount::whole(100)),
        (Some(false), Some(holder)) => percent(law, "bhyt.level.by_holder", end, holder),
        _ => None,
    };
    let category = match (input.share, input.place) {
        (Some(share), _) => Amount::parse(share).ok(),
        (None, Some(place)) => input.inpatient.and_then(|inpatient| {
            let key = if inpatient { "bhyt.share.self_inpatient" } else { "bhyt.share.self_outpatient" };
            percent(law, key, end, place)
        }),
        (None, None) => None,
    };
    Share { rate: level.zip(category).and_then(|(level, share)| level.percent_rounded(share)), in_full, small_limit }
}

/// A rate of the law as percent.
fn percent(law: &Law, key: &str, day: Date, selector: &str) -> Option<Amount> {
    match law.at(key, day, Some(selector)).ok()?? {
        // Hundred-millionths to percent in millionths: the same figure.
        Value::Rate(rate) => Amount::from_millionths(rate.hundred_millionths()),
        _ => None,
    }
}

fn small_limit(law: &Law, day: Date) -> Option<Amount> {
    let (reference, part) =
        (law.at("bhxh.reference_level", day, None).ok()??, law.at("bhyt.share.small_visit", day, None).ok()??);
    match (reference, part) {
        (Value::Dong(reference), Value::Rate(part)) => {
            Amount::whole(reference.get()).percent_rounded(Amount::from_millionths(part.hundred_millionths())?)
        }
        _ => None,
    }
}
