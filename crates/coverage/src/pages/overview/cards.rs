//! The card of an indicator: where it stands, its course, its path, its counts and the list to act on.

use base::{Area, CommuneCode, Month};
use web::chart::Sparkline;
use web::component::{Figure, Link, NumberCard, TargetLine};
use web::{Locale, Percent, SafeHtml};

use super::Desk;
use crate::figures::{Forecast, Line};
use crate::filter::Query;
use crate::pages::counts::{listed, people};
use crate::pages::{LIST, Pages};
use crate::path::{Path, assigned};
use crate::plan::{Direction, InFigures, Indicator, Said};

/// Path of the pages of indicators.
pub(crate) const INDICATOR: &str = "/chi-tieu";

/// The card of an indicator for what the viewer sees.
pub(crate) fn card(desk: &Desk, indicator: &Indicator) -> SafeHtml {
    let (l, scope) = (desk.l, &desk.viewer.scope);
    let name = indicator.short.of(l).to_owned();
    let kind = l.t(if indicator.assigned { "overview-assigned" } else { "overview-followed" });
    let order = Some(indicator.order());
    if let Some(waits) = &indicator.waits {
        let targets = last_target(desk.pages, l, indicator).into_iter().collect();
        let figure = Figure::missing(l.t("overview-no-figures"));
        let note = SafeHtml::text(waits.of(l));
        return NumberCard { order, kind, targets, note, ..NumberCard::new(name, figure) }.html(l);
    }
    let line = desk.figures.seen(&indicator.id, scope).unwrap_or_default();
    let (Some(share), Some(over), Some(under)) = (line.share(), line.numerator, line.denominator) else {
        let targets = last_target(desk.pages, l, indicator).into_iter().collect();
        let note = SafeHtml::from(&Link::new(l.t("overview-why-missing"), format!("{INDICATOR}/{}", indicator.id)));
        return NumberCard { order, kind, targets, note, ..NumberCard::new(name, Figure::missing(l.t("overview-missing"))) }
            .html(l);
    };
    let own = own_commune(desk);
    let course = desk.figures.course(&indicator.id, scope);
    let path = path_of(desk, indicator, own.as_ref(), &course);
    let status = path.status(l, indicator.direction, desk.snapshot.period, share);
    let forecast = desk.figures.forecast(&indicator.id, own.as_ref()).filter(|_| own.is_some() || scope.area == Area::City);
    let spark = spark(desk, indicator, &course, &path, forecast, &status.words);
    let at = format!("{INDICATOR}/{}", indicator.id);
    let mut targets: Vec<TargetLine> = year_target(l, &path).into_iter().collect();
    targets.extend(last_target(desk.pages, l, indicator));
    NumberCard {
        order,
        kind,
        status: Some(status),
        spark: Some(spark),
        targets,
        note: forecast.map(|f| SafeHtml::text(&forecast_words(l, desk.snapshot.period, f))).unwrap_or_default(),
        numerator: Some(Link::new(people(l, scope, over), format!("{at}/tu-so"))),
        denominator: Some(Link::new(l.number(under), denominator_href(indicator, &line))),
        counted: indicator.counted.of(l).to_owned(),
        action: action(desk, indicator, &line),
        ..NumberCard::new(name, Figure::known(l.percent_figure(share), "%", at))
    }
    .html(l)
}

/// The one commune a viewer sees, if it is one.
fn own_commune(desk: &Desk) -> Option<CommuneCode> {
    match &desk.viewer.scope.area {
        Area::Communes(own) if own.len() == 1 => own.iter().next().cloned(),
        _ => None,
    }
}

/// The path of an indicator for an area: none of a commune means the city.
pub(crate) fn path_of(desk: &Desk, indicator: &Indicator, commune: Option<&CommuneCode>, course: &[(Month, Percent)]) -> Path {
    let target = match (&desk.viewer.scope.area, commune) {
        (Area::Communes(own), None) if own.len() != 1 => None,
        _ => assigned(desk.targets, &indicator.id, commune).map(|(_, share)| share),
    };
    Path::new(indicator, desk.pages.plan.last_year, desk.snapshot.period, course, target)
}

