//! The lines of the table `claim_indicator`, made of counts.

use base::Month;

use super::counts::{Counts, OfFacility, OfHome, given};
use super::{LINES, REPEATED};
use crate::catalogue::Catalogues;

/// Plan III.5b: visits at commune stations.
const STATIONS: &str = "T5b";
/// Plan III.5c: facilities that prescribe for over 30 days.
const FACILITIES: &str = "T5c";
/// Plan III.5c: visits so prescribed.
const VISITS: &str = "T5c-visits";
/// Plan III.5d: repeated tests.
const TESTS: &str = "T5d";

/// What is there to count with.
pub(super) struct Known {
    /// Lists of facilities and diseases.
    pub catalogues: Catalogues,
    /// Most days of an ordinary prescription; none where over 30 days cannot be judged.
    pub max_days: Option<i64>,
    /// Why it cannot be judged.
    pub missing_over_30: Option<&'static str>,
    /// Whether there are lines of cost at all: a month of sheets 79a and 80a alone has none.
    pub has_lines: bool,
    /// Whether the rule of repeated tests looked at the month.
    pub repeated: bool,
    /// Whether the claims of the month before were there to compare with.
    pub has_before: bool,
}

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub id: &'static str,
    pub commune: Option<String>,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    pub unknown: Option<i64>,
    pub missing: Option<&'static str>,
    pub source: Option<String>,
    pub rows_query: Option<String>,
}

impl Line {
    /// A figure that cannot be worked out.
    fn missing(id: &'static str, commune: Option<&str>, what: &'static str) -> Self {
        Self {
            id,
            commune: commune.map(str::to_owned),
            numerator: None,
            denominator: None,
            unknown: None,
            missing: Some(what),
            source: None,
            rows_query: None,
        }
    }

    /// A share; over nothing there is none.
    fn share(id: &'static str, (part, whole, unknown): (i64, i64, i64), source: String, rows_query: String) -> Self {
        let known = whole > 0;
        Self {
            id,
            commune: None,
            numerator: known.then_some(part),
            denominator: known.then_some(whole),
            unknown: Some(unknown),
            missing: None,
            source: known.then_some(source),
            rows_query: Some(rows_query),
        }
    }
}

/// All lines in the order of the table's key.
pub(super) fn lines(period: Month, known: &Known, counts: &Counts, communes: &[&str]) -> Vec<Line> {
    let mut lines = stations(period, known, counts, communes);
    lines.extend(over_30(period, known, counts));
    lines.push(repeated(period, known, counts));
    lines.sort_by(|a, b| (a.id, &a.commune).cmp(&(b.id, &b.commune)));
    lines
}

/// 5b: the city counts all visits, a commune those of people who live there as their claims say.
fn stations(period: Month, known: &Known, counts: &Counts, communes: &[&str]) -> Vec<Line> {
    let places = std::iter::once(None).chain(communes.iter().copied().map(Some));
    if known.catalogues.facilities.is_none() {
        return places.map(|commune| Line::missing(STATIONS, commune, "facility_catalogue")).collect();
    }
    let none = OfHome::default();
    let mut city = OfHome::default();
    for of in counts.homes.values() {
        city.station += of.station;
        city.elsewhere += of.elsewhere;
        city.unknown += of.unknown;
    }
    let line = |commune: Option<&str>| {
        let of = match commune {
            Some(code) => counts.homes.get(&Some(code.to_owned())).unwrap_or(&none),
            None => &city,
        };
        let place = commune.map(|code| format!(" AND s.home = '{code}'")).unwrap_or_default();
        let rows = format!(
            "SELECT s.visit_id, s.facility, s.end_day FROM claim_stay s \
             JOIN claim_facility_figure f ON f.facility = s.facility WHERE f.station{place}"
        );
        let whom = if commune.is_some() { " của người cư trú tại xã, phường" } else { "" };
        let from = if known.has_lines { "hồ sơ" } else { "bảng 79a, 80a" };
        let source = format!("Lượt khám, chữa bệnh BHYT{whom} theo {from} kỳ {period}");
        let line = Line::share(STATIONS, (of.station, of.station + of.elsewhere, of.unknown), source, rows);
        Line { commune: commune.map(str::to_owned), ..line }
    };
    // Sheets do not say where somebody lives: then there is the city's line alone, and a commune is told that.
    places.filter(|commune| known.has_lines || commune.is_none()).map(line).collect()
}

