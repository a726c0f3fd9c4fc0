//! Words of a plan to rhythms.

use std::ops::Range;

use base::names::clean;

use super::frequency::frequency;
use super::points::{YEARS, no_such_day, point};
use super::words::Pieces;
use super::{At, Bound, Day, Deadline, Every, MonthOf, Point, Rhythm, Said, Stretch, Unit};

/// Words before a time that say nothing about it.
const FILLERS: [&str; 12] = [
    "thoi gian",
    "thuc hien",
    "hoan thanh",
    "trien khai",
    "bao cao",
    "dinh ky",
    "cung cap",
    "trong",
    "vao",
    "cac",
    "xong",
    "theo",
];

/// What one look at the text gives.
pub(super) enum Part {
    /// A rhythm of its own.
    Is(Rhythm),
    /// "từ …": when something begins.
    From(Point),
    /// "giai đoạn …", "đến …": when something ends.
    Over(Stretch),
    /// A day of the month without saying of which ("trước ngày 10").
    DayOnly(fn(Day) -> At, i32),
    /// A yearly time of which the text does not say that it is yearly.
    Yearly(At),
}

/// Reads what a text says of time. An empty text gives nothing; what is not understood is [`Rhythm::Unclear`].
pub fn parse(text: &str) -> Said {
    let text = clean(text);
    let mut pieces = Pieces::new(&text);
    let mut state = State::default();
    loop {
        pieces.stops();
        if pieces.is_done() {
            break;
        }
        let start = pieces.place();
        if let Some(place) = no_such_day(&mut pieces) {
            state.not_understood(place);
            continue;
        }
        while pieces.any(&FILLERS) {}
        match part(&mut pieces, &mut state) {
            Some(part) => state.add(part),
            None => {
                pieces.go_back(start);
                let place = pieces.skip();
                state.not_understood(place);
            }
        }
    }
    state.finish(&text)
}

/// What a sentence says of coming again: "Hàng tháng cung cấp …; trước ngày 30/4 hàng năm cung cấp …".
///
/// Only at the beginning of a clause: "trợ cấp hàng tháng" is the name of a benefit. Everything else of the sentence is left.
pub fn mentioned(text: &str) -> Vec<Rhythm> {
    let text = clean(text);
    let mut pieces = Pieces::new(&text);
    let mut state = State::default();
    let mut begins = true;
    while !pieces.is_done() {
        if pieces.at_stop() {
            pieces.stops();
            begins = true;
            continue;
        }
        let start = pieces.place();
        if begins {
            while pieces.any(&FILLERS) {}
            if let Some(part) = part(&mut pieces, &mut state) {
                state.add(part);
                continue;
            }
            pieces.go_back(start);
        }
        begins = false;
        pieces.skip();
    }
    let mut said = state.finish(&text).rhythms;
    said.retain(|rhythm| matches!(rhythm, Rhythm::Every(_)));
    said
}

/// What was read so far.
#[derive(Default)]
pub(super) struct State {
    pub(super) rhythms: Vec<Rhythm>,
    from: Option<Point>,
    over: Option<Stretch>,
    doubts: Vec<String>,
    /// Bytes that were not understood, joined where they touch, and how many rhythms stood before them.
    unclear: Vec<Range<usize>>,
    /// How the last day was bound, for "và 15/12".
    bound: Option<fn(Day) -> At>,
}

impl State {
    fn add(&mut self, part: Part) {
        match part {
            Part::From(point) => self.from = Some(point),
            Part::Over(stretch) => self.over = Some(stretch),
            Part::Is(Rhythm::Every(every)) => self.every(every),
            Part::Is(rhythm) => self.push(rhythm),
            Part::DayOnly(bound, day) => {
                let at = bound(Day { day, month: MonthOf::Own });
                match self.rhythms.last_mut() {
                    Some(Rhythm::Every(every)) if every.unit == Unit::Month && every.at == At::End => every.at = at,
                    _ => {
                        self.doubts.push(format!("“ngày {day}” không ghi tháng nào: tạm hiểu là hằng tháng"));
                        self.every(Every { unit: Unit::Month, at, from: None, until: None });
                    }
                }
            }
            Part::Yearly(at) => {
                let said = matches!(self.rhythms.last(), Some(Rhythm::Every(every)) if every.unit == Unit::Year);
                if !said {
                    self.doubts.push("không ghi năm: tạm hiểu là hằng năm".to_owned());
                }
                self.every(Every { unit: Unit::Year, at, from: None, until: None });
            }
        }
    }

    /// A closer word on the rhythm before, or one more.
    fn every(&mut self, every: Every) {
        if every.at != At::End
            && let Some(Rhythm::Every(before)) = self.rhythms.last_mut()
            && before.unit == every.unit
            && before.at == At::End
        {
            before.at = every.at;
            return;
        }
        self.push(Rhythm::Every(every));
    }

