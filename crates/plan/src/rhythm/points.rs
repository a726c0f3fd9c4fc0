//! Points of time with their year: `30/4/2026`, `quý II/2026`, `6 tháng cuối năm 2026`, `năm 2026`.

use std::ops::Range;

use base::{Date, Month};

use super::Point;
use super::words::Pieces;

/// Years a plan may speak of. Others are numbers of something else.
pub(super) const YEARS: (i32, i32) = (2000, 2100);

/// A day, month, quarter, half or year with its year.
pub(super) fn point(p: &mut Pieces) -> Option<Point> {
    let start = p.place();
    let found = day(p)
        .map(Point::Day)
        .or_else(|| half(p))
        .or_else(|| numbered(p, "quy", 4).map(|(year, number)| Point::Quarter(year, number)))
        .or_else(|| numbered(p, "thang", 12).and_then(|(year, number)| Month::new(year, number)).map(Point::Month))
        .or_else(|| bare_month(p))
        .or_else(|| bare_year(p));
    if found.is_none() {
        p.go_back(start);
    }
    found
}

/// `30/4/2026`, `30-4-2026`, `ngày 30 tháng 4 năm 2026`.
fn day(p: &mut Pieces) -> Option<Date> {
    let start = p.place();
    let found = year_month_day(p).and_then(|(year, month, day)| Date::new(year, month, day).ok());
    if found.is_none() {
        p.go_back(start);
    }
    found
}

fn year_month_day(p: &mut Pieces) -> Option<(i32, i32, i32)> {
    p.words("ngay");
    let day = p.number(1, 31)?;
    let dashed = p.dash();
    (dashed || p.slash() || p.words("thang")).then_some(())?;
    let month = p.number(1, 12)?;
    (p.slash() || (dashed && p.dash()) || p.words("nam")).then_some(())?;
    Some((p.number(YEARS.0, YEARS.1)?, month, day))
}

/// A day that the calendar has not, 31/02/2026: the bytes it stands on.
pub(super) fn no_such_day(p: &mut Pieces) -> Option<Range<usize>> {
    let start = p.place();
    p.any(&["truoc", "cham nhat", "den het", "den", "tu"]);
    match year_month_day(p) {
        Some((year, month, day)) if Date::new(year, month, day).is_err() => Some(p.since(start)),
        _ => {
            p.go_back(start);
            None
        }
    }
}

fn half(p: &mut Pieces) -> Option<Point> {
    let start = p.place();
    let number = if p.any(&["6 thang dau nam", "sau thang dau nam"]) {
        Some(1)
    } else if p.any(&["6 thang cuoi nam", "sau thang cuoi nam"]) {
        Some(2)
    } else {
        None
    };
    let found = number.and_then(|number| p.number(YEARS.0, YEARS.1).map(|year| Point::Half(year, number)));
    if found.is_none() {
        p.go_back(start);
    }
    found
}

/// `quý II/2026`, `tháng 6 năm 2026`: year and number.
fn numbered(p: &mut Pieces, word: &str, most: i32) -> Option<(i32, i32)> {
    let start = p.place();
    let read = |p: &mut Pieces| {
        p.words(word).then_some(())?;
        let number = p.number(1, most)?;
        (p.slash() || p.dash() || p.words("nam")).then_some(())?;
        Some((p.number(YEARS.0, YEARS.1)?, number))
    };
    let found = read(p);
    if found.is_none() {
        p.go_back(start);
    }
    found
}

/// `6/2026`.
fn bare_month(p: &mut Pieces) -> Option<Point> {
    let start = p.place();
    let number = p.number(1, 12);
    let found = number.filter(|_| p.slash()).and_then(|number| Month::new(p.number(YEARS.0, YEARS.1)?, number));
    if found.is_none() {
        p.go_back(start);
    }
    found.map(Point::Month)
}

/// `năm 2026`, `2026`.
fn bare_year(p: &mut Pieces) -> Option<Point> {
    p.words("nam");
    p.number(YEARS.0, YEARS.1).map(Point::Year)
}