/// 5c: facilities that apply it at all, and visits (a facility counts with one such visit in the month).
fn over_30(period: Month, known: &Known, counts: &Counts) -> Vec<Line> {
    let (Some(max_days), None) = (known.max_days, known.missing_over_30) else {
        let what = known.missing_over_30.unwrap_or("law");
        return [FACILITIES, VISITS].map(|id| Line::missing(id, None, what)).into();
    };
    let all = || counts.facilities.values();
    let number = |is: fn(&OfFacility) -> bool| i64::try_from(all().filter(|of| is(of)).count()).unwrap_or(i64::MAX);
    let of_facilities = (
        number(|of| of.given > 0),
        number(|of| of.eligible > 0),
        // Of these nobody can say whether anybody could have been given more.
        number(|of| of.eligible == 0 && of.over_30_unknown > 0),
    );
    let sum = |of: fn(&OfFacility) -> i64| all().map(of).sum::<i64>();
    let of_visits = (sum(|of| of.given), sum(|of| of.eligible), sum(|of| of.over_30_unknown));
    let facilities = "SELECT facility, over_30_eligible, over_30_given FROM claim_facility_figure WHERE over_30_given > 0";
    let visits = format!("SELECT visit_id, facility, end_day, supply_days FROM claim_stay WHERE {}", given(max_days));
    let who = format!("Cơ sở có lượt đủ điều kiện kê đơn trên {max_days} ngày trong hồ sơ kỳ {period}");
    let which =
        format!("Lượt ngoại trú đủ điều kiện (mọi mã bệnh thuộc Phụ lục VII, thuốc dùng dài ngày) trong hồ sơ kỳ {period}");
    vec![Line::share(FACILITIES, of_facilities, who, facilities.to_owned()), Line::share(VISITS, of_visits, which, visits)]
}