    pub(super) fn push(&mut self, rhythm: Rhythm) {
        if !self.rhythms.contains(&rhythm) {
            self.rhythms.push(rhythm);
        }
    }

    fn not_understood(&mut self, place: Range<usize>) {
        match self.unclear.last_mut() {
            // Only a space between them.
            Some(last) if place.start <= last.end + 1 => last.end = place.end,
            _ => self.unclear.push(place),
        }
    }

    fn finish(mut self, text: &str) -> Said {
        let mut attached = false;
        if self.rhythms.iter().any(|rhythm| matches!(rhythm, Rhythm::Every(_))) {
            // "Hàng quý, năm 2026": the year says when, not one thing more.
            let over = &mut self.over;
            self.rhythms.retain(|rhythm| match rhythm {
                Rhythm::Once(Deadline { point: point @ Point::Year(_), bound: Bound::Within }) if over.is_none() => {
                    *over = Some(Stretch { from: Some(*point), until: *point });
                    false
                }
                _ => true,
            });
        }
        for rhythm in &mut self.rhythms {
            let Rhythm::Every(every) = rhythm else { continue };
            attached = true;
            every.from = self.from.or(self.over.and_then(|over| over.from));
            every.until = self.over.map(|over| over.until);
        }
        if !attached {
            if let Some(over) = self.over {
                let from = over.from.or(self.from);
                self.push(Rhythm::During(Stretch { from, ..over }));
            } else if let Some(from) = self.from {
                match self.rhythms.iter_mut().find(|rhythm| matches!(rhythm, Rhythm::Always(None))) {
                    Some(always) => *always = Rhythm::Always(Some(from)),
                    None => self.push(Rhythm::Always(Some(from))),
                }
            }
        }
        for place in std::mem::take(&mut self.unclear) {
            if let Some(words) = text.get(place).map(str::trim).filter(|words| !words.is_empty()) {
                self.push(Rhythm::Unclear(words.to_owned()));
            }
        }
        Said { rhythms: self.rhythms, doubts: self.doubts }
    }
}

fn part(p: &mut Pieces, state: &mut State) -> Option<Part> {
    let start = p.place();
    let found = always(p)
        .or_else(|| stretch(p))
        .or_else(|| bounded(p, state))
        .or_else(|| frequency(p, state))
        .or_else(|| in_year(p))
        .or_else(|| point(p).map(|point| Part::Is(Rhythm::Once(Deadline { point, bound: Bound::Within }))))
        .or_else(|| more_days(p, state));
    if found.is_none() {
        p.go_back(start);
    }
    found
}

/// "thường xuyên", "khi có yêu cầu".
fn always(p: &mut Pieces) -> Option<Part> {
    if p.any(&["thuong xuyen lien tuc", "thuong xuyen", "lien tuc"]) {
        p.any(&["trong nam", "hang ngay"]);
        return Some(Part::Is(Rhythm::Always(None)));
    }
    let asked = ["khi co yeu cau", "theo yeu cau", "yeu cau", "dot xuat", "khi phat sinh", "khi can thiet", "khi can"];
    p.any(&asked).then_some(Part::Is(Rhythm::OnDemand))
}

/// "giai đoạn 2026 - 2030", "2026-2030", "từ … đến …", "từ …", "đến …".
fn stretch(p: &mut Pieces) -> Option<Part> {
    let start = p.place();
    p.words("giai doan");
    p.words("tu nam");
    p.words("nam");
    if let Some(from) = p.number(YEARS.0, YEARS.1) {
        let joined = p.dash() || p.any(&["den nam", "den het nam", "den"]);
        if let Some(until) = joined.then(|| p.number(YEARS.0, YEARS.1)).flatten()
            && until >= from
        {
            return Some(Part::Over(Stretch { from: Some(Point::Year(from)), until: Point::Year(until) }));
        }
    }
    p.go_back(start);
    if let Some(from) = point(p)
        && let Some(until) = p.dash().then(|| point(p)).flatten()
    {
        return Some(Part::Over(Stretch { from: Some(from), until }));
    }
    p.go_back(start);
    if p.words("tu")
        && let Some(from) = point(p)
    {
        p.words("tro di");
        if p.any(&["den het", "den"]) {
            let until = point(p)?;
            return Some(Part::Over(Stretch { from: Some(from), until }));
        }
        return Some(Part::From(from));
    }
    p.go_back(start);
    if p.any(&["den het", "den"])
        && let Some(until) = point(p)
    {
        return Some(Part::Over(Stretch { from: None, until }));
    }
    p.go_back(start);
    None
}

