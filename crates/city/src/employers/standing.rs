//! When an employer was founded, rested and ended, and its state month by month.

use base::Date;

use crate::calendar::{self, MonthIndex};
use crate::employers::{Kind, Part};
use crate::random::{Draw, Random};

/// Months in which the model lets employers begin, rest and end.
const EVENTS: (MonthIndex, MonthIndex) = (calendar::month(2024, 1), calendar::month(2031, 12));
/// Months a firm winds up between its last wage and its dissolution.
const WINDING_UP: i32 = 4;
/// Months before its founding in which a firm already finds the people it hires when it opens.
const HIRES_AHEAD: i32 = 9;
/// Size bands from here on neither begin nor end within the model: large employers are old.
const OLD_BAND: usize = 5;

/// How an employer stands at the end of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Not founded yet.
    NotYet,
    /// Đang hoạt động.
    Active,
    /// Tạm ngừng kinh doanh.
    Suspended,
    /// Không hoạt động tại địa chỉ đã đăng ký.
    Gone,
    /// Ngừng hoạt động, chưa hoàn thành thủ tục.
    Closing,
    /// Đã giải thể.
    Dissolved,
}

impl State {
    /// The word of truth files.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotYet => "not-yet",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Gone => "not-at-address",
            Self::Closing => "closing",
            Self::Dissolved => "dissolved",
        }
    }
}

/// The dates of an employer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Day of the first certificate.
    pub founded: Date,
    /// First and last month of a rest (tạm ngừng kinh doanh).
    pub suspended: Option<(MonthIndex, MonthIndex)>,
    /// Month since which nobody is found at the address.
    pub gone: Option<MonthIndex>,
    /// Month of the last wage before winding up, and the day of dissolution.
    pub dissolved: Option<(MonthIndex, Date)>,
}

impl Standing {
    /// The state at the end of a month.
    pub fn state(&self, month: MonthIndex) -> State {
        if calendar::of(self.founded) > month {
            return State::NotYet;
        }
        if let Some((last, day)) = self.dissolved {
            if calendar::of(day) <= month {
                return State::Dissolved;
            }
            if last < month {
                return State::Closing;
            }
        }
        if self.gone.is_some_and(|from| from <= month) {
            return State::Gone;
        }
        if self.suspended.is_some_and(|(from, to)| from <= month && month <= to) {
            return State::Suspended;
        }
        State::Active
    }

    /// Whether it is active in every month of the model.
    pub fn is_steady(&self) -> bool {
        calendar::of(self.founded) < EVENTS.0 && self.suspended.is_none() && self.dissolved.is_none() && self.gone.is_none()
    }

    /// Whether it was a unit of the agency before August 2025, when units got new codes.
    pub fn had_old_code(&self) -> bool {
        self.registers() < calendar::month(2025, 8)
    }

    /// First month in which workers are registered: that after the founding, within the thirty days allowed.
    pub fn registers(&self) -> MonthIndex {
        calendar::of(self.founded) + 1
    }

    /// Whether somebody who looks for work in a month can find it here, if need be when the firm opens.
    pub fn hires_soon(&self, month: MonthIndex) -> bool {
        let opens = self.registers();
        let at = if opens > month && opens <= month + HIRES_AHEAD { opens } else { month };
        opens <= at && self.state(at) == State::Active && self.last_wage(at) > at
    }

    /// Last month in which somebody who works here in a month can go on.
    pub fn last_wage(&self, month: MonthIndex) -> MonthIndex {
        let rest = self.suspended.map(|(from, _)| from - 1).filter(|last| *last >= month);
        let end = self.dissolved.map(|(last, _)| last);
        rest.into_iter().chain(end).chain([MonthIndex::MAX]).min().unwrap_or(MonthIndex::MAX)
    }
}