/// 5d: a count and no money, since the circular is a draft.
fn repeated(period: Month, known: &Known, counts: &Counts) -> Line {
    if !known.repeated {
        return Line::missing(TESTS, None, if known.has_lines { "rule" } else { LINES });
    }
    let sum = |of: fn(&OfFacility) -> i64| counts.facilities.values().map(of).sum::<i64>();
    let mut source = format!("Dòng xét nghiệm trong hồ sơ kỳ {period}");
    if !known.has_before {
        source.push_str("; chưa có hồ sơ kỳ trước để so");
    }
    let rows = format!("SELECT visit_id, facility, line_table, line_no, evidence FROM claim_finding WHERE rule = '{REPEATED}'");
    let counted = (sum(|of| of.repeated), sum(|of| of.lab_lines), sum(|of| of.lab_of_nobody));
    Line::share(TESTS, counted, source, rows)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn month() -> Month {
        Month::new(2026, 10).unwrap()
    }

    fn known() -> Known {
        let catalogues = Catalogues { facilities: Some(std::collections::HashMap::new()), ..Catalogues::default() };
        Known { catalogues, max_days: Some(30), missing_over_30: None, has_lines: true, repeated: true, has_before: true }
    }

    fn counts() -> Counts {
        let station =
            OfFacility { station: Some(true), visits: 40, eligible: 10, given: 0, lab_lines: 5, ..OfFacility::default() };
        let hospital = OfFacility {
            station: Some(false),
            visits: 60,
            eligible: 20,
            given: 6,
            over_30_unknown: 3,
            lab_lines: 95,
            lab_of_nobody: 2,
            repeated: 7,
            ..OfFacility::default()
        };
        let unknown = OfFacility { visits: 9, over_30_unknown: 1, ..OfFacility::default() };
        let of = |station, elsewhere, unknown| OfHome { station, elsewhere, unknown };
        Counts {
            facilities: [("01501", station), ("01041", hospital), ("79999", unknown)]
                .map(|(code, of)| (code.to_owned(), of))
                .into(),
            homes: [(Some("00004".to_owned()), of(30, 10, 0)), (None, of(10, 50, 9))].into(),
        }
    }

    fn line(lines: &[Line], id: &str, commune: Option<&str>) -> Line {
        lines.iter().find(|line| line.id == id && line.commune.as_deref() == commune).unwrap().clone()
    }

    #[test]
    fn a_commune_counts_its_people_and_the_city_everybody() {
        let lines = lines(month(), &known(), &counts(), &["00004", "00008"]);
        let at = |commune| {
            let line = line(&lines, "T5b", commune);
            (line.numerator, line.denominator, line.unknown)
        };
        assert_eq!(at(None), (Some(40), Some(100), Some(9)), "visits at a facility that the list does not have stand apart");
        assert_eq!(at(Some("00004")), (Some(30), Some(40), Some(0)));
        assert_eq!(at(Some("00008")), (None, None, Some(0)), "nobody of there went anywhere: no share, not nought");
    }

    #[test]
    fn over_30_days_is_told_twice() {
        let lines = lines(month(), &known(), &counts(), &[]);
        let of = |id| {
            let line = line(&lines, id, None);
            (line.numerator, line.denominator, line.unknown)
        };
        assert_eq!(of("T5c"), (Some(1), Some(2), Some(1)), "one of two facilities does it; of the third nothing is known");
        assert_eq!(of("T5c-visits"), (Some(6), Some(30), Some(4)));
        assert_eq!(of("T5d"), (Some(7), Some(100), Some(2)));
    }

    #[test]
    fn a_month_of_sheets_alone_knows_the_citys_visits_and_says_that_the_rest_needs_lines() {
        let sheets = Known { missing_over_30: Some(LINES), max_days: None, has_lines: false, repeated: false, ..known() };
        let homes = BTreeMap::from([(None, OfHome { station: 40, elsewhere: 60, unknown: 9 })]);
        let lines = lines(month(), &sheets, &Counts { homes, ..counts() }, &["00004"]);
        let city = line(&lines, "T5b", None);
        assert_eq!((city.numerator, city.denominator, city.unknown, city.missing), (Some(40), Some(100), Some(9), None));
        assert_eq!(lines.iter().filter(|line| line.commune.is_some()).count(), 0, "nobody knows who lives where");
        for id in ["T5c", "T5c-visits", "T5d"] {
            let line = line(&lines, id, None);
            assert_eq!((line.numerator, line.denominator, line.missing), (None, None, Some("claim_lines")), "{id}");
        }
    }

    #[test]
    fn what_is_not_there_is_said_and_is_never_nought() {
        let nothing = Known {
            catalogues: Catalogues::default(),
            max_days: None,
            missing_over_30: Some("over_30_annex"),
            has_lines: true,
            repeated: false,
            has_before: false,
        };
        let lines = lines(month(), &nothing, &counts(), &["00004"]);
        let why: Vec<_> = lines.iter().map(|line| (line.id, line.missing)).collect();
        assert_eq!(
            why,
            [
                ("T5b", Some("facility_catalogue")),
                ("T5b", Some("facility_catalogue")),
                ("T5c", Some("over_30_annex")),
                ("T5c-visits", Some("over_30_annex")),
                ("T5d", Some("rule")),
            ]
        );
        assert!(lines.iter().all(|line| line.numerator.is_none() && line.denominator.is_none()));
        let alone = Known { has_before: false, ..known() };
        let tests = repeated(month(), &alone, &counts());
        assert!(tests.source.unwrap().contains("chưa có hồ sơ kỳ trước"));
    }
}
