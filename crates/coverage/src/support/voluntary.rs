//! Support of people who pay voluntary social insurance (BHXH tự nguyện).

use base::{Date, Dong};
use chapter::ChapterError;
use law::Law;
use law::calc::{Method, SupportGroup, VoluntaryGroup};

use super::facts::{Payment, Person};
use super::judge::{Day, Entitled, groups};
use super::money::Money;
use super::{NAME, VOLUNTARY};
use crate::tables::failed;

/// The word for members of a veterans' club, who have no group of the state's own.
const CLUB: &str = "club";

/// What is paid for a month of voluntary insurance; `None` for who paid none, or in a way that the budget does not support.
///
/// The figures are those of the month in which the paid stretch begins, the nearest thing to the day of payment that the form gives. Months
/// supported so far are not known, so the most that the law allows is not checked.
pub(super) fn judge(person: &Person, day: &Day, law: &Law, money: &mut Money) -> Result<Option<Entitled>, ChapterError> {
    let paid = covering(&person.payments, day.first, day.last);
    let Some((payment, began)) = paid.first().copied() else { return Ok(None) };
    if !is_supported_method(law, began, payment)? {
        return Ok(None);
    }
    let own = groups(person, day);
    let has = |wanted: &[SupportGroup]| own.iter().any(|(group, _)| wanted.contains(group));
    let club = has(&[SupportGroup::VeteranClub]);
    let mut asked = Vec::new();
    if has(&[SupportGroup::Poor]) {
        asked.push(VoluntaryGroup::Poor);
    }
    if has(&[SupportGroup::NearPoor, SupportGroup::NearPoorHard]) {
        asked.push(VoluntaryGroup::NearPoor);
    }
    let ethnic = [SupportGroup::Ethnic, SupportGroup::EthnicLeft, SupportGroup::EthnicLeftZone];
    if has(&ethnic) {
        asked.push(VoluntaryGroup::Ethnic);
    }
    asked.push(VoluntaryGroup::Other);
    let income = Dong::new(payment.income.unwrap_or(0));
    let fail = |e: law::calc::CalcError| failed(NAME, "voluntary", &e);
    let best = money.voluntary(began, income, &asked, club, person.permanent == Some(true)).map_err(fail)?;
    let pending = match (&best, person.permanent) {
        (Some((_, without)), None) => {
            let with = money.voluntary(began, income, &asked, club, true).map_err(fail)?;
            with.map(|(_, with)| without.person - with.person).filter(|more| *more > Dong::ZERO)
        }
        _ => None,
    };
    let word = |group: VoluntaryGroup| if club && group == VoluntaryGroup::Other { CLUB } else { group.code() };
    let works = day.works(person);
    let standing = match (&best, payment.given) {
        // An income outside the law's bounds, or a form that does not say what was given.
        (None, _) | (_, None) => "unknown",
        // Who is insured at work is not to pay voluntary insurance.
        (_, Some(given)) if given > 0 => "supported",
        _ if works => "other_payer",
        _ => "paying_self",
    };
    let chosen = best.as_ref().map_or(VoluntaryGroup::Other, |(group, _)| *group);
    let part = |of: fn(&law::calc::VoluntaryOutcome) -> Dong| best.as_ref().map_or(Dong::ZERO, |(_, outcome)| of(outcome));
    Ok(Some(Entitled {
        scheme: VOLUNTARY,
        group: word(chosen),
        others: asked.iter().filter(|g| **g != chosen).map(|g| word(*g)).collect(),
        premium: part(|o| o.premium),
        state: part(|o| o.state),
        city: part(|o| o.city),
        person: part(|o| o.person),
        pending,
        standing,
        object: None,
        doubled: standing == "supported" && (works || paid.len() > 1),
        from: payment.from.filter(|_| standing == "supported"),
        to: payment.to.filter(|_| standing == "supported"),
    }))
}

/// Payments that take in a month, the first one first, each with the day whose figures hold for it: the last of the month in which the
/// paid stretch begins. A payment without an end is for its first month alone.
pub(super) fn covering(payments: &[Payment], first: i32, last: i32) -> Vec<(&Payment, Date)> {
    let mut found: Vec<(&Payment, Date)> = payments
        .iter()
        .filter_map(|payment| {
            let from = payment.from?;
            let covers = from <= last && payment.to.map_or(from >= first, |to| to >= first);
            Some((payment, Date::from_days_since_epoch(from)?.month().last_day())).filter(|_| covers)
        })
        .collect();
    found.sort_by_key(|(payment, _)| (payment.from, payment.to, payment.income));
    found
}

/// Whether the law supports the way of paying. The form gives words or the number of months.
fn is_supported_method(law: &Law, on: Date, payment: &Payment) -> Result<bool, ChapterError> {
    let known = match law.at("voluntary.support.methods", on, None) {
        Err(law::LookupError::NotYetInForce { .. }) => return Ok(false),
        other => other.map_err(|e| failed(NAME, "law", &e))?,
    };
    let method = method(payment).code();
    Ok(known.is_some_and(|methods| methods.codes().any(|code| code == method)))
}

fn method(payment: &Payment) -> Method {
    let words = base::names::fold(payment.method.as_deref().unwrap_or_default());
    if words.contains("thieu") {
        return Method::Missing;
    }
    let months = match (payment.from.and_then(Date::from_days_since_epoch), payment.to.and_then(Date::from_days_since_epoch)) {
        (Some(from), Some(to)) => from.month().months_until(to.month()) + 1,
        _ => 1,
    };
    match months {
        13.. => Method::Ahead,
        7..=12 => Method::TwelveMonths,
        4..=6 => Method::SixMonths,
        2..=3 => Method::ThreeMonths,
        _ => Method::Monthly,
    }
}