/// Draws the dates of an employer.
pub fn draw(random: &Random, employer: u64, kind: Kind, part: Option<Part>) -> Standing {
    let draw = random.draw("employer standing", employer);
    let old = founded_between(draw, 1993, 2023);
    let settled = Standing { founded: old, suspended: None, gone: None, dissolved: None };
    match part {
        _ if kind == Kind::Public => settled,
        Some(Part::Pays { band }) if band >= OLD_BAND => settled,
        Some(Part::Pays { .. }) => lives(draw, settled, 22_000, 7_000, 9_000),
        Some(Part::OwnerOnly) | None => lives(draw, settled, 30_000, 9_000, 9_000),
        Some(Part::NeverRegisters) => Standing { founded: founded_between(draw, 2017, 2024), ..settled },
        Some(Part::NotObliged | Part::Seasonal | Part::AtParent) => settled,
        Some(Part::Idle) => idle(draw, settled),
    }
}

fn founded_between(draw: Draw, first: i32, last: i32) -> Date {
    let draw = draw.of("founded");
    // The number of firms has grown: three in four are of the later half.
    let years = (last - first + 1) as u32;
    let year = last - draw.of("year").small(years).min(draw.of("again").small(years));
    calendar::day(calendar::month(year, 1 + draw.of("month").small(12)), 1 + draw.of("day").small(28))
}

/// Beginnings, rests and ends within the model, each per 100,000 employers.
fn lives(draw: Draw, settled: Standing, begins: u32, rests: u32, ends: u32) -> Standing {
    let mut standing = settled;
    let somewhere = |draw: Draw| EVENTS.0 + draw.of("month").small((EVENTS.1 - EVENTS.0) as u32);
    let begin = draw.of("begins");
    if begin.chance(begins) {
        standing.founded = calendar::day(somewhere(begin), 1 + begin.of("day").small(28));
    }
    let opens = standing.registers() + HIRES_AHEAD;
    let end = draw.of("ends");
    if end.chance(ends) {
        let last = somewhere(end).max(opens);
        standing.dissolved = Some((last, calendar::day(last + WINDING_UP, 1 + end.of("day").small(28))));
    }
    let rest = draw.of("rests");
    if rest.chance(rests) {
        let from = somewhere(rest).max(opens);
        let to = from + 2 + rest.of("months").small(10);
        // A firm that rests until it ends is told by its end.
        if standing.dissolved.is_none_or(|(last, _)| to < last) {
            standing.suspended = Some((from, to));
        }
    }
    standing
}

/// Firms that stopped before the model begins.
fn idle(draw: Draw, settled: Standing) -> Standing {
    let founded = founded_between(draw, 2000, 2020);
    let stopped = calendar::month(2021, 1) + draw.of("stopped").small(34);
    let far = calendar::month(2032, 12);
    match draw.of("how").below(100) {
        0..60 => Standing { founded, gone: Some(stopped), ..settled },
        // The register renews a rest year by year.
        60..76 => Standing { founded, suspended: Some((stopped, far)), ..settled },
        _ => Standing { founded, dissolved: Some((stopped, calendar::last(far))), ..settled },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_firm_is_founded_rests_and_ends() {
        let standing = Standing {
            founded: "2024-03-10".parse().unwrap(),
            suspended: Some((calendar::month(2025, 1), calendar::month(2025, 6))),
            gone: None,
            dissolved: Some((calendar::month(2026, 5), "2026-09-03".parse().unwrap())),
        };
        let at = |year, number| standing.state(calendar::month(year, number));
        assert_eq!([at(2024, 2), at(2024, 3), at(2025, 1)], [State::NotYet, State::Active, State::Suspended]);
        assert_eq!([at(2025, 7), at(2026, 6), at(2026, 9)], [State::Active, State::Closing, State::Dissolved]);
        assert_eq!(standing.last_wage(calendar::month(2024, 6)), calendar::month(2024, 12));
        assert_eq!(standing.last_wage(calendar::month(2025, 8)), calendar::month(2026, 5));
        let looks = |year, number| standing.hires_soon(calendar::month(year, number));
        assert!(looks(2023, 12) && looks(2024, 5) && looks(2025, 7), "a firm finds people before it opens");
        assert!(!looks(2025, 3) && !looks(2026, 6) && !looks(2022, 1));
    }
}
