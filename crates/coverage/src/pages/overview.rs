//! The city page: coverage with numerator, denominator, day and source, the map, reasons.

use axum::Extension;
use axum::extract::{Query, State};
use base::CommuneCode;
use base::places::Tile;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use serde::Deserialize;
use web::chart::{Legend, LegendLine, MapTile, Readout, ReasonBar, ReasonPart, TileClass, TileMap};
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Figure, Link, NumberCard, Panel, Row, Status, Table, TargetLine, columns,
};
use web::{Locale, Percent, SafeHtml, tag};

use super::{LIST, Pages, words};
use crate::serving::{Count, Snapshot};
use crate::{BHYT_COVERAGE, REASONS};

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct View {
    /// Presentation mode.
    #[serde(rename = "trinh-chieu", default)]
    presentation: String,
    /// `1`: all lines of the ranking.
    #[serde(rename = "ca-bang", default)]
    all: String,
    /// Chosen tile.
    #[serde(rename = "xa", default)]
    commune: String,
}

/// One commune's line.
struct Line {
    code: CommuneCode,
    name: String,
    share: Percent,
    target: Option<Percent>,
    missing: i64,
    class: TileClass,
    tile: Tile,
    ward: bool,
}

/// `GET /`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Query(view): Query<View>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    let snapshot = pages.serving.current(app).await?;
    let event = ReadEvent::new(AuditAction::ViewRows, "indicator").object(BHYT_COVERAGE).run(&snapshot.run);
    let audited = app.audit(&viewer, event).await?;
    let year = snapshot.period.year();
    let targets = app.desk.targets(&viewer.scope, year).await.map_err(|e| PageError::inner(&e))?;
    let target = |commune: Option<&CommuneCode>| {
        let found = targets.iter().find(|t| t.indicator == BHYT_COVERAGE && t.commune.as_ref() == commune)?;
        Percent::of(i64::try_from(found.value.hundred_millionths()).ok()?, 100_000_000)
    };
    let lines = lines(&pages, &snapshot, &viewer, &target);
    let source = targets.iter().find(|t| t.indicator == BHYT_COVERAGE).map(|t| t.source.clone());
    let top = vec![card(l, &snapshot, &viewer, target(None), year), reasons(&pages, l, &snapshot, &viewer)];
    let mut body = columns(Columns::MainSide, top.into_iter().rev());
    body.push(columns(
        Columns::MapSide,
        [
            Panel::new(l.t("coverage-map-title"), map(l, &lines, year, &view.commune)).html(),
            Panel::flush(l.t("coverage-ranking-title"), ranking(l, &lines, view.all == "1"))
                .aside(SafeHtml::text(&l.t_args("coverage-ranking-count", &[("n", lines.len().into())])))
                .foot(ranking_foot(l, lines.len(), view.all == "1"))
                .html(),
        ],
    ));
    let mut page = app.page(&viewer, "/", l.t("coverage-overview-title"));
    page.facts = SafeHtml::text(&l.t("coverage-plan-line"))
        .then(" · ")
        .then(tag("b").text(&l.t_args("coverage-as-of", &[("day", l.date(snapshot.as_of).as_str().into())])));
    page.actions = vec![Button::link(l.t("coverage-presentation"), "/?trinh-chieu=1", ButtonKind::Default)];
    page.presentation = view.presentation == "1";
    page.table_id = "xep-hang".into();
    page.body = body;
    let mut foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())])];
    foot.extend(snapshot.city.source.as_ref().map(|s| l.t_args("coverage-denominator-line", &[("source", s.as_str().into())])));
    foot.extend(source.map(|s| l.t_args("coverage-target-line", &[("source", s.as_str().into())])));
    foot.push(l.t("coverage-excluded-line"));
    page.foot = foot;
    Ok(Shown::page(page.render(l), audited))
}

fn share(count: &Count) -> Option<Percent> {
    Percent::of(count.numerator?, count.denominator?)
}

fn lines(
    pages: &Pages,
    snapshot: &Snapshot,
    viewer: &Viewer,
    target: &dyn Fn(Option<&CommuneCode>) -> Option<Percent>,
) -> Vec<Line> {
    // The people a list opens, not what is left of a denominator that may be a statistic.
    let without = |code: &CommuneCode| {
        let query = crate::filter::Query { commune: code.to_string(), card: "khong".into(), ..Default::default() };
        snapshot.visible(&viewer.scope).count(&query) as i64
    };
    let mut lines: Vec<Line> = snapshot
        .communes
        .iter()
        .filter(|(code, _)| viewer.scope.sees(Some(code)))
        .filter_map(|(code, count)| {
            let share = share(count)?;
            let target = target(Some(code));
            let place = pages.app.places.commune(code)?;
            Some(Line {
                name: pages.place(code),
                class: target.map_or(TileClass::Unknown, |t| TileClass::of(share.above(t))),
                missing: without(code),
                code: code.clone(),
                tile: place.tile.clone(),
                ward: place.kind == "phường",
                share,
                target,
            })
        })
        .collect();
    let gap = |line: &Line| line.target.map(|t| line.share.above(t).0).unwrap_or(line.share.0);
    lines.sort_by(|a, b| gap(a).cmp(&gap(b)).then_with(|| a.code.cmp(&b.code)));
    lines
}