/// "trước …", "chậm nhất …", "ngày …": with a day, or with a quarter, month or year.
fn bounded(p: &mut Pieces, state: &mut State) -> Option<Part> {
    let start = p.place();
    if p.any(&["cham nhat la tu", "cham nhat tu"]) {
        if let Some(point) = point(p) {
            return Some(Part::Is(Rhythm::StartBy(point)));
        }
        p.go_back(start);
    }
    let (day_at, bound): (fn(Day) -> At, Bound) = if p.words("truoc") {
        (At::Before, Bound::Before)
    } else if p.any(&["cham nhat la", "cham nhat den", "cham nhat trong", "cham nhat vao", "cham nhat", "khong qua", "den"]) {
        (At::UpTo, Bound::UpTo)
    } else {
        (At::On, Bound::Within)
    };
    if let Some(point) = point(p) {
        return (bound != Bound::Within).then_some(Part::Is(Rhythm::Once(Deadline { point, bound }))).or_else(|| {
            p.go_back(start);
            None
        });
    }
    let named = p.words("ngay");
    if (named || bound != Bound::Within)
        && let Some(part) = day_of_unit(p, day_at)
    {
        state.bound = Some(day_at);
        return Some(part);
    }
    p.go_back(start);
    None
}

/// A day that comes again: "30/4 hằng năm", "15 tháng cuối quý", "10 hằng tháng", "05 của tháng sau".
fn day_of_unit(p: &mut Pieces, at: fn(Day) -> At) -> Option<Part> {
    let day = p.number(1, 31)?;
    let every = |unit, month| Some(Part::Is(Rhythm::Every(Every { unit, at: at(Day { day, month }), from: None, until: None })));
    let before_month = p.place();
    if (p.slash() || p.words("thang"))
        && let Some(month) = p.number(1, 12)
    {
        let day = at(Day { day, month: MonthOf::Number(month) });
        return Some(yearly(p, day));
    }
    p.go_back(before_month);
    if p.any(&["hang thang", "moi thang", "trong thang", "cua moi thang"]) {
        return every(Unit::Month, MonthOf::Own);
    }
    p.words("cua");
    p.words("hang");
    if p.any(&["thang sau lien ke", "thang lien ke", "thang sau", "thang tiep theo", "thang ke tiep"]) {
        return every(Unit::Month, MonthOf::Next);
    }
    let of = if p.words("thang cuoi") {
        MonthOf::Last
    } else if p.words("thang dau") {
        MonthOf::First
    } else if p.any(&["hang thang", "thang"]) && p.at_stop() {
        return every(Unit::Month, MonthOf::Own);
    } else {
        p.go_back(before_month);
        return Some(Part::DayOnly(at, day));
    };
    p.any(&["cua", "moi", "hang"]);
    let unit = if p.any(&["6 thang", "sau thang"]) {
        Unit::HalfYear
    } else if p.words("quy") {
        Unit::Quarter
    } else if p.words("nam") {
        Unit::Year
    } else {
        return None;
    };
    let next = p.any(&["sau", "tiep theo", "ke tiep"]);
    match (of, next) {
        (MonthOf::First, true) => every(unit, MonthOf::Next),
        // The last month of the next unit: nobody writes that for one rhythm.
        (_, true) => None,
        (of, false) => every(unit, of),
    }
}

/// Takes "hằng năm" behind a yearly time; without it the time is yearly by assumption.
fn yearly(p: &mut Pieces, at: At) -> Part {
    let here = p.place();
    p.stops();
    if p.any(&["hang nam", "moi nam", "cua nam", "cac nam"]) {
        return Part::Is(Rhythm::Every(Every { unit: Unit::Year, at, from: None, until: None }));
    }
    p.go_back(here);
    Part::Yearly(at)
}

/// "quý IV hằng năm", "tháng 12 hằng năm".
fn in_year(p: &mut Pieces) -> Option<Part> {
    let start = p.place();
    let at = if p.words("quy") {
        p.number(1, 4).map(At::Quarter)
    } else if p.words("thang") {
        p.number(1, 12).map(At::Month)
    } else {
        None
    };
    // With a year behind it, it is a point of time.
    let Some(at) = at.filter(|_| !has_year(p)) else {
        p.go_back(start);
        return None;
    };
    Some(yearly(p, at))
}

fn has_year(p: &mut Pieces) -> bool {
    let here = p.place();
    let joined = p.slash() || p.words("nam");
    let has = joined && p.number(YEARS.0, YEARS.1).is_some();
    p.go_back(here);
    has
}

/// "… và 15/12": one more day, bound as the one before.
fn more_days(p: &mut Pieces, state: &mut State) -> Option<Part> {
    let at = state.bound?;
    matches!(state.rhythms.last(), Some(Rhythm::Every(_))).then(|| day_of_unit(p, at)).flatten()
}
