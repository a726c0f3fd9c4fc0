//! Where an indicator should stand in a month: the straight way from last December over this year's target to the plan's last year. The same
//! arithmetic as the overview of the portal shows.

use base::Month;
use plan::indicators::Direction;
use web::{Percent, Points};

/// Hundredths of a point either way that count as on time (a tenth of a point).
const ON_TIME: i64 = 10;

/// What is known of the way of an indicator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Road {
    /// Months with their share, oldest first, the newest last.
    pub(super) course: Vec<(Month, Percent)>,
    /// The share assigned for the year.
    pub(super) assigned: Option<Percent>,
    /// The plan's share of its last year.
    pub(super) last: Option<(Month, Percent)>,
}

impl Road {
    /// Where it begins: the last month of the year before, else the first that is known.
    fn start(&self, month: Month) -> Option<(Month, Percent)> {
        let before = self.course.iter().rev().find(|(known, _)| known.year() < month.year());
        before.or_else(|| self.course.first()).copied().filter(|(known, _)| *known < month)
    }

    /// What is to be reached at the end of the year: what was assigned, else the point of the straight way.
    pub(super) fn year(&self, month: Month) -> Option<Percent> {
        let december = Month::new(month.year(), 12)?;
        self.assigned.or_else(|| between(self.start(month)?, self.last?, december))
    }

    /// Where it should stand in a month; none without anything to start from.
    pub(super) fn at(&self, month: Month) -> Option<Percent> {
        let (start, december) = (self.start(month)?, Month::new(month.year(), 12)?);
        match (self.year(month), self.last) {
            (Some(year), _) => between(start, (december, year), month),
            (None, Some(last)) => between(start, last, month),
            (None, None) => None,
        }
    }

    /// The share of the month before the newest, where it is known.
    pub(super) fn before(&self, month: Month) -> Option<Percent> {
        self.course.iter().find(|(known, _)| *known == month.plus(-1)).map(|(_, share)| *share)
    }
}

/// How a share stands against what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Against {
    /// Within a tenth of a point.
    OnTime,
    /// Better by so much.
    Ahead(Points),
    /// Worse by so much.
    Behind(Points),
}

/// Sets a share against what it should be.
pub(super) fn against(direction: Direction, share: Percent, should: Percent) -> Against {
    let points = share.above(should);
    let better = if direction == Direction::Down { -points.0 } else { points.0 };
    match better {
        n if n.abs() <= ON_TIME => Against::OnTime,
        n if n > 0 => Against::Ahead(points),
        _ => Against::Behind(points),
    }
}

/// The value at a month on the straight line between two, rounded half away from zero.
fn between(from: (Month, Percent), to: (Month, Percent), month: Month) -> Option<Percent> {
    let (length, gone) = (i64::from(from.0.months_until(to.0)), i64::from(from.0.months_until(month)));
    if length <= 0 {
        return None;
    }
    let rise = (to.1.0 - from.1.0) * gone;
    let half = if rise < 0 { -length } else { length };
    Some(Percent(from.1.0 + (2 * rise + half) / (2 * length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn the_way_goes_from_december_over_the_year_to_the_last_target() {
        let road = Road {
            course: vec![
                (month("2025-12"), Percent(9_400)),
                (month("2026-09"), Percent(9_590)),
                (month("2026-10"), Percent(9_641)),
            ],
            assigned: Some(Percent(9_700)),
            last: Some((month("2030-12"), Percent(10_000))),
        };
        assert_eq!(road.at(month("2026-10")), Some(Percent(9_650)), "ten twelfths of three points");
        assert_eq!(road.before(month("2026-10")), Some(Percent(9_590)));
        let alone = Road { assigned: None, ..road.clone() };
        assert_eq!(alone.year(month("2026-10")), Some(Percent(9_520)), "a fifth of the way");
        let unknown = Road { course: vec![(month("2026-10"), Percent(9_641))], ..road };
        assert_eq!(unknown.at(month("2026-10")), None, "one month judges nothing");
        assert_eq!(unknown.year(month("2026-10")), Some(Percent(9_700)));
    }

    #[test]
    fn a_tenth_of_a_point_is_on_time_and_less_is_better_where_the_plan_says_so() {
        let up = |share, should| against(Direction::Up, Percent(share), Percent(should));
        assert_eq!(
            (up(9_640, 9_650), up(9_641, 9_675), up(5_030, 5_000)),
            (Against::OnTime, Against::Behind(Points(-34)), Against::Ahead(Points(30)))
        );
        assert_eq!(against(Direction::Down, Percent(684), Percent(640)), Against::Behind(Points(44)));
    }
}
