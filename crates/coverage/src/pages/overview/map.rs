//! The tile map with its ranking: one indicator, one measure, the same classes in both.

use base::CommuneCode;
use base::places::Tile;
use web::chart::{Legend, LegendLine, MapTile, Readout, TileClass, TileMap};
use web::component::{Columns, Link, Panel, Tab, columns, segments};
use web::{Locale, Percent, SafeHtml};

use super::{Desk, View, ranking};
use crate::filter::Query;
use crate::pages::counts::{listed, people};
use crate::path::assigned;
use crate::plan::{Indicator, Said};
use crate::propose::people_of;

/// What map and ranking show of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// The share, against the share of the whole area (Tỷ lệ).
    Rate,
    /// The share against the commune's own target (So với chỉ tiêu).
    Target,
    /// How many people (Số người).
    People,
}

impl Measure {
    pub(crate) const ALL: [Measure; 3] = [Measure::Rate, Measure::Target, Measure::People];

    /// Its word in addresses.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Rate => "ty-le",
            Self::Target => "chi-tieu",
            Self::People => "so-nguoi",
        }
    }

    /// The key of its name.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Rate => "overview-measure-rate",
            Self::Target => "overview-measure-target",
            Self::People => "overview-measure-people",
        }
    }
}

/// The classes in their order; the number in an address is the place plus one.
pub(super) const CLASSES: [TileClass; 5] = [TileClass::M1, TileClass::M2, TileClass::M3, TileClass::M4, TileClass::M5];

/// One commune.
pub(super) struct Line {
    pub(super) code: CommuneCode,
    pub(super) name: String,
    pub(super) share: Percent,
    /// The target, or what else the share is held against.
    pub(super) against: Option<Percent>,
    /// People short of the target; none without a target.
    pub(super) needed: Option<i64>,
    /// People shown by the measure [`Measure::People`].
    pub(super) people: i64,
    pub(super) class: TileClass,
    tile: Tile,
    ward: bool,
}

impl Line {
    /// Above what it is held against, in hundredths of a point.
    pub(super) fn gap(&self) -> Option<web::Points> {
        self.against.map(|against| self.share.above(against))
    }
}

/// What the map shows.
pub(super) struct Shown<'a> {
    pub(super) indicator: &'a Indicator,
    pub(super) measure: Measure,
    pub(super) lines: Vec<Line>,
    /// Bounds of the classes of [`Measure::People`], ascending.
    bounds: Vec<i64>,
    /// Many people are bad: those without a card.
    pub(super) fewer_is_better: bool,
}

/// Map and ranking side by side.
pub(super) fn with_ranking(desk: &Desk, view: &View) -> SafeHtml {
    let Some(shown) = shown(desk, view) else { return SafeHtml::default() };
    columns(Columns::MapSide, [panel(desk, view, &shown), ranking::panel(desk, view, &shown)])
}

/// The map in its panel, with the choice of indicator and measure.
pub(super) fn panel(desk: &Desk, view: &View, shown: &Shown) -> SafeHtml {
    let l = desk.l;
    let measure = |measure: Measure| Tab {
        link: Link::new(l.t(measure.key()), view.href(|v| v.set(shown.indicator, measure)) + "#ban-do"),
        count: None,
        current: measure == shown.measure,
    };
    let indicator = |indicator: &Indicator| Tab {
        link: Link::new(indicator.short.of(l), view.href(|v| v.set(indicator, shown.measure)) + "#ban-do"),
        count: None,
        current: indicator.id == shown.indicator.id,
    };
    let measures = segments(&l.t("overview-measure-label"), &Measure::ALL.map(measure));
    let all: Vec<Tab> = desk.pages.plan.counted().map(indicator).collect();
    let choice = segments(&l.t("overview-indicator-label"), &all);
    Panel::new(title(desk, shown), choice.then(map(desk, view, shown))).aside(measures).html()
}

impl View {
    fn set(&mut self, indicator: &Indicator, measure: Measure) {
        self.indicator = if indicator.id == "I1" { String::new() } else { indicator.id.clone() };
        self.measure = if measure == Measure::Target { String::new() } else { measure.word().to_owned() };
        self.class.clear();
    }
}

