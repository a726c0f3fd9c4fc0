//! One resident on the last day of a month: groups, support, where the person stands, whether supported twice.

use std::collections::BTreeMap;

use base::{Date, Dong, Month};
use chapter::ChapterError;
use law::Law;
use law::calc::SupportGroup;

use super::facts::{Card, Listed, Person};
use super::money::{Money, Since};
use super::{HEALTH, NAME};
use crate::tables::failed;

/// A month with the law of its last day.
pub(super) struct Day {
    pub(super) month: Month,
    /// The last day: the day on which groups, cards and figures are those of the month.
    pub(super) on: Date,
    pub(super) first: i32,
    pub(super) last: i32,
    school_year: Option<String>,
    child_months: Option<i32>,
    /// The ages at which the city begins and ends to pay for old people.
    elderly: Option<(i32, i32)>,
    /// Supported group of a card's object code.
    objects: BTreeMap<String, SupportGroup>,
    /// Object codes paid by employers or the insurance fund.
    other_payers: Vec<String>,
    /// Object codes of people who pay themselves.
    own: Vec<String>,
}

/// What is paid for one person and month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entitled {
    pub(super) scheme: &'static str,
    pub(super) group: &'static str,
    /// Other groups of the person in the order of Điều 12.
    pub(super) others: Vec<&'static str>,
    pub(super) premium: Dong,
    pub(super) state: Dong,
    pub(super) city: Dong,
    pub(super) person: Dong,
    /// What would be added once permanent residence is proven; absent where residence is known.
    pub(super) pending: Option<Dong>,
    pub(super) standing: &'static str,
    pub(super) object: Option<String>,
    pub(super) doubled: bool,
    pub(super) from: Option<i32>,
    pub(super) to: Option<i32>,
}

impl Day {
    pub(super) fn new(law: &Law, month: Month) -> Result<Self, ChapterError> {
        let on = month.last_day();
        let fail = |e: law::LookupError| failed(NAME, "law", &e);
        // A parameter that has not begun has nothing to say: the group it serves is then not found by it.
        let value = |key: &str, word: Option<&str>| match law.at(key, on, word) {
            Err(law::LookupError::NotYetInForce { .. }) => Ok(None),
            other => other.map_err(fail),
        };
        let codes = |key: &str, word: &str| {
            Ok::<_, ChapterError>(value(key, Some(word))?.map(|v| v.codes().map(str::to_owned).collect()).unwrap_or_default())
        };
        let years = |key: &str| Ok::<_, ChapterError>(value(key, None)?.and_then(law::Value::int));
        let mut objects = BTreeMap::new();
        let known = law.known("bhyt.object.support").map_err(fail)?;
        for word in known.selector.iter().flat_map(|s| &s.values) {
            let Some(group) = SupportGroup::of_code(word) else { continue };
            let own: Vec<String> = codes("bhyt.object.support", word)?;
            objects.extend(own.into_iter().map(|code| (code, group)));
        }
        let mut other_payers: Vec<String> = codes("bhyt.object.group", "1")?;
        other_payers.extend(codes("bhyt.object.group", "2")?);
        Ok(Self {
            month,
            on,
            first: super::days(month.first_day()),
            last: super::days(on),
            school_year: value("school_year.name", None)?.and_then(|v| v.code().map(str::to_owned)),
            child_months: value("bhyt.child_age_limit_months", None)?.and_then(law::Value::int),
            elderly: years("hanoi.bhyt.elderly_from_years")?.zip(years("hanoi.bhyt.elderly_below_years")?),
            objects,
            other_payers,
            own: codes("bhyt.object.group", "5")?,
        })
    }

    /// Whether a stretch of days takes in the last day of the month; an end that is not known is open.
    pub(super) fn within(&self, from: Option<i32>, to: Option<i32>) -> bool {
        from.is_none_or(|day| day <= self.last) && to.is_none_or(|day| day >= self.last)
    }

