//! The path of an indicator to 2030: from last December over this year's target, and where a month stands on it.

use base::{CommuneCode, Month};
use desk::Target;
use web::component::Status;
use web::{Locale, Percent, Points};

use crate::plan::{Direction, InFigures, Indicator, percent_of};

/// Hundredths of a point either way that count as on time (a tenth of a point).
const ON_TIME: i64 = 10;

/// Hundredths of a point behind from which it is no longer a little.
const FAR: i64 = 50;

/// Where an indicator should go. The parts that are not known are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    /// Last December's value, or the earliest value known.
    pub(crate) start: Option<(Month, Percent)>,
    /// The target of this year: assigned, or the point of the path.
    pub(crate) year: Option<(Month, Percent)>,
    /// Whether the year's target was assigned.
    pub(crate) assigned: bool,
    /// The plan's last target.
    pub(crate) last: Option<(Month, Percent)>,
    /// The newest value, from which the path is drawn when nothing earlier is known.
    now: Option<(Month, Percent)>,
}

impl Path {
    /// The path of an indicator seen from a month, from its course so far and the target assigned for the year.
    pub(crate) fn new(
        indicator: &Indicator,
        last_year: i32,
        month: Month,
        course: &[(Month, Percent)],
        assigned: Option<Percent>,
    ) -> Self {
        let december = |year| Month::new(year, 12);
        let before = course.iter().rev().find(|(m, _)| m.year() < month.year());
        let start = before.or_else(|| course.first()).copied().filter(|(m, _)| *m < month);
        let last = indicator.percent().and_then(|t| Some((december(last_year)?, t)));
        let by_path = match (start, last, december(month.year())) {
            (Some(from), Some(to), Some(end)) => between(from, to, end),
            _ => None,
        };
        let year = december(month.year()).and_then(|end| Some((end, assigned.or(by_path)?)));
        Self { start, year, assigned: assigned.is_some(), last, now: course.last().copied() }
    }

    /// Where the indicator should stand in a month; none when there is nothing to start from.
    pub(crate) fn at(&self, month: Month) -> Option<Percent> {
        let start = self.start?;
        match (self.year, self.last) {
            (Some(year), _) if month <= year.0 => between(start, year, month),
            (Some(year), Some(last)) => between(year, last, month),
            (None, Some(last)) => between(start, last, month),
            _ => None,
        }
    }

    /// The corners for drawing.
    pub(crate) fn corners(&self) -> Vec<(Month, f64)> {
        // With one period known the line begins at its own value: it shows the way from here, it judges nothing.
        let start = self.start.or(self.now);
        let by_path = || {
            let (start, last) = (start?, self.last?);
            let december = Month::new(start.0.year(), 12)?;
            Some((december, between(start, last, december)?))
        };
        let corners = [start.or(self.year), self.year.or_else(by_path), self.last].into_iter().flatten();
        corners.map(|(month, share)| (month, share.for_chart())).collect()
    }

    /// Where a share of a month stands, in words.
    pub(crate) fn status(&self, l: Locale, direction: Direction, month: Month, share: Percent) -> Status {
        let better = |points: Points| if direction == Direction::Down { Points(-points.0) } else { points };
        let size = |points: Points| l.points_size(points, 1);
        if let Some(should) = self.at(month) {
            let ahead = better(share.above(should));
            let words = |key: &str| l.t_args(key, &[("points", size(ahead).as_str().into())]);
            return match ahead.0 {
                n if n.abs() <= ON_TIME => Status::ok(l.t("coverage-on-path")),
                n if n > 0 => Status::ok(words("coverage-ahead")),
                n if n > -FAR => Status::warn(words("coverage-behind")),
                _ => Status::bad(words("coverage-behind")),
            };
        }
        let Some((december, target)) = self.year else { return Status::neutral(l.t("overview-no-path")) };
        let ahead = better(share.above(target));
        let year = december.year().to_string();
        if ahead.0 >= 0 {
            return Status::ok(l.t_args("overview-reached", &[("year", year.as_str().into())]));
        }
        let values = [("points", size(ahead).as_str().into()), ("year", year.as_str().into())];
        Status::warn(l.t_args("overview-short-of-year", &values))
    }
}

/// The value at a month on the straight line between two, rounded half away from zero.
pub(crate) fn between(from: (Month, Percent), to: (Month, Percent), month: Month) -> Option<Percent> {
    let (length, gone) = (i64::from(from.0.months_until(to.0)), i64::from(from.0.months_until(month)));
    if length <= 0 {
        return None;
    }
    let rise = (to.1.0 - from.1.0) * gone;
    let half = if rise < 0 { -length } else { length };
    Some(Percent(from.1.0 + (2 * rise + half) / (2 * length)))
}

/// The assigned share of an indicator and area among the targets of a year.
pub(crate) fn assigned<'t>(targets: &'t [Target], id: &str, commune: Option<&CommuneCode>) -> Option<(&'t Target, Percent)> {
    let target = targets.iter().find(|t| t.indicator == id && t.commune.as_ref() == commune)?;
    Some((target, percent_of(target.value)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn the_line_is_exact_at_its_ends_and_rounds_between() {
        let (from, to) = ((month("2025-12"), Percent(9_400)), (month("2026-12"), Percent(9_501)));
        assert_eq!(between(from, to, from.0), Some(from.1));
        assert_eq!(between(from, to, to.0), Some(to.1));
        // 101 / 12 * 6 = 50.5, away from zero.
        assert_eq!(between(from, to, month("2026-06")), Some(Percent(9_451)));
        assert_eq!(between(to, from, month("2026-06")), None, "a line backwards is none");
    }

    #[test]
    fn a_path_without_a_target_of_the_year_goes_straight_to_the_last() {
        let start = Some((month("2025-12"), Percent(5_000)));
        let last = Some((month("2030-12"), Percent(6_000)));
        let path = Path { start, year: None, assigned: false, last, now: None };
        assert_eq!(path.at(month("2026-12")), Some(Percent(5_200)));
        let with = Path { year: Some((month("2026-12"), Percent(5_100))), assigned: true, ..path };
        assert_eq!(with.at(month("2026-06")), Some(Percent(5_050)));
        assert_eq!(with.at(month("2028-12")), Some(Percent(5_550)));
    }
}
