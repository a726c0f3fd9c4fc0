//! Rhythms to days, by the working calendar of the law.

use base::{Date, Month};
use law::calc::Calendar;
use serde::Serialize;

use super::{At, Bound, Day, Deadline, Every, MonthOf, Point, Rhythm, Unit};

/// Which days are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First day on which something may be due.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Last day of the first period that was run; `None` where no run is known yet.
    pub first_run: Option<Date>,
}

/// One time that something is due (kỳ hạn).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Occurrence {
    /// Which of the rhythms, from 0.
    pub rhythm: usize,
    /// First day of the time it is about.
    pub from: Date,
    /// Last day of the time it is about.
    pub to: Date,
    /// The day by which it is to be done: the last working day that keeps the text; a day the text fixes stays as it is.
    pub due: Date,
    /// The last day that the words of the text allow, working day or not.
    pub limit: Date,
    /// Whether the text fixes the day itself ("ngày 20 hằng tháng").
    pub fixed: bool,
    /// Whether it was due before the first run: shown as overdue or without data, never left out. `None` where no run is known.
    pub before_first_run: Option<bool>,
    /// Whether the holidays of the year are known; otherwise only weekends are left out and the day may still move.
    pub calendar_known: bool,
}

/// All times within a window, by due day, then by rhythm.
///
/// Rhythms side by side are all kept ("hằng tháng, quý" is twelve and four a year). What has no day gives none.
pub fn occurrences(rhythms: &[Rhythm], window: Window, calendar: &Calendar) -> Vec<Occurrence> {
    let mut found = Vec::new();
    for (rhythm, one) in rhythms.iter().enumerate() {
        for span in spans(one, window) {
            if span.limit < window.from || span.limit > window.to {
                continue;
            }
            // Each day of work, not each day.
            if matches!(one, Rhythm::Every(Every { unit: Unit::Day, .. })) && !calendar.is_working(span.limit) {
                continue;
            }
            let due = if span.fixed { span.limit } else { working_day(span.from, span.limit, calendar) };
            found.push(Occurrence {
                rhythm,
                from: span.from,
                to: span.to,
                due,
                limit: span.limit,
                fixed: span.fixed,
                before_first_run: window.first_run.map(|first| due < first),
                calendar_known: calendar.knows(due.year()),
            });
        }
    }
    found.sort_by_key(|one| (one.due, one.rhythm, one.from));
    found
}

/// A time before the calendar is asked.
struct Span {
    from: Date,
    to: Date,
    limit: Date,
    fixed: bool,
}

impl Span {
    fn until(from: Date, to: Date) -> Self {
        Self { from, to, limit: to, fixed: false }
    }
}

/// The last working day up to a limit, not before the first day; where there is none, the first working day after the limit.
fn working_day(from: Date, limit: Date, calendar: &Calendar) -> Date {
    let step = |day: Date, by: i32| day.add_days(by).unwrap_or(day);
    let mut day = limit;
    while day >= from {
        if calendar.is_working(day) {
            return day;
        }
        day = step(day, -1);
    }
    day = limit;
    // No calendar rests for two months on end.
    for _ in 0..60 {
        day = step(day, 1);
        if calendar.is_working(day) {
            break;
        }
    }
    day
}

fn spans(rhythm: &Rhythm, window: Window) -> Vec<Span> {
    match rhythm {
        Rhythm::Every(every) => recurring(every, window),
        Rhythm::Once(deadline) => vec![once(*deadline)],
        Rhythm::StartBy(point) => vec![Span::until(point.first_day(), point.last_day())],
        Rhythm::During(stretch) => {
            let until = stretch.until.last_day();
            // Without a beginning, the last unit that the text names.
            let from = stretch.from.map_or(stretch.until.first_day(), Point::first_day);
            vec![Span::until(from.min(until), until)]
        }
        Rhythm::Always(_) | Rhythm::OnDemand | Rhythm::Unclear(_) => Vec::new(),
    }
}

fn once(deadline: Deadline) -> Span {
    let Deadline { point, bound } = deadline;
    let (first, last) = (point.first_day(), point.last_day());
    match bound {
        Bound::Within => Span { from: first, to: last, limit: last, fixed: matches!(point, Point::Day(_)) },
        Bound::UpTo => Span::until(first, last).opened(point),
        Bound::Before => {
            let before = first.add_days(-1).unwrap_or(first);
            Span::until(before, before).opened(Point::Day(before))
        }
    }
}

impl Span {
    /// A deadline that is one day leaves the month before it to find a working day in.
    fn opened(mut self, point: Point) -> Self {
        if matches!(point, Point::Day(_)) {
            self.from = self.limit.add_days(-31).unwrap_or(self.from);
        }
        self
    }
}

fn recurring(every: &Every, window: Window) -> Vec<Span> {
    let bounds = (every.from.map(Point::first_day), every.until.map(Point::last_day));
    let spans = units(every.unit, window).into_iter().filter_map(|(first, last)| span(every, first, last));
    spans.filter(|span| bounds.0.is_none_or(|from| span.to >= from) && bounds.1.is_none_or(|until| span.from <= until)).collect()
}

/// The units that may have a day within the window, one more on each side.
fn units(unit: Unit, window: Window) -> Vec<(Date, Date)> {
    let months = match unit {
        Unit::Day => return each_day(window, 1, window.from),
        // 5 January 1970 was a Monday.
        Unit::Week => {
            let since = (window.from.days_since_epoch() - 4).rem_euclid(7);
            return window.from.add_days(-since).map_or(Vec::new(), |monday| each_day(window, 7, monday));
        }
        Unit::Month => 1,
        Unit::Quarter => 3,
        Unit::HalfYear => 6,
        Unit::Year => 12,
    };
    let start = window.from.month().plus(-12);
    let mut month = start.plus(-(start.number() - 1).rem_euclid(months));
    let mut found = Vec::new();
    while month.first_day() <= window.to {
        found.push((month.first_day(), month.plus(months - 1).last_day()));
        month = month.plus(months);
    }
    found
}

fn each_day(window: Window, days: i32, from: Date) -> Vec<(Date, Date)> {
    let mut found = Vec::new();
    let mut first = Some(from);
    while let Some(day) = first.filter(|day| *day <= window.to) {
        if let Some(last) = day.add_days(days - 1) {
            found.push((day, last));
        }
        first = day.add_days(days);
    }
    found
}

fn span(every: &Every, first: Date, last: Date) -> Option<Span> {
    let year = Month::new(first.year(), 1)?;
    Some(match every.at {
        At::End => Span::until(first, last),
        At::Quarter(number) => {
            let month = year.plus(3 * (number - 1));
            Span::until(month.first_day(), month.plus(2).last_day())
        }
        At::Month(number) => {
            let month = year.plus(number - 1);
            Span::until(month.first_day(), month.last_day())
        }
        At::Before(day) => Span { from: first, to: last, limit: day_in(day, first, last).add_days(-1)?, fixed: false },
        At::UpTo(day) => Span { from: first, to: last, limit: day_in(day, first, last), fixed: false },
        At::On(day) => Span { from: first, to: last, limit: day_in(day, first, last), fixed: true },
    })
}

/// The day in its month; in a shorter month the last.
fn day_in(day: Day, first: Date, last: Date) -> Date {
    let month = match day.month {
        MonthOf::Own | MonthOf::First => first.month(),
        MonthOf::Last => last.month(),
        MonthOf::Next => last.month().next(),
        MonthOf::Number(number) => first.month().plus(number - 1),
    };
    let end = month.last_day();
    Date::new(month.year(), month.number(), day.day.clamp(1, end.day())).unwrap_or(end)
}
