//! An indicator in every commune: a table that sorts by links, and the same as a file.

use std::cmp::Ordering;

use axum::Extension;
use axum::extract::{Path as FromPath, State};
use base::{CommuneCode, Rate};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use documents::sheet::{self, Cell as SheetCell, Language, Provenance, Sheet, write_csv};
use serde::Deserialize;
use web::component::{Cell, Column, Panel, Row, SortState, Table};
use web::{Lang, Percent, Points, SafeHtml};

use crate::figures::Line;
use crate::pages::Pages;
use crate::pages::counts::{door_cell, is_covered_up, people};
use crate::pages::overview::Desk;
use crate::path::assigned;
use crate::plan::{Indicator, Said};
use crate::propose::people_of;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct View {
    /// Column to sort by, `-` before it for the largest first.
    #[serde(rename = "xep", default)]
    sort: String,
}

/// One commune.
struct Place {
    code: CommuneCode,
    name: String,
    line: Line,
    share: Option<Percent>,
    target: Option<(Rate, Percent)>,
}

impl Place {
    fn gap(&self) -> Option<Points> {
        Some(self.share?.above(self.target?.1))
    }

    /// People short of the target.
    fn needed(&self) -> Option<i64> {
        Some((people_of(self.target?.0, self.line.denominator?)? - self.line.numerator?).max(0))
    }
}

fn places(desk: &Desk, indicator: &Indicator) -> Vec<Place> {
    let communes = desk.pages.app.places.communes().iter().filter(|c| desk.viewer.scope.sees(Some(&c.code)));
    communes
        .filter_map(|commune| {
            let line = desk.figures.of(&indicator.id, Some(&commune.code))?.clone();
            let target = assigned(desk.targets, &indicator.id, Some(&commune.code)).map(|(t, share)| (t.value, share));
            let name = desk.pages.place(&commune.code);
            Some(Place { share: line.share(), code: commune.code.clone(), name, line, target })
        })
        .collect()
}

/// The columns that sort: their words in addresses and their keys.
const COLUMNS: [(&str, &str); 7] = [
    ("ten", "coverage-column-commune"),
    ("tu-so", "indicator-numerator"),
    ("mau-so", "indicator-denominator"),
    ("ty-le", "coverage-column-share"),
    ("chi-tieu", "coverage-column-target"),
    ("chenh", "coverage-column-gap"),
    ("can-them", "overview-column-needed"),
];

/// Sorts by a column; what has no value comes last either way, equals by code.
fn sort(places: &mut [Place], column: &str, down: bool) {
    let key = |place: &Place| -> Option<i64> {
        match column {
            "tu-so" => place.line.numerator,
            "mau-so" => place.line.denominator,
            "chi-tieu" => place.target.map(|t| t.1.0),
            "chenh" => place.gap().map(|g| g.0),
            "can-them" => place.needed(),
            _ => place.share.map(|s| s.0),
        }
    };
    if column == "ten" {
        places.sort_by_cached_key(|place| (web::text_sort_key(&place.name), place.code.clone()));
        if down {
            places.reverse();
        }
        return;
    }
    places.sort_by(|a, b| {
        let order = match (key(a), key(b)) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(x), Some(y)) if down => y.cmp(&x),
            (Some(x), Some(y)) => x.cmp(&y),
        };
        order.then_with(|| a.code.cmp(&b.code))
    });
}

/// The table of all communes the viewer sees.
pub(super) fn panel(desk: &Desk, indicator: &Indicator, view: &View) -> SafeHtml {
    let (l, scope) = (desk.l, &desk.viewer.scope);
    let mut places = places(desk, indicator);
    let (column, down) = match view.sort.strip_prefix('-') {
        Some(column) => (column, true),
        None => (view.sort.as_str(), false),
    };
    let column = COLUMNS.iter().find(|(word, _)| *word == column).map_or("ty-le", |(word, _)| word);
    sort(&mut places, column, down);
    let head = COLUMNS.iter().map(|(word, key)| {
        let head = match *word {
            "ten" => Column::text(l.t(key)),
            "tu-so" | "mau-so" | "can-them" => Column::number(l.t(key), l.t("coverage-people")),
            "chenh" => Column::number(l.t(key), l.t("coverage-unit-points")),
            _ => Column::number(l.t(key), "%"),
        };
        let (state, minus) = match (*word == column, down) {
            (false, _) => (SortState::None, ""),
            (true, false) => (SortState::Ascending, "-"),
            (true, true) => (SortState::Descending, ""),
        };
        head.sorted(format!("/chi-tieu/{}?xep={minus}{word}#xa-phuong", indicator.id), state)
    });
    let at = format!("/chi-tieu/{}", indicator.id);
    let year = desk.snapshot.period.year();
    let rows = places.iter().map(|place| {
        let code = &place.code;
        let over = place.line.numerator.map(|n| door_cell(l, scope, n, format!("{at}/tu-so?xa={code}")));
        let under = place.line.denominator.map(|n| match place.line.basis.as_str() {
            "register" => door_cell(l, scope, n, format!("{at}/mau-so?xa={code}")),
            _ => Cell::number(l, n),
        });
        let target = format!("/chi-tieu-giao/{year}/{}/{code}", indicator.id);
        let unknown = || Cell::text("–");
        Row::new(vec![
            Cell::link(&place.name, format!("{}/{code}", crate::pages::communes::COMMUNE)),
            over.unwrap_or_else(unknown),
            under.unwrap_or_else(unknown),
            place.share.map(|s| Cell::text(l.percent_figure(s))).unwrap_or_else(unknown),
            place.target.map(|(_, s)| Cell::link(l.percent_figure(s), &target)).unwrap_or_else(unknown),
            place.gap().map(|g| Cell::text(l.points_figure(g, 1))).unwrap_or_else(unknown),
            match place.needed() {
                Some(0) => Cell::text(l.t("overview-needed-none")),
                Some(n) => Cell::figure(l.number(n), &target),
                None => unknown(),
            },
        ])
    });
    let title = l.t("indicator-places-title");
    let table = Table::new("xa-phuong", title.clone(), head.collect()).rows(rows).dense();
    let table = match desk.figures.seen(&indicator.id, scope) {
        Some(whole) if places.len() > 1 => table.total(vec![
            Cell::text(l.t("indicator-places-whole")),
            Cell::text(whole.numerator.map(|n| l.number(n)).unwrap_or_default()),
            Cell::text(whole.denominator.map(|n| l.number(n)).unwrap_or_default()),
            Cell::text(whole.share().map(|s| l.percent_figure(s)).unwrap_or_default()),
            Cell::text(""),
            Cell::text(""),
            Cell::text(""),
        ]),
        _ => table,
    };
    let count = l.t_args("coverage-ranking-count", &[("n", places.len().into())]);
    Panel::flush(title, table.html(l)).aside(count).foot(l.t("indicator-places-foot")).html()
}