fn card(l: Locale, snapshot: &Snapshot, viewer: &Viewer, target: Option<Percent>, year: i32) -> SafeHtml {
    let mut total = Count::default();
    if viewer.scope.area == base::Area::City {
        total = snapshot.city.clone();
    } else {
        for (_, count) in snapshot.communes.iter().filter(|(code, _)| viewer.scope.sees(Some(code))) {
            total.numerator = Some(total.numerator.unwrap_or(0) + count.numerator.unwrap_or(0));
            total.denominator = Some(total.denominator.unwrap_or(0) + count.denominator.unwrap_or(0));
        }
    }
    let (Some(share), Some(over), Some(under)) = (share(&total), total.numerator, total.denominator) else {
        return NumberCard::new(l.t("coverage-i1"), Figure::missing(l.t("coverage-i1-missing"))).html(l);
    };
    let status = target.map(|t| {
        let gap = share.above(t);
        let size = l.points_size(gap, 1);
        match gap.0 {
            // A tenth of a point either way counts as on time (DESIGN-UI 5, page 01).
            -10..=10 => Status::ok(l.t("coverage-on-path")),
            11.. => Status::ok(l.t_args("coverage-ahead", &[("points", size.as_str().into())])),
            _ => Status::warn(l.t_args("coverage-behind", &[("points", size.as_str().into())])),
        }
    });
    let mut targets = Vec::new();
    if let Some(t) = target {
        targets.push(TargetLine::new(l.t_args("coverage-target", &[("year", year.to_string().as_str().into())]), l.percent(t)));
    }
    targets.push(TargetLine::new(l.t("coverage-target-2030"), l.percent(Percent(10_000))));
    let uncovered = crate::filter::Query { card: "khong".into(), ..Default::default() };
    let missing = snapshot.visible(&viewer.scope).count(&uncovered) as i64;
    // Without a population roster the denominator is a statistic; it opens the file it stands in.
    let of = |roster: &str| snapshot.batches.iter().find(|b| b.roster == roster);
    let rows = match (of("population"), of("commune_figure")) {
        (None, Some(file)) => format!("/du-lieu/{}", file.id),
        _ => "/chi-tieu/I1/mau-so".to_owned(),
    };
    NumberCard {
        order: Some(1),
        status,
        targets,
        numerator: Some(Link::new(l.number(over), "/chi-tieu/I1/tu-so")),
        denominator: Some(Link::new(l.number(under), rows)),
        counted: l.t("coverage-people"),
        action: Some(Link::new(l.t_args("coverage-missing-link", &[("n", missing.into())]), format!("{LIST}?the=khong"))),
        ..NumberCard::new(l.t("coverage-i1"), Figure::known(l.percent_figure(share), "%", "/chi-tieu/I1/tu-so"))
    }
    .html(l)
}

fn reasons(pages: &Pages, l: Locale, snapshot: &Snapshot, viewer: &Viewer) -> SafeHtml {
    let mut parts = Vec::new();
    let mut total = 0;
    for reason in REASONS {
        let query = crate::filter::Query { reason: reason.into(), main: "1".into(), ..Default::default() };
        let count = snapshot.visible(&viewer.scope).count(&query) as i64;
        let rule = snapshot.rules.get(reason);
        if count > 0 {
            total += count;
            let href = format!("{LIST}?ly-do={reason}&chinh=1");
            parts.push(ReasonPart { label: words::reason(&pages.app, l, reason), value: count, href });
        } else if let Some(missing) = rule.filter(|r| r.outcome == "not_evaluated").and_then(|r| r.missing.as_ref()) {
            let label = format!(
                "{}: {}",
                words::reason(&pages.app, l, reason),
                l.t_args("coverage-not-evaluated", &[("tables", missing.as_str().into())])
            );
            parts.push(ReasonPart { label, value: 0, href: format!("/quy-tac/{reason}") });
        }
    }
    let title = l.t_args("coverage-reasons-title", &[("n", total.into())]);
    let bar = ReasonBar { id: "ly-do".into(), title: title.clone(), parts }.html(l);
    Panel::new(title, bar)
        .aside(SafeHtml::text(&l.t("coverage-reasons-once")))
        .foot(SafeHtml::text(&l.t("coverage-reasons-note")))
        .html()
}