/// "BHXH bắt buộc: so với chỉ tiêu 2026, theo xã, phường".
pub(super) fn title(desk: &Desk, shown: &Shown) -> String {
    let (l, year) = (desk.l, desk.snapshot.period.year().to_string());
    let key = match (shown.measure, shown.fewer_is_better) {
        (Measure::Rate, _) => "overview-map-rate",
        (Measure::Target, _) => "overview-map-target",
        (Measure::People, true) => "overview-map-open",
        (Measure::People, false) => "overview-map-people",
    };
    l.t_args(key, &[("name", shown.indicator.short.of(l).into()), ("year", year.as_str().into())])
}

/// The lines that the address asks for, worst first; nothing when no commune has a share.
pub(super) fn shown<'a>(desk: &'a Desk, view: &View) -> Option<Shown<'a>> {
    let plan = &desk.pages.plan;
    let indicator = plan.indicator(&view.indicator).or_else(|| plan.counted().next())?;
    let asked = Measure::ALL.into_iter().find(|m| m.word() == view.measure).unwrap_or(Measure::Target);
    let has_targets = desk.targets.iter().any(|t| t.indicator == indicator.id && t.commune.is_some());
    // Without targets of communes there is nothing to hold them against but the whole.
    let measure = if asked == Measure::Target && !has_targets { Measure::Rate } else { asked };
    let fewer_is_better = indicator.id == crate::BHYT_COVERAGE && desk::may(&desk.viewer.scope, desk::Permission::ListPeople);
    let whole = desk.figures.seen(&indicator.id, &desk.viewer.scope).and_then(|line| line.share());
    let mut lines = Vec::new();
    for commune in desk.pages.app.places.communes().iter().filter(|c| desk.viewer.scope.sees(Some(&c.code))) {
        let Some(counts) = desk.figures.of(&indicator.id, Some(&commune.code)) else { continue };
        let (Some(share), Some(over), Some(under)) = (counts.share(), counts.numerator, counts.denominator) else { continue };
        let target = assigned(desk.targets, &indicator.id, Some(&commune.code));
        let against = if measure == Measure::Rate { whole } else { target.map(|(_, share)| share) };
        let needed = target.and_then(|(target, _)| Some((people_of(target.value, under)? - over).max(0)));
        let query = Query { commune: commune.code.to_string(), card: "khong".into(), ..Query::default() };
        let people = if fewer_is_better { listed(desk.snapshot, &desk.viewer.scope, &query) } else { over };
        let class = against.map_or(TileClass::Unknown, |against| TileClass::of(share.above(against)));
        lines.push(Line {
            name: desk.pages.place(&commune.code),
            code: commune.code.clone(),
            tile: commune.tile.clone(),
            ward: commune.kind == "phường",
            share,
            against,
            needed,
            people,
            class,
        });
    }
    if lines.is_empty() {
        return None;
    }
    let mut bounds = Vec::new();
    if measure == Measure::People {
        bounds = fifths(&lines.iter().map(|line| line.people).collect::<Vec<_>>());
        for line in &mut lines {
            let above = bounds.iter().filter(|bound| line.people >= **bound).count();
            line.class = CLASSES[if fewer_is_better { 4 - above.min(4) } else { above.min(4) }];
        }
        lines.sort_by(|a, b| (b.people, &a.code).cmp(&(a.people, &b.code)));
    } else {
        let gap = |line: &Line| line.gap().map_or(line.share.0, |gap| gap.0);
        lines.sort_by(|a, b| (gap(a), &a.code).cmp(&(gap(b), &b.code)));
    }
    Some(Shown { indicator, measure, lines, bounds, fewer_is_better })
}

/// The four values that cut the sorted values into fifths; fewer when values repeat.
fn fifths(values: &[i64]) -> Vec<i64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let mut bounds: Vec<i64> = (1..5).filter_map(|k| sorted.get(sorted.len() * k / 5)).copied().collect();
    bounds.dedup();
    bounds.retain(|bound| sorted.first() != Some(bound));
    bounds
}

/// What a class says, in words.
pub(crate) fn class_words(l: Locale, measure: Measure, class: usize) -> String {
    let name = format!("m{}", class + 1);
    let key = match measure {
        Measure::Target => format!("coverage-legend-{name}"),
        _ => format!("overview-legend-rate-{name}"),
    };
    l.t(&key)
}

