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
    /// Years of age at the end, the most that the birth as told allows; absent where it does not tell.
    pub age: Option<i32>,
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
        (Some(false), Some(holder)) if may_have_more(law, end, holder, input.age) => None,
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

/// Whether the law gives the holder more than the card says, which neither card nor dossier tell: people of an age who receive the social pension are paid
/// at a level of their own from the day the law says, and their cards still print that of another group. Whoever has a pension has no social pension.
fn may_have_more(law: &Law, end: Date, holder: &str, age: Option<i32>) -> bool {
    const KEY: &str = "bhyt.level.by_holder";
    let Some(theirs) = percent(law, KEY, end, "social_pensioner_75").filter(|_| holder != "pensioner") else { return false };
    let from = match law.at("bhyt.level.social_pension_age_years", end, None) {
        Ok(Some(Value::Int(years))) => Some(*years),
        _ => None,
    };
    let old = age.zip(from).is_none_or(|(age, from)| age >= from);
    old && percent(law, KEY, end, holder).is_some_and(|own| own < theirs)
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

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! law_file {
        ($path:literal) => {
            ($path, include_str!(concat!("../../../../law/", $path)))
        };
    }

    fn law() -> Law {
        Law::load([
            law_file!("bhyt/level/by_holder.yaml"),
            law_file!("bhyt/level/social_pension_age_years.yaml"),
            law_file!("bhyt/share/small_visit.yaml"),
            law_file!("bhxh/reference_level.yaml"),
        ])
        .unwrap()
    }

    /// The rate of a visit of a million đồng at the right place, at a facility that is not of the primary level.
    fn rate(end: &str, holder: &str, age: Option<i32>) -> Option<Amount> {
        let input = Input {
            end: Some(end.parse().unwrap()),
            holder: Some(holder),
            inpatient: Some(false),
            share: Some("100"),
            place: None,
            primary: Some(false),
            total: Some(Amount::whole(1_000_000)),
            exempt_from: None,
            age,
        };
        share(&law(), &input).rate
    }

    fn percents(percent: i64) -> Option<Amount> {
        Some(Amount::whole(percent))
    }

    #[test]
    fn of_people_of_75_nobody_can_tell_the_rate_from_the_card_since_2026() {
        assert_eq!(rate("2026-08-05", "other", Some(75)), None, "80 printed, 100 with a social pension");
        assert_eq!(rate("2026-08-05", "merit_relative", Some(81)), None, "95 printed");
        assert_eq!(rate("2026-08-05", "other", None), None, "the birth does not tell");
        assert_eq!(rate("2026-08-05", "other", Some(74)), percents(80));
        assert_eq!(rate("2025-12-31", "other", Some(80)), percents(80), "before the law had such a level");
    }

    #[test]
    fn who_has_a_pension_or_is_paid_in_full_has_the_rate_of_the_card_at_any_age() {
        assert_eq!(rate("2026-08-05", "pensioner", Some(80)), percents(95));
        assert_eq!(rate("2026-08-05", "full", Some(80)), percents(100));
        assert_eq!(rate("2026-08-05", "near_poor", Some(80)), percents(100));
    }
}