    fn supported<'c>(&self, card: &'c Card) -> Option<(SupportGroup, &'c Card)> {
        let group = self.objects.get(card.object.as_deref()?)?;
        self.within(card.from, card.to).then_some((*group, card))
    }

    fn holds(&self, person: &Person, codes: &[String]) -> bool {
        person.cards.iter().any(|c| self.within(c.from, c.to) && c.object.as_ref().is_some_and(|o| codes.contains(o)))
    }

    /// Insured by an employer in the month.
    pub(super) fn works(&self, person: &Person) -> bool {
        person.worked.contains(&self.first)
    }

    /// The employer or the insurance fund pays for the person, whatever else they are (Điều 12 khoản 1, 2; Điều 13 khoản 5).
    fn paid_by_other(&self, person: &Person) -> bool {
        // Survivors (tuất) are no group of the fund; a line without a kind is taken as a pension.
        let pension = |code: Option<&str>| code != Some("survivor");
        let listed = |code: Option<&str>| matches!(code, Some("pensioner" | "commune_part_timer"));
        self.works(person)
            || self.holds(person, &self.other_payers)
            || person.pensions.iter().any(|p| p.month.is_none_or(|m| m == self.first) && pension(p.code.as_deref()))
            || person.listed.iter().any(|l| self.within(l.from, l.to) && listed(l.group.as_deref()))
    }
}

/// What is paid for a person's health insurance in a month; `None` for who is in no supported group.
pub(super) fn health(person: &Person, day: &Day, money: &mut Money) -> Result<Option<Entitled>, ChapterError> {
    let groups = groups(person, day);
    if groups.is_empty() {
        return Ok(None);
    }
    let fail = |e: law::calc::CalcError| failed(NAME, "support", &e);
    let proven = person.permanent == Some(true);
    let Some(shares) = money.health(day.on, &groups, proven, person.born).map_err(fail)? else { return Ok(None) };
    // Without proof of permanent residence the city adds nothing yet; what it would add is kept apart.
    let pending = match person.permanent {
        None => {
            let with = money.health(day.on, &groups, true, person.born).map_err(fail)?;
            with.map(|with| shares.person - with.person).filter(|more| *more > Dong::ZERO)
        }
        Some(_) => None,
    };
    if shares.state + shares.city == Dong::ZERO && pending.is_none() {
        return Ok(None);
    }
    let standing = standing(person, day, shares.state + shares.city == Dong::ZERO);
    let card = card_shown(person, day);
    let others = groups.iter().filter(|(group, _)| *group != shares.group).map(|(group, _)| group.code()).collect();
    Ok(Some(Entitled {
        scheme: HEALTH,
        group: shares.group.code(),
        others,
        premium: shares.premium,
        state: shares.state,
        city: shares.city,
        person: shares.person,
        pending,
        standing,
        object: card.and_then(|c| c.object.clone()),
        doubled: standing == "supported" && doubled(person, day),
        from: card.filter(|_| standing == "supported").and_then(|c| c.from),
        to: card.filter(|_| standing == "supported").and_then(|c| c.to),
    }))
}