/// `GET /chi-tieu/{id}/xa-phuong.csv`: the table as a file; numbers of places, nothing of people.
pub(crate) async fn csv(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromPath(id): FromPath<String>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    let plan = pages.plan.clone();
    let indicator = plan.indicator(&id).ok_or(PageError::NotFound)?;
    let snapshot = pages.serving.current(app).await?;
    let figures = pages.figures.of(app, &snapshot).await?;
    let event = ReadEvent::new(AuditAction::Export, "indicator").object(id.as_str()).run(&snapshot.run);
    let audited = app.audit(&viewer, event).await?;
    let targets = app.desk.targets(&viewer.scope, snapshot.period.year()).await.map_err(PageError::desk)?;
    let desk = Desk { pages: &pages, l, viewer: &viewer, snapshot: &snapshot, figures: &figures, targets: &targets };
    let mut places = places(&desk, indicator);
    sort(&mut places, "ty-le", false);
    let widths = [26, 12, 12, 10, 10, 10, 12];
    let mut columns = vec![sheet::Column::new(l.t("indicator-code"), 8)];
    columns.extend(COLUMNS.iter().zip(widths).map(|((_, key), width)| sheet::Column::new(l.t(key), width)));
    columns.push(sheet::Column::new(l.t("indicator-basis"), 40));
    let number = |n: Option<i64>| match n {
        Some(n) if is_covered_up(&viewer.scope, n) => SheetCell::from(people(l, &viewer.scope, n)),
        n => SheetCell::from(n),
    };
    let rows = places.iter().map(|place| {
        vec![
            SheetCell::from(place.code.to_string()),
            SheetCell::from(place.name.clone()),
            number(place.line.numerator),
            number(place.line.denominator),
            SheetCell::from(place.share.map(|s| l.percent_figure(s))),
            SheetCell::from(place.target.map(|t| l.percent_figure(t.1))),
            SheetCell::from(place.gap().map(|g| l.points_figure(g, 2))),
            number(place.needed()),
            SheetCell::from(place.line.source.clone()),
        ]
    });
    let file = Sheet {
        name: indicator.id.clone(),
        title: vec![indicator.name.of(l).to_owned()],
        columns,
        rows: rows.collect(),
        footer: vec![l.t("indicator-places-foot")],
        provenance: Provenance {
            language: if viewer.lang == Lang::En { Language::En } else { Language::Vi },
            filter: l.t_args("coverage-ranking-count", &[("n", places.len().into())]),
            as_of: snapshot.as_of,
            exported_by: format!("{}, {}", viewer.label, viewer.unit_name),
            purpose: l.t("indicator-export-purpose"),
            exported_at: super::super::export::moment((app.clock)(), snapshot.as_of),
        },
    };
    Ok(Shown::file(write_csv(&file), "text/csv; charset=utf-8", format!("chi-tieu-{id}-{}.csv", snapshot.period), audited))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(code: &str, over: Option<i64>) -> Place {
        let line = Line { numerator: over, denominator: Some(100), ..Line::default() };
        Place { code: CommuneCode::parse(code).unwrap(), name: code.into(), share: line.share(), line, target: None }
    }

    #[test]
    fn what_has_no_value_comes_last_either_way() {
        let all = || vec![place("00004", None), place("00008", Some(90)), place("00012", Some(80)), place("00016", Some(90))];
        let order = |down| {
            let mut places = all();
            sort(&mut places, "ty-le", down);
            places.into_iter().map(|p| p.code.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(order(false), ["00012", "00008", "00016", "00004"]);
        assert_eq!(order(true), ["00008", "00016", "00012", "00004"]);
    }
}