fn map(l: Locale, lines: &[Line], year: i32, chosen: &str) -> SafeHtml {
    use TileClass::{M1, M2, M3, M4, M5};
    let keys = [(M1, "m1"), (M2, "m2"), (M3, "m3"), (M4, "m4"), (M5, "m5")];
    let legend = keys.map(|(class, key)| {
        let count = lines.iter().filter(|line| line.class == class).count() as i64;
        LegendLine { class, words: l.t(&format!("coverage-legend-{key}")), count: Link::new(l.number(count), "#xep-hang") }
    });
    let tiles = lines.iter().map(|line| tile(l, line));
    let year = year.to_string();
    TileMap {
        id: "ban-do".into(),
        title: l.t_args("coverage-map-svg", &[("year", year.as_str().into())]),
        description: l.t("coverage-map-description"),
        tiles: tiles.collect(),
        legend: Legend { title: l.t_args("coverage-legend-title", &[("year", year.as_str().into())]), lines: legend.to_vec() },
        readout: Readout { title: l.t("coverage-readout"), open: l.t("coverage-readout-open") },
        selected: Some(chosen.to_owned()).filter(|c| !c.is_empty()).or_else(|| lines.first().map(|line| line.code.to_string())),
        table_id: "xep-hang".into(),
        caption: l.t("coverage-map-caption"),
    }
    .html(l)
}

fn tile(l: Locale, line: &Line) -> MapTile {
    let share = l.percent(line.share);
    let gap = line.target.map(|t| line.share.above(t));
    let gap_words = gap.map(|g| {
        let size = l.points_size(g, 1);
        let key = if g.0 < 0 { "coverage-gap-short" } else { "coverage-gap-over" };
        l.t_args(key, &[("points", size.as_str().into())])
    });
    let mut facts = vec![match line.target {
        Some(t) => {
            l.t_args("coverage-tile-target", &[("share", share.as_str().into()), ("target", l.percent(t).as_str().into())])
        }
        None => share.clone(),
    }];
    facts.push(l.t_args("coverage-tile-missing", &[("n", line.missing.into())]));
    MapTile {
        code: line.code.to_string(),
        name: line.name.clone(),
        col: i32::from(line.tile.col),
        row: i32::from(line.tile.row),
        lines: line.tile.lines.clone(),
        abbr: line.tile.abbr.clone(),
        inside: line.ward,
        class: line.class,
        spoken: [Some(share), gap_words].into_iter().flatten().collect::<Vec<_>>().join(", "),
        facts,
        href: format!("{LIST}?xa={}&the=khong", line.code),
    }
}

/// Lines shown of the worst and of the best when not all are asked for.
const TAIL: usize = 13;
const HEAD: usize = 7;

fn ranking_foot(l: Locale, count: usize, all: bool) -> SafeHtml {
    if all || count <= TAIL + HEAD {
        return SafeHtml::default();
    }
    Link::new(l.t_args("coverage-ranking-all", &[("n", count.into())]), "/?ca-bang=1#xep-hang").html()
}

fn ranking(l: Locale, lines: &[Line], all: bool) -> SafeHtml {
    let head = vec![
        Column::text(l.t("coverage-column-commune")),
        Column::number(l.t("coverage-column-share"), "%"),
        Column::number(l.t("coverage-column-target"), "%"),
        Column::number(l.t("coverage-column-gap"), l.t("coverage-unit-points")),
        Column::number(l.t("coverage-column-missing"), l.t("coverage-people")),
    ];
    let short = !all && lines.len() > TAIL + HEAD;
    let kept = |at: usize| !short || at < TAIL || at + HEAD >= lines.len();
    let row = |line: &Line| {
        let href = format!("{LIST}?xa={}&the=khong", line.code);
        let gap = line.target.map(|t| l.points_figure(line.share.above(t), 1)).unwrap_or_default();
        Row::new(vec![
            Cell::link(&line.name, &href),
            Cell::text(l.percent_figure(line.share)),
            Cell::text(line.target.map(|t| l.percent_figure(t)).unwrap_or_default()),
            Cell::text(gap),
            Cell::figure(l.number(line.missing), &href),
        ])
    };
    let mut rows: Vec<Row> = lines.iter().enumerate().filter(|(at, _)| kept(*at)).map(|(_, line)| row(line)).collect();
    if short {
        rows.insert(TAIL, Row::gap("⋮"));
    }
    Table::new("xep-hang", l.t("coverage-ranking-title"), head).rows(rows).dense().html(l)
}