/// All groups of a person on the last day of the month, each once, in the order of Điều 12.
pub(super) fn groups(person: &Person, day: &Day) -> Vec<Since> {
    let mut found: BTreeMap<SupportGroup, Option<Date>> = BTreeMap::new();
    for line in person.listed.iter().filter(|line| day.within(line.from, line.to)) {
        let Some(group) = line.group.as_deref().and_then(SupportGroup::of_code) else { continue };
        found.insert(group, since(&person.listed, group));
    }
    let mut add = |group| {
        found.entry(group).or_insert(None);
    };
    if day.school_year.is_some() && person.school_years.contains(&day.school_year) {
        add(SupportGroup::Pupil);
    }
    if let (Some(born), Some(limit)) = (person.born, day.child_months)
        && months_old(born, day.on) < limit
    {
        add(SupportGroup::Child);
    }
    for line in person.allowances.iter().filter(|line| line.month.is_none_or(|month| month == day.first)) {
        match line.code.as_deref() {
            Some("age_75" | "age_70_poor") => add(SupportGroup::SocialPension),
            Some(_) => add(SupportGroup::SocialProtection),
            // The words of the ground are not known: nothing is concluded from them.
            None => {}
        }
    }
    let mut carded = false;
    for (group, _) in person.cards.iter().filter_map(|card| day.supported(card)) {
        add(group);
        carded = true;
    }
    // The city pays for old people and ethnic minorities without a card (chưa có thẻ BHYT): a card of another group goes first.
    if let (Some(born), Some((from, below))) = (person.born, day.elderly)
        && (from..below).contains(&born.age_on(day.on))
        && person.permanent != Some(false)
        && !day.paid_by_other(person)
    {
        add(SupportGroup::Elderly);
    }
    if carded {
        found.remove(&SupportGroup::Elderly);
        found.remove(&SupportGroup::Ethnic);
    }
    if found.contains_key(&SupportGroup::Pupil) && found.contains_key(&SupportGroup::FarmAverage) {
        found.entry(SupportGroup::PupilFarm).or_insert(None);
    }
    found.remove(&SupportGroup::Household);
    found.into_iter().collect()
}

/// Since when a person is in a group, kept where the support is for a time: the first day that any list names, for lists are made anew each
/// year while the term runs on.
pub(super) fn since(listed: &[Listed], group: SupportGroup) -> Option<Date> {
    if !group.is_for_a_time() {
        return None;
    }
    let own = listed.iter().filter(|line| line.group.as_deref() == Some(group.code()));
    let first = own.flat_map(|line| [line.decided, line.from]).flatten().min();
    first.and_then(Date::from_days_since_epoch)
}

/// Completed months of age.
fn months_old(born: Date, on: Date) -> i32 {
    born.month().months_until(on.month()) - i32::from(on.day() < born.day())
}

fn standing(person: &Person, day: &Day, nothing_proven: bool) -> &'static str {
    let valid = || person.cards.iter().filter(|c| day.within(c.from, c.to));
    let elsewhere = person.elsewhere.iter().any(|e| e.health && day.within(e.from, e.to));
    if valid().any(|card| day.supported(card).is_some()) {
        "supported"
    } else if day.paid_by_other(person) {
        "other_payer"
    } else if day.holds(person, &day.own) {
        "paying_self"
    } else if valid().next().is_some() || elsewhere || !person.cards_known || nothing_proven {
        "unknown"
    } else {
        "no_card"
    }
}

/// The card that the standing speaks of: a supported one, else the one paid by others, else any valid one; of several the one that
/// ends last.
fn card_shown<'p>(person: &'p Person, day: &Day) -> Option<&'p Card> {
    let rank = |card: &Card| match &card.object {
        Some(object) if day.objects.contains_key(object) => 0,
        Some(object) if day.other_payers.contains(object) => 1,
        Some(object) if day.own.contains(object) => 2,
        _ => 3,
    };
    let ends = |card: &Card| card.to.unwrap_or(i32::MAX);
    let valid = person.cards.iter().filter(|c| day.within(c.from, c.to));
    valid.min_by_key(|card| (rank(card), std::cmp::Reverse(ends(card)), card.number.as_deref()))
}

/// A supported card while insured by an employer, or while another supported card runs.
fn doubled(person: &Person, day: &Day) -> bool {
    let mut cards: Vec<&str> = person
        .cards
        .iter()
        .filter_map(|card| day.supported(card))
        .filter_map(|(_, card)| card.number.as_deref().or(card.object.as_deref()))
        .collect();
    cards.sort_unstable();
    cards.dedup();
    day.works(person) || cards.len() > 1
}
