//! Targets (plan III.1): what was assigned to the city and each commune, what the program proposes and why, how it changed.

mod assign;
mod list;
mod one;
mod paper;
mod year;

use base::{CommuneCode, Month, Rate};
use chapter::{PageError, Viewer};
use desk::Target;
use web::component::{Link, Tab, tabs};
use web::{Locale, Percent, SafeHtml};

use super::Pages;
use crate::figures::Figures;
use crate::path::{Path, assigned, between};
use crate::plan::Indicator;
use crate::propose::{Proposal, Today, share};

pub(crate) use assign::{change, give_all};
pub(crate) use list::show as list;
pub(crate) use one::show as one;
pub(crate) use paper::draft;
pub(crate) use year::show as year;

/// Path of these pages.
pub(crate) const TARGETS: &str = "/chi-tieu-giao";

/// The word of the city in addresses.
pub(crate) const CITY: &str = "thanh-pho";

/// Where the city's number for a year comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CityTarget {
    /// It was assigned.
    Assigned(Rate),
    /// The point of the straight line from here to the plan's last target.
    ByPath(Rate, (Month, Percent)),
}

impl CityTarget {
    pub(crate) fn share(self) -> Rate {
        match self {
            Self::Assigned(share) | Self::ByPath(share, _) => share,
        }
    }
}

/// A year of the plan, from the address: the year of the newest period to the plan's last.
fn plan_year(pages: &Pages, first: i32, text: &str) -> Result<i32, PageError> {
    let year = text.parse::<i32>().map_err(|_| PageError::NotFound)?;
    if (first..=pages.plan.last_year).contains(&year) { Ok(year) } else { Err(PageError::NotFound) }
}

/// The area of an address: the city, or a commune the viewer sees.
fn area_of(pages: &Pages, viewer: &Viewer, word: &str) -> Result<Option<CommuneCode>, PageError> {
    if word == CITY {
        return Ok(None);
    }
    let code = CommuneCode::parse(word).filter(|code| pages.app.places.commune(code).is_some()).ok_or(PageError::NotFound)?;
    if viewer.scope.sees(Some(&code)) { Ok(Some(code)) } else { Err(PageError::NotFound) }
}

/// The address of an area of an indicator and year.
fn href(year: i32, id: &str, commune: Option<&CommuneCode>) -> String {
    format!("{TARGETS}/{year}/{id}/{}", commune.map_or(CITY, CommuneCode::as_str))
}

/// "Toàn Thành phố" or the commune's name.
fn area_name(pages: &Pages, l: Locale, commune: Option<&CommuneCode>) -> String {
    commune.map(|code| pages.place(code)).unwrap_or_else(|| l.t("targets-city"))
}

/// What an area has today on the followed denominator.
fn today(figures: &Figures, id: &str, commune: Option<&CommuneCode>) -> Option<Today> {
    let line = figures.of(id, commune)?;
    Some(Today { covered: line.numerator?, people: line.denominator? })
}

/// The city's number for a year: assigned, or the point of the line from today to the plan's last target.
fn city_target(pages: &Pages, figures: &Figures, indicator: &Indicator, year: i32, targets: &[Target]) -> Option<CityTarget> {
    if let Some((target, _)) = assigned(targets, &indicator.id, None) {
        return Some(CityTarget::Assigned(target.value));
    }
    let period = figures.run.period;
    let course = figures.course_of(&indicator.id, None);
    let path = Path::new(indicator, pages.plan.last_year, period, &course, None);
    let start = path.start.or_else(|| course.last().copied())?;
    let at = between(start, path.last?, Month::new(year, 12)?)?;
    Some(CityTarget::ByPath(Rate::from_parts(i128::from(at.0), 4), start))
}

/// The proposal for all communes of a year.
fn proposal(pages: &Pages, figures: &Figures, indicator: &Indicator, target: CityTarget) -> Option<Proposal> {
    let communes: Vec<(CommuneCode, Today)> = pages
        .app
        .places
        .communes()
        .iter()
        .filter_map(|commune| Some((commune.code.clone(), today(figures, &indicator.id, Some(&commune.code))?)))
        .collect();
    Proposal::new(today(figures, &indicator.id, None)?, target.share(), &communes)
}

/// What is proposed for an area.
fn proposed(proposal: &Proposal, commune: Option<&CommuneCode>) -> Option<Rate> {
    match commune {
        Some(code) => proposal.of(code)?.share(),
        None => share(proposal.needed, proposal.city.people),
    }
}

/// Links to the years of the plan.
fn years(pages: &Pages, l: Locale, first: i32, shown: i32, at: impl Fn(i32) -> String) -> SafeHtml {
    let tab = |year: i32| Tab { link: Link::new(year.to_string(), at(year)), count: None, current: year == shown };
    tabs(&l.t("targets-years"), &(first..=pages.plan.last_year).map(tab).collect::<Vec<_>>())
}

/// A share with its decimals, as it is stored: `95,4321%`.
fn exact(l: Locale, share: Rate) -> String {
    web::format::rate(l.lang(), share)
}
