//! How often: "hàng tháng", "mỗi quý", "1 lần/quý", and units listed behind one another.

use super::parse::{Part, State};
use super::words::Pieces;
use super::{Rhythm, Unit};

/// "hàng tháng", "mỗi quý", "định kỳ 6 tháng", "1 lần/quý", and the units listed behind it: "hàng tuần, tháng, quý".
pub(super) fn frequency(p: &mut Pieces, state: &mut State) -> Option<Part> {
    let start = p.place();
    if let Some(unit) = times(p) {
        return Some(Part::Is(Rhythm::every(unit)));
    }
    p.go_back(start);
    let said = p.any(&["hang", "moi", "tung"]);
    // Bare units are read behind a rhythm only, and 6 months anywhere: "tháng", "năm" alone are parts of other words.
    let listed = matches!(state.rhythms.last(), Some(Rhythm::Every(_)));
    let unit = unit(p, said).filter(|unit| said || listed || *unit == Unit::HalfYear).filter(|_| said || may_end(p));
    let Some(unit) = unit else {
        p.go_back(start);
        return None;
    };
    // "một lần", "/lần": how often is said already.
    let here = p.place();
    p.slash();
    if !p.any(&["mot lan", "1 lan", "lan"]) {
        p.go_back(here);
    }
    // "hàng tuần/tháng/quý": the next unit follows directly.
    if p.slash() || p.dash() {
        state.push(Rhythm::every(unit));
        return frequency(p, state).or(Some(Part::Is(Rhythm::every(unit))));
    }
    Some(Part::Is(Rhythm::every(unit)))
}

/// Whether a bare unit may stand here: at an end, before another unit or before "một lần".
fn may_end(p: &mut Pieces) -> bool {
    let here = p.place();
    let ends = p.at_stop() || p.slash() || p.dash() || p.any(&["mot lan", "1 lan", "lan", "hang", "giai doan", "tu"]);
    p.go_back(here);
    ends
}

fn unit(p: &mut Pieces, said: bool) -> Option<Unit> {
    if p.any(&["6 thang", "sau thang", "nua nam"]) {
        Some(Unit::HalfYear)
    } else if p.any(&["3 thang", "ba thang", "quy"]) {
        Some(Unit::Quarter)
    } else if p.words("tuan") {
        Some(Unit::Week)
    } else if p.words("thang") {
        Some(Unit::Month)
    } else if p.words("nam") {
        Some(Unit::Year)
    } else if said && p.words("ngay") {
        Some(Unit::Day)
    } else {
        None
    }
}

/// "1 lần/quý", "mỗi năm 2 lần".
fn times(p: &mut Pieces) -> Option<Unit> {
    let count = if p.words("mot lan") {
        1
    } else {
        let count = p.number(1, 52)?;
        p.words("lan").then_some(count)?
    };
    if !p.slash() {
        p.any(&["trong", "moi", "mot"]).then_some(())?;
    }
    match (count, unit(p, true)?) {
        (1, unit) => Some(unit),
        (2, Unit::Year) => Some(Unit::HalfYear),
        (4, Unit::Year) => Some(Unit::Quarter),
        (12, Unit::Year) => Some(Unit::Month),
        (3, Unit::Quarter) => Some(Unit::Month),
        (4, Unit::Month) => Some(Unit::Week),
        _ => None,
    }
}