/// What a class of [`Measure::People`] says: from how many people to how many.
fn range_words(l: Locale, shown: &Shown, class: usize) -> Option<String> {
    let place = if shown.fewer_is_better { 4 - class } else { class };
    let from = if place == 0 { None } else { Some(shown.bounds.get(place - 1)?) };
    let below = shown.bounds.get(place);
    Some(match (from, below) {
        (Some(from), Some(below)) => {
            let (from, to) = (l.number(*from), l.number(below - 1));
            l.t_args("overview-legend-range", &[("from", from.as_str().into()), ("to", to.as_str().into())])
        }
        (Some(from), None) => l.t_args("overview-legend-from", &[("from", l.number(*from).as_str().into())]),
        (None, Some(below)) => l.t_args("overview-legend-below", &[("below", l.number(*below).as_str().into())]),
        (None, None) => l.t("overview-legend-all"),
    })
}

fn map(desk: &Desk, view: &View, shown: &Shown) -> SafeHtml {
    let l = desk.l;
    let year = desk.snapshot.period.year().to_string();
    let mut legend = Vec::new();
    for (at, class) in CLASSES.into_iter().enumerate() {
        let words = match shown.measure {
            Measure::People => range_words(l, shown, at),
            measure => Some(class_words(l, measure, at)),
        };
        let Some(words) = words else { continue };
        let count = shown.lines.iter().filter(|line| line.class == class).count() as i64;
        let href = view.href(|v| v.class = (at + 1).to_string()) + "#xep-hang";
        legend.push(LegendLine { class, words, count: Link::new(l.number(count), href) });
    }
    let title = match shown.measure {
        Measure::Target => l.t_args("coverage-legend-title", &[("year", year.as_str().into())]),
        Measure::Rate => l.t("overview-legend-rate"),
        Measure::People => l.t("overview-legend-people"),
    };
    TileMap {
        id: "ban-do".into(),
        title: self::title(desk, shown),
        description: l.t("coverage-map-description"),
        tiles: shown.lines.iter().map(|line| tile(desk, shown, line)).collect(),
        legend: Legend { title, lines: legend },
        readout: Readout { title: l.t("coverage-readout"), open: l.t("overview-readout-open") },
        selected: selected(view, shown),
        table_id: "xep-hang".into(),
        caption: l.t("coverage-map-caption"),
    }
    .html(l)
}

/// The tile asked for, or the first of the ranking.
pub(super) fn selected(view: &View, shown: &Shown) -> Option<String> {
    let asked = shown.lines.iter().find(|line| line.code.as_str() == view.commune);
    asked.or_else(|| shown.lines.first()).map(|line| line.code.to_string())
}

fn tile(desk: &Desk, shown: &Shown, line: &Line) -> MapTile {
    let l = desk.l;
    let share = l.percent(line.share);
    let gap = line.gap().map(|gap| {
        let size = l.points_size(gap, 1);
        let key = match (shown.measure, gap.0 < 0) {
            (Measure::Rate, true) => "overview-gap-below",
            (Measure::Rate, false) => "overview-gap-above",
            (_, true) => "coverage-gap-short",
            (_, false) => "coverage-gap-over",
        };
        l.t_args(key, &[("points", size.as_str().into())])
    });
    let mut facts = vec![match line.against {
        Some(against) => {
            let key = if shown.measure == Measure::Rate { "overview-tile-whole" } else { "coverage-tile-target" };
            l.t_args(key, &[("share", share.as_str().into()), ("target", l.percent(against).as_str().into())])
        }
        None => share.clone(),
    }];
    let counted = people(l, &desk.viewer.scope, line.people);
    let key = if shown.fewer_is_better { "coverage-tile-missing" } else { "overview-tile-people" };
    let counted = l.t_args(key, &[("n", counted.as_str().into())]);
    facts.push(counted.clone());
    if let Some(needed) = line.needed.filter(|n| *n > 0) {
        facts.push(l.t_args("overview-tile-needed", &[("n", needed.into())]));
    }
    let spoken = if shown.measure == Measure::People { Some(counted) } else { gap };
    MapTile {
        code: line.code.to_string(),
        name: line.name.clone(),
        col: i32::from(line.tile.col),
        row: i32::from(line.tile.row),
        lines: line.tile.lines.clone(),
        abbr: line.tile.abbr.clone(),
        inside: line.ward,
        class: line.class,
        spoken: [Some(share), spoken].into_iter().flatten().collect::<Vec<_>>().join(", "),
        facts,
        href: format!("{}/{}", crate::pages::communes::COMMUNE, line.code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifths_hold_equal_values_together() {
        assert_eq!(fifths(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), [3, 5, 7, 9]);
        assert_eq!(fifths(&[0, 0, 0, 0, 9]), [9]);
        assert!(fifths(&[7, 7, 7]).is_empty(), "one value is one class");
        assert!(fifths(&[]).is_empty());
    }
}