/// The small drawing of a course with its path.
pub(crate) fn spark(
    desk: &Desk,
    indicator: &Indicator,
    course: &[(Month, Percent)],
    path: &Path,
    forecast: Option<&Forecast>,
    verdict: &str,
) -> Sparkline {
    let period = desk.snapshot.period;
    let from = course.first().map_or(period, |(month, _)| *month).min(period);
    // With one month known the line would begin at its own end: the year before gives it room.
    let from = if from.months_until(period) < 6 { Month::new(period.year(), 1).unwrap_or(from).min(from) } else { from };
    let length = usize::try_from(from.months_until(period)).unwrap_or(0) + 1;
    let mut actual = vec![None; length];
    for (month, share) in course {
        if let Some(place) = usize::try_from(from.months_until(*month)).ok().and_then(|at| actual.get_mut(at)) {
            *place = Some(share.for_chart());
        }
    }
    let december = Month::new(period.year(), 12).unwrap_or(period);
    Sparkline {
        title: indicator.short.of(desk.l).to_owned(),
        verdict: verdict.to_owned(),
        from,
        actual,
        path: path.corners(),
        forecast: forecast.and_then(|f| f.share).map(|(v, low, high)| (december, [low, v, high].map(Percent::for_chart))),
        until: Month::new(desk.pages.plan.last_year, 12).unwrap_or(december),
        decimals: 2,
    }
}

/// "Chỉ tiêu giao 2026" or "Lộ trình 2026".
fn year_target(l: Locale, path: &Path) -> Option<TargetLine> {
    let (december, share) = path.year?;
    let key = if path.assigned { "overview-target-assigned" } else { "overview-target-path" };
    Some(TargetLine::new(l.t_args(key, &[("year", december.year().to_string().as_str().into())]), l.percent_figure(share)))
}

/// "2030" and its share, "giảm dần" or "theo dõi".
fn last_target(pages: &Pages, l: Locale, indicator: &Indicator) -> Option<TargetLine> {
    let value = match (indicator.target_words(l), indicator.direction) {
        (Some(share), _) if indicator.over => l.t_args("overview-over", &[("share", share.as_str().into())]),
        (Some(share), _) => share,
        (None, Direction::Down) => l.t("overview-falls"),
        (None, _) => l.t("overview-followed"),
    };
    Some(TargetLine::new(pages.plan.last_year.to_string(), value))
}

/// The forecast to the end of the year in words, or why there is none.
pub(crate) fn forecast_words(l: Locale, period: Month, forecast: &Forecast) -> String {
    let year = period.year().to_string();
    match forecast.share {
        Some((value, low, high)) => {
            let (value, low, high) = (l.percent(value), l.percent(low), l.percent(high));
            let values = [
                ("year", year.as_str().into()),
                ("value", value.as_str().into()),
                ("low", low.as_str().into()),
                ("high", high.as_str().into()),
            ];
            l.t_args("overview-forecast", &values)
        }
        None => l.t_args("overview-forecast-few", &[("n", forecast.periods.into())]),
    }
}

/// Where a denominator is opened: people of the register, or the statistic it stands in.
pub(crate) fn denominator_href(indicator: &Indicator, line: &Line) -> String {
    let at = format!("{INDICATOR}/{}", indicator.id);
    if line.basis == "register" { format!("{at}/mau-so") } else { format!("{at}#mau-so") }
}

/// The list of those to act on.
fn action(desk: &Desk, indicator: &Indicator, line: &Line) -> Option<Link> {
    let (l, scope) = (desk.l, &desk.viewer.scope);
    if !desk::may(scope, desk::Permission::ListPeople) {
        return None;
    }
    if indicator.id == crate::BHYT_COVERAGE {
        let query = Query { card: "khong".into(), ..Query::default() };
        let count = listed(desk.snapshot, scope, &query);
        return Some(Link::new(l.t_args("coverage-missing-link", &[("n", count.into())]), query.href(LIST, |_| ())));
    }
    let count = crate::counted::open(desk.figures, indicator, line, scope)?;
    let words = l.t_args(crate::counted::open_key(indicator), &[("n", count.into())]);
    Some(Link::new(words, format!("{INDICATOR}/{}/chua", indicator.id)))
}
