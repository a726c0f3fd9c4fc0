//! The ranking beside the map: the same lines, the same classes, each number with its page.

use web::chart::{TileClass, deviation_bar};
use web::component::{Cell, Column, Link, Panel, Row, Table};
use web::{Locale, SafeHtml};

use super::map::{CLASSES, Line, Measure, Shown, selected};
use super::{Desk, View};
use crate::filter::Query;
use crate::pages::LIST;
use crate::pages::counts::door_cell;

/// Lines shown of the worst and of the best when not all are asked for.
const TAIL: usize = 13;
const HEAD: usize = 7;

/// The ranking in its panel.
pub(super) fn panel(desk: &Desk, view: &View, shown: &Shown) -> SafeHtml {
    let l = desk.l;
    let class = view.class.parse::<usize>().ok().and_then(|at| CLASSES.get(at.checked_sub(1)?)).copied();
    let lines: Vec<(usize, &Line)> =
        shown.lines.iter().enumerate().filter(|(_, line)| class.is_none_or(|class| line.class == class)).collect();
    let all = view.all == "1" || class.is_some() || lines.len() <= TAIL + HEAD;
    let table = table(desk, view, shown, &lines, all);
    let mut foot = SafeHtml::default();
    if class.is_some() {
        foot.push(Link::new(l.t("overview-ranking-all-classes"), view.href(|v| v.class.clear()) + "#xep-hang"));
    } else if !all {
        let words = l.t_args("coverage-ranking-all", &[("n", lines.len().into())]);
        foot.push(Link::new(words, view.href(|v| v.all = "1".into()) + "#xep-hang"));
    }
    let whole = Link::new(l.t("overview-ranking-table"), format!("/chi-tieu/{}#xa-phuong", shown.indicator.id));
    foot = if foot.is_empty() { whole.html() } else { foot.then(" · ").then(whole) };
    if shown.measure == Measure::Rate && view.measure != Measure::Rate.word() {
        foot.push(SafeHtml::text(&format!(". {}", l.t("overview-ranking-no-targets"))));
    }
    let title = if shown.measure == Measure::People { "overview-ranking-people" } else { "coverage-ranking-title" };
    let count = l.t_args("coverage-ranking-count", &[("n", lines.len().into())]);
    Panel::flush(l.t(title), table).aside(count).foot(foot).html()
}

fn table(desk: &Desk, view: &View, shown: &Shown, lines: &[(usize, &Line)], all: bool) -> SafeHtml {
    let l = desk.l;
    let against = if shown.measure == Measure::Rate { "overview-column-whole" } else { "coverage-column-target" };
    let mut head = vec![Column::text(l.t("coverage-column-commune")), Column::number(l.t("coverage-column-share"), "%")];
    if shown.measure == Measure::People {
        let key = if shown.fewer_is_better { "coverage-column-missing" } else { "overview-column-in" };
        head.push(Column::number(l.t(key), l.t("coverage-people")));
    } else {
        head.push(Column::number(l.t(against), "%"));
        head.push(Column::number(l.t("coverage-column-gap"), l.t("coverage-unit-points")));
        head.push(Column::number(l.t("overview-column-needed"), l.t("coverage-people")));
    }
    let widest = lines.iter().filter_map(|(_, line)| line.gap()).map(|gap| gap.0.abs()).max().unwrap_or(1).max(1);
    let chosen = selected(view, shown);
    let is_chosen = |line: &Line| chosen.as_deref() == Some(line.code.as_str());
    let mut rows = Vec::new();
    let mut left_out = false;
    for (at, (place, line)) in lines.iter().enumerate() {
        if !all && at >= TAIL && at + HEAD < lines.len() && !is_chosen(line) {
            left_out = true;
            continue;
        }
        if std::mem::take(&mut left_out) {
            rows.push(Row::gap("⋮"));
        }
        rows.push(row(desk, shown, *place, line, widest).selected(is_chosen(line)));
    }
    Table::new("xep-hang", super::map::title(desk, shown), head).rows(rows).dense().html(l)
}

fn row(desk: &Desk, shown: &Shown, place: usize, line: &Line, widest: i64) -> Row {
    let (l, scope) = (desk.l, &desk.viewer.scope);
    let at = format!("{}/{}", crate::pages::communes::COMMUNE, line.code);
    let name = web::tag("span").class("order").text(&format!("{} ", place + 1)).html().then(Link::new(&line.name, at));
    let mut cells = vec![
        Cell::html(name),
        Cell::figure(l.percent_figure(line.share), format!("/chi-tieu/{}/tu-so?xa={}", shown.indicator.id, line.code)),
    ];
    if shown.measure == Measure::People {
        let href = if shown.fewer_is_better {
            Query { commune: line.code.to_string(), card: "khong".into(), ..Query::default() }.href(LIST, |_| ())
        } else {
            format!("/chi-tieu/{}/tu-so?xa={}", shown.indicator.id, line.code)
        };
        cells.push(door_cell(l, scope, line.people, href));
        return Row::new(cells);
    }
    cells.push(Cell::text(line.against.map(|t| l.percent_figure(t)).unwrap_or_default()));
    cells.push(Cell::html(gap(l, line, widest)));
    cells.push(needed(desk, shown, line));
    Row::new(cells)
}

/// The difference as a bar and a number.
fn gap(l: Locale, line: &Line, widest: i64) -> SafeHtml {
    let Some(gap) = line.gap() else { return SafeHtml::default() };
    let class = if line.class == TileClass::Unknown { TileClass::of(gap) } else { line.class };
    let bar = deviation_bar(gap.0 as f64 / widest as f64, class);
    web::tag("span").class("gap-cell").child(bar).child(web::tag("span").text(&l.points_figure(gap, 1))).html()
}

/// How many people are short of the target; opens the arithmetic.
fn needed(desk: &Desk, shown: &Shown, line: &Line) -> Cell {
    let l = desk.l;
    let href = format!("/chi-tieu-giao/{}/{}/{}", desk.snapshot.period.year(), shown.indicator.id, line.code);
    match line.needed {
        Some(0) => Cell::link(l.t("overview-needed-none"), href),
        Some(n) => Cell::figure(l.number(n), href),
        None => Cell::text("–"),
    }
}
